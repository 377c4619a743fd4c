"""Bytes to text: which encoding a page is in, by what sign that was told, and the repair of text that was encoded twice."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from scraper.model import Capture
from scraper.parse.legacy import convert_legacy

_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-zA-Z0-9_.:-]+)""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([a-zA-Z0-9_.:-]+)""")
_HEADER = re.compile(r"charset\s*=\s*[\"']?([a-zA-Z0-9_.:-]+)", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a capture; the encoding used with its sign, like "utf-8 (header)"; the text before a repair, if there was one.

    `encoded`: the text in UTF-8, where the capture holds it as it is.
    """

    text: str
    encoding: str
    original: str | None = None
    encoded: bytes | None = None


def decode(capture: Capture) -> Decoded:
    """The text of a capture.

    In order: byte order mark; UTF-16 by its zeros; what header or page declare, where the bytes fit it; UTF-8 where they fit
    that; else windows-1258, the Vietnamese code page, with what it lacks replaced. UTF-8 goes before a declared one-byte
    encoding, since nothing else fits it by chance. Then text that was encoded twice is repaired, and that of the fonts before
    Unicode (TCVN3, VNI, VISCII) converted where the extra for it is installed.
    """
    plain = _plain(capture)
    text, encoding = plain.text, plain.encoding
    repaired, rounds = undo_double_encoding(text) if _may_be_twice(plain) else (text, 0)
    if rounds:
        times = "twice" if rounds == 1 else f"{rounds + 1} times"
        return Decoded(repaired, f"{encoding}, encoded {times}: repaired", text)
    if not encoding.startswith(("utf-8", "utf-16")):
        converted, name = convert_legacy(capture.body, text)
        if name is not None:
            return Decoded(converted if converted is not None else text, name, text if converted is not None else None)
    return plain


# What Python calls otherwise than the web does (WHATWG Encoding).
_WEB_NAMES = {"cp1258": "windows-1258", "cp1252": "windows-1252"}


def _plain(capture: Capture) -> Decoded:
    body = capture.body
    for bom, name in _BOMS:
        if body.startswith(bom):
            return Decoded(body[len(bom) :].decode(name, "replace"), f"{name} (byte order mark)")
    if (wide := _utf16(body)) is not None:
        return Decoded(body.decode(wide, "replace"), f"{wide} (zeros between the letters)")
    declared = _declared(capture)
    # What is valid UTF-8 beyond ASCII is UTF-8, whatever is declared.
    if all(_codec(name) != "utf-8" for name, _ in declared) and not body[:200_000].isascii():
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            return Decoded(text, "utf-8 (the bytes fit" + (f", not the declared {declared[0][0]})" if declared else ")"), encoded=body)
    for name, sign in declared:
        codec = _codec(name)
        if codec is None or codec.startswith("utf-16"):  # a page that can say so in ASCII is not in UTF-16
            continue
        try:
            return Decoded(body.decode(codec), f"{_WEB_NAMES.get(codec, codec)} ({sign})", encoded=body if codec == "utf-8" else None)
        except UnicodeDecodeError:
            continue
    try:
        return Decoded(body.decode("utf-8"), "utf-8 (the bytes fit)", encoded=body)
    except UnicodeDecodeError as error:
        # A page cut in the middle of a letter, or with one bad byte in an included box, is still UTF-8.
        if (joined := _with_surrogates(body)) is not None:
            return Decoded(joined, "utf-8 (with surrogates)")
        text = body.decode("utf-8", "replace")
        if text.count("\ufffd") * 200 < len(text) or error.start > len(body) - 4:
            return Decoded(text, "utf-8 (the bytes nearly fit)")
    return Decoded(body.decode("cp1258", "replace"), "windows-1258 (nothing else fits)")


_SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")


def _with_surrogates(body: bytes) -> str | None:
    """Decode UTF-8 that holds UTF-16 surrogates, or return None if the bytes are not that.

    Some programs write an emoji as two of them (CESU-8, Unicode Technical Report 26) and cut texts between the two. Both
    halves make the emoji again; one alone becomes U+FFFD.
    """
    if _SURROGATE.search(body) is None:
        return None
    try:
        halves = body.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None
    return halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _declared(capture: Capture) -> list[tuple[str, str]]:
    declared = []
    if match := _HEADER.search(capture.header("Content-Type") or ""):
        declared.append((match[1], "header"))
    head = capture.body[:4096]
    if found := _META.search(head) or _XML.search(head):
        declared.append((found[1].decode("ascii"), "page"))
    return declared


def _utf16(body: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of markup is zero."""
    head = body[:2000]
    if len(head) < 20 or head.count(0) * 3 < len(head):
        return None
    return "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"


def _codec(name: str) -> str | None:
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    # What calls itself Latin-1 is windows-1252 on the web (WHATWG Encoding).
    return "cp1252" if codec in ("iso8859-1", "ascii") else codec


# --- text that was encoded twice ------------------------------------------------------------------

# The bytes of UTF-8 read as windows-1252: a lead byte (Ã, á, Æ, Ä ...) and what stands for continuations.
_LEAD = "\u00c2-\u00f4"
_CONTINUATION = "\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122"
_TWICE = re.compile(f"(?:[{_LEAD}][{_CONTINUATION}]{{1,3}})+")
# The same in UTF-8, where most text has none of it: two letters that each stand for a byte.
_CONTINUATION_BYTES = rb"(?:\xc2[\x80-\xbf]|\xc5[\x92\x93\xa0\xa1\xb8\xbd\xbe]|\xc6\x92|\xcb[\x86\x9c]|\xe2[\x80\x82\x84][\x80-\xbf])"
_MAYBE_TWICE = re.compile(rb"\xc3(?:[\x82-\x9f]" + _CONTINUATION_BYTES + rb"|[\xa0-\xb4]" + _CONTINUATION_BYTES + rb"{2})")
# What Vietnamese letters and quotation marks begin with then, or hold. A search for one letter takes a tenth of the time of the pattern.
_TWICE_LETTERS = "ÂÃÄÅÆÌ€º"
_FEWEST = 3  # letters; one or two may be quoted examples


def _may_be_twice(decoded: Decoded) -> bool:
    if not any(letter in decoded.text for letter in _TWICE_LETTERS):
        return False
    encoded = decoded.encoded if decoded.encoded is not None else decoded.text.encode("utf-8", "replace")
    return _MAYBE_TWICE.search(encoded) is not None


def undo_double_encoding(text: str) -> tuple[str, int]:
    """The text with UTF-8 that was read as windows-1252 and encoded again put right, and how often that was needed."""
    rounds = 0
    while rounds < 3:
        changed = 0

        def repair(match: re.Match[str]) -> str:
            nonlocal changed
            try:
                repaired = _bytes(match[0]).decode("utf-8")
            except (UnicodeDecodeError, UnicodeEncodeError):
                return match[0]
            changed += 1
            return repaired

        repaired = _TWICE.sub(repair, text)
        if changed < _FEWEST:
            break
        text, rounds = repaired, rounds + 1
    return text, rounds


def _bytes(text: str) -> bytes:
    """The bytes that windows-1252 has for a text; for the five that it leaves out, those of Latin-1."""
    return b"".join(char.encode("latin-1") if "\u0080" <= char <= "\u00ff" else char.encode("cp1252") for char in text)
