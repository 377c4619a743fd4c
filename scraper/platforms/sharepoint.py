"""SharePoint: most ministries from 2013 to 2025, in several sub-layouts whose element ids have stable endings.

*lv*: the portal of LạcViệt (transport, construction, science). *item*: pages with `?ItemID=` (education, justice, social insurance,
labour). *mic*: the ministry of information, 2013 and 2020. *list*: SharePoint 2010 as Đắk Nông used it. The rules of lv, item and mic-2020
come from public crawlers of 2021, those of mic-2013 from a contractor's copy of the site's own view, and those of list from real pages of
2019. The ids of web parts vary and are never used.
"""

from __future__ import annotations

import re
from datetime import date

from scraper.platforms.kit import (
    AnyPager,
    DatePick,
    Examples,
    IdInPath,
    IdInQuery,
    Layout,
    Marker,
    PathPager,
    Pick,
    Platform,
    QueryPager,
    UrlRule,
)
from scraper.platforms.kit.shared_forms import LETTER_AND_NUMBER, NAMED_IN_QUERY

# A page of a library has only a name. That of an article has eight words or more, as names of sections have up to seven:
# /stttt/Pages/so-ket-cong-tac-6-thang-dau-nam-2019.aspx (Hà Nam).
# In SitePages the list is Home.aspx, so shorter names are articles, too (Lâm Đồng).
_NAMED = UrlRule(r"(?i)/Pages/[a-z0-9.%]+(?:[-_]+[a-z0-9.%]+){7,}\.aspx$|/SitePages/[a-z0-9.%]+(?:[-_]+[a-z0-9.%]+){3,}\.aspx$", query="")
_ID_NAMES = ("itemid", "tintucid", "idtin", "idnews", "newsid", "articleid", "tinid")
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
        # Both fit the pages of both sites nearly: only those of 2013 have the date in a direct <span> of .date-detail.
        Layout(
            name="sharepoint/mic-2013",
            when="#news_content .date-detail > span",
            title=(Pick("#news_content .title_news h1"), Pick("#news_content h1")),
            summary=(Pick("#divArticleDescription"),),
            author=(Pick("#news_content p[align=right] strong"), Pick("#divArticleContent ~ p strong")),
            section=_CRUMB,
            tags=_TAGS,
            published=(DatePick(Pick("#news_content .date-detail > span")),),
            body=("#divArticleContent",),
            attachments=_FILES,
            cut=("#divArticleDescription", *_CUT),
            since=date(2013, 1, 1),
            until=date(2019, 12, 31),
        ),
        Layout(
            name="sharepoint/mic-2020",
            when="#news_content:not(:has(.date-detail > span)) #divArticleContent, #news_content:not(:has(.date-detail > span)) h1",
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
    article_ids=(
        IdInPath(r"(?i)/Pages/TinTuc/(\d{3,7})/[^/]+\.html$"),  # mic
        IdInPath(r"(?i)/tin-tuc/(?:\d+/)?(\d+)/[^/]+\.aspx$"),  # lv
        # The numbers of a list count in that list: /Lists/ThongBao/DispForm.aspx?ID=4, /ct/cms/tintuc/Lists/ThoiSu/View_Detail.aspx?ItemID=12
        IdInPath(r"(?i)/lists/(?!posts/)([^/]+)/\w+\.aspx\?(?:.*&)?(?:item)?id=(\d+)(?:&|$)", with_query=True, lower=True),
        IdInQuery(rf"(?i){'|'.join(_ID_NAMES)}", where=UrlRule(r"(?i)\.aspx$"), kept=_ID_NAMES),
        NAMED_IN_QUERY,
        LETTER_AND_NUMBER,  # the Ministry of Public Security
        # Posts of a blog. Bạc Liêu names a post only by its category.
        IdInPath(r"(?i)(?:/([^/]+))?/lists/posts/post\.aspx\?(?:.*&)?id=(\d+)(?:&|$)", with_query=True, lower=True),
        IdInPath(r"(?i)(?:/([^/]+))?/lists/posts/post\.aspx\?(?:.*&)?category=([^&]+)", with_query=True, lower=True),
    ),
    maybe_articles=_NAMED,
    sections=UrlRule(
        r"(?i)^/?$|/PhanTrang/\d+/\d+/[^/]+\.html$|/Pages/(?:ChuyenMuc|TrangChu)/|/chuyen-muc/\d+/[^/]+\.aspx$"
        r"|/Pages/(?:(?:tin-?tuc|news)/)?[\w.-]+\.aspx$|/SitePages/(?:Home|default)\.aspx$|/(?:default|trangchu)\.aspx$|/chuyen-?muc\w*\.aspx$",
        unless=_NAMED,
    ),
    traps=UrlRule(
        path_and_query=(
            r"(?i)/_layouts/|/_login/|/_vti_|/Pages/(?:TimKiem|Print|InTin|VanBan)/|printpage\.aspx|loadnews\.aspx|loadcomment\.aspx|rss\.aspx"
            r"|/(?:login|dangnhap|timkiem|search)[\w-]*\.aspx|[?&](?:print|isprint|dlg|isdlg)="
        )
    ),
    pager_links=("a[href*='/PhanTrang/']", "[id$=_PhanTrang_D] a[href]", "a[href*='age=']"),
    pager=AnyPager(
        (
            PathPager(r"(?i)/PhanTrang/(?P<list>\d+)/(?P<page>\d+)/[^/]+\.html$"),  # mic
            QueryPager("(?i:page|trang|pageindex|p)"),
        )
    ),
    section_links=("a[href*='/ChuyenMuc/']", "a[href*='/chuyen-muc/']", "a[href*='.aspx']"),
    not_found=(re.compile(r"(?:Page|Trang) not found|Không tìm thấy trang|PageNotFound", re.IGNORECASE),),
    examples=Examples(
        articles={
            "/mic_2020/Pages/TinTuc/144811/Khai-truong-diem-phuc-vu.html": "144811",
            "/tin-tuc/66/71234/khai-truong-diem-phuc-vu.aspx": "71234",
            "/tintuc/Pages/tin-tong-hop.aspx?ItemID=7012": "7012",
            "/Pages/chi-tiet.aspx?url=%2Fkhai-truong-diem-phuc-vu-20251225101319657.htm": "20251225101319657",
            "/gioithieu/Lists/Posts/Post.aspx?Source=%2Fgioithieu&ID=17": "gioithieu/17",
            "/gioithieu/lists/posts/post.aspx?Source=%2fgioithieu&Category=Di+t%C3%ADch&Mode=2": "gioithieu/di+t%c3%adch",
            "/tintuc/Lists/ThongBao/DispForm.aspx?ID=4&Source=%2F": "thongbao/4",
            "/ct/cms/tintuc/Lists/ThoiSu/View_Detail.aspx?ItemID=12": "thoisu/12",
            "/tin-tuc-su-kien/khai-truong-diem-phuc-vu-t29742.html": "t/29742",
        },
        maybe_articles=("/HOME/news/SitePages/khai-truong-diem-phuc-vu.aspx",),
        headlines=(
            "/stttt/Pages/khai-truong-diem-phuc-vu-buu-chinh-o-ben-pha.aspx",
            "/HOME/news/SitePages/khai-truong-diem-phuc-vu-buu-chinh-o-ben-pha.aspx",
        ),
        sections=(
            "/",
            "/Pages/TrangChu/index.html",
            "/chuyen-muc/66/tin-tuc.aspx",
            "/Pages/tin-tuc.aspx",
            "/PhanTrang/97/2/Tin.html",
            "/HOME/news/chuyen-doi-so/SitePages/Home.aspx",
            "/Pages/tintuc/chuyenmuc.aspx?ChuyenMucID=33&page=2",
            "/tintuc/Pages/linh-vuc-bao-hiem-y-te-cua-tinh.aspx?CateID=169",
        ),
        traps=("/_layouts/15/start.aspx", "/tintuc/Pages/tin.aspx?ItemID=7012&print=1", "/Pages/timkiem.aspx"),
        others=("/SiteAssets/anh.jpg", "/tin-tuc"),
        later_pages={
            "/PhanTrang/97/3/Tin.html": "/PhanTrang/97/2/Tin-trong-nganh.html",
            "/Pages/tin-tuc.aspx?Page=2": "/pages/tin-tuc.aspx",
        },
        not_later_pages={
            "/PhanTrang/98/3/Tin.html": "/PhanTrang/97/2/Tin.html",
            "/PhanTrang/97/2/Tin.html": "/Pages/ChuyenMuc/97/Tin.html",
        },
        canonical={
            "/mic_2020/Pages/TinTuc/144811/Khai-truong.html?x=1": "/mic_2020/Pages/TinTuc/144811/Khai-truong.html",
            "/Pages/tin.aspx?CateID=3&ItemID=7012": "/Pages/tin.aspx?ItemID=7012",
            "/Pages/tin-tuc.aspx?page=2": "/Pages/tin-tuc.aspx?page=2",
        },
    ),
)
