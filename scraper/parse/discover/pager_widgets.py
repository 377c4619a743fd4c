"""Finds the next page of a list whose pager is made by a program in the browser: an extension of jQuery, or numbers without URLs. Pure.

    $('#trang').twbsPagination({totalPages: 35, onPageClick: function (event, page) { window.location.href = '/tin?page=' + page; }});
    <ul class="pagination"><li><a href="#" data-page="2">2</a></li></ul>

The options of the extension name the URL. Numbers without URLs do not: nearly all such programs put the number into the parameter `page`, so
that is tried once. If the answer shows page 1 again, the list ends there, with a failure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from selectolax.lexbor import LexborNode

from scraper.model import Link, LinkRole
from scraper.parse.discover.script_calls import LOCATION, PAGE, options_of, scripts_of, split_expressions, value_of
from scraper.parse.tree.page_tree import PageTree, text_of

_WIDGET = re.compile(
    r"\.\s*(?:twbsPagination|bootpag|pagination|simplePagination|bootstrapPaginator|jqPagination|pagify|pageMe|materializePagination)\s*\(\s*(?=\{)"
)
# Quick checks, because most pages have no such pager: a word of the name of an extension in the source of a page, and an element that shows
# only the number 2. A pattern without a fixed beginning takes 20 times as long as a search for these words.
_WORDS = ("bootpag", "bootstrapPaginator", "pagify", "pageMe")
_IN_SOURCE = tuple(word.encode() for word in _WORDS)
_ENDS_OF_NAMES = re.compile(rb"agination\s{0,9}\(")
_SECOND = re.compile(rb">\s{0,20}2\s{0,20}<")
_NUMBER_IN_URL = re.compile(r"\{\{?\s*(?:number|page|p|n|num|trang|pageNumber)\s*\}?\}|__page__", re.IGNORECASE)
_URLS = ("href", "hreftextprefix", "url", "pageurl", "link", "baseurl")  # options that hold a URL, or make one
_HANDLERS = (
    "onpageclick",
    "onpagechange",
    "onpagechanged",
    "onclick",
    "onchange",
    "onselect",
    "paged",
    "callback",
    "pageurl",
    "page_click",
)
_LAST = ("totalpages", "pages", "total", "numberofpages", "pagecount", "max_page", "lastpage")
_ENTRIES, _SIZES = ("items", "totalnumber", "totalitems"), ("itemsonpage", "pagesize", "perpage")
_LONGEST_NUMBER = 9  # digits
_CURRENT = ("startpage", "currentpage", "page", "current_page", "pagenumber")
_OPENS = re.compile(rf"(?:{LOCATION}|\breturn\b)\s*")
_NAMES = re.compile(
    r"pag(?:e|er|es|ing|inat\w*)(?:$|[^a-z])|phan-?trang|(?:^|[\s_-])trang(?:$|[\s_-])|el-pager|ant-pagination", re.IGNORECASE
)
_ACTIVE = re.compile(r"(?:^|[\s_-])(?:active|current|selected|on|hien-?tai)(?:$|[\s_-])", re.IGNORECASE)
_NUMBERS = "li, a, button, span"
_MOST_PAGERS, _MOST_NUMBERS = 20, 40  # elements of pagers that are looked at, and numbers in each; bounds against hostile input
_MOST_WIDGETS = 4
_PARAMETER = "page"


def widget_links(tree: PageTree, shown: int) -> Iterator[Link]:
    """Yield the page after this one by the options of the extensions that make the pagers of a page. `shown`: the number of articles that
    the page links to; if there is none, the extension loads the first ones, too.
    """
    source = tree.encoded
    if not any(word in source for word in _IN_SOURCE) and _ENDS_OF_NAMES.search(source) is None:
        return
    scripts = scripts_of(tree)
    for match in [*_WIDGET.finditer(scripts)][:_MOST_WIDGETS]:
        options = {name.lower(): value for name, value in options_of(scripts[match.end() :])}
        loaded = _loaded(tree, scripts, options)
        template = loaded or _template(tree, scripts, options)
        if template is None:
            continue
        number = _current(tree, template, options) + (1 if shown or loaded is None else 0)
        last = _number(options, _LAST) or _pages(_number(options, _ENTRIES), _number(options, _SIZES))
        url = tree.absolute(quote(template.replace(PAGE, str(number)), safe="/:?&=%+,;@!$'()*~#[]-._"))
        if url is not None and (last is None or number <= last):
            yield Link(url, LinkRole.NEXT)


def has_widget(scripts: str) -> bool:
    """Return True if scripts make a pager with one of these extensions."""
    return ("agination" in scripts or any(word in scripts for word in _WORDS)) and _WIDGET.search(scripts) is not None


def guessed_page(tree: PageTree) -> Link | None:
    """Return the page after this one, if the page has the numbers of a pager without URLs; None if it has none, or is the last.

    `numbers_without_urls` says which page the numbers mark as this one; a page on which that is not the number in its URL was not meant by it.
    """
    numbers = numbers_without_urls(tree)
    if not numbers:
        return None
    shown, stated = current_number(tree, numbers), _stated(tree.url)
    if stated is not None and shown is not None and shown != stated:
        return None
    current = stated or shown or 1
    if max(numbers) <= current:
        return None
    parts = urlsplit(tree.url)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name.lower() != _PARAMETER]
    return Link(urlunsplit(parts._replace(query=urlencode([*query, (_PARAMETER, str(current + 1))]))), LinkRole.NEXT)


def is_ignored(tree: PageTree) -> bool:
    """Return True if a page has a number of a page in its URL, and such numbers that mark another one as that of the page."""
    stated = _stated(tree.url) or 1
    numbers = numbers_without_urls(tree) if stated > 1 else {}
    return bool(numbers) and current_number(tree, numbers) not in (None, stated)


def numbers_without_urls(tree: PageTree) -> dict[int, LexborNode]:
    """Return the numbers of a pager that has no URLs and calls no function, each with its element; {} if the page has none."""
    if _SECOND.search(tree.encoded) is None:
        return {}
    for box in _boxes(tree):
        found: dict[int, LexborNode] = {}
        for node in box.css(_NUMBERS)[:_MOST_NUMBERS]:
            words = text_of(node)
            if words.isdecimal() and len(words) <= 4:
                if _has_url(node):
                    return {}
                found.setdefault(int(words), node)
        if 1 in found and 2 in found and all(number - 1 in found or number > 3 for number in found if number > 1):
            return found
    return {}


def current_number(tree: PageTree, numbers: dict[int, LexborNode]) -> int | None:
    """Return the number that a pager marks as that of this page; None if it marks none."""
    for number, node in numbers.items():
        element: LexborNode | None = node
        for _ in range(2):
            if element is None:
                break
            attributes = element.attributes
            if "aria-current" in attributes or attributes.get("aria-selected") == "true" or _ACTIVE.search(attributes.get("class") or ""):
                return number
            element = element.parent
    return None


def _boxes(tree: PageTree) -> Iterator[LexborNode]:
    for node in tree.css("[class*=pag i], [class*=trang i], [id*=pag i], [id*=trang i], nav[aria-label]")[:_MOST_PAGERS]:
        attributes = node.attributes
        if node.tag in ("ul", "ol", "div", "nav", "span", "p", "td") and _NAMES.search(
            f"{attributes.get('class') or ''} {attributes.get('id') or ''} {attributes.get('aria-label') or ''}"
        ):
            yield node


def _has_url(node: LexborNode) -> bool:
    """Return True if a number, or a link around or inside it, opens a URL or calls a function."""
    for one in (node, *node.css("a[href], [onclick]")):
        attributes = one.attributes
        href = (attributes.get("href") or "").strip().lower()
        if "onclick" in attributes or (
            href and not href.startswith("#") and href.rstrip(";").rstrip() not in ("javascript:", "javascript:void(0)")
        ):
            return True
    return False


def _template(tree: PageTree, scripts: str, options: dict[str, str]) -> str | None:
    """Return the URL that the options of an extension name, with `PAGE` for the number; None if they name none."""
    if options.get("href") == "true":
        name = value_of(tree, scripts, options.get("pagevariable", "'page'")) or _PARAMETER
        parts = urlsplit(tree.url)
        query = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key != name]
        return urlunsplit(parts._replace(query="&".join([*(f"{key}={value}" for key, value in query), f"{name}={PAGE}"])))
    for name in _URLS:
        value = value_of(tree, scripts, options[name]) if options.get(name, "")[:1] in ("'", '"', "`") else None
        if value and name == "hreftextprefix":
            return value + PAGE + (value_of(tree, scripts, options.get("hreftextsuffix", "''")) or "") if value[:1] != "#" else None
        if value and _NUMBER_IN_URL.search(value):
            return _NUMBER_IN_URL.sub(PAGE, value, count=1)
    for name in _HANDLERS:
        opens = _OPENS.search(options.get(name, ""))
        value = value_of(tree, scripts, re.split(r"[;\n}]", split_expressions(options[name][opens.end() :], ";")[0])[0]) if opens else None
        if value and PAGE in value and re.match(r"(?:https?:)?/|\?|[\w.-]+[/?]", value):
            return value
    return None


def _loaded(tree: PageTree, scripts: str, options: dict[str, str]) -> str | None:
    """Return the URL of the JSON that pagination.js loads, with `PAGE` for the number; None if it loads none."""
    written = options.get("datasource", "")
    url = value_of(tree, scripts, written) if written[:1] in ("'", '"', "`") else None
    if not url:
        return None
    names = {name.lower(): value_of(tree, scripts, value) for name, value in options_of(options.get("alias", ""))}
    size = value_of(tree, scripts, options.get("pagesize", "10"))
    query = f"{names.get('pagenumber') or 'pageNumber'}={PAGE}&{names.get('pagesize') or 'pageSize'}={size or 10}"
    return f"{url}{'&' if '?' in url else '?'}{query}"


def _current(tree: PageTree, template: str, options: dict[str, str]) -> int:
    """Return the number of this page: the one in its URL, else the one in the options, else 1."""
    whole = tree.absolute(template.replace(PAGE, "0")) or ""
    before, _, after = (tree.absolute(template.replace(PAGE, "\u0001")) or whole).partition("%01")
    found = re.fullmatch(rf"{re.escape(before)}(\d{{1,5}}){re.escape(after)}", tree.url) if before else None
    if found is not None:
        return int(found[1])
    return _stated(tree.url) or _number(options, _CURRENT) or 1


def _number(options: dict[str, str], names: tuple[str, ...]) -> int | None:
    """Return the first option of these names that is a number."""
    return next((int(value) for name in names if (value := options.get(name, "")).isdecimal() and len(value) <= _LONGEST_NUMBER), None)


def _pages(entries: int | None, size: int | None) -> int | None:
    """Return how many pages so many entries have; None if one of the numbers is not known."""
    return -(-entries // size) if entries is not None and size else None


def _stated(url: str) -> int | None:
    return next((int(value) for name, value in parse_qsl(urlsplit(url).query) if name.lower() == _PARAMETER and value.isdecimal()), None)
