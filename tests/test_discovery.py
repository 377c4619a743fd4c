"""The URLs that feeds, sitemaps and list pages name, parsed without a network."""

from __future__ import annotations

import gzip
import json
import sqlite3
import threading
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper.model import Capture, LinkRole, PageKind, Source
from scraper.parse import read_page
from scraper.parse.discover.feeds import read_feed
from scraper.post_urls import url_of
from scraper.store import patient_connection
from scraper.store.archive import open_archive
from scraper.urls import absolute, host_of, without_session
from tests.server import article, listing

SITE = "https://so.mau.gov.vn"
SOURCE = Source(id="mau", name="Sở Mẫu", unit="nghe-an", site=SITE, hosts=("so.mau.gov.vn",))
SLUG = "/tin/ke-hoach-cai-cach-hanh-chinh-nam-moi-123.html"


def _feed(xml: str) -> list[str]:
    named = read_feed(xml.encode(), f"{SITE}/kenh/moi.xml", None, SOURCE.hosts)
    assert named is not None
    return [link.url for link in named.links]


@pytest.mark.parametrize(
    "item",
    [
        f"<item><link>{SLUG}</link></item>",
        f"<item><link>\n  {SITE}{SLUG}\n</link></item>",
        f"<item><link><![CDATA[{SITE}{SLUG}]]></link></item>",
        f"<item><link>..{SLUG}</link></item>",
        f"<item><guid>{SITE}{SLUG}</guid></item>",
        f"<item><guid isPermaLink='true'>{SLUG}</guid></item>",
        f"<item><link/><guid isPermaLink='false'>{SITE}{SLUG}</guid></item>",
        f"<item><link>http://feedproxy.example.com/~r/x</link><origLink xmlns='http://rssnamespace.org/feedburner/ext/1.0'>{SITE}{SLUG}</origLink></item>",
        f"<item><a:link xmlns:a='http://www.w3.org/2005/Atom' rel='self' href='{SITE}/x.xml'/><link href='{SLUG}'/></item>",
        f"<item><link>{SITE}{SLUG};jsessionid=0A1B2C.n1</link></item>",
        f"<item><title>HTML <b>left open &nbsp;<br></title><link><![CDATA[{SLUG}]]></link></item>",
    ],
)
def test_the_url_of_an_rss_item(item: str) -> None:
    assert _feed(f"<rss version='2.0'><channel><link>{SITE}</link>{item}</channel></rss>") == [SITE + SLUG]


def test_feeds_in_utf_16_and_sitemaps_of_plain_text() -> None:
    feed = f"<?xml version='1.0' encoding='utf-16'?><rss><channel><item><title>a & b</title><link>{SLUG}</link></item></channel></rss>"
    assert _page(feed.encode("utf-16"), "/moi.xml")[:2] == (PageKind.FEED, [("article", SLUG)])
    assert _page(f"\ufeff{SITE}{SLUG}\r\n\r\n", "/so-do.txt", "text/plain")[:2] == (PageKind.SITEMAP, [("article", SLUG)])


@pytest.mark.parametrize(
    ("feed", "entry"),
    [
        ("", f"<link href='{SLUG}'/>"),
        ("", f"<link rel='self' href='/kenh/1.xml'/><link rel='alternate' type='text/html' href='{SLUG}'/>"),
        (" xml:base='https://so.mau.gov.vn/tin/'", f"<link href='{SLUG.rpartition('/')[2]}'/>"),
        ("", f"<link xml:base='/tin/' href='{SLUG.rpartition('/')[2]}'/>"),
        ("", f"<id>{SITE}{SLUG}</id>"),
    ],
)
def test_the_url_of_an_atom_entry(feed: str, entry: str) -> None:
    assert _feed(f"<feed xmlns='http://www.w3.org/2005/Atom'{feed}><entry><title>x</title>{entry}</entry></feed>") == [SITE + SLUG]


def test_an_id_that_is_no_url_is_none() -> None:
    assert (
        _feed("<rss><channel><item><guid>news_123</guid></item><item><guid isPermaLink='false'>/tin/1</guid></item></channel></rss>") == []
    )


def test_an_ampersand_that_nobody_escaped() -> None:
    url = f"{SITE}/xem.aspx?id=1234&muc=7"
    assert _feed(f"<rss><channel><item><link>{url}</link></item><item><title><![CDATA[a & b]]></title></item></channel></rss>") == [url]


