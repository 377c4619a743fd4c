"""A section that was stored as an article is corrected when other articles show that it is a list page. The site is made up."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Place
from tests.server import Site, article, listing, serving_pages

ITEMS = {
    "ban-hanh-quy-che": ("Ban hành quy chế quản lý đầu tư công của tỉnh", "Theo Quyết định số 12/2012/QĐ-UBND, các dự án nhóm C"),
    "ho-tro-doanh-nghiep": ("Hỗ trợ doanh nghiệp nhỏ đổi mới công nghệ", "Nghị định số 35/2011/NĐ-CP cho phép doanh nghiệp nhỏ của tỉnh"),
    "tap-huan-ke-toan": ("Tập huấn kế toán cho hợp tác xã nông nghiệp", "Thông tư số 24/2010/TT-BTC hướng dẫn hợp tác xã ghi sổ"),
}
MORE = "được bố trí vốn theo kế hoạch năm, do các sở và huyện đề nghị trước ngày cuối cùng của quý ba, và phải công khai tại trụ sở xã."
STORY = "Sáng 12/5, phòng chuyên môn của sở cho biết việc này đã xong ở chín huyện, còn hai huyện làm đến tháng sau, theo lịch của sở."
SECTION, DIGEST = "/hoat-dong-cua-so", "/bai/tin-van-trong-tuan.html"


def _pages(edited: str = "") -> dict[str, str]:
    """Returns the pages of a site: a home page, a section that shows three articles, a digest of three stories, and the three articles.
    `edited`: the text that replaces what the articles said first."""
    menu = f"<nav><a href='/'>Trang chủ</a><a href='{SECTION}'>Hoạt động của sở</a></nav>"
    listed = [(f"/bai/{name}.html", title) for name, (title, _) in ITEMS.items()]
    teasers = [part for title, text in ITEMS.values() for part in (title, f"{text} {MORE}"[:140] + "...")]
    return {
        "/": listing((DIGEST, "Tin vắn trong tuần của sở"), *listed, foot=menu),
        SECTION: article("Hoạt động của sở", *teasers),
        DIGEST: article("Tin vắn trong tuần của sở", *(part for title, _ in ITEMS.values() for part in (title, STORY))),
        **{
            f"/bai/{name}.html": article(edited or title, edited or f"{text} {MORE}", f"Về {name}, lãnh đạo sở nói rằng việc này {MORE}")
            for name, (title, text) in ITEMS.items()
        },
    }  # fmt: skip


def _crawl(place: Place, site: Site, *more: str) -> Path:
    file = place.source("mau", site.url)
    place.scrapy("crawl", "mau", *more, SOURCES_EXTRA=file, DOWNLOAD_DELAY=0, DOWNLOAD_DELAY_JITTER=0)
    return file


def _paths(place: Place, site: Site) -> set[str]:
    return {str(url).removeprefix(site.url) for (url,) in place.rows("select url from articles")}


CITED = "select label, citation_count, article_count from documents where citation_count > 0 or article_count > 0 order by label"
ONCE = [("Nghị định 35/2011/NĐ-CP", 1, 1), ("Quyết định 12/2012/QĐ-UBND", 1, 1), ("Thông tư 24/2010/TT-BTC", 1, 1)]


def test_a_section_is_corrected_when_its_articles_come_and_is_an_article_again_when_they_change(place: Place) -> None:
    own = {f"/bai/{name}.html" for name in ITEMS}
    with serving_pages(_pages()) as site:
        whole = dict(site.pages)
        site.pages = {path: page for path, page in whole.items() if path not in own}
        _crawl(place, site)
        assert _paths(place, site) == {SECTION, DIGEST}
        assert place.rows(CITED) == ONCE

        site.pages = whole
        file = _crawl(place, site, "--full")
        assert _paths(place, site) == own | {DIGEST}
        assert place.rows(CITED) == ONCE
        assert place.rows("select documents.label from citations join documents on documents.id = document_id order by 1") == [
            (label,) for label, _, _ in ONCE
        ]
        assert place.rows("select count(*) from articles_fts where articles_fts match 'text_folded:\"du an nhom c\"'") == [(1,)]
        assert place.rows("select sum(articles), sum(citations) from articles_by_month") == [(4, 3)]
        assert place.rows("select distinct outcome from captures where url = ?", site.url + SECTION) == [("listing",)]
        assert place.rows("select state from candidates where url = ? and state <> 'not-article'", site.url + SECTION) == []
        corrected = place.rows("select url, title, articles, share from mistaken_sections")
        assert corrected == [(site.url + SECTION, "Hoạt động của sở", 3, 1.0)]

        # The other order: the articles first, all in one run.
        other = Place(place.folder / "other")
        other.folder.mkdir()
        said = other.scrapy("crawl", "mau", SOURCES_EXTRA=other.source("mau", site.url), DOWNLOAD_DELAY=0, DOWNLOAD_DELAY_JITTER=0).stdout
        assert "5 articles: 5 new" in said and "1 × no article after all: the page only repeats other articles" in said
        assert _paths(other, site) == own | {DIGEST}
        assert other.rows("select url, title, articles, share from mistaken_sections") == corrected
        assert other.rows(CITED) == ONCE

        before = place.tables()
        place.scrapy("reparse", "mau", "--write", SOURCES_EXTRA=file)
        assert place.tables() == before

        # The articles now say something else, so nothing shows any more that the page is a section.
        edited = "Trang đang được biên tập lại theo yêu cầu của văn phòng, mời bạn đọc quay lại vào tuần sau để xem toàn văn bài viết này."
        site.pages |= {
            path: (200, {"Content-Type": "text/html; charset=utf-8"}, page.encode()) for path, page in _pages(edited).items() if path in own
        }
        _crawl(place, site, "--full")
        assert SECTION in _paths(place, site)
        assert place.rows("select count(*) from mistaken_sections") == [(0,)]
        assert place.rows("select citation_count from articles where url = ?", site.url + SECTION) == [(3,)]
