"""Reading around a citation: date of issue, issuer, place, subject, provision, relation. What the text does not say stays None."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from scraper.citations.dates import DATE, DAY_MONTH, Stated, parse_date
from scraper.citations.grammar import LOCAL_CODES, grammar
from scraper.citations.issuers import local_default, of_code, of_words, province_in
from scraper.citations.relations import relation_before
from scraper.model import Context, Mention

if TYPE_CHECKING:
    from scraper.citations.find import Found

_YEAR_IN_NUMBER = re.compile(r"[/](?P<year>(?:19|20)\d{2})(?=/|-|$)")
_SHORT_YEAR = re.compile(r"^\d{1,5}[A-Z]?/((?:19|20)\d{2})$")
_STANDARD_YEAR = re.compile(r"[:/-]((?:19|20)\d{2})(?:/|$)")
_STANDARD_SHORT_YEAR = re.compile(r"TCN \d+[:-](\d{2})$")
_NAME_YEAR = re.compile(r"(?:năm\s+)?((?:19|20)\d{2})\)?$")
_BRACKET_YEAR = re.compile(r"^\s*\(\s*(?:năm\s+)?((?:19|20)\d{2})\s*\)")
_YEAR_BEHIND = re.compile(r"^\s+năm\s+((?:19|20)\d{2})(?![\d/])")
_DATE_BEHIND = re.compile(
    rf"^\s*(?:,\s*|\(\s*)?(?:được\s+)?(?:ký\s+)?(?:ban hành\s+)?(?:thông qua\s+)?(?:(?:ngày|ra ngày|đề ngày|từ ngày)\s*:?\s*)?(?P<date>{DATE})",
    re.IGNORECASE,
)
_OF_ISSUER = re.compile(r"^\s*(?:,\s*)?của\s+(?P<words>[^.;\n()]{2,160})")
_TITLE = re.compile(
    r"^\s*,?\s*(?:(?:về\s+việc|về|v/v)\s+(?P<about>[^.,;()\n]{3,220})|(?P<verb>quy định|phê duyệt|ban hành|hướng dẫn|sửa đổi|công bố)\s+(?P<what>[^.,;()\n]{3,220}))",
    re.IGNORECASE,
)
_PINPOINT = re.compile(
    r"((?:(?:[Đđ]iểm\s+[a-zđ]\d?|[Kk]hoản\s+\d+[a-z]?|[Đđ]iều\s+\d+[a-z]?|[Mm]ục\s+\w{1,4}|[Cc]hương\s+\w{1,5}|[Pp]hụ lục\s*\w{0,4})(?:\s*,?\s*(?:và\s+)?)){1,6})(?:của\s+|tại\s+|trong\s+)?(?:các\s+)?$"
)
_CLAUSE_VERB = re.compile(
    r"(?P<subject>[^.;:\n]{0,160}?)\s*(?:đã\s+|vừa\s+|vừa\s+mới\s+|mới\s+|cũng\s+|tiếp tục\s+|chính thức\s+|kịp thời\s+)*(?P<verb>ký ban hành|ban hành|ký|ra|có|phê duyệt|thông qua|công bố|gửi|trình)\s+(?:các\s+|một\s+|bản\s+|kèm\s+theo\s+)?$"
)
_DATE_BEFORE = re.compile(
    rf"(?:^|[.;:\n]\s*|\s)(?:[Nn]gày|[Ss]áng|[Cc]hiều|[Tt]ối|[Hh]ôm qua)\s*(?:ngày\s*)?\(?(?P<date>{DATE}|{DAY_MONTH})\)?\s*,?\s*$"
)


def read(text: str, found: Sequence[Found], context: Context) -> list[Mention]:
    """The found spans as mentions with the fields that the text states."""
    provinces = _provinces_named(text)
    mentions: list[Mention] = []
    for index, one in enumerate(found):
        limit = found[index + 1].start if index + 1 < len(found) else len(text)
        floor = found[index - 1].end if index else 0
        mentions.append(_read_one(text, one, floor, limit, context, provinces))
    _spread_over_lists(text, found, mentions, context, provinces)
    _resolve_short(mentions)
    return mentions


def _read_one(text: str, one: Found, floor: int, limit: int, context: Context, provinces: tuple[str, ...]) -> Mention:
    mention = Mention(
        start=one.start,
        end=one.end,
        text=text[one.start : one.end],
        kind=one.kind,
        doc_type=one.doc_type,
        number_raw=one.number_raw,
        number=one.number,
        flags=one.flags,
        pinpoint=_pinpoint(text, one.start),
        relation=relation_before(text, one.start),
    )
    if one.kind == "standard":
        return replace(mention, year=_standard_year(one.number or ""))
    behind = text[one.end : min(limit, one.end + 260)]
    stated, rest, words = _behind(behind)
    number_year = _number_year(one)
    if stated is None:
        stated = _date_before(text, one.start, floor)
    issued = stated.iso(number_year, context.published) if stated is not None else None
    year = number_year or _name_year(one, text, behind) or (int(issued[:4]) if issued else None) or _year_behind(behind)
    issuer, province = _issuer(text, one, words, floor, context, provinces)
    return replace(
        mention,
        year=year if year and 1945 <= year <= 2045 else None,
        issued_on=issued,
        issuer=issuer,
        province=province,
        title=_title(rest),
    )


def _number_year(one: Found) -> int | None:
    number = one.number or ""
    match = _YEAR_IN_NUMBER.search(number) or _SHORT_YEAR.match(number)
    if match is None or one.kind == "named":
        return None
    if number[: match.start()].strip("0123456789ABC."):
        return None
    return int(match[1])


def _standard_year(number: str) -> int | None:
    if match := _STANDARD_YEAR.search(number):
        return int(match[1])
    if match := _STANDARD_SHORT_YEAR.search(number):
        return 1900 + int(match[1]) if int(match[1]) > 40 else 2000 + int(match[1])
    return None


def _name_year(one: Found, text: str, behind: str) -> int | None:
    if one.kind == "named":
        if match := _NAME_YEAR.search(text[one.start : one.end]):
            return int(match[1])
        if match := _BRACKET_YEAR.match(behind):
            return int(match[1])
    return None


def _year_behind(behind: str) -> int | None:
    match = _YEAR_BEHIND.match(behind) or _BRACKET_YEAR.match(behind)
    return int(match[1]) if match else None


def _behind(behind: str) -> tuple[Stated | None, str, str | None]:
    """Date and issuer in either order behind a number: (date, what is left, words of the issuer)."""
    stated: Stated | None = None
    words: str | None = None
    rest = behind
    for _ in range(2):
        if stated is None and (match := _DATE_BEHIND.match(rest)) and (date := parse_date(match["date"])) is not None:
            stated = date
            rest = rest[match.end() :].removeprefix(")")
        if words is None and (match := _OF_ISSUER.match(rest)):
            words = match["words"]
            name = of_words(words)
            if name is None:
                break
            rest = rest[match.start("words") + name.length :]
    return stated, rest, words


def _date_before(text: str, start: int, floor: int) -> Stated | None:
    """The time of the clause whose verb issues the document: "Ngày 14/7/2009, UBND tỉnh ban hành Quyết định số ..."."""
    head = text[max(floor, start - 240) : start]
    clause = _CLAUSE_VERB.search(head)
    if clause is None:
        return None
    before = head[: clause.start("subject")] + clause["subject"]
    dates = list(re.finditer(rf"(?:[Nn]gày|[Ss]áng|[Cc]hiều|[Tt]ối)\s*(?:ngày\s*)?\(?(?P<date>{DATE}|{DAY_MONTH})\)?\s*,", before))
    if not dates:
        return None
    match = dates[-1]
    if re.search(r"[.;\n]\s", before[match.end() :]) or "cho biết" in before[match.end() :]:
        return None
    return parse_date(match["date"])


def _issuer(
    text: str, one: Found, words: str | None, floor: int, context: Context, provinces: tuple[str, ...]
) -> tuple[str | None, str | None]:
    data = grammar()
    codes = re.split(r"[/-]", one.number or "")[1:] if one.kind == "numbered" else []
    named = of_code(codes, one.doc_type, one.noun)
    if named is not None:
        return named, None
    kind = data.types.get(one.noun or one.doc_type)
    if one.kind != "numbered" and kind is not None and kind.issuer is not None:
        return kind.issuer, None
    if (
        one.doc_type in ("luật", "bộ luật", "hiến pháp", "nghị định")
        and kind is not None
        and kind.issuer
        and not (set(codes) & LOCAL_CODES)
    ):
        return kind.issuer, None
    found = of_words(words) if words else None
    if found is None:
        found = _subject(text, one.start, floor) or _inner(text, one)
    if found is not None:
        return _placed(found.name, found.province, codes, context, provinces)
    default = local_default(codes)
    return _placed(default, None, codes, context, provinces) if default else (None, None)


def _placed(name: str, province: str | None, codes: Sequence[str], context: Context, provinces: tuple[str, ...]) -> tuple[str, str | None]:
    """A local issuer with its province, where the words or the site give one."""
    if province is None:
        province = province_in(name)
    local = name.startswith(
        ("Ủy ban nhân dân", "Hội đồng nhân dân", "Tỉnh ủy", "Thành ủy", "Sở ", "Ban Thường vụ Tỉnh ủy", "Ban Thường vụ Thành ủy")
    )
    if not local or province is not None:
        return name, province
    if re.search(r"(?:huyện|quận|thị xã|phường|xã|thị trấn)\s", name):
        return name, context.province or (provinces[0] if len(provinces) == 1 else None)
    only = context.province or (provinces[0] if len(provinces) == 1 and re.search(r"(?:tỉnh|thành phố)$", name) else None)
    if only is None:
        return name, None
    level = grammar().province_kinds.get(only, "tỉnh")
    bare = re.sub(r"\s+(?:tỉnh|thành phố)$", "", name)
    if bare in ("Tỉnh ủy", "Thành ủy"):
        return f"{'Thành ủy' if level == 'thành phố' else 'Tỉnh ủy'} {only}", only
    if bare.startswith("Sở "):
        return f"{bare} {only}", only
    return f"{bare} {level} {only}", only


def _subject(text: str, start: int, floor: int):  # type: ignore[no-untyped-def]
    """The subject of the verb that issues: "UBND tỉnh Nghệ An vừa ban hành"."""
    clause = _CLAUSE_VERB.search(text[max(floor, start - 240) : start])
    if clause is None:
        return None
    subject = re.split(r"[,;]\s+(?=[A-ZĐỦ])|\n", clause["subject"])[-1]
    return of_words(subject, whole=False, last=True)


def _inner(text: str, one: Found):  # type: ignore[no-untyped-def]
    """An issuer between the noun and the number: "Chỉ thị của Bộ Thông tin và Truyền thông số 07/2008/CT-BTTTT"."""
    match = re.search(r"\bcủa\s+(.{3,100}?)\s+số\b", text[one.start : one.end])
    return of_words(match[1]) if match else None


def _title(rest: str) -> str | None:
    match = _TITLE.match(rest)
    if match is None:
        return None
    if match["about"]:
        return match["about"].strip()
    return f"{match['verb']} {match['what']}".strip()


def _pinpoint(text: str, start: int) -> str | None:
    match = _PINPOINT.search(text[max(0, start - 120) : start])
    return match[1].strip(" ,") if match else None


def _provinces_named(text: str) -> tuple[str, ...]:
    """The provinces that a text names after "tỉnh", "thành phố" or TP, each once."""
    found: dict[str, None] = {}
    for match in re.finditer(r"(?:[Tt]ỉnh|[Tt]hành phố|TP\.?)\s+((?:[A-ZĐ][\wà-ỹ]*\s?(?:-\s)?){1,5})", text):
        province = province_in(match[1])
        if province:
            found[province] = None
    return tuple(found)


def _spread_over_lists(text: str, found: Sequence[Found], mentions: list[Mention], context: Context, provinces: tuple[str, ...]) -> None:
    """The issuer named behind the last member of a list holds for all its members; "cùng ngày" repeats a date."""
    last = len(found) - 1
    while last >= 0:
        first = last
        while first > 0 and found[first].member:
            first -= 1
        if first < last:
            issuer, province = mentions[last].issuer, mentions[last].province
            for index in range(first, last):
                codes = re.split(r"[/-]", found[index].number or "")[1:]
                if (
                    issuer
                    and of_code(codes, found[index].doc_type, found[index].noun) is None
                    and not _own_words(text, found[index], found[index + 1].start)
                ):
                    mentions[index] = replace(mentions[index], issuer=issuer, province=province)
        last = first - 1
    for index in range(1, len(mentions)):
        if (
            re.match(r"^\s*,?\s*(?:ban hành\s+)?cùng ngày", text[mentions[index].end : mentions[index].end + 30])
            and mentions[index - 1].issued_on
        ):
            mentions[index] = replace(
                mentions[index], issued_on=mentions[index - 1].issued_on, year=mentions[index].year or mentions[index - 1].year
            )


def _own_words(text: str, one: Found, limit: int) -> bool:
    return "của " in text[one.end : limit]


def _resolve_short(mentions: list[Mention]) -> None:
    """A short mention whose full number stands in the text: same type, same first figure, and exactly one such."""
    for index, mention in enumerate(mentions):
        if mention.kind != "short" or not mention.number:
            continue
        figure, _, year = mention.number.partition("/")
        full = {
            other.number
            for other in mentions
            if other.kind == "numbered"
            and other.number
            and other.doc_type == mention.doc_type
            and _first_figure(other.number) == figure.lstrip("0")
            and (not year or f"/{year}/" in other.number)
        }
        if len(full) == 1:
            mentions[index] = replace(mention, resolved=full.pop())


def _first_figure(number: str) -> str:
    return re.split(r"[/-]", number)[0].lstrip("0")
