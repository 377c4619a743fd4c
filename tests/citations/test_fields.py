"""What the words around a citation state: the issuer and its place, the date, the title, the provision, the relation. One phrase each."""

from __future__ import annotations

from datetime import date

import pytest

from scraper.citations import find
from scraper.model import Context, Mention

# A site of Nghệ An, on 10 March 2021: "UBND tỉnh" is that of Nghệ An, and "ngày 2/5" is in the year before.
CONTEXT = Context(province="Nghệ An", published=date(2021, 3, 10))


def _one(text: str) -> Mention:
    found = find(text, CONTEXT)
    assert found, text
    return found[0]


@pytest.mark.parametrize(
    ("words", "issuer", "province"),
    [
        ("UBND tỉnh Nghệ An", "Ủy ban nhân dân tỉnh Nghệ An", "Nghệ An"),
        ("UBND tỉnh", "Ủy ban nhân dân tỉnh Nghệ An", "Nghệ An"),
        ("Ủy ban nhân dân thành phố Hà Nội", "Ủy ban nhân dân thành phố Hà Nội", "Hà Nội"),
        ("UBND TP. Hà Nội", "Ủy ban nhân dân thành phố Hà Nội", "Hà Nội"),
        ("UBND TP.HCM", "Ủy ban nhân dân thành phố Hồ Chí Minh", "Hồ Chí Minh"),
        ("UBND Tp HCM", "Ủy ban nhân dân thành phố Hồ Chí Minh", "Hồ Chí Minh"),
        ("Thành ủy Hà Nội", "Thành ủy Hà Nội", "Hà Nội"),
        ("Tỉnh ủy Nghệ An", "Tỉnh ủy Nghệ An", "Nghệ An"),
        ("Tỉnh uỷ", "Tỉnh ủy Nghệ An", "Nghệ An"),
        ("Huyện ủy Diễn Châu", "Huyện ủy Diễn Châu", "Nghệ An"),
        ("UBND huyện Diễn Châu", "Ủy ban nhân dân huyện Diễn Châu", "Nghệ An"),
        ("UBND huyện Diễn Châu, tỉnh Nghệ An", "Ủy ban nhân dân huyện Diễn Châu, tỉnh Nghệ An", "Nghệ An"),
        ("UBND huyện Diễn Châu, Nghệ An", "Ủy ban nhân dân huyện Diễn Châu", "Nghệ An"),
        ("UBND xã Diễn Kỷ, huyện Diễn Châu", "Ủy ban nhân dân xã Diễn Kỷ, huyện Diễn Châu", "Nghệ An"),
        ("UBND xã Diễn Kỷ, huyện Diễn Châu, tỉnh Nghệ An", "Ủy ban nhân dân xã Diễn Kỷ, huyện Diễn Châu", "Nghệ An"),
        ("UBND thị xã Cửa Lò", "Ủy ban nhân dân thị xã Cửa Lò", "Nghệ An"),
        ("UBND TX. Cửa Lò", "Ủy ban nhân dân thị xã Cửa Lò", "Nghệ An"),
        ("UBND phường Lê Lợi, thành phố Vinh", "Ủy ban nhân dân phường Lê Lợi, thành phố Vinh", "Nghệ An"),
        ("UBND quận 1", "Ủy ban nhân dân quận 1", "Nghệ An"),
        ("UBND Nghệ An", "Ủy ban nhân dân tỉnh Nghệ An", "Nghệ An"),
        ("UBND Bà Rịa - Vũng Tàu", "Ủy ban nhân dân tỉnh Bà Rịa - Vũng Tàu", "Bà Rịa - Vũng Tàu"),
        ("HĐND tỉnh Bà Rịa - Vũng Tàu", "Hội đồng nhân dân tỉnh Bà Rịa - Vũng Tàu", "Bà Rịa - Vũng Tàu"),
        ("HĐND tỉnh Quảng Nam khóa IX", "Hội đồng nhân dân tỉnh Quảng Nam", "Quảng Nam"),
        ("Chủ tịch UBND tỉnh Nghệ An", "Ủy ban nhân dân tỉnh Nghệ An", "Nghệ An"),
        ("Chủ tịch UBND huyện Nguyễn Văn An", "Ủy ban nhân dân tỉnh Nghệ An", "Nghệ An"),
        ("Chủ tịch UBND tỉnh Nguyễn Văn An", "Ủy ban nhân dân tỉnh Nghệ An", "Nghệ An"),
        ("Bảo hiểm xã hội tỉnh", "Bảo hiểm xã hội tỉnh Nghệ An", "Nghệ An"),
        ("Chủ tịch UBND huyện Anh Sơn Phạm Hoàng An", "Ủy ban nhân dân huyện Anh Sơn", "Nghệ An"),
        ("Chủ tịch UBND thành phố Đông Hà Phạm Văn Minh", "Ủy ban nhân dân thành phố Đông Hà", "Nghệ An"),
        ("Bộ trưởng Bộ Thông tin và Truyền thông", "Bộ Thông tin và Truyền thông", ""),
        ("Bộ trưởng Tài chính", "Bộ Tài chính", ""),
        ("Thứ trưởng Y tế", "Bộ Y tế", ""),
        ("Bộ TT&TT", "Bộ Thông tin và Truyền thông", ""),
        ("Bộ Thông tin và Truyền thông", "Bộ Thông tin và Truyền thông", ""),
        ("Phó Thủ tướng Vũ Đức Đam", "Thủ tướng Chính phủ", ""),
        ("Thủ tướng", "Thủ tướng Chính phủ", ""),
        ("Thủ tướng Chính phủ", "Thủ tướng Chính phủ", ""),
        ("Ngân hàng Nhà nước Việt Nam", "Ngân hàng Nhà nước Việt Nam", ""),
        ("Chính phủ", "Chính phủ", ""),
        ("Quốc hội", "Quốc hội", ""),
        ("Ủy ban Thường vụ Quốc hội", "Ủy ban Thường vụ Quốc hội", ""),
        ("Chủ tịch nước", "Chủ tịch nước", ""),
        ("Bộ Chính trị", "Bộ Chính trị", ""),
        ("Ban Bí thư Trung ương Đảng", "Ban Bí thư Trung ương Đảng", ""),
        ("Ban Chấp hành Trung ương", "Ban Chấp hành Trung ương Đảng", ""),
        ("Ban Tuyên giáo Trung ương", "Ban Tuyên giáo Trung ương", ""),
        ("Ban Tuyên giáo Tỉnh ủy Nghệ An", "Ban Tuyên giáo Tỉnh ủy Nghệ An", "Nghệ An"),
        ("Trưởng ban Ban Tuyên giáo Tỉnh ủy", "Ban Tuyên giáo Tỉnh ủy Nghệ An", "Nghệ An"),
        ("Trưởng ban Tuyên giáo Tỉnh ủy", "Ban Tuyên giáo Tỉnh ủy Nghệ An", "Nghệ An"),
        ("Chánh Thanh tra Sở Xây dựng", "Thanh tra Sở Xây dựng Nghệ An", "Nghệ An"),
        ("Thanh tra Sở Xây dựng tỉnh Nghệ An", "Thanh tra Sở Xây dựng tỉnh Nghệ An", "Nghệ An"),
        ("Chánh Văn phòng UBND tỉnh", "Văn phòng Ủy ban nhân dân tỉnh Nghệ An", "Nghệ An"),
        ("Văn phòng UBND tỉnh Nghệ An", "Văn phòng Ủy ban nhân dân tỉnh Nghệ An", "Nghệ An"),
        ("Văn phòng Chính phủ", "Văn phòng Chính phủ", ""),
        ("Sở Thông tin và Truyền thông (TT&TT) Hà Nội", "Sở Thông tin và Truyền thông Hà Nội", "Hà Nội"),
        ("Sở Thông tin và Truyền thông tỉnh Nghệ An", "Sở Thông tin và Truyền thông tỉnh Nghệ An", "Nghệ An"),
        ("Sở TT&TT", "Sở Thông tin và Truyền thông Nghệ An", "Nghệ An"),
        ("Sở Y tế Nghệ An, Sở Xây dựng", "Sở Y tế Nghệ An; Sở Xây dựng Nghệ An", "Nghệ An"),
        ("Giám đốc Sở Nội vụ", "Sở Nội vụ Nghệ An", "Nghệ An"),
        ("Cục An toàn thông tin", "Cục An toàn thông tin", ""),
        ("Cục Thuế tỉnh Nghệ An", "Cục Thuế tỉnh Nghệ An", "Nghệ An"),
        ("Cục trưởng Cục Báo chí", "Cục Báo chí", ""),
        ("Tổng cục Thuế", "Tổng cục Thuế", ""),
        ("Công an tỉnh", "Công an Nghệ An", "Nghệ An"),
        ("Công an huyện Yên Thành", "Công an huyện Yên Thành", "Nghệ An"),
        ("Công an Nghệ An", "Công an Nghệ An", "Nghệ An"),
        ("Tòa án nhân dân tối cao", "Tòa án nhân dân tối cao", ""),
        ("TAND tỉnh Nghệ An", "Tòa án nhân dân tỉnh Nghệ An", "Nghệ An"),
        ("Viện trưởng Viện kiểm sát nhân dân tối cao", "Viện kiểm sát nhân dân tối cao", ""),
        ("Phòng Giáo dục và Đào tạo huyện Yên Thành", "Phòng Giáo dục và Đào tạo huyện Yên Thành", "Nghệ An"),
        ("Phòng Văn hóa và Thông tin thành phố Vinh", "Phòng Văn hóa - Thông tin thành phố Vinh", "Nghệ An"),
        ("Trung tâm Công nghệ thông tin và Truyền thông", "Trung tâm Công nghệ thông tin và Truyền thông", "Nghệ An"),
        ("Tỉnh đoàn", "Tỉnh đoàn", "Nghệ An"),
        ("Tỉnh đoàn Nghệ An", "Tỉnh đoàn Nghệ An", "Nghệ An"),
        ("Hội Nông dân tỉnh", "Hội Nông dân tỉnh Nghệ An", "Nghệ An"),
        ("Bộ Tài chính và Bộ Y tế", "Bộ Tài chính; Bộ Y tế", ""),
        ("Bộ Tài chính, Bộ Y tế, Bộ Công an", "Bộ Tài chính; Bộ Y tế; Bộ Công an", ""),
        ("ông Nguyễn Văn An", "", ""),
        ("Sở", "", ""),
        ("các bộ", "", ""),
        ("thủ đô Hà Nội", "", ""),
        ("Hội đồng nhân dân thành phố Đà Nẵng", "Hội đồng nhân dân thành phố Đà Nẵng", "Đà Nẵng"),
        ("Ban Thường vụ Tỉnh ủy", "Ban Thường vụ Tỉnh ủy Nghệ An", "Nghệ An"),
        ("Ban Thường vụ Huyện ủy Yên Thành", "Ban Thường vụ Huyện ủy Yên Thành", "Nghệ An"),
        ("Quân khu 4", "Quân khu 4", ""),
        ("Bộ Chỉ huy Quân sự tỉnh", "Bộ Chỉ huy Quân sự tỉnh Nghệ An", "Nghệ An"),
    ],
)
def test_an_issuer_and_its_province(words: str, issuer: str, province: str) -> None:
    found = _one(f"Theo Quyết định số 12/QĐ-XYZ ngày 2/3/2020 của {words}, các xã làm báo cáo.")
    assert (found.issuer or "", found.province or "") == (issuer, province)


