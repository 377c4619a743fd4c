"""The fallback: extracts an article from a page that no layout matches, with rules for pages of every kind.

The codes of its rules begin with "generic", unless it takes a value from the metadata. It never fills a field that a layout read. Title and date are those that the
page shows near its text, checked against the metadata. The body is the longest stretch of text with few links.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from scraper.model import Moment, Rule, Text
from scraper.parse.fields.attachments import around_text, with_files
from scraper.parse.fields.metadata import Metadata, read_metadata
from scraper.parse.fields.publication_date import FoundDate, choose
from scraper.parse.fields.written_dates import read_date
from scraper.parse.generic.article_criteria import WITHOUT_TEXT, ArticleCriterion, classify
from scraper.parse.generic.article_or_list import features_of, is_above_headline, url_spells_title
from scraper.parse.generic.author_section_summary import (
    LONGEST_SECTION,
    before_outlet,
    credited,
    find_author,
    find_section,
    find_summary,
    without_brackets,
)
from scraper.parse.generic.body_text import body_by_trafilatura, find_text, text_beside_files
from scraper.parse.generic.files_below_text import files_below, other_tabs
from scraper.parse.generic.lengths import ABOVE_TITLE, SURE_TEXT
from scraper.parse.generic.list_items import Items, entries_of, find_items
from scraper.parse.generic.other_extractors import date_by_htmldate
from scraper.parse.generic.page_dates import find_dates
from scraper.parse.generic.short_notice import has_picture, short_notice_below_title
from scraper.parse.generic.text_blocks import Block, blocks_of, main_stretch
from scraper.parse.generic.title import find_title
from scraper.parse.tree.page_tree import PageTree
from scraper.rule_codes import RuleCode

_NOTHING_BELOW = Text("", Rule(RuleCode.GENERIC_BODY_NOTHING_BELOW_TITLE))  # only a picture or a file
_BY_TITLE = (RuleCode.GENERIC_DATE_BY_TITLE, RuleCode.GENERIC_DATE_ATTRIBUTE_BY_TITLE)
_SHOWN_AUTHOR = (RuleCode.GENERIC_AUTHOR_BELOW_TEXT, RuleCode.GENERIC_AUTHOR_ELEMENT)


@dataclass(slots=True)
class GenericFields:
    """The fields that the general rules read on a page."""

    title: Text
    summary: Text
    author: Text
    section: Text
    tags: tuple[str, ...]
    tags_rule: Rule
    published: Moment
    modified: Moment
    body: Text
    node: LexborNode | None  # the element that holds the body
    files_in: list[LexborNode]  # the elements around and below it in which files are searched for
    is_article: bool
    verdict: str  # the reason why it is an article or not; see article_criteria.py
    is_dated: bool  # the date of publication is right beside the title
    is_above_headline: bool  # the title is only shown in links, or the headline of an entry with its day is right below it
    list_entries: Callable[[], dict[str, date | None]]  # returns the URLs of the entries of its lists, with their days
    metadata_kind: str  # json-ld, microdata or opengraph if these metadata say that it is an article; else ""


def read_generic(tree: PageTree, captured_at: datetime) -> GenericFields:
    """Parse a page. Raises nothing. A field that the page does not show is None, and its rule says so."""
    metadata = read_metadata(tree)
    blocks = _blocks(tree)
    items = find_items(tree, blocks)
    stretch = main_stretch(blocks)
    headline = find_title(tree.title, tree.url, metadata, blocks, stretch)
    title = headline.text
    title_at = headline.places[0] if headline.places else None
    if title_at is not None:
        stretch = short_notice_below_title(blocks, items, title_at, stretch)
    summary = find_summary(metadata, blocks, title_at, stretch)
    found, changed = find_dates(tree, metadata, blocks, headline.places, stretch, captured_at)
    text = find_text(tree, metadata, _named_body(tree), blocks, stretch, title_at, title.value or "", summary.value or "")
    page = _Page(tree, metadata, title, blocks[title_at].node if title_at is not None else None, _is_dated(found))
    if _is_without_text(page, text.text):
        text = replace(text, text=_NOTHING_BELOW, core=_NOTHING_BELOW)
    features = features_of(tree, metadata, blocks, items, headline.places, title.value or "", stretch, text.core, found, captured_at)
    verdict = classify(features)
    # Without a title, a page needs a date beside its text or metadata of an article.
    is_article = verdict.is_article and (title.value is not None or page.is_dated or metadata.is_article)
    body, node = text.text, text.node
    if is_article:
        # A second opinion only fills missing fields; it never makes a page an article.
        found = [*found, *_second_date(page, blocks, items, found, captured_at)]
        if not body.value:
            body, node = _body_without_text(page, blocks, verdict, body, node)
    author = find_author(metadata, tree.title, blocks, title_at, stretch, body.value or "")
    return GenericFields(
        title=title,
        summary=summary,
        author=author,
        section=find_section(tree, metadata, _above(blocks, title_at), title.value or ""),
        tags=tuple(dict.fromkeys(one.value for one in metadata.tags if len(one.value) < LONGEST_SECTION)),
        tags_rule=metadata.tags[0].rule if metadata.tags else Rule(RuleCode.NOT_ON_PAGE),
        published=choose(found, captured_at),
        modified=choose(changed, captured_at),
        body=_without_author(body, author),
        node=node,
        files_in=_elements_with_files(page, node) if is_article else [],
        is_article=is_article,
        verdict=verdict.reason,
        is_dated=page.is_dated,
        is_above_headline=is_above_headline(blocks, headline.places, captured_at),
        list_entries=partial(entries_of, blocks, items, captured_at),
        metadata_kind=_metadata_kind(metadata),
    )


@dataclass(frozen=True, slots=True)
class _Page:
    """A page with what was found on it before it is classified."""

    tree: PageTree
    metadata: Metadata
    title: Text
    heading: LexborNode | None  # the element that shows the title
    is_dated: bool  # a date is right beside the title


def _blocks(tree: PageTree) -> list[Block]:
    root = tree.parsed.body
    return blocks_of(root) if root is not None else []


def _elements_with_files(page: _Page, node: LexborNode | None) -> list[LexborNode]:
    if node is None:
        return []
    around = around_text(node, page.heading)
    return [around, *files_below(around), *other_tabs(node)]


def _is_dated(found: Sequence[FoundDate]) -> bool:
    return any(one.rule.code in _BY_TITLE for one in found)


def _above(blocks: Sequence[Block], title_at: int | None) -> Sequence[Block]:
    return blocks[max(0, title_at - ABOVE_TITLE) : title_at] if title_at is not None else ()


def _is_without_text(page: _Page, body: Text) -> bool:
    """Return True if a page is an article with a title and a date but without any text, by its metadata or its URL."""
    if body.value is not None or page.heading is None or not page.is_dated:
        return False
    return page.metadata.is_article or url_spells_title(urlsplit(page.tree.url).path, page.title.value or "")


def _second_date(page: _Page, blocks: Sequence[Block], items: Items, before: Sequence[FoundDate], captured_at: datetime) -> list[FoundDate]:
    """Return the date that htmldate finds, which only checks other dates; nothing if it finds none, or the day of another page.
    `before`: what was found without it; htmldate is only used if that says no day.

    It takes the first element with the class of a date, which may be in the box of the newest articles.
    """
    second = date_by_htmldate(page.tree, captured_at) if all(one.stamp.is_vague for one in before) else None
    if second is None:
        return []
    day = second[1].value.date()
    shown = [at for at, block in enumerate(blocks) if (stamp := read_date(block.text)) is not None and stamp.value.date() == day]
    if shown and all(blocks[at].beside or blocks[at].is_linked or at in items.covered for at in shown):
        return []
    return [FoundDate(second[0], second[1], Rule(RuleCode.FALLBACK_HTMLDATE), checks=True)]


def _body_without_text(
    page: _Page, blocks: Sequence[Block], verdict: ArticleCriterion, body: Text, node: LexborNode | None
) -> tuple[Text, LexborNode | None]:
    """Return the body of an article on which no text was found, and its element.

    It is the text that trafilatura finds, or the few words beside the files below the title. It is "" if the page shows only a
    file or a picture.
    """
    title = page.title.value or ""
    holder = with_files(page.tree, page.heading) if page.heading is not None else None
    shows_other = holder is not None or (page.heading is not None and has_picture(page.heading))
    if not (shows_other and verdict.reason in WITHOUT_TEXT):
        body = body_by_trafilatura(page.tree, title, blocks) or body
    if not body.value and holder is not None:
        node = holder
        body = text_beside_files(page.tree, holder, title) or body
    if body.value is None and page.is_dated and shows_other:
        body = _NOTHING_BELOW
    return body, node


def _metadata_kind(metadata: Metadata) -> str:
    """Return the kind of metadata that say that the page is an article and when it was published; "" if none do."""
    if not metadata.is_article or not metadata.published:
        return ""
    code = metadata.published[0].code
    return "opengraph" if code is RuleCode.META else code.value


def _without_author(body: Text, author: Text) -> Text:
    """Return the text without its last line, if this line is only the name of the author, or credits it: "Bài, ảnh: Lê Phương"."""
    above, _, last = (body.value or "").rpartition("\n\n")
    if not above or author.rule.code not in _SHOWN_AUTHOR or author.value is None:
        return body
    return replace(body, value=above) if author.value in (without_brackets(last), credited(last), before_outlet(last)) else body


def _named_body(tree: PageTree) -> LexborNode | None:
    """Return the element that microdata name as the body, if it holds a text; else None."""
    node = tree.first("[itemprop=articleBody]")
    return node if node is not None and len(node.text() or "") >= SURE_TEXT else None
