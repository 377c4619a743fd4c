"""Search as a visitor sees it: /-/search, the search of Datasette's tables, and the page of who cited a document."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
import tomllib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from benchmarks.big_archive import build
from scraper.reference import rows
from scraper.web import search_articles
from scraper.web.search_articles import Filters
from scraper.web.search_documents import document_ids
from scraper.web.search_narrower import narrower, period_words
from scraper.web.search_query import parse
from scraper.web.search_slips import edited
from scraper.web.search_spelling import MOST_LOOKUPS, MOST_TRIED, Spelling
from tests.conftest import Place
from tests.web.test_datasette import Get, served

SEARCHES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "searches.toml").read_text(encoding="utf-8"))["search"]
Shared = Callable[[str], Path]


@pytest.fixture(scope="module")
def get(sample: Place, tmp_path_factory: pytest.TempPathFactory) -> Get:
    return served(sample.archive, tmp_path_factory.mktemp("searched"))


@pytest.fixture(scope="module")
def hanoi(shared: Shared, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A recording of a real site, crawled."""
    place = Place(tmp_path_factory.mktemp("hanoi"))
    source = place.source("ha-noi-test", "https://sotttt.hanoi.gov.vn", "Sở TT&TT Hà Nội (test)", "ha-noi")
    place.scrapy("crawl", "ha-noi-test", SOURCES_EXTRA=source, REPLAY=shared("pages/hanoi/site.warc.gz"))
    return place


class Page:
    """What a search page shows."""

    def __init__(self, html: str) -> None:
        tree = LexborHTMLParser(html)
        self.text = " ".join(tree.body.text().split()) if tree.body else ""
        self.titles = [node.text() for node in tree.css(".hit-title")]
        self.links = [str(node.attributes["href"]) for node in tree.css(".hit-title")]
        self.marked = [node.text() for node in tree.css("mark")]
        self.ranks = [node.text() for node in tree.css("h2.rank")]
        self.notes = [node.text() for node in tree.css(".note-line")]
        self.snippets = [node.text() for node in tree.css(".around")]
        count = tree.css_first(".count b")
        self.hits = int("".join(char for char in count.text() if char.isdigit()) or 0) if count is not None else 0
        self.more = count is not None and "Hơn" in count.text()
        kinds = [node.text() for node in tree.css(".matches p > .badge")]
        boxed = list(zip(kinds, [node.text() for node in tree.css(".matches p > .badge + a")], strict=True))
        self.documents = [name for kind, name in boxed if kind == "Văn bản"]
        self.units = [name for kind, name in boxed if kind == "Đơn vị"]


def _search(get: Get, q: str, **more: str) -> Page:
    return Page(get("/-/search", q=q, **more).text)


def _check(get: Get, wanted: dict[str, Any]) -> None:
    """Checks one row of searches.toml."""
    page = _search(get, wanted["q"])
    if "first" in wanted:
        assert page.titles and wanted["first"] in page.titles[0], page.titles[:3]
    for words in wanted.get("contains", ()):
        assert any(words in title for title in page.titles), (words, page.titles)
    for words in wanted.get("without", ()):
        assert not any(words in title for title in page.titles), words
    if "hits" in wanted:
        least, most = wanted["hits"] if isinstance(wanted["hits"], list) else (wanted["hits"], wanted["hits"])
        assert least <= page.hits <= most, page.hits
    if "same_as" in wanted:
        other = _search(get, wanted["same_as"])
        assert (page.hits, page.titles) == (other.hits, other.titles) and page.hits
    if "document" in wanted:
        assert (page.documents or [""])[0] == wanted["document"]
    if "unit" in wanted:
        assert (page.units or [""])[0] == wanted["unit"]
    if "marked" in wanted:
        assert wanted["marked"].casefold() in [piece.casefold() for piece in page.marked], page.marked
    if "note" in wanted:
        assert any(wanted["note"] in note for note in page.notes), page.notes
    if page.hits:  # Datasette's own search of the table finds the same
        rows = get("/archive/articles.json", _search=wanted["q"], _size="max").json()["filtered_table_rows_count"]
        assert rows == page.hits
    assert "Cách tìm" in page.text and "Ví dụ" in page.text


@pytest.mark.parametrize("wanted", [one for one in SEARCHES if one["archive"] == "sample"], ids=lambda one: one["q"])
def test_searches_of_the_sample(get: Get, wanted: dict[str, Any]) -> None:
    _check(get, wanted)


