"""`scrapy list`: prints every source that can be crawled."""

from __future__ import annotations

import argparse
import json

from scraper.base_command import WELL, ArchiveCommand
from scraper.paths import project_paths
from scraper.reference import units
from scraper.sources import load


class Command(ArchiveCommand):
    summary = "List the sources that can be crawled"
    example = "scrapy list --long"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--long", action="store_true", help="with name, unit, platform, years and site")
        parser.add_argument("--json", action="store_true", help="as JSON lines")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        assert self.settings is not None
        for source in load(project_paths(self.settings.get("SOURCES_EXTRA"))).values():
            years = "-".join(str(day.year) if day else "" for day in (source.valid_from, source.valid_to))
            if opts.json:
                row = {"id": source.id, "name": source.name, "unit": source.unit, "platform": source.platform, "site": source.site}
                print(json.dumps(row | {"valid": [str(source.valid_from or ""), str(source.valid_to or "")]}, ensure_ascii=False))
            elif opts.long:
                print(f"{source.id:20} {years:10} {source.platform or '?':14} {units()[source.unit].name:34} {source.site}  {source.name}")
            else:
                print(source.id)
        return WELL
