"""A published copy with nginx before it, by the files of deploy/: exchange, dead processes, floods, forged headers, downloads."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from subprocess import CalledProcessError
from urllib.parse import quote

import pytest

from benchmarks.attacks import family
from benchmarks.floods import request_on
from benchmarks.proxied import (
    HOST,
    Answer,
    Proxied,
    free_ports,
    get,
    nginx,
    running_nginx,
    was_passed_on,
    write_state,
    written_configuration,
)
from tests.conftest import Place

pytestmark = pytest.mark.skipif(nginx() is None, reason="nginx is not installed: apt-get install nginx")

PAGES = ("/", "/archive/articles/1", "/en/archive/documents/1", "/archive/articles?_facet=source_id", "/-/health", "/archive/sources.csv")
_SLOW = "with recursive n(x) as (select 1 union all select x + 1 from n limit 2000000) select count(*), {} from n"
_LONG = "with recursive n(x) as (select 1 union all select x + 1 from n limit {}) select x, hex(zeroblob(500)) from n"


def _sql(statement: str, ending: str = "") -> str:
    return f"/archive{ending}?sql={quote(statement)}"


# --- only nginx: what it passes on ----------------------------------------------------------------------


@contextmanager
def _echo(folder: Path) -> Iterator[tuple[int, list[list[tuple[str, str]]]]]:
    """Runs nginx in front of a server that only notes the headers of each request. Yields the port of nginx and the headers."""
    noted: list[list[tuple[str, str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            noted.append([(name.lower(), value) for name, value in self.headers.items()])
            self.send_response(200)
            for name, value in (("ETag", 'W/"1"'), ("Cache-Control", "public, max-age=60"), ("Content-Length", "2")):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, format: str, *args: object) -> None:
            """Writes no log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port, state_port = free_ports(2)
    main = written_configuration(folder, port, state_port)
    write_state(folder, f"    server 127.0.0.1:{server.server_port};", "one")
    try:
        with running_nginx(main, port):
            yield port, noted
    finally:
        server.shutdown()
        server.server_close()


def test_what_a_client_says_about_itself_is_not_passed_on(tmp_path: Path) -> None:
    """The guards count by the IP address that nginx sees. Nor is a page kept that has another Host in its links, or a visitor's cookie."""
    lies = [("X-Forwarded-For", "1.2.3.4"), ("X-Forwarded-For", "5.6.7.8"), ("x-forwarded-for", "::1"), ("X_Forwarded_For", "9.9.9.9")]
    lies += [("Forwarded", "for=1.2.3.4"), ("Cookie", "ds_actor=x"), ("Authorization", "Bearer x"), ("X-Forwarded-Proto", "https")]
    with _echo(tmp_path) as (port, noted):
        for path in ("/", "/archive/articles.csv"):
            assert get(port, path, client="127.0.1.9", headers=lies).status == 200
        assert get(port, "/", client="127.0.1.9", headers=[("Host", "evil.example")]).status == 0  # closed without an answer
        assert get(port, "/?n=1", client="127.0.1.9", headers=[("Host", f"{HOST}:666")]).status == 200
        again = get(port, "/", client="127.0.1.10", headers=lies)
        log = (tmp_path / "archive.log").read_text(encoding="utf-8")
    assert again.body == b"ok" and len(noted) == 3  # the page was kept, the file was not
    for headers in noted:
        said = [(name, value) for name, value in headers if "forwarded" in name or name in ("host", "cookie", "authorization")]
        assert sorted(said) == [("host", HOST), ("x-forwarded-for", "127.0.1.9"), ("x-forwarded-proto", "http")]
    assert "127.0.1.9" not in log and "127.0.x.x" in log


def test_the_manifest_of_a_file_has_as_much_time_as_the_file(tmp_path: Path) -> None:
    """It is known when the file was written once. As a page it had 30 s; the manifest of 150,000 rows of Excel needs more."""
    paths = [f"/archive/articles.{ending}{more}" for ending in ("csv", "xlsx", "jsonl", "parquet") for more in ("", ".manifest")]
    with _echo(tmp_path) as (port, noted):
        for path in (*paths, "/archive/articles"):
            assert get(port, path, client="127.0.1.9").status == 200
    packed = ["accept-encoding" in dict(headers) for headers in noted]  # pages are requested compressed, files as they are written
    assert packed == [False] * len(paths) + [True]


