"""Extracts the text of an article on a page of unknown layout: the lines of its stretch, without the lines above and below."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborNode

from scraper.model import Rule, Text
from scraper.parse.body.boilerplate import Line, introduces_list, is_field, is_label, leads_to_more, once, without_boxes
from scraper.parse.body.paragraphs import lines
from scraper.parse.body.special_elements import treatment_of
from scraper.parse.fields.bylines import is_account
from scraper.parse.fields.metadata import Metadata
from scraper.parse.generic.date_lines import is_event_time, is_side_line
from scraper.parse.generic.lengths import SURE_TEXT, TEXT_LINE
from scraper.parse.generic.other_extractors import text_by_trafilatura
from scraper.parse.generic.spelling_key import CERTAIN_SPELLING, is_spelled, spelling_key
from scraper.parse.generic.text_blocks import Block, around
from scraper.parse.generic.text_extent import TextExtent
from scraper.parse.tree.entities import repair_entities
from scraper.parse.tree.link_targets import is_file_name
from scraper.parse.tree.page_tree import PageTree
from scraper.rule_codes import RuleCode
from scraper.text import clean

_LISTS = ("table", "tbody", "ul", "ol")
_CELL_MARK = re.compile(r"[|\n]")
_TITLE_WITHIN = 8  # lines at the beginning of the text's element in which the title is searched for
_SAPO_WITHIN = 4  # the same for the date and the sapo
_CAPTION = 100  # characters; only shorter lines, such as captions and kickers, are above a date or a sapo


@dataclass(frozen=True, slots=True)
class FoundText:
    """The text of a page, the element that holds it, and the paragraphs of its best stretch (`core`), used to classify the page."""

    text: Text
    node: LexborNode | None
    core: Text


def find_text(
    tree: PageTree,
    metadata: Metadata,
    named: LexborNode | None,
    blocks: Sequence[Block],
    stretch: tuple[int, int] | None,
    title_at: int | None,
    title: str,
    summary: str,
) -> FoundText:
    """Return the text of the article: its longest stretch and the lines that belong to it, without title, summary and fields.

    `named`: the element that microdata name as the body. The text in the metadata is used only if the visible text is
    short and the metadata have more. The value of `text` is None if the page has no text.
    """
    node, rest = _lines_of_text(tree, named, blocks, stretch, title_at, title, summary)
    text = "\n\n".join(line.text for line in rest)
    core = _core(blocks, stretch, text)
    rule = Rule(RuleCode.GENERIC_BODY_LONGEST_STRETCH if named is None else RuleCode.GENERIC_BODY_MICRODATA)
    from_metadata = max((one.value for one in metadata.body), key=len, default="")
    if len(text) < SURE_TEXT and len(from_metadata) > len(text):
        text, rule = "\n\n".join(clean(part) for part in re.split(r"\n+", from_metadata) if part.strip()), metadata.body[0].rule
    if not text:
        return FoundText(Text(None, Rule(RuleCode.NOT_ON_PAGE)), node, core)
    clean_text, repaired = repair_entities(text)
    if repaired:
        rule = replace(rule, notes=(RuleCode.ENTITIES_REPAIRED,))
    return FoundText(Text(clean_text, rule, text if repaired else None), node, core)


def _lines_of_text(
    tree: PageTree,
    named: LexborNode | None,
    blocks: Sequence[Block],
    stretch: tuple[int, int] | None,
    title_at: int | None,
    title: str,
    summary: str,
) -> tuple[LexborNode | None, list[Line]]:
    """Return the element of the text and the lines of the text that the page shows. The parameters are those of `find_text`."""
    node, outside, is_below_title = named, _Outside(), False
    if stretch is not None:
        extent = TextExtent(blocks, stretch, title_at)
        is_below_title = title_at is not None and title_at < extent.first
        if named is None and (node := _around(blocks, stretch, extent)) is not None:
            outside = _outside(blocks, extent, node)
    if node is None:
        return None, []
    cut = outside.elements | _forms(tree, node)
    found = _without_lines(list(once(without_boxes(lines(node, treatment_of(tree, node, cut))))), outside)
    rest = _without_foot(_without_head(found, title, summary))
    if is_below_title and sum(len(line.text) for line in rest) < TEXT_LINE:
        # The text hardly says more than its title.
        rest = [line for line in found if _repeats_title(line, title) or line in rest]
    return node, rest


def _forms(tree: PageTree, node: LexborNode) -> set[int]:
    """Return the forms for readers inside the element of a text, by their `mem_id`. The form of ASP.NET is around the whole page."""
    if not tree.mentions("<textarea"):
        return set()
    return {form.mem_id for form in node.css("form") if form.css_first("textarea") is not None and len(form.text() or "") < SURE_TEXT}


@dataclass(frozen=True, slots=True)
class _Outside:
    """Content of the text's element that is not text: whole elements by their `mem_id`, and lines before and after it."""

    elements: set[int] = field(default_factory=set)
    before: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()


