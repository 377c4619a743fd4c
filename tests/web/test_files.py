"""The files of tables and queries: all rows, inert for spreadsheet programs, and a mark if something is missing."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette

from tests.conftest import Place
from tests.web.test_datasette import Get, csv_rows, served

# Texts that programs run, cut or misread, and numbers, which stay numbers.
HOSTILE = [
    '=HYPERLINK("http://evil.example","x")',
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "+84 24 3943 6131",
    "-1+2",
    "＝1+1",
    " =1+1",
    "\t=1+1",
    "\r=1+1",
    "đọc \u202engược\u202c \u200e",
    "x" * 3_000,
    'ngoặc "kép", phẩy; chấm phẩy\nxuống dòng\r\nnữa',
    "<script>alert(1)</script>",
    "0123456789012345678",
    "007",
    "",
    None,
    -5,
    12345678901234567890 // 10,
    1.5,
]


@pytest.fixture(scope="module")
def get(sample: Place, tmp_path_factory: pytest.TempPathFactory) -> Get:
    return served(sample.archive, tmp_path_factory.mktemp("served"))


def database_of(folder: Path, rows: Iterable[tuple[object, ...]], columns: str = "id integer primary key, a") -> Path:
    """Returns a database file with one table, `t`."""
    path = folder / "some.db"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(f"create table t ({columns})")
        for row in rows:
            database.execute(f"insert into t values ({', '.join('?' * len(row))})", row)
    return path


def requests(path: Path, **limits: object) -> Callable[..., Any]:
    """Returns a function that gets a page of any database. `limits`: settings of the files."""
    import asyncio

    metadata = {"plugins": {"vietnam-government-news-archive": {"files": limits}}}
    datasette = Datasette(files=[str(path)], metadata=metadata)

    def request(url: str, status: int = 200, **parameters: str) -> Any:
        response = asyncio.run(datasette.client.get(url, params=parameters or None))
        assert response.status_code == status, f"{url}: {response.status_code} {response.text[:300]}"
        return response

    return request


def test_every_csv_link_of_a_page_gives_all_rows(get: Get) -> None:
    """Also links from a second page, with a page size, and of a named query with a limit."""
    whole = get("/archive/citations.csv")
    total = get("/archive.json", sql="select count(*) from citations").json()["rows"][0][0]
    assert whole.headers["content-type"] == "text/csv; charset=utf-8"
    assert whole.headers["content-disposition"].startswith('attachment; filename="citations.csv"')
    assert len(csv_rows(whole)) == total > 100
    assert get("/archive/citations.csv", _next="100", _size="max", _facet="kind").content == whole.content
    assert len(csv_rows(get("/archive/citations.csv", _size="7"))) == 7
    kind = csv_rows(get("/archive/citations.csv", kind="numbered", _sort_desc="article_id", _col="article_id"))
    assert [int(row["article_id"]) for row in kind] == sorted((int(row["article_id"]) for row in kind), reverse=True)
    assert len(kind) == get("/archive.json", sql="select count(*) from citations where kind = 'numbered'").json()["rows"][0][0]
    assert set(kind[0]) == {"id", "article_id", "notice"}
    found = get("/archive/articles.json", _search="nghe an").json()["filtered_table_rows_count"]
    assert len(csv_rows(get("/archive/articles.csv", _search="nghe an"))) == found > 1
    [article] = csv_rows(get("/archive/articles/1.csv"))
    assert article["id"] == "1"


def test_labels_are_columns_beside_their_keys(get: Get) -> None:
    rows = csv_rows(get("/archive/articles.csv", _labels="on", _search="nghe an", _sort="published_at"))
    names = list(rows[0])
    assert names[names.index("source_id") + 1] == "source_id_label"
    assert {row["source_id_label"] for row in rows if row["source_id"] == "sample-nghe-an"} == {"Mẫu: Sở Thông tin và Truyền thông Nghệ An"}
    assert "unit_id_label" not in csv_rows(get("/archive/articles.csv", _label="source_id"))[0]


@pytest.mark.parametrize("number", [1_000, 1_001])
def test_files_about_the_size_of_a_page_are_whole(tmp_path: Path, number: int) -> None:
    get = requests(database_of(tmp_path, ((n, f"dòng {n}") for n in range(number))))
    for url in ("/some/t.csv", "/some.csv?sql=select+*+from+t"):
        assert [int(row["id"]) for row in csv_rows(get(url))] == list(range(number))
    assert [json.loads(line)["id"] for line in get("/some/t.jsonl").text.splitlines()] == list(range(number))
    assert get("/some/t.csv.manifest").json()["rows"] == number


def test_hostile_texts_are_inert_in_csv_and_equal_in_the_plain_form(tmp_path: Path) -> None:
    get = requests(database_of(tmp_path, enumerate(HOSTILE)))
    cells = [row["a"] for row in csv_rows(get("/some/t.csv"))]
    texts = ["" if value is None else str(value) for value in HOSTILE]
    assert cells == [f"'{text}" if number < 9 else text for number, text in enumerate(texts)]
    plain = get("/some/t.csv", _plain="1")
    assert not plain.content.startswith(b"\xef\xbb\xbf")
    assert [row["a"] for row in csv.DictReader(io.StringIO(plain.text, newline=""))] == texts
    assert [json.loads(line)["a"] for line in get("/some/t.jsonl").text.splitlines()] == HOSTILE


def test_texts_that_are_not_text(tmp_path: Path) -> None:
    path = database_of(tmp_path, [(1, b"\x00\xff"), (2, "a\0b")])
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("insert into t values (3, cast(x'61eda08062ff' as text))")  # a surrogate, and a byte that is not UTF-8
    get = requests(path)
    assert [row["a"] for row in csv_rows(get("/some/t.csv"))] == ["base64:AP8=", "a\ufffdb", "a\ufffd\ufffd\ufffdb\ufffd"]
    values = [json.loads(line)["a"] for line in get("/some/t.jsonl").text.splitlines()]
    assert values == [{"$base64": True, "encoded": "AP8="}, "a\0b", "a\ufffd\ufffd\ufffdb\ufffd"]
    assert get("/some/t.csv.manifest").json()["repaired_texts"] == 1


def test_the_manifest_has_the_count_and_the_digest(get: Get) -> None:
    for url in (
        "/archive/articles.csv?_labels=on",
        "/archive/most_cited.jsonl",
        "/archive.csv?sql=select+id+from+articles+where+id<:n&n=9",
    ):
        file = get(url).content
        path, _, query = url.partition("?")
        manifest = get(f"{path}.manifest?{query}").json()
        lines = file.decode("utf-8-sig").splitlines()
        assert manifest["sha256"] == hashlib.sha256(file).hexdigest() and manifest["bytes"] == len(file)
        assert manifest["rows"] == len(lines) - url.startswith(("/archive/articles", "/archive.csv"))
        assert manifest["complete"] is True and manifest["cut"] is None
        assert manifest["last_run"]["id"] and "sample" in manifest["notice"] and manifest["sql"].startswith("select")
    assert manifest["parameters"] == {"n": "9"} and manifest["columns"] == ["id"]


def test_a_file_that_was_cut_says_so(tmp_path: Path) -> None:
    path = database_of(tmp_path, ((n, "x" * 90) for n in range(101)))
    sql = "/some.csv?sql=select+id,+a+from+t+where+id<"
    get = requests(path, query_rows=100)
    assert len(csv_rows(get(f"{sql}100"))) == 100
    rows = csv_rows(get(f"{sql}101"))
    assert len(rows) == 101 and rows[-1]["id"].startswith("*** CUT after 100 rows: the limit of 100 rows was reached")
    assert json.loads(get("/some.jsonl?sql=select+1+from+t").text.splitlines()[-1])["_cut"].startswith("*** CUT after 100 rows")
    manifest = get("/some.csv.manifest?sql=select+id,+a+from+t+where+id<101").json()
    assert (manifest["rows"], manifest["complete"], manifest["cut"]) == (100, False, "rows")
    assert len(csv_rows(get("/some/t.csv"))) == 101  # a table has no such limit
    assert "bytes was reached" in csv_rows(requests(path, query_bytes=2_000)(f"{sql}101"))[-1]["id"]
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 3 or i > 0) select i from n where i < 4"
    slow = csv_rows(requests(path, query_seconds=0.2)("/some.csv", sql=endless))
    assert [row["i"] for row in slow[:2]] == ["1", "2"] and "seconds was reached" in slow[-1]["i"]
    requests(path, query_seconds=0.2)("/some.csv", 400, sql=endless.replace("i < 4", "i < 0"))


@pytest.mark.parametrize(
    "path",
    [
        "/archive/articles.foo",
        "/archive/search.foo",
        "/archive.foo",
        "/archive/articles/1.foo",
        "/archive/articles.csv.foo",
        "/archive/articles.db",
        "/archive/nothing.csv",
        "/archive/articles/999999.csv",
        "/nothing.csv",
        "/archive.csv",
    ],
)
def test_nothing_is_a_file_but_what_is_one(get: Get, path: str) -> None:
    get(path, status=404)


def test_what_a_page_refuses_its_file_refuses(get: Get) -> None:
    get("/archive.csv", sql="delete from articles", status=400)
    get("/archive.csv", sql="select nothing from articles", status=400)
    get("/archive/articles.csv", _sort="nothing", status=500)
    get("/archive/articles.csv", _size="-1", status=400)
    get("/robots.txt"), get("/-/health.json"), get("/-/plugins.json"), get("/archive.json"), get("/archive/articles/1.json")