@pytest.mark.parametrize(
    ("words", "issued_on", "year"),
    [
        ("ngày 2/3/2020", "2020-03-02", 2020),
        ("ngày 02 tháng 3 năm 2020", "2020-03-02", 2020),
        ("ngày 2 tháng 3, 2020", "2020-03-02", 2020),
        ("ngày 2-3-2020", "2020-03-02", 2020),
        ("ngày 2.3.2020", "2020-03-02", 2020),
        ("(ngày 2/3/2020)", "2020-03-02", 2020),
        ("(1) ngày 2/3/2020", "2020-03-02", 2020),
        ("1 ngày 2/3/2020", "2020-03-02", 2020),
        (", ngày 2/3/2020", "2020-03-02", 2020),
        ("ngày 2/3/20", "2020-03-02", 2020),
        ("ngày 2/3/46", "1946-03-02", 1946),
        ("ngày 2/3/44", "2044-03-02", 2044),
        ("ngày 2/3", "2021-03-02", 2021),
        ("ngày 2/5", "2020-05-02", 2020),
        ("ngày 10 tháng 3", "2021-03-10", 2021),
        ("ngày 11 tháng 3", "2020-03-11", 2020),
        ("tháng 3/2020", "2020-03", 2020),
        ("tháng 3 năm 2020", "2020-03", 2020),
        ("tháng 12/2020", "2020-12", 2020),
        ("tháng 1/2020", "2020-01", 2020),
        ("tháng 13/2020", None, None),
        ("ngày 31/2/2020", None, None),
        ("ngày 31/12/2020", "2020-12-31", 2020),
        ("ngày 1/1/2020", "2020-01-01", 2020),
        ("ngày 32/3/2020", None, None),
        ("ngày 2/13/2020", None, None),
        ("năm 2020", None, 2020),
        ("(2020)", None, 2020),
        ("năm 1944", None, None),
        ("ký ngày 2/3/2020", "2020-03-02", 2020),
        ("ban hành ngày 2/3/2020", "2020-03-02", 2020),
        ("ký ban hành vào ngày 2/3/2020", "2020-03-02", 2020),
        ("của UBND tỉnh ngày 2/3/2020", "2020-03-02", 2020),
        ("do UBND tỉnh ban hành ngày 2/3/2020", "2020-03-02", 2020),
        ("phê duyệt đề án trồng rừng ven biển ban hành ngày 2/3/2020", "2020-03-02", 2020),
        ("phê duyệt đề án trồng rừng ngày 2/3/2020 của UBND tỉnh", "2020-03-02", 2020),
        ("phê duyệt đề án trồng rừng có hiệu lực từ ngày 2/3/2020", None, None),
        ("phê duyệt đề án trồng rừng. Ban hành ngày 2/3/2020", None, None),
    ],
)
def test_the_date_after_a_number(words: str, issued_on: str | None, year: int | None) -> None:
    gap = "" if words.startswith(("1 ", "(1)", ",")) else " "
    found = _one(f"Quyết định số 12/QĐ-UBND{gap}{words}.")
    assert (found.number, found.issued_on, found.year) == ("12/QĐ-UBND", issued_on, year)


