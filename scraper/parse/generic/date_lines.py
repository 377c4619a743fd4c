"""Lines that hold a date: which of them hold nothing else, or only what sites print beside one. Other modules leave them out of titles
and texts; `page_dates.py` chooses the date of publication among them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from scraper.parse.fields.date_labels import without_labels
from scraper.parse.fields.relative_dates import is_relative_line
from scraper.parse.fields.written_dates import read_date
from scraper.text import fold

# Words beside another date than those of the page, folded: of a cited law, a deadline, a licence.
OTHER_DATE = re.compile(r"(?:hieu luc|ban hanh|ky ngay|het han|nop ho so|copyright|©|giay phep|cap ngay|sinh ngay|tinh den|tu ngay .* den)")
_SIDE_LINE = re.compile(
    r"^(?:tags?|từ khóa(?: tìm kiếm)?|từ khoá(?: tìm kiếm)?|chuyên mục|chủ đề|danh mục|thể loại|category|categories|posted in|filed under)\s*:",
    re.IGNORECASE,
)
# Words that may be beside a date on a line that holds only this date.
_DATE_WORDS = re.compile(
    r"thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat|duong lich|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:dang|gui|viet|posted|submitted|published) (?:boi|by|on) \w+|luot xem|view count|publish date|so lan xem"
    r"|\b(?:ngay|luc|gio|phut|giay|dang|cap nhat|gmt|utc|am|pm|sa|ch|thang|nam|chieu|sang|toi|trua|dem|vao|mot|hai|ba|tu|bon|sau|bay|tam|chin|muoi|posted|updated|on|at|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
    r"|mon|tue|wed|thu|fri|sat|sun|truoc|day|cach|nay|khoang|hom|qua|kia|tuan|giay|tieng|vua|xong|ago|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|yesterday|today|just|now|last|an?)\b|(?:发布|更新)?(?:日期|时间)|[年月日]"
)
_NOT_LETTERS = re.compile(r"[\d/:.,|()\-–+]+")
_LUNAR_WORDS = ("lịch", "(")  # a quick check: every such day has one of these
DIGIT = re.compile(r"\d")
# The line of WordPress and Drupal in Vietnamese, folded: "Đã đăng vào ngày 11/05/2020 bởi Ban biên tập".
_POSTED_BY = re.compile(r"\W*(?:(?:da|duoc) )?(?:dang|gui|viet|posted|submitted|published)\b[^.]{0,40}\b(?:boi|by)\b")
# A day of the lunar calendar beside a date: "(tức ngày 1 tháng 3 năm Tân Sửu)", "Âm lịch: 01/03/2021".
_LUNAR = re.compile(
    r"\([^()\d]{0,20}\d{1,2}(?:/|\stháng\s)\d{1,2}(?:/\d{4})?,?\s(?:năm\s(?:giáp|ất|bính|đinh|mậu|kỷ|canh|tân|nhâm|quý)\s\w{2,4}|âm lịch)[^()\d]{0,20}\)"
    r"|(?<!\w)âm lịch\s?:\s?\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?",
    re.IGNORECASE,
)
_LUNAR_WORDS = ("lịch", "(")  # a quick check: every such day has one of these
DIGIT = re.compile(r"\d")
# The line of WordPress and Drupal in Vietnamese, folded: "Đã đăng vào ngày 11/05/2020 bởi Ban biên tập".
_POSTED_BY = re.compile(r"\W*(?:(?:da|duoc) )?(?:dang|gui|viet|posted|submitted|published)\b[^.]{0,40}\b(?:boi|by)\b")
# A day of the lunar calendar beside a date: "(tức ngày 1 tháng 3 năm Tân Sửu)", "Âm lịch: 01/03/2021".
_LUNAR = re.compile(
    r"\(?\s*(?<!\w)(?:tức|nhằm)\s(?:là\s)?(?:ngày\s)?(?:m[ùồ]ng\s)?\d{1,2}\s?(?:/|tháng\s)\d{1,2}(?:\s?(?:/|năm)\s?[\w]{2,4}(?:\s\w{2,4})?)?(?:\sâm lịch)?\s?\)?"
    r"|(?<!\w)âm lịch\s?:\s?\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?",
    re.IGNORECASE,
)
# Tools on the same line as a date ("In bài viết", "Cỡ chữ"), folded.
TOOLS = re.compile(
    r"(?:in|gui|luu|doc|nghe|chia se) (?:bai(?: viet)?|tin|trang)|(?:xem )?co chu(?:\s*:)?|\ba\s?[+-]|gui (?:e?mail|y kien|phan hoi)|\b(?:print|e-?mail|share|facebook|zalo)\b|luot xem\s*:?\s*[\d.]+"
)
# A counter of views on the same line as a date, folded. A sentence has no colon and goes on ("đã đạt 1.205 lượt xem sau một ngày").
_COUNTER = re.compile(
    r"(?:so )?(?:luot|lan|da) (?:xem|doc|truy cap)(?: bai viet| tin)?\s*:\s*\(?\d|\d (?:luot|lan) (?:xem|doc)\s*(?:$|[|/•·–-])|(?:views?|hits|view count)\s*:\s*\d"
)
_COUNTER_WORDS = ("xem", "đọc", "doc", "cập", "cap", "view", "hits")  # a quick check: every counter has one of these
# Sizes of lines, in characters.
LONGEST_DATED = 160  # a date with label, author and counter; a longer line is a paragraph, with the dates of events and laws
_LONGEST_SIDE_LINE = 90  # a date with only its own words
SHORT_DATED = 60  # a date with a source, an author, a place or a counter: "Theo Ngoisao | 25/12/2012 10:25"
LONGEST_LABEL = 30  # a label before a date, or between a day and its time: "Ngày đăng", "Ngày hiệu lực", "Giờ"
_MOST_OTHER_LETTERS = 6  # letters on a line that holds only a date
_EVENT_BEGIN = 40  # characters of a line in which the label of a time or a place is searched for
# A line that is only a time of day, with its label.
BARE_CLOCK = re.compile(
    r"\W*(?:(?:thời gian|giờ(?: đăng)?|lúc|vào lúc|time|at)\s*:?\s*)?(?P<clock>\d{1,2}\s*(?::|h|g|giờ)\s*\d{2}(?::\d{2})?(?:\s*phút)?\s*(?:AM|PM|SA|CH|sáng|trưa|chiều|tối)?)\W*",
    re.IGNORECASE,
)
# A day or a time in an inline element, without a space before the next one.
_GLUED = re.compile(r"(?<!\d)\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d{2}(?=\d)|(?<![\d:])\d{1,2}:\d{2}(?::\d{2})?(?=[^\W\d_])")


def unglued(text: str) -> str:
    """Return a text with a space after a day or a time that has none before the next word, and without days of the lunar calendar."""
    if any(map(text.__contains__, _LUNAR_WORDS)):
        text = _LUNAR.sub(" ", text)
    return _GLUED.sub(r"\g<0> ", text)


def may_be_dated(text: str) -> bool:
    """Return True if a line has a digit, or says in words how long ago something was: "Hôm qua". A quick check."""
    return DIGIT.search(text) is not None or is_relative_line(text)


def beside_date(folded: str) -> str:
    """Return what a folded line says beside its date: without numbers, days of the week, words of dates, and tools of the page."""
    return _DATE_WORDS.sub(" ", _NOT_LETTERS.sub(" ", TOOLS.sub(" ", folded)))


_BEGINS_WITH_LABEL = re.compile(
    r"^\W*(?:ngay (?:dang|cap nhat|xuat ban|gui|tao|viet|post)|duoc dang|xuat ban|(?:da )?dang (?:luc|ngay|boi|vao)|cap nhat|thoi gian|thu (?:hai|ba|tu|nam|sau|bay|[2-7])\b"
    r"|chu nhat|(?:mon|tues|wednes|thurs|fri|satur|sun)day|published|posted|updated|submitted)(?!\w)"
)


_EVENT_TIME = re.compile(r"\W*thoi gian(?! (?:dang|cap nhat|gui|tao))\b")
_EVENT_PLACE = re.compile(r"\W*(?:dia diem|noi to chuc|dia chi)\b")


def is_event_time(text: str, below: str) -> bool:
    """Return True if a line is the time of an event, because the line below it is its place: "Thời gian: 8h00 ngày 15/10/2023" above
    "Địa điểm: ...".
    """
    small = text[:_EVENT_BEGIN].lower()
    return "gian" in small and _EVENT_TIME.match(fold(small)) is not None and _EVENT_PLACE.match(fold(below[:_EVENT_BEGIN])) is not None


def has_date(text: str) -> bool:
    """Return True if a text holds a date: "10/04/2018 | Lê Phương"."""
    return is_relative_line(text) or (DIGIT.search(text) is not None and read_date(unglued(text)) is not None)


def is_date_line(text: str) -> bool:
    """Return True if a line is a date with its words, and not a title that names a day.

    True for "Thứ tư, 30/04/2025 | 11:53" and "Đăng bởi: Lê Phương, ngày 30/4/2025".
    """
    return len(text) <= LONGEST_DATED and may_be_dated(text) and _is_date_line(text)


@lru_cache(maxsize=1024)  # called several times for each line near the title
def _is_date_line(text: str) -> bool:
    if BARE_CLOCK.fullmatch(text):
        return True
    text = unglued(text)
    if read_date(text) is None and not is_relative_line(text):
        return False
    folded = fold(text)
    if OTHER_DATE.search(folded):
        return False
    if _BEGINS_WITH_LABEL.match(folded):
        return True
    rest = beside_date(folded)
    return len(re.findall(r"[a-z]{2,}", rest)) <= 1


def is_side_line(text: str) -> bool:
    """Return True if a line is only a date with its words, a date with a counter of views, or a label of the page ("Chuyên mục: ...")."""
    if len(text) <= _LONGEST_SIDE_LINE:
        return _is_side_line(text)
    if len(text) <= LONGEST_DATED and _has_counter(text):
        return True
    return _SIDE_LINE.match(text) is not None


@lru_cache(maxsize=2048)  # the menus of a site are on all of its pages, and a line near the text is checked several times
def _is_side_line(text: str) -> bool:
    if _SIDE_LINE.match(text):
        return True
    if not may_be_dated(text):
        return False
    if BARE_CLOCK.fullmatch(text):
        return True
    text = unglued(text)
    if read_date(text) is None and not is_relative_line(text):
        return False
    if len(text) <= SHORT_DATED and re.search(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}", text) and re.search(r"\d{1,2}[:h]\d{2}", text):
        return True  # "Theo Ngoisao | 25/12/2012 10:25"
    folded = fold(text)
    if _has_counter(text) or _POSTED_BY.match(folded):
        return True
    rest = beside_date(without_labels(folded))
    return len(re.sub(r"\W+", "", rest)) <= _MOST_OTHER_LETTERS


def _has_counter(text: str) -> bool:
    """Return True if a line has a date and a counter of views: "Lê Phương - 10/04/2018 - Lượt xem: 120"."""
    small = text.lower()
    return any(map(small.__contains__, _COUNTER_WORDS)) and _COUNTER.search(fold(text)) is not None and has_date(text)
