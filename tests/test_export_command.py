"""`scrapy export`: the files of the pages, without a server."""

from __future__ import annotations

import argparse
import csv
import errno
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pyarrow import parquet
from scrapy.utils.project import get_project_settings

from scraper.actions import export
from scraper.export.texts import inert
from scraper.model import UserError
from tests.conftest import PROJECT, Place, is_one_error
from tests.web.test_datasette import served


def _export(place: Place, folder: Path, *arguments: str, name: str = "file.csv") -> dict[str, Any]:
    """Runs the command, checks the manifest beside the file, and returns it."""
    done = place.scrapy("export", *arguments, "--out", str(folder / name))
    assert done.stdout.startswith(f"{folder / name}: ")
    content = (folder / name).read_bytes()
    manifest: dict[str, Any] = json.loads((folder / f"{name}.manifest.json").read_text(encoding="utf-8"))
    assert (manifest["bytes"], manifest["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert manifest["complete"] is True and manifest["file"] == name and "sample" in manifest["notice"]
    assert sorted(path.name for path in folder.iterdir() if path.name.startswith(".")) == []
    return manifest


def test_the_command_and_the_page_write_the_same_bytes(sample: Place, tmp_path: Path) -> None:
    (tmp_path / "served").mkdir()
    get = served(sample.archive, tmp_path / "served")
    filters = "_search=nghe an&_labels=on&_sort=published_at"
    manifest = _export(sample, tmp_path, "articles", "--filters", filters)
    assert (tmp_path / "file.csv").read_bytes() == get(f"/archive/articles.csv?{filters}").content
    assert manifest["rows"] == get(f"/archive/articles.json?{filters}").json()["filtered_table_rows_count"] > 5
    for language, path in (("vi", "/archive"), ("en", "/en/archive")):
        _export(sample, tmp_path, "--query", "open_failures", "--language", language)
        assert (tmp_path / "file.csv").read_bytes() == get(f"{path}/open_failures.csv").content


def test_every_format(sample: Place, tmp_path: Path) -> None:
    total = sample.rows("select count(*) from citations")[0][0]
    for ending in ("csv", "xlsx", "jsonl", "parquet"):
        assert _export(sample, tmp_path, "citations", name=f"file.{ending}")["rows"] == total
    with (tmp_path / "file.csv").open(encoding="utf-8-sig", newline="") as file:
        ids = [int(row["id"]) for row in csv.DictReader(file)]
    assert len(ids) == total
    assert [json.loads(line)["id"] for line in (tmp_path / "file.jsonl").read_text(encoding="utf-8").splitlines()] == ids
    assert parquet.read_table(tmp_path / "file.parquet").column("id").to_pylist() == ids
    sheet = openpyxl.load_workbook(tmp_path / "file.xlsx").worksheets[0]
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == ids


def test_sql_with_a_parameter_in_the_current_folder(sample: Place, tmp_path: Path) -> None:
    sql = "select id, title from articles where source_id = :source"
    arguments = ("export", "--sql", sql, "-p", "source=sample-mic", "--format", "jsonl", "--json")
    manifest = json.loads(sample.scrapy(*arguments, cwd=tmp_path).stdout)
    assert manifest["parameters"] == {"source": "sample-mic"} and manifest["sql"] == sql and manifest["last_run"]["id"]
    lines = (tmp_path / "archive-query.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == manifest["rows"] == sample.rows("select count(*) from articles where source_id = 'sample-mic'")[0][0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "name one table"),
        (("articles", "--sql", "select 1"), "name one table"),
        (("articels",), "did you mean articles"),
        (("--query", "most_cite"), "did you mean most_cited"),
        (("articles", "--format", "doc"), "csv, xlsx, jsonl, parquet"),
        (("--sql", "delete from articles"), "can only be read"),
        (("--sql", "select nope"), "has no column nope"),
        (("articles", "--filters", "_sort=nothing"), "cannot be sorted by nothing"),
        (("--query", "search", "-p", "hội nghị"), "has no value"),
        (("articles", "--out", "/nowhere/file.csv"), "/nowhere/file.csv: cannot be written"),
    ],
)
def test_bad_input_writes_nothing(sample: Place, arguments: tuple[str, ...], message: str) -> None:
    before = sorted(PROJECT.iterdir())
    done = sample.scrapy("export", *arguments, code=2)
    assert message in done.stderr and is_one_error(done.stderr) and done.stdout == ""
    assert sorted(PROJECT.iterdir()) == before


def test_an_earlier_file_stays_if_the_export_fails(sample: Place, tmp_path: Path) -> None:
    (tmp_path / "file.csv").write_text("earlier")
    broken = "select case when id < 40 then id else abs(-9223372036854775807 - 1) end from articles order by id"
    done = sample.scrapy("export", "--sql", broken, "--out", str(tmp_path / "file.csv"), code=1)
    assert "integer overflow" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["file.csv"] and (tmp_path / "file.csv").read_text() == "earlier"


def test_a_device_is_not_replaced_by_a_file(sample: Place, tmp_path: Path) -> None:
    """As root, `--out /dev/null` made /dev/null a file."""
    os.mkfifo(tmp_path / "pipe.csv")
    assert "is not a file; name a file" in sample.scrapy("export", "units", "--out", str(tmp_path / "pipe.csv"), code=2).stderr
    assert (tmp_path / "pipe.csv").is_fifo() and [path.name for path in tmp_path.iterdir()] == ["pipe.csv"]


def test_an_earlier_file_stays_if_there_is_no_space_for_the_manifest(
    sample: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a disk that the file has filled."""
    (tmp_path / "file.csv").write_text("earlier")

    def no_space(_: object) -> str:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(export, "as_json", no_space)
    settings = get_project_settings()
    settings.set("ARCHIVE", str(sample.archive))
    given: dict[str, Any] = {
        "query": None,
        "sql": None,
        "parameters": [],
        "filters": "",
        "format": None,
        "plain": False,
        "language": "vi",
        "json": False,
    }
    with pytest.raises(UserError, match="No space left"):
        export.execute(settings, ["units"], argparse.Namespace(out=str(tmp_path / "file.csv"), **given))
    assert [path.name for path in tmp_path.iterdir()] == ["file.csv"] and (tmp_path / "file.csv").read_text() == "earlier"


def test_what_a_killed_export_left_is_removed_by_the_next(sample: Place, tmp_path: Path) -> None:
    left = tmp_path / ".file.csv.partial-of_a_killed_one"
    left.mkdir()
    (left / ".in-use").touch()
    (left / "file").write_text("gigabytes")
    _export(sample, tmp_path, "units")
    assert not left.exists()


def test_a_wrong_value_is_named_in_the_language_of_commands(sample: Place, tmp_path: Path) -> None:
    """The names in a file are Vietnamese unless --language says otherwise; what the terminal says is English, as of every command."""
    out = ("--out", str(tmp_path / "x.csv"))
    assert "Type the number of a document" in sample.scrapy("export", "--query", "who_cited", *out, code=2).stderr
    assert "No document fits “zzz”." in sample.scrapy("export", "--query", "who_cited", "-p", "number=zzz", *out, code=2).stderr


@pytest.mark.parametrize(("text", "shown"), [(" =1", "' =1"), ("\t", "'\t"), (" a", " a"), ('"a"', '"a"'), ("'=1", "'=1"), ("a=1", "a=1")])
def test_only_what_is_calculated_gets_an_apostrophe(text: str, shown: str) -> None:
    assert inert(text) == shown
