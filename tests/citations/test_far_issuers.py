"""Issuers that the text names apart from the number: in a heading, or for a code anywhere. The sentences are made by this project."""

from __future__ import annotations

import pytest

from scraper.citations import find
from scraper.model import Context

_HUYEN = "Ủy ban nhân dân huyện Anh Sơn"


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        ("Các văn bản của Bộ Nội vụ:\n\n- Quyết định số 12/QĐ-VKT ngày 2/3/2020;\n\n- Công văn số 45/KTV-NV về thuốc.", "Bộ Nội vụ"),
        ("Danh mục văn bản do Bộ Nội vụ ban hành:\n1. Quyết định số 12 về nhà ở;\n2. Công văn số 45 về chợ.", "Bộ Nội vụ"),
        ("UBND huyện Anh Sơn đã ban hành các văn bản sau:\n- Quyết định số 12/QĐ-UBND;\n- Kế hoạch số 45/KH-UBND.", _HUYEN),
        ("BỘ NỘI VỤ\n1. Quyết định số 12/QĐ-VKT ngày 2/3/2020\n2. Quyết định số 13/QĐ-VKT ngày 2/3/2020", "Bộ Nội vụ"),
        ("Bộ Nội vụ đã ký hai quyết định: Quyết định số 12 ngày 3/4/2022 và Quyết định số 13 ngày 4/4/2022.", "Bộ Nội vụ"),
        ("Căn cứ các văn bản của UBND huyện Anh Sơn: Quyết định số 12/QĐ-UBND, Kế hoạch số 13/KH-UBND.", _HUYEN),
        ("Giám đốc Sở Y tế tỉnh Nghệ An yêu cầu trực đêm. Công văn số 12/SYT-NVY nêu rõ.", "Sở Y tế tỉnh Nghệ An"),
        ("Sở yêu cầu các huyện báo cáo theo Công văn số 12/STTTT-CNTT.", "Sở Thông tin và Truyền thông"),
    ],
)  # fmt: skip
def test_the_issuer_is_named_apart_from_the_number(text: str, issuer: str) -> None:
    assert {(one.issuer, "issuer-apart" in one.flags) for one in find(text)} == {(issuer, True)}


@pytest.mark.parametrize(
    "text",
    [
        "Các văn bản của Bộ Nội vụ và Bộ Công an:\n- Quyết định số 12/QĐ-VKT ngày 2/3/2020.",
        "Bộ Nội vụ:\n- Quyết định số 12/QĐ-VKT: làm trong tháng 3.",
        "Các văn bản của Bộ Nội vụ:\n- Quyết định số 12/QĐ-UBND ngày 2/3/2020.",
        "Các văn bản của Bộ Nội vụ đã cũ. Ông đọc ba tờ:\n- Quyết định số 12/QĐ-VKT ngày 2/3/2020.",
        "Các văn bản của Bộ Nội vụ:\n- Sách về lưu trữ;\nNgười dân hỏi nhiều.\n- Quyết định số 12/QĐ-VKT ngày 2/3/2020.",
        "Bộ Nội vụ đã ban hành các văn bản\n\n- Quyết định số 12/QĐ-VKT ngày 2/3/2020.",
        "Bộ Y tế ra thông tư về thuốc. Thông tư số 12 hay.",  # fields belong to one mention: an unnumbered one gives its issuer to no other
        "Sở Y tế tỉnh Nghệ An học Sở Y tế tỉnh Hà Tĩnh. Xem Công văn số 12/SYT-NVY.",
        "Sở Nội vụ họp. Xem Công văn số 12/SYT-NVY.",
        "Huyện họp. Xem Công văn số 12/SYT-NVY.",
        "Tại Kế hoạch số 12 ngày 3/4/2022, UBND huyện Anh Sơn tham gia hội chợ.",
    ],
)
def test_nothing_is_guessed(text: str) -> None:
    last = find(text)[-1]
    assert (last.issuer if last.issuer != "Ủy ban nhân dân" else None, "issuer-apart" in last.flags) == (None, False)


def test_a_department_of_the_site_has_its_place() -> None:
    [one] = find("Sở yêu cầu báo cáo theo Công văn số 12/STTTT-CNTT.", Context(province="Nghệ An"))
    assert (one.issuer, one.province) == ("Sở Thông tin và Truyền thông Nghệ An", "Nghệ An")


@pytest.mark.parametrize("noun", ["Quyết định", "Chỉ thị", "Kế hoạch"])
def test_a_body_that_orders_in_a_document_issued_it(noun: str) -> None:
    [one] = find(f"Tại {noun} số 12 ngày 3/4/2022, UBND huyện Anh Sơn giao các xã dọn chợ.")
    assert (one.issuer, one.flags) == (_HUYEN, ())
