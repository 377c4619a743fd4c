"""What a crawl owes to the hosts: delay, one request at a time, window, budget, robots.txt, and pauses after a refusal."""

from __future__ import annotations

import asyncio
import gzip
import json
import ssl
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import trustme

from benchmarks.forked_commands import as_options
from scraper.crawl.politeness.host_closed import HostClosed
from scraper.crawl.politeness.host_queue import queue_of
from scraper.crawl.politeness.host_rules import HostRules
from scraper.crawl.politeness.host_state import HostState, known_state, put_state
from scraper.crawl.politeness.pauses import PauseLimits
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


def _sources(place: Place, *blocks: tuple[str, str]) -> str:
    """Writes a file of sources: the site of each, and its other lines. Returns its path."""
    path = place.folder / "live.toml"
    head = '[[source]]\nname = "Sở TT&TT Nghệ An"\nunit = "nghe-an"\n'
    path.write_text("\n".join(f'{head}site = "{site}"\n{lines}\n' for site, lines in blocks), encoding="utf-8")
    return str(path)


def _crawl(place: Place, site: Site, block: str = "", *arguments: str, code: int = 0, **settings: Any) -> str:
    """Returns the report of a crawl of a site."""
    given: dict[str, Any] = {
        "SOURCES_EXTRA": _sources(place, (site.url, f'id = "live"\n{block}')),
        "DOWNLOAD_DELAY": 0,
        "DOWNLOAD_DELAY_JITTER": 0,
    }
    return place.scrapy("crawl", "live", *arguments, code=code, **(given | settings)).stdout


def _runs(place: Place) -> list[str]:
    return [outcome for (outcome,) in place.rows("select outcome from runs order by id")]


def _gaps(site: Site) -> list[float]:
    return [later - earlier for (earlier, *_), (later, *_) in pairwise(site.requests)]


def _parts(*parts: str, count: int, robots: str = "User-agent: *\nDisallow: /cam/\n") -> dict[str, str | Answer]:
    """Returns a site with several parts, each with a list page and articles."""
    pages = _pages(0, robots)
    for part in parts:
        items = [(f"/{part}{_path(number)}", _title(number)) for number in range(count)]
        pages |= {path: article(title) for path, title in items} | {f"/{part}/": listing(*items)}
    return pages


OPEN, CLOSED = "/tin/mo-cua-don-tiep-cong-dan-thang-nay-1.html", "/tin/cam-dung-tui-ni-long-tai-cho-dau-moi-2.html"
FAILURES = "select url, reason from failures where cleared_at is null"


def _two_pages(name: str, robots: Answer) -> dict[str, str | Answer]:
    return {"/robots.txt": robots, OPEN: article(f"Mở cửa đón tiếp công dân ở {name}"), CLOSED: article(f"Cấm dùng túi ni lông ở {name}")}


def _two_links(name: str, site: Site) -> list[tuple[str, str]]:
    return [(site.url + OPEN, f"Mở cửa đón tiếp công dân ở {name}"), (site.url + CLOSED, f"Cấm dùng túi ni lông ở {name}")]


def test_two_processes_and_one_after_them_keep_the_delay_of_a_host(place: Place) -> None:
    pages = _parts("a", "b", count=4, robots="User-agent: *\nCrawl-delay: 0.15\n")
    with serving_pages(pages) as site:
        delays = (("a", "0.05"), ("b", "0.1"))
        file = _sources(place, *((site.url, f'id = "{part}"\nunder = "/{part}/"\ndelay = {delay}') for part, delay in delays))
        command = [sys.executable, "-m", "scrapy", "crawl"]
        settings = {"CAPTURES": place.captures, "SOURCES_EXTRA": file, "DOWNLOAD_DELAY": 0}
        with ExitStack() as stack:
            processes = []
            for part in ("a", "b"):
                own = [*command, part, *as_options(settings), "-s", f"ARCHIVE={place.folder / part}.db"]
                processes.append(stack.enter_context(subprocess.Popen(own, cwd=PROJECT)))
        assert [process.returncode for process in processes] == [0, 0]
        place.scrapy("fetch", f"{site.url}/a/", SOURCES_EXTRA=file, DOWNLOAD_DELAY=0)
        assert len(site.requests) == 2 * (1 + 1 + 4) + 2
        # The first requests are for robots.txt, when only the delay of the sources is known: the longest of all of them.
        gaps = _gaps(site)
        assert gaps[0] >= 0.1 and min(gaps[2:]) >= 0.15


