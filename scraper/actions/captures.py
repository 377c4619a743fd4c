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

from scraper.actions.capture_import import import_files
from scraper.base_command import FAILED, WELL
from scraper.crawl.crawler_process import crawler_process
from scraper.crawl.source_lock import is_locked
from scraper.model import UserError
from scraper.paths import project_path
from scraper.reference import label
from scraper.store.archive import open_archive
from scraper.store.archive_file import is_read_as_it_is, reading
from scraper.store.capture_check import Checked, check
from scraper.store.capture_files import capture_files, digests
from scraper.store.wacz_export import export
from scraper.suggestions import nearest
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
    raise UserError(f"give one of: {_ACTIONS}; like: scrapy captures import old-site.warc.gz mirror/")


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
                    faults.append(asdict(fault))
                elif not opts.json:
                    meaning = label("capture fault", fault.code)
                    bar.write(f"{fault.file}#{fault.offset}: {fault.code}: {meaning} {fault.url} {fault.detail}".rstrip())
    if opts.json:
        print(json.dumps(asdict(result) | {"fault_list": faults}, ensure_ascii=False, indent=1))
    else:
        print(
            f"{result.files} files, {result.bytes} bytes, {result.records} records, {result.captures} captures:"
            f" {sum(result.faults.values()) or 'no'} faults"
        )
    return FAILED if result.faults else WELL


def _export(settings: Settings, opts: argparse.Namespace) -> int:
    """Writes the captures of a source into a WACZ package."""
    folder, target = _captures(settings), Path(opts.wacz)
    if target.suffix != PACKAGE_SUFFIX:
        raise UserError(f"{target}: a WACZ package must end in {PACKAGE_SUFFIX}")
    if target.exists():
        raise UserError(f"{target}: exists already; give another name, or delete it")
    if opts.since and opts.until and opts.since > opts.until:
        raise UserError(f"--from {opts.since} is after --to {opts.until}, so the package would be empty; swap the two days")
    since = opts.since.isoformat() if opts.since else ""
    until = (opts.until + timedelta(days=1)).isoformat() if opts.until else "~"
    with _archive(settings, opts.source) as database, tqdm(desc="export", unit=" captures", disable=None) as bar:
        try:
            done = export(database, folder, target, opts.source, since=since, until=until, progress=bar.update)
        except OSError as error:
            raise UserError(f"{target}: cannot be written ({error.strerror or error})") from error
    if opts.json:
        print(json.dumps({"file": str(target)} | asdict(done), ensure_ascii=False, indent=1))
    else:
        print("\n".join([f"{target}: {done.captures} captures, {done.pages} pages", *(f"not exported: {one}" for one in done.lost)]))
    return FAILED if done.lost else WELL


@contextmanager
def _archive(settings: Settings, source_id: str | None) -> Iterator[Database]:
    """Opens the archive; one in a read-only folder, like a backup, only for reading. Raises UserError if it has no source of that id."""
    path = project_path(settings["ARCHIVE"])
    opened = reading(path) if is_read_as_it_is(path) else closing(open_archive(path, create=False))
    with opened as database:
        known = [row[0] for row in database.execute("select id from sources")]
        if source_id is not None and source_id not in known:
            raise UserError(f"{source_id}: the archive has no such source{nearest(source_id, known) or ''}")
        yield database


def _captures(settings: Settings) -> Path:
    """Returns the folder of captures. Raises UserError if there is none."""
    folder = project_path(settings["CAPTURES"])
    if not folder.is_dir():
        raise UserError(f"{folder}: there is no such folder; run `scrapy crawl SOURCE` first, or name it with -s CAPTURES=")
    return folder
