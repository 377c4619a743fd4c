"""Reads the metadata of a page: JSON-LD, microdata, OpenGraph and other meta elements.

schema.org and ogp.me define the fields. Metadata are often wrong in the same way on every page of a site (the date of the
theme, the time of creation), so callers must check them against the visible page.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urljoin

from scraper.model import Rule
from scraper.parse.tree.page_tree import PageTree, text_of
from scraper.rule_codes import RuleCode
from scraper.text import clean, squeeze

_ARTICLE_TYPE = re.compile(
    r"(?:^|/)(?:News|Report|Reportage|Analysis|Opinion|Review|Background|Blog|Scholarly|Tech|Social\w*)?(?:Article|BlogPosting|Posting|Report)\w*$"
)
_CONTROL = re.compile(r"[\x00-\x1f]+")
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_MOST_BLOCKS = 20
_DEEPEST = 4  # values of JSON-LD inside each other; a bound against hostile input
_MOST_STEPS = 10  # of a breadcrumb
_LONGEST_OWNER = 200  # characters of the owner of a copyright; a bound against hostile input
_MOST_TAGS = 50  # in one element
_COPYRIGHT = re.compile(
    r"^(?>(?:\W*?(?:copyright|©|\(c\)|bản quyền(?: thuộc)?(?: về)?|by|(?:19|20)\d\d(?:\s*[-–]\s*(?:19|20)\d\d)?)(?!\w))+)\W*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class MetadataValue:
    """The value of a field, and its source in the metadata: JSON-LD, microdata or a meta element, and the property ("og:title")."""

    value: str
    code: RuleCode
    name: str

    @property
    def rule(self) -> Rule:
        """Return the rule of a field that takes the value as it is."""
        return Rule(self.code, self.name)


@dataclass(slots=True)
class Metadata:
    """The metadata of an article. Each field holds its values with their sources, the most explicit first."""

    title: list[MetadataValue] = field(default_factory=list)
    summary: list[MetadataValue] = field(default_factory=list)
    author: list[MetadataValue] = field(default_factory=list)
    section: list[MetadataValue] = field(default_factory=list)
    tags: list[MetadataValue] = field(default_factory=list)
    published: list[MetadataValue] = field(default_factory=list)
    modified: list[MetadataValue] = field(default_factory=list)
    body: list[MetadataValue] = field(default_factory=list)
    publisher: list[MetadataValue] = field(default_factory=list)  # the publisher of the site; an author with this name is not an author
    is_article: bool = False  # the metadata say that the page is an article


def read_metadata(tree: PageTree) -> Metadata:
    """Return all metadata of a page. Broken JSON-LD blocks are skipped."""
    return _read(tree, _PROPERTIES, _META)


def read_metadata_dates(tree: PageTree) -> Metadata:
    """Return only the dates of publication and of the last change in microdata and meta elements, and all JSON-LD. Faster."""
    return _read(tree, _DATE_PROPERTIES, _DATE_META)


def _read(tree: PageTree, properties: Mapping[str, str], meta: Mapping[str, str]) -> Metadata:
    metadata = Metadata()
    for block in _articles(tree):
        metadata.is_article = True
        _json_ld(block, metadata)
    _microdata(tree, metadata, properties)
    _meta(tree, metadata, meta)
    metadata.tags = _split(metadata.tags)
    return metadata


def _split(tags: list[MetadataValue]) -> list[MetadataValue]:
    """Return tags one by one. Some sites put all of them into one element, with commas; if there are several, a comma is part of a tag."""
    if len(tags) != 1:
        return tags
    return [MetadataValue(part, tags[0].code, tags[0].name) for tag in tags[0].value.split(",")[:_MOST_TAGS] if (part := tag.strip())]


# --- JSON-LD --------------------------------------------------------------------------------------


def _articles(tree: PageTree) -> list[Mapping[str, Any]]:
    """Return the JSON-LD blocks about articles. If there are several, only those with the URL of the page: others are other articles."""
    if not tree.mentions("ld+json"):
        return []
    found = list(_all_articles(tree))
    if len(found) < 2:
        return found
    pages = {_page_key(tree.url), *(_page_key(node.attrs.get("href") or "") for node in tree.css('link[rel="canonical"]'))} - {""}
    keys = [{_page_key(url, tree.url) for url in _urls(block)} - {""} for block in found]
    own = [block for block, urls in zip(found, keys, strict=True) if urls & pages]
    return own or [block for block, urls in zip(found, keys, strict=True) if not urls] or found


def _urls(block: Mapping[str, Any]) -> Iterator[str]:
    """Yield the URLs of the page that a block describes."""
    for name in ("url", "@id", "mainEntityOfPage"):
        value = block.get(name)
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str):
            yield value


def _page_key(url: str, base: str = "") -> str:
    """Return a URL in a form that is equal for all spellings: without the scheme, "www.", the fragment and the last slash."""
    try:
        whole = urljoin(base, url.strip())
    except ValueError:
        return ""
    return unquote(whole).partition("#")[0].partition("://")[2].lower().removeprefix("www.").removesuffix("/")


def _all_articles(tree: PageTree) -> Iterator[Mapping[str, Any]]:
    for node in tree.css('script[type="application/ld+json"]')[:_MOST_BLOCKS]:
        for block in _flat(_loaded(node.text(strip=False) or "")):
            kinds = block.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(kind, str) and _ARTICLE_TYPE.search(kind) for kind in kinds):
                yield block


def breadcrumb(tree: PageTree) -> list[str]:
    """Return the names of the steps in a breadcrumb in JSON-LD, from the home page on; [] if there is none."""
    if not tree.mentions("ld+json") or "BreadcrumbList" not in tree.source:
        return []
    for node in tree.css('script[type="application/ld+json"]')[:_MOST_BLOCKS]:
        for block in _flat(_loaded(node.text(strip=False) or "")):
            steps = block.get("itemListElement")
            if block.get("@type") == "BreadcrumbList" and isinstance(steps, list):
                return [name for step in steps[:_MOST_STEPS] if isinstance(step, dict) and (name := _name_of_step(step))]
    return []


def _name_of_step(step: Mapping[str, Any]) -> str:
    names = _strings(step.get("name")) or _strings(step.get("item") if isinstance(step.get("item"), dict) else None)
    return _plain(names[0]) if names else ""


def _loaded(text: str) -> Any:
    text = text.strip().removeprefix("//<![CDATA[").removesuffix("//]]>").removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
    for repair in (str, _without_faults):
        try:
            return json.loads(repair(text), strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _without_faults(text: str) -> str:
    return _TRAILING_COMMA.sub(r"\1", _CONTROL.sub(" ", text))


def _flat(value: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value[:100]:
            yield from _flat(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            if name in value:
                yield from _flat(value[name], depth + 1)


def _json_ld(block: Mapping[str, Any], metadata: Metadata) -> None:
    def add(target: list[MetadataValue], name: str, values: Iterator[str] | list[str]) -> None:
        target += [MetadataValue(text, RuleCode.JSON_LD, name) for value in values if (text := _plain(value))]

    add(metadata.title, "headline", _strings(block.get("headline")) or _strings(block.get("name")))
    add(metadata.summary, "description", _strings(block.get("description")))
    add(metadata.author, "author", _names(block.get("author")))
    add(metadata.publisher, "publisher", _names(block.get("publisher")))
    add(metadata.section, "articleSection", _strings(block.get("articleSection"))[:1])
    keywords = [part for value in _strings(block.get("keywords")) for part in value.split(",")]
    add(metadata.tags, "keywords", keywords)
    add(metadata.published, "datePublished", _strings(block.get("datePublished")))
    add(metadata.modified, "dateModified", _strings(block.get("dateModified")))
    metadata.body += [MetadataValue(text, RuleCode.JSON_LD, "articleBody") for text in _strings(block.get("articleBody")) if text.strip()]


def _strings(value: Any, depth: int = 0) -> list[str]:
    if depth > _DEEPEST:
        return []
    if isinstance(value, str):
        return [value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return [str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)]
    if isinstance(value, list):
        return [text for item in value[:50] for text in _strings(item, depth + 1)]
    if isinstance(value, dict):
        return _strings(value.get("@value") or value.get("name"), depth + 1)
    return []


def _names(value: Any) -> list[str]:
    return [text for text in _strings(value) if not text.startswith(("http://", "https://"))]


def _plain(text: str) -> str:
    """Return a value without the entities and tags that some programs leave in it."""
    text = html.unescape(text)
    return clean(re.sub(r"<[^<>]{1,200}>", " ", text) if "<" in text else text)


# --- microdata ------------------------------------------------------------------------------------

_PROPERTIES = {
    "headline": "title", "description": "summary", "author": "author", "articlesection": "section", "keywords": "tags",
    "datepublished": "published", "datecreated": "published", "datemodified": "modified",
}  # fmt: skip


_DATE_PROPERTIES = {name: field for name, field in _PROPERTIES.items() if field in ("published", "modified")}


def _microdata(tree: PageTree, metadata: Metadata, properties: Mapping[str, str]) -> None:
    if not tree.mentions("itemprop"):
        return
    scope = tree.first("[itemtype*='Article'], [itemtype*='BlogPosting']")
    metadata.is_article = metadata.is_article or scope is not None
    seen: set[str] = set()
    for node in (scope or tree.parsed).css("[itemprop]"):
        names = (node.attrs.get("itemprop") or "").lower().split()
        for name in names:
            target = properties.get(name)
            if target is None or name in seen:
                continue
            value = node.attrs.get("content") or node.attrs.get("datetime") or text_of(node)
            if name == "author" and (inner := node.css_first("[itemprop=name]")) is not None:
                value = inner.attrs.get("content") or text_of(inner)
            if value := clean(value or ""):
                seen.add(name)
                getattr(metadata, target).append(MetadataValue(value, RuleCode.MICRODATA, name))


# --- meta -----------------------------------------------------------------------------------------

_META = {
    "og:title": "title", "twitter:title": "title", "og:description": "summary", "description": "summary", "twitter:description": "summary",
    "og:site_name": "publisher", "application-name": "publisher", "article:publisher": "publisher", "publisher": "publisher", "dc.publisher": "publisher",
    "copyright": "publisher",
    "article:section": "section", "article:tag": "tags", "article:author": "author", "author": "author", "dable:author": "author",
    "article:published_time": "published", "og:published_time": "published", "og:article:published_time": "published", "pubdate": "published",
    "publishdate": "published", "publish-date": "published", "published_time": "published", "datepublished": "published", "date": "published",
    "dc.date.issued": "published", "dcterms.created": "published", "sailthru.date": "published", "parsely-pub-date": "published",
    "article:modified_time": "modified", "og:updated_time": "modified", "lastmod": "modified", "last-modified": "modified",
}  # fmt: skip


_DATE_META = {name: field for name, field in _META.items() if field in ("published", "modified")}


def _meta(tree: PageTree, metadata: Metadata, meta: Mapping[str, str]) -> None:
    for node in tree.css("meta[content]"):
        name = (node.attrs.get("property") or node.attrs.get("name") or node.attrs.get("itemprop") or "").lower()
        target = meta.get(name)
        if target is None and name != "og:type":
            continue
        value = clean(html.unescape(node.attrs.get("content") or ""))
        if target is None:
            metadata.is_article = metadata.is_article or value.lower() in ("article", "news", "newsarticle")
        if name == "copyright":
            value = _COPYRIGHT.sub("", value[:_LONGEST_OWNER])
        if target is None or not value or (target == "author" and value.startswith("http")):
            continue
        getattr(metadata, target).append(MetadataValue(squeeze(value), RuleCode.META, name))
