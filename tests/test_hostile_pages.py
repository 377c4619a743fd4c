"""Pages that no site should send, but some do. No exception escapes, and each page gets a named result. All made by this project."""

from __future__ import annotations

import os
import random
import unicodedata
from datetime import UTC, datetime
from itertools import product

import pytest
from selectolax.lexbor import LexborNode

from scraper.failures import REASONS
from scraper.model import Capture, Page, PageKind, Source
from scraper.parse import read_page
from scraper.parse.decode.legacy_fonts import convert_legacy
from scraper.parse.discover import menus
from scraper.parse.generic import text_extent
from scraper.parse.tree.link_targets import leads_to_file
from scraper.platforms import PLATFORMS
from scraper.platforms.kit import PathPager, QueryPager
from scraper.text import clean
from tests.conftest import PROJECT

SOURCE = Source(id="page", name="page", unit="vpcp", site="http://so.test", hosts=("so.test",))
URL = "http://so.test/tin-tuc/hoi-nghi-tong-ket-cong-tac-nam-2020-cua-so-thong-tin.html"
TEXT = "Ngày 14/7/2009, Sở Thông tin và Truyền thông tổ chức hội thảo giới thiệu phần mềm nguồn mở cho cán bộ của các sở, ban, ngành. " * 4
META = (
    '<meta property="og:type" content="article"><meta property="og:title" content="Hội nghị tổng kết">'
    '<meta property="article:published_time" content="2020-12-30T08:00:00+07:00">'
)


def _read(body: bytes, content_type: str = "text/html; charset=utf-8") -> Page:
    return read_page(Capture(URL, 200, (("Content-Type", content_type),), body, datetime(2026, 1, 1, tzinfo=UTC)), SOURCE)


def _named(page: Page) -> None:
    """Checks that the result is named: an article with a title and a rule for each field, or a kind, or a reason that is explained."""
    if page.kind is PageKind.ARTICLE:
        assert page.article is not None and page.article.title.value and page.article.layout
        assert all((page.article.body.rule, page.article.published.rule, page.article.author.rule))
    elif page.kind is PageKind.REFUSED:
        assert page.failure is not None and page.failure.reason in REASONS
    else:
        assert page.article is None


