#!/usr/bin/env python3
"""Makes the files of tests/files, by which the reading of attachments is tested, from texts of our own.

    python tools/attachment_files.py [FOLDER]        # default: tests/files

It needs LibreOffice (`soffice`: writer and calc), qpdf, the Liberation fonts, and the Python packages fonttools, pypdfium2, Pillow and
xlwt. The tests need none of these: the files are committed, with the text that they must give beside them (NAME.txt). LibreOffice
writes the time and an id into its files, so a file that is made again has other bytes and the same text.
"""

from __future__ import annotations

import io
import os
import random
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from scraper.attachments.file_text import Font  # noqa: E402
from scraper.attachments.letters import to_unicode  # noqa: E402

LIBERATION = Path("/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf")

# --- the texts ------------------------------------------------------------------------------------

HEADING = (
    ("BỘ THÔNG TIN VÀ TRUYỀN THÔNG", "Số: 12/2009/QĐ-BTTTT"),
    ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Hà Nội, ngày 30 tháng 3 năm 2009"),
)
DECISION = (
    "QUYẾT ĐỊNH",
    "Về việc ban hành Quy chế quản lý các tệp đính kèm của trang tin điện tử mẫu",
    "BỘ TRƯỞNG BỘ THÔNG TIN VÀ TRUYỀN THÔNG",
    "Căn cứ Nghị định số 187/2007/NĐ-CP ngày 25 tháng 12 năm 2007 của Chính phủ quy định chức năng, nhiệm vụ, quyền hạn và cơ cấu tổ chức của Bộ"
    " Thông tin và Truyền thông;",
    "Căn cứ Nghị định số 64/2007/NĐ-CP ngày 10 tháng 4 năm 2007 của Chính phủ về ứng dụng công nghệ thông tin trong hoạt động của cơ quan nhà nước;",
    "Xét đề nghị của Vụ trưởng Vụ Pháp chế,",
    "QUYẾT ĐỊNH:",
    "Điều 1. Ban hành kèm theo Quyết định này Quy chế quản lý các tệp đính kèm của trang tin điện tử mẫu. Quy chế áp dụng cho mọi tệp mà trang tin"
    " công bố, kể cả những tệp được quét từ bản giấy và những tệp dùng phông chữ cũ.",
    "Điều 2. Quyết định này có hiệu lực thi hành sau 15 ngày, kể từ ngày ký, và thay thế Quyết định số 05/2006/QĐ-BBCVT ngày 09 tháng 02 năm 2006.",
    "Điều 3. Chánh Văn phòng, Vụ trưởng Vụ Pháp chế, Giám đốc các Sở Thông tin và Truyền thông và các tổ chức, cá nhân có liên quan chịu trách nhiệm"
    " thi hành Quyết định này.",
)
END = (
    ("Nơi nhận:", "- Như Điều 3;", "- Thủ tướng Chính phủ (để b/c);", "- Lưu: VT, PC."),
    ("KT. BỘ TRƯỞNG", "THỨ TRƯỞNG", "(Đã ký)", "Nguyễn Văn Mẫu"),
)
TABLE = (
    ("TT", "Tên đơn vị", "Số tệp", "Ghi chú"),
    ("1", "Sở Thông tin và Truyền thông tỉnh Nghệ An", "1.250", "Đã kiểm tra, đầy đủ chữ ký và con dấu"),
    ("2", "Sở Thông tin và Truyền thông thành phố Hà Nội", "3.408", "Còn thiếu phụ lục"),
    ("3", "Sở Thông tin và Truyền thông tỉnh Đắk Lắk", "917", "Đang xử lý; dự kiến xong trước ngày 30 tháng 6"),
)
COLUMNS = tuple(
    f"{number}. {text}"
    for number, text in enumerate(
        (
            "Các cơ quan nhà nước có trách nhiệm cung cấp thông tin trên trang tin điện tử một cách kịp thời, chính xác và đầy đủ, để người dân dễ tra"
            " cứu và sử dụng.",
            "Tệp đính kèm phải ở định dạng mở, có lớp văn bản, dùng bộ mã ký tự Unicode theo tiêu chuẩn TCVN 6909:2001 và không đặt mật khẩu khi mở.",
            "Mỗi tệp được đặt tên theo số, ký hiệu của văn bản; không dùng dấu tiếng Việt, khoảng trắng và các ký tự đặc biệt trong tên tệp.",
            "Đơn vị quản lý trang tin kiểm tra định kỳ hằng tháng những liên kết đã hỏng, sửa chữa và báo cáo kết quả cho lãnh đạo đơn vị.",
            "Khi cơ cấu tổ chức thay đổi, các tệp cũ phải được chuyển sang trang mới cùng với đường dẫn của chúng, không để mất dữ liệu lịch sử.",
            "Việc số hóa bản giấy phải bảo đảm độ phân giải tối thiểu 300 điểm trên một inch và có bước soát lại kết quả nhận dạng ký tự.",
        ),
        start=1,
    )
)
SHEETS = (
    (
        "Tổng hợp",
        (
            ("STT", "Địa phương", "Số văn bản", "Tỷ lệ", "Ngày báo cáo"),
            (1, "Thừa Thiên Huế", 1250, 0.5, "2009-03-30"),
            (2, "Đắk Lắk", 917, 12.25, "2009-04-15"),
            (3, "Bà Rịa - Vũng Tàu", 2048, 7, "2010-12-01"),
        ),
    ),
    ("Ghi chú", (("Số liệu do các Sở cung cấp; ô trống nghĩa là chưa báo cáo.",), (None, "Người lập: Trần Thị Mẫu"))),
)


