"""Parses the text after a citation (its post-context): date, year and issuer, in any order."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scraper.citations.context.issuing_clause import CLAUSE_START, ISSUING_VERB
from scraper.citations.forms.cited_span import CitedSpan, number_year
from scraper.citations.forms.issue_dates import CALENDAR_DAY, DATE, DATELINE, Stated, parse_date
from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.patterns import AROUND
from scraper.citations.grammar.patterns import NEARBY as _B
from scraper.citations.grammar.patterns import WORDS_APART as _W
from scraper.citations.grammar.word_groups import either, words_of
from scraper.citations.issuers.issuer import Issuer
from scraper.citations.issuers.issuer_codes import department_of_code
from scraper.citations.issuers.issuer_patterns import PERSON, local_name_at
from scraper.citations.issuers.issuers_in_phrase import PLACE_SUBJECT, issuers_of, partial_issuer_at, parties_of
from scraper.citations.issuers.named_issuer import central_issuer_at, issuer_at
from scraper.pattern_prefilter import beginnings


@dataclass(slots=True)
class PostContext:
    """What the text after a citation states about it."""

    date: Stated | None = None
    shared_date: Stated | None = None  # applies to all members of a list: "A và B được thông qua ngày ..."
    year: int | None = None
    issuers: tuple[Issuer, ...] = ()
    speaker: tuple[Issuer, ...] = ()  # the author of a letter; used only if the text states no other issuer
    title: tuple[int, int] | None = None  # its span in the text
    same_day: bool = False  # "cùng ngày"
    end: int = 0  # length of the text that was read, from the end of the citation
    of: CitedSpan | None = None  # the citation
    named_year: int | None = None  # in the name of a statute: "Hiến pháp năm 1992"


_DATE_VERBS, _TIMES, _TIMES_OF_DAY = (words_of("issuing", f"date.{group}") for group in ("verbs", "times", "times_of_day"))
# The hour of a telegram: "Công điện số 12/CĐ-TTg hồi 15h30 ngày 6/9/2024".
_HOUR = rf"(?:(?:vào{_W})?(?:lúc|hồi){_W}\d{{1,2}}{_B}(?:h|giờ|:){_B}(?:\d{{1,2}})?(?:{_B}phút)?,?{_W})?"
_DATE_AFTER = late_pattern(
    rf"{_B}(?:,{_B}|[–—-]{_B}|\({_B})?(?:(?:{either(_DATE_VERBS, blank=' ')}){_W}){{0,2}}{_HOUR}(?:(?:vào{_W})?(?:{either(_TIMES, blank=' ')}|(?:{either(_TIMES_OF_DAY)})(?:{_W}ngày)?){_B}:?{_B})?(?<!\n)(?P<date>{DATE})(?:{_B}\))?",
    re.IGNORECASE,
)
# The first letters of the words with which _DATE_AFTER can begin, if not with a digit. A date can begin with "tháng".
_DATE_BEGINS = beginnings([*_DATE_VERBS, *_TIMES, *_TIMES_OF_DAY, "vào", "lúc", "hồi", "tháng"], 2)
_PASSED_ADVERBS, _PASSED = words_of("issuing", "passed.adverbs"), words_of("issuing", "passed.verbs")
_PASSIVE = late_pattern(
    rf"{_B},?{_B}(?:(?:{either(_PASSED_ADVERBS)}){_W}){{0,2}}(?:(?:được|do){_W}(?P<subject>(?:[^.;:\n()]|\(kh(?:óa|oá) [IVX\d]+\)){{0,110}}?){_B})?(?:chính thức{_W})?(?:{either(_PASSED, blank=' ')})(?:{_W}(?:vào|hôm))?(?:{_W}ngày|{_W}trong)?{_W}\(?(?P<date>{DATE}|{CALENDAR_DAY})",
    re.IGNORECASE,
)
_PASSIVE_BEGINS = beginnings([*_PASSED_ADVERBS, "được", "do", "chính thức", *_PASSED], 2)


# "Thông báo số 28 vừa được HĐND thành phố ban hành"
_PASSIVE_ISSUER = late_pattern(
    rf"{_B},?{_B}(?:(?:{either(_PASSED_ADVERBS)}){_W}){{0,2}}(?:được|do){_W}(?P<subject>[^;:\n()]{{3,90}}?){_W}(?:{either(_PASSED, blank=' ')})(?!\w)"
)


def may_be_date(words: str, at: int) -> bool:
    """Returns whether _DATE_AFTER can match at `at`."""
    letters = words[at : at + 11].lstrip().lstrip(",–—-(").lstrip()[:2].lower()
    return letters[:1].isdigit() or letters in _DATE_BEGINS


def may_be_passive(words: str, at: int) -> bool:
    """Returns whether _PASSIVE can match at `at`."""
    return words[at : at + 12].lstrip().lstrip(",").lstrip()[:2].lower() in _PASSIVE_BEGINS


_INNER_DAY = late_pattern(rf"ngày{_W}(?P<date>{DATE})")  # "Quyết định ngày 12/02/2019 số 245/QĐ-BGTVT"
# "của Hội nghị lần thứ sáu Ban Chấp hành Trung ương Đảng"
_SESSION = rf"(?:Hội{_W}nghị{_W}(?:lần{_W}thứ{_W}\w{{1,5}}(?:{_W}[a-zà-ỹ]{{1,5}})?|\d{{1,2}}),?{_W})"
_OF = late_pattern(rf"{_B}(?:,{_B})?(?:\({_B})?(?:cũng{_W})?(?:của|CỦA|cua)(?:{_W}(?:{_SESSION}|[Ll]iên{_W}ngành{_W})?(?=\S)|(?=[A-ZĐỦ]))")
_BETWEEN = late_pattern(rf"{_B}(?:,{_B})?(?:ký{_W}(?:kết{_W})?)?giữa{_W}(?=\S)")  # "giữa Công an tỉnh và Sở Y tế"
# "Nghị quyết 19 của Trung ương", "Nghị quyết 18 của Hội nghị Trung ương 6 khóa XII"
_PARTY = late_pattern(rf"(?:Hội{_W}nghị{_W})?(?:Trung{_W}ương|TW|TƯ)(?!\w|{_W}[A-ZĐ])(?:{_W}(?:lần{_W}thứ{_W}\w{{1,5}}|\d{{1,2}}(?!\w)))?")
# "Quyết định số 9 của HNX": a body that is known by its abbreviation only. Before a name, an abbreviation is a title: "của NSND Trần Văn An".
_OF_ACRONYM = late_pattern(
    rf"{_B}của{_W}(?P<name>(?!UBND|HĐND|TAND|VKSND|THPT|THCS|CHXHCN|BCHTW|BCH)[A-ZĐ]{{3,8}})(?![\w&/-])(?!{_W}[A-ZĐ])"
)
_WRITES_NEXT = late_pattern(r"\s(?:tại|trong)\s{1,3}$")  # "tại Công văn số 1, của Sở Nội vụ tại Công văn số 2"
# "do ông Trần Văn An, Vụ trưởng Vụ Tài chính ký"
_PERSON_AND = rf"(?:(?:ông|bà|đồng{_W}chí){_W})?{PERSON}{_B}(?:,|[–-]){_B}(?:nguyên{_W})?"
_PERSON_FIRST = late_pattern(rf"^{_PERSON_AND}")
_BY = late_pattern(rf"{_B},?{_B}(?:do|DO){_W}(?:{_PERSON_AND})?(?=\S)")
_COMMITTEES = frozenset(("UBND", "HĐND"))
_AFTER_PLACE = late_pattern(rf"\s?(?:$|[,.;:)\n])|{_W}(?:về|v/v|ngày|năm|và|quy|phê|ban{_W}hành|sửa|bãi)(?!\w)")
_ABOUT = late_pattern(rf"{_W}(?:về|v/v)(?!\w)")
_OF_ANY = late_pattern(rf"{_B}của{_W}(?:Bộ|[Nn]gành|Đảng|Nhà{_W}nước)(?={_W}(?:về|v/v)(?!\w))")  # a body without its name
_BESIDE = late_pattern(rf"{_W}{_SESSION}?(?=[A-ZĐỦ])")  # "Chỉ thị 35 Bộ Chính trị"
# A date after the subject: "Luật 18-L/CTN Dầu khí ban hành ngày 06/07/1993", "... khí tượng ngày 29/12/2006 của Bộ ...".
_DATE_FAR = late_pattern(
    rf"(?:(?<!\w)(?:ban hành|ký|ký ban hành|thông qua){_W}(?:vào{_W})?ngày{_W}(?P<date>{DATE})|(?<!từ )(?<!trước )(?<!đến )(?<!sau )(?<!kể )(?<!\w)ngày{_W}(?P<date2>{DATE}){_B}(?=của{_W}[A-ZĐỦ]))"
)
# "Tại văn bản số 3206 ngày 3/4, Văn phòng Chính phủ truyền đạt ...": the body that speaks in a letter wrote it.
_SPEAKS = late_pattern(
    rf"{_B}(?:gửi{_W}[^.,;:\n]{{3,80}})?,{_B}(?=[A-ZĐỦ]|(?:bộ|sở|cục|chi{_W}cục|ngân{_W}hàng|hội|hiệp{_W}hội|công{_W}ty|tập{_W}đoàn){_W}[A-ZĐ])"
)
_IN_IT = late_pattern(r"(?<!\w)(?:[Tt]ại|[Tt]rong|[Bb]ằng)\s(?:nội dung\s|các\s)?$")
# "của Bộ Chính trị (khóa XI) về ...", "của Bộ Văn hóa - Thông tin (nay là Bộ Thông tin và Truyền thông) về ...", "của Cục Báo chí (Bộ Thông tin và
# Truyền thông) về ...": about the body, not the document.
_OF_BODY = late_pattern(
    rf"{_W}\((?:[Kk]h(?:óa|oá){_W}[IVX\d]{{1,6}}|(?:nay|trước{_W}đây|trước{_W}kia|tức|cũ){_W}[^()\n]{{2,90}}|(?:sau{_W}đây{_W})?(?:gọi|viết){_W}tắt{_W}là{_W}[^()\d\n]{{2,60}}|(?:thuộc{_W})?(?:Bộ|Sở|Tổng{_W}cục|UBND|Công{_W}an){_W}[^()\d\n]{{2,60}}|[A-ZĐ&]{{2,10}})\)"
)
_DAY_OF_ORDER = late_pattern(
    rf"(?<![Tt]ừ\s)(?<![Đđ]ến\s)(?<![Ss]au\s)(?<![Tt]rước\s)(?<!\w)[Nn]gày{_W}(?P<date>{DATE}|{CALENDAR_DAY}){_B},?{_W}(?:tại|bằng){_W}(?:nội dung\s|các\s)?$"
)
_IN_IT_ENDS = frozenset(("ại", "ng", "ác"))
# "Tại Quyết định số 12 ngày 3/4, UBND tỉnh giao Sở Xây dựng ...": it acts by the decision. "Tại Kế hoạch số 12, Sở tham gia ..." says nothing.
_ORDERS = late_pattern(rf"(?:{_W}(?:đã|vừa|mới|cũng|tiếp{_W}tục)){{0,2}}{_W}(?:{either(words_of('issuing', 'orders'), blank=' ')})(?!\w)")
_LETTERS = ("công văn", "văn bản", "thông báo", "báo cáo", "công điện", "tờ trình", "kết luận")
_YEAR_AFTER = late_pattern(
    rf"{_B}(?:,{_B})?(?:năm{_W}(?P<year>(?:19|20)\d{{2}})(?![\d/-])|\({_B}(?:năm{_W})?(?P<bracket>(?:19|20)\d{{2}}){_B}\))"
)
_SAME_DAY = late_pattern(rf"{_B},?{_B}(?:được{_W})?(?:ban hành{_W}|ký{_W})?(?:cùng{_W}ngày|cùng{_W}ngày{_W}tháng)(?!\w|{_B}\d)")
_RAISED = frozenset("¹²³⁴⁵⁶⁷⁸⁹")
_MARKS = frozenset("0123456789¹²³⁴⁵⁶⁷⁸⁹([,")
_FOOTNOTE = late_pattern(r"[0-9¹²³⁴⁵⁶⁷⁸⁹]{1,4}|[(\[][0-9]{1,2}[)\]]")  # "1727/QĐ-UBND(1) ngày 17/5/2007"
_MISREAD_DAY = late_pattern(r"(?=[\d/.-]{0,9}[lIOo])[\dlIOo]{1,2}([/.-])[\dlIOo]{1,2}\1[\dlIOo]{4}(?!\w)")  # "26/l0/2015"
_AS_DIGITS = str.maketrans("lIOo", "1100")
_MORE_CODES = late_pattern(r"(?:,[A-ZĐ&]{1,6}){1,3}(?!\w)|\([A-ZĐ&,]{1,8}\)")  # "123/UBND-KGVX,TH", "45/TB-UBND(VX)"
_ABBREVIATION = late_pattern(
    rf"{_B}\((?:(?:gọi tắt là|sau đây gọi là|gọi là)?{_B}[^()\d]{{1,40}}|(?:Khoán|Đề{_W}án|Chương{_W}trình|Dự{_W}án){_W}\d{{1,4}})\)"  # "(Khoán 10)"
)


def read_post_context(text: str, one: CitedSpan, limit: int) -> PostContext:
    """Returns what the text after a citation states. It is read up to the next citation, which begins at `limit`."""
    words = _with_digits(text[one.end : min(limit, one.end + AROUND)])
    post = PostContext(of=one)
    _read_own(text, words, one, post)
    for _ in range(4):
        # Every item begins with a letter, a digit, a comma, a bracket or a dash.
        if words[post.end : post.end + 5].lstrip()[:1] in _ENDS or not _reads_one(words, post):
            break
    if post.date is None and post.shared_date is None and not post.same_day:
        _far_date(words, post)
    if text[one.start - 3 : one.start - 1] in _IN_IT_ENDS:
        _read_speaker(text, words, one, post)
    return post


def _with_digits(words: str) -> str:
    """Returns words with digits in the day at their beginning, if letters were typed or read instead: " ngày 26/l0/2015"."""
    day = _MISREAD_DAY.match(words, 6) if words.startswith(" ngày ") else None
    return words if day is None else f"{words[:6]}{day[0].translate(_AS_DIGITS)}{words[day.end() :]}"


def _read_own(text: str, words: str, one: CitedSpan, post: PostContext) -> None:
    """Reads the day inside a citation, and what belongs to its number: the mark of a footnote, an abbreviation, the line with place and day."""
    if one.kind.is_name and (year := text[one.end - 4 : one.end]).isdecimal():
        post.named_year = int(year)
    if one.noun and text.find("ngày", one.start, one.end) >= 0 and (own := _INNER_DAY.search(text, one.start, one.end)) is not None:
        post.date = parse_date(own["date"])
    if words[:1] in _MARKS and (mark := _FOOTNOTE.match(words) or _MORE_CODES.match(words)):
        post.end = mark.end()
    if words[:5].lstrip()[:1] == "(" and (skip := _ABBREVIATION.match(words)):
        post.end = skip.end()
    if one.kind.has_codes and not one.noun and (own := DATELINE.match(words, post.end)):
        post.date = parse_date(own["date"])
        post.end = own.end()


def _skip_aside(words: str, post: PostContext) -> None:
    """Skips a bracket about the body after its name: "của Bộ Chính trị (khóa XI)"."""
    aside = _OF_BODY.match(words, post.end) if words[post.end : post.end + 2] == " (" else None
    post.end = aside.end() if aside is not None else post.end


def _read_speaker(text: str, words: str, one: CitedSpan, post: PostContext) -> None:
    """Reads the body that speaks in a letter, or that orders something in another document, and the day of the order before the document:
    "Ngày 5/6/2020, tại Quyết định số 12/QĐ-UBND, UBND tỉnh đã giao ...".
    """
    if one.kind.is_name or not _IN_IT.search(text[max(0, one.start - 24) : one.start]):
        return
    speaks = _SPEAKS.match(words, post.end)
    speaker = issuers_of(words[speaks.end() :])[:1] if speaks else ()
    if speaks is None or not speaker:
        return
    orders = _ORDERS.match(words, speaks.end() + speaker[0].end) is not None
    if orders or one.doc_type in _LETTERS:
        post.speaker = speaker
    if orders and post.date is None and post.shared_date is None and (day := _DAY_OF_ORDER.search(text, max(0, one.start - 60), one.start)):
        post.date = parse_date(day["date"])


# Each function below parses one item at `post.end`. If the item is there, the function moves `post.end` after it and returns True.


def _same_day(words: str, post: PostContext) -> bool:
    match = _SAME_DAY.match(words, post.end) if post.date is None and "cùng" in words else None
    if match is None:
        return False
    post.same_day, post.end = True, match.end()
    return True


def _date(words: str, post: PostContext) -> bool:
    match = _DATE_AFTER.match(words, post.end) if post.date is None and may_be_date(words, post.end) else None
    stated = parse_date(match["date"]) if match else None
    if match is not None and "Ngày" in match[0] and match[0].lstrip()[:1] in _DASHES:
        return False  # "Luật Du lịch 2017 (TTXVN) – Ngày 12/7/2017, ...": an article begins
    if match is None or stated is None or _dates_next_clause(words, post, match, stated) or _contradicts_name(post, stated):
        return False
    post.date, post.end = stated, match.end()
    while words[post.end : post.end + 1] in _RAISED:
        post.end += 1  # the mark of a footnote
    if "cùng" in match[0]:
        post.shared_date = stated  # "A và B cùng ngày 12/6/2025"
    return True


def _contradicts_name(post: PostContext, date: Stated) -> bool:
    """Returns whether a date has another year than the name of a statute: "Dự thảo sửa đổi Hiến pháp năm 1992, ngày 2/1/2013, ..."."""
    return post.named_year is not None and date.year not in (None, post.named_year)


_DASHES = ("–", "—", "-")
_COMMA = late_pattern(rf"{_B},{_B}")
_TIME_OF_DAY = late_pattern(rf"{_B},{_B}(?:{either([word for word in _TIMES_OF_DAY if word != 'hôm'])})(?!\w)")
_RECENTLY = late_pattern(rf"{_W}(?:vừa{_W}(?:qua|rồi)|gần{_W}đây)(?!\w)")
_ACTS = late_pattern(rf"{_W}(?:{either(words_of('issuing', 'acts'), blank=' ')})(?!\w)")


def _dates_next_clause(words: str, post: PostContext, date: re.Match[str], stated: Stated) -> bool:
    """Returns whether a date after a comma is the time of the next clause, and not the date of issue.
    "Thực hiện Nghị định số 91/2020/NĐ-CP, ngày 06/11/2020, Sở Thông tin và Truyền thông ban hành Công văn số 2798": here a body follows
    that issues the next document. If no verb of issue follows, the date is that of the clause only if it contradicts the year in the
    number, if it has a time of day ("sáng ngày 4/4/2019, ..."), if the document is a statute cited by name, whose date comes after "thông qua", or if no comma is between the date and what the
    body did on that day ("ngày 7/8/2020 Sở Nội vụ tổ chức ...", "ngày 7/8 vừa qua, Sở Nội vụ ...").
    """
    between = words[post.end : date.start("date")]
    if "," not in between:
        return False
    if _TIME_OF_DAY.match(between):
        return True
    recent = _RECENTLY.match(words, date.end())
    end = recent.end() if recent is not None else date.end()
    comma = _COMMA.match(words, end)
    at = comma.end() if comma is not None else end + len(words[end:]) - len(words[end:].lstrip())
    office = _ONLY_OFFICE.match(words, at)
    body = issuer_at(words, at) if office is None else None
    if PLACE_SUBJECT.match(words, at) is None and office is None and body is None:
        return False
    if recent is not None or (comma is None and body is not None and _ACTS.match(words, body.end)):
        return True
    year = number_year(post.of) if post.of is not None else None
    if (post.of is not None and post.of.kind.is_name) or (year is not None and stated.year not in (None, year)):
        return True
    return ISSUING_VERB.search(words, at) is not None and CLAUSE_START.search(words, at) is None


# A subject without the full name of a body: "Sở đã ...", "tỉnh ...", "lãnh đạo Sở ...".
_ONLY_OFFICE = late_pattern(
    rf"(?:(?:[Ll]ãnh đạo|[Bb]an [Gg]iám đốc|[Đđ]ồng chí|[Đđ]oàn|[Đđ]ại diện)(?!\w)|(?:Sở|Bộ|Cục|Tỉnh|tỉnh|Thành phố|thành phố|Huyện|huyện|Hội đồng|Ủy ban|Uỷ ban|Ban|Văn phòng|Chính phủ|Phòng|Trung tâm)"
    rf"{_W}(?:đã|vừa|mới|sẽ|cũng|tiếp tục|ban hành|ký|ra|có|phê duyệt|tổ chức|xây dựng|gửi|đề nghị|yêu cầu|triển khai)(?!\w))"
)


def _year(words: str, post: PostContext) -> bool:
    match = _YEAR_AFTER.match(words, post.end) if post.year is None and post.date is None else None
    if match is None:
        return False
    post.year, post.end = int(match["year"] or match["bracket"]), match.end()
    return True


def _issuer(words: str, post: PostContext) -> bool:
    """Parse "của Bộ ...", "do Bộ ...", or a central body without either word: "Chỉ thị 35 Bộ Chính trị"."""
    if post.issuers:
        return False
    found = _issuer_after_of(words, post) or _issuer_beside(words, post)
    if found and post.issuers:
        _skip_aside(words, post)
    return found


def _issuer_after_of(words: str, post: PostContext) -> bool:
    """Parse "của Bộ ...", "do Bộ ...", "giữa Bộ ... và Bộ ..."."""
    for pattern in (_OF, _BY):
        match = pattern.match(words, post.end)
        issuers = issuers_of(words[match.end() :], of=post.of) if match else ()
        if match is not None and issuers and not _WRITES_NEXT.match(words, match.end() + issuers[-1].end):
            post.issuers, post.end = issuers, match.end() + issuers[-1].end
            return True
        party = _PARTY.match(words, match.end()) if match else None
        if party is not None and post.of is not None and (post.of.kind.is_short or "TW" in post.of.codes):
            post.issuers, post.end = (Issuer("Trung ương Đảng", party.start(), party.end()),), party.end()
            return True
        partial = partial_issuer_at(words, match.end()) if match else None
        if partial is not None:
            post.issuers, post.end = (partial,), partial.end
            return True
    if "giữa" in words and (match := _BETWEEN.match(words, post.end)) is not None and (parties := parties_of(words[match.end() :])):
        post.issuers, post.end = parties, match.end() + parties[-1].end
        return True
    return False


def _issuer_beside(words: str, post: PostContext) -> bool:
    """Parse an abbreviation after "của", "của Bộ" without a name, and a body without "của": "Chỉ thị 35 Bộ Chính trị"."""
    if post.of is not None and not post.of.kind.is_name and (match := _OF_ACRONYM.match(words, post.end)) is not None:
        department = department_of_code([match["name"]])  # "của SNV"
        name, local = department or match["name"], department is not None
        post.issuers, post.end = (Issuer(name, match.start("name"), match.end(), local=local),), match.end()
        return True
    if (match := _OF_ANY.match(words, post.end)) is not None:
        post.end = match.end()
        return True
    if (place := _place_beside(words, post)) is not None:
        post.issuers, post.end = (place,), place.end
        return True
    match = _BESIDE.match(words, post.end)
    issuer = (central_issuer_at(words, match.end()) or _committee_beside(words, match.end())) if match else None
    if issuer is None:
        return False
    post.issuers, post.end = (issuer,), issuer.end
    return True


def _place_beside(words: str, post: PostContext) -> Issuer | None:
    """Returns the province directly after the code of its committee or council: "Nghị quyết 117/2021/NQ-HĐND tỉnh Hải Dương". Or None."""
    if post.of is None or words[post.end + 1 : post.end + 3] not in ("tỉ", "th") or _COMMITTEES.isdisjoint(post.of.codes):
        return None
    place = partial_issuer_at(words, post.end + 1)
    return place if place is not None and _AFTER_PLACE.match(words, place.end) is not None else None


def _committee_beside(words: str, at: int) -> Issuer | None:
    """Returns the committee or council at `at`, if the title of the document follows it: "Kế hoạch số 12/KH-UBND UBND tỉnh về". Or None."""
    issuer = issuer_at(words, at) if local_name_at(words, at) is not None else None
    return issuer if issuer is not None and _ABOUT.match(words, issuer.end) is not None else None


def _passive_issuer(words: str, post: PostContext) -> bool:
    """Parse "vừa được HĐND thành phố ban hành", whose subject is a body and has no other words."""
    if (
        post.issuers
        or (post.of is not None and post.of.kind.is_name)
        or not may_be_passive(words, post.end)
        or (match := _PASSIVE_ISSUER.match(words, post.end)) is None
    ):
        return False
    if not (issuers := _signers(match["subject"])):
        return False
    post.issuers, post.end = issuers, match.end()
    return True


_ITS_PERSON = late_pattern(rf"(?:{_B},)?(?:{_W}(?:(?:ông|bà|đồng{_W}chí){_W})?{PERSON})?(?:{_W}ký)?{_B}")


def _signers(subject: str) -> tuple[Issuer, ...]:
    """Returns the body that the subject of "ban hành" names, and nothing besides its office holder. Returns () otherwise."""
    words = _PERSON_FIRST.sub("", subject.strip(), count=1)
    issuers = issuers_of(words)
    if len(issuers) > 1 and " - " not in words and " – " not in words:
        return ()
    return issuers if issuers and _ITS_PERSON.fullmatch(words, issuers[-1].end) else ()


def read_signer(words: str, at: int) -> tuple[Issuer, ...]:
    """Returns the body after the title of a document that issued it: "về thi đua vừa được UBND tỉnh ban hành". Returns () if there is none."""
    match = _PASSIVE_ISSUER.match(words, at) if may_be_passive(words, at) else None
    return _signers(match["subject"]) if match is not None else ()


_PASSED_IN_YEAR = late_pattern(
    rf"{_B}(?:hiện{_W}hành{_W})?(?:(?:{either(_PASSED_ADVERBS)}){_W}){{0,2}}được{_W}(?:[^.,;:\n()\d]{{3,60}}?{_W})?(?:{either(_PASSED, blank=' ')}){_W}(?:vào{_W}|từ{_W}|trong{_W})?năm{_W}(?P<year>(?:19|20)\d{{2}})(?![\d/-])"
)


def _passed_in_year(words: str, post: PostContext) -> bool:
    """Parse "(hiện hành) được Quốc hội thông qua năm 2012"."""
    if post.year is not None or post.date is not None or post.of is None or not post.of.kind.is_name or "năm" not in words:
        return False
    if (match := _PASSED_IN_YEAR.match(words, post.end)) is None:
        return False
    post.year, post.end = int(match["year"]), match.end()
    return True


def _passed(words: str, post: PostContext) -> bool:
    """Parse "được Quốc hội khóa XIII thông qua ngày ...", which applies to all members of a list."""
    match = None
    if post.date is None and post.shared_date is None and may_be_passive(words, post.end):
        match = _PASSIVE.match(words, post.end)
    stated = parse_date(match["date"]) if match else None
    if match is None or stated is None:
        return False
    post.shared_date, post.end = stated, match.end()
    if not post.issuers and match["subject"]:
        post.issuers = issuers_of(_PERSON_FIRST.sub("", match["subject"], count=1))
    return True


_ENDS = frozenset(("", *".;:!?/)]}”\"'’»"))


def _reads_one(words: str, post: PostContext) -> bool:
    return (
        _same_day(words, post)
        or _date(words, post)
        or _year(words, post)
        or _passed(words, post)
        or _issuer(words, post)
        or _passive_issuer(words, post)
        or _passed_in_year(words, post)
    )


def _far_date(words: str, post: PostContext) -> None:
    """Parse a date after the subject of the document, in the same sentence and bracket, and the issuer after the date."""
    if "ngày" not in words:
        return
    sentence = CLAUSE_START.split(words[post.end :], maxsplit=1)[0].split(")")[0]
    far = _DATE_FAR.search(sentence)
    stated = parse_date(far["date"] or far["date2"]) if far else None
    if far is None or stated is None or "hiệu lực" in sentence[: far.start()]:
        return
    post.date = stated
    if not post.issuers and (match := _OF.match(words, post.end + far.end())):
        post.issuers = issuers_of(words[match.end() :], of=post.of)
