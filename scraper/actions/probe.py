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

from scraper import report_language
from scraper.actions import page_argument
from scraper.actions.platform_lines import report_lines
from scraper.actions.recorded_site import recorded_pages
from scraper.actions.source_facts import ARCHIVE, gather
from scraper.actions.source_lines import fact_lines
from scraper.actions.source_writing import write_into_block
from scraper.base_command import FAILED, WELL
from scraper.citations import ReferenceDocuments, Resolution
from scraper.failures import meaning
from scraper.model import Article, Link, LinkRole, Mention, Moment, PageKind, Rule, Source, Story, Text, UserError
from scraper.parse.platform_check import check_page, report
from scraper.paths import project_paths
from scraper.platforms import PLAIN, PLATFORMS
from scraper.reader import Citation, Reading, read, story_at
from scraper.reference import label, rows
from scraper.sources import load, made_up
from scraper.suggestions import suggestion
from scraper.two_languages import EMPTY, VI, Message, as_message, same
from scraper.urls import host_of

_FIELDS = ("title", "summary", "author", "section", "body", "dateline", "byline")
_SHOWN = 160  # characters of a field that are shown to people
_FEW = 5  # links that are shown


def execute(settings: Settings, args: list[str], opts: argparse.Namespace) -> int:
    if opts.platform is not None:
        return _check_platform(settings, args, opts)
    if len(args) != 1:
        raise UserError(
            Message(
                "give one URL, saved file or source, like: scrapy probe nghe-an-ict",
                "hãy ghi một URL, một tệp đã lưu hoặc một nguồn, ví dụ: scrapy probe nghe-an-ict",
            )
        )
    sources = load(project_paths(settings.get("SOURCES_EXTRA")), live=not settings.get("REPLAY"))
    if args[0] in sources and not Path(args[0]).exists():
        return _show_source(settings, sources[args[0]], sources, opts)
    if opts.look or opts.write or opts.overwrite:
        raise UserError(
            Message(
                f"{args[0]}: is not a source, so there is nothing to look at or to write; `scrapy list` shows the sources",
                f"{args[0]}: không phải nguồn nên không có gì để xem hay ghi; `scrapy list` liệt kê các nguồn",
            )
        )
    capture, source = page_argument.load_page(args[0], opts, settings)
    reading = read(capture, source, ReferenceDocuments(), generic=opts.generic)
    result = _as_json(reading, capture.url, source.id, capture.captured_at.isoformat())
    print(json.dumps(result, ensure_ascii=False, indent=1) if opts.json else report_language.report(_lines(reading, result)))
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
        page = [same(""), *_lines(reading, result)] if reading is not None and result is not None else []
        print(report_language.report([*fact_lines(facts), *page]))
    is_written = not opts.write or write_into_block(facts, overwrite=opts.overwrite)
    is_shown = facts.origin == ARCHIVE or (reading is not None and reading.page.kind is not PageKind.REFUSED)
    return WELL if is_written and is_shown else FAILED


def _check_platform(settings: Settings, args: list[str], opts: argparse.Namespace) -> int:
    """Checks a platform against a recorded site. Returns 1 if something needs attention."""
    if opts.platform not in PLATFORMS:
        known = ", ".join(PLATFORMS)
        raise UserError(
            Message(
                f"--platform {opts.platform}: unknown platform{suggestion(opts.platform, PLATFORMS).en}; known are {known}",
                f"--platform {opts.platform}: không có nền tảng này{suggestion(opts.platform, PLATFORMS).vi}; các nền tảng có {known}",
            )
        )
    if len(args) != 1:
        raise UserError(
            Message(
                "give one recording of a site, like: scrapy probe --platform nukeviet site.warc.gz",
                "hãy ghi một bản ghi của một trang, ví dụ: scrapy probe --platform nukeviet site.warc.gz",
            )
        )
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


_HEADS = {
    "platform": "nền tảng",
    "encoding": "mã hóa",
    "refused": "từ chối",
    "it is": "đây là",
    "title": "tiêu đề",
    "summary": "tóm tắt",
    "author": "tác giả",
    "section": "chuyên mục",
    "body": "nội dung",
    "dateline": "đầu bài",
    "byline": "ký tên",
    "published": "ngày đăng",
    "modified": "ngày sửa",
    "tags": "thẻ",
    "attachment": "tệp kèm",
    "citations": "viện dẫn",
    "missing": "thiếu",
    "flags": "cờ",
    "links": "liên kết",
    "": "",
}
_KINDS = {
    "article": "bài viết",
    "listing": "trang danh sách",
    "sitemap": "sitemap",
    "feed": "feed",
    "other": "trang khác",
    "redirect": "chuyển hướng",
}
_ROLES = {
    "article": "bài viết",
    "listing": "danh sách",
    "next": "trang sau",
    "feed": "feed",
    "sitemap": "sitemap",
    "part": "phần sau",
    "file": "tệp",
}


def _line(head: str, text: str | Message) -> Message:
    known = as_message(text)
    return Message(f"  {head:<10} {known.en}", f"  {_HEADS[head]:<10} {known.vi}")


