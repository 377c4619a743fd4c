"""Documents are read from the text of their own files. All texts are written for these tests, after the forms of Decree 30/2020/NĐ-CP and
of the circulars before it.
"""

# ruff: noqa: E501 (a paragraph of a document stays one line)

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest

from benchmarks.generated_decisions import HEADING, HELD_OUT, SEEN, Maker, Parts, Truth, generate, wrong_fields
from scraper.citations import document_keys, find
from scraper.held_documents import Field, HeldDocument, State, identity, known_document, read_document
from scraper.held_documents.rows_of_pages import MOST_ROWS
from scraper.model import Context
from scraper.rule_codes import RuleCode
from scraper.store.documents import row_of
from tests.conftest import PROJECT, Place

Layouts = tuple[Callable[[Maker], tuple[Parts, Truth]], ...]
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


# --- files without a document, annexes, several documents ---------------------------------------------------


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


# --- more shapes ----------------------------------------------------------------------------------

MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
PRIME_MINISTER = f"""\
CÔNG BÁO/Số 231 + 232/Ngày 12-3-2012
Người ký: Cổng Thông tin điện tử Chính phủ
Thời gian ký: 12.03.2012 09:15:22 +07:00
ĐẾN Số: 2345
THỦ TƯỚNG CHÍNH PHỦ
{MOTTO}Số: 299/QĐ-TTg     Hà Nội, ngày 09 tháng 3 năm 2012
QUYẾT ĐỊNH
Về việc phê duyệt Chương trình
THỦ TƯỚNG CHÍNH PHỦ
Căn cứ Luật Tổ chức Chính phủ ngày 25 tháng 12 năm 2001;
QUYẾT ĐỊNH:
Điều 1. Phê duyệt Chương trình.
KT. THỦ TƯỚNG
PHÓ THỦ TƯỚNG
Nguyễn Thiện Long
"""
COUNCIL = f"""\
HỘI ĐỒNG NHÂN DÂN
TỈNH NGHỆ AN
KHÓA XVI, KỲ HỌP THỨ 4
Số: 25/2012/NQ-HĐND
{MOTTO}Nghệ An, ngày 13 tháng 7 năm 2012
NGHỊ QUYẾT
Về một số chính sách hỗ trợ
HỘI ĐỒNG NHÂN DÂN TỈNH NGHỆ AN
KHÓA XVI, KỲ HỌP THỨ 4
Căn cứ Luật Viễn thông ngày 23 tháng 11 năm 2009;
Xét Tờ trình số 3950/TTr-UBND ngày 18 tháng 6 năm 2012 của Ủy ban nhân dân tỉnh;
QUYẾT NGHỊ:
Điều 1. Thông qua chính sách.
Nghị quyết này đã được Hội đồng nhân dân tỉnh Nghệ An khóa XVI, kỳ họp thứ 4 thông qua ngày 13 tháng 7 năm 2012 và có hiệu lực sau 10 ngày kể từ ngày được thông qua./.
CHỦ TỊCH
Trần Hồng Long
"""
NOTICE = f"""\
UBND TỈNH NGHỆ AN
VĂN PHÒNG
Số: 123/TB-VP
{MOTTO}Vinh, ngày 4 tháng 5 năm 2011
THÔNG BÁO
Kết luận của đồng chí Phó Chủ tịch UBND tỉnh tại cuộc họp nghe báo cáo
tình hình thực hiện Quyết định số 1755/QĐ-TTg ngày 22/9/2010

Ngày 29/4/2011, Phó Chủ tịch đã chủ trì họp. Theo Quyết định số 12/QĐ-UBND ngày 3/1/2011, các sở đã làm.
TL. CHỦ TỊCH
CHÁNH VĂN PHÒNG
PHÓ VĂN PHÒNG
Hồ Văn Long
"""
STATED = """\
QUYẾT ĐỊNH
CỦA BỘ TRƯỞNG BỘ BƯU CHÍNH, VIỄN THÔNG SỐ 12/2003/QĐ-BBCVT
NGÀY 05 THÁNG 3 NĂM 2003 VỀ VIỆC BAN HÀNH CƯỚC DỊCH VỤ
BỘ TRƯỞNG BỘ BƯU CHÍNH, VIỄN THÔNG
Căn cứ Nghị định số 90/2002/NĐ-CP ngày 11/11/2002 của Chính phủ;
QUYẾT ĐỊNH:
Điều 1. Nay ban hành cước dịch vụ.
Điều 2. Quyết định này có hiệu lực thi hành kể từ ngày 01/04/2003.
BỘ TRƯỞNG
Đỗ Trung Long
"""


