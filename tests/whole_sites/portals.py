"""Whole sites in the markup of portals: Liferay, SharePoint, WordPress, Nuxt, ASP.NET and others."""

from __future__ import annotations

import html
import json
import re
from urllib.parse import parse_qs, quote, urlsplit

from tests.server import Answer, Sent
from tests.whole_sites.stories import SECTIONS, SITE_NAME, Data, Made, Story, lists_of, page_of, plain, site, slugs


def liferay_page(title: str, content: str, *, urls: list[str], version: str) -> str:
    menu = "".join(
        f"<li class='lfr-nav-item' role='presentation'><a href='{url}' role='menuitem'><span>{name}</span></a></li>"
        for url, name in zip(urls, SECTIONS, strict=True)
    )
    return (
        f"<!DOCTYPE html>\n<html class='ltr' dir='ltr' lang='vi-VN'><head><title>{title} - {SITE_NAME}</title>"
        f"<meta charset='UTF-8'><link data-senna-track='temporary' href='SITE/' rel='canonical'>"
        f"<script>var Liferay = Liferay || {{}}; Liferay.Browser = {{}};</script><script src='/combo/?browserId=other&amp;b={version}'></script></head>"
        f"<body class='controls-visible guest-site signed-out public-page site'><nav class='quick-access-nav'><h1 class='hide-accessible'>Điều hướng</h1>"
        f"<ul><li><a href='#main-content'>Bỏ qua để đến phần nội dung</a></li></ul></nav><header id='banner'><a class='logo' href='SITE/'><img alt='{SITE_NAME}' src='/o/theme/logo.png'></a></header>"
        f"<nav id='navigation'><h1 class='hide-accessible'>Navigation</h1><ul role='menubar'><li><a href='SITE/web/guest/home'>Trang chủ</a></li>{menu}</ul></nav>"
        f"<section id='content'><h2 class='hide-accessible' role='heading'>{title}</h2><div class='portlet-layout row'>{content}</div></section>"
        f"<footer id='footer'><div class='portlet-boundary portlet-boundary_56_' id='p_p_id_56_INSTANCE_f_'><div class='portlet-body'><div class='journal-content-article'><p>© 2019 {SITE_NAME}. Giấy phép số 12/GP-TTĐT ngày 03/02/2019</p></div></div></div></footer></body></html>"
    )  # fmt: skip


def publisher(portlet: str, content: str) -> str:
    return (
        f"<div class='portlet-boundary portlet-boundary_{portlet}_ portlet-static portlet-asset-publisher' id='p_p_id_{portlet}_'><span id='p_{portlet}'></span>"
        f"<section class='portlet' id='portlet_{portlet}'><div class='portlet-content'><div class='portlet-content-container'><div class='portlet-body'>{content}</div></div></div></section></div>"
    )