@pytest.mark.gate
def test_a_wait_of_a_day_lasts_until_the_next_day(place: Place) -> None:
    night = "2026-12-01T02:00:00+07:00"
    pages = _pages(4) | {_path(1): (503, {"Retry-After": "Wed, 02 Dec 2026 02:00:00 +0700"}, b"")}
    with serving_pages(pages) as site:
        said = _crawl(place, site, code=1, NOW=night)
        assert site.paths() == ["/robots.txt", "/", _path(0), _path(1)]
        assert "asks us to wait 86" in said and "2 requests were not sent" in said
        # The pages that were not requested did not fail, and the host is not contacted before the day is over.
        assert place.rows("select reason, count(*) from failures group by 1") == [("rate-limited", 1)]
        said = _crawl(place, site, code=1, NOW="2026-12-01T20:00:00+07:00")
        assert len(site.requests) == 4 and "no request is sent before 2026-12-02 02:00 (Viet Nam)" in said
    assert _runs(place) == ["rate-limited", "rate-limited"]


@pytest.mark.gate
def test_budget_and_window(place: Place) -> None:
    with serving_pages(_pages(9)) as site:
        limits = 'budget = 5\nwindow = ["22:00", "05:00"]'
        said = _crawl(place, site, limits, NOW="2026-12-01T20:00:00+07:00")
        assert site.requests == [] and "crawl after 2026-12-01 22:00" in said and "still exists" not in said
        # If the window opens soon, the run waits.
        _crawl(place, site, limits, NOW="2026-12-01T21:59:57+07:00")
        assert len(site.requests) == 5
        _crawl(place, site, limits, NOW="2026-12-01T23:00:00+07:00")
        assert len(site.requests) == 5
        state = json.loads((place.captures / ".hosts" / f"127.0.0.1_{site.port}.json").read_text(encoding="utf-8"))
        assert (state["day"], state["sent"]) == ("2026-12-01", 5)
    assert _runs(place) == ["outside-window", "budget-used", "budget-used"]
    assert {reason for (reason,) in place.rows("select distinct reason from failures")} == {"outside-window", "budget-used"}


