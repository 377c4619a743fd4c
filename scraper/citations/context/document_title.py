"""Parses the title of a document after its number: "về việc ...", "quy định ...". It keeps only complete phrases."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scraper.citations.context.post_context import PostContext
from scraper.citations.forms.cited_span import CitedSpan
from scraper.citations.forms.issue_dates import DATE
from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.patterns import NEARBY as _B
from scraper.citations.grammar.patterns import WORDS_APART as _W
from scraper.citations.grammar.word_groups import either, words_of
from scraper.citations.issuers.issuer_patterns import CAPITAL
from scraper.citations.issuers.named_issuer import issuer_at
from scraper.pattern_prefilter import beginnings

_LONGEST = 500  # maximum length of a title in characters
_ABOUT, _VERBS = words_of("titles", "begin.about"), words_of("titles", "begin.verbs")
# After these verbs, the words say where or when something is stated, and are not a title.
_NO_TITLE = {
    "quy định": "tại|rõ|này|trên|như|là|ở|cụ thể|phải|rằng|thì|nếu|khi|không|chỉ|rất",
    "ban hành": "bởi|ngày|kèm|theo|năm|trong|vào|đã|cùng|và",
    "sửa đổi": "phải|sẽ|cần|được|có|là|lần|này|mới|năm|theo|đã|đang|lại|cho|nhằm|để|không|trong|tại|và",
    "công bố": "ngày|hôm|vào|mới|tại|là|và|năm|trên|trong",
    "phê duyệt": "ngày|năm|tại|đã|là|và|từ|trong",
    "hướng dẫn": "tại|như|không|rằng|cụ thể",
}
_TITLE_VERBS = "|".join(f"{verb}(?!{_W}(?:{_NO_TITLE[verb]})(?!\\w))" if verb in _NO_TITLE else verb for verb in _VERBS)
# The receivers of a letter may come before its title: "Công văn số 12 gửi các sở, ngành về việc ...". After other words, "về việc" belongs to
# a verb: "gửi Bộ đề nghị xem xét về việc ...".
_SENT = (
    rf",?{_B}gửi{_W}(?=(?:{CAPITAL}|các|những|tới|đến|cho|lãnh{_W}đạo|chủ{_W}tịch|trường|các)(?!\s*\d))(?:(?!(?:đề{_W}nghị|yêu{_W}cầu|báo{_W}cáo|kiến{_W}nghị|thông{_W}báo|trả{_W}lời|giải{_W}trình|hướng{_W}dẫn|phản{_W}ánh|chỉ{_W}đạo|xin|để|và{_W}có|về)(?!\w))[^\W\d_](?:[\w&/]|-(?!\s))*(?:[,:]?{_W}|{_B}[-–]{_W})){{1,24}}"
    rf"(?=(?:về|v/v)(?!\w))"
)
_BEGIN = late_pattern(
    rf"(?:{_W}kh(?:óa|oá){_W}[IVX\d]{{1,6}}(?!\w)(?:,?{_W}(?:tại{_W})?[Kk]ỳ{_W}họp{_W}thứ{_W}\w{{1,5}})?|{_SENT})?{_B}(?:,|:(?={_B}(?-i:Quy|Hướng|Phê|Ban|Sửa|Công|V)))?{_B}(?:(?P<quote>[“\"])?(?:{either(_ABOUT, blank=_W)}){_B}:?{_B}(?=[^\W_]|[“\"])|(?=(?:{_TITLE_VERBS})(?:{_W}|,{_W}bổ{_W}sung)))",
    re.IGNORECASE,
)
_FIRST_LETTERS = beginnings([*_ABOUT, *_VERBS, "gửi", "khóa", "ſ"])  # to `re`, "ſ" is another form of "s"
_SKIPPED = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + ',:“"'
_MOST_BEFORE = 10  # characters before the first of these words: blanks, a comma or a colon, blanks, a quotation mark


def may_begin(text: str, at: int) -> bool:
    """Returns whether _BEGIN can match at `at`."""
    return text[at : at + _MOST_BEFORE + 1].lstrip(_SKIPPED)[:1].lower() in _FIRST_LETTERS


# The possible end of a title: a mark, a quotation, the verb of the sentence, a date of issue.
_MARK = late_pattern(
    rf"[,.;:()\[\]“”\"\n]|\s(?:[-–]\s|(?:đã|sẽ|vừa|cũng|có hiệu lực|hết hiệu lực|để{_W}(?:tổ{_W}chức{_W}|triển{_W}khai{_W})?thực{_W}hiện(?=\s?[,.;])|được (?:ký|ban hành|phê duyệt|triển khai|thực hiện|áp dụng)|trong đó|theo đó|thì|và{_W}(?:căn{_W}cứ|theo(?!{_W}dõi)|trên{_W}cơ{_W}sở|tình{_W}hình{_W}thực{_W}tế|không(?!{_W}(?:gian|khí|quân))|chưa|đã|sẽ|vừa|được|cũng|thay{_W}thế(?={_W}(?:Thông|Nghị|Quyết|Chỉ|Luật|cho|các)))|(?<!bưu\s)(?<!tiền\s)gửi|đồng thời|(?:đảm|bảo){_W}(?:bảo|đảm){_W}(?:đúng{_W})?tiến{_W}độ|nêu rõ|chỉ rõ|quy định rõ|còn hiệu lực|(?<!đáp ứng\s)(?<!hồ sơ\s)(?<!đơn\s)(?<!phiếu\s)(?<!giấy\s)(?<!theo\s)(?<!các\s)(?<!những\s)(?<!với\s)yêu cầu|cho biết|cho thấy|nhấn mạnh|đều)(?=[\s.,;:]|$)"
    rf"|(?:do|được){_W}(?:[^.,;\n]|,(?=\s{CAPITAL})){{3,90}}?{_W}(?:ký{_W})?ban{_W}hành(?!\w)|(?:sáng|chiều|tối|trưa|hôm)(?:{_W}(?:nay|qua|ngày))?(?:{_W}\d{{1,2}}[/-]\d|\s?[,.])|có{_W}(?:quy{_W}định|nêu|ghi|đưa{_W}ra)(?!\w)|quy{_W}định(?=\s)|(?:ban hành{_W})?ngày{_W}(?:{DATE})(?=\s?(?:của\s|$|[,.;)])))"
)
# After one of these, a date is not the date of issue.
_TIME = ("từ", "đến", "trước", "sau", "kể", "hết", "vào")
_CLOSING = {"“": "”", '"': '"'}
_CLAUSE = late_pattern(rf"(?!(?:người|việc){_W}tốt(?!\w))(?:{either(words_of('titles', 'clause'))})(?!\w)")
_SUBJECT = late_pattern(rf"(?:{either(words_of('titles', 'subject'))})(?!\w)")
_PAIRS = (("phòng", "chống"), ("sửa đổi", "bổ sung"), ("bổ sung", "sửa đổi"), ("phòng cháy", "chữa cháy"))
_ONLY_VERB = late_pattern(either(words_of("titles", "only_verbs")), re.IGNORECASE)
_DANGLING = tuple(f" {word}" for word in sorted(words_of("titles", "dangling"), key=len, reverse=True))


def read_title(text: str, at: int, found: Sequence[CitedSpan], posts: Sequence[PostContext], place: int) -> tuple[int, int] | None:
    """Returns the span of the title that begins at `at`, directly after citation number `place` of `found`. Returns None if there is none.
    A title continues over documents that it names ("quy định chi tiết một số điều của Luật Viễn thông"), and over the commas of an
    enumeration ("phòng, chống", "quản lý, vận hành và khai thác"). Words that would end in the middle of a phrase are left out.
    """
    begin = _BEGIN.match(text, at) if may_begin(text, at) else None
    if begin is None:
        return None
    start = begin.end()
    limit = min(len(text), start + _LONGEST)
    if begin["quote"]:
        return _quoted(text, start, limit, begin["quote"])
    end = _end(text, start, limit, found, posts, place + 1)
    if end is None:
        return None
    if (
        text[end : end + 1] in (".", ":")
        and "," in text[start:end]
        and _FRONTED.search(text, max(0, found[place].start - 60), found[place].start)
    ):
        end = _before_main_clause(text, start, end)
    if text[start] in _CLOSING and text[end - 1] == _CLOSING[text[start]]:
        start, end = start + 1, end - 1
    words = text[start:end].rstrip(" \t\n\u00a0….")
    while words.endswith(_DANGLING) and not words.endswith(" tiếp theo"):
        words = words[: -len(next(word for word in _DANGLING if words.endswith(word)))].rstrip(" ,")
    if " " not in words or (len(words) < 16 and _ONLY_VERB.fullmatch(words) is not None) or _says_what_holds(words):
        return None
    return start, start + len(words)


def _quoted(text: str, start: int, limit: int, opening: str) -> tuple[int, int] | None:
    """Returns the span of a title in a quotation that began before "về": “Về nâng cao vai trò của Hội”. Returns None if it has no clear end."""
    end = text.find(_CLOSING[opening], start, limit)
    return (start, end) if end >= 0 and not text[start:end].rstrip().endswith(_DANGLING) else None


# "Nghị định 116 quy định các doanh nghiệp phải có giấy chứng nhận": what the document says, and not its title.
_RULE = late_pattern(rf"quy{_W}định{_W}(?!(?:{either(words_of('titles', 'topics'))})(?!\w))")
_QUOTED_RULE = late_pattern(rf"quy{_W}định{_W}(?:[“\"]|được{_W})")
_MUST = late_pattern(r"\s(?:phải|chỉ được|không được)(?!\w)")


def _says_what_holds(words: str) -> bool:
    """Returns whether "quy định" begins the statement of a rule: it is quoted, or somebody must or may do something."""
    return _QUOTED_RULE.match(words) is not None or (_RULE.match(words) is not None and _MUST.search(words) is not None)


def _end(text: str, start: int, limit: int, found: Sequence[CitedSpan], posts: Sequence[PostContext], following: int) -> int | None:
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
            joined = _joined_from(text, start, found[following].start)
            if joined is not None:
                return joined
            at = document = max(at, found[following].end + posts[following].end)
            following += 1
            if at >= limit:
                return at
            continue
        if mark is None:
            return limit if limit == len(text) else last_comma
        if mark[0] == "," and text[where - 1 : where].isdigit() and text[where + 1 : where + 2].isdigit():
            at = mark.end()  # "0,4 mg"
            continue
        if mark[0] == ",":
            if where == document or not _goes_on(text, start, where, limit):
                return where
            last_comma = last_comma or where
            at = mark.end()
            continue
        after = _after_mark(text, start, mark, limit)
        if after is None or (where == start and mark[0] in _CLOSING):
            return after if after is not None else _end_at(where, start, mark)
        at = after


def _after_mark(text: str, start: int, mark: re.Match[str], limit: int) -> int | None:
    """Returns where the phrase that begins at `start` goes on after a mark other than a comma. Returns None if the mark ends it."""
    where = mark.start()
    if mark[0] in _CLOSING:
        return None if _ends_quotation(text, start, where) else text.find(_CLOSING[mark[0]], mark.end(), limit) + 1 or None
    if mark[0] == ".":
        return mark.end() if _is_inside(text, where) else None
    if not mark[0][0].isspace() or mark[0].isspace():
        return None
    if mark[0].split() == ["quy", "định"]:
        return None if _is_main_verb(text, start, where) else mark.end()
    of_time = "ngày" in mark[0] and text.endswith(_TIME, start, where)
    return mark.end() if mark[0].strip() in ("-", "–") or of_time or len(text[start:where].split()) < 2 else None


def _ends_quotation(text: str, start: int, where: int) -> bool:
    """Returns whether a straight quotation mark ends a quotation that began before the title."""
    return text[where] == '"' and text[where - 1].isalnum() and not text[where + 1 : where + 2].isalnum() and '"' not in text[start:where]


def _is_main_verb(text: str, start: int, where: int) -> bool:
    """Returns whether "quy định" is the verb of the sentence, after a name or a year: "về Đại hội XIII của Đảng quy định số lượng"."""
    last = text[start:where].split()[-1:]
    named = bool(last) and len(last[0]) > 1 and (last[0][0].isupper() or last[0].isdigit())
    return named and _RULE.match(text, where + 1) is not None


# "Theo Thông tư 159 về chế độ thu phí, lộ trình tăng phí là 3 năm.": the sentence begins with the phrase of the document. Its main clause
# must follow, so a title does not reach to the end of the sentence.
_FRONTED = late_pattern(
    rf"(?<!\w)(?:Theo|Tại|Trong|Với)(?:{_W}(?:quy{_W}định|hướng{_W}dẫn|nội{_W}dung))?(?:{_W}(?:tại|của|trong|các))?{_W}$"
)
_PREDICATE = late_pattern(r",\s(?=[^,]{1,120}?\s(?:là|được|bị|phải|có|không|sẽ|đã|thì|gồm|cần|do)(?!\w))")


def _before_main_clause(text: str, start: int, end: int) -> int:
    """Returns where the main clause of the sentence begins, after a comma of the words from `start` to `end`."""
    clause = _PREDICATE.search(text, start, end)
    return clause.start() if clause is not None else text.rfind(",", start, end)


def _end_at(where: int, start: int, mark: re.Match[str]) -> int | None:
    """Returns the end of a phrase before a mark. A phrase that begins with a quotation without its end has none."""
    return None if mark[0] in _CLOSING and where == start else where


_JOINED = late_pattern(
    r"(?:\s?[,;]|\s(?:và|hoặc|cùng))(?:\s(?:các|tại|với|theo|và|số))?(?:\s(?:[Đđ]iều|[Kk]hoản|[Đđ]iểm)\s(?:\d{1,3}[a-z]?|[a-zđ])(?:,|(?!\w))){0,3}(?:\scủa)?\s{1,2}$"
)


# "hướng dẫn Điều 299 và Điều 300 của Bộ luật Hình sự"
_PROVISION = late_pattern(r"(?:[Đđ]iều|[Kk]hoản|[Đđ]iểm)\s(?:\d{1,3}[a-z]?|[a-zđ])$")


def _joined_from(text: str, start: int, following: int) -> int | None:
    """Returns where the words begin that join the citation at `following` to the document with the title from `start`. Returns None if they do
    not: then the title names it.
    """
    joined = _JOINED.search(text, max(start, following - 48), following)
    if joined is None or _PROVISION.search(text, max(start, joined.start() - 16), joined.start()) is not None:
        return None
    return joined.start()


_NEXT_SENTENCE = late_pattern(rf"\s{{1,3}}(?:{either(words_of('titles', 'subject'))}|Cụ thể|Nghị|Quyết định)(?!\w)")


def _is_inside(text: str, stop: int) -> bool:
    """Returns whether a full stop is part of a number or an abbreviation: "1.200", "TP.HCM", "TP. Vinh"."""
    if text[stop + 1 : stop + 2].isalnum():
        return True
    return text[stop - 2 : stop] in ("TP", "Tp", "TX", "Q") and _NEXT_SENTENCE.match(text, stop + 1) is None


_NAMES = late_pattern(rf"(?:{CAPITAL}\w*\s){{1,4}}và\s{CAPITAL}")  # "hầm Hải Vân, Phước Tượng và Phú Gia tại ..."


def _goes_on(text: str, start: int, comma: int, limit: int) -> bool:
    """Returns whether a title continues after a comma."""
    after = text[comma + 1 : min(limit, comma + 60)].lstrip()
    before = text[start:comma].rstrip()
    if not after or before.endswith(tuple(_CLOSING.values())):
        return False
    if after[0].isupper():
        last = before.split()[-1] if before else ""
        return (
            last[:1].isupper()
            and issuer_at(after, 0) is None
            and _SUBJECT.match(after) is None
            and _is_member(text, comma, limit, 24 if _NAMES.match(after) else 6)
        )
    if _LEVEL_BEFORE.search(before) is not None and _LEVEL.match(after) is not None:
        return True  # "ở xã, phường, thị trấn"
    if not after[0].islower() or _CLAUSE.match(after) is not None:
        return False
    if _HORIZON.search(before) is not None:
        return _BEYOND.match(after) is not None
    if any(before.lower().endswith(first) and after.startswith(second) for first, second in _PAIRS):
        return True
    if len(before.split()) < 3 or _is_inside_enumeration(before):
        return True
    return _is_member(text, comma, limit, 24)


# "phê duyệt Quy hoạch báo chí đến năm 2025, đảm bảo phát triển ...": a title that names its last year ends there.
_HORIZON = late_pattern(r"(?:đến\snăm\s|(?:19|20)\d\d\s?[-–]\s?)(?:19|20)\d\d$")
_BEYOND = late_pattern(r"(?:định hướng|tầm nhìn|có tính|giai đoạn|hướng tới|và)(?!\w)")
_MIDDLE = late_pattern(r",\s(?P<member>[^\W\d_]+(?:\s[^\W\d_]+){0,3})$")


def _is_inside_enumeration(before: str) -> bool:
    """Returns whether words end with a short member of an enumeration, so that another member follows: "tư tưởng, đạo đức" (", phong cách ...")."""
    middle = _MIDDLE.search(before)
    if middle is None or "và" in middle["member"].split():
        return False
    first = before[: middle.start()].lower()
    return (
        not any(first.endswith(one) and middle["member"].startswith(other) for one, other in _PAIRS) and _LEVEL_BEFORE.search(first) is None
    )


_LEVELS = r"(?:xã|phường|thị trấn|thị xã|huyện|quận|tỉnh|thành phố)"
_LEVEL_BEFORE, _LEVEL = late_pattern(rf"(?<!\w){_LEVELS}$"), late_pattern(rf"{_LEVELS}(?=\s?(?:[,.;:)\n”\"]|$)|\s(?:và|trực|thuộc|năm)\s)")
_MUST_DO = late_pattern(r"\s(?:phải|có thể|chỉ được|chỉ cần)(?!\w)")  # "..., doanh nghiệp chỉ phải báo cáo": another clause
# A comma before one of these marks may be that of an enumeration; before the verb of a sentence it is not.
_KEEPS = late_pattern(r"\s(?:ngày|để|ban|quy|có\s(?:quy|nêu|ghi)|và|sáng|chiều|tối|(?:do|được)\s(?!ban|phê|triển|thực|áp))")


def _is_member(text: str, comma: int, limit: int, most: int) -> bool:
    """Returns whether the words after a comma are a member of an enumeration: few words, without the verb of a sentence after them."""
    mark = _MARK.search(text, comma + 1, limit)
    words = text[comma + 1 : mark.start() if mark is not None else limit].split()
    if mark is not None and mark[0][0] == " " and mark[0].strip() not in ("-", "–") and _KEEPS.match(mark[0]) is None:
        return False
    return 0 < len(words) <= most and _MUST_DO.search(text, comma, mark.start() if mark is not None else limit) is None
