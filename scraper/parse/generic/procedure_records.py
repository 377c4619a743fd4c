"""Recognises the record of an administrative procedure (thủ tục hành chính), which every portal of public services has.

The labels are those of Nghị định 63/2010/NĐ-CP, article 8, and of the national database of procedures.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from scraper.parse.generic.lengths import TEXT_LINE
from scraper.parse.generic.text_blocks import Block
from scraper.text import fold

# Folded. Each group is one label in several words.
_LABELS = (
    r"ma (?:so )?thu tuc|ma tthc|so ho so tthc",
    r"ten thu tuc(?: hanh chinh)?|thu tuc hanh chinh",
    r"(?:trinh tu|cac buoc|quy trinh)(?: va cach thuc)? thuc hien",
    r"cach thuc thuc hien",
    r"(?:thanh phan|so luong)(?:\W+(?:va )?so luong)?(?: bo)? ho so",
    r"(?:thoi han|thoi gian) (?:giai quyet|thuc hien)",
    r"doi tuong thuc hien",
    r"(?:co quan|don vi) (?:thuc hien|giai quyet|tiep nhan|co tham quyen)",
    r"ket qua(?: thuc hien| giai quyet)?",
    r"(?:phi|le phi)(?:\W+(?:va )?le phi)?",
    r"(?:ten )?(?:mau don|bieu mau)(?:\W+(?:mau )?to khai)?|don va to khai",
    r"yeu cau\W+(?:va )?dieu kien(?: thuc hien)?",
    r"(?:can cu|co so) phap ly",
)
_LABEL = re.compile("|".join(f"(?P<p{at}>{words})" for at, words in enumerate(_LABELS)))
_NUMBER = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})?|[a-z])[.)]\s*")
_PAIRS = 5  # labels that make a record; a notice on how to apply names three or four


def is_procedure(blocks: Sequence[Block], listed: Collection[int], *, is_dated: bool) -> bool:
    """Return True if a page is the record of a procedure: labels such as "Trình tự thực hiện" or "Thành phần hồ sơ", each with its value.

    `listed`: the positions of blocks in entries of lists. `is_dated`: the title has its own date; such a page is news about a procedure.
    """
    if is_dated:
        return False
    found: set[str] = set()
    for at, block in enumerate(blocks):
        if block.beside or at in listed:
            continue
        label, is_whole = _label_of(block.text[:TEXT_LINE], len(block.text) <= TEXT_LINE)
        if label is not None and not (is_whole and _is_without_value(blocks, at)):
            found.add(label)
            if len(found) >= _PAIRS:
                return True
    return False


def _is_without_value(blocks: Sequence[Block], at: int) -> bool:
    """Return True if no value is below a label: it is the last block, or another label follows, as in a menu."""
    if at + 1 >= len(blocks):
        return True
    below = blocks[at + 1].text
    return _label_of(below[:TEXT_LINE], len(below) <= TEXT_LINE) != (None, False)


@lru_cache(maxsize=2048)  # the menus of a site are on all of its pages
def _label_of(beginning: str, is_all: bool) -> tuple[str | None, bool]:
    """Return the group of the label that a block begins with, or None; and True if the block is only this label.

    `beginning`: the first characters of the block; `is_all`: True if it has no more.
    """
    folded = fold(beginning).strip(" -*•+")
    number = _NUMBER.match(folded)
    match = _LABEL.match(folded, number.end() if number is not None else 0)
    if match is None:
        return None, False
    rest = folded[match.end() :].lstrip()
    if not rest.strip(" :"):
        return match.lastgroup, is_all
    return (match.lastgroup, False) if rest.startswith(":") else (None, False)
