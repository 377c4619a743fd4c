"""The dependent rows of an article: its text, the rules of its fields, tags, attachments and stories."""

from __future__ import annotations

from collections.abc import Iterable

from sqlite_utils import Database

from scraper.model import Article, ArticleForms, Rule, Story, Text
from scraper.store import mistaken_sections, reprints, shared_dates
from scraper.store.dependent_rows import replace_rows, rule_columns


def store(
    database: Database,
    source_id: str,
    article_id: int,
    article: Article,
    *,
    published: bool,
    new: bool = False,
    same_body: bool = False,
    forms: ArticleForms,
) -> None:
    """Writes the dependent rows of an article. `published`: also those of its date of publication. `new`: the article was just added, so
    there are none that could be equal. `same_body`: its text is the stored one. `forms`: its own.
    """
    database.conn.execute(
        "insert into article_text (article_id, body, body_rule, body_rule_parameter, dateline, byline) values (?, ?, ?, ?, ?, ?)"
        " on conflict (article_id) do update set body = excluded.body, body_rule = excluded.body_rule,"
        " body_rule_parameter = excluded.body_rule_parameter, dateline = excluded.dateline, byline = excluded.byline",
        [
            article_id,
            article.body.value or "",
            article.body.rule.code,
            article.body.rule.parameter,
            article.dateline.value,
            article.byline.value,
        ],
    )
    if not same_body:
        reprints.note(database, article_id, forms.similarity, new=new)
    mistaken_sections.note(database, article_id, source_id, article, new=new)
    columns = ("field", "rule", "rule_parameter", "rule_notes", "rejected", "original")
    rules = list(_rules(article))
    if published:
        shared_dates.keep_readings(database, article_id, article.published.readings, new=new)
    else:
        sql = f"select {', '.join(columns)} from article_fields where article_id = ? and field = 'published'"
        stored = database.execute(sql, [article_id]).fetchall()
        rules = [stored[0] if stored and rule[0] == "published" else rule for rule in rules]
    replace_rows(database, "article_fields", {"article_id": article_id}, columns, rules, new=new)
    replace_rows(database, "article_tags", {"article_id": article_id}, ("tag",), [(tag,) for tag in dict.fromkeys(article.tags)], new=new)
    files = {a.url: (a.url, a.name, a.rule.code, a.rule.parameter) for a in reversed(article.attachments)}
    of_file = ("url", "name", "rule", "rule_parameter")
    replace_rows(database, "attachments", {"article_id": article_id}, of_file, reversed(files.values()), new=new)
    replace_rows(
        database,
        "stories",
        {"article_id": article_id},
        ("position", "title", "start", "end", "event_date", "event_date_rule", "event_date_rule_parameter"),
        [(one.position, one.title, one.start, one.end, *_event(one)) for one in article.stories],
        new=new,
    )


def _event(story: Story) -> tuple[str | None, str | None, str | None]:
    """Returns the day of the event of a story, with the code and the parameter of its rule."""
    day, rule = story.event_date, story.event_date_rule
    return day.isoformat() if day else None, rule.code if rule else None, rule.parameter if rule else None


def _rules(article: Article) -> Iterable[tuple[str | None, ...]]:
    """Yields a row for each field: the rule that filled it or found nothing, and the original text if the rule repaired it."""
    for name in ("title", "summary", "author", "section", "body", "dateline", "byline"):
        field: Text = getattr(article, name)
        yield (name, *rule_columns(field.rule), field.rule.rejected, field.original)
    others: list[tuple[str, Rule | None]] = [
        ("tags", article.tags_rule),
        ("published", article.published.rule),
        ("modified", article.modified.rule),
        ("stories", article.stories_rule),
        ("event_date", article.event_date_rule),
    ]
    for name, rule in others:
        if rule is not None:
            yield (name, *rule_columns(rule), rule.rejected, None)


def story_ids(database: Database, article_id: int) -> list[int]:
    """Returns the ids of the stories of an article, in their order."""
    rows = database.execute("select id from stories where article_id = ? order by position", [article_id])
    return [story_id for (story_id,) in rows]
