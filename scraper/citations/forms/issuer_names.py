"""Maps the codes of a number, or the words around it, to the full name of the issuer, without the office holder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from typing import Any

from scraper.citations.forms.cited_span import CitedSpan
from scraper.citations.grammar import grammar
from scraper.citations.grammar.patterns import JOINT_MARK, SMALL, by_first_letter
from scraper.reference import rows, split, units
from scraper.text import fold, place_tone, squeeze

ASSEMBLY, STANDING_COMMITTEE = "Quốc hội", "Ủy ban Thường vụ Quốc hội"


@dataclass(frozen=True, slots=True)
class Body:
    """A body that was parsed from words, and the span that it covers in them."""

    name: str
    start: int
    end: int
    province: str | None = None
    local: bool = False  # a kind of body that every province, district or commune has
    partial: bool = False  # only a place ("huyện Anh Sơn") or only "Sở"; the code of the number decides which body


_YEAR = re.compile(r"(?:19|20)\d{2}")

# --- from a code ----------------------------------------------------------------------------------


def of_code(codes: Sequence[str], doc_type: str, noun: str) -> str | None:
    """Returns the body that the codes of a number name; for a joint document all of them, separated by "; ". Returns None if they name
    no single body.
    """
    data = grammar()
    parts = [code for code in codes if not (code[0].isdigit() and _YEAR.fullmatch(code))]
    names: list[str] = []
    for place, code in enumerate(parts):
        if place == 0 and code in data.codes and len(parts) > 1:
            continue
        if code.startswith("NHNN"):
            code = _BANK.sub("NHNN", code)
        name = None if code in data.local_codes or code in data.office_codes or code == "TW" else data.issuers.get(code) or _assembly(code)
        if name is None:
            break  # a local body, or the unit that drafted the document
        if name not in names:
            names.append(name)
    if not names:
        return None
    if names[0] == "Chủ tịch nước" and doc_type in ("luật", "bộ luật", "pháp lệnh"):
        return STANDING_COMMITTEE if doc_type == "pháp lệnh" else ASSEMBLY
    return "; ".join(names) if doc_type.endswith("liên tịch") else names[0]


_BANK = re.compile(r"NHNN\d{1,2}$")  # a department of the State Bank: 92/2000/QĐ-NHNN7


def _assembly(code: str) -> str | None:
    if re.fullmatch(r"QHK?(?:\d{1,2}|[IVX]+)", code):
        return ASSEMBLY
    if re.fullmatch(r"UBTVQHK?(?:\d{1,2}|[IVX]+)", code):
        return STANDING_COMMITTEE
    return None


def local_default(codes: Sequence[str]) -> str | None:
    """Returns the body that a local code or a Party code means if no words say more, or None."""
    for code in codes:
        if code in ("UBND", "UB", "CTUBND", "UBT"):
            return "Ủy ban nhân dân"
        if code == "HĐND":
            return "Hội đồng nhân dân"
        if code == "TU":
            return "Tỉnh ủy"
        if code == "TW":
            return "Trung ương Đảng"
    return None


# --- provinces ------------------------------------------------------------------------------------


@cache
def _provinces() -> re.Pattern[str]:
    names = sorted(grammar().provinces, key=len, reverse=True)
    return re.compile(r"(?<![a-z])(?:{})(?![a-z])".format("|".join(map(re.escape, names))))


def province_in(words: str) -> str | None:
    """Returns the first province that words name, or None. The longest name wins: "Bà Rịa - Vũng Tàu" before "Vũng Tàu"."""
    match = _provinces().search(squeeze(re.sub(r"[^a-z0-9 -]", " ", fold(words))))
    return grammar().provinces[match[0]] if match else None


def province_kind(province: str, on: date | None) -> str:
    """Returns "tỉnh" or "thành phố", as the province was on that day. If `on` is None, the kind that it had for the longest time."""
    rows_of = [unit for unit in units().values() if unit.name == province and unit.kind in ("province", "city")]
    if on is not None:
        rows_of = [unit for unit in rows_of if (unit.valid_from or date.min) <= on <= (unit.valid_to or date.max)] or rows_of
    longest = max(rows_of, key=lambda unit: (unit.valid_to or date.max) - (unit.valid_from or date.min), default=None)
    return "thành phố" if longest is not None and longest.kind == "city" else "tỉnh"


# --- from words -----------------------------------------------------------------------------------

_W = r"\s{1,4}"
_CAPITAL = r"[A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴÐ]"
_NAME_WORD = rf"{_CAPITAL}[\w'’]{{0,12}}"
_PROPER = rf"{_NAME_WORD}(?:(?:{_W}|{_W}?[-–]{_W}?){_NAME_WORD}){{0,3}}"
_LEVEL = r"(?:[Tt]ỉnh|[Tt]hành phố|TP\.?|Tp\.?|[Hh]uyện|[Qq]uận|[Tt]hị xã|TX\.?|[Tt]hị trấn|[Xx]ã|[Pp]hường|[Tt]hủ đô|đặc khu)"
_OFFICE = (
    r"(?:(?:Phó|Quyền|Q\.|nguyên)\s+)?(?:Bộ trưởng|Thứ trưởng|Chủ tịch|Giám đốc|Tổng Giám đốc|Tổng giám đốc|Cục trưởng|Tổng cục trưởng|Chánh án|Viện trưởng|Thống đốc|Tổng Thanh tra|Trưởng ban|Trưởng Ban|"
    r"Chánh Thanh tra|Chánh thanh tra|Bí thư|Chánh Văn phòng|Chánh văn phòng|Tổng Kiểm toán|Hiệu trưởng|Trưởng phòng|Trưởng Phòng|Chủ nhiệm|Chi cục trưởng|Cục phó|Vụ trưởng)"
)


@cache
def _stop() -> re.Pattern[str]:
    """Returns a pattern for what ends an unknown name: a word of `stops`, a mark, or a dash without a capital after it."""
    words = "|".join(re.escape(word).replace(r"\ ", _W) for word in grammar().bodies["stops"])
    return re.compile(rf"{_W}(?:{words})(?!\w)|[,;:.()\[\]“”\"\n?!]|\s[-–—]\s(?!{_CAPITAL})")


def _alternatives(names: Sequence[str]) -> str:
    """Returns a pattern for names, the longest first. All names must begin with a capital."""
    patterns = (re.escape(name).replace(",", r"\s?,?").replace(r"\ ", _W) for name in sorted(set(names), key=len, reverse=True))
    return by_first_letter((pattern[0], pattern[1:]) for pattern in patterns)


def _both_tones(names: Sequence[str]) -> list[str]:
    return [*names, *(name.replace("ủy", "uỷ").replace("Ủy", "Uỷ").replace("òa", "oà").replace("óa", "oá") for name in names)]


_BEGINS_BODY = rf"{_CAPITAL[1:-1]}n"  # names of bodies begin with a capital, some office holders with "nguyên"


@cache
def _grammar_of_bodies() -> dict[str, re.Pattern[str]]:
    data: Any = grammar().bodies
    ministries = [
        name
        for row in rows("issuers")
        if row["level"] in ("ministry", "ministerial", "government-agency", "judicial", "state", "mass-organisation")
        for name in (row["name_vi"], *split(row["aliases"]))
        if "(" not in name and " " in name and name[0].isupper() and "/" not in name and name not in ("Bộ CT",)
    ]
    local = {variant: full for full, variants in data["local"].items() for variant in _both_tones([full, *variants])}
    names = _both_tones([*data["names"], *ministries])
    abbreviated = "|".join(f"(?:{pattern})" for pattern in data["abbreviations"])
    heads = _alternatives(_both_tones([*data["heads"]]))
    fields = _field_pattern()
    return {
        # Capitals inside a name vary (Ban chấp hành). The caller checks the first letter.
        "known": re.compile(
            rf"(?:{_alternatives(names)}|(?:Phó{_W})?Thủ{_W}tướng(?:{_W}Chính{_W}phủ)?|TTg|NHNN(?:{_W}(?:Việt{_W}Nam|VN))?)(?!\w)",
            re.IGNORECASE,
        ),
        "local": re.compile(rf"(?P<body>{_alternatives(list(local))})(?!\w)"),
        "field": re.compile(rf"(?:{heads}){_W}(?:{fields}|{abbreviated})(?!\w)"),
        "head": re.compile(rf"(?:{heads})(?!\w)"),
        "any": re.compile(
            rf"(?=[{_BEGINS_BODY}])(?<!\w)(?:{_OFFICE}{_W}(?=\S))?(?:{_alternatives([*local, *names])}|(?:Phó{_W})?Thủ{_W}tướng|TTg|NHNN|{heads})(?!\w)|(?<!\w)Trưởng{_W}(?:[Bb]an|[Pp]hòng){_W}(?={_CAPITAL})"
        ),
    }


_HOLDER = re.compile(rf"{_OFFICE}{_W}(?={_CAPITAL})")
_PLACE = re.compile(rf"{_W}(?P<level>{_LEVEL})(?:{_W}(?P<name>{_PROPER}|\d{{1,2}}(?!\d)))?")
_BARE_PLACE = re.compile(rf"{_W}(?P<name>{_PROPER})")
# Offices that each province has. The place after the name, or the site, decides which one is meant.
_LOCAL_HEADS = (
    "Sở ", "Phòng ", "Ban Quản lý", "Ban Chỉ đạo", "Ban chỉ đạo", "Công an ", "Chi cục ", "Thanh tra Sở", "Thanh tra tỉnh", "Trung tâm", "Bệnh viện", "Trường ", "Cục Thuế", "Cục thuế", "Cục Hải quan",
    "Cục Thống kê", "Kho bạc Nhà nước", "Bảo hiểm xã hội", "BHXH", "Tòa án nhân dân", "TAND", "Viện kiểm sát", "VKSND", "Bưu điện", "Ban Tổ chức Tỉnh", "Ban Tuyên giáo T", "Liên đoàn Lao động", "Tỉnh đoàn", "Thành đoàn", "Hội ", "Mặt trận",
)  # fmt: skip
_OWN_ABBREVIATION = re.compile(r"\s{0,2}\([A-ZĐ&.-]{2,12}\)")  # "Sở Thông tin và Truyền thông (TT&TT) Hà Nội"
_SAIGON = re.compile(r"\s{1,4}(?:TP|Tp|tp)\.?\s{0,2}HCM(?!\w)")


def body_at(words: str, at: int) -> Body | None:
    """Returns the body whose name begins at `at`, including its office holder. Returns None if there is none."""
    grammar_of = _grammar_of_bodies()
    start = at
    if (whole := grammar_of["known"].match(words, at)) is not None and whole[0].startswith("Chủ tịch"):
        return Body(full_name(whole[0]), start, whole.end())
    holder = _HOLDER.match(words, at)
    if holder is not None and (organ := _organ_of(words, holder)) is not None:
        return organ
    if holder is not None:
        if re.match(r"(?:Phó\s+)?Thủ tướng|Thống đốc", holder[0]) is None and grammar_of["any"].match(words, holder.end()):
            at = holder.end()
        elif (office := re.match(r"(?:Bộ trưởng|Thứ trưởng)", holder[0])) is not None:
            field = _field_names().match(words, holder.end())
            if field is not None and office:
                return Body(full_name("Bộ " + field[0]), start, field.end())
    if (match := grammar_of["local"].match(words, at)) is not None:
        return _local(words, start, match)
    if not words[at : at + 1].isupper():
        return None
    known, field = grammar_of["known"].match(words, at), grammar_of["field"].match(words, at)
    if known is not None and (field is None or known.end() >= field.end()):
        return Body(full_name(known[0]), start, known.end())
    if field is not None:
        return _placed(words, start, at, field.end())
    head = grammar_of["head"].match(words, at)
    if head is None:
        return None
    stop = _stop().search(words, head.end())
    end = stop.start() if stop else len(words)
    end = min(end, _after_syllables(words, at, 16))
    if end <= head.end() and not head[0].startswith(_COMPLETE_HEADS):
        return None
    end -= len(words[at:end]) - len(_TRAILING.sub("", words[at:end]))
    return _placed(words, start, at, end, place_inside=True)


# Heads that name a body of a place without more words.
_COMPLETE_HEADS = ("Công an", "Quân khu", "Tỉnh đoàn", "Thành đoàn", "Huyện đoàn", "Quận đoàn", "Thị đoàn")
# Office holders whose title names an organ. The organ is part of the body that follows.
_ORGANS = (
    (re.compile(r"(?:Phó\s+)?Chánh [Tt]hanh tra\s"), "Thanh tra"),
    (re.compile(r"(?:Phó\s+)?Chánh [Vv]ăn phòng\s"), "Văn phòng"),
    (re.compile(r"(?:Phó\s+)?Trưởng [Bb]an\s"), "Ban"),
    (re.compile(r"(?:Phó\s+)?Trưởng [Pp]hòng\s"), "Phòng"),
)


def _organ_of(words: str, holder: re.Match[str]) -> Body | None:
    """Returns the organ of its head: "Chánh Thanh tra Sở Xây dựng" gives "Thanh tra Sở Xây dựng". Returns None for other office holders."""
    for title, organ in _ORGANS:
        if title.match(holder[0]) is None:
            continue
        if words.startswith(organ, holder.end()):
            return None  # "Trưởng ban Ban Tuyên giáo": the organ is written too
        whole = f"{organ} {words[holder.end() : holder.end() + 200]}"
        if organ in ("Thanh tra", "Văn phòng"):
            inner = body_at(whole, len(organ) + 1)
            body = replace(inner, name=f"{organ} {inner.name}") if inner is not None else None
        else:
            body = body_at(whole, 0)
        shift = holder.end() - len(organ) - 1
        return replace(body, start=holder.start(), end=body.end + shift) if body is not None else None
    return None


_TRAILING = re.compile(r"\s+(?:và|của|với|các)\s*$")


def _after_syllables(words: str, at: int, count: int) -> int:
    end = at
    for number, match in enumerate(re.finditer(r"\S+", words[at : at + 200])):
        if number == count:
            break
        end = at + match.end()
    return end


_OUTER_PLACE = re.compile(rf"\s?,?{_W}(?:(?P<level>huyện|quận|thị xã|tỉnh|thành phố|TP\.?){_W})?(?P<name>{_PROPER})")


def _local(words: str, start: int, match: re.Match[str]) -> Body:
    """Returns a people's committee, a council or a Party committee, with its level and place if they are written."""
    data = grammar().bodies["local"]
    written = place_tone(squeeze(match["body"]))
    full = next(
        (name for name, variants in data.items() if written == name or written in map(place_tone, variants)),
        written,
    )
    end = match.end()
    if (saigon := _SAIGON.match(words, end)) is not None:
        name = "Hồ Chí Minh"
        shown = f"{full} thành phố {name}" if full.endswith("nhân dân") else f"{_party(full, name)} {name}"
        return Body(shown, start, saigon.end(), name, local=True)
    place = _PLACE.match(words, end)
    if (
        place is not None
        and place["level"].lower() not in ("tỉnh", "thành phố", "tp", "tp.", "thủ đô")
        and place["name"]
        and _is_person(place["name"], words, start, match)
    ):
        place = None
    if place is None:
        bare = _BARE_PLACE.match(words, end)
        if bare is not None and (province := _whole_province(bare["name"])) is not None:
            name, length = province
            shown = (
                f"{full} {_level_word(name)} {name}" if full in ("Ủy ban nhân dân", "Hội đồng nhân dân") else f"{_party(full, name)} {name}"
            )
            return Body(shown, start, bare.start("name") + length, name, local=True)
        if full.endswith("ủy") and bare is not None and full != "Tỉnh ủy" and not _is_person(bare["name"], words, start, match):
            return Body(f"{full} {bare['name']}", start, bare.end(), province_in(bare["name"]), local=True)
        return Body(full, start, end, local=True)
    level = _level(place["level"])
    if place["name"] is None:
        return Body(f"{full} {level}" if full.endswith("nhân dân") else full, start, place.end("level"), local=True)
    name, end = place["name"], place.end()
    if level in ("tỉnh", "thành phố"):
        if (province := _whole_province(name)) is not None:
            name, length = province
            end = place.start("name") + length
            return Body(
                f"{full} {level} {name}" if full.endswith("nhân dân") else f"{_party(full, name)} {name}", start, end, name, local=True
            )
        if _is_person(name, words, start, match) or level == "tỉnh":
            return Body(f"{full} {level}" if full.endswith("nhân dân") else full, start, place.end("level"), local=True)
    if match.start() > start:
        end -= len(name) - len(_without_person(name))
        name = _without_person(name)
    shown = f"{full} {level} {squeeze(name)}"
    outer = _OUTER_PLACE.match(words, end)
    if outer is not None and (outer["level"] or _whole_province(outer["name"])):
        province = _whole_province(outer["name"])
        if province is not None:
            return Body(
                f"{shown}, {_level(outer['level']) if outer['level'] else _level_word(province[0])} {province[0]}"
                if outer["level"]
                else shown,
                start,
                outer.end(),
                province[0],
                local=True,
            )
        if outer["level"] and outer["level"] not in ("tỉnh",):
            shown, end = f"{shown}, {_level(outer['level'])} {squeeze(outer['name'])}", outer.end()
    return Body(shown, start, end, None, local=True)


