"""Types of documents of 1945 to 1980, and numbers whose parts are apart or have letters. The sentences are made by this project."""

from __future__ import annotations

import pytest

from scraper.citations import document_keys, find
from scraper.citations.forms.document_keys import fold_number
from scraper.model import Context, Mention


def _one(text: str) -> Mention:
    [mention] = find(text)
    return mention


@pytest.mark.parametrize(
    ("cited", "doc_type", "number"),
    [
        ("Sắc luật số 005/SLT", "sắc luật", "005/SLT"),
        ("sắc luật số 005-SLt", "sắc luật", "005-SLT"),
        ("Sắc luật số 04/SL-76", "sắc luật", "04/SL-76"),
        ("Sắc lệnh số 51 SL", "sắc lệnh", "51SL"),
        ("Sắc lệnh số 39 NV", "sắc lệnh", "39NV"),
        ("Luật số 104-SL/L.006", "luật", "104-SL/L.006"),
        ("luật số 104 SL/L006", "luật", "104SL/L006"),
        ("Pháp lệnh số 04/LCT", "pháp lệnh", "04/LCT"),
        ("Quyết nghị số 104 NQ/TVQH", "nghị quyết", "104NQ/TVQH"),
        ("Quyết nghị số 13/QN-QH", "nghị quyết", "13/QN-QH"),
        ("Nghị quyết liên tịch số 06/2003/NQLT-CP-TLĐ", "nghị quyết liên tịch", "06/2003/NQLT-CP-TLĐ"),
        ("Thông lệnh số 13/TL-NV", "thông lệnh", "13/TL-NV"),
        ("Huấn lệnh số 6/HL", "huấn lệnh", "6/HL"),
    ],
)
def test_types_that_are_no_longer_issued(cited: str, doc_type: str, number: str) -> None:
    mention = _one(f"Theo {cited} ngày 18/7/1957, báo phải nộp lưu chiểu.")
    assert (mention.text, mention.doc_type, mention.number) == (cited, doc_type, number)
    assert "noun-and-code-disagree" not in mention.flags


def test_a_law_of_the_south_of_1976_has_its_whole_issuer() -> None:
    mention = _one("Sắc luật số 04/SL-76 ngày 15/3/1976 của Hội đồng Chính phủ Cách mạng lâm thời Cộng hòa miền Nam Việt Nam bị bãi bỏ.")
    assert mention.issuer == "Hội đồng Chính phủ Cách mạng lâm thời Cộng hòa miền Nam Việt Nam"
    assert mention.flags == ()


@pytest.mark.parametrize(
    "text",
    [
        "Quận ấy có tên theo sắc luật số 74 của chính quyền Sài Gòn cũ.",
        "Năm 1956, chính quyền Ngô Đình Diệm ban hành sắc lệnh số 58 về ruộng.",
        "Hội đồng quyết nghị 12 nội dung quan trọng.",
        "Sư đoàn ra thông lệnh 3 điều cho lính mới.",
        "Sắc luật ấy có 12 điều.",
    ],
)
def test_what_is_no_document_of_the_state(text: str) -> None:
    assert find(text) == ()


@pytest.mark.parametrize(
    ("cited", "folded"),
    [
        ("Quyết định số 16 QĐ/VKS – P3", "16/QĐ/VKS/P3"),
        ("Quyết định số 16/QĐ-CSĐT - PC46", "16/QĐ/CSĐT/PC46"),
        ("Quyết định số 31 c", "31C"),
        ("quyết định 31 c", "31C"),
        ("Nghị quyết 37 a", "37A"),
        ("Quyết định số 31 c/QĐ-UBND", "31C/QĐ/UBND"),
        ("Thông tư số 06 B/TT-BTC", "6B/TT/BTC"),
        ("Quyết định số 124 QĐ UBND", "124/QĐ/UBND"),
        ("Thông tư số 04 TT BTC", "4/TT/BTC"),
        ("Quyết định 1728 QĐ - UBND", "1728/QĐ/UBND"),
        ("Quyết định số 218 CT", "218CT"),
    ],
)
def test_numbers_whose_parts_are_apart(cited: str, folded: str) -> None:
    mention = _one(f"Sở làm theo {cited} ngày 3/4/1999 của cơ quan.")
    assert (mention.text, fold_number(mention.number or "")) == (cited, folded)
    assert mention.issued_on == "1999-04-03"


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("Khoản 3 Nghị quyết 31 a) nêu hai việc.", ["Nghị quyết 31"]),
        ("Theo Nghị quyết 31\na. Việc thứ nhất", ["Nghị quyết 31"]),
        ("Lương theo quyết định 15 đ là ít.", []),
        ("Sở gửi Công văn số 12/UBND-VX - HĐND tỉnh trả lời.", ["Công văn số 12/UBND-VX"]),
        ("Theo Quyết định số 15/QĐ-UBND - P2 phải dời nhà.", ["Quyết định số 15/QĐ-UBND"]),
        ("Theo Quyết định số 15 TP ngày 3/4/2019 phải dời chợ.", ["Quyết định số 15"]),
        ("Theo Quyết định số 15 CT Sông Bé phải dời chợ.", ["Quyết định số 15"]),
        ("Theo Quyết định số 15 TT BTC phải trả lời.", ["Quyết định số 15"]),
        ("Xe chạy tuyến số 12 Hà Nội - Huế.", []),
    ],
)
def test_what_belongs_to_no_number(text: str, cited: list[str]) -> None:
    assert [one.text for one in find(text)] == cited


def test_a_number_with_blanks_only_is_the_number_with_separators() -> None:
    keys = {
        document_keys(_one(f"Tỉnh có {cited} ngày 3/4/1999 về chợ."), Context(province="Nghệ An"))
        for cited in ("Quyết định số 124 QĐ UBND", "Quyết định số 124/QĐ-UBND", "Quyết định 124 QĐ - UBND")
    }
    assert len(keys) == 1
