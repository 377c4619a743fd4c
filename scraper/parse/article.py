"""Builds an article from a page tree and a layout, or from the general rules. Each field keeps the rule that filled it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from scraper.model import Article, Attachment, Moment, Precision, Rule, Text
from scraper.parse.body.paragraphs import paragraphs
from scraper.parse.body.special_elements import treatment_of
from scraper.parse.enrich.bold_lines import bold_lines
from scraper.parse.fields.attachments import attachments
from scraper.parse.fields.bylines import is_account, without_views
from scraper.parse.fields.date_labels import by_labels
from scraper.parse.fields.metadata import MetadataValue, read_metadata_dates
from scraper.parse.fields.month_order import may_be_month_first, proves_month_first
from scraper.parse.fields.publication_date import FoundDate, choose
from scraper.parse.fields.written_dates import VIETNAM, Stamp, date_in_url, offset, read_date, read_metadata_date
from scraper.parse.generic.files_below_text import files_below
from scraper.parse.generic.generic_reader import GenericFields
from scraper.parse.languages import language_of
from scraper.parse.tree.entities import repair_entities
from scraper.parse.tree.page_tree import PageTree
from scraper.platforms.kit import DatePick, Layout, Pick, Platform, Trust
from scraper.rule_codes import RuleCode
from scraper.text import fold


def read_article(
    tree: PageTree, platform: Platform, layout: Layout, captured_at: datetime, by_general_rules: Callable[[], GenericFields]
) -> Article | str:
    """Return the article that a layout reads on a page. If the page has no title or no content, return "no-title" or "empty-body".

    A theme of a platform may have the elements of only some fields. If it has none for the text or the title, these are those that
    `by_general_rules` finds, if it finds an article.
    """
    title = _text(tree, layout.title)
    summary = _text(tree, layout.summary)
    body, nodes = _body(tree, layout)
    with_files = nodes
    if nodes and not body.value and (in_summary := _body_in_summary(tree, layout)) is not None:
        body, nodes = in_summary
        summary, with_files = Text(None, _NOT_ON_PAGE), [*with_files, *nodes]
    if not (title.value and nodes) and (fields := by_general_rules()).is_article:
        title = title if title.value else fields.title
        if not nodes and fields.node is not None and fields.body.value:
            body, nodes, with_files = _below_summary(fields.body, summary), [fields.node], fields.files_in
    if not title.value:
        return "no-title"
    files = _files(tree, layout, with_files)
    if body.value is None and not files and not summary.value:
        return "empty-body"
    tags, tags_rule = _tags(tree, layout)
    published, modified = _moments(tree, layout, captured_at)
    if published.value is None and (fields := by_general_rules()).is_article:
        published = fields.published
    return Article(
        key=platform.article_key(tree.url) or platform.canonical_url(tree.url),
        url=platform.canonical_url(tree.url),
        title=title,
        summary=summary,
        author=_person(_text(tree, layout.author)),
        section=_section(_text(tree, layout.section)),
        tags=tags,
        tags_rule=tags_rule,
        published=published,
        modified=modified,
        body=body,
        attachments=files,
        stories=(),
        stories_rule=Rule(RuleCode.NO_DIGEST),
        language=language_of(tree, title.value, body.value or ""),
        layout=layout.name,
        bold_lines=bold_lines(nodes, body.value or ""),
    )


def _files(tree: PageTree, layout: Layout, nodes: Sequence[LexborNode]) -> tuple[Attachment, ...]:
    """Return the files that a layout finds, or else those of a row below the text: "Tệp đính kèm: ...", which a theme may have."""
    found = attachments(tree, layout.attachments, nodes)
    return found or (attachments(tree, (), files_below(nodes[0])) if nodes else ())


def _below_summary(body: Text, summary: Text) -> Text:
    """Return the text that the general rules found without the summary above it, and without the caption of a picture above that."""
    parts = (body.value or "").split("\n\n")
    for place, part in enumerate(parts[:_MOST_ABOVE]):
        if summary.value and part == summary.value and len(parts) > place + 1:
            return replace(body, value="\n\n".join(parts[place + 1 :]))
    return body


def generic_article(tree: PageTree, platform: Platform, parts: GenericFields, layout: str) -> Article | str:
    """Return the article that the general rules found on a page, or "no-title" or "empty-body" as `read_article`."""
    if not parts.title.value:
        return "no-title"
    files = attachments(tree, (), parts.files_in, shown=True)
    if parts.body.value is None and not files and not parts.summary.value:
        return "empty-body"
    return Article(
        key=platform.article_key(tree.url) or platform.canonical_url(tree.url),
        url=platform.canonical_url(tree.url),
        title=parts.title,
        summary=parts.summary,
        author=_person(parts.author),
        section=parts.section,
        tags=parts.tags,
        tags_rule=parts.tags_rule,
        published=parts.published,
        modified=parts.modified,
        body=parts.body,
        attachments=files,
        stories=(),
        stories_rule=Rule(RuleCode.NO_DIGEST),
        language=language_of(tree, parts.title.value, parts.body.value or ""),
        layout=layout,
        bold_lines=bold_lines([parts.node] if parts.node is not None else [], parts.body.value or ""),
    )


# --- fields ---------------------------------------------------------------------------------------


_NOT_ON_PAGE = Rule(RuleCode.NOT_ON_PAGE)
_LONG_SUMMARY = 500  # characters; a longer paragraph is a text
_MOST_ABOVE = 3  # paragraphs: the summary and captions


def _text(tree: PageTree, picks: Sequence[Pick]) -> Text:
    for pick in picks:
        found = tree.pick(pick)
        if found:
            return Text(found[0], Rule(RuleCode.LAYOUT_SELECTOR, pick.css))
    return Text(None, _NOT_ON_PAGE)


_HOME = ("trang chu", "home", "trang nhat", "tinchitiet", "chi tiet tin", "chi tiet", "tin chi tiet")


def _section(section: Text) -> Text:
    """Return the section, or None with a reason if the breadcrumb names the front page or the program's page ("Chi tiết tin")."""
    if section.value and fold(section.value) in _HOME:
        return _rejected(section, RuleCode.REJECTED_FRONT_PAGE)
    return section


