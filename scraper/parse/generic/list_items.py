"""Finds the entries of lists on a page: headlines that link to other pages, each with its date and its teaser.

A list is a run of links at the same level of the markup: each in a separate box inside one container (`<li>`, `<tr>`, a
card), or one after the other in one container (`<dt>`, `<p>`, lines that end with `<br>`). A headline without a link belongs
to a list if it is followed by a "Xem tiếp" link, as the other entries are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import pairwise
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from scraper.parse.fields.written_dates import localise, read_date
from scraper.parse.generic.date_lines import is_date_line, is_side_line
from scraper.parse.generic.lengths import STEPS_OUT, TEXT_LINE
from scraper.parse.generic.text_blocks import Block
from scraper.parse.tree.beautifulsoup_tree import BLOCKS, SILENT
from scraper.parse.tree.page_tree import PageTree, text_of
from scraper.text import fold

HEADLINE = 20  # characters of a headline; names of sections and tools are shorter, or have fewer words
HEADLINE_WORDS = 5  # words of a shorter headline
_MOST_TEASER = 8  # blocks between two entries that are the teaser of the first; an article has more between two links. A separate box may have twice as many
_HEADINGS = frozenset(("h2", "h3", "h4", "h5"))
_SHORTEST_DAY = 6  # characters of a day with its year: "1/2/23"
_IN_LINE = 4  # links of one line that are compared; a bound against hostile input
_HEADLINES_SHARE = 0.75  # of the entries of a list that has neither days nor teasers; a menu has short names too

_HAN = re.compile(r"[\u3400-\u9fff]")  # Chinese letters; one is as much as a word
_HAN_HEADLINE = 8  # of a Chinese headline; names of sections have two to six
_WORD = re.compile(r"\w+")
_BYLINE = re.compile(r"\W*\d{1,2}[/.-]\d{1,2}[/.-]\d{4}.{0,40}$")  # "14/08/2019 lúc 16:45 Lò Văn Pánh", a link in many themes
# A line that names the author: by its words, or by the URL of its link.
_AUTHOR_LINE = re.compile(
    r"^(?:[^a-zà-ỹđ]{0,40}\d[^a-zà-ỹđ]{0,20})?\W{0,5}(?:(?:được )?(?:viết|đăng|gửi) bởi|người (?:viết|đăng|gửi)(?: bài(?: viết)?)?|tác giả(?: bài viết)?|by|(?:written|posted) by|author)\b(?! và)",
    re.IGNORECASE,
)
_AUTHOR_URL = re.compile(r"/(?:author|tac-?gia|nguoi-(?:viet|dang)|users?|profile|but-danh)s?/[^/?]+/?$", re.IGNORECASE)
_CRUMBS = re.compile(r"\W*(?:trang chủ|trang nhất|trang đầu|home)\b", re.IGNORECASE)
_DAY_LINE = re.compile(
    r"^\W*(?:(?:ngày|thứ|chủ nhật|đăng|cập nhật|gửi|lúc|posted|published|updated)\b.{0,40})?\d{1,2}[/.:h-]\d{1,2}", re.IGNORECASE
)
MORE = re.compile(
    r"\W*(?:xem|doc|click|bam)?\W*(?:tiep|them|chi tiet|toan van|tiep tuc|noi dung|bai viet|tin)(?: chi tiet| tin| bai| bai viet| tiep)?\W*|\W*(?:read|view|see) (?:more|details?)\W*"
)
_FILE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|rtf|zip|rar|7z|odt|jpe?g|png|gif|mp[34]|wmv|flv)(?:$|[/?&])|(?:^|[/=?&])(?:download\w*|tai-?ve|tai-?file|attach\w*|get-?file|file-?id|dinh-?kem)(?:$|[/=?&.])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Lead:
    """A block that links to another page of the site."""

    url: str
    is_headline: bool  # the block is the link, and as long as a headline
    is_more: bool  # the link says "Xem tiếp"
    label: str  # the text of the link


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list: its blocks from `first` to `last`, `at` the one with the link."""

    url: str
    at: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Items:
    """The links from a page to other pages and to files, and the lists of entries."""

    leads: Mapping[int, Lead]  # by the position of the block
    files: frozenset[int]  # the positions of blocks that link to a file
    runs: tuple[tuple[Entry, ...], ...]
    covered: frozenset[int]  # the positions of all blocks of all entries


