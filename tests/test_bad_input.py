"""Bad input gives one line that says what to do, exit code 2, and nothing is written."""

from __future__ import annotations

import gzip
import os
import runpy
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scraper.store.archive_file import opened_for_reading
from scraper.store.errors import ArchiveError
from tests.conftest import PROJECT, Place, is_one_error

RECORDING = PROJECT / "samples/sample.warc.gz"


def _refused(place: Place, *arguments: str, **settings: Any) -> str:
    before = sorted(path.relative_to(place.folder) for path in place.folder.rglob("*"))
    done = place.scrapy(*arguments, code=2, **settings)
    assert is_one_error(done.stderr), done.stderr
    assert sorted(path.relative_to(place.folder) for path in place.folder.rglob("*")) == before
    return done.stderr.splitlines()[0]


def test_an_unknown_source(place: Place) -> None:
    message = _refused(place, "crawl", "nghe-an-itc")
    assert "nghe-an-ict" in message and "scrapy list" in message


def test_no_source_at_all(place: Place) -> None:
    assert "give one source" in _refused(place, "crawl")


def test_a_bad_block(place: Place) -> None:
    path = place.folder / "mine.toml"
    path.write_text('[[source]]\nid = "x"\n', encoding="utf-8")
    assert f'{path}: block 1 (x): key "name": is missing' in _refused(place, "crawl", "x", SOURCES_EXTRA=path)
    assert "is missing" in _refused(place, "list", SOURCES_EXTRA=path)
    english, vietnamese = place.scrapy("crawl", "x", code=2, SOURCES_EXTRA=path).stderr.splitlines()
    assert english.startswith("error: ")
    assert vietnamese == f'lỗi: {path}: khối 1 (x): khóa "name": còn thiếu; hãy thêm dòng name = "..."'


@pytest.mark.parametrize("url", ["https://[so.test/tin.html", "https://so.test:99999/tin.html"])
def test_a_url_that_no_program_can_read(place: Place, tmp_path: Path, url: str) -> None:
    page = tmp_path / "tin.html"
    page.write_text("<p>Tin</p>", encoding="utf-8")
    for command in (
        ["probe", url],
        ["probe", str(page), "--url", url],
        ["fixture", str(page), "--url", url],
        ["fetch", url],
        ["shell", url],
    ):
        said = place.scrapy(*command, code=2).stderr
        assert is_one_error(said), (command, said)


def test_a_missing_file_of_sources(place: Place) -> None:
    assert "SOURCES_EXTRA" in _refused(place, "crawl", "x", SOURCES_EXTRA=place.folder / "none.toml")


def test_bad_days(place: Place) -> None:
    assert "start=2009-01-31" in _refused(place, "crawl", "sample-mic", "-a", "start=1.1.2009")
    assert "NAME=VALUE" in _refused(place, "crawl", "sample-mic", "-a", "start")
    assert "known are start=" in _refused(place, "crawl", "sample-mic", "-a", "begin=2009-01-01")


def test_a_setting_that_is_not_a_number(place: Place) -> None:
    message = _refused(place, "crawl", "sample-mic", DOWNLOAD_MAXSIZE="10 MB")
    assert message == "error: DOWNLOAD_MAXSIZE=10 MB: must be a whole number of 0 or more, like -s DOWNLOAD_MAXSIZE=10485760"
    assert "DOWNLOAD_DELAY=2,5: must be a number" in _refused(place, "list", DOWNLOAD_DELAY="2,5")


@pytest.mark.parametrize(
    "setting", ["UPDATE_AT_ONCE=0", "DOWNLOAD_DELAY=nan", "DOWNLOAD_DELAY=-5", "UPDATE_AFTER_HOURS=inf", "RETRY_TIMES=-1"]
)
def test_a_number_that_makes_no_sense(place: Place, setting: str) -> None:
    """None at once crawled nothing, with exit code 0; with a delay of `nan` a site got its requests at once."""
    name, value = setting.split("=")
    said = _refused(place, "update", "mst", **{name: value})
    assert f"{setting}: must be a" in said and "or more" in said


def test_a_recording_of_another_site(place: Place) -> None:
    done = place.scrapy("crawl", "nghe-an-ict", code=1, REPLAY=RECORDING)
    assert "the recording has no page of https://" in done.stdout and "still exists" not in done.stdout


