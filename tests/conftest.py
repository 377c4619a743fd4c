"""Fixtures that the tests share: commands run as a user runs them, the sample crawled once, the shared recordings."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from benchmarks.forked_commands import ForkedCommands

PROJECT = Path(__file__).resolve().parent.parent
SHARED = PROJECT.parent / "shared"
SAMPLE = ("sample-mic", "sample-mst", "sample-nghe-an", "sample-ha-noi")


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

    def scrapy(self, *arguments: str, code: int | None = 0, cwd: Path = PROJECT, **settings: object) -> subprocess.CompletedProcess[str]:
        """Runs a scrapy command; `settings` are passed as -s NAME=VALUE. Fails if the exit code is not `code` (None: any)."""
        given = {"ARCHIVE": self.archive, "CAPTURES": self.captures} | settings
        command = [
            sys.executable,
            "-m",
            "scrapy",
            *arguments,
            *(part for name, value in given.items() for part in ("-s", f"{name}={value}")),
        ]
        environment = {name: value for name, value in os.environ.items() if name not in ("ARCHIVE", "CAPTURES", "REPLAY", "SOURCES_EXTRA")}
        done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=240, check=False)
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
            if name not in ("runs", "candidates", "discovered", "source_health", "articles_fts")
        }
        return {name: sorted(self.rows(f'select {listed} from "{name}"'), key=repr) for name, listed in columns.items()}


@dataclass(frozen=True)
class ForkedPlace(Place):
    """A place whose commands run in forks of one process, which costs a tenth of the time."""

    commands: ForkedCommands

    def scrapy(self, *arguments: str, code: int | None = 0, cwd: Path = PROJECT, **settings: object) -> subprocess.CompletedProcess[str]:
        """Runs a scrapy command as `Place.scrapy` does; always in the folder of the project."""
        assert cwd == PROJECT
        given = {"ARCHIVE": self.archive, "CAPTURES": self.captures} | settings
        options = [part for name, value in given.items() for part in ("-s", f"{name}={value}")]
        done = self.commands.run([*arguments, *options], self.folder)
        if code is not None:
            assert done.code == code, f"{' '.join(arguments)}\n{done.stdout}\n{done.stderr}"
        return subprocess.CompletedProcess([*arguments], done.code, done.stdout, done.stderr)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
def forked_place(tmp_path: Path, commands: ForkedCommands) -> Place:
    return ForkedPlace(tmp_path, commands)


@pytest.fixture(scope="session")
def commands() -> Iterator[ForkedCommands]:
    """Runs many commands in forks of one process, for tests that would spend most of their time on imports."""
    with ForkedCommands() as forks:
        yield forks


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The sample, crawled once. Tests must not write to it."""
    place = Place(tmp_path_factory.mktemp("sample"))
    for source in SAMPLE:
        place.scrapy("crawl", source)
    return place


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
