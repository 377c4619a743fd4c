"""The text of files. The files in tests/files are our own: tools/attachment_files.py makes them, with the text that each must give."""

from __future__ import annotations

import io
import shutil
import tracemalloc
import warnings
import zipfile
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from benchmarks.word_f1 import word_f1
from scraper.attachments.extracting import extract
from scraper.attachments.extractor import Extractor
from scraper.attachments.file_text import Cut, FileText, Font, Kind, Page, State, from_json, to_json
from scraper.attachments.kinds import OLE, by_first_bytes, kind_of
from scraper.attachments.limits import Limits
from scraper.attachments.parts import Options
from tests.conftest import Place

FILES = Path(__file__).parent / "files"
NOT_READ = {
    "cut.pdf": State.DAMAGED,
    "empty.pdf": State.DAMAGED,
    "encrypted.pdf": State.ENCRYPTED,
    "entities.docx": State.DAMAGED,
    "scan.pdf": State.NO_TEXT_LAYER,
    "web-page.pdf": State.UNSUPPORTED,
}
DIGITAL = sorted(
    path.name.removesuffix(".txt")
    for path in FILES.glob("*.txt")
    if path.name.removesuffix(".txt") not in {*NOT_READ, "scan-bad-layer.pdf"}
)


def _file(name: str, limits: Limits | None = None, options: Options | None = None) -> FileText:
    return extract((FILES / name).read_bytes(), limits or Limits(), options)


def _truth(name: str) -> str:
    return (FILES / f"{name}.txt").read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("name", DIGITAL)
def test_the_text_of_a_digital_file_is_right(name: str) -> None:
    found = _file(name)
    assert found.state is State.EXTRACTED and found.cut is Cut.NO
    if found.kind is not Kind.ZIP:
        assert found.kind == name.rpartition(".")[2]
    assert word_f1(found.text, _truth(name)) >= 0.98
    assert found.text == _truth(name), "the paragraphs differ"
    assert not any(page.doubtful for page in found.pages)
    assert found.library and found.page_count == len(found.pages)


def test_there_are_files_of_each_kind() -> None:
    kinds = {_file(name).kind for name in DIGITAL}
    assert kinds == {Kind.PDF, Kind.DOC, Kind.DOCX, Kind.RTF, Kind.XLS, Kind.XLSX, Kind.ODT, Kind.ODS, Kind.ZIP}
    assert len(DIGITAL) + len(NOT_READ) >= 30


@pytest.mark.parametrize(("name", "state"), NOT_READ.items())
def test_a_file_that_has_no_text_has_a_state_and_a_reason(name: str, state: State) -> None:
    found = _file(name)
    assert (found.state, found.text) == (state, "")
    assert found.detail


def test_the_kind_is_that_of_the_bytes() -> None:
    assert _file("web-page.pdf").kind is Kind.HTML
    assert _file("empty.pdf").kind is Kind.EMPTY
    kinds = {
        b"Rar!\x1a\x07\x00": Kind.RAR,
        b"\x89PNG\r\n\x1a\n": Kind.PICTURE,
        b"\x7fELF\x00\x00": Kind.UNKNOWN,
        b"Danh s\xe1ch c\xe1c huy\xean": Kind.TEXT,  # not UTF-8
    }
    for data, kind in kinds.items():
        found = extract(data, Limits())
        assert (found.kind, found.state) == (kind, State.UNSUPPORTED) and found.detail


def test_plain_text_is_read_only_if_its_encoding_is_certain() -> None:
    """Sites name a list in plain text `phu-luc.xls`."""
    text = "\ufeffPHỤ LỤC\r\nDanh sách\r\n\r\n1. Xã Châu Quang\t12 máy"
    found = extract(text.encode(), Limits())
    assert (found.kind, found.state, found.text) == (Kind.TEXT, State.EXTRACTED, "PHỤ LỤC\nDanh sách\n\n1. Xã Châu Quang\t12 máy")
    assert extract("Phu luc".encode("ascii"), Limits()).text == "Phu luc"
    unknown = extract("Danh sách các huyện".encode("cp1258", "ignore"), Limits())
    assert unknown.state is State.UNSUPPORTED and "not UTF-8" in unknown.detail


