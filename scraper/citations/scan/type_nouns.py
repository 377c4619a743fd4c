"""Finds the noun that a number belongs to, and the nouns of papers that are not documents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from scraper.citations.forms.issue_dates import DATE
from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.loader import grammar, grammar_data
from scraper.citations.grammar.patterns import GLUED_NOUN_BEFORE, HEADING_BEFORE, NOUN_BEFORE, NOUN_RE, SMALL, SO_BEFORE
from scraper.citations.grammar.word_groups import either, words_of
from scraper.citations.issuers.named_issuer import is_known_body
from scraper.citations.scan.statute_name_end import end_of_name
from scraper.pattern_prefilter import endings
from scraper.text import fold, squeeze

_FAR = 160  # maximum distance in characters between a noun and "số"
_NEAR = 48
_NOUN = 36  # the longest noun, "số", a colon and blanks
STATUTES = ("luật", "bộ luật", "pháp lệnh")
HISTORIC = ("sắc lệnh", "sắc luật")  # types of 1945 to 1976
# What ends a noun phrase: another clause, a bracket, a quotation, a paragraph.
_CLAUSE = late_pattern(r"[.;:!?()\[\]“”\"«»]|\n\s*\n")
_BRACKETED = late_pattern(r"\([^()]{1,40}\)")
_NOT_IN_PHRASE = late_pattern(rf"(?<!\w)(?:{either(words_of('short', 'not_in_phrase'), blank=' ')})(?!\w)")


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun in the text: its start, its name in the grammar, its written form, and whether "số" follows after it."""

    start: int
    name: str
    written: str
    so: bool
    near: bool  # only "số" comes between it and the number


def name_of(written: str) -> str:
    """Returns the noun of the grammar for a written noun, which may be misspelt or abbreviated."""
    data = grammar()
    if written in data.short:
        return data.short[written]
    word = squeeze(written).lower()
    return data.spellings.get(word) or _glued_nouns().get(word, word)


@cache
def _glued_nouns() -> dict[str, str]:
    """Returns the nouns by their form without a blank: "nghịđịnh"."""
    return {noun.replace(" ", ""): noun for noun in grammar().types if " " in noun}


def type_noun_before(text: str, serial: int, floor: int, *, bare: bool = False) -> Noun | None:
    """Returns the noun of the number whose serial begins at `serial`, or None. The noun must begin after `floor`.
    It comes directly before ("Quyết định số 749"), or before words of the same noun phrase and "số" ("Công văn hỏa tốc số 6107", "Luật Giáo
    dục số 43/2019/QH14"). In the second case, a serial without letters (`bare`) needs "số" that belongs to this noun, and the noun its
    diacritics.
    """
    so = SO_BEFORE.search(text, max(floor, serial - 12), serial)
    near = _near(text, serial, floor, so is not None)
    if near is None and bare and so is not None and text[so.start() - 1] == "(" and _DATED.match(text, serial):
        near = NOUN_BEFORE.search(text, max(floor, so.start() - 1 - _NOUN), so.start() - 1)  # "công văn (số 33, ngày 30/3/2012)"
    if near is not None and not _FIELD_LABEL.search(text, max(floor, near.start() - 12), near.start()):
        start, name = _outer(text, near.start("noun"), name_of(near["noun"]), floor)
        return Noun(start, name, near["noun"], near["so"] is not None, near=True)
    if bare and so is None:
        return None
    edge = so.start() if so else serial
    found = _far(text, floor, edge, so is not None)
    if bare and found is not None and not _has_the_serial(text, found, edge, serial):
        return None
    return found if found is not None or bare else _unmarked(text, serial, floor)


# "số" gives a number to the nearest noun: in "công điện ứng phó bão số 3" to the storm. It belongs to the noun of the document only over words
# that say what kind of document it is, or which body issued it. A day of issue shows it too, but not after a thing that has numbers itself.
_QUALIFIERS = late_pattern(
    rf"(?:\s{{1,3}}(?:{either(words_of('short', 'qualifiers'), blank=' ')}))*(?P<of>\s{{1,3}}của\s{{1,3}})?", re.IGNORECASE
)
_HAS_NUMBERS = late_pattern(rf"(?<!\w)(?:{either(words_of('short', 'has_numbers'), blank=' ')})\s{{0,3}}$", re.IGNORECASE)
_NO_DOCUMENTS = words_of("short", "not_documents")
_DATED = late_pattern(r"\d{1,6}[a-z]?(?:/(?:19|20)\d\d)?\s?,?\s(?:(?:ký|ban hành|ra) )?ngày\s?\d")


