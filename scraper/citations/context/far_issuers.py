"""Finds the body that issued a document if the words that name it are apart from its number: in the heading of a list, or
anywhere if the number has the code of a department. Only what the language leaves no doubt about is used: one body, and nothing else between.
"""

from __future__ import annotations

import re

from scraper.citations.forms.cited_span import CitedSpan
from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.patterns import NOUN_RE
from scraper.citations.grammar.word_groups import either, words_of
from scraper.citations.issuers.issuer import Issuer
from scraper.citations.issuers.issuer_codes import departments_of_codes, local_default
from scraper.citations.issuers.issuers_in_phrase import has_joint_code, issuer_in_capitals, issuers_of, last_issuer
from scraper.citations.issuers.named_issuer import issuer_at

ISSUER_APART = "issuer-apart"  # a flag: the words that name the issuer are not beside the number
_MARK = late_pattern(r"[ \t]{0,8}(?:(?:\d{1,2}(?:\.\d{1,2})?[.)]|[-–+•*]|[a-zđ]\)|[IVX]{1,5}\.)[ \t]{0,3})?(?:[Cc]ác\s)?")
_MOST_ROWS, _LONGEST_HEADING = 40, 260
_VERB = rf"(?:{either(('ký ban hành', 'ban hành', 'ký', 'ra', 'có', 'phát hành', 'gửi', 'thông qua', 'công bố', 'phê duyệt'))})"
_SEVERAL = rf"(?:{either(words_of('issuing', 'fillers'))}|nhiều|một\s{{1,3}}số|những|hàng\s{{1,3}}loạt|\d{{1,3}})"
_PAPERS = r"(?:văn bản|quyết định|công văn|thông báo|kế hoạch|chỉ thị|nghị quyết|thông tư|nghị định|hướng dẫn|báo cáo|tờ trình|công điện|quy định)"
_NEXT = r"(?:\s{1,3}(?:sau|như sau|sau đây|gồm|bao gồm|như|là|chỉ đạo|hướng dẫn|quan trọng|mới|liên quan|quy phạm pháp luật)){0,4}"
# "UBND tỉnh đã ban hành các văn bản sau:", "Thủ tướng ký hai quyết định:".
_ISSUED = late_pattern(
    rf"(?:\s{{1,3}}(?:đã|vừa|mới|cũng|sẽ|tiếp tục)){{0,3}}\s{{1,3}}{_VERB}(?:\s{{1,3}}{_SEVERAL}){{0,3}}\s{{1,3}}{_PAPERS}{_NEXT}\s{{0,3}}$"
)
# "Danh mục văn bản do Sở Xây dựng ban hành:", "Các văn bản của Bộ Y tế:".
_OF = late_pattern(rf"(?<!\w)(?i:{_PAPERS}){_NEXT}\s{{1,3}}(?:của|do)\s{{1,3}}(?=\S)")
_OF_END = late_pattern(rf"(?:\s{{1,3}}(?:đã|vừa|mới)){{0,2}}(?:\s{{1,3}}{_VERB})?{_NEXT}\s{{0,3}}")
# The bodies that a code may mean, by the name that it has without other words.
_OF_DEFAULT = {
    "Trung ương Đảng": ("Bộ Chính trị", "Ban Bí thư", "Ban Chấp hành Trung ương"),
    "Tỉnh ủy": ("Tỉnh ủy", "Thành ủy", "Ban Thường vụ", "Thường trực"),
}


def far_issuers(text: str, one: CitedSpan, departments: dict[str, tuple[Issuer, ...]]) -> tuple[Issuer, ...]:
    """Returns the body that issued a document, by words apart from its number. Returns () if they do not say it clearly, or if its code names another
    body. `departments`: those of the text that were found before, by name.
    """
    found = _far_issuers(text, one, departments)
    default = local_default(one.codes)
    if default is not None and found and not found[0].name.startswith(_OF_DEFAULT.get(default, default)):
        return ()
    return found


def _far_issuers(text: str, one: CitedSpan, departments: dict[str, tuple[Issuer, ...]]) -> tuple[Issuer, ...]:
    line = text.rfind("\n", 0, one.start) + 1
    before = text[max(line, one.start - _LONGEST_HEADING) : one.start]
    if before.rstrip().endswith(":"):
        return _of_heading(_last_sentence(before))
    if len(before) <= 14 and _MARK.fullmatch(before) is not None and (heading := _of_heading(_heading_above(text, line))):
        return heading
    found: tuple[Issuer, ...] = ()
    for name in departments_of_codes(one.codes)[: None if has_joint_code(one) else 1]:
        if name not in departments:
            departments[name] = _department_named(text, name)
        if not departments[name]:
            return ()
        found += departments[name]
    return found


def _last_sentence(words: str) -> str:
    return re.split(r"[.?!;]\s", words)[-1]


def _heading_above(text: str, line: int) -> str:
    """Returns the line above a list of documents, one row of which begins at `line`; "" if there is none."""
    for _ in range(_MOST_ROWS):
        end = line - 1
        if end <= 0:
            return ""
        line = text.rfind("\n", 0, end) + 1
        words = text[line:end].strip()
        if words and not _is_row(words):
            return words if len(words) <= _LONGEST_HEADING else ""
    return ""


def _is_row(words: str) -> bool:
    """Returns whether a line begins with a document, after the mark of a list."""
    mark = _MARK.match(words)
    at = mark.end() if mark is not None else 0
    return NOUN_RE.match(words, at) is not None and not words.endswith(":")


def _of_heading(words: str) -> tuple[Issuer, ...]:
    """Returns the one body that a heading names as the issuer of the documents below it, or ()."""
    whole = words.strip()
    words = whole.rstrip(" :")
    if whole.endswith(":"):
        if (issued := _ISSUED.search(words)) is not None:
            issuer = last_issuer(words[: issued.start()])
            return (issuer,) if issuer is not None else ()
        if (of := _OF.search(words)) is not None:
            issuers = issuers_of(words[of.end() :])
            return issuers[:1] if issuers and _OF_END.fullmatch(words, of.end() + issuers[0].end) else ()
    mark = _MARK.match(words)
    name = words[mark.end() :] if mark is not None else words
    issuer = issuer_in_capitals(name) if name.isupper() else None  # in small letters it may be the body that has a task
    return (issuer,) if issuer is not None else ()


_DEPARTMENT = late_pattern(r"(?<!\w)(?:Sở|SỞ)(?!\w)")
_MOST_NAMES = 30


def _department_named(text: str, name: str) -> tuple[Issuer, ...]:
    """Returns the department that the code of a number names, if the text speaks of it, or of "Sở" only, and of no second one of that name: "Sở yêu
    cầu các huyện báo cáo theo Công văn số 12/STTTT-CNTT".
    """
    places: dict[str, Issuer] = {}
    spoken = False
    for count, match in enumerate(_DEPARTMENT.finditer(text)):
        if count >= _MOST_NAMES:
            break
        issuer = issuer_at(text[match.start() : match.start() + 160], 0)
        spoken = spoken or issuer is None or issuer.name.startswith(name)
        if issuer is not None and issuer.name.startswith(f"{name} "):
            places.setdefault(issuer.name, issuer)
    if not spoken or len(places) > 1:
        return ()
    return (next(iter(places.values()), Issuer(name, 0, 1, local=True)),)