@pytest.mark.parametrize(
    ("text", "number", "issuer", "superior", "issued_on", "subject", "signer", "in_force_from"),
    [
        (PRIME_MINISTER, "299/QĐ-TTG", "Thủ tướng Chính phủ", None, "2012-03-09", "phê duyệt Chương trình", ("Nguyễn Thiện Long", "PHÓ THỦ TƯỚNG"), None),
        (COUNCIL, "25/2012/NQ-HĐND", "Hội đồng nhân dân tỉnh Nghệ An", None, "2012-07-13", "một số chính sách hỗ trợ", ("Trần Hồng Long", "CHỦ TỊCH"), "2012-07-23"),
        (NOTICE, "123/TB-VP", "Văn phòng", "Ủy ban nhân dân tỉnh Nghệ An", "2011-05-04", "Kết luận của đồng chí Phó Chủ tịch UBND tỉnh tại cuộc họp nghe báo cáo tình hình thực hiện Quyết định số 1755/QĐ-TTg ngày 22/9/2010", ("Hồ Văn Long", "PHÓ VĂN PHÒNG"), None),
        (STATED, "12/2003/QĐ-BBCVT", "Bộ Bưu chính, Viễn thông", None, "2003-03-05", "BAN HÀNH CƯỚC DỊCH VỤ", ("Đỗ Trung Long", "BỘ TRƯỞNG"), "2003-04-01"),
    ],
    ids=["stamps", "council", "notice", "stated"],
)  # fmt: skip
def test_stamps_sessions_cited_decisions_and_stated_titles(
    text: str,
    number: str,
    issuer: str,
    superior: str | None,
    issued_on: str,
    subject: str,
    signer: tuple[str, str],
    in_force_from: str | None,
) -> None:
    read = read_document((text,))
    assert (read.number.value, read.issuer.value, read.superior.value) == (number, issuer, superior)
    assert (read.issued_on.value, read.subject.value, read.in_force_from.value) == (issued_on, subject, in_force_from)
    assert [(one.name.value, one.position.value) for one in read.signers] == [signer]


@pytest.mark.parametrize(
    ("block", "signer"),
    [
        ("TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH\n(Đã ký)\nHồ Đức Long\n", ("Hồ Đức Long", "PHÓ CHỦ TỊCH", "TM. ỦY BAN NHÂN DÂN / KT. CHỦ TỊCH")),
        ("KT. BỘ TRƯỞNG\n\nNơi nhận:\n\nTHỨ TRƯỞNG\n\n- Như trên;\n\nHồ Đức Long\n", ("Hồ Đức Long", "THỨ TRƯỞNG", "KT. BỘ TRƯỞNG")),
        ("TM. ỦY BAN NHÂN DÂN\nTỈNH NGHỆ AN\nCHỦ TỊCH\nHỒ ĐỨC LONG\n", ("HỒ ĐỨC LONG", "CHỦ TỊCH", "TM. ỦY BAN NHÂN DÂN / TỈNH NGHỆ AN")),
        ("Q. GIÁM ĐỐC\n\nThS. Lò Văn Giàng\n", ("Lò Văn Giàng", "Q. GIÁM ĐỐC", None)),
        ("GIÁM ĐỐC\nThS.BS Lò Văn Giàng\n", ("Lò Văn Giàng", "GIÁM ĐỐC", None)),
        ("GIÁM ĐỐC\nBS.CKII Lò Văn Giàng\n", ("Lò Văn Giàng", "GIÁM ĐỐC", None)),
        ("KT. GIÁM ĐỐc\nPHÓ GIÁM ĐỐC\nHồ Đức Long\n", ("Hồ Đức Long", "PHÓ GIÁM ĐỐC", "KT. GIÁM ĐỐc")),
        ("Nơi nhận:\n- Như trên.\nPhó Giám đốc\nHồ Đức Long\n", ("Hồ Đức Long", "Phó Giám đốc", None)),
        ("CHỈ HUY TRƯỞNG\nĐại tá, TS. Lò Văn Giàng\n", ("Lò Văn Giàng", "CHỈ HUY TRƯỞNG", None)),
        ("KT. HẠT TRƯỞNG\nPHÓ HẠT TRƯỞNG\nH'Yim Kđoh\n", ("H'Yim Kđoh", "PHÓ HẠT TRƯỞNG", "KT. HẠT TRƯỞNG")),
        ("KT. TỔNG KIỂM TOÁN NHÀ NƯỚC\nPHÓ TỔNG KIỂM TOÁN NHÀ NƯỚC\nHồ Đức Long\n", ("Hồ Đức Long", "PHÓ TỔNG KIỂM TOÁN NHÀ NƯỚC", "KT. TỔNG KIỂM TOÁN NHÀ NƯỚC")),
        ("Nơi nhận: KT. GIÁM ĐỐC\n- Như trên; PHÓ GIÁM ĐỐC\n- Lưu: VT. Hồ Đức Long\n", ("Hồ Đức Long", "PHÓ GIÁM ĐỐC", "KT. GIÁM ĐỐC")),
    ],
)  # fmt: skip
def test_the_signature(block: str, signer: tuple[str, str, str | None]) -> None:
    read = read_document((DEPARTMENT.partition("Nơi nhận")[0] + block,))
    assert [(one.name.value, one.position.value, one.authority.value) for one in read.signers] == [signer]


