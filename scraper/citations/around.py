"""Reading around a citation: date of issue, issuer, place, subject, provision, relation. What the text does not say stays None."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from scraper.citations.dates import CALENDAR_DAY, DATE, Stated, parse_date
from scraper.citations.found import Found
from scraper.citations.grammar import grammar
from scraper.citations.issuers import Body, bodies_of, central_body_at, last_body, local_default, of_code, province_in, province_kind
from scraper.citations.relations import relation_before
from scraper.model import Context, Mention

_AROUND = 260  # characters read on either side


@dataclass(slots=True)
class Behind:
    """What stands behind a citation."""

    date: Stated | None = None
    shared_date: Stated | None = None  # said of all members of a list: "A và B được thông qua ngày ..."
    year: int | None = None
    issuers: tuple[Body, ...] = ()
    title: str | None = None
    same_day: bool = False  # "cùng ngày"
    end: int = 0  # where reading ended, from the end of the citation


@dataclass(slots=True)
class Clause:
    """The clause that issues the documents of a group: "Ngày 14/7/2009, UBND tỉnh vừa ban hành ..."."""

    date: Stated | None = None
    year: int | None = None
    issuers: tuple[Body, ...] = ()


@dataclass(slots=True)
class Group:
    """Citations joined by commas and "và": what is said once of them holds for all."""

    members: list[int] = field(default_factory=list)


def read_around(text: str, found: Sequence[Found], context: Context) -> list[Mention]:
    """The found spans as mentions, with the fields that the text states."""
    place = Places(text, context)
    behinds = [_behind(text, one, found[at + 1].start if at + 1 < len(found) else len(text)) for at, one in enumerate(found)]
    mentions: list[Mention] = []
    for group in _groups(text, found, behinds):
        first, last = group.members[0], group.members[-1]
        floor = found[first - 1].end + behinds[first - 1].end if first else 0
        clause = _clause(text, found[first].start, floor)
        shared_date = behinds[last].shared_date
        for at in group.members:
            behind = behinds[at]
            mention = _mention(text, found[at], behind, context)
            stated = behind.date or behind.shared_date or shared_date or (clause.date if behind.year is None else None)
            if behind.same_day and mentions:
                mention = replace(mention, issued_on=mentions[-1].issued_on)
            elif stated is not None:
                mention = replace(mention, issued_on=stated.iso(_number_year(found[at]), context.published))
            mention = replace(mention, year=_year(text, found[at], mention, behind, clause))
            spoken = behinds[last].issuers if _same_series(found[at], found[last]) else ()
            if found[at].kind != "standard":
                bodies = behind.issuers or spoken or clause.issuers
                issuer, province = _issuer(text, found[at], bodies, place)
                of_site = province is not None and province == place.site and not any(body.province for body in bodies)
                mention = replace(mention, issuer=issuer, province=province, flags=(*mention.flags, *(("province-of-site",) if of_site else ())))
            mentions.append(mention)
    _resolve_short(mentions)
    return mentions


def _mention(text: str, one: Found, behind: Behind, context: Context) -> Mention:
    return Mention(
        start=one.start,
        end=one.end,
        text=text[one.start : one.end],
        kind=one.kind,
        doc_type=one.doc_type,
        number_raw=one.number_raw,
        number=one.number,
        flags=one.flags,
        title=behind.title,
        pinpoint=_pinpoint(text, one.start),
        relation=relation_before(text, one.start),
    )


# --- groups ---------------------------------------------------------------------------------------

_JOIN = re.compile(
    r"\s{0,3}(?:\([^()]{0,60}\)\s{0,3})?(?:,|;|và|hoặc|&|\+|cùng với|cùng|sang|đến|tới|hay|,\s{0,2}và|;\s{0,2}và|rồi đến)?\s{0,3}(?:các\s|với\s|theo\s|cả\s|tại\s|trong\s|số\s?:?\s?){0,2}\s{0,3}$"
)


def _groups(text: str, found: Sequence[Found], behinds: Sequence[Behind]) -> list[Group]:
    groups: list[Group] = []
    for at, one in enumerate(found):
        before = found[at - 1] if at else None
        if (
            before is not None
            and groups
            and one.kind != "standard"
            and before.kind != "standard"
            and one.start - before.end <= _AROUND
            and not behinds[at - 1].issuers
            and (one.member or _JOIN.match(text[before.end + behinds[at - 1].end : one.start]))
        ):
            groups[-1].members.append(at)
        else:
            groups.append(Group([at]))
    return groups


def _words(pattern: str) -> str:
    """A pattern whose blanks stand for any white space."""
    return pattern.replace(" ", r"\s{1,3}")


# --- behind ---------------------------------------------------------------------------------------

_W, _B = r"\s{1,4}", r"\s{0,4}"
_DATE_BEHIND = re.compile(
    rf"{_B}(?:,{_B}|[–—-]{_B}|\({_B})?(?:(?:ký|ban hành|ký ban hành|thông qua|công bố|ra|lập){_W}){{0,2}}(?:(?:vào{_W})?(?:ngày|đề ngày|ra ngày){_B}:?{_B})?(?<!\n)(?P<date>{DATE})(?:{_B}\))?",
    re.IGNORECASE,
)
# The head of a document itself: its number, the motto of the State, the place and the day.
_DATELINE = re.compile(
    rf"\s{{1,8}}(?:CỘNG H(?:ÒA|OÀ)[^\n]{{0,60}}\s{{1,4}}Độc lập[^\n]{{0,40}}\s{{1,4}})?[A-ZĐ][^\W\d_]{{0,10}}(?:\s[A-ZĐ][^\W\d_]{{0,10}}){{0,4}}\s?,\s{{0,3}}ngày{_W}(?P<date>{DATE})"
)
_PASSIVE = re.compile(
    rf"{_B},?{_B}(?:(?:đã|vừa|mới|cũng){_W}){{0,2}}(?:(?:được|do){_W}(?P<subject>[^.;:\n()]{{0,70}}?){_B})?(?:chính thức{_W})?(?:thông qua|ký ban hành|ban hành|ký|phê duyệt|phê chuẩn|công bố)(?:{_W}(?:vào|hôm))?(?:{_W}ngày|{_W}trong)?{_W}\(?(?P<date>{DATE}|{CALENDAR_DAY})",
    re.IGNORECASE,
)
_OF = re.compile(rf"{_B}(?:,{_B})?(?:\({_B})?của{_W}(?=\S)")
_BY = re.compile(rf"{_B},?{_B}do{_W}(?=\S)")
_BESIDE = re.compile(rf"{_W}(?=[A-ZĐỦ])")  # "Chỉ thị 35 Bộ Chính trị"
# A date behind the subject: "Luật 18-L/CTN Dầu khí ban hành ngày 06/07/1993", "... khí tượng ngày 29/12/2006 của Bộ ...".
_DATE_FAR = re.compile(
    rf"(?:(?<!\w)(?:ban hành|ký|ký ban hành|thông qua){_W}(?:vào{_W})?ngày{_W}(?P<date>{DATE})|(?<!từ )(?<!trước )(?<!đến )(?<!sau )(?<!kể )(?<!\w)ngày{_W}(?P<date2>{DATE}){_B}(?=của{_W}[A-ZĐỦ]))"
)
# "Tại văn bản số 3206 ngày 3/4, Văn phòng Chính phủ truyền đạt ...": who speaks in a letter wrote it.
_SPEAKS = re.compile(rf"{_B}(?:gửi{_W}[^.,;:\n]{{3,80}})?,{_B}(?=[A-ZĐỦ])")
_IN_IT = re.compile(r"(?<!\w)(?:[Tt]ại|[Tt]rong|[Bb]ằng)\s(?:nội dung\s|các\s)?$")
_LETTERS = ("công văn", "văn bản", "thông báo", "báo cáo", "công điện", "tờ trình", "kết luận")
_TITLE = re.compile(
    rf"{_B},?{_B}(?:(?:về{_W}việc|về|v/v){_W}(?P<about>[^.,;()\n]{{3,220}})|(?P<verb>quy định|phê duyệt|ban hành|hướng dẫn|sửa đổi|công bố){_W}(?P<what>[^.,;()\n]{{3,220}}))",
    re.IGNORECASE,
)
_YEAR_BEHIND = re.compile(rf"{_B}(?:,{_B})?(?:năm{_W}(?P<year>(?:19|20)\d{{2}})(?![\d/-])|\({_B}(?:năm{_W})?(?P<bracket>(?:19|20)\d{{2}}){_B}\))")
_SAME_DAY = re.compile(rf"{_B},?{_B}(?:ban hành{_W}|ký{_W})?(?:cùng{_W}ngày|cùng{_W}ngày{_W}tháng)(?!\w)")
_ABBREVIATION = re.compile(rf"{_B}\((?:gọi tắt là|sau đây gọi là|gọi là)?{_B}[^()\d]{{1,40}}\)")


def _behind(text: str, one: Found, limit: int) -> Behind:
    """Date, issuer and subject behind a citation, in whichever order they stand, up to the next one."""
    words = text[one.end : min(limit, one.end + _AROUND)]
    result = Behind()
    at = 0
    if skip := _ABBREVIATION.match(words):
        at = skip.end()
    if one.kind == "numbered" and not one.noun and (own := _DATELINE.match(words, at)) and (stated := parse_date(own["date"])) is not None:
        result.date = stated
        at = own.end()
    for _ in range(4):
        if _SAME_DAY.match(words, at):
            result.same_day = True
            at = _SAME_DAY.match(words, at).end()  # type: ignore[union-attr]
        elif result.date is None and (match := _DATE_BEHIND.match(words, at)) and (stated := parse_date(match["date"])) is not None:
            result.date = stated
            at = match.end()
        elif result.year is None and result.date is None and (match := _YEAR_BEHIND.match(words, at)):
            result.year = int(match["year"] or match["bracket"])
            at = match.end()
        elif not result.issuers and (match := _OF.match(words, at)) and (bodies := bodies_of(words[match.end() :])):
            result.issuers = bodies
            at = match.end() + bodies[-1].end
        elif result.date is None and (match := _PASSIVE.match(words, at)) and (stated := parse_date(match["date"])) is not None:
            result.shared_date = stated
            if not result.issuers and match["subject"] and (bodies := bodies_of(match["subject"])):
                result.issuers = bodies
            at = match.end()
            break
        elif not result.issuers and (match := _BESIDE.match(words, at)) and (body := central_body_at(words, match.end())) is not None:
            result.issuers = (body,)
            at = body.end
        elif not result.issuers and (match := _BY.match(words, at)) and (bodies := bodies_of(words[match.end() :])):
            result.issuers = bodies
            at = match.end() + bodies[-1].end
        else:
            break
    if result.date is None and result.shared_date is None and not result.same_day:
        sentence = _CLAUSE_START.split(words[at:], maxsplit=1)[0].split(")")[0]
        if (far := _DATE_FAR.search(sentence)) and "hiệu lực" not in sentence[: far.start()] and (stated := parse_date(far["date"] or far["date2"])):
            result.date = stated
            after = at + far.end()
            if not result.issuers and (match := _OF.match(words, after)):
                result.issuers = bodies_of(words[match.end() :])
    if not result.issuers and one.doc_type in _LETTERS and _IN_IT.search(text[max(0, one.start - 24) : one.start]):
        speaks = _SPEAKS.match(words, at)
        result.issuers = bodies_of(words[speaks.end() :])[:1] if speaks else ()
    result.end = at
    if title := _TITLE.match(words, at):
        result.title = (title["about"] or f"{title['verb']} {title['what']}").strip()
    return result


# --- before ---------------------------------------------------------------------------------------

_ISSUING = _words("(?:ký ban hành|ban hành|ra|ký|có|phê duyệt|thông qua|công bố|gửi|trình|đưa ra|phát hành|ban bố|ký quyết định|ký duyệt|hạ)")
_VERB = re.compile(
    rf"(?<!\w){_ISSUING}(?:{_W}(?:các|một|hai|ba|bốn|bản|loạt|\d{{1,2}}|tiếp|thêm|cả|văn bản|mới|kèm theo|nội dung|theo|cùng lúc|đồng thời)){{0,3}}{_B}$"
)
_MEANS = re.compile(rf"(?<!\w)(?:tại|bằng|qua){_W}(?:các{_W})?$")
_MEANS_VERB = re.compile(
    _words(
        r"(?<!\w)(?:phê duyệt|ban hành|thông qua|công nhận|thành lập|quyết định|quy định|bổ sung|sửa đổi|công bố|bổ nhiệm|thu hồi|xử phạt|phê chuẩn|giao|bãi bỏ|khen thưởng|ký|nêu)(?!\w)"
    )
)
# "Xét đề nghị của Chủ tịch UBND huyện Nhà Bè tại Tờ trình số ...", "... (Công văn số ...": who proposes wrote it.
_PROPOSED = re.compile(rf"(?<!\w)(?:đề nghị|ý kiến|kết luận|kiến nghị|đề xuất|chỉ đạo|trả lời){_W}của{_W}(?P<words>[^.;:()\n]{{3,120}}?){_B}(?:,{_B})?(?:tại{_W}|nêu tại{_W}|trong{_W}|\({_B}|theo{_W}|,{_B}số{_B}:?{_B})$")
_CLAUSE_START = re.compile(r"(?<!TP)(?<!Tp)\.(?=\s)|[;:\n](?!\d)")
_DATE_BEFORE = re.compile(
    rf"(?:(?:(?<!\w)(?:[Nn]gày|[Ss]áng(?: ngày)?|[Cc]hiều(?: ngày)?|[Tt]ối(?: ngày)?|[Hh]ôm){_W}\(?|(?:^|[.:;\n]{_B})(?=\d{{1,2}}/\d{{1,2}}/\d{{4}},))(?P<date>{DATE}|{CALENDAR_DAY})\)?|(?<!\w)[Tt](?P<month>háng{_W}\d{{1,2}}{_B}[-/]{_B}(?:19|20)\d{{2}}))(?P<rest>[^.;\n]{{0,200}})$"
)
_YEAR_BEFORE = re.compile(r"(?<!\w)(?:[Nn]ăm|[Tt]háng\s\d{1,2}(?:/|\snăm\s))\s{0,2}(?P<year>(?:19|20)\d{2})\s{0,2},[^.;\n]{0,160}$")
_NO_TIME = re.compile(r"(?<!\w)(?:trước|từ|đến|kể từ|hiệu lực|sau|hết|tính đến|cho đến)\s(?:[Nn]gày\s)?$", re.IGNORECASE)


def _clause(text: str, start: int, floor: int) -> Clause:
    """Time and subject of the clause whose verb issues what is cited at `start`."""
    head = text[max(floor, start - _AROUND) : start]
    clause = Clause()
    proposed = _PROPOSED.search(head)
    if proposed is not None:
        words = head[proposed.start("words") : proposed.end("words")]
        bodies = bodies_of(words)
        if bodies and bodies[-1].end == len(words):
            return Clause(issuers=bodies)
        body = last_body(words)
        return Clause(issuers=(body,) if body is not None else ())
    verb = _VERB.search(head)
    direct = verb is not None
    if verb is None and (means := _MEANS.search(head)) is not None:
        clause_start = max((match.end() for match in _CLAUSE_START.finditer(head)), default=0)
        verbs = list(_MEANS_VERB.finditer(head, max(clause_start, means.start() - 160), means.start()))
        verb = next((one for one in reversed(verbs) if last_body(head[clause_start : one.start()]) is not None), None)
    if verb is None:
        return clause
    subject = _CLAUSE_START.split(head[: verb.start()])[-1]
    body = last_body(subject)
    if body is not None:
        clause.issuers = (body,)
    before = head[: verb.start()]
    date = _DATE_BEFORE.search(before)
    if date is not None and not _NO_TIME.search(before[: date.start()]) and "hiệu lực" not in date["rest"]:
        clause.date = parse_date(date["date"] or f"t{date['month']}")
    year = _YEAR_BEFORE.search(before) if direct else None
    if year is not None:
        clause.year = int(year["year"])
    return clause


# --- fields ---------------------------------------------------------------------------------------

_YEAR_IN_NUMBER = re.compile(r"^\d+(?:\.\d+)?[A-ZĐ]?[/-](?P<year>(?:19|20)\d{2})(?=/|-|[A-ZĐ]|$)")
_STANDARD_YEAR = re.compile(r"(?::|(?<=\d)/|-)((?:19|20)\d{2})(?:/|$)")
_NAME_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")


def _number_year(one: Found) -> int | None:
    match = _YEAR_IN_NUMBER.match(one.number or "") if one.kind in ("numbered", "short") else None
    return int(match["year"]) if match else None


def _year(text: str, one: Found, mention: Mention, behind: Behind, clause: Clause) -> int | None:
    """The year in the number; else in the name or the bracket behind it; else of the date; else one that the clause states."""
    if one.kind == "standard":
        match = _STANDARD_YEAR.search(one.number or "")
        return int(match[1]) if match else None
    year = _number_year(one)
    if year is None and one.kind == "named":
        years = _NAME_YEAR.findall(text[one.start : one.end])
        year = int(years[-1]) if years else None
    if year is None:
        year = behind.year
    if year is None and mention.issued_on is not None:
        year = int(mention.issued_on[:4])
    if year is None:
        year = clause.year
    return year if year is not None and 1945 <= year <= 2045 else None


class Places:
    """What a text says of places: its provinces, and the one that a site stands for."""

    def __init__(self, text: str, context: Context) -> None:
        self._text = text
        self._context = context
        self._named: tuple[str, ...] | None = None

    @property
    def site(self) -> str | None:
        """The province of the site."""
        return self._context.province

    @property
    def on(self) -> date | None:
        """The day of publication, where it is known."""
        return self._context.published

    @property
    def only(self) -> str | None:
        """The one province that can be meant where a text says "tỉnh" alone: the site's, else the only one named."""
        if self.site is not None:
            return self.site
        if self._named is None:
            self._named = _provinces_named(self._text)
        return self._named[0] if len(self._named) == 1 else None


