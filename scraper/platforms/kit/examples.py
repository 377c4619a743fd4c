"""Examples of a platform's URLs, each with the verdict that its rules must give. They are checked whenever the platforms are loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Examples:
    """URLs of a platform, as paths: "/tin-tuc/bai-viet-12.html". A URL is in exactly one group, except for later pages."""

    articles: Mapping[str, str] = field(default_factory=dict)  # -> the id of the article
    headlines: tuple[str, ...] = ()  # articles without an id whose name is as long as a headline; their key is their URL
    maybe_articles: tuple[str, ...] = ()  # articles by their form, but without an id and with a shorter name; their key is their URL, too
    sections: tuple[str, ...] = ()
    traps: tuple[str, ...] = ()
    others: tuple[str, ...] = ()  # none of these: static pages
    later_pages: Mapping[str, str] = field(default_factory=dict)  # -> the list that it is a later page of
    not_later_pages: Mapping[str, str] = field(default_factory=dict)  # -> a page of the same site for which it is not a later page
    canonical: Mapping[str, str] = field(default_factory=dict)  # -> the canonical URL
