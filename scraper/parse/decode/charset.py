"""Decodes the bytes of a page: finds the encoding, records how it was found, and repairs text that was encoded twice."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace

from scraper.model import Capture, Rule
from scraper.parse.decode.legacy_fonts import convert_legacy
from scraper.rule_codes import RuleCode

_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-zA-Z0-9_.:-]+)""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([a-zA-Z0-9_.:-]+)""")
_HEADER = re.compile(r"charset\s*=\s*[\"']?([a-zA-Z0-9_.:-]+)", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a capture; its encoding, and how this was found; the text before a repair, if there was one.

    `encoded`: the text in UTF-8, if these are the bytes of the capture.
    """

    text: str
    encoding: str
    rule: Rule
    original: str | None = None
    encoded: bytes | None = None


def decode(capture: Capture) -> Decoded:
    """Return the text of a capture. Bytes that cannot be decoded become U+FFFD.

    The order is: byte order mark; UTF-16 by its zero bytes; the encoding in the header or the page, if the bytes are valid in
    it; UTF-8 if the bytes are valid; else windows-1258, the Vietnamese code page. UTF-8 comes before a declared one-byte
    encoding, because other text is never valid UTF-8 by chance. Then text that was encoded twice is repaired, and text of the
    fonts before Unicode (TCVN3, VNI, VISCII) is converted if the extra "legacy" is installed.
    """
    plain = _plain(capture)
    text = plain.text
    repaired, rounds = undo_double_encoding(text) if _may_be_twice(plain) else (text, 0)
    if rounds:
        return Decoded(repaired, plain.encoding, replace(plain.rule, notes=(RuleCode.ENCODED_REPEATEDLY,)), text)
    if plain.encoding not in _UNICODE:
        legacy = convert_legacy(capture.body, text)
        if legacy is not None and legacy.text is not None:
            return Decoded(legacy.text, legacy.name, Rule(legacy.sign), text)
        if legacy is not None:
            return Decoded(text, legacy.name, Rule(legacy.sign, notes=(RuleCode.NOT_CONVERTED,)))
    return plain


_UNICODE = frozenset(("utf-8", "utf-16-le", "utf-16-be"))
# Encodings that have another name on the web (WHATWG Encoding) than in Python.
_WEB_NAMES = {"cp1258": "windows-1258", "cp1252": "windows-1252"}


def _plain(capture: Capture) -> Decoded:
    body = capture.body
    for bom, name in _BOMS:
        if body.startswith(bom):
            return Decoded(body[len(bom) :].decode(name, "replace"), name, Rule(RuleCode.ENCODING_BYTE_ORDER_MARK))
    if (wide := _utf16(body)) is not None:
        return Decoded(body.decode(wide, "replace"), wide, Rule(RuleCode.ENCODING_ZERO_BYTES))
    declared = _declared(capture)
    # Valid UTF-8 with characters beyond ASCII is UTF-8, even if another encoding is declared.
    if all(_codec(name) != "utf-8" for name, _ in declared) and not body[:200_000].isascii():
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            return Decoded(text, "utf-8", Rule(RuleCode.ENCODING_BYTES_FIT, declared[0][0] if declared else None), encoded=body)
    for name, sign in declared:
        codec = _codec(name)
        if codec is None or codec.startswith("utf-16"):  # a page with a readable declaration in ASCII is not in UTF-16
            continue
        try:
            text = body.decode(codec)
            return Decoded(text, _WEB_NAMES.get(codec, codec), Rule(sign), encoded=body if codec == "utf-8" else None)
        except UnicodeDecodeError:
            continue
    try:
        return Decoded(body.decode("utf-8"), "utf-8", Rule(RuleCode.ENCODING_BYTES_FIT), encoded=body)
    except UnicodeDecodeError as error:
        # A page cut in the middle of a letter, or with one bad byte in an included box, is still UTF-8.
        if (joined := _with_surrogates(body)) is not None:
            return Decoded(joined, "utf-8", Rule(RuleCode.ENCODING_SURROGATES))
        text = body.decode("utf-8", "replace")
        if text.count("\ufffd") * 200 < len(text) or error.start > len(body) - 4:
            return Decoded(text, "utf-8", Rule(RuleCode.ENCODING_BYTES_NEARLY_FIT))
    return Decoded(body.decode("cp1258", "replace"), "windows-1258", Rule(RuleCode.ENCODING_NOTHING_ELSE_FITS))


_SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")


def _with_surrogates(body: bytes) -> str | None:
    """Decode UTF-8 that contains UTF-16 surrogates; return None if the bytes are not of this kind.

    Some programs write an emoji as two surrogates (CESU-8, Unicode Technical Report 26) and cut texts between the two. Both
    halves give the emoji again; a single one becomes U+FFFD.
    """
    if _SURROGATE.search(body) is None:
        return None
    try:
        halves = body.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None
    return halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _declared(capture: Capture) -> list[tuple[str, RuleCode]]:
    declared = []
    if match := _HEADER.search(capture.header("Content-Type") or ""):
        declared.append((match[1], RuleCode.ENCODING_HEADER))
    head = capture.body[:4096]
    if found := _META.search(head) or _XML.search(head):
        declared.append((found[1].decode("ascii"), RuleCode.ENCODING_PAGE))
    return declared


def _utf16(body: bytes) -> str | None:
    """Return the byte order of UTF-16 without a mark, in which every second byte of markup is zero; None for other bytes."""
    head = body[:2000]
    if len(head) < 20 or head.count(0) * 3 < len(head):
        return None
    return "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"


# Codecs of Python that decode no page: escapes and host names. Their errors are others than UnicodeDecodeError.
_NO_CHARSETS = frozenset(
    {"unicode_escape", "raw_unicode_escape", "unicode-escape", "raw-unicode-escape", "idna", "punycode", "undefined", "mbcs", "oem"}
)


def _codec(name: str) -> str | None:
    """Return Python's name of a declared charset, or None if there is no such text encoding ("base64" is a codec, but none of text)."""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    codec = found.name
    if not found._is_text_encoding or codec in _NO_CHARSETS:
        return None
    # A page declared as Latin-1 is windows-1252 on the web (WHATWG Encoding).
    return "cp1252" if codec in ("iso8859-1", "ascii") else codec


# --- text that was encoded twice ------------------------------------------------------------------

# The bytes of UTF-8 read as windows-1252: a lead byte (Ã, á, Æ, Ä ...) and the characters of continuation bytes.
_LEAD = "\u00c2-\u00f4"
_CONTINUATION = "\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122"
_TWICE = re.compile(f"(?:[{_LEAD}][{_CONTINUATION}]{{1,3}})+")
# The same in UTF-8: two or three letters that each represent a byte. Most text has none.
_CONTINUATION_BYTES = rb"(?:\xc2[\x80-\xbf]|\xc5[\x92\x93\xa0\xa1\xb8\xbd\xbe]|\xc6\x92|\xcb[\x86\x9c]|\xe2[\x80\x82\x84][\x80-\xbf])"
_MAYBE_TWICE = re.compile(rb"\xc3(?:[\x82-\x9f]" + _CONTINUATION_BYTES + rb"|[\xa0-\xb4]" + _CONTINUATION_BYTES + rb"{2})")
_FEWEST = 3  # letters; one or two may be quoted examples


def _may_be_twice(decoded: Decoded) -> bool:
    """Return True if the text holds a letter that was encoded twice. On most pages this search is all that the repair costs."""
    encoded = decoded.encoded if decoded.encoded is not None else decoded.text.encode("utf-8", "replace")
    return _MAYBE_TWICE.search(encoded) is not None


def undo_double_encoding(text: str) -> tuple[str, int]:
    """Return the text after repairing UTF-8 that was read as windows-1252 and encoded again, and the number of rounds (0 to 3)."""
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
    """Return the bytes of a text in windows-1252; the five bytes without a character there are taken from Latin-1."""
    return b"".join(char.encode("latin-1") if "\u0080" <= char <= "\u00ff" else char.encode("cp1252") for char in text)
