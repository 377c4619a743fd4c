"""Summary, author and section on a page of unknown layout."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scraper.model import Text
from scraper.parse.body import repair_entities
from scraper.parse.document import Document
from scraper.parse.generic.blocks import Block
from scraper.parse.generic.names import NAME, key
from scraper.parse.structured import Structured
from scraper.text import clean, fold

_SAPO = re.compile(r"sapo|summary|\blead|brief|intro|description|hometext|tom-?tat|trich-?dan|excerpt|news_?des", re.IGNORECASE)
_AUTHOR_MARK = re.compile(r"author|tac-?gia|byline|writer", re.IGNORECASE)
_AUTHOR_LABEL = re.compile(r"^(?:tác giả(?: bài viết)?|người đăng|người viết|by|submitted by)\s*:?\s+(?P<name>[^\d|]{2,60})", re.IGNORECASE)


def find_summary(said: Structured, blocks: Sequence[Block], title_at: int | None, stretch: tuple[int, int] | None) -> Text:
    """What stands between title and text in an element that is named for it, or what the page tells where it shows it as well."""
    first = title_at + 1 if title_at is not None else stretch[0] if stretch else 0
    last = stretch[0] + 2 if stretch is not None else first + 6
    for block in blocks[first : last + 1]:
        if len(block.text) > 40 and block.linked * 2 < len(block.text) and _SAPO.search(block.marked):
            return Text(repair_entities(block.text)[0], f"{NAME}: the element named for it below the title")
    if stretch is not None and title_at is not None and stretch[0] - title_at <= 6 and stretch[1] > stretch[0]:
        block = blocks[stretch[0]]
        if block.tag in ("h2", "h3", "h4") and len(block.text) > 60:
            return Text(repair_entities(block.text)[0], f"{NAME}: the heading right below the title")
    for one in said.summary:
        wanted = key(one.value)
        for block in blocks[first : last + 1]:
            # A description that breaks off is the beginning of the text, made by the program.
            if len(wanted) > 30 and key(block.text) == key(one.value):
                return Text(repair_entities(block.text)[0], f"{NAME}: the paragraph that {one.rule} names")
    return Text(None, f"{NAME}: no summary on the page")


def find_author(said: Structured, blocks: Sequence[Block], title_at: int | None, stretch: tuple[int, int] | None) -> Text:
    """Who stands behind a label or in an element named for it near the text, else whom the page tells machines."""
    first = title_at if title_at is not None else stretch[0] if stretch else 0
    last = stretch[1] + 6 if stretch is not None else first + 10
    near = blocks[max(0, first - 3) : last + 1]
    for block in near:
        if match := _AUTHOR_LABEL.match(block.text):
            return Text(match["name"].strip(" -,"), f"{NAME}: behind its label")
    for block in near:
        if 2 < len(block.text) < 60 and _AUTHOR_MARK.search(block.marked) and not any(char.isdigit() for char in block.text):
            return Text(block.text.strip(" -,|"), f"{NAME}: the element named for it")
    for one in said.author:
        if 2 < len(one.value) < 60:
            return Text(one.value, f"{NAME}: {one.rule}")
    return Text(None, f"{NAME}: no author on the page")


# A breadcrumb in plain words: "Tin tức > Viễn thông - Internet".
_CRUMBS = re.compile(r"^(?:[^<>»/|\d]{2,40}\s*(?:>{1,2}|»|›|::)\s*)+(?P<last>[^<>»›|\d]{2,60})$")


def find_section(document: Document, said: Structured, above: Sequence[Block]) -> Text:
    """What the page tells machines, else the last step of its breadcrumb. `above`: the blocks above the title."""
    for one in said.section:
        return Text(one.value, f"{NAME}: {one.rule}")
    for css in ("[class*=breadcrumb] a, [class*=Breadcrumb] a, [id*=breadcrumb] a", "[class*=breadcrumb] li, .duongdan a"):
        crumbs = [clean(node.text()) for node in document.css(css)[:8]]
        crumbs = [crumb for crumb in crumbs if 1 < len(crumb) < 60 and fold(crumb) not in ("trang chu", "home", "trang nhat", "tin tuc")]
        if crumbs:
            return Text(crumbs[-1], f"{NAME}: the last step of the breadcrumb")
    for block in reversed(above):
        if match := _CRUMBS.match(block.text):
            return Text(match["last"].strip(), f"{NAME}: the last step of the line above the title")
    return Text(None, f"{NAME}: no section on the page")
