"""Big files are complete, and LibreOffice shows hostile texts as texts."""

from __future__ import annotations

import csv
import hashlib
import shutil
import subprocess
from pathlib import Path

import httpx
import openpyxl
import pytest

from tests.web.test_files import HOSTILE, Server, database_of, fetched, requests, serving

pytestmark = pytest.mark.gate

MILLION = 1_000_000
MB = 1_000_000


def _download(server: Server, path: str, target: Path) -> str:
    """Saves a file while it arrives, and returns its digest."""
    digest = hashlib.sha256()
    with httpx.stream("GET", f"{server.url}{path}", timeout=600) as response, target.open("wb") as file:
        assert response.status_code == 200
        for piece in response.iter_bytes():
            file.write(piece)
            digest.update(piece)
    return digest.hexdigest()


def _peak_memory(server: Server) -> int:
    """Returns the most memory that the server had, in MB."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def test_a_million_rows_are_whole_and_take_no_memory(tmp_path: Path) -> None:
    path = database_of(tmp_path, ((n, f"Hội nghị triển khai Chỉ thị số {n} về chuyển đổi số") for n in range(MILLION)))
    with serving(tmp_path, path) as server:
        fetched(f"{server.url}/some/t.csv?_size=1")
        before = _peak_memory(server)
        for ending in ("csv", "jsonl", "xlsx", "parquet"):
            digest = _download(server, f"/some/t.{ending}", tmp_path / f"t.{ending}")
            manifest = fetched(f"{server.url}/some/t.{ending}.manifest").json()
            assert (manifest["rows"], manifest["sha256"], manifest["complete"]) == (MILLION, digest, True), ending
            if ending in ("csv", "jsonl"):
                assert _peak_memory(server) - before < 30, ending
        assert _peak_memory(server) < 400
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        assert all(int(row["id"]) == number for number, row in enumerate(csv.DictReader(file)))
    with (tmp_path / "t.jsonl").open("rb") as file:
        assert sum(1 for _ in file) == MILLION
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx", read_only=True)
    try:
        assert sum(1 for _ in sheet.worksheets[0].iter_rows()) == MILLION + 1
    finally:
        sheet.close()


@pytest.mark.parametrize("size", [99 * MB, 100 * MB, 101 * MB])
def test_files_about_the_limit_of_datasette_are_whole(tmp_path: Path, size: int) -> None:
    """Datasette's own limit is 100 MB, if it is not switched off."""
    rows = size // 1_000
    path = database_of(tmp_path, ((n, "x" * (1_000 - len(f"{n},\r\n"))) for n in range(rows)))
    with serving(tmp_path, path) as server:
        for url in ("/some/t.csv?_plain=1&_header=off", "/some.csv?sql=select+*+from+t&_plain=1&_header=off"):
            digest = _download(server, url, tmp_path / "t.csv")
            assert (tmp_path / "t.csv").stat().st_size == size
            path_of_url, _, query = url.partition("?")
            manifest = fetched(f"{server.url}{path_of_url}.manifest?{query}").json()
            assert (manifest["rows"], manifest["bytes"], manifest["sha256"]) == (rows, size, digest)


def _has_calc() -> bool:
    """Returns whether LibreOffice is there with Calc, not only with Writer."""
    found = shutil.which("soffice")
    return found is not None and (Path(found).resolve().parent / "libsclo.so").exists()


@pytest.mark.skipif(not _has_calc(), reason="needs LibreOffice Calc (Debian: libreoffice-calc-nogui)")
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_libreoffice_reads_hostile_texts_as_texts(tmp_path: Path, ending: str) -> None:
    """It opens the file as a person would, calculates it, and saves the values that it shows."""
    get = requests(database_of(tmp_path, enumerate(HOSTILE)))
    (tmp_path / f"t.{ending}").write_bytes(get(f"/some/t.{ending}").content)
    # 44 is the comma, 34 the quote, 76 UTF-8; formulas are calculated, as after a double click.
    reading = ["--infilter=CSV:44,34,76,1,,0,false,true,false,false,false,-1,true"] if ending == "csv" else []
    command = [
        "soffice",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        *reading,
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
    ]
    (tmp_path / "out").mkdir()
    subprocess.run(
        [*command, "--outdir", str(tmp_path / "out"), str(tmp_path / f"t.{ending}")], check=True, capture_output=True, timeout=180
    )
    book = openpyxl.load_workbook(tmp_path / "out" / "t.xlsx")
    cells = [row[1] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"} and not any(cell.hyperlink for cell in cells)
    texts = [value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value for value in HOSTILE]
    shown = [cell.value for cell in cells]
    if ending == "xlsx":
        assert [str(value or "") for value in shown] == [str(value or "") for value in texts]
    else:  # an apostrophe is before what could be a formula; numbers are numbers, whatever they were
        assert [str(value).lstrip("'").strip() for value in shown[:13]] == [str(text).strip() for text in texts[:13]]
