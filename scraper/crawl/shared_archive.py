"""archive.db, opened once for all runs of a process.

Several runs of one process share one connection. Each transaction is written without a pause in between, so a run never waits for another
one of its own process. With a connection for each run, a transaction that an error left open would stop all others.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from functools import cached_property

from scrapy.settings import BaseSettings

from scraper.attachments.extractor import Extractor
from scraper.attachments.parts import Options
from scraper.model import Source, UserError
from scraper.paths import project_path, project_paths
from scraper.report_language import say
from scraper.sources import SAMPLE, load
from scraper.store.archive import check_folder, open_archive, undo_in_memory
from scraper.store.documents import ArchiveDocuments
from scraper.store.patient_connection import database_problem
from scraper.store.sample_archive import make_way
from scraper.store.sources import load_sources
from scraper.two_languages import Bilingual, Message, as_message


def all_of_sample(sources: Iterable[Source]) -> bool:
    """Returns whether all of these sources are those of the sample of the project, which has an archive of its own.
    Raises: UserError if some are, and others are not.
    """
    sample = {source.kind == SAMPLE for source in sources}
    if len(sample) > 1:
        raise UserError(
            Message(
                "the sample is invented, so it has an archive of its own; name sources of the sample, or others, not both",
                "bộ mẫu là dữ liệu bịa nên có kho riêng; hãy ghi các nguồn của bộ mẫu, hoặc các nguồn khác, không ghi cả hai",
            )
        )
    return True in sample


class SharedArchive:
    """The archive and the folder of captures that the settings name."""

    def __init__(self, settings: BaseSettings, *, sample: bool = False, report: Callable[[str | Message], object] = say) -> None:
        """`sample`: whether the sample of the project is crawled, and nothing else. If the archive holds only the sample and something
        else is crawled, the file is renamed, which `report` says, and a new archive begins. The archive gets the rows of all sources
        that the project and the user's files name, or only those of the sample.
        Raises: ArchiveError if one of them cannot be used. Then nothing has been written.
        """
        self.path = project_path(settings["ARCHIVE"])
        self.captures = project_path(settings["CAPTURES"])
        check_folder(self.captures)
        self.sample_moved_to = make_way(self.path, sample=sample)  # None if nothing was renamed
        if self.sample_moved_to is not None:
            name, now = self.path.name, self.sample_moved_to.name
            report(
                Bilingual(
                    f"{name} held the invented sample; it is {now} now, and a new {name} begins",
                    f"{name} là kho mẫu (bài viết giả định); nay đổi tên thành {now}, và bắt đầu {name} mới",
                )
            )
        self._extractors: dict[bool, Extractor] = {}
        self.database = open_archive(self.path)
        undo_in_memory(self.database)
        known = load(project_paths(settings.get("SOURCES_EXTRA")), live=False).values()
        load_sources(self.database, [source for source in known if (source.kind == SAMPLE) == sample])

    @cached_property
    def documents(self) -> ArchiveDocuments:
        """The known documents. No run adds any: a run adds only stubs, which are not among them."""
        return ArchiveDocuments(self.database)

    def extractor(self, *, ocr: bool) -> Extractor:
        """Returns what takes the text of files, in a process of its own, one after the other. The process begins with the first file.
        `ocr`: whether scans are recognised (with Tesseract, if it is installed).
        """
        if ocr not in self._extractors:
            self._extractors[ocr] = Extractor(options=Options(ocr=ocr))
        return self._extractors[ocr]

    def check(self) -> None:
        """Raises: ArchiveError if nothing can be written any more, for example because the disk is full."""
        check_folder(self.captures)
        check_folder(self.path.parent)

    def close(self) -> str:
        """Moves what was written into archive.db itself and closes it. Returns what is wrong if that fails, for example on a full disk;
        nothing is lost then. Empty if all is well, or another process is using the archive and will do it.
        """
        problem: str = ""
        for extractor in self._extractors.values():
            extractor.close()
        try:
            self.database.execute("pragma wal_checkpoint(truncate)")
        except sqlite3.Error as error:
            name, why = self.path.name, as_message(database_problem(error))
            problem = Bilingual(
                f"{why.en}. What was stored is in {name}-wal: keep that file beside {name}",
                f"{why.vi}. Dữ liệu đã lưu nằm trong {name}-wal: hãy giữ tệp đó cạnh {name}",
            )
        self.database.close()
        return problem
