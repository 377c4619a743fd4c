"""How a document is called: for people, and in the column `documents.label`."""

from __future__ import annotations

from scraper.citations import display_number

STANDARDS = ("tiêu chuẩn", "quy chuẩn")


def label(doc_type: str, number: str | None, title: str | None) -> str:
    """Returns the usual name of a document: "Chỉ thị 07/2008/CT-BTTTT", the number of a standard, or the name of a statute."""
    return label_of_shown(doc_type, None if number is None else shown_number(doc_type, number), title)


def label_of_shown(doc_type: str, shown: str | None, title: str | None) -> str:
    """Returns the same for a number as documents print it."""
    if shown is None:
        return title or doc_type.capitalize()
    return shown if doc_type in STANDARDS else f"{doc_type.capitalize()} {shown}"


def shown_number(doc_type: str, number: str) -> str:
    """Returns a canonical number as documents print it: 749/QĐ-TTg, not 749/QĐ-TTG."""
    return number if doc_type in STANDARDS else display_number(number)
