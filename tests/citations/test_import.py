"""`scrapy resolve --import`: lists of documents from other people. The lists are made by this project, in the form in which people share
them.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import shutil
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from scraper.citations.forms.document_keys import fold_number
from scraper.model import UserError
from scraper.store.archive import open_archive
from scraper.store.column_mapping import MappingError, mapping
from scraper.store.document_file import DocumentFileError, read
from scraper.store.document_import import Import, Report, import_list
from scraper.store.document_lists import ListOfDocuments
from scraper.store.documents import ArchiveDocuments, load_known
from tests.conftest import Place

HEAD = ["Số ký hiệu", "Loại văn bản", "Ngày ban hành", "Cơ quan ban hành", "Trích yếu", "Tình trạng", "Ngày hiệu lực", "Ngày hết hiệu lực"]
ROWS = [
    ["581/KH-UBND", "Kế hoạch", "01/10/2031", "UBND tỉnh Nghệ An", "Về chuyển đổi số", "Còn hiệu lực", "01/10/2031", ""],
    ["17/2031/TT-BTC", "Thông tư", "2031-02-26", "Bộ Tài chính", "", "", "", ""],
    ["99/2031/QH17", "Luật", "01/06/2031", "Quốc hội", "Luật Thăm dò vũ trụ", "", "1/1/2032", "-"],
    ["65/2011/TT-BNNPTNT", "Thông tư", "06/10/2011", "", "Tên theo danh sách", "", "", "31/12/2030"],  # shipped, with another day
]
BAD = {
    "bad-day": ["18/2031/TT-BTC", "Thông tư", "31/02/2031", "", "", "", "", ""],
    "no-province": ["582/KH-UBND", "Kế hoạch", "01/10/2031", "UBND huyện Nam Đàn", "", "", "", ""],
    "unknown-type": ["3/2031/XYZ", "Giấy mời họp", "01/10/2031", "", "", "", "", ""],
    "no-number": ["", "Thông tư", "01/10/2031", "", "Thông tư không số", "", "", ""],
    "bad-number": ["1234", "Quyết định", "01/10/2031", "", "", "", "", ""],
    "year-mismatch": ["19/2030/TT-BTC", "Thông tư", "01/10/2031", "", "", "", "", ""],
    "bad-row": ["a"] * 9,
}


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns an archive with the reference data only. It is made once."""
    path = tmp_path_factory.mktemp("empty") / "archive.db"
    open_archive(path).close()
    return path


@pytest.fixture
def database(tmp_path: Path, empty: Path) -> Iterator[Database]:
    database = open_archive(Path(shutil.copy(empty, tmp_path / "archive.db")))
    yield database
    database.close()


def _csv(folder: Path, rows: list[list[str]], head: list[str] = HEAD, delimiter: str = ",", name: str = "list.csv") -> Path:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([head, *rows])
    content = text.getvalue().encode("utf-8-sig")
    path = folder / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


def _import(database: Database, path: Path, how: Path | None = None, *, dry_run: bool = False) -> Import:
    report = Report(path.with_name("rejected.csv"))
    try:
        return import_list(database, ListOfDocuments(path), mapping(how), report, dry_run=dry_run)
    finally:
        report.close()


def _documents(database: Database) -> list[Any]:
    return list(database.execute("select * from documents order by id").fetchall())


def test_a_dry_run_says_what_the_import_does(database: Database, tmp_path: Path) -> None:
    path = _csv(tmp_path, [*ROWS, ROWS[1]])
    before = _documents(database)
    said = _import(database, path, dry_run=True)
    assert _documents(database) == before
    done = _import(database, path)
    assert said.as_json() == done.as_json()
    assert (done.rows, done.counts["new"], done.counts["changed"], done.counts["equal"]) == (5, 3, 1, 1)
    # Values of a reference table are kept; only empty ones are filled from the list.
    assert done.kept == {"issued_on": 1}
    shipped = "select issued_on, title, in_force_to, confidence from documents where number = '65/2011/TT-BNNPTNT'"
    assert database.execute(shipped).fetchall() == [("2011-10-05", "Tên theo danh sách", "2030-12-31", "medium")]
    plan = "select type, unit_id, issuer, issued_on, status, confidence from documents where number = '581/KH-UBND'"
    assert database.execute(plan).fetchall() == [("kế hoạch", "nghe-an", "Ủy ban nhân dân tỉnh Nghệ An", "2031-10-01", "known", "imported")]
    law = "select title, in_force_from, in_force_to from documents where number = '99/2031/QH17'"
    assert database.execute(law).fetchall() == [("Luật Thăm dò vũ trụ", "2032-01-01", None)]
    again = _import(database, path)
    assert (again.counts["equal"], again.counts["new"], again.counts["changed"]) == (5, 0, 0)
    # A later list replaces the values of an earlier one.
    later = _import(database, _csv(tmp_path, [[*ROWS[0][:4], "Về chuyển đổi số năm 2031", *ROWS[0][5:]]]))
    assert (later.counts["changed"], later.kept) == (1, {})


