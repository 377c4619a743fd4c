"""Parses the body whose name begins at a place of a text: "Sở Thông tin và Truyền thông Hà Nội", "Chánh Thanh tra Bộ Y tế"."""

from __future__ import annotations

import re
from dataclasses import replace

from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.loader import grammar
from scraper.citations.grammar.word_groups import words_of
from scraper.citations.issuers.full_names import full_name
from scraper.citations.issuers.issuer import Issuer
from scraper.citations.issuers.issuer_patterns import (
    BARE_PLACE,
    BELOW,
    BRANCH,
    CHAIR_OF_PLACE,
    HOLDER,
    NAME_WORD,
    OF_PROVINCE,
    OWN_ABBREVIATION,
    PERSON,
    PLACE,
    PROPER,
    SAIGON,
    SURNAMES,
    W,
    central_name_at,
    issuer_name_ends,
    issuer_patterns,
    local_name_at,
)
from scraper.citations.issuers.local_issuers import in_outer_place, local_issuer, local_level_of
from scraper.citations.issuers.provinces import leading_province, province_in
from scraper.text import squeeze

_LOCAL = words_of("bodies", "of_each_province")


def issuer_at(words: str, at: int) -> Issuer | None:
    """Returns the body whose name begins at `at`, including its office holder. Returns None if there is none."""
    if words.startswith("Chủ tịch", at) and (whole := central_name_at(words, at)) is not None:
        return Issuer(full_name(whole[0]), at, whole.end())
    if (chair := CHAIR_OF_PLACE.match(words, at)) is not None:
        return _committee_of(words, at, chair.end())
    holder = HOLDER.match(words, at)
    if holder is None:
        return _named(words, at, at)
    if (organ := _organ_of(words, holder)) is not None:
        return organ
    if issuer_patterns()["any"].match(words, holder.end()):
        return _named(words, at, holder.end())
    if holder[0].startswith(("Bộ trưởng", "Thứ trưởng")) and (field := issuer_patterns()["subject"].match(words, holder.end())) is not None:
        return Issuer(full_name("Bộ " + field[0]), at, field.end())
    return None  # "Bộ trưởng Nguyễn Văn An": no body is named


def _committee_of(words: str, start: int, at: int) -> Issuer | None:
    """Returns the committee of the place that follows "Chủ tịch" (`start` to `at`): "chủ tịch xã Duy Minh"."""
    whole = _CHAIR + words[at : at + 120]
    issuer = issuer_at(whole, 0)
    return replace(issuer, start=start, end=issuer.end - len(_CHAIR) + at) if issuer is not None else None


_CHAIR = "Chủ tịch UBND"


def _named(words: str, start: int, at: int) -> Issuer | None:
    """Returns the body whose own name begins at `at`, or None. `start`: where its office holder begins."""
    if (match := local_name_at(words, at)) is not None:
        return local_issuer(words, start, match)
    if not words[at : at + 1].isupper():
        return None
    known, field = central_name_at(words, at), issuer_patterns()["field"].match(words, at)
    if (
        known is not None
        and (field is None or known.end() >= field.end())
        and not BRANCH.match(words, known.end())
        and not _OF_ASSOCIATION.match(words, known.end())
        and not (known[0].startswith("Thanh tra") and PLACE.match(words, known.end()))
    ):
        if known[0].startswith(_LOCAL) and (placed := _placed(words, start, at, known.end())).end > known.end():
            return placed  # "Kho bạc Nhà nước Nghệ An"
        return Issuer(full_name(known[0]), start, known.end())
    if field is not None and not (words.startswith(_NAMED_FURTHER, at) and _GOES_ON.match(words, field.end()) is not None):
        return _placed(words, start, at, field.end())
    head = issuer_patterns()["head"].match(words, at)
    if head is not None and head[0] in ("Văn phòng", "VP") and (office := _office_of_committees(words, start, head)) is not None:
        return office
    end = _end_of_unknown(words, at, head) if head is not None else None
    return _placed(words, start, at, end, place_inside=True) if end is not None else None


