"""Classifies a capture: an article, a list page, a sitemap, a feed, or a page that is refused with a reason. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from urllib.parse import urlsplit

from scraper.content_coding import CannotDecode, TooLarge, gunzip
from scraper.model import Article, Capture, Failure, Link, LinkRole, Page, PageKind, SharedDate, Source, Text
from scraper.parse.article import generic_article, read_article
from scraper.parse.classify.canonical_url import with_canonical
from scraper.parse.classify.page_redirects import frames, redirect_target
from scraper.parse.classify.platform_detection import Detection, detect
from scraper.parse.classify.refused_pages import (
    is_bare_captcha,
    is_bare_not_found,
    is_challenge,
    is_firewall,
    is_framed_captcha,
    is_login,
    is_named_login,
    is_not_found,
    reason_without_article,
)
from scraper.parse.classify.replaced_sites import replaced_by
from scraper.parse.decode.charset import Decoded, decode
from scraper.parse.discover.announced_feeds import announced, faults
from scraper.parse.discover.feeds import Named, as_utf8, other_hosts, read_feed, read_json_feed, read_text_sitemap
from scraper.parse.discover.json_lists import html_of_json, html_of_values, is_end_of_list, is_json
from scraper.parse.discover.page_links import PageLinks, leads_to_article, page_links, section_links
from scraper.parse.enrich.enrichment import complete
from scraper.parse.enrich.multipage import next_part
from scraper.parse.generic.article_criteria import UNTITLED
from scraper.parse.generic.generic_reader import GenericFields, read_generic
from scraper.parse.generic.media_sections import is_media_section, is_section_of_menu
from scraper.parse.generic.script_data import has_script_data, script_data
from scraper.parse.generic.state_article import state_article
from scraper.parse.tree.page_tree import PageTree
from scraper.platforms import PLAIN, PLATFORMS
from scraper.platforms.kit import Layout, Platform, first_of_day, tidy
from scraper.post_urls import is_post_url
from scraper.urls import at_listed_host, host_of, without_session

_LARGEST_SITEMAP = 52_428_800  # bytes; the limit of the sitemap protocol (sitemaps.org), uncompressed

_TEXT_TYPES = re.compile(r"html|xml|text/plain|^$")
_XML_HEAD = re.compile(rb"^[\s\xef\xbb\xbf]*(?:<\?xml|<(?:\w+:)?(?:urlset|sitemapindex|rss|feed|RDF)\b)")
_URLS = re.compile(rb"(?:<loc>\s*|^(?=http))([^<\s]+)", re.MULTILINE)  # of a sitemap, in XML or one in each line
_MOST_LINKS = 20_000  # on a page; each costs about 0.2 ms. The longest real page seen has some thousands
_LINK = re.compile(r"<a[\s>]", re.IGNORECASE)
_FEW_LINKS = 5  # a page that shows no article and has no more links is not a list either
_FEWEST_ENTRIES = 2  # entries of a list; see list_items.py
_HEADLINE_WORDS = 8  # hyphens in a URL; names of sections have up to seven words
_LOOKS_LIKE_HTML = re.compile(
    r"<(?:!doctype html|html|head|body|div|table|title|script|p|h\d|ul|li|article|br|b|font|center)\b", re.IGNORECASE
)


def read_page(
    capture: Capture,
    source: Source,
    *,
    shared: Collection[SharedDate] = (),
    met: str | None = None,
    generic: bool = False,
    links: bool = True,
    as_list: bool = False,
    followed: bool = False,
    list_links: bool = True,
) -> Page:
    """Parse a capture with status 200. The page is classified by its content; the platform of the source is only a hint.

    A page that should be an article but is not has the kind REFUSED, with a failure.
    `shared`: dates that are on all pages of the site. They are never a date of publication.
    `met`: the platform that other pages of the site showed. It decides the meaning of URLs in sitemaps and feeds.
    `generic`: use only the general rules, as if no layout matched.
    `links`: if False, the links of an article are not read; re-parsing does not need them.
    `as_list`: the page was requested as a list. If it is an article, its links are read like those of a list. Nothing else depends on it.
    `followed`: if the page is an article that was not requested as a list, only its links to sections and to its next page are read. A
    crawl follows no others.
    `list_links`: if False, the links of a list page are not read, either, and none of its faults.
    """
    if (url := without_session(capture.url)) != capture.url:
        capture = replace(capture, url=url)
    try:
        capture = _unpacked(capture)
    except TooLarge as error:
        return Page(PageKind.REFUSED, None, 0.0, None, 0.0, "none", failure=Failure("read", "too-large", capture.url, str(error)))
    body, content_type = capture.body, (capture.header("Content-Type") or "").lower()
    prior = PLATFORMS.get(source.platform) if source.platform else None
    named = _named(body, capture.url, content_type, prior or PLATFORMS.get(met or ""), source.hosts)
    if named is not None:
        kind = PageKind.SITEMAP if named.kind == "sitemap" else PageKind.FEED
        return Page(kind, prior.id if prior else None, 0.0, None, 0.0, "xml", links=named.links, faults=named.faults)
    if is_json(body, content_type) and (listed := html_of_json(body)) is not None:
        content_type = "text/html; charset=utf-8"
        capture = replace(capture, body=listed.encode("utf-8", "surrogatepass"), headers=(("Content-Type", content_type),))
        as_list = True
    elif is_json(body, content_type) and is_end_of_list(body):
        return Page(PageKind.LISTING, prior.id if prior else None, 0.0, None, 0.0, "none")
    decoded = decode(capture)
    if not (_TEXT_TYPES.search(content_type.partition(";")[0].strip()) and _LOOKS_LIKE_HTML.search(decoded.text[:65536])):
        return _other(capture, prior, content_type)
    bounded = _with_most_links(decoded)
    tree = _page_tree(capture.url, bounded.text, bounded.encoded)
    wanted = _Wanted(articles=links, lists=list_links, as_list=as_list, followed=followed)
    html = _Html(tree, detect(tree, source.platform), capture, source.hosts, wanted, generic=generic)
    page = _read_html(html, bounded, shared)
    if bounded is decoded:
        return page
    detail = f"only the first {_MOST_LINKS} links were read, and the page up to there"
    return replace(page, faults=(*page.faults, Failure("discover", "too-many-links", capture.url, detail)))


def _with_most_links(decoded: Decoded) -> Decoded:
    """Return the text of a page up to its link number _MOST_LINKS + 1. If the page has no more links, that is the same object."""
    if len(decoded.text) < _MOST_LINKS * len("<a>") or decoded.text.count("<a") + decoded.text.count("<A") <= _MOST_LINKS:
        return decoded
    beyond = next(islice(_LINK.finditer(decoded.text), _MOST_LINKS, None), None)
    return replace(decoded, text=decoded.text[: beyond.start()], original=None, encoded=None) if beyond is not None else decoded


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which links of a page are read: those of articles, those of list pages. The others are as in `read_page`."""

    articles: bool
    lists: bool
    as_list: bool
    followed: bool


