"""Whole made-up sites (tests/whole_sites), read page by page, and as a gate crawled twice from their home page: on the second day each
section has a new article.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

import pytest

from scraper.citations.resolving.known_documents import DocumentsInMemory
from scraper.model import Capture, LinkRole, Page, PageKind
from scraper.parse import read_page
from scraper.post_urls import url_of
from scraper.reader import read
from scraper.sources import made_up
from tests.conftest import Place
from tests.server import Answer, Sent, Site, answer_of, serving_pages
from tests.whole_sites import SITES, Data, Made

HOST = "http://so.conen.test"


def _read(made: Made, path: str, body: bytes | None = None, kind: str = "text/html; charset=utf-8") -> Page:
    page = made.pages[path] if body is None else body
    encoded = page.replace("SITE", HOST).encode() if isinstance(page, str) else page[2] if isinstance(page, tuple) else page
    captured = datetime(2024, 7, 1, tzinfo=UTC)
    return read_page(Capture(HOST + path, 200, (("Content-Type", kind),), encoded, captured), made_up(HOST), as_list=True)


def _capture(made: Made, path: str) -> Capture:
    page = made.pages[path]
    assert isinstance(page, str)
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return Capture(HOST + path, 200, headers, page.replace("SITE", HOST).encode(), datetime(2024, 7, 1, tzinfo=UTC))


def _next(page: Page) -> list[str]:
    return [url_of(link).removeprefix(HOST) for link in page.links if link.role is LinkRole.NEXT]


GET = "/chuyen-muc/thong-bao?page="
NEXT = {
    "pager: twbs, location": f"{GET}2",
    "pager: twbs, href": f"{GET}2",
    "pager: function, location": f"{GET}2",
    "pager: GET form": f"{GET}2",
    "pager: data-page": f"{GET}2",
    "pager: buttons": f"{GET}2",
    "pager: ant": f"{GET}2",
    "pager: element": f"{GET}2",
    "pager: simplePagination": f"{GET}2",
    "pager: POST form": "/chuyen-muc/thong-bao?__wb_method=POST&trang=2&__wb_page=2",
    "pager: pagination.js": "/api/tin?muc=thong-bao&page=1&limit=4",
    "endless: data-next-url": "/phan/9/2",
    "endless: data-url and data-page": "/ajax/load-more?category=thong-bao&page=2",
    "sharepoint 2013": "/thongbao/Pages/default.aspx?__wb_method=POST&ctl00$ctl47$g_5c0a$hdfCurrentPage=2"
    "&__EVENTTARGET=ctl00$ctl47$g_5c0a$btnPaging&__EVENTARGUMENT=&__wb_page=2",
}  # fmt: skip


@pytest.mark.parametrize("name", NEXT)
def test_the_second_page_of_a_list_that_a_script_turns(name: str) -> None:
    made = SITES[name](Data())
    first = next(path for path in ("/chuyen-muc/thong-bao", "/thong-bao", "/muc/9", "/thongbao/Pages/default.aspx") if path in made.pages)
    assert NEXT[name] in _next(_read(made, first))
    last = f"{GET}3"
    if last in made.pages:  # nothing follows it
        assert all(path in made.pages for path in _next(_read(made, last)))


def test_numbers_without_urls_whose_page_is_the_first_one_again() -> None:
    """The server ignores the parameter that was tried: the list ends, with a failure."""
    made = SITES["pager: buttons"](Data())
    first = made.pages["/chuyen-muc/thong-bao"]
    assert isinstance(first, str)
    again = _read(made, f"{GET}2", first.encode())
    assert _next(again) == [] and [fault.reason for fault in again.faults] == ["script-pager"]


TEXTS = ["text in srcdoc", "text in a textarea", "text in a hidden input", "text in a template", "spa with sitemap and state"]


@pytest.mark.parametrize("name", [*TEXTS, "day only in the URL", "nuxt 3 with links"])
def test_every_article_is_read_whole(name: str) -> None:
    """The text is kept for a script, or a notice of one paragraph has its day only in its URL, or beside its section."""
    made = SITES[name](Data())
    for path, story in made.articles.items():
        article = _read(made, path).article
        assert article is not None, path
        body = (article.body.value or "").removesuffix("Tải về tệp đính kèm").rstrip()
        assert (article.title.value, body) == (story.title, "\n\n".join(story.paragraphs)), path
        assert article.published.value is not None and article.published.value.date() == story.at.date()
        assert tuple(one.url.removeprefix(HOST) for one in article.attachments) == story.files


@pytest.mark.parametrize("name", [name for name in SITES if name.startswith("list: ")])
def test_a_list_that_a_script_draws_from_data_beside_a_menu(name: str) -> None:
    data = Data()
    made = SITES[name](data)
    first = next(path for path in ("/chuyen-muc/thong-bao", "/thongbao/Pages/default.aspx") if path in made.pages)
    found = {link.url.removeprefix(HOST) for link in _read(made, first).links if link.role is LinkRole.ARTICLE}
    assert found == {path for path, story in made.articles.items() if story in data.of(2)}


def test_a_text_that_is_a_page_of_its_own_in_a_frame() -> None:
    made = SITES["text in an iframe"](Data())
    path, story = next((path, story) for path, story in made.articles.items() if story.files)
    capture, source = _capture(made, path), made_up(HOST)
    [part] = [link.url for link in read_page(capture, source).links if link.role is LinkRole.PART]
    reading = read(capture, source, DocumentsInMemory([]), later=[_capture(made, part.removeprefix(HOST))])
    assert reading.page.article is not None and (reading.page.article.body.value or "").startswith("\n\n".join(story.paragraphs))
    assert [one.url.removeprefix(HOST) for one in reading.page.article.attachments] == [*story.files]
    assert any(story.document in one.mention.text for one in reading.citations)


@pytest.mark.parametrize("name", [name for name in SITES if name.startswith("menu: ") and "none" not in name])
def test_the_sections_of_a_menu_that_a_script_loads_or_writes(name: str) -> None:
    made = SITES[name](Data())
    links = {link.url.removeprefix(HOST) for link in _read(made, "/").links if link.role is LinkRole.LISTING}
    parts = [path for path in ("/modules/menu.html", "/js/menu.js", "/menu.html") if path in made.pages]
    assert links >= {*parts}
    for part in parts:
        kind = "application/javascript" if part.endswith(".js") else "text/html; charset=utf-8"
        links |= {link.url.removeprefix(HOST) for link in _read(made, part, kind=kind).links if link.role is LinkRole.LISTING}
    assert links >= {"/muc/1", "/muc/2", "/muc/3"}


def test_the_feeds_of_a_home_page_that_only_a_script_fills() -> None:
    page = _read(SITES["only feeds"](Data()), "/")
    assert page.kind is PageKind.REFUSED and page.failure is not None and page.failure.reason == "script-shell"
    assert [(link.role, link.url) for link in page.links] == [
        (LinkRole.FEED, f"{HOST}/rss/{name}.rss") for name in ("tin-tuc-su-kien", "chuyen-doi-so", "thong-bao")
    ]


def _serve(site: Site, made: Made) -> None:
    site.pages = {path: answer_of(page, site.url) for path, page in made.pages.items()}
    program = made.program

    def answer(sent: Sent) -> Answer | None:
        found = program(sent) if program is not None else None
        return (found[0], found[1], found[2].replace(b"SITE", site.url.encode())) if found is not None else None

    site.program = answer


def _faults(place: Place, site: Site, made: Made) -> list[str]:
    """Returns what differs between the stored rows and what the site publishes."""
    cited, files = defaultdict(set), defaultdict(set)
    for article, text in place.rows("select article_id, text from citations"):
        cited[article].add(str(text))
    for article, url in place.rows("select article_id, url from attachments"):
        files[article].add(str(url).removeprefix(site.url))
    sql = "select a.url, a.title, a.published_at, t.body, a.id from articles a join article_text t on t.article_id = a.id"
    rows = {str(row[0]).removeprefix(site.url): row[1:] for row in place.rows(sql)}
    faults = [f"no article: {path}" for path in rows.keys() - made.articles] + [f"missing: {path}" for path in made.articles.keys() - rows]
    for path in rows.keys() & made.articles.keys():
        story, (title, published, body, article) = made.articles[path], rows[path]
        left = re.sub(r"\s+", " ", body or "")
        for paragraph in story.paragraphs:
            faults += [f"text: {path}: {paragraph}"] if paragraph not in left else []
            left = left.replace(paragraph, "")
        left = left.replace(story.day(), "").replace("Tải về tệp đính kèm", "")  # a layout keeps a date that is inside its text
        faults += [f"more text: {path}: {left}"] if story.paragraphs and len(" ".join(left.split())) > len("(00:00) Tải về") else []
        faults += [f"title: {path}: {title}"] if title != story.title else []
        faults += [f"day: {path}: {published}"] if str(published)[:10] != f"{story.at.date()}" else []
        faults += [f"files: {path}: {files[article]}"] if files[article] != set(story.files) else []
        faults += [f"citations: {path}: {cited[article]}"] if not any(story.document in text for text in cited[article] or {""}) else []
    return faults


@pytest.mark.gate
@pytest.mark.parametrize("name", SITES)
def test_a_whole_site_on_two_days(place: Place, name: str) -> None:
    settings: dict[str, Any] = {"DOWNLOAD_DELAY": 0, "DOWNLOAD_DELAY_JITTER": 0}
    with serving_pages({}) as site:
        source = place.source("mau", site.url, more="expect = { max_quiet_days = 9999 }")
        for second_day in (False, True):
            made = SITES[name](Data(second_day=second_day))
            _serve(site, made)
            if not second_day:
                place.scrapy("probe", "mau", "--write", code=None, SOURCES_EXTRA=source, **settings)
            place.scrapy("update", "mau", "--force", code=None, SOURCES_EXTRA=source, **settings)
            assert _faults(place, site, made) == []
            states = place.rows("select state, reason from health_now")
            assert states == [("broken", "script-shells")] if not made.articles else states[0][0] == "ok"
