"""`scrapy publish` and `scrapy restore`: a dated copy that says what it holds, and the archive made of it again."""

from __future__ import annotations

import fcntl
import json
import re
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.model import UserError
from scraper.publishing import publication, restoring
from scraper.publishing.checks import database_faults
from scraper.publishing.descriptions import coverage_gaps
from scraper.publishing.personal_numbers import mask_personal_numbers
from scraper.store.archive import opening
from scraper.store.patient_connection import database_problem
from tests.conftest import PROJECT, SAMPLE, Place
from tests.described import described_tables

_TEXT = (
    "Liên hệ: ông Nguyễn Văn An, ĐT 0912.345.678, CMND số 182345678, CCCD 038085012345.\n\nQuyết định số 749/QĐ-TTg ngày 03/6/2020 giao"
    " 150000000 đồng; từ khóa: bí-mật-xyz\n\n0987654321"
)


def publish(place: Place, *options: str) -> tuple[Path, dict[str, Any]]:
    """Makes a copy and returns its folder and its manifest."""
    manifest = json.loads(place.scrapy("publish", str(place.folder / "copies"), "--json", *options).stdout)
    return max((place.folder / "copies").iterdir(), key=lambda path: (len(path.name), path.name)), manifest


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as database:
        return database.execute(sql).fetchall()


def test_a_copy_describes_itself_and_is_restored(copied: Place, sample: Place) -> None:
    folder, manifest = publish(copied)
    assert re.fullmatch(r"sample-\d{4}-\d\d-\d\d", folder.name) and manifest["sample"] and "invented" in manifest["title"]
    assert {path.name for path in folder.iterdir()} == {*manifest["files"], "manifest.json"}
    assert all(not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) for path in (folder, *folder.iterdir()))
    assert database_faults(folder / "archive.db") == [] and rows(folder / "archive.db", "pragma journal_mode") == [("delete",)]
    assert manifest["rows"]["articles"] == 48 and manifest["complete"]
    states = {gap["source"]: gap["state"] for gap in manifest["coverage_gaps"]}
    assert set(states) == set(SAMPLE) and "complete" not in states.values()
    assert json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["name"].endswith("-archive-sample")
    described = {one["name"]: one for one in json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["resources"]}
    assert described["database"]["hash"] == "sha256:" + manifest["files"]["archive.db"]["sha256"]
    tables = described_tables()
    for name, table in tables.items():
        if not table.get("hidden"):
            fields = described[name]["schema"]["fields"]
            assert [field["name"] for field in fields] == [row[1] for row in rows(folder / "archive.db", f"pragma table_info({name})")]
            assert all(" / " in field["description"] for field in fields)
    listed = [line.split("  ") for line in (folder / "captures.sha256").read_text(encoding="utf-8").splitlines()]
    assert sorted(file for _, file in listed) == sorted(file for (file,) in copied.rows("select distinct warc_file from captures"))
    copied.archive.unlink()
    assert "restored" in copied.scrapy("restore", str(folder)).stdout
    assert copied.tables() == sample.tables()
    damage(folder)
    assert "archive.db: has other content than manifest.json says" in copied.scrapy("restore", str(folder), "--check", code=1).stderr


def damage(folder: Path) -> None:
    """Changes some bytes of a copy."""
    (folder / "archive.db").chmod(0o644)
    with (folder / "archive.db").open("r+b") as file:
        file.seek(100_000)
        file.write(b"x" * 100)


def test_what_has_no_day_ends_no_period(copied: Place) -> None:
    """As a text, *unknown* comes after each month, so that it was the last month of a period."""
    with closing(sqlite3.connect(copied.archive)) as database, database:
        database.execute("delete from observed where source_id = 'sample-mic'")
        for month, state in (("2026-10", "complete"), ("2026-11", "partial"), ("unknown", "partial")):
            sql = "insert into observed (source_id, month, state, waiting, failed, list_pages, lists, lists_open, numbers_missing)"
            database.execute(f"{sql} values ('sample-mic', ?, ?, 0, 0, 0, 0, 0, 0)", [month, state])
    assert [(gap["from"], gap["to"]) for gap in coverage_gaps(copied.archive) if gap["source"] == "sample-mic"] == [
        ("2026-11", "2026-11"),
        ("unknown", "unknown"),
    ]


