"""Finds dates on a page of unknown layout: beside the title, in the metadata, in the URL, at the end of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from scraper.model import Precision, Rule
from scraper.parse.body.boilerplate import is_label
from scraper.parse.fields.date_labels import by_labels
from scraper.parse.fields.metadata import Metadata, MetadataValue
from scraper.parse.fields.month_order import proves_month_first
from scraper.parse.fields.publication_date import FoundDate
from scraper.parse.fields.written_dates import date_in_url, localise, read_date, read_metadata_date
from scraper.parse.generic.class_names import names_of
from scraper.parse.generic.date_lines import (
    BARE_CLOCK,
    DIGIT,
    LONGEST_DATED,
    LONGEST_LABEL,
    OTHER_DATE,
    TOOLS,
    beside_date,
    is_event_time,
    may_be_dated,
    unglued,
)
from scraper.parse.generic.lengths import ABOVE_TITLE, BELOW_TITLE, TEXT_LINE, TEXT_WITHIN
from scraper.parse.generic.text_blocks import Block, in_one_row
from scraper.parse.generic.time_elements import TimeElement, is_named_change, timed_elements, without_text
from scraper.parse.tree.page_tree import PageTree
from scraper.rule_codes import RuleCode
from scraper.text import fold

_ENGLISH_URL = re.compile(r"//(?:www\.)?(?:en|eng|english)\.|/(?:en|eng|english|en-us)(?:/|$)", re.IGNORECASE)
_DATE_MARK = re.compile(r"date|time|ngay|publish|posted|created|meta|info", re.IGNORECASE)
_LABEL = re.compile(
    r"(?<!\w)(?:ngay (?:dang|cap nhat|xuat ban|gui|tao|viet|post)|duoc dang|xuat ban|dang (?:luc|ngay|boi|vao)|cap nhat|thu (?:hai|ba|tu|nam|sau|bay|[2-7])"
    r"|chu nhat|published|posted|updated|submitted|gmt|luot xem|publish date)(?!\w)"
)
# Labels of other times of the same page. They count only if no date of publication is shown.
_LATER = re.compile(r"^\W*(?:ngay |lan )?(?:cap nhat|chinh sua|sua doi|duoc tao|tao|updated|modified|created|last)\b")
_POSTED = re.compile(r"(?<!\w)(?:dang|xuat ban|gui|published|posted|created)(?!\w)")


_MOST_WORDS = 8  # words beside a date without a label; more are a sentence
_FIRST_PARAGRAPHS = 10  # paragraphs of an English text in which the day of the event is searched for; a bound against hostile input
# Where dates are searched for, in blocks.
_INTO_TEXT = 4  # the first blocks of the text: its first lines may be the date
_BELOW_TEXT = 12  # after the end of the text
_CLOCK_WITHIN = 2  # from a day to its time: a label may be between them
# How much a feature of a date counts for it being the date of publication. They were set on the recorded sites.
_LABEL_WEIGHT = 2.0  # "Ngày đăng"
_MARK_WEIGHT = 1.5  # a class such as "date", or `<time>`
_TIME_WEIGHT = 1.0  # it has a time of day
_BETWEEN_WEIGHT = 3.0  # it is between title and text
_WEIGHT_AGAINST = 0.9  # against it: "Cập nhật", or a box beside the text
_LENGTH_WEIGHT = 0.03  # against it, for each character of its line
_DISTANCE_WEIGHT = 0.6  # against it, for each block between it and the title
_DISTANCE_ABOVE = 1.5  # a block above the title counts as so many below it
_LEAST_WEIGHT = -2.0  # a date with a lower weight is not the page's own


def find_dates(
    tree: PageTree,
    metadata: Metadata,
    blocks: Sequence[Block],
    places: Sequence[int],
    stretch: tuple[int, int] | None,
    captured_at: datetime,
) -> tuple[list[FoundDate], list[FoundDate]]:
    """Return the dates of publication and the dates of the last change, each list with the most trusted date first.

    The order is: beside the title, in the metadata, at the end of the text, in the URL. If the date beside the title has only
    the label of a change ("Cập nhật: ..."), it is the date of publication, unless the metadata give an earlier one.
    `places` are the positions of the title, the best first; `stretch` is the first and last position of the text.
    """
    month_first = _is_month_first(tree, metadata, blocks, captured_at)
    shown, far, changed = _shown(_Page(tree, blocks, captured_at, month_first), places, stretch)
    in_metadata = dates_in_metadata(metadata.published)
    day_in_url = date_in_url(urlsplit(tree.url).path)
    in_url = [FoundDate(urlsplit(tree.url).path, day_in_url, Rule(RuleCode.DATE_IN_URL), checks=True)] if day_in_url is not None else []
    if shown and changed and shown[0].text == changed[0].text:
        # A day without a time, or its midnight, is not earlier than a time of that day.
        earlier = [
            one for one in in_metadata if localise(one.stamp).date() < localise(shown[0].stamp).date() or _is_earlier_time(one, shown[0])
        ]
        if earlier:
            return [*earlier, *far, *in_url], [*dates_in_metadata(metadata.modified), *changed]
        changed = []
    return [*shown, *in_metadata, *far, *in_url], [*dates_in_metadata(metadata.modified), *changed]


def _is_earlier_time(one: FoundDate, other: FoundDate) -> bool:
    """Return True if a date has a time of day, and is earlier than the other one."""
    moment = localise(one.stamp)
    return one.stamp.precision is Precision.MINUTE and bool(moment.hour or moment.minute) and moment < localise(other.stamp)


@dataclass(slots=True)
class _Page:
    """A page, with the facts that the reading of each of its dates needs."""

    tree: PageTree
    blocks: Sequence[Block]
    captured_at: datetime
    month_first: bool
    timed: Mapping[int, list[TimeElement]] = field(default_factory=dict)


def _is_month_first(tree: PageTree, metadata: Metadata, blocks: Sequence[Block], captured_at: datetime) -> bool:
    """Return True if dates on the page are in the US order, month first. Only an English page can prove it."""
    if not (tree.title.isascii() and all(one.value.isascii() for one in metadata.title) and _is_english(tree)):
        return False
    shown = [block.text for block in blocks if "/" in block.text and len(block.text) <= LONGEST_DATED]
    texts = [block.text for block in blocks if len(block.text) > TEXT_LINE and not block.beside]
    in_metadata = {
        localise(stamp).date() for one in (*metadata.published, *metadata.modified) if (stamp := read_metadata_date(one.value)) is not None
    }
    return proves_month_first(shown, texts[:_FIRST_PARAGRAPHS], in_metadata, captured_at)


def _is_english(tree: PageTree) -> bool:
    root = tree.first("html[lang]")
    language = (root.attributes.get("lang") or "").lower() if root is not None else ""
    return language.startswith("en") or _ENGLISH_URL.search(tree.url) is not None


class _Candidate(NamedTuple):
    """The dates of one block near the title, and how likely the first of them is the date of publication."""

    weight: float
    dates: list[FoundDate]
    is_marked: bool  # the block has a date's class ("date", "ngay")


def _shown(page: _Page, places: Sequence[int], stretch: tuple[int, int] | None) -> tuple[list[FoundDate], list[FoundDate], list[FoundDate]]:
    """Return three lists: dates of publication near the title, one at the end of the text, and dates of the last change."""
    page.timed = timed_elements(page.tree)
    changes: list[FoundDate] = []
    anchors = places or ((stretch[0],) if stretch is not None else ())
    candidates = [candidate for anchor in anchors for candidate in _candidates(page, anchor, stretch, changes)]
    near = _most_likely(candidates, changes)
    if not near and (value := without_text(page.timed)) and (stamp := read_metadata_date(value)) is not None:
        near = [FoundDate(value, stamp, Rule(RuleCode.GENERIC_DATE_ATTRIBUTE))]
    return near, _below_text(page, stretch[1]) if stretch is not None else [], changes


def _candidates(page: _Page, anchor: int, stretch: tuple[int, int] | None, changes: list[FoundDate]) -> Iterator[_Candidate]:
    """Yield the dates of publication in the blocks around a title at position `anchor`. Adds the dates of the last change to `changes`."""
    blocks = page.blocks
    first = stretch[0] if stretch is not None and anchor < stretch[0] <= anchor + TEXT_WITHIN else anchor + BELOW_TITLE
    for at in range(max(0, anchor - ABOVE_TITLE), min(len(blocks), max(first, anchor) + _INTO_TEXT)):
        block = blocks[at]
        if at > anchor and is_label(block.text):
            break  # "Tin khác": the dates after it are those of other pages
        found, changed = _of_block(page, at)
        if not (found or changed) or (at and _is_labelled_cell(blocks[at - 1], block)):
            continue
        if at + 1 < len(blocks) and is_event_time(block.text, blocks[at + 1].text):
            continue
        # The clock in the page's header is above the title too.
        if at < anchor and _is_today((found or changed)[0], page.captured_at) and not _is_marked_date(block):
            continue
        changes += changed
        if found:
            weight = _weight(_label_before(blocks, at) + block.text, block, found[0]) + _place_weight(at, anchor, first)
            yield _Candidate(weight, found, _DATE_MARK.search(block.marked) is not None)


def _place_weight(at: int, anchor: int, first: int) -> float:
    """Return the weight of a date's position. `anchor`: the position of the title; `first`: that of the first block of the text."""
    distance = at - anchor if at >= anchor else (anchor - at) * _DISTANCE_ABOVE + 1
    return (_BETWEEN_WEIGHT if anchor < at < first else 0.0) - distance * _DISTANCE_WEIGHT


