"""Reads RTF files (Rich Text Format 1.9): text with the font of each run, tables, and letters of code pages and of Unicode.

striprtf does not say which font a text has, and reads all bytes in one code page: "QuyÕt ®Þnh" in .VnTime would not be recognised if a
file also has Unicode. So the control words are read here. Groups that are not text (fonts, colours, pictures, fields) are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from scraper.attachments.file_text import Cut, Font, State
from scraper.attachments.flow import Flow
from scraper.attachments.letters import named_font
from scraper.attachments.limits import OverLimit
from scraper.attachments.parts import Options, Part, Parts, Unreadable

_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.IGNORECASE | re.DOTALL
)
_MOST_DEPTH = 1000  # groups inside each other
_MOST_OF_NAME = 200  # characters of the name of a font
# Destinations whose text is not text of the document. One that begins with \* and that no reader knows is left out, too.
_HIDDEN = frozenset(
    [
        "fonttbl",
        "colortbl",
        "stylesheet",
        "listtable",
        "listoverridetable",
        "rsidtbl",
        "revtbl",
        "info",
        "pict",
        "object",
        "objdata",
        "fldinst",
        "datastore",
        "themedata",
        "colorschememapping",
        "latentstyles",
        "generator",
        "filetbl",
        "xmlnstbl",
        "userprops",
        "bkmkstart",
        "bkmkend",
        "mmathPr",
        "pgptbl",
        "pntext",
        "pntxta",
        "pntxtb",
        "listtext",
        "nonshppict",
        "shppict",
        "sp",
        "background",
        "annotation",
        "atnid",
        "atnauthor",
        "atndate",
        "atnref",
        "atrfstart",
        "atrfend",
        "wgrffmtfilter",
        "upr",
        "nesttableprops",
    ]
)
_KNOWN = frozenset(("shpinst", "shptxt", "shprslt", "ud", "fldrslt", "nesttableprops"))
_BREAKS = frozenset(("par", "sect", "page", "column"))
_CHARACTERS = {
    "tab": " ", "line": "\n", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
    "bullet": "•", "emspace": " ", "enspace": " ", "qmspace": " ",
}  # fmt: skip
# Code pages of the character sets of fonts (\fcharset).
_CHARSETS = {
    0: "cp1252", 1: "", 2: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "big5", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 255: "cp437",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _State:
    """What holds until the end of a group."""

    hidden: bool = False
    font: int = -1
    skip: int = 1  # characters after \uN that are for readers without Unicode
    deleted: bool = False
    in_fonts: bool = False
    in_table: bool = False


def read(data: bytes, options: Options, into: Parts) -> None:
    """Reads an RTF file as one page. Raises: OverLimit; Unreadable, after the text was added, if the file ends inside a group."""
    into.library = "own reader"
    reader = _Reader(into)
    try:
        reader.run(data)
    finally:
        found = reader.flow.close()
        if found:
            into.found.append(Part(1, found))
    if reader.is_inside_group:
        raise Unreadable(State.DAMAGED, "it ends inside a group: perhaps cut off")
    if not found:
        into.add(Part(1, []))


class _Reader:
    def __init__(self, into: Parts) -> None:
        self.flow = Flow()
        self._into = into
        self._stack: list[_State] = []
        self._state = _State()
        self._page = "cp1252"
        self._fonts: dict[int, tuple[str, str]] = {}  # name and code page
        self._default = -1
        self._name = ""
        self._charset = ""
        self._bytes = bytearray()  # of a code page, until other text comes
        self._left = 0  # characters that are still to be skipped after \uN
        self._half = ""  # the first half of a character beyond 16 bits
        self._starred = False
        self._open_row = False

    @property
    def is_inside_group(self) -> bool:
        """Whether a group is still open."""
        return bool(self._stack)

    def run(self, data: bytes) -> None:
        budget = self._into.budget
        count, place = 0, 0
        while (match := _TOKEN.search(data, place)) is not None:
            count, place = count + 1, match.end()
            if count % 10_000 == 0:
                budget.check_time()
            word, number, code, symbol, brace, text = match.groups()
            if word is not None:
                self._word(word.decode(), None if number is None else int(number))
                if word == b"bin" and number is not None:
                    place += max(int(number), 0)  # bytes of a picture or an object
            elif code is not None:
                self._byte(bytes.fromhex(code.decode()))
            elif symbol is not None:
                self._symbol(symbol)
            elif brace == b"{":
                self._flush()
                self._left = 0
                if len(self._stack) >= _MOST_DEPTH:
                    raise OverLimit(Cut.SIZE, f"more than {_MOST_DEPTH} groups inside each other")
                self._stack.append(self._state)
            elif brace == b"}":
                self._flush()
                self._left = 0
                self._end_font()
                self._state = self._stack.pop() if self._stack else self._state
            elif text is not None:
                self._plain(text)
        self._flush()

    # --- text ---

    def _plain(self, text: bytes) -> None:
        self._starred = False
        if self._left:
            self._left, text = max(self._left - len(text), 0), text[self._left :]
        if self._state.in_fonts:
            self._name = (self._name + text[:_MOST_OF_NAME].decode("latin-1"))[:_MOST_OF_NAME]
        elif not self._is_hidden():
            self._bytes += text

    def _byte(self, byte: bytes) -> None:
        self._starred = False
        if self._left:
            self._left -= 1
        elif self._state.in_fonts:
            self._name = (self._name + byte.decode("latin-1"))[:_MOST_OF_NAME]
        elif not self._is_hidden():
            self._bytes += byte

    def _is_hidden(self) -> bool:
        return self._state.hidden or self._state.deleted

    def _unicode(self, number: int) -> None:
        self._left = self._state.skip
        char = chr(number % 0x10000)
        if "\ud800" <= char <= "\udbff":
            self._half = char
            return
        char, self._half = (self._half + char).encode("utf-16", "surrogatepass").decode("utf-16", "replace"), ""
        if not self._is_hidden() and not self._state.in_fonts:
            self._flush()
            self._emit(char)

    def _emit(self, text: str) -> None:
        self._into.budget.take_text(text)
        if self._open_row and not self._state.in_table and text.strip():
            self.flow.end_table()
            self._open_row = False
        self.flow.text(text, self._fonts.get(self._font(), ("", ""))[0])

    def _font(self) -> int:
        return self._state.font if self._state.font >= 0 else self._default

    def _flush(self) -> None:
        if self._bytes:
            raw, self._bytes = bytes(self._bytes), bytearray()
            name, page = self._fonts.get(self._font(), ("", ""))
            # The fonts before Unicode have letters of their own at the places of Western European ones, whatever code page is declared.
            page = "cp1252" if named_font(name) is not Font.UNICODE else page or self._page
            try:
                text = raw.decode(page, "replace")
            except LookupError:
                text = raw.decode("cp1252", "replace")
            self._emit(text if page != "cp1252" else _western(raw))

    # --- control words ---

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._starred = True
        elif symbol in b"\\{}":
            self._plain(symbol)
        elif not self._is_hidden():
            self._flush()
            if symbol == b"~":
                self._emit("\xa0")
            elif symbol == b"-":
                self._emit("\xad")  # the letter ư in TCVN3
            elif symbol == b"_":
                self._emit("-")
            elif symbol in b"\r\n":
                self.flow.end_paragraph()

    def _word(self, word: str, number: int | None) -> None:
        starred, self._starred = self._starred, False
        if word == "u" and number is not None:
            self._unicode(number)
            return
        self._flush()
        if word in _HIDDEN or (starred and word not in _KNOWN):
            self._state = replace(self._state, hidden=True, in_fonts=word == "fonttbl")
        elif self._state.in_fonts:
            self._font_word(word, number)
        elif not self._is_hidden() or word in ("deleted", "plain"):
            self._text_word(word, number)

    def _font_word(self, word: str, number: int | None) -> None:
        if word == "f" and number is not None:
            self._end_font()
            self._state = replace(self._state, font=number)
        elif word == "fcharset":
            self._charset = _CHARSETS.get(number or 0, "")
        elif word == "cpg":
            self._charset = f"cp{number}"

    def _end_font(self) -> None:
        if self._state.in_fonts and self._name:
            for name in self._name.split(";")[:1]:
                self._fonts[self._state.font] = (name.strip(), self._charset)
            self._name = self._charset = ""

    def _text_word(self, word: str, number: int | None) -> None:
        if word == "ansicpg":
            self._page = f"cp{number}" if number else "cp1252"
        elif word in ("mac", "pc", "pca"):
            self._page = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}[word]
        elif word == "deff":
            self._default = number if number is not None else -1
        elif word == "f":
            self._state = replace(self._state, font=number if number is not None else -1)
        elif word == "uc":
            self._state = replace(self._state, skip=min(max(number if number is not None else 1, 0), 10))
        elif word == "plain":
            self._state = replace(self._state, font=-1, deleted=False)
        elif word in ("deleted", "v"):
            self._state = replace(self._state, deleted=number != 0)
        elif word in _CHARACTERS:
            self._emit(_CHARACTERS[word])
        else:
            self._layout_word(word)

    def _layout_word(self, word: str) -> None:
        if word in _BREAKS:
            self.flow.end_paragraph()
        elif word == "pard":
            self._state = replace(self._state, in_table=False)
        elif word in ("trowd", "intbl"):
            self._state = replace(self._state, in_table=True)
            if not self._open_row:
                self.flow.start_table()
                self._open_row = True
        elif word in ("clbrdrt", "clbrdrl", "clbrdrb", "clbrdrr"):
            self.flow.frame()
        elif word in ("cell", "nestcell"):
            self.flow.end_cell()
        elif word in ("row", "nestrow"):
            self.flow.end_row()


def _western(raw: bytes) -> str:
    """Returns bytes of windows-1252; the five that it does not have are those of Latin-1."""
    return (
        "".join(chr(byte) if byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes([byte]).decode("cp1252") for byte in raw)
        if not raw.isascii()
        else raw.decode("ascii")
    )
