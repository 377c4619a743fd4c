"""Scrapy's own commands: they work by the rules of a crawl and store nothing, or say in one line what to use instead."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Place, is_one_error
from tests.server import Answer, Site, article, listing, serving_pages

TITLE = "Sở tổ chức hội nghị về chuyển đổi số"
PAGES: dict[str, str | Answer] = {
    "/": listing(("SITE/tin/1.html", TITLE)),
    "/tin/1.html": article(TITLE),
    "/robots.txt": "User-agent: *\nDisallow: /cam/\n",
    "/cam/1.html": article("Bài bị cấm"),
    "/cu/1.html": (301, {"Location": "SITE/tin/1.html"}, b""),
    "/ra-ngoai": (302, {"Location": "http://127.0.0.2:9/"}, b""),
}


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serving_pages(PAGES) as site:
        yield site


def _run(place: Place, site: Site, *arguments: str, source: bool = True, code: int = 0, **more: Any) -> tuple[str, str]:
    """Returns what a command printed on standard output and standard error. Asserts that it stored nothing."""
    file = place.folder / "source.toml"
    file.write_text(f'[[source]]\nid = "live"\nname = "Sở"\nunit = "nghe-an"\nsite = "{site.url}"\n', encoding="utf-8")
    given = {"DOWNLOAD_DELAY": 0, "SOURCES_EXTRA": file if source else ""} | more
    done = place.scrapy(*arguments, code=code, **given)
    assert not place.archive.exists() and not place.captures.exists()
    assert "Traceback" not in done.stderr
    return done.stdout, done.stderr


@pytest.mark.parametrize("source", [True, False])
def test_fetch_prints_a_page_and_obeys_the_rules(place: Place, site: Site, source: bool) -> None:
    before = len(site.requests)
    output, errors = _run(place, site, "fetch", f"{site.url}/cu/1.html", source=source)
    assert TITLE in output and errors == ""
    agents = {agent for _, _, agent in site.requests[before:]}
    assert [path for _, path, _ in site.requests[before:]] == ["/robots.txt", "/cu/1.html", "/tin/1.html"]
    assert len(agents) == 1 and "contact: not given" in agents.pop()

    _, errors = _run(place, site, "fetch", f"{site.url}/cam/1.html", source=source, code=1)
    assert errors.startswith("error: robots: ") and "/cam/1.html" not in site.paths()
    _, errors = _run(place, site, "fetch", f"{site.url}/ra-ngoai", source=source, code=1)
    assert errors.startswith("error: off-site: ") and is_one_error(errors)


def test_fetch_requests_only_hosts_of_the_named_source(place: Place, site: Site) -> None:
    before = len(site.requests)
    _, errors = _run(place, site, "fetch", "--spider", "mst", f"{site.url}/", code=1)
    assert errors.startswith("error: off-site: ") and len(site.requests) == before
    _, errors = _run(place, site, "fetch", "--spider", "liv", f"{site.url}/", code=2)
    assert is_one_error(errors) and "live" in errors


def test_a_recording_answers_instead_of_the_site(place: Place, site: Site) -> None:
    output, _ = _run(place, site, "shell", "https://mst.sample.test/", "-c", "response.css('title::text').get(), response.status")
    assert output.endswith(", 200)\n") and "None" not in output
    _, errors = _run(place, site, "fetch", "https://mst.sample.test/khong-co.html", code=1)
    assert errors.startswith("error: replay-miss: ")


def test_a_site_that_refuses_connections(place: Place, site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
    for arguments in (("fetch", url), ("shell", url, "-c", "response")):
        _, errors = _run(place, site, *arguments, code=1, RETRY_TIMES=0)
        assert errors.startswith("error: refused-connection: ") and is_one_error(errors)


def test_the_shell_evaluates_code_on_a_page(place: Place, site: Site) -> None:
    output, _ = _run(place, site, "shell", f"{site.url}/tin/1.html", "-c", "response.css('h1::text').get()")
    assert output == f"{TITLE}\n"
    saved = place.folder / "saved.html"
    saved.write_text(article(TITLE), encoding="utf-8")
    output, _ = _run(place, site, "shell", str(saved), "-c", "response.css('h1::text').get()")
    assert output == f"{TITLE}\n"
    _, errors = _run(place, site, "shell", f"{site.url}/cam/1.html", "-c", "response.url", code=1)
    assert errors.startswith("error: no response: robots.txt") and is_one_error(errors)


def test_view_opens_a_browser(place: Place, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER", "echo %s")
    output, _ = _run(place, site, "view", f"{site.url}/tin/1.html")
    assert output.startswith("file://")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("parse", "https://mst.sample.test/", "--spider", "sample-mst", "-c", "parse"), "scrapy probe"),
        (("genspider", "ca-mau", "camau.test"), "docs/adding-a-source.md"),
        (("bench",), "benchmarks/"),
        (("crawl", "sample-mst", "-o", "out.json"), "make serve"),
        (("crawl", "sample-mst", "--depth=3"), "scrapy crawl --help"),
        (("crawl", "sample-mst", "--loglevel=foo"), "DEBUG, INFO"),
        (("shell", "--loglevel=foo"), "DEBUG, INFO"),
        (("fetch", "https://mst.sample.test/", "--loglevel=foo"), "DEBUG, INFO"),
        (("check", "--loglevel=foo"), "DEBUG, INFO"),
        (("runspider", "x.py", "--loglevel=foo"), "DEBUG, INFO"),
        (("fetch",), "give one URL"),
        (("edit", "no-such-source"), "scrapy list"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_what_does_not_work_says_so_in_one_line(place: Place, site: Site, arguments: tuple[str, ...], named: str) -> None:
    output, errors = _run(place, site, *arguments, code=2)
    assert output == "" and is_one_error(errors) and named in errors


def test_the_other_commands_work(place: Place, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    _, errors = _run(place, site, "check")
    assert "Ran 0 contracts" in errors
    assert _run(place, site, "settings", "--get", "BOT_NAME")[0] == "vietnam-government-news-archive\n"
    monkeypatch.setenv("EDITOR", "echo")
    assert _run(place, site, "edit", "live")[0] == f"{place.folder / 'source.toml'}\n"


def test_runspider_runs_a_spider_without_a_source(place: Place, site: Site) -> None:
    spider = place.folder / "one.py"
    spider.write_text(SPIDER.replace("SITE", site.url), encoding="utf-8")
    output, errors = _run(place, site, "runspider", str(spider))
    assert (output, errors) == ("200\n", "")


SPIDER = """
import scrapy

class One(scrapy.Spider):
    name = "one"
    start_urls = ["SITE/tin/1.html"]

    def parse(self, response):
        print(response.status)
"""


def test_startproject_makes_a_project_elsewhere(place: Place, site: Site) -> None:
    _run(place, site, "startproject", "other", str(place.folder / "other"))
    assert Path(place.folder / "other/scrapy.cfg").is_file()
