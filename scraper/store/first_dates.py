"""Dates of publication that a page states relative to now ("5 phút trước"): the first reading of such a date stays."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlite_utils import Database

from scraper.content_changes import is_relative
from scraper.model import Moment, Precision, Verdict
from scraper.rule_codes import RuleCode
from scraper.store import shared_dates
from scraper.store.dependent_rows import rule_columns

PUBLISHED = ("published_at", "published_precision", "published_rule", "published_rule_parameter", "published_year", "published_conflict")


def keeps(published: Moment, before: dict[str, Any], capture_id: int) -> bool:
    """Returns whether the stored date of publication stays, because the page only says "5 phút trước".

    Such a page says the same at the next capture, perhaps for days if it comes from a cache, and "hôm qua" loses the time. So the first
    reading is the closest to the truth. A date that the page states later in full replaces it, unless it only lacks the time.
    """
    first = before["published"]
    if first["published_at"] is None or (before["capture_id"] == capture_id and not before["published_kept"]):
        return False
    if is_relative_date(published):
        return True
    only_day = published.precision is Precision.DAY and first["published_precision"] == Precision.MINUTE.value
    same_day = published.value is not None and published.value.date().isoformat() == first["published_at"][:10]
    return bool(before["published_relative"]) and only_day and same_day


def is_relative_date(published: Moment) -> bool:
    """Returns whether the date of publication, or the time of its day, is one that the page states relative to now."""
    return says_relative(((one.text, one.verdict.value) for one in published.readings), published.rule.notes)


def says_relative(readings: Iterable[tuple[str, str]], notes: Iterable[str]) -> bool:
    """Returns whether the stored date of publication, or the time of its day, was read from a text relative to its capture. `readings`:
    text and verdict of each reading of the article. `notes`: those of the rule of the date.
    """
    counted = [Verdict.TAKEN.value] + ([Verdict.AGREES.value] if RuleCode.TIME_FROM_OTHER_DATE in notes else [])
    verdicts = list(readings)
    if all(verdict != Verdict.TAKEN.value for _, verdict in verdicts):
        counted.append(Verdict.TOO_VAGUE.value)  # "3 tháng trước": what an earlier capture said is closer to the truth
    return any(verdict in counted and is_relative(text) for text, verdict in verdicts)


def store(database: Database, article_id: int, row: dict[str, Any], published: Moment) -> None:
    """Stores the date of publication of the first capture, which is parsed again after a later one took its place."""
    if row["published_at"] is None:
        return
    assignments = ", ".join(f"{name} = ?" for name in PUBLISHED)
    database.conn.execute(f"update articles set {assignments} where id = ?", [*(row[name] for name in PUBLISHED), article_id])
    shared_dates.keep_readings(database, article_id, published.readings)
    rule = published.rule
    database.conn.execute(
        "update article_fields set rule = ?, rule_parameter = ?, rule_notes = ?, rejected = ? where article_id = ? and field = 'published'",
        [*rule_columns(rule), rule.rejected, article_id],
    )
    note(database, article_id)


def note(database: Database, article_id: int) -> None:
    """Adds to the rule of the date of publication that it is the first reading."""
    database.conn.execute(
        "update article_fields set rule_notes = trim(coalesce(rule_notes, '') || ' ' || ?) where article_id = ? and field = 'published'",
        [RuleCode.FIRST_READING_KEPT, article_id],
    )
