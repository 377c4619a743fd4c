"""What `metadata.yml` says of tables and named queries, read once in a process."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any

import yaml

from tests.conftest import PROJECT

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, but only if PyYAML was compiled with libyaml


@cache
def _metadata() -> dict[str, Any]:
    found: dict[str, Any] = yaml.load((PROJECT / "metadata.yml").read_text(encoding="utf-8"), Loader=_LOADER)
    return found


def metadata() -> dict[str, Any]:
    """Returns the whole file, as a copy that a test may change."""
    return deepcopy(_metadata())


def described_tables() -> dict[str, Any]:
    """Returns the descriptions of the tables, by name. Do not change them."""
    tables: dict[str, Any] = _metadata()["databases"]["archive"]["tables"]
    return tables


def named_queries() -> dict[str, Any]:
    """Returns the named queries, by name. Do not change them."""
    queries: dict[str, Any] = _metadata()["databases"]["archive"]["queries"]
    return queries