def _level(written: str) -> str:
    level = squeeze(written).lower().rstrip(".")
    return {"tp": "thành phố", "tx": "thị xã"}.get(level, level)


def _level_word(province: str) -> str:
    return province_kind(province, None)


def _party(full: str, province: str) -> str:
    return ("Thành ủy" if _level_word(province) == "thành phố" else "Tỉnh ủy") if full in ("Tỉnh ủy", "Thành ủy") else full


def _whole_province(name: str) -> tuple[str, int] | None:
    """Returns the province at the beginning of a proper name, and its length in characters. Returns None if there is none."""
    words = list(re.finditer(r"[\w'’]+|[-–]", name))
    for count in range(len(words), 0, -1):
        piece = name[: words[count - 1].end()]
        province = grammar().provinces.get(re.sub(r"[^a-z0-9 -]", "", squeeze(fold(piece)).replace("–", "-")))
        if province is not None:
            return province, len(piece)
    return None


def _without_person(name: str) -> str:
    """Returns the name of a place without the office holder after it: "Đông Hà Phạm Văn" gives "Đông Hà"."""
    words = name.split()
    for at in range(1, len(words) - 1):
        if words[at] in grammar().bodies["surnames"] and _whole_province(name) is None:
            return " ".join(words[:at])
    return name


