"""The lines of the pages with their offsets, also in a form without diacritics, in which a scanner makes fewer mistakes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from scraper.held_documents.values import Place
from scraper.text import drop_invisible, fold, nfc

MOST_CHARACTERS = 6_000_000  # of a file; about 2,000 pages
MOST_ROWS = 120_000
MOST_IN_ROW = 1_000  # characters of a line that patterns see
_LINE = re.compile(r"[^\n\f\v\x85\u2028\u2029]+")
_CLUSTER = re.compile(r"[^\u0300-\u036f][\u0300-\u036f]{0,30}|[\u0300-\u036f]{1,30}")


class _Letters(dict[int, str]):
    """The letter without marks for each code point. Always one character, so that offsets stay."""

    def __missing__(self, code: int) -> str:
        folded = fold(chr(code))
        self[code] = letter = folded if len(folded) == 1 else chr(code)
        return letter


_LETTERS = _Letters()


def fold_letters(text: str) -> str:
    """Returns the text in small letters without diacritics, with the same offsets. The text is in NFC.

    >>> fold_letters("Sở TT&TT: Đắk Lắk")
    'so tt&tt: dak lak'
    """
    return text.translate(_LETTERS)


class Row:
    """One line of a page, or a part of one. `text` is in NFC, without characters that are not visible."""

    def __init__(self, page: int, start: int, raw: str, *, after_blank: bool = False) -> None:
        self.page = page
        self.start = start
        self.raw = raw
        self.after_blank = after_blank  # an empty line or the edge of a page comes before it

    @property
    def end(self) -> int:
        """Returns the offset of its end in the page."""
        return self.start + len(self.raw)

    @cached_property
    def _is_even(self) -> bool:
        plain = self.raw.replace("\t", " ").replace("\r", " ")  # white space that `drop_invisible` keeps
        return unicodedata.is_normalized("NFC", self.raw) and len(drop_invisible(plain)) == len(plain)

    @cached_property
    def text(self) -> str:
        return self.raw if self._is_even else "".join(text for text, _ in self._clusters())

    @cached_property
    def folded(self) -> str:
        return fold_letters(self.text[:MOST_IN_ROW])

    def _clusters(self) -> Iterator[tuple[str, int]]:
        """Yields each letter in NFC with its offset. Characters that are not visible are left out."""
        for match in _CLUSTER.finditer(self.raw):
            for char in nfc(match[0]):
                if char in "\t\r" or drop_invisible(char):
                    yield char, match.start()

    def place(self, start: int = 0, end: int | None = None) -> Place:
        """Returns the place of a span of `text` on the page, without white space around it."""
        end = len(self.text) if end is None else end
        part = self.text[start:end]
        start += len(part) - len(part.lstrip())
        end = max(start, end - (len(part) - len(part.rstrip())))
        if self._is_even:
            return Place(self.page, self.start + start, self.start + end)
        offsets = [at for _, at in self._clusters()]
        offsets.append(len(self.raw))
        return Place(self.page, self.start + offsets[start], self.start + offsets[end])

    def part(self, start: int, end: int) -> Row:
        """Returns a part of the row as a row."""
        if self._is_even:
            return Row(self.page, self.start + start, self.raw[start:end], after_blank=self.after_blank and start == 0)
        offsets = [*(at for _, at in self._clusters()), len(self.raw)]
        raw = self.raw[offsets[start] : offsets[end]]
        return Row(self.page, self.start + offsets[start], raw, after_blank=self.after_blank and start == 0)


def rows_of(pages: Sequence[str]) -> tuple[list[Row], bool]:
    """Returns the rows that have text, in order, and whether the file was cut at `MOST_CHARACTERS` or `MOST_ROWS`."""
    rows: list[Row] = []
    left = MOST_CHARACTERS
    for number, page in enumerate(pages, start=1):
        if left <= 0 or len(rows) >= MOST_ROWS:
            return rows[:MOST_ROWS], True
        rows += _rows(number, page[:left])
        left -= len(page)
    return rows[:MOST_ROWS], left < 0 or len(rows) > MOST_ROWS


# What a page repeats at its edge: its number, "Trang 2/5", the line of the Gazette.
_RUNNING = re.compile(
    r"\W{0,3}(?:trang\s{0,3})?\d{1,4}(?:\s?/\s?\d{1,4})?\W{0,3}$|\W{0,3}(?:\d{1,4}\s{1,80})?cong\s{1,3}bao\s?/\s?so\W{0,3}\d.{0,160}$"
)


def _rows(number: int, page: str) -> Iterator[Row]:
    """Yields the rows of a page, or of several that a form feed separates, without what pages repeat at their edges."""
    done = 0
    waiting: Row | None = None  # the last row; it may turn out to be at an edge
    edge = blank = True
    for match in _LINE.finditer(page):
        if match[0].isspace():
            continue
        between = page[done : match.start()]
        done = match.end()
        edge = edge or "\f" in between
        if waiting is not None and not (edge and _RUNNING.match(waiting.folded)):
            yield waiting
        row = Row(number, match.start(), match[0], after_blank=edge or blank or between.count("\n") > 1)
        blank = edge = edge and _RUNNING.match(row.folded) is not None
        waiting = None if edge else row
    if waiting is not None and not _RUNNING.match(waiting.folded):
        yield waiting


# A wide gap, a tab, or the line of a table that was drawn with a letter.
_GAP = re.compile(r"[^\S\n]{3,}|\t[^\S\n]*|(?<!\d)\s?[|│┃]\s?(?!\d)")


def parts_at_gaps(row: Row) -> list[Row]:
    """Returns the parts of a row between wide gaps: two columns in one line."""
    if len(row.text) > MOST_IN_ROW:
        return [row]
    parts = []
    done = 0
    for gap in _GAP.finditer(row.text):
        if row.text[done : gap.start()].strip():
            parts.append(row.part(done, gap.start()))
        done = gap.end()
    if row.text[done:].strip():
        parts.append(row.part(done, len(row.text)))
    return parts


class Passage:
    """Several rows as one text, with the places of its spans."""

    MOST = 6_000  # characters

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows: list[tuple[int, Row]] = []
        texts: list[str] = []
        size = 0
        for row in rows:
            if size + len(row.text) > self.MOST:
                if not texts:  # a paragraph in one row
                    row = row.part(0, self.MOST)
                else:
                    break
            self._rows.append((size, row))
            texts.append(row.text)
            size += len(row.text) + 1
        self.text = "\n".join(texts)

    def places(self, start: int, end: int) -> tuple[Place, ...]:
        """Returns the places of a span, one for each row that it covers."""
        found = []
        for at, row in self._rows:
            first, last = max(start - at, 0), min(end - at, len(row.text))
            if first < last and row.text[first:last].strip():
                found.append(row.place(first, last))
        return tuple(found)
