"""Finds short citations: a type noun and a serial without letters, "Nghị định 100", "NĐ 72/2018", and lists of them."""

from __future__ import annotations

import re
from functools import cache

from scraper.citations.forms.cited_span import CitedSpan
from scraper.citations.forms.number_spelling import normalise_code, normalise_number
from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.loader import grammar
from scraper.citations.grammar.patterns import BARE, MORE, MORE_DATED, SO, UPPER
from scraper.citations.grammar.word_groups import either, none_of, unless_of, words_of
from scraper.citations.issuers.named_issuer import begins_known_body
from scraper.citations.scan.foreign_issuers import FOREIGN_ISSUER, is_issued_abroad
from scraper.citations.scan.literals import serials_after_nouns
from scraper.citations.scan.type_nouns import HISTORIC, STATUTES, Noun, is_part_of_another, type_noun_before
from scraper.model import CitationKind

_ONE_YEAR = late_pattern(r"(?:19|20)\d\d$")


def find_short(text: str) -> list[CitedSpan]:
    """Returns every short citation, in order. If one overlaps with a numbered citation, the caller keeps the numbered one."""
    data = grammar()
    found: list[CitedSpan] = []
    end = 0
    for at in serials_after_nouns(text):
        if at < end:
            continue
        usual = BARE.match(text, at)
        bare = usual or _OF_SOUTH.match(text, at)
        noun = type_noun_before(text, at, end, bare=True) if bare is not None else None
        if bare is None or noun is None or (usual is None and noun.name != "sắc luật"):
            continue
        kind = data.types.get(noun.name)
        if kind is None or kind.bare == "never" or not _counts(text, noun, bare, kind.bare):
            continue
        raw = bare["raw"]
        first = len(found)
        if raw.isdigit() and (apart := _codes_apart(text, noun.name, bare.end())) is not None:
            codes, end = apart
            whole = text[bare.start("raw") : end]
            found.append(
                CitedSpan(noun.start, end, CitationKind.NUMBERED, noun.name, kind.becomes, whole, normalise_number(whole), False, codes)
            )
            continue
        found.append(CitedSpan(noun.start, bare.end(), CitationKind.SHORT, noun.name, kind.becomes, raw, normalise_number(raw)))
        end = bare.end()
        while (more := MORE.match(text, end) or MORE_DATED.match(text, end)) and not _begins_count(text, more):
            found.append(
                CitedSpan(
                    more.start("raw"),
                    more.end("raw"),
                    CitationKind.SHORT,
                    "",
                    kind.becomes,
                    more["raw"],
                    normalise_number(more["raw"]),
                    True,
                )
            )
            end = more.end()
        if _FOREIGN_BODY.match(text, end) or is_issued_abroad(text, noun.start):
            del found[first:]
    return found


_OF_SOUTH = late_pattern(r"(?P<raw>\d{1,3}/7\d)(?![\d/])")  # "Sắc luật 03/76": only these have a year of two digits
_OF_GOVERNMENT = ("nghị định", "nghị quyết", "quyết định", "chỉ thị", "thông tư")
# "Nghị định số 12 CP ngày 18-2-1997": a blank instead of the separator before the code of the body.
_BODY_APART = late_pattern(r"\s{1,2}(?P<body>CP|TTg|HĐBT|CT(?=\s{1,2}ngày))(?![\w/&-])")
# "sắc lệnh số 38 NV ngày 27-3-1946": the ministry, or a letter. They issued a number and a day.
_MINISTRY_APART = late_pattern(r"\s{1,2}(?P<body>[A-ZĐ]{1,4})(?=,?\s{1,2}ngày\s)")
_TYPE_APART = late_pattern(
    rf"\s{{1,2}}(?P<type>[{UPPER}]{{2,4}})\s{{1,2}}(?P<body>[{UPPER}]{{2,8}})(?![\w/&-])"
)  # "Quyết định số 123 QĐ UBND"


def _codes_apart(text: str, noun: str, at: int) -> tuple[tuple[str, ...], int] | None:
    """Returns the codes at `at` that only blanks separate from the serial before them, and their end. Returns None if there are none."""
    if noun in _OF_GOVERNMENT and (body := _BODY_APART.match(text, at)) is not None:
        return (normalise_code(body["body"]),), body.end()
    if noun in HISTORIC and (body := _MINISTRY_APART.match(text, at)) is not None:
        return (normalise_code(body["body"]),), body.end()
    if (both := _TYPE_APART.match(text, at)) is not None:
        codes = (normalise_code(both["type"]), normalise_code(both["body"]))
        if grammar().codes.get(codes[0]) == noun and codes[1] in grammar().known_codes and codes[1] not in grammar().codes:
            return codes, both.end()
    return None


