"""The files that hold the captures: which of them are missing or too short, and their digests for a backup."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from scraper.warc.records import SUFFIXES

_PIECE = 1024 * 1024  # bytes that are read at a time


@dataclass(frozen=True, slots=True)
class FileFault:
    """A file that does not hold all captures of its rows.

    `code`: missing, short or unreadable. `needed`: where its last capture ends, in bytes. `size`: the bytes that it has. `captures`: the
    number of its captures that are not complete in it.
    """

    source_id: str
    file: str  # relative to the folder of captures
    code: str
    needed: int
    size: int
    captures: int


@dataclass(frozen=True, slots=True)
class FileDigest:
    """A file of captures. `file`: relative to the folder of captures. `size`: in bytes. `sha256`: 64 hexadecimal digits."""

    file: str
    size: int
    sha256: str

    @property
    def line(self) -> str:
        """The line that `sha256sum` writes and `sha256sum --check` reads."""
        return f"{self.sha256}  {self.file}"


def missing_or_short(database: Database, folder: Path, source_id: str | None = None) -> list[FileFault]:
    """Returns the files under `folder` that are missing, unreadable or too short for their rows, by name. Reads only sizes.

    `source_id`: only those of this source. The default is all.
    """
    return [
        fault
        for file, (offset, length) in last_records(database, source_id).items()
        if (fault := _fault(database, folder, file.partition("/")[0], file, offset + (length or 1))) is not None
    ]


def last_records(database: Database, source_id: str | None = None) -> dict[str, tuple[int, int | None]]:
    """Returns the files that hold captures of a source, or of all, by name, with the place of the last record of each: offset and length in
    bytes; None if the length is not known. The table is not read: an index has the last record of each file.
    """
    # The folder of a source has its id; "0" is the character after "/".
    first, end = ("", "\U0010ffff") if source_id is None else (f"{source_id}/", f"{source_id}0")
    rows = database.execute(
        "with recursive files (name) as (select min(warc_file) from captures where warc_file >= :first and warc_file < :end union all"
        " select (select min(warc_file) from captures where warc_file > name and warc_file < :end) from files where name is not null)"
        " select name, warc_offset, warc_length from files cross join captures on captures.id = (select id from captures"
        " where warc_file = name order by warc_offset desc limit 1)",
        {"first": first, "end": end},
    ).fetchall()
    return {name: (offset, length) for name, offset, length in rows}


def _fault(database: Database, folder: Path, source_id: str, file: str, needed: int) -> FileFault | None:
    code, size = "short", 0
    try:
        size = (folder / file).stat().st_size
    except FileNotFoundError:
        code = "missing"
    except OSError:
        code = "unreadable"
    if code == "short" and size >= needed:
        return None
    sql = "select count(*) from captures where source_id = ? and warc_file = ? and warc_offset + coalesce(warc_length, 1) > ?"
    lost = int(database.execute(sql, [source_id, file, size]).fetchone()[0])
    return FileFault(source_id, file, code, needed, size, lost)


def capture_files(folder: Path) -> list[Path]:
    """Returns the WARC files under a folder of captures, ordered by path."""
    return sorted(path for path in folder.rglob("*") if path.name.endswith(SUFFIXES) and path.is_file())


def digest(path: Path, name: str) -> FileDigest:
    """Returns the size and the digest of a file, under a name. Raises OSError if it cannot be read."""
    sha256, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            sha256.update(piece)
            size += len(piece)
    return FileDigest(name, size, sha256.hexdigest())


def digests(folder: Path) -> Iterator[FileDigest]:
    """Yields the digest of every WARC file under a folder of captures, ordered by path. Raises OSError if a file cannot be read.

    A file that a crawl is writing is digested as far as it was written.
    """
    for path in capture_files(folder):
        yield digest(path, path.relative_to(folder).as_posix())
