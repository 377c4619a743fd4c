"""Takes the text of files that were kept, and stores what it says: in a crawl, and for `scrapy attachments extract`."""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database

from scraper import clock
from scraper.attachments.extractor import Extractor
from scraper.attachments.file_text import FileText
from scraper.content_coding import CannotDecode, TooLarge
from scraper.file_reader import read_file
from scraper.model import Source
from scraper.store import file_texts
from scraper.store.captures import kept, load
from scraper.store.documents import ArchiveDocuments
from scraper.two_languages import EMPTY, Message, message_of
from scraper.version import extractor_version
from scraper.warc.dates import timestamp
from scraper.warc.records import WarcError


class KeptFiles:
    """`documents`: those that a file can cite. `longest`: bytes of the largest file that is read."""

    def __init__(self, database: Database, captures: Path, documents: ArchiveDocuments, longest: int) -> None:
        self._database, self._captures, self._documents, self._longest = database, captures, documents, longest

    def read(self, file_id: int, capture_id: int, source: Source, extractor: Extractor) -> Message:
        """Takes the text of a file from its capture, and stores what it says. Returns why the capture cannot be read; empty if it can."""
        [capture] = kept(self._database, self._captures, "id = ?", [capture_id])
        try:
            body = load(capture, self._longest).body
        except (WarcError, TooLarge, CannotDecode) as error:
            why = message_of(error)
            return Message(
                f"{capture.url}: cannot be read from its capture: {why.en}; scrapy captures verify says more",
                f"{capture.url}: không đọc được từ bản chụp: {why.vi}; scrapy captures verify cho biết thêm",
            )
        self.store(file_id, source, extractor.extract(body))
        return EMPTY

    def store(self, file_id: int, source: Source, text: FileText) -> None:
        """Stores what the text of a file says. One transaction."""
        reading = read_file(text, source, self._documents)
        file_texts.store(self._database, file_id, reading, at=timestamp(clock.now()), extractor=extractor_version())
