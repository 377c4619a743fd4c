"""Whole sites whose URLs or menus are odd, as sources of the project have them."""

from __future__ import annotations

import html
import re

from tests.server import Answer
from tests.whole_sites.portals import liferay_page, publisher
from tests.whole_sites.stories import SECTIONS, SITE_NAME, Data, Made, Story, lists_of, menu_of, plain, site, slugs


@site("query only: gd, cn, tc")
def query_only(data: Data) -> Made:
    """All pages are the home page with a query (a department of Thừa Thiên Huế)."""
    urls = [f"/?gd=12&cn={section + 1}" for section in range(3)]
    return lists_of(data, urls, lambda one: f"/?gd=12&cn={one.section + 1}&tc={one.id}", later="&page={page}")


@site("default.aspx: pid, nid")
def pid_nid(data: Data) -> Made:
    urls = [f"/default.aspx?pid={57 + section}" for section in range(3)]
    return lists_of(data, urls, lambda one: f"/default.aspx?nid={one.id}&pid={57 + one.section}", later="&page={page}")


@site("a month in the path")
def month_in_path(data: Data) -> Made:
    urls = [f"/{slug}/" for slug in slugs()]
    return lists_of(data, urls, lambda one: f"/{one.day('%Y%m')}/{one.slug}-{one.id}/", later="page/{page}/")


@site("oid in the name")
def oid(data: Data) -> Made:
    urls = [f"/{slug}.html" for slug in slugs()]
    return lists_of(data, urls, lambda one: f"/{slugs()[one.section]}/{one.slug}-oid{one.id}.html", later="?page={page}")


@site("liferay dong thap")
def dongthap(data: Data) -> Made:
    """The detail page of Liferay portals of VNPT: /tin-tuc/chi-tiet?id=."""
    urls = [f"/{slug}" for slug in slugs()]

    def shell(title: str, content: str, menu: str) -> str:
        return liferay_page(title, publisher("listnews_WAR_vnptportlet", content), urls=[f"SITE{url}" for url in urls], version="6205")

    def pager(url: str, page: int) -> str:
        links = "".join(
            f"<li><a href='{url}?p_p_id=listnews_WAR_vnptportlet&amp;p_p_lifecycle=0&amp;_listnews_WAR_vnptportlet_cur={n}'>{n}</a></li>"
            for n in (1, 2, 3)
        )
        return f"<ul class='pagination'>{links}</ul>"

    return lists_of(
        data, urls, lambda one: f"/{slugs()[one.section]}/chi-tiet?id={one.id}", shell=shell, pager=pager,
        later="?p_p_id=listnews_WAR_vnptportlet&p_p_lifecycle=0&_listnews_WAR_vnptportlet_cur={page}",
    )  # fmt: skip


@site("liferay thai nguyen")
def thainguyen(data: Data) -> Made:
    """Sections below /vi_VN/, a raw Java time beside the title."""
    urls = [f"/vi_VN/{slug}" for slug in slugs()]
    portlet = "com_liferay_asset_publisher_web_portlet_AssetPublisherPortlet_INSTANCE_x8"

    def path_of(one: Story) -> str:
        return f"/vi_VN/{slugs()[one.section]}/-/asset_publisher/x8/content/{one.slug}/20181"

    def shell(title: str, content: str, menu: str) -> str:
        return liferay_page(title, publisher(portlet, content), urls=[f"SITE{url}" for url in urls], version="7307")

    def item(one: Story) -> str:
        link = f"SITE{path_of(one)}?_{portlet}_assetEntryId={one.id}&amp;redirect=%2Fvi_VN%2F{slugs()[one.section]}"
        return f"<div class='row item-tin'><a href='{link}' title='{one.title}'>{one.title}</a><span class='ngay'>{one.day('%Y-%m-%d %H:%M:%S')}.0</span><p>{one.summary}...</p></div>"

    def content(one: Story) -> str:
        return f"<div class='asset-full-content'><div class='asset-content'><h1 class='title-detail'>{one.title}</h1><div class='date-detail'>{one.day('%Y-%m-%d %H:%M:%S')}.0</div><div class='journal-content-article'>{one.html}{one.links()}</div></div></div>"

    def pager(url: str, page: int) -> str:
        after = (
            f"<li><a href='SITE{url}?p_p_id={portlet}&amp;p_p_lifecycle=0&amp;_{portlet}_delta=4&amp;_{portlet}_cur={page + 1}'>Tiếp theo</a></li>"
            if page < data.last
            else ""
        )
        return f"<ul class='lfr-pagination-buttons pager'>{after}</ul>"

    made = lists_of(
        data,
        urls,
        path_of,
        shell=shell,
        item=item,
        content=content,
        pager=pager,
        later=f"?p_p_id={portlet}&p_p_lifecycle=0&_{portlet}_delta=4&_{portlet}_cur={{page}}",
    )
    for path in made.articles:
        made.pages |= {
            f"{path}?_{portlet}_assetEntryId={made.articles[path].id}&redirect=%2Fvi_VN%2F{slugs()[made.articles[path].section]}": made.pages[
                path
            ]
        }
    return made


