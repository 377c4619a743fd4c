"""The pages in a real browser: narrow and wide, light and dark. Skipped with a reason if there is no Chromium."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.web.conftest import in_chromium

pytestmark = in_chromium

PAGES = (
    "/",
    "/archive",
    "/archive/articles",
    "/archive/articles?_search=nghe+an",
    "/archive/articles/1",
    "/archive/documents",
    "/archive/sources/sample-nghe-an",
    "/-/health",
    "/archive/units/ha-noi",
    "/-/gaps",
    "/archive/who_cited?number=07/2008/CT-BTTTT",
    "/archive/search?q=phan+mem+nguon+mo",
    "/-/search?q=phan+mem+nguon+mo",
    "/-/search?q=chi+thi+07%2F2008%2FCT-BTTTT&unit=nghe-an",
    "/-/who-cited?number=07%2F2008%2FCT-BTTTT%0ANĐ+72%2F2013",
)


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (390, "light"),
        *(pytest.param(width, scheme, marks=pytest.mark.gate) for width, scheme in ((1280, "light"), (390, "dark"), (1280, "dark"))),
    ],
)
def test_every_page_fits_and_can_be_read(browser: Browser, url: str, width: int, scheme: Any) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    for path in PAGES:
        page.goto(url + path)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, path
        # The contrast of text and background is at least 4.5 : 1, as WCAG 2.2 requires (1.4.3).
        assert page.evaluate(_CONTRAST) >= 4.5, path
    page.close()
    assert faults == []


# The contrast of the body's text with its background, from the relative luminance of WCAG 2.2.
_CONTRAST = """() => {
  const rgb = (value) => value.match(/[0-9.]+/g).slice(0, 3).map(Number);
  const luminance = (value) => rgb(value).map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const style = getComputedStyle(document.body);
  const [a, b] = [luminance(style.color), luminance(style.backgroundColor)].sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
}"""


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
