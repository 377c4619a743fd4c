"""Documents are read from the text of their own files. All texts are written for these tests, after the forms of Decree 30/2020/NĐ-CP and
of the circulars before it.
"""

# ruff: noqa: E501 (a paragraph of a document stays one line)

from __future__ import annotations

from datetime import date

import pytest

from scraper.citations import document_keys, find
from scraper.held_documents import Field, HeldDocument, State, identity, known_document, read_document
from scraper.model import Context
from scraper.rule_codes import RuleCode
from scraper.store.documents import row_of

DEPARTMENT = """\
UBND TỈNH NGHỆ AN                 CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
SỞ THÔNG TIN VÀ TRUYỀN THÔNG            Độc lập - Tự do - Hạnh phúc
      _______                                ________________
Số: 45/QĐ-STTTT                   Nghệ An, ngày 02 tháng 3 năm 2012

                      QUYẾT ĐỊNH
     Về việc ban hành Quy chế quản lý, vận hành và sử dụng
   hệ thống thư điện tử của tỉnh Nghệ An
              ___________

     GIÁM ĐỐC SỞ THÔNG TIN VÀ TRUYỀN THÔNG

Căn cứ Luật Công nghệ thông tin ngày 29 tháng 6 năm 2006;
Căn cứ Nghị định số 64/2007/NĐ-CP ngày 10 tháng 4 năm 2007 của Chính
phủ về ứng dụng công nghệ thông tin trong hoạt động của cơ quan nhà nước;
Xét đề nghị của Trưởng phòng Công nghệ thông tin tại Tờ trình số 12/TTr-CNTT ngày 20/02/2012,

QUYẾT ĐỊNH:

Điều 1. Ban hành kèm theo Quyết định này Quy chế quản lý, vận hành.
Điều 2. Quyết định này có hiệu lực thi hành sau 10 ngày kể từ ngày ký và thay thế
Quyết định số 15/QĐ-STTTT ngày 05/5/2009 của Giám đốc Sở Thông tin và Truyền thông.
Điều 3. Chánh Văn phòng, các Trưởng phòng chịu trách nhiệm thi hành./.

Nơi nhận:                                      KT. GIÁM ĐỐC
- Như Điều 3;                                  PHÓ GIÁM ĐỐC
- UBND tỉnh (b/c);
- Lưu: VT, CNTT.                                (Đã ký)

                                               Nguyễn Văn An

PHỤ LỤC I
(Ban hành kèm theo Quyết định số 45/QĐ-STTTT ngày 02/3/2012)
"""
CIRCULAR = """\
BỘ THÔNG TIN VÀ TRUYỀN THÔNG
-------
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
---------
Số: 41/2009/TT-BTTTT
Hà Nội, ngày 30 tháng 12 năm 2009

THÔNG TƯ
BAN HÀNH DANH MỤC CÁC SẢN PHẨM PHẦN MỀM NGUỒN MỞ ĐÁP ỨNG YÊU CẦU SỬ DỤNG TRONG CƠ QUAN, TỔ CHỨC NHÀ NƯỚC
BỘ TRƯỞNG BỘ THÔNG TIN VÀ TRUYỀN THÔNG
Căn cứ Nghị định số 187/2007/NĐ-CP ngày 25 tháng 12 năm 2007 của Chính phủ;
Xét đề nghị của Vụ trưởng Vụ Công nghệ thông tin,
QUY ĐỊNH:
Điều 1. Ban hành kèm theo Thông tư này Danh mục.
Điều 2. Thông tư này có hiệu lực kể từ ngày 15 tháng 02 năm 2010. Thông tư này thay thế Quyết định số 08/2007/QĐ-BTTTT ngày 24/12/2007.
BỘ TRƯỞNG
Lê Văn Hợp
"""
LETTER = """\
BỘ THÔNG TIN VÀ TRUYỀN THÔNG
Số: 1594/BTTTT-ƯDCNTT
V/v hướng dẫn triển khai sử dụng
phần mềm nguồn mở
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Hà Nội, ngày 18 tháng 5 năm 2009

Kính gửi:
- Các Bộ, cơ quan ngang Bộ, cơ quan thuộc Chính phủ;
- UBND các tỉnh, thành phố trực thuộc Trung ương.

Căn cứ Chỉ thị số 07/2008/CT-BTTTT ngày 30/12/2008 của Bộ trưởng Bộ Thông tin và Truyền thông về đẩy mạnh sử dụng phần mềm nguồn mở, Bộ đề nghị các cơ quan thực hiện Công văn số 310/BTTTT-ƯDCNTT.

Nơi nhận:
- Như trên;
- Bộ trưởng (để b/c);
- Lưu: VT, ƯDCNTT.
KT. BỘ TRƯỞNG
THỨ TRƯỞNG
(Đã ký)
Nguyễn Minh Hải
"""
JOINT = """\
BỘ THÔNG TIN VÀ TRUYỀN THÔNG - BỘ CÔNG AN
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 06/2008/TTLT-BTTTT-BCA     Hà Nội, ngày 28 tháng 11 năm 2008

THÔNG TƯ LIÊN TỊCH
Về bảo đảm an toàn cơ sở hạ tầng và an ninh thông tin
trong hoạt động bưu chính, viễn thông và công nghệ thông tin

Căn cứ Luật An ninh quốc gia ngày 03 tháng 12 năm 2004;
Bộ Thông tin và Truyền thông và Bộ Công an thống nhất hướng dẫn như sau:
1. Phạm vi
Thông tư này có hiệu lực sau 15 ngày, kể từ ngày đăng Công báo.
KT. BỘ TRƯỞNG BỘ CÔNG AN          KT. BỘ TRƯỞNG
THỨ TRƯỞNG                        BỘ THÔNG TIN VÀ TRUYỀN THÔNG
                                  THỨ TRƯỞNG
Trung tướng Nguyễn Văn Bình      Trần Đức Long

Nơi nhận:
- Ban Bí thư Trung ương Đảng;
- Lưu: BTTTT (VT), BCA (VT).
"""
LAW = """\
QUỐC HỘI
Luật số: 67/2006/QH11
CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

LUẬT
CÔNG NGHỆ THÔNG TIN
Căn cứ vào Hiến pháp nước Cộng hoà xã hội chủ nghĩa Việt Nam năm 1992 đã được sửa đổi, bổ sung theo Nghị quyết số 51/2001/QH10;
Luật này quy định về công nghệ thông tin.
Chương I
Điều 78. Luật này có hiệu lực thi hành từ ngày 01 tháng 01 năm 2007.
Luật này đã được Quốc hội nước Cộng hoà xã hội chủ nghĩa Việt Nam khoá XI, kỳ họp thứ 9 thông qua ngày 29 tháng 6 năm 2006.
CHỦ TỊCH QUỐC HỘI
Nguyễn Phú Long
"""
DRAFT = """\
ỦY BAN NHÂN DÂN
TỈNH NGHỆ AN
Số:         /2012/QĐ-UBND
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Nghệ An, ngày      tháng     năm 2012
QUYẾT ĐỊNH
Ban hành Quy chế phối hợp
ỦY BAN NHÂN DÂN TỈNH NGHỆ AN
Căn cứ Luật Viễn thông ngày 23/11/2009;
QUYẾT ĐỊNH:
Điều 1. Ban hành Quy chế.
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
"""
PARTY = """\
TỈNH ỦY NGHỆ AN
*
Số 12-CT/TU
ĐẢNG CỘNG SẢN VIỆT NAM
Vinh, ngày 27 tháng 11 năm 2008
CHỈ THỊ
CỦA BAN THƯỜNG VỤ TỈNH ỦY
về tăng cường sự lãnh đạo của Đảng đối với công tác báo chí
Trong những năm qua, công tác báo chí đã có bước phát triển.
T/M BAN THƯỜNG VỤ
BÍ THƯ
Phan Đình Long
"""
SCANNED = """\
UBND TÍNH NGHE AN CỘNG HÒA XÃ HÔI CHỦ NGHĨA VIỆT NAM
SỞ THÔNG TIN VÀ TRUYÊN THÔNG Đôc lâp - Tư do - Hanh phúc
Sô: O5/QD-STTTT Nghệ An, ngày O2 tháng l2 năm 2O12
QUYÉT ĐỊNH
Vê việc phê duyệt kế hoạch
GIÁM ĐỐC SỞ THÔNG TIN VÀ TRUYỀN THÔNG
Căn cứ Nghị định số 64/2007/NĐ-CP;
QUYẾT ĐỊNH:
Điều 1. Phê duyệt kế hoạch.
Nơi nhận: GIÁM ĐỐC
- Như Điều 3;
- Lưu: VT. Hồ Quang Long
"""


