"""How fast `scrapy captures import` reads a large WARC set beside bare FastWARC and warcio, its memory, and what a second process brings.

    python -m benchmarks.imports [--size 5000] [--files 5] [--folder FOLDER] [--keep] [--only NAME ...]

Makes a set of `--size` MB (unpacked) of invented pages, with a fixed seed. 10 % of the records belong to one of four sources, the others to
hundreds of hosts that no source has, as in a file of Common Crawl. Of the pages of the sources, some were captured twice, some are
truncated, and few are list pages. All is measured in one run. Records per second are those of processor time, so other work on the
machine hardly matters:

- fastwarc, warcio: a loop that looks at the type and the host of each record, and no more
- read 1, read 2: the first step of an import, with one and two processes
- read 2 of one: the same for one large file, which is split
- import 1, import 2: the whole command, which then parses and stores what belongs to the source
"""

from __future__ import annotations

import argparse
import base64
import gzip
import hashlib
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.generated_pages import make_pages, make_site

_SEED = 20130301
_SHARE = 10  # percent of the records that belong to the source
_PAGE = 48_000  # bytes of a page; the rest of it are scripts and menus
_TWICE, _CUT = 8, 1  # percent of the pages of the source
_LEVEL = 3  # of compression; it hardly changes how fast is unpacked
_PART = 8 * 1024 * 1024  # bytes, if the set is small: then there are parts, too
_POLL = 0.2  # seconds between two looks at the memory
_OWN = {"so-mau-a.test": 40, "so-mau-b.test": 30, "so-mau-c.test": 20, "so-mau-d.test": 10}  # hosts of the sources, percent of their pages
SOURCES = "".join(
    f'[[source]]\nid = "{host[:8]}"\nname = "Sở Mẫu {host[7].upper()} (benchmark)"\nunit = "nghe-an"\nsite = "http://{host}"\n'
    for host in _OWN
)


@dataclass(frozen=True)
class WarcSet:
    """What was made: the files, their records, those of the source, and the bytes of the records unpacked."""

    files: list[Path]
    records: int
    of_source: int
    unpacked: int


@dataclass(frozen=True)
class Measured:
    """One measurement. `seconds`: from start to end. `processor`: of all processes together. `memory`: the most of all processes at one
    time, in MB. `load`: of the machine at the start."""

    name: str
    records: int
    seconds: float
    processor: float
    memory: float
    load: float

    @property
    def rate(self) -> float:
        """Records per second of one core."""
        return self.records / self.processor


# --- the set ------------------------------------------------------------------------------------------------


def make(folder: Path, megabytes: float, files: int, seed: int = _SEED) -> WarcSet:
    """Writes a WARC set of `megabytes` (unpacked, millions of bytes) and returns what is in it. The same seed gives the same bytes."""
    chance = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    words = _words(chance)
    own = {host: make_site(number) for number, host in enumerate(_OWN)}
    others = [one.html for one in make_pages("held-out", 200)]
    padding = [_padding(chance, words) for _ in range(40)]
    names, records, of_source, unpacked = [], 0, 0, 0
    for number in range(files):
        names.append(folder / f"crawl-{number:03d}.warc.gz")
        with names[-1].open("wb") as out:
            head = _record("warcinfo", "", datetime(2016, 3, 1, tzinfo=UTC), b"software: benchmark\r\n")
            out.write(gzip.compress(head, _LEVEL, mtime=0))
            goal = megabytes * 1e6 * (number + 1) / files
            while unpacked < goal:
                at = datetime(2016, 3, 1, tzinfo=UTC) + timedelta(seconds=7 * records)
                if chance.randrange(100) < _SHARE:
                    host = chance.choices([*_OWN], [*_OWN.values()])[0]
                    page = next(own[host])
                    url = page.url.replace(urlsplit(page.url).netloc, host, 1)
                    data = [_response(url, page.html, at, chance.choice(padding), is_cut=chance.randrange(100) < _CUT)]
                    if chance.randrange(100) < _TWICE:
                        later = page.html.replace("</body>", f"<p>Cập nhật lần {records}</p></body>")
                        data.append(_response(url, later, at + timedelta(days=400), chance.choice(padding)))
                    of_source += len(data)
                else:
                    host = f"www.{chance.choice(words)}{chance.randrange(8)}.test"
                    data = [
                        _response(f"http://{host}/{chance.choice(words)}/{records}.html", chance.choice(others), at, chance.choice(padding))
                    ]
                for one in data:
                    records += 1
                    unpacked += len(one)
                    out.write(gzip.compress(one, _LEVEL, mtime=0))
    return WarcSet(names, records, of_source, unpacked)