@pytest.mark.parametrize(
    "heading",
    [
        "BỘ TÀI CHÍNH CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT\nSố: 12/QĐ-BTC\nNAM\nĐộc lập - Tự do - Hạnh phúc\n",
        "BỘ TÀI CHÍNH CỘNG HÒA XÃ HỘI CHỦ NGHĨA\nVIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nSố: 12/QĐ-BTC\n",
        "BỘ CỘNG HÒA XÃ HỘI CHỦ NGHĨA\nTÀI CHÍNH VIỆT NAM\nSố: 12/QĐ-BTC\nĐộc lập - Tự do - Hạnh phúc\n",
    ],
)  # fmt: skip
def test_a_motto_over_two_lines_is_not_part_of_the_issuer(heading: str) -> None:
    read = read_document((f"{heading}Hà Nội, ngày 30 tháng 3 năm 2009\nQUYẾT ĐỊNH\nVề việc giao kế hoạch\n",))
    assert (read.number.value, read.issuer.value, read.superior.value) == ("12/QĐ-BTC", "Bộ Tài chính", None)


def test_a_report_to_an_office_is_no_letter_and_no_decision() -> None:
    text = f"UBND HUYỆN CẦN GIỜ\nPHÒNG NỘI VỤ\nSố: 17/BC-PNV\n{MOTTO}Cần Giờ, ngày 12 tháng 11 năm 2013\nBÁO CÁO\nTình hình năm 2013\n\nKính gửi: Sở Nội vụ\n\nCăn cứ Công văn số 1500/SNV-VP ngày 01/11/2013 của Sở, Phòng báo cáo như sau:\nI. KẾT QUẢ\n"
    read = read_document((text,))
    assert (read.number.value, read.doc_type.value, read.issued_on.value) == ("17/BC-PNV", "báo cáo", "2013-11-12")
    assert (read.issuer.value, read.superior.value) == ("Phòng Nội vụ", "Ủy ban nhân dân huyện Cần Giờ")
    assert (read.subject.value, _cited(read)) == ("Tình hình năm 2013", ["Công văn số 1500/SNV-VP"])


@pytest.mark.parametrize(
    ("line", "issued_on"),
    [
        ("Hà Nội, ngày AG tháng 4 năm 2016.", "2016-04"),
        ("Hà Nội, ngày     tháng 4 năm 2016", "2016-04"),
        ("Hà Nội, ngày … tháng … năm 2016", "2016"),
        ("TP. Hồ Chí Minh, ngày 05/4/2016", "2016-04-05"),
        ("Quận 5, ngày 31 tháng 02 năm 2016", None),
        ("Hà Nội, ngày 23 tháng 02 năm 20164", "2016-02-23"),
    ],
)  # fmt: skip
def test_the_date_of_the_heading(line: str, issued_on: str | None) -> None:
    read = read_document(
        (
            f"BỘ TÀI CHÍNH\n{MOTTO}Số: 44/QĐ-BTC\n{line}\nQUYẾT ĐỊNH\nVề việc giao kế hoạch\nCăn cứ Nghị định số 64/2007/NĐ-CP ngày 10/4/2007;\n",
        )
    )
    assert read.issued_on.value == issued_on
    assert (RuleCode.HELD_DAY_EMPTY in read.issued_on.rule.notes) is (len(issued_on or "") in (4, 7))


