"""Finds the end of the name of a statute: of an amending law, of a row of laws, of a draft, of a name with its year."""

from __future__ import annotations

import re
from functools import cache

from scraper.citations.forms.cited_span import CitedSpan
from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.loader import grammar_data
from scraper.citations.grammar.patterns import BEGINS, SMALL, UPPER, YEAR
from scraper.citations.scan.known_statute_names import end_of_known
from scraper.citations.scan.not_statutes import is_foreign, is_foreign_word, is_no_statute

# A head in capitals may be joined to the word before it ("theoLuật"), and to a name with a capital ("LuậtGiao dịch điện tử").
HEAD = late_pattern(
    rf"{BEGINS}(?:(?:Bộ|bộ|BỘ)\s{{0,5}})?(?:(?:Luật|LUẬT)(?![{SMALL}\d_])|luật(?!\w))|{BEGINS}(?:Pháp|pháp)\s{{1,5}}lệnh(?![{SMALL}\d_])|{BEGINS}PHÁP\s{{1,5}}LỆNH(?!\w)"
)
_YEAR_AFTER = late_pattern(
    rf"(?:\s{{1,5}}Việt Nam(?=\s{{1,5}}(?:năm\s)?\d))?\s{{0,5}}(?:(?:năm|NĂM|số năm)\s{{1,5}})?{YEAR}(?![\d/]|-\d| [/-] \d)"
    rf"|\s{{1,5}}năm\s{{1,5}}{YEAR}(?=\d{{1,2}}(?!\w|[/-]\d))"  # the mark of a footnote is joined to the year
)
_REVISE = r"sửa\s{1,4}đổi(?:,?\s{1,4}bổ\s{1,4}sung)?"
_REVISED = late_pattern(
    rf"\s{{1,5}}\({_REVISE}\)"
    rf"|\s{{1,5}}(?:{_REVISE}|bổ\s{{1,4}}sung)\s{{1,5}}(?:năm\s{{1,5}})?{YEAR}(?![\d/])"
    r"|\s{1,5}sửa\s{1,4}đổi(?=\s{0,5}[.,;)”\"]|\s{1,5}(?:và|được|có|sẽ|đã|quy|với|lần)\s)"
)
_ABBREVIATION = late_pattern(r"\s{1,5}\([A-ZĐ&]{2,8}\)")
_AMENDING = late_pattern(
    r"\s{1,5}(?:[Ss]ửa\s{1,5}đổi(?:\s{0,5},\s{0,5}|\s{1,5}và\s{1,5}|\s{1,5})?(?:bổ\s{1,5}sung)?,?|[Bb]ổ\s{1,5}sung)(?:\s{1,5}(?:một\s{1,5}số|các|nhiều))?(?:\s{1,5}(?:điều|Điều)(?:\s{1,5}khoản)?(?:\s{1,5}\d+[a-z]?(?:(?:\s{0,5},\s{0,5}|\s{1,5}và\s{1,5})(?:[Đđ]iều\s{1,5})?\d+)*)?)?(?:\s{1,5}(?:(?:có\s{1,5})?liên\s{1,5}quan\s{1,5}(?:đến|tới)|và)\s(?:Phụ\s{1,3}lục\s[^.;:()]{2,90}?|[^.;,:()]{2,90}?)(?=\s{1,5}của\s))?(?:\s{1,5}(?:của|tại|trong))?(?:\s{1,5}(?:các|\d+))?(?=\s{1,5}(?:[Bb]ộ\s{1,5})?[Ll]uật(?!\w)|\s{1,5}[Pp]háp\s{1,5}lệnh)"
)
# "Luật sửa đổi, bổ sung một số điều của 37 Luật có liên quan đến quy hoạch"
_AMENDING_MANY = late_pattern(
    r"\s{1,5}[Ss]ửa\s{1,5}đổi(?:\s{0,5},\s{0,5}|\s{1,5}và\s{1,5}|\s{1,5})?(?:bổ\s{1,5}sung)?\s{1,5}(?:một\s{1,5}số|các)\s{1,5}điều\s{1,5}của\s{1,5}(?:các|\d{1,2})\s{1,5}[Ll]uật\s{1,5}(?:(?:có\s{1,5})?liên\s{1,5}quan(?:\s{1,5}(?:đến|tới))?|về)"
    r"(?:\s{1,3}(?!năm\s|ngày\s|được\s|có\s|và\s|số\s)[^\W\d_]+){1,10}"
    r"(?:,\s{1,3}[^\W\d_]+(?:\s{1,3}(?!số\s)[^\W\d_]+){0,7}(?=\s{1,4}số\s{0,3}\d))?"  # "... an ninh, trật tự số 118/2025/QH15"
)
_AMENDING_ONLY = late_pattern(
    r"\s{1,5}(?:sửa\s{1,5}đổi(?:\s{0,5},\s{0,5}|\s{1,5}và\s{1,5}|\s{1,5})?bổ\s{1,5}sung|sửa\s{1,5}đổi)(?:\s{1,5}(?:một\s{1,5}số|các)\s{1,5}điều)?(?!\w)"
)
_NEXT_LAW = late_pattern(
    r"(?:\s{1,3}\([A-ZĐ&]{2,8}\))?(?:\s{0,5}[,;]\s{0,5}|\s{1,5}và\s{1,5}|\s{0,5},\s{1,5}và\s{1,5})(?P<head>(?:[Bb]ộ\s{1,5})?[Ll]uật|[Pp]háp\s{1,5}lệnh)(?=\s)"
)
_DRAFT = late_pattern(
    r"(?:[Dd]ự\s{1,5}thảo|[Dd]ự\s{1,5}án|DỰ\s{1,5}(?:THẢO|ÁN)|[Đđ]ề\s{1,5}án(?:\s{1,5}xây\s{1,5}dựng)?|[Dd]ự)\s{0,5}(?:các\s{1,5}|[1-9]\d?\s{1,5})?(?:[Ll]uật\s{0,5})?:?[^\S\n]{0,5}$"
)
# A list of drafts. "dự án" is often a project: "dự án này có ... theo Luật Đường sắt 2017". It is a draft only if a statute or a word that
# begins a list follows it.
_DRAFT_LIST = late_pattern(
    r"(?:[Dd]ự\s{1,5}(?:thảo|án)(?:\s{1,5}[Ll]uật)?|[Dd]ự\s{1,5}luật)(?:\s{1,5}(?:sau|gồm|về|là))?\s{0,5}:\s{0,5}[^.\n]*$"
    r"|(?:[Dd]ự\s{1,5}thảo|[Dd]ự\s{1,5}án\s{1,5}[Ll]uật|[Dd]ự\s{1,5}luật),?\s[^.;:\n]{0,80}(?<!\w)(?:như|gồm|là|có)(?!\w)\s{0,5}[^.\n]*$"
    r"|[Dd]ự\s{1,5}án(?:\s{1,5}(?!này|đó|ấy|trên)[^\W\d_]+){0,3}\s{1,5}(?:như|gồm|là|có)\s{1,5}(?:(?:[Bb]ộ\s{1,5})?[Ll]uật|[Pp]háp\s{1,5}lệnh)(?!\w)[^.\n]*$"
    r"|[Dd]ự\s{1,5}án(?:\s{1,5}(?!này|đó|ấy|trên)[^\W\d_]+){0,3}\s{1,5}(?:như|gồm|là|có)\s{0,5}$"
)
# The name of a statute as a heading: in capitals, on a line of its own after "LUẬT".
_CAPITAL_LINE = late_pattern(r"[ \t]{0,3}\n\s{0,3}(?P<name>[^\W\d_][^\n.;:()\d]{3,200}?)[ \t]{0,3}(?=\n|$)")
# The name goes on in the next line: "LUẬT", "SỬA ĐỔI, BỔ SUNG MỘT SỐ ĐIỀU", "CỦA LUẬT ĐẤT ĐAI".
_NEXT_CAPITAL_LINE = late_pattern(r"[ \t]{0,3}\n[ \t]{0,3}(?P<name>(?:CỦA|VÀ|VỀ)\s[^\n.;:()\d]{3,200}?)[ \t]{0,3}(?=\n|$)")
# An abbreviation may contain a slash or an ampersand: HIV/AIDS, HN&GĐ.
_TOKEN = late_pattern(rf"(?:\s{{0,5}},)?\s{{1,5}}(?P<word>[^\W\d_]+(?:[/&](?=[{UPPER}])[^\W\d_]+)*)")
_LONGEST_UNKNOWN = 8  # syllables of a name that is not in the list