def decision_text() -> str:
    return "\n\n".join([*HEADING[0], *HEADING[1], *DECISION, *END[0], *END[1]])


# --- flat OpenDocument text, which LibreOffice converts to the other formats ------------------------


@dataclass
class Flat:
    """A flat OpenDocument text under construction. `encode`: how text is written in the font of the document."""

    font: str = "Liberation Serif"
    encode: Callable[[str], str] = str
    body: list[str] = field(default_factory=list)
    styles: str = ""

    def paragraph(self, text: str, style: str = "body", font: str = "", raw: bool = False) -> str:
        if self.font == ".VnTime" and text.isupper():  # TCVN3 has no capital letters with tones
            text, font = text.lower(), "vnh"
        shown = escape(text if raw else self.encode(text))
        if font:
            shown = f'<text:span text:style-name="{font}">{shown}</text:span>'
        return f'<text:p text:style-name="{style}">{shown}</text:p>'

    def add(self, *paragraphs: str, style: str = "body") -> None:
        self.body += [self.paragraph(one, style) for one in paragraphs]

    def beside(self, columns: Sequence[Sequence[str]]) -> None:
        cells = "".join(
            '<table:table-cell office:value-type="string">'
            + "".join(self.paragraph(one, "centre") for one in column)
            + "</table:table-cell>"
            for column in columns
        )
        self.body.append(
            f'<table:table><table:table-column table:number-columns-repeated="{len(columns)}"/><table:table-row>{cells}</table:table-row></table:table>'
        )

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        lines = "".join(
            "<table:table-row>"
            + "".join(
                f'<table:table-cell table:style-name="framed" office:value-type="string">{self.paragraph(one, "cell")}</table:table-cell>'
                for one in row
            )
            + "</table:table-row>"
            for row in rows
        )
        self.body.append(f'<table:table><table:table-column table:number-columns-repeated="{len(rows[0])}"/>{lines}</table:table>')

    def columns(self, paragraphs: Sequence[str]) -> None:
        self.body.append(
            '<text:section text:style-name="two" text:name="two">' + "".join(self.paragraph(one) for one in paragraphs) + "</text:section>"
        )

    def decision(self) -> Flat:
        self.beside(HEADING)
        self.add(DECISION[0], style="title")
        self.add(DECISION[1], DECISION[2], style="centre")
        self.add(*DECISION[3:6])
        self.add(DECISION[6], style="centre")
        self.add(*DECISION[7:])
        self.beside(END)
        return self

    def xml(self) -> str:
        spaces = {
            name: f"urn:oasis:names:tc:opendocument:xmlns:{full}:1.0"
            for name, full in (("office", "office"), ("style", "style"), ("text", "text"), ("table", "table"), ("script", "script"))
        }
        for name in ("fo", "svg"):
            spaces[name] = f"urn:oasis:names:tc:opendocument:xmlns:{'xsl-fo' if name == 'fo' else 'svg'}-compatible:1.0"
        names = " ".join(f'xmlns:{name}="{space}"' for name, space in spaces.items())
        look = '<style:text-properties style:font-name="main" fo:font-size="13pt" fo:language="vi" fo:country="VN"/>'
        return f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document {names} office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text">
