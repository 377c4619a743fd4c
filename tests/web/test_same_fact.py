"""One fact that several pages show is the same on all of them; and what they read does not grow with the archive."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from contextlib import closing
from html import unescape
from pathlib import Path

import pytest

from scraper.web.sql_functions import register_functions
from tests.conftest import Place
from tests.described import named_queries
from tests.web.test_datasette import Get, csv_rows, served


def _text(get: Get, path: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", unescape(get(path).text)).split())


def test_a_source_whose_period_is_over_is_ended_on_every_page(sample: Place, tmp_path: Path) -> None:
    """Its last run found it broken. The page of health knew that this is over; the others still named the reason of that day."""
    archive = tmp_path / "archive.db"
    shutil.copy(sample.archive, archive)
    with closing(sqlite3.connect(archive)) as database, database:
        days = "first_bad_day = '2020-02-01', last_good_day = '2020-01-31'"
        database.execute(f"update source_health set state = 'broken', reason = 'parked-domain', {days} where source_id = 'sample-mst'")
        database.execute("update sources set valid_to = '2020-02-28' where id = 'sample-mst'")
    get = served(archive, tmp_path)
    [shown] = [one for one in json.loads(get("/-/health.json").text)["sources"] if one["source"] == "sample-mst"]
    [row] = [one for one in csv_rows(get("/archive/health_now.csv")) if one["source_id"] == "sample-mst"]
    assert (shown["state"], shown["reason"], shown["first_bad_day"], shown["findings"]) == ("ended", "source-ended", None, [])
    assert [row[name] for name in ("state", "reason", "first_bad_day", "findings", "last_good_day")] == [
        "ended", "source-ended", "", "[]", "2020-01-31"
    ]  # fmt: skip
    page = _text(get, "/en/archive/sources/sample-mst")
    assert "ended : its period is over" in page and "parked" not in page, page


def test_a_source_that_breaks_again_and_again_is_unsteady_wherever_its_state_is_shown(sample: Place, tmp_path: Path) -> None:
    """Only messages said so. It is well tonight."""
    place = Place(tmp_path)
    shutil.copy(sample.archive, place.archive)
    with closing(sqlite3.connect(place.archive)) as database, database:
        database.execute("update source_health set unsteady = 3, state_before = 'broken' where source_id = 'sample-mst'")
    get, said = served(place.archive, tmp_path), {"": "chập chờn (3 lần hỏng gần đây)", "/en": "unsteady (3 breaks lately)"}
    for language, whole in said.items():
        name = whole.partition(" (")[0]
        assert _text(get, f"{language}/-/health").count(whole) == 2  # and in the last changes
        assert f"({name}: 1)" in _text(get, f"{language}/") and f"; {name}." in _text(get, f"{language}/archive/sources/sample-mst")
    assert [one["unsteady"] for one in get("/-/health.json").json()["sources"] if one["source"] == "sample-mst"] == [3]
    assert [one["unsteady"] for one in csv_rows(get("/archive/health_now.csv")) if one["source_id"] == "sample-mst"] == ["3"]
    assert all(whole in get("/-/health.atom").text for whole in said.values())
    assert [row["unsteady"] for row in get("/archive/health_changes.json", _shape="objects").json()["rows"]] == [3]
    status = place.folder / "status.html"
    [line] = [one for one in place.scrapy("health", "--html", str(status)).stdout.splitlines() if "sample-mst" in one]
    assert line.startswith("ok ") and "; unsteady (3 breaks lately); last run" in line
    assert all(status.read_text(encoding="utf-8").count(whole) == 2 for whole in said.values())


@pytest.mark.parametrize("name", ["only_here", "lives_of_sites", "lost_sources", "outside_the_period"])
def test_a_query_about_few_articles_does_not_read_all(sample: Place, name: str) -> None:
    query = named_queries()[name]
    with closing(sqlite3.connect(sample.archive)) as database:
        register_functions(database)
        values = dict.fromkeys(query.get("params") or [], "")
        plan = [row[3] for row in database.execute(f"explain query plan {query['sql']}", values)]
    assert [step for step in plan if re.match(r"SCAN (articles|copy|first)\b", step)] == []


def test_a_file_of_a_search_begins_before_all_its_texts_are_read(sample: Place) -> None:
    """The words around a hit are looked for when its row is written: 60,000 hits took 26 s before the first row, and 30 s are the limit."""
    with closing(sqlite3.connect(sample.archive)) as database:
        register_functions(database)
        looked_at: list[str] = []

        def looked(_summary: str, _body: str, words: str) -> str:
            looked_at.append(words)
            return ""

        database.create_function("snippet_vi", 3, looked)
        found = database.execute(named_queries()["search"]["file_sql"], {"q": "chỉ thị"})
        first = found.fetchone()
        assert first is not None and len(looked_at) <= 2  # Python reads a row ahead
        rows = [first, *found]
        assert len(rows) == first[-1] > 3
        order = "select id from articles where id in (select value from json_each(?)) order by published_at desc, id desc"
        assert [row[0] for row in rows] == [key for (key,) in database.execute(order, [json.dumps([row[0] for row in rows])])]


def test_a_source_that_was_crawled_and_never_judged_was_crawled(sample: Place, tmp_path: Path) -> None:
    """Its only run was ended by a signal, for example."""
    archive = tmp_path / "archive.db"
    shutil.copy(sample.archive, archive)
    with closing(sqlite3.connect(archive)) as database, database:
        database.execute("delete from source_health where source_id = 'sample-mst'")
        database.execute("delete from runs where source_id = 'sample-mic'")
        database.execute("delete from source_health where source_id = 'sample-mic'")
    get = served(archive, tmp_path)
    states = {row["state"]: row["sources"] for row in csv_rows(get("/archive/health_by_state.csv"))}
    assert states["not judged"] == states["not crawled"] == "1"
    page = _text(get, "/archive/health_by_state")
    assert "chưa đánh giá 1" in page and "chưa thu thập 1" in page and "not crawled" not in page
    assert "2 sources were never judged: they were not crawled, or their runs say nothing about their sites." in _text(get, "/en/-/health")


def test_a_unit_that_only_reprints_is_not_shown_as_one_that_cites(sample: Place, tmp_path: Path) -> None:
    """On the pages about a document its row had 0 articles and no day, and nothing said why."""
    archive = tmp_path / "archive.db"
    shutil.copy(sample.archive, archive)
    with closing(sqlite3.connect(archive)) as database, database:
        [(document, unit)] = database.execute("select document_id, unit_id from diffusion where articles = 1 order by document_id limit 1")
        database.execute(
            "update diffusion set articles = 0, reprints = 1, doubtful = 1234, first_cited_on = null, first_article_id = null,"
            " days_after_issue = null where document_id = ? and unit_id = ?",
            [document, unit],
        )
    get = served(archive, tmp_path)
    for path in (f"/en/archive/documents/{document}", f"/en/-/who-cited?document={document}"):
        assert "0 and 1 reprint and 1,234 dated before the signing" in _text(get, path), path
    [row] = [one for one in csv_rows(get(f"/archive/who_cited.csv?number=%23{document}")) if one["articles"] == "0"]
    assert (row["reprints"], row["doubtful"]) == ("1", "1234")


def test_one_thing_is_not_several_and_thousands_are_separated(sample: Place, tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    shutil.copy(sample.archive, archive)
    with closing(sqlite3.connect(archive)) as database, database:
        [(one,)] = database.execute("select id from documents where article_count = 1 and citation_count = 1 order by id limit 1")
        [(many,)] = database.execute("select id from documents where article_count > 1 order by id limit 1")
        database.execute("update documents set article_count = 1234, citation_count = 5678 where id = ?", [many])
        database.execute("update diffusion set days_after_issue = 4563 where document_id = ?", [many])
    get = served(archive, tmp_path)
    assert "Cited in 1 article, 1 time " in _text(get, f"/en/archive/documents/{one}")
    assert "Cited in 1,234 articles, 5,678 times " in _text(get, f"/en/archive/documents/{many}")
    assert "Được viện dẫn trong 1.234 bài, 5.678 lần " in _text(get, f"/archive/documents/{many}")
    page = _text(get, f"/en/-/who-cited?document={many}")
    assert "1,234 articles" in page and "4,563" in page and "4563" not in page


@pytest.mark.parametrize("path", ["/en/", "/en/-/search?q=chi+thi", "/en/archive/articles/1", "/en/archive/documents/{document}"])
def test_vietnamese_texts_on_an_english_page_say_so(sample: Place, tmp_path: Path, path: str) -> None:
    """So that a screen reader reads titles and quoted texts as Vietnamese. Names of bodies stay as they are, as proper names do."""
    [(document,)] = sample.rows("select document_id from citations where article_id = 1 and document_id is not null limit 1")
    titles = {title for (title,) in sample.rows("select title from articles")}
    page = served(sample.archive, tmp_path)(path.format(document=document)).text
    links = re.findall(r"<a ([^>]*)>(.*?)</a>", page, flags=re.DOTALL)
    of_articles = [(attributes, text) for attributes, text in links if unescape(re.sub("<[^>]+>", "", text)) in titles]
    assert [text for attributes, text in of_articles if 'lang="vi"' not in attributes] == []
    assert of_articles or path == "/en/archive/articles/1"
    if "/articles/" in path:
        assert re.search(r'<a href="/en/archive/citations/\d+" lang="vi">', page)


def test_rows_are_counted_by_a_column_once(sample: Place, tmp_path: Path) -> None:
    """The table counts by source in any case; its menu offers that, too."""
    page = served(sample.archive, tmp_path)("/archive/captures?_facet=source_id").text
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids)) and ids.count("facet-source_id") == 1


def test_documents_are_not_counted_once_for_each_citation(sample: Place, tmp_path: Path) -> None:
    """The page of an article called its citations documents: a law that it names twice was two."""
    sql = "select article_id, count(distinct document_id), count(*) from citations group by 1 having count(*) > count(distinct document_id)"
    [(article, documents, citations), *_] = sample.rows(f"{sql} and count(distinct document_id) > 1 order by 1")
    get = served(sample.archive, tmp_path)
    assert f"Documents cited ({documents}) · {citations} citations" in _text(get, f"/en/archive/articles/{article}")
    assert f"Văn bản được viện dẫn ({documents}) · {citations} viện dẫn" in _text(get, f"/archive/articles/{article}")
    [(one,)] = sample.rows("select article_id from citations group by 1 having count(*) = 1 and count(document_id) = 1 order by 1 limit 1")
    assert "Documents cited (1) As written" in _text(get, f"/en/archive/articles/{one}")
