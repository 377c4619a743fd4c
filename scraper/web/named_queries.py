"""Runs a named query of metadata.yml for a page, and gives the URLs of the query itself, its SQL and its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from datasette.utils.asgi import NotFound

from scraper.web.cut_answers import answering
from scraper.web.inputs import Inputs
from scraper.web.languages import gettext as _
from scraper.web.question_inputs import inputs_of
from scraper.web.served_archive import archive_name

if TYPE_CHECKING:
    from datasette.app import Datasette

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a named query. `is_cut`: there are more than the limit of the query, or `max_returned_rows`, lets through. `is_too_slow`:
    it was ended by the time limit (`sql_time_limit_ms`), so there are no rows. `empty`: what it means that there are none. `inputs`: what
    was typed; if that cannot be answered, there are no rows either."""

    title: str
    description: str
    parameters: Sequence[str]
    columns: Sequence[str]
    rows: Sequence[Row]
    is_cut: bool
    is_too_slow: bool
    links: Mapping[str, str]
    empty: str = ""
    inputs: Inputs = field(default_factory=Inputs)


async def answer(datasette: Datasette, database: str, name: str, given: Mapping[str, str]) -> Answer:
    """Returns the rows of a named query, in the language of the request. A parameter that is not given is empty.

    Raises: NotFound if there is no such query.
    """
    from datasette.database import QueryInterrupted  # here, because it loads Datasette's plugins, of which this is one

    query = await datasette.get_canned_query(database, name, None)
    if query is None:
        raise NotFound(_("There is no table and no question of this name."))
    parameters = tuple(query.get("params") or ())
    inputs = await inputs_of(datasette, database, query, given)
    values = {one: given.get(one, "") for one in parameters} | inputs.values
    links = links_of(datasette, database, name, values)
    texts = (query.get("title") or name, query.get("description") or "", parameters)
    said: dict[str, Any] = {"links": links, "empty": query.get("empty") or "", "inputs": inputs}
    if not inputs.can_answer:
        return Answer(*texts, (), (), is_cut=False, is_too_slow=False, **said)
    try:
        with answering(query["sql"]):
            found = await datasette.execute(database, query["sql"], values, truncate=True)
    except QueryInterrupted:
        return Answer(*texts, (), (), is_cut=False, is_too_slow=True, **said)
    names = [column[0] for column in found.description]
    rows = [dict(zip(names, row, strict=True)) for row in found.rows]
    return Answer(*texts, names, rows, is_cut=found.truncated, is_too_slow=False, **said)


def links_of(datasette: Datasette, database: str, name: str, values: Mapping[str, str]) -> dict[str, str]:
    """Returns the URLs of a named query with its values: `query`, `sql`, `csv` and `json`."""
    url = str(datasette.urls.query(database, name))
    chosen = {one: value for one, value in values.items() if value}

    def with_values(path: str, **more: str) -> str:
        arguments = urlencode(chosen | more)
        return f"{path}?{arguments}" if arguments else path

    return {
        "query": with_values(url),
        "sql": with_values(url, _hide_sql="0"),
        "csv": with_values(f"{url}.csv"),
        "json": with_values(f"{url}.json", _shape="objects"),
    }


def served(datasette: Datasette) -> str:
    """Returns the name of the archive that is served. Raises: NotFound if there is none."""
    name = archive_name(datasette)
    if name is None:
        raise NotFound(_("There is no archive here."))
    return name
