"""The styles of a file of XML: the font of each, and which of them draw lines around the cells of a table."""

from __future__ import annotations

from scraper.attachments.packages import Target

_MOST_PARENTS = 20  # a chain that is longer leads back to itself


class Styles(Target):
    """Collects styles from the XML that has them: each reader of a format says where."""

    def __init__(self) -> None:
        self._fonts: dict[str, str] = {}
        self._parents: dict[str, str] = {}
        self._framed: set[str] = set()
        self._style = ""  # the one that is being read

    def font(self, style: str) -> str:
        """Returns the font of a style, or of the nearest style that it is based on; empty if none of them has one."""
        for _ in range(_MOST_PARENTS):
            if not style or self._fonts.get(style):
                break
            style = self._parents.get(style, "")
        return self._fonts.get(style, "")

    def is_framed(self, style: str) -> bool:
        """Returns whether a style draws lines around the cells of a table."""
        return style in self._framed
