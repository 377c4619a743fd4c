"""What is found in the files of other tools: WARC records, and what cannot be imported, with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from scraper.warc.dates import timestamp
from scraper.warc.records import DATE_RULE, SOURCE_URI

_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<title[\s>]", re.IGNORECASE)
_HEAD = 8192  # bytes of a page in which one of these tags must begin


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that is not imported. `name`: a URL, or a file and, after "#", its place in it. `reason`: a code of the list *import* in
    labels.csv."""

    name: str
    reason: str
    detail: str = ""


Found = Iterator[bytes | Skipped]  # unpacked WARC records


def is_html(body: bytes) -> bool:
    """Returns whether bytes are an HTML page, by the tags at their beginning."""
    return _HTML.search(body[:_HEAD]) is not None


def warc_record(url: str, at: datetime | str, block: bytes, origin: str, date_rule: str = "", *, is_cut: bool = False) -> bytes:
    """Returns an unpacked WARC record of a response.

    `at`: its time, or what its file states as such. `block`: the status line, the headers and the body. `origin`: where it comes from.
    `date_rule`: the code of the rule that found the time, if its file does not state it. `is_cut`: the end of the body is missing.
    """
    fields = {
        "WARC-Type": "response",
        "WARC-Target-URI": _one_line(url),
        "WARC-Date": timestamp(at) if isinstance(at, datetime) else _one_line(at),
        SOURCE_URI: _one_line(origin),
        DATE_RULE: date_rule,
        "WARC-Truncated": "unspecified" if is_cut else "",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block)),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    return f"WARC/1.1\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"


def http_block(status: int, reason: str, headers: Iterable[tuple[str, str]], body: bytes) -> bytes:
    """Returns a response as it is in a WARC record."""
    lines = "".join(f"{_one_line(name)}: {_one_line(value)}\r\n" for name, value in headers)
    return f"HTTP/1.1 {status} {_one_line(reason)}\r\n{lines}\r\n".encode("utf-8", "replace") + body


def _one_line(text: str) -> str:
    return "".join(text.split("\r\n")).replace("\n", "").replace("\r", "").strip()
