"""List pages that no platform knows, found and followed from a home page. The sites are made by this project and really served."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from scraper.crawl.spider.list_choice import choose
from scraper.store.discovered import NIGHTLY, WEEKLY, ListRow
from tests.conftest import Place
from tests.server import Site, article, listing, serving_pages


def crawl(place: Place, site: Site, more: str = "") -> str:
    """Crawls a site of which only the home page is known. `more`: further keys of its source."""
    source = place.source("mau", site.url, more=more)
    return place.scrapy("crawl", "mau", SOURCES_EXTRA=source, DOWNLOAD_DELAY=0, DOWNLOAD_DELAY_JITTER=0).stdout


def stored(place: Place, site: Site) -> set[str]:
    """Returns the paths of the articles in the archive."""
    return {str(url).removeprefix(site.url) for (url,) in place.rows("select url from articles")}


def test_a_section_is_followed_whatever_it_is_taken_for(place: Place) -> None:
    """The text of the first section is long enough for an article. Only articles link to the others: in a breadcrumb, after the words
    "Chuyên mục", and to the folder that they are in.
    """
    first, second, third, fourth = "/hoat-dong-cua-cac-phong", "/chuyen-doi-so", "/so-huu-tri-tue", "/bai/do-luong"
    found = [f"/bai/khai-truong-diem-phuc-vu-so-{number}.html" for number in range(7)]
    labelled = [f"/bai/ho-tro-dang-ky-nhan-hieu-so-{number}.html" for number in range(3)]
    inside = [f"{fourth}/kiem-dinh-can-o-cho-so-{number}.html" for number in range(4)]
    intro = "<p>Chuyên mục đăng tin về hoạt động của các phòng và đơn vị trực thuộc sở, do văn phòng biên tập hằng tuần.</p>" * 8
    crumbs = f"<div class='duong-dan'><a href='/'>Trang chủ</a> » <a href='{second}'>Chuyển đổi số</a></div>"
    label = f"<p><span>Chuyên mục:</span> <a href='{third}'>Sở hữu trí tuệ</a></p>"
    menu = f"<nav><a href='/'>Trang chủ</a><a href='{first}'>Hoạt động của các phòng</a></nav>"
    pages = {
        "/": listing((found[0], "Khai trương điểm phục vụ bưu chính số 0"), foot=menu),
        first: article("Hoạt động của các phòng", intro, foot=f"<p><a href='{found[1]}'>Khai trương điểm phục vụ bưu chính số 1</a></p>"),
        second: listing(*((path, f"Khai trương điểm phục vụ bưu chính {path[-6]}") for path in found[2:])),
        third: listing(*((path, f"Hỗ trợ đăng ký nhãn hiệu số {path[-6]}") for path in labelled), (inside[0], "Kiểm định cân ở chợ số 0")),
        fourth: listing(*((path, f"Kiểm định cân ở chợ số {path[-6]}") for path in inside)),
        **{path: article(f"Khai trương điểm phục vụ bưu chính số {path[-6]}", foot=crumbs + label) for path in found},
        **{path: article(f"Hỗ trợ đăng ký nhãn hiệu số {path[-6]}") for path in labelled},
        **{path: article(f"Kiểm định cân ở chợ số {path[-6]}", foot=f"<a href='{fourth}'>Đo lường</a>") for path in inside},
    }
    with serving_pages(pages) as site:
        crawl(place, site)
        assert {*found, *labelled, *inside} <= stored(place, site)
        assert len(site.paths()) == len(set(site.paths()))


NAMES = ("Tin tức", "Hoạt động của ngành", "Thông tin chỉ đạo điều hành", "Phổ biến giáo dục pháp luật cho nhân dân")
SLUGS = ("tin-tuc", "hoat-dong-cua-nganh", "thong-tin-chi-dao-dieu-hanh", "pho-bien-giao-duc-phap-luat-cho-nhan-dan")
TITLES = ("Lịch tiếp dân tháng", "Khai trương điểm phục vụ bưu chính ở xã số", "Hội nghị giao ban quý")
PER_PAGE = 3
PAGES = 2


@dataclass(frozen=True)
class Style:
    """The markup and the URLs of one made-up system. The forms may contain `section`, `slug`, `id` and `page`."""

    section: str
    later: str
    article: str
    menu: str  # around each link of the menu
    item: str  # of a list; may contain `url`, `title`, `day` and `text`
    box: str  # around the items
    first: str = ""  # the home page, if it only leads to /trang-chu/


STYLES = {
    "categories with an id and a name": Style(
        "/{slug}-{section}.html", "/{slug}-{section}-trang{page}.html", "/{title}-{id}.html",
        "<li>{}</li>", "<li><a href='{url}'>{title}</a> <i>({day})</i></li>", "<ul class='menu-tin'>{}</ul>",
    ),
    "tables": Style(
        "/index.php?mod=news&amp;cid={section}", "/index.php?mod=news&amp;cid={section}&amp;p={page}",
        "/index.php?mod=view&amp;cid={section}&amp;id={id}",
        "<td>{}</td>", "<tr><td><a href='{url}'><b>{title}</b></a><br>({day})<br>{text}</td></tr>", "<table>{}</table>",
        "<meta http-equiv='refresh' content='0; url=/trang-chu/'>",
    ),
    "div soup": Style(
        "/c/{section}", "/c/{section}/{page}", "/n/{id}",
        "<div><div>{}</div></div>", "<div><div><a href='{url}'>{title}</a></div><div>{day}</div><div>{text}</div></div>", "<div>{}</div>",
        "<script>window.location = '/trang-chu/';</script>",
    ),
    "pictures": Style(
        "/Default.aspx?tabid={section}", "/Default.aspx?tabid={section}&amp;p={page}", "/Default.aspx?tabid={section}&amp;newsid={id}",
        "<span>| {} </span>", "<div><a href='{url}'><img src='/anh.jpg' alt='{title}'></a></div>", "<div>{}</div>",
        "<frameset rows='9,*'><frame src='/dau.html'><frame src='trang-chu/'></frameset>",
    ),
}  # fmt: skip


def _site(style: Style) -> tuple[dict[str, str], set[str]]:
    """Returns the pages of a site, and the paths of its articles."""
    sections = [{"section": 103 + at, "slug": slug, "name": name} for at, (slug, name) in enumerate(zip(SLUGS, NAMES, strict=True))]
    links = [("/gioi-thieu.html", "Giới thiệu"), *((style.section.format(**one), str(one["name"])) for one in sections)]
    menu = "<div class='x'>" + "".join(style.menu.format(f"<a href='{url}'>{name}</a>") for url, name in links) + "</div>"
    pages, articles, newest = {"/gioi-thieu.html": article("Giới thiệu", foot=menu)}, set(), ""
    for at, one in enumerate(sections):
        for page in range(1, PAGES + 1):
            items = ""
            for number in range(PER_PAGE):
                key = 103 + at * PER_PAGE * PAGES + (page - 1) * PER_PAGE + number  # categories have some of these numbers, too
                title = f"{TITLES[number]} {key}"
                url = style.article.format(**one, id=key, title=("khai-truong", "lich-tiep", "giao-ban")[number])
                item = style.item.format(url=url, title=title, day=f"{key % 27 + 1:02d}/05/2012", text="Sáng nay, sở đã họp với các phòng.")
                items += item
                articles.add(url.replace("&amp;", "&"))
                pages[url.replace("&amp;", "&")] = article(title, foot=menu)
            newest += items if page == 1 and at == 0 else ""
            urls = [style.section.format(**one), style.later.format(**one, page=2)]
            foot = f"<div>{page} <a href='{urls[2 - page]}'>{3 - page}</a></div>"
            shown = f"<html><head><title>Sở</title></head><body>{menu}<h2>{one['name']}</h2>{style.box.format(items)}{foot}</body></html>"
            pages[urls[page - 1].replace("&amp;", "&")] = shown
    home = f"<html><head><title>Sở</title></head><body>{menu}{style.box.format(newest)}</body></html>"
    pages |= {"/": f"<html><head>{style.first}</head></html>", "/trang-chu/": home} if style.first else {"/": home}
    return pages, articles


@pytest.mark.parametrize("name", [*STYLES][:2] + [pytest.param(name, marks=pytest.mark.gate) for name in [*STYLES][2:]])
def test_every_article_of_a_site_of_an_unknown_system(place: Place, name: str) -> None:
    pages, articles = _site(STYLES[name])
    with serving_pages(pages) as site:
        crawl(place, site)
        assert articles - stored(place, site) == set()
        assert len(site.paths()) <= len(pages) + 5
        assert len(site.paths()) == len(set(site.paths()))


def test_the_index_of_a_nightly_sitemap_is_looked_at_every_night_too() -> None:
    """The next sitemap appears in the index, which lists no article itself."""
    now, last = datetime(2026, 11, 20, tzinfo=UTC), "2026-11-19T02:00:00Z"

    def found(name: str, found_on: str, **more: Any) -> ListRow:
        return ListRow("sitemap", name, found_on, look=WEEKLY, look_reason="covered", finished_run_id=1, last_new=last, **more)

    rows = [found("/index", "/robots.txt"), found("/2026", "/index"), found("/other-index", "/robots.txt"), found("/2009", "/other-index")]
    choose(rows, first=None, chosen=1, covered=(0, 2, 3), now=now)
    looks = [(NIGHTLY, "index"), (NIGHTLY, "complete"), (WEEKLY, "covered"), (WEEKLY, "covered")]
    assert [(row.look, row.look_reason) for row in rows] == looks
