"""The reading order of a PDF page: from letters with places to paragraphs. Pure.

A PDF has letters with places, and no paragraphs, columns or tables. These rules find them (`page_rows.py`, `page_bands.py` and
`page_paragraphs.py`, in that order):

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

from collections.abc import Iterable, Sequence

from scraper.attachments.letters import Paragraph, Run
from scraper.attachments.page_bands import Gap, band_at, columns, has_rule
from scraper.attachments.page_paragraphs import SENTENCE_END, begins_small, joined
from scraper.attachments.page_rows import Letter, Row, Rule, merged, rows

LONG_COLUMN = 6  # lines; a shorter column is one of a heading, and may be wider than its text


def paragraphs(letters: Iterable[Letter], rules: Sequence[Rule] = ()) -> list[Paragraph]:
    """Returns the paragraphs of a page in reading order, each as runs of one font. A table is one paragraph with a line for each row."""
    vertical = [one for one in rules if one.is_vertical]
    lines = rows(letters, vertical)
    found: list[Paragraph] = []
    plain: list[Row] = []
    left, right = min((one.left for one in lines), default=0.0), max((one.right for one in lines), default=0.0)
    place = 0
    while place < len(lines):
        size, gaps = band_at(lines, place, vertical)
        if not gaps:
            plain.append(lines[place])
            place += 1
            continue
        found += joined(plain, left, right)
        plain = []
        band = lines[place : place + size]
        if len(gaps) > 1 or has_rule(gaps[0], band, vertical):
            found.append(_table(band, gaps, [one for one in rules if not one.is_vertical]))
        else:
            found += _side_by_side(band, gaps[0], lines)
        place += size
    return found + joined(plain, left, right)


def _side_by_side(band: list[Row], gap: Gap, lines: list[Row]) -> list[Paragraph]:
    """Returns the paragraphs of two columns, the left one first. A paragraph that goes on in the right column is joined."""
    found: list[list[Run]] = []
    for place, column in enumerate(columns(band, [gap])):
        left, right = min(one.left for one in column), max(one.right for one in column)
        middle = (gap[0] + gap[1]) / 2
        if place:
            right = max(right, *(one.right for one in lines))
        elif len(column) < LONG_COLUMN:
            right = max(right, middle)
        if _is_centred(column):  # its cell is wider than its text
            left = middle if place else min(left, *(one.left for one in lines))
        paragraphs_ = [list(one) for one in joined(column, left, right)]
        if place and _goes_over(found[-1], paragraphs_[0]):
            found[-1] += [Run(" "), *paragraphs_.pop(0)]
        found += paragraphs_
    return [merged(one) for one in found]


def _is_centred(column: list[Row]) -> bool:
    middles = [(one.left + one.right) / 2 for one in column]
    lefts = [one.left for one in column]
    height = column[0].height
    return max(middles) - min(middles) < height and max(lefts) - min(lefts) > height


def _goes_over(before: Sequence[Run], after: Sequence[Run]) -> bool:
    return begins_small(after) and SENTENCE_END.search(before[-1].text) is None


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
        for number, cell in enumerate(columns(group, gaps)):
            if number:
                runs.append(Run("\t"))
            for line_number, line in enumerate(cell):
                runs += ([Run(" ")] if line_number else []) + line.runs
    return merged(runs)