def _most_likely(candidates: Sequence[_Candidate], changes: Sequence[FoundDate]) -> list[FoundDate]:
    """Return the dates of the block with the highest weight. A date with the label of a change counts only if no other date has the label of
    publication."""
    likely = [one for one in sorted(candidates, key=lambda one: -one.weight) if one.weight > _LEAST_WEIGHT]
    if not likely:
        return []
    last = {one.text for one in changes}
    best = likely[0].dates
    if best[0].text not in last:
        return best
    return next(
        (
            one.dates
            for one in likely
            if one.dates[0].text not in last and (one.is_marked or _POSTED.search(fold(one.dates[0].text)) is not None)
        ),
        best,
    )


def _below_text(page: _Page, end: int) -> list[FoundDate]:
    """Return the first date with a label in the blocks after the end of the text."""
    for block in page.blocks[end : end + _BELOW_TEXT]:
        if len(block.text) <= LONGEST_DATED and not block.is_linked and _LABEL.search(fold(block.text)):
            one = _as_date(page, block, block.text)
            if one is not None:
                return [FoundDate(one.text, one.stamp, Rule(RuleCode.GENERIC_DATE_BELOW_TEXT), checks=True)]
    return []


def _of_block(page: _Page, at: int) -> tuple[list[FoundDate], list[FoundDate]]:
    """Return the dates in one block: those of publication, and those of the last change."""
    block = page.blocks[at]
    timed = page.timed.get(block.node.mem_id, ())
    if len(block.text) > LONGEST_DATED or not (timed or may_be_dated(block.text)):
        return [], []
    found, changed = _in_attributes(page, timed)
    text = block.text
    for element in timed:
        if element.is_change and element.shown:
            text = text.replace(element.shown, " ", 1)
    label = _label_before(page.blocks, at)
    parts = by_labels(label + text)
    if parts.changed and (one := _as_date(page, block, parts.changed)) is not None:
        changed.append(one)
    one = _with_clock_beside(page, at, text, _as_date(page, block, parts.published if parts.changed else text))
    if one is None:
        return found, changed
    if not parts.changed:
        if is_named_change(block.marked):
            changed.append(one)
        one = replace(one, text=label + one.text)
    # The visible date comes first, unless it only says how long ago it was ("2 giờ trước").
    is_relative = read_date(text, month_first=page.month_first) is None
    return ([*found, one] if is_relative else [one, *found]), changed


