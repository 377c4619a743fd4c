"""`scrapy resolve`: resolve the stored citations again, after documents were added; no page is read again."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from tqdm import tqdm

from scraper import __version__
from scraper.command import WELL, ArchiveCommand
from scraper.model import UserError
from scraper.paths import project_path, project_paths
from scraper.sources import find, load
from scraper.store import citations, imported, runs, summaries
from scraper.store.archive import open_archive
from scraper.store.documents import ArchiveDocuments, load_known


class Command(ArchiveCommand):
    summary = "Resolve the stored citations again, after adding documents to the known ones"
    example = "scrapy resolve --add register.csv"

    def syntax(self) -> str:
        return "[options] [SOURCE ...]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--add",
            metavar="FILE",
            action="append",
            default=[],
            help="a CSV file of documents (its columns: docs/citations.md)",
        )
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        assert self.settings is not None
        sources = load(project_paths(self.settings.get("SOURCES_EXTRA")))
        chosen = [find(sources, name) for name in args] or list(sources.values())
        added = [document for path in opts.add for document in imported.read(Path(path))]
        archive = project_path(self.settings["ARCHIVE"])
        database = open_archive(archive, create=False)
        present = {row[0] for row in database.execute("select distinct source_id from articles")}
        if not present and not added:
            raise UserError(f"{archive}: has no articles yet; crawl first")
        run_id = runs.begin(database, "resolve", None, json.dumps({"add": opts.add}, ensure_ascii=False), __version__)
        with database.conn:
            load_known(database, added)
        known = ArchiveDocuments(database)
        changed = citations_read = 0
        for source in chosen:
            if source.id not in present:
                continue
            articles = [
                row[0] for row in database.execute("select id from articles where source_id = ? and citation_count > 0", [source.id])
            ]
            for article_id in tqdm(articles, desc=source.id, unit=" articles", disable=None):
                counted = citations.resolve_again(database, source, article_id, known)
                citations_read, changed = citations_read + counted[0], changed + counted[1]
        runs.end(database, run_id, "finished", {})
        summaries.rebuild(database)
        database.close()
        counts = {"documents added": len(added), "citations": citations_read, "changed": changed}
        print(json.dumps(counts) if opts.json else ", ".join(f"{number} {name}" for name, number in counts.items()))
        return WELL
