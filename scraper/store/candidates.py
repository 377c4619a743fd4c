"""The table `candidates`: every URL that a list page, feed or sitemap named as an article, and what happened to it.

It is the frontier of the crawl: what was listed and not requested is requested by this run or the next one, whatever ended this one. The
states:

- `new`: listed, and not requested yet
- `requested`: in the queue of a run. After a crash, the next run makes it `new` again, unless its article was stored
- `stored`: an article was stored from it
- `failed`: the request failed, or its page was refused
- `gone`: the server answered 404 or 410
- `not-article`: the page is a list page, a file or another page
- `alternate`: another URL of an article that is requested or stored under one URL; requested only if that one fails
- `part`: a later page of an article
- `outside`: not a URL of the source any more; its host was removed, or it leads to a trap

`retry_at`: when a URL is requested again although its state is not `new`. Nothing here reads a whole source into memory: rows are found by
key and URL, for one page of links at a time.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from sqlite_utils import Database

from scraper.failures import OF_SITE, TRANSIENT
from scraper.model import Page, PageKind
from scraper.urls import without_scheme
from scraper.warc.dates import timestamp

NEW, REQUESTED, STORED, FAILED, GONE = "new", "requested", "stored", "failed", "gone"
NOT_ARTICLE, ALTERNATE, PART, OUTSIDE = "not-article", "alternate", "part", "outside"

_INCOMPLETE = frozenset(("truncated", "pages-missing"))  # flags of an article that lacks a part
_BATCH = 2000  # names per query; a sitemap may have 50,000
_MAY_BE_OVER = TRANSIENT | OF_SITE
# A failure that may be over is tried again by the next runs, then more and more seldom: after two months, the server has given it up.
_SOON_DAYS = (0, 0, 0, 1, 2, 4, 8, 16, 32)
# A page without an article, or a missing one, may be an article after the site was repaired. Three more requests suffice to see that. A new
# article is also tried in the next run: its list names it, so perhaps only its page was late, or the site out of order for a night. After
# the first crawl, which finds the dead links of all years, that costs one request for each new one.
_LATE_DAYS = (7, 14, 28)
_NEW_DAYS = (0, *_LATE_DAYS)


@dataclass(frozen=True, slots=True)
class Row:
    """One URL of an article. `first_run`: the run that first listed it; None if it is older than this table. `last_run`: the run that last
    requested it."""

    key: str
    url: str
    state: str
    attempts: int
    retry_at: str | None
    first_run: int | None
    last_run: int | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A URL as a list page names it, with the state that it gets if it has no row yet."""

    key: str
    url: str
    day: date | None
    state: str


