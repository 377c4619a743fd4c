"""One order for the rows of a table's page, so that its pages together have each row once.

Datasette sorts the first page only by the chosen column, and the later ones by that column and the keys. Rows with equal values may then
be on two pages or on none.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datasette.utils import CustomRow, escape_sqlite, tilde_decode

from scraper.web import table_filters

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database, Results
    from datasette.utils.asgi import Request


@dataclass(frozen=True, slots=True)
class Order:
    """How a page is sorted, and the keys that make this one order, both as SQL."""

    typed: str
    keys: str

    def completed(self, sql: str) -> str:
        """Returns the query of a page with the keys in its order; any other query as it is.

        >>> Order("unit_id desc", "id").completed("select * from articles order by unit_id desc limit 101")
        'select * from articles order by unit_id desc, id limit 101'
        """
        head, found, tail = sql.rpartition(f"order by {self.typed}")
        return f"{head}{found}, {self.keys}{tail}" if found and (not tail or tail.startswith(" limit ")) else sql


_order: ContextVar[Order | None] = ContextVar("order", default=None)


def begin(datasette: Datasette) -> None:
    """Makes the tables of a server have one order."""
    from datasette.views import table  # here, because it loads Datasette's plugins, of which this is one

    table.CustomRow = LabelledRow
    if not hasattr(table.TableView, "sorted_by_the_column_only"):  # several servers may be in one process
        table.TableView.sorted_by_the_column_only = table.TableView._data_traced
        table.TableView._data_traced = _data
    for database in datasette.databases.values():
        database.execute = _executing(database.execute)


async def _data(view: Any, request: Request, *options: Any) -> Any:
    """Replaces the method of Datasette that returns what the page of a table needs."""
    await _check_filters(view.ds, request)
    order = await _order_of(view.ds, request)
    token = _order.set(order)
    try:
        found = await view.sorted_by_the_column_only(request, *options)
    finally:
        _order.reset(token)
    if order is not None and isinstance(found, tuple):  # not a redirect
        found[0]["query"]["sql"] = order.completed(found[0]["query"]["sql"])
    return found


def _executing(as_before: Callable[..., Awaitable[Results]]) -> Callable[..., Awaitable[Results]]:
    async def execute(sql: str, params: Any = None, *more: Any, **options: Any) -> Results:
        if order := _order.get():
            sql = order.completed(sql)
            if isinstance(params, dict):  # a key of a row may be there with its name
                params = {name: value["value"] if isinstance(value, dict) else value for name, value in params.items()}
        return await as_before(sql, params, *more, **options)

    return execute


async def _check_filters(datasette: Datasette, request: Request) -> None:
    name, table = (tilde_decode(request.url_vars[part]) for part in ("database", "table"))
    database: Database | None = next((one for one in datasette.databases.values() if one.route == name), None)
    if database is not None and (await database.table_exists(table) or await database.get_view_definition(table)):
        await table_filters.check(database, table, request)


async def _order_of(datasette: Datasette, request: Request) -> Order | None:
    """Returns the order of a table's page; None if it is that of the keys, or if there is no such table."""
    name, table = (tilde_decode(request.url_vars[part]) for part in ("database", "table"))
    database: Database | None = next((one for one in datasette.databases.values() if one.route == name), None)
    if database is None or not await database.table_exists(table):
        return None
    metadata = datasette.table_metadata(database.name, table)
    column, descending = request.args.get("_sort"), request.args.get("_sort_desc")
    if not column and not descending:
        column, descending = metadata.get("sort"), metadata.get("sort_desc")
    keys = await database.primary_keys(table) or ["rowid"]
    if not (column or descending) or keys == [column or descending]:
        return None
    typed = escape_sqlite(column) if column else f"{escape_sqlite(descending)} desc"
    return Order(typed, ", ".join(map(escape_sqlite, keys)))


class LabelledRow(CustomRow):  # type: ignore[misc] # Datasette has no type hints
    """A row as Datasette makes it for names beside keys. A column that it lacks is an IndexError, as it is of SQLite's rows: Datasette then
    looks the value up, which it needs for the link to the next page if the column of the order is not shown.
    """

    def __getitem__(self, key: Any) -> Any:
        """Returns a value by the name or the place of its column. Raises: IndexError if the row has no such column."""
        try:
            return super().__getitem__(key)
        except KeyError:
            raise IndexError(key) from None
