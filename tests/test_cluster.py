"""`scrapy update --cluster`: several machines crawl and one process stores. The archive is that of a crawl by one machine."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest

from benchmarks.forked_commands import as_options
from benchmarks.nightly import FIRST_NIGHT, SECOND_NIGHT, ServedSite, Servers, make_site
from scraper.cluster.shared_store import SharedStore
from scraper.model import UserError
from scraper.warc.records import response_of, scan, target
from tests.conftest import PROJECT, Place
from tests.machines import HOME, Machine, dask_scheduler, dask_worker, machines
from tests.same_rows import differences, faults, rows_of

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


# Runs scrapy, and kills it while it removes a unit from the store. Of the orders in which a folder may be read, this is the worst one.
_KILLED_WHILE_IT_REMOVES = """
import os, signal, sys
from scrapy.cmdline import execute

removed, scandir = set(), os.scandir

class Ordered:
    def __init__(self, path): self.entries = sorted(scandir(path), key=lambda one: (one.name == "unit.json", one.name))
    def __enter__(self): return iter(self.entries)
    def __exit__(self, *error): pass
    def __iter__(self): return iter(self.entries)

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


def test_a_store_that_cannot_be_opened_names_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)  # as if it were not installed
    with pytest.raises(UserError, match=r"pip install '\.\[s3\]'"):
        SharedStore("s3://archive/one", 1)


class _Update:
    """An update of many sites on several machines, with what happens to these meanwhile."""

    def __init__(
        self, folder: Path, sites: Sequence[ServedSite], workers: Sequence[Machine], store: str, environment: dict[str, str]
    ) -> None:
        self.home = Machine("", HOME, folder)
        self.scheduler = Machine("", HOME, folder)
        self._folder, self._sites, self._workers, self._environment = folder, sites, workers, environment
        with socket.socket() as free:
            free.bind((HOME, 0))
            self._port = free.getsockname()[1]
        self._settings = {
            "ARCHIVE": folder / "archive.db",
            "CAPTURES": folder / "captures",
            "SOURCES_EXTRA": _sources(folder, sites, HOME),
            "NOW": FIRST_NIGHT,
            "CLUSTER_STORE": store,
            "CLUSTER_LEASE": 2,
            "CLUSTER_ATTEMPTS": 9,
            "DOWNLOAD_TIMEOUT": 5,
        }

    @property
    def requests(self) -> int:
        return sum(len(site.requests) for site in self._sites)

    def start_scheduler(self) -> None:
        self.scheduler.start(dask_scheduler(HOME, self._port), {})

    def start_worker(self, place: int) -> None:
        self._workers[place].start(dask_worker(f"tcp://{HOME}:{self._port}", 10), self._environment)

    def start_writer(self, done: Collection[str] = ()) -> subprocess.Popen[bytes]:
        """`done`: sources that are left out. Named with --force, they would be crawled once more."""
        names = [site.name for site in self._sites if site.name not in done]
        command = [sys.executable, "-m", "scrapy", "update", "--json", "--force", "--cluster", f"tcp://{HOME}:{self._port}", *names]
        return self.home.start([*command, *as_options(self._settings)], self._environment)

    def wait_for(self, condition: Callable[[], bool]) -> None:
        for _ in range(6000):
            if condition():
                return
            time.sleep(0.1)
        pytest.fail(f"nothing happens any more after {self.requests} requests")


@contextmanager
def _store(folder: Path, kind: str) -> Iterator[tuple[str, dict[str, str], subprocess.Popen[bytes] | None]]:
    """Yields the URL of a shared store, the environment that it needs, and its process: a folder, or an S3 server."""
    if kind == "folder":
        yield str(folder / "store"), {}, None
        return
    server = os.environ.get("MOTO_SERVER") or shutil.which("moto_server")
    if server is None:
        pytest.skip("there is no moto_server: install moto[server], and name its program with MOTO_SERVER")
    pytest.importorskip("s3fs", reason="s3fs is not installed: pip install '.[s3]'")
    names = {
        "AWS_ENDPOINT_URL": f"http://{HOME}:5555",
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


@pytest.mark.gate
@pytest.mark.parametrize(("kind", "recorded"), [("folder", False), ("s3", False), ("folder", True)])
def test_two_machines_that_are_killed(tmp_path: Path, shared: Callable[[str], Path], kind: str, recorded: bool) -> None:
    """A worker machine is killed, the scheduler restarted, the writer killed; a store of S3 is unreachable for 30 s."""
    pytest.importorskip("distributed", reason="Dask is not installed: pip install '.[cluster]'")
    sites = _recorded_sites(shared) if recorded else [make_site(f"site-{number:02}", 12, number) for number in range(20)]
    one = Place(tmp_path / "one")
    one.folder.mkdir()
    interruptions = 0
    with machines(tmp_path, 2) as workers, Servers(sites, HOME), _store(tmp_path, kind) as (store, environment, store_process):
        _with_own_links(sites)
        extra = _sources(one.folder, sites, HOME)
        one.scrapy("update", *(site.name for site in sites), SOURCES_EXTRA=extra, NOW=FIRST_NIGHT)
        by_one = _requested(sites)
        total = sum(paths.total() for paths in by_one.values())
        for site in sites:
            site.delay = DELAY
        update = _Update(tmp_path, sites, workers, store, environment)
        update.start_scheduler()
        update.start_worker(0)
        update.start_worker(1)
        writer = update.start_writer()
        update.wait_for(lambda: update.requests > total * 0.2)
        workers[0].kill()
        interruptions += 1
        update.start_worker(0)
        update.wait_for(lambda: update.requests > total * 0.4)
        update.scheduler.kill()
        interruptions += 1
        update.start_scheduler()
        update.wait_for(lambda: update.requests > total * 0.6)
        os.killpg(writer.pid, signal.SIGKILL)
        writer.wait()
        interruptions += 1
        crawled = (
            Place(tmp_path).rows("select source_id from runs where outcome = 'finished'") if (tmp_path / "archive.db").exists() else []
        )
        writer = update.start_writer([source for (source,) in crawled])
        if store_process is not None:
            update.wait_for(lambda: update.requests > total * 0.75)
            os.kill(store_process.pid, signal.SIGSTOP)
            time.sleep(30)
            os.kill(store_process.pid, signal.SIGCONT)
        code = writer.wait(timeout=1200)
        update.scheduler.kill()
        log = (tmp_path / "home.log").read_text(encoding="utf-8", errors="replace")
        assert code == 0, log[-5000:]
        early = [
            (site.name, later[0] - earlier[0])
            for site in sites
            for earlier, later in zip(site.requests, site.requests[1:], strict=False)
            if later[0] - earlier[0] < DELAY
        ]
        requested = _requested(sites)
        again = sum(number - 1 for paths in requested.values() for number in paths.values())
        print(f"{total} pages, {again} requested again, {interruptions} interruptions")
        assert early == []
        assert {name: set(paths) for name, paths in requested.items()} == {name: set(paths) for name, paths in by_one.items()}
        assert again <= interruptions * len(sites)  # at most the request in flight of each host
    assert differences(rows_of(one.archive), rows_of(tmp_path / "archive.db")) == ""
    assert faults(tmp_path / "archive.db") == []
