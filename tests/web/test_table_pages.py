"""The pages of a table: together they have each row once, in every order and with every choice of columns."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from html import unescape
from pathlib import Path

import pytest

from tests.conftest import Place
from tests.web.test_datasette import Get, csv_rows, served


@pytest.fixture(scope="module")
def get(sample: Place, tmp_path_factory: pytest.TempPathFactory) -> Get:
    return served(sample.archive, tmp_path_factory.mktemp("served"))


def _pages(get: Get, table: str, **order: str) -> list[str]:
    """Returns the rows of all pages of a table, as text."""
    rows: list[str] = []
    answer = get(f"/archive/{table}.json", _size="7", _shape="objects", **order).json()
    while True:
        rows += map(str, answer["rows"])
        if not answer["next_url"]:
            return rows
        answer = get("/archive" + answer["next_url"].partition("/archive")[2]).json()


@pytest.mark.parametrize("order", ["_sort", "_sort_desc"])
@pytest.mark.parametrize(
    ("table", "column"),
    # With an index and without, with empty values, with keys of two columns, and without a key.
    [
        ("articles", "source_id"),
        ("articles", "published_at"),
        ("articles", "section"),
        ("articles", "layout"),
        ("observed", "state"),
        ("article_tags", "tag"),
    ],
)
def test_all_pages_together_have_each_row_once(get: Get, table: str, column: str, order: str) -> None:
    found = _pages(get, table, **{order: column})
    assert len(set(found)) == len(found) == len(csv_rows(get(f"/archive/{table}.csv")))


def test_the_pages_are_in_the_order_of_the_file_and_show_its_sql(get: Get) -> None:
    query = {"_sort_desc": "unit_id", "_col": "title"}
    titles = [row["title"] for row in csv_rows(get("/archive/articles.csv", **query))]
    answer = get("/archive/articles.json", _size="max", _shape="objects", **query).json()
    assert [row["title"] for row in answer["rows"]] == titles
    assert answer["query"]["sql"].endswith("order by unit_id desc, id limit 1001")


@pytest.mark.parametrize(
    "chosen", ["_col=source_id", "_nocol=published_at", "_col=title&_sort=section", "_nocol=section&_sort_desc=section"]
)
@pytest.mark.parametrize("ending", ["", ".json"])
def test_the_column_of_the_order_need_not_be_shown(get: Get, chosen: str, ending: str) -> None:
    """The page has names beside keys, and a link to the next page."""
    page = get(f"/archive/articles{ending}?{chosen}&_size=5&_labels=on").text
    assert "_next=" in page


def test_a_key_with_a_name_need_not_hide_the_next_page(get: Get) -> None:
    assert "_next=" in get("/archive/observed?_nocol=waiting&_sort=waiting&_size=5").text


@pytest.mark.parametrize("through", ["{}", "x", "[]", "1", '{"table":"nothing","column":"a","value":"1"}'])
def test_a_wrong_condition_on_another_table_is_of_the_visitor(get: Get, through: str) -> None:
    for ending in ("", ".json", ".csv"):
        get(f"/archive/documents{ending}", 400, _through=through)
    assert "_through phải là JSON" in get("/archive/documents", 400, _through=through).text


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("articles?_sort=id&_sort_desc=title", "Chỉ dùng được một trong hai"),
        ("articles?id__in=[1,2", "phải là JSON, ví dụ [1, 2]"),
        ("articles?id__notin=[x", "phải là JSON, ví dụ [1, 2]"),
        ("articles?_where=id=1;", "_where phải là một điều kiện"),
        ("articles?_timelimit=x", "_timelimit phải là số nguyên"),
        ("changes?_next=x", "_next phải lấy từ liên kết"),
    ],
)
def test_a_wrong_url_is_of_the_visitor_and_says_what_is_wrong(get: Get, path: str, said: str) -> None:
    table, _mark, query = path.partition("?")
    assert said in get(f"/archive/{path}", 400).text
    answer = get(f"/archive/{table}.json?{query}", 400).json()
    assert answer["ok"] is False and answer["status"] == 400
    assert get(f"/archive/{table}.csv?{query}", None).status_code in (200, 400)  # a file leaves _next and _timelimit out


@pytest.mark.parametrize(
    ("operator", "typed", "condition"),
    [
        ("contains", "%", "instr(title, '%')"),
        ("contains", "_", "instr(title, '_')"),
        ("contains", "\\", "instr(title, char(92))"),
        ("contains", "phần mềm", "instr(title, 'phần mềm') or instr(title, 'Phần mềm')"),
        ("startswith", "Nghệ An", "title glob 'Nghệ An*'"),
        ("startswith", "N_hệ", "false"),
        ("endswith", "100%", "title glob '*100%'"),
        ("like", "N_hệ%", "title glob 'N?hệ*'"),
    ],
)
def test_a_filter_finds_what_was_typed(get_odd: Get, operator: str, typed: str, condition: str) -> None:
    """Only `like` has wildcards. The page, its file and its conditions agree."""
    query = {f"title__{operator}": typed}
    found = get_odd("/archive/articles.json", _size="0", **query).json()["filtered_table_rows_count"]
    [[expected]] = get_odd("/archive.json", sql=f"select count(*) from articles where {condition}", _shape="arrays").json()["rows"]
    assert found == expected == len(csv_rows(get_odd("/archive/articles.csv", **query)))
    assert expected or condition == "false"


@pytest.fixture(scope="module")
def get_odd(sample: Place, tmp_path_factory: pytest.TempPathFactory) -> Get:
    """An archive with titles that have the wildcards of SQL."""
    path = tmp_path_factory.mktemp("odd") / "archive.db"
    path.write_bytes(sample.archive.read_bytes())
    with closing(sqlite3.connect(path)) as connection, connection:
        for key, title in enumerate(("Đạt 100%", "Mục_tiêu", "C:\\tệp"), 1):
            connection.execute("update articles set title = ? where id = ?", [title, key])
    return served(path, path.parent)


@pytest.mark.parametrize("link", ["/archive/articles?", "/en/archive/articles?", "/archive/articles.csv?", "/-/search?q=nghe+an"])
def test_a_link_that_was_shared_is_answered_as_the_link_itself(get: Get, link: str) -> None:
    def answered(more: str) -> str:
        return re.sub(r"[\d.,]+\s*ms\b", "", get(link + more).text)  # how long the query took

    assert answered("&fbclid=IwAR0x&utm_source=zalo&zarsrc=31") == answered("")


@pytest.mark.parametrize(
    ("filters", "vietnamese", "english"),
    [
        ("nguon=abc", "Bảng không có cột nguon.", "The table has no column nguon."),
        ("sourceid__exact=sample-mic", "Bảng không có cột sourceid.", "The table has no column sourceid."),
        ("published_at__after=2015", "Không có điều kiện after.", "There is no condition after."),
    ],
)
def test_a_filter_that_means_nothing_is_no_answer(sample: Place, tmp_path: Path, filters: str, vietnamese: str, english: str) -> None:
    """SQLite takes the name of a column that is not there for a text: there were 0 rows, also in a file, and nothing said why."""
    get = served(sample.archive, tmp_path)
    assert vietnamese in unescape(get(f"/archive/articles?{filters}", status=400).text)
    assert english in get(f"/en/archive/articles?{filters}", status=400).text
    assert get(f"/archive/articles.json?{filters}", status=400).json()["ok"] is False
    get(f"/archive/articles.csv?{filters}", status=400)
    get(f"/archive/health_now?{filters}", status=400)  # a view
    done = sample.scrapy("export", "articles", "--filters", filters, "--out", str(tmp_path / "x.csv"), code=2)
    assert done.stderr == f"error: {english}\nlỗi: {vietnamese}\n" and not (tmp_path / "x.csv").exists()
