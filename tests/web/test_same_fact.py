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
import yaml

from scraper.web.sql_functions import register_functions
from tests.conftest import PROJECT, Place
from tests.web.test_datasette import Get, csv_rows, served


def _text(get: Get, path: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", unescape(get(path).text)).split())


def _queries() -> dict[str, dict[str, str]]:
    metadata = yaml.safe_load((PROJECT / "metadata.yml").read_text(encoding="utf-8"))
    return dict(metadata["databases"]["archive"]["queries"])


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


@pytest.mark.parametrize("name", ["only_here", "lives_of_sites", "lost_sources", "outside_the_period"])
def test_a_query_about_few_articles_does_not_read_all(sample: Place, name: str) -> None:
    query = _queries()[name]
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
        database.create_function("snippet_vi", 3, lambda _summary, _body, words: looked_at.append(words) or "")
        found = database.execute(_queries()["search"]["file_sql"], {"q": "chỉ thị"})
        first = found.fetchone()
        assert first is not None and len(looked_at) <= 2  # Python reads a row ahead
        rows = [first, *found]
        assert len(rows) == first[-1] > 3
        order = "select id from articles where id in (select value from json_each(?)) order by published_at desc, id desc"
        assert [row[0] for row in rows] == [key for (key,) in database.execute(order, [json.dumps([row[0] for row in rows])])]