def test_an_archive_with_a_damaged_first_member_has_a_kind() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    data = bytearray(packed.getvalue())
    data[38:44] = b"\xff" * 6  # of the compressed bytes, which begin after 30 bytes and the name
    assert kind_of(bytes(data)) is Kind.ZIP


def test_the_first_bytes_of_an_archive_are_looked_at_without_opening_it() -> None:
    """That is what the crawl does in its own process, where nothing limits its memory. Here it would need 12 MB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(20_000):
            archive.writestr(f"{number}", "")
    data = packed.getvalue()
    tracemalloc.start()
    kind = by_first_bytes(data)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kind is Kind.ZIP and most < len(data) + 1_000_000


def test_a_file_of_comments_is_looked_at_in_one_way() -> None:
    """The crawl does so, too. When a comment could end at any end of a comment after it, 30 of them took a minute."""
    comments = b"<!-- a -->\n" * 60
    assert by_first_bytes(comments + b"x") is Kind.TEXT and by_first_bytes(comments + b"<html>") is Kind.HTML


def test_a_cut_file_is_damaged() -> None:
    for name in ("decision.doc", "decision.docx", "decision.odt", "sheets.xls", "pdfs.zip"):
        data = (FILES / name).read_bytes()
        assert extract(data[: len(data) // 3], Limits()).state is State.DAMAGED, name


def test_the_number_and_the_place_of_a_heading_are_paragraphs() -> None:
    for name in ("decision.pdf", "decision.docx", "decision.doc", "decision.rtf", "tcvn3.pdf", "vni.pdf"):
        paragraphs = _file(name).text.split("\n\n")
        assert "Số: 12/2009/QĐ-BTTTT" in paragraphs, name
        assert "Hà Nội, ngày 30 tháng 3 năm 2009" in paragraphs, name


def test_a_rich_text_that_ends_inside_a_group_says_that_it_was_cut() -> None:
    data = (FILES / "decision.rtf").read_bytes()
    found = extract(data[: len(data) * 3 // 4], Limits())
    assert (found.state, found.cut) == (State.EXTRACTED, Cut.DAMAGE) and "ends inside a group" in found.detail
    assert "Số: 12/2009/QĐ-BTTTT" in found.text
    assert extract(data, Limits()).cut is Cut.NO


# --- letters before Unicode ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["pdf", "doc", "docx", "rtf"])
@pytest.mark.parametrize(("font", "written"), [(Font.TCVN3, "C¨n cø NghÞ ®Þnh"), (Font.VNI, "Caên cöù Nghò ñònh")])
def test_letters_before_unicode_are_converted_and_kept(kind: str, font: Font, written: str) -> None:
    [page] = _file(f"{font}.{kind}").pages
    assert page.font is font
    assert page.original is not None and written in page.original
    assert "Căn cứ Nghị định" in page.text


def test_a_mixed_file_is_converted_run_by_run() -> None:
    [page] = _file("mixed.docx").pages
    assert page.font is Font.MIXED
    assert page.original is not None
    original = page.original.split("\n\n")
    assert "quản lý các tệp đính kèm." in original[4] and "§iÒu 1." in original[4]
    assert original[5] == page.text.split("\n\n")[5] == "Văn bản đã ở Unicode, dù phông chữ có tên cũ."
    assert page.text.endswith("Le règlement européen du Conseil a été publié.")


def test_text_in_unicode_has_no_original() -> None:
    assert [(page.font, page.original) for page in _file("decision.pdf").pages] == [(Font.UNICODE, None)]


# --- what is not text ------------------------------------------------------------------------------------------


def test_deleted_and_moved_text_is_not_text() -> None:
    text = _file("tracked.docx").text
    assert "mười lăm ngày" in text and "mười ngày" not in text
    assert "đã chuyển đi" not in text and text.count("Khung chữ") == 1


def test_a_bad_text_layer_is_doubtful_and_stays() -> None:
    [page] = _file("scan-bad-layer.pdf").pages
    assert page.doubtful and page.state is State.EXTRACTED
    assert "THONG TIN" in page.text


def test_a_file_of_text_and_scans_says_which_pages_lack_text() -> None:
    found = _file("page-and-scan.pdf")
    assert [page.state for page in found.pages] == [State.EXTRACTED, State.NO_TEXT_LAYER]
    assert "the first is page 2" in found.detail


def test_members_of_a_zip_archive_have_their_own_kind_and_state() -> None:
    found = _file("pdfs.zip")
    assert [(page.name, page.state) for page in found.pages] == [
        ("Quyết định.pdf", State.EXTRACTED),
        ("phụ lục/bảng.pdf", State.EXTRACTED),
        ("tệp lỗi.pdf", State.UNSUPPORTED),
    ]
    assert [page.file and page.file.kind for page in found.pages] == [Kind.PDF, Kind.PDF, Kind.HTML]
    inner = _file("zip-in-zip.zip").pages[0].file
    assert inner is not None and inner.kind is Kind.ZIP and len(inner.pages) == 3
    flat = _file("zip-in-zip.zip", Limits(depth=1)).pages[0]
    assert flat.state is State.TOO_LARGE and "inside each other" in flat.detail


def zip_of(*members: tuple[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:  # two of one name
        for name, content in members:
            archive.writestr(name, content)
    return file.getvalue()


def test_names_of_a_file_are_one_line_that_steers_nothing() -> None:
    """A terminal shows them, and a page."""
    hostile = "a\x1b]0;owned\x07\u202e\u2066txt.exe\n=== other.pdf: extracted"
    found = extract(zip_of((hostile, "x"), ("n" * 60_000, "x")), Limits())
    assert [page.name for page in found.pages] == ["a]0;ownedtxt.exe === other.pdf: extracted", "n" * 500 + "…"]
    grown = extract(zip_of(("a\x1b[2J", "a" * 2_000_000)), Limits())
    assert grown.state is State.TOO_LARGE and grown.detail.startswith("a[2J grows to more than")


def test_an_old_office_file_with_a_damaged_list_of_streams_has_a_kind() -> None:
    for stream, kind in (("WordDocument", Kind.DOC), ("Workbook", Kind.XLS), ("Nothing", Kind.UNKNOWN)):
        assert kind_of(OLE + b"\xff" * 600 + stream.encode("utf-16-le")) is kind


def test_members_of_one_name_are_all_read() -> None:
    found = extract(zip_of(("a.txt", "first"), ("a.txt", "second")), Limits())
    assert [page.text for page in found.pages] == ["first", "second"]


def test_the_pages_of_all_members_share_one_limit() -> None:
    inner = zip_of(*((f"{number}.txt", "x") for number in range(3)))
    for members in ([("a.pdf", pdf_of(3)), ("b.pdf", pdf_of(3)), ("c.pdf", pdf_of(3))], [(name, inner) for name in "abc"]):
        assert extract(zip_of(*members), Limits(pages=9)).cut is Cut.NO
        cut = extract(zip_of(*members), Limits(pages=6))
        assert (cut.cut, len(cut.pages)) == (Cut.PAGES, 2) and "3 members, of which 2 were read" in cut.detail
    cut = extract(zip_of(("a.txt", "x"), ("b.pdf", pdf_of(3))), Limits(pages=2))
    assert cut.cut is Cut.PAGES and "b.pdf: 3 pages, of which 1 were read" in cut.detail, "that of a member is said of the file"
    empty = [(f"{number}.zip", zip_of()) for number in range(3)]
    assert len(extract(zip_of(*empty), Limits(pages=2)).pages) == 2


_OPEN = (
    '<o:document-content xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:t="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:x="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><o:body>'
)
_WORD = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:r><w:t>hai</w:t></w:r></w:p></w:document>'
)
_SHEET = '<t:table t:name="S"><t:table-row><t:table-cell><x:p>hai</x:p></t:table-cell></t:table-row>'


@pytest.mark.parametrize(
    ("data", "cut"),
    [
        (zip_of(("word/document.xml", _WORD), ("word/footnotes.xml", "<a><b>")), Cut.DAMAGE),
        (zip_of(("word/document.xml", _WORD), ("word/footnotes.xml", " " * 2_000_000)), Cut.SIZE),
        (zip_of(("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", f"{_OPEN}<x:p>hai</x:p><x")), Cut.DAMAGE),
        (zip_of(("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", f"{_OPEN}{_SHEET}<")), Cut.DAMAGE),
    ],
)
def test_what_was_read_before_a_damaged_place_or_a_limit_is_kept(data: bytes, cut: Cut) -> None:
    found = extract(data, Limits())
    assert (found.text, found.state, found.cut) == ("hai", State.EXTRACTED, cut) and found.detail


def test_sheets_share_the_limit_of_pages() -> None:
    data = zip_of(("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", f"{_OPEN}{f'{_SHEET}</t:table>' * 3}"))
    found = extract(data, Limits(pages=2))
    assert (len(found.pages), found.cut) == (2, Cut.PAGES)


def test_a_sheet_that_is_damaged_in_the_middle_says_so() -> None:
    book = zipfile.ZipFile(FILES / "sheets.xlsx")
    with book:
        parts = {name: book.read(name) for name in book.namelist()}
    [name] = [one for one in parts if one.endswith("sheet1.xml")]
    parts[name] = parts[name].replace(b"</sheetData>", b'<row><c r="ZZZZ9"><v>1</v></c></row></sheetData>')
    found = extract(zip_of(*parts.items()), Limits())
    assert (found.state, found.cut) == (State.EXTRACTED, Cut.DAMAGE) and found.detail.startswith(
        "sheet 1: the rest of the sheet is damaged"
    )


def test_a_file_of_gigabytes_is_not_loaded(place: Place) -> None:
    with (place.folder / "large.pdf").open("wb") as file:
        file.truncate(10 * 1024**3)
    said = place.scrapy("attachments", "read", str(place.folder / "large.pdf"), code=1)
    assert "10,737,418,240 bytes; at most 67,108,864 are read" in said.stderr


def test_a_member_with_a_password_is_encrypted() -> None:
    data = bytearray((FILES / "pdfs.zip").read_bytes())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        first = archive.infolist()[0]
    place = data.rindex(first.filename.encode()) - 46
    data[first.header_offset + 6] |= 1
    data[place + 8] |= 1
    assert [page.state for page in extract(bytes(data), Limits()).pages][:2] == [State.ENCRYPTED, State.EXTRACTED]


# --- pages -------------------------------------------------------------------------------------------------------


def pdf_of(pages: int, text: str = "Page {} of the generated file") -> bytes:
    """Returns a PDF with a line of text on each page, as small as a PDF can be."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for number in range(1, pages + 1):
        content = f"BT /F1 12 Tf 72 700 Td ({text.format(number)}) Tj ET".encode()
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
            % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, b" ".join(kids))
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    places = []
    for number, one in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, one))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(places) + 1, start))
    return out.getvalue()


