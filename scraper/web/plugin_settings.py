"""The name of the plugin, and its settings in metadata.yml: plugins: vietnam-government-news-archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datasette.app import Datasette

PLUGIN = "vietnam-government-news-archive"


def settings(datasette: Datasette) -> dict[str, Any]:
    """Returns the settings that metadata.yml states: `contact`, `copies` and `files`. Empty if it states none."""
    return dict(datasette.plugin_config(PLUGIN) or {})
