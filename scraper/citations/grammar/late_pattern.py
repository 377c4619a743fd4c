"""Patterns that are compiled when they are used first.

The rules need 270 patterns, whose compiling takes 86 ms; a short text uses 80 of them. So a command for one line need not compile them all.
"""

from __future__ import annotations

import re
from typing import Any, cast


class _LatePattern:
    """Stands for a compiled pattern. What is used of that becomes an attribute of this object, so later calls are as fast."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern, self._flags = pattern, flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(self.pattern, self._flags), name)  # `re` remembers what it compiled
        setattr(self, name, found)
        return found


def late_pattern(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Returns a pattern that is compiled when it is used first; a wrong pattern is an error only then. It has the methods and attributes of
    `re.Pattern`, but another type, so functions of `re` reject it, and the `re` of a match is another object.

    >>> late_pattern("số", re.IGNORECASE).sub("số", "Số 12")
    'số 12'
    """
    return cast("re.Pattern[str]", _LatePattern(pattern, flags))
