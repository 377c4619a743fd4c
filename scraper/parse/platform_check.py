"""Checks a platform against the pages of a recorded site: what its markers, layouts, rules for URLs and pager find, and what they miss. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from statistics import median
from urllib.parse import urlsplit

from scraper.model import Article, Capture, LinkRole, Page, PageKind, Rule, Source
from scraper.parse.classify.platform_detection import detect, scores
from scraper.parse.decode.charset import decode
from scraper.parse.discover.json_lists import is_json
from scraper.parse.discover.pagers import later_pages
from scraper.parse.discover.script_functions import Functions
from scraper.parse.page_reader import read_page
from scraper.parse.tree.page_tree import PageTree
from scraper.platforms import PLAIN, Platform
from scraper.platforms.kit import UrlKind
from scraper.rule_codes import RuleCode
from scraper.urls import host_of

FIELDS = ("title", "published", "body")
BY_LAYOUT, BY_OTHER_RULES, MISSING = "by the layout", "by other rules", "missing"
# Reasons that are the state of the site and not a fault of the platform: the page is gone, or needs a person.
_STATE_OF_SITE = frozenset(("soft-404", "login", "challenge", "parked", "placeholder", "script-shell", "server-error", "too-large"))
_LINK_KINDS = ("article", "maybe article", "section", "later page", "trap", "file", "unknown")
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|rtf|zip|rar|7z|jpe?g|png|gif|svg|webp|mp[34]|wmv|flv)$", re.IGNORECASE)
_SHAPES = 8  # shapes of unknown URLs that are reported
_NAMES = 3  # parameters of a query that a shape names


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that needs attention. `kind`: a key of PROBLEMS."""

    kind: str
    url: str
    detail: str = ""


# Each kind of problem: what is wrong, and what to do.
PROBLEMS = {
    "other-platform": "the page is detected as another platform; add a marker that these pages have, or change weights",
    "not-detected": "the page is not detected as any platform; add a marker that these pages have",
    "no-layout": "the article is read by the general rules, because no layout matches; correct `when` of a layout, or add a layout",
    "missing-field": "the layout finds no value; correct its selectors for the field",
    "unknown-article-url": "the page is an article, but its URL is not; correct article_ids, maybe_articles or traps",
    "not-an-article": "the URL is that of an article, but the page is not; correct article_ids, or the layout",
    "pager-not-found": "the list has later pages that the pager does not find; correct pager_links or pager",
    "no-article-link": "the list page leads to no article; correct article_links or the rules for URLs",
    "no-page": "the recording has no HTML page of this site",
}


@dataclass(frozen=True, slots=True)
class PageCheck:
    """The findings on one HTML page."""

    url: str
    kind: PageKind
    reason: str | None  # why the page was refused
    detected: str  # the platform that the markers show; "plain" if no score is enough
    score: float  # of the checked platform
    other: tuple[str, float]  # the best other platform and its score
    url_kind: UrlKind  # by the rules of the checked platform
    layout: str | None
    fields: dict[str, str]  # for an article: each of FIELDS -> BY_LAYOUT, BY_OTHER_RULES or MISSING
    markers: tuple[bool, ...]  # for each marker of the platform: whether the page has it
    articles: int  # number of links to articles
    pager: bool  # whether the pager finds a later page
    missed_pages: tuple[str, ...]  # later pages that only the general rules find
    links: dict[str, str]  # URL of each link to the same site -> one of _LINK_KINDS


@dataclass(frozen=True, slots=True)
class PlatformReport:
    """The findings on a whole site. All numbers count pages, unless stated."""

    platform: str
    pages: int
    detected: int
    lowest_score: float
    median_score: float
    best_other: tuple[str, float]  # the highest score of another platform on any page
    markers: dict[str, int]  # each marker -> pages that have it
    kinds: dict[str, int]
    refused: dict[str, int]  # reason -> pages
    layouts: dict[str, int]  # of articles; layouts that matched no page have 0
    fields: dict[str, dict[str, int]]  # of articles
    lists_with_articles: int
    lists_with_pager: int
    links: dict[str, int]  # unique URLs by kind
    unknown: tuple[tuple[str, int, str], ...]  # shape of unknown URLs, number of URLs, an example
    problems: tuple[Problem, ...]