def _is_person(name: str, words: str, start: int, match: re.Match[str]) -> bool:
    """Returns whether the capitals after a body are its office holder: "Chủ tịch UBND huyện Nguyễn Văn A"."""
    parts = name.split()
    return (
        len(parts) >= 2
        and parts[0] in grammar().bodies["surnames"]
        and (len(parts) >= 3 or match.start() > start)
        and _whole_province(name) is None
    )


def _placed(words: str, start: int, at: int, end: int, *, place_inside: bool = False) -> Body:
    """Returns a department or another body with the place after its name."""
    name = words[at:end]
    province = None
    if (bracket := _OWN_ABBREVIATION.match(words, end)) is not None:
        end = bracket.end()
    place = _PLACE.match(words, end)
    local = name.startswith(_LOCAL_HEADS) or name.endswith(("Tỉnh ủy", "Thành ủy", "Tỉnh uỷ", "Thành uỷ", " tỉnh", " thành phố"))
    if place is not None and place["name"]:
        level = _level(place["level"])
        found = _whole_province(place["name"])
        if found is not None and level in ("tỉnh", "thành phố"):
            province = found[0]
            return Body(full_name(f"{name} {level} {province}"), start, place.start("name") + found[1], province, local=True)
        if level not in ("tỉnh",):
            return Body(full_name(f"{name} {level} {squeeze(place['name'])}"), start, place.end(), None, local=True)
    elif place is not None:
        return Body(
            full_name(f"{name} {_level(place['level'])}") if name.startswith("Công an") else full_name(name),
            start,
            place.end(),
            None,
            local=True,
        )
    if local and (saigon := _SAIGON.match(words, end)) is not None:
        return Body(full_name(f"{name} thành phố Hồ Chí Minh"), start, saigon.end(), "Hồ Chí Minh", local=True)
    bare = _BARE_PLACE.match(words, end)
    if local and bare is not None:
        found = _whole_province(bare["name"])
        if found is not None:
            return Body(full_name(f"{name} {found[0]}"), start, bare.start("name") + found[1], found[0], local=True)
    if place_inside:
        province = province_in(name) if local or re.search(r"\b(?:tỉnh|thành phố)\s", name) else None
    return Body(full_name(name), start, end, province, local=local)


