"""`scrapy attachments ACTION`: fetches the files of articles, and reads files."""

from __future__ import annotations

import argparse

from scraper.base_command import ArchiveCommand
from scraper.report_language import help_text
from scraper.two_languages import Message

_ACTIONS = "list [SOURCE ...] | fetch SOURCE ... | extract [SOURCE ...] | read FILE ..."


class Command(ArchiveCommand):
    summary = Message(
        "Fetch the files of articles and take their text, or print the text of files on disk",
        "Tải tệp của bài viết và lấy chữ trong đó, hoặc in chữ của tệp trên đĩa",
    )
    example = "scrapy attachments fetch mst --dry-run"

    def syntax(self) -> str:
        return f"[options] {_ACTIONS}"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help=help_text(
                "fetch: request nothing; print how many files wait, and how long they take",
                "fetch: không yêu cầu gì; in số tệp đang chờ và thời gian cần",
            ),
        )
        parser.add_argument(
            "--all",
            action="store_true",
            help=help_text(
                "fetch: also files of articles that were old when they were first seen",
                "fetch: cả tệp của những bài đã cũ khi được thấy lần đầu",
            ),
        )
        parser.add_argument(
            "--again",
            action="store_true",
            help=help_text("extract: also files whose text was taken before", "extract: cả tệp đã được lấy chữ trước đó"),
        )
        parser.add_argument(
            "--pages",
            metavar="FIRST-LAST",
            help=help_text(
                "read: only these pages, sheets, or members of a ZIP archive, like 1-3 or 5",
                "read: chỉ những trang, bảng tính, hoặc mục trong tệp ZIP này, ví dụ 1-3 hoặc 5",
            ),
        )
        parser.add_argument(
            "--ocr",
            action="store_true",
            help=help_text(
                "read, extract: recognise the text of scanned pages (needs Tesseract)",
                "read, extract: nhận dạng chữ của trang quét (cần Tesseract)",
            ),
        )
        parser.add_argument(
            "--ocr-doubtful",
            action="store_true",
            help=help_text(
                "read: also of pages whose text is doubtful, such as a bad OCR of the sender",
                "read: cả những trang có chữ đáng ngờ, như bản OCR kém của nơi gửi",
            ),
        )
        parser.add_argument(
            "--libreoffice",
            action="store_true",
            help=help_text(
                "read: old Word files that cannot be read otherwise (needs LibreOffice)",
                "read: tệp Word cũ không đọc được cách khác (cần LibreOffice)",
            ),
        )
        parser.add_argument(
            "--document",
            action="store_true",
            help=help_text(
                "read: the fields of the decision, circular or letter, instead of the text",
                "read: các trường của quyết định, thông tư hay công văn, thay cho chữ",
            ),
        )
        parser.add_argument(
            "--json",
            action="store_true",
            help=help_text("list, read: print one JSON object for each line", "list, read: mỗi dòng một đối tượng JSON"),
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        if args[:1] == ["read"]:
            from scraper.actions import attachments_read

            return attachments_read.execute(args, opts)
        from scraper.actions import attachments

        return attachments.execute(self.settings, args, opts)