_FOREIGN_BODY = late_pattern(
    rf"\s{{1,4}}(?:\([^()]{{1,40}}\)\s{{1,4}}|mới\s{{1,4}}(?:nhất\s{{1,4}})?|(?:được|ban\s{{1,4}}hành|thông\s{{1,4}}qua)\s{{1,4}}[^.,;:()\n]{{3,50}}?\s{{1,4}})?của\s{{1,4}}{FOREIGN_ISSUER}"
)


def _counts(text: str, noun: Noun, bare: re.Match[str], rule: str) -> bool:
    """Returns whether noun and serial name a document, and not an amount, a date, the number of a paragraph or the object of a verb."""
    raw, so, end = bare["raw"], noun.so, bare.end()
    own_line = "\n" in text[noun.start + len(noun.written) : bare.start()]
    if _is_paragraph_number(text, raw, end, so, own_line) or is_part_of_another(text, noun.start):
        return False
    if "-" in raw and not (so or rule == "always"):
        return False  # "kế hoạch 6-2017"
    if _is_year(noun, raw, so):
        return False
    if _is_measure(text, raw, end):
        return False
    if noun.name == "phương án" and len(raw) == 1:
        return False  # an option, not a paper
    if noun.name in _NEVER_VERBS and raw[:2].isdigit():
        counts = (_ONE_YEAR.match(raw) is not None and noun.name != "công văn") or _PARTS_OF_PAPER.match(text, end) is not None
    else:
        counts = _counts_things(text, raw, end)
    return so or has_year(raw) or (not counts and _is_document(text, noun, end, rule))


def _is_year(noun: Noun, raw: str, so: bool) -> bool:
    """Returns whether four digits are a year, or may be one: "Quyết định 2013". In "Luật Chuyển đổi số 2025" the name ends with "số". The numbers
    of letters are as high as years.
    """
    if len(raw) != 4 or _ONE_YEAR.match(raw) is None or noun.name == "công văn":
        return False
    return not so or noun.name in STATUTES


def has_year(raw: str) -> bool:
    """Returns whether a serial without letters states its year: "64/2007", "19-2017"."""
    return "/" in raw or "-" in raw


def _is_document(text: str, noun: Noun, end: int, rule: str) -> bool:
    """Returns whether a noun and a bare serial without "số" name a document, by the words beside them. `end`: the end of the serial."""
    written, start = noun.written, noun.start
    if written in grammar().short:
        return _reads_as_document(text, written, start, end)
    small = written[0].islower()
    if small and noun.name in _NEVER_VERBS and text[end - 2].isdigit():
        return True  # a serial of two digits or more
    if rule == "marked" and (small or _begins_sentence(text, start) or written.isupper()):
        # "...; Kế hoạch 92 của Huyện ủy": no sentence begins after a semicolon.
        return not small and text[max(0, start - 2) : start].rstrip() == ";" and _is_of_body(text, end)
    return not small or not _is_verb(text, start, end)


_NEVER_VERBS = frozenset(words_of("short", "never_verbs"))
_PARTS_OF_PAPER = late_pattern(rf"\s{{1,3}}(?!(?:năm|tháng|ngày)\s{{1,3}}\d)(?:{either(words_of('short', 'parts_of_paper'))})(?!\w)")
_AMOUNT = late_pattern(rf"\s?{none_of(unless_of('short', 'amounts'))}(?:{either(words_of('short', 'amounts'))}|%|[hg]\d|(?:ha|đ)(?!\w))")


def _is_measure(text: str, raw: str, end: int) -> bool:
    return not has_year(raw) and _AMOUNT.match(text, end) is not None


def _is_paragraph_number(text: str, raw: str, end: int, so: bool, own_line: bool) -> bool:
    """Returns whether a small serial begins a numbered paragraph, with a full stop and a capital after it: "Thông tư 3. Thủ tục". At the
    beginning of a line (`own_line`) it can have more digits.
    """
    return not so and (len(raw) == 1 or own_line) and re.match(r"[.)]\s+[^\W\d_a-z]", text[end : end + 4]) is not None