@site("liferay tien giang")
def tiengiang(data: Data) -> Made:
    """VNPT: the path of the article is its query, /chi-tiet-tin?/slug/id."""
    urls = [f"/{slug}" for slug in slugs()]

    def shell(title: str, content: str, menu: str) -> str:
        return liferay_page(title, publisher("vnpt_tinbai", content), urls=[f"SITE{url}" for url in urls], version="6205")

    def content(one: Story) -> str:
        return f"<div class='UI_Tinbai_chitiet'><div class='UI_Tinbai_chitiet_tieude'>{one.title}</div><div class='UI_Tinbai_chitiet_startdate'>{one.day('%d/%m/%Y %H:%M')}</div><div class='UI_Tinbai_chitiet_noidung'>{one.html}{one.links()}</div></div>"

    return lists_of(
        data, urls, lambda one: f"/chi-tiet-tin?/{one.slug}/{one.id}000", shell=shell, content=content, later="?_vnpt_cur={page}"
    )


@site("blogger")
def blogger(data: Data) -> Made:
    """A blog of Blogger: labels as sections, "Bài đăng cũ hơn" with a time in its URL as the only pager; robots.txt names its sitemap."""
    urls = [f"SITE/search/label/{slug}" for slug in slugs()]

    def path_of(one: Story) -> str:
        return f"/{one.day('%Y/%m')}/{one.slug[:39].rstrip('-')}-{one.id}.html"

    def shell(title: str, content: str) -> str:
        menu = "".join(f"<li><a dir='ltr' href='{url}'>{name}</a></li>" for url, name in zip(urls, SECTIONS, strict=True))
        return f"<!DOCTYPE html><html class='v2' dir='ltr' lang='vi'><head><meta charset='utf-8'><meta content='blogger' name='generator'><title>{title}</title></head><body><div class='widget Header'><h1 class='title'><a href='SITE/'>{SITE_NAME}</a></h1></div><div class='widget Label'><h2>Nhãn</h2><ul>{menu}</ul></div><div class='main'>{content}</div><div class='footer'>Được hỗ trợ bởi <a href='https://www.blogger.com'>Blogger</a>.</div></body></html>"

    def item(one: Story) -> str:
        return f"<div class='date-outer'><h2 class='date-header'><span>{one.day()}</span></h2><div class='post hentry'><h3 class='post-title entry-title'><a href='SITE{path_of(one)}'>{one.title}</a></h3><div class='post-body entry-content'>{one.summary}...<div class='jump-link'><a href='SITE{path_of(one)}#more'>Đọc thêm »</a></div></div></div></div>"

    def older(stories: list[Story], at: int, prefix: str) -> tuple[str, str]:
        last = stories[at - 1] if 0 < at <= len(stories) else None
        query = f"updated-max={last.day('%Y-%m-%dT%H:%M:00')}%2B07:00&max-results=4" if last is not None else ""
        return f"{prefix}?{query}", query

    pages: dict[str, str | Answer] = {}
    chains = [(f"/search/label/{slug}", f"/search/label/{slug}", data.of(section)) for section, slug in enumerate(slugs())]
    for first, prefix, stories in [("/", "/search", data.stories), *chains]:
        for at in range(0, len(stories), 4):
            path = first if at == 0 else older(stories, at, prefix)[0]
            after = older(stories, at + 4, prefix)[0] if at + 4 < len(stories) else ""
            link = (
                f"<span id='blog-pager-older-link'><a class='blog-pager-older-link' href='SITE{html.escape(after)}' id='Blog1_blog-pager-older-link' title='Bài đăng cũ hơn'>Bài đăng cũ hơn</a></span>"
                if after
                else ""
            )
            pages[path] = shell(
                SITE_NAME,
                "".join(map(item, stories[at : at + 4]))
                + f"<div class='blog-pager' id='blog-pager'>{link}<a class='home-link' href='SITE/'>Trang chủ</a></div>",
            )
    articles = {path_of(one): one for one in data.stories}
    for path, one in articles.items():
        pages[path] = shell(
            one.title,
            f"<div class='date-outer'><h2 class='date-header'><span>{one.day()}</span></h2><div class='post hentry'><h3 class='post-title entry-title'>{one.title}</h3><div class='post-body entry-content'>{one.html}{one.links()}</div><div class='post-footer'>Được đăng bởi <span class='fn'>Văn phòng</span> vào lúc <a class='timestamp-link' href='SITE{path}'><abbr class='published' title='{one.day('%Y-%m-%dT%H:%M:00')}+07:00'>{one.day('%H:%M')}</abbr></a></div></div></div>",
        )
    listed = "".join(
        f"<url><loc>SITE{path}</loc><lastmod>{one.day('%Y-%m-%dT%H:%M:00Z')}</lastmod></url>" for path, one in articles.items()
    )
    pages["/sitemap.xml"] = (
        f"<?xml version='1.0' encoding='UTF-8'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{listed}</urlset>"
    )
    pages["/robots.txt"] = "User-agent: *\nDisallow: /search\nAllow: /\nSitemap: SITE/sitemap.xml\n"
    return Made(pages, articles)


