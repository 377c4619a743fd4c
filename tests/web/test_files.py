"""The files of tables and queries: all rows, inert for spreadsheet programs, and a mark if something is missing."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import http.client
import io
import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import openpyxl
import pytest
from datasette.app import Datasette
from pyarrow import parquet

from scraper.export import parquet_file, xlsx_file
from scraper.export.reading import Limits, Query, Reading
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


def _sheet(content: bytes, number: int = 0) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(content)).worksheets[number].iter_rows(values_only=True))


def _types(content: bytes) -> set[str]:
    """Returns the types of all cells of the first sheet: "f" would be a formula."""
    return {cell.data_type for row in openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows() for cell in row}


def test_hostile_texts_are_inert_and_equal_in_excel(tmp_path: Path) -> None:
    get = requests(database_of(tmp_path, enumerate(HOSTILE)))
    content = get("/some/t.xlsx").content
    lines = [value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value for value in HOSTILE]
    expected = [str(value) if isinstance(value, int) and value > 10**15 else value for value in lines]
    assert [row[1] or None for row in _sheet(content)[1:]] == [value or None for value in expected]
    assert _types(content) <= {"s", "n", "inlineStr"}
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert "2000-01-01T00:00:00Z" in parts.read("docProps/core.xml").decode()  # the same rows give the same bytes
    assert "<hyperlink" not in sheet and "<f>" not in sheet and "=HYPERLINK(" in sheet


def test_what_excel_cannot_hold_is_listed(tmp_path: Path) -> None:
    texts = ["a" * 32_767, "b" * 32_768, "😀" * 16_384, "c\x01d\0e\ufffe"]
    get = requests(database_of(tmp_path, enumerate(texts)))
    content = get("/some/t.xlsx").content
    whole, *cut, replaced = [row[1] for row in _sheet(content)[1:]]
    assert whole == texts[0] and replaced == "c\ufffdd\ufffde\ufffd"
    for text, original in zip(cut, texts[1:3], strict=True):
        start, _, mark = text.partition(" *** CUT: ")
        assert original.startswith(start) and len(start) > 16_000 and mark.startswith("32,768 characters")
    about = {row[0]: row for row in _sheet(content, -1)}
    assert about["Cells that were too long for Excel, and were cut"][2] == 2 and about["Rows"][2] == 4
    assert about["t"][1:] == (4, "a: 32,768") or about["t"][1:] == (3, "a: 32,768")


def test_more_rows_than_a_sheet_holds_continue_in_the_next(tmp_path: Path) -> None:
    path = database_of(tmp_path, ((n, "x") for n in range(25)))
    query = Query("some", "t", "select * from t", {}, {})
    with closing(sqlite3.connect(path)) as connection:
        reading = Reading(connection, query, Limits())
        reading.begin()
        xlsx_file.write(tmp_path / "t.xlsx", reading, "t", "", {}, most_rows=11)
    content = (tmp_path / "t.xlsx").read_bytes()
    sheets = [_sheet(content, number) for number in range(3)]
    assert [len(rows) for rows in sheets] == [11, 11, 6] and {rows[0] for rows in sheets} == {("id", "a")}
    assert [row[0] for rows in sheets for row in rows[1:]] == list(range(25))


def test_parquet_has_the_values_and_one_type_per_column(tmp_path: Path) -> None:
    columns = "id integer primary key, a, b integer, c, d, e"
    rows = [(1, "=1", 5, 1, b"\0", 2**60), (2, None, None, 2.5, None, 3), (3, 7, -5, None, None, None)]
    get = requests(database_of(tmp_path, rows, columns))
    file = parquet.ParquetFile(io.BytesIO(get("/some/t.parquet").content))
    table = file.read()
    assert [str(field.type) for field in table.schema] == ["int64", "string", "int64", "double", "binary", "int64"]
    assert table.to_pydict() == {
        "id": [1, 2, 3],
        "a": ["=1", None, "7"],
        "b": [5, None, -5],
        "c": [1.0, 2.5, None],
        "d": [b"\0", None, None],
        "e": [2**60, 3, None],
    }
    about = json.loads(file.metadata.metadata[b"archive"])
    assert about["rows"] == 3 and about["complete"] is True and about["table"] == "t"


def test_a_parquet_column_without_a_value_has_the_type_of_its_table(sample: Place, tmp_path: Path) -> None:
    """So that the files of two sources can be read as one: a number was a text where no article had one."""
    get = served(sample.archive, tmp_path)

    def types(path: str, **filters: str) -> dict[str, str]:
        schema = parquet.read_schema(io.BytesIO(get(path, **filters).content))
        return {name: str(schema.field(name).type) for name in schema.names}

    one, other = (types("/archive/articles.parquet", source_id=source) for source in ("sample-mic", "sample-mst"))
    assert one == other and (one["reprint_of"], one["gone_at"]) == ("int64", "string")
    assert types("/archive/articles/1.parquet")["reprint_of"] == "int64"


def test_a_column_whose_type_shows_late_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_file, "_GROUP_ROWS", 1_000)
    get = requests(database_of(tmp_path, ((n, None if n < 2_500 else 1 if n < 3_500 else "chữ") for n in range(4_000))))
    table = parquet.read_table(io.BytesIO(get("/some/t.parquet").content)).to_pydict()
    assert table["id"] == list(range(4_000)) and table["a"] == [None] * 2_500 + ["1"] * 1_000 + ["chữ"] * 500


def test_texts_that_are_not_text(tmp_path: Path) -> None:
    path = database_of(tmp_path, [(1, b"\x00\xff"), (2, "a\0b")])
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("insert into t values (3, cast(x'61eda08062ff' as text))")  # a surrogate, and a byte that is not UTF-8
    get = requests(path)
    assert [row["a"] for row in csv_rows(get("/some/t.csv"))] == ["base64:AP8=", "a\ufffdb", "a\ufffd\ufffd\ufffdb\ufffd"]
    values = [json.loads(line)["a"] for line in get("/some/t.jsonl").text.splitlines()]
    assert values == [{"$base64": True, "encoded": "AP8="}, "a\0b", "a\ufffd\ufffd\ufffdb\ufffd"]
    assert get("/some/t.csv.manifest").json()["repaired_texts"] == 1


def test_an_infinite_number_is_no_json(sample: Place, tmp_path: Path) -> None:
    get = served(sample.archive, tmp_path)
    infinite = {"sql": "select 9e999 as a, -9e999 as b, 1.5 as c"}
    [line, *_] = get("/archive.jsonl", **infinite).text.splitlines()
    assert line.startswith('{"a":null,"b":null,"c":1.5')
    assert get("/archive.json", _shape="arrays", **infinite).json()["rows"] == [[None, None, 1.5]]


def test_a_server_without_the_extra_for_parquet_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_file, "is_possible", lambda: False)
    get = requests(database_of(tmp_path, ((1, "x"),)))
    for path in ("/some/t.parquet", "/some.parquet?sql=select+1", "/some/t.parquet.manifest"):
        assert "chưa cài phần bổ sung “parquet”" in get(path, status=404).text, path
    assert "its extra “parquet” is not installed" in get("/en/some/t.parquet", status=404).text
    assert "Không có tệp nào có đuôi này" in get("/some/t.ods", status=404).text


def test_the_manifest_has_the_count_and_the_digest(get: Get) -> None:
    for url in (
        "/archive/articles.csv?_labels=on",
        "/archive/most_cited.jsonl",
        "/archive.csv?sql=select+id+from+articles+where+id<:n&n=9",
    ):
        file = get(url).content
        path, _, query = url.partition("?")
        manifest = get(f"{path}.manifest?{query}").json()
        assert manifest["sha256"] == hashlib.sha256(file).hexdigest() and manifest["bytes"] == len(file)
        if path.endswith(("xlsx", "parquet")):
            continue
        lines = file.decode("utf-8-sig").splitlines()
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


ATOM = "{http://www.w3.org/2005/Atom}"


def _feed(get: Get, path: str, **parameters: str) -> tuple[ElementTree.Element, list[str]]:
    """Returns a feed and the pages of its entries."""
    response = get(path, **parameters)
    assert response.headers["content-type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(response.content)
    entries = root.findall(f"{ATOM}entry")
    assert all(entry.find(f"{ATOM}{name}") is not None for entry in entries for name in ("id", "title", "updated", "author"))
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries)
    assert "sample" in (root.findtext(f"{ATOM}subtitle") or "")
    return root, [link.attrib["href"] for entry in entries for link in entry.findall(f"{ATOM}link[@rel='alternate']")]


def test_feeds(get: Get) -> None:
    [[document]] = get("/archive.json", sql="select id from documents where number = '07/2008/CT-BTTTT'").json()["rows"]
    citing = {row[0] for row in get("/archive.json", sql=f"select article_id from citations where document_id = {document}").json()["rows"]}
    root, pages = _feed(get, f"/archive/documents/{document}.atom")
    assert {int(page.rpartition("/")[2]) for page in pages} == citing and "Chỉ thị 07/2008/CT-BTTTT" in (
        root.findtext(f"{ATOM}title") or ""
    )
    assert root.find(f"{ATOM}link[@rel='alternate']").attrib["href"] == f"http://localhost/archive/documents/{document}"  # type: ignore[union-attr]
    english, pages = _feed(get, f"/en/archive/documents/{document}.atom")
    assert (english.findtext(f"{ATOM}title") or "").startswith("Articles that cite") and pages[0].startswith(
        "http://localhost/en/archive/articles/"
    )
    total = get("/archive.json", sql="select count(*) from articles where source_id = 'sample-mst'").json()["rows"][0][0]
    assert len(_feed(get, "/archive/sources/sample-mst.atom")[1]) == total
    found = get("/archive/articles.json", _search="nghe an").json()["filtered_table_rows_count"]
    assert len(_feed(get, "/archive/articles.atom", _search="nghe an")[1]) == found
    assert _feed(get, "/archive/undated_articles.atom")
    for path in (
        "/archive/rules.atom",
        "/archive/most_cited.atom",
        "/archive/articles/1.atom",
        "/archive/documents/0.atom",
        "/archive.atom",
    ):
        get(path, status=404)
    page = get("/archive/articles").text
    assert all(f"/archive/articles.{ending}" in page for ending in ("csv", "xlsx", "jsonl", "parquet", "atom"))
    assert ".atom" not in get("/archive/rules").text


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
    get("/archive/articles.csv", _sort="nothing", status=400)
    get("/archive/articles.csv", _size="-1", status=400)
    get("/robots.txt"), get("/-/health.json"), get("/-/plugins.json"), get("/archive.json"), get("/archive/articles/1.json")


@dataclass
class Server:
    """Datasette in a process of its own."""

    url: str
    process: subprocess.Popen[bytes]

    def cpu_seconds(self) -> float:
        """Returns the processor time of the server and of its processes, also of those that have ended."""
        pid = self.process.pid
        children = [child for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]
        return sum(_ticks(one) for one in (str(pid), *children)) / os.sysconf("SC_CLK_TCK")

    @contextmanager
    def reading(self, path: str) -> Iterator[http.client.HTTPResponse | None]:
        """Requests a file and reads nothing of it; the connection is closed at the end. None: no answer came in a second."""
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=1)
        connection.request("GET", path)
        try:
            yield connection.getresponse()
        except TimeoutError:
            yield None
        finally:
            connection.close()


def _ticks(pid: str) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):  # it has ended; its time is that of its parent now
        return 0
    return sum(int(field) for field in fields[11:15])


def fetched(url: str) -> httpx.Response:
    """Returns a response, also of a machine that is busy."""
    return httpx.get(url, timeout=600)


@contextmanager
def serving(folder: Path, database: Path, **limits: object) -> Iterator[Server]:
    """Serves a database. `limits`: settings of the files. The log of the server is in `folder`."""
    (folder / "metadata.json").write_text(json.dumps({"plugins": {"vietnam-government-news-archive": {"files": limits}}}))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "datasette", str(database), "-p", str(port), "-m", str(folder / "metadata.json")]
    with (folder / "stderr").open("wb") as log, subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log) as process:
        found = Server(f"http://127.0.0.1:{port}", process)
        try:
            for _ in range(600):
                try:
                    fetched(f"{found.url}/-/versions.json")
                    break
                except httpx.ConnectError:
                    time.sleep(0.1)
            yield found
        finally:
            process.kill()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that writes one file at a time, of a table with 50 MB: more than a connection takes whose client reads nothing."""
    folder = tmp_path_factory.mktemp("server")
    path = database_of(folder, ((n, f"dòng {n} {'x' * 2_600}") for n in range(20_000)))
    with serving(folder, path, at_once=1, query_seconds=600, query_rows=10_000_000) as found:
        yield found


