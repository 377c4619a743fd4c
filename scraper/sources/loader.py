"""Sources as data: one `[[source]]` block per web site, in the TOML files of this folder and in the user's own files.

The loader rejects a bad block with one line: file, block, key, what is wrong and how to fix it. It never guesses.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from scraper.model import Source, Unit, UserError
from scraper.paths import project_paths
from scraper.platforms import PLATFORMS
from scraper.reference import units
from scraper.suggestions import nearest

FOLDER = Path(__file__).parent

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?")
_CONFIDENCE = ("low", "medium", "high")
_EXPECT = ("max_quiet_days", "min_articles_per_run", "min_articles_total", "min_dated_share")
_REQUIRED = ("id", "name", "unit", "site")
_OPTIONAL = (
    "hosts",
    "platform",
    "listings",
    "discover_sections",
    "feeds",
    "sitemaps",
    "valid",
    "successor",
    "confidence",
    "basis",
    "expect",
    "replay",
)


class SourceError(UserError):
    """A block of a source file that cannot be used."""


def shipped_files() -> list[Path]:
    """Returns the TOML files that the project ships, ordered by name."""
    return sorted(FOLDER.glob("*.toml"))


def load(extra: Iterable[Path] = ()) -> dict[str, Source]:
    """Returns every source of the project's files and of the `extra` files, by id and in the order of the files.

    Raises:
        SourceError: for the first error. The message names file, block, key and how to fix it.
    """
    sources: dict[str, Source] = {}
    for path in [*shipped_files(), *extra]:
        for number, block in enumerate(_blocks(path), start=1):
            source = _Block(path, number, block).source()
            if (other := sources.get(source.id)) is not None:
                raise SourceError(
                    f'{path}: block {number}: key "id": "{source.id}" is taken already by block {other.block} of {other.file};'
                    " choose another id"
                )
            sources[source.id] = source
    for source in sources.values():
        if source.successor is not None and source.successor not in sources:
            raise SourceError(
                f'{source.file}: block {source.block} ({source.id}): key "successor": there is no source "{source.successor}"'
                f"{nearest(source.successor, sources)}"
            )
    return sources


def find(sources: Mapping[str, Source], source_id: str) -> Source:
    """Returns the source with that id. Raises SourceError with the most similar ids if there is none."""
    try:
        return sources[source_id]
    except KeyError:
        hint = nearest(source_id, sources) or "."
        raise SourceError(
            f'unknown source "{source_id}"{hint} `scrapy list` shows all {len(sources)}; for sources in a file of your own add'
            " -s SOURCES_EXTRA=FILE.toml"
        ) from None


def recordings(source: Source, replay: str | None) -> list[Path]:
    """Returns the recordings that answer for a source: those of the setting REPLAY, else those of its block, else none.

    Raises:
        SourceError: if the source is one of the sample, whose recording is only in a checkout of the project.
    """
    given = project_paths(replay)
    if given:
        return given
    paths = project_paths(source.replay)
    if Path(source.file).parent == FOLDER and not all(path.exists() for path in paths):
        raise SourceError(
            f"{source.id}: its recording is not installed: only a checkout of the project has the sample; choose another source"
            " from `scrapy list`"
        )
    return paths


def made_up(url: str) -> Source:
    """Returns a source for a page of which only the URL is known. Raises SourceError if it is not a web URL."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise SourceError(f"{url}: is not a web URL; write it with https:// and the host")
    host = parts.netloc.lower()
    return Source(id="not-a-source", name=host, unit="", site=f"{parts.scheme}://{parts.netloc}", hosts=(host,))


def _blocks(path: Path) -> Sequence[Mapping[str, Any]]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror}); check the path given in SOURCES_EXTRA") from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{path}: byte {error.start}: not UTF-8; save the file as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"{path}: not valid TOML: {error}; write texts in double quotes, lists in [ ]") from error
    for key in content:
        if key != "source":
            raise SourceError(f'{path}: unknown table "{key}"; each source begins with a line [[source]]')
    blocks = content.get("source", [])
    if not isinstance(blocks, list):
        raise SourceError(f"{path}: [source] must be written [[source]], with two brackets")
    if not blocks:
        raise SourceError(f"{path}: has no [[source]] block; write one with id, name, unit and site")
    return blocks


