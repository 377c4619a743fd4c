"""Sites of a platform with other options for their URLs, crawled from the home page without feeds: every article is found.

The sites are those of `tests/sites`, with every URL in another form.
"""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin

import pytest

from tests.conftest import Place
from tests.server import Answer, serving
from tests.test_platform_sites import Built, Urls

# platform, section, later page, article
OPTIONS = (
    ("wordpress", "/?cat={tab}", "/?cat={tab}&paged={page}", "/?p={id}"),
    ("drupal", "/taxonomy/term/{tab}", "/taxonomy/term/{tab}?page={page_from_0}", "/node/{id}"),
    ("drupal", "/?q=taxonomy/term/{tab}", "/?q=taxonomy/term/{tab}&page={page_from_0}", "/?q=node/{id}"),
    ("dotnetnuke", "/{section}", "/{section}/PgrID/421/PageID/{page}", "/{section}/ArtMID/421/ArticleID/{id}/{slug}"),
    (
        "joomla",
        "/index.php?option=com_k2&view=itemlist&task=category&id={tab}:{section}",
        "/index.php?option=com_k2&view=itemlist&task=category&id={tab}:{section}&limitstart={offset}",
        "/index.php?option=com_k2&view=item&id={id}:{slug}",
    ),
)
MOST_PAGES = 9  # of a section


def _with_urls(made: Built, urls: Urls) -> dict[str, Answer]:
    """Returns the pages of a site with its URLs in another form, without its feeds and sitemaps."""
    other = Built(made.platform, made.site)
    other.__dict__["urls"] = urls
    names = {one.path: new.path for one, new in zip(made.articles, other.articles, strict=True)}
    for one, new in zip(made.sections, other.sections, strict=True):
        names |= {made._page_path(one, page): other._page_path(new, page) for page in range(1, MOST_PAGES)}

    def rewritten(path: str, text: str) -> str:
        def url(match: re.Match[str]) -> str:
            written = urljoin(path, html.unescape(match[2]).removeprefix(made.site))
            there = names.get(written.removesuffix("?page=0"))
            return f"{match[1]}{html.escape(there)}{match[3]}" if there is not None else match[0]

        return re.sub(r"""(href=["'])([^"']*)(["'])""", url, text)

    return {
        names.get(path, path): (status, headers, rewritten(path, body.decode()).encode())
        for path, (status, headers, body) in made.pages().items()
        if "Content-Type" not in headers
    }


@pytest.mark.parametrize(("platform", "section", "page", "article"), OPTIONS)
def test_a_site_with_other_urls(place: Place, platform: str, section: str, page: str, article: str) -> None:
    with serving("") as site:
        made = Built(platform, site.url)
        site.pages = _with_urls(made, Urls(made.urls.made, section, page, article, made.urls.sections))
        found = place.source("live", site.url)
        output = place.scrapy("crawl", "live", SOURCES_EXTRA=found, DOWNLOAD_DELAY=0, DOWNLOAD_DELAY_JITTER=0).stdout
    days = dict(place.rows("select title, substr(published_at, 1, 10) from articles"))
    assert days == {one.title: f"{one.at:%Y-%m-%d}" for one in made.articles}, output
    assert len(place.rows("select key from articles")) == len(made.articles)


def test_a_blog_whose_lists_are_loaded_by_scripts_is_found_by_the_sitemap_of_its_extension(place: Place) -> None:
    """Yoast SEO and Rank Math switch off the sitemap of WordPress; theirs has another path."""
    with serving("") as site:
        made = Built("wordpress", site.url)
        pages = {path: answer for path, answer in made.pages().items() if "/page/" not in path and path != "/feed/"}
        pages["/sitemap_index.xml"] = pages.pop("/wp-sitemap.xml")
        text = re.compile(rb"""<a [^>]*href=["'][^"']*/page/\d+/["'][^>]*>.*?</a>""")
        site.pages = {path: (status, headers, text.sub(b"", body)) for path, (status, headers, body) in pages.items()}
        found = place.source("live", site.url)
        place.scrapy("crawl", "live", SOURCES_EXTRA=found, DOWNLOAD_DELAY=0, DOWNLOAD_DELAY_JITTER=0)
    assert len(place.rows("select key from articles")) == len(made.articles)