def central_body_at(words: str, at: int) -> Body | None:
    """Returns the central body with a known name that begins at `at`, or None."""
    known = _grammar_of_bodies()["known"].match(words, at)
    return Body(full_name(known[0]), at, known.end()) if known is not None and known[0][:1].isupper() else None


def bodies_of(words: str, *, of: CitedSpan | None = None) -> tuple[Body, ...]:
    """Returns the bodies at the beginning of words, joined by commas and "và".
    `of`: the document that they issued, if known. If only one body can have issued it, bodies after the first comma are the subject of the
    verb that follows: "của Sở Công Thương, Sở Xây dựng cung cấp danh sách".
    """
    found: list[Body] = []
    words = _without_capitals(words)
    at = len(words) - len(words.lstrip())
    while True:
        body = body_at(words, at)
        if body is None:
            break
        found.append(body)
        more = _MORE_BODIES.match(words, body.end)
        if more is None:
            break
        at = more.end()
    if len(found) > 1:
        comma = "," in words[found[0].end : found[1].start]
        if comma and of is not None and not _is_joint(of) and _OWN_CLAUSE.match(words, found[-1].end):
            return (found[0],)
        if _ACTS.match(words, found[-1].end):
            found.pop()  # "của UBND tỉnh, HĐND tỉnh đã ban hành ...": another clause
    return tuple(found)


