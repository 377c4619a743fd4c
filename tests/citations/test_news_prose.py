"""Citations in the prose of newspapers and news portals, whose sentences vary more than those of official texts.
The sentences are made by this project.
"""

from __future__ import annotations

import pytest

from scraper.citations import ReferenceDocuments, find, resolve
from scraper.citations.forms.document_keys import fold_number
from scraper.model import Context, Mention


def _last(text: str) -> Mention:
    return find(text)[-1]


@pytest.mark.parametrize(
    "text",
    [
        "Cuộc bỏ phiếu trái với hiến pháp năm 1978, theo tòa án Madrid.",
        "Hiến pháp năm 1787 đã được sửa 27 lần.",
        "Khóa học dạy luật Nhân đạo quốc tế cho bộ đội.",
        "Việt Nam vào Ủy ban Luật Thương mại quốc tế của Liên hợp quốc.",
        "London bỏ dần Luật Liên minh châu Âu sau khi rời khối.",
        "Bà viết trang blog Luật Hành chính mỗi tuần.",
        "Theo luật Đạo luật Thuế quan, nhà máy phải khai báo.",
        "Dự án chậm vì vướng luật\n\nMặc dù Quốc hội đã cấp vốn, mặt bằng vẫn trống.",
        "Bộ xin lập một số dự án Luật Thú y (sửa đổi), Luật Dược (sửa đổi), Pháp lệnh Cảnh vệ (sửa đổi).",
        "Quốc hội xem 6 dự án luật gồm Luật Thú y; Luật Tiếp cận thông tin; Luật Báo chí (sửa đổi); Luật Trẻ em (sửa đổi); Luật Dược"
        " (sửa đổi); Luật Đấu giá tài sản; Luật Quản lý ngoại thương.",
        "Bà là giáo sư về luật Hiến pháp ở Huế.",
        "Năm ấy 21 bang của nước Mỹ thông qua luật Kiểm soát súng.",
        "Bộ Nội vụ Malaysia nói ngư dân Việt Nam bị giữ theo Luật Ngư trường 1980 và Luật Hải quan.",
        "Tàu của Brunei vào cảng Brunei. Thuyền trưởng vi phạm Luật Cấm neo đậu.",
        "Cô gái ấy là cháu của hoàng gia Nhật. Luật Hoàng tộc cho phép nữ giới lên ngôi.",
        "Cảnh sát Glasgow giữ hai lái tàu say rượu theo Luật Đường sắt.",
        "Hôm qua giới chức Campuchia buộc tội ông vi phạm Điều 44 Bộ luật Hình sự.",
        "Xác chỉ được hỏa táng, theo điều 433-21-1 của Bộ luật Dân sự.",
        "Thủ tướng Tây Ban Nha sẽ kích hoạt Điều 55 của Hiến pháp.",
        "Điều 9 của Hiến pháp hòa bình cấm nước Nhật có quân đội.",
        "Tổng thống Donald Trump đã ký ban hành “Chỉ thị số 7 về không gian”.",
        "Theo Nghị quyết 2397 được thông qua tháng 12/2017 của Liên Hợp Quốc, dầu bị cấm bán.",
        "Hai bên làm theo nghị quyết 2375 mới nhất của Hội đồng Bảo an Liên Hợp Quốc.",
        "Hội đồng Bảo an Liên Hợp Quốc gồm 15 nước hôm 5/8 nhất trí thông qua nghị quyết 2371 về dầu.",
        "Sáng nay tổ bàn hai dự án Luật sửa đổi một số điều của Luật Dân quân (DQTV) và Luật sửa đổi Điều 9 của Luật Thú y.",
        "CÁC DỰ ÁN PHÁP LỆNH:\n9 dự án pháp lệnh\n1. Pháp lệnh Dân số;\n2. Pháp lệnh giữ gìn đê ở các xã;\n3. Pháp lệnh Cảnh vệ.",
        "Quốc hội xem các dự án luật sau đây:\n- Luật Thú y;\n- Luật Trẻ em.",
        "Hôm qua Bộ Nông nghiệp và Thủy lợi Nhật đã có thông báo số 64-2017 về tôm.",
        "Xem https://vi-du.test/van-ban?so=S%E1%BB%91%2031/2017/TT-BYT.",
        "Thu như vậy là trái luật Tổng giám đốc vừa dứt lời.",
        "Quy tắc ấy có trong BLDS Nhật Bản.",
        "Ban soạn thảo xem Luật Hải quan một số nước như Hàn Quốc.",
        "Bài báo nhắc đến Luật Nhập cư năm 1917.",
        "Chính phủ Romania họp cả đêm. Ông nêu việc sửa Bộ luật Hình sự. Giới chức Romania đã lùi bước.",
        "Trong kết luận giám định số 76 ngày 17/4/2019, tiền là giả.",
        "Việc ấy vẫn phạm luật Hàn và bị phạt.",
        "Kết luận điều tra bổ sung số 12 ngày 1/2/2019 nêu rõ.",
    ],
)
def test_no_law_of_vietnam(text: str) -> None:
    assert find(text) == ()


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("Danh mục của dự án nhà máy:\n1. Luật Thú y;\n2. Luật Trẻ em.", ["Luật Thú y", "Luật Trẻ em"]),
        ("Sở phổ biến Bộ luật LĐ và Luật CĐ cho thợ.", ["Bộ luật LĐ", "Luật CĐ"]),
        ("Kỳ họp thông qua Luật Hỗ trợ doanh nghiệp vừa và nhỏ hôm qua.", ["Luật Hỗ trợ doanh nghiệp vừa và nhỏ"]),
        ("Theo Điều 5 của Luật bầu cử Quốc hội và Luật Báo chí.", ["Luật bầu cử Quốc hội", "Luật Báo chí"]),
        ("Từ khi ta thông qua luật Biển năm ngoái.", ["luật Biển"]),
        ("Xã làm theo Luật Thú y năm 20157 từ nay.", ["Luật Thú y năm 2015"]),
        ("Quận làm theo Thông tư số 12/2015/TT-BXD.L.Bình", ["Thông tư số 12/2015/TT-BXD"]),
        ("Ông Trần Văn Đức ở Bộ Y tế đã ký Quyết định số 15 về thuốc.", ["Quyết định số 15"]),
        (
            "Chính phủ Romania họp cả đêm. Đại biểu ta nêu việc sửa Bộ luật Hình sự. Giới chức Romania đã lùi bước.",
            ["Bộ luật Hình sự"],
        ),
        ("Ông hỏi về Luật đặc khu mà dư luận bàn tán.", ["Luật đặc khu"]),
        ("Việt Nam có Hiến pháp năm 1946 và Hiến pháp 1992.", ["Hiến pháp năm 1946", "Hiến pháp 1992"]),
        ("Xe chạy sai Luật Giao thông đường bộ Việt Nam năm 2008.", ["Luật Giao thông đường bộ Việt Nam năm 2008"]),
        ("Dự án Luật Thú y, Luật Dược năm 2016 được so sánh.", ["Luật Dược năm 2016"]),
        ("Sở phổ biến Luật Điều ước quốc tế cho cán bộ.", ["Luật Điều ước quốc tế"]),
        ("Tỉnh ủy vừa thông báo kết luận số 88-KL/TU về một cán bộ.", ["kết luận số 88-KL/TU"]),
        ("Tỉnh ủy ra thông báo kết luận số 88-TB/TU về một cán bộ.", ["thông báo kết luận số 88-TB/TU"]),
        ("Cục ban hành quyết định 153 thu hồi giấy phép của trại tôm.", ["quyết định 153"]),
        ("Hội đồng vừa quyết định 153 thu hồi đất trong năm.", []),
        ("Xử phạt theo Nghị định số 98/2014/Đ-CP về chợ.", ["Nghị định số 98/2014/Đ-CP"]),
        ("Ông Trần Văn Đức sửa đổi Luật Đất đai.", ["Luật Đất đai"]),
        ("Theo Luật Hàng không, bộ duyệt quy hoạch sân bay.", ["Luật Hàng không"]),
        ("Phòng khám phải theo Luật Khám, chữa bệnh.", ["Luật Khám, chữa bệnh"]),
        ("Trại giữ người theo Luật Tạm giữ, tạm giam.", ["Luật Tạm giữ, tạm giam"]),
        ("Tỉnh xây dựng luật PPP rồi mới mở thầu.", ["luật PPP"]),
        ("Đại hội đồng cổ đông công ty đã thông qua Nghị quyết số 12.", ["Nghị quyết số 12"]),
        ("Hòa thượng là Giám luật Hội đồng Chứng minh.", []),
        ("Người Trung Quốc bán hàng giả bị phạt theo Luật Quảng cáo.", ["Luật Quảng cáo"]),
        ("Cảnh sát Malaysia báo cho Công an tỉnh Cà Mau, nơi ông bị xử theo Luật Hải quan.", ["Luật Hải quan"]),
        ("Hải quan Lào Cai xử phạt theo Luật Hải quan.", ["Luật Hải quan"]),
        ("Chính quyền Mỹ Đức dừng xây theo Luật Nếp sống quê.", ["Luật Nếp sống quê"]),
        ("Thuế nhà có ở Canada, Hàn Quốc và Serbia. Vì thế, Luật Thuế tài sản phải bàn kỹ.", ["Luật Thuế tài sản"]),
        ("Trung Quốc mua ít hơn. Giá ở Trung Quốc giảm. Nông dân nước ta mong Luật Nông sản.", ["Luật Nông sản"]),
        ("Bà dẫn Điều 9 của Hiến pháp khi đại biểu hỏi về Nhật Bản ở Quốc hội Việt Nam.", ["Hiến pháp"]),
        ("Tổng thống Nguyễn Văn Thiệu ký Quyết định số 33 ngày ấy.", ["Quyết định số 33"]),
        ("Quốc hội xem các dự án luật gồm Luật Thú y; Luật Dược. Luật Giá được giữ.", ["Luật Giá"]),
        ("Làm theo Chỉ thi 5 và Nghi quyết số 42 của tỉnh.", ["Chỉ thi 5", "Nghi quyết số 42"]),
        ("Khoán rừng theo Nghị định số 12 CP ngày 3/2/1996.", ["Nghị định số 12 CP"]),
        ("Tỉnh thực hiện Chỉ thị 406 TTg về pháo.", ["Chỉ thị 406 TTg"]),
        ("Xã dừng Quyết định số l2/QĐ-UBND ngày 5/6/2012.", ["Quyết định số l2/QĐ-UBND"]),
        ("Phạt theo Nghị định 10/2O20/NĐ-CP.", ["Nghị định 10/2O20/NĐ-CP"]),
    ],
)
def test_the_span_of_a_citation(text: str, cited: list[str]) -> None:
    assert [one.text for one in find(text)] == cited


