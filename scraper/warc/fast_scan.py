"""Reads the records of a WARC file with FastWARC, from any byte on, and names what is damaged.

FastWARC unpacks and passes over a record that nobody wants in about a fifth of the time that warcio takes. Of a record that is wanted,
warcio parses the headers, so that all parts of the program see the same. The body stays in the file.

A large file is read in parts by several processes. No index is needed for that: a part begins with the first record after its first byte,
which is found by its mark, and ends where a record begins in the next part. If the ends of two parts do not meet, something in a record
looked like the beginning of another one (a WARC file inside a WARC file); then the later part is read again from the end of the former.
"""

from __future__ import annotations

import mmap
import re
import zlib
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from io import RawIOBase
from pathlib import Path
from typing import BinaryIO

from fastwarc.warc import ArchiveIterator
from fastwarc.warc import WarcRecord as FastRecord
from warcio.recordloader import ArcWarcRecord

from scraper.two_languages import EMPTY, Message, message_of
from scraper.warc.records import CutOff, PackedWhole, Place, WarcError, parse_record, pieces

_GZIP = b"\x1f\x8b\x08"
_PLAIN = b"WARC/"
_BUFFER = 256 * 1024  # bytes that are read at a time
_LONGEST_HEADER = 1024 * 1024  # bytes of the header of a record
_HEAD = 64 * 1024  # bytes of a wanted record that are looked at: the headers of the response
_FORM = 1024 * 1024 + _HEAD  # of a request: it may have a form
_LEAD = 256 * 1024  # bytes before a part in which the request of its first response may be
_EXCHANGE = 8  # records after a part in which the request of its last response may be
_TYPES = {4: "response", 64: "revisit", 16: "request"}  # of WarcRecordType, whose names take longer to compare
_URL, _TYPE = b"WARC-Target-URI", b"WARC-Type"

Wanted = Callable[[str, str], bool]  # called with the type (response, revisit or request) and the URL of each record


