"""`scrapy update`: several sources in one process, and what it says with and without a terminal."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import resource
import select
import signal
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from benchmarks.forked_commands import as_options
from scraper import report_language
from scraper.two_languages import Message
from tests.conftest import PROJECT, Place
from tests.server import Site, article, listing, serving_pages

FAST = {"DOWNLOAD_DELAY": 0.02, "DOWNLOAD_DELAY_JITTER": 0, "RETRY_TIMES": 0}


def _pages(name: str, number: int = 3) -> dict[str, str]:
    """Returns a site of no known platform with some articles, which this project made up."""
    titles = {f"/tin-tuc/{name}-hop-ban-thu-{at}-{at}.html": f"Huyện {name} họp bàn về công việc thứ {at} của quý" for at in range(number)}
    return {"/": listing(*titles.items())} | {url: article(title) for url, title in titles.items()}


@contextmanager
def _sites(place: Place, *names: str, number: int = 3) -> Iterator[dict[str, Site]]:
    """Serves a site for each name, and writes the file that makes them sources."""
    with ExitStack() as stack:
        sites = {name: stack.enter_context(serving_pages(_pages(name, number))) for name in names}
        _write(place, {name: site.url for name, site in sites.items()})
        yield sites


def _write(place: Place, urls: dict[str, str]) -> Path:
    path = place.folder / "sources.toml"
    path.write_text(
        "".join(f'[[source]]\nid = "{name}"\nname = "{name}"\nunit = "nghe-an"\nsite = "{url}"\n' for name, url in urls.items())
    )
    return path


def _update(place: Place, *arguments: str, code: int = 0, **settings: object) -> subprocess.CompletedProcess[str]:
    given: dict[str, Any] = {"SOURCES_EXTRA": place.folder / "sources.toml"} | FAST | settings
    return place.scrapy("update", *arguments, code=code, **given)


def test_what_is_wrong_with_one_source_stops_no_other(place: Place) -> None:
    names = ("so-good", "so-folder", "so-locked", "so-gone", "so-refused")
    with _sites(place, *names) as sites:
        with serving_pages({}) as closed:
            pass  # nothing listens on its port any more
        _write(place, {name: site.url for name, site in sites.items()} | {"so-gone": closed.url})
        sites["so-refused"].pages["/"] = (403, {}, b"no")
        place.captures.mkdir()
        (place.captures / "so-folder").write_text("a file where the folder of the captures should be")
        (place.captures / "so-locked").mkdir()
        with (place.captures / "so-locked" / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            assert _decisions(place, *names) == dict.fromkeys(names, "crawl") | {"so-locked": "locked"}
            assert not place.archive.exists()
            done = _update(place, *names, code=1)
            # If nothing else is to be done, a source that another process crawls is another active run.
            assert "another process is crawling it now" in _update(place, "so-locked", code=3).stdout
        assert sites["so-locked"].requests == []

    # Without a terminal: nothing about the good one, one line for each of the others, nothing of the log.
    lines = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    assert set(lines) == set(names) - {"so-good"}
    assert "captures/so-folder: cannot be written" in lines["so-folder"]
    assert "another process is crawling it now" in lines["so-locked"]
    assert closed.url.removeprefix("http://") in lines["so-gone"]
    assert lines["so-refused"].startswith("blocked, access refused (") and sites["so-refused"].url in lines["so-refused"]
    assert done.stderr == ""
    assert place.rows("select source_id, count(*) from articles group by 1") == [("so-good", 3)]
    assert {name for name, outcome in place.rows("select source_id, outcome from runs") if outcome} == {"so-good", "so-gone", "so-refused"}

    # An hour later what failed is due again, and the next day everything.
    later = _decisions(place, minutes=70)
    assert (later["so-good"], later["so-gone"], later["so-folder"]) == ("not-due", "crawl", "crawl")
    assert _decisions(place, minutes=23 * 60)["so-good"] == "crawl"
    # Without names: no source that ended, and nothing of the sample.
    assert later["hanoi-ict"] == "ended" and not [name for name in later if name.startswith("sample")]


def _decisions(place: Place, *names: str, minutes: int = 0) -> dict[str, str]:
    """Returns what an update would do with each source some minutes after the newest run."""
    newest = str(place.rows("select max(started_at) from runs")[0][0]) if place.archive.exists() else ""
    now = (datetime.fromisoformat(newest) + timedelta(minutes=minutes)).isoformat() if newest else ""
    rows = map(json.loads, _update(place, "--dry-run", "--json", *names, NOW=now).stdout.splitlines())
    return {row["source"]: row["decision"] for row in rows}


def test_a_clock_that_is_wrong_is_named_once(place: Place) -> None:
    """Cron mails what is printed. A clock that ran back was silent there, and one that is late is seen by the dates of the servers."""
    names = ("mot", "hai", "ba")
    with _sites(place, *names, number=1) as sites:
        _update(place, *names, NOW="2031-01-01T02:00:00+07:00")
        for site in sites.values():
            site.pages["/"] = (200, {"Date": "Sat, 01 Jan 2028 00:00:00 GMT"}, site.pages["/"][2])
            site.pages["/robots.txt"] = (404, {"Date": "Sat, 01 Jan 2028 00:00:00 GMT"}, b"")
        done = _update(place, *names, code=1, NOW="2026-12-01T02:00:00+07:00", REPORT_LANGUAGE="both")
        back, back_vi, late, late_vi = done.stdout.splitlines()
        assert back_vi.startswith("lượt trước bắt đầu 2031-01-01 02:00, mà bây giờ là 2026-12-01 02:00 (giờ Việt Nam)")
        assert re.match(r"đồng hồ của máy này chậm \d+ ngày, theo 3 trang", late_vi)
        assert back.startswith(
            "the last run began on 2031-01-01 02:00, and now it is 2026-12-01 02:00 (Viet Nam): the clock of this machine"
        )
        assert re.match(r"the clock of this machine is \d+ days late, as 3 sites say", late)
        assert _update(place, "mot", "hai", NOW="2026-12-02T02:00:00+07:00").stdout == ""  # two sites are too few


@pytest.mark.gate
def test_a_full_disk_ends_all_runs_and_says_so_once(place: Place) -> None:
    """The limit of file sizes has the same effect as a full disk: nothing can be written any more, neither captures nor archive.db."""
    pidfile = place.folder / "pid"

    def fill(before: int) -> None:
        if not before:
            resource.prlimit(int(pidfile.read_text()), resource.RLIMIT_FSIZE, (1, 1))

    with _sites(place, "so-a", "so-b", "so-c", number=6) as sites:
        sites["so-a"].rules["/tin-tuc/so-a-hop-ban-thu-3-3.html"] = fill
        # Its output must not go to files, which would be limited, too.
        done = _update(place, *sites, f"--pidfile={pidfile}", code=1, forked=False, UPDATE_AT_ONCE=2)
        assert len(sites["so-b"].requests) < 8 and sites["so-c"].requests == []
        assert done.stderr == ""
        assert done.stdout.count("cannot be written (File too large); free some space there") == 1
        # At most one more line: where the rows are that could not be moved into archive.db.
        assert done.stdout.count("\n") == 1 or (done.stdout.count("\n") == 2 and "archive.db-wal" in done.stdout)
        assert "1 sources were not begun" in done.stdout
        # Nothing was lost: the next update stores the rest.
        assert _update(place, *sites).stderr == ""
    assert place.rows("select source_id, count(*) from articles group by 1") == [("so-a", 6), ("so-b", 6), ("so-c", 6)]


@pytest.mark.gate
def test_ctrl_c_on_a_terminal_ends_every_run_with_its_outcome(place: Place) -> None:
    waiting, release = threading.Event(), threading.Event()

    def never(_: int) -> None:
        waiting.set()
        release.wait(60)

    terminal, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 12, 40, 0, 0))
    with _sites(place, "so-slow", "so-b", number=6) as sites:
        sites["so-slow"].rules["/tin-tuc/so-slow-hop-ban-thu-1-1.html"] = never
        settings = {"ARCHIVE": place.archive, "CAPTURES": place.captures, "SOURCES_EXTRA": place.folder / "sources.toml"} | FAST
        command = [sys.executable, "-m", "scrapy", "update", *sites, *as_options(settings)]
        process = subprocess.Popen(command, cwd=PROJECT, stdin=child, stdout=child, stderr=child, env=os.environ | {"TERM": "xterm"})
        os.close(child)
        shown = _read_until(terminal, waiting.is_set)
        process.send_signal(signal.SIGINT)  # waits for the response that never comes
        shown += _read_until(terminal, lambda: len(place.rows("select 1 from runs where outcome is not null")) == 1)
        process.send_signal(signal.SIGINT)
        shown += _read_until(terminal, lambda: process.poll() is not None)
        release.set()
        code = process.wait(60)
        os.close(terminal)
    assert code == 1, shown
    assert "of 2 sources done" in shown
    assert "stopped by Ctrl-C or a signal" in shown and "Traceback" not in shown
    assert dict(place.rows("select source_id, outcome from runs")) == {"so-slow": "shutdown", "so-b": "shutdown"}


def _read_until(terminal: int, is_over: Callable[[], bool]) -> str:
    """Returns what a terminal shows until something is over."""
    shown = b""
    while not is_over():
        if select.select([terminal], [], [], 0.05)[0]:
            try:
                shown += os.read(terminal, 65536)
            except OSError:  # the other side is closed
                break
    return shown.decode(errors="replace")


def test_an_error_in_a_timed_call_is_in_the_log_and_not_in_the_mail_of_cron(place: Place) -> None:
    """Twisted catches errors of calls that it makes later. The simulated year met one on a busy machine."""
    code = (
        "from scrapy.cmdline import execute\n"
        "import scraper.crawl.side_by_side as crawls\n"
        "begin = crawls.SideBySide._all\n"
        "async def begin_and_fail(self):\n"
        "    from twisted.internet import reactor\n"
        "    reactor.callLater(0, lambda: 1 / 0)\n"
        "    await begin(self)\n"
        "crawls.SideBySide._all = begin_and_fail\n"
        "execute()\n"
    )
    places = ["-s", f"ARCHIVE={place.archive}", "-s", f"CAPTURES={place.captures}"]
    command = [sys.executable, "-c", code, "update", "sample-mst", *places, "--log-dir", str(place.folder / "log")]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
    assert "ZeroDivisionError" in (place.folder / "log/update.log").read_text(encoding="utf-8")


def test_the_sums_of_one_source(place: Place) -> None:
    lines = place.scrapy("update", "sample-mst", "--verbose").stdout.splitlines()
    assert lines[-1].startswith("1 source: ")
    sums = json.loads(place.scrapy("update", "sample-mst", "--json").stdout.splitlines()[-1])["sums"]
    assert json.dumps(sums["sources"]) == "1"


@pytest.mark.parametrize(
    ("locale", "chosen", "reports", "errors"),
    [
        ({}, "", "en vi", "en vi"),  # cron and containers have none: nobody knows who reads it
        ({"LANG": "C.UTF-8"}, "", "en vi", "en vi"),
        ({"LANG": "en_US.UTF-8"}, "", "en", "en vi"),  # many people in Viet Nam have an English system
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "vi_VN.UTF-8"}, "", "vi", "vi"),
        ({"LANG": "vi_VN.UTF-8", "LC_ALL": "de_DE.UTF-8"}, "", "en", "en vi"),
        ({"LANG": "vi_VN"}, "both", "en vi", "en vi"),
        ({"LANG": "vi_VN"}, "en", "en", "en"),
        ({"LANG": "en_US"}, "vi", "vi", "vi"),
    ],
)
def test_the_language_of_a_report(monkeypatch: pytest.MonkeyPatch, locale: dict[str, str], chosen: str, reports: str, errors: str) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in locale.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(report_language, "_chosen", [chosen])
    assert " ".join(report_language.languages()) == reports
    assert " ".join(report_language.languages_of_errors()) == errors
    message, name = Message("two sources", "hai nguồn"), "mst: 3"
    assert report_language.report([message, name]).count(name) == len(reports.split())
    assert report_language.lines(name) == [name]  # what is the same in both is said once


def test_a_language_that_there_is_not(place: Place) -> None:
    said = place.scrapy("list", code=2, REPORT_LANGUAGE="fr").stderr
    assert said.splitlines() == [
        "error: REPORT_LANGUAGE=fr: must be en, vi or both",
        "lỗi: REPORT_LANGUAGE=fr: phải là en, vi hoặc both",
    ]
    said = place.scrapy("crawl", "khong-co", code=2, REPORT_LANGUAGE="vi").stderr
    assert said.startswith("lỗi: ") and said.count("\n") == 1