def find_items(tree: PageTree, blocks: Sequence[Block]) -> Items:
    """Return the entries of every list on the page, except in boxes beside the text. Linear in the size of the page."""
    links = _Links()
    leads: dict[int, Lead] = {}
    files: set[int] = set()
    here, _ = _target(tree.url)
    for at, block in enumerate(blocks):
        if not block.linked or block.beside:
            continue
        label, link = links.of(block)
        url = tree.link(link) if link is not None else None
        if url is None:
            continue
        there, is_file = _target(url)
        if is_file:
            files.add(at)
        elif there not in (_FRONT_PAGE, here) and (lead := _lead(block, label, url)) is not None:
            leads[at] = lead
    runs = tuple(entries for members, depth in _runs(blocks, leads) if (entries := _entries(blocks, leads, members, depth)))
    covered = frozenset(at for run in runs for entry in run for at in range(entry.first, entry.last + 1))
    return Items(leads, frozenset(files), runs, covered)


def _lead(block: Block, label: str, url: str) -> Lead | None:
    """Return what a block with a link to another page is; None for a row of tools, a line of text, or the name of the author."""
    is_one = len(label) * 2 > block.linked  # not a row of tools
    is_link = is_one and (block.is_linked or is_side_line(block.text.replace(label, "", 1)))
    is_more = _is_more(label[:TEXT_LINE])
    if not (is_link or is_more) or _names_author(block, label, url):
        return None
    is_headline = is_link and not is_more and _may_be_headline(label) and not _CRUMBS.match(block.text)
    return Lead(url, is_headline, is_more, label)


def _names_author(block: Block, label: str, url: str) -> bool:
    """Return True if a line names the author of the text below it. Its link does not begin an entry of a list."""
    return len(label) < TEXT_LINE and (_AUTHOR_LINE.match(block.text) is not None or _AUTHOR_URL.search(urlsplit(url).path) is not None)


def is_author_line(text: str) -> bool:
    """Return True if a short line names the author: "Viết bởi Lò Văn Pánh"."""
    return len(text) < TEXT_LINE and _AUTHOR_LINE.match(text) is not None


def entries_of(blocks: Sequence[Block], items: Items, captured_at: datetime) -> dict[str, date | None]:
    """Return the URLs of the entries of all lists, each with its day.

    Menus are left out: bare titles are a list only if nearly all of them are as long as headlines.
    """
    found: dict[str, date | None] = {}
    for run in items.runs:
        days = [_day(blocks, items, entry, captured_at) for entry in run]
        titles = sum(items.leads[entry.at].is_headline for entry in run)
        if any(days) or any(_has_words(blocks, entry.first, entry.last) for entry in run) or titles >= _HEADLINES_SHARE * len(run):
            for entry, day in zip(run, days, strict=True):
                found[entry.url] = found.get(entry.url) or day
    return found


def _day(blocks: Sequence[Block], items: Items, entry: Entry, captured_at: datetime) -> date | None:
    """Return the day on a date line of an entry, or None. Days in its headline or its teaser belong to laws and events."""
    for at in range(entry.first, entry.last + 1):
        text = blocks[at].text
        if at == entry.at:
            text = text.replace(items.leads[at].label, " ", 1)
        if any(char.isdigit() for char in text) and (_DAY_LINE.match(text) or is_side_line(text)):
            stamp = read_date(text, captured_at)
            if stamp is not None:
                return localise(stamp).date()
    return None


_FRONT_PAGE = ("", "")


@lru_cache(maxsize=4096)  # the menus of a site are on all of its pages
def _target(url: str) -> tuple[tuple[str, str], bool]:
    """Return the path and query of a URL, which identify a page of a site, and True if it is a file.

    The slash at the end is dropped, because a title may link to its own page with a slash.
    """
    parts = urlsplit(url)
    return (parts.path.rstrip("/"), parts.query), _FILE.search(parts.path) is not None or _FILE.search(parts.query) is not None


