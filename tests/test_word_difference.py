"""The difference between two texts, word by word."""

from __future__ import annotations

import itertools
import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.word_difference import NEW, OLD, SAME, Piece, difference, marked, shortened


def _sides(pieces: list[Piece]) -> tuple[str, str]:
    return tuple("".join(piece.text for piece in pieces if piece.kind != kind) for kind in (NEW, OLD))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("Có 12 máy bơm.", "Có 13 máy bơm.", "Có [-12-]{+13+} máy bơm."),
        ("Họp về mùa khô, nghe báo cáo", "Họp về mùa khô nghe báo cáo", "Họp về mùa khô[-,-] nghe báo cáo"),
        ("ngày 12/03/2012 tại xã", "ngày 13/03/2012 tại xã", "ngày [-12/03/2012-]{+13/03/2012+} tại xã"),
        ("bàn giao đất", "bán giao đất", "[-bàn-]{+bán+} giao đất"),
        ("số 14/2013/QĐ-UBND nêu", "số 14/2013/QĐ-BTC nêu", "số [-14/2013/QĐ-UBND-]{+14/2013/QĐ-BTC+} nêu"),
        ("Một.\n\nHai.", "Một.\n\nHai.\n\nBa.", "Một.\n\nHai.{+\n\nBa.+}"),
        ("xã Tân Phú Đông", "xã Tân Hòa Tây", "xã Tân [-Phú Đông-]{+Hòa Tây+}"),
        ("", "Mới.", "{+Mới.+}"),
        ("Cũ.", "", "[-Cũ.-]"),
        ("Như cũ.", "Như cũ.", "Như cũ."),
        (unicodedata.normalize("NFD", "Thủy lợi"), "Thủy lợi", "Thủy lợi"),
    ],
)
def test_what_a_person_reads(old: str, new: str, wanted: str) -> None:
    assert marked(old, new) == wanted


def test_only_the_surroundings_of_a_change_are_shown() -> None:
    text = " ".join(f"câu{number}" for number in range(400))
    shown = marked(text, text.replace("câu200", "câu-hai-trăm"))
    assert shown.startswith("… ") and shown.endswith(" …") and "câu199 [-câu200-]{+câu-hai-trăm+} câu201" in shown and len(shown) < 250
    pieces = shortened(difference(text, text))
    assert [piece.kind for piece in pieces] == [SAME]


_WORDS = st.lists(st.sampled_from(["một", "hai", " ", "\n\n", ", ", "12/03", "đ", "."]), max_size=40).map("".join)


@given(_WORDS, _WORDS)
def test_the_pieces_are_the_two_texts(old: str, new: str) -> None:
    pieces = difference(old, new)
    assert _sides(pieces) == (old, new)
    assert all(piece.text for piece in pieces) and all(one.kind != other.kind for one, other in itertools.pairwise(pieces))


def test_hostile_texts_are_compared_in_bounded_work() -> None:
    """Without the bounds each of these takes minutes."""
    draw = random.Random(7)
    words = [str(number) for number in range(50)]
    for joint in (" ", "\n", "\n\n"):
        old, new = (joint.join(draw.choices(words, k=30_000)) for _ in range(2))
        assert _sides(difference(old, new)) == (old, new)
    many = "a " * 300_000
    assert _sides(difference(many, "b " + many)) == (many, "b " + many)
