"""What may happen to an archive between two runs: the next one says what is wrong, loses nothing, and heals what can be healed.

Each case damages a crawled archive, runs the crawl again, checks its exit code and message, takes the cause away and runs it once more.
Then the rows are those of an archive that was never damaged. The recording of the sample answers, so every run may read all pages again.
"""

from __future__ import annotations

import fcntl
import gzip
import os
import shutil
import signal
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from benchmarks.fault_points import FaultPoint
from benchmarks.forked_commands import Done, ForkedCommands, as_options
from scraper.store.archive import open_archive
from scraper.store.schema import APPLICATION_ID, migrations
from tests.same_rows import Row, differences, faults, index_faults, rows_of

SOURCE = "sample-mst"
WARC = gzip.compress(b"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 500\r\n\r\nHTTP/1.1 200 OK\r\n")[:60]


@dataclass(frozen=True)
class Start:
    """A crawled archive, and a second one in which the crawl was killed before its end."""

    commands: ForkedCommands
    folder: Path
    expected: dict[str, list[Row]]

    def run(self, folder: Path, fault: FaultPoint | None = None, **settings: object) -> Done:
        given = {"ARCHIVE": folder / "archive.db", "CAPTURES": folder / "captures"} | settings
        return self.commands.run(["crawl", SOURCE, *as_options(given)], self.folder, fault=fault)


