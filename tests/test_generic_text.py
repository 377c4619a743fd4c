"""Text, title and author by the general rules, where words or boxes mislead. The pages were made by this project."""

# ruff: noqa: E501 (a line of markup stays one line)

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scraper.model import Article, Capture
from scraper.parse import read_page
from scraper.sources import made_up

URL = "http://phongvanhoa.dakmin.test/tin.aspx?id=31"
TITLE = "Phòng Văn hóa huyện Đắk Min phát sách cho trường vùng biên"
DATE = "<div class=ngay>17/09/2014 07:45</div>"
ONE = "Ngày 16/9, Phòng Văn hóa huyện Đắk Min đã chuyển hai nghìn cuốn sách đến sáu trường học ở các xã giáp biên giới."
TWO = "Sách gồm truyện, từ điển và tài liệu về chăn nuôi, do thư viện tỉnh và một nhà xuất bản ở thành phố gửi tặng."
NAMES = [f"Công văn số {number}/PVH-TV về việc nhận sách ở thư viện trường" for number in range(41, 46)]


FOOT = "<div class=duoi>Phòng Văn hóa huyện Đắk Min. Điện thoại: 0500 111 333</div>"


def _read(
    inside: str, *, title: str = TITLE, name: str = TITLE, head: str = "", date: str = DATE, form: str = "<h1>{}</h1>", foot: str = FOOT
) -> Article:
    page = (
        f"<html><head><meta charset=utf-8><title>{name}</title>{head}</head><body><div id=trang>{form.format(title)}{date}<div class=nd>{inside}</div></div>"
        f"{foot}</body></html>"
    )
    capture = Capture(URL, 200, (("Content-Type", "text/html; charset=utf-8"),), page.encode(), datetime(2024, 1, 1, tzinfo=UTC))
    article = read_page(capture, made_up(URL), generic=True).article
    assert article is not None
    return article


def _lines(article: Article) -> list[str]:
    return (article.body.value or "").split("\n\n")


