"""Recordings to answer requests from: WARC files of any tool, indexed by address.

A recording is one or more .warc or .warc.gz files, folders of them, or .wacz packages (browsertrix), whose WARC files
are read in place. Revisit records ("same bytes as that other response") lead to the response they speak of.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from w3lib.url import canonicalize_url

from scraper.store.warc import SUFFIXES, Place, Response, WarcError, moment, read, scan, target


def warc_files(paths: Iterable[Path]) -> list[Path]:
    """The WARC files and packages that the paths name; a folder gives all below it, in the order of their names.

    Raises WarcError where a path does not exist or a folder holds none.
    """
    files: list[Path] = []
    for path in paths:
        if not path.exists():
            raise WarcError(f"{path}: there is no such file; give the path of a .warc.gz, or of a folder of them")
        if path.is_dir():
            inside = sorted(file for file in path.rglob("*") if file.name.endswith((*SUFFIXES, ".wacz")))
            if not inside:
                raise WarcError(f"{path}: holds no WARC file (.warc.gz, .warc or .wacz)")
            files += inside
        else:
            files.append(path)
    return files


def address_key(url: str) -> str:
    """What two spellings of one address have in common: escapes, the order of the query, the fragment, http or https."""
    canonical: str = canonicalize_url(url, keep_blank_values=True)
    return canonical.partition("://")[2]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A response found in a recording, and where it stands there."""

    response: Response
    place: Place
    digest: str

    def copy(self) -> tuple[bytes, str] | None:
        """The record's very bytes and its digest, where they can be kept as they are: gzipped alone, with a digest."""
        if not self.digest or self.place.file.suffix != ".gz" or self.place.length is None:
            return None
        with self.place.file.open("rb") as file:
            file.seek(self.place.offset)
            return file.read(self.place.length), self.digest


class Recording:
    """The responses of some WARC files, by address. Of several with one address the latest is given."""

    def __init__(self, paths: Iterable[Path], *, progress: Callable[[int], None] | None = None) -> None:
        """Read the index of all files. `progress` is told the bytes gone through.

        Raises WarcError where a file is missing, broken or no WARC, or where they hold no response at all.
        """
        self._unpacked = tempfile.TemporaryDirectory(prefix="wacz-")
        self._places: dict[str, tuple[str, str, Place, str]] = {}  # address key -> (date, digest, place, address)
        self._digests: dict[str, Place] = {}
        self.files = warc_files(paths)
        revisits: list[tuple[str, str, str, str]] = []
        for file in [unpacked for path in self.files for unpacked in self._unpack(path)]:
            for record, place in scan(file):
                if progress is not None:
                    progress(place.length or 0)
                url, date = target(record), record.rec_headers.get_header("WARC-Date") or ""
                digest = record.rec_headers.get_header("WARC-Payload-Digest") or ""
                if record.rec_type == "response" and record.http_headers is not None:
                    self._keep(url, date, digest, place)
                    self._digests.setdefault(digest, place)
                elif record.rec_type == "revisit":
                    revisits.append((url, date, digest, record.rec_headers.get_header("WARC-Refers-To-Target-URI") or url))
        for url, date, digest, refers_to in revisits:
            found = self._digests.get(digest) or next((entry[2] for entry in [self._places.get(address_key(refers_to))] if entry), None)
            if found is not None:
                self._keep(url, date, "", found)
        if not self._places:
            raise WarcError(f"{', '.join(map(str, self.files))}: holds no response; give a WARC file of a crawl")

    def __len__(self) -> int:
        return len(self._places)

    def addresses(self) -> Iterator[str]:
        """Every address that the recording answers."""
        return (entry[3] for entry in self._places.values())

    def close(self) -> None:
        """Remove what was unpacked."""
        self._unpacked.cleanup()

    def find(self, url: str, limit: int) -> Recorded | None:
        """The recorded response for an address, with its own date, or None where the recording lacks it.

        Raises TooLarge where its body is over `limit` bytes.
        """
        entry = self._places.get(address_key(url))
        if entry is None:
            return None
        date, digest, place, _ = entry
        response = read(place, limit)
        return Recorded(replace(response, url=url, captured_at=moment(date)), place, digest)

    def _keep(self, url: str, date: str, digest: str, place: Place) -> None:
        if not url.startswith(("http://", "https://")):
            return
        key = address_key(url)
        known = self._places.get(key)
        # Two records of one second are two requests in a row; the later one is what a reader would have seen last.
        if known is None or date >= known[0]:
            self._places[key] = (date, digest, place, url)

    def _unpack(self, file: Path) -> list[Path]:
        if file.suffix != ".wacz":
            return [file]
        folder = Path(self._unpacked.name) / f"{len(list(Path(self._unpacked.name).iterdir()))}"
        try:
            with zipfile.ZipFile(file) as package:
                names = [name for name in package.namelist() if name.startswith("archive/") and name.endswith(SUFFIXES)]
                return [Path(package.extract(name, folder)) for name in names]
        except (OSError, zipfile.BadZipFile) as error:
            raise WarcError(f"{file}: is not a readable WACZ package ({error}); fetch or copy the file again") from error