<office:font-face-decls><style:font-face style:name="main" svg:font-family="'{self.font}'"/>
<style:font-face style:name="vn" svg:font-family="'.VnTime'"/><style:font-face style:name="vnh" svg:font-family="'.VnTimeH'"/></office:font-face-decls>
<office:automatic-styles>
<style:style style:name="body" style:family="paragraph"><style:paragraph-properties fo:text-align="justify" fo:text-indent="1cm" fo:margin-bottom="0.2cm"/>{look}</style:style>
<style:style style:name="cell" style:family="paragraph">{look}</style:style>
<style:style style:name="centre" style:family="paragraph"><style:paragraph-properties fo:text-align="center"/>{look}</style:style>
<style:style style:name="title" style:family="paragraph"><style:paragraph-properties fo:text-align="center" fo:margin-top="0.6cm"/>{look}</style:style>
<style:style style:name="break" style:family="paragraph"><style:paragraph-properties fo:break-before="page"/>{look}</style:style>
<style:style style:name="framed" style:family="table-cell"><style:table-cell-properties fo:border="0.5pt solid #000000" fo:padding="0.1cm"/></style:style>
<style:style style:name="two" style:family="section"><style:section-properties><style:columns fo:column-count="2" fo:column-gap="0.8cm"/></style:section-properties></style:style>
<style:style style:name="vn" style:family="text"><style:text-properties style:font-name="vn"/></style:style>
<style:style style:name="vnh" style:family="text"><style:text-properties style:font-name="vnh"/></style:style>
<style:page-layout style:name="page"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" fo:margin="2.5cm"/></style:page-layout>{self.styles}
</office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="page"/></office:master-styles>
<office:body><office:text>{"".join(self.body)}</office:text></office:body></office:document>"""


def old_letters(font: Font, *, drawn: bool = False) -> Callable[[str], str]:
    """Returns the function that writes Unicode in an old font: the letter tables the other way round. `drawn`: for a PDF. The letter ư of
    TCVN3 is the soft hyphen, which LibreOffice does not draw; the PDFs that Word made of such a text have a minus instead.
    """
    if font is Font.TCVN3:
        codes = {
            to_unicode(chr(code), font): chr(code) for code in range(0xA1, 0xFF) if code == 0xFD or to_unicode(chr(code), font) != chr(code)
        }
        if drawn:
            codes["ư"] = "\u2212"
        return lambda text: "".join(codes.get(char, codes.get(char.lower(), char)) for char in text)
    pairs = [first + second for first in "aeiouyôöAEIOUYÔÖ" for second in ("", *"ùøûõïâáàåãäêéèúüëÙØÛÕÏÂÁÀÅÃÄÊÉÈÚÜË")] + list("ñæóòîÑÆÓÒÎ")
    pairs = [
        one for one in pairs if len(one) == 1 or (one[0].isupper() == one[1].isupper() and one[0] not in "iI" and one not in ("yï", "YÏ"))
    ]
    table = {to_unicode(one, font): one for one in reversed(pairs) if len(to_unicode(one, font)) == 1}
    return lambda text: "".join(table.get(char, char) for char in text)


def old_font_file(family: str, encode: Callable[[str], str], target: Path) -> None:
    """Writes a copy of a free font that shows the letters of an old font: as the fonts .VnTime did, its cells of Latin-1 hold Vietnamese letters.

    For VNI each mark is a glyph of its own, which has its place to the left; here it has the glyph of the mark of Latin-1.
    """
    fonts: Any = import_module("fontTools.ttLib")
    font = fonts.TTFont(LIBERATION)
    cmap = font["cmap"].getBestCmap()
    vietnamese = {char: encode(char) for char in (chr(code) for code in range(0xC0, 0x1EFA)) if char.isalpha()}
    moved = {ord(old): cmap[ord(char)] for char, old in vietnamese.items() if len(old) == 1 and old != char and ord(char) in cmap}
    for table in font["cmap"].tables:
        if table.isUnicode():
            for char in vietnamese:  # LibreOffice writes into a PDF the first letter that a glyph stands for
                if ord(char) > 0xFF or (len(vietnamese[char]) == 1 and vietnamese[char] != char):
                    table.cmap.pop(ord(char), None)
            table.cmap.update(moved)
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6, 16):
            record.string = family
    font.save(target)


# --- tools ------------------------------------------------------------------------------------------


class Office:
    """LibreOffice with a profile and fonts of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        fonts = folder / ".fonts"
        fonts.mkdir()
        old_font_file(".VnTime", old_letters(Font.TCVN3, drawn=True), fonts / "vntime.ttf")
        old_font_file(".VnTimeH", old_letters(Font.TCVN3, drawn=True), fonts / "vntimeh.ttf")
        old_font_file("VNI-Times", old_letters(Font.VNI), fonts / "vni.ttf")

    def convert(self, source: Path, to: str) -> bytes:
        out = self.folder / "out"
        shutil.rmtree(out, ignore_errors=True)
        command = [
            "soffice",
            f"-env:UserInstallation=file://{self.folder}/profile",
            "--headless",
            "--convert-to",
            to,
            "--outdir",
            str(out),
            str(source),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=180, env=os.environ | {"HOME": str(self.folder)})
        return next(out.iterdir()).read_bytes()

    def text(self, flat: Flat, to: str) -> bytes:
        source = self.folder / "source.fodt"
        source.write_text(flat.xml(), encoding="utf-8")
        return self.convert(source, to)


