"""A process that parses kept captures for another one (`worker_processes`): a copy of that one, or, instead of one that ended,
`python -m scraper.reparsing.worker FILE_DESCRIPTOR ARCHIVE`.

It gets the work of a source and then tasks through the pipe, and sends back an answer for each task. This module imports nothing of Scrapy
and nothing that writes to the archive, so that such a program begins fast.
"""

from __future__ import annotations

import signal
import sqlite3
import sys
from contextlib import closing, suppress
from multiprocessing.connection import Connection
from pathlib import Path

from sqlite_utils import Database

from scraper.article_forms import with_forms
from scraper.garbage import search_seldom
from scraper.reader import Reading
from scraper.reparsing.comparing import compare
from scraper.reparsing.parsing import Task, Work, parse_task
from scraper.store.documents import ArchiveDocuments


def serve(pipe: Connection, archive: Path) -> None:
    """Answers each task that comes through the pipe, until the other side closes the pipe or ends. The answer is the result of parsing it,
    or how that differs from what is stored, which is much shorter."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; the first one ends the others
    with closing(sqlite3.connect(f"{archive.absolute().as_uri()}?mode=ro", uri=True)) as connection, suppress(EOFError, OSError):
        database = Database(connection)
        known = ArchiveDocuments(database)
        work: Work = pipe.recv()
        while True:
            message: Work | Task = pipe.recv()
            if isinstance(message, Work):
                work = message
                continue
            result = parse_task(message, work.source, known, work.shared, work.limit)
            if work.compares:
                pipe.send(compare(database, work.source, message.capture, result))
            else:
                pipe.send(with_forms(result) if isinstance(result, Reading) else result)


if __name__ == "__main__":
    search_seldom()
    serve(Connection(int(sys.argv[1])), Path(sys.argv[2]))
