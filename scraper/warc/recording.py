"""Recordings that answer requests: WARC files of any tool, indexed by URL.

A recording is one or more .warc or .warc.gz files, folders of them, or .wacz packages (browsertrix), whose WARC files are unpacked. A
revisit record ("same bytes as that other response") is a version of its own, with its own headers and time. Its body is that of the
response that it refers to, which may be in any of the files. An answer 304 has no body, as when the server sent it.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl

from w3lib.url import canonicalize_url
from warcio.recordloader import ArcWarcRecord

from scraper.post_urls import exact_post_url, is_post_url, post_url
from scraper.warc.dates import moment, timestamp
from scraper.warc.packages import CANNOT_UNPACK, PACKAGE_SUFFIX, warc_entries
from scraper.warc.records import (
    NOT_MODIFIED,
    SUFFIXES,
    Origin,
    Original,
    Place,
    Response,
    WarcError,
    origin_of,
    other_digest,
    own_response,
    read,
    refers_to,
    scan,
    stated_time,
    stored_url,
    target,
)
from scraper.web_archive_urls import unwrap

_WARC_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z")  # ISO 28500, 5.4
_SECOND = len("2013-03-01T02:00:00")  # a date up to its second; some tools leave out the rest where they refer to it
_EXCHANGES = 8  # records between a request and its response; writers put them side by side
_LONGEST_FORM = 1024 * 1024  # bytes of the fields of a form


def warc_files(paths: Iterable[Path]) -> list[Path]:
    """Returns the WARC files and packages that the paths name. A folder stands for all files below it, ordered by path.

    Raises:
        WarcError: if a path does not exist, or a folder holds no WARC file.
    """
    files: list[Path] = []
    for path in paths:
        if not path.exists():
            raise WarcError(f"{path}: there is no such file; give the path of a .warc.gz, or of a folder of them")
        if path.is_dir():
            inside = sorted(file for file in path.rglob("*") if file.name.endswith((*SUFFIXES, PACKAGE_SUFFIX)))
            if not inside:
                raise WarcError(f"{path}: holds no WARC file (.warc.gz, .warc or .wacz)")
            files += inside
        else:
            files.append(path)
    return files


def url_key(url: str) -> str:
    """Returns a key that is equal for all spellings of a URL. It ignores http or https, the fragment, escapes and the order of
    the query."""
    canonical: str = canonicalize_url(url, keep_blank_values=True)
    return canonical.partition("://")[2]


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
        if not self.digest or self.place.file.suffix != ".gz" or self.place.length is None or not self.is_exact:
            return None
        with self.place.file.open("rb") as file:
            file.seek(self.place.offset)
            return file.read(self.place.length), self.digest


@dataclass(frozen=True, slots=True)
class Listed:
    """A recorded version of a URL. `date`: as `timestamp` writes it. `is_page`: status 200, and HTML or of unknown type."""

    url: str
    date: str
    status: int
    is_page: bool


@dataclass(frozen=True, slots=True)
class _Version:
    """One recorded response for a URL."""

    date: str  # its time as `timestamp` writes it; compare it with `moment`, because as text "00.5Z" comes before "00Z"
    digest: str
    place: Place
    url: str
    is_page: bool  # status 200, and HTML or of unknown type
    status: int = 0  # 0 if the record states none
    is_revisit: bool = False
    is_unmodified: bool = False  # status 304
    original: _Version | None = None  # of a revisit, if the recording has it
    origin: Origin | None = None
    is_exact: bool = True  # whether the record states `url` and `date` in this form


class Recording:
    """The responses of some WARC files by URL. The responses for one URL are its versions, ordered from the oldest."""

    def __init__(self, paths: Iterable[Path], *, progress: Callable[[int], None] | None = None) -> None:
        """Reads the index of all files. `progress` is called with the number of bytes read.

        Raises:
            WarcError: if a file is missing, broken or not a WARC file, or if the files hold no response at all.
        """
        self._found: set[str] = set()  # URL keys that `find` was called with
        self.files = warc_files(paths)
        self._unpacked = tempfile.TemporaryDirectory(prefix="wacz-")
        try:
            self._versions = self._index(progress)
        except WarcError:
            self.close()
            raise

    def _index(self, progress: Callable[[int], None] | None) -> dict[str, list[_Version]]:
        """Returns the versions of each URL, from the oldest, by URL key."""
        kept: dict[str, dict[str, _Version]] = {}  # by URL key, then by date
        revisits: list[tuple[_Version, Original]] = []
        by_digest: dict[str, _Version] = {}
        for file in [unpacked for path in self.files for unpacked in self._unpack(path)]:
            for one in _records(file, progress):
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
        if not kept:
            raise WarcError(f"{', '.join(map(str, self.files))}: holds no response; give a WARC file of a crawl")
        return {key: [by_date[date] for date in sorted(by_date, key=moment)] for key, by_date in kept.items()}

    def urls(self) -> Iterator[str]:
        """Yields every URL that the recording can answer."""
        return (versions[-1].url for versions in self._versions.values())

    def listed(self) -> Iterator[Listed]:
        """Yields every version of every URL, those of one URL from the oldest."""
        for versions in self._versions.values():
            yield from (Listed(one.url, one.date, one.status, one.is_page) for one in versions)

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
        self._unpacked.cleanup()

    def find(self, url: str, limit: int, version: int | None = None, *, since: datetime | None = None) -> Recorded | None:
        """Returns a recorded response for a URL, with the date of its recording, or None if the recording lacks it.

        `version`: 0 is the oldest. The default is the newest page (status 200), or the newest response with a body if none of them is a
        page. `since`: the first version that was recorded then or later, else the last one before; `version` does not count.
        Raises TooLarge if the body has more than `limit` bytes.
        """
        key = url_key(url)
        if key not in self._versions:
            key = next((one for one in _other_hosts(key) if one in self._versions), key)
        versions = self._versions.get(key)
        if versions is None:
            return None
        self._found.add(key)
        if since is not None:
            with_body = [one for one in versions if not one.is_unmodified] or versions
            return _read(next((one for one in with_body if moment(one.date) >= since), with_body[-1]), url, limit, more=False)
        if version is None:
            with_body = [one for one in versions if not one.is_unmodified] or versions
            chosen = next((one for one in reversed(with_body) if one.is_page), with_body[-1])
        elif version < len(versions):
            chosen = versions[version]
        else:
            return None
        more = version is not None and version + 1 < len(versions)
        return _read(chosen, url, limit, more=more)

    def _unpack(self, file: Path) -> list[Path]:
        if file.suffix != PACKAGE_SUFFIX:
            return [file]
        folder = Path(self._unpacked.name) / f"{len(list(Path(self._unpacked.name).iterdir()))}"
        try:
            with zipfile.ZipFile(file) as package:
                return [Path(package.extract(entry, folder)) for entry in warc_entries(package)]
        except CANNOT_UNPACK as error:
            raise WarcError(f"{file}: is not a readable WACZ package ({error}); fetch or copy the file again") from error


@dataclass(slots=True)
class _Record:
    """What the index needs of a response or revisit record. `refers_to`: of a revisit, its original as stated; None for a response."""

    urls: list[str]  # under which it is found; more than one for the answer to a form
    version: _Version
    refers_to: Original | None
    ids: set[str]  # its own, and those of the records of the same exchange


def _records(file: Path, progress: Callable[[int], None] | None) -> Iterator[_Record]:
    """Yields the responses and revisits of a file. The record of a POST request, which is close to its answer, gives it other URLs."""
    waiting: deque[_Record] = deque()
    forms: deque[tuple[set[str], list[str]]] = deque(maxlen=_EXCHANGES)
    for record, place in scan(file):
        if progress is not None:
            progress(place.length or 0)
        ids = {record.rec_headers.get_header(name) for name in ("WARC-Record-ID", "WARC-Concurrent-To")} - {None}
        if record.rec_type == "request" and record.http_headers is not None and record.http_headers.protocol == "POST":
            forms.append((ids, _urls_of_form(record)))
            for one in waiting:
                if one.ids & ids and not is_post_url(one.urls[0]):
                    one.urls = forms[-1][1]
        elif record.rec_type == "revisit" or (record.rec_type == "response" and record.http_headers is not None):
            version = _version(record, place)
            known = (found for of, found in forms if of & ids and not is_post_url(version.url))
            waiting.append(_Record(next(known, [version.url]), version, refers_to(record) if version.is_revisit else None, ids))
            if len(waiting) > _EXCHANGES:
                yield waiting.popleft()
    yield from waiting


def _urls_of_form(record: ArcWarcRecord) -> list[str]:
    """Returns the URLs under which the answer to a recorded POST request is found: with all fields, without those that change each time,
    and for ASP.NET with the event only.
    """
    url = target(record)
    fields = parse_qsl(record.content_stream().read(_LONGEST_FORM).decode("utf-8", "replace"), keep_blank_values=True)
    event = [(name, value) for name, value in fields if name in ("__EVENTTARGET", "__EVENTARGUMENT")]
    chosen = [fields, event] if any(name == "__EVENTTARGET" and value for name, value in event) else [fields]
    return list(dict.fromkeys([exact_post_url(url, fields), *(post_url(url, one) for one in chosen)]))


def _read(version: _Version, url: str, limit: int, *, more: bool) -> Recorded:
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


def _keep(kept: dict[str, dict[str, _Version]], version: _Version) -> None:
    if version.url.startswith(("http://", "https://")):
        # Two records of one second are two consecutive requests. The later one is what a visitor would have seen last.
        kept.setdefault(url_key(version.url), {})[version.date] = version


def _version(record: ArcWarcRecord, place: Place) -> _Version:
    url, date, origin, is_exact = _url_and_date(record, place)
    status = record.http_headers.get_statuscode() if record.http_headers is not None else ""
    return _Version(
        date,
        record.rec_headers.get_header("WARC-Payload-Digest") or "",
        place,
        url,
        is_page=_is_page(record),
        status=int(status) if status.isdecimal() else 0,
        is_revisit=record.rec_type == "revisit",
        is_unmodified=status == str(NOT_MODIFIED),
        origin=origin,
        is_exact=is_exact,
    )


def _completed(revisit: _Version, original: _Version | None) -> _Version:
    """Returns a revisit with its original. A revisit that states no status has that of its original."""
    if original is None:
        return revisit
    is_page = revisit.is_page or (original.is_page and not revisit.is_unmodified)
    return replace(revisit, digest=revisit.digest or original.digest, original=original, is_page=is_page)


def _original(
    revisit: _Version, wanted: Original, responses: Mapping[str, Mapping[str, _Version]], by_digest: Mapping[str, _Version]
) -> _Version | None:
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


def _url_and_date(record: ArcWarcRecord, place: Place) -> tuple[str, str, Origin, bool]:
    """Returns the URL and the time of a record, where it comes from, and whether it states both as they are. Of a web archive's replay,
    those of the original capture.
    """
    url = stored_url(record)
    stated = origin_of(record) or Origin("")
    wrapped = unwrap(url)
    if wrapped is not None:
        return wrapped[0], timestamp(wrapped[1]), Origin(stated.uri or url, stated.date_rule or "archive-url"), False
    time, rule = stated_time(record)
    if time is None:
        time, rule = datetime.fromtimestamp(int(place.file.stat().st_mtime), UTC), "file-time"
    origin = Origin(stated.uri or f"{place.file.name}#{place.offset}", stated.date_rule or rule)
    return url, timestamp(time), origin, _WARC_DATE.fullmatch(record.rec_headers.get_header("WARC-Date") or "") is not None


def _is_page(record: ArcWarcRecord) -> bool:
    if record.http_headers is None:
        return False
    content_type = record.http_headers.get_header("content-type") or ""
    return record.http_headers.get_statuscode() == "200" and ("html" in content_type.lower() or not content_type)
