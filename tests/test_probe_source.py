"""`scrapy probe SOURCE`: the facts about a source, from a small look at its site or from the archive, and `--write`."""

from __future__ import annotations

import json
import ssl
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tests.conftest import Place, is_one_error
from tests.server import Site, article, listing, serving_pages

TITLES = [f"Triển khai nhiệm vụ số {number} của kế hoạch cải cách hành chính" for number in range(1, 7)]
PATHS = [f"/ban-tin/trien-khai-nhiem-vu-cua-ke-hoach-cai-cach-{100 + number}.html" for number in range(1, 7)]
SECTIONS = [f"/chuyen-muc-{number}" for number in range(1, 13)]
FILE = """# My sources

[[source]]
id = "mau"        # chosen by me
name = "Sở mẫu"
unit = "ha-noi"
site = "{site}"
basis = "made up"
feeds = ["/mine.rss"]  # I know better

# The next one is not touched.
[[source]]
id = "mau-2"
name = "Sở mẫu 2"
unit = "ha-noi"
site = "http://hai.mau.test"
basis = "made up"
"""
RSS = "<?xml version='1.0'?><rss version='2.0'><channel><item><title>{}</title><link>SITE{}</link></item></channel></rss>"


@pytest.fixture
def site() -> Iterator[Site]:
    """Serves a plain site with a feed, a sitemap, twelve sections, one of them forbidden, and a sitemap on another host."""
    menu = "<nav>" + "".join(f"<a href='{path}'>Mục {path[-1]}</a>" for path in [*SECTIONS, "/kin/muc"]) + "</nav>"
    items = list(zip(PATHS, TITLES, strict=True))
    pages: dict[str, Any] = {
        "/robots.txt": (
            200,
            {"Content-Type": "text/plain"},
            b"User-agent: *\nDisallow: /kin/\nCrawl-delay: 0.05\nSitemap: /so-do.xml\nSitemap: http://cu.mau.test/so-do.xml\n",
        ),
        "/": listing(*items[:3], head="<link rel='alternate' type='application/rss+xml' href='/tin.rss'>", foot=menu),
        "/tin.rss": RSS.format(TITLES[0], PATHS[0]),
        "/mine.rss": RSS.format(TITLES[1], PATHS[1]),
        "/so-do.xml": f"<?xml version='1.0'?><urlset><url><loc>SITE{PATHS[5]}</loc></url></urlset>",
        **{path: listing(*items[2:], foot=f"<div class='pagination'><a href='{path}?page=2'>2</a></div>") for path in SECTIONS},
        **{path: article(title) for path, title in items},
    }
    with serving_pages(pages) as served:
        yield served


def _given(place: Place, site: Site) -> dict[str, Any]:
    (place.folder / "mau.toml").write_text(FILE.format(site=site.url), encoding="utf-8")
    return {"SOURCES_EXTRA": place.folder / "mau.toml", "DOWNLOAD_DELAY": 0, "DOWNLOAD_DELAY_JITTER": 0}


def _named(shown: dict[str, Any], kind: str) -> dict[str, Any]:
    return {one["name"]: one for one in shown["found"] if one["kind"] == kind}


def test_a_look_at_a_site_is_small_and_obeys_robots_txt(place: Place, site: Site) -> None:
    shown = json.loads(place.scrapy("probe", "mau", "--json", **_given(place, site)).stdout)
    assert shown["origin"] == "site" and 5 < shown["requests"] == len(site.requests) <= 15
    assert site.paths()[:2] == ["/robots.txt", "/"] and not [path for path in site.paths() if path.startswith(("/kin/", "/ban-tin/"))]
    assert {"/tin.rss", "/mine.rss"} == {url.removeprefix(site.url) for url in _named(shown, "feed")}
    assert _named(shown, "sitemap")[f"{site.url}/so-do.xml"]["found_on"] == f"{site.url}/robots.txt"
    lists = _named(shown, "list")
    assert {f"{site.url}{path}" for path in ["/", *SECTIONS]} <= set(lists)  # also those that were not looked at
    assert lists[f"{site.url}{SECTIONS[0]}"] | {"articles": 4, "pager": "link"} == lists[f"{site.url}{SECTIONS[0]}"]
    assert lists[f"{site.url}{SECTIONS[-1]}"]["articles"] is None
    assert shown["hosts_to_add"] == ["cu.mau.test"]
    assert shown["politeness"]["crawl_delay"] == 0.05 and shown["politeness"]["delay"] == 0
    assert shown["first_page"]["kind"] == "listing"
    assert not place.archive.exists() and not place.captures.exists()


