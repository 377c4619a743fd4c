"""Classic ASP: the site of the ministry of posts and telematics, later of information, from 2005 to 2012.

No page of that site was seen. Known are the URLs of laws (`/VBQPPL/details_law.asp?...`), the form of dates (`17/07/2009 10:25:00 SA`),
and the text of one article of July 2009 with a dateline, a byline and a rating box below it. The URL of an article (`details_news.asp`) and
the names of the cells are a guess from sites of that time. If a page has other names, the general rules parse it.
"""

from __future__ import annotations

from datetime import date

from scraper.platforms.kit import DatePick, Examples, IdInQuery, Layout, Marker, Pick, Platform, QueryPager, UrlRule

_IDS = ("news_id", "newsid", "id")

PLATFORM = Platform(
    id="classic-asp",
    name="Classic ASP (2005-2012)",
    markers=(
        Marker(3, source="details_news.asp"),
        Marker(3, source="details_law.asp"),
        Marker(2, css="td.tieude"),
        Marker(2, css="td.noidung"),
    ),
    layouts=(
        Layout(
            name="classic-asp/news",
            when="td.noidung",
            title=(Pick("td.tieude"),),
            published=(DatePick(Pick("td.ngay")),),
            body=("td.noidung",),
            cut=("script",),
            since=date(2005, 1, 1),
            until=date(2012, 12, 31),
        ),
    ),
    # The URL keeps its category: nothing says that a page opens without it, and a web archive has only the URL that was linked.
    article_ids=(IdInQuery(rf"(?i){'|'.join(_IDS)}", where=UrlRule(r"(?i)/details?_news\.asp$")),),
    # A law has a page of its own (/VBQPPL/details_law.asp), which is not an article.
    sections=UrlRule(r"(?i)^(?:/[\w-]+)*/?$|/(?:default|index|home|tin_?tuc|news|list_?news|VBQPPL)\w*\.asp$"),
    traps=UrlRule(path_and_query=r"(?i)/(?:login|admin|search|timkiem|print|vote|poll|guestbook)\w*\.asp|[?&]print="),
    pager_links=("a[href*='age=']", "a[href*='trang=']"),
    pager=QueryPager("(?i:page|trang)"),
    examples=Examples(
        articles={
            "/details_news.asp?news_id=412": "412",
            "/tintuc/Details_News.asp?cat=3&News_ID=412": "412",
        },
        sections=("/", "/default.asp", "/tin-tuc/", "/list_news.asp?cat=3&page=2", "/VBQPPL/"),
        traps=("/timkiem.asp?q=luat", "/print_news.asp?news_id=412", "/details_news.asp?news_id=412&print=1"),
        others=("/VBQPPL/details_law.asp?law_id=6159", "/images/banner.gif"),
        later_pages={"/list_news.asp?cat=3&page=2": "/list_news.asp?cat=3", "/list_news.asp?page=3": "/list_news.asp?page=2"},
        not_later_pages={"/list_news.asp?page=2": "/list_news.asp?page=3", "/news.asp?page=2": "/list_news.asp"},
        canonical={
            "/details_news.asp?cat=3&news_id=412": "/details_news.asp?cat=3&news_id=412",
            "/list_news.asp?cat=3": "/list_news.asp?cat=3",
        },
    ),
)
