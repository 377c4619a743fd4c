"""The words of a URL that spell the title of its article: `/tin-tuc/hop-giao-ban-thang-6-153.html`."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from scraper.parse.generic.spelling_key import spelling_key
from scraper.text import fold

_CERTAIN_SLUG = 30  # letters of a URL; no name of a section is as long
_FEWEST_HYPHENS = 3  # in the words of a URL that may spell a title; names of sections have fewer words
_SHORTEST_SLUG = 15  # letters of such words
CUT_SHARE = 0.7  # of the letters of a title that is cut short or has the name of the site after it

_EXTENSION = re.compile(r"\.[a-z]{2,5}$")
_ID_BEFORE = re.compile(r"^\d+-")
_ID_AFTER = re.compile(r"[a-z]?\d[\da-z]*")


def slug_of(url: str) -> str:
    """Return the words of a URL: the segment with the most words, without the ids around them and without the extension.

    "/tin-tuc/12-hop-giao-ban-thang-6-153.html" gives "hopgiaobanthang".
    """
    parts = urlsplit(url)
    segments = [unquote(part) for part in re.split(r"[/=&]", f"{parts.path}/{parts.query}")]
    longest = max(segments, key=lambda part: part.count("-"), default="")
    if longest.count("-") < _FEWEST_HYPHENS:
        return ""
    words = _ID_BEFORE.sub("", fold(longest))
    extension = _EXTENSION.search(words)
    if extension is not None:
        words = words[: extension.start()]
    pieces = re.split(r"([-_.])", words)
    # Several ids in a row occur only in URLs with an extension ("-a3f-0012.htm"). Otherwise only one is removed.
    most = len(pieces) if extension is not None else 1
    while len(pieces) > 2 and most and _ID_AFTER.fullmatch(pieces[-1]):
        del pieces[-2:]
        most -= 1
    return spelling_key("".join(pieces))


def agrees_with_slug(heading: str, slug: str) -> int | None:
    """Return 0 if a heading matches the words of the URL, which may be cut short; None if not. Both arguments are keys.

    Return 1 if the words match but are so few that they may name a section.
    """
    if len(slug) < _SHORTEST_SLUG:
        return None
    same = heading.startswith(slug) or (slug.startswith(heading) and len(heading) / len(slug) > CUT_SHARE)
    return (0 if len(slug) >= _CERTAIN_SLUG else 1) if same else None
