"""Sites that break are noticed in the run in which they break, by `scrapy crawl` and `scrapy health`. This project made the sites."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

from tests.conftest import Place
from tests.server import Answer, Site, article, listing, serving_pages

FIRST = date(2026, 11, 1)
SIZE = 13  # articles of a site; the order of a list is judged from 12 dates on
SHELL = (
    "<!doctype html><html><head><title>Sở Mẫu</title><script type=module src='/assets/index.js'></script></head><body>"
    "<noscript>Hãy bật JavaScript để xem trang.</noscript><div id=root></div></body></html>"
)
PARKED = (
    "<!doctype html><html><head><title>so-mau.test</title></head><body><h1>so-mau</h1><p>Tên miền này đang được rao bán. This domain is"
    " for sale.</p><a href='https://nguoi-ban.test/?d=so-mau.test'>Đặt mua</a></body></html>"
)
LOGIN = "<!doctype html><html><head><title>Cổng nội bộ</title></head><body><form><input name=u><input type=password></form></body></html>"
MAINTENANCE = "<!doctype html><html><head><title>Thông báo</title></head><body><h1>Website đang bảo trì</h1></body></html>"
UNKNOWN = (
    "<!doctype html><html><head><title>Trò chơi</title></head><body><h1>Chào bạn</h1><a href='https://khac.test/'>Chơi</a></body></html>"
)

Break = Callable[[dict[str, Answer]], dict[str, Answer]]


def _path(number: int) -> str:
    return f"/tin-tuc/hop-ban-ve-cong-viec-cua-quy-lan-thu-{number}-{number}.html"


def _title(number: int) -> str:
    return f"Sở họp bàn về công việc của quý lần thứ {number}"


def _pages(newest: int) -> dict[str, Answer]:
    """Returns a site whose home page shows all its articles, each of another day."""
    days = {number: FIRST - timedelta(days=SIZE - number) for number in range(1, newest + 1)}
    pages = {_path(number): article(_title(number), day=f"{day:%d/%m/%Y} 08:00").encode() for number, day in days.items()}
    return {path: (200, {}, page) for path, page in ({"/": _listed(reversed(days))} | pages).items()}


def _listed(numbers: Iterable[int]) -> bytes:
    return listing(*((_path(number), _title(number)) for number in numbers)).encode()


def _all(page: str) -> Break:
    return lambda pages: dict.fromkeys(pages, (200, {}, page.encode()))


def _status(status: int, body: bytes = b"no") -> Break:
    return lambda pages: dict.fromkeys(pages, (status, {}, body))


def _articles(answer: Answer) -> Break:
    return lambda pages: {path: page if path == "/" else answer for path, page in pages.items()}


def _cut(answer: Answer) -> Answer:
    """Returns an answer whose compressed body breaks off."""
    whole = gzip.compress(answer[2])
    return 200, {"Content-Encoding": "gzip"}, whole[: len(whole) * 2 // 3]


BREAKS: Mapping[str, tuple[Break, str, str]] = {
    "emptied": (lambda pages: pages | {"/": (200, {}, listing().encode())}, "broken", "lists-without-articles"),
    "shell": (_all(SHELL), "broken", "script-shells"),
    "parked": (_all(PARKED), "broken", "parked-domain"),
    "unknown": (_all(UNKNOWN), "broken", "lists-without-articles"),
    "login": (_all(LOGIN), "blocked", "login-pages"),
    "challenge": (
        _status(403, b"<html><head><title>Just a moment...</title></head><body>Wait</body></html>"),
        "blocked",
        "challenge-pages",
    ),
    "firewall": (_status(406, "<html><body>Yêu cầu của bạn đã bị chặn</body></html>".encode()), "blocked", "challenge-pages"),
    "maintained": (_status(503, MAINTENANCE.encode()), "broken", "placeholder-pages"),
    "maintained-later": (_articles((200, {}, MAINTENANCE.encode())), "broken", "placeholder-pages"),
    "refused": (_status(403), "blocked", "access-refused"),
    "robots": (lambda pages: pages | {"/robots.txt": (500, {}, b"")}, "blocked", "robots-not-received"),
    "gone": (_articles((404, {}, b"no")), "degraded", "many-gone-at-once"),
    "order": (lambda pages: pages | {"/": (200, {}, _listed(range(1, SIZE + 2)))}, "degraded", "date-order-broken"),
    "cut": (lambda pages: {path: page if path == "/" else _cut(page) for path, page in pages.items()}, "degraded", "responses-cut"),
    "home": (_articles((302, {"Location": "/"}, b"")), "degraded", "articles-lead-home"),
    "home-page": (lambda pages: dict.fromkeys(pages, pages["/"]), "degraded", "articles-replaced"),
}


def _settings(place: Place, urls: Mapping[str, str], night: int) -> dict[str, Any]:
    path = place.folder / "mau.toml"
    path.write_text(
        "".join(f'[[source]]\nid = "{name}"\nname = "Sở {name}"\nunit = "nghe-an"\nsite = "{url}"\n' for name, url in urls.items())
    )
    limits = place.folder / "limits.toml"
    limits.write_text("[fewest_before]\nvalue = 10\n", encoding="utf-8")
    return {
        "SOURCES_EXTRA": path,
        "DOWNLOAD_DELAY": 0,
        "DOWNLOAD_DELAY_JITTER": 0,
        "RETRY_TIMES": 0,
        "RETRY_AFTER_DEFAULT": 0.01,
        "HEALTH_LIMITS": limits,
        "NOW": f"{FIRST + timedelta(days=night)}T02:00:00+07:00",
    }


def _update(place: Place, sites: Mapping[str, Site], night: int, code: int) -> dict[str, str]:
    """Crawls all sites in a night, and returns what the command printed, by source."""
    settings = _settings(place, {name: site.url for name, site in sites.items()}, night)
    done = place.scrapy("update", *sites, code=code, **settings)
    assert done.stderr == ""
    return dict(line.split(": ", 1) for line in done.stdout.splitlines())


@contextmanager
def _serving(names: Iterable[str]) -> Iterator[dict[str, Site]]:
    with ExitStack() as stack:
        yield {name: stack.enter_context(serving_pages({})) for name in names}


def test_every_break_is_named_in_the_night_in_which_it_happens(place: Place) -> None:
    names = ["quiet", *BREAKS]
    with _serving(names) as sites:
        for site in sites.values():
            site.pages = _pages(SIZE)
        assert _update(place, sites, 0, code=0) == {}
        for name, site in sites.items():
            site.pages = _pages(SIZE) if name == "quiet" else BREAKS[name][0](_pages(SIZE + 1))
        printed = _update(place, sites, 7, code=1)
        found = {
            name: (state, reason)
            for name, state, reason in place.rows("select source_id, state, reason from source_health where run_id > ?", len(names))
        }
        assert found == {"quiet": ("ok", "as-expected")} | {name: (state, reason) for name, (_, state, reason) in BREAKS.items()}
        days = set(
            place.rows(
                "select first_bad_day, last_good_day, state_before from source_health where run_id > ? and state <> 'ok'", len(names)
            )
        )
        assert days == {("2026-11-08", "2026-11-01", "ok")}
        # One line for each, which names state, reason, days and site; nothing about the quiet one.
        assert set(printed) == set(BREAKS)
        assert printed["shell"].startswith(
            "broken, script shell (1 of 1; bad since 2026-11-08, last good day 2026-11-01): The site sends pages"
        )
        assert sites["shell"].url in printed["shell"]

        # No such page cleared a failure, and each is a failure of its own kind.
        kinds = dict(
            place.rows(
                "select source_id, group_concat(distinct reason) from failures where url like '%-14.html' or url like '%.1%/' group by 1"
            )
        )
        assert (kinds["shell"], kinds["parked"], kinds["login"]) == ("script-shell", "parked", "login")
        assert place.rows("select count(*) from failures where cleared_at is not null") == [(0,)]
        assert place.rows("select distinct reason from failures where source_id = 'unknown'") == [("no-layout",)]
        assert place.rows("select count(*) from articles where gone_at is not null") == [(0,)]

        _check_command(place)

        # All sites are repaired.
        for site in sites.values():
            site.pages = _pages(SIZE + 1)
        _update(place, sites, 8, code=0)
        # What a site sends for a night says nothing about the article that was new then.
        assert place.rows("select source_id, count(*) from articles group by 1 having count(*) <> ?", SIZE + 1) == []
        # Not every article that had failed is requested again in the next night, so some sites seem to have published nothing for a week.
        assert place.rows("select source_id from health_now where state not in ('ok', 'quiet')") == []


def _check_command(place: Place) -> None:
    """`scrapy health` on the archive with all the breaks."""
    page, feed = place.folder / "status.html", place.folder / "feed.xml"
    done = place.scrapy("health", "--html", str(page), "--feed", str(feed), code=1, NOW="2026-11-09")
    shown = [line.split()[:2] for line in done.stdout.splitlines() if not line.startswith(" ")][:-1]
    assert sorted(name for _, name in shown) == sorted(BREAKS)
    assert [state for state, _ in shown] == sorted((state for _, state, _ in BREAKS.values()), key=["broken", "blocked", "degraded"].index)
    assert "bad since 2026-11-08; last good day 2026-11-01; last run 2026-11-08" in done.stdout
    html = page.read_text(encoding="utf-8")
    assert html.count('class="state broken"') == 1 + 6 and "prefers-color-scheme: dark" in html and "http-equiv" not in html
    assert "tên miền hết hạn hoặc rao bán" in html and "parked domain" in html and "<script" not in html and "src=" not in html
    entries = ElementTree.parse(feed).getroot().findall("{http://www.w3.org/2005/Atom}entry")
    assert len(entries) == len(BREAKS)
    assert len({entry.findtext("{http://www.w3.org/2005/Atom}id") for entry in entries}) == len(BREAKS)

    content = json.loads(place.scrapy("health", "--json", code=1, NOW="2026-11-09").stdout)
    assert content["counts"] == {"broken": 6, "blocked": 5, "degraded": 5, "ok": 1}
    [parked] = [one for one in content["sources"] if one["source"] == "parked"]
    assert (parked["state"], parked["reason"], parked["first_bad_day"]) == ("broken", "parked-domain", "2026-11-08")
    assert place.scrapy("health", "quiet", NOW="2026-11-09").stdout.startswith("ok       quiet ")
    assert content["stale"] == []
    late = place.scrapy("health", code=1, NOW="2026-11-20").stdout
    assert late.splitlines()[-2].startswith("17 not crawled for more than 7 days (") and "does the job of cron still run?" in late
    assert late.splitlines()[-1].startswith("17 of these are in no file of sources that is known here (") and "sources remove" in late
    late = place.scrapy("health", code=1, NOW="2026-11-20", SOURCES_EXTRA=place.folder / "mau.toml").stdout
    assert "no file of sources" not in late
    assert "no run of such a source was judged yet; did you mean parked?" in place.scrapy("health", "parkd", code=2).stderr
    assert "cannot be written" in place.scrapy("health", "--html", "/no/such/folder/x.html", code=2).stderr


def test_health_without_an_archive_is_bad_input(place: Place) -> None:
    assert "there is no archive yet" in place.scrapy("health", code=2).stderr


def test_a_limit_without_a_value_is_bad_input_and_nothing_is_done(place: Place) -> None:
    limits = place.folder / "limits.toml"
    limits.write_text('[worse_share]\nvalue = ""\n', encoding="utf-8")
    done = place.scrapy("crawl", "sample-mic", code=2, HEALTH_LIMITS=limits)
    assert f"{limits}: [worse_share]: value = '' must be a number above 0" in done.stderr and not place.archive.exists()
