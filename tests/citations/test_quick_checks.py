"""A quick check may pass text that its pattern rejects, but must never reject text that its pattern matches."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

from scraper.citations.context import citation_fields, document_title, issuing_clause, post_context
from scraper.citations.forms.body_patterns import body_patterns
from scraper.citations.grammar import grammar, patterns
from scraper.citations.scan import literals, numbered
from tests.citations.scoring import own_passages

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
        (post_context._DATE_BEHIND, post_context.may_be_date),
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
            assert numbered.ends_head(text, text.rindex(sign)), text
    assert patterns.HEAD.search(f"số 36a {sign}") and not numbered.ends_head(f"Hà Nội {sign}", 7)


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
    pattern = body_patterns()["any"]
    assert [name for name in [*local, *bodies["names"], *bodies["heads"]] if pattern.search(name) is None] == []
    assert pattern.search("nguyên Bộ trưởng Bộ Y tế")