def scan(pdf: bytes, dpi: int = 150, noise: float = 0.002) -> list[Any]:
    """Returns pictures of the pages, grey, with some dirt, slightly turned, as a scanner makes them."""
    pdfium: Any = import_module("pypdfium2")
    pictures = []
    chance = random.Random(17)
    for page in pdfium.PdfDocument(pdf):
        picture = page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L").rotate(0.3, fillcolor=255)
        pixels = picture.load()
        for _ in range(int(picture.width * picture.height * noise)):
            pixels[chance.randrange(picture.width), chance.randrange(picture.height)] = chance.randrange(256)
        pictures.append(picture)
    return pictures


def pdf_of_pictures(pictures: Sequence[Any], dpi: int = 150) -> bytes:
    target = io.BytesIO()
    pictures[0].save(target, "PDF", save_all=True, append_images=pictures[1:], resolution=dpi, quality=40)
    return target.getvalue()


def qpdf(data: bytes, *arguments: str) -> bytes:
    with tempfile.TemporaryDirectory() as name:
        source, target = Path(name) / "in.pdf", Path(name) / "out.pdf"
        source.write_bytes(data)
        done = subprocess.run(["qpdf", *arguments, str(source), str(target)], capture_output=True, check=False)
        if done.returncode not in (0, 3):
            raise SystemExit(done.stderr.decode())
        return target.read_bytes()


def zipped(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2009, 3, 30, 8, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return target.getvalue()


# --- files that no program makes ----------------------------------------------------------------------

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)


