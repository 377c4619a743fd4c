"""Which source a recorded response belongs to: by its host, its path and its time. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from scraper.model import Source
from scraper.sources import is_inside
from scraper.sources.validity import in_force
from scraper.urls import at_listed_host, host_of
from scraper.warc.dates import moment
from scraper.warc.versions import Version
from scraper.web_archive_urls import unwrap

_TO_VIETNAM = timedelta(hours=7)
_OF_FILE = "file-time"  # the rule of a time that is only that of a file, which may be much later


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a response belongs to no source. `sources`: the ids of those that it would belong to, if there are any."""

    reason: str
    detail: str = ""
    sources: tuple[str, ...] = ()


@dataclass(slots=True)
class Owners:
    """The sources whose pages are wanted. `is_chosen`: a person named the source, so its dates do not count."""

    sources: Iterable[Source]
    is_chosen: bool = False
    _by_host: dict[str, list[Source]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        for source in self.sources:
            for host in dict.fromkeys(map(_bare, source.hosts)):
                self._by_host.setdefault(host, []).append(source)

    def may_have(self, url: str) -> bool:
        """Returns whether a source has the host of a URL. Nearly all URLs of a large file have another one, so this is quick."""
        if _bare(_host(url)) in self._by_host:
            return True
        wrapped = unwrap(url) if "/http" in url[8:] else None
        return wrapped is not None and _bare(_host(wrapped[0])) in self._by_host

    def named(self, url: str) -> tuple[str, ...]:
        """Returns the ids of the sources that have the host and the path of a URL."""
        of_host = self._by_host.get(_bare(_host(url)), [])
        return tuple(one.id for one in of_host if is_inside(one, at_listed_host(url, one.hosts) or url))

    def of(self, version: Version) -> tuple[str, ...] | Refused:
        """Returns the ids of the sources that a response belongs to, or why there is none. A page has one source. What is not a page, like
        robots.txt, a sitemap or a redirect, may be that of all sources with its host.
        """
        host = host_of(version.url)
        of_host = self._by_host.get(_bare(host or ""), [])
        if not of_host:
            return Refused("no-source", host or version.url)
        possible = [one for one in of_host if is_inside(one, at_listed_host(version.url, one.hosts) or version.url)]
        if possible or not version.is_page:
            return self._at_its_time(version, possible or of_host)
        return Refused("other-part", ", ".join(f"{one.id}: {one.under}" for one in of_host))

    def _at_its_time(self, version: Version, possible: list[Source]) -> tuple[str, ...] | Refused:
        """Returns which of some sources a response belongs to by its time."""
        chosen = possible
        # The time of a file may be much later than the page, so it decides nothing.
        if version.origin is None or version.origin.date_rule != _OF_FILE:
            day = (moment(version.date) + _TO_VIETNAM).date()
            chosen = [one for one in possible if in_force(one, day)]
            if not chosen and not self.is_chosen:
                ids = tuple(one.id for one in possible)
                return Refused("outside-period", f"captured on {day}; give --source {ids[0]} to take it all the same", ids)
        ids = tuple(one.id for one in chosen or possible)
        if len(ids) > 1 and version.is_page:
            return Refused("several-sources", f"{', '.join(ids)}: choose with --source", ids)
        return ids


def host_name(url: str) -> str:
    """Returns the host of a URL for a summary, without `www.` and port, and no longer than a host can be."""
    return _bare(_host(url)).partition(":")[0][:253]


def _host(url: str) -> str:
    return url.split("/", 3)[2].rpartition("@")[2].lower() if url.count("/") > 1 else ""


def _bare(host: str) -> str:
    return host.removesuffix(":80").removesuffix(":443").removeprefix("www.")
