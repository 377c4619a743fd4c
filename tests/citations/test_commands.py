"""`scrapy cite` and `scrapy resolve`, run as a user runs them."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT, SAMPLE, Place

TEXT = (
    "Ngày 14/7/2009, Sở tổ chức hội thảo theo Chỉ thị 07/2008/CT-BTTTT và Quyết định số 1727/QĐ-UBND ngày 17 tháng 05 năm 2007"
    " của UBND tỉnh Nghệ An về việc phê duyệt đề án."
)


def test_citations_of_a_file_as_json_lines(place: Place) -> None:
    file = place.folder / "text.txt"
    file.write_text(TEXT, encoding="utf-8")
    rows = [json.loads(line) for line in place.scrapy("cite", str(file), "--published", "2009-07-17").stdout.splitlines()]
    assert [(row["number"], row["issued_on"], row["status"], row["document"]) for row in rows] == [
        ("07/2008/CT-BTTTT", None, "resolved", rows[0]["document"]),
        ("1727/QĐ-UBND", "2007-05-17", "resolved", rows[1]["document"]),
    ]
    assert all(TEXT[row["start"] : row["end"]] == row["text"] for row in rows)


def test_a_table_for_people_and_standard_input() -> None:
    command = [sys.executable, "-m", "scrapy", "cite", "-", "--table"]
    done = subprocess.run(command, input=TEXT, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert "1727/QĐ-UBND" in done.stdout
    assert done.stdout.rstrip().endswith("2 citations\n2 viện dẫn")


def test_a_province_in_any_spelling_or_a_message(place: Place) -> None:
    file = place.folder / "text.txt"
    file.write_text("Căn cứ Quyết định số 88/2011/QĐ-UBND của UBND tỉnh.", encoding="utf-8")
    for spelling in ("Bến Tre", "ben tre", "tỉnh Bến Tre"):
        (row,) = map(json.loads, place.scrapy("cite", str(file), "--province", spelling).stdout.splitlines())
        assert row["province"] == "Bến Tre", spelling
    done = place.scrapy("cite", str(file), "--province", "Bến Che", code=2)
    assert "--province Bến Che: no province has this name; did you mean Bến Tre" in done.stderr
    assert done.stdout == ""


def test_a_reader_that_ends_early_is_no_fault(place: Place) -> None:
    file = place.folder / "text.txt"
    file.write_text((TEXT + "\n\n") * 400, encoding="utf-8")
    command = [sys.executable, "-m", "scrapy", "cite", str(file)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None and running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == b""


def test_passages_in_and_out(place: Place) -> None:
    file = place.folder / "passages.jsonl"
    context = {"source_name": "mic.gov.vn", "province": None, "published": "2009-07-14"}
    file.write_text(json.dumps({"id": "a", "text": TEXT, "source_context": context}) + "\n" + '{"id": "b", "text": "Không có gì."}\n')
    rows = [json.loads(line) for line in place.scrapy("cite", "--jsonl", str(file)).stdout.splitlines()]
    assert [(row["id"], len(row["citations"])) for row in rows] == [("a", 2), ("b", 0)]
    assert set(rows[0]["citations"][0]) >= {"start", "end", "text", "kind", "doc_type", "number_raw", "number", "year", "issued_on"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a text"),
        (b"Quy\xff\xfe", "not UTF-8 near byte 3"),
        ("Quyết".encode("utf-16"), "UTF-8"),
    ],
    ids=["a picture", "broken bytes", "utf-16"],
)
def test_bytes_that_are_no_text_are_refused(place: Place, content: bytes, said: str) -> None:
    file = place.folder / "file"
    file.write_bytes(content)
    done = place.scrapy("cite", str(file), code=2)
    assert said in done.stderr
    assert str(file) in done.stderr
    assert done.stdout == ""


def test_an_empty_file_has_no_citations(place: Place) -> None:
    file = place.folder / "empty.txt"
    file.write_bytes(b" \n")
    done = place.scrapy("cite", str(file))
    assert "the text is empty" in done.stderr
    assert done.stdout == ""


def test_a_file_that_is_not_there_and_a_line_that_is_no_passage(place: Place) -> None:
    assert "nowhere.txt: cannot be read" in place.scrapy("cite", "nowhere.txt", code=2).stderr
    file = place.folder / "passages.jsonl"
    file.write_text('{"id": "a", "text": "x"}\n{"id": "b"}\n')
    assert f"{file}: line 2: not a passage" in place.scrapy("cite", "--jsonl", str(file), code=2).stderr


def test_a_big_file_takes_no_more_memory_than_a_small_one(place: Place) -> None:
    def peak(size: int) -> tuple[int, int]:
        file = place.folder / f"{size}.txt"
        with file.open("w", encoding="utf-8") as out:
            for _ in range(size):
                out.write(("Sở đã tổ chức nhiều lớp tập huấn cho cán bộ. " * 220) + TEXT + "\n\n")
        program = (
            "import resource, subprocess, sys\n"
            "out = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, check=True).stdout\n"
            "print(out.count(b'\\n'), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        )
        command = [sys.executable, "-c", program, sys.executable, "-m", "scrapy", "cite", str(file)]
        found, memory = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.split()
        return int(found), int(memory)

    assert resource.RUSAGE_CHILDREN  # not on Windows; the project does not run there either
    small, large = peak(300), peak(3000)  # 4 MB and 40 MB
    assert (small[0], large[0]) == (600, 6000)
    assert large[1] < small[1] * 1.25 + 8_000


def _register(place: Place, *lines: str) -> Path:
    file = place.folder / "register.csv"
    file.write_text("\n".join(["type,number,issued_on,province,title", *lines]) + "\n", encoding="utf-8")
    return file


def test_documents_that_are_added_later_resolve_old_citations(place: Place) -> None:
    for source in SAMPLE:
        place.scrapy("crawl", source)
    documents = "select id, status, title from documents where number = ? order by id"
    [(plan, status, _)] = place.rows(documents, "581/KH-UBND")
    [(directive, other, _)] = place.rows(documents, "897/CT-TTg")
    assert (status, other) == ("stub", "stub")
    cited = "select status, document_id from citations where number = '897/CT-TTG' order by status"
    assert place.rows(cited) == [("resolved", directive), ("unresolved", None)]
    file = _register(
        place,
        "kế hoạch,581/KH-UBND,2020-10-01,Nghệ An,Chuyển đổi số tỉnh Nghệ An",
        "chỉ thị,897/CT-TTg,2011-06-10,,Tăng cường an toàn thông tin số",
    )
    done = place.scrapy("resolve", "--add", str(file), "--json")
    assert json.loads(done.stdout)["documents added"] == 2
    assert json.loads(done.stdout)["changed"] >= 1
    # A document known only from citations keeps its row, and now a mention without a date is resolved to it.
    assert place.rows(documents, "581/KH-UBND") == [(plan, "known", "Chuyển đổi số tỉnh Nghệ An")]
    assert place.rows(cited) == [("resolved", directive), ("resolved", directive)]
    first = place.tables()
    assert json.loads(place.scrapy("resolve", "--json").stdout)["changed"] == 0
    assert place.tables() == first
    place.scrapy("reparse", "--write")
    assert place.tables() == first


UNUSABLE_REGISTERS = (
    ("quyêt định,12/QĐ-TTg,2019-01-01,,", 'line 2: column type: unknown type "quyêt định"; did you mean quyết định?'),
    ("quyết định,12/QĐ-TTg,1/1/2019,,", 'line 2: column issued_on: "1/1/2019" is not a day'),
    ("quyết định,,2019-01-01,,", "line 2: column number: is empty"),
    ("quyết định,12/QĐ-UBND,2019-01-01,Atlantis,", 'line 2: column province: "Atlantis" was not a province'),
)


def test_a_register_that_cannot_be_used_is_refused_whole(place: Place) -> None:
    place.scrapy("crawl", "sample-mst")
    before = place.tables()
    for line, said in UNUSABLE_REGISTERS:
        done = place.scrapy("resolve", "--add", str(_register(place, line)), code=2)
        assert said in done.stderr
    assert place.tables() == before


def test_a_register_names_every_wrong_line_at_once(place: Place) -> None:
    """Somebody who corrects a file by hand needs all of its errors, not one for each attempt. The message has at most 20 lines."""
    wrong = [f"quyết định,{number}/QĐ-UBND,2019-01-01,Atlantis," for number in range(1, 23)]
    right = "quyết định,12/QĐ-TTg,2019-01-01,,"
    said = place.scrapy("resolve", "--add", str(_register(place, wrong[0], right, *wrong[1:])), code=2).stderr.splitlines()
    assert [line for line in said if "column province" in line][:2] == [line for line in said if "line 2:" in line or "line 4:" in line]
    assert len([line for line in said if "column province" in line]) == 20
    assert sum(line.endswith(": 2 more lines are wrong") for line in said) == 1 and said[-1].endswith(": còn 2 dòng sai nữa")