def _has_the_serial(text: str, noun: Noun, edge: int, serial: int) -> bool:
    """Returns whether "số" at `edge` and the serial without letters after it belong to a noun some words before them."""
    if noun.name in STATUTES:
        end = end_of_name(text, noun.start)  # only the name of the statute comes between
        if end is not None and end <= edge:
            return _AFTER_NAME.fullmatch(text, end, edge) is not None
    words = _without_day(text[noun.start : edge]).rstrip()
    if words.lower().startswith(_NO_DOCUMENTS):
        return False
    after = [match.end() for match in NOUN_RE.finditer(words)]  # two nouns in "Thông báo kết luận thanh tra số 75"
    match = _QUALIFIERS.match(words, after[-1] if after else len(noun.written))
    if match is not None and (is_known_body(words, match.end()) if match["of"] else match.end() == len(words)):
        return True
    return _DATED.match(text, serial) is not None and _HAS_NUMBERS.search(words) is None


def _near(text: str, serial: int, floor: int, so: bool) -> re.Match[str] | None:
    """Returns the match of the noun directly before a serial or before its "số", also of one in a heading or joined to another word."""
    near = NOUN_BEFORE.search(text, max(floor, serial - _NOUN), serial)
    window = max(floor, serial - _NEAR)
    if near is None and so:
        near = HEADING_BEFORE.search(text, window, serial)
    if near is None and _GLUED_CAPITAL.search(text, window, serial) is not None:
        near = GLUED_NOUN_BEFORE.search(text, window, serial)
    return near


def _far(text: str, floor: int, edge: int, so: bool) -> Noun | None:
    """Returns the noun before words of the same noun phrase, which end at `edge`. `so`: whether "số" follows them."""
    first = max(floor, edge - _FAR)
    if not any(end in text[first:edge] for end in _ENDS):
        return None
    nouns = [noun for noun in NOUN_RE.finditer(text, first, edge) if _PEOPLE.match(text, noun.end()) is None]
    for noun in nouns:
        # The name of a statute, which may contain other nouns, can continue up to the number.
        if (
            name_of(noun[0]) in STATUTES
            and (end := end_of_name(text, noun.start())) is not None
            and end <= edge
            and _BETWEEN_NAME.fullmatch(text, end, edge)
            and (so or "\n" not in text[end:edge])
            and not (_AMENDING_HEAD.match(text, noun.start()) and _NUMBERED_ROW.match(text, edge))
        ):
            amending = _amending_law_before(text, floor, noun.start(), edge)
            start, written = amending or (noun.start(), noun[0])
            return Noun(start, name_of(written), written, so, near=False)
    return _last_of_phrase(text, floor, nouns[-1], edge, so) if nouns else None


_IN_ROW = late_pattern(r"(?:,|(?<!\w)và)\s{1,4}$")
_AMENDING_HEAD = late_pattern(r"(?<!\w)(?:Bộ\s{1,4}luật|Luật|luật)(?=\s{1,4}[Ss]ửa\s{1,4}đổi)")
# Each law of the row has a number: "Luật sửa đổi, bổ sung một số điều của Luật A số 1/2008/QH12, Luật B số 2/2015/QH13". Then it is that law's.
_NUMBERED_ROW = late_pattern(r"(?:số\s{0,4}:?\s{0,4})?\d[^\s,;]{4,20},\s{1,4}(?:Bộ\s{1,4}luật|Luật)\s[^.;:,\d]{3,90}?\ssố\s{0,4}\d")
_LONGEST_ROW = 900  # characters of a law that amends many others


