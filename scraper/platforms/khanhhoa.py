"""The portal of Khánh Hòa, an ASP.NET program of its own, whose lists have a postback pager.

Known from URLs and from the selectors of a public crawler of about January 2026. Only articles have markers; its list pages are read by the
general rules. Sections and articles have URLs of one form, /vi/<section>/<name>.
"""

from __future__ import annotations

from scraper.platforms.kit import DatePick, Examples, Layout, Marker, Pick, Platform, UrlRule

_ARTICLE = UrlRule(r"^/[a-z]{2}/[a-z0-9-]+/[a-z0-9]+(?:-[a-z0-9]+){2,}/?$", query="")

PLATFORM = Platform(
    id="khanhhoa",
    name="Khánh Hòa portal",
    markers=(Marker(2, css=".chitietbaiviet"), Marker(1, css="#datearticle"), Marker(1, css=".title-article")),
    layouts=(
        Layout(
            name="khanhhoa/chitietbaiviet",
            when=".chitietbaiviet",
            decisive=True,
            title=(Pick(".title-article"),),
            section=(Pick(".breadcrumb a", last=True),),
            published=(DatePick(Pick("#datearticle")),),
            body=(".chitietbaiviet",),
            cut=(".title-article", "#datearticle", "[class*=related]", "[class*=share]"),
        ),
    ),
    maybe_articles=_ARTICLE,
    sections=UrlRule(r"^/(?:[a-z]{2}/?)?$|^/[a-z]{2}/[a-z0-9-]+/?$"),
    traps=UrlRule(r"(?i)^/(?:[a-z]{2}/)?(?:login|dang-nhap|tim-kiem|search)(?:[/.]|$)|/WebResource\.axd|/ScriptResource\.axd"),
    examples=Examples(
        headlines=("/vi/tin-tuc/khai-truong-diem-phuc-vu-buu-chinh-o-ben-pha",),
        maybe_articles=("/vi/tin-tuc/khai-truong-diem-phuc-vu",),
        sections=("/", "/vi", "/vi/tin-hoat-dong-so-nganh-dia-phuong"),
        traps=("/vi/tim-kiem", "/ScriptResource.axd"),
        others=("/vi/a/b/c",),
    ),
)
