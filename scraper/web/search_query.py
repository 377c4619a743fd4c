"""Turns what a person types into terms to search for. Pure.

A word with diacritics is searched as written, a word without them in every spelling. Quotes, `-`, `|` and a final `*` are syntax; all other
input is text, also the operators of the full-text index.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from scraper.citations.forms.document_keys import fold_number
from scraper.citations.forms.number_spelling import normalise_number
from scraper.text import correct_tone, drop_invisible, fold, nfc, squeeze
from scraper.web.search_abbreviations import LONGEST, TOKEN, Tokens, folded, same_as, tokens, types_of_documents

LONGEST_QUERY = 300  # characters
MOST_WORDS = 24
SHORTEST_PREFIX = 3  # letters before `*`; a shorter one would match half of all words

_MOST_PHRASES, _LONGEST_PHRASE = 4, 100  # of one query: each is a search of its own

_PART = re.compile(r'(?P<minus>-(?=[^\s-]))?(?:"(?P<quoted>[^"]*)"(?P<star>\*)?|(?P<word>[^\s"]+))|(?P<open>")')
_QUOTES = str.maketrans("“”„‟«»＂", '"' * 7)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of a text. They are adjacent, unless `scattered`. `prefix`: the last word may go on."""

    words: Tokens
    prefix: bool = False
    scattered: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that must occur: any of its alternatives. The first one is what was typed."""

    alternatives: tuple[Phrase, ...]
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What a text must contain, and what it must not. `notes`: codes of what was left out."""

    text: str
    terms: tuple[Term, ...]
    excluded: tuple[Term, ...]
    notes: tuple[str, ...]


@lru_cache(maxsize=256)
def parse(text: str) -> Query:
    """Returns the terms of a query. Anything that people type is a query; one without words has no terms.

    >>> [term.alternatives[0].words for term in parse('Nghệ an "nguồn mở" -"an ninh"').terms]
    [('nghệ',), ('an',), ('nguồn', 'mở')]
    """
    notes = []
    shown = squeeze(nfc(drop_invisible(text[: 10 * LONGEST_QUERY])))
    if len(shown) > LONGEST_QUERY:
        notes.append("too-long")
        shown = shown[:LONGEST_QUERY]
    terms: list[Term] = []
    excluded: list[Term] = []
    words = 0
    either = False
    for minus, term, note in _parts(shown.translate(_QUOTES)):
        if term is None:
            either = bool(terms)
            continue
        words += len(term.alternatives[0].words)
        if words > MOST_WORDS:
            notes.append("too-many-words")
            break
        if note:
            notes.append(note)
        if minus:
            excluded.append(term)
        elif either:
            terms[-1] = replace(terms[-1], alternatives=terms[-1].alternatives + term.alternatives)
        else:
            terms.append(term)
        either = False
    if excluded and not terms:
        notes.append("only-excluded")
    return Query(shown, _with_abbreviations(terms), tuple(excluded), tuple(dict.fromkeys(notes)))


def _parts(text: str) -> Iterator[tuple[bool, Term | None, str | None]]:
    """Yields the parts of a query: whether it is excluded, its term (None for `|`), and a note or None."""
    for match in _PART.finditer(text):
        if match["open"]:
            continue  # a quote that is never closed
        part = match["quoted"] if match["quoted"] is not None else match["word"]
        if part == "|":
            yield False, None, None
            continue
        words = tokens(part)
        if not words:
            continue
        starred = bool(match["star"]) or (match["quoted"] is None and part.endswith("*") and TOKEN.match(part[-2:-1]) is not None)
        prefix = starred and len(words[-1]) >= SHORTEST_PREFIX
        note = "short-prefix" if starred and not prefix else None
        if prefix:
            term = Term((Phrase(words if has_marks(words) else folded(words), prefix=True),))
        elif match["quoted"] is not None:
            term = Term((Phrase(folded(words) if any(map(_has_digit, words)) else words),), quoted=True)
        else:
            term = Term(_spellings(part, words))
        yield match["minus"] is not None, term, note


def has_marks(words: Sequence[str]) -> bool:
    """Returns whether a word has diacritics, so that it is searched as written."""
    return any(fold(word) != word for word in words)


