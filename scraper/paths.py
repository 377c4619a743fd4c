"""Where things lie: every path of a setting is relative to the project, wherever a command is started from."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def project_path(value: str | Path) -> Path:
    """`value` as an absolute path, taken relative to the project's folder."""
    return (PROJECT / Path(value).expanduser()).resolve()


def project_paths(value: str | Iterable[str] | None) -> list[Path]:
    """Several paths out of a setting: a list, or one text with commas between them. None or '' gives none."""
    if not value:
        return []
    parts = value.split(",") if isinstance(value, str) else value
    return [project_path(part.strip()) for part in parts if part.strip()]
