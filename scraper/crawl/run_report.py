"""How the crawl of one source ended: its counts, what needs attention, and the lines that say so to a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scraper import clock
from scraper.crawl.politeness.host_closed import BY_RULE, LATER
from scraper.crawl.run import Run, program_fault
from scraper.failures import meaning
from scraper.health import reasons, wording
from scraper.model import Source
from scraper.reference import label
from scraper.sources import tls_is_over
from scraper.store import lost_captures, runs
from scraper.two_languages import EMPTY, VI, Message, as_message, same

_MOST_HOSTS = 5  # hosts that a report names


@dataclass(frozen=True, slots=True)
class Result:
    """How the crawl of a source ended. It holds no resources, so it may be kept after the run."""

    source_id: str
    state: str  # the outcome of the run; LOCKED, NOT_STARTED or BROKEN if there was none
    attention: Message = EMPTY  # what is wrong and what to do, one line; empty if all is well
    lines: tuple[Message, ...] = ()  # the whole report
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


def closing_line(result: Result) -> Message:
    """Returns one line about a source: "mst: 12 requested, 40 listed, 3 new, 0 changed, 1 unchanged, 1 failed (timeout)"."""
    if result.state == MEANWHILE:
        return result.lines[0]
    if result.state in (LOCKED, NOT_STARTED, BROKEN):
        return same(f"{result.source_id}: ") + (result.attention or same(result.state))
    reasons = ", ".join(f"{number} × {reason}" if number > 1 else reason for reason, number in result.failed.items())
    number = sum(result.failed.values())
    failed = Message(f"{number} failed", f"{number} lỗi") + same(f" ({reasons})" if reasons else "")
    articles = Message(
        f"{result.listed} listed, {result.new} new, {result.changed} changed, {result.unchanged} unchanged, ",
        f"{result.listed} có trong danh sách, {result.new} mới, {result.changed} thay đổi, {result.unchanged} không đổi, ",
    )
    received = Message(f"{result.files} files, ", f"{result.files} tệp, ") if result.files or result.files_only else EMPTY
    line = Message(f"{result.source_id}: {result.requested} requested, ", f"{result.source_id}: {result.requested} yêu cầu, ")
    line += (EMPTY if result.files_only else articles) + received + failed
    if result.attention:
        return line + same(". ") + result.attention
    return line if result.state == "finished" else line + same(f" ({result.state})")


def report(run: Run) -> list[Message]:
    """Returns the report of a run for the person who started it: what was received, what failed, and what to do about it."""
    counts = run.counts
    outcome = run.outcome or "interrupted"
    files = run.files.received or run.files_only
    lines = [
        Message(
            f"{run.source.id}: {outcome}; {counts.responses} responses ({counts.captures} new), "
            f"{counts.articles} articles: {counts.new} new, {counts.changed} changed, {counts.same} unchanged"
            + (f", {run.files.received} files" if files else ""),
            f"{run.source.id}: {label('run outcome', outcome, VI)}; {counts.responses} phản hồi ({counts.captures} mới), "
            f"{counts.articles} bài: {counts.new} mới, {counts.changed} thay đổi, {counts.same} không đổi"
            + (f", {run.files.received} tệp" if files else ""),
        )
    ]
    if run.problem:
        rest = Message(". The stored pages stay in the archive; ", ". Các trang đã lưu vẫn ở trong kho; ") + _advice(run)
        lines.append(Message("  stopped: ", "  đã dừng: ") + as_message(run.problem) + rest)
    if run.judgement is not None:
        lines.append(same("  ") + wording.line(run.judgement))
    lines += [same("  ") + lost_captures.message(one) + _restore(run.source) for one in run.lost]
    if counts.restored:
        lines.append(
            Message(f"  {counts.restored} captures that were lost are restored", f"  đã khôi phục {counts.restored} bản chụp bị mất")
        )
    for reason, number in run.failed.items():
        example = Message("like ", "ví dụ ") if number > 1 else EMPTY
        url = same(" ") + example + same(run.failed_urls[reason]) if reason in run.failed_urls else EMPTY
        lines.append(same(f"  {number} × {reason}: ") + meaning(reason) + url)
    if run.corrected_sections:
        lines.append(
            Message(
                f"  {run.corrected_sections} × no article after all: the page only repeats other articles; see the table mistaken_sections",
                f"  {run.corrected_sections} × không phải bài viết: trang chỉ nhắc lại các bài khác; xem bảng mistaken_sections",
            )
        )
    if run.outside_period:
        first, last = run.source.valid_from or "...", run.source.valid_to or "..."
        many = f"{run.outside_period} articles are" if run.outside_period > 1 else "1 article is"
        lines.append(
            Message(
                f"  {many} from outside the period of the source ({first} to {last}); see the query outside_the_period",
                f"  {run.outside_period} bài nằm ngoài thời kỳ của nguồn ({first} đến {last}); xem câu hỏi outside_the_period",
            )
        )
    if _tls_is_over(run.source):
        lines.append(same("  ") + _tls_advice(run.source))
    for host, _ in counts.other_hosts.most_common(_MOST_HOSTS):
        lines.append(
            Message(
                f'  links lead to {host}, which the source does not list; if it is part of the site, add to its block: hosts = ["{host}"]',
                f'  có liên kết tới {host}, nguồn chưa khai báo; nếu thuộc trang này, hãy thêm vào khối của nguồn: hosts = ["{host}"]',
            )
        )
    if run.failed:
        lines.append(
            Message(
                f"  every URL is in the table failures, with source_id {run.source.id}",
                f"  từng URL lỗi ở trong bảng failures, với source_id {run.source.id}",
            )
        )
    return [*lines, *_first_articles(run), *_ending(run)]


def _advice(run: Run) -> Message:
    if run.outcome in LATER:
        return Message("crawl again later", "hãy thu thập lại sau")
    return Message("fix this and crawl again", "hãy khắc phục rồi thu thập lại")


def _restore(source: Source) -> Message:
    """Returns what to do about a file of captures that is lost."""
    command = f"scrapy crawl {source.id} -s REPLAY=FILE"
    return Message(
        f"; copy the file back from a backup, or crawl a recording that has them: {command}",
        f"; hãy chép lại tệp từ bản sao lưu, hoặc thu thập một bản ghi có chúng: {command}",
    )


def _first_articles(run: Run) -> list[Message]:
    """Returns lines that a person compares with the site after the first crawl of a source."""
    found = run.first_articles
    if found is None or not found.articles:
        return []
    days = Message("none with a date", "không bài nào có ngày")
    if found.first:
        days = Message(f"from {found.first} to {found.last}", f"từ {found.first} đến {found.last}")
    head = Message(
        f"  the first articles of this source: {days.en}, {found.undated} without a date, {found.empty} without a text. Open some of them"
        " and compare; the newest:",
        f"  những bài đầu tiên của nguồn này: {days.vi}, {found.undated} bài không có ngày, {found.empty} bài không có nội dung. Hãy mở vài"
        " bài ra so với trang; mới nhất là:",
    )
    none = Message("no date   ", "không ngày")
    newest = [same("    ") + (same(day) if day else none) + same(f"  {title}  {url}") for day, title, url in found.newest]
    return [head, *newest]


def _ending(run: Run) -> list[Message]:
    """Returns the last line of a report, if something must be said of the end of the run: why it ended early, or why nothing came."""
    if run.outcome == runs.SHUTDOWN:
        return [
            Message(
                "  stopped by Ctrl-C or a signal. The stored pages stay in the archive; crawl again to get the others",
                "  đã dừng bằng Ctrl-C hoặc tín hiệu. Các trang đã lưu vẫn ở trong kho; hãy thu thập lại để lấy phần còn lại",
            )
        ]
    if run.outcome == runs.TIME_USED:
        return [
            Message(
                "  stopped because the time of --max-minutes is used; the next update goes on",
                "  đã dừng vì hết thời gian của --max-minutes; lần cập nhật sau làm tiếp",
            )
        ]
    if run.outcome in BY_RULE or run.files_only:
        return []  # `problem` says so; and a run that requests only files may find that none waits
    if not run.counts.responses and run.recording is not None:
        return [same("  ") + _no_recorded_page(run.source)]
    is_explained = run.judgement is not None and run.judgement.reason not in (reasons.FEW_RUNS, reasons.DEAD)
    if not run.counts.responses and not is_explained:
        return [
            Message(
                f"  no response at all. Check whether {run.source.site} still exists; `scrapy list --long` shows the sites",
                f"  không có phản hồi nào. Hãy kiểm tra {run.source.site} còn hoạt động không; `scrapy list --long` cho biết các trang",
            )
        ]
    if not run.counts.articles and not run.known_before and not is_explained:
        return [
            Message(
                "  no article was found; name the pages that list the news in `listings` of the source's block",
                "  không tìm thấy bài nào; hãy ghi các trang liệt kê tin vào `listings` trong khối của nguồn",
            )
        ]
    return []


def _attention(run: Run) -> Message:
    """Returns what is wrong with a source and what to do, or an empty text. Single pages that failed do not count: they are rows of
    `failures`, and most of them are requested again.
    """
    if run.outcome == runs.SHUTDOWN:
        return Message("stopped by Ctrl-C or a signal; crawl again to get the rest", "đã dừng bằng Ctrl-C hoặc tín hiệu; hãy thu thập lại")
    if run.judgement is not None and run.judgement.needs_attention:
        host = same(" ") + as_message(run.problem) + same(".") if run.problem else EMPTY
        return wording.line(run.judgement) + host + Message(" See ", " Xem ") + same(run.source.site)
    if run.outcome in (*BY_RULE, runs.TIME_USED):
        return EMPTY
    if run.outcome != "finished":
        outcome = run.outcome or "interrupted"
        early = Message(f"ended early ({outcome})", f"kết thúc sớm ({outcome})")
        return (as_message(run.problem) if run.problem else early) + same("; ") + _advice(run)
    if run.problem:
        return as_message(run.problem)
    return _attention_after_end(run)


def _attention_after_end(run: Run) -> Message:
    """Returns the same of a run that came to its end."""
    if run.lost and run.counts.restored < sum(one.captures for one in run.lost):
        others = len(run.lost) - 1
        more = Message(f" (and {others} more files)", f" (và {others} tệp khác)") if others else EMPTY
        return lost_captures.message(run.lost[0]) + more + _restore(run.source)
    if not run.counts.responses and run.web is None:
        return _no_response(run)
    if run.faults:
        return as_message(program_fault(run.faults[0])) + Message(
            "; report it, with the output of --verbose", "; hãy báo lỗi này, kèm kết quả của --verbose"
        )
    if "reader-fault" in run.failed:
        return Message(
            "a page could not be parsed because of a fault of the program; report it, with its row in the table failures",
            "không đọc được một trang vì lỗi của chương trình; hãy báo lỗi này, kèm dòng của trang trong bảng failures",
        )
    return _tls_advice(run.source) if _tls_is_over(run.source) else EMPTY


def _no_response(run: Run) -> Message:
    """Returns what to do if a run received nothing. That is not a fault if it looked only for files, and none was waiting."""
    if run.files_only and not run.failed:
        return EMPTY
    if run.recording is not None:
        return _no_recorded_page(run.source)
    failed = ", ".join(run.failed)
    return Message(
        f"no response at all ({failed or 'nothing was requested'}); check whether {run.source.site} still exists",
        f"không có phản hồi nào ({failed or 'chưa yêu cầu gì'}); hãy kiểm tra {run.source.site} còn hoạt động không",
    )


def _no_recorded_page(source: Source) -> Message:
    return Message(
        f"the recording has no page of {source.site}; check REPLAY, or the key `replay` of its block",
        f"bản ghi không có trang nào của {source.site}; hãy kiểm tra REPLAY, hoặc khóa `replay` trong khối của nguồn",
    )


def _tls_is_over(source: Source) -> bool:
    return tls_is_over(source, clock.now().astimezone(clock.VIETNAM).date())


def _tls_advice(source: Source) -> Message:
    assert source.tls is not None
    return Message(
        f"the exception for TLS ended on {source.tls.until} and is no longer applied; look at the site, then renew `until` or remove the"
        f" key `tls` from block {source.block} of {source.file}",
        f"ngoại lệ TLS đã hết hạn ngày {source.tls.until} và không còn áp dụng; hãy xem trang, rồi gia hạn `until` hoặc bỏ khóa `tls` khỏi"
        f" khối {source.block} của {source.file}",
    )
