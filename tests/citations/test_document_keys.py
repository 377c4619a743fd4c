"""The keys of cited documents: two citations mean one document if type, number, year and place are equal."""

from __future__ import annotations

from datetime import date

import pytest

from scraper.citations import document_keys, find, reference_documents
from scraper.model import Context
from scraper.reference import rows


@pytest.mark.parametrize(
    ("text", "context", "keys"),
    [
        ("Quyết định số 12/QĐ-UBND ngày 5/3/2010 của UBND tỉnh Nghệ An", Context(), ["quyết định|12/QĐ/UBND|2010|nghe-an"]),
        (
            "Quyết định số 12/QĐ-UBND năm 2010 của UBND huyện Diễn Châu, tỉnh Nghệ An",
            Context(),
            ["quyết định|12/QĐ/UBND|2010|nghe-an/huyen dien chau"],
        ),
        (
            "Quyết định số 12/QĐ-UBND năm 2010 của UBND huyện Diễn Châu",
            Context(province="Nghệ An"),
            ["quyết định|12/QĐ/UBND|2010|nghe-an/huyen dien chau"],
        ),
        ("Quyết định số 12/QĐ-UBND năm 2010 của UBND huyện Diễn Châu", Context(), []),
        (
            "Quyết định số 12/QĐ-UBND năm 2010 của UBND thành phố Vinh",
            Context(province="Nghệ An"),
            ["quyết định|12/QĐ/UBND|2010|nghe-an/thanh pho vinh"],
        ),
        ("Quyết định số 12/QĐ-UBND năm 2010 của UBND thành phố Hà Nội", Context(), ["quyết định|12/QĐ/UBND|2010|ha-noi"]),
        ("Nghị quyết số 05-NQ/TU ngày 5/3/2010", Context(province="Nghệ An"), ["nghị quyết|5/NQ/TU|2010|nghe-an"]),
        (
            "Nghị quyết số 05-NQ/HU ngày 5/3/2010 của Huyện ủy Diễn Châu",
            Context(province="Nghệ An"),
            ["nghị quyết|5/NQ/HU|2010|nghe-an/huyen uy dien chau"],
        ),
        ("Nghị quyết số 05-NQ/HU ngày 5/3/2010", Context(province="Nghệ An"), []),
        (
            "Công văn số 12/STTTT-CNTT ngày 5/3/2010 của Sở Thông tin và Truyền thông Nghệ An",
            Context(),
            ["công văn|12/STTTT/CNTT|2010|nghe-an"],
        ),
        ("Công văn số 12/STTTT-CNTT ngày 5/3/2010", Context(province="Nghệ An"), ["công văn|12/STTTT/CNTT|2010|nghe-an"]),
        ("Công văn số 12/SXD-QLN ngày 5/3/2010 của Sở Xây dựng tỉnh Nghệ An", Context(), ["công văn|12/SXD/QLN|2010|nghe-an"]),
        (
            "Quyết định số 12/QĐ-BQL ngày 5/3/2010 của Ban Quản lý Khu kinh tế Đông Nam",
            Context(province="Nghệ An"),
            ["quyết định|12/QĐ/BQL|2010|nghe-an/ban quan ly khu kinh te dong nam"],
        ),
        (
            "Quyết định số 12/QĐ-BQL ngày 5/3/2010 của Ban Quản lý Khu kinh tế Đông Nam Nghệ An",
            Context(province="Nghệ An"),
            ["quyết định|12/QĐ/BQL|2010|nghe-an/ban quan ly khu kinh te dong nam"],
        ),
        ("Quyết định số 12/QĐ-BQL ngày 5/3/2010", Context(province="Nghệ An"), []),
        (
            "Quyết định số 12/QĐ-BCĐ ngày 5/3/2010 của Ban Chỉ đạo 389 tỉnh Nghệ An",
            Context(),
            ["quyết định|12/QĐ/BCĐ|2010|nghe-an/ban chi dao 389"],
        ),
        ("Công văn số 7/VPTU-TH ngày 5/3/2010 của Văn phòng Tỉnh ủy Nghệ An", Context(), ["công văn|7/VPTU/TH|2010|nghe-an"]),
        (
            "Công văn số 7/PGDĐT-TH ngày 5/3/2010 của Phòng Giáo dục và Đào tạo huyện Yên Thành",
            Context(province="Nghệ An"),
            ["công văn|7/PGDĐT/TH|2010|nghe-an/phong giao duc va dao tao huyen yen thanh"],
        ),
        ("Nghị định số 64/2007/NĐ-CP", Context(), ["nghị định|64/2007/NĐ/CP||"]),
        ("Nghị định số 064/2007/NĐ-CP", Context(), ["nghị định|64/2007/NĐ/CP||"]),
        ("Nghị định 64/2007NĐ-CP", Context(), ["nghị định|64/2007/NĐ/CP||"]),
        ("Luật số 24/2008QH12", Context(), ["luật|24/2008/QH12||"]),
        ("Quyết định 1727QĐ-UBND ngày 5/3/2010 của UBND tỉnh Nghệ An", Context(), ["quyết định|1727/QĐ/UBND|2010|nghe-an"]),
        ("Quyết định số 749/QĐ-TTg ngày 3/6/2020", Context(), ["quyết định|749/QĐ/TTG|2020|"]),
        ("Quyết định số 749/QĐ-TTg", Context(), []),
        ("Quyết định 1177/QĐ BGDĐT năm 2020", Context(), ["quyết định|1177/QĐ/BGDĐT|2020|"]),
        ("Thông tư số 15/TTBTTTT năm 2012", Context(), ["thông tư|15/TT/BTTTT|2012|"]),
        ("TCVN ISO 9001:2008", Context(), ["tiêu chuẩn|ISO/9001/2008||"]),
        ("TCVN ISO 9001-2008", Context(), ["tiêu chuẩn|ISO/9001/2008||"]),
        ("ISO 9001:2008", Context(), ["tiêu chuẩn|ISO/9001/2008||"]),
        ("TCVN 6909:2001", Context(), ["tiêu chuẩn|TCVN/6909/2001||"]),
        ("QCVN 34:2014/BTTTT", Context(), ["quy chuẩn|QCVN/34/2014/BTTTT||"]),
        ("Bộ luật số 91/2015/QH13", Context(), ["luật|91/2015/QH13||"]),
        ("Thông tư số 12/2019/NĐ-CP", Context(), ["nghị định|12/2019/NĐ/CP||"]),
        ("Luật Nhà ở năm 2014", Context(), []),
        ("Nghị định 64", Context(), []),
        ("Quyết định số 12/QĐ-UBND ngày 5/3/2007 của UBND tỉnh Hà Tây", Context(), ["quyết định|12/QĐ/UBND|2007|ha-tay"]),
        ("Quyết định số 12/QĐ-UBND ngày 5/3/2024 của UBND tỉnh Hà Tây", Context(), []),
        (
            "Quyết định số 12/QĐ-UBND năm 2010",
            Context(unit="nghe-an", province="Nghệ An", published=date(2011, 1, 1)),
            ["quyết định|12/QĐ/UBND|2010|nghe-an"],
        ),
        (
            "Quyết định số 12/QĐ-UBND năm 2010",
            Context(unit="bac-ninh-2025", published=date(2025, 9, 1)),
            ["quyết định|12/QĐ/UBND|2010|bac-giang", "quyết định|12/QĐ/UBND|2010|bac-ninh"],
        ),
        (
            "Quyết định số 12/QĐ-UBND ngày 5/9/2025",
            Context(unit="bac-ninh-2025", published=date(2025, 9, 10)),
            ["quyết định|12/QĐ/UBND|2025|bac-ninh-2025"],
        ),
        ("Quyết định số 12/QĐ-UBND năm 2010", Context(unit="mic", published=date(2011, 1, 1)), []),
    ],
)
def test_the_keys_of_a_citation(text: str, context: Context, keys: list[str]) -> None:
    [found] = find(f"Thực hiện {text}.", context)
    assert [str(key) for key in document_keys(found, context)] == keys


def test_each_row_of_the_reference_tables_is_a_document_with_the_fields_of_the_row() -> None:
    known = {document.id: document for document in reference_documents()}
    core = [(row, known[row["doc_id"]]) for row in rows("documents_core") if row["doc_id"] in known]
    assert len(core) > 100
    for row, document in core:
        assert (document.title or "") == row["short_title_vi"] or not row["short_title_vi"]
        assert (document.replaced_by or "") == row["replaced_by"] or not row["replaced_by"]
        for value, text in ((document.issued_on, row["issued_on"]), (document.in_force_to, row["in_force_to"])):
            assert not text or (value is not None and value.isoformat().startswith(text))
    laws = [(row, known[row["law_id"]]) for row in rows("laws") if row["law_id"] in known]
    assert len(laws) > 50
    for row, document in laws:
        assert (document.title, document.confidence) == (row["name_vi"], row["confidence"])
        assert document.issuer == ("Ủy ban Thường vụ Quốc hội" if row["kind"] == "phap-lenh" else "Quốc hội")