_CAPITAL_BODY = re.compile(
    r"\s*(?P<body>UBND|HĐND|[ỦU][YỶ] BAN NHÂN DÂN|HỘI ĐỒNG NHÂN DÂN)\s(?P<level>TỈNH|THÀNH PHỐ|TP\.?|HUYỆN|QUẬN|THỊ XÃ|THỊ TRẤN|XÃ|PHƯỜNG)(?P<name>(?:\s[^\W\d_]+){1,5})"
)


def _without_capitals(words: str) -> str:
    """Returns words with the first body in normal letters, if it is in capitals as in a heading: "UBND HUYỆN ANH SƠN VỀ VIỆC ..."."""
    match = _CAPITAL_BODY.match(words)
    if match is None or not match["name"].strip().isupper():
        return words
    body = match["body"] if len(match["body"]) < 5 else match["body"].capitalize().replace("uỷ", "ủy").replace("Uỷ", "Ủy")
    stop = _stop().search(match["name"].lower())
    length = stop.start() if stop is not None else len(match["name"])
    name = match["name"][:length].title() + match["name"][length:].lower()
    return words[: match.start("body")] + body + words[match.end("body")] + match["level"].lower() + name + words[match.end() :]


def body_in_capitals(words: str) -> Body | None:
    """The body that words in capitals name, and nothing besides: "UBND HUYỆN QUỲ CHÂU", "SỞ THÔNG TIN VÀ TRUYỀN THÔNG"; else None."""
    head, _, rest = words.partition(" ")
    field = _field_keys().get(_field_key(rest)) if head in ("SỞ", "BỘ", "PHÒNG") else None
    usual = f"{head.capitalize()} {field}" if field is not None else _without_capitals(words)
    body = body_at(usual, 0)
    return body if body is not None and body.end == len(usual) else None


