"""The title of an article on a page of unknown layout: what the page shows as a heading, told by what it says of itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from scraper.model import Text
from scraper.parse.body import repair_entities
from scraper.parse.generic.blocks import Block, in_one_row
from scraper.parse.generic.names import key
from scraper.parse.structured import Said, Structured
from scraper.text import clean, fold

_MARK = re.compile(r"\s+(?:[-|–—»:•·]|::)\s+|\s*\|\s*|\s*»\s*")
_RANK = {"h1": 0, "h2": 1, "h3": 2, "h4": 3, "h5": 3}
_TITLE_MARK = re.compile(r"title|headline|tieu-?de|header", re.IGNORECASE)
_LONGEST = 400
_BEGINNING = 16  # characters of a block that are compared first, since nearly all blocks differ from every title by then
_TELLING = 30  # letters of an address that no section's name has
_TITLE_ELEMENT, _ADDRESS = "the title element", "the address"


@dataclass(frozen=True, slots=True)
class Headline:
    """The title with its rule, and the places of the blocks that show it, the best first."""

    text: Text
    places: tuple[int, ...] = ()


def find_title(
    name: str, page_title: str, url: str, said: Structured, blocks: Sequence[Block], stretch: tuple[int, int] | None
) -> Headline:
    """The title, its rule led by `name`.

    A block that says what the page calls itself (headline, og:title, a part of `<title>`, the words of the address) is it;
    else the heading nearest above the text; else what the page calls itself.
    """
    told = [one for one in said.title if len(one.value) > 5]
    wanted = [(one.value, one.rule) for one in told] + [(part, _TITLE_ELEMENT) for part in _parts(page_title)]
    slug = _slug(url)
    keys = [key(value) for value, _ in wanted]
    beginnings = tuple(one for one in (*keys, slug) if one)
    text_at = _text_at(blocks, stretch)
    found: list[tuple[tuple[float, ...], int, str]] = []
    for at, block in enumerate(blocks):
        linked = block.linked * 2 > len(block.text)
        if not 5 < len(block.text) <= _LONGEST or (linked and block.tag not in ("h1", "h2")):
            continue
        beginning = key(block.text[:_BEGINNING])
        if not beginning or not any(one.startswith(beginning[: len(one)]) for one in beginnings):
            continue
        heading = key(block.text)
        agreed = [
            (how, order - len(told) if rule == _TITLE_ELEMENT else 0, rule)
            for order, ((value, rule), wanted_key) in enumerate(zip(wanted, keys, strict=True))
            if (how := _agrees(heading, wanted_key, is_cut=_is_cut(value))) is not None
        ]
        if slug and (how := _agrees_with_slug(heading, slug)) is not None:
            agreed.append((how, 0, _ADDRESS))
        if not agreed:
            continue
        how, part, rule = min(agreed)
        rank = _RANK.get(block.tag, 4 if _TITLE_MARK.search(block.marked) else 5)
        # The name of a site or a section stands far above the text, or in its menu.
        far = (rank == 5 or rule == _TITLE_ELEMENT) and text_at is not None and not 0 <= text_at - at <= 14
        weight = (far, block.beside or linked, rank == 5, how, part, rank, abs((text_at or 0) - at))
        found.append((weight, at, rule))
    found.sort()
    nearest = _nearest_heading(blocks, text_at)
    if found and nearest is not None and _is_section(blocks, found[0], nearest):
        found = []
    if found and (not found[0][0][0] or nearest is None) and (found[0][0][3] == 0 or len(blocks[found[0][1]].text) >= 16):
        best = found[0][1]
        places = tuple(dict.fromkeys([best, *(at for _, at, _ in found if key(blocks[at].text) == key(blocks[best].text))]))
        shown = _without_kicker(blocks[best].text, told)
        return Headline(Text(_mended(shown), f"{name}: the heading that {found[0][2]} names"), places)
    if nearest is not None and not (told and len(told[0].value) > 20):
        shown = _without_kicker(blocks[nearest].text, told)
        return Headline(Text(_mended(shown), f"{name}: the heading nearest above the text"), (nearest,))
    if wanted:
        value, rule = wanted[0] if told else max(wanted, key=lambda one: len(one[0]))
        return Headline(Text(_mended(value), f"{name}: {rule}"), (nearest,) if nearest is not None else ())
    return Headline(Text(None, f"{name}: no title on the page"))


def _is_section(blocks: Sequence[Block], found: tuple[tuple[float, ...], int, str], nearest: int) -> bool:
    """Whether what `<title>` names is a section, in plain letters above the heading that stands nearest to the text."""
    (_, _, plain, *_), at, rule = found
    return bool(plain) and rule == _TITLE_ELEMENT and at < nearest and len(blocks[nearest].text) > max(30, len(blocks[at].text))


def _text_at(blocks: Sequence[Block], stretch: tuple[int, int] | None) -> int | None:
    """The first block of the stretch that is long, as a title is not. Where none is, title and date are in the stretch themselves."""
    if stretch is None:
        return None
    long = (at for at in range(stretch[0], stretch[1] + 1) if len(blocks[at].text) >= 130 and not blocks[at].beside)
    return next(long, min(stretch[1], stretch[0] + 6))


_EXTENSION = re.compile(r"\.[a-z]{2,5}$")
_ID_BEFORE = re.compile(r"^\d+-")
_ID_AFTER = re.compile(r"[a-z]?\d[\da-z]*")


def _slug(url: str) -> str:
    """The words of a URL: the segment with the most of them, without the ids before and after them and without its extension.

    "/tin-tuc/12-hop-giao-ban-thang-6-153.html" gives "hopgiaobanthang".
    """
    parts = urlsplit(url)
    segments = [unquote(part) for part in re.split(r"[/=&]", f"{parts.path}/{parts.query}")]
    longest = max(segments, key=lambda part: part.count("-"), default="")
    if longest.count("-") < 3:
        return ""
    words = _ID_BEFORE.sub("", fold(longest))
    extension = _EXTENSION.search(words)
    if extension is not None:
        words = words[: extension.start()]
    pieces = re.split(r"([-_.])", words)
    # Only a program that writes an extension writes several ids in a row ("-a3f-0012.htm").
    most = len(pieces) if extension is not None else 1
    while len(pieces) > 2 and most and _ID_AFTER.fullmatch(pieces[-1]):
        del pieces[-2:]
        most -= 1
    return key("".join(pieces))


def _agrees_with_slug(heading: str, slug: str) -> int | None:
    """0 if a heading is the words of the URL, which may be cut short; 1 if those are so few that a section may be named by them.

    Both are keys.
    """
    if len(slug) < 15 or len(heading) < 10:
        return None
    same = heading.startswith(slug) or (slug.startswith(heading) and len(heading) * 10 > len(slug) * 7)
    return (0 if len(slug) >= _TELLING else 1) if same else None


def _without_kicker(shown: str, told: Sequence[Said]) -> str:
    """A heading without the words above its headline, where what machines are told is without them too."""
    heading = key(shown)
    ends = (one.value for one in told if 16 <= len(key(one.value)) < len(heading) and heading.endswith(key(one.value)))
    return max(ends, key=len, default=shown)


def _mended(text: str) -> str:
    return repair_entities(clean(text))[0]


def _parts(page_title: str) -> list[str]:
    """The whole of `<title>`, and its parts between the marks that sites put before and behind their name, the longest first."""
    parts = [part.strip() for part in _MARK.split(page_title) if len(part.strip()) > 5]
    joined = [page_title.strip()] if page_title.strip() else []
    return sorted({*parts, *joined}, key=len, reverse=True)


def _is_cut(told: str) -> bool:
    """Whether a text was cut short with dots."""
    return told.rstrip().endswith(("...", "…"))


def _agrees(one: str, other: str, *, is_cut: bool) -> int | None:
    """0 if a heading says just what is told, 1 if one is the beginning of the other; None if they differ. Both are keys."""
    if not one or not other:
        return None
    if one == other:
        return 0
    # A site's name may stand after the title without a mark, and a long title is cut short with dots.
    if other.startswith(one) and len(one) * 2 > len(other):
        return 1
    if one.startswith(other) and (len(other) * 10 > len(one) * 7 or (is_cut and len(other) >= 20)):
        return 1
    return None


_DATE_ALONE = re.compile(r"^.{0,30}\d{1,2}[/.-]\d{1,2}[/.-]\d{4}.{0,20}$")
_NO_HEADING = re.compile(r"[.;:]$|^\W*\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2}:\d{2}")


def _nearest_heading(blocks: Sequence[Block], text_at: int | None) -> int | None:
    """The block above the text that looks most like a title: a heading by tag or name, unlinked, not a sentence, close by."""
    best: tuple[float, int] | None = None
    for at in range(max(0, (text_at or 0) - 14), text_at or 0):
        block = blocks[at]
        if not 8 < len(block.text) <= 300 or block.beside or block.linked * 2 > len(block.text) or _NO_HEADING.search(block.text):
            continue
        weight = 6.0 - 1.5 * _RANK[block.tag] if block.tag in _RANK else 0.0
        weight += 3.0 if _TITLE_MARK.search(block.marked) else 0.0
        weight += 1.5 if block.bold * 10 > 8 * len(block.text) else 0.0
        weight += 2.5 if _DATE_ALONE.search(blocks[at + 1].text) and not in_one_row(block, blocks[at + 1]) else 0.0
        weight += min(len(block.text), 80) / 20 - 0.8 * ((text_at or 0) - at)
        if weight > 2 and (best is None or weight > best[0]):
            best = (weight, at)
    return best[1] if best is not None else None
