"""`scrapy restore`: checks a copy that `scrapy publish` made, and makes it the archive again."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from scrapy.settings import Settings
from sqlite_utils import Database

from scraper.base_command import BUSY, FAILED, WELL, print_error, print_failure
from scraper.model import UserError
from scraper.numbers import formatted
from scraper.paths import project_path
from scraper.publishing.checks import connect_readonly
from scraper.publishing.restoring import InUse, check, restore
from scraper.report_language import say
from scraper.store.capture_files import missing_or_short
from scraper.two_languages import EMPTY, EN, VI, Message, same


def execute(settings: Settings, args: list[str], opts: argparse.Namespace) -> int:
    if len(args) != 1 or not args[0]:
        raise UserError(
            Message(
                "name the folder of one copy, like: scrapy restore copies/2026-11-29",
                "hãy ghi thư mục của một bản sao, ví dụ: scrapy restore copies/2026-11-29",
            )
        )
    folder, archive = Path(args[0]).absolute(), project_path(settings["ARCHIVE"])
    checked = check(folder)
    for fault in checked.faults:
        print_failure(same(f"{folder}: ") + fault)
    if checked.faults:
        if not opts.check:
            say(Message("nothing was restored", "không khôi phục gì"), as_error=True)
        return FAILED
    result: dict[str, object] = {"copy": str(folder), "made_at": checked.manifest["made_at"], "rows": checked.manifest["rows"]}
    if not opts.check:
        try:
            kept = restore(checked, archive, force=opts.force)
        except InUse as error:
            print_error(error)
            return BUSY
        missing = _missing_captures(archive, project_path(settings["CAPTURES"]))
        result |= {"archive": str(archive), "earlier archive": str(kept) if kept else None, "capture files missing": missing}
    if opts.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        say(*_summary(result))
    return WELL


def _missing_captures(archive: Path, captures: Path) -> list[str]:
    """Returns the files of captures that the archive names and that are missing or too short."""
    with closing(connect_readonly(archive)) as connection:
        return [fault.file for fault in missing_or_short(Database(connection), captures)]


def _summary(result: dict[str, object]) -> Iterator[Message]:
    rows = result["rows"]
    assert isinstance(rows, dict)
    articles, made_at = rows["articles"], result["made_at"]
    yield Message(
        f"{result['copy']}: whole, made at {made_at}, {formatted(articles, EN)} {'article' if articles == 1 else 'articles'}",
        f"{result['copy']}: nguyên vẹn, làm lúc {made_at}, {formatted(articles, VI)} bài viết",
    )
    if "archive" not in result:
        return
    earlier = result["earlier archive"]
    yield Message(f"{result['archive']}: restored", f"{result['archive']}: đã khôi phục") + (
        Message(f"; the earlier archive is {earlier}", f"; kho cũ nằm ở {earlier}") if earlier else EMPTY
    )
    missing = result["capture files missing"]
    assert isinstance(missing, list)
    if missing:
        yield Message(
            f"{len(missing)} files of captures are missing or too short, like {missing[0]}; copy them back, then: scrapy captures verify",
            f"{len(missing)} tệp bản chụp bị thiếu hoặc quá ngắn, ví dụ {missing[0]}; hãy chép lại, rồi chạy: scrapy captures verify",
        )
