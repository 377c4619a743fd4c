"""`scrapy resolve`: resolves the stored citations again after documents were added. It parses no page."""

from __future__ import annotations

import argparse

from scraper.base_command import ArchiveCommand
from scraper.report_language import help_text
from scraper.two_languages import Message


class Command(ArchiveCommand):
    summary = Message(
        "Resolve the stored citations again, after adding documents to the known ones",
        "Xác định lại các viện dẫn đã lưu, sau khi thêm văn bản vào sổ đăng ký",
    )
    example = "scrapy resolve --import vbpl.csv --dry-run"

    def syntax(self) -> str:
        return "[options] [SOURCE ...]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--add",
            metavar="FILE",
            action="append",
            default=[],
            help=help_text(
                "a CSV file of documents (its columns: docs/citations.md); if one line is wrong, nothing is added",
                "tệp CSV ghi các văn bản (các cột: docs/citations.md); nếu một dòng sai thì không thêm gì",
            ),
        )
        parser.add_argument(
            "--import",
            dest="lists",
            metavar="FILE",
            action="append",
            default=[],
            help=help_text(
                "a list of documents by others: CSV, JSON lines or Parquet with columns like so_hieu; bad rows are counted and reported",
                "danh sách văn bản của nơi khác: CSV, JSON lines hoặc Parquet với những cột như so_hieu; dòng hỏng được đếm và báo lại",
            ),
        )
        parser.add_argument(
            "--mapping",
            metavar="FILE",
            help=help_text(
                "a TOML file that maps the columns of the list to ours", "tệp TOML ánh xạ các cột của danh sách vào các cột ở đây"
            ),
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help=help_text("print what --import would change, and change nothing", "in những gì --import sẽ đổi, và không đổi gì"),
        )
        parser.add_argument(
            "--report",
            metavar="FILE",
            help=help_text(
                "file for rejected rows (default: LIST.rejected.csv in the folder of the archive)",
                "tệp ghi các dòng bị loại (mặc định: LIST.rejected.csv trong thư mục của kho)",
            ),
        )
        parser.add_argument("--json", action="store_true", help=help_text("print the counts as JSON", "in các số đếm bằng JSON"))

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from scraper.actions import resolve

        return resolve.execute(self.settings, args, opts)
