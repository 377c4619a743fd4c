"""`scrapy reparse` in two passes: all captures are parsed and compared with what is stored; then they are parsed again and stored.

Nothing is stored before everything was compared, because a loss in the last source must not find the first one written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from scraper import stopping
from scraper.model import Source
from scraper.reparsing.comparing import compare
from scraper.reparsing.conclusions import conclude, parse_returned
from scraper.reparsing.differences import Comparison, Tally
from scraper.reparsing.parsing import Result, Work, task_of
from scraper.reparsing.progress import Progress
from scraper.reparsing.selection import START, Position, Selection, count, position_of, stream
from scraper.reparsing.storing import store_result
from scraper.reparsing.worker_processes import Parsers
from scraper.stopping import Stopped
from scraper.store import runs, shared_dates, summaries
from scraper.store.captures import KeptCapture
from scraper.version import parser_version

COMPARED, STORED = "compared", "stored"

# Wraps the captures of a source in a progress bar: their source, the pass, how many there are and how many are done, and the captures.
Watch = Callable[[str, str, int, int, Iterator[KeptCapture]], Iterable[KeptCapture]]


@dataclass(frozen=True, slots=True)
class Job:
    """The captures to parse again, and how. `folder`: of all captures. `limit`: the largest body, in bytes."""

    database: Database
    folder: Path
    selection: Selection
    limit: int
    progress: Progress
    parsers: Parsers
    watch: Watch

    def compare(self, source: Source) -> Tally:
        """Parses the captures of a source and returns how the result differs from what is stored. Writes nothing to the archive.
        Raises: Stopped if the process must end.
        """
        tally = Tally(*self.progress.tally(source.id))
        counts = Counter(self.progress.counts(source.id, COMPARED))
        at = self.progress.position(source.id, COMPARED)
        if self.progress.is_done(source.id, COMPARED):
            return tally
        for capture, result in self._results(source, COMPARED, at):
            counts["captures"] += 1
            comparison = result if isinstance(result, Comparison) else compare(self.database, source, capture, result)
            if comparison.failure is not None:
                counts["failures"] += 1
            tally.add(capture.url, comparison)
            at = position_of(capture)
            if self.progress.is_due():
                self.progress.note(source.id, COMPARED, at, counts, (tally.as_json(), tally.failures_as_json()))
        self.progress.note(source.id, COMPARED, at, counts, (tally.as_json(), tally.failures_as_json()))
        self.progress.end(source.id, COMPARED)
        return tally

    def store(self, source: Source, arguments: str) -> Mapping[str, int]:
        """Parses the captures of a source and stores the result, then draws the conclusions that need all of its articles. Returns how many
        captures had each outcome. `arguments`: for the row of the run.
        Raises: Stopped if the process must end; the row of the run says so.
        """
        counts = Counter(self.progress.counts(source.id, STORED))
        if self.progress.is_done(source.id, STORED):
            return counts
        run_id = runs.begin(self.database, "reparse", source.id, arguments, parser_version())
        at = self.progress.position(source.id, STORED)
        try:
            parse_returned(self.database, source, self.folder, self.limit, run_id)
            for capture, result in self._results(source, STORED, at):
                assert not isinstance(result, Comparison)
                counts["captures"] += 1
                counts[store_result(self.database, source, capture, result, run_id)] += 1
                at = position_of(capture)
                if self.progress.is_due():
                    self.progress.note(source.id, STORED, at, counts)
            conclude(self.database, source, self.folder, self.limit)
            summaries.update(self.database)
        except Stopped:
            self.progress.note(source.id, STORED, at, counts)
            runs.end(self.database, run_id, runs.SHUTDOWN, counts)
            raise
        # Written last: a run is finished when its summaries are right.
        runs.end(self.database, run_id, "finished", counts)
        self.progress.note(source.id, STORED, at, counts)
        self.progress.end(source.id, STORED)
        return counts

    def _results(self, source: Source, part: str, after: Position) -> Iterator[tuple[KeptCapture, Result | Comparison]]:
        total = count(self.database, source.id, self.selection)
        done = total - count(self.database, source.id, self.selection, after) if after != START else 0
        captures = self.watch(source.id, part, total, done, stream(self.database, self.folder, source.id, self.selection, after))
        work = Work(source, shared_dates.known(self.database, source.id), self.limit, compares=part == COMPARED)
        for task, result in self.parsers.parse(work, (task_of(self.database, capture) for capture in captures)):
            stopping.check()
            yield task.capture, result
