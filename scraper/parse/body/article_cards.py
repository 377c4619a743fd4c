"""Finds cards of other articles inside a text: a picture and a headline with a link, and a few words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice

from selectolax.lexbor import LexborNode

from scraper.parse.body.boilerplate import names_document
from scraper.parse.tree.hidden_elements import Attributes
from scraper.parse.tree.link_targets import leads_elsewhere

_HEADLINES = "h2 a[href], h3 a[href], h4 a[href], h5 a[href], h6 a[href]"
_NAME = re.compile(
    r"(?:^|[\s_-])(?:wp-embedded-content|related?|relate-\w+|lien-?quan|tin-?khac|readmore|read-also|author-?box|author-?bio|about-?author|box-tacgia|comments?|binh-luan"
    r"|ratings?|share|sharedaddy|social)(?:$|[\s_-])",
    re.IGNORECASE,
)
_AROUND = 3  # elements around a picture that may be its card
_LONGEST = 600  # characters of a card
_HEADLINE = 12  # characters of a headline
_WHOLE = 40  # characters of a card that is one link; the caption of a picture is mostly shorter or not a link
_LONGEST_KEPT = 200  # characters of class names up to which the result is cached; a page must not fill the memory
_MOST = 60  # pictures and boxes that are checked


def cards_in(element: LexborNode, named: Sequence[tuple[LexborNode, Attributes]]) -> set[int]:
    """Return the `mem_id` of the cards of other articles, and of the boxes for comments, sharing or the writer.

    `named`: the elements in the text that have a class, and each article and aside.
    An element with a third of the text or more is never returned.
    """
    found: set[int] = set()
    whole = -1
    for node in _cards(element) + _boxes(element, named):
        size = len(node.text() or "")
        whole = len(element.text() or "") if whole < 0 else whole
        if size * 3 < whole:
            found.add(node.mem_id)
    return found


def _cards(element: LexborNode) -> list[LexborNode]:
    """Return the smallest elements around a linked picture and a headline with the same link, or around a picture and a heading that is a
    link, if they hold no other links.
    """
    found: list[LexborNode] = []
    for picture in element.css("img")[:_MOST]:
        link = picture.parent
        for _ in range(_AROUND):
            if link is None or link.tag == "a":
                break
            link = link.parent
        if link is None or link.tag != "a":
            if (card := _card_around(element, picture)) is not None:
                found.append(card)
            continue
        if not leads_elsewhere(href := link.attributes.get("href") or ""):
            continue
        if len(text := (link.text() or "").strip()) >= _WHOLE and not names_document(text):
            found.append(link)  # the link holds the picture, the headline and the words
            continue
        node = link.parent
        for _ in range(_AROUND):
            if node is None or node.mem_id == element.mem_id or node.tag == "body":
                break
            if _is_card(node, href):
                found.append(node)
                break
            node = node.parent
    return found


def _card_around(element: LexborNode, picture: LexborNode) -> LexborNode | None:
    """Return the smallest element around a picture that is not a link, and a heading that is one; None if it is not a card."""
    node = picture.parent
    for _ in range(_AROUND):
        if node is None or node.mem_id == element.mem_id or node.tag == "body":
            return None
        if (link := node.css_first(_HEADLINES)) is not None:
            href = link.attributes.get("href") or ""
            return node if leads_elsewhere(href) and _is_card(node, href, fewest=1) else None
        node = node.parent
    return None


def _is_card(node: LexborNode, href: str, fewest: int = 2) -> bool:
    links = node.css("a[href]")[:5]
    if len(links) < fewest or any((link.attributes.get("href") or "") != href for link in links):
        return False
    headlines = [text for link in links if len(text := (link.text() or "").strip()) >= _HEADLINE]
    return bool(headlines) and len(node.text() or "") <= _LONGEST and not any(map(names_document, headlines))


def _boxes(element: LexborNode, named: Sequence[tuple[LexborNode, Attributes]]) -> list[LexborNode]:
    """Return the elements inside the text that are another article, or have the class of a box ("related", "lien-quan")."""
    found = (
        node
        for node, attributes in named
        if ((classes := attributes.get("class")) and _is_box_name(classes)) or (node.tag in ("article", "aside") and _is_teaser(node))
    )
    return [node for node in islice(found, _MOST) if node.mem_id != element.mem_id]


def _is_box_name(classes: str) -> bool:
    return _names_box(classes) if len(classes) <= _LONGEST_KEPT else _NAME.search(classes) is not None


@lru_cache(maxsize=2048)  # the pages of a site have the same classes
def _names_box(classes: str) -> bool:
    return _NAME.search(classes) is not None


def _is_teaser(node: LexborNode) -> bool:
    """Return True if a nested article or aside holds a headline that links to another page."""
    link = node.css_first("a[href]")
    if link is None or not leads_elsewhere(link.attributes.get("href") or "") or len(node.text() or "") > _LONGEST:
        return False
    return any(len(text := (one.text() or "").strip()) >= _HEADLINE and not names_document(text) for one in node.css("a[href]")[:5])
