"""One run: a crawl of one source, with its lock, archive, recording, counts and conclusions. `run_captures.py` keeps its responses.

The spider passes each response through it: `parse` returns the reading of a stored capture, `store` writes the reading to the archive, and
`record_failure` writes a failure. The links that the spider follows are in the reading.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from datetime import datetime, timedelta
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.settings import BaseSettings

from scraper import clock, stopping
from scraper.crawl.article_files import ArticleFiles
from scraper.crawl.parsing_process import Question, Work
from scraper.crawl.reading_ahead import ReadingAhead, others_for
from scraper.crawl.request_purpose import is_for_list, purpose_of, stored_url_of
from scraper.crawl.run_captures import RunCaptures
from scraper.crawl.run_counts import RunCounts
from scraper.crawl.run_health import RunHealth
from scraper.crawl.shared_archive import SharedArchive
from scraper.crawl.source_lock import lock_source
from scraper.crawl.stored_capture import StoredCapture
from scraper.crawl.web_recording import Backfill, WebRecording
from scraper.health.facts import Judgement, RunFacts
from scraper.health.judging import NOT_JUDGED, Judged
from scraper.model import Failure, PageKind, Source
from scraper.reader import Reading, listed_as_article, read
from scraper.reparsing.conclusions import conclude, parse_returned, parse_unparsed, reparse_stored
from scraper.report_language import say
from scraper.sources import SAMPLE, recordings
from scraper.stopping import Stopped
from scraper.store import (
    absences,
    articles,
    clock_faults,
    coverage,
    crawl_history,
    failures,
    listed_days,
    lost_captures,
    mistaken_sections,
    observed,
    other_owner,
    periods,
    rechecks,
    replaced_nights,
    runs,
    shared_dates,
    summaries,
    validators,
)
from scraper.store.candidates import NOT_ARTICLE, STORED, CandidateTable
from scraper.store.capture_repair import repair
from scraper.store.captures import set_later_pages
from scraper.store.discovered import HOST, DiscoveredTable
from scraper.store.patient_connection import ending_early
from scraper.store.sources import load_source
from scraper.two_languages import Bilingual, Message
from scraper.version import parser_version
from scraper.warc.dates import timestamp
from scraper.warc.recording import RecordedSite, Recording
from scraper.warc.records import OK

logger = logging.getLogger(__name__)

CRAWL, BACKFILL, ATTACHMENTS = "crawl", "backfill", "attachments"  # commands of a run


def program_fault(error: str, *, at_end: bool = False) -> Bilingual:
    """Returns what a run says about a fault of the program. `at_end`: while its conclusions were drawn."""
    where, in_vietnamese = (" at the end of the run", " ở cuối lượt") if at_end else ("", "")
    return Bilingual(f"a fault of the program{where}: {error}", f"lỗi của chương trình{in_vietnamese}: {error}")


class NoRun(NotConfigured):
    """The spider has no run, for example in `scrapy shell`. Scrapy then works without the middleware that needs one."""

    def __str__(self) -> str:
        return "the spider was started without a run, so nothing is written to the archive; `scrapy crawl` starts it with one"


class Run:
    """Create it before a crawl and close it after the crawl. It is used only from the thread of the crawl."""

    requests_files = True  # whether files of articles are requested in it

    def __init__(
        self,
        settings: BaseSettings,
        source: Source,
        *,
        arguments: Mapping[str, Any],
        archive: SharedArchive | None = None,
        report: Callable[[str | Message], object] = say,
        recording: Recording | None = None,
        other_parsers: int | None = None,
        backfill: Backfill | None = None,
    ) -> None:
        """Checks everything that can be checked before the first request, then opens the resources.

        `arguments`: the `-a` arguments of the command. `archive`: the archive that several runs of this process use; without it, the run
        opens and closes its own. `report`: called with each message about a repair of the source's captures, or a gap in its recording.
        `recording`: answers instead of the site, and is closed with the run; the default is that of the setting REPLAY. `other_parsers`:
        how many other processes parse pages of the recording; the default is what the settings and this machine allow.
        `backfill`: the web archive that answers instead of the site.
        Raises: UserError (ArchiveError, WarcError, SourceLocked) if something cannot be used. In that case nothing has been written.
        """
        self.source = source
        self.arguments = dict(arguments)
        self.counts = RunCounts()
        self.outcome = ""  # how the run ended; empty until then
        self.problem = ""  # why the run was stopped before its end; empty if it was not
        self.corrected_sections = 0  # set by `close`: pages stored as articles that turned out to be list pages in this run
        self.outside_period = 0  # set by `close`: articles of the source from outside its period
        self.first_articles: crawl_history.Overview | None = None  # set by `close`, if the archive had none of the source before
        self.faults: list[str] = []  # faults of the program that Scrapy caught and logged
        self.files_only = "files" in arguments  # whether it requests only files of articles
        self._judged: Judged | None = None  # how the source is; set by `close`, None if the run says nothing about it
        self.failed: dict[str, int] = {}  # set by `close`: number of URLs by reason
        self.failed_urls: dict[str, str] = {}  # set by `close`: one URL of each reason
        self.lists_complete = not {"start", "end", "files"} & arguments.keys()  # whether every list was read to its end so far
        self.longest_body = settings.getint("DOWNLOAD_MAXSIZE")  # bytes, decoded
        self._rechecks_per_run = settings.getint("RECHECKS_PER_RUN")
        self.closed = False  # set by `close`
        self._closes_archive = archive is None
        with ExitStack() as opened:
            self._open(settings, archive, report, recording, other_parsers, backfill, opened)
            opened.pop_all()  # nothing failed, so `close` closes it

    def _open(
        self,
        settings: BaseSettings,
        archive: SharedArchive | None,
        report: Callable[[str | Message], object],
        recording: Recording | None,
        other_parsers: int | None,
        backfill: Backfill | None,
        opened: ExitStack,
    ) -> None:
        """Opens the resources. `opened`: gets what must be closed if a later one cannot be used. For the other arguments see `__init__`."""
        source = self.source
        read = recording if recording is not None or backfill is not None else _configured_recording(settings, source)
        if read is not None:
            opened.callback(read.close)
        others = others_for(read, settings) if other_parsers is None else other_parsers
        self._ahead = ReadingAhead(read, others, has_archive=archive is not None)
        opened.callback(self._ahead.close)
        for gap in read.gaps if read is not None else ():
            report(gap)
        self.recording: RecordedSite | None = read  # what answers instead of the site
        self._archive = archive or SharedArchive(settings, sample=source.kind == SAMPLE, report=report)
        if self._closes_archive:
            opened.callback(self._archive.close)
        self._folder, self._database = self._archive.captures, self._archive.database
        self.web: WebRecording | None = None  # the captures of a web archive, if they answer; then it is `recording`, too
        if backfill is not None:
            self.recording = self.web = WebRecording(self._database, self._folder, source, backfill, self.longest_body)
        self._health = RunHealth(self._database, source, settings, is_live=self.recording is None)
        self._lock = opened.enter_context(lock_source(self._folder, source.id))
        load_source(self._database, source)
        broken = repair(self._database, self._folder, source.id, report)
        self.lost = lost_captures.note(self._database, self._folder, source.id, timestamp(clock.now()))  # since the last run
        if self.recording is None and (ahead := clock_faults.correct(self._database, source.id, timestamp(self._latest()))):
            report(
                Bilingual(
                    f"{source.id}: {ahead} captures are dated after now, because the clock was ahead; they count as older than this run",
                    f"{source.id}: {ahead} bản chụp ghi giờ sau bây giờ, vì đồng hồ lúc đó chạy trước; chúng được coi là cũ hơn lượt này",
                )
            )
        # Whether there is anything to draw conclusions from: articles of this run, or of one that ended without its conclusions.
        self._has_stored_articles = not crawl_history.last_run_concluded(self._database, source.id)
        given = self.arguments | (backfill.as_arguments if backfill is not None else {})
        written = json.dumps(given, ensure_ascii=False)
        command = BACKFILL if self.web is not None else ATTACHMENTS if self.files_only else CRAWL
        self.id = runs.begin(self._database, command, source.id, written, parser_version())
        self.captures = RunCaptures(
            self._database,
            self._folder,
            source.id,
            self.id,
            settings,
            self.counts,
            web=self.web,
            sync=self.recording is None or self.web is not None,  # the replay of a file can be repeated, so it needs no fsync
            broken=broken,
        )
        self.candidates = CandidateTable(self._database, source.id, self.id)
        if self._has_stored_articles:
            self.candidates.adopt()
        self.candidates.release()
        # The lists of a web archive are of many times, so they say nothing about those of the site.
        self.discovered = DiscoveredTable(self._database, source.id, keeps_lists=self.web is None)
        self._documents = self._archive.documents
        self.files = self._files_of(settings)
        self._shared_dates = shared_dates.known(self._database, source.id)
        self._ahead.begin(Work(source, self._archive.path, (*self._shared_dates,), self.longest_body), self._documents)
        self.known_before = crawl_history.count_articles(self._database, source.id)  # articles of the source at the start

    def _files_of(self, settings: BaseSettings) -> ArticleFiles:
        """Returns the files of the articles of the source. Called once."""
        return ArticleFiles(self._archive, self.source, settings, is_live=self.recording is None)

    def _latest(self) -> datetime:
        """Returns the time after which no capture can be, when the run begins."""
        return clock.now()

    @property
    def judgement(self) -> Judgement | None:
        """How the source is; None before `close`, and if the run says nothing about it."""
        return self._judged.judgement if self._judged is not None else None

    # --- pages --------------------------------------------------------------------------------------------

    def parse(
        self,
        page: StoredCapture,
        *,
        platform: str | None = None,
        as_list: bool = False,
        later: Sequence[StoredCapture] = (),
        pages_missing: bool = False,
    ) -> Reading:
        """Returns the reading of a capture: the kind of page, its links, and the article on it.

        `platform`: the platform that earlier pages of this crawl showed. `as_list`: the page was requested as a list. `later`: the later
        pages of the article, in page order.
        `pages_missing`: at least one later page could not be fetched.
        """
        if not later and not pages_missing and page.capture.status == OK:
            known = self._ahead.take(Question(page.capture.url, timestamp(page.capture.captured_at), as_list), platform)
            if known is not None:
                return known
        return read(
            page.capture,
            self.source,
            self._documents,
            shared=self._shared_dates,
            met=platform,
            as_list=as_list,
            followed=True,
            later=[one.capture for one in later],
            pages_missing=pages_missing,
        )

    def expect(self, request: Request, platform: str | None) -> None:
        """Notes that a request will be sent. If a recording is crawled, another process can then parse its page meanwhile.
        `platform`: that earlier pages of this crawl showed.
        """
        purpose = purpose_of(request)
        if not self._ahead.is_used or request.method != "GET" or purpose.article_pages is not None:
            return
        self._ahead.expect(
            request.url,
            stored_url_of(request),
            number=purpose.recorded.number,
            platform=platform,
            as_list=is_for_list(purpose),
            priority=request.priority,
        )

    def store(
        self,
        reading: Reading,
        page: StoredCapture,
        *,
        later: Sequence[StoredCapture] = (),
        candidate: tuple[str, str] | None = None,
    ) -> None:
        """Stores the reading of a capture. For a list page, sitemap or feed, also records which of its links cannot be followed.

        `later`: the later pages of the article, in page order. `candidate`: the key and the URL of the candidate that was requested.
        """
        if candidate is not None:
            reading = listed_as_article(reading, page.capture)
        if later:
            set_later_pages(self._database, page.id, [one.id for one in later])
        captured_at = timestamp(page.capture.captured_at)
        with self._database.conn:
            # Begun here, so that none of the queries until the article is stored takes a lock of its own.
            self._database.conn.execute("begin immediate")
            self._prepare(reading)
            known = self._health.known(reading.page)
            # Committed together with the article: after a crash, neither of them is there.
            self.candidates.settle_page(candidate, reading.page, page.capture.url, captured_at, truncated=reading.truncated)
            outcome = self._store_reading(reading, page, captured_at)
        self.counts.add_article(outcome.kind)
        self._has_stored_articles |= outcome.article_id is not None
        is_edit = outcome.kind == "changed" and not crawl_history.is_as_before(self._database, outcome.article_id)
        self._health.add_page(reading.page, known, candidate, self.candidates, truncated=reading.truncated, changed=is_edit)
        if reading.page.kind in (PageKind.LISTING, PageKind.SITEMAP, PageKind.FEED):
            self.counts.lists += 1
            self._store_link_failures(reading.page.faults, page, captured_at)

    def _prepare(self, reading: Reading) -> None:
        if reading.page.article is not None:
            # Only readings of the same parser can be compared: a difference between two parsers is not an edit of the site.
            reparse_stored(self._database, self.source, self._folder, self.longest_body, reading.page.article.key, self.id)

    def _store_reading(self, reading: Reading, page: StoredCapture, captured_at: str) -> articles.Outcome:
        return articles.store(
            self._database,
            self.source,
            reading,
            capture_id=page.id,
            captured_at=captured_at,
            parser=parser_version(),
            run_id=self.id,
        )

    def _store_link_failures(self, found: Iterable[Failure], page: StoredCapture, captured_at: str) -> None:
        """Records why a page leads to fewer articles than it shows. This replaces what was recorded for the page before."""
        with self._database.conn:
            failures.clear_discovery(self._database, self.source.id, page.capture.url, captured_at)
            for failure in found:
                failures.record(self._database, self.source.id, failure, at=captured_at, run_id=self.id, capture_id=page.id)
                if failure.reason == "other-host" and failure.target:
                    self.counts.other_hosts[failure.target] += 1

    def store_unchanged(self, earlier_id: int, answer: StoredCapture, candidate: tuple[str, str] | None = None) -> StoredCapture | None:
        """Records that a page has not changed since the capture `earlier_id`. Returns that capture, or None if it holds an article, whose
        links are not needed. `candidate`: the key and the URL of the candidate that was requested.
        Raises: WarcError, TooLarge or CannotDecode if the earlier capture cannot be read.
        """
        captured_at = timestamp(answer.capture.captured_at)
        self.captures.mark(answer.id, "not-modified")
        with self._database.conn:
            failures.clear(self._database, self.source.id, answer.capture.url, captured_at)
            is_article = crawl_history.confirm(self._database, self.source.id, earlier_id, captured_at)
            if candidate is not None:
                self.candidates.settle(*candidate, STORED if is_article else NOT_ARTICLE, captured_at)
        if is_article:
            self.counts.add_article("same")
            self._health.add_unchanged_article()
            return None
        self.counts.lists += 1
        return self.captures.load(earlier_id)

    def was_article(self, url: str, at: str) -> bool:
        """Returns whether a URL showed an article before `at` (ISO 8601, UTC). If a list is there now, it came instead of the article: the
        home page, mostly. Once the article is back, it would be a list that lost its articles.
        """
        return articles.was_article(self._database, self.source.id, url, at)

    def record_vanished(self, url: str, page: StoredCapture) -> None:
        """Records that the URL of an article leads to a page that is not an article, if it was one before."""
        at = page.capture.captured_at
        if articles.was_article(self._database, self.source.id, url, timestamp(at)):
            self.record_failure(Failure("fetch", "soft-404", url, "leads to a page that is not this article", page.capture.url), at=at)

    def rechecks(self) -> list[tuple[str, str]]:
        """Returns key and URL of the known articles that this run requests again, and of betting pages. Says so if the budget is too
        small."""
        now = clock.now()
        plan = rechecks.plan(self._database, self.source.id, now, self._rechecks_per_run)
        if plan.late:
            logger.warning(
                "%s: RECHECKS_PER_RUN = %s is too small: %s known articles are not requested again in time; each run needs about %s",
                self.source.id,
                self._rechecks_per_run,
                plan.late,
                plan.needed,
            )
        return [*plan.articles, *other_owner.betting_pages(self._database, self.source.id)]

    # --- failures -----------------------------------------------------------------------------------------

    def record_failure(self, failure: Failure, *, at: datetime | None = None, capture_id: int | None = None) -> None:
        """Records a failure. `at`: when it occurred; the default is now. `capture_id`: the response, if there was one."""
        captured_at = timestamp(at or clock.now())
        with self._database.conn:
            failures.record(self._database, self.source.id, failure, at=captured_at, run_id=self.id, capture_id=capture_id)
            absences.note(self._database, self.source.id, failure, captured_at, self.id)
        if capture_id is not None:
            articles.mark_failed(self._database, capture_id, failure)

    @property
    def facts(self) -> RunFacts:
        """What the run received so far, counted for the health of the source."""
        return self._health.facts

    def count_failed_article(self, candidate: tuple[str, str], reason: str) -> None:
        """Counts a request for an article that failed, after it was recorded. `candidate`: its key and URL."""
        self._health.add_failed_article(candidate, reason, self.candidates)

    def open_failures(self) -> dict[str, int]:
        """Returns the failures of this run that are not cleared: the number of URLs by reason, the most frequent first."""
        return failures.open_of_run(self._database, self.id)

    # --- earlier runs -------------------------------------------------------------------------------------

    def was_missing(self, url: str) -> bool:
        """Returns whether the last response for a URL in an earlier run said that there is no such page. False for a recording, which may
        hold a later answer.
        """
        return self.recording is None and crawl_history.was_missing(self._database, self.source.id, url)

    def validators(self, url: str, page_kind: PageKind, days: int) -> validators.Validators | None:
        """Returns the validators for a conditional request, if they proved reliable and the last good capture of the URL is at most `days`
        old; otherwise None. `page_kind`: what the URL is requested as.
        """
        since = timestamp(clock.now() - timedelta(days=days))
        return validators.find(self._database, self.source.id, url, page_kind.value, since)

    def is_contradicted(self, earlier_id: int, answer: StoredCapture, page_kind: PageKind) -> bool:
        """Returns whether an answer 304 names another ETag than the capture `earlier_id`. Then the page must be requested again, without a
        condition.
        """
        etag, at = answer.capture.header("ETag"), timestamp(answer.capture.captured_at)
        return validators.contradicted(self._database, self.source.id, page_kind.value, earlier_id, etag, at)

    def close(self, outcome: str, *, at_once: bool = False) -> None:
        """Ends the run: draws the conclusions, writes its row last of all, then closes everything. If something of that fails, the outcome
        says so, and the next run of the source draws the conclusions again. Further calls do nothing.

        `at_once`: leave the conclusions to the next run. It does so, too, if the process must end.
        """
        if self.closed:
            return
        self.closed = True
        concluded = False
        try:
            self._settle(outcome)
            if not (at_once or stopping.is_requested()):
                with ending_early(self._database.conn):
                    self._conclude()
                concluded = True
        except Stopped:
            outcome = runs.SHUTDOWN
        except (OSError, sqlite3.Error) as error:
            outcome, self.problem = runs.outcome_of(error)
        except Exception as error:
            logger.exception("ending the run of %s failed", self.source.id)
            outcome, self.problem = runs.END_FAILED, program_fault(f"{type(error).__name__}: {error}", at_end=True)
        try:
            self._write_outcome(outcome, concluded=concluded)
        finally:
            self._release()

    def _settle(self, outcome: str) -> None:
        """Writes what is the same for every run, however it ended."""
        lost_captures.clear(self._database, self.source.id, timestamp(clock.now()))
        self.failed = self.open_failures()
        self.failed_urls = failures.examples_of_run(self._database, self.id) if self.failed else {}
        self.captures.close()
        self.candidates.release()
        for host in self.counts.other_hosts:
            self.discovered.note(HOST, host, timestamp(clock.now()))
        not_missed = replaced_nights.not_missed(self._database, self.source.id, self.id)
        vanished = absences.vanished(self._database, self.source, self.id, not_missed)
        is_partial = bool({"start", "end"} & self.arguments.keys())
        if self.web is None and not self.files_only:
            self._judged = self._health.judge(self.id, outcome, self.counts, self.failed, vanished, not_missed, is_partial=is_partial)
        gives_articles = self._judged is None or self._judged.judgement.gives_articles
        is_good = outcome in runs.GOOD and self.counts.lists > 0 and gives_articles and not vanished.at_once
        absences.conclude(self._database, self.source, self.id, is_good=is_good, is_replay=self.recording is not None)

    def _conclude(self) -> None:
        """Draws the conclusions and counts the summaries. All of it can be repeated by a later run."""
        health = self._judged.row if self._judged is not None else None
        self._has_stored_articles |= parse_returned(self._database, self.source, self._folder, self.longest_body, self.id)
        self.files.read_waiting()
        parse_unparsed(self._database, self.source, self._folder, self.longest_body, self.id)
        # A list that states days for the first time dates articles that were stored long ago.
        self._has_stored_articles |= self.candidates.names_days and bool(listed_days.undated(self._database, self.source.id))
        corrected_before = mistaken_sections.count(self._database, self.source.id)
        if self._has_stored_articles:
            conclude(self._database, self.source, self._folder, self.longest_body, health)
        else:
            coverage.update(self._database, self.source.id)
            observed.update(self._database, self.source, health)
        self.corrected_sections = max(0, mistaken_sections.count(self._database, self.source.id) - corrected_before)
        self.files.decide()
        summaries.update(self._database)
        self.outside_period = periods.count_outside(self._database, self.source.id)
        if not self.known_before:
            self.first_articles = crawl_history.overview(self._database, self.source.id)
        # If what is committed cannot be moved into archive.db itself, the run is not finished.
        self._database.execute("pragma wal_checkpoint(passive)")

    def _write_outcome(self, outcome: str, *, concluded: bool) -> None:
        """Writes the outcome and the state of the source. A run whose end failed says nothing about the site."""
        self.outcome = outcome
        if outcome in NOT_JUDGED:
            self._judged = None
        health = self._judged.row if self._judged is not None else None
        counts = {
            "captures": self.counts.captures,
            "new": self.counts.new,
            "changed": self.counts.changed,
            "failures": sum(self.failed.values()),
        }
        complete = outcome == "finished" and self.lists_complete
        try:
            runs.end(self._database, self.id, outcome, counts, complete=complete, concluded=concluded, health=health)
        except (OSError, sqlite3.Error) as error:
            if concluded:  # else the first problem is the cause
                self.outcome, self.problem = runs.outcome_of(error)
            self._judged = None
            with suppress(OSError, sqlite3.Error):  # perhaps only the state of the source cannot be written
                runs.end(self._database, self.id, self.outcome, counts, complete=False, concluded=False)

    def _release(self) -> None:
        self._ahead.close()
        if self.recording is not None:
            self.recording.close()
        self._lock.close()
        if self._closes_archive and (problem := self._archive.close()) and not self.problem:
            self.problem = problem


def _configured_recording(settings: BaseSettings, source: Source) -> Recording | None:
    """Returns the recording of the setting REPLAY or of the source, if there is one."""
    files = recordings(source, settings.get("REPLAY"))
    return Recording(files) if files else None


def run_of(crawler: Crawler) -> Run:
    """Returns the run of a crawler, for the `from_crawler` method of a middleware or an extension.
    Raises: NoRun if its spider has none.
    """
    run = getattr(crawler.spider, "run", None)
    if not isinstance(run, Run):
        raise NoRun  # without arguments, because Scrapy logs a warning if there are any
    return run
