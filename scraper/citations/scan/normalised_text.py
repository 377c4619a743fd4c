"""Maps spans between a given text and its even form: composed, without invisible characters, with white space folded."""

from __future__ import annotations

import re
import sys
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from functools import cache

from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.scan.document_tables import table_regions
from scraper.text import nfc

# White space other than blanks and line breaks, and invisible characters. Each has a pattern of its own, because a search for one literal
# is the fastest.
_INVISIBLE = "\u200b\u00ad\ufeff\u200c\u200d\u200e\u200f\u2060"
_BLANKS = "\t\r\u00a0\u2002\u2003\u2009\u202f\u3000"
_UNEVEN = tuple((sign, late_pattern(re.escape(sign))) for sign in (*_INVISIBLE, *_BLANKS, "  "))
_BREAK = late_pattern(r"\n(?<!\n\n)(?!\n)")
_WHITE = frozenset(" \n" + _INVISIBLE + _BLANKS)
_RUN = late_pattern(rf"[\s{_INVISIBLE}]*")
_LINE = 300  # characters of a line that are read
# The beginning of a list item, an article of a statute, or a table row ("Ngày ban hành: ..."), with more text after it on the same line;
# and a number on a line of its own.
_ITEM = late_pattern(
    r"(?:\(?(?:\d{1,3}|[a-zđ]|[IVX]{1,5})[.)]|(?:Điều|Chương|Mục|Phần)\s[\dIVX]{1,5}[.:]|\d{1,2}/\d{1,2}/\d{4}(?=\s[A-ZĐ])"
    r"|[A-ZĐ][^\W\d_]*(?:[^\S\n]{1,3}[^\W\d_]+){1,4}[^\S\n]?:|S[ốỐ][^\S\n]?:)[^\S\n]+(?=\S)"
)
_NUMBER_LINE = late_pattern(r"\d{1,6}[a-z]?/(?:\d{4}/)?[A-ZĐ][^\s,.;]*[^\S\n]*(?:\n|$)")
_CELL = late_pattern(r"\S+[^\S\n]+\S|\d{1,2}/\d{1,2}/\d{4}\s*$")
_BULLET = late_pattern(r"[-–•*+][^\S\n]+(?=\S)")


