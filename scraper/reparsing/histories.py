"""Writes the histories of articles again whose captures did not arrive in the order of time (`scraper/store/histories.py`)."""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database

from scraper.model import Failure, Source
from scraper.reader import Reading
from scraper.reparsing.parsing import parse_task, task_of
from scraper.store import articles, histories, menu_paths, shared_dates
from scraper.store.captures import KeptCapture
from scraper.store.documents import ArchiveDocuments
from scraper.store.histories import PendingHistory
from scraper.urls import other_scheme
from scraper.version import parser_version


def rebuild(database: Database, source: Source, folder: Path, limit: int) -> None:
    """Parses the captures of such articles of a source from the first one and stores them.

    `folder`: of all captures. `limit`: the largest body, in bytes. If the newest capture of an article cannot be read, the article stays as
    it is, and is looked at again at the end of the next run. After a crash in the middle it is, too.
    """
    found = histories.pending(database, source.id)
    if not found:
        return
    known, shared = ArchiveDocuments(database), shared_dates.known(database, source.id)

    def _parsed(capture: KeptCapture) -> Reading | Failure:
        return parse_task(task_of(database, capture), source, known, shared, limit)

    for history in found:
        captures = [*histories.captures_of(database, folder, source.id, history)]
        if not captures or not _shows(database, source, _parsed(captures[-1]), history):
            continue
        first = True
        for capture in captures:
            result = _parsed(capture)
            if isinstance(result, Failure) or not _shows(database, source, result, history):
                continue
            at, parser = capture.captured_at, parser_version()
            articles.store(
                database, source, result, capture_id=capture.id, captured_at=at, parser=parser, run_id=None, begins_history=first
            )
            first = False
        histories.settle(database, history.article_id)


def _shows(database: Database, source: Source, result: Reading | Failure, history: PendingHistory) -> bool:
    """Returns whether a capture shows the article."""
    if isinstance(result, Failure) or result.page.article is None:
        return False
    return menu_paths.as_stored(database, source.id, result.page.article).key in (history.key, other_scheme(history.key))
