"""Which files of captures are missing or too short, and their digests."""

from __future__ import annotations

import hashlib

from scraper.store.archive import open_archive
from scraper.store.capture_files import digests, missing_or_short
from tests.conftest import Place


def test_missing_and_short_files_are_found_by_their_sizes(place: Place) -> None:
    place.scrapy("crawl", "sample-mst")
    [path] = place.captures.rglob("*.warc.gz")
    file, whole = path.relative_to(place.captures).as_posix(), path.read_bytes()
    assert [(one.file, one.size, one.sha256) for one in digests(place.captures)] == [(file, len(whole), hashlib.sha256(whole).hexdigest())]
    database = open_archive(place.archive, create=False)
    assert missing_or_short(database, place.captures) == []
    [(needed, rows)] = place.rows("select max(warc_offset + warc_length), count(*) from captures")
    [(begin,)] = place.rows("select warc_offset from captures order by warc_offset desc limit 1")
    path.write_bytes(whole[: begin + 10])
    [short] = missing_or_short(database, place.captures, "sample-mst")
    assert (short.file, short.code, short.needed, short.size, short.captures) == (file, "short", needed, begin + 10, 1)
    path.unlink()
    [missing] = missing_or_short(database, place.captures)
    assert (missing.code, missing.size, missing.captures) == ("missing", 0, rows)
    assert missing_or_short(database, place.captures, "sample-mic") == []
    database.close()
