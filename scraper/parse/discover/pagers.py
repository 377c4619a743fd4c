"""Finds the links of a list page to its later pages, on a site of an unknown platform. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from scraper.parse.discover.script_functions import Functions
from scraper.parse.tree.page_tree import PageTree, text_of
from scraper.platforms import PLAIN
from scraper.text import fold

SYMBOLS = "[]()<>«»›‹→. "  # around the words of a link: "Trang sau »"
# The words of a link to the next page, of a list or of an article on several pages; folded.
NEXT = frozenset(
    ("trang sau", "trang tiep", "trang tiep theo", "trang ke", "tiep", "tiep theo", "xem tiep", "sau", "next", ">", ">>", "»", "›")
)
# The words of a link to any later page of a list; folded. "Xem thêm" in an article leads to other articles.
LATER = NEXT | {
    "trang cuoi", "cuoi", "ke tiep", "xem them", "tai them", "tin cu hon", "bai cu hon", "cu hon",
    "older", "older posts", "next page", "last", "more", "load more",
}  # fmt: skip
_NUMBERED = re.compile(r"(?:trang|page)?\s*(\d{1,4})")
_LONGEST = 24  # characters of such words, with symbols
_MOST = 200  # links with such words on one page; a drop-down may list every page
_MARK = re.compile(
    r"[?&/_.-](?:page|trang|so-?trang|trangso|p|page_?index|page_?no|page_?number|pg|paged|page_?first_?row|start|limitstart|offset|cur|cur_?page|current_?page)"
    r"[=/_.-]?\d{1,5}(?!\w)",
    re.IGNORECASE,
)
_SMALL = re.compile(r"(?<=[=/_.-])\d{1,4}(?!\w)")
_QUOTED = re.compile(r"""['"]((?:https?:/)?/[^'"\s]{1,500}|\?[^'"\s]{1,500})['"]""")
_ESCAPED = re.compile(r"\\u00([2-7][0-9a-fA-F])")  # SharePoint writes "\u002fLists\u002f..." in its scripts
_CLICKED = "a[href], a[onclick], button[onclick], option[value]"
_GOES_TO = re.compile(r"""location(?:\.href)?\s*=\s*['"]([^'"]{1,500})['"]\s*\+\s*(?:this\.|\w+\.)?(?:value|options)""")
_NAMES_OF_NEXT = re.compile(r"(?:^|[^a-z])(?:next|sau|tiep|trang-?sau|right|forward)(?:[^a-z]|$)", re.IGNORECASE)


def later_pages(tree: PageTree, functions: Functions) -> Iterator[str]:
    """Yield the URLs of links with the words of a later page ("2", "Trang sau") and with a page number in the URL.

    The page number has a name (`?trang=2`, `/page/2`), or the URL without it is the URL of the list (`/tin-tuc/2/` on
    `/tin-tuc/`). A script with the URL in quotes counts as a link, and so does a call of one of the `functions` of the page that opens a URL.
    Links with `rel=next` need no page number, but must not look
    like an article.
    """
    own = _bases(tree.url)
    for node in (*tree.css("link[rel~=next][href]"), *tree.css("a[rel~=next][href]")):
        url = tree.link(node)
        if url is not None and not PLAIN.maybe_article(url):
            yield url
    named = 0
    for node in tree.css(_CLICKED):
        words = words_of(node)
        if len(words) > _LONGEST or not _is_later(words):
            continue
        named += 1
        url = _url(tree, node, functions)
        if url is not None and url != tree.url and (_MARK.search(url) or own & _bases(url)):
            yield url
        if named == _MOST:
            return


def words_of(node: LexborNode) -> str:
    """Return the words of a link or button: its text, or what it says instead: a title, the words of its picture, or the name of its icon.

    `<a href="?trang=2"><img src="/images/next.gif"></a>` says "next".
    """
    words = text_of(node)
    if words or node.tag == "option":
        return words
    inside = node.css_first("img, i, span, svg") if node.tag != "input" else None
    for one in (node, inside):
        if one is not None:
            attributes = one.attributes
            said = next((value for name in _SAYING if (value := (attributes.get(name) or "").strip())), "")
            if said:
                return said
    for one in (inside, node):
        if one is not None:
            attributes = one.attributes
            named = " ".join(((attributes.get("src") or "").rpartition("/")[2].partition(".")[0], attributes.get("class") or ""))
            if _NAMES_OF_NEXT.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "-", named)):
                return "next"
    return ""


_SAYING = ("value", "alt", "title", "aria-label")


def _is_later(words: str) -> bool:
    folded = fold(words).strip("[]() .")
    plain = folded.strip(SYMBOLS)
    number = _NUMBERED.fullmatch(plain)
    return folded in LATER or plain in LATER or (number is not None and int(number[1]) > 1)


def _url(tree: PageTree, node: LexborNode, functions: Functions) -> str | None:
    """Return the URL of a link, an option of a drop-down or a script; None if it has none."""
    attributes = node.attributes
    if node.tag == "option":
        value = (attributes.get("value") or "").strip()
        goes_to = _GOES_TO.search(node.parent.attributes.get("onchange") or "") if node.parent is not None else None
        if goes_to is not None and value.isdecimal():
            return tree.absolute(goes_to[1] + value)
        return tree.absolute(value) if value.startswith(("/", "?", "http://", "https://")) else None
    url = tree.link(node)
    if url is not None:
        return url
    script = f"{attributes.get('href') or ''} {attributes.get('onclick') or ''}"
    written = _QUOTED.search(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), script))
    if written is not None:
        return tree.absolute(written[1])
    effect = functions.effect(script) if "(" in script else None
    return effect.url if effect is not None and not effect.fields else None


def _bases(url: str) -> set[str]:
    """Return the URL, and the URL without each of its small numbers: `/tin-tuc` for `/tin-tuc/2/`."""
    bases = {url.rstrip("/")}
    for match in _SMALL.finditer(url):
        before, after = url[: match.start()], url[match.end() :]
        bases.add(re.sub(r"(?:[?&]\w{1,30}=|[/_.-])$", "", before).rstrip("/") + after.rstrip("/"))
    return bases
