"""Compares what parsing a capture again gives with what is stored. Writes nothing."""

from __future__ import annotations

from sqlite_utils import Database

from scraper.model import Failure, Source
from scraper.reader import Reading
from scraper.reparsing.article_values import new_values, stored_values
from scraper.reparsing.differences import ARTICLE, Comparison, Value, Values, compared
from scraper.reparsing.parsing import Result
from scraper.store.captures import KeptCapture


def compare(database: Database, source: Source, capture: KeptCapture, result: Result) -> Comparison:
    """Returns how the result of parsing a capture differs from what is stored of it."""
    before = stored_values(database, capture)
    failure = (result.reason, result.detail) if isinstance(result, Failure) else None
    after: Values | None
    if isinstance(result, Failure):
        # A fault of the parser is a loss. If the file is at fault, the parser has nothing to do with it.
        after = {} if result.reason == "reader-fault" else None
    else:
        after = _values_of(database, source, result, capture)
    if before is None and not after:  # a newer capture gave the stored values, so only this is at stake
        before = {ARTICLE: Value((capture.url,))}
    return compared(before, after, failure) if before is not None and after is not None else Comparison(failure=failure)


def _values_of(database: Database, source: Source, reading: Reading, capture: KeptCapture) -> Values:
    """Returns the values of a reading; none if they cannot be compared, and so not be stored."""
    try:
        return new_values(database, source, reading, capture)
    except (UnicodeError, OverflowError):  # what SQLite cannot hold: half of a surrogate pair, a number of more than 64 bits
        return {}
