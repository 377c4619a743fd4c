"""A real HTTP server on 127.0.0.1 that serves the sample's pages, and that can misbehave on request."""

from __future__ import annotations

import ssl
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from scraper.warc.records import response_of, scan, target
from tests.conftest import PROJECT

Answer = tuple[int, dict[str, str], bytes]


@dataclass(frozen=True)
class Sent:
    """A request as the server got it. `fields`: of the body, if it is a form. `port`: that of the client."""

    method: str
    path: str
    headers: Mapping[str, str]
    fields: Mapping[str, str]
    body: str = ""
    port: int = 0


@dataclass
class Site:
    """The pages that are served, and a log of the requests."""

    port: int
    pages: dict[str, Answer]
    rules: dict[str, Callable[[int], Answer | None]] = field(default_factory=dict)  # path -> (number of earlier requests) -> response
    requests: list[tuple[float, str, str]] = field(default_factory=list)  # time in s, path, user agent
    times: Counter[str] = field(default_factory=Counter)
    unmodified: Counter[str] = field(default_factory=Counter)  # path -> how often a conditional request was answered 304
    scheme: str = "http"
    stubborn: set[str] = field(default_factory=set)  # paths whose conditional requests are answered 304, whatever they send
    cut: dict[str, int] = field(default_factory=dict)  # path -> bytes of the body that are sent before the connection breaks
    sent: list[Sent] = field(default_factory=list)  # every request, in order
    program: Callable[[Sent], Answer | None] | None = None  # answers before all pages and rules

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def paths(self) -> list[str]:
        """Returns the requested paths, in order."""
        return [path for _, path, _ in self.requests]

    def moments(self) -> dict[str, list[float]]:
        """Returns the times at which each path was requested."""
        moments: dict[str, list[float]] = defaultdict(list)
        for moment, path, _ in self.requests:
            moments[path].append(moment)
        return moments

    def answer(self, path: str, sent: Sent | None = None) -> Answer:
        """Returns the response for a path."""
        if self.program is not None and sent is not None and (answer := self.program(sent)) is not None:
            return answer
        before = self.times[path]
        self.times[path] += 1
        rule = self.rules.get(path)
        answer = rule(before) if rule else None
        return answer or self.pages.get(path, (404, {}, b"not here"))


def article(title: str, *paragraphs: str, day: str = "14/05/2012 09:15", head: str = "", foot: str = "") -> str:
    """Returns an article page of a site of no known platform, made by this project."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs or _paragraphs(title))
    return (
        f"<!doctype html><html lang='vi'><head><meta charset='utf-8'><title>{title}</title>{head}</head><body>{_MENU}<div class='main'>"
        f"<h1>{title}</h1><p class='ngay'>{day}</p><div class='chi-tiet'>{body}</div>{foot}</div>{_FOOT}</body></html>"
    )


def _paragraphs(title: str) -> tuple[str, ...]:
    return (
        f"Chiều qua, tại hội trường của sở đã diễn ra buổi làm việc về nội dung {title.lower()}, với đại diện của các phòng và các huyện.",
        "Các đại biểu nghe báo cáo kết quả của quý, trao đổi về những việc còn chậm và thống nhất cách làm của những tháng tới.",
        "Phát biểu kết thúc, phó giám đốc giao văn phòng theo dõi, đôn đốc và báo cáo lại trước ngày cuối cùng của tháng sau.",
    )


def listing(*items: tuple[str, str], head: str = "", foot: str = "") -> str:
    """Returns a list page of the same site: (URL, title) of each article, then a pager or anything else."""
    rows = "".join(f"<li><a href='{url}'>{title}</a></li>" for url, title in items)
    return (
        f"<!doctype html><html lang='vi'><head><meta charset='utf-8'><title>Tin tức của sở</title>{head}</head><body>{_MENU}"
        f"<h1>Tin tức</h1><ul class='danh-sach'>{rows}</ul>{foot}{_FOOT}</body></html>"
    )


_MENU = "<div class='menu'><a href='/'>Trang chủ</a></div>"
_FOOT = "<div class='footer'>Cổng thông tin của sở</div>"


@contextmanager
def serving(host: str) -> Iterator[Site]:
    """Serves the sample's site of a host on a free port. URLs of that site name the server."""
    with serving_pages({}) as site:
        site.pages = _pages(host, site.url)
        yield site


@contextmanager
def serving_pages(pages: Mapping[str, str | Answer], tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """Serves these pages on a free port, by https if `tls` is given. A page that is a text is sent as HTML, and SITE in it becomes
    the URL of the server.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.requests.append((time.monotonic(), self.path, self.headers.get("User-Agent", "")))
            form = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            fields = dict(parse_qsl(form, keep_blank_values=True))
            sent = Sent(self.command, self.path, dict(self.headers), fields, form, self.client_address[1])
            site.sent.append(sent)
            status, headers, body = site.answer(self.path, sent)
            known = [self.headers.get(name) for name in ("If-None-Match", "If-Modified-Since")]
            matches = any(value and value in known for value in (headers.get("ETag"), headers.get("Last-Modified")))
            if status == 200 and (matches or (self.path in site.stubborn and any(known))):
                site.unmodified[self.path] += 1
                status, body = 304, b""
            self.send_response(status)
            for name, value in ({"Content-Type": "text/html; charset=utf-8"} | headers | {"Content-Length": str(len(body))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body[: site.cut.get(self.path, len(body))])
            self.close_connection = self.path in site.cut

        do_POST = do_GET  # noqa: N815 - the name that http.server calls

        def log_message(self, format: str, *args: object) -> None:
            """Writes no log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    site = Site(server.server_port, {}, scheme="https" if tls is not None else "http")
    site.pages = {path: answer_of(page, site.url) for path, page in pages.items()}
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answer_of(page: str | Answer, url: str) -> Answer:
    if isinstance(page, str):
        content_type = "text/plain" if not page.startswith("<") else "application/xml" if page.startswith("<?xml") else "text/html"
        return 200, {"Content-Type": f"{content_type}; charset=utf-8"}, page.replace("SITE", url).encode()
    status, headers, body = page
    return status, {name: value.replace("SITE", url) for name, value in headers.items()}, body


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
