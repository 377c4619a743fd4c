"""Recognises the footer lines of a site: its owner, its licence, its editor, its counters.

The same words occur in texts ("Giấy phép số 12/GP-BTTTT", "lượt truy cập"). So the words are only a hint. The position of the
line, its neighbours and its punctuation decide.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Protocol

from scraper.text import fold

# All of these are folded. `_OWNER` never begins a sentence of a text.
_OWNER = r"copyright|©|ban quyen (?:thuoc|©|cua (?:so|cong|trang|bao|tap chi|uy ban|ubnd|van phong|website|dai|(?:bo|ban|cuc) (?!tai lieu|sach|phim|tranh|anh|dich|do|in))\b)|all rights reserved|powered by|thiet ke (?:va phat trien|boi|website)|phat trien boi"
_WORDS = (
    rf"{_OWNER}|chiu trach nhiem (?:chinh|noi dung|xuat ban)|giay phep (?:(?:thiet lap|hoat dong|xuat ban)[^.:;]{{0,60}} )?so\s?:?\s?\d"
    r"|giay phep thiet lap[^.:;]{0,60}\d|ghi ro nguon|tong bien tap|thong ke truy cap|luot truy cap|dang truc tuyen|dang online|truong ban bien tap"
    r"|your browser|javascript"
)
_FOOT = re.compile(_WORDS)
# One of these is in all that `_FOOT` finds. Looking for them is quicker, and most lines hold none.
_SIGNS = (
    *("copyright", "©", "ban quyen", "rights reserved", "powered by", "thiet ke", "phat trien boi", "chiu trach nhiem", "giay phep"),
    *("ghi ro nguon", "tong bien tap", "truy cap", "truc tuyen", "dang online", "truong ban bien tap", "your browser", "javascript"),
)
# Footer words at the beginning of a line, and the notice at the end of every article of a site ("Chú ý: ... ghi rõ nguồn").
_LABEL = re.compile(
    rf"[\W\d]*(?:so |pho |tong so )?(?:{_WORDS})|\W*(?:chu y|luu y|ghi chu|yeu cau|de nghi|vui long|khi)\b[^.]{{0,160}}ghi ro nguon"
)
_BY_OWNER = re.compile(_OWNER)
_NOTICE = re.compile(
    r"\W*(?:ghi ro nguon|chiu trach nhiem|(?:pho )?tong bien tap\s*:|truong ban bien tap\s*:|(?:chu y|luu y|ghi chu|yeu cau|de nghi|vui long)\b)"
)
_AUTHORITY = "co quan chu quan"
# One of these is in all that `_CONTACT` finds.
_CONTACT_SIGNS = ("dia chi", "tru so", "dien t", "dt", "tel", "fax", "mail", "hotline", "day nong", "website", _AUTHORITY)
_LABELS = r"(?:dia chi|tru so|dien thoai|thu dien tu|tel|fax|e-?mail|hotline|duong day nong|website)"
_CONTACT = re.compile(rf"\b{_LABELS}\b\s*:|\bdt\s*:\s*[\d(+]|^\W*{_LABELS}\W*$|{_AUTHORITY}")
SEEN = 400  # characters of a line that are checked, contact details are shorter; a bound against hostile input
_KEPT = 100  # characters of a line up to which the answer is kept; a bound against hostile input
_LONG = 80  # characters of a paragraph; a shorter line is not a whole sentence
_TEXT = 200  # characters of such paragraphs that make a text
_SAYS = re.compile(r"\b(?:đã|bị|sẽ|phải|cần|chưa|không|vẫn|cho biết|cho rằng)\b")  # verbs of a sentence about a licence or an editor
_SENTENCE = re.compile(r"[.!?…;:]\W*$")


class Placed(Protocol):
    """The attributes of a block that this module uses."""

    text: str
    linked: int
    path: tuple[int, ...]

    @property
    def folded(self) -> str:
        """The first `SEEN` characters of the text, folded."""


def feet(blocks: Sequence[Placed]) -> list[int]:
    """Return the positions of the blocks that are footer lines. Linear in the number of blocks."""
    marked = [at for at, block in enumerate(blocks) if has_foot_words(block)]
    if not marked:
        return []
    places = set(marked)
    clean: Counter[tuple[int, int]] = Counter()  # characters of paragraphs without such words, by their holder
    last: dict[tuple[int, int], int] = {}  # and the position of the last of these paragraphs
    for at, block in enumerate(blocks):
        if at not in places and len(block.text) >= _LONG and block.linked * 2 < len(block.text) and not is_footer_contact(block):
            for key in _holders(block):
                clean[key] += len(block.text)
                last[key] = at
    end = max((last[key] for key, characters in clean.items() if characters >= _TEXT), default=-1)
    found = [at for at in marked if _is_foot(blocks[at], at, [(clean[key], last.get(key, -1)) for key in _holders(blocks[at])], end)]
    return sorted({*found, *_other_lines(blocks, found, clean, end)})


def _other_lines(blocks: Sequence[Placed], found: Sequence[int], clean: Mapping[tuple[int, int], int], end: int) -> Iterator[int]:
    """Yield the positions of the other lines of a footer below the text: of the same element as a footer line, and those below it that
    have the same parent. If the page has no text, only those below it in the same element. `found`: the footer lines; `clean`, `end`: see
    `feet`.
    """
    done = end
    for at in found:
        if at <= done:
            continue
        own, *parent = _holders(blocks[at])
        if end < 0:
            parent = []
        elif not clean[own]:
            for up in range(at - 1, end, -1):
                if blocks[up].path != blocks[at].path:
                    break
                yield up
        alike = {key for key in (own, *parent) if not clean[key]}
        done = at
        while done + 1 < len(blocks) and not alike.isdisjoint(_holders(blocks[done + 1])):
            done += 1
            yield done


@lru_cache(maxsize=2048)  # the menus and footers of a site are on all of its pages
def _short_has_foot_words(text: str) -> bool:
    return _holds_foot_words(fold(text))


def has_foot_words(block: Placed) -> bool:
    """Return True if a line holds words of a footer, such as "Copyright" or "Lượt truy cập"."""
    return _short_has_foot_words(block.text) if len(block.text) <= _KEPT else _holds_foot_words(block.folded)


def _holds_foot_words(folded: str) -> bool:
    return any(map(folded.__contains__, _SIGNS)) and _FOOT.search(folded) is not None


def is_footer_contact(block: Placed) -> bool:
    """Return True if a line holds the label of a postal address or telephone number: "Địa chỉ:", "Điện thoại:"."""
    if len(block.text) > SEEN:
        return False
    return any(map(block.folded.__contains__, _CONTACT_SIGNS)) and _CONTACT.search(block.folded) is not None


def is_short(text: str) -> bool:
    """Return True if a line is shorter than the whole sentences of a text."""
    return len(text) < _LONG


def _holders(block: Placed) -> list[tuple[int, int]]:
    """Return the holders of a block: its own element, which may hold other lines, and the parent, each with its depth."""
    return [(depth, block.path[-depth]) for depth in (1, 2) if len(block.path) >= depth]


def _is_foot(block: Placed, at: int, beside: Sequence[tuple[int, int]], end: int) -> bool:
    """Return True if a line with footer words at position `at` is part of the footer.

    `beside`: for each holder of the line, the characters of its clean paragraphs and the position of the last of them.
    `end`: the position of the last clean paragraph of the page, -1 if it has none.
    """
    text, folded = block.text, block.folded
    begins = _LABEL.match(folded) is not None
    several = len(set(_FOOT.findall(folded))) + len(set(_CONTACT.findall(folded))) >= 2
    in_text = [place for characters, place in beside if characters >= _TEXT]
    if not in_text:
        # A word in the middle of a line counts only below the text, or if the page has no text.
        return begins or several or (end < at if end >= 0 else len(text) < _LONG)
    if max(in_text) > at:
        return False  # the text continues below it, in the same element
    if not begins and not several:
        return False
    # The line is the last one: a paragraph that begins with such a word by chance, or a footer without a separate element.
    if several or _BY_OWNER.search(folded) is not None or _NOTICE.match(folded) is not None:
        return True
    if _SENTENCE.search(text) is None:
        return True
    return len(text) < _LONG and _SAYS.search(text.lower()) is None
