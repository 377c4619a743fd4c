"""What an error page says, in the language of the page: our own messages, and the usual ones of Datasette, which knows only English."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Collection

from scraper.web.languages import current, is_own
from scraper.web.languages import gettext as _

# Messages of Datasette, and what the page says instead. %(value)s is the group of the pattern.
_OF_DATASETTE: tuple[tuple[re.Pattern[str], Callable[[], str]], ...] = (
    (re.compile("Table not found.*"), lambda: _("There is no table and no question of this name.")),
    (re.compile("Database not found.*"), lambda: _("There is nothing at this URL.")),
    (re.compile("Record not found.*", re.DOTALL), lambda: _("There is no such row.")),
    (re.compile("Cannot sort table by (?P<value>.*)", re.DOTALL), lambda: _("The table cannot be sorted by %(value)s.")),
    (re.compile("_n?o?col=(?P<value>.*) - invalid columns", re.DOTALL), lambda: _("The table has no column %(value)s.")),
    (re.compile("no such column: (?P<value>.*)", re.DOTALL), lambda: _("The table has no column %(value)s.")),
    (re.compile("no such condition: (?P<value>.*)", re.DOTALL), lambda: _("There is no condition %(value)s.")),
    (re.compile("_size must be a positive integer"), lambda: _("_size must be a positive whole number.")),
    (re.compile("_size must be <= (?P<value>.*)"), lambda: _("_size must be at most %(value)s.")),
    (re.compile("Cannot use _sort and _sort_desc.*"), lambda: _("Only one of _sort and _sort_desc can be used.")),
    (re.compile("Invalid _where"), lambda: _("_where must be one condition, without a semicolon.")),
    (
        re.compile("Invalid list"),
        lambda: _("A list in brackets must be JSON, like [1, 2]; values without brackets are separated by commas."),
    ),
    (re.compile("Invalid _timelimit"), lambda: _("_timelimit must be a whole number of milliseconds.")),
    (re.compile("Invalid _next"), lambda: _("_next must come from the link to the next page.")),
    (re.compile("Invalid _through"), lambda: _("_through must be JSON with a table that refers to this one, a column and a value.")),
    (re.compile("Statement must be a SELECT"), lambda: _("Only SELECT is allowed: the archive can only be read.")),
    (
        re.compile("(?:<p>)?SQL query took too long.*", re.DOTALL),
        lambda: _("The query took longer than the server allows, and was ended. Ask for less, for example for one year."),
    ),
)


def explained(message: str) -> tuple[str, str]:
    """Returns the text of an error and its language: "vi" or "en". SQLite's own messages stay in English.

    >>> explained("Table not found: nothing")
    ('Không có bảng hay câu hỏi nào tên như vậy.', 'vi')
    """
    for pattern, text in _OF_DATASETTE:
        if found := pattern.fullmatch(message):
            return text() % found.groupdict() if found.groupdict() else text(), current()
    return message, current() if is_own(message) else "en"


def bad_request(text: str) -> Exception:
    """Returns the error of a request whose message is in the language of the request, also if it has words of the visitor in it."""
    from datasette.utils.asgi import BadRequest  # here, because it loads Datasette's plugins, of which this is one

    error: Exception = BadRequest(text)
    error.language = current()  # type: ignore[attr-defined] # for the page of the error
    return error


def is_of_the_visitor(message: str) -> bool:
    """Returns whether Datasette's message says that the URL is wrong. It calls some of these faults of the server."""
    return any(pattern.fullmatch(message) for pattern, _text in _OF_DATASETTE)


def has_too_few_keys(exception: Exception) -> bool:
    """Returns whether the URL of a row has fewer keys than the table. Datasette then executes its query with what it has."""
    return isinstance(exception, sqlite3.ProgrammingError) and str(exception).startswith(
        "You did not supply a value for binding parameter :p"
    )


def of_the_visitor(exception: Exception, arguments: Collection[str]) -> tuple[str, int] | None:
    """Returns the message and the status of an error that Datasette calls one of the server, although the URL is wrong; None for others.
    `arguments`: of the query string.
    """
    if has_too_few_keys(exception):
        return "Record not found", 404
    if isinstance(exception, sqlite3.Warning | sqlite3.ProgrammingError) and "one statement at a time" in str(exception):
        return "Invalid _where", 400
    if isinstance(exception, json.JSONDecodeError) and any(name.endswith(("__in", "__notin")) for name in arguments):
        return "Invalid list", 400
    if isinstance(exception, ValueError) and "int()" in str(exception):
        wrong = next((name for name in ("_next", "_timelimit") if name in arguments), None)
        if wrong:  # _next of a view is the number of rows before the page
            return f"Invalid {wrong}", 400
    if "_through" in arguments and getattr(exception, "status", 500) >= 500:
        return "Invalid _through", 400  # Datasette reads it as JSON of a certain form without a check
    return None
