"""Platforms: one module each; a source is data, a platform is how many sources list and lay out their pages."""

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
