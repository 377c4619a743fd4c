"""`scrapy update`: crawls all sources that are due, side by side in one process."""

from __future__ import annotations

import argparse
import json
import logging
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from scraper import clock, report_language
from scraper.actions.health_messages import health_channels, report_health
from scraper.base_command import BUSY, FAILED, WELL
from scraper.crawl.clock_check import ran_back, wrong_clock
from scraper.crawl.crawler_process import crawler_process
from scraper.crawl.rotating_log import logging_to
from scraper.crawl.run import Run
from scraper.crawl.run_report import LOCKED, MEANWHILE, NOT_STARTED, Result, closing_line
from scraper.crawl.shared_archive import SharedArchive, all_of_sample
from scraper.crawl.side_by_side import Crawling, NotNeeded, SideBySide
from scraper.crawl.source_lock import is_locked
from scraper.crawl.update_lock import lock_update
from scraper.crawl.update_plan import LOOK_BACK, Decision, Planned, Rhythm, plan, to_crawl
from scraper.crawl.update_progress import ProgressTable
from scraper.health.channels import Channel
from scraper.model import Source, UserError
from scraper.paths import project_path, project_paths
from scraper.sources import find, load
from scraper.sources.groups import in_group
from scraper.store import runs
from scraper.store.archive import check_folder
from scraper.store.archive_file import opened_for_reading
from scraper.two_languages import EMPTY, EN, VI, Bilingual, Message, as_message, same
from scraper.warc.recording import Recording

logger = logging.getLogger(__name__)


def execute(settings: Settings, args: list[str], opts: argparse.Namespace, arguments: Mapping[str, str]) -> int:
    """`arguments`: of the spiders. Raises: UpdateActive if another update began meanwhile."""
    channels = health_channels(settings)
    sources = load(project_paths(settings.get("SOURCES_EXTRA")), live=not settings.get("REPLAY"))
    if args and opts.group:
        raise UserError(
            Message(
                f"--group {opts.group} {args[0]}: name sources or a group, not both",
                f"--group {opts.group} {args[0]}: hãy ghi các nguồn hoặc một nhóm, không ghi cả hai",
            )
        )
    chosen = [find(sources, name) for name in dict.fromkeys(args)] or _all(settings, sources.values(), opts.group)
    planned, newest_run = _plan(settings, chosen, named=bool(args), force=opts.force, oldest_first=opts.max_minutes is not None)
    if opts.dry_run:
        _print_plan(planned, as_json=opts.json)
        return WELL
    wanted = [*to_crawl(planned)]
    locked = [one for one in planned if one.decision is Decision.LOCKED]
    output = _Output(len(wanted), as_json=opts.json, verbose=opts.verbose)
    for one in locked:
        output.ended(Result(one.source.id, LOCKED, as_message(one.why)))
    if not wanted:
        output.end(EMPTY if locked else _next_due(planned))
        if locked:
            return BUSY
        return FAILED if output.say(*_send_what_waits(settings, channels)) else WELL
    sample = all_of_sample(wanted)
    check_folder(project_path(settings["ARCHIVE"]).parent)
    if opts.cluster:
        _check_cluster(settings, wanted, opts)
    process = crawler_process(settings)
    with lock_update(project_path(settings["ARCHIVE"])), logging_to(opts.log_dir):
        archive = SharedArchive(settings, sample=sample, report=output.say)
        back = _ran_back(settings, archive)
        if archive.sample_moved_to is not None:
            newest_run = 0  # the new archive has no run
        try:
            if opts.cluster:
                code = _crawl_with_cluster(settings, process, wanted, archive, arguments, output, opts.cluster, sources)
            else:
                code = _crawl(settings, process, wanted, archive, arguments, output, newest_run, opts.max_minutes)
        finally:
            problem = archive.close()
        late = wrong_clock({} if opts.cluster else output.clocks)  # a worker has a clock of its own
        return FAILED if output.say(back, late, problem, *report_health(settings, channels)) else code


def _ran_back(settings: Settings, archive: SharedArchive) -> Message:
    """Returns the line about a clock that ran back since the last run; empty if it did not, or recordings answer."""
    return EMPTY if settings.get("REPLAY") else ran_back(runs.newest_began(archive.database.conn), clock.now())