@pytest.mark.gate
def test_searches_of_a_recorded_site(hanoi: Place, tmp_path_factory: pytest.TempPathFactory) -> None:
    get = served(hanoi.archive, tmp_path_factory.mktemp("searched-hanoi"))
    for wanted in SEARCHES:
        if wanted["archive"] == "hanoi":
            _check(get, wanted)
    # Every hit that has the words side by side comes before all others.
    page = _search(get, "thanh hoá")
    beside = [place for place, text in enumerate(page.snippets) if "Thanh Hóa" in text or "Thanh Hoá" in text]
    assert beside[:3] == [0, 1, 2] and page.ranks[0] == "Các từ gần nhau"
    # What is about the words comes before what names them. Some titles have the abbreviation.
    page = _search(get, "an toàn thông tin")
    assert sum("an toàn thông tin" in title.casefold() for title in page.titles) >= 18 and page.ranks == []
    assert _search(get, "công nghệ thông tin", sort="oldest").titles != _search(get, "công nghệ thông tin", sort="newest").titles


def test_there_are_forty_searches() -> None:
    assert len(SEARCHES) >= 40 and len({one["q"] for one in SEARCHES}) == len(SEARCHES)


def test_filters_and_what_they_say(get: Get) -> None:
    everything = _search(get, "phần mềm")
    of_unit = _search(get, "phần mềm", unit="ha-noi")
    assert 0 < of_unit.hits < everything.hits and of_unit.titles == ["Hà Nội đưa phần mềm nguồn mở vào trường học và cơ quan"]
    in_years = _search(get, "phần mềm", **{"from": "2009", "to": "2009"})
    assert len(in_years.titles) == in_years.hits == 3
    assert _search(get, "phần mềm", section="An toàn thông tin").titles == ["Phòng, chống phần mềm độc hại: việc cần làm ngay"]
    citing = _search(get, "", document="chi thi 07/2008/ct-btttt")
    assert citing.hits == 8 and "Nghệ An: Hội thảo phần mềm nguồn mở và tập huấn hệ thống quản lý chất lượng" in citing.titles
    assert _search(get, "hội thảo", document="07/2008/CT-BTTTT").hits == 3
    unknown = _search(get, "phần mềm", document="99/1899/XX")
    assert unknown.hits == 0 and unknown.notes == ["Không văn bản nào khớp với bộ lọc “văn bản được viện dẫn”."]
    assert _search(get, "phần mềm", **{"from": "19x"}).notes == [
        "Ngày viết là 2015, 6/2015, 30/06/2015 hoặc 2015-06-30; bộ lọc này không được dùng."
    ]


def test_a_period_is_typed_as_days_months_or_years(get: Get, sample: Place) -> None:
    """Both ends belong to it."""
    days = [day[:10] for (day,) in sample.rows("select published_at from articles where published_at is not null order by 1")]
    first = next(day for day in days if len(day) == 10 and day[8:] not in ("01", "28", "29", "30", "31"))
    year, month, day = first.split("-")
    in_month = sum(one.startswith(f"{year}-{month}") for one in days)
    for typed, expected in (
        ({"from": first, "to": f"{day}/{month}/{year}"}, days.count(first)),
        ({"from": f"{int(month)}/{year}", "to": f"tháng {int(month)} năm {year}"}, in_month),
        ({"from": f"{year}-{month}", "to": year}, sum(f"{year}-{month}" <= one and one.startswith(year) for one in days)),
        ({"from": f"ngày {day} tháng {month} năm {year}"}, sum(one >= first for one in days)),
        ({"to": f"{day}.{month}.{year}"}, sum(one <= first for one in days)),
    ):
        found = _search(get, "", **typed)
        assert found.hits == expected and not found.notes, (typed, found.hits, expected)
    backwards = _search(get, "phần mềm", **{"from": "2010", "to": "12/2009"})
    assert backwards.hits == 0 and backwards.notes == ["Thời kỳ kết thúc trước khi bắt đầu."]
    assert not _search(get, "phần mềm", **{"from": "6/2009", "to": "2009"}).notes


