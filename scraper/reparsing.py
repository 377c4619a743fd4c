"""Parses kept captures again, and draws the conclusions that need all articles of a source after a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from sqlite_utils import Database

from scraper.content_coding import CannotDecode, TooLarge
from scraper.model import Failure, Source
from scraper.reader import read
from scraper.store import articles, coverage, failures, mistaken_sections, shared_dates, shared_titles, short_citations
from scraper.store.captures import KeptCapture, kept, later_pages
from scraper.store.captures import load as load_capture
from scraper.store.documents import ArchiveDocuments
from scraper.urls import other_scheme
from scraper.version import parser_version
from scraper.warc.records import ORIGINAL_MISSING, OriginalMissing, WarcError

_ROUNDS = 3  # an article that is one again has new keys, so the sections are looked at again; the second round finds nothing more


def reparse(
    database: Database,
    source: Source,
    captures: Iterable[KeptCapture],
    limit: int,
    run_id: int | None = None,
) -> Counter[str]:
    """Parses captures of a source with the current code and stores the result. Returns how many captures had each outcome.

    `limit`: the largest body, in bytes. A capture whose file is missing or broken is recorded as a failure.
    """
    counts: Counter[str] = Counter()
    known = ArchiveDocuments(database)
    shared = shared_dates.known(database, source.id)
    for capture in captures:
        counts["captures"] += 1
        try:
            later = [load_capture(page, limit) for page in later_pages(database, capture)]
            missing = _lacks_pages(database, capture)
            reading = read(load_capture(capture, limit), source, known, shared=shared, links=False, later=later, pages_missing=missing)
        except (WarcError, TooLarge, CannotDecode) as error:
            counts["failures"] += 1
            with database.conn:
                failure = _failure(error, capture.url)
                failures.record(database, source.id, failure, at=capture.captured_at, run_id=run_id, capture_id=capture.id)
            continue
        outcome = articles.store(
            database, source, reading, capture_id=capture.id, captured_at=capture.captured_at, parser=parser_version(), run_id=None
        )
        counts[outcome.kind] += 1
    return counts


def reparse_stored(database: Database, source: Source, folder: Path, limit: int, key: str, run_id: int | None) -> None:
    """Parses the stored capture of an article again if another version of the parser read it. Its row then has the values of the current
    parser, and no revision is made. `key`: of the article. `folder`: of all captures.
    """
    sql = "select capture_id from articles where source_id = ? and key in (?, ?) and parser <> ? and capture_id is not null"
    for (capture_id,) in database.execute(sql, [source.id, key, other_scheme(key), parser_version()]).fetchall():
        reparse(database, source, kept(database, folder, "id = ?", [capture_id]), limit, run_id)


def _failure(error: Exception, url: str) -> Failure:
    """Returns the failure for a capture that cannot be read."""
    if isinstance(error, CannotDecode):
        return Failure("fetch", "bad-encoding", url, str(error))
    if isinstance(error, OriginalMissing):
        return Failure("fetch", "revisit-without-original", url, ORIGINAL_MISSING)
    return Failure("read", "capture-unreadable", url, str(error))


def _lacks_pages(database: Database, capture: KeptCapture) -> bool:
    """Returns whether the crawl did not receive a later page of the article in this capture."""
    sql = "select 1 from articles where capture_id = ? and flags like '%pages-missing%'"
    return database.execute(sql, [capture.id]).fetchone() is not None


def conclude(database: Database, source: Source, captures: Path, limit: int) -> None:
    """Draws the conclusions that need all articles of a source. Called after its run.

    Sections that were stored as articles are corrected. Dates that all articles share are rejected, and the articles that have them are
    parsed again. Then short citations that other articles explain are resolved, titles that several articles share are flagged, and
    coverage is counted again.
    """
    for _ in range(_ROUNDS):
        again = mistaken_sections.conclude(database, source.id)
        if not again:
            break
        reparse(database, source, kept(database, captures, f"id in ({', '.join(map(str, again))})"), limit)
    affected = set(shared_dates.find(database, source.id))
    if affected:
        of_source = kept(database, captures, "source_id = ? and outcome = 'article'", [source.id])
        reparse(database, source, (capture for capture in of_source if capture.id in affected), limit)
    short_citations.conclude(database, source)
    shared_titles.mark(database, source.id)
    coverage.update(database, source.id)
