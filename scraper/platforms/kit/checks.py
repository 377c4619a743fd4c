"""Checks a platform: every fault with its part, what is wrong, and what to do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from scraper.platforms.kit.examples import Examples
from scraper.platforms.kit.layouts import DETECTED, Layout
from scraper.platforms.kit.platform import Platform, UrlKind

UNKNOWN = "plain"  # the id of the platform for pages of an unknown system
_HEAVIEST = 5.0
_SITE = "https://so.mau.test"  # the site of the examples
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_EMPTY = LexborHTMLParser("<p>")


def faults(platform: Platform) -> Iterator[str]:
    """Yields a line for each fault of a platform, such as "markers: the weight 9 of 'VHV.' ...; give it a weight up to 5"."""
    if not _ID.fullmatch(platform.id):
        yield f"id: {platform.id!r} must be lower-case letters and digits separated by hyphens, like 'nukeviet'"
    yield from _of_markers(platform)
    yield from _of_layouts(platform)
    yield from _of_selectors(platform)
    yield from _of_lists(platform)
    yield from _of_examples(platform)


def _of_markers(platform: Platform) -> Iterator[str]:
    for marker in platform.markers:
        sign = marker.css if marker.css is not None else marker.source
        if (marker.css is None) is (marker.source is None):
            yield f"markers: a marker of weight {marker.weight:g} must have either css or source; give it exactly one of them"
        elif not sign:
            yield "markers: a marker is empty, so it would be found on every page; write a selector or a text into it"
        if not 0 < marker.weight <= _HEAVIEST:
            yield f"markers: the weight {marker.weight:g} of {sign!r} must be above 0 and at most {_HEAVIEST:g}; see docs/adding-a-platform.md"
    copies = Counter((marker.css, marker.source) for marker in platform.markers)
    for (css, source), number in copies.items():
        if number > 1:
            yield f"markers: {css or source!r} is there {number} times; keep one of them"
    total = sum(marker.weight for marker in platform.markers)
    if total < DETECTED and platform.id != UNKNOWN:
        yield f"markers: all weights together are {total:g}, so no page can reach {DETECTED:g}; add markers or raise their weights"


def _of_layouts(platform: Platform) -> Iterator[str]:
    names = Counter(layout.name for layout in platform.layouts)
    for name, number in names.items():
        if number > 1:
            yield f"layouts: {number} layouts have the name {name!r}; give each a name of its own"
    if not platform.layouts and platform.id != UNKNOWN:
        yield "layouts: the platform has none, so no article can be parsed; add one"
    for layout in platform.layouts:
        yield from (f"layout {layout.name!r}: {fault}" for fault in _of_layout(layout, platform))


def _of_layout(layout: Layout, platform: Platform) -> Iterator[str]:
    if not layout.name.startswith(f"{platform.id}/"):
        yield f"the name must begin with '{platform.id}/'"
    for part in ("title", "body", "published"):
        if not getattr(layout, part):
            yield f"{part} is empty, so no article has one; add at least one selector"
    if not platform.article_ids and not layout.decisive:
        yield "no URL of the platform has an id, so only decisive layouts are used; make it decisive, or add article_ids"
    if layout.since is not None and layout.until is not None and layout.since > layout.until:
        yield f"it begins ({layout.since}) after it ends ({layout.until}); swap the two days"
    picks = [*layout.title, *layout.summary, *layout.author, *layout.section, *layout.tags]
    for pick in (*picks, *(date.pick for date in (*layout.published, *layout.modified))):
        if pick.pattern is not None and not pick.pattern.groups:
            yield f"the pattern {pick.pattern.pattern!r} of {pick.css!r} has no group; put the part that is the value in parentheses"


def _of_selectors(platform: Platform) -> Iterator[str]:
    named = {
        "markers": [marker.css for marker in platform.markers if marker.css],
        "pager_links": platform.pager_links,
        "article_links": platform.article_links,
        "section_links": platform.section_links,
        "item_box": [platform.item_box] if platform.item_box is not None else [],
        "item_day": [platform.item_day] if platform.item_day is not None else [],
    } | {f"layout {layout.name!r}": list(layout.selectors()) for layout in platform.layouts}
    for part, selectors in named.items():
        for css in dict.fromkeys(selectors):
            try:
                _EMPTY.css(css)
            except SelectolaxError:
                yield f"{part}: {css!r} is not a CSS selector; correct it"


def _of_lists(platform: Platform) -> Iterator[str]:
    if bool(platform.pager_links) is not (platform.pager is not None):
        yield "pager: pager_links and pager need each other; give both or none"
    if (platform.item_box is None) is not (platform.item_day is None):
        yield "item_day: item_box and item_day need each other; give both or none"
    for part in ("sitemaps", "feeds"):
        for path in getattr(platform, part):
            if not path.startswith("/"):
                yield f"{part}: {path!r} must be a path from the root of the site, like '/sitemap.xml'"


def _of_examples(platform: Platform) -> Iterator[str]:
    examples = platform.examples
    if platform.article_ids and not examples.articles:
        yield "examples: no article; add the URL of one, with its id"
    if not platform.article_ids and not (examples.maybe_articles or examples.headlines):
        yield "examples: no article; add the URL of one to maybe_articles"
    if not examples.sections:
        yield "examples: no section page; add the URL of one"
    if platform.pager is not None and not examples.later_pages:
        yield "examples: no later page of a list; add the URL of one, with the URL of its list"
    for path, kind, key in _wanted(examples):
        url = urljoin(_SITE, path)
        found_kind = platform.url_kind(url)
        found_key = platform.article_id(url) if found_kind is UrlKind.ARTICLE else None
        if (found_kind, found_key) != (kind, key):
            found, wanted = _shown(found_kind, found_key), _shown(kind, key)
            yield f"examples: {path!r} is {found!r} by the rules, not {wanted!r}; correct the rule or the example"
    yield from _of_later_pages(platform)
    for path, wanted in examples.canonical.items():
        found = platform.canonical_url(urljoin(_SITE, path)).removeprefix(_SITE)
        if found != wanted:
            yield f"examples: the canonical URL of {path!r} is {found!r}, not {wanted!r}; correct article_ids, keeps_query or the example"


def _wanted(examples: Examples) -> Iterator[tuple[str, UrlKind, str | None]]:
    """Yields the URLs of the examples, each with the kind that it must have and the id of its article."""
    yield from ((path, UrlKind.ARTICLE, key) for path, key in examples.articles.items())
    groups = (
        (UrlKind.ARTICLE, examples.headlines),
        (UrlKind.MAYBE_ARTICLE, examples.maybe_articles),
        (UrlKind.SECTION, examples.sections),
        (UrlKind.TRAP, examples.traps),
        (UrlKind.OTHER, examples.others),
    )
    for kind, paths in groups:
        yield from ((path, kind, None) for path in paths)


def _shown(kind: UrlKind, key: str | None) -> str:
    return kind.value if key is None else f"{kind.value} {key}"


def _of_later_pages(platform: Platform) -> Iterator[str]:
    for target, page in platform.examples.later_pages.items():
        if not platform.is_later_page(urljoin(_SITE, page), urljoin(_SITE, target)):
            yield f"examples: {target!r} is not a later page of {page!r} by the pager; correct the pager or the example"
    for target, page in platform.examples.not_later_pages.items():
        if platform.is_later_page(urljoin(_SITE, page), urljoin(_SITE, target)):
            yield f"examples: {target!r} is a later page of {page!r} by the pager; correct the pager or the example"