def test_the_files_of_a_search_have_all_hits(get: Get) -> None:
    period = {"from": "6/2009", "to": "15/09/2011"}
    cited, section = {"document": "07/2008/CT-BTTTT"}, {"section": "An toàn thông tin"}
    for more in ({}, {"unit": "ha-noi", "from": "2010"}, period, cited, section):
        html = get("/-/search", q="phần mềm", **more).text
        table, file, _excel = (str(node.attributes["href"]) for node in LexborHTMLParser(html).css(".export-links a"))
        hits = Page(html).hits
        assert hits and len(list(csv.DictReader(io.StringIO(get(file).text.lstrip("\ufeff"))))) == hits, more
        assert get(table.replace("/articles?", "/articles.json?")).json()["filtered_table_rows_count"] == hits, more


def test_orders(get: Get) -> None:
    best, newest, oldest = (_search(get, "chuyen doi so", sort=order) for order in ("relevance", "newest", "oldest"))
    assert set(best.titles) == set(newest.titles) == set(oldest.titles) and newest.titles == oldest.titles[::-1]
    assert newest.titles[0] == "Chuyển đổi chứng nhận hệ thống quản lý chất lượng tại địa phương" == best.titles[-1]
    assert best.ranks and not newest.ranks


def test_pages_of_the_answer(get: Get) -> None:
    first, second, third = (_search(get, "", **{"from": "2000", "page": page}) for page in ("1", "2", "3"))
    assert first.hits == 48 and [len(page.titles) for page in (first, second, third)] == [20, 20, 8]
    assert len({*first.links, *second.links, *third.links}) == 48
    beyond = _search(get, "", **{"from": "2000", "page": "400"})
    assert beyond.titles == [] and "Không có trang kết quả này." in beyond.text


def test_a_tag_is_found_and_shown(get: Get) -> None:
    page = _search(get, "truyền hình số")
    assert page.titles == ["Kế hoạch số hóa truyền hình mặt đất của tỉnh"] and "thẻ của bài viết" in page.text
    assert "truyền hình số" in page.marked


@pytest.mark.parametrize(
    "q", ["", " ", '"', "AND", "a OR", "NEAR(", "title:x", "-", "*", "()", "''", "a" * 3000, "\0", '"' * 500, "a " * 500]
)
def test_no_search_is_an_error(get: Get, q: str) -> None:
    page = _search(get, q)
    assert "Cách tìm" in page.text
    get("/archive/articles.json", _search=q)
    get("/-/who-cited", number=q)
    for query in ("search", "find_document"):
        get(f"/archive/{query}", q=q)
        found = get(f"/archive/{query}.json", status=200 if q.strip() else 400, q=q).json()  # no answer is not an empty one
        assert q.strip() or found["error"] == "Gõ từ cần tìm."


def test_what_is_too_long_is_cut_and_that_is_said(get: Get) -> None:
    assert _search(get, "phần mềm " * 20).notes == ["Chỉ tìm theo 24 từ đầu."]
    assert _search(get, "phần mềm " * 100).notes == ["Chỉ tìm theo 300 ký tự đầu.", "Chỉ tìm theo 24 từ đầu."]


def test_what_is_typed_is_text(get: Get) -> None:
    shown = get("/-/search", q='<script>alert(1)</script>"><img src=x onerror=alert(1)>', document="<b>", section="<i>").text
    assert "<script>alert" not in shown and "<img" not in shown and "<b>" not in shown.replace("<b>Không có bài nào</b>", "")


def test_what_sites_publish_is_text(copied: Place, tmp_path: Path) -> None:
    hostile = "<img src=x onerror=alert(1)> phần mềm </mark><script>alert(1)</script> \u202e" + "x" * 3000
    with closing(sqlite3.connect(copied.archive)) as database, database:
        for sql in (
            "update articles set title = ?, section = ?1, summary = ?1",
            "update article_text set body = ?",
            "update sources set name = ?",
        ):
            database.execute(sql, [hostile])
        database.execute("update units set name = ?", [hostile])
        database.execute("update documents set (label, title, issuer) = (?1, ?1, ?1) where article_count > 0", [hostile])
        database.execute("insert or ignore into article_tags select id, ? from articles", [hostile])
    (tmp_path / "hostile").mkdir()
    get = served(copied.archive, tmp_path / "hostile")
    for path, given in (
        ("/-/search", {"q": "phần mềm"}),
        ("/-/search", {"q": "07/2008/CT-BTTTT"}),
        ("/-/who-cited", {"number": "07/2008/CT-BTTTT"}),
    ):
        html = get(path, **given).text
        assert "onerror" in html and "<img" not in html and "<script>alert" not in html, path
        assert html.count("<mark>") == html.count("</mark>")


