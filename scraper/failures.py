"""The reasons for which a URL can fail, and what to do about each."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

REASONS: Mapping[str, str] = MappingProxyType(
    {
        # the site did not give its page
        "not-found": "The site answers that there is no such page (404).",
        "gone": "The site answers that the page was removed (410).",
        "soft-404": "The site answers with another page instead of the article: it is gone, or its URL was never right.",
        "off-site": "The article only points to another site; its target is kept. Add that host to the source's hosts if it belongs to it.",
        "redirect-loop": "The site redirects in circles.",
        "cookie-wall": "The site redirects to the same URL until a cookie comes back. Cookies are not sent; write to its operator.",
        "forbidden": "The site refuses us (403). Write to its operator, or crawl from a Vietnamese address.",
        "login": "The site asks for a log-in.",
        "challenge": "The site sends a bot challenge instead of the page. It is not answered; write to the operator.",
        "rate-limited": "The site asks us to come later (429 or 503), more often than we wait in one run. Crawl again later.",
        "server-error": "The site's server failed (5xx). Crawl again later.",
        "odd-status": "The site answered with a status that we have no rule for.",
        "robots": "robots.txt forbids this URL.",
        # the site gave nothing
        "timeout": "The site did not answer in time. Crawl again later.",
        "dns": "The host name is not known (any more). Check the source's site and hosts.",
        "private-address": "The host name leads to a private network; no request is sent.",
        "refused-connection": "The site's server refuses connections. Crawl again later.",
        "connection-lost": "The connection broke before the answer came. Crawl again later.",
        "truncated": "The answer broke off. Crawl again later.",
        "too-large": "The answer is longer than DOWNLOAD_MAXSIZE.",
        "replay-miss": "The recording that is replayed instead of the site does not contain this URL.",
        "fetch-fault": "The fetch failed in a way that has no name yet; the detail says how. Please report it.",
        "bad-url": "The site names something that is not a URL. Nothing was requested; the detail shows it.",
        "other-host": "Links lead to a host that the source does not list. Nothing was requested; add it to hosts if it is the site's.",
        "postback-pager": "The pager needs a postback, which is not sent: only the first page of the list is read. Name feeds or sitemaps.",
        "script-pager": "The pager needs a script, which is not run: only the first page of the list is read. Name feeds or sitemaps.",
        "endless-sitemap": "The site's sitemaps name ever new sitemaps; the crawl stopped following them.",
        "endless-listing": "The site makes pages of lists without end; the crawl stopped following them.",
        # the page could not be read
        "not-html": "Not a page: a file, a picture, or no text at all.",
        "no-layout": "The URL is that of an article, but no layout fits: the site was redesigned, or the page is broken.",
        "empty-body": "The layout fits, but the article has no text.",
        "no-title": "The layout fits, but the article has no title.",
        "bad-encoding": "The body is packed in a way that cannot be undone (Content-Encoding); what was sent is kept.",
        "ill-formed": "The page cannot be parsed.",
        "capture-unreadable": "The kept capture cannot be read from its WARC file.",
        "reader-fault": "Reading failed in a way that has no name yet; the detail says how. Please report it.",
    }
)

# Reasons that may be over at the next run. Such a URL is requested again.
TRANSIENT = frozenset(
    ("rate-limited", "server-error", "timeout", "dns", "refused-connection", "connection-lost", "truncated", "fetch-fault")
)

_STATUSES = {401: "login", 403: "forbidden", 404: "not-found", 410: "gone", 429: "rate-limited", 503: "rate-limited"}


def reason_of_status(status: int) -> str:
    """Returns the reason for a response status other than 200 and a redirect."""
    return _STATUSES.get(status, "server-error" if status >= 500 else "odd-status")
