"""Labels before a value, like "Tác giả: Lê Văn A"."""

from __future__ import annotations

import re


def after_label(*labels: str, colon: bool = True, needed: bool = True) -> re.Pattern[str]:
    """Returns the pattern of a text that begins with one of these labels. Its first group is the rest of the text. Case is ignored.

    `colon`: a colon must follow the label; else a space suffices. `needed`: if False, a text without a label matches, too.

    >>> after_label("Tác giả", "Người viết").match("Tác giả: Lê Văn A")[1]
    'Lê Văn A'
    """
    words = "|".join(re.escape(label) for label in labels)
    return re.compile(rf"^(?:{words}){'' if needed else '?'}{_END[colon, needed]}(.+)$", re.IGNORECASE | re.DOTALL)


_END = {(True, True): r"\s*:\s*", (True, False): r"\s*:?\s*", (False, True): r"(?:\s*:)?\s+", (False, False): r"\s*:?\s*"}