def _in_attributes(page: _Page, timed: Sequence[TimeElement]) -> tuple[list[FoundDate], list[FoundDate]]:
    """Return the dates in attributes of elements: those of publication, and those of the last change."""
    found: list[FoundDate] = []
    changed: list[FoundDate] = []
    for element in timed:
        stamp = read_metadata_date(element.value) or (read_date(element.shown, page.captured_at) if element.is_change else None)
        if stamp is not None:
            rule = Rule(RuleCode.GENERIC_DATE_ATTRIBUTE_BY_TITLE)
            (changed if element.is_change else found).append(FoundDate(element.value or element.shown, stamp, rule))
    return found, changed


def _with_clock_beside(page: _Page, at: int, text: str, one: FoundDate | None) -> FoundDate | None:
    """Return the date of a block with the time of a block beside it: "<li>30/04/2025</li><li>11:53</li>". `text`: that of the block."""
    if one is None or one.stamp.precision is not Precision.DAY or _CLOCK.search(text) or not (clock := _clock_beside(page.blocks, at)):
        return one
    return _as_date(page, page.blocks[at], f"{one.text} {clock}") or one


_CLOCK = re.compile(r"(?<![\d:])\d{1,2}\s*(?::|h|g|giờ)\s*\d{2}(?!\d)", re.IGNORECASE)


