"""Stores the result of parsing a kept capture again."""

from __future__ import annotations

import logging
import sqlite3

from sqlite_utils import Database

from scraper.model import Failure, Source
from scraper.reader import Reading
from scraper.reparsing.parsing import parser_fault
from scraper.store import articles, failures
from scraper.store.captures import KeptCapture
from scraper.version import parser_version

logger = logging.getLogger(__name__)


def store_result(database: Database, source: Source, capture: KeptCapture, result: Reading | Failure, run_id: int | None) -> str:
    """Stores a reading or a failure. Returns the outcome: "failures", or a kind of `articles.Outcome`. A reading that cannot be stored is a
    failure, too.
    Raises: OSError or sqlite3.Error if the archive cannot be written.
    """
    if not isinstance(result, Failure):
        try:
            return articles.store(
                database, source, result, capture_id=capture.id, captured_at=capture.captured_at, parser=parser_version(), run_id=None
            ).kind
        except (OSError, sqlite3.Error):
            raise
        except Exception as error:
            logger.debug("storing %s failed", capture.url, exc_info=True)
            result = parser_fault(capture.url, f"{type(error).__name__}: {error}")
    with database.conn:
        failures.record(database, source.id, result, at=capture.captured_at, run_id=run_id, capture_id=capture.id)
    if result.reason == "reader-fault":
        articles.mark_failed(database, capture.id, result)
    return "failures"
