"""VCCorp's IMS: the Government's sites since 2021, the ministry of information in 2024, science and technology since 2025.

Rules from a complete home page (vpcp.chinhphu.vn), excerpts of articles and list pages (en.baochinhphu.vn) and the selectors of public
crawlers. The digits at the end of a URL are the key. Their first three identify the site. The time in them is the time of creation, not of
publication.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

from scraper.platforms.kit import DatePick, Examples, IdInPath, Layout, Marker, PathPager, Pick, Platform, UrlRule, never
from scraper.platforms.kit.shared_forms import NAMED_IN_QUERY

_FRAGMENT = re.compile(r"^/timelinelist/(\d+)/(\d{1,9})\.htm$")
_ZONE_ID = re.compile(
    r"""<input[^<>]{0,300}id=["']hdZoneId["'][^<>]{0,300}value=["'](\d+)["']|<input[^<>]{0,300}value=["'](\d+)["'][^<>]{0,300}id=["']hdZoneId["']"""
)


def _next_fragment(page: str, source: str) -> str | None:
    """Returns the URL of the next part of a list: /timelinelist/{zone}/{n}.htm. The zone is in a hidden field of the section's
    first page."""
    parts = urlsplit(page)
    if match := _FRAGMENT.match(parts.path):
        return urlunsplit(parts._replace(path=f"/timelinelist/{match[1]}/{int(match[2]) + 1}.htm", query=""))
    zone = _ZONE_ID.search(source)
    if zone is None:
        return None
    return urlunsplit(parts._replace(path=f"/timelinelist/{zone[1] or zone[2]}/2.htm", query=""))


PLATFORM = Platform(
    id="vccorp-ims",
    name="VCCorp IMS",
    markers=(
        Marker(4, css="[data-role=publishdate], .detail-content.afcbc-body"),
        Marker(3, css=".box-stream-item, [data-linktype=newsdetail]"),
        Marker(2, source="#admwrapper"),
        Marker(2, source="mediacdn.vn"),
        Marker(2, source="cdnchinhphu.vn"),
        Marker(2, css="#hdZoneId, #hdNewsId"),
    ),
    layouts=(
        Layout(
            name="vccorp-ims/detail",
            decisive=True,
            when="h1.detail-title, h1[data-role=title], .detail-content.afcbc-body",
            title=(
                Pick("h1.detail-title"),
                Pick("h1[data-role=title]"),
                Pick("[data-role=title]"),
                Pick(".detail-title"),
                Pick("h1.title"),
            ),
            summary=(Pick("h2.detail-sapo"), Pick("[data-role=sapo]"), Pick(".detail-sapo")),
            author=(Pick("[data-role=author]"), Pick(".detail-author-top-name"), Pick(".author-info .name")),
            section=(Pick("[data-role=cate-name]"), Pick(".detail-cate a")),
            tags=(Pick("[data-role=tags] a", all_of=True), Pick(".detail-tag-list a", all_of=True)),
            # No visible date of this layout begins with the month. The meta element is ISO with an escaped plus.
            published=(
                DatePick(Pick("[data-role=publishdate]")),
                DatePick(Pick('meta[property="article:published_time"]', "content")),
                DatePick(Pick("p.days, .detail-time, .pdate")),
            ),
            modified=(DatePick(Pick('meta[property="article:modified_time"]', "content")),),
            body=("[data-role=content]", ".detail-content.afcbc-body", ".detail-content"),
            attachments=(".VCSortableInPreviewMode[type=attach] a[href]", ".detail-attach a[href]"),
            cut=(
                ".VCSortableInPreviewMode[type=RelatedNewsBox]",
                "[type=RelatedOneNews]",
                ".kbwscwl-relatedbox",
                "[data-role=author]",
                "[data-marked-zoneid*=related]",
                ".readmore-body-box",
                "zone",
            ),
        ),
    ),
    article_ids=(
        IdInPath(r"-(\d{8,18})\.(?:html?|chn)$"),
        NAMED_IN_QUERY,
    ),
    sections=UrlRule(r"^/?$|^/(?:[a-z0-9-]+/){0,2}[a-z0-9-]+\.html?$", query=""),
    traps=UrlRule(r"^/(?:print|search|tim-kiem|video|podcast|timeline/search|login)(?:[./]|$)"),
    keeps_query=never,
    pager_links=("a[href*='/trang-']",),
    pager=PathPager(r"/trang-(?P<page>\d+)\.htm$", endings=(".html", ".htm")),
    next_fragment=_next_fragment,
    article_links=("a.box-stream-link-title[href]", "a[data-linktype=newsdetail][href]", ".box-stream-item a[href]", "a[href]"),
    section_links=("header a[href]", "nav a[href]", ".menu a[href]", ".header__nav a[href]"),
    item_box=".box-stream-item",
    item_day=".box-stream-time",
    sitemaps=("/sitemap.xml",),
    feeds=("/rss/home.rss",),
    not_found=(re.compile(r"^(404|Không tìm thấy)", re.IGNORECASE),),
    examples=Examples(
        articles={
            "/khai-truong-diem-phuc-vu-197251225101319657.htm": "197251225101319657",
            "/Pages/chi-tiet.aspx?url=%2Fkhai-truong-diem-phuc-vu-20251225101319657.htm": "20251225101319657",
        },
        sections=("/", "/tin-tuc.htm", "/tin-tuc/su-kien.htm"),
        traps=("/tim-kiem.htm", "/print/khai-truong-197251225101319657.htm"),
        others=("/tin-tuc", "/tin-tuc.htm?x=1"),
        later_pages={"/tin-tuc/trang-2.htm": "/tin-tuc.htm", "/tin-tuc/trang-3.htm": "/tin-tuc/trang-2.htm"},
        not_later_pages={"/tin-tuc/trang-2.htm": "/tin-tuc/trang-3.htm", "/su-kien/trang-2.htm": "/tin-tuc.htm"},
        canonical={"/tin-tuc.htm?x=1": "/tin-tuc.htm"},
    ),
)
