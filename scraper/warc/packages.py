"""WACZ packages (ZIP files with WARC files inside), and what Python raises for a ZIP file that it cannot read."""

from __future__ import annotations

import lzma
import zipfile
import zlib

from scraper.warc.records import SUFFIXES

PACKAGE_SUFFIX = ".wacz"
# A damaged file, also one that ends early or has a name that is not UTF-8; an unknown method of compression, and a password.
CANNOT_UNPACK = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, UnicodeDecodeError, OSError, EOFError, NotImplementedError, RuntimeError)


def warc_entries(package: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Returns the WARC files in a package."""
    return [one for one in package.infolist() if one.filename.startswith("archive/") and one.filename.endswith(SUFFIXES)]
