"""Sites whose lists mislead a crawler, one trap for each site: every article is found, nothing is requested without end, and a second night
costs little. The sites are made by this project.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from benchmarks.year_sites import YearSite
from tests.conftest import Place
from tests.server import Answer, Sent, article, listing, serving_pages

Pages = dict[str, str | Answer]
WORDS = "hội nghị tổng kết kế hoạch báo cáo chương trình văn bản điều hành công dân doanh nghiệp mạng lưới truyền hình xã phường"
CATEGORIES = ("tin-tuc", "thoi-su", "chuyen-doi-so")
ENDLESS = 150  # pages of a list that has no end, or months of a calendar


@dataclass(frozen=True)
class Trap:
    """A site. `articles`: how many it shows. `first`, `second`: the most requests of two nights; the site has more pages in some traps."""

    pages: Pages
    articles: int
    first: int
    second: int
    reasons: frozenset[str] = frozenset()


def _title(number: int) -> str:
    return f"Sở kiểm tra công tác chuyển đổi số tại đơn vị thứ {number} trong năm"


def _path(number: int, section: str = "tin-tuc") -> str:
    return f"/{section}/kiem-tra-cong-tac-chuyen-doi-so-tai-don-vi-{number}.html"


def _items(numbers: Iterable[int], section: str = "tin-tuc") -> list[tuple[str, str]]:
    return [(_path(number, section), _title(number)) for number in numbers]


def _articles(numbers: Iterable[int], section: str = "tin-tuc") -> Pages:
    pages: Pages = {}
    for number in numbers:
        chance, day = random.Random(number), date(2024, 5, 30) - timedelta(days=number)
        texts = [f"Ngày {day:%d/%m/%Y}, đoàn số {number} {' '.join(chance.choices(WORDS.split(), k=40))}." for _ in range(3)]
        pages[_path(number, section)] = article(_title(number), *texts, day=f"{day:%d/%m/%Y} 08:00")
    return pages


def _pager(*links: tuple[str, str]) -> str:
    return "<div class='pagination'>" + " ".join(f"<a href='{url}'>{text}</a>" for url, text in links) + "</div>"


def _page(number: int) -> str:
    return "/" if number == 1 else f"/tin-tuc/trang-{number}.html"


def _four(number: int) -> list[tuple[str, str]]:
    return _items(range(number * 4, number * 4 + 4))


def _jumping() -> Trap:
    """The next page of page 1 is page 3, then come pages 2, 5 and 4."""
    order = (1, 3, 2, 5, 4)
    pages = {_page(here): listing(*_four(here), foot=_pager((_page(after), "Trang sau »"))) for here, after in pairwise(order)}
    return Trap({**pages, _page(4): listing(*_four(4)), **_articles(range(4, 24))}, 20, 27, 4)


def _first_and_last() -> Trap:
    """A pager shows the first, the last and the two nearest pages."""
    pages: Pages = {}
    for here in range(1, 9):
        near = [number for number in (1, here - 1, here + 1, 8) if 1 <= number <= 8]
        pages[_page(here)] = listing(*_four(here), foot=_pager(*((_page(number), str(number)) for number in near)))
    return Trap({**pages, **_articles(range(4, 36))}, 32, 45, 4)


def _without_end(after: str, url: str = "/tin-tuc/trang-{}.html") -> Trap:
    """After page 4 the list goes on: with "soft" error pages, with "empty" lists, or with "same", which is page 4 again."""
    pages: Pages = {}
    for here in range(1, ENDLESS):
        foot = _pager((url.format(here + 1), "Trang sau"))
        body = listing(*(_four(min(here, 4)) if after == "same" or here <= 4 else ()), foot=foot)
        if after == "soft" and here > 4:
            body = f"<html><head><title>Không tìm thấy trang</title></head><body><h1>Không tìm thấy trang</h1>{foot}</body></html>"
        pages["/" if here == 1 else url.format(here)] = body
    return Trap({**pages, **_articles(range(4, 20))}, 16, 23, 4, frozenset({"soft-404"} if after == "soft" else ()))


def _feed_with_wrong_dates() -> Trap:
    """A feed names 10 of 40 articles, and its dates are 1970 and 2099."""
    years = ("Thu, 01 Jan 1970 00:00:00 GMT", "Thu, 01 Jan 2099 00:00:00 GMT")
    entries = "".join(f"<item><link>SITE{_path(number)}</link><pubDate>{years[number % 2]}</pubDate></item>" for number in range(4, 14))
    head = "<link rel='alternate' type='application/rss+xml' href='/rss.xml'>"
    pages: Pages = {_page(here): listing(*_four(here), head=head, foot=_pager((_page(here + 1), "Trang sau"))) for here in range(1, 10)}
    pages[_page(10)] = listing(*_four(10), head=head)
    pages["/rss.xml"] = f"<?xml version='1.0'?><rss version='2.0'><channel>{entries}</channel></rss>"
    return Trap({**pages, **_articles(range(4, 44))}, 40, 54, 4)


def _redirecting() -> Trap:
    """The home page is at another path. One section is at another path, one on another host; two redirect in a loop."""
    sections = "".join(f"<a href='/{name}'>{name}</a>" for name in ("tin-hoat-dong", "tin-bo", "tin-vong", "tin-minh"))
    pages: Pages = {
        "/": (301, {"Location": "/trang-chu.html"}, b""),
        "/trang-chu.html": listing(*_four(1), foot=f"<div>{sections}</div>"),
        "/tin-hoat-dong": (302, {"Location": "/tin-hoat-dong/"}, b""),
        "/tin-hoat-dong/": listing(*_four(2), *_four(3), foot=_pager(("/tin-hoat-dong/?trang=2", "2"))),
        "/tin-hoat-dong/?trang=2": listing(*_four(4)),
        "/tin-bo": (302, {"Location": "http://bo.mau.test/tin"}, b""),
        "/tin-vong": (302, {"Location": "/tin-vong-2"}, b""),
        "/tin-vong-2": (302, {"Location": "/tin-vong"}, b""),
        "/tin-minh": (302, {"Location": "/tin-minh"}, b""),
    }
    return Trap({**pages, **_articles(range(4, 20))}, 16, 30, 10, frozenset({"off-site", "redirect-loop"}))


def _calendar() -> Trap:
    """Each article is in three categories, under a path of each. A calendar links to the next month without end."""
    sections = "".join(f"<a href='/{name}'>{name.replace('-', ' ')}</a>" for name in CATEGORIES)
    pages: Pages = {"/": listing(*_items(range(10)), foot=f"<div>{sections}<a href='/lich?thang=1'>Tháng sau</a></div>")}
    for name in CATEGORIES:
        shown = _articles(range(10))
        pages[f"/{name}"] = listing(*_items(range(10), name))
        pages |= {_path(number, name): shown[_path(number)] for number in range(10)}
    for month in range(1, ENDLESS):
        link = f"<a href='/lich?thang={month + 1}'>Tháng sau</a>"
        pages[f"/lich?thang={month}"] = f"<html><head><title>Lịch</title></head><body><h1>Lịch tháng {month}</h1>{link}</body></html>"
    return Trap(pages, 10, 45, 6, frozenset({"endless-listing"}))


def _sessions() -> Trap:
    """Each page has links with a session id of its own."""
    pages: Pages = {}
    for here in range(1, 7):
        session = f";jsessionid={here:02}ABCDEF0123456789{here}.n1"
        foot = _pager((_page(here + 1) + session, "Trang sau")) if here < 6 else ""
        pages[_page(here)] = listing(*((url + session, title) for url, title in _four(here)), foot=foot)
    return Trap({**pages, **_articles(range(4, 28))}, 24, 33, 4)


def _from_zero() -> Trap:
    """A pager counts from 0. The oldest article is first, below one that is on every page."""
    foot = _pager(*((f"/tin-tuc?page={number}" if number else "/tin-tuc", str(number + 1)) for number in range(6)))
    pages: Pages = {
        f"/tin-tuc?page={here}": listing(*_items([99]), *_items(range(30 - here * 4, 26 - here * 4, -1)), foot=foot) for here in range(6)
    }
    pages["/"] = pages["/tin-tuc"] = pages["/tin-tuc?page=0"]
    return Trap({**pages, **_articles([99, *range(7, 31)])}, 25, 36, 4)


def test_no_trap_costs_an_article_or_has_no_end(place: Place) -> None:
    traps = {
        "jumping": _jumping(),
        "first-last": _first_and_last(),
        "soft": _without_end("soft"),
        "empty": _without_end("empty"),
        "same": _without_end("same", "/tin-tuc?page={}"),
        "feed": _feed_with_wrong_dates(),
        "redirects": _redirecting(),
        "calendar": _calendar(),
        "sessions": _sessions(),
        "zero": _from_zero(),
    }
    with ExitStack() as stack:
        sites = {name: stack.enter_context(serving_pages(trap.pages)) for name, trap in traps.items()}
        shown = dict(sites["sessions"].pages)

        def without_session(sent: Sent) -> Answer | None:
            return shown.get(re.sub(r";jsessionid=[^?]*", "", sent.path))

        sites["sessions"].program = without_session
        blocks = [f'[[source]]\nid = "{name}"\nname = "{name}"\nunit = "nghe-an"\nsite = "{site.url}"\n' for name, site in sites.items()]
        (place.folder / "sources.toml").write_text("".join(blocks), encoding="utf-8")
        for night, limit in (("2026-11-20T02:00:00+07:00", "first"), ("2026-11-21T02:00:00+07:00", "second")):
            settings: dict[str, Any] = {
                "SOURCES_EXTRA": place.folder / "sources.toml",
                "DOWNLOAD_DELAY": 0,
                "DOWNLOAD_DELAY_JITTER": 0,
                "NOW": night,
            }
            place.scrapy("update", *traps, **settings)
            requested = {name: len(site.requests) for name, site in sites.items()}
            assert {name for name, trap in traps.items() if requested[name] > getattr(trap, limit)} == set(), requested
            for site in sites.values():
                site.requests.clear()
    found = dict(place.rows("select source_id, count(*) from articles group by source_id"))
    assert found == {name: trap.articles for name, trap in traps.items()}
    failed: dict[str, set[str]] = {name: set() for name in traps}
    for source, reason in place.rows("select source_id, reason from failures"):
        failed[source].add(reason)
    assert failed == {name: set(trap.reasons) for name, trap in traps.items()}


def test_a_calendar_that_shows_the_same_articles_beside_each_month_has_an_end(place: Place) -> None:
    site = YearSite("lich", date(2026, 9, 1), 1, 7)
    highlights = "".join(f"<li><a href={site.posts[at].path}>Bài {at} về công tác của tỉnh</a></li>" for at in range(3))

    def answer(sent: Sent) -> Answer:
        if sent.path.startswith("/lich/"):
            after = int(sent.path.split("/")[2]) + 1
            pager = f"<div class='pagination'><a href='/lich/{after}'>{after}</a></div>"
            return 200, {}, site.framed("Lịch", f"<h2>Lịch</h2><ul>{highlights}</ul>{pager}").encode()
        status, headers, body = site.page(sent.path)
        return status, headers, body.replace(b"<div class='pagination'>", b"<div class='pagination'><a href='/lich/2'>2</a>")

    with serving_pages({}) as served:
        served.program = answer
        given: dict[str, Any] = {"SOURCES_EXTRA": place.source("lich", served.url), "DOWNLOAD_DELAY": 0, "MAX_LISTINGS": 100}
        for day in ("2026-09-02", "2026-09-10"):  # the second night looks at every list again
            place.scrapy("crawl", "lich", **given, NOW=f"{day}T02:00:00+07:00")
            assert 3 < sum(path.startswith("/lich/") for path in served.paths()) < 15
            served.requests.clear()
    found = place.rows("select reason, detail from failures")
    assert [reason for reason, _ in found] == ["endless-listing"] and found[0][1].startswith("8 list pages without an article of their own")
    assert place.rows("select count(*) from articles") == [(len(site.posts),)]
