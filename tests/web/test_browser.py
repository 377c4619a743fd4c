"""What visitors do, in a real browser. `test_every_page.py` looks at all pages. Skipped with a reason if there is no Chromium."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.web.conftest import in_chromium

pytestmark = in_chromium


def test_a_researcher_finds_who_cited_a_directive(browser: Browser, url: str) -> None:
    page = browser.new_page()
    page.goto(url)
    page.fill("input[name=number]", "chi thi 07/2008/ct-btttt")
    with page.expect_navigation():
        page.press("input[name=number]", "Enter")
    assert page.locator("table.plain tr:has(td)").count() == 4
    page.click("p.lead a")
    page.wait_for_url("**/documents/*")
    assert page.locator("h1").inner_text() == "Chỉ thị 07/2008/CT-BTTTT"
    page.click("text=Nghệ An: Hội thảo phần mềm nguồn mở")
    page.wait_for_url("**/articles/*")
    assert page.locator(".text .story").count() == 2
    page.click("a.citation >> nth=0")
    page.wait_for_url("**/documents/*")
    assert page.locator("h1").inner_text() == "Chỉ thị 07/2008/CT-BTTTT"
    page.close()


def test_search_from_the_home_page(browser: Browser, url: str) -> None:
    page = browser.new_page()
    page.goto(url)
    page.fill("input[name=q]", "nghe an")
    with page.expect_navigation():
        page.press("input[name=q]", "Enter")
    assert page.locator(".hits li").count() == 8
    page.click(".hit-title >> nth=0")
    page.wait_for_url("**/articles/*")
    assert page.locator("article h1").count() == 1
    page.close()


SEARCHES = {
    "thanh hoá": None,
    "phan mem nguon mo": "Mười năm phần mềm nguồn mở ở Nghệ An",
    "CĐS": "Chương trình hành động thực hiện Nghị quyết 57",
    "749/qd-ttg": "Chiến lược phát triển Chính phủ điện tử hướng tới Chính phủ số",
    "baỏ đảm an toàn": "Quy chế bảo đảm an toàn thông tin của thành phố",
}


def test_searches_from_the_box_in_the_header(browser: Browser, url: str) -> None:
    """The answer is near the top of the page, with marks, also on a narrow screen, and links lead to it and back."""
    page = browser.new_page(viewport={"width": 390, "height": 900})
    for typed, first in SEARCHES.items():
        page.goto(f"{url}/archive/articles/1")
        page.fill(".search-box input[name=q]", typed)
        with page.expect_navigation():
            page.press(".search-box input[name=q]", "Enter")
        assert page.locator(".big-search input[name=q]").input_value() == typed
        assert first in (None, page.locator(".hit-title").first.inner_text())
        top = page.locator(".hits li").first.bounding_box()
        assert top is not None and top["y"] < 700, typed
        if first is not None:
            assert page.locator(".hits mark").count() > 0
    page.click("details.search-filters summary")
    page.select_option("select[name=unit]", "ha-noi")
    with page.expect_navigation():
        page.click(".filter-fields button")
    assert page.locator(".hit-title").count() == 1 and "unit=ha-noi" in page.url
    page.click("header a[hreflang=en]")
    assert page.locator(".count b").first.inner_text() == "1 article"
    page.click(".hit-title")
    page.wait_for_url("**/en/archive/articles/*")
    page.close()


def test_the_meaning_of_the_columns_is_folded_away(browser: Browser, url: str) -> None:
    page = browser.new_page()
    page.goto(f"{url}/archive/articles")
    described = page.locator("dl.column-descriptions")
    assert not described.is_visible()
    page.click("summary")
    assert described.is_visible()
    page.close()
