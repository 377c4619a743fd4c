"""Attacks by one GET each, on a real server: pages are answered meanwhile, memory is bounded, and a signal stops it."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from tests.conftest import PROJECT, Place
from tests.web.test_datasette import Get, served

MEGABYTE = 1024 * 1024
# Each needs minutes or gigabytes if nothing bounds it. Some run in C, where SQLite looks at no time limit.
ATTACKS = {
    "printf": "select printf('%.*c', 900000000, 'x')",
    "zeroblob": "select zeroblob(900000000)",
    "hex": "select hex(randomblob(16000000))",
    "replace": "select length(replace(replace(replace(hex(zeroblob(999999)), '0', '0000000000'), '0', '0000000000'), '0', '0000000000'))",
    "trim": "select trim(printf('%.*c', 8000000, 'a'), printf('%.*c', 8000000, 'b') || 'a')",
    "instr": "select instr(printf('%.*c', 15000000, 'a'), printf('%.*c', 7000000, 'a') || 'b')",
    "like": "select printf('%.*c', 15000000, 'a') like printf('%.*c', 4000, '%a') || 'b'",
    "cross join": "select count(*) from citations a, citations b, citations c, citations d, citations e",
    "recursion": "with recursive n(x) as (select 1 union all select x + 1 from n) select sum(x) from n",
    "group_concat": "with recursive n(x) as (select 1 union all select x + 1 from n) select group_concat(hex(randomblob(1000))) from n",
    "rows": "with recursive n(x) as (select 1 union all select x + 1 from n limit 900) select hex(zeroblob(1000000)) from n",
    "sort": "with recursive n(x) as (select 1 union all select x + 1 from n) select x, hex(randomblob(500)) as y from n order by y",
    "json": "select count(*) from json_each('[' || trim(replace(hex(zeroblob(900000)), '0', '1,'), ',') || ']') a, json_each('[1,2,3]') b,"
    " citations, citations c, citations d, citations e",
    "snippet": "select snippet_vi('', replace(hex(zeroblob(500000)), '0', 'từ '), 'không có') from citations a, citations b",
    "fold": "select fold(hex(randomblob(8000000))) from citations a, citations b",
    "words": "select word_difference(replace(hex(randomblob(60000)), '0', ' '), replace(hex(randomblob(60000)), '1', ' ')) from citations",
}
FORBIDDEN = (
    "select load_extension('x')",
    "select fts3_tokenizer('simple')",
    "select * from pragma_journal_mode",
    "select writefile('x', 'y')",
)


# Of a process that answers a question with the SQL functions of the project.
_LOADED = """
import json, sys
before = set(sys.modules)
import {module}
from scraper.web.guards_worker import open_guarded
open_guarded("file::memory:").execute("select fold('Đ'), snippet_vi('', 'một hai', 'hai'), word_difference('a b', 'a c')").fetchall()
print(json.dumps([name for name in sys.modules if name not in before]))
"""


@pytest.mark.parametrize("module", ["scraper.web.guards_worker", "scraper.web.file_worker"])
def test_a_worker_loads_neither_datasette_nor_the_parser(module: str) -> None:
    """With them it would need 87 MB instead of 26, and most of a second to start."""
    done = subprocess.run([sys.executable, "-c", _LOADED.format(module=module)], cwd=PROJECT, capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout))
    assert {name.partition(".")[0] for name in loaded} - sys.stdlib_module_names <= {"scraper", "markupsafe", "__mp_main__"}
    parts = {name.split(".")[1] for name in loaded if name.startswith("scraper.")}
    assert parts & {"parse", "platforms", "reader", "store", "crawl", "attachments", "actions"} == set()


@dataclass(frozen=True)
class Server:
    """A server that runs, with its URL."""

    url: str
    process: subprocess.Popen[bytes]

    def status(self, path: str, **headers: str) -> int:
        return httpx.get(self.url + path, headers=headers, timeout=60).status_code

    def memory(self) -> int:
        """Returns the most memory that the server and its processes have had, in bytes."""
        return sum(_peak(pid) for pid in (self.process.pid, *self.children()))

    def children(self) -> list[int]:
        return [int(pid) for pid in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()] + [
            int(pid)
            for task in Path(f"/proc/{self.process.pid}/task").iterdir()
            if task.name != str(self.process.pid)
            for pid in (task / "children").read_text().split()
        ]


def _peak(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:  # it has ended
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)


def started(archive: Path, folder: Path, limit_ms: int = 400) -> Server:
    """Starts a server on a copy of an archive, with a short time limit for SQL."""
    shutil.copy(archive, folder / "archive.db")
    shutil.copy(PROJECT / "metadata.yml", folder)
    settings = json.loads((PROJECT / "settings.json").read_text(encoding="utf-8")) | {"sql_time_limit_ms": limit_ms}
    (folder / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "datasette", ".", "--port", str(port)]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            httpx.get(f"{url}/-/versions.json")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return Server(url, process)
    process.kill()
    raise AssertionError("the server did not start")


@pytest.fixture(scope="module")
def server(sample: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    found = started(sample.archive, tmp_path_factory.mktemp("guarded"))
    yield found
    found.process.kill()
    found.process.wait()


def _sql(statement: str, ending: str = "") -> str:
    return f"/archive{ending}?sql={quote(statement)}"


@pytest.mark.parametrize("name", ("printf", "zeroblob", "trim", "recursion", "rows", "snippet"))
def test_an_attack_is_refused(server: Server, name: str) -> None:
    assert server.status(_sql(ATTACKS[name])) in (200, 400)  # a result within the limits, or none
    assert server.status("/archive/articles/1") == 200
    assert server.memory() < 500 * MEGABYTE


@pytest.mark.gate
@pytest.mark.parametrize("name", ATTACKS)
@pytest.mark.parametrize("ending", ("", ".json", ".csv"))
def test_fifty_attacks_at_once(server: Server, name: str, ending: str) -> None:
    with ThreadPoolExecutor(50) as clients:
        attacks = [clients.submit(server.status, _sql(ATTACKS[name], ending)) for _ in range(50)]
        time.sleep(0.5)
        assert {server.status(path) for path in ("/", "/archive/articles/1", "/en/archive/documents/1", "/-/health")} == {200}
        assert server.memory() < 500 * MEGABYTE
        assert {one.result() for one in attacks} <= {200, 400, 429}
    assert server.memory() < 500 * MEGABYTE
    assert server.status(_sql("select 1")) == 200


def test_too_many_at_once_get_a_refusal(server: Server) -> None:
    with ThreadPoolExecutor(16) as clients:
        requests = [clients.submit(httpx.get, server.url + _sql(ATTACKS["cross join"]), timeout=60) for _ in range(16)]
        pages = [clients.submit(server.status, path) for path in ("/", "/archive/articles/1", "/archive/units/ha-noi")]
        assert [page.result() for page in pages] == [200, 200, 200]
        answers = [one.result() for one in requests]
    assert {one.status_code for one in answers} == {400, 429}
    refused = [one for one in answers if one.status_code == 429]
    assert all(int(one.headers["retry-after"]) > 0 and "xin thử lại" in one.text.lower() for one in refused)
    assert server.status(_sql("select 1")) == 200


@pytest.mark.parametrize("ending", ("", pytest.param(".csv", marks=pytest.mark.gate)))
def test_a_signal_stops_the_server_whatever_it_does(sample: Place, tmp_path: Path, ending: str) -> None:
    server = started(sample.archive, tmp_path, limit_ms=60_000)
    with ThreadPoolExecutor(4) as clients:
        attacks = [clients.submit(server.status, _sql(ATTACKS[name], ending)) for name in ("trim", "instr", "recursion", "trim")]
        while not server.children() and not ending:
            time.sleep(0.1)
        time.sleep(1)
        children = server.children()  # now also those that began later than the first
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(timeout=10)
        for one in attacks:
            assert one.exception() is not None or one.result() in (200, 400, 429, 500)
    for _ in range(100):  # each looks once a second whether the server is still there
        if all(_ended(pid) for pid in children):
            return
        time.sleep(0.1)
    raise AssertionError("a worker goes on without the server")


def _ended(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


@pytest.fixture(scope="module")
def get(sample: Place, tmp_path_factory: pytest.TempPathFactory) -> Get:
    return served(sample.archive, tmp_path_factory.mktemp("headers"))


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_nothing_but_reading_is_allowed(get: Get, statement: str) -> None:
    get("/archive.json", status=400, sql=statement)


def test_a_query_gives_the_rows_that_datasette_gives(get: Get) -> None:
    """Rows come from another process, with all their types, and cut where Datasette would cut them."""
    found = get(
        "/archive.json", sql="select 1 as a, 2.5 as b, null as c, 'đ' as \"x y\", cast(x'ff00' as blob) as a, :p as p", p="7"
    ).json()
    assert found["columns"] == ["a", "b", "c", "x y", "a", "p"]
    assert found["rows"] == [[1, 2.5, None, "đ", {"$base64": True, "encoded": "/wA="}, "7"]]
    cut = get("/archive.json", sql="with recursive n(x) as (select 1 union all select x + 1 from n) select x from n limit 1001").json()
    assert len(cut["rows"]) == 1000 and cut["truncated"] is True
    assert "syntax error" in get("/archive.json", status=400, sql="select from").json()["error"]


@pytest.mark.parametrize(
    "path", ("/", "/archive", "/archive/articles", "/archive/articles/1", "/archive/search?q=nghe+an", "/-/health", "/no")
)
def test_a_browser_knows_what_a_page_may_do(get: Get, path: str) -> None:
    headers = get(path, status=404 if path == "/no" else 200).headers
    assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] in ("no-referrer", "same-origin")
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'" and policy["frame-ancestors"] == "'none'" and policy["base-uri"] == "'none'"
    assert "unsafe" not in policy["script-src"] and "http" not in headers["content-security-policy"]


def test_a_page_is_kept_until_the_archive_changes(copied: Place, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("kept")
    get = served(copied.archive, folder)
    first = get("/archive/articles/1")
    assert first.headers["cache-control"] == "public, max-age=60"
    same = get("/archive/articles/1", status=304, headers={"if-none-match": first.headers["etag"]})
    assert same.content == b"" and same.headers["etag"] == first.headers["etag"]
    get("/en/archive/articles/1", headers={"if-none-match": first.headers["etag"]})  # another page
    with closing(sqlite3.connect(folder / "archive.db")) as database, database:
        database.execute("update articles set title = 'Tin đã sửa' where id = 1")
    assert "Tin đã sửa" in get("/archive/articles/1", headers={"if-none-match": first.headers["etag"]}).text
    assert get("/no", status=404).headers["cache-control"] == "no-store"
    assert "etag" not in get("/archive.json", sql="select random()").headers


def test_a_page_of_an_archive_that_was_replaced_is_not_kept(sample: Place, tmp_path: Path) -> None:
    """A server goes on reading the file that it has open; so it is with the sample when a real source is first crawled. A validator made of
    the new file would let the next server say that the old page is still right.
    """
    get = served(sample.archive, tmp_path)
    before = get("/archive/articles/1")
    assert "etag" in before.headers
    (tmp_path / "archive.db").rename(tmp_path / "sample.db")
    shutil.copy(sample.archive, tmp_path / "new.db")
    with closing(sqlite3.connect(tmp_path / "new.db")) as database, database:
        database.execute("update articles set title = 'Tin của kho mới' where id = 1")
    (tmp_path / "new.db").rename(tmp_path / "archive.db")
    after = get("/archive/articles/1", headers={"if-none-match": before.headers["etag"]})
    assert "etag" not in after.headers and after.headers["cache-control"] == "no-store"
    anew = served(tmp_path / "archive.db", tmp_path)("/archive/articles/1", headers={"if-none-match": before.headers["etag"]})
    assert "Tin của kho mới" in anew.text and "etag" in anew.headers


def test_pages_are_compressed_and_files_are_not(get: Get) -> None:
    compressed = {"accept-encoding": "gzip"}
    assert get("/archive/articles", headers=compressed).headers["content-encoding"] == "gzip"
    assert "content-encoding" not in get("/archive/articles.csv", headers=compressed).headers
