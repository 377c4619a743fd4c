"""An edited comma and an edited citation, readable on the pages of Datasette and in its exports."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from html import unescape
from pathlib import Path

import pytest

from tests.conftest import Place
from tests.test_histories import STATES, crawl_days
from tests.web.test_datasette import Get, csv_rows, served


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return crawl_days(tmp_path_factory.mktemp("edited"), tuple(STATES))


@pytest.fixture(scope="module")
def get(place: Place) -> Get:
    folder: Path = place.folder / "served"
    folder.mkdir()
    return served(place.archive, folder)


def test_the_page_of_a_revision_shows_each_edited_word(get: Get) -> None:
    shown = get("/archive/articles/1").text
    pages = re.findall(r'<li><a href="(/archive/revisions/\d+)"><time datetime="([^"]+)">[^<]+</time></a>: ([^<]+)</li>', shown)
    assert [(seen[:10], unescape(fields)) for _, seen, fields in pages] == [
        (day, "nội dung") for day in ("2013-07-01", "2013-06-01", "2013-05-01")
    ]
    comma, number, back = (unescape(get(path).text) for path, *_ in reversed(pages))
    assert "về mùa khô, <ins>và </ins>nghe báo cáo" in comma
    assert "Căn cứ Quyết định số <del>14/2013/QĐ-UBND</del><ins>15/2013/QĐ-UBND</ins>, các huyện" in number
    assert re.findall(r"<(del|ins)>([^<]+)</", back.partition("<h2>")[2]) == [
        ("del", "và "),
        ("del", "15/2013/QĐ-UBND"),
        ("ins", "14/2013/QĐ-UBND"),
    ]
    # From each revision one comes to the captures, the article and the revisions beside it.
    for link in (r"/archive/captures/\d+", "/archive/articles/1", r"/archive/revisions/\d+", r"/archive/article_history\?article=1"):
        assert re.search(f'href="{link}"', number), link
    assert "lần sửa trước (2013-05-01)" in number and "lần sửa sau (2013-07-01)" in number and "lần sửa trước" not in comma
    assert "bản chụp trước đó" in number and "2013-05-01 02:00" in number
    english = get(f"/en{pages[1][0]}").text
    assert "earlier revision (2013-05-01)" in english and "later revision (2013-07-01)" in english and "capture before" in english
    get("/archive/revisions/999", status=404)


def test_the_capture_before_is_the_last_one_although_the_clock_was_ahead(place: Place, tmp_path: Path) -> None:
    archive = tmp_path / "ahead.db"
    shutil.copy(place.archive, archive)
    with closing(sqlite3.connect(archive)) as database, database:
        database.execute(
            "update captures set captured_at = '2031-01-01T00:00:00Z', ordered_at = captured_at where captured_at like '2013-05-01%'"
        )
        (revision,) = database.execute("select id from revisions where seen_at like '2013-06-01%'").fetchone()
    shown = served(archive, tmp_path)(f"/archive/revisions/{revision}").text
    assert 'bản chụp trước đó</a> <time datetime="2013-05-01T02:00:00Z">' in shown


def test_the_export_has_the_old_the_new_and_the_difference(get: Get) -> None:
    rows = csv_rows(get("/archive/article_history.csv", article="1"))
    assert [row["seen_at"][:10] for row in rows] == ["2013-05-01", "2013-06-01", "2013-07-01"]
    assert "[-14/2013/QĐ-UBND-]{+15/2013/QĐ-UBND+}" in rows[1]["difference"]
    # The whole values: what one revision shows as new is what the next one shows as old.
    assert rows[0]["new"] == rows[1]["old"] and rows[1]["new"] == rows[2]["old"] and rows[0]["old"] == rows[2]["new"]
    assert [row["difference"] for row in csv_rows(get("/archive/edited_articles.csv"))] == [row["difference"] for row in reversed(rows)]
    assert len(csv_rows(get("/archive/changes.csv", _stream="1"))) == 3
