"""From the letters of a PDF page, with their places, to its rows: lines of text, each with its pieces. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from statistics import median

from scraper.attachments.letters import Run

GAP = 0.8  # of the height of the letters; a blank is 0.25, and one of justified text rarely over 0.7
BLANK = 0.15  # of the height: the least blank
SAME_ROW = 0.5  # of the lower height that two pieces of a row share
THIN = 2.5  # points: a drawing that is not higher or not wider is a line


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
        return merged(run for place, one in enumerate(self.pieces) for run in ([Run(" ")] if place else []) + one.runs)

    @cached_property
    def text(self) -> str:
        """Its text without fonts."""
        return "".join(run.text for run in self.runs)


def rows(letters: Iterable[Letter], rules: Sequence[Rule] = ()) -> list[Row]:
    """Returns the rows of a page, from the top. `rules`: its vertical lines, which no piece crosses."""
    return rows_of(_pieces(letters, rules))


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


def rows_of(pieces: list[Piece]) -> list[Row]:
    """Returns pieces as rows, from the top."""
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


def merged(runs: Iterable[Run]) -> list[Run]:
    """Returns runs with neighbours of one font joined; a blank belongs to the font before it."""

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
