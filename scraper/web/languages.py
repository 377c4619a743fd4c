"""The language of a page: Vietnamese at /..., English at /en/... . Texts are written in English and translated with gettext.

`locale/vi/LC_MESSAGES/messages.po` has the Vietnamese texts. It is read once, when the first text is needed: there is nothing to compile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from datasette.url_builder import Urls
from datasette.utils import PrefixedUrlString

from scraper.numbers import formatted, shortest
from scraper.web.notices import App, Message, Send

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

DEFAULT = "vi"
# code → the name of the language in that language
LANGUAGES: Mapping[str, str] = {"vi": "Tiếng Việt", "en": "English"}

_CURRENT: ContextVar[str] = ContextVar("language", default=DEFAULT)
_LOCALE = Path(__file__).parent / "locale"
_STATIC = ("-/static/", "-/static-plugins/")  # the same files for both languages


def current() -> str:
    """Returns the language of the request that is being answered: "vi" or "en"."""
    return _CURRENT.get()


@contextmanager
def using(language: str) -> Iterator[None]:
    """Makes a language the current one in a `with` block."""
    token = _CURRENT.set(language)
    try:
        yield
    finally:
        _CURRENT.reset(token)


@cache
def _translations(language: str) -> NullTranslations:
    path = _LOCALE / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return NullTranslations()  # English, in which the texts are written
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def gettext(message: str) -> str:
    """Returns a text in the current language; in English, if there is no translation."""
    return str(_translations(current()).gettext(message))


@cache
def _own(language: str) -> frozenset[str]:
    with (_LOCALE / "vi" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        messages = [one for one in read_po(file, locale="vi") if isinstance(one.id, str)]
    return frozenset(str(one.id if language == "en" else one.string) for one in messages)


def is_own(text: str) -> bool:
    """Returns whether a text is one of this program's, in the current language."""
    return text in _own(current())


def ngettext(singular: str, plural: str, number: int) -> str:
    """Returns the text for a number, in the current language."""
    return str(_translations(current()).ngettext(singular, plural, number))


def either(vietnamese: str | None, english: str | None) -> str:
    """Returns one of two texts by the current language; the other one if it is missing; "" if both are."""
    first, second = (english, vietnamese) if current() == "en" else (vietnamese, english)
    return first or second or ""


def name_column() -> str:
    """Returns the column of a table like `rules` that holds names in the current language: "name" or "name_en"."""
    return "name_en" if current() == "en" else "name"


def number(value: object) -> str:
    """Returns a number as people write it, and a text as it is: SQLite keeps texts in a column of numbers, too.

    >>> number(1234567)
    '1.234.567'
    """
    if not isinstance(value, int | float):
        return str(value)
    return formatted(value, current())


def short_number(value: float) -> str:
    """Returns a number without zeros at its end, in the current language."""
    return shortest(value, current())


class LanguageUrls(Urls):  # type: ignore[misc] # Datasette has no type hints
    """Datasette's URLs, in the current language."""

    def path(self, path: str, format: str | None = None) -> PrefixedUrlString:
        """Returns the URL of a path: /archive in Vietnamese, /en/archive in English. Static files have one URL."""
        if current() != DEFAULT and not isinstance(path, PrefixedUrlString) and not path.lstrip("/").startswith(_STATIC):
            path = f"/{current()}/{path.removeprefix('/')}"
        return super().path(path, format=format)

    def in_language(self, url: str) -> str:
        """Returns the URL of a page in the current language. Datasette makes some, like those of facets, from the path of the request."""
        parts = urlsplit(url)
        base = str(self.ds.setting("base_url"))
        if current() == DEFAULT or f"{parts.path}/".startswith(f"{base}{current()}/") or not parts.path.startswith("/"):
            return url
        return urlunsplit(parts._replace(path=str(self.path(parts.path.removeprefix(base)))))


def urls_of(datasette: Datasette, request: Request) -> dict[str, str]:
    """Returns the URL of the requested page in each language, with its query string."""
    path = request.path.removeprefix(str(datasette.setting("base_url")).rstrip("/"))
    found = {}
    for language in LANGUAGES:
        with using(language):
            found[language] = str(datasette.urls.path(path)) + (f"?{request.query_string}" if request.query_string else "")
    return found


def with_language(datasette: Datasette, app: App) -> App:
    """Returns an ASGI application that answers /en/archive as `app` answers /archive, in English."""

    async def answer(scope: Message, receive: Callable[[], Awaitable[Message]], send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        base = str(datasette.setting("base_url"))
        language, scope = _split(base, scope)
        with using(language):
            await app(scope, receive, send if language == DEFAULT else _redirecting(base, language, send))

    return answer


def _split(base: str, scope: Message) -> tuple[str, Message]:
    """Returns the language that the path of a request names, and the request without it."""
    path = str(scope["path"])
    # A proxy may have taken the base URL off the path.
    start = base if base != "/" and path.startswith(base) else "/"
    first = path[len(start) :].partition("/")[0]
    if first == DEFAULT or first not in LANGUAGES:
        return DEFAULT, scope
    changed: MutableMapping[str, Any] = {**scope, "path": start + path[len(start) + len(first) :].lstrip("/")}
    if scope.get("raw_path") is not None:
        raw = bytes(scope["raw_path"])
        changed["raw_path"] = start.encode() + raw[len(start) + len(first) :].lstrip(b"/")
    return first, changed


def _redirecting(base: str, language: str, send: Send) -> Send:
    """Returns what passes on a response. A redirect to a path without the language, like Datasette's own for /archive/, gets it."""
    prefix = f"{base}{language}/".encode()

    def fixed(name: bytes, value: bytes) -> bytes:
        if name.lower() != b"location" or not value.startswith(b"/") or value.startswith((prefix, b"//")):
            return value
        return prefix + value.removeprefix(base.encode()).lstrip(b"/")

    async def pass_on(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [(name, fixed(name, value)) for name, value in message.get("headers", [])]}
        await send(message)

    return pass_on
