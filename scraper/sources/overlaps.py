"""Two sources that share a host: each page belongs to one of them. Pure.

If one is a part of the other (a department under `/sites/stttt/` of the portal of its province), the pages of the part belong only to
the part. If none is a part of the other, both would crawl the same pages, which is an error unless they did so in different periods.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from scraper.model import Source
from scraper.sources.errors import SourceError
from scraper.sources.validity import overlap


def with_parts(sources: Mapping[str, Source]) -> dict[str, Source]:
    """Returns the sources, each with the paths below its own that belong to other sources (`other_parts`).

    Raises:
        SourceError: if two sources would crawl the same pages in the same period.
    """
    by_host: dict[str, list[Source]] = {}
    for source in sources.values():
        for host in dict.fromkeys(map(_without_www, source.hosts)):
            by_host.setdefault(host, []).append(source)
    parts: dict[str, set[str]] = {}
    for host, sharing in by_host.items():
        for later, one in enumerate(sharing, start=1):
            for other in sharing[later:]:
                if overlap(one, other):
                    wide, narrow = _wide_and_narrow(one, other, host)
                    if wide is not None:
                        parts.setdefault(wide.id, set()).add(narrow.under)
    return {**sources} | {source_id: replace(sources[source_id], other_parts=tuple(sorted(paths))) for source_id, paths in parts.items()}


def _wide_and_narrow(one: Source, other: Source, host: str) -> tuple[Source | None, Source]:
    """Returns the source that has the other as a part, and that part; None and any of them if they have no page in common.

    Raises:
        SourceError: if they have the same pages.
    """
    path, other_path = one.under.lower(), other.under.lower()
    if path == other_path:
        raise SourceError(
            f'{other.file}: block {other.block} ({other.id}): key "site": {host} is crawled already by block {one.block} ({one.id}) of'
            f" {one.file}{_period(one)}; give the source that is over a last day, like valid = {_dates(one)}, or name the part of the site"
            ' that is meant, like under = "/sites/stttt/"'
        )
    if other_path.startswith(path):
        return one, other
    if path.startswith(other_path):
        return other, one
    return None, one


def _period(source: Source) -> str:
    days = [str(day) if day is not None else "unknown" for day in (source.valid_from, source.valid_to)]
    return f" in the same period (its first day: {days[0]}, its last day: {days[1]})"


def _dates(source: Source) -> str:
    return f'["{source.valid_from or ""}", "2025-02-28"]'


def _without_www(host: str) -> str:
    # A site answers with the same pages on both.
    return host.removeprefix("www.")
