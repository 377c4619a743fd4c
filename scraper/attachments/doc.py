"""Reads DOC files of Word 97 to 2003 (MS-DOC): the text with the font of each run, tables, headers, notes; without deleted text.

There is no maintained library for it in Python. LibreOffice reads them, too, as an option; it also reads those of Word 6 and 95.
"""

from __future__ import annotations

import io
import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module

from scraper.attachments.file_text import State
from scraper.attachments.flow import Flow
from scraper.attachments.letters import Run
from scraper.attachments.parts import Options, Part, Parts, Unreadable

_WORD = 0xA5EC  # the first two bytes of a Word document
_WORD_97 = 0xC1  # the least version whose structure is read here
_FLAGS, _COUNTS, _PLACES = 0x0A, 0x4C, 0x9A  # offsets in the first block: flags; lengths of the texts; places of the structures
_ENCRYPTED, _SECOND_TABLE = 0x0100, 0x0200
_STYLES, _CHARACTER_PAGES, _PARAGRAPH_PAGES, _FONTS, _PIECES = 1, 12, 13, 15, 33  # numbers of structures
_PAGE = 512
_MOST_PIECES = 1_000_000
_FONT, _OTHER_FONT, _STYLE, _DELETED, _HIDDEN, _SYMBOL = 0x4A4F, 0x4A51, 0x4A30, 0x0800, 0x083C, 0x6A09
_IN_TABLE, _ROW_END = 0x2416, 0x2417
_CHARACTERS = {"\x0b": "\n", "\x1e": "-", "\x1f": "\xad", "\t": " ", "\xa0": " "}
_MARKS = "\r\x07\x0c\x0e"


@dataclass(frozen=True, slots=True)
class _Look:
    """What a run or a paragraph has: the number of its font (-1: that of its style), its style, and its marks."""

    font: int = -1
    style: int = -1
    hidden: bool = False
    symbol: str = ""
    in_table: bool = False
    ends_row: bool = False


@dataclass(frozen=True, slots=True)
class _Segment:
    """Text of one look; `place`: the offset of its first byte in the file; `width`: bytes of a character."""

    text: str
    place: int
    width: int


def read(data: bytes, options: Options, into: Parts) -> None:
    """Reads a DOC file as one page. Raises: Unreadable, OverLimit."""
    olefile = import_module("olefile")
    into.library = f"olefile {olefile.__version__}"
    document, tables = _streams(olefile, data)
    if len(document) < _PLACES + 300:
        raise Unreadable(State.DAMAGED, "its container is damaged: it has no text of Word")
    if struct.unpack_from("<H", document)[0] != _WORD:
        raise Unreadable(State.UNSUPPORTED, "not a document of Word 97 or later; LibreOffice may read it: --libreoffice")
    flags = struct.unpack_from("<H", document, _FLAGS)[0]
    if struct.unpack_from("<H", document, 2)[0] < _WORD_97:
        raise Unreadable(
            State.UNSUPPORTED, "of Word 6 or 95; LibreOffice reads it: install it (libreoffice-writer-nogui) and use --libreoffice"
        )
    if flags & _ENCRYPTED:
        raise Unreadable(State.ENCRYPTED, "a password is needed to open it")
    table = tables[bool(flags & _SECOND_TABLE)]
    try:
        found = _Document(document, table, into).paragraphs()
    except (struct.error, IndexError, ValueError) as error:
        raise Unreadable(State.DAMAGED, f"its structure is damaged ({error})") from None
    into.add(Part(1, found))


def _streams(olefile: object, data: bytes) -> tuple[bytes, tuple[bytes, bytes]]:
    def stream(name: str) -> bytes:
        return bytes(container.openstream(name).read()) if container.exists(name) else b""

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:  # type: ignore[attr-defined]
            return stream("WordDocument"), (stream("0Table"), stream("1Table"))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 (olefile raises errors of many kinds for damaged files)
        raise Unreadable(State.DAMAGED, f"its container is damaged ({error})") from None