def end_of_drafts(text: str, one: CitedSpan) -> int | None:
    """Returns the end of a row of drafts if the name is one of them, or None if the name is that of a statute."""
    before = text[max(0, one.start - 160) : one.start]
    if draft := _DRAFT.search(before):
        return _end_of_coordinated(text, one.end, drafts=_SEVERAL.search(before, 0, draft.start()) is not None)
    if _is_row_of_drafts(text, one.start):
        return one.end
    listed = _DRAFT_LIST.search(before)
    if listed is None or _YEAR_AT_END.search(text[one.start : one.end]):
        return None  # a statute with its year has been passed
    # "... cho ý kiến 9 dự án về: Luật A; Luật B": all statutes up to the end of the sentence are drafts.
    end = _SENTENCE_END.search(text, one.end)
    return end.start() if end is not None and listed[0].rstrip().endswith(":") else max(one.end, _end_of_coordinated(text, one.end))


_ROW = late_pattern(r"[ \t]{0,6}(?:\d{1,2}[.)]|[-–+•])[ \t]{0,3}")
_HEADS_DRAFTS = late_pattern(
    r"(?<!\w)(?:dự\s(?:án|thảo)\s(?:(?:bộ\s)?luật|pháp\slệnh|nghị\squyết)|dự\sluật)(?!\w)[^\n]{0,80}$", re.IGNORECASE
)
_MOST_ROWS = 40


