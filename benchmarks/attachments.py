"""Measures the reading of attached files beside the bare libraries: `python -m benchmarks.attachments`.

Processor time and the most memory, each in a process of its own, for files of some hundred pages made from those of tests/files; for
PDF also the word F1 on the files of tests/files. It prints the tables of docs/attachments.md. Libraries that are not installed are
left out: for all, `pip install pypdf pdfminer.six pymupdf python-docx striprtf`. pymupdf is under the AGPL, so the project does not
depend on it.
"""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any
from xml.sax.saxutils import escape

from benchmarks.word_f1 import word_f1

PROJECT = Path(__file__).resolve().parent.parent
FILES = PROJECT / "tests" / "files"
PAGES, PARAGRAPHS, ROWS = 200, 5_000, 20_000
ROUNDS = 3
PDFS = ("decision.pdf", "columns.pdf", "table.pdf", "turned.pdf", "bad-xref.pdf", "owner-password.pdf", "tcvn3.pdf", "vni.pdf")


# --- readers ------------------------------------------------------------------------------------------


def _ours(data: bytes) -> str:
    from scraper.attachments.extracting import extract
    from scraper.attachments.limits import Limits

    return extract(data, Limits(seconds=1000, ratio=10_000)).text


def _pdfium(data: bytes) -> str:
    library: Any = import_module("pypdfium2")
    document = library.PdfDocument(data)
    texts = []
    for page in document:
        text_page = page.get_textpage()
        texts.append(text_page.get_text_range())
        text_page.close()
        page.close()
    document.close()
    return "\n".join(texts)


def _pypdf(data: bytes) -> str:
    library: Any = import_module("pypdf")
    return "\n".join(page.extract_text() for page in library.PdfReader(io.BytesIO(data)).pages)


def _pdfminer(data: bytes) -> str:
    library: Any = import_module("pdfminer.high_level")
    return str(library.extract_text(io.BytesIO(data)))


def _pymupdf(data: bytes) -> str:
    library: Any = import_module("pymupdf")
    return "\n".join(page.get_text() for page in library.open(stream=data, filetype="pdf"))


def _python_docx(data: bytes) -> str:
    library: Any = import_module("docx")
    return "\n".join(paragraph.text for paragraph in library.Document(io.BytesIO(data)).paragraphs)


def _striprtf(data: bytes) -> str:
    library: Any = import_module("striprtf.striprtf")
    return str(library.rtf_to_text(data.decode("latin-1"), errors="ignore"))


def _openpyxl(data: bytes) -> str:
    library: Any = import_module("openpyxl")
    book = library.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    return "\n".join(str(value) for sheet in book for row in sheet.iter_rows(values_only=True) for value in row if value is not None)


def _xlrd(data: bytes) -> str:
    library: Any = import_module("xlrd")
    book = library.open_workbook(file_contents=data)
    return "\n".join(str(value) for sheet in book.sheets() for row in range(sheet.nrows) for value in sheet.row_values(row))


READERS: dict[str, dict[str, tuple[str, Callable[[bytes], str]]]] = {
    "pdf": {
        "pypdfium2": ("pypdfium2", _pdfium),
        "pymupdf": ("pymupdf", _pymupdf),
        "pypdf": ("pypdf", _pypdf),
        "pdfminer.six": ("pdfminer", _pdfminer),
    },
    "docx": {"python-docx": ("docx", _python_docx)},
    "rtf": {"striprtf": ("striprtf", _striprtf)},
    "xlsx": {"openpyxl": ("openpyxl", _openpyxl)},
    "xls": {"xlrd": ("xlrd", _xlrd)},
    "doc": {},
    "odt": {},
    "ods": {},
}
OURS = "this project"


def readers(kind: str) -> Iterator[tuple[str, Callable[[bytes], str]]]:
    """Yields the installed readers of a kind, ours first."""
    yield OURS, _ours
    for name, (module, read) in READERS[kind].items():
        if find_spec(module) is not None:
            yield name, read


# --- files --------------------------------------------------------------------------------------------


def large_files(folder: Path) -> dict[str, Path]:
    """Writes large files, and returns them by kind. Kinds without a writer here have their file of tests/files."""
    made = {"pdf": _large_pdf(), "docx": _large_docx(), "rtf": _large_rtf(), "xlsx": _large_xlsx()}
    found = {kind: FILES / f"{'sheets' if kind in ('xls', 'ods') else 'decision'}.{kind}" for kind in READERS}
    for kind, data in made.items():
        found[kind] = folder / f"large.{kind}"
        found[kind].write_bytes(data)
    return found


