"""A back-fill that is killed at any write, and the same command after it: the archive is that of a back-fill without interruption."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.fault_points import FaultPoint
from benchmarks.forked_commands import Done, ForkedCommands, as_options
from scraper.store.archive import open_archive
from tests.conftest import Place
from tests.same_rows import faults, index_faults, rows_of
from tests.server import article, listing
from tests.test_kills import LATER, NIGHTS, PARTS, Rehearsal, _samples
from tests.web_archive import Archived, InternetArchive, serving_archive

_HOST = "http://stttt.mau.gov.vn"


@dataclass
class _Backfill(Rehearsal):
    """The back-fill of two months, in place of a crawl."""

    archive: str = ""

    def run(self, place: Path, now: str, fault: FaultPoint | None = None, kill_after: float = 0.0) -> Done:
        given = self.settings | {"ARCHIVE": place / "archive.db", "CAPTURES": place / "captures", "NOW": now}
        command = ["backfill", "mau", "--from", "2012-06", "--to", "2012-07", "--archive", self.archive, *as_options(given)]
        return self.commands.run(command, self.folder, fault=fault, kill_after=kill_after)


def _page(number: int, more: str = "") -> str:
    text = f"Buổi làm việc thứ {number} diễn ra tại hội trường của sở, với đại diện của các phòng, các huyện và doanh nghiệp{more}."
    act = "Theo Chỉ thị số 07/2008/CT-BTTTT ngày 30/12/2008 của Bộ Thông tin và Truyền thông, các cơ quan dùng phần mềm nguồn mở."
    return article(f"Hội nghị bàn về công việc thứ {number} của quý", text, act, day=f"{number:02}/05/2012 09:15")


def _captures() -> list[Archived]:
    urls = {number: f"{_HOST}/tin-tuc/hop-ban-ve-cong-viec-thu-{number}-cua-quy.html" for number in range(1, 6)}
    titles = ((urls[number], f"Hội nghị bàn về công việc thứ {number} của quý") for number in (1, 2, 3))
    found = [Archived(f"{_HOST}/", "20120601000000", listing(*titles))]
    found += [Archived(urls[number], f"2012060{number}000000", _page(number)) for number in (1, 2, 4)]
    found.append(Archived(urls[1], "20120701000000", _page(1, " của tỉnh")))
    found += [Archived(urls[3], f"201206{day:02}000000", "", sent=(403, {}, b"excluded")) for day in range(3, 8)]  # the same bytes
    return [*found, Archived(urls[5], "20120605000000", "", status=302, headers={"Location": urls[4]})]


def _rows(rehearsal: Rehearsal, sql: str) -> list[tuple[str, ...]]:
    """Returns rows of the run without interruption."""
    with closing(sqlite3.connect(rehearsal.folder / "undisturbed" / "archive.db")) as database:
        return database.execute(sql).fetchall()


@pytest.fixture(scope="module")
def rehearsal(commands: ForkedCommands, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    folder = tmp_path_factory.mktemp("backfill-kills")
    limits = {"BACKFILL_QUERIES_PER_MINUTE": 600_000, "BACKFILL_PAGES_PER_MINUTE": 600_000, "DOWNLOAD_DELAY_JITTER": 0}
    settings: dict[str, object] = {"SOURCES_EXTRA": Place(folder).source("mau", _HOST), **limits}
    with serving_archive(InternetArchive(_captures(), most=3)) as site:
        made = _Backfill(commands, folder, 0, (), settings, {}, 0, 0.0, [], archive=f"{site.url}/web")
        made.start.mkdir()
        open_archive(made.start / "archive.db").close()
        place = folder / "undisturbed"
        place.mkdir()
        (place / "archive.db").write_bytes((made.start / "archive.db").read_bytes())
        done = made.run(place, NIGHTS[0], FaultPoint(0, steps=str(folder / "steps.txt")))
        assert done.code == 0, done
        made.expected, made.code, made.seconds = rows_of(place / "archive.db"), done.code, done.seconds
        made.steps = (folder / "steps.txt").read_text().splitlines()
        assert len(made.expected["articles"]) == 3
        assert faults(place / "archive.db") + index_faults(place / "archive.db") == []
        yield made


def test_killed_between_an_answer_of_the_index_and_its_captures(rehearsal: Rehearsal) -> None:
    """After the first part of an answer, of which the resume key says where to go on; after a capture was kept, and before it is noted; and
    after the last request, before what was not needed is noted.
    """
    last_of_index = max(number for number, step in enumerate(rehearsal.steps, 1) if step == "sql: insert into web_archive_parts")
    noted = [number for number, step in enumerate(rehearsal.steps, 1) if step.startswith("sql: update web_captures")]
    for step in (last_of_index, noted[1], noted[-1]):
        rehearsal.check(f"step {step}: {rehearsal.steps[step - 1]}", FaultPoint(step))


def test_killed_before_the_failure_of_a_capture_that_was_not_played(rehearsal: Rehearsal) -> None:
    """The next run writes the same detail into `failures`, not only that the capture is not requested again for some days."""
    step = rehearsal.steps.index("sql: insert into failures") + 1
    rehearsal.check(f"step {step}: {rehearsal.steps[step - 1]}", FaultPoint(step))


def test_killed_between_the_tries_of_captures_with_the_same_bytes(rehearsal: Rehearsal) -> None:
    """The next run counts the captures that were tried already: of five that cannot be played, two are requested by neither."""
    states = _rows(rehearsal, "select state from web_captures where listed_url like '%thu-3-cua%' order by captured_at")
    assert [state for (state,) in states] == ["failed", "failed", "failed", "listed", "listed"]
    marks = [
        (number, step)
        for number, step in enumerate(rehearsal.steps, 1)
        if step in ("sql: update web_captures set", "sql: insert into captures")
    ]
    between = next(number for (_, before), (number, step) in pairwise(marks) if before == step == "sql: update web_captures set")
    rehearsal.check(f"step {between}: {rehearsal.steps[between - 1]}", FaultPoint(between))


@pytest.mark.gate
@pytest.mark.parametrize("part", range(PARTS))
def test_killed_at_every_write(rehearsal: Rehearsal, part: int) -> None:
    for step in range(1 + part, len(rehearsal.steps) + 1, PARTS):
        rehearsal.check(f"step {step}: {rehearsal.steps[step - 1]}", FaultPoint(step))


@pytest.mark.gate
def test_ended_by_a_signal_at_many_writes(rehearsal: Rehearsal) -> None:
    for step in _samples(rehearsal.steps, 20, 5):
        rehearsal.check(f"SIGTERM at step {step}: {rehearsal.steps[step - 1]}", FaultPoint(step, signal.SIGTERM))


def test_the_night_after_queries_for_nothing_again(rehearsal: Rehearsal) -> None:
    place = rehearsal.folder / "undisturbed"
    done = rehearsal.run(place, LATER[0])
    assert "0 captures to request" in done.stdout
    assert "0 captures received" in done.stdout