class _Html:
    """An HTML page. Its links, and the fields that the general rules find, are read only when they are needed."""

    def __init__(
        self, tree: PageTree, found: Detection, capture: Capture, hosts: tuple[str, ...], wanted: _Wanted, *, generic: bool
    ) -> None:
        self.tree = tree
        self.found = found
        self.platform = found.platform
        self.capture = capture
        self.hosts = hosts
        self.wanted = wanted
        self.generic = generic  # use only the general rules

    @property
    def links(self) -> tuple[Link, ...]:
        """The links of the page, by the rules of its platform and by its menus."""
        return self._by_rules.links

    @cached_property
    def sections(self) -> tuple[Link, ...]:
        """The links of the page to sections: the menus."""
        if "_by_rules" in vars(self):
            return tuple(link for link in self.links if link.role is LinkRole.LISTING)
        return section_links(self.tree, self.platform, self.hosts)

    def leads_to_article(self) -> bool:
        """Return True if the page links to an article whose URL has an id of its platform."""
        if self.wanted.lists:
            return any(link.role is LinkRole.ARTICLE and self.platform.article_id(link.url) is not None for link in self.links)
        return leads_to_article(self.tree, self.platform, self.hosts, self.capture.captured_at)

    @cached_property
    def _by_rules(self) -> PageLinks:
        return page_links(self.tree, self.platform, self.hosts, self.capture.captured_at)

    @cached_property
    def list_links(self) -> tuple[Link, ...]:
        """The links of the page as a list, with the entries that the general rules find: an unknown platform has no selectors for its lists,
        and on a known one an article may have any URL. If every headline has a URL of the platform, the entries are not searched for.
        """
        by_rules = self._by_rules
        if self.platform is not PLAIN and by_rules.undecided < _FEWEST_ENTRIES:
            return by_rules.links
        entries = self.fields.list_entries()
        if not entries:
            leads_on = any(link.role in (LinkRole.ARTICLE, LinkRole.NEXT) for link in by_rules.links)
            return by_rules.links if leads_on else (*by_rules.links, *by_rules.others)
        return page_links(self.tree, self.platform, self.hosts, self.capture.captured_at, entries).links

    @cached_property
    def fields(self) -> GenericFields:
        """The fields that the general rules find."""
        return read_generic(self.tree, self.capture.captured_at)


