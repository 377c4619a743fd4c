"""How a document spread: sites of five units are crawled, and the page is requested as a visitor does."""

from __future__ import annotations

import csv
import io
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import date
from typing import Any

import pytest

from scraper.web.diffusion import curve, last_day, share_on
from tests.conftest import PROJECT, Place
from tests.server import article, listing, serving_pages
from tests.web.site_pages import DIRECTIVE_ID
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


@pytest.fixture(scope="module")
def merged(sample: Place, tmp_path_factory: pytest.TempPathFactory) -> Get:
    """The sample, in which provinces before and after the mergers of 2025 cite a directive of 2008, one of them in an article that is older
    than itself: a new province goes on with an old site."""
    folder = tmp_path_factory.mktemp("merged")
    shutil.copy(sample.archive, folder / "archive.db")
    with closing(sqlite3.connect(folder / "archive.db")) as database, database:
        database.execute("delete from diffusion where document_id = ?", [DIRECTIVE_ID])
        firsts = [("tuyen-quang", "2009-01-19"), ("da-nang", "2009-03-01"), ("quang-nam", "2009-04-01"), ("ha-giang", "2009-05-01")]
        firsts += [("lao-cai", "2010-05-01"), ("tuyen-quang-2025", "2026-09-25"), ("da-nang-2025", "2026-09-26"), ("hue", "2009-01-02")]
        for unit, day in firsts:
            lag = (date.fromisoformat(day) - date(2008, 12, 30)).days
            row = (DIRECTIVE_ID, unit, 1, day, "2008-12-30", lag, 1, 0, 0)
            database.execute(f"insert into diffusion values ({', '.join('?' * 9)}, null, null)", row)
    return served(folder / "archive.db", folder)


@pytest.mark.parametrize(
    ("query", "column"),
    [("neighbours_before", "unit_id"), ("leaders_and_followers", "unit_id"), ("reach_by_year", ""), ("spread_of_documents", "")],
)
def test_a_province_does_not_count_again_after_a_merger(merged: Get, query: str, column: str) -> None:
    """Tuyên Quang of 2025 was its own nearest neighbour, the slowest follower, and a second province that was reached."""
    directive = "07/2008/CT-BTTTT"
    given = {"number": directive} if query in ("neighbours_before", "reach_by_year") else {"since": "2008-12-30", "until": "2008-12-30"}
    rows = merged(f"/archive/{query}.json", _shape="objects", **given).json()["rows"]
    at_signing = {"tuyen-quang", "da-nang", "quang-nam", "ha-giang", "lao-cai"}
    if column:
        assert {row[column] for row in rows} == at_signing
    elif query == "reach_by_year":
        assert rows[-1]["provinces_so_far"] == sum(row["new_provinces"] for row in rows) == len(at_signing)
        assert all(row["provinces_so_far"] <= 63 and row["observed"] <= 63 for row in rows)
    else:
        [row] = [row for row in rows if row["document_id"] == DIRECTIVE_ID]
        assert (row["provinces"], row["first_days"], row["last_days"]) == (5, 20, 487)


def test_units_of_one_name_have_their_years(merged: Get) -> None:
    rows = merged("/archive/who_cited.json", number="07/2008/CT-BTTTT", _shape="objects").json()["rows"]
    months = {row["unit_id"]: row["months_before"] for row in rows}
    assert {"tuyen-quang", "tuyen-quang-2025"} < set(months)
    assert months["tuyen-quang"] == 2 and months["hue"] is None  # an article that is older than its unit
    for path in ("/-/who-cited?number=07/2008/CT-BTTTT", f"/archive/documents/{DIRECTIVE_ID}"):
        page = merged(path).text
        assert ">Tuyên Quang (…–2025)<" in page and ">Tuyên Quang (2025–…)<" in page and ">Hà Giang<" in page


@pytest.mark.parametrize("guide", ["docs/querying.md", "docs/vi/querying.md"])
def test_the_count_of_the_guide_gives_the_numbers_of_diffusion(get: Get, document: str, guide: str) -> None:
    """A reprint and two articles that are dated before the signing would change it."""
    [sql] = re.findall(r"```sql\n(select articles\.unit_id.*?)```", (PROJECT / guide).read_text(encoding="utf-8"), re.DOTALL)
    counted = get("/archive.json", sql=sql.replace("document_id = 12", f"document_id = {document}"), _shape="objects").json()["rows"]
    found = {unit: (row["first_cited_on"], row["articles"]) for unit, row in _rows(get, document).items() if row["articles"]}
    assert {row["unit_id"]: (row["first_cited"], row["articles"]) for row in counted} == found != {}


@pytest.mark.parametrize("page", ["README.md", "README.vi.md"])
def test_the_question_of_the_readme(get: Get, document: str, page: str) -> None:
    [sql] = re.findall(r"```sql\n(select units.name.*?)```", (PROJECT / page).read_text(encoding="utf-8"), re.DOTALL)
    rows = get("/archive.json", sql=sql, _shape="objects").json()["rows"]
    reached = [row["id"] for row in rows if row["first_cited_on"]]
    assert reached == ["nghe-an", "ha-nam"] and {row["id"] for row in rows} == {*reached, "ha-tinh", "thanh-hoa"}
