"""What one crawl of one source holds open: the archive, the captures, the recording that answers, the row of its run."""

from __future__ import annotations

import fcntl
import json
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrapy.settings import BaseSettings

from scraper import __version__
from scraper.model import Capture, Failure, PageKind, Source, UserError
from scraper.paths import project_path, project_paths
from scraper.reader import read
from scraper.rereading import conclude
from scraper.store import articles, failures, runs, shared_dates, summaries
from scraper.store.archive import ArchiveError, check_folder, open_archive
from scraper.store.captures import CaptureStore, record_of, repair
from scraper.store.documents import ArchiveDocuments
from scraper.store.recording import Recorded, Recording
from scraper.store.sources import load_source
from scraper.store.warc import Response, timestamp


class Busy(UserError):
    """Another run has the source."""


class Session:
    """Opened before a crawl, closed after it. Used from the thread of the crawl alone."""

    def __init__(
        self, settings: BaseSettings, source: Source, *, arguments: Mapping[str, Any], tell: Callable[[str], None] = print
    ) -> None:
        """Check everything that can be checked before the first request, then open it.

        Raises UserError (ArchiveError, WarcError, Busy) with nothing written where something cannot be used.
        """
        self.source = source
        self.limit = settings.getint("DOWNLOAD_MAXSIZE")
        self.counts: Counter[str] = Counter()
        self.outcome = ""  # how the run ended; empty while it goes on
        self.problem = ""  # why it had to stop, where it had to
        self.failed: dict[str, int] = {}  # once it is closed: addresses by reason
        self.recording = self._open_recording(settings)
        captures = self._folder = project_path(settings["CAPTURES"])
        check_folder(captures)
        self.database = open_archive(project_path(settings["ARCHIVE"]))
        try:
            self._lock = _lock(captures, source.id)
            load_source(self.database, source)
            repair(self.database, captures, source.id, tell)
            self.run_id = runs.begin(self.database, "crawl", source.id, json.dumps(dict(arguments), ensure_ascii=False), __version__)
        except BaseException:
            self.database.close()
            raise
        self.captures = CaptureStore(
            self.database,
            captures,
            source.id,
            self.run_id,
            rotate=settings.getint("WARC_ROTATE_BYTES"),
            sync=self.recording is None,  # what comes from a recording can be had again
        )
        self.known = ArchiveDocuments(self.database)
        self.shared = shared_dates.known(self.database, source.id)
        self.known_before = len(self.known_article_keys())  # articles of the source that the archive had when the run began

    def _open_recording(self, settings: BaseSettings) -> Recording | None:
        paths = project_paths(settings.get("REPLAY")) or project_paths(self.source.replay)
        return Recording(paths) if paths else None

    def keep(self, response: Response, record: bytes, digest: str) -> int:
        """Keep a response and give its capture id; one that the archive has already is not kept twice."""
        self.counts["responses"] += 1
        known = self.captures.known(response.url, response.captured_at)
        if known is not None:
            return known
        self.counts["captures"] += 1
        return self.captures.keep(response, record, digest)

    def keep_recorded(self, recorded: Recorded) -> int:
        """Keep a response out of the recording: its record byte for byte where it stands alone, else written anew."""
        known = self.captures.known(recorded.response.url, recorded.response.captured_at)
        if known is not None:
            self.counts["responses"] += 1
            return known
        record, digest = recorded.copy() or record_of(recorded.response)
        return self.keep(recorded.response, record, digest)

    def read(self, capture: Capture, capture_id: int, met: str | None = None) -> articles.Outcome:
        """Read a kept capture and store what it says. `met`: the platform that pages of this crawl showed."""
        reading = read(capture, self.source, self.known, shared=self.shared, met=met)
        outcome = articles.store(
            self.database,
            self.source,
            reading,
            capture_id=capture_id,
            captured_at=timestamp(capture.captured_at),
            parser=__version__,
            run_id=self.run_id,
        )
        self.counts[outcome.kind] += 1
        if reading.page.kind is PageKind.REFUSED:
            self.counts["failures"] += 1
        return outcome

    def fail(self, failure: Failure, *, at: datetime | None = None, capture_id: int | None = None) -> None:
        """Write a failure as a row."""
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

    def known_article_keys(self) -> set[str]:
        """The keys of the source's articles that the archive has."""
        return {key for (key,) in self.database.execute("select key from articles where source_id = ?", [self.source.id])}

    def mark_gone(self, url: str, at: datetime) -> None:
        """Note that the address of a stored article answered that it is gone. Its rows stay."""
        with self.database.conn:
            self.database.conn.execute(
                "update articles set gone_at = ? where source_id = ? and url = ? and gone_at is null and last_seen < ?",
                [timestamp(at), self.source.id, url, timestamp(at)],
            )

    def mark(self, capture_id: int, outcome: str) -> None:
        """Note on a capture what came of it, where it holds no page: a redirect, or the robots file."""
        with self.database.conn:
            self.database.conn.execute("update captures set outcome = ? where id = ?", [outcome, capture_id])

    def open_failures(self) -> dict[str, int]:
        """The failures of this run that are not over: how many addresses by reason, the most frequent first."""
        rows = self.database.execute(
            "select reason, count(*) from failures where run_id = ? and cleared_at is null group by reason order by 2 desc, 1",
            [self.run_id],
        )
        return dict(rows.fetchall())

    def close(self, outcome: str) -> None:
        """End the run: its row, the coverage, the summaries; then close everything."""
        self.outcome = outcome
        self.failed = self.open_failures()
        self.counts["failures"] = sum(self.failed.values())
        runs.end(self.database, self.run_id, outcome, self.counts)
        self.captures.close()
        conclude(self.database, self.source, self._folder, self.limit)
        summaries.rebuild(self.database)
        self.database.execute("pragma wal_checkpoint(truncate)")
        self.database.close()
        if self.recording is not None:
            self.recording.close()
        self._lock.close()


def _lock(captures: Path, source_id: str) -> Any:
    """Hold the source for this run; the system lets go of it when the process ends, however it ends."""
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