def test_500_pages_are_read_and_a_limit_says_how_many_were() -> None:
    data = pdf_of(500)
    found = extract(data, Limits())
    assert (found.page_count, len(found.pages), found.cut) == (500, 500, Cut.NO)
    assert found.pages[499].text == "Page 500 of the generated file"
    cut = extract(data, Limits(pages=20))
    assert (cut.state, cut.cut, cut.page_count, len(cut.pages)) == (State.EXTRACTED, Cut.PAGES, 500, 20)
    assert "500 pages, of which 20 were read" in cut.detail
    chosen = extract(data, Limits(), Options(pages=(3, 5)))
    assert [page.number for page in chosen.pages] == [3, 4, 5] and chosen.page_count == 500


def test_a_limit_of_characters_keeps_what_was_read() -> None:
    found = extract(pdf_of(10), Limits(characters=100))
    assert (found.state, found.cut, len(found.pages)) == (State.EXTRACTED, Cut.CHARACTERS, 3)
    assert extract(pdf_of(10), Limits(characters=10)).state is State.TOO_LARGE


def test_the_page_of_a_place_in_the_joined_text_is_known() -> None:
    pages = (Page(1, "12\n\nĐiều 1. Các Sở có trách"), Page(2, "nhiệm thi hành.\n\n- 2 -"), Page(3, ""), Page(4, "Điều 2. Hiệu lực."))
    found = FileText(Kind.PDF, State.EXTRACTED, pages)
    assert found.text == "Điều 1. Các Sở có trách nhiệm thi hành.\n\nĐiều 2. Hiệu lực."
    assert [found.page_at(found.text.index(word)) for word in ("Điều 1", "trách", "nhiệm", "hành", "Điều 2")] == [1, 1, 2, 2, 4]


