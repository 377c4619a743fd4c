"""Kinds of faults that a sample of two recorded sites had: titles, provisions, relations. The sentences are made by this project."""

from __future__ import annotations

import pytest

from scraper.citations import find


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Xem Quyết định số 54/QĐ-BYT của Bộ Văn hóa - Thông tin (nay là Bộ Y tế) về quản lý phòng khám.", "quản lý phòng khám"),
        ("Theo Chỉ thị số 27 của Ban Bí thư (khóa X) về công tác thư viện.", "công tác thư viện"),
        ("Theo Chỉ thị số 27 của Ban Bí thư (Khoá X) về “Đổi mới thư viện”.", "Đổi mới thư viện"),
        ("Theo Chỉ thị 38-CT/TW của Ban Bí thư “Về nâng cao vai trò của Hội Sách”, hội họp.", "nâng cao vai trò của Hội Sách"),
        ("Theo Chỉ thị số 15/CT-BYT của Bộ Y tế \"về việc làm theo \"Lời thề\" của ngành.", None),
        ("Xem Hướng dẫn số 21/HD-BYT hướng dẫn tổ chức tiêm chủng năm 2013 đính kèm.", "hướng dẫn tổ chức tiêm chủng năm 2013"),
        ("Xem Hướng dẫn số 21/HD-BYT về tiêm chủng năm 2013 ở file đính kèm.", "tiêm chủng năm 2013"),
        ("Xem Pháp lệnh số 34/2007/PL-UBTVQH11 về dân chủ ở xã, phường, thị trấn. Dân bàn.", "dân chủ ở xã, phường, thị trấn"),
        ("Theo Quyết định số 12/QĐ-BYT về tiêm chủng ở xã, phường phải báo cáo.", "tiêm chủng ở xã"),
        ("Số/ký hiệu\tNgày ban hành\tTrích yếu\n15/KH-UBND\t12/08/2020\tV/v đón Tết. Tải về tại đây./.\n", "đón Tết"),
    ],
)  # fmt: skip
def test_titles(text: str, title: str | None) -> None:
    assert find(text)[0].title == title


@pytest.mark.parametrize(
    ("words", "pinpoint"),
    [
        ("đúng danh mục tại", None),
        ("đạt mục tiêu", None),
        ("theo chương trình", None),
        ("nêu tại mục 3", "mục 3"),
        ("nêu tại Mục IV", "Mục IV"),
        ("nêu tại mục b", "mục b"),
        ("nêu tại Chương II", "Chương II"),
        ("nêu tại Phụ lục I của", "Phụ lục I"),
        ("nêu tại Phụ lục của", "Phụ lục"),
        ("nêu tại điểm a mục 3", "điểm a mục 3"),
    ],
)
def test_parts_of_a_document(words: str, pinpoint: str | None) -> None:
    assert find(f"Sở làm {words} Nghị định 15/2020/NĐ-CP.")[0].pinpoint == pinpoint


@pytest.mark.parametrize(
    ("before", "relation"),
    [
        ("Việc vay vốn đảm bảo quy định của", "legal basis"),
        ("Việc vay vốn bảo đảm đúng các quy định tại", "legal basis"),
        ("Cơ sở pháp lý để triển khai gồm:", "legal basis"),
        ("Căn cứ để thực hiện gồm:", "legal basis"),
        ("Sở lập tổ để triển khai", "implementing"),
    ],
)
def test_relations(before: str, relation: str) -> None:
    assert find(f"{before} Nghị định 15/2020/NĐ-CP.")[0].relation == relation


@pytest.mark.parametrize("verb", ["chuẩn y", "chỉ định"])
def test_the_verb_of_the_party_ends_the_name_of_its_body(verb: str) -> None:
    [one] = find(f"Quyết định số 2676-QĐ/ĐUK ngày 02/3/2018 của Đảng ủy Khối các cơ quan tỉnh {verb} đồng chí Trần Văn An.")
    assert one.issuer == "Đảng ủy Khối các cơ quan tỉnh"


def test_a_cell_has_the_whole_name_of_a_body() -> None:
    text = "Số/ký hiệu\tNgày ban hành\tCơ quan ban hành\n03/CV-HĐPH\t27/08/2020\tHội đồng phổ biến, giáo dục pháp luật\n"
    [one] = find(text + "04/CV-BYT\t28/08/2020\tBộ Y tế, Bộ Công an\n")[:1]
    assert one.issuer == "Hội đồng phổ biến, giáo dục pháp luật"


@pytest.mark.parametrize("word", ["dựa trên", "nhờ"])
def test_the_name_of_a_law_ends_before(word: str) -> None:
    assert find(f"Bộ nghiên cứu Luật Quản lý trò chơi {word} kinh nghiệm cũ.")[0].text == "Luật Quản lý trò chơi"