@pytest.mark.gate
def test_a_damaged_copy_is_named_and_an_archive_is_not_overwritten(copied: Place) -> None:
    folder, _ = publish(copied, "--without-digests")
    assert "exists; move it away, or add --force" in copied.scrapy("restore", str(folder), code=2).stderr
    with closing(sqlite3.connect(copied.archive)) as reader:
        reader.execute("select count(*) from articles").fetchall()
        reader.execute("pragma journal_mode = wal")
        reader.execute("begin").execute("select count(*) from articles").fetchall()
        assert "another process has it open" in copied.scrapy("restore", str(folder), "--force", code=3).stderr
    with closing(sqlite3.connect(copied.archive)) as writer, writer:
        writer.execute("delete from articles_by_month")
    copied.scrapy("restore", str(folder), "--force")
    assert copied.rows("select count(*) from articles_by_month") == [(48,)]
    [earlier] = copied.folder.glob("archive.db.replaced-*")
    assert rows(earlier, "select count(*) from articles_by_month") == [(0,)]
    damage(folder)
    refused = copied.scrapy("restore", str(folder), "--force", code=1).stderr
    assert "archive.db: has other content than manifest.json says" in refused and "nothing was restored" in refused
    assert "name a folder that `scrapy publish` has made" in copied.scrapy("restore", str(copied.folder), code=2).stderr


def test_what_killed_calls_left_is_removed_whatever_their_number_means_now(copied: Place) -> None:
    """In a container each call may have the number of the killed one, and 1 is always that of a process."""
    copies = copied.folder / "copies"
    for number in ("1", "0", "9" * 20):
        (copies / f".partial-{number}").mkdir(parents=True)
        (copies / f".partial-{number}/archive.db").touch()
    folder, _ = publish(copied, "--without-digests")
    assert {path.name for path in copies.iterdir()} == {".lock", folder.name}


