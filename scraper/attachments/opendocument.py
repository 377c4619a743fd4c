"""Reads OpenDocument text and spreadsheets (ODT, ODS; ISO/IEC 26300): the XML itself, without odfpy, which holds whole trees in memory."""

from __future__ import annotations

from scraper.attachments.file_text import Cut, State
from scraper.attachments.flow import Flow
from scraper.attachments.letters import Run
from scraper.attachments.limits import Budget, OverLimit
from scraper.attachments.packages import Package, Target, local, local_attributes, parse_xml
from scraper.attachments.parts import Options, Part, Parts, Unreadable
from scraper.attachments.styles import Styles

_SKIPPED = frozenset(("tracked-changes", "annotation", "forms", "note-citation", "sequence-decls", "ruby-text", "title", "desc"))
_MOST_REPEATED = 1000  # blanks, or cells with the same value; sheets end with a million repeated empty cells
_SIDES = ("border", "border-top", "border-bottom", "border-left", "border-right")


def read_text(data: bytes, options: Options, into: Parts) -> None:
    """Reads an ODT file as one page. Raises: Unreadable, OverLimit."""
    package, styles = _opened(data, into)
    text = _Text(styles)
    try:
        parse_xml(package.read("content.xml"), text, "content.xml", into.budget)
    except (OverLimit, Unreadable):
        into.keep(text.flow.close())
        raise
    into.add(Part(1, text.flow.close()))


def read_sheets(data: bytes, options: Options, into: Parts) -> None:
    """Reads an ODS file, a page for each sheet. Raises: Unreadable, OverLimit."""
    package, styles = _opened(data, into)
    sheets = _Sheets(styles, into, options)
    try:
        parse_xml(package.read("content.xml"), sheets, "content.xml", into.budget)
    except (OverLimit, Unreadable):
        sheets.end_sheet()
        raise
    into.page_count = sheets.number


def _opened(data: bytes, into: Parts) -> tuple[Package, _Styles]:
    into.library = "defusedxml and expat"
    package = Package(data, into.budget)
    manifest = package.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in package.members else b""
    if b"encryption-data" in manifest:
        raise Unreadable(State.ENCRYPTED, "a password is needed to open it")
    styles = _Styles()
    if "styles.xml" in package.members:
        parse_xml(package.read("styles.xml"), styles, "styles.xml", into.budget)
    return package, styles


class _Styles(Styles):
    """Those of styles.xml, and of the beginning of content.xml."""

    def __init__(self) -> None:
        super().__init__()
        self._families: dict[str, str] = {}  # the fonts by the names that the file gives them
        self._default: dict[str, str] = {}  # the font of each family of styles
        self._family = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name, values = local(tag), local_attributes(attributes)
        if name == "font-face":
            self._families[values.get("name", "")] = values.get("font-family", "").strip("'\"")
        elif name in ("style", "default-style"):
            self._style = values.get("name", "") if name == "style" else ""
            self._family = values.get("family", "")
            self._parents[self._style] = values.get("parent-style-name", "")
        elif name == "text-properties":
            font = values.get("font-name") or values.get("font-family", "").strip("'\"")
            if font and self._style:
                self._fonts[self._style] = self._families.get(font, font)
            elif font:
                self._default[self._family] = self._families.get(font, font)
        elif name == "table-cell-properties" and any(values.get(side, "none") != "none" for side in _SIDES):
            self._framed.add(self._style)

    def default(self) -> str:
        """Returns the font of paragraphs without another one."""
        return self._default.get("paragraph", "")


class _Content(Target):
    """Reads content.xml. The styles are at its beginning, so one reading suffices."""

    def __init__(self, styles: _Styles, left_out: frozenset[str]) -> None:
        """`left_out`: elements of the body that are not text."""
        self._styles, self._left_out = styles, left_out
        self._skipped = 0  # open elements that are left out, with all inside them
        self._in_body = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if not self._in_body:
            self._in_body = name == "body"
            self._styles.start(tag, attributes)
        elif self._skipped or name in self._left_out:
            self._skipped += 1
        else:
            self._begin(name, local_attributes(attributes))

    def end(self, tag: str) -> None:
        if self._skipped:
            self._skipped -= 1
        elif self._in_body:
            self._end(local(tag))

    def data(self, text: str) -> None:
        if not self._skipped:
            self._add(text)

    def _begin(self, name: str, values: dict[str, str]) -> None:
        """An element of the body begins."""

    def _end(self, name: str) -> None:
        """An element of the body ends."""

    def _add(self, text: str) -> None:
        """Text, of the body or not."""