# --- the whole of deploy/ --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("proxied")


@pytest.fixture(scope="module")
def live(sample: Place, folder: Path) -> Place:
    """The archive that is published; a test may change it."""
    shutil.copytree(sample.folder, folder / "live")
    return Place(folder / "live")


@pytest.fixture(scope="module")
def proxied(live: Place, folder: Path) -> Iterator[Proxied]:
    live.scrapy("publish", str(folder / "copies"), "--without-digests")
    with Proxied(folder, folder / "copies") as proxied:
        yield proxied


class Readers:
    """Readers that go from page to page during a `with` block, each with an IP address of its own. `answers`: what they got."""

    def __init__(self, port: int, number: int = 4) -> None:
        self.answers: list[tuple[str, Answer]] = []
        self._port, self._end = port, threading.Event()
        self._threads = [threading.Thread(target=self._read, args=(place,), daemon=True) for place in range(number)]

    def _read(self, place: int) -> None:
        number = 0
        while not self._end.wait(0.2):
            number += 1
            path = PAGES[(number + place) % len(PAGES)]
            if number % 3 == 0 and not path.endswith(".csv"):
                path += f"{'&' if '?' in path else '?'}_n={place}-{number}"  # a page that is not kept yet
            self.answers.append((path, get(self._port, path, client=f"127.0.2.{place + 1}")))

    @property
    def failed(self) -> list[tuple[str, int]]:
        return [(path, answer.status) for path, answer in self.answers if answer.status != 200]

    def go_on(self, number: int) -> None:
        """Waits until they got so many more answers."""
        before = len(self.answers)
        _wait_for(lambda: len(self.answers) >= before + number, "readers get nothing any more")

    def __enter__(self) -> Readers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join()


def _wait_for(condition: Callable[[], bool], what: str) -> None:
    for _ in range(600):
        if condition():
            return
        time.sleep(0.1)
    pytest.fail(what)


@pytest.mark.gate
def test_the_copy_is_exchanged_while_readers_go_on(live: Place, proxied: Proxied) -> None:
    """A download that is going on ends, too, and no copy is mixed with another one."""
    before = get(proxied.port, "/archive/articles/1")
    rows = 150_000
    with closing(sqlite3.connect(live.archive)) as database, database:
        database.execute("update articles set title = 'Tin đã sửa' where id = 1")
    live.scrapy("publish", str(proxied.folder / "copies"), "--without-digests")
    with Readers(proxied.port) as readers, ThreadPoolExecutor(1) as downloads:
        download = downloads.submit(get, proxied.port, _sql(_LONG.format(rows), ".csv"), client="127.0.3.1")
        readers.go_on(1)
        copy = proxied.exchange()
        exchanged = len(readers.answers)
        readers.go_on(20)
    assert readers.failed == []
    assert download.result().status == 200 and download.result().body.count(b"\n") == rows + 1
    after = get(proxied.port, "/archive/articles/1")
    assert copy.endswith("-2") and "Tin đã sửa" in after.body.decode() and "Tin đã sửa" not in before.body.decode()
    assert after.headers["etag"] != before.headers["etag"]
    articles = [answer.headers["etag"] for path, answer in readers.answers[exchanged:] if path == "/archive/articles/1"]
    assert set(articles) <= {after.headers["etag"]}


@pytest.mark.gate
def test_a_copy_that_cannot_be_served_is_not_served(live: Place, proxied: Proxied) -> None:
    broken = proxied.folder / "copies/9999-01-01"
    broken.mkdir()
    (broken / "archive.db").write_bytes(b"not a database" * 1000)
    (broken / "manifest.json").write_text("{}")
    with Readers(proxied.port, 2) as readers, pytest.raises(CalledProcessError):
        proxied.exchange(patience=15)
    shutil.rmtree(broken)
    assert readers.failed == []
    assert all(get(port, "/archive/articles/1").status == 200 for port in proxied.ports)


@pytest.mark.gate
def test_a_killed_process_is_not_noticed(proxied: Proxied) -> None:
    for port in proxied.ports:
        with Readers(proxied.port) as readers:
            readers.go_on(10)
            proxied.kill(port)
            readers.go_on(30)
        proxied.restart(port)
        assert [failure for failure in readers.failed if not failure[0].endswith(".csv")] == []


