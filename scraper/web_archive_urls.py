"""URLs of pages that a web archive replayed. They contain the original URL and the time of the original capture.

Recordings of such replays (wget of a Wayback page, pywb's proxy) have the web archive's URL as their target.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

# The URL form of the Internet Archive and of pywb: a prefix, up to 14 digits of time, a modifier such as `id_`, the original URL. A shorter
# time is accepted only after /web/ or /wayback/, because paths of other sites contain years and days, too.
_WRAPPED = re.compile(
    r"^https?://[^/]+/(?:[^/?#]+/){0,3}?(?P<time>\d{14}|(?<=/web/)\d{4,13}|(?<=/wayback/)\d{4,13})(?:[a-z]{2}_)?/(?P<url>https?:/{1,2}[^/].*)$"
)
_EARLIEST = "00000101000000"  # fills up a time that states only a year or a month


def unwrap(url: str) -> tuple[str, datetime] | None:
    """Returns the original URL and its time of capture (UTC), or None if the URL is not one of a web archive's replay.

    >>> unwrap("https://web.archive.org/web/20090717102500id_/http://mic.gov.vn/")
    ('http://mic.gov.vn/', datetime.datetime(2009, 7, 17, 10, 25, tzinfo=datetime.timezone.utc))
    >>> unwrap("http://mic.gov.vn/2009/07/17/tin.html")
    """
    match = _WRAPPED.match(url)
    if match is None:
        return None
    stamp = match["time"]
    try:
        captured_at = datetime.strptime(stamp + _EARLIEST[len(stamp) :], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    original = re.sub(r"^(https?:)/+", r"\1//", match["url"])
    # http://host:80/ is how the Internet Archive writes http://host/
    return re.sub(r"^(http://[^/:]+):80(?=/|$)", r"\1", original), captured_at
