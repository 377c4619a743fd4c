"""Finds the outlet at the beginning of a text ("(Mic.gov.vn) -") and the writer or office at its end.

Both stay in the text and are also stored as separate fields.
"""

from __future__ import annotations

import re

from scraper.model import Rule, Text
from scraper.rule_codes import RuleCode
from scraper.text import fold

# An outlet without brackets is written in capitals or as a host name. A place is not: "Hà Nội - Ngày ...".
_OUTLET = r"(?:[A-ZĐ&]{2,8}|[\w-]{1,30}(?:\.[\w-]{1,30}){1,4})"
_BRACKET = re.compile(r"[\[(]\s*(?!\d{1,2}[/-])([^()\[\]]{2,40}?)\s*[\])]\s*[-–—:]\s*")
_BARE_BRACKET = re.compile(rf"[\[(]\s*({_OUTLET})\s*[\])]\s*")
_BARE = re.compile(rf"({_OUTLET})\s{{0,2}}[-–—]\s+")
_HOST = re.compile(r"([\w-]{1,30}(?:\.[\w-]{1,30}){1,4}):\s+")
_AFTER_PLACE = re.compile(rf"[^\W\d_][^().:\n]{{1,30}}\s[\[(]({_OUTLET})[\])]\s*[-–—:]\s*")  # "Hà Nội (TTXVN) - "
_MAYBE_DATELINE = re.compile(r"[-–—:)\]]")
_REACH = 160  # characters within which a dateline ends
_DATELINES = (
    (_AFTER_PLACE, RuleCode.DATELINE_AFTER_PLACE),
    (_HOST, RuleCode.DATELINE_HOST),
    (_BRACKET, RuleCode.DATELINE_BRACKET),
    (_BARE_BRACKET, RuleCode.DATELINE_BRACKET),
    (_BARE, RuleCode.DATELINE_DASH),
)
_NONE = Text(None, Rule(RuleCode.NOT_ON_PAGE))
_OFFICE = re.compile(
    r"^(?:phong|ban|bbt|bo phan|van phong|thanh tra|trung tam|tin|bai|anh|nguon|theo|pv|ctv|bien tap|so|chi cuc|vien|hoi|doan|tong hop|nhom|uy ban|ubnd|cong an|dai|bao|truong|khoa|to|thuc hien|tac gia|p|tt|vp|ttcntt|stttt|p\.\s?\w+)\b"
)
_WORD = r"[A-ZÀ-ỸĐ][a-zà-ỹđ]{0,7}+"
_INITIAL_DOT = r"(?:(?<=\b[A-ZĐ])\.)?"  # after the last word; dots between words separate them
_PERSON = re.compile(
    rf"^(?:ThS\.?|TS\.?|PGS\.?|BS\.?|LS\.?)?\s*{_WORD}(?:[\s.]++{_WORD}){{1,4}}{_INITIAL_DOT}"
    rf"(?:\s*(?:[-–,;/&]|và)\s*{_WORD}(?:[\s.]++{_WORD}){{0,4}}{_INITIAL_DOT})*(?:\s*\([^()]{{2,60}}\))?$"
)
_BETWEEN = re.compile(r"\s[-–]\s|/")
_SENTENCE = re.compile(r"[.;:!?…]$|\./\.$")

# Accounts of editors. A CMS prints them if no author was entered.
_ACCOUNT = re.compile(
    r"(?:ad\s?min(?:istrator)?|quan ?tri(?: vien)?|super ?user|test|webmaster|editor|root|bien ?tap(?: vien)?|user)\d{0,4}(?:\s+(?:ad\s?min|test))?"
)

