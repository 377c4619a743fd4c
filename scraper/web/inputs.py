"""What a visitor may type into the fields of a named query: how it is read, and what is said if it means nothing.

metadata.yml states the kind of each field under `inputs`. A kind with "?" may be left empty.
"""

from __future__ import annotations

import difflib
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from scraper.text import fold
from scraper.web.code_names import named
from scraper.web.document_names import COLUMNS, distinct_name
from scraper.web.languages import gettext as _
from scraper.web.search_abbreviations import tokens
from scraper.web.search_documents import document_ids, suggestions, type_named
from scraper.web.search_query import LONGEST_QUERY, phrases
from scraper.web.typed_dates import is_backwards, typed_date
from scraper.web.unit_names import names_of_units, plain_words

_MOST_SUGGESTIONS = 5
_MOST_PHRASES = 4  # of `phrases`
CHOICES: Mapping[str, tuple[str, ...]] = {"borders": ("then", "now"), "units-of": ("provinces", "ministries", "all")}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a query: what was typed, and what the query gets for it. `read_as`: how it was read, if that is not obvious. `fault`: why
    it means nothing. `offers`: other values, each with its name."""

    name: str
    kind: str
    typed: str
    value: str = ""
    read_as: str = ""
    fault: str = ""
    is_missing: bool = False
    offers: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Inputs:
    """The fields of a query together. `fault`: why they do not fit each other. `examples`: query strings that give rows, each with a name,
    for a field that is missing; None: they were not looked for.
    """

    fields: Sequence[Field] = ()
    fault: str = ""
    examples: Sequence[tuple[str, str]] | None = None

    @property
    def values(self) -> dict[str, str]:
        """What the query gets."""
        return {one.name: one.value for one in self.fields}

    @property
    def faults(self) -> list[str]:
        """What is wrong, and which fields are empty, in the language of the request."""
        return [fault for fault in (*(one.fault for one in self.fields), self.fault) if fault]

    @property
    def is_wrong(self) -> bool:
        """Whether something was typed that means nothing."""
        return bool(self.fault) or any(one.fault and not one.is_missing for one in self.fields)

    @property
    def can_answer(self) -> bool:
        """Whether the query can be executed."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class Read:
    """A typed value as it was read."""

    value: str = ""
    read_as: str = ""
    fault: str = ""
    offers: Sequence[tuple[str, str]] = ()


Reader = Callable[[sqlite3.Connection, str], Read]


def read(connection: sqlite3.Connection, kinds: Mapping[str, str], given: Mapping[str, str]) -> Inputs:
    """Returns the fields of a query. `kinds`: the kind of each; `given`: what was typed."""
    fields = [_field(connection, name, kind, given.get(name) or "") for name, kind in kinds.items()]
    values = {one.name: one.value for one in fields}
    since, until = values.get("since", ""), values.get("until", "")
    return Inputs(fields, _("The period ends before it begins.") if is_backwards(since, until) else "")


def _field(connection: sqlite3.Connection, name: str, kind: str, typed: str) -> Field:
    text = typed.strip()[: 10 * LONGEST_QUERY]
    if not text:
        fault = "" if kind.endswith("?") else _missing(kind)
        return Field(name, kind, typed, fault=fault, is_missing=bool(fault))
    found = _READERS[kind.rstrip("?")](connection, text)
    return Field(name, kind, typed, found.value, found.read_as, found.fault, offers=found.offers)


def _missing(kind: str) -> str:
    """Returns what must be typed into a field that may not be empty."""
    return {
        "document": _("Type the number of a document, or words of its title."),
        "document-id": _("Type the number of a document, or its id."),
        "unit": _("Type a unit: its name or its code."),
        "article": _("Type the number of an article of the archive."),
    }.get(kind, _("Type words to look for."))


# ---- days and years


def _day(_connection: sqlite3.Connection, text: str) -> Read:
    stamp = typed_date(text)
    if stamp is None:
        return Read(fault=_("“%(text)s” is not a date. Write 2015, 6/2015, 30/06/2015 or 2015-06-30.") % {"text": text[:60]})
    shown = {4: _("the year %(stamp)s"), 7: _("the month %(stamp)s"), 10: _("the day %(stamp)s")}[len(stamp)] % {"stamp": stamp}
    return Read(stamp, shown)