def _at(pages: tuple[str, ...], field: Field) -> list[str]:
    return [pages[place.page - 1][place.start : place.end] for place in field.places]


def _cited(document: HeldDocument) -> list[str]:
    return [one.mention.text for basis in document.legal_bases for one in basis.documents]


def test_a_decision_in_two_columns_is_read_with_the_places_of_its_fields() -> None:
    pages = (DEPARTMENT,)
    read = read_document(pages)
    assert read.is_document and read.state is State.NUMBERED
    assert (read.number.value, read.doc_type.value, read.issued_on.value, read.place.value) == (
        "45/QĐ-STTTT",
        "quyết định",
        "2012-03-02",
        "Nghệ An",
    )
    assert (read.issuer.value, read.superior.value) == ("Sở Thông tin và Truyền thông", "Ủy ban nhân dân tỉnh Nghệ An")
    assert read.subject.value == "ban hành Quy chế quản lý, vận hành và sử dụng hệ thống thư điện tử của tỉnh Nghệ An"
    assert _at(pages, read.subject) == ["ban hành Quy chế quản lý, vận hành và sử dụng", "hệ thống thư điện tử của tỉnh Nghệ An"]
    assert _at(pages, read.number) == ["45/QĐ-STTTT"] and _at(pages, read.issued_on) == ["ngày 02 tháng 3 năm 2012"]
    assert read.parts is not None and (read.parts.serial, read.parts.type_code, read.parts.issuer_codes) == ("45", "QĐ", ("STTTT",))
    assert _cited(read) == ["Luật Công nghệ thông tin", "Nghị định số 64/2007/NĐ-CP", "Tờ trình số 12/TTr-CNTT"]
    assert all(
        pages[0][place.start : place.end] == one.mention.text
        for basis in read.legal_bases
        for one in basis.documents
        for place in one.places
    )
    [signer] = read.signers
    assert (signer.name.value, signer.position.value, signer.authority.value) == ("Nguyễn Văn An", "PHÓ GIÁM ĐỐC", "KT. GIÁM ĐỐC")
    assert [one.value for one in read.recipients] == ["Như Điều 3", "UBND tỉnh (b/c)", "Lưu: VT, CNTT"]
    assert [one.mention.number for clause in read.ended for one in clause.documents] == ["15/QĐ-STTTT"]
    assert (read.in_force_from.value, read.in_force_from.rule.code) == ("2012-03-12", RuleCode.HELD_EFFECT_DAYS_AFTER_SIGNING)
    assert [annex.heading for annex in read.annexes] == ["PHỤ LỤC I"] and read.following == ()


