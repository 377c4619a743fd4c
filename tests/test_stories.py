"""Digests and their stories: every mark that editors use, and reports with sections that are not digests. Texts made by this project."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from scraper.model import Article, Capture, Rule
from scraper.parse import read_page
from scraper.parse.enrich.stories import find_stories
from scraper.parse.fields.bylines import byline, dateline
from scraper.rule_codes import RuleCode
from scraper.sources import made_up

FIRST, SECOND = "Khai trương điểm truy cập Internet tại bưu điện văn hóa xã", "Kiểm tra giá cước dịch vụ điện thoại tại huyện Yên Mẫu"
REPORTED = (
    "{when}, Sở Thông tin và Truyền thông phối hợp với bưu điện tỉnh mở điểm truy cập đầu tiên cho người dân ba xã vùng cao của huyện.",
    "Điểm truy cập có mười máy tính, mở cửa từ bảy giờ sáng đến chín giờ tối; người dân được hướng dẫn tra cứu thông tin về mùa vụ.",
)
DAY_ONE, DAY_TWO = "Ngày 3/3/2011", "Chiều 5/3"


def _article(body: str, title: str = "Hoạt động của ngành thông tin tuần đầu tháng ba", day: str = "07/03/2011 09:15") -> Article:
    page = (
        f"<html><head><meta charset=utf-8><title>{title}</title></head><body><div><a href='/'>Trang chủ</a></div>"
        f"<h1>{title}</h1><p class=date>{day}</p><div class=content>{body}</div></body></html>"
    )
    url = "http://so-mau.test/tin-tuc/hoat-dong-cua-nganh-thong-tin-tuan-dau-thang-ba.html"
    capture = Capture(url, 200, (("Content-Type", "text/html"),), page.encode(), datetime(2011, 4, 1, tzinfo=UTC))
    article = read_page(capture, made_up(url)).article
    assert article is not None
    return article


def _digest(first: str, second: str, when: tuple[str, str] = (DAY_ONE, DAY_TWO)) -> str:
    """Returns a digest of two stories with the given headlines."""
    stories = zip((first, second), when, strict=True)
    return "".join(f"{head}<p>{REPORTED[0].format(when=day)}</p><p>{REPORTED[1]}</p>" for head, day in stories)


@pytest.mark.parametrize("mark", ["* ", "** ", "*", "+ ", "• ", "► ", "- ", "– ", "▪ ", "❖", "* - "])
@pytest.mark.parametrize("dateline", ["", "(Mic.gov.vn) - ", "TTXVN – ", "[ICTPress]: ", "(MIC) "])
def test_a_mark_begins_a_headline(mark: str, dateline: str) -> None:
    article = _article(_digest(f"<p>{dateline}{mark}{FIRST}</p>", f"<p>{mark}{SECOND}</p>"))
    assert [(story.title, story.event_date) for story in article.stories] == [(FIRST, date(2011, 3, 3)), (SECOND, date(2011, 3, 5))]
    assert (article.dateline.value or "") == dateline.strip("()[]:-– ")
    body = article.body.value or ""
    first, second = article.stories
    assert body[first.start : first.end].endswith(REPORTED[1]) and body[second.start :].lstrip("*+•►-–▪❖ ").startswith(SECOND)


@pytest.mark.parametrize(
    "line",
    [
        "<p><b>{}</b></p>",
        "<p><strong><span>{}</span></strong></p>",
        "<b>{}</b><br>",
        "<h3>{}</h3>",
        '<p style="font-weight: bold">{}</p>',
        "<p><b>{}</b></p>".replace("{}", "- {}"),
    ],
)
@pytest.mark.parametrize("dateline", ["", "(Mic.gov.vn) - "])
def test_bold_lines_begin_stories(line: str, dateline: str) -> None:
    article = _article(_digest(line.format(dateline + FIRST), line.format(SECOND)))
    assert [story.title for story in article.stories] == [FIRST, SECOND]


def test_a_headline_in_several_bold_parts_after_a_plain_dateline() -> None:
    half = FIRST[:20]
    first = f"<p>(Mic.gov.vn) - <b>{FIRST}</b></p>"
    third = f"<p><b>{half}</b><i><b>{FIRST[20:]}</b></i></p>"
    article = _article(_digest(first, third))
    assert [story.title for story in article.stories] == [FIRST, FIRST]


def test_a_headline_may_end_with_a_full_stop_after_a_sure_mark() -> None:
    assert len(_article(_digest(f"<p>* {FIRST}.</p>", f"<p>* {SECOND}.</p>")).stories) == 2
    one, other = (f"<p>* {REPORTED[0].format(when=day)}</p>" for day in (DAY_ONE, DAY_TWO))
    assert _article(_digest(one, other)).stories == ()


def test_a_digest_that_says_so_needs_no_days() -> None:
    when = ("Theo báo cáo của các huyện", "Qua kiểm tra tại các đại lý")
    body = _digest(f"<p>* {FIRST}</p>", f"<p>* {SECOND}</p>", when)
    assert len(_article(body, "Tin vắn số 12").stories) == 2
    assert _article(body, "Nâng cao chất lượng phục vụ của ngành").stories == ()


@pytest.mark.parametrize(
    "line",
    ["<p>1. {}</p>", "<p><b>1. {}</b></p>", "<p><b>I. {}</b></p>", "<p>* 2) {}</p>", "<p><b>a) {}</b></p>", "<p>{}</p>", "<p>* {}:</p>"],
)
def test_sections_of_a_report_are_no_stories(line: str) -> None:
    article = _article(_digest(line.format(FIRST), line.format(SECOND)))
    assert article.stories == () and article.stories_rule.code in (RuleCode.NO_DIGEST, RuleCode.NO_DIGEST_NAMED_SECTIONS)


@pytest.mark.parametrize("line", ["<p>* {}</p>", "<p><b>{}</b></p>", "<p>- {}</p>"])
def test_sections_without_an_event_are_not_stories(line: str) -> None:
    heads = (line.format("Chấn chỉnh kỷ luật làm việc tại trụ sở"), line.format("Đẩy nhanh việc giải quyết hồ sơ"))
    general = ("Trong quý, Sở đã hoàn thành các chỉ tiêu được giao", "Từ ngày 01/01/2008, theo quy định của pháp luật")
    assert _article(_digest(*heads, general)).stories == ()
    # Days of documents long before the article are not events of a digest.
    old = ("Ngày 27/12/2008", "Ngày 15/4/2009")
    assert _article(_digest(*heads, old), day="07/03/2011 09:15").stories == ()


@pytest.mark.parametrize("line", ["<p>* {}</p>", "<p><b>{}</b></p>"])
def test_sections_with_days_are_recognised_by_their_names(line: str) -> None:
    heads = (line.format("Công tác quản lý bưu chính, viễn thông"), line.format("Về lĩnh vực báo chí, xuất bản"))
    assert _article(_digest(*heads)).stories == ()
    assert len(_article(_digest(*heads), "Điểm tin tuần qua của ngành").stories) == 2


def test_lists_and_interviews_are_no_digests() -> None:
    items = "".join(f"<p>- {item}</p>" for item in ("Một tiết mục văn nghệ mở màn", "Phát biểu khai mạc của đại diện Sở", FIRST, SECOND))
    assert _article(f"<p>{REPORTED[0].format(when=DAY_ONE)}</p>{items}<p>{REPORTED[1]}</p>").stories == ()
    questions = _digest(f"<p>* {FIRST} như thế nào?</p>", f"<p>* {SECOND} ra sao?</p>")
    assert _article(questions).stories == ()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Trong hai ngày 9 và 10/7, Sở mở lớp tập huấn.", date(2009, 7, 9)),
        ("Trong 2 ngày (9-10/7), Sở mở lớp tập huấn.", date(2009, 7, 9)),
        ("Từ ngày 30/6 đến ngày 02/7/2009, Sở mở lớp.", date(2009, 6, 30)),
        ("Sáng nay, ngày 14/7, Sở tổ chức họp báo.", date(2009, 7, 14)),
        ("Chiều thứ Ba, 14/7, Sở tổ chức họp báo.", date(2009, 7, 14)),
        ("Lúc 8 giờ 30 ngày 14/7, Sở tổ chức lễ phát động.", date(2009, 7, 14)),
        ("Nhằm nâng cao năng lực cho cán bộ, ngày 12/7, Sở khai giảng lớp học.", date(2009, 7, 12)),
        ("Thực hiện Kế hoạch số 45/KH-UBND, ngày 02/6/2009, UBND tỉnh họp.", None),
        ("Để triển khai đề án, ngày 16/02/2008, Thủ tướng Chính phủ ký quyết định.", None),
        ("Ngày 31/12, Sở tổng kết công tác năm.", date(2008, 12, 31)),
        ("Ngày 14 tháng 7 năm 2009, Sở họp.", date(2009, 7, 14)),
        ("Hôm nay, Sở khai trương trang thông tin.", date(2009, 7, 17)),
    ],
)
def test_the_day_of_an_event(text: str, day: date | None) -> None:
    article = _article(f"<p>{text} {REPORTED[1]}</p><p>{REPORTED[1]}</p>", day="17/07/2009 10:25")
    assert article.event_date == day


@pytest.mark.parametrize(
    "line",
    [
        "ĐÁNH GIÁ BÀI VIẾT( 0)", "Đánh giá bài viết", "Đánh giá: 4.5/5 (3 lượt)", "Bình chọn", "Bình chọn (0)",
        "Kết quả bình chọn: 0 phiếu", "Cho điểm bài viết này", "Rating: 0/5 (0 votes)", "☆☆☆☆☆ (0)", "Chia sẻ", "(Lượt xem: 12)",
        "In bài viết", "Gửi email cho bạn bè",
        "Bình chọn | Chia sẻ | In bài viết", "Thích 0",
    ],
)  # fmt: skip
def test_a_box_after_the_text_is_none_of_it(line: str) -> None:
    byline = "Phòng Bưu chính - Sở Thông tin"
    article = _article(_digest(f"<p>* {FIRST}</p>", f"<p>* {SECOND}</p>") + f"<p>{byline.replace('&', '&amp;')}</p><div>{line}</div>")
    assert (article.body.value or "").endswith(f"\n\n{byline}") and article.byline.value == byline
    assert len(article.stories) == 2


@pytest.mark.parametrize(
    "line", ["Bình chọn gương mặt trẻ tiêu biểu", "Đánh giá kết quả thực hiện nhiệm vụ", "Chia sẻ kinh nghiệm", "Xếp hạng chỉ số"]
)
def test_a_line_that_begins_like_a_box_stays(line: str) -> None:
    assert f"\n\n{line}" in (_article(f"<p>{REPORTED[0].format(when=DAY_ONE)}</p><p>{line}</p><p>{REPORTED[1]}</p>").body.value or "")


def test_a_headline_in_the_summary_begins_the_first_story() -> None:
    body = "\n\n".join((REPORTED[0].format(when=DAY_ONE), REPORTED[1], f"* {SECOND}", REPORTED[0].format(when=DAY_TWO)))
    assert find_stories(body, title="Tin vắn") == ((), Rule(RuleCode.NO_DIGEST))
    stories, rule = find_stories(body, title="Tin vắn", summary=f"(Mic.gov.vn) - * {FIRST}")
    assert [story.title for story in stories] == [FIRST, SECOND] and rule == Rule(RuleCode.DIGEST_MARKED_LINES, "asterisk")
    assert stories[0].start == 0 and body[stories[1].start :].startswith("* Kiểm tra")


@pytest.mark.parametrize(
    ("head", "outlet"),
    [
        ("(Mic.gov.vn) - Sáng nay", "Mic.gov.vn"), ("(TTXVN) Sáng nay", "TTXVN"), ("Hà Nội (TTXVN) - Sáng nay", "TTXVN"),
        ("MIC.GOV.VN: Sáng nay", "MIC.GOV.VN"), ("Nghệ An - Sáng nay", None), ("(03/3/2011) - Sáng nay", None),
        ("(Ảnh: Hà) Sáng nay", None),
    ],
)  # fmt: skip
def test_the_outlet_before_a_text(head: str, outlet: str | None) -> None:
    assert dateline(None, f"{head}, Sở họp báo.").value == outlet


@pytest.mark.parametrize(
    "line", ["(Theo Sở TT&TT)", "Minh Anh – Phòng CNTT", "Thu Hà/VP", "P.QLCNTT - Sở TT&TT", "Tin, ảnh: Thu Hà", "(Nguyễn Văn An)"]
)
def test_the_writer_below_a_text(line: str) -> None:
    assert byline(f"{REPORTED[1]}\n\n{line}").value == line


@pytest.mark.parametrize("line", ["(Ảnh: Thu Hà)", "Hội nghị kết thúc tốt đẹp.", "Xem chi tiết tại đây", "Sở sẽ kiểm tra vào tháng sau."])
def test_a_last_line_that_names_nobody(line: str) -> None:
    assert byline(f"{REPORTED[1]}\n\n{line}").value is None