# A counter of views, which some themes print in one element with the author: "Nguyễn Văn Sáu | Lượt xem: 29".
_VIEWS = re.compile(
    r"(?<!\w)(?:(?:số\s)?(?:lượt|lần)\s(?:xem|đọc|truy cập)|đã xem|views?|hits)\s{0,3}:?\s{0,3}\d[\d.,]{0,12}"
    r"|(?<![\d.,])\d[\d.,]{0,12}\s(?:(?:lượt|lần)\s(?:xem|đọc|truy cập)|views?|hits)(?!\w)",
    re.IGNORECASE,
)
_LONGEST_AUTHOR = 300  # characters in which such a counter is searched for
_POSTED_BY = re.compile(r"(?:tác giả(?: bài viết)?|người (?:đăng|viết|gửi)(?: bài| tin)?|đăng bởi)\s{0,3}:\s{0,3}", re.IGNORECASE)

_OFFICE_ACCOUNT = re.compile(r"(?:(?:pho|truong) )?ban bien tap(?: \d+)?")


def dateline(summary: str | None, body: str | None) -> Text:
    """Return the outlet at the beginning of the text: "(Mic.gov.vn) - ...", "TTXVN - ...". The value is None if there is none."""
    for text, field in ((summary, "summary"), (body, "body")):
        if not text or _MAYBE_DATELINE.search(text, 0, _REACH) is None:
            continue
        for pattern, code in _DATELINES:
            if match := pattern.match(text):
                return Text(match[1], Rule(code, field))
    return _NONE


def dateline_length(text: str) -> int:
    """Return the length of the dateline at the beginning of `text` in characters, with its dash and spaces; 0 if there is none.

    "(Mic.gov.vn) - * Hội thảo" gives 15: the next character is the asterisk.
    """
    if _MAYBE_DATELINE.search(text, 0, _REACH) is not None:
        for pattern, _ in _DATELINES:
            if match := pattern.match(text):
                return match.end()
    return 0


def byline(body: str | None, author: Text | None = None) -> Text:
    """Return the last line of the text if it is short, not a sentence, and names a person or an office. Else the value is None.

    `author`: the author of the article. If the general rules took it from the last line, that line was removed from the text.
    """
    if author is not None and author.value and author.rule.code is RuleCode.GENERIC_AUTHOR_BELOW_TEXT:
        return Text(author.value, Rule(RuleCode.BYLINE_BELOW_TEXT))
    last = body.rpartition("\n\n")[2] if body else ""
    if not 0 < len(last) <= 90 or "\t" in last:
        return _NONE
    name = last[1:-1].strip() if last[0] == "(" and last[-1] == ")" else last
    if name != last and fold(name).startswith("anh"):
        return _NONE  # the caption of a picture
    # A person, an office, or both in any order: "Minh Anh – Phòng CNTT".
    parts = [part.strip() for part in _BETWEEN.split(name)]
    named = is_person(name) or is_office(name)
    if named or (2 <= len(parts) <= 3 and not _SENTENCE.search(name) and all(is_office(part) or is_person(part) for part in parts)):
        return Text(last, Rule(RuleCode.BYLINE_LAST_LINE))
    return _NONE


def is_person(text: str) -> bool:
    """Return True if a text is the name of one or more persons, perhaps with a title or an office: "ThS. Lê Thị Hoa (Phòng CNTT)"."""
    return _PERSON.match(text) is not None


def is_office(text: str) -> bool:
    """Return True if a text begins like an office or a credit, and is not a sentence: "Phòng Văn thư", "Tin, ảnh: Thu Hà"."""
    return _OFFICE.match(fold(text)) is not None and not _SENTENCE.search(text)


def without_views(author: str) -> str:
    """Return the author without a counter of views beside the name, and without the label of the name; "" if nothing else is left."""
    if len(author) > _LONGEST_AUTHOR or _VIEWS.search(author) is None:
        return author
    rest = " ".join(_VIEWS.sub(" ", author).split()).strip(" |·,;:()–-")
    return _POSTED_BY.sub("", rest, count=1) if _POSTED_BY.match(rest) else rest


def is_account(name: str) -> bool:
    """Return True if a name is the account of an editor: "admin", "ban bien tap". An office has diacritics: "Ban biên tập"."""
    folded = fold(name).strip()
    return _ACCOUNT.fullmatch(folded) is not None or (name.isascii() and _OFFICE_ACCOUNT.fullmatch(folded) is not None)
