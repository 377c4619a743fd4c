"""What a person gave, cut into parts that processes read side by side: files, and stretches of a large WARC file."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from scraper.imports.archive_files import ARC_SUFFIXES, is_arc, is_warc
from scraper.imports.found import Skipped, is_html
from scraper.warc.archived_files import ArchivedFile, archived_files
from scraper.warc.fast_scan import Span
from scraper.warc.packages import CANNOT_UNPACK, PACKAGE_SUFFIX
from scraper.warc.records import SUFFIXES, WarcError

WARC, PACKED_WHOLE, ARC, CACHE, PAGES = "warc", "packed-whole", "arc", "cache", "pages"
HTTRACK_CACHE = Path("hts-cache/new.zip")
_PIECE = 64 * 1024  # bytes
_LONGEST_FIRST = 16 * 1024 * 1024  # bytes of the first record of a file; it describes the file


@dataclass(frozen=True, slots=True)
class Part:
    """What one process reads at a time. `name`: the file as the origin of a capture names it. `span`: of a WARC file.

    `root`: of saved pages, the folder that was given. `base`: where the WARC file begins in its package.
    """

    kind: str
    path: Path
    name: str
    root: Path
    span: Span | None = None
    base: int = 0

    @property
    def begin(self) -> int:
        """The first byte of its stretch of a file."""
        return self.span.begin if self.span is not None else 0

    @property
    def key(self) -> str:
        """What identifies the part in an import. It is the same when the same files are given again."""
        return f"{self.kind} {self.path} {self.base} {self.name} {self.begin} {self.span.end if self.span else 0}"

    @property
    def size(self) -> int:
        """The number of bytes that are read, for the progress bar."""
        if self.span is not None:
            return max(self.span.end - self.span.begin, 0)
        files = self.path.rglob("*") if self.path.is_dir() else [self.path]
        return sum(file.stat().st_size for file in files if file.is_file())


def parts(paths: Iterable[Path], folder: Path, size: int) -> Iterator[Part | Skipped]:
    """Yields the parts of files and folders, those of one file in order. Only the beginnings of files are read.

    `folder`: where a file is unpacked that a package holds packed. `size`: of a stretch of a WARC file, in bytes.
    """
    for path in paths:
        if not path.is_dir():
            yield from _of_file(path, path.parent, folder, size)
            continue
        files = [file for file in sorted(path.rglob("*")) if file.is_file() and not file.is_symlink() and not is_hidden(path, file)]
        if not files:
            yield Skipped(str(path), "empty")
        archives = [file for file in files if is_archive(file)]
        for file in archives:
            yield from _of_file(file, path, folder, size)
        if len(archives) < len(files):
            yield Part(PAGES, path, path.name, path)


def is_archive(file: Path) -> bool:
    """Returns whether a file is an archive of pages, by its name."""
    return file.name.endswith((*SUFFIXES, *ARC_SUFFIXES, PACKAGE_SUFFIX))


def is_hidden(root: Path, file: Path) -> bool:
    """Returns whether a file below a folder is hidden, as the locks in our own folder of captures are."""
    return any(part.startswith(".") for part in file.relative_to(root).parts)


def _of_file(file: Path, root: Path, folder: Path, size: int) -> Iterator[Part | Skipped]:
    if file.stat().st_size == 0:
        yield Skipped(file.name, "empty")
    elif file.name == HTTRACK_CACHE.name or _is_httrack_cache(file):
        yield Part(CACHE, file, f"{file.parent.name}/{file.name}", root)
    elif file.name.endswith(ARC_SUFFIXES) or is_arc(file):
        yield Part(ARC, file, file.name, root)
    elif file.name.endswith((*SUFFIXES, PACKAGE_SUFFIX)) or is_warc(file):
        try:
            for one in archived_files(file, folder):
                yield from _of_warc(one, root, size)
        except WarcError as error:
            yield Skipped(file.name, "damaged", f"{error}")
    elif is_html(_beginning(file)):
        yield Part(PAGES, file, file.name, root)
    else:
        yield Skipped(file.name, "not-a-page")


def _of_warc(file: ArchivedFile, root: Path, size: int) -> Iterator[Part | Skipped]:
    """Yields the stretches of a WARC file. One that is packed as a whole can only be unpacked from its beginning, so it has one part."""
    span = file.span
    if span.stop == span.begin:
        yield Skipped(file.name, "empty")
        return
    if span.is_packed and is_packed_whole(span):
        yield Part(PACKED_WHOLE, span.file, file.name, root, span, span.begin)
        return
    begins = range(span.begin, span.stop, size)
    for begin in begins:
        stretch = replace(span, begin=begin, end=min(begin + size, span.stop), is_exact=begin == span.begin)
        yield Part(WARC, span.file, file.name, root, stretch, span.begin)


def is_packed_whole(span: Span) -> bool:
    """Returns whether the first gzip member of a file holds more than its first record."""
    unpacker, data, length = zlib.decompressobj(16 + zlib.MAX_WBITS), b"", None
    with span.file.open("rb") as file:
        file.seek(span.begin)
        try:
            while not unpacker.eof and len(data) < _LONGEST_FIRST and (length is None or len(data) <= length):
                packed = unpacker.unconsumed_tail or file.read(_PIECE)
                if not packed:
                    break
                data += unpacker.decompress(packed, _PIECE)
                head, end, _ = data.partition(b"\r\n\r\n")
                stated = re.search(rb"(?im)^content-length:\s*(\d{1,15})\s*$", head) if end else None
                length = len(head) + 8 + int(stated[1]) if stated is not None else length
        except zlib.error:
            return False
    return length is not None and bool(data[length - 4 :].strip())


def _beginning(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(_PIECE)


def _is_httrack_cache(file: Path) -> bool:
    if file.suffix != ".zip":
        return False
    try:
        with zipfile.ZipFile(file) as package:
            return any(name.startswith(("http://", "https://")) for name in package.namelist()[:10])
    except CANNOT_UNPACK:
        return False
