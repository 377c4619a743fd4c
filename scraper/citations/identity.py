"""Identity: when two citations name the same document.

A central document is type, number and year. A local one (UBND, HĐND, provincial Party committee, department) needs its
place too, since 1727/QĐ-UBND exists in every province, district and commune in every year. Party numbers begin anew
each term, so they need their year as well. A law's number is unique for laws, and apart from those of resolutions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from scraper.citations.grammar import grammar
from scraper.model import Context, Mention, Unit
from scraper.reference import units
from scraper.text import fold

_YEAR_PART = re.compile(r"^(?:19|20)\d{2}$")
# The body of a district or a commune inside an issuer's name.
_LOWER = re.compile(
    r"(?<!\w)(?<!tấn )(?:(?P<level>huyện|quận|thị xã|xã|phường|thị trấn|đặc khu|thành phố)\s+|(?P<party>Huyện ủy|Quận ủy|Thị ủy|Thành ủy|Đảng ủy xã|Đảng ủy phường)\s+)"
    r"(?P<name>[^,;]+)"
)


@dataclass(frozen=True, slots=True)
class DocumentKey:
    """What makes a document one. `year` and `place` are None where the family of the number needs none.

    `place`: the id of a unit, "/" and the folded name of a district, commune or office where it is one of those.
    """

    doc_type: str
    number: str  # folded: separators alike, no leading zeros
    year: int | None
    place: str | None

    def __str__(self) -> str:
        return "|".join([self.doc_type, self.number, str(self.year or ""), self.place or ""])

    @property
    def unit(self) -> str | None:
        """The id of the unit of its place."""
        return self.place.partition("/")[0] or None if self.place else None


# A resolution asks for the parts of a number many times, and few numbers make up most citations.
_remembered = lru_cache(maxsize=8192)


@_remembered
def fold_number(number: str) -> str:
    """A canonical number with separators and leading zeros folded: 52-NQ/TW and 52/NQ-TW are one. A lost separator is put back.

    >>> fold_number("07/2008/CT-BTTTT"), fold_number("QCVN 02:2009/BYT"), fold_number("06/2016NĐ-CP"), fold_number("55/2011/NĐ_CP")
    ('7/2008/CT/BTTTT', 'QCVN/2/2009/BYT', '6/2016/NĐ/CP', '55/2011/NĐ/CP')
    """
    lost = _LOST_SEPARATOR.match(number)
    whole = f"{number[: lost.end()]}/{number[lost.end() :]}" if lost else number
    parts = [part.lstrip("0") or "0" for part in _SEPARATORS.split(whole) if part]
    return "/".join([_glued_codes().get(part, part) for part in parts])


@cache
def _glued_codes() -> dict[str, str]:
    """The code of a type and that of a body with no separator between, as after a lost blank: "NĐCP", "TTBTTTT", "QĐUBND".

    Only bodies whose code cannot be a part of a word: a ministry (B...), the Government and its head, committees and councils.
    """
    data = grammar()
    bodies = [code for code in data.issuers if code.startswith("B") and len(code) > 2 and code.isalpha()]
    glued = {f"{kind}{body}": f"{kind}/{body}" for kind in data.codes if len(kind) > 1 for body in ("CP", "TTG", "UBND", "HĐND", *bodies)}
    return {code: parts for code, parts in glued.items() if code not in data.known_codes}


_SEPARATORS = re.compile(r"[\s/\-.:_]+")


# 06/2016NĐ-CP, 24/2008QH12; and 1727QĐ-UBND, by the codes of types alone, since a figure can have a letter (36a, 141-B).
_LOST_SEPARATOR = re.compile(
    r"\d+(?:/(?:19|20)\d\d(?=[A-ZĐ])|(?=(?:{})[-/_]))".format(
        "|".join(sorted((code for code in grammar().codes if len(code) > 1), key=len, reverse=True))
    )
)


@_remembered
def year_in_number(number: str) -> int | None:
    """The year that stands in a number, or None."""
    parts = fold_number(number).split("/")
    return next((int(part) for part in parts[1:] if _YEAR_PART.match(part)), None)


def codes_of(number: str) -> list[str]:
    """The letters of a number, in order."""
    return [part for part in fold_number(number).split("/")[1:] if not part.isdigit()]


def issuing_code(number: str) -> str | None:
    """The code of the body that issued: the first that is no type's. What follows names the unit that drafted."""
    codes = codes_of(number)
    bodies = codes[1:] if codes and codes[0] in grammar().codes else codes
    return bodies[0] if bodies else None


@_remembered
def is_local(number: str) -> bool:
    """Whether a number is one of a series that each province, district or office has."""
    code = issuing_code(number)
    # Committees of a provincial Party committee end like it: BTGTU, VPTU.
    return code is not None and (code in grammar().local_codes or _is_office(code) or (code.endswith("TU") and len(code) > 2))


