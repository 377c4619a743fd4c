"""Fetches one page from a saved file, a recording or the web, for inspection only. Nothing is stored."""

from __future__ import annotations

import http.client
import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import urljoin, urlsplit
from urllib.request import build_opener
from urllib.robotparser import RobotFileParser

from scraper import clock
from scraper.content_coding import CannotDecode, TooLarge
from scraper.crawl.private_addresses import PrivateAddress, names_itself, public
from scraper.model import Capture, UserError
from scraper.warc.recording import Recording
from scraper.warc.records import Response, decode

_TIMEOUT = 60  # seconds


def page_from_file(path: Path, url: str | None, captured_at: datetime | None, limit: int) -> Capture:
    """Returns a page that was saved to a file.
    `url`: the URL that the page came from. `captured_at`: the time of capture; the default is the time when the file was written (UTC).
    `limit`: maximum length in bytes.
    Raises: UserError if the file cannot be read, if it is longer than `limit`, or if `url` is missing.
    """
    if url is None:
        raise UserError(f"{path}: name the URL that it came from, like --url https://so.tinh.gov.vn/tin-tuc/bai-12.html")
    try:
        body, written = path.read_bytes(), datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror}); give the path of a saved page") from error
    if len(body) > limit:
        raise UserError(f"{path}: {len(body)} bytes; no page is longer than {limit} (DOWNLOAD_MAXSIZE)")
    return Capture(url, 200, (("Content-Type", "text/html"),), body, captured_at or written)


def page_from_recording(paths: Iterable[Path], url: str, limit: int) -> Capture:
    """Returns a page from a recording. `limit`: maximum length of the decoded body in bytes.
    Raises: UserError if the recording has no such page, or if its body cannot be decoded.
    """
    recording = Recording(paths)
    try:
        found = recording.find(url, limit)
        if found is None:
            raise UserError(f"{url}: the recording has no such page; give the URL that was recorded")
        return _decoded(found.response, limit)
    finally:
        recording.close()


def _decoded(response: Response, limit: int) -> Capture:
    try:
        return decode(response, limit)
    except (CannotDecode, TooLarge) as error:
        raise UserError(f"{response.url}: {error}") from error


def page_from_web(url: str, hosts: Sequence[str], agent: str, limit: int) -> Capture:
    """Returns a page of the web. It is requested once, and only from the given hosts. `limit`: maximum length in bytes.
    Raises: UserError if robots.txt forbids the URL, if it redirects to another host, if the host resolves to a private address, or if no
    page is returned.
    """
    robots = RobotFileParser()
    open_url = build_opener(_SameHosts(hosts)).open
    try:
        robots.parse(_get(open_url, urljoin(url, "/robots.txt"), agent, limit).body.decode("utf-8", "replace").splitlines())
        allowed = robots.can_fetch(agent, url)
    except urllib.error.HTTPError as error:
        allowed = error.code < 500
    except (OSError, http.client.HTTPException, PrivateAddress) as error:
        raise _unanswered(url, error) from error
    if not allowed:
        raise UserError(f"{url}: robots.txt forbids it; save the page in a browser and give the file with --url")
    try:
        return _get(open_url, url, agent, limit)
    except urllib.error.HTTPError as error:
        raise UserError(f"{url}: the server answered {error.code} {error.reason}") from error
    except (OSError, http.client.HTTPException, PrivateAddress) as error:
        raise _unanswered(url, error) from error


def _unanswered(url: str, error: Exception) -> UserError:
    return UserError(f"{url}: no answer from {urlsplit(url).netloc} ({error}); save the page in a browser and give the file with --url")


class _SameHosts(urllib.request.HTTPRedirectHandler):
    """Follows redirects only within the hosts of the source."""

    def __init__(self, hosts: Sequence[str]) -> None:
        self._hosts = hosts

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: http.client.HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        """Returns the request for the target of a redirect.
        Raises: UserError if the target is on a host that the source does not list.
        """
        if urlsplit(newurl).netloc.lower() not in self._hosts:
            raise UserError(f"{req.full_url}: leads to {newurl}, which is another site; give that URL instead")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _get(open_url: Callable[..., Any], url: str, agent: str, limit: int) -> Capture:
    host = urlsplit(url).hostname or ""
    if not names_itself(host):
        for *_, address in socket.getaddrinfo(host, None):
            public(str(address[0]), host)
    request = urllib.request.Request(url, headers={"User-Agent": agent, "Accept-Language": "vi,en;q=0.5", "Accept-Encoding": "gzip"})
    with open_url(request, timeout=_TIMEOUT) as answer:
        body = answer.read(limit + 1)
        if len(body) > limit:
            raise UserError(f"{url}: longer than {limit} bytes (DOWNLOAD_MAXSIZE); no page is that long")
        response = Response(answer.url, answer.status, answer.reason, tuple(answer.headers.items()), body, clock.now())
    return _decoded(response, limit)
