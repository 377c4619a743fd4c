"""Parses the clause that issues the cited document: "Ngày 14/7/2009, UBND tỉnh vừa ban hành ...", "Xét đề nghị của ... tại ..."."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from scraper.citations.forms.issue_dates import CALENDAR_DAY, DATE, Stated, parse_date
from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.patterns import AROUND
from scraper.citations.grammar.patterns import NEARBY as _B
from scraper.citations.grammar.patterns import WORDS_APART as _W
from scraper.citations.grammar.word_groups import either, unless_of, words_of
from scraper.citations.issuers.issuer import Issuer
from scraper.citations.issuers.issuers_in_phrase import (
    bodies_in,
    issuer_in_capitals,
    issuers_of,
    joint_subjects,
    last_issuer,
    last_partial_issuer,
)
from scraper.citations.issuers.provinces import province_in
from scraper.pattern_prefilter import beginnings, endings


@dataclass(slots=True)
class Clause:
    """The date, year and issuers that a clause states for the documents that it issues."""

    date: Stated | None = None
    year: int | None = None
    issuers: tuple[Issuer, ...] = ()
    same_day: bool = False  # "cùng ngày": the day of the document before


_VERBS, _FILLERS = words_of("issuing", "verbs"), words_of("issuing", "fillers")
_UNLESS = [phrase.rpartition(" ") for phrase in unless_of("issuing", "verbs")]  # not the "lập" of "thành lập"
_NOT_INSIDE = {last: rf"(?<!{first}\s)" for first, _, last in _UNLESS}
_ISSUING = "|".join(_NOT_INSIDE.get(verb, "") + either([verb], blank=_W) for verb in sorted(_VERBS, key=len, reverse=True))
ISSUING_VERB = late_pattern(
    rf"(?<!\w)(?=[{''.join(sorted(beginnings(_VERBS)))}])(?:{_ISSUING})(?:{_W}(?:{either(_FILLERS, blank=' ')}|\d{{1,2}})){{0,3}}{_B}$"
)
_ENDINGS = endings([*_VERBS, *_FILLERS])


def may_issue(head: str) -> bool:
    """Returns whether ISSUING_VERB can match at the end of words."""
    words = head.rstrip()
    return words.endswith(_ENDINGS) or words[-1:].isdigit()


_VERB_MOST = 90  # maximum length of such a phrase in characters
_MEANS = late_pattern(rf"(?<!\w)(?:tại|bằng|qua){_W}(?:các{_W})?(?:số{_B}:?{_B})?$")
_MEANS_MOST = 20
# "Dự án được UBND tỉnh phê duyệt theo Quyết định số ...": only of an act that a body did, since others, too, act "theo" a document.
_BASIS = late_pattern(rf"(?<!\w)theo{_W}(?:các{_W})?$")
_DONE_BY = late_pattern(
    rf"(?<!\w)được{_W}(?P<body>(?:[^.,;:()\n]|(?<=T[Pp])\.){{3,80}}){_W}(?:phê{_W}duyệt|ban{_W}hành|thành{_W}lập|công{_W}nhận|chấp{_W}thuận|cấp{_W}phép|giao|thu{_W}hồi|bổ{_W}nhiệm|công{_W}bố)$"
)
_MEANS_VERB = late_pattern(rf"(?<!\w)(?:{either(words_of('issuing', 'means'), blank=_W)})(?!\w)")
# "Xét đề nghị của Chủ tịch UBND huyện Nhà Bè tại Tờ trình số ...", "... (Công văn số ...": the body that proposes wrote the document.
_PROPOSALS = (
    "đề nghị",
    "thông báo",
    "quy định",
    "báo cáo",
    "công bố",
    "phản hồi",
    "giải trình",
    "ý kiến",
    "kết luận",
    "kiến nghị",
    "đề xuất",
    "chỉ đạo",
    "trả lời",
    "hướng dẫn",
    "yêu cầu",
    "thống nhất",
    "đồng ý",
    "chấp thuận",
)
_PROPOSED_IN = ("tại", "nêu tại", "trong", "theo")
_PROPOSED = late_pattern(
    rf"(?<!\w)(?:{either(_PROPOSALS, blank=' ')}){_W}của{_W}(?P<words>[^.;:()\n]{{3,120}}?){_B}(?:,{_B})?(?:(?:{either(_PROPOSED_IN, blank=' ')}){_B}|\({_B}|,{_B}số{_B}:?{_B})$"
)
_PROPOSED_ENDS = (*endings(_PROPOSED_IN), "(", "số", ":")


def may_propose(head: str) -> bool:
    """Returns whether _PROPOSED can match at the end of words."""
    return "của" in head and head.rstrip().endswith(_PROPOSED_ENDS)


CLAUSE_START = late_pattern(r"(?<!TP)(?<!Tp)(?<!TX)\.(?=\s)|[;:\n](?!\d)")
_REST = r"(?P<rest>[^.;\n]{0,200}(?:(?<=T[Pp])\.[^.;\n]{0,160}){0,2})$"  # between a date and the verb of its clause
_DAY_BEFORE = late_pattern(
    rf"[NnSsCcTtHh](?<!\w.)(?:(?:(?<=[Nn])gày(?:{_W}m[ồù]ng)?|(?:(?<=[Ss])áng|(?<=[Cc])hiều|(?<=[Tt])(?:ối|rưa)|(?<=[Hh])ôm)(?:{_W}(?:nay|qua))?,?(?:{_W}\(?ngày)?){_B}\(?(?P<date>{DATE}|{CALENDAR_DAY})\)?"
    rf"|(?<=[Tt])(?P<month>háng{_W}\d{{1,2}}{_B}[-/]{_B}(?:19|20)\d{{2}})){_REST}"
)
# A date at the beginning of a clause, without "ngày": "14/7/2009, UBND tỉnh ban hành ...".
_BARE_DAY_BEFORE = late_pattern(rf"(?:^|[.:;\n]{_B})(?=\d{{1,2}}/\d{{1,2}}/\d{{4}},)(?P<date>{DATE}|{CALENDAR_DAY})\)?{_REST}")
_BARE_DAY = late_pattern(r"\d/\d{4},")
_YEAR_BEFORE = late_pattern(r"(?<!\w)(?:[Nn]ăm|[Tt]háng\s\d{1,2}(?:/|\snăm\s))\s{0,2}(?P<year>(?:19|20)\d{2})\s{0,2},[^.;\n]{0,160}$")
_SAME_DAY = late_pattern(r"(?<!\w)[Cc]ùng\s{1,3}ngày(?!\s{1,3}\d)[^.;\n]{0,120}$")
_SINCE_THEN = late_pattern(r"(?:^|[.\n]\s{0,3})Đến\s$")  # "Đến ngày 25/5/2011, UBND ban hành ...": a time of the clause
_NO_TIME = late_pattern(r"(?<!\w)(?:trước|từ|đến|kể từ|hiệu lực|sau|hết|tính đến|cho đến)\s(?:[Nn]gày\s)?$", re.IGNORECASE)


def read_clause(text: str, start: int, floor: int, *, joint: bool = False) -> Clause:
    """Returns the time and the issuers in the clause whose verb issues the citation at `start`. Text before `floor` is not read.
    `joint`: whether several bodies issued it.
    """
    head = text[max(floor, start - AROUND) : start]
    if may_propose(head) and (proposed := _PROPOSED.search(head)) is not None:
        return Clause(issuers=_proposers(proposed["words"]))
    head = _without_bracket(_without_examples(head))
    verb = ISSUING_VERB.search(head, max(0, len(head) - _VERB_MOST)) if may_issue(head) else None
    direct = verb is not None
    verb = verb or _verb_of_means(head)
    if verb is None:
        return Clause(issuers=_issuers_of_heading(text, start, head))
    before = head[: verb.start()]
    issuer = _subject_of_clause(before)
    clause = Clause(issuers=(issuer,) if issuer is not None else ())
    if joint and issuer is not None:
        clause.issuers = joint_subjects(CLAUSE_START.split(before)[-1], issuer)
    date = _date_before(before)
    if (
        date is not None
        and (_SINCE_THEN.search(before, 0, date.start()) or not _NO_TIME.search(before[: date.start()]))
        and "hiệu lực" not in date["rest"]
    ):
        clause.date = parse_date(date["date"] or f"t{date['month']}")
    elif direct and may_be_same_day(before) and _SAME_DAY.search(before):
        clause.same_day = True
    if direct and may_have_year(before) and (year := _YEAR_BEFORE.search(before)) is not None:
        clause.year = int(year["year"])
    return clause


def _subject_of_clause(before: str) -> Issuer | None:
    """Returns the body at the end of the words before a verb, or None."""
    subject = CLAUSE_START.split(before)[-1]
    if "hay mặt " in subject and (body := _ON_BEHALF.search(subject)) is not None:
        named = body["body"]
        return last_issuer(named) or last_partial_issuer(named)
    return last_issuer(subject) or last_partial_issuer(subject) or _named_before(before) or _abbreviated(subject)


# "thay mặt Chính phủ, Thủ tướng ký ban hành": the document is one of the Government.
_ON_BEHALF = late_pattern(r"(?<!\w)[Tt]hay\smặt\s(?P<body>[^,;:.\n]{3,80}),\s")
# "tin từ UBND thành phố cho biết, cơ quan này vừa": the subject is a body that the words before name. So it is in "UBND thành phố cho biết đã".
_THIS_BODY = late_pattern(
    r"(?<!\w)(?:(?P<noun>[Cc]ơ quan|[Đđ]ơn vị|[Dd]oanh nghiệp|[Ss]ở|[Bb]ộ|[Cc]ục|[Cc]hi cục|[Cc]ông ty|[Tt]ập đoàn|[Tt]ổng công ty|[Nn]gân hàng|[Tt]rường|[Bb]ệnh viện|[Vv]iện|[Hh]ội|[Hh]iệp hội) này(?:\s(?:đã|vừa|mới|cũng|tiếp tục))*"
    r"|cho biết,? (?:cơ quan|đơn vị)(?:\s(?:đã|vừa|mới|cũng))+"
    r"|cho biết,?(?:\s(?:đã|vừa|mới|cũng))+)\s?$"
)
_ANY_BODY = ("cơ quan", "đơn vị", "doanh nghiệp")


def _named_before(before: str) -> Issuer | None:
    """Returns the body that "cơ quan này" or "sở này" means at the end of words, or None. It is in the same sentence or in the one before."""
    last = before[-60:]
    this = _THIS_BODY.search(before, max(0, len(before) - 60)) if " này" in last or "cho biết" in last else None
    if this is None:
        return None
    noun = (this["noun"] or "").lower()
    for sentence in reversed(CLAUSE_START.split(before[: this.start()])[-(2 if noun else 1) :]):
        named = [body for body in bodies_in(sentence) if body.end < len(sentence)]  # where a name without more words ends is not known
        if noun and noun not in _ANY_BODY:
            named = [body for body in reversed(named) if body.name.lower().startswith(f"{noun} ")]
        if named:
            return named[0]
    return None


# "Ngày 31/5, ACV đã có tờ trình số 22": a body that is known by its abbreviation only.
_ABBREVIATED = late_pattern(
    rf"(?:(?:^|[,“\"]){_B}|(?<!\w)(?:[Pp]hía|nay|qua|khi){_W})(?P<name>(?!HLV|CEO|NSND|NSƯT|PGS|ĐBQH|HĐXX|THPT|THCS|BCH)[A-ZĐ]{{3,8}})(?:{_W}(?:đã|vừa|mới|cũng|tiếp tục|sẽ))*{_B}$"
)


def _abbreviated(subject: str) -> Issuer | None:
    """Returns the abbreviation at the end of a subject as the name of a body, or None."""
    match = _ABBREVIATED.search(subject, max(0, len(subject) - 60))
    return Issuer(match["name"], match.start("name"), match.end("name")) if match is not None else None


# "thông qua 8 nghị quyết, trong đó có Nghị quyết số 12", "ban hành nhiều văn bản như: Kế hoạch số 5"
_EXAMPLES = late_pattern(
    rf"(?:{_W}(?:\d{{1,3}}|các|nhiều|một số|hàng loạt|loạt|hai|ba|bốn){_W}[^.;:\n,]{{3,60}}?)(?:,{_B}trong{_W}đó(?:{_W}có|{_W}nổi bật là)?|,?{_W}(?:bao{_W})?gồm(?:{_W}có)?|{_W}như){_B}:?{_B}$"
)
_EXAMPLES_END = endings(("trong đó", "có", "nổi bật là", "gồm", "như", ":"))


def may_be_example(head: str) -> bool:
    """Returns whether _EXAMPLES can match at the end of words."""
    return head.rstrip().endswith(_EXAMPLES_END)


def _without_examples(head: str) -> str:
    """Returns words up to the verb, if what it governs is named in general and the citation is one of it."""
    examples = _EXAMPLES.search(head, max(0, len(head) - _VERB_MOST)) if may_be_example(head) else None
    return head[: examples.start()] if examples is not None else head


# "ban hành quyết định (số 35/QĐ-TA)", "ký thông báo lịch gặp gỡ (thông báo số 30/TB-ĐHV)"
_BRACKET = late_pattern(
    rf"(?<!\w)(?P<noun>quyết định|thông báo|công văn|văn bản|kế hoạch|tờ trình|báo cáo)(?:\s[^().;:\n]{{1,60}})?\s\((?:(?P=noun)\s)?(?:số{_B}:?{_B})?$"
)


def _without_bracket(head: str) -> str:
    """Returns words up to a noun of a document, if its number in a bracket follows them."""
    if "(" not in head[-24:]:
        return head
    bracket = _BRACKET.search(head, max(0, len(head) - _VERB_MOST))
    return head[: bracket.start()] if bracket is not None else head


def _proposers(words: str) -> tuple[Issuer, ...]:
    """Returns the bodies that proposed something: "Xét đề nghị của Chủ tịch UBND huyện Nhà Bè tại Tờ trình số ..."."""
    issuers = issuers_of(words)
    if issuers and issuers[-1].end == len(words):
        return issuers
    issuer = last_issuer(words)
    return (issuer,) if issuer is not None else ()


def _verb_of_means(head: str) -> re.Match[str] | None:
    """Returns the verb of an act that is done through the citation after `head`, if its subject is a body: "UBND tỉnh phê duyệt dự án tại".
    Returns None if there is none.
    """
    means = _MEANS.search(head, max(0, len(head) - _MEANS_MOST))
    if means is None:
        return _verb_of_basis(head)
    start = max((match.end() for match in CLAUSE_START.finditer(head)), default=0)
    for verb in reversed(list(_MEANS_VERB.finditer(head, max(start, means.start() - 160), means.start()))):
        subject = head[start : verb.start()]
        if subject and (last_issuer(subject) or last_partial_issuer(subject)):
            return verb
    return None


def _verb_of_basis(head: str) -> re.Match[str] | None:
    """Returns the verb of an act that a body did "theo" the citation after `head`: "được UBND tỉnh phê duyệt theo", or None."""
    if (
        not head.rstrip().endswith(("theo", "theo các"))
        or "được" not in head
        or (basis := _BASIS.search(head, max(0, len(head) - _MEANS_MOST))) is None
    ):
        return None
    start = max((match.end() for match in CLAUSE_START.finditer(head)), default=0)
    for verb in reversed(list(_MEANS_VERB.finditer(head, max(start, basis.start() - 160), basis.start()))):
        done = _DONE_BY.search(head, start, verb.end())
        if done is not None and last_issuer(done["body"]) is not None:
            return verb
    return None


def may_be_same_day(before: str) -> bool:
    """Returns whether _SAME_DAY can match."""
    return "ùng" in before


def may_have_year(before: str) -> bool:
    """Returns whether _YEAR_BEFORE can match."""
    return "ăm" in before or "háng" in before


def _date_before(before: str) -> re.Match[str] | None:
    """Returns the first date in the clause before a verb, with the words up to the verb in the group `rest`. Returns None if there is
    none.
    """
    day = _DAY_BEFORE.search(before)
    if "/" not in before or _BARE_DAY.search(before) is None:
        return day
    bare = _BARE_DAY_BEFORE.search(before)
    return bare if day is None or (bare is not None and bare.start() < day.start()) else day


# "Số: ", and the line between the name of the body and it.
_OWN_NUMBER = late_pattern(r"\s[-–—_*=\s]{0,30}S(?:ố|Ố)\s?:?\s{0,3}$")


# The motto of the State, which can come between the name of the body and "Số: ".
_MOTTO = late_pattern(
    r"[\s|]{0,8}CỘNG H(?:ÒA|OÀ) X[^\n|]{0,50}(?:\s{0,3}\n\s{0,3}CHỦ NGHĨA[^\n|]{0,30})?(?:\|?\s{1,6}[ĐD]ộc lập[^\n|]{0,50})?[-–—_*=\s|]{0,60}$"
)
_LINES_BELOW, _MOST_BELOW = 12, 700  # lines and characters below its number that are read for the body of a document


def _issuer_below(text: str, start: int) -> tuple[Issuer, ...]:
    """Returns the body that a line in capitals names below the number of a document itself, which begins at `start`: "Số: 30/2021/QĐ-UBND",
    the day, "ỦY BAN NHÂN DÂN TỈNH QUẢNG TRỊ". Returns () if there is none.
    """
    lines = text[start : start + _MOST_BELOW].split("\n")
    for line in lines[1:_LINES_BELOW]:
        words = line.strip(" |*")
        if not words.isupper() or len(words) > 90:
            continue
        issuer = issuer_in_capitals(words) or issuer_in_capitals(words.removeprefix("CHỦ TỊCH "))
        if issuer is not None:
            return (issuer,)
    return ()


def may_head(head: str) -> bool:
    """Returns whether _OWN_NUMBER can match at the end of words."""
    return head.rstrip().removesuffix(":").rstrip().endswith(("Số", "SỐ"))


def _issuer_above(lines: Sequence[str]) -> tuple[Issuer, ...]:
    """Returns the body that the last lines in capitals name, also over several lines: "ỦY BAN NHÂN DÂN", "TỈNH HÀ GIANG"."""
    name = ""
    for at in range(len(lines) - 1, -1, -1):
        if not lines[at].isupper():
            break
        name = f"{lines[at]} {name}".strip()
        if (issuer := issuer_in_capitals(name)) is not None:
            province = province_in(lines[at - 1]) if at and issuer.province is None and issuer.name.startswith("Sở ") else None
            return (replace(issuer, name=f"{issuer.name} {province}", province=province) if province else issuer,)
    return ()


_HEADING_VERB = late_pattern(r"\s(?:(?:ĐÃ|VỪA|MỚI)\s)?(?:KÝ\s)?(?:BAN HÀNH|RA|KÝ|PHÊ DUYỆT|CÔNG BỐ)(?:\sCÁC)?\s?$")


def _issuers_of_heading(text: str, start: int, head: str) -> tuple[Issuer, ...]:
    """The subject of a heading in capitals: "UBND HUYỆN QUỲ CHÂU BAN HÀNH KẾ HOẠCH SỐ ..."; or the body above "Số: ..." in the heading of
    the document itself, or below it if only that one has its place; () if there is none. `head`: the words before `start`.
    """
    if may_head(head) and (own := _OWN_NUMBER.search(head, max(0, len(head) - 40))) is not None:
        above = head[: own.start()]
        if "HÒA X" in above or "HOÀ X" in above:
            above = _MOTTO.sub("", above)
        issuers = _issuer_above(above.rstrip(" -–—_*=|\n").split("\n")[-4:])
        if issuers and (issuers[0].province or not issuers[0].local):
            return issuers
        below = _issuer_below(text, start)
        return below if below and (not issuers or below[0].name.startswith(issuers[0].name)) else issuers
    if not head.rstrip()[-1:].isupper():
        return ()
    verb = _HEADING_VERB.search(head, max(0, len(head) - 30))
    if verb is None:
        return ()
    subject = CLAUSE_START.split(head[: verb.start()])[-1].strip()
    issuer = issuer_in_capitals(subject) if subject.isupper() else None
    return (issuer,) if issuer is not None else ()