_PROVINCE_NAMED = re.compile(r"(?:[Tt]ỉnh|[Tt]hành phố|TP\.?|UBND|HĐND|Sở|Tỉnh ủy|Thành ủy)\s{0,2}((?:[A-ZĐ][\wà-ỹ]*\s?(?:[-–]\s)?){1,5})")


def _provinces_named(text: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for match in _PROVINCE_NAMED.finditer(text):
        province = province_in(match[1])
        if province:
            found[province] = None
    return tuple(found)


def _issuer(text: str, one: Found, bodies: Sequence[Body], places: Places) -> tuple[str | None, str | None]:
    """The issuer by code, by noun, by words, by what a code stands for; and its province where it is a local one."""
    codes = one.codes
    kind = grammar().types.get(one.doc_type)
    alone = kind.issuer if kind is not None else None
    if one.doc_type.endswith("liên tịch") and len(bodies) > 1:
        return "; ".join(dict.fromkeys(body.name for body in bodies)), None
    if (named := of_code(codes, one.doc_type, one.noun)) is not None:
        return named, None
    if alone is not None and not grammar().local_codes & set(codes):
        return alone, None
    inner = _inner(text, one)
    bodies = inner or bodies
    if bodies:
        placed = [_placed(body, places) for body in bodies]
        names = list(dict.fromkeys(name for name, _ in placed))
        return "; ".join(names), next((province for _, province in placed if province), None)
    default = local_default(codes)
    if default is None:
        return None, None
    return _placed(Body(default, 0, 0, local=default != "Trung ương Đảng"), places)


def _same_series(one: Found, other: Found) -> bool:
    """Whether two numbers can have the same issuer: their last codes agree, or one has none."""
    mine, theirs = one.codes[1:2], other.codes[1:2]
    return not mine or not theirs or mine == theirs


def _inner(text: str, one: Found) -> tuple[Body, ...]:
    """An issuer between noun and number: "Chỉ thị của Bộ Thông tin và Truyền thông số 07/2008/CT-BTTTT"."""
    match = re.search(r"(?<!\w)của\s{1,4}(?=\S)", text[one.start : one.end])
    return bodies_of(text[one.start + match.end() : one.end]) if match else ()


_LEVELS = ("huyện", "quận", "thị xã", "phường", "xã", "thị trấn", "Huyện ủy", "Quận ủy", "Thị ủy", "Đảng ủy xã", "Đảng ủy phường")


def _placed(body: Body, places: Places) -> tuple[str, str | None]:
    """The name of a body and its province; a bare "tỉnh" becomes the one province that can be meant."""
    name, province = body.name, body.province
    if not body.local:
        return name, province
    below = any(f"{level} " in name for level in _LEVELS) or name.startswith(("Huyện ủy", "Quận ủy", "Thị ủy", "Đảng ủy", "Phòng "))
    city_below = " thành phố " in name and province is None  # a city of a province: "UBND thành phố Vinh"
    if province is not None:
        return name, province
    if below or city_below:
        return name, places.only
    stands_alone = name.endswith((" tỉnh", " thành phố", "Tỉnh ủy", "Thành ủy"))
    only = places.only if places.site is not None or stands_alone else None
    if only is None:
        return name, None
    level = province_kind(only, places.on)
    bare = re.sub(r"\s+(?:tỉnh|thành phố)$", "", name)
    if bare == "Tỉnh ủy" and not body.end:  # nothing but the code TU says so
        return f"{'Thành ủy' if level == 'thành phố' else 'Tỉnh ủy'} {only}", only
    if bare.endswith(("Tỉnh ủy", "Thành ủy")):
        return f"{bare} {only}", only
    if bare.endswith("nhân dân"):
        return f"{bare} {level} {only}", only
    if bare.startswith(("Sở ", "Công an")) and province_in(name) is None:
        return f"{bare} {only}", only
    return name, only


_PINPOINT = re.compile(
    r"((?:(?:[Đđ]iểm\s[a-zđ]\d?|[Kk]hoản\s\d+[a-z]?|[Đđ]iều\s\d+[a-z]?|[Mm]ục\s\w{1,4}|[Cc]hương\s\w{1,5}|[Pp]hụ lục\s?\w{0,4})(?:\s?,?\s?(?:và\s)?)){1,6})(?:của\s|tại\s|trong\s)?(?:các\s)?$"
)


def _pinpoint(text: str, start: int) -> str | None:
    match = _PINPOINT.search(text[max(0, start - 120) : start])
    return match[1].strip(" ,") if match else None


def _resolve_short(mentions: list[Mention]) -> None:
    """A short mention whose full number stands in the text: same type, same first figure, and exactly one such."""
    full: dict[tuple[str, str], dict[str, None]] = {}
    for mention in mentions:
        if mention.kind == "numbered" and mention.number:
            full.setdefault((mention.doc_type, _first_figure(mention.number)), {})[mention.number] = None
    for index, mention in enumerate(mentions):
        if mention.kind == "short" and mention.number:
            figure, _, year = mention.number.partition("/")
            numbers = [number for number in full.get((mention.doc_type, figure.lstrip("0")), ()) if not year or f"/{year}/" in number]
            if len(numbers) == 1:
                mentions[index] = replace(mention, resolved=numbers[0])


def _first_figure(number: str) -> str:
    return re.split(r"[/-]", number)[0].lstrip("0")