@site("liferay 7.4")
def liferay74(data: Data) -> Made:
    """Default templates: abstracts, friendly URLs /-/slug, the pager of 7.4 with page links."""
    urls = [f"SITE/web/guest/{slug}" for slug in slugs()]
    portlet = "com_liferay_asset_publisher_web_portlet_AssetPublisherPortlet_INSTANCE_uNo2"

    def item(one: Story) -> str:
        link = f"SITE/web/guest/-/{one.slug}?redirect=%2Fweb%2Fguest%2F{slugs()[one.section]}"
        return (
            f"<div class='asset-abstract mb-5 default-asset-publisher'><div class='mb-2'><h4 class='component-title'><a class='asset-title d-inline' href='{link}'>{one.title}</a></h4></div>"
            f"<span class='asset-anchor lfr-asset-anchor' id='{one.id}'></span><div class='asset-summary mb-3'>{one.summary}... <a href='{link}'>Đọc thêm<span class='hide-accessible'>về {one.title}</span></a></div>"
            f"<div class='text-secondary'>{one.day()}</div></div>"
        )

    pages: dict[str, str | Answer] = {
        "/": liferay_page("Trang chủ", publisher(portlet + "h", "".join(map(item, data.stories[:3]))), urls=urls, version="7403")
    }
    pages["/web/guest/home"] = pages["/"]
    for section, page in data.lists():
        query = f"?p_p_id={portlet}&p_p_lifecycle=0&p_p_state=normal&p_p_mode=view&_{portlet}_delta=4&p_r_p_resetCur=false&_{portlet}_cur="
        links = "".join(
            f"<li class='page-item'><a class='page-link' href='{html.escape(urls[section] + query + str(n))}'>Trang<span class='hide-accessible'></span>{n}</a></li>"
            for n in range(1, data.last + 1)
        )
        content = "".join(map(item, data.page(section, page))) + f"<div class='pagination-bar'><ul class='pagination'>{links}</ul></div>"
        shown = liferay_page(SECTIONS[section], publisher(portlet, content), urls=urls, version="7403")
        path = f"/web/guest/{slugs()[section]}"
        pages[path + query + str(page)] = shown
        if page == 1:
            pages[path] = shown
    articles = {}
    for one in data.stories:
        files = "".join(f"<p><a href='{path}'>Tải về</a></p>" for path in one.files)
        content = (
            f"<div class='asset-full-content clearfix mb-5 default-asset-publisher show-asset-title'><div class='align-items-center d-flex mb-2'><p class='component-title h4'><span class='asset-title d-inline'>{one.title}</span></p></div>"
            f"<span class='asset-anchor lfr-asset-anchor' id='{one.id}'></span><div class='autofit-row mb-4 metadata-author'><div class='autofit-col autofit-col-expand'><div class='autofit-row'><div class='autofit-col autofit-col-expand'>"
            f"<div class='text-truncate-inline'><span class='text-truncate user-info'><strong>Quản trị cổng</strong></span></div><div class='asset-user-info text-secondary'><span class='date-info'>Được xuất bản ngày {one.day('%d-%m-%Y')}</span></div></div></div></div></div>"
            f"<div class='asset-content mb-3'><div class='journal-content-article ' data-analytics-asset-title='{one.title}' data-analytics-asset-type='web-content'>{one.html}{files}</div></div></div>"
        )
        path = f"/web/guest/-/{one.slug}"
        shown = liferay_page(one.title, publisher(portlet, content), urls=urls, version="7403")
        pages[path] = pages[f"{path}?redirect=%2Fweb%2Fguest%2F{slugs()[one.section]}"] = shown
        articles[path] = one
    return Made(pages, articles)


@site("liferay 6.2")
def liferay62(data: Data) -> Made:
    """Title lists, /-/asset_publisher/ID/content/slug with the redirect inside the query, "Sau" as the only pager, a theme without date label."""
    urls = [f"SITE/web/sotttt/{slug}" for slug in slugs()]

    def link(one: Story) -> str:
        back = quote(f"SITE/web/sotttt/{slugs()[one.section]}?p_p_id=101_INSTANCE_aB3x&p_p_lifecycle=0", safe="")
        return f"SITE/web/sotttt/{slugs()[one.section]}/-/asset_publisher/aB3x{one.section}/content/{one.slug}?redirect={back}&amp;inheritRedirect=true"

    def item(one: Story) -> str:
        return f"<li class='title-list web-content'><a href='{link(one)}'><span><img class='icon' src='/html/themes/classic/images/common/history.png'></span><span class='taglib-text'>{one.title}</span></a> <div class='asset-metadata'></div></li>"

    def box(content: str, key: str) -> str:
        return f"<div class='portlet-boundary portlet-boundary_101_ portlet-static portlet-asset-publisher' id='p_p_id_101_INSTANCE_{key}_'><a id='p_101_INSTANCE_{key}'></a><section class='portlet' id='portlet_101_INSTANCE_{key}'><header class='portlet-topper'><h1 class='portlet-title'><span class='portlet-title-text'>Xuất bản</span></h1></header><div class='portlet-content'><div class='portlet-body'>{content}</div></div></section></div>"

    pages: dict[str, str | Answer] = {
        "/": liferay_page(
            "Trang chủ", box(f"<ul class='title-list'>{''.join(map(item, data.stories[:3]))}</ul>", "hOme"), urls=urls, version="6205"
        )
    }
    pages["/web/guest/home"] = pages["/"]
    for section, page in data.lists():
        query = f"?p_p_id=101_INSTANCE_aB3x{section}&p_p_lifecycle=0&p_p_state=normal&p_p_mode=view&p_p_col_id=column-2&p_p_col_count=1&_101_INSTANCE_aB3x{section}_delta=4&_101_INSTANCE_aB3x{section}_keywords=&_101_INSTANCE_aB3x{section}_advancedSearch=false&_101_INSTANCE_aB3x{section}_andOperator=true&p_r_p_564233524_resetCur=false&_101_INSTANCE_aB3x{section}_cur="
        path = f"/web/sotttt/{slugs()[section]}"
        after = (
            f"<li class=''><a href='{html.escape(urls[section] + query + str(page + 1))}'>Sau</a></li>"
            if page < data.last
            else "<li class='disabled'><a href='javascript:;'>Sau</a></li>"
        )
        content = f"<ul class='title-list'>{''.join(map(item, data.page(section, page)))}</ul><div class='clearfix lfr-pagination'><ul class='pager lfr-pagination-buttons'><li class='disabled'><a href='javascript:;'>Trước</a></li>{after}</ul></div>"
        shown = liferay_page(SECTIONS[section], box(content, f"aB3x{section}"), urls=urls, version="6205")
        pages[path + query + str(page)] = shown
        if page == 1:
            pages[path] = shown
    articles = {}
    for one in data.stories:
        files = "".join(f"<p><a href='{path}'>Tải về</a></p>" for path in one.files)
        content = (
            f"<div class='taglib-header'><span class='header-back-to'><a href='{urls[one.section]}'><i class='icon-circle-arrow-left'></i> Quay lại</a></span><h3 class='header-title'><span>{one.title}</span></h3></div>"
            f"<div class='asset-full-content show-asset-title'><div class='asset-content' id='aA_'><div class='journal-content-article'><p class='ngay-dang'>{one.day('%H:%M %d/%m/%Y')}</p>{one.html}{files}</div></div><div class='asset-metadata'></div></div>"
        )
        path = f"/web/sotttt/{slugs()[one.section]}/-/asset_publisher/aB3x{one.section}/content/{one.slug}"
        articles[path] = one
        pages[path] = liferay_page(one.title, box(content, f"aB3x{one.section}"), urls=urls, version="6205")

    def program(sent: Sent) -> Answer | None:
        path, _, query = sent.path.partition("?")
        return page_of(pages, path) if "redirect=" in query and path in articles else None

    return Made(pages, articles, program)


