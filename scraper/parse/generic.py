"""The fallback: an article out of a page that no layout fits, by rules that hold for pages of every kind.

What it reads is marked "generic" and never mixed into what a layout read. Title and date are what the page shows near its
text, checked against what it tells machines; the body is the stretch of text that leads nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from scraper.model import Moment, Precision, Text
from scraper.parse.blocks import Block, around, blocks_of, main_stretch
from scraper.parse.body import lines, repair_entities
from scraper.parse.boxes import Line, is_label, without_boxes
from scraper.parse.dates import Stamp, date_in_address, read_date
from scraper.parse.document import Document
from scraper.parse.headline import find_title
from scraper.parse.published import Found, choose
from scraper.parse.second_opinion import date_by_htmldate, text_by_trafilatura
from scraper.parse.structured import Said, Structured, read_structured
from scraper.text import clean, fold

NAME = "generic"
_BY_TITLE = "the date shown by the title"
_LEAST = 140  # characters that make a text for certain
_DATE_MARK = re.compile(r"date|time|ngay|publish|posted|created|meta|info", re.IGNORECASE)
_LABEL = re.compile(
    r"(?<!\w)(?:ngay (?:dang|cap nhat|xuat ban|gui|tao|viet|post)|duoc dang|xuat ban|dang (?:luc|ngay|boi|vao)|cap nhat|thu (?:hai|ba|tu|nam|sau|bay|[2-7])"
    r"|chu nhat|published|posted|updated|submitted|gmt|luot xem|publish date)(?!\w)"
)
# Labels of other times of the same page: they count where no date of publication is shown.
_LATER = re.compile(r"^\W*(?:ngay |lan )?(?:cap nhat|chinh sua|sua doi|duoc tao|tao|updated|modified|created|last)\b")
_OTHER_DATE = re.compile(
    r"(?:hieu luc|ban hanh|ky ngay|het han|nop ho so|copyright|©|giay phep|cap ngay|sinh ngay|tinh den|tu ngay .* den)"
)
_SAPO = re.compile(r"sapo|summary|\blead|brief|intro|description|hometext|tom-?tat|trich-?dan|excerpt|news_?des", re.IGNORECASE)
_AUTHOR_MARK = re.compile(r"author|tac-?gia|byline|writer", re.IGNORECASE)
_AUTHOR_LABEL = re.compile(r"^(?:tác giả(?: bài viết)?|người đăng|người viết|by|submitted by)\s*:?\s+(?P<name>[^\d|]{2,60})", re.IGNORECASE)
_SIDE_LINE = re.compile(
    r"^(?:tags?|từ khóa|từ khoá|chuyên mục|chủ đề|danh mục|thể loại|category|categories|posted in|filed under)\s*:", re.IGNORECASE
)
# Fields that programs print below the text.
_FIELD_LINE = re.compile(
    r"^(?:tác giả(?: bài viết)?|nguồn tin|(?:file|tệp|tập) (?:tin )?(?:đính kèm)?|tập tin|tải về|đính kèm)\s*(?::.{0,120})?$", re.IGNORECASE
)
# What is said beside a date that stands alone.
_WEEKDAYS = re.compile(
    r"thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:dang|gui|viet|posted|submitted|published) (?:boi|by|on) \w+|luot xem|view count|publish date|so lan xem"
    r"|\b(?:ngay|luc|gio|dang|cap nhat|gmt|utc|am|pm|sa|ch|thang|nam|chieu|sang|toi|trua|dem|vao|mot|hai|ba|tu|bon|sau|bay|tam|chin|muoi|posted|updated|on|at|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
    r"|mon|tue|wed|thu|fri|sat|sun)\b"
)


# Tools that stand in one line with a date, folded.
_TOOLS = re.compile(
    r"(?:in|gui|luu|doc|nghe|chia se) (?:bai(?: viet)?|tin|trang)|(?:xem )?co chu(?:\s*:)?|\ba\s?[+-]|gui (?:e?mail|y kien|phan hoi)|\b(?:print|e-?mail|share|facebook|zalo)\b|luot xem\s*:?\s*[\d.]+"
)


@dataclass(slots=True)
class Parts:
    """What was read of a page by the general rules."""

    title: Text
    summary: Text
    author: Text
    section: Text
    tags: tuple[str, ...]
    tags_rule: str
    published: Moment
    modified: Moment
    body: Text
    node: LexborNode | None  # the element that holds the body
    is_article: bool
    is_dated: bool  # the date of publication stands right by the title
    said_by: str  # json-ld, microdata or opengraph where the page says itself that it is an article; else ""


def read_generic(document: Document, captured_at: datetime) -> Parts:
    """Read a page. Nothing is raised; a field that the page does not show is None, and its rule says so."""
    said = read_structured(document)
    root = document.tree.body
    blocks = blocks_of(root) if root is not None else []
    stretch = main_stretch(blocks)
    headline = find_title(NAME, document.title, document.url, said, blocks, stretch)
    title, title_at = headline.text, headline.places[0] if headline.places else None
    if title_at is not None:
        stretch = _below_title(blocks, title_at, stretch)
    node = _named_body(document) or (around(blocks, *stretch) if stretch is not None else None)
    summary = _summary(said, blocks, title_at, stretch)
    found = _dates(document, said, blocks, headline.places, stretch, captured_at)
    body = _body(said, node, blocks, stretch, title.value or "", summary.value or "")
    told = said.is_article or _names(urlsplit(document.url).path, title.value or "")
    if body.value is None and title_at is not None and told and any(one.rule.endswith(_BY_TITLE) for one in found):
        body = Text("", f"{NAME}: nothing that can be read below the title (a picture or a file alone)")
    is_article = _is_article(document, said, blocks, title_at, title.value or "", stretch, body, found)
    is_dated = any(one.rule.endswith(_BY_TITLE) for one in found)
    # A second opinion fills what is missing; it makes no page an article.
    if is_article and not found and (second := date_by_htmldate(document, captured_at)) is not None:
        found = [Found(second[0], second[1], f"{NAME}: htmldate", checks=True)]
    if is_article and body.value is None:
        body = _second_body(document, title.value or "") or body
    return Parts(
        title=title,
        summary=summary,
        author=_author(said, blocks, title_at, stretch),
        section=_section(document, said, blocks[max(0, title_at - 6) : title_at] if title_at is not None else ()),
        tags=tuple(dict.fromkeys(one.value for one in said.tags if len(one.value) < 80)),
        tags_rule=f"{NAME}: {said.tags[0].rule}" if said.tags else f"{NAME}: none on the page",
        published=choose(NAME, found, captured_at),
        modified=choose(NAME, _told(said.modified), captured_at),
        body=body,
        node=node,
        is_article=is_article,
        is_dated=is_dated,
        said_by=_said_by(said),
    )


def _said_by(said: Structured) -> str:
    """The most explicit way in which a page says that it is an article, and when it was published."""
    if not said.is_article or not said.published:
        return ""
    rule = said.published[0].rule
    return "opengraph" if rule.startswith("meta") else rule.partition(" ")[0]


def _told(said: Sequence[Said], *, checks: bool = False) -> list[Found]:
    return [Found(one.value, stamp, f"{NAME}: {one.rule}", checks) for one in said if (stamp := read_date(one.value)) is not None]


def _named_body(document: Document) -> LexborNode | None:
    """The element that microdata names as the body, where it holds a text."""
    node = document.first("[itemprop=articleBody]")
    return node if node is not None and len(node.text() or "") >= _LEAST else None


def _below_title(blocks: Sequence[Block], title_at: int, stretch: tuple[int, int] | None) -> tuple[int, int] | None:
    """The text below a title; a few lines right below it, where nothing there is long (a notice with a file)."""
    below = main_stretch(blocks, title_at + 1)
    if below is not None:
        size = sum(len(block.text) for block in blocks[below[0] : below[1] + 1])
        if below[0] - title_at <= 10 or (size >= _LEAST and below[0] - title_at <= 40):
            return below
    if stretch is not None and stretch[0] > title_at:
        return stretch
    near = [at for at in range(title_at + 1, min(len(blocks), title_at + 9)) if not blocks[at].beside]
    texts = [at for at in near if not _is_side_line(blocks[at].text) and not (blocks[at].linked * 2 > len(blocks[at].text))]
    return (texts[0], texts[0]) if texts else below


# --- body -----------------------------------------------------------------------------------------


def _body(
    said: Structured, node: LexborNode | None, blocks: Sequence[Block], stretch: tuple[int, int] | None, title: str, summary: str
) -> Text:
    found = without_boxes(lines(node)) if node is not None else []
    named = node is not None and node.attributes.get("itemprop") == "articleBody"
    if stretch is not None and not named:
        found = _of_stretch(found, blocks[stretch[0] : stretch[1] + 1])
    text = "\n\n".join(line.text for line in _without_foot(_without_head(found, title, summary)))
    rule = f"{NAME}: {'microdata articleBody' if named else 'the longest stretch of text that leads nowhere'}"
    told = max((one.value for one in said.body), key=len, default="")
    if len(text) < _LEAST and len(told) > len(text):
        text, rule = "\n\n".join(clean(part) for part in re.split(r"\n+", told) if part.strip()), f"{NAME}: {said.body[0].rule}"
    if not text:
        return Text(None, f"{NAME}: no body text on the page")
    mended, repaired = repair_entities(text)
    return Text(mended, rule + (", broken entities repaired" if repaired else ""), text if repaired else None)


def _second_body(document: Document, title: str) -> Text | None:
    """The text as trafilatura reads it, where there is enough of it to be one."""
    lines = text_by_trafilatura(document)
    text = "\n\n".join(line for line in lines if _key(line) != _key(title))
    return Text(text, f"{NAME}: trafilatura") if len(text) >= _LEAST else None


def _of_stretch(found: list[Line], stretch: Sequence[Block]) -> list[Line]:
    """The lines from the first block of the stretch to its last, and what short lines follow that lead nowhere."""
    first = next((at for block in stretch for at, line in enumerate(found) if _same_line(line, block)), 0)
    last = next(
        (at for block in reversed(stretch) for at in range(len(found) - 1, first - 1, -1) if _same_line(found[at], block)), len(found) - 1
    )
    end = last + 1
    while (
        end < len(found)
        and end <= last + 3
        and not found[end].is_link
        and len(found[end].text) <= 90
        and not _is_side_line(found[end].text)
    ):
        end += 1
    return found[first:end]


def _same_line(line: Line, block: Block) -> bool:
    if len(block.text) <= 20 or len(line.text) <= 20:
        return False
    return block.text in line.text or (line.text in block.text and len(line.text) * 3 > len(block.text))


def _without_head(found: list[Line], title: str, summary: str) -> list[Line]:
    """The lines without what stands above the text of an article in the same element: breadcrumb, title, date, sapo."""
    wanted = _key(title)
    for at, line in enumerate(found[:8]):
        if wanted and _key(line.text) == wanted:
            found = found[at + 1 :]
            break
    for at, line in enumerate(found[:4]):
        if _is_side_line(line.text) and all(len(above.text) < 100 for above in found[:at]):
            found = found[at + 1 :]
            break
    sapo = _key(summary)
    for at, line in enumerate(found[:4]):
        # Above the sapo stand captions at most.
        if sapo and len(found) > at + 1 and _key(line.text) == sapo and all(len(above.text) < 100 for above in found[:at]):
            found = found[at + 1 :]
            break
    while found and (is_label(found[0].text) or found[0].is_link or _is_side_line(found[0].text)):
        found = found[1:]
    return found


def _without_foot(found: list[Line]) -> list[Line]:
    """The lines without links to elsewhere, tags, dates and the fields of a form behind the text."""
    while found and ((found[-1].is_link and len(found) > 1) or _is_side_line(found[-1].text) or _FIELD_LINE.match(found[-1].text)):
        found = found[:-1]
    return found


def _is_side_line(text: str) -> bool:
    """Whether a line is a date with its words, or a label of the page, and nothing else."""
    if _SIDE_LINE.match(text):
        return True
    if len(text) > 90 or not any(char.isdigit() for char in text) or read_date(text) is None:
        return False
    if len(text) <= 60 and re.search(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}", text) and re.search(r"\d{1,2}[:h]\d{2}", text):
        return True  # "Theo Ngoisao | 25/12/2012 10:25"
    rest = _WEEKDAYS.sub(" ", re.sub(r"[\d/:.,|()\-–+]+", " ", fold(text)))
    return len(re.sub(r"\W+", "", rest)) <= 6


def _key(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", fold(text))


# --- fields beside it -----------------------------------------------------------------------------


def _summary(said: Structured, blocks: Sequence[Block], title_at: int | None, stretch: tuple[int, int] | None) -> Text:
    """What stands between title and text in an element that is named for it, or what the page tells where it shows it as well."""
    first = title_at + 1 if title_at is not None else stretch[0] if stretch else 0
    last = stretch[0] + 2 if stretch is not None else first + 6
    for block in blocks[first : last + 1]:
        if len(block.text) > 40 and block.linked * 2 < len(block.text) and _SAPO.search(block.marked):
            return Text(repair_entities(block.text)[0], f"{NAME}: the element named for it below the title")
    if stretch is not None and title_at is not None and stretch[0] - title_at <= 6 and stretch[1] > stretch[0]:
        block = blocks[stretch[0]]
        if block.tag in ("h2", "h3", "h4") and len(block.text) > 60:
            return Text(repair_entities(block.text)[0], f"{NAME}: the heading right below the title")
    for one in said.summary:
        wanted = _key(one.value)
        for block in blocks[first : last + 1]:
            # A description that breaks off is the beginning of the text, made by the program.
            if len(wanted) > 30 and _key(block.text) == _key(one.value):
                return Text(repair_entities(block.text)[0], f"{NAME}: the paragraph that {one.rule} names")
    return Text(None, f"{NAME}: no summary on the page")


def _author(said: Structured, blocks: Sequence[Block], title_at: int | None, stretch: tuple[int, int] | None) -> Text:
    first = title_at if title_at is not None else stretch[0] if stretch else 0
    last = stretch[1] + 6 if stretch is not None else first + 10
    near = blocks[max(0, first - 3) : last + 1]
    for block in near:
        if match := _AUTHOR_LABEL.match(block.text):
            return Text(match["name"].strip(" -,"), f"{NAME}: behind its label")
    for block in near:
        if 2 < len(block.text) < 60 and _AUTHOR_MARK.search(block.marked) and not any(char.isdigit() for char in block.text):
            return Text(block.text.strip(" -,|"), f"{NAME}: the element named for it")
    for one in said.author:
        if 2 < len(one.value) < 60:
            return Text(one.value, f"{NAME}: {one.rule}")
    return Text(None, f"{NAME}: no author on the page")


# A breadcrumb in plain words: "Tin tức > Viễn thông - Internet".
_CRUMBS = re.compile(r"^(?:[^<>»/|\d]{2,40}\s*(?:>{1,2}|»|›|::)\s*)+(?P<last>[^<>»›|\d]{2,60})$")


def _section(document: Document, said: Structured, above: Sequence[Block]) -> Text:
    for one in said.section:
        return Text(one.value, f"{NAME}: {one.rule}")
    for css in ("[class*=breadcrumb] a, [class*=Breadcrumb] a, [id*=breadcrumb] a", "[class*=breadcrumb] li, .duongdan a"):
        crumbs = [clean(node.text()) for node in document.css(css)[:8]]
        crumbs = [crumb for crumb in crumbs if 1 < len(crumb) < 60 and fold(crumb) not in ("trang chu", "home", "trang nhat", "tin tuc")]
        if crumbs:
            return Text(crumbs[-1], f"{NAME}: the last step of the breadcrumb")
    for block in reversed(above):
        if match := _CRUMBS.match(block.text):
            return Text(match["last"].strip(), f"{NAME}: the last step of the line above the title")
    return Text(None, f"{NAME}: no section on the page")


# --- dates ----------------------------------------------------------------------------------------


def _dates(
    document: Document,
    said: Structured,
    blocks: Sequence[Block],
    places: Sequence[int],
    stretch: tuple[int, int] | None,
    captured_at: datetime,
) -> list[Found]:
    """Readings in the order of trust: what is shown right by the title, what machines are told, the address, the foot of the text."""
    shown, far = _shown(blocks, places, stretch, captured_at)
    told = _told(said.published)
    address = date_in_address(urlsplit(document.url).path)
    in_address = [Found(urlsplit(document.url).path, address, f"{NAME}: the address", checks=True)] if address is not None else []
    return [*shown, *told, *far, *in_address]


def _shown(
    blocks: Sequence[Block], places: Sequence[int], stretch: tuple[int, int] | None, captured_at: datetime
) -> tuple[list[Found], list[Found]]:
    """The date that stands between title and text, or close above the title; and one at the foot of the text."""
    candidates: list[tuple[float, Found]] = []
    for anchor in places or ((stretch[0],) if stretch is not None else ()):
        first = stretch[0] if stretch is not None and anchor < stretch[0] <= anchor + 30 else anchor + 8
        for at in range(max(0, anchor - 6), min(len(blocks), max(first, anchor) + 4)):
            block = blocks[at]
            if (one := _as_date(block, captured_at)) is None:
                continue
            # Above the title stands the clock of the page's head as well.
            if at < anchor and _is_today(one, captured_at) and not _DATE_MARK.search(block.marked):
                continue
            distance = at - anchor if at >= anchor else (anchor - at) * 1.5 + 1
            between = 3.0 if anchor < at < first else 0.0
            candidates.append((_weight(block, one) + between - distance * 0.6, one))
    candidates.sort(key=lambda pair: -pair[0])
    near = [one for weight, one in candidates if weight > -2][:1]
    foot: list[Found] = []
    if stretch is not None:
        for block in blocks[stretch[1] : stretch[1] + 12]:
            one = _as_date(block, captured_at)
            if one is not None and block.linked * 2 <= len(block.text) and _LABEL.search(fold(block.text)):
                foot.append(Found(one.text, one.stamp, f"{NAME}: a date with its label below the text", checks=True))
                break
    return near, foot


def _as_date(block: Block, captured_at: datetime) -> Found | None:
    """A short block that is about a date, and not about that of a document or a deadline."""
    if len(block.text) > 160 or not any(char.isdigit() for char in block.text):
        return None
    folded = fold(block.text)
    stamp = read_date(block.text, captured_at)
    if stamp is None or _OTHER_DATE.search(folded):
        return None
    rest = _WEEKDAYS.sub(" ", re.sub(r"[\d/:.,|()\-–+]+", " ", _TOOLS.sub(" ", folded)))
    words = len(re.findall(r"[a-z]{2,}", rest))
    if words > 8 and not _LABEL.search(folded):
        return None
    if stamp.precision is Precision.MINUTE and stamp.value.hour == stamp.value.minute == 0:
        stamp = Stamp(stamp.value.replace(tzinfo=None), Precision.DAY)  # the midnight that stands for no time
    return Found(block.text, stamp, f"{NAME}: {_BY_TITLE}")


def _weight(block: Block, one: Found) -> float:
    folded = fold(block.text)
    weight = 2.0 if _LABEL.search(folded) else 0.0
    weight -= 0.9 if _LATER.search(folded) else 0.0
    weight += 1.5 if _DATE_MARK.search(block.marked) or block.tag == "time" else 0.0
    weight += 1.0 if one.stamp.precision.value == "minute" else 0.0
    weight -= 0.03 * len(_TOOLS.sub("", folded))
    return weight - (0.7 if block.beside else 0.0)


def _is_today(one: Found, captured_at: datetime) -> bool:
    return abs((one.stamp.value.date() - captured_at.date()).days) <= 1


# --- what kind of page ----------------------------------------------------------------------------


def _is_article(
    document: Document,
    said: Structured,
    blocks: Sequence[Block],
    title_at: int | None,
    title: str,
    stretch: tuple[int, int] | None,
    body: Text,
    found: Sequence[Found],
) -> bool:
    """Whether the page is one article, and no list, front page or form."""
    by_title = any(one.rule.endswith(_BY_TITLE) for one in found)
    named = title_at is not None and _names(urlsplit(document.url).path, title)
    if stretch is None:
        return named and by_title
    if urlsplit(document.url).path in ("", "/") and not urlsplit(document.url).query:
        return False
    inside = blocks[stretch[0] : stretch[1] + 1]
    leading = sum(1 for block in inside if block.linked * 2 > len(block.text) and len(block.text) >= 20)
    texts = sum(1 for block in inside if len(block.text) >= 40 and block.linked * 2 <= len(block.text))
    if leading >= 3 and leading * 2 >= texts:
        return False
    dated = sum(1 for block in inside if len(block.text) <= 60 and _as_date_like(block.text) and not _in_table_of_text(block.node))
    if dated >= 4 and dated * 3 >= texts and not (named and not leading):
        return False
    size = len(body.value or "")
    if title_at is not None and by_title and size and _is_named(urlsplit(document.url).path, title):
        below = blocks[title_at + 1 : stretch[1] + 1]
        if not any(block.linked * 2 > len(block.text) >= 20 for block in below):
            return True
    if size < 400 and _lists_items(blocks):
        return False
    if named:
        return True
    if title_at is not None and found and size >= 60 and not leading:
        return True
    return size >= 400 or (size >= _LEAST and (title_at is not None or bool(found))) or (said.is_article and size >= 60)


def _is_named(path: str, title: str) -> bool:
    """Whether the last part of an address is a title, however short: "/blog/bai-viet-0013"."""
    return len(_key(title)) >= 8 and _key(title) == _last(path)


def _last(path: str) -> str:
    return _key(re.sub(r"^\d+-|\.\w+$", "", path.rstrip("/").rpartition("/")[2]))


def _names(path: str, title: str) -> bool:
    """Whether an address spells a title: "/van-ban/bao-cao-tinh-hinh-giai-ngan-12.html"."""
    wanted, last = _key(title), _last(path)
    return len(wanted) >= 16 and (last.startswith(wanted[: max(16, len(wanted) * 2 // 3)]) or (len(last) >= 24 and wanted.startswith(last)))


def _lists_items(blocks: Sequence[Block]) -> bool:
    """Whether a page lists items: linked headings, each with a few words of its own below it."""
    items = 0
    for at, block in enumerate(blocks):
        if block.linked * 2 > len(block.text) >= 20 and not block.beside:
            for other in blocks[at + 1 : at + 4]:
                if other.linked * 2 > len(other.text) or other.beside:
                    break
                if len(other.text) >= 30 and not _as_date_like(other.text):
                    items += 1
                    break
    return items >= 4


def _in_table_of_text(node: LexborNode) -> bool:
    """Whether an element stands in a row of several cells that leads nowhere: a table of an article, not a list of other pages."""
    row: LexborNode | None = node
    for _ in range(8):
        if row is None or row.tag in ("table", "body"):
            return False
        if row.tag == "tr":
            cells = sum(child.tag in ("td", "th") for child in row.iter())
            return cells >= 3 and not any(len(link.text(strip=True)) >= 20 for link in row.css("a[href]"))
        row = row.parent
    return False


def _as_date_like(text: str) -> bool:
    return re.search(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}", text) is not None
