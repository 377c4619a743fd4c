"""Finds statutes that are cited by name: "Luật Công nghệ thông tin", "Hiến pháp năm 2013". `statute_name_end` finds the end of a name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scraper.citations.forms.cited_span import CitedSpan
from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.loader import grammar_data
from scraper.citations.grammar.patterns import SMALL, YEAR
from scraper.citations.scan.foreign_law_names import ABROAD, HOME, MAYBE_FOREIGN, ForeignLawNames
from scraper.citations.scan.laws_abroad import is_law_abroad
from scraper.citations.scan.not_statutes import is_foreign, is_foreign_constitution, is_passed_abroad
from scraper.citations.scan.statute_name_end import HEAD, amended_by_number, end_of_any_name_at, end_of_drafts
from scraper.model import CitationKind

# Every name has one of these in its head. Each begins with a literal of several letters, which a pattern finds faster than `in` does.
_LITERALS = tuple(map(re.compile, ("uật", r"háp\s{1,5}lệnh", r"iến\s{1,4}[Pp]háp", "LUẬT", "PHÁP", "BL[HDTL]")))
_CODE = late_pattern(rf"(?<!\w)(?:BLHS|BLDS|BLTTHS|BLTTDS|BLLĐ)(?!\w)(?:\s{{1,5}}(?:năm\s{{1,5}})?{YEAR}(?![\d/]))?")
_COUNTRY = r"(?:CHXHCN|Cộng\s{1,3}h(?:òa|oà)\s{1,3}(?:XHCN|xã\s{1,3}hội\s{1,3}chủ\s{1,3}nghĩa)|Việt\s{1,3}Nam\s{1,3}dân\s{1,3}chủ\s{1,3}cộng\s{1,3}h(?:òa|oà)|VNDCCH)(?:\s{0,5}(?:Việt\s{1,3}Nam|VN))?"
_CONSTITUTION = late_pattern(
    rf"(?:(?<!\w)|(?<=[{SMALL}\d])(?=H))(?:[Hh]iến\s{{1,4}}[Pp]háp|HIẾN\s{{1,4}}PHÁP)(?P<country>\s{{1,5}}(?i:nước)\s{{1,5}}(?i:{_COUNTRY}))?"
    # "Hiến pháp (sửa đổi) năm 2013": the amendment belongs to the name only if the year follows it.
    rf"(?P<year>(?:\s{{1,5}}\(?sửa\s{{1,4}}đổi(?:,?\s{{1,4}}bổ\s{{1,4}}sung)?\)?(?=\s))?\s{{0,5}}(?:(?:năm|NĂM)\s{{1,5}})?{YEAR}(?![\d/]))?"
)
_MORE_ARTICLES = (
    r"(?:\s{0,5},\s{0,5}(?:[Đđ]iều\s{1,5})?\d+[a-z]?|\s{1,5}và\s{1,5}(?:[Đđ]iều\s{1,5})?\d+[a-z]?){0,8}"  # "các điều 40, 41 và 83"
)
_ARTICLE_BEFORE = late_pattern(
    rf"(?:[Đđ]iều|[Cc]hương|[Kk]hoản)\s{{1,5}}[\dIVX]+[a-z]?{_MORE_ARTICLES}(?:\s{{0,5}},\s{{0,5}}(?:khoản\s{{1,5}}\d+\s{{0,5}})?)?\s{{0,5}}(?:của\s{{1,5}}|trong\s{{1,5}})?(?:bản\s{{1,5}})?$"
)


def find_named(text: str, taken: list[tuple[int, int]]) -> list[CitedSpan]:
    """Returns every statute that is named in a composed text, in order, outside the spans in `taken` (also in order).
    If a numbered statute amends another one, the amended statute is part of its title and no citation.
    """
    found: list[CitedSpan] = []
    done = -1  # text before this offset belongs to a name or a draft
    drafts = -1  # the end of the last member of a list of drafts
    foreign: ForeignLawNames | None = None
    spans = iter(taken)
    span = next(spans, None)
    for place in _places(text):
        while span is not None and span[1] <= place:
            done = max(done, amended_by_number(text, *span) or done)
            span = next(spans, None)
        if place < done or (span is not None and span[0] <= place):
            continue
        if foreign is None:
            foreign = ForeignLawNames(text)
        one = _at(text, place, foreign)
        if one is None or one.start < done:
            continue
        if foreign.last:
            country = foreign.country_of(one.start, one.end, found)
            if country == ABROAD:
                continue
            if country != HOME:
                one.flags = (MAYBE_FOREIGN,)
        draft = one.end if drafts > 0 and _NEXT_MEMBER.fullmatch(text, drafts, one.start) else end_of_drafts(text, one)
        if draft is not None:
            done = drafts = draft
            continue
        done = one.end
        if span is None or one.end <= span[0]:
            found.append(one)
    return found


_NEXT_MEMBER = late_pattern(r"\s?;\s(?:và\s)?(?:dự\s(?:án|thảo)\s)?")  # a list of drafts is longer than what is read before a name


def _places(text: str) -> Iterator[int]:
    places = sorted([match.start() for pattern in _LITERALS for match in pattern.finditer(text)])
    last = -1
    for place in places:
        if place > last:
            yield place
            last = place


# The most frequent words that contain "luật" and name no statute. _NOT_BEFORE has the others.
_PART_OF_WORD = ("háp luật", " kỷ luật")


def _at(text: str, place: int, foreign: ForeignLawNames) -> CitedSpan | None:
    """Returns the statute whose head contains the literal at `place`, or None. A law of another country is stored in `foreign`."""
    if text.startswith("BL", place):
        return _code(text, place)
    if text.startswith("iến", place):
        return _constitution(text, place - 1, foreign)
    if text.startswith("PHÁP", place) and (one := _constitution(text, place - 5, foreign)) is not None:
        return one
    head = HEAD.match(text, start) if (start := _start_of_head(text, place)) is not None else None
    end = end_of_any_name_at(text, head) if head is not None else None
    if head is None or end is None:
        return None
    if is_foreign(text, end) or is_passed_abroad(text, head.start()) or is_law_abroad(text, head.start(), end, head.end()):
        foreign.note(head.start(), end)
        return None
    return CitedSpan(head.start(), end, CitationKind.NAMED, noun, noun) if (noun := _noun(head[0])) else None


def _start_of_head(text: str, place: int) -> int | None:
    """Returns where the head with the literal at `place` may begin. Returns None if the literal is in another word, like "pháp luật"."""
    start = place - 1 if text[place] in "uh" else place
    if text[start] in "lLPp" and text[start - 3 : start - 1].lower() == "bộ" and text[start - 1].isspace():
        start -= 3
    elif text[start] in "lL" and text[start - 2 : start].lower() == "bộ":
        start -= 2  # the blank was lost
    elif text.startswith(_PART_OF_WORD, start - 4):
        return None
    return start


def _code(text: str, place: int) -> CitedSpan | None:
    """Returns the code of law at `place` that is cited by its abbreviation, like "BLHS", or None."""
    match = _CODE.match(text, place)
    if match is None or is_foreign(text, match.end()):
        return None
    return CitedSpan(place, match.end(), CitationKind.NAMED, "bộ luật", "bộ luật")


def _noun(written: str) -> str:
    """Returns the noun of a head: "luật", "bộ luật" (its blank may be lost) or "pháp lệnh"."""
    noun = " ".join(written.lower().split())
    return "bộ luật" if noun == "bộluật" else noun


def _constitution(text: str, start: int, foreign: ForeignLawNames) -> CitedSpan | None:
    match = _CONSTITUTION.match(text, start) if start >= 0 else None
    if match is None:
        return None
    if is_foreign_constitution(text, match.end()):
        foreign.note(start, match.end())
        return None
    if match["year"] and match["year"][-4:] not in grammar_data("laws")["constitutions"]:
        return None
    if not (match["year"] or match["country"] or _ARTICLE_BEFORE.search(text[max(0, start - 60) : start])):
        return None
    if not match["year"] and not match["country"] and is_law_abroad(text, start, match.end(), None):
        foreign.note(start, match.end())
        return None
    return CitedSpan(start, match.end(), CitationKind.NAMED, "hiến pháp", "hiến pháp")