def _is_joint(one: CitedSpan) -> bool:
    """Returns whether several bodies can have issued a document, by its type or its codes."""
    return one.doc_type.endswith("liên tịch") or any(code == "TW" or JOINT_MARK.match(code) for code in one.codes)


# A small word that can only belong to a predicate. Words that can also follow an issuer are excluded.
_OWN_CLAUSE = re.compile(rf"\s{{1,3}}(?!(?:về|v/v|ngày|và|năm|khóa|khoá|tại|trong|theo|do|có hiệu lực)(?!\w))[{SMALL}]")
_MORE_BODIES = re.compile(
    r"\s{0,3}[,;]\s{0,3}(?=\S)|\s[-–]\s(?=(?:Bộ|Ủy ban|Ngân hàng|Tòa án|Viện|Tổng|Thanh tra)\s)|\s{1,3}(?:và|phối hợp với)\s{1,3}(?:của\s{1,3})?"
)
_ACTS = re.compile(r"\s{1,3}(?:đã|vừa|mới|sẽ|ban hành|ký|ra|có|phê duyệt|tổ chức|xây dựng|tiến hành|triển khai)(?!\w)")


# Between a subject and its verb: an abbreviation, the name of the office holder, adverbs.
_BEHIND_SUBJECT = re.compile(
    rf"(?:\s{{0,3}}\([^()]{{1,40}}\))?(?:\s{{0,3}}\(?(?:{_NAME_WORD}\s{{0,3}}){{0,5}}\)?\s{{0,3}},?\s{{0,3}})?(?:\s{{0,3}}(?:đã|vừa|mới|cũng|tiếp tục|chính thức|kịp thời|sẽ)\s{{0,3}})*"
)


