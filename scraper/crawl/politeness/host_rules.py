"""The rules of a host: those of every source that lists it, the strictest of each kind. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from urllib.parse import urlsplit

from scraper.model import Source

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


@dataclass(frozen=True, slots=True)
class HostRules:
    """How often, when and how much a host may be requested."""

    delay: float  # seconds between the end of a response and the next request
    windows: tuple[tuple[time, time], ...] = ()  # requests are sent only while all of these are open, in Viet Nam; empty: at any time
    budget: int | None = None  # requests per day, in Viet Nam


def host_key(url: str) -> str:
    """Returns the host of a URL with its port, in lower case and without a default port: that of one queue.
    http and https of one name are one server, so they share it.

    >>> host_key("https://SoTTTT.nghean.gov.vn/tin.html"), host_key("http://sotttt.nghean.gov.vn:80"), host_key("http://127.0.0.1:8000/")
    ('sotttt.nghean.gov.vn', 'sotttt.nghean.gov.vn', '127.0.0.1:8000')
    """
    parts = urlsplit(url)
    return parts.netloc.lower().removesuffix(_DEFAULT_PORTS.get(parts.scheme, ""))


def rules_of(host: str, sources: Iterable[Source], default_delay: float) -> HostRules:
    """Returns the rules of a host: the longest delay, every window, and the smallest budget of the sources that list it.
    `host`: as `host_key` returns it. `default_delay`: seconds, for a source that states none, and for a host of no source.
    """
    listing = [source for source in sources if any(host_key(f"{source.site.partition(':')[0]}://{one}") == host for one in source.hosts)]
    delays = [source.delay if source.delay is not None else default_delay for source in listing]
    windows = dict.fromkeys(source.window for source in listing if source.window is not None)
    budgets = [source.budget for source in listing if source.budget is not None]
    return HostRules(max(delays, default=default_delay), tuple(windows), min(budgets, default=None))
