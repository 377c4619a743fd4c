"""A home-made site: days only in its lists, URLs without an extension, and a button "Xem thêm" that loads JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from tests.conftest import Place
from tests.server import Answer, Site, article, listing, serving_pages

PER_PAGE, PAGES = 5, 4
NOW = "2026-04-02T09:00:00+07:00"
BUTTON = "<button class='xem-them' data-url='/api/tin' data-trang='2'>Xem thêm</button>"
SCRIPT = "<script>var trang = 2; function them() { fetch('/api/tin?trang=' + trang).then(k => k.json()).then(ve); trang++; }</script>"


def day_of(number: int) -> date:
    return date(2026, 3, 30) - timedelta(days=3 * number)


def paths() -> list[str]:
    return [f"/tin/khai-truong-diem-phuc-vu-o-xa-thu-{number}" for number in range(PER_PAGE * PAGES)]


def title_of(number: int) -> str:
    return f"Khai trương điểm phục vụ ở xã thứ {number}"


def entries(page: int) -> list[dict[str, str]]:
    numbers = range((page - 1) * PER_PAGE, min(page * PER_PAGE, len(paths())))
    return [{"ten": title_of(one), "duongdan": paths()[one], "ngay": f"{day_of(one):%d/%m/%Y}"} for one in numbers]


def home_made(time: str = "") -> Mapping[str, str | Answer]:
    """Returns the pages of the site. `time`: that the page of each article shows, after its day; empty: it shows none."""
    rows = "".join(f"<div><span>{one['ngay']}</span> <a href='{one['duongdan']}'>{one['ten']}</a></div>" for one in entries(1))
    pages: dict[str, str | Answer] = {
        "/": listing(foot="<a href='/tin'>Tin của sở</a>"),
        "/tin": listing(foot=f"<div id='ds'>{rows}</div>{BUTTON}{SCRIPT}"),
        **{path: article(title_of(number), day=time and f"{day_of(number):%d/%m/%Y} {time}") for number, path in enumerate(paths())},
    }
    for page in range(1, PAGES + 2):
        body = json.dumps({"ds": entries(page), "con": page < PAGES}, ensure_ascii=False).encode()
        pages[f"/api/tin?trang={page}"] = (200, {"Content-Type": "application/json"}, body)
    pages["/api/tin"] = pages["/api/tin?trang=1"]
    return pages


def crawl(place: Place, site: Site, *arguments: str, more: str = "") -> str:
    source = place.source("mau", site.url, more=f'listings = ["/tin"]\n{more}')
    return place.scrapy("crawl", "mau", *arguments, SOURCES_EXTRA=source, DOWNLOAD_DELAY=0, DOWNLOAD_DELAY_JITTER=0, NOW=NOW).stdout


def days(place: Place) -> dict[str, tuple[str | None, str | None, str]]:
    rows = place.rows("select url, published_at, published_precision, published_rule from articles")
    return {"/" + str(url).split("/", 3)[3]: (at, precision, rule) for url, at, precision, rule in rows}


def test_the_day_in_a_list_is_that_of_an_article_whose_page_shows_none(place: Place) -> None:
    with serving_pages(home_made()) as site:
        report = crawl(place, site)
        expected = {path: (f"{day_of(number)}T00:00:00+07:00", "day", "listed-day") for number, path in enumerate(paths())}
        assert days(place) == expected
        assert "0 without a date" in report
        readings = place.rows("select distinct rule, verdict, precision from date_readings")
        assert readings == [("listed-day", "taken", "day")]
        assert place.rows("select sum(articles) from articles_by_month") == [(len(paths()),)]
        # Neither a later capture nor a later version of the parser loses the day, or takes it for an edit of the site.
        crawl(place, site, "--full")
        assert days(place) == expected
        assert place.rows("select count(*) from revisions") == [(0,)]
        place.scrapy("reparse", "mau", "--write", SOURCES_EXTRA=place.folder / "mau.toml")
        assert days(place) == expected


def test_a_day_that_a_list_states_after_the_article_was_stored_counts_too(place: Place) -> None:
    with serving_pages(home_made()) as site:
        page = site.pages["/tin"]
        site.pages["/tin"] = (*page[:2], page[2].replace(b"<span>", b"<!--").replace(b"</span>", b"-->"))
        for at in [path for path in site.pages if path.startswith("/api/")]:
            site.pages[at] = (*site.pages[at][:2], site.pages[at][2].replace(b"ngay", b"luot"))
        crawl(place, site)
        assert {rule for _, _, rule in days(place).values()} == {"not-on-page"}
        site.pages["/tin"] = page
        assert "0 new" in crawl(place, site)  # no article is stored in this run
        assert [days(place)[path][2] for path in paths()[: PER_PAGE + 1]] == ["listed-day"] * PER_PAGE + ["not-on-page"]


@pytest.mark.gate
def test_the_date_on_the_page_counts_more_than_that_in_a_list(place: Place) -> None:
    with serving_pages(home_made("08:15")) as site:
        site.pages[paths()[0]] = (200, {"Content-Type": "text/html"}, article(title_of(0), day="28/03/2126 08:15").encode())
        crawl(place, site)
        found = days(place)
        assert found[paths()[7]][:2] == (f"{day_of(7)}T08:15:00+07:00", "minute")
        assert "listed-day" not in {rule for _, _, rule in found.values()}


def test_a_list_that_a_button_continues_is_read_to_the_empty_answer_that_ends_it(place: Place) -> None:
    with serving_pages(home_made()) as site:
        crawl(place, site)
        assert len(days(place)) == len(paths())
        [(pager, number, failed, whole)] = place.rows(
            "select pager, articles, failed_looks, read_to_end is not null from discovered where kind = 'list' and name like '%/tin'"
        )
        assert (pager, number, failed, whole) == ("link", len(paths()), 0, 1)
        assert place.rows("select reason, url from failures") == []
