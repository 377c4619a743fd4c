"""Reads PDF files with PDFium (pypdfium2): letters with their places and fonts, lines that are drawn, and whether a page is a picture."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from scraper.attachments.file_text import Cut, State
from scraper.attachments.limits import OverLimit
from scraper.attachments.page_layout import paragraphs
from scraper.attachments.page_rows import THIN, Letter, Rule
from scraper.attachments.parts import Options, Part, Parts, Unreadable

FEWEST_LETTERS = 25  # letters and digits of a page that is a picture; a scanner's stamp ("Scanned with CamScanner") has about 20
PICTURE_SHARE = 0.5  # of a page that pictures cover, in a scan; a photo or a coat of arms covers less
_MOST_OBJECTS = 20_000  # drawn objects of a page that are looked at; maps have more, and no text between them
_MOST_LETTERS = 200_000  # of a page; the densest page of a gazette has 12,000
_DPI = 300  # of a picture for OCR: Tesseract's own recommendation
_MOST_PIXELS = 40_000_000  # of such a picture: A3 at 300 dots per inch has 17 million
_BELOW, _ABOVE = 0.22, 0.89  # of the size of a font, from the base line: Times and its like
_PASSWORD, _SECURITY = 4, 5  # FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY of PDFium


def read(data: bytes, options: Options, into: Parts) -> None:
    """Reads the pages of a PDF. Raises: Unreadable, OverLimit."""
    pdfium = import_module("pypdfium2")
    into.library = f"PDFium {pdfium.PDFIUM_INFO.build} (pypdfium2 {pdfium.PYPDFIUM_INFO})"
    document = _opened(pdfium, data)
    try:
        into.page_count = len(document)
        if into.page_count == 0:
            raise Unreadable(State.DAMAGED, "a PDF without pages")
        for number in range(1, into.page_count + 1):
            if not options.wants(number):
                continue
            if len(into.found) >= into.budget.pages:
                raise OverLimit(Cut.PAGES, f"{into.page_count} pages, of which {len(into.found)} were read")
            into.budget.check_time()
            into.add(_part(pdfium, document, number))
    finally:
        document.close()


def _opened(pdfium: Any, data: bytes) -> Any:
    """Raises: Unreadable."""
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code == _PASSWORD:
            raise Unreadable(State.ENCRYPTED, "a password is needed to open it") from None
        if code == _SECURITY:
            raise Unreadable(State.ENCRYPTED, "its kind of encryption is not known to PDFium") from None
        raise Unreadable(State.DAMAGED, f"PDFium cannot open it ({error})") from None


def _part(pdfium: Any, document: Any, number: int) -> Part:
    try:
        page = document[number - 1]
        try:
            text_page = page.get_textpage()
        except pdfium.PdfiumError:
            page.close()
            raise
    except pdfium.PdfiumError as error:
        return Part(number, [], State.DAMAGED, detail=f"PDFium cannot read this page ({error})")
    try:
        letters, direction = _letters(_chars(pdfium.raw, text_page))
        rules, covered = _objects(pdfium.raw, page)
        found = paragraphs(letters, rules if direction == 0 else ())
        is_picture = covered >= PICTURE_SHARE and sum(one.text.isalnum() for one in letters) < FEWEST_LETTERS
        return Part(number, found, State.NO_TEXT_LAYER if is_picture else State.EXTRACTED)
    finally:
        text_page.close()
        page.close()


@dataclass(slots=True)
class _Style:
    """What the characters of a text object have in common: font, size, the direction of the line, and a point of the line."""

    font: str = ""
    size: float = 0.0
    direction: int = 0
    point: tuple[float, float] = (0.0, 0.0)


_Char = tuple[str, float, float, float, float, _Style]  # a character, the corners of its box (left, bottom, right, top), its style


def _chars(raw: Any, wrapper: Any) -> Iterator[_Char]:
    """Yields the characters of a page in the order of the file. PDFium adds blanks; its line breaks are left out."""
    text_page, count = wrapper.raw, min(wrapper.count_chars(), _MOST_LETTERS)
    box = raw.FS_RECTF()
    get_char, get_box, get_object = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox, raw.FPDFText_GetTextObject
    style, last, half = _Style(), None, ""
    for place in range(count):
        char = chr(get_char(text_page, place))
        if "\ud800" <= char <= "\udbff":
            half = char
            continue
        if half:
            char, half = (half + char).encode("utf-16", "surrogatepass").decode("utf-16", "replace"), ""
        if char in "\r\n\0" or not get_box(text_page, place, box):
            continue
        if not char.isspace():
            now = ctypes.cast(get_object(text_page, place), ctypes.c_void_p).value
            if now is None or now != last:
                style, last = _style(raw, text_page, place), now
        yield char, box.left, box.bottom, box.right, box.top, style


def _style(raw: Any, text_page: Any, place: int) -> _Style:
    matrix, name, flags = raw.FS_MATRIX(), ctypes.create_string_buffer(128), ctypes.c_int()
    across, up = ctypes.c_double(), ctypes.c_double()
    style = _Style()
    if raw.FPDFText_GetFontInfo(text_page, place, name, 128, flags):
        style.font = name.value.decode("utf-8", "replace")
    if raw.FPDFText_GetCharOrigin(text_page, place, across, up) and raw.FPDFText_GetMatrix(text_page, place, matrix):
        style.size = raw.FPDFText_GetFontSize(text_page, place) * math.hypot(matrix.c, matrix.d)
        style.direction = _direction(matrix.a, matrix.b)
        style.point = across.value, up.value
    return style


def _direction(across: float, up: float) -> int:
    """Returns where a line of text goes: 0 to the right, 1 upwards, 2 to the left, 3 downwards."""
    if abs(across) >= abs(up):
        return 0 if across >= 0 else 2
    return 1 if up > 0 else 3


_TURNS = {0: (1, 0, 0, 1), 1: (0, 1, -1, 0), 2: (-1, 0, 0, -1), 3: (0, -1, 1, 0)}


def _letters(chars: Iterable[_Char]) -> tuple[list[Letter], int]:
    """Returns the letters of a page with their places as somebody sees them who holds the page so that most of its lines go to the right.
    Also the direction of these lines. What the page says about its own turn (/Rotate) does not help: both kinds of pages occur.
    """
    found = list(chars)
    counts = Counter(char[5].direction for char in found)
    most = counts.most_common(1)[0][0] if counts else 0
    a, b, c, d = _TURNS[most]
    letters = []
    for text, x1, y1, x2, y2, style in found:
        if most:
            x1, y1, x2, y2 = a * x1 + b * y1, c * x1 + d * y1, a * x2 + b * y2, c * x2 + d * y2
        if style.size > 0 and style.direction == most:
            # The boxes of PDFium are as high as the letters of some fonts, and as the lines of others. All rules need the lines.
            line = c * style.point[0] + d * style.point[1]
            y1, y2 = line - _BELOW * style.size, line + _ABOVE * style.size
        letters.append(Letter(text, min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2), style.font))
    return letters, most


def _objects(raw: Any, page: Any) -> tuple[list[Rule], float]:
    """Returns the straight lines that are drawn on a page, and how much of it pictures cover: 0 to 1."""
    rules: list[Rule] = []
    covered = 0.0
    width, height = page.get_size()
    edges = [ctypes.c_float() for _ in range(4)]
    for place in range(min(raw.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        one = raw.FPDFPage_GetObject(page, place)
        kind = raw.FPDFPageObj_GetType(one)
        if kind not in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM):
            continue
        if not raw.FPDFPageObj_GetBounds(one, *edges):
            continue
        left, bottom, right, top = (edge.value for edge in edges)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            rules += _rules(left, bottom, right, top)
        elif kind == raw.FPDF_PAGEOBJ_IMAGE or _is_picture(raw, one):
            covered += max(right - left, 0) * max(top - bottom, 0)
    return rules, covered / max(width * height, 1)


def _is_picture(raw: Any, form: Any) -> bool:
    """Returns whether a group of objects has a picture: some scanners put one in a group."""
    number = min(raw.FPDFFormObj_CountObjects(form), 50)
    return any(raw.FPDFPageObj_GetType(raw.FPDFFormObj_GetObject(form, place)) == raw.FPDF_PAGEOBJ_IMAGE for place in range(number))


def _rules(left: float, bottom: float, right: float, top: float) -> list[Rule]:
    width, height = right - left, top - bottom
    if height <= THIN < width:
        return [Rule((top + bottom) / 2, left, right, is_vertical=False)]
    if width <= THIN < height:
        return [Rule((left + right) / 2, bottom, top, is_vertical=True)]
    if width > THIN and height > THIN:  # the frame of a cell
        return [
            Rule(left, bottom, top, is_vertical=True),
            Rule(right, bottom, top, is_vertical=True),
            Rule(top, left, right, is_vertical=False),
            Rule(bottom, left, right, is_vertical=False),
        ]
    return []


def picture(data: bytes, number: int) -> bytes:
    """Returns a page as a grey picture (PGM). Raises: Unreadable."""
    pdfium = import_module("pypdfium2")
    document = _opened(pdfium, data)
    try:
        page = document[number - 1]
        width, height = page.get_size()
        scale = min(_DPI / 72, (_MOST_PIXELS / max(width * height, 1)) ** 0.5)
        bitmap = page.render(scale=scale, grayscale=True)
        lines = bytes(bitmap.buffer)
        pixels = b"".join(lines[start : start + bitmap.width] for start in range(0, bitmap.stride * bitmap.height, bitmap.stride))
        return b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + pixels
    except (pdfium.PdfiumError, IndexError, MemoryError) as error:
        raise Unreadable(State.DAMAGED, f"page {number} cannot be drawn ({error or type(error).__name__})") from None
    finally:
        document.close()