@pytest.mark.parametrize(
    ("label", "number"),
    [
        ("Số 12/QĐ-UBND", "12/QĐ-UBND"),
        ("Số : 02 /QD-UBND", "02/QĐ-UBND"),
        ("sé; 5452 /TCHQ-GSQL", "5452/TCHQ-GSQL"),
        ("Số: 1 2 7/QĐ-UBND", "127/QĐ-UBND"),
        ("Số: 01/2022/TTLT-VKSNDTC-\nTANDTC-BCA", "01/2022/TTLT-VKSNDTC-TANDTC-BCA"),
        ("Số: 66.16/2026/NQ-CP", "66.16/2026/NQ-CP"),
        ("Số:\n12/QĐ-UBND", "12/QĐ-UBND"),
        ("Số/No: 12/QĐ-UBND", "12/QĐ-UBND"),
    ],
)  # fmt: skip
def test_the_number_of_the_heading(label: str, number: str) -> None:
    pages = (f"{MOTTO}{label}\nHà Nội, ngày 05 tháng 4 năm 2026\nQUYẾT ĐỊNH\nVề việc giao kế hoạch\n",)
    read = read_document(pages)
    assert read.number.value == number
    assert "".join("".join(_at(pages, read.number)).split()).replace("QD", "QĐ") == number


@pytest.mark.parametrize(
    ("written", "number", "repaired"),
    [("...123.../QĐ-UBND", "123/QĐ-UBND", False), ("..l2../QĐ-UBND", "12/QĐ-UBND", True), ("12/QĐ-UBNĐ", "12/QĐ-UBND", True)],
)
def test_a_number_with_dots_around_it_or_a_mistaken_code(written: str, number: str, repaired: bool) -> None:
    read = read_document((f"{MOTTO}Số:{written}\nHà Nội, ngày 05 tháng 4 năm 2026\nQUYẾT ĐỊNH\nVề việc giao kế hoạch\n",))
    assert (read.number.value, read.number.is_repaired) == (number, repaired)
    assert read.parts is not None and (read.parts.type_code, read.parts.issuer_codes) == ("QĐ", ("UBND",))


def test_a_document_whose_heading_is_a_picture_keeps_the_rest() -> None:
    read = read_document(
        ("NGHỊ ĐỊNH\nQuy định cơ chế ưu đãi\n\nCăn cứ Luật Điện lực số 61/2024/QH15;\nChính phủ ban hành Nghị định.\nChương I\n",)
    )
    assert (read.rule.code, read.state, read.number.value) == (RuleCode.HELD_WITHOUT_HEADING, State.UNNUMBERED, None)
    assert (read.doc_type.value, read.subject.value, _cited(read)) == (
        "nghị định",
        "Quy định cơ chế ưu đãi",
        ["Luật Điện lực số 61/2024/QH15"],
    )
    assert identity(read) == ()


def test_decomposed_letters_keep_their_offsets() -> None:
    pages = (unicodedata.normalize("NFD", DEPARTMENT),)
    read = read_document(pages)
    assert (read.number.value, read.issuer.value) == ("45/QĐ-STTTT", "Sở Thông tin và Truyền thông")
    assert unicodedata.normalize("NFC", _at(pages, read.issued_on)[0]) == "ngày 02 tháng 3 năm 2012"


def test_fields_over_two_pages_name_both() -> None:
    first, second = DEPARTMENT.split("về ứng dụng")
    pages = (first, f"về ứng dụng{second}")
    basis = read_document(pages).legal_bases[1]
    assert [place.page for place in basis.places] == [1, 1, 2]
    assert "".join(pages[place.page - 1][place.start : place.end] for place in basis.places).endswith("cơ quan nhà nước;")


FRAME = "QUYẾT ĐỊNH\nVề việc giao kế hoạch\nCăn cứ Luật Viễn thông ngày 23/11/2009;\n"


