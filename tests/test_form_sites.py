"""Sites whose pagers send forms, served by a real server that checks what it gets. The sites are made by this project."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scraper.warc.records import scan, target
from tests.conftest import Place
from tests.server import Answer, Sent, Site, article, listing, serving_pages

SESSION = "(S(lit3py55t21z5v55vlm25s55))"
PER_PAGE = 3
# The lists of the site: the form of the pager, and the number of pages.
LISTS = {"lien-ket": 6, "luoi": 6, "nut": 3, "phien": 2}


def _title(number: int) -> str:
    return f"Sở kiểm tra việc thực hiện kế hoạch chuyển đổi số lần thứ {number}"


def _number(name: str, page: int, place: int) -> int:
    return 1000 * ([*LISTS].index(name) + 1) + PER_PAGE * (page - 1) + place


def _sign(*parts: object) -> str:
    return hashlib.sha256(" ".join(map(str, ("mau", *parts))).encode()).hexdigest()


@dataclass
class WebForms:
    """An ASP.NET site. Its state says which list and page a form belongs to; the server answers 500 to a form with a wrong state."""

    tokens: int = 0
    wrong: list[str] = field(default_factory=list)  # why forms were not accepted

    def answer(self, sent: Sent) -> Answer | None:
        """Answers a request for a list; None for any other."""
        parts = urlsplit(sent.path)
        name = parse_qs(parts.query).get("muc", [""])[0]
        if parts.path.startswith(f"/{SESSION}/xem.aspx"):
            return 200, {}, article(_title(int(parts.query.removeprefix("id=")))).encode()
        if sent.path.startswith("/xem.aspx?id=4"):  # an article of the list "phien": without the session, the site makes a new one
            return 302, {"Location": f"/{SESSION}{sent.path}"}, b""
        if not parts.path.endswith("/danh-sach.aspx") or name not in LISTS:
            return None
        if name == "phien" and SESSION not in parts.path:
            return 302, {"Location": f"/{SESSION}/danh-sach.aspx?muc=phien"}, b""
        page = 1
        if sent.method == "POST":
            wanted = self._page_wanted(name, sent)
            if wanted is None:
                return 500, {}, b"Invalid postback or callback argument."
            page = wanted
        headers = {"Set-Cookie": f"ASP.NET_SessionId={_sign(name)[:24]}; path=/; HttpOnly"}
        return 200, headers, self._list_page(name, page).encode()

    def _page_wanted(self, name: str, sent: Sent) -> int | None:
        page, _, token = sent.fields.get("__VIEWSTATE", "0:").partition(":")
        if sent.fields.get("__EVENTVALIDATION") != _sign(name, page, token) or sent.fields.get("ctl00$hdMuc") != name:
            self.wrong.append(f"{name}: state")
            return None
        if f"ASP.NET_SessionId={_sign(name)[:24]}" not in sent.headers.get("Cookie", ""):
            self.wrong.append(f"{name}: cookie")
            return None
        current, event, argument = int(page), sent.fields.get("__EVENTTARGET", ""), sent.fields.get("__EVENTARGUMENT", "")
        if name == "lien-ket" and (match := re.fullmatch(r"ctl00\$rptTrang\$ctl(\d\d)\$lnkTrang", event)):
            return (current - 1) // 5 * 5 + int(match[1]) + 1
        if name == "luoi" and event == "ctl00$gvTin":
            return int(argument.removeprefix("Page$"))
        if name == "nut":
            return current + 1 if "ctl00$dpTin$ctl02$ctl00.x" in sent.fields else None
        return int(argument) if name == "phien" and event == "ctl00$phanTrang" else None

    def _list_page(self, name: str, page: int) -> str:
        self.tokens += 1
        last = LISTS[name]
        window = (page - 1) // 5 * 5
        numbers = range(window + 1, min(window + 5, last) + 1)
        more = window + 6 if window + 5 < last else None
        if name == "lien-ket":
            links = [(f"ctl00$rptTrang$ctl{n - window - 1:02}$lnkTrang", "", str(n)) for n in numbers]
            links += [("ctl00$rptTrang$ctl05$lnkTrang", "", "...")] if more else []
        elif name == "luoi":
            links = [("ctl00$gvTin", "Page$" + str(window), "...")] if window else []
            links += [("ctl00$gvTin", f"Page${n}", str(n)) for n in numbers]
            links += [("ctl00$gvTin", f"Page${more}", "...")] if more else []
        else:
            links = [("ctl00$phanTrang", str(n), str(n)) for n in range(1, last + 1)]
        if name == "nut":
            shown = "" if page == last else "<input type='image' name='ctl00$dpTin$ctl02$ctl00' src='/images/next.gif' alt='Trang sau'>"
            pager = "<input type='image' name='ctl00$dpTin$ctl00$ctl00' src='/images/first.gif' alt='Trang đầu'>" + shown
        else:
            pager = "".join(
                f"<span>{words}</span>"
                if words == str(page)
                else f'<td><a href="javascript:__doPostBack(&#39;{event}&#39;,&#39;{argument}&#39;)">{words}</a></td>'
                for event, argument, words in links
            )
        token = _sign("token", self.tokens)[:40]
        state = (
            f"<input type='hidden' name='__EVENTTARGET' value=''><input type='hidden' name='__EVENTARGUMENT' value=''>"
            f"<input type='hidden' name='__VIEWSTATE' value='{page}:{token}'><input type='hidden' name='ctl00$hdMuc' value='{name}'>"
        )
        foot = (
            f"<input type='hidden' name='__EVENTVALIDATION' value='{_sign(name, page, token)}'><input type='submit' name='tim' value='Tìm'>"
        )
        items = [(f"/xem.aspx?id={n}", _title(n)) for n in (_number(name, page, place) for place in range(PER_PAGE))]
        page_of = listing(*items, foot=f"<div class='trang'>{pager}</div>{foot}</form>")
        return page_of.replace("<h1>", f"<form method='post' action='./danh-sach.aspx?muc={name}' id='aspnetForm'>{state}<h1>", 1)


def _numbers() -> list[int]:
    return [_number(name, page, place) for name, pages in LISTS.items() for page in range(1, pages + 1) for place in range(PER_PAGE)]


def _pages() -> dict[str, str | Answer]:
    menu = "".join(f"<li><a href='/danh-sach.aspx?muc={name}'>{name}</a></li>" for name in LISTS)
    home = listing(foot="").replace("<h1>", f"<ul class='menu'>{menu}</ul><h1>")
    pages: dict[str, str | Answer] = {f"/xem.aspx?id={number}": article(_title(number)) for number in _numbers()}
    return pages | {"/": home}


def _crawl(place: Place, url: str, *arguments: str, more: str = "", code: int | None = 0, **settings: Any) -> str:
    block = f'[[source]]\nid = "mau"\nname = "Sở Mẫu"\nunit = "nghe-an"\nsite = "{url}"\n{more}\n'
    (place.folder / "mau.toml").write_text(block, encoding="utf-8")
    given: dict[str, Any] = {"SOURCES_EXTRA": place.folder / "mau.toml", "DOWNLOAD_DELAY": 0, "DOWNLOAD_DELAY_JITTER": 0} | settings
    return place.scrapy("crawl", "mau", *arguments, code=code, **given).stdout


LISTINGS = "listings = [" + ", ".join(f'"/danh-sach.aspx?muc={name}"' for name in LISTS) + "]"


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, Site, WebForms, str]:
    """The WebForms site after a crawl."""
    place = Place(tmp_path_factory.mktemp("forms"))
    program = WebForms()
    with serving_pages(_pages()) as site:
        site.program = program.answer
        _crawl(place, site.url, more=LISTINGS)
        return place, site, program, site.url


Crawled = tuple[Place, Site, WebForms, str]


def test_every_article_that_only_a_postback_leads_to_is_found(crawled: Crawled) -> None:
    place, site, program, _ = crawled
    found = [int(str(url).rpartition("=")[2]) for (url,) in place.rows("select url from articles")]
    assert sorted(found) == _numbers() and program.wrong == []
    assert place.rows("select reason, url from failures") == []
    assert len(site.sent) <= len(_numbers()) + sum(LISTS.values()) + 5


def test_the_url_of_an_answer_is_stable_and_no_state_is_in_it(crawled: Crawled) -> None:
    place, site, _, _ = crawled
    urls = [str(url).removeprefix(site.url) for (url,) in place.rows("select url from captures where url like '%wb_method%' order by id")]
    assert len(set(urls)) == len(urls) == sum(LISTS.values()) - len(LISTS)
    assert "/danh-sach.aspx?muc=luoi&__wb_method=POST&__EVENTTARGET=ctl00$gvTin&__EVENTARGUMENT=Page$6" in urls
    assert not [url for url in urls if "VIEWSTATE" in url or "VALIDATION" in url or "(S(" in url]


def test_cookies_are_sent_only_with_the_forms_of_the_list_that_set_them(crawled: Crawled) -> None:
    _, site, _, _ = crawled
    assert {sent.method for sent in site.sent if "Cookie" in sent.headers} == {"POST"}
    cookies = {(parse_qs(urlsplit(sent.path).query)["muc"][0], sent.headers["Cookie"]) for sent in site.sent if "Cookie" in sent.headers}
    assert sorted(name for name, _ in cookies) == sorted(LISTS)


def test_answers_to_forms_are_parsed_again_and_replayed(crawled: Crawled, tmp_path: Path) -> None:
    place, site, _, url = crawled
    before = place.tables()
    place.scrapy("reparse", "mau", "--write", SOURCES_EXTRA=place.folder / "mau.toml")
    after = place.tables()
    for table in ("articles", "article_text", "captures", "failures"):
        assert after[table] == before[table], table
    kinds = [
        (record.http_headers.protocol if record.rec_type == "request" else record.rec_type, target(record))
        for file in place.captures.rglob("*.warc.gz")
        for record, _ in scan(file)
    ]
    assert sum(kind == "POST" for kind, _ in kinds) == sum(LISTS.values()) - len(LISTS)
    assert not [name for _, name in kinds if "__wb_method" in name]
    again, before_replay = Place(tmp_path), len(site.sent)
    _crawl(again, url, more=LISTINGS, REPLAY=place.captures)
    assert len(site.sent) == before_replay
    urls = "select url, status from captures order by url, status"
    assert again.rows("select url, title from articles order by url") == place.rows("select url, title from articles order by url")
    assert again.rows(urls) == place.rows(urls)


@pytest.mark.gate
def test_a_crash_before_the_index_is_written_loses_no_answer(crawled: Crawled, tmp_path: Path) -> None:
    place, _, _, url = crawled
    copy = Place(tmp_path)
    shutil.copytree(place.captures, copy.captures)
    _crawl(copy, url, more="listings = []", code=None, REPLAY=place.captures, CLOSESPIDER_PAGECOUNT=1)
    posted = "select url, captured_at, digest, warc_offset, warc_length from captures where url like '%wb_method%' order by url"
    assert copy.rows(posted) == place.rows(posted)


# --- lists that scripts load ------------------------------------------------------------------------


def _rows(first: int, last: int) -> str:
    return "".join(f"<li><a href='/xem.aspx?id={number}'>{_title(number)}</a></li>" for number in range(first, last))


def _simple_page(page: int, last: int) -> str:
    """Returns a list page of three articles with a button "Trang sau" in a form."""
    button = "<input type='submit' name='ctl00$btnSau' value='Trang sau'>" if page < last else ""
    form = f"<form method='post' action='/ds.aspx'><input type='hidden' name='__VIEWSTATE' value='{page}'>{button}</form>"
    return listing(*((f"/xem.aspx?id={n}", _title(n)) for n in range(10 * page, 10 * page + 3)), foot=form)


def _loaded(sent: Sent) -> Answer | None:
    """Answers for four lists: parts of HTML by POST, JSON by POST, and two that repeat their last part for ever: by GET, and by a form."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(sent.path).query).items()}
    path = urlsplit(sent.path).path
    if path == "/ajax/tai-them" and sent.method == "POST" and sent.fields.get("chuyenmuc") == "7":
        page = int(sent.fields.get("trang", "0"))
        return 200, {}, (_rows(5 * page - 5, 5 * page) if 1 < page <= 3 else "").encode()
    if path == "/o/danh-sach" and sent.method == "POST" and sent.fields.get("recordPerPage") == "10":
        first = 100 + 10 * (int(sent.fields["pageNum"]) - 1)
        items = [{"id": n, "title": _title(n), "url": f"/xem.aspx?id={n}"} for n in range(first, min(first + 10, 115))]
        return 200, {"Content-Type": "application/json"}, json.dumps({"total": 15, "data": items}).encode()
    if path == "/ds.aspx":
        return 200, {}, _simple_page(min(int(sent.fields.get("__VIEWSTATE", "39")) + 1, 43), 99).encode()
    if path == "/goi/them":
        start = min(int(query.get("start", "0")), 10)
        return 200, {"Content-Type": "application/json"}, json.dumps({"d": f"<ul>{_rows(200 + start, 205 + start)}</ul>"}).encode()
    return None


