"""Sections that show their first video, album or article whole, with its title and its day, above a list of the others.

The pages are made by this project, in the markup of several systems. The page of a single video stays an article.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from scraper.model import Capture, LinkRole, Page, PageKind
from scraper.parse import read_page
from scraper.sources import made_up

SITE = "http://truyenthong.bendau.test"
NAME = "Trung tâm Truyền thông Bến Dâu"
TITLE = "Lũ rút, người dân xóm Cồn dọn bùn mở lại lớp học"
LEAD = (
    "<p>Chiều 3/10, hơn 60 đoàn viên cùng người dân xóm Cồn đã dọn xong lớp bùn dày nửa mét ở điểm trường, kịp cho các em trở lại lớp"
    " vào sáng thứ hai.</p><p>Nhà trường cho biết sách vở đã được các nhà hảo tâm gửi tới đủ cho 112 học sinh của năm khối.</p>"
)
DAY = "<p class='ngay'>04/10/2025 08:20</p>"
PLAYER = "<iframe src='https://www.youtube.com/embed/z1y2' width='640' height='360'></iframe>"
OTHERS = (
    "Bản tin cuối tuần của đài phát thanh Bến Dâu",
    "Chợ nổi họp trở lại sau bốn năm tạm dừng",
    "Người thợ cuối cùng của làng đan thuyền thúng",
)

WORDPRESS = "<meta name='generator' content='WordPress 6.4'><link rel='stylesheet' href='/wp-content/themes/ben/style.css'>"
NUKEVIET = "<meta name='generator' content='NukeViet v4.5'><script>var nv_base_siteurl='/', nv_module_name='videoclips';</script>"
SHAREPOINT = "<meta name='GENERATOR' content='Microsoft SharePoint'><script src='/_layouts/15/init.js'></script>"
LIFERAY = "<script>var Liferay = Liferay || {};</script><link class='lfr-css-file' href='/o/theme/css/main.css' rel='stylesheet'>"


@dataclass(frozen=True)
class Shown:
    """A page: its path, its `<title>`, the name by which the menu calls its section, and where the other videos are."""

    path: str
    title: str = NAME
    menu: str = "Video"
    section: str = ""
    others: str = "/xem/ban-tin-so-{}-cua-dai-phat-thanh.html"
    head: str = ""


def _read(shown: Shown, first: str, heading: str = "", above: str = "") -> Page:
    menu = "".join(
        f"<li><a href='{path}'>{name}</a></li>"
        for path, name in (("/", "Trang chủ"), ("/tin-tuc", "Tin tức - Sự kiện"), ("/thong-bao", "Thông báo"), (shown.section, shown.menu))
        if path
    )
    rows = "".join(
        f"<li><a href='{url}'><img src='/{number}.jpg'></a><h3><a href='{url}'>{title}</a></h3><span>0{number}/09/2025</span></li>"
        for number, title in enumerate(OTHERS, 1)
        for url in [shown.others.format(number)]
    )
    page = (
        f"<!doctype html><html lang='vi'><head><meta charset='utf-8'><title>{shown.title}</title>{shown.head}</head><body>"
        f"<ul class='nav'>{menu}</ul><div class='main'>{above}<div class='khung'>{first}</div>"
        f"<div class='khac'>{heading}<ul>{rows}</ul></div></div>"
        f"<div class='footer'><p>{NAME}. Địa chỉ: 5 Bến Dâu</p></div></body></html>"
    )
    capture = Capture(
        SITE + shown.path, 200, (("Content-Type", "text/html; charset=utf-8"),), page.encode(), datetime(2025, 10, 6, tzinfo=UTC)
    )
    return read_page(capture, made_up(SITE))


FIRST = {
    "heading and text": f"<h2>{TITLE}</h2>{DAY}{LEAD}",
    "player, bold title and text": f"{PLAYER}<div class='ten'><b>{TITLE}</b></div>{DAY}{LEAD}",
    "heading and player": f"<h1>{TITLE}</h1>{DAY}{PLAYER}",
}
SECTIONS = [
    Shown("/video.html"),
    Shown("/thu-vien-anh", f"Thư viện ảnh | {NAME}"),
    Shown("/infographics/", others="/infographics/so-{}-quy-trinh-cap-the.html"),
    Shown("/vi/e-magazine.html", "E-Magazine"),
    Shown("/podcast?page=1", "Podcast"),
    Shown("/da-phuong-tien/video-c12.html", section="/da-phuong-tien/video-c12.html"),
    Shown("/category/video/", head=WORDPRESS, others="/dai-phat-thanh-so-{}/"),
    Shown("/thu-vien-video/", head=WORDPRESS, others="/video/dai-phat-thanh-so-{}/"),
    Shown("/video-clip/", f"Video clips - {NAME}", head=NUKEVIET, others="/video-clip/ban-tin-cua-dai-{}.html"),
    Shown("/index.php?language=vi&nv=video-clip", head=NUKEVIET, others="/video-clip/ban-tin-cua-dai-{}.html"),
    Shown("/Pages/video.aspx", "Video", head=SHAREPOINT, others="/Pages/video.aspx?ItemID={}"),
    Shown("/web/guest/video", f"Video - {NAME}", head=LIFERAY, others="/web/guest/video/-/asset_publisher/X1/content/ban-tin-{}"),
    # Only the menu says that these are sections; the second one is of news.
    Shown("/truyen-hinh-ben-dau", section="/truyen-hinh-ben-dau", menu="Truyền hình Bến Dâu"),
    Shown(
        "/doi-song-xom-con.html", section="/doi-song-xom-con.html", menu="Đời sống xóm Cồn", others="/bai/{}-dai-phat-thanh-cua-xom.html"
    ),
]


@pytest.mark.parametrize("first", FIRST.values(), ids=FIRST)
@pytest.mark.parametrize("shown", SECTIONS, ids=lambda shown: shown.path)
def test_a_section_that_shows_its_first_video_whole_is_a_list_page(shown: Shown, first: str) -> None:
    page = _read(shown, first)
    assert (page.kind, page.failure) == (PageKind.LISTING, None)
    linked = {link.url for link in page.links if link.role is LinkRole.ARTICLE}
    assert {SITE + shown.others.format(number) for number in (1, 2, 3)} <= linked


@pytest.mark.parametrize("first", FIRST.values(), ids=FIRST)
@pytest.mark.parametrize("shown", [one for one in SECTIONS if one.section], ids=lambda shown: shown.path)
def test_its_own_heading_changes_nothing(shown: Shown, first: str) -> None:
    assert _read(shown, first, above=f"<h1>{shown.menu}</h1>").kind is PageKind.LISTING


SINGLE = [
    Shown("/video/lu-rut-nguoi-dan-xom-con-don-bun-mo-lai-lop-hoc.html", f"{TITLE} | {NAME}", section="/video"),
    Shown("/video/12", section="/video"),
    Shown("/video.aspx?id=12", section="/video.aspx"),
    Shown("/thu-vien-video/12.html", f"Video | {NAME}", section="/thu-vien-video"),
    Shown("/Pages/video.aspx?ItemID=12", "Video", head=SHAREPOINT, section="/Pages/video.aspx", others="/Pages/video.aspx?ItemID={}"),
    Shown("/video/lu-rut-xom-con/", f"{TITLE} – {NAME}", head=WORDPRESS, section="/category/video/", others="/video/ban-tin-{}/"),
]


@pytest.mark.parametrize("first", FIRST.values(), ids=FIRST)
@pytest.mark.parametrize("shown", SINGLE, ids=lambda shown: shown.path)
def test_a_single_video_is_an_article(shown: Shown, first: str) -> None:
    article = _read(shown, first, "<h3>Video khác</h3>").article
    assert article is not None and article.title.value == TITLE
    assert article.published.value is not None and article.published.value.isoformat() == "2025-10-04T08:20:00+07:00"


def test_an_office_page_that_the_menu_names_keeps_its_day() -> None:
    shown = Shown("/lich-tiep-cong-dan", section="/lich-tiep-cong-dan", menu="Lịch tiếp công dân")
    article = _read(shown, f"<h1>Lịch tiếp công dân</h1>{DAY}{LEAD}", "<h3>Tin khác</h3>").article
    assert article is not None and article.title.value == "Lịch tiếp công dân"


def test_an_article_whose_title_its_menu_names_stays_an_article() -> None:
    path = "/lu-rut-nguoi-dan-xom-con-don-bun"
    shown = Shown(path, section=path, menu="Lũ rút, người dân xóm Cồn dọn bùn")
    assert _read(shown, FIRST["heading and text"], "<h3>Tin khác</h3>").kind is PageKind.ARTICLE
