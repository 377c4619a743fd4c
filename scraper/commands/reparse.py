"""`scrapy reparse`: parses the kept captures again with the current code. It sends no request."""

from __future__ import annotations

import argparse
import json
from collections import Counter

from tqdm import tqdm

from scraper.base_command import FAILED, WELL, ArchiveCommand
from scraper.model import UserError
from scraper.paths import project_path, project_paths
from scraper.reparsing import conclude, reparse
from scraper.sources import find, load
from scraper.store import runs, summaries
from scraper.store.archive import open_archive
from scraper.store.captures import kept
from scraper.store.sources import load_source
from scraper.version import parser_version


class Command(ArchiveCommand):
    summary = "Parse the stored captures again, without a request to any site"
    example = "scrapy reparse nghe-an-ict"

    def syntax(self) -> str:
        return "[options] [SOURCE ...]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        assert self.settings is not None
        sources = load(project_paths(self.settings.get("SOURCES_EXTRA")), live=False)
        chosen = [find(sources, name) for name in args]
        captures = project_path(self.settings["CAPTURES"])
        if not captures.is_dir():
            raise UserError(f"{captures}: there is no such folder; run `scrapy crawl SOURCE` first, or name it with -s CAPTURES=")
        database = open_archive(project_path(self.settings["ARCHIVE"]), create=False)
        limit = self.settings.getint("DOWNLOAD_MAXSIZE")
        present = {row[0] for row in database.execute("select distinct source_id from captures")}
        chosen = [source for source in chosen or sources.values() if source.id in present]
        counts: Counter[str] = Counter()
        for source in chosen:
            load_source(database, source)
            run_id = runs.begin(database, "reparse", source.id, "{}", parser_version())
            captured = list(
                kept(database, captures, "source_id = ? and status = 200 and outcome is not 'robots' and continues is null", [source.id])
            )
            watched = tqdm(captured, desc=source.id, unit=" captures", disable=None)
            read = reparse(database, source, watched, limit, run_id)
            counts += read
            runs.end(database, run_id, "finished", read)
            conclude(database, source, captures, limit)
        summaries.rebuild(database)
        database.close()
        if opts.json:
            print(json.dumps(counts))
        else:
            print(
                ", ".join(f"{number} {name}" for name, number in counts.items())
                or "nothing to parse: the archive has no captures of these sources"
            )
        return FAILED if counts["failures"] else WELL
