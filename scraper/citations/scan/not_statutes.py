"""Decides whether "Luật" and the words beside it name no Vietnamese statute: a school, a law of nature, the law of another country.

The words are data (grammar/not_statutes.toml, grammar/foreign.toml). A law of nature that is called after a person ("Luật Ohm", "Luật
Murphy") is recognised by the name: no Vietnamese syllable is spelt like it.
"""

from __future__ import annotations

import re

from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.loader import grammar
from scraper.citations.grammar.word_groups import either, none_of, unless_of, words_of
from scraper.text import is_syllable

_W = r"\s{1,5}"
_BEFORE_MOST = 24  # characters before "Luật" that are read


def _unless_before(phrases: tuple[str, ...]) -> str:
    """Returns lookbehinds for the first words of phrases whose last word is in the group: "thực" of "thực thi"."""
    firsts = [phrase.rpartition(" ")[0] for phrase in phrases]
    return "".join(rf"(?<![{first[0].upper()}{first[0]}]{re.escape(first[1:])}\s)" for first in firsts)


_LAST_SYLLABLES = {phrase.rpartition(" ")[2] for phrase in unless_of("not_statutes", "before_law.")}
_SAFE = [word for word in words_of("not_statutes", "before_law.") if word not in _LAST_SYLLABLES]
_GUARDED = _unless_before(unless_of("not_statutes", "before_law.")) + f"(?:{either(_LAST_SYLLABLES, capital=True)})"
_BEFORE = late_pattern(rf"(?:{either(_SAFE, capital=True)}|{_GUARDED})\s{{0,5}}$")
_AFTER = late_pattern(
    rf"{_W}{none_of(unless_of('not_statutes', 'after_law.'))}(?:{either(words_of('not_statutes', 'after_law.'))})(?!\w)",
)
_FOREIGN = late_pattern(
    rf"{_W}(?:(?:của|tại|ở){_W})?(?:(?:{either(words_of('foreign', 'country_heads'))}){_W}){{0,2}}"
    rf"(?:{none_of(unless_of('foreign', 'countries'))}(?:{either(words_of('foreign', 'countries', 'federal', 'between_states'))})|bang{_W}[A-Z])(?!\w)"
)
# After "của", a name that cannot be Vietnamese may also be a company or a place in the highlands: "vi phạm Luật An ninh mạng của Google",
# "thi hành Luật Đất đai của Krông Pa". So it is a country only after "nước", "Cộng hòa" or "Liên bang".
_OF_COUNTRY = late_pattern(rf"{_W}(?:của{_W})?(?:(?:{either(words_of('foreign', 'country_heads'))}){_W}){{1,2}}(?P<name>[A-Z][^\W\d_]*)")


def is_no_statute(text: str, start: int, end: int) -> bool:
    """Returns whether the words before or after "Luật" (`start` to `end`) make it no statute: "Đại học Luật", "luật chơi", "Luật này"."""
    return _BEFORE.search(text[max(0, start - _BEFORE_MOST) : start]) is not None or _AFTER.match(text, end) is not None


# The laws of several countries, or of a country that was named before: "Luật Giáo dục của nhiều nước", "của nước này".
_OF_COUNTRIES = late_pattern(
    rf"{_W}(?:(?:của|ở|tại){_W})?(?:(?:các|những|một{_W}số|nhiều|mọi|hầu{_W}hết|đa{_W}số|phần{_W}lớn|từng|mỗi|hai|ba){_W}){{1,2}}(?:nước|quốc{_W}gia)(?!\w)"
    rf"|{_W}(?:của|ở|tại){_W}(?:nước|quốc{_W}gia|vùng{_W}lãnh{_W}thổ){_W}(?:này|đó|kia|sở{_W}tại|khác|họ|mình)(?!\w)"
)


def is_foreign(text: str, end: int) -> bool:
    """Returns whether the words after the name of a law say that it is the law of another country: "Luật Dược của Pháp"."""
    if _FOREIGN.match(text, end) or _OF_COUNTRIES.match(text, end):
        return True
    country = _OF_COUNTRY.match(text, end)
    return country is not None and is_foreign_word(country["name"])


_PASSING, _HAVING = words_of("foreign", "passing"), words_of("foreign", "having")
_COUNTRIES, _ADVERBS = either(words_of("foreign", "countries")), rf"(?:{_W}(?:đã|vừa|mới|cũng|sẽ|từng|đang))*"
_PASSED_ABROAD = late_pattern(
    rf"(?P<before>\w+{_W})?(?<!\w)(?:(?:{_COUNTRIES}){_ADVERBS}{_W}(?:{either(_PASSING)})|(?!Anh(?!\w))(?:{_COUNTRIES}){_ADVERBS}{_W}(?:{either(_HAVING)}))"
    rf"{_W}(?:(?:một|các|những){_W})?$"
)
# "Tại Pháp, Luật Dược cấm ...": the country directly before the law.
_IN_COUNTRY = late_pattern(
    rf"(?:^|[.,;:!?(“\"–-]\s?|\n)(?:[Ởở]|[Tt]ại)(?:{_W}nước)?{_W}(?:{_COUNTRIES})(?:,{_W}|{_W}thì{_W})(?:theo{_W})?$"
)
_PERSONS = frozenset(words_of("foreign", "persons"))


def is_passed_abroad(text: str, start: int) -> bool:
    """Returns whether the clause before a law says that a country passed it or has it: "21 bang của nước Mỹ thông qua luật Kiểm soát súng", "Ở Lào,
    Luật Đầu tư ...". After a word with a capital, or like "ông", the name of a country may be a given name: "ông Trần Văn Đức sửa đổi Luật".
    """
    head = text[max(0, start - 60) : start]
    if not head.rstrip().endswith(_ENDS_OF_PASSING):
        return False
    if (match := _PASSED_ABROAD.search(head)) is not None:
        return not (match["before"] and _is_person(head, match.start("before"), match["before"].rstrip()))
    return _IN_COUNTRY.search(head) is not None


def _is_person(head: str, at: int, word: str) -> bool:
    """Returns whether a word at `at` makes the name of a country after it a given name: "ông", "Văn". The first word of a sentence has a capital
    too: "Nước Đức".
    """
    if word.lower() in _PERSONS or word in grammar().bodies["surnames"]:
        return True
    return word[0].isupper() and head[:at].rstrip(' \n“"')[-1:] not in ("", ".", "?", "!", ":", "…")


_ENDS_OF_PASSING = (*_PASSING, *_HAVING, "một", "các", "những", ",", "thì", "theo")


_OF_NAME = late_pattern(rf"{_W}của{_W}(?P<name>[A-Z][^\W\d_]*)")


def is_foreign_constitution(text: str, end: int) -> bool:
    """Returns whether a constitution is that of another country. Only a country has one, so after "của" any name that cannot be Vietnamese
    is that of a country: "hiến pháp năm 2005 của Sudan".
    """
    country = _OF_NAME.match(text, end)
    return is_foreign(text, end) or (country is not None and is_foreign_word(country["name"]))


def is_foreign_word(word: str) -> bool:
    """Returns whether a word cannot be Vietnamese, and is not an abbreviation: "Ohm", "Murphy", "Brazil"."""
    return re.search(r"[fjwzFJWZ]", word) is not None or not (word.isupper() or is_syllable(word))
