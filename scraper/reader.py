"""Reads a capture: given the capture and its source, returns everything that can be parsed from it.

Pure. Crawl, reparse and probe all call it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from scraper.citations import KnownDocuments, Resolution, context_of, find, resolve
from scraper.model import (
    Article,
    ArticleForms,
    Capture,
    Failure,
    LinkRole,
    Mention,
    Page,
    PageKind,
    Precision,
    Rule,
    SharedDate,
    Source,
    Story,
)
from scraper.parse import read_page
from scraper.parse.enrich.enrichment import complete
from scraper.parse.enrich.framed_text import with_frame
from scraper.parse.enrich.multipage import is_part, joined
from scraper.parse.fields.publication_date import FoundDate, choose
from scraper.parse.fields.written_dates import Stamp
from scraper.rule_codes import RuleCode

_FIRST = 3  # first paragraphs of a body that may repeat its summary; captions may come before it
_BEGIN = 12  # characters that are compared first
_CUT = 60  # letters; a summary at least this long may have been cut short


@dataclass(frozen=True, slots=True)
class Citation:
    """A mention in one field of an article, and the document to which it was resolved."""

    field: str  # title | summary | body
    mention: Mention
    resolution: Resolution


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of reading one capture."""

    page: Page
    citations: tuple[Citation, ...] = ()
    truncated: bool = False  # the capture lacks its end
    forms: ArticleForms | None = None  # of the article, if they were computed already; else whoever stores it does


def read(
    capture: Capture,
    source: Source,
    known: KnownDocuments,
    *,
    shared: Collection[SharedDate] = (),
    met: str | None = None,
    generic: bool = False,
    links: bool = True,
    as_list: bool = False,
    followed: bool = False,
    list_links: bool = True,
    later: Sequence[Capture] = (),
    pages_missing: bool = False,
) -> Reading:
    """Reads a capture and returns the kind of its page, the article on it, and its citations with the documents they resolve to.

    The result depends only on the arguments, so the same bytes give the same reading.

    `known`: the documents that a citation can resolve to. `shared`: dates that all pages of the site have, which are therefore not dates of
    publication. `met`: the platform of the site's other pages, used to recognise article URLs in a sitemap; no article depends on it.
    `generic`: use only the general rules, as if no layout matched. `links`: whether to extract the links of an article's page. `as_list`:
    whether an article's page was requested as a list; it changes only the links. `followed`: only those links of an article are needed that
    a crawl follows. `list_links`: whether to extract the links of a list page. `later`: the captures of the later pages of the article, in
    page order. `pages_missing`: at least one later page was not received.
    """
    page = read_page(
        capture,
        source,
        shared=shared,
        met=met,
        generic=generic,
        links=links,
        as_list=as_list,
        followed=followed,
        list_links=list_links,
    )
    if page.article is not None and (later or pages_missing):
        first = page.article
        if not first.body.value and later and (whole := with_frame(capture, later[0])) is not None:
            framed = read_page(whole, source, shared=shared, met=met, generic=generic, links=False).article
            first = framed if framed is not None and framed.body.value else first
        others = [read_page(one, source, shared=shared, met=met, links=False).article for one in later]
        article = joined(first, [one for one in others if one is not None and is_part(first, one)], shared)
        truncated = ("truncated",) if any(one.truncated for one in (capture, *later)) else ()
        missing = ("pages-missing",) if pages_missing else ()
        page = replace(page, article=replace(article, flags=(*article.flags, *truncated, *missing)))
    if page.article is None:
        return Reading(page, truncated=capture.truncated)
    return Reading(page, cite(page.article, source, known), truncated=capture.truncated)


def with_listed_day(
    reading: Reading, day: date, captured_at: datetime, source: Source, known: KnownDocuments, shared: Collection[SharedDate] = ()
) -> Reading:
    """Returns the reading of an article whose page shows no date, with the day that a list states for it, and with what follows from that
    day: the days of its events, and the documents that its citations resolve to. `captured_at`: when the page was fetched. `known` and
    `shared` are those of `read`.
    """
    article = reading.page.article
    assert article is not None
    stamp = Stamp(datetime(day.year, day.month, day.day), Precision.DAY)  # noqa: DTZ001 (a list states no zone)
    published = choose([FoundDate(day.isoformat(), stamp, Rule(RuleCode.LISTED_DAY))], captured_at)
    dated = complete(replace(article, published=published), shared)
    dated = replace(dated, flags=tuple(dict.fromkeys((*dated.flags, *article.flags))))
    return replace(reading, page=replace(reading.page, article=dated), citations=cite(dated, source, known))


def listed_as_article(reading: Reading, capture: Capture) -> Reading:
    """Returns the reading of a capture whose URL a list named as an article. If the page shows neither an article nor links to any, it is
    refused: the URL of an unknown platform does not say whether it is an article, so `read` calls such a page an empty list, or OTHER.
    """
    if not shows_nothing(reading.page):
        return reading
    if reading.page.kind is PageKind.OTHER:
        content = f"content type {capture.header('Content-Type') or 'unknown'}" if capture.body else "empty"
        failure = Failure("read", "not-html", capture.url, content)
    else:
        failure = Failure("read", "no-layout", capture.url, "neither an article nor a list of articles")
    return replace(reading, page=replace(reading.page, kind=PageKind.REFUSED, failure=failure))


def shows_nothing(page: Page) -> bool:
    """Returns whether a page shows no article and leads to none: a file, an empty response, or a page without links to articles."""
    if page.kind is PageKind.LISTING:
        return not any(link.role in (LinkRole.ARTICLE, LinkRole.NEXT) for link in page.links)
    return page.kind is PageKind.OTHER


def cite(article: Article, source: Source, known: KnownDocuments) -> tuple[Citation, ...]:
    """Returns the citations in title, summary and body, in reading order. A short mention may refer to any earlier field."""
    context = context_of(source, article.published.value.date() if article.published.value else None)
    fields = [(name, text) for name, text in _fields(article) if text]
    found = [(name, mention) for name, text in fields for mention in find(text, context)]
    resolutions = resolve([mention for _, mention in found], known, context)
    return tuple(Citation(name, mention, resolution) for (name, mention), resolution in zip(found, resolutions, strict=True))


def story_at(stories: Sequence[Story], start: int) -> Story | None:
    """Returns the story that contains the character `start` of the body. Returns None before the first story, or if there are no
    stories."""
    return next((story for story in stories if story.start <= start < story.end), None)


def _fields(article: Article) -> tuple[tuple[str, str | None], ...]:
    summary, body = article.summary.value, article.body.value
    repeated = summary is not None and body is not None and _repeats(summary, body)
    return ("title", article.title.value), ("summary", None if repeated else summary), ("body", body)


def _repeats(summary: str, body: str) -> bool:
    """Returns whether one of the first paragraphs of a body is the summary or begins with it. Then its citations count only once, in the
    body."""
    begins = _letters(summary[:_BEGIN])
    wanted = None
    for paragraph in body.split("\n\n", _FIRST)[:_FIRST]:
        # Only a paragraph that begins like the summary can repeat it, so few of them are compared completely.
        begin = _letters(paragraph[:_BEGIN])
        if not begin.startswith(begins) and not begins.startswith(begin):
            continue
        wanted = _letters(summary) if wanted is None else wanted
        letters = _letters(paragraph)
        if not wanted:
            return False
        if letters == wanted or (len(wanted) >= _CUT and letters.startswith(wanted)):
            return True
    return False


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
