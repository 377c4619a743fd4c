"""What somebody may have meant by an id or a site that cannot be used, for the message about it. Pure."""

from __future__ import annotations

import re

from scraper.text import drop_invisible, fold


def likely_id(written: str) -> str:
    """Returns an id made of a text, or "" if it has neither letters nor digits.

    >>> likely_id("Sở Y tế Cà Mau")
    'so-y-te-ca-mau'
    """
    return re.sub(r"[^a-z0-9]+", "-", fold(written)).strip("-")


def likely_site(written: str) -> str:
    """Returns the URL of a home page made of a text, which may still be wrong.

    >>> likely_site("SoYTe.camau.gov.vn/trang-chu"), likely_site("https:/ soyte.camau.gov.vn")
    ('https://soyte.camau.gov.vn', 'https://soyte.camau.gov.vn')
    """
    text = re.sub(r"\s", "", drop_invisible(written))
    found = re.match(r"(https?)(?::/*|//+)", text, re.IGNORECASE)
    scheme = found[1].lower() if found else "https"
    host = re.split(r"[/?#]", text[found.end() :] if found else text, maxsplit=1)[0]
    return f"{scheme}://{host.lower()}"