def _year(_connection: sqlite3.Connection, text: str) -> Read:
    stamp = typed_date(text)
    if stamp is None:
        return Read(fault=_("“%(text)s” is not a year. Write a year like 2015.") % {"text": text[:60]})
    if len(stamp) > 4:
        return Read(stamp[:4], _("the whole year %(stamp)s, because this query counts by year") % {"stamp": stamp[:4]})
    return Read(stamp, _("the year %(stamp)s") % {"stamp": stamp} if text != stamp else "")


# ---- units and sources


def _unit(connection: sqlite3.Connection, text: str) -> Read:
    wanted, plain = text.casefold(), plain_words(text)
    served = {key: (name, full_name or "") for key, name, full_name in connection.execute("select id, name, full_name from units")}
    names = {key: _names_of_unit(key, *own) for key, own in served.items()}
    exact = [key for key in served if wanted == key] or [key for key in served if plain in names[key]]
    if exact:
        name = served[exact[0]][0]
        is_id = wanted == exact[0]
        return Read(exact[0] if is_id else name, name if fold(text) != fold(name) else "")
    of_sources = connection.execute(
        "select units.id, units.name, sources.id, sources.name from sources join units on units.id = unit_id order by sources.id"
    ).fetchall()
    own = [(key, name) for key, name, source, title in of_sources if wanted == source or plain == plain_words(title)]
    if own:
        unit = own[0][1]
        return Read(
            fault=_("“%(text)s” is a source, not a unit; its unit is %(unit)s.") % {"text": text[:60], "unit": unit}, offers=own[:1]
        )
    known = {plain_name: (key, served[key][0]) for key in served for plain_name in names[key] if plain_name}
    offers = _nearest(plain, known)
    return Read(fault=_("There is no unit “%(text)s”.") % {"text": text[:60]}, offers=offers)


@lru_cache(maxsize=1024)
def _names_of_unit(key: str, name: str, full_name: str) -> frozenset[str]:
    """Returns all names of a unit of the archive, and its id, as a typed text is compared with them."""
    return frozenset((key, *map(plain_words, (key, name, full_name)), *names_of_units(marked=False).get(key, ())))


def _source(connection: sqlite3.Connection, text: str) -> Read:
    wanted, plain = text.casefold(), plain_words(text)
    rows = connection.execute(
        "select sources.id, sources.name, units.name from sources join units on units.id = unit_id"
        " order by sources.id not in (select source_id from runs where source_id is not null), sources.id"
    ).fetchall()
    for key, name, _unit_name in rows:
        if wanted == key or plain == plain_words(name):
            return Read(key, name if wanted != key else "")
    of_unit = [(key, name) for key, name, unit in rows if plain == plain_words(unit)]
    known = {form: (key, name) for key, name, _unit_name in reversed(rows) for form in (key, plain_words(name))}
    offers = of_unit[:_MOST_SUGGESTIONS] or _nearest(plain, known)
    return Read(fault=_("There is no source “%(text)s”.") % {"text": text[:60]}, offers=offers)


def _nearest(plain: str, known: Mapping[str, tuple[str, str]]) -> list[tuple[str, str]]:
    """Returns the known things whose names are most similar: those that contain all words first."""
    words = plain.split()
    inside = [name for name in known if words and (name.startswith(plain) or all(word in name.split() for word in words))]
    close = [*sorted(inside, key=len), *difflib.get_close_matches(plain, known, n=_MOST_SUGGESTIONS, cutoff=0.6)]
    return list(dict.fromkeys(known[name] for name in close))[:_MOST_SUGGESTIONS]


# ---- documents and articles


def _offered(connection: sqlite3.Connection, ids: Iterable[int]) -> list[tuple[str, str]]:
    wanted = list(ids)[:_MOST_SUGGESTIONS]
    rows = connection.execute(f"select id, {COLUMNS} from documents where id in ({', '.join('?' * len(wanted))})", wanted).fetchall()
    names = {key: distinct_name(*columns) for key, *columns in rows}
    return [(f"#{key}", names[key]) for key in wanted if key in names]


def _document(connection: sqlite3.Connection, text: str) -> Read:
    if document_ids(connection, text):
        return Read(text)
    offers = _offered(connection, suggestions(connection, text))
    return Read(fault=_("No document fits “%(text)s”.") % {"text": text[:60]}, offers=offers)