class _Text(_Content):
    """Collects the text."""

    def __init__(self, styles: _Styles) -> None:
        super().__init__(styles, _SKIPPED)
        self.flow = Flow()
        self._fonts: list[str] = []  # of the open paragraphs and spans

    def _begin(self, name: str, values: dict[str, str]) -> None:
        if name in ("p", "h"):
            self.flow.end_paragraph()
            self._fonts.append(self._styles.font(values.get("style-name", "")) or self._styles.default())
        elif name == "span":
            self._fonts.append(self._styles.font(values.get("style-name", "")) or (self._fonts[-1] if self._fonts else ""))
        elif name == "s":
            self._add(" " * min(number(values.get("c")), _MOST_REPEATED))
        elif name in ("tab", "line-break"):
            self._add("\n" if name == "line-break" else " ")
        elif name == "table":
            self.flow.start_table()
        elif name in ("table-cell", "covered-table-cell") and self._styles.is_framed(values.get("style-name", "")):
            self.flow.frame()

    def _end(self, name: str) -> None:
        if name in ("p", "h"):
            self.flow.end_paragraph()
            self._fonts.pop()
        elif name == "span":
            self._fonts.pop()
        elif name == "table-cell":
            self.flow.end_cell()
        elif name == "table-row":
            self.flow.end_row()
        elif name == "table":
            self.flow.end_table()

    def _add(self, text: str) -> None:
        if self._fonts:
            self.flow.text(text, self._fonts[-1])


class _Sheets(_Content):
    """Adds a part for each sheet."""

    def __init__(self, styles: _Styles, into: Parts, options: Options) -> None:
        super().__init__(styles, frozenset(("annotation",)))
        self.number = 0
        self._into, self._options = into, options
        self._budget: Budget = into.budget
        self._name = ""
        self._rows: list[list[Run]] = []
        self._row: list[Run] = []
        self._cell = ""
        self._font = ""
        self._repeated = 1
        self._waiting = 0  # empty cells that count only if a cell with text follows
        self._in_paragraph = False

    def _begin(self, name: str, values: dict[str, str]) -> None:
        if name == "table":
            if len(self._into.found) >= self._budget.pages:
                raise OverLimit(Cut.PAGES, f"more than {self.number} sheets")
            self.number += 1
            self._name, self._rows = values.get("name", ""), []
        elif name == "table-row":
            self._row, self._waiting = [], 0
            self._budget.take_cells(1)
        elif name in ("table-cell", "covered-table-cell"):
            self._cell, self._font = "", self._styles.font(values.get("style-name", ""))
            self._repeated = min(number(values.get("number-columns-repeated")), _MOST_REPEATED)
            self._budget.take_cells(self._repeated)
        elif name == "p":
            self._in_paragraph = True
            self._cell += " " if self._cell else ""

    def _end(self, name: str) -> None:
        if name == "p":
            self._in_paragraph = False
        elif name in ("table-cell", "covered-table-cell"):
            self._end_cell()
        elif name == "table-row" and self._row:
            self._rows.append(self._row)
            self._budget.take_text("".join(run.text for run in self._row))
        elif name == "table":
            self.end_sheet()

    def _end_cell(self) -> None:
        if not self._cell.strip():
            self._waiting += self._repeated
            return
        for _ in range(self._repeated):
            if self._row or self._waiting:
                self._row.append(Run("\t" * (self._waiting + bool(self._row))))
            self._row.append(Run(" ".join(self._cell.split()), self._font))
            self._waiting = 0

    def end_sheet(self) -> None:
        """Adds the rows of the sheet until now."""
        if self._name and self._options.wants(self.number):
            runs = [run for place, row in enumerate(self._rows) for run in ([Run("\n")] if place else []) + row]
            self._into.found.append(Part(self.number, [runs] if runs else [], name=self._name))
        self._name = ""

    def _add(self, text: str) -> None:
        if self._in_paragraph:
            self._cell += text


def number(value: str | None) -> int:
    """Returns the whole number of an attribute, 1 if it has none, at least 1."""
    return max(int(value), 1) if value is not None and value.isascii() and value.isdigit() and len(value) < 10 else 1
