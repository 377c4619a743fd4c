"""`scrapy update --cluster`: several machines crawl and one process stores. The archive is that of a crawl by one machine."""

from __future__ import annotations

import html
import itertools
import json
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest

from benchmarks.forked_commands import as_options
from benchmarks.nightly import FIRST_NIGHT, SECOND_NIGHT, ServedSite, Servers, make_site
from scraper.cluster.shared_store import SharedStore
from scraper.model import UserError
from scraper.warc.records import response_of, scan, target
from tests import notices
from tests.conftest import PROJECT, Place
from tests.machines import HOME, Machine, dask_scheduler, dask_worker, machines
from tests.same_rows import differences, faults, rows_of
from tests.server import serving_pages

DELAY = 0.2  # seconds between two requests to a host
_OWN = b"http://own-site.invalid"  # in pages of recordings: the site itself
_LINK = re.compile(rb'href="([^"]*)"')


def _sources(folder: Path, sites: Sequence[ServedSite], host: str = "127.0.0.1") -> Path:
    blocks = [
        f'[[source]]\nid = "{site.name}"\nname = "{site.name}"\nunit = "nghe-an"\n'
        f'site = "http://{host}:{site.port}"\ndelay = {site.delay}\n'
        for site in sites
    ]
    path = folder / "sources.toml"
    path.write_text("\n".join(blocks), encoding="utf-8")
    return path


def _requested(sites: Sequence[ServedSite]) -> dict[str, Counter[str]]:
    """Returns how often each page was requested, and forgets it."""
    found = {site.name: Counter(path for _, _, path in site.requests) for site in sites}
    for site in sites:
        site.requests.clear()
    return found


@pytest.mark.gate
def test_an_update_with_workers_gives_the_rows_of_one_machine(place: Place, tmp_path: Path) -> None:
    """The second night needs the rows of the first: then only the lists are requested."""
    sites = [make_site("so-a", 4, 1)]
    sites[0].delay = 0.02
    other = Place(tmp_path / "other")
    other.folder.mkdir()
    with Servers(sites):
        extra = _sources(tmp_path, sites)
        for now in (FIRST_NIGHT, SECOND_NIGHT):
            place.scrapy("update", "so-a", SOURCES_EXTRA=extra, NOW=now)
            expected = _requested(sites)
            done = other.scrapy("update", "so-a", "--cluster", "local", "--json", SOURCES_EXTRA=extra, NOW=now)
            assert _requested(sites) == expected
    assert json.loads(done.stdout.splitlines()[0])["state"] == "finished"
    assert differences(rows_of(place.archive), rows_of(other.archive)) == ""
    assert not [*other.captures.glob(".cluster/units/*/*")]  # what is in the archive is not kept twice


def test_files_of_articles_come_by_workers_too(place: Place, tmp_path: Path) -> None:
    """They are requested when the pages are stored: only then it is known which ones are wanted. One of them is not there."""
    other = Place(tmp_path / "other")
    other.folder.mkdir()
    pages = notices.site(3, citing=2)
    pages["/tep/qd-2.rtf"] = (404, {}, b"gone")
    settings: dict[str, Any] = {"NOW": "2026-10-30T02:00:00+07:00", "DOWNLOAD_DELAY": 0.01, "DOWNLOAD_DELAY_JITTER": 0}
    with serving_pages(pages) as site:
        settings["SOURCES_EXTRA"] = place.source("mau", site.url)
        place.scrapy("update", "mau", **settings)
        expected = Counter(site.paths())
        site.requests.clear()
        done = other.scrapy("update", "mau", "--cluster", "local", "--json", **settings)
        assert Counter(site.paths()) == expected + Counter({"/robots.txt": 1})
    assert differences(rows_of(place.archive), rows_of(other.archive)) == ""
    assert other.rows("select command, outcome from runs") == [("crawl", "finished"), ("attachments", "finished")]
    of_pages, of_files, sums = map(json.loads, done.stdout.splitlines())
    assert (of_pages["files"], of_files["files"], of_files["reasons"]) == (0, 2, {"not-found": 1})
    assert sums["sums"]["sources"] == 1
    assert not [*other.captures.glob(".cluster/units/*/*")]