@pytest.mark.parametrize(
    ("url", "bare"),
    [
        ("http://a/tin.html;jsessionid=0A1B?id=5", "http://a/tin.html?id=5"),
        ("http://a/t?PHPSESSID=abc&id=5", "http://a/t?id=5"),
        ("http://a/t?id=5&phpsessid=abc#x", "http://a/t?id=5#x"),
        ("http://a/t?id=5;jsessionid=0A1B.node1&x=2", "http://a/t?id=5&x=2"),
        ("http://a/t?id=5&sid=4f5a6b7c8d", "http://a/t?id=5"),
        ("http://a/t.cfm?CFID=4321&CFTOKEN=87654&id=5", "http://a/t.cfm?id=5"),
        ("http://a/(S(lit3py55t21z5v55vlm25s55))/t.aspx?id=3", "http://a/t.aspx?id=3"),
        ("http://a/mDefault.aspx?sid=1234&pageid=7", "http://a/mDefault.aspx?sid=1234&pageid=7"),  # the number of a site (3CMS)
        ("http://a/?s=hoi-nghi", "http://a/?s=hoi-nghi"),  # a search (WordPress)
    ],
)
def test_session_ids(url: str, bare: str) -> None:
    assert without_session(url) == bare


def test_ill_formed_urls_raise_nothing() -> None:
    assert host_of("http://[hong/") is None and host_of("http://a:80x/") is None and host_of("ftp://a/") is None
    assert absolute(SITE, "http://[hong/") is None and absolute(f"{SITE}/a/", "b c") == f"{SITE}/a/b%20c"


def _page(html: str | bytes, path: str = "/", content_type: str = "text/html") -> tuple[PageKind, list[tuple[str, str]], list[str]]:
    body = html.encode() if isinstance(html, str) else html
    capture = Capture(SITE + path, 200, (("Content-Type", content_type),), body, datetime(2020, 1, 1, tzinfo=UTC))
    page = read_page(capture, SOURCE)
    found = [(link.role.value, link.url.removeprefix(SITE)) for link in page.links]
    return page.kind, found, [fault.reason for fault in page.faults]


def _pager(*texts: str, script: str = "__doPostBack('p','{}')") -> str:
    return "".join(f'<a href="javascript:{script.format(text)}">{text}</a> ' for text in texts)


ITEMS = [
    (f"/tin/ke-hoach-so-{number}-cua-uy-ban-nhan-dan-{number}55.html", f"Kế hoạch số {number} của ủy ban nhân dân") for number in range(5)
]


@pytest.mark.parametrize(
    ("foot", "reasons"),
    [
        (_pager("2", "3"), ["postback-pager"]),
        (_pager("Trang sau"), ["postback-pager"]),
        (_pager("Tiếp »", script="WebForm_DoPostBackWithOptions(x)"), ["postback-pager"]),
        ("<a href='#' onclick=\"__doPostBack('p','2')\">2</a>", ["postback-pager"]),
        ("<form><input type=hidden name=__VIEWSTATE><input type=submit name=p value='Trang sau'></form>", []),
        ("<form><input type=hidden name=__VIEWSTATE><input type=submit name=p value='Gửi'></form>", []),
        (_pager("2", "3", script="goPage({})"), ["script-pager"]),
        ("<a href='javascript:void(0)' onclick='goPage(2)'>2</a>", ["script-pager"]),
        ("<button onclick='more()'>Xem thêm</button>", ["script-pager"]),
        ("<a href='#' onclick='turn()'>›</a>", []),  # pictures
        (_pager(*map(str, range(1, 32))), []),  # a calendar
        (_pager("Đăng nhập"), []),
        (_pager("2") + "<div class='pagination'><a href='/?page=2'>2</a></div>", []),
    ],
)
def test_pagers_that_no_link_leads_through(foot: str, reasons: list[str]) -> None:
    assert _page(listing(*ITEMS, foot=foot))[2] == reasons