@lru_cache(maxsize=1024)
def _is_more(label: str) -> bool:
    """Return True if the label of a link begins with the promise of more text: "Xem tiếp"."""
    return MORE.fullmatch(fold(label)) is not None


def _may_be_headline(label: str) -> bool:
    """Return True if the label of a link is as long as a headline, and is not a date or an author."""
    if len(label) < HEADLINE and len(_WORD.findall(label)) < HEADLINE_WORDS and len(_HAN.findall(label)) < _HAN_HEADLINE:
        return False
    return not (is_side_line(label) or _BYLINE.match(label))


def _runs(blocks: Sequence[Block], leads: Mapping[int, Lead]) -> Iterator[tuple[list[int], int]]:
    """Yield runs of leads at the same level of the markup, each with the depth of the container that they share."""
    alike: dict[tuple[object, ...], list[int]] = {}
    for at, lead in leads.items():
        block = blocks[at]
        parent = block.node.parent
        alike.setdefault((len(block.path), block.tag, parent.tag if parent is not None else "", lead.is_more), []).append(at)
    for places in alike.values():
        run, depth = [places[0]], -1
        for before, at in pairwise(places):
            shared = _shared(blocks[before].path, blocks[at].path)
            if depth in (-1, shared):
                run.append(at)
                depth = shared
            elif shared > depth:
                # The link before is the first of an inner list, not the second of an outer one.
                yield run[:-1], depth
                run, depth = [before, at], shared
            else:
                yield run, depth
                run, depth = [at], -1
        yield run, depth


def _shared(one: Sequence[int], other: Sequence[int]) -> int:
    """Return how many of the outer elements are the same for two blocks."""
    depth = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        depth += 1
    return depth


def _entries(blocks: Sequence[Block], leads: Mapping[int, Lead], run: Sequence[int], depth: int) -> tuple[Entry, ...]:
    """Return the entries of a run; none if it is a menu, or if the blocks between its links are the text of an article."""
    if not _is_list(blocks, leads, run):
        return ()
    boxes = [_box(blocks, at, depth) for at in run]
    boxes = [box if _is_of_one(blocks, leads, at, box) else (at, at) for at, box in zip(run, boxes, strict=True)]
    if any(last > first and _has_words(blocks, first, last) for first, last in boxes):
        return tuple(Entry(leads[at].url, at, first, last) for at, (first, last) in zip(run, boxes, strict=True))
    if leads[run[0]].is_more:
        return _entries_above(leads, run)
    lasts = _ends_of_teasers(blocks, leads, run, depth)
    return tuple(Entry(leads[at].url, at, min(at, box[0]), max(last, box[1])) for at, last, box in zip(run, lasts, boxes, strict=True))


def _is_list(blocks: Sequence[Block], leads: Mapping[int, Lead], run: Sequence[int]) -> bool:
    """Return True if a run links to at least two pages, and most are headlines or have a day beside them, or all are "Xem tiếp"."""
    if len(run) < 2 or len({leads[at].url for at in run}) < 2:
        return False
    if leads[run[0]].is_more:
        return True
    return sum(leads[at].is_headline or _has_day(blocks[at].text, leads[at].label) for at in run) * 2 >= len(run)


def _has_day(text: str, label: str) -> bool:
    """Return True if the line of a link has a day beside it, as no menu has: "Thư ngỏ (20/11/2023)"."""
    return len(text) - len(label) >= _SHORTEST_DAY and is_date_line(text.replace(label, "", 1))


def _entries_above(leads: Mapping[int, Lead], run: Sequence[int]) -> tuple[Entry, ...]:
    """Return the entries of "Xem tiếp" links: headline, date and teaser are above the link. The first is as long as the longest other one."""
    lengths = [min(at - before, _MOST_TEASER) for before, at in pairwise(run)]
    firsts = [max(0, run[0] - max(lengths) + 1), *(at - length + 1 for at, length in zip(run[1:], lengths, strict=True))]
    return tuple(Entry(leads[at].url, at, first, at) for at, first in zip(run, firsts, strict=True))