def _is_row_of_drafts(text: str, start: int) -> bool:
    """Returns whether the statute at `start` begins a row of a list whose heading says that the rows are drafts: "CÁC DỰ ÁN PHÁP LỆNH:",
    "1. Pháp lệnh dân số;", "2. Pháp lệnh ...".
    """
    line = text.rfind("\n", 0, start) + 1
    if not line or start - line > 12 or _ROW.fullmatch(text, line, start) is None:
        return False
    for _ in range(_MOST_ROWS):
        end = line - 1
        line = text.rfind("\n", 0, end) + 1
        if _ROW.match(text, line, end) is None:
            return _HEADS_DRAFTS.search(text, max(line, end - 300), end) is not None
        if not line:
            break
    return False


_SEVERAL = late_pattern(r"(?<!\w)(?:các|một\s{1,3}số|nhiều|những|loạt|hai|ba|bốn|năm|\d{1,2})\s{1,3}$")  # "một số dự án Luật A, Luật B"
_YEAR_AT_END = late_pattern(rf"{YEAR}$")
_SENTENCE_END = late_pattern(r"\.\s|\n|\.?$")
_SO_AFTER = late_pattern(r"\s{1,4}số\s{0,3}:?\s{0,3}\d")


def _end_of_coordinated(text: str, end: int, *, drafts: bool = False) -> int:
    """Returns the end of a row of laws that are joined by commas and "và". What is stated of the first applies to all.
    `drafts`: the words before the row say that it is several drafts, so it needs no "và" before its last member.
    """
    first, closed = end, False
    while match := _NEXT_LAW.match(text, end):
        head = HEAD.match(text, match.start("head"))
        name = end_of_name_at(text, head) if head is not None else None
        if name is None or ";" in match[0]:
            break
        end, closed = name, "và" in match[0] or _SO_AFTER.match(text, name) is not None
    # A row without "và" before its last member may be a list of separate laws.
    return end if closed or drafts else first


def end_of_name(text: str, start: int) -> int | None:
    """Returns the end of the statute name that begins at `start`, with its year. Returns None if there is none."""
    head = HEAD.match(text, start)
    return end_of_name_at(text, head) if head is not None else None


def end_of_name_at(text: str, head: re.Match[str]) -> int | None:
    """Returns the end of the name after a head ("Luật"), with its year. Returns None if the head begins no name, or that of a law of another
    country: "Luật Dược của Pháp".
    """
    end = end_of_any_name_at(text, head)
    return None if end is None or is_foreign(text, end) else end


def end_of_any_name_at(text: str, head: re.Match[str]) -> int | None:
    """Returns the same, also of a law of another country."""
    start, at = head.start(), head.end()
    if is_no_statute(text, start, at):
        return None
    if (line := _heading(text, head)) is not None:
        return line
    many = _AMENDING_MANY.match(text, at)
    if many is not None:
        return _with_year(text, many.end())
    small = head[0].islower()
    amending = _AMENDING.match(text, at)
    if amending is not None:
        return _end_of_amending(text, at, amending.end(), small)
    whole_title = _AMENDING_ONLY.match(text, at)
    if whole_title is not None:
        return _with_year(text, whole_title.end()) if not small and _YEAR_AFTER.match(text, whole_title.end()) else None
    end = end_of_known(text, at) or _end_of_other(text, at)
    if end is None:
        return None
    whole = _with_year(text, end)
    if small and text[at:end].strip().islower() and whole == end:
        return None  # "luật đất đai": the field of law, no statute
    return None if _is_older_than_the_state(text, whole) else whole


