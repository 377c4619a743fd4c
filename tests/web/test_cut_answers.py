"""Counts that a page shows are those of the archive, and a page that lacks rows says so; its files have all of them."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.big_archive import build
from scraper.web.cut_answers import without_limit
from tests.conftest import Place
from tests.described import named_queries
from tests.web.test_datasette import Get, csv_rows, served

_QUERIES = named_queries()
CITED = 230  # documents


@pytest.fixture(scope="module")
def archive(sample: Place, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive in which many documents are cited, and one article has no date."""
    path = tmp_path_factory.mktemp("cut") / "archive.db"
    path.write_bytes(sample.archive.read_bytes())
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "update documents set article_count = id <= (select id from documents order by id limit 1 offset ?)", [CITED - 1]
        )
        connection.execute("insert or ignore into citations_by_year select id, 2020, type, 1, 1, 1 from documents where article_count > 0")
        [(article, source, month)] = connection.execute("select id, source_id, substr(published_at, 1, 7) from articles where id = 20")
        connection.execute("update articles set published_at = null, published_year = null where id = ?", [article])
        connection.execute("update articles_by_month set articles = (articles - 1) where (source_id, month) = (?, ?)", [source, month])
    return path


@pytest.fixture(scope="module")
def get(archive: Path) -> Get:
    return served(archive, archive.parent)


@pytest.mark.parametrize(("query", "given", "most"), [("most_cited", {}, 200), ("top_documents", {"since": "2020"}, 100)])
def test_an_answer_that_its_limit_cut_says_so_and_its_files_are_whole(get: Get, query: str, given: dict[str, str], most: int) -> None:
    assert f"hơn {most} dòng; chỉ hiện chừng này" in get(f"/archive/{query}", **given).text
    answer = get(f"/archive/{query}.json", _shape="objects", **given).json()
    assert (len(answer["rows"]), answer["truncated"]) == (most, True)
    assert len(csv_rows(get(f"/archive/{query}.csv", **given))) >= CITED


def test_an_answer_with_as_many_rows_as_its_limit_is_not_cut(archive: Path, tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    path.write_bytes(archive.read_bytes())
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("update documents set article_count = 0 where id > (select id from documents order by id limit 1 offset 199)")
    get = served(path, tmp_path)
    assert "200 dòng" in get("/archive/most_cited").text and "hơn 200" not in get("/archive/most_cited").text
    assert get("/archive/most_cited.json").json()["truncated"] is False


def test_a_limit_that_a_visitor_typed_cuts_nothing(get: Get) -> None:
    answer = get("/archive.json", sql="select id from articles limit 3", _shape="objects").json()
    assert (len(answer["rows"]), answer["truncated"]) == (3, False)


def test_the_file_of_a_search_has_every_article_that_the_page_counts(tmp_path: Path) -> None:
    build(tmp_path / "archive.db", 300)
    get = served(tmp_path / "archive.db", tmp_path)
    page = get("/archive/search.json", q="thông tin", _shape="objects").json()
    [hits] = {row["hits"] for row in page["rows"]}
    rows = csv_rows(get("/archive/search.csv", q="thông tin"))
    assert len(page["rows"]) == 100 < hits == len(rows) and {row["hits"] for row in rows} == {str(hits)}
    assert [row["article_id"] for row in rows][:100] == [str(row["article_id"]) for row in page["rows"]]


@pytest.mark.parametrize("name", [name for name, query in _QUERIES.items() if re.search(r"\blimit \d{2,}", without_limit(query["sql"]))])
def test_a_limit_that_files_keep_is_described(name: str) -> None:
    """It is part of the question, and not of its page."""
    query = _QUERIES[name]
    limits = set(re.findall(r"\blimit (\d{2,})", without_limit(query["sql"]))) - {"10001"}  # with which hits are counted
    described = query["description"].replace(",", "").replace(".", "")
    assert "file_sql" in query or all(len(re.findall(rf"\b{limit}\b", described)) == 2 for limit in limits), limits


def test_an_article_without_a_date_counts_if_no_year_is_typed(get: Get, archive: Path) -> None:
    with closing(sqlite3.connect(archive)) as connection:
        [(articles,)] = connection.execute("select count(*) from articles")
    home = get("/").text
    table = home[home.index('<th scope="col">Đơn vị</th>') :]
    assert sum(map(int, re.findall(r'<td class="n">(\d+)</td>', table))) == articles
    assert "1 bài không rõ ngày đăng nên không thuộc năm nào" in home
    for query in ("reprints_by_source", "output_by_unit"):
        every, of_years = (
            sum(int(row["articles"] or 0) for row in get(f"/archive/{query}.json", year=year, _shape="objects").json()["rows"])
            for year in ("", "2019")
        )
        assert every == articles > of_years, query
