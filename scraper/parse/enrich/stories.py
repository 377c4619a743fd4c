"""Finds the stories of a digest: several reports under one title, each with a separate headline.

Provincial departments publish digests ("Tin vắn", "Điểm tin tuần", "Tin hoạt động"). Each report in one begins with a
headline on a separate line. The line is marked by an asterisk, a bullet, a plus, a dash, or bold letters.

A mark proves nothing, because reports mark their sections and lists their items in the same way. So a body is a digest only
if its title says so, or if its stories report events ("Ngày 14/7, Sở ...", "Vừa qua, ..."). Numbered lines are the sections
of one report and never make a digest.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice, pairwise

from scraper.model import Rule, Story
from scraper.parse.enrich.event_date import event_date, names_day
from scraper.parse.fields.bylines import dateline_length
from scraper.rule_codes import RuleCode
from scraper.text import fold

_BOLD = "bold"
# The marks by their names. Each begins a headline, "* Hội thảo ...". The most reliable mark comes first.
_MARKS = {
    "asterisk": "*＊∗※✱✲✳✻⁎",
    "bullet": "•●■►▶▸◆❖✦★☆»☛➢➤◊♦▪○◦▫‣⁃∙⦁·→✓✔✿❀☼#",
    "plus": "+",
    "dash": "-–—",
}
_SURE = ("asterisk", "bullet")  # marks that editors rarely use except for headlines
_NAME_OF = {char: name for name, chars in _MARKS.items() for char in chars}
_MARK_CHARS = "".join(_NAME_OF) + " "
_DATELINE_WITHIN = 240  # characters at the beginning of a line that hold a dateline and the mark after it
_NUMBERED = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*|[IVX]{1,5}|[a-zđ])\s*(?:[.):]|/(?!\d))\s*\S")
_SENTENCE_END = (".", ";", ":", ",", "!", "…")
_SHORTEST, _LONGEST = 8, 300  # characters of a headline
_LONGEST_SENTENCE = 160  # characters of a headline that ends with a full stop
_FEWEST_WORDS = 4  # of a headline that is marked only by bold letters
_PROSE = 150  # characters; a longer line is a paragraph, with or without a mark
_RECENT_WITHIN = 200  # characters of a story in which words such as "vừa qua" count
_BACK, _AHEAD = 92, 31  # days; digests are published by the week, the month or the quarter, and announce a few things
# Titles of digests, folded.
_DIGEST_TITLE = re.compile(
    r"(?:^|\W)(?:diem tin|ban tin|tin van|tin ngan|tin nhanh|tin tong hop|tong hop tin|chum tin|tin (?:hoat dong|dia phuong|noi bo|tu co so|trong (?:tinh|tuan|thang|nganh|ngay|nuoc))"
    r"|(?:tin|thong tin) (?:tuc )?(?:hoat dong|trong tuan|trong thang|tong hop|van))(?:\W|$)"
)
# The first words of section headings, folded: "Công tác bưu chính", "Nhiệm vụ trọng tâm".
_SECTION = re.compile(
    r"(?:ve|(?:ve )?(?:cong tac|linh vuc|mang)|nhiem vu|phuong huong|ton tai|han che|kho khan|nguyen nhan|kien nghi|de xuat|giai phap|danh gia chung"
    r"|tinh hinh chung|muc tieu|muc dich|to chuc thuc hien|thoi gian|dia diem|thanh phan|noi dung|ket qua (?:thuc hien|dat duoc))(?!\w)"
)
_RECENT_WORDS = ("vừa", "mới đây", "gần đây", "những ngày qua", "tuần qua", "tháng qua", "hôm nay", "hôm qua", "dịp này")
_RECENT = re.compile(rf"(?<!\w)(?:{'|'.join(_RECENT_WORDS)})(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Line:
    """A paragraph of the body: its offset in characters, and the headline that it may be."""

    start: int
    text: str
    mark: str | None = None  # its mark by name, or _BOLD
    title: str = ""
    after_dateline: bool = False  # the title has no mark but the dateline before it: "(Mic.gov.vn) - Hội thảo ..."


def find_stories(
    body: str, *, title: str = "", summary: str = "", published: date | None = None, bold: Collection[str] = ()
) -> tuple[tuple[Story, ...], Rule]:
    """Return the stories of a body with the rule that found them. If there are none, the rule says why.

    Offsets of stories are in characters of `body`, whose paragraphs are separated by a blank line. `summary` may be the first
    headline; the first story then begins with the body. `published` is the day of publication: the events of a digest happened
    shortly before it. `bold`: the lines of the page that are completely bold.
    """
    if not bold and not _has_marks(body):
        return (), Rule(RuleCode.NO_DIGEST)
    lines = [_line(start, text, bold) for start, text in _paragraphs(body)]
    if summary and (above := _line(0, summary, bold)).mark is not None:
        lines.insert(0, above)
    marks = {line.mark for line in lines if line.mark is not None}
    reason = RuleCode.NO_DIGEST
    for mark in (*_MARKS, _BOLD):
        if mark not in marks:
            continue
        heads = [at for at, line in enumerate(lines) if line.mark == mark or (at == 0 and line.after_dateline)]
        if len(heads) < 2:
            continue
        problem = _problem(lines, heads, mark, title, published)
        if problem is None:
            rule = Rule(RuleCode.DIGEST_BOLD_LINES) if mark == _BOLD else Rule(RuleCode.DIGEST_MARKED_LINES, mark)
            return _stories(body, lines, heads), rule
        reason = problem
    return (), Rule(reason)


def may_hold_bold_heads(body: str) -> bool:
    """Return True if bold lines could make `body` a digest. Only then is it worth searching the page for bold lines."""
    texts = body.split("\n\n")
    pairs = [(before, text) for before, text in pairwise(texts) if len(text) > len(before) and _can_be_title(before)]
    if len(pairs) < 2:
        return False  # most bodies
    recent = (text for before, text in pairs if _NUMBERED.match(before) is None and _reports_recent_event(text))
    return len(list(islice(recent, 2))) == 2


def _has_marks(body: str) -> bool:
    """Return True if a line after the first begins with a mark, or with a dateline before a mark. Excludes most bodies quickly."""
    start = body.find("\n\n")
    while start >= 0:
        if body[start + 2 : start + 3] in _NAME_OF:
            return True
        beginning = body[start + 2 : start + 2 + _DATELINE_WITHIN].partition("\n")[0]
        if (length := dateline_length(beginning)) and beginning[length : length + 1] in _NAME_OF:
            return True
        start = body.find("\n\n", start + 2)
    return False


def _paragraphs(body: str) -> Iterator[tuple[int, str]]:
    """Yield the paragraphs of a body, each with its offset in characters."""
    start = 0
    for text in body.split("\n\n"):
        yield start, text
        start += len(text) + 2


def _line(start: int, text: str, bold: Collection[str]) -> _Line:
    """Look for a headline in a paragraph: after a dateline, after a mark, or because it is bold.

    "(Mic.gov.vn) - * Hội thảo ..." has the mark "asterisk" and the title "Hội thảo ...".
    """
    if len(text) > _LONGEST + 60:
        return _Line(start, text)
    rest = text[dateline_length(text) :]
    mark = _NAME_OF.get(rest[:1])
    title = rest.lstrip(_MARK_CHARS).rstrip("* ") if mark else rest
    title = title[dateline_length(title) :]
    if not _can_be_title(title, mark) or _NUMBERED.match(title):
        return _Line(start, text)
    if mark is None and (text in bold or rest in bold) and len(rest.split()) >= _FEWEST_WORDS:
        mark = _BOLD
    return _Line(start, text, mark, title, after_dateline=mark is None and len(rest) < len(text))


def _can_be_title(text: str, mark: str | None = None) -> bool:
    """Return True if a line has the form of a headline.

    Some editors end it with a full stop. Then only a reliable mark separates it from a sentence.
    """
    if not _SHORTEST <= len(text) <= _LONGEST or "\n" in text or "\t" in text:
        return False
    if mark in _SURE and text.endswith(".") and not text.endswith(("./.", "..")):
        return len(text) <= _LONGEST_SENTENCE and ". " not in text and not names_day(text)
    return not text.endswith(_SENTENCE_END)


def _problem(lines: Sequence[_Line], heads: Sequence[int], mark: str, title: str, published: date | None) -> RuleCode | None:
    """Return the reason why these headlines do not make a digest; None if they do."""
    ends = [*heads[1:], len(lines)]
    texts = [lines[head + 1 : end] for head, end in zip(heads, ends, strict=True)]
    if sum(lines[head].title.endswith("?") for head in heads) * 2 >= len(heads):
        return RuleCode.NO_DIGEST_INTERVIEW
    empty = sum(not any(_is_prose(line) for line in text) for text in texts)
    if empty and (mark not in _SURE or empty * 2 > len(heads)):
        return RuleCode.NO_DIGEST_LIST
    reporting = sum(_reports_event(text, published) for text in texts)
    if _DIGEST_TITLE.search(fold(title)) and (mark in _SURE or reporting):
        return None
    if sum(_SECTION.match(fold(lines[head].title)) is not None for head in heads) * 2 >= len(heads):
        return RuleCode.NO_DIGEST_NAMED_SECTIONS
    return None if _are_enough(reporting, heads, mark) else RuleCode.NO_DIGEST_WITHOUT_EVENTS


def _are_enough(reporting: int, heads: Sequence[int], mark: str) -> bool:
    """Return True if enough of the stories report events: half of them after a reliable mark, two in three after another, and three in four
    after an introduction."""
    if mark in _SURE:
        return reporting >= 2 and reporting >= 0.5 * len(heads)
    if heads[0] > 1:  # an introduction is above the first headline
        return reporting >= 3 and reporting >= 0.75 * len(heads)
    return reporting >= 2 and reporting >= 0.66 * len(heads)


def _is_prose(line: _Line) -> bool:
    """Return True if a line is a paragraph of a report: not a headline and not the item of a list."""
    if len(line.text) >= _PROSE:
        return True
    return line.mark is None and line.text[:1] not in _NAME_OF and _NUMBERED.match(line.text) is None


def _reports_event(text: Sequence[_Line], published: date | None) -> bool:
    """Return True if the first paragraphs of a story say that an event happened shortly before the publication."""
    paragraphs = [line.text for line in text if _is_prose(line)][:2]
    if not paragraphs:
        return False
    return _reports_recent_event(paragraphs[0], published) or (
        len(paragraphs[0]) < _RECENT_WITHIN and _reports_recent_event(paragraphs[-1], published)
    )


def _reports_recent_event(text: str, published: date | None = None) -> bool:
    if _mentions_recent_time(text[:_RECENT_WITHIN]):
        return True
    if published is None:
        return names_day(text)
    day, _ = event_date(text, published)
    return day is not None and -_AHEAD <= (published - day).days <= _BACK


def _mentions_recent_time(text: str) -> bool:
    """Return True if a text holds one of the words of `_RECENT`. Most texts hold none, and a search for the plain words is faster."""
    small = text.lower()
    return any(map(small.__contains__, _RECENT_WORDS)) and _RECENT.search(text) is not None


def _stories(body: str, lines: Sequence[_Line], heads: Sequence[int]) -> tuple[Story, ...]:
    starts = [lines[head].start for head in heads]
    ends = [start - 2 for start in starts[1:]] + [len(body)]
    return tuple(
        Story(position=number, title=lines[head].title, start=start, end=end)
        for number, (head, start, end) in enumerate(zip(heads, starts, ends, strict=True), start=1)
    )
