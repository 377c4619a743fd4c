"""The parameters that the URL of a page may have. A mistyped one is an error: Datasette would ignore it, and answer another question.

`top_documents.csv?year=2010` would be the documents of all years, and `articles.csv?_serch=nghe+an` all articles.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable

from scraper.web.languages import gettext as _

# Of the form of an answer, not of its rows.
_OF_FORM = {"_context", "_dl", "_extra", "_extras", "_format", "_header", "_hide_sql", "_json", "_json_infinity", "_labels", "_nl"}
_OF_FORM |= {"_plain", "_shape", "_show_sql", "_size", "_stream", "_timelimit", "_trace", "_ttl"}
_OF_FORM |= {"_nocount", "_nofacet", "_nosuggest"}  # which leave out what only tables have
_OF_TABLES = _OF_FORM | {"_col", "_facet", "_facet_array", "_facet_date", "_facet_size", "_fts_pk", "_fts_table", "_label", "_next"}
_OF_TABLES |= {"_nocol", "_search", "_searchmode", "_sort", "_sort_by_desc", "_sort_desc", "_through", "_where"}
# With a number, or with the name of a column: of the form for filters, and for the search in one column.
_NUMBERED_OF_TABLES = re.compile(r"_(?:filter_(?:column|op|value)(?:_\d{1,4})?|search_.+)")
_MOST_SHOWN = 40  # characters of a name


def of_query(given: Iterable[str], own: Collection[str]) -> str:
    """Returns what is wrong with the parameters of a page, "" if nothing is. `own`: those that the page has, beside those of Datasette."""
    return _said((name for name in given if name not in own and name not in _OF_FORM), own)


def of_choice(name: str, value: str | None, values: Collection[str]) -> str:
    """Returns what is wrong with the value of a parameter that has a few, "" if nothing is. None or "": it is not given."""
    if not value or value in values:
        return ""
    return _("“%(value)s” is not a value of “%(name)s”. It can be: %(names)s.") % {
        "value": value[:_MOST_SHOWN],
        "name": name,
        "names": ", ".join(values),
    }


def of_table(given: Iterable[str]) -> str:
    """Returns what is wrong with the parameters of a table that begin with an underscore, "" if nothing is. The others are filters."""
    unknown = (name for name in given if name.startswith("_") and name not in _OF_TABLES and not _NUMBERED_OF_TABLES.fullmatch(name))
    return _said(unknown, sorted(_OF_TABLES), is_short=False)


def _said(unknown: Iterable[str], known: Collection[str], *, is_short: bool = True) -> str:
    """Returns a sentence about the first unknown name. `is_short`: all that are known can be named."""
    name = next(iter(unknown), None)
    if name is None:
        return ""
    fault = _("There is no parameter “%(name)s” here.") % {"name": name[:_MOST_SHOWN]}
    offers = known if is_short else difflib.get_close_matches(name, known, n=2, cutoff=0.7)
    if is_short and not offers:
        hint = _("This page has no parameters.")
    elif offers:
        hint = _("It can be: %(names)s.") % {"names": ", ".join(offers)}
    else:
        return fault
    return f"{fault} {hint}"
