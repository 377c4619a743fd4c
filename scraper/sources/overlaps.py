"""Two sources that share a host: each page belongs to one of them. Pure.

If one is a part of the other (a department under `/sites/stttt/` of the portal of its province), the pages of the part belong only to
the part. If none is a part of the other, both would crawl the same pages, which is an error unless they did so in different periods.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations

from scraper.model import Source
from scraper.sources.errors import SourceError
from scraper.sources.groups import is_shipped
from scraper.sources.validity import overlap
from scraper.two_languages import Message


def with_parts(sources: Mapping[str, Source], *, live: bool) -> dict[str, Source]:
    """Returns the sources, each with the paths below its own that belong to other sources (`other_parts`).

    `live`: two sources that have the same pages are an error. Otherwise nothing is requested twice: recordings answer.

    Raises:
        SourceError: if two sources would crawl the same pages in the same period.
    """
    by_host: dict[str, list[Source]] = {}
    for source in sources.values():
        if source.replay:
            continue  # it has a recording of its own, so it sends no request
        for host in dict.fromkeys(map(_without_www, source.hosts)):
            by_host.setdefault(host, []).append(source)
    parts: dict[str, set[str]] = {}
    for host, sharing in by_host.items():
        for one, other in combinations(sharing, 2):
            if not overlap(one, other) or not (live or is_shipped(one) == is_shipped(other)):
                continue  # a recording is crawled as the user's own file says
            wide, narrow = sorted((one, other), key=lambda source: len(source.under.lower()))
            if wide.under.lower() == narrow.under.lower():
                if live:
                    raise _same_pages(one, other, host)
            elif narrow.under.lower().startswith(wide.under.lower()):
                parts.setdefault(wide.id, set()).add(narrow.under)
    return {**sources} | {source_id: replace(sources[source_id], other_parts=tuple(sorted(paths))) for source_id, paths in parts.items()}


def _same_pages(one: Source, other: Source, host: str) -> SourceError:
    first, last = one.valid_from, one.valid_to
    english = (
        f'{other.file}: block {other.block} ({other.id}): key "site": {host} is crawled already in the same period by block {one.block}'
        f" ({one.id}) of {one.file} (first day: {first or 'unknown'}, last day: {last or 'unknown'}); crawl {one.id} instead, or if one of"
        f' them is over, give the days, like valid = ["", "2025-02-28"], or if only a part of the site is meant, write'
        f' under = "/sites/stttt/"'
    )
    vietnamese = (
        f'{other.file}: khối {other.block} ({other.id}): khóa "site": {host} đã được thu thập trong cùng thời kỳ bởi khối {one.block}'
        f" ({one.id}) của {one.file} (ngày đầu: {first or 'không rõ'}, ngày cuối: {last or 'không rõ'}); hãy thu thập {one.id}, hoặc nếu"
        f' một trong hai nguồn đã hết thì ghi các ngày, ví dụ valid = ["", "2025-02-28"], hoặc nếu chỉ là một phần của trang thì ghi'
        f' under = "/sites/stttt/"'
    )
    return SourceError(Message(english, vietnamese))


def _without_www(host: str) -> str:
    # A site answers with the same pages on both.
    return host.removeprefix("www.")
