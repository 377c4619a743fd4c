"""What a source says about the citations in its texts."""

from __future__ import annotations

from datetime import date

from scraper.model import Context, Source


def context_of(source: Source, published: date | None) -> Context:
    """Returns the facts about a text that are not in it: its source, province, unit and date of publication."""
    return Context(source_name=source.name, province=source.province, published=published, unit=source.unit)