def _p(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


@pytest.mark.parametrize(
    "last",
    [
        "Bản quyền của bộ sách tranh do nhà xuất bản giữ, các trường được in lại từng bài.",
        "Giấy phép số 8/GP-PVH đã hết hạn.",
        "Tổng biên tập sẽ gửi thêm sách.",
    ],
)
@pytest.mark.parametrize("form", ["p", "div", "br"])
def test_a_last_sentence_with_words_of_a_foot_is_text(form: str, last: str) -> None:
    lines = [ONE, TWO, last]
    inside = "<br>".join(lines) if form == "br" else "".join(f"<{form}>{line}</{form}>" for line in lines)
    assert _lines(_read(inside)) == lines


@pytest.mark.parametrize(
    "foot",
    [
        "<div>© Bản quyền thuộc Phòng Văn hóa<br>Chịu trách nhiệm: Bà H Yam Niê - Trưởng phòng văn hóa huyện<br>Giấy phép số 9/GP-PVH</div>",
        "<center>TRANG THÔNG TIN ĐIỆN TỬ PHÒNG VĂN HÓA ĐẮK MIN<br>Thị trấn Đắk Min, tỉnh Đắk Nông<br>Thiết kế bởi Công ty Tây Sơn</center>",
        "<section>Nhà văn hóa huyện: số 7 Lê Duẩn, thị trấn Đắk Min<br>Điện thoại: (0500) 111 333<br>Thư điện tử: pvh@dakmin.test</section>",
        "<table><tr><td>Trụ sở Phòng Văn hóa: thôn 3, xã Đắk Lao, huyện Đắk Min</td></tr><tr><td>ĐT: 0500.111.333 - Fax: 0500.111.334</td></tr></table>",
    ],
)
def test_a_foot_without_a_class_below_the_text_is_no_text(foot: str) -> None:
    assert _lines(_read(_p(ONE, TWO), foot=foot)) == [ONE, TWO]


def test_contact_details_in_the_element_of_the_text_are_text() -> None:
    contact = "Địa chỉ: số 7 Lê Duẩn, thị trấn Đắk Min", "Điện thoại: (0500) 111 333"
    assert _lines(_read(_p(ONE, TWO) + f"<ul><li>{contact[0]}</li><li>{contact[1]}</li></ul>", foot="")) == [ONE, TWO, *contact]


@pytest.mark.parametrize(
    "date",
    [
        "Thứ tư, 17/09/2014 07:45 (tức ngày 24 tháng 8 năm Giáp Ngọ)",
        "Âm lịch: 24/08/2014 - Dương lịch: 17/09/2014 07:45",
        "Tin tức 17/09/2014 07:45",
        "Đã đăng vào lúc 07:45 ngày 17/09/2014 bởi Ban biên tập huyện Đắk Min",
    ],
)
def test_what_a_line_says_beside_its_date_is_no_text(date: str) -> None:
    found = _read(_p(ONE, TWO), date=f"<div>{date}</div>")
    assert found.published.value is not None and found.published.value.strftime("%d/%m/%Y %H:%M") == "17/09/2014 07:45"
    assert _lines(found) == [ONE, TWO]


@pytest.mark.parametrize("last", ["Bản quyền thuộc về Phòng Văn hóa huyện Đắk Min", "Bản quyền của Bộ Văn hóa", "Tổng biên tập: Y Moan"])
def test_a_foot_in_the_element_of_the_text_is_no_text(last: str) -> None:
    assert _lines(_read(_p(ONE, TWO, last))) == [ONE, TWO]


@pytest.mark.parametrize("ending", [".pdf", ".html"])
@pytest.mark.parametrize("above", ["", "Danh mục như sau:"])
def test_a_dated_table_of_linked_documents_is_the_text(ending: str, above: str) -> None:
    rows = "".join(
        f"<tr><td>{at}</td><td><a href=/vb/{at}{ending}>{name}</a></td><td>{at + 1:02}/08/2014</td><td><a href=/vb/{at}{ending}>Tải</a></td></tr>"
        for at, name in enumerate(NAMES)
    )
    body = _lines(
        _read(
            _p(above) + f"<table>{rows}</table>",
            title="Danh mục công văn của Phòng Văn hóa trong tháng tám",
            name="Danh mục công văn của Phòng Văn hóa trong tháng tám",
        )
    )
    assert [line.split("\t")[1] for line in body[bool(above) :]] == NAMES
    assert not above or body[0] == above


BIOGRAPHY = "Y Moan công tác ở thư viện huyện từ năm 2002 và viết cho trang tin này mỗi tháng hai bài về sách."
BOXES = {
    "Disqus": f"<div id=disqus_thread><ul class=post-list><li><b>Y Bia</b><p>{BIOGRAPHY}</p></li><li><b>Vi Hai</b></li></ul></div>",
    "readers": f"<div><b>Bạn đọc bình luận</b><div><i>Y Bia, 2 ngày trước</i><p>{BIOGRAPHY}</p></div></div>",
    "biography": f"<div class=bio><strong>Y Moan</strong><p>{BIOGRAPHY}</p></div>",
    "table of the writer": f"<table><tr><td><img src=a.jpg></td><td><b>Tác giả: Y Moan</b><br>{BIOGRAPHY}</td></tr></table>",
    "spam": "<div style='display:none'>"
    + "".join(f"<p><a href='http://ban-{at}.test/'>bán hàng rẻ</a> {ONE.lower()}</p>" for at in range(5))
    + "</div>",
    "card that is one link": f"<div class=k><a href=/tin.aspx?id=9><img src=b.jpg><span>Chợ huyện mở lại sau bão</span><span>{TWO}</span></a></div>",
    "embedded article": "<blockquote class=wp-embedded-content><a href=/tin.aspx?id=9>Chợ huyện mở lại sau cơn bão số năm</a></blockquote>",
    "other news": f"<p><b>Xem thêm các tin khác</b></p><div><a href=/tin.aspx?id=8>Chợ huyện mở lại sau cơn bão số năm</a><p>{TWO}</p></div><div><a href=/tin.aspx?id=9>Thư viện nhận thêm máy tính mới</a></div>",
    "form": "<form><label>Họ tên</label><input name=a><label>Nội dung góp ý</label><textarea></textarea><button>Gửi</button></form>",
    "next article": f"<div class=tiep><h3><a href=/tin.aspx?id=9>Chợ huyện mở lại sau cơn bão số năm</a></h3><p>06/04/2018 09:00</p><p>{TWO}</p></div>",
    "marquee": "<marquee height=0>bán hàng rẻ mua ngay hôm nay tại đây</marquee>",
}


@pytest.mark.parametrize("box", BOXES)
def test_a_box_below_the_text_is_no_text(box: str) -> None:
    article = _read(_p(ONE, TWO) + BOXES[box])
    assert _lines(article) == [ONE, TWO]
    assert article.author.value in (None, "Y Moan")


def test_a_lead_without_ampersands_in_metadata_is_the_summary() -> None:
    article = _read(_p(ONE, TWO, TWO), head=f'<meta name=description content="{ONE.replace("á", "aacute;")}">')
    assert article.summary.value == ONE
    assert _lines(article)[0] == TWO


def test_a_heading_above_the_first_paragraph_is_text() -> None:
    assert _lines(_read(f"<h3>Lễ trao sách</h3>{_p(ONE)}<h3>Kế hoạch</h3>{_p(TWO, ONE)}")) == ["Lễ trao sách", ONE, "Kế hoạch", TWO, ONE]


def test_a_summary_may_be_named_by_an_inline_element() -> None:
    assert _read(_p(TWO, TWO), date=f"{DATE}<div><span id=ctl00_lblTomTat>{ONE}</span></div>").summary.value == ONE


@pytest.mark.parametrize("form", ["<div class=tieude><b>{}</b></div>", "<h3>{}</h3>", '<div class="post-heading">{}</div>'])
def test_a_dated_title_may_be_as_general_as_a_section(form: str) -> None:
    assert _read(_p(ONE, TWO), title="THÔNG BÁO", name="Trang tin", form=form).title.value == "THÔNG BÁO"


def test_paragraphs_in_a_font_of_their_own_are_no_title() -> None:
    first = "Lễ trao sách có ba phần."
    article = _read(
        "".join(f"<p><font face=Arial size=2>{line}</font></p>" for line in (first, ONE + TWO, TWO + ONE, ONE)), date="", form="<p>{}</p>"
    )
    assert article.title.value == TITLE


@pytest.mark.parametrize(
    "line",
    [
        "Viết bởi <a href='/nguoi/62'>Lò Văn Pánh</a>",
        "17/09/2014 | Đăng bởi <a href='/nguoi/62'>Lò Văn Pánh</a>",
        "<a href='/author/panh/'>Lò Văn Pánh</a>",
        "<a href='/tac-gia/lo-van-panh'>Văn Pánh</a>",
    ],
)
def test_a_text_between_the_link_of_its_author_and_the_next_article_is_no_teaser(line: str) -> None:
    following = f"<div><a href='/tin.aspx?id=30'>{NAMES[0]}</a></div>"
    for date in (DATE + f"<div>{line}</div>", f"<div>{line}</div>" + DATE):
        assert _lines(_read(f"{_p(ONE, TWO)}{following}", date=date))[:2] == [ONE, TWO]