def test_a_result_can_be_written_as_json_and_read_again() -> None:
    for name in ("pdfs.zip", "mixed.docx", "sheets.ods", "encrypted.pdf"):
        assert from_json(to_json(_file(name))) == _file(name)


# --- OCR and LibreOffice -------------------------------------------------------------------------------------------

needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")


@needs_tesseract
def test_ocr_reads_a_scan_and_says_so() -> None:
    with Extractor(options=Options(ocr=True)) as extractor:
        found = extractor.extract((FILES / "scan.pdf").read_bytes())
        [page] = found.pages
        assert found.state is page.state is State.OCR
        assert page.confidence is not None and 0.8 < page.confidence <= 1 and found.confidence == page.confidence
        assert word_f1(found.text, _truth("scan.pdf")) >= 0.9
        assert "Tesseract" in found.library
        [layer] = extractor.extract((FILES / "scan-bad-layer.pdf").read_bytes()).pages
        assert layer.state is State.EXTRACTED, "a doubtful text layer is not replaced by this option"


@needs_tesseract
@pytest.mark.parametrize("degrees", [90, pytest.param(180, marks=pytest.mark.gate), pytest.param(270, marks=pytest.mark.gate)])
def test_ocr_of_a_page_that_lies_on_its_side_or_on_its_head(degrees: int) -> None:
    document: Any = import_module("pypdfium2").PdfDocument(FILES / "scan.pdf")
    document[0].set_rotation(degrees)
    into = io.BytesIO()
    document.save(into)
    with Extractor(options=Options(ocr=True)) as extractor:
        [page] = extractor.extract(into.getvalue()).pages
    assert page.state is State.OCR and page.confidence is not None and page.confidence > 0.8
    assert word_f1(page.text, _truth("scan.pdf")) >= 0.9
    assert f"turned by {360 - degrees} degrees" in page.detail


