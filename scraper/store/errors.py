"""What is wrong with archive.db or its folder."""

from __future__ import annotations

from scraper.model import UserError


class ArchiveError(UserError):
    """archive.db or its folder cannot be used."""
