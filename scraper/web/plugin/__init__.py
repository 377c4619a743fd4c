"""The Datasette plugin: Vietnamese search, SQL functions, pages for articles, documents and sources.

Datasette looks for `static/` and `templates/` in the package that its entry point names, so both are here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from click import ClickException
from datasette import Response
from datasette import hookimpl as _hookimpl
from jinja2 import pass_context
from markupsafe import Markup
from sqlite_utils import Database

from scraper.store.schema import migrations
from scraper.web import (
    about,
    attached_file_page,
    copies,
    cut_answers,
    days,
    diffusion_pages,
    error_texts,
    files,
    health,
    kept_pages,
    languages,
    linked_keys,
    lives,
    search_page,
    search_who_cited,
    table_filters,
    table_order,
    table_words,
)
from scraper.web.chart_pages import overview as charts_page
from scraper.web.chart_pages import page as chart_page
from scraper.web.document_names import document_name
from scraper.web.guards import begin, with_guards
from scraper.web.guards_admission import with_admission
from scraper.web.guards_connection import harden
from scraper.web.inputs import choices
from scraper.web.metadata_texts import in_language
from scraper.web.notices import App, database_of, with_notices
from scraper.web.pages import Archive, gaps_page, home_page
from scraper.web.plugin_settings import PLUGIN
from scraper.web.question_inputs import SCOPE_KEY, with_inputs, with_value
from scraper.web.question_pages import page as questions_page
from scraper.web.safe_links import is_web
from scraper.web.served_archive import archive_name, find_others, is_archive
from scraper.web.shared_links import with_shared_links
from scraper.web.sql_functions import register_functions

if TYPE_CHECKING:  # Datasette loads its plugins while its own modules are still being imported
    from datasette.app import Datasette
    from datasette.utils.asgi import Request
    from jinja2 import Environment
    from jinja2.runtime import Context

_Hook = TypeVar("_Hook", bound=Callable[..., Any])
# Datasette's hook decorator has no type hints.
hookimpl: Callable[[_Hook], _Hook] = _hookimpl
last_hookimpl: Callable[[_Hook], _Hook] = _hookimpl(trylast=True)


@last_hookimpl
def prepare_connection(conn: sqlite3.Connection, database: str) -> None:
    """Registers the SQL functions and limits the connection. It runs after all other plugins, because Datasette's own `escape_fts` does not
    know Vietnamese.
    """
    register_functions(conn)
    if not database.startswith("_"):  # Datasette writes to its own
        harden(conn)


@hookimpl
def startup(datasette: Datasette) -> Callable[[], Awaitable[None]]:
    """Returns the check of the archives that are to be served. Datasette calls it before its first request.

    Raises: ClickException, which `datasette` prints in one line, if an archive lacks tables or columns that the pages need.
    """

    # Imported here, because such modules load the plugins of Datasette, and would register this one before it is complete.
    from datasette import app as datasette_app
    from datasette import handle_exception as datasette_faults

    # If the package rich is installed, Datasette prints a traceback with all local variables for each wrong URL.
    datasette_faults.rich = None
    # Datasette has no hook for its URLs; its property `urls` makes this class.
    datasette_app.Urls = languages.LanguageUrls
    # The texts of metadata.yml now come from `get_metadata`, in the language of each request. Datasette would prefer its own copy.
    _METADATA[datasette] = {code: in_language(datasette._metadata_local, code) for code in languages.LANGUAGES}
    datasette._metadata_local = {}

    async def check() -> None:
        begin(datasette)
        table_filters.begin()
        table_order.begin(datasette)
        cut_answers.begin(datasette)
        await find_others(datasette)
        for database in datasette.databases.values():
            if not database.is_memory and await database.execute_fn(_is_outdated):
                raise ClickException(
                    f"{database.path}: was made by an earlier version of this program; run `scrapy reparse --write` before it is served"
                    " (`scrapy resolve` if its captures are not here) / do phiên bản cũ của chương trình tạo; trước khi phục vụ, hãy chạy"
                    " `scrapy reparse --write` (`scrapy resolve` nếu không có bản chụp ở đây)"
                )

    return check


def _is_outdated(conn: sqlite3.Connection) -> bool:
    """Returns whether the file is an archive with an earlier schema than that of this program. Only a command that writes updates it."""
    if not is_archive(conn):
        return False
    sql = "select name from _sqlite_migrations where migration_set = ?"
    applied = {name for (name,) in conn.execute(sql, [migrations.name])}
    # A list of all migrations: those that an empty database lacks.
    return any(one.name not in applied for one in migrations.pending(Database(memory=True)))


# The metadata of each server in each language.
_METADATA: WeakKeyDictionary[Datasette, dict[str, dict[str, Any]]] = WeakKeyDictionary()


@hookimpl
def get_metadata(datasette: Datasette) -> dict[str, Any]:
    """Returns the metadata in the language of the request."""
    return _METADATA.get(datasette, {}).get(languages.current(), {})


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    """Adds gettext to the templates: `_("...")` and `{% trans %}`, and what else depends on the language."""
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(languages.gettext, languages.ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.globals["ngettext"] = _ngettext
    env.globals["language"] = languages.current
    env.globals["languages"] = languages.LANGUAGES
    env.globals["either"] = languages.either
    for function in (
        table_words.code_in,
        table_words.column_name,
        table_words.conditions_of,
        table_words.column_head,
        table_words.lang_of,
        table_words.lookup_name,
        table_words.number_in,
        table_words.path_with_added_facet,
        table_words.path_without_column,
        document_name,
    ):
        env.globals[function.__name__] = function
    env.filters["number"] = languages.number
    env.filters["day"] = days.day
    env.filters["time"] = days.time
    env.filters["is_web"] = is_web


@pass_context
def _ngettext(context: Context, singular: str, plural: str, number: int, **values: Any) -> str:
    """Returns a text for a number, in which `%(num)s` is the number as people write it: Jinja's own would be 6006 beside 6,006."""
    found = languages.ngettext(singular, plural, number)
    return (Markup(found) if context.eval_ctx.autoescape else found) % {"num": languages.number(number), **values}