def _clock_beside(blocks: Sequence[Block], at: int) -> str | None:
    """Return the time of day in a separate block right after a day, or right before it.

    Return None if there is none, or if another day is as near.
    """
    for step in (1, -1):
        for distance in range(1, _CLOCK_WITHIN + 1):
            place = at + step * distance
            if not 0 <= place < len(blocks):
                break
            if match := BARE_CLOCK.fullmatch(blocks[place].text):
                return match["clock"]
            if DIGIT.search(blocks[place].text) or len(blocks[place].text) > LONGEST_LABEL:
                break  # neither a label nor a time
    return None


def _as_date(page: _Page, block: Block, text: str) -> FoundDate | None:
    """Parse a short block, or its part `text`, as a date. Return None for the date of a cited law ("ban hành") or a deadline."""
    if len(text) > LONGEST_DATED or not may_be_dated(text):
        return None
    text = unglued(text)
    stamp = read_date(text, page.captured_at, month_first=page.month_first, vague=True)
    if stamp is None or OTHER_DATE.search(folded := fold(block.text)):
        return None
    rest = beside_date(folded)
    words = len(re.findall(r"[a-z]{2,}", rest))
    if words > _MOST_WORDS and not _LABEL.search(folded):
        return None
    if stamp.precision is Precision.MINUTE and stamp.value.hour == stamp.value.minute == 0:
        stamp = replace(stamp, value=stamp.value.replace(tzinfo=None), precision=Precision.DAY)  # midnight means that no time was given
    return FoundDate(text if text == block.text else text.strip(" |-–,;("), stamp, Rule(RuleCode.GENERIC_DATE_BY_TITLE))


def _is_labelled_cell(before: Block, block: Block) -> bool:
    """Return True if a date is the value of a row with the label of another day: "Ngày hiệu lực | 20/10/2020"."""
    return in_one_row(before, block) and len(before.text) <= LONGEST_LABEL and OTHER_DATE.search(fold(before.text)) is not None


def _label_before(blocks: Sequence[Block], at: int) -> str:
    """Return the label in the cell before a date, with a space: "Ngày đăng "; "" if there is none."""
    before = blocks[at - 1].text if at else ""
    return f"{before} " if 0 < len(before) <= LONGEST_LABEL and not DIGIT.search(before) and in_one_row(blocks[at - 1], blocks[at]) else ""


def _weight(text: str, block: Block, one: FoundDate) -> float:
    """Return how likely the date of a block is the date of publication. `text`: the text of the block after its label."""
    folded = fold(text)
    weight = _LABEL_WEIGHT if _LABEL.search(folded) else 0.0
    weight -= _WEIGHT_AGAINST if _LATER.search(folded) else 0.0
    weight += _MARK_WEIGHT if _DATE_MARK.search(block.marked) or block.tag == "time" else 0.0
    weight += _TIME_WEIGHT if one.stamp.precision is Precision.MINUTE else 0.0
    weight -= _LENGTH_WEIGHT * max(0, len(TOOLS.sub("", folded)) - block.linked)  # a link to the section may be beside the date
    return weight - (_WEIGHT_AGAINST if block.beside else 0.0)


_POST_MARK = re.compile(r"post|publish|ngay-?_?dang|news-?_?date", re.IGNORECASE)


def _is_marked_date(block: Block) -> bool:
    """Return True if a class or id around a date says that it is an article's. The class of a clock may hold "datetime" too."""
    return _DATE_MARK.search(block.marked) is not None or _POST_MARK.search(names_of(block)) is not None


def _is_today(one: FoundDate, captured_at: datetime) -> bool:
    return abs((one.stamp.value.date() - captured_at.date()).days) <= 1


def dates_in_metadata(metadata: Sequence[MetadataValue]) -> list[FoundDate]:
    """Return the values of the metadata that parse as dates, each with its rule. Other values are left out."""
    return [FoundDate(one.value, stamp, one.rule) for one in metadata if (stamp := read_metadata_date(one.value)) is not None]
