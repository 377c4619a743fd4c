"""Small parts of pages that this project made: list numbers, superscripts, files, boxes of other news, sitemaps, other pages."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from scraper.model import Capture, LinkRole, Page, PageKind, Source
from scraper.parse import read_page
from scraper.parse.body.superscripts import plain
from scraper.sources import made_up
from tests.test_body_text import FIRST, LAST, SECOND, _body, _p, _read

SITE = "https://so-mau.test"
AT = datetime(2024, 1, 1, tzinfo=UTC)


# --- the text --------------------------------------------------------------------------------------


@pytest.mark.parametrize("generic", [False, True])
@pytest.mark.parametrize(
    ("markup", "lines"),
    [
        ("<ol><li>Bàn<li>Ghế</ol>", ["1. Bàn", "2. Ghế"]),
        ("<ol start=-1><li>Bàn<li>Ghế<li>Tủ</ol>", ["-1. Bàn", "0. Ghế", "1. Tủ"]),
        ("<ol start=x><li>Bàn</ol>", ["1. Bàn"]),
        ("<ol type=a start=26><li>Bàn<li>Ghế</ol>", ["z. Bàn", "aa. Ghế"]),
        ("<ol type=A><li>Bàn<li>Ghế</ol>", ["A. Bàn", "B. Ghế"]),
        ("<ol type=a start=0><li>Bàn<li>Ghế</ol>", ["0. Bàn", "a. Ghế"]),
        ("<ol type=i start=3><li>Bàn<li>Ghế</ol>", ["iii. Bàn", "iv. Ghế"]),
        ("<ol type=I start=1999><li>Bàn<li>Ghế</ol>", ["MCMXCIX. Bàn", "MM. Ghế"]),
        ("<ol type=I start=3999><li>Bàn<li>Ghế</ol>", ["MMMCMXCIX. Bàn", "4000. Ghế"]),
        ("<ol type=I start=0><li>Bàn<li>Ghế</ol>", ["0. Bàn", "I. Ghế"]),
        ("<ol reversed><li>Bàn<li>Ghế<li>Tủ</ol>", ["3. Bàn", "2. Ghế", "1. Tủ"]),
        ("<ol reversed start=9><li>Bàn<li>Ghế</ol>", ["9. Bàn", "8. Ghế"]),
        ("<ol><li>Bàn<li value=7>Ghế<li>Tủ</ol>", ["1. Bàn", "7. Ghế", "8. Tủ"]),
        ("<ol style='list-style-type: lower-alpha'><li>Bàn</ol>", ["a. Bàn"]),
        ("<ol style='LIST-STYLE: inside upper-roman'><li>Bàn</ol>", ["I. Bàn"]),
        ("<ol type=a style='list-style: unknown'><li>Bàn</ol>", ["a. Bàn"]),
        ("<ol style='list-style: none'><li>Bàn<li>Ghế</ol>", ["Bàn", "Ghế"]),
        ("<ul><li>Bàn<li>Ghế</ul>", ["Bàn", "Ghế"]),
    ],
)
def test_the_numbers_of_a_list(markup: str, lines: list[str], generic: bool) -> None:
    assert _body(_p(FIRST, SECOND) + markup + _p(LAST), generic=generic) == [FIRST, SECOND, *lines, LAST]


@pytest.mark.parametrize(
    ("before", "raised", "wanted"),
    [
        ("25 m", "2", "²"), ("25 m ", "3", "³"), ("25 m", "4", "^4"), ("25 m", "5", ""), ("25 km", "2", "²"), ("trùm", "2", ""),
        ("10", "6", "^6"), ("10", "-3", "^-3"), ("10", "−3", "^-3"), ("10", "+6", "^6"), ("10", "2", "^2"), ("100", "6", ""),
        ("a", "2", "²"), ("x + y", "n", None), ("Điều 12", "2", ""), ("khoản 3", "1", ""), ("ngày 5", "1", ""), ("1/5", "2", ""),
        ("37", "o", "°"), ("37", "0", "°"), ("37", "º", "°"), ("năm 2009", "0", "°"), ("17/5/2007", "0", ""), ("12/2007", "o", None),
        ("1727/QĐ-UBND", "1", ""), ("Sở", "[1]", ""), ("Sở", "(a)", ""), ("Sở", "*", ""), ("Sở", "***", ""), ("Sở", "1, 2", ""),
        ("Sở", "†", ""), ("1", "st", None), ("", "2", None), ("Sở", "", None), ("Sở", "chú thích dài", None),
    ],
)  # fmt: skip
def test_a_superscript(before: str, raised: str, wanted: str | None) -> None:
    assert plain(raised, before) == wanted


@pytest.mark.parametrize(
    ("raised", "target", "wanted"),
    [("1", "#_ftn1", ""), ("xx", "#_ftn1", None), ("1", "#dau-trang", ""), ("[a]", " #fn2", ""), ("n", "/tin.html", None)],
)
def test_a_superscript_with_a_link(raised: str, target: str, wanted: str | None) -> None:
    assert plain(raised, "Sở", target) == wanted


TEASER = "Sáng nay, xã đã mời bà con ra nghe về phần việc còn lại của năm và cách góp công..."
OTHERS = "<a href=/a-1.html>Đường vào thôn Hạ đã trải nhựa</a>", "<a href=/a-2.html>Chợ trâu họp lại sau mùa mưa</a>"


@pytest.mark.parametrize("generic", [False, True])
@pytest.mark.parametrize(
    "between",
    [
        _p("Tin liên quan:", *OTHERS),
        _p("Các tin khác", OTHERS[0], "(12/3/2021)", OTHERS[1], "13/03/2021"),
        _p("TIN CŨ HƠN", f"{OTHERS[0]} (12/03/2021)", f"{OTHERS[1]} (11/03/2021)"),
        _p(f"{OTHERS[0]} (12/03/2021)", f"{OTHERS[1]} (11/03/2021)"),  # without a heading
        _p("<a href=/a-1.html>&gt;&gt; Đường vào thôn Hạ đã trải nhựa</a>"),
        _p("<a href=/a-1.html>➤ Đường vào thôn Hạ đã trải nhựa</a>"),
        _p(f"&gt;&gt; Xem thêm: {OTHERS[0]}", f"Mời bạn đọc xem tiếp: {OTHERS[1]}"),
        "<div>Tin cùng chủ đề</div>" + "".join(f"<div><h4>{other}</h4><p>{TEASER}</p></div>" for other in OTHERS),
        _p("Chia sẻ", "Bản in", "Gửi email"),
    ],
)
def test_other_news_and_widgets_in_the_text(between: str, generic: bool) -> None:
    assert _body(_p(FIRST, SECOND) + between + _p(LAST), generic=generic) == [FIRST, SECOND, LAST]


@pytest.mark.parametrize("generic", [False, True])
def test_a_law_after_words_that_introduce_a_link_is_text(generic: bool) -> None:
    law = "Xem thêm: <a href=/vb/12.html>Kế hoạch số 12/KH-UBND về dạy nghề cho người lớn tuổi</a>"
    shown = "Xem thêm: Kế hoạch số 12/KH-UBND về dạy nghề cho người lớn tuổi"
    assert _body(_p(FIRST, SECOND, law, LAST), generic=generic) == [FIRST, SECOND, shown, LAST]


@pytest.mark.parametrize("generic", [False, True])
def test_counters_around_the_text(generic: bool) -> None:
    assert _body(_p("12") + _p(FIRST, SECOND, LAST) + _p("345", "0"), generic=generic) == [FIRST, SECOND, LAST]


@pytest.mark.parametrize("generic", [False, True])
@pytest.mark.parametrize(
    ("heading", "below", "kept"),
    [
        ("Bình luận (2)", ("Hay quá",), False),
        ("2 bình luận", ("Hay quá",), False),
        ("Ý kiến bạn đọc", ("Nam, 3 giờ trước", "Hay quá"), False),
        ("Bình luận", (), False),
        ("Ý kiến", ("Bà con đề nghị xã mở thêm một lớp ở thôn Thượng để người già đỡ phải đi xa.", LAST), True),
    ],
)
def test_the_heading_of_comments(heading: str, below: tuple[str, ...], kept: bool, generic: bool) -> None:
    wanted = [FIRST, SECOND, *((heading, *below) if kept else ())]
    assert _body(_p(FIRST, SECOND, heading, *below), generic=generic) == wanted


ON_LIFERAY = "/documents/1/2/a.pdf/0b7d1f4e-1111-2222-3333-444455556666"


# --- files -----------------------------------------------------------------------------------------

SENDERS = (
    "/Handlers/DownloadFile.ashx?id=3321",
    "/c/document_library/get_file?uuid=7a1b&groupId=1",
    "/LinkClick.aspx?fileticket=AbC&tabid=6",
    "/api/file/download/8f1c-11",
    "/api/files/551/download",
    "/index.php?option=com_docman&task=doc_download&gid=5",
    "/_layouts/download.aspx?SourceUrl=/Lists/Tin/a.pdf",
    "/Download.aspx?file=ke-hoach.pdf",
)


@pytest.mark.parametrize("generic", [False, True])
@pytest.mark.parametrize(
    ("link", "url", "name"),
    [
        ("<a href='/tep/a.pdf'>Phụ lục</a>", "/tep/a.pdf", "Phụ lục"),
        ("<a href='/tep/B%E1%BA%A3n.DOCX'></a>", "/tep/B%E1%BA%A3n.DOCX", "Bản.DOCX"),
        (f"<a href='{ON_LIFERAY}'>Tệp</a>", ON_LIFERAY, "Tệp"),
        ("<a href='/tai.aspx?file=/tep/a.zip'>Tải về</a>", "/tep/a.zip", "Tải về"),
        ("<a href='/xem?id=3&url=..%2Ftep%2Fa.xls'>Xem</a>", "/tep/a.xls", "Xem"),
        ("<a href='/tep/a.rar'>Tệp</a><a href='/tep/a.rar'>Tệp</a>", "/tep/a.rar", "Tệp"),
        ("<a href='/tin/a.pdf.html'>Tin</a>", None, None),
        ("<a href='/tai.aspx?file=http://[hong/a.pdf'>Hỏng</a>", None, None),
        ("<a href='/tai.aspx?id=a.pdf'>Tin</a>", None, None),
        # Programs that send a file whose name is not in their URL.
        *((f"<a href='{url}'>Phụ lục</a>", url, "Phụ lục") for url in SENDERS),
        ("<a href='/LinkClick.aspx?link=64&amp;tabid=6'>Trang</a>", None, None),
        ("<a href='/vb/xem?id=12'>Bieu mau 3.docx (24 KB)</a>", "/vb/xem?id=12", "Bieu mau 3.docx (24 KB)"),
        ("<a href='/tin/mau-3.html'>mau-3.docx</a>", None, None),
        ("<a href='/tai-ve'>Tải về</a>", None, None),
        ("<a href='/tai-ve/huong-dan-2023'>Hướng dẫn</a>", None, None),
        ("<a href='/GetFile.ashx?anh=12.jpg'>Ảnh</a>", None, None),
        # Links that only a script follows.
        ("<a href='javascript:void(0)' onclick=\"window.open('/tep/a.pdf')\">Tệp</a>", "/tep/a.pdf", "Tệp"),
        ("<a href=\"javascript:moTep('/tep/a.doc')\">Tệp</a>", "/tep/a.doc", "Tệp"),
        ("<a href='#' onclick=\"moTep('/tep/a.doc')\">Tệp</a>", "/tep/a.doc", "Tệp"),
        ("<a href='javascript:void(0)' onclick=\"inTin('12')\">In</a>", None, None),
    ],
)  # fmt: skip
def test_a_file_in_the_text(link: str, url: str | None, name: str | None, generic: bool) -> None:
    article = _read(_p(FIRST, SECOND, link), generic=generic)
    found = [(one.url.removeprefix("https://xa-mau.test"), one.name) for one in article.attachments]
    assert found == ([(url, name)] if url else [])


@pytest.mark.parametrize(
    ("row", "urls"),
    [
        ("Tập tin đính kèm: <a href='/tep/a.pdf'>a.pdf</a>", ["/tep/a.pdf"]),
        ("Tải về: <a href='/GetFile.ashx?id=5'>Kế hoạch</a>", ["/GetFile.ashx?id=5"]),
        ("<b>Tin liên quan</b></td></tr><tr><td>Tải về: <a href='/tep/a.pdf'>a.pdf</a>", []),
    ],
)
def test_files_in_a_row_below_the_text(row: str, urls: list[str]) -> None:
    """A page of this project in the manner of sites of 2007: one table has the title, the date, the text and the files in rows."""
    rows = ("Sở Mẫu khánh thành nhà văn hóa xã", "05/10/2011 08:30", _p(FIRST, SECOND, LAST), row)
    table = "".join(f"<tr><td>{one}</td></tr>" for one in rows)
    page = f"<html><head><meta charset=utf-8><title>Sở Mẫu</title></head><body><table>{table}</table></body></html>"
    url = f"{SITE}/View_Detail.aspx?ItemID=218"
    article = read_page(Capture(url, 200, (("Content-Type", "text/html"),), page.encode(), AT), made_up(url)).article
    assert article is not None
    assert [one.url.removeprefix(SITE) for one in article.attachments] == urls


def test_the_files_in_another_tab_of_the_article() -> None:
    tab = "<div class='tab-pane {0}'>{1}</div>"
    text = f"<h1>Sở Mẫu khánh thành nhà văn hóa xã</h1><p>25/05/2022 08:30</p>{_p(FIRST, SECOND, LAST)}"
    files = "<a href='/tep/ke-hoach.pdf'>Kế hoạch</a>"
    page = _html(f"<ul class=nav><li>Nội dung</li><li>Tệp đính kèm</li></ul><div>{tab.format('active', text)}{tab.format('', files)}</div>")
    assert page.article is not None and [one.url.removeprefix(SITE) for one in page.article.attachments] == ["/tep/ke-hoach.pdf"]


def test_a_link_to_a_file_in_google_drive_is_text() -> None:
    link = "<a href='https://drive.google.com/file/d/1AbC_dEf/view?usp=sharing'>Danh mục vật tư của nhà văn hóa</a>"
    page = _html(f"<h1>Sở Mẫu khánh thành nhà văn hóa xã</h1><p>25/05/2022 08:30</p>{_p(FIRST, SECOND, LAST, link)}")
    assert page.article is not None and (page.article.body.value or "").endswith("Danh mục vật tư của nhà văn hóa")


# --- sitemaps --------------------------------------------------------------------------------------

SOURCE = Source(id="mau", name="Sở Mẫu", unit="nghe-an", site=SITE, hosts=("so-mau.test",))
NEWS = "/tin-tuc/so-mau-khanh-thanh-nha-van-hoa-xa-ven-bien-218.html"


def _xml(body: str | bytes, url: str = "/so-do.xml", source: Source = SOURCE, content_type: str = "text/xml") -> Page:
    data = body.encode() if isinstance(body, str) else body
    return read_page(Capture(SITE + url, 200, (("Content-Type", content_type),), data, AT), source)


def _roles(page: Page) -> list[tuple[str, str]]:
    return [(link.role.value, link.url.removeprefix(SITE)) for link in page.links]


def test_a_sitemap_leads_to_articles_and_sections() -> None:
    urls = (NEWS, "/tin-tuc", "/", "http://khac.test/a.html", "http://[hong/")
    entries = "".join(f"<url><loc>{url if '//' in url else SITE + url}</loc></url>" for url in urls)
    page = _xml(f"<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{entries}</urlset>")
    assert page.kind is PageKind.SITEMAP and page.encoding == "xml"
    assert ("article", NEWS) in _roles(page)
    assert [(fault.stage, fault.reason) for fault in page.faults] == [("discover", "bad-url"), ("discover", "other-host")]
    assert "1 entr" in page.faults[0].detail and "khac.test" in page.faults[1].detail


def test_the_index_of_sitemaps() -> None:
    entries = "".join(f"<sitemap><loc>{SITE}/{name}.xml</loc></sitemap>" for name in ("a", "b", "a"))
    page = _xml(f"<sitemapindex>{entries}<sitemap/></sitemapindex>")
    assert page.kind is PageKind.SITEMAP and _roles(page) == [("sitemap", "/a.xml"), ("sitemap", "/b.xml")]


def test_a_sitemap_of_a_known_platform_says_what_its_urls_mean() -> None:
    urls = ("/tin-hoat-dong/khai-giang-lop-hoc-chu-17556.html", "/tin-hoat-dong/")
    entries = "".join(f"<url><loc>{SITE}{url}</loc><lastmod>2021-03-02T10:00:00+07:00</lastmod></url>" for url in urls)
    page = _xml(f"<urlset>{entries}</urlset>", source=replace(SOURCE, platform="nukeviet"))
    [article, *others] = page.links
    assert (article.role, article.key) == (LinkRole.ARTICLE, "17556")
    assert [link.role for link in others] == [LinkRole.LISTING]
    assert page.platform == "nukeviet"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<?xml version='1.0'?><note>a</note>", PageKind.OTHER),
        ("<?xml version='1.0'?>", PageKind.OTHER),
        ("<urlset></urlset>", PageKind.SITEMAP),
        ("<rss><channel></channel></rss>", PageKind.FEED),
        (f"{SITE}{NEWS}\nkhông phải URL", PageKind.OTHER),
    ],
)
def test_other_xml_is_no_sitemap(body: str, kind: PageKind) -> None:
    assert _xml(body, content_type="text/plain" if body.startswith("http") else "text/xml").kind is kind


# --- pages without an article ----------------------------------------------------------------------


def _html(inside: str, url: str = NEWS, head: str = "", content_type: str = "text/html", source: Source | None = None) -> Page:
    page = f"<!doctype html><html lang=vi><head><meta charset=utf-8>{head}</head><body><a href=/>Trang chủ</a>{inside}</body></html>"
    return read_page(Capture(SITE + url, 200, (("Content-Type", content_type),), page.encode(), AT), source or made_up(SITE + url))


def test_a_file_is_kept_and_at_the_url_of_an_article_a_failure() -> None:
    source = replace(SOURCE, platform="nukeviet")
    capture = Capture(f"{SITE}/tin/anh-17556.html", 200, (("Content-Type", "image/png"),), b"\x89PNG", AT)
    refused = read_page(capture, source)
    assert (refused.kind, refused.platform) == (PageKind.REFUSED, "nukeviet")
    assert refused.failure is not None and (refused.failure.reason, refused.failure.detail) == ("not-html", "content type image/png")
    other = read_page(replace(capture, url=f"{SITE}/anh.png", headers=()), source)
    assert (other.kind, other.platform, other.failure, other.encoding) == (PageKind.OTHER, "nukeviet", None, "none")
    assert read_page(replace(capture, url=f"{SITE}/anh.png"), SOURCE).platform is None


def test_a_session_in_the_url_is_left_out() -> None:
    page = _html(
        f"<h1>Sở Mẫu khánh thành nhà văn hóa</h1><p>25/05/2022 08:30</p><p>{FIRST}</p><p>{SECOND}</p>", f"{NEWS};jsessionid=0A1B2C.n1"
    )
    assert page.article is not None and page.article.url == SITE + NEWS


def test_the_language_of_an_article() -> None:
    vietnamese = f"<h1>Sở Mẫu khánh thành nhà văn hóa</h1><p>25/05/2022 08:30</p><p>{FIRST}</p><p>{SECOND}</p>"
    text = "The office has put a new relay station into service in a mountain commune. It serves more than five hundred households. "
    english = f"<h1>A new relay station in the mountains</h1><p>25/05/2022 08:30</p><p>{text * 2}</p><p>{text}</p>"
    khmer = "<h1>សន្និសីទស្តីពីការអភិវឌ្ឍជនបទ</h1><p>25/05/2022 08:30</p>" + "<p>នៅព្រឹកថ្ងៃទី៧ ខែមេសា គណៈកម្មាធិការប្រជាជនស្រុកបានរៀបចំសន្និសីទ។</p>" * 6
    chinese = (
        "<h1>林涛县举行经济合作会议</h1><p>25/05/2022 08:30</p>"
        + "<p>会议决定今年继续扩大茶叶种植面积,并支持农民进入新市场,各乡的代表出席会议。</p>" * 8
    )
    pages = [_html(vietnamese), _html(english), _html(khmer), _html(chinese)]
    assert [page.article.language for page in pages if page.article is not None] == ["vi", "en", "km", "zh"]


def test_metadata_in_json() -> None:
    data = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": "Sở Mẫu"},
            {
                "@type": ["NewsArticle"],
                "headline": "Sở Mẫu khánh thành nhà văn hóa",
                "datePublished": "2022-05-25T08:30:00+07:00",
                "dateModified": "2022-05-26T09:00:00+07:00",
                "author": {"@type": "Person", "name": "Lê Thị Mận"},
                "articleSection": "Văn hóa",
                "keywords": "nhà văn hóa, xã ven biển",
            },
        ],
    }
    inside = f"<h1>Sở Mẫu khánh thành nhà văn hóa</h1><div>{_p(FIRST, SECOND, LAST)}</div>"
    for text in (json.dumps(data), json.dumps(data, ensure_ascii=False, indent=1), json.dumps(data)[:-1] + ",}"):
        article = _html(inside, head=f'<script type="application/ld+json">{text}</script>').article
        assert article is not None
        assert article.published.value == datetime.fromisoformat("2022-05-25T08:30:00+07:00")
        assert article.modified.value == datetime.fromisoformat("2022-05-26T09:00:00+07:00")
        assert (article.author.value, article.section.value) == ("Lê Thị Mận", "Văn hóa")
        assert article.tags == ("nhà văn hóa", "xã ven biển")


def test_a_page_of_many_nested_elements_keeps_its_text() -> None:
    article = _html(
        f"<h1>Sở Mẫu khánh thành nhà văn hóa</h1><p>25/05/2022 08:30</p>{'<div>' * 3000}<p>{FIRST}</p><p>{SECOND}</p>{'</div>' * 3000}"
    ).article
    assert article is not None
    assert (article.body.value or "").split("\n\n") == [FIRST, SECOND]
    assert article.published.value is not None and article.published.value.date() == date(2022, 5, 25)


def test_the_urls_of_an_atom_entry() -> None:
    def urls(inside: str, base: str = "") -> list[str]:
        page = _xml(f"<feed xmlns='http://www.w3.org/2005/Atom'{base}><entry>{inside}</entry></feed>")
        return [url for _, url in _roles(page)]

    assert urls(f"<link rel='self' href='/x'/><link href='{NEWS}'/>") == [NEWS]
    assert urls(f"<link type='application/pdf' href='/a.pdf'/><link type='text/html' href='{NEWS}'/>") == [NEWS]
    assert urls(f"<content src='{NEWS}'/>") == [NEWS]
    assert urls(f"<link href='{NEWS[1:]}'/>", f" xml:base='{SITE}/'") == [NEWS]
    assert urls("<content src='bai-viet-ve-nha-van-hoa-1.html'/>", f" xml:base='{SITE}/tin/'") == ["/tin/bai-viet-ve-nha-van-hoa-1.html"]
    assert urls(f"<id>{SITE}{NEWS}</id>") == [NEWS]
    assert urls("<id>tag:so-mau,2022:218</id>") == []


def _faults(inside: str) -> list[tuple[str, str]]:
    items = "".join(f"<li><a href='/tin-tuc/bai-so-{n}-ve-nha-van-hoa-{n}.html'>Bài số {n} về nhà văn hóa</a></li>" for n in range(8))
    return [(fault.reason, fault.detail) for fault in _html(f"<ul>{items}</ul>{inside}", "/tin-tuc").faults]


@pytest.mark.parametrize(
    ("pager", "reason"),
    [
        ("<a href=\"javascript:__doPostBack('p','2')\">2</a>", "postback-pager"),
        ("<a href=\"javascript:__doPostBack('p','2')\">Trang sau</a>", "postback-pager"),
        ("<a href=\"javascript:__doPostBack('p','2')\">&gt;&gt;</a>", "postback-pager"),
        ("<a href='#' onclick='loadPage(2)'>2</a>", "script-pager"),
        ("<a href='#' onclick='loadPage(2)'>[Page 2]</a>", "script-pager"),
        ("<a href='javascript:void(0)' onclick='more()'>Xem thêm</a>", "script-pager"),
        ("<a href='#' onclick='openMenu()'>Giới thiệu</a>", None),
        ("<a href='/tin-tuc?page=2'>2</a>", None),
    ],
)
def test_a_pager_that_no_request_can_follow(pager: str, reason: str | None) -> None:
    found = _faults(f"<div class=pagination>{pager}</div>")
    assert [name for name, _ in found] == ([reason] if reason else [])


def test_the_home_page_of_a_site_is_no_article() -> None:
    inside = f"<h1>Sở Mẫu khánh thành nhà văn hóa</h1><p>25/05/2022 08:30</p><p>{FIRST}</p><p>{SECOND}</p>"
    articles = [_html(inside, url).article for url in ("/", "/?id=218", NEWS)]
    assert [article is not None for article in articles] == [False, True, True]
    login = _html("<form><input type=password></form>", "/", head="<title>Đăng nhập</title>")
    assert login.failure is not None and login.failure.reason == "login"


@pytest.mark.parametrize("generic", [False, True])
@pytest.mark.parametrize(
    "widget",
    [
        ("Đánh giá bài viết", "Tổng số điểm của bài viết là: 15 trong 3 đánh giá"),
        ("Xếp hạng: 5 - 3 phiếu bầu", "Click để đánh giá bài viết"),
        ("In bài viết", "Quay lại", "Về đầu trang"),
    ],
)
def test_a_widget_below_the_text(widget: tuple[str, ...], generic: bool) -> None:
    assert _body(_p(FIRST, SECOND, LAST, *widget), generic=generic) == [FIRST, SECOND, LAST]
