"""Finds the files of an article: those beside it, those linked in its text, and those in a viewer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from selectolax.lexbor import LexborNode

from scraper.model import Attachment, Rule
from scraper.parse.fields.script_viewers import shown_by_scripts
from scraper.parse.tree.link_targets import is_file_name, names_sender, sends_file
from scraper.parse.tree.page_tree import PageTree, text_of
from scraper.rule_codes import RuleCode

_ENDING = r"\.(?:pdf|docx?|xlsx?|pptx?|rtf|odt|ods|zip|rar|7z)"
_FILE = re.compile(rf"{_ENDING}$", re.IGNORECASE)
# Files on Liferay have their name before an id: /documents/10180/8123450/QD-318.pdf/0b7d1f4e-...
_FILE_IN_PATH = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|rtf|zip|rar)/[0-9a-f-]{20,}$", re.IGNORECASE)
# A quick check: every URL of a file, or of a viewer with a file, matches. Few links of a text do. In a viewer's URL the dot, the letters of
# the ending (%64 is "d"), and the percent sign of another escape (%252e) may be escaped.
_MAYBE_FILE = re.compile(rf"{_ENDING}|%(?:2e|25|[4-7][0-9a-f])", re.IGNORECASE)
_SHOWN = "iframe[src], iframe[data-src], embed[src], object[data], object param[value]"
_LINKS = f"a[href], {_SHOWN}"
# Parameters that name the file: of pdf.js, Office Online, Google, and of viewers that sites wrote themselves.
_VIEWERS = ("file", "src", "url", "pdf", "doc", "document", "path", "link", "source", "fileurl", "filename", "filepath", "sourceurl")
# A link that only a script follows: onclick="window.open('/upload/ke-hoach.pdf')".
_IN_SCRIPT = re.compile(rf"['\"]([^'\"\s]+{_ENDING})(?:\?[^'\"]*)?['\"]", re.IGNORECASE)
_PAGE = re.compile(r"\.html?(?:$|[?#])", re.IGNORECASE)
# Services that show files of any site. Their parameter contains the host of the file.
_SERVICES = frozenset(("docs.google.com", "drive.google.com", "view.officeapps.live.com"))
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+/", re.IGNORECASE)
_MOST_DECODED = 2  # how often the name of a file may be escaped in the URL of its viewer
_MOST_SHOWN = 50  # viewers on a page
_BESIDE = frozenset(("nav", "aside", "footer", "header"))
_NEAR = 3  # elements around a title that are searched for files
_MOST_LINKS = 30  # in such an element; one with more links is a large part of the page


def attachments(tree: PageTree, beside: Sequence[str], bodies: Sequence[LexborNode], *, shown: bool = False) -> tuple[Attachment, ...]:
    """Return each file once: first those that match the selectors `beside`, then those in `bodies`.

    `shown`: if True, files in a viewer outside of the bodies count too.
    """
    found: dict[str, Attachment] = {}  # by URL without escapes, because a viewer and a link may escape it differently
    for css in beside:
        for node in tree.css(css):
            url = tree.link(node) if node.tag == "a" else _file(tree, node)
            if url is not None and unquote(url) not in found and url.rstrip("/") != tree.url.rstrip("/"):
                strong = node.css_first("strong")
                found[unquote(url)] = Attachment(url, text_of(strong or node) or None, Rule(RuleCode.LAYOUT_SELECTOR, css))
    for one in chain(_linked(tree, bodies, shown=shown), _of_scripts(tree, bodies, shown=shown)):
        found.setdefault(unquote(one.url), one)
    return tuple(found.values())


def _linked(tree: PageTree, bodies: Sequence[LexborNode], *, shown: bool) -> Iterator[Attachment]:
    """Yield the files that are linked, or in a viewer. The parameters are those of `attachments`."""
    linking = [(node, RuleCode.FILE_VIEWER_IN_BODY) for body in bodies for node in body.css(_LINKS)]
    if shown:
        linking += [(node, RuleCode.FILE_VIEWER_ON_PAGE) for node in tree.css(_SHOWN)[:_MOST_SHOWN] if not _is_beside(node)]
    for node, viewer in linking:
        if (url := _file(tree, node)) is not None:
            label = text_of(node) if node.tag == "a" else ""
            yield Attachment(url, label or _name(url), Rule(RuleCode.FILE_LINK_IN_BODY if node.tag == "a" else viewer))


def _of_scripts(tree: PageTree, bodies: Sequence[LexborNode], *, shown: bool) -> Iterator[Attachment]:
    """Yield the files that scripts show in a viewer. The parameters are those of `attachments`."""
    if not (found := list(shown_by_scripts(tree))):
        return
    html = "\n".join(body.html or "" for body in bodies)
    for written in found:
        in_body = written in html
        if (in_body or shown) and (url := tree.absolute(written)) is not None:
            yield Attachment(url, _name(url), Rule(RuleCode.FILE_VIEWER_IN_BODY if in_body else RuleCode.FILE_VIEWER_ON_PAGE))


def _name(url: str) -> str:
    return unquote(urlsplit(url).path.rpartition("/")[2])


def with_files(tree: PageTree, title: LexborNode) -> LexborNode | None:
    """Return the smallest element around a title that links to a file, or shows one; None if none nearby does."""
    node, shown = title.parent, list(shown_by_scripts(tree))
    for _ in range(_NEAR):
        if node is None or node.tag in ("body", "html"):
            return None
        links = node.css(_LINKS)
        if len(links) > _MOST_LINKS:
            return None
        if any(_file(tree, link) is not None for link in links) or (shown and any(map((node.html or "").__contains__, shown))):
            return node
        node = node.parent
    return None


def around_text(text: LexborNode, title: LexborNode | None) -> LexborNode:
    """Return the largest element around a text that has few links and not the title. Files below the text are inside it."""
    around = set()
    while title is not None:
        around.add(title.mem_id)
        title = title.parent
    node = text
    while (outer := node.parent) is not None and outer.tag not in ("body", "html") and around and outer.mem_id not in around:
        if len(outer.css(_LINKS)) > _MOST_LINKS:
            break
        node = outer
    return node


def _is_beside(node: LexborNode) -> bool:
    outer = node.parent
    while outer is not None:
        if outer.tag in _BESIDE:
            return True
        outer = outer.parent
    return False


def _file(tree: PageTree, node: LexborNode) -> str | None:
    """Return the URL of the file that an element links to or shows; None if it does neither."""
    attribute = {"a": "href", "object": "data", "param": "value"}.get(node.tag or "", "src")
    if attribute == "src" and (node.attrs.get("src") or "about:").startswith("about:"):
        attribute = "data-src"
    value = node.attrs.get(attribute) or ""
    if _MAYBE_FILE.search(value) is None:
        return _of_program(tree, node, value) if node.tag == "a" else None
    url = tree.link(node, attribute)
    if url is None:
        return _in_script(node, value, tree) if node.tag == "a" else None
    parts = urlsplit(url)
    if _is_file(parts.path):
        return url
    if node.tag == "a" and names_sender(parts.path):
        return url if sends_file(url) or _MAYBE_FILE.search(unquote(parts.query)) is not None else None
    return _in_query(tree, url, value)


def _in_query(tree: PageTree, url: str, value: str) -> str | None:
    """Return the URL of the file that a viewer shows, or that a program sends by its name; None if the query names none.

    `url`: that of the viewer; `value`: the same as the page has it.
    """
    parts = urlsplit(url)
    query = {name.lower(): values for name, values in parse_qs(parts.query).items()}
    named = [value for name in _VIEWERS for value in query.get(name, [])[:1]]
    named += [value.rpartition("#")[2]] if "#" in value else []  # ViewerJS: /ViewerJS/#../tai-lieu/a.pdf
    for written in named:
        for _ in range(_MOST_DECODED):
            if "%2f" in written.lower():
                written = unquote(written)
        try:
            if _is_file(urlsplit(written).path):
                return _in_viewer(tree, url, written)
        except ValueError:
            continue
    return None


def _of_program(tree: PageTree, node: LexborNode, href: str) -> str | None:
    """Return the URL of a link to a program that sends a file: its URL says so, or the link shows the name of the file. Else None."""
    if href in ("", "#") or href.startswith("javascript:"):
        return _in_script(node, href, tree)
    is_file = sends_file(href) or is_file_name((node.text() or "").strip()) or (_FILE.search(node.attrs.get("download") or "") is not None)
    if _PAGE.search(href) is not None or not is_file:
        return None
    url = tree.link(node)
    return url if url != tree.url else None


def _in_script(node: LexborNode, href: str, tree: PageTree) -> str | None:
    """Return the URL of the file in the script of a link that leads nowhere without it; None if there is none."""
    match = _IN_SCRIPT.search(f"{href} {node.attrs.get('onclick') or ''}")
    return tree.absolute(match[1]) if match is not None else None


def _is_file(path: str) -> bool:
    return _FILE.search(path) is not None or _FILE_IN_PATH.search(path) is not None


def _in_viewer(tree: PageTree, viewer: str, written: str) -> str | None:
    """Return the absolute URL of a file from the parameter of a viewer: absolute, without a scheme, or relative to the viewer."""
    parts = urlsplit(viewer)
    if parts.netloc in _SERVICES and _HOST.match(written):
        return tree.absolute(f"{parts.scheme}://{written}")
    return tree.absolute(urljoin(viewer, written))