class _Block:
    """One block that is being turned into a Source. It knows its file and position for the messages."""

    def __init__(self, path: Path, number: int, block: Mapping[str, Any]) -> None:
        self.path, self.number, self.block = path, number, block
        self.id = block.get("id", "without id")

    def refuse(self, key: str, problem: str) -> SourceError:
        return SourceError(f'{self.path}: block {self.number} ({self.id}): key "{key}": {problem}')

    def source(self) -> Source:
        known = (*_REQUIRED, *_OPTIONAL)
        for key in self.block:
            if key not in known:
                raise self.refuse(key, f"unknown key{nearest(key, known)}; known are {', '.join(known)}")
        for key in _REQUIRED:
            if key not in self.block:
                raise self.refuse(key, f'is missing; add a line {key} = "..."')
        source_id, name, site = self.text("id"), self.text("name"), self.site()
        if not _ID.fullmatch(source_id):
            raise self.refuse("id", f'"{source_id}" must be lower-case letters and digits separated by hyphens, like "nghe-an-ict"')
        unit = self.unit()
        valid_from, valid_to = self.valid()
        return Source(
            id=source_id,
            name=name,
            unit=unit.id,
            site=site,
            hosts=self.hosts(site),
            platform=self.platform(),
            listings=self.urls("listings", site),
            discover_sections=self.discover_sections(),
            feeds=self.urls("feeds", site),
            sitemaps=self.urls("sitemaps", site),
            valid_from=valid_from,
            valid_to=valid_to,
            successor=self.optional_text("successor"),
            confidence=self.confidence(),
            basis=self.optional_text("basis"),
            expect=self.expect(),
            province=unit.name if unit.kind in ("province", "city") else None,
            replay=self.replay(),
            file=str(self.path),
            block=self.number,
        )

    def text(self, key: str) -> str:
        value = self.block[key]
        if not isinstance(value, str) or not value.strip():
            raise self.refuse(key, f'must be a text in double quotes, not {value!r}, like {key} = "..."')
        return value.strip()

    def optional_text(self, key: str) -> str | None:
        return self.text(key) if key in self.block else None

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.block.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise self.refuse(key, f'must be a list of texts, like {key} = ["..."]')
        return tuple(item.strip() for item in value)

    def site(self) -> str:
        value = self.text("site")
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or not _HOST.fullmatch(parts.netloc):
            raise self.refuse("site", f'"{value}" must be a URL like "https://sotttt.example.gov.vn"')
        if parts.path not in ("", "/") or parts.query or parts.fragment:
            raise self.refuse("site", f'"{value}" must end after the host; put pages into listings = ["{parts.path or "/"}"]')
        return f"{parts.scheme}://{parts.netloc}"

    def hosts(self, site: str) -> tuple[str, ...]:
        more = self.texts("hosts")
        for host in more:
            if not _HOST.fullmatch(host):
                raise self.refuse(
                    "hosts", f'"{host}" must be a bare host in lower case like "www.example.gov.vn", without https:// or a path'
                )
        return tuple(dict.fromkeys([urlsplit(site).netloc, *more]))

    def unit(self) -> Unit:
        value = self.text("unit")
        unit = units().get(value)
        if unit is None:
            raise self.refuse("unit", f'unknown unit "{value}"{nearest(value, units())}; the ids are in scraper/reference/units.csv')
        return unit

    def platform(self) -> str | None:
        value = self.optional_text("platform")
        if value is not None and value not in PLATFORMS:
            raise self.refuse(
                "platform",
                f'unknown platform "{value}"{nearest(value, PLATFORMS)}; known are {", ".join(sorted(PLATFORMS))};'
                " leave the line out to recognise it from the pages",
            )
        return value

    def urls(self, key: str, site: str) -> tuple[str, ...]:
        urls = tuple(urljoin(site + "/", value) for value in self.texts(key))
        for url in urls:
            parts = urlsplit(url)
            if parts.scheme not in ("http", "https") or parts.netloc not in self.hosts(site):
                raise self.refuse(key, f'"{url}" is not on a host of this source; write a path like "/tin-tuc/" or add its host to hosts')
        return urls

    def replay(self) -> tuple[str, ...]:
        """Returns the recordings of the source. Those of the project's own files are relative to its checkout."""
        values = self.texts("replay")
        return tuple(str(FOLDER.parent.parent / value) for value in values) if self.path.parent == FOLDER else values

    def discover_sections(self) -> bool:
        value = self.block.get("discover_sections", "listings" not in self.block)
        if not isinstance(value, bool):
            raise self.refuse("discover_sections", f"must be true or false, without quotes, not {value!r}")
        return value

    def valid(self) -> tuple[date | None, date | None]:
        value = self.block.get("valid", [])
        if not isinstance(value, list) or len(value) > 2:
            raise self.refuse("valid", 'must be ["from", "to"], like ["2008-03-01", "2025-02-28"]; "" if the end is open')
        days: list[date | None] = []
        for item in [*value, "", ""][:2]:
            if isinstance(item, date):
                days.append(item)
                continue
            try:
                days.append(date.fromisoformat(item) if item else None)
            except (TypeError, ValueError):
                raise self.refuse("valid", f'{item!r} is not a day; write it like "2008-03-01"') from None
        first, last = days
        if first and last and first > last:
            raise self.refuse("valid", f"begins ({first}) after it ends ({last}); swap the two days")
        return first, last

    def confidence(self) -> str:
        value = self.optional_text("confidence") or "low"
        if value not in _CONFIDENCE:
            raise self.refuse("confidence", f'"{value}" must be one of {", ".join(_CONFIDENCE)}')
        return value

    def expect(self) -> Mapping[str, float]:
        value = self.block.get("expect", {})
        if not isinstance(value, dict):
            raise self.refuse("expect", "must be a table, like { max_quiet_days = 14 }")
        for name, number in value.items():
            if name not in _EXPECT:
                raise self.refuse("expect", f'unknown expectation "{name}"{nearest(name, _EXPECT)}; known are {", ".join(_EXPECT)}')
            if isinstance(number, bool) or not isinstance(number, int | float) or number < 0:
                raise self.refuse("expect", f"{name} must be a number of 0 or more, not {number!r}")
        return dict(value)
