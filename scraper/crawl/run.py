"""One run: a crawl of one source, with its lock, archive, captures, recording and counts."""

from __future__ import annotations

import fcntl
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.settings import BaseSettings

from scraper.crawl.article_pages import Parts
from scraper.crawl.known_articles import Known
from scraper.model import Capture, Failure, Page, PageKind, Source, UserError
from scraper.paths import project_path
from scraper.reader import Reading, read
from scraper.reparsing import conclude
from scraper.sources import recordings
from scraper.store import articles, crawl_history, failures, runs, shared_dates, summaries
from scraper.store.archive import ArchiveError, check_folder, open_archive
from scraper.store.captures import CaptureStore, kept, load, record_of, repair
from scraper.store.documents import ArchiveDocuments
from scraper.store.sources import load_source
from scraper.version import parser_version
from scraper.warc.recording import Recorded, Recording
from scraper.warc.records import Response, timestamp


class Busy(UserError):
    """Another run is crawling the source."""


class NoRun(NotConfigured):
    """The spider has no run, for example in `scrapy shell`. Scrapy then works without the middleware that needs one."""


class Run:
    """Create it before a crawl and close it after the crawl. It is used only from the thread of the crawl."""

    def __init__(
        self, settings: BaseSettings, source: Source, *, arguments: Mapping[str, Any], tell: Callable[[str], None] = print
    ) -> None:
        """Check everything that can be checked before the first request, then open the resources.
        Raises: UserError (ArchiveError, WarcError, Busy) if something cannot be used. In that case nothing has been written.
        """
        self.source = source
        self.limit = settings.getint("DOWNLOAD_MAXSIZE")
        self.counts: Counter[str] = Counter()
        self.outcome = ""  # how the run ended; empty until then
        self.problem = ""  # why the run was stopped; empty if it was not
        self.failed: dict[str, int] = {}  # set by `close`: number of URLs by reason
        self.lists_complete = not {"start", "end"} & arguments.keys()  # whether every list was read to its end so far
        self.other_hosts: Counter[str] = Counter()  # hosts that may belong to the site but are not listed
        self.recording = self._open_recording(settings)
        captures = self._folder = project_path(settings["CAPTURES"])
        check_folder(captures)
        self.database = open_archive(project_path(settings["ARCHIVE"]))
        try:
            self._lock = _lock(captures, source.id)
            load_source(self.database, source)
            repair(self.database, captures, source.id, tell)
            self._last_run_complete = crawl_history.last_run_complete(self.database, source.id)
            self.run_id = runs.begin(self.database, "crawl", source.id, json.dumps(dict(arguments), ensure_ascii=False), parser_version())
        except BaseException:
            self.database.close()
            raise
        self.captures = CaptureStore(
            self.database,
            captures,
            source.id,
            self.run_id,
            rotate=settings.getint("WARC_ROTATE_BYTES"),
            sync=self.recording is None,  # a replay can be repeated, so it needs no fsync
        )
        self.known = ArchiveDocuments(self.database)
        self.shared = shared_dates.known(self.database, source.id)
        self.known_before = len(self.known_article_keys())  # articles of the source in the archive at the start

    def _open_recording(self, settings: BaseSettings) -> Recording | None:
        paths = recordings(self.source, settings.get("REPLAY"))
        return Recording(paths) if paths else None

    def keep(self, response: Response, record: bytes, digest: str) -> int:
        """Store a response. Returns its capture id; if the archive already has the response, returns the existing id."""
        self.counts["responses"] += 1
        known = self.captures.known(response.url, response.captured_at)
        if known is not None:
            return known
        self.counts["captures"] += 1
        return self.captures.keep(response, record, digest)

    def keep_recorded(self, recorded: Recorded) -> int:
        """Store a response of the recording. Returns its capture id. The WARC record is copied byte for byte if it can be separated,
        otherwise it is written anew.
        """
        known = self.captures.known(recorded.response.url, recorded.response.captured_at)
        if known is not None:
            self.counts["responses"] += 1
            return known
        record, digest = recorded.copy() or record_of(recorded.response)
        return self.keep(recorded.response, record, digest)

    def read(self, capture: Capture, met: str | None = None) -> Reading:
        """Parse a stored capture. `met`: the platform that earlier pages of this crawl showed. Returns the reading."""
        return read(capture, self.source, self.known, shared=self.shared, met=met)

    def store_parts(self, parts: Parts, *, missing: bool) -> bool:
        """Store an article that has several pages. `missing`: one of its pages could not be fetched. Returns whether the later pages
        added text.
        """
        later = [capture for capture, _ in parts.more]
        alone = read(parts.first, self.source, self.known, shared=self.shared)
        reading = read(parts.first, self.source, self.known, shared=self.shared, later=later, pages_missing=missing)
        with self.database.conn:
            for _, capture_id in parts.more:
                sql = "update captures set continues = ?, outcome = 'part' where id = ?"
                self.database.conn.execute(sql, [parts.first_id, capture_id])
        self.store(reading, parts.first, parts.first_id)
        assert alone.page.article is not None and reading.page.article is not None
        return reading.page.article.body.value != alone.page.article.body.value

    def store(self, reading: Reading, capture: Capture, capture_id: int) -> articles.Outcome:
        """Store the reading of a capture. Returns whether the article is new, changed or the same."""
        outcome = articles.store(
            self.database,
            self.source,
            reading,
            capture_id=capture_id,
            captured_at=timestamp(capture.captured_at),
            parser=parser_version(),
            run_id=self.run_id,
        )
        self.counts[outcome.kind] += 1
        if reading.page.kind is PageKind.REFUSED:
            self.counts["failures"] += 1
        return outcome

    def fail(self, failure: Failure, *, at: datetime | None = None, capture_id: int | None = None) -> None:
        """Record a failure."""
        self.counts["failures"] += 1
        with self.database.conn:
            failures.record(
                self.database,
                self.source.id,
                failure,
                at=timestamp(at or datetime.now(UTC)),
                run_id=self.run_id,
                capture_id=capture_id,
            )
        if capture_id is not None:
            articles.mark_failed(self.database, capture_id, failure)

    def note(self, faults: Iterable[Failure], url: str, *, at: datetime, capture_id: int) -> None:
        """Record why a page leads to fewer articles than it shows. This replaces what was recorded for the page before."""
        stamp = timestamp(at)
        with self.database.conn:
            failures.clear_discovery(self.database, self.source.id, url, stamp)
            for fault in faults:
                self.counts["failures"] += 1
                failures.record(self.database, self.source.id, fault, at=stamp, run_id=self.run_id, capture_id=capture_id)
                if fault.reason == "other-host" and fault.target:
                    self.other_hosts[fault.target] += 1

    def known_articles(self) -> Known:
        """Returns what the archive knew of the source when the run began."""
        published = crawl_history.published(self.database, self.source.id)
        requested = crawl_history.requested(self.database, self.source.id)
        return Known(published, requested, crawl_history.read_before(self.database, self.source.id), self._last_run_complete)

    def failed_before(self) -> list[str]:
        """Returns the URLs that failed in earlier runs for a reason that may be over."""
        return crawl_history.failed_before(self.database, self.source.id, timestamp(datetime.now(UTC)))

    def validators(self, url: str, days: int) -> crawl_history.Validators | None:
        """Returns the validators for a conditional request, if the last good capture of the URL is at most `days` old; otherwise None."""
        return crawl_history.validators(self.database, self.source.id, url, timestamp(datetime.now(UTC) - timedelta(days=days)))

    def unmodified(self, before: int, capture: Capture, capture_id: int, met: str | None = None) -> Page | None:
        """Record that a page has not changed since the capture `before`. Returns the parsed page, for its links, or None if it is an
        article.
        """
        stamp = timestamp(capture.captured_at)
        self.mark(capture_id, "not-modified")
        with self.database.conn:
            failures.clear(self.database, self.source.id, capture.url, stamp)
            is_article = crawl_history.confirm(self.database, self.source.id, before, stamp)
        if is_article:
            self.counts["same"] += 1
            return None
        [kept_capture] = kept(self.database, self._folder, "id = ?", [before])
        return read(load(kept_capture, self.limit), self.source, self.known, shared=self.shared, met=met).page

    def known_article_keys(self) -> set[str]:
        """Returns the keys of the articles of this source that the archive has."""
        return {key for (key,) in self.database.execute("select key from articles where source_id = ?", [self.source.id])}

    def mark_gone(self, url: str, at: datetime) -> None:
        """Record that the URL of a stored article answered 404 or 410. The rows of the article are kept."""
        with self.database.conn:
            self.database.conn.execute(
                "update articles set gone_at = ? where source_id = ? and url = ? and gone_at is null and last_seen < ?",
                [timestamp(at), self.source.id, url, timestamp(at)],
            )

    def mark(self, capture_id: int, outcome: str) -> None:
        """Record the outcome of a capture that holds no page: a redirect, or robots.txt."""
        with self.database.conn:
            self.database.conn.execute("update captures set outcome = ? where id = ?", [outcome, capture_id])

    def open_failures(self) -> dict[str, int]:
        """Returns the failures of this run that are not cleared: the number of URLs by reason, the most frequent first."""
        rows = self.database.execute(
            "select reason, count(*) from failures where run_id = ? and cleared_at is null group by reason order by 2 desc, 1",
            [self.run_id],
        )
        return dict(rows.fetchall())

    def close(self, outcome: str) -> None:
        """End the run: write its row, the coverage and the summaries, then close everything."""
        self.outcome = outcome
        self.failed = self.open_failures()
        self.counts["failures"] = sum(self.failed.values())
        complete = outcome == "finished" and self.lists_complete
        runs.end(self.database, self.run_id, outcome, self.counts, complete=complete)
        self.captures.close()
        conclude(self.database, self.source, self._folder, self.limit)
        summaries.rebuild(self.database)
        self.database.execute("pragma wal_checkpoint(truncate)")
        self.database.close()
        if self.recording is not None:
            self.recording.close()
        self._lock.close()


def run_of(crawler: Crawler) -> Run:
    """Returns the run of a crawler, for the `from_crawler` method of a middleware or an extension.
    Raises: NoRun if its spider has none.
    """
    run = getattr(crawler.spider, "run", None)
    if not isinstance(run, Run):
        raise NoRun(f"{crawler.spidercls.__name__} was started without a run, so nothing is written to the archive")
    return run


def _lock(captures: Path, source_id: str) -> Any:
    """Returns the open lock file of a source. The operating system releases the lock when the process ends, even after a crash.
    Raises: ArchiveError if the folder cannot be written; Busy if another run holds the lock.
    """
    folder = captures / source_id
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / ".lock").open("w")
    except OSError as error:
        raise ArchiveError(f"{folder}: cannot be written ({error.strerror}); choose another place with -s CAPTURES=") from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise Busy(f"another run is crawling {source_id} at this moment; wait for it to end") from None
    return file
