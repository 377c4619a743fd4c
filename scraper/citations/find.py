"""Finding: which spans of a text name a document. What stands around a span is read in `around.py`."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace

from scraper.citations.around import read_around
from scraper.citations.found import Found, without_overlap
from scraper.citations.named import find_named
from scraper.citations.numbered import find_numbered, with_rows
from scraper.citations.short import find_short
from scraper.citations.spans import Even
from scraper.citations.standards import find_standards
from scraper.citations.tables import read_rows
from scraper.citations.unmarked import with_marks
from scraper.model import Context, Mention


def find(text: str, context: Context | None = None) -> tuple[Mention, ...]:
    """Every citation in a text, in order, never overlapping, with the fields that the text states.

    Spans are offsets in code points into the text as given: `text[start:end] == mention.text`.
    """
    even = Even(text)
    marked, found = _found(even.text)
    rows = read_rows(marked) if "\t" in marked else []
    if rows:
        found = with_rows(marked, found, rows)
    if not found:
        return ()
    mentions = read_around(marked, found, context or Context(), rows, even.text)
    if marked is text:
        return tuple(mentions)
    spans = [even.original(mention.start, mention.end) for mention in mentions]
    return tuple(
        replace(mention, start=start, end=end, text=text[start:end]) for mention, (start, end) in zip(mentions, spans, strict=True)
    )


_FIGURE = re.compile(r"\d")
_SMALL_LETTERS = re.compile(r"[a-z]{3}")


def _found(text: str) -> tuple[str, list[Found]]:
    """The spans of a composed text, and that text with the diacritics of known words where it has none.

    Restoring takes time, so a line is looked at only if a citation in it was written without any: "Quyet dinh so 749/QD-TTg".
    """
    if text.isascii():
        text = with_marks(text, None)
    found = find_spans(text)
    unmarked = [
        one.start
        for one in found
        if one.noun and one.kind == "numbered" and text[one.start : one.end].isascii() and _SMALL_LETTERS.search(text, one.start, one.end)
    ]
    if not unmarked or (marked := with_marks(text, unmarked)) == text:
        return text, found
    return marked, find_spans(marked)


def find_spans(text: str) -> list[Found]:
    """The spans of a composed text. A number with letters goes before a bare one, and both before a name."""
    found: list[Found] = []
    if "0" in text or "1" in text or "2" in text or _FIGURE.search(text):  # one character is found faster than a pattern
        found = _with(without_overlap([*find_standards(text), *find_numbered(text)]), find_short(text))
    return _with(found, find_named(text, [(one.start, one.end) for one in found if one.kind != "standard"]))


def _with(found: list[Found], more: list[Found]) -> list[Found]:
    """`found`, which is in order, and what of `more` lies beside it."""
    starts = [one.start for one in found]
    beside = []
    for one in more:
        before = bisect_left(starts, one.end) - 1  # the last that begins before this one ends
        if before < 0 or found[before].end <= one.start:
            beside.append(one)
    return without_overlap([*found, *beside]) if beside else found
