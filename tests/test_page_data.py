"""Articles and lists that only the data for a script describe. The pages are made by this project, in the form of each framework."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from typing import Any

import pytest

from scraper.model import Capture, LinkRole, Page, PageKind
from scraper.parse import read_page
from scraper.rule_codes import RuleCode
from scraper.sources import made_up

SITE = "http://xakhe.tralam.test"
TITLE = "Xã Khe nghiệm thu đoạn đường bê tông liên thôn"
URL = f"{SITE}/tin-tuc/xa-khe-nghiem-thu-doan-duong-be-tong-lien-thon-41"
LINES = (
    "Sáng nay, Ban giám sát cộng đồng của xã Khe đã nghiệm thu đoạn đường bê tông nối hai thôn, dài một nghìn hai trăm mét.",
    "Bà con góp hơn ba trăm ngày công và hiến bốn trăm mét vuông đất; phần còn lại do ngân sách của huyện chi trả.",
)
HTML = "".join(f"<p>{line}</p>" for line in LINES)
ARTICLE = {"id": 41, "title": TITLE, "sapo": "Đường dài 1,2 km.", "content": HTML, "publishedAt": "2025-05-14T09:30:00+07:00", "views": 7}
VIETNAMESE = {
    "tieuDe": TITLE,
    "noiDung": HTML,
    "ngay_xuat_ban": "14/05/2025 09:30",
    "tacGia": "Lò Thị Pó",
    "chuyenMuc": {"ten": "Nông thôn mới"},
}
OTHERS = [{"id": number, "title": f"Tin khác số {number} của xã Khe", "publishedAt": "2025-05-10T08:00:00+07:00"} for number in (1, 2)]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _nuxt3(value: object) -> str:
    """Returns a value as Nuxt 3 writes it: one list whose values refer to each other by their positions."""
    values: list[Any] = []

    def place(one: object) -> int:
        at = len(values)
        values.append(None)
        if isinstance(one, dict):
            values[at] = {name: place(inner) for name, inner in one.items()}
        elif isinstance(one, list):
            values[at] = [place(inner) for inner in one]
        else:
            values[at] = one
        return at

    place(value)
    return _json(values)


def _in_element(data: str, name: str) -> str:
    return f'<div id="{name}"></div><script id="{name}-data" type="application/json">{data}</script>'


def _nuxt2(article: dict[str, Any]) -> str:
    fields = "".join(f",{name}:{_json(value)}" for name, value in article.items() if name != "views").replace("</", "\\u003C\\u002F")
    data = (
        f"window.__NUXT__=(function(a,b,c){{return {{data:[{{post:{{hidden:a,views:void 0,score:.5{fields}}}}}],error:b}}}}(false,null,7));"
    )
    return f"<div id='__nuxt'></div><script>{data}</script>"


STATES: dict[str, Callable[[dict[str, Any]], str]] = {
    "Next": lambda one: _in_element(_json({"props": {"pageProps": {"article": one, "related": OTHERS}}}), "__next"),
    "Nuxt 3": lambda one: _in_element(_nuxt3({"data": {"post-41": {"post": one, "others": OTHERS}}, "state": {}}), "__nuxt"),
    "Nuxt 2": _nuxt2,
    "Angular": lambda one: "<app-root></app-root>" + _in_element(_json({"G.api": {"body": one}}).replace('"', "&q;"), "serverApp-state"),
    "variable": lambda one: (
        f"<div id=app></div><script>window.__INITIAL_STATE__ = {_json({'news': one, 'list': OTHERS})};(function(){{}}());</script>"
    ),
    "Inertia": lambda one: f'<div id=app data-page="{escape(_json({"props": {"post": one}}))}"></div><script src=/js/app.js></script>',
}


def _page(inside: str, url: str = URL, title: str = "Xã Khe") -> Page:
    page = f"<!doctype html><html lang=vi><head><meta charset=utf-8><title>{title}</title></head><body>{inside}</body></html>"
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return read_page(Capture(url, 200, headers, page.encode(), datetime(2025, 6, 1, tzinfo=UTC)), made_up(url))


@pytest.mark.parametrize("article", [ARTICLE, VIETNAMESE])
@pytest.mark.parametrize("state", STATES)
def test_an_article_that_only_a_script_shows(state: str, article: dict[str, Any]) -> None:
    page = _page(STATES[state](article))
    assert page.kind is PageKind.ARTICLE and page.article is not None
    assert (page.article.title.value, page.article.body.value) == (TITLE, "\n\n".join(LINES))
    assert page.article.published.value is not None and page.article.published.value.isoformat()[:16] == "2025-05-14T09:30"
    assert page.article.layout == "plain/page-data" and page.article.body.rule.code is RuleCode.PAGE_DATA
    if article is VIETNAMESE:
        assert (page.article.author.value, page.article.section.value) == ("Lò Thị Pó", "Nông thôn mới")


def test_the_files_and_the_lines_of_such_an_article() -> None:
    article = ARTICLE | {"content": "\n".join(LINES), "files": [{"name": "Biên bản", "fileUrl": "/upload/bien-ban.pdf"}]}
    page = _page(STATES["Next"](article))
    assert page.article is not None and page.article.body.value == "\n\n".join(LINES)
    assert [one.url for one in page.article.attachments] == [f"{SITE}/upload/bien-ban.pdf"]


def test_the_dates_of_aspnet() -> None:
    article = {name: value for name, value in ARTICLE.items() if name != "publishedAt"} | {"CreatedDate": "/Date(1747189800000)/"}
    page = _page(STATES["variable"](article))
    assert page.article is not None and page.article.published.value is not None
    assert page.article.published.value.isoformat()[:16] == "2025-05-14T09:30"


LIST = {"category": {"title": "Nông thôn mới"}, "items": [ARTICLE, ARTICLE | {"id": 42, "title": "Xã Khe trồng hai nghìn cây bản địa"}]}


@pytest.mark.parametrize(
    ("data", "url", "title"),
    [
        (LIST, f"{SITE}/tin-tuc/nong-thon-moi", "Nông thôn mới | Xã Khe"),
        ({"setting": {"title": "Xã Khe", "content": HTML, "updatedAt": "2025-05-14"}}, f"{SITE}/tra-cuu", "Xã Khe"),
        (
            {"page": {"title": "Chức năng, nhiệm vụ của UBND xã Khe", "content": HTML, "createdAt": "2025-05-14"}},
            f"{SITE}/gioi-thieu",
            "Xã Khe",
        ),
        ({"article": {name: value for name, value in ARTICLE.items() if name != "publishedAt"}}, URL, TITLE),
        ({"article": ARTICLE | {"content": "<p>Xem tệp.</p>"}}, URL, TITLE),
    ],
    ids=["list", "settings", "standing page", "without a day", "without a text"],
)
def test_data_that_are_no_article(data: dict[str, Any], url: str, title: str) -> None:
    page = _page(STATES["Next"](data), url, title)
    assert page.article is None and page.failure is not None and page.failure.reason == "script-shell"


def test_the_home_page_is_no_article() -> None:
    assert _page(STATES["Next"](ARTICLE), f"{SITE}/", TITLE).article is None


def test_the_shown_text_comes_before_the_data() -> None:
    shown = f"<h1>{TITLE}</h1><p>14/05/2025 10:15</p>{HTML}<p>Ảnh: Lò Thị Pó</p>"
    page = _page(shown + STATES["Next"](ARTICLE))
    assert page.article is not None and page.article.layout == "generic" and (page.article.body.value or "").endswith("Ảnh: Lò Thị Pó")


def test_a_list_that_only_a_script_shows() -> None:
    entries = [{"title": one["title"], "url": f"/tin-tuc/tin-khac-cua-xa-khe-so-{one['id']}.html", "date": "10/05/2025"} for one in OTHERS]
    page = _page(STATES["Next"]({"items": entries}), f"{SITE}/tin-tuc")
    links = [(link.url.removeprefix(SITE), str(link.day)) for link in page.links if link.role is LinkRole.ARTICLE]
    assert page.kind is PageKind.LISTING and links == [(entry["url"], "2025-05-10") for entry in entries]


@pytest.mark.parametrize(
    "script",
    [
        "window.__NUXT__=(function(a,b){return {data:[a,",
        "window.__NUXT__=(function(a){return {" + "a:{" * 3000 + "}}(1));",
        "window.__X__ = {broken",
        "window.__X__ = " + "[" * 100_000,
    ],
)
def test_data_that_cannot_be_parsed_cost_nothing(script: str) -> None:
    assert _page(f"<div id=app></div><script>{script}</script>").article is None


def test_a_list_of_nuxt_that_refers_to_itself_ends() -> None:
    assert _page(_in_element('[{"data":1},[0,1,1,1,1]]', "__nuxt")).article is None


_LONG = "&lt;" * 50_000
_HTML = f"<div>{_LONG}</div>"
_MANY = 2_000


@pytest.mark.parametrize(
    "inside",
    [
        f"<script>window.__NUXT__=(function(a){{return {{data:[{'a,' * _MANY}1]}}}}({_json(_LONG)}));</script>",
        _in_element(_json([{"a": 1}, [*range(4, 4 + _MANY)], TITLE, _HTML] + [{"name": 2, "html": 3}] * _MANY), "__nuxt"),
        _in_element(_json([{"a": 1}, [*range(4, 4 + _MANY)], "/a-1.html", _LONG] + [{"url": 2, "title": 3}] * _MANY), "__nuxt"),
    ],
    ids=["arguments", "parts", "titles"],
)
def test_a_long_text_that_is_named_many_times_is_not_copied_each_time(inside: str) -> None:
    tracemalloc.start()
    try:
        _page(f"<div id=app></div>{inside}")
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 100_000_000, f"{most / 1e6:.0f} MB for a page of {len(inside) / 1e6:.1f} MB"
