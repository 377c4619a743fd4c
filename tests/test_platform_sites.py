"""A small site of each platform, served and crawled from its home page only: every article is found, and no other page becomes one.

A page of a platform may be parsed perfectly while a change of discovery loses every article of its sites. The templates in `tests/sites`
and the articles were made by this project, in the markup of each platform. A template in that folder is found by its name, the id of its
platform, so a new one needs no change here. For the four platforms of the sample, the sample's own pages are
served.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cached_property
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from scraper.platforms import PLATFORMS
from scraper.text import fold
from tests.conftest import PROJECT, Place
from tests.server import Answer, serving

PER_PAGE = 5
TITLES = (
    "Khai trương điểm phục vụ bưu chính ở bến phà Cồn Én",
    "Mười hai xã vùng cao có sóng di động trước mùa mưa",
    "Lớp học chữ ký số cho văn thư các phòng chuyên môn",
    "Đoàn thanh niên giúp bà con cài ứng dụng dịch vụ công",
    "Kiểm tra an toàn thông tin tại trung tâm dữ liệu của tỉnh",
    "Thư viện huyện Thạch Lĩnh số hóa xong sắc phong triều Nguyễn",
    "Diễn tập ứng cứu sự cố mạng giữa đêm ba mươi tháng tư",
    "Trao giải cuộc thi viết thư quốc tế cho học sinh tiểu học",
    "Thông báo lịch tiếp công dân của lãnh đạo Sở trong quý hai",
    "Mời báo giá thiết bị truyền thanh không dây cho tám thôn",
    "Kết quả xét tặng kỷ niệm chương vì sự nghiệp thông tin",
    "Tạm dừng cấp phép xuất bản bản tin trong dịp nghỉ lễ",
)
_WEST = timezone(timedelta(hours=7))
SITES = PROJECT / "tests/sites"
_ENVIRONMENT = Environment(loader=FileSystemLoader(SITES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")


@dataclass(frozen=True)
class Section:
    name: str
    path: str
    url: str
    slug: str


@dataclass(frozen=True)
class Article:
    id: int
    title: str
    at: datetime
    path: str
    url: str
    section: Section
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Urls:
    """The URLs of a site, as its template states them in its first comment (TOML), each as a format string.

    They may contain `section` and `slug`, both also with a capital (`Section`), `id`, `at` (time), `tab` (a number of the section), `page`,
    `page_from_0` and `offset` (articles before the page).
    """

    made: str  # who made the template, after what
    section: str
    page: str  # a later page of a section
    article: str
    sections: Sequence[str] = ("Tin tức - Sự kiện", "Thông báo")


def _urls(platform: str) -> Urls:
    found = re.search(r"\{#(.*?)#\}", (SITES / f"{platform}.html").read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None, f"tests/sites/{platform}.html: the first comment must state made, section, page and article"
    stated: dict[str, Any] = tomllib.loads(found[1])
    return Urls(**stated)


TEMPLATES = sorted(path.stem for path in SITES.glob("*.html"))


def _of_section(slug: str) -> dict[str, object]:
    return {"section": slug, "Section": slug.capitalize(), "tab": len(slug)}


@dataclass
class Built:
    """The pages of a site."""

    platform: str
    site: str
    name: str = "Sở Thông tin và Truyền thông Cồn Én"

    @cached_property
    def urls(self) -> Urls:
        return _urls(self.platform)

    @cached_property
    def sections(self) -> list[Section]:
        named = [(name, _slug(name)) for name in self.urls.sections]
        paths = [self.urls.section.format(**_of_section(slug)) for _, slug in named]
        return [Section(name, path, self.site + path, slug) for (name, slug), path in zip(named, paths, strict=True)]

    @cached_property
    def articles(self) -> list[Article]:
        """Returns the articles, newest first."""
        return [self._article(number, title) for number, title in enumerate(TITLES)]

    def _article(self, number: int, title: str) -> Article:
        section = self.sections[0 if number < 8 or len(self.sections) == 1 else 1]
        at = datetime(2019, 6, 20, 9, 5, tzinfo=_WEST) - timedelta(days=11 * number)
        slug = _slug(title)
        path = self.urls.article.format(**_of_section(section.slug), slug=slug, Slug=slug.capitalize(), id=4100 - number, at=at)
        paragraphs = (
            f"Sáng {at.day}/{at.month}, {title[0].lower()}{title[1:]} là việc được bàn nhiều nhất trong buổi giao ban của Sở.",
            f"Thực hiện Kế hoạch số {31 + number}/KH-STTTT ngày 02/01/2019, phòng chuyên môn đã chuẩn bị nhân lực, máy móc và"
            f" {number + 2} phương án dự phòng cho từng địa bàn; mỗi tuần các xã báo cáo một lần về Sở.",
            "Lãnh đạo Sở yêu cầu ghi lại những chỗ còn vướng để tháo gỡ ngay, không để dồn sang quý sau.",
        )
        return Article(4100 - number, title, at, path, self.site + path, section, paragraphs)

    def pages(self) -> dict[str, Answer]:
        pages: dict[str, Answer] = {"/": self._html("/", "Trang chủ", items=self.articles[:3])}
        for section in self.sections:
            listed = [article for article in self.articles if article.section == section]
            last = -(-len(listed) // PER_PAGE)
            for page in range(1, last + 1):
                path = self._page_path(section, page)
                items = listed[(page - 1) * PER_PAGE : page * PER_PAGE]
                pages[path] = self._html(path, section.name, section=section, items=items, page=page, pages=last)
        for article in self.articles:
            pages[article.path] = self._html(article.path, article.title, article=article)
        return pages | self._feeds()

    def _page_path(self, section: Section, page: int) -> str:
        if page == 1:
            return section.path
        return self.urls.page.format(**_of_section(section.slug), page=page, page_from_0=page - 1, offset=(page - 1) * PER_PAGE)

    def _html(self, path: str, heading: str, **values: object) -> Answer:
        given = {"article": None, "section": None, "items": [], "page": 1, "pages": 1} | values
        template = _ENVIRONMENT.get_template(f"{self.platform}.html")
        text = template.render(
            given, site=self.site, name=self.name, address=self.site + path, heading=heading, sections=self.sections,
            newest=self.articles[:3], per_page=PER_PAGE,
        )  # fmt: skip
        return 200, {}, text.encode()

    def _feeds(self) -> dict[str, Answer]:
        """Returns the feeds and sitemaps that the platform publishes by default, with the site's own URLs."""
        xml = {"Content-Type": "application/xml; charset=utf-8"}
        items = "".join(f"<item><title>{one.title}</title><link>{one.url}</link></item>" for one in self.articles[:10])
        feed = (
            f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>{self.name}</title>{items}</channel></rss>'.encode()
        )
        platform = PLATFORMS[self.platform]
        pages: dict[str, Answer] = dict.fromkeys(platform.feeds, (200, xml, feed))
        head = '<?xml version="1.0" encoding="UTF-8"?>'
        space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'

        def of(urls: list[str]) -> bytes:
            return f"{head}<urlset {space}>{''.join(f'<url><loc>{url}</loc></url>' for url in urls)}</urlset>".encode()

        for path in platform.sitemaps:
            parts = {
                path.replace(".xml", "-posts-post-1.xml"): [one.url for one in self.articles],
                path.replace(".xml", "-taxonomies-category-1.xml"): [one.url for one in self.sections],
            }
            named = "".join(f"<sitemap><loc>{self.site}{part}</loc></sitemap>" for part in parts)
            pages[path] = (200, xml, f"{head}<sitemapindex {space}>{named}</sitemapindex>".encode())
            pages |= {part: (200, xml, of(urls)) for part, urls in parts.items()}
        return pages


