"""Whether there is a platform of some name, as a block states it.

To import and check all platforms takes longer than to read all blocks. So their ids are looked up in the text of their modules first.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent.parent / "platforms"
_ID = re.compile(r'^PLATFORM = Platform\(\s*id="([^"]+)"', re.MULTILINE)


def is_platform(name: str) -> bool:
    """Returns whether a platform has this id."""
    return name in ids_in_texts() or name in all_platforms()


@cache
def ids_in_texts() -> frozenset[str]:
    """Returns the ids of the platform modules that are written in the usual form. A module that is wrong has its id, too."""
    return frozenset(found[1] for path in _FOLDER.glob("*.py") if (found := _ID.search(path.read_text(encoding="utf-8"))))


def all_platforms() -> list[str]:
    """Returns the ids of all platforms in their order. Raises: PlatformError if a module cannot be used."""
    from scraper.platforms import PLATFORMS

    return list(PLATFORMS)