def test_every_bad_row_is_counted_and_reported(database: Database, tmp_path: Path) -> None:
    done = _import(database, _csv(tmp_path, [*BAD.values(), ROWS[1]]))
    assert done.rejected == dict.fromkeys(BAD, 1)
    assert (done.counts["rejected"], done.counts["new"]) == (len(BAD), 1)
    with (tmp_path / "rejected.csv").open(encoding="utf-8-sig", newline="") as file:
        report = list(csv.DictReader(file))
    assert [(row["line"], row["reason"]) for row in report] == [(str(line), reason) for line, reason in enumerate(BAD, start=2)]
    assert all(row["detail"] and row["explanation"] and row["row"] for row in report)


@pytest.mark.parametrize(
    "written", ["2031-02-03T00:00:00Z", "3/2/2031", "03.02.2031", "2031/2/3", "20310203", "47882", "47882.0", "ngày 03 tháng 02 năm 2031"]
)
def test_days_as_lists_write_them(database: Database, tmp_path: Path, written: str) -> None:
    done = _import(database, _csv(tmp_path, [["91/2031/NĐ-CP", "NĐ", written, "", "", "", "", ""]]))
    assert (done.counts["new"], done.rejected) == (1, {})
    assert database.execute("select type, issued_on from documents where number = '91/2031/NĐ-CP'").fetchall() == [
        ("nghị định", "2031-02-03")
    ]


def test_a_mapping_names_a_column_that_the_list_lacks(database: Database, tmp_path: Path) -> None:
    how = tmp_path / "mine.toml"
    how.write_text('[columns]\nnumber = "Mã văn bản"\n', encoding="utf-8")
    with pytest.raises(MappingError, match="Mã văn bản, but the list has no such column"):
        _import(database, _csv(tmp_path, ROWS), how)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("type;number\nnghị định;12/2031/NĐ-CP\n", "line 1: the columns are separated by semicolons"),
        ("type,number,title\nnghị định,12/2031/NĐ-CP,Về a, b\n", "line 2: has more cells than"),
        ("type,number,issued_on\nnghị định,12/2031/NĐ-CP,2030-12-31\n", "line 2: column issued_on: 2030-12-31 is not in the year"),
        (
            "type,number,issued_on\nnghị định,12/2031/NĐ-CP,31/12/2031\n",
            'line 2: column issued_on: "31/12/2031" is not a day; write it like',
        ),
        ("", "line 1: there is no column type"),
    ],
)
def test_a_file_of_ones_own_is_refused_whole(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "register.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DocumentFileError, match=re.escape(said)):
        read(path)


def test_the_same_list_in_every_form(tmp_path: Path, empty: Path) -> None:
    names = [
        "so_hieu",
        "loai_van_ban",
        "ngay_ban_hanh",
        "co_quan_ban_hanh",
        "trich_yeu",
        "tinh_trang",
        "ngay_hieu_luc",
        "ngay_het_hieu_luc",
    ]
    objects = [dict(zip(names, row, strict=True)) for row in ROWS]
    lines = tmp_path / "list.jsonl"
    lines.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects), encoding="utf-8")
    paths = [
        _csv(tmp_path, ROWS),
        _csv(tmp_path, ROWS, delimiter=";", name="semicolons.csv"),
        _csv(tmp_path, ROWS, [name.upper() for name in names], name="list.csv.gz"),
        lines,
    ]
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    paths.append(tmp_path / "list.parquet")
    parquet.write_table(pyarrow.Table.from_pylist(objects), paths[-1])
    results = []
    for at, path in enumerate(paths):
        database = open_archive(Path(shutil.copy(empty, tmp_path / f"{at}.db")))
        _import(database, path)
        results.append(_documents(database))
        database.close()
    assert all(result == results[0] for result in results)


def test_a_mapping_of_ones_own(database: Database, tmp_path: Path) -> None:
    path = _csv(tmp_path, [["17/2031/TT-BTC", "TT thường", "26/02/2031"]], ["Mã", "Nhóm", "Ngày"])
    with pytest.raises(UserError, match=r"no column has a number \(columns: Mã, Nhóm, Ngày\)"):
        _import(database, path)
    how = tmp_path / "mine.toml"
    how.write_text('[columns]\nnumber = "Mã"\ntype = ["Nhóm"]\nissued_on = "ngay"\n[types]\n"TT thường" = "thông tư"\n', encoding="utf-8")
    assert _import(database, path, how).counts["new"] == 1
    issued = "select type, issued_on from documents where number = '17/2031/TT-BTC'"
    assert database.execute(issued).fetchall() == [("thông tư", "2031-02-26")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('[columns]\nnumbr = "Mã"\n', r"\[columns\] numbr: no such field; known are number"),
        ('[types]\n"TT" = "thong tu"\n', r'\[types\] "tt": unknown kind "thong tu"'),
        ('[colums]\nnumber = "Mã"\n', r"\[colums\]: no such table"),
        ("number = ", "not valid TOML: line 1: number ="),
    ],
)
def test_a_mapping_with_a_fault_says_where(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=said):
        mapping(path)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("list.xls", b"x", "is not a list that can be imported"),
        ("list.csv", b"", "no names of columns"),
        ("list.csv", b"so_hieu,loai\n\xff\xfe,x\n", "is not UTF-8"),
        ("list.csv.gz", gzip.compress(b"so_hieu\n" + b"1/2031/TT-BTC\n" * 9999, mtime=0)[:60], "is cut"),
        ("list.csv.gz", b"no gzip", "cannot be read to its end"),
        ("list.json", b'[\n{"so_hieu": "1/2031/TT-BTC"}]', "begins a JSON array; write one object a line"),
        ("list.parquet", b"PAR0", "Parquet"),
    ],
    ids=["another kind", "empty", "not UTF-8", "cut", "not gzip", "an array", "not Parquet"],
)
def test_a_file_that_is_no_list_is_named(database: Database, tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UserError, match=said):
        _import(database, path)


