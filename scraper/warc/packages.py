"""WACZ packages (ZIP files with WARC files inside), and what Python raises for a ZIP file that it cannot read."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from typing import BinaryIO

from scraper.warc.records import SUFFIXES

PACKAGE_SUFFIX = ".wacz"
_LOCAL_HEADER = 30  # bytes; the lengths of the name and of the extra field are at its end
# A damaged file, also one that ends early or has a name that is not UTF-8; an unknown method of compression, and a password.
CANNOT_UNPACK = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, UnicodeDecodeError, OSError, EOFError, NotImplementedError, RuntimeError)


def warc_entries(package: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Returns the WARC files in a package."""
    return [one for one in package.infolist() if one.filename.startswith("archive/") and one.filename.endswith(SUFFIXES)]


def data_offset(raw: BinaryIO, entry: zipfile.ZipInfo) -> int | None:
    """Returns where the data of an entry begin in a package, or None if they must be unpacked first. `raw`: the open file."""
    if entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & 1:
        return None
    raw.seek(entry.header_offset)
    head = raw.read(_LOCAL_HEADER)
    if not head.startswith(b"PK\x03\x04"):
        return None
    return entry.header_offset + _LOCAL_HEADER + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