def last_body(words: str) -> Body | None:
    """Returns the body at the end of words, as the subject of a verb. The name of its office holder may follow it. Returns None if there
    is none.
    """
    for match in reversed(list(_grammar_of_bodies()["any"].finditer(words))):
        body = body_at(words, match.start())
        if body is None or body.end > len(words):
            continue
        rest = words[body.end :]
        if _BEHIND_SUBJECT.fullmatch(rest):
            outer = _outer(words, body)
            return outer or body
    return None


# A place as the name of its committee or council: "Kế hoạch số 31/KH-UBND của huyện Anh Sơn".
_LEVELS_BELOW = r"(?:[Hh]uyện|[Qq]uận|[Tt]hị xã|TX\.?|[Tt]hị trấn|[Xx]ã|[Pp]hường|[Đđ]ặc khu)"
_PLACE_ALONE = re.compile(rf"(?:{_LEVELS_BELOW}|[Tt]ỉnh|[Tt]hành phố|TP\.?|Tp\.?){_W}?{_NAME_WORD}|{_LEVELS_BELOW}(?!\w)")
PLACE_SUBJECT = re.compile(rf"(?:{_LEVELS_BELOW}|[Tt]ỉnh|[Tt]hành phố|TP\.?|Tp\.?){_W}{_NAME_WORD}")
_COMMITTEE = "UBND "
_OFFICE_OF = re.compile(rf"(?:(?:{_OFFICE}|[Ll]ãnh đạo){_W})?Sở(?!{_W}{_CAPITAL})(?!\w)")
_ADVERBS = r"(?:\s{0,3}(?:đã|vừa|mới|cũng|tiếp tục|chính thức|kịp thời|sẽ)(?!\w)\s{0,3})*"
_LAST_PLACE = re.compile(
    rf"(?<!\w)(?P<place>(?:{_LEVELS_BELOW}|[Tt]ỉnh|[Tt]hành phố|TP\.?|Tp\.?){_W}{_PROPER}|(?:{_LEVELS_BELOW})|(?:{_OFFICE}{_W})?Sở){_ADVERBS}\s{{0,3}}$"
)


def partial_body_at(words: str, at: int) -> Body | None:
    """Returns the place, or the "Sở" without its field, that begins at `at`. The code of the number must decide which body is meant.
    Returns None if there is none.
    """
    if (office := _OFFICE_OF.match(words, at)) is not None:
        return Body("Sở", at, office.end(), local=True, partial=True)
    if _PLACE_ALONE.match(words, at) is None:
        return None
    body = body_at(_COMMITTEE + words[at : at + 120], 0)
    if body is None or body.end <= len(_COMMITTEE):
        return None
    return replace(body, start=at, end=at + body.end - len(_COMMITTEE), partial=True)


def last_partial_body(words: str) -> Body | None:
    """Returns the same at the end of words, as the subject of a verb: "Huyện Anh Sơn vừa"."""
    match = _LAST_PLACE.search(words, max(0, len(words) - 90))
    return partial_body_at(words, match.start("place")) if match is not None else None


