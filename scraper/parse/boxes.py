"""What stands in a body and is none of its text: lists of other news, share bars, rating widgets, counters, links to print or mail.

Told by what the lines say and by where they lead, since every theme has class names of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scraper.text import fold

_TRAILING_DATE = re.compile(
    r"[\s,|–-]*[\[(]?\s*(?:\d{1,2}:\d{2}\s*[,|-]?\s*)?(?:ngày\s*)?\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?(?:[\s,|-]+\d{1,2}[:h]\d{2})?.{0,14}$|\s*\([^()]{0,40}\b(?:19|20)\d{2}[^()]{0,8}\)$|^\W*\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\s*[-:|]?\s*"
)
_DATES_MOST = 160  # characters that dates before and behind a title take at most


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text, and how many of its characters lead to other pages (links to files are part of the text)."""

    text: str
    linked: int = 0

    @property
    def is_link(self) -> bool:
        """Whether the line is nothing but links, or as good as."""
        if self.linked <= 0.8 * (len(self.text) - _DATES_MOST):
            return False  # most paragraphs
        return self.linked > 0 and self.linked > 0.8 * len(_TRAILING_DATE.sub("", self.text))


# Headings of lists of other news, folded. "Tin" alone begins too much; the whole line must be the heading.
_OTHER_NEWS = re.compile(
    r"(?:[»>*•|\-–\s]*)(?:(?:cac |nhung |mot so )?(?:tin|bai|bai viet|tin tuc|tin bai|bai bao|thong tin|van ban|noi dung)(?: viet| tuc| bai)? "
    r"(?:lien quan|khac|cu hon|moi hon|moi nhat|moi|cung (?:chuyen muc|chuyen de|muc|loai|chu de|su kien|tac gia)|da dua|da dang|truoc do|trong ngay|nong|noi bat|doc nhieu|tiep theo)"
    r"|tin da dua|xem them|doc them|co the ban quan tam|bai doc nhieu(?: nhat)?|doc nhieu nhat|xem nhieu(?: nhat)?|tin nen doc|co the ban chua biet|chu de lien quan"
    r"|bai viet lien quan|cung chuyen muc|tin cung chuyen muc|related (?:news|articles|posts|stories)|other news|read more|see also)"
    r"(?: khac)?\s*(?:\(\d+\))?\s*[:.…]*"
)
# One line of a widget: nothing of it can be the text of a report. Folded; what stands in _ALONE may stand several times in a line.
_ALONE = (
    "share|tweet|like|thich|print|email|pinterest|linkedin|facebook|twitter|google\\+?|zalo|zing me|send|in trang|in bai(?: viet)?|in tin|ban in|ban de in|gui (?:email|mail|phan hoi|bai|cho ban be|binh luan|y kien)"
    "|gui tin nay|luu tin|luu bai viet|quay lai|tro (?:ve|lai)(?: trang truoc)?|ve trang truoc|(?:len |ve )?dau trang|trang truoc|trang sau|tang co chu|giam co chu|co chu|a[+-]|phan hoi|y kien ban doc|viet binh luan"
    "|doc bai|luu|nghe|\\d* ?(?:binh luan|comments?|phan hoi)|nghe doc bai|doc bai viet|xem co chu|copy link|sao chep lien ket|theo doi.{0,30}google news|chia se(?: bai viet| tin(?: nay)?| len| qua)?"
    "|(?:(?:so )?(?:luot|lan) (?:xem|doc|truy cap)|hom (?:nay|qua)|(?:dang|tong(?: so)?(?: luot)?) truy cap|(?:dang )?truc tuyen|dang online)\\s?:\\s?[\\d.,]+"
)
_WIDGET = re.compile(
    rf"(?:{_ALONE})(?:[\s|,/·«»:-]+(?:{_ALONE}))*"
    r"|danh gia bai viet.*|tong so diem cua bai viet la:?.*|xep hang:?\s?[\d.,]+.*|(?:click|nhan) de danh gia bai viet.*|\d+ (?:danh gia|binh chon|luot danh gia)"
    r"|(?:so )?(?:luot|lan) (?:xem|doc|truy cap)(?: bai viet| tin)?\s*:?\s*\(?[\d.,]+\)?(?: luot)?|(?:da xem|luot xem|view(?:s| count)?|hits|lan xem)\s*:?\s*[\d.,]+|[\d.,]+ (?:luot xem|views?|lan xem)"
    r"|chia se:? .{0,40}(?:facebook|zalo|twitter).{0,40}|(?:your browser does not support|trinh duyet (?:cua ban )?khong ho tro).{0,80}|\(?adsbygoogle.*|quang cao|advertisement|loading\.*|dang tai\.*"
    r"|an (?:vao day|phim) de.{0,40}|xem chi tiet (?:tai )?(?:file|tep) dinh kem"
)
_AROUND = " :|-«»<>›‹"
_ARROW = re.compile(r"^\s*(?:>{1,3}|»{1,2}|›|\*\s?>|=>|►|▶|▸|☛|👉)")
_DATE_ONLY = re.compile(
    r"^[\[(]?\s*(?:ngay )?\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?(?:[\s,|-]+\d{1,2}[:h]\d{2})?\s*[\])]?$|^[\[(]?\d{1,2}:\d{2}.{0,16}$"
)


_DATED = re.compile(
    r"[(\[]\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?[^()\[\]]{0,12}[)\]]\s*$|^\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\s|\s\d{1,2}[/.-]\d{1,2}[/.-]\d{4}$"
)


def is_label(text: str) -> bool:
    """Whether a line is the heading of a list of other news, or a part of a widget."""
    folded = fold(text) if len(text) <= 120 else ""
    return bool(folded) and bool(_OTHER_NEWS.fullmatch(folded) or _WIDGET.fullmatch(folded.strip(_AROUND)))


def without_boxes(lines: Sequence[Line]) -> list[Line]:
    """The lines without boxes of other news and without widgets."""
    kept: list[Line] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        folded = fold(line.text) if len(line.text) <= 120 else ""
        if folded and _OTHER_NEWS.fullmatch(folded):
            end = _end_of_list(lines, at + 1)
            if end > at + 1 or _only_links(lines[at + 1 :]):
                at = end
                continue
        if folded and (_WIDGET.fullmatch(folded.strip(_AROUND)) or (line.is_link and _ARROW.match(line.text))):
            at += 1
            continue
        if (end := _end_of_dated(lines, at)) >= at + 2:
            at = end
            continue
        kept.append(line)
        at += 1
    # Counters of a widget whose words are pictures.
    while kept and kept[0].text.isdigit() and len(kept[0].text) <= 4:
        kept.pop(0)
    while kept and kept[-1].text.isdigit() and len(kept[-1].text) <= 4:
        kept.pop()
    return kept


def _end_of_list(lines: Sequence[Line], at: int) -> int:
    """Where the items of a list of other news end that begins at `at`: links, and the dates between them."""
    end = at
    while at < len(lines) and (lines[at].is_link or _DATE_ONLY.match(fold(lines[at].text))):
        at += 1
        if lines[at - 1].is_link:
            end = at
    # A date behind the last item belongs to the list too.
    while end and end < len(lines) and _DATE_ONLY.match(fold(lines[end].text)):
        end += 1
    return end


def _end_of_dated(lines: Sequence[Line], at: int) -> int:
    """Where a run of links ends that each bear a date: other news, whether or not a heading says so."""
    while at < len(lines) and lines[at].is_link and _DATED.search(lines[at].text):
        at += 1
    return at


def _only_links(lines: Sequence[Line]) -> bool:
    return all(line.is_link for line in lines)
