"""The named queries as a visitor uses them: what they answer, what they say of their parameters, and what an empty answer means."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from scraper.reference import rows
from scraper.web.inputs import KINDS
from tests.conftest import PROJECT, Place
from tests.described import named_queries
from tests.web.site_pages import VALUES, of_charts, of_named_queries
from tests.web.test_datasette import Get, served

QUERIES = named_queries()
WITH_FIELDS = {name: query["params"] for name, query in QUERIES.items() if query.get("params")}
# Kinds of fields into which everything can be typed: words that are looked for.
FREE = ("words", "words?", "phrases?")


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


def test_an_article_that_only_says_that_a_document_ended_is_marked(get: Get, sample: Place, tmp_path: Path) -> None:
    """One that also applies the document is not."""
    ended, applied = "97/2008/NĐ-CP", "83/2011/NĐ-CP"
    marked = [row["says_ended"] for number in (ended, applied) for row in _rows(get, "cited_after_end_in", number=number)]
    assert marked == [1, 0]
    shutil.copy(sample.archive, tmp_path / "archive.db")
    with closing(sqlite3.connect(tmp_path / "archive.db")) as database, database:
        one = "select max(citations.id) from citations join documents on documents.id = document_id where documents.number = ?"
        database.execute(f"update citations set relation = null where id = ({one})", [ended])
    assert [row["says_ended"] for row in _rows(served(tmp_path / "archive.db", tmp_path), "cited_after_end_in", number=ended)] == [0]


def test_a_lag_says_how_many_months_were_observed_until_then(get: Get, sample: Place) -> None:
    found = _rows(get, "who_cited", number="07/2008/CT-BTTTT")
    assert found
    watched = "select distinct month from observed join sources on sources.id = source_id join units on units.id = unit_id"
    for row in found:
        signed, first = row["signed"], row["first_cited_on"]
        of_unit = "select distinct coalesce(valid_from, '') from units where name = ? and coalesce(valid_from, '') <= ?"
        [(begins,)] = sample.rows(of_unit, row["unit"], first)
        months = [month for (month,) in sample.rows(f"{watched} where units.name = ? and state <> 'not-observed'", row["unit"])]
        since = max(signed, begins)[:7]
        assert row["months_before_seen"] == sum(since <= month <= first[:7] for month in months)
        assert row["months_before"] == 12 * (int(first[:4]) - int(since[:4])) + int(first[5:7]) - int(since[5:7]) + 1
    assert any(row["months_before_seen"] < row["months_before"] for row in found)
    shown = LexborHTMLParser(get("/-/who-cited", number="07/2008/CT-BTTTT").text).css(".plain tr td:last-child")
    assert [cell.text() for cell in shown] == [f"{row['months_before_seen']} trên {row['months_before']}" for row in found]


@pytest.mark.parametrize(
    ("path", "wrong", "right"),
    [
        ("/archive/who_cited.json?num=07/2008", "num", "number"),
        ("/archive/top_documents.csv?year=2010", "year", "since, until, type"),
        ("/archive/top_documents?year=2010", "year", "since, until, type"),
        ("/archive/most_cited?type=luat", "type", ""),
        ("/archive/most_cited.json?_where=1", "_where", ""),
        ("/archive/articles.csv?_serch=x", "_serch", "_search"),
        ("/archive/articles?_szie=5", "_szie", "_size"),
        ("/-/charts/cocitations?from=2010", "from", "since, until"),
        ("/-/diffusion/1.csv?border=now", "border", "borders, units"),
        ("/-/diffusion/1?borders=heute", "heute", "then, now"),
        ("/-/search.json?query=x", "query", "q, unit"),
    ],
)
def test_a_parameter_that_there_is_not_is_named(get: Get, path: str, wrong: str, right: str) -> None:
    """It was ignored, so that the file of one year had the rows of all."""
    for start in ("", "/en"):
        answer = get(start + path, 400)
        shown = LexborHTMLParser(answer.text)
        said = answer.json()["error"] if ".json" in path else " ".join(node.text() for node in shown.css(".message-error"))
        assert f"“{wrong}”" in said and right in said
        assert ("parameter" in said or "is not a value" in said) == bool(start)
        if ".csv" in path:  # the error page states the language of its text
            assert shown.css_first(".message-error [lang]") is None
    for page in ("/-/search?q=phan+mem&since=2010", "/-/who-cited?q=07/2008"):
        assert "không có tham số" in get(page).text


def test_the_parameters_of_links_and_forms_are_known(get: Get) -> None:
    get("/archive/articles?_search_title=phan&_filter_column_1=id&_filter_op_1=gt&_filter_value_1=3&_facet=section", 302)
    get("/archive/articles.json?_search_title=phan&_shape=array&_nocount=1&_size=2&_labels=on")
    get("/archive/most_cited.csv?_size=3&_plain=1&_header=off")
    get("/archive/most_cited?_show_sql=1&fbclid=x")
    get("/archive/most_cited.json?_shape=objects&_size=max&_labels=on&_nofacet=1")  # as a chart of it requests it


def test_documents_that_are_cited_as_often_share_a_place(get: Get) -> None:
    found = _rows(get, "top_documents", since="", until="", type="")
    assert [row["place"] for row in found] == [1 + sum(other["originals"] > row["originals"] for other in found) for row in found]
    assert len({row["place"] for row in found}) < len(found)


def test_documents_that_no_article_cites(get: Get, sample: Place) -> None:
    found = _rows(get, "never_cited", since="2008", until="2009", type="thong tu")
    in_the_years = "from documents where type = 'thông tư' and issued_on between '2008-01-01' and '2009-12-31'"
    [(known, cited)] = sample.rows(f"select count(*), sum(id in (select document_id from citations)) {in_the_years}")
    assert 0 < cited < known and len(found) == known - cited
    assert {(row["uncited"], row["of_documents"]) for row in found} == {(known - cited, known)}
    assert [row["signed"] for row in found] == sorted((row["signed"] for row in found), reverse=True)
    every = _rows(get, "never_cited", since="", until="", type="")
    [(dated,)] = sample.rows("select count(*) from documents where issued_on is not null")
    assert len(every) == 500 and every[0]["of_documents"] == dated > known


def test_documents_that_are_counted_together_are_named(get: Get) -> None:
    [one] = {row["cited_with"] for row in _rows(get, "cited_together", number="07/2008/CT-BTTTT")}
    assert one == "Chỉ thị 07/2008/CT-BTTTT"
    [several] = {row["cited_with"] for row in _rows(get, "cited_together", number="phần mềm")}
    assert several.count("; ") == 2 and "Thông tư 41/2009/TT-BTTTT" in several


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
        documents = {  # their numbers get an "x" before them, so that the sample has none of them
            1: ("1/2010/NĐ-CP", "2010-01-01", None, "2/2012/NĐ-CP"),  # the successor came into force on a day
            2: ("2/2012/NĐ-CP", "2012-02-01", "2012-04-01", None),
            3: ("3/QĐ-TTg", "2010-01-01", None, "4/QĐ-TTg"),  # two of this number are later, one is earlier
            4: ("4/QĐ-TTg", "2009-01-01", "2009-01-01", None),
            5: ("4/QĐ-TTg", "2014-05-05", "2014-06-01", None),
            6: ("4/QĐ-TTg", "2016-05-05", "2016-06-01", None),
            7: ("7/2010/NĐ-CP", "2010-01-01", None, "8/2015/NĐ-CP"),  # the archive does not have the successor
            8: ("8/QĐ-TTg", "2010-01-01", None, "9/QĐ-TTg; 2/2012/NĐ-CP"),  # nor one of two, which has no year either
        }
        for key, (number, issued_on, force, replaced_by) in documents.items():
            database.execute(
                "insert into documents (id, key, label, type, status, number, issued_on, in_force_from, replaced_by)"
                " values (?, ?, ?, 'nghị định', 'known', ?, ?, ?, ?)",
                [key - 1000, f"test {key}", number, f"x{number}", issued_on, force, replaced_by and f"x{replaced_by.replace('; ', '; x')}"],
            )
    get = served(tmp_path / "archive.db", tmp_path)
    sql = "select document_id + 1000 as id, ended_on, not_before, end_precision from document_ends where document_id < 0 order by 1"
    found = [tuple(row.values()) for row in get("/archive.json", sql=sql, _shape="array").json()]
    assert [row[:4] for row in found] == [  # then the notice of the sample
        (1, "2012-03-31", "2012-03-31", "successor-in-force"),
        (3, None, "2014-05-05", "successor-signed"),
        (7, None, "2015", "successor-year"),
        (8, None, None, "unknown"),
    ]


def test_every_parameter_of_every_query_is_of_a_known_kind_and_every_query_says_what_empty_means() -> None:
    for name, query in QUERIES.items():
        kinds = query.get("inputs", {})
        assert list(kinds) == query.get("params", []), name
        assert {kind.rstrip("?") for kind in kinds.values()} <= KINDS, name
        assert query["empty"].count(" / ") == 1, name


@pytest.mark.parametrize("name", WITH_FIELDS)
def test_a_value_that_means_nothing_is_no_empty_answer(get: Get, name: str) -> None:
    kinds = QUERIES[name]["inputs"]
    usual = {one: VALUES[one] for one in kinds}
    for field, kind in kinds.items():
        if kind in FREE:
            continue
        wrong = usual | {field: "zzzqqq 77"}
        page, english = (get(f"{start}/archive/{name}", 400, **wrong).text for start in ("", "/en"))
        assert "“zzzqqq 77”" in page and "“zzzqqq 77”" in english and 'class="rows-and-columns"' not in page
        assert 'class="zero-results"' not in page
        answer = get(f"/archive/{name}.json", 400, **wrong).json()
        assert answer["ok"] is False and "“zzzqqq 77”" in answer["error"]
        assert "“zzzqqq 77”" in get(f"/archive/{name}.csv", 400, **wrong).text


@pytest.mark.parametrize("name", WITH_FIELDS)
def test_a_form_that_was_not_filled_says_what_to_type(get: Get, name: str) -> None:
    page = get(f"/archive/{name}").text
    missing = [one for one, kind in QUERIES[name]["inputs"].items() if not kind.endswith("?")]
    if not missing:
        assert "rows-and-columns" in page or "zero-results" in page
        return
    assert "Không có dòng nào" not in page and "zero-results" not in page and '<p class="hint">Gõ ' in page
    get(f"/archive/{name}.json", 400)
    get(f"/archive/{name}.csv", 400)
    examples = re.search(r"Ví dụ trong kho này: (.*?)</p>", page)
    if name in ("article_history", "search_in_files"):
        assert examples is None and "chưa có giá trị nào" in page  # no article of the sample was edited, and no file read
        return
    assert examples is not None
    for query_string in re.findall(r'href="([^"]+)"', examples[1]):
        assert "rows-and-columns" in get(f"/archive/{name}{query_string}").text


@pytest.mark.parametrize(
    ("typed", "day", "shown"),
    [
        ("01/06/2015", "2015-06-01", "ngày 2015-06-01"),
        ("ngày 1 tháng 6 năm 2015", "2015-06-01", "ngày 2015-06-01"),
        ("2015-06-01", "2015-06-01", "ngày 2015-06-01"),
        ("6/2015", "2015-06", "tháng 2015-06"),
        ("tháng 6 năm 2015", "2015-06", "tháng 2015-06"),
        ("2015-06", "2015-06", "tháng 2015-06"),
        ("2015", "2015", "năm 2015"),
        ("năm 2015", "2015", "năm 2015"),
    ],
)
def test_a_day_is_read_as_the_pages_of_sites_are(get: Get, typed: str, day: str, shown: str) -> None:
    assert get("/archive/cocitations.json", since=typed, until="").json()["query"]["params"]["since"] == day
    page = get("/archive/cocitations", since=typed).text
    assert f"Từ: được hiểu là {shown}" in page and f'value="{typed}"' in page


@pytest.mark.parametrize("typed", ["31/02/2015", "13/2015", "2015-13-01", "hôm qua", "Số 15/2015/TT", "20150"])
def test_what_is_no_day_is_said_to_be_none(get: Get, typed: str) -> None:
    assert f"“{typed}” không phải là ngày" in get("/archive/cocitations", 400, since=typed).text
    assert f"“{typed}” is not a date" in get("/en/archive/cocitations", 400, since=typed).text
    assert f"“{typed}” không phải là ngày" in get("/-/charts/cocitations", 400, since=typed).text


def test_a_period_that_ends_before_it_begins(get: Get) -> None:
    assert "Thời kỳ kết thúc trước khi bắt đầu" in get("/archive/cocitations", 400, since="2016", until="6/2015").text
    get("/archive/cocitations", since="6/2015", until="2015")


@pytest.mark.parametrize("typed", ["tp ha noi", "TP. Hà Nội", "hanoi", "thành phố hà nội", "Ha-Noi"])
def test_a_unit_is_found_however_it_is_written(get: Get, typed: str) -> None:
    assert _rows(get, "articles_per_month", unit=typed) == _rows(get, "articles_per_month", unit="ha-noi") != []


def test_suggestions(get: Get) -> None:
    def offered(name: str, **values: str) -> list[str]:
        found: list[str] = get(f"/archive/{name}.json", 400, **values).json()["suggestions"][next(iter(values))]
        return found

    assert offered("articles_per_month", unit="sample-nghe-an") == ["nghe-an"]  # a source of it
    assert "nghe-an" in offered("articles_per_month", unit="Nghệ Ann")
    assert "sample-ha-noi" in offered("only_here", source="Hà Nội")  # a unit that has it
    assert "nghị định" in offered("top_documents", type="ngh")
    assert offered("who_cited", number="08/2008/CT-BTTTT")
    page = get("/archive/articles_per_month", 400, unit="sample-nghe-an").text
    link = re.search(r'Có phải bạn muốn tìm: <a href="([^"]+)">Nghệ An</a>', page)
    assert link and "rows-and-columns" in get(f"/archive/articles_per_month{link[1]}").text


def test_an_empty_list_of_broken_sources_says_that_all_is_well(get: Get) -> None:
    assert _rows(get, "broken_sources") == []
    page = get("/archive/broken_sources").text
    assert "Mọi nguồn đều ổn" in page and re.search(r"Số nguồn đã xét: 4, lần gần nhất ngày \d{4}-\d\d-\d\d\.", page)
    assert "chưa thu thập lần nào, nên chưa rõ: " in page


# Words that are the same in both languages.
SAME_WORDS = {"url", "etag"}
CODES = {row["column"] for row in rows("column_names")} - SAME_WORDS


@pytest.mark.parametrize("path", [*of_named_queries(), *of_charts(), "/-/questions", "/-/charts", "/-/lives"])
def test_no_heading_is_a_code_and_none_is_there_twice(get: Get, path: str) -> None:
    tree = LexborHTMLParser(get(path).text)
    for table in tree.css("table"):
        heads = [" ".join(one.text().split()) for one in table.css("tr:first-child th")]
        assert len(set(heads)) == len(heads), heads
    shown = {" ".join(one.text(deep=False).split()) for one in tree.css("th, label, option")}
    assert {one for one in shown if one in CODES or one.replace(" ", "_") in CODES} == set()
    texts = [one.text() for one in tree.css(".metadata-description, main p, main li span.quiet")]
    # A column or a query is named as the page calls it.
    assert [word for text in texts for word in re.findall(r"(?<![\w/.])[a-z]+(?:_[a-z]+)+\b", text)] == []


@pytest.mark.parametrize("path", of_named_queries())
def test_a_key_is_a_link(get: Get, path: str) -> None:
    tree = LexborHTMLParser(get(path).text)
    for cell in tree.css("td[class*='_id']"):
        assert cell.css_first("a") is not None or not cell.text().strip(), cell.html


def test_numbers_are_written_as_in_the_language(get: Get) -> None:
    [row] = get("/archive.json", sql="select max(length) as length from captures", _shape="array").json()
    vietnamese, english = (f"{row['length']:,}".replace(",", sign) for sign in (".", ","))
    assert f">{vietnamese}</data>" in get("/archive/captures", _sort_desc="length").text
    assert f">{english}</data>" in get("/en/archive/captures", _sort_desc="length").text
    percents = [
        re.findall(r'col-percent"><data value="[\d.]+">([^<]+)<', get(f"{start}/archive/reprints_by_source").text) for start in ("", "/en")
    ]
    assert percents[0] and len(percents[0]) == len(percents[1])
    assert all("," in one for one in percents[0]) and all("." in one for one in percents[1])
    assert '<td class="col-year">2' in get("/archive/words_by_year").text  # a year has no point


def test_pairs_and_the_articles_of_each_document(get: Get) -> None:
    found = _rows(get, "cocitations", since="", until="")
    assert {row["together"] for row in found} >= {1, 2} and len(found) == found[0]["of_pairs"]
    decision = next(row for row in found if "1727" in row["document"])
    assert decision["document"] == "Quyết định 1727/QĐ-UBND (Nghệ An, 2007)"
    # Not the sum of its pairs, in which an article is counted several times.
    assert decision["articles"] == len(_rows(get, "attention_by_month", number="1727/QĐ-UBND"))
    assert f"<title>{decision['document']}: {decision['articles']}</title>" in get("/-/charts/cocitations").text


def test_no_articles_and_nothing_known_are_not_the_same(get: Get) -> None:
    found = _rows(get, "articles_per_month", unit="btttt")
    empty = [row for row in found if row["state"] == "complete" and row["articles"] == 0]
    assert empty and all(re.match(r"[1-9]\d* danh sách đã đọc cho cả tháng", row["why"]) for row in empty)
    assert all(row["listed_not_stored"] is None or row["listed_not_stored"] > 0 for row in found if row["state"] != "complete")
    page = get("/archive/sources/sample-mic").text
    assert "số danh sách đã đọc cho cả tháng mà không nêu bài nào: " in page


def test_a_source_without_a_past_is_not_said_to_be_compared(get: Get) -> None:
    assert "mọi thứ nhận được đều ổn; chưa đủ dữ liệu để so sánh với trước đây" in get("/-/health").text


def test_a_parameter_of_datasette_that_is_there_twice_is_passed_on_twice(get: Get) -> None:
    """`_json` names a column whose texts are JSON. The year of this query is a text, which is JSON of a number."""
    rows = get("/archive/platforms_over_time.json?source=&_json=source&_json=year&_shape=array").json()
    assert rows and all(isinstance(row["year"], int) for row in rows)


def test_a_refusal_allows_other_sites_no_more_than_an_answer_does(get: Get) -> None:
    """Datasette allows it only if it was started with `--cors`."""
    for path, status in (("/archive/cocitations.json?since=&until=", 200), ("/archive/cocitations.json?since=zzz", 400)):
        answer = get(path, status)
        assert answer.headers["content-type"] == "application/json; charset=utf-8"
        assert "access-control-allow-origin" not in answer.headers


def test_words_of_a_unit_by_month_are_those_of_a_search_and_say_what_was_not_observed(get: Get, sample: Place) -> None:
    rows = _rows(get, "words_by_month", words="phần mềm nguồn mở; zzz", unit="nghe an", year="")
    found = [row for row in rows if row["words"] == "phần mềm nguồn mở"]
    hits = get("/-/search.json", q='"phần mềm nguồn mở"', unit="nghe-an").json()["articles"]["count"]
    assert sum(row["articles"] or 0 for row in found) == hits > 1
    assert len(rows) == 2 * len(found) and not any(row["articles"] for row in rows if row["words"] == "zzz")
    for state, month in sample.rows("select state, month from observed where source_id = 'sample-nghe-an' and month <> 'unknown'"):
        [row] = [row for row in found if row["month"] == month]
        assert row["state"] == state and (row["articles"] is None) == (state == "not-observed"), month
    of_year = _rows(get, "words_by_month", words="phần mềm nguồn mở", unit="nghe an", year="2009")
    assert {row["month"][:4] for row in of_year} == {"2009"}


def test_documents_that_sites_of_one_kind_cite(get: Get, sample: Place) -> None:
    sql = (
        "select document_id, count(distinct article_id), count(*), count(distinct source_id) from citations"
        " join articles on articles.id = article_id join sources on sources.id = source_id"
        " where sources.name like '%Sở Thông tin%' and document_id is not null and reprint_of is null"
        " and published_year between ? and ? group by 1"
    )
    for typed in ("Sở Thông tin và Truyền thông", "so thong tin va truyen thong"):
        for since, until in (("", ""), ("2009", "2010")):
            rows = _rows(get, "cited_by_sources", sources=typed, since=since, until=until)
            expected = sample.rows(sql, int(since or 0), int(until or 9999))
            assert {(row["document_id"], row["articles"], row["citations"], row["sources"]) for row in rows} == set(expected) != set()
            assert {(row["of_sources"], row["known_sources"]) for row in rows} == {(2, 2)}
    assert _rows(get, "cited_by_sources", sources="Sở Thông", since="", until="") and not _rows(
        get, "cited_by_sources", sources="Sở Y tế", since="", until=""
    )


def test_the_docs_name_every_named_query() -> None:
    text = (PROJECT / "docs/querying.md").read_text(encoding="utf-8")
    assert [name for name in QUERIES if f"`{name}`" not in text] == []


def test_two_units_are_compared_month_by_month(get: Get, sample: Place) -> None:
    given = {"unit": "nghe an", "other_unit": "Hà Nội", "words": ""}
    rows = _rows(get, "two_units_by_month", **given)
    found = {(row["unit"], row["month"]): row["articles"] for row in rows if row["articles"]}
    counted = "select units.name, substr(published_at, 1, 7), count(*) from articles join units on units.id = unit_id"
    where = "where unit_id in ('nghe-an', 'ha-noi') and published_at is not null group by 1, 2"
    assert found == {(unit, month): number for unit, month, number in sample.rows(f"{counted} {where}")}
    assert len({(row["unit"], row["month"]) for row in rows}) == len(rows)
    assert {row["articles"] is None for row in rows if row["state"] == "not-observed"} == {True}
    assert {row["articles"] for row in rows if row["state"] == "complete"} >= {0, 1}
    about = _rows(get, "two_units_by_month", **given | {"words": "phan mem nguon mo"})
    assert len(about) == len(rows) and 0 < sum(row["articles"] or 0 for row in about) < sum(found.values())
    assert all(row["articles"] <= row["of_articles"] for row in about if row["articles"])
    same_name = _rows(get, "two_units_by_month", unit="ha-noi", other_unit="ha-noi", words="")
    assert {row["unit"] for row in same_name} == {"ha-noi"}  # and not one series with twice the articles
    # Examples for the second unit keep what was typed for the first.
    hint = LexborHTMLParser(get("/archive/two_units_by_month", unit="nghe an").text).css("p.hint a")
    assert hint and all("unit=nghe+an" in str(link.attributes["href"]) and "other_unit=" in str(link.attributes["href"]) for link in hint)