class NormalisedText:
    """A text in even form that can map each of its characters to the given text.
    Letters are composed (NFC) and invisible characters are removed. White space that contains an empty line separates paragraphs and
    becomes one empty line. A line break is kept if a list item, a row or a heading begins or ends there. All other white space becomes one
    blank, including line breaks, because the way in which lines are wrapped has no meaning.
    """

    __slots__ = ("_after", "_before", "_from", "_given_end", "text")

    def __init__(self, original: str) -> None:
        self._from: list[int] = []  # begin and end of each replaced piece in the even text ...
        self._after: list[int] = []
        self._before: list[int] = []  # ... and in the given text
        self._given_end: list[int] = []
        parts: list[str] = []
        done = size = 0
        tables = iter(table_regions(original) if "\t" in original else ())
        table = next(tables, None)
        for start, end in _pieces(original):
            given = original[start:end]
            piece = _replaced(given)
            if table is not None:
                while table is not None and table[1] <= start:
                    table = next(tables, None)
                if piece == " " and table is not None and table[0] <= start:
                    piece = _edge(given)
            if piece == " " and "\n" in given and _parts_lines(original, start, end):
                piece = "\n"
            if piece == given:
                continue
            parts += (original[done:start], piece)
            size += start - done
            self._from.append(size)
            size += len(piece)
            self._after.append(size)
            self._before.append(start)
            self._given_end.append(end)
            done = end
        self.text = "".join((*parts, original[done:])) if parts else original

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Returns the span in the given text. `start` must be less than `end`."""
        return self._place(start, self._before), self._place(end - 1, self._given_end, 1)

    def _place(self, at: int, edge: list[int], more: int = 0) -> int:
        index = bisect_right(self._from, at) - 1
        if index < 0:
            return at + more
        if at < self._after[index]:
            return edge[index]
        return self._given_end[index] + at - self._after[index] + more


def _edge(white: str) -> str:
    """Returns the replacement for white space in a table. The edge of a row or a cell is kept. A tab next to blanks counts as a blank."""
    return "\n" if "\n" in white else " " if white.strip("\t") else white


def _pieces(text: str) -> Iterable[tuple[int, int]]:
    """Returns the spans that may have to be replaced, in order: runs of white space, and letters with combining marks."""
    runs = _runs(text)
    if unicodedata.is_normalized("NFC", text):
        return runs
    return sorted([*runs, *(match.span() for match in _marks().finditer(text))])


def _runs(text: str) -> list[tuple[int, int]]:
    """Returns the runs of white space that are neither one blank nor one empty line, and the invisible characters."""
    places = [match.start() for sign, pattern in _UNEVEN if sign in text for match in pattern.finditer(text)]
    places += [match.start() for match in _BREAK.finditer(text) if not _ends_sentence(text, match.start())]
    runs: list[tuple[int, int]] = []
    if not places:
        return runs
    places.sort()
    done = 0
    for place in places:
        if place >= done:
            start = place
            while start > done and text[start - 1] in _WHITE:
                start -= 1
            end = _RUN.match(text, place).end()  # type: ignore[union-attr]
            runs.append((start, end))
            done = end
    return runs


def _ends_sentence(text: str, at: int) -> bool:
    """Returns whether a sentence ends before an offset, and not only an abbreviation. Then its line break may stay, so that most
    paragraphs cost nothing.
    """
    last = text[at - 1 : at]
    return last == "\n" or (last in ".!?" and text[at - 3 : at - 1].islower() and text[at - 3 : at - 1].isalpha())


def _replaced(piece: str) -> str:
    """Returns the replacement for a run of white space, or for a letter with combining marks."""
    for char in _INVISIBLE:
        piece = piece.replace(char, "")
    if not piece or piece.isspace():
        return "\n\n" if piece.count("\n") > 1 else " " if piece else ""
    return nfc(piece)


def _parts_lines(text: str, start: int, end: int) -> bool:
    """Returns whether a line break separates two lines by their form: a list item, a row or a heading."""
    before = text.rfind("\n", 0, start) + 1
    following = nfc(text[end : end + 2 * _LINE])
    # A dash can also come between two words of a sentence. So the line before must end a sentence, or be a list item itself.
    if _ITEM.match(following) or (_BULLET.match(following) and (text[start - 1 : start] in ".;:!?)" or _BULLET.match(text, before))):
        return True
    if _NUMBER_LINE.match(following) and _CELL.match(text[before:start]):
        return True
    lines = [text[max(before, start - _LINE) : start], *following.split("\n", 2)[:2]]
    # In a text with one word on each line, a single word in capitals is not a heading, unless the next line is in capitals too.
    capital = [line.isupper() for line in lines]
    long = [len(line.split(None, 2)) > 1 for line in lines]
    return (capital[0] and long[0]) or (capital[1] and (long[1] or (capital[-1] and long[-1])))


@cache
def _marks() -> re.Pattern[str]:
    """Returns a pattern for letters with combining marks, and for characters that NFC replaces with another one."""
    marks, others = [], []
    for char in map(chr, (*range(0x80, 0xD800), *range(0xE000, sys.maxunicode + 1))):
        # Korean vowels and final consonants (Jamo) compose too, though they are not combining marks. Korean names occur.
        if unicodedata.combining(char) or "\u1160" <= char <= "\u11ff":
            marks.append(char)
        elif not unicodedata.is_normalized("NFC", char):
            others.append(char)
    joined = "".join(marks)
    return late_pattern(rf"[^\s{_INVISIBLE}][{joined}]+|[{joined}]+|[{''.join(map(re.escape, others))}]")