@pytest.mark.parametrize(
    ("heading", "issuer", "superior"),
    [
        (f"UBND TỈNH HÀ TĨNH SỞ Y TẾ Số: 12/QĐ-SYT\t{MOTTO}", "Sở Y tế", "Ủy ban nhân dân tỉnh Hà Tĩnh"),
        ("| ỦY BAN NHÂN DÂN | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM |\n| TỈNH HÀ TĨNH | Độc lập - Tự do - Hạnh phúc |\n| Số: 12/QĐ-SYT | |\n", "Ủy ban nhân dân tỉnh Hà Tĩnh", None),
        ("ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI\nTỈNH HÀ TĨNH CHỦ NGHĨA VIỆT NAM\nSố: 12/QĐ-SYT\n", "Ủy ban nhân dân tỉnh Hà Tĩnh", None),
        (f"SỞ GIÁO DỤC VÀ ĐÀO TẠO HÀ NỘI\nTRƯỜNG THPT CHU VĂN AN\nSố: 12/QĐ-SYT\n{MOTTO}", "Trường THPT Chu Văn An", "Sở Giáo dục và Đào tạo Hà Nội"),
        (f"BỘ TÀI NGUYÊN VÀ MÔI\nTRƯỜNG\nSố: 12/QĐ-SYT\n{MOTTO}", "Bộ Tài nguyên và Môi trường", None),
        (f"ĐẠI HỌC QUỐC GIA HÀ NỘI\nTRƯỜNG ĐẠI HỌC CÔNG NGHỆ\nSố: 12/QĐ-SYT\n{MOTTO}", "Trường Đại học công nghệ", "Đại học Quốc gia Hà Nội"),
        (f"ỦY BAN NHÂN DÂN\nPHƯỜNG 12\nQUẬN TÂN BÌNH\nSố: 12/QĐ-SYT\n{MOTTO}", "Ủy ban nhân dân phường 12 quận Tân Bình", None),
        (f"HHẾCHPMPEE UHHHUONEE\nSỞ Y TẾ\nSố: 12/QĐ-SYT\n{MOTTO}", "Sở Y tế", None),
    ],
    ids=["cell", "lines of a table", "motto", "school", "second line", "university", "ward", "dirt"],
)  # fmt: skip
def test_the_bodies_of_the_heading(heading: str, issuer: str, superior: str | None) -> None:
    read = read_document((f"{heading}\nHà Tĩnh, ngày 05 tháng 4 năm 2024\n{FRAME}",))
    assert (read.number.value, read.issued_on.value) == ("12/QĐ-SYT", "2024-04-05")
    assert (read.issuer.value, read.superior.value) == (issuer, superior)


def test_a_year_that_is_left_open_is_a_draft() -> None:
    read = read_document(
        (f"BỘ NỘI VỤ\nSố:      /202…/TT-BNV\n{MOTTO}Hà Nội, ngày    tháng    năm 202…\nTHÔNG TƯ\nQuy định chế độ báo cáo\n",)
    )
    assert (read.state, read.number.value, read.issuer.value, read.issued_on.value) == (State.DRAFT, None, "Bộ Nội vụ", None)


@pytest.mark.parametrize("edge", ["2", "- 2 -", "Trang 2/5", "CÔNG BÁO/Số 231 + 232/Ngày 12-3-2012     3"])
def test_what_pages_repeat_at_their_edges_is_not_text(edge: str) -> None:
    first, second = DEPARTMENT.split("Căn cứ Nghị định")
    for pages in (
        (first, f"{edge}\n\nCăn cứ Nghị định{second}"),
        (f"{first}\n{edge}\n", f"Căn cứ Nghị định{second}"),
        (f"{first}\f{edge}\nCăn cứ Nghị định{second}",),
    ):
        assert len(_cited(read_document(pages))) == 3


