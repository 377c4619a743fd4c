"""Which differences between two captures of an article are edits of the site, and which every capture has."""

from __future__ import annotations

from datetime import date

import pytest

from scraper.content_changes import changed

DAYS = date(2026, 11, 27), date(2026, 12, 4)
TEXT = "Sở kiểm tra trạm phát sóng ở cồn số 7.\n\nNước rút để lại bùn, đoàn đo lại 12 máy phát."


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Bài viết đã có 100 lượt đọc", "Bài viết đã có 1.203 lượt đọc"),
        ("Lượt xem: 1.234", "Lượt xem: 1.240"),
        ("Số lượt truy cập: 98", "Số lượt truy cập: 102"),
        ("(12 lượt xem)", "(13 lượt xem)"),
        ("Người viết: Lan. Lượt đọc : 5", "Người viết: Lan. Lượt đọc : 6"),
        ("Luot xem: 7", "Luot xem: 8"),
        ("Views: 1,204", "Views: 1,310"),
        ("5 phút trước", "hôm qua"),
        ("Đăng lúc: 3 giờ trước | 40 lượt xem", "Đăng lúc: 2 ngày trước | 55 lượt xem"),
        ("Cập nhật 2 ngày trước", "Cập nhật 9 ngày trước"),
        ("Posted 2 hours ago", "Posted yesterday"),
        ("Thứ sáu, 27/11/2026 10:33", "Thứ sáu, 04/12/2026 08:15"),
        ("Hôm nay, ngày 27 tháng 11 năm 2026", "Hôm nay, ngày 4 tháng 12 năm 2026"),
        ("Mã xác nhận: X7K2", "Mã xác nhận: PQ19"),
        ("Nhập mã bảo mật (3 + 4 = ?)", "Nhập mã bảo mật (8 + 1 = ?)"),
        ("Tổng số điểm của bài viết là: 5 trong 1 đánh giá", "Tổng số điểm của bài viết là: 9 trong 2 đánh giá"),
    ],
)
def test_a_line_that_changes_in_each_capture_is_no_edit(before: str, after: str) -> None:
    for one, other in ((f"{TEXT}\n\n{before}", f"{TEXT}\n\n{after}"), (f"{before}\n\n{TEXT}", f"{after}\n\n{TEXT}"), (before, after)):
        assert changed(["body"], {"body": one}, {"body": other}, DAYS) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("đoàn đo lại 12 máy", "đoàn đo lại 13 máy"),
        ("bàn giao", "bán giao"),
        ("Thư viện tỉnh có 1.200 lượt đọc trong tháng.", "Thư viện tỉnh có 1.300 lượt đọc trong tháng."),
        ("Vụ việc xảy ra 5 ngày trước tại xã.", "Vụ việc xảy ra 6 ngày trước tại xã."),
        ("12/03/2012", "13/03/2012"),
        ("Mã bảo mật của hệ thống bị lộ vào đêm qua.", "Mã bảo mật của hệ thống bị lộ vào đêm nay."),
        ("Khoản 5", "Khoản 6"),
        ("", "Một câu mới."),
    ],
)
def test_one_word_or_number_of_a_text_is_an_edit(before: str, after: str) -> None:
    assert changed(["body"], {"body": f"{TEXT}\n\n{before}"}, {"body": f"{TEXT}\n\n{after}"}, DAYS) == ["body"]


def test_a_date_that_stays_is_no_edit_although_it_was_the_day_of_the_first_capture() -> None:
    text = f"{TEXT}\n\n27/11/2026"
    assert changed(["body"], {"body": f"{text}\n\nLượt xem: 1"}, {"body": f"{text}\n\nLượt xem: 2"}, DAYS) == []


FILE = "https://so.tinh.gov.vn/upload/cv-124.pdf"


@pytest.mark.parametrize(
    ("before", "after", "edited"),
    [
        (f"{FILE}?token=a1", f"{FILE}?token=b2", False),
        (FILE, f"http{FILE[5:]};jsessionid=0A1B2C", False),
        (f"{FILE}?X-Amz-Date=20261127T0100Z&X-Amz-Signature=00ff", f"{FILE}?X-Amz-Date=20261204T0100Z&X-Amz-Signature=11aa", False),
        (f"{FILE}?k=8f3a9c0d1e2b4f5a6b7c", f"{FILE}?k=0c1d8f3a9e2b4f5a6b7d", False),
        ("https://so.tinh.gov.vn/tai.aspx?id=7&expires=1764200000", "https://so.tinh.gov.vn/tai.aspx?expires=1764800000&id=7", False),
        ("https://so.tinh.gov.vn/tai.aspx?id=7", "https://so.tinh.gov.vn/tai.aspx?id=8", True),
        # An id of letters and digits names the file if the path does not.
        ("https://so.tinh.gov.vn/tai?f=8f3a9c0d1e2b4f5a6b7c", "https://so.tinh.gov.vn/tai?f=0c1d8f3a9e2b4f5a6b7d", True),
        (FILE, FILE.replace("124", "125"), True),
        (f"{FILE}?version=1.0", f"{FILE}?version=1.1", True),
    ],
)
def test_urls_of_files_are_compared_without_tokens(before: str, after: str, edited: bool) -> None:
    assert changed(["attachments"], {"attachments": [before]}, {"attachments": [after]}, DAYS) == ["attachments"] * edited


def test_hostile_texts_are_compared_in_time() -> None:
    """A pattern that goes through a long text once for each of its places would not end here."""
    for text in ("1" * 300_000, "1." * 150_000, "lượt " * 60_000, "hôm " * 60_000, "(" * 300_000, "mã " * 100_000, "\n" * 300_000):
        assert changed(["body"], {"body": text}, {"body": f"{text} x"}, DAYS) == ["body"]
