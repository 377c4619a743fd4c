"""The fallback: an article out of a page that no layout fits, by rules that hold for pages of every kind.

What it reads is marked "generic" and never mixed into what a layout read. Title and date are what the page shows near its
text, checked against what it tells machines; the body is the stretch of text that leads nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from scraper.model import Moment, Text
from scraper.parse.attachments import around_text, with_files
from scraper.parse.credits import BELOW_TEXT
from scraper.parse.document import Document
from scraper.parse.generic.below import below_title, has_picture
from scraper.parse.generic.blocks import blocks_of, main_stretch
from scraper.parse.generic.dates import BY_TITLE, find_dates
from scraper.parse.generic.fields import BY_NAME, find_author, find_section, find_summary
from scraper.parse.generic.headline import find_title
from scraper.parse.generic.items import find_items, listed
from scraper.parse.generic.kind import WITHOUT_TEXT, features_of, judge, names
from scraper.parse.generic.names import LEAST, NAME
from scraper.parse.generic.second_opinion import date_by_htmldate
from scraper.parse.generic.text import find_text, second_text, text_beside_files
from scraper.parse.published import Found, choose
from scraper.parse.structured import Structured, read_structured

NOTHING_BELOW = f"{NAME}: nothing that can be read below the title (a picture or a file alone)"


@dataclass(slots=True)
class Parts:
    """What was read of a page by the general rules."""

    title: Text
    summary: Text
    author: Text
    section: Text
    tags: tuple[str, ...]
    tags_rule: str
    published: Moment
    modified: Moment
    body: Text
    node: LexborNode | None  # the element that holds the body
    files_in: LexborNode | None  # the element around it in which files stand
    is_article: bool
    verdict: str  # the reason why it is one, or is none; see kind.py
    is_dated: bool  # the date of publication stands right by the title
    listed: dict[str, date | None]  # the URLs of the entries of its lists with their days, if it is no article
    said_by: str  # json-ld, microdata or opengraph where the page says itself that it is an article; else ""


def read_generic(document: Document, captured_at: datetime) -> Parts:
    """Read a page. Nothing is raised; a field that the page does not show is None, and its rule says so."""
    said = read_structured(document)
    root = document.tree.body
    blocks = blocks_of(root) if root is not None else []
    stretch = main_stretch(blocks)
    headline = find_title(NAME, document.title, document.url, said, blocks, stretch)
    title, title_at = headline.text, headline.places[0] if headline.places else None
    items = find_items(document, blocks)
    if title_at is not None:
        stretch = below_title(blocks, items, title_at, stretch)
    summary = find_summary(said, blocks, title_at, stretch)
    found, changed = find_dates(document, said, blocks, headline.places, stretch, captured_at)
    text = find_text(document, said, _named_body(document), blocks, stretch, title_at, title.value or "", summary.value or "")
    body, node, core = text.text, text.node, text.core
    is_dated = any(one.rule.endswith(BY_TITLE) for one in found)
    told = said.is_article or names(urlsplit(document.url).path, title.value or "")
    if body.value is None and title_at is not None and told and is_dated:
        body = core = Text("", NOTHING_BELOW)
    verdict = judge(features_of(document, said, blocks, items, headline.places, title.value or "", stretch, core, found, captured_at))
    is_article = verdict.is_article
    if title.value is None and not (is_dated or said.is_article):
        is_article = False  # nothing on the page is a title, and nothing says that one is missing
    # A second opinion fills what is missing; it makes no page an article.
    if is_article and not found and (second := date_by_htmldate(document, captured_at)) is not None:
        found = [Found(second[0], second[1], f"{NAME}: htmldate", checks=True)]
    if is_article and not body.value:
        holder = with_files(document, blocks[title_at].node) if title_at is not None else None
        is_shown = holder is not None or (title_at is not None and has_picture(blocks[title_at].node))
        if not (is_shown and verdict.reason in WITHOUT_TEXT):
            body = second_text(document, title.value or "") or body
        if not body.value and holder is not None:
            node = holder
            body = text_beside_files(document, holder, title.value or "") or body
        if body.value is None and is_dated and is_shown:
            body = Text("", NOTHING_BELOW)
    author = find_author(said, document.title, blocks, title_at, stretch, body.value or "")
    body = _without_author(body, author)
    return Parts(
        title=title,
        summary=summary,
        author=author,
        section=find_section(document, said, blocks[max(0, title_at - 6) : title_at] if title_at is not None else ()),
        tags=tuple(dict.fromkeys(one.value for one in said.tags if len(one.value) < 80)),
        tags_rule=f"{NAME}: {said.tags[0].rule}" if said.tags else f"{NAME}: none on the page",
        published=choose(NAME, found, captured_at),
        modified=choose(NAME, changed, captured_at),
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
    """The most explicit way in which a page says that it is an article, and when it was published."""
    if not said.is_article or not said.published:
        return ""
    rule = said.published[0].rule
    return "opengraph" if rule.startswith("meta") else rule.partition(" ")[0]


def _without_author(body: Text, author: Text) -> Text:
    """The text without its last line, if that is the name of the author and nothing else."""
    above, _, last = (body.value or "").rpartition("\n\n")
    is_shown = BELOW_TEXT in author.rule or author.rule.endswith(BY_NAME)
    return replace(body, value=above) if above and is_shown and last == author.value else body


def _named_body(document: Document) -> LexborNode | None:
    """The element that microdata names as the body, where it holds a text."""
    node = document.first("[itemprop=articleBody]")
    return node if node is not None and len(node.text() or "") >= LEAST else None