def _large_pdf() -> bytes:
    library: Any = import_module("pypdfium2")
    target, source = library.PdfDocument.new(), library.PdfDocument((FILES / "decision.pdf").read_bytes())
    for _ in range(PAGES):
        target.import_pages(source)
    out = io.BytesIO()
    target.save(out)
    return out.getvalue()


def _paragraphs() -> list[str]:
    text = (FILES / "decision.pdf.txt").read_text(encoding="utf-8").strip().split("\n\n")
    return [text[number % len(text)] for number in range(PARAGRAPHS)]


def _large_docx() -> bytes:
    from zipfile import ZIP_DEFLATED, ZipFile

    out = io.BytesIO()
    with ZipFile(FILES / "decision.docx") as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "word/document.xml":
                body = "".join(f"<w:p><w:r><w:t>{escape(one)}</w:t></w:r></w:p>" for one in _paragraphs())
                head, rest = data.decode().split("<w:body>")
                data = f"{head}<w:body>{body}{rest[rest.rindex('<w:sectPr') :]}".encode()
            target.writestr(name, data)
    return out.getvalue()


def _large_rtf() -> bytes:
    body = "\\par\n".join("".join(char if char < "\x7f" else f"\\u{ord(char)}?" for char in one) for one in _paragraphs())
    return f"{{\\rtf1\\ansi\\ansicpg1252{{\\fonttbl{{\\f0 Times New Roman;}}}}\\f0 {body}\\par}}".encode("ascii")


def _large_xlsx() -> bytes:
    library: Any = import_module("openpyxl")
    book = library.Workbook(write_only=True)
    sheet = book.create_sheet("Tổng hợp")
    for number in range(ROWS):
        sheet.append([number, "Sở Thông tin và Truyền thông tỉnh Nghệ An", number * 1.5, "Đã kiểm tra"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# --- measuring ------------------------------------------------------------------------------------------


def _one(name: str, file: Path) -> None:
    """Reads a file in this process, and prints the seconds of processor time, the most memory in bytes, and the characters."""
    data = file.read_bytes()
    read = dict(readers(file.suffix[1:]))[name]
    small = FILES / f"{'sheets' if file.suffix in ('.xls', '.xlsx', '.ods') else 'decision'}{file.suffix}"
    read(small.read_bytes())  # imports, tables
    before, start = _most_memory(), time.process_time()
    text = read(data)
    seconds = time.process_time() - start
    print(json.dumps([seconds, _most_memory(), before, len(text)]))


def _most_memory() -> int:
    """Returns the most memory that this process had. The count of `getrusage` begins with that of the process that started it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def measured(name: str, file: Path) -> tuple[float, float, float]:
    """Returns the median seconds of a reader for a file, the most memory of its process, and that before the file, in bytes."""
    results = []
    for _ in range(ROUNDS):
        command = [sys.executable, "-m", "benchmarks.attachments", "--one", name, str(file)]
        results.append(json.loads(subprocess.run(command, capture_output=True, text=True, check=True, cwd=PROJECT).stdout.splitlines()[-1]))
    return median(one[0] for one in results), median(one[1] for one in results), median(one[2] for one in results)


def main() -> None:
    print("| kind | file | read with | ms per MB | s | memory | more than before the file |\n|---|---|---|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for kind, file in large_files(Path(folder)).items():
            size = file.stat().st_size / 1_000_000
            for name, _ in readers(kind):
                seconds, memory, before = measured(name, file)
                shown = f"**{name}**" if name == OURS else name
                print(
                    f"| {kind} | {size:.2f} MB | {shown} | {1000 * seconds / size:,.0f} | {seconds:.3f}"
                    f" | {memory / 1e6:.0f} MB | {(memory - before) / 1e6:.0f} MB |",
                    flush=True,
                )
    print("\n| word F1 | " + " | ".join(name for name, _ in readers("pdf")) + " |\n|---|" + "---:|" * len(list(readers("pdf"))))
    for file_name in PDFS:
        data, truth = (FILES / file_name).read_bytes(), (FILES / f"{file_name}.txt").read_text(encoding="utf-8")
        print(f"| {file_name} | " + " | ".join(_score(read, data, truth) for _, read in readers("pdf")) + " |", flush=True)


def _score(read: Callable[[bytes], str], data: bytes, truth: str) -> str:
    try:
        return f"{word_f1(read(data), truth):.3f}"
    except Exception as error:  # noqa: BLE001 (a library fails on a damaged file)
        return type(error).__name__


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--one", nargs=2, metavar=("READER", "FILE"), help="read one file, and print what it took")
    given = parser.parse_args()
    if given.one:
        _one(given.one[0], Path(given.one[1]))
    else:
        main()
