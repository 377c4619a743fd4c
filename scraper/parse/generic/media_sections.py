"""Recognises the pages of sections that show their first article whole: a player with the title and the day of a video, and below it the
others. Pure.

The page looks like an article, because its opening is one. Its URL and its menu show that it is a section: both name it, and neither
names what is shown first. A page of a single video has an id, or the words of its title, in its URL.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qsl, unquote, urlsplit

from scraper.parse.discover.menus import Menus, Place, is_headline, is_name, label_of
from scraper.parse.generic.spelling_key import spelling_key
from scraper.parse.tree.page_tree import PageTree
from scraper.platforms.kit import tidy
from scraper.text import fold
from scraper.urls import host_of

_FEWEST_VIDEOS = 2  # other videos of a section; its first page may be new
_FEWEST_ENTRIES = 3  # entries of a section that only its menu names: an article may have two links to related news below its text
_MOST_LINKS = 400  # of a page that are looked at; a bound against hostile input

# Words of names of such sections, folded. A name consists of nothing else: "Thư viện ảnh", "Video clip", "Phóng sự - Truyền hình".
_KIND = r"videos?|clips?|videos?clips?|anh|hinh ?anh|photos?|images?|gallery|galleries|albums?|infographics?|(?:e ?)?magazines?|long ?forms?|mega ?stor(?:y|ies)|podcasts?|audios?|media|multimedia|phim|phong su|phat thanh|truyen hinh|da phuong tien|tv"
_BESIDE = r"thu vien|trang|kho|chuyen muc|danh muc|tin|bai|chum|chuyen|va|and|so|moi|moi nhat|noi bat|tu lieu|hoat dong|library|latest"
_NAME = re.compile(rf"(?:(?:{_KIND}|{_BESIDE})\b ?)+")
_OF_MEDIA = re.compile(rf"\b(?:{_KIND})\b")
_NOT_LETTERS = re.compile(r"[\W_]+")
_EXTENSION = re.compile(r"\.(?:html?|aspx?|php|jsp|htm)$", re.IGNORECASE)
_NUMBER = re.compile(r"[-_/]?[a-z]{0,3}\d+$", re.IGNORECASE)  # at the end of the name of a section: video-c12
_FRONT = re.compile(r"(?:index|default|home|trang-?chu)?|(?:page|trang|p)[-_/]?\d+", re.IGNORECASE)
# Parameters that say which part of a list is shown, or in which language.
_PARTS = re.compile(r"page\w*|trang|p|pg|lang\w*|cat\w*|sort\w*|order\w*|start|limit|size", re.IGNORECASE)
_BARS = re.compile(r"\s+[-|–—»:]+\s+")  # between the name of a page and that of its site


def names_media(text: str) -> bool:
    """Return True if a text is only the name of a section of videos, pictures, sound or long stories.

    >>> names_media("Thư viện ảnh"), names_media("video-clip"), names_media("Video: Khánh thành cầu sông Mơ")
    (True, True, False)
    """
    folded = _NOT_LETTERS.sub(" ", fold(text)).strip()
    return _NAME.fullmatch(folded) is not None and _OF_MEDIA.search(folded) is not None


def is_media_section(tree: PageTree) -> bool:
    """Return True if the URL of a page names only a section of videos or pictures, and the page links to several of them.

    A number in the URL may be that of a video. It is that of the section if the menu of the page names it.
    """
    name, is_plain = _section_name(tree.url)
    if name is None or not names_media(_NUMBER.sub("", name)):
        return False
    if not is_plain or _NUMBER.search(name):
        return _name_in_menu(tree) is not None and _links_to(tree, _FEWEST_VIDEOS)
    return _links_to(tree, _FEWEST_VIDEOS)


def is_section_of_menu(tree: PageTree, title: str, count_entries: Callable[[], int], *, is_above_headline: bool) -> bool:
    """Return True if the menu of a page names the page itself as a section, by words that are also those of its URL.

    `count_entries`: returns how many entries of lists the page shows; most pages need no count. `is_above_headline`: its title is right above the headline of the first one. That
    counts if the title is the name in the menu: many offices have a menu with the title of a page of theirs ("Lịch tiếp công dân").
    """
    name, shown = _name_in_menu(tree), spelling_key(title)
    if name is None:
        return False
    is_other_name = name not in shown and shown not in name if shown != name else is_above_headline
    return is_other_name and count_entries() >= _FEWEST_ENTRIES


def _name_in_menu(tree: PageTree) -> str | None:
    """Return the key of the short name by which a menu links to the page itself, if its URL spells it; else None."""
    name, _ = _section_name(tree.url)
    spelled = spelling_key(name or "")
    if name is None or not spelled:
        return None
    own, menus = tidy(tree.url).rstrip("/"), Menus(tree)
    for node in tree.css("a[href]"):
        href = node.attributes.get("href") or ""
        if "#" in href or (name not in href and "%" not in href):  # most links lead elsewhere; it is quick to see
            continue
        url = tree.link(node)
        if url is None or tidy(url).rstrip("/") != own:
            continue
        label = label_of(node)
        key = spelling_key(label)
        if key and key in spelled and is_name(label) and menus.place_of(node) >= Place.MENU:
            return key
    return None


def _section_name(url: str) -> tuple[str | None, bool]:
    """Return the last name in a URL, and True if nothing else in it says which of several things is shown.

    In "/index.php?nv=videos" the name is in the query.
    """
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query) if not _PARTS.fullmatch(name)]
    segments = [_EXTENSION.sub("", unquote(segment)) for segment in parts.path.split("/")]
    name = next((segment for segment in reversed(segments) if not _FRONT.fullmatch(segment)), None)
    if name is None:
        named = [value for _, value in query if names_media(value)]
        return (named[0], len(query) == 1) if named else (None, False)
    return name, not query


def _links_to(tree: PageTree, number: int) -> bool:
    """Return True if a page links to so many other pages of its host with the words of a headline, outside of menus."""
    own, host, found, menus = tidy(tree.url), host_of(tree.url), set(), Menus(tree)
    for node in tree.css("a[href]")[:_MOST_LINKS]:
        url = tree.link(node) if is_headline(label_of(node)) else None
        if url is not None and host_of(url) == host and url not in found and tidy(url) != own and not menus.place_of(node):
            found.add(url)
            if len(found) >= number:
                return True
    return False
