"""Decides whether what a web archive sent is the capture that was requested, and makes the response of the site from it. Pure."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urljoin

from scraper.content_coding import CannotDecode, TooLarge
from scraper.warc.dates import parse_date
from scraper.warc.records import Origin, Response, WarcError, decode, parse_record, refers_to, response_of, target
from scraper.warc.versions import url_key
from scraper.web_archive_urls import unwrap
from scraper.webarchives.versions import Listed, page_key

_ORIGINAL = "x-archive-orig-"  # the Internet Archive puts it before the headers that the site sent
# Headers that describe the replay, and not the capture.
_OF_REPLAY = frozenset(
    (
        "memento-datetime",
        "link",
        "content-location",
        "preference-applied",
        "server-timing",
        "x-location",
        "x-rl",
        "x-na",
        "x-page-cache",
        "x-nid",
    )
)
# Refusals that may be over soon, so that the next run queries again.
TRANSIENT = frozenset(("rate-limited", "server-error", "timeout", "dns", "refused-connection", "connection-lost", "fetch-fault"))
_STATUSES = {401: "excluded", 403: "excluded", 451: "excluded", 404: "not-archived", 429: "rate-limited", 503: "rate-limited"}


@dataclass(frozen=True, slots=True)
class NotPlayed:
    """A capture that the archive lists and does not give. `reason`: a code of the failures in `rules.csv`."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Played:
    """The response of the site. `record`: the bytes of its WARC record and its digest, if the archive gave the record itself."""

    response: Response
    record: tuple[bytes, str] | None = None


def played(
    listed: Listed, queried: str, status: int, headers: Sequence[tuple[str, str]], body: bytes, limit: int, *, is_cut: bool
) -> Played | NotPlayed:
    """Returns the response of the site as a replay gave it, or why it is not the capture.

    `queried`: the URL of the replay. `limit`: the largest body, in bytes. `is_cut`: the connection closed before the end of the body.
    """
    named = {name.lower(): value for name, value in reversed(headers)}
    refused = _refusal(listed, queried, status, named)
    if refused is not None:
        return refused
    if is_cut:
        return NotPlayed("truncated", "the web archive sent less than it announced")
    sent = _sent(queried, headers, named)
    stated = next((value for name, value in sent if name.lower() == "content-length"), "")
    # A length that is not that of the bytes says that the end is missing. A body that was unpacked on the way is longer.
    if stated.isdecimal() and len(body) < int(stated):
        return NotPlayed("truncated", f"{len(body)} of {stated} bytes were archived")
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = ""
    response = Response(listed.original, status, phrase, tuple(sent), body, listed.at, origin=Origin(queried))
    try:
        if decode(response, limit).truncated:
            return NotPlayed("truncated", "the packed page that was archived lacks its end")
    except TooLarge as error:
        return NotPlayed("too-large", f"{error}")
    except CannotDecode as error:
        return NotPlayed("bad-encoding", f"{error}")
    return Played(response)


def _refusal(listed: Listed, queried: str, status: int, named: Mapping[str, str]) -> NotPlayed | None:
    """Returns why an answer is not the capture, or None if it is. A replayed answer states its time, whatever its status is."""
    fault = named.get("x-archive-wayback-runtime-error", "")
    if fault:
        reason = "excluded" if "AccessControl" in fault else "not-archived" if "NotInArchive" in fault else "not-played"
        return NotPlayed(reason, fault[:300])
    at = parse_date(named.get("memento-datetime", ""))
    if at is not None and abs(at - listed.at) < timedelta(seconds=1):
        return None
    if at is not None:
        return NotPlayed("other-time", f"the web archive gave the capture of {at:%Y-%m-%d %H:%M:%S} instead")
    other = _leads_to(queried, named.get("location", "")) if 300 <= status < 400 else None
    if other is not None:
        return NotPlayed("other-time", f"the web archive leads to the capture of {other[1]:%Y-%m-%d %H:%M:%S} instead")
    reason = _STATUSES.get(status, "server-error" if status >= 500 else "not-played")
    return NotPlayed(reason, f"status {status}, without the time of a capture")