@pytest.mark.parametrize(
    ("text", "number", "doc_type", "issuers", "issued_on", "subject", "signers", "in_force_from"),
    [
        (CIRCULAR, "41/2009/TT-BTTTT", "thông tư", ["Bộ Thông tin và Truyền thông"], "2009-12-30",
         "BAN HÀNH DANH MỤC CÁC SẢN PHẨM PHẦN MỀM NGUỒN MỞ ĐÁP ỨNG YÊU CẦU SỬ DỤNG TRONG CƠ QUAN, TỔ CHỨC NHÀ NƯỚC", ["Lê Văn Hợp"], "2010-02-15"),
        (LETTER, "1594/BTTTT-ƯDCNTT", "công văn", ["Bộ Thông tin và Truyền thông"], "2009-05-18", "hướng dẫn triển khai sử dụng phần mềm nguồn mở",
         ["Nguyễn Minh Hải"], None),
        (JOINT, "06/2008/TTLT-BTTTT-BCA", "thông tư liên tịch", ["Bộ Thông tin và Truyền thông", "Bộ Công an"], "2008-11-28",
         "bảo đảm an toàn cơ sở hạ tầng và an ninh thông tin trong hoạt động bưu chính, viễn thông và công nghệ thông tin",
         ["Nguyễn Văn Bình", "Trần Đức Long"], None),
        (LAW, "67/2006/QH11", "luật", ["Quốc hội"], "2006-06-29", "CÔNG NGHỆ THÔNG TIN", ["Nguyễn Phú Long"], "2007-01-01"),
        (PARTY, "12-CT/TU", "chỉ thị", ["Tỉnh ủy Nghệ An"], "2008-11-27", "tăng cường sự lãnh đạo của Đảng đối với công tác báo chí", ["Phan Đình Long"], None),
        (SCANNED, "05/QĐ-STTTT", "quyết định", ["Sở Thông tin và Truyền thông"], "2012-12-02", "phê duyệt kế hoạch", ["Hồ Quang Long"], None),
    ],
    ids=["circular", "letter", "joint", "law", "party", "scanned"],
)  # fmt: skip
def test_kinds_of_documents(
    text: str, number: str, doc_type: str, issuers: list[str], issued_on: str, subject: str, signers: list[str], in_force_from: str | None
) -> None:
    read = read_document((text,))
    assert (read.number.value, read.doc_type.value, [one.value for one in read.issuers]) == (number, doc_type, issuers)
    assert (read.issued_on.value, read.subject.value) == (issued_on, subject)
    assert [one.name.value for one in read.signers] == signers
    assert read.in_force_from.value == in_force_from


