"""Maps the codes of a number to the bodies that they name: CP to "Chính phủ", STTTT to "Sở Thông tin và Truyền thông"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.loader import grammar
from scraper.citations.grammar.patterns import JOINT_MARK
from scraper.citations.issuers.full_names import full_name_keys
from scraper.citations.issuers.issuer import Issuer

ASSEMBLY, STANDING_COMMITTEE = "Quốc hội", "Ủy ban Thường vụ Quốc hội"
_YEAR = late_pattern(r"(?:19|20)\d{2}")


def issuer_of_code(codes: Sequence[str], doc_type: str) -> str | None:
    """Returns the body that the codes of a number name; for a joint document all of them, separated by "; ". Returns None if they name
    no single body.
    """
    parts = [code for code in codes if not (code[0].isdigit() and _YEAR.fullmatch(code))]
    joint = len(parts) > 2 and JOINT_MARK.match(parts[0]) is not None
    if len(parts) > 1 and (joint or parts[0] in grammar().codes or parts[0] == "CV"):
        del parts[0]  # the code of the type; only letters of the Party have one: 15-CV/BDVTW
    names = _central_bodies(parts)
    if not names or (joint and len(names) < len(parts) and not doc_type.endswith("liên tịch")):
        return None
    if names[0] == "Chủ tịch nước" and doc_type in ("luật", "bộ luật", "pháp lệnh"):
        return STANDING_COMMITTEE if doc_type == "pháp lệnh" else ASSEMBLY
    return "; ".join(names) if joint or doc_type.endswith("liên tịch") else names[0]


def _central_bodies(codes: Sequence[str]) -> list[str]:
    """Returns the central bodies that the first codes name, each once."""
    names: list[str] = []
    for code in codes:
        name = _central(code)
        if name is None:
            break  # a local body, or the unit that drafted the document
        if name not in names:
            names.append(name)
    return names


def _central(code: str) -> str | None:
    """Returns the only body that a code names, or None."""
    data = grammar()
    if code in data.local_codes or code in data.office_codes or code == "TW":
        return None
    return data.issuers.get(_BANK.sub("NHNN", code)) or _assembly(code)


_BANK = late_pattern(r"NHNN\d{1,2}$")  # a department of the State Bank: 92/2000/QĐ-NHNN7


def _assembly(code: str) -> str | None:
    if re.fullmatch(r"QHK?(?:\d{1,2}|[IVX]+)", code):
        return ASSEMBLY
    if re.fullmatch(r"UBTVQHK?(?:\d{1,2}|[IVX]+)", code):
        return STANDING_COMMITTEE
    return None


def local_default(codes: Sequence[str]) -> str | None:
    """Returns the body that a local code or a Party code means if no words say more, or None."""
    defaults: dict[str, str] = grammar().bodies["defaults"]
    return next((defaults[code] for code in codes if code in defaults), None)


def whole_issuer(partial: Issuer, codes: Sequence[str]) -> Issuer | None:
    """Returns the body that a place, or "Sở", means according to the codes of a number. Returns None if the codes name no body of it.
    >>> whole_issuer(Issuer("Ủy ban nhân dân huyện Anh Sơn", 0, 9, local=True, partial=True), ["NQ", "HĐND"]).name
    'Hội đồng nhân dân huyện Anh Sơn'
    """
    if partial.name == "Sở":
        name = department_of_code(codes)
        return replace(partial, name=name, partial=False) if name is not None else None
    place = partial.name.removeprefix("Ủy ban nhân dân ")
    default = local_default(codes)
    if default is not None and default.endswith("nhân dân"):
        return replace(partial, name=f"{default} {place}", partial=False)
    organ = next((_committee(code, place) for code in codes if _committee(code, place)), None)
    if organ is None:
        return None
    name = place if organ == "Đảng ủy" else re.sub(r"^(?:huyện|quận|tỉnh|thành phố|thị xã)\s", "", place)
    return replace(partial, name=f"{organ} {name}", partial=False)


def department_of_code(codes: Sequence[str]) -> str | None:
    """Returns the department of a province that a code names, without its place: "Sở Thông tin và Truyền thông" for STTTT. Or None."""
    return next(iter(departments_of_codes(codes)), None)


def departments_of_codes(codes: Sequence[str]) -> tuple[str, ...]:
    """Returns all departments of a province that codes name, without their place."""
    return tuple(_departments()[code] for code in codes if code in _departments())


def _committee(code: str, place: str) -> str | None:
    """Returns the Party committee that a code means in a place, or None."""
    if code == "TU":
        return "Thành ủy" if place.startswith("thành phố") else "Tỉnh ủy"
    committees: dict[str, str] = grammar().bodies["party_committees"]
    return committees.get(code)


@cache
def _departments() -> dict[str, str]:
    """Returns the departments of a province by their code: STTTT is "Sở Thông tin và Truyền thông". A code of two departments is left
    out.
    """
    found: dict[str, set[str]] = {}
    for name in full_name_keys().values():
        if (code := "S" + initials(name)) in grammar().local_codes:
            found.setdefault(code, set()).add(f"Sở {name}")
    return {code: names.pop() for code, names in found.items() if len(names) == 1}


def initials(name: str) -> str:
    """Returns the first letters of the words of a name, as codes are formed. "và" has none.
    >>> initials("Ban Quản lý vịnh Hạ Long")
    'BQLVHL'
    """
    letters = [word if word.isupper() and len(word) > 1 else word[0] for word in re.findall(r"[^\W\d_]+", name) if word.lower() != "và"]
    return "".join(letters).upper()
