"""Every page in a real browser, in both languages, narrow and wide, light and dark: it fits, no text is cut, axe-core calls nothing
critical or serious, nothing is requested from another host, and no script fails.

`axe-core/axe.min.js` is the npm package axe-core 4.14.1, unchanged. It is used by these tests only.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request

from benchmarks.datasette_server import running
from tests.conftest import PROJECT, Place
from tests.described import metadata
from tests.web.conftest import in_chromium
from tests.web.site_pages import ERRORS, every_page

pytestmark = in_chromium

AXE = (Path(__file__).with_name("axe-core") / "axe.min.js").read_text(encoding="utf-8")
SAMPLE = (
    "/",
    "/-/search?q=phan+mem&unit=nghe-an",
    "/archive/articles/20",
    "/archive?sql=select+id,+title+from+articles+limit+3",
)

_PATIENCE = 120_000  # milliseconds that a page may take on a busy machine

_SERIOUS = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
  .filter(fault => ["critical", "serious"].includes(fault.impact))
  .map(fault => fault.id + ": " + fault.nodes.slice(0, 3).map(
    node => node.html.slice(0, 200) + " " + node.any.map(one => one.message).join("; ")).join(" | "))"""
# Texts that are wider than their box, which does not scroll; and labels of pictures outside their picture.
_CUT = """() => {
  const cut = [];
  const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (over > 0) cut.push("the page scrolls by " + over);
  for (const one of document.querySelectorAll("body *:not(svg, svg *, .CodeMirror, .CodeMirror *, input)")) {
    const style = getComputedStyle(one);
    if (["hidden", "clip"].includes(style.overflowX) && one.clientWidth > 2 && one.scrollWidth > one.clientWidth + 1)
      cut.push("cut: " + one.outerHTML.slice(0, 120));
  }
  for (const picture of document.querySelectorAll("main svg")) {
    const box = picture.getBoundingClientRect();
    if (!box.width) continue;
    for (const text of picture.querySelectorAll("text")) {
      const at = text.getBoundingClientRect();
      if (at.width && (at.left < box.left - 2 || at.right > box.right + 2 || at.top < box.top - 3 || at.bottom > box.bottom + 3))
        cut.push("outside the picture: " + text.textContent);
    }
  }
  return cut;
}"""


@pytest.fixture(scope="module")
def site(sample: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server of the sample with its captures, and of a published copy of it."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(sample.captures, folder / "captures")
    shutil.copy(sample.archive, folder / "archive.db")
    Place(folder).scrapy("publish", str(folder / "copies"), "--without-digests")
    described = metadata()
    described["plugins"] = {"vietnam-government-news-archive": {"copies": str(folder / "copies"), "contact": "tac-gia@example.org"}}
    (folder / "metadata.yml").write_text(yaml.safe_dump(described, allow_unicode=True), encoding="utf-8")
    shutil.copy(PROJECT / "settings.json", folder)
    with running([sys.executable, "-m", "datasette", str(folder)]) as url:
        yield url
    for published in (folder / "copies").iterdir():
        published.chmod(0o755)  # so that the folder can be removed


def _of_the_page(page: Page) -> list[str]:
    page.add_script_tag(content=AXE)
    return [*page.evaluate(_CUT), *page.evaluate(_SERIOUS)]


def _note_request(url: str, faults: list[str], request: Request) -> None:
    if not request.url.startswith((f"{url}/", "data:", "blob:")):
        faults.append(f"requests {request.url}")


def _note_message(faults: list[str], message: ConsoleMessage) -> None:
    if message.type == "error" and "the server responded with a status of 4" not in message.text:  # the page itself
        faults.append(message.text)


def _note_error(faults: list[str], error: Error) -> None:
    faults.append(str(error))


def _faults(browser: Browser, url: str, paths: dict[str, int], width: int, scheme: Any) -> dict[str, list[str]]:
    """Returns what is wrong on pages: URL without the host → faults."""
    found: dict[str, list[str]] = {}
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    context.set_default_timeout(_PATIENCE)
    page, faults = context.new_page(), list[str]()  # one for all: Chromium starts two processes for each new one
    page.on("request", partial(_note_request, url, faults))
    page.on("console", partial(_note_message, faults))
    page.on("pageerror", partial(_note_error, faults))
    for path, status in paths.items():
        page.goto("about:blank")  # otherwise nothing is requested if only the part after "#" is another one
        response = page.goto(url + path, wait_until="load" if "/kept/" in path else "networkidle")  # a frame without scripts is never idle
        if response is None or response.status != status:
            faults.append(f"status {response and response.status}")
        if "#chart" in path:
            page.wait_for_selector(".chart-builder svg.marks")
        faults += _of_the_page(page)
        if faults:
            found[path] = list(faults)
            faults.clear()
    context.close()
    return found


@pytest.mark.parametrize(("start", "width", "scheme"), [("/en", 390, "dark")])
def test_some_pages_are_sound(browser: Browser, site: str, start: str, width: int, scheme: Any) -> None:
    assert _faults(browser, site, {start + path: ERRORS.get(path, 200) for path in SAMPLE}, width, scheme) == {}


@pytest.mark.gate
@pytest.mark.parametrize("start", ["", "/en"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_sound(browser: Browser, site: str, start: str, width: int, scheme: Any) -> None:
    assert _faults(browser, site, {start + path: status for path, status in every_page().items()}, width, scheme) == {}


@pytest.mark.gate
@pytest.mark.parametrize("start", ["", "/en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_of_a_refusal_is_sound(browser: Browser, site: str, start: str, scheme: Any) -> None:
    """The page with the status 429, which a visitor gets who sends too many heavy requests at once."""
    heavy = "with recursive n(x) as (select 1 union all select x + 1 from n) select sum(x) from n"
    page = browser.new_page(viewport={"width": 390, "height": 900}, color_scheme=scheme, bypass_csp=True)
    with ThreadPoolExecutor(24) as clients:
        busy = [clients.submit(httpx.get, f"{site}/archive.json", params={"sql": heavy}, timeout=120) for _ in range(24)]
        # Those that are not refused take seconds, so no place is free after the first refusal.
        assert any(one.result().status_code == 429 for one in as_completed(busy))
        response = page.goto(f"{site}{start}/archive/articles")
        assert response is not None and response.status == 429
        assert _of_the_page(page) == []
    page.close()


def test_a_fault_is_found(browser: Browser) -> None:
    """The checks themselves: a picture without a text, a field without a label, grey on grey, a long word in a box that hides it."""
    page = browser.new_page()
    faulty = '<img src="x.png"><input><p style="color:#aaa;background:#999">grey on grey</p>'
    faulty += f'<p style="overflow:hidden;width:50px">{"x" * 99}</p><svg width="90" height="20"><text x="60" y="15">too long</text></svg>'
    page.set_content(f'<html lang="vi"><title>x</title><main><h1>x</h1>{faulty}</main>')
    found = {fault.partition(":")[0] for fault in _of_the_page(page)}
    assert found == {"color-contrast", "image-alt", "label", "cut", "outside the picture"}
    page.close()
