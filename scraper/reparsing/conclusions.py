"""Draws the conclusions that need all articles of a source, and parses the captures again that these affect."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from scraper import clock
from scraper.model import Source
from scraper.reparsing.histories import rebuild
from scraper.reparsing.parsing import parse_task, task_of
from scraper.reparsing.storing import store_result
from scraper.store import (
    coverage,
    listed_days,
    mistaken_sections,
    observed,
    other_owner,
    returned_originals,
    shared_dates,
    shared_titles,
    short_citations,
    unparsed,
)
from scraper.store.captures import KeptCapture, kept
from scraper.store.documents import ArchiveDocuments
from scraper.urls import other_scheme
from scraper.version import parser_version
from scraper.warc.dates import timestamp

_ROUNDS = 3  # an article that is one again has new keys, so the sections are looked at again; the second round finds nothing more
_LISTED = "id in (select value from json_each(?))"


def _reparse(database: Database, source: Source, captures: Iterable[KeptCapture], limit: int, run_id: int | None = None) -> None:
    """Parses captures of a source with the current code and stores the result. A capture that cannot be parsed is recorded as a failure.

    `limit`: the largest body, in bytes.
    """
    known = ArchiveDocuments(database)
    shared = shared_dates.known(database, source.id)
    for capture in captures:
        result = parse_task(task_of(database, capture), source, known, shared, limit)
        store_result(database, source, capture, result, run_id)


def reparse_stored(database: Database, source: Source, folder: Path, limit: int, key: str, run_id: int | None) -> None:
    """Parses the stored capture of an article again if another version of the parser read it. Its row then has the values of the current
    parser, and no revision is made. `key`: of the article. `folder`: of all captures.
    """
    sql = "select capture_id from articles where source_id = ? and key in (?, ?) and parser <> ? and capture_id is not null"
    for (capture_id,) in database.execute(sql, [source.id, key, other_scheme(key), parser_version()]).fetchall():
        _reparse(database, source, kept(database, folder, "id = ?", [capture_id]), limit, run_id)


def parse_unparsed(database: Database, source: Source, folder: Path, limit: int, run_id: int | None) -> None:
    """Parses the captures that an interrupted run kept and did not parse, if their pages were not received again. `folder`: of all
    captures.
    """
    left = unparsed.settle(database, source.id)
    _reparse(database, source, kept(database, folder, _LISTED, [json.dumps(left)]), limit, run_id)


def parse_returned(database: Database, source: Source, folder: Path, limit: int, run_id: int | None) -> bool:
    """Parses the revisits whose original the archive has only now. Returns False if there are none. `folder`: of all captures."""
    found = returned_originals.link(database, folder, source.id, timestamp(clock.now()))
    _reparse(database, source, kept(database, folder, _LISTED, [json.dumps(found)]), limit, run_id)
    return bool(found)


def conclude(database: Database, source: Source, captures: Path, limit: int, health: Mapping[str, Any] | None = None) -> None:
    """Draws the conclusions that need all articles of a source. Called after its run. `health`: see `observed.update`.

    Sections that were stored as articles are corrected. Articles without a date get the day that a list states. Dates that all articles
    share are rejected, and the articles that have them are parsed again; and so are those whose captures did not arrive in the order of
    time. Then short citations that other articles explain are resolved, titles that several articles share are flagged, and what was
    requested and observed is counted again.
    """
    for _ in range(_ROUNDS):
        again = mistaken_sections.conclude(database, source.id)
        if not again:
            break
        _reparse(database, source, kept(database, captures, _LISTED, [json.dumps(again)]), limit)
    # A list may name the day of an article after the article was stored.
    undated = listed_days.undated(database, source.id)
    _reparse(database, source, kept(database, captures, _LISTED, [json.dumps(undated)]), limit)
    affected = shared_dates.find(database, source.id)
    _reparse(database, source, kept(database, captures, f"{_LISTED} and outcome = 'article'", [json.dumps(affected)]), limit)
    rebuild(database, source, captures, limit)
    short_citations.conclude(database, source)
    shared_titles.mark(database, source.id)
    other_owner.mark(database, source)
    coverage.update(database, source.id)
    observed.update(database, source, health)
