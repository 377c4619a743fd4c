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
from scraper.model import Failure, Source
from scraper.reader import Reading
from scraper.reparsing.article_values import new_values, stored_values
from scraper.reparsing.conclusions import conclude
from scraper.reparsing.differences import ARTICLE, Tally, Value, Values
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
        tally = Tally(self.progress.tally(source.id))
        counts = Counter(self.progress.counts(source.id, COMPARED))
        at = self.progress.position(source.id, COMPARED)
        if self.progress.is_done(source.id, COMPARED):
            return tally
        for capture, result in self._results(source, COMPARED, at):
            counts["captures"] += 1
            before = stored_values(self.database, capture)
            after: Values | None
            if isinstance(result, Failure):
                counts["failures"] += 1
                # A fault of the parser is a loss. If the file is at fault, the parser has nothing to do with it.
                after = {} if result.reason == "reader-fault" else None
            else:
                after = self._values_of(source, result, capture)
            if before is None and not after:  # a newer capture gave the stored values, so only this is at stake
                before = {ARTICLE: Value((capture.url,))}
            if before is not None and after is not None:
                tally.add(capture.url, before, after)
            at = position_of(capture)
            if self.progress.is_due():
                self.progress.note(source.id, COMPARED, at, counts, tally.as_json())
        self.progress.note(source.id, COMPARED, at, counts, tally.as_json())
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
            for capture, result in self._results(source, STORED, at):
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

    def _values_of(self, source: Source, reading: Reading, capture: KeptCapture) -> Values:
        """Returns the values of a reading; none if they cannot be compared, and so not be stored."""
        try:
            return new_values(self.database, source, reading, capture)
        except (UnicodeError, OverflowError):  # what SQLite cannot hold: half of a surrogate pair, a number of more than 64 bits
            return {}

    def _results(self, source: Source, part: str, after: Position) -> Iterator[tuple[KeptCapture, Result]]:
        total = count(self.database, source.id, self.selection)
        done = total - count(self.database, source.id, self.selection, after) if after != START else 0
        captures = self.watch(source.id, part, total, done, stream(self.database, self.folder, source.id, self.selection, after))
        work = Work(source, shared_dates.known(self.database, source.id), self.limit)
        for task, result in self.parsers.parse(work, (task_of(self.database, capture) for capture in captures)):
            stopping.check()
            yield task.capture, result
