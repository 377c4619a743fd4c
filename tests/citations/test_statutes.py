"""Statutes cited by name, and full numbers: which document of a register is meant, by which rule. The registers are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from scraper.citations import DocumentsInMemory, KnownDocument, Resolution, find, resolve
from scraper.citations.resolving.known_documents import statute_names
from scraper.model import Context


def _law(number: str, title: str, issued: str | None, begins: str | None = None, ends: str | None = None, **more: str) -> KnownDocument:
    day = date.fromisoformat(issued) if issued else None
    kind = "bộ luật" if title.startswith("Bộ luật") else "luật"
    return KnownDocument(
        number,
        kind,
        number,
        day.year if day else None,
        None,
        "Quốc hội",
        day,
        title=title,
        names=statute_names(title),
        in_force_from=date.fromisoformat(begins) if begins else None,
        in_force_to=date.fromisoformat(ends) if ends else None,
        **more,
    )


REGISTER = DocumentsInMemory(
    [
        _law("1/1999/QH10", "Luật Đê điều", "1999-06-01", "2000-01-01", "2009-12-31", replaced_by="2/2009/QH12"),
        _law("2/2009/QH12", "Luật Đê điều", "2009-06-01", "2010-01-01"),
        _law("3/2014/QH13", "Luật sửa đổi, bổ sung một số điều của Luật Đê điều", "2014-06-01", "2015-01-01"),
        _law("4/2004/QH11", "Luật Thú y", "2004-06-01", "2005-01-01", "2011-12-31", replaced_by="5/2011/QH12"),
        _law("5/2011/QH12", "Luật Chăn nuôi", "2011-06-01", "2012-01-01"),
        _law("6/2003/QH11", "Luật Tài nguyên nước", "2003-06-01"),
        _law("7/2013/QH13", "Luật Tài nguyên nước", "2013-06-01", "2014-01-01"),
        _law("8/2008/QH12", "Bộ luật Lao động", "2008-06-01", "2009-01-01"),
        _law("9/2005/QH11", "Luật Thủy sản", "2005-06-01", "2006-01-01"),
        _law("10/2005/QH11", "Luật Thủy sản", "2005-11-01", "2006-07-01"),
    ]
)


def _one(text: str, published: str | None, known: DocumentsInMemory = REGISTER) -> Resolution:
    context = Context(published=date.fromisoformat(published) if published else None)
    found = find(f"Cán bộ xã đã thực hiện {text}.", context)
    assert len(found) == 1, found
    return resolve(found, known, context)[0]


@pytest.mark.parametrize(
    ("text", "published", "document", "rule"),
    [
        # in force on the day of the article
        ("Luật Đê điều", "2005-01-01", "1/1999/QH10", "name-in-force"),
        ("Luật Đê điều", "2009-12-31", None, "name-several"),  # the next one is passed already
        ("Luật Đê điều", "2009-05-31", "1/1999/QH10", "name-in-force"),
        ("Luật Đê điều", "2010-01-01", "2/2009/QH12", "name-in-force"),
        ("Luật Đê điều", "1998-01-01", None, "name-other-time"),
        ("Luật Đê điều", None, None, "name-several"),
        ("Luật Đê điều (sửa đổi)", "2009-12-31", "2/2009/QH12", "name-revised"),
        # the year
        ("Luật Đê điều năm 1999", "2020-01-01", "1/1999/QH10", "name-year"),
        ("Luật Đê điều năm 2014", "2020-01-01", "3/2014/QH13", "name-year-amending"),
        ("Luật Đê điều năm 2003", "2020-01-01", None, "name-other-time"),
        ("Luật Thủy sản năm 2005", "2020-01-01", None, "name-several"),
        # an amending law
        ("Luật sửa đổi, bổ sung một số điều của Luật Đê điều", "2020-01-01", "3/2014/QH13", "name-only"),
        ("Luật sửa đổi, bổ sung một số điều của Luật Đê điều", "2014-06-01", "3/2014/QH13", "name-only"),
        ("Luật sửa đổi, bổ sung một số điều của Luật Đê điều", "2014-05-31", None, "name-other-time"),
        ("Luật sửa đổi, bổ sung một số điều của Luật Đê điều", None, "3/2014/QH13", "name-only"),
        # replaced by a statute with another name
        ("Luật Thú y", "2008-01-01", "4/2004/QH11", "name-in-force"),
        ("Luật Thú y", "2015-01-01", "4/2004/QH11", "name-ended"),
        # the end of the earlier one is not known
        ("Luật Tài nguyên nước", "2012-01-01", "6/2003/QH11", "name-in-force"),
        ("Luật Tài nguyên nước", "2013-12-31", None, "name-several"),
        ("Luật Tài nguyên nước", "2014-01-01", "7/2013/QH13", "name-latest"),
        ("Luật Thủy sản", "2010-01-01", "10/2005/QH11", "name-latest"),
        ("Luật Thủy sản", "2006-03-01", None, "name-several"),
        # people write "Luật" for a code
        ("Luật Lao động", "2020-01-01", "8/2008/QH12", "name-in-force"),
        ("Bộ luật Lao động", "2020-01-01", "8/2008/QH12", "name-in-force"),
        ("Luật Lao động", None, "8/2008/QH12", "name-only"),
    ],
)
def test_the_statute_of_a_name(text: str, published: str | None, document: str | None, rule: str) -> None:
    found = _one(text, published)
    assert (found.document, found.rule) == (document, rule)
    assert (len(found.candidates) > 1) == (rule == "name-several")


def test_a_day_that_no_statute_has_is_a_contradiction() -> None:
    agreeing = _one("Luật Chăn nuôi ngày 1/6/2011", "2020-01-01")
    assert (agreeing.document, agreeing.rule, agreeing.date_conflict) == ("5/2011/QH12", "name-year", False)
    other = _one("Luật Chăn nuôi ngày 2/6/2011", "2020-01-01")
    assert (other.status, other.rule, other.date_conflict) == ("unresolved", "name-contradicted", True)


def test_a_statute_without_a_known_day() -> None:
    """Two years after the day of a statute it is in force, if the register does not say since when."""
    undated = replace(_law("1/2000/QH10", "Luật Tài nguyên nước", None), in_force_from=date(2001, 1, 1))
    later = _law("2/2010/QH12", "Luật Tài nguyên nước", "2010-06-01")
    known = DocumentsInMemory([undated, later])
    assert _one("Luật Tài nguyên nước", "2005-01-01", known).document == "1/2000/QH10"
    assert _one("Luật Tài nguyên nước", "2012-05-30", known).rule == "name-several"
    assert _one("Luật Tài nguyên nước", "2012-05-31", known).document == "2/2010/QH12"


def _document(doc_id: str, doc_type: str, number: str, issued: str, place: str | None = None) -> KnownDocument:
    day = date.fromisoformat(issued)
    return KnownDocument(doc_id, doc_type, number, day.year, place, None, day)


NUMBERS = DocumentsInMemory(
    [
        _document("a", "nghị định", "91/2031/NĐ-CP", "2031-05-04"),
        _document("b", "quyết định", "749/QĐ-TTG", "2030-06-03"),
        _document("c", "luật", "15/2030/QH16", "2030-06-01"),
        _document("d", "nghị quyết", "15/2030/QH16", "2030-07-01"),
        _document("e", "quyết định", "7/QĐ-UBND", "2030-01-05", "nghe-an"),
        _document("f", "chỉ thị", "3/CT-TTG", "2030-02-01"),
        _document("g", "chỉ thị", "3/CT-TTG", "2031-02-01"),
    ]
)


@pytest.mark.parametrize(
    ("text", "status", "document", "rule", "conflict"),
    [
        ("Nghị định số 91/2031/NĐ-CP", "resolved", "a", "number-known", False),
        ("Nghị định số 91/2031/NĐ-CP ngày 4/5/2031", "resolved", "a", "number-known", False),
        ("Nghị định số 91/2031/NĐ-CP ngày 5/5/2031", "resolved", "a", "number-known", True),
        ("Nghị định số 91/2031/NĐ-CP ngày 4/5/2030", "resolved", "a", "number-known", True),
        ("Nghị định số 92/2031/NĐ-CP", "stub", None, "number-new", False),
        ("Nghị định số 92/2031/NĐ-CP ngày 4/5/2030", "stub", None, "number-new", True),
        ("Nghị định số 91/NĐ-CP ngày 4/5/2031", "resolved", "a", "number-without-its-year", False),
        ("Nghị định số 91/NĐ-CP ngày 5/5/2031", "stub", None, "number-new", False),
        ("Nghị định số 91/NĐ-CP", "unresolved", None, "number-no-year", False),
        ("Quyết định số 749/QĐ-TTg", "resolved", "b", "number-known-no-year", False),
        ("Quyết định số 749/QĐ-TTg năm 2030", "resolved", "b", "number-known", False),
        ("Quyết định số 749/QĐ-TTg ngày 3/6/2031", "resolved", "b", "number-known", True),  # the year slipped
        ("Quyết định số 749/QĐ-TTg ngày 4/6/2031", "stub", None, "number-new", False),
        ("Luật số 15/2030/QH16", "resolved", "c", "number-known", False),
        ("Nghị quyết số 15/2030/QH16", "resolved", "d", "number-known", False),
        ("Chỉ thị số 3/CT-TTg", "ambiguous", None, "number-several", False),
        ("Chỉ thị số 3/CT-TTg năm 2031", "resolved", "g", "number-known", False),
        ("Quyết định số 7/QĐ-UBND của UBND tỉnh Nghệ An", "resolved", "e", "number-known-no-year", False),
        ("Quyết định số 7/QĐ-UBND của UBND tỉnh Hà Tĩnh", "unresolved", None, "number-no-year", False),
        ("Quyết định số 7/QĐ-UBND ngày 5/1/2030", "unresolved", None, "number-no-place", False),
        ("TCVN 6909:2001", "stub", None, "number-new", False),
    ],
)
def test_the_document_of_a_number(text: str, status: str, document: str | None, rule: str, conflict: bool) -> None:
    found = _one(text, "2035-01-01", NUMBERS)
    assert (found.status, found.document, found.rule, found.date_conflict) == (status, document, rule, conflict)
    assert found.confidence == (None if status in ("ambiguous", "unresolved") else found.confidence)
    if rule == "number-known":
        assert found.confidence == ("medium" if conflict else "high")


def test_a_number_is_that_of_the_same_number_elsewhere_in_the_article() -> None:
    text = "Quyết định số 7/QĐ-UBND nêu rõ. Theo Quyết định số 7/QĐ-UBND ngày 5/1/2030 của UBND tỉnh Nghệ An, các xã báo cáo."
    found = find(text, Context())
    first, second = resolve(found, NUMBERS, Context())
    assert (first.document, first.rule, second.document, second.rule) == ("e", "number-in-article", "e", "number-known")
