"""Extracts the text of files in a process with limits, so that a hostile file harms nothing: `Extractor`, and `extract_safely` for one
file."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict, replace
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from types import TracebackType

from scraper.attachments import libreoffice, ocr
from scraper.attachments.file_text import Cut, FileText, Font, Kind, Page, State, from_json, with_page
from scraper.attachments.limits import MB, Limits, too_large
from scraper.attachments.parts import Options

GRACE = 8.0  # seconds after the time limit until the process is ended from here: its own alarm comes before
_FILES = 500  # that one process reads, so that what a library does not free stays small
_ANSWER = 16  # bytes of an answer for each character of text: JSON in ASCII, with the original of a converted text
_KIND, _PICTURE, _LAST = b"K", b"P", b"L"  # as in `worker`, which is not imported here: it imports all readers
_LAST_MOMENT = 0.3  # seconds until a process that has not ended is killed
_OUT_OF_MEMORY = 0.6  # of the limit; a process that ends with so much memory has ended because of it


class Extractor:
    """Reads files one after the other in a process of its own, which is started with the first file and again after it has died.

    Several threads may use it; they wait for each other. Use it in a `with` statement, or call `close`.
    """

    def __init__(self, limits: Limits | None = None, options: Options | None = None) -> None:
        self.limits = limits or Limits()
        self.options = options or Options()
        self._worker: _Worker | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Extractor:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Ends the process. The next file would start it again."""
        with self._lock:
            self._end()

    def extract(self, data: bytes) -> FileText:
        """Returns the text of a file, in little more than the time limit. It never raises for what the file is; states and details say
        it."""
        if len(data) > self.limits.bytes:
            return too_large(len(data), self.limits)
        with self._lock:
            found = self._text(data)
            if self.options.libreoffice and found.kind is Kind.DOC and found.state in (State.UNSUPPORTED, State.DAMAGED):
                found = self._converted(data, found)
            if self.options.ocr and found.kind is Kind.PDF:
                found = self._with_ocr(data, found)
        return found

    # --- the process ---

    def _text(self, data: bytes, *, is_again: bool = False) -> FileText:
        kind = Kind.UNKNOWN
        try:
            worker = self._sent(data, page=0)
            deadline = time.monotonic() + self.limits.seconds + GRACE
            while True:
                tag, body = worker.answer(deadline, _ANSWER * self.limits.characters + MB)
                if tag == _KIND:
                    kind = Kind(body.decode())
                else:
                    return from_json(json.loads(body))
        except TimeoutError:
            self._end()
            return FileText(kind, State.TOO_LARGE, detail=self._not_in_time(), cut=Cut.TIME)
        except EOFError:
            if kind is Kind.UNKNOWN and not is_again:  # it died before it looked at the file: something else ended it
                self._end()
                return self._text(data, is_again=True)
            return self._died(kind)
        except (ValueError, TypeError, KeyError, AttributeError, OSError) as error:
            self._end()  # its answer is not ours, or too long
            return FileText(kind, State.DAMAGED, detail=f"the reading process gave no usable answer ({type(error).__name__})")

    def _sent(self, data: bytes, page: int) -> _Worker:
        """Sends a file to the process; starts it if there is none, or if it has ended since the last file. Raises: OSError."""
        if self._worker is not None and self._worker.files >= _FILES:
            self._end()
        for is_last in (False, True):
            if self._worker is None:
                self._worker = _Worker(self.limits.memory)
            try:
                self._worker.send({"limits": asdict(self.limits), "options": asdict(self.options), "page": page}, data)
                return self._worker
            except OSError:
                self._end()
                if is_last:
                    raise
        raise AssertionError

    def _end(self) -> None:
        if self._worker is not None:
            self._worker.end()
            self._worker = None

    def _died(self, kind: Kind) -> FileText:
        """Returns what the death of the process says about the file."""
        assert self._worker is not None
        code, memory = self._worker.end()
        self._worker = None
        if code == -signal.SIGALRM:
            return FileText(kind, State.TOO_LARGE, detail=self._not_in_time(), cut=Cut.TIME)
        if code == -signal.SIGKILL or memory > _OUT_OF_MEMORY * self.limits.memory:
            return FileText(kind, State.TOO_LARGE, detail=f"needs more than {self.limits.memory // MB} MB of memory", cut=Cut.SIZE)
        name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return FileText(kind, State.DAMAGED, detail=f"the library for it failed ({name})")

    def _not_in_time(self) -> str:
        return f"not read within {self.limits.seconds:g} seconds"

    # --- other programs ---

    def _converted(self, data: bytes, found: FileText) -> FileText:
        try:
            converted = libreoffice.to_docx(data, self.limits.seconds, self.limits.memory)
        except libreoffice.NotConverted as error:
            return replace(found, detail=f"{found.detail}; {error}")
        read = self._text(converted)
        return replace(read, kind=Kind.DOC, library=f"LibreOffice and {read.library}")

    def _with_ocr(self, data: bytes, found: FileText) -> FileText:
        wanted = [page for page in found.pages if page.state is State.NO_TEXT_LAYER or (self.options.ocr_doubtful and page.doubtful)]
        if not wanted:
            return found
        try:
            library = ocr.version(self.options.ocr_language)
        except ocr.NotAvailable as error:
            return replace(found, detail=_also(found.detail, str(error)))
        ends = time.monotonic() + self.limits.ocr_seconds * len(wanted)
        for page in wanted:
            if time.monotonic() > ends:
                return replace(found, cut=Cut.TIME, detail=_also(found.detail, f"OCR ended before page {page.number}"))
            found = with_page(found, self._read_picture(data, page))
        read = [page.number for page in found.pages if page.state is State.OCR]
        has_layer = any(page.state is State.EXTRACTED and page.text for page in found.pages)
        state = found.state if has_layer or not read else State.OCR
        detail = _also(found.detail, f"{len(read)} of {len(found.pages)} pages were read by OCR")
        return replace(found, state=state, detail=detail, library=f"{found.library}, {library}")

    def _read_picture(self, data: bytes, page: Page) -> Page:
        try:
            worker = self._sent(data, page.number)
            tag, body = worker.answer(time.monotonic() + self.limits.seconds + GRACE, 50_000_000)
            if tag != _PICTURE:
                return replace(page, detail=_also(page.detail, body[:500].decode("utf-8", "replace")))
            read = ocr.read(body, self.options.ocr_language, self.limits.ocr_seconds)
        except (TimeoutError, EOFError, OSError):
            self._end()
            return replace(page, detail=_also(page.detail, "the page could not be drawn for OCR"))
        except ocr.NotAvailable as error:
            return replace(page, detail=_also(page.detail, str(error)))
        detail = _also(page.detail, f"the page was turned by {read.turned} degrees") if read.turned else page.detail
        return replace(
            page,
            detail=detail,
            text=read.text,
            original=page.text or None,
            state=State.OCR,
            confidence=read.confidence,
            font=Font.UNICODE,
            doubtful=False,
        )


