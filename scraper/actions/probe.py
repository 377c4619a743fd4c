"""`scrapy probe URL|FILE`: shows how one page is classified and why, and what is parsed from it. Stores nothing in the archive.

`scrapy probe SOURCE` shows the facts about a source, from the archive or from a small look at its site; `--write` writes that into its
block.

`scrapy probe --platform PLATFORM RECORDING` checks a platform against all pages of a recorded site.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import Any

from scrapy.settings import Settings

from scraper.actions import page_argument
from scraper.actions.platform_lines import report_lines
from scraper.actions.recorded_site import recorded_pages
from scraper.actions.source_facts import ARCHIVE, gather
from scraper.actions.source_lines import fact_lines
from scraper.actions.source_writing import write_into_block
from scraper.base_command import FAILED, WELL
from scraper.citations import ReferenceDocuments, Resolution
from scraper.failures import REASONS
from scraper.model import Article, Link, LinkRole, Mention, Moment, PageKind, Rule, Source, Story, Text, UserError
from scraper.parse.platform_check import check_page, report
from scraper.paths import project_paths
from scraper.platforms import PLAIN, PLATFORMS
from scraper.reader import Citation, Reading, read, story_at
from scraper.reference import rows
from scraper.sources import load, made_up
from scraper.suggestions import nearest
from scraper.urls import host_of

_FIELDS = ("title", "summary", "author", "section", "body", "dateline", "byline")
_SHOWN = 160  # characters of a field that are shown to people
_FEW = 5  # links that are shown


def execute(settings: Settings, args: list[str], opts: argparse.Namespace) -> int:
    if opts.platform is not None:
        return _check_platform(settings, args, opts)
    if len(args) != 1:
        raise UserError("give one URL, saved file or source, like: scrapy probe nghe-an-ict")
    sources = load(project_paths(settings.get("SOURCES_EXTRA")), live=not settings.get("REPLAY"))
    if args[0] in sources and not Path(args[0]).exists():
        return _show_source(settings, sources[args[0]], sources, opts)
    if opts.look or opts.write or opts.overwrite:
        raise UserError(f"{args[0]}: is not a source, so there is nothing to look at or to write; `scrapy list` shows the sources")
    capture, source = page_argument.load_page(args[0], opts, settings)
    reading = read(capture, source, ReferenceDocuments(), generic=opts.generic)
    result = _as_json(reading, capture.url, source.id, capture.captured_at.isoformat())
    print(json.dumps(result, ensure_ascii=False, indent=1) if opts.json else "\n".join(_lines(reading, result)))
    return FAILED if reading.page.kind is PageKind.REFUSED else WELL


def _show_source(settings: Settings, source: Source, sources: Mapping[str, Source], opts: argparse.Namespace) -> int:
    """Shows the facts about a source, and writes it into its block. Returns 1 if the site did not show its first page, or if something
    could not be written.
    """
    facts, first = gather(source, sources, settings, look_now=opts.look)
    reading = read(first, source, ReferenceDocuments(), generic=opts.generic) if first is not None else None
    result = _as_json(reading, first.url, source.id, first.captured_at.isoformat()) if reading and first else None
    if opts.json:
        print(json.dumps(facts.as_json() | {"first_page": result}, ensure_ascii=False, indent=1))
    else:
        page = ["", *_lines(reading, result)] if reading is not None and result is not None else []
        print("\n".join([*fact_lines(facts), *page]))
    is_written = not opts.write or write_into_block(facts, overwrite=opts.overwrite)
    is_shown = facts.origin == ARCHIVE or (reading is not None and reading.page.kind is not PageKind.REFUSED)
    return WELL if is_written and is_shown else FAILED


def _check_platform(settings: Settings, args: list[str], opts: argparse.Namespace) -> int:
    """Checks a platform against a recorded site. Returns 1 if something needs attention."""
    if opts.platform not in PLATFORMS:
        known = ", ".join(PLATFORMS)
        raise UserError(f"--platform {opts.platform}: unknown platform{nearest(opts.platform, PLATFORMS)}; known are {known}")
    if len(args) != 1:
        raise UserError("give one recording of a site, like: scrapy probe --platform nukeviet site.warc.gz")
    platform = PLATFORMS[opts.platform]
    pages = list(recorded_pages(Path(args[0]), opts.url, settings.getint("DOWNLOAD_MAXSIZE")))
    hosts = tuple(dict.fromkeys(host for page in pages if (host := host_of(page.url)) is not None))
    sources = (replace(made_up(page.url), hosts=hosts) for page in pages)
    checks = (check_page(page, source, platform) for page, source in zip(pages, sources, strict=True))
    found = report(platform, (one for one in checks if one is not None))
    print(json.dumps(asdict(found), ensure_ascii=False, indent=1) if opts.json else "\n".join(report_lines(found)))
    return FAILED if found.problems else WELL


def _as_json(reading: Reading, url: str, source: str, captured: str) -> dict[str, Any]:
    page = reading.page
    result: dict[str, Any] = {
        "url": url,
        "captured": captured,
        "source": source,
        "kind": page.kind.value,
        "platform": page.platform,
        "score": page.platform_score,
        "runner_up": page.runner_up,
        "runner_up_score": page.runner_up_score,
        "encoding": {"value": page.encoding} | _rule(page.encoding_rule),
        "failure": {"reason": page.failure.reason, "detail": page.failure.detail, "target": page.failure.target} if page.failure else None,
        "links": [_link(link) for link in page.links],
    }
    if page.article is not None:
        result |= _article(page.article)
        result["citations"] = [_citation(one, page.article.stories) for one in reading.citations]
    return result


def _link(link: Link) -> dict[str, Any]:
    return {"role": link.role.value, "url": link.url, "key": link.key, "day": link.day.isoformat() if link.day else None}


def _citation(one: Citation, stories: Sequence[Story]) -> dict[str, Any]:
    """Returns a citation with its story, its relation and the document that it was resolved to."""
    mention, resolution = one.mention, one.resolution
    story = story_at(stories, mention.start) if one.field == "body" else None
    return {
        "field": one.field,
        "start": mention.start,
        "end": mention.end,
        "text": mention.text,
        "type": mention.doc_type,
        "number": mention.number,
        "stated_date": mention.issued_on,
        "relation": mention.relation,
        "story": story.position if story else None,
        "status": resolution.status,
        "document": _document(mention, resolution),
    }


def _document(mention: Mention, resolution: Resolution) -> dict[str, Any] | None:
    """Returns the document of a citation. The only facts of a stub are those that the citation states."""
    if resolution.status == "stub" and resolution.key is not None:
        number = mention.number if not mention.kind.is_short and mention.number else resolution.key.number
        return {"key": str(resolution.key), "number": number, "issued_on": mention.issued_on, "title": None}
    known = resolution.known
    if known is None:
        return None
    issued = known.issued_on.isoformat() if known.issued_on else None
    return {"key": str(known.key), "number": known.number, "issued_on": issued, "title": known.title}


def _article(article: Article) -> dict[str, Any]:
    fields = {name: _text(getattr(article, name)) for name in _FIELDS}
    fields |= {name: _moment(getattr(article, name)) for name in ("published", "modified")}
    fields["tags"] = {"value": list(article.tags)} | _rule(article.tags_rule)
    return {
        "layout": article.layout,
        "key": article.key,
        "canonical_url": article.url,
        "fields": fields,
        "event_date": {"value": article.event_date.isoformat() if article.event_date else None} | _rule(article.event_date_rule),
        "attachments": [{"url": one.url, "name": one.name} | _rule(one.rule) for one in article.attachments],
        "stories_rule": _rule(article.stories_rule),
        "stories": [
            {
                "position": one.position,
                "title": one.title,
                "start": one.start,
                "end": one.end,
                "event_date": one.event_date.isoformat() if one.event_date else None,
                "event_date_rule": _rule(one.event_date_rule),
            }
            for one in article.stories
        ],
        "flags": list(article.flags),
        "missing": [name for name in ("title", "published", "body") if not fields[name]["value"]],
    }


def _text(field: Text) -> dict[str, Any]:
    return {"value": field.value} | _rule(field.rule) | ({"original": field.original} if field.original is not None else {})


def _rule(rule: Rule | None) -> dict[str, Any]:
    """Returns the code of a rule; its parameter, notes and rejected value only if it has them."""
    if rule is None:
        return {"rule": None}
    result: dict[str, Any] = {"rule": rule.code.value, "parameter": rule.parameter, "notes": list(rule.notes), "rejected": rule.rejected}
    return {name: value for name, value in result.items() if value}


def _moment(field: Moment) -> dict[str, Any]:
    return {
        "value": field.value.isoformat() if field.value else None,
        "precision": field.precision.value if field.precision else None,
        "conflict": field.conflict,
        "readings": [
            {"text": one.text, "value": one.value.isoformat(), "verdict": one.verdict.value} | _rule(one.rule) for one in field.readings
        ],
    } | _rule(field.rule)


def _lines(reading: Reading, result: dict[str, Any]) -> Iterator[str]:
    """Yields the same for people: first the page, then each field with its rule, then links and citations."""
    page = reading.page
    yield f"{result['url']}"
    runner = f"; next {page.runner_up}, score {page.runner_up_score:g}" if page.runner_up else "; no other fits"
    yield f"  platform   {page.platform or 'none recognised'}, score {page.platform_score:g}{runner}"
    if page.platform not in (None, PLAIN.id) and not page.platform_score:
        yield f"             {page.platform} is what the block states; this page has no marker of it"
    by_rule = f", by {_described(result['encoding'])}" if page.encoding_rule is not None else ""
    yield f"  encoding   {page.encoding}{by_rule}"
    if page.failure is not None:
        yield f"  refused    {page.failure.reason}: {REASONS.get(page.failure.reason, '')}"
    else:
        yield f"  it is      {page.kind.value}" + (f", read by {result['layout']}" if page.article else "")
    if page.article is not None:
        yield ""
        yield from _article_lines(result)
    yield ""
    yield from _link_lines(page.links)


def _article_lines(result: dict[str, Any]) -> Iterator[str]:
    for name, field in result["fields"].items():
        value = ", ".join(field["value"]) if isinstance(field["value"], list) else field["value"]
        yield f"  {name:<10} {_short(value) if value else '-'}"
        yield f"  {'':<10}   by {_described(field)}"
        for one in field.get("readings", ()):
            yield f"  {'':<10}   {one['verdict']:<12} {_short(one['text'], 60)}  ({_described(one)})"
    yield from (f"  attachment {one['name'] or ''} {one['url']}" for one in result["attachments"])
    yield from (f"  story {one['position']:<4} {one['title']}  ({one['event_date'] or 'no day'})" for one in result["stories"])
    yield f"  citations  {len(result['citations'])}"
    for one in result["citations"]:
        notes = [f"story {one['story']}" if one["story"] else "", one["relation"] or "", one["status"]]
        yield f"  {'':<10}   {one['text']}  ({', '.join(note for note in notes if note)})"
    yield from (f"  {name:<10} {', '.join(result[name])}" for name in ("missing", "flags") if result[name])


def _link_lines(links: Sequence[Link]) -> Iterator[str]:
    counts = Counter(link.role for link in links)
    yield "  links      " + (", ".join(f"{number} to {role.value}" for role, number in counts.items()) or "none")
    for role in LinkRole:
        for link in [link for link in links if link.role is role][:_FEW]:
            yield f"  {'':<10}   {role.value:<8} {link.day or ' ' * 10} {link.url}"


@cache
def _names() -> Mapping[str, str]:
    """Returns what each rule is called."""
    return {row["code"]: row["name_en"] for row in rows("rules")}


def _described(result: Mapping[str, Any]) -> str:
    """Returns a rule on one line: "layout-selector h1.title (the selector of the layout)"."""
    described = _names()
    parts = [result["rule"], f" {result['parameter']}" if "parameter" in result else "", f" ({described[result['rule']]})"]
    parts += [f"; {note} ({described[note]})" for note in result.get("notes", ())]
    return "".join(parts) + (f': "{result["rejected"]}"' if "rejected" in result else "")


def _short(text: str, most: int = _SHOWN) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most]} … ({len(text)} characters)"
