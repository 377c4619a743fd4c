"""What a command imports before it begins its own work. Scrapy imports the modules of all commands for each command."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks.forked_commands import as_options
from tests.conftest import PROJECT, Place
from tests.warc_records import response_record

# Packages that take long to import, and the parts of the project that import them or compile many patterns.
HEAVY = frozenset(
    (
        "bs4",
        "datasette",
        "feedparser",
        "htmldate",
        "jinja2",
        "rensa",
        "rich",
        "selectolax",
        "spidermon",
        "sqlite_utils",
        "tqdm",
        "trafilatura",
        "warcio",
        "scraper.citations",
        "scraper.health",
        "scraper.parse",
        "scraper.platforms",
        "scraper.reader",
        "scraper.reparsing",
        "scraper.store.archive",
        "scraper.store.schema",
        "scraper.warc",
    )
)
COMMANDS = sorted(path.stem for path in (PROJECT / "scraper/commands").glob("*.py") if not path.stem.startswith("_"))

# Runs commands one after the other in one process, and prints what each imported: what one imports, the next ones have, too.
RUN = """
import json, sys
from scrapy.cmdline import execute
for arguments in json.loads(sys.argv[1]):
    try:
        execute(["scrapy", *arguments])
    except SystemExit as end:
        code = end.code
    print("@@", json.dumps({"code": code, "modules": sorted(sys.modules)}))
"""


@dataclass(frozen=True)
class Ran:
    """How a command ended, and the modules of its process."""

    code: int | None
    modules: frozenset[str]

    @property
    def heavy(self) -> set[str]:
        """The heavy modules that were imported."""
        return {module for module in HEAVY if module in self.modules}


def _run(*commands: list[str], given: str = "") -> list[Ran]:
    """Runs commands in one fresh process."""
    code = [sys.executable, "-c", RUN, json.dumps(commands)]
    done = subprocess.run(code, cwd=PROJECT, input=given, capture_output=True, text=True, check=True)
    found = [json.loads(line.removeprefix("@@ ")) for line in done.stdout.splitlines() if line.startswith("@@ ")]
    return [Ran(one["code"] or 0, frozenset(one["modules"])) for one in found]


def test_help_imports_nothing_that_takes_long() -> None:
    ran = _run(*([name, "--help"] for name in COMMANDS))
    assert len(ran) == len(COMMANDS) > 20
    for name, one in zip(COMMANDS, ran, strict=True):
        assert (name, one.code, one.heavy) == (name, 0, set())
        assert not [module for module in one.modules if module.startswith("scraper.actions")], name


def test_a_line_of_help_that_ends_with_a_colon_is_not_a_heading() -> None:
    """Scrapy's formatter underlined "Only The Sources Of A Group"."""
    command = [sys.executable, "-m", "scrapy", "update", "--help"]
    narrow = os.environ | {"COLUMNS": "60"}
    lines = subprocess.run(command, cwd=PROJECT, env=narrow, capture_output=True, text=True, check=True).stdout.splitlines()
    assert any(line.rstrip().endswith("only the sources of a group:") for line in lines)
    assert [above for above, line in pairwise(lines) if set(line) == {"="}] == ["Usage", "Options"]


def test_the_list_of_sources_needs_only_their_files() -> None:
    [ran] = _run(["list"])
    assert (ran.code, ran.heavy) == (0, set())


def test_a_second_update_ends_before_it_imports_the_crawl(tmp_path: Path) -> None:
    with (tmp_path / "archive.db.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        [ran] = _run(["update", "-s", f"ARCHIVE={tmp_path / 'archive.db'}"])
    assert (ran.code, ran.heavy) == (3, set())
    assert {"scraper.crawl.run", "scraper.crawl.spider_loader", "scraper.actions.update"} & ran.modules == set()


def test_a_crawl_loads_no_extension_that_opens_a_port(place: Place) -> None:
    site = "http://so-cong.test"
    recording = place.folder / "site.warc.gz"
    recording.write_bytes(response_record(f"{site}/", b"<html><body><p>Trang ch\xe1\xbb\xa7</p></body></html>", "2026-11-28T02:00:00Z"))
    given = {"ARCHIVE": place.archive, "CAPTURES": place.captures, "SOURCES_EXTRA": place.source("so-cong", site), "REPLAY": recording}
    [ran] = _run(["crawl", "so-cong", *as_options(given)])
    assert "scrapy.extensions.closespider" in ran.modules
    assert {"scrapy.extensions.telnet", "scrapy.extensions.remote_control"} & ran.modules == set()


def test_the_modules_that_take_long_have_these_names() -> None:
    """Otherwise a module that was renamed would not be noticed by the other tests."""
    code = f"import importlib\nfor name in {sorted(HEAVY)!r}: importlib.import_module(name)"
    subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=True)


def test_a_command_does_not_search_for_garbage_at_its_end() -> None:
    """Python would search all objects, which takes a fifth of a command that does little. What was registered first is called last."""
    code = "import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count() > 10_000, gc.get_threshold()[0] > 700)); " + RUN
    done = subprocess.run([sys.executable, "-c", code, '[["list"]]'], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "True True"
