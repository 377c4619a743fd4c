"""Reads the `[[source]]` blocks of a TOML file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scraper.sources.block import KEYS
from scraper.sources.errors import SourceError
from scraper.toml_slips import TomlSlip, toml_of


def blocks(path: Path) -> Sequence[Mapping[str, Any]]:
    """Returns the blocks of a file in their order.

    Raises:
        SourceError: if the file cannot be read, is not TOML in UTF-8, or has no block.
    """
    try:
        content = toml_of(path.read_bytes())
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror}); check the path given in SOURCES_EXTRA") from error
    except TomlSlip as error:
        raise SourceError(f"{path}: {error}") from error
    for key, value in content.items():
        if key != "source":
            raise SourceError(f"{path}: {_outside(key, value)}")
    found = content.get("source", [])
    if not isinstance(found, list):
        raise SourceError(f"{path}: [source] must be written [[source]], with two brackets")
    if not found:
        raise SourceError(f"{path}: has no [[source]] block; write one with id, name, unit and site")
    return found


def _outside(key: str, value: object) -> str:
    """Returns what is wrong with a key of a file that is not in a block."""
    if key in KEYS and isinstance(value, dict):
        return f"[{key}] begins a table of its own; write it into the block of its source, in one line: {key} = {{ ... }}"
    if isinstance(value, dict | list):
        return f'unknown table "{key}"; each source begins with a line [[source]], and its keys follow as key = value'
    return f'the key "{key}" is not in a block; each source begins with a line [[source]]'