@pytest.mark.parametrize(
    ("text", "doc_type"),
    [
        ("Tổng công ty gửi văn bản số 310/VNR-BC lên bộ.", "công văn"),
        ("Tổng công ty gửi văn bản số 311/VNR-KH lên bộ.", "công văn"),
        ("Tổng công ty gửi văn bản số 312/VNR-QĐ lên bộ.", "quyết định"),
        ("Tổng công ty gửi văn bản số 313/BC-VNR lên bộ.", "báo cáo"),
    ],
)
def test_the_code_after_that_of_a_body_is_a_department(text: str, doc_type: str) -> None:
    assert _last(text).doc_type == doc_type


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        ("Công văn số 12 của Cục Báo chí, Bộ Thông tin và Truyền thông trả lời báo.", "Cục Báo chí"),
        ("Thông tư liên tịch số 12 của Bộ Y tế, Bộ Tài chính có hiệu lực.", "Bộ Y tế; Bộ Tài chính"),
        ("Hôm qua, công ty CP Sông Bé đã có văn bản 31/2012/CV-SB xin giảm phí.", "Công ty CP Sông Bé"),
        ("Công ty cổ phần Sông Bé đã có văn bản 31/2012/CV-SB xin giảm phí.", "Công ty cổ phần Sông Bé"),
        ("VNR có văn bản số 31/VNR-KT xin lùi hạn.", "VNR"),
        ("Văn bản số 31/VNR-KT của VNR xin lùi hạn.", "VNR"),
        ("Văn bản số 31/VNR-KT được gửi ra ga.", None),
        ("Phiên bán theo Quyết định 7/QĐ-SGDHN của HNX, không ai mua.", "HNX"),
        ("Ảnh chụp Quyết định số 7 của NSND Trần Văn An.", None),
        ("Chủ tịch UBND huyện Ba Vì, ông Đỗ Mạnh Hà ký Văn bản số 5/TB-UBND.", "Ủy ban nhân dân huyện Ba Vì"),
        ("Khu chợ được UBND TP. Vinh phê duyệt quy hoạch theo Quyết định số 9/QĐ-UBND.", "Ủy ban nhân dân thành phố Vinh"),
        ("Thông báo số 28 vừa được HĐND huyện Ba Vì ban hành nói về kỳ họp.", "Hội đồng nhân dân huyện Ba Vì"),
        ("Thông báo số 28 do ông Lê Văn Bình, Vụ trưởng vụ Kế hoạch Tài chính ký, nêu chỉ tiêu.", "Vụ Kế hoạch Tài chính"),
        ("Thông báo số 28 cũng của Vụ Bản quyền nêu chỉ tiêu.", "Vụ Bản quyền"),
        ("Tòa làm theo nghị quyết 3/2019 của Hội đồng thẩm phán TAND tối cao.", "Hội đồng Thẩm phán Tòa án nhân dân tối cao"),
        ("Nghị quyết số 14 của HĐQT phê duyệt việc bán cổ phiếu.", "HĐQT"),
        ("Tin từ UBND huyện Ba Vì cho biết, cơ quan này vừa ban hành văn bản số 7/UBND-NN.", "Ủy ban nhân dân huyện Ba Vì"),
        (
            "Ông Hà, Chủ tịch UBND huyện Ba Vì (khi ấy là Giám đốc Sở Y tế) đã ký Quyết định số 26/QĐ-UBND.",
            "Ủy ban nhân dân huyện Ba Vì",
        ),
        ("Chánh án TAND tỉnh Cà Mau đã ban hành quyết định (số 35/QĐ-TA), cho ông thôi việc.", "Tòa án nhân dân tỉnh Cà Mau"),
        ("Trường Đại học Sông Bé đã ký thông báo lịch gặp (thông báo số 30/TB-ĐHSB).", "Trường Đại học Sông Bé"),
        ("Ban chấp hành Trung ương Hội Nhà báo Việt Nam đã ban hành kế hoạch số 20.", "Ban chấp hành Trung ương Hội Nhà báo Việt Nam"),
        ("Thông báo số 8 do ông Vũ Bình - Giám đốc sở GTVT Hải Phòng ký ngày 2/3/2019.", "Sở Giao thông vận tải Hải Phòng"),
        ("Cục Thú y, Bộ Nông nghiệp và Phát triển nông thôn vừa ban hành Công văn số 64.", "Cục Thú y"),
        ("Sáng qua, cục Thú y – bộ Nông nghiệp đã ban hành Công văn số 64.", "Cục Thú y"),
        ("Đó là kết luận được UBND tỉnh Gia Lai đưa ra tại số 1/KL-UBND.", "Ủy ban nhân dân tỉnh Gia Lai"),
        ("Các xã thực hiện Thông báo số 4/TB-BTC của Ban tổ chức lễ hội.", "Ban tổ chức lễ hội"),
        ("Các xã thực hiện Thông báo số 4/TB-BTC của bộ.", "Bộ Tài chính"),
        ("Bãi cọc có từ Quyết định số 5/QĐUBND.", "Ủy ban nhân dân"),
        ("Cơ quan Cảnh sát điều tra bộ Công an đã ra Quyết định khởi tố bị can số 64.", "Cơ quan Cảnh sát điều tra Bộ Công an"),
        ("Chánh thanh tra tỉnh Gia Lai Trần Minh Hòa vừa ký Kết luận số 6/KL-TTT.", "Thanh tra tỉnh Gia Lai"),
        ("Năm 2012, ngân hàng Nhà nước ban hành Thông tư 35 về phí.", "Ngân hàng Nhà nước Việt Nam"),
        ("Ngày 13/7, chi cục Thuế quận Ba Đình đã ra liên tục 2 Quyết định số 14/QĐ-CCT.", "Chi cục Thuế quận Ba Đình"),
        ("Hôm qua, hội Bảo vệ quyền trẻ em Việt Nam có Văn bản số 39/CV-HBV.", "Hội Bảo vệ quyền trẻ em Việt Nam"),
        ("Hôm qua, hiệp hội Thủy sản vừa gửi Văn bản số 39 lên bộ.", "Hiệp hội Thủy sản"),
        ("Ban Thường vụ huyện uỷ Chương Mỹ, Hà Nội đã có Thông báo số 17-TB/HU.", "Ban Thường vụ Huyện ủy Chương Mỹ"),
        ("Sau khi Bộ Y tế công bố ban hành Thông tư 15, giá giảm.", "Bộ Y tế"),
        ("HĐQT của doanh nghiệp này tiếp tục ban hành nghị quyết 9 về cổ phiếu.", "HĐQT"),
        ("Thông tư 39 vừa được thứ trưởng Bộ Y tế Nguyễn Văn Nam ký ban hành.", "Bộ Y tế"),
        ("Thông tư 39 vừa được ông Nguyễn Văn Nam, Thứ trưởng Bộ Y tế ký ban hành.", "Bộ Y tế"),
        ("Quyết định số 32 phê duyệt đề án sàn vừa được UBND tỉnh Gia Lai ký ban hành.", "Ủy ban nhân dân tỉnh Gia Lai"),
        ("Trong quyết định số 32 phê duyệt đề án lập sở vừa được Thủ tướng Chính phủ ký ban hành, vốn là 3 tỷ.", "Thủ tướng Chính phủ"),
        ("Theo thông báo của Văn phòng Quốc hội tại văn bản 29/VP ngày 2/10/2015, việc đã xong.", "Văn phòng Quốc hội"),
        ("Theo quy định của Bộ Y tế tại Thông tư số 9, giá giảm.", "Bộ Y tế"),
        (
            "Theo thông tư liên tịch số 01/2018 của TANDTC-VKSNDTC, Bộ Công an, người bị giữ được báo tin.",
            "Tòa án nhân dân tối cao; Viện kiểm sát nhân dân tối cao; Bộ Công an",
        ),
        (
            "Thông tư liên tịch số 01/2018 của TANDTC, VKSNDTC và Bộ Công an.",
            "Tòa án nhân dân tối cao; Viện kiểm sát nhân dân tối cao; Bộ Công an",
        ),
        ("Ngày 31/5, ACV đã có tờ trình số 2211 gửi bộ.", "ACV"),
        ("Lớp học mở theo quyết định số 42 của Chủ tịch xã Duy Minh.", "Ủy ban nhân dân xã Duy Minh"),
        ("Lớp học mở theo quyết định số 42 của chủ tịch huyện Ba Vì.", "Ủy ban nhân dân huyện Ba Vì"),
        ("Chủ tịch huyện Ba Vì Nguyễn Văn An đã ký Quyết định số 42.", "Ủy ban nhân dân huyện Ba Vì"),
        ("Phó chủ tịch tỉnh Gia Lai vừa ký Quyết định số 42.", "Ủy ban nhân dân tỉnh Gia Lai"),
        ("Ngày 18/11, thông tin từ Sở Y tế Gia Lai cho biết đã có công văn số 52 gửi các huyện.", "Sở Y tế Gia Lai"),
        ("Phạt theo Quyết định số 83/QĐ-XPVPHC của Giám đốc Cảng vụ hàng không miền Bắc.", "Cảng vụ hàng không miền Bắc"),
        ("Trong báo cáo số 26/BC-TTr của Thanh tra gửi Bộ trưởng, đoàn nêu ba lỗi.", "Thanh tra"),
        ("Tuy nhiên, tại công văn số 75 ngày 31/7/2018, sở Y tế tỉnh Gia Lai khẳng định ông đã nghỉ.", "Sở Y tế tỉnh Gia Lai"),
        (
            "Ông Hà, Giám đốc Sở Nông nghiệp và Phát triển nông thôn (NN & PTNT) Gia Lai ký Công văn số 32/SNN.",
            "Sở Nông nghiệp và Phát triển nông thôn Gia Lai",
        ),
        ("Ngày 2/3, Bộ Y tế và các đơn vị liên quan đã có Công văn số 12.", "Bộ Y tế"),
        ("Kế hoạch số 8 của Công an tỉnh Gia Lai và các cơ quan chức năng được triển khai.", "Công an tỉnh Gia Lai"),
        ("Sở Y tế Gia Lai họp sáng nay. Sở này vừa có Công văn số 12 gửi các huyện.", "Sở Y tế Gia Lai"),
        ("UBND huyện Ba Vì họp sáng nay. Trước đó, cơ quan này đã ban hành Công văn số 12.", "Ủy ban nhân dân huyện Ba Vì"),
        ("Hôm ấy HLV đã có quyết định số 2211.", None),
        ("Thông tư 39 vừa được thứ trưởng Nguyễn Văn Nam ký ban hành.", None),
        (
            "Quyết định số 8 của Ban Quản lý Khu kinh tế và các khu công nghiệp nêu giá đất.",
            "Ban Quản lý Khu kinh tế và các khu công nghiệp",
        ),
        ("UBND huyện Ba Vì họp sáng nay. Công ty này có Công văn số 12 gửi thuế.", None),
        ("Chánh Thanh tra nhà nước tỉnh Gia Lai đã ban hành quyết định số 84.", "Thanh tra nhà nước tỉnh Gia Lai"),
        ("Thanh tra Nhà nước đã ban hành quyết định số 84.", "Thanh tra Nhà nước"),
        ("Tổng Cục Đường bộ cũng có công văn 2529 gửi các tỉnh.", "Tổng cục Đường bộ"),
        ("Tổng Cục Thuế cũng có công văn 2529 gửi các tỉnh.", "Tổng cục Thuế"),
        ("Giám đốc Sở Y tế Gia Lai cho biết, cơ quan đã ban hành kế hoạch số 71/KH ngày 3/2/2018.", "Sở Y tế Gia Lai"),
        ("Theo Nghị quyết 34 của Hội nghị 8 Ban Chấp hành Trung ương Đảng khóa XII.", "Ban Chấp hành Trung ương Đảng"),
        ("Theo thông báo số 17 của Vụ Kế hoạch - tài chính do ông An ký.", "Vụ Kế hoạch - tài chính"),
        ("Sở Y tế của tỉnh cũng ra công văn số 553 về dịch.", "Sở Y tế"),
        ("Ban Thường vụ Tỉnh ủy Gia Lai cũng đã phát công điện khẩn số 17-CĐ/TU.", "Ban Thường vụ Tỉnh ủy Gia Lai"),
        ("Vụ việc của Sở Y tế xuất phát công văn số 17 gửi nhầm.", None),
    ],
)
def test_the_issuer_in_news(text: str, issuer: str | None) -> None:
    assert _last(text).issuer == issuer


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        ("Quyết định 60 (thay thế cho quyết định 33) được UBND huyện Ba Vì ban hành hôm qua.", "Ủy ban nhân dân huyện Ba Vì"),
        ("Quyết định 60 (thay thế Quyết định 33/2014) của UBND huyện Ba Vì nêu diện tích.", "Ủy ban nhân dân huyện Ba Vì"),
        ("Quyết định 60 (thay thế Quyết định 33) được nhiều người chờ.", None),
    ],
)
def test_the_issuer_after_the_document_that_is_replaced(text: str, issuer: str | None) -> None:
    assert find(text)[0].issuer == issuer


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Luật Xuất bản hiện hành được thông qua năm 2012.", 2012),
        ("Luật Xuất bản được Quốc hội thông qua năm 2012, sau đó sửa.", 2012),
        ("Luật Xuất bản được dùng năm 2012.", None),
    ],
)
def test_the_year_in_which_a_law_was_passed(text: str, year: int | None) -> None:
    assert _last(text).year == year


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Nghị định 9/2019/NĐ-CP sửa đổi, bổ sung Nghị định 5/2015/NĐ-CP.", "sửa đổi, bổ sung Nghị định 5/2015/NĐ-CP"),
        ("Báo cáo nêu dự thảo Nghị định 86 sửa đổi phải chặt hơn.", None),
        ("Chỉ thị số 5 về học tập, làm theo gương tốt, việc đánh giá cán bộ còn chậm.", "học tập, làm theo gương tốt"),
        ("Nghị quyết 1/NQ-CP về giải pháp điều hành ngân sách, đề ra phương châm mới.", "giải pháp điều hành ngân sách"),
        ("Công điện số 8/CĐ-TTg về ứng phó với bão, mưa lũ và căn cứ tình hình, tỉnh dừng lễ hội.", "ứng phó với bão, mưa lũ"),
        ("Nghị định 43/2017 về nhãn hàng hóa và không thuộc lĩnh vực của sở.", "nhãn hàng hóa"),
        ("Nghị định 43/2017 về an ninh mạng và không gian mạng.", "an ninh mạng và không gian mạng"),
        ("Nghị định 18/2004/NĐ-CP về thi hành Luật Đất đai năm 2003 và điều 52 Luật Đất đai năm 2013.", "thi hành Luật Đất đai năm 2003"),
        ("Theo Thông tư 15 về thu, nộp và quản lý phí cầu đường, mức tăng là ba năm một lần.", "thu, nộp và quản lý phí cầu đường"),
        (
            "Văn bản số 33 về việc giảm phí qua hầm Đèo Ngang, Phú Gia và Phước Tượng của tỉnh nọ.",
            "giảm phí qua hầm Đèo Ngang, Phú Gia và Phước Tượng của tỉnh nọ",
        ),
        ("Công văn số 12/SYT-NV gửi các sở, ban, ngành về việc tiêm phòng.", "tiêm phòng"),
        ("Công văn số 12/SYT-NV gửi UBND các huyện: Ba Vì, Đan Phượng về tăng cường tiêm phòng.", "tăng cường tiêm phòng"),
        ("Công văn số 12/SYT-NV gửi Bộ Y tế đề nghị xem xét về việc tiêm phòng.", None),
        ("Quy định số 12-QĐ/TW của Bộ Chính trị khóa XII về kỷ luật đảng viên.", "kỷ luật đảng viên"),
        ('Hội nghị "Phổ biến Nghị định 16/2020/NĐ-CP về đào tạo nghề" do sở mở.', "đào tạo nghề"),
        ("Họp bàn Quyết định 60 về tách thửa đất ở sáng 10/4, song chưa xong.", "tách thửa đất ở"),
        ("Thông tư 102 quy định đăng ký, quản lý, sử dụng xe công có quy định điều cấm.", "quy định đăng ký, quản lý, sử dụng xe công"),
        ("Nghị định 20 quy định xử phạt về thủy lợi như sau: phạt tiền.", "quy định xử phạt về thủy lợi"),
        ("Nghị định 85 về xử phạt buôn bán hàng giả, hàng cấm và hàng nhái.", "xử phạt buôn bán hàng giả, hàng cấm và hàng nhái"),
        ("Thông tư 1 quy định ứng xử của cán bộ, công chức do Bộ Nội vụ ban hành.", "quy định ứng xử của cán bộ, công chức"),
        (
            "Nghị quyết số 19 về đổi mới tổ chức, nâng cao hiệu quả trạm y tế được ông Nguyễn Văn An ký ban hành.",
            "đổi mới tổ chức, nâng cao hiệu quả trạm y tế",
        ),
        ("Thông tư 13 quy định an ninh hàng không Việt Nam chính thức có hiệu lực.", "quy định an ninh hàng không Việt Nam"),
        ("Chỉ thị 35 về Đại hội XIII của Đảng quy định số lượng cấp ủy viên.", "Đại hội XIII của Đảng"),
        ("Nghị định 25 về sửa văn bản của Chính phủ quy định về in ấn.", "sửa văn bản của Chính phủ quy định về in ấn"),
        ("Nghị định 12 về xử phạt theo quy định của ngành thuế.", "xử phạt theo quy định của ngành thuế"),
        ("Áp dụng Nghị định 25 về hoạt động in ấn tem, cơ sở in có thể báo cáo một lần.", "hoạt động in ấn tem"),
    ],
)  # fmt: skip
def test_the_title_in_news(text: str, title: str | None) -> None:
    assert find(text)[0].title == title


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("Quốc hội thảo luận tại hội trường về Luật Thú y.", "drafting"),
        ("Trạm tự chấm điểm theo hướng dẫn của Bộ Y tế tại Công văn số 41/BYT-DP.", "legal basis"),
        ("Điều này hợp ý dân, phù hợp với quan điểm của Đảng; quy định của Bộ luật Hình sự.", "legal basis"),
        ("Thông báo số 28 vừa được HĐND TP. Vinh ban hành nói về kỳ họp.", "issuing"),
        ("Nghị quyết số 19 về đổi mới tổ chức được Tổng Bí thư ký ban hành.", "issuing"),
        ("Luật Xuất bản hiện hành được thông qua năm 2012.", "issuing"),
        ("Bộ kiến nghị sửa đổi một số nội dung trong nghị định 33.", "amending"),
        ("Nghị định mới sửa đổi, bổ sung một số điều trong Nghị định 33/2016/NĐ-CP.", "amending"),
        ("Chủ thầu đã làm sai Luật Đấu thầu năm 2013.", "legal basis"),
        ("Luật Thư viện sẽ được thảo luận tại kỳ họp tới.", "drafting"),
        ("Tài xế vi phạm khoản 5, Điều 4 và điểm c, khoản 3, Điều 10 Luật Giao thông đường bộ.", "legal basis"),
    ],
)
def test_the_relation_in_news(text: str, relation: str | None) -> None:
    assert _last(text).relation == relation


