"""Named queries with a limit that is that of their page: an answer that the limit has cut says so.

Such a limit is at the end of the SQL, or it has the comment `/* of the page */` after it. Files leave it out. For a page, one row more
than the limit is requested. If it is there, the answer is marked as cut, as Datasette marks one that has more rows than
`max_returned_rows`: pages and charts say it, and JSON has `truncated`.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Results
    from datasette.utils.asgi import Request

_OWN_LIMIT = re.compile(r"\s+limit\s+(?P<most>\d+)\s*(?:/\* of the page \*/|;?\s*$)", re.IGNORECASE)
_named: ContextVar[str | None] = ContextVar("named", default=None)  # the SQL of the named query that is answered


def without_limit(sql: str) -> str:
    """Returns the SQL of a named query without the limit of its page.

    >>> without_limit("select * from (select id from articles limit 9 /* of the page */) order by 1")
    'select * from (select id from articles) order by 1'
    """
    return _OWN_LIMIT.sub("", sql)


@contextmanager
def answering(sql: str) -> Iterator[None]:
    """Marks the answer to this SQL, that of a named query, if its limit cuts it."""
    token = _named.set(sql)
    try:
        yield
    finally:
        _named.reset(token)


def begin(datasette: Datasette) -> None:
    """Makes the databases of a server mark such answers."""
    from datasette.views.database import QueryView  # here, because it loads Datasette's plugins, of which this is one

    if not hasattr(QueryView, "data_of_any_query"):  # several servers may be in one process
        QueryView.data_of_any_query = QueryView.data
        QueryView.data = _data
    for database in datasette.databases.values():
        database.execute = _executing(database.execute)


async def _data(view: Any, request: Request, sql: str, *more: Any, canned_query: str | None = None, **options: Any) -> Any:
    """Replaces the method of Datasette that returns what the page of a query needs."""
    if canned_query is None:
        return await view.data_of_any_query(request, sql, *more, **options)
    with answering(sql):
        return await view.data_of_any_query(request, sql, *more, canned_query=canned_query, **options)


def _executing(as_before: Callable[..., Awaitable[Results]]) -> Callable[..., Awaitable[Results]]:
    from datasette.database import Results

    async def execute(sql: str, *arguments: Any, **options: Any) -> Results:
        limit = _OWN_LIMIT.search(sql) if sql == _named.get() else None
        if limit is None:
            return await as_before(sql, *arguments, **options)
        most = int(limit["most"])
        found = await as_before(_OWN_LIMIT.sub(f"\nlimit {most + 1} ", sql), *arguments, **options)
        return Results(found.rows[:most], found.truncated or len(found.rows) > most, found.description)

    return execute
