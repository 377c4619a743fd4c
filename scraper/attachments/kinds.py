"""The kind of a file by its bytes. Sites name files wrongly: a web page is named .pdf, a DOCX file .doc."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from importlib import import_module

from scraper.attachments.file_text import Kind

# What the module zipfile raises for a damaged archive, or for a member that is damaged, encrypted or compressed in an unknown way.
DAMAGED_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of DOC, XLS and PPT
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"II*\0", b"MM\0*", b"BM")
_HTML = re.compile(
    rb"\s*(?>(?:<!--(?>.{0,2000}?-->)\s*+)*)(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype\s+html|html|head|body|meta|title|script|table|div)\b",
    re.IGNORECASE | re.DOTALL,
)
_PARTS = (
    ("word/document.xml", Kind.DOCX),
    ("word/document2.xml", Kind.DOCX),
    ("xl/workbook.xml", Kind.XLSX),
    ("ppt/presentation.xml", Kind.PPTX),
)
_MIMETYPES = (("text", Kind.ODT), ("spreadsheet", Kind.ODS), ("presentation", Kind.ODP))
_HEAD = 1024  # bytes before "%PDF-" that readers accept (ISO 32000, Annex H)

# What would be needed for the kinds that are not read.
NEEDED = {
    Kind.PPT: "presentations are not read; LibreOffice converts them: soffice --headless --convert-to pdf FILE",
    Kind.PPTX: "presentations are not read; LibreOffice converts them: soffice --headless --convert-to pdf FILE",
    Kind.ODP: "presentations are not read; LibreOffice converts them: soffice --headless --convert-to pdf FILE",
    Kind.RAR: "RAR archives are not read; unpack it with unar, and read its files",
    Kind.SEVEN_ZIP: "7z archives are not read; unpack it with 7z, and read its files",
    Kind.HTML: "a web page: perhaps an error page of the site, or a document that Word saved as a web page",
    Kind.PICTURE: "pictures are not read; put it into a PDF, and read that with OCR",
    Kind.UNKNOWN: "its first bytes are of no kind that is read",
}


def kind_of(data: bytes) -> Kind:
    """Returns the kind of a file.

    >>> kind_of(b"%PDF-1.4 ..."), kind_of(b"<html><body>404"), kind_of(b"")
    (<Kind.PDF: 'pdf'>, <Kind.HTML: 'html'>, <Kind.EMPTY: 'empty'>)
    """
    if data.startswith(OLE):
        return _in_ole(data)
    kind = by_first_bytes(data)
    return _in_zip(data) if kind is Kind.ZIP else kind


def by_first_bytes(data: bytes) -> Kind:
    """Returns the kind of a file as far as its first bytes say it, and opens nothing: a hostile archive of 23 MB needs 213 MB and seconds
    only to list its members. All that is in a ZIP archive is *zip* here, and old office files are *unknown*.
    """
    if not data.strip(b"\0 \r\n\t"):
        return Kind.EMPTY
    for start, kind in ((b"{\\rtf", Kind.RTF), (b"Rar!\x1a\x07", Kind.RAR), (b"7z\xbc\xaf\x27\x1c", Kind.SEVEN_ZIP)):
        if data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(start):
            return kind
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK00PK\x03\x04")):
        return Kind.ZIP
    if data.startswith(OLE):
        return Kind.UNKNOWN
    if data.startswith(_PICTURES):
        return Kind.PICTURE
    if b"%PDF-" in data[:_HEAD]:
        return Kind.PDF
    if _HTML.match(data[:8192].removeprefix(b"\xef\xbb\xbf")):
        return Kind.HTML
    return Kind.TEXT if b"\0" not in data[:8192] and _is_text(data[:8192]) else Kind.UNKNOWN


def _is_text(head: bytes) -> bool:
    return sum(byte < 9 or 13 < byte < 32 for byte in head) * 100 <= len(head)


def _in_zip(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            first = next(iter(archive.infolist()), None)
            if first is not None and first.filename == "mimetype" and first.file_size < 200:
                with archive.open(first) as stream:
                    mimetype = stream.read(200).decode("latin-1")
                for word, kind in _MIMETYPES:
                    if f"opendocument.{word}" in mimetype:
                        return kind
    except DAMAGED_ZIP:
        return _in_damaged_zip(data)
    return next((kind for name, kind in _PARTS if name in names), Kind.ZIP)


def _in_damaged_zip(data: bytes) -> Kind:
    """Returns the kind by the names in the file: a cut archive has no list of its members."""
    for name, kind in _PARTS:
        if name.encode() in data[: 1024 * 1024]:
            return kind
    return next((kind for word, kind in _MIMETYPES if b"opendocument." + word.encode() in data[:200]), Kind.ZIP)


def _in_ole(data: bytes) -> Kind:
    olefile = import_module("olefile")
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            names = {entry[0].lower() for entry in container.listdir(streams=True, storages=False)}
    except Exception:  # noqa: BLE001 (olefile raises errors of many kinds for damaged files)
        names = set()
    if "encryptedpackage" in names:
        return Kind.DOCX
    for name, kind in (("worddocument", Kind.DOC), ("workbook", Kind.XLS), ("book", Kind.XLS), ("powerpoint document", Kind.PPT)):
        if name in names:
            return kind
    # A damaged list of streams: their names may still be in the file.
    for stream, kind in (("WordDocument", Kind.DOC), ("Workbook", Kind.XLS), ("PowerPoint Document", Kind.PPT)):
        if stream.encode("utf-16-le") in data:
            return kind
    return Kind.UNKNOWN
