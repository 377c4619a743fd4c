"""The fallback: extracts an article from a page that no layout matches, with rules for pages of every kind.

The codes of its rules begin with "generic", unless it takes a value from the metadata. It never fills a field that a layout read. Title and date are those that the
page shows near its text, checked against the metadata. The body is the longest stretch of text with few links.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from scraper.model import Moment, Rule, Text
from scraper.parse.fields.attachments import around_text, with_files
from scraper.parse.fields.metadata import Structured, read_structured
from scraper.parse.fields.publication_date import Found, choose
from scraper.parse.generic.article_or_list import WITHOUT_TEXT, features_of, judge, names
from scraper.parse.generic.author_section_summary import find_author, find_section, find_summary
from scraper.parse.generic.body_text import find_text, second_text, text_beside_files
from scraper.parse.generic.list_items import find_items, listed
from scraper.parse.generic.other_extractors import date_by_htmldate
from scraper.parse.generic.page_dates import find_dates
from scraper.parse.generic.short_notice import below_title, has_picture
from scraper.parse.generic.spelling_key import LEAST
from scraper.parse.generic.text_blocks import blocks_of, main_stretch
from scraper.parse.generic.title import find_title
from scraper.parse.tree.page_tree import PageTree
from scraper.rule_codes import RuleCode

_NOTHING_BELOW = Text("", Rule(RuleCode.GENERIC_BODY_NOTHING_BELOW_TITLE))  # only a picture or a file
_BY_TITLE = (RuleCode.GENERIC_DATE_BY_TITLE, RuleCode.GENERIC_DATE_ATTRIBUTE_BY_TITLE)
_SHOWN_AUTHOR = (RuleCode.GENERIC_AUTHOR_BELOW_TEXT, RuleCode.GENERIC_AUTHOR_ELEMENT)


@dataclass(slots=True)
class Parts:
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
    files_in: LexborNode | None  # the element around it in which files are searched for
    is_article: bool
    verdict: str  # the reason why it is an article or not; see article_or_list.py
    is_dated: bool  # the date of publication is right beside the title
    listed: dict[str, date | None]  # the URLs of the entries of its lists with their days, only if it is not an article
    said_by: str  # json-ld, microdata or opengraph if these metadata say that it is an article; else ""


def read_generic(tree: PageTree, captured_at: datetime) -> Parts:
    """Parse a page. Raises nothing. A field that the page does not show is None, and its rule says so."""
    said = read_structured(tree)
    root = tree.parsed.body
    blocks = blocks_of(root) if root is not None else []
    stretch = main_stretch(blocks)
    headline = find_title(tree.title, tree.url, said, blocks, stretch)
    title, title_at = headline.text, headline.places[0] if headline.places else None
    items = find_items(tree, blocks)
    if title_at is not None:
        stretch = below_title(blocks, items, title_at, stretch)
    summary = find_summary(said, blocks, title_at, stretch)
    found, changed = find_dates(tree, said, blocks, headline.places, stretch, captured_at)
    text = find_text(tree, said, _named_body(tree), blocks, stretch, title_at, title.value or "", summary.value or "")
    body, node, core = text.text, text.node, text.core
    is_dated = any(one.rule.code in _BY_TITLE for one in found)
    told = said.is_article or names(urlsplit(tree.url).path, title.value or "")
    if body.value is None and title_at is not None and told and is_dated:
        body = core = _NOTHING_BELOW
    verdict = judge(features_of(tree, said, blocks, items, headline.places, title.value or "", stretch, core, found, captured_at))
    is_article = verdict.is_article
    if title.value is None and not (is_dated or said.is_article):
        is_article = False  # no title on the page, and no date or metadata of an article either
    # A second opinion only fills missing fields; it never makes a page an article.
    if is_article and not found and (second := date_by_htmldate(tree, captured_at)) is not None:
        found = [Found(second[0], second[1], Rule(RuleCode.FALLBACK_HTMLDATE), checks=True)]
    if is_article and not body.value:
        holder = with_files(tree, blocks[title_at].node) if title_at is not None else None
        is_shown = holder is not None or (title_at is not None and has_picture(blocks[title_at].node))
        if not (is_shown and verdict.reason in WITHOUT_TEXT):
            body = second_text(tree, title.value or "") or body
        if not body.value and holder is not None:
            node = holder
            body = text_beside_files(tree, holder, title.value or "") or body
        if body.value is None and is_dated and is_shown:
            body = _NOTHING_BELOW
    author = find_author(said, tree.title, blocks, title_at, stretch, body.value or "")
    body = _without_author(body, author)
    return Parts(
        title=title,
        summary=summary,
        author=author,
        section=find_section(tree, said, blocks[max(0, title_at - 6) : title_at] if title_at is not None else ()),
        tags=tuple(dict.fromkeys(one.value for one in said.tags if len(one.value) < 80)),
        tags_rule=said.tags[0].rule if said.tags else Rule(RuleCode.NOT_ON_PAGE),
        published=choose(found, captured_at),
        modified=choose(changed, captured_at),
        body=body,
        node=node,
        files_in=around_text(node, blocks[title_at].node if title_at is not None else None) if node is not None and is_article else node,
        is_article=is_article,
        verdict=verdict.reason,
        is_dated=is_dated,
        listed={} if is_article else listed(blocks, items, captured_at),
        said_by=_said_by(said),
    )


def _said_by(said: Structured) -> str:
    """Return the kind of metadata that say that the page is an article and when it was published; "" if none do."""
    if not said.is_article or not said.published:
        return ""
    code = said.published[0].code
    return "opengraph" if code is RuleCode.META else code.value


def _without_author(body: Text, author: Text) -> Text:
    """Return the text without its last line, if this line is only the name of the author."""
    above, _, last = (body.value or "").rpartition("\n\n")
    return replace(body, value=above) if above and author.rule.code in _SHOWN_AUTHOR and last == author.value else body


def _named_body(tree: PageTree) -> LexborNode | None:
    """Return the element that microdata name as the body, if it holds a text; else None."""
    node = tree.first("[itemprop=articleBody]")
    return node if node is not None and len(node.text() or "") >= LEAST else None