@site("liferay bac ninh")
def bacninh(data: Data) -> Made:
    """A list that a script loads as JSON; its URL is a resource of the portlet (p_p_lifecycle=2)."""
    urls = [f"SITE/{slug}" for slug in slugs()]
    portlet = "NewsList_WAR_bacninhportlet"

    def path_of(one: Story) -> str:
        return f"/news/-/details/20182/{one.slug}-1163{one.id}"

    pages: dict[str, str | Answer] = {}
    top = "".join(
        f"<div class='item-news'><a href='SITE{path_of(one)}' title='{one.title}'><img src='/documents/20182/{one.id}/a.jpg'></a><h4><a href='SITE{path_of(one)}'>{one.title}</a></h4></div>"
        for one in data.stories[:3]
    )
    pages["/"] = liferay_page(
        "Trang chủ",
        f"<div class='portlet-boundary' id='p_p_id_hotnews_'><div class='portlet-body'>{top}</div></div>",
        urls=urls,
        version="6205",
    )
    for section, slug in enumerate(slugs()):
        resource = f"SITE/{slug}?p_p_id={portlet}&p_p_lifecycle=2&p_p_state=normal&p_p_mode=view&p_p_resource_id=loadPage&p_p_cacheability=cacheLevelPage&p_p_col_id=column-1&p_p_col_count=1"
        script = (
            f"<script>var loadPageURL = '{resource}'; var pageNum = 1; var recordPerPage = 4;\n"
            "function loadPage(pageNum) { $.ajax({ url: loadPageURL, type: 'GET', dataType: 'json', data: { pageNum: pageNum, recordPerPage: recordPerPage },"
            " success: function (res) { var h = ''; $.each(res.data, function (i, n) { h += '<li><a href=\"' + n.url + '\">' + n.title + '</a></li>'; }); $('#listNews').html(h); paging(res.total); } }); }\n"
            "$(document).ready(function () { loadPage(1); });</script>"
        )
        content = f"<div class='portlet-boundary portlet-boundary_{portlet}_' id='p_p_id_{portlet}_'><div class='portlet-body'><h3 class='title-cate'>{SECTIONS[section]}</h3><ul id='listNews'></ul><div id='paging'></div>{script}</div></div>"
        pages[f"/{slug}"] = liferay_page(SECTIONS[section], content, urls=urls, version="6205")
    articles = {}
    for one in data.stories:
        content = (
            f"<div class='portlet-boundary' id='p_p_id_detail_'><div class='portlet-body'><div class='box-detail'><h1 id='contentDetailTitleId'>{one.title}</h1><div class='time-detail'>{one.day('%d/%m/%Y %H:%M')}</div>"
            f"<div id='sapoDetailId'><b>Cổng thông tin: {one.day()}</b></div><div id='contentDetail'>{one.html}{one.links()}</div></div></div></div>"
        )
        pages[path_of(one)] = liferay_page(one.title, content, urls=urls, version="6205")
        articles[path_of(one)] = one

    def program(sent: Sent) -> Answer | None:
        parts = urlsplit(sent.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()} | dict(sent.fields)
        if query.get("p_p_resource_id") != "loadPage":
            return None
        number, size = int(query.get("pageNum", "1")), int(query.get("recordPerPage", "10"))
        stories = data.of(slugs().index(parts.path.strip("/")))
        rows = [
            {
                "articleId": f"1163{one.id}",
                "title": one.title,
                "url": path_of(one),
                "createdDate": one.day("%d/%m/%Y %H:%M"),
                "summary": one.summary,
            }
            for one in stories[(number - 1) * size : number * size]
        ]
        return 200, {"Content-Type": "application/json;charset=UTF-8"}, json.dumps({"total": len(stories), "data": rows}).encode()

    return Made(pages, articles, program)


