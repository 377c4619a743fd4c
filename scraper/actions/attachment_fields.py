"""The fields of a held document as lines for people, and as JSON: `scrapy attachments read --document`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from scraper.held_documents import Field, HeldDocument, Paragraph, Place


def lines_of(held: HeldDocument) -> Iterator[str]:
    """Returns one line for each field that the text has: its name, its value, its place and its rule."""
    yield f"document: {'yes' if held.is_document else 'no'}, {held.state} ({held.rule.code}{_parameter(held.rule.parameter)})"
    for name, field in _single(held):
        if field.value is not None or field.places:
            yield _line(name, field)
    for name, fields in (("issuer", held.issuers), ("recipient", held.recipients)):
        yield from (_line(name, field) for field in fields)
    for signer in held.signers:
        for name, field in (("authority", signer.authority), ("position", signer.position), ("signer", signer.name)):
            if field.value is not None:
                yield _line(name, field)
    for name, paragraphs in (("legal basis", held.legal_bases), ("ends", held.ended)):
        for paragraph in paragraphs:
            named = "; ".join(one.mention.text for one in paragraph.documents) or "no document"
            yield f"{name}: {' '.join(named.split())}{_where(paragraph.places)}"
    yield from (f"annex: {annex.heading}{_where((annex.place,))}" for annex in held.annexes)
    yield from (f"another document{_where((place,))}" for place in held.following)


def to_json(held: HeldDocument) -> dict[str, Any]:
    """Returns the fields as values that JSON can hold. A place is a page and two offsets."""
    return {
        "is_document": held.is_document,
        "rule": held.rule.code,
        "state": held.state,
        **{name: _value(field) for name, field in _single(held)},
        "issuers": [_value(field) for field in held.issuers],
        "signers": [
            {"name": _value(one.name), "position": _value(one.position), "authority": _value(one.authority)} for one in held.signers
        ],
        "recipients": [_value(field) for field in held.recipients],
        "legal_bases": [_paragraph(one) for one in held.legal_bases],
        "ended": [_paragraph(one) for one in held.ended],
        "annexes": [{"heading": annex.heading, "place": _place(annex.place)} for annex in held.annexes],
        "following": [_place(place) for place in held.following],
        "cut": held.cut,
        "flags": list(held.flags),
    }


def _single(held: HeldDocument) -> Sequence[tuple[str, Field]]:
    return (
        ("number", held.number),
        ("type", held.doc_type),
        ("superior", held.superior),
        ("place", held.place),
        ("issued_on", held.issued_on),
        ("subject", held.subject),
        ("in_force_from", held.in_force_from),
    )


def _line(name: str, field: Field) -> str:
    notes = "".join(f", {note}" for note in field.rule.notes)
    value = field.value if field.value is not None else "-"
    return f"{name}: {value}{_where(field.places)} ({field.rule.code}{_parameter(field.rule.parameter)}{notes})"


def _parameter(parameter: str | None) -> str:
    return f": {parameter}" if parameter else ""


def _where(places: Sequence[Place]) -> str:
    return f" [page {places[0].page}, {places[0].start}-{places[-1].end}]" if places else ""


def _place(place: Place) -> list[int]:
    return [place.page, place.start, place.end]


def _value(field: Field) -> dict[str, Any]:
    return {
        "value": field.value,
        "rule": field.rule.code,
        "parameter": field.rule.parameter,
        "notes": list(field.rule.notes),
        "original": field.original,
        "places": [_place(place) for place in field.places],
    }


def _paragraph(paragraph: Paragraph) -> dict[str, Any]:
    return {
        "text": paragraph.text,
        "places": [_place(place) for place in paragraph.places],
        "documents": [
            {
                "text": one.mention.text,
                "number": one.mention.number,
                "pinpoint": one.mention.pinpoint,
                "places": [_place(p) for p in one.places],
            }
            for one in paragraph.documents
        ],
    }
