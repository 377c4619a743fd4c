"""`scrapy resolve`: resolves the stored citations again after documents were added. It parses no page."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scrapy.settings import Settings
from sqlite_utils import Database
from tqdm import tqdm

from scraper.base_command import WELL
from scraper.model import Source, UserError
from scraper.paths import project_path, project_paths
from scraper.report_language import say, warn
from scraper.sources import find, load
from scraper.store import citations, document_file, runs, short_citations, summaries
from scraper.store.archive import open_archive
from scraper.store.column_mapping import mapping
from scraper.store.document_import import Import, Report, import_list
from scraper.store.document_lists import ListOfDocuments
from scraper.store.documents import ArchiveDocuments, load_known
from scraper.two_languages import EMPTY, Message
from scraper.version import parser_version

_OUTCOMES = {"new": "mới", "changed": "thay đổi", "equal": "như cũ", "rejected": "bị loại"}  # each with its Vietnamese


def execute(settings: Settings, args: list[str], opts: argparse.Namespace) -> int:
    _check_options(opts)
    sources = load(project_paths(settings.get("SOURCES_EXTRA")), live=False)
    chosen = [find(sources, name) for name in args] or list(sources.values())
    added = [document for path in opts.add for document in document_file.read(Path(path))]
    how = mapping(Path(opts.mapping) if opts.mapping else None)
    lists = [ListOfDocuments(Path(path)) for path in opts.lists]
    archive = project_path(settings["ARCHIVE"])
    database = open_archive(archive, create=False)
    try:
        present = dict(database.execute("select source_id, count(*) from articles group by 1").fetchall())
        if not present and not added and not lists:
            raise UserError(Message(f"{archive}: has no articles yet; crawl first", f"{archive}: chưa có bài viết; hãy thu thập trước"))
        arguments = json.dumps({"add": opts.add, "import": opts.lists}, ensure_ascii=False)
        run_id = None if opts.dry_run else runs.begin(database, "resolve", None, arguments, parser_version())
        imports = {
            str(listed.path): _import(
                database, listed, how, Path(opts.report) if opts.report else _report_beside(archive, listed), opts.dry_run
            )
            for listed in lists
        }
        counts: dict[str, Any] = {"documents added": len(added), "citations": 0, "changed": 0}
        if run_id is not None:
            with database.conn:
                load_known(database, added)
            counts["citations"], counts["changed"] = _resolve(database, [one for one in chosen if one.id in present])
            runs.end(database, run_id, "finished", {})
            summaries.rebuild(database)
        left_out = _left_out(sources, args, present)
    finally:
        database.close()
    if left_out:
        counts["sources not configured"] = left_out
    _print(counts, imports, opts)
    return WELL


def _check_options(opts: argparse.Namespace) -> None:
    if not opts.lists and (opts.dry_run or opts.mapping or opts.report):
        raise UserError(
            Message(
                "--dry-run, --mapping and --report belong to a list: scrapy resolve --import FILE --dry-run",
                "--dry-run, --mapping và --report là của một danh sách: scrapy resolve --import FILE --dry-run",
            )
        )
    if opts.dry_run and opts.add:
        raise UserError(
            Message(
                "--dry-run is for --import; a file of --add is checked completely before anything is written",
                "--dry-run chỉ dùng với --import; tệp của --add được kiểm tra toàn bộ trước khi ghi",
            )
        )
    if opts.report and len(opts.lists) > 1:
        raise UserError(
            Message(
                "--report names one file; import one list at a time, or leave it out: each list gets its own report",
                "--report chỉ một tệp; hãy nhập từng danh sách một, hoặc bỏ --report: mỗi danh sách có báo cáo riêng",
            )
        )


def _report_beside(archive: Path, listed: ListOfDocuments) -> Path:
    return archive.parent / f"{listed.path.name}.rejected.csv"


def _import(database: Database, listed: ListOfDocuments, how: Any, report_path: Path, dry_run: bool) -> dict[str, Any]:
    report = Report(report_path)
    try:
        with tqdm(desc=listed.path.name, total=listed.size, unit=listed.unit, unit_scale=True, disable=None) as bar:

            def shown(rows: int) -> None:
                bar.total, bar.unit = listed.size, listed.unit
                bar.update(listed.done - bar.n)

            done: Import = import_list(database, listed, how, report, dry_run=dry_run, progress=shown)
    except OSError as error:
        raise UserError(
            Message(
                f"{report_path}: cannot be written ({error.strerror}); name another file with --report",
                f"{report_path}: không ghi được ({error.strerror}); hãy ghi tệp khác bằng --report",
            )
        ) from error
    finally:
        written = report.close()
    return done.as_json() | {"dry run": dry_run, "report": str(report_path) if written else None}


def _resolve(database: Database, sources: Sequence[Source]) -> tuple[int, int]:
    """Resolves the stored citations of some sources again. Returns how many there are, and how many changed."""
    known = ArchiveDocuments(database)
    read = changed = 0
    for source in sources:
        articles = [row[0] for row in database.execute("select id from articles where source_id = ? and citation_count > 0", [source.id])]
        for article_id in tqdm(articles, desc=source.id, unit=" articles", disable=None):
            counted = citations.resolve_again(database, source, article_id, known)
            read, changed = read + counted[0], changed + counted[1]
        changed += short_citations.conclude(database, source)
    return read, changed


def _left_out(sources: Any, args: Sequence[str], present: dict[str, int]) -> list[str]:
    """Returns the sources whose articles were not resolved because no source block describes them. Prints a warning that names them."""
    unknown = sorted(name for name in present if name not in sources)
    if unknown and not args:
        number = sum(present[name] for name in unknown)
        warn(
            Message(
                f"the archive has {number} articles of sources that are not configured: {', '.join(unknown)}. Their citations were "
                "not resolved again. Name the file that describes them: -s SOURCES_EXTRA=FILE.toml",
                f"kho có {number} bài viết của những nguồn chưa khai báo: {', '.join(unknown)}. Viện dẫn trong đó không được xác định"
                " lại. Hãy chỉ tệp khai báo các nguồn này: -s SOURCES_EXTRA=FILE.toml",
            )
        )
    absent = [name for name in args if name not in present]
    if absent:
        missing, there = ", ".join(absent), ", ".join(sorted(present))
        warn(
            Message(
                f"the archive has no articles of {missing}; it has some of {there}",
                f"kho không có bài của {missing}; kho có bài của {there}",
            )
        )
    return unknown if not args else []


def _print(counts: dict[str, Any], imports: dict[str, dict[str, Any]], opts: argparse.Namespace) -> None:
    if opts.json:
        print(json.dumps(counts | ({"imports": imports} if imports else {}), ensure_ascii=False))
        return
    for name, done in imports.items():
        say(*_outcome(name, done))
    if not opts.dry_run:
        number = counts["documents added"]
        added = (
            Message(f"{number} {'document' if number == 1 else 'documents'} added; ", f"đã thêm {number} văn bản; ") if opts.add else EMPTY
        )
        read, changed = counts["citations"], counts["changed"]
        say(
            added
            + Message(
                f"{read} {'citation' if read == 1 else 'citations'} resolved again, {changed} changed",
                f"đã xác định lại {read} viện dẫn, {changed} thay đổi",
            )
        )


def _outcome(name: str, done: dict[str, Any]) -> list[Message]:
    """Returns what an import did, as lines for people."""
    would = Message("would be ", "sẽ được ") if done["dry run"] else Message("", "đã được ")
    outcomes = Message(
        ", ".join(f"{done[outcome]} {outcome}" for outcome in _OUTCOMES),
        ", ".join(f"{done[outcome]} {vietnamese}" for outcome, vietnamese in _OUTCOMES.items()),
    )
    lines = [
        Message(
            f"{name}: {done['rows']} rows {would.en}imported: {outcomes.en}", f"{name}: {done['rows']} dòng {would.vi}nhập: {outcomes.vi}"
        )
    ]
    examples = done["examples"]
    for outcome in ("new", "changed"):
        lines += [Message(f"  {outcome}: {one}", f"  {_OUTCOMES[outcome]}: {one}") for one in examples.get(outcome, ())[:3]]
    for reason, number in done["rejected by reason"].items():
        like = examples[reason][0]
        lines.append(Message(f"  rejected, {reason}: {number}, like {like}", f"  bị loại, {reason}: {number}, ví dụ {like}"))
    for field, number in done["kept against the list"].items():
        like = "".join(examples.get(f"kept {field}", ())[:1])
        lines.append(
            Message(
                f"  {field} not taken from the list, because the register has another: {number}{f', like {like}' if like else ''}",
                f"  không lấy {field} từ danh sách, vì sổ đăng ký có giá trị khác: {number}{f', ví dụ {like}' if like else ''}",
            )
        )
    if done["report"]:
        lines.append(
            Message(
                f"  the rejected rows, with line and reason, are in {done['report']}",
                f"  các dòng bị loại, kèm số dòng và lý do, ở trong {done['report']}",
            )
        )
    return lines