def _is_older_than_the_state(text: str, end: int) -> bool:
    """Returns whether a name ends with a year before 1945: "Luật Nhập cư năm 1917" is one of another country."""
    year = text[end - 4 : end]
    return year.isdecimal() and int(year) < 1945


def _heading(text: str, head: re.Match[str]) -> int | None:
    """Returns the end of the name below a head in capitals that begins a line, if it is in capitals too. Returns None otherwise."""
    line = _CAPITAL_LINE.match(text, head.end()) if head[0].isupper() and text[: head.start()][-1:] in ("", "\n") else None
    if line is None or not line["name"].isupper():
        return None
    end = line.end("name")
    while line is not None and line["name"].isupper():
        end = line.end("name")
        line = _NEXT_CAPITAL_LINE.match(text, end)
    return end


def _end_of_amending(text: str, at: int, amended: int, small: bool) -> int | None:
    """Returns the end of the name of an amending law, None if no law follows. `amended`: where the amended law begins."""
    inner = HEAD.match(text, _skip_blank(text, amended))
    if inner is None or (small and inner[0].islower()):
        return None
    end = max(_end_of_amended(text, inner) or 0, end_of_known(text, at) or 0)
    return _with_year(text, end) if end else None


def amended_by_number(text: str, start: int, end: int) -> int | None:
    """Returns the end of the law that the numbered statute from `start` to `end` amends, and that is a part of its title: "Luật số
    46/2014/QH13 sửa đổi ... của Luật Bảo hiểm y tế". Returns None if it amends none.
    """
    if not text.startswith(("Luật", "luật", "Bộ luật", "Pháp lệnh"), start) or (amends := _AMENDING.match(text, end)) is None:
        return None
    inner = HEAD.match(text, _skip_blank(text, amends.end()))
    return _end_of_amended(text, inner) if inner is not None else None


def _end_of_amended(text: str, inner: re.Match[str]) -> int | None:
    """Returns the end of the laws that an amending law amends. They are all part of its own name. Returns None if no name follows."""
    end = end_of_known(text, inner.end()) or _end_of_unknown(text, inner.end())
    if end is None:
        return None
    first = _with_year(text, end)
    whole = _end_of_coordinated(text, first)
    return whole if text.find("(sửa đổi", first, whole) < 0 else first  # a revised law is a new one, beside the amending law


def _skip_blank(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _with_year(text: str, end: int) -> int:
    if (match := _ABBREVIATION.match(text, end)) and _YEAR_AFTER.match(text, match.end()):
        end = match.end()
    for pattern in (_REVISED, _YEAR_AFTER, _REVISED):
        if match := pattern.match(text, end):
            end = match.end()
    return end


def _end_of_other(text: str, at: int) -> int | None:
    """Returns the end of a name that is not in the list, or None if there is none, or if it is the law of a country or between states."""
    end = None if is_foreign(text, at) else _end_of_unknown(text, at)
    return None if end is not None and text[at:end].lower().endswith(" quốc tế") else end


def _end_of_unknown(text: str, at: int) -> int | None:
    """Returns the end of a name that is not in the list: as many words as a name can have. Returns None if there is no name."""
    end, words = at, 0
    while words < _LONGEST_UNKNOWN and (match := _TOKEN.match(text, end)):
        word = match["word"]
        if words == 0 and not _can_begin(word, match[0]):
            return None
        if words > 0 and not (words == 1 and text[at:end].strip().lower() == "phòng" and word.lower() == "chống"):
            # In "Luật Phòng, chống ..." the comma is part of the name.
            other = word[0].isupper() and not _goes_on(word)
            if words == 1 and other and "," not in match[0]:
                return None  # "Luật Minh Khuê": a company, a person or a place
            if other or "," in match[0] or word.lower() in _data()["ends"] or "\n\n" in match[0]:
                break
        end = match.end()
        words += 1
    return end if words > 1 or (words == 1 and len(text[at:end].strip()) > 2) else None


def _can_begin(word: str, token: str) -> bool:
    """Returns whether a word can be the first of a name that is not in the list. `token`: the word with the characters before it. In the
    next paragraph a sentence begins, and no name: "chậm vì vướng luật", "Mặc dù Quốc hội ...".
    """
    if not word[0].isupper() or "," in token or "\n\n" in token or is_foreign_word(word):
        return False
    return word not in _data()["no_names"] and word.lower() not in _data()["ends"]


def _goes_on(word: str) -> bool:
    """Returns whether a word with a capital can continue a name: "Luật Tổ chức Chính phủ"."""
    return word in _data()["go_on"] or word.isupper()


@cache
def _data() -> dict[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in grammar_data("laws").items()}
