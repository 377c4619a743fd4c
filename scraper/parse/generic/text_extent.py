"""Extends the text of an article from its long paragraphs to the tables, lists of files and short lines around them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice

from selectolax.lexbor import LexborNode

from scraper.parse.body.boilerplate import (
    begins_comments,
    begins_other_news,
    introduces_list,
    is_field,
    is_label,
    leads_to_more,
    names_document,
)
from scraper.parse.generic.author_section_summary import LONGEST_NAME
from scraper.parse.generic.date_lines import is_date_line, is_event_time, is_side_line
from scraper.parse.generic.lengths import BELOW_TITLE, MIDDLE_TEXT, STEPS_OUT, TEXT_LINE, TEXT_WITHIN
from scraper.parse.generic.page_footer import is_footer_contact, is_short
from scraper.parse.generic.text_blocks import Block
from scraper.parse.tree.link_targets import leads_to_file

_LEAD = 3  # paragraphs above a list of other news that are only the lead of the text and captions
_FEWEST_OTHER = 2  # links of a list of other news between two paragraphs; a single headline may have its teaser below it
_FEW = 8  # rows of a table, and cells of a row, that are read; a bound against hostile input
_CELLS_AROUND_TEXT = 3  # cells and rows of a data table around a paragraph of the text; a smaller one is layout
_COMMENTS_WITHIN = 8  # blocks below that heading in which comments or their form begin
_AUTHOR = re.compile(r"author|tac-?gia|byline|writer")  # in the class or id of its element
_WRITER = re.compile(r"tác giả(?: bài viết)?\s*:\s*(.{3,60})", re.IGNORECASE)
# Elements that hold text; others (div, section, form) may be a separate box.
_CONTENT = frozenset(("p", "table", "ul", "ol", "dl", "blockquote", "pre", "h2", "h3", "h4", "h5", "h6", "figure", "center"))
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_COLUMNS = frozenset(("td", "th"))
_CELLS = frozenset(("td", "th", "tr", "li", "tbody"))


class TextExtent:
    """Finds the first and the last block of the text, starting from its best stretch."""

    def __init__(self, blocks: Sequence[Block], stretch: tuple[int, int], title_at: int | None) -> None:
        self._blocks = blocks
        self._title = frozenset(blocks[title_at].path) if title_at is not None else frozenset()
        self._low = title_at + 1 if title_at is not None and title_at < stretch[0] else stretch[0]
        self._kinds: dict[int, str] = {}
        self._tables: dict[int, bool] = {}
        self.first, self.last = stretch
        self._end = len(blocks)  # where the contact details of the site begin
        if title_at is not None and not any(map(_is_text, blocks[self.first : self.last + 1])):
            self._start_in_table(title_at)
        self._cut_short()
        self._anchor = next((blocks[at] for at in range(self.last, self.first - 1, -1) if _is_text(blocks[at])), blocks[self.last])
        self._take_siblings()
        self._go_down()
        self._go_up()

    def _start_in_table(self, title_at: int) -> None:
        """Use a table of data right below the title as the text, if no block of the stretch is long."""
        for at in range(title_at + 1, min(len(self._blocks), title_at + BELOW_TITLE)):
            block = self._blocks[at]
            table = None if block.beside or is_side_line(block.text) else _table_around(block)
            if table is not None and table.mem_id not in self._title and _is_data(table, 2):
                self.first = self.last = at
                while self.last + 1 < len(self._blocks) and table.mem_id in self._blocks[self.last + 1].path:
                    self.last += 1
                return

    def _cut_short(self) -> None:
        """End the text before readers' comments, a list of other news or a biography, if no paragraph of the text follows."""
        held: set[int] = set()
        for at in range(self.first, self.last + 1):
            block = self._blocks[at]
            ends = self._are_comments(at) or self._is_last_list(at, held) or self._is_biography(at) or self._is_next_entry(at, held)
            if at > self.first and ends:
                self.last = at - 1
                return
            if _is_text(block) and not is_footer_contact(block):
                held.update(_holders(block))
        # The contact details of the site, below the element that holds the text.
        while self.last > self.first and self._is_apart(self._blocks[self.last], held):
            self.last -= 1
        self._cut_contact_details()

    def _is_apart(self, block: Block, held: set[int]) -> bool:
        return bool(held) and is_footer_contact(block) and held.isdisjoint(_holders(block))

    def _cut_contact_details(self) -> None:
        """End the text before a last element of short lines that holds contact details, if it is outside the element of the text."""
        text = max(self._blocks[self.first : self.last + 1], key=lambda block: len(block.text))
        depth = _common(self._blocks[self.last].path, text.path)
        if depth >= len(text.path) - 1 or depth == len(self._blocks[self.last].path):
            return
        element = self._blocks[self.last].path[depth]
        start, end = self.last, self.last + 1
        while start > self.first and self._blocks[start - 1].path[depth : depth + 1] == (element,):
            start -= 1
        while end < len(self._blocks) and end <= self.last + BELOW_TITLE and self._blocks[end].path[depth : depth + 1] == (element,):
            end += 1  # lines too short for the stretch
        group = self._blocks[start:end]
        if start > self.first and any(map(is_footer_contact, group)) and all(is_short(one.text) or is_footer_contact(one) for one in group):
            self.last = start - 1
            self._end = start

    def _are_comments(self, at: int) -> bool:
        return begins_comments(self._blocks[at].folded, lambda: [block.text for block in self._blocks[at + 1 : at + 1 + _COMMENTS_WITHIN]])

    def _is_heading(self, block: Block) -> bool:
        """Return True if a block is a heading in an element that holds the text and not the title."""
        return block.tag in _HEADINGS and len(block.path) > 1 and block.path[-2] in self._anchor.path and block.path[-2] not in self._title

    def _is_biography(self, at: int) -> bool:
        """Return True if a label with a name ("Tác giả: ...") begins a box about the writer: the next line begins with that name."""
        match = _WRITER.fullmatch(self._blocks[at].text)
        return match is not None and at + 1 < len(self._blocks) and self._blocks[at + 1].text.startswith(match[1].strip())

    def _is_last_list(self, at: int, held: set[int]) -> bool:
        if not held or not begins_other_news(self._blocks[at].text):
            return False
        following = [block for block in self._blocks[at + 1 : self.last + 1] if _is_text(block)]
        return not any(not held.isdisjoint(_holders(block)) for block in following) and not self._is_below_lead(at, following)

    def _is_below_lead(self, at: int, following: Sequence[Block]) -> bool:
        """Return True if only the lead and captions are above a list of other news, and the text is below it, all in one element.

        Teasers of other articles are each in an element of their own. `following`: the paragraphs below the list.
        """
        above = [block for block in self._blocks[self.first : at] if _is_text(block)]
        if at - self.first > TEXT_WITHIN or len(above) > _LEAD:
            return False
        sizes: Counter[int] = Counter()
        for block in following:
            sizes[block.path[-2] if len(block.path) > 1 else 0] += len(block.text)
        return max(sizes.values(), default=0) > max(MIDDLE_TEXT, sum(len(block.text) for block in above))

    def _is_next_entry(self, at: int, held: set[int]) -> bool:
        """Return True if a heading that links to another page, with a date below it, is the next article of a list. No text follows it."""
        block = self._blocks[at]
        if block.tag not in _HEADINGS or not block.is_linked or at + 1 >= len(self._blocks) or not is_date_line(self._blocks[at + 1].text):
            return False
        return bool(held) and not any(_is_text(one) and not held.isdisjoint(_holders(one)) for one in self._blocks[at + 1 : self.last + 1])

    def _take_siblings(self) -> None:
        """Add long paragraphs in the same element as those of the stretch, with everything between them."""
        held = {element for block in self._blocks[self.first : self.last + 1] if _is_text(block) for element in _holders(block)}
        for at in range(self.last + 1, len(self._blocks)):
            block = self._blocks[at]
            if self._are_comments(at) or (begins_other_news(block.text) and not self._is_between_text(at, held)):
                break
            if _is_text(block) and not held.isdisjoint(_holders(block)):
                self.last = at
        for at in range(self.first - 1, self._low - 1, -1):
            if _is_text(self._blocks[at]) and not held.isdisjoint(_holders(self._blocks[at])):
                self.first = at

    def _is_between_text(self, at: int, held: set[int]) -> bool:
        """Return True if the list of other news below a heading has links only, and a paragraph of the text is below it. The teaser of
        other news has a headline above it, and mostly another one below it.
        """
        below, links = at + 1, 0
        while below < len(self._blocks) and (_is_linked(self._blocks[below]) or is_date_line(self._blocks[below].text)):
            links += _is_linked(self._blocks[below])
            below += 1
        if links < _FEWEST_OTHER or below >= len(self._blocks):
            return False
        block = self._blocks[below]
        is_own = _is_text(block) and not held.isdisjoint(_holders(block))
        return is_own and not (below + 1 < len(self._blocks) and _is_linked(self._blocks[below + 1]))

    def _go_down(self) -> None:
        at = self.last + 1
        while at < self._end:
            block = self._blocks[at]
            if self._is_biography(at):
                break
            if (end := self._end_of_table(at)) is not None:
                at = end + 1
            elif self._stops(block, at):
                break
            elif _is_linked(block):
                end = self._end_of_links(at)
                if end is None:
                    break
                at = end + 1
            else:
                at += 1
            self.last = at - 1

    def _go_up(self) -> None:
        at = self.first - 1
        while at >= self._low:
            block = self._blocks[at]
            if (start := self._start_of_table(at)) is not None:
                self.first = at = start
            elif self._stops(block, at):
                break
            elif _is_linked(block):
                start = self._start_of_links(at)
                if start is None:
                    break
                self.first = at = start
            elif len(block.text) >= TEXT_LINE or block.text.rstrip().endswith(":") or self._is_heading(block) or is_side_line(block.text):
                self.first = at
            at -= 1

    def _stops(self, block: Block, at: int) -> bool:
        if block.beside or is_label(block.text) or is_field(block.text) or self._are_comments(at):
            return True
        if is_side_line(block.text) and not (at + 1 < len(self._blocks) and is_event_time(block.text, self._blocks[at + 1].text)):
            return True
        return (len(block.text) <= LONGEST_NAME and _AUTHOR.search(block.marked) is not None) or not self._is_within(block)

    def _is_within(self, block: Block) -> bool:
        """Return True if a block is in the same part of the page as the text."""
        depth = _common(block.path, self._anchor.path)
        if depth == len(block.path) or depth == len(self._anchor.path):
            return True
        kind = self._kind(block, block.path[depth])
        if kind.partition(" ")[0] in _COLUMNS:
            return False  # another column of the page
        if depth and block.path[depth - 1] not in self._title and self._title:
            return True  # the common parent does not hold the title, so it belongs to the text only
        if is_footer_contact(block):
            return False
        if kind.partition(" ")[0] in _CONTENT:
            return True
        beside = self._anchor.path[depth]
        # An element beside the one that holds title and text is another column.
        return beside not in self._title and kind == self._kind(self._anchor, beside)

    def _kind(self, block: Block, element: int) -> str:
        """Return the tag and class of an element around a block."""
        if element not in self._kinds:
            node: LexborNode | None = block.node
            while node is not None and node.mem_id != element:
                node = node.parent
            self._kinds[element] = f"{node.tag} {node.attributes.get('class') or ''}" if node is not None else " "
        return self._kinds[element]

    def _table(self, at: int) -> int | None:
        """Return the id of the data table around a block; None if there is none, or if it lays out the page or holds the title."""
        block = self._blocks[at]
        if block.beside or block.tag in ("body", "div"):
            return None
        table = _table_around(block)
        if table is None:
            return None
        element = table.mem_id
        if element not in self._anchor.path and not self._is_within(block):
            return None
        if element not in self._tables:
            self._tables[element] = element not in self._title and _is_data(
                table, _CELLS_AROUND_TEXT if element in self._anchor.path else 2
            )
        return element if self._tables[element] else None

    def _end_of_table(self, at: int) -> int | None:
        table = self._table(at)
        if table is None:
            return None
        while at + 1 < len(self._blocks) and table in self._blocks[at + 1].path:
            at += 1
        return at

    def _start_of_table(self, at: int) -> int | None:
        table = self._table(at)
        if table is None:
            return None
        while at - 1 >= self._low and table in self._blocks[at - 1].path:
            at -= 1
        return at

    def _end_of_links(self, at: int) -> int | None:
        """Return the last position of a run of links that belongs to the text; None for links to other pages."""
        end = at
        while end + 1 < len(self._blocks) and _is_linked(self._blocks[end + 1]) and not self._stops(self._blocks[end + 1], end + 1):
            end += 1
        return end if self._belong(at, end) else None

    def _start_of_links(self, at: int) -> int | None:
        start = at
        while start - 1 >= self._low and _is_linked(self._blocks[start - 1]) and not self._stops(self._blocks[start - 1], start - 1):
            start -= 1
        return start if self._belong(start, at) else None

    def _belong(self, start: int, end: int) -> bool:
        """Return True if a run of links is part of the text: a line introduces it, or most links name a law or lead to a file."""
        if start > self._low and introduces_list(self._blocks[start - 1].text) and not _is_linked(self._blocks[start - 1]):
            return True
        run = self._blocks[start : end + 1]
        if len(run) == 1 and leads_to_more(run[0].text):
            return True
        nodes = {block.node.mem_id: block.node for block in run}  # lines between line breaks have the same element
        to_files = {element for element, node in nodes.items() if leads_to_file(node)}
        return sum(names_document(block.text) or block.node.mem_id in to_files for block in run) * 2 >= len(run)


