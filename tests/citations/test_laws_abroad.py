"""Laws of another country that later sentences cite by name only. The sentences are made by this project."""

from __future__ import annotations

from datetime import date

import pytest

from scraper.citations import ReferenceDocuments, find, resolve
from scraper.model import Context


@pytest.mark.parametrize(
    "text",
    [
        "Năm 2009, Campuchia đã ban hành Luật Đầu tư. Sau mười năm, kinh tế khá hơn. Luật Đầu tư miễn thuế năm năm.",
        "Campuchia ban hành Luật Đầu tư 2009 và mở cửa. Luật Đầu tư 2009 miễn thuế. Theo Luật Đầu tư, họ được thuê đất.",
        "Tại Indonesia, Luật Đất đai năm 2001 là mới. Luật Đất đai cho người bản địa giữ rừng.",
        "Quốc hội Hàn Quốc thông qua Luật Trẻ em hôm qua.\n\nTheo Luật Trẻ em, cha mẹ bị phạt nặng.",
        "Luật Dược của Pháp rất chặt. Luật Dược cấm quảng cáo thuốc kê đơn.",
        "Bộ luật Hình sự của Trung Quốc có từ lâu. Bộ luật Hình sự rất nghiêm. Ông bị xử theo Điều 12 BLHS.",
        "Hiến pháp Nhật Bản ngắn gọn. Điều 9 Hiến pháp cấm chiến tranh.",
        "Theo Luật Cạnh tranh của Liên minh châu Âu, hãng bị phạt. Ủy ban nói Luật Cạnh tranh rất nghiêm.",
        "Nhà nước Lào đang soạn thảo Luật Báo chí. Luật Báo chí sẽ có 9 chương.",
        "Luật Tuổi thơ Canada có 9 điều. Ông nói vậy. Bà cũng nói thế. Họ đã đi. Luật Tuổi thơ cấm roi vọt.",
    ],
)
def test_the_name_by_itself_is_the_law_that_an_earlier_sentence_gave_to_a_country(text: str) -> None:
    assert find(text) == ()


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("Luật Dược của Pháp rất chặt. Còn Luật Dược Việt Nam cho phép.", ["Luật Dược"]),
        ("Luật Nhà ở Singapore hẹp. Ở nước ta, Luật Nhà ở năm 2014 rộng. Luật Nhà ở rõ.", ["Luật Nhà ở năm 2014", "Luật Nhà ở"]),
        ("Hàn Quốc sửa Luật Trẻ em. Luật Báo chí bảo vệ trẻ em.", ["Luật Báo chí"]),
        ("Việt Nam ban hành Luật Đầu tư. Campuchia học theo. Luật Đầu tư rõ ràng.", ["Luật Đầu tư", "Luật Đầu tư"]),
        ("Ông Đức sửa Luật Đầu tư. Luật Đầu tư rõ ràng.", ["Luật Đầu tư", "Luật Đầu tư"]),
        ("Anh có Luật Đất đai. Luật Đất đai rõ ràng.", ["Luật Đất đai", "Luật Đất đai"]),
        ("Ở Lào Cai, Luật Đầu tư được phổ biến. Luật Đầu tư rõ ràng.", ["Luật Đầu tư", "Luật Đầu tư"]),
    ],
)  # fmt: skip
def test_a_law_of_vietnam_stays_one(text: str, cited: list[str]) -> None:
    found = find(text)
    assert [one.text for one in found] == cited
    assert {(one.flags, one.issuer) for one in found} == {((), "Quốc hội")}


@pytest.mark.parametrize(
    "text",
    [
        "Luật Doanh nghiệp của Singapore khác Luật Doanh nghiệp của Việt Nam. ⟦Luật Doanh nghiệp⟧ có hai loại công ty.",
        "Luật Doanh nghiệp năm 2020 đã mở cửa. Luật Doanh nghiệp của Lào cũng thế. ⟦Luật Doanh nghiệp⟧ có hai loại công ty.",
        "Luật Doanh nghiệp của Lào đã mở cửa. Đoàn Việt Nam sang học. ⟦Luật Doanh nghiệp⟧ có hai loại công ty.",
        "Luật Doanh nghiệp của Lào đã mở cửa. Đoàn Bắc Giang sang học. ⟦Luật Doanh nghiệp⟧ có hai loại công ty.",
        "Luật Doanh nghiệp của Lào đã mở cửa. ⟦Luật Doanh nghiệp năm 2020⟧ có hai loại công ty.",
        "Luật Doanh nghiệp của Lào đã mở cửa. " + "Đoàn nghe giới thiệu về chợ. " * 60 + "⟦Luật Doanh nghiệp⟧ có hai loại công ty.",
    ],
)
def test_a_name_that_can_be_of_either_country_is_linked_to_no_law(text: str) -> None:
    plain = text.replace("⟦", "").replace("⟧", "")
    start = text.index("⟦")
    context = Context(published=date(2022, 3, 1))
    found = find(plain, context)
    [last] = [one for one in found if one.start >= start]
    assert (last.text, last.flags, last.issuer) == (text[start + 1 : text.index("⟧")], ("maybe-foreign",), None)
    result = resolve(found, ReferenceDocuments(), context)[-1]
    assert (result.status, result.target, result.rule) == ("unresolved", None, "name-maybe-foreign")
