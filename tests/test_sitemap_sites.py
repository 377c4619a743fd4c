"""Sitemaps and feeds of served sites: what names them, what is in them, and what is not there. The sites are made by this project."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest

from scraper.model import Capture, Source
from scraper.parse import read_page
from tests.conftest import Place
from tests.server import Answer, article, listing, serving_pages
from tests.test_form_sites import _crawl

XML = {"Content-Type": "application/xml"}


def _path(number: int) -> str:
    return f"/ban-tin/so-to-chuc-hoi-nghi-trien-khai-nhiem-vu-{number}.html"


def _title(number: int) -> str:
    return f"Sở tổ chức hội nghị triển khai nhiệm vụ lần thứ {number}"


def _sitemap(*urls: str, root: str = "urlset", entry: str = "url", more: str = "") -> bytes:
    entries = "".join(f"<{entry}><loc>{url}</loc>{more}</{entry}>" for url in urls)
    spaces = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'"
    return f"<?xml version='1.0' encoding='UTF-8'?><{root} {spaces}>{entries}</{root}>".encode()


def test_sitemaps_of_robots_txt_in_every_form(place: Place) -> None:
    """An index with a file that is missing, gzip without the name of it, plain text, bare ampersands, and URLs without host."""
    extension = "<lastmod>2012-05-14</lastmod><news:news><news:title>Tin & bài</news:title></news:news>"
    pages: dict[str, str | Answer] = {
        "/robots.txt": "User-agent: *\nSitemap: /so-do-tong\nsitemap: SITE/so-do.txt\n",
        "/so-do-tong": (200, XML, _sitemap("/phan-1", "/phan-mat.xml", "//HOST/phan-2.xml", root="sitemapindex", entry="sitemap")),
        "/phan-1": (200, {"Content-Type": "application/octet-stream"}, gzip.compress(_sitemap(_path(1), _path(2), more=extension))),
        "/phan-2.xml": (200, XML, _sitemap("/xem.aspx?id=3&muc=7", "/gioi-thieu/", "/chuyen-muc/", "mailto:so@mau.vn")),
        "/so-do.txt": f"SITE{_path(4)}\nSITE{_path(5)}\n",
        "/": listing(),
        "/xem.aspx?id=3&muc=7": article(_title(3)),
        "/gioi-thieu/": article("Chức năng, nhiệm vụ"),
        "/chuyen-muc/": listing(*((_path(number), _title(number)) for number in (6, 7, 8, 9))),
    }
    pages |= {_path(number): article(_title(number)) for number in (1, 2, 4, 5, 6, 7, 8, 9)}
    with serving_pages(pages) as site:
        status, headers, body = site.pages["/so-do-tong"]
        site.pages["/so-do-tong"] = (status, headers, body.replace(b"HOST", site.url.removeprefix("http://").encode()))
        _crawl(place, site.url)
    titles = {title for (title,) in place.rows("select title from articles")}
    assert titles >= {_title(number) for number in range(1, 10)}
    failures = place.rows("select replace(url, ?, ''), reason from failures order by url", site.url)
    assert failures == [("/phan-2.xml", "bad-url"), ("/phan-mat.xml", "not-found")]
    assert "/sitemap.xml" not in site.paths() and len(site.paths()) == len(set(site.paths()))


def test_a_page_instead_of_the_usual_sitemap_is_no_failure_and_not_requested_again(place: Place) -> None:
    missing: Answer = (200, {}, listing(foot="<p>Trang không tồn tại</p>").encode())
    pages: dict[str, str | Answer] = {"/": listing(*((_path(number), _title(number)) for number in range(4))), "/sitemap.xml": missing}
    pages |= {_path(number): article(_title(number)) for number in range(4)}
    with serving_pages(pages) as site:
        _crawl(place, site.url)
        _crawl(place, site.url, "-a", "again=no")
        assert site.paths().count("/sitemap.xml") == 1
    assert place.rows("select reason from failures") == []
    assert place.rows("select count(*) from articles") == [(4,)]


@pytest.mark.gate
def test_a_sitemap_of_50_000_urls_is_read_completely() -> None:
    """The protocol allows 50,000 URLs in a file. A crawl of it has a peak of about 230 MB, 100 MB more than a crawl of one page."""
    body = _sitemap(*(_path(number) for number in range(50_000)))
    source = Source(id="mau", name="Sở Mẫu", unit="nghe-an", site="https://so.mau.vn", hosts=("so.mau.vn",))
    page = read_page(Capture("https://so.mau.vn/so-do.xml", 200, (), body, datetime(2020, 1, 1, tzinfo=UTC)), source)
    assert len(page.links) == 50_000 and page.faults == ()