def _repeats_title(line: Line, title: str) -> bool:
    return bool(spelling_key(title)) and is_spelled(line.text, spelling_key(title))


def _core(blocks: Sequence[Block], stretch: tuple[int, int] | None, text: str) -> Text:
    """Return the text, or only the paragraphs of the stretch if these are shorter."""
    inside = blocks[stretch[0] : stretch[1] + 1] if stretch is not None else ()
    core = "\n\n".join(block.text for block in inside if not block.beside)
    return Text(min(text, core, key=len) or None, Rule(RuleCode.GENERIC_BODY_LONGEST_STRETCH))


def _around(blocks: Sequence[Block], stretch: tuple[int, int], extent: TextExtent) -> LexborNode | None:
    """Return the element around nearly all long paragraphs of the stretch, and around all blocks that the extent added."""
    if extent.first > stretch[1] or extent.last < stretch[0]:
        return around(blocks, extent.first, extent.last)
    node = around(blocks, max(stretch[0], extent.first), min(stretch[1], extent.last))
    added = [*range(extent.first, min(stretch[0], extent.last + 1)), *range(max(stretch[1] + 1, extent.first), extent.last + 1)]
    while node is not None and node.tag in _LISTS and node.mem_id not in blocks[extent.first].path:
        node = node.parent  # a line above a table or a list introduces it
    for at in (added[0], added[-1]) if added else ():
        while node is not None and node.mem_id not in blocks[at].path:
            node = node.parent
    return node


def _outside(blocks: Sequence[Block], extent: TextExtent, node: LexborNode) -> _Outside:
    """Return the content of an element that is not text: whole elements if they hold no text, otherwise lines."""
    depth = next((block.path.index(node.mem_id) for block in blocks if node.mem_id in block.path), 0)
    inside = [block for block in blocks[extent.first : extent.last + 1] if not block.beside]
    kept: set[int] = set()
    for block in inside:
        for element in reversed(block.path):
            if element in kept:
                break  # then all elements around it are kept too
            kept.add(element)
    elements: set[int] = set()
    before: set[str] = set()
    after: set[str] = set()
    for at, block in enumerate(blocks):
        if (extent.first <= at <= extent.last and not block.beside) or block.path[depth : depth + 1] != (node.mem_id,):
            continue
        own = next((element for element in block.path[depth + 1 :] if element not in kept), None)
        if own is not None:
            elements.add(own)
        elif at < extent.first:
            before.add(block.text)
        elif at > extent.last:
            after.add(block.text)
    return _Outside(elements, frozenset(before), frozenset(after))


def _without_lines(found: list[Line], outside: _Outside) -> list[Line]:
    """Return the lines without those before and after the text in the same element, if only `<br>` separates them."""
    first, end = 0, len(found)
    while first < end and found[first].text in outside.before:
        first += 1
    while end > first and found[end - 1].text in outside.after:
        end -= 1
    return found[first:end]


def body_by_trafilatura(tree: PageTree, title: str, blocks: Sequence[Block]) -> Text | None:
    """Return the text that trafilatura extracts; None if it is too short to be an article, or if half of it is menus and boxes."""
    lines = text_by_trafilatura(tree)
    text = "\n\n".join(line for line in lines if not _is_only_title(line, title) and not is_side_line(line))
    if len(text) < SURE_TEXT:
        return None
    boxes = {spelling_key(block.text) for block in blocks if block.beside or block.is_linked}
    cells = [spelling_key(cell) for cell in _CELL_MARK.split(text)]  # it writes a table that lays out the page as cells
    if sum(len(cell) for cell in cells if cell in boxes) * 2 >= sum(map(len, cells)):
        return None
    return Text(text, Rule(RuleCode.FALLBACK_TRAFILATURA))


