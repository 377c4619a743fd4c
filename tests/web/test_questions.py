"""The named queries as a visitor uses them: what they answer, what they say of their parameters, and what an empty answer means."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Place
from tests.web.test_datasette import Get, served


@pytest.fixture(scope="module")
def get(sample: Place, tmp_path_factory: pytest.TempPathFactory) -> Get:
    return served(sample.archive, tmp_path_factory.mktemp("questions"))


def _rows(get: Get, query: str, **values: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = get(f"/archive/{query}.json", _shape="array", **values).json()
    return rows


def test_an_end_is_compared_to_the_day_or_is_doubtful(get: Get) -> None:
    found = {row["document"]: row for row in _rows(get, "cited_after_end", type="")}
    exact = found["Nghị định 97/2008/NĐ-CP"]  # its last day is known; it was cited three days later, in the same year
    assert (exact["ended_on"], exact["articles_after"], exact["articles_doubtful"]) == ("2013-08-31", 1, 0)
    doubtful = found["Nghị định 83/2011/NĐ-CP"]  # of its successor, only the day of signing is known
    assert (doubtful["ended_on"], doubtful["end_precision"], doubtful["not_before"]) == (None, "successor-signed", "2013-11-13")
    assert (doubtful["articles_after"], doubtful["articles_doubtful"]) == (0, 1)
    [row] = _rows(get, "cited_after_end_in", number="97/2008/NĐ-CP")
    assert (row["days_after_end"], row["is_doubtful"]) == (3, 0)
    [row] = _rows(get, "cited_after_end_in", number="83/2011/NĐ-CP")
    assert (row["ended_on"], row["days_after_end"], row["is_doubtful"]) == (None, None, 1)


def test_the_page_of_a_document_does_not_state_a_day_that_is_not_known(get: Get) -> None:
    def page(number: str) -> str:
        [row] = _rows(get, "find_document", q=number)[:1]
        return str(get(f"/archive/documents/{row['document_id']}").text)

    assert "<dd>2013-08-31 (sổ đăng ký ghi rõ ngày)</dd>" in page("97/2008/NĐ-CP")
    assert "<dd>không rõ ngày; không sớm hơn ngày ký văn bản thay thế (2013-11-13)</dd>" in page("83/2011/NĐ-CP")
    assert "Ngày cuối còn hiệu lực" not in page("07/2008/CT-BTTTT")  # nothing says that it ended


def test_what_is_known_of_an_end(sample: Place, tmp_path: Path) -> None:
    shutil.copy(sample.archive, tmp_path / "archive.db")
    with closing(sqlite3.connect(tmp_path / "archive.db")) as database, database:
        rows = {
            1: ("1/2010/NĐ-CP", "2010-01-01", None, "2/2012/NĐ-CP"),  # the successor came into force on a day
            2: ("2/2012/NĐ-CP", "2012-02-01", "2012-04-01", None),
            3: ("3/QĐ-TTg", "2010-01-01", None, "4/QĐ-TTg"),  # two of this number are later, one is earlier
            4: ("4/QĐ-TTg", "2009-01-01", "2009-01-01", None),
            5: ("4/QĐ-TTg", "2014-05-05", "2014-06-01", None),
            6: ("4/QĐ-TTg", "2016-05-05", "2016-06-01", None),
            7: ("7/2010/NĐ-CP", "2010-01-01", None, "8/2015/NĐ-CP"),  # the archive does not have the successor
            8: ("8/QĐ-TTg", "2010-01-01", None, "9/QĐ-TTg; 2/2012/NĐ-CP"),  # nor one of two, which has no year either
        }
        for key, (number, issued_on, force, replaced_by) in rows.items():
            database.execute(
                "insert into documents (id, key, label, type, status, number, issued_on, in_force_from, replaced_by)"
                " values (?, ?, ?, 'nghị định', 'known', ?, ?, ?, ?)",
                [key - 1000, f"test {key}", number, f"x{number}", issued_on, force, replaced_by and replaced_by.replace("; ", "; x")],
            )
        database.execute("update documents set replaced_by = 'x' || replaced_by where id < 0 and replaced_by is not null")
    get = served(tmp_path / "archive.db", tmp_path)
    sql = "select document_id + 1000 as id, ended_on, not_before, end_precision from document_ends where document_id < 0 order by 1"
    found = [tuple(row.values()) for row in get("/archive.json", sql=sql, _shape="array").json()]
    assert [row[:4] for row in found] == [
        (1, "2012-03-31", "2012-03-31", "successor-in-force"),
        (3, None, "2014-05-05", "successor-signed"),
        (7, None, "2015", "successor-year"),
        (8, None, None, "unknown"),
    ]