def docx(body: str, *, header: str = "", footnote: str = "", start: str = "") -> bytes:
    """Returns a DOCX file of the least parts that Word writes."""
    members = {
        "[Content_Types].xml": _TYPES,
        "word/document.xml": f'<?xml version="1.0"?>{start}<w:document {_W}><w:body>{body}</w:body></w:document>',
    }
    if header:
        members["word/header1.xml"] = f"<w:hdr {_W}>{header}</w:hdr>"
    if footnote:
        members["word/footnotes.xml"] = f'<w:footnotes {_W}><w:footnote w:id="1">{footnote}</w:footnote></w:footnotes>'
    return zipped({name: text.encode() for name, text in members.items()})


def word(text: str, font: str = "") -> str:
    fonts = f'<w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}"/></w:rPr>' if font else ""
    return f'<w:r>{fonts}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def tracked() -> tuple[bytes, str]:
    """Returns a DOCX with tracked changes, a framed table, a header, a note, a field, and a text that is there twice for old readers."""
    cell = "<w:tc><w:p>{}</w:p></w:tc>"
    borders = '<w:tblPr><w:tblBorders><w:top w:val="single"/><w:insideH w:val="single"/></w:tblBorders></w:tblPr>'
    rows = "".join("<w:tr>" + "".join(cell.format(word(one)) for one in row) + "</w:tr>" for row in TABLE)
    body = (
        f"<w:p>{word('Thời hạn là ')}<w:del><w:r><w:delText>mười ngày</w:delText></w:r></w:del><w:ins>{word('mười lăm ngày')}</w:ins>{word(' làm việc.')}</w:p>"
        f"<w:moveFrom><w:p>{word('Đoạn đã chuyển đi.')}</w:p></w:moveFrom>"
        f"<w:tbl>{borders}{rows}</w:tbl>"
        f'<w:p>{word("Trang ")}<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{word("5")}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
        f'<w:p><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice>{word("Khung chữ")}</mc:Choice>'
        f"<mc:Fallback>{word('Khung chữ')}</mc:Fallback></mc:AlternateContent></w:p>"
    )
    data = docx(body, header=f"<w:p>{word('Dự thảo lần 2')}</w:p>", footnote=f"<w:p>{word('Theo quy định tại Điều 5.')}</w:p>")
    lines = "\n".join("\t".join(row) for row in TABLE)
    return data, "\n\n".join(
        ["Dự thảo lần 2", "Thời hạn là mười lăm ngày làm việc.", lines, "Trang 5", "Khung chữ", "Theo quy định tại Điều 5."]
    )


def mixed() -> tuple[bytes, str]:
    """Returns a DOCX with paragraphs and runs in .VnTime, .VnTimeH, VNI-Times and Unicode."""
    tcvn3, vni = old_letters(Font.TCVN3), old_letters(Font.VNI)
    body = "".join(
        f"<w:p>{runs}</w:p>"
        for runs in (
            word(DECISION[3], "Times New Roman"),
            word(tcvn3(DECISION[4]), ".VnTime"),
            word(vni(DECISION[5]), "VNI-Times"),
            word(tcvn3("quyết định:"), ".VnTimeH"),
            word(tcvn3("Điều 1. Ban hành Quy chế "), ".VnTime") + word("quản lý các tệp đính kèm.", "Times New Roman"),
            word("Văn bản đã ở Unicode, dù phông chữ có tên cũ.", ".VnArial"),
            word("Le règlement européen du Conseil a été publié.", "Times New Roman"),
        )
    )
    truth = [
        *DECISION[3:6],
        "QUYẾT ĐỊNH:",
        "Điều 1. Ban hành Quy chế quản lý các tệp đính kèm.",
        "Văn bản đã ở Unicode, dù phông chữ có tên cũ.",
    ]
    return docx(body), "\n\n".join([*truth, "Le règlement européen du Conseil a été publié."])