def sharepoint_page(title: str, content: str, urls: list[str], *, hidden: str = "", action: str = "/") -> str:
    menu = "".join(
        f"<li class='static'><a class='static menu-item ms-core-listMenu-item ms-navedit-linkNode' href='{url}'><span class='menu-item-text'>{name}</span></a></li>"
        for url, name in zip(urls, SECTIONS, strict=True)
    )
    return (
        f"<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN' 'http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd'><html dir='ltr' lang='vi-VN'><head><meta name='GENERATOR' content='Microsoft SharePoint'><meta charset='utf-8'><title>\n\t{title}\n</title>"
        f"<script src='/_layouts/15/init.js'></script><link rel='stylesheet' href='/_layouts/15/1066/styles/Themable/corev15.css'></head><body onhashchange=\"if (typeof(_spBodyOnHashChange) != 'undefined') _spBodyOnHashChange();\">"
        f"<form method='post' action='{action}' id='aspnetForm'><input type='hidden' name='_wpcmWpid' value=''><input type='hidden' name='__EVENTTARGET' id='__EVENTTARGET' value=''><input type='hidden' name='__EVENTARGUMENT' id='__EVENTARGUMENT' value=''><input type='hidden' name='__VIEWSTATE' value='/wEPDwUBMGRk'>{hidden}"
        f"<script>var theForm = document.forms['aspnetForm']; function __doPostBack(t, a) {{ theForm.__EVENTTARGET.value = t; theForm.__EVENTARGUMENT.value = a; theForm.submit(); }}</script>"
        f"<div id='s4-workspace'><div id='s4-bodyContainer'><a href='#' class='ms-skip'>Skip Ribbon Commands</a><div id='s4-titlerow'><div class='ms-core-navigation'><ul class='root ms-core-listMenu-root static'><li class='static'><a class='static' href='/Pages/default.aspx'><span class='menu-item-text'>Trang chủ</span></a></li>{menu}</ul></div></div>"
        f"<div id='contentRow'><div id='contentBox'><div id='DeltaPlaceHolderMain'>{content}</div></div></div><div class='footer'><p>Bản quyền thuộc về {SITE_NAME}. Giấy phép số 12/GP-TTĐT ngày 03/02/2019</p></div></div></div></form></body></html>"
    )  # fmt: skip


