"""`scrapy captures import`: files of other tools become captures and articles, as if they had been crawled."""

from __future__ import annotations

import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import BaseSettings
from sqlite_utils import Database
from tqdm import tqdm

from scraper.base_command import BUSY, FAILED, WELL
from scraper.crawl.run import Run
from scraper.crawl.run_report import LOCKED, Result, closing_line
from scraper.crawl.shared_archive import SharedArchive
from scraper.crawl.side_by_side import SideBySide
from scraper.crawl.site import Site
from scraper.imports import Skipped, gather
from scraper.model import Source, UserError
from scraper.paths import project_paths
from scraper.reference import label
from scraper.sources import SAMPLE, find, load
from scraper.urls import at_listed_host, host_of, without_session
from scraper.warc.recording import Listed, Recording

_MOST_LINES = 20  # names that are printed for each reason; --json names all
_NO_PAGES = frozenset({"not-a-page"})  # what a page consists of, and is not missed


@dataclass(slots=True)
class Report:
    """What became of all that is in the files. `accepted`: the number of captures in the archive by outcome. `results`: of the crawls."""

    accepted: Counter[str] = field(default_factory=Counter)
    skipped: list[Skipped] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)

    @property
    def is_well(self) -> bool:
        """Whether everything was imported, and every crawl ended as it should."""
        return not any(one.reason not in _NO_PAGES for one in self.skipped) and all(one.is_well for one in self.results)


def import_files(
    settings: BaseSettings, process: AsyncCrawlerProcess, paths: Iterable[Path], source_id: str | None, *, as_json: bool
) -> int:
    """Imports files and returns the exit code. `source_id`: the source that their pages belong to; None: found by their hosts.

    Raises: UserError if a file does not exist or nothing in the files is a page of a known source. In that case nothing has been written.
    """
    given = list(paths)
    for path in given:
        if not path.exists():
            raise UserError(f"{path}: there is no such file; give WARC, ARC or WACZ files, or folders of HTTrack or wget")
    sources = load(project_paths(settings.get("SOURCES_EXTRA")), live=False)
    chosen = [find(sources, source_id)] if source_id is not None else [one for one in sources.values() if one.kind != SAMPLE]
    with tempfile.TemporaryDirectory(prefix="captures-import-") as folder:
        report = _import(settings, process, given, chosen, Path(folder))
    print(_as_json(report) if as_json else "\n".join(_lines(report)))
    if report.results and all(one.state == LOCKED for one in report.results):
        return BUSY
    return WELL if report.is_well else FAILED


def _import(settings: BaseSettings, process: AsyncCrawlerProcess, paths: list[Path], chosen: list[Source], folder: Path) -> Report:
    with tqdm(total=_size(paths), desc="reading", unit="B", unit_scale=True, disable=None) as bar:
        gathered = gather(paths, folder, settings.getint("DOWNLOAD_MAXSIZE"), bar.update)
    report = Report(skipped=gathered.skipped)
    recordings = [_without_comma(path, folder) for path in gathered.recordings]
    if not recordings:
        raise UserError(f"{', '.join(map(str, paths))}: no page can be read from it. {_first(report.skipped)}")
    recording = Recording(recordings)
    listed = [*recording.listed()]
    recording.close()
    owners, without = _owners(listed, chosen)
    report.skipped += without
    if not owners:
        raise UserError(f"{', '.join(map(str, paths))}: no page in it belongs to a source. {_first(report.skipped)}")
    settings.set("REPLAY", ",".join(map(str, recordings)))
    archive = SharedArchive(settings)
    try:
        side_by_side = SideBySide(process, lambda source: Run(settings, source, arguments={}, archive=archive), at_once=1)
        report.results = side_by_side.crawl({source.id: source for source in owners.values()}.values())
        _account(archive.database, listed, owners, report)
    finally:
        archive.close()
    return report


def _size(paths: Iterable[Path]) -> int:
    return sum(file.stat().st_size for path in paths for file in (path.rglob("*") if path.is_dir() else [path]) if file.is_file())


def _without_comma(path: Path, folder: Path) -> Path:
    """Returns a path without a comma, which separates the files of the setting REPLAY."""
    if "," not in str(path):
        return path.resolve()
    link = folder / path.name.replace(",", "-")
    link.symlink_to(path.resolve())
    return link


def _first(skipped: list[Skipped]) -> str:
    """Returns a sentence about the first thing that was not imported."""
    return f"{skipped[0].name}: {label('import', skipped[0].reason)} {skipped[0].detail}".strip() if skipped else ""


