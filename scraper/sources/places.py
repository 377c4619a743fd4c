"""Which URLs are those of a source: its home page, and the pages under its path that are not a source of their own. Pure."""

from __future__ import annotations

from scraper.model import Source
from scraper.urls import is_under


def home_page(source: Source) -> str:
    """Returns the URL of the home page: that of the site, or the path under which the source is a part of it."""
    return source.site + source.under


def is_inside(source: Source, url: str) -> bool:
    """Returns whether the path of a URL belongs to a source. The host is not checked.

    The ICT department of Lâm Đồng is https://lamdong.gov.vn/sites/stttt/; the rest of that host belongs to the portal of the province.
    """
    return is_under(url, source.under) and not any(is_under(url, part) for part in source.other_parts)
