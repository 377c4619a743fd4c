"""The values of one block, checked for their type. Each error names file, block, key, what is wrong and how to fix it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from scraper.sources.errors import SourceError
from scraper.two_languages import Message


class BlockValues:
    """One block of a file. It knows its file and position for the messages. Every method raises SourceError for a wrong value."""

    def __init__(self, path: Path, number: int, block: Mapping[str, Any]) -> None:
        self.path, self.number, self.block = path, number, block
        self.id = block.get("id", "without id")

    def error(self, key: str, english: str, vietnamese: str) -> SourceError:
        """Returns the error for a key: what is wrong and how to fix it, in both languages."""
        where = f"{self.path}: block {self.number} ({self.id}): "
        vi = f"{self.path}: khối {self.number} ({'không có id' if 'id' not in self.block else self.id}): "
        return SourceError(Message(f'{where}key "{key}": {english}', f'{vi}khóa "{key}": {vietnamese}'))

    def text(self, key: str) -> str:
        """Returns the text of a key that is in the block."""
        value = self.block[key]
        if not isinstance(value, str) or not value.strip():
            raise self.error(
                key,
                f'must be a text in double quotes, not {value!r}, like {key} = "..."',
                f'phải là chữ trong dấu ngoặc kép thẳng, không phải {value!r}, ví dụ {key} = "..."',
            )
        return value.strip()

    def optional_text(self, key: str) -> str | None:
        """Returns the text of a key, or None if the block does not have it."""
        return self.text(key) if key in self.block else None

    def texts(self, key: str) -> tuple[str, ...]:
        """Returns the list of texts of a key, empty if the block does not have it."""
        value = self.block.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            one = value.strip() if isinstance(value, str) and value.strip() and '"' not in value else "..."
            raise self.error(key, f'must be a list of texts, like {key} = ["{one}"]', f'phải là danh sách chữ, ví dụ {key} = ["{one}"]')
        return tuple(item.strip() for item in value)

    def flag(self, key: str, default: bool) -> bool:
        """Returns true or false."""
        value = self.block.get(key, default)
        if not isinstance(value, bool):
            raise self.error(
                key,
                f"must be true or false, without quotes, not {value!r}",
                f"phải là true (có) hoặc false (không), không có dấu ngoặc kép, không phải {value!r}",
            )
        return value

    def number_of(self, key: str, value: object, *, least: float = 0, name: str = "") -> float:
        """Returns a value as a number of `least` or more. `name`: of the value, if the key has several."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < least:
            raise self.error(
                key,
                f"{name} must be a number of {least:g} or more, without quotes, not {value!r}".lstrip(),
                f"{name} phải là một số từ {least:g} trở lên, không có dấu ngoặc kép, không phải {value!r}".lstrip(),
            )
        return value

    def day(self, key: str, value: object) -> date | None:
        """Returns a day, written as a text or as a date of TOML. Returns None for an empty text."""
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value) if value else None  # type: ignore[arg-type]
        except (TypeError, ValueError):
            raise self.error(
                key, f'{value!r} is not a day; write it like "2008-03-01"', f'{value!r} không phải là ngày; hãy viết như "2008-03-01"'
            ) from None
