"""`scrapy attachments list | fetch | extract`: the files of the articles in the archive."""

from __future__ import annotations

import argparse
import json
import signal
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from scrapy.settings import Settings
from sqlite_utils import Database
from tqdm import tqdm

from scraper import clock, report_language, stopping
from scraper.attachments.extractor import Extractor
from scraper.attachments.limits import MB, Limits
from scraper.attachments.parts import Options
from scraper.base_command import BUSY, FAILED, WELL, print_failure
from scraper.crawl.crawler_process import crawler_process
from scraper.crawl.kept_files import KeptFiles
from scraper.crawl.run import Run
from scraper.crawl.run_report import LOCKED
from scraper.crawl.shared_archive import SharedArchive, all_of_sample
from scraper.crawl.side_by_side import SideBySide
from scraper.model import ALL_FILES, NO_FILES, Source, UserError
from scraper.numbers import formatted, shortest
from scraper.paths import project_path, project_paths
from scraper.report_language import say
from scraper.sources import find, load, recordings
from scraper.stopping import Stopped
from scraper.store import files, summaries
from scraper.store.archive import open_archive
from scraper.store.archive_file import reading
from scraper.store.documents import ArchiveDocuments
from scraper.two_languages import EMPTY, EN, VI, Message, same

_ACTIONS = "list [SOURCE ...] | fetch SOURCE ... | extract [SOURCE ...] | read FILE ..."
_TYPICAL = 400_000  # bytes of a file, if the archive has none of the source yet: the scan of a decision of two pages


def execute(settings: Settings, args: list[str], opts: argparse.Namespace) -> int:
    """Returns the exit code. Raises: UserError for bad input, before anything is done."""
    if args[:1] not in (["list"], ["fetch"], ["extract"]):
        raise UserError(
            Message(
                f"give one of: {_ACTIONS}; like: scrapy attachments fetch mst --dry-run",
                f"hãy ghi một trong: {_ACTIONS}; ví dụ: scrapy attachments fetch mst --dry-run",
            )
        )
    known = load(project_paths(settings.get("SOURCES_EXTRA")), live=not settings.get("REPLAY"))
    chosen = [find(known, one) for one in args[1:]]
    match args[:1]:
        case ["list"]:
            return _list(settings, chosen, as_json=opts.json)
        case ["fetch"] if chosen:
            wanted = [replace(one, attachments=ALL_FILES) if opts.all else one for one in chosen]
            return _plan(settings, wanted) if opts.dry_run else _fetch(settings, wanted)
        case ["extract"]:
            return _extract(settings, chosen or list(known.values()), Options(ocr=opts.ocr), again=opts.again or opts.ocr)
    raise UserError(
        Message(
            "fetch: give the sources, like: scrapy attachments fetch mst --dry-run (`scrapy list` shows all)",
            "fetch: hãy ghi các nguồn, ví dụ: scrapy attachments fetch mst --dry-run (`scrapy list` liệt kê tất cả)",
        )
    )


def _list(settings: Settings, chosen: Sequence[Source], *, as_json: bool) -> int:
    with reading(project_path(settings["ARCHIVE"])) as database:
        for source_id, state, text_state, number, size in files.counts(database, [one.id for one in chosen]):
            if as_json:
                print(json.dumps({"source": source_id, "state": state, "text": text_state, "files": number, "bytes": size}))
            else:
                say(_row(source_id, state, text_state, number, size))
    return WELL


def _row(source_id: str, state: str, text_state: str | None, number: int, size: int) -> Message:
    """Returns a line of the table: the codes are those of the columns `state` and `text_state`."""
    head = f"{source_id:24} {state:10} {text_state or '':14} "
    en, vi = ((formatted(number, language), formatted(round(size / MB, 1), language)) for language in (EN, VI))
    return Message(f"{head}{en[0]:>7} files {en[1]:>9} MB", f"{head}{vi[0]:>7} tệp {vi[1]:>9} MB")


# --- fetching ----------------------------------------------------------------------------------------------