@pytest.mark.parametrize(
    ("path", "foot", "later"),
    [
        ("/", "<a href='/?page=1'>2</a> <a href='/?page=2'>3</a>", ["/?page=1", "/?page=2"]),  # counted from 0
        ("/", "<a href='/tin/?p=2'>Trang sau »</a>", ["/tin/?p=2"]),
        ("/", "<a href='/?start=10'>Tin cũ hơn</a>", ["/?start=10"]),
        ("/tin/", "<a href='/tin/'>1</a> <a href='/tin/2/'>2</a>", ["/tin/2/"]),
        ("/tin.html", "<a href='/tin-2.html'>[2]</a>", ["/tin-2.html"]),
        ("/tin-2.html", "<a href='/tin-3.html'>3</a>", ["/tin-3.html"]),
        ("/xem?c=3", "<a href='xem?c=3&amp;trangso=2'>2</a>", ["/xem?c=3&trangso=2"]),
        ("/", "<link rel='next' href='/?PageIndex=2'>", ["/?PageIndex=2"]),
        ("/", "<select><option value='/?trang=2'>2</option></select>", ["/?trang=2"]),
        ("/", "<a href=\"javascript:go('/tin?trang=2')\">2</a>", ["/tin?trang=2"]),
        ("/", "<a href='/lich?ngay=2'>2</a> <a href='/nam-2012/2/'>2</a> <a href='/gioi-thieu'>Xem thêm</a>", []),
    ],
)
def test_the_later_pages_of_a_list(path: str, foot: str, later: list[str]) -> None:
    _, links, faults = _page(listing(*ITEMS, foot=foot), path)
    assert sorted(url for role, url in links if role == LinkRole.NEXT.value) == later and not faults


def test_links_to_other_sites_are_no_fault_of_a_list_with_articles() -> None:
    away = [(f"https://bao.example.vn{url}", title) for url, title in ITEMS]
    elsewhere = [(url.replace("/tin/", "/thoi-su/"), title) for url, title in away]
    assert _page(listing(*ITEMS, *elsewhere))[2] == []
    assert _page(listing(*away))[2] == ["other-host"]
    # Links of the same form show that the site has, or had, another name.
    assert _page(listing(*ITEMS, *away))[2] == ["other-host"]
    assert _page(listing(*ITEMS, *away[:2]))[2] == []


def test_announced_feeds_without_those_of_comments() -> None:
    head = "<link rel='alternate' type='application/rss+xml' href='{}'>"
    _, links, _ = _page(
        listing(*ITEMS, head=head.format("/moi.rss") + head.format("/comments/feed/") + "<link rel='sitemap' href='/s.xml'>")
    )
    assert [link for link in links if link[0] in ("feed", "sitemap")] == [("feed", "/moi.rss"), ("sitemap", "/s.xml")]
    linked = (
        "<a href='/kenh/tin.rss'>RSS</a><a href='/rss/thong-bao.xml'>RSS</a><a href='/gioi-thieu-rss'>RSS là gì?</a>"
        "<a href='/Tien-ich/RSSDetail.aspx?CID=5'><img src='/rss.gif' alt='RSS'></a>"
        "<a href='/rss/Pages/index.aspx?ItemID=54'>Tin</a><a href='/rss.php'>RSS</a>"
    )
    _, links, _ = _page(listing(*ITEMS, head="<link rel=Alternate type=text/xml href='rss.aspx?id=1'>", foot=linked))
    assert [url for role, url in links if role == "feed"] == [
        *("/rss.aspx?id=1", "/kenh/tin.rss", "/rss/thong-bao.xml", "/Tien-ich/RSSDetail.aspx?CID=5", "/rss/Pages/index.aspx?ItemID=54")
    ]


def test_links_that_a_web_archive_rewrote() -> None:
    archived = [(f"/web/20130301020000/{SITE}{url}", title) for url, title in ITEMS]
    assert _page(listing(*archived))[1] == _page(listing(*ITEMS))[1]


LONG = "/tin/bao-cao-tong-ket-1.html"
OTHER = "Sở tổ chức hội nghị tổng kết"


