"""`scrapy backfill SOURCE`: queries the index of a web archive, then crawls what it lists, with the web archive in place of the site."""

from __future__ import annotations

import argparse
import json
import re
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
from scraper.failures import meaning
from scraper.model import Source, UserError
from scraper.paths import project_paths
from scraper.reference import label
from scraper.report_language import label_message, say
from scraper.sources import SAMPLE, find, load
from scraper.two_languages import EMPTY, EN, VI, Message, message_of, same
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
    attention: Message = EMPTY


def execute(settings: Settings, args: list[str], opts: argparse.Namespace) -> int:
    if len(args) != 1:
        raise UserError(
            Message(
                "give one source, like: scrapy backfill mic-2005 --from 2008 --to 2012 (`scrapy list` shows all)",
                "hãy ghi một nguồn, ví dụ: scrapy backfill mic-2005 --from 2008 --to 2012 (`scrapy list` liệt kê tất cả)",
            )
        )
    source = find(load(project_paths(settings.get("SOURCES_EXTRA")), live=False), args[0])
    if source.kind == SAMPLE or source.replay:
        raise UserError(
            Message(f"{source.id}: is of the sample, which no web archive has", f"{source.id}: thuộc bộ mẫu, không kho lưu trữ web nào có")
        )
    archive = _with_limits(archive_of(opts.archive), settings)
    if any(archive.has(f"http://{host}/") or archive.has(f"https://{host}/") for host in source.hosts):
        raise UserError(
            Message(
                f"--archive {opts.archive}: is on a host of {source.id} itself; give the URL of a web archive",
                f"--archive {opts.archive}: nằm trên chính máy chủ của {source.id}; hãy ghi URL của một kho lưu trữ web",
            )
        )
    period = _period(source, archive, opts.since, opts.until)
    report = Report(archive.id, source.id, period.first.isoformat(), period.last.isoformat())
    most_versions = settings.getint("BACKFILL_VERSIONS")
    if most_versions < 1:
        raise UserError(
            Message(
                f"BACKFILL_VERSIONS={settings['BACKFILL_VERSIONS']}: must be at least 1",
                f"BACKFILL_VERSIONS={settings['BACKFILL_VERSIONS']}: ít nhất phải là 1",
            )
        )
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
            name, command = self._backfill.archive.name, "CRAWLER_CONTACT=you@example.org scrapy backfill ..."
            say(
                Message(
                    f"{source.id}: give your e-mail address to {name}: {command}",
                    f"{source.id}: hãy cho {name} biết e-mail của bạn: {command}",
                )
            )
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
        if self._as_json:
            print(json.dumps(asdict(self._report) | {"attention": self._report.attention.en}, ensure_ascii=False, indent=1))
        else:
            say(*_lines(self._report, dry=self._is_dry))
        return FAILED if self._report.attention or crawls.problem else WELL

    def _open_run(self, source: Source) -> Run:
        try:
            report = (lambda line: say(line, as_error=True)) if self._as_json else say
            return _ReportedRun(self._settings, source, self._backfill, self._report, report, is_dry=self._is_dry)
        except SourceLocked:
            raise
        except Exception as error:
            self._rejected.append(error)
            raise UserError(message_of(error)) from error

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
        report.attention = result.attention
        if report.parts_failed:
            number = len(report.parts_failed)
            report.attention += (same(". ") if result.attention else EMPTY) + Message(
                f"{_number(number, 'part')} of the index could not be queried; run the command again",
                f"không hỏi được {number} phần của chỉ mục; hãy chạy lại lệnh",
            )


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
            raise UserError(
                Message(
                    f"{setting}={settings[setting]}: must be a number above 0, or 0 for the limit of the archive",
                    f"{setting}={settings[setting]}: phải là số lớn hơn 0, hoặc 0 để dùng giới hạn của kho lưu trữ web",
                )
            )
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
        raise UserError(
            Message(
                f"--from {begins} is after --to {ends}, or after today: there is nothing to ask for",
                f"--from {begins} sau --to {ends}, hoặc sau hôm nay: không có gì để hỏi",
            )
        )
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
        raise UserError(
            Message(
                f"{option} {written}: is not a date; write a year, a month or a day: 2008, 2008-03, 2008-03-31",
                f"{option} {written}: không phải là ngày; hãy ghi năm, tháng hoặc ngày: 2008, 2008-03, 2008-03-31",
            )
        ) from None


# --- the report -------------------------------------------------------------------------------------------