def _document_id(connection: sqlite3.Connection, text: str) -> Read:
    if text.isascii() and text.isdigit() and len(text) < 16 and (known := document_ids(connection, f"#{text}")):
        return Read(str(known[0]))
    ids = document_ids(connection, text)
    offers = _offered(connection, ids or suggestions(connection, text))
    if len(ids) == 1:
        return Read(str(ids[0]), "" if text.startswith("#") else offers[0][1])
    fault = _("Several documents fit “%(text)s”.") if ids else _("No document fits “%(text)s”.")
    return Read(fault=fault % {"text": text[:60]}, offers=offers)


def _article(connection: sqlite3.Connection, text: str) -> Read:
    is_number = text.isascii() and text.isdigit() and len(text) < 16
    if is_number and connection.execute("select 1 from articles where id = ?", [int(text)]).fetchone():
        return Read(str(int(text)))
    return Read(fault=_("The archive has no article of the number “%(text)s”.") % {"text": text[:60]})


def _type(connection: sqlite3.Connection, text: str) -> Read:
    types = [name for (name,) in connection.execute("select distinct type from documents order by 1")]
    wanted = type_named(tokens(text)) or text
    for name in types:
        if fold(name) == fold(wanted):
            return Read(name, name if fold(name) != fold(text) else "")
    known = {plain_words(name): (name, named("document type", name)) for name in types}
    return Read(fault=_("There is no type of documents “%(text)s”.") % {"text": text[:60]}, offers=_nearest(plain_words(text), known))


# ---- words and choices


def _words(_connection: sqlite3.Connection, text: str) -> Read:
    return Read(text)


def _phrases(_connection: sqlite3.Connection, text: str) -> Read:
    wanted = [one for one in text.split(";") if one.strip()]
    if phrases(text) == "[]":
        return Read(fault=_("“%(text)s” has no word.") % {"text": text[:60]})
    return Read(text, _("only the first %(count)s phrases") % {"count": _MOST_PHRASES} if len(wanted) > _MOST_PHRASES else "")


def choice_names() -> Mapping[str, str]:
    """Returns what the values of the choices are called."""
    return {
        "then": _("of the day of signing"),
        "now": _("of today"),
        "provinces": _("provinces and cities"),
        "ministries": _("ministries and agencies"),
        "all": _("all units"),
    }


def choices(kind: str) -> list[tuple[str, str]]:
    """Returns the values of a field that is a choice, each with its name; none for another kind."""
    names = choice_names()
    return [(one, names[one]) for one in CHOICES.get(kind.rstrip("?"), ())]


def _choice(kind: str) -> Reader:
    def chosen(_connection: sqlite3.Connection, text: str) -> Read:
        if text in CHOICES[kind]:
            return Read(text)
        return Read(fault=_("There is no such choice as “%(text)s”.") % {"text": text[:60]}, offers=choices(kind))

    return chosen


_READERS: Mapping[str, Reader] = {
    "day": _day,
    "year": _year,
    "unit": _unit,
    "source": _source,
    "document": _document,
    "document-id": _document_id,
    "article": _article,
    "type": _type,
    "words": _words,
    "phrases": _phrases,
    **{kind: _choice(kind) for kind in CHOICES},
}
KINDS = frozenset(_READERS)

# What the archive has of each kind, the best known first: value and name.
_EXAMPLES: Mapping[str, str] = {
    "unit": "select units.name, units.name from articles_by_month join sources on sources.id = source_id join units on units.id = unit_id"
    " group by unit_id order by sum(articles) desc limit 5",
    "document": "select coalesce(number, label), label from documents where article_count > 0 order by article_count desc, id limit 8",
    "document-id": "select id, label from documents where article_count > 0 order by article_count desc, id limit 3",
    "ended": "select coalesce(number, label), label from document_ends join documents on documents.id = document_id where article_count > 0"
    " and exists (select 1 from citations cross join articles on articles.id = article_id where document_id = documents.id"
    " and published_at > not_before || '~') order by article_count desc, id limit 3",
    "article": "select article_id, title from (select distinct article_id from revisions order by id desc limit 3)"
    " join articles on articles.id = article_id",
    "sources": "select name, name from sources where exists (select 1 from articles where source_id = sources.id) order by id limit 3",
    "words": "select coalesce(number, label), label from documents where article_count > 0 order by article_count desc, id limit 3",
}


def examples(connection: sqlite3.Connection, kind: str) -> list[tuple[str, str]]:
    """Returns values of this archive that may be typed into a field of a kind, each with its name."""
    sql = _EXAMPLES.get(kind)
    return [(str(value), str(name)) for value, name in connection.execute(sql)] if sql else []
