"""The words of Datasette's pages in the language of the request: names of columns, conditions and codes in the cells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from datasette.utils import path_with_added_args
from markupsafe import Markup

from scraper.reference import rows
from scraper.text import fold
from scraper.web.code_names import named
from scraper.web.languages import current, either, number
from scraper.web.languages import gettext as _

if TYPE_CHECKING:
    from datasette.filters import Filters
    from datasette.utils.asgi import Request

# Columns that contain codes → the lists of `reference/labels.csv` that name them. The first list that has the code counts.
_CODES: Mapping[str, tuple[str, ...]] = {
    "status": ("status", "diffusion"),
    "relation": ("relation",),
    "confidence": ("confidence",),
    "command": ("command",),
    "outcome": ("run outcome", "capture outcome"),
    "reason": ("failure", "health reason", "web capture reason"),
    "gone_reason": ("failure",),
    "state": ("observed", "health state", "candidate state", "web capture", "move state", "file state", "text state", "source state"),
    "text_state": ("text state",),
    "document_state": ("held state",),
    "cut": ("text cut",),
    "font": ("font",),
    "state_before": ("health state",),
    "kind": ("kind", "gap", "citation kind", "unit kind", "file kind"),
    "field": ("field", "held field"),
    "type": ("document type",),
    "stage": ("stage",),
    "precision": ("precision",),
    "published_precision": ("precision",),
    "end_precision": ("end",),
    "language": ("language",),
    "made_by": ("made by",),  # else the host of a web archive
}
# Columns that contain codes of the table `rules`.
_RULES = frozenset(
    (
        "rule",
        "published_rule",
        "body_rule",
        "verdict",
        "event_date_rule",
        "date_rule",
        "encoding_rule",
        "document_rule",
        "rule_notes",
        "reasons",
    )
)


@cache
def _column_names() -> Mapping[str, tuple[str, str]]:
    return {row["column"]: (row["name_vi"], row["name_en"]) for row in rows("column_names")}


def column_name(column: str) -> str:
    """Returns what a column is called, like "Ngày đăng" for published_at. A column without a name: its name in SQL, with spaces."""
    names = _column_names().get(column)
    return either(*names) if names else column.replace("_", " ")


def column_head(column: str, columns: Sequence[str]) -> str:
    """Returns the head of a column of a result. A key beside the name of what it belongs to has the same name: it says that it is the key.

    >>> column_head("document_id", ["document", "document_id"]), column_head("document_id", ["document_id"])
    ('Văn bản (mã)', 'Văn bản')
    """
    name = column_name(column)
    is_twice = column.endswith("_id") and any(column_name(other) == name for other in columns if other != column)
    return _("%(name)s (key)") % {"name": name} if is_twice else name


def lang_of(value: object) -> Markup:
    """Returns the attribute of a cell with what a site published, on an English page: a screen reader must not read it as English.

    >>> lang_of("Hội thảo")
    Markup('')
    """
    text = value.get("label") if isinstance(value, Mapping) else value  # a key has the name of its row
    is_vietnamese = isinstance(text, str) and current() != "vi" and fold(text) != text.lower()
    return Markup(' lang="vi"') if is_vietnamese else Markup("")


# Columns of whole numbers that are names: years, keys, and numbers of articles on their sites.
_NAMES_IN_NUMBERS = re.compile(r"(?:.*_)?(?:id|year|number|key|serial|article|position|start|end|version)")


def number_in(column: str, value: object) -> str | None:
    """Returns the number in a cell as people write it. None for other values, and for columns that are not known: they may be years.

    >>> number_in("articles", 5914), number_in("percent", 25.0), number_in("year", 2015), number_in("first_number", 1234)
    ('5.914', '25,0', None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or column not in _column_names():
        return None
    return None if isinstance(value, int) and _NAMES_IN_NUMBERS.fullmatch(column) else number(value)


def in_words(description: str, titles: Mapping[str, str]) -> str:
    """Returns the description of a query, with the heads of columns and fields, and the titles of queries, instead of their names in SQL.
    `titles`: those of the queries, in the current language.

    >>> in_words("of_documents là tổng số; xem only_here", {"only_here": "Bài chỉ còn trong kho này"})
    '“Trong số văn bản” là tổng số; xem “Bài chỉ còn trong kho này”'
    """
    pattern, names = _names_in_texts(current(), tuple(titles.items()))
    return pattern.sub(lambda found: f"“{names[found[0]]}”", description)


@lru_cache(maxsize=8)
def _names_in_texts(language: str, titles: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], Mapping[str, str]]:
    """Returns what finds the names of columns and queries in a text in a language, and what to write instead of each."""
    names = {column: column_name(column) for column in _column_names() if "_" in column or language != "en"}
    names |= {name: title for name, title in titles if "_" in name}
    any_name = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.compile(rf"(?<![\w/.])(?:{any_name})(?![\w/.=]*\w)"), names


