"""How a document spread: sites of five units are crawled, and the page is requested as a visitor does."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from typing import Any

import pytest

from scraper.web.diffusion import curve, last_day, share_on
from tests.conftest import Place
from tests.server import article, listing, serving_pages
from tests.web.test_datasette import Get, served

CITING = (
    "Sáng nay, sở tổ chức hội nghị triển khai Chỉ thị số 07/2008/CT-BTTTT ngày 30/12/2008 của Bộ Thông tin và Truyền thông.",
    "Hội nghị nghe báo cáo về việc cài đặt phần mềm văn phòng trên tám mươi máy tính của các phòng, và ý kiến của mười hai huyện.",
    "Giám đốc sở giao trung tâm công nghệ thông tin lập kế hoạch tập huấn cho cán bộ văn thư trước cuối quý hai, rồi báo cáo ủy ban.",
)
COPIED = "Sở tổ chức hội nghị triển khai chỉ thị về phần mềm nguồn mở"
# Unit → what its site has beside one other article each month: (day, title, whether the text is that of the first one).
SITES: dict[str, list[tuple[str, str, bool]]] = {
    "nghe-an": [("05/03/2009", COPIED, True)],
    "ha-tinh": [("09/03/2009", "Hội nghị triển khai chỉ thị về phần mềm nguồn mở ở tỉnh bạn", True)],  # a reprint
    "thanh-hoa": [("12/05/2008", "Phổ biến chỉ thị về phần mềm nguồn mở tới các huyện miền núi", False)],  # before the signing
    "ha-nam": [
        ("14/01/2008", "Họp bàn về chỉ thị phần mềm nguồn mở với các doanh nghiệp phần mềm", False),  # before the signing
        ("20/04/2009", "Tập huấn theo chỉ thị về phần mềm nguồn mở cho cán bộ văn thư", False),
    ],
    "quang-binh": [],
}
LAST_RUN = "2009-12-20"


def _pages(unit: str) -> dict[str, str]:
    """Returns the site of a unit: a list of all articles, the newest first."""
    pages: list[tuple[date, str, str, str]] = []
    # A site that begins late: less than half of the months since the signing are observed.
    for month in range(10 if unit == "quang-binh" else 1, 13):
        title = f"Đoàn công tác của {unit} kiểm tra bưu điện văn hóa xã lần {month}"
        pages.append(
            (
                date(2009, month, 3),
                f"/tin/kiem-tra-buu-dien-van-hoa-xa-{month}.html",
                title,
                article(title, day=f"03/{month:02}/2009 08:00"),
            )
        )
    for at, (day, title, is_copy) in enumerate(SITES[unit]):
        texts = (
            CITING
            if is_copy
            else (
                CITING[0],
                f"Đại biểu của {unit} trao đổi về cách làm riêng của địa phương, lần thứ {at}.",
                f"{title} là việc làm hằng năm.",
            )
        )
        number, month, year = map(int, day.split("/"))
        pages.append(
            (date(year, month, number), f"/tin/phan-mem-nguon-mo-o-co-quan-{at}.html", title, article(title, *texts, day=f"{day} 09:00"))
        )
    pages.sort(reverse=True)
    return {"/": listing(*((path, title) for _, path, title, _ in pages))} | {path: page for _, path, _, page in pages}


@pytest.fixture(scope="module")
def get(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    place = Place(tmp_path_factory.mktemp("diffusion"))
    with ExitStack() as servers:
        for unit in SITES:
            site = servers.enter_context(serving_pages(_pages(unit)))
            source = place.source(f"tin-{unit}", site.url, unit=unit)
            given: dict[str, Any] = {"SOURCES_EXTRA": source, "DOWNLOAD_DELAY": 0, "DOWNLOAD_DELAY_JITTER": 0}
            place.scrapy("crawl", f"tin-{unit}", code=None, NOW=f"{LAST_RUN}T02:00:00+07:00", **given)
    yield served(place.archive, tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="module")
def document(get: Get) -> str:
    [row] = get("/archive/find_document.json", q="07/2008/CT-BTTTT", _shape="objects").json()["rows"]
    return str(row["document_id"])


def _rows(get: Get, document: str, **choices: str) -> dict[str, dict[str, Any]]:
    rows = get("/archive/diffusion_by_unit.json", document=document, _shape="objects", **choices).json()["rows"]
    return {row["unit_id"]: row for row in rows}


def test_reached_not_yet_and_not_observed(get: Get, document: str) -> None:
    rows = _rows(get, document)
    assert {unit: rows[unit]["status"] for unit in (*SITES, "ha-noi")} == {
        "nghe-an": "reached",
        "ha-tinh": "not-yet",  # only a reprint
        "thanh-hoa": "not-yet",  # only an article that is dated before the signing
        "ha-nam": "reached",
        "quang-binh": "not-observed",  # three of thirteen months
        "ha-noi": "not-observed",  # never crawled
    }
    assert "ha-tay" not in rows and "ninh-binh-2025" not in rows  # ended before the signing; began after it
    first = rows["nghe-an"]
    assert (first["first_cited_on"], first["days_after_issue"], first["place"], first["event"], first["exit"]) == (
        "2009-03-05",
        65,
        1,
        1,
        65,
    )
    assert (rows["ha-nam"]["days_after_issue"], rows["ha-nam"]["place"], rows["ha-nam"]["doubtful"]) == (111, 2, 1)
    assert (rows["ha-tinh"]["reprints"], rows["ha-tinh"]["articles"], rows["ha-tinh"]["event"]) == (1, 0, 0)
    assert (rows["thanh-hoa"]["doubtful"], rows["thanh-hoa"]["doubtful_on"], rows["thanh-hoa"]["first_cited_on"]) == (1, "2008-05-12", None)
    # Followed until the last run; the first observed month is that of its first article.
    assert (rows["ha-tinh"]["exit"], rows["ha-tinh"]["followed"]) == ((date(2009, 12, 20) - date(2008, 12, 30)).days, 1)
    assert rows["quang-binh"]["exit"] is None and (rows["quang-binh"]["months"], rows["quang-binh"]["months_seen"]) == (13, 3)


def test_the_borders_of_today(get: Get, document: str) -> None:
    rows = _rows(get, document, borders="now")
    assert "ha-nam" not in rows and "nghe-an" in rows
    merged = rows["ninh-binh-2025"]
    assert (merged["status"], merged["days_after_issue"]) == ("reached", 111)
    assert merged["months"] == 3 * 13 and merged["followed"] == 0  # Nam Định and Ninh Bình were never crawled
    assert rows["quang-tri-2025"]["status"] == "not-observed"
    ministries = _rows(get, document, units="ministries")
    assert "btttt" in ministries and "nghe-an" not in ministries and set(ministries) < set(_rows(get, document, units="all"))


def test_the_curve_counts_only_units_that_were_followed(get: Get, document: str) -> None:
    rows = list(_rows(get, document).values())
    steps = curve(rows)
    assert [(step.day, step.at_risk, step.events) for step in steps] == [(0, 4, 0), (65, 4, 1), (111, 3, 1)]
    assert (share_on(steps, 64), share_on(steps, 65), share_on(steps, 400)) == (0.0, 0.25, 0.5) and last_day(rows) == 355
    # In the borders of today, Hà Nam is part of a unit that was reached and not followed.
    assert [(step.day, step.at_risk, step.events) for step in curve(_rows(get, document, borders="now").values())] == [
        (0, 3, 0),
        (65, 3, 1),
    ]


@pytest.mark.parametrize(("prefix", "words"), [("", "Không quan sát được: 59"), ("/en", "Not observed: 59")])
def test_the_page_says_it_in_words(get: Get, document: str, prefix: str, words: str) -> None:
    page = get(f"{prefix}/-/diffusion/{document}").text
    assert words in page and COPIED in page and "2008-05-12" in page
    assert page.count('<svg class="static') == 2
    assert ("After 90 days: 25 percent." if prefix else "Sau 90 ngày: 25 phần trăm.") in page
    map_points = re.findall(r'<circle class="(reached|not-yet|not-observed)"', page)
    assert [map_points.count(status) for status in ("reached", "not-yet", "not-observed")] == [2, 2, 59]
    assert f"{prefix}/archive/diffusion_by_unit?document={document}&amp;borders=then" in page
    assert ("not yet" if prefix else "chưa viện dẫn") in get(f"{prefix}/archive/diffusion_by_unit", document=document).text
    assert f'href="{prefix}/-/diffusion/{document}"' in get(f"{prefix}/archive/who_cited", number="07/2008/CT-BTTTT").text


def test_the_files_have_the_rows_of_survival_analysis(get: Get, document: str) -> None:
    moved = get(f"/-/diffusion/{document}.csv", status=302, borders="now").headers["location"]
    written = get(moved + "&_plain=1").content.decode("utf-8-sig")
    rows = {row["unit_id"]: row for row in csv.DictReader(io.StringIO(written)) if row["status"]}
    assert {"unit", "entry", "event", "exit", "status"} <= set(rows["nghe-an"]) and rows["nghe-an"]["exit"] == "65"
    assert "ha-nam" not in rows and len(rows) == len(_rows(get, document, borders="now"))
    found = get(get(f"/-/diffusion/{document}.json", status=302).headers["location"]).json()["rows"]
    assert {row["unit_id"]: row["status"] for row in found}["ha-tinh"] == "not-yet"
    get("/-/diffusion/999999", status=404)
    get("/en/-/diffusion/999999.csv", status=404)


def test_neighbours_and_reach(get: Get) -> None:
    rows = get("/archive/neighbours_before.json", number="07/2008/CT-BTTTT", _shape="objects").json()["rows"]
    assert [(row["unit_id"], row["nearest_before"], row["days_later"]) for row in rows] == [
        ("nghe-an", None, None),
        ("ha-nam", "Nghệ An", 46),
    ]
    assert 190 <= rows[1]["kilometres"] <= 260
    years = get("/archive/reach_by_year.json", number="07/2008/CT-BTTTT", _shape="objects").json()["rows"]
    assert [(row["year"], row["new_provinces"], row["provinces_so_far"]) for row in years][:3] == [(2008, 0, 0), (2009, 2, 2), (2010, 0, 2)]
