"""The last pages of lists, and pagers of several systems. The sites are made by this project and really served."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Place
from tests.server import Site, article, serving_pages

Url = Callable[[int], str]
PER_PAGE = 4
TITLES = tuple(f"Trạm khuyến nông Hòa Tân hướng dẫn bà con chăm sóc vườn cây lần thứ {number}" for number in range(9))


def _drupal(page: int) -> str:
    return "/tin-khuyen-nong" + (f"?page={page - 1}" if page > 1 else "")


def _sharepoint(page: int) -> str:
    return "/Lists/Tin/AllItems.aspx" + (f"?Paged=TRUE&p_ID={page * PER_PAGE}&PageFirstRow={(page - 1) * PER_PAGE + 1}" if page > 1 else "")


def _numbers(url: Url, page: int, last: int) -> str:
    return "<p>" + " ".join(f"<a href='{url(number)}'>{number}</a>" for number in range(1, last + 1)) + "</p>"


def _arrow(url: Url, page: int, last: int) -> str:
    return f"<a href='{url(page + 1)}'><img src='/_layouts/images/next.gif' alt='Tiếp'></a>" if page < last else ""


def _script(url: Url, page: int, last: int) -> str:
    """Returns the pager of SharePoint 2010, which sends its form to the URL of the next page."""
    escaped = url(page + 1).replace("/", r"\u002f").replace("&", r"\u0026")
    return f"""<a href="javascript:" onclick='javascript:SubmitFormPost("{escaped}");return false;'>Tiếp</a>""" if page < last else ""


DRUPAL = "<meta name='Generator' content='Drupal 7 (http://drupal.org)'><script>jQuery.extend(Drupal.settings, {});</script>"
SYSTEMS: dict[str, tuple[Url, Callable[[Url, int, int], str], Url, str]] = {
    "numbers": (_drupal, _numbers, lambda number: f"/content/tram-khuyen-nong-hoa-tan-huong-dan-ba-con-cham-soc-vuon-cay-{number}", DRUPAL),
    "arrow": (_sharepoint, _arrow, lambda number: f"/Lists/Tin/DispForm.aspx?ID={number + 1}", ""),
    "script": (_sharepoint, _script, lambda number: f"/Lists/Tin/DispForm.aspx?ID={number + 1}", ""),
}


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_last_page_of_a_list_has_one_headline_without_a_teaser(place: Place, system: str) -> None:
    url, pager, path, head = SYSTEMS[system]
    last = -(-len(TITLES) // PER_PAGE)
    menu = f"<div class='menu'><a href='/'>Trang chủ</a> | <a href='{url(1)}'>Tin khuyến nông</a> | <a href='/lien-he'>Liên hệ</a></div>"

    def shown(page: int) -> str:
        rows = "".join(
            f"<div class='dong'><span><a href='{path(number)}'>{TITLES[number]}</a></span>"
            f"<span class='ngay'>{number + 1:02d}/03/2024</span></div>"
            for number in range((page - 1) * PER_PAGE, min(page * PER_PAGE, len(TITLES)))
        )
        return (
            f"<!doctype html><html lang='vi'><head><meta charset='utf-8'><title>Tin khuyến nông</title>{head}</head><body>{menu}"
            f"<div class='main'>{rows}{pager(url, page, last)}</div></body></html>"
        )

    pages = {url(page): shown(page) for page in range(1, last + 1)}
    pages |= {"/": shown(1)} | {path(number): article(title, day=f"{number + 1:02d}/03/2024") for number, title in enumerate(TITLES)}
    with serving_pages(pages) as site:
        _crawl(place, site)
        found = {str(one).removeprefix(site.url) for (one,) in place.rows("select url from articles")}
    assert found == {path(number) for number in range(len(TITLES))}


def _crawl(place: Place, site: Site) -> None:
    source = place.source("cuoi", site.url)
    place.scrapy("crawl", "cuoi", SOURCES_EXTRA=source, DOWNLOAD_DELAY=0, DOWNLOAD_DELAY_JITTER=0)