def check_page(capture: Capture, source: Source, platform: Platform) -> PageCheck | None:
    """Returns the findings on one page; None if it is not an HTML page, also a part of a list in JSON. `source`: a source with the hosts
    of the site."""
    if is_json(capture.body, (capture.header("Content-Type") or "").lower()):
        return None  # no marker can be on it
    page = read_page(capture, replace(source, platform=platform.id))
    if page.kind not in (PageKind.ARTICLE, PageKind.LISTING, PageKind.REFUSED) or page.encoding == "none":
        return None
    tree = PageTree(capture.url, decode(capture).text.replace("\x00", ""))
    weighed = scores(tree)
    other = max(((name, score) for name, score in weighed.items() if name != platform.id), key=lambda pair: (pair[1], pair[0]))
    roles = Counter(link.role for link in page.links)
    return PageCheck(
        url=capture.url,
        kind=page.kind,
        reason=page.failure.reason if page.failure is not None else None,
        detected=detect(tree).platform.id,
        score=weighed[platform.id],
        other=other,
        url_kind=platform.url_kind(capture.url),
        layout=page.article.layout if page.article is not None else None,
        fields=_fields(page.article) if page.article is not None else {},
        markers=tuple(
            tree.matches(marker.css) if marker.css is not None else (marker.source or "") in tree.source for marker in platform.markers
        ),
        articles=roles[LinkRole.ARTICLE],
        pager=_finds_later_page(tree, page, platform),
        missed_pages=tuple(_missed(tree, page, source, platform)),
        links=_links(tree, source, platform),
    )


def _fields(article: Article) -> dict[str, str]:
    found: dict[str, tuple[object, Rule]] = {
        "title": (article.title.value, article.title.rule),
        "published": (article.published.value, article.published.rule),
        "body": (article.body.value, article.body.rule),
    }
    return {name: _way(article, value, rule) for name, (value, rule) in found.items()}


def _way(article: Article, value: object, rule: Rule) -> str:
    """Returns how a field was read. If a layout fits, the general rules only fill what it lacks."""
    if _is_of_layout(rule):
        return BY_LAYOUT
    filled = article.layout != "generic" and rule.code.startswith("generic-")
    return BY_OTHER_RULES if value and not filled else MISSING


def _is_of_layout(rule: Rule) -> bool:
    return rule.code in (RuleCode.LAYOUT_SELECTOR, RuleCode.LAYOUT_WITHOUT_TEXT)


def _missed(tree: PageTree, page: Page, source: Source, platform: Platform) -> Iterator[str]:
    """Yields the later pages of a list that only the general rules find, if the pager of the platform finds none on this page."""
    if page.kind is not PageKind.LISTING or platform.is_trap(tree.url) or _finds_later_page(tree, page, platform):
        return
    for url in dict.fromkeys(later_pages(tree, Functions(tree))):
        # On the last page of a list, the numbers lead to earlier pages.
        if host_of(url) in source.hosts and not platform.is_later_page(url, tree.url):
            yield url


def _finds_later_page(tree: PageTree, page: Page, platform: Platform) -> bool:
    """Returns whether the platform finds a later page: by its pager, or as a part that a script loads."""
    later = [link for link in page.links if link.role is LinkRole.NEXT]
    return any(link.form is not None or platform.next_fragment is not None or platform.is_later_page(tree.url, link.url) for link in later)


def _links(tree: PageTree, source: Source, platform: Platform) -> dict[str, str]:
    urls = dict.fromkeys(url for node in tree.css("a[href]") if (url := tree.link(node)) is not None and host_of(url) in source.hosts)
    return {url: _kind(tree.url, url, platform) for url in urls}


def _kind(page: str, url: str, platform: Platform) -> str:
    kind = platform.url_kind(url)
    if kind not in (UrlKind.OTHER, UrlKind.SECTION):
        return kind.value
    if platform.is_later_page(page, url):
        return "later page"
    if kind is UrlKind.SECTION:
        return kind.value
    return "file" if _FILE.search(urlsplit(url).path) else "unknown"


def report(platform: Platform, checks: Iterable[PageCheck]) -> PlatformReport:
    """Returns the findings on all pages of a site, with everything that needs attention."""
    pages = list(checks)
    articles = [page for page in pages if page.kind is PageKind.ARTICLE]
    lists = [page for page in pages if page.kind is PageKind.LISTING]
    scores_of_pages = [page.score for page in pages]
    links = _merged_links(pages)
    return PlatformReport(
        platform=platform.id,
        pages=len(pages),
        detected=sum(page.detected == platform.id for page in pages),
        lowest_score=min(scores_of_pages, default=0.0),
        median_score=median(scores_of_pages or [0.0]),
        best_other=max((page.other for page in pages), key=lambda pair: (pair[1], pair[0]), default=("none", 0.0)),
        markers=_markers(platform, pages),
        kinds=dict(Counter(page.kind.value for page in pages).most_common()),
        refused=dict(Counter(page.reason for page in pages if page.reason is not None).most_common()),
        layouts={layout.name: 0 for layout in platform.layouts} | dict(Counter(page.layout or "" for page in articles).most_common()),
        fields={name: _ways(name, articles) for name in FIELDS},
        lists_with_articles=sum(page.articles > 0 for page in lists),
        lists_with_pager=sum(page.pager for page in lists),
        links=_counted(_LINK_KINDS, links.values()),
        unknown=_shapes(url for url, kind in links.items() if kind == "unknown"),
        problems=tuple(_problems(platform, pages)),
    )


