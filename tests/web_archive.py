"""A small web archive on 127.0.0.1 that speaks the Internet Archive's dialect as its README describes it, and misbehaves on request.

The pages are our own. The index is an array of arrays, with resume keys; the replay gives the original bytes after `id_`. `fl`, `limit`,
`filter`, `matchType`, `from` and `to` work; `collapse` drops a line whose field is that of the line before, whatever its URL is.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import parse_qs, unquote_plus, urlsplit

from scraper.warc.cdx import url_sort_key
from tests.server import Answer, Sent, Site, serving_pages

_FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
_HTML = {"Content-Type": "text/html; charset=utf-8"}


@dataclass(frozen=True)
class Archived:
    """A capture. `sent`: what the replay sends instead of it: status, headers and body."""

    url: str
    time: str  # 14 digits
    body: bytes | str
    status: int = 200
    mime: str = "text/html"
    headers: dict[str, str] = field(default_factory=dict)
    is_revisit: bool = False
    sent: Answer | None = None

    @property
    def bytes(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else self.body

    @property
    def row(self) -> dict[str, str]:
        digest = base64.b32encode(hashlib.sha1(self.bytes).digest()).decode()
        mime, status = ("warc/revisit", "-") if self.is_revisit else (self.mime, str(self.status))
        values = (url_sort_key(self.url), self.time, self.url, mime, status, digest, str(len(self.bytes)))
        return dict(zip(_FIELDS, values, strict=True))


@dataclass
class InternetArchive:
    """The captures, and the faults. `index_faults`: what the index answers instead, by the number of the query from 0. `most`: rows of an
    answer; after them comes a resume key. `excluded`: hosts that are not shown.
    """

    captures: list[Archived]
    index_faults: dict[int, Answer] = field(default_factory=dict)
    most: int = 1000
    excluded: frozenset[str] = frozenset()
    expired: set[str] = field(default_factory=set)  # months whose resume keys are not accepted
    refuse: Callable[[str], Answer | None] | None = None  # what the replay of a path answers instead
    queries: list[dict[str, str]] = field(default_factory=list)
    replays: list[str] = field(default_factory=list)  # "time url", in the order of the requests

    def answer(self, sent: Sent) -> Answer | None:
        """Returns the answer to a request; None if the archive has no such page."""
        parts = urlsplit(sent.path)
        if parts.path == "/cdx/search/cdx":
            return self._index(parts.query)
        match = re.fullmatch(r"/web/(\d{14})id_/(.*)", sent.path)
        return self._replay(sent.path, match[1], match[2]) if match is not None else None

    def _index(self, query: str) -> Answer:
        queried = {name: values[0] for name, values in parse_qs(query).items()}
        number = len(self.queries)
        self.queries.append(queried)
        if number in self.index_faults:
            return self.index_faults[number]
        if urlsplit(f"//{queried['url']}").hostname in self.excluded:
            fault = "org.archive.wayback.exception.AdministrativeAccessControlException: Blocked Site Error"
            return 403, {"Content-Type": "text/plain", "X-Archive-Wayback-Runtime-Error": fault}, fault.encode()
        if "resumeKey" in queried and queried["from"][:6] in self.expired:
            return 400, {"Content-Type": "text/plain"}, b"Bad resume key"
        rows = [row for row in self._rows() if _matches(row, queried)]
        if "collapse" in queried:
            rows = [*_collapsed(rows, queried["collapse"])]
        most = min(self.most, int(queried.get("limit", "1000000")))
        after = unquote_plus(queried["resumeKey"]) if "resumeKey" in queried else ""
        rows = [row for row in rows if not after or f"{row['urlkey']} {row['timestamp']}" > after]
        chosen = queried.get("fl", ",".join(_FIELDS)).split(",")
        lines = [[row[name] for name in chosen] for row in rows[:most]]
        if not lines:
            return 200, {"Content-Type": "application/json"}, b"[]"
        given = [chosen, *lines]
        if len(rows) > most and queried.get("showResumeKey") == "true":
            last = rows[most - 1]
            given += [[], [_quoted(f"{last['urlkey']} {last['timestamp']}")]]
        return 200, {"Content-Type": "application/json"}, json.dumps(given).encode()

    def _rows(self) -> list[dict[str, str]]:
        return sorted((one.row for one in self.captures), key=lambda row: (row["urlkey"], row["timestamp"]))

    def _replay(self, path: str, time: str, url: str) -> Answer:
        self.replays.append(f"{time} {url}")
        if self.refuse is not None and (refused := self.refuse(f"{time} {url}")) is not None:
            return refused
        of_url = [one for one in self.captures if url_sort_key(one.url) == url_sort_key(url)]
        if not of_url:
            fault = "ResourceNotInArchiveException: the URL is not in the archive"
            return 404, {"X-Archive-Wayback-Runtime-Error": fault}, b"<html>not archived</html>"
        one = min(of_url, key=lambda one: abs(int(one.time) - int(time)))
        if one.sent is not None:
            return one.sent
        if one.time != time:
            return 302, {"Location": f"/web/{one.time}id_/{one.url}"}, b""
        return memento(one)


def memento(one: Archived) -> Answer:
    """Returns a capture as the replay sends it: with its time, and with the original headers under other names."""
    at = datetime.strptime(one.time, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    headers = _HTML | one.headers if one.mime == "text/html" else {"Content-Type": one.mime} | one.headers
    given = {f"X-Archive-Orig-{name}": value for name, value in headers.items()}
    given |= {name: value for name, value in headers.items() if name in ("Content-Type", "Content-Encoding", "Location")}
    if "Location" in given:
        given["Location"] = f"/web/{one.time}id_/{given['Location']}"
    return one.status, given | {"Memento-Datetime": format_datetime(at, usegmt=True), "X-Archive-Src": "own-0001.warc.gz"}, one.bytes


def _quoted(key: str) -> str:
    return key.replace("%", "%25").replace("+", "%2B").replace(",", "%2C").replace(")", "%29").replace("/", "%2F").replace(" ", "+")


def _matches(row: dict[str, str], queried: dict[str, str]) -> bool:
    wanted, is_host = url_sort_key(f"http://{queried['url']}"), queried.get("matchType") == "host"
    if not (row["urlkey"].startswith(wanted.partition(")")[0] + ")") if is_host else row["urlkey"].startswith(wanted)):
        return False
    name, _, pattern = queried.get("filter", "urlkey:.*").partition(":")
    return queried["from"] <= row["timestamp"] <= queried["to"] and re.fullmatch(pattern, row[name]) is not None


def _collapsed(rows: Iterable[dict[str, str]], how: str) -> Iterator[dict[str, str]]:
    name, _, digits = how.partition(":")
    before = None
    for row in rows:
        value = row[name][: int(digits)] if digits else row[name]
        if value != before:
            yield row
        before = value


@contextmanager
def serving_archive(archive: InternetArchive) -> Iterator[Site]:
    """Serves a web archive on a free port."""
    with serving_pages({"/robots.txt": (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /save/\n")}) as site:
        site.program = archive.answer
        yield site


def again(one: Archived, time: str) -> Archived:
    """Returns a later capture of the same page, with the same bytes."""
    return replace(one, time=time, sent=None)
