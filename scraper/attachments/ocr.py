"""Optical character recognition with Tesseract, a program of its own (Debian: tesseract-ocr, tesseract-ocr-vie). The project works
without it."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from scraper.attachments.limited_program import Failed, run
from scraper.attachments.limits import MB
from scraper.attachments.page_layout import paragraphs
from scraper.attachments.page_rows import Letter
from scraper.text import nfc

_MEMORY = 1024 * MB  # bytes; a page of A4 at 300 dots per inch takes 250 MB
# Dirt and lines look like punctuation. A mark that Tesseract is not sure of is left out; words stay, however sure it is.
_SURE = 0.8
_HEADING, _LINE, _WORD = "level", "4", "5"  # of the rows that Tesseract prints


class NotAvailable(Exception):
    """There is no Tesseract, or it cannot read this page; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Read:
    """The text of a picture, and the mean confidence of its words, 0 to 1; None if there are no words."""

    text: str
    confidence: float | None


@lru_cache(8)
def version(language: str) -> str:
    """Returns the name, version and language of Tesseract. Raises: NotAvailable."""
    program = shutil.which("tesseract")
    if program is None:
        raise NotAvailable("OCR needs Tesseract; install it: apt-get install tesseract-ocr tesseract-ocr-vie")
    done = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if not set(language.split("+")) <= set(done.stdout.split()):
        raise NotAvailable(f"Tesseract has no data for {language}; install them: apt-get install tesseract-ocr-{language.split('+')[0]}")
    first = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL).stdout
    number = re.search(r"tesseract v?([\d.]+)", first)
    return f"Tesseract {number[1] if number else '?'} ({language})"


def read(picture: bytes, language: str, seconds: float) -> Read:
    """Returns the text of a grey picture (PGM). Raises: NotAvailable."""
    version(language)
    with tempfile.TemporaryDirectory(prefix="ocr-") as name:
        command = ["tesseract", "stdin", "stdout", "-l", language, "--dpi", "300", "tsv"]
        try:
            printed = run(command, Path(name), data=picture, seconds=seconds, memory=_MEMORY, file_size=100 * MB)
        except Failed as error:
            raise NotAvailable(str(error)) from None
    return from_table(printed.decode("utf-8", "replace"))


def from_table(table: str) -> Read:
    """Returns the text of the table that Tesseract prints: words with places. The rules for PDF pages make paragraphs of them."""
    letters: list[Letter] = []
    weighed = size = 0.0
    for word, confidence in _words(table):
        if letters and not word.text.isspace():
            weighed += confidence * len(word.text)
            size += len(word.text)
        letters.append(word)
    found = paragraphs(letters)
    text = "\n\n".join("".join(run.text for run in paragraph) for paragraph in found)
    return Read(nfc(text), weighed / size if size else None)


def _words(table: str) -> Iterator[tuple[Letter, float]]:
    """Yields the words with their confidence, as if each was one letter; a blank between the words of a line."""
    bottom = top = right = 0.0
    is_first = True
    for line in table.splitlines():
        fields = line.split("\t")
        if len(fields) < 11 or fields[0] == _HEADING:
            continue
        left, upper, width, height = (float(value) for value in fields[6:10])
        if fields[0] == _LINE:
            bottom, top, is_first = -(upper + height), -upper, True
        elif fields[0] == _WORD and len(fields) > 11 and fields[11].strip():
            if not any(map(str.isalnum, fields[11])) and float(fields[10]) < 100 * _SURE:
                continue
            if not is_first:
                yield Letter(" ", right, bottom, left, top), 0.0
            yield Letter(fields[11].strip(), left, bottom, left + width, top), max(float(fields[10]), 0) / 100
            right, is_first = left + width, False
