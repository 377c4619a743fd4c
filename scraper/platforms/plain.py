"""Pages of an unknown system: metadata (JSON-LD, microdata, OpenGraph) gives the fields, and general rules find the rest.

A URL may be an article if it contains a name of several words or a number. The page itself decides. A few forms have an id that means an
article wherever they occur; most of them are known from one site. Their keys contain a word of the form, so that the numbers of two parts
of a site do not collide.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from scraper.platforms.kit import Examples, IdInPath, Marker, PathPager, Platform, UrlRule
from scraper.platforms.kit.shared_forms import DETAIL_PAGE, HASH_OF_ARTICLE, LETTER_AND_NUMBER, VIEW_ARTICLE

_TRAP = UrlRule(
    path_and_query=(
        r"(?i)^[^?]*\.(?:pdf|docx?|xlsx?|pptx?|rtf|zip|rar|7z|jpe?g|png|gif|svg|webp|bmp|ico|mp[34]|wav|avi|wmv|flv|mov|css|js|json|xml|rss|txt|exe|apk)\?"
        r"|(?:^|/)(?:login|log-?in|dang-?nhap|dang-?ky|register|signin|signup|logout|account|user|users|admin|wp-(?:admin|login)|search|tim-?kiem|tag|tags|tu-khoa|rss|feed|feeds|print(?:able|er|page|view)?|make-?pdf|in-(?:bai|tin|trang)|ban-in|in(?=/\d+/?(?:\?|$))|send-?mail|mailto|gui-(?:e?-?mail|ban-be|tin)|share|cart|gio-hang"
        r"|download|tai-ve|upload|uploads|images|static|assets|lien-he|contact|sitemap|so-do)[./?]|\bprint=|[?&]replytocom=|\bpopup=|returnurl="
        # Copies of an article and forms, of systems with one program for all pages: modules.php?name=News&file=save&sid=12
        r"|[?&](?:file|op|func|act|action|do|task|mode)=(?:print\w*|save(?:file)?|friend\w*|send(?:mail)?|showcomm\w*|comments?|reply|login|register|search)(?:&|$)"
        r"|[?&]option=com_(?:mailto|users?|search|finder|contact|banners)(?:&|$)"
        r"|/modules\.php\?(?:[^?]*&)?name=(?:search|contact|feedback|voting|surveys|your_account|addnews|submit_news|statistics)(?:&|$)"
    )
)
_NUMBERED = re.compile(
    r"^(?:id|nid|newsid|new_id|itemid|tintucid|articleid|article_id|aid|idtin|tinid|tc|p|post|n|cn|gd|idnews|news|bv|baiviet|mabaiviet|contentid|distid|distribution_id|organization_id|newid)$",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r"\.(?:html?|aspx?|php|jsp|chn|vgp|vnp|epi|ldo)$", re.IGNORECASE)
_PAGE = r"(?i)(?:^|[?&/_-])(?:page|trang|p|pageindex|pg|pageno|start|cur|currentpage)[=/_-]?(?P<page>\d{1,5})(?:\D|$)"
_PAGED = re.compile(_PAGE)
_IN_QUERY = r"\?(?:[^?]*&)?"  # the parameters before the one that is meant
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_IDS = (
    VIEW_ARTICLE,
    DETAIL_PAGE,
    HASH_OF_ARTICLE,
    LETTER_AND_NUMBER,
    IdInPath(r"/(nid)/(\d+)(?:/|$)"),  # /chi-tiet-tin/group/167/nid/4819/<name>: Đà Nẵng, Quảng Nam
    IdInPath(rf"/(tin-bai)/[^/?]+/?{_IN_QUERY}id=(\d+)(?:&|$)", with_query=True),  # /vi/tin-bai/<name>?type=NEWS&id=233701: Tuyên Quang
    IdInPath(r"^/(m)/\d+/(\d+)/[^/]+\.html$"),  # /m/<section>/1193/<name>.html: Kiên Giang
    IdInPath(r"(?i)/(detailview)/(\d+)/\d+/[^/]+$", lower=True),  # /DetailView/35980/<section>/<name>.html
    IdInPath(r"(?i)/pages/(news)/(\d+)/[^/]+\.html$", lower=True),  # /pages/news/16411/<name>.html: the legal department of Health
    IdInPath(rf"(?i)/detail/?{_IN_QUERY}(postid)=(\d+)(?:&|$)", with_query=True, lower=True),  # /vi/Post/Detail?categoryId=27&postId=4995
    IdInPath(rf"(?i)^/{_IN_QUERY}(details)=(\d+)(?:&|$)", with_query=True, lower=True),  # /?details=5718&menuID=32: Quảng Trị
    IdInPath(r"^/\?(?=.*\bgd=\d)(?:[^?]*&)?(?:tc|newsid)=(\d[\d-]*)(?:&|$)", with_query=True),  # /?gd=3&cn=28&tc=4102: Thừa Thiên Huế
    IdInPath(rf"/chi-tiet[\w-]*/?{_IN_QUERY}param=[^&]*?({_UUID})(?:&|$)", with_query=True, lower=True),  # a ward of Lâm Đồng
)


def maybe_article(url: str) -> bool:
    """Returns whether a URL has a name of several words, a number of three or more digits after a name, or a number in the query."""
    parts = urlsplit(url)
    if (parts.path in ("", "/") and not parts.query) or _TRAP(url):
        return False
    if any(_NUMBERED.match(name) and re.search(r"\d", value) for name, value in parse_qsl(parts.query)):
        return True
    segments = [unquote(segment) for segment in parts.path.split("/") if segment]
    return bool(segments) and _names_article(_EXTENSION.sub("", segments[-1]), deep=len(segments) > 1)


def _names_article(last: str, *, deep: bool) -> bool:
    """Returns whether the last segment of a path is the name of an article. `deep`: there are segments before it."""
    words = [word for word in re.split(r"[-_+ ]", last) if word]
    if _PAGED.search(last) and len(words) <= 3:
        return False
    numbered = len(words) >= 3 and any(len(word) >= 3 and word.isdigit() for word in words)
    has_id = re.search(r"\d{5,}", last) or (deep and re.fullmatch(r"[a-z]?\d{3,}", last))
    return len(words) >= 5 or numbered or bool(has_id)


PLATFORM = Platform(
    id="plain",
    name="plain HTML",
    markers=(
        Marker(1, source="application/ld+json"),
        Marker(1, source="schema.org/NewsArticle"),
        Marker(0.5, source="article:published_time"),
    ),
    layouts=(),
    article_ids=_IDS,
    maybe_articles=maybe_article,
    sections=UrlRule(r"^/*(?:[^/]+(?:/+|$)){0,3}$", unless=maybe_article),  # at most three segments
    traps=_TRAP,
    pager_links=(
        "a[rel=next][href]",
        ".pagination a[href]",
        "[class*=paging] a[href]",
        "[class*=pager] a[href]",
        "a[href*='page']",
        "a[href*='trang']",
    ),
    pager=PathPager(_PAGE, in_query=True),
    section_links=("nav a[href]", "[class*=menu] a[href]", "[id*=menu] a[href]", "header a[href]"),
    examples=Examples(
        articles={
            "/chi-tiet-tin/-/view-article/1/13848241113627/1589692995213": "1589692995213",
            "/tin-tuc/chi-tiet?cat=4&id=7742454": "7742454",
            "/chi-tiet-tin/group/167/nid/4820/khai-truong-diem-phuc-vu": "nid/4820",
            "/vi/tin-bai/khai-truong-diem-phuc-vu?id=233702&type=NEWS": "tin-bai/233702",
            "/m/127/1194/khai-truong.html": "m/1194",
            "/DetailView/35981/8/khai-truong.html": "detailview/35981",
            "/pages/news/16412/Chuc-nang.html": "news/16412",
            "/vi/Post/Detail?categoryId=27&postId=4996": "postid/4996",
            "/?menuID=32&details=5719": "details/5719",
            "/?gd=3&cn=28&tc=4102": "4102",
            "/chi-tiet-tin-tuc/?param=khai-truong-a3809f02-ed6d-4f20-b9cd-a058993d5a0d": "a3809f02-ed6d-4f20-b9cd-a058993d5a0d",
            "/tin-tuc/khai-truong-diem-phuc-vu-t29742.html": "t/29742",
        },
        headlines=("/tin-tuc/khai-truong-diem-phuc-vu-buu-chinh-o-ben-pha.html",),
        maybe_articles=(
            "/tin-tuc/khai-truong-diem-phuc-vu-buu-chinh.html",
            "/tin/bai-viet-412.html",
            "/chitiet.php?id=7",
            "/news/a1284",
            "/ct/20190620.aspx",
        ),
        sections=("/", "/tin-tuc/", "/tin-tuc/su-kien/trang-2", "/tin-tuc.html?page=2"),
        traps=(
            "/dang-nhap.aspx",
            "/rss",
            "/tin-tuc/feed/",
            "/uploads/ke-hoach.docx",
            "/in-bai/12",
            "/in/12",
            "/gui-email/12",
            "/wp-login.php?action=register",
            "/index.php?option=com_mailto&tmpl=component&link=aHR0",
            "/khai-truong-diem-phuc-vu-buu-chinh/?replytocom=12",
            "/tin/bai-viet-412.html?print=1",
            "/modules.php?name=News&file=save&sid=12",
            "/modules.php?name=News&op=showcomm&sid=12",
            "/modules.php?name=Search",
            "/modules/news/makepdf.php?storyid=12",
        ),
        others=("/a/b/c/d", "/modules/tin/bai/x.php?name=News&op=viewst"),
        later_pages={"/tin-tuc/trang-2": "/tin-tuc/", "/tin.php?page=3": "/tin.php?page=2", "/tin.php?cat=4&trang=2": "/tin.php?cat=4"},
        not_later_pages={"/tin.php?cat=5&trang=2": "/tin.php?cat=4", "/tin-tuc/trang-2": "/tin-tuc/trang-3"},
        canonical={"/chitiet.php?id=7&utm_source=zalo&_gl=1*a": "/chitiet.php?id=7"},
    ),
)
