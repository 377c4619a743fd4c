"""Undoes the content encodings of HTTP (RFC 9110, 8.4.1) and of files such as sitemap.xml.gz, within a limit of memory.

Servers announce encodings that they did not apply, apply one twice, or stop in the middle. A page must not be lost if its bytes can still
be decoded.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import brotli
from backports import zstd

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_STEP = 16 * 1024  # bytes of input, and of output, at a time; so data before damage is still read, and memory is bounded
# The same of input if the data are damaged: a step with damage gives nothing, and most pages are one step.
_SMALL_STEP = 64
_SMALLEST_UP_TO = 4 * _STEP  # bytes of a body that is decoded byte by byte then
_MOST_LAYERS = 4  # encodings on one body; RFC 9110 sets no limit, real servers apply two by mistake
# values seen in Content-Encoding that are not encodings
_NOT_APPLIED = frozenset({"", "identity", "none", "utf-8", "chunked", "binary", "8bit"})


class TooLarge(Exception):
    """A body that is longer than the limit, or unpacks to more."""


class CannotDecode(Exception):
    """A body whose content encoding is unknown, or whose first bytes are already damaged."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A body without its content encodings. `truncated`: the compressed data ended, or was damaged, before its end."""

    body: bytes
    truncated: bool = False


def undo(body: bytes, encodings: Sequence[str], limit: int) -> Decoded:
    """Returns the body with `encodings` undone, the one applied last first.

    An encoding that was announced but not applied is skipped, and one that was applied twice is undone twice. Gzip and zstd are
    known by their first bytes, whatever was announced.
    Raises TooLarge if the result has more than `limit` bytes, CannotDecode if nothing can be decoded.
    """
    truncated = False
    applied = [name for name in (one.strip().lower() for one in encodings) if name not in _NOT_APPLIED]
    if len(applied) > _MOST_LAYERS:
        raise CannotDecode(f"{len(applied)} content encodings on one body; at most {_MOST_LAYERS} are undone")
    for name in reversed(applied):
        decoded = _undo_one(body, name, limit)
        body, truncated = decoded.body, truncated or decoded.truncated
    for _ in range(_MOST_LAYERS if applied else 0):
        again = _undo_again(body, applied[0], limit)
        if again is None:
            break
        body, truncated = again.body, truncated or again.truncated
    return Decoded(body, truncated)


def gunzip(data: bytes, limit: int) -> Decoded:
    """Returns the content of a gzip file such as sitemap.xml.gz. Raises TooLarge, or CannotDecode if it is not gzip."""
    return _collect(_inflated(data, 16 + zlib.MAX_WBITS, _STEP), limit, "gzip")


def _undo_one(body: bytes, name: str, limit: int) -> Decoded:
    if not body:
        return Decoded(body)
    pieces = _pieces(body, name, _STEP)
    if pieces is not None:
        try:
            decoded = _collect(pieces, limit, name)
            return _up_to_damage(body, name, limit) if decoded.truncated else decoded
        except CannotDecode:
            if not _is_text(body):
                decoded = _up_to_damage(body, name, limit)
                if _is_text(decoded.body):
                    return decoded
                raise
    elif not _is_text(body):
        raise CannotDecode(f"the body cannot be decoded as {name!r}")
    return Decoded(body)


def _up_to_damage(body: bytes, name: str, limit: int) -> Decoded:
    """Returns what is before the damage of a body that `_pieces` decodes. Raises CannotDecode if nothing is."""
    pieces = _pieces(body, name, 1 if len(body) <= _SMALLEST_UP_TO else _SMALL_STEP)
    return _collect(pieces or iter(()), limit, name)


def _pieces(body: bytes, name: str, step: int) -> Iterator[bytes] | None:
    """Returns the decoded pieces of a body that was announced as `name`, or None if its first bytes belong to no known encoding. `step`:
    bytes of input at a time.
    """
    if body.startswith(_GZIP):
        return _inflated(body, 16 + zlib.MAX_WBITS, step)
    if body.startswith(_ZSTD):
        return _unzstd(body, step)
    # RFC 9110 means zlib (RFC 1950) by deflate; many servers send bare deflate (RFC 1951). A zlib header is a multiple of 31.
    is_zlib = int.from_bytes(body[:2]) % 31 == 0 and body[0] & 0x0F == 8
    if is_zlib and name in ("deflate", "gzip", "x-gzip"):
        return _inflated(body, zlib.MAX_WBITS, step)
    if name == "deflate":
        return _inflated(body, -zlib.MAX_WBITS, step)
    return _unbrotli(body, step) if name == "br" else None