def test_robots_files(place: Place) -> None:
    """One source with many hosts, each with another robots.txt. Its home page links to an open and a forbidden page of each."""
    ours = "User-agent: *\r\rDisallow: /\r\rUser-agent: vietnam-government-news-archive\rDisallow: /*/cam*.html$\r"
    files: dict[str, Answer] = {
        "named": (200, {}, b"\xef\xbb\xbf" + ours.encode()),
        "long": (200, {}, b"User-agent: *\nDisallow: /tin/cam\n" + b"# x\n" * 130_000 + b"Disallow: /tin/mo\n"),
        "packed": (200, {"Content-Encoding": "gzip"}, gzip.compress(b"User-agent: *\nDisallow: /tin/cam\n")),
        "moved": (301, {"Location": "/luat/robots.txt"}, b""),
        "challenge": (200, {}, CHALLENGE.encode()),
        "page": (200, {}, b"<html><body>\nUser-agent: *\nDisallow: /\n</body></html>"),
        "missing": (404, {}, b""),
        "forbidden": (403, {}, b""),
        "broken": (500, {}, b""),
        "later": (503, {}, b""),
    }
    with ExitStack() as stack:
        sites = {name: stack.enter_context(serving_pages(_two_pages(name, robots))) for name, robots in files.items()}
        sites["moved"].pages["/luat/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /tin/cam\n")
        home = stack.enter_context(
            serving_pages({"/": listing(*(link for name, site in sites.items() for link in _two_links(name, site)))})
        )
        hosts = ", ".join(f'"{site.url[7:]}"' for site in sites.values())
        _crawl(place, home, f"hosts = [{hosts}]", RETRY_AFTER_DEFAULT=0.01)
        requested = {name: {path for path in site.paths() if path.startswith("/tin/")} for name, site in sites.items()}
        assert requested == {
            **{name: {OPEN} for name in ("named", "long", "packed", "moved")},
            **{name: {OPEN, CLOSED} for name in ("challenge", "page", "missing", "forbidden")},
            **{name: set() for name in ("broken", "later")},
        }
        assert sites["long"].paths().count("/robots.txt") == 1
        where = {site.url: name for name, site in sites.items()}
    failures = {(where[url.split("/", 3)[0] + "//" + url.split("/", 3)[2]], reason) for url, reason in place.rows(FAILURES)}
    assert {(name, "robots") for name in ("named", "long", "packed", "moved")} < failures
    assert {("broken", "robots-unreachable"), ("later", "robots-unreachable"), ("challenge", "challenge")} < failures
    assert _runs(place) == ["finished"]


