"""Parses the clause that issues the cited document: "Ngày 14/7/2009, UBND tỉnh vừa ban hành ...", "Xét đề nghị của ... tại ..."."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scraper.citations.forms.issue_dates import CALENDAR_DAY, DATE, Stated, parse_date
from scraper.citations.forms.issuer_names import Body, bodies_of, body_in_capitals, last_body, last_partial_body
from scraper.citations.grammar.patterns import AROUND, spaced
from scraper.citations.grammar.patterns import NEARBY as _B
from scraper.citations.grammar.patterns import WORDS_APART as _W


@dataclass(slots=True)
class Clause:
    """The date, year and issuers that a clause states for the documents that it issues."""

    date: Stated | None = None
    year: int | None = None
    issuers: tuple[Body, ...] = ()
    same_day: bool = False  # "cùng ngày": the day of the document before


_ISSUING = spaced(
    "(?=[bcđghklprstx])(?:ký ban hành|ban hành|ra|ký|có|phê duyệt|thông qua|công bố|gửi|trình|đưa ra|phát hành|ban bố|ký quyết định|ký duyệt|hạ|xây dựng|(?<!thành\\s)lập|soạn thảo)"
)
ISSUING_VERB = re.compile(
    rf"(?<!\w){_ISSUING}(?:{_W}(?:các|một|hai|ba|bốn|năm|tới|đến|đủ|liên tiếp|bản|loạt|\d{{1,2}}|tiếp|thêm|cả|văn bản|mới|kèm theo|nội dung|theo|cùng lúc|đồng thời)){{0,3}}{_B}$"
)
# The last syllables of the verbs above, and of the words after them.
_VERB_TAILS = (
    "hành", "ra", "ký", "có", "duyệt", "qua", "bố", "gửi", "trình", "định", "hạ", "dựng", "lập", "thảo", "các", "một", "hai", "ba", "bốn", "năm", "tới", "đến", "đủ", "tiếp",
    "bản", "loạt", "thêm", "cả", "mới", "theo", "dung", "lúc", "thời",
)  # fmt: skip


def may_issue(head: str) -> bool:
    """Returns whether ISSUING_VERB can match at the end of words. This check rejects most citations without the pattern."""
    words = head.rstrip()
    return words.endswith(_VERB_TAILS) or words[-1:].isdigit()


_VERB_MOST = 90  # maximum length of such a phrase in characters
_MEANS = re.compile(rf"(?<!\w)(?:tại|bằng|qua){_W}(?:các{_W})?$")
_MEANS_MOST = 20
_MEANS_VERB = re.compile(
    spaced(
        r"(?<!\w)(?:phê duyệt|ban hành|thông qua|công nhận|thành lập|quyết định|quy định|bổ sung|sửa đổi|công bố|bổ nhiệm|thu hồi|xử phạt|phê chuẩn|giao|bãi bỏ|khen thưởng|ký|nêu|trả lời|phúc đáp|đồng ý|chấp thuận|cho phép|thống nhất)(?!\w)"
    )
)
# "Xét đề nghị của Chủ tịch UBND huyện Nhà Bè tại Tờ trình số ...", "... (Công văn số ...": the body that proposes wrote the document.
_PROPOSED = re.compile(
    rf"(?<!\w)(?:đề nghị|ý kiến|kết luận|kiến nghị|đề xuất|chỉ đạo|trả lời){_W}của{_W}(?P<words>[^.;:()\n]{{3,120}}?){_B}(?:,{_B})?(?:tại{_W}|nêu tại{_W}|trong{_W}|\({_B}|theo{_W}|,{_B}số{_B}:?{_B})$"
)
_PROPOSED_ENDS = ("tại", "trong", "(", "theo", "số", ":")
CLAUSE_START = re.compile(r"(?<!TP)(?<!Tp)\.(?=\s)|[;:\n](?!\d)")
_REST = r"(?P<rest>[^.;\n]{0,200}(?:(?<=T[Pp])\.[^.;\n]{0,160}){0,2})$"  # between a date and the verb of its clause
_DAY_BEFORE = re.compile(
    rf"[NnSsCcTtHh](?<!\w.)(?:(?:(?<=[Nn])gày|(?<=[Ss])áng(?: ngày)?|(?<=[Cc])hiều(?: ngày)?|(?<=[Tt])ối(?: ngày)?|(?<=[Hh])ôm){_B}\(?(?P<date>{DATE}|{CALENDAR_DAY})\)?"
    rf"|(?<=[Tt])(?P<month>háng{_W}\d{{1,2}}{_B}[-/]{_B}(?:19|20)\d{{2}})){_REST}"
)
# A date at the beginning of a clause, without "ngày": "14/7/2009, UBND tỉnh ban hành ...".
_BARE_DAY_BEFORE = re.compile(rf"(?:^|[.:;\n]{_B})(?=\d{{1,2}}/\d{{1,2}}/\d{{4}},)(?P<date>{DATE}|{CALENDAR_DAY})\)?{_REST}")
_BARE_DAY = re.compile(r"\d/\d{4},")
_YEAR_BEFORE = re.compile(r"(?<!\w)(?:[Nn]ăm|[Tt]háng\s\d{1,2}(?:/|\snăm\s))\s{0,2}(?P<year>(?:19|20)\d{2})\s{0,2},[^.;\n]{0,160}$")
_SAME_DAY = re.compile(r"(?<!\w)[Cc]ùng\s{1,3}ngày(?!\s{1,3}\d)[^.;\n]{0,120}$")
_NO_TIME = re.compile(r"(?<!\w)(?:trước|từ|đến|kể từ|hiệu lực|sau|hết|tính đến|cho đến)\s(?:[Nn]gày\s)?$", re.IGNORECASE)


def read_clause(text: str, start: int, floor: int) -> Clause:
    """Returns the time and the issuers in the clause whose verb issues the citation at `start`. Text before `floor` is not read."""
    head = text[max(floor, start - AROUND) : start]
    clause = Clause()
    proposed = _PROPOSED.search(head) if "của" in head and head.rstrip().endswith(_PROPOSED_ENDS) else None
    if proposed is not None:
        words = head[proposed.start("words") : proposed.end("words")]
        bodies = bodies_of(words)
        if bodies and bodies[-1].end == len(words):
            return Clause(issuers=bodies)
        body = last_body(words)
        return Clause(issuers=(body,) if body is not None else ())
    verb = ISSUING_VERB.search(head, max(0, len(head) - _VERB_MOST)) if may_issue(head) else None
    direct = verb is not None
    if verb is None and (means := _MEANS.search(head, max(0, len(head) - _MEANS_MOST))) is not None:
        clause_start = max((match.end() for match in CLAUSE_START.finditer(head)), default=0)
        verbs = list(_MEANS_VERB.finditer(head, max(clause_start, means.start() - 160), means.start()))
        verb = next(
            (one for one in reversed(verbs) if (said := head[clause_start : one.start()]) and (last_body(said) or last_partial_body(said))),
            None,
        )
    if verb is None:
        clause.issuers = _issuers_of_heading(head)
        return clause
    subject = CLAUSE_START.split(head[: verb.start()])[-1]
    body = last_body(subject) or last_partial_body(subject)
    if body is not None:
        clause.issuers = (body,)
    before = head[: verb.start()]
    date = _date_before(before)
    if date is not None and not _NO_TIME.search(before[: date.start()]) and "hiệu lực" not in date["rest"]:
        clause.date = parse_date(date["date"] or f"t{date['month']}")
    elif direct and "ùng" in before and _SAME_DAY.search(before):
        clause.same_day = True
    year = _YEAR_BEFORE.search(before) if direct and ("ăm" in before or "háng" in before) else None
    if year is not None:
        clause.year = int(year["year"])
    return clause


def _date_before(before: str) -> re.Match[str] | None:
    """Returns the first date in the clause before a verb, with the words up to the verb in the group `rest`. Returns None if there is
    none.
    """
    day = _DAY_BEFORE.search(before)
    if "/" not in before or _BARE_DAY.search(before) is None:
        return day
    bare = _BARE_DAY_BEFORE.search(before)
    return bare if day is None or (bare is not None and bare.start() < day.start()) else day


_HEADING_VERB = re.compile(r"\s(?:(?:ĐÃ|VỪA|MỚI)\s)?(?:KÝ\s)?(?:BAN HÀNH|RA|KÝ|PHÊ DUYỆT|CÔNG BỐ)(?:\sCÁC)?\s?$")


def _issuers_of_heading(head: str) -> tuple[Body, ...]:
    """The subject of a heading in capitals: "UBND HUYỆN QUỲ CHÂU BAN HÀNH KẾ HOẠCH SỐ ..."; () if there is none."""
    if not head[-2:].strip().isupper():
        return ()
    verb = _HEADING_VERB.search(head, max(0, len(head) - 30))
    if verb is None:
        return ()
    subject = CLAUSE_START.split(head[: verb.start()])[-1].strip()
    body = body_in_capitals(subject) if subject.isupper() else None
    return (body,) if body is not None else ()