def _dates(text: str) -> list[tuple[str | None, str | None]]:
    return [(found.number, found.issued_on) for found in find(text, CONTEXT)]


def test_the_date_of_several_documents() -> None:
    two = "Quyết định số 12/QĐ-UBND và Quyết định số 13/QĐ-UBND"
    assert _dates(f"{two} ngày 2/3/2020.") == [("12/QĐ-UBND", None), ("13/QĐ-UBND", "2020-03-02")]
    assert _dates(f"Ngày 2/3/2020 UBND tỉnh đã ký {two}.") == [("12/QĐ-UBND", "2020-03-02"), ("13/QĐ-UBND", "2020-03-02")]
    assert _dates(f"{two} được UBND tỉnh ban hành ngày 2/3/2020.") == [("12/QĐ-UBND", "2020-03-02"), ("13/QĐ-UBND", "2020-03-02")]
    same = "Quyết định số 12/QĐ-UBND ngày 2/3/2020 và Quyết định số 13/QĐ-UBND cùng ngày."
    assert _dates(same) == [("12/QĐ-UBND", "2020-03-02"), ("13/QĐ-UBND", "2020-03-02")]
    next_clause = "Thực hiện Nghị định số 91/2020/NĐ-CP, ngày 06/11/2020, Sở Y tế ban hành Công văn số 2798/SYT-NV."
    assert _dates(next_clause) == [("91/2020/NĐ-CP", None), ("2798/SYT-NV", "2020-11-06")]
    recent = "Triển khai Nghị quyết 09-NQ/TW, ngày 2/3 vừa qua Sở Y tế có Công văn số 2798/SYT-NV."
    assert _dates(recent) == [("09-NQ/TW", None), ("2798/SYT-NV", "2021-03-02")]
    assert _dates("Sau Quyết định số 12/QĐ-SYT, ngày 2/3/2020 Sở Y tế tổ chức hội nghị.") == [("12/QĐ-SYT", None)]
    assert _dates("Theo Quyết định số 12/QĐ-SYT, sáng 2/3/2020 tại thành phố Vinh có hội nghị.") == [("12/QĐ-SYT", None)]
    assert _dates("Theo Quyết định số 12/QĐ-SYT, ngày 2/3/2020 của Sở Y tế.") == [("12/QĐ-SYT", "2020-03-02")]