def test_a_copy_waits_for_the_one_that_is_made_in_its_folder_and_says_so_only_then(copied: Place) -> None:
    copies, steps = copied.folder / "copies", list[str]()
    (copies / ".partial-7").mkdir(parents=True)
    with (copies / ".lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        thread = threading.Thread(target=_publish, args=[copied, steps])
        thread.start()
        thread.join(0.1)
        assert thread.is_alive() and (copies / ".partial-7").exists()
    thread.join()
    assert len([*copies.glob("[!.]*/manifest.json")]) == 1 and not (copies / ".partial-7").exists()
    assert steps[:2] == ["waiting for another call", "copying"]
    _publish(copied, steps := [])
    assert steps[0] == "copying"


def _publish(place: Place, steps: list[str]) -> None:
    wishes = publication.Wishes()
    publication.publish(place.archive, place.folder / "copies", wishes, [], lambda step: steps.append(str(step.en)))


def test_an_empty_name_is_no_folder(copied: Place) -> None:
    assert "name one folder" in copied.scrapy("publish", "", code=2).stderr
    assert "name the folder of one copy" in copied.scrapy("restore", "", code=2).stderr


@pytest.fixture(scope="module")
def made(sample: Place, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample."""
    return publication.publish(sample.archive, tmp_path_factory.mktemp("copies"), publication.Wishes(), [], lambda _: None)


def manifest_with(made: Path, tmp_path: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """Returns a folder that has a changed manifest, and the database if it has its right name."""
    manifest = json.loads((made / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"] = {"archive.db": manifest["files"]["archive.db"]}
    change(manifest)
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "change",
    [
        lambda found: found.pop("made_at"),
        lambda found: found["rows"].pop("articles"),
        lambda found: found["rows"].update(units="many"),
        lambda found: found["files"].update({"archive.db": None}),
        lambda found: found["files"]["archive.db"].pop("sha256"),
        *(
            lambda found, name=name: found["files"].update({name: found["files"]["archive.db"]})
            for name in ("../x", "a\0b", "..", "/dev/zero")
        ),
    ],
)
def test_a_manifest_of_another_form_is_named(made: Path, tmp_path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    with pytest.raises(UserError, match="is not the manifest of a published copy"):
        restoring.check(manifest_with(made, tmp_path, change))


def test_a_manifest_that_is_nested_without_end_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("[" * 100_000, encoding="utf-8")
    with pytest.raises(UserError, match="is damaged"):
        restoring.check(tmp_path)


def test_what_is_no_file_of_the_right_size_is_not_read(made: Path, tmp_path: Path) -> None:
    folder = manifest_with(made, tmp_path, lambda _: None)
    (folder / "archive.db").symlink_to("/dev/zero")
    assert [fault.en for fault in restoring.check(folder).faults] == ["archive.db: is not a file"]


def test_two_restores_and_a_crawl_wait_for_each_other(made: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    thread = threading.Thread(target=restoring.restore, args=[restoring.check(made), archive], kwargs={"force": False})
    with opening(archive):
        thread.start()
        thread.join(0.1)
        assert thread.is_alive() and [*tmp_path.iterdir()] == []
    thread.join()
    assert [*tmp_path.iterdir()] == [archive]


def test_a_full_disk_is_named() -> None:
    full = sqlite3.OperationalError("database or disk is full")
    assert "free some space" in database_problem(full) and "cannot be used" not in database_problem(full)


def test_a_capture_that_cannot_be_read_is_not_a_full_disk(copied: Place) -> None:
    (copied.captures / "sample-mst/broken.warc.gz").symlink_to("/proc/self/mem")
    said = copied.scrapy("publish", str(copied.folder / "copies"), code=2).stderr
    assert "cannot be read" in said and "--without-digests" in said and "free some space" not in said


def test_numbers_of_persons_are_masked_and_citations_stay_right(copied: Place) -> None:
    _add_text(copied)
    folder, manifest = publish(copied, "--mask-personal", "--without-digests")
    archive = folder / "archive.db"
    [(body,)] = rows(archive, "select body from article_text where body like '%Liên hệ: ông Nguyễn Văn An%'")
    assert "ĐT ****.***.***, CMND số *********, CCCD ************." in body and "749/QĐ-TTg ngày 03/6/2020 giao 150000000 đồng" in body
    assert not [one for one in (b"0912.345.678", b"182345678", b"0987654321") if one in archive.read_bytes()]
    assert rows(archive, "select json_extract(before, '$.body') from revisions") == [(mask_personal_numbers(_TEXT),)]
    cited = "from citations join article_text using (article_id) where field = 'body'"
    assert rows(archive, f"select count(*) {cited} and substr(body, start + 1, end - start) <> text") == [(0,)]
    assert manifest["masked"] and not manifest["complete"]
    assert rows(archive, "select id from notices order by id") == [("masked",), ("sample",)]


@pytest.mark.gate
def test_a_copy_without_texts_has_none(copied: Place) -> None:
    _add_text(copied)
    folder, manifest = publish(copied, "--without-text", "--without-digests")
    archive = folder / "archive.db"
    assert rows(archive, "select count(*) from article_text where body <> ''") == [(0,)]
    assert "bí-mật-xyz".encode() not in archive.read_bytes(), "not in a page that is no longer used, either"
    assert rows(archive, "select count(*) from articles_fts where articles_fts match 'mật'") == [(0,)]
    assert rows(archive, "select count(*) from articles_fts where articles_fts match 'nghệ'")[0][0] > 0, "titles are found"
    assert manifest["without_text"]
    copied.archive.unlink()
    assert "restore a complete one" in copied.scrapy("restore", str(folder), code=2).stderr
    copied.scrapy("restore", str(folder), "--force")
    copied.scrapy("crawl", SAMPLE[0])  # the restored archive can be written


def _add_text(place: Place) -> None:
    """Adds a text with numbers of persons to an article, and to its earlier version."""
    with closing(sqlite3.connect(place.archive)) as database, database:
        [(article,)] = database.execute("select min(id) from articles").fetchall()
        database.execute("update article_text set body = body || char(10, 10) || ? where article_id = ?", [_TEXT, article])
        before = json.dumps({"body": _TEXT}, ensure_ascii=False)
        database.execute("insert into revisions (article_id, seen_at, changed, before) values (?, '2026', '[]', ?)", [article, before])


@pytest.mark.gate
def test_a_mixture_with_the_sample_is_not_published(copied: Place) -> None:
    with closing(sqlite3.connect(copied.archive)) as database, database:
        database.execute("insert into notices (id, name, name_en) values ('mixed', 'x', 'x')")
        database.execute("update sources set site = 'https://so.tinh.gov.vn' where id = 'sample-mic'")
    assert "has articles of the sample" in copied.scrapy("publish", str(copied.folder / "copies"), code=2).stderr
    assert not (copied.folder / "copies").exists()


@pytest.mark.gate
def test_copies_while_a_crawl_runs(place: Place) -> None:
    command = [sys.executable, "-m", "scrapy", "crawl", SAMPLE[0], "-s", f"ARCHIVE={place.archive}", "-s", f"CAPTURES={place.captures}"]
    place.scrapy("crawl", SAMPLE[1])
    crawl = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    made = 0
    while crawl.poll() is None or made < 2:
        folder, _ = publish(place)
        assert database_faults(folder / "archive.db") == []
        made += 1
    assert crawl.returncode == 0
    assert len([*(place.folder / "copies").glob("[!.]*")]) == made, "no copy replaces another"


PERSONAL = [
    "0912345678", "0912.345.678", "091-234-5678", "(024) 38.226.655", "04.38226655", "+84 912 345 678", "84912345678", "0168 345 6789",
    "ĐT: 38.226.655", "Fax: (0238) 3844500", "CMND: 182 345 678", "CCCD số 001085012345", "038085012345", "182345678",
    "0912345678/0987654321", "SĐT 0912345678 - 0987654321", "chứng minh nhân dân số: 012345678", "căn cước công dân số 038 085 012 345",
]  # fmt: skip
OTHER = [
    "Quyết định số 123456789/QĐ-UBND", "07/2008/CT-BTTTT", "ngày 30/12/2008", "30.12.2008 08:30", "02.03.2012 15:30", "05.06.11 12.07.11",
    "1.500.000.000 đồng", "150000000 đồng", "TCVN ISO 9001:2008", "749/QĐ-TTg ngày 03/6/2020", "http://a.vn/tin-0912345678.html",
    "từ 01/01/2011 đến 31/12/2015", "Công văn 0123456789/BTTTT-VP", "Nghị định số 01-2012-NĐ-CP", "20/2011/TTLT-BTTTT-BNV 12 tháng 9",
]  # fmt: skip


@pytest.mark.parametrize("text", PERSONAL)
def test_is_masked(text: str) -> None:
    assert mask_personal_numbers(f"Xem {text}.") == f"Xem {re.sub('[0-9]', '*', text)}."


@pytest.mark.parametrize("text", OTHER)
def test_is_not_masked(text: str) -> None:
    assert mask_personal_numbers(f"Xem {text}.") == f"Xem {text}."


@given(st.lists(st.sampled_from([*PERSONAL, *OTHER, "ngày", "số", "ông An", ",", "; ", "\n", "12", "/"]), max_size=12).map(" ".join))
def test_masking_keeps_everything_but_digits(text: str) -> None:
    masked = mask_personal_numbers(text)
    assert len(masked) == len(text)
    assert all(one == other or (one.isdigit() and other == "*") for one, other in zip(text, masked, strict=True))
    assert mask_personal_numbers(masked) == masked
