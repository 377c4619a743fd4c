"""Lives of sites: who captured what, platforms over time, and articles that moved, from recordings of four eras of one site."""

from __future__ import annotations

import csv
import io
import shutil
import sqlite3
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Place
from tests.era_pages import CLASSIC, ERAS, SHAREPOINT_2013, SHAREPOINT_2020, VCCORP, articles, records
from tests.server import article, listing, serving_pages
from tests.web.test_datasette import served


def _article(year: int, **other: Any) -> dict[str, Any]:
    """Returns the first article of a year. `other`: what is different on another site."""
    return articles(year, year)[-1] | other


# What each site shows. An article that another site shows, too, has moved, or seems to have.
_TWICE = [_article(2009), _article(2009, id=90999)]  # the same text under two ids
_SHOWN = {
    CLASSIC: [*_TWICE, _article(2011), _article(2012)],
    SHAREPOINT_2013: [_article(2009, id=92001), _article(2012, id=92002), _article(2015), _article(2018)],
    SHAREPOINT_2020: [_article(2018), _article(2020), _article(2021)],
    # 19793702 is not the article that was 93702, and the one that was 94688 is not in the archive.
    VCCORP: [_article(2021, title="Chiến lược về Chính phủ số đã được phê duyệt"), _article(2022, id=93702), _article(2023)],
}


