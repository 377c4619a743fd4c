"""A run that is interrupted at any moment, and the run after it: the archive is that of a run without interruption.

A process is interrupted before and after each of its writes (`benchmarks/fault_points.py`): every SQL statement that writes, each write to
a file of captures, and half of it. The normal tests take some of these moments, and `make gate` all of them.
"""

from __future__ import annotations

import random
import shutil
import signal
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from benchmarks.fault_points import FaultPoint
from benchmarks.forked_commands import Done, ForkedCommands, as_options
from scraper.store.archive import open_archive
from tests.conftest import Place
from tests.same_rows import Row, differences, faults, index_faults, rows_of
from tests.server import Site, article, listing, serving_pages

PARTS = 8  # of the gate, so that several processes share it
RANDOM_MOMENTS = 200
NIGHTS = ("2026-11-27T02:00:00+07:00", "2026-11-28T02:00:00+07:00")
LATER = ("2026-11-27T03:00:00+07:00", "2026-11-28T03:00:00+07:00")  # of the run after the interrupted one

_ACTS = (
    "Căn cứ Quyết định số 12/QĐ-UBND ngày 17/5/2007 của UBND tỉnh Nghệ An, sở ban hành kế hoạch; đến nay các huyện làm theo Quyết định 12.",
    "Theo Chỉ thị số 07/2008/CT-BTTTT ngày 30/12/2008 của Bộ Thông tin và Truyền thông, các cơ quan dùng phần mềm nguồn mở.",
)


def _path(number: int) -> str:
    return f"/tin-tuc/hop-ban-ve-cong-viec-thu-{number}-cua-quy-{number}.html"


def _title(number: int) -> str:
    return f"Hội nghị bàn về công việc thứ {number} của quý"


def _article(number: int, more: str = "") -> str:
    paragraphs = (
        *_ACTS[number % 2 :],
        f"Buổi làm việc thứ {number} diễn ra tại hội trường của sở, với đại diện của các phòng, các huyện và nhiều doanh nghiệp{more}.",
        "Phát biểu kết thúc, phó giám đốc giao văn phòng theo dõi, đôn đốc và báo cáo lại trước ngày cuối cùng của tháng sau.",
    )
    file = f"<a href='/upload/ke-hoach-{number}.pdf'>Kế hoạch {number}</a>" if number == 1 else ""
    return article(_title(number), *paragraphs, day=f"{number:02}/05/2012 09:15", foot=file)


def _night(site: Site, night: int) -> None:
    """Serves the pages of a night. In the second one, there is one article more, one is edited, one is missing and one leads elsewhere."""
    numbers = (1, 2, 3, 4, 5) if night else (1, 2, 3, 4)
    pages = {"/": listing(*((_path(number), _title(number)) for number in numbers))}
    pages |= {_path(number): _article(number, " của tỉnh" if number == 1 and night else "") for number in numbers}
    site.pages = {path: (200, {"Content-Type": "text/html; charset=utf-8"}, page.encode()) for path, page in pages.items()}
    for number in (3, 4, 5):
        if _path(number) in site.pages:
            site.pages[_path(number)][1]["ETag"] = f'"{number}"'
    site.pages["/robots.txt"] = (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /admin/\n")
    if night:
        del site.pages[_path(2)]
        site.pages[_path(3)] = (302, {"Location": "/"}, b"")


@dataclass
class Rehearsal:
    """A crawl that is repeated from the same beginning, and what it gives without interruption."""

    commands: ForkedCommands
    folder: Path
    night: int
    arguments: tuple[str, ...]
    settings: dict[str, object]
    expected: dict[str, list[Row]]
    code: int  # of the run without interruption
    seconds: float
    steps: list[str]

    @property
    def start(self) -> Path:
        """The folder with the archive at the beginning."""
        return self.folder / "start"

    def run(self, place: Path, now: str, fault: FaultPoint | None = None, kill_after: float = 0.0) -> Done:
        given = self.settings | {"ARCHIVE": place / "archive.db", "CAPTURES": place / "captures", "NOW": now}
        return self.commands.run(["crawl", "mau", *self.arguments, *as_options(given)], self.folder, fault=fault, kill_after=kill_after)

    def check(self, what: str, fault: FaultPoint | None, kill_after: float = 0.0) -> None:
        """Runs the crawl up to the fault or the kill, then runs it again, and compares the archive."""
        place = self.folder / "place"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self.start, place)
        first = self.run(place, NIGHTS[self.night], fault, kill_after)
        if fault is not None and fault.number != signal.SIGKILL:
            # The signal itself may end it only before its row is written: then nothing must be ended in order.
            assert first.code in (0, 1) or first.code == -fault.number, (what, first)
            assert not _count(place, "runs where outcome is null"), (what, first)
            assert "Traceback" not in first.stdout + first.stderr, (what, first)
        second = self.run(place, LATER[self.night])
        assert second.code == self.code, (what, second)
        assert "Traceback" not in second.stdout + second.stderr, (what, second)
        archive = place / "archive.db"
        found = differences(self.expected, rows_of(archive))
        assert not found, f"{what}\n{found}"
        assert faults(archive) + index_faults(archive) == [], what
        assert not _count(place, "source_health join runs on runs.id = run_id where outcome is null"), what
        self._check_captures(place, what)

    def _check_captures(self, place: Path, what: str) -> None:
        """Compares every record with its row, as `scrapy captures verify` does, and reads every record to its end."""
        folders = as_options({"ARCHIVE": place / "archive.db", "CAPTURES": place / "captures"})
        verified = self.commands.run(["captures", "verify", *folders], self.folder)
        assert verified.code == 0, (what, verified)
        for path in (place / "captures").rglob("*.warc.gz"):
            with path.open("rb") as file:
                for record in ArchiveIterator(file):
                    record.content_stream().read()


