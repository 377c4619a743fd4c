"""`scrapy publish`: makes a dated copy of the archive for others, and for a backup. A crawl may go on meanwhile."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from scrapy.settings import Settings
from tqdm import tqdm

from scraper import report_language
from scraper.base_command import WELL
from scraper.model import UserError
from scraper.numbers import formatted
from scraper.paths import project_path, project_paths
from scraper.publishing.publication import MANIFEST, Wishes, publish
from scraper.sources import load
from scraper.store.capture_files import FileDigest, capture_files, digests
from scraper.two_languages import EN, VI, Message


def execute(settings: Settings, args: list[str], opts: argparse.Namespace) -> int:
    if len(args) != 1 or not args[0]:
        raise UserError(
            Message(
                "name one folder for the copies, like: scrapy publish copies",
                "hãy ghi một thư mục cho các bản sao, ví dụ: scrapy publish copies",
            )
        )
    archive, captures = project_path(settings["ARCHIVE"]), project_path(settings["CAPTURES"])
    if not archive.is_file():
        raise UserError(
            Message(
                f"{archive}: there is no archive yet; `make archive` makes one, or `scrapy crawl SOURCE`",
                f"{archive}: chưa có kho; `make archive` tạo kho, hoặc `scrapy crawl SOURCE`",
            )
        )
    sources = load(project_paths(settings.get("SOURCES_EXTRA")), live=False)
    of_captures = _digests(captures) if captures.is_dir() and not opts.without_digests else None
    with tqdm(bar_format="{desc} {elapsed}", disable=None) as bar:
        wishes = Wishes(opts.without_text, opts.mask_personal, of_captures)
        made = publish(
            archive,
            Path(args[0]).absolute(),
            wishes,
            sources.values(),
            lambda step: bar.set_description_str(" / ".join(report_language.lines(step))),
        )
    manifest = (made / MANIFEST).read_text(encoding="utf-8")
    if opts.json:
        print(manifest.rstrip())
    else:
        report_language.say(_summary(made, manifest))
    return WELL


def _digests(captures: Path) -> Iterator[FileDigest]:
    try:
        number = len(capture_files(captures))
        yield from tqdm(digests(captures), desc="digests", unit=" files", total=number, disable=None, leave=False)
    except OSError as error:
        raise UserError(
            Message(
                f"{error.filename or captures}: cannot be read ({error.strerror}); make it readable, or add --without-digests",
                f"{error.filename or captures}: không đọc được ({error.strerror}); hãy cho quyền đọc, hoặc thêm --without-digests",
            )
        ) from error


def _summary(made: Path, manifest: str) -> Message:
    found = json.loads(manifest)
    size = sum(file["bytes"] for file in found["files"].values()) / 1e6
    said = {
        "without_text": Message(", without texts", ", không có nội dung bài"),
        "masked": Message(", numbers masked", ", các số đã che"),
        "sample": Message(", of the invented sample", ", của bộ mẫu (bịa)"),
    }
    articles = found["rows"]["articles"]
    en, vi = ((formatted(articles, language), formatted(round(size, 1), language)) for language in (EN, VI))
    line = Message(f"{made}: {en[0]} {'article' if articles == 1 else 'articles'}, {en[1]} MB", f"{made}: {vi[0]} bài viết, {vi[1]} MB")
    return sum((text for key, text in said.items() if found[key]), line)
