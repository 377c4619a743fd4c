"""Which stored URLs may become links. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit


def is_web(url: object) -> bool:
    """Returns whether a stored URL may become a link: http and https only, so never `javascript:` or `data:`.

    >>> is_web("https://mic.gov.vn/tin"), is_web("javascript:alert(1)")
    (True, False)
    """
    try:
        parts = urlsplit(str(url))
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