class _Document:
    def __init__(self, document: bytes, table: bytes, into: Parts) -> None:
        self._document, self._table, self._into = document, table, into
        self._fonts = self._font_names()
        self._styles, self._default = self._style_fonts()
        self._runs = self._looks(_CHARACTER_PAGES)
        self._paragraphs = self._looks(_PARAGRAPH_PAGES)

    def _structure(self, number: int) -> bytes:
        place, size = struct.unpack_from("<II", self._document, _PLACES + 8 * number)
        return self._table[place : place + size]

    # --- text ---

    def paragraphs(self) -> list[list[Run]]:
        """Returns the paragraphs: headers, the text, footnotes, endnotes, text boxes. Comments are left out."""
        main, notes, headers, _, comments, endnotes, boxes = struct.unpack_from("<7I", self._document, _COUNTS)
        ends = [main, main + notes, main + notes + headers]
        after = ends[2] + comments
        ranges = [(ends[1], ends[2]), (0, main), (main, ends[1]), (after, after + endnotes), (after + endnotes, after + endnotes + boxes)]
        flow = Flow(knows_lines=False)
        for start, end in ranges:
            self._add(flow, start, end)
        return flow.close()

    def _add(self, flow: Flow, start: int, end: int) -> None:
        waiting: list[tuple[str, _Look]] = []
        is_open = False
        fields: list[bool] = []  # for each open field: whether its result has begun
        for segment, look in self._segments(start, end):
            for piece, at in _split(segment):
                if piece in _MARKS:
                    place = bisect_right(self._paragraphs[0], at) - 1
                    paragraph = self._paragraphs[1][place] if place >= 0 else _Look()
                    if paragraph.in_table and not is_open:
                        flow.start_table()
                    elif is_open and not paragraph.in_table:
                        flow.end_table()
                    is_open = paragraph.in_table
                    self._end(flow, waiting, piece, paragraph)
                    waiting = []
                elif piece in "\x13\x14\x15":
                    _field(fields, piece)
                elif all(fields) and not look.hidden:
                    waiting.append((look.symbol if look.symbol and piece == "(" else piece, look))
        self._end(flow, waiting, "\r", _Look())
        if is_open:
            flow.end_table()

    def _end(self, flow: Flow, waiting: list[tuple[str, _Look]], mark: str, paragraph: _Look) -> None:
        for text, look in waiting:
            self._into.budget.take_text(text)
            flow.text(text, self._font(look, paragraph))
        if mark == "\x07" and paragraph.ends_row:
            flow.end_row()
        elif mark == "\x07":
            flow.end_cell()
        else:
            flow.end_paragraph()

    def _font(self, look: _Look, paragraph: _Look) -> str:
        for number in (look.font, self._styles.get(look.style, -1), self._styles.get(max(paragraph.style, 0), -1), self._default):
            if 0 <= number < len(self._fonts):
                return self._fonts[number]
        return ""

    def _segments(self, start: int, end: int) -> Iterator[tuple[_Segment, _Look]]:
        """Yields the text between two character positions, cut at the ends of runs."""
        starts, looks = self._runs
        for first, last, place, width in self._pieces():
            first_in, last_in = max(first, start), min(last, end)
            at, stop = place + (first_in - first) * width, place + (last_in - first) * width
            while at < stop:
                number = bisect_right(starts, at) - 1
                until = min(stop, starts[number + 1]) if number + 1 < len(starts) else stop
                until = max(until - (until - at) % width, at + width)
                raw = self._document[at:until]
                text = raw.decode("cp1252", "replace") if width == 1 else raw.decode("utf-16-le", "replace")
                yield _Segment(text, at, width), looks[number] if number >= 0 else _Look()
                at = until

    def _pieces(self) -> Iterator[tuple[int, int, int, int]]:
        """Yields the pieces of the text: first and last character, place in the file, bytes of a character."""
        data = self._structure(_PIECES)
        at = 0
        while at < len(data) and data[at] == 1:
            at += 3 + struct.unpack_from("<H", data, at + 1)[0]
        if at >= len(data) or data[at] != 2:
            raise ValueError("no list of pieces")
        size = struct.unpack_from("<I", data, at + 1)[0]
        count = min((size - 4) // 12, _MOST_PIECES)
        positions = struct.unpack_from(f"<{count + 1}I", data, at + 5)
        for number in range(count):
            place = struct.unpack_from("<I", data, at + 5 + 4 * (count + 1) + 8 * number + 2)[0]
            is_narrow = bool(place & 0x40000000)
            place &= 0x3FFFFFFF
            if positions[number + 1] > positions[number]:
                yield positions[number], positions[number + 1], place // 2 if is_narrow else place, 1 if is_narrow else 2

    # --- looks ---

    def _looks(self, number: int) -> tuple[list[int], list[_Look]]:
        """Returns where each run (or paragraph) begins in the file, and its look."""
        data = self._structure(number)
        count = max((len(data) - 4) // 8, 0)
        found: dict[int, _Look] = {}
        for page_number in struct.unpack_from(f"<{count}I", data, 4 * (count + 1)) if count else ():
            page = self._document[(page_number & 0x3FFFFF) * _PAGE :][:_PAGE]
            if len(page) < _PAGE:
                continue
            self._into.budget.check_time()
            runs = page[-1]
            if 4 * (runs + 1) > _PAGE - 1:
                continue
            for place, start in enumerate(struct.unpack_from(f"<{runs}I", page)):
                found[start] = _paragraph_look(page, runs, place) if number == _PARAGRAPH_PAGES else _run_look(page, runs, place)
        starts = sorted(found)
        return starts, [found[start] for start in starts]

    def _font_names(self) -> list[str]:
        data = self._structure(_FONTS)
        names: list[str] = []
        at = 4
        while at + 41 < len(data) and len(names) < 10_000:
            name = data[at + 40 : at + 1 + data[at]].decode("utf-16-le", "replace")
            names.append(name.split("\0")[0])
            at += 1 + data[at]
        return names

    def _style_fonts(self) -> tuple[dict[int, int], int]:
        """Returns the font of each style, and the one of text whose style has none."""
        data = self._structure(_STYLES)
        if len(data) < 22:
            return {}, -1
        size, count, base_size = struct.unpack_from("<HHH", data)
        default = struct.unpack_from("<H", data, 2 + 16)[0] if size >= 18 else -1
        fonts: dict[int, int] = {}
        bases: dict[int, int] = {}
        at = 2 + size
        for number in range(count):
            if at + 2 > len(data):
                break
            length = struct.unpack_from("<H", data, at)[0]
            style = data[at + 2 : at + 2 + length]
            at += 2 + length
            if length > base_size + 2:
                kind_base, more = struct.unpack_from("<HH", style, 2)
                bases[number] = kind_base >> 4
                fonts[number] = _style_font(style, base_size, kind_base & 0xF, more & 0xF)
        return {number: _inherited(number, fonts, bases) for number in fonts}, default


def _inherited(number: int, fonts: dict[int, int], bases: dict[int, int]) -> int:
    for _ in range(20):
        if fonts.get(number, -1) >= 0:
            return fonts[number]
        number = bases.get(number, 0xFFF)
    return -1


def _style_font(style: bytes, base_size: int, kind: int, parts: int) -> int:
    """Returns the number of the font of a style, -1 if it has none. `kind`: 1 of paragraphs, 2 of characters."""
    at = base_size
    at += 2 + 2 * struct.unpack_from("<H", style, at)[0] + 2
    for part in range(parts):
        if at + 2 > len(style):
            break
        size = struct.unpack_from("<H", style, at)[0]
        if (kind, part) in ((1, 1), (2, 0)):
            return _look(style[at + 2 : at + 2 + size]).font
        at += 2 + size + size % 2
    return -1


def _run_look(page: bytes, runs: int, place: int) -> _Look:
    at = page[4 * (runs + 1) + place] * 2
    return _look(page[at + 1 : at + 1 + page[at]]) if at else _Look()


def _paragraph_look(page: bytes, runs: int, place: int) -> _Look:
    at = page[4 * (runs + 1) + 13 * place] * 2
    if at == 0:
        return _Look()
    size = 2 * page[at] - 1
    if page[at] == 0:
        at += 1
        size = 2 * page[at]
    data = page[at + 1 : at + 1 + size]
    style = struct.unpack_from("<H", data)[0] if len(data) >= 2 else -1
    return _look(data[2:], style)


_SIZES = (1, 1, 2, 4, 2, 2, -1, 3)  # of the values of properties, by the three highest bits of their numbers


def _look(data: bytes, style: int = -1) -> _Look:
    """Returns the look that a list of properties describes."""
    font = other = -1
    hidden = in_table = ends_row = False
    symbol = ""
    at = 0
    while at + 3 <= len(data):
        name = struct.unpack_from("<H", data, at)[0]
        size = _SIZES[name >> 13]
        at += 2
        if size < 0:
            size = data[at] + 1 if name != 0xD608 else struct.unpack_from("<H", data, at)[0] + 1 if at + 2 <= len(data) else 1
        value = int.from_bytes(data[at : at + min(size, 4)], "little")
        if name == _FONT:
            font = value
        elif name == _OTHER_FONT:
            other = value
        elif name == _STYLE:
            style = value
        elif name in (_DELETED, _HIDDEN):
            hidden = hidden or value == 1
        elif name == _SYMBOL:
            symbol = chr(value >> 16)
        elif name == _IN_TABLE:
            in_table = value == 1
        elif name == _ROW_END:
            ends_row = value == 1
        at += size
    return _Look(other if other >= 0 else font, style, hidden, symbol, in_table, ends_row)


def _split(segment: _Segment) -> Iterator[tuple[str, int]]:
    """Yields plain text, and marks and field characters one by one, each with its place in the file."""
    start = 0
    for place, char in enumerate(segment.text):
        if char < " " or char == "\xa0":
            if place > start:
                yield segment.text[start:place], segment.place + start * segment.width
            if char in _CHARACTERS or char in _MARKS or char in "\x13\x14\x15":
                yield _CHARACTERS.get(char, char), segment.place + place * segment.width
            start = place + 1
    if start < len(segment.text):
        yield segment.text[start:], segment.place + start * segment.width


def _field(fields: list[bool], mark: str) -> None:
    """A field has an instruction and a result; only the result is text."""
    if mark == "\x13":
        fields.append(False)
    elif mark == "\x14" and fields:
        fields[-1] = True
    elif mark == "\x15" and fields:
        fields.pop()