@pytest.mark.parametrize(
    ("text", "issued_on", "year"),
    [
        ("Ngày 2/3/2020, UBND tỉnh ban hành Quyết định số 12/QĐ-UBND.", "2020-03-02", 2020),
        ("Sáng 2/3, Sở Y tế có Công văn số 12/SYT-NV.", "2021-03-02", 2021),
        ("Năm 2020, UBND tỉnh ban hành Quyết định số 12/QĐ-UBND.", None, 2020),
        ("Quyết định số 12/2019/QĐ-UBND ngày 2/3.", "2019-03-02", 2019),
        ("Quyết định số 12/2019/QĐ-UBND.", None, 2019),
        ("Luật Nhà ở năm 2014.", None, 2014),
        ("Luật Nhà ở (2014).", None, 2014),
        ("Luật Nhà ở được Quốc hội khóa XIII thông qua ngày 25/11/2014.", "2014-11-25", 2014),
        ("Luật Nhà ở, ngày 25/11/2014, Sở Xây dựng tổ chức hội nghị.", None, None),
        ("Bản sửa Hiến pháp năm 1992, ngày 2/3/2013, đã được in.", None, 1992),
        ("Lễ ra mắt Luật Nhà ở 2014 (TTBC) – Ngày 2/3/2015, huyện họp.", None, 2014),
        ("Số: 12/2019/CT-UBND\n\nPhan Rang-Tháp Chàm, ngày 02 tháng 3 năm 2019\n", "2019-03-02", 2019),
        ("TCVN ISO 9001:2015.", None, 2015),
        ("QCVN 34:2014/BTTTT.", None, 2014),
        ("TCVN 5687-2010.", None, 2010),
        ("TCVN 6909.", None, None),
    ],
)
def test_the_date_of_a_clause_or_a_name(text: str, issued_on: str | None, year: int | None) -> None:
    found = _one(text)
    assert (found.issued_on, found.year) == (issued_on, year)


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        ("Tại văn bản số 3206/VPCP-KGVX ngày 3/4, Văn phòng Chính phủ truyền đạt ý kiến.", "Văn phòng Chính phủ"),
        ("Tại Công văn số 45, Bộ Tài chính đề nghị.", "Bộ Tài chính"),
        ("Chỉ thị 35 Bộ Chính trị nêu rõ.", "Bộ Chính trị"),
        ("Nghị định 64 năm 2001 quy định.", "Chính phủ"),
        ("Quyết định số 92/2000/QĐ-NHNN7.", "Ngân hàng Nhà nước Việt Nam"),
        ("Thông tư liên tịch số 06/2008/TTLT-BTTTT-BCA.", "Bộ Thông tin và Truyền thông; Bộ Công an"),
        ("Pháp lệnh số 32/2007/PL-UBTVQH11.", "Ủy ban Thường vụ Quốc hội"),
        ("Luật số 67/2006/QH11.", "Quốc hội"),
        ("Luật số 23-L/CTN.", "Quốc hội"),
        ("Lệnh số 08/2009/L-CTN.", "Chủ tịch nước"),
        ("Nghị quyết số 12/NQ-HĐND.", "Hội đồng nhân dân tỉnh Nghệ An"),
        ("Nghị quyết số 05-NQ/TU.", "Tỉnh ủy Nghệ An"),
        ("Chỉ thị số 58-CT/TW.", "Trung ương Đảng"),
        ("Công văn số 12/STTTT-CNTT.", None),  # "S" is the code of several departments
        ("THỰC HIỆN QUYẾT ĐỊNH SỐ 12/QĐ-UBND CỦA UBND HUYỆN ANH SƠN VỀ VIỆC NGHỈ LỄ.", "Ủy ban nhân dân huyện Anh Sơn"),
        ("QUYẾT ĐỊNH\nCỦA CHỦ TỊCH HỘI ĐỒNG BỘ TRƯỞNG SỐ 12-CT NGÀY 2/3/1985", "Chủ tịch Hội đồng Bộ trưởng"),
        ("Chánh Văn phòng UBND huyện Anh Sơn ký Công văn số 12/UBND-VX.", "Ủy ban nhân dân huyện Anh Sơn"),
        ("Thông tư số 12/TT-LB của liên Bộ Y tế - Tài chính quy định.", "Bộ Y tế; Bộ Tài chính"),
        ("Thông tư liên bộ số 12/TT-LB về giá điện do Bộ Y tế - Bộ Tài chính ban hành.", "Bộ Y tế; Bộ Tài chính"),
        ("Thông tư 11 của NH Nhà nước nêu rõ.", "Ngân hàng Nhà nước Việt Nam"),
        (
            "Ban Chỉ đạo Trung ương về cấp nước, thoát nước đã ban hành Kế hoạch số 12-KH/BCĐTW.",
            "Ban Chỉ đạo Trung ương về cấp nước, thoát nước",
        ),
        ("Hôm qua, thay mặt Chính phủ, Thủ tướng Trần Văn An ký ban hành Nghị quyết 19.", "Chính phủ"),
        ("Thay mặt UBND huyện Anh Sơn, Phó Chủ tịch Lê Thị Bình đã ký Quyết định số 12.", "Ủy ban nhân dân huyện Anh Sơn"),
        ("Theo đề nghị của Sở Y tế tạiTờ trình số 12/TTr-SYT.", "Sở Y tế Nghệ An"),
    ],
)
def test_an_issuer_from_the_code_or_the_clause(text: str, issuer: str | None) -> None:
    assert _one(text).issuer == issuer