def _lines(report: Report, *, dry: bool) -> Iterator[Message]:
    years = ", ".join(f"{year}: {number}" for year, number in report.by_year.items())
    years = f" ({years})" if years else ""
    if not report.index_read:
        yield Message(
            f"{report.source}: the index of {report.archive} was not queried to its end, so the numbers are those of what it answered",
            f"{report.source}: chưa hỏi hết chỉ mục của {report.archive}, nên đây là số liệu của phần đã trả lời",
        )
    yield Message(
        f"{report.source}: {report.archive} lists {_number(report.pages, 'page')} of {report.first} to {report.last};"
        f" {_number(report.to_fetch, 'capture')} to request{years}",
        f"{report.source}: {report.archive} liệt kê {report.pages} trang từ {report.first} đến {report.last};"
        f" cần yêu cầu {report.to_fetch} bản chụp{years}",
    )
    if report.too_many:
        yield Message(
            f"  {_number(report.too_many, 'more capture')} {_are(report.too_many)} not requested, because their pages have too many"
            " versions: BACKFILL_VERSIONS is the limit; --from and --to of a shorter time request more of them",
            f"  không yêu cầu thêm {report.too_many} bản chụp của những trang có quá nhiều phiên bản: giới hạn là BACKFILL_VERSIONS;"
            " --from và --to của thời gian ngắn hơn sẽ yêu cầu nhiều bản hơn",
        )
    if dry:
        yield Message(
            f"  expected time: {_duration(report.expected_seconds)}; nothing was requested but the index",
            f"  thời gian dự kiến: {_duration(report.expected_seconds, VI)}; chỉ hỏi chỉ mục, chưa yêu cầu gì khác",
        )
    else:
        articles = f"{_number(report.new, 'article')} new, {report.changed} changed, {report.unchanged} unchanged"
        bai = f"{report.new} bài mới, {report.changed} thay đổi, {report.unchanged} không đổi"
        yield Message(
            f"  {report.state}: {_number(report.fetched, 'capture')} received, {articles}",
            f"  {label('run outcome', report.state, VI)}: nhận được {report.fetched} bản chụp, {bai}",
        )
    if report.left and not dry:
        yield Message(
            f"  {_number(report.left, 'capture')} {_are(report.left)} left; the same command goes on",
            f"  còn {report.left} bản chụp; chạy lại cùng lệnh thì làm tiếp",
        )
    yield from _missed(report)
    if report.attention:
        yield same("  ") + report.attention


def _missed(report: Report) -> Iterator[Message]:
    """Yields a line for each kind of thing that was not received."""
    for reason, number in report.not_played.items():
        rest = Message(f"; not requested again for {REST_DAYS} days", f"; {REST_DAYS} ngày tới không yêu cầu lại")
        head = Message("  not given: ", "  không lấy được: ") + same(f"{number} × {reason}: ")
        yield head + meaning(reason) + (EMPTY if reason in TRANSIENT else rest)
    for host, part, reason in report.parts_failed[:_MOST_LINES]:
        yield Message("  index of ", "  chỉ mục của ") + same(f"{host}, {part}: ") + _reason(reason) + same(f" ({reason})")
    if len(report.parts_failed) > _MOST_LINES:
        more = len(report.parts_failed) - _MOST_LINES
        yield Message(f"  and {_number(more, 'more part')}; --json names all", f"  và {more} phần nữa; --json liệt kê tất cả")
    for reason, number in report.failures.items():
        yield same(f"  {number} × {reason}: ") + meaning(reason)
    if report.failures:
        yield Message(
            f"  every URL is in the table failures, with source_id {report.source}; every capture is in web_captures",
            f"  từng URL lỗi ở trong bảng failures, với source_id {report.source}; từng bản chụp ở trong web_captures",
        )


def _reason(code: str) -> Message:
    name = label_message("web capture reason", code)
    return name if name.en != code else label_message("failure", code)


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _number(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _duration(seconds: float, language: str = EN) -> str:
    """Returns a time as a person says it.

    >>> _duration(59), _duration(3600 * 30), _duration(3600 * 30, VI)
    ('1 min', '30 h 0 min', '30 giờ 0 phút')
    """
    hour, minute = ("h", "min") if language == EN else ("giờ", "phút")
    minutes = -(-int(seconds) // 60)
    return f"{minutes // 60} {hour} {minutes % 60} {minute}" if minutes >= 60 else f"{minutes} {minute}"
