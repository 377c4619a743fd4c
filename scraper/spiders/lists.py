"""When a list is followed no further: the pages of one list, and what the archive knows of the articles on them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from scraper.model import Link


@dataclass(slots=True)
class Chain:
    """The pages of one list, and the keys of the articles met on them so far."""

    met: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Known:
    """What the archive knew of a source before this run.

    `published`: the articles by key, with the day and time of publication if it is known. `requested`: every URL that was requested
    before, whatever came. `read`: the URLs at which an article was read. `complete`: whether the last run read every list to its
    end, so that nothing unknown is left after known articles.
    """

    published: Mapping[str, str | None] = field(default_factory=dict)
    requested: Collection[str] = frozenset()
    read: Collection[str] = frozenset()
    complete: bool = False

    def holds(self, link: Link) -> bool:
        """Whether the archive has the article of a link."""
        return (link.key or link.url) in self.published or link.url in self.read

    def ends(self, articles: Sequence[Link]) -> bool:
        """Whether nothing new can follow the page of a list that shows these articles, in their order.

        Never after an interrupted run, which leaves gaps behind known articles; nor in a list that shows the oldest first. An article
        on top of the list that was known before (a pinned one) ends nothing, since all of a page must be known.
        """
        if not self.complete or not articles:
            return False
        if any((link.key or link.url) not in self.published and link.url not in self.requested for link in articles):
            return False
        return not _oldest_first([self.published.get(link.key or link.url) for link in articles])


def _oldest_first(moments: Sequence[str | None]) -> bool:
    """Whether moments of publication, in the order of a page, mostly ascend."""
    pairs = [(one, other) for one, other in pairwise(moment for moment in moments if moment) if one != other]
    return sum(one < other for one, other in pairs) * 2 > len(pairs)
