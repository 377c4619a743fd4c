"""Converts text of the fonts before Unicode: TCVN3 (.VnTime), VNI (VNI-Times), VISCII. Uses viparse, the optional extra "legacy".

The names of the fonts in the page are the best hint. Without one, the letters of the text decide. Doubtful text is not changed.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from scraper.rule_codes import RuleCode

_TAGS = re.compile(r"<(?:script|style)\b.*?(?:</(?:script|style)>|\Z)|<[^<>]*>|<!--.*?(?:-->|\Z)", re.DOTALL | re.IGNORECASE)
_FONTS = (("tcvn3", re.compile(r"\.Vn[A-Z]\w+")), ("vni", re.compile(r"\bVNI-\w+", re.IGNORECASE)))
_CHARSETS = (("viscii", re.compile(rb"charset\s*=\s*[\"']?\s*viscii", re.IGNORECASE)),)


@dataclass(frozen=True, slots=True)
class Legacy:
    """A text in an encoding before Unicode: its name, and how it was found. `text` is None if viparse is not installed."""

    text: str | None
    name: str
    sign: RuleCode


def convert_legacy(body: bytes, text: str) -> Legacy | None:
    """Return the text in Unicode, with its encoding; None if it is in no encoding before Unicode."""
    # VISCII uses control characters as letters, and windows-1252 would change them.
    raw = body.decode("latin-1")
    name, sign = _named(body, text)
    viparse = _viparse()
    if viparse is None:
        return Legacy(None, name, sign) if name is not None else None
    if name is None:
        shown = html.unescape(_TAGS.sub(" ", raw))
        if sum(char > "\x7f" for char in shown) * 50 < len(shown):
            return None
        name = viparse.detect_text_encoding(shown)
    if name is None:
        return None
    encodings, tables = import_module("viparse.normalize.encodings"), import_module("viparse.normalize.tables")
    charmap = encodings.get_charmap(name)
    if charmap is None:
        return None
    return Legacy(str(tables.convert(raw, charmap, "NFC")), name, sign)


def _named(body: bytes, text: str) -> tuple[str | None, RuleCode]:
    """Return the encoding that the page names, by its charset or its fonts, and how it was found; if it is None, only the letters can decide."""
    for name, declared in _CHARSETS:
        if declared.search(body[:4096]):
            return name, RuleCode.ENCODING_PAGE
    for name, fonts in _FONTS:
        if fonts.search(text):
            return name, RuleCode.ENCODING_FONTS
    return None, RuleCode.ENCODING_LETTERS


def _viparse() -> Any:
    try:
        return import_module("viparse")
    except ImportError:
        return None
