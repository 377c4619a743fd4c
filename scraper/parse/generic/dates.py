"""Dates on a page of unknown layout: what is shown by the title, what machines are told, the address, the foot of the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from scraper.model import Precision
from scraper.parse.boxes import is_label
from scraper.parse.dates import Stamp, date_in_address, read_date
from scraper.parse.document import Document
from scraper.parse.generic.blocks import Block, in_one_row
from scraper.parse.generic.names import NAME
from scraper.parse.published import Found
from scraper.parse.structured import Said, Structured
from scraper.text import fold

BY_TITLE = "the date shown by the title"
_DATE_MARK = re.compile(r"date|time|ngay|publish|posted|created|meta|info", re.IGNORECASE)
_LABEL = re.compile(
    r"(?<!\w)(?:ngay (?:dang|cap nhat|xuat ban|gui|tao|viet|post)|duoc dang|xuat ban|dang (?:luc|ngay|boi|vao)|cap nhat|thu (?:hai|ba|tu|nam|sau|bay|[2-7])"
    r"|chu nhat|published|posted|updated|submitted|gmt|luot xem|publish date)(?!\w)"
)
# Labels of other times of the same page: they count where no date of publication is shown.
_LATER = re.compile(r"^\W*(?:ngay |lan )?(?:cap nhat|chinh sua|sua doi|duoc tao|tao|updated|modified|created|last)\b")
_OTHER_DATE = re.compile(
    r"(?:hieu luc|ban hanh|ky ngay|het han|nop ho so|copyright|©|giay phep|cap ngay|sinh ngay|tinh den|tu ngay .* den)"
)
_SIDE_LINE = re.compile(
    r"^(?:tags?|từ khóa|từ khoá|chuyên mục|chủ đề|danh mục|thể loại|category|categories|posted in|filed under)\s*:", re.IGNORECASE
)
# What is said beside a date that stands alone.
_WEEKDAYS = re.compile(
    r"thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:dang|gui|viet|posted|submitted|published) (?:boi|by|on) \w+|luot xem|view count|publish date|so lan xem"
    r"|\b(?:ngay|luc|gio|dang|cap nhat|gmt|utc|am|pm|sa|ch|thang|nam|chieu|sang|toi|trua|dem|vao|mot|hai|ba|tu|bon|sau|bay|tam|chin|muoi|posted|updated|on|at|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
    r"|mon|tue|wed|thu|fri|sat|sun)\b"
)
_DIGIT = re.compile(r"\d")
# Tools that stand in one line with a date, folded.
_TOOLS = re.compile(
    r"(?:in|gui|luu|doc|nghe|chia se) (?:bai(?: viet)?|tin|trang)|(?:xem )?co chu(?:\s*:)?|\ba\s?[+-]|gui (?:e?mail|y kien|phan hoi)|\b(?:print|e-?mail|share|facebook|zalo)\b|luot xem\s*:?\s*[\d.]+"
)


def find_dates(
    document: Document,
    said: Structured,
    blocks: Sequence[Block],
    places: Sequence[int],
    stretch: tuple[int, int] | None,
    captured_at: datetime,
) -> list[Found]:
    """Readings in the order of trust: what is shown right by the title, what machines are told, the address, the foot of the text."""
    shown, far = _shown(blocks, places, stretch, captured_at)
    told = told_dates(said.published)
    address = date_in_address(urlsplit(document.url).path)
    in_address = [Found(urlsplit(document.url).path, address, f"{NAME}: the address", checks=True)] if address is not None else []
    return [*shown, *told, *far, *in_address]


def _shown(
    blocks: Sequence[Block], places: Sequence[int], stretch: tuple[int, int] | None, captured_at: datetime
) -> tuple[list[Found], list[Found]]:
    """The date that stands between title and text, or close above the title; and one at the foot of the text."""
    candidates: list[tuple[float, Found]] = []
    for anchor in places or ((stretch[0],) if stretch is not None else ()):
        first = stretch[0] if stretch is not None and anchor < stretch[0] <= anchor + 30 else anchor + 8
        for at in range(max(0, anchor - 6), min(len(blocks), max(first, anchor) + 4)):
            block = blocks[at]
            if at > anchor and is_label(block.text):
                break  # "Tin khác": the dates below are those of other pages
            if (one := _as_date(block, captured_at)) is None or (at and _is_labelled_cell(blocks[at - 1], block)):
                continue
            # Above the title stands the clock of the page's head as well.
            if at < anchor and _is_today(one, captured_at) and not _DATE_MARK.search(block.marked):
                continue
            distance = at - anchor if at >= anchor else (anchor - at) * 1.5 + 1
            between = 3.0 if anchor < at < first else 0.0
            candidates.append((_weight(block, one) + between - distance * 0.6, one))
    candidates.sort(key=lambda pair: -pair[0])
    near = [one for weight, one in candidates if weight > -2][:1]
    foot: list[Found] = []
    if stretch is not None:
        for block in blocks[stretch[1] : stretch[1] + 12]:
            one = _as_date(block, captured_at)
            if one is not None and block.linked * 2 <= len(block.text) and _LABEL.search(fold(block.text)):
                foot.append(Found(one.text, one.stamp, f"{NAME}: a date with its label below the text", checks=True))
                break
    return near, foot


def _as_date(block: Block, captured_at: datetime) -> Found | None:
    """A short block that is about a date, and not about that of a document or a deadline."""
    if len(block.text) > 160 or not _DIGIT.search(block.text):
        return None
    stamp = read_date(block.text, captured_at)
    if stamp is None or _OTHER_DATE.search(folded := fold(block.text)):
        return None
    rest = _WEEKDAYS.sub(" ", re.sub(r"[\d/:.,|()\-–+]+", " ", _TOOLS.sub(" ", folded)))
    words = len(re.findall(r"[a-z]{2,}", rest))
    if words > 8 and not _LABEL.search(folded):
        return None
    if stamp.precision is Precision.MINUTE and stamp.value.hour == stamp.value.minute == 0:
        stamp = Stamp(stamp.value.replace(tzinfo=None), Precision.DAY)  # the midnight that stands for no time
    return Found(block.text, stamp, f"{NAME}: {BY_TITLE}")


def _is_labelled_cell(before: Block, block: Block) -> bool:
    """Whether a date is the value of a row whose label is another day's: "Ngày hiệu lực | 20/10/2020"."""
    return in_one_row(before, block) and len(before.text) <= 40 and _OTHER_DATE.search(fold(before.text)) is not None