def _rejected(field: Text, reason: RuleCode) -> Text:
    """Return a field without its value. The rule keeps the value, and the reason why it cannot be the value of this field."""
    return Text(None, Rule(RuleCode.VALUE_REJECTED, field.rule.parameter, (reason,), field.value))


def _tags(tree: PageTree, layout: Layout) -> tuple[tuple[str, ...], Rule]:
    for pick in layout.tags:
        found = tuple(dict.fromkeys(tree.pick(pick)))
        if found:
            return found, Rule(RuleCode.LAYOUT_SELECTOR, pick.css)
    return (), _NOT_ON_PAGE


def _person(author: Text) -> Text:
    """Return the author, or None with a reason if the page prints the account of an editor ("admin"), or only a counter of views."""
    if not author.value:
        return author
    name = without_views(author.value)
    if not name:
        return _rejected(author, RuleCode.REJECTED_NO_NAME)
    if is_account(name):
        return _rejected(author, RuleCode.REJECTED_ACCOUNT)
    return author if name == author.value else replace(author, value=name, original=author.value)


def _body(tree: PageTree, layout: Layout) -> tuple[Text, list[LexborNode]]:
    """Return the text, and all elements that the first matching selector found."""
    for css in layout.body:
        nodes = tree.css(css)
        if not nodes:
            continue
        # The first element with text counts, because some pages have an empty box before the real one.
        for node in nodes:
            cut = [element.mem_id for element in node.css(", ".join(layout.cut))] if layout.cut else ()
            text = paragraphs(node, treatment_of(tree, node, cut, numbers=layout.numbers_items))
            if text:
                clean_text, repaired = repair_entities(text)
                rule = Rule(RuleCode.LAYOUT_SELECTOR, css, (RuleCode.ENTITIES_REPAIRED,) if repaired else ())
                return Text(clean_text, rule, text if repaired else None), nodes
        return Text("", Rule(RuleCode.LAYOUT_WITHOUT_TEXT, css)), nodes
    return Text(None, _NOT_ON_PAGE), []


def _body_in_summary(tree: PageTree, layout: Layout) -> tuple[Text, list[LexborNode]] | None:
    """Return the text in the element of the summary, if the element of the text is empty; None if there is none.

    An editor who pastes the whole text into the field of the summary leaves the other one empty. One short paragraph is a summary: of a
    notice that consists of a file.
    """
    for pick in layout.summary:
        nodes = [node for node in tree.css(pick.css) if node.text(strip=True)][:1]
        if not nodes:
            continue
        text = paragraphs(nodes[0], treatment_of(tree, nodes[0], (), numbers=layout.numbers_items))
        if not text or ("\n\n" not in text and len(text) < _LONG_SUMMARY):
            return None
        clean_text, repaired = repair_entities(text)
        rule = Rule(RuleCode.LAYOUT_SELECTOR, pick.css, (RuleCode.ENTITIES_REPAIRED,) if repaired else ())
        return Text(clean_text, rule, text if repaired else None), nodes
    return None


