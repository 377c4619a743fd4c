"""Finds the parts of a page that hold its menu, if the page itself has none: what a script loads or writes, and frames. Pure.

    <div id="menu"></div><script>$('#menu').load('/modules/menu.html');</script>
    <script>document.write('<li><a href="/muc/1">Tin tức</a></li>');</script>

No script is run. Of what scripts write, only whole links in one string are understood.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from scraper.model import Link, LinkRole
from scraper.parse.discover.script_calls import STRING, loaded_urls, scripts_of
from scraper.parse.tree.other_content import OTHER_CONTENT, OTHER_FILE
from scraper.parse.tree.page_tree import PageTree

_LINK = re.compile(r"<a\s[^<>]*\bhref\b[^<>]*>", re.IGNORECASE)
# dTree and its copies, on ASP sites of about 2005: d.add(3, 0, 'Tin tức', '/muc/1').
_NODE = re.compile(r"""\.add\(\s*\d+\s*,\s*-?\d+\s*,\s*(['"])((?:(?!\1).){1,120})\1\s*,\s*(['"])((?:(?!\3).){1,300})\3""")
_NO_MENU = re.compile(rf"{OTHER_CONTENT}|{OTHER_FILE}|dem|visit|truy-?cap|gia-?vang|poll|search|tim-?kiem|dang-?nhap|token", re.IGNORECASE)
_MENU_FILE = re.compile(r"(?:menu|nav|dtree|chuyen-?muc)[\w.-]*\.js(?:$|\?)", re.IGNORECASE)
_MOST = 4  # parts of one page
_MOST_FRAMES = 12  # bounds against hostile input
_MOST_LINKS = 300  # in what scripts write
_MOST_SCRIPT = 400_000  # characters of scripts


def loaded_parts(tree: PageTree) -> Iterator[Link]:
    """Yield the URLs of at most four parts that a page loads: by its scripts, in frames, or files of scripts that are named for a menu."""
    found: dict[str, None] = {}
    frames = (tree.link(node, "src") for node in tree.css("iframe[src]")[:_MOST_FRAMES])
    files = (tree.link(node, "src") for node in tree.css("script[src]") if _MENU_FILE.search(node.attributes.get("src") or ""))
    called = (tree.absolute(url) for url in loaded_urls(tree, scripts_of(tree)))
    for url in (*called, *frames, *files):
        if url is not None and url != tree.url and not _NO_MENU.search(url.partition("//")[2].partition("/")[2]):
            found.setdefault(url)
    yield from (Link(url, LinkRole.LISTING) for url in [*found][:_MOST])


def written_links(scripts: str) -> str:
    """Return the links that scripts write, as the HTML of a menu; "" if they write none. A backslash before a quote is left out."""
    links: list[str] = []
    for string in STRING.finditer(scripts[:_MOST_SCRIPT]):
        written = next((group for group in string.groups() if group is not None), "")
        if "<a" in written.lower() and _LINK.search(text := re.sub(r"\\(.)", r"\1", written)):
            links.append(f"<li>{text}</li>" if "</a>" in text.lower() else "")
    links += [f"<li><a href='{html.escape(one[4])}'>{html.escape(one[2])}</a></li>" for one in _NODE.finditer(scripts[:_MOST_SCRIPT])]
    whole = "".join(links[:_MOST_LINKS])
    return f"<html><body><nav class='menu'><ul>{whole}</ul></nav></body></html>" if whole else ""