def test_the_bases_of_a_letter_are_not_what_it_orders() -> None:
    assert _cited(read_document((LETTER,))) == ["Chỉ thị số 07/2008/CT-BTTTT"]


def test_a_day_that_the_text_does_not_state_is_not_computed() -> None:
    read = read_document((JOINT,))
    assert read.in_force_from.rule.code is RuleCode.HELD_EFFECT_NOT_COMPUTED
    assert read.in_force_from.rule.parameter == "sau 15 ngày, kể từ ngày đăng Công báo"


def test_a_number_that_is_left_empty_is_a_draft() -> None:
    read = read_document((DRAFT,))
    assert (read.state, read.number.value, read.number.rule.code) == (State.DRAFT, None, RuleCode.HELD_NUMBER_EMPTY)
    assert read.parts is not None and (read.parts.serial, read.parts.year, read.parts.type_code) == (None, 2012, "QĐ")
    assert (read.issued_on.value, read.issued_on.rule.notes) == ("2012", (RuleCode.HELD_DAY_EMPTY,))
    assert identity(read, "nghe-an") == () and known_document(read, "nghe-an") is None


def test_a_number_that_was_stamped_on_paper_is_no_draft() -> None:
    read = read_document((DRAFT.replace("CHỦ TỊCH\n", "CHỦ TỊCH\n(Đã ký)\nHồ Đức Long\n"),))
    assert (read.state, read.number.value) == (State.STAMPED, None)
    assert identity(read, "nghe-an") == ()


def test_repaired_letters_are_marked() -> None:
    read = read_document((SCANNED,))
    assert (read.number.is_repaired, read.number.original) == (True, "O5/QD-STTTT")
    assert read.issued_on.is_repaired
    clean = read_document((DEPARTMENT,))
    assert not (clean.number.is_repaired or clean.issued_on.is_repaired or clean.issuer.is_repaired)


