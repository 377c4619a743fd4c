"""Articles that are missing on their site: when they count as gone, and what is kept when they return. This project made the sites."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from scraper.model import Failure
from scraper.store import absences, articles, crawl_history, runs
from scraper.store.absences import Vanished
from scraper.store.rechecks import plan
from scraper.warc.dates import timestamp
from tests.conftest import Place
from tests.server import Answer, Site, article, listing, serving_pages
from tests.stored_rows import SOURCE, add, add_article, add_capture, archive_of_source

FIRST = datetime(2026, 1, 1, 19, 0, tzinfo=UTC)  # 2:00 in Viet Nam
NUMBER = 12
PATHS = [f"/tin-tuc/so-hop-ban-ve-chuyen-doi-so-lan-{n}-{n}.html" for n in range(NUMBER)]
TITLES = [f"Sở họp bàn về chuyển đổi số lần thứ {n} với các huyện" for n in range(NUMBER)]
MISSING: Answer = (404, {}, b"")
HOME: Answer = (302, {"Location": "/"}, b"")
_NUMBER = "cast(substr(key, instr(key, '-lan-') + 5) as integer)"
GONE = f"select {_NUMBER}, gone_reason, substr(gone_at, 1, 10) from articles where gone_at is not null"
HISTORY = "select reason, substr(first_missing, 1, 10), substr(confirmed_at, 1, 10), substr(returned_at, 1, 10) from absences order by id"


@pytest.fixture
def site() -> Iterator[Site]:
    with serving_pages({path: article(title, day="28/12/2025 09:15") for path, title in zip(PATHS, TITLES, strict=True)}) as served:
        served.pages["/"] = (200, {"Content-Type": "text/html"}, listing(*zip(PATHS, TITLES, strict=True)).encode())
        yield served


def _night(place: Place, site: Site, day: float, *arguments: str, code: int | None = 0, **settings: Any) -> set[str]:
    """Crawls `day` days after the first night and returns the articles that were requested."""
    site.requests.clear()
    given: dict[str, Any] = {
        "SOURCES_EXTRA": place.source("vang", site.url),
        "DOWNLOAD_DELAY": 0,
        "DOWNLOAD_DELAY_JITTER": 0,
        "RETRY_TIMES": 0,
    }
    place.scrapy("crawl", "vang", *arguments, code=code, **given | {"NOW": (FIRST + timedelta(days=day)).isoformat()} | settings)
    return set(site.paths()) & set(PATHS)


def _answer(site: Site, answer: Answer, *numbers: int) -> None:
    """Lets the site answer so for these articles, and only for them."""
    site.rules = {PATHS[n]: lambda _: answer for n in numbers}


def test_an_article_is_gone_after_two_good_runs_a_day_apart_and_may_return(place: Place, site: Site) -> None:
    _night(place, site, 0)
    _answer(site, MISSING, 3)
    _night(place, site, 7)
    assert place.rows(GONE) == [] and place.rows(HISTORY) == [("not-found", "2026-01-08", None, None)]
    assert _night(place, site, 7.5) == set()  # half a day is not a day
    _answer(site, MISSING, 3, 4, 5, 6)
    assert PATHS[3] in _night(place, site, 8, code=1)  # four of nine are missing: that is the site
    assert place.rows(GONE) == []
    _answer(site, MISSING, 3)
    assert {PATHS[n] for n in (3, 4, 5, 6)} < _night(place, site, 9)
    assert place.rows(GONE) == [(3, "not-found", "2026-01-08")]
    _answer(site, MISSING)
    _night(place, site, 16)
    assert place.rows(GONE) == [] and place.rows(HISTORY) == [("not-found", "2026-01-08", "2026-01-10", "2026-01-17")]


@pytest.mark.gate
def test_a_site_that_removes_many_articles_can_be_stated(place: Place, site: Site) -> None:
    _night(place, site, 0)
    _answer(site, MISSING, *range(6))
    for day in (7, 8, 9):
        _night(place, site, day, code=1)
    assert place.rows(GONE) == []  # half of them: that is the site, as long as nobody says otherwise
    stated = place.source("vang", site.url, more="expect = { max_gone_share = 1 }").rename(place.folder / "stated.toml")
    for day in (10, 11):
        _night(place, site, day, SOURCES_EXTRA=stated)
    assert {number for number, *_ in place.rows(GONE)} == set(range(6))


@pytest.mark.gate
@pytest.mark.parametrize("answer", [MISSING, HOME, (403, {}, b"no"), (500, {}, b"")])
def test_a_site_that_answers_so_for_all_articles_loses_none(place: Place, site: Site, answer: Answer) -> None:
    _night(place, site, 0)
    _answer(site, answer, *range(NUMBER))
    for day in range(7, 13):
        _night(place, site, day, code=None)
        assert place.rows(GONE) == [], f"day {day}"
    _answer(site, MISSING)
    _night(place, site, 20, code=None)
    assert place.rows("select count(*) from absences") == [(0,)] and place.rows(GONE) == []


@pytest.mark.gate
def test_runs_without_a_list_page_or_an_end_prove_nothing(place: Place, site: Site) -> None:
    _night(place, site, 0)
    _answer(site, HOME, 3)  # the home page still lists it
    for day in (7, 8, 9):
        _night(place, site, day, code=None)
    assert place.rows(GONE) == []
    _answer(site, MISSING, 3)
    site.rules["/"] = lambda _: (500, {}, b"")
    for day in (10, 11, 12):
        _night(place, site, day, code=None)
        assert place.rows(GONE) == [], f"day {day}"
    _answer(site, MISSING, 3)
    for moment in (13.0, 13.9, 14.0):
        assert place.rows(GONE) == []
        _night(place, site, moment, "-a", "again=yes", code=None)
    assert place.rows(GONE) == [(3, "not-found", "2026-01-14")]


def test_a_list_page_instead_of_an_article_that_is_still_listed_proves_nothing(place: Place, site: Site) -> None:
    """As a redirect to the home page: it counts only if no list names the article any more."""
    _night(place, site, 0)
    _answer(site, (200, {"Content-Type": "text/html"}, site.pages["/"][2]), 3)
    for day in (7, 8, 9):
        _night(place, site, day, code=None)
    assert place.rows("select distinct reason from failures where stage = 'read'") == [("no-longer-article",)]
    assert place.rows(GONE) == []
    others = [(path, title) for path, title in zip(PATHS, TITLES, strict=True) if path != PATHS[3]]
    site.pages["/"] = (200, {"Content-Type": "text/html"}, listing(*others).encode())
    _answer(site, (200, {"Content-Type": "text/html"}, site.pages["/"][2]), 3)
    for day in (10, 11, 12):
        _night(place, site, day, code=None)
    assert place.rows(GONE) == [(3, "no-longer-article", "2026-01-11")]


@pytest.mark.parametrize(
    ("missing", "requested", "at_once"), [(0, 0, False), (1, 1, False), (2, 2, True), (2, 10, False), (3, 10, True), (30, 300, False)]
)
def test_how_many_may_vanish_at_once(missing: int, requested: int, at_once: bool) -> None:
    assert Vanished(missing, requested).at_once is at_once


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with archive_of_source(tmp_path) as opened:
        yield opened


def _known(database: Database, name: str, number: int, hours: int = 1) -> None:
    """Adds articles that were requested in the hours after FIRST."""
    for n in range(number):
        add_article(database, f"{name}{n:03}", timestamp(FIRST + timedelta(hours=n % hours)), published_at=timestamp(FIRST))


def _missing(database: Database, name: str, **more: object) -> None:
    """Notes that the articles with this beginning of their key were missing at their last request."""
    with database.conn:
        for (article_id,) in database.execute("select id from articles where key like ?", [f"{name}%"]).fetchall():
            add(database, "absences", article_id=article_id, source_id=SOURCE.id, reason="not-found", **more)


def test_suspected_articles_are_requested_with_others(database: Database) -> None:
    _known(database, "k", 100, hours=7)
    _known(database, "x", 2)
    _missing(database, "x")
    add_article(database, "y", timestamp(FIRST - timedelta(days=1)))
    _missing(database, "y", confirmed_at=timestamp(FIRST))
    for budget, taken, others in ((300, 2, 10), (9, 1, 8), (1, 1, 0), (0, 0, 0)):
        keys = [key for key, _ in plan(database, SOURCE.id, FIRST + timedelta(days=1), budget).articles]
        assert (len([key for key in keys if key[0] == "x"]), len(keys)) == (taken, taken + others), budget
        assert "y" not in keys


def test_only_some_of_many_suspected_articles_are_requested_in_a_night(database: Database) -> None:
    """So many are missing only if the site was rebuilt."""
    _known(database, "x", 60)
    _missing(database, "x")
    _known(database, "k", 900)
    keys = [key for key, _ in plan(database, SOURCE.id, FIRST + timedelta(days=1), 5000).articles]
    assert (len([key for key in keys if key[0] == "x"]), len(keys)) == (10, 60)


def _miss(database: Database, url: str, began: str, missed: str, *, is_replay: bool = False) -> None:
    """A good run that began at a time finds a URL missing at another one."""
    run_id = add(database, "runs", command="crawl", source_id=SOURCE.id, started_at=began)
    with database.conn:
        absences.note(database, SOURCE.id, Failure("fetch", "not-found", url), missed, run_id)
    absences.conclude(database, SOURCE, run_id, is_good=True, is_replay=is_replay)


def _gone(database: Database) -> list[str]:
    return [url for (url,) in database.execute("select url from articles where gone_at is not null").fetchall()]


def test_for_a_recording_the_time_between_captures_counts(database: Database) -> None:
    """Two recordings may be crawled within a minute, and hold captures of two years. Two runs of one night hold no two days."""
    years = ("2024-05-01T02:00:00Z", "2026-05-01T02:00:00Z")
    for name in ("ban-ghi", "mot-dem"):
        add_article(database, f"{SOURCE.site}/{name}", "2020-01-01T02:00:00Z")
        for number, missed in enumerate(years):
            _miss(database, f"{SOURCE.site}/{name}", f"2026-11-01T02:0{number}:00Z", missed, is_replay=name == "ban-ghi")
    assert _gone(database) == [f"{SOURCE.site}/ban-ghi"]


def test_an_old_capture_brings_no_article_back(database: Database) -> None:
    """A recording from before the absence shows the article, as everybody knew."""
    url = f"{SOURCE.site}/tin"
    article_id = add_article(database, url, "2020-01-01T02:00:00Z")
    for day in ("01", "03"):
        _miss(database, url, f"2026-11-{day}T02:00:00Z", f"2026-11-{day}T02:00:05Z")
    for at, gone in (("2026-10-31T02:00:00Z", [url]), ("2026-11-04T02:00:00Z", [])):
        with database.conn:
            absences.returned(database, article_id, at)
        assert _gone(database) == gone


def test_a_url_was_an_article_before_its_capture_whose_clock_was_ahead(database: Database) -> None:
    url = f"{SOURCE.site}/tin"
    add_capture(database, url, "2030-01-01T02:00:00Z", ordered_at="2026-11-01T02:00:00Z", outcome="article")
    days = ("2026-10-31T02:00:00Z", "2026-11-02T02:00:00Z")
    assert [articles.was_article(database, SOURCE.id, url, at) for at in days] == [False, True]


def test_a_missing_page_costs_the_same_in_a_small_and_a_large_source(tmp_path: Path) -> None:
    """A recording may have ten thousand dead links. Each is looked up, and so is each answer that a page has not changed."""
    steps: list[int] = []

    def count() -> int:
        steps[-1] += 1
        return 0

    for number in (10, 3000):
        with archive_of_source(tmp_path / f"{number}") as database:
            run_id = runs.begin(database, "crawl", SOURCE.id, "{}", "")
            with database.conn:
                for one in range(1, number):
                    add_article(database, f"{SOURCE.site}/bai-{one}", "2026-12-01T02:00:00Z")
            steps.append(0)
            database.conn.set_progress_handler(count, 10)
            with database.conn:
                for url in (f"{SOURCE.site}/bai-5", f"{SOURCE.site}/khong-co"):
                    absences.note(database, SOURCE.id, Failure("fetch", "not-found", url), "2026-12-02T02:00:00Z", run_id)
                assert crawl_history.confirm(database, SOURCE.id, 5, "2026-12-03T02:00:00Z")
            database.conn.set_progress_handler(None, 0)
    assert steps[1] < 2 * steps[0] + 20
