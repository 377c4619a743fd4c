"""The exceptions that say that a request was not sent, and why."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest

# Outcomes of a run that ended because its host must get no further request now.
RATE_LIMITED = "rate-limited"  # the host demands a wait that is longer than RETRY_AFTER_MAX
BLOCKED = "blocked"  # the host refused or did not answer several requests in a row, in spite of growing pauses
ROBOTS_UNREACHABLE = "robots-unreachable"  # robots.txt was not received, so everything counts as forbidden (RFC 9309, 2.3.1.4)
ROBOTS_FORBIDDEN = "robots-forbidden"  # robots.txt forbids the home page and every other page with which the crawl begins
OUTSIDE_WINDOW = "outside-window"  # the source allows requests only at other times of the day
BUDGET_USED = "budget-used"  # the source allows no more requests on this day

# The outcomes of a run that ended early because the data of the source say so. Nothing is wrong, and the rest is requested later.
BY_RULE = frozenset((OUTSIDE_WINDOW, BUDGET_USED))
# The outcomes of a run that a later run can go on from without any change.
LATER = frozenset((*BY_RULE, RATE_LIMITED, BLOCKED, ROBOTS_UNREACHABLE))


class NotSent(IgnoreRequest):
    """The run ends while the request waits for its turn. The URL is neither requested nor failed."""


class HostClosed(NotSent):
    """The host gets no further request in this run. Its cause, if there is one, is the exception of the download.

    `outcome`: that of the run, if it has no other host. `reason`: that of a failure; the default is the outcome. `url`: the URL that gets
    a failure row, or None if a row of the page that was refused says it already.
    """

    def __init__(self, why: str, outcome: str, reason: str = "", url: str | None = None) -> None:
        super().__init__(why)
        self.why, self.outcome, self.reason, self.url = why, outcome, reason or outcome, url