@site("sharepoint 2013")
def sharepoint13(data: Data) -> Made:
    """Publishing pages in /Pages/, named by their titles; a content query web part; numbers that set a hidden field and submit the form."""
    names = ("tintuc", "chuyendoiso", "thongbao")
    urls = [f"/{name}/Pages/default.aspx" for name in names]
    web_part = "ctl00$ctl47$g_5c0a"

    def path_of(one: Story) -> str:
        return f"/{names[one.section]}/Pages/{one.slug}.aspx"

    def item(one: Story) -> str:
        return f"<li class='dfwp-item'><div class='item'><div class='image-area-left'><a href='{path_of(one)}'><img class='image-fixed-width' src='/PublishingImages/{one.id}.jpg' alt=''></a></div><div class='link-item'><a href='{path_of(one)}' title=''>{one.title}</a><span class='date'>({one.day()})</span><div class='description'>{one.summary}...</div></div></div></li>"

    def listing(stories: list[Story]) -> str:
        return f"<div class='ms-webpartzone-cell'><div class='ms-webpart-chrome'><ul class='dfwp-column dfwp-list'>{''.join(map(item, stories))}</ul></div></div>"

    pages: dict[str, str | Answer] = {
        "/": (302, {"Location": "/Pages/default.aspx"}, b""),
        "/Pages/default.aspx": sharepoint_page("Trang chủ", listing(data.stories[:3]), urls),
    }

    def section_page(section: int, page: int) -> str:
        field_name = f"{web_part}$hdfCurrentPage"
        numbers = "".join(
            f"<span class='current'>{n}</span>" if n == page else f"<a href='javascript:void(0)' onclick=\"GotoPage('{n}')\">{n}</a>"
            for n in range(1, data.last + 1)
        )
        script = f"<script>function GotoPage(p) {{ document.getElementById('hdfCurrentPage').value = p; __doPostBack('{web_part}$btnPaging', ''); }}</script>"
        content = f"<h2 class='ms-webpart-titleText'>{SECTIONS[section]}</h2>{listing(data.page(section, page))}<div class='paging'>{numbers}</div>{script}"
        hidden = f"<input type='hidden' name='{field_name}' id='hdfCurrentPage' value='{page}'>"
        return sharepoint_page(SECTIONS[section], content, urls, hidden=hidden, action="./default.aspx")

    for section, url in enumerate(urls):
        pages[url] = section_page(section, 1)
    articles = {}
    for one in data.stories:
        content = (
            f"<div class='article article-right'><h1 class='title-page'><div id='ctl00_PlaceHolderMain_ctl01__ControlWrapper_TextField' class='ms-rtestate-field'>{one.title}</div></h1>"
            f"<div class='article-header'><div class='date-line'>{one.day()}</div><div class='by-line'></div></div><div class='article-content'><div id='ctl00_PlaceHolderMain_ctl02__ControlWrapper_RichHtmlField' class='ms-rtestate-field' style='display:inline' aria-labelledby='ctl00_PlaceHolderMain_ctl02_label'>{one.html}{one.links()}</div></div></div>"
        )
        pages[path_of(one)] = sharepoint_page(one.title, content, urls)
        articles[path_of(one)] = one

    def program(sent: Sent) -> Answer | None:
        if sent.method != "POST" or sent.path not in urls:
            return None
        if sent.fields.get("__EVENTTARGET") != f"{web_part}$btnPaging":
            return 500, {}, b"Invalid postback or callback argument."
        return 200, {}, section_page(urls.index(sent.path), int(sent.fields[f"{web_part}$hdfCurrentPage"])).encode()

    return Made(pages, articles, program)


@site("sharepoint items")
def sharepoint_items(data: Data) -> Made:
    """Articles are items of a list (?ItemID=), sections have ?CateID=, pages ?Page=."""
    urls = [f"/tintuc/Pages/tin-tuc.aspx?CateID={160 + section}" for section in range(len(SECTIONS))]

    def path_of(one: Story) -> str:
        return f"/tintuc/Pages/chi-tiet.aspx?CateID={160 + one.section}&ItemID={one.id}"

    def item(one: Story) -> str:
        return f"<div class='news-item'><a href='{html.escape(path_of(one))}'>{one.title}</a> <i>{one.day('%d/%m/%Y %H:%M')}</i><p>{one.summary}...</p></div>"

    pages: dict[str, str | Answer] = {
        "/": sharepoint_page("Trang chủ", "".join(map(item, data.stories[:3])), [html.escape(url) for url in urls])
    }
    pages["/Pages/default.aspx"] = pages["/"]
    for section, page in data.lists():
        numbers = "".join(
            f"<a class='{'active' if n == page else ''}' href='{html.escape(urls[section])}&amp;Page={n}'>{n}</a>"
            for n in range(1, data.last + 1)
        )
        shown = sharepoint_page(
            SECTIONS[section],
            f"<h3>{SECTIONS[section]}</h3>{''.join(map(item, data.page(section, page)))}<div class='phantrang'>{numbers}</div>",
            urls,
        )
        pages[f"{urls[section]}&Page={page}"] = shown
        if page == 1:
            pages[urls[section]] = shown
    articles = {}
    for one in data.stories:
        content = f"<div class='news-detail'><h3 class='news-title'>{one.title}</h3><div class='news-date'>{one.day('%d/%m/%Y %H:%M')}</div><div class='news-content'>{one.html}</div><div class='file-attach'>{one.links()}</div></div>"
        pages[path_of(one)] = pages[f"/tintuc/Pages/chi-tiet.aspx?ItemID={one.id}"] = sharepoint_page(one.title, content, urls)
        articles[f"/tintuc/Pages/chi-tiet.aspx?ItemID={one.id}"] = one
    return Made(pages, articles)