def test_a_missing_recording(place: Place) -> None:
    assert "none.warc.gz" in _refused(place, "crawl", "sample-mic", REPLAY=place.folder / "none.warc.gz")


def test_a_recording_that_is_none(place: Place) -> None:
    path = place.folder / "x.warc.gz"
    path.write_bytes(gzip.compress(b"this is no WARC\n" * 50))
    assert str(path) in _refused(place, "crawl", "sample-mic", REPLAY=path)


def test_a_recording_broken_in_the_middle(place: Place) -> None:
    whole = RECORDING.read_bytes()
    path = place.folder / "broken.warc.gz"
    path.write_bytes(whole[:30_000] + bytes(200) + whole[30_200:])
    message = place.scrapy("crawl", "sample-mic", REPLAY=path).stdout  # what is before and after the damage is read
    assert f"{path}: damaged at byte" in message
    assert place.rows("select count(*) > 10 from articles") == [(1,)]


def test_an_empty_folder_of_recordings(place: Place) -> None:
    folder = place.folder / "recordings"
    folder.mkdir()
    assert str(folder) in _refused(place, "crawl", "sample-mic", REPLAY=folder)


def test_a_read_only_folder(place: Place) -> None:
    folder = place.folder / "locked"
    folder.mkdir(mode=0o555)
    message = _refused(place, "crawl", "sample-mic", ARCHIVE=folder / "archive.db")
    assert "read-only" in message and "ARCHIVE=" in message
    assert "read-only" in _refused(place, "crawl", "sample-mic", CAPTURES=folder / "captures")


def test_a_full_disk(place: Place) -> None:
    """A file system of 64 KiB is used as a full disk."""
    folder = place.folder / "small"
    folder.mkdir()
    mounted = shutil.which("mount") and os.geteuid() == 0
    if (
        not mounted
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], check=False, capture_output=True).returncode
    ):
        pytest.skip("a small file system cannot be mounted here")
    try:
        message = _refused(place, "crawl", "sample-mic", ARCHIVE=folder / "archive.db")
    finally:
        subprocess.run(["umount", folder], check=True)
    assert "No space left" in message and "free some space" in message


def test_a_disk_that_fills_during_a_crawl(place: Place) -> None:
    """Kept captures stay, the run says why it stopped, and the next run continues."""
    folder = place.folder / "small"
    folder.mkdir()
    mounted = shutil.which("mount") and os.geteuid() == 0
    if (
        not mounted
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1150k", "tmpfs", folder], check=False, capture_output=True).returncode
    ):
        pytest.skip("a small file system cannot be mounted here")
    try:
        done = place.scrapy("crawl", "sample-mic", code=1, CAPTURES=folder / "captures", REPLAY=_swollen(place.folder))
        kept = list((folder / "captures").rglob("*.warc.gz"))
    finally:
        subprocess.run(["umount", folder], check=True)
    assert "stopped: the archive cannot be written" in done.stdout and "No space left" in done.stdout
    assert "Traceback" not in done.stderr
    assert kept and place.rows("select count(*) from captures")[0][0] > 0
    again = place.scrapy("crawl", "sample-mic", CAPTURES=place.captures)
    assert "16 articles:" in again.stdout


def _swollen(folder: Path) -> Path:
    """Returns the sample's first site with 150 kB of incompressible data in each page."""
    build = runpy.run_path(str(PROJECT / "samples/build.py"))
    answers = [
        replace(answer, body=answer.body.replace(b"</body>", b"<!-- " + os.urandom(150_000).hex().encode() + b" --></body>"))
        for answer in build["mic"](build["SITES"][0])
    ]
    path = folder / "swollen.warc.gz"
    path.write_bytes(build["warc"](answers))
    return path


def test_a_database_of_something_else(place: Place) -> None:
    with closing(sqlite3.connect(place.archive)) as database, database:
        database.execute("create table things (id integer primary key)")
    before = place.archive.read_bytes()
    assert "SQLite file of something else" in _refused(place, "crawl", "sample-mic")
    assert place.archive.read_bytes() == before


def test_a_file_that_is_no_database(place: Place) -> None:
    place.archive.write_text("hello, this is not a database at all" * 100, encoding="utf-8")
    assert "not an archive of this project" in _refused(place, "crawl", "sample-mic")


