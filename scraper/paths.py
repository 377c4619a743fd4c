"""Paths in settings: each one is relative to the project folder, or to the current folder outside a project."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from scrapy.utils.conf import closest_scrapy_cfg


def project_path(value: str | Path) -> Path:
    """Returns `value` as an absolute path.

    A relative path starts from the closest folder above that has a `scrapy.cfg`, so a command can be started anywhere in a checkout.
    If there is none, it starts from the current folder, never from the folder of the installed package.
    """
    config = closest_scrapy_cfg()
    folder = Path(config).parent if config else Path()
    return (folder / Path(value).expanduser()).resolve()


def project_paths(value: str | Iterable[str] | None) -> list[Path]:
    """Returns the paths in a setting: a list, or one text with commas between the paths. Returns an empty list for None or ''."""
    if not value:
        return []
    parts = value.split(",") if isinstance(value, str) else value
    return [project_path(part.strip()) for part in parts if part.strip()]