@site("vnpt idcat")
def idcat(data: Data) -> Made:
    """/danh-sach-tin?idcat=, as two sources have it; the URL of its articles is not known, so this is the likely one."""
    urls = [f"/danh-sach-tin?idcat={12538 + section}" for section in range(len(SECTIONS))]

    def path_of(one: Story) -> str:
        return f"/chi-tiet-tin-tuc?idcat={12538 + one.section}&id={one.id}"

    made = lists_of(data, urls, path_of, later="&page={page}")
    for path, page in list(made.pages.items()):
        if path.startswith("/chi-tiet"):
            made.pages[re.sub(r"idcat=\d+&", "", path)] = page
    return made


@site("nuxt 2 with buttons")
def nuxt(data: Data) -> Made:
    """Rendered on the server; the pager has only buttons (Vuetify), the state of the page names the number of pages."""
    urls = [f"/chuyen-muc/{slug}" for slug in slugs()]

    def path_of(one: Story) -> str:
        return f"/bai-viet/{one.slug}-17{one.id}0000"

    def shell(title: str, content: str, menu: str) -> str:
        state = '<script>window.__NUXT__=(function(a,b){return {layout:"default",data:[{page:1,lastPage:3}],fetch:{},error:a,state:{lang:b},serverRendered:true}}(null,"vi"));</script>'
        return f"<!doctype html><html data-n-head-ssr lang='vi' data-n-head='%7B%22lang%22:%7B%22ssr%22:%22vi%22%7D%7D'><head><meta data-n-head='ssr' charset='utf-8'><title>{title}</title></head><body><div id='__nuxt'><div id='__layout'><div class='v-application'>{menu}<main class='v-main' data-v-1a2b>{content}</main><footer class='v-footer'>© {SITE_NAME}</footer></div></div></div>{state}<script src='/_nuxt/app.js' defer></script></body></html>"

    def pager(url: str, page: int) -> str:
        buttons = "".join(
            f"<li><button type='button' aria-label='{'Current Page, Page' if n == page else 'Goto Page'} {n}' class='v-pagination__item'>{n}</button></li>"
            for n in range(1, data.last + 1)
        )
        return f"<nav role='navigation' aria-label='Pagination Navigation'><ul class='v-pagination theme--light'><li><button disabled type='button' aria-label='Previous page' class='v-pagination__navigation'></button></li>{buttons}<li><button type='button' aria-label='Next page' class='v-pagination__navigation'></button></li></ul></nav>"

    return lists_of(data, urls, path_of, later="?page={page}", shell=shell, pager=pager)


@site("nuxt 3 with links")
def nuxt3(data: Data) -> Made:
    urls = [f"/{slug}" for slug in slugs()]

    def path_of(one: Story) -> str:
        return f"/{slugs()[one.section]}/{one.slug}"

    def shell(title: str, content: str, menu: str) -> str:
        state = (
            "<script type='application/json' id='__NUXT_DATA__' data-ssr='true'>[[\"Reactive\",1],{\"data\":2,\"state\":3},{},{}]</script>"
        )
        return f"<!DOCTYPE html><html lang='vi'><head><meta charset='utf-8'><title>{title}</title></head><body><div id='__nuxt'><!--[-->{menu}<main>{content}</main><!--]--></div>{state}<script type='module' src='/_nuxt/entry.js'></script></body></html>"

    def content(one: Story) -> str:
        return f"<div class='mb-4 text-sm text-gray-500'><a href='{urls[one.section]}'>{SECTIONS[one.section]}</a> · <time>{one.day()}</time></div><h1 class='text-2xl font-bold'>{one.title}</h1><div class='prose'>{one.html}</div><ul>{one.links('<li><a href={} download>Tải về</a></li>')}</ul>"

    def pager(url: str, page: int) -> str:
        return "".join(f"<a href='{url}?page={n}' class='px-3'>{n}</a>" for n in range(1, data.last + 1))

    return lists_of(data, urls, path_of, later="?page={page}", shell=shell, content=content, pager=pager)