@dataclass(frozen=True, slots=True)
class Gap:
    """A part of a file that is not a whole record. `reason`: cut-off or damaged. `url`: of its record, if it can be read.

    `salvaged`: of a record that lacks its end, what is there of it, unpacked.
    """

    offset: int
    reason: str
    detail: Message = EMPTY
    url: str = ""
    salvaged: bytes = b""


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a file: the records that begin in it. `stop`: where the data of the file end, which may be inside a package.

    `is_packed`: each record is a gzip member. `is_exact`: a record begins at `begin`.
    """

    file: Path
    begin: int
    end: int
    stop: int
    is_packed: bool
    is_exact: bool = True


def whole_span(path: Path, begin: int = 0, size: int | None = None) -> Span:
    """Returns the span of a whole file, or of a file inside a package. `begin`, `size`: where it is there.
    Raises: WarcError if the file cannot be read.
    """
    try:
        stop = begin + (path.stat().st_size if size is None else size)
        with path.open("rb") as file:
            file.seek(begin)
            return Span(path, begin, stop, stop, file.read(2) == _GZIP[:2])
    except OSError as error:
        raise WarcError(
            Message(
                f"{path}: cannot be read ({error.strerror or error}); check the path",
                f"{path}: không đọc được ({error.strerror or error}); hãy kiểm tra đường dẫn",
            )
        ) from error


def record_from(path: Path, at: int) -> int | None:
    """Returns where the first record of a file begins at or after a byte, None if none does. Raises: WarcError if it cannot be read."""
    return FastScan(whole_span(path), lambda kind, url: False, 0).record_from(at)


@dataclass(slots=True)
class FastScan:
    """The records of a span. Iterate over it once; then `began` and `ended` say where its first record begins (None if there is none) and
    where the first record begins that is not in it.

    `limit`: the largest record that is salvaged, in bytes.
    """

    span: Span
    wanted: Wanted
    limit: int
    began: int | None = None
    ended: int = 0
    records: int = 0  # of all types
    _pending: _Pending | None = field(default=None, init=False)

    def __iter__(self) -> _Found:
        """Yields the wanted records, of which only the headers and the beginning of the body can be read, and the gaps.

        Raises:
            PackedWhole: if several records are packed together.
            WarcError: if the file cannot be read.
        """
        span = self.span
        self.ended = span.begin
        try:
            with span.file.open("rb") as file:
                at: int | None = span.begin
                if not span.is_exact:
                    at = self.record_from(max(span.begin - _LEAD, 0), before=span.end)
                while at is not None and at < span.end:
                    at = yield from self._until_damage(file, at)
                self.ended = max(at if at is not None else span.end, span.begin)
        except OSError as error:
            raise WarcError(
                Message(
                    f"{span.file}: cannot be read ({error.strerror or error}); check the path",
                    f"{span.file}: không đọc được ({error.strerror or error}); hãy kiểm tra đường dẫn",
                )
            ) from error

    def record_from(self, at: int, *, before: int | None = None) -> int | None:
        """Returns where the first record begins at or after a byte, None if none does. `before`: look no further."""
        mark, stop = (_GZIP if self.span.is_packed else _PLAIN), self.span.stop
        last = min(stop, stop if before is None else before + len(mark) - 1)
        if at >= last:
            return None
        with self.span.file.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as memory:
            while (at := memory.find(mark, at, last)) >= 0:
                if _is_record(memory, at, stop):
                    return at
                at += 1
        return None

    def _until_damage(self, file: BinaryIO, at: int) -> _Offsets:
        """Yields what begins at a byte and in the span. Returns where to go on: after what is damaged, or outside the span."""
        self._pending = None
        after = 0
        try:
            for record in ArchiveIterator(
                _Window(file, at, self.span.stop), parse_http=False, buffer_size=_BUFFER, max_header_len=_LONGEST_HEADER
            ):
                offset = record.stream_pos
                if self._pending is not None and offset == self._pending.offset:
                    raise PackedWhole(self.span.file)
                yield from self._complete(offset)
                if offset >= self.span.end:
                    # The request of the last response may follow.
                    if after == 0:
                        self.ended = offset
                    after += 1
                    if after > _EXCHANGE:
                        return self.ended
                self._pending = self._take(record, offset, is_outside=offset >= self.span.end)
        except PackedWhole:
            raise
        except GeneratorExit:
            raise
        except BaseException as error:  # a fault in FastWARC itself is a PanicException, which Exception does not include
            if not isinstance(error, OSError | ValueError) and type(error).__name__ != "PanicException":
                raise
            if after:
                return self.ended
            return (yield from self._after_damage(at))
        if after:
            yield from self._complete(self.span.stop)
            return self.ended
        return (yield from self._at_end(at))

    def _take(self, record: FastRecord, offset: int, *, is_outside: bool) -> _Pending:
        """Returns a record with its headers if it is wanted."""
        kind = _TYPES.get(int(record.record_type), "")
        is_outside = is_outside or offset < self.span.begin
        if not is_outside:
            self.records += 1
            if self.began is None:
                self.began = offset
        url = _text(record.headers.get_bytes(_URL) or b"").strip().strip("<>")
        if not kind or (is_outside and kind != "request"):
            return _Pending(offset, url)
        head = b""
        if kind == "request":
            head = record.reader.read(_FORM)
            if not head.startswith(b"POST"):
                return _Pending(offset, url)
        if not self.wanted(kind, url):
            return _Pending(offset, url)
        return _Pending(offset, url, _header(record), head or record.reader.read(_HEAD))

    def _complete(self, end: int) -> _Found:
        """Yields the record that was read last, if it is wanted, now that its end is known."""
        one, self._pending = self._pending, None
        if one is not None and one.header:
            try:
                record = parse_record(one.header + one.head, self.span.file, one.offset)
            except WarcError as error:
                yield Gap(one.offset, "no-response", message_of(error), one.url)
                return
            yield record, Place(self.span.file, one.offset, end - one.offset)

    def _after_damage(self, at: int) -> _Offsets:
        """Yields the record before a damage, if it is whole, and what is damaged. Returns where the next record begins."""
        damage, url, reason = at, "", "damaged"
        if self._pending is not None:
            end, reason = self._end_of(self._pending.offset)
            if end is not None:
                yield from self._complete(end)
                if self.record_from(end, before=end + 1) == end:
                    return end
                damage, reason = end, "damaged"
            else:
                damage, url = self._pending.offset, self._pending.url
        following = self.record_from(damage + 1)
        if damage < self.span.begin:  # it belongs to the part before
            return following if following is not None else self.span.stop
        lost = (following if following is not None else self.span.stop) - damage
        detail = Message(f"{lost} bytes are not a record", f"{lost} byte không phải bản ghi")
        yield Gap(damage, reason, detail, url, self._salvage(damage) if reason == "cut-off" else b"")
        return following if following is not None else self.span.stop

    def _at_end(self, at: int) -> _Offsets:
        """Yields the last record if it is whole, and what is after it. Returns where to go on."""
        stop = self.span.stop
        if self._pending is None:
            return (yield from self._rest(at))
        start, url = self._pending.offset, self._pending.url
        end, reason = self._end_of(start)
        if end is None:
            detail = Message(f"the last record, at byte {start}, lacks its end", f"bản ghi cuối, ở byte {start}, thiếu phần cuối")
            yield Gap(start, reason, detail, url, self._salvage(start))
            return stop
        yield from self._complete(end)
        if end < stop and self.record_from(end, before=end + 1) == end:
            return end  # a record stated a wrong length, and was read over the one after it
        return (yield from self._rest(end))

    def _rest(self, at: int) -> _Offsets:
        """Yields what is after the last record that can be read."""
        stop = self.span.stop
        with self.span.file.open("rb") as file:
            file.seek(at)
            rest = file.read(min(stop - at, _HEAD))
        if not rest.strip(b"\0\r\n \t") and stop - at <= _HEAD:
            return stop
        following = self.record_from(at + 1)
        is_cut = following is None and rest.startswith((_GZIP[: len(rest)], _PLAIN[: len(rest)]))
        if at >= self.span.begin:
            lost = (following if following is not None else stop) - at
            detail = Message(f"{lost} bytes are not a whole record", f"{lost} byte không phải bản ghi trọn vẹn")
            yield Gap(at, "cut-off" if is_cut else "damaged", detail, "", self._salvage(at) if is_cut else b"")
        return following if following is not None else stop

    def _end_of(self, offset: int) -> tuple[int | None, str]:
        """Returns where the record at a byte ends, or None and why it has no end."""
        try:
            found = next(pieces(self.span.file, offset, self.limit), None)
        except CutOff:
            return None, "cut-off"
        except PackedWhole:
            raise
        except WarcError:
            return None, "damaged"
        if found is None:
            return None, "damaged"
        end = found[0] + found[1]
        return (end, "") if end <= self.span.stop else (None, "cut-off")

    def _salvage(self, offset: int) -> bytes:
        """Returns what is there of a record that lacks its end, unpacked."""
        with self.span.file.open("rb") as file:
            file.seek(offset)
            data = file.read(min(self.span.stop - offset, self.limit))
        if not data.startswith(_GZIP):
            return data
        unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
        parts: list[bytes] = []
        for begin in range(0, len(data), _HEAD):
            try:
                parts.append(unpacker.decompress(data[begin : begin + _HEAD], self.limit))
            except zlib.error:
                break
            if unpacker.unconsumed_tail or unpacker.eof:
                break
        return b"".join(parts)[: self.limit]


_Found = Iterator[tuple[ArcWarcRecord, Place] | Gap]
_Offsets = Generator[tuple[ArcWarcRecord, Place] | Gap, None, int]


@dataclass(frozen=True, slots=True)
class _Pending:
    """A record whose end is not known yet. `header`: with `head`, the beginning of its content, only if it is wanted."""

    offset: int
    url: str
    header: bytes = b""
    head: bytes = b""


class _Window(RawIOBase):
    """A part of a file as FastWARC reads it. Its positions are those in the file."""

    def __init__(self, file: BinaryIO, begin: int, stop: int) -> None:
        self._file, self._stop = file, stop
        file.seek(begin)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def read(self, size: int = -1) -> bytes:
        left = max(self._stop - self._file.tell(), 0)
        return self._file.read(left if size < 0 else min(size, left))


def _is_record(memory: mmap.mmap, at: int, stop: int) -> bool:
    """Returns whether a record begins at a byte that has its mark."""
    if memory[at : at + len(_PLAIN)] == _PLAIN:
        head = memory[at : min(at + 2048, stop)]
        return (at == 0 or memory[at - 1 : at] == b"\n") and re.match(rb"WARC/\d\.\d+\r?\n[A-Za-z-]+:", head) is not None
    try:
        head = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(memory[at : min(at + 4096, stop)], 64)
    except zlib.error:
        return False
    return head.startswith(_PLAIN)


def _header(record: FastRecord) -> bytes:
    """Returns the header of a record as lines."""
    lines = b"".join(name + b": " + value + b"\r\n" for name, value in record.headers.items_bytes())
    return b"WARC/1.0\r\n" + lines + b"\r\n"


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def url_of(data: bytes) -> str:
    """Returns the URL of an unpacked record."""
    head = data[: max(data.find(b"\r\n\r\n"), 0)]
    found = re.search(rb"(?im)^WARC-Target-URI:[ \t]*(.*?)\s*$", head)
    return _text(found[1]).strip("<>") if found is not None else ""
