"""Recordings of real sites: a whole NukeViet site, half of a real department's site, single pages of other platforms."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper.model import Capture, PageKind, Source
from scraper.parse import read_page
from scraper.sources import made_up
from scraper.text import clean
from scraper.warc.recording import Recording
from scraper.warc.records import decode
from tests.conftest import SHARED, Place

Shared = Callable[[str], Path]


def _score(place: Place, truth: Path) -> dict[str, float]:
    command: list[str | Path] = [sys.executable, SHARED / "pages/score_archive.py", place.archive, truth, "--json"]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def test_a_whole_nukeviet_site(place: Place, shared: Shared) -> None:
    """The floors may only rise."""
    extra = place.folder / "mine.toml"
    extra.write_text(
        '[[source]]\nid = "nghean-test"\nname = "Sở TT&TT Nghệ An (test)"\nunit = "nghe-an"\nsite = "http://sotttt.nghean.test"\n',
        encoding="utf-8",
    )
    place.scrapy("crawl", "nghean-test", SOURCES_EXTRA=extra, REPLAY=shared("pages/nukeviet/site.warc.gz"))
    score = _score(place, shared("pages/nukeviet/truth.jsonl"))
    assert (score["missing"], score["stored twice"], score["extra"]) == (0, 0, 0)
    fields = ("title", "summary", "author", "section", "published_at", "body exact", "attachments", "tags", "stories", "citation F1")
    assert {field: score[field] for field in fields} == dict.fromkeys(fields, 1.0)
    assert place.rows("select count(*) from failures where reason = 'off-site' and target not null") == [(3,)]
    assert place.rows("select distinct platform from captures where outcome = 'article'") == [("nukeviet",)]


@pytest.mark.gate
def test_half_of_a_real_departments_site(place: Place, shared: Shared) -> None:
    extra = place.folder / "mine.toml"
    extra.write_text(
        '[[source]]\nid = "ha-noi-test"\nname = "Sở TT&TT Hà Nội (test)"\nunit = "ha-noi"\nsite = "https://sotttt.hanoi.gov.vn"\n',
        encoding="utf-8",
    )
    place.scrapy("crawl", "ha-noi-test", SOURCES_EXTRA=extra, REPLAY=shared("pages/hanoi/site.warc.gz"))
    score = _score(place, shared("pages/hanoi/truth.jsonl"))
    # From the home page, no recorded page leads to 65 of the articles; a recording gives those, too.
    unlinked = (
        "select count(*) from articles where not exists (select 1 from candidates where candidates.key = articles.key and where_seen <> '')"
    )
    assert int(str(place.rows(unlinked)[0][0])) <= 65
    assert (score["missing"], score["stored twice"], score["extra"]) == (0, 0, 0)
    assert score["title"] == 1.0 and score["published_at"] == 1.0
    # Twelve pages hold only the name of their editor. Pages with text keep it.
    empty = place.rows("select count(*), min(body_rule = 'layout-element-without-text') from article_text where body = ''")
    assert empty == [(12, 1)]
    assert place.rows("select count(*) from articles where id not in (select article_id from article_text)") == [(0,)]
    assert place.rows("select count(*) from articles where url like '%pop_up%' or url like '%/login%'") == [(0,)]
    searched = place.rows(
        "select count(*) from citations join documents on documents.id = document_id where documents.number = '72/2013/NĐ-CP'"
    )
    assert int(str(searched[0][0])) > 10
    # Boxes beside the article also have titles, and editors have accounts.
    assert place.rows("select count(*) from articles where section in ('đầu tư công', 'quy hoạch - kế hoạch', 'liên kết website')") == [
        (0,)
    ]
    assert place.rows("select count(*) from articles where author like '%bien tap%' or author like 'admin%'") == [(0,)]


@pytest.mark.parametrize(("site", "step"), [("nukeviet", 2), ("hanoi", 15)])
def test_the_general_rules_without_layouts_read_title_and_day(shared: Shared, site: str, step: int) -> None:
    """As after a redesign: every other article of one site and every fifteenth of the other, without any layout."""
    truths = [json.loads(line) for line in shared(f"pages/{site}/truth.jsonl").read_text(encoding="utf-8").splitlines()]
    recording = Recording([shared(f"pages/{site}/site.warc.gz")])
    read, wrong = 0, []
    for truth in truths[::step]:
        found = recording.find(truth["absolute_url"], 10**7)
        if found is None or truth.get("external_link") or truth.get("external_url"):
            continue
        page = decode(found.response, 10**7)
        article = read_page(page, made_up(page.url), generic=True).article
        day = article.published.value.date().isoformat() if article is not None and article.published.value is not None else None
        read += 1
        if article is None or clean(article.title.value or "") != clean(truth["title"]) or day != ((truth["published"] or "")[:10] or None):
            wrong.append(page.url)
    recording.close()
    assert read > 20 and wrong == []


def _real(shared: Shared, file: str) -> tuple[Capture, Source]:
    path = shared(f"pages/real/{file}")
    with shared("pages/real/index.csv").open(encoding="utf-8", newline="") as listed:
        row = next(row for row in csv.DictReader(listed) if row["file"] == file)
    host = row["url"].split("/")[2]
    source = Source(id="real", name="real", unit="vpcp", site=f"https://{host}", hosts=(host,))
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return Capture(row["url"], 200, headers, path.read_bytes(), datetime(2026, 1, 1, tzinfo=UTC)), source


def test_a_challenge_page_is_not_an_article(shared: Shared) -> None:
    page = read_page(*_real(shared, "mod.gov.vn/d1n-cookie-challenge.html"))
    assert page.kind is PageKind.REFUSED and page.failure is not None and page.failure.reason == "challenge"


ARTICLES = (
    "en.baochinhphu.vn/article-111251225101319657.excerpt.html",
    "en.baochinhphu.vn/article-111231116101259413.excerpt.html",
    "ncov.moh.gov.vn/article-6847912-182.html",
    "odp.cantho.gov.vn/blog/adasdasdasdasdasdasdasdasdasdas.html",
    "odp.cantho.gov.vn/blog/bai-viet-0013.html",
    "odp.cantho.gov.vn/blog/dak-lak-ban-hanh-ke-hoach-trien-khai-csdl-dat-dai-tren-dia-ban-tinh-nam-2022.html",
)


@pytest.mark.parametrize("generic", [False, True])
@pytest.mark.parametrize("file", ARTICLES)
def test_a_real_article(shared: Shared, file: str, generic: bool) -> None:
    with shared("pages/real/index.csv").open(encoding="utf-8", newline="") as listed:
        truth = next(row for row in csv.DictReader(listed) if row["file"] == file)
    article = read_page(*_real(shared, file), generic=generic).article
    assert article is not None and article.body.value
    assert article.title.value == truth["title"]
    assert article.published.value is not None
    assert article.published.value.isoformat().startswith(truth["published_date"])
    assert (article.layout == "generic") is generic


def test_no_listing_or_home_page_is_an_article(shared: Shared) -> None:
    with shared("pages/real/index.csv").open(encoding="utf-8", newline="") as listed:
        files = [row["file"] for row in csv.DictReader(listed)]
    listings = [file for file in files if Path(file).name.startswith(("home", "listing")) and (SHARED / "pages/real" / file).exists()]
    assert len(listings) > 8
    wrong = [file for file in listings if read_page(*_real(shared, file)).kind is PageKind.ARTICLE]
    assert wrong == []
