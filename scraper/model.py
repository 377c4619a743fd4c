"""The terms of the archive as frozen values without behaviour.

The stages (discover, fetch, keep, parse, cite, store) exchange only these values. The terms are explained in `docs/glossary.md`; each word
has one meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from scraper.rule_codes import RuleCode

if TYPE_CHECKING:  # messages decide nothing that is parsed, so `parser_version` must not depend on them
    from scraper.two_languages import Message


class UserError(Exception):
    """Bad input by a person. The message is one line in each language: what is wrong, where, and what to do. `str` of the error is the
    English one; `vietnamese` is None only for what whoever writes Python gets wrong.
    """

    vietnamese: str | None

    def __init__(self, message: Message) -> None:
        super().__init__(message.en)
        self.vietnamese = message.vi

    def __reduce__(self) -> tuple[object, ...]:
        return _made_again, (type(self), self.args, self.__dict__)  # another process gets both languages


def _made_again(kind: type[UserError], args: tuple[object, ...], state: Mapping[str, object]) -> UserError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


# --- who ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unit:
    """A province, ministry or agency in one period of its existence.

    `series` connects the successive rows of what people consider the same unit.
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
class TlsException:
    """What a source may lack in the security of its connection, until a day on which somebody must look again."""

    until: date
    old_protocol: bool = False  # TLS before 1.2, or ciphers that are no longer allowed
    bad_certificate: bool = False  # expired, self-signed, or of another host


NO_FILES, NEW_FILES, ALL_FILES = "none", "new", "all"
ATTACHMENTS = (NO_FILES, NEW_FILES, ALL_FILES)


@dataclass(frozen=True, slots=True)
class Source:
    """One web site, or one part of a site, of one unit in one period. It is data, never code."""

    id: str
    name: str
    unit: str  # Unit.id
    site: str  # scheme and host, no trailing slash
    hosts: tuple[str, ...]  # every host that may receive requests, the site's own first
    kind: str = ""  # of body: ict-department, st-department, province, ministry, ...; empty: not known
    under: str = "/"  # the source is the part of its site under this path: "/sites/stttt/"; "/" is the whole site
    other_parts: tuple[str, ...] = ()  # paths under it that are sources of their own in the same period
    platform: str | None = None  # Platform.id; None: detected from the pages
    listings: tuple[str, ...] = ()  # absolute URLs of list pages; empty: the home page
    discover_sections: bool = True  # whether section pages found in the menus are requested, too
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str | None = None
    confidence: str = "low"  # low | medium | high
    basis: str | None = None
    expect: Mapping[str, float] = field(default_factory=dict)
    delay: float | None = None  # seconds between two requests to a host of the source; None: DOWNLOAD_DELAY
    window: tuple[time, time] | None = None  # requests are sent only between these times of the day, in Viet Nam; None: at any time
    budget: int | None = None  # requests per day to a host of the source; None: as many as needed
    cookies: bool = False  # whether the site works only with cookies
    tls: TlsException | None = None
    attachments: str = NEW_FILES  # which files of articles are requested: one of ATTACHMENTS
    ocr: bool = False  # whether the text of scanned files is recognised
    province: str | None = None  # short name of the unit's province, for local issuers; None for a ministry
    replay: tuple[str, ...] = ()  # recordings that always answer for this source (the sample)
    file: str = ""  # the TOML file that holds the block
    block: int = 0  # its position in the file, from 1

    @property
    def configured_lists(self) -> tuple[str, ...]:
        """The URLs of the list pages, feeds and sitemaps that the block names."""
        return (*self.listings, *self.feeds, *self.sitemaps)


# --- what was fetched -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Capture:
    """One fetched response, as kept in a WARC file."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes  # content encoding undone, otherwise the bytes as sent
    captured_at: datetime  # aware, UTC
    truncated: bool = False  # the connection closed before the end of the response, or its compressed body is damaged

    def header(self, name: str) -> str | None:
        """Returns the value of the first header with that name (case-insensitive), or None."""
        wanted = name.lower()
        return next((v for k, v in self.headers if k.lower() == wanted), None)


# --- what was read --------------------------------------------------------------------------------


class Precision(StrEnum):
    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Rule:
    """How a value was found, or why there is none. The table `rules` of the archive describes the codes.

    `parameter`: the selector, property or word that the rule used; `RuleCode` says which. `notes`: what else happened to the value.
    `rejected`: a value that the page names but that cannot be this field; one of the notes says why.
    """

    code: RuleCode
    parameter: str | None = None
    notes: tuple[RuleCode, ...] = ()
    rejected: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A text field and the rule that filled it. `value` is None if the page has none; then the rule says so."""

    value: str | None
    rule: Rule
    original: str | None = None  # the text of the page, if the value was repaired