def _with_menu(data: Data, hidden: str, pages: dict[str, str | Answer]) -> Made:
    """Returns a site whose pages have `hidden` instead of a menu."""
    made = lists_of(data, [f"/muc/{section + 1}" for section in range(3)], lambda one: f"/tin/{one.id}", later="?p={page}", menu=hidden)
    made.pages |= pages
    return made


_MENU = menu_of([f"/muc/{section + 1}" for section in range(3)])


@site("menu: loaded by a script")
def menu_loaded(data: Data) -> Made:
    return _with_menu(
        data,
        "<div id='menu'></div><script>$(function () { $('#menu').load('/modules/menu.html'); });</script>",
        {"/modules/menu.html": _MENU},
    )


@site("menu: written by a script")
def menu_written(data: Data) -> Made:
    lines = "".join(f"document.write('{part}');" for part in re.findall(r"<li>.*?</li>", _MENU.replace("'", '"')))
    return _with_menu(data, f"<ul><script>{lines}</script></ul>", {})


@site("menu: in a script file")
def menu_file(data: Data) -> Made:
    lines = "".join(f"document.write('{part}');" for part in re.findall(r"<li>.*?</li>", _MENU.replace("'", '"')))
    js: Answer = (200, {"Content-Type": "application/javascript; charset=utf-8"}, lines.encode())
    return _with_menu(data, "<ul><script src='/js/menu.js'></script></ul>", {"/js/menu.js": js})


@site("menu: in an iframe")
def menu_iframe(data: Data) -> Made:
    return _with_menu(
        data, "<iframe src='/menu.html' width='100%' height='40'></iframe>", {"/menu.html": f"<html><body>{_MENU}</body></html>"}
    )


@site("menu: none, the home page has a pager")
def no_menu(data: Data) -> Made:
    """One list, on the home page: /?page=2."""
    made = lists_of(data, ["/#1", "/#2", "/#3"], lambda one: f"/{one.slug}-{one.id}", later="", menu="<p></p>")
    pages = {path: page for path, page in made.pages.items() if path in made.articles}
    last = -(-len(data.stories) // 4)
    for page in range(1, last + 1):
        items = "".join(
            f"<div class='item'><h3><a href='/{one.slug}-{one.id}'>{one.title}</a></h3><span class='date'>{one.day()}</span><p>{one.summary}...</p></div>"
            for one in data.stories[page * 4 - 4 : page * 4]
        )
        links = "".join(f"<a href='/?page={n}'>{n}</a> " for n in range(max(1, page - 2), min(last, page + 2) + 1))
        pages["/" if page == 1 else f"/?page={page}"] = plain(SITE_NAME, f"{items}<div class='pagination'>{links}</div>")
    return Made(pages, made.articles)


@site("text in an iframe")
def iframe_text(data: Data) -> Made:
    """The text of each article is a page of its own in a frame."""

    def content(one: Story) -> str:
        return f"<h1 class='title'>{one.title}</h1><div class='date'>{one.day('%d/%m/%Y %H:%M')}</div><iframe src='/noidung.aspx?id={one.id}' width='100%' frameborder='0' scrolling='no'></iframe>"

    made = lists_of(
        data, [f"/{slug}" for slug in slugs()], lambda one: f"/{one.slug}-a{one.id}.html", later="?trang={page}", content=content
    )
    made.pages |= {f"/noidung.aspx?id={one.id}": f"<html><body>{one.html}{one.links()}</body></html>" for one in data.stories}
    return made


@site("language prefix with a redirect")
def language(data: Data) -> Made:
    """The home page leads to /vi; the English site has the same articles below /en."""

    def path_of(one: Story) -> str:
        return f"/vi/{slugs()[one.section]}/{one.slug}-{one.id}"

    made = lists_of(data, [f"/vi/{slug}" for slug in slugs()], path_of, later="?page={page}")
    made.pages["/vi"] = made.pages["/"]
    made.pages["/"] = (302, {"Location": "/vi"}, b"")
    return made
