"""`scrapy backfill SOURCE`: queries the index of a web archive, then crawls what it lists, with the web archive in place of the site."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from scrapy import Spider
from scrapy.settings import Settings

from scraper import clock
from scraper.base_command import BUSY, FAILED, WELL, print_failure
from scraper.crawl.backfill.index_spider import IndexSpider
from scraper.crawl.crawler_process import crawler_process
from scraper.crawl.run import Run
from scraper.crawl.run_report import BROKEN, LOCKED, NOT_STARTED, Result
from scraper.crawl.side_by_side import SideBySide
from scraper.crawl.source_lock import SourceLocked
from scraper.crawl.spider.news import NewsSpider
from scraper.crawl.spider.source_spider import spider_of
from scraper.crawl.web_recording import REST_DAYS, Backfill, WebRecording
from scraper.failures import REASONS
from scraper.model import Source, UserError
from scraper.paths import project_paths
from scraper.reference import label
from scraper.sources import SAMPLE, find, load
from scraper.webarchives.archives import PAGES, WebArchive, archive_of
from scraper.webarchives.playback import TRANSIENT
from scraper.webarchives.questions import Period

_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
_MOST_LINES = 10  # parts of the index that are named; --json names all


@dataclass(slots=True)
class Report:
    """What a back-fill found and did. `left`: captures that are still to be requested. `parts_failed`: of the index."""

    archive: str
    source: str
    first: str
    last: str
    state: str = ""
    index_read: bool = False  # whether the index was queried to its end; what it did not answer is in `parts_failed`
    pages: int = 0
    to_fetch: int = 0
    too_many: int = 0  # captures that are not requested because their page has too many versions
    by_year: dict[str, int] = field(default_factory=dict)
    expected_seconds: float = 0.0
    fetched: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    left: int = 0
    not_played: dict[str, int] = field(default_factory=dict)
    captures: dict[str, int] = field(default_factory=dict)  # all that is known of this archive, by state
    parts_failed: list[list[str]] = field(default_factory=list)
    failures: dict[str, int] = field(default_factory=dict)
    attention: str = ""


def execute(settings: Settings, args: list[str], opts: argparse.Namespace) -> int:
    if len(args) != 1:
        raise UserError("give one source, like: scrapy backfill mic-2005 --from 2008 --to 2012 (`scrapy list` shows all)")
    source = find(load(project_paths(settings.get("SOURCES_EXTRA")), live=False), args[0])
    if source.kind == SAMPLE or source.replay:
        raise UserError(f"{source.id}: is of the sample, which no web archive has")
    archive = _with_limits(archive_of(opts.archive), settings)
    if any(archive.has(f"http://{host}/") or archive.has(f"https://{host}/") for host in source.hosts):
        raise UserError(f"--archive {opts.archive}: is on a host of {source.id} itself; give the URL of a web archive")
    period = _period(source, archive, opts.since, opts.until)
    report = Report(archive.id, source.id, period.first.isoformat(), period.last.isoformat())
    most_versions = settings.getint("BACKFILL_VERSIONS")
    if most_versions < 1:
        raise UserError(f"BACKFILL_VERSIONS={settings['BACKFILL_VERSIONS']}: must be at least 1")
    return _Backfill(settings, source, Backfill(archive, period, most_versions), report, opts).execute()


class _Backfill:
    """One execution of the command."""

    def __init__(self, settings: Settings, source: Source, backfill: Backfill, report: Report, opts: argparse.Namespace) -> None:
        self._settings, self._source, self._backfill, self._report = settings, source, backfill, report
        self._is_dry, self._as_json = opts.dry_run, opts.json
        self._rejected: list[Exception] = []

    def execute(self) -> int:
        settings, source = self._settings, self._source
        settings["EXTENSIONS"].set("scraper.crawl.progress_bar.ProgressBar", None, priority="cmdline")  # it has bars of its own
        process = crawler_process(settings)
        if not settings.get("CRAWLER_CONTACT") and not self._as_json:
            name = self._backfill.archive.name
            print(f"{source.id}: give your e-mail address to {name}: CRAWLER_CONTACT=you@example.org scrapy backfill ...")
        crawls = SideBySide(process, self._open_run, at_once=1, spiders_of=self._spiders)
        [result] = crawls.crawl([source])
        if self._rejected:
            raise self._rejected[0]
        if result.state == LOCKED:
            print_failure(result.attention)
            return BUSY
        if result.state in (NOT_STARTED, BROKEN):
            print_failure(crawls.problem or result.attention)
            return FAILED
        self._add(result)
        print(
            json.dumps(asdict(self._report), ensure_ascii=False, indent=1)
            if self._as_json
            else "\n".join(_lines(self._report, dry=self._is_dry))
        )
        return FAILED if self._report.attention or crawls.problem else WELL

    def _open_run(self, source: Source) -> Run:
        try:
            report = (lambda line: print(line, file=sys.stderr)) if self._as_json else print
            return _ReportedRun(self._settings, source, self._backfill, self._report, report, is_dry=self._is_dry)
        except SourceLocked:
            raise
        except Exception as error:
            self._rejected.append(error)
            raise UserError(f"{error}") from error

    def _spiders(self, run: Run) -> Iterator[type[Spider]]:
        """Yields the spiders of the run: the one that queries the index, then the one that crawls."""
        yield spider_of(run.source, IndexSpider, is_only=self._is_dry)
        assert run.web is not None
        self._report.index_read = True
        _count(run.web, self._report)
        yield spider_of(run.source, NewsSpider)

    def _add(self, result: Result) -> None:
        report = self._report
        report.state, report.new, report.changed, report.unchanged = result.state, result.new, result.changed, result.unchanged
        report.failures = dict(result.failed)
        wrong = [result.attention.en] if result.attention else []
        if report.parts_failed:
            wrong.append(f"{len(report.parts_failed)} parts of the index could not be queried; run the command again")
        report.attention = ". ".join(wrong)


class _ReportedRun(Run):
    """A run that writes into the report of the command what its web archive has, before it closes the archive."""

    def __init__(self, settings: Settings, source: Source, backfill: Backfill, report: Report, say: Any, *, is_dry: bool) -> None:
        super().__init__(settings, source, arguments={}, report=say, backfill=backfill)
        self._of_command, self._is_dry = report, is_dry

    def close(self, outcome: str, *, at_once: bool = False) -> None:
        """Ends the run, as `Run.close` does."""
        if not self.closed and self.web is not None:
            report, web = self._of_command, self.web
            if not report.index_read:
                _count(web, report)
            report.index_read |= outcome == "finished"
            if outcome == "finished" and not self._is_dry:
                web.settle()
            report.fetched, report.not_played = web.fetched, dict(web.not_played)
            report.left = sum(1 for _ in web.to_fetch())
            report.captures = web.table.count()
            report.parts_failed = [list(one) for one in web.table.failed_parts()]
        super().close(outcome, at_once=at_once)


def _count(web: WebRecording, report: Report) -> None:
    """Counts what the index lists, and how long it takes to request it."""
    years: Counter[str] = Counter(f"{version.at.year}" for version in web.to_fetch())
    report.pages, report.too_many = sum(1 for _ in web.urls()), web.leave_out_versions()
    report.to_fetch, report.by_year = sum(years.values()), dict(sorted(years.items()))
    report.expected_seconds = report.to_fetch * web.archive.delay_of(PAGES)


def _with_limits(archive: WebArchive, settings: Settings) -> WebArchive:
    """Returns an archive with the limits of the settings, if there are any. Raises: UserError if one is not a number above 0."""
    limits = []
    for setting in ("BACKFILL_QUERIES_PER_MINUTE", "BACKFILL_PAGES_PER_MINUTE"):
        limits.append(settings.getfloat(setting))
        if limits[-1] < 0:
            raise UserError(f"{setting}={settings[setting]}: must be a number above 0, or 0 for the limit of the archive")
    queries, pages = limits
    return replace(archive, queries_per_minute=queries or archive.queries_per_minute, pages_per_minute=pages or archive.pages_per_minute)


def _period(source: Source, archive: WebArchive, since: str | None, until: str | None) -> Period:
    """Returns the period of the options. The defaults are that of the source, the first year of the archive, and today.

    Raises: UserError if one is not a date, or the first is after the last.
    """
    today = clock.now().date()
    begins = _days("--from", since)[0] if since else source.valid_from or date(archive.first_year, 1, 1)
    ends = _days("--to", until)[1] if until else source.valid_to or today
    begins, ends = max(begins, date(archive.first_year, 1, 1)), min(ends, today)
    if begins > ends:
        raise UserError(f"--from {begins} is after --to {ends}, or after today: there is nothing to ask for")
    return Period(begins, ends)


def _days(option: str, written: str) -> tuple[date, date]:
    """Returns the first and the last day of a year, a month or a day. Raises: UserError if it is not one."""
    match = _DATE.fullmatch(written.strip())
    try:
        if match is None:
            raise ValueError
        year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
        first = date(year, month, day)
        if match[3]:
            return first, first
        after = date(year + 1, 1, 1) if not match[2] else (first + timedelta(days=31)).replace(day=1)
        return first, after - timedelta(days=1)
    except ValueError:
        raise UserError(f"{option} {written}: is not a date; write a year, a month or a day: 2008, 2008-03, 2008-03-31") from None


# --- the report -------------------------------------------------------------------------------------------


def _lines(report: Report, *, dry: bool) -> Iterator[str]:
    period = f"{report.first} to {report.last}"
    years = ", ".join(f"{year}: {number}" for year, number in report.by_year.items())
    years = f" ({years})" if years else ""
    if not report.index_read:
        yield f"{report.source}: the index of {report.archive} was not queried to its end, so the numbers are those of what it answered"
    yield f"{report.source}: {report.archive} lists {report.pages} pages of {period}; {report.to_fetch} captures to request{years}"
    if report.too_many:
        limit = "BACKFILL_VERSIONS is the limit; --from and --to of a shorter time request more of them"
        yield f"  {report.too_many} more captures are not requested, because their pages have too many versions: {limit}"
    if dry:
        yield f"  expected time: {_duration(report.expected_seconds)}; nothing was requested but the index"
    else:
        articles = f"{report.new} articles new, {report.changed} changed, {report.unchanged} unchanged"
        yield f"  {report.state}: {report.fetched} captures received, {articles}"
    if report.left and not dry:
        yield f"  {report.left} captures are left; the same command goes on"
    for reason, number in report.not_played.items():
        rest = f"; not requested again for {REST_DAYS} days" if reason not in TRANSIENT else ""
        yield f"  not given: {number} × {reason}: {REASONS.get(reason, '')}{rest}"
    for host, part, reason in report.parts_failed[:_MOST_LINES]:
        yield f"  index of {host}, {part}: {_reason(reason)} ({reason})"
    if len(report.parts_failed) > _MOST_LINES:
        yield f"  and {len(report.parts_failed) - _MOST_LINES} more parts; --json names all"
    for reason, number in report.failures.items():
        yield f"  {number} × {reason}: {REASONS.get(reason, '')}"
    if report.failures:
        yield f"  every URL is in the table failures, with source_id {report.source}; every capture is in web_captures"
    if report.attention:
        yield f"  {report.attention}"


def _reason(code: str) -> str:
    name = label("web capture reason", code)
    return name if name != code else label("failure", code)


def _duration(seconds: float) -> str:
    """Returns a time as a person says it.

    >>> _duration(59), _duration(3600 * 30)
    ('1 min', '30 h 0 min')
    """
    minutes = -(-int(seconds) // 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
