"""Nights in which a site showed the pages of another one: what its lists say of it, and the articles that it had only then.

Once the site is repaired, these articles are gone. Nobody misses them, so they are not counted among the articles that are missing
(`absences.py`). They are marked as gone like any other.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from sqlite_utils import Database

from scraper import clock
from scraper.store.absences import OTHER_OWNER
from scraper.text import fold
from scraper.warc.dates import moment

# The reasons of health that say that a site showed other pages than its own.
OF_OTHER_PAGES = frozenset((OTHER_OWNER, "other-language", "other-site"))
_FEWEST = 4  # unknown articles; three may be those of a small agency after a conference
_NIGHTS = 90  # judged runs that are looked at; a source that fails is crawled up to five times a day
_OF_ONE_NIGHT = timedelta(days=14)  # articles are requested again within eight days, so those of one night are missed soon
_OLDER = timedelta(days=60)  # an article that was published so long before it was found is one of the past of the site
_TWO_NIGHTS = timedelta(days=2)  # an update may be left out once
_BATCH = 200  # keys per query; nearly always, one of the first is known


@dataclass(frozen=True, slots=True)
class _Night:
    """A judged run. `is_other`: the site showed other pages than its own. `has_articles`: its lists named articles."""

    began: datetime
    is_other: bool
    has_articles: bool


class _Nights:
    """The last judged runs before a run in which the site itself answered, and that run as the last one."""

    def __init__(self, database: Database, source_id: str, run_id: int) -> None:
        rows = database.execute(
            "select started_at, findings, lists_with_articles from source_health join runs on runs.id = run_id"
            " where source_health.source_id = ? and replayed = 0 and run_id < ? order by run_id desc limit ?",
            [source_id, run_id, _NIGHTS],
        ).fetchall()
        self.before = [
            _Night(moment(began), any(one["reason"] in OF_OTHER_PAGES for one in json.loads(findings or "[]")), bool(lists))
            for began, findings, lists in reversed(rows)
        ]
        (began,) = database.execute("select started_at from runs where id = ?", [run_id]).fetchone()
        self.began = moment(began)
        self._times = [*(night.began for night in self.before), self.began]

    def place(self, time: datetime) -> int:
        """Returns the place of the night to which a time belongs; -1 if it is before all of them."""
        return bisect_right(self._times, time) - 1

    def is_other(self, place: int) -> bool:
        """Returns whether the site showed other pages than its own in the night at a place. It is not known of this run."""
        return 0 <= place < len(self.before) and self.before[place].is_other

    def was_known(self, first_seen: str) -> bool:
        """Returns whether an article was found before this run, in a night in which the site showed its own pages."""
        place = self.place(moment(first_seen))
        return place < len(self.before) and not self.is_other(place)


# --- the lists --------------------------------------------------------------------------------------------


def shown_instead(database: Database, source_id: str, run_id: int, listed: Collection[str]) -> int:
    """Returns how many articles the lists of a run name if all of them are those of another site; else 0. `listed`: their
    keys, without scheme.

    Nothing that the lists name was known before such pages came, neither by its key nor by its title, although the lists of the last good
    run named known articles. If no lists were read for some days, the articles must be older than that run.
    """
    if len(listed) < _FEWEST:
        return 0
    nights = _Nights(database, source_id, run_id)
    read = [night for night in nights.before if night.has_articles]
    last = next((night for night in reversed(read) if not night.is_other), None)
    if last is None:
        return 0
    new: list[tuple[str, str]] = []  # title and time of publication
    for title, first_seen, published in _stored(database, source_id, listed):
        if nights.was_known(first_seen):
            return 0
        new.append((fold(title or ""), published or "9"))
    if nights.began - read[-1].began > _TWO_NIGHTS:
        day = last.began.astimezone(clock.VIETNAM).date().isoformat()
        new = [one for one in new if one[1] < day]
    if len(new) < _FEWEST or not _named_known(database, source_id, last):
        return 0
    titles = database.execute("select title, first_seen from articles where source_id = ? and title <> ''", [source_id])
    known = {fold(title) for title, first_seen in titles if nights.was_known(first_seen)}
    return 0 if sum(title in known for title, _ in new) * 2 >= len(new) else len(listed)


def _stored(database: Database, source_id: str, keys: Collection[str]) -> Iterator[tuple[str | None, str, str | None]]:
    """Yields title, first sight and time of publication of the stored articles with these keys, which may lack their scheme."""
    left = iter(keys)
    while some := [form for key in islice(left, _BATCH) for form in (key, f"http://{key}", f"https://{key}")]:
        yield from database.execute(
            "select title, first_seen, published_at from articles where source_id = ? and key in (select value from json_each(?))",
            [source_id, json.dumps(some)],
        ).fetchall()


def _named_known(database: Database, source_id: str, night: _Night) -> bool:
    """Returns whether the lists of a night named articles that were known before it. No later list may have named one."""
    since = night.began.strftime("%Y-%m-%dT%H:%M:%S")  # as text, "12:00:00" comes before "12:00:00.5Z"
    sql = (
        "select 1 from candidates cross join articles on articles.source_id = candidates.source_id and articles.key = candidates.key"
        " where candidates.source_id = ? and last_listed >= ? and articles.first_seen < ? limit 1"
    )
    return database.execute(sql, [source_id, since, since]).fetchone() is not None


# --- the articles that came only then ---------------------------------------------------------------------


def not_missed(database: Database, source_id: str, run_id: int) -> frozenset[str]:
    """Returns the keys of the articles that a run found missing and that nobody misses: those of another owner, those that the site showed
    only in nights with other pages than its own, and new ones that it showed in a single night. It can be called until the run ends.

    That the articles of one night are gone does not show a fault of the site: a fault hits the articles of all nights.
    """
    found = database.execute(
        "select key, first_seen, last_seen, published_at, coalesce(instr(flags, ?), 0) > 0,"
        " (select max(last_listed) from candidates where candidates.source_id = articles.source_id and candidates.key = articles.key)"
        " from absences join articles on articles.id = article_id where absences.source_id = ? and returned_at is null"
        " and confirmed_at is null and pending_run_id = ?",
        [OTHER_OWNER, source_id, run_id],
    ).fetchall()
    if not found:
        return frozenset()
    nights = _Nights(database, source_id, run_id)
    keys = set()
    for key, first_seen, last_seen, published, is_flagged, last_listed in found:
        first, last = moment(first_seen), max(moment(last_seen), moment(last_listed or last_seen))
        places = nights.place(first), nights.place(last)
        is_new = published is None or first.astimezone(clock.VIETNAM).date() - _day(published) <= _OLDER
        # The first night of all brings the past of the site.
        of_one_night = 0 < places[0] == places[1] and is_new and nights.began - first <= _OF_ONE_NIGHT
        if is_flagged or of_one_night or all(map(nights.is_other, places)):
            keys.add(key)
    return frozenset(keys)


def _day(text: str) -> date:
    return date.fromisoformat(text[:10] if len(text) > len("2012-05") else f"{text[:7]}-01")
