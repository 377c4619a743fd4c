"""Properties that every text must have."""

from __future__ import annotations

import sys
import time
import unicodedata
from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from scraper.citations import ReferenceDocuments, display_number, find, normalise_number, resolve
from scraper.citations.forms.statute_keys import name_key
from scraper.model import Context, Mention
from tests.citations.scoring import Passage, own_passages

PASSAGES = own_passages()
NFC_NUMBERS = "0123456789/-–. \u00a0ĐđQqNnUuBbTtGgƯưÐðPpCcаАĐ\u0301\u0302V:"
# Pieces for texts of every kind: real language and noise.
PIECES = [
    *[" ".join(part) for passage in PASSAGES for part in zip(*[iter(passage.text.split())] * 4, strict=False)],
    *[
        "749/QĐ-TTg",
        "số",
        "Luật",
        "Nghị định",
        "ngày 3/6/2020",
        "24/7",
        "\n",
        "\xa0",
        "\u200b",
        "(",
        ")",
        "của UBND tỉnh",
        "và",
        ",",
        ";",
        "\ufeff",
        "Đ̣",
    ],
]
TEXTS = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join))
CAREFUL = settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def _said(mention: Mention) -> tuple[object, ...]:
    """Returns all fields of a mention except its position, with white space folded."""
    folded = tuple(" ".join(unicodedata.normalize("NFC", part or "").split()) for part in (mention.text, mention.issuer, mention.title))
    return (*folded, mention.kind, mention.doc_type, mention.number, mention.year, mention.issued_on, mention.relation, mention.pinpoint)


@given(st.text(alphabet=NFC_NUMBERS, max_size=40), st.booleans())
@example("01/1999/QÐ.UB", False)
@example("tcvn  iso 9001 : 2008", True)
@settings(max_examples=2000, deadline=None, derandomize=True)
def test_the_canonical_form_of_a_canonical_form_is_itself(raw: str, standard: bool) -> None:
    once = normalise_number(raw, standard=standard)
    assert normalise_number(once, standard=standard) == once


@given(st.text(max_size=60), st.booleans())
@settings(max_examples=2000, deadline=None, derandomize=True)
def test_of_any_text_too(raw: str, standard: bool) -> None:
    once = normalise_number(raw, standard=standard)
    assert normalise_number(once, standard=standard) == once


@pytest.mark.parametrize("passage", PASSAGES, ids=lambda passage: str(passage.name))
def test_the_usual_spelling_of_a_number_is_the_same_number(passage: Passage) -> None:
    for mention in find(passage.text, passage.context):
        if mention.number and mention.kind == "numbered":
            assert normalise_number(display_number(mention.number)) == mention.number


@given(TEXTS)
@CAREFUL
def test_a_span_is_the_cited_text(text: str) -> None:
    end = 0
    for mention in find(text):
        assert text[mention.start : mention.end] == mention.text
        assert end <= mention.start < mention.end <= len(text)
        end = mention.end


@pytest.mark.parametrize("passage", PASSAGES, ids=lambda passage: str(passage.name))
def test_decomposed_text_says_the_same(passage: Passage) -> None:
    decomposed = unicodedata.normalize("NFD", passage.text)
    found, wanted = find(decomposed, passage.context), find(passage.text, passage.context)
    assert [decomposed[one.start : one.end] == one.text for one in found] == [True] * len(wanted)
    assert [_said(one) for one in found] == [_said(one) for one in wanted]


@pytest.mark.parametrize("passage", PASSAGES, ids=lambda passage: str(passage.name))
@pytest.mark.parametrize("blank", ["\u00a0", "\n", "  ", " \t "])
def test_another_way_of_wrapping_says_the_same(passage: Passage, blank: str) -> None:
    """Lines are wrapped again, as between two columns of print. A line break of the original may separate two paragraphs, so it is kept."""
    lines = passage.text.split("\n")
    if blank == "\n" and len(lines) > 1:
        pytest.skip("what its lines say is lost when every word has one of its own")
    wrapped = "\n".join(blank.join(line.split(" ")) for line in lines)
    assert [_said(one) for one in find(wrapped, passage.context)] == [_said(one) for one in find(passage.text, passage.context)]


@pytest.mark.parametrize("passage", PASSAGES, ids=lambda passage: str(passage.name))
def test_with_plain_words_for_its_citations_a_text_has_none(passage: Passage) -> None:
    text = passage.text
    for mention in reversed(find(text, passage.context)):
        text = f"{text[: mention.start]}tài liệu ấy{text[mention.end :]}"
    assert [one.text for one in find(text, passage.context)] == []


