"""The facts about a source: from its block, from the archive, or from a small look at its site."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy.settings import BaseSettings
from sqlite_utils import Database

from scraper import clock
from scraper.crawl.politeness.crawl_hosts import hosts_folder
from scraper.crawl.politeness.host_rules import host_key, rules_of
from scraper.crawl.politeness.host_state import known_state
from scraper.crawl.site_look import SiteLook, look
from scraper.model import Capture, Failure, LinkRole, Source
from scraper.parse import read_page
from scraper.paths import project_path
from scraper.platforms import PLAIN
from scraper.sources import is_inside, recordings, standing
from scraper.store.archive_file import opened_for_reading
from scraper.store.discovered import FEED, HOST, LIST, PLATFORM, SITEMAP, Found, all_found
from scraper.warc.dates import timestamp

ARCHIVE, SITE, RECORDING = "archive", "site", "recording"  # where the facts come from

_RUNS = 5  # that are shown
_KINDS = {LinkRole.LISTING: LIST, LinkRole.FEED: FEED, LinkRole.SITEMAP: SITEMAP}
_RUN = ("id", "command", "arguments", "started_at", "ended_at", "outcome", "captures", "articles_new", "articles_changed", "failures")


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts about a source. `origin`: ARCHIVE, SITE or RECORDING. `requests`: those of the look."""

    source: Source
    origin: str
    found: tuple[Found, ...]
    runs: tuple[Mapping[str, Any], ...]
    politeness: Mapping[str, Any]
    requests: int = 0
    failures: tuple[Failure, ...] = ()

    def of_kind(self, kind: str) -> list[Found]:
        """Returns what was found of one kind."""
        return [one for one in self.found if one.kind == kind]

    def hosts_to_add(self) -> list[Found]:
        """Returns the hosts that links lead to and the block does not list."""
        return [one for one in self.of_kind(HOST) if one.name not in self.source.hosts]

    @property
    def platform(self) -> str | None:
        """The id of the platform that was found last, or None."""
        rows = sorted(self.of_kind(PLATFORM), key=lambda one: one.last_seen)
        return rows[-1].name if rows else None

    def as_json(self) -> dict[str, Any]:
        """Returns everything as JSON values."""
        source, day = self.source, clock.now().astimezone(clock.VIETNAM).date()
        return {
            "source": source.id,
            "name": source.name,
            "unit": source.unit,
            "kind": source.kind or None,
            "site": source.site,
            "hosts": list(source.hosts),
            "under": source.under,
            "file": source.file,
            "block": source.block,
            "confidence": source.confidence,
            "basis": source.basis,
            "validity": {
                "from": source.valid_from.isoformat() if source.valid_from else None,
                "to": source.valid_to.isoformat() if source.valid_to else None,
                "standing": standing(source, day).value,
                "successor": source.successor,
            },
            "configured": {
                "platform": source.platform,
                "listings": list(source.listings),
                "feeds": list(source.feeds),
                "sitemaps": list(source.sitemaps),
            },
            "origin": self.origin,
            "requests": self.requests,
            "platform": self.platform,
            "found": [asdict(one) for one in self.found],
            "hosts_to_add": [one.name for one in self.hosts_to_add()],
            "politeness": dict(self.politeness),
            "failures": [{"reason": one.reason, "url": one.url, "detail": one.detail} for one in self.failures],
            "runs": [dict(run) for run in self.runs],
        }


def gather(
    source: Source, sources: Mapping[str, Source], settings: BaseSettings, *, look_now: bool = False
) -> tuple[Facts, Capture | None]:
    """Returns the facts about a source; if the archive knows nothing of its site, or with `look_now`, by a look at it. Also returns the
    first page of the look. Can look only once in a process.
    """
    found, runs = from_archive(project_path(settings["ARCHIVE"]), source.id)
    looked = None
    origin = ARCHIVE
    # A crawl that received nothing leaves only the list with which it began.
    if look_now or not any(one.last_read or one.kind == PLATFORM for one in found):
        looked = look(source, settings, lambda capture, of, met: read_page(capture, of, met=met))
        found = from_look(looked)
        origin = RECORDING if recordings(source, settings.get("REPLAY")) else SITE
    polite = _politeness(source, sources.values(), settings, looked if origin == SITE else None)
    requests, failures = (looked.requests, tuple(looked.failures)) if looked is not None else (0, ())
    first = looked.home[0] if looked is not None and looked.home is not None else None
    return Facts(source, origin, found, runs, polite, requests, failures), first


