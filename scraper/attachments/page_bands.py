"""Bands of a PDF page: rows below each other that leave the same gaps free, from top to bottom. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from scraper.attachments.page_rows import Piece, Row, Rule, rows_of

LEAST_GAP = 0.15  # of the height: pieces that are closer are one text, whose letters the file has in another order
GUTTERS = ((1, 3.0), (2, 1.5), (3, LEAST_GAP))  # rows, and the width of the gap that so many rows must leave free, in heights of letters

Gap = tuple[float, float]


def band_at(rows: list[Row], start: int, rules: Sequence[Rule]) -> tuple[int, list[Gap]]:
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
        gaps = [gap for gap in gaps if gap[1] - gap[0] >= least or has_rule(gap, rows[start : start + size], rules)]
        if best[1] and len(gaps) < len(best[1]) and best[0] >= 2:
            break  # a line across some of the columns ends the table
        size += 1
    return best


def _width(gap: Gap) -> float:
    return gap[1] - gap[0]


def _wide(gaps: list[Gap], size: int, rows: list[Row], rules: Sequence[Rule]) -> list[Gap]:
    needed = min(width for number, width in GUTTERS if size >= number) * median(one.height for one in rows)
    return [gap for gap in gaps if gap[1] - gap[0] >= needed or has_rule(gap, rows, rules)]


def _is_apart(rows: list[Row], place: int) -> bool:
    """Returns whether a row of one piece is far below the row before: it does not belong to the columns above."""
    row, above = rows[place], rows[place - 1]
    return len(row.pieces) == 1 and above.bottom - row.top > 1.5 * row.height


def has_rule(gap: Gap, rows: list[Row], rules: Sequence[Rule]) -> bool:
    """Returns whether vertical lines fill more than half of the height of a gap."""
    top, bottom = rows[0].top, rows[-1].bottom
    covered = sum(
        min(one.end, top) - max(one.start, bottom)
        for one in rules
        if gap[0] - 1 <= one.at <= gap[1] + 1 and min(one.end, top) > max(one.start, bottom)
    )
    return covered > 0.5 * (top - bottom)


def _gaps(row: Row) -> list[Gap]:
    """Returns what a row leaves free, from the left edge of the page to its right edge."""
    free = []
    edge = float("-inf")
    for piece in row.pieces:
        if piece.left > edge:
            free.append((edge, piece.left))
        edge = max(edge, piece.right)
    return [*free, (edge, float("inf"))]


def columns(band: list[Row], gaps: list[Gap]) -> list[list[Row]]:
    """Returns the rows of each column of a band, from the left. `gaps`: those between the columns."""
    middles = [(left + right) / 2 for left, right in gaps]
    cells: list[list[Piece]] = [[] for _ in range(len(gaps) + 1)]
    for row in band:
        for piece in row.pieces:
            cells[sum(middle < piece.left + 0.01 for middle in middles)].append(piece)
    return [rows_of(column) for column in cells]
