"""Decides which article URLs are requested: each article once, and another of its URLs only if the first one fails.

What was decided is in the table `candidates` at once, so it survives the end of the run. Only a bounded number of requests is in the queue;
the other candidates wait in the table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from scraper import clock
from scraper.crawl.replay.recorded_pages import RecordedPages
from scraper.crawl.spider.arguments import SpiderArguments
from scraper.model import Link
from scraper.platforms import PLAIN
from scraper.store.candidates import ALTERNATE, FAILED, GONE, NEW, NOT_ARTICLE, PART, REQUESTED, STORED, CandidateTable, Listed, Row
from scraper.urls import first_page, host_of, without_scheme
from scraper.warc.dates import timestamp

MOST_WAITING = 1000  # requests for articles in the queue; a request takes about 3 kB


@dataclass(frozen=True, slots=True)
class Candidate:
    """A URL to request now, and the article that it may be."""

    url: str
    article_key: str
    is_guess: bool = False  # no page named the URL


@dataclass(frozen=True, slots=True)
class Added:
    """The result of adding the links of a page. `first_runs`: for each article, by its key without scheme and in the order of the page, the
    run that listed it first; 0 if it is older than the table. `names`: all keys and URLs, without scheme.
    """

    requests: tuple[Candidate, ...]
    first_runs: dict[str, int]
    names: frozenset[str]
    new: int  # articles that no page named before


@dataclass(slots=True)
class _Known:
    """The rows of the articles that a page links to, by key and by URL."""

    by_key: dict[str, dict[str, Row]] = field(default_factory=dict)
    by_url: dict[str, Row] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        self.by_key.setdefault(without_scheme(row.key), {})[row.url] = row
        self.by_url.setdefault(without_scheme(row.url), row)

    def of(self, key: str, url: str) -> list[Row]:
        """Returns the rows of an article: those with its key, and that with its URL."""
        rows = [*self.by_key.get(without_scheme(key), {}).values()]
        same = self.by_url.get(without_scheme(url))
        return rows if same is None or same in rows else [*rows, same]


class Frontier:
    """The articles that links named. `full`: known articles are requested, too. `waiting`: returns the number of requests in the queue."""

    def __init__(
        self,
        arguments: SpiderArguments,
        table: CandidateTable,
        recorded: RecordedPages | None,
        run_id: int,
        *,
        full: bool,
        waiting: Callable[[], int],
    ) -> None:
        self._arguments, self._table, self._recorded, self._run_id = arguments, table, recorded, run_id
        self._full, self._waiting = full, waiting

    def add(self, links: Sequence[Link], where: str, at: str) -> Added:
        """Records the links of a page to articles, and returns what to request for them: nothing for an article that is not wanted or was
        requested before; then the URL is kept in case the other one fails. `where`, `at`: the URL and the time of the page.
        """
        links = [one for link in links for one in _with_first_page(link)]
        known = _Known()
        for row in self._table.find(name for link in links for name in _names(link)):
            known.add(row)
        free = MOST_WAITING - self._waiting() if self._recorded is None else len(links)
        first_runs: dict[str, int] = {}
        requests: list[Candidate] = []
        listed: dict[tuple[str, str], Listed] = {}
        new = 0
        for link in links:
            rows = known.of(*_names(link))
            new += not rows
            first_runs.setdefault(without_scheme(_names(link)[0]), min((row.first_run or 0 for row in rows), default=self._run_id))
            own, one = self._listed(link, rows, fits=len(requests) < free)
            listed[one.key, one.url] = one
            if one.state == REQUESTED:
                requests.append(Candidate(one.url, one.key))
            if own is None or one.state == REQUESTED:
                run_id = self._run_id if one.state == REQUESTED else None
                known.add(Row(one.key, one.url, one.state, 0, None, self._run_id, run_id))
        self._table.write([*listed.values()], where=where, at=at)
        names = frozenset(without_scheme(name) for link in links for name in _names(link))
        return Added(tuple(requests), first_runs, names, new)

    def _listed(self, link: Link, rows: Sequence[Row], *, fits: bool) -> tuple[Row | None, Listed]:
        """Returns the row that the URL of a link has, and how the link is written. `rows`: all of its article. `fits`: whether its
        request fits into the queue.
        """
        key = link.key or link.url
        own = next((row for row in rows if without_scheme(row.url) == without_scheme(link.url)), None)
        if own is not None:
            key, url = own.key, own.url
        else:
            key, url = (rows[0].key if rows else key), link.url
        wanted = self._wants(rows, own) and self._arguments.includes(link.day)
        state = REQUESTED if wanted and fits else NEW if wanted or not rows else ALTERNATE
        return own, Listed(key, url, link.day, state)

    def _wants(self, rows: Sequence[Row], own: Row | None) -> bool:
        """Returns whether a URL is requested. `rows`: all of its article. `own`: that of the URL itself, if it has one."""
        if own is not None and own.last_run == self._run_id:
            return False
        if any(row.last_run == self._run_id and row.state in (REQUESTED, STORED, PART) for row in rows):
            return False
        if self._full:
            return True
        if own is not None and own.state in (FAILED, GONE, NOT_ARTICLE, STORED, PART) and not self._is_due(own):
            return False
        return not any(row.state == STORED and not self._is_due(row) for row in rows)

    def _is_due(self, row: Row) -> bool:
        return row.retry_at is not None and row.retry_at <= timestamp(clock.now())

    def waiting(self) -> Iterator[Candidate]:
        """Takes candidates that this run has not requested from the table, and yields them: as many as fit into the queue."""
        free = MOST_WAITING - self._waiting()
        if free > 0:
            arguments = self._arguments
            found = self._table.next_ones(free, clock.now(), first=arguments.start, last=arguments.end, again=self._full)
            yield from (Candidate(url, key) for key, url in found)

    def after_failure(self, article_key: str) -> Candidate | None:
        """Returns what to request after a URL of an article has failed, or None if no URL is left."""
        rows = [row for row in self._table.find([article_key]) if without_scheme(row.key) == without_scheme(article_key)]
        if any(row.state == STORED for row in rows):
            return None
        left = [row for row in rows if row.last_run != self._run_id and row.state in (NEW, ALTERNATE)]
        guess = None
        if not left and self._recorded is not None:
            guess = self._recorded.other_url(article_key, [row.url for row in rows])
        if left or guess is not None:
            url, key = (left[0].url, left[0].key) if left else (guess or "", article_key)
            self._table.take(key, url, at=timestamp(clock.now()))
            return Candidate(url, key, is_guess=not left)
        return None

    def leave_out(self, url: str) -> None:
        """Requests no article for a URL, because it is a later page of another article."""
        self._table.note_part(url, timestamp(clock.now()))


def _names(link: Link) -> tuple[str, str]:
    """Returns the key and the URL of a link to an article."""
    return link.key or link.url, link.url


def _with_first_page(link: Link) -> Iterator[Link]:
    """Yields a link. If it leads to a later page of an article, yields the first page before it, which leads to the others."""
    first = first_page(link.url) if host_of(link.key or link.url) is not None else None
    if first is not None and PLAIN.maybe_article(first):
        yield Link(first, link.role, first, link.day)
        yield Link(link.url, link.role, first, link.day)
    else:
        yield link