@pytest.mark.parametrize(
    ("path", "mark", "part"),
    [
        (LONG, "<a href='?trang=2'>2</a>", f"{LONG}?trang=2"),
        (LONG, "<a href='/tin/bao-cao-tong-ket-1-trang-2.html'>Trang 2</a>", "/tin/bao-cao-tong-ket-1-trang-2.html"),
        ("/bao-cao-tong-ket-cua-so/", "<a href='/bao-cao-tong-ket-cua-so/2/'>Trang sau</a>", "/bao-cao-tong-ket-cua-so/2/"),
        ("/xem.aspx?id=77", "<a rel='next' href='/xem.aspx?id=77&amp;page=2'>&raquo;</a>", "/xem.aspx?id=77&page=2"),
        (LONG, "<a href='?trang=2'>Trang sau »</a>", f"{LONG}?trang=2"),
        (LONG, "<a href='?trang=2'>Xem tiếp trang 2</a>", f"{LONG}?trang=2"),
        (f"{LONG}?page=1", f"<a href='{LONG}?page=2'>3</a>", f"{LONG}?page=2"),  # counted from 0
        (LONG, f"<a href='{LONG}?start=1'>2</a>", f"{LONG}?start=1"),
        ("/bao-cao-tong-ket-cua-so/2/", "<a href='/bao-cao-tong-ket-cua-so/3/'>3</a>", "/bao-cao-tong-ket-cua-so/3/"),
        ("/tin/bao-cao-tong-ket_2.html", "<a href='/tin/bao-cao-tong-ket_3.html'>3</a>", "/tin/bao-cao-tong-ket_3.html"),
        ("/xem.jsp?id=77", "<a href='/xem.jsp;jsessionid=9A8B?id=77&amp;p=2'>2</a>", "/xem.jsp?id=77&p=2"),
        (LONG, "<a rel='next' href='/tin/mot-bai-khac-cua-so-2.html'>Bài sau</a>", None),
        (LONG, "<a href='?trang=3'>3</a>", None),
        (LONG, "<a href='?cpage=2'>2</a>", None),  # of the comments
        (LONG, f"<div id='comments'><p><a href='{LONG}?page=2'>2</a></p></div>", None),
        (LONG, f"<div class='tin-lien-quan'><a href='{LONG}?page=2'>2</a></div>", None),
        (
            LONG,
            f"<div><a href='/a-1.html'>{OTHER}</a><a href='/a-2.html'>{OTHER}</a> <a href='{LONG}?page=2'>2</a></div>",
            None,
        ),
        (
            "/bao-cao-cua-so/",
            "<div class='page-links'>Trang: 1 <a href='/bao-cao-cua-so/2/'>2</a> <a href='/bao-cao-cua-so/3/'>3</a></div>",
            "/bao-cao-cua-so/2/",
        ),
        ("/12-bao-cao?start=1", "<ul><li><a href='/12-bao-cao?start=2'>Tiếp theo</a></li></ul>", "/12-bao-cao?start=2"),
    ],
)
def test_the_next_page_of_an_article(path: str, mark: str, part: str | None) -> None:
    kind, links, _ = _page(article("Báo cáo tổng kết của sở trong năm qua", foot=mark), path)
    assert kind is PageKind.ARTICLE
    assert [url for role, url in links if role == LinkRole.PART.value] == ([part] if part else [])


@pytest.mark.parametrize(
    ("canonical", "believed"),
    [
        ("/tin/ke-hoach-cai-cach-hanh-chinh-nam-moi-123.html", True),
        ("/2020/ke-hoach-cai-cach-hanh-chinh-nam-moi/", True),  # it spells the title
        ("/", False),
        ("/tin/", False),
        ("/tin/ke-hoach-cai-cach-hanh-chinh-nam-moi-124.html", False),  # another id
        ("https://khac.mau.vn/tin/ke-hoach-cai-cach-hanh-chinh-nam-moi-123.html", False),
        ("http://[hong/", False),
    ],
)
def test_a_canonical_url_is_believed_only_if_it_is_of_the_article(canonical: str, believed: bool) -> None:
    own = "/thoi-su/ke-hoach-cai-cach-hanh-chinh-nam-moi-123.html" if "/2020/" not in canonical else "/xem-bai.aspx?p=moi-nhat-hom-nay"
    html = article("Kế hoạch cải cách hành chính năm mới", head=f"<link rel='canonical' href='{canonical}'>")
    page = read_page(Capture(SITE + own, 200, (), html.encode(), datetime(2020, 1, 1, tzinfo=UTC)), SOURCE)
    assert page.article is not None
    assert page.article.key == SITE + (canonical if believed else own)