# Runs scrapy, and kills it while it removes a unit from the store. Of the orders in which a folder may be read, this is the worst one.
_KILLED_WHILE_IT_REMOVES = """
import os, signal, sys
from scrapy.cmdline import execute

removed, scandir = set(), os.scandir

class Ordered:
    def __init__(self, path): self.entries = iter(sorted(scandir(path), key=lambda one: (one.name == "unit.json", one.name)))
    def __enter__(self): return self
    def __exit__(self, *error): pass
    def __iter__(self): return self
    def __next__(self): return next(self.entries)
    def close(self): pass

def heard(event, arguments):
    if event == "os.remove" and (name := os.path.basename(arguments[0])) in ("seed", "unit.json"):
        removed.add(name)
        if len(removed) == 2:
            os.kill(os.getpid(), signal.SIGKILL)

os.scandir = Ordered
sys.addaudithook(heard)
execute(["scrapy", *sys.argv[1:]])
"""


@pytest.mark.gate
def test_a_kill_while_a_unit_is_removed_leaves_no_lost_workers(place: Place, tmp_path: Path) -> None:
    """What is half removed is in the archive already: the next update must not take it for a unit that was left."""
    sites = [make_site("so-a", 4, 1)]
    with Servers(sites):
        extra = _sources(tmp_path, sites)
        settings = {"ARCHIVE": place.archive, "CAPTURES": place.captures, "SOURCES_EXTRA": extra, "NOW": FIRST_NIGHT}
        settings |= {"CLUSTER_LEASE": 1, "DOWNLOAD_TIMEOUT": 1, "CLUSTER_ATTEMPTS": 2}
        command = ["update", "so-a", "--cluster", "local", *as_options(settings)]
        killed = subprocess.run([sys.executable, "-c", _KILLED_WHILE_IT_REMOVES, *command], cwd=PROJECT, capture_output=True, check=False)
        assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
        assert [*place.captures.glob(".cluster/units/*/*")]
        place.scrapy("update", "so-a", "--cluster", "local", SOURCES_EXTRA=extra, NOW=SECOND_NIGHT, CLUSTER_ATTEMPTS=2)
    assert place.rows("select outcome from runs") == [("finished",), ("finished",)]
    assert not [*place.captures.glob(".cluster/units/*/*")]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--cluster", "10.0.0.1"), "must be the URL of a Dask scheduler"),
        (("--cluster", "local", "--max-minutes", "5"), "do not go together"),
        (("--cluster", "local", "--replay", "x.warc.gz"), "a recording is read by one machine"),
    ],
)
def test_wrong_ways_to_name_a_cluster(place: Place, arguments: tuple[str, ...], message: str) -> None:
    done = place.scrapy("update", "mst", *arguments, code=2)
    assert message in done.stderr


