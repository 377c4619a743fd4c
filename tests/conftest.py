"""Fixtures that the tests share: commands run as a user runs them, the sample crawled once, the shared recordings."""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from benchmarks.forked_commands import ForkedCommands, as_options, own_environment

PROJECT = Path(__file__).resolve().parent.parent
SHARED = PROJECT.parent / "shared"
SAMPLE = ("sample-mic", "sample-mst", "sample-nghe-an", "sample-ha-noi")


_LONGEST = 240  # seconds that a command may take
_forks = threading.Lock()  # held while a command runs in a fork


@functools.cache
def _forked_commands() -> ForkedCommands:
    """Returns the process of this test run whose forks run commands. To start Python and to import the project for each would take longer
    than most commands. `tests/test_wheel.py` and others start real processes.
    """
    commands = ForkedCommands(copies_archives=True).__enter__()
    atexit.register(commands.__exit__)
    return commands


def _in_a_fork(arguments: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    with tempfile.TemporaryDirectory() as folder:
        done = _forked_commands().run(arguments, Path(folder), environment=environment, kill_after=_LONGEST)
    return subprocess.CompletedProcess([sys.executable, "-m", "scrapy", *arguments], done.code, done.stdout, done.stderr)


def pytest_sessionfinish() -> None:
    """Ends the processes that answered the queries of archives that this process served. They wait for the next query."""
    for name, processes in (("guards_processes", "processes"), ("reading_apart", "file_processes")):
        module = sys.modules.get(f"scraper.web.{name}")
        for process in [*getattr(module, processes)._all] if module is not None else []:
            process.end()


@dataclass(frozen=True)
class Place:
    """An archive and its captures in a temporary folder, and the commands on them."""

    folder: Path

    @property
    def archive(self) -> Path:
        return self.folder / "archive.db"

    @property
    def captures(self) -> Path:
        return self.folder / "captures"

    def source(self, source_id: str, site: str, name: str = "Sở Mẫu (test)", unit: str = "nghe-an", more: str = "") -> Path:
        """Writes the file of a source and returns its path. `more`: further lines."""
        path = self.folder / f"{source_id}.toml"
        block = f'[[source]]\nid = "{source_id}"\nname = "{name}"\nunit = "{unit}"\nsite = "{site}"\n{more}\n'
        path.write_text(block, encoding="utf-8")
        return path

    def scrapy(
        self, *arguments: str, code: int | None = 0, cwd: Path = PROJECT, forked: bool = True, **settings: object
    ) -> subprocess.CompletedProcess[str]:
        """Runs a scrapy command; `settings` are passed as -s NAME=VALUE. Fails if the exit code is not `code` (None: any). `forked`: in a
        fork, whose output goes to files, and not to pipes.
        """
        given = {"ARCHIVE": self.archive, "CAPTURES": self.captures} | settings
        command = [sys.executable, "-m", "scrapy", *arguments, *as_options(given)]
        environment = own_environment()
        if forked and cwd == PROJECT and _forks.acquire(blocking=False):
            try:
                done = _in_a_fork(command[3:], environment)
            finally:
                _forks.release()
        else:  # also if the test runs another command at this time
            done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=_LONGEST, check=False)
        if code is not None:
            assert done.returncode == code, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
        return done

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Returns the rows of a query."""
        with closing(sqlite3.connect(f"file:{self.archive}?mode=ro", uri=True)) as database:
            return database.execute(sql, parameters).fetchall()

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        """Returns every table except those about the crawl itself, which differ for each command, and without the run in which a failure
        last occurred.
        """
        names = [str(name) for (name,) in self.rows("select name from sqlite_master where type = 'table' and name not like 'sqlite%'")]
        columns = {
            name: ", ".join(f'"{row[1]}"' for row in self.rows(f'pragma table_info("{name}")') if (name, row[1]) != ("failures", "run_id"))
            for name in names
            if name not in ("runs", "candidates", "discovered", "source_health", "articles_fts", "file_pages_fts")
        }
        return {name: sorted(self.rows(f'select {listed} from "{name}"'), key=repr) for name, listed in columns.items()}


def is_one_error(said: str) -> bool:
    """Returns whether a command said one error and no traceback: a line in English, and perhaps the same in Vietnamese."""
    return [line.partition(": ")[0] for line in said.splitlines()] in (["error"], ["error", "lỗi"])


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture(scope="session")
def commands() -> ForkedCommands:
    """Runs many commands, with faults, in forks of one process."""
    return _forked_commands()


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The sample, crawled once. Tests must not write to it."""
    place = Place(tmp_path_factory.mktemp("sample"))
    for source in SAMPLE:
        place.scrapy("crawl", source)
    return place


@pytest.fixture
def copied(sample: Place, tmp_path: Path) -> Place:
    """The sample in a folder of its own, which a test may change."""
    shutil.copytree(sample.folder, tmp_path, dirs_exist_ok=True)
    return Place(tmp_path)


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """Finds a file of the collection beside the project. The test is skipped if the file is absent."""

    def find(path: str) -> Path:
        if not (SHARED / path).exists():
            pytest.skip(f"needs ../shared/{path}, which is not part of the project")
        return SHARED / path

    return find


@pytest.fixture(autouse=True, scope="session")
def own_folder() -> Iterator[None]:
    """Runs every test in the project's folder, wherever pytest was started."""
    before = Path.cwd()
    os.chdir(PROJECT)
    yield
    os.chdir(before)