@pytest.mark.gate
def test_a_certificate_that_is_not_valid_and_old_tls(place: Place) -> None:
    trusted = trustme.CA()
    good = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trusted.issue_cert("127.0.0.1").configure_cert(good)
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trusted.issue_cert("127.0.0.1").configure_cert(old)
    with warnings.catch_warnings(action="ignore"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1
    old.set_ciphers("DEFAULT:@SECLEVEL=0")
    day = "2026-12-01T02:00:00+07:00"
    with serving_pages(_pages(1), good) as site:
        said = _crawl(place, site, 'tls = { until = "2026-11-30", bad_certificate = true }', code=1, NOW=day)
        assert 'tls = { until = "2027-05-30", bad_certificate = true }' in said and site.requests == []
    with serving_pages(_pages(1), old) as site:
        said = _crawl(place, site, 'tls = { until = "2026-12-01", bad_certificate = true }', code=1, NOW=day)
        assert "old_protocol = true" in said and site.requests == []
        _crawl(place, site, 'tls = { until = "2026-12-01", bad_certificate = true, old_protocol = true }', NOW=day)
        assert _path(0) in site.paths()
    assert {reason for (reason,) in place.rows("select distinct reason from failures")} == {"bad-certificate", "old-tls"}


def test_no_request_to_a_private_address_under_another_name(place: Place) -> None:
    with serving_pages(_pages(1)) as site:
        host = f"127.0.0.1:{site.port}"
        # A site with a public name may not list a host of our own network, and no number may hide one.
        block = f'id = "live"\nhosts = ["{host}"]\nlistings = ["http://{host}/"]'
        place.scrapy("crawl", "live", code=1, SOURCES_EXTRA=_sources(place, ("https://sotttt.example.gov.vn", block)), DOWNLOAD_DELAY=0)
        assert place.rows("select distinct reason from failures") == [("private-address",)]
        assert "error: private-address: " in place.scrapy("fetch", f"http://0x7f.1:{site.port}/", code=1, DOWNLOAD_DELAY=0).stderr
        assert site.requests == []


@pytest.mark.gate
def test_sites_that_share_a_process(place: Place) -> None:
    """One update of sites that misbehave, each in its own way, and of three sources that are parts of one host."""
    parts = ("a", "b", "c")
    some = _pages(8) | {_path(number): (429, {}, b"") for number in range(2, 8)}
    all_of_them: dict[str, str | Answer] = {path: (429, {}, b"") for path in ("/robots.txt", "/")}
    challenge: dict[str, str | Answer] = {path: (200, {}, CHALLENGE.encode()) for path in ("/robots.txt", "/")}
    with (
        serving_pages(_parts(*parts, count=3)) as shared,
        serving_pages(some) as refusing_some,
        serving_pages(all_of_them) as refusing_all,
        serving_pages(_pages(2, "User-agent: *\nDisallow: /\n")) as closed,
        serving_pages(challenge) as challenging,
    ):
        sites = {"so-some": refusing_some, "so-all": refusing_all, "so-closed": closed, "so-challenging": challenging}
        blocks = [(site.url, f'id = "{name}"\ndelay = 0') for name, site in sites.items()]
        blocks += [(shared.url, f'id = "so-{part}"\nunder = "/{part}/"\ndelay = 0.1') for part in parts]
        names = [*sites, *(f"so-{part}" for part in parts)]
        given: dict[str, Any] = {"SOURCES_EXTRA": _sources(place, *blocks), "DOWNLOAD_DELAY_JITTER": 0, "RETRY_AFTER_DEFAULT": 0.02}
        said = place.scrapy("update", *names, code=1, **given).stdout

        # Each page that is refused is requested once more after a pause; the fourth refusal in a row ends the run. No other page failed.
        assert refusing_some.paths()[-4:] == [_path(2), _path(2), _path(3), _path(3)]
        refused = place.rows("select count(*) from failures where source_id = 'so-some'")
        assert set(refusing_all.paths()) == {"/robots.txt"} and len(refusing_all.requests) <= 4
        assert closed.paths() == ["/robots.txt"] and f"robots.txt forbids {closed.url}/" in said
        assert "bot challenge instead of its pages" in said

        # The crawlers of one host take turns: none of them waits until another one is done.
        assert min(_gaps(shared)) >= 0.1
        order = [path[1] for path in shared.paths() if path.count("/") > 1]
        assert len(order) == 3 * 4 and all(set(order[at : at + 5]) == set(parts) for at in range(5))
    assert refused == [(2,)]
    outcomes = dict(place.rows("select source_id, outcome from runs"))
    assert outcomes == {
        "so-some": "blocked",
        "so-all": "rate-limited",
        "so-closed": "robots-forbidden",
        "so-challenging": "blocked",
        **{f"so-{part}": "finished" for part in parts},
    }


def test_two_archives_that_share_the_folder_of_hosts_take_turns(place: Place) -> None:
    both = [Place(place.folder / name) for name in ("a", "b")]
    for one in both:
        one.folder.mkdir()
    with serving_pages(_pages(4)) as site:
        with ThreadPoolExecutor() as pool:
            given: dict[str, Any] = {"DOWNLOAD_DELAY": 0.2, "DOWNLOAD_DELAY_JITTER": 0, "HOSTS_FOLDER": place.folder / "hosts"}
            crawls = [pool.submit(one.scrapy, "crawl", "mau", SOURCES_EXTRA=one.source("mau", site.url), **given) for one in both]
            assert all("4 new" in crawl.result().stdout for crawl in crawls)
        assert min(_gaps(site)) >= 0.2


def test_the_requests_of_a_day_are_counted_anew_each_day(tmp_path: Path) -> None:
    limits = PauseLimits(first=1, longest=60, useless=2, refusals=5, jitter=0)
    put_state(tmp_path, "so.mau.test", HostState(day="2020-01-01", sent=7))

    async def request() -> None:
        async with queue_of(tmp_path, "so.mau.test").turn(HostRules(delay=0, budget=2), limits, 0, lambda: False):
            pass

    sent = []
    for _ in range(2):
        asyncio.run(request())
        sent.append(state.sent if (state := known_state(tmp_path, "so.mau.test")) is not None else 0)
    assert sent == [1, 2]
    with pytest.raises(HostClosed, match="the 2 requests per day that the key `budget` allows are used"):
        asyncio.run(request())
