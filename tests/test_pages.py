"""Pages in the markup of each platform, one test per field. We wrote them, each after a model that it names, so they prove no accuracy.

`tests/pages/NAME.html` is the page, and `NAME.toml` holds the values that a person wrote down; docs/adding-a-source.md says how to add one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from scraper.model import Article, Capture, LinkRole, Moment, Page, Precision
from scraper.parse import read_page
from scraper.platforms import PLATFORMS
from scraper.sources import made_up
from tests.conftest import PROJECT

PAGES = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted((PROJECT / "tests/pages").glob("*.toml"))}
ARTICLES = [name for name, truth in PAGES.items() if truth["kind"] == "article"]
LISTINGS = [name for name, truth in PAGES.items() if truth["kind"] == "listing"]
REFUSED = [name for name, truth in PAGES.items() if truth["kind"] == "refused"]
_SHOWN = {Precision.MINUTE: 25, Precision.DAY: 10, Precision.MONTH: 7}


@cache
def _page(name: str, *, generic: bool = False) -> Page:
    truth = PAGES[name]
    headers = (("Content-Type", truth.get("content_type", "text/html")),)
    body = (PROJECT / "tests/pages" / f"{name}.html").read_bytes()
    capture = Capture(truth["url"], 200, headers, body, truth["captured"].astimezone(UTC))
    return read_page(capture, made_up(capture.url), generic=generic)


def _moment(moment: Moment) -> str:
    return moment.value.isoformat()[: _SHOWN[moment.precision]] if moment.value and moment.precision else ""


FIELDS: dict[str, tuple[Callable[[Article], Any], Any]] = {
    "title": (lambda article: article.title.value or "", ""),
    "summary": (lambda article: article.summary.value or "", ""),
    "author": (lambda article: article.author.value or "", ""),
    "section": (lambda article: article.section.value or "", ""),
    "tags": (lambda article: sorted(article.tags), []),
    "published": (lambda article: _moment(article.published), ""),
    "modified": (lambda article: _moment(article.modified), None),
    "body": (lambda article: (article.body.value or "").split("\n\n"), ""),
    "attachments": (lambda article: sorted(one.url for one in article.attachments), []),
    "dateline": (lambda article: article.dateline.value or "", ""),
    "byline": (lambda article: article.byline.value or "", ""),
}


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("name", ARTICLES)
def test_a_field(name: str, field: str) -> None:
    article = _page(name).article
    assert article is not None, _page(name).failure
    read, nothing = FIELDS[field]
    wanted = PAGES[name]["fields"].get(field, nothing)
    if wanted is None:
        return
    if field in ("tags", "attachments"):
        wanted = sorted(wanted)
    elif field == "body":
        wanted = [part.strip() for part in wanted.split("\n\n")]
    else:
        wanted = str(wanted)
    if field in ("published", "modified"):
        assert read(article)[:16] == wanted[:16].replace(" ", "T")
    elif field == "body":
        assert [" ".join(part.split()) for part in read(article)] == [" ".join(part.split()) for part in wanted]
    else:
        assert read(article) == wanted


@pytest.mark.parametrize("name", ARTICLES)
def test_the_layout_is_the_platforms_own(name: str) -> None:
    page, platform = _page(name), PAGES[name]["platform"]
    assert page.article is not None
    assert page.article.layout.partition("/")[0] in ((platform, "generic") if platform == "plain" else (platform,))


@pytest.mark.parametrize("name", [name for name in PAGES if PAGES[name]["kind"] != "refused" and PAGES[name]["platform"] != "plain"])
def test_the_platform_is_recognised_from_the_page(name: str) -> None:
    page = _page(name)
    assert page.platform == PAGES[name]["platform"]
    assert page.platform_score > page.runner_up_score


@pytest.mark.parametrize("name", LISTINGS)
def test_a_listing(name: str) -> None:
    page, wanted = _page(name), PAGES[name]["listing"]
    assert page.article is None and page.failure is None
    found = [link.url for link in page.links if link.role is LinkRole.ARTICLE]
    assert set(wanted["articles"]) <= set(found)
    following = [link.url for link in page.links if link.role is LinkRole.NEXT]
    assert wanted.get("next") in following if "next" in wanted else True


@pytest.mark.parametrize("name", ["nukeviet-34-desktop", "nukeviet-5-desktop"])
def test_a_section_whose_name_ends_in_a_year_is_no_article(name: str) -> None:
    found = [link.url for link in _page(name).links if link.role is LinkRole.ARTICLE]
    assert found
    assert not [url for url in found if url.endswith("/cai-cach-hanh-chinh/iso-9001-2008/")]


def test_the_addresses_of_one_article_have_one_key() -> None:
    platform, site = PLATFORMS["3cms"], "http://sogddt.huyencao-mau.test"
    by_path = f"{site}/sgdhuyencao/1283/30607/53496/490718/Thong-bao/Thong-bao-lich-tiep-cong-dan.aspx"
    in_query = f"{site}/Default.aspx?sname=sgdhuyencao&sid=1283&pageid=30607&catid=53496&id=490718"
    assert platform.article_key(by_path) == platform.article_key(f"{in_query}&catname=Thong-bao&title=Thong-bao") == "490718"
    assert platform.canonical_url(f"{in_query}&catname=Thong-bao&title=Thong-bao") == in_query
    for other in ("/sgdhuyencao/1283/30605/53496/Thong-bao/", "/Default.aspx?sname=sgdhuyencao&pageid=30614&id=7", "/Default.aspx"):
        assert platform.article_key(site + other) is None


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_article(name: str) -> None:
    failure = _page(name).failure
    assert failure is not None and failure.reason == PAGES[name]["refused"]["reason"]


def test_every_page_says_who_made_it_and_every_platform_has_one() -> None:
    assert [name for name, truth in PAGES.items() if "by this project" not in truth["made"] and not truth.get("checked_by")] == []
    sites = {path.stem for path in Path("tests/sites").glob("*.html")}  # whole sites, which tests/test_platform_sites.py crawls
    assert set(PLATFORMS) <= {truth["platform"] for truth in PAGES.values()} | sites
    assert {path.stem for path in Path("tests/pages").glob("*.html")} == set(PAGES)


# A page does not show in which zone NukeViet rendered it; only the layout knows.
_NOT_BY_GENERAL_RULES = {"nukeviet-44-other-zone"}


@pytest.mark.parametrize("name", ARTICLES)
def test_the_general_rules_without_layouts_read_title_and_day(name: str) -> None:
    """As after a redesign: a minimum for the fallback on every platform."""
    article, fields = _page(name, generic=True).article, PAGES[name]["fields"]
    assert article is not None and article.layout == "generic"
    assert _letters(article.title.value or "") == _letters(fields["title"])
    day = fields.get("published", "")[:10]
    if day and name not in _NOT_BY_GENERAL_RULES:
        assert _moment(article.published)[: len(day)] == day


@pytest.mark.parametrize("name", LISTINGS)
def test_the_general_rules_do_not_classify_a_list_as_an_article(name: str) -> None:
    assert _page(name, generic=True).article is None


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
