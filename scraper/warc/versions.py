"""What the index of a recording says about each response in it: its URLs, its time, its place, and where it comes from."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl

from w3lib.url import canonicalize_url
from warcio.recordloader import ArcWarcRecord

from scraper.post_urls import exact_post_url, is_post_url, post_url
from scraper.warc.dates import moment, timestamp
from scraper.warc.records import NOT_MODIFIED, Origin, Original, Place, origin_of, refers_to, stated_time, stored_url, target
from scraper.web_archive_urls import unwrap

_WARC_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z")  # ISO 28500, 5.4
_EXCHANGES = 8  # records between a request and its response; writers put them side by side
_LONGEST_FORM = 1024 * 1024  # bytes of the fields of a form


def url_key(url: str) -> str:
    """Returns a key that is equal for all spellings of a URL. It ignores http or https, the fragment, escapes and the order of
    the query. Of what is not a URL, it is the text itself: one record of that kind must not make the others unreadable.

    >>> url_key("https://so.vn/tin?b=2&a=1#top"), url_key("http://[so.vn/tin"), url_key("http://so.vn:99999/")
    ('so.vn/tin?a=1&b=2', '[so.vn/tin', 'so.vn:99999/')
    """
    try:
        canonical: str = canonicalize_url(url, keep_blank_values=True)
    except ValueError:
        canonical = url.partition("#")[0]
    return canonical.partition("://")[2]


@dataclass(frozen=True, slots=True)
class Version:
    """One recorded response for a URL."""

    date: str  # its time as `timestamp` writes it; compare it with `moment`, because as text "00.5Z" comes before "00Z"
    digest: str
    place: Place
    url: str
    is_page: bool  # status 200, and HTML or of unknown type
    status: int = 0  # 0 if the record states none
    is_revisit: bool = False
    is_unmodified: bool = False  # status 304
    original: Version | None = None  # of a revisit, if the recording has it
    origin: Origin | None = None
    is_exact: bool = True  # whether the record states `url` and `date` in this form


@dataclass(slots=True)
class IndexedResponse:
    """What the index needs of a response or revisit record. `refers_to`: of a revisit, its original as stated; None for a response."""

    urls: list[str]  # under which it is found; more than one for the answer to a form
    version: Version
    refers_to: Original | None
    ids: set[str]  # its own, and those of the records of the same exchange


def as_text(one: IndexedResponse) -> str:
    """Returns an entry of the index as a text, to keep it."""
    version, wanted = one.version, one.refers_to
    place, origin = version.place, version.origin or Origin("")
    values = [
        one.urls,
        [
            version.date,
            version.digest,
            version.url,
            version.is_page,
            version.status,
            version.is_revisit,
            version.is_unmodified,
            version.is_exact,
        ],
        [str(place.file), place.offset, place.length],
        [origin.uri, origin.date_rule],
        [wanted.url, timestamp(wanted.captured_at), wanted.digest] if wanted is not None else None,
    ]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def from_text(text: str) -> IndexedResponse:
    """Returns an entry of the index that `as_text` wrote."""
    urls, (date, digest, url, is_page, status, is_revisit, is_unmodified, is_exact), place, origin, wanted = json.loads(text)
    version = Version(
        date,
        digest,
        Place(Path(place[0]), place[1], place[2]),
        url,
        is_page=is_page,
        status=status,
        is_revisit=is_revisit,
        is_unmodified=is_unmodified,
        origin=Origin(*origin),
        is_exact=is_exact,
    )
    refers = Original(wanted[0], moment(wanted[1]), wanted[2]) if wanted is not None else None
    return IndexedResponse(urls, version, refers, set())


def indexed_responses(records: Iterable[tuple[ArcWarcRecord, Place]], name: str = "", begin: int = 0) -> Iterator[IndexedResponse]:
    """Yields the responses and revisits among records. The record of a POST request, which is close to its answer, gives it other URLs.

    `name`, `begin`: the file as the origin of a record names it, if it is in a package, and where it is there.
    """
    waiting: deque[IndexedResponse] = deque()
    forms: deque[tuple[set[str], list[str]]] = deque(maxlen=_EXCHANGES)
    for record, place in records:
        ids = {record.rec_headers.get_header(name) for name in ("WARC-Record-ID", "WARC-Concurrent-To")} - {None}
        if record.rec_type == "request" and record.http_headers is not None and record.http_headers.protocol == "POST":
            forms.append((ids, _urls_of_form(record)))
            for one in waiting:
                if one.ids & ids and not is_post_url(one.urls[0]):
                    one.urls = forms[-1][1]
        elif record.rec_type == "revisit" or (record.rec_type == "response" and record.http_headers is not None):
            version = _version(record, place, f"{name or place.file.name}#{place.offset - begin}")
            known = (found for of, found in forms if of & ids and not is_post_url(version.url))
            waiting.append(IndexedResponse(next(known, [version.url]), version, refers_to(record) if version.is_revisit else None, ids))
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


def _version(record: ArcWarcRecord, place: Place, where: str) -> Version:
    url, date, origin, is_exact = _url_and_date(record, place, where)
    status = record.http_headers.get_statuscode() if record.http_headers is not None else ""
    return Version(
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


def _url_and_date(record: ArcWarcRecord, place: Place, where: str) -> tuple[str, str, Origin, bool]:
    """Returns the URL and the time of a record, where it comes from, and whether it states both as they are. Of a web archive's replay,
    those of the original capture. `where`: the file and the place in it.
    """
    url = stored_url(record)
    stated = origin_of(record) or Origin("")
    wrapped = unwrap(url)
    if wrapped is not None:
        return wrapped[0], timestamp(wrapped[1]), Origin(stated.uri or url, stated.date_rule or "archive-url"), False
    time, rule = stated_time(record)
    if time is None:
        time, rule = datetime.fromtimestamp(int(place.file.stat().st_mtime), UTC), "file-time"
    origin = Origin(stated.uri or where, stated.date_rule or rule)
    return url, timestamp(time), origin, _WARC_DATE.fullmatch(record.rec_headers.get_header("WARC-Date") or "") is not None


def _is_page(record: ArcWarcRecord) -> bool:
    if record.http_headers is None:
        return False
    content_type = record.http_headers.get_header("content-type") or ""
    return record.http_headers.get_statuscode() == "200" and ("html" in content_type.lower() or not content_type)
