"""Single fields of an article: outlet, byline, day of the event, chosen date, metadata, canonical URL; pages that are refused."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime
from random import Random

import pytest

from scraper.model import Article, Capture, Moment, Page, PageKind, Precision, Rule, Text, Verdict
from scraper.parse import read_page
from scraper.parse.enrich.event_date import event_date, names_day
from scraper.parse.enrich.lost_letters import impossible_share, letters_dropped
from scraper.parse.fields.bylines import byline, dateline, dateline_length, is_account, without_views
from scraper.parse.fields.publication_date import FoundDate, check_event, choose, without_shared
from scraper.parse.fields.written_dates import read_date
from scraper.rule_codes import RuleCode
from scraper.sources import made_up
from tests.conftest import PROJECT
from tests.test_body_text import FIRST, LAST, SECOND

SITE = "https://so-mau.test"
URL = f"{SITE}/tin-tuc/so-mau-khanh-thanh-nha-van-hoa-xa-ven-bien-218.html"
TITLE = "Sở Mẫu khánh thành nhà văn hóa xã ven biển"
AT = datetime(2024, 1, 1, tzinfo=UTC)


# --- lines of the text -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "outlet", "code"),
    [
        ("(Mic.gov.vn) - * Hội thảo", "Mic.gov.vn", RuleCode.DATELINE_BRACKET),
        ("[TTXVN] – Sáng nay", "TTXVN", RuleCode.DATELINE_BRACKET),
        ("(Báo Nghệ An): Sáng nay", "Báo Nghệ An", RuleCode.DATELINE_BRACKET),
        ("(TTXVN) Sáng nay", "TTXVN", RuleCode.DATELINE_BRACKET),
        ("TTXVN - Sáng nay", "TTXVN", RuleCode.DATELINE_DASH),
        ("mic.gov.vn — Sáng nay", "mic.gov.vn", RuleCode.DATELINE_DASH),
        ("mic.gov.vn: Sáng nay", "mic.gov.vn", RuleCode.DATELINE_HOST),
        ("Hà Nội (TTXVN) - Sáng nay", "TTXVN", RuleCode.DATELINE_AFTER_PLACE),
        ("Hà Nội - Sáng nay", None, RuleCode.NOT_ON_PAGE),
        ("(12/3) - Sáng nay", None, RuleCode.NOT_ON_PAGE),
        ("Sáng nay, Sở Mẫu (SM) họp", None, RuleCode.NOT_ON_PAGE),
        ("Sáng nay", None, RuleCode.NOT_ON_PAGE),
        ("", None, RuleCode.NOT_ON_PAGE),
    ],
)
def test_the_outlet_at_the_beginning(text: str, outlet: str | None, code: RuleCode) -> None:
    found = dateline(None, text)
    assert (found.value, found.rule.code) == (outlet, code)
    assert (dateline_length(text) > 0) == (outlet is not None)
    if outlet is not None:
        assert (found.rule.parameter, dateline(text, "Sáng nay").rule.parameter) == ("body", "summary")


def test_the_length_of_an_outlet() -> None:
    assert dateline_length("(Mic.gov.vn) - * Hội thảo") == 15
    assert dateline_length("TTXVN - Sáng nay") == 8


@pytest.mark.parametrize(
    ("last", "wanted"),
    [
        ("Lê Thị Mận", True),
        ("ThS. Lê Thị Mận (Phòng CNTT)", True),
        ("Minh Anh – Phòng CNTT", True),
        ("Phòng Văn thư", True),
        ("(Tin, ảnh: Thu Hà)", True),
        ("Hà An, Lê Mận và Vũ Na", True),
        ("Lê Mận - Vũ Na / Thu Hà", True),
        ("Ảnh: Thu Hà", True),
        ("(Ảnh: Thu Hà)", False),
        ("Phòng Văn thư đã gửi báo cáo.", False),
        ("Thu Hà đến dự.", False),
        ("Xem thêm", False),
        ("Phòng Văn thư\t3", False),
        ("Phòng " + "x" * 84, True),
        ("Phòng " + "x" * 85, False),
    ],
)
def test_the_last_line_is_a_byline(last: str, wanted: bool) -> None:
    found = byline(f"{FIRST}\n\n{last}")
    assert found.value == (last if wanted else None)
    assert found.rule.code is (RuleCode.BYLINE_LAST_LINE if wanted else RuleCode.NOT_ON_PAGE)


def test_an_author_below_the_text_is_the_byline() -> None:
    below = Text("Lê Thị Mận", Rule(RuleCode.GENERIC_AUTHOR_BELOW_TEXT))
    assert byline(FIRST, below) == Text("Lê Thị Mận", Rule(RuleCode.BYLINE_BELOW_TEXT))
    assert byline(f"{FIRST}\n\nThu Hà", Text("Lê Thị Mận", Rule(RuleCode.META))).value == "Thu Hà"
    assert byline(None).value is None


@pytest.mark.parametrize(
    ("name", "account"),
    [
        ("admin", True), ("Administrator", True), ("Quản trị viên", True), ("Biên tập", True), ("editor2", True),
        ("admin test", True), ("test", True),
        ("ban bien tap", True), ("ban bien tap 2", True), ("Ban biên tập", False), ("Lê Thị Mận", False), ("admin Hà", False), ("", False),
    ],
)  # fmt: skip
def test_an_account_is_no_author(name: str, account: bool) -> None:
    assert is_account(name) is account


@pytest.mark.parametrize(
    ("shown", "author"),
    [
        ("Lượt xem: 29", ""), ("1.205 lượt xem", ""), ("Đã xem: 1.205", ""), ("Số lần đọc 7", ""), ("(29 views)", ""),
        ("Lê Thị Mận | Lượt xem: 29", "Lê Thị Mận"), ("Lượt xem: 1.205 - Lê Thị Mận", "Lê Thị Mận"),
        ("Lê Thị Mận (7 lượt đọc)", "Lê Thị Mận"),
        ("Lượt xem: 29 Tác giả: Lê Thị Mận", "Lê Thị Mận"), ("Người đăng: Văn phòng, lượt xem: 29", "Văn phòng"),
        ("Lê Thị Mận", "Lê Thị Mận"), ("Tổ 29", "Tổ 29"), ("Tác giả: Lê Thị Mận", "Tác giả: Lê Thị Mận"),
        ("Lượt xem", "Lượt xem"), ("", ""),
    ],
)  # fmt: skip
def test_a_counter_of_views_is_no_author(shown: str, author: str) -> None:
    assert without_views(shown) == author


def test_the_author_is_read_fast_however_odd_the_text_is() -> None:
    for text in ("9" * 100_000, "lượt xem" * 20_000, "lượt xem : " + "9" * 280, "1.lượt " * 40, "| " * 140 + "lượt xem: 1"):
        assert isinstance(without_views(text), str)


def _vhv(inner: str) -> Article:
    page = (
        f"<html><head><meta charset='utf-8'><title>{TITLE}</title><script>VHV.Model = {{}};</script></head><body>"
        f"<div id='module9' class='ModuleWrapper'><article class='news-detail-layout-type-2'><header>"
        f"<span class='post-date left'>16:29 | 16/07/2020</span></header>"
        f"<h1 class='title-detail'>{TITLE}</h1>{inner}</article></div></body></html>"
    )
    article = read_page(Capture(URL, 200, (("Content-Type", "text/html"),), page.encode(), AT), made_up(URL)).article
    assert article is not None and article.layout == "vhv/type-2"
    return article


WHOLE = f"<div class='brief'><p>{FIRST}</p><p>{SECOND}</p></div>"


def test_an_author_of_a_layout_that_is_a_counter_is_rejected() -> None:
    text = f"{WHOLE}<div class='content-detail'><p>{LAST}</p></div>"
    rejected = _vhv(f"{text}<div class='author'>Lượt xem: 29</div>").author
    assert (rejected.value, rejected.rule.code, rejected.rule.notes) == (None, RuleCode.VALUE_REJECTED, (RuleCode.REJECTED_NO_NAME,))
    assert rejected.rule.rejected == "Lượt xem: 29"
    named = _vhv(f"{text}<div class='author'>Lê Thị Mận | Lượt xem: 29</div>").author
    assert (named.value, named.original) == ("Lê Thị Mận", "Lê Thị Mận | Lượt xem: 29")


def test_the_text_of_a_page_may_be_in_the_element_of_the_summary() -> None:
    article = _vhv(WHOLE)
    assert article.body.value == f"{FIRST}\n\n{SECOND}" and article.summary.value is None
    both = _vhv(f"{WHOLE}<div class='content-detail'><p>{LAST}</p></div>")
    assert both.body.value == LAST and both.summary.value


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Ngày 14/7/2009, Sở Mẫu họp.", "2009-07-14"),
        ("Sáng ngày 14/7, Sở Mẫu họp.", "2009-07-14"),
        ("Sáng nay (14/7), Sở Mẫu họp.", "2009-07-14"),
        ("Chiều thứ Ba, ngày 14 tháng 7 năm 2009, Sở Mẫu họp.", "2009-07-14"),
        ("Lúc 8 giờ 30 phút, ngày 14/7, Sở Mẫu họp.", "2009-07-14"),
        ("Từ ngày 14 đến 16/7, Sở Mẫu họp.", "2009-07-14"),
        ("Trong hai ngày 14 và 15/7, Sở Mẫu họp.", "2009-07-14"),
        ("Sở Mẫu vừa họp. Ngày 14/7, các xã báo cáo.", "2009-07-14"),
        ("Nhằm nâng cao năng lực cho cán bộ, ngày 14/7, Sở Mẫu họp.", "2009-07-14"),
        ("Thực hiện Quyết định số 12/QĐ-UBND, ngày 14/7/2009, Sở Mẫu họp.", None),
        ("Nhằm nâng cao năng lực, ngày 15/6/2009, Sở Mẫu họp.", None),  # long before the article
        ("Nhằm nâng cao năng lực, ngày 20/6/2009, Sở Mẫu họp.", "2009-06-20"),
        ("Ngày 31/12, Sở Mẫu họp.", "2008-12-31"),
        ("Ngày 17/8, Sở Mẫu sẽ họp.", "2009-08-17"),
        ("Ngày 18/8, Sở Mẫu đã họp.", "2008-08-18"),
        ("Ngày 31/2/2009, Sở Mẫu họp.", None),
        ("Ngày 29/2, Sở Mẫu họp.", "2008-02-29"),
        ("Ngày 10/3 âm lịch (tức 5/4), làng mở hội.", None),
        ("Từ ngày 10/3 đến 12/3 (âm lịch), làng mở hội.", None),
        ("Ngày 10 tháng 3 năm Kỷ Sửu, làng mở hội.", None),
        ("Ngày 5/4 (tức 10/3 âm lịch), làng mở hội.", "2009-04-05"),
        ("Hôm nay, Sở Mẫu họp.", "2009-07-17"),
        ("(TTXVN) - Chiều qua, Sở Mẫu họp.", "2009-07-16"),
        ("Sở Mẫu họp hôm nay.", None),
        ("Sở Mẫu họp. " + "Các xã báo cáo " * 45 + ". Ngày 14/7, kết thúc.", None),
    ],
)
def test_the_day_of_the_event(text: str, day: str | None) -> None:
    found, rule = event_date(text, date(2009, 7, 17))
    assert (found.isoformat() if found else None) == day
    if day is not None:
        assert rule is not None and names_day(text)


def test_the_day_of_an_event_needs_a_year() -> None:
    assert event_date("Ngày 14/7, Sở Mẫu họp.", None) == (None, None)
    assert event_date("Hôm nay, Sở Mẫu họp.", None) == (None, None)
    assert event_date("Ngày 14/7/2009, Sở Mẫu họp.", None) == (date(2009, 7, 14), Rule(RuleCode.EVENT_DAY))
    assert event_date("Sáng qua, Sở họp.", date(2009, 7, 17))[1] == Rule(RuleCode.EVENT_RELATIVE_DAY, "sáng qua")
    assert not names_day("Sở Mẫu họp.")


def test_a_text_that_lost_its_letters() -> None:
    whole = " ".join((FIRST, SECOND, LAST))
    lost = whole.encode("ascii", "ignore").decode()
    assert letters_dropped(lost) and not letters_dropped(whole)
    assert (impossible_share(whole) or 0) < 0.1 < 0.2 < (impossible_share(lost) or 0)
    assert impossible_share("một hai ba " * 13) is None
    assert impossible_share("một hai ba năm " * 10) == 0
    assert impossible_share("một hai ba năm " * 10 + "UBND HĐND") == 0


# --- the date of publication -----------------------------------------------------------------------


def _choose(*texts: str, checks: tuple[str, ...] = ()) -> Moment:
    found = [(text, False) for text in texts] + [(text, True) for text in checks]
    stamps = [(text, read_date(text), check) for text, check in found]
    return choose(
        [FoundDate(text, stamp, Rule(RuleCode.META, text), checks=check) for text, stamp, check in stamps if stamp is not None], AT
    )


def _verdicts(moment: Moment) -> list[Verdict]:
    return [one.verdict for one in moment.readings]


def test_the_first_plausible_date_is_taken() -> None:
    taken = _choose("15/07/2021 09:20", "15/07/2021", "16/07/2021", "01/02/1990", "05/01/2024", checks=("2021-07-15T09:20:00+07:00",))
    assert taken.value == datetime.fromisoformat("2021-07-15T09:20:00+07:00")
    assert (taken.precision, taken.conflict, taken.rule) == (Precision.MINUTE, True, Rule(RuleCode.META, "15/07/2021 09:20"))
    wanted = [Verdict.TAKEN, Verdict.AGREES, Verdict.DISAGREES, Verdict.TOO_EARLY, Verdict.TOO_LATE, Verdict.AGREES]
    assert _verdicts(taken) == wanted
    none = _choose("01/02/1990")
    assert (none.value, none.rule.code, none.conflict) == (None, RuleCode.NO_PLAUSIBLE_DATE, False)
    assert _choose().rule.code is RuleCode.NOT_ON_PAGE
    checked = _choose("16/07/2021", checks=("16/07/2021 00:00",))
    assert (checked.precision, checked.conflict) == (Precision.DAY, False)


def test_a_day_takes_the_time_of_another_date() -> None:
    found = _choose("15/07/2021", "16/07/2021 08:00", checks=("15/07/2021 09:20",))
    assert found.value == datetime.fromisoformat("2021-07-15T09:20:00+07:00")
    assert found.rule == Rule(RuleCode.META, "15/07/2021", notes=(RuleCode.TIME_FROM_OTHER_DATE,))
    month = _choose("tháng 7 năm 2021", checks=("15/07/2021 09:20",))
    assert (month.precision, _verdicts(month), month.conflict) == (Precision.MONTH, [Verdict.TAKEN, Verdict.AGREES], False)
    assert _choose("tháng 7 năm 2021", checks=("15/08/2021",)).conflict


def test_local_time_that_is_marked_as_another_zones() -> None:
    found = _choose("2021-07-15T09:20:00Z", checks=("15/07/2021 09:20",))
    assert found.value == datetime.fromisoformat("2021-07-15T09:20:00+07:00")
    assert (_verdicts(found), found.conflict) == ([Verdict.LOCAL, Verdict.TAKEN], True)
    assert _verdicts(_choose("2021-07-15T09:20:00Z", checks=("15/07/2021 09:21",))) == [Verdict.TAKEN, Verdict.AGREES]
    assert _verdicts(_choose("2021-07-15T00:00:00Z", checks=("15/07/2021",))) == [Verdict.TAKEN, Verdict.AGREES]


def test_a_date_of_all_pages_and_an_old_event() -> None:
    moment = _choose("15/07/2021 09:20", "16/07/2021")
    shared = [(RuleCode.META, "15/07/2021 09:20", "2021-07-15T09:20:00+07:00")]
    other = without_shared(moment, shared)
    assert (_verdicts(other), other.value) == ([Verdict.SHARED, Verdict.TAKEN], datetime.fromisoformat("2021-07-16T00:00:00+07:00"))
    assert without_shared(moment, []) is moment and without_shared(moment, [(RuleCode.META, "x", "y")]) is moment
    rule = Rule(RuleCode.EVENT_DAY)
    single = _choose("15/07/2021 09:20")
    late = check_event(single, date(2021, 6, 13), rule)
    assert late.conflict and late.readings[-1].rule == rule and _verdicts(late) == [Verdict.TAKEN, Verdict.DISAGREES]
    assert late.readings[-1].value == datetime.fromisoformat("2021-06-13T00:00:00+07:00")
    for same in (
        check_event(single, date(2021, 6, 14), rule),
        check_event(single, None, rule),
        check_event(single, date(2020, 1, 1), None),
    ):
        assert same is single


# --- metadata --------------------------------------------------------------------------------------


def _page(head: str = "", inside: str = "", url: str = URL, title: str = TITLE, text: str = "") -> Page:
    body = text or f"<h1>{TITLE}</h1>{inside}<p>{FIRST}</p><p>{SECOND}</p><p>{LAST}</p>"
    start = f"<!doctype html><html lang=vi><head><meta charset=utf-8><title>{title}</title>{head}</head>"
    page = f"{start}<body><a href=/>Trang chủ</a>{body}</body></html>"
    return read_page(Capture(url, 200, (("Content-Type", "text/html"),), page.encode(), AT), made_up(url))


def _article(head: str = "", inside: str = "", url: str = URL) -> Article:
    article = _page(head, inside, url).article
    assert article is not None
    return article


def _json_ld(*blocks: object) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(block, ensure_ascii=False)}</script>' for block in blocks)


def _day(article: Article) -> str:
    return article.published.value.isoformat()[:10] if article.published.value else ""


OWN = {"@type": "NewsArticle", "headline": TITLE, "datePublished": "2022-05-25"}
OTHER = {"@type": "NewsArticle", "headline": "Chợ trâu họp lại", "datePublished": "2020-01-01"}


@pytest.mark.parametrize(
    "head",
    [
        _json_ld(OWN),
        _json_ld({"@type": "WebPage", "mainEntity": OWN}),
        _json_ld({"@type": "WebPage", "mainEntityOfPage": [OWN]}),
        _json_ld({"@graph": [{"@type": "Organization", "name": "Sở"}, OWN]}),
        _json_ld([OWN]),
        _json_ld(OTHER | {"url": f"{SITE}/khac.html"}, OWN | {"url": URL}),
        _json_ld(OTHER | {"@id": "/khac.html"}, OWN | {"@id": URL.replace("https://", "http://www.") + "#bai"}),
        _json_ld(OTHER | {"mainEntityOfPage": {"@id": f"{SITE}/khac.html"}}, OWN | {"mainEntityOfPage": {"url": URL + "/"}}),
        _json_ld(OTHER | {"url": f"{SITE}/khac.html"}, OWN),
        _json_ld(OWN | {"@type": "schema:Thing/BlogPosting"}, {"@type": "Product", "datePublished": "2020-01-01"}),
        "<script type='application/ld+json'>//<![CDATA[\n" + json.dumps(OWN)[:-1] + ",\n}//]]></script>",
        "<script type='application/ld+json'><!--" + json.dumps(OWN) + "--></script><script type='application/ld+json'>{broken</script>",
        "<meta property='article:published_time' content='2022-05-25'>",
        "<meta name='pubdate' content='25/05/2022'>",
    ],
)
def test_the_date_in_the_metadata(head: str) -> None:
    assert _day(_article(head)) == "2022-05-25"


def test_microdata() -> None:
    head = (
        "<div itemscope itemtype='http://schema.org/NewsArticle'><meta itemprop=datePublished content='2022-05-25'>"
        "<span itemprop=author><b itemprop=name>Lê Thị Mận</b></span><i itemprop=articleSection>Văn hóa</i></div>"
    )
    article = _article(inside=head)
    assert (_day(article), article.author.value, article.section.value) == ("2022-05-25", "Lê Thị Mận", "Văn hóa")


@pytest.mark.parametrize(
    ("author", "wanted"),
    [
        ("Lê Thị Mận", "Lê Thị Mận"),
        ({"@type": "Person", "name": "Lê Thị Mận"}, "Lê Thị Mận"),
        ([{"name": {"@value": "Lê Thị Mận"}}], "Lê Thị Mận"),
        ("Lê &amp;#7883; <b>Mận</b>".replace("&amp;", "&"), "Lê ị Mận"),
        ("https://so-mau.test/le-man", None),
        ("admin", None),
    ],
)
def test_the_author_in_the_metadata(author: object, wanted: str | None) -> None:
    assert _article(_json_ld(OWN | {"author": author})).author.value == wanted


# --- the canonical URL -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "canonical", "used"),
    [
        ("/thoi-su/so-mau-khanh-thanh-nha-van-hoa-xa-ven-bien.html", "/tin-tuc/so-mau-khanh-thanh-nha-van-hoa-xa-ven-bien.html", True),
        ("/chitiet.aspx?id=218", "/so-mau-khanh-thanh-nha-van-hoa-xa-ven-bien", True),
        ("/chitiet.aspx?id=218", "/chitiet.aspx", False),
        ("/chitiet.aspx?id=218", "/chitiet.aspx?id=219", False),
        ("/tin/nha-van-hoa-218.html", "/tin/nha-van-hoa-219.html", False),
        ("/tin/nha-van-hoa-218.html", "/khac/nha-van-hoa-218.html", True),
        ("/tin/nha-van-hoa-218.html", "/", False),
        ("/chitiet.aspx?id=218", "/so-mau-nha-van-hoa-xa-ven-bien", True),
        ("/chitiet.aspx?id=218", "/nha-van-hoa", False),
        ("/tin/nha-van-hoa-218.html", "/tin", False),
        ("/tin/nha-van-hoa-218.html", "https://khac.test/tin/nha-van-hoa-218.html", False),
    ],
)
def test_a_canonical_url_is_used_if_it_is_of_this_article(own: str, canonical: str, used: bool) -> None:
    article = _article(f"<link rel=canonical href='{canonical}'>", "<p>25/05/2022 08:30</p>", SITE + own)
    assert article.url == SITE + (canonical if used else own)


@pytest.mark.parametrize("shown", ["Thứ ba, 05/06/2014 - 09:10", "T3, 05/06/2014 - 09:10", "Tue, 05/06/2014 - 09:10"])
def test_drupal_writes_the_month_first(shown: str) -> None:
    """The page of tests/pages with the formats that Drupal 7 has by default. 05/06/2014 is 6 May there."""
    page = (PROJECT / "tests/pages/drupal-7-month-first.html").read_text(encoding="utf-8")
    assert "T3, 05/06/2014 - 09:10" in page
    body = page.replace("T3, 05/06/2014 - 09:10", shown).encode()
    article = read_page(Capture(f"{SITE}/tin-tuc/hoi-cho-nong-san", 200, (("Content-Type", "text/html"),), body, AT), made_up(SITE)).article
    assert article is not None
    assert _day(article) == "2014-05-06"


# --- refused pages ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "text", "url", "reason"),
    [
        ("Không tìm thấy trang", "<h1>Không tìm thấy trang</h1>", URL, "soft-404"),
        ("Sở Mẫu", "<h1>404 Not Found</h1><p>Trang không tồn tại</p>", URL, "soft-404"),
        ("Lỗi 404", "<p>Quay lại trang chủ</p>", URL, "soft-404"),
        ("Sở Mẫu", "<div class=alert-danger>Trang bạn yêu cầu hiện không tồn tại</div>", URL, "soft-404"),
        ("Sở Mẫu", "<h2>Thông báo</h2><p>Bài viết bạn yêu cầu không tồn tại hoặc đã bị xóa. Mời quay lại.</p>", URL, "soft-404"),
        ("Sở Mẫu", "<table><tr><td><font color=red>Tin này đã bị gỡ bỏ!</font></td></tr></table>", URL, "soft-404"),
        ("Đăng nhập", "<form><input type=password></form>", URL, "login"),
        ("Sở Mẫu", "<form><input type=password></form>", f"{SITE}/login.aspx", "login"),
        ("Just a moment...", "<p>Checking</p>", URL, "challenge"),
        ("Sở Mẫu", "<p>Nhập mã xác nhận để tiếp tục</p>", URL, "challenge"),
        ("Request Rejected", "<p>The requested URL was rejected. Your support ID is: 1234567890</p>", URL, "challenge"),
        ("Sở Mẫu", "<p>Yêu cầu của bạn đã bị chặn. Mã sự kiện: 8812</p>", URL, "challenge"),
        ("", "<b>Warning</b>: mysql_connect(): Too many connections in <b>D:\\web\\db.php</b> on line <b>12</b>", URL, "server-error"),
        ("", "<script>document.cookie='a=1';location.reload()</script>", URL, "challenge"),
        ("Sở Mẫu", f"<p class=captcha>Vui lòng xác nhận bạn không phải là robot để xem trang</p><p>{SECOND}</p>", URL, "challenge"),
    ],
)
def test_a_page_that_is_no_article(title: str, text: str, url: str, reason: str) -> None:
    page = _page(title=title, text=text, url=url)
    assert page.article is None
    assert page.failure is not None and (page.failure.stage, page.failure.reason, page.failure.url) == ("read", reason, url)


@pytest.mark.parametrize(
    "page",
    [
        "<html><body><script>var url='/trang-chu.aspx'; window.location = url;</script></body></html>",
        "<html><body onload=\"setTimeout('location.href=\\'/trang-chu.aspx\\'',2000)\">Đang chuyển hướng...</body></html>",
        "<html><head><script>document.location='trang-chu.aspx'</script></head><body></body></html>",
    ],
)
def test_a_script_that_sends_the_reader_elsewhere(page: str) -> None:
    read = read_page(Capture(f"{SITE}/", 200, (), page.encode(), AT), made_up(f"{SITE}/"))
    assert (read.kind, read.target) == (PageKind.REDIRECT, f"{SITE}/trang-chu.aspx")


def test_a_firewall_in_a_dated_article() -> None:
    page = _page(inside="<p>25/05/2022</p><p>Khi thấy dòng chữ “The requested URL was rejected”, người dân gọi tổng đài của Sở.</p>")
    assert page.article is not None


def test_a_short_article_beside_a_log_in_box() -> None:
    page = _page(inside="<p>25/05/2022</p><form><b>Đăng nhập</b><input name=a><input type=password name=b></form>")
    assert page.article is not None


def test_words_of_refusals_in_an_article() -> None:
    page = _page(inside="<p>25/05/2022</p><p>Mã lỗi 404 xuất hiện khi trang không tồn tại.</p>")
    assert page.article is not None and "Mã lỗi 404" in (page.article.body.value or "")


@pytest.mark.parametrize("sign", ["<script>document.cookie='D1N=1';</script>", "<script>window._cf_chl_opt={}</script>"])
def test_a_page_of_a_protection_service(sign: str) -> None:
    page = _page(text=f"{sign}<h1>{TITLE}</h1><p>25/05/2022</p><p>{FIRST}</p><p>{SECOND}</p>")
    assert page.failure is not None and page.failure.reason == "challenge"


def test_a_compressed_page_that_ends_early() -> None:
    body = (
        f"<html><head><meta charset=utf-8><title>{TITLE}</title></head><body><h1>{TITLE}</h1><p>25/05/2022</p><p>{FIRST}</p><p>{SECOND}</p>"
    )
    packed = gzip.compress((body + "<!-- " + Random(1).randbytes(2000).hex() + " --></body></html>").encode())
    for sent, flags in ((packed, ()), (packed[:-400], ("truncated",))):
        article = read_page(Capture(URL, 200, (("Content-Type", "text/html"),), sent, AT), made_up(URL)).article
        assert article is not None and article.flags == flags
        assert (article.body.value or "").startswith(FIRST)


def test_a_layout_without_text() -> None:
    head = '<meta name="generator" content="WordPress 6.2">'
    page = (
        f"<html><head><meta charset=utf-8>{head}<title>{TITLE}</title></head>"
        "<body class='single single-post'><article class='post type-post'>"
        f"<h1 class=entry-title>{TITLE}</h1><div class=entry-content><img src=/a.jpg></div></article><script src=/wp-content/a.js></script>"
    )
    article = read_page(Capture(URL, 200, (), page.encode(), AT), made_up(URL)).article
    assert article is not None
    assert (article.layout, article.body.value, article.body.rule.code) == ("wordpress/post", "", RuleCode.LAYOUT_WITHOUT_TEXT)


def test_a_number_of_the_title_must_be_in_the_canonical_url() -> None:
    head = "<link rel=canonical href='/{}'>"
    title = "Sở Mẫu khánh thành nhà văn hóa thứ 12 của huyện"
    for path, used in (("so-mau-khanh-thanh-nha-van-hoa-thu-12-cua-huyen", True), ("so-mau-khanh-thanh-nha-van-hoa-thu-cua-huyen", False)):
        page = _page(
            head.format(path), url=f"{SITE}/chitiet.aspx?id=7", text=f"<h1>{title}</h1><p>25/05/2022</p><p>{FIRST}</p><p>{SECOND}</p>"
        )
        assert page.article is not None and (page.article.url == f"{SITE}/{path}") is used


@pytest.mark.parametrize(("lang", "language"), [("en-US", "en"), ("VI", "vi"), ("fr", "fr"), ("", None)])
def test_the_language_of_a_short_text_is_that_of_the_page(lang: str, language: str | None) -> None:
    page = (
        f"<html lang='{lang}'><head><meta charset=utf-8><title>ABC 2022</title></head><body><a href=/>Home</a>"
        "<div class=chi-tiet><h1>ABC 2022 DEF</h1><p>25/05/2022 08:30</p><p><a href='/tep/abc.pdf'>abc.pdf</a></p></div></body></html>"
    )
    article = read_page(Capture(URL, 200, (), page.encode(), AT), made_up(URL), generic=True).article
    assert article is not None and article.language == language


def test_microdata_in_attributes() -> None:
    inside = (
        "<div itemscope itemtype='http://schema.org/Article'><span itemprop=author><meta itemprop=name content='Lê Thị Mận'></span>"
        "<time itemprop=datePublished datetime='2022-05-25'>hôm nọ</time><meta itemprop=keywords content='nhà văn hóa'></div>"
    )
    article = _article(inside=inside)
    assert (_day(article), article.author.value, article.tags) == ("2022-05-25", "Lê Thị Mận", ("nhà văn hóa",))