# --- what is no document, and what comes with one ---------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", RuleCode.HELD_NONE_NO_TEXT),
        ("Kính thưa các đồng chí!\nCăn cứ Luật Công nghệ thông tin, năm nay tỉnh ta đã làm được nhiều việc.", RuleCode.HELD_NONE_SPEECH),
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nĐƠN ĐỀ NGHỊ CẤP GIẤY PHÉP\nKính gửi: Sở Thông tin", RuleCode.HELD_NONE_FORM),
        ("DANH SÁCH\nthí sinh dự thi\n1\tNguyễn Văn A\t12/3/1990", RuleCode.HELD_NONE_LIST),
        ("PHỤ LỤC\n(Ban hành kèm theo Quyết định số 1727/QĐ-UBND ngày 17/5/2007)\n1. Biểu mẫu", RuleCode.HELD_NONE_ANNEX),
        ("Hội nghị diễn ra tại Vinh, ngày 12 tháng 3 năm 2012.\nTheo Quyết định số 749/QĐ-TTg, các sở phối hợp.", RuleCode.HELD_NONE_NO_HEADING),
    ],
)  # fmt: skip
def test_a_text_that_is_no_document_says_why(text: str, code: RuleCode) -> None:
    read = read_document((text,))
    assert (read.is_document, read.rule.code, read.state, read.legal_bases) == (False, code, State.NO_DOCUMENT, ())


def test_an_annex_names_its_document() -> None:
    read = read_document(("PHỤ LỤC\n(Ban hành kèm theo Quyết định số 1727/QĐ-UBND ngày 17/5/2007)\n",))
    assert read.rule.parameter == "1727/QĐ-UBND"


def test_other_documents_in_the_file_are_named() -> None:
    pages = (LETTER, CIRCULAR)
    read = read_document(pages)
    assert read.number.value == "1594/BTTTT-ƯDCNTT"
    [place] = read.following
    assert pages[place.page - 1][place.start : place.end] == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" and place.page == 2
    assert [one.name.value for one in read.signers] == ["Nguyễn Minh Hải"] and read.ended == ()


# --- identity -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "citation", "unit"),
    [
        (DEPARTMENT, "Quyết định số 45/QĐ-STTTT ngày 02/3/2012 của Sở Thông tin và Truyền thông tỉnh Nghệ An", "nghe-an"),
        (CIRCULAR, "Thông tư số 41/2009/TT-BTTTT", "ha-noi"),
        (LETTER, "Công văn số 1594/BTTTT-ƯDCNTT ngày 18/5/2009", None),
        (JOINT, "Thông tư liên tịch số 06/2008/TTLT-BTTTT-BCA", None),
        (LAW, "Luật Công nghệ thông tin số 67/2006/QH11", None),
        (PARTY, "Chỉ thị số 12-CT/TU ngày 27/11/2008 của Ban Thường vụ Tỉnh ủy Nghệ An", "nghe-an"),
    ],
    ids=["department", "circular", "letter", "joint", "law", "party"],
)  # fmt: skip
def test_the_key_is_that_of_the_stub_of_a_citation(text: str, citation: str, unit: str | None) -> None:
    context = Context(unit=unit)
    [mention] = find(citation, context)
    keys = document_keys(mention, context)
    read = read_document((text,))
    assert identity(read, unit) == keys and len(keys) == 1
    known = known_document(read, unit)
    assert known is not None and known.key == keys[0]


def test_the_province_of_the_heading_decides_not_that_of_the_site() -> None:
    [key] = identity(read_document((DEPARTMENT,)), "ca-mau")
    assert key.place == "nghe-an"


def test_a_held_document_fills_the_columns_of_documents() -> None:
    known = known_document(read_document((DEPARTMENT,)), "nghe-an")
    assert known is not None
    row = row_of(known)
    assert (row["type"], row["number"], row["year"], row["unit_id"]) == ("quyết định", "45/QĐ-STTTT", 2012, "nghe-an")
    assert (row["issuer"], row["issued_on"], row["in_force_from"]) == (
        "Sở Thông tin và Truyền thông tỉnh Nghệ An",
        "2012-03-02",
        "2012-03-12",
    )
    assert known.issued_on == date(2012, 3, 2)
