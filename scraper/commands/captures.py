"""`scrapy captures ACTION`: checks, imports, exports and lists the captures."""

from __future__ import annotations

import argparse
from datetime import date

from scraper.base_command import ArchiveCommand
from scraper.report_language import help_text
from scraper.two_languages import Message

_ACTIONS = "verify | import FILE ... | export --wacz FILE --source ID | digests"


class Command(ArchiveCommand):
    summary = Message(
        "Import, check, export or list the captures: the WARC files and their rows",
        "Nhập, kiểm tra, xuất hoặc liệt kê bản chụp: các tệp WARC và dòng của chúng",
    )
    example = "scrapy captures import old-site.warc.gz mirror/"

    def syntax(self) -> str:
        return f"[options] {_ACTIONS}"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--source", metavar="ID", help=help_text("import, export, verify: only this source", "import, export, verify: chỉ nguồn này")
        )
        parser.add_argument("--wacz", metavar="FILE", help=help_text("export: the WACZ package to write", "export: gói WACZ cần ghi"))
        parser.add_argument(
            "--from",
            dest="since",
            metavar="DAY",
            type=_day,
            help=help_text("export: captures of this day and later (UTC)", "export: bản chụp từ ngày này trở đi (UTC)"),
        )
        parser.add_argument(
            "--to",
            dest="until",
            metavar="DAY",
            type=_day,
            help=help_text("export: up to this day (UTC)", "export: đến ngày này (UTC)"),
        )
        parser.add_argument("--json", action="store_true", help=help_text("print the result as JSON", "in kết quả bằng JSON"))

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from scraper.actions import captures

        return captures.execute(self.settings, args, opts)


def _day(written: str) -> date:
    """Returns a day of --from or --to.
    Raises: ArgumentTypeError if it is not one; then argparse ends the program with exit code 2.
    """
    try:
        return date.fromisoformat(written)
    except ValueError:
        wrong = help_text(f"{written}: is not a day; write it like 2026-01-31", f"{written}: không phải là ngày; hãy viết như 2026-01-31")
        raise argparse.ArgumentTypeError(wrong) from None