@hookimpl
def extra_template_vars(datasette: Datasette, database: str | None, request: Request | None) -> dict[str, Any]:
    """Returns `archive`, whose methods the templates call for their data, and the URL of the page in each language."""
    shared = {
        "language_urls": languages.urls_of(datasette, request) if request else {},
        "inputs": request.scope.get(SCOPE_KEY) if request else None,
        "choices": choices,
        "in_words": lambda text: table_words.in_words(text, _titles(datasette)),
        "with_value": lambda name, value: with_value(request, name, value),
        "table_title": lambda name, table: datasette.table_metadata(name, table).get("title") or table,
        "table_description": lambda name, table: datasette.table_metadata(name, table).get("description") or "",
    }
    is_served = database in datasette.databases and not str(database).startswith("_")
    name = database if is_served else archive_name(datasette)
    return shared | ({"archive": Archive(datasette, name)} if name else {})


def _titles(datasette: Datasette) -> dict[str, str]:
    """Returns what the named queries are called in the language of the request."""
    databases = (_METADATA.get(datasette, {}).get(languages.current()) or {}).get("databases") or {}
    queries = [one for database in databases.values() for one in (database.get("queries") or {}).items()]
    return {name: query["title"] for name, query in queries if isinstance(query, dict) and query.get("title")}


@hookimpl
def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Callable[[], Awaitable[Response | None]]:
    """Returns the page of an error that a visitor made, like a wrong URL: with our style and the notices of the archive. Other errors, and
    requests for JSON, are left to Datasette.
    """

    from datasette.views.base import DatasetteError  # here for the reason that `startup` states

    async def page() -> Response | None:
        message = str(exception.message if isinstance(exception, DatasetteError) else exception)
        if isinstance(exception, DatasetteError) and exception.status == 500 and error_texts.is_of_the_visitor(message):
            exception.status = 400  # also in the JSON, which Datasette writes
        status = getattr(exception, "status", 500)
        known = error_texts.of_the_visitor(exception, request.args)
        if known is not None:
            message, status = known
            if request.path.endswith(".json"):
                return Response.json({"ok": False, "error": message, "status": status, "title": None}, status=status)
        if status >= 500 or request.path.endswith(".json"):
            return None
        text, language = error_texts.explained(message)
        language = getattr(exception, "language", language)
        if text == message and isinstance(exception, DatasetteError) and exception.message_is_html:
            text = Markup(text)
        database = database_of(datasette, request.path)
        context = {"ok": False, "error": text, "error_language": language, "status": status, "title": None, "database": database}
        html = await datasette.render_template([f"{status}.html", "error.html"], context, request=request)
        return Response.html(html, status=status)

    return page


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[App], App]:
    """Returns the wrapper that takes from a shared link what was added to it, inside it the one that guards the server, then the one that
    takes the language from the path, then the one that lets only so many heavy requests in, the one that writes the notices of an archive
    into its exports, and the one that checks the fields of queries.
    """

    def wrapped(app: App) -> App:
        admitted = with_admission(datasette, with_notices(datasette, with_inputs(datasette, app)))
        return with_shared_links(with_guards(datasette, languages.with_language(datasette, admitted)))

    return wrapped


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Callable[..., Awaitable[object]]]]:
    """Returns the pages that are not about one row: health, gaps, search and diffusion; and the files of all tables."""
    return [
        *files.routes(datasette),
        (r"^/$", home_page),
        (r"^/-/copies$", copies.page),
        (r"^/-/copies/(?P<copy>[^/]+)/(?P<name>[^/]+)$", copies.download),
        (r"^/-/health$", health.page),
        (r"^/-/health\.json$", health.as_json),
        (r"^/-/health\.atom$", health.feed),
        (r"^/-/gaps$", gaps_page),
        (r"^/-/lives$", lives.page),
        (r"^/-/about$", about.page),
        (r"^/-/kept/(?P<capture>\d{1,15})$", kept_pages.page),
        (r"^/-/kept/(?P<capture>\d{1,15})/page$", kept_pages.frame),
        (r"^/-/file/(?P<file>\d{1,15})$", attached_file_page.page),
        (r"^/-/search$", search_page.page),
        (r"^/-/search\.json$", search_page.as_json),
        (r"^/-/who-cited$", search_who_cited.page),
        (r"^/-/who-cited\.(?P<format>csv|json)$", search_who_cited.as_file),
        (r"^/-/questions$", questions_page),
        (r"^/-/charts$", charts_page),
        (r"^/-/charts/(?P<name>\w{1,60})$", chart_page),
        (r"^/-/diffusion/(?P<document>\d{1,15})$", diffusion_pages.page),
        (r"^/-/diffusion/(?P<document>\d{1,15})\.(?P<format>csv|json)$", diffusion_pages.as_file),
    ]


