"""The web archives: where their index and their pages are, and how often they may be queried."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scraper.model import UserError
from scraper.two_languages import Message
from scraper.warc.cdx import cdx_time

INDEX, PAGES = "index", "pages"  # the two queues of an archive
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_FIRST_YEAR = 1996  # the Internet Archive began then; no web archive has older pages
_OWN_LIMITS = (24.0, 30.0)  # queries and pages per minute, of an archive that is given by its URL


class Dialect(StrEnum):
    """How an archive lists its captures, and how it gives their bytes."""

    INTERNET_ARCHIVE = "internet-archive"  # array of arrays, resume keys; replay with `id_`
    PYWB = "pywb"  # one JSON object per line; replay with `id_`
    COMMON_CRAWL = "common-crawl"  # one index per crawl, in pages; byte ranges of WARC files


@dataclass(frozen=True, slots=True)
class WebArchive:
    """A web archive. `index`: the URL of its CDX server, or of Common Crawl's list of indexes. `replay`: a template with `{time}` and
    `{url}`, or `{file}`.
    """

    id: str
    name: str
    dialect: Dialect
    index: str
    replay: str
    queries_per_minute: float
    pages_per_minute: float
    first_year: int = _FIRST_YEAR

    @property
    def has_ranges(self) -> bool:
        """Whether a capture is a range of bytes in a WARC file, and not a page of its own."""
        return self.dialect is Dialect.COMMON_CRAWL

    def has(self, url: str) -> bool:
        """Returns whether a URL is on a host of the archive."""
        try:
            return _host(url) in {_host(self.index), _host(self.replay)}
        except ValueError:  # not a URL
            return False

    def queue_of(self, url: str) -> str:
        """Returns the queue to which a request to the archive belongs: INDEX or PAGES."""
        if self.dialect is Dialect.COMMON_CRAWL:
            path = urlsplit(url).path
            return INDEX if path.endswith(("-index", "/collinfo.json")) else PAGES
        return INDEX if url.partition("?")[0] == self.index else PAGES

    def delay_of(self, queue: str) -> float:
        """Returns the seconds between two requests of a queue."""
        return 60.0 / (self.queries_per_minute if queue == INDEX else self.pages_per_minute)

    def page_url(self, original: str, at: datetime, file: str) -> str:
        """Returns the URL of the bytes of a capture. `original`: its URL as the index spells it. `file`: its WARC file, if it is a range.

        >>> known_archives()["wayback"].page_url("http://mic.gov.vn:80/a.asp?id=5", datetime(2009, 7, 17, 10, 25), "")
        'https://web.archive.org/web/20090717102500id_/http://mic.gov.vn:80/a.asp?id=5'
        """
        return (
            self.replay.replace("{file}", file)
            if self.has_ranges
            else self.replay.replace("{time}", cdx_time(at)).replace("{url}", original)
        )


@cache
def known_archives() -> Mapping[str, WebArchive]:
    """Returns the archives of `archives.toml` by their names."""
    read: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_name("archives.toml").read_text(encoding="utf-8"))
    return {name: WebArchive(id=name, dialect=Dialect(one.pop("dialect")), **one) for name, one in read.items()}


def archive_of(written: str) -> WebArchive:
    """Returns the archive that a user names: one of `archives.toml`, or one by its URL.

    - `.../collinfo.json` is a list of indexes like Common Crawl's, whose files are at the root of the same host
    - `.../cdx/search/cdx` or `.../web` is a server like the Internet Archive's
    - any other URL is a collection of pywb: `http://127.0.0.1:8080/gov`

    Raises: UserError if it is neither a name nor a URL.

    >>> archive_of("http://127.0.0.1:8080/gov/").replay, archive_of("https://wayback.example.org/web").index
    ('http://127.0.0.1:8080/gov/{time}id_/{url}', 'https://wayback.example.org/cdx/search/cdx')
    """
    if (known := known_archives().get(written)) is not None:
        return known
    base = written.rstrip("/")
    try:
        parts = urlsplit(base)
        is_url = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and not parts.query and "{" not in written
    except ValueError:
        is_url = False
    if not is_url:
        names = ", ".join(known_archives())
        raise UserError(
            Message(
                f"--archive {written}: give {names}, or the URL of a collection, like http://127.0.0.1:8080/gov",
                f"--archive {written}: hãy ghi {names}, hoặc URL của một bộ sưu tập, ví dụ http://127.0.0.1:8080/gov",
            )
        )
    root = f"{parts.scheme}://{parts.netloc}"
    if parts.path.endswith("/collinfo.json"):
        return WebArchive(base, base, Dialect.COMMON_CRAWL, base, f"{root}/{{file}}", *_OWN_LIMITS)
    of_internet_archive = re.fullmatch(r"(.*)/(?:cdx/search/cdx|web)", base)
    if of_internet_archive is not None:
        base = of_internet_archive[1]
        replay = f"{base}/web/{{time}}id_/{{url}}"
        return WebArchive(written.rstrip("/"), base, Dialect.INTERNET_ARCHIVE, f"{base}/cdx/search/cdx", replay, *_OWN_LIMITS)
    return WebArchive(base, base, Dialect.PYWB, f"{base}/cdx", f"{base}/{{time}}id_/{{url}}", *_OWN_LIMITS)


def _host(url: str) -> str:
    parts = urlsplit(url)
    return parts.netloc.lower().removesuffix(_DEFAULT_PORTS.get(parts.scheme, ""))
