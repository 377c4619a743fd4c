"""Conclusions that need several pages: reprints, dates that a whole site shares, dates of an import. Pages made by this project."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from scraper.model import Source
from scraper.store import moves, reprints, shared_dates
from scraper.store.sources import load_source
from scraper.warc.records import Response
from scraper.warc.writing import encode
from tests.conftest import Place
from tests.stored_rows import SOURCE, add, add_article, archive_of_source

TEXT = (
    "Ngày {day}, Sở Thông tin và Truyền thông tổ chức hội thảo giới thiệu phần mềm nguồn mở cho cán bộ của các sở, ban, ngành trong tỉnh. "
    "Hội thảo nghe bốn báo cáo về việc cài đặt bộ phần mềm văn phòng, thư điện tử và trình duyệt trên máy tính của cơ quan nhà nước. "
    "Các đại biểu đề nghị sớm có tài liệu hướng dẫn chuyển đổi biểu mẫu, tập huấn cho người dùng và bố trí kinh phí hằng năm để duy trì. "
    "Kết luận hội thảo, lãnh đạo Sở giao phòng Công nghệ thông tin tổng hợp ý kiến, trình Ủy ban nhân dân tỉnh trong tháng tới."
)
OTHER = (
    "Ngày {day}, đoàn kiểm tra làm việc với bưu điện huyện về an toàn mạng lưới, chất lượng phục vụ và giá cước của dịch vụ công ích. "
    "Qua kiểm tra, phần lớn điểm phục vụ niêm yết đủ bảng giá, có sổ góp ý, song còn ba điểm ở vùng sâu mở cửa chưa đúng giờ quy định. "
    "Đoàn số {number} yêu cầu đơn vị khắc phục trong vòng một tuần, báo cáo kết quả bằng văn bản và gửi kèm ảnh chụp tại chỗ từng điểm. "
    "Sau đợt này, đoàn sẽ kiểm tra thêm các doanh nghiệp viễn thông, truyền hình trả tiền và những cơ sở in trên địa bàn toàn tỉnh."
)


NEW_SITE = Source("moi", "Sở Mới (test)", "nghe-an", "http://so.moi.test", ("so.moi.test",))


def _page(title: str, text: str, shown: str, meta: str = "") -> str:
    tags = f'<meta property="og:type" content="article"><meta property="article:published_time" content="{meta}">' if meta else ""
    return (
        f"<html><head><title>{title}</title>{tags}</head><body><h1>{title}</h1><p class=date>{shown}</p>"
        f"<div class=content>{''.join(f'<p>{part}.</p>' for part in text.split('. '))}</div></body></html>"
    )


def _recorded(place: Place, name: str, pages: dict[str, str], *, later: bool = False) -> dict[str, Any]:
    """Creates a source with a recording: a home page that lists the pages, and the pages."""
    site = f"https://{name}.test"
    home = "".join(f'<li><a href="/tin-tuc/{path}.html">Tin: {path.replace("-", " ")}</a></li>' for path in pages)
    served = {"/": f"<html><body><ul>{home}</ul></body></html>"} | {f"/tin-tuc/{path}.html": html for path, html in pages.items()}
    recording, source = place.folder / f"{name}.warc.gz", place.folder / f"{name}.toml"
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    at = datetime(2026, 2 if later else 1, 1, tzinfo=UTC)
    recording.write_bytes(
        b"".join(
            encode(Response(site + path, 200, "OK", headers, html.encode("utf-8", "surrogatepass"), at))[0] for path, html in served.items()
        )
    )
    source.write_text(f'[[source]]\nid = "{name}"\nname = "Sở {name}"\nunit = "nghe-an"\nsite = "{site}"\n', encoding="utf-8")
    return {"REPLAY": recording, "SOURCES_EXTRA": source}


def test_a_reprint_names_its_first_publisher_whoever_came_first(place: Place) -> None:
    copy = _page("Hội thảo về phần mềm nguồn mở tại tỉnh", TEXT.format(day="14/7/2009") + " Theo Cổng thông tin.", "17/07/2009 09:00")
    first = _page("Sở tổ chức hội thảo giới thiệu phần mềm nguồn mở", TEXT.format(day="14/7/2009"), "15/07/2009 08:00")
    form = _page(
        "Sở tổ chức hội thảo phần mềm nguồn mở lần hai", TEXT.format(day="21/9/2010") + " Lần thứ 2, 35 người, 12 máy.", "22/09/2010"
    )
    place.scrapy("crawl", "later", **_recorded(place, "later", {"hoi-thao-ve-phan-mem-nguon-mo-tai-tinh": copy}))
    assert place.rows("select reprint_of from articles") == [(None,)]
    pages = {"so-to-chuc-hoi-thao-gioi-thieu-phan-mem": first, "so-to-chuc-hoi-thao-phan-mem-lan-hai": form}
    place.scrapy("crawl", "earlier", **_recorded(place, "earlier", pages))
    found = dict(place.rows("select articles.title, first.title from articles left join articles first on first.id = articles.reprint_of"))
    assert found == {
        "Hội thảo về phần mềm nguồn mở tại tỉnh": "Sở tổ chức hội thảo giới thiệu phần mềm nguồn mở",
        "Sở tổ chức hội thảo giới thiệu phần mềm nguồn mở": None,
        "Sở tổ chức hội thảo phần mềm nguồn mở lần hai": None,  # one form, other numbers: another report
    }
    counts = place.rows("select source_id, articles, originals from articles_by_month where month = '2009-07' order by 1")
    assert counts == [("earlier", 1, 1), ("later", 1, 0)]


def test_a_date_that_all_pages_share_is_refused(place: Place) -> None:
    pages = {
        f"doan-kiem-tra-lam-viec-voi-buu-dien-so-{number}": _page(
            f"Đoàn kiểm tra làm việc với bưu điện huyện lần {number}",
            OTHER.format(day=f"{number}/3/201{number}", number=number),
            f"0{number}/03/201{number}" if number < 5 else "",
            meta="2019-06-01T02:03:00+07:00",
        )
        for number in range(1, 8)
    }
    settings = _recorded(place, "shared", pages)
    place.scrapy("crawl", "shared", **settings)
    assert place.rows("select value, articles from shared_dates") == [("2019-06-01T02:03:00+07:00", 7)]
    assert place.rows("select count(*) from date_readings where verdict = 'on-all-pages'") == [(7,)]
    assert place.rows("select count(*) from articles where published_at like '2019-06-01%'") == [(0,)]
    assert place.rows("select title from articles where published_at like '2013-03-03%'") != []
    before = place.tables()
    place.scrapy("reparse", "--write", SOURCES_EXTRA=settings["SOURCES_EXTRA"])
    assert place.tables() == before


def test_a_day_that_articles_share_is_rejected_only_if_two_texts_contradict_it(tmp_path: Path) -> None:
    """A single text may be about an event of another year."""
    day, other = "2019-06-01T00:00:00+07:00", "2012-02-01T00:00:00+07:00"
    for contradicting in (1, 2):
        with archive_of_source(tmp_path / f"{contradicting}") as database:
            for number in range(6):
                article_id = add_article(database, f"{SOURCE.site}/{number}", "2026-11-01T02:00:00Z")
                reading = {"article_id": article_id, "text": "", "precision": "day", "verdict": "agrees"}
                add(database, "date_readings", position=1, value=day, rule="layout", **reading)
                if number < contradicting:
                    add(database, "date_readings", position=2, value=other, rule="generic-date-by-title", **reading)
            shared_dates.find(database, SOURCE.id)
            assert {value for *_, value in shared_dates.known(database, SOURCE.id)} == ({day} if contradicting > 1 else set())


def test_a_title_that_several_articles_share_is_flagged_in_any_order(place: Place) -> None:
    """Crawling two recordings of one site in both orders gives the same rows. A text that was published twice is not flagged."""
    pages = {
        f"tin-{number}": _page("Chi tiết tin của Sở", OTHER.format(day=f"{number}/3/2012", number=number), f"0{number}/04/2012 08:00")
        for number in range(1, 5)
    }
    twice = _page("Sở tổ chức hội thảo", TEXT.format(day="14/7/2009"), "17/07/2009 09:00")
    parts = [
        {"tin-1": pages["tin-1"], "tin-2": pages["tin-2"], "hoi-thao-gioi-thieu-phan-mem-nguon-mo-1": twice},
        {"tin-3": pages["tin-3"], "tin-4": pages["tin-4"]} | {f"hoi-thao-gioi-thieu-phan-mem-nguon-mo-{at}": twice for at in (2, 3)},
    ]
    found = []
    for order in ((0, 1), (1, 0)):
        here = Place(place.folder / "".join(map(str, order)))
        here.folder.mkdir()
        for at in order:
            settings = _recorded(here, "captions", parts[at])
            here.scrapy("crawl", "captions", **settings)
            if at == order[0]:
                assert here.rows("select count(*) from articles where flags is not null") == [(0,)]
        found.append(here.rows("select url, title, flags from articles order by url"))
        assert here.rows("select count(*) from revisions") == [(0,)]
    before = here.tables()
    here.scrapy("reparse", "--write", SOURCES_EXTRA=settings["SOURCES_EXTRA"])
    assert here.tables() == before
    assert found[0] == found[1]
    assert {(title, flags) for _, title, flags in found[0]} == {("Chi tiết tin của Sở", "title-shared"), ("Sở tổ chức hội thảo", None)}
    assert len(found[0]) == 7


def test_a_day_of_an_import_is_flagged_if_the_text_states_another(place: Place) -> None:
    pages = {
        "hoi-thao-gioi-thieu-phan-mem-nguon-mo": _page(
            "Hội thảo giới thiệu phần mềm nguồn mở", TEXT.format(day="14/7/2009"), "05/11/2012 10:00"
        ),
        "kiem-tra-buu-dien-huyen-trong-thang-ba": _page(
            "Kiểm tra bưu điện huyện", OTHER.format(day="3/3/2013", number=3), "04/03/2013 10:00"
        ),
    }
    place.scrapy("crawl", "imported", **_recorded(place, "imported", pages))
    rows = dict(place.rows("select title, published_conflict from articles"))
    assert rows == {"Hội thảo giới thiệu phần mềm nguồn mở": 1, "Kiểm tra bưu điện huyện": 0}
    assert place.rows("select value, verdict from date_readings where rule like 'event-%'") == [("2009-07-14T00:00:00+07:00", "disagrees")]


def test_a_repaired_text_keeps_what_the_page_has(place: Place) -> None:
    broken = TEXT.format(day="14/7/2009").replace("á", "aacute;").replace("ê", "ecirc;")
    pages = {"hoi-thao-gioi-thieu-phan-mem-nguon-mo": _page("Hội thảo phần mềm nguồn mở", broken, "15/07/2009 10:00")}
    place.scrapy("crawl", "broken", **_recorded(place, "broken", pages))
    [(body, original, notes)] = place.rows(
        "select body, original, rule_notes from article_text join article_fields using (article_id) where field = 'body'"
    )
    assert "giới thiệu phần mềm nguồn mở cho cán bộ của các sở" in str(body) and "aacute;" not in str(body)
    assert "caacute;n bộ" in str(original) and notes == "entities-repaired"
    assert place.rows("select count(*) from articles_fts where articles_fts match 'can bo'") == [(1,)]


PLAN = "Theo {cited}, mỗi cơ quan nhà nước trong tỉnh phải có cổng thông tin điện tử. " + TEXT
CITES = {  # made by this project: path, day of the article, the document that it cites
    "ban-hanh-ke-hoach-chuyen-doi-so": ("05/10/2020", "Kế hoạch số 581/KH-UBND ngày 01/10/2020 của UBND tỉnh Nghệ An"),
    "hop-giao-ban-thang-muoi-mot": ("20/11/2020", "Kế hoạch 581 của UBND tỉnh Nghệ An"),
    "kiem-tra-tai-huyen-nam-dan": ("25/11/2020", "Kế hoạch 581 của UBND huyện Nam Đàn"),
    "tong-ket-nam-hai-muoi": ("28/12/2020", "Kế hoạch 581 ngày 02/10/2020 của UBND tỉnh Nghệ An"),
    "hop-lien-tich-thang-muoi-hai": ("15/12/2020", "Chỉ thị 34 của UBND tỉnh Nghệ An"),
    "kiem-tra-cong-vu-thang-muoi": ("12/10/2020", "Chỉ thị số 34/CT-UBND ngày 07/4/2018 và Chỉ thị số 05/CT-UBND ngày 09/4/2018"),
    "giao-ban-quy-bon": ("16/12/2020", "Chỉ thị 05 của UBND tỉnh Nghệ An"),  # low serials are used again each year
    "trien-khai-nam-hai-mot": ("01/02/2021", "Kế hoạch 581 của UBND tỉnh Nghệ An"),
    "lay-y-kien-thang-chin": ("20/09/2020", "Kế hoạch 581 của UBND tỉnh Nghệ An"),
}
FULL = "ban-hanh-ke-hoach-chuyen-doi-so"


def _citing(path: str, cited: str | None = None) -> str:
    shown, text = CITES[path]
    return _page(f"Sở {path.replace('-', ' ')}", PLAN.format(cited=cited or text, day=shown), f"{shown} 08:00")


def _short_citations(place: Place) -> list[tuple[object, ...]]:
    return place.rows(
        "select citations.text, substr(published_at, 1, 10), citations.status, number_form, rule, citations.confidence"
        " from citations join articles on articles.id = article_id left join documents on documents.id = document_id"
        " where kind = 'short' order by 2"
    )


def test_a_short_citation_is_resolved_by_another_article_of_the_source_in_any_order(tmp_path: Path) -> None:
    pages = {path: _citing(path) for path in CITES}
    at_once, in_turns = Place(tmp_path / "at-once"), Place(tmp_path / "in-turns")
    for one in (at_once, in_turns):
        one.folder.mkdir()
    at_once.scrapy("crawl", "short", **_recorded(at_once, "short", pages))
    in_turns.scrapy("crawl", "short", **_recorded(in_turns, "short", {path: page for path, page in pages.items() if path != FULL}))
    assert [row[1] for row in _short_citations(in_turns) if row[2] == "resolved"] == ["2020-12-15"]
    in_turns.scrapy("crawl", "short", **_recorded(in_turns, "short", pages))
    found = _short_citations(at_once)
    linked = [(row[1], row[3]) for row in found if row[2] == "resolved"]
    assert linked == [("2020-11-20", "581/kh/ubnd"), ("2020-12-15", "34/ct/ubnd")]
    assert {(row[4], row[5]) for row in found if row[2] == "resolved"} == {("short-same-source", "low")}
    assert _short_citations(in_turns) == found
    counted = "select citation_count, article_count from documents where number = '581/KH-UBND'"
    assert at_once.rows(counted) == in_turns.rows(counted) == [(2, 2)]
    # `resolve` gives the same rows. Then the article that explained the citation changes.
    before = at_once.tables()
    at_once.scrapy("resolve", SOURCES_EXTRA=at_once.folder / "short.toml")
    assert at_once.tables() == before
    pages[FULL] = _citing(FULL, "Kế hoạch số 93/KH-UBND ngày 01/10/2020 của UBND tỉnh Nghệ An")
    in_turns.scrapy("crawl", "short", **_recorded(in_turns, "short", pages, later=True))
    assert [row[1] for row in _short_citations(in_turns) if row[2] == "resolved"] == ["2020-12-15"]


def _reprinted(database: Database, number: int, day: str, dateline: str = "", source: Source = SOURCE, title: str = "Tin") -> int:
    """Adds an article with the text that all articles of a test share."""
    url = f"{source.site}/{number}"
    article_id = add_article(database, url, f"{day}T02:00:00Z", source_id=source.id, title=title, published_at=f"{day}T08:00:00+07:00")
    database.execute("update articles set published_precision = 'minute' where id = ?", [article_id])
    add(database, "article_text", article_id=article_id, body=OTHER, body_rule="layout", dateline=dateline)
    return article_id


def test_the_site_that_a_copy_names_is_the_first_publisher_although_it_is_dated_later(tmp_path: Path) -> None:
    for dateline, first in (("(so.mau.test) -", "later"), ("", "earlier")):
        with archive_of_source(tmp_path / first) as database:
            load_source(database, NEW_SITE)
            later, earlier = _reprinted(database, 1, "2026-11-02"), _reprinted(database, 2, "2026-11-01", dateline, NEW_SITE)
            with database.conn:
                add(database, "near_duplicates", article_id=later, other_id=earlier, likeness=1)
                reprints.rebuild(database)
            [reprint] = database.execute("select id, reprint_of from articles where reprint_of is not null").fetchall()
            assert reprint == ((earlier, later) if first == "later" else (later, earlier))


def test_a_text_that_hundreds_of_pages_share_is_compared_with_200_of_them(tmp_path: Path) -> None:
    with archive_of_source(tmp_path) as database:
        with database.conn:
            articles = [_reprinted(database, number, "2026-11-02") for number in range(210)]
            for article_id in articles:
                reprints.note(database, article_id, [7], new=True)
            database.execute("delete from reprints_pending where article_id <> ?", [articles[-1]])
            reprints.update(database)
        assert database.execute("select count(*), min(article_id) from near_duplicates").fetchall() == [(200, articles[0])]


def test_which_article_moved_is_not_known_if_the_new_site_has_it_twice(tmp_path: Path) -> None:
    for copies, state in ((1, "moved"), (2, "ambiguous")):
        with archive_of_source(tmp_path / state) as database:
            load_source(database, NEW_SITE)
            load_source(database, replace(SOURCE, successor=NEW_SITE.id))
            _reprinted(database, 1, "2026-11-02")
            for number in range(copies):
                _reprinted(database, 2 + number, "2026-11-02", source=NEW_SITE)
            with database.conn:
                moves.rebuild(database)
            found = database.execute("select rule, state from article_moves").fetchall()
            assert found == [("moved-same-text", state)] * copies
