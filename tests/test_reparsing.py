"""`scrapy reparse`: what a changed parser gains and loses is shown before it is stored, and a killed call goes on where it was."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from scraper.reparsing.differences import ARTICLE, Tally, Value, compared
from scraper.reparsing.selection import Selection, count, stream
from tests.conftest import PROJECT, SAMPLE, Place

ChangeCode = Callable[[str, str, str], Path]


@pytest.fixture
def change_code(tmp_path: Path) -> ChangeCode:
    """Returns a folder with the program, in which one piece of code is replaced."""

    def change(file: str, old: str, new: str) -> Path:
        folder = tmp_path / "program"
        shutil.copytree(PROJECT / "scraper", folder / "scraper", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(PROJECT / "scrapy.cfg", folder)
        (folder / "samples").symlink_to(PROJECT / "samples")
        code = (folder / file).read_text(encoding="utf-8")
        assert old in code
        (folder / file).write_text(code.replace(old, new), encoding="utf-8")
        return folder

    return change


def test_the_same_parser_changes_nothing_and_nothing_is_written(copied: Place) -> None:
    before, runs = copied.tables(), copied.rows("select * from runs")
    done = copied.scrapy("reparse")
    assert done.stdout.splitlines() == ["76 captures", "nothing was written; add --write to store the result"]
    assert copied.tables() == before and copied.rows("select * from runs") == runs
    assert [path.name for path in copied.folder.iterdir() if path.name.startswith("archive.db.")] == []


def test_two_processes_give_the_same_rows_as_a_crawl(copied: Place, sample: Place) -> None:
    copied.scrapy("reparse", "--write", "--processes", "2")
    assert copied.tables() == sample.tables()
    assert set(copied.rows("select outcome, source_id from runs where command = 'reparse'")) == {("finished", source) for source in SAMPLE}


def test_an_article_keeps_its_row_if_its_key_changes(copied: Place, sample: Place) -> None:
    """As a version of the program leaves it that had another rule for the keys of a platform."""
    with closing(sqlite3.connect(copied.archive)) as database, database:
        database.execute("update articles set key = 'old/' || key")
    copied.scrapy("reparse", "--write")
    assert copied.tables() == sample.tables()


def test_two_processes_parse_captures_with_very_long_urls(copied: Place) -> None:
    """While both ends of a pipe write, the messages on their way must fit into it."""
    with closing(sqlite3.connect(copied.archive)) as database, database:
        sql = "update captures set warc_offset = 1, url = url || ? where source_id = 'sample-mst'"
        database.execute(sql, [f"?{'a' * 400_000}"])
    done = copied.scrapy("reparse", "sample-mst", "--write", "--processes", "2", "--allow-loss", "100", code=1)
    [counted] = [line for line in done.stdout.splitlines() if " captures" in line]
    assert counted == "15 captures, 15 failures"


def test_a_broken_layout_is_refused_and_named(copied: Place, change_code: ChangeCode) -> None:
    broken = change_code("scraper/platforms/nukeviet.py", 'author=(Pick("p.text-right"', 'author=(Pick("p.no-such-class"')
    before = copied.tables()
    refused = copied.scrapy("reparse", "--write", "--json", cwd=broken, code=1)
    assert "nothing was written: more than 2.0% of the values would be lost (--allow-loss) of sample-nghe-an: author" in refused.stderr
    found = json.loads(refused.stdout)
    assert found["too much lost"] == {"sample-nghe-an": ["author"]} and not found["written"]
    authors = found["sources"]["sample-nghe-an"]["author"]
    assert authors["before"] == authors["counts"]["lost"] + authors["counts"]["weaker"] == 16
    several = copied.scrapy("reparse", "--write", "--json", "--restart", "--processes", "2", cwd=broken, code=1)
    assert json.loads(several.stdout) == found, "processes that compare themselves find the same"
    assert copied.tables() == before
    forced = copied.scrapy("reparse", "sample-nghe-an", "--write", "--allow-loss", "100%", cwd=broken)
    assert "16 changed" in forced.stdout and "100.0% of the values: too much" not in forced.stdout
    assert copied.rows("select count(*) from revisions") == [(0,)], "the site did not edit anything"
    parsers = copied.rows("select distinct parser, source_id = 'sample-nghe-an' from articles")
    assert len(parsers) == 2 and {own for _, own in parsers} == {0, 1}, "each row has the version of its parser"


def test_a_page_that_cannot_be_parsed_costs_one_row(copied: Place, change_code: ChangeCode) -> None:
    [(url, article)] = copied.rows("select url, id from articles where source_id = 'sample-mst' order by id limit 1")
    broken = change_code(
        "scraper/reader.py", "    page = read_page(", f"    assert capture.url != {url!r}, 'a fault of the test'\n    page = read_page("
    )
    before = copied.rows("select key, title, body from articles join article_text on article_id = id")
    shown = copied.scrapy("reparse", "--write", "--allow-loss", "20", cwd=broken, code=1).stdout
    assert "article             6        1        0" in shown and url in shown
    named = f"  cannot be parsed: 1 (reader-fault)\n      {url}\n        AssertionError: a fault of the test\n"
    assert named in shown
    compared = copied.scrapy("reparse", "--processes", "2", "--allow-loss", "20", cwd=broken, code=1).stdout
    assert named in compared, "also if nothing is stored, and so no failure row"
    rows = copied.rows("select reason, url, detail from failures where cleared_at is null and reason = 'reader-fault'")
    assert rows == [("reader-fault", url, "AssertionError: a fault of the test")]
    assert copied.rows("select key, title, body from articles join article_text on article_id = id") == before
    assert copied.rows("select count(distinct parser) from articles where id <> ?", article) == [(1,)]
    counted = copied.scrapy("reparse", "--only-failed", "--write")
    assert "1 same" in counted.stdout, "the parser that can parse it clears the failure"
    assert copied.rows("select count(*) from failures where cleared_at is null and reason = 'reader-fault'") == [(0,)]


@pytest.mark.gate
def test_a_reading_that_cannot_be_stored_costs_one_row(copied: Place, change_code: ChangeCode) -> None:
    [(url,)] = copied.rows("select url from articles where source_id = 'sample-mst' order by id limit 1")
    change = "page = replace(page, article=replace(page.article, language='\\ud800'))"
    half = f"    if page.article is not None and capture.url == {url!r}:\n        {change}\n"
    broken = change_code(
        "scraper/reader.py",
        "    if page.article is None:\n        return Reading(",
        f"{half}    if page.article is None:\n        return Reading(",
    )
    shown = copied.scrapy("reparse", "--write", cwd=broken, code=1).stdout
    assert "?" in shown
    rows = copied.rows("select reason, url, substr(detail, 1, 18) from failures where cleared_at is null and source_id = 'sample-mst'")
    assert rows == [("reader-fault", url, "UnicodeEncodeError")]


@pytest.mark.gate
def test_a_page_that_ends_the_process_costs_one_row(copied: Place, change_code: ChangeCode) -> None:
    [(url,)] = copied.rows("select url from articles where source_id = 'sample-mst' order by id limit 1")
    crash = f"    if capture.url == {url!r}:\n        import os\n        os._exit(9)\n    page = read_page("
    broken = change_code("scraper/reader.py", "    page = read_page(", crash)
    given = ("reparse", "sample-mst", "--write", "--allow-loss", "20", "--processes", "2")
    copied.scrapy(*given, cwd=broken, code=1)
    [(reason, detail)] = copied.rows("select reason, detail from failures where cleared_at is null and source_id = 'sample-mst'")
    assert (reason, detail) == ("reader-fault", "the process that parsed the page ended with code 9")
    assert len(copied.rows("select 1 from articles where source_id = 'sample-mst' and parser <> ''")) == 6


@pytest.mark.gate
@pytest.mark.parametrize(
    ("write", "ended_by"),
    [((), signal.SIGKILL), (("--write",), signal.SIGKILL), (("--write",), signal.SIGTERM)],
    ids=["compared", "written", "ended"],
)
def test_a_killed_call_goes_on_where_it_was(
    copied: Place, sample: Place, change_code: ChangeCode, write: tuple[str, ...], ended_by: signal.Signals
) -> None:
    slow = change_code("scraper/reader.py", "    page = read_page(", "    import time; time.sleep(0.1)\n    page = read_page(")
    command = [sys.executable, "-m", "scrapy", "reparse", *write, "--processes", "2"]
    settings = ["-s", f"ARCHIVE={copied.archive}", "-s", f"CAPTURES={copied.captures}", "-s", "REPORT_LANGUAGE=en"]
    notes = copied.folder / "archive.db.reparse"
    started = subprocess.Popen([*command, *settings], cwd=slow, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wanted = b"stored" if write else b"compared"
    while started.poll() is None and not (notes.exists() and wanted in notes.read_bytes()):
        time.sleep(0.02)
    started.send_signal(ended_by)
    _, said = started.communicate()
    if ended_by is signal.SIGTERM:
        assert (started.returncode, said) == (1, b"stopped; the same command goes on from here\n")
        assert copied.rows("select count(*) from runs where command = 'reparse' and outcome = 'shutdown'") == [(1,)]
    busy = copied.scrapy("reparse", *write, cwd=slow)
    assert "going on where the interrupted call stopped" in busy.stderr
    assert busy.stdout.splitlines()[0].startswith("76 captures"), "every capture counts once"
    assert not notes.exists()
    if write:
        copied.scrapy("reparse", "--write")  # the slow parser has another version
    assert copied.tables() == sample.tables()


def test_which_captures(sample: Place) -> None:
    database = Database(sqlite3.connect(f"file:{sample.archive}?mode=ro", uri=True))

    def numbers(**wanted: Any) -> list[int]:
        chosen = Selection(**wanted)
        numbers = [count(database, source, chosen) for source in SAMPLE]
        assert numbers == [len(list(stream(database, sample.captures, source, chosen))) for source in SAMPLE]
        return numbers

    assert numbers() == [23, 15, 25, 13]
    assert numbers(layout="nukeviet") == numbers(layout="nukeviet/4-desktop") == [0, 0, 16, 0]
    assert numbers(layout="nuke") == numbers(since=date(2999, 1, 1)) == [0, 0, 0, 0]
    assert numbers(only_failed=True) == [0, 0, 1, 0]
    database.close()


def test_a_day_begins_with_its_first_second(copied: Place) -> None:
    database = Database(sqlite3.connect(copied.archive))
    times = ["2998-12-31T16:59:59.999999Z", "2998-12-31T17:00:00.000001Z", "2998-12-31T17:00:00Z"]
    for number, at in enumerate(times):
        database.execute(
            "update captures set captured_at = ? where id = (select id from captures where outcome = 'article' and source_id = 'sample-mst'"
            " order by id limit 1 offset ?)",
            [at, number],
        )
    assert count(database, "sample-mst", Selection(since=date(2999, 1, 1))) == 2
    database.close()


@pytest.mark.gate
@pytest.mark.parametrize(("option", "value"), [("--since", "today"), ("--allow-loss", "200"), ("--processes", "0")])
def test_wrong_options(sample: Place, option: str, value: str) -> None:
    assert sample.scrapy("reparse", option, value, code=2).stderr.startswith(f"error: {option} {value}: must be ")


def test_what_counts_as_a_loss() -> None:
    def kinds(field: str, before: Value, after: Value) -> list[str]:
        tally = Tally()
        same = {ARTICLE: Value(("x",)), "layout": Value(("nukeviet/5",))}
        tally.add("http://a.vn/1", compared(same | {field: before}, same | {field: after}))
        return [f"{kind} {number}" for kind, number in tally.fields[field].counts.items() if number]

    assert kinds("title", Value(("Họp",)), Value(())) == ["lost 1"]
    assert kinds("title", Value(("Họp",), "layout-selector"), Value(("Họp",), "generic-heading-url")) == ["weaker 1"]
    assert kinds("title", Value(("Họp",), "layout-selector"), Value(("Họp",), "json-ld")) == ["weaker 1"]
    assert kinds("title", Value(("Họp",), "fallback-htmldate"), Value(("Họp",), "generic-heading-url")) == []
    assert kinds("body", Value(("a" * 100,)), Value(("a" * 49,))) == ["lost 1"]
    assert kinds("body", Value(("a" * 100,)), Value(("a" * 50,))) == ["changed 1"]
    assert kinds("body", Value(("a" * 49,)), Value(("a" * 100,))) == ["gained 1"]
    assert kinds("tags", Value(("a", "a", "b")), Value(("a", "c"))) == ["lost 2", "gained 1"]
    assert kinds("layout", Value(("nukeviet/5",)), Value(("generic",))) == ["lost 1"]
    assert kinds("layout", Value(("nukeviet/5",)), Value(("nukeviet/4",))) == ["changed 1"]