def _plan(settings: Settings, chosen: Sequence[Source]) -> int:
    """Prints what a fetch would request, and how long that takes at the pace of each host. Writes nothing."""
    with reading(project_path(settings["ARCHIVE"])) as database:
        for source in chosen:
            number = files.waiting(database, source, clock.now())
            sizes = [size for (size,) in database.execute("select bytes from files where source_id = ? and bytes > 0", [source.id])]
            size = median(sizes) if sizes else _TYPICAL
            pace = source.delay if source.delay is not None else settings.getfloat("DOWNLOAD_DELAY")
            basis = Message("a guess: none is kept yet", "ước đoán: chưa lưu tệp nào")
            if sizes:
                basis = Message(f"the median of {len(sizes)} files", f"trung vị của {len(sizes)} tệp")
            most = settings.getint("FILES_PER_DAY") if not recordings(source, settings.get("REPLAY")) else number
            rest = EMPTY
            if number > most:
                days = -(-number // most)
                rest = Message(f"; at most {most} a day, so {days} days", f"; mỗi ngày nhiều nhất {most} tệp, nên cần {days} ngày")
            minutes, megabytes = round(number * pace / 60), round(number * size / MB, 1)
            en, vi = ([formatted(one, language) for one in (number, megabytes, minutes)] for language in (EN, VI))
            said = Message(
                f"{source.id}: {en[0]} {'file waits' if number == 1 else 'files wait'}, about {en[1]} MB ({basis.en}), at least"
                f" {en[2]} minutes at {pace:g} s from one to the next",
                f"{source.id}: {vi[0]} tệp đang chờ, khoảng {vi[1]} MB ({basis.vi}), ít nhất {vi[2]} phút"
                f" nếu tệp này cách tệp kia {shortest(pace, VI)} giây",
            )
            say(said + rest)
    return WELL


def _fetch(settings: Settings, chosen: Sequence[Source]) -> int:
    if without := [one.id for one in chosen if one.attachments == NO_FILES]:
        raise UserError(
            Message(
                f'{", ".join(without)}: its block has attachments = "none"; change it, or add --all',
                f"""{", ".join(without)}: khối của nguồn có attachments = "none"; hãy sửa, hoặc thêm --all""",
            )
        )
    archive = SharedArchive(settings, sample=all_of_sample(chosen))
    crawls = SideBySide(
        crawler_process(settings),
        lambda source: Run(settings, source, arguments={"files": "only"}, archive=archive),
        at_once=settings.getint("UPDATE_AT_ONCE"),
    )
    try:
        results = crawls.crawl(chosen)
        _print_waiting(settings, archive.database, chosen)
    finally:
        problem = archive.close()
    for result in results:
        print(report_language.report(result.lines or [same(f"{result.source_id}: ") + result.attention]))
    if problem or crawls.problem:
        print_failure(problem or crawls.problem)
    if results and all(one.state == LOCKED for one in results):
        return BUSY
    return WELL if all(one.is_well for one in results) and not (problem or crawls.problem) else FAILED


def _print_waiting(settings: Settings, database: Database, chosen: Sequence[Source]) -> None:
    for source in chosen:
        number = files.waiting(database, source, clock.now())
        if number:
            for_whom = Message(
                " for another day (FILES_PER_DAY, FILE_BYTES_PER_DAY) or for the host",
                " đến ngày khác (FILES_PER_DAY, FILE_BYTES_PER_DAY) hoặc chờ máy chủ",
            )
            if recordings(source, settings.get("REPLAY")):
                for_whom = Message(" for the site: the recording lacks them", " trang: bản ghi không có")
            wait = "file waits" if number == 1 else "files wait"
            say(Message(f"{source.id}: {formatted(number, EN)} {wait}", f"{source.id}: {formatted(number, VI)} tệp đang chờ") + for_whom)


# --- extracting --------------------------------------------------------------------------------------------


def _extract(settings: Settings, chosen: Sequence[Source], options: Options, *, again: bool) -> int:
    """Takes the text of files that are kept, in order of their ids. Returns 1 if a capture cannot be read, or if it was stopped."""
    sources = {one.id: one for one in chosen}
    database = open_archive(project_path(settings["ARCHIVE"]), create=False)
    kept = KeptFiles(database, project_path(settings["CAPTURES"]), ArchiveDocuments(database), settings.getint("FILE_MAXSIZE"))
    lost = 0
    before = {number: signal.signal(number, lambda *_: stopping.request()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        waiting = files.to_extract(database, sources, again=again)
        with Extractor(Limits(), options) as plain, Extractor(Limits(), replace(options, ocr=True)) as with_ocr:
            for file_id, source_id, capture_id in tqdm(waiting, desc="files", unit=" files", disable=None):
                stopping.check()
                source = sources[source_id]
                problem = kept.read(file_id, capture_id, source, with_ocr if source.ocr else plain)
                if problem:
                    lost += 1
                    say(problem, as_error=True)
        summaries.update(database)
    except Stopped:
        say(
            Message(
                "stopped; the same command without --again goes on with the files that have no text yet",
                "đã dừng; chạy lại cùng lệnh mà không có --again thì làm tiếp với các tệp chưa có chữ",
            ),
            as_error=True,
        )
        return FAILED
    finally:
        database.close()
        for one, handler in before.items():
            signal.signal(one, handler)
    number = len(waiting) - lost
    were = "file was" if number == 1 else "files were"
    say(Message(f"{formatted(number, EN)} {were} read", f"đã đọc {formatted(number, VI)} tệp"))
    return FAILED if lost else WELL
