"""3CMS: the portal and departments of Ninh Bình, wards of Hải Phòng, Quảng Bình. Rules of a public crawler.

The sites of the department of education of Hà Giang, built by VNPT about 2017 to 2021, use the same program with numeric URLs:
/{site}/{sid}/{page}/{category}/{id}/{Category}/{Title}.aspx, or the same in the query of Default.aspx. Only the id is the key.

The site requests later pages of a list by POST, with values from the page's inline script. The general rules read that call
(`parse/discover/script_calls.py`).
"""

from __future__ import annotations

from dataclasses import replace

from scraper.platforms.kit import DatePick, Examples, IdInPath, IdInQuery, Layout, Marker, Pick, Platform, QueryPager, UrlRule

_DETAIL = Layout(
    name="3cms/article",
    when=".ArticleDetailControl",
    decisive=True,
    title=(Pick(".ArticleDetailControl .ArticleHeader"), Pick(".ArticleHeader")),
    summary=(Pick(".ArticleSummary"),),
    author=(Pick(".ArticleDetailControl .author"),),
    section=(Pick(".UIBreadcrumb a", last=True), Pick(".breadcrumb a", last=True), Pick(".MenuNavigation .Item a", last=True)),
    published=(DatePick(Pick(".ArticleDetailControl .PostDate")), DatePick(Pick(".PostDate"))),
    body=(".ArticleDetailControl .ArticleContent", ".ArticleContent"),
    attachments=(
        ".ArticleAttach a[href]",
        ".ArticleFile a[href]",
        ".ArticleDetailControl [class*=ttach] a[href]",
        ".ArticleDetailControl [class*=File] a[href]",
    ),
    cut=(".tool", ".UISocialShare", ".author"),
)

PLATFORM = Platform(
    id="3cms",
    name="3CMS",
    markers=(
        Marker(3, source="ArticleDetailControl"),
        Marker(3, source="UIArticleInMenu"),
        Marker(2, source="/3cms/"),
        Marker(1, source="/DesktopModule/"),
        Marker(1, source="UIListNews_Default"),
    ),
    # Only an article is in such a box. The title element also occurs on other pages.
    layouts=(_DETAIL, replace(_DETAIL, name="3cms/article-header", when=".ArticleHeader", decisive=False)),
    article_ids=(
        # The program needs these parameters. Names and titles in the query may be anything.
        IdInQuery(
            "id", where=UrlRule(path_and_query=r"^/(?i:m?default\.aspx)\?(?:.*&)?catid=."), kept=("sname", "sid", "pageid", "catid", "id")
        ),
        IdInPath(r"(?i)^/[\w-]+/\d+/\d+/\d+/(\d{3,9})/[^/]+/[^/]*\.aspx$"),
        IdInPath(r"(?i)^/\d+/\d+/\d+/(\d{3,9})/[^/]+/[^/]+?(?:\.aspx)?/?$"),  # the only site of its host: Trà Vinh
        IdInPath(r"^/(?:[a-z0-9-]+/)+[a-z0-9-]*?-?(\d{3,8})(?:\.html?)?$"),
        IdInPath(r"^/(?:[a-z0-9]+-){4,}(\d{4,8})(?:\.html?)?$"),  # Sơn La, Cao Bằng: without the section
        IdInPath(r"^/3cms/([a-z0-9-]+)\.htm$"),  # the old form has only a name
    ),
    sections=UrlRule(r"^/?$|^/[a-z0-9-]+$|^/[\w-]+/\d+/\d+/\d+/[^/]*/?$|^/\d+/\d+/\d+/[^/\d][^/]*/?$"),
    traps=UrlRule(r"(?i)^/(?:DesktopModule|Css|Js|3cms/upload|dang-nhap|login|tim-kiem|search|rss)\b"),
    pager_links=("ul.pagination a[href]", "a[href*='page=']"),
    pager=QueryPager("page|pageindex"),
    article_links=(".UIArticleInMenu_Default a[href]", ".UIListNews_Default a[href]", "a[href]"),
    section_links=("nav a[href]", ".navbar a[href]", ".UIMenu_Default a[href]", ".MenuList a[href]"),
    item_box="li.row, .item",
    item_day=".Ngaydang, .date",
    examples=Examples(
        articles={
            "/tin-hoat-dong/khai-truong-diem-phuc-vu-372815": "372815",
            "/sgdhuyencao/1283/30607/53496/490718/Thong-bao/Lich-tiep-cong-dan.aspx": "490718",
            "/Default.aspx?sname=sgdhuyencao&sid=1283&pageid=30607&catid=53496&id=490718&catname=Thong-bao": "490718",
            "/3cms/khai-truong-diem-phuc-vu.htm": "khai-truong-diem-phuc-vu",
            "/mDefault.aspx?sid=1444&pageid=6591&catid=71012&id=693473&catname=x": "693473",
            "/1426/37932/73050/691292/thong-bao/lich-tiep-cong-dan": "691292",
            "/tin-tuc/van-hoa/khai-truong-diem-phuc-vu-372816": "372816",
            "/khai-truong-diem-phuc-vu-xa-372817": "372817",
        },
        sections=("/", "/tin-hoat-dong", "/sgdhuyencao/1283/30605/53496/Thong-bao/", "/1426/37932/73050/thong-bao", "/tong-ket-nam-2024"),
        traps=("/3cms/upload/skhcn/ke-hoach.pdf", "/DesktopModule/UIArticleInMenu/x.aspx", "/tim-kiem"),
        others=("/Default.aspx", "/Default.aspx?sname=sgdhuyencao&pageid=30614&id=7"),
        later_pages={"/tin-hoat-dong?page=2": "/tin-hoat-dong", "/tin-hoat-dong?pageindex=3": "/tin-hoat-dong?page=2"},
        not_later_pages={"/tin-hoat-dong?page=1": "/tin-hoat-dong", "/thong-bao?page=2": "/tin-hoat-dong"},
        canonical={
            "/Default.aspx?catname=x&id=4907&sname=a&catid=5": "/Default.aspx?sname=a&catid=5&id=4907",
            "/tin-hoat-dong/khai-truong-372815?x=1": "/tin-hoat-dong/khai-truong-372815",
        },
    ),
)