ARTICLE = (
    f"<html><head>{META}</head><body><h1>Hội nghị tổng kết</h1><p>30/12/2020 08:00</p><div class=content><p>{TEXT}</p></div></body></html>"
)
HOSTILE = {
    "ten megabytes": f"<html><head>{META}</head><body><h1>Hội nghị tổng kết</h1><div>" + f"<p>{TEXT}</p>" * 13_000 + "</div></body></html>",
    "two hundred thousand nested tags": "<html><body><h1>Hội nghị</h1>" + "<div>" * 200_000 + TEXT,
    "nested spans": "<html><body><h1>Hội nghị</h1><p>" + "<span>" * 50_000 + TEXT + "</span>" * 50_000,
    "nested tables": "<html><body><h1>Hội nghị</h1>" + "<table><tr><td>" * 20_000 + TEXT,
    "rows in rows": "<html><body><h1>Hội nghị</h1>" + "<table><tr><td>a<td>" * 5_000 + TEXT,
    "hidden without end": f"<html><body><h1>Hội nghị</h1><p>{TEXT}</p>"
    + "".join(f"<p id=i{n} style='display:none'>{n}" for n in range(20_000)),
    "raised without end": f"<html><body><h1>Hội nghị</h1><p>{TEXT}" + "m<sup>2</sup><a href='#_ftn1'>[1]</a>" * 20_000,
    "style sheets without end": "<html><head><style>" + "/*" * 50_000 + ".a{" * 50_000 + f"</style></head><body><h1>Hội nghị</h1><p>{TEXT}",
    "selectors that are invalid": "<html><head><style>#menu\u00a0.in, .1an, 5 .c {display:none}</style></head><body><h1>Hội nghị</h1>"
    f"<p>{TEXT}",
    "nothing is closed": f"<html><head><title>Hội nghị{META}<body><h1>Hội nghị<div class='content<p>{TEXT}<table><td>{TEXT}",
    "unclosed everything": f"<html><head>{META}<body><h1>Hội nghị tổng kết<p>30/12/2020<div><p>{TEXT}<ul><li>{TEXT}<table><td>{TEXT}",
    "NUL bytes": ARTICLE.replace(" ", " \x00"),
    "broken entities": ARTICLE.replace("ổ", "&#x1ED5").replace("á", "aacute;").replace("ị", "&#99999999;").replace("ể", "&#xD800;"),
    "an end tag in a string": ARTICLE.replace("<h1>", "<article><script>var a = '</article></body>';</script><h1>"),
    "two titles": ARTICLE.replace("<head>", "<head><title>Một</title><title>Hai</title>").replace("<p>30", "<h1>Hội thảo khác</h1><p>30"),
    "an empty body with full meta": f"<html><head>{META}</head><body></body></html>",
    "an unending attribute": f"<html><body><h1>Hội nghị</h1><p title='{'a' * 3_000_000}'>{TEXT}</p>",
    "a comment that never ends": ARTICLE.replace("<h1>", "<!-- <h1>"),
    "links without end": "<html><body>" + "".join(f'<a href="/tin/{n}.html">Tin số {n} của ngày</a>' for n in range(30_000)),
    "digits and slashes": f"<html><body><h1>Hội nghị</h1><p>{'1/2' * 300_000}</p>",
    "only entities": "<html><body><h1>&amp;&amp;&lt;</h1>" + "&nbsp;" * 400_000,
    "a script that is all": "<html><head>" + META + "<script type='application/ld+json'>" + '{"a":' * 100_000 + "</script></head><body>",
    # Until these patterns could match in one way only, each of these lines took years.
    "initials without end": ARTICLE.replace("</div>", f"<p>A A{'-A' * 40}!</p></div>"),
    "a copyright without end": ARTICLE.replace("<head>", f"<head><meta name=copyright content='{'© ' * 40}x'>"),
    "a breadcrumb without end": ARTICLE.replace("<h1>", f"<div>{'Tin › ' * 40}5 > x</div><h1>"),
    "labels without end": ARTICLE.replace("<p>30", f"<p>Tác giả: Lê Lan {'on ' * 25}x</p><p>30"),
    "metadata in metadata": ARTICLE.replace(
        "<head>", f'<head><script type=\'application/ld+json\'>{{"@type":"Article","author":{"[" * 600}1{"]" * 600}}}</script>'
    ),
    "nothing": "",
    "blanks": " \n" * 1000,
    "no markup": TEXT,
}


@pytest.mark.parametrize(
    "charset", ["base64", "hex", "rot13", "zip", "unicode_escape", "idna", "punycode", "undefined", "no-such", "a" * 70]
)
def test_a_charset_that_is_none_costs_nothing(charset: str) -> None:
    page = ARTICLE.replace("<head>", f'<head><meta charset="{charset}">').encode("cp1258", "ignore")
    headers = (("Content-Type", f"text/html; charset={charset}"),)
    read = read_page(Capture(URL, 200, headers, page, datetime(2021, 1, 1, tzinfo=UTC)), SOURCE)
    assert read.kind is PageKind.ARTICLE and read.encoding == "windows-1258"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_has_a_named_outcome(name: str) -> None:
    _named(_read(HOSTILE[name].encode()))


def test_a_url_of_a_section_takes_no_exponential_time() -> None:
    for name in ("emagazines-", "magazine-", "anh-clip-"):
        url = f"http://so.test/{name * 40}hai"
        page = read_page(Capture(url, 200, (("Content-Type", "text/html"),), ARTICLE.encode(), datetime(2021, 1, 1, tzinfo=UTC)), SOURCE)
        assert page.kind is PageKind.ARTICLE


def test_tags_without_end_are_looked_at_once() -> None:
    """Each began a search to the end of the page, so 900 kB took hours."""
    tags = "<a " * 300_000
    assert _read(f'{{"d": "{tags}"}}'.encode(), "application/json").kind is PageKind.OTHER
    fragment = PLATFORMS["vccorp-ims"].next_fragment
    assert fragment is not None and fragment("http://so.test/tin.htm", "<input " * 200_000) is None
    assert convert_legacy(("<script " * 100_000).encode(), "") is None


