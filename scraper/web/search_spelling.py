"""Offers another spelling of a search that finds nothing, or next to nothing. The answer itself stays that of what was typed.

No list of words is made or read: each guess of `search_slips` is looked up in the full-text index, which takes the same steps however many
words the archive has. The number of look-ups is bounded, and the caller bounds the time.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from itertools import combinations, islice, product
from math import log10

from scraper.web.search_abbreviations import TOKEN, tokens
from scraper.web.search_articles import Filters
from scraper.web.search_expressions import match_expression, ranks
from scraper.web.search_query import Query, parse
from scraper.web.search_slips import Guess, edited, from_keys, likely

FEW = 2  # articles; a search that finds no more than these may be mistyped
MOST_LOOKUPS = 4_000  # guesses that are looked up for one search
MOST_TRIED = 60  # spellings of the whole search of which the articles are counted
_MOST_OFFERS = 3
_MOST_WORDS = 6  # words of a search that are guessed at
_MOST_GUESSES = 6  # of one word that are tried in the search
MOST_COUNTED = 200  # articles of a spelling
_RARE = 20  # times as many articles have a guess as the word, if that is one that only slips of sites have
_MOST_WEIGHED = 200  # articles of a word: more say nothing about which of two words was meant
_MORE = 10  # times as many articles, at least, as a search that finds some


@dataclass(frozen=True, slots=True)
class Offer:
    """Another spelling of a search, and how many articles have it, at most MOST_COUNTED."""

    text: str
    articles: int


@dataclass(slots=True)
class Spelling:
    """Looks for other spellings of one search. `offers`: the best ones so far; an interrupted search for them leaves those it has found."""

    connection: sqlite3.Connection
    query: Query
    filters: Filters
    found: int  # articles that the search finds as it is typed
    lookups: int = 0
    tried: int = 0
    _offers: dict[str, tuple[float, int]] = field(default_factory=dict)  # by text: the score, and the number of articles

    @property
    def offers(self) -> list[Offer]:
        """Returns the best spellings, the best one first."""
        best = nlargest(_MOST_OFFERS, self._offers.items(), key=lambda one: one[1][0])
        return [Offer(text, articles) for text, (_score, articles) in best if articles * _RARE >= best[0][1][1]]

    def look(self) -> None:
        """Looks for other spellings: first what the keys give, then words that sound alike, then those that are a letter away."""
        text = self.query.text
        words = [match.span() for match in TOKEN.finditer(text) if self._is_guessed(*match.span())][:_MOST_WORDS]
        typed = {(begin, end): made for begin, end in words if (made := from_keys(text[begin:end])) is not None}
        if typed:
            self._try({span: Guess(made, 0) for span, made in typed.items()})
        if not self._offers:
            self._change(words, typed)

    def _change(self, spans: Sequence[tuple[int, int]], typed: dict[tuple[int, int], str]) -> None:
        words = {span: tokens(typed.get(span) or self.query.text[span[0] : span[1]]) for span in spans}
        plain = {span: word[0] for span, word in words.items() if len(word) == 1 and not any(map(str.isdigit, word[0]))}
        known = set(self._existing(plain.values()))
        wrong = [span for span, word in plain.items() if word not in known]
        for more in (likely, lambda word: (*likely(word), *edited(word))):
            guesses = {span: self._guesses(word, more(word)) for span, word in plain.items() if not wrong or span in wrong}
            rare = wrong or [span for span, some in guesses.items() if some and self._is_rare(plain[span], some[0].word)]
            for chosen in islice(_choices(guesses, rare, is_certain=bool(wrong)), MOST_TRIED):
                self._try({span: Guess(made, 0) for span, made in typed.items()} | chosen)
            if self._offers:
                return

    def _is_guessed(self, begin: int, end: int) -> bool:
        """Returns whether a word is one that must occur as it is: not one after a minus, nor the beginning of any word."""
        text = self.query.text
        return end - begin > 1 and text[begin - 1 : begin] != "-" and text[end : end + 1] != "*"

    def _existing(self, words: Iterable[str]) -> list[str]:
        """Returns those of some words, or pairs of words, that an article has."""
        sought = [*dict.fromkeys(words)][: max(0, MOST_LOOKUPS - self.lookups)]
        self.lookups += len(sought)
        sql = "select value from json_each(?) where exists (select 1 from articles_fts where articles_fts match '\"' || value || '\"')"
        return [str(row[0]) for row in self.connection.execute(sql, [json.dumps(sought)])]

    def _articles_of(self, word: str) -> int:
        sql = "select count(*) from (select 1 from articles_fts where articles_fts match ? limit ?)"
        return int(self.connection.execute(sql, [f'"{word}"', _MOST_WEIGHED]).fetchone()[0])

    def _is_rare(self, word: str, guess: str) -> bool:
        return self._articles_of(word) * _RARE <= self._articles_of(guess)

    def _guesses(self, word: str, made: Iterable[Guess]) -> list[Guess]:
        """Returns the best guesses at a word that an article has."""
        least: dict[str, float] = {}
        for guess in made:
            if guess.word != word:
                least[guess.word] = min(guess.cost, least.get(guess.word, guess.cost))
        weighed = [
            (log10(1 + self._articles_of(one)) - least[one], one) for one in self._existing(sorted(least, key=lambda one: least[one]))
        ]
        return [Guess(one, least[one]) for _weight, one in nlargest(_MOST_GUESSES, weighed)]

    def _try(self, changes: dict[tuple[int, int], Guess]) -> None:
        """Counts the articles of a spelling, and keeps it if there are enough of them."""
        text = self.query.text
        for (begin, end), guess in sorted(changes.items(), reverse=True):
            text = text[:begin] + _cased(guess.word, text[begin:end]) + text[end:]
        if text in self._offers or text == self.query.text or self.tried >= MOST_TRIED:
            return
        self.tried += 1
        least = max(1, self.found * _MORE)
        beside = ranks(parse(text))
        articles = self._count(match_expression(text))
        if articles >= least:
            side_by_side = self._count(beside[0].expression) if len(beside) > 1 else articles
            cost = sum(guess.cost for guess in changes.values())
            self._offers[text] = (log10(1 + articles) + log10(1 + side_by_side) - 2 * cost, articles)

    def _count(self, expression: str) -> int:
        condition, values = self.filters.condition()
        sql = (
            "select count(*) from (select 1 from articles_fts join articles on articles.id = articles_fts.rowid"
            f" where articles_fts match ?{condition} limit ?)"
        )
        return int(self.connection.execute(sql, [expression, *values, MOST_COUNTED]).fetchone()[0])


def _cased(word: str, typed: str) -> str:
    """Returns a word with the capitals of what was typed."""
    return word.upper() if typed.isupper() else word[:1].upper() + word[1:] if typed[:1].isupper() else word


def _choices(
    guesses: dict[tuple[int, int], list[Guess]], wrong: Sequence[tuple[int, int]], *, is_certain: bool
) -> Iterator[dict[tuple[int, int], Guess]]:
    """Yields what to change: all words that no article has, or hardly one; then, unless that is certain, one word, and two."""
    if wrong:
        some = [span for span in wrong if guesses[span]]
        changes = (dict(zip(some, chosen, strict=True)) for chosen in product(*(guesses[span][:3] for span in some)) if chosen)
        yield from changes if is_certain else islice(changes, MOST_TRIED // 3)
    if is_certain:
        return
    yield from ({span: guess} for span, some in guesses.items() for guess in some)
    for one, other in combinations(guesses, 2):
        yield from ({one: first, other: second} for first, second in product(guesses[one][:2], guesses[other][:2]))
