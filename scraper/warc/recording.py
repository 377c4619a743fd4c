"""Recordings that answer requests: WARC files of any tool, indexed by URL.

A recording is one or more .warc or .warc.gz files, folders of them, or .wacz packages (browsertrix), whose WARC files are unpacked. A
revisit record ("same bytes as that other response") is a version of its own, with its own headers and time. Its body is that of the
response that it refers to, which may be in any of the files. An answer 304 has no body, as when the server sent it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from warcio.recordloader import ArcWarcRecord

from scraper.scratch_folder import ScratchFolder
from scraper.two_languages import Message
from scraper.warc.archived_files import ArchivedFile, archived_files, salvaged, write_record
from scraper.warc.dates import moment, timestamp
from scraper.warc.fast_scan import FastScan, Gap
from scraper.warc.packages import PACKAGE_SUFFIX
from scraper.warc.records import OK, SUFFIXES, Original, Place, Response, WarcError, other_digest, own_response, parse_record, read, scan
from scraper.warc.versions import IndexedResponse, Version, indexed_responses, url_key

_SECOND = len("2013-03-01T02:00:00")  # a date up to its second; some tools leave out the rest where they refer to it
_REASONS = {"cut-off": "bị cụt", "damaged": "bị hỏng", "no-response": "không có phản hồi HTTP"}  # of a gap, in Vietnamese
_LONGEST_SALVAGED = 64 * 1024 * 1024  # bytes of a record that lacks its end


def warc_files(paths: Iterable[Path]) -> list[Path]:
    """Returns the WARC files and packages that the paths name. A folder stands for all files below it, ordered by path.

    Raises:
        WarcError: if a path does not exist, or a folder holds no WARC file.
    """
    files: list[Path] = []
    for path in paths:
        if not path.exists():
            raise WarcError(
                Message(
                    f"{path}: there is no such file; give the path of a .warc.gz, or of a folder of them",
                    f"{path}: không có tệp này; hãy ghi đường dẫn của một tệp .warc.gz, hoặc của thư mục chứa chúng",
                )
            )
        if path.is_dir():
            inside = sorted(file for file in path.rglob("*") if file.name.endswith((*SUFFIXES, PACKAGE_SUFFIX)))
            if not inside:
                raise WarcError(
                    Message(
                        f"{path}: holds no WARC file (.warc.gz, .warc or .wacz)", f"{path}: không có tệp WARC (.warc.gz, .warc hoặc .wacz)"
                    )
                )
            files += inside
        else:
            files.append(path)
    return files


def _other_hosts(key: str) -> Iterator[str]:
    """Yields the keys of a URL on the other spellings of its host: with or without `www.`, and with or without the usual port. The tool
    that made the recording may have used another one.
    """
    host, slash, path = key.partition("/")
    bare = host.removesuffix(":80").removesuffix(":443")
    names = (bare, bare.removeprefix("www.") if bare.startswith("www.") else f"www.{bare}")
    yield from (f"{name}{port}{slash}{path}" for name in names for port in ("", ":80", ":443"))


@dataclass(frozen=True, slots=True)
class Recorded:
    """A response found in a recording, and its place there. `original`: of a revisit, the response that has the body."""

    response: Response
    place: Place
    digest: str
    more: bool = False  # whether the recording has a later version of this URL
    original: Original | None = None
    original_missing: bool = False  # a revisit whose original is not in the recording; the body is empty
    is_exact: bool = True  # whether the record states the URL and the time of the response

    def copy(self) -> tuple[bytes, str] | None:
        """Returns the original bytes of the record and its digest, or None if they cannot be copied unchanged.

        They can be copied if the record is a gzip member of its own, has a digest, and states its URL and its date in a form that every
        tool understands.
        """
        if not self.digest or self.place.length is None or not self.is_exact:
            return None
        with self.place.file.open("rb") as file:
            file.seek(self.place.offset)
            if file.read(2) != b"\x1f\x8b":
                return None
            file.seek(self.place.offset)
            return file.read(self.place.length), self.digest


class RecordedSite(Protocol):
    """What answers instead of a site: the files of a recording, or a web archive."""

    def urls(self) -> Iterator[str]:
        """Yields every URL that can be answered."""

    def has(self, url: str) -> bool:
        """Returns whether there is a response for a URL."""

    def pages_not_found(self) -> Iterator[str]:
        """Yields every URL that has a page and was not yet requested."""

    def pass_over(self, url: str) -> None:
        """Leaves a URL out of `pages_not_found`."""

    def close(self) -> None:
        """Releases what was opened."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A recorded version of a URL. `date`: as `timestamp` writes it. `is_page`: status 200, and HTML or of unknown type."""

    url: str
    date: str
    status: int
    is_page: bool


