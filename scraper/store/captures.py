"""The rows of `captures`, and what they name: the record of a capture in its WARC file, with its body.

A response whose body an earlier capture of the same URL has, or that is an answer 304, is a revisit: a record without a body. Its row names
the capture that has the body (`revisit_of`), which is never a revisit itself. `capture_writing.py` writes the files and adds their rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlite_utils import Database

from scraper.model import Capture
from scraper.warc.dates import moment, timestamp
from scraper.warc.records import Place, Response, decode, read


@dataclass(frozen=True, slots=True)
class KeptCapture:
    """The index row of a capture. `original`: of a revisit, the place of the record that has the body."""

    id: int
    source_id: str
    url: str
    captured_at: str
    status: int
    place: Place
    digest: str = ""
    original: Place | None = None


STATED = "status, content_type, length, etag, last_modified"  # the columns of a capture that its response states


def stated(response: Response) -> list[object]:
    """Returns the values of the columns STATED."""
    headers = {name.lower(): value for name, value in reversed(response.headers)}
    return [response.status, headers.get("content-type"), len(response.body), headers.get("etag"), headers.get("last-modified")]


def add_row(
    database: Database,
    folder: Path,
    source_id: str,
    run_id: int | None,
    response: Response,
    place: Place,
    *,
    digest: str,
    revisit_of: int | None,
) -> int:
    """Adds the row of a capture and returns its id. Part of the caller's transaction.

    `folder`: of all captures. `run_id`: None if the run that wrote the record is not known. `digest`: of the body, as the record states it.
    `revisit_of`: the capture that has the body of a revisit.
    """
    origin = response.origin
    cursor = database.conn.execute(
        f"insert into captures (source_id, run_id, url, captured_at, {STATED}, digest,"
        " warc_file, warc_offset, warc_length, revisit_of, origin, date_rule)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            source_id,
            run_id,
            response.url,
            timestamp(response.captured_at),
            *stated(response),
            digest,
            place.file.relative_to(folder).as_posix(),
            place.offset,
            place.length,
            revisit_of,
            origin.uri if origin is not None else None,
            (origin.date_rule or None) if origin is not None else None,
        ],
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def kept(
    database: Database, folder: Path, where: str = "1", parameters: list[object] | None = None, *, order: str = "captured_at, id"
) -> Iterator[KeptCapture]:
    """Yields the indexed captures that match the SQL condition `where`. `order`: the SQL of their order; the default is by their times."""
    columns = "source_id, url, captured_at, status, digest, warc_file, warc_offset, warc_length, revisit_of"
    rows = database.execute(f"select id, {columns} from captures where {where} order by {order}", parameters or [])
    for capture_id, source_id, url, captured_at, status, digest, *place, revisit_of in rows.fetchall():
        original = capture_place(database, folder, revisit_of) if revisit_of is not None else None
        here = Place(folder / place[0], place[1], place[2])
        yield KeptCapture(capture_id, source_id, url, captured_at, status, here, digest, original)


def capture_place(database: Database, folder: Path, capture_id: int) -> Place | None:
    """Returns the place of the record of a capture; None if the archive has no such capture."""
    row = database.execute("select warc_file, warc_offset, warc_length from captures where id = ?", [capture_id]).fetchone()
    return Place(folder / row[0], row[1], row[2]) if row else None


def later_pages(database: Database, capture: KeptCapture) -> list[KeptCapture]:
    """Returns the captures of the later pages of the article whose first page is `capture`, in page order."""
    folder = capture.place.file.parent.parent  # captures/<source>/<file>
    return list(kept(database, folder, "continues = ?", [capture.id]))


def set_outcome(database: Database, capture_id: int, outcome: str) -> None:
    """Records the outcome of a capture that holds no page: redirect, robots or not-modified. One transaction."""
    with database.conn:
        database.conn.execute("update captures set outcome = ? where id = ?", [outcome, capture_id])


def set_later_pages(database: Database, first_id: int, later_ids: Sequence[int]) -> None:
    """Records that captures are the later pages of the article whose first page is the capture `first_id`. One transaction."""
    with database.conn:
        for capture_id in later_ids:
            database.conn.execute("update captures set continues = ?, outcome = 'part' where id = ?", [first_id, capture_id])


def load(capture: KeptCapture, limit: int) -> Capture:
    """Returns a kept capture as the reader expects it.

    A revisit has the body of its original.

    Raises:
        OriginalMissing: if it is a revisit, and its original is missing or broken.
        WarcError: if its file or record is missing or broken, or is that of another capture.
        TooLarge: if its body has more than `limit` bytes.
        CannotDecode: if its content encoding cannot be undone.
    """
    # The index has the URL as it was requested; a record that was copied from another tool's file may spell it differently.
    response = read(capture.place, limit, capture.original, digest=capture.digest)
    return replace(decode(response, limit), url=capture.url, captured_at=moment(capture.captured_at))
