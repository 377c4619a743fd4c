"""trafilatura and htmldate are used on pages of no known layout if the general rules find no text or no day. Pages made by this project."""

from __future__ import annotations

from datetime import UTC, date, datetime

from scraper.model import Article, Capture
from scraper.parse import read_page
from scraper.rule_codes import RuleCode
from scraper.sources import made_up

TITLE = "Kế hoạch kiểm tra đại lý internet năm 2014"
URL = "http://so-mau.test/tin-tuc/ke-hoach-kiem-tra-dai-ly-internet-nam-2014.html"
SENTENCES = (
    "Sở Thông tin và Truyền thông vừa ban hành kế hoạch kiểm tra việc chấp hành quy định về đại lý internet.",
    "Đoàn kiểm tra sẽ làm việc tại 12 xã trong tháng 7 và báo cáo kết quả trước ngày 15/8.",
    "Các đại lý vi phạm sẽ bị xử lý theo Nghị định số 72/2013/NĐ-CP.",
)
TEXT = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)


def _article(body: str, head: str = "") -> Article:
    page = f"<html><head><title>{TITLE}</title>{head}</head><body><h1>{TITLE}</h1>{body}</body></html>"
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    article = read_page(Capture(URL, 200, headers, page.encode(), datetime(2020, 1, 1, tzinfo=UTC)), made_up(URL)).article
    assert article is not None
    return article


def test_a_text_that_a_script_opens_is_read_by_trafilatura() -> None:
    article = _article(f'<p class="date">Ngày đăng: 03/07/2014</p><div id="content" style="display:none">{TEXT}</div>')
    assert (article.body.value, article.body.rule.code) == ("\n\n".join(SENTENCES), RuleCode.FALLBACK_TRAFILATURA)


def test_a_notice_that_is_only_a_picture_stays_without_text() -> None:
    article = _article('<p class="date">Ngày đăng: 03/07/2014</p><img src="/thong-bao.jpg" alt="">')
    assert article.body.value == "" and article.body.rule.code is not RuleCode.FALLBACK_TRAFILATURA


def test_a_day_that_only_htmldate_knows_to_find_bears_its_name() -> None:
    published = _article(TEXT * 2, '<meta name="citation_publication_date" content="2014/07/03">').published
    assert published.value is not None and published.value.date() == date(2014, 7, 3) and published.rule.code is RuleCode.FALLBACK_HTMLDATE


def test_a_day_that_the_page_shows_goes_before_what_htmldate_finds() -> None:
    published = _article(
        f'<p class="date">Ngày đăng: 04/07/2014</p>{TEXT}', '<meta name="citation_publication_date" content="2014/07/03">'
    ).published
    assert (
        published.value is not None and published.value.date() == date(2014, 7, 4) and published.rule.code is not RuleCode.FALLBACK_HTMLDATE
    )


def test_a_day_after_the_capture_is_not_taken_from_htmldate_either() -> None:
    assert _article(TEXT * 2, '<meta name="citation_publication_date" content="2031/07/03">').published.value is None


def test_the_menu_of_a_list_is_no_text_however_long_it_is() -> None:
    items = "".join(f'<li><a href="/tin-tuc/tin-so-{number}.html">Tin số {number}: {SENTENCES[0]}</a></li>' for number in range(30))
    page = f"<html><head><title>Tin tức</title></head><body><ul>{items}</ul></body></html>"
    read = read_page(
        Capture("http://so-mau.test/tin-tuc", 200, (("Content-Type", "text/html"),), page.encode(), datetime(2020, 1, 1, tzinfo=UTC)),
        made_up("http://so-mau.test/"),
    )
    assert read.article is None
