"""The spider against a real server: it is polite and complete, and every failure is a row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scraper import __version__
from scraper.warc.records import scan, target
from tests.conftest import Place
from tests.server import Site, serving

HOST = "sotttt.sample.test"
DELAY = 0.1
FORBIDDEN = "/bao-chi-xuat-ban/ke-hoach-so-hoa-truyen-hinh-mat-dat-cua-tinh-66.html"
LATER = "/cong-nghe-thong-tin/gui-nhan-van-ban-dien-tu-viec-da-lam-va-chua-lam-duoc-52.html"
BROKEN = "/chuyen-doi-so/muoi-nam-phan-mem-nguon-mo-o-nghe-an-147.html"
SHAKY = "/tin-hoat-dong/lop-boi-duong-ve-ket-noi-voi-co-so-du-lieu-quoc-gia-121.html"
GONE = "/cai-cach-hanh-chinh/ra-soat-thu-tuc-sau-khi-co-nghi-dinh-ve-mot-cua-134.html"


def _source(place: Place, site: Site, **more: str) -> Path:
    path = place.folder / "live.toml"
    lines = ['[[source]]\nid = "live"\nname = "Sở TT&TT Nghệ An"\nunit = "nghe-an"', f'site = "{site.url}"']
    path.write_text("\n".join([*lines, *(f"{key} = {value}" for key, value in more.items())]) + "\n", encoding="utf-8")
    return path


def _crawl(place: Place, site: Site, *arguments: str, code: int = 0, **settings: Any) -> str:
    given: dict[str, Any] = {"SOURCES_EXTRA": _source(place, site), "DOWNLOAD_DELAY": DELAY, "DOWNLOAD_DELAY_JITTER": 0} | settings
    return place.scrapy("crawl", "live", *arguments, code=code, **given).stdout


def test_polite_complete_and_every_failure_a_row(place: Place) -> None:
    with serving(HOST) as site:
        robots = site.pages["/robots.txt"]
        site.pages["/robots.txt"] = (200, robots[1], robots[2] + b"Disallow: /bao-chi-xuat-ban/ke-hoach\n")
        site.rules[LATER] = lambda before: (429, {"Retry-After": "2"}, b"later") if before == 0 else None
        site.rules[BROKEN] = lambda before: (500, {}, b"broken")
        site.rules[SHAKY] = lambda before: (500, {}, b"broken") if before == 0 else None
        site.rules[GONE] = lambda before: (404, {}, b"not here")
        output = _crawl(place, site, CRAWLER_CONTACT="archive@example.test")

        # polite: robots.txt is requested first and obeyed; one request at a time with a pause; no request while the host asks us to wait
        paths, moments = site.paths(), site.moments()
        assert paths[0] == "/robots.txt" and paths.count("/robots.txt") == 1
        assert FORBIDDEN not in paths
        assert not [path for path in paths if path.startswith(("/users/", "/print/")) or "nvvithemever" in path]
        assert {agent for _, _, agent in site.requests} == {
            f"vietnam-government-news-archive/{__version__} (research archive; contact: archive@example.test)"
        }
        times = [moment for moment, _, _ in site.requests]
        # A request is sent after the response to the one before it, so a busy machine can only lengthen this span.
        assert times[-1] - times[1] > 2.0 + DELAY * (len(times) - 5)
        first, second = moments[LATER]
        assert second - first >= 2.0
        assert [moment for moment in times if first < moment < first + 1.9] == []
        assert len(moments[BROKEN]) == 3 and len(moments[SHAKY]) == 2

    # complete: all articles except the forbidden, the broken and the removed one
    assert place.rows("select count(*) from articles") == [(13,)]
    found = {str(url).removeprefix(site.url) for (url,) in place.rows("select url from articles")}
    assert {LATER, SHAKY} <= found and not {FORBIDDEN, BROKEN, GONE} & found

    # every failure is a row that says whether it is over
    rows = {
        (str(url).removeprefix(site.url), reason): cleared is not None
        for url, reason, cleared in place.rows("select url, reason, cleared_at from failures")
    }
    assert rows[FORBIDDEN, "robots"] is False
    assert rows[BROKEN, "server-error"] is False
    assert rows[GONE, "not-found"] is False
    assert rows[LATER, "rate-limited"] is True
    assert rows[SHAKY, "server-error"] is True
    assert "1 × server-error" in output and "1 × not-found" in output and "1 × robots" in output

    # every response is kept, and indexed with its place
    kept = {target(record): place_.offset for file in place.captures.rglob("*.warc.gz") for record, place_ in scan(file)}
    captured = place.rows("select url, warc_offset, outcome from captures")
    assert len(captured) == len(site.requests)
    assert {url for url, _, _ in captured} <= set(kept)
    assert [url for url, _, outcome in captured if outcome is None] == []


def test_a_site_that_refuses_every_request(place: Place) -> None:
    with serving(HOST) as site:
        url = site.url
    done = place.scrapy("crawl", "live", code=1, SOURCES_EXTRA=_source(place, site), DOWNLOAD_DELAY=0, RETRY_TIMES=0)
    assert "no response at all" in done.stdout and url in done.stdout
    assert place.rows("select distinct reason from failures") == [("refused-connection",)]


def test_no_request_leaves_the_hosts_of_the_source(place: Place) -> None:
    with serving(HOST) as other, serving(HOST) as site:
        status, headers, body = site.pages["/"]
        away = f'<a href="{other.url}/tin-hoat-dong/bai-khac-999.html">x</a></body>'.encode()
        site.pages["/"] = (status, headers, body.replace(b"</body>", away))
        _crawl(place, site)
        assert other.requests == []
    assert place.rows("select count(*) from articles") == [(16,)]


def test_a_server_that_answers_with_a_long_wait_gets_no_more_requests(place: Place) -> None:
    with serving(HOST) as site:
        site.rules[LATER] = lambda before: (503, {"Retry-After": "3600"}, b"later")
        said = _crawl(place, site, code=1)
        assert site.paths()[-1] == LATER and len(site.moments()[LATER]) == 1
    assert "asks us to wait 3600 s" in said
    assert place.rows("select outcome from runs") == [("rate-limited",)]
    assert place.rows("select reason, cleared_at from failures where url like ?", f"%{LATER}") == [("rate-limited", None)]


def test_crawling_live_again_adds_a_capture_and_no_article(place: Place) -> None:
    with serving(HOST) as site:
        _crawl(place, site, DOWNLOAD_DELAY=0)
        before = place.tables()
        assert "0 new, 0 changed, 16 unchanged" in _crawl(place, site, "-a", "again=yes", DOWNLOAD_DELAY=0)
        assert len(site.moments()[LATER]) == 2
        again = _crawl(place, site, "-a", "again=no", DOWNLOAD_DELAY=0)
        assert "0 articles:" in again
        assert len(site.moments()[LATER]) == 2
    after = place.tables()
    for table in ("article_text", "stories", "revisions", "citations", "documents", "article_tags", "attachments"):
        assert after[table] == before[table]


def test_a_page_is_unchanged_but_its_earlier_capture_is_damaged(place: Place) -> None:
    with serving(HOST) as site:
        site.pages["/"][1]["Last-Modified"] = "Mon, 14 May 2012 02:15:00 GMT"
        _crawl(place, site, DOWNLOAD_DELAY=0)
        _crawl(place, site, DOWNLOAD_DELAY=0)
        for file in place.captures.rglob("*.warc.gz"):
            file.write_bytes(bytes(file.stat().st_size))  # a missing or short file is noticed at the start, and then nothing is conditional
        output = _crawl(place, site, DOWNLOAD_DELAY=0)
        assert site.unmodified["/"] == 1 and "1 × capture-unreadable" in output
        assert place.rows("select replace(url, ?, '') from failures where reason = 'capture-unreadable'", site.url) == [("/",)]


def test_an_article_that_vanished_keeps_its_rows(place: Place) -> None:
    with serving(HOST) as site:
        for day in (1, 2, 3):
            _crawl(place, site, "-a", "again=yes", DOWNLOAD_DELAY=0, NOW=f"2026-12-0{day}T02:00:00+07:00")
            site.rules[GONE] = lambda before: (410, {}, b"removed")
    [(gone_at, body)] = place.rows(
        "select gone_at, body from articles join article_text on article_id = articles.id where url like ?", f"%{GONE}"
    )
    assert gone_at and body
    assert place.rows("select reason, cleared_at from failures where url like ?", f"%{GONE}") == [("gone", None)]


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_compressed_answer_is_kept_as_sent_and_read(place: Place, encoding: str) -> None:
    import gzip
    import zlib

    packers: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "deflate": zlib.compress}
    pack = packers[encoding]
    with serving(HOST) as site:
        status, headers, body = site.pages[LATER]
        site.pages[LATER] = (status, headers | {"Content-Encoding": encoding}, pack(body))
        _crawl(place, site, DOWNLOAD_DELAY=0)
    [(title,)] = place.rows("select title from articles where url like ?", f"%{LATER}")
    assert title == "Gửi nhận văn bản điện tử: việc đã làm và chưa làm được"
    assert place.scrapy("reparse", "--write").stdout.strip()
    assert place.rows("select count(*) from revisions") == [(0,)]
