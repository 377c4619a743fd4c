"""vnPortal on ASP.NET: Thanh Hóa, Nam Định, communes of Hà Tĩnh. Known only from URLs and excerpts. The path contains the date."""

from __future__ import annotations

from scraper.platforms.kit import DatePick, Examples, IdInPath, Layout, Marker, Pick, Platform, QueryPager, UrlRule

PLATFORM = Platform(
    id="vnportal",
    name="vnPortal",
    markers=(
        Marker(3, source="/portal/KenhTin/"),
        Marker(2, source="/portal/Pages/"),
        Marker(2, source="/portal/pages/"),
        Marker(2, source="/portal/Photos/"),
    ),
    layouts=(
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
    # The id is the day, and the end of the name after the last hyphen (the whole name if there is none).
    article_ids=(
        IdInPath(r"(?i)/portal/pages/(\d{4}-\d{2}-\d{2})/[^/]*-([0-9a-z]+)\.aspx$", lower=True),
        IdInPath(r"(?i)/portal/pages/(\d{4}-\d{2}-\d{2})/([^/]+)\.aspx$", lower=True),
    ),
    sections=UrlRule(r"(?i)^/?$|/portal/KenhTin/[^/]+\.aspx$"),
    traps=UrlRule(r"(?i)/portal/(?:login|tim-?kiem|search|VanBan|Photos|rss)|/WebResource\.axd|/ScriptResource\.axd"),
    pager_links=("a[href*='age=']",),
    pager=QueryPager("(?i:page)"),
    section_links=("a[href*='/KenhTin/']",),
    examples=Examples(
        articles={
            "/portal/Pages/2019-06-20/Khai-truong-diem-phuc-vu-Fa7e.aspx": "2019-06-20/fa7e",
            "/portal/pages/2023-01-30/thongbao.aspx": "2023-01-30/thongbao",
        },
        sections=("/", "/portal/KenhTin/Tin-tuc.aspx"),
        traps=("/portal/Photos/2019-06-20/anh.jpg", "/portal/timkiem.aspx"),
        others=("/portal/trangchu.aspx",),
        later_pages={"/portal/KenhTin/Tin-tuc.aspx?page=2": "/portal/KenhTin/tin-tuc.aspx"},
        not_later_pages={"/portal/KenhTin/Tin-tuc.aspx?page=1": "/portal/KenhTin/Tin-tuc.aspx"},
        canonical={"/portal/pages/2023-01-30/thongbao.aspx?x=1": "/portal/pages/2023-01-30/thongbao.aspx"},
    ),
)
