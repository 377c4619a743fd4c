"""`scrapy restore`: checks a copy that `scrapy publish` made, and makes it the archive again."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import closing
from pathlib import Path

from scrapy.settings import Settings
from sqlite_utils import Database

from scraper.base_command import BUSY, FAILED, WELL
from scraper.model import UserError
from scraper.paths import project_path
from scraper.publishing.checks import connect_readonly
from scraper.publishing.restoring import InUse, check, restore
from scraper.store.capture_files import missing_or_short


def execute(settings: Settings, args: list[str], opts: argparse.Namespace) -> int:
    if len(args) != 1:
        raise UserError("name the folder of one copy, like: scrapy restore copies/2026-11-29")
    folder, archive = Path(args[0]).absolute(), project_path(settings["ARCHIVE"])
    checked = check(folder)
    for fault in checked.faults:
        print(f"error: {folder}: {fault}", file=sys.stderr)
    if checked.faults:
        if not opts.check:
            print("nothing was restored", file=sys.stderr)
        return FAILED
    result: dict[str, object] = {"copy": str(folder), "made_at": checked.manifest["made_at"], "rows": checked.manifest["rows"]}
    if not opts.check:
        try:
            kept = restore(checked, archive, force=opts.force)
        except InUse as error:
            print(f"error: {error}", file=sys.stderr)
            return BUSY
        missing = _missing_captures(archive, project_path(settings["CAPTURES"]))
        result |= {"archive": str(archive), "earlier archive": str(kept) if kept else None, "capture files missing": missing}
    print(json.dumps(result, ensure_ascii=False) if opts.json else _summary(result))
    return WELL


def _missing_captures(archive: Path, captures: Path) -> list[str]:
    """Returns the files of captures that the archive names and that are missing or too short."""
    with closing(connect_readonly(archive)) as connection:
        return [fault.file for fault in missing_or_short(Database(connection), captures)]


def _summary(result: dict[str, object]) -> str:
    rows = result["rows"]
    assert isinstance(rows, dict)
    said = f"{result['copy']}: whole, made at {result['made_at']}, {rows['articles']} articles"
    if "archive" not in result:
        return said
    said += f"\n{result['archive']}: restored"
    if result["earlier archive"]:
        said += f"; the earlier archive is {result['earlier archive']}"
    missing = result["capture files missing"]
    assert isinstance(missing, list)
    if missing:
        said += (
            f"\n{len(missing)} files of captures are missing or too short, like {missing[0]}; copy them back, then: scrapy captures verify"
        )
    return said