def _crawl(place: Place, site: str) -> str:
    path = place.folder / "live.toml"
    path.write_text(f'[[source]]\nid = "live"\nname = "Sở (test)"\nunit = "can-tho"\nsite = "{site}"\n', encoding="utf-8")
    return place.scrapy("crawl", "live", SOURCES_EXTRA=path, DOWNLOAD_DELAY=0).stdout


_WITH_FEEDS = [one for one in TEMPLATES if PLATFORMS[one].feeds or PLATFORMS[one].sitemaps]


@pytest.mark.parametrize(("platform", "without"), [*((one, "nothing") for one in TEMPLATES), *((one, "feeds") for one in _WITH_FEEDS)])
def test_a_site_from_its_home_page(place: Place, platform: str, without: str) -> None:
    """Crawls once with everything that the platform publishes, and once by its list pages only."""
    with serving("") as site:
        built = Built(platform, site.url)
        site.pages = built.pages()
        if without == "feeds":
            site.pages = {path: answer for path, answer in site.pages.items() if "Content-Type" not in answer[1]}
        output = _crawl(place, site.url)
    read = {
        str(title): (str(day), str(layout))
        for title, day, layout in place.rows("select title, substr(published_at, 1, 10), layout from articles")
    }
    assert {title: day for title, (day, _) in read.items()} == {one.title: f"{one.at:%Y-%m-%d}" for one in built.articles}, output
    layouts = {layout.partition("/")[0] for _, layout in read.values()}
    assert layouts == ({"generic"} if platform == "plain" else {platform})
    assert place.rows("select distinct platform from captures where outcome = 'article'") == [(platform,)]


@pytest.mark.parametrize(
    ("host", "platform", "number"),
    [
        ("mic.sample.test", "sharepoint", 16),
        ("mst.sample.test", "vccorp-ims", 6),
        ("sotttt-hn.sample.test", "liferay", 10),
        ("sotttt.sample.test", "nukeviet", 16),
    ],
)
def test_a_site_of_the_sample_from_its_home_page(place: Place, host: str, platform: str, number: int) -> None:
    with serving(host) as site:
        output = _crawl(place, site.url)
    assert place.rows("select platform, count(*) from captures where outcome = 'article' group by 1") == [(platform, number)], output
    assert place.rows("select count(*) from articles where layout like 'generic%'") == [(0,)]


def test_every_platform_has_a_crawled_site() -> None:
    assert set(PLATFORMS) == {*TEMPLATES, "sharepoint", "vccorp-ims", "liferay", "nukeviet"}
