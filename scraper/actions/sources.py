"""`scrapy sources remove ID`: removes sources from the archive, after showing what that means."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from scrapy.settings import Settings
from sqlite_utils import Database

from scraper import report_language
from scraper.base_command import BUSY, FAILED, WELL, print_failure
from scraper.crawl.source_lock import SourceLocked, lock_source
from scraper.model import UserError
from scraper.paths import project_path, project_paths
from scraper.sources import SAMPLE, load
from scraper.store import notices, removal
from scraper.store.archive import open_archive
from scraper.suggestions import suggestion
from scraper.two_languages import EMPTY, Message, message_of, same

_STAYS = Message("; it stays in the list of known sources", "; nguồn vẫn ở trong danh sách nguồn đã biết")
_TABLES = {
    "articles": "bài viết",
    "citations": "viện dẫn",
    "captures": "bản chụp",
    "failures": "lỗi",
    "runs": "lượt chạy",
}


def execute(settings: Settings, args: list[str], opts: argparse.Namespace) -> int:
    if len(args) < 2 or args[0] != "remove":
        raise UserError(
            Message(
                "give the sources to remove, like: scrapy sources remove sample-mic (`scrapy list` shows what can be crawled)",
                "hãy ghi các nguồn cần bỏ, ví dụ: scrapy sources remove sample-mic (`scrapy list` liệt kê những nguồn thu thập được)",
            )
        )
    database = open_archive(project_path(settings["ARCHIVE"]), create=False)
    captures = project_path(settings["CAPTURES"])
    names = list(dict.fromkeys(args[1:]))
    kept = _kept(settings, database)
    stored = {row[0] for row in database.execute("select id from sources")}
    crawled = [row[0] for row in database.execute("select distinct source_id from runs where source_id is not null order by 1")]
    for name in names:
        if name not in crawled and (name in kept or name not in stored):
            database.close()
            none = Message("no source that was crawled", "không nguồn nào đã thu thập")
            held = Message("; it holds ", "; kho có ") + (same(", ".join(crawled)) if crawled else none)
            what = Message(
                f"{name}: was never crawled into this archive, so there is nothing to remove",
                f"{name}: chưa từng được thu thập vào kho này nên không có gì để bỏ",
            )
            if name not in stored:
                what = Message(f"{name}: no such source", f"{name}: không có nguồn này")
            raise UserError(what + (suggestion(name, crawled) or held))
    try:
        for name in names:
            print(report_language.report([_summary(name, removal.counts(database, name), captures / name)]))
        if not opts.yes and not _confirmed(len(names)):
            print(report_language.report([Message("nothing was removed", "không xóa gì")]))
            return FAILED
        for name in names:
            with lock_source(captures, name):
                removal.remove(database, name, keep_row=name in kept)
            stays = _STAYS if name in kept else EMPTY
            print(report_language.report([Message(f"{name}: removed", f"{name}: đã xóa") + stays]))
    except SourceLocked as error:
        print_failure(message_of(error))
        return BUSY
    finally:
        database.execute("pragma wal_checkpoint(truncate)")
        database.close()
    return WELL


def _kept(settings: Settings, database: Database) -> set[str]:
    """Returns the sources whose rows stay: those that the next run would add again. See SharedArchive."""
    sample = notices.holds_only_the_sample(database.conn)
    known = load(project_paths(settings.get("SOURCES_EXTRA")), live=False).values()
    return {source.id for source in known if (source.kind == SAMPLE) == sample}


def _summary(name: str, counts: Mapping[str, int], folder: Path) -> Message:
    rows = ", ".join(f"{number} {table if number != 1 else table.removesuffix('s')}" for table, number in counts.items())
    in_vietnamese = ", ".join(f"{number} {_TABLES.get(table, table)}" for table, number in counts.items())
    files = sorted(folder.glob("*.warc.gz"))
    size = sum(file.stat().st_size for file in files) / 1e6
    command = f"scrapy crawl {name} -s REPLAY={folder}"
    stay = Message(
        f"\n  {len(files)} WARC files ({size:.1f} MB) stay in {folder}; {command} brings the source back. Delete the folder yourself if you"
        " do not want it",
        f"\n  {len(files)} tệp WARC ({size:.1f} MB) vẫn ở trong {folder}; {command} khôi phục nguồn. Nếu không cần, hãy tự xóa thư mục",
    )
    said = Message(
        f"{name}: {rows} will be removed, with all that was read from them; documents that nothing else cites go, too",
        f"{name}: sẽ xóa {in_vietnamese}, cùng mọi thứ đọc được từ đó; văn bản mà không nguồn nào khác viện dẫn cũng bị xóa",
    )
    return said + stay if files else said


def _confirmed(number: int) -> bool:
    """Returns whether a person at a terminal agrees.

    Raises:
        UserError: if there is no terminal.
    """
    if not sys.stdin.isatty():
        raise UserError(
            Message(
                "nothing was removed; add --yes to remove without a question",
                "không xóa gì; thêm --yes để xóa mà không hỏi",
            )
        )
    question = Message(
        f"Remove {'this source' if number == 1 else f'these {number} sources'} from the archive? [y/N] ",
        f"Xóa {'nguồn này' if number == 1 else f'{number} nguồn này'} khỏi kho? [y/N] ",
    )
    return input(" / ".join(report_language.lines(question))).strip().lower() in ("y", "yes", "c", "có")
