"""A real HTTP server on 127.0.0.1 that serves the sample's pages, and can be told to misbehave."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from scraper.store.warc import response_of, scan, target
from tests.conftest import PROJECT

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Site:
    """What is served, and what was asked."""

    port: int
    pages: dict[str, Answer]
    rules: dict[str, Callable[[int], Answer | None]] = field(default_factory=dict)  # path -> (how often asked before) -> answer
    asked: list[tuple[float, str, str]] = field(default_factory=list)  # time in s, path, user agent
    times: Counter[str] = field(default_factory=Counter)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def paths(self) -> list[str]:
        """The paths asked, in order."""
        return [path for _, path, _ in self.asked]

    def moments(self) -> dict[str, list[float]]:
        """When each path was asked."""
        moments: dict[str, list[float]] = defaultdict(list)
        for moment, path, _ in self.asked:
            moments[path].append(moment)
        return moments

    def answer(self, path: str) -> Answer:
        """What a path is answered with."""
        before = self.times[path]
        self.times[path] += 1
        rule = self.rules.get(path)
        answer = rule(before) if rule else None
        return answer or self.pages.get(path, (404, {}, b"not here"))


@contextmanager
def serving(host: str) -> Iterator[Site]:
    """The sample's site of a host, on a free port; its own addresses name the server."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((time.monotonic(), self.path, self.headers.get("User-Agent", "")))
            status, headers, body = site.answer(self.path)
            self.send_response(status)
            for name, value in ({"Content-Type": "text/html; charset=utf-8"} | headers | {"Content-Length": str(len(body))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Site(server.server_port, {})
    site.pages = _pages(host, site.url)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _pages(host: str, url: str) -> dict[str, Answer]:
    pages: dict[str, Answer] = {}
    for record, _ in scan(PROJECT / "samples/sample.warc.gz"):
        parts = urlsplit(target(record))
        if record.rec_type != "response" or parts.netloc != host:
            continue
        response = response_of(record, 1 << 24)
        headers = {name: value for name, value in response.headers if name.lower() in ("content-type", "location")}
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        pages[path] = (response.status, headers, response.body.replace(f"https://{host}".encode(), url.encode()))
    return pages
