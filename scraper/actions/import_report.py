"""What became of all that is in the files of `scrapy captures import`: what was taken, what was not, and why."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlite_utils import Database
from w3lib.url import safe_url_string

from scraper.crawl.run_report import Result, closing_line
from scraper.crawl.site import Site
from scraper.imports import Sifted, Skipped
from scraper.model import Source
from scraper.numbers import formatted
from scraper.report_language import label_message, say
from scraper.store.discovered import PLATFORM
from scraper.two_languages import EMPTY, EN, VI, Message, same
from scraper.urls import at_listed_host, other_scheme, without_session
from scraper.warc.recording import Listed, Recording

_MOST_LINES = 20  # names that are printed for each reason
_MOST_NAMES = 1000  # names that are kept for each reason; the numbers are complete
_MOST_HOSTS = 1000  # hosts without a source that are named
# What nobody misses: pictures and other parts of pages, pages of other sites, redirects and errors that no page led to, and copies of
# what was stored.
_NOT_MISSED = frozenset({"not-a-page", "no-source", "no-page", "trap"})


@dataclass(slots=True)
class Report:
    """`accepted`: captures in the archive by outcome. `names`: of what was left out, some for each reason. `results`: of the crawls.

    `is_complete`: nothing is left to do. `problem`: what is wrong with the file of the archive, "" if nothing.
    """

    bytes: int = 0
    records: int = 0
    kept: int = 0
    accepted: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    names: list[Skipped] = field(default_factory=list)
    hosts: Counter[str] = field(default_factory=Counter)
    results: list[Result] = field(default_factory=list)
    is_complete: bool = False
    problem: str = ""

    @property
    def is_well(self) -> bool:
        """Whether everything that belongs to a source was imported, and every crawl ended as it should."""
        return self.is_complete and not self.problem and self.reasons.keys() <= _NOT_MISSED and all(one.is_well for one in self.results)

    def add(self, sifted: Sifted, more: list[Skipped] | None = None) -> None:
        """Adds what was in a part of the files. `more`: what was left out before."""
        self.records += sifted.records
        self.kept += sifted.kept
        self.hosts.update(sifted.hosts)
        self._leave_out(sifted.reasons + Counter(one.reason for one in more or ()), [*sifted.names, *(more or ())])

    def add_source(self, found: Mapping[str, Any]) -> None:
        """Adds what `account` returned for a source."""
        self.accepted.update(found["accepted"])
        self._leave_out(found["reasons"], [Skipped(*one) for one in found["names"]])

    def _leave_out(self, reasons: Mapping[str, int], names: list[Skipped]) -> None:
        named = Counter(one.reason for one in self.names)
        for one in names:
            named[one.reason] += 1
            if named[one.reason] <= _MOST_NAMES:
                self.names.append(one)
        self.reasons.update(reasons)


def first(report: Report) -> Message:
    """Returns a sentence about the first thing that was not imported."""
    if report.names:
        one = report.names[0]
        detail = same(f" {one.detail}" if one.detail else "")
        return same(f"{one.name}: ") + label_message("import", one.reason) + detail
    hosts = ", ".join(host for host, _ in report.hosts.most_common(5))
    return label_message("import", "no-source") + same(f": {hosts}") if report.hosts else EMPTY


def account(database: Database, source: Source, recording: Recording) -> dict[str, Any]:
    """Returns what became of each version of each URL of a source. What is not a page may be stored, too: robots.txt, a feed."""
    accepted: Counter[str] = Counter()
    left_out: dict[str, Skipped] = {}
    versions: dict[str, list[Listed]] = {}
    for one in recording.listed():
        versions.setdefault(one.url, []).append(one)
    site = _site(database, source)
    reasons: Counter[str] = Counter()
    for url, listed in versions.items():
        stored = False
        for one in listed:
            outcome = _outcome(database, source, one)
            if outcome is not None:
                accepted[outcome] += 1
                stored = True
            elif any(version.is_page for version in listed) and one.is_page:
                failure = next(_failures(database, source, one), None)
                is_trap = failure is None and not site.may_request(at_listed_host(url, source.hosts) or url)
                detail = failure or ("" if is_trap else "the crawl of the recording did not request it")
                left_out[f"{url} {one.date}"] = Skipped(url, "trap" if is_trap else "not-stored", detail)
        if not stored and not any(one.is_page for one in listed):
            status = listed[0].status
            left_out[url] = Skipped(url, "not-a-page" if status in (0, 200) else "no-page", f"status {status}")
    reasons.update(one.reason for one in left_out.values())
    named: Counter[str] = Counter()
    names = []
    for skipped in left_out.values():
        named[skipped.reason] += 1
        if named[skipped.reason] <= _MOST_NAMES:
            names.append([skipped.name, skipped.reason, skipped.detail])
    return {"accepted": dict(accepted), "reasons": dict(reasons), "names": names}


def _site(database: Database, source: Source) -> Site:
    """Returns the site of a source, with the platforms that its pages have shown."""
    site = Site(source)
    known = database.execute("select name from discovered where source_id = ? and kind = ?", [source.id, PLATFORM])
    for (platform,) in known.fetchall():
        site.add_platform(platform)
    if source.platform is not None:
        site.add_platform(source.platform)
    return site


def _outcome(database: Database, source: Source, one: Listed) -> str | None:
    """Returns the reason or the outcome of the capture of a version, or None if it was not stored."""
    sql = "select coalesce(reason, outcome, 'other') from captures where source_id = ? and url = ? and captured_at = ?"
    found = (database.execute(sql, [source.id, url, one.date]).fetchone() for url in _spellings(one.url, source))
    return next((str(row[0]) for row in found if row is not None), None)


def _failures(database: Database, source: Source, one: Listed) -> Iterator[str]:
    sql = "select reason || ': ' || coalesce(detail, '') from failures where source_id = ? and url = ? order by id desc limit 1"
    found = (database.execute(sql, [source.id, url]).fetchone() for url in _spellings(one.url, source))
    return (str(row[0]) for row in found if row is not None)


def _spellings(url: str, source: Source) -> list[str]:
    """Returns the URLs under which the archive may store a recorded one, also those with the other scheme."""
    named = [without_session(one) for one in (url, at_listed_host(url, source.hosts) or url)]
    named += map(other_scheme, named[:])
    return list(dict.fromkeys(spelled for one in named for spelled in (one, safe_url_string(one))))  # as it is, and as it is requested


def print_report(report: Report, *, as_json: bool) -> None:
    """Prints what became of everything."""
    if as_json:
        print(_as_json(report))
    else:
        say(*_lines(report))


def _lines(report: Report) -> Iterator[str | Message]:
    for result in report.results:
        yield from result.lines or (closing_line(result),)
    of_sources = _sources(report)
    en, vi = ([formatted(one, language) for one in (report.bytes, report.records, report.kept)] for language in (EN, VI))
    yield Message(
        f"read: {en[0]} bytes, {en[1]} records, of which {en[2]} are responses of {of_sources.en}",
        f"đã đọc: {vi[0]} byte, {vi[1]} bản ghi, trong đó {vi[2]} là phản hồi của {of_sources.vi}",
    )
    accepted = [(number, _outcome_name(outcome)) for outcome, number in report.accepted.most_common()]
    yield Message(
        f"in the archive: {', '.join(f'{number} {outcome.en}' for number, outcome in accepted) or 'nothing'}",
        f"trong kho: {', '.join(f'{number} {outcome.vi}' for number, outcome in accepted) or 'không có gì'}",
    )
    for reason, number in report.reasons.most_common():
        yield Message("not imported: ", "không nhập: ") + same(f"{number} × {reason} (") + label_message("import", reason) + same(")")
        if reason == "no-source":
            yield _hosts(report)
        elif reason not in _NOT_MISSED:
            names = [one for one in report.names if one.reason == reason]
            yield from (f"  {one.name}{': ' if one.detail else ''}{one.detail}" for one in names[:_MOST_LINES])
            if number > _MOST_LINES:
                more = number - _MOST_LINES
                yield Message(f"  and {more} more; see --json", f"  và {more} nữa; xem --json")
    if report.problem:
        yield report.problem
    if not report.is_complete:
        yield Message("not finished: the same command goes on where it was", "chưa xong: chạy lại cùng lệnh thì làm tiếp từ chỗ đó")


def _outcome_name(code: str) -> Message:
    """Returns the name of an outcome of a capture, or of the reason for which its page is not read."""
    name = label_message("capture outcome", code)
    return name if name.en != code else label_message("failure", code)


def _hosts(report: Report) -> Message:
    """Returns the hosts that belong to no source, with the numbers of their responses."""
    some, more = report.hosts.most_common(_MOST_LINES), len(report.hosts) - _MOST_LINES
    en, vi = (", ".join(f"{host or others} {count}" for host, count in some) for others in ("others", "khác"))
    return Message(f"  {en}", f"  {vi}") + (Message(f" and {more} more", f" và {more} nữa") if more > 0 else EMPTY)


def _sources(report: Report) -> Message:
    number = len(report.results)
    return same(report.results[0].source_id) if number == 1 else Message(f"{number} sources", f"{number} nguồn")


def _as_json(report: Report) -> str:
    written: dict[str, Any] = {
        "complete": report.is_complete,
        "problem": report.problem,
        "bytes": report.bytes,
        "records": report.records,
        "kept": report.kept,
        "in_archive": dict(report.accepted.most_common()),
        "left_out": dict(report.reasons.most_common()),
        "not_imported": [asdict(one) for one in report.names],
        "hosts_without_source": dict(report.hosts.most_common(_MOST_HOSTS)),
        "sources": [
            {"source": one.source_id, "state": one.state, "new": one.new, "changed": one.changed, "failed": dict(one.failed)}
            for one in report.results
        ],
    }
    return json.dumps(written, ensure_ascii=False, indent=1)
