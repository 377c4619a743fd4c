"""No fault that axe-core calls critical or serious, on our pages and Datasette's: in both languages, light and dark, narrow and wide.

`axe-core/axe.min.js` is the npm package axe-core 4.14.1, unchanged. It is used by these tests only.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.web.conftest import in_chromium

pytestmark = in_chromium

AXE = (Path(__file__).with_name("axe-core") / "axe.min.js").read_text(encoding="utf-8")

PAGES = (
    "/",
    "/archive",
    "/archive/articles",
    "/archive/articles?_search=nghe+an&_facet=section&source_id__contains=sample&_nocol=url",
    "/archive/articles?_search=zzzz",
    "/archive/articles/1",
    "/archive/articles/20",
    "/archive/documents",
    "/archive/documents/5711",
    "/archive/citations/1",
    "/archive/captures/1",
    "/archive/sources/sample-nghe-an",
    "/archive/units/ha-noi",
    "/archive/units/ha-tay",
    "/archive/who_cited?number=07/2008/CT-BTTTT",
    "/archive/search?q=phan+mem+nguon+mo",
    "/archive/gaps_by_source",
    "/archive?sql=select+id,+title+from+articles+limit+3",
    "/archive?sql=select+nothing",
    "/archive/nothing",
    "/-/health",
    "/-/gaps",
    "/-/about",
    "/-/kept/1",
    "/-/search?q=nghe+an",
    "/-/who-cited?number=07/2008/CT-BTTTT",
    "/-/diffusion/5711",
    "/-/questions",
    "/-/charts",
    "/-/charts/articles_per_month",
    "/-/charts/cocitations",
    "/-/search",
    "/-/search?q=phan+mem&unit=nghe-an",
    "/-/search?q=7/2008/ct-btttt&from=19x",
    "/-/who-cited?number=07/2008/CT-BTTTT%0Anghi+dinh+72%0A99/1899/XX",
)
SAMPLE = (
    "/",
    "/-/search?q=phan+mem&unit=nghe-an",
    "/archive/articles",
    "/archive/articles/20",
    "/archive?sql=select+id,+title+from+articles+limit+3",
)

_FAULTS = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
  .filter(fault => ["critical", "serious"].includes(fault.impact))
  .map(fault => fault.id + ": " + fault.nodes.slice(0, 3).map(
    node => node.html.slice(0, 200) + " " + node.any.map(one => one.message).join("; ")).join(" | "))"""


def _faults(browser: Browser, url: str, paths: tuple[str, ...], width: int, scheme: Any) -> dict[str, list[str]]:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    found = {}
    for path in paths:
        page.goto(url + path)
        page.add_script_tag(content=AXE)
        if faults := page.evaluate(_FAULTS):
            found[path] = faults
    page.close()
    return found


@pytest.mark.parametrize(("width", "scheme"), [pytest.param(1280, "light", marks=pytest.mark.gate), (390, "dark")])
def test_some_pages_have_no_serious_fault(browser: Browser, url: str, width: int, scheme: Any) -> None:
    start = "/en" if scheme == "dark" else ""
    assert _faults(browser, url, tuple(start + path for path in SAMPLE), width, scheme) == {}


@pytest.mark.gate
@pytest.mark.parametrize("start", ["", "/en"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_fault(browser: Browser, url: str, start: str, width: int, scheme: Any) -> None:
    assert _faults(browser, url, tuple(start + path for path in PAGES), width, scheme) == {}


def test_a_fault_is_found(browser: Browser) -> None:
    """The check itself: a picture without a text, a field without a label, grey on grey."""
    page = browser.new_page()
    faulty = '<img src="x.png"><input><p style="color:#aaa;background:#999">grey on grey</p>'
    page.set_content(f'<html lang="vi"><title>x</title><main><h1>x</h1>{faulty}</main>')
    page.add_script_tag(content=AXE)
    assert {fault.partition(":")[0] for fault in page.evaluate(_FAULTS)} == {"color-contrast", "image-alt", "label"}
    page.close()
