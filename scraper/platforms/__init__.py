"""Platforms: one module each, made of the parts in `kit`. A source is data; its platform says how its sites list and show articles."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scraper.platforms.kit.checks import UNKNOWN
from scraper.platforms.kit.loading import load_platforms
from scraper.platforms.kit.platform import Platform

PLATFORMS: Mapping[str, Platform] = MappingProxyType(load_platforms(__name__, __path__))  # by id, ordered by id
PLAIN = PLATFORMS[UNKNOWN]

__all__ = ["PLAIN", "PLATFORMS", "Platform"]
