"""What the provisions say about force: from which day the document is in force, and which documents it ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from scraper.citations import find
from scraper.citations.forms.issue_dates import DATE, parse_date
from scraper.held_documents.rows_of_pages import Passage, Row
from scraper.held_documents.values import ABSENT, CitedDocument, Field, Paragraph
from scraper.held_documents.words import any_of, words
from scraper.model import Context, Mention, Rule
from scraper.rule_codes import RuleCode

MOST_CLAUSES = 40  # clauses of each kind that are read
_ROWS_OF_CLAUSE = 14
_W = r"\s{1,4}"
_ARTICLE = re.compile(r"\W{0,3}(?:dieu\s{1,3}\d|chuong\s{1,3}[ivx\d]|muc\s{1,3}\d|noi\s{0,3}nhan|\d{1,2}\s{0,2}[.)]\s|[a-z]\s{0,2}\)\s)")
_EFFECT = re.compile(
    r"(?<!het )(?<!het  )co\s{1,4}hieu\s{1,4}luc|hieu\s{1,4}luc\s{1,4}thi\s{1,4}hanh"
    r"|(?<=nay )(?:duoc\s{1,4})?(?=thi\s{1,4}hanh\s{1,4}(?:ke|tu|sau)\s)"  # "Quyết định này được thi hành kể từ ngày ký"
)
_MARK = r"(?:\s?\[\d{1,3}\]|[¹²³\d]{1,2})?"  # of a footnote
_ITSELF = re.compile(r"(?<![a-z])nay(?![a-z])")
_SIGNING = r"(?:ky|ban\s{1,4}hanh|ky\s{1,4}ban\s{1,4}hanh|thong\s{1,4}qua)"
# In the form without diacritics. After "có hiệu lực".
_SINCE = rf"(?:thi{_W}hanh{_MARK}{_W})?(?:,\s{{0,3}})?(?:ke{_W})?(?:tu|vao|sau){_W}"
_FROM_SIGNING = re.compile(rf"{_SINCE}ngay{_W}(?:duoc{_W})?{_SIGNING}(?![a-z])|(?:thi{_W}hanh{_W})?ke{_W}tu{_W}ngay{_W}{_SIGNING}(?![a-z])")
_AFTER_DAYS = re.compile(
    rf"(?:thi{_W}hanh{_W})?(?:,\s{{0,3}})?sau{_W}(?P<days>\d{{1,3}}|{any_of(words()['days_in_words'])})\s{{0,3}}(?:\([^()]{{1,40}}\)\s{{0,3}})?"
    rf"ngay(?:{_W}lam{_W}viec)?\s{{0,3}},?\s{{0,3}}(?:ke{_W})?tu{_W}ngay{_W}(?:duoc{_W})?(?P<what>{_SIGNING}|dang{_W}cong{_W}bao)(?![a-z])"
)
_HOUR = rf"\d{{1,2}}\s?(?:gio|h|g)(?:\s?\d{{1,2}}(?:\s?phut)?)?,?{_W}(?:cua{_W})?"
_FROM_DAY = re.compile(
    rf"{_SINCE}(?:{_HOUR})?(?:ngay{_W})?(?P<day>{DATE.replace('tháng', 'thang').replace('năm', 'nam').replace('ngày', 'ngay')})"
)
_WORKING = re.compile(r"lam\s{1,4}viec")
_ENDS = re.compile(r"thay\s{1,4}the|bai\s{1,4}bo|het\s{1,4}hieu\s{1,4}luc|huy\s{1,4}bo")


def read_effect(rows: Sequence[Row], start: int, stop: int, issued_on: str | None) -> Field:
    """Returns the day from which the document is in force. `issued_on`: ISO day of the heading; some clauses count from it.

    "sau 45 ngày kể từ ngày ký" is the day of signing and 45 days: of the documents of the reference tables with both days, 487 lie 45 days
    apart, more than any other number, and 152 lie 44 days apart.
    """
    for _, clause in _clauses(rows, start, stop, _EFFECT):
        passage = Passage(clause)
        text = passage.text.replace("\n", " ")
        folded = " ".join(row.folded for row in clause)
        if len(folded) != len(text):
            continue
        for cue in _EFFECT.finditer(folded[:2_000]):
            sentence = max(folded.rfind(". ", 0, cue.start()), cue.start() - 400, 0)
            itself = list(_ITSELF.finditer(folded, sentence, cue.start()))
            if not itself or _names_another(folded[itself[-1].end() : cue.start()]):
                continue
            field = _effect(folded, text, cue, issued_on, passage)
            if field is not None:
                return field
    return ABSENT


_NUMBERED = re.compile(r"\d\s?/\s?[\da-z]")
_JOINED = re.compile(r"(?:[,;]|\s(?:va|se|chinh\s{1,4}thuc|bat\s{1,4}dau))\s*$")


def _names_another(between: str) -> bool:
    """Returns whether another document comes into force: "Quyết định này thực hiện Nghị định số 12/2024/NĐ-CP có hiệu lực từ ..."."""
    return _NUMBERED.search(between) is not None and _JOINED.search(between) is None


def _effect(folded: str, text: str, cue: re.Match[str], issued_on: str | None, passage: Passage) -> Field | None:
    at = cue.end() + len(folded[cue.end() :]) - len(folded[cue.end() :].lstrip(" ,"))
    signed = date.fromisoformat(issued_on) if issued_on is not None and len(issued_on) == 10 else None
    if (match := _AFTER_DAYS.match(folded, at)) is not None:
        places = passage.places(cue.start(), match.end())
        if not match["what"].startswith("dang") and not _WORKING.search(match[0]):
            days = str(words()["days_in_words"].get(" ".join(match["days"].split()), match["days"]))
            value = (signed + timedelta(days=int(days))).isoformat() if signed is not None else None
            return Field(value, Rule(RuleCode.HELD_EFFECT_DAYS_AFTER_SIGNING, days), places)
        return Field(None, Rule(RuleCode.HELD_EFFECT_NOT_COMPUTED, " ".join(text[at : match.end()].split())), places)
    if (match := _FROM_SIGNING.match(folded, at)) is not None:
        return Field(issued_on if signed else None, Rule(RuleCode.HELD_EFFECT_DAY_OF_SIGNING), passage.places(cue.start(), match.end()))
    if (match := _FROM_DAY.match(folded, at)) is not None:
        stated = parse_date(text[match.start("day") : match.end("day")])
        value = stated.iso(None, None) if stated is not None else None
        if value is not None and len(value) == 10:
            return Field(value, Rule(RuleCode.HELD_EFFECT_STATED_DAY), passage.places(cue.start(), match.end()))
    return None


def read_ended(rows: Sequence[Row], start: int, stop: int, context: Context) -> tuple[Paragraph, ...]:
    """Returns the clauses that replace or repeal documents. A document with a provision (`pinpoint`) is ended only in part."""
    found = []
    for end, clause in _clauses(rows, start, stop, _ENDS):
        passage = Passage(clause)
        mentions = [one for one in find(passage.text, context) if one.relation == "replacing"]
        if not mentions and (listed := _listed(rows, clause, end, stop)) is not None:
            passage, mentions = listed, _first_of_items(listed.text, context)
        if mentions:
            documents = tuple(CitedDocument(one, passage.places(one.start, one.end)) for one in mentions)
            found.append(Paragraph(passage.text, Rule(RuleCode.HELD_ENDING_CLAUSE), passage.places(0, len(passage.text)), documents))
    return tuple(found)


# "thay thế các quyết định sau:", "Các văn bản sau đây hết hiệu lực:". A list follows. "Thay thế cụm từ ... như sau:" is another one.
_ANNOUNCES = re.compile(
    rf"(?:(?:thay{_W}the|bai{_W}bo|huy{_W}bo|het{_W}hieu{_W}luc){_W}[^.;:]{{0,200}}"
    rf"|cac{_W}(?:van{_W}ban|quy{_W}dinh|quyet{_W}dinh|thong{_W}tu)[^.;:]{{0,80}}het{_W}hieu{_W}luc[^.;:]{{0,120}}):\s{{0,3}}"
)
_OTHER_LIST = re.compile(r"cum\s{1,4}tu|mot\s{1,4}so\s{1,4}(?:dieu|khoan|diem|noi\s{1,4}dung)|nhu\s{1,4}sau")
_ITEM = re.compile(r"\s*(?:(?P<letter>[a-zđ])\)|(?P<number>\d{1,2})[.)]|(?P<dash>[-–+*•]))\s*", re.IGNORECASE)
_MOST_ITEMS = 60
# What can be before the first document of an item: "Khoản 2 Điều 5".
_BEFORE_FIRST = re.compile(
    r"\W*(?:(?:[a-zđ]|\d{1,2})[.)]\s*)?\W*(?:(?:khoản|điểm|điều|chương|mục|phụ lục|toàn bộ|một phần|các)\s[^;]{0,80})?", re.IGNORECASE
)
_BETWEEN_ITEMS = re.compile(r";|\n\s*(?:[a-zđ]\)|\d{1,2}[.)]|[-–+*•]\s)", re.IGNORECASE)


def _listed(rows: Sequence[Row], clause: Sequence[Row], end: int, stop: int) -> Passage | None:
    """Returns the list that a clause announces after a colon, or None. The list ends with a full stop, or before an item of another kind.
    Items with a letter or a number can end with full stops each, if the next one has the next letter or number.

    `end`: the index of the row after the clause.
    """
    at, announced = next(
        ((at, found) for at in range(len(clause)) if (found := _announced(clause, at)) is not None and found > 0), (len(clause), 0)
    )
    if at == len(clause):
        return None
    begun = clause[at].part(announced, len(clause[at].text))
    taken = [begun] if begun.text.strip() else []
    last: re.Match[str] | None = None
    for row in (*clause[at + 1 :], *rows[end : min(stop, end + _MOST_ITEMS)]):
        item = _ITEM.match(row.text)
        if taken and taken[-1].text.rstrip().endswith(".") and (item is None or item["dash"] is not None):
            break
        if item is not None:
            if not _follows(last, item):
                break
            last = item
        elif _ARTICLE.match(row.folded):
            break
        taken.append(row)
    return Passage(taken) if taken else None


_LETTERS = "abcdđeghiklmnopqrstuvxy"


def _follows(last: re.Match[str] | None, item: re.Match[str]) -> bool:
    """Returns whether an item can come after the last one, or be the first one: "1." or "a)"."""
    if item["dash"] is not None:
        return last is None or last["dash"] is not None
    if item["number"] is not None:
        return int(item["number"]) == (int(last["number"] or -1) if last is not None else 0) + 1
    before = _LETTERS.find((last["letter"] or "?").lower()) if last is not None else -1
    return (last is None or before >= 0) and _LETTERS.find(item["letter"].lower()) == before + 1


def _announced(clause: Sequence[Row], at: int) -> int | None:
    """Returns where the announced list begins in a row, whose sentence may have begun in the row before; None if it announces none."""
    row = clause[at]
    before = f"{clause[at - 1].folded[-200:]} " if at else ""
    found = _ANNOUNCES.search(f"{before}{row.folded}")
    if found is None or _OTHER_LIST.search(found[0]) is not None:
        return None
    return found.end() - len(before)


def _first_of_items(text: str, context: Context) -> list[Mention]:
    """Returns the first document of each item, as one that is ended. Those after it are in its title."""
    starts = [0, *(found.end() for found in _BETWEEN_ITEMS.finditer(text)), len(text) + 1]
    found: list[Mention] = []
    mentions = list(find(text, context))
    for start, end in pairwise(starts):
        first = next((one for one in mentions if start <= one.start < end), None)
        if first is not None and _BEFORE_FIRST.fullmatch(text, start, first.start) is not None:
            found.append(replace(first, relation="replacing"))
    return found


def _clauses(rows: Sequence[Row], start: int, stop: int, cue: re.Pattern[str]) -> Iterator[tuple[int, list[Row]]]:
    """Yields the index after each clause with a cue, and its rows: from where its article or item begins to its end. Each row once."""
    done = start
    count = 0
    for at in range(start, stop):
        if at < done or not _may_hold(rows, at, cue):
            continue
        first = at
        while first > max(start, done, at - _ROWS_OF_CLAUSE) and not _ARTICLE.match(rows[first].folded) and not rows[first].after_blank:
            first -= 1
        last = at + 1
        while last < min(stop, at + _ROWS_OF_CLAUSE) and not _ARTICLE.match(rows[last].folded) and not _is_over(rows, last):
            last += 1
        done = last
        count += 1
        if count > MOST_CLAUSES:
            return
        yield last, list(rows[first:last])


def _may_hold(rows: Sequence[Row], at: int, cue: re.Pattern[str]) -> bool:
    """Returns whether a row, or a row with the beginning of the next one, has a cue."""
    folded = rows[at].folded
    if "hieu" not in folded and "bo" not in folded and "thay" not in folded and "luc" not in folded and "hanh" not in folded:
        return False
    if cue.search(folded):
        return True
    return at + 1 < len(rows) and cue.search(f"{folded[-30:].rstrip()} {rows[at + 1].folded.lstrip()[:30]}") is not None


def _is_over(rows: Sequence[Row], at: int) -> bool:
    """Returns whether a paragraph ended before a row."""
    return rows[at].after_blank and rows[at - 1].text.rstrip().endswith((".", ";"))
