"""Removes boxes from a body that are not part of its text: lists of other news, share bars, rating widgets, counters, print links.

The text of the lines and the targets of their links decide, because every theme has different class names.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from scraper.text import fold

_TRAILING_DATE = re.compile(
    r"[\s,|–-]*[\[(]?\s*(?:\d{1,2}:\d{2}\s*[,|-]?\s*)?(?:ngày\s*)?\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?(?:[\s,|-]+\d{1,2}[:h]\d{2})?.{0,14}$|\s*\([^()]{0,40}\b(?:19|20)\d{2}[^()]{0,8}\)$|^\W*\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\s*[-:|]?\s*"
)
_DATES_MOST = 160  # the most characters of dates before and after a title


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text. `linked`: its characters in links to other pages; links to files are part of the text."""

    text: str
    linked: int = 0

    @property
    def is_link(self) -> bool:
        """True if the line consists of links, except for a date and a few characters."""
        if self.linked <= 0.8 * (len(self.text) - _DATES_MOST):
            return False  # most paragraphs
        return self.linked > 0 and self.linked > 0.8 * len(_TRAILING_DATE.sub("", self.text))

    @property
    def is_document(self) -> bool:
        """True if the line, or one of its first cells, begins with the name or the number of a law ("41/QĐ-UBND")."""
        return any(map(names_document, self.text.split("\t", _MOST_CELLS)[:_MOST_CELLS]))


