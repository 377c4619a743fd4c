"""Archives whose sources were crawled in another order have the same rows."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Place
from tests.same_rows import differences, rows_of
from tests.server import article, listing, serving_pages

TITLE = "Triển khai kế hoạch cải cách hành chính của tỉnh trong quý này"
PATH = "/tin-tuc/trien-khai-ke-hoach-cai-cach-hanh-chinh-1.html"
PAGES = {"/": listing((PATH, TITLE)), PATH: article(TITLE)}


def test_two_sources_in_both_orders(tmp_path: Path) -> None:
    """Both publish one text, so their articles are a pair."""
    with serving_pages(PAGES) as one, serving_pages(PAGES) as other:
        sites = {"so-a": one.url, "so-b": other.url}
        rows = []
        for order in (("so-a", "so-b"), ("so-b", "so-a")):
            place = Place(tmp_path / "-".join(order))
            place.folder.mkdir()
            extra = ",".join(str(place.source(name, site, name)) for name, site in sites.items())
            for name in order:
                place.scrapy("crawl", name, SOURCES_EXTRA=extra, DOWNLOAD_DELAY=0)
            rows.append(rows_of(place.archive))
    assert [likeness for *_, likeness in rows[0]["near_duplicates"]] == [1.0]
    assert differences(*rows) == ""
