"""A process that parses recorded pages for a crawl (`reading_ahead.py`): a copy of that of the crawl, or, if that has opened an archive,
`python -m scraper.crawl.parsing_process FILE_DESCRIPTOR`.

It gets questions through the connection, and sends back a reading for each, or None. This module imports nothing of Scrapy, so that such a
program begins fast.
"""

from __future__ import annotations

import signal
import sqlite3
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path

from sqlite_utils import Database

from scraper.article_forms import with_forms
from scraper.garbage import search_seldom
from scraper.model import Capture, SharedDate, Source
from scraper.reader import Reading, read
from scraper.store.documents import ArchiveDocuments
from scraper.warc.dates import moment
from scraper.warc.recording import read_version
from scraper.warc.records import decode
from scraper.warc.versions import Version

READY = "ready"


@dataclass(frozen=True, slots=True)
class Work:
    """What is the same for all pages of a crawl. `archive`: the file. `longest_body`: in bytes, decoded."""

    source: Source
    archive: Path
    shared: tuple[SharedDate, ...]
    longest_body: int


@dataclass(frozen=True, slots=True)
class Question:
    """Which page is to be parsed. `at`: the time of the capture as `timestamp` writes it. `as_list`: it is requested as a list."""

    url: str
    at: str
    as_list: bool


def answer(pipe: Connection) -> None:
    """Says that it is ready, then answers questions until the other side closes the connection or ends. The first message is the Work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; the first one ends the others
    with suppress(EOFError, OSError):
        pipe.send(READY)
        work: Work = pipe.recv()
        documents = ArchiveDocuments(Database(sqlite3.connect(f"{work.archive.absolute().as_uri()}?mode=ro", uri=True)))
        while True:
            question, platform, version, url = pipe.recv()
            found = reading_of(question, platform, version, url, work, documents)
            pipe.send(with_forms(found) if found is not None else None)


def reading_of(
    question: Question, platform: str | None, version: Version, url: str, work: Work, documents: ArchiveDocuments
) -> Reading | None:
    """Returns the reading, or None if that failed: it happens again when the turn of the page comes, and is seen then. `platform`: that
    other pages showed. `url`: that is looked for in the recording."""
    with suppress(Exception):
        capture = _capture(version, url, question, work.longest_body)
        return read(capture, work.source, documents, shared=work.shared, met=platform, as_list=question.as_list, followed=True)
    return None


def _capture(version: Version, url: str, question: Question, longest_body: int) -> Capture:
    """Returns the capture as the crawl makes it of the recorded response (`CaptureMiddleware`)."""
    response = read_version(version, url, longest_body, more=False).response
    return decode(replace(response, url=question.url, captured_at=moment(question.at)), longest_body)


if __name__ == "__main__":
    search_seldom()
    answer(Connection(int(sys.argv[1])))