def _undo_again(body: bytes, name: str, limit: int) -> Decoded | None:
    """Undoes an encoding that was applied twice. Returns None if the body is not encoded.

    Deflate and brotli have no signature. A body that is not text is decoded as a trial, which must succeed to the end and give text.
    """
    if body.startswith((_GZIP, _ZSTD)):
        return _undo_one(body, name, limit)
    if name not in ("deflate", "br") or not body or _is_text(body):
        return None
    try:
        decoded = _undo_one(body, name, limit)
    except CannotDecode:
        return None
    return decoded if not decoded.truncated and _is_text(decoded.body) else None


def _collect(pieces: Iterator[bytes], limit: int, name: str) -> Decoded:
    """Joins decoded pieces. Damage after the first piece marks the result as truncated."""
    parts: list[bytes] = []
    size = 0
    truncated = False
    try:
        for piece in pieces:
            parts.append(piece)
            size += len(piece)
            if size > limit:
                raise TooLarge(f"the body unpacks to more than {limit} bytes")
    except (zlib.error, brotli.error, zstd.ZstdError, EOFError) as error:
        if not size:
            raise CannotDecode(f"the body cannot be decoded as {name!r}: {error or 'it ends early'}") from error
        truncated = True
    return Decoded(b"".join(parts), truncated)


def _inflated(data: bytes, window: int, step: int) -> Iterator[bytes]:
    """Yields the decoded pieces of zlib, deflate or gzip data, of all its members. Raises EOFError if the last member is not complete."""
    rest = memoryview(data)
    while True:
        unpacker = zlib.decompressobj(window)
        while rest and not unpacker.eof:
            piece = unpacker.decompress(rest[:step], _STEP)
            rest = rest[step:]
            yield piece
            while unpacker.unconsumed_tail and not unpacker.eof:
                yield unpacker.decompress(unpacker.unconsumed_tail, _STEP)
        if not unpacker.eof:
            raise EOFError
        rest = memoryview(data)[len(data) - len(rest) - len(unpacker.unused_data) :]
        # Bytes after the last member are padding.
        if rest[:2] != _GZIP:
            return


def _unbrotli(data: bytes, step: int) -> Iterator[bytes]:
    """Yields the decoded pieces of brotli data. Raises EOFError if it is not complete."""
    unpacker = brotli.Decompressor()
    for at in range(0, len(data), step):
        piece = unpacker.process(data[at : at + step], output_buffer_limit=_STEP)
        while piece:
            yield piece
            piece = b"" if unpacker.is_finished() else unpacker.process(b"", output_buffer_limit=_STEP)
        if unpacker.is_finished():
            return
    raise EOFError


def _unzstd(data: bytes, step: int) -> Iterator[bytes]:
    """Yields the decoded pieces of zstd data, of all its frames. Raises EOFError if the last frame is not complete."""
    unpacker = zstd.ZstdDecompressor()
    for at in range(0, len(data), step):
        part = data[at : at + step]
        while part:
            yield unpacker.decompress(part, _STEP)
            while not (unpacker.eof or unpacker.needs_input):
                yield unpacker.decompress(b"", _STEP)
            part = b""
            if unpacker.eof:
                part, unpacker = unpacker.unused_data, zstd.ZstdDecompressor()
                if part and not part.startswith(_ZSTD[: len(part)]):
                    return  # bytes after the last frame are padding
                finished = not part
            else:
                finished = False
    if not finished:
        raise EOFError


_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def _is_text(body: bytes) -> bool:
    """Returns whether a body is readable although an encoding was announced: text in any 8-bit charset has no control characters."""
    return _CONTROL.search(body[:1024]) is None
