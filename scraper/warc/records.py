"""Reads WARC files. Each record holds one response and is a gzip member of its own, read by file and offset.

The format is WARC 1.1 (ISO 28500:2017), as warcio reads it; `writing.py` writes it. A response with the body of an earlier one is a
*revisit* record: it has its own headers and time, and refers to the record that holds the body (its original). This module does not know
the archive.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from scraper import content_coding
from scraper.content_coding import TooLarge
from scraper.model import Capture, UserError
from scraper.post_urls import with_method_query
from scraper.two_languages import Message, message_of
from scraper.urls import without_session
from scraper.warc.chunks import join_chunks
from scraper.warc.dates import parse_date

Stream = BinaryIO | gzip.GzipFile
SUFFIXES = (".warc.gz", ".warc")
OK, NOT_MODIFIED = 200, 304
_CHUNK = 1024 * 1024
METHOD_QUERY = "WARC-Method-Query"  # a field of our own, for the answer to a form; the record of its request says the same
SOURCE_URI = "WARC-Source-URI"  # as pywb writes it: where a record that was imported comes from
DATE_RULE = "WARC-Date-Rule"  # a field of our own: the code of the rule that found the date, if the source of the record states none
_LONGEST_LINE = 64 * 1024  # bytes of a header line; a URL may be in it
_MOST_LINES = 1000  # of the header of a record
_DIGITS_OF_LENGTH = 12  # of a record, in bytes; file systems refuse to look beyond some terabytes
# Headers that describe the transfer and not the bytes that are kept.
HOP_BY_HOP = frozenset({"transfer-encoding", "connection", "keep-alive", "proxy-connection", "te", "trailer", "upgrade"})


class WarcError(UserError):
    """A WARC file that cannot be read."""


class CutOff(WarcError):
    """A WARC file whose last record is incomplete. `end` is the offset of the first byte after the last complete record."""

    def __init__(self, message: Message, end: int) -> None:
        super().__init__(message)
        self.end = end


class PackedWhole(WarcError):
    """A WARC file that is packed as a whole and not record by record."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Message(
                f"{path}: is packed as a whole and not record by record, so that no record can be found in it; unpack it with gunzip,"
                " import it with scrapy captures import, or repack it with: warcio recompress OLD.warc.gz NEW.warc.gz",
                f"{path}: được nén cả tệp chứ không nén từng bản ghi nên không tìm được bản ghi nào; hãy giải nén bằng gunzip, nhập"
                " bằng scrapy captures import, hoặc nén lại bằng: warcio recompress OLD.warc.gz NEW.warc.gz",
            )
        )


ORIGINAL_MISSING = "the record has no body of its own, and the response that has it is not at hand"


class OriginalMissing(WarcError):
    """A revisit record whose original, the record that holds the body, is not at hand."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an imported response comes from.

    `uri`: its URL in a web archive, else the name of the file and, after "#", its offset or its name inside. `date_rule`: the code of the
    rule that found its date, empty if the recording states it.
    """

    uri: str
    date_rule: str = ""


def payload_digest(body: bytes) -> str:
    """Returns the digest of a body as a WARC file has it: "sha1:" and 32 letters and digits."""
    return f"sha1:{base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()}"


