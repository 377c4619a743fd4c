"""The words that are searched for in every page, so that one pass over its source finds all of them."""

from __future__ import annotations

from scraper.parse.selectors import Vocabulary, needed
from scraper.platforms import PLATFORMS

# Strings in challenge pages of protection services, in any language. Each was seen on such a page and on no clean page.
CHALLENGES = (
    "_cf_chl_opt",
    "cf-browser-verification",
    "_incapsula_resource",
    "sucuri_cloudproxy_js",
    "__jsl_clearance",
    "/_guard/auto.js",
)
# Fonts that show pictures instead of letters, and the mark of Word's lists (signs.py).
FONTS = ("dings", "symbol", "mso-list:")
# Class names of texts for small screens (hidden.py).
SCREENS = (
    "visible-xs",
    "visible-sm",
    "visible-phone",
    "-none",
    "hidden-md",
    "hidden-lg",
    "hidden-desktop",
    "mobile-only",
    "only-mobile",
    "for-small",
    "hide-for-",
)
# Attributes with a date (generic/timed.py).
TIMES = ("datetime", "data-time", "data-timestamp", "data-datetime", "data-date", "data-published", "data-unix")
# All words: the lists above, and the words of all selectors and markers of all platforms.
VOCABULARY = Vocabulary(
    [
        sign.encode()
        for sign in (
            *CHALLENGES,
            *FONTS,
            *SCREENS,
            *TIMES,
            "captcha",
            "d1n=",
            "ld+json",
            "itemprop",
            "articlebody",
            "<base",
            "<style",
            "<time",
            "canonical",
        )
    ]
    + [
        word
        for platform in PLATFORMS.values()
        for word in (
            *(word for css in platform.selectors() for alternative in needed(css) for word in alternative),
            *(marker.source.lower().encode() for marker in platform.markers if marker.source is not None),
        )
    ]
)
