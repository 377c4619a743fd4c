"""Decides which type of document a number with letters belongs to, by its noun, its codes and its list."""

from __future__ import annotations

import re

from scraper.citations.forms.cited_span import CitedSpan
from scraper.citations.grammar.loader import grammar


def type_of_number(noun: str, codes: list[str], previous: CitedSpan | None = None) -> tuple[str, tuple[str, ...]]:
    """Returns the type of a document and flags. The type is given by the noun, otherwise by the code, otherwise by the list.
    If the code of an agency is in the position of a type, the document is a letter (công văn).
    """
    by_code = _by_code(codes)
    if noun and noun != "văn bản":
        kind = grammar().types.get(noun)
        chosen = kind.becomes if kind else noun
        if noun in ("thông tư", "nghị quyết") and (codes[0] in JOINT or codes[1:2] in JOINT_BODIES):
            chosen = f"{noun} liên tịch"
        contradicts = by_code is not None and by_code != chosen and not _alike(by_code, chosen)
        return chosen, ("noun-and-code-disagree",) if contradicts else ()
    if by_code == "thông tư" and codes[1:2] in JOINT_BODIES:
        return "thông tư liên tịch", ()
    if by_code is not None:
        return by_code, ()
    return (previous.doc_type if previous is not None and not noun else "công văn"), ()


def _by_code(codes: list[str]) -> str | None:
    """Returns the type that the first two codes name, or None. After the code of a body, most codes name one of its departments: "2792/VEC-BC" and
    "84/ĐS-KH" are letters, and not a report (BC) and a plan (KH).
    """
    known = grammar().codes
    found = known.get(codes[0]) if codes else None
    if found is None and len(codes) > 1 and codes[1] in _AFTER_BODY:
        found = known.get(codes[1])
    if found is None and "TTLT" in codes:
        return "thông tư liên tịch"
    if found is None and re.match(r"QH\d+$", codes[0]):
        return "luật"
    return "thông tư liên tịch" if found == "thông tư liên bộ" else found


JOINT = ("TTLT", "TTLB", "TTLN", "NQLT")
JOINT_BODIES = (["LB"], ["LT"], ["LN"])  # liên bộ, liên tịch, liên ngành
_AFTER_BODY = frozenset(("QĐ", "NĐ", "NQ", "TT", "CT", "TTLT", "TTLB", "TTLN", "NQLT", "VBHN"))
_ALIKE = {
    ("quyết định", "quy định"), ("quyết định", "quy chế"), ("chỉ thị", "chương trình"), ("thông tư", "thông tri"),
    ("luật", "bộ luật"), ("luật", "nghị quyết"), ("pháp lệnh", "nghị quyết"),
    # To 1992, a law or an ordinance had the number of the order that promulgated it.
    ("sắc lệnh", "luật"), ("sắc lệnh", "sắc luật"), ("luật", "pháp lệnh"),
}  # fmt: skip


def _alike(by_code: str, noun: str) -> bool:
    """Returns whether a code and a noun are compatible. Some codes have two meanings: QĐ is quyết định or (Party) quy định, CT is chỉ
    thị or chương trình, QH is a law or a resolution.
    """
    return (by_code, noun) in _ALIKE or noun in ("lệnh", "sắc lệnh", "kết luận", "văn bản hợp nhất", "thông tư liên tịch", "công văn")
