"""SharePoint: most ministries from 2013 to 2025, in several sub-layouts whose element ids have stable endings.

*lv*: the portal of LạcViệt (transport, construction, science). *item*: pages with `?ItemID=` (education, justice, social insurance,
labour). *mic*: the ministry of information, 2013 and 2020. *list*: SharePoint 2010 as Đắk Nông used it. The rules of lv, item and mic-2020
come from public crawlers of 2021, those of mic-2013 from a contractor's copy of the site's own view, and those of list from real pages of
2019. The ids of web parts vary and are never used.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from scraper.platforms.base import DatePick, Layout, Marker, Pick, Platform, tidy

_MIC = re.compile(r"/Pages/TinTuc/(\d{3,7})/[^/]+\.html$", re.IGNORECASE)
_LV = re.compile(r"/tin-tuc/(?:\d+/)?(\d+)/[^/]+\.aspx$", re.IGNORECASE)
_ITEM = re.compile(r"^(?:itemid|tintucid|idtin|idnews|newsid|articleid|tinid)$", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r"^(?:page|trang|pageindex|p)$", re.IGNORECASE)
_PAGED_PATH = re.compile(r"/PhanTrang/(\d+)/(\d+)/[^/]+\.html$", re.IGNORECASE)
_SECTION = re.compile(
    r"/Pages/(?:ChuyenMuc|TrangChu)/|/chuyen-muc/\d+/[^/]+\.aspx$|/Pages/[\w.-]+\.aspx$|/(?:default|trangchu)\.aspx$", re.IGNORECASE
)
_TRAP = re.compile(
    r"/_layouts/|/_login/|/_vti_|/Pages/(?:TimKiem|Print|InTin|VanBan)/|printpage\.aspx|loadnews\.aspx|loadcomment\.aspx|rss\.aspx|/(?:login|dangnhap|timkiem|search)[\w-]*\.aspx"
    r"|[?&](?:print|isprint|dlg|isdlg)=",
    re.IGNORECASE,
)


def article_key(url: str) -> str | None:
    """Returns the number of the article: in the path (MIC, lv) or in the query (ItemID and similar names)."""
    parts = urlsplit(url)
    if _TRAP.search(f"{parts.path}?{parts.query}"):
        return None
    if match := _MIC.search(parts.path) or _LV.search(parts.path):
        return match[1]
    if parts.path.lower().endswith(".aspx"):
        return next((value for name, value in parse_qsl(parts.query) if _ITEM.match(name) and value.isdigit()), None)
    return None


def is_section(url: str) -> bool:
    """Returns whether a URL is a section page: `/PhanTrang/<section>/<page>/`, `/chuyen-muc/<id>/`, `/Pages/<section>.aspx`."""
    parts = urlsplit(url)
    return article_key(url) is None and (bool(_PAGED_PATH.search(parts.path) or _SECTION.search(parts.path)) or parts.path in ("", "/"))


def _page(query: str) -> int:
    return next((int(value) for name, value in parse_qsl(query) if _PAGE_NUMBER.match(name) and value.isdigit()), 1)


def _is_next(page: str, target: str) -> bool:
    """Returns whether a link leads to a later page of the same section. The page number is in the path (MIC) or in the query (`?page=`)."""
    here, there = urlsplit(page), urlsplit(target)
    was, now = _PAGED_PATH.search(here.path), _PAGED_PATH.search(there.path)
    if now is not None:
        return was is not None and was[1] == now[1] and int(now[2]) > int(was[2])
    return here.path.lower() == there.path.lower() and _page(there.query) > _page(here.query)


def _canonical(url: str) -> str:
    """Returns a URL without the parts that do not identify the article: only its number stays in a query, and nothing in a query of MIC."""
    parts = urlsplit(tidy(url))
    if _MIC.search(parts.path) or _LV.search(parts.path):
        return urlunsplit(parts._replace(query=""))
    if article_key(url) is not None:
        return urlunsplit(parts._replace(query=urlencode([pair for pair in parse_qsl(parts.query) if _ITEM.match(pair[0])])))
    return urlunsplit(parts)


_FILES = ("#divAttach a[href]", ".attachments a[href]", ".file-attach a[href]", "[id*=ttach] a[href]")
_CUT = (".tinlienquan", ".share", ".noprint", "[class*=rating]", "script", "#divArticleDescription3")
_CRUMB = (
    Pick(".main_right h3.title-list-news .title-t1"),
    Pick(".box-category h3.title-list-news .title-t1"), Pick(".breadcrumb li:last-child"), Pick(".breadcrumb-news a, [class*=breadcrumb] a", last=True), Pick("h3.title-list-news .title-t1"),
    Pick("#sitemap a:last-of-type"), Pick(".title-cate a"), Pick(".UL_Link_Menu li a", last=True), Pick("td.FolderTitle"),
)  # fmt: skip
_TAGS = (Pick("p.tags a", all_of=True), Pick(".tags a", all_of=True), Pick("#news_content a[href*='tag.aspx']", all_of=True))

PLATFORM = Platform(
    id="sharepoint",
    name="SharePoint",
    markers=(
        Marker(3, source='content="Microsoft SharePoint'),
        Marker(2, source="_spPageContextInfo"),
        Marker(2, source="s4-bodyContainer"),
        Marker(2, source="/_layouts/15/"),
        Marker(1, source="MSOZoneCell"),
        Marker(2, source="ms-WPBody"),
        Marker(2, source="divArticleDescription"),
        Marker(2, source="/mic_2020/"),
        Marker(1, source="Skip Ribbon Commands"),
        Marker(1, source="ExternalClass"),
        Marker(2, source="ms-news-header"),
    ),
    layouts=(
        Layout(
            name="sharepoint/mic",
            when="#news_content #divArticleContent, #news_content h1",
            title=(Pick("#news_content h1"), Pick(".title_news h1")),
            summary=(Pick("#divArticleDescription"),),
            author=(
                Pick(".news_detail > p[align=right] strong"),
                Pick("#news_content > div:first-of-type > p:first-of-type > strong"),
                Pick("#news_content p[align=right] strong"),
                Pick("#divArticleContent ~ p strong"),
            ),
            section=_CRUMB,
            tags=_TAGS,
            published=(
                DatePick(Pick("#news_content .date-detail span")),
                DatePick(Pick("#news_content .date-detail")),
                DatePick(Pick("#news_content > div:first-of-type > div:first-of-type > div:first-of-type > div")),
                DatePick(Pick("#news_content .date, #news_content .time")),
            ),
            body=("#divArticleContent",),
            attachments=_FILES,
            cut=("#divArticleDescription", *_CUT),
        ),
        Layout(
            name="sharepoint/lv",
            when="#divArticleDescription2, .News_Detail_Title",
            title=(Pick("#divArticleDescription3 h1"), Pick("h1.News_Detail_Title"), Pick(".Around_News_Detail h1")),
            summary=(Pick("#divArticleDescription1"),),
            author=(Pick("[id$=_pnNguontin]"),),
            section=_CRUMB,
            tags=_TAGS,
            published=(DatePick(Pick("[id$=_pnHide] span")), DatePick(Pick("span.News_Time_Post")), DatePick(Pick("[id$=_pnHide]"))),
            body=("#divArticleDescription2",),
            attachments=_FILES,
            cut=_CUT,
        ),
        Layout(
            name="sharepoint/item",
            when="#news-detail, #contenttin, #layoutBanTin, #txtTitle, .detail-news #divArticleDescription, .detail-title #divArticleDescription",
            title=(
                Pick("#news-title"),
                Pick("#txtTitle"),
                Pick("#layoutBanTin h4"),
                Pick(".detail-title h1"),
                Pick(".detail-news h1"),
                Pick("h1"),
            ),
            summary=(Pick("#news-des"), Pick("#idTomTat"), Pick(".sapo")),
            author=(Pick(".news-author"), Pick(".tacgia")),
            section=_CRUMB,
            tags=_TAGS,
            published=(
                DatePick(Pick(".news-date")),
                DatePick(Pick(".news-tool p > span:first-child")),
                DatePick(Pick("#publish-date em")),
                DatePick(Pick("#txtDateString")),
                DatePick(Pick(".detail-title > p:first-of-type")),
                DatePick(Pick("h1 + p")),
                DatePick(Pick(".sukien p")),
            ),
            body=("#news-detail", "#contenttin", "[id$=_ControlWrapper_RichHtmlField]", "#divArticleDescription", "#layoutBanTin"),
            attachments=_FILES,
            cut=("#news-des", "#idTomTat", "#publish-date", "#layoutBanTin > h4", *_CUT),
        ),
        Layout(
            name="sharepoint/list",
            when="tr.ms-news-header td.Time, #tableforprint p.Title, td.FolderTitle ~ td.Time, p.title-gt, .pages-content > .style_text",
            decisive=True,
            title=(
                Pick("#tableforprint p.Title"),
                Pick("p.Title, p.title"),
                Pick("p.title-gt"),
                Pick(".title-gt"),
                Pick(".style_text > span > div:first-of-type b"),
            ),
            summary=(
                Pick("#tableforprint p.sapo"),
                Pick("#tableforprint b.lv_description_mode1"),
                Pick("p.Title ~ p strong:first-child"),
                Pick(".style_text > span > p"),
            ),
            section=(Pick("td.FolderTitle"), Pick(".div_header_tintuc a")),
            published=(DatePick(Pick("tr.ms-news-header td.Time")), DatePick(Pick("td.Time"))),
            body=("#tableforprint", ".pages-content > .style_text", "div[class^=ExternalClass]"),
            attachments=_FILES,
            cut=(
                ".style_text > span > div:first-of-type",
                ".style_text > span > p",
                "b.lv_description_mode1",
                "p.Title",
                "p.title",
                "p.title-gt",
                "td.Time",
                "td.FolderTitle",
                ".tbtinkhac",
                "p.sapo",
                *_CUT,
            ),
        ),
    ),
    article_key=article_key,
    listing=is_section,
    next_pages=("a[href*='/PhanTrang/']", "[id$=_PhanTrang_D] a[href]", "a[href*='age=']"),
    is_next=_is_next,
    sections=("a[href*='/ChuyenMuc/']", "a[href*='/chuyen-muc/']", "a[href*='.aspx']"),
    is_trap=lambda url: bool(_TRAP.search(url)),
    canonical_url=_canonical,
    not_found=(re.compile(r"(?:Page|Trang) not found|Không tìm thấy trang|PageNotFound", re.IGNORECASE),),
)
