"""A NukeViet site with several modules, served by a real server and crawled from its home page. The site is made by this project."""

from __future__ import annotations

import pytest

from tests.conftest import Place
from tests.server import serving_pages

HEAD = '<meta name="generator" content="NukeViet v4.5"><script>var nv_base_siteurl="/";</script>'
MENU = (
    '<nav><ul><li><a href="/">Trang nhất</a></li><li><a href="/tin-hoat-dong/">Tin hoạt động</a></li>'
    '<li><a href="/thong-bao/lich-tiep-dan/">Lịch tiếp dân</a></li><li><a href="/van-ban/">Văn bản</a></li></ul></nav>'
)
# Each module counts its own articles, so two have the same number.
ARTICLES = {
    "/tin-hoat-dong/xa-na-mau-ra-quan-lam-duong-noi-dong-31.html": "Xã Nà Mẫu ra quân làm đường nội đồng",
    "/tin-hoat-dong/tang-xe-dap-cho-hoc-sinh-ban-huoi-cay-30.html": "Tặng xe đạp cho học sinh bản Huổi Cáy",
    "/thong-bao/lich-tiep-dan/lich-tiep-dan-thang-chin-cua-chu-tich-huyen-31.html": "Lịch tiếp dân tháng chín của Chủ tịch huyện",
    "/thong-bao/lich-tiep-dan/doi-lich-tiep-dan-tuan-dau-thang-tam-30.html": "Đổi lịch tiếp dân tuần đầu tháng tám",
}
DOCUMENTS = [f"/van-ban/detail/Quyet-dinh-so-{number}-QD-UBND-ve-giao-chi-tieu-trong-rung-{number}/" for number in (41, 42)]


def _page(title: str, content: str) -> str:
    return (
        f"<!doctype html><html lang='vi'><head><meta charset='utf-8'><title>{title}</title>{HEAD}</head><body>{MENU}{content}</body></html>"
    )


def _article(title: str) -> str:
    return _page(
        title,
        f'<div class="news_column"><h1 itemprop="headline">{title}</h1><span class="h5">Thứ năm - 05/09/2019 08:15</span>'
        f'<div class="hometext">Huyện Suối Mẫu.</div><div id="news-bodyhtml" class="bodytext"><p>{title} là việc của tuần này.</p>'
        "<p>Các phòng, ban của huyện phối hợp với các xã để hoàn thành trước ngày cuối tháng.</p></div></div>",
    )


def _list(title: str, *urls: str) -> str:
    items = "".join(f'<div class="panel-body"><h3><a href="{url}">{ARTICLES[url]}</a></h3></div>' for url in urls)
    return _page(title, f'<div class="news_column">{items}</div>')


def _pages() -> dict[str, str]:
    urls = list(ARTICLES)
    rows = "".join(
        f'<tr><td>{url[-3:-1]}/QĐ-UBND</td><td><a href="{url}">Quyết định về giao chỉ tiêu trồng rừng cho các xã</a></td></tr>'
        for url in DOCUMENTS
    )
    return {
        "/": _list("Trang nhất", urls[0]),
        "/tin-hoat-dong/": _list("Tin hoạt động", *urls[:2]),
        "/thong-bao/lich-tiep-dan/": _list("Lịch tiếp dân", *urls[2:]),
        "/van-ban/": _page("Văn bản", f"<table>{rows}</table>"),
        **{
            url: _page("Quyết định", f"<h3 class='lawh3'>{url[-3:-1]}/QĐ-UBND</h3><table><tr><td>Ngày ban hành</td></tr></table>")
            for url in DOCUMENTS
        },
        **{url: _article(title) for url, title in ARTICLES.items()},
    }


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, list[str]]:
    """The site after a crawl, and the paths that were requested."""
    place = Place(tmp_path_factory.mktemp("nukeviet"))
    with serving_pages(_pages()) as site:
        place.scrapy("crawl", "mau", SOURCES_EXTRA=place.source("mau", site.url), DOWNLOAD_DELAY=0, DOWNLOAD_DELAY_JITTER=0)
        return place, site.paths()


def test_articles_of_two_modules_with_the_same_number_are_two_articles(crawled: tuple[Place, list[str]]) -> None:
    place, _ = crawled
    found = place.rows("select key, title from articles order by key")
    assert dict(found) == dict(zip(("31", "30", "thong-bao/31", "thong-bao/30"), ARTICLES.values(), strict=True))


def test_pages_of_documents_are_not_requested(crawled: tuple[Place, list[str]]) -> None:
    place, paths = crawled
    assert not set(DOCUMENTS) & set(paths) and "/van-ban/" in paths
    assert place.rows("select reason from failures where reason = 'no-layout'") == []