def _until(server: Server, status: int) -> httpx.Response:
    """Waits until the server writes a file (429 for the next one) or none (200). It fails after 20 s."""
    for _ in range(200):
        response = fetched(f"{server.url}/some.csv?sql=select+1")
        if response.status_code == status:
            return response
        time.sleep(0.1)
    raise AssertionError(f"status {response.status_code} for 20 s")


COUNT_FOR_EVER = "with+recursive+n(i)+as+(select+1+union+all+select+i%2B1+from+n)"


@pytest.mark.parametrize(
    "path",
    [
        "/some/t.csv?_sort_desc=a",
        f"/some.csv?sql={COUNT_FOR_EVER}+select+i+from+n",  # rows without an end
        f"/some.csv?sql={COUNT_FOR_EVER}+select+count(*)+from+n",  # not even one row
        pytest.param(f"/some.xlsx?sql={COUNT_FOR_EVER}+select+i+from+n", marks=pytest.mark.gate),
        pytest.param(f"/some.csv.manifest?sql={COUNT_FOR_EVER}+select+i+from+n", marks=pytest.mark.gate),
    ],
)
def test_a_client_that_leaves_ends_the_work(server: Server, path: str) -> None:
    _until(server, 200)
    with server.reading(path) as response:
        assert response is None or response.status == 200
        busy = _until(server, 429)
        assert busy.headers["retry-after"]
        assert fetched(f"{server.url}/some").status_code == 200  # pages are answered
    _until(server, 200)
    before = server.cpu_seconds()
    time.sleep(0.3)
    assert server.cpu_seconds() - before < 0.15  # a query that went on would have used all of it


