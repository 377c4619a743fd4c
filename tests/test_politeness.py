"""What a crawl owes to the hosts: delay, one request at a time, window, budget, robots.txt, and pauses after a refusal."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack
from itertools import pairwise
from typing import Any

from tests.conftest import PROJECT, Place
from tests.server import Answer, Site, article, listing, serving_pages

DAY = 86400
CHALLENGE = (
    "<html><head><title>Just a moment...</title></head><body>\nUser-agent: *\nDisallow: /\n"
    "<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script></body></html>"
)


def _path(number: int) -> str:
    return f"/ban-tin/trien-khai-nhiem-vu-cua-ke-hoach-cai-cach-{number}.html"


def _title(number: int) -> str:
    return f"Triển khai nhiệm vụ số {number} của kế hoạch cải cách hành chính"


def _pages(count: int = 6, robots: str | Answer = "User-agent: *\nDisallow: /cam/\n", **other: str | Answer) -> dict[str, str | Answer]:
    pages: dict[str, str | Answer] = {_path(number): article(_title(number)) for number in range(count)}
    items = [(_path(number), _title(number)) for number in range(count)]
    return pages | {"/": listing(*items), "/robots.txt": robots} | other


def _sources(place: Place, site: str, *blocks: str) -> str:
    path = place.folder / "live.toml"
    head = f'[[source]]\nname = "Sở TT&TT Nghệ An"\nunit = "nghe-an"\nsite = "{site}"\n'
    path.write_text("\n".join(head + block for block in blocks or ('id = "live"',)) + "\n", encoding="utf-8")
    return str(path)


def _crawl(place: Place, site: Site, block: str = "", code: int = 0, **settings: Any) -> str:
    """Returns the report of a crawl of a site."""
    given: dict[str, Any] = {
        "SOURCES_EXTRA": _sources(place, site.url, f'id = "live"\n{block}'),
        "DOWNLOAD_DELAY": 0,
        "DOWNLOAD_DELAY_JITTER": 0,
    }
    return place.scrapy("crawl", "live", code=code, **(given | settings)).stdout


def _runs(place: Place) -> list[str]:
    return [outcome for (outcome,) in place.rows("select outcome from runs order by id")]


def _gaps(site: Site) -> list[float]:
    return [later - earlier for (earlier, *_), (later, *_) in pairwise(site.requests)]


def test_two_processes_and_one_after_them_keep_the_delay_of_a_host(place: Place) -> None:
    pages = _pages(0, "User-agent: *\nCrawl-delay: 0.15\n")
    for part in ("a", "b"):
        items = [(f"/{part}{_path(number)}", _title(number)) for number in range(4)]
        pages |= {path: article(title) for path, title in items} | {f"/{part}/": listing(*items)}
    with serving_pages(pages) as site:
        blocks = [f'id = "{part}"\nunder = "/{part}/"\ndelay = 0.{delay}' for part, delay in (("a", "05"), ("b", "1"))]
        file = _sources(place, site.url, *blocks)
        command = [sys.executable, "-m", "scrapy", "crawl"]
        settings = {"CAPTURES": place.captures, "SOURCES_EXTRA": file, "DOWNLOAD_DELAY": 0}
        options = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
        with ExitStack() as stack:
            processes = []
            for part in ("a", "b"):
                own = [*command, part, *options, "-s", f"ARCHIVE={place.folder / part}.db"]
                processes.append(stack.enter_context(subprocess.Popen(own, cwd=PROJECT)))
        assert [process.returncode for process in processes] == [0, 0]
        place.scrapy("fetch", f"{site.url}/a/", SOURCES_EXTRA=file, DOWNLOAD_DELAY=0)
        assert len(site.requests) == 2 * (1 + 1 + 4) + 2
        # The first requests are for robots.txt, when only the delay of the sources is known: the longest of all of them.
        gaps = _gaps(site)
        assert gaps[0] >= 0.1 and min(gaps[2:]) >= 0.15


def test_refusals(place: Place) -> None:
    refusing: dict[str, str | Answer] = dict.fromkeys([_path(number) for number in range(4, 12)], (429, {}, b""))
    with serving_pages(_pages(12) | refusing) as site:
        _crawl(place, site, code=1, RETRY_AFTER_DEFAULT=0.02)
        # Each page is requested once more after a pause; the fourth refusal in a row ends the run.
        assert site.paths()[-4:] == [_path(4), _path(4), _path(5), _path(5)]
    assert _runs(place) == ["blocked"]