def _count(place: Path, of: str) -> int:
    """Returns the number of rows of a part of a query that begins with a table."""
    with closing(sqlite3.connect(place / "archive.db")) as database:
        return int(database.execute(f"select count(*) from {of}").fetchone()[0])


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serving_pages({}) as served:
        yield served


@pytest.fixture(scope="module", params=["live", "again", "replay"])
def rehearsal(request: pytest.FixtureRequest, commands: ForkedCommands, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    """live: the first crawl of a site. again: all is requested once more after a night. replay: a recording of both nights."""
    folder = tmp_path_factory.mktemp("kills")
    settings = {"SOURCES_EXTRA": Place(folder).source("mau", site.url), "DOWNLOAD_DELAY": 0, "DOWNLOAD_DELAY_JITTER": 0, "RETRY_TIMES": 0}
    made = Rehearsal(commands, folder, 0, (), dict(settings), {}, 0, 0.0, [])
    made.start.mkdir()
    _night(site, 0)
    if request.param != "live":
        made.run(made.start, NIGHTS[0])
        _night(site, 1)
        made.night, made.arguments = 1, ("--full",)
    if request.param == "replay":
        made.run(made.start, NIGHTS[1])
        made.start.rename(folder / "recorded")
        made.start.mkdir()
        made.settings["REPLAY"], made.arguments = folder / "recorded" / "captures", ()
    if not (made.start / "archive.db").exists():  # the tables with the data of the project
        open_archive(made.start / "archive.db").close()
    place = folder / "undisturbed"
    shutil.copytree(made.start, place)
    done = made.run(place, NIGHTS[made.night], FaultPoint(0, steps=str(folder / "steps.txt")))
    assert done.code in (0, 1), done
    made.expected, made.code, made.seconds = rows_of(place / "archive.db"), done.code, done.seconds
    made.steps = (folder / "steps.txt").read_text().splitlines()
    assert faults(place / "archive.db") + index_faults(place / "archive.db") == []
    return made


def _samples(steps: Sequence[str], number: int, seed: int) -> list[int]:
    """Returns the numbers of some steps: of each kind one, then others."""
    chance = random.Random(seed)
    order = chance.sample(range(1, len(steps) + 1), len(steps))
    kinds: set[str] = set()
    first = [step for step in order if not (steps[step - 1] in kinds or kinds.add(steps[step - 1]))]  # type: ignore[func-returns-value]
    return [*first, *(step for step in order if step not in first)][:number]


def test_killed_at_some_writes(rehearsal: Rehearsal) -> None:
    for step in _samples(rehearsal.steps, 2, 7):
        rehearsal.check(f"step {step}: {rehearsal.steps[step - 1]}", FaultPoint(step))


def test_ended_by_a_signal_at_the_beginning_and_at_a_guess(rehearsal: Rehearsal) -> None:
    """Between the row of the run and its first request, and when a sitemap is guessed, of which the recording has two answers."""
    begun = next(step for step, kind in enumerate(rehearsal.steps, start=1) if kind == "sql: insert into runs")
    guessed = max(step for step, kind in enumerate(rehearsal.steps, start=1) if kind == "sql: insert into discovered")
    for step in (begun + 2, guessed):
        rehearsal.check(f"step {step}: {rehearsal.steps[step - 1]}", FaultPoint(step, signal.SIGTERM))


@pytest.mark.gate
@pytest.mark.parametrize("part", range(PARTS))
def test_killed_at_every_write(rehearsal: Rehearsal, part: int) -> None:
    for step in range(1 + part, len(rehearsal.steps) + 1, PARTS):
        rehearsal.check(f"step {step}: {rehearsal.steps[step - 1]}", FaultPoint(step))


@pytest.mark.gate
@pytest.mark.parametrize("part", range(PARTS))
def test_killed_at_random_moments(rehearsal: Rehearsal, part: int) -> None:
    chance = random.Random(part)
    for _ in range(RANDOM_MOMENTS // PARTS):
        wait = chance.uniform(0.001, rehearsal.seconds)
        rehearsal.check(f"after {wait:.3f} s", None, wait)


@pytest.mark.gate
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("part", range(PARTS))
def test_ended_by_a_signal_at_many_writes(rehearsal: Rehearsal, part: int, number: signal.Signals) -> None:
    for step in _samples(rehearsal.steps, 80, number)[part::PARTS]:
        rehearsal.check(f"{number.name} at step {step}: {rehearsal.steps[step - 1]}", FaultPoint(step, number))