LOADING = {
    "/moi": (
        f"<ul>{_rows(0, 5)}</ul><button type='button' class='xem-them'>Xem thêm</button><script>var trang = 1; var idMuc = 7;"
        "$('.xem-them').click(function(){ trang++; $.post('/ajax/tai-them', { trang: trang, chuyenmuc: idMuc }, them); });"
        "</script>"
    ),
    "/thong-bao": (
        "<div id='ds'></div><script>var loadPageURL = 'SITE/o/danh-sach'; var pageNum = 1; function tai() { $.ajax({ url: loadPageURL,"
        " type: 'POST', data: { pageNum: pageNum, recordPerPage: 10 }, success: function (r) { pageNum++; } }); } tai();</script>"
    ),
    "/su-kien": (
        f"<ul>{_rows(200, 205)}</ul><a href='javascript:void(0)' onclick='taiThem()'>Xem thêm »</a>"
        "<script>let start = 5; function taiThem() { fetch(`/goi/them?start=${start}`).then(ve); start += 5; }</script>"
    ),
}


@pytest.mark.gate
def test_lists_that_scripts_load_are_read_to_their_end(place: Place) -> None:
    """Two lists answer without end, and end by rule: a part that shows nothing new."""
    numbers = [*range(15), *range(100, 115), *range(200, 215), *(10 * page + place for page in range(40, 44) for place in range(3))]
    pages: dict[str, str | Answer] = {f"/xem.aspx?id={number}": article(_title(number)) for number in numbers}
    pages |= {path: listing(foot="").replace("<ul class='danh-sach'></ul>", body) for path, body in LOADING.items()}
    with serving_pages(pages) as site:
        site.program = _loaded
        _crawl(place, site.url, more=f"listings = {json.dumps([*LOADING, '/ds.aspx'])}")
    found = sorted(int(str(url).rpartition("=")[2]) for (url,) in place.rows("select url from articles"))
    assert found == numbers
    assert len(site.sent) <= len(numbers) + 4 + 3 + 4 + 5 + 5
    assert place.rows("select reason from failures") == []
    assert [sent.method for sent in site.sent if sent.path == "/ds.aspx"] == ["GET", *["POST"] * 4]
    assert len(place.rows("select 1 from captures where url like '%/ajax/tai-them?__wb_method=POST&trang=%&chuyenmuc=7'")) == 3