def _read_html(html: _Html, decoded: Decoded, shared: Collection[SharedDate]) -> Page:
    """Classify and parse an HTML page. `shared` is that of `read_page`."""
    tree, capture = html.tree, html.capture
    if is_challenge(tree):
        return _refused(capture, html.found, decoded, "challenge")
    if (target := redirect_target(tree)) is not None:
        return _redirect(html, decoded, target)
    if framed := frames(tree, is_home=_is_home(capture.url)):
        return _frame_page(html, decoded, framed)
    article = _article(html)
    if not isinstance(article, Article) and not _is_home(capture.url):
        article = _article_of_script(html) or article
    if _is_captcha(tree, article):
        return _refused(capture, html.found, decoded, "challenge")
    if (replaced := replaced_by(tree, article)) is not None:
        if replaced == "script-shell" and (listed := _list_of_script(html, decoded)) is not None:
            return listed
        return _refused(capture, html.found, decoded, replaced)
    if isinstance(article, str):
        return _refused(capture, html.found, decoded, article)
    if article is None:
        if not html.wanted.lists:
            return _page(PageKind.LISTING, html.found, decoded)
        return _list_page(tree, html.found, decoded, html.list_links, html.hosts)
    if decoded.original is not None:
        article = _with_originals(article, html, decoded.original)
    article = with_canonical(tree, html.platform, complete(article, shared), html.hosts)
    if capture.truncated:
        article = replace(article, flags=(*article.flags, "truncated"))
    found = _article_links(html) if html.wanted.articles else ()
    return _page(PageKind.ARTICLE, html.found, decoded, links=found, article=article)


def _redirect(html: _Html, decoded: Decoded, target: str) -> Page:
    """Return a page that only sends its reader to `target`. If that is on another host, nothing is followed."""
    if host_of(target) not in html.hosts:
        page = _refused(html.capture, html.found, decoded, "off-site")
        return replace(page, failure=Failure("read", "off-site", html.capture.url, "the page sends its reader to another site", target))
    return replace(_page(PageKind.REDIRECT, html.found, decoded), target=target)


def _frame_page(html: _Html, decoded: Decoded, framed: Sequence[str]) -> Page:
    """Return a page that consists of frames as a list page that links to them."""
    here = [(url, at_listed_host(url, html.hosts)) for url in framed]
    links = tuple(Link(listed, LinkRole.LISTING) for _, listed in here if listed is not None)
    others = Counter(host for url, listed in here if listed is None and (host := host_of(url)) is not None)
    page = _page(PageKind.LISTING, html.found, decoded, links=links)
    return replace(page, faults=(other_hosts(html.capture.url, others),)) if others else page


def _article_links(html: _Html) -> tuple[Link, ...]:
    """Return the links of an article, with the next page of it."""
    if html.wanted.as_list:
        links: tuple[Link, ...] = (*html.list_links, *announced(html.tree, html.hosts))
    else:
        links = html.sections if html.wanted.followed else html.links
    part = next_part(html.tree, html.hosts)
    return links if part is None else (*links, part)


