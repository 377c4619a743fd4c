"""Patterns for the names of bodies, their office holders and their places, made of the words in grammar/bodies.toml."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from scraper.citations.grammar.loader import grammar
from scraper.citations.grammar.patterns import by_first_letter
from scraper.citations.grammar.word_groups import either, words_of
from scraper.citations.issuers.full_names import both_tones, field_pattern
from scraper.reference import rows, split

W = r"\s{1,4}"
CAPITAL = r"[A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴÐ]"
NAME_WORD = rf"{CAPITAL}[\w'’]{{0,12}}"
PROPER = rf"{NAME_WORD}(?:(?:{W}|{W}?[-–]{W}?){NAME_WORD}){{0,3}}"
OF_PROVINCE = f"(?:{either(words_of('bodies', 'levels.province', 'levels.city'), capital=True, blank=' ')})"
BELOW = f"(?:{either(words_of('bodies', 'levels.below', 'levels.town'), capital=True, blank=' ')})"
_LEVEL = f"(?:{OF_PROVINCE}|{either(words_of('bodies', 'levels.capital'), capital=True, blank=' ')}|{BELOW})"
OFFICE = f"(?:(?:{either(words_of('bodies', 'office_prefixes'))})\\s+)?(?:{either(words_of('bodies', 'office_holders.'), blank=' ')})"


@cache
def issuer_name_ends() -> re.Pattern[str]:
    """Returns a pattern for what ends an unknown name: a word of `stops`, a mark, or a dash without a capital after it."""
    words = "|".join(re.escape(word).replace(r"\ ", W) for word in grammar().bodies["stops"])
    return re.compile(rf"{W}(?:{words})(?!\w)|[,;:.()\[\]“”\"\n?!]|\s[-–—]\s(?!{CAPITAL})")


def _alternatives(names: Sequence[str]) -> str:
    """Returns a pattern for names, the longest first. All names must begin with a capital."""
    patterns = (re.escape(name).replace(",", r"\s?,?").replace(r"\ ", W) for name in sorted(set(names), key=len, reverse=True))
    return by_first_letter((pattern[0], pattern[1:]) for pattern in patterns)


_BEGINS_BODY = rf"{CAPITAL[1:-1]}n"  # names of bodies begin with a capital, some office holders with "nguyên"


@cache
def issuer_patterns() -> dict[str, re.Pattern[str]]:
    data: Any = grammar().bodies
    ministries = [
        name
        for row in rows("issuers")
        if row["level"] in ("ministry", "ministerial", "government-agency", "judicial", "state", "mass-organisation")
        for name in (row["name_vi"], *split(row["aliases"]))
        if "(" not in name and " " in name and name[0].isupper() and "/" not in name and name not in ("Bộ CT",)
    ]
    local = {variant: full for full, variants in data["local"].items() for variant in both_tones([full, *variants])}
    names = both_tones([*data["names"], *ministries])
    abbreviated = "|".join(f"(?:{pattern})" for pattern in data["abbreviations"])
    heads = _alternatives(both_tones([*data["heads"]]))
    fields = field_pattern()
    return {
        # Capitals inside a name vary (Ban chấp hành). The caller checks the first letter.
        "known": re.compile(
            rf"(?:{_alternatives(names)}|(?:Phó{W})?Thủ{W}tướng(?:{W}Chính{W}phủ)?|TTg|NHNN(?:{W}(?:Việt{W}Nam|VN))?)(?!\w)",
            re.IGNORECASE,
        ),
        "local": re.compile(rf"(?P<body>{_alternatives(list(local))})(?!\w)"),
        "field": re.compile(rf"(?:{heads}){W}(?:{fields}|{abbreviated})(?!\w)"),
        "head": re.compile(rf"(?:{heads})(?!\w)"),
        "any": re.compile(
            rf"(?=[{_BEGINS_BODY}])(?<!\w)(?:{OFFICE}{W}(?=\S))?(?:{_alternatives([*local, *names])}|(?:Phó{W})?Thủ{W}tướng|TTg|NHNN|{heads})(?!\w)|(?<!\w)Trưởng{W}(?:[Bb]an|[Pp]hòng){W}(?={CAPITAL})"
        ),
    }


HOLDER = re.compile(rf"{OFFICE}{W}(?={CAPITAL})")
PLACE = re.compile(rf"{W}(?P<level>{_LEVEL})(?:{W}(?P<name>{PROPER}|\d{{1,2}}(?!\d)))?")
BARE_PLACE = re.compile(rf"{W}(?P<name>{PROPER})")
OWN_ABBREVIATION = re.compile(r"\s{0,2}\([A-ZĐ&.-]{2,12}\)")  # "Sở Thông tin và Truyền thông (TT&TT) Hà Nội"
SAIGON = re.compile(r"\s{1,4}(?:TP|Tp|tp)\.?\s{0,2}HCM(?!\w)")
