"""Dates as people and programs write them, read from a line of text, from metadata and from a URL."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scraper.model import Precision
from scraper.parse.fields.date_labels import Labelled, by_labels
from scraper.parse.fields.written_dates import date_in_url, localise, plausible, read_date, read_metadata_date

CAPTURED = datetime(2020, 7, 3, 18, 30, tzinfo=UTC)  # 01:30 of 4 July in Vietnam


def _shown(text: str, captured_at: datetime | None = None, *, month_first: bool = False) -> str:
    """Returns the date in a text in +07:00: to the day or the minute, as precise as it is."""
    found = read_date(text, captured_at, month_first=month_first)
    return localise(found).isoformat()[: {"minute": 16, "day": 10, "month": 7}[found.precision]] if found else ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        # day, month, year
        ("15/07/2021", "2021-07-15"),
        ("5-7-2021", "2021-07-05"),
        ("Ngày 15 . 07 . 2021", "2021-07-15"),
        ("15/07/21", "2021-07-15"),
        ("15/07/98", "1998-07-15"),
        ("15/07/69", "2069-07-15"),
        ("31/06/2021", ""),
        ("31/06/2021, 30/06/2021", "2021-06-30"),
        ("số 15/07/2021/QĐ", ""),
        ("15/07-2021", ""),
        ("115/07/2021", ""),
        ("15 tháng 7 năm 2021", "2021-07-15"),
        ("15 Tháng Bảy, 2021", "2021-07-15"),
        ("2 thg 12, 2021", "2021-12-02"),
        ("ngày 2 tháng mười hai năm 2021", "2021-12-02"),
        ("Tháng Giêng 5, 2021", "2021-01-05"),
        ("Th7 12, 2020", "2020-07-12"),
        ("July 15, 2021", "2021-07-15"),
        ("15th of July 2021", "2021-07-15"),
        ("Sept. 3rd, 2021", "2021-09-03"),
        ("03-Sep-21", "2021-09-03"),
        ("2021-07-15", "2021-07-15"),
        ("2021-13-15", ""),
        ("2021/07/15", "2021-07-15"),
        ("2021/7/15 09:20", "2021-07-15T09:20"),
        ("Nghị định 15/2021/7/15", ""),
        # The day of the week before a date shows which number is the month.
        ("CN, 05/04/2014 - 09:10", "2014-05-04T09:10"),
        ("T7, 05/04/2014 - 09:10", "2014-04-05T09:10"),
        ("T2, 05/04/2014", "2014-04-05"),
        ("Sunday, 12/11/2022 2:05 PM", "2022-12-11T14:05"),
        ("Sat, 12/11/2022", "2022-11-12"),
        ("Chủ nhật, 05/04/2014", "2014-04-05"),
        ("Tháng 7/2021", "2021-07"),
        ("tháng 7 năm 2021", "2021-07"),
        ("tháng 13 năm 2021", ""),
        ("Số 12", ""),
        ("2021", ""),
        ("", ""),
        # with the time of day
        ("15/07/2021 09:20", "2021-07-15T09:20"),
        ("15/07/2021 - 9h20", "2021-07-15T09:20"),
        ("15/07/2021 9 giờ 20 phút", "2021-07-15T09:20"),
        ("15/07/2021 09:20:45", "2021-07-15T09:20"),
        ("15/07/2021 25:20", "2021-07-15"),
        ("15/07/2021 09:60", "2021-07-15"),
        ("15/07/2021 09:20 CH", "2021-07-15T21:20"),
        ("15/07/2021 12:20 CH", "2021-07-15T12:20"),
        ("15/07/2021 12:20 SA", "2021-07-15T00:20"),
        ("15/07/2021 09:20 SA", "2021-07-15T09:20"),
        ("15/07/2021 15:20 PM", "2021-07-15T15:20"),
        ("15/07/2021 2:05 trưa", "2021-07-15T14:05"),
        ("15/07/2021 11:05 trưa", "2021-07-15T11:05"),
        ("15/07/2021 10:05 đêm", "2021-07-15T22:05"),
        ("15/07/2021 12:05 đêm", "2021-07-15T00:05"),
        ("15/07/2021 2:05 đêm", "2021-07-15T02:05"),
        ("15/07/2021 7:05 tối", "2021-07-15T19:05"),
        ("09:20 ngày 15/07/2021", "2021-07-15T09:20"),
        ("09:20 | Thứ năm | Chuyên mục tin tức và sự kiện của Sở Mẫu | 15/07/2021", "2021-07-15"),  # too far from the day
        ("15/07/2021, phòng họp tầng ba, 09:20", "2021-07-15"),
        ("08:00 15/07/2021 09:20", "2021-07-15T09:20"),
        # zones
        ("15/07/2021 09:20 GMT+7", "2021-07-15T09:20"),
        ("15/07/2021 02:20 GMT", "2021-07-15T09:20"),
        ("15/07/2021 02:20 (UTC)", "2021-07-15T09:20"),
        ("15/07/2021 09:20 +12", "2021-07-15T09:20"),  # may count something
        ("15/07/2021 09:20 +0900", "2021-07-15T07:20"),
        ("2021-07-15T02:20:00Z", "2021-07-15T09:20"),
        ("2021-07-15T02:20:00.123-0530", "2021-07-15T14:50"),
        ("2021-07-15 09:20 ICT", "2021-07-15T09:20"),
        ("2021-07-15t02:20:00z", "2021-07-15T09:20"),
        ("Thu, 15 Jul 2021 02:20:00 UT", "2021-07-15T09:20"),
        ("2021-7-5T2:20:00+00:00", "2021-07-05T09:20"),
        ("2021-07-15 9:20", "2021-07-15T09:20"),
        ("2021-07-15 09:20 PM", "2021-07-15T21:20"),
        ("2021-07-15 12:20:05 SA", "2021-07-15T00:20"),
        ("5699-1-20", ""),  # the number of a standard
        ("2021-07-15T09:20+15:00", "2021-07-15T09:20"),  # no zone has such an offset
        ("2018-09-05+0720:43:00", "2018-09-05T20:43"),
        ("2018-09-05EDT20:43:00", "2018-09-05T20:43"),
        ("Tue Oct 16 08:05:00 GMT 2018", "2018-10-16T15:05"),
        ("Tue Oct 16 08:05:00 ICT 2018", "2018-10-16T08:05"),
        ("Tue Oct 16 08:05:00 GMT+07:00 2018", "2018-10-16T08:05"),
        ("Tue Oct 16 00:00:00 GMT 2018", "2018-10-16"),
        ("Tue Oct 36 00:00:00 GMT 2018", ""),
        # English with AM or PM that is only possible with the month first
        ("7/25/2021 8:30 AM", "2021-07-25T08:30"),
        ("7/25/2021", ""),
        ("7/5/2021 8:30 AM", "2021-05-07T08:30"),
    ],
)
def test_the_first_date_of_a_text(text: str, shown: str) -> None:
    assert _shown(text) == shown


def test_a_date_in_the_order_of_the_united_states() -> None:
    assert _shown("7/5/2021 8:30", month_first=True) == "2021-07-05T08:30"
    assert _shown("July 5, 2021", month_first=True) == "2021-07-05"
    assert _shown("25/7/2021", month_first=True) == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("5 phút trước", "2020-07-04T01:25"),
        ("2 giờ trước", "2020-07-03"),
        ("1 tiếng trước", "2020-07-04"),
        ("3 ngày trước", "2020-07-01"),
        ("Cách đây 5 ngày", "2020-06-29"),
        ("một giờ trước", "2020-07-04"),
        ("nửa giờ trước", "2020-07-04"),
        ("Vừa xong", "2020-07-04"),
        ("45 mins ago", "2020-07-04T00:45"),
        ("an hour ago", "2020-07-04"),
        ("Two days ago by admin", "2020-07-02"),
        ("Yesterday at 3:15 PM", "2020-07-03T15:15"),
        ("2 tuần trước", ""),  # no day is known
        ("3 tháng trước", ""),
        ("3 ngày trước đại hội", ""),  # of something else
        ("Hôm nay", "2020-07-04"),
        ("Hôm qua, 08:15", "2020-07-03T08:15"),
        ("hôm kia", "2020-07-02"),
        ("Hôm nay: 1.234", ""),  # a counter of visits
        ("trước đây", ""),
    ],
)
def test_a_date_relative_to_the_capture(text: str, shown: str) -> None:
    assert _shown(text, CAPTURED) == shown
    assert _shown(text) == ""


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2 tuần trước", "2020-06"),  # 14 to 20 days before 4 July
        ("một tuần trước", "2020-06"),
        ("5 tuần trước", ""),
        ("3 tháng trước", ""),
        ("cách đây 2 năm", ""),
        ("năm ngoái", ""),
        ("4 months ago", ""),
        ("vài ngày trước", ""),
    ],
)
def test_a_count_that_gives_no_day_gives_the_month_or_says_that_it_is_vague(text: str, month: str) -> None:
    stamp = read_date(text, CAPTURED, vague=True)
    assert stamp is not None and stamp.is_counted and stamp.is_vague == (not month)
    assert stamp.precision is Precision.MONTH and (not month or stamp.value.strftime("%Y-%m") == month)


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        ("1247829900", "2009-07-17T18:25"),
        ("1247829900000", "2009-07-17T18:25"),
        ("1247829900.0", "2009-07-17T18:25"),
        ("20090717", "2009-07-17"),
        ("20091317", ""),
        ("0247829900", ""),
        ("12478299000", ""),
        ("17/07/2009", "2009-07-17"),
        ("20090717T112500Z", "2009-07-17T18:25"),
        ("20090717T1825+0700", "2009-07-17T18:25"),
        ("20091317T1825Z", ""),
    ],
)
def test_a_date_in_metadata(stated: str, shown: str) -> None:
    found = read_metadata_date(stated)
    assert (localise(found).isoformat()[: 16 if found.precision == "minute" else 10] if found else "") == shown


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/tin/2023-01-30/a.html", "2023-01-30"),
        ("/2023/01/30/", "2023-01-30"),
        ("/20121219/tin", "2012-12-19"),
        ("/tin-20230130081500123.htm", "2023-01-30"),
        ("/tin-p20230130.htm", "2023-01-30"),
        ("/2023/1/5", "2023-01-05"),
        ("/202315/tin", ""),
        ("/2023/13/40/a", ""),
        ("/2023/13/40/2023-01-30/a", "2023-01-30"),
        ("/tin/123", ""),
        ("/tin-19990130.htm", ""),
    ],
)
def test_a_date_in_a_url(path: str, day: str) -> None:
    found = date_in_url(path)
    assert (found.value.date().isoformat() if found else "") == day


@pytest.mark.parametrize(
    ("text", "published", "changed"),
    [
        ("Cập nhật: 09/04/2010 10:00 | Ngày đăng: 05/04/2010 08:30", "Ngày đăng: 05/04/2010 08:30", "Cập nhật: 09/04/2010 10:00 | "),
        ("05/04/2010 - Sửa lần cuối: 09/04/2010", "05/04/2010 - ", "Sửa lần cuối: 09/04/2010"),
        (
            "Ngày tạo: 03/04/2010 | Cập nhật: 09/04/2010 | Xuất bản: 05/04/2010",
            " Xuất bản: 05/04/2010 Ngày tạo: 03/04/2010 | ",
            "Cập nhật: 09/04/2010 | ",
        ),
        ("Posted on 5 April 2010, last modified: 9 April 2010", "Posted on 5 April 2010, ", "last modified: 9 April 2010"),
        ("Ngày đăng: 05/04/2010", "Ngày đăng: 05/04/2010", ""),
        ("Cập nhật liên tục, 05/04/2010 và", "Cập nhật liên tục, 05/04/2010 và", "Cập nhật liên tục, 05/04/2010 và"),
        ("Cập nhật tin tức", "Cập nhật tin tức", ""),
        ("Cập nhật: 09/04/2010 " + "x" * 400, "Cập nhật: 09/04/2010 " + "x" * 400, ""),
    ],
)
def test_labels_split_a_text(text: str, published: str, changed: str) -> None:
    found = by_labels(text)
    assert (found.published.strip(), found.changed.strip()) == (published.strip(), changed.strip())
    assert isinstance(found, Labelled)


def test_a_date_of_publication_is_plausible() -> None:
    def is_plausible(text: str) -> bool:
        found = read_date(text)
        assert found is not None
        return plausible(found, CAPTURED)

    days = ("31/12/1996", "01/01/1997", "04/07/2020", "05/07/2020 01:30", "05/07/2020 01:31", "06/07/2020")
    assert [is_plausible(day) for day in days] == [False, True, True, True, False, False]