def _is_captcha(tree: PageTree, article: Article | str | None) -> bool:
    """Return True if a page wants the reader to prove that he is a person.

    Such a page never matches the layout of an article. It may have a date, but not inside the frame of a site.
    """
    if isinstance(article, Article) and article.layout != "generic":
        return False
    is_dated = isinstance(article, Article) and article.published.value is not None
    return is_bare_captcha(tree) or (not is_dated and (is_framed_captcha(tree) or is_firewall(tree)))


def _article(html: _Html) -> Article | str | None:
    """Return the article on a page; None for any other page; a reason code if the page should be an article but is not."""
    tree, platform, url = html.tree, html.platform, html.capture.url
    if is_not_found(tree, platform.not_found):
        return "soft-404"
    if _is_home(url):
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


def _by_general_rules(html: _Html, lacking: str | None) -> Article | str | None:
    """Return what `_article` returns for a page that no layout matches. `lacking` is that of `_generic_article`."""
    if is_named_login(html.tree):
        return "login"
    found = _generic_article(html, lacking)
    # A short article may be beside the log-in box of its site.
    if is_login(html.tree) and not (isinstance(found, Article) and found.published.value is not None):
        return "login"
    return found if isinstance(found, Article) else reason_without_article(html.tree, is_named=lacking is not None) or found


def _generic_article(html: _Html, lacking: str | None) -> Article | str | None:
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


def _is_named_section(html: _Html) -> bool:
    """Return True if a page that looks like an article is a section that shows its first article whole: its menu names the page."""
    fields = html.fields
    return is_section_of_menu(html.tree, fields.title.value or "", len(fields.list_entries()), is_above_headline=fields.is_above_headline)


def _article_of_script(html: _Html) -> Article | None:
    """Return the article that only the data for a script describe; None if there is none."""
    fields = state_article(html.tree, html.capture.captured_at)
    article = generic_article(html.tree, html.platform, fields, f"{PLAIN.id}/page-data") if fields is not None else None
    return article if isinstance(article, Article) else None


def _list_of_script(html: _Html, decoded: Decoded) -> Page | None:
    """Return the list page that only the data for a script describe; None if they name no URL of an article."""
    shown = html_of_values(script_data(html.tree)) if html.wanted.lists and has_script_data(html.tree) else None
    if shown is None:
        return None
    tree = _page_tree(html.capture.url, f"<html><body>{shown}</body></html>")
    listed = _Html(tree, html.found, html.capture, html.hosts, html.wanted, generic=html.generic)
    page = _list_page(tree, html.found, decoded, listed.list_links, html.hosts)
    return page if any(link.role is LinkRole.ARTICLE for link in page.links) else None


def _links_to_itself(html: _Html) -> bool:
    """Return True if the menu or the breadcrumb of a page names the page itself as a section. Its URL may have an id and a name, like
    that of an article ("/tin-tuc-12.html"). No menu names an article that is gone.
    """
    own = {tidy(html.capture.url), html.platform.canonical_url(html.capture.url)}
    return any(link.role is LinkRole.LISTING and link.url in own for link in html.links)


def _is_home(url: str) -> bool:
    """Return True if a URL is that of a page that shows articles but is never one: the home page, or a list page that came by POST."""
    parts = urlsplit(url)
    return (parts.path in ("", "/") and not parts.query) or is_post_url(url)


def _with_originals(article: Article, html: _Html, original: str) -> Article:
    """Return the article with the original value of each field that the repair of the encoding changed."""
    tree = _page_tree(html.capture.url, original)
    unrepaired = _article(_Html(tree, html.found, html.capture, html.hosts, html.wanted, generic=html.generic))
    if not isinstance(unrepaired, Article):
        return article

    def kept(field: Text, before: Text) -> Text:
        return field if field.value == before.value else replace(field, original=before.original or before.value)

    return replace(
        article,
        title=kept(article.title, unrepaired.title),
        summary=kept(article.summary, unrepaired.summary),
        author=kept(article.author, unrepaired.author),
        section=kept(article.section, unrepaired.section),
        body=kept(article.body, unrepaired.body),
    )


def _page_tree(url: str, text: str, encoded: bytes | None = None) -> PageTree:
    """Return the page tree. NUL bytes are left out, because they end a text for many programs."""
    if encoded is None or b"\x00" in encoded:
        return PageTree(url, text.replace("\x00", ""))
    return PageTree(url, text, encoded)


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


