"""A site of our own making, with notices whose files hold decisions: a title, a date, "Xem chi tiết tại đây"."""

from __future__ import annotations

from datetime import date, timedelta

from tests.server import Answer, article, listing

UNIT = "Sở Thông tin và Truyền thông tỉnh Nghệ An"
FIRST = date(2026, 10, 20)


def day_of(number: int) -> date:
    """Returns the day on which the decision `number` was signed."""
    return FIRST + timedelta(days=number % 7)


def subject_of(number: int) -> str:
    """Returns the subject of a decision, which no page of the site names."""
    return f"phê duyệt kế hoạch bảo trì hệ thống máy chủ khu vực {number}"


def decision(number: int, words: str = "", force: str = "từ ngày ký") -> str:
    """Returns the text of a decision of the department. `force`: since when it is in force."""
    day = day_of(number)
    return "\n\n".join(
        (
            "ỦY BAN NHÂN DÂN TỈNH NGHỆ AN\nSỞ THÔNG TIN VÀ TRUYỀN THÔNG",
            f"Số: {number}/QĐ-STTTT",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc",
            f"Nghệ An, ngày {day.day:02} tháng {day.month:02} năm {day.year}",
            "QUYẾT ĐỊNH",
            f"Về việc {subject_of(number)}",
            "GIÁM ĐỐC SỞ THÔNG TIN VÀ TRUYỀN THÔNG",
            "Căn cứ Luật Viễn thông ngày 23 tháng 11 năm 2009;",
            "Căn cứ Nghị định số 64/2007/NĐ-CP ngày 10 tháng 4 năm 2007 của Chính phủ về ứng dụng công nghệ thông tin;",
            "Xét đề nghị của Trưởng phòng Công nghệ thông tin,",
            "QUYẾT ĐỊNH:",
            f"Điều 1. Phê duyệt kế hoạch bảo trì. {words}",
            f"Điều 2. Quyết định này có hiệu lực kể {force}.",
            "Nơi nhận:\n- Như Điều 2;\n- Lưu: VT.",
            "GIÁM ĐỐC",
            "(Đã ký)",
            "Nguyễn Văn Mẫu",
        )
    )


def rtf(text: str) -> bytes:
    """Returns a text as an RTF file, one paragraph for each line."""
    escaped = "".join(one if one.isascii() else "".join(f"\\u{_signed(unit)}?" for unit in _units(one)) for one in text)
    lines = escaped.replace("{", "\\{").replace("}", "\\}").split("\n")
    return ("{\\rtf1\\ansi\\uc1 " + "".join(f"{line}\\par\n" for line in lines) + "}").encode("ascii")


def _units(letter: str) -> list[int]:
    data = letter.encode("utf-16-le")
    return [int.from_bytes(data[at : at + 2], "little") for at in range(0, len(data), 2)]


def _signed(unit: int) -> int:
    return unit - 65536 if unit > 32767 else unit


def site(number: int, *, citing: int = 0, first_day: date = FIRST) -> dict[str, str | Answer]:
    """Returns the pages of a site with `number` notices, each with a decision as its file, and `citing` articles that cite a decision."""
    pages: dict[str, str | Answer] = {}
    named = []
    for at in range(1, number + 1):
        url, file = f"/thong-bao/quyet-dinh-moi-cua-so-ve-bao-tri-{at}.html", f"/tep/qd-{at}.rtf"
        title = f"Quyết định mới của sở về bảo trì hệ thống, đợt {at}"
        text = (
            "Sở thông báo đến các phòng, đơn vị trực thuộc và các huyện nội dung của quyết định mới.",
            f"<a href='{file}'>Xem chi tiết tại đây</a>",
        )
        pages[url] = article(title, *text, day=f"{first_day + timedelta(days=7):%d/%m/%Y} 08:00")
        pages[file] = (200, {"Content-Type": "application/rtf"}, rtf(decision(at, f"Mật hiệu của đợt là hoa sữa số {at}.")))
        named.append((url, title))
    for at in range(1, citing + 1):
        url, title = (
            f"/tin-tuc/cac-huyen-thuc-hien-ke-hoach-bao-tri-dot-{at}.html",
            f"Các huyện thực hiện kế hoạch bảo trì hệ thống, đợt {at}",
        )
        cited = f"Thực hiện Quyết định số {at}/QĐ-STTTT ngày {day_of(at):%d/%m/%Y} của {UNIT}, các huyện đã kiểm tra hệ thống máy chủ."
        pages[url] = article(title, cited, day=f"{first_day + timedelta(days=8):%d/%m/%Y} 09:00")
        named.append((url, title))
    pages["/"] = listing(*named)
    return pages
