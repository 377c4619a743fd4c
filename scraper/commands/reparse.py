"""`scrapy reparse`: parses the kept captures again with the current code. It sends no request."""

from __future__ import annotations

import argparse

from scraper.base_command import ArchiveCommand
from scraper.report_language import help_text
from scraper.two_languages import Message

# A broken layout loses a field on all its pages, an intended correction on a few odd ones: see docs/operations.md.
_ALLOWED = 2.0  # per cent of the values of a field of a source


class Command(ArchiveCommand):
    summary = Message(
        "Parse the stored captures again, without a request to any site, and print what would change; --write stores it",
        "Đọc lại các bản chụp đã lưu, không gửi yêu cầu nào, và in những gì sẽ đổi; --write lưu lại",
    )
    example = "scrapy reparse nghe-an-ict --write"

    def syntax(self) -> str:
        return "[options] [SOURCE ...]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--source",
            action="append",
            default=[],
            metavar="SOURCE",
            help=help_text("the same as SOURCE; may be repeated", "giống như SOURCE; ghi được nhiều lần"),
        )
        parser.add_argument(
            "--since",
            metavar="DAY",
            help=help_text(
                "only captures of this day (in Viet Nam) and later, like 2026-01-31",
                "chỉ bản chụp từ ngày này trở đi (giờ Việt Nam), ví dụ 2026-01-31",
            ),
        )
        parser.add_argument(
            "--layout",
            metavar="NAME",
            help=help_text(
                "only articles of a layout (nukeviet/4-desktop) or of a platform (nukeviet)",
                "chỉ bài của một bố cục (nukeviet/4-desktop) hoặc một nền tảng (nukeviet)",
            ),
        )
        parser.add_argument(
            "--only-failed",
            action="store_true",
            help=help_text("only captures from which no page could be parsed", "chỉ bản chụp mà không đọc được trang nào"),
        )
        parser.add_argument(
            "--write",
            action="store_true",
            help=help_text("store the result; nothing is stored if too much would be lost", "lưu kết quả; không lưu gì nếu mất quá nhiều"),
        )
        parser.add_argument(
            "--allow-loss",
            metavar="SHARE",
            default=f"{_ALLOWED:g}%",
            help=help_text(
                "the largest share of the values of a field of a source that may be lost (default: %(default)s); 100%% stores in any case",
                "tỉ lệ lớn nhất số giá trị của một trường của một nguồn được phép mất (mặc định: %(default)s); 100%% thì luôn lưu",
            ),
        )
        parser.add_argument(
            "--processes",
            type=int,
            metavar="N",
            help=help_text(
                "processes that parse (default: one for each core, if it pays off)",
                "số tiến trình đọc (mặc định: mỗi nhân một tiến trình, nếu đáng)",
            ),
        )
        parser.add_argument(
            "--cluster",
            metavar="ADDRESS",
            help=help_text(
                "parse on the workers of a Dask scheduler: tcp://HOST:8786 (docs/scale.md)",
                "đọc trên các máy của bộ điều phối Dask: tcp://HOST:8786 (docs/scale.md)",
            ),
        )
        parser.add_argument(
            "--restart",
            action="store_true",
            help=help_text("begin again, if an earlier call was interrupted", "làm lại từ đầu, nếu lần gọi trước bị ngắt"),
        )
        parser.add_argument("--json", action="store_true", help=help_text("print the result as JSON", "in kết quả bằng JSON"))

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from scraper.actions import reparse

        return reparse.execute(self.settings, args, opts)
