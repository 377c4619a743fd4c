"""Short forms that only the text defines: "(sau đây gọi tắt là QĐ 1719)". The sentences are made by this project."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from scraper.citations import ReferenceDocuments, Resolution, find, resolve
from scraper.model import Context, Mention

_CONTEXT = Context(published=date(2022, 5, 4))


def _read(text: str) -> tuple[tuple[Mention, ...], tuple[Resolution, ...]]:
    """Returns the citations of a text, and their resolutions as `scrapy resolve` finds them again from stored rows."""
    found = find(text, _CONTEXT)
    stored = [replace(one, resolved=None, number_raw=None) for one in found]
    return found, resolve(stored, ReferenceDocuments(), _CONTEXT)


@pytest.mark.parametrize(
    "text",
    [
        "Vốn theo Quyết định số 1719/QĐ-TTg ngày 14/10/2021 (sau đây gọi tắt là ⟦QĐ 1719⟧). Xã chậm giao vốn theo ⟦QĐ 1719⟧.",
        "Vốn theo Quyết định số 1719/QĐ-TTg ngày 14/10/2021 (gọi là “⟦QĐ 1719⟧”) chậm. Theo ⟦QĐ 1719⟧ còn 3 tỷ.",
        "Tỉnh dẫn Quyết định số 1719/QĐ-TTg ngày 14/10/2021 (viết tắt là ⟦QĐ 1719⟧). Xã chậm theo ⟦QĐ 1719⟧ và ⟦Quyết định số 1719⟧.",
        "Nghị định số 72/2013/NĐ-CP (sau đây gọi là ⟦Nghị định 72⟧) thay Nghị định số 72/2010/NĐ-CP. ⟦Nghị định 72⟧ có 6 chương.",
        "Nghị định số 72/2013/NĐ-CP (⟦Nghị định 72⟧) thay Nghị định số 72/2010/NĐ-CP. Theo ⟦NĐ72⟧, đại lý đóng cửa.",
        "Vốn theo Quyết định số 1719/QĐ-TTg ngày 14/10/2021 của Thủ tướng về phát triển vùng cao, sau đây gọi tắt là ⟦QĐ 1719⟧.",
        "Nghị định số 72/2013/NĐ-CP về quản lý mạng và trò chơi ở mọi nơi (⟦Nghị định 72⟧) thay Nghị định số 72/2010/NĐ-CP. ⟦NĐ 72⟧ hay.",
        "Thông tư số 39/2016/TT-NHNN (sau đây viết tắt là ⟦TT 39⟧) có ích. Vay theo ⟦TT39⟧ dễ hơn.",
    ],
)
def test_a_short_form_is_the_document_that_it_was_defined_for(text: str) -> None:
    found, results = _read(text.replace("⟦", "").replace("⟧", ""))
    forms = [part.partition("⟧")[0] for part in text.split("⟦")[1:]]
    first = next(one for one in found if one.kind.has_codes)
    meant = [(one.text, result) for one, result in zip(found, results, strict=True) if one.kind.is_short]
    assert [text for text, _ in meant] == forms
    assert {(result.rule, result.target) for _, result in meant} == {("short-defined", results[found.index(first)].target)}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Luật Đầu tư số 67/2014/QH13 (sau đây gọi là ⟦Luật Đầu tư⟧) có ích. Theo ⟦Luật Đầu tư⟧, hồ sơ có ba loại.", "67/2014/QH13"),
        ("Luật Đầu tư năm 2014 (sau đây gọi tắt là ⟦Luật Đầu tư⟧) có ích. Theo ⟦Luật Đầu tư⟧, hồ sơ có ba loại.", "67/2014/QH13"),
        ("Bộ luật Dân sự năm 2005 (viết tắt là ⟦BLDS⟧) đã hết. Điều 5 ⟦BLDS⟧ ghi rõ.", "33/2005/QH11"),
        ("Luật Đầu tư theo phương thức đối tác công tư (gọi tắt là ⟦Luật ĐTCT⟧) có ích. ⟦Luật ĐTCT⟧ có 11 chương.", "64/2020/QH14"),
    ],
)
def test_a_short_name_is_the_law_that_it_was_defined_for(text: str, number: str) -> None:
    found, results = _read(text.replace("⟦", "").replace("⟧", ""))
    forms = [part.partition("⟧")[0] for part in text.split("⟦")[1:]]
    assert [one.text for one in found[1:]] == forms
    assert {result.known.number for result in results if result.known} == {number}
    assert {result.rule for result in results[1:]} == {"name-defined"}


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("Chương trình 135 giúp xã nghèo. Quyết định số 135/QĐ-UBND có ích.", ["Quyết định số 135/QĐ-UBND"]),
        ("Theo Quyết định số 263/QĐ-TTg (gọi tắt là Chương trình 135), xã được vay.", ["Quyết định số 263/QĐ-TTg"]),
        ("Theo Quyết định số 1719/QĐ-TTg (sau đây gọi tắt là Chương trình 1719). Chương trình 1719 hay.", ["Quyết định số 1719/QĐ-TTg"]),
        ("Theo Quyết định số 6/QĐ-TTg (gọi là “Đề án 06”) và Đề án 06, xã có máy.", ["Quyết định số 6/QĐ-TTg"]),
        (
            "Theo Quyết định số 135/QĐ-TTg của Thủ tướng về thi đua trong ngành y, tỉnh họp (Chương trình 135), gọi là xong.",
            ["Quyết định số 135/QĐ-TTg"],
        ),
        ("Theo Quyết định số 135/QĐ-TTg. Ông kể (xã có Chương trình 135).", ["Quyết định số 135/QĐ-TTg"]),
        (
            "Quyết định số 12/QĐ-TTg (gọi là Đề án 12) và Quyết định số 12/QĐ-BYT (gọi là Đề án 12). Đề án 12 hay.",
            ["Quyết định số 12/QĐ-TTg", "Quyết định số 12/QĐ-BYT"],
        ),
        ("Ông nhận Quyết định số 12/QĐ-TTg (TT 12). Ông đến TT 12 về đêm.", ["Quyết định số 12/QĐ-TTg"]),
        ("Theo Quyết định số 135/QĐ-TTg (Chương trình 135 cũ), xã được vay.", ["Quyết định số 135/QĐ-TTg"]),
        ("Kế hoạch số 90/KH-UBND (sau đây gọi tắt là Kế hoạch). Sở thực hiện Kế hoạch.", ["Kế hoạch số 90/KH-UBND"]),
    ],
)
def test_the_nickname_of_a_programme_is_no_citation(text: str, cited: list[str]) -> None:
    assert [one.text for one in find(text)] == cited


@pytest.mark.parametrize(
    "text",
    [
        "Nghị định 15 có từ lâu. Nghị định số 15/2020/NĐ-CP (sau đây gọi là Nghị định 15a) thay Nghị định số 15/2018/NĐ-CP.",
        "Nghị định số 15/2020/NĐ-CP (gọi là NĐ 15) hay. Nghị định số 15/2018/NĐ-CP (gọi là NĐ 15) cũ. Theo Nghị định 15, phạt.",
        "Luật Báo chí năm 2016 và Nghị định số 15/2020/NĐ-CP (gọi tắt là Luật An ninh mạng) có ích. Luật An ninh mạng có ích.",
        "Luật Báo chí năm 2016 có ích. Ông nói đến điều gọi là Luật An ninh mạng. Luật An ninh mạng có ích.",
        "Luật Đầu tư năm 2020 (gọi là Luật Đầu tư mới) hay. Luật Đầu tư cũ.",
    ],
)
def test_what_defines_nothing(text: str) -> None:
    assert [one.text for one in find(text, _CONTEXT) if any(flag.startswith("defined-as") for flag in one.flags)] == []


def test_a_stated_year_rules_a_definition_out() -> None:
    found, results = _read("Luật Đầu tư năm 2014 (gọi tắt là Luật Đầu tư) đã hết. Luật Đầu tư năm 2020 rộng hơn.")
    assert [result.known.number for result in results if result.known] == ["67/2014/QH13", "67/2014/QH13", "61/2020/QH14"]
    assert [one.flags for one in found] == [(), ("defined-as:Luật Đầu tư năm 2014",), ()]
