"""Files of articles as a visitor sees them: on the page of the article, of the file and of the document, and in the search.

The site is ours: notices whose files hold the decisions, and files that cannot be read.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from selectolax.lexbor import LexborHTMLParser

from benchmarks.datasette_server import serving
from scraper.web import attached_file_page, search_attached
from tests import notices
from tests.conftest import PROJECT, Place
from tests.server import Answer, article, listing, serving_pages
from tests.web.conftest import in_chromium
from tests.web.test_datasette import Get, served
from tests.web.test_every_page import _faults
from tests.web.test_hostile import _visit, poisoned

NOW = "2026-10-30T02:00:00+07:00"
HOSTILE = "<script>alert(1)</script> <img src=x onerror=alert(2)> Căn cứ Luật Viễn thông, \"'><svg onload=alert(3)>"
OTHERS = {
    "ban-quet.pdf": "scan.pdf",
    "co-mat-khau.pdf": "encrypted.pdf",
    "hong.pdf": "bad-xref.pdf",
    "tcvn3.doc": "tcvn3.doc",
    "trang.pdf": "page-and-scan.pdf",
}


def _file(name: str) -> Answer:
    return 200, {"Content-Type": "application/octet-stream"}, (PROJECT / "tests/files" / name).read_bytes()


def _rtf(text: str) -> Answer:
    return 200, {"Content-Type": "application/rtf"}, notices.rtf(text)


def _site() -> dict[str, str | Answer]:
    """Returns a site with three decisions, of which the third one replaces the first, and one article with files of every state."""
    pages = notices.site(2, citing=1)
    replaced = "Quyết định này thay thế Quyết định số 1/QĐ-STTTT ngày 21 tháng 10 năm 2026 của Sở Thông tin và Truyền thông tỉnh Nghệ An."
    pages["/tep/qd-3.rtf"] = _rtf(notices.decision(3, f"Mật hiệu của đợt là hoa gạo số 3. {replaced}"))
    pages["/tep/doc-hai.rtf"] = _rtf(f"{HOSTILE}\n\nhoa súng bên hồ")
    pages["/tep/dai.rtf"] = _rtf("\n\n".join(f"Đoạn {number}: hoa đại nở trắng bên đường làng." for number in range(3_000)))
    pages |= {f"/tep/{name}": _file(source) for name, source in OTHERS.items()}
    links = [f"<a href='/tep/{name}'>Tệp {name}</a>" for name in (*OTHERS, "doc-hai.rtf", "dai.rtf", "khong-co.pdf")]
    links.append("<a href='https://khac.example.gov.vn/qd.pdf'>Tệp ở nơi khác</a>")
    text = "Sở thông báo đến các phòng, đơn vị trực thuộc và các huyện các tài liệu của đợt tập huấn về hoa sen trong năm nay."
    listed = [
        ("/thong-bao/quyet-dinh-moi-cua-so-ve-bao-tri-1.html", "Quyết định mới của sở về bảo trì hệ thống, đợt 1"),
        ("/thong-bao/quyet-dinh-moi-cua-so-ve-bao-tri-2.html", "Quyết định mới của sở về bảo trì hệ thống, đợt 2"),
        ("/thong-bao/quyet-dinh-moi-cua-so-ve-thay-the-3.html", "Quyết định mới của sở về thay thế kế hoạch, đợt 3"),
        ("/thong-bao/tai-lieu-cua-dot-tap-huan-nam-nay-4.html", "Tài liệu của đợt tập huấn nghiệp vụ trong năm nay"),
        ("/tin-tuc/cac-huyen-thuc-hien-ke-hoach-bao-tri-dot-1.html", "Các huyện thực hiện kế hoạch bảo trì hệ thống, đợt 1"),
    ]
    pages[listed[2][0]] = article(listed[2][1], text, "<a href='/tep/qd-3.rtf'>Xem chi tiết tại đây</a>", day="28/10/2026 08:00")
    pages[listed[3][0]] = article(listed[3][1], text, *links, day="29/10/2026 08:00")
    pages["/"] = listing(*listed)
    return pages


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("notices"))
    with serving_pages(_site()) as site:
        source = place.source("mau", site.url)
        place.scrapy("crawl", "mau", SOURCES_EXTRA=source, NOW=NOW, DOWNLOAD_DELAY=0.01)
    return place


@pytest.fixture(scope="module")
def get(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Get:
    return served(place.archive, tmp_path_factory.mktemp("files-of-articles"))


def _id(place: Place, name: str) -> int:
    [(key,)] = place.rows("select id from files where url like ?", f"%/{name}")
    return int(key)


def _article(place: Place, words: str) -> str:
    [(key,)] = place.rows("select id from articles where title like ?", f"%{words}%")
    return f"/archive/articles/{key}"


def _document(place: Place, number: str) -> str:
    [(key,)] = place.rows("select id from documents where number = ? and (file_id is not null or confidence is not null)", number)
    return f"/archive/documents/{key}"


def _texts(html: str, selector: str) -> list[str]:
    return [" ".join(node.text().split()) for node in LexborHTMLParser(html).css(selector)]


def test_an_article_shows_the_state_of_each_file_and_counts_what_they_cite_apart(place: Place, get: Get) -> None:
    shown = dict(
        zip(
            [*OTHERS, "doc-hai.rtf", "dai.rtf", "khong-co.pdf", "qd.pdf"],
            _texts(get(_article(place, "tập huấn")).text, ".files li"),
            strict=True,
        )
    )
    for name, words in {
        "ban-quet.pdf": "bản quét: chỉ có ảnh trang, không có chữ",
        "co-mat-khau.pdf": "phải có mật khẩu mới đọc được",
        "tcvn3.doc": "Word (DOC)",
        "khong-co.pdf": "không còn trên trang",
        "qd.pdf": "ở máy chủ khác, chỉ ghi lại liên kết",
    }.items():
        assert name in shown[name] and words in shown[name], name
    assert "“Tệp ban-quet.pdf”" in shown["ban-quet.pdf"] and "KB" in shown["ban-quet.pdf"] and "nội dung chữ" not in shown["ban-quet.pdf"]
    english = _texts(get("/en" + _article(place, "tập huấn")).text, ".files li")
    assert "a scan: pictures of pages, no text" in english[0] and "on another host: only the link is recorded" in english[-1]
    notice = get(_article(place, "bảo trì hệ thống, đợt 2")).text
    [row] = _texts(notice, ".files li")
    assert "Tệp này là văn bản Quyết định 2/QĐ-STTTT" in row and "Tệp viện dẫn 2 văn bản: Luật 41/2009/QH12, Nghị định 64/2007/NĐ-CP" in row
    # What the text cites is another number, and is not changed by the file.
    assert "Văn bản được viện dẫn (0)" in notice and "Các tệp của bài viện dẫn 2 văn bản, không tính ở đây." in notice
    assert f'href="/-/file/{_id(place, "qd-2.rtf")}"' in notice


def test_the_page_of_a_file_has_the_document_with_its_rules_and_the_text_with_its_citations(place: Place, get: Get) -> None:
    html = get(f"/-/file/{_id(place, 'qd-3.rtf')}").text
    fields = {
        row[0]: (row[1], row[2]) for row in (_cells(node) for node in LexborHTMLParser(html).css("details table tr")) if len(row) == 4
    }
    assert fields["người ký"] == ("Nguyễn Văn Mẫu", "các dòng chữ ký: quyền hạn ký, chức vụ, họ tên")
    assert fields["ngày ký"][0] == "2026-10-23" and fields["trích yếu"][0] == notices.subject_of(3)
    marked = dict(re.findall(r'<a class="citation" href="([^"]+)"[^>]*>([^<]+)</a>', html.partition('id="text"')[2]))
    assert marked[_document(place, "64/2007/NĐ-CP")] == "Nghị định số 64/2007/NĐ-CP"
    assert "Thay thế hoặc bãi bỏ (1)" in html and "Căn cứ pháp lý (2)" in html
    assert _article(place, "thay thế kế hoạch, đợt 3") in html and "Các bản chụp của tệp này" in html
    english = get(f"/en/-/file/{_id(place, 'qd-3.rtf')}").text
    assert "Replaces or repeals (1)" in english and "signing" in english and "ngày ký" not in english.partition("<details>")[0]
    get("/-/file/999999", 404)


def _cells(node: Any) -> list[str]:
    return [" ".join(cell.text().split()) for cell in node.css("th, td")]


def test_texts_of_files_are_escaped(place: Place, get: Get) -> None:
    html = get(f"/-/file/{_id(place, 'doc-hai.rtf')}").text
    assert (
        "&lt;script&gt;alert(1)&lt;/script&gt;" in html
        and "<script>alert" not in html
        and "<svg onload" not in html
        and "onerror=alert(2)&gt;" in html
    )
    found = get("/-/search", q="hoa súng alert").text
    assert "<svg onload" not in found and "<script>alert" not in found and "&lt;" in found


def test_a_long_text_is_shown_in_parts_that_join_to_the_whole(place: Place, get: Get) -> None:
    path, seen, pages = f"/-/file/{_id(place, 'dai.rtf')}", list[str](), 0
    while path:
        tree = LexborHTMLParser(get(path.partition("#")[0]).text)
        paragraphs = [node.text() for node in tree.css(".file-page .text p")]
        assert sum(map(len, paragraphs)) <= attached_file_page.LONGEST
        seen += paragraphs
        link = tree.css_first(".pager a[rel=next]")
        path = str(link.attributes["href"]) if link is not None else ""
        pages += 1
    [(text,)] = place.rows("select text from file_pages where file_id = ?", _id(place, "dai.rtf"))
    assert pages > 2 and seen == text.split("\n\n")
    assert "Tệp không có trang này." in get(f"/-/file/{_id(place, 'dai.rtf')}?page=99").text
    assert get(f"/-/file/{_id(place, 'dai.rtf')}?page=x&at=-1").status_code == 200


def test_pages_without_text_and_converted_letters_are_marked(place: Place, get: Get) -> None:
    assert "Không có chữ." in get(f"/-/file/{_id(place, 'co-mat-khau.pdf')}").text
    assert "bản quét: chỉ có ảnh trang, không có chữ" in get(f"/-/file/{_id(place, 'trang.pdf')}").text.partition('id="text"')[2]
    assert "chữ đã chuyển từ TCVN3" in get(f"/-/file/{_id(place, 'tcvn3.doc')}").text


def test_text_of_ocr_is_marked_everywhere(place: Place, tmp_path: Path) -> None:
    """The rows are changed by hand: the crawl of a test recognises no letters."""
    shutil.copy(place.archive, tmp_path / "archive.db")
    key = _id(place, "qd-2.rtf")
    with closing(sqlite3.connect(tmp_path / "archive.db")) as database, database:
        database.execute("update files set text_state = 'ocr', confidence = 0.874, cut = 'pages' where id = ?", [key])
        database.execute("update file_pages set state = 'ocr', doubtful_text = 1, confidence = 0.874 where file_id = ?", [key])
    get = served(tmp_path / "archive.db", tmp_path)
    said = "chữ nhận dạng từ ảnh (OCR), độ tin cậy 87 phần trăm; phần còn lại bị bỏ: quá nhiều trang"
    assert said in get(_article(place, "bảo trì hệ thống, đợt 2")).text and said in get(f"/-/file/{key}").text
    for path in (f"/-/file/{key}", "/-/search?q=hoa+sua+so+2"):
        assert "chữ nhận dạng (OCR), độ tin cậy 87 phần trăm: có thể sai chữ" in get(path).text
        assert "expect wrong letters" in get(f"/en{path}").text and "most words are not Vietnamese" in get(f"/en{path}").text


def test_a_held_document_says_what_its_file_says_and_numbers_are_never_mixed(place: Place, get: Get) -> None:
    html = get(_document(place, "1/QĐ-STTTT")).text
    assert "Kho có tệp của văn bản" in html and f'href="/-/file/{_id(place, "qd-1.rtf")}"' in html
    fields = {row[0]: row[1] for row in (_cells(node) for node in LexborHTMLParser(html).css(".held table tr")) if len(row) == 4}
    wanted = {"người ký": "Nguyễn Văn Mẫu", "địa danh": "Nghệ An", "ngày ký": "2026-10-21", "ngày hiệu lực": "2026-10-21"}
    assert wanted.items() <= fields.items() and fields["trích yếu"] == notices.subject_of(1)
    assert fields["tên đầy đủ nơi ban hành"] == notices.UNIT and "nơi ban hành" not in fields
    bases = _texts(html.partition("Căn cứ pháp lý (2)")[2].partition("</ul>")[0], "a")
    assert "Luật 41/2009/QH12" in bases and "Nghị định 64/2007/NĐ-CP" in bases
    # One article cites it, and one file: the third decision, which replaces it.
    assert "trong 1 bài, 1 lần" in html and "trong 1 tệp, 1 lần" in html
    # Its end is known from the file of that one, which came into force when it was signed.
    assert "Ngày cuối còn hiệu lực</dt><dd>2026-10-22 (ngày trước khi văn bản có tệp nêu điều đó có hiệu lực)" in html
    ended_by = html.partition("Bị thay thế hoặc bãi bỏ, theo tệp của</dt>")[2].partition("</dd>")[0]
    assert "Quyết định 3/QĐ-STTTT" in ended_by and f'href="/-/file/{_id(place, "qd-3.rtf")}?page=1#page-1"' in ended_by
    assert "Tệp viện dẫn văn bản này" in html and f'href="/-/file/{_id(place, "qd-3.rtf")}?page=1#page-1"' in html
    law = get("/en" + _document(place, "41/2009/QH12")).text
    assert "in 0 articles, 0 times" in law and "in 3 files, 3 times" in law and "1 ambiguous citation could be it" in law
    assert "as a legal basis" in law and "The archive has its file" not in law


@pytest.mark.parametrize("typed", ["hoa gao so 3", "hoa gạo", '"mật hiệu của đợt là hoa gạo"', "HOA GẠO", "hoa gạo -sữa"])
def test_words_that_only_a_file_has_are_found_in_files(place: Place, get: Get, typed: str) -> None:
    html = get("/-/search", q=typed).text
    assert _texts(html, ".count b")[0] == "Không có bài nào"
    assert _texts(html, ".file-count b") == ["1 tệp"] and _texts(html, ".file-title") == ["Quyết định 3/QĐ-STTTT (Nghệ An, 2026)"]
    assert f'href="/-/file/{_id(place, "qd-3.rtf")}?page=1#page-1"' in html and _article(place, "thay thế kế hoạch, đợt 3") in html
    assert "hoa" in " ".join(_texts(html, ".file-around mark")).lower()


def test_a_search_in_files_is_as_exact_as_one_in_articles(get: Get) -> None:
    def files(q: str, **more: str) -> int:
        return int(get("/-/search.json", q=q, **more).json()["files"]["count"])

    assert files("hoa gáo") == 0 and files('"gạo hoa"') == 0 and files("hoa sữa gạo") == 0
    assert files("mật hiệu") == 3 and files("mật hiệu -gạo") == 2 and files("STTTT") >= 3
    assert files("mật hiệu", unit="nghe-an") == 3 and files("mật hiệu", unit="ha-noi") == 0
    assert files("mật hiệu", **{"from": "2026", "to": "2026"}) == 3 and files("mật hiệu", to="2025") == 0
    # The filter of a cited document is that of what the file cites, not its article.
    assert files("mật hiệu", document="1/QĐ-STTTT") == 1 and files("mật hiệu", document="64/2007/NĐ-CP") == 3


def test_articles_and_files_are_counted_apart(get: Get) -> None:
    answer = get("/-/search.json", q="bảo trì").json()
    assert answer["articles"]["count"] == 3 and answer["files"]["count"] == 3
    html = get("/-/search", q="bảo trì").text
    assert _texts(html, ".count b")[0] == "3 bài" and "trong tệp: 3" in html and _texts(html, ".file-count b") == ["3 tệp"]
    assert not get("/-/search.json", q="").json()["files"] and get("/-/search.json", q='"').json()["articles"] is None


def test_the_files_of_a_search_have_pages_of_their_own(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_attached, "FEW", 2)
    html = get("/-/search", q="mật hiệu").text
    assert len(_texts(html, ".file-title")) == 2
    more = LexborHTMLParser(html).css_first('#in-files a[href*="in=files"]')
    assert more is not None
    shown = get(str(more.attributes["href"])).text
    assert len(_texts(shown, ".file-title")) == 3 and not _texts(shown, ".hit-title") and "Bài có các từ này" in shown
    orders = [
        [hit["title"] for hit in get("/-/search.json", q="mật hiệu", sort=sort, **{"in": "files"}).json()["files"]["hits"]]
        for sort in ("newest", "oldest")
    ]
    assert orders[0][0].startswith("Quyết định 3/") and orders[1][-1].startswith("Quyết định 3/")


def test_more_pages_than_are_looked_at_are_said(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_attached, "MOST", 2)
    html = get("/-/search", q="mật hiệu").text
    assert _texts(html, ".file-count b") == ["Ít nhất 2 tệp"] and "hơn 2 trang" in html
    assert get("/-/search.json", q="mật hiệu").json()["files"]["more"] is True


def test_a_filter_finds_files_that_are_older_than_the_newest_pages(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(place.archive, tmp_path / "archive.db")
    with closing(sqlite3.connect(tmp_path / "archive.db")) as database, database:
        database.execute("update articles set published_at = '2020-05-05T08:00:00+07:00' where title like '%bảo trì hệ thống, đợt 1'")
    monkeypatch.setattr(search_attached, "MOST", 2)
    get = served(tmp_path / "archive.db", tmp_path)
    of_year = get("/-/search.json", q="mật hiệu", **{"from": "2020", "to": "2020"}).json()["files"]
    assert [hit["file_name"] for hit in of_year["hits"]] == ["qd-1.rtf"] and of_year["more"] is False
    citing = get("/-/search.json", q="Điều", document="1/QĐ-STTTT").json()["files"]
    assert [hit["file_name"] for hit in citing["hits"]] == ["qd-3.rtf"]


def test_the_questions_about_files(place: Place, get: Get) -> None:
    def rows(query: str, **values: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = get(f"/archive/{query}.json", _shape="array", **values).json()
        return found

    states = {(row["state"], row["text_state"]) for row in rows("files_by_source", source="mau")}
    assert {("kept", "extracted"), ("kept", "no-text-layer"), ("kept", "encrypted"), ("gone", None), ("elsewhere", None)} <= states
    held = {row["document"]: row for row in rows("documents_held")}
    assert held["Quyết định 2/QĐ-STTTT (Nghệ An, 2026)"]["signer"] == "Nguyễn Văn Mẫu"
    only = {row["document"]: row for row in rows("documents_only_in_files")}
    assert "Nghị định 64/2007/NĐ-CP" in only and only["Nghị định 64/2007/NĐ-CP"]["file_count"] == 5
    assert not any(name.startswith("Quyết định 1/QĐ-STTTT") for name in only)  # an article cites it, too
    assert [row["file_id"] for row in rows("scans_without_text", source="")] == [_id(place, "ban-quet.pdf")]
    [row] = rows("search_in_files", q="hoa gạo")
    assert row["file_id"] == _id(place, "qd-3.rtf") and "hoa gạo" in row["found"]
    home = get("/").text
    assert ">tệp đã lưu</a>" in home and 'href="/archive/documents_held"' in home
    assert f'<a href="/-/file/{row["file_id"]}">' in get("/archive/search_in_files", q="hoa gạo").text


def test_an_archive_without_files_says_nothing_of_them(sample: Place, tmp_path: Path) -> None:
    shutil.copy(sample.archive, tmp_path / "archive.db")
    with closing(sqlite3.connect(tmp_path / "archive.db")) as database, database:
        database.execute("delete from files")
    get = served(tmp_path / "archive.db", tmp_path)
    assert "tệp đã lưu" not in get("/").text and 'id="in-files"' not in get("/-/search", q="phần mềm").text
    [(key,)] = sample.rows("select article_id from attachments limit 1")
    assert "chưa ghi nhận; lần thu thập tới của nguồn sẽ ghi" in get(f"/archive/articles/{key}").text
    get("/-/file/1", 404)
    for query in ("files_by_source", "documents_held", "documents_only_in_files", "scans_without_text"):
        assert get(f"/archive/{query}.json", _shape="array").json() == []


def _paths(place: Place) -> list[str]:
    keys = [_id(place, name) for name in ("qd-3.rtf", "doc-hai.rtf", "tcvn3.doc", "trang.pdf", "dai.rtf", "khong-co.pdf")]
    paths = [f"/-/file/{key}" for key in keys] + [f"/-/file/{keys[4]}?page=1&at=40000", f"/-/file/{keys[0]}?page=9"]
    paths += [_document(place, "1/QĐ-STTTT"), _document(place, "41/2009/QH12"), _article(place, "tập huấn")]
    return [
        *paths,
        "/",
        "/-/search?q=m%E1%BA%ADt+hi%E1%BB%87u",
        "/-/search?q=hoa&in=files",
        f"/archive/files/{keys[0]}",
        "/archive/held_fields",
    ]


@pytest.fixture(scope="module")
def url(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("files-served")
    shutil.copy(place.archive, folder / "archive.db")
    with serving(folder) as address:
        yield address


@in_chromium
@pytest.mark.parametrize(("start", "width", "scheme"), [("", 390, "dark")])
def test_some_pages_are_sound(browser: Browser, place: Place, url: str, start: str, width: int, scheme: str) -> None:
    paths = [path for number, path in enumerate(_paths(place)) if number in (8, 10)]
    assert _faults(browser, url, {start + path: 200 for path in paths}, width, scheme) == {}


@in_chromium
@pytest.mark.gate
@pytest.mark.parametrize("start", ["", "/en"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_sound(browser: Browser, place: Place, url: str, start: str, width: int, scheme: str) -> None:
    assert _faults(browser, url, {start + path: 200 for path in _paths(place)}, width, scheme) == {}


@in_chromium
@pytest.mark.gate
def test_hostile_texts_in_every_column_stay_texts(browser: Browser, place: Place, tmp_path: Path) -> None:
    shutil.copy(place.archive, tmp_path / "archive.db")
    keys = poisoned(tmp_path / "archive.db")
    with serving(tmp_path) as address:
        last = f"/-/file/{keys['files']}"
        paths = [
            last,
            f"/-/file/{_id(place, 'doc-hai.rtf')}",
            _document(place, "1/QĐ-STTTT"),
            "/-/search?q=alert&in=files",
            _article(place, "tập huấn"),
        ]
        assert _visit(browser, address, [*paths, f"/en{last}"]) == []
