"""Forms of URLs: URLs of one article have one key, URLs of two have two, and the real URLs at hand get a key from their platform.

The examples of each platform say what each form means (`scraper/platforms`); they are checked whenever the platforms are loaded.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from scraper.platforms import PLATFORMS
from scraper.platforms.kit import UrlKind
from tests.conftest import Place
from tests.server import article, listing, serving_pages

SITE = "https://so.mau.test"
# URLs of one article, made up in the forms of real ones: under several menu paths, with several query orders, in several spellings.
ONE_ARTICLE: dict[str, list[tuple[str, ...]]] = {
    "liferay": [
        ("/web/guest/chinh-quyen/chi-tiet?id=27112&_c=2", "/web/guest/chi-tiet?_c=49&id=27112", "/cong-dan/chi-tiet?id=27112"),
        ("/chi-tiet-tin/-/view-article/1/13848241113627/1589692995213", "/chi-tiet-tin/-/view-article/1/99/1589692995213"),
        ("/news/-/details/20182/le-hoi-xuan-116341412", "/vi/news/-/details/20182/le-hoi-116341412", "/-/details/20182/a-116341412"),
        ("/chi-tiet-tin?/lich-tiep-dan/21670157", "/chi-tiet-tin?%2flich-tiep-dan%2F21670157", "/chi-tiet-tin?%2Flich%2F21670157="),
        (
            "/tin/-/asset_publisher/aB3x/content/lich-tiep-cong-dan-quy-hai",
            "/su-kien/-/asset_publisher/Zz9/content/lich-tiep-cong-dan-quy-hai/20181?inheritRedirect=false",
            "/vi/web/guest/-/lich-tiep-cong-dan-quy-hai",
            "/w/lich-tiep-cong-dan-quy-hai",
        ),
        ("/article?item=0a1b308fb5fb4242e4dc19bac265aaaa&m=2", "/article?m=1&item=0a1b308fb5fb4242e4dc19bac265aaaa"),
    ],
    "vnportal": [("/portal/Pages/2021-3-5/Lich-tiep-dan.aspx", "/portal/pages/2021-03-05/lich-tiep-dan.aspx")],
    "3cms": [
        ("/mDefault.aspx?sid=1&pageid=2&catid=3&id=6934", "/Default.aspx?id=6934&catid=9&sid=1", "/1/2/9/6934/thong-bao/lich-tiep-dan"),
        ("/tin-tuc/lich-tiep-dan-372816", "/su-kien/trong-tinh/lich-tiep-dan-372816.html"),
    ],
    "sharepoint": [
        ("/tin/Pages/x.aspx?ItemID=71&CateID=2", "/tin/Pages/y.aspx?CateID=3&itemid=71"),
        ("/Pages/chi-tiet.aspx?url=%2Flich-20241003083820222.htm", "/pages/chitiet.aspx?a=1&url=%2Ftin%2Flich-20241003083820222.htm"),
    ],
    "vccorp-ims": [("/lich-tiep-dan-20241003083820222.htm", "/Pages/chi-tiet.aspx?url=%2Flich-tiep-dan-20241003083820222.htm")],
    "joomla": [
        (
            "/index.php?option=com_content&view=article&id=57804-lich&Itemid=2",
            "/index.php?Itemid=9&id=57804:lich&view=article&option=com_content",
            "/tin-tuc/57804-lich-tiep-dan.html",
            "/index.php/su-kien/57804-lich-tiep-dan",
        )
    ],
    "nukeviet": [("/vi/news/tin-tuc/lich-12.html", "/vi/news/thong-bao/lich-12.html", "/index.php?op=tin-tuc/lich-12.html&nv=news")],
    "drupal": [("/vi/node/341490", "/node/341490", "/diem-den/nui-to-thi-341490")],
    "dotnetnuke": [("/tabid/128/catid/384/item/4490/x.aspx", "/tabid/9/catid/1/item/4490/x.aspx", "/Default.aspx?ItemID=4490&tabid=9")],
    "plain": [
        ("/vi/Post/Detail?categoryId=27&postId=4996", "/vi/Post/Detail?postId=4996&categoryId=3"),
        ("/?details=5719&menuID=32", "/?menuID=7&details=5719"),
        ("/m/127/1194/lich.html", "/m/128/1194/lich-tiep-dan.html"),
        ("/chi-tiet-tin/group/167/nid/4820/lich", "/chi-tiet-tin/group/9/nid/4820/lich"),
        ("/vi/tin-bai/lich?type=NEWS&id=23", "/en/tin-bai/lich?id=23&type=NEWS"),
    ],
}
# URLs of two articles that look alike.
TWO_ARTICLES: dict[str, list[tuple[str, str]]] = {
    "liferay": [
        ("/tin/-/asset_publisher/a/content/thong-bao/20181", "/tin/-/asset_publisher/a/content/thong-bao/20190"),
        ("/-/details/20182/tong-ket-nam-2024", "/-/details/20182/ke-hoach-nam-2024"),
    ],
    "vnportal": [
        ("/portal/pages/2023-1-30/Ke-hoach-nam-2023.aspx", "/portal/pages/2023-1-30/Bao-cao-nam-2023.aspx"),
        ("/portal/pages/2023-1-3/Thong-bao.aspx", "/portal/pages/2023-1-30/Thong-bao.aspx"),
    ],
    "sharepoint": [("/ct/Lists/ThoiSu/View.aspx?ItemID=12", "/ct/Lists/KinhTe/View.aspx?ItemID=12")],
    "nukeviet": [("/vi/news/tin-tuc/lich-12.html", "/vi/stttt/tin-tuc/lich-12.html")],
    "plain": [("/?details=57&menuID=1", "/m/1/57/lich.html")],
}


@pytest.mark.parametrize(("platform", "paths"), [(name, paths) for name, groups in ONE_ARTICLE.items() for paths in groups])
def test_the_urls_of_one_article_have_one_key(platform: str, paths: tuple[str, ...]) -> None:
    keys = {path: PLATFORMS[platform].article_id(SITE + path) for path in paths}
    assert None not in keys.values() and len(set(keys.values())) == 1, keys


@pytest.mark.parametrize(("platform", "paths"), [(name, paths) for name, groups in TWO_ARTICLES.items() for paths in groups])
def test_the_urls_of_two_articles_have_two_keys(platform: str, paths: tuple[str, str]) -> None:
    one, other = (PLATFORMS[platform].article_id(SITE + path) for path in paths)
    assert one is not None and other is not None and one != other


def test_a_name_is_a_key_but_no_proof() -> None:
    platform, url = PLATFORMS["vhv"], f"{SITE}/tin-tuc/khai-truong-diem-phuc-vu.html?x=1"
    assert platform.article_id(url) is None
    assert platform.article_key(url) == f"{SITE}/tin-tuc/khai-truong-diem-phuc-vu.html"
    assert platform.article_key(f"{SITE}/chuyen-muc-tin-cac-so-nganh-dia-phuong-c216-1.html") is None


def test_the_real_urls_at_hand_get_a_key_from_their_platform(shared: Callable[[str], Path]) -> None:
    with shared("cases/urls.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["what"] == "article" and row["whole"] == "yes" and row["platform"]]
    kinds = {row["url"]: PLATFORMS[row["platform"].rstrip("?")].url_kind(row["url"]) for row in rows}
    without = [row["url"] for row in rows if PLATFORMS[row["platform"].rstrip("?")].article_key(row["url"]) is None]
    assert len(rows) >= 50
    assert len(without) <= 0.05 * len(rows), without
    assert UrlKind.SECTION not in kinds.values() and UrlKind.TRAP not in kinds.values()


def test_a_plain_site_names_an_article_under_several_menu_paths_or_with_several_query_orders(place: Place) -> None:
    """One article is one row; two meetings of one day with the same title, or a translation under the same name, stay two."""
    named, queried, seldom = (
        "Khai trương điểm phục vụ bưu chính ở bến phà",
        "Lịch tiếp công dân của lãnh đạo sở trong quý",
        "Họp dân bàn việc làng",
    )
    pages = {
        "/tin-tuc/khai-truong-diem-phuc-vu-buu-chinh-1043.html": article(named, foot="<p>Trong chuyên mục Tin tức</p>"),
        "/su-kien/khai-truong-diem-phuc-vu-buu-chinh-1043.html": article(named, foot="<p>Trong chuyên mục Sự kiện</p>"),
        "/chi-tiet.php?cat=3&id=71": article(queried, day="15/05/2012 08:00"),
        "/chi-tiet.php?id=71&cat=3": article(queried, day="15/05/2012 08:00"),
        "/xa-a/hop-dan-ban-viec-lang-nam-2012.html": article(
            seldom, "Dân xã A bàn việc làm đường, góp công và góp đá của cả làng trong ba tháng."
        ),
        "/xa-b/hop-dan-ban-viec-lang-nam-2012.html": article(
            seldom, "Dân xã B bàn việc đào mương, chia nước cho hai xứ đồng và cử người trông."
        ),
    }
    titles = [named, named, queried, queried, seldom, seldom]
    with serving_pages({"/": listing(*zip(pages, titles, strict=True)), **pages}) as site:
        block = f'[[source]]\nid = "mau"\nname = "Sở mẫu"\nunit = "ha-noi"\nsite = "{site.url}"\nbasis = "made up"\n'
        (place.folder / "mau.toml").write_text(block, encoding="utf-8")
        given: dict[str, Any] = {"SOURCES_EXTRA": place.folder / "mau.toml", "DOWNLOAD_DELAY": 0, "DOWNLOAD_DELAY_JITTER": 0}
        place.scrapy("crawl", "mau", code=None, **given)
        stored = place.rows("select title, count(*) from articles group by title order by title")
        place.scrapy("reparse", "mau", "--write", code=None, **given)
        again = place.rows("select title, count(*) from articles group by title order by title")
    assert stored == again == sorted([(named, 1), (queried, 1), (seldom, 2)])
    assert not place.rows("select * from revisions")


def test_spaces_of_urls_are_requested_as_browsers_do(place: Place) -> None:
    """A path that is broken over two lines; a file with two spaces in its name, and one with a space that does not break."""
    path, title = "/tin-tuc/so-kiem-tra-cau-phao-tren-song-12.html", "Sở kiểm tra cầu phao trên sông trước mùa lũ"
    names = ("QD  12.pdf", "KH 13\xa0UBND.pdf", "CV 14.pdf")
    files = "".join(f"<p><a href='/tep/{name}'>Tệp kèm theo {name}</a></p>" for name in names)
    pages = {"/": listing((path[:20] + "\n" + path[20:], title)), path: article(title, foot=files)}
    with serving_pages(pages) as site:
        source = place.source("mau", site.url, more='attachments = "all"')
        place.scrapy("crawl", "mau", SOURCES_EXTRA=source, DOWNLOAD_DELAY=0, code=None)
        requested = [one for one in site.paths() if one.startswith(("/tin", "/tep"))]
    assert requested == [path, *(f"/tep/{quote(name)}" for name in names)]


def test_a_long_url_is_requested_and_one_that_no_server_takes_is_a_failure(place: Place) -> None:
    """A name of 3,000 letters; a link and a redirect to one of 10,000."""
    title = "Sở kiểm tra cầu phao trên sông trước mùa lũ"
    long, too_long, moved = (f"/tin-tuc/so-kiem-tra-{'cau-' * number}12.html" for number in (750, 2500, 1))
    with serving_pages({"/": listing((long, title), (too_long, title), (moved, title)), long: article(title)}) as site:
        site.pages[moved] = (302, {"Location": too_long}, b"")
        for night in ("2026-12-01", "2026-12-02"):
            extra = place.source("mau", site.url)
            place.scrapy("crawl", "mau", SOURCES_EXTRA=extra, DOWNLOAD_DELAY=0, NOW=f"{night}T02:00:00+07:00", code=None)
        requested = [path for path in site.paths() if path.startswith("/tin-tuc/")]
    assert requested == [long, moved]
    assert place.rows("select length(url), state from candidates order by 1") == [
        (len(site.url + moved), "failed"),
        (len(site.url + long), "stored"),
    ]
    assert place.rows("select url, reason from failures") == [(site.url + moved, "bad-url")]