@pytest.fixture(scope="module")
def eras(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The archive of recordings of four eras. Those of the first are from a web archive. The newest is crawled first."""
    place = Place(tmp_path_factory.mktemp("eras"))
    for era in reversed(ERAS):
        file = place.folder / f"{era.source}.warc.gz"
        file.write_bytes(b"".join(records(era, _SHOWN[era], web_archive="https://web.archive.org" if era is CLASSIC else "")))
        place.scrapy("crawl", era.source, REPLAY=file, code=None)
    return place


_MOVES = (
    "select articles.source_id, articles.key, former.source_id, former.key, rule, state, articles.former_key from article_moves"
    " join articles on articles.id = article_id join articles former on former.id = former_id order by 1, 2, 4"
)


def test_articles_that_moved_are_found_and_none_is_guessed(eras: Place) -> None:
    assert eras.rows(_MOVES) == [
        ("mic-2013", "92001", "mic-2005", "90117", "moved-same-text", "ambiguous", None),
        ("mic-2013", "92001", "mic-2005", "90999", "moved-same-text", "ambiguous", None),
        ("mic-2013", "92002", "mic-2005", "91004", "moved-same-text", "moved", "91004"),
        ("mic-2020", "93040", "mic-2013", "93040", "moved-same-id", "moved", "93040"),
        ("mic-2024", "19793702", "mic-2020", "93702", "moved-id-in-url", "contradicted", None),
        ("mic-2024", "19794011", "mic-2020", "94011", "moved-id-in-url", "moved", "94011"),
    ]
    assert eras.rows("select former_key from articles where key = '19794688'") == [("94688",)]
    # An article that moved counts once, although its title was edited.
    same = "select former.key from articles join articles former on former.id = articles.reprint_of where articles.key = '19794011'"
    assert eras.rows(same) == [("94011",)]


@pytest.mark.gate
def test_the_moves_do_not_depend_on_the_order_of_the_crawls(eras: Place, tmp_path: Path) -> None:
    other = Place(tmp_path)
    for era in ERAS:
        other.scrapy("crawl", era.source, REPLAY=eras.folder / f"{era.source}.warc.gz", code=None)
    lives = "select * from source_lives order by 1, 2, 3, 4, 5"
    assert other.rows(_MOVES) == eras.rows(_MOVES) and other.rows(lives) == eras.rows(lives)


def test_the_pages_show_the_lives_of_sites(eras: Place, tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    shutil.copy(eras.archive, archive)
    with closing(sqlite3.connect(archive)) as database, database:  # an article of 2024 was seen after its site ended; one is only listed
        database.execute("update articles set last_seen = '2026-02-01T00:00:00Z' where title = ?", [_article(2023)["title"]])
        of_2020 = "'mic-2020', 'wayback', url, '2021-06-01T00:00:00Z', 200, 'text/html', 'listed', '', url, url, ''"
        columns = "source_id, archive, url, captured_at, status, mime, state, digest, listed_url, key, file"
        database.execute(f"insert into web_captures ({columns}) select {of_2020} from articles where title = ?", [_article(2020)["title"]])
    get = served(archive, tmp_path)
    for path, words in (
        ("/-/lives", ("Đời của các trang", "<svg", "classic-asp", "vccorp-ims", '<th scope="col">Nguồn (mã)</th>')),
        ("/en/-/lives", ("Lives of sites", "A block is a month with captures")),
        ("/archive/moved_articles?source=", ("đã chuyển", "chưa rõ: nhiều bài cùng khớp", "mâu thuẫn: mã khớp nhưng bài khác")),
        ("/archive/sources/mic-2005", ("Đời của trang", "web.archive.org", "classic-asp/news", "2012-09-01")),
        ("/archive/sources/mic-2013", ("sharepoint/mic-2013", "tệp được nhập", "Bài chỉ còn trong kho này")),
    ):
        text = unescape(get(path).text)
        assert [word for word in words if word not in text] == [], path
    [(moved,)] = eras.rows("select id from articles where key = '19794011'")
    assert "Bộ Thông tin và Truyền thông (bản SharePoint 2020); đã chuyển" in unescape(get(f"/archive/articles/{moved}").text)

    def rows(query: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(get(f"/archive/{query}.csv?_plain=1").text)))

    lives = {row["source_id"]: row for row in rows("lives_of_sites")}
    assert list(lives) == [era.source for era in ERAS]
    assert all(lives[era.source]["first_capture"] == era.seen[:10] for era in ERAS)
    assert int(lives["mic-2005"]["web_archive_captures"]) == 5 and int(lives["mic-2005"]["file_captures"]) == 0
    assert [(row["came"], row["went"]) for row in lives.values()] == [("0", "1"), ("1", "1"), ("1", "1"), ("1", "0")]
    # All four sites have ended. A web archive has the pages of 2005, so also the article of 2012 that moved to the site of 2013.
    only_here = [(row["source_id"], row["title"]) for row in rows("only_here")]
    assert sorted(only_here) == sorted(
        [
            *(("mic-2013", _article(year)["title"]) for year in (2009, 2015)),
            ("mic-2020", _article(2018)["title"]),
            *(("mic-2024", title) for title in (_SHOWN[VCCORP][0]["title"], _article(2022)["title"])),
        ]
    )
    assert {(row["site_lost_at"], row["site_lost_reason"]) for row in rows("only_here") if row["source_id"] == "mic-2024"} == {
        ("2025-02-28", "source-ended")
    }
    assert len(rows("moved_articles")) == 6
    layouts = {(row["source_id"], row["year"], row["platform"], row["layout"]) for row in rows("platforms_over_time") if row["layout"]}
    assert layouts == {(era.source, era.seen[:4], era.layout.partition("/")[0], era.layout) for era in ERAS}


def test_articles_of_a_site_that_nobody_answers_for_exist_only_here_after_a_month(place: Place) -> None:
    """Nothing says that each of them is gone, so they have no `gone_at`. A night without an answer says nothing."""
    path = "/tin-tuc/so-tap-huan-phan-mem-nguon-mo-cho-cac-huyen-1.html"
    with serving_pages({}) as site:
        html = {"Content-Type": "text/html; charset=utf-8"}
        title, text = (
            "Sở tập huấn phần mềm nguồn mở cho các huyện",
            "Sở tổ chức tập huấn cho đại diện các phòng, các huyện và doanh nghiệp.",
        )
        site.pages = {"/": (200, html, listing((path, title)).encode()), path: (200, html, article(title, text, text, text).encode())}
        source = place.source("mau", site.url)
        given: dict[str, Any] = {"SOURCES_EXTRA": source, "DOWNLOAD_DELAY": 0, "RETRY_TIMES": 0}
        place.scrapy("crawl", "mau", NOW="2026-01-10T02:00:00+07:00", **given)
    lost = []
    for day in ("2026-02-01", "2026-02-20", "2026-03-04"):
        place.scrapy("crawl", "mau", code=1, NOW=f"{day}T02:00:00+07:00", **given)
        lost.append(place.rows("select title, gone_at, site_lost_at, site_lost_reason from lost_articles"))
    assert lost == [[], [], [(title, None, "2026-02-01", "host-dead")]]