def test_what_is_too_much_is_left_out_and_flagged() -> None:
    one = "<meta property='article:tag' content='nhãn {}'><meta name=date content='20{}-02-03'>"
    tags = "".join(one.format(number, number % 89 + 10) for number in range(900))
    data = f'<script type=\'application/ld+json\'>{{"@type":"Article","articleSection":"{"Tin " * 900}"}}</script>'
    found, small = (_read(ARTICLE.replace("<head>", f"<head>{more}").encode()).article for more in (tags + data, tags[:700]))
    assert found is not None and small is not None
    assert (len(found.tags), len(found.published.readings), found.section.value, found.flags) == (200, 200, None, ("parts-left-out",))
    assert found.published.value == small.published.value and small.flags == ()
    assert found.section.rule.rejected == ("Tin " * 900)[:200]


def test_links_to_files_in_one_element_are_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The links of the element were collected for each of its lines, so 6,000 links took 22 s."""
    looked: list[int] = []

    def counted(node: LexborNode) -> bool:
        looked.append(node.mem_id)
        return leads_to_file(node)

    monkeypatch.setattr(text_extent, "leads_to_file", counted)
    files = "".join(f"<a href='/tep-{number}.pdf'>Tệp số {number}.pdf</a><br>" for number in range(300))
    article = _read(ARTICLE.replace("</div>", f"{files}</div>").encode()).article
    assert article is not None and len(article.attachments) == 300
    assert 0 < len(looked) < 10


def test_an_invalid_selector_leaves_the_others_of_its_style_sheet() -> None:
    style = "<style>.muc\u00a0.tin, .1an, .an {display:none}</style>"
    page = _read(
        ARTICLE.replace("<head>", f"<head>{style}").replace("<div class=content>", "<div class=content><p class=an>Ẩn.</p>").encode()
    )
    assert page.article is not None
    assert page.article.body.value == TEXT.strip()


def test_a_long_url_takes_no_cubic_time() -> None:
    """A run of 3,000 characters takes minutes if a pattern can divide it into three parts in every way."""
    url = f"http://so.test/{'1' * 3_000}.pdf"
    assert not any(PLATFORMS[name].is_section(url) for name in ("dotnetnuke", "drupal", "joomla", "vhv"))


def test_a_line_around_many_links_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its text was read for each of its links, so a page of one megabyte took a minute."""
    read: list[int] = []

    def counted(text: str) -> str:
        read.append(len(text))
        return clean(text)

    monkeypatch.setattr(menus, "clean", counted)
    text = "Báo cáo tổng kết công tác thông tin và truyền thông của tỉnh trong năm. "
    page = "<html><body><div>" + "".join(f'<p><a href="/muc-{number}">Tin tức</a> {text}</p>' for number in range(300)) + "</div>"
    assert _read(page.encode()).kind is PageKind.LISTING
    assert 0 < sum(read) < 20 * len(page)


def test_a_page_number_of_five_thousand_digits_is_no_later_page() -> None:
    long = "9" * 5_000
    assert not QueryPager("page")("http://so.test/tin", f"http://so.test/tin?page={long}")
    assert not PathPager(r"/page/(?P<page>\d+)/?$")("http://so.test/tin", f"http://so.test/tin/page/{long}")
    fragment = PLATFORMS["vccorp-ims"].next_fragment
    assert fragment is not None and fragment(f"http://so.test/timelinelist/1010/{long}.htm", "") is None


def test_what_can_be_read_of_a_broken_page_is_read() -> None:
    for name in ("ten megabytes", "NUL bytes", "an end tag in a string", "unclosed everything"):
        article = _read(HOSTILE[name].encode()).article
        assert article is not None, name
        assert article.title.value == "Hội nghị tổng kết", name
        assert article.published.value is not None and article.published.value.date().isoformat() == "2020-12-30", name
        assert "phần mềm nguồn mở" in (article.body.value or ""), name


def test_a_page_with_the_metadata_of_an_article_that_shows_none_is_refused_by_name() -> None:
    failure = _read(HOSTILE["an empty body with full meta"].encode()).failure
    assert failure is not None and failure.reason == "empty-body"


