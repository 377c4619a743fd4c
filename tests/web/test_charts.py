"""Charts: drawn in a real browser without eval and without another host; without a script, the static picture is there."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import PROJECT
from tests.web.conftest import in_chromium

VENDOR = PROJECT / "scraper/web/plugin/static/vendor"


def _watched(browser: Browser, url: str, **options: Any) -> tuple[Page, list[str]]:
    """Returns a page, and the list of what must not happen on it: an error, or a request to another host."""
    page, faults = browser.new_page(**options), list[str]()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    page.on("request", lambda request: None if urlsplit(request.url).netloc in (urlsplit(url).netloc, "") else faults.append(request.url))
    return page, faults


def test_the_versions_of_the_bundled_libraries_are_those_that_are_noted() -> None:
    noted = re.findall(r"^\| `(\S+)` \| (\S+?),? .*?\| ([\d.]+) \|", (VENDOR / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for name, _, _ in noted] == ["vega.min.js", "vega-lite.min.js", "vega-embed.min.js"]
    licences = (VENDOR / "LICENSES.txt").read_text(encoding="utf-8")
    for name, package, version in noted:
        assert f'"{version}"' in (VENDOR / name).read_text(encoding="utf-8"), name
        assert f"{package} {version} (BSD-3-Clause)" in licences


@in_chromium
@pytest.mark.parametrize(("language", "words"), [pytest.param("", "Vẽ biểu đồ", marks=pytest.mark.gate), ("/en", "Draw a chart")])
def test_a_chart_of_any_query_is_kept_in_the_url(browser: Browser, url: str, language: str, words: str) -> None:
    page, faults = _watched(browser, url)
    page.goto(f"{url}{language}/archive/citations_by_type_and_year")
    assert page.locator(".chart-builder svg.marks").count() == 0
    page.click(f"text={words}")
    page.wait_for_selector(".chart-builder svg.marks")
    assert page.locator(".chart-builder .mark-rect path").count() > 20
    assert page.locator(".chart-builder select[name=y] option[value=articles]").inner_text() == ("Articles" if language else "Số bài")
    page.select_option("select[name=together]", "sum")
    page.select_option("select[name=colour]", "type")
    page.wait_for_selector(".chart-builder svg.marks .role-legend")
    chosen = page.url
    assert "#chart?mark=bar&x=year&y=articles&together=sum&colour=type" in chosen
    page.close()
    page, more = _watched(browser, url, viewport={"width": 390, "height": 800}, color_scheme="dark")
    page.goto(chosen)
    page.wait_for_selector(".chart-builder svg.marks .role-legend")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    page.close()
    assert faults == more == []


MONTHS = """select '2026-' || value as month, 3 as articles from json_each('["03", "04", "05", "07"]')"""
TIMES = "select '2026-03-0' || value || 'T00:30:00+07:00' as published_at, value as articles from json_each('[1, 2, 5]')"


@in_chromium
@pytest.mark.parametrize("zone", ["Asia/Ho_Chi_Minh", "America/New_York"])
def test_days_and_months_of_a_chart_are_those_of_the_rows_in_the_language_of_the_page(browser: Browser, url: str, zone: str) -> None:
    page, faults = _watched(browser, url, timezone_id=zone)

    def labels(language: str, sql: str, x: str) -> list[str]:
        page.goto("about:blank")
        page.goto(f"{url}{language}/archive?sql={quote(sql)}#chart?mark=line&x={x}&y=articles")
        page.wait_for_selector(".chart-builder svg.marks .role-axis-label text")
        return page.locator(".chart-builder svg.marks .role-axis").nth(2).locator(".role-axis-label text").all_text_contents()

    assert labels("", MONTHS, "month") == ["03/2026", "04/2026", "05/2026", "06/2026", "07/2026"]
    assert labels("/en", MONTHS, "month")[0] == "2026-03"
    assert labels("", TIMES, "published_at")[0] == "01/03/2026"
    page.close()
    assert faults == []


@in_chromium
def test_choices_that_follow_each_other_at_once_leave_one_chart(browser: Browser, url: str) -> None:
    page, faults = _watched(browser, url)
    page.goto(f"{url}/archive?sql={quote(MONTHS)}")
    page.click("text=Vẽ biểu đồ")
    page.wait_for_selector(".chart-builder select[name=mark]")
    page.evaluate(
        """() => { for (const mark of ["line", "area", "point", "tick", "line"]) {
            const select = document.querySelector("select[name=mark]");
            select.value = mark;
            select.dispatchEvent(new Event("change"));
        } }"""
    )
    page.wait_for_selector(".chart-builder svg.marks .mark-line", state="attached")
    page.wait_for_timeout(300)
    assert page.locator(".chart-builder svg.marks").count() == 1
    assert page.locator(".chart-builder .vega-actions a").all_text_contents() == ["Lưu thành SVG", "Lưu thành PNG"]
    page.close()
    assert faults == []


@in_chromium
def test_a_chart_of_a_table_says_of_how_many_rows_it_is(browser: Browser, url: str) -> None:
    page, faults = _watched(browser, url)
    page.goto(f"{url}/en/archive/documents#chart?mark=point&x=issued_on&y=article_count")
    page.wait_for_selector(".chart-builder svg.marks")
    note = page.locator(".chart-builder [role=status]").inner_text()
    found = re.match(r"Drawn from (\d+) rows\. There are (\d+): the others are not in the chart\.", note)
    assert found and int(found[1]) == 1000 < int(found[2])
    page.close()
    assert faults == []


@in_chromium
def test_charts_are_drawn_under_a_strict_policy(browser: Browser, url: str) -> None:
    """Without eval, inline styles and other hosts."""
    policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"
    page, faults = _watched(browser, url)

    def with_policy(route: Any) -> None:
        response = route.fetch()
        route.fulfill(response=response, headers=response.headers | {"content-security-policy": policy})

    page.route("**/-/charts/*", with_policy)
    page.route("**/-/diffusion/*", with_policy)
    page.goto(f"{url}/archive/find_document?q=07/2008/CT-BTTTT")
    document = page.locator("td.col-document_id a").inner_text()
    for path, drawn in (
        ("charts/cocitations", 1),
        ("charts/articles_per_month", 1),
        ("charts/words_by_year", 1),
        (f"diffusion/{document}", 2),
    ):
        page.goto(f"{url}/-/{path}")
        page.wait_for_selector(f":nth-match(.chart.is-drawn svg.marks, {drawn})")
        assert not page.locator("svg.static").first.is_visible()
    page.close()
    # Datasette's own inline script for menus is refused, and nothing else.
    assert [fault for fault in faults if "inline script" not in fault] == []


@in_chromium
def test_without_a_script_there_is_the_picture(browser: Browser, url: str) -> None:
    page = browser.new_page(java_script_enabled=False, color_scheme="dark")
    page.goto(f"{url}/-/charts/citations_by_type_and_year")
    assert page.locator("svg.static rect").count() > 20 and page.locator("svg.static").is_visible()
    page.close()
