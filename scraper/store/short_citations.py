"""Resolves short citations that other articles of a source explain: "Kế hoạch 581 của UBND tỉnh", cited in full by another article.

A short citation is resolved to a document that the same source cites in full in the same year, with the same type and figure. In addition
the stated day must agree, or else the issuer and the year. If no year is stated, the document must be of the year of the article, because
low figures are used again each January ("Nghị quyết 01 của Chính phủ"). A figure from 20 on may be of the five years before. Nothing may
contradict the document, not even its subject. It may not be later than the article, and no second document may fit.

The decision is made from stored rows at the end of a run, so the order in which articles arrive does not matter.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from scraper.citations.context.earlier_citations import first_figure
from scraper.citations.forms.agreement import same_day, same_issuer, same_year
from scraper.citations.resolving.result import confidence_of
from scraper.model import Source
from scraper.store.citations import SAME_SOURCE, count_again, resolve_again, set_resolution
from scraper.store.documents import ArchiveDocuments
from scraper.text import fold


@dataclass(frozen=True, slots=True)
class _Short:
    """A short citation that its own article does not resolve."""

    id: int
    article_id: int
    doc_type: str
    figure: str
    year: int | None
    issued_on: str | None
    issuer: str | None
    province: str | None
    title: str | None
    published: str  # ISO day
    document: int | None  # the document that an earlier run found


@dataclass(frozen=True, slots=True)
class _Full:
    """What the full citations of a document state in one source and one year."""

    document: int
    year: int | None
    days: frozenset[str]
    issuers: frozenset[str]
    provinces: frozenset[str]
    titles: frozenset[str]


def conclude(database: Database, source: Source) -> int:
    """Resolves short citations that other articles of the source explain. Returns how many citations changed.

    If a conclusion of an earlier run no longer holds, it is removed: the article is resolved again on its own.
    """
    wanted = _plan(database, source.id)
    before = {one.id: one.document for one in wanted}
    stale = sorted({one.article_id for one, document in wanted.items() if one.document not in (None, document)})
    if stale:
        known = ArchiveDocuments(database)
        for article_id in stale:
            resolve_again(database, source, article_id, known, keep_same_source=False)
        wanted = _plan(database, source.id)
    with database.conn:
        touched: set[int] = set()
        for one, document in wanted.items():
            if document is not None and document != one.document:
                set_resolution(database, one.id, ("resolved", document, 0, SAME_SOURCE, confidence_of(SAME_SOURCE)))
                database.conn.execute("delete from citation_candidates where citation_id = ?", [one.id])
                touched.add(document)
        count_again(database, touched)
    after = {one.id: document for one, document in wanted.items()}
    return sum(before.get(citation) != after.get(citation) for citation in before.keys() | after.keys())


def _plan(database: Database, source_id: str) -> dict[_Short, int | None]:
    """Returns each open short citation of a source, with the document that other articles give for it, or None."""
    shorts = _open(database, source_id)
    full = _full_citations(database, source_id, {(one.doc_type, one.figure) for one in shorts})
    return {one: _document_of(one, full.get((one.doc_type, one.figure, one.published[:4]), ())) for one in shorts}


def _open(database: Database, source_id: str) -> list[_Short]:
    rows = database.execute(
        "select c.id, article_id, type, number, c.year, stated_date, stated_issuer, stated_province, published_at, rule, document_id,"
        " stated_title"
        " from citations c join articles on articles.id = article_id"
        " where source_id = ? and kind = 'short' and number is not null and published_at is not null"
        " and (c.status <> 'resolved' or rule = ?)"
        " order by c.id",
        [source_id, SAME_SOURCE],
    ).fetchall()
    return [
        _Short(
            id=row[0],
            article_id=row[1],
            doc_type=row[2],
            figure=first_figure(row[3]),
            year=row[4],
            issued_on=row[5],
            issuer=row[6],
            province=row[7],
            title=row[11],
            published=row[8][:10],
            document=row[10] if row[9] == SAME_SOURCE else None,
        )
        for row in rows
    ]


def _full_citations(database: Database, source_id: str, wanted: set[tuple[str, str]]) -> Mapping[tuple[str, str, str], Sequence[_Full]]:
    """Returns the documents that the source cites in full, by type, figure and year of the article. Only for the pairs in `wanted`."""
    found: defaultdict[tuple[str, str, str], list[_Full]] = defaultdict(list)
    for doc_type, figure in sorted(wanted):
        # A key is type|number|year|place, and "0" is the character after "/". The range holds all keys of the type with this figure.
        prefix = f"{doc_type}|{figure}"
        rows = database.execute(
            "select substr(published_at, 1, 4), d.id, d.year, d.status, d.issued_on, d.issuer, stated_date, stated_issuer, stated_province,"
            " stated_title"
            " from documents d join citations c on c.document_id = d.id join articles on articles.id = article_id"
            " where d.key >= ? and d.key < ? and c.kind = 'numbered' and source_id = ? and published_at is not null",
            [f"{prefix}/", f"{prefix}0", source_id],
        ).fetchall()
        said: defaultdict[tuple[str, int], list[tuple[object, ...]]] = defaultdict(list)
        for row in rows:
            said[row[0], row[1]].append(row)
        for (published, document), lines in sorted(said.items()):
            # Facts of a stub summarise its citations in all sources. They are left out, because other sources must not decide.
            facts = [line[4:6] for line in lines if line[3] != "stub"]
            found[doc_type, figure, published].append(
                _Full(
                    document=document,
                    year=lines[0][2],  # type: ignore[arg-type]
                    days=frozenset(str(day) for day in (*(line[6] for line in lines), *(day for day, _ in facts)) if day),
                    issuers=frozenset(str(one) for one in (*(line[7] for line in lines), *(issuer for _, issuer in facts)) if one),
                    provinces=frozenset(str(line[8]) for line in lines if line[8]),
                    titles=frozenset(str(line[9]) for line in lines if line[9]),
                )
            )
    return found


def _document_of(short: _Short, full: Sequence[_Full]) -> int | None:
    """Returns the document of a short citation if only one is possible and its day or issuer agrees, else None."""
    possible = [one for one in full if not _contradicts(short, one)]
    if len(possible) != 1:
        return None
    [one] = possible
    if short.issued_on is not None and len(short.issued_on) == 10 and short.issued_on in one.days:
        return one.document
    return one.document if _year_agrees(short, one) and _issuer_agrees(short, one) is True else None


_RETURNING = 20  # smaller figures are used again each January, for the programmes of the year
_TERM = 5  # years


def _year_agrees(short: _Short, full: _Full) -> bool:
    published = int(short.published[:4])
    if short.year is not None or full.year is None:
        return short.year is not None and short.year == full.year
    figure = re.match(r"\d*", short.figure)
    returning = figure is None or not figure[0] or int(figure[0]) < _RETURNING
    return full.year == published if returning else published - _TERM <= full.year <= published


def _issuer_agrees(short: _Short, full: _Full) -> bool | None:
    answers = {same_issuer(short.issuer, issuer, short.doc_type) for issuer in full.issuers}
    return True if True in answers else False if False in answers else None


def _contradicts(short: _Short, full: _Full) -> bool:
    return (
        same_year(short.year, full.year) is False
        or (bool(full.days) and short.issued_on is not None and not any(same_day(short.issued_on, day) for day in full.days))
        or _issuer_agrees(short, full) is False
        or (short.province is not None and bool(full.provinces) and short.province not in full.provinces)
        or (bool(full.days) and min(full.days) > short.published)
        or _another_subject(short, full)
    )


def _another_subject(short: _Short, full: _Full) -> bool:
    """Returns whether the stated subject shares no word with any subject of the full citations. A subject of few words proves nothing."""
    mine = _words(short.title)
    theirs = [words for words in map(_words, full.titles) if len(words) > 2]
    return len(mine) > 2 and bool(theirs) and not any(mine & words for words in theirs)


# Words that occur in every subject: "về việc thực hiện các ... trong năm".
_COMMON = frozenset(
    re.findall(r"[a-z]+", "ve viec thuc hien cac cua cho trong tai nam va tang cuong day manh tiep tuc giai doan mot so cong tac quy dinh")
)


def _words(title: str | None) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]+", fold(title or ""))) - _COMMON
