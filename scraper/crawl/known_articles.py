"""What the archive knew of a source before a run. With `again=no`, known articles are not requested, and a list ends where they begin."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from scraper.model import Link


@dataclass(frozen=True, slots=True)
class KnownArticles:
    """What the archive knew of a source before this run.
    `published`: the articles by key, with day and time of publication if known. `requested`: every URL that was requested before, whatever
    the answer. `read`: the URLs at which an article was parsed. `complete`: whether the last run read every list to its end; only then
    nothing unknown can follow after known articles.
    """

    published: Mapping[str, str | None] = field(default_factory=dict)
    requested: Collection[str] = frozenset()
    read: Collection[str] = frozenset()
    complete: bool = False

    def has(self, link: Link) -> bool:
        """Returns whether the archive has the article of a link."""
        return (link.key or link.url) in self.published or link.url in self.read

    def nothing_new_after(self, articles: Sequence[Link]) -> bool:
        """Returns whether nothing new can follow after a list page that shows these articles, in their order.
        Returns False after an interrupted run, which leaves gaps after known articles, and for a list that shows the oldest first. A known
        article at the top of the list (a pinned one) does not end it, because every article of the page must be known.
        """
        if not self.complete or not articles:
            return False
        if any((link.key or link.url) not in self.published and link.url not in self.requested for link in articles):
            return False
        return not _oldest_first([self.published.get(link.key or link.url) for link in articles])


def _oldest_first(moments: Sequence[str | None]) -> bool:
    """Returns whether most times of publication ascend in the order of the page."""
    pairs = [(one, other) for one, other in pairwise(moment for moment in moments if moment) if one != other]
    return sum(one < other for one, other in pairs) * 2 > len(pairs)