def test_the_named_query_reports_all_hits(get: Get) -> None:
    rows = get("/archive/search.json", q="nghe an", _shape="objects").json()["rows"]
    assert {row["hits"] for row in rows} == {len(rows)} == {8}
    assert [row["published"] for row in rows] == sorted((row["published"] for row in rows), reverse=True)
    assert all("nghệ an" in (row["title"] + row["found"]).casefold() for row in rows)


def test_english(get: Get) -> None:
    page = get("/en/-/search", q="07/2008/CT-BTTTT").text
    assert "8 articles" in page and "How to search" in page and "Who cited it first" in page and "Cách tìm" not in page
    assert 'href="/en/archive/articles/' in page and 'action="/en/-/search"' in page


def test_the_box_is_in_the_header_of_every_page(get: Get) -> None:
    for path in ("/archive", "/archive/articles", "/archive/articles/1", "/-/health"):
        assert get(path).text.count('class="search-box" action="/-/search"') == 1, path
    assert 'class="search-box"' not in get("/").text  # the home page has a bigger one


def test_more_hits_than_are_counted(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    """The order is the same as if all hits were ranked."""
    cases = [
        ("phan mem", {}),
        ("thông tin mạng", {}),
        ("chuyen doi so", {"unit": "nghe-an"}),
        ("", {"from": "2000"}),
        ("he thong", {"from": "2009"}),
    ]
    orders = [(q, more | {"sort": order}) for q, more in cases for order in ("relevance", "newest", "oldest")]
    exact = [_search(get, q, **more) for q, more in orders]
    monkeypatch.setattr(search_articles, "MOST", 2)
    for (q, more), one in zip(orders, exact, strict=True):
        page = _search(get, q, **more)
        assert page.more and not one.more and page.titles == one.titles and page.ranks == one.ranks and len(one.titles) > 2, (q, more)


@pytest.mark.gate
def test_an_archive_with_more_articles_than_are_counted(tmp_path: Path) -> None:
    build(tmp_path / "archive.db", 12_000)
    (tmp_path / "served").mkdir()
    get = served(tmp_path / "archive.db", tmp_path / "served")
    page = _search(get, "thuc hien")
    assert page.more and page.hits == 10_000 and len(page.titles) == 20
    last = _search(get, "thuc hien", page="500")
    assert len(last.titles) == 20 and "Chỉ hiện được 10.000 bài đầu" in last.notes[0]
    rows = get("/archive/search.json", q="thuc hien", _shape="objects").json()["rows"]
    assert {row["hits"] for row in rows} == {10_001} and len(rows) == 100
    newest = _search(get, "thuc hien", sort="newest")
    assert [row["article_id"] for row in rows[:20]] == [int(link.rpartition("/")[2]) for link in newest.links]


def test_a_number_shows_at_once_who_cited_it(get: Get) -> None:
    rows = _cells(LexborHTMLParser(get("/-/search", q="7/2008/ct-btttt").text))
    assert rows[0][:3] == ["Nghệ An", "2009-07-15", "197"] and ["Hà Nội", "2010-03-12", "437"] in [row[:3] for row in rows]


def _who(get: Get, number: str, **more: str) -> LexborHTMLParser:
    return LexborHTMLParser(get("/-/who-cited", number=number, **more).text)


def _cells(tree: LexborHTMLParser) -> list[list[str]]:
    return [[" ".join(cell.text().split()) for cell in row.css("td")] for row in tree.css("table tr") if row.css("td")]


def test_who_cited_one_document(get: Get) -> None:
    for number in ("07/2008/CT-BTTTT", "chi thi 7/2008/ctbtttt", "Đẩy mạnh dùng phần mềm mã nguồn mở trong cơ quan nhà nước"):
        rows = _cells(_who(get, number))
        assert rows[0][:3] == ["Nghệ An", "2009-07-15", "197"] and len(rows) == 4, number


def test_words_of_a_title_find_it_although_other_titles_have_them_side_by_side(get: Get) -> None:
    """The title of the directive has another word between them: "phần mềm mã nguồn mở"."""
    for words in ("phan mem nguon mo", "phần mềm nguồn mở"):
        rows = get("/archive/who_cited.json", number=words, _shape="array").json()
        found = [row["document"] for row in rows]
        assert found.count("Chỉ thị 07/2008/CT-BTTTT") == 4 and "Thông tư 41/2009/TT-BTTTT" in found, words
        offered = [node.text() for node in _who(get, words).css("ul.list a")]
        assert "Chỉ thị 07/2008/CT-BTTTT" in offered and offered[0] == "Thông tư 41/2009/TT-BTTTT", words


def test_the_files_of_who_cited_are_those_of_the_question(get: Get) -> None:
    """They were "not found"."""
    for start in ("", "/en"):
        found = get(f"{start}/-/who-cited.json", 302, number="07/2008/CT-BTTTT").headers["location"]
        assert found.startswith(f"{start}/archive/who_cited.json?number=07%2F2008%2FCT-BTTTT") and len(get(found).json()["rows"]) == 4
    assert "who_cited.csv?number=%2312" in get("/-/who-cited.csv", 302, document="12").headers["location"]
    get("/-/who-cited.json", 400, nummer="12")


def test_who_cited_with_several_and_with_no_match(get: Get) -> None:
    choice = _who(get, "nghi dinh 72")
    links = {node.text(): str(node.attributes["href"]) for node in choice.css("ul.list a")}
    assert "Nghị định 72/2013/NĐ-CP" in links and len(links) > 3 and "Văn bản nào?" in choice.html  # type: ignore[operator]
    chosen = LexborHTMLParser(get(links["Nghị định 72/2013/NĐ-CP"]).text)
    assert chosen.css_first("h1").text() == "Ai đã viện dẫn Nghị định 72/2013/NĐ-CP?" and len(_cells(chosen)) == 3  # type: ignore[union-attr]
    missing = _who(get, "07/2009/CT-BTTTT")
    assert "Chỉ thị 07/2008/CT-BTTTT" in [node.text() for node in missing.css("ul.list a")]


@pytest.mark.parametrize("typed", ["ct 07 bttt", "Chị thị 07/2008", "07/2008/CT-BTTT"])
def test_a_number_with_a_slip_leads_to_similar_ones(get: Get, typed: str) -> None:
    """Also on the page of the search, which finds nothing else."""
    for path, name in (("/-/who-cited", "number"), ("/-/search", "q")):
        page = get(path, **{name: typed}).text
        assert "gần giống:" in page
        assert next(node.text() for node in LexborHTMLParser(page).css("main ul.list a")) == "Chỉ thị 07/2008/CT-BTTTT"


def test_a_slip_in_a_diacritic_leads_to_the_search_without_them(get: Get) -> None:
    page = get("/en/-/search", q="chuyễn đổi số", unit="nghe-an").text
    link = re.search(r'Without diacritics, which finds every spelling: <a href="([^"]+)">chuyen doi so</a>', page)
    assert link and "unit=nghe-an" in link[1] and _search(get, "chuyen doi so", unit="nghe-an").hits > 0
    assert "Gõ không dấu để" not in get("/-/search", q="zzzễ").text  # nothing is found so, either


def test_who_cited_a_list_of_numbers(get: Get) -> None:
    tree = _who(get, "07/2008/CT-BTTTT\nNĐ 72/2013\n\nnghi dinh 72\n99/1899/XX\n07/2008/CT-BTTTT\n")
    rows = _cells(tree)
    assert [row[0] for row in rows] == ["07/2008/CT-BTTTT", "NĐ 72/2013", "nghi dinh 72", "99/1899/XX"]
    assert rows[0][1:] == ["Chỉ thị 07/2008/CT-BTTTT", "8", "4", "2009-07-15", "197"]
    assert rows[1][1] == "Nghị định 72/2013/NĐ-CP" and "nhiều văn bản" in rows[2][1] and "không văn bản nào" in rows[3][1]
    assert "Chỉ tra 100 dòng đầu." in _who(get, "\n".join(f"{n}/2008/CT-BTTTT" for n in range(101))).html  # type: ignore[operator]


@pytest.mark.parametrize("entry", period_words(), ids=lambda entry: entry["role"])
def test_the_example_of_each_word_before_a_date(entry: dict[str, Any]) -> None:
    example = entry["example"]
    [found] = narrower(example["q"], ())
    assert (found.q, found.since, found.until) == (example["rest"], example.get("since"), example.get("until"))


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("khoa học hà nội tháng 5 2014", [("khoa học", "ha-noi", "2014-05", "2014-05"), ("khoa học hà nội", None, "2014-05", "2014-05")]),
        ("nghe an 2009..2012", [("", "nghe-an", "2009", "2012"), ("nghe an", None, "2009", "2012")]),
        ("tập huấn ở TP Hà Nội", [("tập huấn", "ha-noi", None, None)]),
        ("ngày 5 tháng 3 năm 2009", [("", None, "2009-03-05", "2009-03-05")]),
        ("sau 2015 đến 2017 viễn thông", [("viễn thông", None, "2016", "2017")]),
        ("từ 2010 đến 2009", []),  # ends before it begins
        ("CNTT -Hà Nội", []),  # without it
        ('"Nghệ An" 2012', []),  # words as they are
        ("nghê án tin", []),  # other diacritics
        ("hà nội", []),  # the box has the unit
        ("tin Hà Tây", []),  # has no articles
    ],
)
def test_a_period_or_a_unit_among_the_words(q: str, found: list[tuple[str | None, ...]]) -> None:
    assert [(one.q, one.unit, one.since, one.until) for one in narrower(q, {"nghe-an", "ha-noi"})] == found


