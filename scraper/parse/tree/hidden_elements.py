"""Finds elements of a page that a reader does not see: CSS hides them, or they repeat the text for another screen size.

Only the page itself is used: inline styles, the `hidden` attribute, its `<style>` elements, and the class names of Bootstrap.
External style sheets are not fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from scraper.parse.tree.page_tree import PageTree
from scraper.parse.tree.selector_filter import SCREENS
from scraper.urls import host_of

_HIDES = re.compile(
    r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*(?:0(?:\.0+)?\s*(?:px|pt|em|rem|%)?|1\s*p[xt])\s*(?:[;!]|$)"
    r"|opacity\s*:\s*0(?:\.0+)?\s*(?:[;!]|$)|text-indent\s*:\s*-\d{3,})",
    re.IGNORECASE,
)
_OFF_SCREEN = re.compile(r"(?:^|[;\s])(?:left|right|top)\s*:\s*-\d{3,}(?:\.\d+)?\s*(?:px|pt|em|rem)", re.IGNORECASE)
_CLIPPED_AWAY = re.compile(r"(?:^|[;\s])clip(?:\s*:\s*rect\(\s*[01](?:px)?[\s,]|-path\s*:\s*inset\(\s*(?:50|100)%)", re.IGNORECASE)
_OUT_OF_FLOW = re.compile(r"position\s*:\s*(?:absolute|fixed)", re.IGNORECASE)
_NO_HEIGHT = re.compile(r"(?:^|[;\s])(?:max-)?height\s*:\s*[01](?:px|pt|em)?\s*(?:[;!]|$)", re.IGNORECASE)
_NO_SIDE = re.compile(r"(?:^|[;\s])(?:height|width)\s*:\s*[01](?:px|pt|em)?\s*(?:[;!]|$)", re.IGNORECASE)
_CLIPPED = re.compile(r"overflow\s*:\s*(?:hidden|auto|scroll)", re.IGNORECASE)
_SHOWS = re.compile(r"(?:^|[;\s])(?:display\s*:\s*(?!none)[a-z]|visibility\s*:\s*visible)", re.IGNORECASE)

# Class names of Bootstrap 2 to 5 that hide an element on every screen, and those that show it again on some.
_HIDDEN_CLASSES = frozenset(("hidden", "hide", "d-none", "visually-hidden", "sr-only"))
_SHOWN_CLASSES = re.compile(r"(?:^|\s)(?:d-(?:\w+-)?(?:block|flex|inline|table|grid)|visible-|(?:sm|md|lg|xl):(?:block|flex|inline|grid))")
# A copy of the text for small screens, and the copy for large ones.
_PHONE = (
    ".visible-xs, .visible-sm, .visible-phone, .visible-xs-block, .d-sm-none, .d-md-none, .d-lg-none, .d-xl-none, .hidden-md, .hidden-lg,"
    " .hidden-desktop, .mobile-only, .only-mobile, .show-for-small, .show-for-small-only, .hide-for-medium, .hide-for-large"
)
_DESKTOP = (
    ".hidden-xs, .hidden-sm, .hidden-phone, .d-none, .desktop-only, .only-desktop, .hide-for-small, .hide-for-small-only, .show-for-medium,"
    " .show-for-large, .visible-lg, .visible-md, .visible-desktop"
)
_MOST_COPIES = 8
_NO_SIZE = ("0", "1")  # of a marquee, in pixels
_FEW_LINKS, _MOST_LINKS = 3, 50  # of hidden spam
_LONGEST_KEPT = 200  # characters of a style up to which the result is cached; a page must not fill the memory

Attributes = Mapping[str, str | None]  # of an element; None is an attribute without a value

# Classes and ids of elements that a script opens when the reader clicks: tabs, accordions, "read more".
_OPENED = re.compile(
    r"(?:^|[\s_-])(?:tabs?|tab-?(?:pane|content|panel)s?|collaps(?:e|ible)|accordions?\w*|panels?|toggles?|spoiler|(?:read-?|show-?)?more"
    r"|xem-?them|more-?(?:text|content)|expand\w*|faqs?)(?:$|[\s_-])",
    re.IGNORECASE,
)
# References from links, buttons and scripts: href="#id", $('.class'), getElementById("id"), aria-controls="id".
_REFERENCES = (
    re.compile(r"""[#.]([A-Za-z][\w-]{1,60})["']"""),
    re.compile(r"""getElement(?:ById|sByClassName)\(\s*["']([\w-]{2,60})"""),
    re.compile(r"""aria-controls\s*=\s*["']?([\w-]{2,60})"""),
)
_LONGEST_STYLE = 300_000  # characters of style sheets that are read
_MOST_SELECTORS = 60
_PLAIN_SELECTOR = re.compile(r"[\w\s.#>-]{1,119}\w")
_SMALL = 100  # characters; a shorter element never holds most of a text
_MOST_ELEMENTS, _MOST_TEXT = 2000, 20_000_000  # elements that are checked, and the characters in them


