"""Optical character recognition with Tesseract, a program of its own (Debian: tesseract-ocr, tesseract-ocr-vie). The project works
without it."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
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
# A page that lies on its side or on its head. On its side, Tesseract is as sure as usual, but the boxes of the words are taller than wide.
_UNSURE = 0.6  # mean confidence; 0.3 to 0.45 if a page is on its head, 0.9 and more if it is upright, at 100 dots per inch, too
_WORD_OF_BOX = 3  # letters of a word whose box says how the line goes
_ROTATE = re.compile(r"^Rotate: (90|180|270)$", re.MULTILINE)
_HEADING, _LINE, _WORD = "level", "4", "5"  # of the rows that Tesseract prints


class NotAvailable(Exception):
    """There is no Tesseract, or it cannot read this page; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Read:
    """The text of a picture, and the mean confidence of its words, 0 to 1; None if there are no words."""

    text: str
    confidence: float | None
    turned: int = 0  # degrees by which the picture was turned to the right before it was read


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
    """Returns the text of a grey picture (PGM). One that lies on its side or on its head is turned. Raises: NotAvailable."""
    version(language)
    printed = _tesseract(picture, ["-l", language, "--dpi", "300", "tsv"], seconds)
    found = from_table(printed)
    if found.confidence is None or (found.confidence >= _UNSURE and not _is_sideways(printed)):
        return found
    degrees = _degrees_to_turn(picture, seconds)
    if not degrees:
        return found
    upright = from_table(_tesseract(turned(picture, degrees), ["-l", language, "--dpi", "300", "tsv"], seconds))
    return replace(upright, turned=degrees) if (upright.confidence or 0) >= min(found.confidence, _UNSURE) else found


def _tesseract(picture: bytes, options: Sequence[str], seconds: float) -> str:
    """Returns what Tesseract prints about a picture. Raises: NotAvailable."""
    with tempfile.TemporaryDirectory(prefix="ocr-") as name:
        command = ["tesseract", "stdin", "stdout", *options]
        try:
            printed = run(command, Path(name), data=picture, seconds=seconds, memory=_MEMORY, file_size=100 * MB)
        except Failed as error:
            raise NotAvailable(str(error)) from None
    return printed.decode("utf-8", "replace")


def _degrees_to_turn(picture: bytes, seconds: float) -> int:
    """Returns by how many degrees a picture must be turned to the right to be upright; 0 if that is not known."""
    try:
        version("osd")
        found = _ROTATE.search(_tesseract(picture, ["--psm", "0", "--dpi", "300"], seconds))
    except NotAvailable:  # too few letters, or no data for it
        return 0
    return int(found[1]) if found is not None else 0


def turned(picture: bytes, degrees: int) -> bytes:
    """Returns a grey picture (PGM) turned to the right by 90, 180 or 270 degrees.

    >>> turned(b"P5 2 1 255\\n" + b"ab", 90), turned(b"P5 2 1 255\\n" + b"ab", 180)
    (b'P5 1 2 255\\nab', b'P5 2 1 255\\nba')
    """
    head, _, pixels = picture.partition(b"\n")
    width, height = (int(number) for number in head.split()[1:3])
    if degrees == 180:
        return head + b"\n" + pixels[::-1]
    if degrees == 90:
        columns = (pixels[(height - 1) * width + column :: -width] for column in range(width))
    else:
        columns = (pixels[column::width] for column in reversed(range(width)))
    return b"P5 %d %d 255\n" % (height, width) + b"".join(columns)


def _is_sideways(table: str) -> bool:
    """Returns whether most words in the table of Tesseract are taller than wide."""
    sizes = [
        (float(fields[8]), float(fields[9]))
        for fields in (line.split("\t") for line in table.splitlines())
        if len(fields) > 11 and fields[0] == _WORD and len(fields[11].strip()) >= _WORD_OF_BOX
    ]
    return sum(width < height for width, height in sizes) * 2 > len(sizes)


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
