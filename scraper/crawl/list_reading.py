"""How one list, feed or sitemap is read in one run: how far, and what its pages have shown so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from scraper.model import Link
from scraper.post_urls import url_of
from scraper.store.discovered import ListRow
from scraper.urls import without_scheme


class Depth(Enum):
    """How far a list is read."""

    NEWS = "to the first page without anything new"
    RECENT = "to the first page without anything new on which all articles are older than some weeks"
    ALL = "to its end"


@dataclass(slots=True, eq=False)
class ListReading:
    """One list during one run. All requests for its pages share this object, and only one of them is on its way at a time.

    `known_until`: articles that this run or an earlier one listed first are known to the list; those of a later run are new to it, because
    the last reading did not come to its end. Names are keys and URLs of articles, without scheme.
    """

    row: ListRow
    start: str  # the URL of the page that is read first
    depth: Depth
    known_until: int  # id of a run
    was_nightly: bool  # whether the list was looked at every night before this run
    resume: Link | None = None  # after the part that is new, go on at this page
    current: str = ""  # identity of the page that was requested last
    floor: str = ""  # identity of the page at which a part of the list begins; the pages before it are not read
    is_article: bool = False  # whether an article is on its first page: another page came instead of it when this seemed to be a list
    keys: set[str] = field(default_factory=set)  # of the articles that its pages have shown
    fresh: set[str] = field(default_factory=set)  # those that no run had listed before this one
    front: set[str] = field(default_factory=set)  # all names on the first page
    front_size: int = 0  # articles on the first page
    language: str | None = None  # of the links on the first page; None if that is not clear
    sequence: list[list[str]] = field(default_factory=list)  # the keys of the first pages, in order
    visited: set[str] = field(default_factory=set)  # pages that were requested
    unread: dict[str, Link] = field(default_factory=dict)  # pages that were named and not requested
    last_keys: list[str] = field(default_factory=list)  # of the last page that showed articles
    first_at: str = ""  # when the first and the last page were received (ISO 8601, UTC)
    last_at: str = ""
    pages: int = 0
    has_form: bool = False  # whether a later page needs a form
    reached_known: bool = False  # whether the last page ends with articles that earlier runs listed
    is_whole: bool = True  # whether it is read from its first page on
    is_cut: bool = False  # whether it ended because the next pages are outside the wanted days
    is_torn: bool = False  # whether a recording lacks its next page
    finished: bool = False
    failed: bool = False
    failed_reason: str = ""  # why a page of it could not be read
    partners: list[ListReading] = field(default_factory=list, repr=False)  # readings that have requested pages of this list


def identity(link: Link) -> str:
    """Returns what distinguishes the pages of a list: the URL, and the fields that are sent with it."""
    return without_scheme(url_of(link))
