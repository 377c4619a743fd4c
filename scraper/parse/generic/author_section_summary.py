"""Extracts the summary, author and section of a page of unknown layout."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from scraper.model import Rule, Text
from scraper.parse.body.boilerplate import is_label
from scraper.parse.fields.bylines import is_account, is_office, is_person
from scraper.parse.fields.metadata import Metadata, MetadataValue, breadcrumb
from scraper.parse.generic.captions import has_surname, is_inner_office, is_maker, is_site_name
from scraper.parse.generic.class_names import around_text, names_of
from scraper.parse.generic.date_lines import LONGEST_DATED, is_date_line
from scraper.parse.generic.lengths import ABOVE_TITLE, BELOW_TITLE
from scraper.parse.generic.spelling_key import is_spelled, spelling_key
from scraper.parse.generic.text_blocks import Block
from scraper.parse.tree.entities import repair_entities
from scraper.parse.tree.page_tree import PageTree
from scraper.rule_codes import RuleCode
from scraper.text import clean, fold

_SAPO = re.compile(r"sapo|summary|\blead|brief|intro|description|hometext|tom-?tat|trich-?dan|excerpt|news_?des", re.IGNORECASE)
_AUTHOR_MARK = re.compile(r"author|tac-?_?gia|byline|writer|nguoi-?_?(?:viet|dang)", re.IGNORECASE)
_INLINE = frozenset(("span", "a", "b", "i", "em", "strong", "small", "cite"))
_MOST_AUTHORS = 6  # names in one list of the metadata; a bound against hostile input
_MOST_IN_ROW = 8  # elements of a line that are read; a bound against hostile input
_BY = re.compile(r"^(?:bởi|by)\s+", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d{2}(?!\d)")
_AUTHOR_LABEL = re.compile(
    r"^(?:tác giả(?: bài viết)?|(?:được |bài )?(?:đăng|viết|gửi) bởi|người (?:đăng|viết)(?: tin| bài(?: viết)?)?|written by|posted by|submitted by|author|by)\s*(?::\s*|\s+)(?P<name>[^\d|\t]{2,80})",
    re.IGNORECASE,
)
# After a date or a counter: "10/04/2018 14:05 | Tác giả: Lê Phương".
_LATER_LABEL = re.compile(
    r"(?:[|•·,;-]\s*|\d\s+)(?:tác giả|đăng bởi|viết bởi|người đăng|người viết|by)\s*:\s*(?P<name>[^\d\t]{2,80})", re.IGNORECASE
)
LONGEST_NAME = 60  # characters of the name of a person or an office
MOST_NAME_WORDS = 9  # the same in words
_SHORTEST_SITE_NAME = 6  # letters of the name of a site at the end of `<title>`; a shorter one may end a word of a title
_SHORTEST_SUMMARY = 40  # characters of an element with the class of a summary; a shorter one is a label
_SHORTEST_HEADING = 60  # characters of a summary in a heading; a shorter one is the headline of a section
_SHORTEST_DESCRIPTION = 30  # letters of a description in the metadata; a shorter one is the name of the site
# Where the fields are searched for, in blocks.
_INTO_TEXT = 2  # the first blocks of the text: its first paragraph may be the summary
_BELOW_TEXT = 6  # an author below the text
_MOST_CRUMBS = 8  # steps of a breadcrumb
LONGEST_SECTION = 80  # characters of the name of a section or a tag; a longer one is a sentence
_LONGEST_REJECTED = 200  # characters of a rejected name that are kept; a bound against hostile input
# Words of sentences that are never part of a name: a biography begins with "Lê Phương là phóng viên ...".
_SAYS = re.compile(r"(?<!\w)(?:là|đã|đang|được|có|sinh|hiện|từng|với|cho|is|was|has|the)(?!\w)|[.!?;]\s+\w|[.!?;:…]$")
_TRAILING = re.compile(
    r"[\s,;|·•–-]*(?:(?:ngày|lúc|vào|đăng|on|at|cập nhật|thứ (?:hai|ba|tư|năm|sáu|bảy)|chủ nhật|(?<!\w)cn|(?<=vào )t)\s*+(?:[:,]\s*+)?)*[\s,;|·•–-]*$",
    re.IGNORECASE,
)
# The next label on the same line: "Người đăng: Trần Văn Sơn Ngày đăng: 20/11/2022 Lượt xem: 77".
_NEXT_LABEL = re.compile(
    r"(?:\s*[-–,;])?\s+(?:Ảnh|Ngày|Lúc|Cập nhật|Thời gian|Lượt|Số (?:lượt|lần)|Đã xem|Xem|Nguồn|Đăng|Chuyên mục)(?: [^\W\d]+){0,2}\s*:.*"
)
_NOT_ON_PAGE = Rule(RuleCode.NOT_ON_PAGE)
# The rule of a paragraph that repeats the description in the metadata.
_SUMMARY_CODES = {
    RuleCode.JSON_LD: RuleCode.GENERIC_SUMMARY_JSON_LD,
    RuleCode.MICRODATA: RuleCode.GENERIC_SUMMARY_MICRODATA,
    RuleCode.META: RuleCode.GENERIC_SUMMARY_META,
}
_DIGIT = re.compile(r"\d")
_DOMAIN = re.compile(r"\w\.\w{2,}|@|//")


def find_summary(metadata: Metadata, blocks: Sequence[Block], title_at: int | None, stretch: tuple[int, int] | None) -> Text:
    """Return the summary between title and text, with its rule; the value is None if there is none.

    It is in an element with the class of a summary, or in a heading right below the title, or it repeats the description in
    the metadata. A description that the page does not show is not used.
    """
    first = title_at + 1 if title_at is not None else stretch[0] if stretch else 0
    last = stretch[0] + _INTO_TEXT if stretch is not None else first + BELOW_TITLE
    near = blocks[first : last + 1]
    for block in near:
        if len(block.text) > _SHORTEST_SUMMARY and block.linked * 2 < len(block.text) and _SAPO.search(names_of(block)):
            return Text(repair_entities(block.text)[0], Rule(RuleCode.GENERIC_SUMMARY_ELEMENT))
    if stretch is not None and title_at is not None and (heading := _summary_heading(blocks, title_at, stretch)) is not None:
        return Text(repair_entities(heading.text)[0], Rule(RuleCode.GENERIC_SUMMARY_HEADING))
    for one in metadata.summary:
        wanted = spelling_key(repair_entities(one.value)[0])
        for block in near:
            # A description that is cut short is the beginning of the text, copied by the program.
            if len(wanted) > _SHORTEST_DESCRIPTION and is_spelled(repair_entities(block.text)[0], wanted):
                return Text(repair_entities(block.text)[0], Rule(_SUMMARY_CODES[one.code], one.name))
    return Text(None, _NOT_ON_PAGE)


def _summary_heading(blocks: Sequence[Block], title_at: int, stretch: tuple[int, int]) -> Block | None:
    """Return the heading right below the title if it is a summary; None if it is short, or the headline of a story or of a section."""
    if stretch[0] - title_at > BELOW_TITLE or stretch[1] <= stretch[0]:
        return None
    at = stretch[0] + 1 if is_date_line(blocks[stretch[0]].text) else stretch[0]
    block = blocks[at]
    if block.tag not in ("h2", "h3", "h4") or len(block.text) <= _SHORTEST_HEADING:
        return None
    return None if any(one.tag == block.tag for one in blocks[at + 1 : stretch[1] + 1]) else block


def find_author(
    metadata: Metadata, page_title: str, blocks: Sequence[Block], title_at: int | None, stretch: tuple[int, int] | None, text: str
) -> Text:
    """Return the person or office that the page names as author, with the rule; the value is None if there is none.

    The order is: the name after a label ("Tác giả: ..."), an element with the class of an author, both near the text; then the
    metadata; then a name in bold, in italics or on the right below the text. The publisher, the site and its maker are not authors.
    """
    first = title_at if title_at is not None else stretch[0] if stretch else 0
    last = stretch[1] + _BELOW_TEXT if stretch is not None else first + BELOW_TITLE
    near = blocks[max(0, first - ABOVE_TITLE) : last + 1]
    for block in near:
        if (name := _labelled(block.text)) is not None:
            return Text(name, Rule(RuleCode.GENERIC_AUTHOR_LABEL))
    if (name := _in_element(near) or _in_row(near[: ABOVE_TITLE + BELOW_TITLE])) is not None:
        return Text(name, Rule(RuleCode.GENERIC_AUTHOR_ELEMENT))
    named, refused = _in_metadata(metadata, page_title)
    if named is not None:
        return named
    if stretch is not None and (name := _below_text(blocks, stretch, text, in_metadata=refused is not None)) is not None:
        rule = Rule(RuleCode.GENERIC_AUTHOR_BELOW_TEXT)
        return Text(name, rule if refused is None else replace(rule, notes=refused.notes, rejected=refused.rejected))
    return _credit(near) or Text(None, refused or _NOT_ON_PAGE)


def _in_metadata(metadata: Metadata, page_title: str) -> tuple[Text | None, Rule | None]:
    """Return the author in the metadata, all names of one list; and the rule of the first value before it that was rejected. Each is None if
    there is none.
    """
    refused: Rule | None = None
    named = [replace(one, value=before_outlet(one.value)) for one in metadata.author]
    for one in named:
        if (reason := _no_author(one, metadata, page_title)) is None:
            several = (other for other in named[:_MOST_AUTHORS] if other.rule == one.rule and is_person(other.value))
            names = [other.value for other in several if _no_author(other, metadata, page_title) is None]
            return Text(", ".join(dict.fromkeys((one.value, *names))), one.rule), refused
        refused = refused or Rule(RuleCode.VALUE_REJECTED, one.name, (reason,), one.value[:_LONGEST_REJECTED])
    return None, refused


def before_outlet(text: str) -> str:
    """Return the name of a person without the outlet after it: "Văn Giáp/Bnews/vnanet.vn", "Lê Phương/TTXVN"."""
    name, slash, _ = text.partition("/")
    return name.strip() if slash and is_person(name.strip()) else text


def _in_element(near: Sequence[Block]) -> str | None:
    """Return the name in an element with the class of an author; None if there is none."""
    for block in near:
        if len(block.text) <= LONGEST_NAME and not _DIGIT.search(block.text):
            name = before_outlet(_labelled(block.text) or credited(block.text) or block.text.strip(" -,|"))
            if _is_name(name) and _SOURCE.match(name) is None and _AUTHOR_MARK.search(names_of(block)):
                return name
    return None


def _credit(near: Sequence[Block]) -> Text | None:
    """Return the name in a credit above the text, "Bài và ảnh: Lê Phương"; None if there is none."""
    names = (credited(block.text) for block in near if len(block.text) <= LONGEST_DATED)
    name = next((name for name in names if name is not None), None)
    return Text(name, Rule(RuleCode.GENERIC_AUTHOR_LABEL)) if name is not None else None


def _in_row(near: Sequence[Block]) -> str | None:
    """Return the name in an inline element with the class of an author, on the line of a date; None if there is none. A link with
    rel=author needs no date.
    """
    for block in near:
        is_dated = block.tag not in ("td", "th") and _YEAR.search(block.text) is not None
        if len(block.text) <= LONGEST_DATED and (is_dated or block.is_linked):
            for node in islice(block.node.iter(), _MOST_IN_ROW):
                marks = ("class", "id", "rel", "href") if is_dated else ("rel",)
                if node.tag in _INLINE and _AUTHOR_MARK.search(" ".join(node.attrs.get(name) or "" for name in marks)):
                    text = _BY.sub("", clean(node.text() or ""))
                    if _is_name(name := _labelled(text) or text.strip(" -,|")) and not (_DIGIT.search(name) or is_account(name)):
                        return name
    return None


def _labelled(text: str) -> str | None:
    """Return the name after a label, or None: "Tác giả: Lê Phương", "Đăng bởi Văn phòng Sở, ngày 3/4/2019"."""
    match = _AUTHOR_LABEL.match(text) or (_LATER_LABEL.search(text) if ":" in text and len(text) <= LONGEST_DATED else None)
    if match is None:
        return None
    name = _TRAILING.sub("", _NEXT_LABEL.sub("", match["name"].partition("|")[0])).strip()
    return name if _is_name(name) else None


def _is_name(text: str) -> bool:
    """Return True if a text can be the name of a person or an office: short, with a capital letter, and not a sentence."""
    if not 1 < len(text) <= LONGEST_NAME or len(text.split()) > MOST_NAME_WORDS or _SAYS.search(text):
        return False
    return text[0].isupper() or (text.isascii() and text.islower() and " " not in text)  # or the account of an editor


def _no_author(one: MetadataValue, metadata: Metadata, page_title: str) -> RuleCode | None:
    """Return the reason why a name in the metadata is not the author; None if it can be."""
    name, wanted = one.value, spelling_key(one.value)
    if not _is_name(name) or _DOMAIN.search(name):
        return RuleCode.REJECTED_NO_NAME
    if any(wanted == spelling_key(publisher.value) for publisher in metadata.publisher):
        return RuleCode.REJECTED_PUBLISHER
    if (is_site_name(name) and not is_inner_office(name)) or (
        len(wanted) >= _SHORTEST_SITE_NAME and spelling_key(page_title).endswith(wanted)
    ):
        return RuleCode.REJECTED_SITE
    if is_maker(name):
        return RuleCode.REJECTED_MAKER
    # `<meta name="author">` is part of the template on most sites, and names the maker of the template.
    if (
        one.code is RuleCode.META
        and one.name == "author"
        and not (is_office(name) or (is_person(name) and (not name.isascii() or has_surname(name))))
    ):
        return RuleCode.REJECTED_STRANGER
    return None


_ENDS_TEXT = re.compile(r"[.!?…/][\s”\"»)]*$")
_COMPARED = 30  # characters of the line above a name that must be in the text, so that it is not a reader's comment
_SET_OFF = re.compile(r"text-align\s*:\s*right|text-right|align-?right|(?:^|\s)right\b|italic", re.IGNORECASE)


def _below_text(blocks: Sequence[Block], stretch: tuple[int, int], text: str, *, in_metadata: bool) -> str | None:
    """Return the name of a person below the text that is on the right, in bold or in italics; None if there is none.

    `in_metadata`: the metadata hold an author, but the value was rejected. Then an office or a name in plain letters is enough.
    """
    for at in range(min(len(blocks) - 1, stretch[1] + 1), stretch[0], -1):
        block = blocks[at]
        if at < stretch[1] and len(block.text) > LONGEST_NAME:
            return None
        if len(block.text) > LONGEST_NAME or block.linked or block.beside or _is_in_row(block) or is_label(block.text):
            continue
        if not _ENDS_TEXT.search(blocks[at - 1].text) or blocks[at - 1].text[:_COMPARED] not in text:
            continue  # the last name of a list, or a word of a glossary
        if (name := credited(block.text)) is not None:
            return name
        if (_names_person(block.text) and (in_metadata or _is_set_off(block))) or (in_metadata and is_office(block.text)):
            return without_brackets(block.text)
    return None


def _is_in_row(block: Block) -> bool:
    """Return True if a block is one of several cells of a row. A row of one cell only lays out the page."""
    row = block.node.parent if block.tag in ("td", "th") else None
    return row is not None and sum(one.tag in ("td", "th") for one in row.iter()) > 1


# The credit of a report: "Bài, ảnh: Lê Phương", "Tin và ảnh: ...", "Thực hiện: ...".
_CREDIT = re.compile(
    r"\W*(?:(?:tin|bài)(?: viết)?(?:\s*(?:,|-|–|và|&|\+)\s*ảnh)?|thực hiện|người viết)\s*:\s*(?P<name>[^:|]{2,60}?)[\s.)]*", re.IGNORECASE
)


# Where a text was copied from, and the caption of a picture: "Theo Báo Nhân Dân", "(Nguồn Báo Phú Thọ)", "Ảnh Minh Hoạ".
_SOURCE = re.compile(r"\W*(?:theo|nguồn|trích|ảnh|báo|đài|tạp chí|thông tấn xã)\b", re.IGNORECASE)


def credited(text: str) -> str | None:
    """Return the name of a person in a line that credits the writer: "Bài, ảnh: Lê Phương"; None for any other line."""
    match = _CREDIT.fullmatch(text)
    if match is None or not (_names_person(match["name"]) or (match["name"].isupper() and is_person(match["name"].title()))):
        return None
    return match["name"]


def without_brackets(text: str) -> str:
    """Return a text without the brackets around the whole of it: "(Lê Phương)"."""
    return text[1:-1].strip() if text.startswith("(") and text.find(")") == len(text) - 1 else text


def _names_person(text: str) -> bool:
    """Return True if a text is the name of a person, perhaps in brackets. One in capitals must begin with a family name: "HOÀNG NAM"."""
    if _SOURCE.match(text) is not None:
        return False
    text = without_brackets(text)
    return is_person(text) or (text.isupper() and has_surname(text) and is_person(text.title()) and not is_office(text))


def _is_set_off(block: Block) -> bool:
    look = " ".join(f"{one.get('class') or ''} {one.get('style') or ''} {one.get('align') or ''}" for one in around_text(block))
    return _SET_OFF.search(look) is not None or block.is_bold or block.node.css_first("em, i") is not None


# Breadcrumbs by their names: of Bootstrap, of Joomla's templates ("pathway"), of ASP.NET's SiteMapPath, and in Vietnamese.
_BREADCRUMBS = (
    "[class*=breadcrumb] a, [class*=Breadcrumb] a, [id*=breadcrumb] a",
    "[class*=breadcrumb] li, .duongdan a",
    "[class*=bread-crumb] a, [class*=pathway] a, [id*=pathway] a, [id*=SiteMapPath] a, [class*=duong-dan] a, [id*=duongdan] a",
)
# A breadcrumb in plain words: "Tin tức > Viễn thông - Internet".
_CRUMBS = re.compile(r"^(?:(?>(?:[^<>»›/|\d:]|:(?!:)){2,40})\s*+(?:>{1,2}|»|›|::)\s*+)+(?P<last>[^<>»›|\d]{2,60})$")


_NEXT_SECTION = re.compile(r",(?=\S)")  # "Quy hoạch,Địa ốc"; the comma in the name of one section has a space after it
_KINDS = ("news", "article", "articles")  # what some programs say of every page, in English


_FRONT = ("trang chu", "home", "trang nhat", "tin tuc")


def find_section(tree: PageTree, metadata: Metadata, above: Sequence[Block], title: str) -> Text:
    """Return the first section in the metadata, else the last step of the breadcrumb, with its rule. `above`: the blocks above the title."""
    for one in metadata.section:
        name = _NEXT_SECTION.split(one.value, maxsplit=1)[0].strip()
        if name and fold(name) not in _KINDS:
            return Text(name, one.rule)
    for css in _BREADCRUMBS:
        crumbs = [clean(node.text()) for node in tree.css(css)[:_MOST_CRUMBS]]
        crumbs = [crumb for crumb in crumbs if 1 < len(crumb) < LONGEST_SECTION and fold(crumb) not in _FRONT]
        if crumbs:
            return Text(crumbs[-1], Rule(RuleCode.GENERIC_SECTION_BREADCRUMB))
    for block in reversed(above):
        if match := _CRUMBS.match(block.text):
            return Text(match["last"].strip(), Rule(RuleCode.GENERIC_SECTION_LINE))
    # The last step may be the page itself.
    own = {spelling_key(tree.title), *(spelling_key(one.value) for one in metadata.title), spelling_key(title)}
    for step in reversed(breadcrumb(tree)):
        if 1 < len(step) < LONGEST_SECTION and fold(step) not in _FRONT and spelling_key(step) not in own:
            return Text(step, Rule(RuleCode.JSON_LD, "itemListElement"))
    return Text(None, _NOT_ON_PAGE)
