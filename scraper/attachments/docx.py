"""Reads DOCX files (Office Open XML, ECMA-376): the text in its order with tables, headers, footers and notes.

The XML is read directly, and not with python-docx: that leaves out text boxes, headers in their place and fields, gives deleted text of
tracked changes in some places, and holds the whole tree of a document in memory.
"""

from __future__ import annotations

import re

from scraper.attachments.file_text import State
from scraper.attachments.flow import Flow
from scraper.attachments.limits import OverLimit
from scraper.attachments.packages import Package, Target, local, local_attributes, parse_xml
from scraper.attachments.parts import Options, Part, Parts, Unreadable
from scraper.attachments.styles import Styles

_NO_LINE = frozenset(("nil", "none"))
_EDGES = frozenset(("top", "bottom", "left", "right", "start", "end", "insideH", "insideV"))
_SKIPPED = frozenset(("del", "moveFrom", "Fallback", "instrText", "delText", "delInstrText", "annotationRef"))
_CHARACTERS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": "\xad", "ptab": " "}
_HEX = re.compile(r"[0-9A-Fa-f]{2,4}")


def read(data: bytes, options: Options, into: Parts) -> None:
    """Reads a DOCX file as one page. Raises: Unreadable, OverLimit."""
    into.library = "defusedxml and expat"
    package = Package(data, into.budget)
    main = _main_part(package)
    folder = main.rpartition("/")[0]
    styles = _Styles()
    if f"{folder}/styles.xml" in package.members:
        parse_xml(package.read(f"{folder}/styles.xml"), styles, "styles.xml", into.budget)
    flow = Flow()
    try:
        for name in _in_order(package, folder, main):
            parse_xml(package.read(name), _Document(flow, styles), name, into.budget)
            flow.end_paragraph()
    except (OverLimit, Unreadable):
        into.keep(flow.close())
        raise
    into.add(Part(1, flow.close()))


def _main_part(package: Package) -> str:
    for name in ("word/document.xml", "word/document2.xml"):
        if name in package.members:
            return name
    raise Unreadable(State.DAMAGED, "its part word/document.xml is missing")


def _in_order(package: Package, folder: str, main: str) -> list[str]:
    """Returns the parts with text: headers, the document, notes, footers."""

    def parts(kind: str) -> list[str]:
        return sorted(name for name in package.members if re.fullmatch(rf"{re.escape(folder)}/{kind}\d*\.xml", name))

    return [*parts("header"), main, *parts("footnotes"), *parts("endnotes"), *parts("footer")]


class _Styles(Styles):
    """Those of styles.xml."""

    def __init__(self) -> None:
        super().__init__()
        self.default = ""  # the font of text without a style
        self.normal = ""  # the style of paragraphs without one
        self._in_borders = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name, values = local(tag), local_attributes(attributes)
        if name == "style":
            self._style = values.get("styleId", "")
            if values.get("default") in ("1", "true") and values.get("type") == "paragraph":
                self.normal = self._style
        elif name == "basedOn":
            self._parents[self._style] = values.get("val", "")
        elif name == "rFonts":
            font = values.get("hAnsi") or values.get("ascii") or ""
            if self._style:
                self._fonts.setdefault(self._style, font)
            else:
                self.default = font
        elif name in ("tblBorders", "tcBorders"):
            self._in_borders = True
        elif self._in_borders and name in _EDGES and values.get("val") not in _NO_LINE:
            self._framed.add(self._style)

    def end(self, tag: str) -> None:
        name = local(tag)
        if name == "style":
            self._style = ""
        elif name in ("tblBorders", "tcBorders"):
            self._in_borders = False


class _Document(Target):
    """Sends the text of a part to the flow."""

    def __init__(self, flow: Flow, styles: _Styles) -> None:
        self._flow, self._styles = flow, styles
        self._skipped = 0
        self._paragraph_style = self._run_style = self._font = ""
        self._in_text = self._in_run = self._in_borders = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name in _SKIPPED or self._skipped:
            # `del` marks a deleted paragraph mark, too, inside rPr: it has no text, so that nothing is lost by skipping it.
            self._skipped += 1
            return
        if name == "t":
            self._in_text = True
        elif name == "r":
            self._in_run, self._run_style, self._font = True, "", ""
        elif name == "p":
            self._flow.end_paragraph()
            self._paragraph_style = ""
        elif name == "tbl":
            self._flow.start_table()
        elif name in _CHARACTERS and self._in_run:
            self._flow.text(_CHARACTERS[name], self._current_font())
        else:
            self._property(name, local_attributes(attributes))

    def _property(self, name: str, values: dict[str, str]) -> None:
        if name == "rFonts" and self._in_run:
            self._font = values.get("hAnsi") or values.get("ascii") or ""
        elif name == "rStyle":
            self._run_style = values.get("val", "")
        elif name == "pStyle":
            self._paragraph_style = values.get("val", "")
        elif name == "sym" and _HEX.fullmatch(values.get("char", "")):
            self._flow.text(chr(int(values["char"], 16)), values.get("font", ""))
        elif name in ("tblBorders", "tcBorders"):
            self._in_borders = True
        elif (self._in_borders and name in _EDGES and values.get("val") not in _NO_LINE) or (
            name == "tblStyle" and self._styles.is_framed(values.get("val", ""))
        ):
            self._flow.frame()

    def end(self, tag: str) -> None:
        name = local(tag)
        if self._skipped:
            self._skipped -= 1
        elif name == "t":
            self._in_text = False
        elif name == "r":
            self._in_run = False
        elif name == "p":
            self._flow.end_paragraph()
        elif name == "tc":
            self._flow.end_cell()
        elif name == "tr":
            self._flow.end_row()
        elif name == "tbl":
            self._flow.end_table()
        elif name in ("tblBorders", "tcBorders"):
            self._in_borders = False

    def data(self, text: str) -> None:
        if self._in_text and not self._skipped:
            self._flow.text(text, self._current_font())

    def _current_font(self) -> str:
        styles = self._styles
        return self._font or styles.font(self._run_style) or styles.font(self._paragraph_style or styles.normal) or styles.default
