"""Platforms: one module each; a source is data, a platform is how many sources list and lay out their pages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scraper.platforms import liferay, mic_2020, nukeviet, vccorp
from scraper.platforms.base import Layout, Marker, Pick, Platform

PLATFORMS: Mapping[str, Platform] = MappingProxyType(
    {platform.id: platform for platform in (liferay.PLATFORM, mic_2020.PLATFORM, nukeviet.PLATFORM, vccorp.PLATFORM)}
)

__all__ = ["PLATFORMS", "Layout", "Marker", "Pick", "Platform"]
