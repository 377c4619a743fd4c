"""What was observed of each month, and the gaps: rules on numbers, and a served site over some nights. This project made the site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from scraper.model import Failure
from scraper.sources import made_up
from scraper.store import coverage, failures
from scraper.store.archive import open_archive
from scraper.store.listed_periods import NEWEST_FIRST, UNKNOWN, Period, Shown, merged, period_of
from scraper.store.number_gaps import number_gaps
from scraper.store.observed_states import COMPLETE, NOT_OBSERVED, PARTIAL, Counts, ListFacts, SourceFacts, judge
from scraper.store.sources import load_source
from tests.conftest import Place
from tests.server import Site, article, listing, serving_pages

WHOLE = ListFacts(100, [Period("2025-03-10", "2026-06-20", from_start=True)], is_open=False)
HOME = ListFacts(10, [Period("2026-06-01", "2026-06-20")], is_open=False)
UNREAD = ListFacts(0, [], is_open=True)
NIGHTLY = [(date(2026, 5, 1) + timedelta(days=n)).isoformat() for n in range(51)]  # 1 May to 20 June


def _judge(month: str, *lists: ListFacts, days: list[str] = NIGHTLY, undated: int = 0, missing: int = 0, **counts: int) -> tuple[str, str]:
    verdict = judge(month, Counts(**counts), missing, SourceFacts(lists, days, undated, 100, date(2026, 6, 21)))
    return verdict.state, " ".join(verdict.reasons)


def test_a_url_that_fails_often_counts_once_a_day(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "archive.db")
    source = replace(made_up("https://so.example.gov.vn"), unit="nghe-an")
    load_source(archive, source)
    tries = [("timeout", "2026-01-01T02:00:00Z"), ("timeout", "2026-01-01T03:00:00Z"), ("dns", "2026-01-01T16:59:00Z")]
    tries += [("dns", "2026-01-01T17:00:00Z"), ("robots", "2026-01-04T03:00:00Z")]  # 17:00 is the next day in Viet Nam
    with archive.conn:
        for reason, at in tries:
            failures.record(archive, source.id, Failure("fetch", reason, "https://so.example.gov.vn/tin"), at=at)
    coverage.update(archive, source.id)
    assert archive.execute("select day, asked, failed from coverage order by day").fetchall() == [
        ("2026-01-01", 1, 1),
        ("2026-01-02", 1, 1),
    ]
    archive.close()


def test_the_state_of_a_month() -> None:
    assert _judge("2025-09", WHOLE, HOME, articles=7) == (COMPLETE, "")
    assert _judge("2025-09", WHOLE, HOME) == (COMPLETE, "")  # lists were read, and show nothing: that is a zero
    assert _judge("2025-03", WHOLE, HOME, articles=2) == (COMPLETE, "")  # the month in which the lists begin
    assert _judge("2025-02", WHOLE, HOME) == (NOT_OBSERVED, "before-first-list")
    assert _judge("2025-02", WHOLE, articles=1) == (PARTIAL, "before-first-list")
    assert _judge("2026-06", WHOLE, HOME, articles=3) == (PARTIAL, "month-not-over")
    assert _judge("2026-07", WHOLE) == (NOT_OBSERVED, "after-last-list")
    assert _judge("2025-09", WHOLE, UNREAD, articles=7) == (PARTIAL, "list-unread")
    assert _judge("2025-09", WHOLE, articles=7, waiting=1) == (PARTIAL, "never-requested")
    assert _judge("2025-09", WHOLE, articles=7, failed=1) == (PARTIAL, "requests-failed")
    assert _judge("2025-09", WHOLE, articles=7, missing=6) == (PARTIAL, "numbers-missing")
    assert [_judge("2025-09", WHOLE, undated=number)[1] for number in (2, 3)] == ["", "undated-candidates"]
    assert _judge("2025-09", HOME) == (NOT_OBSERVED, "before-first-list") and _judge("2025-09") == (NOT_OBSERVED, "no-list")
    assert _judge("2025-09", HOME, waiting=2) == (PARTIAL, "before-first-list never-requested")


def test_a_small_list_does_not_speak_for_the_others() -> None:
    small = ListFacts(40, [Period("2020-01-01", "2026-06-20", from_start=True)], is_open=False)
    assert _judge("2024-05", WHOLE, small, articles=1) == (PARTIAL, "few-lists")
    assert _judge("2025-05", WHOLE, small, articles=1) == (COMPLETE, "")


def test_times_between_readings() -> None:
    paused = ListFacts(100, [Period("2025-03-10", "2025-06-20", from_start=True), Period("2026-04-15", "2026-06-20")], is_open=False)
    assert _judge("2025-05", paused) == (COMPLETE, "") and _judge("2025-12", paused) == (NOT_OBSERVED, "between-lists")
    assert _judge("2025-06", paused, articles=1)[0] == PARTIAL and _judge("2026-04", paused, articles=1) == (PARTIAL, "lists-end-within")
    # The source was last read on 20 May; it is June now. A list that was last read a week before counts as up to date.
    ended = [day for day in NIGHTLY if day <= "2026-05-20"]
    assert _judge("2026-05", ListFacts(9, [Period("2026-01-01", "2026-05-14")], False), days=ended) == (PARTIAL, "lists-end-within")
    assert _judge("2026-05", WHOLE, days=["2026-05-01", *NIGHTLY[-10:]]) == (PARTIAL, "few-good-days")


def test_which_days_a_reading_covers() -> None:
    down = ["2026-06-19", "2026-06-11", "2026-06-03"]
    assert period_of(Shown(down, down, "2026-06-20", NEWEST_FIRST, False, False, 3), []) == Period("2026-06-19", "2026-06-20")
    longer = [*down, "2026-06-02", "2026-06-01", "2009-01-01"]  # the last one has a wrong date, or is pinned
    assert period_of(Shown(longer, longer, "2026-06-20", NEWEST_FIRST, False, False, 6), []) == Period("2026-06-02", "2026-06-20")
    whole = period_of(Shown(longer, longer, "2026-06-20", NEWEST_FIRST, True, False, 6), [])
    assert whole == Period("2026-06-01", "2026-06-20", from_start=True)
    # Without an order, a list joins only a reading of a short time ago.
    for read_on, found in (("2026-06-20", None), ("2026-03-10", Period("2026-03-01", "2026-03-10"))):
        assert period_of(Shown(["2026-01-01"], [], read_on, UNKNOWN, False, True, 6), [Period("2026-01-01", "2026-03-01")]) == found
    assert merged([Period("2026-05-01", "2026-05-09"), Period("2025-01-01", "2026-01-01", True), Period("2026-05-09", "2026-06-01")]) == [
        Period("2025-01-01", "2026-01-01", True),
        Period("2026-05-01", "2026-06-01"),
    ]
    # A list that was read to its end has nothing before its first day; another reading, which came down to an older day, has.
    assert merged([Period("2026-01-01", "2026-03-01"), Period("2026-02-01", "2026-04-01", True)]) == [Period("2026-01-01", "2026-04-01")]


def _numbered(numbers: Iterator[int] | range, form: str = "news/{}") -> dict[str, str | None]:
    return {form.format(number): (date(2026, 1, 1) + timedelta(days=number // 2)).isoformat() for number in numbers}


def test_holes_in_series_of_numbers() -> None:
    def found(known: dict[str, str | None]) -> list[tuple[int, int]]:
        return [(gap.first, gap.last) for gap in number_gaps(known)]

    hole = (n for n in range(100, 300) if not 201 <= n <= 212)
    assert found(_numbered(hole)) == [(201, 212)]
    url = "https://so.example.gov.vn/tin-tuc/so-hop-{}.html"
    assert found(_numbered((n for n in range(100, 300) if not 201 <= n <= 212), url)) == [(201, 212)]
    assert found(_numbered(n for n in range(100, 300) if n % 3)) == []  # here and there: drafts
    assert found(_numbered(range(0, 3000, 7))) == []  # most numbers are something else
    assert found(_numbered(n for n in range(100, 118) if n != 110)) == []  # too few
    backwards = {f"news/{n}": f"20{50 - n // 10}-01-01" for n in range(100, 300) if not 201 <= n <= 212}
    assert found({**backwards}) == []  # imported in another order
    assert found(_numbered((n for n in range(100, 300) if not 201 <= n <= 212), "news/2026010100{:04}")) == []  # times, not numbers


MONTHS = {3: 2, 4: 3, 5: 2, 6: 2, 7: 0, 8: 4, 9: 3, 10: 3}  # month of 2026: articles
SIZE = 4  # articles on a page of the list


def _pages(days: list[date]) -> dict[str, str]:
    """Returns a site with one list in pages, the newest articles first."""
    names = [(f"/tin/so-kiem-tra-viec-so-hoa-{day:%m%d}.html", f"Sở kiểm tra việc số hóa hồ sơ ngày {day:%d/%m}", day) for day in days]
    pages = {path: article(title, day=f"{day:%d/%m/%Y} 08:00") for path, title, day in names}
    last = -(-len(names) // SIZE)
    for number in range(1, last + 1):
        others = "".join(f"<a href='/tin/trang-{n}.html'>{n}</a>" for n in range(1, last + 1) if n != number)
        some = [(path, title) for path, title, _ in names[(number - 1) * SIZE : number * SIZE]]
        page = listing(*some, foot=f"<div class='pagination'>{others}</div>")
        pages |= {f"/tin/trang-{number}.html": page} | ({"/": page} if number == 1 else {})
    return pages


def _crawl(place: Place, site: Site, day: str, **settings: Any) -> None:
    source = place.source("thang", site.url, more='valid = ["2026-01-01", ""]')
    given: dict[str, Any] = {"SOURCES_EXTRA": source, "DOWNLOAD_DELAY": 0, "DOWNLOAD_DELAY_JITTER": 0}
    given |= {"RETRY_TIMES": 0, "RECHECKS_PER_RUN": 0, "NOW": f"{day}T02:00:00+07:00"}
    place.scrapy("crawl", "thang", code=None, **given | settings)


def _observed(place: Place) -> dict[str, tuple[str, str | None, int | None]]:
    rows = place.rows("select month, state, reasons, articles from observed order by month")
    return {month: (state, reasons, articles) for month, state, reasons, articles in rows}


def test_months_of_a_served_site(place: Place) -> None:
    days = sorted((date(2026, month, 5 + 6 * n) for month, number in MONTHS.items() for n in range(number)), reverse=True)
    with serving_pages(_pages(days)) as site:
        site.rules["/tin/so-kiem-tra-viec-so-hoa-0511.html"] = lambda _: (500, {}, b"")
        _crawl(place, site, "2026-11-01")
        found = _observed(place)
        # The failed article has no day: its list states none.
        assert found.pop("unknown") == (PARTIAL, "no-day", 0)
        assert set(found) == {f"2026-{month:02}" for month in range(1, 12)}
        assert [found[f"2026-{month:02}"][2] for month in range(1, 12)] == [None, None, 2, 3, 1, 2, 0, 4, 3, 3, 0]
        assert {reasons for _, reasons, _ in found.values()} == {
            "before-first-list",
            "undated-candidates",
            "undated-candidates month-not-over",
        }
        site.rules.clear()
        _crawl(place, site, "2026-11-01", NOW="2026-11-01T21:00:00+07:00")
        found = _observed(place)
        assert "unknown" not in found and found["2026-07"] == (COMPLETE, None, 0) and found["2026-05"] == (COMPLETE, None, 2)
        assert found["2026-02"] == (NOT_OBSERVED, "before-first-list", None) and found["2026-11"] == (PARTIAL, "month-not-over", 0)
        assert place.rows("select kind, first_month, last_month, size, missing, state from gaps") == [
            ("months", "2026-01", "2026-02", 2, None, NOT_OBSERVED)
        ]
        # No run for months; then the list shows only what is newer than its last reading.
        site.pages.clear()
        newest = [date(2027, 3, day) for day in (28, 26, 24, 22, 20, 18)]
        site.pages |= {path: (200, {"Content-Type": "text/html"}, page.encode()) for path, page in _pages(newest).items()}
        _crawl(place, site, "2027-03-29")
    found = _observed(place)
    assert [found[f"2026-{month:02}"][:2] for month in (10, 12)] == [(COMPLETE, None), (NOT_OBSERVED, "between-lists")]
    assert found["2027-01"] == (NOT_OBSERVED, "between-lists", None) and found["2027-03"][0] == PARTIAL
    # Both runs of the first day requested the home page and its lists.
    [(responses, urls)] = place.rows("select count(*), count(distinct url) from captures where captured_at < '2026-11-02'")
    days_of_crawling = place.rows("select day, asked, captured, failed from coverage order by day")
    assert responses > urls and days_of_crawling[0] == ("2026-11-01", urls, urls, 0) and len(days_of_crawling) == 2
    assert place.rows("select count(*) from observed_pending") == [(0,)] == place.rows("select count(*) from coverage_pending")


def test_months_after_a_run_whose_clock_was_a_year_ahead(place: Place) -> None:
    """The archive says nothing of months that are to come, as soon as the clock is right."""
    days = sorted((date(2026, month, 5) for month in MONTHS), reverse=True)
    with serving_pages(_pages(days)) as site:
        _crawl(place, site, "2027-11-01")
        assert max(_observed(place)) == "2027-11"
        _crawl(place, site, "2026-11-02")
    found = _observed(place)
    assert max(found) == "2026-11" and found["2026-11"] == (PARTIAL, "month-not-over", 0)
    assert {last for (last,) in place.rows("select last_month from gaps where kind = 'months'")} <= set(found)


@pytest.mark.gate
def test_months_of_a_site_with_sitemaps(place: Place) -> None:
    """The home page shows the newest articles only; an index names a sitemap for each half of the year."""
    days = sorted((date(2026, month, 5 + 6 * n) for month, number in MONTHS.items() for n in range(number)), reverse=True)
    pages = _pages(days)
    paths = [path for path in pages if "/so-kiem-tra" in path]
    head = '<?xml version="1.0"?><{} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    parts = {"/map-1.xml": [one for one in paths if one[-9:] < "0701"], "/map-2.xml": [one for one in paths if one[-9:] >= "0701"]}
    index = "".join(f"<sitemap><loc>SITE{name}</loc></sitemap>" for name in parts)
    served = {path: pages[path] for path in paths} | {"/": listing(*((path, "Sở kiểm tra việc số hóa hồ sơ") for path in paths[:4]))}
    served["/robots.txt"] = "User-agent: *\nAllow: /\nSitemap: SITE/sitemap.xml\n"
    served["/sitemap.xml"] = f"{head.format('sitemapindex')}{index}</sitemapindex>"
    for name, some in parts.items():
        served[name] = head.format("urlset") + "".join(f"<url><loc>SITE{path}</loc></url>" for path in some) + "</urlset>"
    with serving_pages(served) as site:
        _crawl(place, site, "2026-11-01")
    assert place.rows("select kind, first_day, from_start from listed_periods where kind = 'sitemap'") == [("sitemap", "2026-03-05", 1)]
    found = _observed(place)
    assert {found[f"2026-{month:02}"][:2] for month in range(3, 11)} == {(COMPLETE, None)} and found["2026-07"][2] == 0


@pytest.mark.gate
def test_counting_what_changed_equals_counting_everything(place: Place) -> None:
    """The counts do not depend on the order in which the articles came, or on the number of runs."""
    days = sorted((date(2026, month, 5 + 6 * n) for month, number in MONTHS.items() for n in range(number)), reverse=True)
    other = Place(place.folder / "other")
    other.folder.mkdir()
    with serving_pages(_pages(days[8:])) as site:
        _crawl(place, site, "2026-10-01")
        site.pages |= {path: (200, {"Content-Type": "text/html"}, page.encode()) for path, page in _pages(days).items()}
        _crawl(place, site, "2026-11-02")
        _crawl(other, site, "2026-11-02")
    sql = "select month, articles, waiting, failed from observed order by month"
    assert place.rows(sql) == other.rows(sql)