def _is_office(code: str) -> bool:
    return code in grammar().office_codes or code.startswith(("BCĐ", "BQL"))


def key_type(mention: Mention) -> str:
    """The type that a document's key has: the code's where noun and code disagree, since nouns slip more often."""
    if "noun-and-code-disagree" in mention.flags and mention.number:
        data = grammar()
        for code in codes_of(mention.number):
            if code in data.codes:
                return data.codes[code]
    return "luật" if mention.doc_type == "bộ luật" and mention.number else mention.doc_type


# --- places ---------------------------------------------------------------------------------------


def places_of(mention: Mention, context: Context) -> tuple[str, ...]:
    """The places that a local number can be of: one where the text or the site says enough, several where provinces of
    that time share the name or were merged, none where nothing says it."""
    lower = _lower(mention.issuer)
    if "province-of-site" in mention.flags or mention.province is None:
        found = _of_site(context, mention)
    else:
        found = [unit for unit in _provinces_called(mention.province) if _was(unit, mention, context)]
    code = issuing_code(mention.number or "") or ""
    if _is_office(code):
        # An office of any level: without its name the number is nobody's.
        if mention.issuer is None:
            return ()
        return tuple(f"{unit.id}/{_office(mention.issuer, unit)}" for unit in found) or (f"/{fold(mention.issuer)}",)
    if lower is not None or code in ("HU", "QU", "ĐU", "PGDĐT", "PGD"):
        return tuple(f"{unit.id}/{lower}" for unit in found) if lower is not None else ()
    return tuple(unit.id for unit in found)


def _office(issuer: str, unit: Unit) -> str:
    """The folded name of an office without its province, which people write or leave out."""
    return re.sub(rf"\s+(?:(?:tinh|thanh pho)\s+)?{re.escape(fold(unit.name))}$", "", fold(issuer))


def _lower(issuer: str | None) -> str | None:
    """The folded name of the district or commune whose body an issuer is, or None for one of a province."""
    match = _LOWER.search(issuer or "")
    city = match is not None and (match["level"] == "thành phố" or match["party"] == "Thành ủy")
    if match is None or (city and fold(match["name"]) in grammar().provinces):
        return None
    return fold(f"{match['level'] or match['party']} {match['name']}".strip())


@cache
def _provinces() -> tuple[Unit, ...]:
    return tuple(unit for unit in units().values() if unit.kind in ("province", "city"))


@cache
def _provinces_called(name: str | None) -> tuple[Unit, ...]:
    return tuple(unit for unit in _provinces() if unit.name == name)


@cache
def _merged_into(successor: str) -> tuple[Unit, ...]:
    return tuple(unit for unit in _provinces() if successor in unit.successors)


def _of_site(context: Context, mention: Mention) -> list[Unit]:
    """The province of the site at the time of the document: the site's own unit, else those that it took over."""
    unit = units().get(context.unit or "")
    if unit is None or unit.kind not in ("province", "city"):
        return [one for one in _provinces_called(context.province) if _was(one, mention, context)]
    if _was(unit, mention, context):
        return [unit]
    return [one for one in _merged_into(unit.id) if _was(one, mention, context)]


def _was(unit: Unit, mention: Mention, context: Context) -> bool:
    """Whether a unit existed when the document was issued, as far as the citation tells, and before it was cited."""
    first, last = _period(mention)
    began, ended = unit.valid_from or date.min, unit.valid_to or date.max
    if context.published is not None:
        last = min(last, context.published)
    return began <= last and first <= ended


def _period(mention: Mention) -> tuple[date, date]:
    """The first and the last day on which the document can have been issued, by its date or its year."""
    stated = mention.issued_on
    if stated is not None and len(stated) == 10:
        day = date.fromisoformat(stated)
        return day, day
    year = (year_in_number(mention.number) if mention.number else None) or mention.year
    return (date(year, 1, 1), date(year, 12, 31)) if year else (date.min, date.max)


# --- keys -----------------------------------------------------------------------------------------


def document_keys(mention: Mention, context: Context) -> tuple[DocumentKey, ...]:
    """The keys that a numbered citation or a standard can have: one where the text says enough, none where too little."""
    local = mention.kind == "numbered" and mention.number is not None and is_local(mention.number)
    return keys_in(mention, places_of(mention, context) if local else (None,))


def keys_in(mention: Mention, places: Sequence[str | None]) -> tuple[DocumentKey, ...]:
    """The same, with the places that `places_of` returned; (None,) for a number that is not local."""
    if mention.number is None or mention.kind not in ("numbered", "standard"):
        return ()
    folded = fold_number(mention.number)
    if mention.kind == "standard":
        return (DocumentKey(mention.doc_type, re.sub(r"^TCVN/(?=ISO|IEC)", "", folded), None, None),)
    in_number = year_in_number(mention.number)
    if in_number is None and mention.year is None:
        return ()
    return tuple(DocumentKey(key_type(mention), folded, None if in_number else mention.year, place) for place in places)
