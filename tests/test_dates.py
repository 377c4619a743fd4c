"""Dates of pages: time zones, labels, orders of numbers, Unix time, several JSON-LD blocks, half characters. Pages made by this project."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from scraper.model import Article, Capture, Verdict
from scraper.parse import read_page
from scraper.parse.fields.date_labels import by_labels
from scraper.parse.fields.written_dates import read_date, read_metadata_date
from scraper.sources import made_up
from tests.conftest import PROJECT, Place
from tests.test_across_pages import _recorded

URL = "http://phong-mau.test/tin-tuc/khanh-thanh-tram-truyen-thanh-xa-vung-cao.html"
TITLE = "Khánh thành trạm truyền thanh xã vùng cao"
TEXT = (
    "Phòng Văn hóa và Thông tin huyện vừa đưa vào sử dụng trạm truyền thanh mới tại xã vùng cao, phục vụ hơn năm trăm hộ dân của sáu bản.",
    "Trạm có công suất năm mươi oát, phát sóng ba buổi mỗi ngày, tiếp âm chương trình của đài tỉnh và đài huyện bằng hai thứ tiếng.",
)
ENGLISH = (
    "The office has put a new relay station into service in a mountain commune; it serves more than five hundred households.",
    "The station broadcasts three times a day and relays the programmes of the district and of the province in two languages.",
)


def _page(head: str = "", shown: str = "", *, title: str = TITLE, text: tuple[str, ...] = TEXT, lang: str = "vi") -> str:
    body = "".join(f"<p>{part}</p>" for part in text)
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f'<body><div><a href="/">Trang chủ</a></div><div class="chi-tiet"><h1>{title}</h1>{shown}'
        f'<div class="noi-dung">{body}</div></div></body></html>'
    )


def _read(page: str, url: str = URL, *, generic: bool = False) -> Article:
    capture = Capture(url, 200, (("Content-Type", "text/html; charset=utf-8"),), page.encode(), datetime(2024, 1, 1, tzinfo=UTC))
    article = read_page(capture, made_up(url), generic=generic).article
    assert article is not None
    return article


def _moment(value: datetime | None) -> str:
    return value.isoformat()[:16] if value else ""


@pytest.mark.parametrize(
    ("stated", "published"),
    [
        ("2012-11-20T20:15:00Z", "2012-11-21T03:15"),
        ("2012-11-20T20:15:00+00", "2012-11-21T03:15"),
        ("2012-11-20T20:15:00+0000", "2012-11-21T03:15"),
        ("2012-11-20 20:15 GMT", "2012-11-21T03:15"),
        ("Tue, 20 Nov 2012 20:15:00 GMT", "2012-11-21T03:15"),
        ("Tue, 20 Nov 2012 20:15:00 +0100", "2012-11-21T02:15"),
        ("20-Nov-2012 20:15:00 UTC", "2012-11-21T03:15"),
        ("2012-11-20T20:15:00+07:00", "2012-11-20T20:15"),
        ("Tue, 20 Nov 2012 20:15:00 +0700", "2012-11-20T20:15"),
        ("2012-11-20 20:15:00", "2012-11-20T20:15"),
        ("1353442500", "2012-11-21T03:15"),
        ("1353442500000", "2012-11-21T03:15"),
    ],
)
def test_a_time_zone_is_honoured(stated: str, published: str) -> None:
    meta = f'<meta property="article:published_time" content="{stated}">'
    value: object = int(stated) if stated.isdigit() else stated
    data = json.dumps({"@type": "NewsArticle", "headline": TITLE, "datePublished": value, "dateModified": value})
    for head in (meta, f'<script type="application/ld+json">{data}</script>'):
        for generic in (False, True):
            article = _read(_page(head), generic=generic)
            assert _moment(article.published.value) == published
    assert _moment(article.modified.value) == published


@pytest.mark.parametrize("zone", ["Z", "+00:00", " GMT", "-0500"])
def test_local_time_that_is_marked_as_another_zones(zone: str) -> None:
    """The visible time is right. The page is flagged because it contradicts itself, on the same day and across midnight."""
    for clock in ("08:05", "19:40"):
        head = f'<meta property="article:published_time" content="2016-05-18T{clock}:33{zone}">'
        article = _read(_page(head, f'<p class="ngay">18/05/2016 {clock}</p>'))
        assert _moment(article.published.value) == f"2016-05-18T{clock}" and article.published.conflict
        assert [one.verdict for one in article.published.readings] == [Verdict.TAKEN, Verdict.LOCAL]
    # A different time is not local time with a wrong zone.
    head = f'<meta property="article:published_time" content="2016-05-18T01:05:00{"Z" if zone != "-0500" else "+0000"}">'
    article = _read(_page(head, '<p class="ngay">18/05/2016 08:05</p>'))
    assert not article.published.conflict and article.published.readings[1].verdict is Verdict.AGREES


@pytest.mark.parametrize(
    ("shown", "published", "modified"),
    [
        ("<p>Cập nhật: 02/03/2015 16:40 | Ngày đăng: 27/02/2015 07:10</p>", "2015-02-27T07:10", "2015-03-02T16:40"),
        ("<p>Đăng ngày 27/02/2015 07:10 - Cập nhật lần cuối 02/03/2015 16:40</p>", "2015-02-27T07:10", "2015-03-02T16:40"),
        ("<p>Cập nhật lúc: 02/03/2015 16:40</p><p>Ngày đăng: 27/02/2015 07:10</p>", "2015-02-27T07:10", "2015-03-02T16:40"),
        ("<p>Last updated: March 2, 2015 4:40 PM | Published: February 27, 2015 7:10 AM</p>", "2015-02-27T07:10", "2015-03-02T16:40"),
        ("<table><tr><td>Cập nhật</td><td>02/03/2015 16:40</td></tr><tr><td>Ngày đăng</td><td>27/02/2015 07:10</td></tr></table>",
         "2015-02-27T07:10", "2015-03-02T16:40"),
        ('<p><time class="updated" datetime="2015-03-02T16:40:00+07:00">02/03/2015</time> <time class="published" '
         'datetime="2015-02-27T07:10:00+07:00">27/02/2015</time></p>', "2015-02-27T07:10", "2015-03-02T16:40"),
        ('<time itemprop="dateModified" datetime="2015-03-02T16:40">2/3</time><time datetime="2015-02-27T07:10">27/2</time>',
         "2015-02-27T07:10", "2015-03-02T16:40"),
        ("<p>Cập nhật: 02/03/2015 16:40</p>", "2015-03-02T16:40", ""),  # the only date: many sites label the publication in this way
        ('<p class="date">Đăng lúc <span data-time="1424995800">27/02/2015</span></p>', "2015-02-27T07:10", ""),
        ('<p class="date" data-timestamp="1424995800000">3 ngày trước</p>', "2015-02-27T07:10", ""),
        ('<p class="date"><span data-time="1424995800"></span></p>', "2015-02-27T07:10", ""),
        ('<p class="ngay-cap-nhat">02/03/2015 16:40</p><p class="ngay-dang">27/02/2015 07:10</p>', "2015-02-27T07:10", "2015-03-02T16:40"),
    ],
)  # fmt: skip
def test_the_last_change_is_no_publication(shown: str, published: str, modified: str) -> None:
    for generic in (False, True):
        article = _read(_page("", shown), generic=generic)
        assert (_moment(article.published.value), _moment(article.modified.value)) == (published, modified)
        assert article.body.value == "\n\n".join(TEXT)


def test_a_publication_in_metadata_before_the_only_shown_change() -> None:
    head = '<meta property="article:published_time" content="2015-02-27T07:10:00+07:00">'
    article = _read(_page(head, "<p>Cập nhật: 02/03/2015 16:40</p>"))
    assert _moment(article.published.value) == "2015-02-27T07:10" and _moment(article.modified.value) == "2015-03-02T16:40"


def test_the_last_change_is_no_publication_for_a_layout_either() -> None:
    page = (PROJECT / "tests/pages/vhv-type-2.html").read_text(encoding="utf-8")
    shown = 'class="post-date left">Thứ 5, 16/07/2020'
    assert shown in page
    page = page.replace(shown, 'class="post-date left">Cập nhật: 20/07/2020 08:00 | Ngày đăng: 16/07/2020 16:29<span class="x">', 1)
    article = _read(page, "http://stttt-mauvhv.test/tin-tuc-su-kien/khai-truong-trung-tam-giam-sat-dieu-hanh-thong-minh-giai-doa.html")
    assert article.layout.startswith("vhv")
    assert (_moment(article.published.value), _moment(article.modified.value)) == ("2020-07-16T16:29", "2020-07-20T08:00")


def test_of_several_json_ld_blocks_the_pages_own_counts() -> None:
    def block(url: str, day: str, name: str = TITLE) -> str:
        data = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": name,
            "mainEntityOfPage": {"@id": url},
            "datePublished": day,
        }
        return f'<script type="application/ld+json">{json.dumps(data)}</script>'

    other = block("http://phong-mau.test/tin-tuc/bai-khac.html", "2019-09-09T09:09:00+07:00", "Một bài khác của phòng trong năm")
    for own in (URL, URL.replace("http://", "https://www."), f"{URL}#article"):
        article = _read(_page(other + block(own, "2014-08-21T06:45:00+07:00") + other))
        assert _moment(article.published.value) == "2014-08-21T06:45" and not article.published.conflict


@pytest.mark.parametrize("shown", ["10/24/2018 2:05:00 PM", "10/24/2018 2:05 PM"])
def test_the_month_comes_first_on_an_english_page_that_proves_it(shown: str) -> None:
    title = "A relay station for a mountain commune is put into service"
    url = "http://phong-mau.test/en/news/a-relay-station-for-a-mountain-commune-is-put-into-service.html"
    article = _read(_page("", f"<p>{shown}</p>", title=title, text=ENGLISH, lang="en"), url)
    assert _moment(article.published.value) == "2018-10-24T14:05"
    # Another date of the page proves the order for a day that is ambiguous.
    list_ = "<ul><li><a href='/en/1.html'>The plan of the next year is discussed</a> 10/29/2018</li></ul>"
    page = _page("", "<p>10/4/2018 9:00 AM</p>", title=title, text=ENGLISH, lang="en").replace("</body>", f"{list_}</body>")
    assert _moment(_read(page, url).published.value) == "2018-10-04T09:00"
    # Another reading proves it, too.
    head = '<meta property="article:published_time" content="2018-10-04T09:00:00+07:00">'
    assert _moment(_read(_page(head, "<p>10/4/2018</p>", title=title, text=ENGLISH, lang="en"), url).published.value) == "2018-10-04T09:00"
    # The text proves it, too.
    text = (f"On 3 October 2018, at the request of the people, {ENGLISH[0]}", ENGLISH[1])
    assert _moment(_read(_page("", "<p>10/4/2018</p>", title=title, text=text, lang="en"), url).published.value)[:10] == "2018-10-04"
    # So does a day that would be later than the capture.
    assert _moment(_read(_page("", "<p>12/11/2023</p>", title=title, text=ENGLISH, lang="en"), url).published.value)[:10] == "2023-11-12"
    assert _moment(_read(_page("", "<p>5/6/2024</p>", title=title, text=ENGLISH, lang="en"), url).published.value) == ""
    # Nothing proves it here. A Vietnamese page never proves it.
    assert (
        _moment(_read(_page("", "<p>10/4/2018 9:00</p>", title=title, text=ENGLISH, lang="en"), url).published.value) == "2018-04-10T09:00"
    )
    page = _page("", "<p>10/4/2018 9:00</p>", lang="en").replace("</body>", f"{list_}</body>")
    assert _moment(_read(page).published.value) == "2018-04-10T09:00"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("14 thg 9, 2013", "2013-09-14"),
        ("Th9 14, 2013", "2013-09-14"),
        ("Th09 14, 2013", "2013-09-14"),
        ("14 Th9, 2013", "2013-09-14"),
        ("thg 9 14, 2013", "2013-09-14"),
        ("14-Sep-2013", "2013-09-14"),
        ("14/Sep/2013", "2013-09-14"),
        ("14th September 2013", "2013-09-14"),
        ("1st of September, 2013", "2013-09-01"),
        ("September 14, 2013", "2013-09-14"),
        ("Sept. 14th, 2013", "2013-09-14"),
        ("Thứ bảy, 14/9/2013", "2013-09-14"),
        ("Th7, 14/09/2013", "2013-09-14"),
        ("31-Jun-2013", ""),
        ("13/31/2013 9:00 AM", ""),
    ],
)
def test_forms_of_a_day(text: str, day: str) -> None:
    found = read_date(text)
    assert (found.value.date().isoformat() if found else "") == day
    shown = _read(_page("", f'<span class="date">{text}</span>')).published.value
    assert _moment(shown)[:10] == day


def test_numbers_that_are_no_times() -> None:
    assert read_date("1353442500") is None  # in text for people this is a telephone number
    assert read_metadata_date("0353442500") is None and read_metadata_date("123456") is None and read_metadata_date("") is None
    assert by_labels("Sửa chữa đường dây 220 kV").changed == ""


def _half(name: str) -> str:
    """Returns a page with half of an emoji: in JSON-LD, as an entity, or as bytes that are not UTF-8."""
    if name == "json-ld":
        data = (
            f'{{"@type":"NewsArticle","headline":"{TITLE} \\ud83d","description":"\\ude00 {TEXT[1]}","author":"Thu Hà\\udc00",'
            '"keywords":"truyền thanh\\ud83d,xã","datePublished":"2014-08-21T06:45:00+07:00"}'
        )
        return _page(f'<script type="application/ld+json">{data}</script>')
    half = "&#55357;" if name == "entity" else "\ud83d"
    return _page("", "<p>21/08/2014 06:45</p>", title=f"{TITLE} {half}", text=(TEXT[0], f"{half} {TEXT[1]}"))


def test_half_a_character_never_costs_the_article(place: Place) -> None:
    pages = {f"khanh-thanh-tram-truyen-thanh-xa-vung-cao-{name}": _half(name) for name in ("json-ld", "entity", "bytes")}
    place.scrapy("crawl", "halves", **_recorded(place, "halves", pages))
    rows = place.rows("select title, published_at, body, summary, author from articles join article_text on article_id = articles.id")
    assert len(rows) == 3 and place.rows("select * from failures") == []
    assert all(str(row[0]).startswith(TITLE) and row[1] == "2014-08-21T06:45:00+07:00" and TEXT[0] in str(row[2]) for row in rows)
    assert {tag for (tag,) in place.rows("select tag from article_tags")} == {"truyền thanh", "xã"}
