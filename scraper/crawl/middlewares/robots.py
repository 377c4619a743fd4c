"""Obeys robots.txt (RFC 9309). It replaces Scrapy's middleware, which crawls on if robots.txt does not come."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from http import HTTPStatus
from typing import Self
from urllib.parse import urljoin, urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured, StopDownload
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from scraper.crawl.exception_texts import detail_of_exception
from scraper.crawl.middlewares.hosts import ForeignHost
from scraper.crawl.politeness.crawl_hosts import hosts_of
from scraper.crawl.politeness.host_closed import RATE_LIMITED, ROBOTS_UNREACHABLE, HostClosed, NotSent
from scraper.crawl.politeness.host_rules import host_key
from scraper.crawl.politeness.robots_file import MOST_BYTES, RobotsFile, is_html, product_token
from scraper.crawl.replay.middleware import NotRecorded
from scraper.crawl.request_purpose import purpose_of
from scraper.crawl.run import Run
from scraper.two_languages import Bilingual
from scraper.urls import without_session

_MOST_REDIRECTS = 5  # RFC 9309, 2.3.1.2
_META = "robots_bytes"  # in the meta of a request for robots.txt: the bytes received so far
_ENCODED = 64 * 1024  # more bytes than MOST_BYTES that are received, because a compressed body has other limits
_NO_RULES = b""


class Forbidden(IgnoreRequest):
    """robots.txt forbids the URL."""


class RobotsMiddleware:
    """Requests the robots.txt of a host before its first page, and rejects what it forbids.

    A robots.txt that does not exist (4xx) allows everything, as does a page sent in its place. If the server fails or does not answer,
    everything is forbidden in this run (RFC 9309, 2.3.1.4).
    """

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self._crawler = crawler
        self._hosts = hosts_of(crawler)
        self._replaying = bool(crawler.settings.get("REPLAY"))
        self._agent = str(crawler.settings["ROBOTSTXT_USER_AGENT"] or product_token(str(crawler.settings["USER_AGENT"])))
        self._files: dict[tuple[str, str], asyncio.Future[RobotsFile]] = {}  # by scheme and host

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler)
        crawler.signals.connect(middleware.stop_after_limit, signals.bytes_received)
        return middleware

    async def process_request(self, request: Request) -> None:
        """Raises: Forbidden if robots.txt forbids the URL; HostClosed if the host gets no request because robots.txt did not come."""
        parts = urlsplit(request.url)
        archive = self._hosts.web_archive
        if archive is not None and not archive.has(request.url):
            return  # no request goes to the site
        if request.meta.get("dont_obey_robotstxt") or parts.scheme not in ("http", "https"):
            return
        place = parts.scheme, parts.netloc.lower()
        if place not in self._files:
            self._files[place] = asyncio.ensure_future(self._receive(request))
        file = await self._files[place]
        if not (file.allows(request.url) and file.allows(without_session(request.url))):  # a rule does not know the session in a path
            raise Forbidden(f"the robots.txt of {parts.netloc} forbids {request.url}")

    def stop_after_limit(self, data: bytes, request: Request) -> None:
        """Stops receiving a robots.txt that is longer than what must be read. Scrapy's signal."""
        if _META in request.meta:
            request.meta[_META] += len(data)
            if request.meta[_META] > MOST_BYTES + _ENCODED:
                raise StopDownload(fail=False)

    async def _receive(self, page: Request) -> RobotsFile:
        """Returns the rules for the host of a page."""
        archive = self._hosts.web_archive
        robots = RobotsFile(await self._body(page), self._agent)
        if not self._replaying:
            self._hosts.set_robots_delay(page.url, robots.delay)
        if archive is not None:  # its sitemaps are not those of the source
            return robots
        await self._crawler.signals.send_catch_log_async(signals.robots_parsed, robotparser=robots, request=page)
        return robots

    async def _body(self, page: Request) -> bytes:
        """Returns the body of robots.txt, empty if there are no rules.
        Raises: HostClosed if the server does not say whether there are.
        """
        url = urljoin(page.url, "/robots.txt")
        for _ in range(_MOST_REDIRECTS + 1):
            try:
                response = await self._download(url)
            except (NotRecorded, ForeignHost):  # a redirect that leaves the hosts of the source leads to no rules of this host
                return _NO_RULES
            except NotSent:
                raise
            except Exception as error:  # noqa: BLE001 (whatever happened, robots.txt did not come)
                return self._unreachable(page, url, detail_of_exception(error), error)
            if not 300 <= response.status < 400 or not response.headers.get("Location"):
                break
            url = urljoin(url, (response.headers["Location"] or b"").decode("utf-8", "replace").strip())
        if is_html(response.body):
            self._note_challenge(response)
        if response.status == HTTPStatus.TOO_MANY_REQUESTS or response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return self._unreachable(page, url, f"status {response.status}", None, response.status)
        return response.body if response.status < HTTPStatus.MULTIPLE_CHOICES else _NO_RULES

    def _note_challenge(self, response: Response) -> None:
        """Records a failure if the response is a bot challenge. It has no rules, but it says how the site treats us."""
        run, stored = getattr(self._crawler.spider, "run", None), purpose_of(response.request).stored if response.request else None
        if not isinstance(run, Run) or stored is None:
            return
        failure = run.parse(stored).page.failure
        if failure is not None and failure.reason == "challenge":
            detail = "a bot challenge in place of robots.txt, so no rules are known"
            run.record_failure(replace(failure, stage="fetch", detail=detail), capture_id=stored.id)

    async def _download(self, url: str) -> Response:
        meta = {"dont_obey_robotstxt": True, "dont_redirect": True, "handle_httpstatus_all": True, "download_maxsize": 0, _META: 0}
        request = Request(url, priority=1000, meta=meta, callback=NO_CALLBACK, dont_filter=True)
        return await self._crawler.engine.download_async(request)

    def _unreachable(self, page: Request, robots: str, detail: str, cause: Exception | None, status: int = 0) -> bytes:
        """Closes the host of a page. A recording cannot be requested later, so in a replay there are no rules."""
        if self._replaying:
            return _NO_RULES
        host = host_key(page.url)
        why = Bilingual(
            f"the robots.txt of {host} was not received ({detail}), so nothing may be requested from it now (RFC 9309)",
            f"không nhận được robots.txt của {host} ({detail}) nên lúc này không được yêu cầu gì (RFC 9309)",
        )
        outcome = RATE_LIMITED if status == HTTPStatus.TOO_MANY_REQUESTS else ROBOTS_UNREACHABLE
        closed = HostClosed(why, outcome, url=robots)
        closed.__cause__ = cause
        self._hosts.close(page.url, closed)
        if cause is not None and not hasattr(self._crawler.spider, "run"):  # a single page: the cause says more
            page.meta["dont_retry"] = True
            raise cause
        raise closed
