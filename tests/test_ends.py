"""Runs end truthfully: what a run could not do is its outcome, its exit code and the work of the next run."""

from __future__ import annotations

import fcntl
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from benchmarks.forked_commands import as_options
from scraper.model import Capture, Page
from scraper.parse import read_page
from scraper.sources import load
from scraper.store import clock_faults
from scraper.store.archive import open_archive
from scraper.store.capture_files import missing_or_short
from tests.conftest import PROJECT, SAMPLE, Place, is_one_error
from tests.server import Answer, Site, article, listing, serving_pages

FAST: dict[str, Any] = {"DOWNLOAD_DELAY": 0, "DOWNLOAD_DELAY_JITTER": 0, "RETRY_TIMES": 0}


def _url(number: int) -> str:
    return f"/tin-tuc/huyen-mau-hop-ban-thu-{number}-{number}.html"


def _title(number: int) -> str:
    return f"Huyện Mẫu họp bàn về công việc thứ {number} của quý"


@contextmanager
def _site(place: Place, number: int = 4) -> Iterator[Site]:
    """Serves a site of no known platform, which this project made up, and writes the file that makes it the source `mau`."""
    pages = {"/": listing(*((_url(at), _title(at)) for at in range(number)))} | {_url(at): article(_title(at)) for at in range(number)}
    with serving_pages(pages) as site:
        place.source("mau", site.url)
        yield site


def _started(place: Place, *arguments: str, **settings: object) -> subprocess.Popen[str]:
    """Starts a command and does not wait for it."""
    given = {"ARCHIVE": place.archive, "CAPTURES": place.captures, "SOURCES_EXTRA": place.folder / "mau.toml"} | FAST | settings
    command = [sys.executable, "-m", "scrapy", *arguments, *as_options(given)]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _wait_until_requested(site: Site, path: str) -> None:
    until = time.monotonic() + 60
    while path not in site.paths():
        assert time.monotonic() < until, f"{path} was not requested"
        time.sleep(0.02)


# --- the end of a run -------------------------------------------------------------------------------------


def test_a_run_whose_end_fails_says_so_and_the_next_one_rebuilds(place: Place, sample: Place) -> None:
    place.scrapy("crawl", "sample-mst")
    with closing(sqlite3.connect(place.archive)) as archive, archive:
        archive.execute("create trigger broken before insert on articles_by_month begin select raise(abort, 'no space'); end")
    failed = place.scrapy("crawl", "sample-nghe-an", code=1)
    assert "archive-not-writable" in failed.stdout and "no space" in failed.stdout and "Traceback" not in failed.stderr
    of_failed = "select outcome, concluded, ended_at is not null from runs where source_id = 'sample-nghe-an' order by id"
    assert place.rows(of_failed) == [("archive-not-writable", 0, 1)]
    with closing(sqlite3.connect(place.archive)) as archive, archive:
        archive.execute("drop trigger broken")
    place.scrapy("crawl", "sample-nghe-an")  # the recording has nothing new, and the conclusions are drawn all the same
    assert place.rows(of_failed)[1] == ("finished", 1, 1)
    months = "select * from articles_by_month where source_id in ('sample-mst', 'sample-nghe-an') order by 1, 2"
    assert place.rows(months) == sample.rows(months) != []


_OF_RUNS = "select outcome, concluded, state from runs left join source_health on run_id = runs.id where command = 'crawl' order by runs.id"


