"""Adds to a parsed article the facts in its text: stories, days of events, outlet and writer, lost letters."""

from __future__ import annotations

import calendar
from collections.abc import Collection
from dataclasses import replace
from datetime import date

from scraper.model import Article, Moment, Precision, SharedDate, Story
from scraper.parse.enrich.bounds import FLAG, within_bounds
from scraper.parse.enrich.event_date import event_date
from scraper.parse.enrich.lost_letters import letters_dropped
from scraper.parse.enrich.stories import find_stories
from scraper.parse.fields.bylines import byline, dateline
from scraper.parse.fields.publication_date import check_event, without_shared


def complete(article: Article, shared: Collection[SharedDate] = ()) -> Article:
    """Return the article with the fields that its text gives: stories, event date, dateline, byline and flags.

    `shared`: the dates that all pages of the site have. They are refused as dates of publication.
    """
    published = without_shared(article.published, shared)
    body = article.body.value or ""
    day = _last_day(published)
    stories, rule = find_stories(
        body,
        title=article.title.value or "",
        summary=article.summary.value or "",
        published=day,
        bold=frozenset(article.bold_lines),
    )
    dated = tuple(_dated(story, body, day) for story in stories)
    happened, how = (None, None) if stories else event_date(_whole(article), day)
    latest = max((story for story in dated if story.event_date is not None), key=_event_day, default=None)
    last_event = (happened, how) if latest is None else (latest.event_date, latest.event_date_rule)
    whole = replace(
        article,
        published=check_event(published, *last_event),
        stories=dated,
        stories_rule=rule,
        dateline=dateline(article.summary.value, article.body.value),
        byline=byline(article.body.value, article.author),
        event_date=happened,
        event_date_rule=how,
        flags=(*(("letters-dropped",) if letters_dropped(body) else ()), *(flag for flag in article.flags if flag == FLAG)),
    )
    return within_bounds(whole)


def _event_day(story: Story) -> date:
    return story.event_date or date.min


def _last_day(published: Moment) -> date | None:
    """Return the latest day of a date of publication: the last day of the month for "tháng 7/2009"; None if there is no date."""
    if published.value is None:
        return None
    day = published.value.date()
    if published.precision is Precision.MONTH:
        return day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return day


def _whole(article: Article) -> str:
    return "\n\n".join(part for part in (article.summary.value, article.body.value) if part)


def _dated(story: Story, body: str, published: date | None) -> Story:
    """Return the story with the day of its event, which the text after its headline states."""
    happened, how = event_date(body[story.start : story.end].partition("\n\n")[2], published)
    return replace(story, event_date=happened, event_date_rule=how)
