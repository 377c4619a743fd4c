"""Paths of settings: each one is relative to the project folder, whatever folder a command is started from."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def project_path(value: str | Path) -> Path:
    """Returns `value` as an absolute path, relative to the project folder."""
    return (PROJECT / Path(value).expanduser()).resolve()


def project_paths(value: str | Iterable[str] | None) -> list[Path]:
    """Returns the paths in a setting: a list, or one text with commas between the paths. Returns an empty list for None or ''."""
    if not value:
        return []
    parts = value.split(",") if isinstance(value, str) else value
    return [project_path(part.strip()) for part in parts if part.strip()]
