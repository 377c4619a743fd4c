"""`scrapy publish`: makes a dated copy of the archive for others, and for a backup. A crawl may go on meanwhile."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from scrapy.settings import Settings
from tqdm import tqdm

from scraper.base_command import WELL
from scraper.model import UserError
from scraper.paths import project_path, project_paths
from scraper.publishing.publication import MANIFEST, Wishes, publish
from scraper.sources import load
from scraper.store.capture_files import FileDigest, capture_files, digests


def execute(settings: Settings, args: list[str], opts: argparse.Namespace) -> int:
    if len(args) != 1:
        raise UserError("name one folder for the copies, like: scrapy publish copies")
    archive, captures = project_path(settings["ARCHIVE"]), project_path(settings["CAPTURES"])
    if not archive.is_file():
        raise UserError(f"{archive}: there is no archive yet; `make archive` makes one, or `scrapy crawl SOURCE`")
    sources = load(project_paths(settings.get("SOURCES_EXTRA")), live=False)
    of_captures = _digests(captures) if captures.is_dir() and not opts.without_digests else None
    with tqdm(bar_format="{desc} {elapsed}", disable=None) as bar:
        wishes = Wishes(opts.without_text, opts.mask_personal, of_captures)
        made = publish(archive, Path(args[0]).absolute(), wishes, sources.values(), bar.set_description_str)
    manifest = (made / MANIFEST).read_text(encoding="utf-8")
    print(manifest.rstrip() if opts.json else _summary(made, manifest))
    return WELL


def _digests(captures: Path) -> Iterator[FileDigest]:
    try:
        number = len(capture_files(captures))
        yield from tqdm(digests(captures), desc="digests", unit=" files", total=number, disable=None, leave=False)
    except OSError as error:
        raise UserError(
            f"{error.filename or captures}: cannot be read ({error.strerror}); make it readable, or add --without-digests"
        ) from error


def _summary(made: Path, manifest: str) -> str:
    found = json.loads(manifest)
    size = sum(file["bytes"] for file in found["files"].values()) / 1e6
    said = {"without_text": "without texts", "masked": "numbers masked", "sample": "of the invented sample"}
    lacks = [text for key, text in said.items() if found[key]]
    return f"{made}: {found['rows']['articles']} articles, {size:.1f} MB{''.join(f', {one}' for one in lacks)}"