def _unpacked(capture: Capture) -> Capture:
    """Return the capture with its gzip body decompressed: a sitemap.xml.gz, or a page sent without Content-Encoding.

    A body that is not gzip, or is damaged, is returned unchanged.

    Raises:
        TooLarge: the decompressed body has more than 52,428,800 bytes, the limit of the sitemap protocol.
    """
    if not capture.body.startswith(b"\x1f\x8b"):
        return capture
    try:
        unpacked = gunzip(capture.body, _LARGEST_SITEMAP)
    except CannotDecode:
        return capture
    return replace(capture, body=unpacked.body, truncated=capture.truncated or unpacked.truncated)


def _named(body: bytes, url: str, content_type: str, platform: Platform | None, hosts: tuple[str, ...]) -> Named | None:
    """Return the links of a sitemap or feed; None for any other page."""
    head = as_utf8(body[:2048])
    if _XML_HEAD.match(head) and b"<html" not in head.lower():
        return read_feed(body, url, platform or _platform_of_urls(body), hosts)
    if is_json(body, content_type) and (feed := read_json_feed(body, url, platform, hosts)) is not None:
        return feed
    if "text/plain" in content_type and body[:16].lstrip(b"\xef\xbb\xbf \r\n").startswith((b"http://", b"https://")):
        return read_text_sitemap(body, url, platform or _platform_of_urls(body), hosts)
    return None


def _platform_of_urls(body: bytes) -> Platform | None:
    """Return the platform that recognises most URLs of a sitemap as articles, if it is the only one; else None.

    Only used if neither the source nor another page of the site names a platform.
    """
    found = [url.decode("utf-8", "replace") for url in _URLS.findall(body[:200_000])][:50]
    urls = [url for url in found if host_of(url)]
    named = [platform for platform in PLATFORMS.values() if platform is not PLAIN]
    knowing = [platform for platform in named if sum(platform.article_id(url) is not None for url in urls) * 2 > len(urls)]
    return knowing[0] if urls and len(knowing) == 1 else None


def _other(capture: Capture, prior: Platform | None, content_type: str) -> Page:
    """Return a page for a file or a picture. It is a failure if the URL is that of an article; otherwise it is only kept."""
    if prior is not None and prior.article_id(capture.url):
        failure = Failure("read", "not-html", capture.url, f"content type {content_type or 'unknown'}")
        return Page(PageKind.REFUSED, prior.id, 0.0, None, 0.0, "none", failure=failure)
    return Page(PageKind.OTHER, prior.id if prior else None, 0.0, None, 0.0, "none")


def _list_page(tree: PageTree, found: Detection, decoded: Decoded, links: tuple[Link, ...], hosts: tuple[str, ...]) -> Page:
    page = _page(PageKind.LISTING, found, decoded, links=(*links, *announced(tree, hosts)))
    return replace(page, faults=faults(tree, found.platform, hosts, links))


def _layout(tree: PageTree, platform: Platform, capture: Capture) -> Layout | None:
    """Return the layout of a page by its structure and its capture date; None if no layout matches."""
    return first_of_day([layout for layout in platform.layouts if tree.matches(layout.when)], capture.captured_at.date())


def _is_listing(tree: PageTree, platform: Platform, links: Sequence[Link]) -> bool:
    return len(links) > _FEW_LINKS and (platform.item_box is None or tree.matches(platform.item_box))


def _page(kind: PageKind, found: Detection, decoded: Decoded, links: tuple[Link, ...] = (), article: Article | None = None) -> Page:
    return Page(
        kind,
        found.platform.id,
        found.score,
        found.runner_up,
        found.runner_up_score,
        decoded.encoding,
        article,
        links=links,
        encoding_rule=decoded.rule,
    )


def _refused(capture: Capture, found: Detection, decoded: Decoded, reason: str) -> Page:
    failure = Failure("read", reason, capture.url)
    return Page(
        PageKind.REFUSED,
        found.platform.id,
        found.score,
        found.runner_up,
        found.runner_up_score,
        decoded.encoding,
        failure=failure,
        encoding_rule=decoded.rule,
    )
