"""`scrapy attachments ACTION`: fetches the files of articles, and reads files."""

from __future__ import annotations

import argparse

from scraper.base_command import ArchiveCommand

_ACTIONS = "list [SOURCE ...] | fetch SOURCE ... | extract [SOURCE ...] | read FILE ..."


class Command(ArchiveCommand):
    summary = "Fetch the files of articles and take their text, or print the text of files on disk"
    example = "scrapy attachments fetch mst --dry-run"

    def syntax(self) -> str:
        return f"[options] {_ACTIONS}"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--dry-run", action="store_true", help="fetch: request nothing; print how many files wait, and how long they take"
        )
        parser.add_argument("--all", action="store_true", help="fetch: also files of articles that were old when they were first seen")
        parser.add_argument("--again", action="store_true", help="extract: also files whose text was taken before")
        parser.add_argument(
            "--pages", metavar="FIRST-LAST", help="read: only these pages, sheets, or members of a ZIP archive, like 1-3 or 5"
        )
        parser.add_argument("--ocr", action="store_true", help="read, extract: recognise the text of scanned pages (needs Tesseract)")
        parser.add_argument(
            "--ocr-doubtful", action="store_true", help="read: also of pages whose text is doubtful, such as a bad OCR of the sender"
        )
        parser.add_argument(
            "--libreoffice", action="store_true", help="read: old Word files that cannot be read otherwise (needs LibreOffice)"
        )
        parser.add_argument(
            "--document", action="store_true", help="read: the fields of the decision, circular or letter, instead of the text"
        )
        parser.add_argument("--json", action="store_true", help="list, read: print one JSON object for each line")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        if args[:1] == ["read"]:
            from scraper.actions import attachments_read

            return attachments_read.execute(args, opts)
        from scraper.actions import attachments

        return attachments.execute(self.settings, args, opts)
