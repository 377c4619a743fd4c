"""Rejects every request to a host that the source does not list, and without a source, every redirect to another host."""

from __future__ import annotations

from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached

from scraper.crawl.politeness.crawl_hosts import hosts_of
from scraper.crawl.politeness.host_rules import host_key
from scraper.crawl.private_addresses import PrivateAddress, is_private
from scraper.two_languages import Bilingual

_SLOT = "hosts"  # the slot of DOWNLOAD_SLOTS in which Scrapy adds no delay


class ForeignHost(IgnoreRequest):
    """The request goes to a host that the source does not list, or a redirect leads to another host."""


class HostMiddleware:
    """Compares hosts exactly: a subdomain or another port is another host. It replaces Scrapy's offsite middleware, which allows
    subdomains, and requests with `dont_filter`.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._hosts = hosts_of(crawler)
        self._source, self._stats = self._hosts.source, crawler.stats
        self._replaying = bool(crawler.settings.get("REPLAY"))
        site = self._source.site if self._source is not None else ""
        self._keys = {host_key(f"{urlsplit(site).scheme}://{host}") for host in self._source.hosts} if self._source is not None else set()
        self._is_private_site = is_private(urlsplit(site).hostname or "")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises: ForeignHost if the URL is not http or https, or if the source does not list its host; PrivateAddress if it is in a
        private network, though the site of the source is not; HostClosed if the host gets no further request in this run.

        Without a source, as in `scrapy fetch` for another site, the user may request any host, but a redirect must not leave it.
        """
        request.meta["download_slot"] = _SLOT
        parts = urlparse_cached(request)
        before = request.meta.get("redirect_urls")
        archive = self._hosts.web_archive
        if archive is not None and parts.scheme in ("http", "https") and archive.has(request.url):
            self._hosts.check(request.url)
            return
        if self._source is None:
            if before and urlsplit(before[0]).netloc.lower() != parts.netloc.lower():
                raise ForeignHost(_left(before[0], request.url))
        elif parts.scheme not in ("http", "https") or not (self._lists(parts.netloc) or host_key(request.url) in self._keys):
            self._stats.inc_value("hosts/refused")
            raise ForeignHost(_left(before[0], request.url) if before else _foreign(parts.netloc))
        elif not self._replaying and not self._is_private_site and is_private(parts.hostname or ""):
            raise PrivateAddress(f"{parts.netloc} is in a private network, but {self._source.site} is not; no request is sent")
        if not self._replaying:
            self._hosts.check(request.url)

    def _lists(self, netloc: str) -> bool:
        return self._source is not None and netloc.lower() in self._source.hosts


def _foreign(host: str) -> Bilingual:
    return Bilingual(f"{host} is not a host of this source", f"{host} không phải máy chủ của nguồn này")


def _left(before: str, url: str) -> Bilingual:
    return Bilingual(
        f"{before} leads to {url}, which is another site; request that URL itself, or add its host to `hosts` of the source",
        f"{before} dẫn tới {url}, là trang khác; hãy yêu cầu chính URL đó, hoặc thêm máy chủ của nó vào `hosts` của nguồn",
    )
