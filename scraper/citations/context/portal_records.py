"""Parses lists of documents on portals: a title, then rows with labels and values, or one date at the end."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from scraper.citations.context.post_context import PostContext
from scraper.citations.forms.cited_span import CitedSpan
from scraper.citations.forms.document_keys import year_in_number
from scraper.citations.forms.issue_dates import DATE, parse_date
from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.loader import grammar
from scraper.citations.grammar.patterns import WORDS_APART as _W
from scraper.citations.issuers.issuer import Issuer
from scraper.citations.issuers.issuers_in_phrase import issuers_of, partial_issuer_at
from scraper.citations.issuers.named_issuer import issuer_at
from scraper.citations.scan.document_tables import TableCell


def portal_record_cells(found: Sequence[CitedSpan], rows: Sequence[Sequence[TableCell]]) -> dict[int, TableCell]:
    """Returns the table cell of each citation, by the index of the citation. Citations outside of tables are left out."""
    starts = [one.start for one in found] if rows else []
    return {at: cell for row in rows for cell in row for at in range(bisect_left(starts, cell.start), bisect_left(starts, cell.end))}


def read_tables(text: str, found: Sequence[CitedSpan], posts: Sequence[PostContext], rows: Sequence[Sequence[TableCell]]) -> None:
    """Set date, issuer and title of a number in a number column from the other cells of its row."""
    cells = portal_record_cells(found, rows)
    of_row = {cell.start: row for row in rows for cell in row}
    for at, cell in cells.items():
        if cell.column != "number":
            continue
        post = posts[at]
        for other in of_row[cell.start]:
            value = text[other.start : other.end].strip()
            if other.column == "date" and post.date is None and (day := _DAY_IN_CELL.match(value)):
                post.date = parse_date(day["date"])
            elif other.column == "body" and not post.issuers:
                partial = partial_issuer_at(value, 0)
                post.issuers = _whole(issuers_of(value), value) or ((partial,) if partial is not None else ())
            elif other.column == "subject" and value and value.lower() not in grammar().types:
                about = _ABOUT.match(text, other.start, other.end)
                post.title = (about.end() if about is not None else other.start, other.end)


def _whole(issuers: tuple[Issuer, ...], cell: str) -> tuple[Issuer, ...]:
    """Returns the body of a cell with its whole name, if a part in small letters follows a comma: "Hội đồng phổ biến, giáo dục pháp luật"."""
    end = issuers[0].end if len(issuers) == 1 else len(cell)
    if not cell.startswith(", ", end) or not cell[end + 2 : end + 3].islower():
        return issuers
    return (replace(issuers[0], name=issuers[0].name + cell[end:], end=len(cell)),)


_ABOUT = late_pattern(r"\s*(?:(?:v/v|về việc)\s*:?\s*)?", re.IGNORECASE)
_DAY_IN_CELL = late_pattern(rf"(?:[Nn]gày{_W})?(?P<date>{DATE})")
_TITLE_LENGTH = 400  # maximum length of a title in characters
_ROW = late_pattern(r"[-•*|]?[ ]?(?P<label>[A-ZĐ][^\W\d_]*(?: [^\W\d_]+){0,4}) ?: ?(?P<value>[^\n|]{1,120})(?:\n|\||$)")
_LABELS_OF_DAY = ("ban hành", "ngày ban hành", "ngày ký", "ngày văn bản", "ngày")
_LABELS_OF_BODY = (
    "cơ quan ban hành",
    "nơi ban hành",
    "đơn vị ban hành",
    "cơ quan",
    "cơ quan phát hành",
    "đơn vị phát hành",
    "nơi phát hành",
)
_DAY = late_pattern(rf"\|? ?(?P<date>{DATE})")
_ISSUED = late_pattern(rf"\s{{0,2}}ban{_W}hành{_W}ngày{_W}")
# "Quyết định 557/QĐ-QLD năm 2025 về ... do Cục trưởng Cục Quản lý Dược ban hành"
_ISSUED_BY = late_pattern(rf"(?<!\w)do{_W}(?P<who>[A-ZĐỦ][^.,;:\n]{{2,100}}?){_W}ban{_W}hành(?!\w)(?!{_W}(?:kèm|theo))")


def read_records(text: str, found: Sequence[CitedSpan], posts: Sequence[PostContext]) -> None:
    """Set date and issuer of a citation that begins a row of such a list. A value that was read directly after the number is kept."""
    for at, one in enumerate(found):
        post = posts[at]
        before = found[at - 1].end if at else 0
        if at and text.rfind("\n", max(0, before - 1), one.start) < 0:
            _closing_date(text, found, posts, at)
            continue
        if not one.kind.has_codes:
            continue
        end = text.find("\n", one.end, one.end + _TITLE_LENGTH)
        end = end if end >= 0 else min(len(text), one.end + _TITLE_LENGTH)
        _rows(text, one.end + 1 if text.startswith(" |", one.end) else end + 1, post)  # "Số: 12/QĐ-UBND | Ngày ký: 2/6/2021"
        if not post.issuers and post.year is not None:
            *_, last = [None, *_ISSUED_BY.finditer(text, one.end, end)]
            issuer = issuer_at(last["who"], 0) if last else None
            if last is not None and issuer is not None and issuer.end == len(last["who"]):
                post.issuers = (issuer,)


def _rows(text: str, at: int, post: PostContext) -> None:
    """Parse the labelled rows after a title: "Ban hành: 15/10/2025", "Cơ quan ban hành: Bộ Tài chính"."""
    for _ in range(6):
        row = _ROW.match(text, at)
        if row is None:
            return
        label = row["label"].lower()
        if label in _LABELS_OF_DAY and post.date is None:
            day = _DAY.match(row["value"])
            post.date = parse_date(day["date"]) if day else None
        elif label in _LABELS_OF_BODY and not post.issuers:
            post.issuers = issuers_of(row["value"])
        at = row.end()


def _closing_date(text: str, found: Sequence[CitedSpan], posts: Sequence[PostContext], at: int) -> None:
    """Move a closing date to the document that it belongs to: in "Thông tư 33/2017/TT-BTNMT quy định chi tiết Luật Đất đai ban hành ngày
    29/09/2017" the day belongs to the circular.
    A statute is passed (thông qua), not issued, and has no number here. So the day belongs to the last document before it whose number has
    that year.
    """
    one, post = found[at], posts[at]
    stated = post.date or post.shared_date
    if not one.kind.is_name or stated is None or not _ISSUED.match(text, one.end):
        return
    for before in range(at - 1, -1, -1):
        other = found[before]
        if one.start - other.end > _TITLE_LENGTH or ";" in text[other.end : one.start]:
            return
        if other.kind.has_codes and year_in_number(other.number or "") == stated.year and posts[before].date is None:
            posts[before].date = stated
            post.date = post.shared_date = None
            return
