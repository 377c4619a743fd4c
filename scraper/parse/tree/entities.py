"""Repairs broken HTML entities, which editors paste as text. Only these are changed."""

from __future__ import annotations

import html
import re

# Errors of editing programs: entities that were escaped twice, and entities that lost their ampersand.
_TWICE = re.compile(r"&(?:amp;)?(#\d{1,6}|#x[0-9a-fA-F]{1,5}|[a-zA-Z]{2,10});")
_BARE_NAMES = (
    *(
        letter + mark
        for letters, marks in (
            ("aA", "grave acute circ tilde"), ("eE", "grave acute circ"), ("iI", "grave acute"),
            ("oO", "grave acute circ tilde"), ("uU", "grave acute"), ("yY", "acute"),
        )
        for letter in letters
        for mark in marks.split()
    ),
    "nbsp", "ndash", "mdash", "ldquo", "rdquo", "lsquo", "rsquo", "hellip", "amp", "quot",
)  # fmt: skip
# "pheacute;p" for "phép", "TTamp;TT" for "TT&TT": an entity without its ampersand. Only the names of Vietnamese letters and
# of the characters that editors type.
_BARE_ENTITY = re.compile(rf"(?<!&)(?:{'|'.join(_BARE_NAMES)});")


def repair_entities(text: str) -> tuple[str, bool]:
    """Return the text with broken entities decoded, and True if there were any.

    Broken means escaped twice ("&amp;eacute;") or without the ampersand ("pheacute;p").
    """
    repaired = _TWICE.sub(lambda match: html.unescape(f"&{match[1]};"), text) if "&" in text else text
    if ";" in repaired and any(piece.endswith(_BARE_NAMES) for piece in repaired.split(";")[:-1]):
        repaired = _BARE_ENTITY.sub(lambda match: html.unescape("&" + match[0]), repaired)
    return repaired, repaired != text
