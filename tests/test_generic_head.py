"""Title and author by the general rules, on pages of a plain site that this project made."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scraper.model import Article, Capture, Precision
from scraper.parse import read_page
from scraper.parse.generic.captions import is_site_name
from scraper.parse.generic.url_words import slug_of
from scraper.rule_codes import RuleCode
from scraper.sources import made_up

SITE = "Trang thông tin điện tử Sở Nội vụ tỉnh Trà Lâm"
URL = "http://sonoivu.tralam.test/Default.aspx?tabid=88&id=412"
TITLE = "Bồi dưỡng nghiệp vụ văn thư cho công chức cấp xã"
DATE = '<div class="ngay">Ngày 10/04/2018 14:05</div>'
TEXT = (
    "<p>Ngày 9/4, tại hội trường lớn, Sở Nội vụ tỉnh Trà Lâm đã mở lớp bồi dưỡng nghiệp vụ văn thư cho công chức của các xã.</p>"
    "<p>Theo kế hoạch, lớp học kéo dài ba ngày với sáu chuyên đề; học viên được thực hành lập hồ sơ trên máy và nộp vào kho lưu.</p>"
    "<p>Ban Tổ chức cho biết sẽ mở thêm hai lớp nữa trong quý ba, đồng thời gửi tài liệu về địa phương để cán bộ có thể tự học.</p>"
)


def _article(main: str, page_title: str = SITE, head: str = "") -> Article:
    page = (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{page_title}</title>{head}</head><body>'
        f'<div id="header"><h1 class="logo">{SITE}</h1></div><ul class="nav"><li><a href="/">Trang chủ</a></li></ul>'
        f'<div>{main}</div><div id="footer"><p>{SITE}. Địa chỉ: 12 Trần Phú</p></div></body></html>'
    )
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    article = read_page(Capture(URL, 200, headers, page.encode(), datetime(2026, 1, 1, tzinfo=UTC)), made_up(URL), generic=True).article
    assert article is not None
    return article


FORMS = {
    "h3": "<div><h3>{0}</h3>" + DATE + TEXT + "</div>",
    "id of ASP.NET": '<table><tr><td><span id="ctl00_lblTitle">{0}</span></td></tr><tr><td><i>10/04/2018 - 14:05</i></td></tr><tr><td>'
    + TEXT
    + "</td></tr></table>",
    "bold line": "<div><p><b>{0}</b></p><p>(10/04/2018 14:05)</p>" + TEXT + "</div>",
    "style": '<div><span style="font-size:18px;font-weight:bold">{0}</span><br>Thứ ba, 10/04/2018 14:05<br>' + TEXT + "</div>",
    "link to itself": '<div><div class="TieuDe"><a href="Default.aspx?tabid=88&amp;id=412">{0}</a></div>' + DATE + TEXT + "</div>",
    "below a caption": "<h2>Chi tiết tin</h2><h3>{0}</h3>" + DATE + TEXT,
    "below a section": '<h2>Tin tức - Sự kiện</h2><div class="ten-bai">{0}</div>' + DATE + TEXT,
    "below the date": DATE + "<h2>{0}</h2>" + TEXT,
}
TITLES = (
    "Mở lớp bồi dưỡng nghiệp vụ văn thư./.",
    "Thông báo mở lớp bồi dưỡng văn thư:",
    "Lịch tiếp công dân từ ngày 09/04/2018 đến ngày 13/04/2018",
    "Cúp điện 7:00 - 11:00",
    "Tết",
)


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("form", FORMS)
def test_the_title_above_the_date_is_the_title(form: str, title: str) -> None:
    article = _article(FORMS[form].format(title))
    assert article.title.value == title
    assert article.published.value is not None and article.published.value.isoformat()[:16] == "2018-04-10T14:05"


def test_a_title_may_be_as_long_as_a_paragraph() -> None:
    title = f"Thông báo về việc {' và '.join([TITLE.lower()] * 8)} giai đoạn 2018 - 2020"
    assert len(title) > 400
    assert _article(f"<h1>{title}</h1>{DATE}{TEXT}").title.value == title


@pytest.mark.parametrize("page_title", ["Chi tiết tin", f"Nội dung bài viết | {SITE}", SITE])
def test_neither_the_site_nor_a_caption_is_a_title(page_title: str) -> None:
    og = f'<meta property="og:title" content="{SITE}">'
    assert _article(f"<h2>Nội dung bài viết</h2><h4>{TITLE}</h4>{DATE}{TEXT}", page_title, og).title.value == TITLE


SHORT = (
    "<p>Ngày 9/4, Sở Nội vụ tỉnh Trà Lâm mở lớp bồi dưỡng nghiệp vụ văn thư cho công chức của các xã.</p>"
    "<p>Lớp học kéo dài ba ngày, học viên được thực hành lập hồ sơ trên máy và nộp vào kho lưu.</p>"
    "<p>Ban Tổ chức cho biết sẽ mở thêm hai lớp trong quý ba và gửi tài liệu về địa phương.</p>"
)


@pytest.mark.parametrize(
    "form",
    [
        "<div class=a1>{0}</div><div>10/04/2018 14:05</div>" + SHORT,
        "<table><tr><td>{0}</td></tr><tr><td>10/04/2018 14:05</td></tr><tr><td>" + SHORT + "</td></tr></table>",
        "<div><div>10/04/2018 14:05</div><h2>{0}</h2>" + SHORT + "</div>",
    ],
)
@pytest.mark.parametrize("page_title", [SITE, "In tin"])
def test_a_plain_title_above_short_paragraphs(form: str, page_title: str) -> None:
    """No paragraph is longer than a title may be, so only the day shows where the text begins."""
    article = _article(form.format(TITLE), page_title)
    assert article.title.value == TITLE
    assert (article.body.value or "").startswith("Ngày 9/4")


@pytest.mark.parametrize(
    "row",
    [
        '<span id="ctl00_lblTieuDe" class="tieude">{0}</span><span id="ctl00_lblNgay" class="ngaydang"> (10/04/2018 02:05 PM)</span>',
        '<span class="news-title">{0}</span> <i>(10/04/2018 14:05)</i>',
    ],
)
def test_a_title_and_its_day_in_one_row(row: str) -> None:
    article = _article(f"<div>{row.format(TITLE)}<div>{TEXT}</div></div>")
    assert article.title.value == TITLE
    assert article.published.value is not None and article.published.value.isoformat()[:16] == "2018-04-10T14:05"


@pytest.mark.parametrize(
    "row",
    [
        "<h1>{0} <small>(10/04/2018 14:05)</small></h1>",
        "<h2>{0}<span class=d>10/04/2018 14:05</span></h2>",
        "<div class=news-title>{0} <span class=d>(10/04/2018 14:05:00)</span></div>",
        "<b>{0}</b> <font size=1 color=#999999>[10/04/2018 14:05]</font><br><br>",
        "<p><strong>{0}</strong> <em>(Cập nhật: 10/04/2018 14:05)</em></p>",
        "<table><tr><td><b>{0}</b> <i>(10/04/2018 14:05)</i></td></tr></table>",
    ],
)
def test_a_title_ends_before_the_day_on_its_line(row: str) -> None:
    article = _article(f"<div>{row.format(TITLE)}{TEXT}</div>")
    assert article.title.value == TITLE and (article.body.value or "").startswith("Ngày 9/4")
    assert article.published.value is not None and article.published.value.isoformat()[:16] == "2018-04-10T14:05"


def test_a_day_without_an_element_belongs_to_the_title() -> None:
    title = "Lịch tiếp công dân của lãnh đạo Sở (10/04/2018)"
    assert _article(f"<h1>{title}</h1><p>09/04/2018</p>{TEXT}").title.value == title


@pytest.mark.parametrize("above", [True, False])
def test_a_sub_title_is_no_title(above: bool) -> None:
    line = "<h3 class=sub-title>Học viên thực hành lập hồ sơ trên máy</h3>"
    heads = (line, f"<h1>{TITLE}</h1>") if above else (f"<h1>{TITLE}</h1>", line)
    article = _article("".join(heads) + DATE + TEXT)
    assert article.title.value == TITLE and article.published.value is not None


@pytest.mark.parametrize(
    "foot", ["<p>Cập nhật ngày 10/04/2018 lúc 14:05</p>", "<p>Người đăng: Vi Văn Tám</p><p>Ngày đăng: 10/04/2018 14:05</p>"]
)
def test_a_day_below_short_paragraphs_is_below_no_title(foot: str) -> None:
    article = _article(f"<div><h1>{TITLE}</h1>{SHORT}{foot}</div>")
    assert article.title.value == TITLE and (article.body.value or "").endswith("tài liệu về địa phương.")
    assert article.published.value is not None and article.published.value.isoformat()[:16] == "2018-04-10T14:05"


STEPS = '<a href="/">Trang chủ</a> / <a href="/vt">Văn thư - Lưu trữ</a>'


@pytest.mark.parametrize(
    "path",
    [
        f'<div class="bread-crumb">{STEPS}</div>',
        f'<div id="pathway">{STEPS}</div>',
        f'<span id="ctl00_SiteMapPath1"><span>{STEPS}</span></span>',
        f'<div class="duong-dan">{STEPS}</div>',
    ],
)
def test_the_section_is_the_last_step_of_the_path(path: str) -> None:
    assert _article(f"{path}<h1>{TITLE}</h1>{DATE}{TEXT}").section.value == "Văn thư - Lưu trữ"


@pytest.mark.parametrize(
    "step",
    ['{"@type": "ListItem", "name": "Văn thư - Lưu trữ"}', '{"@type": "ListItem", "item": {"@id": "/vt", "name": "Văn thư - Lưu trữ"}}'],
)
def test_the_section_is_the_last_step_of_a_path_in_metadata(step: str) -> None:
    """The last step may be the article itself."""
    steps = f'{{"name": "Trang chủ"}}, {step}, {{"name": "{TITLE}"}}'
    head = f'<script type="application/ld+json">{{"@graph": [{{"@type": "BreadcrumbList", "itemListElement": [{steps}]}}]}}</script>'
    assert _article(f"<h1>{TITLE}</h1>{DATE}{TEXT}", head=head).section.value == "Văn thư - Lưu trữ"


def test_the_author_in_a_row_of_its_own() -> None:
    rows = (f"<b>{TITLE}</b>", "10/04/2018 14:05", TEXT, "<b>Vi Văn Tám</b>")
    table = "".join(f"<tr><td>{row}</td></tr>" for row in rows)
    assert _article(f"<table>{table}</table>").author.value == "Vi Văn Tám"
    signed = f"<tr><td>{TEXT}<table><tr><td>Nơi nhận: các xã</td><td><b>Vi Văn Tám</b></td></tr></table></td></tr>"
    assert _article(f"<table><tr><td><b>{TITLE}</b></td></tr><tr><td>10/04/2018 14:05</td></tr>{signed}</table>").author.value is None


def test_a_schedule_is_no_list() -> None:
    """By default the page must be recognised as an article; with the general rules only, every page is read."""
    title = "Lịch tiếp công dân tháng 4 năm 2018"
    days = "".join(f"<p>Ngày {day:02}/04/2018: Giám đốc Sở</p>" for day in (5, 12, 19, 26))
    page = f"<html><head><meta charset=utf-8><title>{title}</title></head><body><h1>{title}</h1>{DATE}{days}</body></html>"
    url = "http://sonoivu.tralam.test/thong-bao/88.html"
    article = read_page(Capture(url, 200, (), page.encode(), datetime(2026, 1, 1, tzinfo=UTC)), made_up(url)).article
    assert article is not None and article.title.value == title and (article.body.value or "").startswith("Ngày 05/04/2018")


def test_the_first_story_of_a_digest_is_not_its_title() -> None:
    stories = "<h3>Bồi dưỡng văn thư tại Trà Lâm</h3>" + TEXT + "<h3>Kiểm tra công vụ quý hai</h3>" + TEXT
    assert _article(f'<div class="tieude">Điểm tin tháng 4</div>{DATE}{stories}').title.value == "Điểm tin tháng 4"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (SITE, True),
        ("SỞ NỘI VỤ TỈNH TRÀ LÂM", True),
        ("Ủy ban nhân dân huyện Trà Lâm - Tỉnh Mẫu", True),
        ("Sở Nội vụ Trà Lâm tập huấn cho công chức xã", False),
        ("Tin hoạt động của Sở Nội vụ", False),
    ],
)
def test_the_name_of_a_site_says_nothing_else(text: str, is_one: bool) -> None:
    assert is_site_name(text) is is_one


def _json_ld(author: str) -> str:
    return (
        f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{TITLE}", "author": {{"name": "{author}"}}, '
        '"publisher": {"@type": "Organization", "name": "Báo Trà Lâm"}}</script>'
    )


SEVERAL = _json_ld("Vi Văn Tám").replace(
    '{"name": "Vi Văn Tám"}', '[{"name": "Vi Văn Tám"}, {"name": "Báo Trà Lâm"}, {"name": "Thu Hằng"}]'
)


@pytest.mark.parametrize(
    "head",
    [
        *(f'<meta name="author" content="{name}">' for name in ("TraLamSoft", "Công ty CP Tin học Trà Lâm", "VNPT Trà Lâm", SITE)),
        _json_ld("Báo Trà Lâm"),
        _json_ld("Sở Nội vụ tỉnh Trà Lâm"),
    ],
)
def test_makers_publishers_and_sites_are_no_authors(head: str) -> None:
    author = _article(f"<h1>{TITLE}</h1>{DATE}{TEXT}", head=head).author
    assert author.value is None and author.rule.code is RuleCode.VALUE_REJECTED


@pytest.mark.parametrize(
    ("head", "above", "below", "name"),
    [
        ('<meta name="author" content="Vi Văn Tám">', "", "", "Vi Văn Tám"),
        (_json_ld("Phòng Cải cách hành chính"), "", "", "Phòng Cải cách hành chính"),
        (_json_ld("Báo Trà Lâm"), "", "<p>Vi Văn Tám</p>", "Vi Văn Tám"),
        (_json_ld("Báo Trà Lâm"), "", '<p align="right">Văn phòng Sở</p>', "Văn phòng Sở"),
        ("", "", '<p style="text-align:right"><em>Thu Hằng</em></p>', "Thu Hằng"),
        ("", '<span class="author">Vi Văn Tám</span>', "", "Vi Văn Tám"),
        ("", "<p>Lượt xem: 12 | Tác giả: Vi Văn Tám</p>", "", "Vi Văn Tám"),
        ("", "", '<p class="tacgia">Văn phòng Sở</p>', "Văn phòng Sở"),
        (
            "",
            "<div><span>Ngày 10/04/2018</span> <span class=author>Văn phòng Sở</span> / <span>Lượt xem: 12</span></div>",
            "",
            "Văn phòng Sở",
        ),
        ("", "<div><span>Ngày 10/04/2018</span><span>Tác giả: Vi Văn Tám</span><span>Lượt xem: 12</span></div>", "", "Vi Văn Tám"),
        ("", "<p>Người đăng tin: Vi Văn Tám Ngày đăng tin: 10/04/2018 Lượt xem: 77</p>", "", "Vi Văn Tám"),
        ("", "<p>10/04/2018 <span class=author>admin</span></p>", '<p style="text-align:right"><b>Thu Hằng</b></p>', "Thu Hằng"),
        ("", "", '<p style="text-align:right"><b>HOÀNG NAM</b></p>', "HOÀNG NAM"),
        ("", "", "<p>Bài, ảnh: Thu Hằng</p>", "Thu Hằng"),
        ("", "<p><b>Bài và ảnh: Thu Hằng</b></p>", "", "Thu Hằng"),
        ("", "", "<p><em>Tin và ảnh: Thu Hằng – Vi Văn Tám</em></p>", "Thu Hằng – Vi Văn Tám"),
        ("", "", "<p><strong>Bài viết: THU HẰNG</strong></p>", "THU HẰNG"),
        ("", "", '<p align="right">(Thu Hằng)</p>', "Thu Hằng"),
        ("", "<p>Tác giả: <b>Vi Văn Tám</b> - Ảnh: <b>Thu Hằng</b></p>", "", "Vi Văn Tám"),
        ("", "<p>Được đăng bởi Vi Văn Tám vào CN, 08/04/2018 - 08:00</p>", "", "Vi Văn Tám"),
        ("", "<div>Đăng ngày <time>10/04/2018</time> bởi <a class='url fn' href='/author/tam'>Vi Văn Tám</a></div>", "", "Vi Văn Tám"),
        ("", "<div><a rel='author' href='/u/5'>Vi Văn Tám</a></div>", "", "Vi Văn Tám"),
        ("", "", '<p class="author">Bài và ảnh: Thu Hằng</p>', "Thu Hằng"),
        ("", "", "<p>Người viết: Thu Hằng</p>", "Thu Hằng"),
        (SEVERAL, "", "", "Vi Văn Tám, Thu Hằng"),
    ],
)
def test_the_author_is_a_person_or_an_office_and_no_part_of_the_text(head: str, above: str, below: str, name: str) -> None:
    article = _article(f"<h1>{TITLE}</h1>{above}{DATE}{TEXT}{below}", head=head)
    assert article.author.value == name
    assert (article.body.value or "").endswith("tự học.")


@pytest.mark.parametrize(
    "line", ["Theo Báo Nhân Dân", "(Theo Báo Nhân Dân)", "Báo Trà Lâm", "Nguồn Đài Trà Lâm", "Ảnh: Thu Hằng", "TTXVN", "PV"]
)
def test_the_source_of_a_text_is_no_author(line: str) -> None:
    article = _article(f'<h1>{TITLE}</h1>{DATE}{TEXT}<p style="text-align:right"><b>{line}</b></p>')
    assert article.author.value is None and (article.body.value or "").endswith(line)


def test_the_first_sentence_of_a_biography_is_no_author() -> None:
    biography = '<div class="author-info"><p>Vi Văn Tám là phóng viên của Sở.</p></div>'
    assert _article(f"<h1>{TITLE}</h1>{DATE}{TEXT}{biography}").author.value is None


def test_the_words_of_a_url_are_found_in_linear_time() -> None:
    """The earlier pattern that removed the ids took time that doubled with each digit."""
    assert slug_of("http://so-mau.test/tin-tuc/12-hop-giao-ban-nganh-153.html") == "hopgiaobannganh"
    assert slug_of(f"http://so-mau.test/tin/a-b-c-{'1' * 3000}-.html".replace(".html", "!"))


HOURS = {
    "<p>Thứ tư, 30/04/2025 | 11:53</p>": "11:53",
    "<p>30/04/2025, 11h53</p>": "11:53",
    "<div>11:53 | 30/04/2025</div>": "11:53",
    "<p>Cập nhật lúc 11 giờ 53 phút ngày 30/4/2025</p>": "11:53",
    "<div><span>30/04/2025</span><span>11:53</span></div>": "11:53",
    "<ul><li>30/04/2025</li><li>11:53</li></ul>": "11:53",
    "<div><div>11:53</div><div>30/04/2025</div></div>": "11:53",
    "<table><tr><td>Ngày đăng:</td><td>30/04/2025</td><td>Giờ:</td><td>11:53</td></tr></table>": "11:53",
    "<p>30/04/2025 3:53 PM</p>": "15:53",
    "<p>3:53:07 CH 30-04-2025</p>": "15:53",
    "<p>3 giờ 53 phút chiều, ngày 30/4/2025</p>": "15:53",
    "<p>Ngày 30 tháng 4 năm 2025, lúc 11 giờ 53</p>": "11:53",
    # Rows of elements that the style sheet sets apart.
    "<div class=flex><span>11:53</span><span>Thứ Tư, 30/04/2025</span><span>1.245 lượt xem</span></div>": "11:53",
    "<p><span>30/04/2025</span><span>11:53</span><span>102</span></p>": "11:53",
    "<div><span><i></i>30/04/2025 11:53</span><span><i></i>102</span></div>": "11:53",
    "<div><a href=/phong>Văn phòng</a><a href=/tin>Tin tức</a><time>30/04/2025 11:53</time></div>": "11:53",
    # Rows with a counter, an author and tools, which are not part of the text.
    "<p>Thứ tư, 30/04/2025, 11:53 | Lượt xem: 1205 | Cỡ chữ: A- A A+ | Bản in</p>": "11:53",
    "<p>Đăng ngày 30-04-2025, 11 giờ 53 phút - Đã xem: 1.203 lần</p>": "11:53",
    "<p>Người đăng tin: Vi Văn Tám Ngày đăng tin: 30/04/2025 11:53 Lượt xem: 77</p>": "11:53",
    "<div>30/04/2025 11:53</div><div><i class=fa-eye></i> 1204 &nbsp; Cỡ chữ</div>": "11:53",
    "<p>30/04/2025 11:53</p><ul><li>In ra</li><li>Đóng cửa sổ này</li></ul>": "11:53",
    "<p>30/04/2025 11:53</p><div><span>Nghe bài viết</span><span>0:00 / 3:25</span></div>": "11:53",
    "<p>发布日期：2025年4月30日 11:53</p>": "11:53",
    "<div><abbr class=timeago title='2025-04-30T11:53:00+07:00'>1 năm trước</abbr></div>": "11:53",
    "<p>Ngày tạo: 29/04/2025 | Ngày cập nhật: 02/05/2025 | Ngày xuất bản: 30/04/2025 11:53</p>": "11:53",
    "<p>30/04/2025 11:53</p><ul><li>Thời gian: 08:00 ngày 15/05/2025</li><li>Địa điểm: hội trường lớn</li></ul>": "11:53",
}
_IN_TEXT = "Thời gian: 08:00"  # the time of an event stays in the text


@pytest.mark.parametrize(
    "head",
    [
        "",
        '<meta property="article:published_time" content="2025-04-30">',
        '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2025-04-30"}</script>',
    ],
    ids=["shown only", "day in meta", "day in JSON-LD"],
)
@pytest.mark.parametrize("shown", HOURS)
def test_the_time_beside_the_title_comes_before_a_day_elsewhere(shown: str, head: str) -> None:
    article = _article(f"<h1>{TITLE}</h1>{shown}{TEXT}", head=head)
    assert article.published.value is not None and article.published.precision is Precision.MINUTE
    assert article.published.value.isoformat()[:16] == f"2025-04-30T{HOURS[shown]}"
    assert (article.body.value or "").startswith(_IN_TEXT if _IN_TEXT in shown else "Ngày 9/4")