# Before the last committee of one office: "Văn phòng HĐND và UBND huyện Nam Đàn", "Văn phòng Đoàn ĐBQH, HĐND và UBND tỉnh".
_AND = rf"(?:,|{W}và|{W}?[-–&]){W}?"
_MORE_OF_OFFICE = late_pattern(
    rf"{W}(?P<more>(?:Đoàn{W}(?:ĐBQH|đại{W}biểu{W}Quốc{W}hội){_AND})?(?:(?:HĐND|Hội{W}đồng{W}nhân{W}dân){_AND})?)(?=UBND|[ỦU]y{W}ban|HĐND|Hội{W}đồng)"
)


def _office_of_committees(words: str, start: int, head: re.Match[str]) -> Issuer | None:
    """Returns the office of one or several committees: "Văn phòng UBND tỉnh". `head`: the word "Văn phòng". Returns None for another office."""
    before = _MORE_OF_OFFICE.match(words, head.end())
    at = before.end() if before is not None else head.end() + 1
    inner = local_name_at(words, at)
    if inner is None:
        return None
    whole = local_issuer(words, at, inner)
    name = f"{head[0]} {whole.name}"
    if before is not None and before["more"]:
        name = full_name(f"{head[0]} {before['more']}{whole.name}")
    return replace(whole, name=name, start=start)


# "Cục Văn hóa cơ sở", "Cục Công Thương địa phương": the name of an office goes on after the field of a ministry.
_NAMED_FURTHER = ("Cục ", "Vụ ")
_GOES_ON = late_pattern(rf"{W}(?:cơ{W}sở|địa{W}phương|số|quốc{W}tế|xã{W}hội|dân{W}sự|đối{W}ngoại)(?!\w)")
_OF_ASSOCIATION = late_pattern(rf"(?<=[Tt]rung ương){W}(?:Hội|Đoàn|Công đoàn|Liên đoàn)(?!\w)")  # "Ban Chấp hành Trung ương Hội Luật gia"


def _end_of_unknown(words: str, at: int, head: re.Match[str]) -> int | None:
    """Returns the end of a name that is not in the list. It begins at `at` with a word like "Ban". Returns None if only the head is there."""
    if head[0] in _BY_SUBJECT and _PERSON.match(words, head.end()) is not None:
        return None
    after = _QUOTED.match(words, head.end())
    begin = after.end() if after is not None else at
    ended = issuer_name_ends().search(words, max(begin, head.end()))
    end = min(ended.start() if ended else len(words), _after_syllables(words, begin, 16))
    if (person := _PERSON_OF_PLACE.match(words[:end], head.end())) is not None:
        end = person.end()
    if head[0] == "Đội" and (number := _NUMBER_OF_UNIT.match(words, end)) is not None:
        end = number.end()
    if end <= head.end() and not head[0].startswith(_COMPLETE):
        return None
    return end - (len(words[at:end]) - len(_TRAILING.sub("", words[at:end])))


_QUOTED = late_pattern(
    rf"(?:{W}[Cc]hỉ{W}đạo)?(?:{W}[Cc]uộc{W}vận{W}động)?{W}[\"“](?=[^\W\d_a-zà-ỹ])[^\"”\n]{{3,80}}[\"”]"
)  # 'Ban chỉ đạo "Năm văn minh đô thị"'
_NUMBER_OF_UNIT = late_pattern(rf"{W}số{W}\d{{1,2}}(?![\w/-])")  # "Đội Quản lý thị trường số 5"
_COMPLETE = words_of("bodies", "complete")
_BY_SUBJECT = frozenset(words_of("bodies", "named_by_subject"))
_PERSON = late_pattern(rf"{W}{PERSON}")


def _organ_of(words: str, holder: re.Match[str]) -> Issuer | None:
    """Returns the organ of its head: "Chánh Thanh tra Sở Xây dựng" gives "Thanh tra Sở Xây dựng". Returns None for other office holders."""
    organs: dict[str, str] = grammar().bodies["organs"]
    organ = organs.get(squeeze(holder[0]).lower().removeprefix("phó ").removesuffix(" thường trực"))
    if organ is None or words.startswith(organ, holder.end()):
        return None  # in "Trưởng ban Ban Tuyên giáo" the organ is written too
    whole = f"{organ} {words[holder.end() : holder.end() + 200]}"
    if organ in ("Thanh tra", "Văn phòng"):
        inner = issuer_at(whole, len(organ) + 1)
        issuer = replace(inner, name=f"{organ} {inner.name}") if inner is not None else None
    else:
        issuer = issuer_at(whole, 0)
    shift = holder.end() - len(organ) - 1
    return replace(issuer, start=holder.start(), end=issuer.end + shift) if issuer is not None else None


