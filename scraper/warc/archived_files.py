"""The WARC files in a file: itself, or those in a WACZ package, which are read in place. And records that lack their end."""

from __future__ import annotations

import gzip
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from scraper.two_languages import Message
from scraper.warc.dates import timestamp
from scraper.warc.fast_scan import Gap, Span, whole_span
from scraper.warc.packages import CANNOT_UNPACK, PACKAGE_SUFFIX, data_offset, warc_entries
from scraper.warc.records import DATE_RULE, SOURCE_URI, Place, WarcError, parse_record, stated_time

_QUICK = 1  # level of compression of a file that is only read once
_MOST_EXPANDED = 100  # times the packed size; WARC files are packed already, and a plain one shrinks to a tenth
_OF_THE_WHOLE = (b"content-length:", b"warc-truncated:", b"warc-block-digest:", b"warc-payload-digest:")  # wrong if the end is missing
_SMALL = 1024 * 1024  # bytes; a small file may expand more


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """A WARC file. `path`: of the file that a person gave. `name`: its own name. `span`: where it is."""

    path: Path
    name: str
    span: Span


def archived_files(path: Path, folder: Path) -> Iterator[ArchivedFile]:
    """Yields the WARC files that a file is or holds. Those that a package holds packed once more are unpacked into `folder`.

    Raises:
        WarcError: if the file cannot be read.
    """
    if path.suffix != PACKAGE_SUFFIX:
        yield ArchivedFile(path, path.name, whole_span(path))
        return
    try:
        with zipfile.ZipFile(path) as package, path.open("rb") as raw:
            entries = warc_entries(package)
            if not entries:
                raise WarcError(
                    Message(
                        f"{path}: the package has no WARC file in archive/; give the package of a crawl",
                        f"{path}: gói không có tệp WARC trong archive/; hãy đưa gói của một lượt thu thập",
                    )
                )
            for number, entry in enumerate(entries):
                name = Path(entry.filename).name
                begin = data_offset(raw, entry)
                if begin is not None:
                    yield ArchivedFile(path, name, whole_span(path, begin, entry.file_size))
                elif entry.file_size > _MOST_EXPANDED * max(entry.compress_size, _SMALL):
                    raise WarcError(
                        Message(
                            f"{path}: {entry.filename} would have {entry.file_size} bytes instead of {entry.compress_size}; unpack it",
                            f"{path}: {entry.filename} sẽ có {entry.file_size} byte thay vì {entry.compress_size}; hãy tự giải nén",
                        )
                    )
                else:
                    unpacked = Path(package.extract(entry, folder / f"{path.stem}-{number}"))
                    yield ArchivedFile(path, name, whole_span(unpacked))
    except CANNOT_UNPACK as error:
        raise WarcError(
            Message(
                f"{path}: is not a readable WACZ package ({error}); fetch or copy the file again",
                f"{path}: không phải gói WACZ đọc được ({error}); hãy tải hoặc chép lại tệp",
            )
        ) from error


def salvaged(gap: Gap, file: ArchivedFile, begin: int) -> bytes:
    """Returns what is there of a record that lacks its end as an unpacked record that says so, or nothing if it shows no page.

    `begin`: where the file is in its package.
    """
    head, separator, block = gap.salvaged.partition(b"\r\n\r\n")
    if not separator or re.search(rb"(?im)^WARC-Type:\s*response\s*$", head) is None or not block.partition(b"\r\n\r\n")[2]:
        return b""
    kept = [line for line in head.split(b"\r\n") if not line.lower().startswith(_OF_THE_WHOLE)]
    more = [b"WARC-Truncated: unspecified", f"Content-Length: {len(block)}".encode()]
    return with_origin(b"\r\n".join([*kept, *more]) + separator + block + separator, f"{file.name}#{gap.offset - begin}", file.path)


def with_origin(data: bytes, origin: str, path: Path) -> bytes:
    """Returns an unpacked record with the place that it comes from, unless it states another. If it states no time, it gets that of the
    file."""
    head, separator, block = data.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    names = {line.partition(b":")[0].strip().lower() for line in lines}
    if SOURCE_URI.lower().encode() not in names:
        lines.append(f"{SOURCE_URI}: {origin}".encode())
    try:
        is_dated = stated_time(parse_record(data, path, 0))[0] is not None
    except WarcError:
        is_dated = True
    if not is_dated:
        at = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
        lines = [line for line in lines if not line.lower().startswith((b"warc-date:", DATE_RULE.lower().encode()))]
        lines += [f"WARC-Date: {timestamp(at)}".encode(), f"{DATE_RULE}: file-time".encode()]
    return b"\r\n".join([first, *lines]) + separator + block


def write_record(path: Path, data: bytes) -> Place:
    """Adds an unpacked record to a file, as a gzip member, and returns its place."""
    packed = gzip.compress(data, _QUICK, mtime=0)
    with path.open("ab") as file:
        offset = file.tell()
        file.write(packed)
    return Place(path, offset, len(packed))
