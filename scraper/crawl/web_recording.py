"""A web archive that answers instead of a site: which captures of a page it has, and which of them the archive has kept already.

It takes the place of a recording (`scraper/warc/recording.py`). Its index is in the table `web_captures`; the bytes come from the captures
of the archive, else from the web archive itself (`scraper/crawl/backfill/middleware.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database
from w3lib.url import safe_url_string

from scraper import clock
from scraper.model import Source
from scraper.store import failures
from scraper.store.captures import kept
from scraper.store.web_captures import FAILED, KEPT, LISTED, NOT_NEEDED, WebCaptureTable
from scraper.urls import at_listed_host, other_scheme, without_session
from scraper.warc.dates import moment
from scraper.warc.recording import Recorded
from scraper.warc.records import Place, WarcError, read
from scraper.webarchives.archives import WebArchive
from scraper.webarchives.playback import TRANSIENT, Played
from scraper.webarchives.questions import Period
from scraper.webarchives.versions import PAGE_TYPES, Listed, Version, page_key, versions_of, wanted

REST_DAYS = 7  # days for which a capture that could not be played is left alone
_MOST_TRIES = 3  # captures with the same bytes that are requested within REST_DAYS if the first ones cannot be played
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Backfill:
    """What a back-fill is for."""

    archive: WebArchive
    period: Period
    most_versions: int  # of one page; a page of which an archive has more is a counter or a clock

    @property
    def as_arguments(self) -> dict[str, str]:
        """What the row of the run says of it."""
        return {"archive": self.archive.id, "from": self.period.first.isoformat(), "to": self.period.last.isoformat()}


@dataclass(frozen=True, slots=True)
class Fetched(Recorded):
    """A capture that came from a web archive. `listed`: its row. `record`: its WARC record and its digest, if the archive gave that."""

    listed: Listed | None = None
    record: tuple[bytes, str] | None = None

    def copy(self) -> tuple[bytes, str] | None:
        """Returns the record as the archive gave it, or None if it gave only the response."""
        return self.record


@dataclass(frozen=True, slots=True)
class Found:
    """A version of a page that was looked for. `has_later`: whether there is a later one."""

    version: Version
    has_later: bool


class WebRecording:
    """The captures of a web archive of one source in one period."""

    def __init__(self, database: Database, folder: Path, source: Source, backfill: Backfill, longest_body: int) -> None:
        self.archive, self.period = backfill.archive, backfill.period
        self.table = WebCaptureTable(database, source.id, backfill.archive.id)
        self._database, self._folder, self._source = database, folder, source
        self._longest_body, self._most_versions = longest_body, backfill.most_versions
        self._passed: set[str] = set()  # keys of the pages that were requested
        self.fetched = 0  # captures that came from the web archive in this run
        self.not_played: dict[str, int] = {}  # captures that it did not give in this run, by reason

    # --- as a recording -----------------------------------------------------------------------------------

    def urls(self) -> Iterator[str]:
        """Yields the URL of every page with a capture of the period."""
        return (url for _, url in self.table.pages(self.period.begins, self.period.ends))

    def has(self, url: str) -> bool:
        """Returns whether the web archive has a capture of a URL in the period."""
        return bool(self.versions(url))

    def pages_not_found(self) -> Iterator[str]:
        """Yields every URL with a page of the period that was not yet requested, those that were captured first at the beginning."""
        for key, url in self.table.pages(self.period.begins, self.period.ends):
            if key not in self._passed and any(_is_page(version) for version in self.versions(url)):
                yield url

    def pass_over(self, url: str) -> None:
        """Leaves a URL out of `pages_not_found`."""
        self._passed.add(page_key(url))

    def close(self) -> None:
        """Does nothing: the database belongs to the run."""

    # --- versions -----------------------------------------------------------------------------------------

    def versions(self, url: str) -> list[Version]:
        """Returns the versions of a page that this back-fill requests, from the earliest."""
        return self._all_versions(page_key(url))[: self._most_versions]

    def _all_versions(self, key: str) -> list[Version]:
        rows = [_listed(row) for row in self.table.of_page(key)]
        return wanted(versions_of(rows), self.period.begins, self.period.ends)

    def leave_out_versions(self) -> int:
        """Notes which captures of the period this run does not request, because their page has too many versions. Returns their number."""
        first, last = self.period.begins, self.period.ends
        pages = self.table.pages_with_more(self._most_versions, first, last)
        cut = (version for key in pages for version in self._all_versions(key)[self._most_versions :])
        numbers = [one.number for version in cut for one in version.captures]
        self.table.set_too_many(numbers, first, last)
        return len(numbers)

    def find(self, url: str, number: int, since: datetime | None = None) -> Found | None:
        """Returns a version of a page, or None if the archive has none. `number`: 0 is the earliest. `since`: the first one of then or
        later, else the last one before; `number` does not count.
        """
        self.pass_over(url)
        versions = self.versions(url)
        if since is not None and versions:
            return Found(next((one for one in versions if one.captures[-1].at >= since), versions[-1]), has_later=False)
        return Found(versions[number], number + 1 < len(versions)) if number < len(versions) else None

    def to_try(self, captures: Sequence[Listed]) -> list[Listed]:
        """Returns those captures of a version that may be requested now: first those that never were, then those whose last request is the
        oldest. One that failed lately is left out, and counts as a try, whichever run requested it.
        """
        now = clock.now()
        rested = [one for one in captures if not _rests(one, now)]
        rested.sort(key=lambda one: one.tried or _NEVER)
        return rested[: max(0, _MOST_TRIES - (len(captures) - len(rested)))]

    def to_fetch(self) -> Iterator[Version]:
        """Yields every version of the period that this run would request from the web archive."""
        for _, url in self.table.pages(self.period.begins, self.period.ends):
            for version in self.versions(url):
                if self.to_try(version.captures) and not any(one.state in (KEPT, NOT_NEEDED) for one in version.captures):
                    yield version

    def stored(self, listed: Listed, url: str) -> Fetched | None:
        """Returns the capture as the archive has kept it, or None if it has not, or it cannot be read. `url`: as it is requested."""
        urls = [*dict.fromkeys((url, other_scheme(url), without_session(url), self.stored_url(listed.original)))]
        capture_id = self.table.capture_at(urls, listed.at)
        if capture_id is None:
            return None
        [found] = kept(self._database, self._folder, "id = ?", [capture_id])
        try:
            response = read(found.place, self._longest_body, found.original, digest=found.digest)
        except WarcError:  # then it is requested again
            return None
        return Fetched(response, found.place, found.digest, listed=listed)

    def played(self, listed: Listed, played: Played) -> Fetched:
        """Returns a capture that the web archive gave."""
        self.fetched += 1
        digest = played.record[1] if played.record is not None else ""
        return Fetched(played.response, Place(Path(listed.file or "-"), listed.offset or 0), digest, listed=listed, record=played.record)

    def stored_url(self, original: str) -> str:
        """Returns the URL under which the archive stores a capture: at the listed host, without its session, escaped as it is requested."""
        return safe_url_string(without_session(at_listed_host(original, self._source.hosts) or original))

    def note_kept(self, recorded: Recorded) -> None:
        """Records that the archive has stored a capture of the web archive."""
        if isinstance(recorded, Fetched) and recorded.listed is not None and recorded.listed.state != KEPT:
            self.table.set_kept(recorded.listed.original, recorded.listed.at)

    def note_failed(self, listed: Listed, reason: str) -> None:
        """Records why a capture was not given."""
        self.not_played[reason] = self.not_played.get(reason, 0) + 1
        self.table.set_failed(listed.original, listed.at, reason)

    def recorded_detail(self, url: str, reason: str) -> str | None:
        """Returns the detail of the failure that an earlier request for a URL left, or None if it left none."""
        return failures.detail_of(self._database, self._source.id, url, "fetch", reason)

    def settle(self) -> None:
        """Records, at the end of a run that requested everything, what it did not need: pages whose article came from another URL. A
        version of which a capture was requested in vain is needed.
        """
        unneeded = (version for version in self.to_fetch() if all(one.state == LISTED for one in version.captures))
        left = [one.number for version in unneeded for one in version.captures]
        self.table.set_not_needed(left)


def _rests(listed: Listed, now: datetime) -> bool:
    recent = listed.tried is not None and now - listed.tried < timedelta(days=REST_DAYS)
    return listed.state == FAILED and recent and listed.reason not in TRANSIENT


def _is_page(version: Version) -> bool:
    first = version.captures[0]
    return first.is_good and first.mime in PAGE_TYPES


def _listed(row: Sequence[object]) -> Listed:
    number, original, at, mime, status, digest, length, file, offset, state, reason, tried = row
    assert isinstance(number, int)
    assert isinstance(status, int)
    return Listed(
        str(original),
        moment(str(at)),
        str(mime),
        status,
        str(digest),
        length if isinstance(length, int) else None,
        str(file),
        offset if isinstance(offset, int) else None,
        number=number,
        state=str(state),
        reason=str(reason) if reason is not None else None,
        tried=moment(str(tried)) if tried is not None else None,
    )