@pytest.mark.parametrize(
    ("clause", "ended"),
    [
        ("thay thế các quyết định sau:\na) Quyết định số 1/QĐ-SYT ngày 1/2/2010 sửa đổi Quyết định số 9/QĐ-SYT;\nb) Quyết định số 2/QĐ-SYT ngày 2/2/2010;\n3. Quyết định số 5/QĐ-SYT còn hiệu lực.", ["1/QĐ-SYT", "2/QĐ-SYT"]),
        ("thay thế các Quyết định:\n- Quyết định số 1/QĐ-SYT ngày 1/2/2010;\n- Quyết định số 2/QĐ-SYT ngày 2/2/2010.\n- Quyết định số 5/QĐ-SYT còn hiệu lực.", ["1/QĐ-SYT", "2/QĐ-SYT"]),
        ("bãi bỏ các văn bản sau đây: Quyết định số 1/QĐ-SYT ngày 1/2/2010; khoản 2 Điều 5 Quyết định số 2/QĐ-SYT ngày 2/2/2010.", ["1/QĐ-SYT", "2/QĐ-SYT"]),
        ("thay thế các quyết định\nsau:\na) Quyết định số 1/QĐ-SYT ngày 1/2/2010.", ["1/QĐ-SYT"]),
        ("bãi bỏ các văn bản sau đây:\n1. Quyết định số 1/QĐ-SYT ngày 1/2/2010.\n2. Quyết định số 2/QĐ-SYT sửa đổi Quyết định số 9/QĐ-SYT.\n4. Quyết định số 5/QĐ-SYT.", ["1/QĐ-SYT", "2/QĐ-SYT"]),
        ("bãi bỏ các văn bản sau đây:\n3. Quyết định số 5/QĐ-SYT.", []),
        ("bãi bỏ một số điều như sau:\na) Khoản 2 Điều 3 theo Quyết định số 1/QĐ-SYT.", []),
        ("thay thế cụm từ như sau:\na) Quyết định số 1/QĐ-SYT.", []),
    ],
    ids=["letters", "dashes", "one paragraph", "two lines", "numbers with full stops", "not the first", "articles", "words"],
)  # fmt: skip
def test_a_list_of_documents_that_are_ended(clause: str, ended: list[str]) -> None:
    before, _, after = DEPARTMENT.partition("thay thế\nQuyết định số 15/QĐ-STTTT ngày 05/5/2009 của Giám đốc Sở Thông tin và Truyền thông.")
    pages = (f"{before}{clause}{after}",)
    read = read_document(pages)
    documents = [one for paragraph in read.ended for one in paragraph.documents]
    assert [one.mention.number for one in documents] == ended
    assert all(
        one.mention.relation == "replacing" and pages[0][place.start : place.end] == one.mention.text
        for one in documents
        for place in one.places
    )


@pytest.mark.parametrize(
    "clause",
    [
        "có hiệu lực thi hành kể từ 00 giờ 00 phút ngày 12 tháng 3 năm 2012",
        "có hiệu lực từ 0 giờ ngày 12/3/2012",
        "có hiệu lực thi hành[2] kể từ ngày 12 tháng 3 năm 2012",
    ],
)
def test_a_day_of_force_with_an_hour_or_a_footnote(clause: str) -> None:
    read = read_document((DEPARTMENT.replace("có hiệu lực thi hành sau 10 ngày kể từ ngày ký", clause),))
    assert (read.in_force_from.value, read.in_force_from.rule.code) == ("2012-03-12", RuleCode.HELD_EFFECT_STATED_DAY)


def test_the_force_of_another_document_is_not_its_own() -> None:
    clause = "là căn cứ để thực hiện Nghị định số 12/2012/NĐ-CP có hiệu lực từ ngày 01/7/2012"
    assert read_document((DEPARTMENT.replace("có hiệu lực thi hành sau 10 ngày kể từ ngày ký", clause),)).in_force_from.value is None
    both = "thay thế Quyết định số 12/2012/QĐ-SYT và có hiệu lực từ ngày 01/7/2012"
    assert read_document((DEPARTMENT.replace("có hiệu lực thi hành sau 10 ngày kể từ ngày ký", both),)).in_force_from.value == "2012-07-01"


def test_days_in_words() -> None:
    read = read_document((DEPARTMENT.replace("sau 10 ngày", "sau mười lăm ngày"),))
    assert (read.in_force_from.value, read.in_force_from.rule.parameter) == ("2012-03-17", "15")


def test_a_decision_that_is_carried_out_from_its_signing() -> None:
    read = read_document((DEPARTMENT.replace("có hiệu lực thi hành sau 10 ngày kể từ ngày ký", "được thi hành kể từ ngày ký"),))
    assert (read.in_force_from.value, read.in_force_from.rule.code) == ("2012-03-02", RuleCode.HELD_EFFECT_DAY_OF_SIGNING)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"{MOTTO}HỢP ĐỒNG KINH TẾ\nSố: 12/2024/HĐKT\nHôm nay, ngày 05 tháng 4 năm 2024, chúng tôi gồm:\n", RuleCode.HELD_NONE_FORM),
        (f"Mẫu số 03\nTÊN CƠ QUAN, TỔ CHỨC\nSố: .../QĐ-...\n{MOTTO}..., ngày ... tháng ... năm ...\nQUYẾT ĐỊNH\nVề việc ...\n", RuleCode.HELD_NONE_FORM),
        (f"ỦY BAN NHÂN DÂN\nTỈNH HÀ TĨNH\n{MOTTO}QUY CHẾ\nQuản lý thư điện tử\n(Ban hành kèm theo Quyết định số 1727/QĐ-UBND ngày 17/5/2007)\nĐiều 1. Phạm vi\n", RuleCode.HELD_NONE_ANNEX),
    ],
    ids=["agreement", "template", "attached"],
)  # fmt: skip
def test_a_text_with_the_motto_that_is_no_document(text: str, code: RuleCode) -> None:
    read = read_document((text,))
    assert (read.is_document, read.rule.code) == (False, code)