class Recording:
    """The responses of some WARC files by URL. The responses for one URL are its versions, ordered from the oldest."""

    def __init__(self, paths: Iterable[Path] = (), *, indexed: Iterable[IndexedResponse] | None = None) -> None:
        """Reads the index of all files. `indexed`: the index, if the files were read before.

        Of a record that lacks its end, what is there is a version, too. `gaps` says what could not be read.
        Raises:
            WarcError: if a file is missing or not a WARC file, or if the files hold no response at all.
        """
        self._found: set[str] = set()  # URL keys that `find` was called with
        self.files = warc_files(paths)
        self.gaps: list[Message] = []
        self._unpacked = ScratchFolder("recording")
        try:
            self._versions = _by_url(self._read() if indexed is None else indexed)
            if not self._versions:
                raise WarcError(
                    Message(
                        f"{', '.join(map(str, self.files))}: holds no response; give a WARC file of a crawl",
                        f"{', '.join(map(str, self.files))}: không có phản hồi nào; hãy đưa tệp WARC của một lượt thu thập",
                    )
                )
        except WarcError:
            self.close()
            raise

    def _read(self) -> Iterator[IndexedResponse]:
        for path in self.files:
            for file in archived_files(path, self._unpacked.path):
                yield from indexed_responses(self._whole_records(file), file.name, file.span.begin)

    def _whole_records(self, file: ArchivedFile) -> Iterator[tuple[ArcWarcRecord, Place]]:
        """Yields the records of a file. What lacks its end is written into a file of its own; other gaps are only noted."""
        for found in FastScan(file.span, lambda kind, url: True, _LONGEST_SALVAGED):
            if isinstance(found, Gap):
                at, url = found.offset - file.span.begin, f" {found.url}" if found.url else ""
                self.gaps.append(
                    Message(
                        f"{file.path}: {found.reason} at byte {at}: {found.detail.en}{url}",
                        f"{file.path}: {_REASONS.get(found.reason, found.reason)} ở byte {at}: {found.detail.vi}{url}",
                    )
                )
                data = salvaged(found, file, file.span.begin)
                if data:
                    place = write_record(self._unpacked.path / f"{len(self.gaps)}.cut.warc.gz", data)
                    yield parse_record(data, place.file, 0), place
            else:
                yield found

    def urls(self) -> Iterator[str]:
        """Yields every URL that the recording can answer."""
        return (versions[-1].url for versions in self._versions.values())

    def listed(self) -> Iterator[Listed]:
        """Yields every version of every URL, those of one URL from the oldest."""
        for versions in self._versions.values():
            yield from (Listed(one.url, one.date, one.status, one.is_page) for one in versions)

    def has(self, url: str) -> bool:
        """Returns whether there is a response for a URL."""
        return self._key(url) in self._versions

    def pages_not_found(self) -> Iterator[str]:
        """Yields every URL that has a page (status 200, HTML or of unknown type) and was not yet passed to `find`."""
        for key, versions in self._versions.items():
            if key not in self._found and any(version.is_page for version in versions):
                yield versions[-1].url

    def pass_over(self, url: str) -> None:
        """Leaves a URL out of `pages_not_found`."""
        self._found.add(url_key(url))

    def close(self) -> None:
        """Removes what was unpacked."""
        self._unpacked.close()

    def __len__(self) -> int:
        """Returns the number of URLs that the recording can answer."""
        return len(self._versions)

    def version(self, url: str, number: int) -> Version | None:
        """Returns a version of a URL that `find` would return, without reading it, or None. It does not count as found. `number`: 0 is the
        oldest."""
        versions = self._versions.get(self._key(url), [])
        return versions[number] if number < len(versions) else None

    def _key(self, url: str) -> str:
        """Returns the key under which the versions of a URL are kept: its own, or that of another spelling of its host."""
        key = url_key(url)
        return key if key in self._versions else next((one for one in _other_hosts(key) if one in self._versions), key)

    def find(self, url: str, limit: int, version: int | None = None, *, since: datetime | None = None) -> Recorded | None:
        """Returns a recorded response for a URL, with the date of its recording, or None if the recording lacks it.

        `version`: 0 is the oldest. The default is the newest page (status 200), or the newest response with a body if none of them is a
        page. `since`: the first version that was recorded then or later, else the last one before; `version` does not count.
        Raises TooLarge if the body has more than `limit` bytes.
        """
        key = self._key(url)
        versions = self._versions.get(key)
        if versions is None:
            return None
        self._found.add(key)
        if since is not None:
            with_body = [one for one in versions if not one.is_unmodified] or versions
            return read_version(next((one for one in with_body if moment(one.date) >= since), with_body[-1]), url, limit, more=False)
        if version is None:
            with_body = [one for one in versions if not one.is_unmodified] or versions
            chosen = next((one for one in reversed(with_body) if one.is_page), with_body[-1])
        elif version < len(versions):
            chosen = versions[version]
        else:
            return None
        more = version is not None and version + 1 < len(versions)
        return read_version(chosen, url, limit, more=more)


