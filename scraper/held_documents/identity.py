"""Which row of `documents` a held document is: its key, in the form that citations of it have (design: identity)."""

from __future__ import annotations

from datetime import date

from scraper.citations import DocumentKey, KnownDocument, document_keys
from scraper.citations.forms.document_keys import is_local, year_in_number
from scraper.citations.issuers.provinces import province_in
from scraper.held_documents.values import HeldDocument, State
from scraper.model import CitationKind, Context, Mention
from scraper.reference import units


def mention_of(held: HeldDocument, unit: str | None = None) -> Mention | None:
    """Returns the citation that names the document in full, as another text would. Returns None if it has no number or no type.

    `unit`: the id of the unit of the source. Its province counts only if the heading names none.
    """
    if not held.is_document or held.state is State.DRAFT or held.number.value is None or held.doc_type.value is None:
        return None
    number = held.number.value
    issued = held.issued_on.value
    issued = issued if issued is not None and len(issued) >= 7 else None
    year = year_in_number(number) or (int(held.issued_on.value[:4]) if held.issued_on.value else None)
    province = province_of(held)
    from_site = ("province-of-site",) if province is None and unit is not None else ()
    return Mention(
        start=0,
        end=len(number),
        text=number,
        kind=CitationKind.NUMBERED,
        doc_type=held.doc_type.value,
        number_raw=number,
        number=number,
        year=year,
        issued_on=issued,
        issuer=issuer_with_place(held, unit),
        province=province,
        title=held.subject.value,
        flags=(*held.flags, *from_site),
    )


def identity(held: HeldDocument, unit: str | None = None) -> tuple[DocumentKey, ...]:
    """Returns the keys that the document can have in `documents`: one if file and source say enough, none if they say too little.

    Several only if the unit of the source is known by several provinces of that time. A draft has none.
    """
    mention = mention_of(held, unit)
    return document_keys(mention, Context(unit=unit)) if mention is not None else ()


def known_document(held: HeldDocument, unit: str | None = None) -> KnownDocument | None:
    """Returns the document as a row for `store.documents.load_known`, or None if its identity is not certain.

    The key of the result equals that of the stub that citations of the document made.
    """
    keys = identity(held, unit)
    mention = mention_of(held, unit)
    if len(keys) != 1 or mention is None or mention.number is None:
        return None
    [key] = keys
    return KnownDocument(
        id=str(key),
        doc_type=key.doc_type if key.doc_type != "luật" else mention.doc_type,
        number=mention.number,
        year=mention.year,
        place=key.place,
        issuer=mention.issuer,
        issued_on=_day(held.issued_on.value),
        title=held.subject.value,
        in_force_from=_day(held.in_force_from.value),
        confidence="high",
    )


def province_of(held: HeldDocument) -> str | None:
    """Returns the province that the heading names: in the name of the issuer, or of the body above it. Returns None if it names none."""
    number = held.number.value
    if number is None or not is_local(number):
        return None
    for field in (*held.issuers, held.superior):
        if field.value is not None and (found := province_in(field.value)) is not None:
            return found
    return None


def issuer_with_place(held: HeldDocument, unit: str | None = None) -> str | None:
    """Returns the issuer as `documents.issuer` has it: "Sở Thông tin và Truyền thông tỉnh Nghệ An"; the bodies of a joint document are
    separated by "; ". Returns None if the text names none.
    """
    names = [field.value for field in held.issuers if field.value is not None]
    if not names:
        return None
    if len(names) == 1 and held.number.value is not None and is_local(held.number.value) and province_in(names[0]) is None:
        if names[0] in _ORGANS and held.superior.value is not None:
            # So most texts write it, and its key is made of its name: "Văn phòng UBND tỉnh Nghệ An".
            return f"{names[0]} {held.superior.value.replace(_COMMITTEE, 'UBND ')}"
        place = _place_of_superior(held) or _place_of_unit(unit)
        return f"{names[0]} {place}" if place else names[0]
    return "; ".join(names)


_ORGANS = ("Văn phòng", "Thanh tra", "Văn phòng Đoàn đại biểu Quốc hội và Hội đồng nhân dân")  # their names need that of the body above
_COMMITTEE = "Ủy ban nhân dân "


def _place_of_superior(held: HeldDocument) -> str | None:
    superior = held.superior.value
    return superior.removeprefix(_COMMITTEE) if superior is not None and superior.startswith(_COMMITTEE) else None


def _place_of_unit(unit: str | None) -> str | None:
    found = units().get(unit or "")
    if found is None or found.kind not in ("province", "city"):
        return None
    return f"{found.full_name[0].lower()}{found.full_name[1:]}"


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value is not None and len(value) == 10 else None
