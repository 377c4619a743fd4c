"""When known articles are requested again: every week, or in rotation, spread over the nights and within the budget."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from scraper.model import Failure
from scraper.store import failures, recheck_triggers
from scraper.store.candidates import CandidateTable
from scraper.store.deletion import delete
from scraper.store.rechecks import Rechecks, plan
from scraper.warc.dates import moment, timestamp
from tests.conftest import Place
from tests.server import article, listing, serving_pages
from tests.stored_rows import SOURCE, add_article, add_capture, archive_of_source

FIRST = datetime(2026, 1, 1, 19, 0, tzinfo=UTC)  # 2:00 in Viet Nam


@dataclass
class Year:
    """What was requested in a year of nights, of which some were left out."""

    requests: Counter[str] = field(default_factory=Counter)
    longest: timedelta = timedelta()  # between two requests for one article
    plans: list[Rechecks] = field(default_factory=list)


@contextmanager
def _archive(folder: Path, number: int, days_old: int) -> Iterator[Database]:
    """Opens an archive with so many articles, all of which the first crawl requested in one night."""
    with archive_of_source(folder) as database:
        published = timestamp(FIRST - timedelta(days=days_old))
        with database.conn:
            for n in range(number):
                add_article(database, f"{n:05d}", timestamp(FIRST), published_at=published)
        yield database


def _request(database: Database, planned: Rechecks, now: datetime) -> timedelta:
    """Notes that all that was planned was requested and shown. Returns the longest time since the last request."""
    keys = [[key] for key, _ in planned.articles]
    sql = "select last_seen from articles where key = ?"
    longest = max((now - moment(database.execute(sql, key).fetchone()[0]) for key in keys), default=timedelta())
    with database.conn:
        database.conn.executemany("update articles set last_seen = ? where key = ?", [[timestamp(now), *key] for key in keys])
    return longest


def _year(folder: Path, number: int, days_old: int, budget: int, nights: int) -> Year:
    """Simulates the year after a first crawl, which requested `number` articles in one night."""
    chance, year = random.Random(number), Year()
    with _archive(folder, number, days_old) as database:
        for day in sorted(chance.sample(range(1, 366), nights)):
            now = FIRST + timedelta(days=day, minutes=chance.uniform(-20, 20))
            year.plans.append(plan(database, SOURCE.id, now, budget))
            year.requests.update(key for key, _ in year.plans[-1].articles)
            year.longest = max(year.longest, _request(database, year.plans[-1], now))
    return year


@pytest.mark.gate
def test_twenty_thousand_old_articles_in_three_hundred_nights(tmp_path: Path) -> None:
    year = _year(tmp_path, 20_000, 400, 150, 300)
    assert len(year.requests) == 20_000 and min(year.requests.values()) >= 2 and year.longest < timedelta(days=190)
    assert max(len(one.articles) for one in year.plans) <= 150
    assert {one.late for one in year.plans} == {0} and year.plans[-1].needed == 149
    # They are spread: after two weeks, hardly any night has more than another.
    assert sum(len(one.articles) in range(140, 151) for one in year.plans) > 250


def test_a_budget_that_is_too_small_is_used_completely_and_says_so(tmp_path: Path) -> None:
    year = _year(tmp_path, 600, 400, 3, 300)
    assert {len(one.articles) for one in year.plans[30:]} == {3}
    assert year.plans[-1].late > 0 and year.plans[-1].needed == 5


def test_recent_articles_every_week_without_one_night_that_has_them_all(tmp_path: Path) -> None:
    sizes, longest = [], timedelta()
    with _archive(tmp_path, 210, 0) as database:
        for day in range(1, 50):
            now = FIRST + timedelta(days=day)
            taken = plan(database, SOURCE.id, now, 300)
            sizes.append(len(taken.articles))
            longest = max(longest, _request(database, taken, now))
    assert sizes[:2] == [0, 0]  # not in the nights after it was stored
    assert longest <= timedelta(days=7) and max(sizes) < 210 * 0.6 and set(sizes[21:]) == {30}


@pytest.mark.parametrize(("number", "most"), [(1, 3), (12, 40)])
def test_a_small_archive_costs_little(number: int, most: int, tmp_path: Path) -> None:
    assert sum(len(one.articles) for one in _year(tmp_path, number, 400, 150, 365).plans) <= most


def test_edited_and_vanished_articles_are_found_a_week_later(place: Place) -> None:
    paths = [f"/tin-tuc/so-kiem-tra-tram-so-{n}-{n}.html" for n in range(6)]
    titles = [f"Sở kiểm tra trạm phát sóng số {n} sau mùa nước nổi" for n in range(6)]
    (place.folder / "tuan.toml").write_text("", encoding="utf-8")
    with serving_pages({path: article(title, day="28/12/2025 09:15") for path, title in zip(paths, titles, strict=True)}) as site:
        site.pages |= {"/": (200, {"Content-Type": "text/html"}, listing(*zip(paths, titles, strict=True)).encode())}
        source = f'[[source]]\nid = "tuan"\nname = "Sở Tuần (test)"\nunit = "nghe-an"\nsite = "{site.url}"\n'
        (place.folder / "tuan.toml").write_text(source, encoding="utf-8")

        def requested(day: int) -> set[str]:
            site.requests.clear()
            at = (FIRST + timedelta(days=day)).isoformat()
            place.scrapy("crawl", "tuan", SOURCES_EXTRA=place.folder / "tuan.toml", DOWNLOAD_DELAY=0, RETRY_TIMES=0, NOW=at)
            return set(site.paths()) & set(paths)

        assert requested(0) == set(paths) and requested(1) == set()
        status, headers, body = site.pages[paths[1]]
        site.pages[paths[1]] = (status, headers, body.replace("Chiều qua".encode(), "Sáng qua".encode()))
        site.pages[paths[2]] = (404, {}, b"")
        site.rules[paths[3]] = lambda _: (500, {}, b"")  # a failure says nothing about the article
        assert requested(7) == set(paths)
        # Nothing is known from one answer. A day later, the missing article is requested again, and others with it.
        assert place.rows("select gone_at from articles where gone_at is not null") == []
        site.pages[paths[1]] = (status, headers, body)  # the site takes its edit back
        assert requested(8) == set(paths)
        assert requested(9) <= {paths[3]}
    number = "cast(substr(url, -6, 1) as integer)"
    assert place.rows(f"select {number}, changed from revisions join articles on articles.id = article_id") == [(1, '["body"]')] * 2
    assert place.rows("select known_read, known_changed from source_health order by run_id") == [(0, 0), (0, 0), (4, 1), (4, 0), (0, 0)]
    assert place.rows(f"select {number}, gone_reason, substr(gone_at, 1, 10) from articles where gone_at is not null") == [
        (2, "not-found", "2026-01-08")
    ]


@pytest.mark.parametrize("seed", range(3))
def test_the_last_request_is_the_latest_of_all_in_whatever_order_they_come(tmp_path: Path, seed: int) -> None:
    """As a table that triggers keep, and as what is counted from all rows."""
    chance = random.Random(seed)
    with archive_of_source(tmp_path) as database, database.conn:
        for number in range(250):
            at, url = timestamp(FIRST + timedelta(minutes=60 * number + chance.randrange(600))), f"/{chance.randrange(12)}"
            _happen(database, chance.choice(("capture", "article", "failure", "candidate", "seen", "moved", "removed")), url, at, number)
        kept = database.execute("select article_id, source_id, checked_at from recheck_times order by 1").fetchall()
        database.conn.execute("delete from recheck_times")
        database.conn.execute(recheck_triggers.statements()[-1])
        assert kept == database.execute("select article_id, source_id, checked_at from recheck_times order by 1").fetchall() != []


def _happen(database: Database, event: str, url: str, at: str, number: int) -> None:
    """Writes what one event of a crawl writes. `number`: of the event, for what must differ."""
    if event == "capture":
        add_capture(database, url, f"{at[:-1]}.{number:06}Z")
    elif event == "article" and not database.execute("select 1 from articles where key = ?", [url]).fetchall():
        add_article(database, url, f"{at[:-1]}.{number:06}Z")
    elif event == "failure":
        failures.record(database, SOURCE.id, Failure("fetch", "timeout", url), at=at)
    elif event == "candidate":
        CandidateTable(database, SOURCE.id, 1).settle(url, url, "stored", at)
    elif event == "seen":
        database.conn.execute("update articles set last_seen = max(last_seen, ?) where key = ?", [at, url])
    elif event == "moved":
        other = add_capture(database, f"{url}?moi", f"{at[:-1]}.{number:06}Z")
        database.conn.execute("update articles set capture_id = ? where key = ?", [other, url])
    elif event == "removed" and number % 5 == 0:
        for (article_id,) in database.execute("select id from articles where key = ?", [url]).fetchall():
            delete(database, "articles", "id = ?", article_id)


def test_an_article_whose_capture_was_lost_is_requested_first(tmp_path: Path) -> None:
    def planned() -> list[str]:
        return [key for key, _ in plan(database, SOURCE.id, FIRST + timedelta(days=30), 1).articles]

    with _archive(tmp_path, 400, 400) as database:
        capture = "captures where url = '00321'"
        assert planned() == ["00000"]
        database.conn.execute(f"update captures set lost_at = ? where id in (select id from {capture})", [timestamp(FIRST + timedelta(1))])
        assert planned() == ["00321"]
        database.conn.execute(f"update captures set lost_at = null where id in (select id from {capture})")  # its backup was copied
        assert planned() == ["00000"]
