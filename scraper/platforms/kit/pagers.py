"""Pagers: rules that recognise a link from a list page to a later page of the same list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from scraper.platforms.kit.url_rules import compiled_url_pattern

_MOST_DIGITS = 9  # of the number of a page; Python refuses to convert more than 4,300 digits


class Pager(Protocol):
    """`pager(page, target)` returns True if the URL `target` is a later page of the list that the URL `page` belongs to."""

    def __call__(self, page: str, target: str, /) -> bool: ...


def _same(path: str, endings: Sequence[str] = ()) -> str:
    """Returns the path (or URL) of a list in the form in which two of them are compared."""
    text = path.rstrip("/?&").lower()
    for ending in endings:
        text = text.removesuffix(ending)
    return text.rstrip("/")


@dataclass(frozen=True, slots=True)
class QueryPager:
    """The number of the page is in the query, like `?page=2`. All pages of the list have the same path.

    `name`: a pattern for the whole name of the parameter; `(?i:...)` ignores the case. `first`: the number of the first page, whose URL needs no number; it is 0 for
    counts from 0 and for offsets (`?start=10`).
    `backward`: a link to an earlier page counts, too, except to the first one. For pagers that link all pages of the list.
    """

    name: str
    first: int = 1
    backward: bool = False
    _number_of: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # Drupal writes one number for each pager of a page: ?page=2,0. A pattern is faster than to take the query apart, and a drop-down
        # may link 148 pages.
        object.__setattr__(self, "_number_of", compiled_url_pattern(rf"(?:^|&)(?:{self.name})=(\d{{1,{_MOST_DIGITS}}})(?:[,&]|%2C|$)"))

    def __call__(self, page: str, target: str) -> bool:
        here, there = urlsplit(page), urlsplit(target)
        number = self._number(there.query)
        if number is None or _same(here.path) != _same(there.path):
            return False
        current = self._number(here.query)
        if current is None:
            current = self.first
        return number != current and number > self.first if self.backward else number > current

    def _number(self, query: str) -> int | None:
        match = self._number_of.search(query)
        return int(match[1]) if match is not None else None


@dataclass(frozen=True, slots=True)
class PathPager:
    """The number of the page is in the path, like `/page/2/`. Without the number, all pages of the list have the same path.

    `pattern`: found in the path. Its group `page` is the number. If it has a group `list`, that is the id of the list, and the rest of the
    path is not compared.
    `endings`: endings of the path, in lower case, that are ignored: the list `/thoi-su.htm` has the page `/thoi-su/trang-2.htm`.
    `in_query`: the number may also be in the query. Then the pattern is found in the whole URL, and whole URLs are compared.
    """

    pattern: str
    endings: tuple[str, ...] = ()
    in_query: bool = False
    _compiled: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_compiled", compiled_url_pattern(self.pattern))
        if "page" not in self._compiled.groupindex:
            raise ValueError(f"{self.pattern!r} has no group for the page number; write it like (?P<page>\\d+)")

    def __call__(self, page: str, target: str) -> bool:
        there, later = self._place(target)
        if later is None:
            return False
        here, now = self._place(page)
        return here == there and later > (now if now is not None else 1)

    def _place(self, url: str) -> tuple[str, int | None]:
        """Returns which list a URL belongs to, and the number of its page; None if the URL has no number."""
        parts = urlsplit(url)
        text = url if self.in_query else parts.path
        match = self._compiled.search(text)
        if match is None or len(match["page"]) > _MOST_DIGITS:
            return _same(text, self.endings), None
        if "list" in self._compiled.groupindex:
            return match["list"], int(match["page"])
        return _same(self._compiled.sub("", text), self.endings), int(match["page"])


@dataclass(frozen=True, slots=True)
class AnyPager:
    """Several pagers; a link is to a later page if one of them says so."""

    pagers: tuple[Pager, ...]

    def __call__(self, page: str, target: str) -> bool:
        return any(pager(page, target) for pager in self.pagers)
