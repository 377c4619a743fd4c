"""The messages about the health of the sources, for the commands that crawl."""

from __future__ import annotations

from collections.abc import Sequence

from scrapy.settings import BaseSettings

from scraper import stopping
from scraper.crawl.run_health import limits_of
from scraper.health.channels import Channel, channels
from scraper.health.reporting import report_changes
from scraper.paths import project_path
from scraper.two_languages import Message


def health_channels(settings: BaseSettings) -> list[Channel]:
    """Returns the channels that the settings configure. Raises: UserError if a setting of the health is missing or wrong, also one of the
    limits."""
    limits_of(settings)
    return channels({name: str(settings.get(name) or "") for name in settings if str(name).startswith("HEALTH_")})


def report_health(settings: BaseSettings, found: Sequence[Channel]) -> list[Message]:
    """Sends what changed, and returns what went wrong, one line for each channel. If the process must end, the next update sends it."""
    return [] if stopping.is_requested() else report_changes(project_path(settings["ARCHIVE"]), found, limits_of(settings))