@cache
def _things() -> re.Pattern[str]:
    words = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(grammar().units, key=len, reverse=True))
    # "Nghị quyết 149 tháng 7/2018", "Thông tư 20 năm 2018": a date, not a count.
    return late_pattern(rf"\s{{1,3}}{none_of(unless_of('short', 'amounts'))}(?!(?:năm|tháng|ngày)\s{{1,3}}\d)(?:{words})(?!\w)")


def _counts_things(text: str, raw: str, end: int) -> bool:
    """Returns whether a serial is a count of the words after it: "quyết định 15 nội dung", "kế hoạch 5 năm"."""
    if has_year(raw):
        return False
    return _ONE_YEAR.match(raw) is not None or _things().match(text, end) is not None


def _begins_count(text: str, more: re.Match[str]) -> bool:
    """Returns whether the number after a comma or "và" is an amount, and not a member of the list: "Thông tư 22, 27 giáo viên đã học". After the
    number of a document the clause goes on; after an amount comes what is counted. A number after "số", or with a year, is a member.
    """
    raw, end = more["raw"], more.end()
    if _counts_things(text, raw, end):
        return True
    return not has_year(raw) and _small_after(text, end) and not _GOES_ON.match(text, end) and not _SO_INSIDE.search(more[0])


_OBJECT_OF = late_pattern(r"(?<!\w)(?:ban hành|ký|theo|kèm theo|căn cứ)\s$")  # "Cục ban hành quyết định 153 thu hồi"
_SO_INSIDE = late_pattern(rf"{SO}\s*\d+[a-z]?$")
_GOES_ON = late_pattern(rf"\s+(?:{either(words_of('short', 'goes_on'))}|năm\s+(?:19|20)\d\d)(?!\w)")
_VERB_BEFORE = late_pattern(rf"(?<!\w)(?:{either(words_of('short', 'before_verb'))})\s*$")


def _is_verb(text: str, start: int, end: int) -> bool:
    """Returns whether a noun in small letters before a serial is a verb with its object: "HĐND quyết định 15 nội dung"."""
    before = text[max(0, start - 24) : start]
    if _VERB_BEFORE.search(before):
        return True
    if _OBJECT_OF.search(before):
        return False
    return _small_after(text, end) and not _GOES_ON.match(text, end)


def _small_after(text: str, end: int) -> bool:
    return re.match(r"\s+[a-zà-ỹđ]", text[end : end + 4]) is not None


def _begins_sentence(text: str, at: int) -> bool:
    head = text[max(0, at - 6) : at].rstrip(" \t\u00a0")
    return not head or head[-1] in '.!?\n:•*+-–;"“'


def _is_of_body(text: str, end: int) -> bool:
    """Returns whether "của" and a body that issues documents follow a serial that ends at `end`."""
    issued = _OF.match(text, end)
    return issued is not None and begins_known_body(text[issued.end() : issued.end() + 120], 0)


_READS_AS_DOCUMENT = late_pattern(rf"\s{{0,2}}(?:$|[.,;:)/?!”\"(]|{either(words_of('short', 'after_abbreviation'))})")
_OF = late_pattern(r"\s{1,3}của\s{1,3}")
_MANY_MEANINGS = words_of("short", "many_meanings")
_IS_A_CODE = late_pattern(rf"\s{{1,3}}(?:đều\s{{1,3}})?là\s{{1,3}}(?:các\s{{1,3}})?(?:{either(words_of('short', 'other_meaning'))})(?!\w)")
_CITED_BEFORE = late_pattern(rf"(?:{either(words_of('short', 'before_abbreviation'))}|(?:điều|khoản) \d+,?)\s*$", re.IGNORECASE)


def _reads_as_document(text: str, written: str, start: int, end: int) -> bool:
    """Returns whether an abbreviated noun before a serial can only be a document."""
    if _IS_A_CODE.match(text, end):
        return False
    reads_on = bool(_READS_AS_DOCUMENT.match(text, end))
    before = text[max(0, start - 24) : start]
    if written in _MANY_MEANINGS:
        if _is_of_body(text, end):
            return True  # "NQ 57 của Bộ Chính trị và CT 05 của Thủ tướng"
        listed = re.search(r"(?<![\w])(?:QĐ|NĐ|NQ|TT|TTLT|CV)\s?[^\s.;]{1,40}\s?(?:và|,|;)\s*$", text[max(0, start - 60) : start])
        return reads_on and bool(_CITED_BEFORE.search(before) or listed)
    return reads_on or start == 0 or bool(_CITED_BEFORE.search(before)) or bool(_GOES_ON.match(text, end))