def nameless() -> tuple[bytes, str]:
    """Returns a DOCX in letters of TCVN3 whose fonts have no name that says it, with one paragraph in Unicode."""
    tcvn3 = old_letters(Font.TCVN3)
    body = "".join(f"<w:p>{word(one)}</w:p>" for one in (*map(tcvn3, DECISION[3:6]), "Đoạn này ở Unicode."))
    return docx(body), "\n\n".join([*DECISION[3:6], "Đoạn này ở Unicode."])


def rtf_1258(paragraphs: Sequence[str]) -> bytes:
    """Returns an RTF file in the Vietnamese code page of Windows, in which a tone is a letter of its own."""
    import unicodedata

    def encoded(text: str) -> str:
        found = b""
        for char in text:
            try:
                found += char.encode("cp1258")
            except UnicodeEncodeError:
                base = unicodedata.normalize("NFD", char)
                found += unicodedata.normalize("NFC", base[0] + "".join(one for one in base[1:] if one in "\u0302\u0306\u031b")).encode(
                    "cp1258"
                )
                found += "".join(one for one in base[1:] if one not in "\u0302\u0306\u031b").encode("cp1258")
        return "".join(chr(byte) if 32 <= byte < 127 else f"\\'{byte:02x}" for byte in found)

    start = r"{\rtf1\ansi\ansicpg1258\deff0{\fonttbl{\f0\froman\fcharset163 Times New Roman;}}{\info{\title Not text}}\pard\f0\fs26 "
    return (start + "\\par\n".join(map(encoded, paragraphs)) + r"\par}").encode("ascii")


def xlsx() -> bytes:
    openpyxl: Any = import_module("openpyxl")
    from datetime import date

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in SHEETS:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([date.fromisoformat(one) if isinstance(one, str) and one[:2] == "20" else one for one in row])
        for column in "E":
            for cell in sheet[column]:
                cell.number_format = "DD/MM/YYYY"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def sheets_text() -> str:
    def shown(value: object) -> str:
        text = "" if value is None else str(value)
        return "/".join(reversed(text.split("-"))) if text[:2] == "20" and "-" in text else text

    return "\n\n".join("\n".join("\t".join(map(shown, row)) for row in rows) for _, rows in SHEETS)


def with_script(pdf: bytes) -> bytes:
    action = b"/OpenAction << /S /JavaScript /JS (app.alert('run'); while \\(true\\) {}) >>"
    plain = qpdf(pdf, "--qdf", "--object-streams=disable").replace(b"/Type /Catalog", action + b" /Type /Catalog")
    return qpdf(plain, "--object-streams=generate")


def with_bad_layer(picture: Any, folder: Path) -> bytes:
    """Returns a PDF as a scanner with English OCR makes it: a picture, and a bad text under it."""
    picture.save(folder / "page.png", dpi=(150, 150))
    command = ["tesseract", str(folder / "page.png"), str(folder / "bad"), "-l", "eng", "--dpi", "150", "-c", "jpg_quality=30", "pdf"]
    subprocess.run(command, check=True, capture_output=True)
    return (folder / "bad.pdf").read_bytes()


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{number} "{f"&l{number - 1};" * 10}">' for number in range(1, 10))
    return docx(
        f"<w:p>{word('LAUGH')}</w:p>".replace("LAUGH", "&l9;"), start=f'<!DOCTYPE d [<!ENTITY l0 "ha">{entities}]>'.replace("&amp;", "&")
    )


PAGE = '<!DOCTYPE html><html><head><meta charset="utf-8"><title>Lỗi 404</title></head><body><h1>Không tìm thấy tệp</h1></body></html>'