def test_a_login_page_is_refused_wherever_it_stands() -> None:
    form = "<html><head><title>Đăng nhập hệ thống</title></head><body><form><input type=password name=p></form></body></html>"
    for url in (URL, "https://mau.test/dang-nhap", "https://mau.test/"):
        page = read_page(Capture(url, 200, (("Content-Type", "text/html"),), form.encode(), datetime(2026, 1, 1, tzinfo=UTC)), SOURCE)
        assert page.failure is not None and page.failure.reason == "login", url


def test_a_long_page_whose_paragraphs_have_no_end_keeps_them_apart() -> None:
    """Pages written by hand often close neither <p> nor <td>; that makes the page tree long, not deep."""
    paragraphs = [f"Đoạn thứ {number} của báo cáo tổng kết công tác thông tin và truyền thông của tỉnh." for number in range(700)]
    page = f"<html><head>{META}</head><body><h1>Hội nghị tổng kết</h1><div>" + "".join(f"<p>{text}" for text in paragraphs)
    article = _read(page.encode()).article
    assert article is not None and (article.body.value or "").split("\n\n") == paragraphs


ENCODINGS = ("utf-8", "windows-1258", "utf-16")


@pytest.mark.parametrize(("header", "meta", "sent"), list(product(ENCODINGS, repeat=3)), ids=str)
def test_what_is_declared_and_what_is_sent(header: str, meta: str, sent: str) -> None:
    """The bytes decide if header and page contradict them. The encoding used is recorded, with the evidence for it."""
    page = ARTICLE.replace("<head>", f'<head><meta charset="{meta}">')
    if sent == "windows-1258":
        # This code page writes tone marks after their letters; its letters already include the other diacritics.
        parts = (unicodedata.normalize("NFD", letter) for letter in page)
        tones = "\u0300\u0301\u0303\u0309\u0323"
        page = "".join(
            unicodedata.normalize("NFC", "".join(m for m in part if m not in tones)) + "".join(m for m in part if m in tones)
            for part in parts
        )
    read = _read(page.encode(sent), f"text/html; charset={header}")
    assert read.article is not None, read
    assert read.article.title.value == "Hội nghị tổng kết"
    assert "phần mềm nguồn mở" in (read.article.body.value or "")
    assert read.encoding in (sent, f"{sent}-le") and read.encoding_rule is not None


TAGS = (b"<div>", b"</div>", b"<table>", b"</", b"<!--", b"<script>", b"<h1>", b"<p><p>")
MUTATIONS = ("cut", "drop", "double", "swap", "byte", "tag", "quote", "join")


def _mutated(body: bytes, other: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 6)):
        at, to = sorted((chance.randrange(len(body) + 1), chance.randrange(len(body) + 1)))
        match chance.choice(MUTATIONS):
            case "cut":
                body = body[:to]
            case "drop":
                body = body[:at] + body[min(to, at + 400) :]
            case "double":
                body = body[:to] + body[at : at + 2000] + body[to:]
            case "swap":
                body = body[to:] + body[at:to] + body[:at]
            case "byte":
                body = body[:at] + bytes((chance.randrange(256),)) + body[at + 1 :]
            case "tag":
                body = body[:at] + chance.choice(TAGS) + body[at:]
            case "quote":
                body = body[:at] + chance.choice((b'"', b"'", b"&", b"&#", b">", b"\x00")) + body[at:]
            case "join":
                body = body[:at] + other[to : to + 3000] + body[at:]
        if not body:
            break
    return body


@pytest.mark.parametrize("part", [pytest.param(part, marks=pytest.mark.gate if part > 0 else ()) for part in range(8)])
def test_mutated_pages_never_crash(part: int) -> None:
    """Pages of tests/pages, broken in random ways that are the same in every run. FUZZED_PAGES=20000 tries more of them."""
    chance = random.Random(f"pages {part}")
    pages = [path.read_bytes() for path in sorted((PROJECT / "tests/pages").glob("*.html"))]
    for _ in range(int(os.environ.get("FUZZED_PAGES", "1600")) // 8):
        body = _mutated(chance.choice(pages), chance.choice(pages), chance)
        _named(_read(body, chance.choice(("text/html", "text/html; charset=utf-8", ""))))
