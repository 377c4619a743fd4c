"""Parses the bodies at the beginning or at the end of words: after "của" or "do", and as the subject of a verb."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from scraper.citations.forms.cited_span import CitedSpan
from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.patterns import JOINT_MARK, SMALL
from scraper.citations.issuers.full_names import field_key, full_name, full_name_keys
from scraper.citations.issuers.issuer import Issuer
from scraper.citations.issuers.issuer_patterns import (
    BELOW,
    CAPITAL,
    NAME_WORD,
    OF_PROVINCE,
    OFFICE,
    PERSON,
    PROPER,
    W,
    issuer_name_ends,
    issuer_patterns,
)
from scraper.citations.issuers.named_issuer import issuer_at
from scraper.text import is_syllable


def issuers_of(words: str, *, of: CitedSpan | None = None) -> tuple[Issuer, ...]:
    """Returns the bodies at the beginning of words, joined by commas and "và".
    `of`: the document that they issued, if known. If only one body can have issued it, bodies after the first comma are the subject of the
    verb that follows: "của Sở Công Thương, Sở Xây dựng cung cấp danh sách".
    """
    if (joint := _named_by_fields(words)) is not None:
        return joint
    words = _with_capital_heads(_without_capitals(words))
    found = _row_of_bodies(words, _MORE_BODIES)
    if len(found) > 1:
        comma = "," in words[found[0].end : found[1].start]
        if comma and of is not None and not _is_joint(of) and _OWN_CLAUSE.match(words, found[-1].end):
            return (found[0],)
        if _ACTS.match(words, found[-1].end):
            found.pop()  # "của UBND tỉnh, HĐND tỉnh đã ban hành ...": another clause
    if len(found) == 2 and "," in words[found[0].end : found[1].start] and _is_part_of(found[0], found[1]) and not (of and _is_joint(of)):
        whole = found[1]
        return (replace(found[0], end=whole.end, province=found[0].province or whole.province, local=found[0].local or whole.local),)
    return tuple(found)


def parties_of(words: str) -> tuple[Issuer, ...]:
    """Returns the bodies that agreed on a document, after "giữa" at the beginning of words: "Công an tỉnh với Sở Y tế". Returns () if there are not
    several.
    """
    found = _row_of_bodies(_with_capital_heads(words), _MORE_PARTIES)
    return tuple(found) if len(found) > 1 else ()


def _row_of_bodies(words: str, joint: re.Pattern[str]) -> list[Issuer]:
    """Returns the bodies at the beginning of words, with a match of `joint` between each and the next."""
    found: list[Issuer] = []
    at = len(words) - len(words.lstrip())
    while (issuer := issuer_at(words, at)) is not None:
        found.append(issuer)
        more = joint.match(words, issuer.end)
        if more is None:
            break
        at = more.end()
    return found


_JOINT = late_pattern(rf"\s{{0,4}}(?:[Ll]iên|[Cc]ác){W}(?P<head>[Bb]ộ|[Ss]ở)(?:\s?:)?{W}(?=\S)")
_NEXT_FIELD = late_pattern(rf"(?:\s?[-–,]\s?(?:và{W})?|{W}và{W})(?:(?:Bộ|Sở){W})?")


def _named_by_fields(words: str) -> tuple[Issuer, ...] | None:
    """Returns the bodies that "liên Bộ", "liên Sở" or "các Bộ" names at the beginning of words by their fields: "liên Bộ Tài chính - Lao động". Or None."""
    joint = _JOINT.match(words)
    if joint is None:
        return None
    head = joint["head"].capitalize()
    found: list[Issuer] = []
    at = joint.end()
    while (field := issuer_patterns()["subject"].match(words, at)) is not None:
        last = issuer_at(f"{head} {words[at : at + 120]}", 0) if head == "Sở" else None  # with its place
        end = field.end() if last is None else at + last.end - len(head) - 1
        found.append(replace(last or Issuer(full_name(f"{head} {field[0]}"), 0, 0), start=joint.end(), end=end))
        separator = _NEXT_FIELD.match(words, end)
        if separator is None:
            break
        at = separator.end()
    return tuple(found) if len(found) > 1 else None


# "Cục Báo chí, Bộ Thông tin và Truyền thông": a part of a body, and the body.
_PART = late_pattern(
    r"(?:Cục|Vụ|Phòng|Ban|Chi cục|Thanh tra|Văn phòng|Trung tâm|Đội)\s(?!(?:Bộ|Sở|Tổng cục|[ỦU]y ban nhân dân|Chính phủ)(?!\w))"
)
_WHOLE = late_pattern(r"(?:Bộ|Sở|Tổng cục|[ỦU]y ban nhân dân)(?!\w)")


def _is_part_of(part: Issuer, whole: Issuer) -> bool:
    """Returns whether the first of two bodies can only be a part of the second."""
    return _PART.match(part.name) is not None and _WHOLE.match(whole.name) is not None


_CAPITAL_BODY = late_pattern(
    r"\s*(?P<body>UBND|HĐND|[ỦU][YỶ] BAN NHÂN DÂN|HỘI ĐỒNG NHÂN DÂN)\s(?P<level>TỈNH|THÀNH PHỐ|TP\.?|HUYỆN|QUẬN|THỊ XÃ|THỊ TRẤN|XÃ|PHƯỜNG)(?P<name>(?:\s[^\W\d_]+){1,5})"
)


def _without_capitals(words: str) -> str:
    """Returns words with the first body in normal letters, if it is in capitals as in a heading: "UBND HUYỆN ANH SƠN VỀ VIỆC ..."."""
    match = _CAPITAL_BODY.match(words)
    if match is None or not match["name"].strip().isupper() or match["name"].strip() == "HCM":
        return words
    issuer = match["body"] if len(match["body"]) < 5 else match["body"].capitalize().replace("uỷ", "ủy").replace("Uỷ", "Ủy")
    ended = issuer_name_ends().search(match["name"].lower())
    length = ended.start() if ended is not None else len(match["name"])
    name = match["name"][:length].title() + match["name"][length:].lower()
    return words[: match.start("body")] + issuer + words[match.end("body")] + match["level"].lower() + name + words[match.end() :]


# "của bộ Tài chính", "Thứ trưởng bộ Y tế": some newspapers write the head of a name small. Between other words it may belong to the word before
# it: "cán bộ Sở Y tế".
_SMALL_HEAD = late_pattern(
    rf"(?:^\s{{0,4}}|(?=[bchlnpqstuvủ])(?:(?<=[,;(]\s)|(?<=của\s)|(?<=do\s)|(?<=và\s)|(?<=trưởng\s)|(?<=đốc\s)|(?<=đạo\s)|(?<=điều\stra\s)|(?<=phòng\s)|(?<=khi\s)|(?<=từ\s)|(?<=vụ\s)|(?<=[Cc]hánh\s)|(?<=[Pp]hó\s)|(?<=[–-]\s)))"
    rf"(?:(?:bộ|sở|cục|tổng\scục|chi\scục|ban|hội|hiệp\shội|liên\sđoàn|thanh\stra|(?<=trưởng\s)vụ|(?:tổng\s)?công\sty|tập\sđoàn)(?=\s{CAPITAL})|ngân\shàng(?=\s(?:{CAPITAL}|nhà\snước))|(?:huyện|quận|thị|tỉnh|thành)\s[uủ][ỷy](?=\s{CAPITAL})|thanh\stra(?=\s(?:tỉnh|huyện|thành\sphố)\s{CAPITAL})|(?:phó\s)?chủ\stịch(?=\s(?:{OF_PROVINCE}|{BELOW})\s{CAPITAL})|cơ\squan(?=\s(?:Cảnh\ssát|An\sninh|CSĐT|ANĐT)(?!\w))|công\sty(?=\s(?:cổ\sphần|trách\snhiệm)\s)|[uủ][ỷy]\sban(?=\s(?:{CAPITAL}|thường\svụ\sQ|nhân\sdân)))"
)
_SMALL_HEADS = (
    *(
        "bộ ",
        "sở ",
        "cục ",
        "ban ",
        "thanh tra ",
        "vụ ",
        "cơ quan ",
        "công ty ",
        "tập đoàn ",
        "hội ",
        "đoàn ",
        "ngân hàng ",
        "ủy ",
        "uỷ ",
        "tịch ",
    ),
)


def _with_capital_heads(words: str) -> str:
    """Returns words with a capital at the beginning of the names of bodies whose head is written small. The length is the same."""
    if not any(head in words for head in _SMALL_HEADS):
        return words
    return _SMALL_HEAD.sub(lambda match: match[0][: -len(match[0].lstrip())] + match[0].lstrip().capitalize(), words)


_PLACE_AT_END = late_pattern(rf"(?P<level>\s(?:{OF_PROVINCE}|{BELOW})\s)(?P<name>[^\W\d_]+(?:\s[^\W\d_]+){{0,3}})$")
_BY_FIELD = ("SỞ", "BỘ", "PHÒNG")
_CAPITAL_PARTY = late_pattern(r"(?P<level>TỈNH|THÀNH|HUYỆN|QUẬN|THỊ)\s[ỦU][YỶ]\s(?P<name>[^\W\d_]+(?:\s[^\W\d_]+){0,4})")


def issuer_in_capitals(words: str) -> Issuer | None:
    """The body that words in capitals name, and nothing besides: "UBND HUYỆN QUỲ CHÂU", "SỞ THÔNG TIN VÀ TRUYỀN THÔNG"; else None."""
    if words.startswith("CHỦ TỊCH HỘI ĐỒNG BỘ"):
        words = f"Chủ tịch{words[8:]}"
    head, _, rest = words.partition(" ")
    field = full_name_keys().get(field_key(rest)) if head in _BY_FIELD else None
    usual = f"{head.capitalize()} {field}" if field is not None else _without_capitals(words)
    if (party := _CAPITAL_PARTY.fullmatch(words)) is not None:
        usual = f"{party['level'].capitalize()} ủy {party['name'].title()}"
    if usual == words and (place := _PLACE_AT_END.search(words.lower())) is not None:
        of_place = words[: place.start()]  # without abbreviations: they would become small, too
        if all(map(is_syllable, of_place.lower().split())):
            known = full_name_keys().get(field_key(of_place.partition(" ")[2])) if head in _BY_FIELD else None
            usual = f"{f'{head.capitalize()} {known}' if known else of_place.capitalize()}{place['level']}{place['name'].title()}"
    issuer = issuer_at(usual, 0)
    return issuer if issuer is not None and issuer.end == len(usual) else None


def _is_joint(one: CitedSpan) -> bool:
    """Returns whether several bodies can have issued a document, by its type or its codes."""
    return "TW" in one.codes or has_joint_code(one)


def has_joint_code(one: CitedSpan) -> bool:
    """Returns whether several bodies issued a document, by its type or its codes: KHLN, CTrPH."""
    return one.doc_type.endswith("liên tịch") or _are_joint(one.codes)


@lru_cache(maxsize=1024)  # few codes occur in most numbers
def _are_joint(codes: tuple[str, ...]) -> bool:
    return any(JOINT_MARK.match(code) for code in codes)


# A small word that can only belong to a predicate. Words that can also follow an issuer are excluded.
_OWN_CLAUSE = late_pattern(rf"(?:{W}{PERSON})?\s{{1,3}}(?!(?:về|v/v|ngày|và|năm|khóa|khoá|tại|trong|theo|do|có hiệu lực)(?!\w))[{SMALL}]")
_MORE_BODIES = late_pattern(
    r"\s{0,3}[,;]\s{0,3}(?=\S)|\s[-–]\s(?=(?:Bộ|Sở|Ủy ban|Ngân hàng|Tòa án|Viện|Tổng|Thanh tra|Công an|TAND|VKSND)\s)|\s?[-–]\s?(?=VKSNDTC|TANDTC)|\s{1,3}(?:và|phối hợp với)\s{1,3}(?:của\s{1,3})?"
)
_MORE_PARTIES = late_pattern(r"\s{0,3}[,;]\s{0,3}(?:và\s{1,3})?(?=\S)|\s?[-–]\s?(?=\S)|\s{1,3}(?:và|với)\s{1,3}(?=\S)")
_ACTS = late_pattern(
    r"(?:\s\([^()]{1,40}\))?\s{1,3}(?:đã|vừa|mới|sẽ|ban hành|ký|ra|có(?!\shiệu lực)|phê duyệt|tổ chức|xây dựng|tiến hành|triển khai)(?!\w)"
)
# "Bộ Y tế và các đơn vị liên quan", "HĐQT của doanh nghiệp này": bodies without a name.
_OTHERS = rf"(?:\s{{0,3}}(?:và|cùng)\s(?:các|những)(?:\s[{SMALL}]+){{1,5}}?\s{{0,3}}|\s{{0,3}}của\s(?:(?:[{SMALL}]+\s){{1,3}}này|tỉnh|thành\sphố|huyện|quận|xã)\s{{0,3}})?"
# Between a subject and its verb: an abbreviation, the term and the sitting of a council, the name of the office holder, a dash, adverbs.
_AFTER_SUBJECT = late_pattern(
    rf"(?:\s{{0,3}},?\s{{0,3}}kh(?:óa|oá)\s{{1,3}}[IVX\d]{{1,6}}(?:\s{{0,3}},)?)?"
    rf"(?:\s{{0,3}},?\s{{0,3}}(?:tại\s{{1,3}})?[Kk]ỳ\s{{1,3}}họp\s{{1,3}}thứ\s{{1,3}}\w{{1,8}}(?:\s{{0,3}},)?)?(?:\s{{0,3}}\([^()]{{1,40}}\))?(?:\s{{0,3}}[,–-]?\s{{0,3}}(?:ông|bà|đồng chí)(?=\s{{1,3}}{CAPITAL}))?(?:\s{{0,3}}\(?(?:{NAME_WORD}(?!\w)\s{{0,3}}){{0,5}}\)?\s{{0,3}},?\s{{0,3}})?(?:[-–]\s)?{_OTHERS}(?:\s{{0,3}}(?:đã|vừa|mới|cũng|tiếp tục|chính thức|kịp thời|phải|từng|đồng loạt|liên tục|sẽ|thống nhất|nhất trí|phối hợp|cùng))*\s{{0,3}}"
)


def last_issuer(words: str) -> Issuer | None:
    """Returns the body at the end of words, as the subject of a verb. The name of its office holder may follow it. Returns None if no
    body is there.
    """
    words = _with_capital_heads(words)
    for match in reversed(list(issuer_patterns()["any"].finditer(words))):
        issuer = issuer_at(words, match.start())
        if issuer is None or issuer.end > len(words):
            continue
        rest = words[issuer.end :]
        if ")" in rest and words.rfind("(", 0, match.start()) > words.rfind(")", 0, match.start()):
            continue  # "Cục An toàn thông tin (Bộ TT&TT)": the ministry of the body
        if issuer.name.startswith(_ABOUT_BODIES) and (about := _ABOUT_OF_BODY.fullmatch(rest)) is not None:
            return replace(issuer, name=f"{issuer.name} {' '.join(about['about'].split())}", end=issuer.end + about.end("about"))
        if _AFTER_SUBJECT.fullmatch(rest):
            return _outer(words, issuer) or _part_before(words, issuer) or issuer
    return None


# "Ban Chỉ đạo Trung ương về hoàn thiện thể chế, pháp luật đã": before its verb the subject of a committee is part of its name.
_ABOUT_BODIES = ("Ban Chỉ đạo", "Ban chỉ đạo", "Ủy ban Quốc gia", "Hội đồng Quốc gia", "Tổ công tác", "Tổ Công tác")
_ABOUT_OF_BODY = late_pattern(r"\s{1,3}(?P<about>về\s{1,3}[^.;:()\d\n]{5,90}?)(?:\s{1,3}(?:đã|vừa|mới|cũng|tiếp tục))+\s{0,3}")


_JOINS_WHOLE = late_pattern(r"(?:\s?[,–-]|\scủa)\s$")


def _part_before(words: str, whole: Issuer) -> Issuer | None:
    """Returns the part of a body that comes before its name: "Cục Thú y, Bộ Nông nghiệp", "Cục Thú y - Bộ Nông nghiệp", "Ủy ban Pháp luật của
    Quốc hội". Or None.
    """
    joint = _JOINS_WHOLE.search(words, max(0, whole.start - 5), whole.start)
    if joint is None:
        return None
    of = joint[0].startswith(" của")
    if not of and _WHOLE.match(whole.name) is None:
        return None
    for match in issuer_patterns()["any"].finditer(words, max(0, whole.start - 90), joint.start()):
        part = issuer_at(words[: joint.start()], match.start())
        if part is not None and part.end == joint.start() and (of or _is_part_of(part, whole)):
            if not (of and whole.local):
                return part
            return replace(whole, name=f"{part.name} của {whole.name}", start=part.start)  # "Ban Pháp chế của HĐND tỉnh"
    return None


_JOINS_SUBJECTS = late_pattern(r"\s?(?:,|[-–]|\s(?:và|với|cùng|phối hợp với))\s{1,3}")


def joint_subjects(words: str, last: Issuer) -> tuple[Issuer, ...]:
    """Returns the bodies of a row that ends with `last`, the subject at the end of words: "Sở Y tế và Sở Tài chính vừa"."""
    row = [last]
    for body in reversed(bodies_in(words[: last.start])):
        if _JOINS_SUBJECTS.fullmatch(words, body.end, row[0].start) is None:
            break
        row.insert(0, body)
    return tuple(row)


def bodies_in(words: str) -> list[Issuer]:
    """Returns the bodies that words name, in order."""
    words = _with_capital_heads(words)
    bodies: list[Issuer] = []
    for match in issuer_patterns()["any"].finditer(words):
        body = issuer_at(words, match.start())
        if body is not None and (not bodies or body.start >= bodies[-1].end):
            bodies.append(body)
    return bodies


_ONLY_PLACE = late_pattern(rf"(?:{BELOW}|{OF_PROVINCE}){W}?{NAME_WORD}|{BELOW}(?!\w)")
PLACE_SUBJECT = late_pattern(rf"(?:{BELOW}|{OF_PROVINCE}){W}{NAME_WORD}")
_COMMITTEE = "UBND "
_OFFICE_OF = late_pattern(rf"(?:(?:{OFFICE}|[Ll]ãnh đạo){W})?Sở(?:(?!{W}{CAPITAL})(?!\w)|(?={W}{PERSON}(?!\w)))")
_ADVERBS = r"(?:\s{0,3}(?:đã|vừa|mới|cũng|tiếp tục|chính thức|kịp thời|phải|từng|đồng loạt|liên tục|sẽ)(?!\w))*\s{0,3}"
_LAST_PLACE = late_pattern(
    rf"(?<!\w)(?P<place>(?:{BELOW}|{OF_PROVINCE}){W}{PROPER}|(?:{BELOW})|(?:{OFFICE}{W})?Sở)(?:{W}{PERSON})?{_ADVERBS}\s{{0,3}}$"
)


def partial_issuer_at(words: str, at: int) -> Issuer | None:
    """Returns the place, or the "Sở" without its field, that begins at `at`. The code of the number must decide which body is meant.
    Returns None if there is none.
    """
    if (office := _OFFICE_OF.match(words, at)) is not None:
        return Issuer("Sở", at, office.end(), local=True, partial=True)
    if _ONLY_PLACE.match(words, at) is None:
        return None
    issuer = issuer_at(_COMMITTEE + words[at : at + 120], 0)
    if issuer is None or issuer.end <= len(_COMMITTEE):
        return None
    return replace(issuer, start=at, end=at + issuer.end - len(_COMMITTEE), partial=True)


def last_partial_issuer(words: str) -> Issuer | None:
    """Returns the same at the end of words, as the subject of a verb: "Huyện Anh Sơn vừa"."""
    match = _LAST_PLACE.search(words, max(0, len(words) - 90))
    return partial_issuer_at(words, match.start("place")) if match is not None else None


def _outer(words: str, issuer: Issuer) -> Issuer | None:
    """Returns the body whose name contains this one, or None: "Ban Thường vụ Tỉnh ủy", "Văn phòng UBND tỉnh"."""
    for match in issuer_patterns()["any"].finditer(words, max(0, issuer.start - 60), issuer.start):
        outer = issuer_at(words, match.start())
        if outer is not None and outer.end >= len(words[: issuer.end].rstrip()):
            return outer
    return None