@pytest.mark.parametrize(
    ("words", "pinpoint"),
    [
        ("khoản 1 - điều 12", "khoản 1 - điều 12"),
        ("điểm C, Khoản 5, Điều 13", "điểm C, Khoản 5, Điều 13"),
        ("điểm d, khoản 5 và điểm c, khoản 6 của Điều 16,", "điểm d, khoản 5 và điểm c, khoản 6 của Điều 16"),
    ],
)
def test_the_provision_in_news(words: str, pinpoint: str) -> None:
    assert _last(f"Xe bị phạt theo {words} Nghị định 46/2016/NĐ-CP.").pinpoint == pinpoint


@pytest.mark.parametrize(
    ("text", "issued_on"),
    [
        ("Đến ngày 25/5/2011, UBND huyện Ba Vì có quyết định số 25/QĐ-UBND.", "2011-05-25"),
        ("Từ nay đến ngày 25/5/2011, UBND huyện Ba Vì có quyết định số 25/QĐ-UBND.", None),
    ],
)
def test_the_day_of_a_clause_in_news(text: str, issued_on: str | None) -> None:
    assert _last(text).issued_on == issued_on


@pytest.mark.parametrize(
    ("number", "folded"),
    [
        ("L2/QĐ-UBND", "12/QĐ/UBND"),
        ("1O/2020/NĐ-CP", "10/2020/NĐ/CP"),
        ("10/2O20/NĐ-CP", "10/2020/NĐ/CP"),
        ("12CP", "12/CP"),
        ("22-C", "22/C"),
        ("36A", "36A"),
    ],
)
def test_a_digit_that_was_typed_as_a_letter(number: str, folded: str) -> None:
    assert fold_number(number) == folded


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("Pháp lệnh Trọng tài thương mại năm 2003", "PL-08/2003/PL-UBTVQH11"),
        ("Pháp lệnh luật sư", "PL-37/2001/PL-UBTVQH10"),
        ("Pháp lệnh Án phí, lệ phí Tòa án", "PL-10/2009/UBTVQH12"),
    ],
)
def test_an_ordinance_that_has_ended_is_known(name: str, document: str) -> None:
    found = find(f"Vụ ấy được xử theo {name}.")
    resolution = resolve(found, ReferenceDocuments(), Context())[0]
    assert resolution.document == document