def test_a_search_with_a_unit_and_a_period_among_its_words_offers_them_as_filters(get: Get) -> None:
    """It finds nothing: no article says "từ tháng 3/2009"."""
    assert _search(get, "phần mềm nguồn mở Nghệ An từ tháng 3/2009").hits == 0
    link = LexborHTMLParser(get("/-/search", q="phần mềm nguồn mở Nghệ An từ tháng 3/2009").text).css_first(".narrower a")
    assert link is not None and link.text() == "“phần mềm nguồn mở”, Đơn vị: Nghệ An, Đăng từ: 2009-03"
    page = Page(get(str(link.attributes["href"])).text)
    assert page.hits == _search(get, "phần mềm nguồn mở", unit="nghe-an", **{"from": "3/2009"}).hits > 0
    for q, more in (("chỉ thị 07 năm 2008", {}), ("phần mềm Nghệ An", {"unit": "ha-noi"}), ("phần mềm 2010", {"to": "2012"})):
        assert 'class="narrower"' not in get("/-/search", q=q, **more).text


@pytest.mark.parametrize("row", rows("search_small_words"), ids=lambda row: row["word"])
def test_a_title_need_not_have_small_words(sample: Place, row: dict[str, str]) -> None:
    with closing(sqlite3.connect(sample.archive)) as database:
        found = document_ids(database, row["example"])
        assert found and database.execute("select number from documents where id = ?", found[:1]).fetchone() == (row["finds"],)
        assert document_ids(database, f'"{row["example"]}"') == []  # in quotes, every word counts


