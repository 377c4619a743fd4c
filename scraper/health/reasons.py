"""What the failures of a run say about a source: the state and the likely reason. The reasons are codes of `reference/rules.csv`."""

from __future__ import annotations

from collections.abc import Mapping

from scraper.health.facts import State

AS_EXPECTED, FEW_RUNS, NOTHING_NEW, SOURCE_ENDED = "as-expected", "too-little-past", "nothing-new", "source-ended"
LISTS_EMPTIED, NO_ARTICLE, LISTS_MISSING = "lists-without-articles", "no-article-found", "lists-missing"
GENERIC, UNDATED, EMPTY = "more-generic-readings", "more-missing-dates", "more-empty-texts"
TO_HOME, MANY_GONE, ORDER = "articles-lead-home", "many-gone-at-once", "date-order-broken"
SILENT, FEWER, UNREADABLE = "silent-too-long", "fewer-articles", "pages-unreadable"
CHANGED = "many-changed-at-once"
SHELLS, PARKED, PLACEHOLDER = "script-shells", "parked-domain", "placeholder-pages"
CHALLENGES, REFUSALS, LOGINS, LIMITED = "challenge-pages", "access-refused", "login-pages", "too-many-requests"
ROBOTS, ROBOTS_LOST = "robots-closed", "robots-not-received"
SERVER, CERTIFICATE, DEAD, MOVED, CUT = "server-errors", "certificate-invalid", "host-dead", "moved-away", "responses-cut"
NOT_ARTICLES, OTHER_OWNER, OTHER_LANGUAGE, OTHER_SITE = "articles-replaced", "other-owner", "other-language", "other-site"

# Not a reason of the table `failures`: an article whose URL leads to the home page, which has the reason soft-404 there.
LEADS_HOME = "leads-home"

# Of each reason for which a page fails, the state of a source whose pages all fail so, and the likely reason. The first ones say more about
# the site than the last ones, so of several equally frequent ones the first counts.
OF_FAILURE: Mapping[str, tuple[State, str]] = {
    "parked": (State.BROKEN, PARKED),
    "betting-page": (State.BROKEN, OTHER_OWNER),
    "challenge": (State.BLOCKED, CHALLENGES),
    "login": (State.BLOCKED, LOGINS),
    "cookie-wall": (State.BLOCKED, REFUSALS),
    "forbidden": (State.BLOCKED, REFUSALS),
    "robots": (State.BLOCKED, ROBOTS),
    "script-shell": (State.BROKEN, SHELLS),
    "placeholder": (State.BROKEN, PLACEHOLDER),
    "bad-certificate": (State.BROKEN, CERTIFICATE),
    "old-tls": (State.BROKEN, CERTIFICATE),
    "no-tls": (State.BROKEN, CERTIFICATE),
    "dns": (State.BROKEN, DEAD),
    "private-address": (State.BROKEN, DEAD),
    "refused-connection": (State.BROKEN, DEAD),
    "timeout": (State.BROKEN, DEAD),
    "connection-lost": (State.BROKEN, DEAD),
    "robots-unreachable": (State.BLOCKED, ROBOTS_LOST),
    "rate-limited": (State.BLOCKED, LIMITED),
    "blocked": (State.BLOCKED, REFUSALS),
    "server-error": (State.BROKEN, SERVER),
    "odd-status": (State.BROKEN, SERVER),
    "off-site": (State.BROKEN, MOVED),
    "other-part": (State.BROKEN, MOVED),
    "redirect-loop": (State.BROKEN, SERVER),
    LEADS_HOME: (State.DEGRADED, TO_HOME),
    "no-longer-article": (State.DEGRADED, NOT_ARTICLES),
    "empty-body": (State.DEGRADED, EMPTY),
    "no-title": (State.DEGRADED, UNREADABLE),
    "no-layout": (State.DEGRADED, UNREADABLE),
    "truncated": (State.DEGRADED, CUT),
    "not-html": (State.DEGRADED, UNREADABLE),
    "bad-encoding": (State.DEGRADED, UNREADABLE),
    "too-large": (State.DEGRADED, UNREADABLE),
    "bad-url": (State.DEGRADED, UNREADABLE),
    "soft-404": (State.DEGRADED, MANY_GONE),
    "gone": (State.DEGRADED, MANY_GONE),
    "not-found": (State.DEGRADED, MANY_GONE),
}
_PRIORITY = {reason: place for place, reason in enumerate(OF_FAILURE)}
# The reasons of a list page that mean something else than those of an article.
_OF_LIST = {MANY_GONE: LISTS_MISSING, TO_HOME: LISTS_MISSING, NOT_ARTICLES: LISTS_EMPTIED, EMPTY: UNREADABLE}


def of_lists(failed: Mapping[str, int]) -> tuple[State, str] | None:
    """Returns the state and the likely reason of a source whose lists fail for these reasons; None if none of them says anything.

    >>> of_lists({"not-found": 3, "parked": 1})
    (<State.BROKEN: 'broken'>, 'parked-domain')
    """
    known = [reason for reason in failed if reason in OF_FAILURE]
    if not known:
        return None
    state, reason = OF_FAILURE[min(known, key=_PRIORITY.__getitem__)]
    # A source whose lists cannot be read gives no articles, whatever the same fault would mean for an article.
    return (State.BROKEN if state is State.DEGRADED else state), _OF_LIST.get(reason, reason)


def groups(failed: Mapping[str, int]) -> dict[tuple[State, str], int]:
    """Returns the number of failed articles by the state and the likely reason that they mean."""
    found: dict[tuple[State, str], int] = {}
    for reason, number in failed.items():
        if reason in OF_FAILURE:
            found[OF_FAILURE[reason]] = found.get(OF_FAILURE[reason], 0) + number
    return found
