"""The pages of the charts and of the questions, requested without a browser: what they say, and where they lead."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from markupsafe import escape

from scraper.web.chart_definitions import charts
from scraper.web.languages import using
from scraper.web.question_pages import unanswered
from scraper.web.questions import topic_names
from tests.conftest import Place
from tests.described import named_queries
from tests.web.test_datasette import Get, served


@pytest.fixture(scope="module")
def get(sample: Place, tmp_path_factory: pytest.TempPathFactory) -> Get:
    return served(sample.archive, tmp_path_factory.mktemp("chart_pages"))


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("name", sorted(charts()))
def test_every_chart_has_a_picture_its_numbers_and_its_links(get: Get, name: str, prefix: str) -> None:
    page = get(f"{prefix}/-/charts/{name}").text
    [picture] = re.findall(r'<svg class="static ?" role="img" viewBox="[^"]+" aria-label="([^"]+)">', page)
    assert re.search(r": \D*\d", picture)
    [spec] = re.findall(r'<script type="application/json" class="chart-spec">(.*?)</script>', page, re.DOTALL)
    assert json.loads(spec)["description"] in picture.replace("&#34;", '"').replace("&amp;", "&")
    for ending in ("", ".csv", ".json"):
        assert f'href="{prefix}/archive/{name}{ending}' in page
    assert "_hide_sql=0" in page and page.count("<tr>") >= 2


def test_a_chart_with_another_value_and_one_that_is_not_there(get: Get) -> None:
    example, other = get("/en/-/charts/articles_per_month").text, get("/en/-/charts/articles_per_month", unit="nghe an").text
    assert "An example." in example and "An example." not in other and "Nghệ An" in other
    assert 'class="unseen"' in other and "not observed: the numbers are not known" in other
    assert "No document fits" in get("/en/-/charts/reach_by_year", 400, number="none 999").text
    get("/-/charts/nothing", status=404)


def test_what_a_site_writes_cannot_leave_a_chart(sample: Place, tmp_path: Path) -> None:
    shutil.copy(sample.archive, tmp_path / "hostile.db")
    bad = "</script><script>alert(1)</script><b onmouseover=alert(2)>"
    with closing(sqlite3.connect(tmp_path / "hostile.db")) as database, database:
        database.execute("update documents set label = ? || id", [bad])
    (tmp_path / "served").mkdir()
    get = served(tmp_path / "hostile.db", tmp_path / "served")
    [(document,)] = get("/archive.json", sql="select document_id from diffusion limit 1").json()["rows"]
    for path in ("/-/charts/cocitations", f"/-/diffusion/{document}", "/-/charts/attention_by_month?number=%23" + str(document)):
        page = get(path).text
        assert "alert(1)" in page and "<script>alert" not in page and "<b on" not in page


def test_the_questions_by_topic(get: Get) -> None:
    queries = named_queries()
    page, english = get("/-/questions").text, get("/en/-/questions").text
    for name, query in queries.items():
        assert query.get("topic") in topic_names() and f'href="/en/archive/{name}"' in english, name
    with using("en"):
        texts = [text for one in unanswered() for text in one if "_" not in text]  # the page has titles instead of names of queries
    assert all(str(escape(text)) in english and str(escape(text)) not in page for text in texts)
    assert page.count('href="/-/charts/') == len(charts())
