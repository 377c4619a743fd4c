"""Bytes to text: which encoding a page is in, and by what sign that was told."""

from __future__ import annotations

import codecs
import re

from scraper.model import Capture

_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-zA-Z0-9_.:-]+)""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([a-zA-Z0-9_.:-]+)""")
_HEADER = re.compile(r"charset\s*=\s*[\"']?([a-zA-Z0-9_.:-]+)", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def decode(capture: Capture) -> tuple[str, str]:
    """The text of a capture, and the encoding used with its sign, like "utf-8 (header)".

    In order: byte order mark; what header or page declare, where the bytes fit it; UTF-8 where they fit that; else
    windows-1258, the Vietnamese code page, with what it lacks replaced. (Browsers trust the header over the page.)
    """
    body = capture.body
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace"), f"{name} (byte order mark)"
    declared = []
    if match := _HEADER.search(capture.header("Content-Type") or ""):
        declared.append((match[1], "header"))
    head = body[:4096]
    if found := _META.search(head) or _XML.search(head):
        declared.append((found[1].decode("ascii"), "page"))
    for name, sign in declared:
        codec = _codec(name)
        if codec is None or codec == "utf-16":  # a page that can say so in ASCII is not in UTF-16
            continue
        try:
            return body.decode(codec), f"{codec} ({sign})"
        except UnicodeDecodeError:
            continue
    try:
        return body.decode("utf-8"), "utf-8 (the bytes fit)"
    except UnicodeDecodeError as error:
        # A page cut in the middle of a letter, or with one bad byte in an included box, is still UTF-8.
        text = body.decode("utf-8", "replace")
        if text.count("\ufffd") * 200 < len(text) or error.start > len(body) - 4:
            return text, "utf-8 (the bytes nearly fit)"
    return body.decode("cp1258", "replace"), "windows-1258 (nothing else fits)"


def _codec(name: str) -> str | None:
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    # What calls itself Latin-1 is windows-1252 on the web (WHATWG Encoding).
    return "cp1252" if codec in ("iso8859-1", "ascii") else codec
