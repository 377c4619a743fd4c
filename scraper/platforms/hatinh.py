"""The portal of Hà Tĩnh since 2023, a program of its own (Laravel).

Known from URLs and from the selectors of a public crawler of about January 2026. It names no element of the text, so the one around the
lead is used.
"""

from __future__ import annotations

from scraper.platforms.kit import DatePick, Examples, IdInPath, Layout, Marker, Pick, Platform, QueryPager, UrlRule, after_label

PLATFORM = Platform(
    id="hatinh",
    name="Hà Tĩnh portal",
    markers=(
        Marker(3, source="detail-content-lead"),
        Marker(2, css="a[href*='/vi/chuyen-muc/']"),
        Marker(2, css="a[href*='/vi/bai-viet/']"),
    ),
    layouts=(
        Layout(
            name="hatinh/detail",
            when=".detail-content-lead",
            decisive=True,
            title=(Pick(".detail-title"),),
            summary=(Pick(".detail-content-lead"),),
            section=(Pick(".breadcrumb a", last=True),),
            published=(DatePick(Pick(".time", pattern=after_label("Đăng tải"))), DatePick(Pick(".time"))),
            body=(".detail-content:has(.detail-content-lead)", ":has(> .detail-content-lead)"),
            cut=(".detail-title", ".detail-content-lead", ".time", "[class*=related]", "[class*=share]"),
        ),
    ),
    article_ids=(IdInPath(r"^/[a-z]{2}/bai-viet/([a-z0-9][a-z0-9-]*)/?$"),),
    sections=UrlRule(r"^/(?:[a-z]{2}/?)?$|^/[a-z]{2}/chuyen-muc/[a-z0-9-]+/?$"),
    traps=UrlRule(r"^/(?:[a-z]{2}/)?(?:login|dang-nhap|tim-kiem|search|storage)(?:/|$)"),
    pager_links=(".pagination a[href]",),
    pager=QueryPager("page"),
    examples=Examples(
        articles={"/vi/bai-viet/khai-truong-diem-phuc-vu": "khai-truong-diem-phuc-vu"},
        sections=("/", "/vi", "/vi/chuyen-muc/tin-trong-tinh", "/vi/chuyen-muc/tin-trong-tinh?page=2"),
        traps=("/vi/tim-kiem", "/storage/images.thumb.jpg"),
        others=("/vi/gioi-thieu/so-do",),
        later_pages={"/vi/chuyen-muc/tin-trong-tinh?page=2": "/vi/chuyen-muc/tin-trong-tinh"},
        not_later_pages={"/vi/chuyen-muc/tin-trong-nuoc?page=2": "/vi/chuyen-muc/tin-trong-tinh"},
        canonical={"/vi/bai-viet/khai-truong-diem-phuc-vu?x=1": "/vi/bai-viet/khai-truong-diem-phuc-vu"},
    ),
)
