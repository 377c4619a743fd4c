"""The error for a block of a source file that cannot be used."""

from __future__ import annotations

from scraper.model import UserError


class SourceError(UserError):
    """A block of a source file that cannot be used."""