@pytest.mark.parametrize(
    ("event", "outcome"),
    [
        ("insert on articles_by_month", "archive-not-writable"),  # a conclusion
        ("insert on source_health", "archive-not-writable"),  # the state of the source
        ("update of outcome on runs when new.outcome = 'finished'", "archive-not-writable"),
        ("update of outcome on runs", None),  # not even a failed end: as if the run was interrupted
    ],
)
def test_a_run_whose_end_fails_leaves_no_state_of_its_source(place: Place, event: str, outcome: str | None) -> None:
    open_archive(place.archive).close()
    with closing(sqlite3.connect(place.archive)) as archive, archive:
        archive.execute(f"create trigger broken before {event} begin select raise(abort, 'no space'); end")
    failed = place.scrapy("crawl", "sample-mst", code=1)
    assert "archive-not-writable" in failed.stdout and "no space" in failed.stdout and "Traceback" not in failed.stderr
    assert "too little known" not in failed.stdout  # which is what a first good run says about its source
    assert place.rows(_OF_RUNS) == [(outcome, 0 if outcome else None, None)]
    assert "4 never judged" in place.scrapy("health").stdout
    with closing(sqlite3.connect(place.archive)) as archive, archive:
        archive.execute("drop trigger broken")
    assert "too little known" in place.scrapy("crawl", "sample-mst").stdout
    assert place.rows(_OF_RUNS)[1] == ("finished", 1, "ok")
    assert "3 never judged" in place.scrapy("health").stdout


def test_a_signal_ends_a_run_in_the_wait_that_a_site_demands(place: Place) -> None:
    with _site(place) as site:
        site.rules[_url(2)] = lambda before: (503, {"Retry-After": "600"}, b"later")
        crawl = _started(place, "update", "mau")
        _wait_until_requested(site, _url(2))
        # One at a time: a second update leaves. A file that a crash left would say nothing: it is not locked.
        second = _started(place, "update", "mau")
        assert "another update is active (process " in second.communicate(timeout=60)[1] and second.returncode == 3
        crawl.send_signal(signal.SIGTERM)
        said, _ = crawl.communicate(timeout=10)
    assert crawl.returncode == 1 and said == "stopped by Ctrl-C or a signal\nđã dừng bằng Ctrl-C hoặc tín hiệu\n"
    assert place.rows("select outcome, concluded, ended_at is not null from runs") == [("shutdown", 0, 1)]
    assert place.rows("select count(*) from articles") == [(2,)]
    assert place.rows("select count(*) from candidates where state = 'requested'") == [(0,)]


@pytest.mark.gate
def test_time_is_used_and_the_next_update_goes_on(place: Place) -> None:
    with _site(place) as site:
        site.rules[_url(2)] = lambda before: (503, {"Retry-After": "600"}, b"later")
        done = place.scrapy("update", "mau", "--max-minutes", "0.1", SOURCES_EXTRA=place.folder / "mau.toml", **FAST)
        assert done.stdout == done.stderr == ""
        assert place.rows("select outcome, concluded from runs") == [("time-used", 1)]
        site.rules.clear()
        for file in (place.captures / ".hosts").iterdir():
            file.unlink()  # the site wants no request for ten minutes
        place.scrapy("update", "mau", "--log-dir", str(place.folder / "log"), SOURCES_EXTRA=place.folder / "mau.toml", **FAST)
    assert place.rows("select outcome from runs order by id") == [("time-used",), ("finished",)]
    assert place.rows("select count(*) from articles") == [(4,)]
    [line] = [line for line in (place.folder / "log" / "update.log").read_text().splitlines() if " mau: " in line]
    assert " new, " in line and "INFO" in line
    assert "must be a number of minutes" in place.scrapy("update", "mau", "--max-minutes", "soon", code=2).stderr


# --- a busy archive ---------------------------------------------------------------------------------------


