"""Writes WARC records: responses, revisits, the requests that they answer, and where an imported record comes from.

Each record is a gzip member of its own. The format is WARC 1.1 (ISO 28500:2017), as warcio writes it.
"""

from __future__ import annotations

import io
import re
import uuid
import zlib
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter
from zlib_ng import zlib_ng

from scraper.post_urls import method_query, requested_url
from scraper.warc.dates import timestamp
from scraper.warc.records import DATE_RULE, HOP_BY_HOP, METHOD_QUERY, NOT_MODIFIED, SOURCE_URI, Origin, Original, Response

_LONGEST_REQUEST = 1024 * 1024  # bytes
_HEAD = 8192  # bytes of an unpacked record in which its id must be
# Of gzip, by zlib-ng. Measured with 404 pages of 44 kB: 0.26 ms a page; zlib needs 0.58 ms for records that are 0.8 % smaller (level 6).
_LEVEL = 5
# The profiles of revisit records (WARC 1.1, 6.7): an answer 304, and a body that was received before.
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_SAME_BODY = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
# Request headers that name a visitor; a file of captures is passed on.
_PRIVATE = frozenset({"cookie", "authorization", "proxy-authorization"})


class _Headers(StatusAndHeaders):  # type: ignore[misc] # warcio has no types
    """Headers of HTTP whose bytes are written as they were sent. warcio would write another value for one that is not ASCII."""

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        """Sets the bytes of the status line and the headers. A header that was received has a letter for each byte (`latin-1`); one that
        was read from a record may have others, which are UTF-8 there."""
        first = f"{self.protocol} {self.statusline}".strip()
        lines = [first, *(f"{name}: {value}" for name, value in self.headers), ""]
        self.headers_buff = b"".join(_bytes_of(line) + b"\r\n" for line in lines)


def _bytes_of(line: str) -> bytes:
    try:
        return line.encode("latin-1")
    except UnicodeEncodeError:
        return line.encode("utf-8", "replace")


def new_record_id() -> str:
    """Returns an id for a record that no other has: "<urn:uuid:...>"."""
    return f"<urn:uuid:{uuid.uuid4()}>"


def encode(response: Response, *, ip_address: str | None = None, record_id: str | None = None) -> tuple[bytes, str]:
    """Returns the response as one gzipped WARC record, and its payload digest ("sha1:..."). `ip_address`: the server's IP address.
    `record_id`: a new one (`new_record_id`), if another record will name it."""
    warc_headers = _warc_headers(response, ip_address, record_id) | {"WARC-Payload-Digest": response.payload_digest}
    if response.truncated:
        warc_headers["WARC-Truncated"] = "disconnect"
    record = _writer().create_warc_record(
        response.target or requested_url(response.url),
        "response",
        payload=io.BytesIO(response.body),
        length=len(response.body),
        http_headers=_http_headers(response),
        warc_headers_dict=warc_headers,
    )
    return _packed(record), response.payload_digest


def encode_request(response: Response, record_id: str) -> bytes:
    """Returns the WARC record of the request that a response answers. `record_id`: that of the record of the response.

    Other tools find the answer to a POST request by it: method, URL and fields. A body of more than 1 MiB is cut. Cookies and passwords
    are left out.
    """
    url, body = response.target or requested_url(response.url), (response.posted or b"")[:_LONGEST_REQUEST]
    parts = urlsplit(url)
    method = "POST" if response.posted is not None else "GET"
    line = f"{method} {urlunsplit(('', '', parts.path or '/', parts.query, ''))} HTTP/1.1"
    sent = [(name, value) for name, value in response.requested if name.lower() not in (*_PRIVATE, *HOP_BY_HOP, "host", "content-length")]
    headers = [("Host", parts.netloc), *sent]
    if response.posted is not None:
        if not any(name.lower() == "content-type" for name, _ in sent):
            headers.append(("Content-Type", "application/x-www-form-urlencoded"))
        headers.append(("Content-Length", str(len(body))))
    warc_headers = {"WARC-Date": timestamp(response.captured_at), "WARC-Concurrent-To": record_id}
    if len(body) < len(response.posted or b""):
        warc_headers["WARC-Truncated"] = "length"
    http_headers = _Headers(line, headers, is_http_request=True)
    record_of_request = _writer().create_warc_record(
        url, "request", payload=io.BytesIO(body), length=len(body), http_headers=http_headers, warc_headers_dict=warc_headers
    )
    return _packed(record_of_request)


