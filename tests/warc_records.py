"""WARC records as other tools write them."""

from __future__ import annotations

import io
from collections.abc import Mapping

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

_HTML = ("Content-Type", "text/html; charset=utf-8")


def response_record(
    url: str, body: bytes, date: str, *headers: tuple[str, str], status: str = "200 OK", of_record: Mapping[str, str] | None = None
) -> bytes:
    """Returns a gzipped record of a response. `headers`: of the response; without a Content-Type among them, it is HTML in UTF-8.
    `of_record`: more headers of the record."""
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True, warc_version="1.0")
    given = [*headers] if any(name == "Content-Type" for name, _ in headers) else [_HTML, *headers]
    http = StatusAndHeaders(status, given, protocol="HTTP/1.1")
    named = {"WARC-Date": date} | dict(of_record or {})
    writer.write_record(writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=http, warc_headers_dict=named))
    return buffer.getvalue()


def revisit_record(url: str, date: str, original: tuple[str, str], digest: str, *headers: tuple[str, str], status: str = "200 OK") -> bytes:
    """Returns a gzipped record of a revisit. `original`: URL and date of the response with its body. `digest`: of the body."""
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True, warc_version="1.0")
    http = StatusAndHeaders(status, [*headers], protocol="HTTP/1.1")
    writer.write_record(writer.create_revisit_record(url, digest, *original, http_headers=http, warc_headers_dict={"WARC-Date": date}))
    return buffer.getvalue()
