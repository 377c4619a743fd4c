"""Statutes named without a number: where a name begins and, the hard part, where it ends."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from scraper.citations.grammar import grammar
from scraper.text import place_tone

_YEAR = r"(?:19|20)\d{2}"
_HEAD = re.compile(r"(?<![\w])(?P<noun>Bộ [Ll]uật|bộ luật|BỘ LUẬT|Luật|luật|LUẬT|Pháp lệnh|pháp lệnh|PHÁP LỆNH)(?=\s)")
_CODE = re.compile(rf"(?<!\w)(?P<code>BLHS|BLDS|BLTTHS|BLTTDS|BLLĐ)(?!\w)(?:\s(?:năm\s)?{_YEAR})?")
_CONSTITUTION = re.compile(
    rf"(?<!\w)(?:Hiến pháp|HIẾN PHÁP|hiến pháp)(?P<country>\s+nước\s+(?:CHXHCN|Cộng hòa xã hội chủ nghĩa|Cộng hoà xã hội chủ nghĩa)\s+Việt Nam)?(?P<year>\s+(?:năm\s+)?{_YEAR})?"
)
_ARTICLE_BEFORE = re.compile(r"Điều\s+\d+[a-z]?(?:\s*,\s*(?:khoản\s+\d+\s*)?)?\s*(?:của\s+)?$")
_YEAR_BEHIND = re.compile(rf"\s+(?:năm\s+)?{_YEAR}(?![\d/])")
_REVISED = re.compile(rf"\s+(?:\((?:sửa đổi|sửa đổi, bổ sung)\)|sửa đổi(?:, bổ sung)?(?:\s+năm)?\s+{_YEAR})")
_AMENDING = re.compile(
    r"\s+[Ss]ửa đổi(?:\s*,\s*bổ sung|\s+và\s+bổ sung)?(?:\s+(?:một số|các)\s+điều)?(?:\s+(?:của|tại)\s+(?:các\s+)?|\s+(?=(?:Bộ [Ll]|L)uật))(?P<rest>(?:Bộ [Ll]uật|[Ll]uật|Pháp lệnh)\s+)?"
)
_DRAFT = re.compile(r"(?:[Dd]ự thảo|[Dd]ự án|[Đđ]ề án xây dựng|[Đđ]ề án)\s*(?:các\s+|\d+\s+)?(?:[Ll]uật\s*)?:?\s*$|[Dd]ự\s*$")
_DRAFT_LIST = re.compile(r"(?:[Dd]ự thảo|[Dd]ự án)(?:\s+[Ll]uật)?\s*:\s*[^.\n]*$")
_NOT_BEFORE = re.compile(
    r"(?:[Pp]háp|[Đđ]ại học|[Tt]rường|[Cc]ông ty|[Vv]ăn phòng|[Kk]hoa|[Nn]gành|[Cc]ông ước|[Hh]ọc viện|[Bb]áo|[Tt]ạp chí|[Cc]ử nhân|[Tt]hạc sĩ|[Tt]iến sĩ|[Hh]ọc|[Kk]ỷ|[Qq]uy|[Ll]àm|[Đđ]úng|[Tt]rái|[Dd]ự|[Hh]ãng|[Hh]ội|[Tt]òa soạn)\s+$"
)
_NOT_BEHIND = re.compile(
    r"\s+(?:sư|gia|lệ|pháp|tục|định|chơi|bất thành văn|Biển(?! Việt Nam)|quốc tế|này|trên|đó|nói trên|mới|cũ|hiện hành|số\b|thi đấu|bóng đá)"
)
_FOREIGN = re.compile(r"^\s+của\s+(?:Mỹ|Hoa Kỳ|Nhật|Hàn Quốc|Trung Quốc|Pháp|Đức|Anh|Nga|Singapore|Thái Lan|EU|Liên minh)")
# Where a name that no list knows must end: words that begin a predicate, an adverbial, another clause.
_STOP = frozenset(
    [
        "có",
        "được",
        "đã",
        "sẽ",
        "đang",
        "là",
        "thì",
        "mà",
        "của",
        "cho",
        "khi",
        "tại",
        "trong",
        "theo",
        "ngày",
        "năm",
        "này",
        "nêu",
        "quy",
        "với",
        "từ",
        "đến",
        "để",
        "nhằm",
        "bởi",
        "do",
        "nếu",
        "trên",
        "dưới",
        "sau",
        "trước",
        "vừa",
        "cũng",
        "vẫn",
        "còn",
        "phải",
        "cần",
        "không",
        "chưa",
        "gồm",
        "bao",
        "ban",
        "hành",
        "ra",
        "hiện",
        "đối",
        "thay",
        "bằng",
        "bổ",
        "sung",
        "sửa",
        "đổi",
        "nói",
        "đó",
        "ở",
        "vào",
        "lần",
        "số",
        "kể",
        "như",
        "hay",
        "hoặc",
        "rằng",
        "đặc",
        "biệt",
        "những",
        "các",
        "một",
        "về",
        "và",
    ]
)
_WORD = re.compile(r"\s+([^\W\d_]+)")
_LONGEST_UNKNOWN = 8  # syllables


@cache
def _known() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Patterns of the known names: with a capital somewhere, and in lower case. Longest first; tones in either place."""
    data = tomllib.loads((Path(__file__).parent / "grammar" / "laws.toml").read_text(encoding="utf-8"))
    names = sorted({*grammar().law_names, *data["names"]}, key=len, reverse=True)
    parts = [_flexible(name) for name in names if not (name.isupper() and " " not in name)]
    abbreviations = [re.escape(name) for name in grammar().law_abbreviations if name.isupper()]
    capital = re.compile(rf"\s+(?:{'|'.join([*parts, *abbreviations])})(?![\w])", re.IGNORECASE)
    return capital, capital


