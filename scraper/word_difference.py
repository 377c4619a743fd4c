"""The difference between two texts, word by word, for people to read. Pure.

Paragraphs are compared first, and then the words of the paragraphs that differ. Both use the algorithm of Myers (1986), and its work is
bounded: texts that have too little in common are shown as one that was replaced by the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scraper.text import nfc

SAME, OLD, NEW = "same", "old", "new"
# A number or a date with its separators is one word, and so is a syllable with decomposed marks.
_TOKEN = re.compile(r"[\w\u0300-\u036f]+(?:[./,:-](?=[\w])[\w\u0300-\u036f]+)*|\s+|[^\w\s]")
_PARAGRAPH = re.compile(r"\n+|[^\n]+")
_MOST_STEPS = 400_000  # of all comparisons of a text together; about 0.3 s
_MOST_DISTANCE = 700  # tokens that differ between two sequences; more are shown as replaced
_LONGEST = 400_000  # characters of a text; of a longer one only whole paragraphs are compared
_CONTEXT = 60  # characters of unchanged text around a change, where the rest is left out


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of both texts (SAME), only of the first (OLD), or only of the second (NEW)."""

    kind: str
    text: str


def difference(old: str, new: str) -> list[Piece]:
    """Returns the pieces of two texts. Those that are not NEW, joined, are the old text; those that are not OLD, the new one.

    Texts are compared in NFC; the pieces are parts of the texts in that form.

    >>> [(piece.kind, piece.text) for piece in difference("Có 12 máy bơm.", "Có 13 máy bơm.")]
    [('same', 'Có '), ('old', '12'), ('new', '13'), ('same', ' máy bơm.')]
    """
    budget = _Budget(_MOST_STEPS)
    old, new = nfc(old), nfc(new)
    pieces: list[Piece] = []
    for kind, before, after in _blocks(_PARAGRAPH.findall(old), _PARAGRAPH.findall(new), budget):
        first, second = "".join(before), "".join(after)
        if kind == SAME:
            pieces.append(Piece(SAME, first))
        elif first and second and len(first) + len(second) <= _LONGEST:
            pieces += _words(first, second, budget)
        else:
            pieces += [Piece(OLD, first), Piece(NEW, second)]
    return _joined(pieces)


def marked(old: str, new: str) -> str:
    """Returns the difference as one text, in the form of `wdiff`: [-old-]{+new+}. Long parts that are the same are left out ("…").

    >>> marked("Căn cứ Quyết định số 14/2013/QĐ-UBND", "Căn cứ Quyết định số 15/2013/QĐ-UBND")
    'Căn cứ Quyết định số [-14/2013/QĐ-UBND-]{+15/2013/QĐ-UBND+}'
    """
    written = {OLD: "[-{}-]", NEW: "{{+{}+}}", SAME: "{}"}
    return "".join(written[piece.kind].format(piece.text) for piece in shortened(difference(old, new)))


def shortened(pieces: Sequence[Piece], context: int = _CONTEXT) -> list[Piece]:
    """Returns the pieces without the middle of long parts that are the same. `context`: characters that stay on each side, about."""
    found = []
    for number, piece in enumerate(pieces):
        text = piece.text
        if piece.kind == SAME and len(text) > 2 * context + 20:
            head = "" if number == 0 else text[:context].rpartition(" ")[0]
            tail = "" if number == len(pieces) - 1 else text[-context:].partition(" ")[2]
            text = f"{head}{' ' if head else ''}…{' ' if tail else ''}{tail}"
        found.append(Piece(piece.kind, text))
    return found


class _Budget:
    """How many steps all comparisons of two texts may still take."""

    def __init__(self, steps: int) -> None:
        self.steps = steps


def _words(old: str, new: str, budget: _Budget) -> Iterator[Piece]:
    blocks = _blocks(_TOKEN.findall(old), _TOKEN.findall(new), budget)
    for kind, before, after in _readable(blocks):
        if kind == SAME:
            yield Piece(SAME, "".join(before))
        else:
            yield from (Piece(OLD, "".join(before)), Piece(NEW, "".join(after)))