# "Thanh tra tỉnh Gia Lai Trần Minh Hòa": after a place, the name of a person is that of the office holder.
_PERSON_OF_PLACE = late_pattern(rf"{W}(?:{OF_PROVINCE}|{BELOW})(?:{W}{NAME_WORD}){{1,3}}?(?={W}(?:{SURNAMES})(?:{W}{NAME_WORD}){{2,3}}$)")
_TRAILING = late_pattern(r"(?:\s+(?:và|của|với|các))?\s*$")


def _after_syllables(words: str, at: int, count: int) -> int:
    end = at
    for number, match in enumerate(re.finditer(r"\S+", words[at : at + 200])):
        if number == count:
            break
        end = at + match.end()
    return end


def _placed(words: str, start: int, at: int, end: int, *, place_inside: bool = False) -> Issuer:
    """Returns a department or another body with the place after its name."""
    if words.startswith(" Việt Nam", end):
        end += len(" Việt Nam")  # "Tập đoàn Bưu chính, Viễn thông Việt Nam"
    name = words[at:end]
    national = name.endswith(" Việt Nam")  # "Hội Nhà báo Việt Nam"; each province has a "Hội Nhà báo"
    province = None
    if (bracket := OWN_ABBREVIATION.match(words, end)) is not None:
        end = bracket.end()
    local = (name.startswith(_LOCAL) and not national) or name.endswith(
        ("Tỉnh ủy", "Thành ủy", "Tỉnh uỷ", "Thành uỷ", " tỉnh", " thành phố")
    )
    if local and (saigon := SAIGON.match(words, end)) is not None:
        return Issuer(full_name(f"{name} thành phố Hồ Chí Minh"), start, saigon.end(), "Hồ Chí Minh", local=True)
    place = PLACE.match(words, end)
    if place is not None and place["name"]:
        level = local_level_of(place["level"])
        found = leading_province(place["name"])
        if found is not None and level in ("tỉnh", "thành phố"):
            province = found[0]
            return Issuer(full_name(f"{name} {level} {province}"), start, place.start("name") + found[1], province, local=True)
        if level not in ("tỉnh",):
            return in_outer_place(
                Issuer(full_name(f"{name} {level} {squeeze(place['name'])}"), start, place.end(), None, local=True), words
            )
    elif place is not None:
        return Issuer(
            full_name(f"{name} {local_level_of(place['level'])}"),
            start,
            place.end(),
            None,
            local=True,
        )
    bare = BARE_PLACE.match(words, end)
    if local and bare is not None:
        found = leading_province(bare["name"])
        if found is not None:
            return Issuer(full_name(f"{name} {found[0]}"), start, bare.start("name") + found[1], found[0], local=True)
    if place_inside:
        province = province_in(name) if local or re.search(r"\b(?:tỉnh|thành phố)\s", name) else None
    issuer = Issuer(full_name(name), start, end, province, local=local)
    return in_outer_place(issuer, words) if _OF_UNIT_BELOW.search(name) else issuer


_OF_UNIT_BELOW = late_pattern(rf"{W}{BELOW}{W}{PROPER}$")


def central_issuer_at(words: str, at: int) -> Issuer | None:
    """Returns the central body with a known name that begins at `at`, or None."""
    known = central_name_at(words, at)
    return Issuer(full_name(known[0]), at, known.end()) if known is not None else None


def is_known_body(words: str, at: int) -> bool:
    """Returns whether words from `at` to their end are a central body with a known name, a committee, a council, a ministry or a department,
    also with its office holder: "Thủ tướng", "Chủ tịch UBND tỉnh". They are not so for a body whose name may end with a number ("Trạm Kiểm lâm").
    """
    issuer = issuer_at(words, at)
    if issuer is None or issuer.end < len(words):
        return False
    return begins_known_body(words, at)


def begins_known_body(words: str, at: int) -> bool:
    """Returns whether such a body begins at `at`. More words may follow it."""
    holder = HOLDER.match(words, at)
    at = holder.end() if holder is not None else at
    known = central_name_at(words, at) or local_name_at(words, at) or issuer_patterns()["field"].match(words, at)
    return known is not None