@pytest.mark.gate
def test_what_was_found_is_written_into_the_block_and_nothing_else(place: Place, site: Site) -> None:
    given = _given(place, site)
    file = place.folder / "mau.toml"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))  # as Notepad saves it
    before = tomllib.loads(file.read_text(encoding="utf-8-sig"))["source"]
    done = place.scrapy("probe", "mau", "--write", **given, NOW="2026-12-01T02:00:00+07:00")
    text = file.read_bytes().decode("utf-8")
    after = tomllib.loads(text.removeprefix("\ufeff"))["source"]
    assert after[1] == before[1] and after[0].items() >= before[0].items()
    assert "platform" not in after[0]  # the system is unknown
    assert after[0]["sitemaps"] == ["/so-do.xml"] and after[0]["discover_sections"] is True
    assert after[0]["listings"][0] == "/" and SECTIONS[0] in after[0]["listings"]
    assert "feeds" in done.stderr and "--overwrite" in done.stderr
    assert text.startswith("\ufeff# My sources\r\n") and "\n" not in text.replace("\r\n", "")
    assert 'id = "mau"        # chosen by me' in text and '"/mine.rss"]  # I know better' in text
    assert 'sitemaps = ["/so-do.xml"] # found by scrapy probe on 2026-12-01\r\n' in text
    assert "\r\n\r\n# The next one is not touched.\r\n[[source]]" in text
    assert "mau-2" in place.scrapy("list", **given).stdout  # the loader takes it
    place.scrapy("probe", "mau", "--write", "--overwrite", **given)
    assert tomllib.loads(file.read_text(encoding="utf-8-sig"))["source"][0]["feeds"] == ["/mine.rss", "/tin.rss"]


@pytest.mark.gate
def test_after_a_crawl_the_archive_answers(place: Place, site: Site) -> None:
    given = _given(place, site)
    place.scrapy("crawl", "mau", code=None, **given)
    sent = len(site.requests)
    shown = json.loads(place.scrapy("probe", "mau", "--json", **given).stdout)
    assert shown["origin"] == "archive" and len(site.requests) == sent
    assert _named(shown, "list")[f"{site.url}/"]["last_read"] and shown["runs"][0]["command"] == "crawl"
    assert shown["politeness"]["crawl_delay"] == 0.05 and shown["politeness"]["crawl_delay_at"]
    text = place.scrapy("probe", "mau", **given).stdout
    assert "known from the archive" in text and f"{site.url}/mine.rss" in text and "robots.txt requires 0.05 s" in text


def test_a_file_of_the_installed_package_is_not_written(place: Place, site: Site) -> None:
    given = _given(place, site)
    folder = place.folder / "site-packages"
    folder.mkdir()
    (place.folder / "mau.toml").rename(folder / "mau.toml")
    before = (folder / "mau.toml").read_bytes()
    done = place.scrapy("probe", "mau", "--write", code=1, **given | {"SOURCES_EXTRA": folder / "mau.toml"})
    assert (folder / "mau.toml").read_bytes() == before
    assert "belongs to the installed package" in done.stderr and 'sitemaps = ["/so-do.xml"]' in done.stderr


def test_what_is_no_source_has_nothing_to_write(place: Place) -> None:
    assert "is not a source" in place.scrapy("probe", "http://127.0.0.1:9/", "--write", code=2).stderr


