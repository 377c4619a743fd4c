"""Finds the documents that a person means: by number however it is typed, by type and serial, or by words of the title."""

from __future__ import annotations

import difflib
import json
import re
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from threading import Lock

from scraper.citations import find, normalise_number
from scraper.citations.forms.document_keys import fold_number
from scraper.model import CitationKind, Mention
from scraper.reference import rows as reference_rows
from scraper.text import correct_tone, fold, number_form
from scraper.web.search_abbreviations import TOKEN, Tokens, folded, tokens, types_of_documents
from scraper.web.search_expressions import sequences
from scraper.web.search_query import LONGEST_QUERY, Phrase, Query, has_marks, parse

MOST = 200  # documents for one query
_MOST_SUGGESTIONS = 6
_LONGEST_TITLE = 600  # characters of a title that are searched
_SHORTEST_TITLE = 3  # letters of a query for which titles are searched
_MOST_NEIGHBOURS = 2_000  # documents with the same serial that are compared, to suggest one
_LONGEST_BEGINNING = 2  # letters of a word that is not typed to its end: "củ" of "của"
_BEST_FIRST = "order by article_count desc, id limit"
_SHORT = re.compile(
    r"(?P<noun>[^\d]*?)\s*(?:\bs[oố]\b)?\s*(?P<serial>\d{1,6}[a-zđ]?)"
    r"(?:(?:\s*[/-]\s*|\s+(?:n[aă]m\s+)?|\s+ng[aà]y\s+\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*)(?P<year>(?:19|20)\d\d))?"
    r"(?P<more>[\s,]+[^\d]+)?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d/")
