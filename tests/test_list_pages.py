"""List pages that no platform knows, found and followed from a home page. The sites are made by this project and really served."""

from __future__ import annotations

from tests.conftest import Place
from tests.server import Site, article, listing, serving_pages


def crawl(place: Place, site: Site, more: str = "") -> str:
    """Crawls a site of which only the home page is known. `more`: further keys of its source."""
    block = f'[[source]]\nid = "mau"\nname = "Sở Mẫu"\nunit = "nghe-an"\nsite = "{site.url}"\n{more}\n'
    (place.folder / "mau.toml").write_text(block, encoding="utf-8")
    return place.scrapy("crawl", "mau", SOURCES_EXTRA=place.folder / "mau.toml", DOWNLOAD_DELAY=0, DOWNLOAD_DELAY_JITTER=0).stdout


def stored(place: Place, site: Site) -> set[str]:
    """Returns the paths of the articles in the archive."""
    return {str(url).removeprefix(site.url) for (url,) in place.rows("select url from articles")}


def test_a_section_is_followed_whatever_it_is_taken_for(place: Place) -> None:
    """The text of the first section is long enough for an article. The second section is linked only from the breadcrumb of an article."""
    first, second = "/hoat-dong-cua-cac-phong", "/chuyen-doi-so"
    found = [f"/bai/khai-truong-diem-phuc-vu-so-{number}.html" for number in range(7)]
    intro = "<p>Chuyên mục đăng tin về hoạt động của các phòng và đơn vị trực thuộc sở, do văn phòng biên tập hằng tuần.</p>" * 8
    crumbs = f"<div class='duong-dan'><a href='/'>Trang chủ</a> » <a href='{second}'>Chuyển đổi số</a></div>"
    menu = f"<nav><a href='/'>Trang chủ</a><a href='{first}'>Hoạt động của các phòng</a></nav>"
    pages = {
        "/": listing((found[0], "Khai trương điểm phục vụ bưu chính số 0"), foot=menu),
        first: article("Hoạt động của các phòng", intro, foot=f"<p><a href='{found[1]}'>Khai trương điểm phục vụ bưu chính số 1</a></p>"),
        second: listing(*((path, f"Khai trương điểm phục vụ bưu chính {path[-6]}") for path in found[2:])),
        **{path: article(f"Khai trương điểm phục vụ bưu chính số {path[-6]}", foot=crumbs) for path in found},
    }
    with serving_pages(pages) as site:
        crawl(place, site)
        assert set(found) <= stored(place, site)
        assert len(site.paths()) == len(set(site.paths()))
