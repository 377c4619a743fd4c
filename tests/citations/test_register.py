"""The shipped register is consistent, is found by number and by name, and is described by data."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from datetime import date

import pytest

from scraper.citations import DocumentsInMemory, KnownDocument, ReferenceDocuments, find, reference_documents, resolve
from scraper.citations.forms.document_keys import fold_number, year_in_number
from scraper.citations.forms.number_spelling import normalise_number
from scraper.citations.forms.statute_keys import amending_key, name_key, title_key
from scraper.citations.resolving.known_documents import _group
from scraper.citations.resolving.result import confidence_of
from scraper.model import Context
from scraper.reference import FOLDER, lines_by_serial, rows, split
from scraper.text import fold
from tests.conftest import PROJECT

# First year of each term of the National Assembly. The first documents of a term can be signed in the last year of the term before.
TERMS = {1: 1946, 2: 1960, 3: 1964, 4: 1971, 5: 1975, 6: 1976, 7: 1981, 8: 1987, 9: 1992, 10: 1997, 11: 2002, 12: 2007, 13: 2011}
TERMS |= {14: 2016, 15: 2021, 16: 2026, 17: 2031}
DOCUMENTS = reference_documents()


def _listed(check: str) -> set[str]:
    return {row["what"] for row in rows("register_exceptions") if row["check"] == check and row["reason"]}


def test_all_rows_are_loaded() -> None:
    ids = {document.id for document in DOCUMENTS}
    keys = {str(document.key) for document in DOCUMENTS}
    assert len(keys) == len(DOCUMENTS) > 8_000
    assert {row["law_id"] for row in rows("laws")} <= ids
    # If a second table has a row for the same document, its facts are added to the first.
    numbers = {fold_number(document.number) for document in DOCUMENTS if document.number}
    for table in ("documents_core", "documents_codified"):
        assert {fold_number(normalise_number(row["number"])) for row in rows(table)} <= numbers
        assert sum(map(len, lines_by_serial(table).values())) == len(rows(table))


def test_validity_is_known_for_every_kind_of_document() -> None:
    [decree] = list(ReferenceDocuments().by_number("39/2015/NĐ/CP"))
    assert (decree.doc_type, decree.replaced_by, decree.in_force_to is not None) == ("nghị định", "168/2026/NĐ-CP", True)
    ended = {document.doc_type for document in DOCUMENTS if document.in_force_to}
    assert {"luật", "pháp lệnh", "nghị định", "thông tư", "quyết định"} <= ended


def test_a_lookup_parses_few_rows_and_finds_what_all_rows_hold() -> None:
    quick, whole = ReferenceDocuments(), DocumentsInMemory(DOCUMENTS)
    for document in DOCUMENTS[::7]:
        if document.number:
            folded = fold_number(document.number)
            assert [one.id for one in quick.by_number(folded)] == [one.id for one in whole.by_number(folded)]
            figure = (document.doc_type, folded.split("/")[0])
            assert {one.id for one in quick.by_serial(*figure)} == {one.id for one in whole.by_serial(*figure)}
        for name in document.names:
            assert {one.id for one in quick.by_name(name)} == {one.id for one in whole.by_name(name)}


def test_the_year_in_a_number_is_the_year_of_issue() -> None:
    wrong = [
        document.id
        for document in DOCUMENTS
        if document.number and document.issued_on and year_in_number(document.number) not in (None, document.issued_on.year)
    ]
    assert wrong == []


def test_the_term_in_a_number_fits_the_year() -> None:
    wrong = []
    for document in DOCUMENTS:
        term = re.search(r"(?:QH|NQH|HĐNN)(\d{1,2})$", document.number or "")
        if term and document.issued_on and not TERMS[int(term[1])] <= document.issued_on.year <= TERMS[int(term[1]) + 1]:
            wrong.append(document.id)
    assert wrong == []


def test_two_statutes_of_one_name_are_not_in_force_at_once() -> None:
    """If the end of the earlier one is not known, none is invented."""
    by_name: defaultdict[tuple[str, str], list[KnownDocument]] = defaultdict(list)
    for document in DOCUMENTS:
        if document.names and amending_key(document.names[0]) is None:
            by_name[document.doc_type.removeprefix("bộ "), document.names[0]].append(document)
    wrong = set()
    for documents in by_name.values():
        documents.sort(key=lambda document: document.issued_on or date.min)
        for earlier, later in itertools.pairwise(documents):
            if earlier.in_force_to and later.in_force_from and earlier.in_force_to >= later.in_force_from:
                wrong.add(str(earlier.key))
    assert wrong == _listed("overlap")


def test_a_document_comes_into_force_after_its_issue_and_ends_after_that() -> None:
    early = {str(one.key) for one in DOCUMENTS if one.issued_on and one.in_force_from and one.in_force_from < one.issued_on}
    assert early == _listed("in-force-before-issue")
    assert [one.id for one in DOCUMENTS if one.in_force_from and one.in_force_to and one.in_force_to < one.in_force_from] == []


def test_successors_are_known_or_listed_as_missing() -> None:
    known = {fold_number(document.number) for document in DOCUMENTS if document.number} | {str(document.id) for document in DOCUMENTS}
    named = {number for document in DOCUMENTS for number in split(document.replaced_by or "")}
    missing = {number for number in named if number not in known and fold_number(normalise_number(number)) not in known}
    assert missing == _listed("successor-missing")


def test_a_successor_is_of_the_subject_of_the_statute() -> None:
    """A law that repeals a part of another one usually has another subject. It is not a successor: the other law stays in force."""
    every_law = set(fold("luật tổ chức hoạt động quản lý Việt Nam sửa đổi Nhà nước bảo vệ phát triển").split())
    statutes = {fold_number(document.number): document for document in DOCUMENTS if document.number and document.names}
    wrong = set()
    for document in statutes.values():
        numbers = [fold_number(normalise_number(number)) for number in split(document.replaced_by or "")]
        successors = [statutes[number] for number in numbers if number in statutes]
        words = {word for one in successors for name in one.names for word in name.split()}
        if successors and not {word for name in document.names for word in name.split()} & words - every_law:
            wrong.add(str(document.key))
    assert wrong == _listed("successor-of-another-subject")


def test_an_amending_law_is_found_by_its_own_name_only() -> None:
    amending = [document for document in DOCUMENTS if document.names and amending_key(document.names[0]) is not None]
    assert len(amending) > 40
    assert all(amending_key(name) is not None for document in amending for name in document.names)
    assert title_key("Luật Các tổ chức tín dụng sửa đổi") == title_key("Luật sửa đổi một số điều của Luật Các tổ chức tín dụng")


@pytest.mark.parametrize("row", rows("abbreviations"), ids=lambda row: str(row["written"]))
def test_an_abbreviation_means_the_statute_of_its_example(row: dict[str, str]) -> None:
    numbers = [document.number for document in ReferenceDocuments().by_name(name_key(row["example"]))]
    assert normalise_number(row["number"]) in numbers
    if "/" in row["example"]:
        return  # the finder ends a name at a slash
    mentions = find(f"Các đơn vị thực hiện {row['example']} và báo cáo kết quả.")
    [resolution] = resolve(mentions, ReferenceDocuments(), Context(published=date.fromisoformat(row["published"])))
    assert resolution.known is not None and resolution.known.number == normalise_number(row["number"])


def test_one_name_in_all_its_spellings() -> None:
    for spellings in (
        ("Luật Phòng cháy và chữa cháy", "Luật phòng cháy, chữa cháy", "Luật PCCC", "LUẬT PHÒNG CHÁY CHỮA CHÁY NĂM 2001"),
        ("Luật Thực hành tiết kiệm, chống lãng phí", "Luật THTK, CLP", "Luật Thực hành tiết kiệm và chống lãng phí (sửa đổi)"),
        ("Hiến pháp năm 1992", "Hiến pháp", "Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam 2013", "Hiến pháp (sửa đổi) năm 2013"),
        ("Hiến pháp", "Hiến pháp nước CHXHCNVN", "hiến pháp nước cộng hoà XHCN Việt Nam", "Hiến pháp sửa đổi, bổ sung năm 2013"),
        ("Luật Biển Việt Nam", "Luật Biển Việt Nam 2012", "Luật Biển Việt Nam năm 2012"),
        ("Luật Hôn nhân và gia đình", "Luật HN & GĐ", "Luật hôn nhân&gia đình", "Luật Hôn nhân gia đình"),
        ("Luật Hàng không dân dụng Việt Nam", "Luật Hàng không dân dụng"),
    ):
        assert len({name_key(spelling) for spelling in spellings}) == 1
    # "Việt Nam" is kept in a short name. A law whose name contains that of another law is a different law.
    assert name_key("Luật Biển Việt Nam") == "bien viet nam"
    assert name_key("Luật Vệ sinh lao động") == "ve sinh lao dong"
    assert name_key("Luật về Đê điều") == name_key("Luật Đê điều")


def test_every_rule_is_described_in_both_languages_and_every_described_rule_is_used() -> None:
    described = {row["code"] for row in rows("rules") if row["kind"] == "citation"}
    assert all(row["name_en"] and row["name_vi"] and row["confidence"] in ("high", "medium", "low", "") for row in rows("rules"))
    folders = (PROJECT / "scraper/citations", PROJECT / "scraper/store")
    code = "".join(path.read_text(encoding="utf-8") for folder in folders for path in folder.rglob("*.py"))
    used = set(re.findall(r'"((?:number|short|name)-[a-z-]+)"', code))
    assert used == described
    assert confidence_of("short-just-issued") == "low"
    assert (FOLDER / "rules.csv").exists()


def test_the_digits_of_a_law_are_the_same_in_every_spelling() -> None:
    # So its row can be found without normalising the numbers of all laws.
    for row in rows("laws"):
        if row["number"]:
            assert _group(row["number"]) == _group(fold_number(normalise_number(row["number"]))), row["number"]
