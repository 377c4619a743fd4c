"""A crawl on several machines, in parts: the lease, the shared store, what is handed over, and what is left of an interrupted update."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from benchmarks.forked_commands import as_options
from benchmarks.nightly import Servers, make_site
from scraper import clock
from scraper.cluster import tasks
from scraper.cluster.engines import LocalEngine
from scraper.cluster.exchanges import Exchange, ExchangeLog, Problem
from scraper.cluster.lease import Lease, Superseded, revoke
from scraper.cluster.shared_store import SharedStore, StoreUnreachable
from scraper.cluster.units import UNITS
from scraper.crawl.politeness.host_state import HostState
from scraper.model import UserError
from tests import notices
from tests.conftest import PROJECT, Place
from tests.same_rows import differences, index_faults, rows_of
from tests.server import Answer, Sent, article, listing, serving_pages

UNIT = f"{UNITS}/so-a"


@pytest.fixture
def store(tmp_path: Path) -> SharedStore:
    made = SharedStore(str(tmp_path / "store"), patience=0)
    made.make("a")
    return made


# --- the lease ------------------------------------------------------------------------------------------------------------------------


class _AtOnce(SharedStore):
    """A store in which a worker reads the claim before another one writes it, and goes on after that one has claimed the unit."""

    def __init__(self, store: SharedStore) -> None:
        super().__init__(store.url, 0)
        self._has_read = False

    def get(self, name: str) -> bytes | None:
        if not self._has_read:
            self._has_read = True
            return None
        return super().get(name)


def test_two_workers_that_claim_at_once_do_not_both_begin_at_once(store: SharedStore) -> None:
    async def both() -> list[bool]:
        return [await Lease(store, UNIT, 0.1).claim(0), await Lease(_AtOnce(store), UNIT, 0.1).claim(0)]

    assert asyncio.run(both()) == [False, True]  # False: nobody else may be sending


def test_a_worker_that_takes_over_knows_whether_another_one_was_there(store: SharedStore) -> None:
    async def claims() -> list[bool]:
        first, second, third = (Lease(store, UNIT, 0.1) for _ in range(3))
        found = [await first.claim(0)]
        await first.release()
        found.append(await second.claim(0))
        found.append(await third.claim(0))  # the second one did not say that it ends
        with pytest.raises(Superseded):
            await asyncio.sleep(0.1)
            await second.hold()
        return found

    assert asyncio.run(claims()) == [False, True, True]


def test_an_answer_is_handed_over_in_time_or_not_at_all(store: SharedStore) -> None:
    """Until the other worker reads the answers; after a pause of the process it may have done so."""

    async def answers() -> None:
        in_time, paused = Lease(store, "units/one", 600), Lease(store, "units/other", 0.01)
        for lease, folder in ((in_time, "units/one"), (paused, "units/other")):
            await lease.claim(0)
            revoke(store, folder)
        await in_time.hold_answer()
        await asyncio.sleep(0.02)
        with pytest.raises(Superseded):
            await paused.hold_answer()

    asyncio.run(answers())


# --- the store ------------------------------------------------------------------------------------------------------------------------


def test_a_folder_that_is_not_mounted_is_no_empty_store(tmp_path: Path) -> None:
    """Else a worker would take its unit for one that has ended, and write its answers where nobody finds them."""
    (tmp_path / "mount").mkdir()
    store = SharedStore(str(tmp_path / "mount" / "store"), patience=0)
    calls: list[Callable[[], object]] = [
        lambda: store.get("units/so-a/claim"),
        lambda: store.put("units/so-a/claim", b"mark"),
        lambda: store.names("units"),
        lambda: store.remove_name("units/so-a/claim"),
        lambda: store.put_file("captures/one", Path(__file__)),
    ]
    for call in calls:
        with pytest.raises(StoreUnreachable, match="is the folder mounted here"):
            call()
    assert not [*(tmp_path / "mount").iterdir()]
    store.make("a")
    assert store.get("units/so-a/claim") is None and store.names("units") == []


def test_a_bucket_that_is_not_that_of_the_update_is_no_empty_store() -> None:
    """A worker with another `CLUSTER_STORE` would take its unit for one that nobody has claimed."""
    pytest.importorskip("fsspec", reason="fsspec is not installed")
    store, other = SharedStore("memory://update", patience=0), SharedStore("memory://elsewhere", patience=0)
    store.make("a")
    store.put("units/so-a/claim", b"mark")
    assert store.get("units/so-a/claim") == b"mark" and store.names("units") == ["units/so-a/claim"]
    assert store.get("units/so-b/claim") is None and store.names("captures") == []
    calls: list[Callable[[], object]] = [
        lambda: other.get("units/so-a/claim"),
        lambda: other.names("units"),
        lambda: other.remove_name("units/so-a/claim"),
    ]
    for call in calls:
        with pytest.raises(StoreUnreachable, match="is it the bucket of the update"):
            call()


def test_a_bucket_that_does_not_exist_is_named_at_once(tmp_path: Path) -> None:
    pytest.importorskip("fsspec", reason="fsspec is not installed")
    missing = SharedStore(f"file://{tmp_path}/missing", patience=600)
    with pytest.raises(StoreUnreachable, match=r"missing: there is no such place .* make the bucket"):
        missing.make("a")


def test_what_could_not_be_written_leaves_nothing(store: SharedStore) -> None:
    """A limit of the size of files does what a full disk does: the write stops in its middle."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(StoreUnreachable):
            store.put("units/so-a/seed", b"x" * 5000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [path.name for path in Path(store.url).rglob("*") if path.is_file()] == [".store"]


def test_the_clock_of_a_store_is_that_of_its_machine(store: SharedStore) -> None:
    assert abs(store.ahead()) < 60


def test_a_clock_that_is_corrected(monkeypatch: pytest.MonkeyPatch) -> None:
    """NOW is not moved by it."""
    monkeypatch.setattr(clock, "_late", [0.0])
    monkeypatch.setattr(clock, "_moved", [timedelta(0)])
    clock.correct(3600)
    assert timedelta(minutes=59) < clock.now() - datetime.now(UTC) < timedelta(minutes=61)
    assert 3540 < clock.real() - time.time() < 3660
    clock.set_now("2026-11-28T02:00:00+00:00")
    assert clock.now() - datetime(2026, 11, 28, 2, tzinfo=UTC) < timedelta(minutes=1)


# --- the engine on this machine -------------------------------------------------------------------------------------------------------


def test_a_loop_around_an_engine_that_has_nothing_to_do_uses_no_core() -> None:
    """While what was crawled is stored, no unit goes on. A thread that never waits would take the processor from the one that stores."""
    engine: LocalEngine[int, int] = LocalEngine(lambda work: work, 1)
    looks = 0
    until = time.monotonic() + 1
    while time.monotonic() < until:
        assert engine.ended(1) == []
        looks += 1
    engine.close()
    assert looks <= 10


# --- exchanges ------------------------------------------------------------------------------------------------------------------------


def _exchange(message: str) -> Exchange:
    return Exchange("http://so-a.example/", datetime(2026, 11, 28, tzinfo=UTC), HostState(), (0, 0, 0), problem=Problem("X", message))


def test_two_workers_overwrite_nothing_of_each_other(store: SharedStore) -> None:
    """One that is late writes the number that the other one has used meanwhile."""

    async def written() -> list[str]:
        for mark in ("a", "b"):
            log = ExchangeLog(store, "exchanges", mark=mark)
            log._last = 0
            await log.add("key", _exchange(mark))
        found = ExchangeLog(store, "exchanges", mark=None)
        assert found.number == 2
        first = await found.next("key")
        assert first is not None and first.problem is not None
        return [first.problem.message, *(one.problem.message for one in found.rest() if one.problem is not None)]

    assert asyncio.run(written()) == ["a", "b"]


def test_a_damaged_exchange_counts_as_missing(store: SharedStore) -> None:
    async def found() -> str | None:
        log = ExchangeLog(store, "exchanges", mark="a")
        for message in ("first", "second"):
            await log.add("key", _exchange(message))
        name = store.names("exchanges")[0]
        store.put(name, (store.get(name) or b"")[:60])
        again = ExchangeLog(store, "exchanges", mark="b")
        one = await again.next("key")
        assert await again.next("key") is None
        return one.problem.message if one is not None and one.problem is not None else None

    assert asyncio.run(found()) == "second"


# --- whole updates --------------------------------------------------------------------------------------------------------------------

PATH, TITLE = "/tin-tuc/trien-khai-ke-hoach-cai-cach-hanh-chinh-1.html", "Triển khai kế hoạch cải cách hành chính của tỉnh trong quý này"
PAGES: dict[str, str | Answer] = {
    "/robots.txt": (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /cam/\n"),
    "/": listing((PATH, TITLE)),
    PATH: article(TITLE),
}
ENDED_RUNS = "select source_id, outcome from runs where outcome is not null"
# Runs scrapy, and kills it when it has read some of the answers that its workers handed over: then all of them are in the store.
_KILLED_WHILE_IT_STORES = """
import os, signal, sys
from scrapy.cmdline import execute

left = [int(sys.argv[1])]

def heard(event, arguments):
    if event == "open" and "/exchanges/" in str(arguments[0]) and str(arguments[0]).endswith(".gz"):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(heard)
execute(["scrapy", *sys.argv[2:]])
"""


def _left_by_a_killed_writer(place: Place, source_id: str, *, stored: int = 0, **settings: object) -> None:
    """`stored`: answers that the writer has stored."""
    given = {"ARCHIVE": place.archive, "CAPTURES": place.captures, "DOWNLOAD_DELAY": 0} | settings
    command = [sys.executable, "-c", _KILLED_WHILE_IT_STORES, str(stored), "update", source_id, "--cluster", "local", *as_options(given)]
    killed = subprocess.run(command, cwd=PROJECT, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()


def test_a_worker_that_was_overtaken_in_a_pause_sends_nothing_after_it(place: Place) -> None:
    """The host demands a pause that is longer than the lease; in it, another worker claims the unit."""
    with serving_pages(PAGES) as site:
        site.rules["/"] = lambda before: (503, {"Retry-After": "3"}, b"later") if not before else None
        extra = place.source("so-a", site.url)
        settings: dict[str, object] = {"SOURCES_EXTRA": extra, "DOWNLOAD_DELAY": 0, "CLUSTER_LEASE": 1, "CLUSTER_ATTEMPTS": 1}
        given = {"ARCHIVE": place.archive, "CAPTURES": place.captures} | settings
        command = [sys.executable, "-m", "scrapy", "update", "so-a", "--cluster", "local", *as_options(given)]
        with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as update:
            while len([*place.captures.glob(".cluster/units/*/exchanges/so-a/*")]) < 2 and update.poll() is None:
                time.sleep(0.01)
            time.sleep(0.5)  # now the second request for the page waits for its turn
            [claim] = place.captures.glob(".cluster/units/*/claim")
            claim.write_bytes(b"another worker")
            printed = update.communicate()[0].decode()
        assert site.paths() == ["/robots.txt", "/"]
    assert update.returncode == 1, printed
    assert place.rows("select outcome from runs") == [("lost-workers",)]


# In the process of a worker: stops it when it connects to the port of the site.
_STOPPED_WHILE_IT_CONNECTS = """
import os, signal, sys

def heard(event, arguments):
    if event == "socket.connect" and arguments[1][1] == {port} and "scraper.cluster.crawler_process" in sys.orig_argv:
        if not os.path.exists({note!r}):
            with open({note!r}, "w") as file:
                file.write(str(os.getpid()))
            os.kill(os.getpid(), signal.SIGSTOP)

sys.addaudithook(heard)
"""


@pytest.mark.gate
def test_a_worker_that_was_paused_while_it_connected_sends_nothing(place: Place, tmp_path: Path) -> None:
    """It had looked at its claim just before."""
    note = tmp_path / "stopped"
    with serving_pages(PAGES) as site:
        extra = place.source("so-a", site.url)
        hook = _STOPPED_WHILE_IT_CONNECTS.format(port=int(site.url.rpartition(":")[2].strip("/")), note=str(note))
        (tmp_path / "sitecustomize.py").write_text(hook, encoding="utf-8")
        settings: dict[str, object] = {"SOURCES_EXTRA": extra, "DOWNLOAD_DELAY": 0, "CLUSTER_LEASE": 1, "CLUSTER_ATTEMPTS": 1}
        given = {"ARCHIVE": place.archive, "CAPTURES": place.captures} | settings
        command = [sys.executable, "-m", "scrapy", "update", "so-a", "--cluster", "local", *as_options(given)]
        path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
        environment = os.environ | {"PYTHONPATH": path}
        with subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as update:
            while not (note.exists() and note.read_text()) and update.poll() is None:
                time.sleep(0.01)
            [claim] = place.captures.glob(".cluster/units/*/claim")
            claim.write_bytes(b"another worker")
            time.sleep(1.2)  # longer than the lease
            os.kill(int(note.read_text()), signal.SIGCONT)
            printed = update.communicate()[0].decode()
        assert site.paths() == [], printed
    assert update.returncode == 1, printed
    assert place.rows("select outcome from runs") == [("lost-workers",)]


@pytest.mark.gate
def test_a_unit_that_was_left_does_not_share_its_host_with_a_new_one(place: Place) -> None:
    """The second source was added since then: it is on the same host, so it waits, and the process of the worker must know it."""
    other = {"/khac/": listing(("/khac" + PATH, TITLE)), "/khac" + PATH: article(TITLE)}
    with serving_pages(PAGES | other) as site:
        one = place.source("so-a", site.url)
        _left_by_a_killed_writer(place, "so-a", SOURCES_EXTRA=one)
        requested = len(site.requests)
        [unit] = place.captures.glob(".cluster/units/*")
        shutil.rmtree(unit / "exchanges")  # as if the worker had been killed, too
        shutil.rmtree(unit / "ended")
        other_source = place.source("so-b", site.url, more='under = "/khac/"')
        both = f"{one},{other_source}"
        settings: dict[str, Any] = {"SOURCES_EXTRA": both, "CLUSTER_LEASE": 0.2, "DOWNLOAD_TIMEOUT": 1, "DOWNLOAD_DELAY": 0.2}
        place.scrapy("update", "--force", "so-a", "so-b", "--cluster", "local", **settings)
        moments, paths = [moment for moment, *_ in site.requests[requested:]], site.paths()[requested:]
    assert place.rows("select source_id, outcome from runs where outcome is not null order by id") == [
        ("so-a", "finished"),
        ("so-b", "finished"),
    ]
    assert paths.index(PATH) < paths.index("/khac/")
    assert min(later - earlier for earlier, later in pairwise(moments)) >= 0.2


@pytest.mark.gate
def test_a_store_that_fails_while_it_is_read_loses_no_answer(place: Place, tmp_path: Path) -> None:
    """The run ends, the source is named, and the next update stores what is left, without a request. What a writer had stored before it
    was killed stays as it is.
    """
    by_one = Place(tmp_path / "by_one")
    by_one.folder.mkdir()
    with serving_pages(PAGES) as site:
        extra = place.source("so-a", site.url)
        by_one.scrapy("update", "so-a", SOURCES_EXTRA=extra, DOWNLOAD_DELAY=0)
        _left_by_a_killed_writer(place, "so-a", stored=2, SOURCES_EXTRA=extra)
        assert len(place.rows("select id from captures")) == 2
        requested = len(site.requests)
        settings: dict[str, Any] = {"SOURCES_EXTRA": extra, "CLUSTER_LEASE": 0.2, "DOWNLOAD_TIMEOUT": 1}
        unreadable = sorted(place.captures.glob(".cluster/units/*/exchanges/so-a/*"))[-1]
        kept = unreadable.read_bytes()
        unreadable.unlink()
        unreadable.symlink_to(unreadable)  # reading it is an error that does not go away
        done = place.scrapy("update", "so-a", "--cluster", "local", code=1, **settings, CLUSTER_PATIENCE=0, CLUSTER_ATTEMPTS=1)
        assert "could not be read" in done.stdout
        unreadable.unlink()
        unreadable.write_bytes(kept)
        place.scrapy("update", "so-a", "--cluster", "local", **settings)
        assert len(site.requests) == requested
    assert place.rows(ENDED_RUNS) == [("so-a", "store-unreachable"), ("so-a", "finished")]
    assert differences(rows_of(by_one.archive), rows_of(place.archive)) == ""


def test_an_answer_that_is_not_in_the_store_is_requested_again(place: Place) -> None:
    """The end of the crawl says how many answers there were, so that one which is lost is noticed before anything is stored."""
    with serving_pages(PAGES) as site:
        extra = place.source("so-a", site.url)
        _left_by_a_killed_writer(place, "so-a", SOURCES_EXTRA=extra)
        before = site.paths()
        max(place.captures.glob(".cluster/units/*/exchanges/so-a/*")).unlink()
        place.scrapy("update", "so-a", "--cluster", "local", SOURCES_EXTRA=extra, DOWNLOAD_DELAY=0, CLUSTER_LEASE=0.2, DOWNLOAD_TIMEOUT=1)
        assert site.paths() == [*before, before[-1]]
    assert place.rows(ENDED_RUNS) == [("so-a", "finished")]
    assert place.rows("select title from articles") == [(TITLE,)]


@pytest.mark.gate
def test_what_is_damaged_in_the_store_stops_no_source_and_costs_no_request(place: Place) -> None:
    """A power failure cut the description of the unit, the time at which its source began, and how that one ended."""
    with serving_pages(PAGES) as site:
        extra = place.source("so-a", site.url)
        _left_by_a_killed_writer(place, "so-a", SOURCES_EXTRA=extra)
        before = site.paths()
        [unit] = place.captures.glob(".cluster/units/*")
        for name in ("unit.json", "opened/so-a", "ended/so-a.json"):
            (unit / name).write_bytes((unit / name).read_bytes()[:16])
        place.scrapy("update", "so-a", "--cluster", "local", SOURCES_EXTRA=extra, DOWNLOAD_DELAY=0, CLUSTER_LEASE=0.2, DOWNLOAD_TIMEOUT=1)
        assert site.paths() == before
    assert place.rows(ENDED_RUNS) == [("so-a", "finished")]
    assert place.rows("select title from articles") == [(TITLE,)]


@pytest.mark.gate
def test_pages_of_a_source_that_is_not_configured_any_more_are_named_and_stop_no_other(place: Place) -> None:
    with serving_pages(PAGES) as site, serving_pages(PAGES) as other:
        removed, kept = place.source("so-a", site.url), place.source("so-b", other.url)
        _left_by_a_killed_writer(place, "so-a", SOURCES_EXTRA=removed)
        before = site.paths()
        settings: dict[str, Any] = {"CLUSTER_LEASE": 0.2, "DOWNLOAD_TIMEOUT": 1, "DOWNLOAD_DELAY": 0}
        done = place.scrapy("update", "so-b", "--cluster", "local", SOURCES_EXTRA=kept, code=1, **settings)
        assert "so-a: an interrupted update left pages of it in units/" in done.stdout
        assert "name its file with SOURCES_EXTRA to store them, or delete that folder" in done.stdout
        assert place.rows(ENDED_RUNS) == [("so-b", "finished")]
        place.scrapy("update", "so-a", "--cluster", "local", SOURCES_EXTRA=f"{removed},{kept}", **settings)
        assert site.paths() == before
    assert place.rows(ENDED_RUNS) == [("so-b", "finished"), ("so-a", "finished")]


def test_a_store_of_another_archive_is_refused(place: Place, tmp_path: Path) -> None:
    """Else one archive would take the units of the other, crawl its sources, and store its pages."""
    store = SharedStore(str(tmp_path / "store"), patience=0)
    store.make("the-other", "machine-a:/srv/archive/captures")
    with serving_pages(PAGES) as site:
        settings: dict[str, Any] = {"SOURCES_EXTRA": place.source("so-a", site.url), "CLUSTER_STORE": store.url, "DOWNLOAD_DELAY": 0}
        done = place.scrapy("update", "so-a", "--cluster", "local", code=2, **settings)
        assert "is the store of another archive (machine-a:/srv/archive/captures)" in done.stderr
        assert site.paths() == []
        (tmp_path / "store/.store").unlink()  # as the message says
        place.scrapy("update", "so-a", "--cluster", "local", **settings)
    with pytest.raises(UserError, match="of another archive"):
        store.make("the-other")


@pytest.mark.parametrize("stored", [pytest.param(5, marks=pytest.mark.gate), 16])
def test_what_a_killed_writer_had_stored_in_part_is_stored_as_a_whole(place: Place, tmp_path: Path, stored: int) -> None:
    """It had read one page of the list, or both. The next writer repeats the crawl of the worker, so it does not go on where a crawl of
    one machine would.
    """
    by_one, site = Place(tmp_path / "by_one"), make_site("so-a", 12, 1)  # two pages
    by_one.folder.mkdir()
    with Servers([site]):
        extra = place.source("so-a", f"http://127.0.0.1:{site.port}")
        by_one.scrapy("update", "so-a", SOURCES_EXTRA=extra, DOWNLOAD_DELAY=0)
        _left_by_a_killed_writer(place, "so-a", stored=stored, SOURCES_EXTRA=extra)
        place.scrapy("update", "so-a", "--cluster", "local", SOURCES_EXTRA=extra, DOWNLOAD_DELAY=0, CLUSTER_LEASE=0.2, DOWNLOAD_TIMEOUT=1)
    assert differences(rows_of(by_one.archive), rows_of(place.archive)) == ""


@pytest.mark.gate
def test_a_writer_that_was_killed_while_it_stored_files(place: Place, tmp_path: Path) -> None:
    """The unit of the files is stored, and the pages are crawled as if it had not been left."""
    by_one = Place(tmp_path / "by_one")
    by_one.folder.mkdir()
    nights = [f"2026-10-{day}T02:00:00+07:00" for day in (30, 31)]
    settings: dict[str, Any] = {"DOWNLOAD_DELAY": 0, "CLUSTER_LEASE": 0.2, "DOWNLOAD_TIMEOUT": 1}
    with serving_pages(notices.site(3, citing=1)) as site:
        settings["SOURCES_EXTRA"] = place.source("mau", site.url)
        for night in nights:
            by_one.scrapy("update", "mau", NOW=night, **settings)
        first = site.paths()[: site.paths().index("/tep/qd-3.rtf") + 1]
        site.requests.clear()
        stored = len(first) - 3 + 1 + 1  # all pages, robots.txt once more for the files, and one file
        _left_by_a_killed_writer(place, "mau", stored=stored, NOW=nights[0], **settings)
        assert Counter(site.paths()) == Counter([*first, "/robots.txt"])
        site.requests.clear()
        place.scrapy("update", "mau", "--cluster", "local", NOW=nights[1], **settings)
        assert not [path for path in site.paths() if path.startswith("/tep/")] and "/" in site.paths()
    assert place.rows("select state, text_state from files") == [("kept", "extracted")] * 3
    assert differences(rows_of(by_one.archive), rows_of(place.archive)) == ""
    assert index_faults(place.archive) == []


@pytest.mark.gate
def test_two_updates_share_a_worker(place: Place) -> None:
    """The process of one must not end because another update begins, and a unit that comes twice goes on once."""
    with serving_pages(PAGES) as site:
        requested_now, go_on = threading.Event(), threading.Event()

        def slow(before: int) -> None:
            requested_now.set()
            go_on.wait()

        extra = place.source("so-a", site.url)
        _left_by_a_killed_writer(place, "so-a", SOURCES_EXTRA=extra)
        site.rules["/robots.txt"] = slow
        store = SharedStore(str(place.captures / ".cluster"), 0)
        [folder] = {name.split("/")[1] for name in store.names(UNITS)}
        for name in store.names(f"{UNITS}/{folder}"):
            if name.split("/")[2] not in ("seed", "unit.json"):
                store.remove_name(name)
        unit = json.loads(store.get(f"{UNITS}/{folder}/unit.json") or b"")
        order = tasks.Order("one", unit, store.url, 0, 0.0)
        ends: list[dict[str, str]] = []
        both = [threading.Thread(target=lambda: ends.append(tasks.crawl_unit(order))) for _ in range(2)]
        try:
            for one in both:
                one.start()
            assert requested_now.wait(60)
            other = tasks.Order("other", unit | {"id": "no-such-unit"}, store.url, 0, 0.0)
            assert tasks.crawl_unit(other)["state"] == tasks.SUPERSEDED
            go_on.set()
            for one in both:
                one.join()
        finally:
            go_on.set()
            tasks.end_crawls("one")
            tasks.end_crawls("other")
    assert [end["state"] for end in ends] == [tasks.ENDED] * 2, ends
    assert site.paths().count("/robots.txt") == 2  # the first was that of the killed writer


def _process_of_connection(port: int) -> int:
    """Returns the process of a worker that has a connection from a port of this machine."""
    [inode] = [line.split()[9] for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if line.split()[1].endswith(f":{port:04X}")]
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            is_worker = b"crawler_process" in (process / "cmdline").read_bytes()
            if is_worker and f"socket:[{inode}]" in [str(one.readlink()) for one in (process / "fd").iterdir()]:
                return int(process.name)
    raise AssertionError(f"no worker has port {port}")


@pytest.mark.gate
def test_a_page_that_ends_its_process_takes_no_other_source_with_it(place: Place) -> None:
    """As one may that needs more memory than there is. At first all crawls share a process; after it has ended, they are divided. The other
    source gets its article only when the process of the first one has ended once more.
    """
    killed, requested = [], []

    def kill(sent: Sent) -> Answer | None:
        if sent.path == PATH:
            os.kill(_process_of_connection(sent.port), signal.SIGKILL)
            killed.append(sent.path)
        return None

    def wait(sent: Sent) -> Answer | None:
        if sent.path == PATH:
            requested.append(sent.path)
            until = time.monotonic() + 2
            while len(killed) < len(requested) and time.monotonic() < until:
                time.sleep(0.02)
            time.sleep(0.1)
        return None

    with serving_pages(PAGES) as bad, serving_pages(PAGES) as good:
        bad.program, good.program = kill, wait
        extra = [place.source("so-a", bad.url), place.source("so-b", good.url)]
        settings: dict[str, Any] = {"SOURCES_EXTRA": ",".join(map(str, extra)), "DOWNLOAD_DELAY": 0, "CLUSTER_LEASE": 0.2}
        settings |= {"DOWNLOAD_TIMEOUT": 3, "CLUSTER_ATTEMPTS": 3}
        done = place.scrapy("update", "so-a", "so-b", "--cluster", "local", code=1, **settings)
    assert "so-a: " in done.stdout and "killed" in done.stdout and "so-b" not in done.stdout, done.stdout
    assert place.rows("select source_id, outcome from runs order by 1") == [("so-a", "lost-workers"), ("so-b", "finished")]
    assert place.rows("select source_id, title from articles") == [("so-b", TITLE)]


@pytest.mark.gate
@pytest.mark.parametrize("happens", ["stopped", "store away"])
def test_an_update_that_ends_early_names_its_sources_and_the_next_one_goes_on(place: Place, tmp_path: Path, happens: str) -> None:
    """It is stopped by a signal, or the store is away for longer than CLUSTER_PATIENCE."""
    numbered = {PATH.replace("-1.", f"-{number}."): f"{TITLE} ({number})" for number in range(1, 7)}
    pages = PAGES | {"/": listing(*numbered.items())} | {path: article(title) for path, title in numbered.items()}
    with serving_pages(pages) as site:
        extra = place.source("so-a", site.url)
        settings: dict[str, Any] = {"SOURCES_EXTRA": extra, "DOWNLOAD_DELAY": 0.5, "CLUSTER_LEASE": 1, "DOWNLOAD_TIMEOUT": 5}
        given = {"ARCHIVE": place.archive, "CAPTURES": place.captures, "CLUSTER_PATIENCE": 1, "CLUSTER_ATTEMPTS": 2} | settings
        command = [sys.executable, "-m", "scrapy", "update", "so-a", "--cluster", "local", *as_options(given)]
        store = place.captures / ".cluster"
        with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as update:
            while len([*store.glob("units/*/exchanges/so-a/*.gz")]) < 3 and update.poll() is None:
                time.sleep(0.01)
            if happens == "stopped":
                update.send_signal(signal.SIGTERM)
            else:
                store.rename(tmp_path / "away")
            printed = update.communicate()[0].decode()
        assert update.returncode == 1, printed
        assert "so-a: " in printed and "the next update goes on" in printed, printed
        if happens != "stopped":
            (tmp_path / "away").rename(store)
        else:
            [claim] = store.glob("units/*/claim")
            assert claim.read_bytes() == b"revoked", "a worker that the scheduler had lost would go on sending"
        place.scrapy("update", "so-a", "--cluster", "local", **settings)
        requested = Counter(site.paths())
    assert place.rows(ENDED_RUNS) == [("so-a", "finished")]
    assert len(place.rows("select id from articles")) == len(numbered)
    assert requested.total() - len(requested) <= 1, requested  # the request in flight