def test_a_write_waits_for_another_process(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = open_archive(tmp_path / "archive.db")
    other = sqlite3.connect(tmp_path / "archive.db", isolation_level=None, check_same_thread=False)
    other.execute("begin immediate")
    threading.Timer(6.0, other.execute, ["commit"]).start()
    with database.conn:
        rows = ((f"x{number}", "x", "X") for number in range(3))
        database.conn.executemany("insert into notices (id, name, name_en) values (?, ?, ?)", rows)
    assert database.execute("select count(*) from notices where name_en = 'X'").fetchone() == (3,)
    assert capsys.readouterr().err.count("another process is writing to the archive; waiting for it") == 1
    database.close()
    other.close()


@pytest.mark.gate
def test_an_archive_that_is_locked_at_the_start(place: Place) -> None:
    place.scrapy("crawl", "sample-mst")
    with closing(sqlite3.connect(place.archive, isolation_level=None, check_same_thread=False)) as other:
        other.execute("begin exclusive")
        threading.Timer(12.0, other.execute, ["commit"]).start()
        done = place.scrapy("crawl", "sample-mic")
    assert "waiting for it" in done.stderr and "Traceback" not in done.stderr
    assert place.rows("select outcome from runs") == [("finished",), ("finished",)]


@pytest.mark.gate
def test_three_first_crawls_at_once(place: Place) -> None:
    names = ("sample-mst", "sample-mic", "sample-ha-noi")
    crawls = [_started(place, "crawl", name, SOURCES_EXTRA="") for name in names]
    for crawl in crawls:
        said, errors = crawl.communicate(timeout=120)
        assert crawl.returncode == 0, said + errors
    assert place.rows("select count(*) from runs where outcome = 'finished' and concluded") == [(3,)]


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("drop table _sqlite_migrations", "its table _sqlite_migrations, which says what its schema is, is missing or empty"),
        ("pages", "is damaged (database disk image is malformed); restore a copy"),
    ],
)
def test_a_damaged_archive_is_named(tmp_path: Path, statement: str, message: str) -> None:
    path = tmp_path / "archive.db"
    open_archive(path).close()
    if statement == "pages":
        with path.open("r+b") as file:
            file.seek(100)
            file.write(bytes(4000))
    else:
        with closing(sqlite3.connect(path)) as database, database:
            database.execute(statement)
    done = Place(tmp_path).scrapy("crawl", "sample-mst", code=2)
    assert done.stderr.startswith(f"error: {path}: ") and message in done.stderr and is_one_error(done.stderr)