def _amending_law_before(text: str, floor: int, last: int, edge: int) -> tuple[int, str] | None:
    """Returns the start and the noun of the amending law in whose name a row of laws ends with the one at `last`. The number at `edge` is that
    of the amending law: "Luật sửa đổi, bổ sung một số điều của Luật Chứng khoán, Luật Kế toán, ... số 56/2024/QH15". Returns None if there is none.
    """
    if _IN_ROW.search(text, max(floor, last - 10), last) is None:
        return None
    first = max(floor, edge - _LONGEST_ROW)
    for head in reversed([*_AMENDING_HEAD.finditer(text, first, last)]):
        if text.find(";", head.end(), last) >= 0:
            return None
        end = end_of_name(text, head.start())
        if end is not None and end > last and _BETWEEN_NAME.fullmatch(text, end, edge):
            return head.start(), head[0]
    return None


_PEOPLE = late_pattern(r"\s{1,4}(?:sư|gia)(?!\w)")  # "luật sư", "luật gia"


def _last_of_phrase(text: str, floor: int, last: re.Match[str], edge: int, so: bool) -> Noun | None:
    """Returns the noun if the words between it and `edge` belong to its noun phrase, or None."""
    name = name_of(last[0])
    statute = name in STATUTES
    between = text[last.end() : edge]
    if last[0].isupper() and between.isupper():
        between = squeeze(between).lower()  # a heading in capitals over several lines
    if not (so or statute):
        qualified = bool(between.strip()) and "\n" not in between and _QUALIFIERS.fullmatch(between.rstrip()) is not None
        return Noun(last.start(), name, last[0], so, near=False) if qualified else None  # "văn bản hỏa tốc 47/UBND-NC"
    if not last[0].isupper() and _HEADING_NUMBER.match(text, last.end() + len(between.rstrip())) is not None:
        return None  # a line above the number of the document itself
    if name == "quyết định":
        between = between.removeprefix(" giao")  # "Quyết định giao đất số 12/QĐ-UBND", but "Kế hoạch giao các xã ..." is a clause
    if not _same_phrase(between, statute=statute, so=so):
        return None
    start, name = _outer(text, last.start(), name, floor)
    return Noun(start, name, last[0], so, near=False)


_HEADING_NUMBER = late_pattern(r"[^\S\n]{0,3}\n\s{0,4}S[ốỐ]\s?:")
_GLUED_CAPITAL = late_pattern(rf"[{SMALL}\d][QNTCKLPBHSVĐ](?=[^\W\d_])")
# The last letters of the nouns, as they are written in "công văn", "Công Văn" and "CÔNG VĂN". They reject most text without the pattern.
_ENDS = tuple(
    {
        form(syllable)[-3:]
        for noun in (*grammar().types, *grammar().spellings)
        for syllable in endings([noun])
        for form in (str.lower, str.capitalize, str.upper)
    }
)
_BETWEEN_NAME = late_pattern(r"\s{0,4}(?:\([^()]{1,40}\))?\s{0,4},?\s{0,4}\(?")


_AFTER_NAME = late_pattern(rf"(?:\s{{1,4}}sửa\sđổi(?:,?\sbổ\ssung)?)?{_BETWEEN_NAME.pattern}")


# "Số hiệu văn bản: 16-TT/LB": the label of a record, not the noun of the number.
_FIELD_LABEL = late_pattern(r"(?:[Ss]ố(?:,? kí| ký)? hiệu|[Ss]ố|[Ll]oại)\s{1,2}$")


# "Tỉnh ủy đã thông báo kết luận số 469-KL/TU": the first word is a verb, and the number is that of the conclusion.
_ANNOUNCES = late_pattern(r"(?<!\w)(?:đã|vừa|mới|sẽ|được)\s{1,3}thông báo\s{1,3}$", re.IGNORECASE)


def _outer(text: str, start: int, name: str, floor: int) -> tuple[int, str]:
    """Returns the start and the name of the paper itself. In "Thông báo kết luận số 75" it is the first of two nouns."""
    if name == "kết luận":
        before = NOUN_BEFORE.search(text, max(floor, start - _NEAR), start)
        announced = _ANNOUNCES.search(text, max(floor, start - _NEAR), start) is not None and text[start + 7 : start + 30].find("KL") > 0
        if before is not None and before["so"] is None and name_of(before["noun"]) == "thông báo" and not announced:
            return before.start("noun"), "thông báo"
    return start, name


