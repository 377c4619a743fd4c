"""Short notices at URLs without words: a title, a date, and a line, a file or a picture. The pages were made by this project."""

# ruff: noqa: E501 (a line of markup stays one line)

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scraper.model import Article, Capture
from scraper.parse import read_page
from scraper.parse.tree.link_targets import is_file_name
from scraper.sources import made_up

URL = "http://phongtuphap.nammon.test/chitiet.aspx?id=88"
TITLE = "Quyết định 19/QĐ-PTP lập tổ kiểm tra sổ hộ tịch"
TEASERS = (
    ("Chợ phiên xã Nậm Mon dời sang ngày chủ nhật", "Ban quản lý chợ đã báo cho các hộ bán hàng."),
    ("Xã Nậm Mon nhận máy tính mới cho bộ phận một cửa", "Có bốn máy để ở phòng tiếp dân."),
)
FILE = '<p><a href="/tep/19.pdf">19-QD-PTP.pdf</a> (84 KB)</p>'
LINE = "Chi tiết xem tệp đính kèm."
CONTENTS = {
    "line and file": (f"<p>{LINE}</p>{FILE}", [LINE]),
    "two lines": (f"{LINE}<br>Thời gian: sáng thứ năm.", [LINE, "Thời gian: sáng thứ năm."]),
    "file": (FILE, []),
    "picture": ('<p><img src="/anh/19.jpg"></p>', []),
    "viewer": ('<iframe src="/xem.html?file=/tep/19.pdf"></iframe>', []),
    "linked laws": (
        "<ul><li><a href=/vb/1.html>Kế hoạch số 4/KH-PTP về kiểm tra</a></li><li><a href=/vb/2.html>Công văn số 7/PTP gửi các xã</a></li></ul>",
        ["Kế hoạch số 4/KH-PTP về kiểm tra", "Công văn số 7/PTP gửi các xã"],
    ),
}  # fmt: skip


def _boxes(form: str) -> str:
    return "".join(form.format(number, *teaser) for number, teaser in enumerate(TEASERS))


FRAMES = {
    "tables": "<table><tr><td><a href=/>Trang chủ</a> | <a href=/tin-tuc>Tin tức</a></td></tr><tr><td><table><tr><td class=tieude><b>{title}</b></td></tr><tr><td><i>06/08/2015 14:20</i></td></tr>"
    "<tr><td>{content}</td></tr></table></td><td>" + _boxes("<table><tr><td><a href=/chitiet.aspx?id={}><b>{}</b></a></td></tr><tr><td>{}</td></tr></table>")
    + "</td></tr><tr><td>Cổng thông tin điện tử Phòng Tư pháp Nậm Mon</td></tr></table>",
    "ASP.NET": "<div id=t><div id=ctl00_Left><div><a href=/hoi-dap>Hỏi đáp</a></div></div><div id=ctl00_Main><div><span id=ctl00_lblTitle>{title}</span></div><div>06/08/2015 14:20</div>"
    "<div id=ctl00_noidung>{content}</div></div><div id=ctl00_Right>" + _boxes("<div class=m><a href=/chitiet.aspx?id={}>{}</a><div>{}</div></div>") + "</div></div>",
    "columns": "<main><div class=col-8><h1>{title}</h1><div class=meta>06/08/2015 14:20</div><div class=nd>{content}</div></div><div class=col-4>"
    + _boxes("<div class=box><h3><a href=/chitiet.aspx?id={}>{}</a></h3><p>{}</p></div>") + "</div></main><footer><p>Điện thoại: 0200 222 111</p></footer>",
    "tables of menus": "<table><tr><td><a href=/>Trang chủ</a></td><td><a href=/tin-tuc>Tin tức của huyện</a></td><td><a href=/van-ban>Văn bản pháp quy</a></td><td><a href=/hoi-dap>Hỏi đáp</a></td></tr></table>"
    "<table><tr><td><table><tr><td><a href=/ds>Danh sách cán bộ tư pháp xã</a></td></tr></table></td><td><table><tr><td class=t><b>{title}</b></td></tr><tr><td>06/08/2015 14:20</td></tr><tr><td>{content}</td></tr></table></td></tr></table>"
    "<table><tr><td align=center>© Bản quyền thuộc UBND huyện Nậm Mon<br>Chịu trách nhiệm: Bà Vi Thị Nga - Chánh Văn phòng<br>Giấy phép số 2/GP-STTTT</td></tr></table>",
    # The byline is the footer of the article, above its text, as in themes of Drupal and Pelican.
    "byline": "<main><h1>{title}</h1><article><footer class=meta><p>Thu, 06/08/2015 - 2:20pm by admin</p></footer><div class=content>{content}</div></article></main>"
    "<aside>" + _boxes("<div><h3><a href=/chitiet.aspx?id={}>{}</a></h3><p>{}</p></div>") + "</aside><footer><p>Điện thoại: 0200 222 111</p></footer>",
}  # fmt: skip


def _read(frame: str, content: str) -> Article:
    page = f"<html><head><meta charset=utf-8><title>{TITLE}</title></head><body>{FRAMES[frame].format(title=TITLE, content=content)}</body></html>"
    capture = Capture(URL, 200, (("Content-Type", "text/html; charset=utf-8"),), page.encode(), datetime(2024, 1, 1, tzinfo=UTC))
    article = read_page(capture, made_up(URL)).article
    assert article is not None
    return article


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("frame", FRAMES)
def test_a_short_notice_ends_before_the_side_boxes(frame: str, content: str) -> None:
    inside, wanted = CONTENTS[content]
    article = _read(frame, inside)
    assert article.title.value == TITLE
    assert article.published.value is not None and article.published.value.isoformat()[:16] == "2015-08-06T14:20"
    assert [line for line in (article.body.value or "").split("\n\n") if line] == wanted
    assert [one.url for one in article.attachments] == (["http://phongtuphap.nammon.test/tep/19.pdf"] if "19.pdf" in inside else [])


@pytest.mark.parametrize(
    ("line", "is_one"),
    [("19-QD-PTP.pdf (84 KB)", True), ("- Phụ lục 2.docx", True), ("Xem tệp 19.pdf kèm theo", False), ("Công văn số 19/PTP.pdf", False), ("Theo Nghị định số 3.", False)],
)  # fmt: skip
def test_a_file_name_is_a_line_without_other_words(line: str, is_one: bool) -> None:
    assert is_file_name(line) is is_one