_WORDS: dict[str, dict[str, list[str]]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _any_of(group: str, key: str = "phrases") -> str:
    """Returns a pattern for any of the phrases of a group in boilerplate.toml, folded."""
    return "|".join(map(fold, _WORDS[group][key]))


# The whole line must match, because many sentences begin with "Tin".
_OTHER_NEWS = re.compile(
    rf"(?:[»>*•|\-–\s]*)(?:(?:(?:xem|doc) (?:them )?)?(?:cac |nhung |mot so )?(?:{_any_of('other_news', 'subjects')})(?: viet| tuc| bai)? "
    rf"(?:{_any_of('other_news', 'qualities')})|{_any_of('other_news')})(?: khac)?\s*(?:\(\d+\))?\s*[:.…]*"
)
_LOOSE_OTHER_NEWS = re.compile(
    rf"\b(?:{_any_of('loose_other_news', 'subjects')})\b.{{0,30}}\b(?:{_any_of('loose_other_news', 'qualities')})\b"
)
# One line of a widget; it is never the text of a report.
_WIDGET = re.compile(rf"(?:{_any_of('buttons')})(?:[\s|,/·«»:\[\]-]+(?:{_any_of('buttons')}))*|{_any_of('widget')}")
_COMMENTS = re.compile(_any_of("comments"))
_COMMENTED = re.compile(_any_of("comment_lines"))
_ABOUT_AUTHOR = re.compile(_any_of("author"))
# A line that begins with the name of a law: "Kế hoạch số 27/KH-UBND ...", "2. Công văn 315/STTTT-BCVT ...", "41/QĐ-UBND".
_TYPE = (
    r"luật|bộ luật|hiến pháp|pháp lệnh|lệnh|sắc lệnh|nghị quyết|nghị định|quyết định|chỉ thị|thông tư|thông báo|công văn|công điện|kế hoạch|tờ trình"
    r"|báo cáo|hướng dẫn|văn bản|giấy mời|quy chế|quy định|đề án|chương trình|kết luận|phụ lục|biểu mẫu|mẫu|tiêu chuẩn|quy chuẩn"
)
_DOCUMENT = re.compile(
    rf"\W*(?:(?:\d{{1,3}}|[a-zivx]{{1,4}})[.)]\s*|\d{{1,3}}\s+(?!/))?(?:(?:{_TYPE})(?:\s+[^\W\d_]+){{0,4}}?\s*(?:số)?\s*:?\s*\d|(?:hiến pháp|luật|bộ luật|pháp lệnh)\s+[^\W\d_]"
    r"|(?:số\s*:?\s*)?\d{1,5}(?:/\d{4})?\s?/\s?[a-zđ]{2,})",
    re.IGNORECASE,
)
_MOST_CELLS = 4  # of a row that are searched for the name of a law
_LONGEST_COUNTER = 4  # digits
_COUNTER = re.compile(r"^\d[\d.,]*\s+(?=\D)")  # before the tools of a page, its word is a picture: "1204 Cỡ chữ"
_PARAGRAPH = 80  # characters; a longer line is certainly text
_COPIED = 60  # characters; if a line of this length occurs again, the text may be on the page twice
_AROUND = " :|-«»<>›‹()[]"
# A rating box: its line begins with one of these, holds only such words and numbers, and is not a heading ("Đánh giá kết quả").
_RATING = re.compile(r"(?:ket qua )?(?P<head>binh chon|danh gia|xep hang|cho diem|diem|rating|rate this|votes?)(?![a-z])")
_RATING_WORDS = frozenset(
    (
        *("binh", "chon", "danh", "gia", "xep", "hang", "cho", "diem", "rating", "rate", "this", "vote", "votes", "bai", "viet", "tin"),
        *("nay", "sao", "luot", "phieu", "bau", "tong", "so", "trung", "trong", "tren", "tu"),
    )
)
_WORD = re.compile(r"[a-z]+")
_STARS = re.compile(r"[\s\d()./]*[★☆⭐][★☆⭐\s\d()./]*")
_ARROW = re.compile(r"^\s*(?:>{1,3}|»{1,2}|›|\*\s?>|=>|[►▶▸▷➤➢➜➔➡→⇒☛☞]|👉)")
# A line that only introduces the link to another article: ">> Xem thêm: Bàn giao nhà cho hộ nghèo".
_INTRODUCES_LINK = re.compile(
    rf"(?:{_ARROW.pattern[1:]})?\W*(?:(?:mời )?(?:bạn đọc |quý vị )?(?:xem|đọc) (?:thêm|tiếp)|(?:các )?(?:tin|bài)(?: viết| đọc)? (?:liên quan|cùng chủ đề))\s*:\s*",
    re.IGNORECASE,
)
_DATE_ONLY = re.compile(
    r"^[\[(]?\s*(?:ngay )?\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?(?:[\s,|-]+\d{1,2}[:h]\d{2})?\s*[\])]?$|^[\[(]?\d{1,2}:\d{2}.{0,16}$"
)


_DATED = re.compile(
    r"[(\[]\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?[^()\[\]]{0,12}[)\]]\s*$|^\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\s|\s\d{1,2}[/.-]\d{1,2}[/.-]\d{4}$"
)


def is_label(text: str) -> bool:
    """Return True if a line is the heading of a list of other news ("Tin liên quan"), or a part of a widget."""
    return 0 < len(text) <= 120 and _is_label(text)


@lru_cache(maxsize=2048)  # the menus of a site are on all of its pages
def _is_label(text: str) -> bool:
    folded = fold(text)
    return _OTHER_NEWS.fullmatch(folded) is not None or _is_widget(folded)


def _is_widget(folded: str) -> bool:
    """Return True if a folded line is a part of a widget: a button, a counter, a rating box ("ĐÁNH GIÁ BÀI VIẾT( 0)", "Bình chọn: 5")."""
    line = folded.strip(_AROUND)
    if _WIDGET.fullmatch(line) or (line[:1].isdigit() and _WIDGET.fullmatch(_COUNTER.sub("", line))):
        return True
    if match := _RATING.match(line):
        words = _WORD.findall(line, match.start("head"))
        counts = match["head"] == "binh chon" or "bai viet" in line or any(char.isdigit() for char in line)
        return counts and len(line) <= 60 and _RATING_WORDS.issuperset(words)
    return _STARS.fullmatch(line) is not None


# Fields that programs print below the text.
_FIELD = re.compile(
    r"^(?:tác giả(?: bài viết)?|nguồn tin|người (?:đăng|nhập|gửi|viết)(?: tin| bài)?(?=\s*:)|(?:file|tệp|tập) (?:tin )?(?:đính kèm)?|tập tin|tải về|đính kèm)\s*(?::.{0,120})?$",
    re.IGNORECASE,
)


def is_field(text: str) -> bool:
    """Return True if a line is a field that programs print below the text: its author, its source, its files ("Nguồn tin: ...")."""
    return len(text) <= 150 and _FIELD.match(text) is not None


def begins_other_news(text: str) -> bool:
    """Return True if a line is the heading of a list of other news ("Tin liên quan")."""
    return len(text) <= 120 and _OTHER_NEWS.fullmatch(fold(text)) is not None


def begins_comments(folded: str, following: Callable[[], Sequence[str]]) -> bool:
    """Return True if a folded line is the heading of readers' comments, or of a box about the writer.

    Such a word may be a heading of the text too ("Ý kiến"). So the heading must have a number ("Bình luận (2)"), or the next
    lines look like comments ("1 ngày trước", "Trả lời") or their form, or it is the last line. `following` returns the next lines.
    """
    if len(folded) > 60:
        return False
    folded = folded.strip(" .-|»:*")
    if _ABOUT_AUTHOR.fullmatch(folded):
        return len(following()) <= 6
    match = _COMMENTS.fullmatch(folded)
    if match is None:
        return False
    lines = following()
    return bool(match[1]) or folded[:1].isdigit() or not lines or any(len(line) <= 160 and _COMMENTED.search(fold(line)) for line in lines)


def introduces_list(text: str) -> bool:
    """Return True if a line introduces the next lines ("Các văn bản đã ban hành gồm:"), unless they are other news."""
    if not text.rstrip().endswith(":") or is_label(text):
        return False
    return len(text) > 120 or _LOOSE_OTHER_NEWS.search(fold(text)) is None


_MORE = re.compile(r"\W*(?:xem|tải|chi tiết|download)\b.{16,}", re.IGNORECASE)


def leads_to_more(text: str) -> bool:
    """Return True if the text of a link promises more on the same subject: "Xem chi tiết danh sách thí sinh", "Tải về biểu mẫu"."""
    return _MORE.match(text) is not None and _LOOSE_OTHER_NEWS.search(fold(text[:160])) is None


def names_document(text: str) -> bool:
    """Return True if a line begins with the name or the number of a law: "Công văn 315/STTTT-BCVT ...", "41/QĐ-UBND"."""
    return _DOCUMENT.match(text) is not None


def once(lines: Sequence[Line]) -> Sequence[Line]:
    """Return the lines without a second copy of the whole text (one for small screens, one for printing)."""
    first = next((at for at, line in enumerate(lines) if len(line.text) >= _COPIED), None)
    if first is None:
        return lines
    wanted = lines[first].text
    again = next((at for at in range(first + 1, len(lines)) if lines[at].text == wanted), None)
    if again is None:
        return lines
    size = again - first
    same = sum(len(one.text) for one, other in zip(lines[first:again], lines[again : again + size], strict=False) if one.text == other.text)
    rest = sum(len(line.text) for line in lines[again + size :])
    if same < 2 * _COPIED or same < 0.8 * sum(len(line.text) for line in lines[first:again]) or rest > same:
        return lines
    return [*lines[:again], *lines[again + size :]]


def without_boxes(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without lists of other news, widgets and readers' comments. Linear in the number of lines."""
    kept: list[Line] = []
    at, has_text = 0, False
    while at < len(lines):
        line = lines[at]
        folded = fold(line.text) if len(line.text) <= 120 else ""
        if folded and _OTHER_NEWS.fullmatch(folded):
            end = _end_of_teasers(lines, at + 1) or _end_of_list(lines, at + 1)
            if end > at + 1 or _only_links(lines[at + 1 :]):
                at = end
                continue
        if has_text and folded and begins_comments(folded, partial(_following, lines, at)):
            break
        if _introduces_link(line) or (
            folded and (_is_widget(folded) or (line.is_link and _ARROW.match(line.text) and not line.is_document))
        ):
            at += 1
            continue
        if (end := _end_of_dated(lines, at)) >= at + 2:
            at = end
            continue
        kept.append(line)
        has_text = has_text or len(line.text) >= _PARAGRAPH
        at += 1
    return _without_counters(kept)


def _without_counters(lines: list[Line]) -> list[Line]:
    """Return the lines without numbers at the beginning and the end: counters of a widget that shows its words as pictures."""
    first, end = 0, len(lines)
    while first < end and _is_counter(lines[first]):
        first += 1
    while end > first and _is_counter(lines[end - 1]):
        end -= 1
    return lines[first:end]


def _is_counter(line: Line) -> bool:
    return len(line.text) <= _LONGEST_COUNTER and line.text.isdigit()


def _following(lines: Sequence[Line], at: int) -> list[str]:
    return [line.text for line in lines[at + 1 : at + 9]]


def _end_of_list(lines: Sequence[Line], at: int) -> int:
    """Return the end of a list of other news that begins at `at`: links, and the dates between them."""
    end = at
    while at < len(lines) and (lines[at].is_link or _DATE_ONLY.match(fold(lines[at].text))):
        at += 1
        if lines[at - 1].is_link:
            end = at
    # A date after the last item belongs to the list too.
    while end and end < len(lines) and _DATE_ONLY.match(fold(lines[end].text)):
        end += 1
    return end


def _end_of_teasers(lines: Sequence[Line], at: int) -> int | None:
    """Return the end of two or more headlines of other news, each a link with one line of its teaser below it; None if there are fewer."""
    first = at
    while at + 1 < len(lines) and lines[at].is_link and not lines[at + 1].is_link:
        at += 2
    return at if at - first >= 4 else None


def _introduces_link(line: Line) -> bool:
    """Return True if a line is a link to another article with words before it: "Xem thêm: ...". The name of a law is text."""
    if not line.linked or (match := _INTRODUCES_LINK.match(line.text)) is None:
        return False
    return line.linked >= 0.8 * (len(line.text) - match.end()) and not names_document(line.text[match.end() :])


def _end_of_dated(lines: Sequence[Line], at: int) -> int:
    """Return the end of a run of links with a date each. They are other news, even without a heading."""
    while at < len(lines) and lines[at].is_link and _DATED.search(lines[at].text) and not lines[at].is_document:
        at += 1
    return at


def _only_links(lines: Sequence[Line]) -> bool:
    return all(line.is_link for line in lines)