@pytest.mark.gate
def test_validators_and_compression(proxied: Proxied) -> None:
    page = get(proxied.port, "/archive/articles/2", headers=[("Accept-Encoding", "gzip")])
    assert page.headers["content-encoding"] == "gzip" and page.headers["cache-control"] == "public, max-age=60"
    plain = get(proxied.port, "/archive/articles/2")
    assert "content-encoding" not in plain.headers and plain.body == gzip.decompress(page.body)
    etags = {get(port, "/archive/articles/2").headers["etag"] for port in proxied.ports}
    assert etags == {page.headers["etag"]}  # so a page is not sent again because another process answers
    for path in ("/archive/articles/2", "/archive/articles/2?_n=never-kept"):
        etag = get(proxied.ports[0], path).headers["etag"]
        for _ in range(2):
            same = get(proxied.port, path, headers=[("If-None-Match", etag)])
            assert same.status == 304 and same.body == b""
    for path, status in ((_sql("select random()", ".json"), 200), ("/nothing", 404), (_sql("select from", ".json"), 400)):
        answers = [get(proxied.port, path) for _ in range(2)]
        assert [answer.status for answer in answers] == [status, status] and "etag" not in answers[0].headers
        assert proxied.log()[-1].split()[-2] != "HIT"
    assert get(proxied.port, _sql("select random()", ".json")).body != get(proxied.port, _sql("select random()", ".json")).body


@pytest.mark.gate
def test_forged_addresses_do_not_multiply_a_client(proxied: Proxied) -> None:
    """Of one client, so many heavy requests are answered at once, whatever it says; another one is answered meanwhile."""

    def status_of(number: int) -> int:
        forged = [("X-Forwarded-For", f"192.0.2.{number}"), ("X-Real-IP", f"192.0.2.{number}"), ("Forwarded", f"for=192.0.2.{number}")]
        return get(proxied.port, _sql(_SLOW.format(number)), client="127.0.4.1", headers=forged).status

    with ThreadPoolExecutor(30) as clients:
        requests = [clients.submit(status_of, number) for number in range(30)]
        other = get(proxied.port, "/archive/articles?_size=5&_n=other", client="127.0.4.2")
        found = Counter(one.result() for one in requests)
    assert other.status == 200
    assert found[429] >= 10 and found[429] + found[200] + found[400] == 30


def _command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):  # it has ended
        return b""


@pytest.mark.gate
def test_a_file_ends_when_its_reader_leaves(proxied: Proxied) -> None:
    def writers() -> list[int]:
        found = [one for port in proxied.ports for one in family(proxied.process_of(port))]
        return [one for one in found if b"file_worker" in _command_of(one)]

    with closing(HTTPConnection("127.0.0.1", proxied.port, timeout=60)) as connection:
        connection.request("GET", _sql(_LONG.format(900_000), ".csv"), headers={"Host": HOST})
        assert len(connection.getresponse().read(200_000)) == 200_000
        assert len(writers()) == 1
    _wait_for(lambda: writers() == [], "the file is written though nobody reads it")
    assert not [*(proxied.folder / "proxy").rglob("*")]  # no temporary file


@pytest.mark.gate
def test_a_flood_does_not_reach_datasette(proxied: Proxied) -> None:
    """Clients that request without a pause are refused by nginx; pages are answered meanwhile. benchmarks/floods.py measures how fast."""
    end = threading.Event()
    found: Counter[int] = Counter()
    before, began = len(proxied.log()), time.monotonic()
    with ThreadPoolExecutor(30) as clients, Readers(proxied.port, 2) as readers:
        try:
            floods = [clients.submit(request_on, proxied.port, _sql(_SLOW.format(1)), number, end, found) for number in range(30)]
            _wait_for(lambda: found.total() > 200 and len(readers.answers) > 40, "nothing is answered any more")
        finally:
            end.set()
        for one in floods:
            one.result()
    lines = [line for line in proxied.log()[before:] if '"/archive"' in line]
    reached = [line for line in lines if was_passed_on(line)]
    assert len(lines) == found.total() and found[429] > 0
    assert len(reached) <= 60 + 30 * (time.monotonic() - began)  # the rate and burst in archive.conf, whatever the number of clients
    assert [failure for failure in readers.failed if "?" not in failure[0] and not failure[0].endswith(".csv")] == []
