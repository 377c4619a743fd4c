"""Reads the `[[source]]` blocks of a TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scraper.sources.errors import SourceError


def blocks(path: Path) -> Sequence[Mapping[str, Any]]:
    """Returns the blocks of a file in their order. A byte order mark, as Notepad writes it, is left out.

    Raises:
        SourceError: if the file cannot be read, is not TOML in UTF-8, or has no block.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror}); check the path given in SOURCES_EXTRA") from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{path}: byte {error.start}: not UTF-8; save the file as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"{path}: not valid TOML: {error}; write texts in double quotes, lists in [ ]") from error
    for key in content:
        if key != "source":
            raise SourceError(f'{path}: unknown table "{key}"; each source begins with a line [[source]]')
    found = content.get("source", [])
    if not isinstance(found, list):
        raise SourceError(f"{path}: [source] must be written [[source]], with two brackets")
    if not found:
        raise SourceError(f"{path}: has no [[source]] block; write one with id, name, unit and site")
    return found
