"""Finds the target of a redirect, and decides when it is not followed."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from scrapy.http import Response

from scraper.model import Failure
from scraper.urls import absolute, host_of, without_session
from scraper.web_archive_urls import unwrap

_MOST_HOPS = 5  # consecutive redirects; RFC 9110 (15.4) mentions five


def target_of(response: Response, before: Sequence[str], hosts: Collection[str], on_page: str | None = None) -> str | Failure:
    """Returns the URL that a redirect leads to, or a failure if it must not be followed.
    `before`: the URLs that redirected to this response, in order. `hosts`: the hosts of the source. `on_page`: the target that the page
    itself names, if it has no header for it.
    """
    written = on_page or (response.headers["Location"] or b"").decode("utf-8", "replace").strip()
    status, url = f"status {response.status}", response.url
    target = absolute(url, written)
    if target is None:
        return Failure("fetch", "bad-url", url, f"{status}: leads to something that is not a URL: {written[:200]!r}")
    inner = unwrap(target)  # the redirect was recorded through a web archive
    if inner is not None and host_of(inner[0]) in hosts:
        target = inner[0]
    if host_of(target) not in hosts:
        return Failure("fetch", "off-site", url, f"{status}: leads to another site", target)
    seen = [*before, url]
    # A site that keeps its session in the URL redirects once to add it. If it redirects again, it is a loop.
    again = seen.count(target) + sum(without_session(one) == without_session(target) != one for one in seen[1:])
    if again and response.headers.get("Set-Cookie"):
        return Failure("fetch", "cookie-wall", url, f"{status}: leads back to {target} and sets a cookie", target)
    if again:
        return Failure("fetch", "redirect-loop", url, f"{status}: leads back to {target}", target)
    if len(seen) > _MOST_HOPS:
        return Failure("fetch", "redirect-loop", url, f"{len(seen)} redirects in a row", target)
    return target
