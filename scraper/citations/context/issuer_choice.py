"""Decides which body issued the cited document, and in which province: by code, by noun, by the words around it, by the site."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache, cached_property

from scraper.citations.context.issuing_clause import ISSUING_VERB
from scraper.citations.forms.cited_span import CitedSpan
from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.loader import grammar
from scraper.citations.grammar.patterns import JOINT_MARK, SMALL
from scraper.citations.grammar.word_groups import either, words_of
from scraper.citations.issuers.issuer import Issuer
from scraper.citations.issuers.issuer_codes import initials, issuer_of_code, local_default, whole_issuer
from scraper.citations.issuers.issuer_patterns import BELOW, CAPITAL, NO_PLACE, OF_PROVINCE, PROPER
from scraper.citations.issuers.issuers_in_phrase import issuer_in_capitals, issuers_of
from scraper.citations.issuers.local_issuers import is_person
from scraper.citations.issuers.provinces import province_in, province_kind
from scraper.model import Context


class IssuerPlaces:
    """The provinces that a text names, and the province of the site."""

    def __init__(self, text: str, context: Context) -> None:
        self._text = text
        self._context = context
        self._named: tuple[str, ...] | None = None
        self.departments: dict[str, tuple[Issuer, ...]] = {}  # those that `far_issuers` found, by name

    @property
    def site(self) -> str | None:
        """Returns the province of the site, or None."""
        return self._context.province

    @property
    def on(self) -> date | None:
        """Returns the day of publication, or None if it is unknown."""
        return self._context.published

    @property
    def only(self) -> str | None:
        """Returns the only province that "tỉnh" without a name can mean: that of the site, otherwise the only one in the text. Returns
        None if there are several.
        """
        if self.site is not None:
            return self.site
        if self._named is None:
            self._named = _provinces_named(self._text)
        return self._named[0] if len(self._named) == 1 else None

    @cached_property
    def city(self) -> str | None:
        """Returns the only city that "thành phố" without a name can mean, if it is one of a province. Returns None if the text names several,
        or the city that is itself a province.
        """
        cities = {match[1] for match in _CITY_NAMED.finditer(self._text) if not is_person(match[1], 3)}
        return cities.pop() if len(cities) == 1 and not any(name.startswith("HCM") or province_in(name) for name in cities) else None


_CITY_NAMED = late_pattern(rf"(?:[Tt]hành phố\s{{1,2}}|T[Pp](?:\.\s?|\s)){NO_PLACE}({PROPER})")
_PROVINCE_NAMED = late_pattern(
    r"(?:[Tt]ỉnh|[Tt]hành phố|TP\.?|(?:UBND|HĐND|Sở|(?:Tỉnh|Thành) (?:ủy|uỷ|đoàn))(?:\s?TP\.?)?)\s{0,2}((?:[A-ZĐ][\wà-ỹ]*\s?(?:[-–]\s)?){1,5})"
)


def _provinces_named(text: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for match in _PROVINCE_NAMED.finditer(text):
        province = "Hồ Chí Minh" if match[1].split()[0] == "HCM" else province_in(match[1])
        if province:
            found[province] = None
    return tuple(found)


def issuer_of(text: str, one: CitedSpan, bodies: Sequence[Issuer], places: IssuerPlaces) -> tuple[str | None, str | None]:
    """Returns the issuer and, if it is a local one, its province; None for what is unknown.
    The sources in order: the code, the noun, the words around the citation, the default of a local code.
    """
    codes = one.codes
    kind = grammar().types.get(one.doc_type)
    only = kind.issuer if kind is not None else None
    if one.doc_type.endswith("liên tịch") and len(bodies) > 1:
        return "; ".join(dict.fromkeys(body.name for body in bodies)), None
    if (by_code := issuer_of_code(codes, one.doc_type)) is not None and not _has_the_code(bodies, codes):
        # "Ban Chỉ đạo Trung ương về hoàn thiện thể chế": the words name it in full.
        return next((body.name for body in bodies if body.name.startswith(f"{by_code} về ")), by_code), None
    if only is not None and not grammar().local_codes & set(codes):
        return only, None
    bodies = [_of_committee(body, codes) for body in _issuing(_inner(text, one) or bodies, one)]
    if bodies:
        return _names_of(bodies, places)
    default = local_default(codes)
    return _by_default(default, text, one, places) if default is not None else (_abbreviated_issuer(text, one), None)


_NO_PLACE = late_pattern(r"(?:Sở|Công an|Tòa án nhân dân|Viện kiểm sát nhân dân|Thanh tra tỉnh|Cục Thi hành án dân sự)(?!\w)")


def _names_of(bodies: Sequence[Issuer], places: IssuerPlaces) -> tuple[str, str | None]:
    """Returns the names of bodies, separated by "; ", and the first province that one of them has."""
    placed = [_placed(body, places) for body in bodies]
    if len(placed) > 1 and placed[-1][1] is not None:
        placed = _in_one_place(bodies, placed)
    names = list(dict.fromkeys(name for name, _ in placed))
    return "; ".join(names), next((province for _, province in placed if province), None)


def _in_one_place(bodies: Sequence[Issuer], placed: Sequence[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
    """Returns the names and provinces of bodies that issued a document together, each with the place that only the last one has: "của Sở Y tế và Sở
    Tài chính tỉnh Bắc Giang".
    """
    last, province = placed[-1]
    at = last.rfind(f" tỉnh {province}")
    place = last[at if at >= 0 else last.rfind(f" {province}") :] if last.endswith(f" {province}") else ""
    return [
        (f"{name}{place}", province)
        if place and of is None and body.local and not _is_below(body) and _NO_PLACE.match(name) and not name.endswith((" tỉnh", " phố"))
        else (name, of)
        for body, (name, of) in zip(bodies, placed, strict=True)
    ]


def is_without_place(issuer: str) -> bool:
    """Returns whether a name is only what a local code means, without a place: "Ủy ban nhân dân"."""
    return issuer in _defaults()


@cache
def _defaults() -> frozenset[str]:
    return frozenset(grammar().bodies["defaults"].values())


_ACRONYM = late_pattern(r"[A-ZĐ]{3,9}")


def _abbreviated_issuer(text: str, one: CitedSpan) -> str | None:
    """Returns the abbreviation of the body in the number if the words beside it say that this body issued it: "VEC có văn bản số 12/VEC-BC",
    "Công văn số 12/VEC-BC của VEC". Returns None otherwise.
    """
    before, after = text[max(0, one.start - 60) : one.start], text[one.end : one.end + 60]
    for code in one.codes:
        if _ACRONYM.fullmatch(code) is None or code in grammar().codes:
            continue
        if f" của {code} " in f"{after} " or (code in before.split() and ISSUING_VERB.search(before) is not None):
            return code
    return None


def _by_default(default: str, text: str, one: CitedSpan, places: IssuerPlaces) -> tuple[str | None, str | None]:
    """Returns the body that a local code names, with the only province in the title of the document, otherwise with that of the site."""
    central = default == "Trung ương Đảng"
    if central and one.doc_type == "công điện":
        return None, None  # a steering committee of the State; the Party sends no telegrams
    if not central and places.site is None:
        title = _own_title(text, one)
        named = _provinces_named(title)
        if len(named) == 1:
            level = "tỉnh" if re.search(r"(?<!\w)tỉnh\s", title) else province_kind(named[0], places.on)
            return f"{default} {level} {named[0]}" if default.endswith("nhân dân") else f"{default} {named[0]}", named[0]
    return _placed(Issuer(default, 0, 0, local=not central), places)


_ORGANISERS = late_pattern(r"Ban [Tt]ổ chức (?!Trung ương|Cán bộ|- Cán bộ)")
_ITS_PLACE = late_pattern(rf"\s(?:(?:Tỉnh|Thành|Huyện|Quận|Thị|Đảng) (?:ủy|uỷ)|{OF_PROVINCE}|{BELOW})(?:\s(?={CAPITAL})|$)")


def _has_the_code(bodies: Sequence[Issuer], codes: Sequence[str]) -> bool:
    """Returns whether the words name a body of a place that has the initials of a central body: BTC is "Ban Tổ chức Huyện ủy", too, TCT
    "Trường Chính trị tỉnh", and LĐTBXH "Sở Lao động - Thương binh và Xã hội".
    """
    if not bodies:
        return False
    name = bodies[-1].name
    if _ORGANISERS.match(name) is not None and "BTC" in codes:
        return True  # "Thông báo số 4/TB-BTC của Ban tổ chức lễ tang"
    place = _ITS_PLACE.search(name)
    own = name[: place.start()] if place is not None else name
    if own.startswith(("Sở ", "Phòng ")):
        return initials(own.partition(" ")[2]) in codes
    return place is not None and initials(own) in codes


def _issuing(bodies: Sequence[Issuer], one: CitedSpan) -> Sequence[Issuer]:
    """Returns the bodies that fit the codes of the number. Partial bodies are completed."""
    if len(bodies) < 2 and not any(body.partial for body in bodies):
        return bodies
    whole = [body for body in (whole_issuer(body, one.codes) if body.partial else body for body in bodies) if body is not None]
    if len(whole) > 1 and not any(JOINT_MARK.match(code) for code in one.codes):
        fitting = [body for body in whole if initials(body.name.split(" tỉnh ")[0]) in one.codes]
        if len(fitting) == 1:
            return fitting
    return whole


_OFFICE_OF_COMMITTEE = (
    "Văn phòng Ủy ban nhân dân",
    "Văn phòng Hội đồng nhân dân",
    "Văn phòng Đoàn ĐBQH",
    "Văn phòng Đoàn đại biểu Quốc hội",
)
_COMMITTEES = frozenset(("UBND", "UB", "HĐND"))


def _of_committee(body: Issuer, codes: Sequence[str]) -> Issuer:
    """Returns the committee whose office signs a document with the code of the committee: "Chánh Văn phòng UBND tỉnh ký Công văn số
    123/UBND-VX". Returns another body as it is.
    """
    if body.name.startswith(_OFFICE_OF_COMMITTEE) and not _COMMITTEES.isdisjoint(codes):
        return replace(body, name=f"{local_default(codes)}{body.name.rpartition('nhân dân')[2]}")
    return body


_TITLE = late_pattern(
    r"\s{1,3}(?:năm \d{4} )?(?:về|quy định|phê duyệt|ban hành|công bố|bổ sung|sửa đổi|bãi bỏ|thành lập|giao|điều chỉnh)(?!\w)[^\n;]{0,300}"
)


def _own_title(text: str, one: CitedSpan) -> str:
    """Returns the title directly after a number, up to the end of its line. The places in it are those of the document."""
    match = _TITLE.match(text, one.end)
    return match[0].split(". ")[0] if match else ""


_INNER_CAPITALS = late_pattern(r"(?<!\w)CỦA\s{1,4}(?P<body>[^\d.;:()]{3,90}?)\s{1,4}SỐ(?!\w)")


def _inner(text: str, one: CitedSpan) -> tuple[Issuer, ...]:
    """Returns an issuer between noun and number: "Chỉ thị của Bộ Thông tin và Truyền thông số 07/2008/CT-BTTTT"."""
    if text.find("của", one.start, one.end) < 0:
        capitals = _INNER_CAPITALS.search(text, one.start, one.end)
        issuer = issuer_in_capitals(" ".join(capitals["body"].split())) if capitals is not None else None
        return (issuer,) if issuer is not None else ()
    match = re.search(r"(?<!\w)của\s{1,4}(?=\S)", text[one.start : one.end])
    return issuers_of(text[one.start + match.end() : one.end]) if match else ()


_LEVELS_BELOW = words_of("bodies", "levels.below")
_PARTY_BELOW = ("Huyện ủy", "Quận ủy", "Thị ủy")
# A body of a district or a commune inside the name of another body: "Ban Tuyên giáo Huyện ủy Quỳ Hợp".
_BELOW = late_pattern(rf"(?:(?<!\w)(?:{either(_LEVELS_BELOW)})|{either(_PARTY_BELOW)})\s(?=[^\W\d_])(?![^\W\d_A-ZÀ-ỸĐ])")
# The same, also without its name; but not the "xã" of "Bảo hiểm xã hội".
_LEVEL_BELOW = late_pattern(rf"(?<!\w)(?:{either((*_LEVELS_BELOW, *_PARTY_BELOW))})(?!\w|\s[{SMALL}])")
# Bodies with the name of their province at the end.
_WITH_PROVINCE = ("Sở ", "Công an", "Thanh tra Sở ", "Văn phòng Sở ", "Đảng ủy Sở ", "Chi bộ Sở ")


def _is_below(body: Issuer) -> bool:
    """Returns whether a body is one of a district, of a commune, or of a city of a province ("Thành ủy Vinh")."""
    name = body.name
    if _LEVEL_BELOW.search(name) is not None or name.startswith((*_PARTY_BELOW, "Phòng ")):
        return True
    if name.startswith("Thành ủy ") or " thành phố " in name:
        return body.province is None
    return name.startswith("Đảng ủy") and not name.startswith("Đảng ủy Sở ") and not name.endswith((" tỉnh", " thành phố"))


def _placed(body: Issuer, places: IssuerPlaces) -> tuple[str, str | None]:
    """Returns the name of a body and its province. "tỉnh" without a name becomes the only province that can be meant."""
    name = body.name
    if not body.local and not name.startswith(("Đảng ủy Sở ", "Chi bộ Sở ")):
        return name, body.province or (places.only if _BELOW.search(name) else None)
    if body.province is not None:
        return name, body.province
    if _is_below(body):
        return name, places.only
    if name.endswith(" thành phố") and (places.site is None or province_kind(places.site, places.on) == "tỉnh") and (city := places.city):
        return f"{name} {city}", places.only
    complete = name.endswith((" tỉnh", " thành phố", "Tỉnh ủy", "Thành ủy"))
    only = places.only if places.site is not None or complete else None
    return _with_province(body, only, province_kind(only, places.on)) if only is not None else (name, None)


def _with_province(body: Issuer, only: str, level: str) -> tuple[str, str]:
    """Returns the name of a body of a province, with the name of the province. `level`: "tỉnh" or "thành phố"."""
    name = body.name
    if name.endswith(" thành phố") and level == "tỉnh":
        return name, only  # a city in this province, not the province itself
    bare = re.sub(r"\s+(?:tỉnh|thành phố)$", "", name)
    if bare == "Tỉnh ủy" and not body.end:  # only the code TU says so
        return f"{'Thành ủy' if level == 'thành phố' else 'Tỉnh ủy'} {only}", only
    if bare.endswith(("Tỉnh ủy", "Thành ủy")):
        return f"{bare} {only}", only
    if bare.endswith("nhân dân"):
        return f"{bare} {level} {only}", only
    if bare.startswith(_WITH_PROVINCE) and province_in(name) is None:
        return f"{bare} {only}", only
    return (f"{name} {only}", only) if name.endswith((" tỉnh", " thành phố")) else (name, only)