_DOUBLE_REPORT = late_pattern(r"\s{1,3}(?:tiếp thu|giải trình|thẩm tra)\s?,\s{1,3}(?:tiếp thu|giải trình|thẩm tra|chỉnh lý)[^,]{0,40}$")


def _same_phrase(between: str, *, statute: bool, so: bool) -> bool:
    """Returns whether the words between a noun and its number belong to the same noun phrase: few words, no new clause, no number, no
    verb.
    """
    between = _BRACKETED.sub(" ", _without_day(between))
    words = between.split()
    if "\n" in between and not so:
        return False  # a number on a line of its own belongs to another row
    if _CLAUSE.search(between) or re.search(r"\d", between):
        return False
    if statute:
        return len(words) <= 24 and (so or len(words) <= 10)
    if _DOUBLE_REPORT.match(between):
        return True
    return "," not in between and len(words) <= 14 and not _NOT_IN_PHRASE.search(between)


# "Quyết định ngày 12/02/2019 số 245/QĐ-BGTVT": the day of issue is part of the noun phrase.
_DAY = late_pattern(rf"\s{{1,4}}(?:đề\s{{1,4}})?ngày\s{{1,4}}(?:{DATE}),?(?=\s|$)")


def _without_day(words: str) -> str:
    return _DAY.sub("", words) if "ngày" in words else words


_SYLLABLES = late_pattern(r"(?<!\w)(?:[^\W\d_]+\s){0,2}[^\W\d_]+\s[^\W\d_]+\s+(?:[^\W\d_]+\s?:?\s*)?$")


def _unmarked(text: str, serial: int, floor: int) -> Noun | None:
    """Returns a noun without its diacritics, or with wrong ones: "Quyet dinh so 749/QD-TTg", "Nghị đinh". Returns None if there is none."""
    match = _SYLLABLES.search(text, max(floor, serial - _NEAR), serial)
    if match is None or NOUN_RE.search(match[0]):
        return None
    words = [(part.start(), fold(part[0])) for part in re.finditer(r"[^\W\d_]+", match[0])]
    so = bool(words) and words[-1][1] == "so"
    if so:
        words.pop()
    for count in (4, 3, 2):
        if len(words) >= count:
            name = _folded_nouns().get(" ".join(word for _, word in words[-count:]))
            if name is not None:
                return Noun(match.start() + words[-count][0], name, match[0][words[-count][0] :], so, near=True)
    return None


@cache
def _folded_nouns() -> dict[str, str]:
    data = grammar()
    nouns = {fold(noun): noun for noun in data.types if " " in noun}
    return nouns | {fold(noun): name for noun, name in data.spellings.items() if " " in noun}


_NO_DOCUMENT_TAIL = late_pattern(r"\s*(?:có|mang|ký hiệu|kí hiệu|lưu hành|xuất bản)?\s*(?:số\s*:?\s*)?$")


@cache
def _no_documents() -> re.Pattern[str]:
    nouns = "|".join(re.escape(noun).replace(r"\ ", r"\s+") for noun in sorted(grammar().not_documents, key=len, reverse=True))
    other = "|".join(grammar_data("words")["not_documents"]["not_before"])
    return late_pattern(rf"(?<!\w)(?:{nouns})(?!\s+(?:{other})(?!\w))(?:\s+[\w ]{{0,30}})?$")


def is_no_document(text: str, at: int) -> bool:
    """Returns whether the words before `at` name a paper that is not a document: a licence, a contract, an account ..."""
    window = _NO_DOCUMENT_TAIL.sub("", squeeze(text[max(0, at - 70) : at].lower()))
    return bool(_no_documents().search(window))


_PART_OF = late_pattern(rf"(?<!\w)(?:{either(words_of('short', 'not_documents'), blank=' ')})$")


def is_part_of_another(text: str, noun_start: int) -> bool:
    """Returns whether the noun of a document is part of another name: "bản kết luận điều tra", "kết luận giám định"."""
    return _PART_OF.search(squeeze(text[max(0, noun_start - 40) : noun_start].lower())) is not None
