"""Finds the next part of a list that a script loads, by GET or POST: "Xem thêm", numbers without a URL, endless scrolling. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from scraper.model import Form, Link, LinkRole
from scraper.parse.discover.pager_widgets import has_widget
from scraper.parse.discover.pagers import LATER, SYMBOLS, words_of
from scraper.parse.discover.script_calls import OFFSET_NAME, PAGE, PAGE_NAME, SIZE_NAME, Call, calls, scripts_of
from scraper.parse.tree.page_tree import PageTree
from scraper.post_urls import form_of, requested_url
from scraper.text import fold

_CLICKED = "a, button, [onclick], [data-page], [data-url]"
_URL_IN_DATA = ("data-url", "data-href", "data-ajax-url", "data-ajax", "data-load", "data-next-url", "data-next", "data-api", "data-action")
# Attributes whose name says that their value is the URL of the next part, whatever the words of the element.
_NEXT_IN_DATA = ("data-next-url", "data-next-page-url", "data-next-page", "data-next-href", "data-infinite-next", "hx-get", "data-hx-get")
# Attributes of such a button that are sent with the number of the part: data-category="5". Not those that only the browser uses.
_SENT_DATA = re.compile(
    r"data-((?!next|page|url|total|max|last|toggle|target|text|load|container|bs|aos|wow|src|lazy|count|ajax|href|api|action)[a-z][a-z0-9_-]{0,30})"
)
_OTHER_LISTS = re.compile(r"comment|binh-?luan|phan-?hoi|search|tim-?kiem|suggest|login|vote|rating|notification", re.IGNORECASE)
_CALL_WITH_NUMBER = re.compile(r"[\w.$]+\s*\(\s*(?:[^()]{0,80},\s*)?['\"]?(\d{1,5})['\"]?\s*(?:,[^()]{0,80})?\)")
_WHOLE_PAGE = (b"<html", b"<body", b"<HTML", b"<BODY")
_PAGE_IN_PATH = re.compile(r"(?<=/)(\d{1,5})(?=/?$|\.\w{2,5}$)")
_SIZE = 10  # entries of a part, if nothing says how many: the most frequent default
_MOST = 4  # lists on one page that a script goes on with
_MOST_CLICKED = 3000
_HTMX_NEXT = re.compile(r"revealed|intersect|click|^$")


def fragment_links(tree: PageTree, shown: int) -> Iterator[Link]:
    """Yield the next part of each list of a page that a script loads. `shown`: the number of articles that the page links to.

    A part that was loaded before has no script. Its own URL, or what was sent for it, says which part comes next.
    """
    following = _following(tree, shown)
    if following is not None:
        yield following
        return
    found: dict[tuple[str, tuple[tuple[str, str], ...]], Link] = {}
    for link in (*_of_data(tree, shown), *_of_scripts(tree, shown)):
        found.setdefault((link.url, link.form.fields if link.form is not None else ()), link)
        if len(found) == _MOST:
            break
    yield from found.values()


def _of_scripts(tree: PageTree, shown: int) -> Iterator[Link]:
    head = tree.encoded[:2_000_000]
    if b"<script" not in head and b"<script" not in head.lower():
        return
    scripts = scripts_of(tree)
    if not any(word in scripts for word in ("$", "fetch", "axios", ".open")) or not _loads_more(tree, scripts, shown):
        return
    for call in calls(tree, scripts):
        if not _OTHER_LISTS.search(call.url):
            number = _first(tree, call, scripts, shown)
            link = _link(tree, call, number)
            if link is not None:
                yield link


def _loads_more(tree: PageTree, scripts: str, shown: int) -> bool:
    """Return True if the scripts of a page seem to load parts of a list: when the reader scrolls, clicks, or turns a page."""
    return "scroll" in scripts or not shown or has_widget(scripts) or _is_clicked(tree)


def _is_clicked(tree: PageTree) -> bool:
    """Return True if the page has a button or a link without a URL for later parts: "Xem thêm", "2", "Trang sau"."""
    for node in tree.css(_CLICKED)[:_MOST_CLICKED]:
        href = (node.attributes.get("href") or "").strip().lower()
        if href and not href.startswith(("#", "javascript:")):
            continue
        words = fold(words_of(node)).strip("[]() .")
        if words == "2" or words.strip(SYMBOLS) in LATER or re.match(r"(?:xem|tai|hien|doc) them\b|load more|tin cu hon", words):
            return True
    return False


def _first(tree: PageTree, call: Call, scripts: str, shown: int) -> int:
    """Return the number of the part after the one that the page shows; of its first part if it shows no article.

    Scripts that begin with page 0, or whose link "2" calls a function with 1, count from 0. An offset is the number of entries before it.
    """
    name = call.variable or ""
    literal = next((int(value) for key, value in call.fields if PAGE_NAME.fullmatch(key) and value.isdecimal()), None)
    if literal is not None:
        return literal
    data = tree.first(f"[{name}]") if name.startswith("data-") else None
    written = (data.attributes.get(name) or "") if data is not None else ""
    initial = re.search(rf"(?<![\w$]){re.escape(name)}\s*[:=]\s*(\d{{1,6}})\b", scripts) if name and data is None else None
    start = int(written) if written.isdecimal() else int(initial[1]) if initial is not None else None
    if OFFSET_NAME.fullmatch(name):
        return (start or _size(call, shown)) if shown else 0
    if start is None:
        start = 1 - _counted_from_zero(tree)
    if not shown:
        return min(start, 1)
    return start if start >= 2 else start + 1


def _counted_from_zero(tree: PageTree) -> int:
    """Return 1 if the link with the word "2" calls a script with the number 1, else 0."""
    for node in tree.css(_CLICKED)[:_MOST_CLICKED]:
        if words_of(node).strip("[]() .") == "2":
            call = _CALL_WITH_NUMBER.search(f"{node.attributes.get('onclick') or ''} {node.attributes.get('href') or ''}")
            return int(call is not None and int(call[1]) == 1)
    return 0


def _size(call: Call, shown: int) -> int:
    stated = next((int(value) for key, value in (*call.fields, *parse_qsl(urlsplit(call.url).query)) if _states_size(key, value)), None)
    return stated or shown or _SIZE


def _states_size(key: str, value: str) -> bool:
    return SIZE_NAME.fullmatch(key) is not None and value.isdecimal() and 0 < int(value) < 1000


def _link(tree: PageTree, call: Call, number: int) -> Link | None:
    url = tree.absolute(quote(call.url.replace(PAGE, str(number)), safe="/:?&=%+,;@!$'()*~#[]-._"))
    if url is None:
        return None
    if not call.is_post:
        return Link(url, LinkRole.NEXT)
    fields = tuple((key, value.replace(PAGE, str(number))) for key, value in call.fields)
    return Link(url, LinkRole.NEXT, form=Form(fields))


def _of_data(tree: PageTree, shown: int) -> Iterator[Link]:
    """Yield the parts that the attributes of a button name: `<button data-url="/tin/tai-them" data-page="2">Xem thêm</button>`."""
    if b"data-" not in tree.encoded and b"hx-get" not in tree.encoded:
        return
    yield from _named_next(tree)
    for css in _URL_IN_DATA:
        for node in tree.css(f"[{css}]")[:_MOST]:
            attributes = node.attributes
            written = (attributes.get(css) or "").strip()
            url = tree.absolute(written) if "/" in written or "?" in written else None
            words = fold(words_of(node)).strip("[]() .")
            if url is None or not (words.strip(SYMBOLS) in LATER or re.match(r"(?:xem|tai|hien) them\b|load more", words)):
                continue
            yield Link(url + _query_of(attributes, url, shown), LinkRole.NEXT)


def _query_of(attributes: Mapping[str, str | None], url: str, shown: int) -> str:
    """Return what a button adds to its URL: the number of the part, and its other attributes; "" if it has no number."""
    number = attributes.get("data-page") or attributes.get("data-next-page") or ""
    if not number.isdecimal():
        return ""
    page = int(number) if int(number) >= 2 else int(number) + bool(shown)
    sent = [(name[1], value or "") for key, value in attributes.items() if (name := _SENT_DATA.fullmatch(key))]
    sent = [(name, value) for name, value in sent if re.fullmatch(r"[\w-]{1,60}", value)]
    return f"{'&' if '?' in url else '?'}{urlencode([*sent, ('page', str(page))])}"


def _named_next(tree: PageTree) -> Iterator[Link]:
    """Yield the URLs of attributes that are named for the next part: `<div data-next-url="/tin/phan/2">` at the end of a list."""
    for css in _NEXT_IN_DATA:
        for node in tree.css(f"[{css}]")[:_MOST]:
            written = (node.attributes.get(css) or "").strip()
            url = tree.absolute(written) if ("/" in written or "?" in written) and not _OTHER_LISTS.search(written) else None
            if url is not None and (css[0] == "d" or _HTMX_NEXT.search(node.attributes.get("hx-trigger") or "")):
                yield Link(url, LinkRole.NEXT)


def _following(tree: PageTree, shown: int) -> Link | None:
    """Return the part after this one, if this is a part that a script loaded and it shows articles; else None."""
    sent = form_of(tree.stored_url)
    if not shown or (sent is not None and sent.with_page) or any(mark in tree.encoded[:5000] for mark in _WHOLE_PAGE):
        return None
    if sent is not None:
        fields = _counted_up(sent.fields, shown)
        if fields is not None:
            return Link(requested_url(tree.stored_url), LinkRole.NEXT, form=Form(tuple(fields)))
    parts = urlsplit(tree.url)
    query = _counted_up(tuple(parse_qsl(parts.query, keep_blank_values=True)), shown)
    if query is not None:
        url = urlunsplit(parts._replace(query=urlencode(query)))
        return Link(url, LinkRole.NEXT, form=Form(sent.fields) if sent is not None else None)
    number = _PAGE_IN_PATH.search(parts.path)
    if number is None or sent is not None:
        return None
    path = f"{parts.path[: number.start()]}{int(number[1]) + 1}{parts.path[number.end() :]}"
    return Link(urlunsplit(parts._replace(path=path)), LinkRole.NEXT)


def _counted_up(fields: tuple[tuple[str, str], ...], shown: int) -> list[tuple[str, str]] | None:
    """Return the fields of the next part; None if none of them is the number of the page or of the first entry."""
    for place, (key, value) in enumerate(fields):
        if not value.isdecimal() or len(value) > 7:
            continue
        if PAGE_NAME.fullmatch(key):
            return [*fields[:place], (key, str(int(value) + 1)), *fields[place + 1 :]]
        if OFFSET_NAME.fullmatch(key):
            step = next((int(size) for name, size in fields if _states_size(name, size)), shown)
            return [*fields[:place], (key, str(int(value) + step)), *fields[place + 1 :]]
    return None
