"""Turns the terms of a search into expressions of FTS5, the full-text index. Pure.

The index holds each text twice (`store/fulltext_index.py`): as written, in which diacritics count, and folded. A word with diacritics
occurs only in the first form, and a word without them that occurs there also occurs in the second. So no expression names one of the forms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, product

from scraper.web.search_abbreviations import Tokens, folded
from scraper.web.search_query import Phrase, Query, Term, parse

NOTHING = '""'  # an empty phrase: valid, and matches nothing
_MOST_SEQUENCES = 8  # spellings of a whole query as one phrase
_TITLE = "{title title_folded}"  # the columns of a title
_NEAR = 10  # words between the words of a query, at most


@dataclass(frozen=True, slots=True)
class Rank:
    """Texts that are equally good answers: `code` says why. `expression`: finds them, and perhaps those of better ranks."""

    code: str
    expression: str


def ranks(query: Query) -> tuple[Rank, ...]:
    """Returns the ranks of a query, the best first: all words side by side, all near each other, all somewhere. The last one finds every
    answer. Empty if the query has no words.

    >>> [rank.expression for rank in ranks(parse("nghe an"))]
    ['"nghe an"', 'NEAR("nghe" "an", 10)', '"nghe" AND "an"']
    """
    if not query.terms:
        return ()
    everything = _everything(query)
    spellings = sequences(query.terms)
    if all(len(words) == 1 for words in spellings):
        return (Rank("all", everything),)
    without = _without(query)
    side_by_side = " OR ".join(map(_phrase, spellings))
    typed = spellings[0]
    plain = folded(typed)
    if plain != typed:
        if any(char.isdigit() for word in typed for char in word):  # numbers are searched folded, the words beside them as written
            side_by_side += f" OR ({_phrase(plain)} AND ({everything}))"
        near = f"{_near(plain)} AND ({everything})"
    else:
        near = _near(plain) + without
    first = f"({side_by_side}){without}" if without else side_by_side
    found = [Rank("side-by-side", first)]
    if len(query.terms) > 1 or any(phrase.scattered for phrase in query.terms[0].alternatives):
        found += [Rank("near", near), Rank("all", everything)]
    return tuple(found)


def ranks_of_articles(query: Query) -> tuple[Rank, ...]:
    """Returns the ranks of a query for articles: those of `ranks`, and before them the words side by side in the title. What an article is
    about is in its title; its text also names other things.

    >>> [rank.expression for rank in ranks_of_articles(parse("nghe an -tin"))][:2]
    ['{title title_folded} : (("nghe an")) NOT "tin"', '("nghe an") NOT "tin"']
    """
    found = ranks(query)
    if not found:
        return ()
    without = _without(query)
    return (Rank("title", f"{_TITLE} : ({found[0].expression.removesuffix(without)}){without}"), *found)


def match_expression(text: str) -> str:
    """Returns the FTS5 expression for what a person typed; one that matches nothing if that has no words. It is Datasette's `escape_fts`.

    >>> match_expression("Nghệ an -tĩnh")
    '("nghệ" AND "an") NOT "tĩnh"'
    >>> match_expression("CĐS")
    '("cđs" OR "chuyển đổi số")'
    """
    query = parse(text)
    return _everything(query) if query.terms else NOTHING


def _everything(query: Query) -> str:
    terms = " AND ".join(_term(term) for term in query.terms)
    without = _without(query)
    return f"({terms}){without}" if without and len(query.terms) > 1 else terms + without


def _without(query: Query) -> str:
    return "".join(f" NOT {_term(term)}" for term in query.excluded)


def _term(term: Term) -> str:
    alternatives = list(dict.fromkeys(map(_alternative, term.alternatives)))
    return alternatives[0] if len(alternatives) == 1 else f"({' OR '.join(alternatives)})"


def _alternative(phrase: Phrase) -> str:
    if phrase.scattered:
        return f"({' AND '.join(_phrase((word,)) for word in phrase.words)})"
    return _phrase(phrase.words) + ("*" if phrase.prefix else "")


def _phrase(words: Sequence[str]) -> str:
    return f'"{" ".join(words)}"'


def _near(words: Sequence[str]) -> str:
    return f"NEAR({' '.join(_phrase((word,)) for word in dict.fromkeys(words))}, {_NEAR})"


def sequences(terms: Sequence[Term]) -> list[Tokens]:
    """Returns the whole query as one phrase in each of its spellings, the typed one first. Empty if the end of a word is open."""
    if any(phrase.prefix for term in terms for phrase in term.alternatives):
        return []
    choices = product(*([phrase.words for phrase in term.alternatives] for term in terms))
    return list(dict.fromkeys(tuple(word for words in choice for word in words) for choice in islice(choices, _MOST_SEQUENCES)))
