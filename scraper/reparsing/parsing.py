"""Parses one kept capture. A capture that cannot be parsed gives a failure, never an exception."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlite_utils import Database

from scraper.citations import KnownDocuments
from scraper.content_coding import CannotDecode, TooLarge
from scraper.model import Failure, SharedDate, Source
from scraper.reader import Reading, listed_as_article, read
from scraper.store.captures import KeptCapture, later_pages
from scraper.store.captures import load as load_capture
from scraper.warc.records import ORIGINAL_MISSING, OriginalMissing, WarcError

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Work:
    """What is the same for all captures of a source. `limit`: the largest body, in bytes. `compares`: the results are only compared with
    what is stored, which a process that has the archive can do itself."""

    source: Source
    shared: Collection[SharedDate]
    limit: int
    compares: bool = False


Result = Reading | Failure


@dataclass(frozen=True, slots=True)
class Task:
    """A capture to parse, with the later pages of its article. `pages_missing`: the crawl did not receive all of these. `listed`: the page
    is an article, or a crawl refused it because a list named its URL as one."""

    capture: KeptCapture
    later: tuple[KeptCapture, ...] = ()
    pages_missing: bool = False
    listed: bool = False


def task_of(database: Database, capture: KeptCapture) -> Task:
    """Returns the task for a capture, with what only the crawl knew about it."""
    sql = "select pages_missing, outcome = 'article' or reason in ('not-html', 'no-layout') from captures where id = ?"
    [(pages_missing, listed)] = database.execute(sql, [capture.id]).fetchall()
    return Task(capture, tuple(later_pages(database, capture)), bool(pages_missing), bool(listed))


def parse_task(task: Task, source: Source, known: KnownDocuments, shared: Collection[SharedDate], limit: int) -> Reading | Failure:
    """Returns the reading of a capture, or the failure that explains why there is none.

    `known`: the documents that a citation can resolve to. `shared`: the dates that all pages of the source have. `limit`: the largest body,
    in bytes.
    """
    url = task.capture.url
    try:
        capture = load_capture(task.capture, limit)
        later = [load_capture(page, limit) for page in task.later]
    except CannotDecode as error:
        return Failure("fetch", "bad-encoding", url, str(error))
    except OriginalMissing:
        return Failure("fetch", "revisit-without-original", url, ORIGINAL_MISSING)
    except TooLarge as error:
        return Failure("fetch", "too-large", url, str(error))
    except WarcError as error:
        return Failure("read", "capture-unreadable", url, str(error))
    try:
        # The links of a page show that it is not an article, although a list named it as one.
        reading = read(
            capture,
            source,
            known,
            shared=shared,
            links=False,
            list_links=task.listed,
            later=later,
            pages_missing=task.pages_missing,
        )
        reading = listed_as_article(reading, capture) if task.listed else reading
        # Only a crawl follows the links. Of a list page they are more than the rest, and a process would send them to another.
        return replace(reading, page=replace(reading.page, links=(), faults=()))
    except Exception as error:
        # Any fault of the parser: it costs this page, as in a crawl, and not the captures after it.
        logger.debug("reading %s failed", url, exc_info=True)
        return parser_fault(url, f"{type(error).__name__}: {error}")


def parser_fault(url: str, detail: str) -> Failure:
    """Returns the failure for a page at which the parser failed. `detail`: how."""
    return Failure("read", "reader-fault", url, detail[:500])
