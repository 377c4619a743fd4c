"""How the crawl of one source ended: its counts, what needs attention, and the lines that say so to a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scraper import clock
from scraper.crawl.politeness.host_closed import BY_RULE, LATER
from scraper.crawl.run import Run
from scraper.failures import REASONS
from scraper.health import reasons, wording
from scraper.model import Source
from scraper.sources import tls_is_over
from scraper.store import lost_captures, runs

_RESTORE = "copy the file back from a backup, or crawl a recording that has them: scrapy crawl {id} -s REPLAY=FILE"
_MOST_HOSTS = 5  # hosts that a report names


@dataclass(frozen=True, slots=True)
class Result:
    """How the crawl of a source ended. It holds no resources, so it may be kept after the run."""

    source_id: str
    state: str  # the outcome of the run; LOCKED, NOT_STARTED or BROKEN if there was none
    attention: str = ""  # what is wrong and what to do, one line; empty if all is well
    lines: tuple[str, ...] = ()  # the whole report
    requested: int = 0
    listed: int = 0  # articles that list pages, sitemaps and feeds named
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    failed: Mapping[str, int] = field(default_factory=dict)  # number of URLs by reason
    seconds: float = 0.0
    health: str = ""  # the state of the source and the likely reason: "broken, parked-domain"; empty if the run says nothing about it
    files: int = 0  # files of articles that were received
    files_only: bool = False  # whether only files of articles were requested
    site: str = ""  # the URL of the site
    server_ahead: float | None = None  # seconds by which its clock is ahead of ours; None if that is not known

    @property
    def is_well(self) -> bool:
        """Whether nobody has to look at the source."""
        return not self.attention


MEANWHILE = "meanwhile"  # another process has crawled the source since the plan was made
LOCKED = "locked"  # another process is crawling the source
NOT_STARTED = "not-started"  # the command was ended before the turn of the source
BROKEN = "broken"  # the run could not begin


def result_of(run: Run, seconds: float) -> Result:
    """Returns how a run ended. `seconds`: how long it took."""
    counts = run.counts
    return Result(
        run.source.id,
        run.outcome or "interrupted",
        _attention(run),
        tuple(report(run)),
        counts.requests,
        len(counts.listed_articles),
        counts.new,
        counts.changed,
        counts.same,
        run.failed,
        seconds,
        f"{run.judgement.state.value}, {run.judgement.reason}" if run.judgement is not None else "",
        run.files.received,
        run.files_only,
        run.source.site,
        counts.server_ahead,
    )


def closing_line(result: Result) -> str:
    """Returns one line about a source: "mst: 12 requested, 40 listed, 3 new, 0 changed, 1 unchanged, 1 failed (timeout)"."""
    if result.state == MEANWHILE:
        return result.lines[0]
    if result.state in (LOCKED, NOT_STARTED, BROKEN):
        return f"{result.source_id}: {result.attention or result.state}"
    reasons = ", ".join(f"{number} × {reason}" if number > 1 else reason for reason, number in result.failed.items())
    failed = f"{sum(result.failed.values())} failed" + (f" ({reasons})" if reasons else "")
    articles = f"{result.listed} listed, {result.new} new, {result.changed} changed, {result.unchanged} unchanged, "
    received = f"{result.files} files, " if result.files or result.files_only else ""
    line = f"{result.source_id}: {result.requested} requested, {'' if result.files_only else articles}{received}{failed}"
    if result.attention:
        return f"{line}. {result.attention}"
    return line if result.state == "finished" else f"{line} ({result.state})"


def report(run: Run) -> list[str]:
    """Returns the report of a run for the person who started it: what was received, what failed, and what to do about it."""
    counts = run.counts
    lines = [
        f"{run.source.id}: {run.outcome or 'interrupted'}; {counts.responses} responses ({counts.captures} new), "
        f"{counts.articles} articles: {counts.new} new, {counts.changed} changed, {counts.same} unchanged"
        + (f", {run.files.received} files" if run.files.received or run.files_only else "")
    ]
    if run.problem:
        advice = "crawl again later" if run.outcome in LATER else "fix this and crawl again"
        lines.append(f"  stopped: {run.problem}. The stored pages stay in the archive; {advice}")
    if run.judgement is not None:
        lines.append(f"  {wording.line(run.judgement)}")
    lines += [f"  {lost_captures.message(one)}; {_RESTORE.format(id=run.source.id)}" for one in run.lost]
    if counts.restored:
        lines.append(f"  {counts.restored} captures that were lost are restored")
    lines += [f"  {number} × {reason}: {REASONS.get(reason, '')}" for reason, number in run.failed.items()]
    if run.corrected_sections:
        lines.append(
            f"  {run.corrected_sections} × no article after all: the page only repeats other articles; see the table mistaken_sections"
        )
    if run.outside_period:
        days = f"{run.source.valid_from or '...'} to {run.source.valid_to or '...'}"
        number = f"{run.outside_period} articles are" if run.outside_period > 1 else "1 article is"
        lines.append(f"  {number} from outside the period of the source ({days}); see the query outside_the_period")
    if _tls_is_over(run.source):
        lines.append(f"  {_tls_advice(run.source)}")
    for host, _ in counts.other_hosts.most_common(_MOST_HOSTS):
        lines.append(
            f'  links lead to {host}, which the source does not list; if it is part of the site, add to its block: hosts = ["{host}"]'
        )
    if run.failed:
        lines.append(f"  every URL is in the table failures, with source_id {run.source.id}")
    return [*lines, *_first_articles(run), *_ending(run)]


def _first_articles(run: Run) -> list[str]:
    """Returns lines that a person compares with the site after the first crawl of a source."""
    found = run.first_articles
    if found is None or not found.articles:
        return []
    days, vi_days = "none with a date", "không bài nào có ngày"
    if found.first:
        days, vi_days = f"from {found.first} to {found.last}", f"từ {found.first} đến {found.last}"
    lines = [
        f"  the first articles of this source: {days}, {found.undated} without a date, {found.empty} without a text. Open some of them and"
        " compare; the newest:",
        f"  những bài đầu tiên của nguồn này: {vi_days}, {found.undated} bài không có ngày, {found.empty} bài không có nội dung. Hãy mở vài"
        " bài ra so với trang; mới nhất là:",
    ]
    return [*lines, *(f"    {day or 'no date   '}  {title}  {url}" for day, title, url in found.newest)]


def _ending(run: Run) -> list[str]:
    """Returns the last line of a report, if something must be said of the end of the run: why it ended early, or why nothing came."""
    if run.outcome == runs.SHUTDOWN:
        return ["  stopped by Ctrl-C or a signal. The stored pages stay in the archive; crawl again to get the others"]
    if run.outcome == runs.TIME_USED:
        return ["  stopped because the time of --max-minutes is used; the next update goes on"]
    if run.outcome in BY_RULE or run.files_only:
        return []  # `problem` says so; and a run that requests only files may find that none waits
    if not run.counts.responses and run.recording is not None:
        return [f"  the recording has no page of {run.source.site}; check REPLAY, or the key `replay` of the source's block"]
    is_explained = run.judgement is not None and run.judgement.reason not in (reasons.NO_ARTICLE, reasons.FEW_RUNS, reasons.DEAD)
    if not run.counts.responses and not is_explained:
        return [f"  no response at all. Check whether {run.source.site} still exists; `scrapy list --long` shows the sites"]
    if not run.counts.articles and not run.known_before and not is_explained:
        return [
            "  no article was found; name the pages that list the news in `listings` of the source's block",
            "  không tìm thấy bài nào; hãy ghi các trang liệt kê tin vào `listings` trong khối của nguồn",
        ]
    return []


def _attention(run: Run) -> str:
    """Returns what is wrong with a source and what to do, or an empty text. Single pages that failed do not count: they are rows of
    `failures`, and most of them are requested again.
    """
    counts = run.counts
    if run.outcome == runs.SHUTDOWN:
        return "stopped by Ctrl-C or a signal; crawl again to get the rest"
    if run.judgement is not None and run.judgement.needs_attention:
        host = f" {run.problem}." if run.problem else ""
        return f"{wording.line(run.judgement)}{host} See {run.source.site}"
    if run.outcome in (*BY_RULE, runs.TIME_USED):
        return ""
    if run.outcome != "finished":
        advice = "crawl again later" if run.outcome in LATER else "fix this and crawl again"
        outcome = run.outcome or "interrupted"
        return f"{run.problem or f'ended early ({outcome})'}; {advice}"
    if run.problem:
        return run.problem
    if run.lost and counts.restored < sum(one.captures for one in run.lost):
        more = f" (and {len(run.lost) - 1} more files)" if len(run.lost) > 1 else ""
        return f"{lost_captures.message(run.lost[0])}{more}; {_RESTORE.format(id=run.source.id)}"
    if not counts.responses and run.web is None:
        return _no_response(run)
    if run.faults:
        return f"a fault of the program: {run.faults[0]}; report it, with the output of --verbose"
    if "reader-fault" in run.failed:
        return "a page could not be parsed because of a fault of the program; report it, with its row in the table failures"
    return _tls_advice(run.source) if _tls_is_over(run.source) else ""


def _no_response(run: Run) -> str:
    """Returns what to do if a run received nothing. That is not a fault if it looked only for files, and none was waiting."""
    if run.files_only and not run.failed:
        return ""
    if run.recording is not None:
        return f"the recording has no page of {run.source.site}; check REPLAY, or the key `replay` of its block"
    return f"no response at all ({', '.join(run.failed) or 'nothing was requested'}); check whether {run.source.site} still exists"


def _tls_is_over(source: Source) -> bool:
    return tls_is_over(source, clock.now().astimezone(clock.VIETNAM).date())


def _tls_advice(source: Source) -> str:
    assert source.tls is not None
    return (
        f"the exception for TLS ended on {source.tls.until} and is no longer applied; look at the site, then renew `until` or remove the"
        f" key `tls` from block {source.block} of {source.file}"
    )
