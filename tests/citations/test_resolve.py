"""From a citation to the document that is meant, or to the several that can be, or to none."""

from __future__ import annotations

from datetime import date

from scraper.citations import DocumentsInMemory, KnownDocument, Resolution, document_keys, find, reference_documents, resolve
from scraper.model import Context, Mention

KNOWN = DocumentsInMemory(reference_documents())


def _resolved(text: str, context: Context | None = None, known: DocumentsInMemory = KNOWN) -> list[tuple[Mention, Resolution]]:
    context = context or Context()
    mentions = find(text, context)
    return list(zip(mentions, resolve(mentions, known, context), strict=True))


def _one(text: str, context: Context | None = None, known: DocumentsInMemory = KNOWN) -> Resolution:
    [(_, resolution)] = _resolved(text, context, known)
    return resolution


def _document(doc_id: str, doc_type: str, number: str, issued: str, place: str | None = None, issuer: str | None = None) -> KnownDocument:
    day = date.fromisoformat(issued)
    return KnownDocument(doc_id, doc_type, number, day.year, place, issuer, day)


def test_one_number_in_two_provinces_is_two_documents() -> None:
    text = "Quyết định số 12/QĐ-UBND ngày 5/3/2010 của UBND tỉnh {}"
    keys = {document_keys(find(text.format(name))[0], Context()) for name in ("Nghệ An", "Hà Tĩnh")}
    assert {key.place for (key,) in keys} == {"nghe-an", "ha-tinh"}
    assert {_one(text.format(name)).status for name in ("Nghệ An", "Hà Tĩnh")} == {"stub"}


def test_a_decision_whose_province_is_nowhere_stated_is_not_guessed() -> None:
    known = DocumentsInMemory([_document(f"12-{p}", "quyết định", "12/QĐ-UBND", "2010-03-05", p) for p in ("nghe-an", "ha-tinh")])
    text = "Thực hiện Quyết định số 12/QĐ-UBND ngày 5/3/2010, các đơn vị đã báo cáo."
    assert _one(text).status == "unresolved"
    assert _one(text, known=known).status == "unresolved"
    # On the site of a department of one of the two it is that one's.
    assert _one(text, Context(unit="nghe-an", province="Nghệ An", published=date(2010, 4, 1)), known).document == "12-nghe-an"


def test_two_decisions_of_one_number_are_told_apart_by_their_date() -> None:
    of = "Chỉ thị 14/CT-TTg ngày {} của Thủ tướng Chính phủ"
    first, second = (_one(of.format(day)) for day in ("25/5/2018", "07/6/2019"))
    assert "resolved" in (first.status, second.status)
    assert (first.document, first.key) != (second.document, second.key)
    undated = _one("Chỉ thị 14/CT-TTg của Thủ tướng Chính phủ", Context(published=date(2024, 1, 1)))
    assert undated.status in ("ambiguous", "unresolved")
    if undated.status == "ambiguous":
        assert len(undated.candidates) > 1


def test_a_number_of_the_national_assembly_can_be_a_law_and_a_resolution() -> None:
    law, resolution = _one("Luật số 15/2008/QH12"), _one("Nghị quyết số 15/2008/QH12")
    assert (law.document, law.key) != (resolution.document, resolution.key)


def test_the_province_of_that_time_is_meant() -> None:
    """Hà Tây was merged into Hà Nội in 2008, Bắc Giang into Bắc Ninh in 2025: who cites old documents means the old unit's."""
    text = "Quyết định số 12/QĐ-UBND ngày 5/3/{} của UBND tỉnh Hà Tây"
    [key] = document_keys(find(text.format(2007))[0], Context())
    assert key.place == "ha-tay"
    mentions = find("Quyết định số 12/QĐ-UBND ngày 5/3/2024", context := Context(unit="bac-ninh-2025", published=date(2025, 9, 1)))
    assert {key.place for key in document_keys(mentions[0], context)} <= {"bac-ninh", "bac-giang"}


def test_a_short_mention_is_the_full_one_of_its_article() -> None:
    text = "Nghị định số 64/2007/NĐ-CP ngày 10/4/2007 của Chính phủ quy định nhiều việc. Theo Nghị định 64, mỗi cơ quan có một trang."
    (_, full), (mention, short) = _resolved(text)
    assert mention.kind == "short"
    assert (short.status, short.document) == (full.status, full.document)


def test_a_short_mention_alone_needs_its_year_or_its_issuer() -> None:
    assert _one("Sau ba năm thực hiện Quyết định 5, tỷ lệ tăng lên.").status in ("unresolved", "ambiguous")
    named = _one("Nghị quyết 36a của Chính phủ được triển khai rộng rãi.", Context(published=date(2016, 5, 1)))
    assert named.status == "resolved"


def test_a_law_is_the_one_in_force_when_it_was_cited() -> None:
    old = _one("Luật Giao dịch điện tử quy định chữ ký số.", Context(published=date(2015, 1, 1)))
    new = _one("Luật Giao dịch điện tử quy định chữ ký số.", Context(published=date(2025, 1, 1)))
    assert (old.status, new.status) == ("resolved", "resolved")
    assert old.document != new.document
    assert _one("Luật Giao dịch điện tử quy định chữ ký số.").status == "ambiguous"


def test_a_date_that_contradicts_is_told_and_nothing_is_overwritten() -> None:
    text = "Chỉ thị số 07/2008/CT-BTTTT ngày 30/12/2009 của Bộ Thông tin và Truyền thông"
    [(mention, resolution)] = _resolved(text)
    assert (mention.issued_on, mention.year) == ("2009-12-30", 2008)
    assert (resolution.status, resolution.date_conflict) == ("resolved", True)


def test_a_year_that_slipped_does_not_make_a_second_document() -> None:
    text = "Quyết định số 749/QĐ-TTg ngày 3/6/2021 của Thủ tướng Chính phủ"
    resolution = _one(text)
    assert (resolution.status, resolution.date_conflict) == ("resolved", True)


def test_what_is_later_than_the_article_is_not_meant() -> None:
    known = DocumentsInMemory([_document("late", "quyết định", "749/QĐ-TTG", "2020-06-03")])
    assert _one("Quyết định số 749/QĐ-TTg", Context(published=date(2015, 1, 1)), known).status == "unresolved"
    assert _one("Quyết định số 749/QĐ-TTg", Context(published=date(2021, 1, 1)), known).document == "late"


def test_every_resolution_names_its_rule() -> None:
    text = "Luật Đất đai, Nghị định 64, Quyết định số 12/QĐ-UBND và TCVN ISO 9001:2008"
    assert all(resolution.rule for _, resolution in _resolved(text))