class Verdict(StrEnum):
    """What happened to a reading of a date. `reference/rules.csv` describes each in English and Vietnamese."""

    TAKEN = "taken"
    AGREES = "agrees"  # its day is that of the reading that was taken
    DISAGREES = "disagrees"
    TOO_EARLY = "too-early"  # before 1997: Viet Nam joined the Internet on 19 November 1997
    TOO_LATE = "too-late"  # later than the page was fetched
    SHARED = "on-all-pages"  # all pages of the site have it
    TOO_VAGUE = "too-vague"  # the page only says how many months or years ago it was
    LOCAL = "wrong-zone"  # the page shows this local time, and marks it as the time of another zone

    @property
    def is_refusal(self) -> bool:
        """Returns whether the reading cannot be the date of publication."""
        return self in REFUSALS


REFUSALS = frozenset((Verdict.TOO_EARLY, Verdict.TOO_LATE, Verdict.TOO_VAGUE, Verdict.SHARED, Verdict.LOCAL))


@dataclass(frozen=True, slots=True)
class DateReading:
    """One date found on a page: its text, the value parsed from it, and what happened to it."""

    text: str
    value: datetime  # in +07:00
    precision: Precision
    rule: Rule
    verdict: Verdict


SharedDate = tuple[str, str | None, str]  # a date of all pages of a site: code and parameter of its rule, and its value (ISO 8601)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time read from a page, in +07:00, with its precision and the rule that read it."""

    value: datetime | None
    precision: Precision | None
    rule: Rule
    conflict: bool = False  # readings of the page state different days
    readings: tuple[DateReading, ...] = ()  # all of them, the most trusted first


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that an article links to, in its text or beside it."""

    url: str
    name: str | None
    rule: Rule


@dataclass(frozen=True, slots=True)
class Story:
    """One report inside an article. `start` and `end` are offsets into the article's body."""

    position: int  # from 1
    title: str
    start: int
    end: int
    event_date: date | None = None
    event_date_rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """The data extracted from one capture."""

    key: str  # the platform's article id, else the canonical URL
    url: str  # canonical
    title: Text
    summary: Text
    author: Text
    section: Text
    tags: tuple[str, ...]
    tags_rule: Rule
    published: Moment
    modified: Moment
    body: Text  # a blank line separates paragraphs
    attachments: tuple[Attachment, ...]
    stories: tuple[Story, ...]
    stories_rule: Rule
    language: str | None
    layout: str  # e.g. "nukeviet/4-desktop"; "generic" if no layout matched
    dateline: Text = Text(None, Rule(RuleCode.NOT_ON_PAGE))
    byline: Text = Text(None, Rule(RuleCode.NOT_ON_PAGE))
    flags: tuple[str, ...] = ()  # peculiarities of the text: letters-dropped, truncated
    event_date: date | None = None
    event_date_rule: Rule | None = None
    bold_lines: tuple[str, ...] = ()  # bold texts of the body, only if they could be titles of stories; not stored


class LinkRole(StrEnum):
    ARTICLE = "article"
    LISTING = "listing"  # a section page
    NEXT = "next"  # a later page of this list
    SITEMAP = "sitemap"
    FEED = "feed"
    PART = "part"  # a later page of this article
    FILE = "file"  # a file that an article links to