_LINKS = re.compile(r"^[\s,]*(?:(?:c[uủ]a|do)\s+)?", re.IGNORECASE)  # between a number and its issuer
_SERIAL = re.compile(
    r"(?P<before>.*?)(?P<serial>\d{1,6}[a-zđ]?)(?:\s*[/-]\s*(?P<year>(?:19|20)\d\d))?(?!\d)(?P<after>.*)", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a query says about a document. `forms`: look-up forms of whole numbers. `serial`: of a short number, with its type or None.
    `more`: words after a short number, like "của Chính phủ"; all of them are in the issuer, the province, the number or the title.
    """

    forms: tuple[str, ...] = ()
    serial: str | None = None
    year: int | None = None
    doc_type: str | None = None
    more: str = ""

    @property
    def is_number(self) -> bool:
        """Returns whether the query names a document by its number, whole or short."""
        return bool(self.forms) or self.serial is not None


@lru_cache(maxsize=256)
def wanted(text: str) -> Wanted:
    """Returns what a query says about the number of a document.

    >>> wanted("chi thi 07/2008/CTBTTTT").forms
    ('7/2008/ct/btttt',)
    >>> wanted("NĐ 72/2013")
    Wanted(forms=(), serial='72', year=2013, doc_type='nghị định', more='')
    >>> wanted("nghi dinh so 13 nam 2023 cua Chinh phu").more
    'Chinh phu'
    """
    text = " ".join(map(_with_right_tone, parse(text).text[:LONGEST_QUERY].split(" ")))
    if not any(char.isdigit() for char in text):
        return Wanted()
    mentions = [mention for mention in find(text) if mention.number]
    whole = [mention for mention in mentions if mention.kind in (CitationKind.NUMBERED, CitationKind.STANDARD)]
    if whole:
        return Wanted(forms=tuple(dict.fromkeys(map(_form, whole))))
    if match := _SHORT.fullmatch(text):
        return _short(match, mentions)
    tail = text[re.search(r"\d", text).start() :]  # type: ignore[union-attr] # it has a digit
    forms = [_glued(one) for one in (tail.split()[0], tail, text) if re.search(r"\d\S*[/-]\S*[^\W\d_]", one)]
    return Wanted(forms=tuple(dict.fromkeys(form for form in forms if "/" in form)))


def _with_right_tone(word: str) -> str:
    """Returns a word with its tone on the right vowel: people type "cuả"."""
    right = correct_tone(word)
    return word if right == word.casefold() else right


def _form(mention: Mention) -> str:
    number = str(mention.number)
    return number_form(number) if mention.kind is CitationKind.STANDARD else _glued(number)


def _glued(number: str) -> str:
    """Returns the look-up form of a number; a separator that was left out is there again."""
    return number_form(fold_number(normalise_number(number)))


def _short(match: re.Match[str], mentions: Sequence[Mention]) -> Wanted:
    noun = tokens(match["noun"])
    doc_type = mentions[0].doc_type if mentions else type_named(noun)
    if noun and doc_type is None:
        return Wanted()
    year = int(match["year"]) if match["year"] else None
    if not noun and year is None:
        return Wanted()  # a number that may be anything: "2013"
    return Wanted(serial=number_form(match["serial"]), year=year, doc_type=doc_type, more=_LINKS.sub("", match["more"] or "").strip())


def type_named(noun: Tokens) -> str | None:
    """Returns the type of a document from its name or code, with or without diacritics; None if it is not one."""
    names = (noun, *types_of_documents().get(noun, ()))
    return next((" ".join(name) for name in names if has_marks(name) and len(name) > 1 and name in types_of_documents()), None) or next(
        (" ".join(words) for words in types_of_documents() if has_marks(words) and len(words) > 1 and folded(words) in names), None
    )


_ID = re.compile(r"#\s*(?P<id>[0-9]{1,15})")


def document_ids(connection: sqlite3.Connection, text: str) -> list[int]:
    """Returns the ids of the documents that a query may mean, the likeliest first, at most 200. Empty if no document fits. "#" and an id
    mean one document.
    """
    if found := _ID.fullmatch(text.strip()):
        return _ids(connection, "select id from documents where id = ?", [int(found["id"])])
    sought = wanted(text)
    if sought.forms:
        marks = ", ".join("?" * len(sought.forms))
        return _ids(connection, f"select id from documents where number_form in ({marks}) {_BEST_FIRST} {MOST}", sought.forms)
    found_by_serial = _by_serial(connection, sought) if sought.serial is not None else []
    if found_by_serial or (sought.serial is not None and not sought.more):
        return found_by_serial
    return _by_title(connection, parse(text))


def _ids(connection: sqlite3.Connection, sql: str, parameters: Sequence[object]) -> list[int]:
    return [int(row[0]) for row in connection.execute(sql, parameters)]


def _by_serial(connection: sqlite3.Connection, sought: Wanted) -> list[int]:
    # "0" is the character after "/", so the range holds all numbers with this serial.
    conditions = ["number_form >= ? and number_form < ?"]
    values: list[object] = [f"{sought.serial}/", f"{sought.serial}0"]
    if sought.doc_type is not None:
        conditions.append("+type = ?")
        values.append(sought.doc_type)
    if sought.year is not None:
        conditions.append("+year = ?")
        values.append(sought.year)
    ids = _ids(connection, f"select id from documents where {' and '.join(conditions)} {_BEST_FIRST} {MOST}", values)
    return _with_more(connection, ids, sought) if sought.more else ids


def _with_more(connection: sqlite3.Connection, ids: Sequence[int], sought: Wanted) -> list[int]:
    """Returns those of some documents that say the words after the number. If none does, the last word may not be typed to its end
    ("quyết định 30 c"): then it is the beginning of a word, the letter of the serial ("30c"), or nothing yet.
    """
    query = parse(sought.more)
    found = _that_say(connection, ids, query)
    *whole, last = query.terms or (None,)
    if found or last is None or last.quoted or len(last.alternatives[0].words[-1]) > _LONGEST_BEGINNING:
        return found
    begun = replace(last, alternatives=tuple(replace(phrase, prefix=True) for phrase in last.alternatives))
    found = _that_say(connection, ids, replace(query, terms=(*whole, begun)))
    if whole:
        return found
    with_letter = replace(sought, serial=f"{sought.serial}{fold(sought.more)}", more="")
    return [*dict.fromkeys((*_by_serial(connection, with_letter), *found, *ids))]


def _that_say(connection: sqlite3.Connection, ids: Sequence[int], query: Query) -> list[int]:
    """Returns those of some documents whose issuer, province, number and title have all words of a query."""
    sql = (
        "select documents.id, coalesce(issuer, '') || ' ' || coalesce(units.full_name, '') || ' ' || number || ' '"
        " || substr(coalesce(title, ''), 1, ?)"
        " from documents join json_each(?) on value = documents.id left join units on units.id = documents.unit_id order by json_each.key"
    )
    rows = connection.execute(sql, [_LONGEST_TITLE, json.dumps(ids)])
    return _with_all_words(((int(key), str(said), _spaced(TOKEN.findall(fold(said)))) for key, said in rows), query)


def suggestions(connection: sqlite3.Connection, text: str) -> list[int]:
    """Returns the ids of documents with a number like the one that was typed, for a query that no document fits."""
    forms = wanted(text).forms or _likely_forms(text)
    found: dict[int, float] = {}
    for form in forms:
        serial, _slash, codes = form.partition("/")
        has_year = _YEAR.match(codes) is not None
        rows = connection.execute(
            f"select id, number_form from documents where number_form >= ? and number_form < ? {_BEST_FIRST} {_MOST_NEIGHBOURS}",
            [f"{serial}/", f"{serial}0"],
        ).fetchall()
        for key, other in rows:
            like = other.partition("/")[2]
            ratio = difflib.SequenceMatcher(None, codes, like if has_year else _YEAR.sub("", like)).ratio()
            found[key] = max(found.get(key, 0), ratio)
    return sorted(found, key=lambda key: -found[key])[:_MOST_SUGGESTIONS]


def _likely_forms(text: str) -> tuple[str, ...]:
    """Returns what the number may look like in a query without a whole number, whose words may have slips: the first serial, the year,
    and the words as if they were codes.

    >>> _likely_forms("ct 07 bttt")
    ('7/ct/bttt',)
    """
    match = _SERIAL.fullmatch(parse(text).text)
    if match is None:
        return ()
    year = wanted(text).year or match["year"]
    typed = tokens(match["before"])
    codes = next((folded(code) for code in types_of_documents().get(typed, ()) if len(code) == 1), folded(typed))
    words = (*codes, *folded(tokens(match["after"])))
    return ("/".join((number_form(match["serial"]), *([str(year)] if year else []), *words)),)


@dataclass(frozen=True, slots=True)
class _Titles:
    """The documents with a title, the most cited first: id, label and title, and their words without diacritics. `cited`: the ids of those
    that an article cites."""

    version: tuple[object, ...]
    rows: tuple[tuple[int, str, str], ...]
    cited: frozenset[int]


_titles: dict[str, _Titles] = {}
_lock = Lock()


def _titles_of(connection: sqlite3.Connection) -> _Titles:
    """Returns the titles of an archive. They are kept until a run or a list adds documents, because to fold many of them takes a second."""
    path = str(connection.execute("pragma database_list").fetchone()[2])
    newest = "select (select max(id) from documents), (select max(id) from runs), (select ended_at from runs order by id desc limit 1)"
    version = tuple(connection.execute(newest).fetchone())
    with _lock:
        known = _titles.get(path)
        if known is None or known.version != version:
            titled = "select id, substr(label || ' ' || title, 1, ?) from documents where title is not null order by article_count desc, id"
            rows = tuple(
                (int(key), str(title), _spaced(TOKEN.findall(fold(title)))) for key, title in connection.execute(titled, [_LONGEST_TITLE])
            )
            cited = connection.execute("select id from documents where article_count > 0 and title is not null")
            known = _titles[path] = _Titles(version, rows, frozenset(int(key) for (key,) in cited))
        return known


def _spaced(words: Iterable[str]) -> str:
    """Returns words with a blank before and after each, so that whole words can be looked for."""
    return f" {' '.join(words)} "


def _by_title(connection: sqlite3.Connection, query: Query) -> list[int]:
    """Returns the documents whose title has the whole query as one phrase. Unless that is one document, which articles cite, those with
    all of its words follow: by "phần mềm nguồn mở" the title "Đẩy mạnh dùng phần mềm mã nguồn mở" may be meant, too.
    """
    whole = sequences(query.terms)
    if not whole or sum(map(len, whole[0])) < _SHORTEST_TITLE:
        return []
    titles = _titles_of(connection)
    rows = titles.rows
    phrases = [_spaced(folded(words)) for words in whole]
    marked = [_spaced(words) for words in whole]
    found = [
        key
        for key, title, plain in rows
        if any(
            phrase in plain and (phrase == exact or exact in _spaced(tokens(title))) for phrase, exact in zip(phrases, marked, strict=True)
        )
    ]
    is_clear = len(found) == 1 and found[0] in titles.cited
    others = [] if is_clear else _with_all_words(rows, query)
    return [*dict.fromkeys((*found, *others))][:MOST]


@cache
def _small_words() -> frozenset[Tokens]:
    """Returns the words that a title need not have, without diacritics: people say "nghị định về ...", and no title begins with "về"."""
    return frozenset(folded(tokens(row["word"])) for row in reference_rows("search_small_words"))


def _with_all_words(rows: Iterable[tuple[int, str, str]], query: Query) -> list[int]:
    """Returns the documents whose title has every term of a query, but for words like "về". The words without diacritics are compared
    first, because that is faster.
    """
    said = [term for term in query.terms if term.quoted or folded(term.alternatives[0].words) not in _small_words()] or query.terms
    plain_terms = [[_parts(phrase, folded(phrase.words)) for phrase in term.alternatives] for term in said]
    terms = [[(_parts(phrase, phrase.words), has_marks(phrase.words)) for phrase in term.alternatives] for term in said]
    found: list[int] = []
    for key, title, plain in rows:
        if all(any(all(part in plain for part in parts) for parts in term) for term in plain_terms):
            exact = _spaced(tokens(title))
            if all(any(all(part in (exact if marked else plain) for part in parts) for parts, marked in term) for term in terms):
                found.append(key)
    return found


def _parts(phrase: Phrase, words: Tokens) -> tuple[str, ...]:
    """Returns the texts that must all be in a title for a phrase."""
    end = "" if phrase.prefix else " "
    return tuple(f" {part}{end}" for part in (words if phrase.scattered else (" ".join(words),)))


def document_ids_as_json(connection: sqlite3.Connection, text: str) -> str:
    """Returns the ids of `document_ids` as a JSON list. It is the SQL function `document_ids`, for named queries."""
    return json.dumps(document_ids(connection, text))


def number_forms(text: str) -> str:
    """Returns the look-up forms of the whole numbers in a query, as a JSON list. It is the SQL function `number_forms`, for named queries.

    >>> number_forms("chi thi 07/2008/CT-BTTTT")
    '["7/2008/ct/btttt"]'
    """
    return json.dumps(wanted(text).forms or [number_form(text[:LONGEST_QUERY])], ensure_ascii=False)
