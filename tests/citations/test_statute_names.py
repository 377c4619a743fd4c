"""Names of statutes in a text: where a name ends, its noun and its year, and words that only look like a name."""

from __future__ import annotations

import pytest

from scraper.citations import find

_LONG = f"Luật sửa đổi, bổ sung một số điều của {'Luật Quản lý, sử dụng tài sản công, ' * 9}Luật Nhà ở"


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("theo Luật Đất đai", [("Luật Đất đai", "luật", None)]),
        ("theo Luật Đất đai năm 2013", [("Luật Đất đai năm 2013", "luật", 2013)]),
        ("theo Luật Đất đai 2013", [("Luật Đất đai 2013", "luật", 2013)]),
        ("theo Luật Đất đai (sửa đổi)", [("Luật Đất đai (sửa đổi)", "luật", None)]),
        ("theo Luật Đất đai (sửa đổi) năm 2013", [("Luật Đất đai (sửa đổi) năm 2013", "luật", 2013)]),
        ("theo Luật Đất đai sửa đổi", [("Luật Đất đai sửa đổi", "luật", None)]),
        ("theo luật đất đai", []),
        ("theo luật Đất đai", [("luật Đất đai", "luật", None)]),
        ("theo luật đất đai năm 2013", [("luật đất đai năm 2013", "luật", 2013)]),
        ("theo Bộ luật Dân sự", [("Bộ luật Dân sự", "bộ luật", None)]),
        ("theo BộLuật Dân sự", [("BộLuật Dân sự", "bộ luật", None)]),
        ("theo Bộ Luật Dân sự năm 2015", [("Bộ Luật Dân sự năm 2015", "bộ luật", 2015)]),
        ("theo bộ luật Dân sự", [("bộ luật Dân sự", "bộ luật", None)]),
        ("theo BLDS", [("BLDS", "bộ luật", None)]),
        ("theo BLHS năm 2015", [("BLHS năm 2015", "bộ luật", 2015)]),
        ("theo Pháp lệnh Ưu đãi người có công với cách mạng", [("Pháp lệnh Ưu đãi người có công với cách mạng", "pháp lệnh", None)]),
        ("theo PHÁP LỆNH ƯU ĐÃI NGƯỜI CÓ CÔNG", [("PHÁP LỆNH ƯU ĐÃI NGƯỜI CÓ CÔNG", "pháp lệnh", None)]),
        ("theo LUẬT ĐẤT ĐAI năm 2013", [("LUẬT ĐẤT ĐAI năm 2013", "luật", 2013)]),
        ("theo Hiến pháp năm 2013", [("Hiến pháp năm 2013", "hiến pháp", 2013)]),
        ("theo Điều 4 Hiến pháp", [("Hiến pháp", "hiến pháp", None)]),
        (
            "theo Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam",
            [("Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam", "hiến pháp", None)],
        ),
        ("theo hiến pháp Hoa Kỳ", []),
        ("theo Luật Phòng, chống tham nhũng", [("Luật Phòng, chống tham nhũng", "luật", None)]),
        ("theo Luật phòng chống ma túy", [("Luật phòng chống ma túy", "luật", None)]),
        ("theo Luật Hỗ trợ doanh nghiệp nhỏ và vừa", [("Luật Hỗ trợ doanh nghiệp nhỏ và vừa", "luật", None)]),
        ("theo Luật Tổ chức Hội đồngnhân dân và Ủy ban nhân dân", [("Luật Tổ chức Hội đồngnhân dân và Ủy ban nhân dân", "luật", None)]),
        ("theo Luật Sửa đổi, bổ sung một số điều của Luật Đất đai", [("Luật Sửa đổi, bổ sung một số điều của Luật Đất đai", "luật", None)]),
        (
            "theo Luật sửa đổi, bổ sung một số điều của Luật Đất đai và Luật Nhà ở năm 2018",
            [("Luật sửa đổi, bổ sung một số điều của Luật Đất đai và Luật Nhà ở năm 2018", "luật", 2018)],
        ),
        ("theo Luật sửa đổi, bổ sung một số điều của các luật năm 2018", []),
        ("theo luật sửa đổi luật đất đai", []),
        (
            "theo Luật Đất đai, Luật Nhà ở và Luật Xây dựng",
            [("Luật Đất đai", "luật", None), ("Luật Nhà ở", "luật", None), ("Luật Xây dựng", "luật", None)],
        ),
        ("theo các Luật Đất đai, Nhà ở", [("Luật Đất đai", "luật", None)]),
        ("theo Luật Đất đai và các nghị định", [("Luật Đất đai", "luật", None)]),
        ("theo Luật An toàn giao thông đường bộ", [("Luật An toàn giao thông đường bộ", "luật", None)]),
        ("theo Luật Trồng nấm rơm", [("Luật Trồng nấm rơm", "luật", None)]),
        ("theo Luật Minh Khuê", []),
        ("theo pháp luật về đất đai", []),
        ("theo kỷ luật Đảng", []),
        ("theo Luật sư Nguyễn Văn An", []),
        ("theo Trường Đại học Luật Hà Nội", []),
        ("theo Luật Đất đai của Lào", []),
        ("theo Luật An ninh mạng của Trung Quốc", []),
        ("theo dự thảo Luật Đất đai", []),
        ("dự án Luật Đất đai, Luật Nhà ở và Luật Xây dựng", []),
        ("cho ý kiến 3 dự án về: Luật Đất đai; Luật Nhà ở", []),
        ("theo Luật Đất đai số 45/2013/QH13", [("Luật Đất đai số 45/2013/QH13", "luật", 2013)]),
        ("theo Luật số 45/2013/QH13 về đất đai", [("Luật số 45/2013/QH13", "luật", 2013)]),
        ("theo Luật Các tổ chức tín dụng", [("Luật Các tổ chức tín dụng", "luật", None)]),
        ("theo Luật BHXH", [("Luật BHXH", "luật", None)]),
        ("theo Luật Bảo hiểm xã hội (BHXH) năm 2014", [("Luật Bảo hiểm xã hội (BHXH) năm 2014", "luật", 2014)]),
        ("theo Luật Giao dịch điện tử được thông qua", [("Luật Giao dịch điện tử", "luật", None)]),
        (f"theo {_LONG} số 9/2031/QH16", [(f"{_LONG} số 9/2031/QH16", "luật", 2031)]),
        (
            "theo Luật sửa đổi, bổ sung một số điều liên quan đến quy hoạch của Luật Đất đai số 45/2013/QH13, Luật Nhà ở số 65/2014/QH13",
            [("Luật Đất đai số 45/2013/QH13", "luật", 2013), ("Luật Nhà ở số 65/2014/QH13", "luật", 2014)],
        ),
        (
            "theo Luật sửa đổi, bổ sung, một số điều của Luật Đất đai ngày 3/5/2018",
            [("Luật sửa đổi, bổ sung, một số điều của Luật Đất đai", "luật", 2018)],
        ),
        (
            "theo Luật sửa đổi, bổ sung một số điều của 11 luật có liên quan đến an ninh, trật tự số 9/2031/QH16",
            [("Luật sửa đổi, bổ sung một số điều của 11 luật có liên quan đến an ninh, trật tự số 9/2031/QH16", "luật", 2031)],
        ),
        ("\nLUẬT\nSỬA ĐỔI MỘT SỐ ĐIỀU\nCỦA LUẬT ĐẤT ĐAI\n", [("LUẬT\nSỬA ĐỔI MỘT SỐ ĐIỀU\nCỦA LUẬT ĐẤT ĐAI", "luật", None)]),
        ("VỀ DỰ ÁN LUẬT ĐẤT ĐAI", []),
        ("theo Luật khoa học và công nghệ", [("Luật khoa học và công nghệ", "luật", None)]),
        ("theo Điều 7 Luật DN và Luật LS", [("Luật DN", "luật", None), ("Luật LS", "luật", None)]),
        ("theo các điều 40, 41 và 83 của Hiến pháp", [("Hiến pháp", "hiến pháp", None)]),
        ("theo Luật Ohm", []),
        ("theo Luật bóng đá", []),
        ("theo Luật Công nghệ thông tinngày 29/6/2006", [("Luật Công nghệ thông tin", "luật", 2006)]),
    ],
)
def test_the_names_of_statutes(words: str, names: list[tuple[str, str, int | None]]) -> None:
    assert [(one.text, one.doc_type, one.year) for one in find(f"Các xã làm {words}, có báo cáo.")] == names