@pytest.mark.parametrize(
    ("text", "number", "raw"),
    [
        ("Quyết định số 2 0 4/QĐ-UBND", "204/QĐ-UBND", "2 0 4/QĐ-UBND"),
        ("Quyết định số 41 7/QĐ-BNN", "417/QĐ-BNN", "41 7/QĐ-BNN"),
        ("Nghị định 15/2020/NĐ-CPngày 3/2/2020", "15/2020/NĐ-CP", "15/2020/NĐ-CP"),
        ("Quyết định 12/QĐ-UBNDVề việc nghỉ lễ", "12/QĐ-UBND", "12/QĐ-UBND"),
        ("Quyết định số 1727/QĐ-UBND1 ngày 17/5/2007", "1727/QĐ-UBND", "1727/QĐ-UBND"),
        ("Luật số 24/2008/QH 12", "24/2008/QH12", "24/2008/QH 12"),
        ("Luật số 101-SL/L.003", "101-SL/L.003", "101-SL/L.003"),
        ("Công văn 8652/LN:STC-KBNN", "8652/LN:STC-KBNN", "8652/LN:STC-KBNN"),
        ("Chỉ thị số 07 / 2008 / CT – BTTTT", "07/2008/CT-BTTTT", "07 / 2008 / CT – BTTTT"),
        ("Nghị định 64/2007/NĐ-CP", "64/2007/NĐ-CP", "64/2007/NĐ-CP"),
        ("Nghi dinh 64/2007/ND-CP", "64/2007/NĐ-CP", "64/2007/ND-CP"),
        ("Quyết định 749/QĐ-TTg", "749/QĐ-TTG", "749/QĐ-TTg"),
        ("Nghị định 64/2207/NĐ-CP", "64/2207/NĐ-CP", "64/2207/NĐ-CP"),
        ("Thông tư số 12/20155/TT-BTTTT", "12/20155/TT-BTTTT", "12/20155/TT-BTTTT"),
        ("Nghị quyết 49/CP-m", "49/CP-M", "49/CP-m"),
        ("công văn (số 33, ngày 3/4/2012) của tỉnh", "33", "33"),
        ("công văn 1924 của tỉnh", "1924", "1924"),
    ],
)
def test_a_number_in_an_unusual_spelling(text: str, number: str, raw: str) -> None:
    found = _one(f"Thực hiện {text}.")
    assert (found.number, found.number_raw) == (number, raw)


_MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"


@pytest.mark.parametrize(
    ("heading", "read"),
    [
        (
            f"ỦY BAN NHÂN DÂN\nTỈNH LONG AN\n\n----\n\n{_MOTTO}----\n\nSố: 12/QĐ-UBND\n\nLong An, ngày 2 tháng 3 năm 2020\n\nQUYẾT ĐỊNH\n",
            ("quyết định", "2020-03-02", "Ủy ban nhân dân tỉnh Long An", "Long An"),
        ),
        (
            "ỦY BAN NHÂN DÂN | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM |\n"
            "Số: 12/QĐ-UBND | Long An, ngày 2 tháng 3 năm 2020 |\nỦY BAN NHÂN DÂN TỈNH LONG AN\n",
            ("quyết định", "2020-03-02", "Ủy ban nhân dân tỉnh Long An", "Long An"),
        ),
        (
            f"CHÍNH PHỦ\n____\n\nSố: 12/NQ-CP\n{_MOTTO}{'_' * 39}\nHà Nội, ngày 2 tháng 3 năm 2020\n",
            ("nghị quyết", "2020-03-02", "Chính phủ", None),
        ),
        (
            "ỦY BAN NHÂN DÂN\nTỈNH LONG AN\n-------\n|\nCỘNG HÒA XÃ HỘI\nCHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n-------\n|\n"
            "Số: 12/KH-UBND\n|\nLong An, ngày\n2 tháng 3 năm 2020\n",
            ("kế hoạch", "2020-03-02", "Ủy ban nhân dân tỉnh Long An", "Long An"),
        ),
        ("Số: 12-HĐBT\nHà Nội, ngày 2 tháng 3 năm 1985\nQUYẾT ĐỊNH\n", ("quyết định", "1985-03-02", "Hội đồng Bộ trưởng", None)),
        ("Số: 12-CT\nHà Nội, ngày 2 tháng 3 năm 1985\nQUYẾT ĐỊNH\n", ("quyết định", "1985-03-02", None, None)),
    ],
    ids=["motto between", "table", "line", "motto over lines", "type", "type against the code"],
)
def test_the_heading_of_a_document_itself(heading: str, read: tuple[str | None, ...]) -> None:
    found = find(heading)[0]
    assert (found.doc_type, found.issued_on, found.issuer, found.province) == read


def test_figures_share_the_end_of_a_number() -> None:
    found = find("Thông tư số 01, 02, 03/2019/TT-BTTTT và 04/2020/TT-BTTTT.", CONTEXT)
    assert [(one.text, one.number) for one in found] == [
        ("Thông tư số 01", "01/2019/TT-BTTTT"),
        ("02", "02/2019/TT-BTTTT"),
        ("03/2019/TT-BTTTT", "03/2019/TT-BTTTT"),
        ("04/2020/TT-BTTTT", "04/2020/TT-BTTTT"),
    ]
    assert {one.doc_type for one in found} == {"thông tư"}


@pytest.mark.parametrize("text", ["hợp đồng số 12/HĐ-UBND", "giấy phép số 12/GP-BTTTT", "biên bản số 12/BB-UBND", "tỷ lệ 12/15", "số 12"])
def test_a_number_of_no_document(text: str) -> None:
    assert not find(f"Đơn vị đã làm {text} trong tuần.", CONTEXT)


