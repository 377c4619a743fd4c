"""vnPortal on ASP.NET, by Tân Dân: Thanh Hóa, Nam Định, Ninh Thuận, Điện Biên, communes of Hà Tĩnh. The path contains the date.

Known only from URLs and excerpts. The selectors with "tandan" come from public crawlers of 2024 to 2026 of Điện Biên and of the ministry of
planning and investment.
"""

from __future__ import annotations

from scraper.platforms.kit import DatePick, Examples, IdInPath, Layout, Marker, Pick, Platform, QueryPager, UrlRule

# The site writes days and months with or without a zero: 2021-10-5.
_DAY = r"(?i)/(?:portal|en)/pages/(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"

# What the CMS adds to a name: letters after digits (not a time like 7h30), or a long number.
_GENERATED = r"(?!\d{1,2}h\d{0,2}\.)(?=[0-9a-z]{4,}\.)[0-9a-z]*\d[a-z][0-9a-z]*|[a-z]*\d{5,}"

PLATFORM = Platform(
    id="vnportal",
    name="vnPortal",
    markers=(
        Marker(3, source="/portal/KenhTin/"),
        Marker(2, source="/portal/Pages/"),
        Marker(2, source="/portal/pages/"),
        Marker(2, source="/portal/Photos/"),
        Marker(3, source="tandan-content-view"),
        Marker(3, source="tandan-p-article"),
        Marker(3, source="tandan-span-date-publish"),
        Marker(2, source="channel-news-title"),
    ),
    layouts=(
        Layout(
            name="vnportal/tandan",
            when=".tandan-content-view",
            decisive=True,
            title=(Pick(".tandan-title-view"),),
            section=(Pick(".breadcrumb li a", last=True), Pick(".breadcrumb li:last-child")),
            published=(DatePick(Pick(".tandan-date-view")),),
            body=(".tandan-content-view",),
            attachments=("[class*=attach] a[href]",),
            cut=(".tandan-title-view", ".tandan-date-view"),
        ),
        Layout(
            name="vnportal/tandan-article",
            when=".tandan-p-article-news-content, .tandan-p-article-main, .tandan-span-date-publish",
            title=(Pick(".tandan-p-article-news-title"), Pick("h1.article-title"), Pick("h1")),
            summary=(Pick(".tandan-p-article-news-summary"),),
            section=(Pick(".breadcrumb li a", last=True), Pick(".breadcrumb li:last-child")),
            tags=(Pick(".td-tags a", all_of=True),),
            published=(DatePick(Pick(".tandan-span-date-publish")),),
            body=(".tandan-p-article-news-content", ".tandan-p-article-main", ".article-contents"),
            attachments=("[class*=attach] a[href]",),
            cut=(
                ".tandan-p-article-news-title",
                ".tandan-p-article-news-summary",
                ".tandan-span-date-publish",
                ".tandan-div-article-other",
                ".td-tags",
                ".social-share",
            ),
        ),
        Layout(
            name="vnportal/article",
            when=".article-content",
            title=(Pick("h1.article-title"), Pick(".article h1"), Pick("h1")),
            summary=(Pick(".article-summary"), Pick(".article-brief"), Pick(".article-sapo"), Pick(".sapo")),
            author=(Pick(".article-author"),),
            section=(Pick(".breadcrumb li a", last=True), Pick(".breadcrumb li:last-child")),
            published=(DatePick(Pick(".article-date")), DatePick(Pick(".article-time")), DatePick(Pick(".article .date"))),
            body=(".article-content",),
            attachments=(".article-attach a[href]", ".article-files a[href]", "[class*=attach] a[href]"),
            cut=(".article-related", ".tin-lien-quan", ".share"),
        ),
    ),
    # The id is the day and the end of the name after the last hyphen, if the CMS made it. Else it is the whole
    # name: two articles of one day may end in the same word or year.
    article_ids=(
        IdInPath(rf"{_DAY}/[^/]*-({_GENERATED})\.aspx$", lower=True),
        IdInPath(rf"{_DAY}/([^/]+)\.aspx$", lower=True),
    ),
    sections=UrlRule(r"(?i)^/?$|/(?:portal|en)/(?:KenhTin|Pages)/[^/]+\.aspx$"),
    traps=UrlRule(r"(?i)/portal/(?:login|tim-?kiem|search|VanBan|Photos|rss)|/WebResource\.axd|/ScriptResource\.axd"),
    pager_links=("a[href*='age=']", "a[href*='ageIndex=']"),
    pager=QueryPager("(?i:page(?:index)?)"),
    section_links=("a[href*='/KenhTin/']",),
    examples=Examples(
        articles={
            "/portal/Pages/2019-06-20/Khai-truong-diem-phuc-vu-Fa7e.aspx": "2019-06-20/fa7e",
            "/portal/pages/2023-01-30/thongbao.aspx": "2023-01-30/thongbao",
            "/portal/Pages/2021-10-5/Khai-truong-diem-phuc-vuja6ggf.aspx": "2021-10-05/vuja6ggf",
            "/portal/Pages/2021-10-05/Khai-truong-diem-phuc-vuja6ggf.aspx": "2021-10-05/vuja6ggf",
            "/portal/pages/2022-1-5/Ke-hoach-nam-2022.aspx": "2022-01-05/ke-hoach-nam-2022",
            "/en/Pages/2022-1-5/New-post-office-opened.aspx": "2022-01-05/new-post-office-opened",
        },
        sections=("/", "/portal/KenhTin/Tin-tuc.aspx", "/portal/Pages/Tin-tuc-su-kien.aspx", "/en/Pages/News-133.aspx"),
        traps=("/portal/Photos/2019-06-20/anh.jpg", "/portal/timkiem.aspx"),
        others=("/portal/trangchu.aspx",),
        later_pages={
            "/portal/KenhTin/Tin-tuc.aspx?page=2": "/portal/KenhTin/tin-tuc.aspx",
            "/portal/Pages/Tin-tuc.aspx?PageIndex=2": "/portal/Pages/Tin-tuc.aspx",
        },
        not_later_pages={"/portal/KenhTin/Tin-tuc.aspx?page=1": "/portal/KenhTin/Tin-tuc.aspx"},
        canonical={"/portal/pages/2023-01-30/thongbao.aspx?x=1": "/portal/pages/2023-01-30/thongbao.aspx"},
    ),
)
