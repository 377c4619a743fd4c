"""The named queries of metadata.yml by topic, for the home page. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scraper.web.languages import gettext as _

OTHERS = "others"


def topic_names() -> dict[str, str]:
    """Returns the topics in the order of the page: the key `topic` of a query in metadata.yml → its name in the current language."""
    return {
        "search": _("Search"),
        "documents": _("Who cited what"),
        "diffusion": _("How a document spread"),
        "articles": _("Articles over time"),
        "files": _("Files of articles"),
        "coverage": _("Coverage and gaps"),
        "health": _("Sources and their health"),
        "edits": _("Edited, vanished and reprinted articles"),
        "rules": _("How values were read"),
        OTHERS: _("Other questions"),
    }


def by_topic(queries: Mapping[str, Mapping[str, Any] | str]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """Returns each topic that has a query: its name, and its queries with their `name`. A query without a topic comes last."""
    named: list[Mapping[str, Any]] = [{"name": name, **query} for name, query in queries.items() if isinstance(query, Mapping)]
    topics = topic_names()
    return [
        (title, found)
        for topic, title in topics.items()
        if (found := [query for query in named if (query.get("topic") if query.get("topic") in topics else OTHERS) == topic])
    ]
