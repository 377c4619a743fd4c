"""Which parts of a page become the text of an article, in many kinds of markup. All pages here were made by this project.

Each case is parsed twice: with a layout (the page is that of a WordPress site) and with only the general rules.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scraper.citations import DocumentsInMemory
from scraper.model import Article, Capture
from scraper.parse import read_page
from scraper.parse.body.superscripts import plain
from scraper.parse.tree.hidden_elements import hiding_selectors
from scraper.reader import cite
from scraper.sources import made_up

URL = "https://xa-mau.test/tin-tuc/xa-mau-mo-lop-hoc-chu-cho-nguoi-lon-tuoi-214.html"
TITLE = "Xã Mẫu mở lớp học chữ cho người lớn tuổi"
FIRST = "Chiều thứ ba, xã Mẫu khai giảng lớp học chữ buổi tối cho ba mươi hai người lớn tuổi ở bốn thôn vùng ven sông."
SECOND = "Cô giáo Lò Thị Vân cho biết lớp học kéo dài bốn tháng, mỗi tuần ba buổi, tài liệu do phòng giáo dục huyện cấp."
LAST = "Xã sẽ mở thêm một lớp ở thôn Thượng vào đầu năm sau nếu có đủ hai mươi người ghi tên trước ngày rằm."
FOOT = "<div class=footer><p>Trang tin xã Mẫu. Giấy phép số 7/GP-STTTT. Điện thoại: 0200 111 222</p><p>Lượt truy cập: 20.114</p></div>"
MENU = "<ul class=menu><li><a href=/>Trang chủ</a><li><a href=/gioi-thieu>Giới thiệu</a><li><a href=/tin-tuc>Tin tức</a></ul>"


def _read(inside: str, head: str = "", after: str = "", before: str = "", *, generic: bool) -> Article:
    page = (
        f'<html lang=vi><head><meta charset=utf-8><meta name="generator" content="WordPress 6.2"><title>{TITLE} - Xã Mẫu</title>{head}</head>'
        f'<body class="single single-post">{MENU}<article class="post type-post"><h1 class=entry-title>{TITLE}</h1>'
        f'<div class=entry-meta><span class=posted-on><time class="entry-date published" datetime="2021-10-05T16:00:00+07:00">05/10/2021 16:00</time></span></div>'
        f"{before}<div class=entry-content>{inside}</div>{after}</article>{FOOT}<script src=/wp-content/a.js></script></body></html>"
    )
    capture = Capture(URL, 200, (("Content-Type", "text/html"),), page.encode(), datetime(2024, 1, 1, tzinfo=UTC))
    article = read_page(capture, made_up(URL), generic=generic).article
    assert article is not None
    assert article.layout == ("generic" if generic else "wordpress/post")
    return article


def _body(inside: str, head: str = "", after: str = "", *, generic: bool) -> list[str]:
    return (_read(inside, head, after, generic=generic).body.value or "").split("\n\n")


def _p(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def _links(ending: str, tag: str = "p") -> str:
    return "".join(f'<{tag}><a href="/vb/{number}{ending}">{name}</a></{tag}>' for number, name in enumerate(DOCUMENTS))


DOCUMENTS = (
    "Kế hoạch số 31/KH-UBND ngày 4/9/2021",
    "Công văn số 402/PGDĐT-GDTX ngày 10/9/2021 về tài liệu học chữ",
    "Quyết định 77/QĐ-UBND thành lập tổ giúp việc",
)
ROWS = [f"{number}\tThôn {number}\t{number + 3}" for number in range(1, 41)]
TABLE = "<table>" + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row.split("\t")) + "</tr>" for row in ROWS) + "</table>"

KEPT: dict[str, tuple[str, list[str]]] = {
    "linked documents end the text": (_p(FIRST, SECOND, "Các văn bản của xã:") + _links(".html"), [FIRST, SECOND, "Các văn bản của xã:", *DOCUMENTS]),
    "linked files in a list end the text": (_p(FIRST, SECOND) + f"<ul>{_links('.docx', 'li')}</ul>", [FIRST, SECOND, *DOCUMENTS]),
    "linked documents within the text": (_p(FIRST) + _links(".pdf", "div") + _p(SECOND, LAST), [FIRST, *DOCUMENTS, SECOND, LAST]),
    "only breaks": (f"{FIRST}<br>{SECOND}<br><br>Gồm có:<br>" + _links(".aspx", "span").replace("</span>", "</span><br>") + LAST, [FIRST, SECOND, "Gồm có:", *DOCUMENTS, LAST]),
    "links that a line introduces": (
        _p(FIRST, SECOND, "Người học có thể ghi tên tại:") + "<ol><li><a href=/thon?id=1>Nhà văn hóa thôn Hạ</a><li><a href=/thon?id=2>Nhà văn hóa thôn Thượng</a></ol>",
        [FIRST, SECOND, "Người học có thể ghi tên tại:", "1. Nhà văn hóa thôn Hạ", "2. Nhà văn hóa thôn Thượng"],
    ),
    "a long table ends the text": (_p(FIRST, SECOND) + f"<div class=scroll>{TABLE}</div>", [FIRST, SECOND, *ROWS]),
    "many short lines end the text": (_p(FIRST, SECOND, *(f"Ông Vàng Văn {number}" for number in range(12))), [FIRST, SECOND, *(f"Ông Vàng Văn {number}" for number in range(12))]),
    "numbers of lists": (
        _p(FIRST) + "<ol start=4><li>Bàn<li><p>Ghế</p><ol type=a><li>thấp</ol><li value=9>Bảng</ol>" + _p(SECOND) + "<ol reversed type=I><li>Hai<li>Một</ol><ol style='list-style: none'><li>Phấn</ol>",
        [FIRST, "4. Bàn", "5. Ghế", "a. thấp", "9. Bảng", SECOND, "II. Hai", "I. Một", "Phấn"],
    ),
    "preformatted text": (f"<pre>{FIRST}\n\n{SECOND[:58]}\n{SECOND[59:]}\n  \n- một\n- hai</pre>", [FIRST, SECOND, "- một", "- hai"]),
    "text whose lines a style keeps": (
        f"<div style='color:red;white-space: pre-line'>{FIRST}\n\n{SECOND[:58]}\n{SECOND[59:]}</div><p style='white-space:nowrap'>{LAST[:39]}\n\n{LAST[40:]}</p>",
        [FIRST, SECOND, LAST],
    ),
    "letters that a style raises": (
        _p(FIRST, "Kế hoạch số 9/KH-UBND<span style='vertical-align: super; font-size: 8pt'>1</span> cho 25 m<span style='vertical-align:super'>2</span> đất, 3m<sup>2 </sup>ao.", SECOND),
        [FIRST, "Kế hoạch số 9/KH-UBND cho 25 m² đất, 3m² ao.", SECOND],
    ),
    "powers": (_p(FIRST, "Phòng rộng 25 m<sup>2</sup>, kho 9m<sup>3</sup>, vi khuẩn 10<sup>6</sup>, lạnh 4<sup>o</sup>C, 1<sup>st</sup>.", SECOND), [FIRST, "Phòng rộng 25 m², kho 9m³, vi khuẩn 10^6, lạnh 4°C, 1st.", SECOND]),
    "bullets in fonts of pictures": (
        _p(FIRST, "<span style='font-family:Wingdings'>v<span style='font:7pt Times'>&nbsp; </span></span>Vở", "<font face=Wingdings>§</font> Bút", "&#61607; Mực",
           "<span style='font-family:\"Courier New\";mso-list:Ignore'>o&nbsp;</span>Phấn", SECOND),
        [FIRST, "• Vở", "• Bút", "• Mực", "• Phấn", SECOND],
    ),
    "words of a page's foot in the text": (
        _p("Tổng biên tập Báo Đồi Chè Sùng A Páo tặng lớp học sáu mươi cuốn vở và hứa mỗi tháng gửi về một chồng báo cũ.", FIRST,
           "Trang web của lớp dùng ít JavaScript nên máy cũ vẫn mở được, tháng đầu đã có 310 lượt truy cập từ các thôn lân cận trong huyện.",
           SECOND, "Giấy phép số 9/GP-UBND cấp cho lớp học có hạn đến hết năm 2022, sau đó xã sẽ xin gia hạn nếu còn người học."),
        ["Tổng biên tập Báo Đồi Chè Sùng A Páo tặng lớp học sáu mươi cuốn vở và hứa mỗi tháng gửi về một chồng báo cũ.", FIRST,
         "Trang web của lớp dùng ít JavaScript nên máy cũ vẫn mở được, tháng đầu đã có 310 lượt truy cập từ các thôn lân cận trong huyện.",
         SECOND, "Giấy phép số 9/GP-UBND cấp cho lớp học có hạn đến hết năm 2022, sau đó xã sẽ xin gia hạn nếu còn người học."],
    ),
    "a tab that the reader opens": (
        f'{_p(FIRST)}<p><a href="#t2">Mở phần sau</a></p><div id=t2 style="display:none">{_p(SECOND)}</div><div class="panel-collapse" hidden>{_p(LAST)}</div>', [FIRST, "Mở phần sau", SECOND, LAST],
    ),
    "a text that a script shows": (f"<div style='visibility:hidden' class=fade>{_p(FIRST, SECOND, LAST)}</div>", [FIRST, SECOND, LAST]),
}  # fmt: skip

SPAM = "thuốc bổ giá rẻ mua ngay hôm nay"
CARD = (
    '<div class=c1><a href="/chuyen-khac-9.html"><img src=/a.jpg></a><h4><a href="/chuyen-khac-9.html">Chợ trâu họp lại sau mùa mưa</a></h4>'
    "<span>Người mua kẻ bán đông như năm trước, theo Chỉ thị số 5/CT-UBND ngày 3/3/2020.</span></div>"
)
LEFT_OUT: dict[str, tuple[str, str, str]] = {  # the text between two paragraphs, in the head, and after the text
    "an inline style": (f"<div style='display:none'>{SPAM}</div><p style='VISIBILITY : Hidden'>{SPAM}</p><span style='font-size:0'>{SPAM}</span>", "", ""),
    "off the screen": (f"<p style='position:absolute; left:-5000px'>{SPAM}</p><div style='height:1px;overflow:hidden'>{SPAM}</div>", "", ""),
    "cut off, or too small": (
        f"<p style='position:absolute;clip: rect(0 0 0 0)'>{SPAM}</p><marquee style='position: absolute; width: 0px'>{SPAM}</marquee><p style='font-size:1px;color:#fff'>{SPAM}</p>", "", "",
    ),
    "the hidden attribute": (f"<p hidden>{SPAM}</p>", "", ""),
    "a style sheet": (f"<p class=x9>{SPAM}</p><div id=q1>{SPAM}</div>", "<style>/* {} */ p.x9, #q1 { color: red; display: none }</style>", ""),
    "a class of Bootstrap": (f"<div class=d-none>{SPAM}</div><span class=sr-only>{SPAM}</span>", "", ""),
    "a card with a picture": (CARD, "", ""),
    "a card with a picture without a link": (
        '<div class=card><img src=/a.jpg><div class=card-body><h5><a href="/chuyen-khac-9.html">Chợ trâu họp lại sau mùa mưa</a></h5><p>Đông như năm trước, theo Chỉ thị số 5/CT-UBND.</p></div></div>', "", "",
    ),
    "an article in the article": ('<article><h3><a href="/chuyen-khac-9.html">Chợ trâu họp lại sau mùa mưa</a></h3><p>Đông như năm trước.</p></article>', "", ""),
    "comments of readers": ("", "", "<div class=sec><h4>Ý kiến bạn đọc (2)</h4><div><b>Hà</b> <i>3 giờ trước</i><p>Lớp học rất có ích cho người già trong thôn, mong xã mở thêm nhiều lớp như vậy.</p></div>"
                            "<div><b>Sơn</b> <i>1 ngày trước</i><p>Đề nghị cho biết lịch học cụ thể của từng thôn để chúng tôi đưa bố mẹ đến lớp đúng giờ.</p></div></div>"),
    "the writer's box": ("", "", "<div class=author-box><h4>Về tác giả</h4><p>Anh viết cho trang tin của xã từ năm 2015, quê ở thôn Hạ, tốt nghiệp sư phạm.</p></div>"),
    "other news": ("", "", "<h4>Tin liên quan</h4><ul><li><a href=/a-1.html>Đường vào thôn Hạ đã trải nhựa</a><li><a href=/a-2.html>Chợ trâu họp lại sau mùa mưa</a></ul>"),
}  # fmt: skip


@pytest.mark.parametrize("generic", [False, True])
@pytest.mark.parametrize("name", KEPT)
def test_what_is_text_is_kept(name: str, generic: bool) -> None:
    inside, wanted = KEPT[name]
    assert _body(inside, generic=generic) == wanted


@pytest.mark.parametrize("generic", [False, True])
@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_is_no_text_is_left_out(name: str, generic: bool) -> None:
    between, head, after = LEFT_OUT[name]
    assert _body(_p(FIRST, SECOND) + between + _p(LAST), head, after, generic=generic) == [FIRST, SECOND, LAST]


@pytest.mark.parametrize("generic", [False, True])
def test_a_copy_for_small_screens_is_stored_once(generic: bool) -> None:
    text = _p(FIRST, SECOND, LAST)
    for one, other in (("d-none d-md-block", "d-md-none"), ("visible-xs", "hidden-xs"), ("ban-1", "ban-2")):
        assert _body(f"<div class='{one}'>{text}</div><div class='{other}'>{text}</div>", generic=generic) == [FIRST, SECOND, LAST], one


@pytest.mark.parametrize("generic", [False, True])
def test_a_footnote_is_not_glued_to_a_number(generic: bool) -> None:
    article = _read(
        _p(FIRST, "Lớp mở theo Quyết định số 77/QĐ-UBND<sup>1</sup> ngày 20/9/2021 và Nghị định 12/2020/NĐ-CP<a href='#_ftn2'><sup>[2]</sup></a>.", SECOND,
           "<a href='#_ftnref1'>[1]</a> Về việc mở lớp học chữ."),
        generic=generic,
    )  # fmt: skip
    numbers = {mention.mention.number: mention.mention for mention in cite(article, made_up(URL), DocumentsInMemory(()))}
    assert set(numbers) == {"77/QĐ-UBND", "12/2020/NĐ-CP"}
    assert numbers["77/QĐ-UBND"].issued_on == "2021-09-20"
    assert "[1] Về việc mở lớp học chữ." in (article.body.value or "")


@pytest.mark.parametrize("generic", [False, True])
def test_a_lead_that_occurs_twice_is_cited_once(generic: bool) -> None:
    lead = "Lớp học chữ buổi tối mở theo Quyết định số 77/QĐ-UBND ngày 20/9/2021 của xã cho ba mươi hai người lớn tuổi."
    broken = lead.replace("học", "h&amp;#7885;c")
    article = _read(_p(lead, FIRST, SECOND), before=f"<p class=entry-excerpt>{broken}</p>", generic=generic)
    assert article.summary.value == lead
    numbers = [citation.mention.number for citation in cite(article, made_up(URL), DocumentsInMemory(()))]
    assert numbers == ["77/QĐ-UBND"]


VIEWERS = {
    "<object data='/tep/a.pdf' type='application/pdf'></object>": "/tep/a.pdf",
    "<object><param name=src value='/tep/a.pdf'></object>": "/tep/a.pdf",
    "<embed src='../tep/a.doc'>": "/tep/a.doc",
    "<iframe src='/xem/web/viewer.html?file=%2Ftep%2Fa.pdf#page=2'></iframe>": "/tep/a.pdf",
    "<iframe src='/xem/web/viewer.html?file=..%2F..%2Ftep%2Fa.pdf'></iframe>": "/tep/a.pdf",
    "<iframe data-src='https://docs.google.com/viewer?url=https%3A%2F%2Fxa-mau.test%2Ftep%2Fa.xlsx&embedded=true'></iframe>": "/tep/a.xlsx",
    "<iframe src='https://view.officeapps.live.com/op/embed.aspx?src=https%253A%252F%252Fxa-mau.test%252Ftep%252Fa.docx'></iframe>": "/tep/a.docx",
    "<iframe src='https://docs.google.com/gview?embedded=true&url=xa-mau.test/tep/a.pdf'></iframe>": "/tep/a.pdf",
    "<iframe src='/ViewerJS/#../tep/a.odt'></iframe>": "/tep/a.odt",
    "<iframe src='about:blank' data-src='/tep/a.pdf'></iframe>": "/tep/a.pdf",
    "<div id=p></div><script>PDFObject.embed('/tep/a.pdf#page=1', '#p');</script>": "/tep/a.pdf",
    '<canvas id=c></canvas><script>pdfjsLib.getDocument({ url: "/tep/a.PDF?v=2" })</script>': "/tep/a.PDF",
    "<script>$('#v').FlowPaperViewer({config: {PDFFile: '/tep/a.pdf'}});</script>": "/tep/a.pdf",
    "<div class=_df_book source='/tep/a.pdf'></div>": "/tep/a.pdf",
    "<div class=viewer data-pdf-url='/tep/a.pdf'></div>": "/tep/a.pdf",
    "<a href=/gui/71 download='ke-hoach.docx'>Kế hoạch</a>": "/gui/71",
}


@pytest.mark.parametrize("generic", [False, True])
@pytest.mark.parametrize("viewer", VIEWERS)
def test_a_file_in_a_viewer_is_an_attachment(viewer: str, generic: bool) -> None:
    article = _read(_p(FIRST) + f"<div>{viewer}</div>", generic=generic)
    assert [one.url for one in article.attachments] == [f"https://xa-mau.test{VIEWERS[viewer]}"]


@pytest.mark.parametrize(
    ("below", "files"),
    [
        ("<p><a href='/documents/20/55/KH.pdf/8f6e1a3c-1111-4222-8333-944455556666?version=1.0'>Kế hoạch</a></p>", 1),
        ("<table class=f><tr><td><a href=/tep/a.doc>a.doc</a></td><td>[ ]</td><td>120 kB</td></tr></table>", 1),
        ("<div>Tài liệu: <a href=/tep/a.doc>Đơn ghi tên</a>, <a href=/tep/b.doc>Bản cam kết</a></div>", 2),
        ("<div><h4>Văn bản mới</h4><a href=/tep/a.doc>Kế hoạch số 3</a></div>", 0),
        ("<div><a href=/tep/a.doc>Đơn</a> <a href=/tin/2.html>Chợ trâu họp lại</a></div>", 0),
        ("<script>var x = '/tep/a.pdf'; xem({link: '/tep/a.pdf'})</script>", 0),
    ],
)
def test_files_below_the_text(below: str, files: int) -> None:
    for generic in (False, True):
        assert len(_read(_p(FIRST, SECOND, LAST), after=below, generic=generic).attachments) == files


@pytest.mark.parametrize(
    ("raised", "before", "wanted"),
    [("2", "rộng 25 m", "²"), ("6", "khoảng 10", "^6"), ("-3", "10", "^-3"), ("1", "QĐ-UBND", ""), ("2", "theo Điều 12", ""), ("1", "ngày 17/5/2007", ""),
     ("3", "năm 2009", ""), ("o", "37", "°"), ("th", "5", None), ("1", "", None), ("[4]", "Nghị định", "")],
)  # fmt: skip
def test_raised_text(raised: str, before: str, wanted: str | None) -> None:
    assert plain(raised, before) == wanted


def test_a_style_sheet_hides_only_for_good() -> None:
    sheet = ".a{display:none}@media print{.b{display:none}}.tab{display:none}.tab.on{display:block}.d:hover{display:none} .e > .f{visibility:hidden}"
    assert hiding_selectors((sheet,)) == ".a, .e > .f"
