"""NukeViet 3 to 5: many provincial departments, communes and schools.

The rules come from two NukeViet sites that were set up and recorded in November 2026 (4.5 desktop, 4.4 mobile theme). The selectors for 3.4
come from its published templates. The number before `.html` is the article's key; the slug may be anything.
"""

from __future__ import annotations

import re

from scraper.platforms.kit import (
    DatePick,
    Examples,
    IdInPath,
    IdInQuery,
    Layout,
    Marker,
    PathPager,
    Pick,
    Platform,
    Trust,
    UrlRule,
    after_label,
)

# URLs of articles end with a slash in version 3, as those of sections do ("iso-9001-2008/"), but the article slug has capitals. A slug
# without capitals must be as long as a headline.
_SLUG_OF_3 = r"(?=[^/]*[A-Z]|(?:[^/-]+-){8,}[^/-]+/)[^/]*-(\d+)/"
# Modules without news that every NukeViet has, and copies of articles for printing or mailing.
_MODULES = (
    "about|admin|assets|banners|comment|contact|data|download|feeds|freecontent|inform|includes|install|laws|menu|modules|organs|page|photos"
    "|print|rss|savefile|search|seek|sendmail|siteterms|statistics|tag|themes|uploads|users|videoclips|voting|weblinks"
)
_VHV_LIST = UrlRule(r"-c\d+-\d+\.html$")
_AUTHOR = after_label("Tác giả", "Tác giả bài viết")
# The offset in datePublished is that of the time zone in which the page was rendered; the time is that of the last edit.
_ZONE = DatePick(Pick("[itemprop=datePublished]"), Trust.ZONE)
_META_PUBLISHED = DatePick(Pick('meta[property="article:published_time"]', "content"))
_META_MODIFIED = (DatePick(Pick('meta[property="article:modified_time"]', "content")), DatePick(Pick("[itemprop=dateModified]")))
# The box of the summary may also have the picture with its caption and a window for it.
_PICTURE = "#imghome, .imghome, figcaption, .modal"
_SECTION_PICKS = (
    Pick('meta[property="article:section"]', "content"),
    Pick(".breadcrumb li:last-child [itemprop=title]"),
    Pick(".breadcrumbs a.highlight", last=True),
    Pick("h3.breakcolumn a", last=True),
    Pick("h3.brcl a", last=True),
)
_TAGS = (
    Pick('meta[property="article:tag"]', "content", all_of=True),
    Pick('div.hr ~ a[href*="/search/"]', all_of=True),
    Pick('.keywords a[href*="/tag/"], .keywords a[href*="/search/"], .keywords a', all_of=True),
    Pick('a[href*="/tag/"]', all_of=True),
)
_OF_THEME_MODERN = re.compile(r"^(?:Tác giả|Tác giả bài viết)\s*:\s*(.+?)(?:\s*Nguồn(?: tin)?\s*:.*)?$", re.IGNORECASE)
_FILES = (".news-download-file a[href*='download=']", ".news-download-file a[href*='/uploads/']", "a[href*='download=1&id=']")
_CUT = (".news-download-file", ".other-news", "ul.related", ".socialicon", ".nv-social-share", "[itemprop=author]", "#stringrating")

