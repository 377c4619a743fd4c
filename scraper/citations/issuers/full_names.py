"""Spells the name of a body in full: "Sở TT&TT" is "Sở Thông tin và Truyền thông"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.loader import grammar
from scraper.citations.grammar.patterns import WORDS_APART
from scraper.text import fold, place_tone, squeeze


def both_tones(names: Sequence[str]) -> list[str]:
    return [*names, *(name.replace("ủy", "uỷ").replace("Ủy", "Uỷ").replace("òa", "oà").replace("óa", "oá") for name in names)]


def field_key(name: str) -> str:
    return " ".join(word for word in re.findall(r"[a-z]+", fold(name)) if word != "va")


@cache
def full_name_keys() -> dict[str, str]:
    """Returns the fields by their key. Names that differ only in "và", "&", dashes and commas get the spelling of the first in the list."""
    keys: dict[str, str] = {}
    for name in grammar().bodies["fields"]:
        keys.setdefault(field_key(name), name)
    return keys


@cache
def field_names() -> re.Pattern[str]:
    return late_pattern(rf"(?<!\w)(?:{field_pattern()})(?!\w)")


def field_pattern() -> str:
    """Returns a pattern for fields with every way to join their parts: "Giáo dục và Đào tạo", "Giáo dục & Đào tạo", "Giáo dục - Đào
    tạo".
    """
    joint = r"(?:\s?,?\s?(?:và|&|[-–])\s?|\s?,\s?|\s)"
    parts = [re.split(r"\s+(?:và|&|-)\s+|,\s+", name) for name in grammar().bodies["fields"]]
    patterns = [joint.join(re.escape(part).replace(r"\ ", WORDS_APART) for part in split_name) for split_name in parts]
    # Newspapers write only the first letter as a capital: "Bộ Tài nguyên - môi trường".
    return "|".join(f"{pattern[0]}(?i:{pattern[1:]})" for pattern in sorted(set(both_tones(patterns)), key=len, reverse=True))


@cache
def _usual_capitals() -> dict[str, str]:
    """Returns names of bodies by their form in capitals, as in headings."""
    return {place_tone(name).upper(): name for name in grammar().bodies["names"] if not name.isupper()}


@cache
def _abbreviations() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((late_pattern(rf"(?<!\w)(?:{pattern})(?!\w)"), full) for pattern, full in grammar().bodies["abbreviations"].items())


@cache
def _usual_forms() -> dict[str, str]:
    """Returns the names of bodies by their form in small letters: newspapers write "Ban bí thư" and "Bộ chính trị"."""
    usual: dict[str, str] = {}
    for name in map(place_tone, (*grammar().bodies["names"], *grammar().bodies["local"])):
        if not name.isupper():
            usual.setdefault(name.casefold(), name)  # some have two; the first is the usual one
    return usual


_COMMITTEES = {"UBND": "Ủy ban nhân dân", "HĐND": "Hội đồng nhân dân"}  # inside a name: "Ban Pháp chế HĐND tỉnh"
_COMMITTEE = late_pattern(rf"(?<!\w)(?:{'|'.join(_COMMITTEES)})(?!\w)")
_BY_HEAD = late_pattern(r"^((?:Thanh tra |Văn phòng )?(?:Bộ|Sở) )([^\W\d_][^;()]*)$")  # "Bộ tài chính"
_BRANCH = late_pattern(r"(?<!\w)(?:[Cc]hi nhánh|[Kk]hu vực)(?!\w)")


@lru_cache(maxsize=4096)  # few bodies issue most documents
def full_name(words: str) -> str:
    """Returns the name of a body with abbreviations spelt out and tone marks placed in one way.
    >>> full_name("Sở TT&TT"), full_name("Phó Thủ tướng")
    ('Sở Thông tin và Truyền thông', 'Thủ tướng Chính phủ')
    """
    text = squeeze(words).strip(" ,.;:-")
    if text.isupper():
        text = _usual_capitals().get(place_tone(text), text)
    text = re.sub(r"^Thường trực (?=Ban Bí thư)", "", text)
    if re.match(r"(?:Phó\s+)?Thủ tướng|TTg$", text):
        return "Thủ tướng Chính phủ"
    if text.startswith(("Thống đốc", "NHNN", "Ngân hàng Nhà nước", "Ngân hàng nhà nước")) and not _BRANCH.search(text):
        return "Ngân hàng Nhà nước Việt Nam"
    for pattern, spelt in _abbreviations():
        text = pattern.sub(spelt, text)
    if "ND" in text:
        text = _COMMITTEE.sub(lambda match: _COMMITTEES[match[0]], text)
    text = field_names().sub(lambda match: full_name_keys()[field_key(match[0])], text)
    text = re.sub(r"\s+kh(?:óa|oá)\s.*$", "", squeeze(text))
    if re.match(
        r"(?:Ban [Cc]hấp hành|BCH) ?(?:[Tt]rung ương|TW)(?! (?:Hội|Đoàn|Công đoàn|Liên đoàn))|Trung ương \d", text
    ):  # "Hội nghị Trung ương 7"
        return "Ban Chấp hành Trung ương Đảng"
    text = _BY_HEAD.sub(lambda match: match[1] + full_name_keys().get(field_key(match[2]), match[2]), text)
    text = place_tone(text)
    return _usual_forms().get(text.casefold(), text)
