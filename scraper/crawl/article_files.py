"""The files of the articles of one source, during one run: which are requested, and what becomes of their responses."""

from __future__ import annotations

import asyncio
import logging

from scrapy.settings import BaseSettings

from scraper import clock, stopping
from scraper.attachments.file_text import Kind
from scraper.attachments.kinds import by_first_bytes
from scraper.crawl.kept_files import KeptFiles
from scraper.crawl.shared_archive import SharedArchive
from scraper.crawl.stored_capture import StoredCapture
from scraper.model import Failure, Source
from scraper.store import failures, files
from scraper.warc.dates import timestamp

logger = logging.getLogger(__name__)


def day_limits(settings: BaseSettings) -> files.DayLimits:
    """Returns what the settings allow to request from a source today, in Viet Nam."""
    midnight = clock.now().astimezone(clock.VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
    return files.DayLimits(settings.getint("FILES_PER_DAY"), settings.getint("FILE_BYTES_PER_DAY"), since=midnight)


class ArticleFiles:
    """Create it with a run. `received`: files that it kept so far. `longest`: bytes of the largest file that is kept."""

    def __init__(self, archive: SharedArchive, source: Source, settings: BaseSettings, *, is_live: bool) -> None:
        """`is_live`: whether sites answer. The limits of a day protect them; a recording has none."""
        self._archive, self._source, self._database = archive, source, archive.database
        self.longest = settings.getint("FILE_MAXSIZE")
        self.received = 0
        self._extractor = archive.extractor(ocr=source.ocr)
        self._kept = KeptFiles(archive.database, archive.captures, archive.documents, self.longest)
        self._queue = files.FileQueue(self._database, source.id, day_limits(settings) if is_live else None)

    def take(self, number: int) -> list[files.Wanted]:
        """Returns up to `number` files that this run has not requested yet; none if a limit of the day is reached."""
        self.decide()
        return self._queue.take(number, clock.now())

    def keep(self, file_id: int, answer: StoredCapture) -> Failure | None:
        """Records that a file was received. Returns why the response is not the file: it is incomplete or empty, or a page."""
        capture = answer.capture
        size = f"{len(capture.body):,} bytes"
        if capture.truncated:
            return Failure("fetch", "truncated", capture.url, f"{size} were received")
        kind = by_first_bytes(capture.body)
        if kind in (Kind.HTML, Kind.EMPTY):
            return Failure("fetch", "not-a-file", capture.url, "empty" if kind is Kind.EMPTY else f"a page of {size}")
        at = timestamp(capture.captured_at)
        files.keep(self._database, file_id, answer.id, len(capture.body), at)
        with self._database.conn:
            failures.clear(self._database, self._source.id, capture.url, at)
        self.received += 1
        return None

    async def read(self, file_id: int, answer: StoredCapture) -> None:
        """Takes the text of a file that was kept, in a process of its own, and stores what it says. Other crawls go on meanwhile."""
        text = await asyncio.to_thread(self._extractor.extract, answer.capture.body)
        self._kept.store(file_id, self._source, text)

    def decide(self) -> None:
        """Decides again which files are wanted, if their articles or the block of the source have changed."""
        files.refresh(self._database, self._source)

    def read_waiting(self) -> None:
        """Takes the text of the files that a run kept before it was killed. Raises: Stopped."""
        for file_id, _, capture_id in files.to_extract(self._database, [self._source.id]):
            stopping.check()
            problem = self._kept.read(file_id, capture_id, self._source, self._extractor)
            if problem:
                logger.warning("%s: %s", self._source.id, problem)

    def fail(self, file_id: int, reason: str, at: str) -> None:
        """Records that a request for a file failed. `reason`: as in `failures`. `at`: ISO 8601, UTC."""
        files.fail(self._database, file_id, reason, at)
