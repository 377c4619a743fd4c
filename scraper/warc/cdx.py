"""Lines of a CDXJ index, by which replay programs find a record: key of the URL, time, and the place as JSON. Pure."""

from __future__ import annotations

import json
import posixpath
import re
from datetime import datetime
from urllib.parse import urlsplit

from w3lib.url import safe_url_string

_WWW = re.compile(r"^www\d*\.")
_USUAL_PORTS = {"http": 80, "https": 443}


def url_sort_key(url: str) -> str:
    """Returns the key by which an index is sorted (SURT): the host in reverse order, then path and query, escaped and in lower case.

    >>> url_sort_key("http://www.mic.gov.vn:80/Tin//A.aspx?b=2&a=1#x"), url_sort_key("http://127.0.0.1:8080/tin/")
    ('vn,gov,mic)/tin/a.aspx?a=1&b=2', '1,0,0,127:8080)/tin')
    """
    parts = urlsplit(safe_url_string(url.strip()).lower())
    try:
        host, port = _WWW.sub("", (parts.hostname or "").rstrip(".")), parts.port
    except ValueError:  # it is not a number
        host, port = parts.netloc, None
    number = f":{port}" if port is not None and port != _USUAL_PORTS.get(parts.scheme) else ""
    path = posixpath.normpath(f"/{parts.path.strip('/')}")
    query = "&".join(sorted(parts.query.split("&"))) if parts.query else ""
    return f"{','.join(reversed(host.split('.')))}{number}){path}{f'?{query}' if query else ''}"


def cdx_time(at: datetime) -> str:
    """Returns a time as an index writes it: 14 digits.

    >>> cdx_time(datetime(2009, 7, 17, 10, 25))
    '20090717102500'
    """
    return at.strftime("%Y%m%d%H%M%S")


def cdx_fields(url: str, mime: str, status: int, digest: str, offset: int, length: int, filename: str) -> str:
    """Returns the JSON of a line. `offset`, `length`: of the record in the file, in bytes."""
    fields = {"url": url, "mime": mime, "status": str(status), "digest": digest, "length": str(length), "offset": str(offset)}
    return json.dumps(fields | {"filename": filename}, ensure_ascii=False)