# --- dates ----------------------------------------------------------------------------------------


def _moments(tree: PageTree, layout: Layout, captured_at: datetime) -> tuple[Moment, Moment]:
    """Return the date of publication and the date of the last change of an article.

    The visible dates at the selectors of the layout come first. The metadata and the URL only check them, and are used if there
    is not a visible date.
    """
    in_metadata = read_metadata_dates(tree)
    found, changed = _shown(tree, layout.published, captured_at)
    path = urlsplit(tree.url).path
    found += _checks(in_metadata.published, {one.text for one in found}, captured_at)
    address = date_in_url(path)
    if address is not None:
        found.append(FoundDate(path, address, Rule(RuleCode.DATE_IN_URL), checks=True))
    published = choose(found, captured_at, _rendered_zone(tree, layout.published))
    own, _ = _shown(tree, layout.modified, captured_at)
    changes = own or changed or _checks(in_metadata.modified, (), captured_at)
    if not changes:
        return published, Moment(None, None, _NOT_ON_PAGE)
    return published, choose(changes, captured_at, _rendered_zone(tree, layout.modified))


def _checks(in_metadata: Sequence[MetadataValue], known: Collection[str], captured_at: datetime) -> list[FoundDate]:
    """Return the dates in the metadata, without the values that the layout has read already."""
    return [
        FoundDate(one.value, stamp, one.rule, checks=True)
        for one in in_metadata
        if one.value not in known and (stamp := read_metadata_date(one.value, captured_at)) is not None
    ]


def _shown(tree: PageTree, picks: Sequence[DatePick], captured_at: datetime) -> tuple[list[FoundDate], list[FoundDate]]:
    """Return the dates at the selectors of the layout, and the dates beside them with the label of a change ("Cập nhật: ...")."""
    found: list[FoundDate] = []
    changed: list[FoundDate] = []
    for pick in picks:
        if pick.trust is Trust.ZONE:
            continue
        for text in tree.pick(pick.pick)[:1]:
            parts = by_labels(text)
            stamp = _read(tree, parts.published, pick, captured_at)
            rule = Rule(RuleCode.LAYOUT_SELECTOR, pick.pick.css)
            if stamp is not None:
                found.append(FoundDate(text, _without_false_time(stamp, pick), rule))
            if parts.changed and parts.changed != parts.published:
                other = _read(tree, parts.changed, pick, captured_at)
                if other is not None and not changed:
                    changed.append(FoundDate(parts.changed, _without_false_time(other, pick), rule))
    return found, changed


def _read(tree: PageTree, text: str, pick: DatePick, captured_at: datetime) -> Stamp | None:
    """Parse the date at a selector of the layout. An attribute may hold Unix time; an English page may have the month first."""
    if pick.pick.attribute:
        return read_metadata_date(text, captured_at) if not pick.month_first else read_date(text, captured_at, month_first=True)
    month_first = pick.month_first or (may_be_month_first(text) and tree.title.isascii() and _is_month_first(tree, text, captured_at))
    return read_date(text, captured_at, month_first=month_first, vague=True)


def _is_month_first(tree: PageTree, text: str, captured_at: datetime) -> bool:
    """Return True if an English page proves that its dates are in the US order, month first."""
    root = tree.first("html[lang^=en]")
    return root is not None and proves_month_first((text, tree.shown), (tree.shown,), (), captured_at)


def _without_false_time(stamp: Stamp, pick: DatePick) -> Stamp:
    midnight = stamp.value.hour == stamp.value.minute == 0
    if stamp.precision is Precision.MINUTE and (pick.trust is Trust.DAY or (pick.midnight_is_no_time and midnight)):
        return replace(stamp, value=stamp.value.replace(hour=0, minute=0, second=0, tzinfo=None), precision=Precision.DAY)
    return stamp


def _rendered_zone(tree: PageTree, picks: Sequence[DatePick]) -> timezone:
    """Return the time zone of the visible times of a page; Vietnam's if the page does not state one."""
    for pick in picks:
        if pick.trust is Trust.ZONE:
            for text in tree.pick(pick.pick)[:1]:
                zone = offset(text)
                if zone is not None:
                    return zone
    return VIETNAM
