"""Reads the files of other tools as responses: ARC, WARC, WACZ, mirrors of HTTrack and wget, saved pages.

`gather` writes what is not a recording yet into a WARC file, so that all of them are parsed by one path: as a recording that is crawled.
"""

from scraper.imports.found import Skipped
from scraper.imports.gathering import Gathered, gather

__all__ = ["Gathered", "Skipped", "gather"]