@needs_tesseract
def test_ocr_of_a_doubtful_layer_keeps_the_layer() -> None:
    with Extractor(options=Options(ocr=True, ocr_doubtful=True)) as extractor:
        [page] = extractor.extract((FILES / "scan-bad-layer.pdf").read_bytes()).pages
    assert page.state is State.OCR and page.original is not None and "THONG TIN" in page.original
    assert word_f1(page.text, _truth("scan.pdf")) >= 0.9


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_command_prints_the_text_and_names_what_it_cannot_read(place: Place) -> None:
    done = place.scrapy("attachments", "read", str(FILES / "decision.doc"), str(FILES / "encrypted.pdf"), code=1)
    assert "Số: 12/2009/QĐ-BTTTT" in done.stdout and "doc, extracted" in done.stdout
    assert "encrypted.pdf: not read: encrypted: a password is needed" in done.stderr
    done = place.scrapy("attachments", "read", str(FILES / "pdfs.zip"), "--json", "--pages", "2")
    assert '"name": "phụ lục/bảng.pdf"' in done.stdout and "Quyết định.pdf" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["read"], "give: read FILE"),
        (["write", "a.pdf"], "give one of: list [SOURCE ...] | fetch SOURCE ... | extract [SOURCE ...] | read FILE ..."),
        (["read", "none.pdf"], "none.pdf: there is no such file"),
        (["read", str(FILES / "decision.pdf"), "--pages", "3-1"], "--pages 3-1: give a page"),
    ],
)
def test_bad_input_of_the_command_is_named(place: Place, arguments: list[str], message: str) -> None:
    assert message in place.scrapy("attachments", *arguments, code=2).stderr