_Block = tuple[str, list[str], list[str]]  # SAME with equal lists, or OLD with what was replaced by what


def _readable(blocks: Sequence[_Block]) -> Iterator[_Block]:
    """Yields the blocks; white space or a mark that stayed between two changes becomes a part of them, so that they are one."""
    waiting: _Block | None = None
    for number, (kind, before, after) in enumerate(blocks):
        is_bridge = kind == SAME and waiting is not None and number + 1 < len(blocks) and len("".join(before).strip()) < 2
        if kind != SAME or is_bridge:
            waiting = (OLD, [*(waiting[1] if waiting else []), *before], [*(waiting[2] if waiting else []), *after])
            continue
        if waiting is not None:
            yield waiting
            waiting = None
        yield kind, before, after
    if waiting is not None:
        yield waiting


def _blocks(old: list[str], new: list[str], budget: _Budget) -> list[_Block]:
    """Returns the blocks of two sequences: what is the same, and what was replaced by what."""
    start = next((at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new)))
    most = min(len(old), len(new)) - start
    end = next((at for at in range(most) if old[-1 - at] != new[-1 - at]), most)
    blocks: list[_Block] = [(SAME, old[:start], new[:start])] if start else []
    before, after = old[start : len(old) - end], new[start : len(new) - end]
    at_old = at_new = 0
    for x, y, length in [*_matches(before, after, budget), (len(before), len(after), 0)]:
        if x > at_old or y > at_new:
            blocks.append((OLD, before[at_old:x], after[at_new:y]))
        if length:
            blocks.append((SAME, before[x : x + length], after[y : y + length]))
        at_old, at_new = x + length, y + length
    return [*blocks, (SAME, old[len(old) - end :], new[len(new) - end :])] if end else blocks


def _matches(old: list[str], new: list[str], budget: _Budget) -> list[tuple[int, int, int]]:
    """Returns the runs that two sequences have in common, as (place in the first, place in the second, length), in order. Returns none if
    the sequences differ too much.

    Greedy algorithm of Myers: for each number d of differences, how far each diagonal k = x - y can be followed.
    """
    if not old or not new:
        return []
    furthest = {1: 0}
    trace: list[dict[int, int]] = []
    for distance in range(min(len(old) + len(new), _MOST_DISTANCE) + 1):
        budget.steps -= distance + 1
        if budget.steps < 0:
            return []
        trace.append(dict(furthest))
        for k in range(-distance, distance + 1, 2):
            down = k == -distance or (k != distance and furthest[k - 1] < furthest[k + 1])
            x = furthest[k + 1] if down else furthest[k - 1] + 1
            y = x - k
            while x < len(old) and y < len(new) and old[x] == new[y]:
                x, y = x + 1, y + 1
            furthest[k] = x
            if x >= len(old) and y >= len(new):
                return _path(trace, len(old), len(new))
    return []


def _path(trace: list[dict[int, int]], x: int, y: int) -> list[tuple[int, int, int]]:
    """Returns the runs on the way that `_matches` found, followed backwards from its end."""
    runs: list[tuple[int, int, int]] = []
    for distance in range(len(trace) - 1, -1, -1):
        furthest, k = trace[distance], x - y
        down = k == -distance or (k != distance and furthest[k - 1] < furthest[k + 1])
        from_x = furthest[k + 1] if down else furthest[k - 1]
        from_y = from_x - (k + 1 if down else k - 1)
        begin_x = from_x if down else from_x + 1
        length = x - begin_x if distance else x
        if length:
            runs.append((x - length, y - length, length))
        x, y = from_x, from_y
    return runs[::-1]


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Returns the pieces without empty ones; neighbours of one kind are joined."""
    found: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if found and found[-1].kind == piece.kind:
            found[-1] = Piece(piece.kind, found[-1].text + piece.text)
        else:
            found.append(piece)
    return found
