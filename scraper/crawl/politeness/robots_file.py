"""Reads robots.txt (RFC 9309). Pure. Protego parses it: the parser of Scrapy, with `*` and `$`, Crawl-delay and Request-rate."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from protego import Protego

MOST_BYTES = 500 * 1024  # that a crawler must read (RFC 9309, 2.5); the rest of a longer file is ignored

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class RobotsFile:
    """The rules of one robots.txt for one product token. `agent`: the first word of our user agent, without its version."""

    def __init__(self, body: bytes, agent: str) -> None:
        self._agent = agent
        self.rp = Protego.parse(_text(body))  # the name is that of Scrapy's parsers, for those who receive `robots_parsed`

    def allows(self, url: str) -> bool:
        """Returns whether a URL may be requested."""
        return self.rp.can_fetch(url, self._agent)

    @property
    def delay(self) -> float:
        """The delay in seconds that Crawl-delay or Request-rate requires, the longer one; 0 if neither occurs."""
        rate = self.rp.request_rate(self._agent)
        return max(self.rp.crawl_delay(self._agent) or 0.0, rate.seconds / rate.requests if rate is not None else 0.0)

    @property
    def sitemaps(self) -> Iterator[str]:
        """The sitemaps that the file names, as written."""
        return iter(self.rp.sitemaps)


def product_token(user_agent: str) -> str:
    """Returns the word by which robots.txt names us (RFC 9309, 2.2.1). The rest of a user agent, a contact for example, must not match.

    >>> product_token("vietnam-government-news-archive/0.2.0 (research archive; contact: a@example.vn)")
    'vietnam-government-news-archive'
    """
    return user_agent.partition("/")[0].partition(" ")[0]


def is_html(body: bytes) -> bool:
    """Returns whether a page was sent in place of robots.txt. A page has no rules, whatever its lines look like."""
    return body.lstrip(codecs.BOM_UTF8 + b" \t\r\n").startswith(b"<")


def _text(body: bytes) -> str:
    """Returns the text of the first 500 KiB, without a last line that was cut: half a rule could forbid everything."""
    if len(body) > MOST_BYTES:
        head = body[:MOST_BYTES]
        body = head[: max(head.rfind(b"\n"), head.rfind(b"\r")) + 1]
    if is_html(body):
        return ""
    encoding = next((name for mark, name in _MARKS if body.startswith(mark)), "utf-8")
    # Rules are ASCII, so bytes of another encoding, in comments, can be left out.
    return body.decode(encoding, "ignore").removeprefix("\N{BYTE ORDER MARK}")
