"""Decides if a page of unknown layout is one article, and not a list page, front page, record or form.

`features_of` reads the page once and returns its features. `CRITERIA` in article_criteria.py decide by them. The blocks between the
title and the first entry of a list, the *opening*, decide most pages: an article has a date, a text or a file below its title, and a
section has its first entry there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from scraper.model import Text
from scraper.parse.body.boilerplate import is_label, names_document
from scraper.parse.fields.attachments import with_files
from scraper.parse.fields.metadata import Metadata
from scraper.parse.fields.publication_date import FoundDate
from scraper.parse.fields.relative_dates import is_relative_line
from scraper.parse.fields.written_dates import date_in_url, read_date
from scraper.parse.generic.article_criteria import LINE, End, Features
from scraper.parse.generic.date_lines import LONGEST_DATED, LONGEST_LABEL, SHORT_DATED, is_side_line
from scraper.parse.generic.lengths import ABOVE_TITLE, LONG_TEXT, LONGEST_TITLE, MIDDLE_TEXT, STEPS_OUT, SURE_TEXT, TEXT_LINE
from scraper.parse.generic.list_items import HEADLINE, Items, Lead, is_author_line
from scraper.parse.generic.procedure_records import is_procedure
from scraper.parse.generic.short_notice import has_player
from scraper.parse.generic.spelling_key import CERTAIN_SPELLING, spelling_key
from scraper.parse.generic.standing_pages import has_form, is_only_search, is_record, is_search, is_standing
from scraper.parse.generic.text_blocks import Block, in_one_row
from scraper.parse.tree.page_tree import PageTree
from scraper.text import fold

# Headings of boxes on every page of a site, folded.
_BOX = re.compile(
    r"(?:tham do y kien|binh chon|lien ket(?: web(?:site)?)?|thong ke(?: truy cap)?|dang nhap|quang cao|thoi tiet|ty gia|hinh anh|thu vien anh|video(?: clip)?|ban do|danh muc|menu)"
)
_DIGIT = re.compile(r"\d")
_TRIED = 12  # headings on a page without a title that are tried, boxes beside the text have up to ten; a bound against hostile input
_MARKED = re.compile(r"^h[1-5]\b|title|headline|tieu-?de", re.IGNORECASE)
_MOST_OPENING = 400  # blocks below a title that are checked; a bound against hostile input
_MANY_DATES = 4  # an article shows two or three: published, updated, the signature
_SENTENCE = 30  # letters of a title that is a sentence; nearly all names of sections are shorter
_NUMBERED = 20  # the same of a title with a number, which names of sections do not have
_SPELLED_SHARE = 2 / 3  # of the letters of a title that the URL must have; many systems cut long URLs
_DATES_SHARE = 1 / 3  # dates for each line of text below a title; a page with more lists dated entries
_HEADLINE_ABOVE = 3  # blocks above a text in which the headline of an entry may be; dates may be between them
_CELLS_OF_DATA = 2  # cells of a row of a table in a text; a row of one cell is layout


_HOME = re.compile(r"/?|(?:/web)?(?:/guest|/vi|/en|/pages)?/(?:home|index|default|trang-?chu)?(?:\.\w+)?", re.IGNORECASE)


def features_of(
    tree: PageTree,
    metadata: Metadata,
    blocks: Sequence[Block],
    items: Items,
    places: Sequence[int],
    title: str,
    stretch: tuple[int, int] | None,
    body: Text,
    found: Sequence[FoundDate],
    captured_at: datetime,
) -> Features:
    """Return the features of a page, after its title, text and dates were searched for.

    `places` are the positions in `blocks` that may show the title, the best first; `stretch` holds the first and the last
    position of the text, and is None if no text was found.
    """
    parts = urlsplit(tree.url)
    title_at, opening = _title_and_opening(tree, metadata, blocks, items, places, captured_at)
    shown = blocks[title_at].text if title_at is not None else ""
    text = len(body.value or "")
    return Features(
        is_home=_HOME.fullmatch(parts.path) is not None and not parts.query,
        is_record=is_record(blocks, items.covered, title_at, is_dated=opening.is_dated)
        or (not metadata.is_article and is_procedure(blocks, items.covered, is_dated=opening.is_dated)),
        is_search=is_search(tree, title),
        is_only_search=is_only_search(title),
        is_standing=is_standing(tree, shown, body.value or ""),
        has_form=opening.size < LONG_TEXT and not metadata.is_article and has_form(tree),  # a look at the whole tree
        has_title=title_at is not None,
        is_named=url_spells_title(parts.path, shown or title),
        is_own=_is_own(tree, metadata, shown),
        is_long=_is_sentence(shown),
        is_dated=opening.is_dated or (title_at is not None and metadata.is_article and bool(metadata.published)),
        says_article=metadata.is_article,
        opening=opening.size,
        has_file=opening.has_file or (title_at is not None and _shows_file(tree, blocks[title_at].node, opening)),
        has_player=title_at is not None and opening.size < LINE and has_player(blocks[title_at].node),
        is_dated_often=opening.dates >= _MANY_DATES and opening.dates >= _DATES_SHARE * opening.texts,
        end=opening.end,
        text=text,
        listed=_share_in_lists(blocks, items, stretch, text),
        is_teaser=stretch is not None and _is_below_headline(blocks, items, stretch[0], title_at),
        is_above_list=stretch is not None and _is_above_list(items, stretch[1] + 1),
        has_date=bool(found),
        has_day_in_url=_has_day_above_name(parts.path),
    )


def _shows_file(tree: PageTree, title: LexborNode, opening: _Opening) -> bool:
    """Return True if only a file in a viewer is below the date of a title."""
    return opening.is_dated and opening.size < LINE and opening.end is End.NOTHING and with_files(tree, title) is not None


def _has_day_above_name(path: str) -> bool:
    """Return True if a folder of a path is a whole day, and its last segment is a name. The archive of a day has no name."""
    folder, _, name = path.rstrip("/").rpartition("/")
    return name[:1].isalpha() and _DIGIT.search(folder) is not None and date_in_url(f"{folder}/") is not None


def _title_and_opening(
    tree: PageTree, metadata: Metadata, blocks: Sequence[Block], items: Items, places: Sequence[int], captured_at: datetime
) -> tuple[int | None, _Opening]:
    """Return the position of the title and the content below it. The parameters are those of `features_of`.

    If there is no title, or only one that is neither dated nor the page's own, it is the first heading with a date and a text.
    """
    title_at = next((at for at in places if _may_be_title(tree, metadata, blocks, items, at, captured_at)), None)
    opening = _opening(blocks, items, title_at, captured_at) if title_at is not None else _Opening()
    if title_at is not None and (opening.is_dated or _is_own(tree, metadata, blocks[title_at].text)):
        return title_at, opening
    return _dated_heading(blocks, items, captured_at) or (title_at, opening)


def is_above_headline(blocks: Sequence[Block], places: Sequence[int], captured_at: datetime) -> bool:
    """Return True if a title is the name of a section: it is only shown in links, or a headline with its day is right below it.

    `places`: the positions that show the title, the best first.
    """
    shown = next((at for at in places if not blocks[at].is_linked), None)
    if shown is None:
        return bool(places)
    below = next((at for at in range(shown + 1, len(blocks)) if not blocks[at].beside), None)
    if below is None or blocks[below].is_linked or not _is_marked(blocks[below]) or not LINE <= len(blocks[below].text) <= LONGEST_TITLE:
        return False
    return not is_side_line(blocks[below].text) and _is_above_date(blocks, below, captured_at)


def _is_sentence(title: str) -> bool:
    """Return True if a title is longer than names of sections. One with a number may be shorter: "Lịch tiếp công dân tháng 4 năm 2024"."""
    return len(spelling_key(title)) >= (_NUMBERED if _DIGIT.search(title) else _SENTENCE)


def _share_in_lists(blocks: Sequence[Block], items: Items, stretch: tuple[int, int] | None, text: int) -> int:
    """Return how many of the `text` characters of the body are in entries of lists, by the share of such blocks in the stretch."""
    inside = range(stretch[0], stretch[1] + 1) if stretch is not None else range(0)
    listed = sum(len(blocks[at].text) for at in inside if at in items.covered)
    return listed * text // max(1, sum(len(blocks[at].text) for at in inside))


def _may_be_title(tree: PageTree, metadata: Metadata, blocks: Sequence[Block], items: Items, at: int, captured_at: datetime) -> bool:
    """Return True if a block may be the title of the page itself, and not of a box or of an entry of a list."""
    text = blocks[at].text
    if _is_box_title(text):
        return False
    is_own = _is_own(tree, metadata, text)
    if is_own and len(spelling_key(text)) >= CERTAIN_SPELLING:
        return True  # no list page calls itself by the headline of an entry
    if at in items.covered or _leads_away(items, at):
        return False
    if is_own or url_spells_title(urlsplit(tree.url).path, text) or _is_marked(blocks[at]) or _is_above_date(blocks, at, captured_at):
        return True
    return not (at - 1 in items.leads and items.leads[at - 1].is_headline)  # else the teaser of an entry


@dataclass(slots=True)
class _Opening:
    """The content between a title and the first entry of a list. `size` is in characters."""

    size: int = 0
    dates: int = 0  # lines that are dates
    texts: int = 0  # lines of some length
    is_dated: bool = False
    has_file: bool = False
    end: End = End.NOTHING


def _opening(blocks: Sequence[Block], items: Items, title_at: int, captured_at: datetime) -> _Opening:
    is_long = _is_sentence(blocks[title_at].text)
    found = _Opening(is_dated=_is_dated_above(blocks, items, title_at, captured_at))
    for at in range(title_at + 1, min(len(blocks), title_at + _MOST_OPENING)):
        block = blocks[at]
        if block.beside or block.text == blocks[title_at].text:  # a breadcrumb ("Trang chủ > Tin tức") or a second copy of the title
            continue
        is_date = (at not in items.leads or not _names_entry(items, at)) and _is_date_line(block, captured_at)
        found.dates += is_date and not _in_table_of_text(block.node)
        found.texts += len(block.text) >= TEXT_LINE
        if at in items.files:
            found.has_file = True
        elif _is_first_entry(items, at, found, is_long=is_long):
            found.has_file |= is_long and _begins_with_laws(blocks, at, captured_at)
            found.end = End.MORE if at in items.leads and items.leads[at].is_more else End.ITEM
            break
        elif _is_box_title(block.text):
            if _is_above_headline(items, at):
                found.end = End.LABEL
                break
        elif is_date and not found.size:
            found.is_dated = True
        elif (
            not is_side_line(block.text)
            and not is_author_line(block.text)
            and not _is_contact_details(block)
            and not _is_field_name(block.text)
        ):
            found.size += len(block.text) - block.linked
    return found


def _begins_with_laws(blocks: Sequence[Block], at: int, captured_at: datetime) -> bool:
    """Return True if links to laws are right below a date: they are the text of an article, if the title above it is a sentence."""
    return all(names_document(block.text) for block in blocks[at : at + 2]) and _is_date_line(blocks[at - 1], captured_at)


def _is_dated_above(blocks: Sequence[Block], items: Items, title_at: int, captured_at: datetime) -> bool:
    """Return True if a date is right above a title. The clock in the head of a page does not count: it shows the day of the capture.
    Nor does a date in the link of a box beside the text, which is that of another article.
    """
    return any(
        at not in items.covered
        and not (blocks[at].beside and blocks[at].is_linked)
        and _is_date_line(blocks[at], captured_at)
        and not _is_today(blocks[at], captured_at)
        for at in range(max(0, title_at - ABOVE_TITLE), title_at)
    )


def _names_entry(items: Items, at: int) -> bool:
    """Return True if a line with a link may be an entry of a list. A row below a title links to the author and to the section:
    "Văn phòng | Tin tức | 30/04/2025 11:53".
    """
    lead = items.leads.get(at)
    return lead is not None and (lead.is_headline or lead.is_more or at in items.covered)


def _is_first_entry(items: Items, at: int, before: _Opening, *, is_long: bool) -> bool:
    """Return True if a block is the first entry of a list. `before`: the content between it and the title; `is_long`: the title is."""
    lead = items.leads.get(at)
    return at in items.covered or (lead is not None and _is_entry(lead, before, is_long=is_long))


def _is_above_headline(items: Items, at: int) -> bool:
    """Return True if one of the next two blocks is the headline of another page."""
    return any(items.leads[near].is_headline for near in (at + 1, at + 2) if near in items.leads)


def _dated_heading(blocks: Sequence[Block], items: Items, captured_at: datetime) -> tuple[int, _Opening] | None:
    """Return the first heading with a date beside it and a text or a file below it. Only used if no title was found."""
    candidates = (at for at, block in enumerate(blocks) if at not in items.covered and _is_heading(blocks, items, at, captured_at))
    for at in islice(candidates, _TRIED):
        opening = _opening(blocks, items, at, captured_at)
        is_text = opening.has_file or opening.size >= (SURE_TEXT if opening.end is End.ITEM else LINE)
        if opening.is_dated and is_text and opening.end is not End.MORE:
            return at, opening
    return None


def _is_heading(blocks: Sequence[Block], items: Items, at: int, captured_at: datetime) -> bool:
    """Return True if a block looks like the headline of an article: by its tag, its class, its bold letters, or the date below it."""
    block = blocks[at]
    if not LINE <= len(block.text) <= LONGEST_TITLE or block.beside or block.is_linked or at in items.leads:
        return False
    if not _is_marked(block):
        is_teaser = at - 1 in items.leads and items.leads[at - 1].is_headline
        if is_teaser or not _is_above_date(blocks, at, captured_at):
            return False
    return not is_side_line(block.text) and not _is_box_title(block.text)


def _is_marked(block: Block) -> bool:
    """Return True if the tag, the class or the bold letters of a block are those of a heading."""
    return _MARKED.search(f"{block.tag} {block.marked}") is not None or block.is_bold


def _is_box_title(text: str) -> bool:
    """Return True if a line is the heading of a box that is on many pages of a site: "Tin liên quan", "Thăm dò ý kiến"."""
    return is_label(text) or (len(text) <= TEXT_LINE and _BOX.fullmatch(fold(text).strip(" :")) is not None)


def _is_above_date(blocks: Sequence[Block], at: int, captured_at: datetime) -> bool:
    """Return True if a line has a date right below it, and not beside it in a table."""
    return at + 1 < len(blocks) and not in_one_row(blocks[at], blocks[at + 1]) and _is_date_line(blocks[at + 1], captured_at)


def _is_entry(lead: Lead, before: _Opening, *, is_long: bool) -> bool:
    """Return True if a link after a title is the first entry of a list, and not a link within an article.

    An article may have a link to its section, or to another report, below its dated title. `before`: the content above the link.
    """
    if lead.is_more:
        return before.size < MIDDLE_TEXT  # the only entry of a section, if its headline has no link
    if not lead.is_headline:
        return False
    return before.size < MIDDLE_TEXT if not before.is_dated else not before.size and not is_long


def _in_table_of_text(node: LexborNode) -> bool:
    """Return True if a block is in the table of an article: in a row of two cells or more, with no headline that is a link."""
    row: LexborNode | None = node
    for _ in range(STEPS_OUT):
        if row is None or row.tag in ("table", "body"):
            return False
        if row.tag == "tr":
            cells = sum(child.tag in ("td", "th") for child in row.iter())
            return cells >= _CELLS_OF_DATA and not any(len(link.text(strip=True)) >= HEADLINE for link in row.css("a[href]"))
        row = row.parent
    return False


def _leads_away(items: Items, at: int) -> bool:
    lead = items.leads.get(at)
    return lead is not None and not lead.is_more


def _is_date_line(block: Block, captured_at: datetime) -> bool:
    """Return True if a line is about a date of the page: a date with few words, or one with a label such as "Ngày đăng"."""
    text = block.text
    if len(text) > LONGEST_DATED or not (_DIGIT.search(text) or is_relative_line(text)):
        return False
    if is_side_line(text) or _BARE_DATE.fullmatch(text):
        return True
    begins = len(text) <= SHORT_DATED and bool(_DATE_FIRST.search(text) or (block.linked and _SECTION_FIRST.fullmatch(text)))
    return (begins or _DATE_LABEL.search(text) is not None) and read_date(text, captured_at) is not None


_BARE_DATE = re.compile(r"\W*\d{1,2}[/.-]\d{1,2}[/.-]\d{4}(?:\s+\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AP]M)?)?\W*")  # the US order too
_DATE_FIRST = re.compile(r"^\W*(?:\d|ngày|thứ|chủ nhật|\w+day\b)", re.IGNORECASE)
# A link to the section, then the day: "Chuyển đổi số · 30/03/2024".
_SECTION_FIRST = re.compile(
    r"[^\d|·•–-]{3,40}[|·•–-]\s*(?:ngày\s*)?\d{1,2}[/.-]\d{1,2}[/.-]\d{4}\W*(?:\d{1,2}[:h]\d{2}\W*)?", re.IGNORECASE
)
_DATE_LABEL = re.compile(
    r"^\W*(?:ngày đăng|đăng (?:ngày|lúc|bởi|vào)|được (?:đăng|gửi)|cập nhật|ngày (?:cập nhật|xuất bản|gửi|tạo|viết)|gửi (?:lúc|ngày|bởi)|(?:người|tác giả|by|posted|published|updated|submitted)\b)|lượt xem|lượt đọc",
    re.IGNORECASE,
)


def _is_today(block: Block, captured_at: datetime) -> bool:
    stamp = read_date(block.text, captured_at)
    return stamp is not None and abs((stamp.value.date() - captured_at.date()).days) <= 1


_CONTACT_DETAILS = re.compile(r"(?:dia chi|tru so)\b.*(?:dien thoai|dt|tel|fax|email)\b|(?:dien thoai|tel|fax)\s*:?\s*\(?0\d")


_CONTACT_SIGNS = ("dia chi", "tru so", "dien thoai", "tel", "fax")  # one of these is in all that `_CONTACT_DETAILS` finds


def _is_contact_details(block: Block) -> bool:
    """Return True if a line holds the contact details of the site: "Địa chỉ: ... Điện thoại: ..."."""
    return any(map(block.folded.__contains__, _CONTACT_SIGNS)) and _CONTACT_DETAILS.search(block.folded) is not None


def _is_field_name(text: str) -> bool:
    """Return True if a line is the name of a field that has its value in the next cell: "Ngày đăng:"."""
    return len(text) <= LONGEST_LABEL and text.endswith(":")


def _is_below_headline(blocks: Sequence[Block], items: Items, start: int, title_at: int | None) -> bool:
    """Return True if the block above a text is the headline of another page. Lines with a date are skipped."""
    for at in range(start - 1, max(-1, start - 1 - _HEADLINE_ABOVE), -1):
        if at == title_at:
            return False
        if at in items.leads and items.leads[at].is_headline:
            above = blocks[at - 1] if at - 1 in items.leads else None
            in_menu = above is not None and (above.tag, len(above.path)) == (blocks[at].tag, len(blocks[at].path))
            return not in_menu or at in items.covered
        if not is_side_line(blocks[at].text):
            return False
    return False


def _is_above_list(items: Items, at: int) -> bool:
    """Return True if the block at a position, or the next block, is in an entry of a list or is a "Xem tiếp" link."""
    return any(near in items.covered or (near in items.leads and items.leads[near].is_more) for near in (at, at + 1))


def _is_own(tree: PageTree, metadata: Metadata, title: str) -> bool:
    """Return True if `<title>` or the metadata of the page contain the title."""
    wanted = spelling_key(title)
    return len(wanted) >= LINE and (wanted in spelling_key(tree.title) or any(wanted in spelling_key(one.value) for one in metadata.title))


def url_spells_title(path: str, title: str) -> bool:
    """Return True if the last segment of a URL path spells a title: "/van-ban/bao-cao-tinh-hinh-giai-ngan-12.html"."""
    wanted, last = spelling_key(title), _last(path)
    if len(wanted) >= CERTAIN_SPELLING:
        return last.startswith(wanted[: max(CERTAIN_SPELLING, int(_SPELLED_SHARE * len(wanted)))]) or (
            len(last) >= CERTAIN_SPELLING and wanted.startswith(last)
        )
    return len(wanted) >= LINE and wanted == last


def _last(path: str) -> str:
    return spelling_key(re.sub(r"^\d+-|\.\w+$", "", path.rstrip("/").rpartition("/")[2]))
