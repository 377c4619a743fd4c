"""Kinds of pages of newspapers and portals by the general rules: search, RSS, an article with a form, and what their metadata say.

The pages are made by this project, after shapes that real pages have.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from scraper.model import Article, Capture, LinkRole, Page, PageKind
from scraper.parse import read_page
from scraper.rule_codes import RuleCode
from scraper.sources import made_up

SITE = "http://baotralam.test"
NAME = "Báo điện tử Trà Lâm"
DATE = '<div class="meta"><time>10/04/2018 14:05</time></div>'
TEXT = (
    "<p>Ngày 9/4, tại hội trường lớn, Sở Nội vụ tỉnh Trà Lâm đã mở lớp bồi dưỡng nghiệp vụ văn thư cho công chức của các xã.</p>"
    "<p>Theo kế hoạch, lớp học kéo dài ba ngày với sáu chuyên đề; học viên được thực hành lập hồ sơ trên máy và nộp vào kho lưu.</p>"
    "<p>Ban Tổ chức cho biết sẽ mở thêm hai lớp nữa trong quý ba, đồng thời gửi tài liệu về địa phương để cán bộ có thể tự học.</p>"
)
TITLE = "Trà Lâm mở lớp bồi dưỡng nghiệp vụ văn thư cho công chức cấp xã"
NAMED = "/tra-lam-mo-lop-boi-duong-nghiep-vu-van-thu-cho-cong-chuc-cap-xa-412.html"


def _page(path: str, main: str, title: str = NAME, head: str = "", kind: str = "text/html; charset=utf-8") -> Page:
    page = (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>'
        f'<div id="header"><a class="logo" href="/">{NAME}</a></div><ul class="nav"><li><a href="/thoi-su/">Thời sự</a></li></ul>'
        f'<div>{main}</div><div id="footer"><p>{NAME}. Địa chỉ: 12 Trần Phú</p></div></body></html>'
    )
    body = (page if "html" in kind else main).encode()
    capture = Capture(SITE + path, 200, (("Content-Type", kind),), body, datetime(2026, 1, 1, tzinfo=UTC))
    return read_page(capture, made_up(SITE + path), generic=True)


def _article(head: str = "", main: str = f"<h1>{TITLE}</h1>{DATE}{TEXT}") -> Article:
    article = _page(NAMED, main, f"{TITLE} | {NAME}", head).article
    assert article is not None
    return article


# --- search -------------------------------------------------------------------------------------------

RESULT = f"<p>10/04/2018</p>{TEXT}"


@pytest.mark.parametrize(
    "title", ["Tìm kiếm", "TÌM KIẾM", "Kết quả tìm kiếm", "Kết quả tìm kiếm cho: văn thư", "Tra cứu", "Bộ lọc tìm kiếm", "Search results"]
)
def test_results_of_a_search_with_whole_texts_are_not_an_article(title: str) -> None:
    assert _page("/search", f"<h3>{title}</h3>{RESULT}", title).kind is PageKind.LISTING


def test_a_day_in_a_box_of_links_does_not_date_the_heading_below_it() -> None:
    dated = "".join(
        f"<li><a href='/bai-{n}.html'>Bài số {n} về một chuyện khác hẳn ở Trà Lâm<div>2018-04-1{n}</div></a></li>" for n in range(4)
    )
    side = f"<aside class='sidebar'><ul>{dated}</ul></aside><h2>Góc nhìn và chuyên mục</h2>{TEXT}"
    assert _page("/search", f"<h3>Tìm kiếm</h3>{TEXT}{side}", "Tìm kiếm").kind is PageKind.LISTING


@pytest.mark.parametrize("title", ["Tìm kiếm ngư dân mất tích ở cửa Trà Lâm", "Tra cứu điểm thi vào lớp 10 ở đâu?"])
def test_news_about_a_search_is_an_article(title: str) -> None:
    article = _page("/tin/412.html", f"<h1>{title}</h1>{DATE}{TEXT}", title).article
    assert article is not None and article.title.value == title


# --- standing pages -----------------------------------------------------------------------------------

RSS = (
    "<h3>Khái niệm RSS</h3><p>RSS là một tiêu chuẩn định dạng tài liệu dựa trên XML, giúp bạn đọc cập nhật tin từ nhiều trang khác nhau"
    " mà không phải mở từng trang một; các chương trình đọc tin hiển thị tiêu đề và tóm tắt của tin mới.</p>"
) + "".join(
    f"<p>Chúng tôi cung cấp miễn phí nguồn tin cho cá nhân và tổ chức phi lợi nhuận, với điều kiện ghi rõ nguồn khi sử dụng lần {n}.</p>"
    for n in range(6)
)


@pytest.mark.parametrize(
    "title", ["RSS", "Kênh RSS", "Danh sách RSS", "Hướng dẫn sử dụng RSS", "Giới thiệu RSS", "Nguồn tin RSS", "RSS là gì?"]
)
def test_the_page_about_feeds_is_not_an_article(title: str) -> None:
    assert _page("/kenh-tin", f"<h1>{title}</h1>{RSS}", f"{title} | {NAME}").kind is PageKind.LISTING


@pytest.mark.parametrize("title", ["Trà Lâm - RSS", "RSS | Báo Trà Lâm", "Báo Trà Lâm – Kênh RSS"])
def test_the_page_about_feeds_may_have_the_name_of_the_site_in_its_title(title: str) -> None:
    assert _page("/kenh-tin", f"<h1>{title}</h1>{RSS}", title).kind is PageKind.LISTING


def test_news_with_feeds_after_a_dash_is_an_article() -> None:
    title = "Trà Lâm đưa mười hai chuyên mục mới của báo vào một kênh - RSS"
    article = _page("/tin/tra-lam-dua-412.html", f"<h1>{title}</h1>{DATE}{TEXT}", title).article
    assert article is not None and article.title.value == title


@pytest.mark.parametrize("path", ["/rss", "/rss.html", "/rss.htm", "/vi/rss/"])
def test_the_page_about_feeds_is_known_by_its_url(path: str) -> None:
    assert _page(path, f"<h1>Kênh tin của chúng tôi</h1>{RSS}").kind is PageKind.LISTING


def test_news_about_feeds_is_an_article() -> None:
    title = "RSS của báo Trà Lâm có thêm mười hai chuyên mục"
    article = _page("/tin/rss-cua-bao-tra-lam-co-them-412.html", f"<h1>{title}</h1>{DATE}{TEXT}", title).article
    assert article is not None and article.title.value == title


# --- records of procedures ----------------------------------------------------------------------------

STEPS = {
    "Mã thủ tục": "1.004194",
    "Lĩnh vực": "Cấp, quản lý giấy phép",
    "Cơ quan thực hiện": "Phòng Văn hóa xã Trà Lâm",
    "Trình tự thực hiện": "Người dân nộp hồ sơ tại bộ phận một cửa của xã, hoặc trên cổng dịch vụ công; cán bộ kiểm tra và cấp giấy hẹn. "
    * 4,
    "Thời hạn giải quyết": "07 ngày làm việc",
    "Lệ phí": "Không",
    "Thành phần hồ sơ": "Đơn đề nghị theo mẫu ban hành kèm theo Thông tư số 17/2024/TT-BVH; bản sao giấy tờ tùy thân của người đề nghị.",
    "Yêu cầu - điều kiện": "Không",
    "Căn cứ pháp lý": "Luật Thư viện số 46/2019/QH14; Nghị định số 93/2020/NĐ-CP của Chính phủ quy định chi tiết Luật Thư viện.",
}
PROCEDURE = "Cấp giấy phép mở thư viện tư nhân có từ hai nghìn bản sách trở lên"
SHAPES = {
    "accordion": "<div class='muc'><div role='button' class='ten'>{0}<i class='fa'></i></div><div class='in'><div>{1}</div></div></div>",
    "lines": "<p><b>{0}:</b> {1}</p>",
    "headings": "<h4>{0}</h4><p>{1}</p>",
    "cells": "<tr><td><b>{0}</b></td><td>{1}</td></tr>",
    "numbered": "<p><b>{2}. {0}:</b></p><p>{1}</p>",
}


def _steps(shape: str) -> str:
    lines = "".join(SHAPES[shape].format(name, value, number) for number, (name, value) in enumerate(STEPS.items(), 1))
    return f"<table>{lines}</table>" if shape == "cells" else lines


@pytest.mark.parametrize("heading", ["h1", "h4"])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_record_of_a_procedure_is_not_an_article(shape: str, heading: str) -> None:
    main = f"<div class='tthc'><{heading}>{PROCEDURE}</{heading}></div>{_steps(shape)}"
    assert _page("/thu-tuc?ma=26052", main, f"{PROCEDURE} | Dịch vụ công").kind is PageKind.LISTING


@pytest.mark.parametrize("shape", SHAPES)
def test_dated_news_about_a_procedure_is_an_article(shape: str) -> None:
    article = _page("/tin/412.html", f"<h1>{PROCEDURE}</h1>{DATE}<p>Xã Trà Lâm hướng dẫn như sau.</p>{_steps(shape)}", PROCEDURE).article
    assert article is not None and article.title.value == PROCEDURE


def test_a_notice_on_how_to_apply_is_an_article() -> None:
    some = "".join(SHAPES["lines"].format(name, STEPS[name]) for name in ("Trình tự thực hiện", "Thành phần hồ sơ", "Lệ phí"))
    article = _page("/tin/mo-thu-vien-tu-nhan-412.html", f"<h1>Xã Trà Lâm nhận hồ sơ mở thư viện</h1>{TEXT}{some}").article
    assert article is not None and article.body.value is not None and "bản sao giấy tờ" in article.body.value


# --- lists --------------------------------------------------------------------------------------------


def _days(entries: str) -> dict[str, date | None]:
    links = _page("/tin", f"<h1>Tin tức</h1>{entries}", "Tin tức").links
    return {link.url.removeprefix(SITE): link.day for link in links if link.role is LinkRole.ARTICLE}


def test_related_news_below_an_entry_do_not_get_the_day_of_the_next_one() -> None:
    entry = (
        "<div><h3><a href='/tin/{0}.html'>{1} đợt {0}</a></h3><p>1{0}/04/2018</p>"
        "<ul><li><a href='/tin/2{0}.html'>{1} lần {0}</a></li></ul></div>"
    )
    found = _days("".join(entry.format(number, TITLE) for number in range(4)))
    assert found == {f"/tin/{number}.html": date(2018, 4, 10 + number) for number in range(4)} | {
        f"/tin/2{number}.html": None for number in range(4)
    }


def test_short_titles_with_their_days_are_a_list_and_those_of_a_menu_are_none() -> None:
    titles = {"/tin/61": "Thư ngỏ", "/tin/62": "Cáo phó", "/tin/63": "Mời họp", "/tin/64": "Lời cảm ơn"}
    dated = "".join(f"<li><a href='{url}'>{title}</a> (12/04/2018)</li>" for url, title in titles.items())
    assert _days(f"<ul>{dated}</ul>") == dict.fromkeys(titles, date(2018, 4, 12))
    assert _days("<ul>" + dated.replace(" (12/04/2018)", "") + "</ul>") == {}


# --- the record of a law ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "row",
    ["<div class='form-group'><label>{}</label><span>{}</span></div>", "<p><b class='ten'>{}</b><i>{}</i></p>", "<p><b>{}:</b> {}</p>"],
)
def test_the_record_of_a_law_is_not_an_article_though_only_a_style_sets_its_labels_off(row: str) -> None:
    fields = {"Số ký hiệu": "31/KH-TV", "Ngày ban hành": "10/04/2018", "Cơ quan ban hành": "Thư viện Trà Lâm", "Trích yếu": TITLE}
    main = "<h1>Kế hoạch 31/KH-TV</h1>" + "".join(row.format(*field) for field in fields.items())
    assert _page("/van-ban/31-kh-tv", main, "Văn bản").kind is PageKind.LISTING


# --- an article with a form ---------------------------------------------------------------------------

FORM = "<form><input type='text' name='ten'><input type='text' name='thu'><input type='text' name='ma'><select name='loai'></select></form>"
_LINK = "<li><a href='/bai-so-{0}-ve-chuyen-khac-{0}.html'>Bài số {0} về một chuyện khác hẳn ở Trà Lâm</a></li>"
BOX = f"<div><h4>Tin liên quan</h4><ul>{''.join(map(_LINK.format, range(3)))}</ul></div>"
LEAD = "<p class='tom'>Lớp học dành cho công chức của mọi xã trong tỉnh, và là lớp đầu tiên trong năm của Sở Nội vụ.</p>"


def test_related_news_above_the_text_and_a_form_below_leave_an_article() -> None:
    article = _page(NAMED, f"<h1>{TITLE}</h1>{LEAD}{BOX}<div>{TEXT * 3}</div>{FORM}").article
    assert article is not None and article.title.value == TITLE
    assert article.body.value is not None and "Theo kế hoạch" in article.body.value and "chuyện khác" not in article.body.value


SAPO = "Lớp học dành cho công chức của mọi xã trong tỉnh, và là lớp đầu tiên trong năm của Sở Nội vụ."
CAPTION = "Quang cảnh lớp học trong hội trường lớn của Sở. Ảnh: Lê Phương"


@pytest.mark.parametrize("box", ["related-news", "tin-lien-quan"])
@pytest.mark.parametrize("head", ["<div class='head'>{0}</div>", "{0}"], ids=["head", "flat"])
def test_a_box_of_related_news_below_the_lead_does_not_end_the_text(box: str, head: str) -> None:
    above = head.format(f"<h1>{TITLE}</h1>{DATE}<div class='sapo'>{SAPO}</div><div class='anh'>{CAPTION}</div>")
    related = BOX.replace("<div>", f"<div class='{box}'>")
    more = "<p>Học viên nhận giấy chứng nhận vào ngày cuối, sau một bài kiểm tra chung cho mọi xã và một buổi trao đổi.</p>"
    article = _article("", f"<div>{above}{related}<div class='noi-dung'>{TEXT}{more}</div></div>")
    body = (article.body.value or "").split("\n\n")
    assert article.summary.value == SAPO and body[0] == CAPTION and len(body) == 5 and body[-1].startswith("Học viên nhận")


NOTICE = "Sở Nội vụ thông báo mở lớp vào sáng thứ hai, tại hội trường lớn."


@pytest.mark.parametrize("count", [2, 4, 12])
def test_teasers_below_a_short_notice_are_not_its_text(count: int) -> None:
    teaser = (
        "<div><h4><a href='/bai-so-{0}.html'>Bài số {0} về chuyện khác ở Trà Lâm</a></h4><p>"
        + "Một chuyện khác hẳn, dài hơn. " * 6
        + "</p></div>"
    )
    related = "<div class='related-news'><h4>Tin liên quan</h4></div>" + "".join(map(teaser.format, range(count)))
    assert _article("", f"<div><h1>{TITLE}</h1>{DATE}<p>{NOTICE}</p></div>{related}").body.value == NOTICE


@pytest.mark.parametrize("days", [("Thứ hai (9/4/2018)", "Thứ ba (10/4/2018)"), ("09/04/2018", "10/04/2018")])
def test_a_schedule_above_teasers_keeps_its_first_day(days: tuple[str, str]) -> None:
    rows = [(days[0], "Bà Lê Thị Mận: dự giao ban tại hội trường lớn"), (days[1], "Ông Đỗ Văn Kiểm: tiếp công dân tại trụ sở")]
    table = "".join(f"<tr><td>{day}</td><td>{text}</td></tr>" for day, text in rows)
    teasers = "".join(
        f"<li><a href='/bai-khac-{n}77.html'>Một chuyện khác hẳn, thứ {n}, ở các xã ven sông</a>"
        f"<p>Bài viết kể lại chuyến đi thứ {n} của nhóm phóng viên qua các xã ven sông, nơi bà con đang chuẩn bị cho vụ mùa mới"
        " và sửa lại những đoạn đường bị hư hỏng sau mùa mưa; ai cũng mong con đường sớm được làm xong.</p></li>"
        for n in range(1, 6)
    )
    main = f"<h1>{TITLE}</h1>{DATE}<table>{table}</table><div><h4>Tin khác</h4><ul>{teasers}</ul></div>"
    assert _article("", main).body.value == "\n\n".join(f"{day}\t{text}" for day, text in rows)


def test_a_page_to_write_to_the_office_is_not_an_article() -> None:
    assert _page("/gop-y", f"<h1>Góp ý</h1><p>Mời bạn đọc gửi ý kiến về tòa soạn.</p>{FORM}").article is None


# --- lists --------------------------------------------------------------------------------------------

HEADLINES = (
    "Trà Lâm mở lớp bồi dưỡng nghiệp vụ văn thư cho công chức cấp xã",
    "Thời tiết hôm nay trên toàn tỉnh có mưa rào và dông rải rác",
    "Công bố kết quả thi tuyển viên chức ngành giáo dục năm 2018",
    "Nông dân các xã ven sông thu hoạch lúa sớm hơn mọi năm",
)


@pytest.mark.parametrize("picture", ['<img src="/a.jpg" alt="">', '<img src="/a.jpg">', '<img src="/a.jpg" alt="ảnh">'])
def test_a_box_of_news_with_pictures_without_words_is_not_a_menu(picture: str) -> None:
    entries = "".join(
        f'<div class="item"><a href="/bai-viet-moi-dang-tren-trang-nhat-cua-bao-tra-lam-{n}00.html">{picture}</a>'
        f'<h4><a href="/bai-viet-moi-dang-tren-trang-nhat-cua-bao-tra-lam-{n}00.html">{headline}</a></h4></div>'
        for n, headline in enumerate(HEADLINES, start=1)
    )
    page = _page(NAMED, f"<h1>{TITLE}</h1>{DATE}{TEXT}<div class='col'>{entries}</div>")
    assert page.kind is PageKind.ARTICLE
    assert sum(link.role is LinkRole.ARTICLE for link in page.links) == len(HEADLINES)


def test_a_menu_with_pictures_stays_a_menu() -> None:
    names = ("Thời sự", "Chính trị", "Kinh tế", "Văn hóa", "Giáo dục", "Y tế", "Pháp luật")
    menu = "".join(
        f'<li><a href="/chuyen-muc-cua-bao-{n}00.html"><img src="/{n}.png" alt=""></a>'
        f'<a href="/chuyen-muc-cua-bao-{n}00.html">{name}</a></li>'
        for n, name in enumerate(names, start=1)
    )
    links = _page("/", f"<div>{menu}</div>").links
    assert {link.role for link in links} == {LinkRole.LISTING} and len(links) == len(names)


def _questions(tag: str) -> str:
    return "".join(
        f"<div class='block'><div class='meta'>Nguyễn Văn Sáu <time>08:1{n}, 0{n}/08/2016</time></div>"
        f"<{tag}><a href='/hoi-dap/cau-hoi-thu-{n}-ve-cap-lai-so-ho-khau-2{n}0.html'>"
        f"Câu hỏi thứ {n} về việc cấp lại sổ hộ khẩu ở Trà Lâm?</a></{tag}>"
        f"<p>Gia đình tôi chuyển về xã từ năm ngoái, nay muốn xin cấp lại sổ thì phải nộp những giấy tờ gì, ở đâu?</p>"
        f"<div class='others'><b>Câu hỏi khác</b><ul>"
        f"<li><a href='/hoi-dap/dang-ky-tam-tru-3{n}1.html'>Đăng ký tạm trú cho sinh viên như thế nào?</a></li>"
        f"<li><a href='/hoi-dap/doi-giay-phep-3{n}2.html'>Đổi giấy phép lái xe hết bao nhiêu ngày?</a></li></ul></div></div>"
        for n in range(1, 5)
    )


@pytest.mark.parametrize("tag", ["h2", "h3", "h4"])
def test_a_list_of_entries_with_links_to_others_in_each_is_not_an_article(tag: str) -> None:
    section = "Hộ khẩu - Căn cước công dân - Tạm trú và tạm vắng"
    page = _page("/hoi-dap/", f"<div class='heading'>{section}</div><div>{_questions(tag)}</div>", f"{section} | {NAME}")
    assert page.kind is PageKind.LISTING
    days = {link.url: link.day for link in page.links if "cau-hoi-thu" in link.url}
    assert days == {f"{SITE}/hoi-dap/cau-hoi-thu-{n}-ve-cap-lai-so-ho-khau-2{n}0.html": date(2016, 8, n) for n in range(1, 5)}


# --- titles -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["Tralam.mau.gov.vn", "baotralam.vn", "www.baotralam.com", "https://baotralam.vn/"])
def test_the_name_of_a_host_is_not_a_title(host: str) -> None:
    article = _page("/bai/412.html", f"{DATE}{TEXT}", host).article
    assert article is None or article.title.value is None


@pytest.mark.parametrize("host", ["Tralam.mau.gov.vn", "baotralam.vn"])
def test_the_heading_is_the_title_if_the_title_element_names_a_host(host: str) -> None:
    article = _page("/bai/412.html", f"<h1>{TITLE}</h1>{DATE}{TEXT}", host).article
    assert article is not None and article.title.value == TITLE


# --- metadata -----------------------------------------------------------------------------------------


def test_tags_in_one_element_are_split() -> None:
    assert _article('<meta property="article:tag" content="Văn thư,Trà Lâm, cấp xã ,,">').tags == ("Văn thư", "Trà Lâm", "cấp xã")


def test_tags_in_several_elements_keep_their_commas() -> None:
    head = '<meta property="article:tag" content="Giáo dục, đào tạo"><meta property="article:tag" content="Văn thư">'
    assert _article(head).tags == ("Giáo dục, đào tạo", "Văn thư")


@pytest.mark.parametrize(
    ("section", "wanted"),
    [("Quy hoạch,Địa ốc", "Quy hoạch"), ("Giáo dục, đào tạo", "Giáo dục, đào tạo"), ("Thời sự", "Thời sự")],
)
def test_the_first_of_several_sections_is_taken(section: str, wanted: str) -> None:
    assert _article(f'<meta property="article:section" content="{section}">').section.value == wanted


def test_the_kind_of_a_page_is_not_its_section() -> None:
    crumbs = '<div class="breadcrumb"><a href="/">Trang chủ</a> <a href="/noi-vu/">Nội vụ</a></div>'
    article = _article('<meta property="article:section" content="News">', f"{crumbs}<h1>{TITLE}</h1>{DATE}{TEXT}")
    assert article.section.value == "Nội vụ"


@pytest.mark.parametrize(
    "copyright", ["Kinh Tế Xanh", "Copyright © 2018 by Kinh Tế Xanh", "© Kinh Tế Xanh", "Bản quyền thuộc về Kinh Tế Xanh"]
)
def test_the_owner_of_the_copyright_is_not_the_author(copyright: str) -> None:
    head = f'<meta name="author" content="Kinh Tế Xanh"><meta name="copyright" content="{copyright}">'
    article = _article(head, f"<h1>{TITLE}</h1>{DATE}{TEXT}<p style='text-align:right'><b>Thu Lương</b></p>")
    assert article.author.value == "Thu Lương" and article.author.rule.code is RuleCode.GENERIC_AUTHOR_BELOW_TEXT


@pytest.mark.parametrize("outlet", ["Bnews/vnanet.vn", "TTXVN", "Báo Trà Lâm", "TTXVN/Báo Trà Lâm"])
def test_the_outlet_after_the_name_of_the_author_is_left_out(outlet: str) -> None:
    head = f'<meta property="article:author" content="Văn Giáp/{outlet}">'
    assert _article(head).author.value == "Văn Giáp"


def test_a_name_with_its_outlet_below_the_text_is_not_text() -> None:
    article = _article("", f"<h1>{TITLE}</h1>{DATE}<div>{TEXT}<div class='lr-author'>Văn Giáp/Bnews/vnanet.vn</div></div>")
    assert article.author.value == "Văn Giáp" and (article.body.value or "").endswith("để cán bộ có thể tự học.")


# --- lists --------------------------------------------------------------------------------------------


def test_a_unix_time_in_a_json_list_is_the_day_of_its_entry() -> None:
    times = {"1": "1523343900", "2": "1523343900000", "3": "7", "4": "1e300"}
    path, title = "/khai-truong-diem-phuc-vu-buu-chinh-o-ben-pha-post", "Khai trương điểm phục vụ bưu chính ở bến phà số"
    entries = ",".join(f'{{"title":"{title} {n}","url":"{path}{n}.html","date":{time}}}' for n, time in times.items())
    page = _page("/api/them-tin-5-2.html", f'{{"data":{{"contents":[{entries}]}}}}', kind="application/json")
    days = {link.url[-6:-5]: link.day for link in page.links if link.role is LinkRole.ARTICLE}
    assert days == {"1": date(2018, 4, 10), "2": date(2018, 4, 10), "3": None, "4": None}
