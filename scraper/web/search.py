"""Turns what a person types into a query for the full-text index. Pure.

The index holds each text twice (see `scraper/store/fulltext_index.py`): as written, in which diacritics count, and folded.
A word typed with diacritics searches the first, a word typed without them the second. Only quotes are syntax; all other input is text.
"""

from __future__ import annotations

import json
import re

from scraper.text import fold, nfc, number_form, search_form

_PARTS = re.compile(r'"([^"]*)"?|(\S+)')
_TOKEN = re.compile(r"[^\W_]+")
_MOST_PHRASES, _LONGEST_PHRASE = 4, 100  # of one query: each is a search of its own
NOTHING = '""'  # an empty phrase: valid, and matches nothing


def match_expression(query: str) -> str:
    """Returns the FTS5 expression for a query. Every word must occur. Quoted phrases, and words with punctuation inside, must match
    exactly.

    >>> match_expression("Nghệ an")
    '{title text} : "nghệ" AND {title_folded text_folded} : "an"'
    """
    terms = []
    for match in _PARTS.finditer(nfc(query)):
        part = match[1] if match[1] is not None else match[2]
        exact, folded = search_form(part), fold(part)
        # The number of a document may contain Đ, which people type as D. So a part with a digit searches the folded text.
        marked = fold(exact) != exact and not re.search(r"\d", part)
        tokens = _TOKEN.findall(exact if marked else folded)
        if tokens:
            columns = "{title text}" if marked else "{title_folded text_folded}"
            terms.append(f'{columns} : "{" ".join(tokens)}"')
    return " AND ".join(terms) or NOTHING


def number_forms(query: str) -> str:
    """Returns the look-up forms of the document number that a query may mean, as a JSON list: the whole query, and from its first digit on.

    >>> number_forms("chi thi 07/2008/CT-BTTTT")
    '["chi/thi/7/2008/ct/btttt", "7/2008/ct/btttt"]'
    """
    whole = number_form(query or "")
    first = re.search(r"\d", query or "")
    tail = number_form(query[first.start() :]) if first else ""
    return json.dumps(list(dict.fromkeys(form for form in (whole, tail) if form)), ensure_ascii=False)


def words(query: str) -> list[str]:
    """Returns the folded words and phrases of a query, to find them in a text."""
    parts = (match[1] if match[1] is not None else match[2] for match in _PARTS.finditer(nfc(query or "")))
    return [" ".join(_TOKEN.findall(fold(part))) for part in parts if _TOKEN.search(fold(part))]


def snippet(query: str, *texts: str | None, around: int = 90) -> str:
    """Returns a piece of the first text that contains the whole query, else one of its words; else the beginning of the first text."""
    found = words(query)
    wanted = [" ".join(found), *sorted(found, key=len, reverse=True)]
    present = [text for text in texts if text]
    # Folding does not change the number of letters of composed text, so positions in both forms agree.
    folded_texts = ["".join(fold(char)[:1] or " " for char in nfc(text)) for text in present]
    for word in filter(None, wanted):
        for text, folded in zip(present, folded_texts, strict=True):
            match = re.search(r"[\W_]+".join(map(re.escape, word.split())), folded)
            if match:
                start, end = max(0, match.start() - around), min(len(text), match.end() + around)
                return f"{'…' if start else ''}{nfc(text)[start:end].strip()}{'…' if end < len(text) else ''}".replace("\n", " ")
    return (present[0][: 2 * around].strip() + "…") if present else ""


def phrases(text: str) -> str:
    """Returns the words between semicolons as phrases, the first four of them, as a JSON list.

    >>> phrases("chuyển đổi số; tin học hóa;")
    '["chuyển đổi số", "tin học hóa"]'
    """
    found = (" ".join(part.replace('"', " ").split())[:_LONGEST_PHRASE] for part in text.split(";", _MOST_PHRASES)[:_MOST_PHRASES])
    return json.dumps([part for part in dict.fromkeys(found) if part], ensure_ascii=False)