@pytest.mark.gate
def test_a_redirect_after_a_form_leads_to_the_page_with_the_form(place: Place, tmp_path: Path) -> None:
    """The site remembers the page in its session, and answers 303 to the form: post, redirect, get."""
    shown: dict[str, int] = {}

    def program(sent: Sent) -> Answer | None:
        if sent.path != "/ds.aspx":
            return None
        cookie = sent.headers.get("Cookie", "")
        if sent.method == "POST":
            shown[cookie] = int(sent.fields["__VIEWSTATE"]) + 1
            return 303, {"Location": "/ds.aspx"}, b""
        headers = {} if cookie else {"Set-Cookie": f"sid={len(site.sent):08}; path=/"}
        return 200, headers, _simple_page(shown.get(cookie, 0), 3).encode()

    numbers = [10 * page + place for page in range(4) for place in range(3)]
    with serving_pages({f"/xem.aspx?id={n}": article(_title(n)) for n in numbers}) as site:
        site.program = program
        _crawl(place, site.url, more='listings = ["/ds.aspx"]\ndiscover_sections = false')
    assert place.rows("select count(*) from articles") == [(len(numbers),)]
    urls = [str(url) for (url,) in place.rows("select url from captures where url like '%ds.aspx%' and status = 200")]
    assert len(set(urls)) == len(urls) == 4 and sum("__wb_method=GET" in url for url in urls) == 3
    again = Place(tmp_path / "again")
    again.folder.mkdir()
    _crawl(again, site.url, more='listings = ["/ds.aspx"]\ndiscover_sections = false', REPLAY=place.captures)
    assert again.rows("select count(*) from articles") == [(len(numbers),)]