@contextmanager
def _silent() -> Iterator[int]:
    """Yields a port that accepts connections and says nothing, as that of a paused scheduler."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        yield silent.getsockname()[1]


@pytest.mark.gate
def test_what_is_no_scheduler_is_said_soon(place: Place) -> None:
    """Dask itself would wait for ever for one of them, and take the greeting of the other for the length of a message."""
    pytest.importorskip("distributed", reason="Dask is not installed: pip install '.[cluster]'")
    site = make_site("so-a", 1, 1)
    with Servers([site]), _silent() as silent:
        for port in (silent, site.port):
            done = place.scrapy("update", "mst", "--cluster", f"tcp://127.0.0.1:{port}", CLUSTER_PATIENCE=0, code=2)
            assert f"error: tcp://127.0.0.1:{port}: there is no Dask scheduler (" in done.stderr


@pytest.mark.gate
def test_workers_that_cannot_do_the_work_get_none(place: Place, tmp_path: Path) -> None:
    """One has the same parser, but crawls in another way. It would refuse each unit at once, be free again, and draw all of them."""
    pytest.importorskip("distributed", reason="Dask is not installed: pip install '.[cluster]'")
    sites = [make_site(f"so-{letter}", 2, place) for place, letter in enumerate("abcd")]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address, home = f"tcp://127.0.0.1:{port}", Machine("", "127.0.0.1", tmp_path)
    good, other, none = (Machine("", "127.0.0.1", tmp_path) for _ in range(3))
    shutil.copytree(PROJECT / "scraper", tmp_path / "other/scraper", ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "other/scraper/crawl/run.py").open("a") as file:
        file.write("# another version\n")
    (tmp_path / "none/scraper").mkdir(parents=True)
    (tmp_path / "none/scraper/__init__.py").touch()
    update = ("update", "--force", *(site.name for site in sites), "--cluster", address)
    try:
        with Servers(sites):
            settings: dict[str, Any] = {
                "SOURCES_EXTRA": _sources(tmp_path, sites),
                "CLUSTER_LEASE": 1,
                "DOWNLOAD_TIMEOUT": 5,
                "CLUSTER_PATIENCE": 2,
            }
            home.start(dask_scheduler("127.0.0.1", port), {})
            done = place.scrapy(*update, **settings, code=1)
            assert f"{address}: no worker for 2 s; start one: dask worker {address}" in done.stdout
            for machine, folder in ((other, tmp_path / "other"), (none, tmp_path / "none")):
                machine.start(["sh", "-c", f"cd {folder}; {dask_worker(address, 4)[-1]}"], {})  # there Python finds this package first
            done = place.scrapy(*update, **settings | {"CLUSTER_PATIENCE": 20}, code=1)
            assert "that can do the work (" in done.stdout
            assert ": it has version " in done.stdout
            assert ": it does not have this project, or an old version of it (" in done.stdout
            assert "so-a: not stored: " in done.stdout
            assert place.rows("select * from runs") == []
            good.start(dask_worker(address, 4), {})
            done = place.scrapy(*update, **settings | {"CLUSTER_PATIENCE": 60})
            assert done.stdout.count("got no work: ") == 2, done.stdout
        assert place.rows("select source_id, outcome from runs order by 1") == [(site.name, "finished") for site in sites]
    finally:
        for machine in (good, other, none, home):
            machine.kill()


@pytest.mark.gate
def test_a_store_keeps_each_file_of_captures_once(place: Place, tmp_path: Path) -> None:
    """A file grows until the end of its month, and each call needs it as it is then."""
    pytest.importorskip("distributed", reason="Dask is not installed: pip install '.[cluster]'")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    scheduler, worker = (Machine("", "127.0.0.1", tmp_path) for _ in range(2))
    site = make_site("so-a", 2, 1)
    try:
        scheduler.start(dask_scheduler("127.0.0.1", port), {})
        worker.start(dask_worker(f"tcp://127.0.0.1:{port}", 1), {})
        with Servers([site]):
            extra = _sources(tmp_path, [site])
            for now in (FIRST_NIGHT, SECOND_NIGHT):
                place.scrapy("crawl", "so-a", "-a", "again=yes", SOURCES_EXTRA=extra, NOW=now)
                place.scrapy("reparse", "--cluster", f"tcp://127.0.0.1:{port}", SOURCES_EXTRA=extra, CLUSTER_STORE=tmp_path / "store")
    finally:
        worker.kill()
        scheduler.kill()
    [kept], [file] = (tmp_path / "store/captures/so-a").iterdir(), place.captures.glob("so-a/*.warc.gz")
    assert kept.read_bytes() == file.read_bytes()
    assert len([*(tmp_path / "store/documents").iterdir()]) == 1


def test_a_store_that_cannot_be_opened_names_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)  # as if it were not installed
    with pytest.raises(UserError, match=r"pip install '\.\[s3\]'"):
        SharedStore("s3://archive/one", 1)


@contextmanager
def _faults(port: int, real: int) -> Iterator[None]:
    """Serves what another port serves, but answers 500 to every fifth request, and to all requests in 8 of 30 seconds."""
    number = itertools.count(1)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if next(number) % 5 == 0 or time.monotonic() % 30 < 8:
                self._send(500, {}, b"<Error><Code>InternalError</Code></Error>")
                return
            other = HTTPConnection(HOME, real, timeout=60)
            other.request(self.command, self.path, body, dict(self.headers))
            answer = other.getresponse()
            self._send(answer.status, dict(answer.headers), answer.read())
            other.close()

        do_HEAD = do_PUT = do_POST = do_DELETE = do_GET  # noqa: N815 - the names that http.server calls

        def _send(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
            self.send_response_only(status)
            length = headers.get("Content-Length", "0") if self.command == "HEAD" else str(len(body))
            for name, value in headers.items():
                if name not in ("Content-Length", "Transfer-Encoding", "Connection"):
                    self.send_header(name, value)
            self.send_header("Content-Length", length)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer((HOME, port), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def _store(folder: Path, kind: str) -> Iterator[tuple[str, dict[str, str], subprocess.Popen[bytes] | None]]:
    """Yields the URL of a shared store, the environment that it needs, and its process: a folder, or an S3 server.
    `kind`: "folder", "s3", or "faulty-s3", which fails now and then.
    """
    if kind == "folder":
        yield str(folder / "store"), {}, None
        return
    server = os.environ.get("MOTO_SERVER") or shutil.which("moto_server")
    if server is None:
        pytest.skip("there is no moto_server: install moto[server], and name its program with MOTO_SERVER")
    pytest.importorskip("s3fs", reason="s3fs is not installed: pip install '.[s3]'")
    names = {
        "AWS_ENDPOINT_URL": f"http://{HOME}:{5556 if kind == 'faulty-s3' else 5555}",
        "AWS_ACCESS_KEY_ID": "k",
        "AWS_SECRET_ACCESS_KEY": "k",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    with (folder / "moto.log").open("wb") as log:
        process = subprocess.Popen([server, "-H", HOME, "-p", "5555"], stdout=log, stderr=log, start_new_session=True)
    try:
        for _ in range(600):
            with suppress(OSError), socket.create_connection((HOME, 5555), timeout=1):
                break
            time.sleep(0.1)
        urlopen(Request(f"http://{HOME}:5555/archive", method="PUT"), timeout=30).close()
        with _faults(5556, 5555) if kind == "faulty-s3" else nullcontext():
            yield "s3://archive/one", names, process
    finally:
        process.kill()
        process.wait()


def _recorded_sites(shared: Callable[[str], Path]) -> list[ServedSite]:
    """Returns twenty sites that are parts of two recordings. Their links to themselves need `_with_own_links`, when they have ports."""
    sites = []
    for name in ("nukeviet", "hanoi"):
        truth = shared(f"pages/{name}/truth.jsonl").read_text(encoding="utf-8").splitlines()
        articles = sorted(urlsplit(json.loads(line)["absolute_url"]).path for line in truth)
        pages: dict[str, bytes] = {}
        for record, _ in scan(shared(f"pages/{name}/site.warc.gz")):
            if record.rec_type == "response":
                parts = urlsplit(target(record))
                response = response_of(record, 1 << 24)
                if response.status == 200 and b"<html" in response.body[:2000].lower():
                    body = response.body.replace(f"{parts.scheme}://{parts.netloc}".encode(), _OWN)
                    pages[parts.path + (f"?{parts.query}" if parts.query else "")] = body
        sites += [ServedSite(f"{name}-{part}", 0, pages=_part(pages, articles, articles[part::10])) for part in range(10)]
    return sites


def _part(pages: Mapping[str, bytes], articles: Sequence[str], wanted: Sequence[str]) -> dict[str, bytes]:
    """Returns what of a site a reader finds first, at most 16 lists and 36 pages in all. Links to other pages lead nowhere."""

    def own(link: bytes) -> str:
        return html.unescape(link.removeprefix(_OWN).decode("latin-1"))

    known = set(articles)
    lists, found = 1, ["/"]
    for path in found:  # grows
        for link in map(own, _LINK.findall(pages[path])):
            if link in found or link not in pages or (link in known and link not in wanted):
                continue
            is_list = link not in known
            if is_list and (lists == 16 or known.isdisjoint(map(own, _LINK.findall(pages[link])))):
                continue
            if len(found) < 36:
                lists += is_list
                found.append(link)

    def kept(link: re.Match[bytes]) -> bytes:
        return link[0] if own(link[1]) in found else b'href="#"'

    return {path: _LINK.sub(kept, pages[path]) for path in found}


def _with_own_links(sites: Sequence[ServedSite]) -> None:
    for site in sites:
        own = f"http://{HOME}:{site.port}".encode()
        site.pages = {path: body.replace(_OWN, own) for path, body in site.pages.items()}


class _Update:
    """An update of many sites on two worker machines, with what happens to these meanwhile."""

    def __init__(
        self,
        folder: Path,
        sites: Sequence[ServedSite],
        workers: Sequence[Machine],
        store: str,
        environment: dict[str, str],
        pages: int,
        now: str,
        ahead: Sequence[int],
    ) -> None:
        """`pages`: how many one machine requests. `now`: what the clock says. `ahead`: by how many seconds the clock of each worker is."""
        self.workers, self.home, self.scheduler = workers, Machine("", HOME, folder), Machine("", HOME, folder)
        self.interruptions = 0
        self._folder, self._sites, self._environment, self._pages, self._ahead = folder, sites, environment, pages, ahead
        with socket.socket() as free:
            free.bind((HOME, 0))
            self._port = free.getsockname()[1]
        self._now, self._began = now, time.monotonic()
        self._settings = {
            "ARCHIVE": folder / "archive.db",
            "CAPTURES": folder / "captures",
            "SOURCES_EXTRA": _sources(folder, sites, HOME),
            "CLUSTER_STORE": store,
            "CLUSTER_LEASE": 2,
            "CLUSTER_ATTEMPTS": 9,
            "DOWNLOAD_TIMEOUT": 5,
        }
        self.start_scheduler()
        for place in range(len(workers)):
            self.start_worker(place)
        self._writer = self._start_writer()

    def start_scheduler(self) -> None:
        # A machine that says nothing for so long is given up. The default is 300 s.
        self.scheduler.start(dask_scheduler(HOME, self._port), {"DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "5s"})

    def start_worker(self, place: int) -> None:
        environment = self._environment | (_wrong_clock(self._ahead[place]) if self._ahead[place] else {})
        self.workers[place].start(dask_worker(f"tcp://{HOME}:{self._port}", 10), environment)

    def _start_writer(self, done: Collection[str] = ()) -> subprocess.Popen[bytes]:
        """`done`: sources that are left out. Named with --force, they would be crawled once more."""
        names = [site.name for site in self._sites if site.name not in done]
        command = [sys.executable, "-m", "scrapy", "update", "--json", "--force", "--cluster", f"tcp://{HOME}:{self._port}", *names]
        # The clock of a second writer goes on where that of the first one was.
        elapsed = timedelta(seconds=time.monotonic() - self._began)
        now = f"{datetime.fromisoformat(self._now) + elapsed}" if self._now else ""
        return self.home.start([*command, *as_options(self._settings | {"NOW": now})], self._environment)

    def wait_for(self, share: float) -> None:
        """Waits until this share of the pages was requested."""
        for _ in range(6000):
            if sum(len(site.requests) for site in self._sites) > self._pages * share:
                return
            time.sleep(0.1)
        pytest.fail(f"nothing happens any more before {share:.0%} of the pages")

    def kill_workers(self, *places: int) -> None:
        for place in places:
            self.workers[place].kill()
            self.interruptions += 1
        for place in places:
            self.start_worker(place)

    def kill_scheduler(self) -> None:
        self.scheduler.kill()
        self.interruptions += 1
        self.start_scheduler()

    def kill_writer(self) -> None:
        os.killpg(self._writer.pid, signal.SIGKILL)
        self._writer.wait()
        self.interruptions += 1
        done = []
        if (self._folder / "archive.db").exists():
            done = Place(self._folder).rows("select source_id from runs where outcome = 'finished'")
        self._writer = self._start_writer([source for (source,) in done])

    def wait_for_end(self) -> None:
        code = self._writer.wait(timeout=1200)
        log = (self._folder / "home.log").read_text(encoding="utf-8", errors="replace")
        assert code == 0, log[-5000:]

    def kill(self) -> None:
        self.scheduler.kill()
        self.home.kill()


@contextmanager
def _interrupted(
    folder: Path, sites: Sequence[ServedSite], kind: str, *, now: str = FIRST_NIGHT, ahead: Sequence[int] = (0, 0)
) -> Iterator[tuple[_Update, subprocess.Popen[bytes] | None]]:
    """Yields an update that goes on, and the process of its store, if it has one. At the end of the block, waits for the end of the
    update: it must have requested what one machine requests, at the same pace, and stored the same rows.
    """
    pytest.importorskip("distributed", reason="Dask is not installed: pip install '.[cluster]'")
    one = Place(folder / "one")
    one.folder.mkdir()
    with machines(folder, 2) as workers, Servers(sites, HOME), _store(folder, kind) as (store, environment, store_process):
        _with_own_links(sites)
        extra = _sources(one.folder, sites, HOME)
        one.scrapy("update", *(site.name for site in sites), SOURCES_EXTRA=extra, NOW=now)
        by_one = _requested(sites)
        total = sum(paths.total() for paths in by_one.values())
        for site in sites:
            site.delay = DELAY
        update = _Update(folder, sites, workers, store, environment, total, now, ahead)
        try:
            yield update, store_process
            update.wait_for_end()
        finally:
            update.kill()
        early = [
            (site.name, later[0] - earlier[0])
            for site in sites
            for earlier, later in zip(site.requests, site.requests[1:], strict=False)
            if later[0] - earlier[0] < DELAY
        ]
        requested = _requested(sites)
        again = sum(number - 1 for paths in requested.values() for number in paths.values())
        print(f"{total} pages, {again} requested again, {update.interruptions} interruptions")
        assert early == []
        assert {name: set(paths) for name, paths in requested.items()} == {name: set(paths) for name, paths in by_one.items()}
        assert again <= update.interruptions * len(sites)  # at most the request in flight of each host
    assert differences(rows_of(one.archive), rows_of(folder / "archive.db")) == ""
    assert faults(folder / "archive.db") == []


def _made_sites() -> list[ServedSite]:
    return [make_site(f"site-{number:02}", 12, number) for number in range(20)]


@pytest.mark.gate
@pytest.mark.parametrize(("kind", "recorded"), [("folder", False), ("s3", False), ("folder", True)])
def test_two_machines_that_are_killed(tmp_path: Path, shared: Callable[[str], Path], kind: str, recorded: bool) -> None:
    """A worker machine is killed, the scheduler restarted, the writer killed; a store of S3 is unreachable for 30 s."""
    with _interrupted(tmp_path, _recorded_sites(shared) if recorded else _made_sites(), kind) as (update, store_process):
        update.wait_for(0.2)
        update.kill_workers(0)
        update.wait_for(0.4)
        update.kill_scheduler()
        update.wait_for(0.6)
        update.kill_writer()
        if store_process is not None:
            update.wait_for(0.75)
            os.kill(store_process.pid, signal.SIGSTOP)
            time.sleep(30)
            os.kill(store_process.pid, signal.SIGCONT)


@pytest.mark.gate
def test_a_store_of_s3_that_answers_with_errors(tmp_path: Path) -> None:
    with _interrupted(tmp_path, _made_sites(), "faulty-s3") as (update, _):
        update.wait_for(0.5)
        update.kill_workers(0)


@pytest.mark.gate
@pytest.mark.parametrize(("seed", "recorded"), [(0, False), (1, True)])
def test_seven_interruptions_at_random(tmp_path: Path, shared: Callable[[str], Path], seed: int, recorded: bool) -> None:
    """Two of them may come before the first one was noticed."""
    chance = random.Random(seed)
    with _interrupted(tmp_path, _recorded_sites(shared) if recorded else _made_sites(), "folder") as (update, _):

        def crawls_killed() -> None:
            chance.choice(update.workers).signal(signal.SIGKILL, "crawler_process")
            update.interruptions += 1

        def paused() -> None:
            machine = chance.choice(update.workers)
            machine.signal(signal.SIGSTOP)
            time.sleep(chance.uniform(1, 12))
            machine.signal(signal.SIGCONT)
            update.interruptions += 1

        def store_away() -> None:
            (tmp_path / "store").rename(tmp_path / "away")
            (tmp_path / "store").touch()  # a writer that begins just now would make another store
            time.sleep(chance.uniform(1, 8))
            (tmp_path / "store").unlink()
            (tmp_path / "away").rename(tmp_path / "store")

        kinds = [update.kill_scheduler, update.kill_writer, crawls_killed, paused, store_away]
        kinds += [partial(update.kill_workers, *places) for places in ((0,), (1,), (0, 1))]
        for share in sorted(chance.uniform(0.02, 0.9) for _ in range(7)):
            update.wait_for(share)
            chance.choice(kinds)()


@pytest.mark.gate
def test_both_machines_killed_at_once_and_the_writer_without_a_scheduler(tmp_path: Path) -> None:
    with _interrupted(tmp_path, _made_sites(), "folder") as (update, _):
        update.wait_for(0.1)
        update.kill_workers(0, 1)
        update.wait_for(0.4)
        update.scheduler.kill()
        update.interruptions += 1
        update.kill_writer()
        time.sleep(5)
        update.start_scheduler()
        update.wait_for(0.8)
        update.kill_writer()


@pytest.mark.gate
def test_a_machine_that_is_paused_for_longer_than_its_lease(tmp_path: Path) -> None:
    """Another one goes on with its hosts. When it wakes up, it sends nothing more, and what it received late is not stored twice."""
    with _interrupted(tmp_path, _made_sites(), "folder") as (update, _):
        update.wait_for(0.3)
        update.workers[0].signal(signal.SIGSTOP)
        update.interruptions += 1
        update.wait_for(0.85)  # more than the share of the other machine
        update.workers[0].signal(signal.SIGCONT)


@pytest.mark.gate
def test_a_shared_folder_that_is_not_mounted_for_30_seconds(tmp_path: Path) -> None:
    with _interrupted(tmp_path, _made_sites(), "folder") as (update, _):
        update.wait_for(0.3)
        (tmp_path / "store").rename(tmp_path / "elsewhere")
        time.sleep(30)
        (tmp_path / "elsewhere").rename(tmp_path / "store")


@pytest.mark.gate
def test_a_shared_folder_whose_disk_is_full(tmp_path: Path) -> None:
    with _small_disk(tmp_path / "store"), _interrupted(tmp_path, _made_sites(), "folder") as (update, _):
        update.wait_for(0.3)
        filler = tmp_path / "store" / "filler"
        with suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(b"x" * 4096)
        time.sleep(20)
        filler.unlink()


@pytest.mark.gate
def test_machines_whose_clocks_are_wrong_by_an_hour(tmp_path: Path) -> None:
    """The times of captures are those of the machine that has the archive, and no host is requested too early."""
    began = datetime.now(UTC)
    with _interrupted(tmp_path, _made_sites(), "folder", now="", ahead=(-3600, 3600)) as (update, _):
        update.wait_for(0.4)
        update.kill_workers(0)
        update.wait_for(0.7)
        update.kill_workers(1)
    [(first, last)] = Place(tmp_path).rows("select min(captured_at), max(captured_at) from captures")
    assert began - timedelta(seconds=5) < datetime.fromisoformat(first)
    assert datetime.fromisoformat(last) < datetime.now(UTC) + timedelta(seconds=5)


@pytest.mark.gate
@pytest.mark.parametrize("kind", ["folder", "s3"])
def test_a_reparse_with_machines_that_are_killed(tmp_path: Path, shared: Callable[[str], Path], kind: str) -> None:
    """A machine is killed, then the scheduler, while they parse: the output and the rows are those of one process."""
    pytest.importorskip("distributed", reason="Dask is not installed: pip install '.[cluster]'")
    sites = _recorded_sites(shared)
    names = [site.name for site in sites]
    one, other = Place(tmp_path / "one"), Place(tmp_path / "other")
    one.folder.mkdir()
    with machines(tmp_path, 2) as workers, Servers(sites, HOME), _store(tmp_path, kind) as (store, environment, _):
        _with_own_links(sites)
        extra = _sources(one.folder, sites, HOME)
        one.scrapy("update", *names, SOURCES_EXTRA=extra, NOW=FIRST_NIGHT)
        with closing(sqlite3.connect(one.archive)) as archive, archive:
            archive.execute("update articles set title = 'Tin ' || id")  # the parser finds the titles again
        shutil.copytree(one.folder, other.folder)
        arguments = ["reparse", *names, "--write", "--allow-loss", "100%"]
        by_one = one.scrapy(*arguments, "--processes", "1", SOURCES_EXTRA=extra, NOW=SECOND_NIGHT)
        scheduler, address = Machine("", HOME, tmp_path), f"tcp://{HOME}:8786"
        settings = {
            "ARCHIVE": other.archive,
            "CAPTURES": other.captures,
            "SOURCES_EXTRA": extra,
            "NOW": SECOND_NIGHT,
            "REPORT_LANGUAGE": "en",
        }
        command = [sys.executable, "-m", "scrapy", *arguments, "--cluster", address, *as_options(settings | {"CLUSTER_STORE": store})]
        scheduler.start(dask_scheduler(HOME, 8786), {})
        for worker in workers:
            worker.start(dask_worker(address, 1), environment)
        with (other.folder / "printed").open("wb") as printed:
            writer = subprocess.Popen(command, cwd=PROJECT, env={**os.environ, **environment}, stdout=printed)
        try:
            for begun, happens in ((3, workers[0].kill), (10, scheduler.kill)):
                while _sources_begun(other.folder / "archive.db.reparse") < begun:
                    assert writer.poll() is None, "it was over before anything happened"
                    time.sleep(0.05)
                happens()
            scheduler.start(dask_scheduler(HOME, 8786), {})
            workers[0].start(dask_worker(address, 1), environment)
            assert writer.wait(timeout=600) == 0
        finally:
            writer.kill()
            scheduler.kill()
    assert (other.folder / "printed").read_text(encoding="utf-8") == by_one.stdout
    assert differences(rows_of(one.archive), rows_of(other.archive)) == ""


def _sources_begun(progress: Path) -> int:
    """Returns the number of sources of which a reparse has compared something."""
    try:
        return len(json.loads(progress.read_text(encoding="utf-8"))["sources"])
    except (OSError, ValueError):  # not there yet
        return 0


def _wrong_clock(ahead: int) -> dict[str, str]:
    """Returns an environment in which the clock is ahead by some seconds."""
    library = next(iter(Path("/usr/lib").glob("**/libfaketime.so.1")), None)
    if library is None:
        pytest.skip("there is no libfaketime, which gives a process another clock")
    return {"LD_PRELOAD": f"{library}", "FAKETIME": f"{ahead:+d}s", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"}


@contextmanager
def _small_disk(folder: Path) -> Iterator[None]:
    """Mounts a small disk on a folder."""
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", folder], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"this system mounts no small disk: {done.stderr[:200]}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
