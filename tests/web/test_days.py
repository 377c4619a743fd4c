"""Days on the pages: those of Viet Nam, and no day where only the month is known. The site is made by this project."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Place
from tests.server import article, listing, serving_pages
from tests.web.test_datasette import Get, csv_rows, served

FIRST = date(2026, 3, 1)
CITES = "Thực hiện Chỉ thị số 07/2008/CT-BTTTT ngày 30/12/2008 về phần mềm nguồn mở, các phòng đã báo cáo số máy tính được cài đặt."
# What follows differs, so that no article is a reprint of another one.
BODIES = (
    "Trung tâm tin học mở ba lớp cho cán bộ cấp xã, mỗi lớp năm ngày, học về soạn thảo, bảng tính và cách gửi thư điện tử trong tỉnh.",
    "Đoàn kiểm tra đến thăm bốn bệnh viện huyện, ghi lại số máy đang dùng và hứa sửa đường truyền trước khi năm học mới bắt đầu.",
    "Hội thảo có hai mươi tham luận của các trường đại học, trong đó nhiều bài nói về chi phí chuyển đổi và về việc dịch giao diện.",
    "Bưu điện tỉnh khai trương điểm phục vụ thứ một trăm, nơi người dân được dùng máy tính miễn phí vào hai buổi sáng trong tuần.",
    "Ban tổ chức trao giải cho mười lăm học sinh đã viết phần mềm quản lý thư viện, sổ điểm và lịch trực cho trường của mình.",
    "Phòng kế hoạch trình dự toán của quý sau, gồm tiền mua máy chủ, tiền thuê người quản trị và tiền in tài liệu hướng dẫn sử dụng.",
    "Các nhà mạng cam kết kéo cáp quang tới chín xã vùng cao trước mùa mưa, nhờ nguồn vốn của chương trình mục tiêu quốc gia.",
)
# Path, title, what the page says of its date.
PAGES = (
    ("/tin/mot.html", "Báo cáo thứ nhất về phần mềm nguồn mở của sở", "Tháng 12/2008"),
    ("/tin/hai.html", "Báo cáo thứ hai về phần mềm nguồn mở của sở", "Tháng 5/2012"),
    ("/tin/ba.html", "Báo cáo thứ ba về phần mềm nguồn mở của sở", "14/02/2013 08:00"),
    ("/tin/bon.html", "Báo cáo thứ tư về phần mềm nguồn mở của sở", "15/02/2013 08:00"),
    ("/tin/nam.html", "Báo cáo thứ năm về phần mềm nguồn mở của sở", "16/02/2013 08:00"),
    ("/tin/sau.html", "Báo cáo thứ sáu về phần mềm nguồn mở của sở", "17/02/2013 08:00"),
    ("/tin/bay.html", "Báo cáo thứ bảy về phần mềm nguồn mở của sở", "18/02/2013 08:00"),
)


def _settings(source: Path) -> dict[str, Any]:
    return {"SOURCES_EXTRA": source, "DOWNLOAD_DELAY": 0, "DOWNLOAD_DELAY_JITTER": 0, "RETRY_TIMES": 0}


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A source after three nights: in the second and third one, an article is missing, and another one was edited."""
    place = Place(tmp_path_factory.mktemp("nights"))
    whole = {path: article(title, CITES, body, day=day) for (path, title, day), body in zip(PAGES, BODIES, strict=True)}
    whole["/"] = listing(*((path, title) for path, title, _ in PAGES))
    with serving_pages(whole) as site:
        source = place.source("so-dem", site.url, more='valid = ["2008-12-15", "2030-01-01"]')
        given = _settings(source)
        for night in range(3):
            if night == 1:
                site.pages.pop("/tin/bay.html")
                edited = article(PAGES[5][1], CITES, BODIES[5], "Đoạn này được thêm vào sau khi bài đã đăng.", day=PAGES[5][2])
                site.pages["/tin/sau.html"] = (200, {}, edited.encode())
            now = f"{FIRST + timedelta(days=night)}T02:00:00+07:00"
            done = place.scrapy("crawl", "so-dem", "-a", "again=yes", code=None, NOW=now, **given)
            if night == 0:
                assert "from 2008-12 to 2013-02-18" in done.stdout and "outside the period" not in done.stdout, done.stdout
    return place