def _is_text(block: Block) -> bool:
    return len(block.text) >= TEXT_LINE and not block.beside and not _is_linked(block)


def _is_linked(block: Block) -> bool:
    return block.is_linked


def _table_around(block: Block) -> LexborNode | None:
    """Return the innermost table around a block, or None."""
    node: LexborNode | None = block.node
    for _ in range(STEPS_OUT):
        if node is None or node.tag == "body":
            return None
        if node.tag == "table":
            return node
        node = node.parent
    return None


def _is_data(table: LexborNode, least: int) -> bool:
    """Return True if a table holds data: at least `least` cells in each of its first `least` rows, and no table inside them."""
    rows = _rows(table)
    cells = [[cell for cell in islice(row.iter(), _FEW) if cell.tag in _COLUMNS] for row in rows]
    full = sum(len(row) >= least for row in cells)
    return full >= min(least, len(rows)) and full > 0 and not any(cell.css_first("table") is not None for row in cells for cell in row)


def _rows(table: LexborNode) -> list[LexborNode]:
    """Return the first rows of a table, without the rows of nested tables."""
    found: list[LexborNode] = []
    for part in islice(table.iter(), _FEW):
        found += [part] if part.tag == "tr" else [row for row in islice(part.iter(), _FEW) if row.tag == "tr"]
    return found[:_FEW]


def _holders(block: Block) -> tuple[int, ...]:
    """Return the elements that hold a paragraph: its own, and also the parent if the block is not a cell or a list item."""
    if block.tag in _CELLS or len(block.path) < 2:
        return block.path[-1:]
    return block.path[-1], block.path[-2]


def _common(one: Sequence[int], other: Sequence[int]) -> int:
    """Return how many of the first elements are equal in two paths (binary search)."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low