@pytest.mark.gate
@pytest.mark.parametrize("output", ["list >&-", "list | head -1", "list 2>&- >&-", "list >/dev/full", "cite --help | head -1"])
def test_output_that_cannot_be_written(place: Place, output: str) -> None:
    shell = ["bash", "-c", f"set -o pipefail; {sys.executable} -m scrapy {output}"]
    done = subprocess.run(shell, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr
    assert done.returncode in (0, 1)


# --- pages and captures -----------------------------------------------------------------------------------


def test_what_came_instead_of_an_article_is_a_row(place: Place) -> None:
    whole = article(_title(9)).encode()
    answers: dict[int, tuple[Answer, str]] = {
        10: ((200, {}, b""), "not-html"),
        11: ((200, {"Content-Type": "application/pdf"}, b"%PDF-1.4 \xe2\xe3\xcf\xd3"), "not-html"),
        12: ((200, {"Content-Encoding": "gzip"}, b"\x1f\x8b\x08\x00broken, and then no more"), "bad-encoding"),
        13: ((200, {"Content-Encoding": "sdch"}, bytes(range(256))), "bad-encoding"),
        14: ((200, {}, b"<html><head><meta http-equiv=refresh content='0;url=/'></head></html>"), "soft-404"),
        15: ((200, {}, b"<html><body>" + b"<b>" * 100_000 + b"x"), "no-layout"),
        16: ((302, {"Location": _url(16)}, b""), "redirect-loop"),
        17: ((302, {"Location": "http://[bad/"}, b""), "bad-url"),
        18: ((200, {"Content-Type": "text/html; charset=base64_codec"}, whole), ""),
        19: ((200, {}, whole.replace(b"<head>", b"<head><base href='http://[bad/'>")), ""),
    }
    with _site(place, 2) as site:
        for number, (answer, _) in answers.items():
            site.pages[_url(number)] = answer
        site.pages["/"] = (200, {}, listing(*((_url(at), _title(at)) for at in (0, 1, *answers))).encode())
        place.scrapy("crawl", "mau", SOURCES_EXTRA=place.folder / "mau.toml", **FAST)
        rows = place.rows("select replace(url, ?, ''), reason from failures order by url", site.url)
    assert rows == [(_url(number), reason) for number, (_, reason) in answers.items() if reason]
    assert place.rows("select count(*) from articles") == [(4,)]


def test_a_lost_capture_is_noticed_and_restored(place: Place) -> None:
    place.scrapy("crawl", "sample-mst")
    [file] = place.captures.rglob("*.warc.gz")
    before, size = place.tables(), file.stat().st_size
    with file.open("r+b") as cut:
        cut.truncate(size // 2)
    # The source has a recording, so the run that notices it restores it at once, and nobody need do anything.
    done = place.scrapy("crawl", "sample-mst")
    assert f"{file.relative_to(place.captures)} is {size // 2} bytes long instead of at least {size}: " in done.stdout
    [(detail, cleared)] = place.rows("select detail, cleared_at from failures where reason = 'capture-lost'")
    assert " captures are lost" in detail and cleared
    assert place.rows("select count(*) from captures where lost_at is not null") == [(0,)]
    database = open_archive(place.archive)
    assert missing_or_short(database, place.captures) == []
    database.close()
    after = place.tables()
    assert [table for table in before if before[table] != after[table]] == ["captures", "failures"]
    place.scrapy("reparse", "sample-mst")


@pytest.mark.gate
def test_a_lost_capture_of_a_live_site_needs_a_person_once(place: Place) -> None:
    with _site(place, 2):
        live: dict[str, Any] = {"SOURCES_EXTRA": place.folder / "mau.toml", **FAST}
        place.scrapy("crawl", "mau", **live)
        [file] = place.captures.rglob("*.warc.gz")
        backup = file.rename(place.folder / "backup.warc.gz")
        assert "is missing: 5 captures are lost; copy the file back" in place.scrapy("update", "mau", code=1, **live).stdout
        place.scrapy("update", "mau", **live)
        assert place.rows("select count(*) from captures where lost_at is not null") == [(5,)]
        assert place.rows("select reason from failures where cleared_at is null and stage = 'keep'") == [("capture-lost",)]
        backup.rename(file)
        place.scrapy("update", "mau", **live)
    assert place.rows("select count(*) from captures where lost_at is not null") == [(0,)]
    assert place.rows("select reason from failures where cleared_at is null and stage = 'keep'") == []


@pytest.mark.gate
def test_a_clock_that_was_ahead_freezes_nothing(place: Place) -> None:
    def crawl(now: str, text: str) -> str:
        site.pages[_url(1)] = (200, {}, article(_title(1), f"{text} Bài này đủ dài để là một bài, và đã được sửa lại hoàn toàn.").encode())
        given: dict[str, Any] = {"SOURCES_EXTRA": place.folder / "mau.toml", "NOW": now, **FAST}
        return place.scrapy("crawl", "mau", "-a", "again=yes", **given).stdout

    with _site(place, 2) as site:
        crawl("2026-12-01T02:00:00+07:00", "Thứ nhất.")
        crawl("2027-12-01T02:00:00+07:00", "Thứ hai.")
        assert "captures are dated after now" in crawl("2026-12-02T02:00:00+07:00", "Thứ ba.")
        newest = "select body from article_text join articles on articles.id = article_id where url like ?"
        assert place.rows(newest, f"%{_url(1)}")[0][0].startswith("Thứ ba.")
        assert place.rows("select count(*) from revisions") == [(2,)]
        # Not "last run 2027-12-01, finished; due 2027-12-01".
        given: dict[str, Any] = {"SOURCES_EXTRA": place.folder / "mau.toml", "NOW": "2026-12-03T02:00:00+07:00"}
        assert place.scrapy("update", "mau", "--dry-run", **given).stdout.startswith("crawl ")
    place.scrapy("reparse", "--write", SOURCES_EXTRA=place.folder / "mau.toml")
    assert place.rows(newest, f"%{_url(1)}")[0][0].startswith("Thứ ba.")


def test_times_in_the_future_become_now(tmp_path: Path) -> None:
    database = open_archive(tmp_path / "archive.db")
    past, now, future = "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z", "2027-12-01T00:00:00Z"
    with database.conn:
        database.conn.execute(
            "insert into sources (id, name, unit_id, site, hosts, listings) values ('a', 'A', 'nghe-an', 'x', '[]', '[]')"
        )
        database.conn.execute("insert into runs (command, started_at) values ('crawl', ?)", [past])
        for at in (past, future):
            values = ["a", at, at, "f", len(at), 1]
            columns = "source_id, url, captured_at, warc_file, warc_offset, warc_length, status, digest, length"
            database.conn.execute(f"insert into captures ({columns}) values (?, ?, ?, ?, ?, ?, 200, '', 0)", values)
            columns = "source_id, key, url, state, first_seen, last_requested, retry_at"
            database.conn.execute(f"insert into candidates ({columns}) values ('a', ?, ?, 'failed', ?, ?, '2028')", [at, at, past, at])
    assert clock_faults.correct(database, "a", "1970-01-01T00:00:00Z") == 0  # this clock is wrong, and not the ones before
    assert clock_faults.correct(database, "a", now) == 1
    assert clock_faults.correct(database, "a", now) == 0
    assert database.execute("select captured_at, ordered_at from captures order by 1").fetchall() == [(past, None), (future, now)]
    rows = database.execute("select last_requested, retry_at from candidates order by 1").fetchall()
    assert rows == [(past, "2028"), (now, now)]
    database.close()


def test_the_lock_of_an_update_that_crashed_means_nothing(place: Place) -> None:
    lock = place.folder / "archive.db.lock"
    lock.write_text("process 1, since 2026-11-29 02:00 (Viet Nam)\n")
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert "(process 1, since" in place.scrapy("update", "sample-mst", code=3).stderr
    place.scrapy("update", "sample-mst")


@pytest.mark.gate
def test_days_of_cron_are_rehearsed_with_the_line_of_the_crontab() -> None:
    done = subprocess.run(
        [sys.executable, "deploy/rehearse_week.py", "--days", "5", "--every", "12"],
        cwd=PROJECT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0 and "all is as docs/operations.md says" in done.stdout, done.stdout + done.stderr


@pytest.mark.gate
def test_more_links_than_a_page_can_have_are_bounded() -> None:
    source = load()["mst"]

    def read(content_type: str, body: str) -> Page:
        capture = Capture(f"{source.site}/x", 200, (("Content-Type", content_type),), body.encode(), datetime(2026, 11, 29, tzinfo=UTC))
        return read_page(capture, source)

    links = "".join(
        f"<li><a href='/bai-viet-so-{at}-cua-huyen-mau-197{at:015}.htm'>Bài viết số {at} của huyện</a></li>" for at in range(20_500)
    )
    listed = read("text/html; charset=utf-8", f"<!doctype html><html><body><ul>{links}</ul></body></html>")
    assert 19_000 < len(listed.links) <= 20_000
    assert [(fault.reason, fault.detail[:27]) for fault in listed.faults] == [("too-many-links", "only the first 20000 links ")]
    entries = "".join(f"<url><loc>{source.site}/bai-viet-197{at:015}.htm</loc></url>" for at in range(50_001))
    sitemap = read(
        "application/xml", f"<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{entries}</urlset>"
    )
    assert len(sitemap.links) == 50_000 and [fault.reason for fault in sitemap.faults] == ["too-many-links"]


@pytest.mark.gate
def test_the_order_of_sources_does_not_matter(place: Place, sample: Place) -> None:
    for source in reversed(SAMPLE):
        place.scrapy("crawl", source)
    documents = "select key, label, number, number_form, title, issued_on, issuer, status, article_count from documents order by key"
    firsts = (
        "select documents.key, diffusion.unit_id, first_cited_on, url, articles, days_after_issue from diffusion"
        " join documents on documents.id = document_id join articles on articles.id = first_article_id order by 1, 2"
    )
    reprints = "select a.url, b.url from articles a join articles b on b.id = a.reprint_of order by 1"
    cited = (
        "select url, field, start, citations.status, documents.key, rule from citations join articles on articles.id = article_id"
        " left join documents on documents.id = document_id order by 1, 2, 3"
    )
    for sql in (documents, firsts, reprints, cited):
        assert place.rows(sql) == sample.rows(sql)