def _words(chance: random.Random) -> list[str]:
    return ["".join(chance.choice("bcdghklmnprstvx") + chance.choice("aeiouy") for _ in range(chance.randint(2, 5))) for _ in range(600)]


def _padding(chance: random.Random, words: Sequence[str]) -> str:
    """Returns a script as long as those of real pages: invented settings, which nobody reads."""
    lines, size = [], 0
    while size < _PAGE - 5000:
        lines.append(
            f'm["{chance.choice(words)}{chance.randrange(999)}"]={{{chance.choice(words)}:{chance.randrange(10**6)},t:"{chance.choice(words)}"}};'
        )
        size += len(lines[-1])
    return f"<script>var m={{}};{''.join(lines)}</script>"


def _response(url: str, html: str, at: datetime, padding: str, *, is_cut: bool = False) -> bytes:
    body = html.replace("</body>", f"{padding}</body>", 1).encode()
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    return _record("response", url, at, http + (body[: len(body) * 2 // 3] if is_cut else body))


def _record(kind: str, url: str, at: datetime, block: bytes) -> bytes:
    content = "application/http; msgtype=response" if kind == "response" else "application/warc-fields"
    lines = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Date: {at:%Y-%m-%dT%H:%M:%SZ}\r\nContent-Type: {content}\r\n"
    payload = block.partition(b"\r\n\r\n")[2]
    digest = base64.b32encode(hashlib.sha1(payload, usedforsecurity=False).digest()).decode()
    lines += f"WARC-Payload-Digest: sha1:{digest}\r\nContent-Length: {len(block)}\r\n"
    return f"{lines}{f'WARC-Target-URI: {url}{chr(13)}{chr(10)}' if url else ''}\r\n".encode() + block + b"\r\n\r\n"


# --- measuring ----------------------------------------------------------------------------------------------


def measure(name: str, command: Sequence[str], records: int, *, codes: Sequence[int] = (0,)) -> Measured:
    """Runs a command and measures it. `records`: that it reads."""
    load = os.getloadavg()[0]
    began, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    most = [0]

    def watch() -> None:
        while process.poll() is None:
            most[0] = max(most[0], sum(_memory(one) for one in _family(process.pid)))
            time.sleep(_POLL)

    watcher = threading.Thread(target=watch)
    watcher.start()
    printed, _ = process.communicate()
    seconds = time.perf_counter() - began
    watcher.join()
    if process.returncode not in codes:
        raise RuntimeError(f"{name}: {' '.join(command)} ended with code {process.returncode}\n{printed}")
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    return Measured(name, records, seconds, processor, most[0] / 1e6, load)


def _family(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text(encoding="ascii").split():
                yield from _family(int(child))


def _memory(pid: int) -> int:
    """Returns the memory of a process in bytes; what it shares with others counts only its part."""
    with suppress(OSError, ValueError, IndexError):
        found = [line for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines() if line.startswith("Pss:")]
        return int(found[0].split()[1]) * 1024
    return 0


def read_bare(library: str, files: Sequence[str]) -> int:
    """Looks at the type and the host of each record with a library, and returns how many responses there are of the source."""
    found = 0
    for file in files:
        if library == "fastwarc":
            from fastwarc.warc import ArchiveIterator, WarcRecordType

            for record in ArchiveIterator(file, parse_http=False):
                if record.record_type == WarcRecordType.response and urlsplit(record.headers.get("WARC-Target-URI") or "").netloc in _OWN:
                    found += 1
        else:
            from warcio.archiveiterator import ArchiveIterator as Slow

            with Path(file).open("rb") as opened:
                for one in Slow(opened, no_record_parse=True):
                    if one.rec_type == "response" and urlsplit(one.rec_headers.get_header("WARC-Target-URI") or "").netloc in _OWN:
                        found += 1
    return found


def read_parts(files: Sequence[str], processes: int, part: int) -> int:
    """Does the first step of an import, and returns how many responses belong to the source."""
    from scraper.imports import Owners, Part, Readers, Sieve, Sifted, parts
    from scraper.sources import load

    with tempfile.TemporaryDirectory() as folder:
        toml = Path(folder) / "source.toml"
        toml.write_text(SOURCES, encoding="utf-8")
        sieve = Sieve(
            Owners([one for one in load([toml], live=False).values() if one.id.startswith("so-mau-")]), 10 * 1024 * 1024, Path(folder)
        )
        wanted = [one for one in parts(map(Path, files), Path(folder), part) if isinstance(one, Part)]
        return sum(event.kept for _, event in Readers(sieve, processes).read(enumerate(wanted)) if isinstance(event, Sifted))


def _import(folder: Path, files: Sequence[Path], processes: int, part: int) -> list[str]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "source.toml").write_text(SOURCES, encoding="utf-8")
    command = [sys.executable, "-m", "scrapy", "captures", "import", *map(str, files), "--json"]
    settings = {
        "ARCHIVE": folder / "archive.db",
        "CAPTURES": folder / "captures",
        "SOURCES_EXTRA": folder / "source.toml",
        "IMPORT_PROCESSES": processes,
        "IMPORT_PART_BYTES": part,
    }
    return [*command, *(one for name, value in settings.items() for one in ("-s", f"{name}={value}"))]


def measure_all(made: WarcSet, folder: Path, only: Sequence[str], part: int) -> Iterator[Measured]:
    """Yields each measurement."""
    itself, files = [sys.executable, "-m", "benchmarks.imports", "--step"], [str(one) for one in made.files]
    large = folder / "one.warc.gz"

    def is_wanted(name: str) -> bool:
        return not only or name in only

    for name in ("fastwarc", "warcio"):
        if is_wanted(name):
            yield measure(name, [*itself, name, *files], made.records)
    for number in (1, 2):
        if is_wanted(f"read {number}"):
            yield measure(f"read {number}", [*itself, f"read-{number}-{part}", *files], made.records)
    if is_wanted("read 2 of one"):
        with large.open("wb") as out:
            for file in made.files:
                with file.open("rb") as opened:
                    shutil.copyfileobj(opened, out)
        for number in (1, 2):
            yield measure(f"read {number} of one", [*itself, f"read-{number}-{part}", str(large)], made.records)
        large.unlink()
    for number in (1, 2):
        if is_wanted(f"import {number}"):
            yield measure(f"import {number}", _import(folder / "archive", made.files, number, part), made.records, codes=(0, 1))


def main() -> None:
    """Makes the set, measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=float, default=5000, help="MB of the set, unpacked")
    parser.add_argument("--files", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="for the set and the archives; the default is a temporary one")
    parser.add_argument("--keep", action="store_true", help="leave the set where it is, and use one that is there")
    parser.add_argument("--only", nargs="*", default=[], help="names of measurements")
    parser.add_argument("--step", nargs="*", default=[], help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        what, *files = given.step
        kind, *numbers = what.split("-")
        print(read_parts(files, int(numbers[0]), int(numbers[1])) if kind == "read" else read_bare(kind, files))
        return
    part = 64 * 1024 * 1024 if given.size >= 1000 else _PART
    folder = given.folder or Path(tempfile.mkdtemp(prefix="imports-"))
    facts = folder / "set.json"
    try:
        if facts.exists():
            known = json.loads(facts.read_text(encoding="utf-8"))
            made = WarcSet([Path(one) for one in known["files"]], known["records"], known["of_source"], known["unpacked"])
        else:
            made = make(folder / "set", given.size, given.files)
            facts.write_text(json.dumps(asdict(made), default=str), encoding="utf-8")
        print(
            f"{made.records} records, {made.of_source} of the source, {made.unpacked / 1e6:.0f} MB unpacked, {len(made.files)} files",
            flush=True,
        )
        for one in measure_all(made, folder, given.only, part):
            print(
                f"{one.name:14} {one.rate:8.0f} records per core second, {made.unpacked / 1e6 / one.processor:7.1f} MB/s;"
                f" {one.seconds:7.1f} s, {one.processor:7.1f} s of processors, {one.memory:6.0f} MB, load {one.load:.1f}",
                flush=True,
            )
    finally:
        if not given.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
