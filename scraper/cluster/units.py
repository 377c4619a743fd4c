"""A unit of crawling: the sources that share a host. Only one worker at a time crawls it, so each host is contacted from one place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from scraper.crawl.politeness.host_rules import host_key
from scraper.model import Source

UNITS = "units"  # the folder of all units in the shared store
FILES_ONLY: Mapping[str, str] = {"files": "only"}  # the arguments of a unit that requests only files of articles


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of one update. `began`: ISO 8601. `settings`, `source_files`: those of the command that differ from the defaults."""

    id: str
    sources: tuple[str, ...]
    began: str
    version: str  # of the program; a worker needs the same
    arguments: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str | int | float | bool] = field(default_factory=dict)
    source_files: tuple[str, ...] = ()  # the text of the user's own TOML files

    @property
    def is_of_files(self) -> bool:
        """Whether it requests only files of articles."""
        return self.arguments == FILES_ONLY

    @property
    def folder(self) -> str:
        """The folder of the unit in the shared store."""
        return f"{UNITS}/{self.id}"

    def as_json(self) -> bytes:
        """Returns the unit as it is written to the store."""
        return json.dumps(asdict(self), ensure_ascii=False).encode()

    @classmethod
    def from_json(cls, written: bytes) -> Self:
        """Returns a unit that was written to the store."""
        values: dict[str, Any] = json.loads(written)
        return cls(**values | {"sources": tuple(values["sources"]), "source_files": tuple(values["source_files"])})


@dataclass(frozen=True, slots=True)
class Ended:
    """How a worker's crawl of a source ended. `problem`: of the run. `requests`: that it counted. `faults`: of the program. `exchanges`:
    how many there are in the store.
    """

    outcome: str
    problem: str = ""
    requests: int = 0
    faults: tuple[str, ...] = ()
    exchanges: int = 0

    def as_json(self) -> bytes:
        """Returns the end as it is written to the store."""
        return json.dumps(asdict(self), ensure_ascii=False).encode()

    @classmethod
    def from_json(cls, written: bytes) -> Self | None:
        """Returns an end that was written to the store, or None if it is damaged."""
        try:
            values: dict[str, Any] = json.loads(written)
            return cls(**values | {"faults": tuple(values["faults"])})
        except (ValueError, TypeError, KeyError):
            return None


def groups(sources: Iterable[Source]) -> list[list[Source]]:
    """Returns the sources in groups: two that list one host are in one group. The order is that of the first source of each group."""
    of_host: dict[str, list[Source]] = {}
    found: list[list[Source]] = []
    for source in sources:
        joined = [source]
        for group in {id(of_host[key]): of_host[key] for key in hosts_of_sources([source]) if key in of_host}.values():
            joined = [*group, *joined]
            found.remove(group)
        found.append(joined)
        of_host |= dict.fromkeys(hosts_of_sources(joined), joined)
    return found


def unit_name(folder: str) -> str:
    """Returns the name in the store of the description of the unit in a folder."""
    return f"{folder}/unit.json"


def seed_name(folder: str) -> str:
    """Returns the name in the store of the seed of the unit in a folder."""
    return f"{folder}/seed"


def exchanges_folder(unit: Unit, source_id: str) -> str:
    """Returns the folder in the store that has the answers to the requests of a source."""
    return f"{unit.folder}/exchanges/{source_id}"


def ended_name(unit: Unit, source_id: str) -> str:
    """Returns the name in the store that says how the crawl of a source ended."""
    return f"{unit.folder}/ended/{source_id}.json"


def opened_name(folder: str, source_id: str) -> str:
    """Returns the name in the store that says when the crawl of a source began. `folder`: of its unit."""
    return f"{folder}/opened/{source_id}"


def hosts_of_sources(sources: Sequence[Source]) -> list[str]:
    """Returns the keys of all hosts of some sources, each once."""
    return list(dict.fromkeys(host_key(f"{one.site.partition(':')[0]}://{host}") for one in sources for host in one.hosts))
