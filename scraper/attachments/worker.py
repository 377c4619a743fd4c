"""The process that reads files for an `Extractor`. It gets files over a pipe, and answers with plain values: JSON, or a picture of a page.

It answers with nothing that its reader would have to trust: no pickles. It ends itself when a file takes too long (an alarm of the
operating system), and when the process that started it has ended.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
from contextlib import suppress
from multiprocessing.connection import Connection

from scraper.attachments import pdf
from scraper.attachments.confinement import confine, end_with_parent
from scraper.attachments.extracting import extract
from scraper.attachments.file_text import FileText, State, to_json
from scraper.attachments.kinds import kind_of
from scraper.attachments.limits import Limits
from scraper.attachments.parts import Options, Unreadable

GRACE = 5.0  # seconds after the time limit until the alarm: a page that was begun may be finished
KIND, TEXT, PICTURE, PROBLEM, LAST = b"K", b"T", b"P", b"!", b"L"  # the first byte of an answer; LAST: no answer comes after the next one


def serve(pipe: Connection, memory: int) -> None:
    """Answers the questions of a pipe until its other end is closed, or until it has used so much memory that a new process is better."""
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started it ends it
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # the system ends the process
    confine(memory)
    with suppress(EOFError, OSError):
        while True:
            question = json.loads(pipe.recv_bytes())
            data = pipe.recv_bytes()
            limits, options = Limits(**question["limits"]), _options(question["options"])
            signal.setitimer(signal.ITIMER_REAL, limits.seconds + GRACE)
            answer = _picture(data, question["page"]) if question["page"] else _text(pipe, data, limits, options)
            signal.setitimer(signal.ITIMER_REAL, 0)
            del data
            is_last = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 > memory // 2
            if is_last:
                pipe.send_bytes(LAST)
            pipe.send_bytes(answer)
            if is_last:
                return


def _options(values: dict[str, object]) -> Options:
    pages = values.pop("pages")
    return Options(pages=tuple(pages) if isinstance(pages, list) else None, **values)  # type: ignore[arg-type]


def _text(pipe: Connection, data: bytes, limits: Limits, options: Options) -> bytes:
    try:
        kind = kind_of(data)
        pipe.send_bytes(KIND + kind.encode())
        return TEXT + json.dumps(to_json(extract(data, limits, options))).encode()
    except MemoryError:
        return TEXT + json.dumps(to_json(FileText(kind, State.TOO_LARGE, detail="needs too much memory"))).encode()
    except Exception as error:  # noqa: BLE001 (a library fails on a file that its authors did not think of)
        return TEXT + json.dumps(to_json(FileText(kind, State.DAMAGED, detail=f"{type(error).__name__}: {error}"[:500]))).encode()


def _picture(data: bytes, page: int) -> bytes:
    try:
        return PICTURE + pdf.picture(data, page)
    except (Unreadable, MemoryError) as error:
        return PROBLEM + str(error or "needs too much memory").encode()


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])), int(sys.argv[2]))