def whole_body(partial: Body, codes: Sequence[str]) -> Body | None:
    """Returns the body that a place, or "Sở", means according to the codes of a number. Returns None if the codes name no body of it.
    >>> whole_body(Body("Ủy ban nhân dân huyện Anh Sơn", 0, 9, local=True, partial=True), ["NQ", "HĐND"]).name
    'Hội đồng nhân dân huyện Anh Sơn'
    """
    if partial.name == "Sở":
        name = next((_departments()[code] for code in codes if code in _departments()), None)
        return replace(partial, name=name, partial=False) if name is not None else None
    place = partial.name.removeprefix("Ủy ban nhân dân ")
    default = local_default(codes)
    if default is not None and default.endswith("nhân dân"):
        return replace(partial, name=f"{default} {place}", partial=False)
    party = {"HU": "Huyện ủy", "QU": "Quận ủy", "ĐU": "Đảng ủy", "TU": "Thành ủy" if place.startswith("thành phố") else "Tỉnh ủy"}
    organ = next((party[code] for code in codes if code in party), None)
    if organ is None:
        return None
    name = place if organ == "Đảng ủy" else re.sub(r"^(?:huyện|quận|tỉnh|thành phố|thị xã)\s", "", place)
    return replace(partial, name=f"{organ} {name}", partial=False)


@cache
def _departments() -> dict[str, str]:
    """Returns the departments of a province by their code: STTTT is "Sở Thông tin và Truyền thông". A code of two departments is left
    out.
    """
    found: dict[str, set[str]] = {}
    for name in _field_keys().values():
        if (code := "S" + initials(name)) in grammar().local_codes:
            found.setdefault(code, set()).add(f"Sở {name}")
    return {code: names.pop() for code, names in found.items() if len(names) == 1}


def initials(name: str) -> str:
    """Returns the first letters of the words of a name, as codes are formed. "và" has none.
    >>> initials("Ban Quản lý vịnh Hạ Long")
    'BQLVHL'
    """
    letters = [word if word.isupper() and len(word) > 1 else word[0] for word in re.findall(r"[^\W\d_]+", name) if word.lower() != "và"]
    return "".join(letters).upper()


def _outer(words: str, body: Body) -> Body | None:
    """Returns the body whose name contains this one, or None: "Ban Thường vụ Tỉnh ủy", "Văn phòng UBND tỉnh"."""
    for match in _grammar_of_bodies()["any"].finditer(words, max(0, body.start - 60), body.start):
        outer = body_at(words, match.start())
        if outer is not None and outer.end >= len(words[: body.end].rstrip()):
            return outer
    return None


def _field_key(name: str) -> str:
    return " ".join(word for word in re.findall(r"[a-z]+", fold(name)) if word != "va")


@cache
def _field_keys() -> dict[str, str]:
    """Returns the fields by their key. Names that differ only in "và", "&", dashes and commas get the spelling of the first in the list."""
    keys: dict[str, str] = {}
    for name in grammar().bodies["fields"]:
        keys.setdefault(_field_key(name), name)
    return keys


@cache
def _field_names() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_field_pattern()})(?!\w)")


def _field_pattern() -> str:
    """Returns a pattern for fields with every way to join their parts: "Giáo dục và Đào tạo", "Giáo dục & Đào tạo", "Giáo dục - Đào
    tạo".
    """
    joint = r"(?:\s?,?\s?(?:và|&|[-–])\s?|\s?,\s?|\s)"
    parts = [re.split(r"\s+(?:và|&|-)\s+|,\s+", name) for name in grammar().bodies["fields"]]
    patterns = [joint.join(re.escape(part).replace(r"\ ", _W) for part in split_name) for split_name in parts]
    return "|".join(sorted(set(_both_tones(patterns)), key=len, reverse=True))


@cache
def _usual_capitals() -> dict[str, str]:
    """Returns names of bodies by their form in capitals, as in headings."""
    return {place_tone(name).upper(): name for name in grammar().bodies["names"] if not name.isupper()}


@cache
def _abbreviations() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(rf"(?<!\w)(?:{pattern})(?!\w)"), full) for pattern, full in grammar().bodies["abbreviations"].items())


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
    if text.startswith(("Thống đốc", "NHNN", "Ngân hàng Nhà nước", "Ngân hàng nhà nước")) and "chi nhánh" not in text.lower():
        return "Ngân hàng Nhà nước Việt Nam"
    for pattern, spelt in _abbreviations():
        text = pattern.sub(spelt, text)
    text = _field_names().sub(lambda match: _field_keys()[_field_key(match[0])], text)
    text = re.sub(r"\s+kh(?:óa|oá)\s.*$", "", squeeze(text))
    if re.match(r"Ban [Cc]hấp hành Trung ương", text):
        return "Ban Chấp hành Trung ương Đảng"
    return place_tone(text)
