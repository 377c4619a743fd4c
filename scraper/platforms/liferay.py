"""Liferay 5 to 7: the Hà Nội department (6.2), the Ministry of Health, Đà Nẵng, Thái Nguyên and others.

Rules from real pages: half of the Hà Nội department's site (27 August 2022), ncov.moh.gov.vn (May 2021, 7.3),
danang.gov.vn (2017 home pages and an excerpt of 2026). The instance ids of portlets change and are never used.
"""

from __future__ import annotations

import re

from scraper.platforms.kit import DatePick, Examples, IdInPath, Layout, Marker, Pick, Platform, QueryPager, UrlRule, after_label
from scraper.platforms.kit.shared_forms import DETAIL_PAGE, HASH_OF_ARTICLE, LIST_OF_DETAILS, VIEW_ARTICLE

_TRAP = UrlRule(
    path_and_query=(
        r"(?i)/-/view_content/pop_up/|p_p_state=(?:pop_up|exclusive|maximized.*login)|p_p_lifecycle=[12]|/c/portal/|/login|/search|_keywords=[^&]|"
        r"/-/asset_publisher/[^/]+/rss|p_p_id=58&|p_p_id=86|/documents/|/image/|/poller/"
        # The Hà Nội department serves its list endlessly under URLs like .../x.html/en/en/vi/...
        r"|^[^?]*(?:(?-i:\.html/)|(?-i:(?:/(?:vi|en)){2,}[/?]))"
    )
)
_BY = after_label("Bởi", "By", "Tác giả", colon=False)
# A date of any form in a box of its own: 15:42 24/03/2014, 2025-07-17 15:10:00.0.
_ANY_DATE = re.compile(
    r"((?:\d{1,2}[:h]\d{2}\s{0,3},?\s{0,3})?\d{1,2}[/.-]\d{1,2}[/.-]\d{4}(?:[\s,|-]{1,4}\d{1,2}[:h]\d{2})?|\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2})"
)