def _send_what_waits(settings: Settings, channels: Sequence[Channel]) -> list[Message]:
    """Sends a message that no channel could send before, though nothing is due now, and returns what went wrong."""
    archive = project_path(settings["ARCHIVE"])
    if not channels or not archive.is_file():
        return []
    with lock_update(archive):
        return report_health(settings, channels)


def _all(settings: Settings, sources: Iterable[Source], group: str | None) -> list[Source]:
    """Returns the sources of an update without names: all, or those of a group, but none with a recording of its own, like the
    sample. If recordings answer, only the sources of which they have a page.
    Raises: SourceError if there is no such group.
    """
    live = [source for source in sources if not source.replay and (group is None or in_group(source, group))]
    files = project_paths(settings.get("REPLAY"))
    if not files:
        return live
    recording = Recording(files)
    try:
        hosts = {url.split("/", 3)[2].lower() for url in recording.urls()}
    finally:
        recording.close()
    return [source for source in live if not hosts.isdisjoint(source.hosts)]


def _plan(settings: Settings, chosen: Sequence[Source], *, named: bool, force: bool, oldest_first: bool) -> tuple[list[Planned], int]:
    """Returns what happens with each source, and the id of the newest run. Reads the archive, and writes nothing.
    Raises: UserError if a named source ended.
    """
    now = clock.now()
    replayed = bool(settings.get("REPLAY"))
    rhythm = Rhythm(timedelta(hours=settings.getfloat("UPDATE_AFTER_HOURS")), timedelta(hours=settings.getfloat("UPDATE_RETRY_HOURS")))
    captures = project_path(settings["CAPTURES"])
    earlier: dict[str, runs.EarlierRuns] = {}
    newest_run = 0
    path = project_path(settings["ARCHIVE"])
    if path.is_file():
        try:
            with opened_for_reading(path) as connection:
                earlier, newest_run = runs.earlier_runs(connection, now - LOOK_BACK), runs.newest(connection)
        except sqlite3.Error:
            pass  # a new or a foreign file; opening it for writing says what is wrong
    locked = {source.id for source in chosen if is_locked(captures, source.id)}
    planned = plan(
        chosen,
        earlier,
        rhythm,
        now,
        locked=locked,
        always=force or replayed,
        ended=replayed or (force and named),
        oldest_first=oldest_first,
    )
    if named:
        ended = [one for one in planned if one.decision in (Decision.ENDED, Decision.NOT_YET) and not one.source.replay]
        if ended:
            raise UserError(
                Message(
                    f"{ended[0].source.id}: {ended[0].why}; add --force to crawl it all the same, or --replay to read a recording",
                    f"{ended[0].source.id}: {as_message(ended[0].why).vi}; thêm --force để vẫn thu thập, hoặc --replay để đọc một bản ghi",
                )
            )
        planned = [Planned(one.source, Decision.CRAWL, one.why) if one.decision is not Decision.LOCKED else one for one in planned]
    return planned, newest_run


def _crawl(
    settings: Settings,
    process: AsyncCrawlerProcess,
    wanted: Sequence[Source],
    archive: SharedArchive,
    arguments: Mapping[str, str],
    output: _Output,
    newest_run: int,
    most_minutes: float | None,
) -> int:
    live = [source for source in wanted if not (source.replay or settings.get("REPLAY"))]
    if live and not settings.get("CRAWLER_CONTACT"):
        command = "CRAWLER_CONTACT=you@example.org scrapy update"
        output.note(Message(f"give your e-mail address to the sites: {command}", f"hãy cho các trang biết e-mail của bạn: {command}"))

    def open_run(source: Source) -> Run:
        if runs.began_after(archive.database.conn, source.id, newest_run):
            raise NotNeeded(
                MEANWHILE, Bilingual("another process has crawled it meanwhile", "trong lúc đó tiến trình khác đã thu thập nguồn này")
            )
        return Run(settings, source, arguments=arguments, archive=archive, report=output.note)

    # A replay waits for nothing, so two at once would only need more memory.
    at_once = settings.getint("UPDATE_AT_ONCE") if live else 1
    most_seconds = most_minutes * 60 if most_minutes is not None else None
    crawls = SideBySide(process, open_run, at_once=at_once, still_writable=archive.check, watcher=output, most_seconds=most_seconds)
    with output:
        results = crawls.crawl(wanted)
    output.end(crawls.problem)
    ran = [result for result in results if result.state not in (LOCKED, MEANWHILE)]
    if not ran and results:
        return BUSY
    return FAILED if crawls.problem or output.needs_attention else WELL


