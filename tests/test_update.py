"""`scrapy update`: several sources in one process, and what it says with and without a terminal."""

from __future__ import annotations

import fcntl
import json
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.conftest import Place
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
    assert f"no response at all (refused-connection); check whether {closed.url} still exists" in lines["so-gone"]
    assert f"no list page could be read (forbidden); look at {sites['so-refused'].url}" in lines["so-refused"]
    assert done.stderr == ""
    assert place.rows("select source_id, count(*) from articles group by 1") == [("so-good", 3)]
    outcomes = {"so-good": "finished", "so-gone": "robots-unreachable", "so-refused": "finished"}
    assert dict(place.rows("select source_id, outcome from runs")) == outcomes

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