HOSTILE = {
    "digits": "7",
    "digits and slashes": "1/",
    "slashes": "/",
    "hyphens": "-",
    "nouns": "Quyết định ",
    "nouns with số": "Quyết định số ",
    "numbers without end": "12/2009/QĐ-",
    "code after code": "QĐ-UBND-",
    "members of a list": "12/2009/QĐ-TTg, ",
    "serials of a list": "Nghị định 12, 13 và ",
    "laws": "Luật Đất đai ",
    "words of law names": "Luật Công nghệ và Giao dịch ",
    "amending laws": "Luật sửa đổi, bổ sung một số điều của ",
    "capitals": "UBND TỈNH ",
    "dates": "ngày 14/7/2009 ",
    "half dates": "ngày 14 tháng ",
    "provinces": "tỉnh Nghệ An, ",
    "issuers": "của Bộ Thông tin và Truyền thông ",
    "standards": "TCVN ISO ",
    "numbers of standards": "TCVN 7:",
    "pinpoints": "điểm a khoản 2 Điều 5 ",
    "brackets": "(",
    "quotes": "“Quyết định số 12/QĐ-UBND ",
    "marks": "Đ\u0301\u0323",
    "only combining marks": "\u0323",
    "blanks": " \u00a0",
    "line breaks": "\n",
    "invisible": "\u200b1/\u200b",
    "letters": "Đ",
    "rows of a table": "Số hiệu\tNgày ban hành\tTrích yếu\n12/QĐ-UBND\t14/7/2009\tx\n",
    "tabs": "a\t",
    "text without diacritics": "Quyet dinh so 12/QD-UBND ngay 14/7/2009 cua ",
    "titles without end": "Quyết định 12/QĐ-UBND về quản lý, sử dụng, ",
    "digits with blanks between": "số 1 2 3 4/QĐ-UBND ",
    "lost separators": "12/2009QĐ-UBND 24/2008QH12",
    "places": "của huyện Anh Sơn, xã ",
    "citations": "Quyết định số 1727/QĐ-UBND ngày 17/5/2007 của UBND tỉnh Nghệ An về việc phê duyệt ",
}


@pytest.mark.parametrize(
    "unit",
    [pytest.param(text, id=name, marks=pytest.mark.gate if number % 3 else ()) for number, (name, text) in enumerate(HOSTILE.items())],
)
def test_no_text_makes_it_slow(unit: str) -> None:
    """Twice the text takes twice the time, and not four times. Ratios of processor time are compared, so that a busy machine does not
    matter.
    """

    def seconds(size: int) -> float:
        text = (unit * (size // len(unit) + 1))[:size]
        best = float("inf")
        for _ in range(3):
            began = time.process_time()
            find(text)
            best = min(best, time.process_time() - began)
        return best

    find("Quyết định số 12/2009/QĐ-TTg")  # loads the grammar before the measurement
    small, large = seconds(25_000), seconds(100_000)
    # Four times the text. Below 10 ms, a time cannot be distinguished from noise.
    assert large < 0.01 or large / max(small, 0.002) < 8, f"25 kB {small:.3f} s, 100 kB {large:.3f} s"


IN_MANY_WAYS = {  # each took minutes or years, when a pattern could divide the repeated words in several ways
    "adverbs": f"Bộ Tài chính{' đã' * 40} x ban hành Nghị định số 12/2019/NĐ-CP.",
    "adverbs after a place": f"Chủ tịch xã Hưng Lộc{' cũng' * 40} x ban hành Quyết định số 12/QĐ-UBND.",
    "receivers": f"Công văn số 12/UBND-VX gửi các sở{' ia-' * 24} 5 về việc quản lý đất đai. " * 40,
}


@pytest.mark.parametrize("text", IN_MANY_WAYS.values(), ids=IN_MANY_WAYS)
def test_no_text_is_read_in_many_ways(text: str) -> None:
    find(text)
    assert name_key(f"Luật Đất đai{' sửa đổi' * 40} x")  # as it may be in a list of documents that somebody imports


CITING = {  # one citation of each text, made by this project; {n} makes them different
    "full and short": "Nghị định số {n}/2010/NĐ-CP của Chính phủ. Theo Nghị định {n}, việc này được giao. ",
    "one serial, many years": "Nghị định số 64/{year}/NĐ-CP của Chính phủ. Theo Nghị định 64, việc này được giao. ",
    "one serial, many issuers": "Quyết định số 12/QĐ-{code} ngày {day}/3/2010. Theo Quyết định 12, việc này được giao. ",
    "no province": "Quyết định số {n}/QĐ-UBND. Theo Quyết định {n}, việc này được giao. ",
    "one number over and over": "Quyết định số 12/QĐ-UBND. Theo Quyết định 12, việc này được giao. ",
    "no full number": "Chỉ thị {n} của Thủ tướng Chính phủ. Thông tư {n} năm 2012 được áp dụng. ",
    "names": "Luật Báo chí năm {year} và Luật Đất đai. Luật số {n} được thông qua. ",
}


@pytest.mark.parametrize("unit", CITING.values(), ids=CITING.keys())
def test_resolving_is_linear(unit: str) -> None:
    """Four times the citations take four times the work. Work is counted in function calls, so that no clock decides."""
    known = ReferenceDocuments()
    context = Context(published=date(2024, 1, 1))
    codes = ["BTC", "BYT", "BXD", "BTTTT", "BCT", "BNV", "BTP", "BCA", "TTg", "BGDĐT"]

    def calls(number: int) -> int:
        text = "".join(unit.format(n=n, year=1946 + n % 75, code=codes[n % 10], day=n % 28 + 1) for n in range(1, number + 1))
        mentions = find(text, context)
        assert len(mentions) >= number
        resolve(mentions, known, context)  # fills the caches of numbers and of parsed rows
        counted = 0

        def count(frame: object, event: str, argument: object) -> None:
            nonlocal counted
            counted += event in ("call", "c_call")

        sys.setprofile(count)
        try:
            resolve(mentions, known, context)
        finally:
            sys.setprofile(None)
        return counted

    small, large = calls(250), calls(1000)
    assert large < 4 * small * 1.3, f"250 citations {small} calls, 1000 citations {large} calls"