def _has_digit(word: str) -> bool:
    return any(char.isdigit() for char in word)


def _spellings(part: str, words: Tokens) -> tuple[Phrase, ...]:
    """Returns a word as typed, and as it may be written elsewhere: a tone on the right vowel; a document's number with or without a leading
    zero and with the hyphen that was left out. Đ in a number is often typed as D, so a number is searched without diacritics.
    """
    if not any(map(_has_digit, words)):
        right = tuple(correct_tone(word) for word in words)
        return tuple(dict.fromkeys([Phrase(right), Phrase(words)]))
    typed = folded(words)
    found = [typed]
    if len(words) > 1:
        whole = folded(tuple(TOKEN.findall(fold_number(normalise_number(part)))))
        for number in (typed, whole):
            if number and number[0].isdigit():
                figure = number[0].lstrip("0") or "0"
                found += [(figure, *number[1:]), (figure.zfill(2), *number[1:])]
    apart = [Phrase(number, scattered=True) for number in _with_type_apart(typed)]  # "Nghị định số 72" has a word between
    return (*(Phrase(number) for number in dict.fromkeys(found)), *apart)


def _with_type_apart(typed: Tokens) -> list[Tokens]:
    """Returns a number whose type is glued to it as articles write it.

    >>> _with_type_apart(("nd72",))
    [('nd', '72'), ('nghi', 'dinh', '72')]
    """
    glued = re.fullmatch(r"([^\W\d_]{2,})(\d{1,6}[a-z]?)", typed[0])
    names = types_of_documents().get((glued[1],), ()) if glued else ()
    if not glued or not names:
        return []
    figures = dict.fromkeys((glued[2], glued[2].lstrip("0") or "0", glued[2].zfill(2)))
    return [(*name, figure, *typed[1:]) for name in dict.fromkeys([(glued[1],), *map(folded, names)]) for figure in figures]


def _with_abbreviations(terms: Sequence[Term]) -> tuple[Term, ...]:
    """Returns the terms; words that are an abbreviation, or the meaning of one, become one term with both as alternatives."""
    made: list[Term] = []
    at = 0
    while at < len(terms):
        length, others = _longest_abbreviation(terms, at)
        if not length:
            made.append(terms[at])
            at += 1
            continue
        typed = tuple(word for term in terms[at : at + length] for word in term.alternatives[0].words)
        # Words that people type without quotes may lie anywhere, also if they are the meaning of an abbreviation.
        first = Phrase(typed, scattered=length > 1)
        made.append(Term((first, *(Phrase(words) for words in others))))
        at += length
    return tuple(made)


def _longest_abbreviation(terms: Sequence[Term], at: int) -> tuple[int, tuple[Tokens, ...]]:
    """Returns the number of terms that are an abbreviation or a meaning from here on, and its other forms; 0 if there is none."""
    best: tuple[int, tuple[Tokens, ...]] = (0, ())
    words: Tokens = ()
    for length, term in enumerate(terms[at : at + LONGEST], start=1):
        first = term.alternatives[0]
        if term.quoted or first.prefix:
            break
        words += first.words
        others = same_as().get(words) or (types_of_documents().get(words) if _is_number(terms, at + length) else None)
        if others:
            best = (length, others)
    return best


def _is_number(terms: Sequence[Term], at: int) -> bool:
    """Returns whether a number comes next, perhaps after the word "số"."""
    words = [term.alternatives[0].words[0] for term in terms[at : at + 2]]
    return any(word[0].isdigit() for word in (words[1:] if words and fold(words[0]) == "so" else words[:1]))


def phrases(text: str) -> str:
    """Returns the words between semicolons as phrases, the first four of them, as a JSON list.

    >>> phrases("chuyển đổi số; tin học hóa;")
    '["chuyển đổi số", "tin học hóa"]'
    """
    found = (" ".join(part.replace('"', " ").split())[:_LONGEST_PHRASE] for part in text.split(";", _MOST_PHRASES)[:_MOST_PHRASES])
    return json.dumps([part for part in dict.fromkeys(found) if part], ensure_ascii=False)