def test_the_code_of_a_consolidated_text_is_its_type() -> None:
    heading = f"BỘ TÀI CHÍNH\nSố: 12/VBHN-BTC\n{MOTTO}Hà Nội, ngày 05 tháng 4 năm 2024\nTHÔNG TƯ\nHướng dẫn quản lý phí\n"
    assert read_document((heading,)).doc_type.value == "văn bản hợp nhất"


def test_a_short_line_is_the_heading_of_an_annex() -> None:
    read = read_document((DEPARTMENT.replace("PHỤ LỤC I\n", "Phụ lục I\nDanh mục\nMẫu số 01/TTr\nPhụ lục này có hai mẫu.\n"),))
    assert [annex.heading for annex in read.annexes] == ["Phụ lục I", "Mẫu số 01/TTr"]


def test_a_signature_and_recipients_in_the_cells_of_a_table() -> None:
    block = "Nơi nhận: - Như Điều 2; - Sở Nội vụ; - Lưu: VT.\tKT. GIÁM ĐỐC PHÓ GIÁM ĐỐC (Đã ký) Nguyễn Thanh Bình\n"
    read = read_document((DEPARTMENT.partition("Nơi nhận")[0] + block,))
    assert [(one.name.value, one.position.value, one.authority.value) for one in read.signers] == [
        ("Nguyễn Thanh Bình", "PHÓ GIÁM ĐỐC", "KT. GIÁM ĐỐC")
    ]
    assert [one.value for one in read.recipients] == ["Như Điều 2", "Sở Nội vụ", "Lưu: VT"]


@pytest.mark.parametrize("mark", ["SAO Y BẢN CHÍNH", "SAO LỤC", "SAO Y"])
def test_who_certifies_a_copy_is_no_signer(mark: str) -> None:
    copied = f"{DEPARTMENT.partition('PHỤ LỤC')[0]}{mark}\nNghệ An, ngày 20 tháng 5 năm 2012\nTL. GIÁM ĐỐC\nCHÁNH VĂN PHÒNG\nTrần Văn Nam\n"
    assert [one.name.value for one in read_document((copied,)).signers] == ["Nguyễn Văn An"]


def test_a_mark_that_a_scanner_sees_before_a_name_is_left_out() -> None:
    pages = (DEPARTMENT.replace("Nguyễn Văn An", "‘Nguyễn Văn An"),)
    [signer] = read_document(pages).signers
    assert (signer.name.value, _at(pages, signer.name)) == ("Nguyễn Văn An", ["Nguyễn Văn An"])


def test_the_two_signers_of_minutes() -> None:
    block = "THƯ KÝ                         CHỦ TRÌ\nLê Thị Hoa                    Trần Văn Nam\n"
    read = read_document((DEPARTMENT.partition("Nơi nhận")[0] + block,))
    assert [(one.name.value, one.position.value) for one in read.signers] == [("Lê Thị Hoa", "THƯ KÝ"), ("Trần Văn Nam", "CHỦ TRÌ")]


@pytest.mark.parametrize(
    "listed", ["Nơi nhận:\nNhư Điều 2;\nSở Nội vụ;\nLưu: VT.\n", "Nơi gửi:\n- Như Điều 2;\n- Sở Nội vụ;\n- Lưu: VT.\n"]
)
def test_recipients_without_dashes_and_the_older_label(listed: str) -> None:
    read = read_document((DEPARTMENT.partition("Nơi nhận")[0] + listed + "GIÁM ĐỐC\nHồ Đức Long\n",))
    assert [one.value for one in read.recipients] == ["Như Điều 2", "Sở Nội vụ", "Lưu: VT"]
    assert [one.name.value for one in read.signers] == ["Hồ Đức Long"]


# --- the command ------------------------------------------------------------------------------------


