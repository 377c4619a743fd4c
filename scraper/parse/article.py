"""An article out of a page and a layout: each field with the rule that filled it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timezone
from urllib.parse import unquote, urlsplit

from scraper.model import Article, Attachment, Moment, Precision, Text
from scraper.parse.body import paragraphs, repair_entities
from scraper.parse.dates import VIETNAM, Stamp, localise, offset, plausible, read_date
from scraper.parse.document import Document, text_of
from scraper.parse.stories import find_stories
from scraper.platforms.base import DatePick, Layout, Pick, Platform, Trust
from scraper.text import fold

_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|rtf|odt|ods|zip|rar|7z)$", re.IGNORECASE)
_DATELINE = re.compile(r"^\(\s*([^()]{2,40}?)\s*\)\s*[-–—]")
_BYLINE_LABEL = re.compile(r"^(?:Phòng|Ban|BBT|Văn phòng|Thanh tra|Trung tâm|Tin|Bài|Nguồn|Theo|PV|CTV)\b")


def read_article(document: Document, platform: Platform, layout: Layout, captured_at: datetime) -> Article | str:
    """The article on a page, or the name of what it lacks ("no-title", "empty-body")."""
    title = _text(document, layout, "title", layout.title)
    if not title.value:
        return "no-title"
    body = _body(document, layout)
    attachments = _attachments(document, layout)
    summary = _text(document, layout, "summary", layout.summary)
    if body.value is None and not attachments and not summary.value:
        return "empty-body"
    stories, stories_rule = find_stories(body.value or "")
    tags = [tag for pick in layout.tags[:1] for tag in document.pick(pick)] or [
        tag for pick in layout.tags[1:] for tag in document.pick(pick)
    ]
    published = _moment(document, layout.name, layout.published, captured_at)
    return Article(
        key=platform.article_key(document.url) or platform.canonical_url(document.url),
        url=platform.canonical_url(document.url),
        title=title,
        summary=summary,
        author=_person(_text(document, layout, "author", layout.author)),
        section=_text(document, layout, "section", layout.section),
        tags=tuple(dict.fromkeys(tags)),
        tags_rule=f"{layout.name}: {layout.tags[0].css}" if tags else f"{layout.name}: none on the page",
        published=published,
        modified=_moment(document, layout.name, layout.modified, captured_at),
        body=body,
        attachments=attachments,
        stories=stories,
        stories_rule=stories_rule,
        language=_language(document, title.value, body.value or ""),
        layout=layout.name,
        dateline=_dateline(summary.value, body.value),
        byline=_byline(body.value),
    )


def _text(document: Document, layout: Layout, field: str, picks: Sequence[Pick]) -> Text:
    for pick in picks:
        found = document.pick(pick)
        if found:
            return Text(found[0], f"{layout.name}: {pick.css}")
    return Text(None, f"{layout.name}: no {field} on the page")


# Accounts of editors that a CMS prints where no author was typed in.
_ACCOUNT = re.compile(r"(?:ad\s?min|administrator|quan ?tri(?: vien)?|super ?user|test)(?:\s+(?:ad\s?min|test))?")


def _person(author: Text) -> Text:
    """The author, or none where the page prints the account of an editor."""
    if author.value and _ACCOUNT.fullmatch(fold(author.value)):
        return Text(None, f'{author.rule}: the account "{author.value}" is no author')
    return author


def _body(document: Document, layout: Layout) -> Text:
    for css in layout.body:
        nodes = document.tree.css(css)
        if not nodes:
            continue
        # The first that has text: some pages leave an empty box before the real one.
        for node in nodes:
            text = paragraphs(node.html or "", layout.cut)
            if text:
                text, repaired = repair_entities(text)
                return Text(text, f"{layout.name}: {css}" + (", broken entities repaired" if repaired else ""))
        return Text("", f"{layout.name}: {css}, which holds no text (a picture or a file alone)")
    return Text(None, f"{layout.name}: no body text on the page")


def _attachments(document: Document, layout: Layout) -> tuple[Attachment, ...]:
    found: dict[str, Attachment] = {}
    for css in layout.attachments:
        for node in document.tree.css(css):
            url = document.link(node)
            if url is not None and url not in found:
                strong = node.css_first("strong")
                found[url] = Attachment(url, text_of(strong or node) or None, f"{layout.name}: {css}")
    for css in layout.body:
        for node in document.tree.css(f"{css} a[href]"):
            url = document.link(node)
            if url is not None and url not in found and _FILE.search(urlsplit(url).path):
                name = text_of(node) or unquote(urlsplit(url).path.rpartition("/")[2])
                found[url] = Attachment(url, name, "a link to a file in the body")
    return tuple(found.values())


def _moment(document: Document, layout: str, picks: Sequence[DatePick], captured_at: datetime) -> Moment:
    """The first plausible reading in the order of trust. A second one of another day sets the flag `conflict`."""
    zone, zone_rule = _rendered_zone(document, picks)
    readings: list[tuple[Stamp, str]] = []
    refused = ""
    for pick in picks:
        if pick.trust is Trust.ZONE:
            continue
        for text in document.pick(pick.pick)[:1]:
            stamp = read_date(text, captured_at, month_first=pick.month_first)
            if stamp is None:
                continue
            stamp = _without_false_time(stamp, pick)
            if plausible(stamp, captured_at):
                readings.append((stamp, f"{layout}: {pick.pick.css}"))
            else:
                refused = f", {stamp.value.date()} of {pick.pick.css} refused as impossible"
    if not readings:
        return Moment(None, None, f"{layout}: no date on the page{refused}")
    stamp, rule = readings[0]
    value = localise(stamp, zone)
    if zone != VIETNAM and stamp.value.tzinfo is None and stamp.precision is Precision.MINUTE:
        rule += f", rendered in {zone_rule}"
    conflict = any(localise(other, zone).date() != value.date() for other, _ in readings[1:])
    return Moment(value, stamp.precision, rule + refused, conflict)


def _without_false_time(stamp: Stamp, pick: DatePick) -> Stamp:
    midnight = stamp.value.hour == stamp.value.minute == 0
    if pick.trust is Trust.DAY or (pick.midnight_is_no_time and midnight):
        return Stamp(stamp.value.replace(hour=0, minute=0, second=0, tzinfo=None), Precision.DAY)
    return stamp


def _rendered_zone(document: Document, picks: Sequence[DatePick]) -> tuple[timezone, str]:
    """The zone in which a page's visible times were rendered, where it tells; Vietnam's otherwise."""
    for pick in picks:
        if pick.trust is Trust.ZONE:
            for text in document.pick(pick.pick)[:1]:
                zone = offset(text)
                if zone is not None:
                    return zone, str(zone)
    return VIETNAM, "+07:00"


_VIETNAMESE = re.compile("[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE)


def _language(document: Document, title: str, body: str) -> str | None:
    """vi where the text has Vietnamese letters, else what the page's `lang` says, else en where it is long and has none."""
    sample = f"{title} {body[:2000]}"
    letters = sum(char.isalpha() for char in sample)
    if letters and len(_VIETNAMESE.findall(sample)) / letters > 0.05:
        return "vi"
    if letters > 200:
        return "en"
    root = document.tree.css_first("html[lang]")
    return ((root.attributes.get("lang") or "").split("-")[0].lower() or None) if root is not None else None


def _dateline(summary: str | None, body: str | None) -> Text:
    """The outlet in brackets at the head of the text: "(Mic.gov.vn) - ..."."""
    for text, where in ((summary, "summary"), (body, "body")):
        if text and (match := _DATELINE.match(text)):
            return Text(match[1], f"bracket at the head of the {where}")
    return Text(None, "no bracket at the head of the text")


def _byline(body: str | None) -> Text:
    """The last line of the text where it is short, no sentence, and begins like the name of an office or a writer's mark."""
    last = body.rpartition("\n\n")[2] if body else ""
    if 0 < len(last) <= 80 and _BYLINE_LABEL.match(last) and not last.endswith((".", ";", ":", "./.")):
        return Text(last, "last line of the body")
    return Text(None, "no byline at the foot of the text")