def _counted(names: Iterable[str], values: Iterable[str]) -> dict[str, int]:
    """Returns how often each name occurs among the values, also if it does not."""
    numbers = Counter(values)
    return {name: numbers[name] for name in names}


def _ways(field: str, articles: Iterable[PageCheck]) -> dict[str, int]:
    return _counted((BY_LAYOUT, BY_OTHER_RULES, MISSING), (article.fields[field] for article in articles))


def _markers(platform: Platform, pages: Iterable[PageCheck]) -> dict[str, int]:
    found = zip(*(page.markers for page in pages), strict=True)
    numbers = [sum(one) for one in found] or [0] * len(platform.markers)
    return {marker.css or marker.source or "": number for marker, number in zip(platform.markers, numbers, strict=True)}


def _merged_links(pages: Iterable[PageCheck]) -> dict[str, str]:
    """Returns the kind of each URL. The second page of a list is a later page only for the first one; for other pages it is a section."""
    links: dict[str, str] = {}
    for page in pages:
        for url, kind in page.links.items():
            links[url] = kind if kind == "later page" else links.get(url, kind)
    return links


def _problems(platform: Platform, pages: list[PageCheck]) -> Iterator[Problem]:
    if not pages:
        yield Problem("no-page", "")
    for page in pages:
        yield from _of_page(platform, page) if page.detected == platform.id else _of_detection(page)
    lists = [page for page in pages if page.kind is PageKind.LISTING and page.detected == platform.id]
    if lists and not any(page.articles for page in lists):
        yield from (Problem("no-article-link", page.url) for page in lists)


def _of_page(platform: Platform, page: PageCheck) -> Iterator[Problem]:
    if page.kind is PageKind.ARTICLE:
        yield from _of_article(platform, page)
    elif page.url_kind is UrlKind.ARTICLE and page.reason not in _STATE_OF_SITE:
        yield Problem("not-an-article", page.url, page.reason or page.kind.value)
    if page.missed_pages:
        yield Problem("pager-not-found", page.url, f"like {page.missed_pages[0]}")


def _of_detection(page: PageCheck) -> Iterator[Problem]:
    if page.kind is not PageKind.REFUSED:
        kind = "not-detected" if page.detected == PLAIN.id else "other-platform"
        yield Problem(kind, page.url, f"score {page.score:g}; {page.other[0]} has {page.other[1]:g}")


def _of_article(platform: Platform, page: PageCheck) -> Iterator[Problem]:
    if platform.layouts and page.layout not in {layout.name for layout in platform.layouts}:
        yield Problem("no-layout", page.url, f"read by {page.layout}")
    for name, how in page.fields.items():
        if how == MISSING:
            yield Problem("missing-field", page.url, name)
    if page.url_kind in (UrlKind.OTHER, UrlKind.SECTION, UrlKind.TRAP):
        yield Problem("unknown-article-url", page.url, f"its URL is {page.url_kind.value!r}")


def _shapes(urls: Iterable[str]) -> tuple[tuple[str, int, str], ...]:
    """Returns the commonest shapes of URLs, each with the number of its URLs and an example: /tin/<words>-<digits>.html."""
    numbers: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for url in urls:
        parts = urlsplit(url)
        names = sorted(pair.partition("=")[0] for pair in parts.query.split("&")) if parts.query else []
        path = re.sub(r"\d+", "<digits>", re.sub(r"[^/.<>]*[a-z][^/.<>]*-[^/.<>]*", "<words>", parts.path, flags=re.IGNORECASE))
        shape = path + (f"?{'&'.join(names[:_NAMES])}{'&...' if len(names) > _NAMES else ''}" if names else "")
        numbers[shape] += 1
        examples.setdefault(shape, url)
    return tuple((shape, number, examples[shape]) for shape, number in numbers.most_common(_SHAPES))
