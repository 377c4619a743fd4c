"""The reading order of PDF pages, by letters with places that are made here: each letter is half as wide as it is high."""

from __future__ import annotations

from scraper.attachments.page_layout import paragraphs
from scraper.attachments.page_rows import Letter, Rule

HEIGHT = 12.0


def line(text: str, left: float, bottom: float, height: float = HEIGHT) -> list[Letter]:
    """Returns the letters of a line."""
    width = height / 2
    return [Letter(char, left + width * place, bottom, left + width * (place + 1), bottom + height) for place, char in enumerate(text)]


def read(*lines: list[Letter], rules: tuple[Rule, ...] = ()) -> list[str]:
    found = paragraphs([letter for one in lines for letter in one], rules)
    return ["".join(run.text for run in paragraph) for paragraph in found]


FULL = "mot hai ba bon nam sau bay tam chin muoi mot hai ba bon nam sau bay"  # 402 points wide


def test_a_heading_of_two_columns_is_read_column_by_column() -> None:
    found = read(
        line("UBND TINH NGHE AN", 80, 700),
        line("CONG HOA XA HOI CHU NGHIA", 260, 700),
        line("So: 12/QD-UBND", 90, 684),
        line("Doc lap - Tu do", 290, 684),
        line("Vinh, ngay 3 thang 4", 275, 668),
        line("QUYET DINH", 220, 630),
        line(FULL, 60, 600),
    )
    assert found == [
        "UBND TINH NGHE AN",
        "So: 12/QD-UBND",
        "CONG HOA XA HOI CHU NGHIA",
        "Doc lap - Tu do",
        "Vinh, ngay 3 thang 4",
        "QUYET DINH",
        FULL,
    ]


def test_lines_of_a_paragraph_are_joined_and_a_short_line_ends_it() -> None:
    found = read(line(FULL, 60, 600), line("tam chin.", 60, 584), line("Mot " + FULL[4:], 60, 568), line("cuoi", 60, 552))
    assert found == [f"{FULL} tam chin.", f"Mot {FULL[4:]} cuoi"]


def test_an_item_begins_a_paragraph_and_a_cut_number_is_joined() -> None:
    found = read(
        line(FULL[:-13] + "so 1/2009/QD-", 60, 600), line("UBND ngay 3.", 60, 584), line("a) mot", 60, 568), line("b) hai", 60, 552)
    )
    assert found == [FULL[:-13] + "so 1/2009/QD-UBND ngay 3.", "a) mot", "b) hai"]


def test_a_table_is_read_row_by_row_and_a_cell_of_two_lines_is_one() -> None:
    rows = [Rule(at, 60, 400, is_vertical=False) for at in (715, 698, 666, 650)]
    found = read(
        line("TT", 60, 700), line("Ten", 120, 700), line("So", 300, 700),
        line("1", 60, 684), line("So Thong tin", 120, 684), line("12", 300, 684), line("va Truyen thong", 120, 668),
        line("2", 60, 652), line("So Y te", 120, 652), line("7", 300, 652),
        rules=tuple(rows),
    )  # fmt: skip
    assert found == ["TT\tTen\tSo\n1\tSo Thong tin va Truyen thong\t12\n2\tSo Y te\t7"]


def test_two_columns_with_a_line_between_them_are_a_table() -> None:
    cells = [line("Ten", 60, 700), line("So", 300, 700), line("So Y te", 60, 684), line("7", 300, 684), line(FULL, 60, 640)]
    assert read(*cells) == ["Ten", "So Y te", "So", "7", FULL]
    assert read(*cells, rules=(Rule(250, 680, 715, is_vertical=True),)) == ["Ten\tSo\nSo Y te\t7", FULL]


def test_a_wide_gap_in_one_line_is_not_a_column() -> None:
    assert read(line(FULL, 60, 616), line("mot hai", 60, 600), line("ba", 120, 600), line(FULL, 60, 584))[0].count("mot hai ba") == 3


def test_letters_in_another_order_than_their_places_are_one_text() -> None:
    word = line("nghi dinh", 60, 600)
    assert read([one for one in word if one.text != "i"], [one for one in word if one.text == "i"]) == ["nghi dinh"]


def test_a_page_without_letters_has_no_paragraphs() -> None:
    assert read() == [] and read(line("   ", 60, 600)) == []