# --- which source a page belongs to ---------------------------------------------------------------------------


def _owners(listed: Collection[Listed], sources: Iterable[Source]) -> tuple[dict[str, Source], list[Skipped]]:
    """Returns the source of each URL that has a page, and the URLs that have none or several."""
    by_host: defaultdict[str, dict[str, Source]] = defaultdict(dict)
    for source in sources:
        for host in source.hosts:
            by_host[_bare(host)][source.id] = source
    pages = {one.url for one in listed if one.is_page}
    owners: dict[str, Source] = {}
    skipped: dict[str, Skipped] = {}
    for one in listed:
        if one.url not in pages:
            skipped[one.url] = Skipped(one.url, "not-a-page" if one.status in (0, 200) else "no-page", f"status {one.status}")
        if one.url not in pages or one.url in owners:
            continue
        owner = _owner(one, by_host[_bare(host_of(one.url) or "")].values())
        if isinstance(owner, Skipped):
            skipped[one.url] = owner
        else:
            owners[one.url] = owner
    return owners, [one for url, one in skipped.items() if url not in owners]


def _owner(one: Listed, of_host: Iterable[Source]) -> Source | Skipped:
    """Returns the source of a page, or why it has none. `of_host`: the sources with its host."""
    possible = [source for source in of_host if Site(source).has(_at_host(one.url, source))]
    in_force = [source for source in possible if _is_in_force(source, date.fromisoformat(one.date[:10]))] or possible
    if len(in_force) == 1:
        return in_force[0]
    if not possible:
        return Skipped(one.url, "no-source", f"no source has the host {host_of(one.url)}")
    return Skipped(one.url, "several-sources", f"{', '.join(source.id for source in in_force)}: choose with --source")


def _bare(host: str) -> str:
    return host.removesuffix(":80").removesuffix(":443").removeprefix("www.")


def _at_host(url: str, source: Source) -> str:
    return at_listed_host(url, source.hosts) or url


def _is_in_force(source: Source, day: date) -> bool:
    return (source.valid_from or date.min) <= day <= (source.valid_to or date.max)


# --- what became of it ----------------------------------------------------------------------------------------


def _account(database: Database, listed: Iterable[Listed], owners: Mapping[str, Source], report: Report) -> None:
    """Notes what became of each version of each URL. What is not a page may be stored, too: robots.txt, a feed."""
    sources = {source.id: source for source in owners.values()}.values()
    stored = set()
    for one in listed:
        owner = owners.get(one.url)
        outcome = next(
            (found for source in ([owner] if owner else sources) if (found := _outcome(database, source, one)) is not None), None
        )
        if outcome is not None:
            report.accepted[outcome] += 1
            stored.add(one.url)
        elif owner is not None and one.is_page:
            failure = next(_failures(database, owner, one), None)
            report.skipped.append(Skipped(one.url, "not-stored", failure or "the crawl of the recording did not request it"))
    report.skipped = [one for one in report.skipped if one.name not in stored or one.reason == "not-stored"]


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
    """Returns the URLs under which the archive may store a recorded one."""
    return list(dict.fromkeys(without_session(one) for one in (url, _at_host(url, source))))


def _lines(report: Report) -> Iterator[str]:
    for result in report.results:
        yield from result.lines or (closing_line(result),)
    accepted = ", ".join(f"{number} {outcome}" for outcome, number in report.accepted.most_common())
    yield f"in the archive: {accepted or 'nothing'}"
    reasons = Counter(one.reason for one in report.skipped)
    for reason, number in reasons.most_common():
        yield f"not imported: {number} × {reason} ({label('import', reason)})"
        if reason not in _NO_PAGES:
            names = [one for one in report.skipped if one.reason == reason]
            yield from (f"  {one.name}{': ' if one.detail else ''}{one.detail}" for one in names[:_MOST_LINES])
            if len(names) > _MOST_LINES:
                yield f"  and {len(names) - _MOST_LINES} more; --json names all"


def _as_json(report: Report) -> str:
    written: dict[str, Any] = {
        "in_archive": dict(report.accepted.most_common()),
        "not_imported": [asdict(one) for one in report.skipped],
        "sources": [
            {"source": one.source_id, "state": one.state, "new": one.new, "changed": one.changed, "failed": dict(one.failed)}
            for one in report.results
        ],
    }
    return json.dumps(written, ensure_ascii=False, indent=1)