def test_the_words_in_a_title_come_first(get: Get) -> None:
    page = _search(get, "nghe an")
    titled = ["Nghệ An" in title for title in page.titles]
    assert titled == sorted(titled, reverse=True) and 0 < sum(titled) < len(titled) and page.ranks[0] == "Các từ liền nhau"
    hits = get("/-/search.json", q="nghe an -vinh").json()["articles"]["hits"]
    assert {hit["rank"] for hit in hits if "Nghệ An" in hit["title"]} == {"title"} and not any("Vinh" in hit["title"] for hit in hits)
    assert _search(get, "diễn").titles[0].startswith("Diễn tập")  # of one word, too


def test_a_number_that_no_document_has_gets_others_also_if_articles_have_its_words(get: Get) -> None:
    """People call a decision by what it approves."""
    page = _search(get, "đề án 749")
    assert "Văn bản có số gần giống" in page.text and "Quyết định 749/QĐ-TTg" in page.text


def test_a_unit_that_was_merged_names_the_one_of_today(get: Get) -> None:
    boxes = LexborHTMLParser(get("/-/search", q="Bắc Kạn").text).css(".matches p")
    assert ["nay thuộc Tỉnh Thái Nguyên" in box.text() for box in boxes] == [True]
    assert "nay thuộc" not in get("/-/search", q="Nghệ An").text


def test_the_filter_of_a_unit_takes_a_name_and_says_what_has_none(get: Get) -> None:
    """A unit that there is not found nothing, which looked like an answer."""
    by_id, by_name = (get("/-/search", q="phan mem", unit=unit).text for unit in ("nghe-an", "nghe an"))
    assert Page(by_id).titles == Page(by_name).titles != [] and "unit_id=nghe-an" in by_name
    assert "Không có đơn vị này" in get("/-/search", q="phan mem", unit="nghean").text


