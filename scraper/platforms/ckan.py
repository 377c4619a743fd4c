"""CKAN with ckanext-pages: the open-data portals of provinces (Cần Thơ), whose blog reports on datasets. Rules from real pages of 2026.

In the page source, a side bar with other posts and their dates precedes the article.
"""

from __future__ import annotations

from scraper.platforms.kit import DatePick, Examples, IdInPath, Layout, Marker, Pick, Platform, QueryPager, UrlRule

PLATFORM = Platform(
    id="ckan",
    name="CKAN pages",
    markers=(
        Marker(4, source='content="ckan'),
        Marker(2, source="ckanext-"),
        Marker(1, source="dataset-heading"),
        Marker(1, source="/webassets/"),
    ),
    layouts=(
        Layout(
            name="ckan/post",
            when="h1.page-heading + span.date, h1.page-heading ~ span.muted.date, .primary h1.page-heading",
            title=(Pick(".primary h1.page-heading"), Pick("h1.page-heading")),
            published=(DatePick(Pick("h1.page-heading ~ span.date")), DatePick(Pick(".primary span.muted.date"))),
            body=(".primary h1.page-heading ~ div", "h1.page-heading ~ div"),
            cut=(".page_primary_action", ".actions"),
        ),
    ),
    article_ids=(IdInPath(r"^/(?:[a-z]{2}/)?(?:blog|news|pages)/([^/]+?)(?:\.html)?$"),),  # the name of the post
    sections=UrlRule(r"^/(?:[a-z]{2}/)?(?:blog|news)(?:\.html)?/?$"),
    pager_links=(".pagination a[href]",),
    pager=QueryPager("page"),
    article_links=(
        ".primary .page-list-item a[href]",
        ".page-list-item a[href]",
        ".blog-title a[href]",
        "a[href*='/blog/']",
        "a[href^='blog/']",
    ),
    section_links=("a[href$='/blog']", "a[href$='blog.html']"),
    item_box=".page-list-item",
    item_day="small.date, .date",
    examples=Examples(
        articles={"/blog/huong-dan-su-dung-du-lieu-mo": "huong-dan-su-dung-du-lieu-mo", "/vi/news/bai-viet-0013.html": "bai-viet-0013"},
        sections=("/blog", "/vi/blog/"),
        others=("/", "/dataset/danh-sach-truong-hoc", "/organization"),
        later_pages={"/blog?page=2": "/blog", "/blog?q=&page=3": "/blog?page=2"},
        not_later_pages={"/blog?page=1": "/blog", "/news?page=2": "/blog"},
        canonical={"/blog/bai-viet-0013?lang=vi": "/blog/bai-viet-0013", "/blog?page=2": "/blog?page=2"},
    ),
)
