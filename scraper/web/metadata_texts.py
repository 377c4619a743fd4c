"""The texts of metadata.yml in one language. Pure.

The file has each text in both: titles as "English · Tiếng Việt", descriptions and the licence as "English / Tiếng Việt". The SQL of a named
query has `in_language('vi', ...)`, a function that returns its second or third argument.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_SEPARATORS = {"title": " · ", "description": " / ", "license": " / ", "empty": " / "}
_COLUMNS = "columns"
_SQL_LANGUAGE = "in_language('vi',"


def in_language(metadata: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Returns the metadata in one language. A text that does not have two halves stays as it is.

    >>> in_language({"title": "Units · Đơn vị", "columns": {"id": "Id. / Mã."}}, "vi")
    {'title': 'Đơn vị', 'columns': {'id': 'Mã.'}}
    """
    return {key: _value(key, value, language) for key, value in metadata.items()}


def _value(key: str, value: Any, language: str) -> Any:
    if isinstance(value, Mapping):
        if key == _COLUMNS:
            return {name: _half(text, " / ", language) if isinstance(text, str) else text for name, text in value.items()}
        return in_language(value, language)
    if isinstance(value, str) and key in _SEPARATORS:
        return _half(value, _SEPARATORS[key], language)
    if isinstance(value, str) and key == "sql":
        return value.replace(_SQL_LANGUAGE, f"in_language('{language}',")
    return value


def _half(text: str, separator: str, language: str) -> str:
    english, found, vietnamese = text.strip().partition(separator)
    return text if not found else english if language == "en" else vietnamese