@hookimpl
def register_output_renderer() -> list[dict[str, Any]]:
    """Returns the formats of files that pages link to."""
    return files.renderers()


@hookimpl
def extra_css_urls(datasette: Datasette) -> list[str]:
    """Returns the URLs of the style sheets."""
    return [datasette.urls.static_plugins(PLUGIN, name) for name in ("archive.css", "charts.css", "search.css")]


@hookimpl
def extra_js_urls(datasette: Datasette, view_name: str) -> list[object]:
    """Returns the URLs of the scripts. They only add comfort; every page works without them."""
    urls: list[object] = [{"url": datasette.urls.static_plugins(PLUGIN, "archive.js"), "module": True}]
    if view_name in ("table", "query", "database"):  # "database": the page of the result of SQL that a visitor wrote
        urls.append({"url": datasette.urls.static_plugins(PLUGIN, "chart_builder.js"), "module": True})
    return urls


# Columns that hold the key of a row: column → table. In a table, Datasette adds the name of the row (`linked_keys`).
_KEYS = {
    "article_id": "articles",
    "document_id": "documents",
    "source_id": "sources",
    "unit_id": "units",
    "capture_id": "captures",
    "revision_id": "revisions",
    "other_document_id": "documents",
    "doubtful_article_id": "articles",
    "first_article_id": "articles",
    "former_id": "articles",
    "former_source": "sources",
    "nearest_unit_id": "units",
}


# Characters that are shown of a time if only its day or month is known. The zeros after them mean nothing.
_SHOWN_LENGTH = {"day": 10, "month": 7, "minute": 16}


@hookimpl
def render_cell(
    row: sqlite3.Row, value: object, column: str, table: str | None, database: str, datasette: Datasette
) -> Markup | Awaitable[Markup | None] | None:
    """Renders a key as a link to its row, and a time of publication only as precisely as it is known."""
    if table is not None and isinstance(value, Mapping):
        return linked_keys.link(datasette, database, table, column, value)
    if column == "file_id" and isinstance(value, int):
        return Markup('<a href="{}">{}</a>').format(datasette.urls.path(f"/-/file/{value}"), value)
    if column in _KEYS and value is not None:
        plain = Markup('<a href="{}">{}</a>').format(datasette.urls.row(database, _KEYS[column], str(value)), value)
        return linked_keys.named_link(datasette, database, table, column, value, plain) if table is not None else plain
    if column == "published_at" and table == "articles" and value is not None and "published_precision" in row.keys():  # noqa: SIM118
        shown = str(value)[: _SHOWN_LENGTH[row["published_precision"]]].replace("T", " ")
        return Markup('<time datetime="{}">{}</time>').format(value, shown)
    if (written := table_words.number_in(column, value)) is not None:
        return Markup('<data value="{}">{}</data>').format(value, written)
    if (meaning := table_words.code_name(column, value)) is not None:
        return Markup('<data value="{}">{}</data>').format(value, meaning)
    return None