@site("webforms linkbuttons")
def webforms(data: Data) -> Made:
    """ASP.NET: numbers are LinkButtons of a Repeater inside an UpdatePanel; articles have ?ID=."""
    urls = [f"/DanhSachTin.aspx?MaCM={section + 1}" for section in range(len(SECTIONS))]

    def path_of(one: Story) -> str:
        return f"/ChiTietTin.aspx?ID={one.id}"

    def shell(title: str, content: str, menu: str) -> str:
        return (
            plain(title, content, menu)
            .replace(
                "<div class='banner'>",
                "<form method='post' action='' id='form1'><input type='hidden' name='__EVENTTARGET' id='__EVENTTARGET' value=''><input type='hidden' name='__EVENTARGUMENT' value=''><input type='hidden' name='__VIEWSTATE' value='/wEPDwUK'><script>function __doPostBack(a,b){}</script><div class='banner'>",
            )
            .replace("</body>", "</form></body>")
        )

    def pager(url: str, page: int) -> str:
        return (
            "<span id='UpdatePanel1'>"
            + "".join(
                f"<a id='rpt_{n}' class='{'disabled' if n == page else ''}' href=\"javascript:__doPostBack('ctl00$Main$rptPage$ctl{n - 1:02}$lbtPage','')\">{n}</a> "
                for n in range(1, data.last + 1)
            )
            + "</span>"
        )

    made = lists_of(data, urls, path_of, later="#{page}", shell=shell, pager=pager)
    later = {path: page for path, page in made.pages.items() if "#" in path}
    made.pages = {path: page for path, page in made.pages.items() if "#" not in path}

    def program(sent: Sent) -> Answer | None:
        found = re.fullmatch(r"ctl00\$Main\$rptPage\$ctl(\d\d)\$lbtPage", sent.fields.get("__EVENTTARGET", ""))
        number = int(found[1]) + 1 if found else 1
        return page_of(later, f"{sent.path}#{number}") if sent.method == "POST" and number > 1 else None

    made.program = program
    return made


