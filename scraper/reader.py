"""The spine: a capture and its source in, everything that can be read of it out. Pure; crawl, re-reading and probe all call it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from scraper.citations import KnownDocuments, Resolution, find, resolve
from scraper.model import Article, Capture, Context, Mention, Page, Source, Story
from scraper.parse import read_page
from scraper.parse.parts import is_part, joined

_FIRST = 3  # paragraphs of a body that may be its summary; captions may stand above it
_CUT = 60  # letters of a summary that was cut short


@dataclass(frozen=True, slots=True)
class Citation:
    """A mention in one field of an article, and what it was resolved to."""

    field: str  # title | summary | body
    mention: Mention
    resolution: Resolution


@dataclass(frozen=True, slots=True)
class Reading:
    """What one capture says."""

    page: Page
    citations: tuple[Citation, ...] = ()
    truncated: bool = False  # the end of the capture is missing


def read(
    capture: Capture,
    source: Source,
    known: KnownDocuments,
    *,
    shared: Collection[tuple[str, str]] = (),
    met: str | None = None,
    generic: bool = False,
    links: bool = True,
    later: Sequence[Capture] = (),
    pages_missing: bool = False,
) -> Reading:
    """Read a capture: what page it is, the article on it, the documents that it cites and what those resolve to.

    `known` looks documents up; `shared` are the dates that all pages of the site bear. Nothing else is asked, so that the
    same bytes give the same reading. `met`: the platform of other pages, which tells addresses in a sitemap; no article
    depends on it. `generic`: read by the general rules alone, as if no layout fitted. `links`: whether it is asked where an
    article's page leads. `later`: the captures of the later pages of the article, in their order; `pages_missing`: one of them did
    not come.
    """
    page = read_page(capture, source, shared=shared, met=met, generic=generic, links=links)
    if page.article is not None and (later or pages_missing):
        others = [read_page(one, source, shared=shared, met=met, links=False).article for one in later]
        article = joined(page.article, [one for one in others if one is not None and is_part(page.article, one)], shared)
        truncated = ("truncated",) if any(one.truncated for one in (capture, *later)) else ()
        missing = ("pages-missing",) if pages_missing else ()
        page = replace(page, article=replace(article, flags=(*article.flags, *truncated, *missing)))
    if page.article is None:
        return Reading(page, truncated=capture.truncated)
    return Reading(page, cite(page.article, source, known), truncated=capture.truncated)


def cite(article: Article, source: Source, known: KnownDocuments) -> tuple[Citation, ...]:
    """The citations in title, summary and body, in reading order. Short mentions may look back to any field before."""
    context = context_of(source, article.published.value.date() if article.published.value else None)
    fields = [(name, text) for name, text in _fields(article) if text]
    found = [(name, mention) for name, text in fields for mention in find(text, context)]
    resolutions = resolve([mention for _, mention in found], known, context)
    return tuple(Citation(name, mention, resolution) for (name, mention), resolution in zip(found, resolutions, strict=True))


def story_at(stories: Sequence[Story], start: int) -> Story | None:
    """The story that holds the character `start` of the body; None before the first story, and if the body is no digest."""
    return next((story for story in stories if story.start <= start < story.end), None)


def context_of(source: Source, published: date | None) -> Context:
    """What is known around the text of a source's article."""
    return Context(source_name=source.name, province=source.province, published=published, unit=source.unit)


def _fields(article: Article) -> tuple[tuple[str, str | None], ...]:
    summary, body = article.summary.value, article.body.value
    repeated = summary is not None and body is not None and _repeats(summary, body)
    return ("title", article.title.value), ("summary", None if repeated else summary), ("body", body)


def _repeats(summary: str, body: str) -> bool:
    """Whether one of the first paragraphs of a body is the summary, or begins with it. Its citations count once, in the body."""
    wanted = _letters(summary)
    if not wanted:
        return False
    for paragraph in body.split("\n\n", _FIRST)[:_FIRST]:
        letters = _letters(paragraph)
        if letters == wanted or (len(wanted) >= _CUT and letters.startswith(wanted)):
            return True
    return False


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