def test_the_command_prints_the_fields_of_a_file(place: Place) -> None:
    file = PROJECT / "tests" / "files" / "decision.docx"
    shown = place.scrapy("attachments", "read", str(file), "--document").stdout.splitlines()
    assert "number: 12/2009/QĐ-BTTTT [page 1, 34-50] (held-number-label)" in shown
    assert "ends: Quyết định số 05/2006/QĐ-BBCVT [page 1, 867-1008]" in shown
    read = json.loads(place.scrapy("attachments", "read", str(file), "--document", "--json").stdout)["document"]
    assert (read["is_document"], read["state"], read["issued_on"]["value"]) == (True, "numbered", "2009-03-30")
    assert [one["name"]["value"] for one in read["signers"]] == ["Nguyễn Văn Mẫu"]
    assert [one["number"] for one in read["ended"][0]["documents"]] == ["05/2006/QĐ-BBCVT"]


# --- generated documents and hostile text -----------------------------------------------------------


def test_generated_documents_are_read() -> None:
    assert [wrong_fields(one) for one in generate(10)] == [{}] * 10


@pytest.mark.gate
@pytest.mark.parametrize("layouts", [SEEN, HELD_OUT], ids=["seen", "held-out"])
def test_the_fields_of_the_heading_are_exact_in_95_of_100_documents(layouts: Layouts) -> None:
    wrong = Counter(name for one in generate(100, layouts) for name in wrong_fields(one))
    assert {name: count for name, count in wrong.items() if name in HEADING and count > 5} == {}


LONG_BODY = "Điều 5. Cơ quan chủ trì, phối hợp thực hiện và báo cáo kết quả trước ngày 15 tháng 12 hằng năm.\n" * 40
HOSTILE = {
    "one long line": ("Căn cứ " + "Quyết định số " * 100_000,),
    "labels without end": ("Số: " * 50_000,),
    "days without end": ("ngày tháng năm " * 50_000,),
    "blanks": ("Số:" + " " * 500_000 + "/QĐ",),
    "dots": (MOTTO + "Số:" + "." * 300_000 + "/QĐ-UBND\nHà Nội, ngày" + "…" * 300_000 + "tháng",),
    "mottos": (MOTTO * 30_000,),
    "headings": ((MOTTO + "Số: 1/QĐ-UBND\nHà Nội, ngày 1 tháng 2 năm 2012\nQUYẾT ĐỊNH\n") * 5_000,),
    "positions": (DEPARTMENT + "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n" * 20_000,),
    "positions side by side": (DEPARTMENT.partition("Nơi nhận")[0] + ("KT. CHỦ TỊCH " * 10 + "\n") * 5_000,),
    "lists of documents": (DEPARTMENT.replace("Điều 3.", "Bãi bỏ các văn bản sau:\na) Quyết định số 1/QĐ-SYT;\n" * 20_000 + "Điều 3."),),
    "lines of tables": (DEPARTMENT + "| a |\n" * 50_000,),
    "annexes": (DEPARTMENT + "PHỤ LỤC I\n(Ban hành kèm theo Quyết định số 45/QĐ-STTTT)\n" * 20_000,),
    "clauses": (DEPARTMENT.replace("Điều 3.", "Quyết định này có hiệu lực và thay thế.\n" * 20_000 + "Điều 3."),),
    "bases": (DEPARTMENT.replace("QUYẾT ĐỊNH:", "Căn cứ Nghị định số 64/2007/NĐ-CP;\n" * 20_000 + "QUYẾT ĐỊNH:"),),
    "capitals": ("A" * 1_000_000,),
    "marks": ("Số: " + "a" + "\u0301" * 200_000,),
    "recipients": (DEPARTMENT + "Nơi nhận:\n" + "- Như trên;\n" * 50_000,),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_has_a_named_result(name: str) -> None:
    """A pattern that backtracks would take hours."""
    read = read_document(HOSTILE[name])
    assert read.rule.code is not RuleCode.NOT_ON_PAGE
    assert read.is_document is (read.state is not State.NO_DOCUMENT)


def test_a_document_of_500_pages_is_read_to_its_end() -> None:
    head, end = DEPARTMENT.split("Điều 3.")
    pages = (head, *[LONG_BODY] * 498, f"Điều 3.{end}")
    read = read_document(pages)
    assert (read.number.value, [one.name.value for one in read.signers], read.cut) == ("45/QĐ-STTTT", ["Nguyễn Văn An"], False)
    assert read.signers[0].name.places[0].page == 500


def test_a_file_that_is_too_long_says_that_it_was_cut() -> None:
    assert read_document((DEPARTMENT, "x\n" * (MOST_ROWS + 1))).cut
    assert not read_document((DEPARTMENT,)).cut
