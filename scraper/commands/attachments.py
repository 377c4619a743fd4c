"""`scrapy attachments ACTION`: the text of attached files."""

from __future__ import annotations

import argparse

from scraper.base_command import ArchiveCommand

_ACTIONS = "read FILE ..."


class Command(ArchiveCommand):
    summary = "Print the text of files: PDF, Word, Excel, OpenDocument, RTF, and ZIP archives of these"
    example = "scrapy attachments read decision.pdf --pages 1-3"

    def syntax(self) -> str:
        return f"[options] {_ACTIONS}"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--pages", metavar="FIRST-LAST", help="read: only these pages, sheets, or members of a ZIP archive, like 1-3 or 5"
        )
        parser.add_argument("--ocr", action="store_true", help="read: recognise the text of scanned pages (needs Tesseract)")
        parser.add_argument(
            "--ocr-doubtful", action="store_true", help="read: also of pages whose text is doubtful, such as a bad OCR of the sender"
        )
        parser.add_argument(
            "--libreoffice", action="store_true", help="read: old Word files that cannot be read otherwise (needs LibreOffice)"
        )
        parser.add_argument(
            "--document", action="store_true", help="read: the fields of the decision, circular or letter, instead of the text"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object for each file and line")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from scraper.actions import attachments_read

        return attachments_read.execute(args, opts)
