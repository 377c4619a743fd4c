"""Two sources that share a host: each page belongs to one of them. Pure.

If one is a part of the other (a department under `/sites/stttt/` of the portal of its province), the pages of the part belong only to
the part. If none is a part of the other, both would crawl the same pages, which is an error unless they did so in different periods.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from scraper.model import Source
from scraper.sources.block import FOLDER
from scraper.sources.errors import SourceError
from scraper.sources.validity import overlap


def with_parts(sources: Mapping[str, Source], *, live: bool) -> dict[str, Source]:
    """Returns the sources, each with the paths below its own that belong to other sources (`other_parts`).

    `live`: two sources that have the same pages are an error. Otherwise nothing is requested twice: recordings answer.

    Raises:
        SourceError: if two sources would crawl the same pages in the same period.
    """
    by_host: dict[str, list[Source]] = {}
    for source in sources.values():
        # A source with a recording of its own sends no request.
        for host in dict.fromkeys(map(_without_www, source.hosts)) if not source.replay else ():
            by_host.setdefault(host, []).append(source)
    parts: dict[str, set[str]] = {}
    for host, sharing in by_host.items():
        for later, one in enumerate(sharing, start=1):
            for other in sharing[later:]:
                if not overlap(one, other) or not (live or _is_shipped(one) == _is_shipped(other)):
                    continue  # a recording is crawled as the user's own file says
                path, other_path = one.under.lower(), other.under.lower()
                if path == other_path and live:
                    raise _same_pages(one, other, host)
                if path != other_path and (wide_and_narrow := _wide_and_narrow(one, other)) is not None:
                    wide, narrow = wide_and_narrow
                    parts.setdefault(wide.id, set()).add(narrow.under)
    return {**sources} | {source_id: replace(sources[source_id], other_parts=tuple(sorted(paths))) for source_id, paths in parts.items()}


def _wide_and_narrow(one: Source, other: Source) -> tuple[Source, Source] | None:
    """Returns the source that has the other as a part, and that part; None if they have no page in common."""
    path, other_path = one.under.lower(), other.under.lower()
    if other_path.startswith(path):
        return one, other
    return (other, one) if path.startswith(other_path) else None


def _same_pages(one: Source, other: Source, host: str) -> SourceError:
    days = [str(day) if day is not None else "unknown" for day in (one.valid_from, one.valid_to)]
    return SourceError(
        f'{other.file}: block {other.block} ({other.id}): key "site": {host} is crawled already in the same period by block {one.block}'
        f" ({one.id}) of {one.file} (first day: {days[0]}, last day: {days[1]}); crawl {one.id} instead, or if one of them is over, give"
        f' the days, like valid = ["", "2025-02-28"], or if only a part of the site is meant, write under = "/sites/stttt/"'
    )


def _is_shipped(source: Source) -> bool:
    return Path(source.file).parent == FOLDER


def _without_www(host: str) -> str:
    # A site answers with the same pages on both.
    return host.removeprefix("www.")
