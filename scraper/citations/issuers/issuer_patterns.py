"""Patterns for the names of bodies, their office holders and their places, made of the words in grammar/bodies.toml."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.loader import grammar
from scraper.citations.grammar.patterns import SMALL, by_first_letter
from scraper.citations.grammar.word_groups import either, none_of, words_of
from scraper.citations.issuers.full_names import both_tones, field_pattern
from scraper.reference import rows, split

W = r"\s{1,4}"
CAPITAL = r"[A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴÐ]"
NAME_WORD = rf"{CAPITAL}[\w'’]{{0,12}}"
PROPER = rf"{NAME_WORD}(?:(?:{W}|{W}?[-–]{W}?){NAME_WORD}){{0,3}}"
OF_PROVINCE = f"(?:{either(words_of('bodies', 'levels.province', 'levels.city'), capital=True, blank=' ')})"
BELOW = f"(?:{either(words_of('bodies', 'levels.below', 'levels.town'), capital=True, blank=' ')})"
_LETTER = either(words_of("bodies", "levels.letter"))
_LEVEL = f"(?:{OF_PROVINCE}|{either(words_of('bodies', 'levels.capital'), capital=True, blank=' ')}|{BELOW}|{_LETTER})"
_HOLDERS = either(words_of("bodies", "office_holders."), blank=" ")
OFFICE = rf"(?:(?:{either(words_of('bodies', 'office_prefixes'))})\s+)?(?:{_HOLDERS})(?:{W}(?:{either(words_of('bodies', 'office_suffixes'), blank=W)}))?"


@cache
def issuer_name_ends() -> re.Pattern[str]:
    """Returns a pattern for what ends an unknown name: a word of `stops`, a mark, or a dash without a capital after it.
    "số" ends it only before a number ("Ban Chỉ đạo Chuyển đổi số tỉnh"), and the full stop of "TP." does not.
    """
    unless = none_of(grammar().bodies["stops_unless"], blank=W)
    inside = [phrase.rpartition(" ") for phrase in grammar().bodies["stops_unless_after"]]
    not_after = "|".join(rf"(?<={either([before.split()[-1]], capital=True)}\s){word}" for before, _, word in inside)
    words = "|".join(re.escape(word).replace(r"\ ", W) for word in grammar().bodies["stops"])
    # "Viện kiểm sát nhân dân tỉnh và Công an tỉnh": a level without a name ends the name of the body.
    levels = "|".join(rf"(?<=\s{level})" for level in (*words_of("bodies", "levels.province", "levels.below"),))
    comma = rf",(?!{W}(?:{either(grammar().bodies['after_comma'], blank=W)})(?!\w))"
    return late_pattern(
        rf"{W}{unless}(?!(?:{not_after})(?!\w))(?:{words}|số(?=\s{{0,3}}:?\s{{0,3}}\d))(?!\w)|(?:{levels}){W}và(?={W}{CAPITAL})|{W}và(?={W}(?:{either(words_of('bodies', 'begin_another'), blank=W)})(?!\w))|{comma}|[;:()\[\]“”\"\n?!]|(?<!\sT[Pp])\.|\s[-–—]\s(?!{CAPITAL}|(?:{either(grammar().bodies['after_dash'], blank=W)})(?!\w))|\s[-–—]\s(?=(?:Bộ|Sở)\s{CAPITAL}|(?:Công{W}an|Tòa{W}án|TAND|Viện{W}(?:kiểm|KSND)|VKSND)(?!\w))"
    )


def _alternatives(names: Sequence[str]) -> str:
    """Returns a pattern for names, the longest first. All names must begin with a capital."""
    patterns = (re.escape(name).replace(",", r"\s?,?").replace(r"\ ", W) for name in sorted(set(names), key=len, reverse=True))
    return by_first_letter((pattern[0], pattern[1:]) for pattern in patterns)


_BEGINS_BODY = rf"{CAPITAL[1:-1]}n"  # names of bodies begin with a capital, some office holders with "nguyên"


@cache
def _central_names() -> tuple[str, ...]:
    """Returns the names of central bodies, with both placements of their tones."""
    ministries = [
        name
        for row in rows("issuers")
        if row["level"] in ("ministry", "ministerial", "government-agency", "judicial", "state", "mass-organisation")
        for name in (row["name_vi"], *split(row["aliases"]))
        if "(" not in name and " " in name and name[0].isupper() and "/" not in name and name not in ("Bộ CT",)
    ]
    return tuple(both_tones([*grammar().bodies["names"], *ministries]))


@cache
def _local_names() -> tuple[str, ...]:
    return tuple(variant for full, variants in grammar().bodies["local"].items() for variant in both_tones([full, *variants]))


def _of_letter(names: Sequence[str], letter: str) -> list[str]:
    return [name for name in names if name[0] == letter]


_HEAD_OF_GOVERNMENT = rf"(?:Phó{W})?Thủ{W}tướng(?:{W}Chính{W}phủ)?|TTg|NHNN(?:{W}(?:Việt{W}Nam|VN))?"


# One pattern for each first letter: most texts need few of them, and one pattern of all names takes 8 ms to compile.
@cache
def _central(letter: str) -> re.Pattern[str] | None:
    names = _of_letter(_central_names(), letter)
    if not names and letter not in "PTN":
        return None
    # Capitals inside a name vary (Ban chấp hành).
    some = f"{_alternatives(names)}|" if names else ""
    return late_pattern(rf"(?:{some}{_HEAD_OF_GOVERNMENT})(?!\w)", re.IGNORECASE)


@cache
def _local(letter: str) -> re.Pattern[str] | None:
    names = _of_letter(_local_names(), letter)
    return late_pattern(rf"(?P<body>{_alternatives(names)})(?!\w)") if names else None


def central_name_at(words: str, at: int) -> re.Match[str] | None:
    """Returns the match of the name of a central body that begins with a capital at `at`, or None."""
    pattern = _central(letter) if (letter := words[at : at + 1]).isupper() else None
    return pattern.match(words, at) if pattern is not None else None


def local_name_at(words: str, at: int) -> re.Match[str] | None:
    """Returns the match of the name of a body that each province has, as its group `body`, or None."""
    pattern = _local(letter) if (letter := words[at : at + 1]).isupper() else None
    return pattern.match(words, at) if pattern is not None else None


# "Chủ tịch xã Duy Minh": the chair of its committee.
CHAIR_OF_PLACE = late_pattern(rf"(?i:(?:phó{W})?chủ{W}tịch)(?:{W}[Tt]hường{W}trực)?(?={W}(?:{OF_PROVINCE}|{BELOW}){W}{CAPITAL})")


@cache
def issuer_patterns() -> dict[str, re.Pattern[str]]:
    data: Any = grammar().bodies
    # "TP" is the level of a place, not the subject of a body: "Công an TP. Vinh".
    abbreviated = "|".join(f"(?:{pattern})" for pattern, full in data["abbreviations"].items() if not full.startswith("thành phố"))
    none = (phrase.partition(" ") for phrase in data["no_bodies"])
    no_body = rf"(?!(?:{'|'.join(rf'(?<={first}){W}{rest}' for first, _, rest in none)})(?!\w))"
    heads = f"(?:{_alternatives(both_tones([*data['heads']]))}){no_body}"
    fields = field_pattern()
    return {
        "subject": late_pattern(rf"(?:{fields}|{abbreviated})(?!\w)"),
        # These are parts of another body: "Ban Văn hóa - Xã hội HĐND tỉnh", "Cơ quan CSĐT Công an tỉnh".
        "field": late_pattern(
            rf"(?!Trường{W}Đại{W}học){heads}{W}(?:{fields}|{abbreviated})(?!\w)(?!{W}(?:[-–]{W}\w+(?:{W}\w+){{0,2}}{W})?(?:HĐND|Hội{W}đồng{W}nhân{W}dân|Công{W}an))"
        ),
        "head": late_pattern(rf"{heads}(?!\w)"),
        "any": late_pattern(
            rf"(?=[{_BEGINS_BODY}])(?<!\w)(?:{OFFICE}{W}(?=\S))?(?:{_alternatives([*_local_names(), *_central_names()])}|(?:Phó{W})?Thủ{W}tướng|TTg|NHNN|{heads})(?!\w)|(?<!\w)(?:Trưởng{W}(?:[Bb]an|[Pp]hòng)|Thứ{W}trưởng){W}(?={CAPITAL})"
            rf"|(?<!\w)(?:Phó{W}[Cc]|C)hủ{W}tịch(?:{W}[Tt]hường{W}trực)?(?={W}(?:{OF_PROVINCE}|{BELOW}){W}{CAPITAL})"
        ),
    }


HOLDER = late_pattern(rf"(?i:{OFFICE}){W}(?={CAPITAL}|nhà{W}nước)")  # also "của chủ tịch UBND tỉnh"
SURNAMES = "|".join(grammar().bodies["surnames"])
PERSON = rf"(?:{SURNAMES})(?:{W}{NAME_WORD}){{1,4}}"
# Places that were one unit before have the same name with a number: "xã Đạ Tẻh 2", "phường 1 Bảo Lộc". The name of an office holder may follow
# the number of a place, too: "phường 1 Nguyễn Văn An".
_NOT_AFTER_NUMBER = rf"(?!(?:{SURNAMES}|{either(words_of('bodies', 'levels.'), capital=True, blank=' ')})(?!\w))"
_NUMBERED_NAME = rf"\d{{1,2}}(?!\d|[/.,-]\d)(?:{W}{_NOT_AFTER_NUMBER}{PROPER})?"
_AFTER_LEVEL = rf"(?:{W}|(?<=\.))"  # "TP.Vinh"
# "của UBND TP. Tuy nhiên, ...": after the full stop of "TP." a sentence begins, and not the name of a city.
NO_PLACE = rf"(?!(?:{either(words_of('bodies', 'begin_sentences'))}){W}[{SMALL}])"
PLACE = late_pattern(
    rf"{W}(?P<level>{_LEVEL})(?:{_AFTER_LEVEL}(?P<name>{NO_PLACE}{PROPER}(?:{W}[1-9](?!\w|[%/]|[/.,:-]\d))?|{_NUMBERED_NAME}))?"
)
# A part of a body that is known by its number or its place: "Kho bạc Nhà nước khu vực XI", "Ngân hàng Nhà nước chi nhánh tỉnh Nghệ An".
BRANCH = late_pattern(rf"{W}(?:[Kk]hu{W}vực|[Cc]hi{W}nhánh)(?!\w)")
BARE_PLACE = late_pattern(rf"{W}(?P<name>{PROPER})")
OWN_ABBREVIATION = late_pattern(r"\s{0,2}\([A-ZĐ&. -]{2,14}\)")  # "Sở Thông tin và Truyền thông (TT&TT) Hà Nội"
SAIGON = late_pattern(r"\s{1,4}(?:TP|Tp|tp)\.?\s{0,2}HCM(?!\w)")
