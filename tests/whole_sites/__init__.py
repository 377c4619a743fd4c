"""Whole made-up sites of one department, in the markup of systems that many sources use. `tests/test_whole_sites.py` serves and crawls them.

Made by this project: the texts are invented, the markup follows the themes of the systems. Each site has three sections of twelve articles on
three pages. The newest article of each section is published only on the second day.
"""

from __future__ import annotations

from tests.whole_sites import addresses, data_lists, entrances, pagers, portals, texts
from tests.whole_sites.stories import SITES, Data, Made, Story

__all__ = ["SITES", "Data", "Made", "Story", "addresses", "data_lists", "entrances", "pagers", "portals", "texts"]