def test_a_long_list_needs_no_more_memory(database: Database, tmp_path: Path) -> None:
    def peak(number: int) -> int:
        path = _csv(tmp_path, [[f"{n}/QĐ-TTg", "Quyết định", "2/3/2031", "", "x" * 300, "", "", ""] for n in range(number)])
        tracemalloc.start()
        assert _import(database, path, dry_run=True).rows == number
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    small, large = peak(2_100), peak(6_300)
    assert large < small * 1.5 + 1_000_000


def test_what_is_imported_or_added_is_looked_up_in_the_archive(database: Database, tmp_path: Path) -> None:
    _import(database, _csv(tmp_path, ROWS))
    register = tmp_path / "register.csv"
    register.write_text("type,number,title\nluật,98/2031/QH17,Luật Khai thác băng cháy\n", encoding="utf-8")
    with database.conn:
        load_known(database, read(register))
    known = ArchiveDocuments(database)
    assert [one.number for one in known.by_name("khai thac bang chay")] == ["98/2031/QH17"]
    assert [one.number for one in known.by_name("tham do vu tru")] == ["99/2031/QH17"]
    assert [one.place for one in known.by_number(fold_number("581/KH-UBND"))] == ["nghe-an"]
    assert {one.number for one in known.by_serial("thông tư", "17")} >= {"17/2031/TT-BTC"}
    assert all(one.number and fold_number(one.number).split("/")[0] == "17" for one in known.by_serial("thông tư", "17"))


def test_the_command(place: Place) -> None:
    """A dry run and an import for a whole archive. The second time, its source is no longer configured."""
    place.scrapy("crawl", "sample-mst")
    path = _csv(place.folder, [*ROWS, BAD["bad-day"]])
    before = place.tables()
    said = json.loads(place.scrapy("resolve", "--import", str(path), "--dry-run", "--json").stdout)["imports"][str(path)]
    assert place.tables() == before
    assert (said["dry run"], said["rows"], said["new"], said["rejected by reason"]) == (True, 5, 3, {"bad-day": 1})
    done = place.scrapy("resolve", "--import", str(path))
    assert "5 rows imported: 3 new, 1 changed, 0 equal, 1 rejected" in done.stdout
    assert f"the rejected rows, with line and reason, are in {place.folder / 'list.csv.rejected.csv'}" in done.stdout
    assert "warning" not in done.stderr
    database = open_archive(place.archive)
    with database.conn:
        gone = "select 'gone', name, unit_id, site, hosts from sources limit 1"
        database.conn.execute(f"insert into sources (id, name, unit_id, site, hosts) {gone}")
        database.conn.execute("update articles set source_id = 'gone'")
    database.close()
    counts = place.scrapy("resolve", "--json")
    assert "warning: the archive has" in counts.stderr and "not configured: gone" in counts.stderr
    assert json.loads(counts.stdout)["sources not configured"] == ["gone"]
    assert "--dry-run, --mapping and --report belong to a list" in place.scrapy("resolve", "--dry-run", code=2).stderr


def test_a_list_adds_candidates_to_ambiguous_citations(sample: Place, tmp_path: Path) -> None:
    """The list adds another document with the cited number: the rule stays the same, the candidates change."""
    place = Place(tmp_path)
    shutil.copy(sample.archive, place.archive)
    text = "select count(*) from citations where status = 'ambiguous'"
    [(before,)] = place.rows(text)
    numbers = [["897/CT-TTg", "Chỉ thị", f"12/07/{year}", "", "", "", "", ""] for year in (2001, 2002)]
    assert place.scrapy("resolve", "--import", str(_csv(tmp_path, numbers)))
    candidates = "select number, year from citation_candidates join documents on documents.id = document_id order by 2"
    first = place.rows(candidates)
    assert place.rows(text) == [(int(str(before)) + 1,)] and ("897/CT-TTg", 2002) in first
    more = _csv(tmp_path, [["897/CT-TTg", "Chỉ thị", "12/07/2003", "", "", "", "", ""]])
    assert json.loads(place.scrapy("resolve", "--import", str(more), "--json").stdout)["changed"] == 1
    assert place.rows(candidates) == [*first, ("897/CT-TTg", 2003)]