PLATFORM = Platform(
    id="liferay",
    name="Liferay",
    markers=(
        Marker(3, source="Liferay."),
        Marker(2, css="[id^=portlet_], [id^=p_p_id_], .portlet-boundary"),
        Marker(2, source="p_p_id="),
        Marker(1, source="/combo/?"),
        Marker(1, css=".journal-content-article"),
        Marker(1, source="data-senna-track"),
        Marker(1, css=".portlet-body, .portlet-content"),
    ),
    layouts=(
        Layout(
            name="liferay/ext",
            when="td.article-title, .article-view .article-body",
            title=(Pick("td.article-title .title"), Pick("td.article-title"), Pick(".article-title")),
            summary=(Pick(".article-abstract"),),
            section=(Pick("[id*=EXT_ARTICLE_VIEW] .portlet-title"),),
            published=(
                DatePick(Pick(".article-view .article-date")),
                DatePick(Pick("td.article-title", pattern=_ANY_DATE)),
                DatePick(Pick(".article-view", pattern=_ANY_DATE)),
            ),
            body=(".article-view .article-body", "td.article-body"),
            cut=(".article-abstract", ".article-other"),
        ),
        Layout(
            # Bắc Ninh and its departments (bacninhportlet), seen in a public crawler of about January 2026, which names no element of the date
            name="liferay/bacninh",
            when="#contentDetailTitleId",
            decisive=True,
            title=(Pick("#contentDetailTitleId"),),
            summary=(Pick("#sapoDetailId"),),
            published=(
                DatePick(Pick("#contentDetailTitleId + :not(#contentDetail):not(#sapoDetailId)", pattern=_ANY_DATE)),
                DatePick(Pick(":has(+ #contentDetailTitleId)", pattern=_ANY_DATE)),
                DatePick(Pick("#sapoDetailId + :not(#contentDetail)", pattern=_ANY_DATE)),
            ),
            body=("#contentDetail",),
            cut=("#contentDetailTitleId", "#sapoDetailId"),
        ),
        Layout(
            name="liferay/moit",
            when="#contentnews",
            title=(Pick("article h1"),),
            summary=(Pick("p#change_font_size"), Pick("article > p.sapo")),
            author=(Pick("article .body-news > div:not(#contentnews)"), Pick("article .author")),
            section=(Pick(".breadcrumb-news a", last=True),),
            published=(DatePick(Pick("article > p:first-of-type")), DatePick(Pick("article header p")), DatePick(Pick("article p"))),
            body=("#contentnews",),
        ),
        Layout(
            name="liferay/vnpt-school",
            when="[class*=UI_Tinbai_chitiet], .CTTDivTittleBaiViet",
            decisive=True,
            title=(Pick("div.CTTDivTittleBaiViet"), Pick("[class*=UI_Tinbai_chitiet_tieude]"), Pick("[class*=UI_tinbai_chitiet_tieude]")),
            summary=(Pick("[class*=UI_Tinbai_chitiet_noidungngan]"),),
            published=(DatePick(Pick("[class*=UI_Tinbai_chitiet_startdate]")), DatePick(Pick("[class*=chitiet_startdate]"))),
            body=("[class*=UI_Tinbai_chitiet_noidung]:not([class*=noidungngan])", "div.UI_Tinbai_chitiet", "[class*=UI_tinbai_chitiet]"),
            cut=("[class*=startdate]", "[class*=noidungngan]", "[class*=tieude]", ".CTTDivTittleBaiViet", "audio"),
        ),
        Layout(
            name="liferay/view-content",
            when=".asset-full-content-title",
            title=(Pick("div.asset-full-content-title"),),
            summary=(Pick("p.sapo"),),
            author=(Pick(".view-content-author"),),
            # Other portlets of the page also have titles.
            section=(
                Pick(".dd_chuyenmuc .tintuc"),
                Pick(".breadcrumb li:last-child"),
                Pick("#portlet_101 .portlet-title-text, .portlet-asset-publisher .portlet-title-text"),
            ),
            tags=(Pick(".taglib-asset-tags-summary a", all_of=True),),
            published=(DatePick(Pick(".assetPublishDate"), midnight_is_no_time=True),),
            body=(".asset-full-content .asset-content .journal-content-article", ".asset-content .journal-content-article"),
            cut=(".view-content-author", ".related_asset", ".asset-control-detail", ".taglib-social-bookmarks", ".asset-ratings"),
        ),
        Layout(
            name="liferay/asset",
            when=".asset-full-content, .asset-content",
            title=(
                Pick("#title-detail .title-divvv"),
                Pick(".title-news h1"),  # Bắc Giang
                Pick(".asset-full-content .asset-title"),
                Pick(".taglib-header .header-title span"),
                Pick(".asset-title"),
                Pick(".contentDetail h3"),
            ),
            summary=(
                Pick("b.text-summary"),
                Pick(".asset-content .sapo strong"),
                Pick(".asset-content .sapo"),
                Pick(".sapo strong"),
                Pick(".sapo"),
            ),
            author=(Pick(".metadata-entry.metadata-author", pattern=_BY), Pick(".asset-full-content .metadata-author .metadata-entry")),
            section=(Pick(".asset-full-content .taglib-asset-categories-summary a.asset-category"),),
            published=(
                DatePick(Pick(".text-ngayxam-page")),
                DatePick(Pick("span.sp-dislaydate")),
                DatePick(Pick(".contentDetail > div:nth-of-type(2) p")),
                DatePick(Pick(".asset-full-content .metadata-publish-date")),
                DatePick(Pick(".asset-full-content .metadata-author", pattern=_ANY_DATE)),
                DatePick(Pick(".asset-full-content", pattern=_ANY_DATE)),
            ),
            body=("#contentText", ".asset-content .journal-content-article", ".contentDetail .journal-content-article"),
            attachments=(".asset-content a[href*='/documents/']", ".asset-full-content a[href*='/documents/']"),
            cut=(
                ".text-ngayxam-page",
                ".asset-title",
                ".hide-accessible",
                ".taglib-social-bookmarks",
                ".asset-ratings",
                ".asset-more",
                ".text-summary",
                ".sapo",
            ),
            tags=(Pick(".taglib-asset-tags-summary a", all_of=True),),
        ),
    ),
    article_ids=(
        # VNPT: schools, Tiền Giang. Forms send the slashes of the query escaped, with "=" at the end.
        IdInPath(r"^/(?:[\w.-]+/)*chi-tiet-tin[\w-]*\?(?:/|%2[Ff])[^&]+?(?:/|%2[Ff])(\d+)=?(?:&|$)", with_query=True),
        IdInPath(r"/-/view_content/(\d+)-[^/]*$"),  # the Hà Nội department
        IdInPath(r"/-/ext/articleview/article/(\d+)/"),  # Liferay 5
        IdInPath(r"/-/chi-tiet/[^/]+?-(\d+)-\d+\.html$"),  # the Ministry of Industry and Trade
        # The number after the name is that of the group. Two groups may use the same short name.
        IdInPath(r"/-/asset_publisher/(?:[^/]+/)?(?i:content)/((?:[^/?-]+-){3}[^/?]+?)(?:\.html|/\d+)?$"),
        IdInPath(r"/-/asset_publisher/(?:[^/]+/)?(?i:content)/(?:id/)?([^/?]+?)(?:\.html)?(?:/(\d+))?$"),
        # Bắc Ninh: the number after the name is the id, the one before it that of the group. A shorter number is of the title.
        IdInPath(r"/-/details/\d+/[^/]*?-(\d{6,})$"),
        IdInPath(r"/-/details/\d+/([^/]+)$"),
        IdInPath(r"[?&]_[^=&]+_urlTitle=([^&]+)", with_query=True),  # the same without friendly URLs
        VIEW_ARTICLE,  # Quảng Trị, Quảng Bình
        DETAIL_PAGE,  # Đà Nẵng in 2017, Đồng Tháp
        HASH_OF_ARTICLE,  # Bà Rịa - Vũng Tàu
        # Friendly URLs of Liferay 7. It leaves out letters that it does not know, so a title that begins with Đ gives a leading hyphen.
        IdInPath(r"/(?:-|w)/(-?[a-z0-9%][a-z0-9%._-]*)/?$"),
    ),
    # A page of the site has one or two segments, and no query except that of a later page of a list. The home pages of other sites of the
    # same host (/web/<site>/home) are not lists of this one.
    sections=UrlRule(
        path_and_query=(
            r"^(?:/(?:vi|en)(?:_[A-Z]{2})?(?=[/?]))?(?:/web/[\w-]+(?!/(?:home|trang-chu)[/?]))?(?:/[a-zA-Z0-9-]+){0,2}(?:\.html)?/*"
            rf"\?(?:$|(?:.*&)?_[^=&]*cur=0*(?:[2-9]|[1-9]\d))|{LIST_OF_DETAILS}"
        ),
    ),
    traps=_TRAP,
    keeps_query=UrlRule(path_and_query=rf"\?(?:.*&)?(?:_[^=&]*cur=\d|p_p_id=[^&])|{LIST_OF_DETAILS}"),
    pager_links=("a[href*='_cur=']",),
    pager=QueryPager(r"_[^=&]*cur", backward=True),  # a drop-down links all pages
    article_links=(".asset-abstract a[href]", ".portlet-body a[href]", "a[href]"),
    item_box=".asset-abstract",
    item_day=".assetPublishDate",
    not_found=(re.compile(r"(Không tìm thấy|Not Found|Page not found)", re.IGNORECASE),),
    examples=Examples(
        articles={
            "/tin-tuc/-/view_content/1284-khai-truong-diem-phuc-vu.html": "1284",
            "/web/guest/tin/-/asset_publisher/aB3x/content/lich-tiep-cong-dan.html": "lich-tiep-cong-dan",
            "/web/guest/tin/-/asset_publisher/aB3x/content/id/17": "17",
            "/web/portal/xem/-/asset_publisher/Content/dao-be": "dao-be",
            "/web/guest/-/khai-truong-diem-phuc-vu": "khai-truong-diem-phuc-vu",
            "/-/-oi-thoai-voi-nong-dan": "-oi-thoai-voi-nong-dan",
            "/vi_VN/-/lich-tiep-cong-dan/": "lich-tiep-cong-dan",
            "/w/sbv123456?p_l_back_url=%2Ftin": "sbv123456",
            "/chi-tiet/-/asset_publisher/aB3x/content/khai-truong-diem-phuc-vu/20181?redirect=%2Ftin": "khai-truong-diem-phuc-vu",
            "/chi-tiet/-/asset_publisher/aB3x/content/thong-bao/20181": "thong-bao/20181",
            "/vi/news/-/details/20182/khai-truong-diem-phuc-vu-11634141": "11634141",
            "/-/details/20182/khai-truong-diem-phuc-vu-2025": "khai-truong-diem-phuc-vu-2025",
            "/tin?p_p_id=101&_101_struts_action=%2Fasset_publisher%2Fview_content&_101_urlTitle=lich-tiep-cong-dan": "lich-tiep-cong-dan",
            "/chi-tiet-tin/-/view-article/1/13848241113627/1589692995213": "1589692995213",
            "/web/guest/chinh-quyen/chi-tiet?id=27112&_c=2": "27112",
            "/web/guest/trang-chi-tiet?dinhdanh=1288605&cat=5": "1288605",
            "/chi-tiet-tin-tuc?c=7&d=1046": "1046",
            "/article?item=0a1b308fb5fb4242e4dc19bac265aaaa": "0a1b308fb5fb4242e4dc19bac265aaaa",
            "/chi-tiet-tin?%2Flich-tiep-cong-dan%2F21670157=": "21670157",
            "/tin/-/chi-tiet/ket-qua-ky-hop-4711-12.html": "4711",
            "/home/-/ext/articleview/article/633/10136": "633",
            "/chi-tiet-tin-tuc?/thong-bao/633": "633",
        },
        sections=(
            "/",
            "/vi",
            "/web/guest/tin-tuc",
            "/en/hot-news.html",
            "/tin-tuc?_101_cur=2",
            "/vi_VN/tin-tuc-chuyen-doi-so",
            "/vi/web/dng/tin-tuc",
            "/web/guest/chinh-quyen/danh-muc?id=96,100000011",
        ),
        traps=(
            "/tin-tuc/-/view_content/pop_up/1284-khai-truong.html",
            "/web/sotttt-eng/hot-news/-/view_content/12-a.html/en/en/vi",
            "/c/portal/login",
            "/tin-tuc?p_p_id=101&p_p_state=pop_up",
            "/documents/10192/ke-hoach.pdf",
        ),
        others=("/tin-tuc?_101_cur=1", "/a/b/c", "/web/guest/thu-vien-hinh-anh/chi-tiet?id=9"),
        later_pages={"/tin-tuc?_101_cur=2": "/tin-tuc", "/tin-tuc/?p_p_id=101&_101_cur=3": "/tin-tuc?_101_cur=148"},
        not_later_pages={"/tin-tuc?_101_cur=1": "/tin-tuc?_101_cur=2", "/su-kien?_101_cur=2": "/tin-tuc"},
        canonical={
            "/tin-tuc/-/view_content/1284-a.html?x=1": "/tin-tuc/-/view_content/1284-a.html",
            "/chi-tiet-tin-tuc?/thong-bao/633": "/chi-tiet-tin-tuc?/thong-bao/633",
            "/tin-tuc?x=1": "/tin-tuc",
            "/chinh-quyen/danh-muc?id=75": "/chinh-quyen/danh-muc?id=75",
            "/chi-tiet?id=27112&_c=2": "/chi-tiet?id=27112&_c=2",
        },
    ),
)
