"""Writes keys into the block of one source in its TOML file. Comments, order and all other blocks stay as they are."""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.container import Container
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Array, Comment, Item, Whitespace

from scraper.model import Source
from scraper.sources.block import source_of
from scraper.sources.errors import SourceError
from scraper.two_languages import Message

_BOM = "\ufeff"  # Notepad writes it
_LONG = 100  # characters of an array on one line

Values = Mapping[str, str | bool | list[str]]


@dataclass(frozen=True, slots=True)
class Written:
    """The text of a file with the new keys, and the keys that stayed as the user wrote them."""

    text: str
    added: tuple[str, ...]
    kept: tuple[str, ...]


def with_values(text: str, source: Source, values: Values, comment: str, *, overwrite: bool = False) -> Written:
    """Returns the text of the file of a source with new keys in its block, each with a comment. Keys of the block stay as they are,
    unless `overwrite` is given.

    Raises:
        SourceError: if the block is not there any more, or the result would not be read back as meant.
    """
    before = tomllib.loads(text.removeprefix(_BOM))
    changed = _changed(text.removeprefix(_BOM), source)
    block = changed["source"][source.block - 1]
    added, kept = [], []
    end = _take_end(block.value)
    for key, value in values.items():
        if key in block and not overwrite:
            kept.append(key)
            continue
        item = _item(value)
        item.comment(comment)
        block[key] = item
        added.append(key)
    block.value.body.extend(end)
    new = tomlkit.dumps(changed)
    if "\r\n" in text:
        new = new.replace("\r\n", "\n").replace("\n", "\r\n")
    before["source"][source.block - 1] |= {key: values[key] for key in added}
    if tomllib.loads(new) != before:
        raise SourceError(
            Message(
                f"{source.file}: block {source.block} ({source.id}): cannot be written without changing other lines; write them by hand",
                f"{source.file}: khối {source.block} ({source.id}): không ghi được nếu không đổi các dòng khác; hãy tự viết các dòng này",
            )
        )
    source_of(Path(source.file), source.block, before["source"][source.block - 1])
    return Written((_BOM if text.startswith(_BOM) else "") + new, tuple(added), tuple(kept))


def lines(values: Values, comment: str) -> str:
    """Returns the keys as lines of TOML, for a person to write into a block."""
    document = tomlkit.document()
    for key, value in values.items():
        item = _item(value)
        item.comment(comment)
        document[key] = item
    return tomlkit.dumps(document).rstrip("\n")


def write(path: Path, text: str) -> None:
    """Replaces a file at once, so that a crash leaves the old one. Raises SourceError if it cannot be written."""
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="", dir=path.parent, prefix=f".{path.name}", delete=False) as file:
            file.write(text)
        Path(file.name).chmod(path.stat().st_mode & 0o777)
        Path(file.name).replace(path)
    except OSError as error:
        raise SourceError(
            Message(
                f"{path}: cannot be written ({error.strerror}); write the lines by hand",
                f"{path}: không ghi được ({error.strerror}); hãy tự viết các dòng này",
            )
        ) from error


def _changed(text: str, source: Source) -> tomlkit.TOMLDocument:
    """Returns the parsed file, whose block of the source can be changed."""
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:
        raise SourceError(Message(f"{source.file}: not valid TOML: {error}", f"{source.file}: không phải TOML hợp lệ: {error}")) from error
    found: Any = document.get("source", [])
    if len(found) < source.block or found[source.block - 1].get("id") != source.id:
        raise SourceError(
            Message(
                f"{source.file}: block {source.block} is not {source.id} any more; start the command again",
                f"{source.file}: khối {source.block} không còn là {source.id}; hãy chạy lại lệnh",
            )
        )
    return document


def _item(value: str | bool | list[str]) -> Item:
    item = tomlkit.item(value)
    if isinstance(item, Array) and len(item.as_string()) > _LONG:
        item.multiline(True)
    return item


def _take_end(block: Container) -> list[tuple[Any, Item]]:
    """Removes the blank lines and comments after the last key of a block, and returns them. They belong to the next block."""
    end: list[tuple[Any, Item]] = []
    while block.body and isinstance(block.body[-1][1], Whitespace | Comment):
        end.insert(0, block.body.pop())
    return end
