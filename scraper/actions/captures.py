"""`scrapy captures ACTION`: checks, imports, exports and lists the captures."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from scrapy.settings import Settings
from sqlite_utils import Database
from tqdm import tqdm

from scraper import report_language
from scraper.actions.capture_import import import_files
from scraper.base_command import FAILED, WELL
from scraper.crawl.crawler_process import crawler_process
from scraper.crawl.source_lock import is_locked
from scraper.model import UserError
from scraper.numbers import formatted
from scraper.paths import project_path
from scraper.report_language import label_message, say
from scraper.store.archive import open_archive
from scraper.store.archive_file import is_read_as_it_is, reading
from scraper.store.capture_check import Checked, Fault, check
from scraper.store.capture_files import capture_files, digests
from scraper.store.wacz_export import export
from scraper.suggestions import suggestion
from scraper.two_languages import EMPTY, EN, VI, Message, same
from scraper.warc.packages import PACKAGE_SUFFIX

_ACTIONS = "verify | import FILE ... | export --wacz FILE --source ID | digests"
_MOST_FAULTS = 10_000  # that --json lists; their number is complete


def execute(settings: Settings, args: list[str], opts: argparse.Namespace) -> int:
    match args:
        case ["import", _, *_]:
            return import_files(settings, crawler_process(settings), map(Path, args[1:]), opts.source, as_json=opts.json)
        case ["verify"]:
            return _verify(settings, opts)
        case ["export"] if opts.wacz is not None and opts.source is not None:
            return _export(settings, opts)
        case ["digests"]:
            return _digests(settings, as_json=opts.json)
    raise UserError(
        Message(
            f"give one of: {_ACTIONS}; like: scrapy captures import old-site.warc.gz mirror/",
            f"hãy ghi một trong: {_ACTIONS}; ví dụ: scrapy captures import old-site.warc.gz mirror/",
        )
    )


def _digests(settings: Settings, *, as_json: bool) -> int:
    """Prints the digests of all files as `sha256sum` does, so that `sha256sum -c` checks a copy."""
    folder = _captures(settings)
    if as_json:
        print(json.dumps([asdict(one) for one in digests(folder)], indent=1))
    else:
        for one in digests(folder):
            print(one.line)
    return WELL


def _verify(settings: Settings, opts: argparse.Namespace) -> int:
    """Checks every record against its row, and the other way round."""
    folder = _captures(settings)
    with _archive(settings, opts.source) as database:
        size = sum(path.stat().st_size for path in capture_files(folder / (opts.source or "")))
        result = Checked()
        faults: list[dict[str, object]] = []
        with tqdm(total=size, desc="verify", unit="B", unit_scale=True, disable=None) as bar:
            found = check(
                database, folder, opts.source, is_written=lambda name: is_locked(folder, name), progress=bar.update, result=result
            )
            for fault in found:
                if opts.json and len(faults) < _MOST_FAULTS:
                    faults.append(asdict(fault) | {"detail": fault.detail.en})
                elif not opts.json:
                    for line in report_language.lines(_line(fault)):
                        bar.write(line)
    if opts.json:
        print(json.dumps(asdict(result) | {"fault_list": faults}, ensure_ascii=False, indent=1))
    else:
        say(_sums(result))
    return FAILED if result.faults else WELL


def _line(fault: Fault) -> Message:
    """Returns the line of a fault: the place, the fault, the URL of the capture, and more about the fault in brackets."""
    url = same(f" {fault.url}" if fault.url else "")
    detail = same(" (") + fault.detail + same(")") if fault.detail else EMPTY
    return same(f"{fault.file}#{fault.offset}: {fault.code}: ") + label_message("capture fault", fault.code) + url + detail


def _sums(result: Checked) -> Message:
    faults = sum(result.faults.values())
    counts = (result.files, result.bytes, result.records, result.captures)
    en, vi = ([formatted(one, language) for one in counts] for language in (EN, VI))
    return Message(
        f"{en[0]} files, {en[1]} bytes, {en[2]} records, {en[3]} captures: {faults or 'no'} {'fault' if faults == 1 else 'faults'}",
        f"{vi[0]} tệp, {vi[1]} byte, {vi[2]} bản ghi, {vi[3]} bản chụp: {f'{faults} lỗi' if faults else 'không có lỗi'}",
    )


def _export(settings: Settings, opts: argparse.Namespace) -> int:
    """Writes the captures of a source into a WACZ package."""
    folder, target = _captures(settings), Path(opts.wacz)
    if target.suffix != PACKAGE_SUFFIX:
        raise UserError(
            Message(f"{target}: a WACZ package must end in {PACKAGE_SUFFIX}", f"{target}: tên gói WACZ phải kết thúc bằng {PACKAGE_SUFFIX}")
        )
    if target.exists():
        raise UserError(
            Message(f"{target}: exists already; give another name, or delete it", f"{target}: đã có; hãy ghi tên khác, hoặc xóa tệp này")
        )
    if opts.since and opts.until and opts.since > opts.until:
        raise UserError(
            Message(
                f"--from {opts.since} is after --to {opts.until}, so the package would be empty; swap the two days",
                f"--from {opts.since} sau --to {opts.until} nên gói sẽ trống; hãy đổi chỗ hai ngày",
            )
        )
    since = opts.since.isoformat() if opts.since else ""
    until = (opts.until + timedelta(days=1)).isoformat() if opts.until else "~"
    with _archive(settings, opts.source) as database, tqdm(desc="export", unit=" captures", disable=None) as bar:
        try:
            done = export(database, folder, target, opts.source, since=since, until=until, progress=bar.update)
        except OSError as error:
            raise UserError(
                Message(f"{target}: cannot be written ({error.strerror or error})", f"{target}: không ghi được ({error.strerror or error})")
            ) from error
    if opts.json:
        shown = asdict(done) | {"lost": [one.en for one in done.lost]}
        print(json.dumps({"file": str(target)} | shown, ensure_ascii=False, indent=1))
    else:
        say(
            Message(f"{target}: {done.captures} captures, {done.pages} pages", f"{target}: {done.captures} bản chụp, {done.pages} trang"),
            *(Message("not exported: ", "không xuất được: ") + one for one in done.lost),
        )
    return FAILED if done.lost else WELL


@contextmanager
def _archive(settings: Settings, source_id: str | None) -> Iterator[Database]:
    """Opens the archive; one in a read-only folder, like a backup, only for reading. Raises UserError if it has no source of that id."""
    path = project_path(settings["ARCHIVE"])
    opened = reading(path) if is_read_as_it_is(path) else closing(open_archive(path, create=False))
    with opened as database:
        known = [row[0] for row in database.execute("select id from sources")]
        if source_id is not None and source_id not in known:
            raise UserError(
                Message(
                    f"{source_id}: the archive has no such source{suggestion(source_id, known).en}",
                    f"{source_id}: kho không có nguồn này{suggestion(source_id, known).vi}",
                )
            )
        yield database


def _captures(settings: Settings) -> Path:
    """Returns the folder of captures. Raises UserError if there is none."""
    folder = project_path(settings["CAPTURES"])
    if not folder.is_dir():
        raise UserError(
            Message(
                f"{folder}: there is no such folder; run `scrapy crawl SOURCE` first, or name it with -s CAPTURES=",
                f"{folder}: không có thư mục này; hãy chạy `scrapy crawl SOURCE` trước, hoặc chỉ thư mục bằng -s CAPTURES=",
            )
        )
    return folder
