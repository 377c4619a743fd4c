"""Reads the files of other tools as responses: ARC, WARC, WACZ, mirrors of HTTrack and wget, saved pages.

`parts` says what is to be read, `Sieve` keeps what belongs to a source, `Readers` does it in several processes. What is kept is parsed by
one path: as a recording that is crawled.
"""

from scraper.imports.found import Skipped
from scraper.imports.owners import Owners
from scraper.imports.parts import Part, parts
from scraper.imports.readers import Readers
from scraper.imports.sieve import Kept, RefusedPage, Sieve, Sifted

__all__ = ["Kept", "Owners", "Part", "Readers", "RefusedPage", "Sieve", "Sifted", "Skipped", "parts"]