@pytest.mark.gate
def test_recordings_of_other_tools_answer_forms(place: Place) -> None:
    """They have the real URL in both records, in any order. Which form was sent is in the record of the request."""
    file = place.folder / "khac.warc.gz"
    with file.open("wb") as out:
        writer = WARCWriter(out, gzip=True)

        def write(url: str, html: str, sent: str | None = None) -> None:
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            response = writer.create_warc_record(url, "response", payload=io.BytesIO(html.encode()), http_headers=headers)
            records = [response]
            if sent is not None:
                lines = [("Content-Type", "application/x-www-form-urlencoded"), ("Content-Length", str(len(sent)))]
                posted = StatusAndHeaders(f"POST {urlsplit(url).path} HTTP/1.1", lines, is_http_request=True)
                concurrent = {"WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID")}
                body = io.BytesIO(sent.encode())
                records.append(writer.create_warc_record(url, "request", payload=body, http_headers=posted, warc_headers_dict=concurrent))
            for record in reversed(records) if sent is not None and sent.startswith("__VIEWSTATE=0") else records:
                writer.write_record(record)

        site = "http://so.tinhmau.gov.vn"
        write(f"{site}/ds.aspx", _simple_page(0, 2))
        for page in (1, 2):
            write(f"{site}/ds.aspx", _simple_page(page, 2), f"__VIEWSTATE={page - 1}&ctl00%24btnSau=Trang+sau")
        for number in (0, 1, 2, 10, 11, 12, 20, 21, 22):
            write(f"{site}/xem.aspx?id={number}", article(_title(number)))
    _crawl(place, site, more='listings = ["/ds.aspx"]\ndiscover_sections = false', REPLAY=file)
    assert place.rows("select count(*) from articles") == [(9,)]
