"""Dates that all articles of a source share: from a template, an import, or a clock in the page header.

Such a date is not a date of publication, but only many pages together show that. A time to the minute is rejected if at least five articles
have it, and nearly all articles with a date by that rule. A date without a time may be that of a busy day; it is rejected only if the texts
contradict it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlite_utils import Database

from scraper.model import REFUSALS, DateReading, Precision, SharedDate, Verdict
from scraper.rule_codes import OF_EVENTS, RuleCode
from scraper.store.dependent_rows import replace_rows, rule_columns

_RuleKey = tuple[str, str | None]  # code and parameter

_FEWEST = 5  # articles
_NEARLY_ALL = 0.95  # of the articles that have a date by the rule
_FAR = 31  # days; an article reports what happened within a month
_CONTRADICTED = 0.25  # of the articles whose text states a day


def known(database: Database, source_id: str) -> frozenset[SharedDate]:
    """Returns the dates of a source that are rejected at present."""
    return frozenset(database.execute("select rule, rule_parameter, value from shared_dates where source_id = ?", [source_id]).fetchall())


def keep_readings(database: Database, article_id: int, readings: Sequence[DateReading], *, new: bool = False) -> None:
    """Stores the date readings of an article. Part of the caller's transaction. `new`: the article was just added."""
    rows = [
        (position, one.text, one.value.isoformat(timespec="seconds"), one.precision.value, *rule_columns(one.rule), one.verdict)
        for position, one in enumerate(readings, start=1)
    ]
    columns = ("position", "text", "value", "precision", "rule", "rule_parameter", "rule_notes", "verdict")
    replace_rows(database, "date_readings", {"article_id": article_id}, columns, rows, new=new)


def find(database: Database, source_id: str) -> list[int]:
    """Stores which dates the articles of a source share. Returns the captures of the articles for which this changed."""
    refused = sorted(REFUSALS - {Verdict.SHARED})
    rows = database.execute(
        "select rule, rule_parameter, value, precision, article_id from date_readings join articles on articles.id = article_id"
        f" where source_id = ? and rule not in ({_marks(OF_EVENTS)}) and verdict not in ({_marks(refused)})",
        [source_id, *OF_EVENTS, *refused],
    ).fetchall()
    by_rule: dict[_RuleKey, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for code, parameter, value, precision, article_id in rows:
        if precision != Precision.MONTH.value:
            by_rule[code, parameter][value].add(article_id)
    stated = _stated_days(database, source_id)
    shared: dict[SharedDate, int] = {}
    for rule, values in by_rule.items():
        value, articles = max(values.items(), key=lambda item: (len(item[1]), item[0]))
        if len(articles) < _FEWEST or len(articles) < _NEARLY_ALL * len(set().union(*values.values())):
            continue
        if not value.endswith("T00:00:00+07:00") or _contradicted(date.fromisoformat(value[:10]), articles, rule, stated):
            shared[*rule, value] = len(articles)
    before = known(database, source_id)
    with database.conn:
        rows_wanted = sorted((*date, number) for date, number in shared.items())
        replace_rows(database, "shared_dates", {"source_id": source_id}, ("rule", "rule_parameter", "value", "articles"), rows_wanted)
    affected = sorted(set().union(*(by_rule[code, parameter][value] for code, parameter, value in before ^ shared.keys())))
    return [
        capture_id
        for article_id in affected
        for (capture_id,) in database.execute("select capture_id from articles where id = ? and capture_id is not null", [article_id])
    ]


def _marks(values: Collection[str]) -> str:
    return ", ".join("?" * len(values))


def _stated_days(database: Database, source_id: str) -> Mapping[int, list[tuple[_RuleKey, date]]]:
    """Returns the days that each article of a source states, with their rules: other date readings, and days of its events."""
    stated: dict[int, list[tuple[_RuleKey, date]]] = defaultdict(list)
    queries: Iterable[tuple[str, Collection[str]]] = (
        (
            "select article_id, rule, rule_parameter, value from date_readings join articles on articles.id = article_id"
            f" where source_id = ? and rule not in ({_marks(OF_EVENTS)})",
            OF_EVENTS,
        ),
        # The other rules of events take the year, or the whole day, from the date of publication.
        (
            "select articles.id, rule, rule_parameter, event_date from articles"
            " join article_fields on article_id = articles.id and field = 'event_date'"
            " where source_id = ? and event_date is not null and rule = ?",
            (RuleCode.EVENT_DAY,),
        ),
    )
    for sql, codes in queries:
        for article_id, code, parameter, value in database.execute(sql, [source_id, *codes]):
            stated[article_id].append(((code, parameter), datetime.fromisoformat(value).date()))
    return stated


def _contradicted(day: date, articles: Iterable[int], rule: _RuleKey, stated: Mapping[int, list[tuple[_RuleKey, date]]]) -> bool:
    """Returns whether enough of the articles with this day state another one that is more than a month away."""
    verdicts: Counter[bool] = Counter()
    for article_id in articles:
        others = [other for name, other in stated.get(article_id, ()) if name != rule]
        if others:
            verdicts[all(abs((other - day).days) > _FAR for other in others)] += 1
    return verdicts[True] >= 2 and verdicts[True] >= _CONTRADICTED * verdicts.total()
