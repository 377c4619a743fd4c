"""Revisions are those of the captures in the order of time, whatever the order in which the captures arrive."""

from __future__ import annotations

import itertools
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scraper.model import Capture
from scraper.reader import read
from scraper.store import articles
from scraper.store.documents import ArchiveDocuments
from scraper.warc.dates import timestamp
from tests.conftest import Place
from tests.server import article, listing
from tests.stored_rows import SOURCE, add_capture, archive_of_source
from tests.warc_records import response_record

SITE = "http://so.rung-tram.test"
TITLE = "Sở tổng kết mùa chữa cháy rừng tràm với các huyện ven biển"
PATH = "/tin-tuc/so-tong-ket-mua-chua-chay-rung-tram-voi-cac-huyen-ven-bien-31.html"
FIRST = "Sở họp với 12 huyện về mùa khô, nghe báo cáo của các đội và bàn việc trữ nước trong rừng."
SECOND = "Căn cứ Quyết định số 14/2013/QĐ-UBND, các huyện nhận thêm máy bơm."
# What the page showed, by the day of its capture. A comma comes, a number changes, and later changes back.
STATES: dict[str, tuple[str, str]] = {
    "2013-03-01": (FIRST, SECOND),
    "2013-04-01": (FIRST, SECOND),
    "2013-05-01": (FIRST.replace("khô,", "khô, và"), SECOND),
    "2013-06-01": (FIRST.replace("khô,", "khô, và"), SECOND.replace("14/2013", "15/2013")),
    "2013-07-01": (FIRST, SECOND),
}


def _recording(folder: Path, *days: str) -> Path:
    path = folder / f"{'+'.join(days)[:60]}.warc.gz"
    with path.open("wb") as file:
        for day in days:
            shown = article(TITLE, *STATES[day], foot=f"<div>Lượt xem: {day[5:7]}7</div>", day="14/02/2013 08:30")
            for url, body in ((f"{SITE}/", listing((PATH, TITLE))), (SITE + PATH, shown)):
                file.write(response_record(url, body.encode(), f"{day}T02:00:00Z"))
    return path


def crawl_days(folder: Path, *parts: tuple[str, ...]) -> Place:
    """Crawls recordings with the captures of some days, one after the other."""
    place = Place(folder)
    folder.mkdir(exist_ok=True)
    source = place.source("rung", SITE, "Sở Rừng Tràm (test)", "ca-mau")
    for days in parts:
        place.scrapy("crawl", "rung", REPLAY=_recording(folder, *days), SOURCES_EXTRA=source)
    return place


_ROWS = {
    "revisions": "select seen_at, changed, before, captured_at from revisions join captures on captures.id = capture_id order by seen_at",
    "articles": "select title, published_at, first_seen, last_seen, body from articles join article_text on article_id = id",
    "citations": "select text, start from citations order by start",
    "changes": "select seen_at, field, old, new from changes order by 1, 2",
    "pending": "select count(*) from histories_pending",
}


def _rows(place: Place) -> dict[str, list[tuple[Any, ...]]]:
    return {name: place.rows(sql) for name, sql in _ROWS.items()}


def test_older_captures_become_revisions_at_their_place_in_time(tmp_path: Path) -> None:
    days = tuple(STATES)
    wanted = _rows(crawl_days(tmp_path / "in-order", days))
    assert [(seen[:10], changed) for seen, changed, *_ in wanted["revisions"]] == [
        (day, '["body"]') for day in ("2013-05-01", "2013-06-01", "2013-07-01")
    ]
    assert wanted["pending"] == [(0,)] and len(wanted["articles"]) == 1
    place = crawl_days(tmp_path / "newest-first", days[2:], days[:2])
    assert _rows(place) == wanted


@pytest.mark.gate
def test_captures_in_any_order(tmp_path: Path) -> None:
    days = tuple(STATES)
    wanted = _rows(crawl_days(tmp_path / "in-order", days))
    for number, order in enumerate(itertools.islice(itertools.permutations(days), 1, None, 17)):
        assert _rows(crawl_days(tmp_path / f"{number}", *((day,) for day in order))) == wanted, order


@pytest.mark.gate
def test_what_another_parser_read_is_no_edit_in_between(tmp_path: Path) -> None:
    """The values before a revision are those of the current parser, after everything was parsed again."""
    place = crawl_days(tmp_path, tuple(STATES))
    wanted = _rows(place)
    # Parsing everything again changes nothing, although each capture but the newest is older than the stored one.
    place.scrapy("reparse", "rung", "--write", SOURCES_EXTRA=place.folder / "rung.toml")
    assert _rows(place) == wanted
    with closing(sqlite3.connect(place.archive)) as database, database:
        database.execute("update revisions set before = json_set(before, '$.body', 'Lỗi đọc.') where seen_at like '2013-06%'")
    place.scrapy("reparse", "rung", "--write", SOURCES_EXTRA=place.folder / "rung.toml")
    assert _rows(place) == wanted


def test_a_capture_whose_clock_was_ahead_has_its_place_in_the_history(tmp_path: Path) -> None:
    """Its place is `ordered_at`, also if the history is written again."""
    place = crawl_days(tmp_path, tuple(STATES))
    revisions = "select seen_at, changed, before from revisions order by seen_at"
    wanted = place.rows(revisions)
    with closing(sqlite3.connect(place.archive)) as database, database:
        database.execute(
            "update captures set ordered_at = captured_at, captured_at = '2030-01-01T02:00:00Z'"
            " where captured_at like '2013-06%' and outcome = 'article'"
        )
        database.execute("insert into histories_pending select id, capture_id from articles")
    place.scrapy("reparse", "rung", "--write", SOURCES_EXTRA=place.folder / "rung.toml")
    assert place.rows("select count(*) from histories_pending") == [(0,)]
    assert place.rows(revisions) == wanted


def test_an_article_that_arrives_without_its_end_was_not_edited(tmp_path: Path) -> None:
    url, headers = f"{SOURCE.site}/hoi-nghi-so-ket-quy-ba-12.html", (("Content-Type", "text/html; charset=utf-8"),)
    title = "Hội nghị sơ kết quý ba"
    first, last = (
        "Hội nghị nghe báo cáo kết quả của quý và những việc còn chậm của các phòng.",
        "Kết luận hội nghị, giám đốc giao việc của quý tới.",
    )
    texts = [(first * 3,), (first * 3, last * 3), (first * 3, last * 3 + " Hội nghị kết thúc lúc 11 giờ."), (first * 3,)]
    found = []
    with archive_of_source(tmp_path) as database:
        for day, text in enumerate(texts, start=1):
            at = datetime(2026, 11, day, 2, tzinfo=UTC)
            capture = Capture(url, 200, headers, article(title, *text).encode(), at, truncated=day in (1, 4))
            reading = read(capture, SOURCE, ArchiveDocuments(database))
            capture_id = add_capture(database, url, timestamp(at))
            articles.store(database, SOURCE, reading, capture_id=capture_id, captured_at=timestamp(at), parser="1", run_id=None)
            found += database.execute("select count(*) from revisions").fetchone()
        [(body,)] = database.execute("select body from article_text").fetchall()
    assert found == [0, 0, 1, 1] and "11 giờ" in body  # nor does one without its end replace a whole one
