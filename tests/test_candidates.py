"""The table of candidates: what becomes of a URL after each request, and when it is requested again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from scraper.model import Capture
from scraper.parse.page_reader import read_page
from scraper.store import runs
from scraper.store.candidates import ALTERNATE, FAILED, GONE, NEW, REQUESTED, STORED, CandidateTable, Listed, Row
from scraper.warc.dates import moment, timestamp
from tests.server import article
from tests.stored_rows import SOURCE, add_article, add_capture, archive_of_source

NIGHT = datetime(2026, 11, 1, 19, tzinfo=UTC)  # 2:00 in Viet Nam
AT = timestamp(NIGHT)
URL, OTHER = f"{SOURCE.site}/tin-1.html", f"{SOURCE.site}/muc/tin-1.html"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with archive_of_source(tmp_path) as opened:
        yield opened


def _run(database: Database) -> CandidateTable:
    """Returns the candidates in a new run."""
    return CandidateTable(database, SOURCE.id, runs.begin(database, "crawl", SOURCE.id, "{}", ""))


def _end(database: Database) -> None:
    """Ends the last run: it came to its end."""
    runs.end(database, runs.newest(database.conn), "finished", {}, concluded=True)


def _row(table: CandidateTable, url: str = URL) -> Row:
    [row] = [row for row in table.find([url]) if row.url == url]
    return row


def _fail(table: CandidateTable, reason: str, number: int, state: str = FAILED) -> list[int | None]:
    """Fails a URL a number of times. Returns after how many days it was to be requested again, each time."""
    waits: list[int | None] = []
    for _ in range(number):
        table.take(URL, URL, at=AT)
        table.settle_failed(URL, URL, state, AT, reason)
        retry_at = _row(table).retry_at
        waits.append((moment(retry_at) - NIGHT) // timedelta(days=1) if retry_at is not None else None)
    return waits


@pytest.mark.parametrize("reason", ["timeout", "challenge"])
def test_a_failure_that_may_be_over_is_tried_ever_more_seldom_and_given_up(database: Database, reason: str) -> None:
    assert _fail(_run(database), reason, 11) == [0, 0, 0, 1, 2, 4, 8, 16, 32, None, None]


def test_a_page_without_an_article_is_tried_three_times_more(database: Database) -> None:
    assert _fail(_run(database), "no-layout", 5) == [7, 14, 28, None, None]


def test_a_new_article_without_a_page_is_also_tried_in_the_next_run(database: Database) -> None:
    """Its list names it. What the first crawl of a source finds missing is not tried so soon: it may be thousands of dead links."""
    first, later = _run(database), _run(database)
    database.execute("update runs set started_at = iif(id = 1, '2026-10-01T19:00:00Z', ?)", [AT])
    add_article(database, f"{URL}-1", "2026-10-01T19:00:09Z")
    assert _fail(first, "not-found", 2, GONE) == [7, 14]
    database.execute("delete from candidates")
    assert _fail(later, "not-found", 5, GONE) == [0, 7, 14, 28, None]
    database.execute("delete from candidates")
    add_article(database, URL, "2026-10-01T19:00:09Z")  # a known article is requested again anyway
    assert _fail(later, "not-found", 1, GONE) == [7]


def test_an_article_that_arrived_begins_its_failures_anew(database: Database) -> None:
    table = _run(database)
    _fail(table, "timeout", 5)
    table.settle(URL, URL, STORED, AT)
    assert _row(table).retry_at is None
    assert _fail(table, "timeout", 1) == [0]


def test_an_article_that_lacks_a_part_is_tried_again(database: Database) -> None:
    table = _run(database)
    table.settle(URL, URL, STORED, AT, whole=False)
    assert (_row(table).state, _row(table).retry_at) == (STORED, AT)


@pytest.mark.parametrize(("state", "reason", "then"), [(FAILED, "timeout", STORED), (GONE, "not-found", GONE)])
def test_a_stored_article_whose_request_fails_stays_stored_unless_it_is_gone(
    database: Database, state: str, reason: str, then: str
) -> None:
    add_article(database, URL, AT)
    table = _run(database)
    _fail(table, reason, 1, state)
    assert _row(table).state == then


def test_an_article_is_not_requested_under_a_second_url(database: Database) -> None:
    table = _run(database)
    table.write([Listed(URL, URL, None, NEW), Listed(URL, OTHER, None, NEW)], where=SOURCE.site, at=AT)
    table.settle(URL, URL, STORED, AT)
    later = _run(database)
    assert later.next_ones(10, NIGHT, first=None, last=None, again=False) == []
    # All known articles are wanted: the one that is stored is requested, and the other URL is not.
    assert later.next_ones(10, NIGHT, first=None, last=None, again=True) == [(URL, URL)]


def test_known_articles_are_requested_again_although_they_are_stored_under_two_urls(database: Database) -> None:
    table = _run(database)
    for url in (URL, OTHER):
        table.settle(URL, url, STORED, AT)
    assert _run(database).next_ones(10, NIGHT, first=None, last=None, again=True) == [(URL, URL)]


def test_new_candidates_come_before_those_to_be_tried_again_and_days_choose(database: Database) -> None:
    table, new = _run(database), [f"{SOURCE.site}/tin-{n}.html" for n in range(2, 5)]
    _fail(table, "timeout", 1)
    days = [date(2026, 10, 30), None, date(2026, 11, 1)]
    table.write([Listed(url, url, day, NEW) for url, day in zip(new, days, strict=True)], where=SOURCE.site, at=AT)
    chosen = _run(database).next_ones(10, NIGHT, first=date(2026, 10, 31), last=None, again=False)
    assert [url for _, url in chosen] == [*new[1:], URL]


def test_a_run_takes_only_so_many_candidates_and_each_once(database: Database) -> None:
    table = _run(database)
    for number in range(3):
        table.settle_failed(f"{URL}?{number}", f"{URL}?{number}", FAILED, AT, "timeout")
    table.write([Listed(URL, URL, None, NEW)], where=SOURCE.site, at=AT)
    later = _run(database)
    taken = [len(later.next_ones(2, NIGHT, first=None, last=None, again=False)) for _ in range(3)]
    assert taken == [2, 2, 0]
    later.settle_failed(URL, URL, FAILED, AT, "timeout")  # the next run tries it again, and not this one
    assert later.next_ones(2, NIGHT, first=None, last=None, again=False) == []


def test_what_a_list_names_again_keeps_its_state_and_its_first_time(database: Database) -> None:
    table, later = _run(database), timestamp(NIGHT + timedelta(days=1))
    table.settle(URL, URL, STORED, AT)
    for at in (later, AT):  # a recording may show an older list after a newer one
        table.write([Listed(URL, URL, None, NEW)], where=SOURCE.site, at=at)
    assert _row(table).state == STORED
    sql = "select first_seen, last_listed from candidates"
    assert database.execute(sql).fetchall() == [(AT, later)]


def test_the_end_of_a_run_sorts_out_what_was_in_its_queue(database: Database) -> None:
    urls = [f"{SOURCE.site}/tin-{n}.html" for n in range(4)]
    table = _run(database)
    for url in urls:
        table.take(url, url, at=AT)
    add_article(database, urls[0], AT)
    add_capture(database, urls[1], AT, outcome="redirect", run_id=runs.newest(database.conn))
    add_capture(database, urls[2], AT, outcome="refused", run_id=runs.newest(database.conn))
    table.release()
    assert [_row(table, url).state for url in urls] == [STORED, ALTERNATE, NEW, NEW]


def test_after_a_crash_what_was_answered_without_a_result_is_new(database: Database) -> None:
    table = _run(database)
    table.take(URL, URL, at=AT)
    add_capture(database, URL, AT, outcome="redirect", run_id=runs.newest(database.conn))
    later = _run(database)
    later.release()
    assert _row(later).state == NEW


def test_a_run_counts_as_the_first_for_what_interrupted_runs_listed(database: Database) -> None:
    """Otherwise the lists that those runs did not read to their end would seem to show nothing new."""
    urls = [f"{SOURCE.site}/tin-{n}.html" for n in range(3)]
    firsts = []
    for place, url in enumerate(urls):
        table = _run(database)
        table.write([Listed(url, url, None, NEW)], where=SOURCE.site, at=AT)
        firsts.append(_row(table, url).first_run)
        if place == 0:
            _end(database)
    table = _run(database)
    table.adopt()
    newest = runs.newest(database.conn)
    assert [_row(table, url).first_run for url in urls] == [firsts[0], newest, newest]


def test_the_day_of_an_article_counts_more_than_that_in_a_list(database: Database) -> None:
    table = _run(database)
    table.write([Listed(URL, URL, date(2026, 10, 5), NEW), Listed(OTHER, OTHER, date(2026, 10, 6), NEW)], where=SOURCE.site, at=AT)
    add_article(database, URL, AT, published_at="2026-10-04T08:00:00+07:00")
    bare, other = URL.partition("//")[2], OTHER.partition("//")[2]
    assert table.days([URL.replace("http:", "https:"), OTHER]) == {bare: "2026-10-04", other: "2026-10-06"}


def test_the_canonical_url_of_a_stored_page_needs_no_request_unless_one_is_on_its_way(database: Database) -> None:
    table, canonical = _run(database), [f"{SOURCE.site}/{state}.html" for state in (NEW, ALTERNATE, REQUESTED)]
    states = (NEW, ALTERNATE, REQUESTED)
    table.write([Listed(url, url, None, state) for url, state in zip(canonical, states, strict=True)], where=SOURCE.site, at=AT)
    html = (("Content-Type", "text/html; charset=utf-8"),)
    page = read_page(Capture(URL, 200, html, article("Hội nghị sơ kết quý ba").encode(), NIGHT), SOURCE)
    assert page.article is not None
    for url in canonical:
        shown = replace(page, article=replace(page.article, key=url, url=url))
        table.settle_page((URL, URL), shown, URL, AT, truncated=False)
    assert [_row(table, url).state for url in canonical] == [STORED, STORED, REQUESTED]