def names_opened(name: str) -> bool:
    """Return True if the classes and the id of an element say that the reader opens it."""
    return _OPENED.search(name) is not None


def hidden_in(tree: PageTree, root: LexborNode, named: Sequence[tuple[LexborNode, Attributes]]) -> set[int]:
    """Return the `mem_id` of the elements below `root` that no reader sees. `named`: those with a class, a style or `hidden`.

    Text that a script opens (a tab, an accordion, "read more") counts as visible. So does an element that holds most of the text
    of `root`, unless it is spam. At most 2,000 elements are checked.
    """
    found: set[int] = set()
    referenced: frozenset[str] | None = None
    budget, whole = _MOST_TEXT, -1
    for number, node in enumerate(_candidates(tree, root, named)):
        if number >= _MOST_ELEMENTS or budget <= 0:
            break
        if node.mem_id in found or node.mem_id == root.mem_id:
            continue
        size = len(node.text() or "")
        budget -= size
        if size:
            names = _names_of(node)
            if names and referenced is None:
                referenced = _references(tree.source)
            if _is_opened(node, names, referenced or frozenset()):
                continue
        if size >= _SMALL:
            whole = len(root.text() or "") if whole < 0 else whole
            if size * 2 >= whole and not _is_advertisement(tree, node):
                continue
        found.add(node.mem_id)
    if any(map(tree.mentions, SCREENS)) and (phone := root.css(_PHONE)):
        found |= _phone_copies(root, phone)
    return found


def _is_advertisement(tree: PageTree, node: LexborNode) -> bool:
    """Return True if a hidden text has several links, all to other hosts: spam that somebody put into the page."""
    links = [
        url for link in node.css("a[href]")[:_MOST_LINKS] if (url := link.attributes.get("href")) and url.startswith(("http:", "https:"))
    ]
    return len(links) >= _FEW_LINKS and host_of(tree.url) not in map(host_of, links)


def hides(style: str) -> bool:
    """Return True if the declarations of an inline style, or of a CSS rule, hide an element: "display: none"."""
    return (
        _HIDES.search(style) is not None
        or ((_OFF_SCREEN.search(style) or _CLIPPED_AWAY.search(style)) is not None and _OUT_OF_FLOW.search(style) is not None)
        or (_NO_HEIGHT.search(style) is not None and _CLIPPED.search(style) is not None)
    )


def _style_hides(style: str) -> bool:
    return _hides(style) if len(style) <= _LONGEST_KEPT else hides(style)


@lru_cache(maxsize=2048)  # an editor writes the same few styles again and again
def _hides(style: str) -> bool:
    return hides(style)


def _has_no_size(marquee: Attributes) -> bool:
    """Return True if a marquee shows nothing: it cuts off what is larger than it. Spam is often in such a one."""
    return marquee.get("height") in _NO_SIZE or marquee.get("width") in _NO_SIZE or _NO_SIDE.search(marquee.get("style") or "") is not None


def has_hidden_class(classes: str) -> bool:
    """Return True if a class hides an element on screens of every size: "d-none", but not "d-none d-md-block"."""
    return not _HIDDEN_CLASSES.isdisjoint(classes.split()) and _SHOWN_CLASSES.search(classes) is None


def _candidates(tree: PageTree, root: LexborNode, named: Sequence[tuple[LexborNode, Attributes]]) -> Iterator[LexborNode]:
    """Yield elements that CSS hides when the page is loaded. An element may be yielded twice."""
    for node, attributes in named:
        style, classes = attributes.get("style"), attributes.get("class")
        if (
            (style and _style_hides(style))
            or (classes and has_hidden_class(classes))
            or "hidden" in attributes
            or (node.tag == "marquee" and _has_no_size(attributes))
        ):
            yield node
    if tree.mentions("<style") and (selectors := hiding_selectors(tuple(node.text() or "" for node in tree.css("style")))):
        yield from root.css(selectors)


