"""Recognises pages that are not news: the record of a law, a search form, a static page about an office.

The words are those that offices in Vietnam use. The labels of a record follow the databases of laws. The names of the static
pages follow Nghị định 42/2022/NĐ-CP, article 4 (before: 43/2011/NĐ-CP, article 10), which lists the pages that a portal of a
state body must have.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

from scraper.parse.generic.author_section_summary import MOST_NAME_WORDS
from scraper.parse.generic.lengths import LONG_TEXT, MIDDLE_TEXT, SURE_TEXT, TEXT_LINE
from scraper.parse.generic.text_blocks import Block
from scraper.parse.tree.page_tree import PageTree
from scraper.text import clean, fold

# Labels of a record, folded. Each group is one label in several words.
_LABELS = (
    r"so(?:\s?/\s?|\s)ky hieu(?: van ban)?|so hieu(?: van ban)?|so van ban|ky hieu(?: van ban)?|so den|so di",
    r"(?:ngay|nam) (?:ban hanh|ky|van ban)",
    r"ngay (?:co )?hieu luc|hieu luc(?: tu(?: ngay)?)?",
    r"ngay het hieu luc",
    r"(?:noi dung )?trich yeu(?: noi dung)?(?: van ban)?|ten van ban|ve viec|tieu de van ban",
    r"(?:co quan|don vi|noi|cap|to chuc) ban hanh(?: van ban)?",
    r"(?:loai|hinh thuc|the loai|nhom) van ban",
    r"nguoi ky(?: duyet| van ban)?|chuc (?:vu|danh)(?: nguoi ky)?",
    r"linh vuc(?: van ban)?",
    r"(?:tinh trang|trang thai)(?: hieu luc| van ban)?|con hieu luc",
    r"(?:tep|file|tap tin|tai lieu|van ban)(?: tin)? (?:dinh kem|kem theo|van ban|goc)|tai (?:ve|xuong|file)|toan van|tep|file",
    r"so cong bao|ngay dang cong bao|do (?:khan|mat)|pham vi(?: ap dung)?",
)
_LABEL = re.compile("|".join(f"(?P<l{at}>{words})" for at, words in enumerate(_LABELS)))
_LABEL_TAGS = ("label", "span", "b", "strong", "em", "i")
_PAIRS = 3  # labels with a value that make a record; a sentence of a report names one or two
_AFTER = 12  # blocks after the last label that are still the record

_SEARCH_TITLE = re.compile(r"\W*(?:ket qua )?(?:tim kiem|tra cuu|tim kiem nang cao|search(?: results?)?)\b")
# A title that only says that the page is a search. The words searched for may be after a colon or in quotation marks.
_ONLY_SEARCH = re.compile(
    r"\W*(?:(?:trang |bo loc |ket qua )?(?:tim kiem|tra cuu)(?: nang cao| thong tin| tin tuc| van ban| bai viet)?|search(?: results?)?)(?:(?: cho| voi)?(?: tu khoa)?\s*[:“\"'].*|\W*)"
)
_SEARCH_PATH = re.compile(r"(?:^|[/_.-])(?:tim-?kiem|search|tra-?cuu|ket-qua-tim)", re.IGNORECASE)
_SEARCH_FIELDS = frozenset(("q", "query", "keyword", "keywords", "key", "tukhoa", "tu_khoa", "search", "s", "kw"))
_FORM_FIELDS = 4  # a search form; a page with a box for words and one for an account has up to three
_FIELDS = "input[type=text], input:not([type]), input[type=date], select"

# How titles and URLs of standing pages begin, folded, without marks.
_OFFICES = r"(?:phong|van phong|thanh tra|trung tam|chi cuc|so|ban|vien|quy|bao tang|thu vien|doan|cuc|vu|tong cuc|ubnd|uy ban|co quan|don vi|truong|cong thong tin|to chuc)"
_STANDING = re.compile(
    rf"(?:trang )?(?:gioi thieu(?: chung| tong quan| so luoc| khai quat)?(?: (?:ve )?{_OFFICES}\b.*)?$|(?:vi tri,? )?(?:va )?chuc nang\b|nhiem vu(?:,? (?:va )?quyen han| cua {_OFFICES}\b)|co cau (?:to chuc|bo may)|(?:so do )?(?:to chuc )?bo may\b"
    rf"|so do (?:to chuc|co cau|trang|website|cong)|lien he\b|thong tin lien he|ban lanh dao\b|(?:danh sach )?lanh dao {_OFFICES}\b|lanh dao qua cac thoi ky|(?:lich su|qua trinh) hinh thanh|cac (?:don vi|phong|phong ban|to chuc)(?: chuyen mon)? (?:truc thuoc|thuoc)\b"
    r"|(?:cac )?don vi truc thuoc|danh ba\b|(?:so )?dien thoai lien he|thong tin (?:gioi thieu|ve don vi|lanh dao)|contact\b|about us|introduction$|sitemap$|duong day nong|dieu khoan su dung|chinh sach bao mat)"
)
# The page about the feeds of a site. A sentence about them is longer.
_ABOUT_FEEDS = re.compile(
    r"(?:(?:danh sach|kenh|nguon|huong dan|gioi thieu|khai niem|dich vu|su dung|cac|tin|thong tin|ve)\W+){0,4}rss(?: feeds?)?(?: la gi)?\W*"
)
_BARS = re.compile(r"\s+[-|–—»]+\s+")  # between the name of a page and that of its site
_STANDING_PATH = re.compile(
    r"/(?:rss|rss-feeds?|kenh-rss)(?:/|\.\w+)?$|/(?:gioi-?thieu|gioi-thieu-chung|lien-he|contact|about|about-us|ban-lanh-dao)(?:/|\.\w+$|$)|/(?:chuc-nang|co-cau-to-chuc|to-chuc-bo-may|bo-may-to-chuc|so-do-to-chuc|lich-su-hinh-thanh|don-vi-truc-thuoc|danh-ba|thong-tin-lien-he)(?:[/._-]|$)",
    re.IGNORECASE,
)
# A title that is only the name of an office: "Phòng Kế hoạch - Tài chính". Folded. `_DOES` holds the verbs of a news title.
_OFFICE = re.compile(rf"{_OFFICES}\b[^.:?!]{{2,80}}")
_DOES = re.compile(
    r"\b(?:khai mac|khai giang|trien khai|ban hanh|thong bao|tuyen|kiem tra|ra quan|phat dong|trao|tham|lam viec|hop|cong bo|tiep|nhan|day manh|mo|don(?! vi)|ky|tang|huong dan|tap huan|so ket|tong ket|thuc hien|se|da|dang|duoc|bi|cua lai)\b"
)
# The first words of a text about an office, folded.
_SAYS_OFFICE = re.compile(
    r"la (?:phong chuyen mon|don vi|co quan|to chuc|bo phan)[^.]{0,60}(?:thuoc|giup viec|tham muu|chuyen mon)|co chuc nang (?:tham muu|giup|thuc hien|quan ly)|co tu cach phap nhan|co con dau(?: va| rieng| tai khoan|,)|thuc hien chuc nang (?:tham muu|quan ly)"
)
_OFFICE_WORDS = re.compile(r"(?:dien thoai|email|fax)\s*:|bien che|chuc nang|nhiem vu|truc thuoc|quyen han")


def is_record(blocks: Sequence[Block], listed: Collection[int], title_at: int | None, *, is_dated: bool) -> bool:
    """Return True if the page is the record of a law: labels such as "Số ký hiệu" or "Trích yếu", each with its value.

    `listed`: the positions of blocks in entries of lists. `is_dated`: the title has its own date; such a page may be an
    article with a record inside its text.
    """
    labels: dict[int, str] = {}
    values: set[int] = set()
    for at, block in enumerate(blocks):
        if block.beside or at in listed:
            continue
        label, is_whole = _label(block.text)
        if label is None and is_whole is None and (begin := _first_words(block)) is not None:
            label = _label(begin)[0]
        if label is None or (is_whole and (at + 1 >= len(blocks) or _label(blocks[at + 1].text)[0] is not None)):
            continue
        labels[at] = label
        if is_whole:
            values.add(at + 1)
    if len(set(labels.values())) < _PAIRS:
        return False
    first, last = min(labels), max(labels)
    if title_at in values:
        return True
    prose = _prose(blocks, range(first, min(len(blocks), last + _AFTER)), {*labels, *values, *listed})
    above = _prose(blocks, range(title_at + 1, first), listed) if title_at is not None and title_at < first else 0
    return prose + above < MIDDLE_TEXT and not (is_dated and above >= SURE_TEXT)


def _prose(blocks: Sequence[Block], places: Iterable[int], without: Collection[int]) -> int:
    """Return the number of characters in the lines of text at some positions. Links and short lines do not count."""
    sizes = (len(blocks[at].text) - blocks[at].linked for at in places if at not in without and not blocks[at].beside)
    return sum(size for size in sizes if size >= TEXT_LINE)


def _first_words(block: Block) -> str | None:
    """Return the text of the element with which a block begins, if only its style sets it off: `<label>Số ký hiệu</label><span>12</span>`;
    None if a label cannot be there.
    """
    node = block.node.child
    while node is not None and node.tag == "-text" and not (node.text_content or "").strip():
        node = node.next
    if node is None or node.tag not in _LABEL_TAGS:
        return None
    text = clean(node.text() or "")
    return text if 0 < len(text) < min(TEXT_LINE, len(block.text)) else None


def _label(text: str) -> tuple[str | None, bool | None]:
    """Return the group of the label that a block begins with, or None; and if the block is only this label. (None, None) if only markup
    shows where the words of a label end.
    """
    return _label_of(text[:TEXT_LINE], len(text) <= TEXT_LINE)


@lru_cache(maxsize=2048)  # the menus of a site are on all of its pages
def _label_of(beginning: str, is_all: bool) -> tuple[str | None, bool | None]:
    """As `_label`. `beginning`: the first characters of a block; `is_all`: True if the block has no more."""
    folded = fold(beginning).strip(" -*•+")
    match = _LABEL.match(folded)
    if match is None:
        return None, False
    rest = folded[match.end() :].lstrip()
    if not rest.strip(" :"):
        return match.lastgroup, is_all
    return (match.lastgroup, False) if rest.startswith(":") else (None, None)


def is_search(tree: PageTree, title: str) -> bool:
    """Return True if the title or the URL belong to a search page: "Tra cứu văn bản", /tim-kiem?q=..."""
    if _SEARCH_TITLE.match(fold(title)):
        return True
    parts = urlsplit(tree.url)
    return _SEARCH_PATH.search(parts.path) is not None or any(
        name.lower() in _SEARCH_FIELDS and value and not value.isdigit() for name, value in parse_qsl(parts.query)
    )


def is_only_search(title: str) -> bool:
    """Return True if a title says only that the page is a search. Such a page is never an article, whatever dates it shows."""
    return len(title) <= LONG_TEXT and _ONLY_SEARCH.fullmatch(fold(title)) is not None


def has_form(tree: PageTree) -> bool:
    """Return True if the page has many input fields, as a search form or a contact form has."""
    return len(tree.css(_FIELDS)) >= _FORM_FIELDS


def _is_about_feeds(title: str) -> bool:
    """Return True if a folded title says only that the page is about feeds. The name of the site may be before or after it."""
    parts = [part for part in _BARS.split(title) if part]
    return any(map(_ABOUT_FEEDS.fullmatch, parts)) and sum(len(part.split()) for part in parts) <= MOST_NAME_WORDS


def is_standing(tree: PageTree, title: str, text: str) -> bool:
    """Return True if the title, the URL or the beginning of the text say that the page is about an office, and not about an event."""
    folded = fold(title)
    if _STANDING_PATH.search(unquote(urlsplit(tree.url).path)):
        return True
    if len(folded) <= TEXT_LINE and _is_about_feeds(folded):
        return True
    if _STANDING.match(folded) and not _DOES.search(folded):
        return True
    beginning = fold(text[:LONG_TEXT])
    if _SAYS_OFFICE.search(beginning):
        return True
    is_name = len(folded.split()) <= MOST_NAME_WORDS and _OFFICE.fullmatch(folded) is not None and not _DOES.search(folded)
    return is_name and _OFFICE_WORDS.search(beginning) is not None
