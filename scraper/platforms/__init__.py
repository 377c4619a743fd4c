"""Platforms, one module each. A source is data; a platform says how many sources list and render their articles."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scraper.platforms import (
    ckan,
    dotnetnuke,
    drupal,
    joomla,
    liferay,
    nukeviet,
    plain,
    sharepoint,
    threecms,
    vccorp,
    vhv,
    vnportal,
    wordpress,
)
from scraper.platforms.base import Layout, Marker, Pick, Platform

_MODULES = (ckan, dotnetnuke, drupal, joomla, liferay, nukeviet, plain, sharepoint, threecms, vccorp, vhv, vnportal, wordpress)

PLATFORMS: Mapping[str, Platform] = MappingProxyType({module.PLATFORM.id: module.PLATFORM for module in _MODULES})
PLAIN = plain.PLATFORM

__all__ = ["PLAIN", "PLATFORMS", "Layout", "Marker", "Pick", "Platform"]
