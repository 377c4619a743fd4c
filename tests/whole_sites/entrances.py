"""Whole sites whose home page is odd: a splash page, a redirect, only a script, a base of its own."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.server import Answer, Sent
from tests.whole_sites.stories import SECTIONS, SITE_NAME, Data, Made, Story, lists_of, plain, site, slugs


@site("spa with json api")
def spa(data: Data) -> Made:
    """Only a script shows it. Nothing in the pages names the service, so nothing can be found."""
    shell = "<!DOCTYPE html><html lang='vi'><head><meta charset='utf-8'><title>Cổng thông tin</title></head><body><noscript>Vui lòng bật JavaScript.</noscript><div id='app'></div><script src='/js/app.9f2c.js'></script></body></html>"
    rows = [{"id": one.id, "tieuDe": one.title, "slug": one.slug, "ngayDang": one.day("%Y-%m-%dT%H:%M:%S")} for one in data.stories]
    api = {"Content-Type": "application/json"}, json.dumps({"items": rows, "total": len(rows)}).encode()

    def program(sent: Sent) -> Answer | None:
        return (
            (200, *api)
            if sent.path.startswith("/api/")
            else None
            if sent.path in ("/robots.txt", "/js/app.9f2c.js")
            else (200, {}, shell.encode())
        )

    return Made({}, {}, program)


def _feed(title: str, stories: list[Story], path_of: Callable[[Story], str]) -> str:
    items = "".join(
        f"<item><title>{one.title}</title><link>SITE{path_of(one)}</link><description><![CDATA[{one.summary}]]></description><pubDate>{one.day('%a, %d %b %Y %H:%M:%S')} +0700</pubDate></item>"
        for one in stories
    )
    return f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>{title}</title><link>SITE/</link><description>Tin</description>{items}</channel></rss>"


@site("only feeds")
def only_feeds(data: Data) -> Made:
    """The home page shows nothing without its script, but names one feed for each section."""

    def path_of(one: Story) -> str:
        return f"/tin-tuc/{one.slug}-{one.id}"

    made = lists_of(data, ["/#a", "/#b", "/#c"], path_of, later="#{page}", menu="")
    feeds = "".join(
        f"<link rel='alternate' type='application/rss+xml' title='{name}' href='/rss/{slug}.rss'>"
        for name, slug in zip(SECTIONS, slugs(), strict=True)
    )
    pages = {path: page for path, page in made.pages.items() if path in made.articles}
    pages["/"] = (
        f"<!doctype html><html lang='vi'><head><meta charset='utf-8'><title>{SITE_NAME}</title>{feeds}</head><body><div id='root'></div><script src='/bundle.js'></script></body></html>"
    )
    pages |= {f"/rss/{slug}.rss": _feed(SECTIONS[section], data.of(section), path_of) for section, slug in enumerate(slugs())}
    return Made(pages, made.articles)


@site("only a sitemap")
def only_sitemap(data: Data) -> Made:
    """The home page shows nothing without its script; /sitemap.xml is there although robots.txt does not name it."""

    def path_of(one: Story) -> str:
        return f"/{slugs()[one.section]}/{one.slug}"

    made = lists_of(data, ["/#a", "/#b", "/#c"], path_of, later="#{page}", menu="")
    pages = {path: page for path, page in made.pages.items() if path in made.articles}
    pages["/"] = (
        f"<!doctype html><html lang='vi'><head><meta charset='utf-8'><title>{SITE_NAME}</title></head><body><div id='root'></div><script src='/bundle.js'></script></body></html>"
    )
    parts = "".join(f"<sitemap><loc>SITE/sitemap-{section}.xml</loc></sitemap>" for section in range(3))
    pages["/sitemap.xml"] = (
        f"<?xml version='1.0' encoding='UTF-8'?><sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{parts}</sitemapindex>"
    )
    for section in range(3):
        urls = "".join(f"<url><loc>SITE{path_of(one)}</loc></url>" for one in data.of(section))
        pages[f"/sitemap-{section}.xml"] = (
            f"<?xml version='1.0' encoding='UTF-8'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>SITE/{slugs()[section]}</loc></url>{urls}</urlset>"
        )
    return Made(pages, made.articles)


@site("splash page with a picture")
def splash(data: Data) -> Made:
    made = lists_of(data, [f"/vn/{slug}.html" for slug in slugs()], lambda one: f"/vn/{one.slug}-{one.id}.html", later="?p={page}")
    made.pages["/vn/index.html"] = made.pages["/"]
    made.pages["/"] = (
        f"<html><head><meta charset='utf-8'><title>{SITE_NAME}</title></head><body><center><a href='/vn/index.html'><img src='/chao.jpg' width='900'></a><br><a href='/vn/index.html'>Tiếng Việt</a> | <a href='/en/index.html'>English</a></center></body></html>"
    )
    return made


@site("splash page with a click handler")
def splash_click(data: Data) -> Made:
    made = lists_of(data, [f"/vn/{slug}.html" for slug in slugs()], lambda one: f"/vn/{one.slug}-{one.id}.html", later="?p={page}")
    made.pages["/vn/index.html"] = made.pages["/"]
    made.pages["/"] = (
        f"<html><head><meta charset='utf-8'><title>{SITE_NAME}</title></head><body><div class='popup' onclick=\"window.location.href='/vn/index.html'\"><img src='/chao.jpg' width='900'><button onclick=\"location.href='/vn/index.html'\">Vào trang chủ</button></div></body></html>"
    )
    return made


@site("redirect by a script after seconds")
def script_redirect(data: Data) -> Made:
    made = lists_of(data, [f"/portal/{slug}" for slug in slugs()], lambda one: f"/portal/{one.slug}-{one.id}", later="?p={page}")
    made.pages["/portal/"] = made.pages["/"]
    made.pages["/"] = (
        f"<html><head><meta charset='utf-8'><title>{SITE_NAME}</title><script>var url = '/portal/'; function go() {{ window.location.replace(url); }} setTimeout(go, 3000);</script></head><body><p>Đang chuyển hướng...</p></body></html>"
    )
    return made


@site("base href")
def base_href(data: Data) -> Made:
    """Links are relative to <base>, which names a folder, also those of the pager ("?trang=2")."""

    def shell(title: str, content: str, menu: str) -> str:
        return plain(title, content, menu.replace("href='/portal/", "href='"), head="<base href='SITE/portal/'>")

    return lists_of(
        data, [f"/portal/{slug}" for slug in slugs()], lambda one: f"/portal/{one.slug}-{one.id}.html", later="/trang-{page}", shell=shell,
        item=lambda one: f"<div class='item'><h3><a href='{one.slug}-{one.id}.html'>{one.title}</a></h3><span class='date'>{one.day()}</span></div>",
        pager=lambda url, page: "".join(f"<a href='{url.removeprefix('/portal/')}{f'/trang-{n}' if n > 1 else ''}'>{n}</a>" for n in range(1, data.last + 1)),
    )  # fmt: skip
