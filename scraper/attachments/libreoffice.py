"""Converts old Word files with LibreOffice, a program of its own (Debian: libreoffice-writer-nogui). The project works without it."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from scraper.attachments.limited_program import Failed, run
from scraper.attachments.limits import MB

_MEMORY = 1024 * MB  # bytes; LibreOffice itself takes 200 MB


class NotConverted(Exception):
    """There is no LibreOffice, or it cannot convert the file; the message says what to do."""


def to_docx(data: bytes, seconds: float, memory: int) -> bytes:
    """Returns a Word file as DOCX. LibreOffice gets a profile of its own, so it runs no macros. Raises: NotConverted."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise NotConverted("LibreOffice is not installed; apt-get install libreoffice-writer-nogui")
    with tempfile.TemporaryDirectory(prefix="office-") as name:
        folder = Path(name)
        source = folder / "file.doc"
        source.write_bytes(data)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [program, profile, "--headless", "--norestore", "--convert-to", "docx", "--outdir", str(folder / "out"), str(source)]
        try:
            run(command, folder, seconds=seconds, memory=max(memory, _MEMORY), file_size=200 * MB)
        except Failed as error:
            raise NotConverted(str(error)) from None
        target = folder / "out" / "file.docx"
        if not target.is_file():
            raise NotConverted("LibreOffice cannot read it")
        return target.read_bytes()