@site("wordpress blocks")
def wordpress(data: Data) -> Made:
    """A block theme (Twenty Twenty-Four) without feed and sitemap; dates in the URLs, /page/2/."""
    urls = [f"SITE/category/{slug}/" for slug in slugs()]

    def path_of(one: Story) -> str:
        return f"/{one.day('%Y/%m/%d')}/{one.slug}/"

    def shell(title: str, content: str, body: str = "archive category wp-embed-responsive") -> str:
        menu = "".join(
            f"<li class='wp-block-navigation-item wp-block-navigation-link'><a class='wp-block-navigation-item__content' href='{url}'><span class='wp-block-navigation-item__label'>{name}</span></a></li>"
            for url, name in zip(urls, SECTIONS, strict=True)
        )
        return f"<!DOCTYPE html><html lang='vi'><head><meta charset='UTF-8'><title>{title} &#8211; {SITE_NAME}</title><meta name='generator' content='WordPress 6.5.2'><link rel='stylesheet' href='/wp-includes/css/dist/block-library/style.min.css'></head><body class='{body}'><div class='wp-site-blocks'><header class='wp-block-template-part'><p class='wp-block-site-title'><a href='SITE/' rel='home'>{SITE_NAME}</a></p><nav class='wp-block-navigation'><ul class='wp-block-navigation__container'>{menu}</ul></nav></header>{content}<footer class='wp-block-template-part'><p class='has-small-font-size'>Thiết kế với <a href='https://vi.wordpress.org' rel='nofollow'>WordPress</a></p></footer></div></body></html>"

    def item(one: Story) -> str:
        return f"<li class='wp-block-post post-{one.id} post type-post'><h2 style='line-height:1.4' class='wp-block-post-title has-x-large-font-size'><a href='SITE{path_of(one)}' target='_self'>{one.title}</a></h2><div class='wp-block-post-date'><time datetime='{one.day('%Y-%m-%dT%H:%M:%S')}+07:00'><a href='SITE{path_of(one)}'>{one.day()}</a></time></div><div class='wp-block-post-excerpt'><p class='wp-block-post-excerpt__excerpt'>{one.summary}&hellip; </p></div></li>"

    def query(stories: list[Story], foot: str = "") -> str:
        return f"<main class='wp-block-group'><div class='wp-block-query'><ul class='wp-block-post-template'>{''.join(map(item, stories))}</ul>{foot}</div></main>"

    pages: dict[str, str | Answer] = {"/": shell(SITE_NAME, query(data.stories[:3]), "home blog")}
    for section, page in data.lists():
        numbers = "".join(
            f"<span aria-current='page' class='page-numbers current'>{n}</span>"
            if n == page
            else f"<a class='page-numbers' href='{urls[section]}{f'page/{n}/' if n > 1 else ''}'>{n}</a>"
            for n in range(1, data.last + 1)
        )
        after = (
            f"<a href='{urls[section]}page/{page + 1}/' class='wp-block-query-pagination-next'>Trang sau</a>" if page < data.last else ""
        )
        foot = f"<nav class='wp-block-query-pagination'><div class='wp-block-query-pagination-numbers'>{numbers}</div>{after}</nav>"
        heading = f"<h1 class='wp-block-query-title'>Danh mục: <span>{SECTIONS[section]}</span></h1>"
        pages[urls[section].removeprefix("SITE") + (f"page/{page}/" if page > 1 else "")] = shell(
            SECTIONS[section], heading + query(data.page(section, page), foot)
        )
    articles = {}
    for one in data.stories:
        files = "".join(
            f"<div class='wp-block-file'><a id='wp-block-file--media-{one.id}' href='{path}'>ke-hoach</a><a href='{path}' class='wp-block-file__button wp-element-button' download>Tải xuống</a></div>"
            for path in one.files
        )
        content = f"<main class='wp-block-group'><h1 class='wp-block-post-title'>{one.title}</h1><div class='wp-block-group'><div class='wp-block-post-date'><time datetime='{one.day('%Y-%m-%dT%H:%M:%S')}+07:00'>{one.day()}</time></div><p>—</p><div class='wp-block-post-author-name'>bientap</div><div class='taxonomy-category wp-block-post-terms'><span class='wp-block-post-terms__prefix'>trong </span><a href='{urls[one.section]}' rel='tag'>{SECTIONS[one.section]}</a></div></div><div class='entry-content wp-block-post-content has-global-padding is-layout-constrained'>{one.html}{files}</div></main>"
        pages[path_of(one)] = shell(one.title, content, f"post-template-default single single-post postid-{one.id}")
        articles[path_of(one)] = one
    return Made(pages, articles)


@site("kien giang /m/")
def kiengiang(data: Data) -> Made:
    return lists_of(
        data,
        [f"/m/{127 + section}/" for section in range(3)],
        lambda one: f"/m/{127 + one.section}/{one.id}/{one.slug}.html",
        later="?page={page}",
    )


@site("websphere wcm")
def websphere(data: Data) -> Made:
    """IBM WCM: long paths below /wps/portal, articles in the path, ?page in a parameter of the portlet."""
    urls = [f"/wps/portal/trang-chu/{slug}" for slug in slugs()]

    def content(one: Story) -> str:
        return f"<div class='wpthemeControlBody'><div class='moduleContentBg'><h1><span>{one.title}</span></h1><h2>{one.day('%H:%M')} | {one.day()}</h2><div>{one.html}{one.links()}</div></div></div>"

    return lists_of(
        data,
        urls,
        lambda one: f"/wps/portal/trang-chu/chi-tiet-tin/{slugs()[one.section]}/{one.slug}",
        later="?WCM_PI=1&WCM_Page.2a3b={page}",
        content=content,
    )


@site("view-article")
def view_article(data: Data) -> Made:
    return lists_of(
        data,
        [f"/{slug}" for slug in slugs()],
        lambda one: f"/chi-tiet-tin/-/view-article/1/{138 + one.section}/15897{one.id}",
        later="?cur={page}",
    )
