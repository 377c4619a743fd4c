"""Many nights on served sites: what a daily run requests, and that it finds every article. The sites are made by this project."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from benchmarks.forked_commands import as_options
from tests.conftest import PROJECT, Place
from tests.server import Site, article, listing, serving_pages

FIRST = date(2026, 11, 1)  # the day of the first night
SIZE = 3  # articles on a page of a section
MENU = "<nav><a href='/tin-hoat-dong/'>Tin hoạt động</a><a href='/thong-bao/'>Thông báo</a></nav>"


def _title(number: int) -> str:
    return f"Kiểm tra việc thực hiện nhiệm vụ số {number} tại các huyện"


def _path(number: int) -> str:
    return f"/bai/kiem-tra-viec-thuc-hien-nhiem-vu-tai-cac-huyen-{number}.html"


class News:
    """A site with a home page that shows the newest articles, and sections with pagers. `published`: number to day of publication."""

    def __init__(self, site: Site, *, home: int = 6) -> None:
        self.site, self._home = site, home
        self.published: dict[int, date] = {}
        self.sections: dict[str, list[int]] = {}  # path of the section to its articles, in the order of the list
        self.hidden: set[int] = set()  # articles that the home page does not show
        self.pinned: tuple[int, ...] = ()  # at the top of each list page

    def publish(self, number: int, day: date, section: str, place: int = 0) -> None:
        """Adds an article at a place of a section."""
        self.published[number] = day
        self.sections.setdefault(section, []).insert(place, number)

    def write(self) -> None:
        """Writes the pages as they are now."""
        pages: dict[str, str] = {}
        newest = sorted(self.published, key=lambda number: self.published[number], reverse=True)
        shown = [number for number in newest if number not in self.hidden][: self._home]
        pages["/"] = self._list(shown, head=MENU)
        for section, numbers in self.sections.items():
            last = -(-len(numbers) // SIZE)
            for page in range(1, last + 1):
                others = "".join(f"<a href='{self._page(section, one)}'>{one}</a>" for one in range(1, last + 1) if one != page)
                some = [*self.pinned, *numbers[(page - 1) * SIZE : page * SIZE]]
                pages[self._page(section, page)] = self._list(some, foot=f"<div class='pagination'>{others}</div>")
        for number, day in self.published.items():
            pages[_path(number)] = article(_title(number), day=f"{day:%d/%m/%Y} 08:00")
        self.site.pages = {path: (200, {}, page.encode()) for path, page in pages.items()}

    @staticmethod
    def _page(section: str, page: int) -> str:
        return section if page == 1 else f"{section}trang-{page}.html"

    def _list(self, numbers: Sequence[int], *, head: str = "", foot: str = "") -> str:
        return listing(*((_path(number), _title(number)) for number in numbers), foot=f"{head}{foot}")


@pytest.fixture
def site() -> Iterator[Site]:
    with serving_pages({}) as served:
        yield served


def _settings(place: Place, site: Site, night: int, more: str = "") -> dict[str, Any]:
    block = f'[[source]]\nid = "mau"\nname = "Sở Mẫu"\nunit = "nghe-an"\nsite = "{site.url}"\nbasis = "made up"\n{more}\n'
    (place.folder / "mau.toml").write_text(block, encoding="utf-8")
    return {
        "SOURCES_EXTRA": place.folder / "mau.toml",
        "DOWNLOAD_DELAY": 0,
        "DOWNLOAD_DELAY_JITTER": 0,
        "RETRY_TIMES": 0,
        "RECHECKS_PER_RUN": 0,
        "NOW": f"{FIRST + timedelta(days=night)}T02:00:00+07:00",
    }


def _night(place: Place, site: Site, night: int, *arguments: str, more: str = "", code: int | None = 0, **settings: Any) -> list[str]:
    """Crawls in a night and returns the requested paths, sorted, without robots.txt."""
    site.requests.clear()
    place.scrapy("crawl", "mau", *arguments, code=code, **_settings(place, site, night, more) | settings)
    return sorted(path for path in site.paths() if path != "/robots.txt")


def _looks(place: Place) -> dict[str, tuple[str, str, str]]:
    rows = place.rows("select name, look, look_reason, list_order from discovered where kind = 'list'")
    return {"/" + str(name).split("/", 3)[3]: (look, reason, order) for name, look, reason, order in rows}


def _stored(place: Place) -> int:
    [(number,)] = place.rows("select count(*) from articles")
    return int(number)


def test_nights_of_a_site_whose_home_page_shows_all_that_is_new(place: Place, site: Site) -> None:
    news = News(site)
    activity, notices = "/tin-hoat-dong/", "/thong-bao/"
    for number in range(24):
        news.publish(100 + number, FIRST - timedelta(days=4 * number + 1), activity, number)
    for number in range(6):
        news.publish(200 + number, FIRST - timedelta(days=9 * number + 2), notices, number)
    news.pinned = (123,)
    news.write()

    first = _night(place, site, 0)
    assert len(first) == len(set(first)) == 30 + 1 + 8 + 2 + 1 and _stored(place) == 30
    assert _looks(place) == {
        "/": ("nightly", "complete", "newest-first"),
        activity: ("nightly", "unproven", "newest-first"),
        notices: ("nightly", "unproven", "newest-first"),
    }

    # nothing new: one request for each list that may show what the home page does not (and robots.txt)
    assert _night(place, site, 1) == sorted(["/", activity, notices])
    assert place.rows("select count(*) from candidates where state <> 'stored'") == [(0,)]

    # something new
    news.publish(300, FIRST + timedelta(days=2), activity)
    news.write()
    assert _night(place, site, 2) == sorted(["/", activity, activity + "trang-2.html", notices, _path(300)])
    assert _looks(place)[activity][:2] == ("weekly", "covered")  # the home page shows what it brings

    # the home page fails, so all lists are looked at; what it would have shown is found in the sections, which proves nothing about them
    news.publish(301, FIRST + timedelta(days=3), notices)
    news.publish(304, FIRST + timedelta(days=3), activity)
    news.write()
    site.rules["/"] = lambda before: (500, {}, b"")
    assert {"/", activity, notices, notices + "trang-2.html", _path(301), _path(304)} <= set(_night(place, site, 3))
    assert "needed" not in {reason for _, reason, _ in _looks(place).values()}
    del site.rules["/"]

    # a week later: every list back to 60 days, with a back-dated article on page 5, and one that no nightly list shows
    news.publish(302, FIRST - timedelta(days=47), activity, 13)
    news.publish(303, FIRST + timedelta(days=6), notices)
    news.hidden.add(303)
    news.write()
    weekly = _night(place, site, 7)
    assert {_path(302), _path(303), activity + "trang-5.html"} <= set(weekly) and _stored(place) == 35
    assert activity + "trang-9.html" not in weekly  # all of its articles are older than 60 days
    assert len(weekly) == len(set(weekly))
    assert _looks(place)["/"][:2] == ("nightly", "home") and _looks(place)[notices][:2] == ("nightly", "brings")
    assert _night(place, site, 8) == ["/", notices, activity]


@pytest.mark.gate
def test_lists_in_no_order_that_ends_them(place: Place, site: Site) -> None:
    """Lists with the oldest first, with a pager that jumps, that repeats and that has no end; a failed page of a list, a failed article."""
    news = News(site, home=0)
    old, jumping, endless = "/luu-tru/", "/tong-hop/", "/su-kien/"
    for number in range(9):
        news.publish(100 + number, FIRST - timedelta(days=60 - number), old, number)
    for number, days in enumerate((28, 29, 30, 1, 2, 3, 48, 49, 50)):
        news.publish(200 + number, FIRST - timedelta(days=days), jumping, number)
    for number in range(3):
        news.publish(300 + number, FIRST - timedelta(days=number), endless, number)
    menu = "".join(f"<a href='{path}'>Tin</a>" for path in (old, jumping, endless))

    def write() -> None:
        news.write()
        site.pages["/"] = (200, {}, listing(foot=f"<nav>{menu}</nav>").encode())
        for page in range(2, 9):  # the pager shows the first page again, and always one page more
            foot = f"<div class='pagination'><a href='{endless}trang-{page}.html'>{page}</a></div>"
            here = endless if page == 2 else f"{endless}trang-{page - 1}.html"
            site.pages[here] = (200, {}, listing(*((_path(one), _title(one)) for one in news.sections[endless]), foot=foot).encode())

    write()
    # in the first night a page of a list and an article fail: the next night goes on, and requests nothing else twice
    site.rules[jumping + "trang-2.html"] = lambda before: (500, {}, b"") if before == 0 else None
    site.rules[_path(300)] = lambda before: (500, {}, b"") if before == 0 else None
    first = _night(place, site, 0)
    assert len(first) == len(set(first)) == 1 + 3 + 2 + 2 + 9 + 3 + 3 + 1  # the last one is /sitemap.xml
    again = _night(place, site, 1)
    assert _stored(place) == 21
    assert [path for path in again if path in first and path.startswith("/bai/")] == [_path(300)]
    assert {path: order for path, (_, _, order) in _looks(place).items()} == {
        "/": "unknown",
        old: "oldest-first",
        jumping: "unknown",  # it was read in two parts
        endless: "unknown",
    }
    # what is new in a list with the oldest first is on its last page or after it; elsewhere it may be anywhere, and is found within a week
    news.publish(110, FIRST, old, 9)
    news.publish(210, FIRST, jumping, 4)
    write()
    assert _night(place, site, 2) == sorted(["/", old + "trang-3.html", old + "trang-4.html", _path(110), jumping, endless])
    assert _path(210) in _night(place, site, 8) and _stored(place) == 23
    assert _looks(place)[jumping][2] == "mixed"


@pytest.mark.gate
def test_a_feed_is_enough_only_if_it_shows_something_known(place: Place, site: Site) -> None:
    news = News(site, home=0)
    section = "/tin-hoat-dong/"
    for number in range(24):
        news.publish(100 + number, FIRST - timedelta(days=number + 1), section, number)

    def write() -> None:
        news.write()
        site.pages["/"] = (200, {}, listing(foot=f"<nav><a href='{section}'>Tin</a></nav>").encode())
        # The dates of the feed are wrong: all items have the same.
        items = "".join(
            f"<item><link>{site.url}{_path(one)}</link><pubDate>Mon, 05 Jan 2009 08:00:00 +0700</pubDate></item>"
            for one in news.sections[section][:10]
        )
        feed = f"<?xml version='1.0'?><rss version='2.0'><channel>{items}</channel></rss>"
        site.pages["/tin.rss"] = (200, {"Content-Type": "application/rss+xml"}, feed.encode())

    more = 'feeds = ["/tin.rss"]'
    write()
    _night(place, site, 0, more=more)
    assert _stored(place) == 24
    [(look,)] = place.rows("select look_reason from discovered where kind = 'feed'")
    assert look == "complete"
    for number in range(12):
        news.publish(200 + number, FIRST, section)
    write()
    paths = _night(place, site, 1, more=more)
    assert _stored(place) == 36 and f"{section}trang-5.html" in paths and f"{section}trang-6.html" not in paths


def test_killed_at_any_moment(place: Place, site: Site) -> None:
    """What was listed is requested by the next run, and nothing twice except what was on its way."""
    news = News(site, home=12)
    for number in range(12):
        news.publish(100 + number, FIRST - timedelta(days=number + 1), "/tin-hoat-dong/", number)
    news.write()
    settings = {"ARCHIVE": place.archive, "CAPTURES": place.captures} | _settings(place, site, 0)
    running = subprocess.Popen(
        [sys.executable, "-m", "scrapy", "crawl", "mau", *as_options(settings)], cwd=PROJECT, stdout=subprocess.DEVNULL
    )

    def kill(before: int) -> None:
        running.send_signal(signal.SIGKILL)

    site.rules[_path(105)] = kill
    running.wait(60)
    assert place.rows("select count(*) from candidates where state = 'requested'") == [(7,)]
    site.rules.clear()
    paths = _night(place, site, 0)
    assert _stored(place) == 12
    articles = [path for path in paths if path.startswith("/bai/")]
    assert articles == [_path(100 + number) for number in range(5, 12)]
    assert place.rows("select state, count(*) from candidates group by state") == [("stored", 12)]