def _lines(reading: Reading, result: dict[str, Any]) -> Iterator[Message]:
    """Yields the same for people: first the page, then each field with its rule, then links and citations."""
    page = reading.page
    yield same(f"{result['url']}")
    score, other = f"{page.platform_score:g}", page.runner_up
    next_score = f"{page.runner_up_score:g}"
    runner = Message("; no other fits", "; không nền tảng nào khác khớp")
    if other:
        runner = Message(f"; next {other}, score {next_score}", f"; kế đó {other}, điểm {next_score}")
    name = same(page.platform) if page.platform else Message("none recognised", "không nhận ra")
    yield _line("platform", name + Message(f", score {score}", f", điểm {score}") + runner)
    if page.platform not in (None, PLAIN.id) and not page.platform_score:
        stated = page.platform
        yield _line(
            "",
            Message(
                f"{stated} is what the block states; this page has no marker of it",
                f"{stated} là khai báo của khối; trang này không có dấu hiệu nào của nó",
            ),
        )
    by_rule = Message(", by ", ", theo ") + _described(result["encoding"]) if page.encoding_rule is not None else EMPTY
    yield _line("encoding", same(f"{page.encoding}") + by_rule)
    if page.failure is not None:
        yield _line("refused", same(f"{page.failure.reason}: ") + meaning(page.failure.reason))
    else:
        kind, layout = page.kind.value, result.get("layout")
        by = Message(f", read by {layout}", f", đọc bằng {layout}") if page.article else EMPTY
        yield _line("it is", Message(kind, _KINDS.get(kind, kind)) + by)
    if page.article is not None:
        yield same("")
        yield from _article_lines(result)
    yield same("")
    yield from _link_lines(page.links)


def _article_lines(result: dict[str, Any]) -> Iterator[Message]:
    for name, field in result["fields"].items():
        value = ", ".join(field["value"]) if isinstance(field["value"], list) else field["value"]
        yield _line(name, _short(value) if value else "-")
        yield _line("", Message("  by ", "  theo ") + _described(field))
        for one in field.get("readings", ()):
            verdict = _vietnamese_name(one["verdict"])
            text = same(f"{_short(one['text'], 60)}  (") + _described(one) + same(")")
            yield _line("", Message(f"  {one['verdict']:<12} ", f"  {verdict:<12} ") + text)
    yield from (_line("attachment", f"{one['name'] or ''} {one['url']}") for one in result["attachments"])
    for one in result["stories"]:
        day = Message(one["event_date"] or "no day", one["event_date"] or "không rõ ngày")
        yield Message(f"  story {one['position']:<4} {one['title']}  ({day.en})", f"  tin {one['position']:<6} {one['title']}  ({day.vi})")
    yield _line("citations", f"{len(result['citations'])}")
    for one in result["citations"]:
        relation, status = one["relation"] or "", one["status"]
        notes = Message(
            ", ".join(filter(None, (f"story {one['story']}" if one["story"] else "", relation, status))),
            ", ".join(
                filter(
                    None,
                    (
                        f"tin {one['story']}" if one["story"] else "",
                        label("relation", relation, VI) if relation else "",
                        label("status", status, VI),
                    ),
                )
            ),
        )
        yield _line("", same(f"  {one['text']}  (") + notes + same(")"))
    yield from (_line(name, ", ".join(result[name])) for name in ("missing", "flags") if result[name])


def _link_lines(links: Sequence[Link]) -> Iterator[Message]:
    counts = Counter(link.role for link in links)
    yield _line(
        "links",
        Message(
            ", ".join(f"{number} to {role.value}" for role, number in counts.items()) or "none",
            ", ".join(f"{number} tới {_ROLES.get(role.value, role.value)}" for role, number in counts.items()) or "không có",
        ),
    )
    for role in LinkRole:
        for link in [link for link in links if link.role is role][:_FEW]:
            rest = f"{link.day or ' ' * 10} {link.url}"
            yield _line("", Message(f"  {role.value:<8} {rest}", f"  {_ROLES.get(role.value, role.value):<9} {rest}"))


@cache
def _names() -> Mapping[str, Message]:
    """Returns what each rule is called."""
    return {row["code"]: Message(row["name_en"], row["name_vi"]) for row in rows("rules")}


def _vietnamese_name(code: str) -> str:
    """Returns what a rule is called in Vietnamese."""
    return _names()[code].vi if code in _names() else code


def _described(result: Mapping[str, Any]) -> Message:
    """Returns a rule on one line: "layout-selector h1.title (the selector of the layout)"."""
    described = _names()
    known = same(f"{result['rule']}{' ' + result['parameter'] if 'parameter' in result else ''} (") + described[result["rule"]] + same(")")
    for note in result.get("notes", ()):
        known += same(f"; {note} (") + described[note] + same(")")
    return known + same(f': "{result["rejected"]}"' if "rejected" in result else "")


def _short(text: str, most: int = _SHOWN) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most]} … ({len(text)} characters)"