def from_archive(path: Path, source_id: str) -> tuple[tuple[Found, ...], tuple[Mapping[str, Any], ...]]:
    """Returns what the archive knows of a source: what was found on its site, and its last runs, the newest first. Nothing is written, and
    an archive that is missing or older than these tables knows nothing.
    """
    if not path.is_file():
        return (), ()
    with opened_for_reading(path.resolve()) as connection:
        try:
            rows = connection.execute(
                f"select {', '.join(_RUN)} from runs where source_id = ? order by id desc limit ?", [source_id, _RUNS]
            ).fetchall()
            return tuple(all_found(Database(connection), source_id)), tuple(dict(zip(_RUN, row, strict=True)) for row in rows)
        except sqlite3.Error:
            return (), ()


def _has_robots(path: Path, source: Source) -> bool:
    """Returns whether an archive has a robots.txt of the site of a source."""
    if not path.is_file():
        return False
    with opened_for_reading(path.resolve()) as connection, suppress(sqlite3.Error):
        sql = "select 1 from captures where source_id = ? and url = ? and status < 500 limit 1"
        return connection.execute(sql, [source.id, f"{source.site}/robots.txt"]).fetchone() is not None
    return False


def from_look(look: SiteLook) -> tuple[Found, ...]:
    """Returns what a look at a site found."""
    at = timestamp(clock.now().replace(microsecond=0))

    def found(kind: str, name: str, found_on: str | None, **more: Any) -> Found:
        nothing = dict.fromkeys(("list_order", "pager", "articles", "read_to_end", "last_read", "last_new", "look"))
        return Found(**{"kind": kind, "name": name, "found_on": found_on or None, "first_seen": at, "last_seen": at} | nothing | more)

    return (
        *(found(PLATFORM, name, url) for name, url in look.platforms.items()),
        *(
            found(_KINDS[one.role], one.url, one.found_on, list_order=one.order, pager=one.pager, articles=one.articles, last_read=at)
            for one in look.seen
        ),
        *(found(LIST, url, on) for url, on in look.sections.items()),
        *(found(HOST, name, url) for name, url in look.other_hosts.items()),
    )


def _politeness(source: Source, sources: Iterable[Source], settings: BaseSettings, looked: SiteLook | None) -> dict[str, Any]:
    """Returns how a host of the source is requested: the delay with its origin, what robots.txt requires, window and budget."""
    host, default_delay = host_key(source.site), settings.getfloat("DOWNLOAD_DELAY")
    rules = rules_of(host, sources, default_delay)
    state = known_state(hosts_folder(settings), host)
    robots: tuple[float | None, str | None]
    if looked is not None:
        robots = (looked.crawl_delay, timestamp(clock.now().replace(microsecond=0))) if looked.robots is not None else (None, None)
    elif state is not None and state.last and (state.robots_delay or _has_robots(project_path(settings["ARCHIVE"]), source)):
        robots = state.robots_delay, timestamp(datetime.fromtimestamp(int(state.last), clock.VIETNAM))
    else:
        robots = None, None
    return {
        "delay": rules.delay,
        "delay_from": "block" if source.delay == rules.delay else "DOWNLOAD_DELAY" if rules.delay == default_delay else "another source",
        "crawl_delay": robots[0],
        "crawl_delay_found_on": f"{source.site}/robots.txt",
        "crawl_delay_at": robots[1],
        "windows": [[f"{first:%H:%M}", f"{last:%H:%M}"] for first, last in rules.windows],
        "budget": rules.budget,
        "cookies": source.cookies,
        "tls": asdict(source.tls) | {"until": source.tls.until.isoformat()} if source.tls is not None else None,
    }


def values_to_write(facts: Facts) -> dict[str, str | bool | list[str]]:
    """Returns the keys that say in a block what was found: platform, sitemaps, feeds and listings. Only those that named articles count.

    A list of list pages would keep the crawl from other sections, so `discover_sections` goes with it.
    """
    source = facts.source
    values: dict[str, str | bool | list[str]] = {}
    if facts.platform is not None and facts.platform != PLAIN.id:
        values["platform"] = facts.platform
    indexes = {one.name for one in facts.of_kind(SITEMAP)}
    values["sitemaps"] = [_written(source, one.name) for one in facts.of_kind(SITEMAP) if one.last_read and one.found_on not in indexes]
    values["feeds"] = [_written(source, one.name) for one in facts.of_kind(FEED) if one.last_read and one.articles]
    lists = [one.name for one in facts.of_kind(LIST) if one.last_read and one.articles]
    values["listings"] = [_written(source, name) for name in lists if is_inside(source, name)]
    if values["listings"] and source.discover_sections:
        values["discover_sections"] = True
    return {key: value for key, value in values.items() if value}


def _written(source: Source, url: str) -> str:
    """Returns a URL as a block states it: as a path, if it is on the site itself."""
    parts = urlsplit(url)
    if f"{parts.scheme}://{parts.netloc}" != source.site:
        return url
    return f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
