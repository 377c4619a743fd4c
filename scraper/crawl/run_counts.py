"""The counts of one run, for the progress bar, the report and the table `runs`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class RunCounts:
    """What a run has received and stored so far. Failures are counted in the table `failures` (`Run.open_failures`)."""

    requests: int = 0  # including those that got no response; known at the end of the run
    responses: int = 0  # including those that the archive had already
    captures: int = 0  # responses that the archive did not have
    restored: int = 0  # captures whose record was lost and was written again
    new: int = 0  # articles
    changed: int = 0
    same: int = 0
    lists: int = 0  # list pages, sitemaps and feeds that were parsed
    listed_articles: set[str] = field(default_factory=set)  # keys of the articles that these name
    server_ahead: float | None = None  # seconds by which the clock of the server is ahead of ours, as the first response with a time says
    other_hosts: Counter[str] = field(default_factory=Counter)  # links to hosts that may belong to the site but are not listed

    @property
    def articles(self) -> int:
        """The number of articles that were parsed."""
        return self.new + self.changed + self.same

    def add_article(self, outcome: str) -> None:
        """Counts a stored page by its outcome: new, changed or same. Pages with another outcome are not articles."""
        self.new += outcome == "new"
        self.changed += outcome == "changed"
        self.same += outcome == "same"
