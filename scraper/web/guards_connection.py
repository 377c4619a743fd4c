"""Limits of an SQLite connection that reads for visitors: what it may do, and how long a value, a statement or a pattern may be.

docs/serving.md has them as a table, with the reasons. `guards_worker` adds the limits of a whole process.
"""

from __future__ import annotations

import sqlite3

LONGEST_VALUE = 16 * 1024 * 1024  # bytes of a value or row: an article comes from a page of at most 10 MiB (DOWNLOAD_MAXSIZE)
LONGEST_OF_A_VISITOR = 4 * 1024 * 1024  # bytes, in a file of SQL that a visitor wrote: the server holds a value of two files several times
LONGEST_SQL = 64 * 1024  # bytes; the longest statement that Datasette makes for a page has about 2 kB
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: LONGEST_VALUE,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: LONGEST_SQL,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 50,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 200,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 5_000,  # the time of LIKE and GLOB is pattern times text
    sqlite3.SQLITE_LIMIT_VDBE_OP: 50_000,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
# Functions of SQLite that a reader never needs: they load code, or make SQLite use any place of the memory.
_FORBIDDEN = {"load_extension", "fts3_tokenizer", "sqlite_log"}
_READING = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
    sqlite3.SQLITE_TRANSACTION,
    sqlite3.SQLITE_SAVEPOINT,
}
# What Datasette reads about the schema, and what only sets a limit of the connection itself.
_PRAGMAS = {
    "data_version",
    "schema_version",
    "database_list",
    "foreign_key_list",
    "foreign_keys",
    "index_info",
    "index_list",
    "index_xinfo",
    "recursive_triggers",
    "table_info",
    "table_list",
    "table_xinfo",
    "application_id",
    "user_version",
    "compile_options",
    "function_list",
}
# Not `trusted_schema = off`: SQLite 3.40 then refuses json_extract in our own views. The authorizer also sees what a view calls.
_SETTINGS = (
    "pragma query_only = on",
    "pragma cell_size_check = on",
    "pragma cache_size = -8000",
    "pragma mmap_size = 0",
)


def harden(connection: sqlite3.Connection) -> None:
    """Limits a connection to reading, with short values and statements. It cannot attach a file, load code or change a setting any more."""
    for setting in _SETTINGS:
        connection.execute(setting)
    for limit, value in _LIMITS.items():
        connection.setlimit(limit, min(value, connection.getlimit(limit)))
    connection.set_authorizer(_may)


def _may(action: int, first: str | None, second: str | None, database: str | None, source: str | None) -> int:
    """Returns whether a statement may be prepared. SQLite calls it for each table, column and function that the statement names."""
    if action == sqlite3.SQLITE_FUNCTION:
        return sqlite3.SQLITE_DENY if (second or "").lower() in _FORBIDDEN else sqlite3.SQLITE_OK
    if action in _READING:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA and (first or "").lower() in _PRAGMAS:
        return sqlite3.SQLITE_OK
    # A table-valued function like json_each or pragma_table_info makes its table when it is first used.
    if action == sqlite3.SQLITE_CREATE_VTABLE or (action == sqlite3.SQLITE_UPDATE and first == "sqlite_master"):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY
