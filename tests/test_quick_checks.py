"""The quick checks before slow patterns: each lets everything pass that its pattern finds."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraper import urls, web_archive_urls
from scraper.model import Capture, Rule
from scraper.parse.classify import refused_pages
from scraper.parse.decode import charset
from scraper.parse.enrich import multipage, stories
from scraper.parse.fields import attachments, bylines, date_labels, relative_dates, written_dates
from scraper.parse.generic import article_or_list, author_section_summary, date_lines, page_footer, title
from scraper.parse.generic.spelling_key import spelling_key
from scraper.parse.tree import entities, hidden_elements, link_targets, page_tree, selector_filter
from scraper.parse.tree.page_tree import PageTree
from scraper.rule_codes import RuleCode
from scraper.text import clean, fold

CHECKS: dict[str, tuple[re.Pattern[str], Collection[str]]] = {
    "words of a page's foot": (page_footer._FOOT, page_footer._SIGNS),
    "a postal address with its label": (page_footer._CONTACT, page_footer._CONTACT_SIGNS),
    "whose the site is": (article_or_list._CONTACT_DETAILS, article_or_list._CONTACT_SIGNS),
    "something happened lately": (stories._RECENT, stories._RECENT_WORDS),
    "an author after a date": (author_section_summary._LATER_LABEL, (":",)),
    "the name of a file": (link_targets._FILE_NAME, (".",)),
    "a program that sends a file": (link_targets._SENDS, link_targets._SENDER_SIGNS),
    "a counter of views, folded": (date_lines._COUNTER, ("xem", "doc", "cap", "view", "hits")),
    "a page that was not found, folded": (refused_pages._NOT_FOUND, refused_pages._NOT_FOUND_WORDS),
    "the cookie of a challenge": (refused_pages._COOKIE, ("d1n=",)),
    "the letters of an entity without its ampersand": (entities._BARE_ENTITY, tuple(f"{name.lower()};" for name in entities._BARE_NAMES)),
    "an entity that was escaped twice": (entities._TWICE, ("&",)),
    "an ISO date": (written_dates._ISO, ("-",)),
    "a date with a misplaced zone": (written_dates._BROKEN_ISO, ("-",)),
    "how long ago, folded": (relative_dates._AGO, ("truoc", "cach", "ago")),
    "a URL of a web archive": (web_archive_urls._WRAPPED, ("/http",)),
    "a session id in a path": (urls._IN_PATH, urls._SESSION_SIGNS),
    "a session id of ASP.NET": (urls._ASP_SESSION, urls._SESSION_SIGNS),
    "a session id in a query": (urls._LATER_IN_QUERY, urls._SESSION_SIGNS),
    "a session id at the beginning of a query": (urls._FIRST_IN_QUERY, urls._SESSION_SIGNS),
}


@pytest.mark.parametrize("name", CHECKS)
def test_a_quick_check_passes_all_that_its_pattern_finds(name: str) -> None:
    pattern, signs = CHECKS[name]

    @settings(max_examples=15 * len(signs), deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.from_regex(pattern))
    def passes(text: str) -> None:
        assert pattern.search(text) is not None
        assert any(sign in text.lower() for sign in signs), text

    passes()


RELATIVE = ("2 giờ trước", "10 phút trước", "3 tuần trước", "Hôm nay, 8:05", "hôm qua", "hôm kia")


@pytest.mark.parametrize("text", RELATIVE)
def test_relative_dates_are_read_although_they_have_few_digits(text: str) -> None:
    assert written_dates.read_date(text, datetime(2020, 7, 3, 9, 0, tzinfo=UTC), vague=True) is not None
    assert written_dates.read_date(text) is None


DATES = (
    written_dates._DMY,
    written_dates._WORDS,
    written_dates._WORDS_MONTH_FIRST,
    written_dates._ENGLISH,
    written_dates._ISO,
    written_dates._BROKEN_ISO,
    written_dates._JAVA,
    written_dates._MONTH,
)


@pytest.mark.parametrize("pattern", DATES)
def test_every_form_of_a_date_has_three_digits(pattern: re.Pattern[str]) -> None:
    @settings(max_examples=30, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.from_regex(pattern, fullmatch=True))
    def has_digits(text: str) -> None:
        assert written_dates._THREE_DIGITS.search(text) is not None

    has_digits()


def checks(examples: int = 60) -> settings:
    return settings(max_examples=examples, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in bylines._DATELINES], ids=lambda pattern: pattern.pattern[:20])
def test_every_dateline_passes_its_quick_check(pattern: re.Pattern[str]) -> None:
    @checks()
    @given(st.from_regex(pattern))
    def passes(text: str) -> None:
        if pattern.match(text := clean(text)):  # texts are cleaned before
            assert bylines.dateline_length(text) > 0

    passes()


def test_every_label_of_a_change_passes_its_quick_check() -> None:
    marks = st.sampled_from(("", "\u0300", "\u0301", "\u0309", "\u0323", "\u0302\u0301"))

    @checks(120)
    @given(st.from_regex(f"(?:{date_labels._CHANGED})", fullmatch=True), st.lists(marks, min_size=40, max_size=40))
    def passes(label: str, typed: list[str]) -> None:
        # As an editor may type it: with any diacritics on its vowels.
        written = clean("".join(char + (mark if char in "aeiouy" else "") for char, mark in zip(label, typed, strict=False)))
        folded = fold(written)
        if len(folded) == len(written) and (match := date_labels._LABELS.search(folded)) is not None and match["changed"]:
            assert date_labels._MAYBE_CHANGED.search(written) is not None, written

    passes()


@pytest.mark.parametrize("pattern", [attachments._FILE, attachments._FILE_IN_PATH], ids=["at the end", "in the path"])
def test_every_url_of_a_file_passes_its_quick_check(pattern: re.Pattern[str]) -> None:
    @checks()
    @given(st.from_regex(pattern), st.sets(st.integers(0, 300)))
    def passes(path: str, escaped: set[int]) -> None:
        written = "".join(f"%{ord(char):02x}" if at in escaped and char.isascii() else char for at, char in enumerate(path))
        assert attachments._MAYBE_FILE.search(path) is not None
        assert attachments._MAYBE_FILE.search(written) is not None  # in the parameter of a viewer
        assert attachments._MAYBE_FILE.search(written.replace("%", "%25")) is not None

    passes()


@pytest.mark.parametrize(
    ("selectors", "signs"),
    [
        (hidden_elements._PHONE, selector_filter.SCREENS),
        (
            '[style*="dings" i], [face*="dings" i], [style*="symbol" i], [face*="symbol" i], [style*="mso-list:ignore" i]',
            selector_filter.FONTS,
        ),
    ],
)
def test_every_alternative_of_a_selector_has_a_word_of_its_quick_check(selectors: str, signs: Collection[str]) -> None:
    for alternative in selectors.split(", "):
        assert any(sign in alternative for sign in signs), alternative


LETTERS = st.text("aăâđêôơưạảấậắặẹẽềệịọốộớợụứừựỳỷ ĐÀẾỘ“”‘’–…€•", min_size=1, max_size=40)


@checks(200)
@given(LETTERS)
def test_text_that_was_encoded_twice_passes_its_quick_check(text: str) -> None:
    twice = misread(f"{text} {text} {text}")  # two words may be a quoted example, which is not repaired
    if charset.undo_double_encoding(twice)[1]:
        assert charset._may_be_twice(charset.Decoded(twice, "utf-8", Rule(RuleCode.ENCODING_PAGE)))


def misread(text: str) -> str:
    """Returns UTF-8 as a program reads it that takes it for windows-1252."""
    return "".join(bytes([byte]).decode("cp1252") if byte not in b"\x81\x8d\x8f\x90\x9d" else chr(byte) for byte in text.encode())


@pytest.mark.parametrize(
    "text", ["Sự sự sự", "Việt Nam, tự trị, sự vụ", "được đi", "“Sở”", "Mùa hè ở Huế", "ðường → 5 € → 6 ™", "☎ ✆ 🚀 😀"]
)
def test_text_that_was_encoded_twice_is_repaired_whatever_its_letters(text: str) -> None:
    text = f"{text} {text} {text}"  # two words may be a quoted example
    moment = datetime(2020, 7, 3, tzinfo=UTC)
    page = Capture("http://so-mau.test/", 200, (("Content-Type", "text/html; charset=utf-8"),), misread(text).encode(), moment)
    decoded = charset.decode(page)
    assert decoded.text == text
    assert decoded.original == misread(text)


@checks(150)
@given(st.text("Sởtậphuấn 12/-“.", min_size=3, max_size=60), st.integers(0, 30), st.text("ởn 1.", max_size=9))
def test_a_block_that_repeats_a_title_passes_the_comparison_of_beginnings(wanted: str, cut: int, more: str) -> None:
    """`_named_blocks` compares the first letters of a block with those of all titles before it compares the whole."""
    shown = clean(wanted[: len(wanted) - cut] + more)
    heading, other = spelling_key(shown), spelling_key(wanted)
    if heading and other and title._agrees(heading, other, is_cut=False) is not None:
        beginning = spelling_key(shown[: title._BEGINNING])
        assert other.startswith(beginning[: len(other)])
        assert len(beginning) < title._HEAD or beginning.startswith(other[: title._HEAD])


HEADS = (
    "* Hội thảo về chữ ký số",
    "- Hội thảo về chữ ký số",
    "(Mic.gov.vn) - * Hội thảo về chữ ký số",
    "TTXVN - * Hội thảo về chữ ký số",
    "Mic.gov.vn: * Hội thảo",
)


@pytest.mark.parametrize("head", HEADS)
def test_a_body_with_a_marked_line_passes_its_quick_check(head: str) -> None:
    assert stories._line(0, head, ()).mark is not None
    assert stories._has_marks(f"Phần mở đầu của bài.\n\n{head}\n\nNgày 14/7, Sở tổ chức hội thảo.")


PARTS = (
    ("/tin/hoi-thao-12.html", "/tin/hoi-thao-12.html?page=2", "2"),
    ("/tin/hoi-thao-12.html", "?trang=2", "Trang sau"),
    ("/tin/hoi-thao-12.html", "/tin/hoi-thao-12_2.html", "2"),
    ("/tin/hoi-thao-12", "/tin/hoi-thao-12/2", "Tiếp"),
    ("/tin/hoi-thao-12/trang-1.html", "/tin/hoi-thao-12/trang-2.html", "2"),
    ("/detail.aspx?id=12", "/detail.aspx?id=12&amp;page=2", "2"),
)


@pytest.mark.parametrize(("own", "next_page", "label"), PARTS)
def test_the_next_page_of_an_article_passes_its_quick_check(own: str, next_page: str, label: str) -> None:
    tree = PageTree(f"http://so-mau.test{own}", f'<body><h1>Hội thảo</h1><p>Bài viết.</p><a href="{next_page}">{label}</a></body>')
    link = multipage.next_part(tree, ("so-mau.test",))
    assert link is not None and link.url.endswith(next_page.replace("&amp;", "&"))


_HOSTS = st.sampled_from(["", "", "http://so.vn", "https://khac.vn:81", "//so.vn", "HTTP://SO.VN", "http:", "http://[so"])
_PARTS = [
    "/",
    "/tin",
    "/a-1.html",
    "/..",
    "/.",
    "/.an",
    ";",
    "/a;b",
    "?",
    "?x=1",
    "&y=a/../b",
    "#",
    "#top",
    " ",
    "/é",
    "%20",
    ":",
    "@",
    "/http",
]


@settings(max_examples=3000, deadline=None, database=None, derandomize=True)
@given(
    _HOSTS,
    st.lists(st.sampled_from(_PARTS), max_size=4).map("".join),
    st.sampled_from(["http://so.vn/", "https://so.vn:8080/", "http://so.vn/tin/", "http://so.vn"]),
)
def test_a_plain_url_gets_the_host_as_any_other_does(host: str, path: str, base: str) -> None:
    expected = page_tree._joined(base, host + path)
    bare = urls.without_session(expected.partition("#")[0]) if expected is not None else None
    assert page_tree._absolute.__wrapped__(base, host + path) == bare