@pytest.mark.parametrize(
    ("words", "pinpoint"),
    [
        ("điểm b khoản 2 Điều 5", "điểm b khoản 2 Điều 5"),
        ("khoản 2, Điều 5 của", "khoản 2, Điều 5"),
        ("Phụ lục I", "Phụ lục I"),
        ("Chương II và Mục 3", "Chương II và Mục 3"),
        ("điều 12a", "điều 12a"),
        ("điểm b, c và đ khoản 1, 2 Điều 7 của", "điểm b, c và đ khoản 1, 2 Điều 7"),
        ("các khoản 2, 3 và 4, Điều 20 -", "khoản 2, 3 và 4, Điều 20"),
        ("các điều 8, 9a", "điều 8, 9a"),
        ("Điểm c khoản 3 Điều 12 và các khoản 1, 2 Điều 15", "Điểm c khoản 3 Điều 12 và các khoản 1, 2 Điều 15"),
        ("nội dung", None),
        ("điều kiện", None),
    ],
)
def test_the_provision_before_a_citation(words: str, pinpoint: str | None) -> None:
    assert _one(f"Đơn vị làm theo {words} Nghị định 15/2020/NĐ-CP.").pinpoint == pinpoint


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("về việc phê duyệt đề án trồng rừng; các xã báo cáo", "phê duyệt đề án trồng rừng"),
        ("V/v giao kế hoạch năm", "giao kế hoạch năm"),
        ("phê duyệt đề án trồng rừng có hiệu lực từ ngày 2/3/2020", "phê duyệt đề án trồng rừng"),
        ("quy định mức thu học phí trên địa bàn tỉnh", "quy định mức thu học phí trên địa bàn tỉnh"),
        ("đã được gửi đến các xã", None),
    ],
)
def test_the_title_after_a_citation(words: str, title: str | None) -> None:
    assert _one(f"Quyết định số 12/QĐ-UBND ngày 2/3/2020 của UBND tỉnh {words}.").title == title


@pytest.mark.parametrize(
    ("words", "relation"),
    [
        ("ban hành kèm theo", "attached"),
        ("thay thế", "replacing"),
        ("sửa đổi, bổ sung", "amending"),
        ("bãi bỏ", "replacing"),
        ("căn cứ", "legal basis"),
        ("triển khai thực hiện nghiêm túc", "implementing"),
        ("kiểm tra việc thực hiện", "checking"),
        ("đọc", None),
    ],
)
def test_the_relation_of_the_words_before(words: str, relation: str | None) -> None:
    assert _one(f"Đơn vị {words} Quyết định số 12/QĐ-UBND.").relation == relation


@pytest.mark.parametrize(
    ("number", "doc_type"),
    [
        ("749/QĐ-TTg", "quyết định"),
        ("số 749/QĐ-TTg", "quyết định"),
        ("06/2008/TTLT-BTTTT-BCA", "thông tư liên tịch"),
        ("số 12-BTTTT/TTLT", "thông tư liên tịch"),
        ("12-CT/TU", "chỉ thị"),
        ("12-QĐ/TTg", "quyết định"),
        ("2290/BTTTT-ƯDCNTT", "công văn"),
        ("12/SYT-NV", "công văn"),
        ("12/UBND-VX", "công văn"),
        ("24/2008/QH12", "luật"),
        ("12/KH-ABC", "kế hoạch"),
        ("12-KH/ABC", None),
        ("12-QĐ/UBND", None),
        ("12/QĐ", None),
        ("12/KH", None),
        ("số 72-CP", "công văn"),
        ("số 80/HĐBT", "công văn"),
        ("72-CP", None),
    ],
)
def test_a_number_without_a_noun(number: str, doc_type: str | None) -> None:
    found = find(f"Theo {number}, các xã báo cáo.", CONTEXT)
    assert [(one.text, one.doc_type) for one in found] == ([(number.removeprefix("số "), doc_type)] if doc_type else [])


