"""Finds statutes that are cited by name. The difficult part is to find the end of a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from scraper.citations.forms.cited_span import CitedSpan
from scraper.citations.grammar import grammar, grammar_data
from scraper.citations.grammar.patterns import BEGINS, GLUED_WORDS, SMALL, UPPER, YEAR
from scraper.model import CitationKind
from scraper.reference import rows
from scraper.text import fold, place_tone

# Every name has one of these in its head. Each begins with a literal of several letters, which a pattern finds faster than `in` does.
_LITERALS = tuple(map(re.compile, ("uật", r"háp\s{1,4}lệnh", r"iến\s{1,4}[Pp]háp", "LUẬT", "PHÁP", "BL[HDTL]")))
# A head in capitals may be joined to the word before it ("theoLuật"), and to a name with a capital ("LuậtGiao dịch điện tử").
_HEAD = re.compile(
    rf"{BEGINS}(?:(?:Bộ|bộ|BỘ)\s{{0,5}})?(?:(?:Luật|LUẬT)(?![{SMALL}\d_])|luật(?!\w))|{BEGINS}(?:Pháp|pháp)\s{{1,5}}lệnh(?![{SMALL}\d_])|{BEGINS}PHÁP\s{{1,5}}LỆNH(?!\w)"
)
_CODE = re.compile(rf"(?<!\w)(?:BLHS|BLDS|BLTTHS|BLTTDS|BLLĐ)(?!\w)(?:\s{{1,5}}(?:năm\s{{1,5}})?{YEAR}(?![\d/]))?")
_COUNTRY = r"(?:CHXHCN|Cộng\s{1,3}h(?:òa|oà)\s{1,3}(?:XHCN|xã\s{1,3}hội\s{1,3}chủ\s{1,3}nghĩa)|Việt\s{1,3}Nam\s{1,3}dân\s{1,3}chủ\s{1,3}cộng\s{1,3}h(?:òa|oà)|VNDCCH)(?:\s{0,5}(?:Việt\s{1,3}Nam|VN))?"
_CONSTITUTION = re.compile(
    rf"(?:(?<!\w)|(?<=[{SMALL}\d])(?=H))(?:[Hh]iến\s{{1,4}}[Pp]háp|HIẾN\s{{1,4}}PHÁP)(?P<country>\s{{1,5}}(?i:nước)\s{{1,5}}(?i:{_COUNTRY}))?"
    # "Hiến pháp (sửa đổi) năm 2013": the amendment belongs to the name only if the year follows it.
    rf"(?P<year>(?:\s{{1,5}}\(?sửa\s{{1,4}}đổi(?:,?\s{{1,4}}bổ\s{{1,4}}sung)?\)?(?=\s))?\s{{0,5}}(?:(?:năm|NĂM)\s{{1,5}})?{YEAR}(?![\d/]))?"
)
_ARTICLE_BEFORE = re.compile(
    r"(?:[Đđ]iều|[Cc]hương|[Kk]hoản)\s{1,5}[\dIVX]+[a-z]?(?:\s{0,5},\s{0,5}(?:khoản\s{1,5}\d+\s{0,5})?)?\s{0,5}(?:của\s{1,5}|trong\s{1,5})?(?:bản\s{1,5})?$"
)
_YEAR_BEHIND = re.compile(rf"\s{{0,5}}(?:(?:năm|NĂM|số năm)\s{{1,5}})?{YEAR}(?![\d/]|-\d| [/-] \d)")
_REVISE = r"sửa\s{1,4}đổi(?:,?\s{1,4}bổ\s{1,4}sung)?"
_REVISED = re.compile(
    rf"\s{{1,5}}\({_REVISE}\)"
    rf"|\s{{1,5}}(?:{_REVISE}|bổ\s{{1,4}}sung)\s{{1,5}}(?:năm\s{{1,5}})?{YEAR}(?![\d/])"
    r"|\s{1,5}sửa\s{1,4}đổi(?=\s{0,5}[.,;)”\"]|\s{1,5}(?:và|được|có|sẽ|đã|quy|với|lần)\s)"
)
_ABBREVIATION = re.compile(r"\s{1,5}\([A-ZĐ&]{2,8}\)")
_AMENDING = re.compile(
    r"\s{1,5}(?:[Ss]ửa\s{1,5}đổi(?:\s{0,5},\s{0,5}|\s{1,5}và\s{1,5}|\s{1,5})?(?:bổ\s{1,5}sung)?|[Bb]ổ\s{1,5}sung)(?:\s{1,5}(?:một\s{1,5}số|các|nhiều))?(?:\s{1,5}(?:điều|Điều)(?:\s{1,5}khoản)?(?:\s{1,5}\d+[a-z]?(?:(?:\s{0,5},\s{0,5}|\s{1,5}và\s{1,5})(?:[Đđ]iều\s{1,5})?\d+)*)?)?(?:\s{1,5}và\s(?:Phụ\s{1,3}lục\s[^.;:()]{2,90}?|[^.;,:()]{2,90}?)(?=\s{1,5}của\s))?(?:\s{1,5}(?:của|tại|trong))?(?:\s{1,5}(?:các|\d+))?(?=\s{1,5}(?:[Bb]ộ\s{1,5})?[Ll]uật(?!\w)|\s{1,5}[Pp]háp\s{1,5}lệnh)"
)
# "Luật sửa đổi, bổ sung một số điều của 37 Luật có liên quan đến quy hoạch"
_AMENDING_MANY = re.compile(
    r"\s{1,5}[Ss]ửa\s{1,5}đổi(?:\s{0,5},\s{0,5}|\s{1,5}và\s{1,5}|\s{1,5})?(?:bổ\s{1,5}sung)?\s{1,5}(?:một\s{1,5}số|các)\s{1,5}điều\s{1,5}của\s{1,5}(?:các|\d{1,2})\s{1,5}[Ll]uật\s{1,5}(?:(?:có\s{1,5})?liên\s{1,5}quan(?:\s{1,5}(?:đến|tới))?|về)"
    r"(?:\s{1,3}(?!năm\s|ngày\s|được\s|có\s|và\s|số\s)[^\W\d_]+){1,10}"
)
_AMENDING_ALONE = re.compile(
    r"\s{1,5}(?:sửa\s{1,5}đổi(?:\s{0,5},\s{0,5}|\s{1,5}và\s{1,5}|\s{1,5})?bổ\s{1,5}sung|sửa\s{1,5}đổi)(?:\s{1,5}(?:một\s{1,5}số|các)\s{1,5}điều)?(?!\w)"
)
_NEXT_LAW = re.compile(
    r"(?:\s{0,5}[,;]\s{0,5}|\s{1,5}và\s{1,5}|\s{0,5},\s{1,5}và\s{1,5})(?P<head>(?:[Bb]ộ\s{1,5})?[Ll]uật|[Pp]háp\s{1,5}lệnh)(?=\s)"
)
_DRAFT = re.compile(
    r"(?:[Dd]ự\s{1,5}thảo|[Dd]ự\s{1,5}án|[Đđ]ề\s{1,5}án(?:\s{1,5}xây\s{1,5}dựng)?|[Dd]ự)\s{0,5}(?:các\s{1,5}|\d+\s{1,5})?(?:[Ll]uật\s{0,5})?:?\s{0,5}$"
)
# A list of drafts. "dự án" is often a project: "dự án này có ... theo Luật Đường sắt 2017". It is a draft only if a statute or a word that
# begins a list follows it.
_DRAFT_LIST = re.compile(
    r"(?:[Dd]ự\s{1,5}(?:thảo|án)(?:\s{1,5}[Ll]uật)?|[Dd]ự\s{1,5}luật)(?:\s{1,5}(?:sau|gồm|về|là))?\s{0,5}:\s{0,5}[^.\n]*$"
    r"|(?:[Dd]ự\s{1,5}thảo|[Dd]ự\s{1,5}án\s{1,5}[Ll]uật|[Dd]ự\s{1,5}luật)\s[^.;:\n]{0,80}(?<!\w)(?:như|gồm|là|có)(?!\w)\s{0,5}[^.\n]*$"
    r"|[Dd]ự\s{1,5}án(?:\s{1,5}(?!này|đó|ấy|trên)[^\W\d_]+){0,3}\s{1,5}(?:như|gồm|là|có)\s{1,5}(?:(?:[Bb]ộ\s{1,5})?[Ll]uật|[Pp]háp\s{1,5}lệnh)(?!\w)[^.\n]*$"
    r"|[Dd]ự\s{1,5}án(?:\s{1,5}(?!này|đó|ấy|trên)[^\W\d_]+){0,3}\s{1,5}(?:như|gồm|là|có)\s{0,5}$"
)
# "Luật" as a part of the name of a school, a company, a newspaper or a subject, or as a part of another word.
_NOT_BEFORE = re.compile(
    r"(?:[Pp]háp|[Đđ]ại\s{1,5}học|[Tt]rường|[Cc]ông\s{1,5}ty|[Vv]ăn\s{1,5}phòng|[Kk]hoa|[Nn]gành|[Cc]ông\s{1,5}ước|[Hh]ọc\s{1,5}viện|[Bb]áo|[Tt]ạp\s{1,5}chí|[Cc]ử\s{1,5}nhân|[Tt]hạc\s{1,5}sĩ|[Tt]hạc\s{1,5}sỹ|[Tt]iến\s{1,5}sĩ|[Tt]iến\s{1,5}sỹ|[Hh]ọc|[Kk]ỷ|[Qq]uy|"
    r"[Hh]ãng|[Tt]òa\s{1,5}soạn|[Đđ]ạo|[Vv]iện|[Gg]iới|[Nn]iêm|[Tt]hiết\s{1,5}quân|[Bb]ộ\s{1,5}môn|[Ll]ớp|[Mm]ôn|[Tt]rung\s{1,5}tâm|[Ââ]m|[Nn]hạc|(?<!thực\s)(?<!Thực\s)[Tt]hi|[Ll]oại\s{1,5}văn\s{1,5}bản\s{0,3}:?)\s{0,5}$"
)
_NOT_BEHIND = re.compile(
    r"\s{1,5}(?:sư|gia|lệ|pháp|tục|định|chơi|khoa|bất\s{1,5}thành|này|trên|đó|ấy|nói\s{1,5}trên|mới|cũ|hiện\s{1,5}hành|số|thi\s{1,5}đấu|bóng|việt\s{1,5}vị|rừng|nhân\s{1,5}quả|hấp\s{1,5}dẫn|bù\s{1,5}trừ|TNHH|Hồi\s{1,5}giáo|Moore|Murphy|Newton|Bosman|Quốc\s{1,5}tế(?!\s{1,5}về)|quốc\s{1,5}tế|"
    r"Biển(?!\s{1,5}Việt\s{1,5}Nam)(?:\s{1,5}(?:quốc\s{1,5}tế|năm\s{1,5}1982|1982))?|Việt\s{1,5}Nam(?!\s{1,5}về)|Mỹ|Hoa\s{1,5}Kỳ|Trung\s{1,5}Quốc|Nhật|Anh|Pháp(?!\s{1,5}điển)|Đức|Nga)(?!\w)"
)
_FOREIGN = re.compile(
    r"\s{1,5}(?:của\s{1,5}|tại\s{1,5}|ở\s{1,5})?(?:(?:nước|Cộng\s{1,5}h(?:òa|oà)|Liên\s{1,5}bang)\s{1,5})?(?:Mỹ|Hoa\s{1,5}Kỳ|Nhật(?:\s{1,5}Bản)?|Hàn\s{1,5}Quốc|Triều\s{1,5}Tiên|Trung\s{1,5}Quốc|Pháp(?!\s{1,5}(?:luật|lệnh|chế|điển))|Đức|Nga|Singapore|Thái\s{1,5}Lan|EU|Liên\s{1,5}minh\s{1,5}[Cc]hâu\s{1,5}Âu|Campuchia|Lào|Indonesia|Malaysia|Philippines|"
    r"Australia|Úc|Canada|Anh|Đài\s{1,5}Loan|Hong\s?Kong|Hồng\s{1,5}Kông|Ấn\s{1,5}Độ|Israel|Thụy\s{1,5}Sĩ|Thụy\s{1,5}Điển|bang\s{1,5}[A-Z]|liên\s{1,5}bang)(?!\w)"
)
# The name of a statute as a heading: in capitals, on a line of its own after "LUẬT".
_CAPITAL_LINE = re.compile(r"[ \t]{0,3}\n\s{0,3}(?P<name>[^\W\d_][^\n.;:()\d]{3,200}?)[ \t]{0,3}(?=\n|$)")
# An abbreviation may contain signs: HIV/AIDS, HN&GĐ.
_TOKEN = re.compile(rf"(?:\s{{0,5}},)?\s{{1,5}}(?P<word>[^\W\d_]+(?:[/&](?=[{UPPER}])[^\W\d_]+)*)")
# "&" means "và", with blanks or without ("PCCC&CNCH", "HN & GĐ"). The blank after a comma may be lost ("THTK,CLP").
_KNOWN_TOKEN = re.compile(r"(?:\s{0,5},|\s{1,3}[-–])?\s{1,5}(?P<word>[^\W\d_]+)|(?:/|,|\s{0,3}&\s{0,3})(?P<joined>[^\W\d_]+)")
_FIRST_TOKEN = re.compile(rf"(?<=[th])(?P<word>[{UPPER}][^\W\d_]*)(?P<joined>)")  # "LuậtGiao dịch": the blank was lost
_LONGEST_NAME, _LONGEST_UNKNOWN = 40, 8  # in syllables


@cache
def _data() -> dict[str, Any]:
    return grammar_data("laws")


@cache
def _names() -> dict[str, Any]:
    """Returns the known names as a tree of syllables, in small letters with the tone mark in one place. The key "" marks the end of a
    name.
    """
    tree: dict[str, Any] = {}
    for name in {*grammar().law_names, *_data()["names"]}:
        node = tree
        for word in re.findall(r"[^\W\d_]+", place_tone(name).lower()):
            if word != "và":  # people write "và", a comma, or nothing
                node = node.setdefault(word, {})
        node[""] = True
    return tree


@cache
def _two_laws() -> frozenset[str]:
    """Returns the folded names of ordinances that are two laws if "Luật" comes before them: "Luật Bưu chính, Viễn thông"."""
    laws = {fold(row["name_vi"]).removeprefix("luat ") for row in rows("laws") if row["kind"] == "luat"}
    ordinances = (fold(row["name_vi"]).removeprefix("phap lenh ") for row in rows("laws") if row["kind"] == "phap-lenh")
    return frozenset(name for name in ordinances if "," in name and {part.strip() for part in name.split(",")} <= laws)


def find_named(text: str, taken: list[tuple[int, int]]) -> list[CitedSpan]:
    """Returns every statute that is named in a composed text, in order, outside the spans in `taken` (also in order).
    If a numbered statute amends another one, the amended statute is part of its title and no citation: "Luật số 46/2014/QH13 sửa đổi ...
    của Luật Bảo hiểm y tế".
    """
    found: list[CitedSpan] = []
    done = -1  # text before this offset belongs to a name or a draft
    spans = iter(taken)
    span = next(spans, None)
    for place in _places(text):
        while span is not None and span[1] <= place:
            if text.startswith(("Luật", "luật", "Bộ luật", "Pháp lệnh"), span[0]) and (amends := _AMENDING.match(text, span[1])):
                inner = _HEAD.match(text, _skip_blank(text, amends.end()))
                done = max(done, (_end_of_amended(text, inner) if inner is not None else None) or done)
            span = next(spans, None)
        if place < done or (span is not None and span[0] <= place):
            continue
        one = _at(text, place)
        if one is None or one.start < done:
            continue
        if (draft := _end_of_drafts(text, one)) is not None:
            done = draft
            continue
        done = one.end
        if span is None or one.end <= span[0]:
            found.append(one)
    return found


def _places(text: str) -> Iterator[int]:
    places = sorted([match.start() for pattern in _LITERALS for match in pattern.finditer(text)])
    last = -1
    for place in places:
        if place > last:
            yield place
            last = place


# The most frequent words that contain "luật" and name no statute. _NOT_BEFORE has the others.
_PART_OF_WORD = ("háp luật", " kỷ luật")


def _at(text: str, place: int) -> CitedSpan | None:
    """Returns the statute whose head contains the literal at `place`, or None."""
    if text.startswith("BL", place):
        match = _CODE.match(text, place)
        return CitedSpan(place, match.end(), CitationKind.NAMED, "bộ luật", "bộ luật") if match else None
    if text.startswith("iến", place):
        return _constitution(text, place - 1)
    if text.startswith("PHÁP", place) and (one := _constitution(text, place - 5)) is not None:
        return one
    start = place - 1 if text[place] in "uh" else place
    if text[start] in "lLPp" and text[start - 3 : start - 1].lower() == "bộ" and text[start - 1].isspace():
        start -= 3
    elif text[start] in "lL" and text[start - 2 : start].lower() == "bộ":
        start -= 2  # the blank was lost
    elif text.startswith(_PART_OF_WORD, start - 4):
        return None
    head = _HEAD.match(text, start)
    if head is None:
        return None
    end = _end(text, head)
    return CitedSpan(head.start(), end, CitationKind.NAMED, noun, noun) if end is not None and (noun := _noun(head[0])) else None


def _noun(written: str) -> str:
    """Returns the noun of a head: "luật", "bộ luật" (its blank may be lost) or "pháp lệnh"."""
    noun = " ".join(written.lower().split())
    return "bộ luật" if noun == "bộluật" else noun


def _constitution(text: str, start: int) -> CitedSpan | None:
    match = _CONSTITUTION.match(text, start) if start >= 0 else None
    if match is None:
        return None
    told = match["year"] or match["country"] or _ARTICLE_BEFORE.search(text[max(0, start - 40) : start])
    return (
        CitedSpan(start, match.end(), CitationKind.NAMED, "hiến pháp", "hiến pháp")
        if told and not _FOREIGN.match(text, match.end())
        else None
    )


def _end_of_drafts(text: str, one: CitedSpan) -> int | None:
    """Returns the end of a row of drafts if the name is one of them, or None if the name is that of a statute."""
    before = text[max(0, one.start - 160) : one.start]
    if _DRAFT.search(before):
        return _end_of_coordinated(text, one.end)
    listed = _DRAFT_LIST.search(before)
    if listed is None or _YEAR_AT_END.search(text[one.start : one.end]):
        return None  # a statute with its year has been passed
    # "... cho ý kiến 9 dự án về: Luật A; Luật B": all statutes up to the end of the sentence are drafts.
    end = _SENTENCE_END.search(text, one.end)
    return end.start() if end is not None and listed[0].rstrip().endswith(":") else max(one.end, _end_of_coordinated(text, one.end))


_YEAR_AT_END = re.compile(rf"{YEAR}$")
_SENTENCE_END = re.compile(r"\.\s|\n|\.?$")
_SO_BEHIND = re.compile(r"\s{1,4}số\s{0,3}:?\s{0,3}\d")


def _end_of_coordinated(text: str, end: int) -> int:
    """Returns the end of a row of laws that are joined by commas and "và". What is stated of the first applies to all."""
    first, closed = end, False
    while match := _NEXT_LAW.match(text, end):
        head = _HEAD.match(text, match.start("head"))
        name = _end(text, head) if head is not None else None
        if name is None or ";" in match[0]:
            break
        end, closed = name, "và" in match[0] or _SO_BEHIND.match(text, name) is not None
    # A row without "và" before its last member may be a list of separate laws.
    return end if closed else first


def end_of_name(text: str, start: int) -> int | None:
    """Returns the end of the statute name that begins at `start`, without its year. Returns None if there is none."""
    head = _HEAD.match(text, start)
    return _end(text, head) if head is not None else None


def _end(text: str, head: re.Match[str]) -> int | None:
    """Returns the end of the name after a head, with its year. Returns None if the head begins no name."""
    start, at = head.start(), head.end()
    before = text[max(0, start - 24) : start]
    if _NOT_BEFORE.search(before) or _NOT_BEHIND.match(text, at):
        return None
    small = head[0].islower()
    if (
        head[0].isupper()
        and (line := _CAPITAL_LINE.match(text, at)) is not None
        and line["name"].isupper()
        and text[:start][-1:] in ("", "\n")
    ):
        return line.end("name")
    many = _AMENDING_MANY.match(text, at)
    if many is not None:
        return _with_year(text, many.end())
    amending = _AMENDING.match(text, at)
    if amending is not None:
        inner = _HEAD.match(text, _skip_blank(text, amending.end()))
        if inner is None or (small and inner[0].islower()):
            return None
        amended = max(_end_of_amended(text, inner) or 0, _known(text, at) or 0)
        return _with_year(text, amended) if amended else None
    alone = _AMENDING_ALONE.match(text, at)
    if alone is not None:
        return _with_year(text, alone.end()) if not small and _YEAR_BEHIND.match(text, alone.end()) else None
    end = _name(text, at, small=small)
    if end is None:
        return None
    whole = _with_year(text, end)
    if small and text[at:end].strip().islower() and whole == end:
        return None  # "luật đất đai": the field of law, no statute
    return None if _FOREIGN.match(text, whole) else whole


def _end_of_amended(text: str, inner: re.Match[str]) -> int | None:
    """Returns the end of the laws that an amending law amends. They are all part of its own name. Returns None if no name follows."""
    end = _name(text, inner.end(), small=False)
    return _end_of_coordinated(text, _with_year(text, end)) if end is not None else None


def _skip_blank(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _with_year(text: str, end: int) -> int:
    if (match := _ABBREVIATION.match(text, end)) and _YEAR_BEHIND.match(text, match.end()):
        end = match.end()
    for pattern in (_REVISED, _YEAR_BEHIND, _REVISED):
        if match := pattern.match(text, end):
            end = match.end()
    return end


def _name(text: str, at: int, *, small: bool) -> int | None:
    """Returns the end of the name that begins at `at`: the longest known name, otherwise as many words as a name can have. Returns None
    if there is no name.
    """
    known = _known(text, at)
    if known is not None:
        return known
    end, words = at, 0
    while words < _LONGEST_UNKNOWN and (match := _TOKEN.match(text, end)):
        word = match["word"]
        if words == 0:
            if (
                not word[0].isupper()
                or word in _data()["no_names"]
                or word.lower() in _data()["ends"]
                or "," in match[0]
                or _is_foreign_word(word)
            ):
                return None
        elif words == 1 and text[at:end].strip().lower() == "phòng" and word.lower() == "chống":
            pass  # "Luật Phòng, chống ...": the comma is part of the name
        elif words == 1 and word[0].isupper() and not _goes_on(word) and "," not in match[0]:
            return None  # "Luật Minh Khuê": a company, a person or a place
        elif "," in match[0] or word.lower() in _data()["ends"] or (word[0].isupper() and not _goes_on(word)) or "\n\n" in match[0]:
            break
        end = match.end()
        words += 1
    return end if words > 1 or (words == 1 and len(text[at:end].strip()) > 2) else None


def _known(text: str, at: int) -> int | None:
    """Returns the end of the longest known name at `at`, or None. A lost blank inside the name ("Hội đồngnhân dân") is accepted."""
    node, end, longest = _names(), at, None
    for _ in range(_LONGEST_NAME):
        match = _KNOWN_TOKEN.match(text, end) or (_FIRST_TOKEN.match(text, end) if end == at else None)
        if match is None or "\n\n" in match[0]:
            break
        word, end = (match["word"] or match["joined"]).lower(), match.end()
        start = end - len(word)
        if word == "và" or (word == "về" and node is _names()):
            continue
        after = _step(node, word)
        if after is None and (glued := _glued(node, word)) is not None:
            after, length = glued
            if "" in node and length == 0:
                break
            if length < len(word):  # the name ends inside the word: "luậtcủa"
                longest = start + length
                break
        if after is None:
            break
        node = after
        if "" in node and not (text[at - 4 : at].lower() == "luật" and _squeezed(text[at:end]) in _two_laws()):
            longest = end
    return longest


def _squeezed(name: str) -> str:
    return re.sub(r"\s*,\s*", ", ", fold(" ".join(name.split())))


@cache
def _spelt_out() -> dict[str, list[str]]:
    """Returns the abbreviations inside names, in small letters, with the syllables that they mean."""
    return {row["written"].lower(): row["means"].replace(" và ", " ").split() for row in rows("abbreviations") if row["scope"] == "word"}


def _step(node: dict[str, Any], word: str) -> dict[str, Any] | None:
    """Returns the node after a word, or None. The word may be the abbreviation of several syllables."""
    found: dict[str, Any] | None = node.get(word) or node.get(place_tone(word))
    if found is None and word in _spelt_out():
        found = node
        for part in _spelt_out()[word]:
            found = found.get(part) if found else None
    return found


def _glued(node: dict[str, Any], word: str) -> tuple[dict[str, Any] | None, int] | None:
    """Parse two words of a name that lost the blank between them. Returns the node after both, and the number of letters that belong to
    the name.
    """
    for first, after in node.items():
        if first and len(first) < len(word) and word.startswith(first):
            rest = word[len(first) :]
            behind = _step(after, rest)
            if behind is not None:
                return behind, len(word)
            if "" in after and (rest in GLUED_WORDS or rest == "số"):
                return after, len(first)
    return None


def _is_foreign_word(word: str) -> bool:
    return re.search(r"[fjwzFJWZ]", word) is not None


def _goes_on(word: str) -> bool:
    """Returns whether a word with a capital can continue a name: "Luật Tổ chức Chính phủ"."""
    return (
        word
        in ("Chính", "Quốc", "Việt", "Nam", "Nhà", "Tòa", "Toà", "Viện", "Hội", "Ủy", "Uỷ", "Công", "Mặt", "Tổ", "Truyền", "Thông", "Đảng")
        or word.isupper()
    )
