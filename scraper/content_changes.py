"""What counts as a change of an article. Pure.

Two captures of an unchanged article differ: the page counts its readers, says how long ago it was published, shows today's date, or puts
new signatures into the URLs of its files. Such differences are not edits of the site. The stored text stays as it is on the page; only the
comparison leaves them out. A line or sentence is left out only if it consists of nothing else, so that one changed word or number of a
text is an edit: "Bài viết đã có 100 lượt đọc" is a counter, "Thư viện tỉnh có 1.200 lượt đọc trong tháng" is text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit

from scraper.text import nfc
from scraper.urls import without_scheme, without_session

_NUMBER = r"(?<![\d.,])\d[\d.,]{0,14}"  # as long as the number of all visits of a portal
# What is counted, also without diacritics. Longer words come first.
_COUNTED = (
    r"(?:l(?:ượt|uot)|l(?:ần|an)|ng(?:ười|uoi))\s+(?:truy\s+c(?:ập|ap)|chia\s+s(?:ẻ|e)|b(?:ình|inh)\s+lu(?:ận|an)|(?:đ|d)(?:ánh|anh)\s+gi(?:á|a)"
    r"|xem|đọc|doc|tải\s+về|tai\s+ve|tải|tai|thích|thich)"
    r"|(?:đ|d)ã\s+(?:xem|đọc)|da\s+xem|bình\s+luận|phản\s+hồi|đánh\s+giá|phiếu\s+bầu|bình\s+chọn|lượt|page\s*views?|views?|hits|reads|comments?|likes?|shares?"
)
_COUNTED_THING = rf"(?<!\w)(?:{_COUNTED})(?:\s+(?:bài\s+viết|tin|trang))?"
_COUNTER = re.compile(rf"{_NUMBER}\s*(?:{_COUNTED})(?!\w)|{_COUNTED_THING}\s*[:(]?\s*{_NUMBER}", re.IGNORECASE)
# A counter with its label is one wherever it is: "Người viết: Lan. Lượt xem: 1.234".
_LABELLED = re.compile(rf"(?:(?<!\w)số\s+)?{_COUNTED_THING}\s*:\s*{_NUMBER}", re.IGNORECASE)
_HOW_MANY = r"(?:\d{1,3}|một|mot|hai|ba|bốn|bon|năm|nam|sáu|sau|bảy|bay|tám|tam|chín|chin|mười|muoi|nửa|nua|vài|vai|mấy|may)"
_UNIT = r"(?:giây|phút|giờ|tiếng(?:\s+đồng\s+hồ)?|ngày|hôm|tuần|tháng|năm|giay|phut|gio|tieng|ngay|hom|tuan|thang|nam)"
_AGO = re.compile(
    rf"(?<!\w)(?:(?:cách\s+đây|khoảng|hơn)\s+)*{_HOW_MANY}\s*{_UNIT}\s+(?:trước|truoc)(?:\s+(?:đây|day))?(?!\w)"
    rf"|(?<!\w)(?:cách|cach)\s+(?:đây|day|nay)\s+(?:khoảng\s+|khoang\s+|hơn\s+|hon\s+)?{_HOW_MANY}\s*{_UNIT}(?!\w)"
    r"|(?<!\w)(?:hôm|hom)\s+(?:nay|qua|kia)(?!\w)|(?<!\w)(?:vừa\s+xong|vua\s+xong|vừa\s+(?:mới\s+)?(?:đăng|cập\s+nhật)|mới\s+đăng)(?!\w)"
    r"|(?<!\w)(?:tuần|tháng|năm)\s+(?:trước|ngoái|rồi)(?!\w)|(?<!\w)last\s+(?:week|month|year)(?!\w)"
    r"|(?<!\w)(?:an?|a\s+few|several|one|two|three|four|five|six|seven|eight|nine|ten|\d{1,3})\s+(?:second|sec|minute|min|hour|hr|day|week|month|year)s?\s+ago(?!\w)"
    r"|(?<!\w)(?:yesterday|today|just\s+now|moments?\s+ago)(?!\w)",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?<!\d)\d{1,2}\s*(?::|h|g|giờ)\s*\d{2}(?:\s*(?::|phút)\s*\d{0,2})?(?:\s*(?:am|pm|sa|ch))?(?!\w)", re.IGNORECASE)
# Words around a counter or such a time that say nothing more.
_FILLERS = re.compile(
    r"(?<!\w)(?:bài\s+viết|bài|tin|trang|này|đã|có|được|hiện|tổng|số|là|của|trong|với|và|điểm|sao|xếp\s+hạng|lượt|trên|đăng|cập\s+nhật|lúc|ngày|vào"
    r"|gửi|viết|xuất\s+bản|bởi|thứ\s+(?:hai|ba|tư|năm|sáu|bảy)|chủ\s+nhật|cn|posted|updated|published|on|at|by|gmt\s*\+?\s*7)(?!\w)",
    re.IGNORECASE,
)
_CAPTCHA = re.compile(  # a line
    r"(?m)^[^\w\n]{0,9}(?:nhập\s+)?(?:mã|chuỗi|ký\s+tự)\s+(?:số\s+)?(?:xác\s+nhận|xác\s+thực|bảo\s+mật|bảo\s+vệ|kiểm\s+tra|an\s+toàn|captcha)\s*[:*(]?.{0,12}$"
    r"|^[^\w\n]{0,9}captcha\W.{0,40}$",
    re.IGNORECASE,
)
# Where a text is divided: lines, sentences, brackets and the bars between the parts of a line.
_DIVIDED = re.compile(r"(\n+|(?<=[.!?…])\s+|[()\[\]|•·]|\s[–—-]\s)")
# Every piece that is left out has one of these.
_QUICK = re.compile(r"\d|xong|vừa|hôm|hom\s|day|ago|now|mới|trước|truoc|cách|cach|ngoái|rồi|last", re.IGNORECASE)


def changed(names: Sequence[str], before: Mapping[str, Any], after: Mapping[str, Any], days: tuple[date, date]) -> list[str]:
    """Returns the names of the fields whose content was edited between two captures.

    `before`, `after`: fields by name; texts, or lists of tags and of the URLs of attachments. `days`: the days of the two captures in Viet
    Nam, because a page may show the day of today.
    """
    return [name for name in names if before[name] != after[name] and not _is_same(name, before[name], after[name], days)]


def is_relative(text: str) -> bool:
    """Returns whether a date is written relative to the time at which the page was made, so that it is another one in the next capture.

    >>> is_relative("Đăng 5 phút trước"), is_relative("Hôm qua, 08:30"), is_relative("14/05/2012 09:15")
    (True, True, False)
    """
    return _AGO.search(nfc(text)) is not None


def comparable(text: str, today: date | None = None) -> str:
    """Returns a text without what changes in each capture: counters, relative times, captchas, and lines that consist of the day `today`.

    >>> comparable("Hội nghị kết thúc. Bài viết đã có 100 lượt đọc")
    'Hội nghị kết thúc.'
    >>> comparable("Thư viện tỉnh có 1.200 lượt đọc trong tháng.")
    'Thư viện tỉnh có 1.200 lượt đọc trong tháng.'
    """
    text = _CAPTCHA.sub(" ", _LABELLED.sub(" ", re.sub(r"[^\S\n]+", " ", nfc(text))))
    kept = [piece for piece in _DIVIDED.split(text) if not _changes_always(piece, today)]
    return re.sub(r"[\s()\[\]|•·–—-]+", " ", " ".join(kept)).strip()


def file_key(url: str) -> str:
    """Returns a key that is equal for all URLs of a file which differ only in session ids, signatures or times of expiry.

    >>> file_key("https://so.tinh.gov.vn/upload/cv-124.pdf?token=a81f"), file_key("http://so.tinh.gov.vn/tai-ve.aspx?id=7&expires=1700000000")
    ('so.tinh.gov.vn/upload/cv-124.pdf', 'so.tinh.gov.vn/tai-ve.aspx?id=7')
    """
    address, _, query = without_session(url).partition("#")[0].partition("?")
    names_file = _FILE_NAME.search(urlsplit(address).path) is not None
    parts = [part for part in query.split("&") if part and not _is_token(part, names_file=names_file)]
    kept = "&".join(sorted(parts))
    return unquote(without_scheme(address).removeprefix("www.") + (f"?{kept}" if kept else ""))


_FILE_NAME = re.compile(r"\.\w{2,4}(?:/[0-9a-f-]{20,})?$", re.IGNORECASE)
# Names of parameters that hold a signature, the time at which it ends, or a number against caches.
_TOKEN_NAME = re.compile(
    r"\w*(?:token|nonce|hmac)|(?:p_)?auth(?:key)?|auth_key|sig|sign|signature|expires?|expiry|exp|policy|key-pair-id|awsaccesskeyid|googleaccessid"
    r"|x-(?:amz|goog|ms|oss)-[\w-]+|_|ts|timestamp|rand|random|rnd|nocache|cachebuster|sid|session\w*",
    re.IGNORECASE,
)
# A value of letters and digits that nobody would write, or a time in seconds or milliseconds. If the path names the file, it is not needed.
_TOKEN_VALUE = re.compile(r"(?=[^=]*\d)(?=[^=]*[a-z])[\w%.~+/=-]{16,}|1\d{9}(?:\d{3})?", re.IGNORECASE)


def _is_token(part: str, *, names_file: bool) -> bool:
    name, _, value = part.partition("=")
    return _TOKEN_NAME.fullmatch(unquote(name)) is not None or (names_file and _TOKEN_VALUE.fullmatch(value) is not None)


def _is_same(name: str, before: Any, after: Any, days: tuple[date, date]) -> bool:
    if name == "attachments":
        return {file_key(url) for url in before} == {file_key(url) for url in after}
    if not isinstance(before, str) or not isinstance(after, str) or name == "published_at":
        return False
    if comparable(before) == comparable(after):
        return True
    # A text of the day of its first capture has that day for good; a clock on the page has another one in each capture.
    return comparable(before, days[0]) == comparable(after, days[1])


def _changes_always(piece: str, today: date | None) -> bool:
    if _QUICK.search(piece) is None:
        return False
    left, counters = _COUNTER.subn(" ", piece)
    if counters:  # "5 trong 1 đánh giá"
        left = re.sub(_NUMBER, " ", left)
    left = _AGO.sub(" ", left)
    if today is not None:
        left = _written(today).sub(" ", left)
    if left == piece:
        return False
    left = _FILLERS.sub(" ", _CLOCK.sub(" ", left))
    return re.search(r"\w", left) is None


@lru_cache(maxsize=64)
def _written(day: date) -> re.Pattern[str]:
    """Returns a pattern of the forms in which a page writes a day."""
    separated = rf"0?{day.day}\s*[/.-]\s*0?{day.month}\s*[/.-]\s*{day.year}"
    words = rf"0?{day.day}\s+tháng\s+0?{day.month}(?:\s*,?\s+năm)?\s+{day.year}"
    return re.compile(rf"(?<!\d)(?:{separated}|{words}|{day.isoformat()})(?!\d)", re.IGNORECASE)
