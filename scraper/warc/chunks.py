"""Bodies that were sent in chunks (Transfer-Encoding: chunked, RFC 9112, 7.1). Pure."""

from __future__ import annotations

_LONGEST_SIZE = 1024  # bytes of the line that states the size of a chunk


def join_chunks(raw: bytes) -> tuple[bytes, bool]:
    """Returns a chunked body as one piece, and whether its end is missing.

    If it does not begin with a chunk, it is returned unchanged: many recorders join the chunks themselves. What follows after a broken
    chunk is returned as it is.
    """
    parts: list[bytes] = []
    at = 0
    while True:
        line_end = raw.find(b"\r\n", at, at + _LONGEST_SIZE)
        try:
            size = int(raw[at:line_end].split(b";")[0], 16) if line_end > at else -1
        except ValueError:
            size = -1
        if size < 0:
            return (b"".join([*parts, raw[at:]]), True) if parts else (raw, False)
        if size == 0:
            return b"".join(parts), False
        parts.append(raw[line_end + 2 : line_end + 2 + size])
        at = line_end + 2 + size + 2
