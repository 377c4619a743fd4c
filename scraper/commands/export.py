"""`scrapy export`: writes a table, a named query or SQL into a file, without a server."""

from __future__ import annotations

import argparse

from scraper.base_command import ArchiveCommand
from scraper.report_language import help_text
from scraper.two_languages import Message


class Command(ArchiveCommand):
    summary = Message(
        "Write all rows of a table, of a named query or of SQL into a CSV, Excel, JSON lines or Parquet file, with a manifest",
        "Ghi mọi dòng của một bảng, một câu hỏi có sẵn hoặc một lệnh SQL vào tệp CSV, Excel, JSON lines hoặc Parquet, kèm bản kê",
    )
    example = "scrapy export articles --filters 'source_id=mic' --format xlsx"

    def syntax(self) -> str:
        return "[options] [TABLE]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--query", metavar="NAME", help=help_text("a named query instead of a table", "một câu hỏi có sẵn thay cho bảng")
        )
        parser.add_argument(
            "--sql", metavar="SQL", help=help_text("a select statement instead of a table", "một lệnh select thay cho bảng")
        )
        parser.add_argument(
            "-p",
            dest="parameters",
            metavar="NAME=VALUE",
            action="append",
            default=[],
            help=help_text("a parameter of the query", "một tham số của câu hỏi"),
        )
        parser.add_argument(
            "--filters",
            metavar="TEXT",
            default="",
            help=help_text(
                "filters of the table's page: the part of its URL after the question mark",
                "bộ lọc của trang một bảng: phần sau dấu hỏi trong URL của trang",
            ),
        )
        parser.add_argument(
            "--format",
            metavar="FORMAT",
            help=help_text(
                "csv, xlsx, jsonl or parquet; default: the ending of --out, or csv",
                "csv, xlsx, jsonl hoặc parquet; mặc định: theo đuôi của --out, hoặc csv",
            ),
        )
        parser.add_argument(
            "--out",
            metavar="FILE",
            help=help_text(
                "the file; default: the name of the table or query, in this folder",
                "tên tệp; mặc định: tên của bảng hoặc câu hỏi, trong thư mục này",
            ),
        )
        parser.add_argument(
            "--plain",
            action="store_true",
            help=help_text("CSV without a byte order mark, and with formulas as they are", "CSV không có dấu BOM, công thức để nguyên"),
        )
        parser.add_argument(
            "--language",
            choices=("vi", "en"),
            default="vi",
            help=help_text("the language of names in named queries", "ngôn ngữ của tên gọi trong câu hỏi có sẵn"),
        )
        parser.add_argument("--json", action="store_true", help=help_text("print the manifest", "in bản kê"))

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from scraper.actions import export

        return export.execute(self.settings, args, opts)
