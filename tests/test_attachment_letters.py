"""Letters before Unicode: the tables, and the rules by which a text is converted or stays."""

from __future__ import annotations

import random

import pytest
from viparse.normalize.encodings import get_charmap

from scraper.attachments.file_text import Font
from scraper.attachments.letters import Run, convert, is_spelled, look, named_font, to_unicode
from scraper.attachments.text_quality import is_doubtful

TCVN3 = "C¨n cø Ph¸p lÖnh B\xadu chÝnh, ViÔn th«ng ngµy 25 th¸ng 5 n¨m 2002"
VNI = "Caên cöù Phaùp leänh Böu chính, Vieãn thoâng ngaøy 25 thaùng 5 naêm 2002"
TEXT = "Căn cứ Pháp lệnh Bưu chính, Viễn thông ngày 25 tháng 5 năm 2002"


def _read(*paragraphs: list[Run]) -> list[tuple[str, Font]]:
    fonts = look(paragraphs)
    found = [convert(paragraph, fonts) for paragraph in paragraphs]
    return [(one.text, one.font) for one in found]


@pytest.mark.parametrize("font", [Font.TCVN3, Font.VNI])
def test_the_tables_agree_with_those_of_another_library(font: Font) -> None:
    charmap = get_charmap(font.value)
    assert charmap is not None
    assert {old: to_unicode(old, font) for old, _ in charmap.pairs} == dict(charmap.pairs)


def test_a_text_without_names_of_fonts_is_converted_by_its_letters() -> None:
    assert _read([Run(TCVN3)]) == [(TEXT, Font.TCVN3)]
    assert _read([Run(VNI)]) == [(TEXT, Font.VNI)]


def test_few_words_are_no_evidence() -> None:
    assert _read([Run("QuyÕt ®Þnh")]) == [("QuyÕt ®Þnh", Font.UNICODE)]
    assert _read([Run("QuyÕt ®Þnh", ".VnTime")]) == [("Quyết định", Font.TCVN3)]


@pytest.mark.parametrize(
    "text",
    [
        "La République française a décidé que les élèves été dégâts où à l'école, forêt, Noël, garçon, même",
        "Größe, Fußgänger, Übung, für, Straße, müssen, schön, Käse, Bücher, Gebäude",
        "São Paulo, ação, você, não, português, informações, também, está, avó, coração",
        "Là cá và bò, mùa hè, gò má, hình tù và, bà già, nhà tôi, ông bà",
    ],
)
def test_other_languages_and_simple_letters_stay(text: str) -> None:
    assert _read([Run(text)]) == [(text, Font.UNICODE)]
    assert _read([Run(TCVN3)], [Run(text)])[1:] == [(text, Font.UNICODE)]


def test_a_file_with_many_other_words_is_not_converted_by_its_letters() -> None:
    german = [Run("Größe, Fußgänger, Übung, für, Straße, müssen, schön, Käse, Bücher, Gebäude")]
    written = "QuyÕt ®Þnh sè mÉu nµy"
    assert _read([Run(written)], german)[0] == (written, Font.UNICODE)


def test_a_wrong_name_of_a_font_converts_nothing() -> None:
    assert _read([Run(TEXT, ".VnTime")]) == [(TEXT, Font.UNICODE)]
    text = "là cá và bà"  # letters of Latin-1 only: the words decide
    assert _read([Run(TEXT, ".VnArial"), Run(text, ".VnArial")])[0][0] == TEXT + text


def test_paragraphs_in_unicode_do_not_hide_the_others() -> None:
    found = _read(*([Run(TEXT)] for _ in range(50)), [Run(TCVN3)])
    assert found[-1] == (TEXT, Font.TCVN3) and found[0] == (TEXT, Font.UNICODE)


def test_capital_letters_come_from_the_font_or_the_letters_of_ascii() -> None:
    assert _read([Run("quyÕt ®Þnh", ".VnTimeH")]) == [("QUYẾT ĐỊNH", Font.TCVN3)]
    assert _read([Run("CéNG HßA X· HéI CHñ NGHÜA VIÖT NAM", ".VnTime")]) == [("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Font.TCVN3)]
    assert _read([Run("Sè: 12/2009/Q§-BTTTT", ".VnTime")]) == [("Số: 12/2009/QĐ-BTTTT", Font.TCVN3)]


def test_what_a_pdf_has_instead_of_a_letter_is_that_letter_only_beside_letters() -> None:
    assert _read([Run("Thñ t\u2212íng ChÝnh phñ, n\u2212íc, 5 \u2212 3 = 2", ".VnTime")]) == [
        ("Thủ tướng Chính phủ, nước, 5 \u2212 3 = 2", Font.TCVN3)
    ]


def test_bytes_of_fonts_of_symbols_are_letters() -> None:
    shifted = "".join(chr(0xF000 + ord(char)) for char in "QuyÕt ®Þnh")
    assert _read([Run(shifted, ".VnTime")]) == [("Quyết định", Font.TCVN3)]


def test_names_of_fonts() -> None:
    for name in (".VnTime", "VnTime", ".VnArialH", "BAAAAA+.VnTime", ".VnTime,Bold", ".VnCentury Schoolbook"):
        assert named_font(name) is Font.TCVN3, name
    for name in ("VNI-Times", "VNI-Helve-Condense", "ABCDEF+VNI-Times,Bold", "vni-times"):
        assert named_font(name) is Font.VNI, name
    for name in ("Times New Roman", "Vni", "Vna", "", "Verdana", "VnTimes"[:2]):
        assert named_font(name) is Font.UNICODE, name


def test_syllables() -> None:
    right = "quyết giữa nghiêng quyền gì giếng Đắk Lắk thuở khuỷu ngoằn xoong"
    wrong = "quyêt hoc bap QuyÕt Quyeát thánng xzy ngh"
    assert [word for word in right.split() if not is_spelled(word)] == []
    assert [word for word in wrong.split() if is_spelled(word)] == []


def test_a_text_without_marks_is_doubtful_and_one_in_another_language_is_not() -> None:
    text = " ".join([TEXT] * 4)
    chance = random.Random(3)
    assert not is_doubtful(text)
    assert is_doubtful("Can cu Phap lenh Buu chinh, Vien thong ngay 25 thang 5 nam 2002 " * 4)
    assert is_doubtful(" ".join("\ufffd" + word if chance.random() < 0.2 else word for word in (text * 3).split()))
    assert not is_doubtful("The Ministry of Information and Communications issues this regulation on attached files " * 3)
    assert not is_doubtful("Le règlement européen a été publié au Journal officiel et entre en vigueur après décision " * 3)
