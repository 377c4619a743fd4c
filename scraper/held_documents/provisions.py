"""What the provisions say about force: from which day the document is in force, and which documents it ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from scraper.citations import find
from scraper.citations.forms.issue_dates import DATE, parse_date
from scraper.held_documents.rows_of_pages import Passage, Row
from scraper.held_documents.values import ABSENT, CitedDocument, Field, Paragraph
from scraper.model import Context, Rule
from scraper.rule_codes import RuleCode

MOST_CLAUSES = 40  # clauses of each kind that are read
_ROWS_OF_CLAUSE = 14
_W = r"\s{1,4}"
_ARTICLE = re.compile(r"\W{0,3}(?:dieu\s{1,3}\d|chuong\s{1,3}[ivx\d]|muc\s{1,3}\d|noi\s{0,3}nhan|\d{1,2}\s{0,2}[.)]\s|[a-z]\s{0,2}\)\s)")
_EFFECT = re.compile(r"(?<!het )(?<!het  )co\s{1,4}hieu\s{1,4}luc|hieu\s{1,4}luc\s{1,4}thi\s{1,4}hanh")
_ITSELF = re.compile(r"(?<![a-z])nay(?![a-z])")
_SIGNING = r"(?:ky|ban\s{1,4}hanh|ky\s{1,4}ban\s{1,4}hanh|thong\s{1,4}qua)"
# In the form without diacritics. After "có hiệu lực".
_SINCE = rf"(?:thi{_W}hanh{_W})?(?:,\s{{0,3}})?(?:ke{_W})?(?:tu|vao|sau){_W}"
_FROM_SIGNING = re.compile(rf"{_SINCE}ngay{_W}(?:duoc{_W})?{_SIGNING}(?![a-z])|(?:thi{_W}hanh{_W})?ke{_W}tu{_W}ngay{_W}{_SIGNING}(?![a-z])")
_AFTER_DAYS = re.compile(
    rf"(?:thi{_W}hanh{_W})?(?:,\s{{0,3}})?sau{_W}(?P<days>\d{{1,3}})\s{{0,3}}(?:\([^()]{{1,40}}\)\s{{0,3}})?ngay(?:{_W}lam{_W}viec)?\s{{0,3}},?\s{{0,3}}(?:ke{_W})?tu{_W}ngay{_W}(?:duoc{_W})?(?P<what>{_SIGNING}|dang{_W}cong{_W}bao)(?![a-z])"
)
_FROM_DAY = re.compile(rf"{_SINCE}(?:ngay{_W})?(?P<day>{DATE.replace('tháng', 'thang').replace('năm', 'nam').replace('ngày', 'ngay')})")
_WORKING = re.compile(r"lam\s{1,4}viec")
_ENDS = re.compile(r"thay\s{1,4}the|bai\s{1,4}bo|het\s{1,4}hieu\s{1,4}luc|huy\s{1,4}bo")


def read_effect(rows: Sequence[Row], start: int, stop: int, issued_on: str | None) -> Field:
    """Returns the day from which the document is in force. `issued_on`: ISO day of the heading; some clauses count from it.

    "sau 45 ngày kể từ ngày ký" is the day of signing and 45 days: of the documents of the reference tables with both days, 487 lie 45 days
    apart, more than any other number, and 152 lie 44 days apart.
    """
    for clause in _clauses(rows, start, stop, _EFFECT):
        passage = Passage(clause)
        text = passage.text.replace("\n", " ")
        folded = " ".join(row.folded for row in clause)
        if len(folded) != len(text):
            continue
        for cue in _EFFECT.finditer(folded[:2_000]):
            sentence = max(folded.rfind(". ", 0, cue.start()), cue.start() - 400, 0)
            if not _ITSELF.search(folded, sentence, cue.start()):
                continue
            field = _effect(folded, text, cue, issued_on, passage)
            if field is not None:
                return field
    return ABSENT


def _effect(folded: str, text: str, cue: re.Match[str], issued_on: str | None, passage: Passage) -> Field | None:
    at = cue.end() + len(folded[cue.end() :]) - len(folded[cue.end() :].lstrip(" ,"))
    signed = date.fromisoformat(issued_on) if issued_on is not None and len(issued_on) == 10 else None
    if (match := _AFTER_DAYS.match(folded, at)) is not None:
        places = passage.places(cue.start(), match.end())
        if not match["what"].startswith("dang") and not _WORKING.search(match[0]):
            days = match["days"]
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
    for clause in _clauses(rows, start, stop, _ENDS):
        passage = Passage(clause)
        mentions = [one for one in find(passage.text, context) if one.relation == "replacing"]
        if mentions:
            documents = tuple(CitedDocument(one, passage.places(one.start, one.end)) for one in mentions)
            found.append(Paragraph(passage.text, Rule(RuleCode.HELD_ENDING_CLAUSE), passage.places(0, len(passage.text)), documents))
    return tuple(found)


def _clauses(rows: Sequence[Row], start: int, stop: int, cue: re.Pattern[str]) -> Iterator[list[Row]]:
    """Yields the rows of each clause with a cue: from the row where its article or item begins to its end. Each row once."""
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
        yield list(rows[first:last])


def _may_hold(rows: Sequence[Row], at: int, cue: re.Pattern[str]) -> bool:
    """Returns whether a row, or a row with the beginning of the next one, has a cue."""
    folded = rows[at].folded
    if "hieu" not in folded and "bo" not in folded and "thay" not in folded and "luc" not in folded:
        return False
    if cue.search(folded):
        return True
    return at + 1 < len(rows) and cue.search(f"{folded[-30:].rstrip()} {rows[at + 1].folded.lstrip()[:30]}") is not None


def _is_over(rows: Sequence[Row], at: int) -> bool:
    """Returns whether a paragraph ended before a row."""
    return rows[at].after_blank and rows[at - 1].text.rstrip().endswith((".", ";"))