@pytest.fixture(scope="module")
def start(commands: ForkedCommands, tmp_path_factory: pytest.TempPathFactory) -> Start:
    made = Start(commands, tmp_path_factory.mktemp("damage"), {})
    (made.folder / "whole").mkdir()
    open_archive(made.folder / "whole" / "archive.db").close()
    shutil.copytree(made.folder / "whole", made.folder / "killed")
    done = made.run(made.folder / "whole", FaultPoint(0, steps=str(made.folder / "steps")))
    assert done.code == 0, done
    steps = len((made.folder / "steps").read_text().splitlines())
    assert made.run(made.folder / "killed", FaultPoint(steps * 2 // 3)).code == -signal.SIGKILL
    assert (made.folder / "killed" / "archive.db-wal").exists()
    return Start(commands, made.folder, rows_of(made.folder / "whole" / "archive.db"))


def _warc(folder: Path) -> Path:
    return next((folder / "captures" / SOURCE).glob("*.warc.gz"))


# --- damages: each takes the folder of an archive, and may return what takes its cause away ----------------


def _half_record(folder: Path) -> None:
    with _warc(folder).open("ab") as file:
        file.write(WARC)


def _cut_warc(folder: Path) -> None:
    os.truncate(_warc(folder), _warc(folder).stat().st_size // 2)


def _no_captures(folder: Path) -> None:
    shutil.rmtree(folder / "captures")


def _empty_warc(folder: Path) -> None:
    (folder / "captures" / SOURCE / f"{SOURCE}-205001-000.warc.gz").touch()


def _no_wal(folder: Path) -> None:
    for end in ("-wal", "-shm"):
        (folder / f"archive.db{end}").unlink()


def _no_shm(folder: Path) -> None:
    (folder / "archive.db-shm").unlink()


def _read_only(name: str) -> Callable[[Path], Callable[[], None]]:
    def damage(folder: Path) -> Callable[[], None]:
        path = folder / name
        mode = path.stat().st_mode
        path.chmod(0o555 if path.is_dir() else 0o444)
        return lambda: path.chmod(mode)

    return damage


def _sql(statement: str, undo: str) -> Callable[[Path], Callable[[], None]]:
    def damage(folder: Path) -> Callable[[], None]:
        def execute(sql: str) -> None:
            with closing(sqlite3.connect(folder / "archive.db")) as database, database:
                database.execute(sql)

        execute(statement)
        return lambda: execute(undo)

    return damage


def _other_file(content: bytes) -> Callable[[Path], Callable[[], None]]:
    def damage(folder: Path) -> Callable[[], None]:
        path = folder / "archive.db"
        path.rename(folder / "kept.db")
        path.write_bytes(content)

        def undo() -> None:
            assert path.read_bytes() == content  # nothing was written to it
            (folder / "kept.db").rename(path)

        return undo

    return damage


def _older_schema(folder: Path) -> None:
    """Replaces the archive by one of an earlier version of the program, without any rows."""
    (folder / "archive.db").unlink()
    database = Database(folder / "archive.db")
    database.execute(f"pragma application_id = {APPLICATION_ID}")
    migrations.apply(database, stop_before="m008_candidates_and_discovered")
    database.close()


def _empty(folder: Path) -> None:
    (folder / "archive.db").write_bytes(b"")


def _no_archive(folder: Path) -> None:
    (folder / "archive.db").unlink()


@dataclass(frozen=True)
class Case:
    """`code`: the exit code of the next run. `says`: a part of what it prints; empty if it prints nothing of it. `of`: the archive."""

    damage: Callable[[Path], Callable[[], None] | None]
    code: int = 0
    says: str = ""
    of: str = "whole"


CASES = {
    "half a record": Case(_half_record, says=f"removed {len(WARC)} bytes of an incomplete record"),
    "a deleted file of captures": Case(lambda folder: _warc(folder).unlink(), says="16 captures that were lost are restored"),
    "a file of captures that was cut": Case(_cut_warc, says="captures that were lost are restored"),
    "no captures at all": Case(_no_captures, says="16 captures that were lost are restored"),
    "an empty file of captures": Case(_empty_warc),
    "no WAL file after a kill": Case(_no_wal, of="killed"),
    "no index of the WAL file after a kill": Case(_no_shm, of="killed"),
    "a kill": Case(lambda folder: None, of="killed"),
    "a read-only archive": Case(_read_only("archive.db"), 2, "is read-only"),
    "a read-only folder of captures": Case(_read_only("captures"), 2, "is read-only"),
    "a newer schema": Case(
        _sql(
            "insert into _sqlite_migrations (migration_set, name, applied_at)"
            " values ('vietnam_government_news_archive', 'm999_later', 'x')",
            "delete from _sqlite_migrations where name = 'm999_later'",
        ),
        2,
        "newer schema",
    ),
    "no table of the migrations": Case(
        _sql("alter table _sqlite_migrations rename to other", "alter table other rename to _sqlite_migrations"), 2, "migrations"
    ),
    "a foreign file": Case(_other_file(b"hello, this is not a database at all" * 100), 2, "not an archive of this project"),
    "an empty archive": Case(_empty, says="added the missing row"),
    "no archive": Case(_no_archive, says="added the missing row"),
    "an older schema": Case(_older_schema, says="added the missing row"),
}
QUICK = ("a deleted file of captures", "no WAL file after a kill")


def _check(start: Start, folder: Path, case: Case) -> None:
    place = folder / "place"
    shutil.copytree(start.folder / case.of, place, dirs_exist_ok=True)
    undo = case.damage(place)
    done = start.run(place)
    assert done.code == case.code, done
    assert case.says in done.stdout + done.stderr and "Traceback" not in done.stdout + done.stderr, done
    if undo is not None:
        undo()
    done = start.run(place)
    assert done.code == 0 and "Traceback" not in done.stdout + done.stderr, done
    _check_whole(start, place)


def _check_whole(start: Start, place: Path) -> None:
    found = rows_of(place / "archive.db")
    found["failures"] = [row for row in found["failures"] if "capture-lost" not in row]  # that they were lost stays on record
    assert differences(start.expected, found) == ""
    assert faults(place / "archive.db") + index_faults(place / "archive.db") == []


@pytest.mark.parametrize("name", [pytest.param(name, marks=() if name in QUICK else pytest.mark.gate) for name in CASES])
def test_the_next_run_heals(start: Start, tmp_path: Path, name: str) -> None:
    _check(start, tmp_path, CASES[name])


@pytest.mark.gate
@pytest.mark.parametrize("days", [1, -1])
def test_a_clock_that_is_wrong_for_a_run(start: Start, tmp_path: Path, days: int) -> None:
    """It is wrong by a day while the archive is made, and right again in the run after it."""
    place = tmp_path / "place"
    place.mkdir()
    wrong = (datetime.now(UTC) + timedelta(days=days)).isoformat(timespec="seconds")
    assert start.run(place, NOW=wrong).code == 0
    done = start.run(place)
    assert done.code == 0, done
    found = rows_of(place / "archive.db")
    # The day on which something was found is that of the wrong clock; the captures have the days of the recording.
    for table in ("candidates", "discovered", "source_health", "coverage", "observed"):
        found[table] = []
    assert differences({name: rows if found[name] else [] for name, rows in start.expected.items()}, found) == ""
    assert start.commands.run(["update", "--dry-run", SOURCE, "-s", f"ARCHIVE={place / 'archive.db'}"], start.folder).code == 0


@pytest.mark.gate
@pytest.mark.parametrize("seconds", [1, 60])
def test_an_archive_that_another_process_holds(start: Start, tmp_path: Path, seconds: int) -> None:
    place = tmp_path / "place"
    shutil.copytree(start.folder / "whole", place)
    holder = sqlite3.connect(place / "archive.db", check_same_thread=False, isolation_level=None)
    holder.execute("begin immediate")
    release = threading.Timer(seconds, lambda: holder.execute("rollback"))
    release.start()
    done = start.run(place)
    release.join()
    holder.close()
    assert done.code == 0, done
    assert ("another process is writing to the archive" in done.stderr) == (seconds > 5)
    _check_whole(start, place)


@pytest.mark.gate
def test_two_runs_at_once(start: Start, tmp_path: Path) -> None:
    """Of one source, the second one says that it is being crawled; of two sources, both end well."""
    place = tmp_path / "place"
    shutil.copytree(start.folder / "whole", place)
    inner = tmp_path / "inner"
    inner.mkdir()
    with ForkedCommands() as others, (place / "captures" / SOURCE / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert start.run(place).code == 3
        fcntl.flock(lock, fcntl.LOCK_UN)
        ends: list[Done] = []
        other = threading.Thread(target=lambda: ends.append(Start(others, inner, {}).run(place)))
        other.start()
        ends.append(start.commands.run(_other_source(place), start.folder))
        other.join()
    assert [done.code for done in ends] == [0, 0], ends
    assert faults(place / "archive.db") + index_faults(place / "archive.db") == []
    with closing(sqlite3.connect(place / "archive.db")) as database:
        assert dict(database.execute("select source_id, count(*) from articles group by 1")) == {SOURCE: 6, "sample-mic": 16}


def _other_source(place: Path) -> list[str]:
    return ["crawl", "sample-mic", "-s", f"ARCHIVE={place / 'archive.db'}", "-s", f"CAPTURES={place / 'captures'}"]


@contextmanager
def _small_disk(folder: Path, kilobytes: int) -> Iterator[Path]:
    """Yields a folder on a file system of this size, which is skipped if it cannot be made."""
    folder.mkdir()
    options = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or not shutil.which("mount") or subprocess.run(options, check=False, capture_output=True).returncode:
        pytest.skip("a small file system cannot be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.mark.gate
@pytest.mark.parametrize("space", [*range(1_100, 1_600, 100), 1_700, 2_000])
def test_a_disk_that_is_full(start: Start, tmp_path: Path, space: int) -> None:
    """The archive and its captures are on a disk with this many kilobytes of space after the tables were made; then it gets larger."""
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    open_archive(fresh / "archive.db").close()
    with _small_disk(tmp_path / "disk", (fresh / "archive.db").stat().st_size // 1024 + space) as place:
        shutil.copy(fresh / "archive.db", place / "archive.db")
        done = start.run(place)
        assert "Traceback" not in done.stdout + done.stderr, done
        assert done.code == 0 or "cannot be written" in done.stdout or "disk is full" in done.stdout, done
        with closing(sqlite3.connect(place / "archive.db")) as database:
            committed = database.execute("select url from captures").fetchall()
        subprocess.run(["mount", "-o", "remount,size=64m", place], check=True)
        again = start.run(place)
        assert again.code == 0, again
        with closing(sqlite3.connect(place / "archive.db")) as database:
            assert set(committed) <= set(database.execute("select url from captures"))
        _check_whole(start, place)