@dataclass(frozen=True)  # without slots, so that `payload_digest` is computed once
class Response:
    """A response as the server sent it: `body` still has its content encoding."""

    url: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    captured_at: datetime
    truncated: bool = False  # the connection closed before the end of the body (WARC-Truncated)
    target: str | None = None  # the URL of the request, if `url` is another one: without the session, or with the fields of a form
    posted: bytes | None = None  # the body of the request, if it was sent by POST
    requested: tuple[tuple[str, str], ...] = ()  # the headers of the request, if they are known
    origin: Origin | None = None  # of an imported response

    @cached_property
    def payload_digest(self) -> str:
        """The digest of the body as it was sent."""
        return payload_digest(self.body)


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a record: file, offset of its first byte, and length in bytes (None if it was not measured)."""

    file: Path
    offset: int
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Original:
    """The earlier response whose body a revisit has. `digest`: its payload digest, empty if it is not known."""

    url: str
    captured_at: datetime
    digest: str = ""


def stated_time(record: ArcWarcRecord) -> tuple[datetime | None, str]:
    """Returns the time of a record (aware, UTC) and the code of the rule that found it: "" for WARC-Date, *http-date* for the header Date
    of the response. Returns None and "" if neither is a date.

    Dates are accepted as other tools write them: with an offset, without separators, without a time.
    """
    found = parse_date(record.rec_headers.get_header("WARC-Date") or "")
    if found is not None:
        return found, ""
    stated = record.http_headers.get_header("date") if record.http_headers is not None else None
    found = parse_date(stated or "")
    return found, "http-date" if found is not None else ""


def scan(path: Path, start: int = 0, limit: int = 64 * 1024 * 1024, *, chunk: int = _CHUNK) -> Iterator[tuple[ArcWarcRecord, Place]]:
    """Yields every record of a file from byte `start` on, with its place. A record is only usable until the next one is requested.

    If a record is longer than `limit` bytes, only its beginning is returned; `Place.length` is still its full length in the file. `chunk`:
    the number of bytes that are read at a time.

    Raises:
        CutOff: if the last record is incomplete.
        WarcError: if the file is not a WARC file, is broken or cannot be read.
    """
    for offset, length, data in pieces(path, start, limit, chunk=chunk):
        yield parse_record(data, path, offset), Place(path, offset, length)


def read(place: Place, limit: int, original: Place | None = None, *, digest: str = "") -> Response:
    """Returns the response at a place. `original`: where the body is, if the record there is a revisit. `digest`: what the record must
    state as the digest of its body; empty if that is not known.

    Raises:
        OriginalMissing: if the record is a revisit, and `original` is None or holds no response.
        WarcError: if there is no response, or another one.
        TooLarge: if its body has more than `limit` bytes.
    """
    for record, _ in scan(place.file, place.offset, limit + 64 * 1024, chunk=min(place.length or _CHUNK, _CHUNK)):
        if other_digest(digest, record.rec_headers.get_header("WARC-Payload-Digest") or ""):
            raise WarcError(
                Message(
                    f"{place.file}: the record at byte {place.offset} is another one than that which was stored; see:"
                    " scrapy captures verify",
                    f"{place.file}: bản ghi ở byte {place.offset} không phải bản đã lưu; xem: scrapy captures verify",
                )
            )
        if record.rec_type == "revisit":
            # The headers are read first, because the next record replaces this one.
            own = own_response(record, limit)
            return with_body(own, _original(place, limit, original))
        if record.rec_type != "response" or record.http_headers is None:
            break
        return response_of(record, limit)
    raise WarcError(
        Message(
            f"{place.file}: there is no response record at byte {place.offset}", f"{place.file}: không có phản hồi ở byte {place.offset}"
        )
    )


def other_digest(one: str, other: str) -> bool:
    """Returns whether two digests of the same kind differ. Digests of different kinds, or a missing one, say nothing."""
    return one.partition(":")[0] == other.partition(":")[0] and one != other


def _original(place: Place, limit: int, original: Place | None) -> Response:
    if original is None:
        raise OriginalMissing(
            Message(
                f"{place.file}: the revisit record at byte {place.offset} refers to a response that is not at hand; give the file"
                " that holds it, too",
                f"{place.file}: bản chụp lặp ở byte {place.offset} dẫn tới một phản hồi không có ở đây; hãy đưa cả tệp chứa phản hồi đó",
            )
        )
    try:
        return read(original, limit)
    except OriginalMissing:
        raise
    except WarcError as error:
        raise OriginalMissing(
            Message(
                f"{place.file}: the original of the revisit record at byte {place.offset} cannot be read: {error}",
                f"{place.file}: không đọc được bản gốc của bản chụp lặp ở byte {place.offset}: {message_of(error).vi}",
            )
        ) from error


def own_response(record: ArcWarcRecord, limit: int) -> Response:
    """Returns the status, the headers and the time of a revisit record. The body is empty, and the status 0 if the record has none."""
    if record.http_headers is None:
        return Response(stored_url(record), 0, "", (), b"", _captured_at(record))
    # The reason of WARC-Truncated is that the body was left out.
    return replace(response_of(record, limit), body=b"", truncated=False)


def with_body(own: Response, original: Response) -> Response:
    """Returns a revisit with the body of its original, and with its own status, headers and time.

    An answer 304 keeps the headers of its original that it does not state again, and those that describe the body (RFC 9111, 3.2).
    """
    status, reason, headers = (own.status, own.reason, own.headers) if own.status else (original.status, original.reason, original.headers)
    if own.status == NOT_MODIFIED:
        stated = tuple((name, value) for name, value in own.headers if not name.lower().startswith("content-"))
        names = {name.lower() for name, _ in stated}
        headers = (*stated, *((name, value) for name, value in original.headers if name.lower() not in names))
    return replace(own, status=status, reason=reason, headers=headers, body=original.body, truncated=original.truncated)


def refers_to(record: ArcWarcRecord) -> Original:
    """Returns what a revisit record states about its original. Without a URL, that of the record itself; without a date, the year 1."""
    headers = record.rec_headers
    url = (headers.get_header("WARC-Refers-To-Target-URI") or "").strip().strip("<>") or target(record)
    date = parse_date(headers.get_header("WARC-Refers-To-Date") or "") or datetime(1, 1, 1, tzinfo=UTC)
    return Original(url, date, headers.get_header("WARC-Payload-Digest") or "")


def parse_record(data: bytes, path: Path, offset: int) -> ArcWarcRecord:
    """Returns a record from its unpacked bytes. `path`, `offset`: for the message of WarcError, which it raises if there is none."""
    try:
        return next(iter(ArchiveIterator(io.BytesIO(data))))
    except (ArchiveLoadFailed, StopIteration, EOFError, ValueError) as error:
        raise WarcError(
            Message(
                f"{path}: the record at byte {offset} is not a WARC record ({' '.join(str(error).split())[:120]})",
                f"{path}: bản ghi ở byte {offset} không phải bản ghi WARC ({' '.join(str(error).split())[:120]})",
            )
        ) from error


def pieces(path: Path, start: int, limit: int, *, chunk: int = _CHUNK, unpacked: Stream | None = None) -> Iterator[tuple[int, int, bytes]]:
    """Yields the records of a file as (offset, length in the file, unpacked bytes). Each one is checked for completeness.

    `unpacked`: the unpacked content of the file, if it is packed as a whole; offsets and lengths are then those in it. For `start`, `limit`
    and `chunk` see `scan`.

    Raises:
        CutOff: if the last record is incomplete.
        PackedWhole: if it is packed as a whole, without `unpacked`.
        WarcError: if the file is not a WARC file, is broken or cannot be read.
    """
    try:
        if unpacked is not None:
            yield from _plain_records(unpacked, path, start, limit)
            return
        with path.open("rb") as file:
            file.seek(start)
            head = file.read(5)
            file.seek(start)
            if head.startswith(b"\x1f\x8b"):
                yield from _gzip_members(file, path, start, limit, chunk)
            elif head == b"WARC/":
                yield from _plain_records(file, path, start, limit)
            elif head:
                raise WarcError(
                    Message(
                        f"{path}: is not a WARC file; give one that ends in .warc or .warc.gz",
                        f"{path}: không phải tệp WARC; hãy đưa tệp kết thúc bằng .warc hoặc .warc.gz",
                    )
                )
    except OSError as error:
        raise WarcError(
            Message(
                f"{path}: cannot be read ({error.strerror or error}); check the path",
                f"{path}: không đọc được ({error.strerror or error}); hãy kiểm tra đường dẫn",
            )
        ) from error


def _gzip_members(file: BinaryIO, path: Path, start: int, limit: int, size: int) -> Iterator[tuple[int, int, bytes]]:
    offset, chunk = start, file.read(size)
    while chunk:
        unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)  # checks the checksum at the end of the member
        parts: list[bytes] = []
        kept = taken = 0
        while True:
            try:
                part = unpacker.decompress(chunk, _CHUNK)
            except zlib.error as error:
                raise WarcError(
                    Message(
                        f"{path}: the record at byte {offset} is broken ({error}); fetch or copy the file again",
                        f"{path}: bản ghi ở byte {offset} bị hỏng ({error}); hãy tải hoặc chép lại tệp",
                    )
                ) from error
            if kept < limit:
                parts.append(part)
                kept += len(part)
            # At the end, Python may give what follows as both.
            taken += len(chunk) - len(unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail)
            if unpacker.eof:
                break
            chunk = unpacker.unconsumed_tail or file.read(size)
            if not chunk:
                raise CutOff(
                    Message(
                        f"{path}: the last record, at byte {offset}, is cut off; fetch or copy the file again",
                        f"{path}: bản ghi cuối, ở byte {offset}, bị cụt; hãy tải hoặc chép lại tệp",
                    ),
                    offset,
                )
        data = b"".join(parts)
        if _holds_more(data):
            raise PackedWhole(path)
        yield offset, taken, data
        offset += taken
        chunk = unpacker.unused_data or file.read(size)


def _holds_more(data: bytes) -> bool:
    """Returns whether an unpacked gzip member holds more data after its first record."""
    end = data.find(b"\r\n\r\n")
    length = re.search(rb"(?im)^content-length:\s*(\d{1,15})\s*$", data[: max(end, 0)])
    return length is not None and bool(data[end + 4 + int(length[1]) :].strip())


def _plain_records(file: Stream, path: Path, start: int, limit: int) -> Iterator[tuple[int, int, bytes]]:
    offset = start
    while first := file.readline(_LONGEST_LINE):
        if not first.strip():
            offset += len(first)
            continue
        if not first.startswith(b"WARC/"):
            raise WarcError(
                Message(
                    f"{path}: there is no record at byte {offset}; fetch or copy the file again",
                    f"{path}: không có bản ghi ở byte {offset}; hãy tải hoặc chép lại tệp",
                )
            )
        head, length = [first], None
        while (line := file.readline(_LONGEST_LINE)).strip():
            if len(head) > _MOST_LINES:
                raise WarcError(
                    Message(
                        f"{path}: the record at byte {offset} has more than {_MOST_LINES} header lines",
                        f"{path}: bản ghi ở byte {offset} có hơn {_MOST_LINES} dòng tiêu đề",
                    )
                )
            head.append(line)
            name, _, value = line.partition(b":")
            if name.strip().lower() == b"content-length" and value.strip().isdigit():
                length = int(value.strip()[:_DIGITS_OF_LENGTH])  # a longer one is that of no file
        head.append(line)
        if length is None and line:
            raise WarcError(
                Message(
                    f"{path}: the record at byte {offset} states no length; fetch or copy the file again",
                    f"{path}: bản ghi ở byte {offset} không ghi độ dài; hãy tải hoặc chép lại tệp",
                )
            )
        body = file.read(min(length or 0, limit))
        left = (length or 0) - len(body)
        # A record that is longer than the limit is passed over, up to its last byte, which must be there.
        if not line or (left and not (file.seek(left - 1, 1) and file.read(1))):
            raise CutOff(
                Message(
                    f"{path}: the last record, at byte {offset}, is cut off; fetch or copy the file again",
                    f"{path}: bản ghi cuối, ở byte {offset}, bị cụt; hãy tải hoặc chép lại tệp",
                ),
                offset,
            )
        whole = sum(map(len, head)) + (length or 0)
        yield offset, whole, b"".join(head) + body + b"\r\n\r\n"
        offset += whole


def response_of(record: ArcWarcRecord, limit: int) -> Response:
    """Returns a response record as a value. Chunks are joined; the content encoding is not undone.

    Raises:
        TooLarge: if the body has more than `limit` bytes.
        ValueError: if a header is malformed.
    """
    http = record.http_headers
    chunked = "chunked" in (http.get_header("transfer-encoding") or "").lower()
    raw = record.raw_stream.read(limit + 1)
    if len(raw) > limit:
        raise TooLarge(f"{record.rec_headers.get_header('WARC-Target-URI')}: over {limit} bytes")
    body, is_cut = join_chunks(raw) if chunked else (raw, False)
    status, _, reason = http.statusline.partition(" ")
    return Response(
        url=stored_url(record),
        status=int(status),
        reason=reason,
        headers=tuple((name, value) for name, value in http.headers if name.lower() not in HOP_BY_HOP),
        body=body,
        captured_at=_captured_at(record),
        truncated=record.rec_headers.get_header("WARC-Truncated") is not None or is_cut or (not chunked and _is_short(record, body)),
        origin=origin_of(record),
    )


def _captured_at(record: ArcWarcRecord) -> datetime:
    return stated_time(record)[0] or datetime.fromtimestamp(0, UTC)


def origin_of(record: ArcWarcRecord) -> Origin | None:
    """Returns where a record was imported from, as it states it. Returns None if it states nothing."""
    uri = record.rec_headers.get_header(SOURCE_URI)
    return Origin(uri, record.rec_headers.get_header(DATE_RULE) or "") if uri else None


def _is_short(record: ArcWarcRecord, body: bytes) -> bool:
    """Returns whether a body has fewer bytes than its Content-Length states, so that its end is missing. An answer without a body states
    the length of the page that it is about."""
    stated = (record.http_headers.get_header("content-length") or "").strip()
    return bool(body) and stated.isdecimal() and len(stated) < 20 and len(body) < int(stated)


def target(record: ArcWarcRecord) -> str:
    """Returns the URL of a record. wget writes it in angle brackets, which are removed."""
    return (record.rec_headers.get_header("WARC-Target-URI") or "").strip().strip("<>")


def stored_url(record: ArcWarcRecord) -> str:
    """Returns the URL under which the archive stores a response. For the answer to a form it has the fields in its query."""
    url, query = target(record), record.rec_headers.get_header(METHOD_QUERY)
    return with_method_query(without_session(url), query) if query else url


def decode(response: Response, limit: int) -> Capture:
    """Returns the response with its content encodings undone.

    Raises:
        TooLarge: if the unpacked body has more than `limit` bytes.
        CannotDecode: if an encoding cannot be undone.
    """
    encodings = [part for name, value in response.headers if name.lower() == "content-encoding" for part in value.split(",")]
    decoded = content_coding.undo(response.body, encodings, limit)
    headers = tuple((name, value) for name, value in response.headers if name.lower() not in ("content-encoding", "content-length"))
    return Capture(
        url=response.url,
        status=response.status,
        headers=headers,
        body=decoded.body,
        captured_at=response.captured_at,
        truncated=response.truncated or decoded.truncated,
    )
