"""Turns files of any kind into recordings: what is one already stays as it is, everything else is written into a WARC file."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from scraper.imports.archive_files import ARC_SUFFIXES, is_arc, is_warc, records_of
from scraper.imports.found import Found, Skipped
from scraper.imports.httrack_cache import cached_pages
from scraper.imports.saved_pages import saved_pages
from scraper.warc.packages import CANNOT_UNPACK, PACKAGE_SUFFIX, warc_entries
from scraper.warc.recording import url_key
from scraper.warc.records import SUFFIXES, WarcError, pieces

_HTTRACK = Path("hts-cache/new.zip")
_HTTRACK_FILES = frozenset({"index.html", "hts-log.txt", "hts-in_progress.lock", "backblue.gif", "fade.gif", "cookies.txt"})
_MOST_EXPANDED = 100  # times the packed size; WARC files are packed already, and a plain one shrinks to a tenth
_SMALL = 1024 * 1024  # bytes; a small file may expand more
_QUICK = 1  # level of compression of a file that is only read once


@dataclass(slots=True)
class Gathered:
    """The recordings to crawl, and what cannot be imported."""

    recordings: list[Path] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def gather(paths: Iterable[Path], folder: Path, limit: int, progress: Callable[[int], object] = lambda size: None) -> Gathered:
    """Returns recordings of everything that is in the files and folders `paths`.

    `folder`: where a WARC file is written, if one is needed. `limit`: the largest record or page, in bytes. `progress` is called with the
    number of bytes read.
    """
    gathered = Gathered()
    made = folder / "imported.warc.gz"
    with made.open("wb") as out:
        for path in paths:
            for found in _Input(path, limit, gathered, folder, progress).found():
                if isinstance(found, Skipped):
                    gathered.skipped.append(found)
                else:
                    out.write(gzip.compress(found, _QUICK, mtime=0))
    if made.stat().st_size:
        gathered.recordings.append(made)
    return gathered


@dataclass(slots=True)
class _Input:
    """One file or folder that a person gave."""

    path: Path
    limit: int
    gathered: Gathered
    folder: Path
    progress: Callable[[int], object]

    def found(self) -> Found:
        if not self.path.exists():
            yield Skipped(str(self.path), "missing")
        elif self.path.is_dir():
            yield from self._folder()
        else:
            yield from self._file(self.path, self.path.parent)

    def _folder(self) -> Found:
        """Yields what is in a folder: archive files, the cache of HTTrack, and saved pages that are not in it."""
        files = [file for file in sorted(self.path.rglob("*")) if file.is_file() and not file.is_symlink() and not self._is_hidden(file)]
        archives = {file for file in files if _is_archive(file)}
        caches = [file for file in files if file.parts[-2:] == _HTTRACK.parts]
        if not files:
            yield Skipped(str(self.path), "empty")
        known: set[str] = set()
        for file in (*sorted(archives), *caches):
            for found in self._file(file, self.path):
                if file in caches and not isinstance(found, Skipped):
                    known.add(url_key(_url_of(found)))
                yield found
        pages = [file for file in files if file not in archives and not _is_of_httrack(file)]
        yield from self._counted(saved_pages(self.path, pages, self.limit, known=known))

    def _is_hidden(self, file: Path) -> bool:
        """Returns whether a file is hidden, as the locks in our own folder of captures are."""
        return any(part.startswith(".") for part in file.relative_to(self.path).parts)

    def _file(self, file: Path, root: Path) -> Found:
        self.progress(file.stat().st_size)
        if (file.name == _HTTRACK.name and file.suffix == ".zip") or _is_httrack_cache(file):
            yield from cached_pages(file, self.limit)
        elif file.name.endswith(PACKAGE_SUFFIX):
            yield from self._package(file)
        elif file.name.endswith(ARC_SUFFIXES) or is_arc(file):
            yield from records_of(file, self.limit)
        elif file.name.endswith(SUFFIXES) or is_warc(file):
            yield from self._warc(file)
        else:
            yield from saved_pages(root, [file], self.limit)

    def _package(self, file: Path) -> Found:
        """Yields what is damaged in a WACZ package. Its WARC files are unpacked."""
        try:
            with zipfile.ZipFile(file) as package:
                entries = warc_entries(package)
                for entry in entries:
                    if entry.file_size > _MOST_EXPANDED * max(entry.compress_size, _SMALL):
                        yield Skipped(f"{file.name}#{entry.filename}", "too-large", f"{entry.file_size} bytes from {entry.compress_size}")
                        continue
                    target = self.folder / f"{len(self.gathered.recordings)}" / file.name
                    yield from self._warc(Path(package.extract(entry, target)))
                if not entries:
                    yield Skipped(file.name, "no-response", "the package has no WARC file in archive/")
        except CANNOT_UNPACK as error:
            yield Skipped(file.name, "damaged", f"{error}")

    def _warc(self, file: Path) -> Found:
        """Adds a WARC file to the recordings if it is whole. Otherwise yields what is whole in it."""
        try:
            if file.stat().st_size == 0:
                raise WarcError("empty")
            for _ in pieces(file, 0, self.limit):
                pass
        except WarcError:
            yield from records_of(file, self.limit)
        else:
            self.gathered.recordings.append(file)

    def _counted(self, found: Found) -> Found:
        for one in found:
            self.progress(0 if isinstance(one, Skipped) else len(one))
            yield one


def _is_archive(file: Path) -> bool:
    return file.name.endswith((*SUFFIXES, *ARC_SUFFIXES, PACKAGE_SUFFIX))


def _is_of_httrack(file: Path) -> bool:
    """Returns whether HTTrack made a file for itself: its cache, its log, and its list of mirrors with two pictures."""
    of_mirror = file.name in _HTTRACK_FILES and (file.parent / _HTTRACK.parent).is_dir()
    return of_mirror or file.parent.name == _HTTRACK.parent.name


def _is_httrack_cache(file: Path) -> bool:
    if file.suffix != ".zip":
        return False
    try:
        with zipfile.ZipFile(file) as package:
            return any(name.startswith(("http://", "https://")) for name in package.namelist()[:10])
    except CANNOT_UNPACK:
        return False


def _url_of(record: bytes) -> str:
    """Returns the URL of an unpacked WARC record."""
    _, _, rest = record.partition(b"WARC-Target-URI: ")
    return rest.partition(b"\r\n")[0].decode("utf-8", "replace")
