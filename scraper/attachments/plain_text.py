"""Reads plain text. Sites name such files .xls or .doc, too.

Only UTF-8 is certain: text in another encoding that has letters beyond ASCII is not valid UTF-8, and nothing in it states the encoding.
"""

from __future__ import annotations

import re

from scraper.attachments.file_text import State
from scraper.attachments.parts import Options, Part, Parts, Unreadable, plain

_PARAGRAPHS = re.compile(r"\n\s*\n")


def read(data: bytes, options: Options, into: Parts) -> None:
    """Adds the text as one part; blank lines separate paragraphs. Raises: Unreadable if it is not UTF-8; OverLimit."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        detail = f"plain text that is not UTF-8 (byte {error.start}): nothing in it says its encoding"
        raise Unreadable(State.UNSUPPORTED, detail) from None
    if options.wants(1):
        into.add(Part(1, plain(*_PARAGRAPHS.split(text.replace("\r\n", "\n").replace("\r", "\n")))))
