"""Reads the answers of indexes, whatever their dialect: arrays, JSON lines, or lines of plain CDX. Pure.

Whatever a server sends, the result is a list of captures and the number of lines that are not one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

_LONGEST_URL = 4096
_NOT_TEXT = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_TIME = re.compile(r"\d{8}(?:\d\d){0,3}")
# The names of a field in the dialects.
_NAMES = {"original": ("original", "url"), "mime": ("mimetype", "mime"), "status": ("statuscode", "status")}
_PLAIN = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")


@dataclass(frozen=True, slots=True)
class IndexedCapture:
    """A capture as an index lists it. `status`: 0 if it states none, as for a revisit. `file`, `offset`: its place, if it is stated."""

    original: str
    at: datetime
    mime: str
    status: int
    digest: str
    length: int | None = None
    file: str = ""
    offset: int | None = None


@dataclass(slots=True)
class Answer:
    """What an index answered. `resume`: its resume key, if there is more. `pages`: the number of pages, if that was queried. `unreadable`:
    lines that are not a capture.
    """

    captures: list[IndexedCapture] = field(default_factory=list)
    resume: str | None = None
    pages: int | None = None
    unreadable: int = 0


def read_answer(body: bytes) -> Answer:
    """Returns the answer of an index. An empty one has no capture.

    Raises: ValueError if it is not an answer at all: an error page, or cut off.
    """
    text = body.decode("utf-8", "replace").strip()
    if text.startswith("["):
        return _arrays(parsed(text))
    if text.startswith("<"):
        raise ValueError("it is a page, not a list of captures")
    answer, before = Answer(), 0
    for line in text.split("\n"):  # a URL may hold what str.splitlines takes for the end of a line
        before = answer.unreadable
        if line.startswith("{"):
            _add_object(answer, line)
        elif line.strip():
            _add(answer, dict(zip(_PLAIN, line.rstrip("\r").split(" "), strict=False)))
    if answer.unreadable > before and not body.endswith(b"\n"):
        raise ValueError("its last line is cut off")
    if answer.unreadable and not answer.captures:
        raise ValueError(f"none of its {answer.unreadable} lines is a capture: {text[:80]!r}")
    return answer


def _arrays(rows: Any) -> Answer:
    """Reads an array of arrays, of which the first one has the names. After an empty one comes the resume key."""
    answer = Answer()
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise ValueError("it is not an array of arrays")
    names: Sequence[str] = [str(name) for name in rows[0]] if rows else []
    for number, row in enumerate(rows[1:], 1):
        if not row:
            key = rows[number + 1] if number + 1 < len(rows) else []
            answer.resume = str(key[0]) if len(key) == 1 else None
            if not is_text(answer.resume or ""):
                raise ValueError("its resume key is not a text")
            break
        _add(answer, dict(zip(names, map(str, row), strict=False)))
    return answer


def _add_object(answer: Answer, line: str) -> None:
    try:
        row = parsed(line)
    except ValueError:
        answer.unreadable += 1
        return
    if "pages" in row and "timestamp" not in row:
        answer.pages = row["pages"] if isinstance(row["pages"], int) else None
    elif "message" not in row or "timestamp" in row:  # {"message": "No Captures found for: ..."}
        _add(answer, {name: str(value) for name, value in row.items() if not isinstance(value, dict | list)})


def _add(answer: Answer, row: Mapping[str, str]) -> None:
    capture = _capture(row)
    if capture is None:
        answer.unreadable += 1
    else:
        answer.captures.append(capture)


def _capture(row: Mapping[str, str]) -> IndexedCapture | None:
    original, mime, status = (_first(row, _NAMES[name]) for name in ("original", "mime", "status"))
    at = read_time(row.get("timestamp", ""))
    if at is None or not _is_url(original) or not all(map(is_text, row.values())):
        return None
    digest = row.get("digest", "").removeprefix("sha1:")
    length, offset = (_number(row.get(name, "")) for name in ("length", "offset"))
    return IndexedCapture(
        original, at, mime, _number(status) or 0, digest if digest != "-" else "", length, row.get("filename", ""), offset
    )


def is_text(value: str) -> bool:
    """Returns whether a value can be stored and requested: it has no half characters, line breaks or other control characters."""
    return _NOT_TEXT.search(value) is None


def parsed(text: str | bytes) -> Any:
    """Raises: ValueError if a text is not JSON, or nested deeper than any answer is."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _is_url(text: str) -> bool:
    if not text.startswith(("http://", "https://")) or len(text) > _LONGEST_URL:
        return False
    try:
        parts = urlsplit(text)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:  # a bracket in the host, or a port that is not a number
        return False


def _first(row: Mapping[str, str], names: Iterable[str]) -> str:
    return next((row[name] for name in names if row.get(name)), "")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


def read_time(text: str) -> datetime | None:
    """Returns the time of a capture (UTC), or None if it is not one: old indexes have a few with the 31st of June.

    >>> f"{read_time('20090717102500')}", read_time("20090631000000")
    ('2009-07-17 10:25:00+00:00', None)
    """
    if _TIME.fullmatch(text) is None:
        return None
    try:
        return datetime.strptime(text.ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
