"""From the lines of a column of a PDF page to its paragraphs. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from statistics import median

from scraper.attachments.letters import Paragraph, Run, draws_capitals
from scraper.attachments.page_rows import Row, merged

FAR = 1.3  # times the usual distance of lines; a line after a paragraph with space has 1.35 or more
INDENT = 0.8  # heights of letters; usual are 2 to 3
CENTRED = 0.3  # heights of letters; a first line that is indented may be centred by chance, but not the next one, too
SIZES = 1.2  # quotient of the heights of letters of two paragraphs; 12 and 14 points have 1.17
_ITEM = re.compile(
    r"(?:(?:Điều|§iÒu|Ñieàu) \d+[.:]|(?:Chương|Mục|Phần) [IVXLC\d]+|[a-zđ]\)|\d{1,2}(?:\.\d{1,2})*[.)]|[IVX]{1,5}\.|[-–+•*])\s"
    r"|(?:Số|Sè|Soá)\s*[:.]"
)
SENTENCE_END = re.compile(r"[.:;!?…\"”’)\]]\s*$")
_OPEN_END = re.compile(r"[\w)\]][-/]$")  # a number that is cut after a hyphen or a slash


def joined(lines: list[Row], left: float, right: float) -> list[Paragraph]:
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
    return [merged(one) for one in found]


def _is_new(above: Row, line: Row, left: float, right: float, usual: float) -> bool:
    """Returns whether a line begins a paragraph."""
    if above.bottom - line.bottom > FAR * usual or max(above.height, line.height) > SIZES * min(above.height, line.height):
        return True
    text = line.text
    if _ITEM.match(text) or _fits(above, line, left, right) or _is_capital(line) != _is_capital(above):
        return True
    is_under = abs(line.left + line.right - above.left - above.right) < line.height  # centred, as the end of a long heading is
    # A line that is indented goes on with an item whose first line begins farther left, if that line ends no sentence.
    is_indented = line.left - above.left > INDENT * line.height and SENTENCE_END.search(above.text) is not None
    return is_indented and not is_under and not begins_small(line.runs)


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


def begins_small(runs: Sequence[Run]) -> bool:
    """Returns whether a text begins with a small letter, as it is drawn."""
    return runs[0].text[:1].islower() and not draws_capitals(runs[0].font)
