"""Finds the spans of a text that cite a document. `context/` parses the text before and after each span."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace

from scraper.citations.context.citation_fields import read_citation_fields
from scraper.citations.context.defined_names import find_defined_forms, with_definitions
from scraper.citations.forms.cited_span import CitedSpan, without_overlap
from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.resolving.short import with_full_numbers
from scraper.citations.scan.document_tables import read_rows
from scraper.citations.scan.normalised_text import NormalisedText
from scraper.citations.scan.numbered import find_numbered, with_rows
from scraper.citations.scan.restored_diacritics import with_diacritics
from scraper.citations.scan.short import find_short
from scraper.citations.scan.standards import find_standards
from scraper.citations.scan.statute_names import find_named
from scraper.model import Context, Mention


def find(text: str, context: Context | None = None) -> tuple[Mention, ...]:
    """Returns every citation in a text, in order and without overlap, with the fields that the text states.
    Spans are offsets in code points into the given text: `text[start:end] == mention.text`.
    """
    even = NormalisedText(text)
    marked, found = _found(even.text)
    rows = read_rows(marked) if "\t" in marked else []
    if rows:
        found = with_rows(marked, found, rows)
    if not found:
        return ()
    if forms := find_defined_forms(marked, found):
        found = _with(found, forms)
    mentions = with_full_numbers(read_citation_fields(marked, found, context or Context(), rows, even.text))
    mentions = with_definitions(marked, mentions)
    if marked is text:
        return mentions
    spans = [even.original(mention.start, mention.end) for mention in mentions]
    return tuple(
        replace(mention, start=start, end=end, text=text[start:end]) for mention, (start, end) in zip(mentions, spans, strict=True)
    )


_DIGIT = late_pattern(r"\d")
_SMALL_LETTERS = late_pattern(r"[a-z]{3}")


def _found(text: str) -> tuple[str, list[CitedSpan]]:
    """Returns the text and its spans. In the returned text, known words that were typed without diacritics have them again.
    Restoring diacritics takes time. So a line is only checked if a citation in it has none: "Quyet dinh so 749/QD-TTg".
    """
    if text.isascii():
        text = with_diacritics(text, None)
    found = find_spans(text)
    unmarked = [
        one.start
        for one in found
        if one.noun and one.kind.has_codes and text[one.start : one.end].isascii() and _SMALL_LETTERS.search(text, one.start, one.end)
    ]
    if not unmarked or (marked := with_diacritics(text, unmarked)) == text:
        return text, found
    return marked, find_spans(marked)


# The finders of citations with a number. If two spans overlap, the one of the earlier row is kept; in one row, the one that begins earlier.
_FINDERS: tuple[tuple[Callable[[str], list[CitedSpan]], ...], ...] = ((find_standards, find_numbered), (find_short,))


def find_spans(text: str) -> list[CitedSpan]:
    """Returns the spans of a composed text. If spans overlap, a number with letters wins over a bare one, and both win over a name."""
    found: list[CitedSpan] = []
    if "0" in text or "1" in text or "2" in text or _DIGIT.search(text):  # a search for one character is faster than a regular expression
        for finders in _FINDERS:
            more = [one for find_kind in finders for one in find_kind(text)]
            found = _with(found, more) if found else without_overlap(more)
    return _with(found, find_named(text, [(one.start, one.end) for one in found if one.kind.is_issued]))


def _with(found: list[CitedSpan], more: list[CitedSpan]) -> list[CitedSpan]:
    """Returns `found`, which is in order, and those of `more` that do not overlap with it."""
    starts = [one.start for one in found]
    beside = []
    for one in more:
        before = bisect_left(starts, one.end) - 1  # the last span that begins before this one ends
        if before < 0 or found[before].end <= one.start:
            beside.append(one)
    return without_overlap([*found, *beside]) if beside else found
