"""Whole sites whose lists go on by a script: functions, extensions of jQuery, numbers without URLs, endless scrolling."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from tests.server import Answer, Sent
from tests.whole_sites.stories import SECTIONS, SITES, Data, Made, Maker, Story, lists_of, page_of, site, slugs


@site("endless: data-next-url")
def endless(data: Data) -> Made:
    """A list that a script file loads when the reader scrolls. The part names the next one."""
    urls = [f"/muc/{section + 7}" for section in range(len(SECTIONS))]

    def path_of(one: Story) -> str:
        return f"/tin/{one.id}/{one.slug}.html"

    def pager(url: str, page: int) -> str:
        return (
            f"<div class='infinite-sentinel' data-next-url='/phan/{url.rsplit('/', 1)[1]}/{page + 1}'></div><script src='/js/scroll.js'></script>"
            if page < data.last
            else ""
        )

    made = lists_of(data, urls, path_of, later="#{page}", pager=pager)
    for path in [path for path in made.pages if "#" in path]:
        page = made.pages.pop(path)
        assert isinstance(page, str)
        url, _, number = path.partition("#")
        inside = re.search(r"<h2>.*?</h2>(.*?<div class='pagination'>.*?</div>)", page, re.DOTALL)
        assert inside is not None
        made.pages[f"/phan/{url.rsplit('/', 1)[1]}/{number}"] = (
            inside[1].replace("<script src='/js/scroll.js'></script>", "").replace("<div class='pagination'>", "") + "<!--het-->"
        )
    return made


@site("endless: data-url and data-page")
def endless_page(data: Data) -> Made:
    """The same with the URL, the page and the number of pages in attributes; answers are parts of HTML without a pager."""
    urls = [f"/{slug}" for slug in slugs()]

    def path_of(one: Story) -> str:
        return f"/{one.slug}-{one.id}.html"

    def pager(url: str, page: int) -> str:
        return (
            f"<button class='btn-loadmore' data-url='/ajax/load-more' data-category='{url.strip('/')}' data-page='1' data-total-page='{data.last}'>Xem thêm</button><script src='/js/app.js'></script>"
            if page == 1
            else ""
        )

    made = lists_of(data, urls, path_of, later="#{page}", pager=pager)
    made.pages = {path: page for path, page in made.pages.items() if "#" not in path}

    def program(sent: Sent) -> Answer | None:
        parts = urlsplit(sent.path)
        if parts.path != "/ajax/load-more":
            return None
        query = {name: values[0] for name, values in parse_qs(parts.query).items()} | dict(sent.fields)
        stories = data.page(slugs().index(query["category"]), int(query["page"])) if query.get("category") in slugs() else []
        return (
            200,
            {},
            "".join(
                f"<div class='item'><h3><a href='{path_of(one)}'>{one.title}</a></h3><span class='date'>{one.day()}</span></div>"
                for one in stories
            ).encode(),
        )

    made.program = program
    return made


def _paged(pager: Callable[[str, int], str], later: str = "?page={page}") -> Maker:
    def make(data: Data) -> Made:
        return lists_of(
            data, [f"/chuyen-muc/{slug}" for slug in slugs()], lambda one: f"/tin/{one.slug}-{one.id}.html", later=later, pager=pager
        )

    return make


def _numbers(form: str, page: int) -> str:
    """Returns a link for each page; `form` may contain `n`."""
    return "".join(
        f"<li class='page-item active'><span>{n}</span></li>" if n == page else f"<li class='page-item'>{form.format(n=n)}</li>"
        for n in (1, 2, 3)
    )


def _twbs(url: str, page: int) -> str:
    return f"<ul id='phan-trang' class='pagination-sm'></ul><script>$('#phan-trang').twbsPagination({{ totalPages: 3, startPage: {page}, visiblePages: 5, initiateStartPageClick: false, first: 'Đầu', onPageClick: function (event, page) {{ window.location.href = '{url}?page=' + page; }} }});</script>"


def _twbs_href(url: str, page: int) -> str:
    return f"<ul id='phan-trang'></ul><script>$('#phan-trang').twbsPagination({{ totalPages: 3, visiblePages: 5, href: true, pageVariable: 'page', startPage: {page} }});</script>"


def _function_location(url: str, page: int) -> str:
    return (
        f"<script>function chuyenTrang(p) {{ var url = '{url}'; window.location = url + '?page=' + p; }}</script><ul>"
        + _numbers('<a href="javascript:chuyenTrang({n})">{n}</a>', page)
        + "</ul>"
    )


def _get_form(url: str, page: int) -> str:
    return (
        f"<form id='frmTin' action='{url}' method='get'><input type='hidden' name='page' id='hdPage' value='{page}'></form><script>function goPage(p) {{ $('#hdPage').val(p); $('#frmTin').submit(); }}</script><ul>"
        + _numbers('<a href="#" onclick="goPage({n}); return false;">{n}</a>', page)
        + "</ul>"
    )


def _data_page(url: str, page: int) -> str:
    return (
        "<ul class='pagination' data-total='3'>"
        + _numbers('<a class=page-link href="#" data-page="{n}">{n}</a>', page)
        + "</ul><script src='/js/site.js'></script>"
    )


def _buttons(url: str, page: int) -> str:
    return (
        "<ul class='v-pagination'>"
        + _numbers('<button type=button aria-label="Goto Page {n}" class=v-pagination__item>{n}</button>', page)
        + "</ul>"
    )


def _ant(url: str, page: int) -> str:
    return (
        "<ul class='ant-pagination'>"
        + "".join(
            f"<li title='{n}' class='ant-pagination-item ant-pagination-item-{n}{' ant-pagination-item-active' if n == page else ''}' tabindex='0'><a rel='nofollow'>{n}</a></li>"
            for n in (1, 2, 3)
        )
        + "<li title='Next Page' class='ant-pagination-next'><button class='ant-pagination-item-link' type='button' tabindex='-1'></button></li></ul>"
    )


def _simple(url: str, page: int) -> str:
    return f"<div id='light-pagination' class='pagination'></div><script>$(function() {{ $('#light-pagination').pagination({{ items: 12, itemsOnPage: 4, currentPage: {page}, hrefTextPrefix: '{url}?page=', cssStyle: 'light-theme' }}); }});</script>"


def _element(url: str, page: int) -> str:
    return f"<div class='el-pagination'><button type='button' class='btn-prev' disabled></button><ul class='el-pager'>{''.join(f'<li class=number>{n}</li>' for n in (1, 2, 3))}</ul><button type='button' class='btn-next'></button></div>"


SITES |= {
    "pager: twbs, location": _paged(_twbs),
    "pager: twbs, href": _paged(_twbs_href),
    "pager: function, location": _paged(_function_location),
    "pager: GET form": _paged(_get_form),
    "pager: data-page": _paged(_data_page),
    "pager: buttons": _paged(_buttons),
    "pager: ant": _paged(_ant),
    "pager: element": _paged(_element),
    "pager: simplePagination": _paged(_simple),
}


@site("pager: POST form")
def post_form(data: Data) -> Made:
    """A function sets a hidden field and sends the form of the page."""

    def pager(url: str, page: int) -> str:
        return (
            f"<form id='frmTin' action='{url}' method='post'><input type='hidden' name='muc' value='1'><input type='hidden' name='trang' id='trang' value='{page}'></form><script>function GoPage(p) {{ document.getElementById('trang').value = p; document.getElementById('frmTin').submit(); }}</script><ul>"
            + _numbers('<a href="javascript:void(0)" onclick="GoPage({n})">{n}</a>', page)
            + "</ul>"
        )

    made = _paged(pager, "#{page}")(data)
    later = {path: page for path, page in made.pages.items() if "#" in path}
    made.pages = {path: page for path, page in made.pages.items() if "#" not in path}

    def program(sent: Sent) -> Answer | None:
        number = sent.fields.get("trang", "1")
        return page_of(later, f"{sent.path}#{number}") if sent.method == "POST" and number != "1" else None

    made.program = program
    return made


@site("pager: pagination.js")
def pagination_js(data: Data) -> Made:
    """pagination.js with a JSON source: the list is empty without the script."""
    urls = [f"/chuyen-muc/{slug}" for slug in slugs()]

    def path_of(one: Story) -> str:
        return f"/tin/{one.slug}-{one.id}.html"

    def pager(url: str, page: int) -> str:
        return f"<div id='ds'></div><div id='pt'></div><script>$('#pt').pagination({{ dataSource: '/api/tin?muc={url.rsplit('/', 1)[1]}', locator: 'items', totalNumber: 11, pageSize: 4, alias: {{ pageNumber: 'page', pageSize: 'limit' }}, callback: function (data) {{ $('#ds').html(render(data)); }} }});</script>"

    made = lists_of(data, urls, path_of, later="#{page}", pager=pager)
    made.pages = {
        path: re.sub(r"<div class='item'>.*?</p></div>", "", page) if path in urls and isinstance(page, str) else page
        for path, page in made.pages.items()
        if "#" not in path
    }

    def program(sent: Sent) -> Answer | None:
        parts = urlsplit(sent.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path != "/api/tin":
            return None
        number, size = int(query.get("page", "1")), int(query.get("limit", "4"))
        stories = data.of(slugs().index(query["muc"]))
        rows = [{"tieu_de": one.title, "url": path_of(one), "ngay": one.day()} for one in stories[(number - 1) * size : number * size]]
        return 200, {"Content-Type": "application/json"}, json.dumps({"total": len(stories), "items": rows}).encode()

    made.program = program
    return made