def _ends_of_teasers(blocks: Sequence[Block], leads: Mapping[int, Lead], run: Sequence[int], depth: int) -> list[int]:
    """Return the last position of each entry, if headline and teaser are in no box of their own: right before the next headline, also that
    of another list.
    """
    gaps = [after - at for at, after in pairwise(run)]
    if max(gaps) > _MOST_TEASER:
        gaps = [gap if gap <= _MOST_TEASER else 1 for gap in gaps]
    container = blocks[run[0]].path[:depth]
    end = run[-1]
    while end + 1 < len(blocks) and end + 1 < run[-1] + max(gaps) and blocks[end + 1].path[:depth] == container and end + 1 not in leads:
        end += 1
    lasts = [*(at + gap - 1 for at, gap in zip(run, gaps, strict=False)), end]
    return [_before_headline(leads, at, last) for at, last in zip(run, lasts, strict=True)]


def _before_headline(leads: Mapping[int, Lead], at: int, last: int) -> int:
    """Return the position before the first headline of another page below an entry, `last` if there is none."""
    others = (
        other for other in range(at + 1, last + 1) if other in leads and leads[other].is_headline and leads[other].url != leads[at].url
    )
    return next(others, last + 1) - 1


def _box(blocks: Sequence[Block], at: int, depth: int) -> tuple[int, int]:
    """Return the first and the last position of the container's child that holds a block."""
    if len(blocks[at].path) <= depth:
        return at, at
    box = blocks[at].path[depth]
    first = last = at
    while first > 0 and len(blocks[first - 1].path) > depth and blocks[first - 1].path[depth] == box:
        first -= 1
    while last + 1 < len(blocks) and len(blocks[last + 1].path) > depth and blocks[last + 1].path[depth] == box:
        last += 1
    return first, last


def _is_of_one(blocks: Sequence[Block], leads: Mapping[int, Lead], at: int, box: tuple[int, int]) -> bool:
    """Return True if a box is as small as an entry and links to one page only. A column of a page holds many headlines.

    Links to related news may be below the heading of an entry, in plain letters.
    """
    first, last = box
    if last - first > 2 * _MOST_TEASER:
        return False
    others = [
        other for other in range(first, last + 1) if other in leads and leads[other].is_headline and leads[other].url != leads[at].url
    ]
    return not others or (blocks[at].tag in _HEADINGS and others[0] > at and not any(blocks[other].tag in _HEADINGS for other in others))


def _has_words(blocks: Sequence[Block], first: int, last: int) -> bool:
    """Return True if any block of an entry holds words outside of links."""
    return any(len(block.text) - block.linked >= HEADLINE for block in blocks[first : last + 1])


class _Links:
    """Finds the link of a block. Each element is walked only once, so a cell with a thousand lines takes linear time."""

    def __init__(self) -> None:
        self._inside: dict[int, list[tuple[str, LexborNode]]] = {}

    def of(self, block: Block) -> tuple[str, LexborNode | None]:
        """Return the longest link in a block, or the link around it, after its text; None if there is none."""
        inside = self._inside.get(block.node.mem_id)
        if inside is None:
            inside = self._inside[block.node.mem_id] = [(text_of(link), link) for link in _inline_links(block.node)]
        while inside:
            fitting = [pair for pair in inside[:_IN_LINE] if pair[0] and pair[0] in block.text]
            if fitting:
                best = max(fitting, key=lambda pair: len(pair[0]))
                del inside[: inside.index(best) + 1]  # the lines of one element come in order
                return best
            del inside[0]
        node = block.node
        for _ in range(STEPS_OUT):
            if node.tag == "a":
                return text_of(node), node
            if node.parent is None:
                break
            node = node.parent
        return "", None


def _inline_links(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the links inside an element in the order of the page, except those in a nested block element."""
    stack = [node.child] if node.child is not None else []
    while stack:
        current = stack.pop()
        if current.next is not None:
            stack.append(current.next)
        if current.tag == "a" and current.attributes.get("href"):
            yield current
        elif current.tag not in BLOCKS and current.tag not in SILENT and current.child is not None:
            stack.append(current.child)
