"""Elements of a page that are hidden, or that a tag, a class or an id names a box beside the text: menu, sidebar, comments, footer."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from scraper.parse.generic.dated_rows import HEADS
from scraper.parse.generic.lengths import MIDDLE_TEXT, TEXT_LINE
from scraper.parse.tree.hidden_elements import names_opened

_BESIDE = frozenset(("nav", "aside"))
# Names of boxes beside the text, as whole words of class and id. A box of the first list never holds the text; one of `_SELDOM_TEXT` may.
_NEVER_TEXT = re.compile(
    r"(?:^|[\s_-])(?:nav(?:bar|igation)?|menu\w*|breadcrumbs?|copyright|pag(?:er|ination|ing)|login|popup|modal|cookie\w*|skip\w*|navbit|fb-comments|disqus\w*|comment-?list)(?:$|[\s_-])",
    re.IGNORECASE,
)
_IS_FOOT = re.compile(r"(?:^|[\s_-])foot(?:er)?\w*(?:$|[\s_-])", re.IGNORECASE)
_SELDOM_TEXT = re.compile(
    r"(?:^|[\s_-])(?:side-?bar\w*|related\w*|comments?\w*|share\w*|social\w*|widget\w*|search\w*|tags?|adv\w*|ads?|banner\w*|quang-?cao|lien-?quan|bio|tin-?khac"
    r"|other-?(?:news|title)\w*|othernews\w*|binh-?luan|hot-?news|most-?\w*|toolbar|leftsubmenu|headlines|same_topic)(?:$|[\s_-])",
    re.IGNORECASE,
)
# Classes of Bootstrap 2 to 5. NukeViet writes all of them at once on elements that only machines shall read.
_HIDDEN_CLASSES = frozenset(("hidden", "hide", "d-none", "visually-hidden", "sr-only"))
_SHOWN_CLASSES = re.compile(r"(?:^| )(?:d-(?:\w+-)?(?:block|flex|inline|table|grid)|visible-)")  # hidden on small screens only
_LONGEST_NAME = 300  # characters of class and id up to which the result is kept; a bound against hostile input
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MOST_SIBLINGS = 10  # nodes above the footer of an article that are checked; a bound against hostile input
# Up to which share of the page's text the name of a box is trusted. One with more is the text, even with the class "has-sidebar".
_NEVER_TEXT_SHARE = 0.6  # for a name that only boxes have: "menu"
_SELDOM_TEXT_SHARE = 0.25  # for a name that the text may have too: "content-widget"


class Box(NamedTuple):
    """An element with a class or id that says that it is beside the text."""

    element: int  # its id
    share: float  # the highest share of the page's text up to which the name is trusted
    is_foot: bool = False  # also trusted above this share, if it holds less than half of the page's blocks


def is_hidden(node: LexborNode, classes: str) -> bool:
    """Return True if a class hides an element for good. A long text inside is not hidden: a script will show it."""
    if not classes:
        return False
    hides = _hides(classes) if len(classes) <= _LONGEST_NAME else _hides.__wrapped__(classes)
    return hides and len(node.text() or "") < MIDDLE_TEXT


def _is_opened(node: LexborNode, classes: str) -> bool:
    """Return True if a hidden element is a part of the text that the reader opens: a tab or "read more". One with links is a box."""
    name = f"{classes} {node.attributes.get('id') or ''}"
    return len(name) <= _LONGEST_NAME and names_opened(name) and node.css_first("a[href]") is None


@lru_cache(maxsize=4096)  # the pages of a site have the same classes
def _hides(classes: str) -> bool:
    return not _HIDDEN_CLASSES.isdisjoint(classes.split()) and not _SHOWN_CLASSES.search(classes)


def boxes_around(node: LexborNode, outer: tuple[Box, ...]) -> tuple[Box, ...] | None:
    """Return the boxes around the content of a block: those around it, and its own if it is one; None if it is hidden."""
    tag, attributes = node.tag or "", node.attributes
    if not attributes:
        look = _share(tag, " ")
    else:
        style, classes = attributes.get("style"), attributes.get("class") or ""
        if (style and _HIDDEN.search(style) is not None and not _is_opened(node, classes)) or (classes and is_hidden(node, classes)):
            return None
        name = f"{classes} {attributes.get('id') or ''}"
        look = _share(tag, name) if len(name) <= _LONGEST_NAME else _share.__wrapped__(tag, name)
    if look[1] and tag == "footer" and _is_above_text(node):
        return outer
    return (*outer, Box(node.mem_id, *look)) if look[0] else outer


def _is_above_text(footer: LexborNode) -> bool:
    """Return True if a footer of an article is above its content. The HTML standard allows it, and themes of Drupal and Pelican have the
    byline there.
    """
    holder = footer.parent
    if holder is None or (holder.tag != "article" and (holder.parent is None or holder.parent.tag != "article")):
        return False
    here, before = footer.prev, 0
    while here is not None and before < _MOST_SIBLINGS:
        if here.tag not in HEADS and len(here.text(strip=True)) >= TEXT_LINE:
            return False
        here, before = here.prev, before + 1
    after = footer.next
    while after is not None and (after.tag or "-")[0] in "-!":
        after = after.next
    return after is not None


@lru_cache(maxsize=4096)  # the pages of a site have the same boxes
def _share(tag: str, name: str) -> tuple[float, bool]:
    """Return up to which share of the page's text an element of this name is a box beside the text, and if it is a footer.

    The share is from 0.0 (never a box) to 1.0.
    """
    if tag in ("body", "form"):
        return 0.0, False
    if tag == "footer" or _IS_FOOT.search(name):
        return _NEVER_TEXT_SHARE, True
    if tag in _BESIDE or _NEVER_TEXT.search(name):
        return _NEVER_TEXT_SHARE, False
    return (_SELDOM_TEXT_SHARE, False) if _SELDOM_TEXT.search(name) else (0.0, False)