def _check_cluster(settings: Settings, wanted: Sequence[Source], opts: argparse.Namespace) -> None:
    """Makes the crawls of this process answer from the shared store. Raises: UserError if --cluster makes no sense with the rest."""
    from scraper.cluster.crawler_process import answer_from_store

    if opts.max_minutes is not None:
        raise UserError(
            Message(
                "--cluster and --max-minutes do not go together: a crawl on another machine ends when it is complete",
                "--cluster và --max-minutes không đi cùng nhau: lượt thu thập trên máy khác chỉ kết thúc khi đã đầy đủ",
            )
        )
    if settings.get("HOSTS_FOLDER"):
        raise UserError(
            Message(
                "--cluster and HOSTS_FOLDER do not go together: the workers get the states of the hosts that are with the captures",
                "--cluster và HOSTS_FOLDER không đi cùng nhau: các máy của cụm nhận trạng thái máy chủ nằm cạnh các bản chụp",
            )
        )
    if settings.get("REPLAY") or any(source.replay for source in wanted):
        raise UserError(
            Message(
                "--cluster is for live sites; a recording is read by one machine, so leave --cluster out",
                "--cluster dành cho trang đang hoạt động; bản ghi do một máy đọc, nên hãy bỏ --cluster",
            )
        )
    answer_from_store(settings)


def _crawl_with_cluster(
    settings: Settings,
    process: AsyncCrawlerProcess,
    wanted: Sequence[Source],
    archive: SharedArchive,
    arguments: Mapping[str, str],
    output: _Output,
    address: str,
    known: Mapping[str, Source],
) -> int:
    from scraper.actions.cluster_update import ClusterUpdate

    update = ClusterUpdate(settings, process, archive, address, arguments, known, output, output.note)
    with output:
        results = update.crawl(wanted)
    output.end(update.problem)
    for worker, why in update.unfit.items():
        output.say(Message(f"the worker {worker} got no work: {why}", f"máy {worker} không được giao việc: {why}"))
    if results and all(result.state == LOCKED for result in results):
        return BUSY
    return FAILED if update.problem or output.needs_attention else WELL


