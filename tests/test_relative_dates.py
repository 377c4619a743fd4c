"""Articles whose pages only say how long ago they were published: how much of the day is known, and what is said about it.

The site is made by this project and really served.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scraper.model import Capture, Moment, Precision, Verdict
from scraper.parse import read_page
from scraper.rule_codes import RuleCode
from scraper.sources import made_up
from tests.conftest import Place
from tests.server import article, listing, serving_pages

NOW = datetime(2025, 3, 20, 3, 40, tzinfo=UTC)  # 10:40 in Viet Nam
TITLE = "Mở lại bến đò ngang sau mùa nước lớn"
PATH = "/bai/mo-lai-ben-do-ngang-sau-mua-nuoc-lon-31.html"


def _published(day: str, head: str = "") -> Moment:
    page = article(TITLE, day=day, head=head).encode()
    capture = Capture(f"http://do.test{PATH}", 200, (("Content-Type", "text/html; charset=utf-8"),), page, NOW)
    found = read_page(capture, made_up("http://do.test")).article
    assert found is not None and day not in (found.body.value or "")
    return found.published


@pytest.mark.parametrize(
    ("day", "value", "precision"),
    [
        ("15 phút trước", "2025-03-20T10:25", Precision.MINUTE),
        ("Vừa xong", "2025-03-20", Precision.DAY),
        ("11 giờ trước", "2025-03-19", Precision.DAY),
        ("Hôm qua", "2025-03-19", Precision.DAY),
        ("Cách đây 5 ngày | Lượt xem: 31", "2025-03-15", Precision.DAY),
        ("Yesterday at 7:05 PM", "2025-03-19T19:05", Precision.MINUTE),
        ("6 days ago", "2025-03-14", Precision.DAY),
        ("Đăng một tuần trước", "2025-03", Precision.MONTH),
    ],
)
def test_what_is_counted_back_says_so(day: str, value: str, precision: Precision) -> None:
    found = _published(day)
    assert found.value is not None and found.value.isoformat().startswith(value) and found.precision is precision
    assert found.rule.notes == (RuleCode.COUNTED_FROM_CAPTURE,)


@pytest.mark.parametrize("day", ["3 tháng trước", "Cách đây hai năm", "Năm ngoái", "3 tuần trước", "2 years ago", "Vài ngày trước"])
def test_a_count_that_may_mean_several_months_gives_no_date_and_is_kept_with_its_reason(day: str) -> None:
    found = _published(day)
    assert (found.value, found.rule.code) == (None, RuleCode.NO_PLAUSIBLE_DATE)
    assert [(one.text, one.verdict) for one in found.readings] == [(day, Verdict.TOO_VAGUE)]
    stated = _published(day, head='<meta property="article:published_time" content="2024-12-19T08:10:00+07:00">')
    assert stated.value is not None and stated.value.isoformat() == "2024-12-19T08:10:00+07:00"


def test_a_later_count_takes_no_date_away(place: Place) -> None:
    """The first crawl sees "Hôm qua" and "3 tháng trước", the second one says both in months, the third one states the days."""
    other = PATH.replace("31", "32")
    with serving_pages({"/": listing((PATH, TITLE), (other, f"{TITLE} năm ngoái"))}) as site:
        source = place.source("do", site.url)

        def crawl(first: str, second: str) -> list[tuple[object, ...]]:
            site.pages[PATH] = (200, {}, article(TITLE, day=first).encode())
            site.pages[other] = (200, {}, article(f"{TITLE} năm ngoái", day=second).encode())
            place.scrapy("crawl", "do", "-a", "again=yes", SOURCES_EXTRA=source, DOWNLOAD_DELAY=0, DOWNLOAD_DELAY_JITTER=0)
            return place.rows("select published_at, published_precision, published_rule from articles order by key")

        [known, vague] = crawl("Hôm qua", "3 tháng trước")
        assert known[0] is not None and known[1] == "day"
        assert vague == (None, None, "no-plausible-date")
        assert place.rows("select text, verdict from date_readings where verdict <> 'taken'") == [("3 tháng trước", "too-vague")]
        assert crawl("2 tháng trước", "5 tháng trước") == [known, vague]
        assert [one[0] for one in crawl("05/02/2026 09:00", "06/02/2026 09:00")] == [
            "2026-02-05T09:00:00+07:00",
            "2026-02-06T09:00:00+07:00",
        ]
        assert place.rows("select count(*) from revisions where changed like '%published%'") == [(0,)]