def extract_safely(data: bytes, limits: Limits | None = None, options: Options | None = None) -> FileText:
    """Returns the text of one file, read in a process with limits. For many files, an `Extractor` is quicker."""
    with Extractor(limits, options) as extractor:
        return extractor.extract(data)


def _also(detail: str, more: str) -> str:
    return f"{detail}; {more}" if detail else more


class _Worker:
    """A running process of `worker`, and our end of its pipe."""

    def __init__(self, memory: int) -> None:
        ours, theirs = Pipe()
        command = [sys.executable, "-m", "scraper.attachments.worker", str(theirs.fileno()), str(memory)]
        self._process = subprocess.Popen(
            command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        theirs.close()
        self._pipe: Connection = ours
        self.files = 0

    def send(self, question: dict[str, object], data: bytes) -> None:
        """Sends a question with a file. Raises: OSError if the process has ended."""
        self.files += 1
        self._pipe.send_bytes(json.dumps(question).encode())
        self._pipe.send_bytes(data)

    def answer(self, deadline: float, most: int) -> tuple[bytes, bytes]:
        """Returns the first byte of an answer, and the rest. Raises: TimeoutError, EOFError if it has died, OSError if it is too long."""
        while True:
            if not self._pipe.poll(max(deadline - time.monotonic(), 0)):
                raise TimeoutError
            try:
                answer = self._pipe.recv_bytes(most)
            except ConnectionError:
                raise EOFError from None
            if answer[:1] != _LAST:
                return answer[:1], answer[1:]
            self.files = _FILES

    def end(self) -> tuple[int, int]:
        """Ends the process at once. Returns its exit code (negative: the number of a signal), and the most memory that it had, in bytes."""
        with suppress(OSError):
            self._pipe.close()
        # A process that is dying gets a moment, so that its own exit code is seen. One that waits for a file ends with its pipe.
        deadline = time.monotonic() + _LAST_MOMENT
        while True:
            pid, status, usage = os.wait4(self._process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() > deadline:
                self._process.kill()
            time.sleep(0.005)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        return self._process.returncode, usage.ru_maxrss * 1024
