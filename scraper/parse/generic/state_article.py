"""Reads the article of a page that only a script fills, from the data that the page holds for it.

A record is taken only if the page itself names it: its title is in `<title>`, in the metadata or in the words of the URL, or its own
name is in the URL. It needs a text and a day. So a list page, whose data may hold whole articles, gives none.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote, urlsplit

from scraper.model import Moment, Rule, Text
from scraper.parse.body.paragraphs import paragraphs
from scraper.parse.body.special_elements import treatment_of
from scraper.parse.fields.metadata import Metadata, read_metadata
from scraper.parse.fields.publication_date import FoundDate, choose
from scraper.parse.fields.written_dates import read_metadata_date
from scraper.parse.generic.article_or_list import url_spells_title
from scraper.parse.generic.generic_reader import GenericFields
from scraper.parse.generic.lengths import LONGEST_TITLE, SHORTEST_TITLE, SURE_TEXT, TEXT_LINE
from scraper.parse.generic.script_data import has_script_data, script_data
from scraper.parse.generic.spelling_key import spelling_key
from scraper.parse.generic.standing_pages import is_search, is_standing
from scraper.parse.tree.page_tree import PageTree
from scraper.rule_codes import RuleCode
from scraper.text import clean

# Names of fields without their capitals and separators, in English and Vietnamese: "publishedAt", "ngay_xuat_ban".
_FIELDS = {
    "title": r"(?:news|article|post|detail)?(?:title|headline|subject)|tieude(?:tin|bai)?|ten(?:tin|bai|baiviet)?|name",
    "body": r"(?:news|article|post|full|detail)?(?:content|contents|body|contenthtml|bodyhtml|articlebody|fulltext|html|detail)|noidung(?:tin|bai|chitiet)?|chitiet",
    "summary": r"(?:news|article|short)?(?:summary|description|excerpt|sapo|lead|intro|abstract)|shortcontent|shortdescription|tomtat|trichdan|mota(?:ngan)?",
    "author": r"author(?:name)?|tacgia|writer|penname|butdanh|nguoiviet",
    "section": r"(?:main)?category(?:name)?|section(?:name)?|chuyenmuc|tenchuyenmuc|zone(?:name)?",
    "published": r"(?:date)?publish(?:ed)?(?:at|on|date|time|edat|eddate|edtime)?|publicationdate|publictime|publicdate|distributiondate|displaydate|releasedate"
    r"|post(?:ed)?(?:at|on|date|time)|ngay(?:xuatban|dang|dangtin|phathanh|congbo)|thoigiandang|datepublished",
    "created": r"date|time|ngay|created?(?:at|on|date|time)?|datecreated|ngaytao|ngaydangtai|ngayviet",
    "modified": r"updated?(?:at|on|date|time)?|modifi(?:ed|cation)(?:at|on|date|time)?|lastmodified|dateupdated|datemodified|ngay(?:capnhat|sua)",
    "slug": r"slug|alias|url|path|link|permalink|urltitle|friendlyurl",
}
_DATES = ("published", "created", "modified")
_NAMES = {field: re.compile(pattern) for field, pattern in _FIELDS.items()}
_SEPARATORS = re.compile(r"[^a-z0-9]")
_NAMED = ("name", "title", "fullname", "ten", "tieude", "label", "displayname")  # fields of an author or a section that is a record
_TICKS = re.compile(r"/Date\((\d{13})[+-]?\d*\)/")  # of ASP.NET
_FILE = re.compile(r"(?:https?://|/)[^\s<>\"']+\.(?:pdf|docx?|xlsx?|pptx?|zip|rar)", re.IGNORECASE)
_TAGS = re.compile(r"<[^<>]*>")
_MOST_VALUES = 100_000  # of one script; a bound against hostile input
_MOST_TEXT = 5_000_000  # characters of all records of one script; many records may refer to one long text
_MOST_FILES = 50  # of an article; a bound against hostile input
_LONGEST_NAME = 80  # characters of an author or a section; a longer one is a sentence
_SHORTEST_TITLE = 15  # letters of a title that `<title>` repeats; a shorter one may be the name of a section
_SHORTEST_SLUG = 12  # characters of the name of an article in its URL; a shorter one may be that of a section
_NOTICE_TITLE = 30  # letters of the title of a notice; nearly all names of sections are shorter
_WITHIN = 4  # how deep in a record its files are


@dataclass(frozen=True, slots=True)
class _Record:
    """A record with a title and a text. `names`: the field of each as the data name it."""

    values: Mapping[str, str]
    names: Mapping[str, str]
    files: tuple[str, ...]

    def text(self, field: str) -> Text:
        """Return a field without tags, with its rule."""
        value = clean(html.unescape(_TAGS.sub(" ", self.values.get(field, ""))))
        return Text(value, self.rule(field)) if value else Text(None, Rule(RuleCode.NOT_ON_PAGE))

    def rule(self, field: str) -> Rule:
        """Return the rule of a field: its name in the data is the parameter."""
        return Rule(RuleCode.PAGE_DATA, self.names[field])

    def moment(self, fields: Sequence[str], captured_at: datetime) -> Moment:
        """Return the first date of these fields."""
        found = [
            FoundDate(value, stamp, self.rule(field))
            for field in fields
            if (value := _TICKS.sub(r"\1", self.values.get(field, ""))) and (stamp := read_metadata_date(value, captured_at)) is not None
        ]
        return choose(found[:1], captured_at)


def state_article(tree: PageTree, captured_at: datetime) -> GenericFields | None:
    """Return the fields of the article that the data of a page describe as its own; None if there is none, or more than one."""
    if not has_script_data(tree):
        return None
    records = [record for data in script_data(tree) for record in _records(data)]
    metadata = read_metadata(tree) if records else Metadata()
    own = [record for record in records if _is_own(tree, metadata, record)]
    if not own or len({spelling_key(record.values["title"]) for record in own}) > 1:
        return None
    return _fields(tree, max(own, key=lambda record: len(record.values["body"])), captured_at)


def _fields(tree: PageTree, record: _Record, captured_at: datetime) -> GenericFields | None:
    content = record.values["body"]
    if "<" not in content:
        content = "".join(f"<p>{html.escape(line)}</p>" for line in content.splitlines() if line.strip())
    links = "".join(f"<a href='{html.escape(url)}'></a>" for url in record.files)
    inside = PageTree(tree.url, f"<html><body><div id='text'>{content}</div><div id='files'>{links}</div></body></html>")
    node, files = inside.parsed.css_first("#text"), inside.parsed.css_first("#files")
    body = paragraphs(node, treatment_of(inside, node)) if node is not None else ""
    title, published = record.text("title"), record.moment(("published", "created"), captured_at)
    if node is None or files is None or len(body) < _least_text(record) or published.value is None:
        return None
    if is_standing(tree, title.value or "", body) or is_search(tree, title.value or ""):
        return None
    nothing = Text(None, Rule(RuleCode.NOT_ON_PAGE))
    author, section = record.text("author"), record.text("section")
    return GenericFields(
        title=title,
        summary=record.text("summary"),
        author=author if len(author.value or "") <= _LONGEST_NAME else nothing,
        section=section if len(section.value or "") <= _LONGEST_NAME else nothing,
        tags=(),
        tags_rule=Rule(RuleCode.NOT_ON_PAGE),
        published=published,
        modified=record.moment(("modified",), captured_at),
        body=Text(body, record.rule("body")),
        node=node,
        files_in=[node, files],
        is_article=True,
        verdict="page-data",
        is_above_headline=False,
        is_dated=True,
        list_entries=dict,
        metadata_kind="",
    )


def _records(data: object) -> Iterator[_Record]:
    """Yield the records with a title and a text, in the order of the data."""
    waiting, left = [data], _MOST_TEXT
    for _ in range(_MOST_VALUES):
        if not waiting or left < 0:
            return
        value = waiting.pop()
        if isinstance(value, Mapping):
            left -= sum(len(one) for one in value.values() if isinstance(one, str))
            if (record := _record(value)) is not None:
                yield record
            waiting += [one for one in reversed(list(value.values())) if isinstance(one, Mapping | list)]
        elif isinstance(value, list):
            waiting += [one for one in reversed(value) if isinstance(one, Mapping | list)]


def _record(value: Mapping[str, object]) -> _Record | None:
    values: dict[str, str] = {}
    names: dict[str, str] = {}
    for name, one in value.items():
        plain = _SEPARATORS.sub("", name.lower())
        field = next((field for field, pattern in _NAMES.items() if pattern.fullmatch(plain)), None)
        text = _as_text(one) if field is not None else ""
        # Of several texts the longest is taken, of several dates the last.
        if field is not None and text and (field in _DATES or len(text) > len(values.get(field, ""))):
            values[field], names[field] = text, name
    if not SHORTEST_TITLE <= len(values.get("title", "")) <= LONGEST_TITLE or len(_TAGS.sub("", values.get("body", ""))) < TEXT_LINE:
        return None
    record = _Record(values, names, tuple(dict.fromkeys(_files(value)))[:_MOST_FILES])
    return record if len(_TAGS.sub("", values["body"])) >= _least_text(record) else None


def _least_text(record: _Record) -> int:
    """Return how many characters the text of a record must have. That of a notice is short, but its title is longer than the name of a
    section, and the data name its day of publication.
    """
    is_notice = "published" in record.values and len(spelling_key(record.values["title"])) >= _NOTICE_TITLE
    return TEXT_LINE if is_notice else SURE_TEXT


def _as_text(value: object) -> str:
    """Return a value as text: of a record its name, of WordPress {"rendered": "..."}; a number as its digits."""
    if isinstance(value, Mapping):
        inner = next((value[name] for name in value if name == "rendered" or _SEPARATORS.sub("", name.lower()) in _NAMED), "")
        return inner if isinstance(inner, str) else ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""


def _files(value: object, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        if _FILE.fullmatch(value):
            yield value
    elif depth < _WITHIN and isinstance(value, Mapping | list):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from _files(one, depth + 1)


def _is_own(tree: PageTree, metadata: Metadata, record: _Record) -> bool:
    """Return True if the page names a record as its own: its `<title>`, its metadata, or its URL."""
    title = html.unescape(record.values["title"])
    wanted = spelling_key(title)
    named = [tree.title, *(one.value for one in metadata.title)]
    if len(wanted) >= _SHORTEST_TITLE and any(spelling_key(one).startswith(wanted) for one in named):
        return True
    path = unquote(urlsplit(tree.url).path).rstrip("/")
    last = path.rpartition("/")[2]
    slug = record.values.get("slug", "").rstrip("/").rpartition("/")[2].partition("?")[0]
    return url_spells_title(path, title) or (len(slug) >= _SHORTEST_SLUG and slug in last)
