"""The filters of a table's page: in a typed text, `%` and `_` are characters and not wildcards; and a filter of a column that the table
does not have is an error. SQLite would take its name for a text, so that no row fits, and a mistyped name would look like an answer.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from datasette.filters import Filters, TemplatedFilter

from scraper.web import error_texts, parameters

if TYPE_CHECKING:
    from datasette.database import Database
    from datasette.utils.asgi import Request

_KEYS = ("contains", "startswith", "endswith")


class LiteralFilter(TemplatedFilter):  # type: ignore[misc] # Datasette has no type hints
    """A filter with LIKE that finds exactly the typed characters; letters of ASCII in any case."""

    def where_clause(self, table: str, column: str, value: str, param_counter: int) -> Any:
        """Returns the SQL of the condition, and its value."""
        return super().where_clause(table, column, re.sub(r"([\\%_])", r"\\\1", value), param_counter)


async def check(database: Database, table: str, request: Request) -> None:
    """Raises: BadRequest for a parameter, or a filter of a column or with a condition, that there is not."""
    from datasette.utils.asgi import BadRequest  # here, because it loads Datasette's plugins, of which this is one

    if fault := parameters.of_table(request.args):
        raise error_texts.bad_request(fault)
    columns = {"rowid", *await database.table_columns(table)}
    for name in request.args:
        column, found, condition = name.rpartition("__")
        if name.startswith("_") and not found:
            continue  # an argument of the page
        if found and condition not in Filters._filters_by_key and name not in columns:
            raise BadRequest(f"no such condition: {condition}")
        if not {column if found else name, name} & columns:
            raise BadRequest(f"no such column: {column if found else name}")


def begin() -> None:
    """Replaces Datasette's filters."""
    for place, one in enumerate(Filters._filters):
        if one.key in _KEYS and not isinstance(one, LiteralFilter):
            sql = f"{one.sql_template} escape '\\'"
            literal = LiteralFilter(one.key, one.display, sql, one.human_template, one.format)
            Filters._filters[place] = Filters._filters_by_key[one.key] = literal
