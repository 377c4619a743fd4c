"""Describes a published copy: datapackage.json (Frictionless) with every table and column, and manifest.json."""

from __future__ import annotations

import sqlite3
import sysconfig
from collections.abc import Mapping
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import Any

import scraper
from scraper.model import UserError
from scraper.publishing.checks import connect_readonly
from scraper.store.observed_triggers import UNDATED
from scraper.two_languages import Message

_TYPES = {"INTEGER": "integer", "FLOAT": "number", "REAL": "number", "TEXT": "string"}
_SHARED = "share/vietnam-government-news-archive"
DATABASE = "archive.db"


def served_files() -> tuple[Path, Path]:
    """Returns metadata.yml and settings.json, which Datasette needs beside the archive and which describe its tables.
    Raises: UserError if the installation lacks them.
    """
    folders = (Path(scraper.__file__).parent.parent, Path(sysconfig.get_path("data")) / _SHARED)
    for folder in folders:
        if (folder / "metadata.yml").is_file():
            return folder / "metadata.yml", folder / "settings.json"
    raise UserError(
        Message(
            f"{folders[-1]}: lacks metadata.yml, which describes the tables; install the package again",
            f"{folders[-1]}: thiếu metadata.yml, tệp mô tả các bảng; hãy cài lại gói",
        )
    )


def data_package(path: Path, metadata: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the descriptor of a database file: each table is a resource with all of its columns, described in English and Vietnamese.

    `metadata`: the content of metadata.yml. `facts`: name, title, version and time of the package, bytes and digest of the file.
    """
    described: Mapping[str, Any] = metadata["databases"]["archive"]["tables"]
    with closing(connect_readonly(path)) as database:
        sql = "select name from sqlite_master where type in ('table', 'view') order by name"
        tables = [str(name) for (name,) in database.execute(sql) if name in described and not described[name].get("hidden")]
        resources = [_resource(database, name, described[name], tables) for name in tables]
    file = {
        "name": "database",
        "type": "file",
        "path": DATABASE,
        "format": "sqlite3",
        "mediatype": "application/vnd.sqlite3",
        "bytes": facts["bytes"],
        "hash": f"sha256:{facts['sha256']}",
        "description": "All tables in one SQLite file. / Tất cả các bảng trong một tệp SQLite.",
    }
    return {
        "profile": "data-package",
        "name": facts["name"],
        "title": facts["title"],
        "description": metadata["description"],
        "version": facts["version"],
        "created": facts["created"],
        "licenses": [{"name": "other", "title": metadata["license"]}],
        "resources": [file, *resources],
    }


def _resource(database: sqlite3.Connection, table: str, described: Mapping[str, Any], tables: list[str]) -> dict[str, Any]:
    columns = database.execute(f'pragma table_info("{table}")').fetchall()
    schema: dict[str, Any] = {"fields": [_field(column, described["columns"]) for column in columns]}
    if primary := [column[1] for column in sorted(columns, key=lambda column: int(column[5])) if column[5]]:
        schema["primaryKey"] = primary
    keys = database.execute(f'pragma foreign_key_list("{table}")').fetchall()
    if foreign := [
        {"fields": [key[3]], "reference": {"resource": key[2] if key[2] != table else "", "fields": [key[4]]}}
        for key in keys
        if key[2] in tables
    ]:
        schema["foreignKeys"] = foreign
    return {
        "name": table,
        "type": "table",
        "title": described["title"],
        "description": described["description"],
        "path": f"sqlite:///{DATABASE}",
        "scheme": "sqlite",
        "format": "sql",
        "dialect": {"sql": {"table": table}},
        "schema": schema,
    }


def _field(column: tuple[Any, ...], descriptions: Mapping[str, str]) -> dict[str, Any]:
    _, name, kind, not_null, _, primary = column
    field: dict[str, Any] = {"name": name, "type": _TYPES.get(str(kind).upper(), "any"), "description": descriptions[name]}
    return field | ({"constraints": {"required": True}} if not_null or primary else {})


def coverage_gaps(path: Path) -> list[dict[str, Any]]:
    """Returns the months of each source that were not completely observed, joined to periods of one state. What has no day is a period of
    its own, from `unknown` to `unknown`.
    """
    with closing(connect_readonly(path)) as database:
        rows = database.execute("select source_id, month, state from observed order by source_id, month").fetchall()
    gaps = []
    for (source_id, state, _is_dated), months in groupby(rows, key=lambda row: (row[0], row[2], row[1] != UNDATED)):
        listed = [month for _, month, _ in months]
        if state != "complete":
            gaps.append({"source": source_id, "from": listed[0], "to": listed[-1], "state": state})
    return gaps