def _references(source: str) -> frozenset[str]:
    """Return the ids and class names that links, buttons and scripts of the page refer to."""
    return frozenset(name for pattern in _REFERENCES for name in pattern.findall(source))


def _names_of(node: LexborNode) -> set[str]:
    """Return the names by which a script can refer to an element: its id and its classes, without the classes that hide it."""
    attributes = node.attributes
    classes = set((attributes.get("class") or "").split()) - _HIDDEN_CLASSES
    return classes | {name} if (name := attributes.get("id")) else classes


def _is_opened(node: LexborNode, names: set[str], referenced: frozenset[str]) -> bool:
    """Return True if the reader can open an element: its class says so, or a link or a script refers to one of its `names`."""
    attributes = node.attributes
    if _OPENED.search(f"{attributes.get('class') or ''} {attributes.get('id') or ''} {attributes.get('role') or ''}"):
        return True
    return not referenced.isdisjoint(names)


def _phone_copies(root: LexborNode, small: list[LexborNode]) -> set[int]:
    """Return the `mem_id` of the elements for small screens that repeat an element for large screens."""
    phone = [(node, letters) for node in small[:_MOST_COPIES] if (letters := _letters(node))]
    desktop = [(node, _letters(node)) for node in root.css(_DESKTOP)[:_MOST_COPIES]] if phone else []
    desktop = [(node, letters) for node, letters in desktop if not has_hidden_class(node.attributes.get("class") or "")]
    return {
        node.mem_id
        for node, letters in phone
        if any(other.mem_id != node.mem_id and _is_copy(letters, theirs) for other, theirs in desktop)
    }


def _letters(node: LexborNode) -> str:
    return "".join((node.text() or "").split())


def _is_copy(one: str, other: str) -> bool:
    """Return True if a text is part of another, or begins like it (a copy for small screens is sometimes cut short)."""
    return one in other or (len(one) >= 80 and other.startswith(one[: len(one) // 2]))


# The pages of a site share their style sheets.
@lru_cache(maxsize=64)
def hiding_selectors(sheets: tuple[str, ...]) -> str:
    """Return the selectors of the page's own style sheets that hide elements for good, joined with commas for one query.

    Rules inside @media are left out, and so is a selector that another rule shows again (a tab that the reader opens).

    >>> hiding_selectors((".an{display:none} @media print{.in{display:none}} .tab{display:none} .tab.active{display:block}",))
    '.an'
    """
    hiding: list[str] = []
    showing: list[str] = []
    for selectors, declarations in _rules(sheets):
        if hides(declarations):
            hiding += [part.strip() for part in selectors.split(",")]
        elif _SHOWS.search(declarations):
            showing.append(selectors)
    shown = "\n".join(showing)
    plain = [one for one in dict.fromkeys(hiding) if _PLAIN_SELECTOR.fullmatch(one) and ("." in one or "#" in one) and _is_valid(one)]
    return ", ".join(one for one in plain[:_MOST_SELECTORS] if not re.search(re.escape(re.split(r"[\s>]+", one)[-1]) + r"(?![\w-])", shown))


_EMPTY = LexborHTMLParser("")


def _is_valid(selector: str) -> bool:
    """Return True if the parser accepts a selector. One that it rejects, such as ".an\xa0.in" or ".1an", would fail the whole query."""
    try:
        _EMPTY.css(selector)
    except SelectolaxError:
        return False
    return True


def _rules(sheets: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the CSS rules as (selectors, declarations), without those inside @media and other @-rules."""
    left = _LONGEST_STYLE
    for sheet in sheets:
        first, *commented = sheet[:left].split("/*")
        left -= len(sheet)
        css = first + "".join(part.partition("*/")[2] for part in commented)
        selectors, outer = "", 0  # `outer`: how many blocks of @-rules are open
        for piece in re.split(r"(?<=[{}])", css):
            if piece.endswith("{"):
                selectors = piece[:-1].rpartition(";")[2].strip()
                outer += bool(outer) or selectors.startswith("@")
            elif piece.endswith("}") and outer:
                outer -= 1
            elif piece.endswith("}"):
                yield selectors, piece[:-1]
        if left <= 0:
            return