@pytest.mark.parametrize("canonical", ["/chitiet.aspx", "/chitiet.aspx?cid=100", "/chitiet.aspx?cid=100&id=8", "/?id=9"])
def test_a_canonical_url_of_a_template_is_not_believed(canonical: str) -> None:
    own = "/chitiet.aspx?cid=100&id=7"
    html = article("Kế hoạch cải cách hành chính năm mới", head=f"<link rel='canonical' href='{canonical}'>")
    page = read_page(Capture(SITE + own, 200, (), html.encode(), datetime(2020, 1, 1, tzinfo=UTC)), SOURCE)
    assert page.article is not None and page.article.key == SITE + own


def test_a_sitemap_that_unpacks_without_end_is_refused() -> None:
    body = gzip.compress(b"<?xml version='1.0'?><urlset>" + b" " * 80_000_000)
    tracemalloc.start()
    page = read_page(Capture(f"{SITE}/sitemap.xml.gz", 200, (), body, datetime(2020, 1, 1, tzinfo=UTC)), SOURCE)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert page.failure is not None and page.failure.reason == "too-large" and peak < 150_000_000


def test_a_writer_waits_for_another_process_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(patient_connection, "REPORT_AFTER", 0.1)
    open_archive(tmp_path / "archive.db").close()
    other = sqlite3.connect(tmp_path / "archive.db", isolation_level=None, check_same_thread=False)
    other.execute("begin immediate")
    release = threading.Timer(3, other.execute, ["rollback"])  # on a busy machine, opening the archive takes longer than half a second
    release.start()
    database = open_archive(tmp_path / "archive.db")
    database.table("runs").insert({"command": "crawl", "started_at": "2020-01-01"})
    release.join()
    assert "another process is writing to the archive" in capsys.readouterr().err
    database.close()
    other.close()


def _next_urls(html: str, path: str = "/tin", content_type: str = "text/html") -> list[str]:
    capture = Capture(SITE + path, 200, (("Content-Type", content_type),), html.encode(), datetime(2020, 1, 1, tzinfo=UTC))
    links = read_page(capture, SOURCE).links
    return [url_of(link).removeprefix(SITE) for link in links if link.role is LinkRole.NEXT]


MORE = "<button class='xem-them' onclick='more()'>Xem thêm</button>"
ROWS = "".join(f"<li><a href='{url}'>{title}</a></li>" for url, title in ITEMS)


@pytest.mark.parametrize(
    ("foot", "later"),
    [
        ("var page=1, c=5; function more(){page++; $.post('/ajax/ds', {page: page, c: c})}", "/ajax/ds?__wb_method=POST&page=2&c=5"),
        ("function more(){$.post('/ajax/ds', {page: 2})}", "/ajax/ds?__wb_method=POST&page=2"),
        ("var p=0; function more(){p=p+1; $('#ds').load('/x?page='+p+'&c=3')}", "/x?page=1&c=3"),
        ("function more(){fetch(`/api/tin?trang=${n}&size=10`).then(ve)}", "/api/tin?trang=2&size=10"),
        ("var offset=5; $.get('/api/l', {offset: offset, limit: 5}, function(){offset += 5})", "/api/l?offset=5&limit=5"),
        ("$.ajax({url: '/tai-them', type: 'post', data: 'trang=' + (trang+1) + '&id=' + muc}); var trang = 1; var muc = '12';",
         "/tai-them?__wb_method=POST&trang=2&id=12"),
        ("$.get('/binh-luan?page=2')", None),
        ("$.get('/dem-luot-xem?id=7')", None),
    ],
)  # fmt: skip
def test_the_part_of_a_list_that_a_script_loads(foot: str, later: str | None) -> None:
    found = _next_urls(listing(*ITEMS, foot=f"{MORE}<script>{foot}</script>"))
    assert found == ([later] if later is not None else [])


