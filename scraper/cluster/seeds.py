"""The seed of a unit: what a worker must know of earlier runs to crawl as this machine would.

It is an SQLite file with the rows of the unit's sources that decide what is requested. The files of captures that these rows name are made
on the worker as sparse files of the same length, with only the records of lists, which a crawl reads again after an answer 304.
"""

from __future__ import annotations

import sqlite3
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from scraper import clock
from scraper.cluster.units import hosts_of_sources
from scraper.crawl.politeness.host_state import HostState, known_state, put_state
from scraper.model import Source
from scraper.store.patient_connection import connect
from scraper.warc.dates import timestamp

_TABLES = (
    "articles",
    "candidates",
    "captures",
    "discovered",
    "failures",
    "listed_periods",
    "recheck_times",
    "runs",
    "shared_dates",
    "validators",
)
# Files of articles that are wanted, or that count for the limits of this day.
_FILES = "(state = 'new' or retry_at is not null or requested_at >= ?)"
_PLAN = ("candidates", "discovered", "listed_periods")  # of these, what decides what is requested, and how lists are judged
_MOST_RECORDS = 5000  # of lists; more list pages than a run requests (MAX_LISTINGS)
# The last good captures of lists whose server may answer 304, and the captures that have their bodies.
_LISTS = (
    "select coalesce(revisit_of, id) from (select id, revisit_of, row_number() over (partition by source_id, url order by captured_at desc)"
    " as age from captures where source_id in ({marks}) and status = 200 and outcome in ('listing', 'sitemap', 'feed')"
    " and lost_at is null and (etag is not null or last_modified is not null)) where age = 1 limit {most}"
)


