"""Folders of HTTrack and wget: the cache of HTTrack, and the saved pages that are not in it."""

from __future__ import annotations

from pathlib import Path

from scraper.imports.found import Found, Skipped
from scraper.imports.httrack_cache import cached_pages
from scraper.imports.parts import HTTRACK_CACHE, is_archive, is_hidden
from scraper.imports.saved_pages import saved_pages
from scraper.warc.fast_scan import url_of
from scraper.warc.versions import url_key

_HTTRACK_FILES = frozenset({"index.html", "hts-log.txt", "hts-in_progress.lock", "backblue.gif", "fade.gif", "cookies.txt"})


def mirrored(folder: Path, limit: int) -> Found:
    """Yields the pages in a folder that are in no archive file as WARC records. `limit`: the largest page, in bytes."""
    files = [file for file in sorted(folder.rglob("*")) if file.is_file() and not file.is_symlink() and not is_hidden(folder, file)]
    files = [file for file in files if not is_archive(file)]
    known: set[str] = set()
    for cache in (file for file in files if file.parts[-2:] == HTTRACK_CACHE.parts):
        for found in cached_pages(cache, limit):
            if not isinstance(found, Skipped):
                known.add(url_key(url_of(found)))
            yield found
    yield from saved_pages(folder, [file for file in files if not _is_of_httrack(file)], limit, known=known)


def _is_of_httrack(file: Path) -> bool:
    """Returns whether HTTrack made a file for itself: its cache, its log, and its list of mirrors with two pictures."""
    of_mirror = file.name in _HTTRACK_FILES and (file.parent / HTTRACK_CACHE.parent).is_dir()
    return of_mirror or file.parent.name == HTTRACK_CACHE.parent.name
