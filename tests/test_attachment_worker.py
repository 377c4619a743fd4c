"""Hostile files: what they do stays in the process that reads them, and the next file is read."""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from scraper.attachments import libreoffice
from scraper.attachments.extracting import extract
from scraper.attachments.extractor import Extractor, extract_safely
from scraper.attachments.file_text import Cut, Kind, State
from scraper.attachments.limits import MB, Limits
from tests.conftest import PROJECT
from tests.test_attachments import FILES, pdf_of

LIMITS = Limits(seconds=10, memory=256 * MB)


@pytest.fixture(scope="module")
def extractor() -> Iterator[Extractor]:
    with Extractor(LIMITS) as one:
        yield one


def _still_reads(extractor: Extractor) -> bool:
    found = extractor.extract((FILES / "decision.docx").read_bytes())
    return found.state is State.EXTRACTED and found.text.startswith("BỘ THÔNG TIN")


def _zip(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


def _workers() -> set[str]:
    """Returns the running processes that read files for this test."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if b"scraper.attachments" in (folder / "cmdline").read_bytes() and f"PPid:\t{os.getpid()}\n" in (folder / "status").read_text():
                found.add(folder.name)
        except OSError:
            continue
    return found


def test_the_process_gives_what_the_function_gives(extractor: Extractor) -> None:
    found = extractor.extract((FILES / "pdfs.zip").read_bytes())
    assert found.kind is Kind.ZIP and next(page.name for page in found.pages) == "Quyết định.pdf"


def test_a_zip_bomb_is_too_large(extractor: Extractor) -> None:
    bomb = _zip({"a.txt": bytes(300 * MB)})
    assert len(bomb) < MB
    assert extractor.extract(bomb).state is State.TOO_LARGE
    inside = extractor.extract(_zip({"decision.docx": (FILES / "decision.docx").read_bytes(), "bomb.zip": bomb}))
    assert [page.state for page in inside.pages] == [State.EXTRACTED, State.TOO_LARGE]
    assert _still_reads(extractor)


@pytest.mark.parametrize(("before", "after"), [(b"", b""), (b"{\\fonttbl{\\f0 ", b"}}")], ids=["text", "name of a font"])
def test_a_rich_text_without_control_words_is_read_in_linear_time(before: bytes, after: bytes) -> None:
    """Letters that are added one by one to what was read need more than the 60 seconds of a file."""
    with Extractor(replace(LIMITS, seconds=60)) as extractor:
        found = extractor.extract(b"{\\rtf1\\ansi %s%sa%s b}" % (before, b"\\'e1" * 1_500_000, after))
    assert (found.kind, found.cut, found.text[-1:]) == (Kind.RTF, Cut.NO, "b")


def test_a_docx_that_grows_is_too_large(extractor: Extractor) -> None:
    found = extractor.extract(_zip({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<a>" + b"<b/>" * 60_000_000 + b"</a>"}))
    assert (found.kind, found.state, found.cut) == (Kind.DOCX, State.TOO_LARGE, Cut.SIZE)


def test_a_pdf_whose_stream_grows_to_gigabytes_keeps_the_limit(extractor: Extractor) -> None:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * MB) for _ in range(2048)) + packer.flush()
    twice = zlib.compress(packed, 9)
    data = pdf_of(1)
    place = data.index(b"<< /Length")
    end = data.index(b"endstream")
    data = data[:place] + b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\n" % (len(twice), twice) + data[end:]
    started = time.monotonic()
    found = extractor.extract(data)
    assert (found.kind, found.state, found.text) == (Kind.PDF, State.TOO_LARGE, "")
    assert time.monotonic() - started < 60
    assert _still_reads(extractor)


def test_a_sheet_of_a_million_empty_cells_is_cut_and_keeps_its_text(extractor: Extractor) -> None:
    row = "<row>" + '<c t="inlineStr"><is><t>Sở</t></is></c>' + "<c/>" * 16_000 + "</row>"
    names = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml"'
        ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://'
        'schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type='
        '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
        f"<sheetData>{row * 70}</sheetData></worksheet>",
    }
    data = _zip({name: text.encode() for name, text in names.items()})
    limits = Limits(seconds=30, memory=256 * MB, cells=100_000, ratio=1000)
    found = extract_safely(data, limits)
    assert (found.kind, found.state, found.cut) == (Kind.XLSX, State.EXTRACTED, Cut.CELLS)
    assert found.text.split("\n") == ["Sở"] * 6


def test_entities_that_grow_are_refused(extractor: Extractor) -> None:
    found = extractor.extract((FILES / "entities.docx").read_bytes())
    assert found.state is State.DAMAGED and "declares entities" in found.detail


# Code that a hostile file would run if it found a fault in a library. It runs in a process with the limits of the worker.
ATTACKS = {
    "write a file": "open(target, 'w')",
    "write a file without Python's checks": "libc.open(target.encode(), 0o101, 0o600) >= 0 or fail()",
    "append to a file": "libc.open(existing.encode(), 0o2001) >= 0 or fail()",
    "remove a file": "libc.unlink(existing.encode()) == 0 or fail()",
    "rename a file": "libc.rename(existing.encode(), target.encode()) == 0 or fail()",
    "make a folder": "libc.mkdir(target.encode(), 0o700) == 0 or fail()",
    "start a program": "subprocess.run(['true'], check=True)",
    "start a program without Python's checks": "libc.system(b'touch ' + target.encode()) == 0 or fail()",
    "fork": "libc.fork() >= 0 or fail()",
    "open a connection": "socket.create_connection(('127.0.0.1', 9), 1)",
    "make a socket": "libc.socket(2, 1, 0) >= 0 or fail()",
    "end another process": "libc.kill(int(parent), 9) == 0 or fail()",
    "take memory": "bytearray(600_000_000)",
    "open many files": "[open(existing) for _ in range(200)]",
}


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux refuses these calls")
@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_nothing_escapes_the_process(attack: str, tmp_path: Path) -> None:
    existing, target = tmp_path / "existing", tmp_path / "target"
    existing.write_text("stays", encoding="utf-8")
    code = f"""
import ctypes, os, socket, subprocess
from scraper.attachments.confinement import confine
assert confine({256 * MB})
libc = ctypes.CDLL(None)
existing, target, parent = {str(existing)!r}, {str(target)!r}, {os.getpid()}
def fail():
    raise PermissionError("refused")
try:
    {attack}
except (OSError, MemoryError) as error:
    print("refused", type(error).__name__)
else:
    print("escaped")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=PROJECT, check=False)
    assert done.stdout.startswith("refused"), done.stdout + done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["existing"] and existing.read_text(encoding="utf-8") == "stays"


