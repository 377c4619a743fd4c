"""Forms of article URLs that several systems use. Where one site uses a form, a page without any marker must get the same key as the others."""

from __future__ import annotations

from scraper.platforms.kit.url_rules import IdInPath, IdInQuery, UrlRule

# /chi-tiet-tin/-/view-article/1/<category>/<id>: Quảng Trị, Quảng Bình. An article may be in several categories.
VIEW_ARTICLE = IdInPath(r"/-/view-article/\d+/\d+/(\d+)/?$")

# One page shows all articles: /web/guest/chinh-quyen/chi-tiet?id=27762&_c=2, /chi-tiet-tin-tuc?d=1045&c=7, /trang-chi-tiet?dinhdanh=12&cat=3.
# The albums and films of the same sites have pages of the same name, and numbers of their own.
DETAIL_PAGE = IdInPath(
    r"^(?!.*/(?:thu-vien|hinh-anh|anh|album|video|media|van-ban|vbpq|hoi-dap|thu-tuc)[\w-]*/)(?:/[\w.-]+)*/(?:trang-)?chi-tiet(?:-(?:tin|bai)[\w-]*)?/?"
    r"\?(?:.*&)?(?:id|d|dinhdanh)=(\d+)(?:&|$)",
    with_query=True,
)

# The list page beside DETAIL_PAGE: /chinh-quyen/danh-muc?id=96,100000011
LIST_OF_DETAILS = r"/danh-muc/?\?(?:.*&)?id=\d+(?:,\d+)*(?:&|$)"

# /article?item=1ef308b5fb154242e4dc19bac2656212: Bà Rịa - Vũng Tàu
HASH_OF_ARTICLE = IdInPath(r"/article/?\?(?:.*&)?item=([0-9a-f]{32})(?:&|$)", with_query=True)

# /Pages/chi-tiet.aspx?url=%2Fkhai-truong-20241003083820222.htm: the SharePoint site of the Ministry of Culture shows an article of VCCorp.
NAMED_IN_QUERY = IdInQuery("(?i)url", r"[^?]*-(\d{8,18})\.html?(?:\?.*)?", where=UrlRule(r"(?i)/chi-?tiet\.aspx$"))

# A letter before the number distinguishes an article from a section: -t29741.html (Public Security), -n199.html (Hải Dương), -post12.html
LETTER_AND_NUMBER = IdInPath(r"-(t|n|post)(\d{2,})\.html?$")
