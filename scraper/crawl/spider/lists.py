"""The lists, feeds and sitemaps of a source during one run: which are read, how far each has come, and what that says about later runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from scraper import clock
from scraper.crawl.list_reading import Depth, ListReading, identity
from scraper.crawl.run import Run
from scraper.crawl.spider.arguments import SpiderArguments
from scraper.crawl.spider.list_choice import MOST_FAILED, choose, chosen_of, covered_by_others, depth_of, order_of, shows_newest
from scraper.crawl.spider.list_pages import ListPage, Wanted, next_page
from scraper.crawl.spider.list_periods import shown_by
from scraper.model import Failure, Link, LinkRole
from scraper.post_urls import is_post_url
from scraper.store.discovered import LIST, LISTS, SITEMAP, WEEKLY, ListRow
from scraper.store.listed_periods import MIXED, NEWEST_FIRST, OLDEST_FIRST, UNKNOWN
from scraper.urls import without_scheme
from scraper.warc.dates import timestamp

_KINDS = {LinkRole.LISTING: "list", LinkRole.FEED: "feed", LinkRole.SITEMAP: "sitemap"}
_ROLES = {kind: role for role, kind in _KINDS.items()}
_MOST_ORDERED = 600  # articles of a list whose dates are compared
_SURE_ORDER = 12  # dates of a list; fewer, some of them pinned, can look like another order
# Lists of which each names the next one, without an article, or without one that no other list named: a calendar names the next month
# without end, and beside each month it may show the same highlights.
_MOST_EMPTY, _MOST_KNOWN = 4, 8
_MOST_NAMED = 10_000  # lists that are not begun for this reason; a page may name many
_MOST_EQUAL = 1000  # articles that are read to find the newest ones; if more have the same date, the dates say nothing


class Lists:
    """Created at the start of a run. `full`: every list is read to its end, whatever is known."""

    def __init__(self, run: Run, arguments: SpiderArguments, *, full: bool) -> None:
        self._run, self._arguments, self._full = run, arguments, full
        self._rows = {(row.kind, without_scheme(row.name)): row for row in run.discovered.lists()}
        self._readings: dict[tuple[str, str], ListReading] = {}
        self._visitors: defaultdict[str, list[ListReading]] = defaultdict(list)  # by page
        self._first: str | None = None  # the list with which the crawl begins
        self._endless: dict[str, str] = {}  # lists that were not begun, because lists without end lead to them -> what these have in common
        self._looks_at_all = full  # whether lists that are looked at weekly are read in this run, too

    @property
    def complete(self) -> bool:
        """Whether every list that this run began to read was read as far as needed."""
        return all(reading.finished and not reading.failed and not reading.is_cut for reading in self._readings.values())

    # --- which lists --------------------------------------------------------------------------------------

    def begin(self, role: LinkRole, url: str, found_on: str | None = None, *, is_first: bool = False) -> ListReading | None:
        """Returns the reading of a list, a feed or a sitemap, or None if it is not read in this run, or was begun before.

        `found_on`: the URL of the page that names it. `is_first`: the crawl begins with it.
        """
        kind = _KINDS[role]
        place = (kind, without_scheme(url))
        if place in self._readings:
            return None
        at = timestamp(clock.now())
        row = self._rows.get(place)
        if row is None and role is LinkRole.LISTING and (why := self._why_endless(found_on)):
            self._note_endless(url, why)
            return None
        if row is None:
            row = self._rows[place] = ListRow(kind, url, found_on)
        if is_first and self._first is None:
            self._first = row.name
        depth = self._depth(row)
        if row.last_tried is None or depth is not None:
            self._run.discovered.note(kind, row.name, at, found_on)
        return None if depth is None else self._read(place, row, depth, at)

    def _depth(self, row: ListRow) -> Depth | None:
        """Returns how far a list is read in this run; None if it is not looked at."""
        is_partial = self._arguments.start is not None or self._arguments.end is not None
        if self._full or (is_partial and not row.read_to_end):
            return Depth.ALL
        depth = depth_of(row, clock.now(), is_first=row.name == self._first)
        if depth is not None:
            return depth
        if self._looks_at_all and row.failed_looks < MOST_FAILED:
            return Depth.NEWS
        if row.look_reason == "missing" and self._run.recording is not None:
            return Depth.ALL  # the recording may hold a later answer, and a request to it costs the site nothing
        return None

    def _why_endless(self, url: str | None) -> str:
        """Returns what the lists have in common that lead to a new one, if they seem to go on without end; otherwise an empty text. `url`:
        of the list that names it.
        """
        if url is not None and (why := self._endless.get(without_scheme(url))):
            return why  # it was read as a later page of another list
        without, nothing_new, number = True, True, 0
        while url is not None and nothing_new and number < _MOST_KNOWN:
            place = (LIST, without_scheme(url))
            row, reading = self._rows.get(place), self._readings.get(place)
            if row is None:
                break
            without &= not (row.articles or row.brought or (reading is not None and reading.keys))
            nothing_new = not row.brought
            number, url = number + nothing_new, row.found_on
            if without and number == _MOST_EMPTY:
                return f"{number} list pages without an article lead to this one"
        return f"{number} list pages without an article of their own lead to this one" if number == _MOST_KNOWN else ""

    def _note_endless(self, url: str, why: str) -> None:
        if not self._endless:
            detail = f"{why}; it and others like it were not requested"
            self._run.record_failure(Failure("discover", "endless-listing", url, detail))
        if len(self._endless) < _MOST_NAMED:
            self._endless[without_scheme(url)] = why

    def _read(self, place: tuple[str, str], row: ListRow, depth: Depth, at: str) -> ListReading:
        reading = ListReading(row, row.name, depth, row.finished_run_id or 0, was_nightly=row.look != WEEKLY)
        if depth is Depth.NEWS and row.list_order == OLDEST_FIRST and row.last_page and not is_post_url(row.last_page):
            # What is new is on the last page, or on a later one.
            reading.start, reading.depth, reading.is_whole = row.last_page, Depth.ALL, False
            reading.floor = without_scheme(row.last_page)
        elif depth is Depth.ALL and not self._full and row.finished_run_id is None and row.resume_url and row.reading_run_id:
            reading.resume = Link(row.resume_url, LinkRole.NEXT)
            reading.known_until, reading.is_whole = row.reading_run_id, False
        row.reading_run_id, row.last_tried = self._run.id, at
        self._run.discovered.update(row)
        self._readings[place] = reading
        self.visit(reading, Link(reading.start, _ROLES[row.kind]))
        return reading

    def known(self) -> Iterator[Link]:
        """Yields the lists and feeds that earlier runs found, and those sitemaps that no other sitemap names."""
        sitemaps = {row.name for row in self._rows.values() if row.kind == "sitemap"}
        for row in [*self._rows.values()]:
            if row.found_on not in sitemaps:
                yield Link(row.name, _ROLES[row.kind])

    def look_at_all(self) -> bool:
        """Returns whether the weekly lists must be read in this run, because the complete list leaves a gap: it could not be read, or shows
        nothing that was known. Returns True only once."""
        if self._looks_at_all:
            return False
        chosen = [(place, row) for place, row in self._rows.items() if row.look_reason == "complete" and row.kind in LISTS and row.articles]
        readings = [self._readings.get(place) for place, _ in chosen]
        self._looks_at_all = any(one is None or one.failed or not one.finished or not one.reached_known for one in readings)
        return self._looks_at_all

    # --- pages --------------------------------------------------------------------------------------------

    def visit(self, reading: ListReading, link: Link) -> None:
        """Notes that a page of a list is requested."""
        reading.current = identity(link)
        self._note_visit(reading, reading.current)

    def _note_visit(self, reading: ListReading, page: str) -> None:
        if page not in reading.visited:
            reading.visited.add(page)
            self._visitors[page].append(reading)
        reading.unread.pop(page, None)

    def next_page(self, reading: ListReading, page: ListPage, url: str, at: str) -> Link | None:
        """Returns the page of a list to request after `page`. If there is none, the list was read as far as needed.
        `url`, `at`: the URL of `page`, and its time."""
        row, days_matter = reading.row, reading.depth is Depth.RECENT or self._arguments.start or self._arguments.end
        if days_matter:
            page = replace(page, days=self._run.candidates.days(page.keys))
        wanted = Wanted(self._arguments.start, self._arguments.end, clock.now().date())
        had_resume = reading.resume is not None
        link = next_page(reading, page, wanted, self._run.id)
        reading.first_at, reading.last_at = min(reading.first_at or at, at), max(reading.last_at, at)
        reading.last_keys = [*page.keys] or reading.last_keys
        if reading.fresh:
            row.last_new = at
        row.last_read = at
        row.brought += page.brought
        if link is None:
            self._finish(reading, url, at)
        else:
            if reading.depth is Depth.ALL and reading.resume is None and not had_resume and not is_post_url(url):
                row.resume_url = url
            self._run.discovered.update(row)
        return link

    def another_page(self, reading: ListReading, link: Link, at: str) -> Link | None:
        """Returns the page of a list to request instead of one that this run requested before, for another list or as an article."""
        other = next((one for one in self._visitors[identity(link)] if one is not reading), None)
        if other is not None and other not in reading.partners:
            reading.partners.append(other)
            other.partners.append(reading)
        self._note_visit(reading, identity(link))
        found = next(iter(reading.unread.values()), None)
        if found is None:
            self._finish(reading, link.url, at)
        return found

    def adopt(self, url: str) -> ListReading | None:
        """Returns the reading of a list whose page was requested as an article, or None if this run does not read it."""
        place = (LIST, without_scheme(url))
        reading = self._readings.get(place)
        return reading if reading is not None and not reading.pages else self.begin(LinkRole.LISTING, url)

    def _finish(self, reading: ListReading, url: str, at: str) -> None:
        row = reading.row
        reading.finished = True
        if row.articles and reading.pages and not reading.keys:
            reading.finished = False
            self.fail(reading, at, "soft-404")  # it showed articles before: the page may stand for another one
            return
        row.failed_looks, row.resume_url = 0, None
        if row.look_reason == "missing":
            row.look_reason = None
        if not reading.is_cut:
            row.finished_run_id = self._run.id
            if reading.depth is not Depth.NEWS:
                row.last_deep = at
            if reading.depth is Depth.ALL:
                row.read_to_end, row.last_page = at, url
                if reading.is_whole:
                    row.articles, row.pages = len(reading.keys), reading.pages
                    row.pager = "form" if reading.has_form else "link" if reading.pages > 1 else "none"
        self._run.discovered.update(row)

    def fail(self, reading: ListReading, at: str, reason: str) -> None:
        """Records that a page of a list could not be read. If a later page does not exist, the list ends there."""
        is_missing = reason in _MISSING
        if reading.finished:
            return
        reading.failed_reason = reason
        if is_missing and reading.pages:
            reading.is_torn = reason == "replay-miss"
            self._finish(reading, reading.current, at)
            return
        reading.finished = reading.failed = True
        row = reading.row
        if is_missing:
            row.failed_looks, row.look_reason = MOST_FAILED, "missing"
        elif reason not in _OF_HOST:
            row.failed_looks += 1
        self._run.discovered.update(row)

    # --- the end of the run -------------------------------------------------------------------------------

    def close(self, *, is_whole: bool) -> None:
        """Judges the order of the lists that were read, chooses those that the next runs look at every night, and counts how the lists
        were. `is_whole`: the run came to its end. Otherwise the days of too few articles are known to say in which order a list is, and
        since when it has shown everything.
        """
        nightly: set[str] = set()
        for reading in self._readings.values():
            self._count(reading)
            if is_whole:
                self._judge_order(reading)
                if reading.row.kind != SITEMAP:
                    self._note_period(reading)
            if reading.was_nightly:
                nightly |= reading.keys
        if is_whole:
            self._note_period_of_sitemaps()
        for reading in self._readings.values():
            # If the complete list left a gap, the others naturally show more than it.
            if not self._looks_at_all and not reading.was_nightly and reading.fresh - nightly:
                reading.row.look_reason = "needed"
        newest = [*self._run.candidates.newest(_MOST_EQUAL)]
        rows = [*self._rows.values()]
        complete = {number for number, place in enumerate(self._rows) if self._is_complete(place, newest)}
        chosen = chosen_of(rows, first=self._first, complete=complete)
        choose(rows, first=self._first, chosen=chosen, covered=self._covered(chosen), now=clock.now())
        self._run.discovered.update(*rows)

    def _count(self, reading: ListReading) -> None:
        """Counts a list for the health of the source. A list that was only guessed and does not exist does not count."""
        facts, row = self._run.facts, reading.row
        is_start = row.name == self._first
        if reading.is_article and not (reading.keys or row.brought or is_start):
            return
        if is_start:  # if it leads to another list, that one is read only once
            facts.start_language = next((one.language for one in (reading, *reading.partners) if one.pages), None)
        if reading.pages:
            lost = not reading.keys and reading.is_whole and bool(row.articles or row.brought)
            facts.lists_with_articles += bool(reading.keys)
            facts.lists_lost += lost
            facts.lists_empty += not reading.keys and not lost
            facts.start_lost |= is_start and lost
        elif reading.failed and (is_start or row.last_read is not None or row.name in self._run.source.configured_lists):
            facts.lists_failed[reading.failed_reason] += 1
            if is_start:
                facts.start_failed = reading.failed_reason

    def _covered(self, chosen: int | None) -> set[int]:
        """Returns the positions of the lists that this run found to be covered. `chosen`: the position of the complete list, if any."""
        read = {
            number: reading
            for number, place in enumerate(self._rows)
            if (reading := self._readings.get(place)) is not None and reading.finished and not reading.failed
        }
        whole = {number: reading.keys for number, reading in read.items() if reading.is_whole and reading.depth is Depth.ALL}
        covered = covered_by_others(whole, chosen)
        if chosen in read:
            shown = read[chosen].keys
            # What a list shows on the first run proves nothing: everything is new then.
            covered |= {number for number, one in read.items() if one.known_until and one.fresh and one.fresh <= shown}
        return covered

    def _is_complete(self, place: tuple[str, str], newest: list[tuple[str, list[str]]]) -> bool:
        reading = self._readings.get(place)
        if reading is None or reading.failed or not reading.finished:
            return self._rows[place].look_reason == "complete"
        return reading.is_whole and shows_newest(reading.front, newest, reading.front_size)

    def _judge_order(self, reading: ListReading) -> None:
        """Sets the order of a list, unless the run read only its first page and the order is known."""
        row = reading.row
        if row.kind != LIST or not reading.is_whole or (reading.depth is Depth.NEWS and row.list_order not in (None, UNKNOWN)):
            return
        keys = [key for page in reading.sequence for key in page][:_MOST_ORDERED]
        days = self._run.candidates.days(keys)
        before = row.list_order
        pages = [[days[key] for key in page if key in days] for page in reading.sequence]
        row.list_order = order_of(pages)
        if before == NEWEST_FIRST and row.list_order in (OLDEST_FIRST, MIXED):
            known = [[days[key] for key in page if key in days and key not in reading.fresh] for page in reading.sequence]
            if order_of(known) not in (OLDEST_FIRST, MIXED):
                row.list_order = before  # only new articles are in another order: they may be those of another site
            elif sum(map(len, known)) >= _SURE_ORDER:
                self._run.facts.out_of_order += 1
                row.last_deep = None  # the next night shows whether it stays so
        self._run.facts.in_order += row.list_order == NEWEST_FIRST

    def _note_period(self, reading: ListReading) -> None:
        """Records from which day on the list has now shown everything."""
        row = reading.row
        parts = [reading, *reading.partners]  # of a list that shares its pages with others, each reading has a part
        days = self._run.candidates.days({key for part in parts for key in part.keys})
        sizes = [one.front_size for one in self._readings.values() if one.pages > 1]
        shown = shown_by(reading, parts, days, is_home=row.name == self._first, longest_page=max(sizes, default=0))
        if shown is not None:
            self._run.discovered.add_period(row.kind, row.name, shown)

    def _note_period_of_sitemaps(self) -> None:
        """Records from which day on the sitemaps have now shown everything. Those that an index names count with it."""
        parts = self._sitemaps()
        named = {part.row.name for part in parts}
        outer = [reading for reading in self._readings.values() if reading.row.kind == SITEMAP and reading.row.found_on not in named]
        if not (parts and outer):
            return
        days = self._run.candidates.days({key for part in parts for key in part.keys})
        shown = shown_by(outer[0], parts, days, is_home=False, longest_page=0)  # what differs between sitemaps is their last page
        if shown is None:
            return
        for reading in outer:
            last_days = [days[key] for key in reading.last_keys if key in days]
            self._run.discovered.add_period(SITEMAP, reading.row.name, replace(shown, last_days=last_days))

    def _sitemaps(self) -> list[ListReading]:
        """Returns the readings of all sitemaps of the site. Returns [] if the run has not read one of them: one year says nothing of the
        others."""
        read = [one for (kind, _), one in self._readings.items() if kind == SITEMAP and (one.pages or one.row.last_read)]
        unread = any(row.kind == SITEMAP and row.last_read and place not in self._readings for place, row in self._rows.items())
        return [] if unread else read


# Reasons that say that a list does not exist.
_MISSING = ("not-found", "gone", "replay-miss")
# Reasons that concern the host, not the list.
_OF_HOST = ("rate-limited", "challenge", "timeout", "dns", "refused-connection", "connection-lost")
