"""The newest citing articles are the same whichever way they are looked for."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import pytest

from benchmarks.big_archive import build
from scraper.web import citing_articles
from tests.conftest import Place
from tests.web.test_datasette import Get, served

_EXPECTED = (
    "select articles.id from articles where id in (select article_id from citations where document_id = ?)"
    " order by published_at desc, id limit 50"
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("citing"))
    build(place.archive, 1_000)
    return place


@pytest.fixture(scope="module")
def get(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Get:
    return served(place.archive, tmp_path_factory.mktemp("served"))


def test_the_page_of_a_document_shows_the_newest(place: Place, get: Get) -> None:
    for document_id, articles in place.rows("select id, article_count from documents where article_count > 0 order by 2 desc limit 3"):
        page = get(f"/archive/documents/{document_id}").text
        shown = list(dict.fromkeys(re.findall(r'href="/archive/articles/(\d+)"', page)))
        expected = [str(row[0]) for row in place.rows(_EXPECTED, document_id)]
        assert articles > 50 and set(expected) <= set(shown)


def test_both_ways_give_the_same(place: Place) -> None:
    class Archive:
        ways: ClassVar[set[str]] = set()

        async def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Mapping[str, Any]]:
            self.ways.add("day" if "indexed by" in sql else "document" if "distinct article_id" in sql else "")
            columns = re.findall(r"select (articles\.)?id", sql)
            rows = place.rows(sql, *parameters)
            return [{"id": row[0], "articles": row[0]} for row in rows] if columns or "sum(" in sql else []

    for (document_id,) in place.rows("select id from documents where article_count > 0 order by article_count desc limit 40"):
        years = [
            {"year": year, "articles": articles}
            for year, articles in place.rows("select year, articles from citations_by_year where document_id = ?", document_id)
        ]
        expected = [row[0] for row in place.rows(_EXPECTED, document_id)]
        for most in (3, 50):
            found = asyncio.run(citing_articles.newest(Archive(), document_id, years, most))
            assert [row["id"] for row in found] == expected[:most]
    assert {"day", "document"} <= Archive.ways
