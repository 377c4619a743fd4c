"""Text of the fonts before Unicode: TCVN3 (.VnTime), VNI (VNI-Times), VISCII. Converted by viparse, an optional extra ("legacy").

The fonts' names in the page are the best sign; without one the text itself decides, and doubtful text stays as it is.
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
    """(the text converted, the encoding with its sign); (None, name) where it cannot be converted here; (None, None) for other text."""
    # VISCII has letters among the control characters, which windows-1252 would change.
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