@pytest.mark.parametrize(
    ("text", "doc_type", "disagrees"),
    [
        ("văn bản số 12/QĐ-UBND", "quyết định", False),
        ("văn bản số 12/UBND-VX", "công văn", False),
        ("thông tư số 12/2019/TTLT-BTC-BYT", "thông tư liên tịch", False),
        ("thông tư số 12/TT-LB", "thông tư liên tịch", False),
        ("nghị quyết số 12/2019/NQLT-CP-MTTQ", "nghị quyết liên tịch", False),
        ("quy chế số 12/QĐ-UBND", "quy chế", False),
        ("chương trình số 12/CT-UBND", "chương trình", False),
        ("thông tư số 12/2019/NĐ-CP", "thông tư", True),
        ("luật số 12/2019/QH14", "luật", False),
        ("nghị quyết số 12/2019/QH14", "nghị quyết", False),
        ("sắc lệnh số 22-C", "sắc lệnh", False),
        ("kết luận số 12-TB/TW", "kết luận", False),
        ("thông tư liên bộ số 02/TTLB", "thông tư liên tịch", False),
        ("quyết định 12/QĐ", "quyết định", False),
    ],
)
def test_the_type_is_that_of_the_noun_or_the_code(text: str, doc_type: str, disagrees: bool) -> None:
    found = _one(f"Các xã đã nhận {text}.")
    assert (found.text, found.doc_type, "noun-and-code-disagree" in found.flags) == (text, doc_type, disagrees)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Nghị định số 64/2007/NĐ-CP, 43/2011/NĐ-CP và 102/2009/NĐ-CP", ["64/2007/NĐ-CP", "43/2011/NĐ-CP", "102/2009/NĐ-CP"]),
        ("Nghị định số 64/2007/NĐ-CP; số 43/2011/NĐ-CP", ["64/2007/NĐ-CP", "43/2011/NĐ-CP"]),
        ("Chỉ thị số 12/CT-UBND ngày 2/3/2020, 13/CT-UBND ngày 4/3/2020", ["12/CT-UBND", "13/CT-UBND"]),
        ("Chỉ thị số 12/CT-UBND đến số 15/CT-UBND", ["12/CT-UBND", "15/CT-UBND"]),
        ("Chỉ thị số 12/CT-UBND của UBND tỉnh về phòng cháy và 13/CT-UBND", ["12/CT-UBND", "13/CT-UBND"]),
        ("các Thông tư: 01/2019/TT-BTC, 02/2019/TT-BTC", ["01/2019/TT-BTC", "02/2019/TT-BTC"]),
        ("Quyết định số 12 và 13/QĐ-UBND", ["12/QĐ-UBND", "13/QĐ-UBND"]),
        ("QĐ số 12, 13/QĐ-UBND", ["12/QĐ-UBND", "13/QĐ-UBND"]),
        ("Thông tư số 01/2018, 02/2019/TT-BTC", ["01/2018/TT-BTC", "02/2019/TT-BTC"]),
    ],
)
def test_the_members_of_a_list(text: str, numbers: list[str]) -> None:
    assert [one.number for one in find(f"Thực hiện {text}.", CONTEXT)] == numbers


TABLE = "STT\tSố ký hiệu\tNgày ban hành\tCơ quan ban hành\tTrích yếu"


@pytest.mark.parametrize(
    ("table", "read"),
    [
        (
            f"{TABLE}\n1\t12/QĐ-UBND\t2/3/2020\tUBND tỉnh Hà Tĩnh\tVề việc nghỉ lễ\n2\t13/CT-BTTTT\t4/3/2020\tBộ TT&TT\tTrồng cây",
            [
                ("12/QĐ-UBND", "2020-03-02", "Ủy ban nhân dân tỉnh Hà Tĩnh", "nghỉ lễ"),
                ("13/CT-BTTTT", "2020-03-04", "Bộ Thông tin và Truyền thông", "Trồng cây"),
            ],
        ),
        (  # empty cells were left out, so only numbers and days are certain
            "Số ký hiệu\tNgày ban hành\tTrích yếu\n12/QĐ-UBND\t2/3/2020\n4/3/2020\t13/CT-UBND",
            [
                ("12/QĐ-UBND", "2020-03-02", "Ủy ban nhân dân tỉnh Nghệ An", None),
                ("13/CT-UBND", "2020-03-04", "Ủy ban nhân dân tỉnh Nghệ An", None),
            ],
        ),
    ],
)
def test_the_cells_of_a_table_of_documents(table: str, read: list[tuple[str | None, ...]]) -> None:
    found = find(table, CONTEXT)
    assert [(one.number, one.issued_on, one.issuer, one.title) for one in found] == read


@pytest.mark.parametrize(
    ("text", "issuer", "province"),
    [
        ("Quyết định số 12/QĐ-UBND về phát triển du lịch tỉnh Nghệ An giai đoạn 2020 - 2025", "Ủy ban nhân dân tỉnh Nghệ An", "Nghệ An"),
        ("Nghị quyết số 05-NQ/TU về xây dựng Đảng bộ tỉnh Nghệ An", "Tỉnh ủy Nghệ An", "Nghệ An"),
        ("Quyết định số 12/QĐ-UBND phê duyệt quy hoạch tỉnh Nghệ An và tỉnh Hà Tĩnh", "Ủy ban nhân dân", None),
        ("Quyết định số 12/QĐ-XYZ của Sở Xây dựng TP. HCM", "Sở Xây dựng thành phố Hồ Chí Minh", "Hồ Chí Minh"),
        ("Quyết định số 12/2020/QĐ-UBND của HĐND tỉnh và UBND tỉnh", "Hội đồng nhân dân tỉnh; Ủy ban nhân dân tỉnh", None),
        ("Công văn số 12/STC-QLNS của Sở Tài chính, Sở Y tế", "Sở Tài chính", None),
        ("Luật số 46/2014/QH13 sửa đổi, bổ sung một số điều của Luật Bảo hiểm y tế", "Quốc hội", None),
    ],
)
def test_an_issuer_on_a_site_without_a_province(text: str, issuer: str, province: str | None) -> None:
    [found] = find(f"Thực hiện {text}.")
    assert (found.issuer, found.province) == (issuer, province)
