"""Identity: when two citations name the same document.
A central document is identified by type, number and year. A local one (UBND, HĐND, provincial Party committee, department) also needs its
place, because 1727/QĐ-UBND exists in every province, district and commune in every year. Party numbers begin again each term, so they also
need their year. The number of a law is unique among laws, but a resolution can have the same one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.loader import grammar
from scraper.citations.grammar.word_groups import either, words_of
from scraper.model import Context, Mention, Unit
from scraper.reference import units
from scraper.text import fold

_YEAR_PART = late_pattern(r"^(?:19|20)\d{2}$")
# The body of a district or a commune inside the name of an issuer.
_LOWER = late_pattern(
    rf"(?<!\w)(?<!tấn )(?:(?P<level>{either(words_of('bodies', 'levels.below'), blank=' ')}|thành phố)\s+|(?P<party>Huyện ủy|Quận ủy|Thị ủy|Thành ủy|Đảng ủy xã|Đảng ủy phường)\s+)"
    r"(?P<name>[^,;]+)"
)


@dataclass(frozen=True, slots=True)
class DocumentKey:
    """What identifies a document. `year` and `place` are None if this kind of number does not need them.
    `place`: the id of a unit. For a district, a commune or an office, "/" and its folded name follow.
    """

    doc_type: str
    number: str  # folded: one kind of separator, no leading zeros
    year: int | None
    place: str | None

    def __str__(self) -> str:
        return "|".join([self.doc_type, self.number, str(self.year or ""), self.place or ""])

    @property
    def unit(self) -> str | None:
        """Returns the id of the unit of its place, or None."""
        return self.place.partition("/")[0] or None if self.place else None


# Resolving needs the parts of a number many times, and few numbers occur in most citations.
_remembered = lru_cache(maxsize=8192)


@_remembered
def fold_number(number: str) -> str:
    """Returns a canonical number with separators and leading zeros folded: 52-NQ/TW and 52/NQ-TW are equal. A lost separator is restored.
    >>> fold_number("07/2008/CT-BTTTT"), fold_number("QCVN 02:2009/BYT"), fold_number("06/2016NĐ-CP"), fold_number("55/2011/NĐ_CP")
    ('7/2008/CT/BTTTT', 'QCVN/2/2009/BYT', '6/2016/NĐ/CP', '55/2011/NĐ/CP')
    """
    lost = _LOST_SEPARATOR.match(number)
    whole = f"{number[: lost.end()]}/{number[lost.end() :]}" if lost else number
    parts = [part.lstrip("0") or "0" for part in _SEPARATORS.split(whole) if part]
    if _MISREAD.fullmatch("/".join(parts[:2])) is not None:
        parts[:2] = [part.translate(_AS_DIGITS) for part in parts[:2]]
    elif parts and _MISREAD.fullmatch(parts[0]) is not None:
        parts[0] = parts[0].translate(_AS_DIGITS)
    if len(parts) == 1 and (apart := _BLANKS_ONLY.fullmatch(parts[0])) is not None and apart["codes"] in glued_codes():
        parts = [apart["serial"], apart["codes"]]
    return "/".join([glued_codes().get(part, part) for part in parts])


_BLANKS_ONLY = late_pattern(r"(?P<serial>\d+)(?P<codes>[A-ZĐ]{4,12})")  # "123QĐUBND": blanks separated the codes


# Letters that were typed or read instead of digits: "L2/QĐ-UBND" (l2), "1O/2020/NĐ-CP", "10/2O20/NĐ-CP".
_MISREAD = late_pattern(r"(?=[LIO]*\d)(?=\d*[LIO]|\d+/[12]\d*O)[\dLIO]{1,5}(?:/[12][\dO]{3})?")
_AS_DIGITS = str.maketrans("LIO", "110")


@cache
def glued_codes() -> dict[str, str]:
    """Returns the joined codes of a type and a body without a separator, as after a lost blank: "NĐCP", "TTBTTTT", "QĐUBND".
    Only bodies are included whose code cannot be part of a word: a ministry (B...), the Government and its head, committees and councils.
    """
    data = grammar()
    bodies = [code for code in data.issuers if code.startswith("B") and len(code) > 2 and code.isalpha()]
    glued = {f"{kind}{body}": f"{kind}/{body}" for kind in data.codes if len(kind) > 1 for body in ("CP", "TTG", "UBND", "HĐND", *bodies)}
    return {code: parts for code, parts in glued.items() if code not in data.known_codes}


_SEPARATORS = late_pattern(r"[\s/\-.:_]+")


# 06/2016NĐ-CP, 24/2008QH12; and 1727QĐ-UBND, but only before the code of a type, because a serial can have a letter (36a, 141-B).
_LOST_SEPARATOR = late_pattern(
    r"\d+(?:/(?:19|20)\d\d(?=[A-ZĐ])|(?=(?:{})[-/_])|(?=(?:CP|TTG|HĐBT)$))".format(
        "|".join(sorted((code for code in grammar().codes if len(code) > 1), key=len, reverse=True))
    )
)


@_remembered
def year_in_number(number: str) -> int | None:
    """Returns the year in a number, or None."""
    parts = fold_number(number).split("/")
    return next((int(part) for part in parts[1:] if _YEAR_PART.match(part)), None)


def first_serial(number: str) -> str:
    """Returns the first serial of a number: "7" of "07/2008/CT-BTTTT", "36A" of "36A"."""
    return fold_number(number).split("/")[0]


def codes_of(number: str) -> list[str]:
    """Returns the parts of a number that have letters, in order."""
    return [part for part in fold_number(number).split("/")[1:] if not part.isdigit()]


def issuing_code(number: str) -> str | None:
    """Returns the code of the body that issued: the first code that is not that of a type. What follows names the unit that drafted.
    Returns None if there is none.
    """
    codes = codes_of(number)
    bodies = codes[1:] if codes and codes[0] in grammar().codes else codes
    return bodies[0] if bodies else None


@_remembered
def is_local(number: str) -> bool:
    """Returns whether a number belongs to a series that each province, district or office has."""
    code = issuing_code(number)
    # The committees under a provincial Party committee have codes that end with TU: BTGTU, VPTU.
    return code is not None and (code in grammar().local_codes or _is_office(code) or (code.endswith("TU") and len(code) > 2))


def _is_office(code: str) -> bool:
    return code in grammar().office_codes or code.startswith(("BCĐ", "BQL"))


def key_type(mention: Mention) -> str:
    """Returns the type for the key of a document. If noun and code disagree, the code decides, because writers mistake the noun more
    often.
    """
    if "noun-and-code-disagree" in mention.flags and mention.number:
        data = grammar()
        for code in codes_of(mention.number):
            if code in data.codes:
                return data.codes[code]
    return "luật" if mention.doc_type == "bộ luật" and mention.number else mention.doc_type


# --- places ---------------------------------------------------------------------------------------


def places_of(mention: Mention, context: Context) -> tuple[str, ...]:
    """Returns the places that a local number can have: one if the text or the site states enough, several if provinces of that time
    share the name or were merged, none if nothing states it.
    """
    lower = _lower(mention.issuer)
    if "province-of-site" in mention.flags or mention.province is None:
        found = _of_site(context, mention)
    else:
        found = [unit for unit in _provinces_called(mention.province) if _was(unit, mention, context)]
    code = issuing_code(mention.number or "") or ""
    if _is_office(code):
        # An office can be of any level. Without its name the number identifies nothing.
        if mention.issuer is None:
            return ()
        return tuple(f"{unit.id}/{_office(mention.issuer, unit)}" for unit in found) or (f"/{fold(mention.issuer)}",)
    if lower is not None or code in ("HU", "QU", "ĐU", "PGDĐT", "PGD"):
        return tuple(f"{unit.id}/{lower}" for unit in found) if lower is not None else ()
    return tuple(unit.id for unit in found)


def _office(issuer: str, unit: Unit) -> str:
    """Returns the folded name of an office without its province, which writers often leave out."""
    return re.sub(rf"\s+(?:(?:tinh|thanh pho)\s+)?{re.escape(fold(unit.name))}$", "", fold(issuer))


def _lower(issuer: str | None) -> str | None:
    """Returns the folded name of the district or commune whose body the issuer is. Returns None if it is a body of a province."""
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
    """Returns the province of the site at the time of the document: the unit of the site, otherwise the units that were merged into it."""
    unit = units().get(context.unit or "")
    if unit is None or unit.kind not in ("province", "city"):
        return [one for one in _provinces_called(context.province) if _was(one, mention, context)]
    if _was(unit, mention, context):
        return [unit]
    return [one for one in _merged_into(unit.id) if _was(one, mention, context)]


def _was(unit: Unit, mention: Mention, context: Context) -> bool:
    """Returns whether a unit existed when the document was issued, as far as the citation states it, and before it was cited."""
    first, last = _period(mention)
    began, ended = unit.valid_from or date.min, unit.valid_to or date.max
    if context.published is not None:
        last = min(last, context.published)
    return began <= last and first <= ended


def _period(mention: Mention) -> tuple[date, date]:
    """Returns the first and the last day on which the document can have been issued, by its date or its year."""
    stated = mention.issued_on
    if stated is not None and len(stated) == 10:
        day = date.fromisoformat(stated)
        return day, day
    year = (year_in_number(mention.number) if mention.number else None) or mention.year
    return (date(year, 1, 1), date(year, 12, 31)) if year else (date.min, date.max)


# --- keys -----------------------------------------------------------------------------------------


def document_keys(mention: Mention, context: Context) -> tuple[DocumentKey, ...]:
    """Returns the keys that a numbered citation or a standard can have: one if the text states enough, none if it states too little."""
    local = mention.kind.has_codes and mention.number is not None and is_local(mention.number)
    return keys_in(mention, places_of(mention, context) if local else (None,))


def keys_in(mention: Mention, places: Sequence[str | None]) -> tuple[DocumentKey, ...]:
    """Returns the same for the places that `places_of` returned. `places` is (None,) for a number that is not local."""
    if mention.number is None or mention.kind.is_short:
        return ()
    folded = fold_number(mention.number)
    if not mention.kind.numbered_by_year:
        return (DocumentKey(mention.doc_type, re.sub(r"^TCVN/(?=ISO|IEC)", "", folded), None, None),)
    in_number = year_in_number(mention.number)
    if in_number is None and mention.year is None:
        return ()
    return tuple(DocumentKey(key_type(mention), folded, None if in_number else mention.year, place) for place in places)
