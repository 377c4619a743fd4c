"""The table `field_rules`: how many articles of a source have a field from a rule. Nobody then reads the fields of all articles to know it.

A field of an article has exactly one rule, so triggers add one and take one away, whoever makes the change. Rows with no articles are
removed when the summaries are updated. A rule without a parameter has an empty one, because SQLite takes two nulls in a key as different.
"""

from __future__ import annotations

from sqlite_utils import Database

_TABLE = """
create table field_rules (
    source_id text not null references sources(id), layout text not null, field text not null, rule text not null,
    rule_parameter text not null, articles integer not null, primary key (source_id, layout, field, rule, rule_parameter)
) without rowid
"""
_COUNT = """
insert into field_rules (source_id, layout, field, rule, rule_parameter, articles)
    select source_id, layout, field, rule, coalesce(rule_parameter, ''), count(*)
    from article_fields join articles on articles.id = article_id group by 1, 2, 3, 4, 5
"""
_ADD = """
insert into field_rules (source_id, layout, field, rule, rule_parameter, articles)
    select source_id, layout, new.field, new.rule, coalesce(new.rule_parameter, ''), 1 from articles where id = new.article_id
    on conflict do update set articles = articles + 1;
"""
_REMOVE = """
update field_rules set articles = -1 + articles where field = old.field and rule = old.rule
    and rule_parameter = coalesce(old.rule_parameter, '')
    and (source_id, layout) = (select source_id, layout from articles where id = old.article_id);
"""
_MOVE = """
update field_rules set articles = -1 + articles where source_id = old.source_id and layout = old.layout
    and (field, rule, rule_parameter) in (select field, rule, coalesce(rule_parameter, '') from article_fields where article_id = old.id);
insert into field_rules (source_id, layout, field, rule, rule_parameter, articles)
    select new.source_id, new.layout, field, rule, coalesce(rule_parameter, ''), 1 from article_fields where article_id = new.id
    on conflict do update set articles = articles + 1;
"""
_TRIGGERS = (
    f"create trigger count_field_added after insert on article_fields begin {_ADD} end",
    f"create trigger count_field_removed after delete on article_fields begin {_REMOVE} end",
    "create trigger count_field_changed after update of rule, rule_parameter on article_fields"
    f" when old.rule is not new.rule or old.rule_parameter is not new.rule_parameter begin {_REMOVE} {_ADD} end",
    "create trigger count_article_read_anew after update of source_id, layout on articles"
    f" when old.source_id is not new.source_id or old.layout is not new.layout begin {_MOVE} end",
)


def create(database: Database) -> None:
    """Creates the table and its triggers, and counts the articles that the archive has. Part of a migration."""
    database.execute(_TABLE)
    database.execute(_COUNT)
    for statement in _TRIGGERS:
        database.execute(statement)


def rebuild(database: Database) -> None:
    """Counts all articles again. Part of the caller's transaction."""
    database.conn.execute("delete from field_rules")
    database.conn.execute(_COUNT)


def forget_unused(database: Database) -> None:
    """Removes the rules that no article has any more. Part of the caller's transaction."""
    database.conn.execute("delete from field_rules where articles = 0")
