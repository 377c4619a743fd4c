"""Handles an article whose text is a page of its own in a frame: finds the frame, and puts its content where the frame is. Pure.

<h1>Lịch tiếp công dân</h1><iframe src="/noidung.aspx?id=12" scrolling="no"></iframe>
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.model import Article, Capture, Link, LinkRole
from scraper.parse.decode.charset import decode
from scraper.parse.tree.other_content import OTHER_CONTENT, OTHER_FILE
from scraper.parse.tree.page_tree import PageTree
from scraper.urls import host_of, without_session

_NO_TEXT = re.compile(rf"{OTHER_CONTENT}|{OTHER_FILE}|pdf|gview|/embed|thong-?ke", re.IGNORECASE)
_NO_SIZE = ("0", "1", "0px", "1px")
_MOST_FRAMES = 12  # a bound against hostile input


def frame_of_text(tree: PageTree, article: Article, hosts: Collection[str]) -> Link | None:
    """Return the only frame of an article without text and files that may hold its text; None if it has none, or several."""
    if article.body.value or article.attachments or not tree.mentions("<iframe"):
        return None
    urls = {url for node in tree.css("iframe[src]")[:_MOST_FRAMES] if _is_shown(node) and (url := tree.link(node, "src")) is not None}
    own = [
        url for url in urls if host_of(url) in hosts and url != tree.url and not _NO_TEXT.search(url.partition("//")[2].partition("/")[2])
    ]
    return Link(own[0], LinkRole.PART) if len(own) == 1 else None


def with_frame(capture: Capture, frame: Capture) -> Capture | None:
    """Return the capture of a page with the content of one of its frames where the frame is; None if it has no such frame."""
    tree = PageTree(capture.url, decode(capture).text)
    wanted = without_session(frame.url)
    place = next((node for node in tree.css("iframe[src]") if without_session(tree.link(node, "src") or "") == wanted), None)
    inside = PageTree(frame.url, decode(frame).text)
    body = inside.parsed.body
    if place is None or body is None:
        return None
    for node in body.css("a[href]"):
        if (url := inside.link(node)) is not None:
            node.attrs["href"] = url
    content = "".join(child.html or "" for child in body.iter(include_text=True))
    fragment = LexborHTMLParser(f"<html><body><div>{content}</div></body></html>").css_first("body > div")
    if fragment is None:
        return None
    place.replace_with(fragment)
    whole = (tree.parsed.html or "").encode("utf-8", "surrogatepass")
    return replace(capture, body=whole, headers=(("Content-Type", "text/html; charset=utf-8"),))


def _is_shown(node: LexborNode) -> bool:
    attributes = node.attributes
    if attributes.get("width") in _NO_SIZE or attributes.get("height") in _NO_SIZE or "hidden" in attributes:
        return False
    return re.search(r"display\s*:\s*none", attributes.get("style") or "", re.IGNORECASE) is None