def _weight(block: Block, one: Found) -> float:
    folded = fold(block.text)
    weight = 2.0 if _LABEL.search(folded) else 0.0
    weight -= 0.9 if _LATER.search(folded) else 0.0
    weight += 1.5 if _DATE_MARK.search(block.marked) or block.tag == "time" else 0.0
    weight += 1.0 if one.stamp.precision.value == "minute" else 0.0
    weight -= 0.03 * len(_TOOLS.sub("", folded))
    return weight - (0.7 if block.beside else 0.0)


def _is_today(one: Found, captured_at: datetime) -> bool:
    return abs((one.stamp.value.date() - captured_at.date()).days) <= 1


def told_dates(said: Sequence[Said]) -> list[Found]:
    """What can be read as dates of what machines are told."""
    return [Found(one.value, stamp, f"{NAME}: {one.rule}") for one in said if (stamp := read_date(one.value)) is not None]


def is_side_line(text: str) -> bool:
    """Whether a line is a date with its words, or a label of the page, and nothing else."""
    if _SIDE_LINE.match(text):
        return True
    if len(text) > 90 or not _DIGIT.search(text) or read_date(text) is None:
        return False
    if len(text) <= 60 and re.search(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}", text) and re.search(r"\d{1,2}[:h]\d{2}", text):
        return True  # "Theo Ngoisao | 25/12/2012 10:25"
    rest = _WEEKDAYS.sub(" ", re.sub(r"[\d/:.,|()\-–+]+", " ", fold(text)))
    return len(re.sub(r"\W+", "", rest)) <= 6
