"""DotNetNuke: departments and cities of the 2000s and 2010s (Bình Dương, Quảng Nam, Huế). The number in `dnn_ctr<n>_` varies.

Rules from home pages and from a contractor's copy of Huế's module. URLs of that form contain no date.
"""

from __future__ import annotations

from scraper.platforms.kit import DatePick, Examples, IdInPath, IdInQuery, Layout, Marker, PathPager, Pick, Platform, UrlRule

PLATFORM = Platform(
    id="dotnetnuke",
    name="DotNetNuke",
    markers=(
        Marker(4, source='content="DotNetNuke'),
        Marker(3, source="dnn_ctr"),
        Marker(2, source="/Portals/_default/"),
        Marker(2, source="dnn_ContentPane"),
        Marker(1, source="/DesktopModules/"),
        Marker(1, source="/Portals/0/"),
        Marker(1, source="/tabid/"),
    ),
    layouts=(
        Layout(
            name="dotnetnuke/article-details",
            when="[id*=ArticleDetails], [id$=_lblContent], [id*=_ViewArticle]",
            title=(
                Pick("[id$=ArticleDetails_lblTitle]"),
                Pick("[id*=Article][id$=_lblTitle]"),
                Pick("[id*=News][id$=_lblTitle]"),
                Pick("[id*=ArticleDetails] h1"),
                Pick("[id*=ArticleDetails] h2"),
            ),
            summary=(Pick("[id*=Article][id$=_lblSummary]"), Pick("[id*=Article][id$=_lblDescription]")),
            author=(Pick("[id*=Article][id$=_lblAuthor]"), Pick("[id*=Article][id$=_lblSource]")),
            section=(Pick("[id*=lblBreadCrumb] a", last=True), Pick("[id*=dnnBreadcrumb] a", last=True), Pick(".breadcrumb a", last=True)),
            published=(
                DatePick(Pick("[id*=Article][id$=_lblDate]")),
                DatePick(Pick("[id*=Article][id$=_lblPublishDate]")),
                DatePick(Pick("[id*=Article][id$=_lblCreatedDate]")),
            ),
            body=("[id*=Article][id$=_lblContent]", "[id*=Article][id$=_lblBody]", "[id$=_lblContent]"),
            attachments=("[id*=Article] [id*=ttach] a[href]", "a[id*=ttach][href]"),
            cut=("[id*=Other]", "[id*=Related]", "[id*=lblSummary]"),
        ),
        Layout(
            name="dotnetnuke/view",
            when=".ModXemBaiVietC, [id$=_View_lbHeader], [id*=XemBaiViet]",
            title=(Pick("[id$=_View_lbHeader]"), Pick(".ModXemBaiVietC .panel-title")),
            section=(Pick("[id*=lblBreadCrumb] a", last=True), Pick("[id*=dnnBreadcrumb] a", last=True), Pick(".breadcrumb a", last=True)),
            published=(
                DatePick(Pick(".ModXemBaiVietC .date")),
                DatePick(Pick(".ModXemBaiVietC [id$=_lbDate]")),
                DatePick(Pick(".ModXemBaiVietC [id$=_lbNgay]")),
            ),
            body=(".ModXemBaiVietC .panel-primary > .panel-body > #js_qu", ".ModXemBaiVietC #js_qu", ".ModXemBaiVietC .panel-body"),
            attachments=(".ModXemBaiVietC .panel-primary > .panel-body a[href*='/Portals/']",),
            cut=("[id*=pnBaiVietLienQuan]", ".post-item", ".list-group"),
        ),
    ),
    article_ids=(
        IdInPath(r"(?i)/view/id/(\d+)(?:/[^/]*)?$"),
        IdInPath(r"(?i)/(?:ItemID|ArticleID|newsid|id|item|nid)/(\d+)(?:/|$)"),
        IdInPath(r"(?i)/newsid/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:/|$)", lower=True),
        IdInPath(r"(?i)/tb/[^/]*?-(\d+)/?$"),  # Huế
        IdInQuery(r"(?i)itemid|articleid|newsid|nid|id", where=UrlRule(path_and_query=r"(?i)\.aspx\?|\?.*tabid")),
    ),
    sections=UrlRule(r"(?i)/tabid/\d+/Default\.aspx$|\.aspx$|^/(?:(?:[\w-]+/){0,2}[\w-]+/?)?$"),
    traps=UrlRule(
        path_and_query=(
            r"(?i)/(?:ctl/(?:login|register|sendpassword|terms|privacy)|login|register|search|tim-kiem|rss)\b|LinkClick\.aspx|returnurl="
        )
    ),
    pager_links=(
        "a[href*='urrentpage']",
        "a[href*='age=']",
        "a[href*='/page/']",
        "a[href*='/Page/']",
        "a[href*='PageIndex']",
        "a[href*='/PageID/']",
        "a[href*='/pageid/']",
    ),
    # PgrID is the number of the module that shows the list.
    pager=PathPager(
        r"(?i)(?:PgrID[/=]\d{1,9}[/&])?(?:currentpage|page|PageIndex|pageid)[/=](?P<page>\d+)", endings=("default.aspx",), in_query=True
    ),
    section_links=("a[href*='/tabid/']", "[id*=dnnSOLPARTMENU] a[href]", "[id*=dnnMENU] a[href]", "nav a[href]", ".navbar a[href]"),
    examples=Examples(
        articles={
            "/view/id/7421/Canh-bao-mua-lon": "7421",
            "/tin-tuc/tabid/66/ctl/ArticleDetails/mid/455/ItemID/4099/Default.aspx": "4099",
            "/Default.aspx?tabid=66&ItemID=4099": "4099",
            "/tabid/128/catid/384/item/4490/g%C3%B3p-%C3%BD-d%E1%BB%B1-th%E1%BA%A3o.aspx": "4490",
            "/Du-khach/Kham-pha/tb/Chua-Thien-Mu-485887": "485887",
            "/Tin-tuc/tid/Hop-bao/newsid/0A1B308F-B5FB-4242-E4DC-19BAC265AAAA/cid/1": "0a1b308f-b5fb-4242-e4dc-19bac265aaaa",
        },
        sections=("/", "/tin-tuc/tabid/66/Default.aspx", "/TinTuc.aspx"),
        traps=("/Home/tabid/36/ctl/Login/Default.aspx?returnurl=%2f", "/LinkClick.aspx?fileticket=x"),
        others=("/Portals/0/van-ban/ke-hoach.pdf",),
        later_pages={
            "/tin-tuc/tabid/66/currentpage/2/Default.aspx": "/tin-tuc/tabid/66/Default.aspx",
            "/Tin-tuc/tabid/66/currentpage/3/Default.aspx": "/tin-tuc/tabid/66/currentpage/2/Default.aspx",
            "/tin-tuc.aspx?page=2": "/tin-tuc.aspx",
            "/tin-tuc/PgrID/421/PageID/2": "/tin-tuc",
        },
        not_later_pages={"/thong-bao/tabid/67/currentpage/2/Default.aspx": "/tin-tuc/tabid/66/Default.aspx"},
        canonical={"/view/id/7421/Canh-bao?lang=vi": "/view/id/7421/Canh-bao", "/a.aspx?tabid=6&id=9": "/a.aspx?tabid=6&id=9"},
    ),
)
