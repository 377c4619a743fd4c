"""Triggers that note the articles that may have moved (`moves`), and the months of captures to count again (`lives`)."""

from __future__ import annotations

from collections.abc import Iterator

_NOTE_ARTICLE = """
insert into moves_pending select {side}.{column} where not exists (select 1 from moves_pending where article_id = {side}.{column});
"""
# The two articles of a move are one in the groups of reprints.
_NOTE_GROUP = """
insert into groups_pending select {side}.{column} where not exists (select 1 from groups_pending where article_id = {side}.{column});
"""
_NOTE_MONTH = """
insert into lives_pending (source_id, month) select {row}.source_id, substr({row}.captured_at, 1, 7) {where}
    not exists (select 1 from lives_pending where source_id = {row}.source_id and month = substr({row}.captured_at, 1, 7));
"""
_COMPARED = ("source_id", "key", "title", "published_at")  # columns of `articles` on which a move depends
_COUNTED = ("outcome", "platform", "origin")  # columns of `captures` that `source_lives` counts


def _differs(*columns: str) -> str:
    return " or ".join(f"old.{column} is not new.{column}" for column in columns)


def _month(side: str) -> str:
    return _NOTE_MONTH.format(row=side, where="where")


def _months_of_captures(*sides: str) -> str:
    return "".join(_NOTE_MONTH.format(row="captures", where=f"from captures where id = {side}.capture_id and") for side in sides)


def _both(side: str) -> str:
    return "".join(_NOTE_GROUP.format(side=side, column=column) for column in ("article_id", "former_id"))


# Name, event with its table, condition, statements.
_TRIGGERS: tuple[tuple[str, str, str, str], ...] = (
    ("move_added", "after insert on articles", "true", _NOTE_ARTICLE.format(side="new", column="id")),
    (
        "move_changed",
        f"after update of {', '.join(_COMPARED)} on articles",
        _differs(*_COMPARED),
        _NOTE_ARTICLE.format(side="new", column="id"),
    ),
    ("move_text_changed", "after update of body on article_text", _differs("body"), _NOTE_ARTICLE.format(side="new", column="article_id")),
    ("move_group", "after insert on article_moves", "new.state = 'moved'",
     _both("new")),
    ("move_ungroup", "after delete on article_moves", "true",
     _NOTE_ARTICLE.format(side="old", column="article_id") + _both("old")),
    ("live_capture", "after insert on captures", "true", _month("new")),
    ("live_outcome", f"after update of {', '.join(_COUNTED)} on captures", _differs(*_COUNTED), _month("new")),
    ("live_capture_removed", "after delete on captures", "true", _month("old")),
    ("live_article", "after insert on articles", "true", _months_of_captures("new")),
    ("live_layout", "after update of capture_id, layout on articles", _differs("capture_id", "layout"), _months_of_captures("old", "new")),
    ("live_article_removed", "after delete on articles", "true", _months_of_captures("old")),
)  # fmt: skip


def statements() -> Iterator[str]:
    """Yields the SQL that creates the triggers, and notes all articles and months that are there."""
    for name, event, condition, notes in _TRIGGERS:
        yield f"create trigger note_{name} {event} when {condition} begin {notes} end"
    yield "insert or ignore into moves_pending (article_id) select id from articles"
    yield "insert or ignore into lives_pending (source_id, month) select distinct source_id, substr(captured_at, 1, 7) from captures"