def test_a_look_says_what_it_did_not_find(place: Place) -> None:
    def probed(site: str, code: int, more: str = "") -> str:
        return place.scrapy("probe", "mau", code=code, SOURCES_EXTRA=place.source("mau", site, more=more), DOWNLOAD_DELAY=0).stdout

    # robots.txt was not received, so it requires nothing that could be named.
    down = probed("http://127.0.0.1:9", 1)
    assert "robots.txt was not received" in down and "requires no delay" not in down and "refused-connection" in down
    with serving_pages({"/": "<!doctype html><html><body><h1>Xin ch\u00e0o</h1></body></html>"}) as served:
        assert "none of these pages names an article; name those that list the news in `listings`" in probed(served.url, 0)
        assert "this page has no marker of it" in probed(served.url, 0, 'platform = "nukeviet"')
        encrypted = probed(served.url.replace("http:", "https:"), 1)
        assert "no-tls" in encrypted and "http://" in encrypted and "old_protocol" not in encrypted
        with serving_pages({"/": (302, {"Location": f"{served.url.replace('127.0.0.1', 'localhost')}/"}, b"")}) as moved:
            other = served.url.replace("127.0.0.1", "localhost").removeprefix("http://")
            assert f"add hosts  {other}, found on {moved.url}/" in probed(moved.url, 1)
            for hosts in ("", f'hosts = ["{other}"]'):  # the second crawl finds what the first one named
                source = place.source("mau", moved.url, more=hosts)
                place.scrapy("crawl", "mau", code=None, SOURCES_EXTRA=source, DOWNLOAD_DELAY=0)
            known = place.scrapy("probe", "mau", code=None, SOURCES_EXTRA=source, DOWNLOAD_DELAY=0).stdout
            assert "known from the archive" in known and "add hosts" not in known


def test_a_certificate_without_a_name_is_one_line(place: Place, tmp_path: Path) -> None:
    key, certificate = rsa.generate_private_key(65537, 2048), tmp_path / "site.pem"
    name, day = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")]), datetime(2026, 1, 1, tzinfo=UTC)
    signed = x509.CertificateBuilder(name, name, key.public_key(), 1, day, day + timedelta(3650)).sign(key, hashes.SHA256())
    plain = serialization.NoEncryption()
    certificate.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with serving_pages({"/": "<html></html>"}, context) as served:
        for command in ("probe", "crawl"):
            done = place.scrapy(command, "mau", code=1, SOURCES_EXTRA=place.source("mau", served.url), DOWNLOAD_DELAY=0)
            assert "self-signed" in done.stdout and "Traceback" not in done.stdout + done.stderr
        done = place.scrapy("fetch", f"{served.url}/", code=1, DOWNLOAD_DELAY=0)
        assert done.stderr.startswith("error: bad-certificate") and is_one_error(done.stderr)


def test_the_first_crawl_shows_articles_that_can_be_compared_with_the_site(place: Place) -> None:
    items = list(zip(PATHS, TITLES, strict=True))
    dated = {path: article(title, day=f"{10 + number}/05/2012 09:15") for number, (path, title) in enumerate(items, start=1)}
    pages: dict[str, Any] = {"/": listing(*items), **dated}
    with serving_pages(pages) as served:
        given: dict[str, Any] = {"SOURCES_EXTRA": place.source("mau", served.url), "DOWNLOAD_DELAY": 0}
        report = place.scrapy("crawl", "mau", REPORT_LANGUAGE="both", **given).stdout
        assert "the first articles of this source: from 2012-05-11 to 2012-05-16, 0 without a date, 0 without a text" in report
        assert "những bài đầu tiên của nguồn này: từ 2012-05-11 đến 2012-05-16, 0 bài không có ngày, 0 bài không có nội dung" in report
        assert f"mới nhất là:\n    2012-05-16  {TITLES[5]}  {served.url}{PATHS[5]}\n" in report and report.count("\n    2012-05-1") == 6
        again = place.scrapy("crawl", "mau", REPORT_LANGUAGE="vi", **given).stdout
        assert "những bài đầu tiên" not in again and "mau: đã xong; 2 phản hồi" in again and "responses" not in again
        facts = place.scrapy("probe", "mau", REPORT_LANGUAGE="vi", **given).stdout
        assert "biết từ    kho, do các lượt thu thập ghi lại" in facts and "known from" not in facts
    # A reason that is known is not followed by the advice for another one.
    with serving_pages({"/": (500, {}, b"")}) as served:
        report = place.scrapy("crawl", "mau", code=1, SOURCES_EXTRA=place.source("mau", served.url), DOWNLOAD_DELAY=0, RETRY_TIMES=0).stdout
        assert "server errors" in report and "name the pages that list the news" not in report
