"""Sources as data: one `[[source]]` block for each web site in the TOML files of this folder, and the loader that checks them."""

from scraper.sources.doubts import doubt_of, doubts
from scraper.sources.errors import SourceError
from scraper.sources.groups import GROUPS, KINDS, SAMPLE, in_group, kinds_of_group
from scraper.sources.loader import find, load, made_up, recordings
from scraper.sources.places import home_page, is_inside
from scraper.sources.unit_names import unknown_unit
from scraper.sources.validity import Standing, in_force, standing, tls_exception, tls_is_over

__all__ = [
    "GROUPS",
    "KINDS",
    "SAMPLE",
    "SourceError",
    "Standing",
    "doubt_of",
    "doubts",
    "find",
    "home_page",
    "in_force",
    "in_group",
    "is_inside",
    "kinds_of_group",
    "load",
    "made_up",
    "recordings",
    "standing",
    "tls_exception",
    "tls_is_over",
    "unknown_unit",
]
