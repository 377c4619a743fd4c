"""The user agent that every request sends."""

from __future__ import annotations

from scrapy.settings import BaseSettings


def user_agent(settings: BaseSettings) -> str:
    """Returns the user agent with the contact of the operator, from the settings USER_AGENT and CRAWLER_CONTACT."""
    return str(settings["USER_AGENT"]).replace("{contact}", settings.get("CRAWLER_CONTACT") or "not given")
