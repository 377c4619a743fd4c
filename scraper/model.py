"""The vocabulary of the archive: frozen values without behaviour.

Everything that passes between the stages (discover, fetch, keep, read, cite, store) is one of these.
The words are those of `docs/design.md`; one word stands for one thing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class UserError(Exception):
    """Bad input by a person. The message is one line: what was wrong, where, and what to do."""


# --- who ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unit:
    """A province, ministry or agency in one period of its existence.

    `series` links the successive rows of what people call the same unit.
    """

    id: str
    series: str
    name: str
    full_name: str
    kind: str  # province | city | ministry | agency | government | party | assembly | ...
    valid_from: date | None = None
    valid_to: date | None = None
    successors: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """One web site of one unit in one period. Data, never code."""

    id: str
    name: str
    unit: str  # Unit.id
    site: str  # scheme and host, no trailing slash
    hosts: tuple[str, ...]  # every host that may be asked, the site's own first
    platform: str | None = None  # Platform.id; None: detected from its pages
    listings: tuple[str, ...] = ()  # absolute addresses; empty: the home page
    discover_sections: bool = True  # whether section pages found in the menus are asked too
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str | None = None
    confidence: str = "low"  # low | medium | high
    basis: str | None = None
    expect: Mapping[str, float] = field(default_factory=dict)
    province: str | None = None  # plain name of the unit's province, for local issuers; None for a ministry
    replay: tuple[str, ...] = ()  # recordings that this source is always answered from (the sample)
    file: str = ""  # the TOML file of the block
    block: int = 0  # its place in the file, from 1


# --- what was fetched -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Capture:
    """One fetched response, as kept in a WARC file."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes  # content encoding undone, bytes otherwise untouched
    captured_at: datetime  # aware, UTC
    truncated: bool = False  # the response broke off, or its compressed body is damaged before its end

    def header(self, name: str) -> str | None:
        """The first header of that name (case-insensitive), or None."""
        wanted = name.lower()
        return next((v for k, v in self.headers if k.lower() == wanted), None)


# --- what was read --------------------------------------------------------------------------------


class Precision(StrEnum):
    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Text:
    """A text field and the rule that filled it. `value` is None when the page has none; the rule then says so."""

    value: str | None
    rule: str
    original: str | None = None  # as the page has it, where the value was repaired


class Verdict(StrEnum):
    """What became of a reading of a date. Every refusal begins with REFUSED."""

    TAKEN = "taken"
    AGREES = "agrees"  # with the one taken, on the day
    DISAGREES = "disagrees"
    REFUSED = "refused"
    TOO_EARLY = "refused: before 1997"  # Viet Nam joined the Internet on 19 November 1997
    TOO_LATE = "refused: later than the page was fetched"
    SHARED = "refused: all pages of the site bear it"
    LOCAL = "refused: the page shows this local time, and marks it as the time of another zone"

    @property
    def is_refusal(self) -> bool:
        """Whether the reading cannot be the date of publication."""
        return self.value.startswith("refused")


@dataclass(frozen=True, slots=True)
class DateReading:
    """One place of a page that tells a date: as written there, what it was read as, and what became of it."""

    text: str
    value: datetime  # in +07:00
    precision: Precision
    rule: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time read off a page, in +07:00, with how exact it is and the rule that read it."""

    value: datetime | None
    precision: Precision | None
    rule: str
    conflict: bool = False  # readings of the same page disagree on the day
    readings: tuple[DateReading, ...] = ()  # all of them, the most trusted first


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file offered beside or inside an article."""

    url: str
    name: str | None
    rule: str


@dataclass(frozen=True, slots=True)
class Story:
    """One report inside an article. `start` and `end` are offsets into the article's body."""

    position: int  # from 1
    title: str
    start: int
    end: int
    event_date: date | None = None
    event_date_rule: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """What was read out of one capture."""

    key: str  # the platform's article id, else the canonical address
    url: str  # canonical address
    title: Text
    summary: Text
    author: Text
    section: Text
    tags: tuple[str, ...]
    tags_rule: str
    published: Moment
    modified: Moment
    body: Text  # paragraphs parted by a blank line
    attachments: tuple[Attachment, ...]
    stories: tuple[Story, ...]
    stories_rule: str
    language: str | None
    layout: str  # e.g. "nukeviet/4-desktop"; "generic" is a fallback and says so
    dateline: Text = Text(None, "none")
    byline: Text = Text(None, "none")
    flags: tuple[str, ...] = ()  # oddities of the text: letters-dropped, truncated
    event_date: date | None = None
    event_date_rule: str | None = None
    bold_lines: tuple[str, ...] = ()  # bold texts of the body, only if they could be headlines of stories; not stored


class LinkRole(StrEnum):
    ARTICLE = "article"
    LISTING = "listing"  # a section page
    NEXT = "next"  # a later page of this listing
    SITEMAP = "sitemap"
    FEED = "feed"
    PART = "part"  # a later page of this article


@dataclass(frozen=True, slots=True)
class Link:
    """An address found on a page, and what it seems to lead to."""

    url: str  # absolute
    role: LinkRole
    key: str | None = None  # for articles: the same key as Article.key where the address tells it
    day: date | None = None  # for articles: the publication day, where the place of the link states it


class PageKind(StrEnum):
    ARTICLE = "article"
    LISTING = "listing"
    SITEMAP = "sitemap"
    FEED = "feed"
    REFUSED = "refused"  # `failure` says why
    OTHER = "other"  # an attachment, a picture, a static page: kept, nothing to read


@dataclass(frozen=True, slots=True)
class Failure:
    """A named thing that went wrong with one address.

    `stage` is discover, fetch, keep, read or store; `reason` is one of `scraper.failures.REASONS`.
    """

    stage: str
    reason: str
    url: str
    detail: str = ""
    target: str | None = None  # where an off-site pointer leads


@dataclass(frozen=True, slots=True)
class Page:
    """What one capture turned out to be. Exactly one of `article` and `failure` is set for those kinds."""

    kind: PageKind
    platform: str | None  # None: no platform recognised
    platform_score: float
    runner_up: str | None
    runner_up_score: float
    encoding: str  # e.g. "utf-8 (declared)"
    article: Article | None = None
    failure: Failure | None = None
    links: tuple[Link, ...] = ()
    faults: tuple[Failure, ...] = ()  # of a list page, sitemap or feed: why it leads to fewer articles than it shows


# --- what is cited --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of text that names a document. `text == whole[start:end]`; None is "the text does not say"."""

    start: int
    end: int
    text: str
    kind: str  # numbered | short | named | standard
    doc_type: str  # the noun in lower case, e.g. "quyết định"; "tiêu chuẩn"
    number_raw: str | None
    number: str | None  # canonical, the key: upper case, ASCII hyphens
    year: int | None = None
    issued_on: str | None = None  # ISO day or month, as stated
    issuer: str | None = None
    province: str | None = None
    title: str | None = None
    pinpoint: str | None = None
    relation: str | None = None
    resolved: str | None = None  # for a short mention: the full number in the same text
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """What is known around a text: whose site, which province, when published."""

    source_name: str | None = None
    province: str | None = None
    published: date | None = None
    unit: str | None = None