def files(office: Office) -> dict[str, tuple[bytes, str]]:
    """Returns all files by name, each with the text that it must give."""
    truth = decision_text()
    tcvn3, vni = old_letters(Font.TCVN3), old_letters(Font.VNI)
    found: dict[str, tuple[bytes, str]] = {}
    for kind in ("pdf", "docx", "doc", "rtf", "odt"):
        found[f"decision.{kind}"] = office.text(Flat().decision(), kind), truth
    for kind in ("doc", "docx", "rtf"):
        found[f"tcvn3.{kind}"] = office.text(Flat(".VnTime", tcvn3).decision(), kind), truth
        found[f"vni.{kind}"] = office.text(Flat("VNI-Times", vni).decision(), kind), truth
    found["tcvn3.pdf"] = office.text(Flat(".VnTime", old_letters(Font.TCVN3, drawn=True)).decision(), "pdf"), truth
    found["vni.pdf"] = office.text(Flat("VNI-Times", vni).decision(), "pdf"), truth
    two = Flat()
    two.add("QUY CHẾ", style="title")
    two.columns(COLUMNS)
    found["columns.pdf"] = office.text(two, "pdf"), "\n\n".join(["QUY CHẾ", *COLUMNS])
    framed = Flat()
    framed.add("Phụ lục I", style="title")
    framed.table(TABLE)
    framed.add(DECISION[8])
    table_text = "\n\n".join(["Phụ lục I", "\n".join("\t".join(row) for row in TABLE), DECISION[8]])
    for kind in ("pdf", "docx", "doc", "rtf", "odt"):
        found[f"table.{kind}"] = office.text(framed, kind), table_text
    pdf = found["decision.pdf"][0]
    found["script.pdf"] = with_script(pdf), truth
    found["encrypted.pdf"] = qpdf(pdf, "--encrypt", "mật khẩu", "owner", "256", "--"), ""
    found["owner-password.pdf"] = qpdf(pdf, "--encrypt", "", "owner", "256", "--extract=n", "--"), truth
    found["turned.pdf"] = qpdf(pdf, "--rotate=90"), truth
    found["cut.pdf"] = pdf[: len(pdf) // 3], ""
    found["bad-xref.pdf"] = pdf.replace(b"startxref", b"startxxxx").replace(b"0000000", b"0099999"), truth
    pictures = scan(pdf)
    found["scan.pdf"] = pdf_of_pictures(pictures), truth
    found["scan-bad-layer.pdf"] = with_bad_layer(pictures[0], office.folder), truth
    found["page-and-scan.pdf"] = _joined_pdfs(found["table.pdf"][0], found["scan.pdf"][0]), table_text
    found["tracked.docx"] = tracked()
    found["mixed.docx"] = mixed()
    found["nameless.docx"] = nameless()
    found["cp1258.rtf"] = rtf_1258(truth.split("\n\n")), truth
    book = office.folder / "book.xlsx"
    book.write_bytes(xlsx())
    found["sheets.xlsx"] = book.read_bytes(), sheets_text()
    found["sheets.xls"] = office.convert(book, "xls"), sheets_text()
    found["sheets.ods"] = office.convert(book, "ods"), sheets_text()
    both = zipped({"Quyết định.pdf": pdf, "phụ lục/bảng.pdf": found["table.pdf"][0], "tệp lỗi.pdf": PAGE.encode()})
    found["pdfs.zip"] = both, f"{truth}\n\n{table_text}"
    found["zip-in-zip.zip"] = zipped({"trong.zip": both, "doc.docx": found["decision.docx"][0]}), f"{truth}\n\n{table_text}\n\n{truth}"
    found["web-page.pdf"] = PAGE.encode(), ""
    found["empty.pdf"] = b"", ""
    found["entities.docx"] = laughs(), ""
    return found


def _joined_pdfs(*pdfs: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as name:
        sources = [Path(name) / f"{number}.pdf" for number in range(len(pdfs))]
        for source, data in zip(sources, pdfs, strict=True):
            source.write_bytes(data)
        target = Path(name) / "out.pdf"
        subprocess.run(["qpdf", "--empty", "--pages", *map(str, sources), "--", str(target)], check=True)
        return target.read_bytes()


def main(target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        for file, (data, text) in files(Office(Path(name))).items():
            (target / file).write_bytes(data)
            (target / f"{file}.txt").write_text(f"{text}\n" if text else "", encoding="utf-8")
            print(f"{len(data):>9,} {file}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PROJECT / "tests" / "files")
