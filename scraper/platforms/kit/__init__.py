"""The parts that platforms share. A platform is data made of these parts: markers, layouts, rules for URLs, a pager and examples."""

from scraper.platforms.kit.examples import Examples
from scraper.platforms.kit.labelled_values import after_label
from scraper.platforms.kit.layouts import DETECTED, DatePick, Layout, Marker, Pick, Trust, first_of_day
from scraper.platforms.kit.loading import PlatformError, load_platforms
from scraper.platforms.kit.pagers import AnyPager, Pager, PathPager, QueryPager
from scraper.platforms.kit.platform import Platform, UrlKind, never
from scraper.platforms.kit.url_rules import IdInPath, IdInQuery, UrlRule, tidy

__all__ = [
    "DETECTED",
    "AnyPager",
    "DatePick",
    "Examples",
    "IdInPath",
    "IdInQuery",
    "Layout",
    "Marker",
    "Pager",
    "PathPager",
    "Pick",
    "Platform",
    "PlatformError",
    "QueryPager",
    "Trust",
    "UrlKind",
    "UrlRule",
    "after_label",
    "first_of_day",
    "load_platforms",
    "never",
    "tidy",
]