@cache
def _rule_names() -> Mapping[str, tuple[str, str]]:
    return {row["code"]: (row["name_vi"], row["name_en"]) for row in rows("rules")}


def code_name(column: str, value: object) -> str | None:
    """Returns what the code in a cell means, or None if the column does not contain codes or the code has no name.

    >>> code_name("outcome", "finished")
    'đã xong'
    """
    if not isinstance(value, str):
        return None
    if column in _RULES:
        found = [_rule_names()[code] for code in value.split() if code in _rule_names()]
        said = [either(*names) for names in found]
        # Some codes are named by a sentence.
        return (" " if all(one.endswith(".") for one in said) else "; ").join(said) or None
    return next((name for codes in _CODES.get(column, ()) if (name := named(codes, value)) != value), None)


def code_in(column: str, value: object) -> str:
    """Returns the text for a value that rows are counted by."""
    return code_name(column, value) or ("" if value is None else str(value))


def lookup_name(lookup: str, display: str) -> str:
    """Returns what a condition of Datasette is called. `display`: its English name, or a character like =, which stays."""
    names = {
        "contains": _("contains"),
        "endswith": _("ends with"),
        "startswith": _("starts with"),
        "like": _("is like (SQL)"),
        "notlike": _("is not like (SQL)"),
        "glob": _("matches the pattern (glob)"),
        "in": _("is one of"),
        "notin": _("is not one of"),
        "arraycontains": _("list contains"),
        "arraynotcontains": _("list does not contain"),
        "date": _("is on the day"),
        "isnull": _("is null"),
        "notnull": _("is not null"),
        "isblank": _("is empty"),
        "notblank": _("is not empty"),
    }
    return names.get(lookup, display)


def conditions_of(filters: Filters, search: str | None, wheres: Sequence[Mapping[str, Any]] | None, request: Request) -> list[str]:
    """Returns the conditions and the order of a table's page in words."""
    signs = {key: (display, no_argument) for key, display, no_argument in filters.lookups()}
    found = [_("search: %(words)s") % {"words": search}] if search else []
    for column, lookup, value in filters.selections():
        display, no_argument = signs.get(lookup, (lookup, False))
        name = code_in(column, value)
        found.append(f"{column_name(column)} {lookup_name(lookup, display)}{'' if no_argument else f' “{name}”'}")
    found += [_("SQL: %(condition)s") % {"condition": where["text"]} for where in wheres or ()]
    if request.args.get("_through"):
        found.append(_("with rows of another table"))
    if request.args.get("_sort_desc"):
        found.append(_("sorted by %(column)s, descending") % {"column": column_name(request.args.get("_sort_desc"))})
    elif request.args.get("_sort"):
        found.append(_("sorted by %(column)s") % {"column": column_name(request.args.get("_sort"))})
    return found


def path_with_added_facet(request: Request, column: str) -> str:
    """Returns the path of a page on which rows are counted by one more column."""
    return str(path_with_added_args(request, {"_facet": column}))


def path_without_column(request: Request, column: str) -> str:
    """Returns the path of a page without a column."""
    return str(path_with_added_args(request, {"_nocol": column}))
