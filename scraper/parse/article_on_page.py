"""Decides whether an HTML page shows an article, and reads it: by the layout of its platform, by the general rules, from its scripts. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from scraper.model import Article, Capture, Link, LinkRole
from scraper.parse.article import generic_article, read_article
from scraper.parse.classify.refused_pages import (
    is_bare_not_found,
    is_login,
    is_named_login,
    is_not_found,
    reason_without_article,
)
from scraper.parse.generic.article_criteria import UNTITLED
from scraper.parse.generic.media_sections import is_media_section, is_section_of_menu
from scraper.parse.generic.state_article import state_article
from scraper.parse.html_page import HtmlPage, is_home_page
from scraper.parse.tree.page_tree import PageTree
from scraper.platforms import PLAIN
from scraper.platforms.kit import Layout, Platform, first_of_day, tidy

_FEW_LINKS = 5  # a page that shows no article and has no more links is not a list either
_HEADLINE_WORDS = 8  # hyphens in a URL; names of sections have up to seven words


def article_on(html: HtmlPage) -> Article | str | None:
    """Return the article on a page; None for any other page; a reason code if the page should be an article but is not."""
    tree, platform, url = html.tree, html.platform, html.capture.url
    if is_not_found(tree, platform.not_found):
        return "soft-404"
    if is_home_page(url):
        return "login" if is_named_login(tree) else None
    if is_media_section(tree):
        return None
    says_article = platform.article_id(url) is not None
    layout = None if html.generic else _layout(tree, platform, html.capture)
    lacking = "no-layout"
    if layout is not None and (says_article or layout.decisive):
        article = read_article(tree, platform, layout, html.capture.captured_at, lambda: html.fields)
        if not isinstance(article, str):
            return article
        says_article, lacking = True, article
    if is_bare_not_found(tree):
        return "soft-404"
    if not (says_article or html.generic or _may_be_article(url, platform, html.leads_to_article)):
        return "login" if is_named_login(tree) else None
    return _by_general_rules(html, lacking if says_article else None)


def _by_general_rules(html: HtmlPage, lacking: str | None) -> Article | str | None:
    """Return what `article_on` returns for a page that no layout matches. `lacking` is that of `_generic_article`."""
    if is_named_login(html.tree):
        return "login"
    found = _generic_article(html, lacking)
    # A short article may be beside the log-in box of its site.
    if is_login(html.tree) and not (isinstance(found, Article) and found.published.value is not None):
        return "login"
    return found if isinstance(found, Article) else reason_without_article(html.tree, is_named=lacking is not None) or found


def _generic_article(html: HtmlPage, lacking: str | None) -> Article | str | None:
    """Return the article that the general rules find on a page. `lacking`: the reason code if a page whose URL is that of an article has
    none; None if its URL is not that of an article. Then any other page gives None."""
    platform, url, fields = html.platform, html.capture.url, html.fields
    is_named = lacking is not None or html.generic or platform.maybe_article(url) or _is_headline(url)
    # A text without a headline needs other evidence: a URL with words or a number, metadata, or a date.
    untitled = fields.verdict == UNTITLED and not (is_named or fields.metadata_kind or fields.is_dated)
    if fields.is_article and not untitled and not (lacking is None and _is_named_section(html)):
        name = f"{PLAIN.id}/{fields.metadata_kind}" if platform is PLAIN and fields.metadata_kind and not html.generic else "generic"
        return generic_article(html.tree, platform, fields, name)
    if lacking is None:
        # The metadata say that it is an article, but the page shows neither a text nor links.
        return "empty-body" if fields.metadata_kind and not fields.body.value and not html.links else None
    if _links_to_itself(html):
        return None
    return "soft-404" if _is_listing(html.tree, platform, html.links) else lacking


def _is_named_section(html: HtmlPage) -> bool:
    """Return True if a page that looks like an article is a section that shows its first article whole: its menu names the page."""
    fields = html.fields
    return is_section_of_menu(
        html.tree, fields.title.value or "", lambda: len(fields.list_entries()), is_above_headline=fields.is_above_headline
    )


def article_of_script(html: HtmlPage) -> Article | None:
    """Return the article that only the data for a script describe; None if there is none."""
    fields = state_article(html.tree, html.capture.captured_at)
    article = generic_article(html.tree, html.platform, fields, f"{PLAIN.id}/page-data") if fields is not None else None
    return article if isinstance(article, Article) else None


def _links_to_itself(html: HtmlPage) -> bool:
    """Return True if the menu or the breadcrumb of a page names the page itself as a section. Its URL may have an id and a name, like
    that of an article ("/tin-tuc-12.html"). No menu names an article that is gone.
    """
    own = {tidy(html.capture.url), html.platform.canonical_url(html.capture.url)}
    return any(link.role is LinkRole.LISTING and link.url in own for link in html.links)


def _may_be_article(url: str, platform: Platform, leads_to_article: Callable[[], bool]) -> bool:
    """Return True if a page can be an article although its URL does not say so.

    If a page of a platform links to articles with that platform's URLs, those URLs are in use. Another URL then belongs to a
    section or a static page, unless it is a headline (in a copy of the site).
    """
    if platform is PLAIN or platform.maybe_article(url):
        return True
    return _is_headline(url) if leads_to_article() else PLAIN.maybe_article(url)


def _is_headline(url: str) -> bool:
    """Return True if a URL has as many words as a headline. Names of sections are shorter."""
    return PLAIN.maybe_article(url) and urlsplit(url).path.count("-") >= _HEADLINE_WORDS


def _layout(tree: PageTree, platform: Platform, capture: Capture) -> Layout | None:
    """Return the layout of a page by its structure and its capture date; None if no layout matches."""
    return first_of_day([layout for layout in platform.layouts if tree.matches(layout.when)], capture.captured_at.date())


def _is_listing(tree: PageTree, platform: Platform, links: Sequence[Link]) -> bool:
    return len(links) > _FEW_LINKS and (platform.item_box is None or tree.matches(platform.item_box))