def encode_origin(response: Response, record: bytes, origin: Origin) -> bytes:
    """Returns a metadata record that says from which file a copied record was imported. `record`: the copied record."""
    url = response.target or requested_url(response.url)
    warc_headers = {"WARC-Date": timestamp(response.captured_at)} | _concurrent_to(record) | _origin_headers(origin)
    lines = "".join(f"{name}: {value}\r\n" for name, value in _origin_headers(origin).items())
    made = _writer().create_warc_record(
        url, "metadata", payload=io.BytesIO(lines.encode()), warc_headers_dict=warc_headers, warc_content_type="application/warc-fields"
    )
    return _packed(made)


def encode_metadata(url: str, at: datetime, content: bytes, content_type: str) -> bytes:
    """Returns a gzipped metadata record with any content. `at`: its date."""
    warc_headers = {"WARC-Date": timestamp(at)}
    made = _writer().create_warc_record(
        url, "metadata", payload=io.BytesIO(content), warc_headers_dict=warc_headers, warc_content_type=content_type
    )
    return _packed(made)


def encode_revisit(response: Response, original: Original, *, ip_address: str | None = None, record_id: str | None = None) -> bytes:
    """Returns the response as a gzipped revisit record without its body, which is that of `original`. `record_id`: as for `encode`.

    An answer 304 gets the profile *server-not-modified*, every other one *identical-payload-digest*.
    """
    warc_headers = _warc_headers(response, ip_address, record_id) | {
        "WARC-Profile": _NOT_MODIFIED if response.status == NOT_MODIFIED else _SAME_BODY,
        "WARC-Refers-To-Target-URI": requested_url(original.url),
        "WARC-Refers-To-Date": timestamp(original.captured_at),
    }
    if original.digest:
        warc_headers["WARC-Payload-Digest"] = original.digest
    url = response.target or requested_url(response.url)
    return _packed(_writer().create_warc_record(url, "revisit", http_headers=_http_headers(response), warc_headers_dict=warc_headers))


def encode_info(software: str, filename: str, at: datetime, **more: str) -> bytes:
    """Returns the record at the beginning of a file, or of what a run adds to it, that names the software. `more`: further fields."""
    fields = {"software": software, "format": "WARC File Format 1.1"} | more
    record = _writer().create_warcinfo_record(filename, fields)
    record.rec_headers.replace_header("WARC-Date", timestamp(at))
    return _packed(record)


def _writer() -> WARCWriter:
    return WARCWriter(io.BytesIO(), gzip=False, warc_version="1.1")


def _packed(record: ArcWarcRecord) -> bytes:
    buffer = io.BytesIO()
    WARCWriter(buffer, gzip=False, warc_version="1.1").write_record(record)
    compressor = zlib_ng.compressobj(_LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return compressor.compress(buffer.getbuffer()) + compressor.flush()


def _concurrent_to(record: bytes) -> dict[str, str]:
    """Returns the header that names another record of the same exchange by its id."""
    found = re.search(rb"(?im)^WARC-Record-ID:\s*(\S+)", zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(record, _HEAD))
    return {"WARC-Concurrent-To": found[1].decode("ascii", "replace")} if found is not None else {}


def _warc_headers(response: Response, ip_address: str | None, record_id: str | None) -> dict[str, str]:
    optional = {"WARC-Record-ID": record_id, "WARC-IP-Address": ip_address, METHOD_QUERY: method_query(response.url)}
    origin = _origin_headers(response.origin) if response.origin is not None else {}
    return {"WARC-Date": timestamp(response.captured_at)} | {name: value for name, value in optional.items() if value} | origin


def _origin_headers(origin: Origin) -> dict[str, str]:
    return {SOURCE_URI: origin.uri} | ({DATE_RULE: origin.date_rule} if origin.date_rule else {})


def _http_headers(response: Response) -> StatusAndHeaders:
    kept = [(name, value) for name, value in response.headers if name.lower() not in HOP_BY_HOP]
    return _Headers(f"{response.status} {response.reason}".strip(), kept, protocol="HTTP/1.1")
