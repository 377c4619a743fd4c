"""archive.db, opened once for all runs of a process.

Several runs of one process share one connection. Each transaction is written without a pause in between, so a run never waits for another
one of its own process. With a connection for each run, a transaction that an error left open would stop all others.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from functools import cached_property

from scrapy.settings import BaseSettings

from scraper.paths import project_path
from scraper.store.archive import check_folder, open_archive
from scraper.store.documents import ArchiveDocuments


class SharedArchive:
    """The archive and the folder of captures that the settings name."""

    def __init__(self, settings: BaseSettings) -> None:
        """Raises: ArchiveError if one of them cannot be used. Then nothing has been written."""
        self.path = project_path(settings["ARCHIVE"])
        self.captures = project_path(settings["CAPTURES"])
        check_folder(self.captures)
        self.database = open_archive(self.path)

    @cached_property
    def documents(self) -> ArchiveDocuments:
        """The known documents. No run adds any: a run adds only stubs, which are not among them."""
        return ArchiveDocuments(self.database)

    def check(self) -> None:
        """Raises: ArchiveError if nothing can be written any more, for example because the disk is full."""
        check_folder(self.captures)
        check_folder(self.path.parent)

    def close(self) -> None:
        """Moves what was written into archive.db itself and closes it."""
        with suppress(sqlite3.Error):  # for example because the disk is full; SQLite finds the data in the -wal file again
            self.database.execute("pragma wal_checkpoint(truncate)")
        self.database.close()
