"""The parsed title of a document is a complete phrase. The sentences are made by this project."""

from __future__ import annotations

import pytest

from scraper.citations import find


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Kế hoạch số 12/KH-UBND về việc phòng, chống bão lụt năm 2019, các huyện trực ban.", "phòng, chống bão lụt năm 2019"),
        (
            "Nghị định số 25/2011/NĐ-CP quy định chi tiết một số điều của Luật Viễn thông.",
            "quy định chi tiết một số điều của Luật Viễn thông",
        ),
        (
            "Thông tư số 9/2014/TT-BTTTT về quản lý, cung cấp và sử dụng thông tin trên mạng, có hiệu lực từ ngày 1/10.",
            "quản lý, cung cấp và sử dụng thông tin trên mạng",
        ),
        ("Công văn số 4/STTTT-CNTT về chuyển đổi số, UBND xã đã làm xong.", "chuyển đổi số"),
        ("Công văn số 4/STTTT-CNTT về việc báo cáo ứng dụng CNTT gửi các huyện.", "báo cáo ứng dụng CNTT"),
        ("Chỉ thị số 5/CT-UBND ngày 3/4/2018 về “Tăng cường quản lý, sử dụng thẻ” và dặn dò.", "Tăng cường quản lý, sử dụng thẻ"),
        ("Nghị định số 72/2013/NĐ-CP về dịch vụ Internet và Thông tư số 9/2014/TT-BTTTT.", "dịch vụ Internet"),
        (
            "Kế hoạch số 8/KH-STTTT thực hiện tốt, về triển khai Chỉ thị số 5/CT-UBND ngày 3/4/2018 của UBND tỉnh về thẻ.",
            None,
        ),
        (
            "Kế hoạch số 8/KH-STTTT về triển khai Chỉ thị số 5/CT-UBND ngày 3/4/2018 của UBND tỉnh về dùng thẻ, Sở họp.",
            "triển khai Chỉ thị số 5/CT-UBND ngày 3/4/2018 của UBND tỉnh về dùng thẻ",
        ),
        ("Quyết định số 3/QĐ-STP về việc ban hành “Quy chế của cơ quan; giữ nề nếp.", None),
        ("Quyết định số 3/QĐ-STP quy định tại Điều 4; Quyết định số 4/QĐ-STP về thực hiện", None),
        (
            "Quyết định số 6/QĐ-UBND về giá đất tại TP. Vinh, thị xã Cửa Lò ngày 5/6/2013 của UBND tỉnh.",
            "giá đất tại TP. Vinh, thị xã Cửa Lò",
        ),
        # A statute that is cited by name has no other title; what it says, and what any document says, is not a title.
        ("Luật Giao thông đường bộ quy định mọi người phải giữ ý thức khi lái xe.", None),
        ("Bộ luật Dân sự năm 2015 về tài sản chung, theo luật sư, đã rõ.", None),
        ("Nghị định 116 quy định các xưởng phải có giấy chứng nhận kiểu loại.", None),
        ("Nghị định 116 quy định nếu xưởng dừng thì báo trước.", None),
        ("Thông tư 12/2017/TT-BGTVT quy định “người mất giấy phép được xét cấp lại”.", None),
        ("Nghị định 116 quy định danh mục hàng hóa phải kiểm tra.", "quy định danh mục hàng hóa phải kiểm tra"),
        ("Nghị định 116 ban hành “Quy chế về bến bãi”.", "ban hành “Quy chế về bến bãi”"),
        ("Quyết định 858 về kỷ luật cán bộ của UBND TP. Theo báo cáo, ông nghỉ.", "kỷ luật cán bộ của UBND TP"),
        ("Thông tư số 22/2014 về quy hoạch kho số do Bộ Xây dựng ban hành và có hiệu lực.", "quy hoạch kho số"),
        (
            "Nghị định 46 về phạt người có nồng độ cồn vượt quá 0,4 mg trong khí thở.",
            "phạt người có nồng độ cồn vượt quá 0,4 mg trong khí thở",
        ),
        ("Nghị định 86 về kinh doanh vận tải bằng ô tô, chủ tịch hiệp hội đề nghị hoãn.", "kinh doanh vận tải bằng ô tô"),
        ("Quyết định 58 về quản lý chợ và bến xe nói trên, các xã báo cáo.", "quản lý chợ và bến xe"),
        ("Nghị quyết 19 về cải thiện môi trường kinh doanh…", "cải thiện môi trường kinh doanh"),
        ("Nghị định 36/2009 quy định được đốt pháo bông trong lễ hội.", None),
        ("Báo cáo số 65/BC-UBND về kết quả kiểm tra các chợ cho thấy sai sót.", "kết quả kiểm tra các chợ"),
        ("Thông tư 15 quy định về lễ hội quy định rõ: cấm đốt pháo.", "quy định về lễ hội"),
        (
            "Nghị quyết số 7 về đổi mới cách dạy đáp ứng yêu cầu phát triển quê hương, các xã họp.",
            "đổi mới cách dạy đáp ứng yêu cầu phát triển quê hương",
        ),
        ("Nghị quyết số 7 về điều hành chợ năm 2008, mặt khác cần chống lãng phí.", "điều hành chợ năm 2008"),
        ("Nghị quyết số 7 về chiến lược cải cách chợ nhấn mạnh việc giữ giá.", "chiến lược cải cách chợ"),
        ("Nghị quyết số 7 về cải cách chợ có đưa ra gói vay mới.", "cải cách chợ"),
        ("Nghị quyết số 7 về cải cách chợ, lấy mức độ hài lòng làm thước đo.", "cải cách chợ"),
        ("Nghị quyết số 7 ban hành bởi Tỉnh ủy Long An cho các xã.", None),
        ("Thông tư số 7 về cấp thẻ do Bộ Lao động, Thương binh và Xã hội ban hành.", "cấp thẻ"),
        # An enumeration has a last member, and a title that names its last year ends there.
        (
            "Nghị định 91 về chống tin nhắn rác, thư điện tử rác, cuộc gọi rác có hiệu lực từ hôm nay.",
            "chống tin nhắn rác, thư điện tử rác, cuộc gọi rác",
        ),
        (
            f"Chỉ thị 05 về làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh gắn với {'việc nêu gương ' * 9}của cán bộ.",
            f"làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh gắn với {'việc nêu gương ' * 9}của cán bộ",
        ),
        (f"Quyết định 7 về nuôi cá, tôm và cua, {'báo cáo của xã ' * 9}còn thiếu.", "nuôi cá, tôm và cua"),
        (f"Quyết định 7 về việc phòng, chống dịch, {'báo cáo của xã ' * 9}còn thiếu.", "phòng, chống dịch"),
        ("Quyết định 7 về quy hoạch chợ đến năm 2025, đảm bảo phát triển bến xe.", "quy hoạch chợ đến năm 2025"),
        ("Quyết định 7 về quy hoạch chợ giai đoạn 2021 - 2025, gắn với bến xe.", "quy hoạch chợ giai đoạn 2021 - 2025"),
        ("Quyết định 7 về quy hoạch chợ đến năm 2025, định hướng đến năm 2030.", "quy hoạch chợ đến năm 2025, định hướng đến năm 2030"),
        ("Nghị quyết 6 về phát triển chợ năm 2020 và những năm tiếp theo; các xã họp.", "phát triển chợ năm 2020 và những năm tiếp theo"),
        ("Phổ biến “Nghị định 78 về minh bạch tài sản, thu nhập” cho cán bộ.", "minh bạch tài sản, thu nhập"),
        ("Thông tư 4 của Bộ Y tế : Quy định về khám bệnh. Toàn văn.", "Quy định về khám bệnh"),
        ("Thông tư 4 của Bộ Y tế: quy định về khám bệnh còn chậm.", None),
        ("Chỉ thị 22 về quản lý chợ Vinh, tháng 12/2006, Sở họp.", "quản lý chợ Vinh"),
        ("Căn cứ Quyết định 7 về cấp thẻ cán bộ để tổ chức thực hiện, định kỳ báo cáo.", "cấp thẻ cán bộ"),
        ("Quyết định 7 về thu hồi đất để thực hiện dự án chợ.", "thu hồi đất để thực hiện dự án chợ"),
        ("Thông tư 11 quy định chi tiết lập hồ sơ yêu cầu đối với chào hàng.", "quy định chi tiết lập hồ sơ yêu cầu đối với chào hàng"),
        ("Quyết định 7 về tiếp nhận hồ sơ qua bưu chính, đóng góp vào chính quyền điện tử.", "tiếp nhận hồ sơ qua bưu chính"),
        ("Công văn 7 về vận chuyển bưu gửi bằng xe máy gửi các xã.", "vận chuyển bưu gửi bằng xe máy"),
        ("Sắc lệnh số 26 về giữ gìn công sản, rồi Sắc lệnh 133 về hình phạt.", "giữ gìn công sản"),
        ("Thông tư 14 về quản lý chợ và thay thế Thông tư 7 về bến xe.", "quản lý chợ"),
        ("Nghị quyết 2 hướng dẫn Điều 299 và Điều 300 của Bộ luật Hình sự.", "hướng dẫn Điều 299 và Điều 300 của Bộ luật Hình sự"),
        ("Kế hoạch số 98 về ứng dụng tin học năm 2016 đảm bảo tiến độ, đồng bộ.", "ứng dụng tin học năm 2016"),
        ("Căn cứ Quyết định 7 về cấp thẻ cán bộ và tình hình thực tế, Sở họp.", "cấp thẻ cán bộ"),
        ("Kế hoạch số 54 về tuyên truyền gương điển hình, người tốt, việc tốt.", "tuyên truyền gương điển hình, người tốt, việc tốt"),
        # Between the number and the title: a session, the body of a body, bodies without a name, receivers.
        ("Nghị quyết số 29-NQ/TW của Hội nghị Trung ương 8 khóa XI về đổi mới giáo dục.", "đổi mới giáo dục"),
        ("Nghị quyết số 26-NQ/TW của Trung ương khóa X về nông nghiệp, nông dân.", "nông nghiệp, nông dân"),
        ("Nghị quyết số 12 của HĐND tỉnh khóa XVII, kỳ họp thứ 5 về giá đất.", "giá đất"),
        ("Công văn số 8/TTCS của Cục Thông tin cơ sở (Bộ Thông tin và Truyền thông) về việc cấp loa.", "cấp loa"),
        ("Thông tư liên tịch số 71/2014/TTLT-BTC-BNV của liên Bộ Tài chính - Bộ Nội vụ quy định chế độ tự chủ;", "quy định chế độ tự chủ"),
        ("Thông tư số 5/2013/TT-BYT của Bộ về khám bệnh.", "khám bệnh"),
        ("Kế hoạch số 12/KH-UBND UBND tỉnh về chợ Vinh.", "chợ Vinh"),
        ("Công văn số 7/BYT-DP gửi Sở Y tế các tỉnh/thành phố về việc tiêm chủng.", "tiêm chủng"),
        ("Quyet dinh so 7/QD-UBND ve viec cap the cho can bo.", "cap the cho can bo"),
        ("Số hiệu\tNgày ký\tTrích yếu\n7/QĐ-UBND\t5/6/2013\tV/v cấp thẻ, phù hiệu cho cán bộ", "cấp thẻ, phù hiệu cho cán bộ"),
    ],
)
def test_a_title_is_a_complete_phrase(text: str, title: str | None) -> None:
    assert find(text)[0].title == title