def test_a_step_that_nothing_interrupts_is_ended(tmp_path: Path) -> None:
    """`instr` looks for a long text at each letter of another for minutes, in one step of SQLite."""
    path = database_of(tmp_path, [(1, "đ")])
    slow = "select+instr(printf('%25.*c',3900000,'a'),printf('%25.*c',1900000,'a')||'b')"
    with serving(tmp_path, path, query_seconds=1, at_once=1) as found:
        refused = fetched(f"{found.url}/en/some/t.csv?_where=1=length(({slow}))")
        assert refused.status_code == 400 and "no row within its time" in refused.text + str(refused.headers)
        assert fetched(f"{found.url}/some.csv?sql=select+a+from+t").text.endswith("đ\r\n")


def test_a_file_that_breaks_in_the_middle_has_no_end(server: Server) -> None:
    _until(server, 200)
    broken = "select+id,+case+when+id<5000+then+a+else+abs(-9223372036854775807+-1)+end+from+t"
    with pytest.raises(httpx.RemoteProtocolError, match="incomplete"):
        fetched(f"{server.url}/some.csv?sql={broken}")
    assert fetched(f"{server.url}/some.xlsx?sql={broken}").status_code == 400  # which is written before it is sent
    whole = fetched(f"{server.url}/some/t.csv").content
    assert whole.count(b"\r\n") == 20_001
