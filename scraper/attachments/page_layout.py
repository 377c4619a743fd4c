"""The reading order of a PDF page: from letters with places to paragraphs. Pure.

A PDF has letters with places, and no paragraphs, columns or tables. These rules find them:

- *Pieces*: letters side by side, up to a gap of GAP of their height, or a vertical line of a table.
- *Rows*: pieces at one height. *Bands*: rows below each other that leave the same gap free, from top to bottom. How wide the gap must be
  depends on how many rows leave it free (GUTTERS), because one line of justified text may have a wide gap by chance.
- A band with one gap has two columns, as the heading of a decision has: the left column is read first, then the right one. So the number
  and the place with the date are paragraphs of their own. A band with more gaps, or with a vertical line in its gap, is a table, which is
  read row by row, with a tab between two cells. If the table has horizontal lines, a row is all between two of them.
- *Paragraphs*: a line goes on with the next one, unless the next line's first word would have fitted in it, or the next line is farther
  away than usual, is indented, is of another size, or begins an article or an item of a list.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from statistics import median

from scraper.attachments.letters import Paragraph, Run, draws_capitals

GAP = 0.8  # of the height of the letters; a blank is 0.25, and one of justified text rarely over 0.7
BLANK = 0.15  # of the height: the least blank
LEAST_GAP = 0.15  # of the height: pieces that are closer are one text, whose letters the file has in another order
GUTTERS = ((1, 3.0), (2, 1.5), (3, LEAST_GAP))  # rows, and the width of the gap that so many rows must leave free, in heights of letters
FAR = 1.3  # times the usual distance of lines; a line after a paragraph with space has 1.35 or more
INDENT = 0.8  # heights of letters; usual are 2 to 3
LONG_COLUMN = 6  # lines; a shorter column is one of a heading, and may be wider than its text
CENTRED = 0.3  # heights of letters; a first line that is indented may be centred by chance, but not the next one, too
SIZES = 1.2  # quotient of the heights of letters of two paragraphs; 12 and 14 points have 1.17
SAME_ROW = 0.5  # of the lower height that two pieces of a row share
THIN = 2.5  # points: a drawing that is not higher or not wider is a line
_ITEM = re.compile(
    r"(?:(?:Điều|§iÒu|Ñieàu) \d+[.:]|(?:Chương|Mục|Phần) [IVXLC\d]+|[a-zđ]\)|\d{1,2}(?:\.\d{1,2})*[.)]|[IVX]{1,5}\.|[-–+•*])\s"
    r"|(?:Số|Sè|Soá)\s*[:.]"
)
_SENTENCE_END = re.compile(r"[.:;!?…\"”’)\]]\s*$")
_OPEN_END = re.compile(r"[\w)\]][-/]$")  # a number that is cut after a hyphen or a slash


@dataclass(slots=True)
class Letter:
    """A character of a page, with its box in points; y grows upwards."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    font: str = ""

    @property
    def height(self) -> float:
        """Height of its box."""
        return self.top - self.bottom


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line that is drawn on a page: `at` is its x if it is vertical, else its y; `start` and `end` are of the other
    direction."""

    at: float
    start: float
    end: float
    is_vertical: bool


@dataclass
class Piece:
    """Letters side by side."""

    letters: list[Letter]

    left: float = field(init=False)
    right: float = field(init=False)
    bottom: float = field(init=False)
    top: float = field(init=False)

    def __post_init__(self) -> None:
        self.left = min(one.left for one in self.letters)
        self.right = max(one.right for one in self.letters)
        self.bottom = median(one.bottom for one in self.letters)
        self.top = median(one.top for one in self.letters)

    @property
    def height(self) -> float:
        """The usual height of its letters."""
        return max(self.top - self.bottom, 1.0)

    @property
    def runs(self) -> list[Run]:
        """Its text, a run for each font."""
        runs: list[Run] = []
        parts: list[str] = []
        font = self.letters[0].font
        for letter in self.letters:
            if letter.font != font and not letter.text.isspace():
                runs.append(Run("".join(parts), font))
                parts, font = [], letter.font
            parts.append(letter.text)
        return [*runs, Run("".join(parts), font)]


@dataclass
class Row:
    """Pieces at one height, from left to right: a line of text."""

    pieces: list[Piece]

    def __post_init__(self) -> None:
        merged: list[Piece] = []
        for piece in sorted(self.pieces, key=lambda one: one.left):
            if merged and piece.left < merged[-1].right + BLANK * piece.height:
                merged[-1] = _one_text([*merged[-1].letters, *piece.letters])
            else:
                merged.append(piece)
        self.pieces = merged

    @property
    def left(self) -> float:
        """Its left edge."""
        return self.pieces[0].left

    @property
    def right(self) -> float:
        """Its right edge."""
        return max(one.right for one in self.pieces)

    @property
    def bottom(self) -> float:
        """Its usual lower edge."""
        return median(one.bottom for one in self.pieces)

    @property
    def top(self) -> float:
        """Its upper edge."""
        return max(one.top for one in self.pieces)

    @property
    def height(self) -> float:
        """The height of its largest letters."""
        return max(one.height for one in self.pieces)

    @cached_property
    def runs(self) -> list[Run]:
        """Its text."""
        return _merged(run for place, one in enumerate(self.pieces) for run in ([Run(" ")] if place else []) + one.runs)

    @cached_property
    def text(self) -> str:
        """Its text without fonts."""
        return "".join(run.text for run in self.runs)


Gap = tuple[float, float]


def paragraphs(letters: Iterable[Letter], rules: Sequence[Rule] = ()) -> list[Paragraph]:
    """Returns the paragraphs of a page in reading order, each as runs of one font. A table is one paragraph with a line for each row."""
    vertical = [one for one in rules if one.is_vertical]
    rows = _rows(_pieces(letters, vertical))
    found: list[Paragraph] = []
    plain: list[Row] = []
    left, right = min((one.left for one in rows), default=0.0), max((one.right for one in rows), default=0.0)
    place = 0
    while place < len(rows):
        size, gaps = _band(rows, place, vertical)
        if not gaps:
            plain.append(rows[place])
            place += 1
            continue
        found += _joined(plain, left, right)
        plain = []
        band = rows[place : place + size]
        if len(gaps) > 1 or _is_ruled(band, gaps[0], vertical):
            found.append(_table(band, gaps, [one for one in rules if not one.is_vertical]))
        else:
            found += _side_by_side(band, gaps[0], rows)
        place += size
    return found + _joined(plain, left, right)


def _pieces(letters: Iterable[Letter], rules: Sequence[Rule]) -> list[Piece]:
    pieces: list[list[Letter]] = []
    last: Letter | None = None
    blank: list[Letter] = []
    for letter in letters:
        if letter.text.isspace():
            blank.append(letter)
            continue
        if last is not None and _goes_on(last, letter, rules):
            if blank or letter.left - last.right > 0.5 * letter.height:
                pieces[-1].append(Letter(" ", last.right, last.bottom, letter.left, last.top, last.font))
            pieces[-1].append(letter)
        else:
            pieces.append([letter])
        last, blank = letter, []
    return [Piece(one) for one in pieces]


def _one_text(letters: list[Letter]) -> Piece:
    """Returns the piece of letters that the file has in another order than their places: letters of a second font, marks, bold ones."""
    found: list[Letter] = []
    for letter in sorted((one for one in letters if not one.text.isspace()), key=lambda one: one.left):
        if found and letter.left - found[-1].right > BLANK * letter.height:
            found.append(Letter(" ", found[-1].right, letter.bottom, letter.left, letter.top, letter.font))
        found.append(letter)
    return Piece(found)


def _goes_on(last: Letter, letter: Letter, rules: Sequence[Rule]) -> bool:
    height, other = letter.top - letter.bottom, last.top - last.bottom
    least = max(min(height, other), 1.0)
    if min(last.top, letter.top) - max(last.bottom, letter.bottom) < SAME_ROW * least:
        return False
    gap = letter.left - last.right
    if not -least < gap < GAP * max(height, other):
        return False
    if gap < 0 or not rules:
        return True
    middle = (letter.top + letter.bottom) / 2
    return not any(last.right - 1 <= one.at <= letter.left + 1 and one.start <= middle <= one.end for one in rules)


def _rows(pieces: list[Piece]) -> list[Row]:
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda one: -(one.top + one.bottom)):
        for row in rows[-3:]:  # the columns of a page may have lines at different heights
            first = row[0]
            if min(first.top, piece.top) - max(first.bottom, piece.bottom) > SAME_ROW * min(first.height, piece.height):
                row.append(piece)
                break
        else:
            rows.append([piece])
    return [Row(one) for one in rows]


def _gaps(row: Row) -> list[Gap]:
    """Returns what a row leaves free, from the left edge of the page to its right edge."""
    free = []
    edge = float("-inf")
    for piece in row.pieces:
        if piece.left > edge:
            free.append((edge, piece.left))
        edge = max(edge, piece.right)
    return [*free, (edge, float("inf"))]


def _band(rows: list[Row], start: int, rules: Sequence[Rule]) -> tuple[int, list[Gap]]:
    """Returns how many rows from `start` on leave the same gaps free, and these gaps; no gaps if the first row is one of plain text."""
    gaps = [(left, right) for left, right in _gaps(rows[start]) if left != float("-inf") and right != float("inf")]
    best: tuple[int, list[Gap]] = (1, [])
    size = 1
    while gaps:
        wide = _wide(gaps, size, rows[start : start + size], rules)
        if wide:
            best = (size, wide)
        if start + size == len(rows) or _is_apart(rows, start + size):
            break
        free = _gaps(rows[start + size])
        narrower = [
            (max(left, other_left), min(right, other_right))
            for left, right in gaps
            for other_left, other_right in free
            if min(right, other_right) > max(left, other_left)
        ]
        if len(rows[start + size].pieces) == 1 and size > 1 and max(map(_width, narrower), default=0.0) < 0.5 * max(map(_width, gaps)):
            break  # a line in the middle of the page: a title below the columns
        gaps = narrower
        least = LEAST_GAP * rows[start].height
        gaps = [gap for gap in gaps if gap[1] - gap[0] >= least or _has_rule(gap, rows[start : start + size], rules)]
        if best[1] and len(gaps) < len(best[1]) and best[0] >= 2:
            break  # a line across some of the columns ends the table
        size += 1
    return best


def _width(gap: Gap) -> float:
    return gap[1] - gap[0]


def _wide(gaps: list[Gap], size: int, rows: list[Row], rules: Sequence[Rule]) -> list[Gap]:
    needed = min(width for number, width in GUTTERS if size >= number) * median(one.height for one in rows)
    return [gap for gap in gaps if gap[1] - gap[0] >= needed or _has_rule(gap, rows, rules)]


def _is_apart(rows: list[Row], place: int) -> bool:
    """Returns whether a row of one piece is far below the row before: it does not belong to the columns above."""
    row, above = rows[place], rows[place - 1]
    return len(row.pieces) == 1 and above.bottom - row.top > 1.5 * row.height


def _has_rule(gap: Gap, rows: list[Row], rules: Sequence[Rule]) -> bool:
    top, bottom = rows[0].top, rows[-1].bottom
    covered = sum(
        min(one.end, top) - max(one.start, bottom)
        for one in rules
        if gap[0] - 1 <= one.at <= gap[1] + 1 and min(one.end, top) > max(one.start, bottom)
    )
    return covered > 0.5 * (top - bottom)


def _is_ruled(band: list[Row], gap: Gap, rules: Sequence[Rule]) -> bool:
    return _has_rule(gap, band, rules)


def _columns(band: list[Row], gaps: list[Gap]) -> list[list[Row]]:
    middles = [(left + right) / 2 for left, right in gaps]
    columns: list[list[Piece]] = [[] for _ in range(len(gaps) + 1)]
    for row in band:
        for piece in row.pieces:
            columns[sum(middle < piece.left + 0.01 for middle in middles)].append(piece)
    return [_rows(column) for column in columns]


def _side_by_side(band: list[Row], gap: Gap, rows: list[Row]) -> list[Paragraph]:
    """Returns the paragraphs of two columns, the left one first. A paragraph that goes on in the right column is joined."""
    found: list[list[Run]] = []
    for place, column in enumerate(_columns(band, [gap])):
        left, right = min(one.left for one in column), max(one.right for one in column)
        middle = (gap[0] + gap[1]) / 2
        if place:
            right = max(right, *(one.right for one in rows))
        elif len(column) < LONG_COLUMN:
            right = max(right, middle)
        if _is_centred(column):  # its cell is wider than its text
            left = middle if place else min(left, *(one.left for one in rows))
        paragraphs_ = [list(one) for one in _joined(column, left, right)]
        if place and _goes_over(found[-1], paragraphs_[0]):
            found[-1] += [Run(" "), *paragraphs_.pop(0)]
        found += paragraphs_
    return [_merged(one) for one in found]


def _is_centred(column: list[Row]) -> bool:
    middles = [(one.left + one.right) / 2 for one in column]
    lefts = [one.left for one in column]
    height = column[0].height
    return max(middles) - min(middles) < height and max(lefts) - min(lefts) > height


def _goes_over(before: Sequence[Run], after: Sequence[Run]) -> bool:
    return _is_small(after) and _SENTENCE_END.search(before[-1].text) is None


def _is_small(runs: Sequence[Run]) -> bool:
    """Returns whether a text begins with a small letter, as it is drawn."""
    return runs[0].text[:1].islower() and not draws_capitals(runs[0].font)


def _table(band: list[Row], gaps: list[Gap], rules: Sequence[Rule]) -> Paragraph:
    """Returns a table as one paragraph: its rows are lines, its cells have a tab between them."""
    left, right = min(row.left for row in band), max(row.right for row in band)
    lines = [one.at for one in rules if one.start < right and one.end > left]
    groups: list[list[Row]] = []
    for row in band:
        if groups and lines and not any(row.top - row.height / 2 < at < groups[-1][-1].bottom + groups[-1][-1].height / 2 for at in lines):
            groups[-1].append(row)
        else:
            groups.append([row])
    runs: list[Run] = []
    for place, group in enumerate(groups):
        if place:
            runs.append(Run("\n"))
        for number, cell in enumerate(_columns(group, gaps)):
            if number:
                runs.append(Run("\t"))
            for line_number, line in enumerate(cell):
                runs += ([Run(" ")] if line_number else []) + line.runs
    return _merged(runs)


def _joined(lines: list[Row], left: float, right: float) -> list[Paragraph]:
    """Returns the paragraphs of the lines of a column with these edges."""
    if not lines:
        return []
    steps = [above.bottom - line.bottom for above, line in itertools.pairwise(lines)]
    usual = median([one for one in steps if 0 < one < 3 * lines[0].height] or [lines[0].height])
    found: list[list[Run]] = [lines[0].runs]
    for above, line in itertools.pairwise(lines):
        if _is_new(above, line, left, right, usual):
            found.append(line.runs)
        else:
            glue = [] if _OPEN_END.search(above.text) else [Run(" ")]
            found[-1] += glue + line.runs
    return [_merged(one) for one in found]


def _is_new(above: Row, line: Row, left: float, right: float, usual: float) -> bool:
    """Returns whether a line begins a paragraph."""
    if above.bottom - line.bottom > FAR * usual or max(above.height, line.height) > SIZES * min(above.height, line.height):
        return True
    text = line.text
    if _ITEM.match(text) or _fits(above, line, left, right) or _is_capital(line) != _is_capital(above):
        return True
    is_under = abs(line.left + line.right - above.left - above.right) < line.height  # centred, as the end of a long heading is
    # A line that is indented goes on with an item whose first line begins farther left, if that line ends no sentence.
    is_indented = line.left - above.left > INDENT * line.height and _SENTENCE_END.search(above.text) is not None
    return is_indented and not is_under and not _is_small(line.runs)


def _is_capital(line: Row) -> bool:
    """Returns whether a line is in capital letters. Letters beyond ASCII do not count: fonts before Unicode have other capital ones."""
    if all(draws_capitals(run.font) for run in line.runs):
        return True
    text = line.text
    return any("A" <= char <= "Z" for char in text) and not any("a" <= char <= "z" for char in text)


def _fits(above: Row, line: Row, left: float, right: float) -> bool:
    """Returns whether the first word of a line would have fitted in the line above."""
    first = line.text.split(" ", 1)[0]
    word = (line.right - line.left) * len(first) / max(len(line.text), 1)
    before, after = above.left - left, right - above.right
    is_centred = before > above.height and all(abs(one.left - left - (right - one.right)) < CENTRED * one.height for one in (above, line))
    return word + 0.5 * line.height < after + (before if is_centred else 0.0)


def _merged(runs: Iterable[Run]) -> list[Run]:
    def parts() -> Iterator[Run]:
        last: Run | None = None
        for run in runs:
            if last is not None and (run.font == last.font or run.text.isspace()):
                last = Run(last.text + run.text, last.font)
            else:
                if last is not None:
                    yield last
                last = run
        if last is not None:
            yield last

    return list(parts())