def _by_url(responses: Iterable[IndexedResponse]) -> dict[str, list[Version]]:
    """Returns the versions of each URL, from the oldest, by URL key."""
    kept: dict[str, dict[str, Version]] = {}  # by URL key, then by date
    revisits: list[tuple[Version, Original]] = []
    by_digest: dict[str, Version] = {}
    for one in responses:
        versions = [replace(one.version, url=url) for url in one.urls]
        if one.refers_to is not None:
            revisits += [(version, one.refers_to) for version in versions]
            continue
        for version in versions:
            _keep(kept, version)
            by_digest.setdefault(version.digest, version)
    by_digest.pop("", None)
    completed = [_completed(version, _original(version, wanted, kept, by_digest)) for version, wanted in revisits]
    for version in completed:
        _keep(kept, version)
    return {key: [by_date[date] for date in sorted(by_date, key=moment)] for key, by_date in kept.items()}


def read_version(version: Version, url: str, limit: int, *, more: bool) -> Recorded:
    """Returns a version of a URL with its body. `more`: whether there is a later one.
    Raises TooLarge if the body has more than `limit` bytes.
    """
    original = version.original
    missing = version.is_revisit and original is None
    if missing or (version.is_revisit and version.is_unmodified):
        found = own_response(next(_records_at(version.place, limit)), limit)
    else:
        found = read(version.place, limit, original.place if original is not None else None)
    states = None
    if original is not None:
        # If it is a version of the URL that is requested, the archive stores it with that spelling.
        of_url = url if url_key(original.url) == url_key(url) else original.url
        states = Original(of_url, moment(original.date), original.digest)
    response = replace(found, url=url, captured_at=moment(version.date), origin=version.origin)
    return Recorded(
        response, version.place, version.digest, more=more, original=states, original_missing=missing, is_exact=version.is_exact
    )


def _records_at(place: Place, limit: int) -> Iterator[ArcWarcRecord]:
    return (record for record, _ in scan(place.file, place.offset, limit))


def _keep(kept: dict[str, dict[str, Version]], version: Version) -> None:
    if version.url.startswith(("http://", "https://")):
        of_url = kept.setdefault(url_key(version.url), {})
        before = of_url.get(version.date)
        if before is None or _is_seen_last(version, before):
            of_url[version.date] = version


def _is_seen_last(version: Version, before: Version) -> bool:
    """Returns whether a version is what a visitor would have seen last, of two of the same second, which are two consecutive requests.

    A redirect from http to https leads to the page. Else the later record of a file counts: a revisit is looked at after all responses,
    wherever it is.
    """
    if _worth(version) != _worth(before):
        return _worth(version) > _worth(before)
    return version.place.file != before.place.file or version.place.offset > before.place.offset


def _worth(version: Version) -> int:
    status = version.status or (version.original.status if version.original is not None else 0)
    return 2 if version.is_page else int(status == OK)


def _completed(revisit: Version, original: Version | None) -> Version:
    """Returns a revisit with its original. A revisit that states no status has that of its original."""
    if original is None:
        return revisit
    is_page = revisit.is_page or (original.is_page and not revisit.is_unmodified)
    return replace(revisit, digest=revisit.digest or original.digest, original=original, is_page=is_page)


def _original(
    revisit: Version, wanted: Original, responses: Mapping[str, Mapping[str, Version]], by_digest: Mapping[str, Version]
) -> Version | None:
    """Returns the response that a revisit refers to: the one of that URL and second, else any with the same digest. If the digest says
    nothing, the latest one of that URL that is not later than the revisit. The digest of an answer 304 may be that of its empty body, so it
    says nothing."""
    digest = "" if revisit.is_unmodified else wanted.digest
    of_url = responses.get(url_key(wanted.url), {})
    possible = [one for one in of_url.values() if not one.is_unmodified and not other_digest(digest, one.digest)]
    second = timestamp(wanted.captured_at)[:_SECOND]
    exact = next((one for one in possible if one.date[:_SECOND] == second), None)
    if exact is not None or digest in by_digest:
        return exact or by_digest[digest]
    at = moment(revisit.date)
    return max((one for one in possible if moment(one.date) <= at), key=lambda one: moment(one.date), default=None)
