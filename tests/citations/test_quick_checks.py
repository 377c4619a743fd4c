"""A quick check may pass text that its pattern rejects, but must never reject text that its pattern matches."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraper.citations import find
from scraper.citations.context import citation_fields, document_title, issuing_clause, post_context, relation_words
from scraper.citations.forms import number_spelling
from scraper.citations.grammar import patterns
from scraper.citations.grammar.loader import grammar
from scraper.citations.issuers.issuer_patterns import issuer_patterns
from scraper.citations.scan import literals, number_parts, standards, statute_name_end, statute_names, type_nouns
from tests.citations.scoring import own_passages

CUES = relation_words.cues_after("anywhere")[0]
SEPARATORS = "".join((*patterns.SLASHES, *patterns.DASHES, "\u00ad"))
# Every pattern with a quick check before it, and the check for a text in which the pattern matches. Checks of one character are here too.
PAIRS: dict[str, tuple[re.Pattern[str], Callable[[str], bool]]] = {
    "title": (document_title._BEGIN, lambda text: document_title.may_begin(text, 0)),
    "passed": (post_context._PASSIVE, lambda text: post_context.may_be_passive(text, 0)),
    "date": (post_context._DATE_AFTER, lambda text: post_context.may_be_date(text, 0)),
    "footnote": (post_context._FOOTNOTE, lambda text: text[:1] in post_context._MARKS),
    "abbreviation": (post_context._ABBREVIATION, lambda text: text[:5].lstrip()[:1] == "("),
    "same day": (post_context._SAME_DAY, lambda text: "cùng" in text),
    "far date": (post_context._DATE_FAR, lambda text: "ngày" in text),
    "issuing verb": (issuing_clause.ISSUING_VERB, issuing_clause.may_issue),
    "proposal": (issuing_clause._PROPOSED, issuing_clause.may_propose),
    "example": (issuing_clause._EXAMPLES, issuing_clause.may_be_example),
    "own number": (issuing_clause._OWN_NUMBER, issuing_clause.may_head),
    "same day before": (issuing_clause._SAME_DAY, issuing_clause.may_be_same_day),
    "year before": (issuing_clause._YEAR_BEFORE, issuing_clause.may_have_year),
    "heading": (issuing_clause._HEADING_VERB, lambda text: text.rstrip()[-1:].isupper()),
    "provision": (citation_fields._PINPOINT, citation_fields.has_part),
    "relation": (CUES, lambda text: any(word in text for word in relation_words.cue_words("anywhere"))),
    "head of a number": (patterns.HEAD, lambda text: number_parts.ends_head(text + "QĐ", len(text.rstrip().rstrip(SEPARATORS)))),
    "standard": (patterns.STANDARD, lambda text: any(literal.search(text) for literal in standards._LITERALS)),
    "statute": (statute_name_end.HEAD, lambda text: any(literal.search(text) for literal in statute_names._LITERALS)),
    "constitution": (statute_names._CONSTITUTION, lambda text: any(literal.search(text) for literal in statute_names._LITERALS)),
    "code": (statute_names._CODE, lambda text: any(literal.search(text) for literal in statute_names._LITERALS)),
    "noun": (patterns.NOUN_RE, lambda text: any(end in text for end in type_nouns._ENDS)),
}
OF_THE_BEGINNING = {"title", "passed", "date", "footnote", "abbreviation"}  # matched at one place, not searched


@pytest.mark.parametrize("name", PAIRS)
def test_no_check_rejects_what_its_pattern_matches(name: str) -> None:
    pattern, check = PAIRS[name]

    @settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.from_regex(re.compile(pattern.pattern, pattern.flags)))
    def passes(text: str) -> None:
        found = pattern.search(text)
        assert found is not None
        matched = text[found.start() :] if name in OF_THE_BEGINNING else text
        if name not in OF_THE_BEGINNING or pattern.match(matched):
            assert check(matched), matched

    passes()


def test_a_noun_with_two_capitals_passes() -> None:
    [mention] = find("Công Văn hỏa tốc số 6107/UBND-KGVX gửi các huyện")
    assert mention.text == "Công Văn hỏa tốc số 6107/UBND-KGVX"


def test_the_usual_shape_of_a_number_needs_only_capitals() -> None:
    @settings(max_examples=200, deadline=None, derandomize=True)
    @given(st.from_regex(re.compile(number_spelling._USUAL_SHAPE.pattern), fullmatch=True))
    def equal(number: str) -> None:
        # The blank prevents the short way.
        assert number_spelling.normalise_number(number) == number_spelling.normalise_number(f" {number}")

    equal()


DATES = ("9/4/2020", "ngày 5 tháng 4 năm 2010", "tháng 7/2009")
BEFORE = ("", " ", "  ,  ", ",", " (", " – ")
VERBS = ("ký", "ban hành", "ký ban hành", "thông qua", "công bố", "ra", "lập", "phê duyệt", "phê chuẩn")
TIMES = ("vào ngày", "ngày", "đề ngày", "ra ngày", "hôm", "sáng", "chiều ngày", "tối")
ADVERBS = ("đã", "vừa", "mới", "cũng", "được Quốc hội", "do Bộ Y tế", "chính thức")
SUBJECTS = ("về việc", "về", "v/v", "quy định", "phê duyệt", "ban hành", "hướng dẫn", "sửa đổi", "công bố")


def _both_cases(texts: Iterator[str]) -> Iterator[str]:
    for text in texts:
        yield from (text, text.upper())


def _after() -> Iterator[str]:
    """Returns texts that can come after a number, made of the words of the patterns."""
    for before in BEFORE:
        for date in DATES:
            yield f"{before}{date}"
            for verb in VERBS:
                yield f"{before}{verb} {date}"
                yield from (f"{before}{adverb} {verb} ngày {date}" for adverb in ADVERBS)
            yield from (f"{before}{time} {date}" for time in TIMES)
        yield from (f"{before}{subject} xây dựng nông thôn mới" for subject in SUBJECTS)


@pytest.mark.parametrize(
    ("pattern", "check"),
    [
        (document_title._BEGIN, document_title.may_begin),
        (post_context._PASSIVE, post_context.may_be_passive),
        (post_context._DATE_AFTER, post_context.may_be_date),
    ],
)
def test_checks_at_a_place(pattern: re.Pattern[str], check: Callable[[str, int], bool]) -> None:
    matched = 0
    for text in _both_cases(_after()):
        if pattern.match(text):
            matched += 1
            assert check(text, 0), text
    for passage in own_passages():
        for at in range(len(passage.text)):
            if pattern.match(passage.text, at):
                assert check(passage.text, at), passage.text[at : at + 40]
    assert matched > 50


VERB_FORMS = (
    "ký ban hành", "ban hành", "ra", "ký", "có", "phê duyệt", "thông qua", "công bố", "gửi", "trình", "đưa ra", "phát hành", "ban bố",
    "ký quyết định", "ký duyệt", "hạ", "xây dựng", "lập", "soạn thảo",
)  # fmt: skip
FILLERS = (
    "các", "một", "hai", "ba", "bốn", "năm", "tới", "đến", "đủ", "liên tiếp", "bản", "loạt", "5", "12", "tiếp", "thêm", "cả", "văn bản",
    "mới", "kèm theo", "nội dung", "theo", "cùng lúc", "đồng thời",
)  # fmt: skip


def test_every_issuing_verb_passes() -> None:
    for verb in VERB_FORMS:
        for filler in ("", *(f" {filler}" for filler in FILLERS)):
            head = f"UBND tỉnh {verb}{filler} "
            assert issuing_clause.ISSUING_VERB.search(head) and issuing_clause.may_issue(head), head
    for passage in own_passages():
        for match in re.finditer(r"\s", passage.text):
            head = passage.text[max(0, match.end() - 60) : match.end()]
            assert issuing_clause.may_issue(head) or issuing_clause.ISSUING_VERB.search(head) is None, head


def test_every_date_before_a_verb_is_found() -> None:
    for word in ("Ngày", "ngày", "Sáng", "sáng ngày", "Chiều", "chiều ngày", "Tối", "Hôm", "hôm"):
        found = issuing_clause._date_before(f"Tin vắn. {word} 14/7/2009, UBND tỉnh ")
        assert found is not None and found["date"] == "14/7/2009", word
    month = issuing_clause._date_before("Trong tháng 7/2009, UBND tỉnh ")
    assert month is not None and month["month"] == "háng 7/2009"
    bare = issuing_clause._date_before("Hội nghị: 14/7/2009, UBND tỉnh họp; 15/7/2009, UBND tỉnh ")
    assert bare is not None and bare["date"] == "15/7/2009"
    assert issuing_clause._date_before("14/7/2009, UBND tỉnh ") is not None
    assert issuing_clause._date_before("UBND tỉnh 14/7 ") is None


def test_every_part_of_a_statute_passes() -> None:
    for part in (
        "điểm a",
        "Điểm b",
        "khoản 2",
        "Khoản 3",
        "điều 5",
        "Điều 6",
        "mục 1",
        "Mục 2",
        "chương I",
        "Chương II",
        "phụ lục 1",
        "Phụ lục",
    ):
        head = f"theo {part} của "
        assert citation_fields._PINPOINT.search(head) and citation_fields.has_part(head), part
        assert citation_fields._pinpoint(head, len(head)), part


@pytest.mark.parametrize("sign", [*patterns.SLASHES, *patterns.DASHES, "\u00ad"])
def test_every_head_of_a_number_passes(sign: str) -> None:
    for head in ("36", "36a", "36A", "66.7", "1-2 ", "07/2008", "36 ", "36a  ", "07 / 2008 ", "07/"):
        text = f"số {head}{sign}"
        if patterns.HEAD.search(text):
            assert number_parts.ends_head(text, text.rindex(sign)), text
    assert patterns.HEAD.search(f"số 36a {sign}") and not number_parts.ends_head(f"Hà Nội {sign}", 7)


def test_the_last_letter_leaves_every_tail() -> None:
    assert [tail for tail in literals._TAILS if not literals.ends_with_tail(f"x {tail}")] == []
    assert not literals.ends_with_tail("") and not literals.ends_with_tail("Hà Nội")


def test_every_noun_and_body_begins_with_a_letter_of_its_check() -> None:
    data = grammar()
    for noun in [*data.types, *data.spellings, *data.short]:
        assert patterns.NOUN_BEFORE.search(f"{noun} số "), noun
        if noun in data.types:
            assert patterns.NOUN_BEFORE.search(f"{noun.upper()} số ") and patterns.NOUN_BEFORE.search(f"{noun.capitalize()} số "), noun
    bodies = data.bodies
    local = [*bodies["local"], *(name for names in bodies["local"].values() for name in names)]
    pattern = issuer_patterns()["any"]
    assert [name for name in [*local, *bodies["names"], *bodies["heads"]] if pattern.search(name) is None] == []
    assert pattern.search("nguyên Bộ trưởng Bộ Y tế")
