"""Triggers that note which summaries a change touches, whoever makes the change. `summaries.update` counts these again.

A document is noted if a citation of it was added, removed, resolved in another way or states something else, or if an article that cites
it has another date or unit. A month of a source is noted if an article was added to it or removed from it, or has other counts. An
article is noted in `groups_pending` if its group of similar texts may have another first publisher.
"""

from __future__ import annotations

_NOTE_DOCUMENT = """
insert into documents_pending select {side}.{column} where {side}.{column} is not null
    and not exists (select 1 from documents_pending where document_id = {side}.{column});
"""
_NOTE_MONTH = """
insert into months_pending select {side}.source_id, substr({side}.published_at, 1, 7) where {side}.published_at is not null
    and not exists (select 1 from months_pending where source_id = {side}.source_id and month = substr({side}.published_at, 1, 7));
"""
_NOTE_GROUP = """
insert into groups_pending select {side}.{column} where not exists (select 1 from groups_pending where article_id = {side}.{column});
"""
_NOTE_CITED = """
insert into documents_pending select distinct document_id from citations where article_id = new.id and document_id is not null
    and document_id not in (select document_id from documents_pending);
"""
_NOTE_OWN_GROUP = """
insert into groups_pending select {article} where not exists (select 1 from groups_pending where article_id = {article})
    and (exists (select 1 from near_duplicates where article_id = {article})
        or exists (select 1 from near_duplicates where other_id = {article}));
"""


def _differs(*columns: str) -> str:
    return " or ".join(f"old.{column} is not new.{column}" for column in columns)


def _documents(side: str, column: str = "document_id") -> str:
    return _NOTE_DOCUMENT.format(side=side, column=column)


def _months(*sides: str) -> str:
    return "".join(_NOTE_MONTH.format(side=side) for side in sides)


def _groups(side: str) -> str:
    return "".join(_NOTE_GROUP.format(side=side, column=column) for column in ("article_id", "other_id"))


_COUNTED = ("source_id", "published_at", "reprint_of", "citation_count")  # columns of `articles` on which its month depends
_OF_CITED = ("published_at", "published_precision", "published_year", "unit_id", "url", "reprint_of")  # on which its documents depend
_OF_GROUP = ("published_at", "url", "source_id", "key")  # on which the first publisher of its group depends
_STATED = ("document_id", "article_id", "stated_date", "stated_issuer", "stated_title", "date_conflict")

# Name, event with its table, condition, statements.
_TRIGGERS: tuple[tuple[str, str, str, str], ...] = (
    ("article_added", "after insert on articles", "true", _months("new")),
    ("article_removed", "after delete on articles", "true", _months("old")),
    ("article_counted", f"after update of {', '.join(_COUNTED)} on articles", _differs(*_COUNTED), _months("old", "new")),
    ("article_moved", f"after update of {', '.join(_OF_CITED)} on articles", _differs(*_OF_CITED), _NOTE_CITED),
    (
        "article_renamed",
        f"after update of {', '.join(_OF_GROUP)} on articles",
        _differs(*_OF_GROUP),
        _NOTE_OWN_GROUP.format(article="new.id"),
    ),
    (
        "dateline_changed",
        "after update of dateline on article_text",
        _differs("dateline"),
        _NOTE_OWN_GROUP.format(article="new.article_id"),
    ),
    ("citation_added", "after insert on citations", "new.document_id is not null", _documents("new")),
    ("citation_removed", "after delete on citations", "old.document_id is not null", _documents("old")),
    ("citation_changed", f"after update of {', '.join(_STATED)} on citations", _differs(*_STATED), _documents("old") + _documents("new")),
    ("document_changed", "after update of issued_on, status on documents", _differs("issued_on", "status"), _documents("new", "id")),
    ("document_removed", "after delete on documents", "true", _documents("old", "id")),
    ("pair_added", "after insert on near_duplicates", "true", _groups("new")),
    ("pair_removed", "after delete on near_duplicates", "true", _groups("old")),
)


def statements(*names: str) -> list[str]:
    """Returns the SQL that creates the triggers, or only those with these names."""
    chosen = [one for one in _TRIGGERS if not names or one[0] in names]
    return [f"create trigger note_{name} {event} when {condition} begin {notes} end" for name, event, condition, notes in chosen]