@pytest.mark.parametrize(
    ("path", "body", "content_type", "later"),
    [
        ("/api/l?__wb_method=POST&page=2&c=5", f"<ul>{ROWS}</ul>", "text/html", "/api/l?__wb_method=POST&page=3&c=5"),
        ("/api/l?offset=5&limit=5", f"<ul>{ROWS}</ul>", "text/html", "/api/l?offset=10&limit=5"),
        ("/o?__wb_method=POST&pageNum=1", json.dumps([{"title": title, "url": url} for url, title in ITEMS]), "application/json",
         "/o?__wb_method=POST&pageNum=2"),
        ("/x.aspx?page=2", json.dumps({"d": f"<ul>{ROWS}</ul>"}), "application/json", "/x.aspx?page=3"),
        ("/x.aspx?page=2", json.dumps({"d": "<p>Hết</p>"}), "application/json", None),
        ("/x.aspx?page=2", "[" * 100_000, "application/json", None),
    ],
)  # fmt: skip
def test_a_part_says_which_part_follows(path: str, body: str, content_type: str, later: str | None) -> None:
    assert _next_urls(body, path, content_type) == ([later] if later is not None else [])


FORM = "<form method='post' action='/tin.aspx'><input type='hidden' name='__VIEWSTATE' value='x'>{}</form>"
POST = "/tin.aspx?__wb_method=POST&"


@pytest.mark.parametrize(
    ("path", "pager", "later"),
    [
        ("/tin.aspx", _pager("2", "3"), f"{POST}__EVENTTARGET=p&__EVENTARGUMENT=2"),
        (f"{POST}__EVENTTARGET=p&__EVENTARGUMENT=2", _pager("1", "3", "..."), f"{POST}__EVENTTARGET=p&__EVENTARGUMENT=3"),
        ("/tin.aspx", "<input type=image name='ctl00$sau' src='/img/next.gif'>", f"{POST}ctl00$sau.x=1&ctl00$sau.y=1&__wb_page=2"),
        ("/tin.aspx", "<select name='tr' onchange=\"setTimeout('__doPostBack(\\'tr\\',\\'\\')', 0)\"><option>1<option>2</select>",
         f"{POST}__EVENTTARGET=tr&__EVENTARGUMENT=&tr=2&__wb_page=2"),
        ("/tin.aspx", "<select name='thang' onchange=\"__doPostBack('thang','')\"><option>1<option>2</select>", None),
        ("/tin.aspx", "<input type=button name='rg' title='Next Page' onclick=\"javascript:__doPostBack('rg$ctl03','')\">",
         f"{POST}__EVENTTARGET=rg$ctl03&__EVENTARGUMENT=&__wb_page=2"),
        ("/tin.aspx", _pager("2", script="WebForm_DoPostBackWithOptions(new WebForm_PostBackOptions(&quot;lnk{}&quot;, true))"),
         f"{POST}__EVENTTARGET=lnk2&__EVENTARGUMENT=&__wb_page=2"),
        ("/tin.aspx", _pager("1", "2", "3", "Cuối", script="__doPostBack('dp$ctl01$ctl0{}','')"),
         f"{POST}__EVENTTARGET=dp$ctl01$ctl02&__EVENTARGUMENT=&__wb_page=2"),
        ("/tin.aspx", _pager(*map(str, range(1, 32)), script="__doPostBack('lich','76{}0')"), None),
    ],
)  # fmt: skip
def test_the_form_that_leads_to_the_next_page(path: str, pager: str, later: str | None) -> None:
    assert _next_urls(listing(*ITEMS, foot=FORM.format(pager)), path) == ([later] if later is not None else [])


def test_a_hostile_feed_requests_nothing_and_ends() -> None:
    """Entities are not resolved, and a feed of a million tags inside each other is read up to a depth."""
    entities = "<!DOCTYPE rss [<!ENTITY x SYSTEM 'http://127.0.0.1:9/x'><!ENTITY f SYSTEM 'file:///etc/hostname'>]>"
    item = f"<item><link>{SLUG}</link><title>&x;&f;</title></item>"
    assert _feed(f"{entities}<rss><channel>{item}</channel></rss>") == [SITE + SLUG]
    deep = read_feed(f"<rss><channel>{item}<item>{'<a>' * 1_000_000}".encode(), f"{SITE}/moi.xml", None, SOURCE.hosts)
    assert deep is not None and [link.url for link in deep.links] == [SITE + SLUG]
    assert [fault.reason for fault in deep.faults] == ["too-large"]


def test_a_json_feed() -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "url": SLUG, "title": "Kế hoạch"}]}
    assert _page(json.dumps(feed), "/feed.json", "application/feed+json")[:2] == (PageKind.FEED, [("article", SLUG)])