@pytest.mark.parametrize("wrong", ["unit=nghean", "from=19x", "from=2012&to=2010", "sort=new", "in=x"])
def test_a_filter_that_means_nothing_is_an_error_for_programs(get: Get, wrong: str) -> None:
    """They do not read notes."""
    answer = get(f"/-/search.json?q=phan+mem&{wrong}", 400).json()
    assert answer["ok"] is False and answer["error"]


def _spellings(get: Get, q: str, language: str = "", **more: str) -> list[str]:
    """Returns the other spellings that the page of a search offers; each must find articles."""
    page = get(f"{language}/-/search", q=q, **more).text
    links = LexborHTMLParser(page).css(".spellings a")
    for link in links:
        assert _search(get, link.text(), **more).hits > 0, link.text()
    return [link.text() for link in links]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("quyeest ddinhj", "quyết định"),  # Telex and VNI while the input method is off
        ("quye61t d9inh5", "quyết định"),
        ("Chuyeenr đổi số", "Chuyển đổi số"),
        ("quyêt định", "quyết định"),  # a tone is missing, or wrong
        ("quyết dịnh", "quyết định"),
        ("chuyễn đổi số", "chuyển đổi số"),
        ("chuyển đổi xố", "chuyển đổi số"),  # letters that sound alike
        ("phan mem nguôn mo", "phan mem nguồn mo"),
        ("ngi dinh", "nghi dinh"),
        ("quyet dihn", "quyet dinh"),  # letters in another order, one too many, one missing, no blank between
        ("hoii thao", "hoi thao"),
        ("quyetdinh", "quyet dinh"),
        ('"phân mềm"', '"phần mềm"'),  # the syntax stays
        ("tâp huấn -internet", "tập huấn -internet"),
    ],
)
def test_a_mistyped_search_offers_what_was_meant(get: Get, typed: str, meant: str) -> None:
    assert _spellings(get, typed)[:1] == [meant]
    assert _search(get, typed).hits == 0  # the answer itself is that of what was typed


@pytest.mark.parametrize("q", ["quyết định", "nghe an", "zzzzqqq", "", "07/2008/CT-BTTTT", "-an"])
def test_a_search_that_finds_enough_or_means_nothing_offers_no_spelling(get: Get, q: str) -> None:
    assert _spellings(get, q) == []


def test_other_spellings_keep_the_filters_and_are_in_both_languages_and_for_programs(get: Get) -> None:
    assert "Có phải bạn muốn tìm: <a" in get("/-/search", q="quyeest ddinhj").text
    english = get("/en/-/search", q="quyeest ddinhj", unit="nghe-an").text
    assert re.search(r'Did you mean: <a href="[^"]*unit=nghe-an', english)
    assert _spellings(get, "quyeest ddinhj", unit="ha-tay") == []  # nothing of this unit has the words
    assert get("/-/search.json", q="quyêt định").json()["did_you_mean"][0] == "quyết định"


def test_the_look_ups_for_other_spellings_do_not_grow_with_the_words_of_the_archive() -> None:
    """A search of six words that are all wrong, in an archive that has each neighbour of each of them: the worst one."""
    typed = ("thươngmại", "côngnghệ", "nghiêncứu", "truyềnthông", "pháttriển", "quyếtđịnh")
    words = [guess.word for word in typed for guess in edited(word)]
    database = sqlite3.connect(":memory:")
    database.execute("create table articles (id integer primary key, published_at text)")
    database.execute("create virtual table articles_fts using fts5(title, text, title_folded, text_folded, content='')")
    database.executemany("insert into articles_fts (rowid, title) values (?, ?)", enumerate(words, start=1))
    database.executemany("insert into articles (id) values (?)", [(key,) for key in range(1, len(words) + 1)])
    spelling = Spelling(database, parse(" ".join(typed)), Filters(), 0)
    spelling.look()
    assert len(words) > 5_000 and spelling.lookups <= MOST_LOOKUPS and spelling.tried <= MOST_TRIED


@pytest.mark.parametrize("typed", ["nghị định 72 c", "nghi dinh 72 củ", "nghị định 72 của chính p"])
def test_a_number_with_a_word_that_is_not_typed_to_its_end(get: Get, typed: str) -> None:
    found = _search(get, typed).documents
    assert found and all(name.startswith("Nghị định 72/") for name in found)
    assert _search(get, "nghị định 72 của cục quốc phòng").documents == []  # whole words must be there