class CandidateTable:
    """The candidates of one source during one run."""

    def __init__(self, database: Database, source_id: str, run_id: int) -> None:
        self._database, self._source_id, self._run_id = database, source_id, run_id
        self.names_days = False  # whether a list of this run stated the day of an article

    def find(self, names: Iterable[str]) -> list[Row]:
        """Returns the rows whose key or URL is one of `names`, with http or https."""
        both = {form for name in names for form in _forms(name)}
        rows: dict[tuple[str, str], Row] = {}
        sql = "select key, url, state, attempts, retry_at, first_run_id, last_run_id from candidates where source_id = ? and {} in"
        sql += " (select value from json_each(?))"
        for some in _batches(both):
            wanted = json.dumps(some)
            for column in ("key", "url"):
                found = self._database.execute(sql.format(column), [self._source_id, wanted]).fetchall()
                rows |= {(row[0], row[1]): Row(*row) for row in found}
        return list(rows.values())

    def write(self, listed: Sequence[Listed], *, where: str, at: str) -> None:
        """Records what a page lists. One transaction for all its links. `where`: the URL of the page; `at`: its time, ISO 8601 in UTC.
        A row that exists keeps its state, except that `requested` replaces it.
        """
        if not listed:
            return
        self.names_days |= any(one.day is not None for one in listed)
        with self._database.conn:
            self._database.conn.executemany(
                "insert into candidates"
                " (source_id, key, url, state, listed_day, first_seen, where_seen, last_listed, first_run_id, last_run_id)"
                " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (source_id, key, url) do update set"
                " state = case when excluded.state = 'requested' then 'requested' else state end,"
                " last_run_id = coalesce(excluded.last_run_id, last_run_id),"
                " listed_day = coalesce(excluded.listed_day, listed_day),"
                " last_listed = max(coalesce(last_listed, ''), excluded.last_listed),"
                " first_seen = min(first_seen, excluded.first_seen), where_seen = coalesce(where_seen, excluded.where_seen)",
                (
                    [
                        self._source_id,
                        one.key,
                        one.url,
                        one.state,
                        one.day.isoformat() if one.day else None,
                        at,
                        where,
                        at,
                        self._run_id,
                        self._run_id if one.state == REQUESTED else None,
                    ]
                    for one in listed
                ),
            )

    def take(self, key: str, url: str, *, at: str) -> None:
        """Records that a URL is in the queue of this run. Adds a row if there is none. One transaction."""
        with self._database.conn:
            self._take(key, url, at)

    def _take(self, key: str, url: str, at: str) -> None:
        self._database.conn.execute(
            "insert into candidates (source_id, key, url, state, first_seen, first_run_id, last_run_id)"
            " values (?, ?, ?, 'requested', ?, ?, ?)"
            " on conflict (source_id, key, url) do update set state = 'requested', last_run_id = excluded.last_run_id",
            [self._source_id, key, url, at, self._run_id, self._run_id],
        )

    def next_ones(self, most: int, now: datetime, *, first: date | None, last: date | None, again: bool) -> list[tuple[str, str]]:
        """Returns (key, URL) of up to `most` candidates that this run has not requested, and puts them into its queue. One transaction.

        These are the new ones, then those to be tried again. `first`, `last`: the days that are wanted; candidates without a day are always
        wanted. `again`: also known articles that this run has not requested.
        """
        states = (STORED, FAILED, GONE) if again else ()
        conditions = [("state = 'new'", []), ("retry_at <= ?", [timestamp(now)]), *((f"state = '{state}'", []) for state in states)]
        found: dict[str, str] = {}
        for condition, values in conditions:
            if len(found) < most:
                rows = self._database.execute(
                    f"select key, url from candidates as one where source_id = ? and {condition} and coalesce(last_run_id, 0) <> ?"
                    " and (listed_day is null or (listed_day >= coalesce(?, '') and listed_day <= coalesce(?, '9')))"
                    # Another URL of the article was requested, or is stored.
                    " and not exists (select 1 from candidates as other where other.source_id = one.source_id and other.key = one.key and"
                    " other.url <> one.url and (other.last_run_id = ? or (other.state = 'stored' and one.state <> 'stored')))"
                    " order by rowid limit ?",
                    [
                        self._source_id,
                        *values,
                        self._run_id,
                        first.isoformat() if first else None,
                        last.isoformat() if last else None,
                        self._run_id,
                        most,
                    ],
                ).fetchall()
                for key, url in rows[: most - len(found)]:
                    found.setdefault(key, url)
        with self._database.conn:
            for key, url in found.items():
                self._take(key, url, timestamp(now))
        return list(found.items())

    def settle_page(self, candidate: tuple[str, str] | None, page: Page, url: str, at: str, *, truncated: bool) -> None:
        """Records what the page of a candidate is. Part of the caller's transaction.

        `candidate`: key and URL; None if the page was not requested as an article. `url`: the URL that answered. `truncated`: its end is
        missing.
        """
        article = page.article
        if candidate is not None:
            state = STORED if article is not None else FAILED if page.kind is PageKind.REFUSED else NOT_ARTICLE
            whole = article is None or not (truncated or _INCOMPLETE.intersection(article.flags))
            self.settle(*candidate, state, at, reason=page.failure.reason if page.failure is not None else "", whole=whole)
        if article is not None:
            # Its canonical URL, and the URL that a redirect led to, may be listed, too.
            for key, other in {(article.key, article.url), (candidate[0] if candidate is not None else article.key, url)}:
                self._note(key, other, STORED, at)

    def settle(self, key: str, url: str, state: str, at: str, *, reason: str = "", whole: bool = True) -> None:
        """Records the result of a request. Part of the caller's transaction. `at`: when, ISO 8601 in UTC. `reason`: why it failed; then it
        is tried again later. `whole`: False if the article lacks a part.

        An article that is stored stays so if a later request fails, unless it is gone.
        """
        row = self._database.execute(
            "select state, attempts, first_run_id from candidates where source_id = ? and key = ? and url = ?", [self._source_id, key, url]
        ).fetchone()
        was, attempts, first_run = row or (None, 0, self._run_id)
        days: tuple[int, ...] = _SOON_DAYS if reason in _MAY_BE_OVER or state == STORED else _LATE_DAYS
        if days is _LATE_DAYS and self._is_new(key, url, first_run):
            days = _NEW_DAYS
        retry = None if (state == STORED and whole) or attempts >= len(days) else _days_after(at, days[attempts])
        if was == REQUESTED and state not in (STORED, GONE) and self._is_stored(key, url):
            state, retry = STORED, None
        self._database.conn.execute(
            "insert into candidates (source_id, key, url, state, first_seen, first_run_id, last_run_id, last_requested, attempts, retry_at)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, 1, ?) on conflict (source_id, key, url) do update set state = excluded.state,"
            " last_run_id = excluded.last_run_id, last_requested = max(coalesce(last_requested, ''), excluded.last_requested),"
            " attempts = ?, retry_at = excluded.retry_at",
            [self._source_id, key, url, state, at, self._run_id, self._run_id, at, retry, 0 if state == STORED and whole else attempts + 1],
        )

    def settle_failed(self, key: str, url: str, state: str, at: str, reason: str) -> None:
        """Records that a request for a candidate failed. One transaction."""
        with self._database.conn:
            self.settle(key, url, state, at, reason=reason)

    def failed_before(self, key: str, url: str) -> tuple[bool, bool]:
        """Returns of a candidate that failed now whether it had failed before, too, and whether the archive has its article."""
        row = self._database.execute(
            "select attempts > 1, exists (select 1 from articles where source_id = candidates.source_id and articles.key = candidates.key)"
            " from candidates where source_id = ? and key = ? and url = ?",
            [self._source_id, key, url],
        ).fetchone()
        return (bool(row[0]), bool(row[1])) if row is not None else (False, False)

    def _is_new(self, key: str, url: str, first_run: int | None) -> bool:
        """Returns whether a URL without an article was first listed after the first crawl of the source. `first_run`: that listed it."""
        # As text, "12:00:00.5Z" comes before "12:00:00Z".
        sql = "select 1 from articles where source_id = ? and first_seen < (select rtrim(started_at, 'Z') from runs where id = ?) limit 1"
        was_crawled = self._database.execute(sql, [self._source_id, first_run]).fetchone() is not None
        return was_crawled and not self._is_stored(key, url)

    def _is_stored(self, key: str, url: str) -> bool:
        """Returns whether the archive has an article of this key or URL that is not gone."""
        sql = "select 1 from articles where source_id = ? and {} = ? and gone_at is null"
        return any(
            self._database.execute(sql.format(column), [self._source_id, value]).fetchone() is not None
            for column, value in (("key", key), ("key", url))
        )

    def _note(self, key: str, url: str, state: str, at: str) -> None:
        """Records a URL whose state became known without a request for it, unless it has a row. Part of the caller's transaction."""
        self._database.conn.execute(
            "insert into candidates (source_id, key, url, state, first_seen, first_run_id) values (?, ?, ?, ?, ?, ?)"
            " on conflict (source_id, key, url) do update set state = excluded.state where state in ('new', 'alternate')",
            [self._source_id, key, url, state, at, self._run_id],
        )

    def note_part(self, url: str, at: str) -> None:
        """Records that a URL is a later page of an article. One transaction."""
        with self._database.conn:
            self._note(url, url, PART, at)
            self._database.conn.execute(
                "update candidates set last_run_id = ? where source_id = ? and url = ? and state = 'part'",
                [self._run_id, self._source_id, url],
            )

    def set_state(self, key: str, url: str, state: str) -> None:
        """Changes the state of a row. One transaction."""
        with self._database.conn:
            self._database.conn.execute(
                "update candidates set state = ? where source_id = ? and key = ? and url = ?", [state, self._source_id, key, url]
            )

    def set_not_requested(self, key: str, url: str) -> None:
        """Records that a recording lacks a URL, so that the site itself was not requested: it is new, unless its article is stored. One
        transaction.
        """
        self.set_state(key, url, STORED if self._is_stored(key, url) else NEW)

    def adopt(self) -> None:
        """Makes this run the one that first listed what was listed since the last run that came to its end: the runs in between did not
        read their lists to the end. One transaction.
        """
        with self._database.conn:
            self._database.conn.execute(
                "update candidates set first_run_id = ? where source_id = ? and first_run_id >"
                " (select coalesce(max(id), 0) from runs where source_id = ? and command = 'crawl' and concluded = 1)",
                [self._run_id, self._source_id, self._source_id],
            )

    def release(self) -> None:
        """Makes the candidates new again that are in a queue: at the beginning of a run those that an interrupted run left, at its end
        those that it did not request. One transaction.

        An article that was stored stays so, although the run ended before its candidate was settled. A URL that answered in this run
        without a result is one that leads to a page that had been requested before.
        """
        answered = "exists (select 1 from captures where source_id = ? and url = candidates.url and run_id = ?"
        answered += " and outcome in ('redirect', 'article', 'listing', 'other'))"
        with self._database.conn:
            self._database.conn.execute(
                "update candidates set state = case when exists (select 1 from articles where articles.source_id = candidates.source_id and"
                f" articles.key = candidates.key) then 'stored' when {answered} then 'alternate' else 'new' end, last_run_id = null"
                " where source_id = ? and state = 'requested'",
                [self._source_id, self._run_id, self._source_id],
            )

    def days(self, keys: Collection[str]) -> dict[str, str]:
        """Returns the day of publication of each key, without its scheme, for which the archive or a list states one."""
        names = {form for key in keys for form in _forms(key)}
        days: dict[str, str] = {}
        listed = "select key, max(listed_day) from candidates where source_id = ? and key in (select value from json_each(?))"
        listed += " and listed_day is not null group by key"
        published = "select key, substr(published_at, 1, 10) from articles where source_id = ? and key in (select value from json_each(?))"
        published += " and +published_at is not null"  # with the plus, SQLite looks up the keys, and does not read all articles
        for some in _batches(names):
            for sql in (listed, published):  # what the article says counts more: a list may show the day of an event
                rows = self._database.execute(sql, [self._source_id, json.dumps(some)]).fetchall()
                days |= {without_scheme(key): day for key, day in rows}
        return days

    def newest(self, most: int) -> Iterator[tuple[str, list[str]]]:
        """Yields the time of publication of the newest articles of the source, and every name (key or URL, without scheme) of each."""
        rows = self._database.execute(
            "select published_at, key, url from articles where source_id = ? and published_at is not null"
            " order by published_at desc limit ?",
            [self._source_id, most],
        ).fetchall()
        names: dict[str, set[str]] = {}
        for _, key, url in rows:
            names[without_scheme(key)] = {without_scheme(key), without_scheme(url)}
        for row in self.find(names) if rows else ():
            if without_scheme(row.key) in names:
                names[without_scheme(row.key)].add(without_scheme(row.url))
        yield from ((moment, sorted(names[without_scheme(key)])) for moment, key, _ in rows)


def _forms(name: str) -> tuple[str, ...]:
    """Returns the forms in which the archive may have a key or a URL: with http, with https, and without either."""
    bare = without_scheme(name)
    return bare, f"http://{bare}", f"https://{bare}"


def _batches(names: Collection[str]) -> Iterator[list[str]]:
    """Yields the names in lists of at most _BATCH."""
    left = iter(names)
    while some := list(islice(left, _BATCH)):
        yield some


def _days_after(at: str, days: int) -> str:
    """Returns a time some days after another one, ISO 8601 in UTC."""
    return timestamp(datetime.fromisoformat(at) + timedelta(days=days))
