"""DotNetNuke: departments and cities of the 2000s and 2010s (Bình Dương, Quảng Nam, Huế). The number in `dnn_ctr<n>_` varies.

Rules from home pages and from a contractor's copy of Huế's module. URLs of that form contain no date.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from scraper.platforms.base import DatePick, Layout, Marker, Pick, Platform, tidy

_VIEW = re.compile(r"/view/id/(\d+)(?:/[^/]*)?$", re.IGNORECASE)
_ITEM = re.compile(r"/(?:ItemID|ArticleID|newsid|NewsID|id|itemid)/(\d+)(?:/|$)", re.IGNORECASE)
_QUERY = re.compile(r"^(?:itemid|articleid|newsid|nid|id)$", re.IGNORECASE)
_TRAP = re.compile(
    r"/(?:ctl/(?:login|register|sendpassword|terms|privacy)|login|register|search|tim-kiem|rss)\b|LinkClick\.aspx|returnurl=", re.IGNORECASE
)
_SECTION = re.compile(r"/tabid/\d+/Default\.aspx$|\.aspx$|^/(?:[\w-]+/?){0,3}$", re.IGNORECASE)
_PAGE = re.compile(r"(?:currentpage|page|PageIndex|pageid)[/=](\d+)", re.IGNORECASE)


def article_key(url: str) -> str | None:
    """Returns the number of the article: from `/view/id/<n>/`, `/ItemID/<n>/` or the query."""
    parts = urlsplit(url)
    if _TRAP.search(f"{parts.path}?{parts.query}"):
        return None
    if match := _VIEW.search(parts.path) or _ITEM.search(parts.path):
        return match[1]
    if "tabid" in parts.query.lower() or parts.path.lower().endswith(".aspx"):
        return next((value for name, value in parse_qsl(parts.query) if _QUERY.match(name) and value.isdigit()), None)
    return None


def _is_next(page: str, target: str) -> bool:
    here, there = _PAGE.search(page), _PAGE.search(target)
    if there is None or _PAGE.sub("", page).rstrip("/?&").lower().removesuffix("default.aspx").rstrip("/") != _PAGE.sub("", target).rstrip(
        "/?&"
    ).lower().removesuffix("default.aspx").rstrip("/"):
        return False
    return int(there[1]) > (int(here[1]) if here else 1)


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
            section=(Pick("[id*=lblBreadCrumb] a", last=True), Pick("[id*=dnnBreadcrumb] a", last=True)),
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
    article_key=article_key,
    listing=lambda url: article_key(url) is None and bool(_SECTION.search(urlsplit(url).path)),
    next_pages=("a[href*='urrentpage']", "a[href*='age=']", "a[href*='/page/']", "a[href*='/Page/']", "a[href*='PageIndex']"),
    is_next=_is_next,
    sections=("a[href*='/tabid/']", "[id*=dnnSOLPARTMENU] a[href]", "[id*=dnnMENU] a[href]", "nav a[href]", ".navbar a[href]"),
    is_trap=lambda url: bool(_TRAP.search(url)),
    canonical_url=lambda url: (
        urlunsplit(urlsplit(tidy(url))._replace(query=""))
        if _VIEW.search(urlsplit(url).path) or _ITEM.search(urlsplit(url).path)
        else tidy(url)
    ),
)
