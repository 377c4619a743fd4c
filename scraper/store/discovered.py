"""The table `discovered`: what was found on the site of a source, each with the time at which it was first and last seen.

The kinds, and what `name` is:

- `platform`: the id of a platform that a page showed
- `list`: the URL of the first page of a list: the home page, a page of `listings`, or a section
- `feed`, `sitemap`: the URL of a feed or a sitemap (also of an index, which lists no articles)
- `host`: a host that links or redirects lead to and that the source does not list

The other columns are filled for lists, feeds and sitemaps only; `scraper/crawl/spider/list_choice.py` decides from them what a run looks
at. `list_order` is `newest-first`, `oldest-first`, `mixed` or `unknown`. `pager` is `link` if pages of the list name later ones by URL,
`form` if by a form (POST), `none` if the list has one page. `look` is `nightly` or `weekly`, and `look_reason` says why. A list whose
`read_to_end` is empty was never read to its end; `resume_url` is the page at which the next run goes on. A URL that was only guessed, and
does not exist, has no `last_read`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from sqlite_utils import Database

from scraper.store import listed_periods
from scraper.store.listed_periods import Shown

LIST, FEED, SITEMAP, PLATFORM, HOST = "list", "feed", "sitemap", "platform", "host"
LISTS = (LIST, FEED, SITEMAP)

NIGHTLY, WEEKLY = "nightly", "weekly"


@dataclass(slots=True)
class ListRow:
    """A list, a feed or a sitemap of a source. The fields are columns of the table. Times are ISO 8601 in UTC."""

    kind: str
    name: str
    found_on: str | None = None
    look: str | None = None
    look_reason: str | None = None
    list_order: str | None = None
    pager: str | None = None
    pages: int | None = None
    articles: int | None = None
    brought: int = 0
    last_tried: str | None = None
    last_read: str | None = None
    last_deep: str | None = None
    read_to_end: str | None = None
    last_new: str | None = None
    resume_url: str | None = None
    last_page: str | None = None
    failed_looks: int = 0
    finished_run_id: int | None = None
    reading_run_id: int | None = None


_COLUMNS = tuple(one.name for one in fields(ListRow))


@dataclass(frozen=True, slots=True)
class Found:
    """One row as `scrapy probe` shows it."""

    kind: str
    name: str
    found_on: str | None
    first_seen: str
    last_seen: str
    list_order: str | None
    pager: str | None
    articles: int | None
    read_to_end: str | None
    last_read: str | None
    last_new: str | None
    look: str | None


def all_found(database: Database, source_id: str) -> Iterator[Found]:
    """Yields everything that was found on the site of a source, ordered by kind and name."""
    columns = ", ".join(one.name for one in fields(Found))
    rows = database.execute(f"select {columns} from discovered where source_id = ? order by kind, name", [source_id])
    yield from (Found(*row) for row in rows.fetchall())


class DiscoveredTable:
    """The rows of one source. `keeps_lists`: whether its lists, feeds and sitemaps are known from earlier runs, and for later ones."""

    def __init__(self, database: Database, source_id: str, *, keeps_lists: bool = True) -> None:
        self._database, self._source_id, self._keeps_lists = database, source_id, keeps_lists

    def lists(self) -> list[ListRow]:
        """Returns the lists, feeds and sitemaps of the source, in the order in which they were found."""
        if not self._keeps_lists:
            return []
        sql = f"select {', '.join(_COLUMNS)} from discovered where source_id = ? and kind in ('list', 'feed', 'sitemap') order by rowid"
        return [ListRow(*row) for row in self._database.execute(sql, [self._source_id]).fetchall()]

    def note(self, kind: str, name: str, at: str, found_on: str | None = None) -> None:
        """Records that something was found. One transaction. `at`: when, ISO 8601 in UTC. `found_on`: the URL of the page that named it."""
        if kind in LISTS and not self._keeps_lists:
            return
        with self._database.conn:
            self._database.conn.execute(
                "insert into discovered (source_id, kind, name, found_on, first_seen, last_seen) values (?, ?, ?, ?, ?, ?)"
                " on conflict (source_id, kind, name) do update set first_seen = min(first_seen, excluded.first_seen),"
                " last_seen = max(last_seen, excluded.last_seen), found_on = coalesce(found_on, excluded.found_on)",
                [self._source_id, kind, name, found_on, at, at],
            )

    def add_period(self, kind: str, name: str, shown: Shown) -> None:
        """Records of which days a reading of a list has shown all articles. One transaction."""
        if self._keeps_lists:
            listed_periods.record(self._database, self._source_id, kind, name, shown)

    def update(self, *rows: ListRow) -> None:
        """Writes the rows of lists, which `note` has added. One transaction."""
        if not self._keeps_lists:
            return
        assignments = ", ".join(f"{name} = ?" for name in _COLUMNS[2:])
        with self._database.conn:
            self._database.conn.executemany(
                f"update discovered set {assignments} where source_id = ? and kind = ? and name = ?",
                ([*(getattr(row, name) for name in _COLUMNS[2:]), self._source_id, row.kind, row.name] for row in rows),
            )
