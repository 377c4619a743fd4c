"""Articles whose text is not where it should be: in the element of the summary, in JSON-LD, in a part that the reader opens.

The pages are made by this project, in the markup of several systems.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from scraper.model import Article, Capture
from scraper.parse import read_page
from scraper.sources import made_up

SITE = "http://congbao.longson.test"
TITLE = "Long Sơn nghiệm thu tuyến kè chống sạt lở bờ suối"
FIRST = "Chiều 12/5, đoàn kiểm tra của huyện đã nghiệm thu 620 mét kè đá bên bờ suối Long Sơn sau mười một tháng thi công."
SECOND = "Theo Quyết định số 88/QĐ-UBND, nhà thầu bảo hành công trình hai năm và trồng lại cỏ trên toàn bộ mái taluy."
THIRD = "Người dân ba thôn đề nghị làm thêm bậc xuống suối; chủ đầu tư sẽ trả lời trước ngày 30/5."
TEXT = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"
DAY = "<div class='ngay'>13/05/2025 07:45</div>"
VHV = "<script>VHV.load('tin');</script><div class='ModuleWrapper' moduleRootId='7'></div>"
NUKEVIET = "<meta name='generator' content='NukeViet v4.5'><script>var nv_base_siteurl='/';</script>"
WORDPRESS = "<meta name='generator' content='WordPress 6.4'><link rel='stylesheet' href='/wp-content/themes/ls/style.css'>"
NAMED = "/tin/long-son-nghiem-thu-tuyen-ke-chong-sat-lo-bo-suoi.html"


def _article(main: str, head: str = "", path: str = NAMED) -> Article:
    page = (
        f"<!doctype html><html lang='vi'><head><meta charset='utf-8'><title>{TITLE}</title>{head}</head><body>"
        f"<ul class='menu'><li><a href='/'>Trang chủ</a></li><li><a href='/tin'>Tin tức</a></li></ul>"
        f"<div class='giua'>{main}</div></body></html>"
    )
    capture = Capture(SITE + path, 200, (("Content-Type", "text/html; charset=utf-8"),), page.encode(), datetime(2025, 6, 1, tzinfo=UTC))
    found = read_page(capture, made_up(SITE)).article
    assert found is not None and found.title.value == TITLE
    assert found.published.value is not None and found.published.value.isoformat().startswith("2025-05-13")
    return found


EMPTY = ("", "<p>&nbsp;</p>", "<div class='network-share'><a href='#'>Chia sẻ</a></div>")
IN_SUMMARY = {
    "VHV": (
        "<article class='news-detail-layout-type-2'><h1 class='title-detail'>{title}</h1><time class='post-date'>13/05/2025</time>"
        "<div class='brief'>{text}</div><div class='content-detail'>{empty}</div></article>",
        VHV,
        NAMED,
    ),
    "VHV default": (
        "<section class='news-detail-default'><article><h1>{title}</h1><time class='post-date'>13/05/2025</time>"
        "<div class='brief'>{text}</div><div class='content-detail'>{empty}</div></article></section>",
        VHV,
        NAMED,
    ),
    "NukeViet": (
        "<div class='news_column panel'><div class='panel-body'><h1 class='title margin-bottom-lg'>{title}</h1>"
        "<em class='pull-left'>Thứ ba - 13/05/2025 07:45</em><div id='hometext'>{text}</div>"
        "<div id='news-bodyhtml' class='bodytext margin-bottom-lg'>{empty}</div></div></div>",
        NUKEVIET,
        "/tin-tuc/long-son-nghiem-thu-41.html",
    ),
    "WordPress": (
        "<article class='post type-post'><h1 class='entry-title'>{title}</h1><time class='entry-date'>13/05/2025</time>"
        "<div class='entry-summary'>{text}</div><div class='entry-content'>{empty}</div></article>",
        WORDPRESS,
        "/long-son-nghiem-thu/",
    ),
}


@pytest.mark.parametrize("empty", EMPTY[:2])
@pytest.mark.parametrize("system", ["VHV", "VHV default", "WordPress"])
def test_a_text_in_the_element_of_the_summary_is_the_text(system: str, empty: str) -> None:
    main, head, path = IN_SUMMARY[system]
    found = _article(main.format(title=TITLE, text=TEXT, empty=empty), head, path)
    assert (found.body.value, found.summary.value) == (f"{FIRST}\n\n{SECOND}\n\n{THIRD}", None)
    assert found.body.rule.parameter is not None and ("brief" in found.body.rule.parameter or "summary" in found.body.rule.parameter)


def test_tools_in_the_element_of_the_text_are_no_text() -> None:
    main, head, path = IN_SUMMARY["VHV"]
    assert _article(main.format(title=TITLE, text=TEXT, empty=EMPTY[2]), head, path).body.value == f"{FIRST}\n\n{SECOND}\n\n{THIRD}"


@pytest.mark.parametrize("system", IN_SUMMARY)
def test_a_short_summary_of_a_notice_without_text_stays_the_summary(system: str) -> None:
    main, head, path = IN_SUMMARY[system]
    found = _article(main.format(title=TITLE, text=f"<p>{FIRST}</p>", empty=""), head, path)
    assert found.summary.value == FIRST and not found.body.value


def test_a_text_that_only_json_ld_holds() -> None:
    data = {"@type": "NewsArticle", "headline": TITLE, "datePublished": "2025-05-13T07:45:00+07:00", "articleBody": f"{FIRST} {SECOND}"}
    script = f"<script type='application/ld+json'>{json.dumps(data, ensure_ascii=False)}</script>"
    for main in ("<div id='root'></div>", f"<h1>{TITLE}</h1><div id='noi-dung'></div>"):
        found = _article(main, script)
        assert found.body.value == f"{FIRST} {SECOND}"


OPENED = {
    "a tab": "<ul><li><a href='#mot'>Nội dung</a></li><li><a href='#hai'>Chi tiết</a></li></ul>"
    "<div id='mot' class='tab-pane active'>{first}</div>"
    "<div id='hai' class='tab-pane' style='display:none'>{rest}</div>",
    "read more": "{first}<div class='read-more' style='display: none'>{rest}</div>"
    "<a href='javascript:void(0)' onclick='mo()'>Đọc toàn bộ</a>",
    "an accordion": "{first}<div class='collapse' id='them' style='display:none'>{rest}</div>",
}


@pytest.mark.parametrize("main", OPENED.values(), ids=OPENED)
def test_a_part_that_the_reader_opens_is_text(main: str) -> None:
    shown = main.format(first=f"<p>{FIRST}</p><p>{SECOND}</p>", rest=f"<p>{THIRD}</p>")
    assert _article(f"<h1>{TITLE}</h1>{DAY}{shown}").body.value == f"{FIRST}\n\n{SECOND}\n\n{THIRD}"


def test_files_in_a_row_below_the_text_of_a_layout_and_the_section_of_its_breadcrumb() -> None:
    main = (
        "<div class='breadcrumb'><a href='/'>Trang chủ</a> » <a href='/tin'>Thủy lợi</a></div><div id='dnn_ctr41_ModuleContent'>"
        f"<span id='dnn_ctr41_View_lblTitle' class='Head'>{TITLE}</span>{DAY}<div id='dnn_ctr41_View_lblContent'>{TEXT}</div>"
        "<p>Tệp đính kèm: <a href='/upload/bien-ban-41.pdf'>Biên bản</a></p></div>"
    )
    found = _article(main, "<meta name='GENERATOR' content='DotNetNuke'>", "/tin/tabid/60/newsid/41/Default.aspx")
    assert found.layout.startswith("dotnetnuke/") and found.section.value == "Thủy lợi"
    assert [one.url for one in found.attachments] == [f"{SITE}/upload/bien-ban-41.pdf"]
