"""The captures of one run: every response is kept before a parser sees it, as a revisit if the archive has its body already."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from scrapy.settings import BaseSettings
from sqlite_utils import Database

from scraper.crawl.run_counts import RunCounts
from scraper.crawl.stored_capture import StoredCapture
from scraper.crawl.web_recording import WebRecording
from scraper.model import PageKind
from scraper.store import files, lost_captures, returned_originals, validators
from scraper.store.capture_writing import CaptureStore, Encoded, copied_capture, encode_capture
from scraper.store.captures import KeptCapture, kept, load, set_outcome
from scraper.warc.dates import moment
from scraper.warc.recording import Recorded
from scraper.warc.records import NOT_MODIFIED, Response


class RunCaptures:
    """Belongs to one run, which closes it."""

    def __init__(
        self,
        database: Database,
        folder: Path,
        source_id: str,
        run_id: int,
        settings: BaseSettings,
        counts: RunCounts,
        *,
        web: WebRecording | None,
        sync: bool,
        broken: Collection[Path],
    ) -> None:
        """`folder`: of all captures. `counts`: in which the responses are counted. `web`: the web archive that answers instead of the site.
        `sync`, `broken`: as for `CaptureStore`.
        """
        self._database, self._folder, self._source_id = database, folder, source_id
        self._counts, self._web = counts, web
        self._longest_body = settings.getint("DOWNLOAD_MAXSIZE")  # bytes, decoded
        rotate = settings.getint("WARC_ROTATE_BYTES")
        self._store = CaptureStore(database, folder, source_id, run_id, rotate=rotate, sync=sync, broken=broken)

    def keep(self, response: Response, encoded: Encoded, page_kind: PageKind | None = None) -> int:
        """Keeps a response and returns its capture id. If the archive already has the response, returns the existing id.

        `encoded`: the WARC record of the response (`encode_capture`). `page_kind`: what its URL was requested as; None if
        a later request for it is never conditional.
        """
        self._counts.responses += 1
        existing = self._store.known(response.url, response.captured_at)
        if existing is not None:
            if lost_captures.is_lost(self._database, existing):
                self._store.restore(existing, response, encoded)
                self._counts.restored += 1
            return existing
        self._counts.captures += 1
        with self._database.conn:
            capture_id = self._store.keep(response, encoded)
            if page_kind is not None:
                validators.note(self._database, self._source_id, page_kind.value, capture_id)
        return capture_id

    def keep_recorded(self, recorded: Recorded, page_kind: PageKind | None = None) -> int:
        """Keeps a response of the recording and returns its capture id. The WARC record is copied byte for byte if it can be separated,
        otherwise a new one is written. A revisit is kept as one if the archive has its original, otherwise with its body. `page_kind`: as
        for `keep`.
        """
        capture_id = self._keep_recorded(recorded, page_kind)
        if self._web is not None:
            self._web.note_kept(recorded)
        return capture_id

    def _keep_recorded(self, recorded: Recorded, page_kind: PageKind | None) -> int:
        response = recorded.response
        existing = self._store.known(response.url, response.captured_at)
        if existing is not None and not lost_captures.is_lost(self._database, existing):
            self._counts.responses += 1
            return existing
        original = self.original_of_recorded(recorded)
        if recorded.original is None or original is not None:
            copied = recorded.copy()
            if copied is not None:
                return self.keep(response, copied_capture(response, *copied, original), page_kind)
        return self.keep(response, encode_capture(response, self._longest_body, original=original), page_kind)

    def original_of(self, response: Response, unchanged_since: int | None) -> KeptCapture | None:
        """Returns the capture that has the body of a response, so that it can be kept as a revisit: for an answer 304 that of the capture
        `unchanged_since`, else one of the URL with the same digest. None if there is none.
        """
        if response.status == NOT_MODIFIED:
            return self._store.with_body(unchanged_since) if unchanged_since is not None else None
        return self._store.with_same_body(response)

    def original_of_recorded(self, recorded: Recorded) -> KeptCapture | None:
        """Returns the capture that has the body of a revisit in a recording. None if the archive has none, or if
        it is not a revisit."""
        wanted = recorded.original
        found = self.at(wanted.url, wanted.captured_at) if wanted is not None else None
        return self._store.with_body(found) if found is not None else None

    def original_of_file(self, response: Response) -> KeptCapture | None:
        """Returns the first capture of a file with the same bytes at another URL of the source, so that it can be kept as a revisit. None
        if there is none, or if the file is empty."""
        found = files.same_file(self._database, self._source_id, response.payload_digest) if response.body else None
        return self._store.with_body(found) if found is not None else None

    def complete(self, capture_id: int) -> tuple[StoredCapture | None, int | None]:
        """Returns the capture of a revisit whose original the recording lacks, and the id of the capture that has the body, if the archive
        has that; None for both if it has not. Of an answer 304, only the id is returned, because it has no page.
        Raises: WarcError, TooLarge or CannotDecode if it cannot be read.
        """
        with self._database.conn:
            has_body = returned_originals.complete(self._database, self._folder, self._source_id, capture_id)
        if not has_body:
            return None, None
        [found] = kept(self._database, self._folder, "id = ?", [capture_id])
        page = StoredCapture(capture_id, load(found, self._longest_body)) if found.status != NOT_MODIFIED else None
        return page, self._store.original_of(capture_id)

    def load(self, capture_id: int) -> StoredCapture:
        """Returns a capture with its body. Raises: WarcError, TooLarge or CannotDecode if it cannot be read."""
        [found] = kept(self._database, self._folder, "id = ?", [capture_id])
        return StoredCapture(capture_id, load(found, self._longest_body))

    def at(self, url: str, captured_at: datetime) -> int | None:
        """Returns the id of the capture of a URL at a time, or None if the archive does not have it."""
        return self._store.known(url, captured_at)

    def time_of(self, capture_id: int) -> datetime:
        """Returns the time of a capture."""
        [(at,)] = self._database.execute("select captured_at from captures where id = ?", [capture_id]).fetchall()
        return moment(at)

    def mark(self, capture_id: int, outcome: str) -> None:
        """Records the outcome of a capture that holds no page: redirect, robots or not-modified. One transaction."""
        set_outcome(self._database, capture_id, outcome)

    def close(self) -> None:
        """Closes the files of captures."""
        self._store.close()