class _Output(AbstractContextManager["_Output"]):
    """What the command prints: JSON, or lines. On a terminal there is a table, too. Without a terminal only what needs attention is
    printed, unless --verbose is given.
    """

    def __init__(self, number: int, *, as_json: bool, verbose: bool) -> None:
        self._json, self._verbose, self._talks = as_json, verbose, verbose or sys.stdout.isatty()
        self._table = ProgressTable(number) if sys.stderr.isatty() and number and not verbose else None
        self._sums: Counter[str] = Counter()
        self._not_started = 0
        self.needs_attention = 0
        self.clocks: dict[str, float] = {}  # by site: by how many seconds the clock of its server is ahead of ours

    def __enter__(self) -> _Output:
        if self._table is not None:
            self._table.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        if self._table is not None:
            self._table.__exit__(None, None, None)
            self._table = None

    def _print(self, message: str | Message) -> None:
        for line in report_language.lines(message):
            if self._table is not None and sys.stdout.isatty():
                self._table.say(line)
            else:
                print(line, flush=True)

    def note(self, message: str | Message) -> None:
        """Prints what a person may want to know, but need not."""
        if self._talks and not self._json:
            self._print(message)

    def say(self, *messages: str | Message) -> bool:
        """Prints what a person must know, also without a terminal. Returns whether there was anything: empty messages are not printed."""
        said = [message for message in messages if message]
        for message in said:
            for line in report_language.lines(message):
                print(line, file=sys.stderr if self._json else sys.stdout, flush=True)
        return bool(said)

    def refresh(self, going_on: Iterable[Crawling], waiting: int) -> None:
        if self._table is not None:
            self._table.refresh(going_on, waiting)

    def ended(self, result: Result) -> None:
        """Prints the line of a source."""
        logger.info("%s", closing_line(result).en)
        self.needs_attention += not result.is_well
        if result.server_ahead is not None:
            self.clocks[result.site] = result.server_ahead
        if self._table is not None:
            self._table.ended += not result.files_only  # its pages were counted
            self._table.need_attention += not result.is_well
        failed = sum(result.failed.values())
        self._sums.update(
            sources=int(not result.files_only), requested=result.requested, listed=result.listed, new=result.new, changed=result.changed,
            unchanged=result.unchanged, failed=failed,
        )  # fmt: skip
        if self._json:
            row = {
                "source": result.source_id, "state": result.state, "requested": result.requested, "listed": result.listed,
                "new": result.new, "changed": result.changed, "unchanged": result.unchanged, "failed": failed,
                "files": result.files, "files_only": result.files_only, "reasons": dict(result.failed), "health": result.health,
                "attention": result.attention.en, "seconds": round(result.seconds, 1),
            }  # fmt: skip
            self._print(json.dumps(row, ensure_ascii=False))
        elif result.state == NOT_STARTED:
            self._not_started += 1
        elif self._talks:
            self._print(report_language.report([closing_line(result), *(result.lines[1:] if self._verbose else ())]))
        elif result.attention:
            self._print(same(f"{result.source_id}: ") + result.attention)

    def end(self, ended: str | Message) -> None:
        """Prints the sums, and why the update was ended early."""
        problem = as_message(ended)
        sums = {name: self._sums[name] for name in ("sources", "requested", "listed", "new", "changed", "unchanged", "failed")}
        if self._json:
            print(
                json.dumps({"sums": sums | {"need_attention": self.needs_attention}, "problem": problem.en}, ensure_ascii=False), flush=True
            )
        elif self._talks and sums["sources"]:
            number = f"{sums['sources']} sources" if sums["sources"] > 1 else "1 source"
            self.say(
                Message(
                    f"{number}: {sums['requested']} requested, {sums['listed']} listed, {sums['new']} new, {sums['changed']} changed,"
                    f" {sums['unchanged']} unchanged, {sums['failed']} failed; {self.needs_attention} need attention",
                    f"{sums['sources']} nguồn: {sums['requested']} yêu cầu, {sums['listed']} có trong danh sách, {sums['new']} mới,"
                    f" {sums['changed']} thay đổi, {sums['unchanged']} không đổi, {sums['failed']} lỗi; {self.needs_attention} cần xem",
                )
            )
        if problem and not self._json and (self._talks or sums["sources"]):
            left = Message(f"; {self._not_started} sources were not begun", f"; {self._not_started} nguồn chưa bắt đầu")
            self.say(problem + left if self._not_started else problem)


def _print_plan(planned: Sequence[Planned], *, as_json: bool) -> None:
    if as_json:
        for one in planned:
            print(json.dumps({"source": one.source.id, "decision": one.decision.value, "why": one.why}, ensure_ascii=False))
        return
    counts = Counter(one.decision for one in planned)
    english = ", ".join(f"{number} {decision.value}" for decision, number in counts.items()) or "there is no source"
    vietnamese = ", ".join(f"{number} {_DECISIONS[decision]}" for decision, number in counts.items()) or "không có nguồn nào"
    print(report_language.report([*(Message(_row(one, EN), _row(one, VI)) for one in planned), Message(english, vietnamese)]))


_DECISIONS = {
    Decision.CRAWL: "thu thập",
    Decision.NOT_DUE: "chưa đến hạn",
    Decision.ENDED: "đã kết thúc",
    Decision.NOT_YET: "chưa bắt đầu",
    Decision.LOCKED: "đang bận",
}


def _row(one: Planned, language: str) -> str:
    decision = one.decision.value if language == EN else _DECISIONS[one.decision]
    return f"{decision:8} {one.source.id:28} {as_message(one.why).of(language)}"


def _next_due(planned: Sequence[Planned]) -> Message:
    waiting = sum(one.decision is Decision.NOT_DUE for one in planned)
    number = "1 source was" if waiting == 1 else f"{waiting} sources were"
    return Message(
        f"nothing is due; `scrapy update --dry-run` shows why ({number} crawled lately)",
        f"chưa nguồn nào đến hạn; `scrapy update --dry-run` cho biết vì sao ({waiting} nguồn mới được thu thập)",
    )