def test_an_archive_in_a_read_only_folder_is_read(copied: Place, tmp_path_factory: pytest.TempPathFactory) -> None:
    """As on the disk of a backup, or for another user than that of the crawls. SQLite would make files beside the archive."""
    _without_log(copied)
    out, before = tmp_path_factory.mktemp("out"), sorted(copied.folder.rglob("*"))
    of_superuser = ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner"] if os.geteuid() == 0 else []
    if of_superuser and shutil.which("setpriv") is None:
        pytest.skip("the superuser may write everywhere, and there is no setpriv")
    for path in (copied.folder, *before):
        path.chmod(path.stat().st_mode & ~0o222)
    try:
        for arguments in (
            ["health"],
            ["export", "articles", "--out", str(out / "articles.csv")],
            ["attachments", "list"],
            ["captures", "verify"],
            ["captures", "export", "--wacz", str(out / "mst.wacz"), "--source", "sample-mst"],
            ["publish", str(out)],
            ["update", "--dry-run", "sample-mst"],
        ):
            command = [*of_superuser, sys.executable, "-m", "scrapy", *arguments]
            settings = ["-s", f"ARCHIVE={copied.archive}", "-s", f"CAPTURES={copied.captures}"]
            done = subprocess.run([*command, *settings], cwd=PROJECT, capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{arguments}\n{done.stdout}\n{done.stderr}"
    finally:
        for path in (copied.folder, *before):
            path.chmod(path.stat().st_mode | 0o200)
    assert sorted(copied.folder.rglob("*")) == before
    assert "last run" in done.stdout or "not-due" in done.stdout


def _without_log(place: Place) -> None:
    """Leaves no log of SQLite beside the archive: another test may have had its original open when it was copied."""
    with closing(sqlite3.connect(place.archive)) as database:
        database.execute("pragma wal_checkpoint(truncate)")


def test_a_file_that_is_read_as_it_is_and_changes_meanwhile_is_named(copied: Place) -> None:
    _without_log(copied)
    copied.folder.chmod(0o555)
    try:
        with pytest.raises(ArchiveError, match="wrote to it meanwhile"), opened_for_reading(copied.archive) as connection:
            assert connection.execute("select count(*) from articles").fetchone()[0] > 0
            assert not copied.archive.with_name("archive.db-shm").exists()
            with closing(sqlite3.connect(copied.archive)) as other, other:
                other.execute("update articles set section = 'Khác'")
    finally:
        copied.folder.chmod(0o755)


def test_an_archive_of_a_newer_schema(place: Place) -> None:
    place.scrapy("crawl", "sample-mst")
    with closing(sqlite3.connect(place.archive)) as database, database:
        database.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at) values ('vietnam_government_news_archive', 'm999_later', 'x')"
        )
    assert "newer schema" in _refused(place, "crawl", "sample-mic")


def test_nothing_to_read_again(place: Place) -> None:
    assert "run `scrapy crawl SOURCE` first" in _refused(place, "reparse")


def test_a_folder_in_the_place_of_the_archive(place: Place) -> None:
    place.archive.mkdir()
    assert "is a folder" in _refused(place, "crawl", "sample-mic")


def test_a_missing_path_says_where(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    assert "is a file, not a folder" in _refused(Place(tmp_path), "crawl", "sample-mic", ARCHIVE=file / "archive.db")


def test_the_help_names_our_commands_and_each_has_an_example(place: Place) -> None:
    listed = subprocess.run([sys.executable, "-m", "scrapy"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    ours = sorted(path.stem for path in (PROJECT / "scraper/commands").glob("*.py") if not path.stem.startswith("_"))
    assert set(ours) >= {"crawl", "list", "reparse"}
    assert [name for name in ours if f"\n  {name} " not in listed] == []
    # One process for all of them: to start one takes longer than to print a help.
    code = (
        "import sys\nfrom scrapy.cmdline import execute\n"
        "for name in sys.argv[1:]:\n    print(f'@@{name}')\n    try:\n        execute(['scrapy', name, '--help'])\n"
        "    except SystemExit as error:\n        assert not error.code, (name, error.code)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, *ours], cwd=PROJECT, capture_output=True, text=True, check=True)
    helps = dict(part.split("\n", 1) for part in done.stdout.split("@@")[1:])
    assert [name for name in ours if "Example: " not in " ".join(helps[name].split())] == []