def _flexible(name: str) -> str:
    words = re.escape(place_tone(name)).replace(r"\ ", r"\s+").replace(",", r"\s*,?")
    return words.replace("òa", "(?:òa|oà)").replace("óa", "(?:óa|oá)").replace("ủy", "(?:ủy|uỷ)").replace("úy", "(?:úy|uý)")


def find_named(text: str, taken: list[tuple[int, int]]) -> list[tuple[int, int, str]]:
    """(start, end, type) of every statute named in a text, outside the spans that are taken already."""
    found = [(match.start(), match.end(), "bộ luật") for match in _CODE.finditer(text)]
    for match in _CONSTITUTION.finditer(text):
        told = match["year"] or match["country"] or _ARTICLE_BEFORE.search(text[max(0, match.start() - 30) : match.start()])
        if told and not _drafted(text, match.start()):
            found.append((match.start(), match.end(), "hiến pháp"))
    amended_until = -1
    for match in _HEAD.finditer(text):
        start = match.start()
        if start < amended_until or _inside(start, taken) or _inside(start, [(a, b) for a, b, _ in found]):
            continue
        end = _end(text, match)
        if end is None:
            continue
        if _drafted(text, start):
            amended_until = max(amended_until, end)
            continue
        if any(start < b and a < end for a, b in taken):
            continue
        noun = " ".join(match["noun"].lower().split())
        found.append((start, end, noun))
        amended_until = max(amended_until, end)
    return sorted(found)


def _inside(at: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in spans)


def _drafted(text: str, start: int) -> bool:
    before = text[max(0, start - 160) : start]
    return bool(_DRAFT.search(before) or _DRAFT_LIST.search(before))


def _end(text: str, head: re.Match[str]) -> int | None:
    """Where the name behind a head ends, or None where there is none."""
    start, at = head.start(), head.end()
    before = text[max(0, start - 24) : start]
    if _NOT_BEFORE.search(before) or _NOT_BEHIND.match(text, at):
        return None
    lower = head["noun"].islower()
    amending = _AMENDING.match(text, at)
    if amending is not None:
        end = amending.end()
        if amending["rest"]:
            name = _name(text, end - 1, lower=False)
            return _with_year(text, name) if name else None
        return _with_year(text, end) if end > at else None
    name_end = _name(text, at, lower=lower)
    if name_end is None:
        return None
    with_year = _with_year(text, name_end)
    if lower and text[at:name_end].strip().islower() and with_year == name_end:
        return None  # "luật đất đai" speaks of the law in general
    if _FOREIGN.match(text[name_end : name_end + 30]):
        return None
    return with_year


def _with_year(text: str, end: int) -> int:
    for pattern in (_REVISED, _YEAR_BEHIND, _REVISED):
        if match := pattern.match(text, end):
            end = match.end()
    return end


def _name(text: str, at: int, *, lower: bool) -> int | None:
    """The end of the name that begins behind `at`: a known one, else as many words as a name can have."""
    known = _known()[0].match(text, at)
    if known is not None and not (text[at:].lstrip()[:1].islower() and not lower and not _known_lower(known[0])):
        # A longer name may go on in capitals: "Luật Đầu tư" before " công" is in the list, "Luật Thủ đô" is whole.
        return known.end()
    words, end = 0, at
    while words < _LONGEST_UNKNOWN and (match := _WORD.match(text, end)):
        word = match[1]
        if word.lower() in _STOP and not (word == "và" and _capital_follows(text, match.end()) and words):
            break
        if words == 0 and not word[0].isupper():
            return None
        if "\n" in match[0]:
            break
        if words and word[0].isupper() and not _keeps_on(text, match):
            break
        end = match.end()
        words += 1
        if word in ("Phòng", "Thi", "Khám") and (comma := re.compile(r",\s+[^\W\d_]+").match(text, end)):
            end = comma.end()
    return end if words >= 1 and end > at and not (words == 1 and len(text[at:end].strip()) < 3) else None


def _known_lower(name: str) -> bool:
    return len(name.split()) > 1


def _capital_follows(text: str, at: int) -> bool:
    match = _WORD.match(text, at)
    return match is not None and match[1][0].isupper()


def _keeps_on(text: str, match: re.Match[str]) -> bool:
    """A capital inside a name: "Luật Tổ chức Chính phủ"."""
    return match[1] in (
        "Chính",
        "Quốc",
        "Việt",
        "Nam",
        "Nhà",
        "Tòa",
        "Toà",
        "Viện",
        "Hội",
        "Ủy",
        "Uỷ",
        "Công",
        "Mặt",
        "Tổ",
        "Truyền",
        "Thông",
    )