def make(archive: Path, captures: Path, sources: list[Source]) -> bytes:
    """Returns the seed of a unit. Reads only. `captures`: their folder.
    Raises: sqlite3.Error or OSError if the archive cannot be read.
    """
    ids = [source.id for source in sources]
    marks = ", ".join("?" * len(ids))
    yesterday = timestamp(clock.now() - timedelta(days=1))
    with tempfile.TemporaryDirectory(prefix="seed-") as folder:
        path = Path(folder) / "seed.db"
        sqlite3.connect(path).close()
        with closing(connect(f"{archive.as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("attach ? as seed", [f"{path.as_uri()}?mode=rwc"])
            connection.execute("pragma seed.journal_mode = off")
            connection.execute("pragma seed.synchronous = off")
            for table in _TABLES:
                connection.execute(f"create table seed.{table} as select * from main.{table} where source_id in ({marks})", ids)
            wanted = f"source_id in ({marks}) and {_FILES}"
            connection.execute(f"create table seed.files as select * from main.files where {wanted}", [*ids, yesterday])
            connection.execute("create table seed.warc_files (name text, size integer)")
            connection.execute("create table seed.records (name text, start integer, data blob)")
            connection.execute(
                "create table seed.hosts (host text, last real, day text, sent integer, robots_delay real, not_before real, noted real)"
            )
            files = connection.execute(f"select distinct warc_file from main.captures where source_id in ({marks})", ids).fetchall()
            sizes = [(name, _size(captures / name)) for (name,) in files]
            connection.executemany("insert into seed.warc_files values (?, ?)", [one for one in sizes if one[1] is not None])
            connection.executemany("insert into seed.records values (?, ?, ?)", _records(connection, captures, ids, marks))
            states = [(host, state) for host in hosts_of_sources(sources) if (state := known_state(captures / ".hosts", host)) is not None]
            connection.executemany(
                "insert into seed.hosts values (?, ?, ?, ?, ?, ?, ?)", [(host, *asdict(one).values()) for host, one in states]
            )
            connection.commit()
        return zlib.compress(path.read_bytes(), 6)


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:  # the run notes what is lost
        return None


def _records(connection: sqlite3.Connection, captures: Path, ids: list[str], marks: str) -> Iterator[tuple[str, int, bytes]]:
    lists = _LISTS.format(marks=marks, most=_MOST_RECORDS)
    sql = f"select warc_file, warc_offset, warc_length from main.captures where id in ({lists})"
    for name, start, length in connection.execute(sql, ids).fetchall():
        try:
            with (captures / name).open("rb") as file:
                file.seek(start)
                yield name, start, file.read(length)
        except OSError:
            continue  # then the list is not read again; it is requested without a condition next time


def load(seed: bytes, connection: sqlite3.Connection, captures: Path, hosts: Path) -> None:
    """Loads a seed into a scratch archive and its folder of captures. `hosts`: the folder with the states of the hosts.
    Raises: sqlite3.Error or OSError if they cannot be written.
    """
    # A scratch archive has no summaries to keep, and its rows refer to others that are not here.
    for (name,) in connection.execute("select name from sqlite_master where type = 'trigger'").fetchall():
        connection.execute(f'drop trigger "{name}"')
    connection.commit()
    connection.execute("pragma foreign_keys = off")
    with _attached(seed, connection):
        for table in (*_TABLES, "files"):
            columns = ", ".join(f'"{row[1]}"' for row in connection.execute(f"pragma main.table_info({table})"))
            connection.execute(f"insert or replace into main.{table} ({columns}) select {columns} from seed.{table}")
        for name, size in connection.execute("select name, size from seed.warc_files").fetchall():
            (captures / name).parent.mkdir(parents=True, exist_ok=True)
            with (captures / name).open("wb") as file:
                file.truncate(size)
                for start, data in connection.execute("select start, data from seed.records where name = ?", [name]):
                    file.seek(start)
                    file.write(data)
        for host, *values in connection.execute("select * from seed.hosts").fetchall():
            put_state(hosts, host, HostState(*values))


def restore(seed: Callable[[], bytes | None], connection: sqlite3.Connection, source_id: str, since: str) -> None:
    """Restores what decided what the worker requested, if a writer that was killed has changed it since. So the next writer repeats the
    crawl from its beginning, and draws the same conclusions of it; all answers are in the store. Does nothing if another run came later.
    `since`: when the killed writer began at the earliest (ISO 8601, UTC).
    Raises: what `seed` raises; sqlite3.Error if the archive cannot be written.
    """
    killed = "source_id = ? and outcome is null and started_at >= ?"
    if connection.execute(f"select 1 from runs where {killed} limit 1", [source_id, since]).fetchone() is None:
        return
    before = seed()
    if before is None:
        return
    with _attached(before, connection):
        later = "source_id = ? and id > (select coalesce(max(id), 0) from seed.runs)"
        others = connection.execute(f"select 1 from main.runs where {later} and not ({killed}) limit 1", [source_id, source_id, since])
        if others.fetchone() is None:
            for table in _PLAN:
                columns = ", ".join(f'"{row[1]}"' for row in connection.execute(f"pragma seed.table_info({table})"))
                connection.execute(f"delete from main.{table} where source_id = ?", [source_id])
                connection.execute(
                    f"insert into main.{table} ({columns}) select {columns} from seed.{table} where source_id = ?", [source_id]
                )


@contextmanager
def _attached(seed: bytes, connection: sqlite3.Connection) -> Iterator[None]:
    """Attaches a seed as `seed` to an archive. Commits what was done in the block."""
    with tempfile.TemporaryDirectory(prefix="seed-") as folder:
        path = Path(folder) / "seed.db"
        path.write_bytes(zlib.decompress(seed))
        connection.execute("attach ? as seed", [str(path)])
        try:
            with connection:
                yield
        finally:
            connection.execute("detach seed")


def settings_to_send(
    settings: Mapping[str, object], defaults: Mapping[str, object], local: frozenset[str]
) -> dict[str, str | int | float | bool]:
    """Returns the settings that a worker must have, too: those of the command that differ from the defaults. `local`: names that mean
    something only on this machine.
    """
    return {
        name: value
        for name, default in defaults.items()
        if name not in local and isinstance(value := settings.get(name), str | int | float | bool) and value != default
    }
