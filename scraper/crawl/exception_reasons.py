"""Maps exceptions of the downloader to the failure reasons of `scraper.failures`."""

from __future__ import annotations

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from twisted.internet.error import ConnectionRefusedError as TwistedRefused
from twisted.internet.error import DNSLookupError
from twisted.internet.error import TimeoutError as TwistedTimeout
from twisted.web.client import ResponseFailed

from scraper.crawl.middlewares.capture import BodyTooLarge, CannotDecodeBody, RevisitWithoutOriginal
from scraper.crawl.middlewares.hosts import ForeignHost
from scraper.crawl.politeness.host_closed import HostClosed
from scraper.crawl.politeness.tls import InsecureConnection
from scraper.crawl.private_addresses import PrivateAddress
from scraper.crawl.replay.middleware import NotRecorded, RecordedBodyTooLarge
from scraper.crawl.replay.not_played import CaptureNotPlayed

_EXCEPTIONS: tuple[tuple[type[BaseException], str], ...] = (
    (NotRecorded, "replay-miss"),
    (ForeignHost, "off-site"),
    (BodyTooLarge, "too-large"),
    (RecordedBodyTooLarge, "too-large"),
    (CannotDecodeBody, "bad-encoding"),
    (RevisitWithoutOriginal, "revisit-without-original"),
    (DownloadCancelledError, "too-large"),
    (IgnoreRequest, "robots"),  # after the subclasses above, only the robots middleware raises it
    (PrivateAddress, "private-address"),
    (DNSLookupError, "dns"),
    (CannotResolveHostError, "dns"),
    (TwistedTimeout, "timeout"),
    (DownloadTimeoutError, "timeout"),
    (TwistedRefused, "refused-connection"),
    (DownloadConnectionRefusedError, "refused-connection"),
    (ResponseDataLossError, "truncated"),
    (ResponseFailed, "truncated"),
    (DownloadFailedError, "connection-lost"),
)


def reason_of_exception(error: BaseException) -> str | None:
    """Returns the failure reason for an exception of the downloader, or None if the exception is not known."""
    cause = error.__cause__
    if isinstance(error, HostClosed):
        return (cause and reason_of_exception(cause)) or error.reason
    if isinstance(error, InsecureConnection | CaptureNotPlayed):
        return error.reason
    if isinstance(cause, PrivateAddress):  # Scrapy wraps the exceptions of Twisted
        return "private-address"
    return next((reason for kind, reason in _EXCEPTIONS if isinstance(error, kind)), None)
