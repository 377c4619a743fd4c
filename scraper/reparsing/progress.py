"""Remembers in a file beside the archive how far `scrapy reparse` was, so that a killed one goes on there."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import time
from pathlib import Path
from typing import Any

from scraper.model import UserError
from scraper.reparsing.selection import START, Position
from scraper.two_languages import Message

_EVERY = 2.0  # seconds between two notes; what was done after the last one is done again, which changes nothing


class ReparseActive(UserError):
    """Another `scrapy reparse` of the archive is at work."""


class Progress:
    """How far each source is, in each of the two passes: `compared` and `stored`. One process has it at a time."""

    def __init__(self, archive: Path, job: str, *, again: bool = False) -> None:
        """`job`: says what is parsed with which code. What another job has noted is forgotten. `again`: forget it in any case.

        Raises:
            ReparseActive: if another process has it.
            UserError: if the file cannot be written.
        """
        self._path = archive.with_name(archive.name + ".reparse")
        self._written = 0.0
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise UserError(
                Message(
                    f"{self._path}: cannot be written ({error.strerror}); make its folder writable",
                    f"{self._path}: không ghi được ({error.strerror}); hãy cho quyền ghi vào thư mục của nó",
                )
            ) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._file)
            raise ReparseActive(
                Message(
                    "another `scrapy reparse` of this archive is at work; wait until it has ended",
                    "một `scrapy reparse` khác của kho này đang chạy; hãy đợi lệnh đó xong",
                )
            ) from None
        digest = hashlib.sha256(job.encode()).hexdigest()
        self._state: dict[str, Any] = {"job": digest, "sources": {}}
        found = _read(self._path)
        self.resumed = not again and found.get("job") == digest and bool(found.get("sources"))
        if self.resumed:
            self._state = found

    def position(self, source_id: str, part: str) -> Position:
        """Returns the position up to which a source is `compared` or `stored`."""
        at = self._source(source_id).get(part)
        return (str(at[0]), int(at[1])) if at else START

    def is_done(self, source_id: str, part: str) -> bool:
        """Returns whether a pass over a source has ended."""
        return part in self._source(source_id).get("done", ())

    def tally(self, source_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Returns the differences of a source by field, and its failures by reason, that were counted so far."""
        fields, failures = self._source(source_id).get("tally", ({}, {}))
        return fields, failures

    def counts(self, source_id: str, part: str) -> dict[str, int]:
        """Returns how many captures of a source had each outcome so far in a pass."""
        return dict(self._source(source_id).get(f"{part} counts", {}))

    def is_due(self) -> bool:
        """Returns whether it is time for the next note."""
        return time.monotonic() - self._written >= _EVERY

    def note(
        self, source_id: str, part: str, at: Position, counts: dict[str, int], tally: tuple[dict[str, Any], dict[str, Any]] | None = None
    ) -> None:
        """Notes how far a pass over a source is. `tally`: as `tally` returns it."""
        source = self._source(source_id)
        source |= {part: list(at), f"{part} counts": counts} | ({"tally": tally} if tally is not None else {})
        self._write()

    def end(self, source_id: str, part: str) -> None:
        """Notes that a pass over a source has ended."""
        self._source(source_id).setdefault("done", []).append(part)
        self._write()

    def finish(self) -> None:
        """Forgets everything: the job is done."""
        self._path.unlink(missing_ok=True)

    def close(self) -> None:
        """Lets another process have it."""
        os.close(self._file)

    def _source(self, source_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self._state["sources"].setdefault(source_id, {})
        return found

    def _write(self) -> None:
        # In place, because the lock belongs to the file. A half-written note is not understood, and the job begins again.
        written = json.dumps(self._state).encode("ascii")
        os.ftruncate(self._file, os.pwrite(self._file, written, 0))
        self._written = time.monotonic()


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
