"""Classifies a capture: an article, a list page, a sitemap, a feed, or a page that is refused with a reason. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import islice

from scraper.content_coding import CannotDecode, TooLarge, gunzip
from scraper.model import Article, Capture, Failure, Link, LinkRole, Page, PageKind, SharedDate, Source, Text
from scraper.parse.article_on_page import article_of_script, article_on
from scraper.parse.classify.canonical_url import with_canonical
from scraper.parse.classify.page_redirects import frames, redirect_target
from scraper.parse.classify.platform_detection import Detection, detect
from scraper.parse.classify.refused_pages import (
    is_bare_captcha,
    is_challenge,
    is_firewall,
    is_framed_captcha,
)
from scraper.parse.classify.replaced_sites import is_parked, replaced_by
from scraper.parse.decode.charset import Decoded, decode
from scraper.parse.discover.announced_feeds import announced, faults
from scraper.parse.discover.feeds import Named, as_utf8, other_hosts, read_feed, read_json_feed, read_text_sitemap
from scraper.parse.discover.json_lists import html_of_json, html_of_values, is_end_of_list, is_json
from scraper.parse.discover.loaded_parts import written_links
from scraper.parse.enrich.enrichment import complete
from scraper.parse.enrich.framed_text import frame_of_text
from scraper.parse.enrich.multipage import next_part
from scraper.parse.generic.script_data import has_script_data, script_data
from scraper.parse.html_page import HtmlPage, Wanted, is_home_page
from scraper.parse.languages import language_of_links
from scraper.parse.tree.page_tree import PageTree
from scraper.parse.tree.script_content import with_script_content
from scraper.platforms import PLAIN, PLATFORMS
from scraper.platforms.kit import Platform
from scraper.rule_codes import RuleCode
from scraper.urls import at_listed_host, host_of, without_session

_LARGEST_SITEMAP = 52_428_800  # bytes; the limit of the sitemap protocol (sitemaps.org), uncompressed

_TEXT_TYPES = re.compile(r"html|xml|text/plain|^$")
_XML_HEAD = re.compile(rb"^[\s\xef\xbb\xbf]*(?:<\?xml|<(?:\w+:)?(?:urlset|sitemapindex|rss|feed|RDF)\b)")
_URLS = re.compile(rb"(?:<loc>\s*|^(?=http))([^<\s]+)", re.MULTILINE)  # of a sitemap, in XML or one in each line
_MOST_LINKS = 20_000  # on a page; each costs about 0.2 ms. The longest real page seen has some thousands
_LINK = re.compile(r"<a[\s>]", re.IGNORECASE)
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
    if (listed := _as_html(body, content_type)) is not None:
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
    wanted = Wanted(articles=links, lists=list_links, as_list=as_list, followed=followed)
    html = HtmlPage(tree, detect(tree, source.platform), capture, source.hosts, wanted, generic=generic)
    page = _read_html(html, bounded, shared)
    if bounded is decoded:
        return page
    detail = f"only the first {_MOST_LINKS} links were read, and the page up to there"
    return replace(page, faults=(*page.faults, Failure("discover", "too-many-links", capture.url, detail)))


def _as_html(body: bytes, content_type: str) -> str | None:
    """Return the HTML for an answer that a script handles: JSON with a list, or a script that writes a menu; None for any other answer."""
    if is_json(body, content_type):
        return html_of_json(body)
    return written_links(body.decode("utf-8", "replace")) or None if "javascript" in content_type and b"<a" in body else None


def _with_most_links(decoded: Decoded) -> Decoded:
    """Return the text of a page up to its link number _MOST_LINKS + 1. If the page has no more links, that is the same object."""
    if len(decoded.text) < _MOST_LINKS * len("<a>") or decoded.text.count("<a") + decoded.text.count("<A") <= _MOST_LINKS:
        return decoded
    beyond = next(islice(_LINK.finditer(decoded.text), _MOST_LINKS, None), None)
    return replace(decoded, text=decoded.text[: beyond.start()], original=None, encoded=None) if beyond is not None else decoded


def _read_html(html: HtmlPage, decoded: Decoded, shared: Collection[SharedDate]) -> Page:
    """Classify and parse an HTML page. `shared` is that of `read_page`."""
    tree, capture = html.tree, html.capture
    if is_challenge(tree):
        return _refused(capture, html.found, decoded, "challenge")
    if (target := redirect_target(tree)) is not None:
        return _redirect(html, decoded, target)
    if framed := frames(tree, is_home=is_home_page(capture.url)):
        if is_parked(tree):  # the frame is that of a seller of domains
            return _refused(capture, html.found, decoded, "parked")
        return _frame_page(html, decoded, framed)
    article = _article(html)
    if _is_captcha(tree, article):
        return _refused(capture, html.found, decoded, "challenge")
    if (replaced := replaced_by(tree, article)) is not None:
        return _shell(html, decoded) if replaced == "script-shell" else _refused(capture, html.found, decoded, replaced)
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
    found = _article_links(html, article) if html.wanted.articles else ()
    return _page(PageKind.ARTICLE, html.found, decoded, links=found, article=article)


def _article(html: HtmlPage) -> Article | str | None:
    """Return the article on a page, or in the data and the texts that it keeps for its script; else what `article_on` returns."""
    article = article_on(html)
    if is_home_page(html.capture.url):
        return article
    if not isinstance(article, Article):
        article = article_of_script(html) or article
    return (_with_script_content(html) if _lacks_text(article) else None) or article


def _shell(html: HtmlPage, decoded: Decoded) -> Page:
    """Return a page that only a script fills: as a list page if its data name articles, else refused. The feeds that a home page announces
    are there without its script.
    """
    if (listed := _list_of_script(html, decoded)) is not None:
        return listed
    named = announced(html.tree, html.hosts) if is_home_page(html.capture.url) else ()
    return replace(_refused(html.capture, html.found, decoded, "script-shell"), links=named)


def _lacks_text(article: Article | str | None) -> bool:
    """Return True if a page should be an article but shows no text, or a text that only trafilatura found: in a `<template>`."""
    if isinstance(article, Article):
        return not article.body.value or article.body.rule.code is RuleCode.FALLBACK_TRAFILATURA
    return isinstance(article, str)


def _with_script_content(html: HtmlPage) -> Article | None:
    """Return the article with the text that the page keeps for its script; None if it keeps none."""
    tree = with_script_content(html.tree)
    if tree is None:
        return None
    article = article_on(HtmlPage(tree, html.found, html.capture, html.hosts, html.wanted, generic=html.generic))
    return article if isinstance(article, Article) and article.body.value else None


def _redirect(html: HtmlPage, decoded: Decoded, target: str) -> Page:
    """Return a page that only sends its reader to `target`. If that is on another host, nothing is followed."""
    if host_of(target) not in html.hosts:
        page = _refused(html.capture, html.found, decoded, "off-site")
        return replace(page, failure=Failure("read", "off-site", html.capture.url, "the page sends its reader to another site", target))
    return replace(_page(PageKind.REDIRECT, html.found, decoded), target=target)


def _frame_page(html: HtmlPage, decoded: Decoded, framed: Sequence[str]) -> Page:
    """Return a page that consists of frames as a list page that links to them."""
    here = [(url, at_listed_host(url, html.hosts)) for url in framed]
    links = tuple(Link(listed, LinkRole.LISTING) for _, listed in here if listed is not None)
    others = Counter(host for url, listed in here if listed is None and (host := host_of(url)) is not None)
    page = _page(PageKind.LISTING, html.found, decoded, links=links)
    return replace(page, faults=(other_hosts(html.capture.url, others),)) if others else page


def _article_links(html: HtmlPage, article: Article) -> tuple[Link, ...]:
    """Return the links of an article, with the next page of it, or the frame that holds its text."""
    if html.wanted.as_list:
        links: tuple[Link, ...] = (*html.list_links, *announced(html.tree, html.hosts))
    else:
        links = html.sections if html.wanted.followed else html.links
    part = next_part(html.tree, html.hosts) or frame_of_text(html.tree, article, html.hosts)
    return links if part is None else (*links, part)


def _is_captcha(tree: PageTree, article: Article | str | None) -> bool:
    """Return True if a page wants the reader to prove that he is a person.

    Such a page never matches the layout of an article. It may have a date, but not inside the frame of a site.
    """
    if isinstance(article, Article) and article.layout != "generic":
        return False
    is_dated = isinstance(article, Article) and article.published.value is not None
    return is_bare_captcha(tree) or (not is_dated and (is_framed_captcha(tree) or is_firewall(tree)))


def _list_of_script(html: HtmlPage, decoded: Decoded) -> Page | None:
    """Return the list page that only the data for a script describe; None if they name no URL of an article."""
    shown = html_of_values(script_data(html.tree)) if html.wanted.lists and has_script_data(html.tree) else None
    if shown is None:
        return None
    tree = _page_tree(html.capture.url, f"<html><body>{shown}</body></html>")
    listed = HtmlPage(tree, html.found, html.capture, html.hosts, html.wanted, generic=html.generic)
    page = _list_page(tree, html.found, decoded, listed.list_links, html.hosts)
    return page if any(link.role is LinkRole.ARTICLE for link in page.links) else None


def _with_originals(article: Article, html: HtmlPage, original: str) -> Article:
    """Return the article with the original value of each field that the repair of the encoding changed."""
    tree = _page_tree(html.capture.url, original)
    unrepaired = article_on(HtmlPage(tree, html.found, html.capture, html.hosts, html.wanted, generic=html.generic))
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
    return replace(page, faults=faults(tree, found.platform, hosts, links), language=language_of_links(tree))


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
