"""The reasons for which a URL can fail, and what to do about each."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scraper.reference import rows
from scraper.two_languages import EMPTY, Message

_MEANINGS = {row["code"]: Message(row["name_en"], row["name_vi"]) for row in rows("rules") if row["kind"] == "failure"}

# Each reason with its explanation in English.
REASONS: Mapping[str, str] = MappingProxyType({reason: known.en for reason, known in _MEANINGS.items()})


def meaning(reason: str) -> Message:
    """Returns what a reason means and what to do about it; empty for one that this version does not know."""
    return _MEANINGS.get(reason, EMPTY)


# Reasons that may be over at the next run. Such a URL is requested again.
TRANSIENT = frozenset(
    ("rate-limited", "server-error", "timeout", "dns", "refused-connection", "connection-lost", "truncated", "fetch-fault")
)

# Reasons that say nothing about the URL itself: the site sends every visitor the same instead, for some time.
OF_SITE = frozenset(("challenge", "placeholder", "parked"))

# Reasons that say that an article which was served before is not served any more.
GONE = frozenset(("not-found", "gone", "soft-404", "no-longer-article"))

_STATUSES = {401: "login", 403: "forbidden", 404: "not-found", 410: "gone", 429: "rate-limited", 503: "rate-limited"}


def reason_of_status(status: int) -> str:
    """Returns the reason for a response status other than 200 and a redirect."""
    return _STATUSES.get(status, "server-error" if status >= 500 else "odd-status")
