"""The link of a foreign key in a table, with the name of the row. Datasette's own link would lose the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from datasette.utils import tilde_encode
from markupsafe import Markup

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database

# The keys of each table, read once: column → the table that it refers to.
_KEYS: WeakKeyDictionary[Database, dict[str, dict[str, str]]] = WeakKeyDictionary()


async def _keys_of(datasette: Datasette, database: str, table: str) -> Mapping[str, str]:
    served = datasette.get_database(database)
    tables = _KEYS.setdefault(served, {})
    if table not in tables:
        tables[table] = {key["column"]: key["other_table"] for key in await served.foreign_keys_for_table(table)}
    return tables[table]


async def named_link(datasette: Datasette, database: str, table: str, column: str, value: object, plain: Markup) -> Markup:
    """Returns the link for a key that Datasette did not expand, as on the page of a row. `plain`: the link without a name, for a column
    that is not a foreign key.
    """
    if column not in await _keys_of(datasette, database, table):
        return plain
    labels = await datasette.expand_foreign_keys(database, table, column, [value])
    label = labels.get((column, value))
    if label is None:
        return plain
    return await link(datasette, database, table, column, {"value": value, "label": value if label == str(value) else label}) or plain


async def link(datasette: Datasette, database: str, table: str, column: str, expanded: Mapping[str, object]) -> Markup | None:
    """Returns the link for a key that Datasette expanded to its `value` and `label`. None if the column is not a foreign key."""
    other = (await _keys_of(datasette, database, table)).get(column)
    if other is None:
        return None
    value, label = expanded["value"], expanded["label"]
    url = datasette.urls.path(f"/-/file/{value}") if other == "files" else datasette.urls.row(database, other, tilde_encode(str(value)))
    if label == value:
        return Markup('<a href="{}">{}</a>').format(url, value)
    return Markup('<a href="{}">{}</a>&nbsp;<em>{}</em>').format(url, label or "-", value)
