"""What the rooms of the general rules share: their name in rules, and how words are compared."""

from __future__ import annotations

import re

from scraper.text import fold

NAME = "generic"
LEAST = 140  # characters that make a text for certain


def key(text: str) -> str:
    """The letters and figures of a text without marks, for comparing what is written in several ways."""
    return re.sub(r"[^a-z0-9]+", "", fold(text))