def _sent(queried: str, headers: Iterable[tuple[str, str]], named: Mapping[str, str]) -> list[tuple[str, str]]:
    """Returns the headers that the site sent. The encoding is that of the bytes that came."""
    given = [*headers]
    original = [(name[len(_ORIGINAL) :], value) for name, value in given if name.lower().startswith(_ORIGINAL)]
    found = original or [
        (name, value) for name, value in given if name.lower() not in _OF_REPLAY and not name.lower().startswith("x-archive-")
    ]
    encoding = named.get("content-encoding")
    is_unpacked = encoding is None and any(name.lower() == "content-encoding" for name, _ in found)
    dropped = ("content-encoding", "content-length") if is_unpacked else ("content-encoding",)
    found = [
        (name, _original_url(queried, value) if name.lower() == "location" else value)
        for name, value in found
        if name.lower() not in dropped
    ]
    if not any(name.lower() == "content-type" for name, _ in found) and "content-type" in named:
        found.append(("Content-Type", named["content-type"]))
    return [*found, *([("Content-Encoding", encoding)] if encoding else [])]


def _original_url(queried: str, location: str) -> str:
    """Returns the target of a redirect as the site sent it."""
    inner = _leads_to(queried, location)
    return inner[0] if inner is not None else location


def _leads_to(queried: str, location: str) -> tuple[str, datetime] | None:
    """Returns the original URL and the time to which a web archive redirects, perhaps by a path of its own; None if it is not one of it."""
    try:
        return unwrap(urljoin(queried, location))
    except ValueError:  # not a URL
        return None


def range_header(listed: Listed) -> str:
    """Returns the range of a record in its WARC file, as the header Range states it."""
    return f"bytes={listed.offset or 0}-{(listed.offset or 0) + (listed.length or 1) - 1}"


def played_range(listed: Listed, queried: str, status: int, body: bytes, limit: int) -> Played | NotPlayed:
    """Returns the response in a range of a WARC file, or why there is none. For the arguments see `played`."""
    if status != HTTPStatus.PARTIAL_CONTENT:
        reason = _STATUSES.get(status, "server-error" if status >= 500 else "not-played")
        return NotPlayed(reason, f"status {status} instead of a range of bytes")
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        data = unpacker.decompress(body, limit + 64 * 1024)
        if not unpacker.eof:
            is_long = bool(unpacker.unconsumed_tail)
            return (
                NotPlayed("too-large", f"over {limit} bytes") if is_long else NotPlayed("truncated", "the range ends inside of the record")
            )
        found = _in_record(listed, queried, data, limit)
    except (zlib.error, WarcError, ValueError, CannotDecode) as error:
        return NotPlayed("bad-encoding", f"the range cannot be read: {error}"[:300])
    except TooLarge as error:
        return NotPlayed("too-large", f"{error}")
    if isinstance(found, Played) and found.record is not None and not unpacker.unused_data:
        return replace(found, record=(body, found.record[1]))
    return replace(found, record=None) if isinstance(found, Played) else found


def _in_record(listed: Listed, queried: str, data: bytes, limit: int) -> Played | NotPlayed:
    """Returns the response in an unpacked record. `record` of the result has the digest, if the record can be copied as it is."""
    record = parse_record(data, Path(listed.file.rpartition("/")[2] or "-"), listed.offset or 0)
    if record.rec_type == "revisit":
        original = refers_to(record)
        return NotPlayed("revisit-without-original", f"its body is that of {original.url} of {original.captured_at:%Y-%m-%d}")
    if record.rec_type != "response" or record.http_headers is None or page_key(target(record)) != page_key(listed.original):
        return NotPlayed("not-played", f"the range holds another record: {record.rec_type} {target(record)}"[:300])
    response = response_of(record, limit)
    if decode(response, limit).truncated:
        return NotPlayed("truncated", "the page that was archived lacks its end")
    digest = record.rec_headers.get_header("WARC-Payload-Digest") or ""
    is_exact = re.fullmatch(r"\S+Z", record.rec_headers.get_header("WARC-Date") or "") is not None
    can_be_copied = bool(digest) and is_exact and url_key(target(record)) == url_key(listed.original)
    made = replace(response, captured_at=listed.at, origin=Origin(f"{queried}#{listed.offset}"))
    return Played(made, (data, digest) if can_be_copied else None)
