"""Converts text of the fonts before Unicode: TCVN3 (.VnTime), VNI (VNI-Times), VISCII. Uses viparse, the optional extra "legacy".

The names of the fonts in the page are the best sign. Without one, the letters of the text decide. Doubtful text is not changed.
"""

from __future__ import annotations

import html
import re
from importlib import import_module
from typing import Any

_TAGS = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^<>]*>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_FONTS = (("tcvn3", re.compile(r"\.Vn[A-Z]\w+")), ("vni", re.compile(r"\bVNI-\w+", re.IGNORECASE)))
_CHARSETS = (("viscii", re.compile(rb"charset\s*=\s*[\"']?\s*viscii", re.IGNORECASE)),)


def convert_legacy(body: bytes, text: str) -> tuple[str | None, str | None]:
    """Return the converted text, and the encoding with the sign by which it was recognised.

    Return (None, name) if the extra "legacy" is not installed, and (None, None) for any other text.
    """
    # VISCII uses control characters as letters, and windows-1252 would change them.
    raw = body.decode("latin-1")
    name, sign = _told(body, text)
    viparse = _viparse()
    if viparse is None:
        return (None, f'{name} ({sign}; not converted: install the extra "legacy")') if name is not None else (None, None)
    if name is None:
        shown = html.unescape(_TAGS.sub(" ", raw))
        if sum(char > "\x7f" for char in shown) * 50 < len(shown):
            return None, None
        name, sign = viparse.detect_text_encoding(shown), "the letters"
    if name is None:
        return None, None
    encodings, tables = import_module("viparse.normalize.encodings"), import_module("viparse.normalize.tables")
    charmap = encodings.get_charmap(name)
    if charmap is None:
        return None, None
    return str(tables.convert(raw, charmap, "NFC")), f"{name} ({sign})"


def _told(body: bytes, text: str) -> tuple[str | None, str]:
    for name, declared in _CHARSETS:
        if declared.search(body[:4096]):
            return name, "declared"
    for name, fonts in _FONTS:
        if fonts.search(text):
            return name, "the fonts"
    return None, ""


def _viparse() -> Any:
    try:
        return import_module("viparse")
    except ImportError:
        return None