PLATFORM = Platform(
    id="nukeviet",
    name="NukeViet",
    markers=(
        Marker(5, css="meta[name=generator][content^=NukeViet]"),
        Marker(3, source="nv_base_siteurl"),
        Marker(3, source="nv_siteroot"),  # the same in version 3
        Marker(2, source="nv_module_name"),
        Marker(1, css="#news-bodyhtml, .bodytext, .hometext"),
        Marker(1, source="/assets/js/language/"),
    ),
    layouts=(
        Layout(
            name="nukeviet/4-desktop",
            when=".news_column h1[itemprop=headline]",
            title=(Pick("h1[itemprop=headline]"),),
            summary=(
                Pick(".hometext[itemprop=description]", without=_PICTURE),
                Pick(".hometext", without=_PICTURE),
                Pick("div.h2[itemprop=description]"),
            ),
            author=(Pick("p.text-right", pattern=_AUTHOR),),
            section=_SECTION_PICKS,
            tags=_TAGS,
            published=(DatePick(Pick(".news_column span.h5")), _META_PUBLISHED, _ZONE),
            modified=(*_META_MODIFIED, _ZONE),
            body=("#news-bodyhtml", ".bodytext"),
            attachments=_FILES,
            cut=_CUT,
            numbers_items=False,  # the truth of the recorded site lists the items without them
        ),
        Layout(
            name="nukeviet/4-mobile",
            when="h1[itemprop=headline], h2[itemprop=headline]",
            title=(Pick("[itemprop=headline]"),),
            summary=(
                Pick("#hometext .h2"),
                Pick("#hometext", without=_PICTURE),
                Pick(".hometext", without=_PICTURE),
                Pick("[itemprop=description]:not(.hidden):not(.d-none)"),
            ),
            author=(Pick("p.text-right", pattern=_AUTHOR), Pick("p", pattern=_AUTHOR)),
            section=_SECTION_PICKS,
            tags=_TAGS,
            published=(DatePick(Pick("em.time")), DatePick(Pick("span.time, .time")), _META_PUBLISHED, _ZONE),
            modified=_META_MODIFIED,
            body=("#news-bodyhtml", ".bodytext"),
            attachments=_FILES,
            cut=_CUT,
            numbers_items=False,  # the truth of the recorded site lists the items without them
        ),
        Layout(
            name="nukeviet/5-future",  # the theme future of version 5, without microdata
            when=".news-bodyhtml",
            title=(Pick(".vstack > h1"), Pick("h1")),
            summary=(Pick(".fw-bold[data-toggle=error-report]"),),
            author=(Pick(".text-end p", pattern=_AUTHOR),),
            section=_SECTION_PICKS,
            tags=_TAGS,
            published=(DatePick(Pick(".vstack > .row .text-body-secondary")), _META_PUBLISHED),
            modified=_META_MODIFIED,
            body=(".news-bodyhtml",),
            attachments=_FILES,
            cut=_CUT,
            numbers_items=False,
        ),
        Layout(
            name="nukeviet/3",
            when=".bodytext, #bodytext, .news-body, #news_detail, .fiximg",
            title=(Pick("#news_detail h1"), Pick(".detail-title h1"), Pick(".news_column h1"), Pick("h1.title"), Pick("h1")),
            # The mobile theme shows the summary as loose text; the meta description has the same words.
            summary=(
                Pick("#hometext", without=_PICTURE),
                Pick(".hometext", without=_PICTURE),
                Pick("head:has(link[href*='mobile_nukeviet']) meta[name=description]", "content"),
            ),
            author=(
                Pick("p.author", pattern=_AUTHOR),
                Pick("#news_detail p", pattern=_AUTHOR),
                Pick("div.source", pattern=_OF_THEME_MODERN),
                Pick("p", pattern=_AUTHOR),
            ),
            section=_SECTION_PICKS,
            tags=_TAGS,
            published=(
                DatePick(Pick("#news_detail span.time")),
                DatePick(Pick("span.time")),
                DatePick(Pick("h1 ~ span.smll, span.smll")),
                DatePick(Pick(".header-details span.small")),  # the theme modern
                # Without the days beside other articles: in an item of a list, or in a link.
                DatePick(Pick(":not(li):not(a) > .date, :not(li):not(a) > .news-date")),
                _META_PUBLISHED,
                _ZONE,
            ),
            modified=_META_MODIFIED,
            body=("div.bodytext", "#bodytext", ".news-body", ".fiximg"),
            attachments=_FILES,
            cut=_CUT,
            numbers_items=False,  # the truth of the recorded site lists the items without them
        ),
    ),
    article_ids=(
        # Modules other than news count their articles themselves. The module at the front page has no name in its URLs, the language only
        # on a site with several. VHV's lists end in the number of the category and that of the page.
        IdInPath(r"^(?:/index\.php)?(?:/[a-z]{2})?/(?!news/)([a-z0-9-]{3,})/[^/]+/[^/]*-(\d+)\.html$", unless=_VHV_LIST),
        IdInPath(r"-(\d+)\.html$", unless=_VHV_LIST),
        IdInPath(rf"^(?:/index\.php)?(?:/[a-z]{{2}})?/(?!news/)([a-z0-9-]{{3,}})/[^/]+/{_SLUG_OF_3}$"),
        IdInPath(rf"^(?:/[^/]*){{2,}}/{_SLUG_OF_3}$"),
        # A site that does not rewrite its URLs has the same path in the parameter op.
        IdInPath(
            rf"/index\.php\?(?:[^?]*&)?nv=(?!news&)([a-z0-9-]+)&op=(?:[^&]*[^&-]-(\d+)\.html|(?:[^/&]*/){{2,}}{_SLUG_OF_3})(?:&|$)",
            with_query=True,
        ),
        IdInQuery("op", rf".*-(\d+)\.html|(?:[^/]*/){{2,}}{_SLUG_OF_3}", where=UrlRule(r"/index\.php$")),
    ),
    sections=UrlRule(r"^/?$|^/vi/news/$|^/(?:[a-z]{2}/)?(?:news/)?[A-Za-z0-9-]+/(?:page-(?!0*1/)\d+/)?$", query=""),
    traps=UrlRule(
        path_and_query=(
            r"^(?!/sitemap)(?:"
            rf"/(?:[a-z]{{2}}/)?(?:news/)?(?:{_MODULES})[/?]"
            r"|/(?:[a-z]{2}/)?[a-z0-9-]+/(?:print|rss|savefile|sendmail)/"
            # Modules may have any name. These are pages of documents, of units and persons, and of films.
            r"|/(?:[a-z]{2}/)?[a-z0-9-]+/(?:detail|vieworg|listper|person|viewsearch)/"
            r"|/(?:[a-z]{2}/)?[a-z0-9-]+/video-(?![^/?]*-\d+\.html)[^/?]*\.html\?"
            r"|[^?]*\?(?:.*&)?(?:(?:nvvithemever|nv_redirect|second|pdf|download)=|nv=(?:users|search|seek|comment|contact)\b))"
        )
    ),
    keeps_query=UrlRule(r"/index\.php$"),
    pager_links=("ul.pagination a[href]", ".generate_page a[href]", ".pages a[href]"),
    pager=PathPager(r"/page-(?P<page>\d+)/?$"),
    article_links=("a[href]",),
    section_links=(
        "nav a[href]",
        ".navbar a[href]",
        ".breadcrumb a[href]",
        "#menu-site-default a[href]",
        ".panel-heading a[href]",
        ".list-inline a[href]",
    ),
    item_box=".panel-body, .news_list, .news-content",
    item_day="li em.fa-clock-o",
    sitemaps=("/sitemap.xml",),
    sitemap_dates_are_publication=True,
    not_found=(re.compile(r"^(Lỗi truy cập|Thông báo lỗi|Error) ?404"),),
    examples=Examples(
        articles={
            "/vi/news/tin-tuc/khai-truong-diem-phuc-vu-12.html": "12",
            "/khai-truong-12.html": "12",
            "/thong-bao/lich-tiep-dan/khai-truong-diem-phuc-vu-12.html": "thong-bao/12",
            "/vi/lich-tiep-dan/khai-truong-diem-phuc-vu-12.html": "12",
            "/tin-tuc/video-khai-truong-diem-phuc-vu-12.html": "12",
            "/vi/stttt/tin-tuc/khai-truong-diem-phuc-vu-12.html": "stttt/12",
            "/index.php/tin-tuc-22/khai-truong-diem-phuc-vu-13.html": "13",
            "/news/tin-tuc/Khai-truong-diem-phuc-vu-12/": "12",
            "/vi/thong-bao/tin-tuc/Khai-truong-diem-phuc-vu-12/": "thong-bao/12",
            "/index.php?language=vi&nv=thong-bao&op=tin-tuc/khai-truong-12.html": "thong-bao/12",
            "/index.php?language=vi&nv=news&op=tin-tuc/khai-truong-12.html": "12",
        },
        sections=("/", "/vi/", "/vi/news/", "/vi/news/tin-tuc/", "/tin-tuc/page-2/", "/cai-cach-hanh-chinh/"),
        traps=(
            "/users/login/",
            "/vi/tag/chuyen-doi-so/",
            "/vi/news/print/tin-tuc/khai-truong-12.html",
            "/thong-bao/print/tin-tuc/khai-truong-12.html",
            "/vi/van-ban/detail/Quyet-dinh-so-31-2019-QD-UBND-12/",
            "/co-cau/vieworg/Phong-Van-thu-3/",
            "/phim/video-Khai-truong-diem-phuc-vu.html",
            "/?nvvithemever=m",
            "/index.php?nv=search",
        ),
        others=("/vi/news/cai-cach-hanh-chinh/iso-9001-2008/", "/vi/news/tin-tuc/?x=1", "/chuyen-muc-tin-cac-so-c216-1.html"),
        later_pages={"/vi/news/tin-tuc/page-2/": "/vi/news/tin-tuc/", "/tin-tuc/page-10/": "/tin-tuc/page-9/"},
        not_later_pages={"/vi/news/tin-tuc/page-2/": "/vi/news/thong-bao/", "/tin-tuc/page-2/": "/tin-tuc/page-3/"},
        canonical={
            "/vi/news/tin-tuc/khai-truong-12.html?x=1": "/vi/news/tin-tuc/khai-truong-12.html",
            "/index.php?nv=news&op=tin-tuc/khai-truong-12.html": "/index.php?nv=news&op=tin-tuc/khai-truong-12.html",
        },
    ),
)
