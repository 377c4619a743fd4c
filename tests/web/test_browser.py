"""What visitors do, in a real browser. `test_every_page.py` looks at all pages. Skipped with a reason if there is no Chromium."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.web.conftest import in_chromium
from tests.web.site_pages import DIRECTIVE_ID

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
    "CĐS": "Nghệ An hưởng ứng Ngày Chuyển đổi số quốc gia",
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


# The smallest number of a picture in pixels; labels of a chart that are outside what the window shows.
_SMALLEST = """picture => Math.min(...[...picture.querySelectorAll("text")].map(
  text => parseFloat(getComputedStyle(text).fontSize) * picture.getBoundingClientRect().width / picture.viewBox.baseVal.width))"""
_OUTSIDE = """() => [...document.querySelectorAll("svg.marks text")].filter(
  text => text.getBoundingClientRect().right > document.documentElement.clientWidth).map(text => text.textContent)"""


def test_charts_are_legible_on_a_phone(browser: Browser, url: str) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 800})
    for path in ("/", f"/archive/documents/{DIRECTIVE_ID}", "/-/lives", "/archive/sources/sample-nghe-an"):
        page.goto(url + path)
        pictures = page.locator("main svg[viewBox]")
        assert pictures.count() > 0, path
        for picture in pictures.all():
            assert picture.evaluate(_SMALLEST) > 7.5, path
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
    page.goto(f"{url}/-/diffusion/{DIRECTIVE_ID}")
    page.locator("svg.marks").nth(1).wait_for()  # the curve, and the map
    assert page.evaluate(_OUTSIDE) == []
    page.close()


# The text of each cell of a table, or null if it is not shown. In one call: one for each cell takes ten seconds.
_CELLS = """() => [...document.querySelectorAll(".rows-and-columns tbody td")].map(
  cell => cell.getClientRects().length && getComputedStyle(cell).visibility !== "hidden" ? cell.innerText.trim() : null)"""


def test_a_card_on_a_phone_has_only_what_there_is(browser: Browser, url: str) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 800})
    for path in ("/archive/articles", "/archive/sources_crawled"):
        page.goto(url + path)
        cells = page.evaluate(_CELLS)
        shown = [text for text in cells if text is not None]
        assert 0 < len(shown) < len(cells) and all(shown), path
    page.set_viewport_size({"width": 1280, "height": 800})
    assert None not in page.evaluate(_CELLS)
    page.close()


def test_the_arrow_of_a_column_points_to_the_greater_values(browser: Browser, url: str) -> None:
    page = browser.new_page()
    for order, arrow in (("", "▼"), ("?_sort=published_at", "▲")):
        page.goto(f"{url}/archive/articles{order}")
        assert page.locator("th[aria-sort] a").inner_text().endswith(arrow)
    page.close()


# Whether the element that has the focus, or the box that Datasette draws around it, has an outline.
_HAS_OUTLINE = """() => [document.activeElement, document.activeElement.closest(".select-wrapper")].some(
  one => one && getComputedStyle(one).outlineStyle !== "none" && parseFloat(getComputedStyle(one).outlineWidth) >= 2)"""


def test_the_focus_of_the_keyboard_is_visible(browser: Browser, url: str) -> None:
    page = browser.new_page()
    for path in ("/archive/articles", "/-/search?q=phan+mem", "/archive/who_cited", f"/-/diffusion/{DIRECTIVE_ID}"):
        page.goto(url + path)
        for stop in range(14):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement !== document.body"):
                assert page.evaluate(_HAS_OUTLINE), (path, stop, page.evaluate("document.activeElement.outerHTML.slice(0, 200)"))
    page.close()


def test_a_printed_page_has_its_text_without_its_fields(browser: Browser, url: str) -> None:
    page = browser.new_page()
    for path, text in (
        ("/archive/articles/1", "article h1"),
        ("/-/search?q=phan+mem", ".hits"),
        ("/archive/articles", ".rows-and-columns"),
    ):
        page.goto(url + path)
        page.emulate_media(media="print")
        assert page.locator(text).first.is_visible()
        assert not any(one.is_visible() for one in page.locator("form:not(.sql), header a, .export-links, form button").all()), path
    # The answer of a named query says to what, and no column is beyond the paper.
    page.set_viewport_size({"width": 1040, "height": 700})  # A4, landscape
    page.goto(f"{url}/archive/who_cited?number=07/2008/CT-BTTTT")
    page.emulate_media(media="print")
    assert page.locator("form.sql input[name=number]").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    page.close()
