"""Parses the title of a document after its number: "về việc ...", "quy định ...". It keeps only complete phrases."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scraper.citations.context.post_context import Behind
from scraper.citations.forms.cited_span import CitedSpan
from scraper.citations.forms.issue_dates import DATE
from scraper.citations.forms.issuer_names import body_at
from scraper.citations.grammar.patterns import NEARBY as _B
from scraper.citations.grammar.patterns import WORDS_APART as _W

_LONGEST = 500  # maximum length of a title in characters
_BEGIN = re.compile(
    rf"{_B},?{_B}(?:(?:về{_W}việc|về|v/v){_B}:?{_B}(?=[^\W_]|[“\"])|(?=(?:quy định(?!{_W}(?:tại|rõ|này|trên|như|là|ở|cụ thể tại))|phê duyệt|ban hành(?!{_W}(?:ngày|kèm|theo|năm|trong|vào|đã|cùng|và))|hướng dẫn|sửa đổi|công bố){_W}))",
    re.IGNORECASE,
)
_FIRST_LETTERS = frozenset("vVqQpPbBhHsSſcC")  # the first letters of the words in _BEGIN, in both cases
_MOST_BEFORE = 9  # characters before the first of these words: blanks, a comma, blanks


def may_begin(text: str, at: int) -> bool:
    """Returns whether a title can begin at `at`. This check rejects most citations without the pattern."""
    return text[at : at + _MOST_BEFORE + 1].lstrip().lstrip(",").lstrip()[:1] in _FIRST_LETTERS


# The possible end of a title: a mark, a quotation, the verb of the sentence, a date of issue.
_MARK = re.compile(
    rf"[,.;:()\[\]“\"\n]|\s(?:[-–]\s|(?:đã|sẽ|vừa|cũng|có hiệu lực|hết hiệu lực|được (?:ban hành|phê duyệt|triển khai|thực hiện|áp dụng)|trong đó|theo đó|thì|gửi|nêu rõ|chỉ rõ|quy định rõ|yêu cầu|cho biết)(?=[\s.,;]|$)"
    rf"|(?:ban hành{_W})?ngày{_W}(?:{DATE})(?=\s?(?:của\s|$|[,.;)])))"
)
# After one of these, a date is no date of issue.
_TIME = ("từ", "đến", "trước", "sau", "kể", "hết", "vào")
_CLOSING = {"“": "”", '"': '"'}
# After a comma, these words begin another clause, or a statement about the document.
_CLAUSE = re.compile(
    r"(?:ngày|do|đã|được|bị|có|là|thay|theo|trong|yêu cầu|đề nghị|giao|nhằm|để|với|từ|nay|hiện|sau|trước|khi|tuy|nhưng|song|đồng thời|mà|cùng|kèm|qua|trên|tại|căn cứ|vừa|sẽ|đến|nên|thì|cũng|gồm|bao gồm|nếu|vì|bởi|cho|như|gửi|hàng|mỗi|các|những|đây|đó|cụ thể|chỉ|cần|phải|không|chưa|ông|bà|đồng chí|lãnh đạo|tỉnh|huyện|thành phố|quận|xã|phường|hiệu lực|hết|thời gian|tính|hôm|sáng|chiều|năm|góp phần|tạo|tập trung|đặc biệt|nhất là|tiếp tục|giúp|hướng tới|phấn đấu|kết quả|chủ động|phân công|phối hợp|người|nêu|khẳng định|thông qua|lần)(?!\w)"
)
_SUBJECT = re.compile(
    r"(?:Luật|Ông|Bà|Sở|Bộ|UBND|HĐND|Thành phố|Tỉnh|Huyện|Quận|Công an|Đoàn|Ban|Hội|Trung tâm|Phòng|Cục|Chính phủ|Đồng chí|Theo|Trong|Tại|Ngày|Năm)(?!\w)"
)
_PAIRS = (("phòng", "chống"), ("sửa đổi", "bổ sung"), ("bổ sung", "sửa đổi"), ("phòng cháy", "chữa cháy"))
# These words are no complete phrase without an object.
_VERB_ALONE = re.compile(
    r"(?:ban hành|triển khai|thực hiện|tổ chức|tăng cường|phê duyệt|công bố|quy định|hướng dẫn|sửa đổi|bổ sung|thay thế|thành lập|điều chỉnh|tiếp tục)",
    re.IGNORECASE,
)
# Words that cannot end a phrase.
_DANGLING = tuple(
    f" {word}"
    for word in (
        "và", "của", "các", "với", "theo", "tại", "về", "để", "trong", "cho", "từ", "đến", "là", "một số", "một số điều", "do", "bởi", "những", "hoặc", "cùng", "nhằm", "trên", "như", "gồm", "thi hành", "thực hiện", "triển khai", "sửa đổi", "bổ sung", "thay thế",
    )
)  # fmt: skip


def read_title(text: str, at: int, found: Sequence[CitedSpan], behinds: Sequence[Behind], place: int) -> tuple[int, int] | None:
    """Returns the span of the title that begins at `at`, directly after citation number `place` of `found`. Returns None if there is none.
    A title continues over documents that it names ("quy định chi tiết một số điều của Luật Viễn thông"), and over the commas of an
    enumeration ("phòng, chống", "quản lý, vận hành và khai thác"). Words that would end in the middle of a phrase are left out.
    """
    begin = _BEGIN.match(text, at) if may_begin(text, at) else None
    if begin is None:
        return None
    start = begin.end()
    limit = min(len(text), start + _LONGEST)
    end = _end(text, start, limit, found, behinds, place + 1)
    if end is None:
        return None
    if text[start] in _CLOSING and text[end - 1] == _CLOSING[text[start]]:
        start, end = start + 1, end - 1
    words = text[start:end].rstrip()
    while words.endswith(_DANGLING):
        words = words[: -len(next(word for word in _DANGLING if words.endswith(word)))].rstrip(" ,")
    if " " not in words or (len(words) < 16 and _VERB_ALONE.fullmatch(words) is not None):
        return None
    return start, start + len(words)


def _end(text: str, start: int, limit: int, found: Sequence[CitedSpan], behinds: Sequence[Behind], following: int) -> int | None:
    """Returns the end of the phrase that begins at `start`, or None if it continues after `limit`. `following`: index of the next
    citation.
    """
    at = start
    last_comma: int | None = None
    document = -1  # the end of a document that the phrase names
    while True:
        mark = _MARK.search(text, at, limit)
        where = mark.start() if mark is not None else limit
        if following < len(found) and found[following].start < where:
            joined = _JOINED.search(text, max(start, found[following].start - 12), found[following].start)
            if joined is not None:
                return joined.start()
            at = document = max(at, found[following].end + behinds[following].end)
            following += 1
            if at >= limit:
                return at
            continue
        if mark is None:
            return limit if limit == len(text) else last_comma
        if mark[0] in _CLOSING:
            close = text.find(_CLOSING[mark[0]], mark.end(), limit)
            if close < 0:
                return None if where == start else where
            at = close + 1
            if where == start:
                return at
        elif mark[0] == ".":
            if not _is_inside(text, where):
                return where
            at = mark.end()
        elif mark[0] == ",":
            if where == document or not _goes_on(text, start, where, limit):
                return where
            last_comma = last_comma or where
            at = mark.end()
        elif not mark[0][0].isspace() or mark[0].isspace():
            return where
        elif (
            mark[0].strip() in ("-", "–")
            or len(text[start:where].split()) < 2
            or ("ngày" in mark[0] and text.endswith(_TIME, start, where))
        ):
            at = mark.end()
        else:
            return where


_JOINED = re.compile(r"(?:\s?[,;]|\s(?:và|hoặc|cùng))(?:\s(?:các|tại|với|theo|và|số))?\s{1,2}$")


def _is_inside(text: str, stop: int) -> bool:
    """Returns whether a full stop is part of a number or an abbreviation: "1.200", "TP.HCM", "TP. Vinh"."""
    return text[stop + 1 : stop + 2].isalnum() or text[stop - 2 : stop] in ("TP", "Tp", "TX", "Q")


def _goes_on(text: str, start: int, comma: int, limit: int) -> bool:
    """Returns whether a title continues after a comma."""
    after = text[comma + 1 : min(limit, comma + 60)].lstrip()
    before = text[start:comma].rstrip()
    if not after or before.endswith(tuple(_CLOSING.values())):
        return False
    if after[0].isupper():
        last = before.split()[-1] if before else ""
        return last[:1].isupper() and body_at(after, 0) is None and _SUBJECT.match(after) is None and _is_member(text, comma, limit, 6)
    if not after[0].islower() or _CLAUSE.match(after) is not None:
        return False
    if any(before.lower().endswith(first) and after.startswith(second) for first, second in _PAIRS):
        return True
    if len(before.split()) < 3:
        return True
    return _is_member(text, comma, limit, 24)


def _is_member(text: str, comma: int, limit: int, most: int) -> bool:
    """Returns whether the words after a comma are a member of an enumeration: few words, without the verb of a sentence after them."""
    mark = _MARK.search(text, comma + 1, limit)
    words = text[comma + 1 : mark.start() if mark is not None else limit].split()
    if mark is not None and mark[0][0] == " " and mark[0].strip() not in ("-", "–") and not mark[0].strip().startswith(("ngày", "ban")):
        return False
    return 0 < len(words) <= most
