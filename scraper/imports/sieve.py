"""Reads one part of what was given, and keeps what belongs to a source: an entry of the index for each response.

A record that can be found in its file stays there. What must be converted (ARC files, files that are packed as a whole, saved pages,
records that lack their end) is written into a WARC file of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from warcio.recordloader import ArcWarcRecord

from scraper.imports.archive_files import arc_records, records_packed_whole
from scraper.imports.found import Found, Skipped
from scraper.imports.httrack_cache import cached_pages
from scraper.imports.mirrors import mirrored
from scraper.imports.owners import Owners, Refused, host_name
from scraper.imports.parts import ARC, CACHE, PACKED_WHOLE, WARC, Part
from scraper.imports.saved_pages import saved_pages
from scraper.warc.archived_files import ArchivedFile, salvaged, with_origin, write_record
from scraper.warc.fast_scan import FastScan, Gap, url_of
from scraper.warc.records import Place, WarcError, parse_record
from scraper.warc.versions import IndexedResponse, indexed_responses
from scraper.web_archive_urls import unwrap

_MOST_NAMES = 200  # of what was left out, for each reason and part; the numbers are complete
_MOST_HOSTS = 2000  # hosts without a source that a part counts one by one
_MOST_DAMAGED = 10_000  # pages of a part whose records are damaged
_BATCH = 500  # entries


@dataclass(frozen=True, slots=True)
class Kept:
    """A response that belongs to sources."""

    sources: tuple[str, ...]
    response: IndexedResponse


@dataclass(frozen=True, slots=True)
class RefusedPage:
    """A response of a source that is not imported."""

    sources: tuple[str, ...]
    url: str
    date: str
    reason: str
    detail: str


@dataclass(slots=True)
class Sifted:
    """What was in a part. `began`, `ended`: see FastScan. `names`: some of what was left out for each reason."""

    records: int = 0
    kept: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    names: list[Skipped] = field(default_factory=list)
    hosts: Counter[str] = field(default_factory=Counter)
    began: int | None = None
    ended: int = 0

    def skip(self, one: Skipped) -> None:
        """Counts something that is left out."""
        self.reasons[one.reason] += 1
        if self.reasons[one.reason] <= _MOST_NAMES:
            self.names.append(one)

    def skip_host(self, url: str) -> None:
        """Counts a response whose host no source has."""
        self.reasons["no-source"] += 1
        wrapped = unwrap(url) if "/http" in url[8:] else None
        name = host_name(wrapped[0] if wrapped is not None else url) if url.startswith(("http://", "https://")) else ""
        self.hosts[name if name in self.hosts or len(self.hosts) < _MOST_HOSTS else ""] += 1


@dataclass(slots=True)
class Sieve:
    """Reads parts. `limit`: the largest record or page, in bytes. `stage`: the folder for what must be converted."""

    owners: Owners
    limit: int
    stage: Path

    def sift(self, part: Part, number: int) -> Iterator[list[Kept | RefusedPage] | Sifted]:
        """Yields what belongs to a source in batches, and at last what was in the part. `number`: of the part, for the converted file.

        Raises:
            PackedWhole: if the part is of a file in which several records are packed together.
        """
        sifted = Sifted()
        staged = self.stage / f"{number}.warc.gz"
        staged.unlink(missing_ok=True)
        found = self._responses(part, sifted, staged)
        while batch := list(islice(found, _BATCH)):
            sifted.kept += sum(isinstance(one, Kept) for one in batch)
            yield batch
        yield sifted

    def _responses(self, part: Part, sifted: Sifted, staged: Path) -> Iterator[Kept | RefusedPage]:
        damaged: list[RefusedPage] = []
        if part.kind == WARC:
            records = self._records_in_place(part, sifted, staged, damaged)
        else:
            records = self._converted(_found_in(part, self.limit), part, sifted, staged)
        for response in indexed_responses(records, part.name, part.base):
            version = response.version
            owner = self.owners.of(version)
            if not isinstance(owner, Refused):
                yield Kept(owner, response)
            elif owner.reason == "no-source":
                sifted.skip_host(version.url)
            else:
                sifted.skip(Skipped(version.url, owner.reason, owner.detail))
                if owner.sources and owner.reason == "outside-period":
                    yield RefusedPage(owner.sources, version.url, version.date, owner.reason, owner.detail)
        yield from damaged

    def _records_in_place(
        self, part: Part, sifted: Sifted, staged: Path, damaged: list[RefusedPage]
    ) -> Iterator[tuple[ArcWarcRecord, Place]]:
        """Yields the records that are wanted. Adds to `damaged` the URLs of those that cannot be read."""
        assert part.span is not None

        def wanted(kind: str, url: str) -> bool:
            if self.owners.may_have(url):
                return True
            if kind != "request":
                sifted.skip_host(url)
            return False

        scan = FastScan(part.span, wanted, self.limit)
        file = ArchivedFile(part.path, part.name, part.span)
        for one in scan:
            if not isinstance(one, Gap):
                yield one
                continue
            name = f"{part.name}#{one.offset - part.base}"
            sifted.skip(Skipped(name, one.reason, f"{one.detail} {one.url}".strip()))
            if one.reason == "damaged" and len(damaged) < _MOST_DAMAGED and (sources := self.owners.named(one.url)):
                damaged.append(RefusedPage(sources, one.url, "", "record-damaged", name))
            data = salvaged(one, file, part.base)
            if data and self.owners.may_have(url_of(data)):
                place = write_record(staged, data)
                yield parse_record(data, staged, place.offset), place
        sifted.records, sifted.began, sifted.ended = scan.records, scan.began, scan.ended

    def _converted(self, found: Found, part: Part, sifted: Sifted, staged: Path) -> Iterator[tuple[ArcWarcRecord, Place]]:
        """Yields the records that are wanted, after writing them into a file of their own."""
        for one in found:
            sifted.records += 1
            if isinstance(one, Skipped):
                sifted.skip(one)
            elif not self.owners.may_have(url := url_of(one)):
                if b"WARC-Type: request" not in one[:4096]:
                    sifted.skip_host(url)
            else:
                data = with_origin(one, part.name, part.path)
                try:
                    record = parse_record(data, part.path, 0)
                except WarcError as error:
                    sifted.skip(Skipped(url, "no-response", f"{error}"))
                    continue
                if record.rec_type in ("response", "revisit", "request"):
                    yield record, write_record(staged, data)


def _found_in(part: Part, limit: int) -> Found:
    if part.kind == ARC:
        return arc_records(part.path, limit)
    if part.kind == PACKED_WHOLE:
        assert part.span is not None
        return records_packed_whole(part.span, part.name, limit)
    if part.kind == CACHE:
        return cached_pages(part.path, limit)
    if part.path.is_dir():
        return mirrored(part.path, limit)
    return saved_pages(part.root, [part.path], limit)
