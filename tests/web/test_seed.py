"""The page with which the project started, from its bytes to the article page in Datasette. Its text comes from the shared collection."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from scraper.warc.records import Response
from scraper.warc.writing import encode
from tests.conftest import Place
from tests.web.test_datasette import served

Shared = Callable[[str], Path]


@pytest.fixture(scope="module")
def truth(shared: Shared) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shared("pages/seed/truth.json").read_text(encoding="utf-8"))
    return found


def _clean(number: str) -> str:
    return number.replace("-", "").replace("/", "").replace(" ", "").upper()


def test_probe_shows_every_value(place: Place, shared: Shared, truth: dict[str, Any]) -> None:
    file = shared("pages/seed/mic-2009-07.html")
    shown = json.loads(place.scrapy("probe", str(file), "--url", truth["url"], "--captured", truth["captured"], "--json").stdout)
    fields = shown["fields"]
    assert (fields["title"]["value"], fields["published"]["value"]) == (truth["title"], truth["published_at"])
    assert (fields["dateline"]["value"], fields["byline"]["value"]) == (truth["dateline"], truth["byline"])
    assert fields["dateline"]["rule"] and fields["byline"]["rule"] and shown["flags"] == []
    assert "ĐÁNH GIÁ" not in fields["body"]["value"]
    assert [{"title": one["title"], "event_date": one["event_date"]} for one in shown["stories"]] == truth["stories"]
    cited = [[re.sub("^tiêu chuẩn ", "", one["text"]), one["story"], one["relation"]] for one in shown["citations"]]
    assert cited == truth["citations"]
    documents = {_clean(one["document"]["number"]): one["document"]["issued_on"] for one in shown["citations"]}
    assert documents == {_clean(number): day for number, day in truth["documents"].items()}


def test_the_archive_and_the_article_page_show_it(place: Place, shared: Shared, truth: dict[str, Any]) -> None:
    home = f'<html><body><h1>Tin tức</h1><ul><li><a href="{truth["url"]}">{truth["title"]}</a></li></ul></body></html>'
    pages = {"http://mic.gov.vn/": home.encode(), truth["url"]: shared("pages/seed/mic-2009-07.html").read_bytes()}
    at = datetime.fromisoformat(truth["captured"]).replace(tzinfo=UTC)
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    recording = place.folder / "seed.warc.gz"
    recording.write_bytes(b"".join(encode(Response(url, 200, "OK", headers, body, at))[0] for url, body in pages.items()))
    source = place.folder / "seed.toml"
    source.write_text('[[source]]\nid = "seed"\nname = "Bộ Thông tin và Truyền thông"\nunit = "btttt"\nsite = "http://mic.gov.vn"\n')
    place.scrapy("crawl", "seed", REPLAY=recording, SOURCES_EXTRA=source)
    [(article_id, *row)] = place.rows("select id, title, published_at, dateline, byline from articles join article_text on article_id = id")
    assert row == [truth["title"], truth["published_at"], truth["dateline"], truth["byline"]]
    stories = place.rows("select title, event_date from stories where article_id = ? order by position", article_id)
    assert stories == [(one["title"], one["event_date"]) for one in truth["stories"]]
    cited = place.rows(
        "select c.text, s.position, relation, d.number, d.issued_on from citations c join stories s on s.id = story_id"
        " join documents d on d.id = document_id where c.article_id = ? order by c.start",
        article_id,
    )
    assert [[re.sub("^tiêu chuẩn ", "", str(text)), story, relation] for text, story, relation, *_ in cited] == truth["citations"]
    assert {_clean(str(number)): day for *_, number, day in cited} == {_clean(number): day for number, day in truth["documents"].items()}
    folder = place.folder / "served"
    folder.mkdir()
    shown = unescape(served(place.archive, folder)(f"/archive/articles/{article_id}").text)
    for value in (truth["title"], truth["dateline"], truth["byline"], "2009-07-17 10:25"):
        assert value in shown
    found = re.findall(r'<li><a href="#story-\d" lang="vi">(.+?)</a>.*?<time datetime="([\d-]+)">', shown)
    assert found == [(one["title"], one["event_date"]) for one in truth["stories"]]
    wanted = [sum(story == number for _, story, _ in truth["citations"]) for number in (1, 2)]
    assert [part.count('href="/archive/citations/') for part in shown.split('<tr class="group">')[1:]] == wanted
