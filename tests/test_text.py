"""Vietnamese letters: composition, folding, tone placement, dictionary order, forms of numbers."""

from __future__ import annotations

import unicodedata

import pytest

from scraper import text


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Đắk Lắk", "dak lak"),
        ("Ðắk Lắk", "dak lak"),  # eth instead of đ
        ("Ɖắk  Lắk", "dak  lak"),  # the African D; blanks stay
        ("QUẢNG NGÃI", "quang ngai"),
        ("Ha Noi", "ha noi"),
        ("Straße", "strasse"),
        ("", ""),
    ],
)
def test_folded_text_has_no_diacritics(typed: str, folded: str) -> None:
    assert text.fold(typed) == folded
    assert text.fold(unicodedata.normalize("NFD", typed)) == folded


def test_many_long_words_are_folded_too() -> None:
    """The cache of words is emptied when it is full, and keeps no long word."""
    words = [f"đ{number}" for number in range(20_100)]
    assert text.fold(" ".join(words)) == " ".join(f"d{number}" for number in range(20_100))
    assert text.fold("Ế" * 50) == "e" * 50


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("  Thông   báo \n", "Thông báo"),
        ("Thông\u00a0báo\t số", "Thông báo số"),
        ("Tho\u0302ng ba\u0301o", "Thông báo"),
        ("Th\u00adông\u200b báo\ufeff", "Thông báo"),
        ("a\x00b\ud83d", "ab"),
        ("Thông  báo", "Thông báo"),
        ("", ""),
    ],
)
def test_a_clean_line(typed: str, cleaned: str) -> None:
    assert text.clean(typed) == cleaned


def test_a_letter_with_a_hundred_marks_is_left_as_it_is() -> None:
    marks = "\u0301\u0323" * 50
    assert text.nfc(f"Ho\u0323p a{marks} ho\u0323p") == f"Họp a{marks} họp"
    thirty = "\u0301\u0323" * 15
    assert text.nfc(f"{'x' * 40}a{thirty}") == unicodedata.normalize("NFC", f"{'x' * 40}a{thirty}")


@pytest.mark.parametrize(
    ("typed", "placed"),
    [
        ("Thanh Hoá", "Thanh Hóa"),
        ("sức khoẻ", "sức khỏe"),
        ("thuỷ lợi", "thủy lợi"),
        ("THUỶ", "THỦY"),
        ("Hóa", "Hóa"),
        ("hoàn", "hoàn"),
        ("hoàng thuyền", "hoàng thuyền"),
        ("quý", "quý"),
        ("QUÝ", "QUÝ"),
        ("hoa", "hoa"),
    ],
)
def test_the_tone_of_an_open_syllable_is_on_its_first_vowel(typed: str, placed: str) -> None:
    assert text.place_tone(typed) == placed
    assert text.place_tone(unicodedata.normalize("NFD", typed)) == placed


def test_a_search_finds_every_spelling() -> None:
    assert text.search_form("Thuỷ lợi ÐẮK LẮK") == text.search_form("THỦY LỢI Đắk Lắk") == "thủy lợi đắk lắk"
    assert text.search_form("ð") == "đ"


def test_names_are_in_the_order_of_a_dictionary() -> None:
    """Letters count before tones, whatever the case; the order is that of ICU for Vietnamese."""
    ordered = [
        *("1 a", "2 a", "A", "à", "Ả", "ã", "á", "ạ", "ă", "â", "ba", "bà", "bá", "bà bắc", "c", "d", "đ", "e", "ê"),
        *("Hà Giang", "Hà Nam", "Hà Nội", "Hải Dương", "Hòa Bình", "o", "ô", "ơ", "u", "ư", "Yên Bái"),
    ]
    assert sorted(ordered, key=lambda name: (text.collation_key(name), name)) == ordered
    assert all(text.collation_key(name).isascii() and text.collation_key(name).isprintable() for name in ordered)
    assert text.collation_key("Ðà Nẵng") == text.collation_key("đà nẵng")
    assert text.collation_key("A-B") == text.collation_key("a.b") != text.collation_key("ab")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Hà Nội", "LA RTM 01005"),
        ("Số 7, ABC", "YT 7! ADE 04"),
        ("Ứng Hòa", "\\RK LSA 400001"),
        ("中\tđ", "~中 G "),
    ],
)
def test_archives_keep_the_key_so_it_stays_the_same(name: str, key: str) -> None:
    assert text.collation_key(name) == key


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("07/2008/CT-BTTTT", "7/2008/ct/btttt"),
        ("7 / 2008 / ct–btttt", "7/2008/ct/btttt"),
        ("43/2011/NĐ-CP", "43/2011/nd/cp"),
        ("36.CP", "36/cp"),
        ("00/QĐ", "0/qd"),
        ("-12:QĐ−", "12/qd"),
    ],
)
def test_a_number_is_looked_up_in_one_form(typed: str, form: str) -> None:
    assert text.number_form(typed) == form


def test_marks_of_direction_are_invisible() -> None:
    """Also the isolates of Unicode 6.3, by which a name shows other letters than it has."""
    assert text.clean("a\u202eb\u2066c\u2069d\u200ee") == "abcde"