def _hanging_zip() -> bytes:
    """Returns a file whose reading takes long: an RTF of a hundred million control words."""
    return b"{\\rtf1 " + b"\\b" * 20_000_000 + b" text}"


def test_a_file_that_takes_too_long_ends_in_time() -> None:
    with Extractor(Limits(seconds=0.5)) as extractor:
        started = time.monotonic()
        found = extractor.extract(_hanging_zip())
        assert (found.kind, found.state, found.cut) == (Kind.RTF, State.TOO_LARGE, Cut.TIME)
        assert time.monotonic() - started < 30
        assert _still_reads(extractor)


def test_a_process_that_was_killed_is_started_again(extractor: Extractor) -> None:
    assert _still_reads(extractor)
    before = _workers()
    for worker in before:
        os.kill(int(worker), signal.SIGKILL)
    assert _still_reads(extractor)
    assert not before & _workers()


def test_no_process_is_left_after_close() -> None:
    before = _workers()
    extractor = Extractor(LIMITS)
    assert _still_reads(extractor) and _workers() - before
    extractor.close()
    assert _workers() <= before
    assert _still_reads(extractor)
    extractor.close()


def test_the_process_ends_with_the_one_that_started_it() -> None:
    code = f"""
import os, sys
from scraper.attachments import libreoffice
from scraper.attachments.extracting import extract
from scraper.attachments.extractor import Extractor
extractor = Extractor()
extractor.extract(open({str(FILES / "decision.docx")!r}, "rb").read())
print(extractor._worker._process.pid, flush=True)
os.kill(os.getpid(), 9)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=PROJECT, check=False)
    worker = Path("/proc") / done.stdout.strip()
    deadline = time.monotonic() + 20
    while worker.exists() and "zombie" not in (worker / "status").read_text():
        assert time.monotonic() < deadline, "it still runs"
        time.sleep(0.05)


def test_threads_share_an_extractor(extractor: Extractor) -> None:
    found: list[bool] = []
    threads = [threading.Thread(target=lambda: found.append(_still_reads(extractor))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 4


def test_the_process_loads_neither_scrapy_nor_datasette() -> None:
    code = "import sys, json, scraper.attachments.worker; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=PROJECT, check=True)
    loaded = set(json.loads(done.stdout))
    assert not loaded & {"scrapy", "twisted", "datasette", "sqlite3", "asyncio", "lxml", "numpy"}


# --- damaged files ---------------------------------------------------------------------------------------------------


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Returns a file with some bytes changed, removed, repeated or cut off."""
    found = bytearray(data)
    for _ in range(chance.choice((1, 3, 10, 50))):
        place = chance.randrange(len(found))
        match chance.randrange(5):
            case 0 | 1:
                found[place] = chance.randrange(256)
            case 2:
                del found[place : place + chance.randrange(1, 200)]
            case 3:
                found[place:place] = found[place : place + chance.randrange(1, 200)]
            case _:
                found[place : place + 4] = chance.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f", b"{{{{", b"<<<<"))
        if not found:
            return b"x"
    return bytes(found)


def damaged_inside(data: bytes, chance: random.Random) -> bytes:
    """Returns a ZIP archive of which one member is damaged."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice([name for name, content in members.items() if content])
    return _zip(members | {name: damaged(members[name], chance)})


def _check_damaged(files: int) -> None:
    chance = random.Random(17)
    originals = sorted(path for path in FILES.iterdir() if path.suffix != ".txt" and 0 < path.stat().st_size < 60_000)
    states = set()
    for number in range(files):
        original = originals[number % len(originals)]
        data = original.read_bytes()
        data = damaged_inside(data, chance) if data.startswith(b"PK") and chance.random() < 0.8 else damaged(data, chance)
        found = extract(data, Limits(seconds=20))  # raises nothing
        assert found.detail or found.text or found.state is State.EXTRACTED, (original, number)
        states.add(found.state)
    assert {State.EXTRACTED, State.DAMAGED} <= states


def test_a_damaged_file_has_a_state() -> None:
    _check_damaged(120)


@pytest.mark.gate
def test_many_damaged_files_have_a_state() -> None:
    _check_damaged(5_000)


# --- LibreOffice -------------------------------------------------------------------------------------------------------


@pytest.mark.gate
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_converts_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    converted = libreoffice.to_docx((FILES / "decision.doc").read_bytes(), 60, 1024 * MB)
    assert extract(converted, Limits()).text == (FILES / "decision.doc.txt").read_text(encoding="utf-8").strip()
    with pytest.raises(libreoffice.NotConverted):
        libreoffice.to_docx((FILES / "decision.doc").read_bytes(), 0.01, 1024 * MB)
    assert list(tmp_path.iterdir()) == []
