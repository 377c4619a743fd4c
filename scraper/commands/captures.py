"""`scrapy captures ACTION`: checks, imports, exports and lists the captures."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path

from sqlite_utils import Database
from tqdm import tqdm

from scraper.base_command import FAILED, WELL, ArchiveCommand
from scraper.commands._capture_import import import_files
from scraper.crawl.source_lock import is_locked
from scraper.model import UserError
from scraper.paths import project_path
from scraper.reference import label
from scraper.store.archive import open_archive
from scraper.store.capture_check import Checked, check
from scraper.store.capture_files import capture_files, digests
from scraper.store.wacz_export import export
from scraper.suggestions import nearest

_ACTIONS = "verify | import FILE ... | export --wacz FILE --source ID | digests"

_MOST_FAULTS = 10_000  # that --json lists; their number is complete


class Command(ArchiveCommand):
    requires_crawler_process = True
    summary = "Import, check, export or list the captures: the WARC files and their rows"
    example = "scrapy captures import old-site.warc.gz mirror/"

    def syntax(self) -> str:
        return f"[options] {_ACTIONS}"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--source", metavar="ID", help="import, export, verify: only this source")
        parser.add_argument("--wacz", metavar="FILE", help="export: the WACZ package to write")
        parser.add_argument(
            "--from", dest="since", metavar="DAY", type=date.fromisoformat, help="export: captures of this day and later (UTC)"
        )
        parser.add_argument("--to", dest="until", metavar="DAY", type=date.fromisoformat, help="export: up to this day (UTC)")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        assert self.settings is not None
        match args:
            case ["import", _, *_]:
                return import_files(self.settings, self.async_process, map(Path, args[1:]), opts.source, as_json=opts.json)
            case ["verify"]:
                return self._verify(opts)
            case ["export"] if opts.wacz is not None and opts.source is not None:
                return self._export(opts)
            case ["digests"]:
                return self._digests(as_json=opts.json)
        raise UserError(f"give one of: {_ACTIONS}; like: {self.example}")

    def _digests(self, *, as_json: bool) -> int:
        """Prints the digests of all files as `sha256sum` does, so that `sha256sum -c` checks a copy."""
        folder = self._captures()
        if as_json:
            print(json.dumps([asdict(one) for one in digests(folder)], indent=1))
        else:
            for one in digests(folder):
                print(one.line)
        return WELL

    def _verify(self, opts: argparse.Namespace) -> int:
        """Checks every record against its row, and the other way round."""
        folder = self._captures()
        with self._archive(opts.source) as database:
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

    def _export(self, opts: argparse.Namespace) -> int:
        """Writes the captures of a source into a WACZ package."""
        folder, target = self._captures(), Path(opts.wacz)
        if target.suffix != ".wacz":
            raise UserError(f"{target}: a WACZ package must end in .wacz")
        if target.exists():
            raise UserError(f"{target}: exists already; give another name, or delete it")
        since = opts.since.isoformat() if opts.since else ""
        until = (opts.until + timedelta(days=1)).isoformat() if opts.until else "~"
        with self._archive(opts.source) as database, tqdm(desc="export", unit=" captures", disable=None) as bar:
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
    def _archive(self, source_id: str | None) -> Iterator[Database]:
        """Opens the archive. Raises UserError if it has no source of that id."""
        assert self.settings is not None
        database = open_archive(project_path(self.settings["ARCHIVE"]), create=False)
        try:
            known = [row[0] for row in database.execute("select id from sources")]
            if source_id is not None and source_id not in known:
                raise UserError(f"{source_id}: the archive has no such source{nearest(source_id, known) or ''}")
            yield database
        finally:
            database.close()

    def _captures(self) -> Path:
        """Returns the folder of captures. Raises UserError if there is none."""
        assert self.settings is not None
        folder = project_path(self.settings["CAPTURES"])
        if not folder.is_dir():
            raise UserError(f"{folder}: there is no such folder; run `scrapy crawl SOURCE` first, or name it with -s CAPTURES=")
        return folder
