"""Reads the `[[source]]` blocks of a TOML file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scraper.sources.block import KEYS
from scraper.sources.errors import SourceError
from scraper.toml_slips import TomlSlip, toml_of
from scraper.two_languages import Message, same


def blocks(path: Path) -> Sequence[Mapping[str, Any]]:
    """Returns the blocks of a file in their order.

    Raises:
        SourceError: if the file cannot be read, is not TOML in UTF-8, or has no block.
    """
    try:
        content = toml_of(path.read_bytes())
    except OSError as error:
        why = Message(
            f"cannot be read ({error.strerror}); check the path given in SOURCES_EXTRA",
            f"không đọc được ({error.strerror}); hãy xem lại đường dẫn trong SOURCES_EXTRA",
        )
        raise SourceError(same(f"{path}: ") + why) from error
    except TomlSlip as error:
        raise SourceError(same(f"{path}: ") + error.message) from error
    for key, value in content.items():
        if key != "source":
            raise SourceError(same(f"{path}: ") + _outside(key, value))
    found = content.get("source", [])
    if not isinstance(found, list):
        brackets = Message(
            "[source] must be written [[source]], with two brackets", "[source] phải viết là [[source]], hai dấu ngoặc vuông"
        )
        raise SourceError(same(f"{path}: ") + brackets)
    if not found:
        empty = Message(
            "has no [[source]] block; write one with id, name, unit and site",
            "không có khối [[source]] nào; hãy viết một khối có id, name, unit và site",
        )
        raise SourceError(same(f"{path}: ") + empty)
    return found


def _outside(key: str, value: object) -> Message:
    """Returns what is wrong with a key of a file that is not in a block."""
    if key in KEYS and isinstance(value, dict):
        return Message(
            f"[{key}] begins a table of its own; write it into the block of its source, in one line: {key} = {{ ... }}",
            f"[{key}] mở một bảng riêng; hãy viết nó vào khối của nguồn, trên một dòng: {key} = {{ ... }}",
        )
    if isinstance(value, dict | list):
        return Message(
            f'unknown table "{key}"; each source begins with a line [[source]], and its keys follow as key = value',
            f'không có bảng "{key}"; mỗi nguồn bắt đầu bằng dòng [[source]], tiếp theo là các dòng khóa = giá trị',
        )
    return Message(
        f'the key "{key}" is not in a block; each source begins with a line [[source]]',
        f'khóa "{key}" không nằm trong khối nào; mỗi nguồn bắt đầu bằng dòng [[source]]',
    )
