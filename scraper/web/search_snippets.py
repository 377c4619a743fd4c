"""Finds the words of a search in a text and marks them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from markupsafe import Markup, escape

from scraper.text import fold, nfc
from scraper.web.search_abbreviations import Tokens, folded, tokens
from scraper.web.search_expressions import sequences
from scraper.web.search_query import Phrase, Query, has_marks, parse

LONGEST_TEXT = 100_000  # characters of a text that are searched for marks
_MOST_SPANS = 500  # in one text
_BEFORE, _LENGTH = 70, 260  # characters of a snippet: before its first mark, and in all


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    whole: bool  # the whole query as one phrase


class _Finder:
    """Finds phrases in a text. They are looked for without diacritics, which is faster; then their diacritics are compared."""

    def __init__(self, phrases: Iterable[Phrase], *, whole: bool) -> None:
        self._whole = whole
        self._phrases = list(dict.fromkeys(phrases))
        parts = sorted({_pattern(phrase) for phrase in self._phrases}, key=len, reverse=True)
        self._pattern = re.compile(rf"(?<![^\W_])(?:{'|'.join(parts)})") if parts else None

    def spans(self, text: str, plain: str) -> list[_Span]:
        """Returns the places of the phrases. `plain`: the text without diacritics, with every character in its old place."""
        if self._pattern is None:
            return []
        matches = (match.span() for match in self._pattern.finditer(plain))
        return [_Span(start, end, self._whole) for start, end in islice(matches, _MOST_SPANS) if self._is_one(text[start:end])]

    def _is_one(self, piece: str) -> bool:
        words = tokens(piece)
        without = folded(words)
        return any(_is_same(phrase, words if has_marks(phrase.words) else without) for phrase in self._phrases)


def _is_same(phrase: Phrase, words: Tokens) -> bool:
    if phrase.prefix:
        return len(words) == len(phrase.words) and words[:-1] == phrase.words[:-1] and words[-1].startswith(phrase.words[-1])
    return words == phrase.words


def _pattern(phrase: Phrase) -> str:
    return r"[\W_]+".join(map(re.escape, folded(phrase.words))) + (r"[^\W_]*" if phrase.prefix else r"(?![^\W_])")


class Marker:
    """Marks the words of one query."""

    def __init__(self, query: Query) -> None:
        single = (one for term in query.terms for phrase in term.alternatives for one in _parts(phrase))
        whole = (Phrase(words) for words in sequences(query.terms) if len(query.terms) > 1 or len(words) > 1)
        self._finders = (_Finder(whole, whole=True), _Finder(single, whole=False))

    def marked(self, text: str, *, only_whole: bool = False) -> Markup:
        """Returns the whole text with marks. `only_whole`: single words get none."""
        text = nfc(text)
        spans = self._spans(text)
        return _with_marks(text, [span for span in spans if span.whole or not only_whole], 0, len(text))

    def snippet(self, *texts: str | None) -> Markup:
        """Returns a piece of the text that answers best: where the whole query occurs, else where most of its words do. Without any of
        them: the beginning of the first text.
        """
        present = [nfc(text[:LONGEST_TEXT]) for text in texts if text]
        best: tuple[int, int, str, list[_Span]] | None = None
        for text in present:
            spans = self._spans(text)
            if spans:
                score, start = _best_start(text, spans)
                if best is None or score > best[0]:
                    best = (score, start, text, spans)
        if best is None:
            return _with_marks(present[0], [], 0, _LENGTH) if present else Markup()
        _, start, text, spans = best
        return _with_marks(text, spans, max(0, start - _BEFORE), max(0, start - _BEFORE) + _LENGTH)

    def _spans(self, text: str) -> list[_Span]:
        """Returns the places of the words in a text in NFC, in order and without overlap."""
        plain = _same_length(text)
        # Single words beside the whole query would only distract.
        found = next((spans for finder in self._finders if (spans := finder.spans(text, plain))), [])
        found.sort(key=lambda span: (span.start, -span.end))
        kept: list[_Span] = []
        for span in found:
            if not kept or span.start >= kept[-1].end:
                kept.append(span)
        return kept


def plain_snippet(text: str, *texts: str | None) -> str:
    """Returns the words around the hit of a search, without marks. It is the SQL function `snippet_vi`."""
    return Marker(parse(text)).snippet(*texts).striptags()


def _parts(phrase: Phrase) -> list[Phrase]:
    return [Phrase((word,)) for word in phrase.words] if phrase.scattered else [phrase]


def _same_length(text: str) -> str:
    """Returns a text without diacritics, in which every character has its old place."""
    whole = fold(text)
    return whole if len(whole) == len(text) else "".join(fold(char)[:1] or " " for char in text)


def _best_start(text: str, spans: Sequence[_Span]) -> tuple[int, int]:
    """Returns the score of the best piece of a text, and where its first mark begins."""
    best = (0, 0)
    for place, first in enumerate(spans):
        inside = list(_inside(spans[place:], first.start + _LENGTH - _BEFORE))
        words = {fold(text[span.start : span.end]) for span in inside}
        score = 100 * any(span.whole for span in inside) + len(words)
        if score > best[0]:
            best = (score, first.start)
    return best


def _inside(spans: Sequence[_Span], end: int) -> Iterator[_Span]:
    for span in spans:
        if span.end > end:
            return
        yield span


def _with_marks(text: str, spans: Sequence[_Span], start: int, end: int) -> Markup:
    """Returns a piece of a text with its spans marked. Words at its ends stay whole; what was left out is shown as "…"."""
    start = 0 if start == 0 else text.find(" ", start, start + 30) + 1 or start
    end = len(text) if end >= len(text) else (text.rfind(" ", end - 30, end) if text.rfind(" ", end - 30, end) > start else end)
    parts, at = [Markup("… ") if start else Markup()], start
    for span in spans:
        if span.start >= at and span.end <= end:
            parts += [_line(text[at : span.start]), Markup("<mark>{}</mark>").format(_line(text[span.start : span.end]))]
            at = span.end
    return Markup().join([*parts, _line(text[at:end]), Markup(" …") if end < len(text) else Markup()])


def _line(text: str) -> Markup:
    return escape(re.sub(r"\s+", " ", text))