@dataclass(frozen=True, slots=True)
class Form:
    """The fields that a link sends by POST, in order.

    `with_page`: together with the hidden fields of the form of its page. `page`: the number of the list page that the link leads to.
    """

    fields: tuple[tuple[str, str], ...]
    with_page: bool = False
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A URL found on a page, and what it seems to lead to."""

    url: str  # absolute
    role: LinkRole
    key: str | None = None  # for articles: Article.key, if it can be derived from the URL
    day: date | None = None  # for articles: the day of publication, if the list states it
    form: Form | None = None  # what is sent by POST; None: a GET request


class PageKind(StrEnum):
    ARTICLE = "article"
    LISTING = "listing"
    SITEMAP = "sitemap"
    FEED = "feed"
    REDIRECT = "redirect"  # the page only sends its reader to `target`
    REFUSED = "refused"  # `failure` says why
    OTHER = "other"  # an attachment, a picture, a static page: kept, but not parsed


@dataclass(frozen=True, slots=True)
class Failure:
    """A named problem with one URL.

    `stage` is discover, fetch, keep, read or store. `reason` is a key of `scraper.failures.REASONS`.
    """

    stage: str
    reason: str
    url: str
    detail: str = ""
    target: str | None = None  # the URL that an off-site pointer leads to


@dataclass(frozen=True, slots=True)
class ArticleForms:
    """Forms of an article's texts that the archive keeps beside them (`scraper.article_forms`). `search`: title and text as the full-text
    index holds them, as written and folded. `similarity`: the keys by which similar texts are found."""

    search: tuple[str, str, str, str]
    similarity: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The result of classifying one capture. `article` is set only for articles, and `failure` only for refused pages."""

    kind: PageKind
    platform: str | None  # None: no platform was recognised
    platform_score: float
    runner_up: str | None
    runner_up_score: float
    encoding: str  # such as "utf-8"; "xml" if the XML parser decided, "none" if the page is not text
    article: Article | None = None
    failure: Failure | None = None
    links: tuple[Link, ...] = ()
    encoding_rule: Rule | None = None  # None if the encoding is "xml" or "none"
    target: str | None = None  # for a redirect: the URL on a host of the source
    faults: tuple[Failure, ...] = ()  # for a list page, sitemap or feed: why it leads to fewer articles than it shows
    language: str | None = None  # of the links of a list page; None if that is not clear


# --- what is cited --------------------------------------------------------------------------------


class CitationKind(StrEnum):
    """How a text cites a document. The values are stored. What differs between the kinds is decided here and nowhere else."""

    NUMBERED = "numbered"  # a number with letters: "Quyết định số 749/QĐ-TTg"
    SHORT = "short"  # a noun and a serial: "Nghị định 64"
    NAMED = "named"  # a statute by its name: "Luật Viễn thông"
    STANDARD = "standard"  # the number of a standard: "TCVN ISO 9001:2008"

    @cached_property
    def has_codes(self) -> bool:
        """Returns whether the number has the codes of a type and a body: they state the issuer, and a short citation can refer to it."""
        return self is CitationKind.NUMBERED

    @cached_property
    def is_short(self) -> bool:
        """Returns whether the citation says too little to identify a document, and refers to a full one."""
        return self is CitationKind.SHORT

    @cached_property
    def is_name(self) -> bool:
        """Returns whether the citation has a name instead of a number. Its year is in the name, and its law is passed, not issued."""
        return self is CitationKind.NAMED

    @cached_property
    def numbered_by_year(self) -> bool:
        """Returns whether such numbers begin again each year, so that the year is a part of them or must be stated beside them."""
        return self in (CitationKind.NUMBERED, CitationKind.SHORT)

    @cached_property
    def is_issued(self) -> bool:
        """Returns whether the text can state who issued the document, and when. It never states that of a standard."""
        return self is not CitationKind.STANDARD


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of text that names a document. `text == whole[start:end]`. A field is None if the text does not state it."""

    start: int
    end: int
    text: str
    kind: CitationKind
    doc_type: str  # the noun in lower case, e.g. "quyết định"; "tiêu chuẩn"
    number_raw: str | None
    number: str | None  # canonical, used as the key: upper case, ASCII hyphens
    year: int | None = None
    issued_on: str | None = None  # ISO day or month, as the text states it
    issuer: str | None = None
    province: str | None = None
    title: str | None = None
    pinpoint: str | None = None
    relation: str | None = None
    resolved: str | None = None  # for a short mention: the full number from the same text
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """The facts about a text that are not in its words: the site, the province, the date of publication."""

    source_name: str | None = None
    province: str | None = None
    published: date | None = None
    unit: str | None = None