def text_beside_files(tree: PageTree, node: LexborNode, title: str) -> Text | None:
    """Return the few words of an element beside its title and its files ("Tải về tại đây"), or a list of laws; None if neither."""
    found = _without_foot(_without_head(without_boxes(lines(node, treatment_of(tree, node))), title, ""))
    found = [line for line in found if not line.is_link]
    text = "\n\n".join(line.text for line in found)
    names = sum(line.is_document for line in found) * 2 >= len(found)
    return Text(text, Rule(RuleCode.GENERIC_BODY_BESIDE_FILES)) if text and (names or len(text) < SURE_TEXT) else None


def _is_only_title(line: str, title: str) -> bool:
    """Return True if a line is only the title, perhaps twice and with a date. A notice that only holds a file shows no more."""
    shown, wanted = spelling_key(line), spelling_key(title)
    return shown == wanted or (len(wanted) >= CERTAIN_SPELLING and wanted in shown and len(shown.replace(wanted, "")) < CERTAIN_SPELLING)


def _without_head(found: list[Line], title: str, summary: str) -> list[Line]:
    """Return the lines without the breadcrumb, title, date and sapo (lead paragraph) above the text in the same element."""
    wanted = spelling_key(title)
    for at, line in enumerate(found[:_TITLE_WITHIN]):
        if wanted and (is_spelled(line.text, wanted) or _is_title_with_date(line.text, title)):
            found = found[at + 1 :]
            break
    for at in range(min(_SAPO_WITHIN, len(found))):
        if _is_side_line(found, at) and _is_above_text(found, at):
            found = found[at + 1 :]
            break
    sapo = spelling_key(summary)
    for at, line in enumerate(found[:_SAPO_WITHIN]):
        # Only captions may be above the sapo.
        if (
            sapo
            and len(found) > at + 1
            and is_spelled(repair_entities(line.text)[0], sapo)
            and all(len(above.text) < _CAPTION for above in found[:at])
        ):
            found = found[at + 1 :]
            break
    first = 0
    while first < len(found) and (
        is_label(found[first].text) or (found[first].is_link and not found[first].is_document) or _is_side_line(found, first)
    ):
        first += 1
    return found[first:]


def _is_above_text(found: Sequence[Line], at: int) -> bool:
    """Return True if only captions are above a date, and more text is below it: the date of a short notice may be its last line."""
    if any(len(line.text) >= _CAPTION for line in found[:at]):
        return False
    return sum(len(line.text) for line in found[:at]) <= sum(len(line.text) for line in found[at + 1 :])


def _is_title_with_date(text: str, title: str) -> bool:
    """Return True if a line is the title with its date after it: "Họp giao ban tháng ba (14/03/2018)"."""
    return text.startswith(title) and len(text) > len(title) and is_side_line(text[len(title) :].strip())


def _is_side_line(found: Sequence[Line], at: int) -> bool:
    """Return True if a line is a date with its words, and not the time of an event with its place below it."""
    return is_side_line(found[at].text) and not (at + 1 < len(found) and is_event_time(found[at].text, found[at + 1].text))


def _without_foot(found: list[Line]) -> list[Line]:
    """Return the lines without the links to other pages, tags, dates, accounts and form fields after the text."""
    end = len(found)
    while end:
        start = end
        while start > 1 and found[start - 1].is_link:
            start -= 1
        if start < end:
            if _belong(found[start - 1], found[start:end]):
                break
            end = start
        elif _is_field(found[end - 1].text) or is_file_name(found[end - 1].text):
            end -= 1
        else:
            break
    return found[:end]


def _belong(before: Line, links: Sequence[Line]) -> bool:
    """Return True if links at the end of a text are part of it: a line introduces them, or most of them name laws or files."""
    if introduces_list(before.text) or (len(links) == 1 and leads_to_more(links[0].text)):
        return True
    return sum(line.is_document for line in links) * 2 >= len(links)


def _is_field(text: str) -> bool:
    return is_side_line(text) or is_field(text) or is_account(text)