@pytest.fixture(scope="module")
def get(nights: Place) -> Get:
    folder = nights.folder / "served"
    folder.mkdir()
    return served(nights.archive, folder)


def _text(get: Get, path: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", unescape(get(path).text)).split())


def test_days_are_those_of_viet_nam(get: Get, nights: Place) -> None:
    """At two in the morning it is still the day before in UTC: on pages that also show days of Viet Nam, that is another day."""
    [(gone, gone_at)] = nights.rows("select id, gone_at from articles where gone_at is not null")
    [(edited,)] = nights.rows("select distinct article_id from revisions")
    assert gone_at.startswith("2026-03-01T19:")
    [source] = csv_rows(get("/archive/sources_crawled.csv"))[:1]
    assert (source["source_id"], source["first_run"], source["last_run"]) == ("so-dem", "2026-03-01", "2026-03-03")
    [life] = csv_rows(get("/archive/lives_of_sites.csv"))
    assert (life["first_capture"], life["last_capture"]) == ("2026-03-01", "2026-03-03")
    assert [row["gone_at"] for row in csv_rows(get("/archive/only_here.csv"))] == ["2026-03-02"]
    [absence] = csv_rows(get("/archive/vanished_articles.csv"))
    assert (absence["missing_since"], absence["confirmed"]) == ("2026-03-02", "2026-03-03")
    page = _text(get, f"/en/archive/articles/{gone}")
    assert "gone from the site since 2026-03-02" in page and "Absences 2026-03-02 – …" in page
    assert "our crawl 2026-03-01 2026-03-03" in _text(get, "/en/archive/sources/so-dem")
    assert "2026-03-01 19:00 UTC" in _text(get, f"/en/archive/articles/{edited}")  # a time says so
    [(revision,)] = nights.rows("select id from revisions")
    assert "<title>Revision 2026-03-02:" in get(f"/en/archive/revisions/{revision}").text
    assert "2026-03-03" in _text(get, "/en/-/about")


def test_a_change_of_health_has_the_day_of_the_table(place: Place) -> None:
    with serving_pages({"/": listing(*((path, title) for path, title, _ in PAGES))}) as site:
        site.pages |= {path: (200, {}, article(title, CITES, BODIES[0], day=day).encode()) for path, title, day in PAGES}
        given = _settings(place.source("so-dem", site.url))
        place.scrapy("crawl", "so-dem", NOW="2026-03-01T02:00:00+07:00", **given)
        site.pages = dict.fromkeys(site.pages, (403, {}, b"no"))
        place.scrapy("crawl", "so-dem", code=1, NOW="2026-03-02T02:00:00+07:00", **given)
    assert place.rows("select first_bad_day from source_health where state = 'blocked'") == [("2026-03-02",)]
    page = _text(served(place.archive, place.folder), "/en/-/health")
    assert "2026-03-02: Sở Mẫu (test), well → blocked" in page and "2026-03-01: Sở" not in page
    status = place.folder / "status.html"
    place.scrapy("health", "--html", str(status), code=1)
    assert "<li>2026-03-02: Sở Mẫu" in status.read_text(encoding="utf-8")


def test_a_month_is_not_shown_as_its_first_day(get: Get, nights: Place) -> None:
    [(month, document)] = nights.rows(
        "select articles.id, document_id from articles join citations on article_id = articles.id where published_precision = 'month'"
        " and published_year = 2012 and document_id is not null limit 1"
    )
    for path in (f"/archive/articles/{month}", f"/archive/documents/{document}", "/"):
        page = get(path).text
        assert "2012-05" in page and "2012-05-01" not in re.sub(r'datetime="[^"]*"', "", page), path
    [hit] = csv_rows(get("/archive/search.csv?q=%22th%E1%BB%A9+hai%22"))
    assert hit["published"] == "2012-05"
    # The signing was on the 30th of the month of the first article, and the source began on its 15th.
    [attention] = csv_rows(get("/archive/attention_after_signing.csv?number=07/2008/CT-BTTTT"))
    assert (attention["articles"], attention["doubtful"]) == ("5", "0")
    assert csv_rows(get("/archive/outside_the_period.csv")) == []
