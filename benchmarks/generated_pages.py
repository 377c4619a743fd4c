"""Generates pages of many shapes, to measure whether a page of unknown platform is recognised as an article.

    python -m benchmarks.generated_pages [--pages 2000] [--part seen|held-out|both] [--show N] [--save FOLDER]

Each page is a frame (menu, side boxes, footer) around one content: a list of articles, an article, the record of a legal document, a
standing page of an office, or a search form. All words are ours. The shapes follow how government sites of Viet Nam looked from 2004 to
2025: nested tables, ASP.NET ids, portlets, Bootstrap, HTML5. They were made without regard to our rules.

There are two parts. The shapes and words of the part "held-out" were not used while the rules were written: a markup whose name is in
`HELD_OUT` occurs only there. The same seed gives the same pages.
"""

# ruff: noqa: E501 (a line of markup stays one line)
from __future__ import annotations

import argparse
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from html import escape
from itertools import count
from pathlib import Path
from typing import Any

from scraper.model import Capture, LinkRole, PageKind
from scraper.parse import read_page
from scraper.sources import made_up
from scraper.text import clean, fold

HOST = "http://so-mau.test"
CAPTURED = datetime(2023, 6, 15, 2, 0, tzinfo=UTC)
SEEDS = {"seen": 20230615, "held-out": 41}
# Markups that occur only in the part "held-out".
HELD_OUT = frozenset(
    (
        *("items-definition-list", "items-day-box", "items-media", "items-in-one-cell", "text-in-labelled-rows", "text-line-breaks"),
        *("frame-nested-tables-right", "frame-flex", "record-definition-list", "office-cards", "search-results-table", "address-node"),
    )
)


# --- Words -------------------------------------------------------------------------------------------------------------


def _parts(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


_WHO = _parts(
    "Sở Thông tin và Truyền thông|UBND huyện Cao Mộc|Hội Nông dân tỉnh|Đoàn thanh niên xã Phú Lộc|Trung tâm Văn hóa huyện|Ban chỉ đạo 389 tỉnh"
    "|Trường Tiểu học Lê Văn Tám|Đội quản lý thị trường số 3|Hội Phụ nữ phường Đông Sơn|Bưu điện tỉnh|Thanh tra Sở|Hợp tác xã rau sạch Tân Hòa"
    "|Bộ Chỉ huy Quân sự tỉnh|Trạm Y tế xã Bình Minh|Công an thị xã Kỳ Lân|Phòng Giáo dục và Đào tạo|Liên đoàn Lao động tỉnh|Hội Chữ thập đỏ"
    "|Chi cục Thủy lợi|Thư viện tỉnh"
)
_DOES = _parts(
    "tổ chức hội nghị sơ kết công tác quý|khai giảng lớp tập huấn kỹ năng số|ra quân làm sạch các tuyến đường|trao quà cho học sinh vượt khó"
    "|kiểm tra việc bán sim thuê bao|nghiệm thu đề tài về giống lúa mới|tuyên truyền phòng chống cháy rừng|đón đoàn công tác của Bộ"
    "|bàn giao nhà tình nghĩa|phát động tháng hành động vì trẻ em|lắp đặt thêm trạm phát sóng|công bố quyết định bổ nhiệm cán bộ"
    "|thăm các gia đình chính sách|đối thoại với doanh nghiệp|mở cửa lại sau ba tháng sửa chữa|rà soát hộ nghèo theo chuẩn mới"
    "|ký kết chương trình phối hợp|thử nghiệm hệ thống họp trực tuyến|tiếp nhận hồ sơ qua mạng|hướng dẫn bà con ghi chép sổ thu chi"
)
_WHERE = _parts(
    "tại xã Bình Minh|ở vùng cao|trên địa bàn toàn tỉnh|tại nhà văn hóa thôn Đồng|trong dịp nghỉ lễ|sau mùa mưa bão|ở các trường nội trú|dọc tuyến quốc lộ"
    "|tại hội trường lớn của huyện|trong sáu tháng đầu năm|trước ngày khai giảng|ở ba phường trung tâm|cho người cao tuổi|với sự giúp đỡ của người dân"
    "|theo đề nghị của cử tri|bằng nguồn vốn xã hội hóa"
)
_NOTICE = _parts(
    "Thông báo lịch tiếp công dân tháng {n}|Quyết định số {n}/QĐ-SVH lập tổ kiểm kê tài sản|Thông báo tuyển dụng viên chức đợt {n}"
    "|Công văn số {n}/SVH-VP về việc nghỉ lễ|Kết quả xét thăng hạng viên chức đợt {n}|Thông báo mời thầu gói số {n}"
    "|Danh sách thí sinh đủ điều kiện dự thi vòng {n}|Kế hoạch số {n}/KH-SVH trực cơ quan dịp Tết|Lịch công tác tuần {n} của lãnh đạo Sở"
    "|Giấy mời dự họp giao ban lần {n}|Báo cáo kết quả thực hiện nhiệm vụ quý {n}|Thông báo tạm ngừng cấp điện đợt {n}"
)
_SHORT_TITLE = ("Cuộc thi ảnh đẹp", "Lịch nghỉ Tết", "Thư ngỏ", "Thông báo", "Họp giao ban", "Mời thầu", "Tin buồn", "Góp ý dự thảo")
_ESSAY = _parts(
    "Nhớ bến sông quê|Mùa hoa cải ven đê|Người giữ đình làng Hạ|Tiếng trống trường năm ấy|Chuyện chiếc máy chữ của cha|Về miền cát trắng"
    "|Vì sao cần đọc sách cùng con|Bàn về thói quen ghi chép|Một ngày trên đảo nhỏ|Cây đa đầu ngõ"
)
_SECTION = _parts(
    "Tin tức|Thông báo|Tin tức - Sự kiện|Hoạt động của ngành|Thông tin báo chí|Tin hoạt động của Sở|Chỉ đạo, điều hành|Tin trong tỉnh"
    "|Thông tin tuyên truyền|Văn hóa - Xã hội|Chuyển đổi số|Hoạt động của lãnh đạo Ủy ban nhân dân tỉnh|Cải cách hành chính|Nghiên cứu - Trao đổi"
    "|Thông tin chiến lược, quy hoạch, kế hoạch phát triển|Tin nổi bật|Lịch công tác|Tuyển dụng"
)
_SAY = _parts(
    "Theo báo cáo, {n} đơn vị đã hoàn thành phần việc được giao {where}.|Buổi làm việc có sự tham gia của {n} đại biểu {where}."
    "|Ông Nguyễn Văn Mẫu cho biết {who} sẽ tiếp tục theo dõi và báo cáo hằng tháng.|{who} đề nghị các xã gửi danh sách trước ngày {day}."
    "|Bà con phấn khởi vì con đường mới giúp đi lại thuận tiện hơn {where}.|Kinh phí thực hiện là {n} triệu đồng, lấy từ ngân sách huyện."
    "|Đây là lần thứ {n} hoạt động này được tổ chức {where}, thu hút đông đảo người dân.|Sau khi kiểm tra, đoàn lập biên bản {n} trường hợp và nhắc nhở các hộ còn lại."
    "|Các em học sinh được hướng dẫn cách nhận biết thông tin giả và bảo vệ tài khoản cá nhân.|{who} {does} {where}."
    "|Trong buổi chiều, các nhóm chia nhau đi từng nhà để ghi lại ý kiến của bà con.|Mọi thắc mắc xin gửi về {who} để được trả lời."
    "|Hệ thống mới giảm thời gian chờ từ {n} phút xuống còn vài phút, nhất là vào đầu tuần.|Cuối buổi, ban tổ chức trao {n} phần quà cho các gia đình."
)
_DATED = _parts(
    "Thực hiện Kế hoạch số {n}/KH-UBND ngày {day} của UBND tỉnh, {who} {does} {where}|Căn cứ Công văn số {n}/STTTT-BCXB ngày {day}, {who} {does}"
    "|Theo Nghị quyết số {n}-NQ/TU ngày {day}, từ nay đến cuối năm {who} {does} {where}|Quyết định số {n}/QĐ-UBND ngày {day} giao {who} chủ trì, báo cáo trước ngày {day2}"
    "|Ngày {day}, {who} {does} {where} theo Chỉ thị số {n}/CT-TTg|Chỉ thị số {n}/CT-UBND ngày {day} yêu cầu {who} báo cáo kết quả chậm nhất ngày {day2}"
)
_REMEMBER = _parts(
    "Tôi sinh ra bên một dòng sông nhỏ, nước đục quanh năm nhưng chưa bao giờ cạn|Ngày ấy cả xóm chỉ có một chiếc đài, tối nào cũng đông người đến nghe"
    "|Mẹ bảo đất không phụ ai, chỉ có người phụ đất mà thôi|Con đường gạch cũ giờ đã đổ bê tông, nhưng gốc bàng đầu ngõ vẫn còn nguyên vết khắc"
    "|Có những buổi chiều tôi ngồi hàng giờ chỉ để nghe tiếng máy tuốt lúa vọng lại|Thầy giáo cũ của chúng tôi nay tóc đã bạc, vẫn đọc báo mỗi sáng bên hiên"
    "|Người ta đi xa rồi mới hiểu một bát canh rau tập tàng ngon đến thế nào|Mùa nước lên, trẻ con chúng tôi bơi xuồng đến lớp, sách vở gói trong túi ni lông"
    "|Đọc sách cùng con không cần nhiều thời gian, chỉ cần đều đặn và thật lòng|Mỗi thói quen nhỏ được giữ lâu ngày sẽ thành nếp của một gia đình"
)
_DUTY = _parts(
    "{office} là đơn vị trực thuộc Sở, có con dấu và tài khoản riêng theo quy định của pháp luật.|{office} có chức năng tham mưu, giúp Giám đốc Sở quản lý nhà nước về các lĩnh vực được giao."
    "|Xây dựng quy hoạch, kế hoạch dài hạn và hằng năm trình cấp có thẩm quyền phê duyệt.|Thực hiện chế độ báo cáo định kỳ và đột xuất theo yêu cầu của Giám đốc Sở."
    "|Quản lý công chức, viên chức, tài chính, tài sản được giao theo phân cấp.|Tiếp nhận, giải quyết khiếu nại, tố cáo theo thẩm quyền; thực hành tiết kiệm, chống lãng phí."
    "|Chủ trì thẩm định các dự án thuộc lĩnh vực quản lý và theo dõi tiến độ thực hiện.|Thực hiện các nhiệm vụ khác do Giám đốc Sở giao."
    "|Lãnh đạo gồm Trưởng phòng và hai Phó Trưởng phòng; biên chế do Giám đốc Sở quyết định."
)
_UNITS = (
    "Phòng Kế hoạch - Tài chính",
    "Văn phòng Sở",
    "Thanh tra Sở",
    "Trung tâm Chuyển đổi số",
    "Phòng Bưu chính - Viễn thông",
    "Chi cục Thủy lợi",
)
_PEOPLE = ("Nguyễn Văn Mẫu", "Trần Thị Thử", "Lê Minh Ví", "Phạm Thu Dụ", "Hoàng Văn Kiểu", "Đỗ Thị Khuôn")
_LABELS_MORE = ("Xem tiếp", "Chi tiết", "Xem chi tiết", "Đọc tiếp", "Xem thêm", ">> Xem tiếp", "[Chi tiết...]", "Đọc thêm »")
_OTHER_NEWS = (
    "Các tin khác",
    "Tin liên quan",
    "Tin cũ hơn",
    "Các bài viết khác",
    "Tin cùng chuyên mục",
    "Bài viết liên quan",
    "Tin đã đưa",
)


class Pen:
    """Writes titles, sentences and dates from one seeded random generator."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def one(self, choices: Sequence[str]) -> str:
        return self.chance.choice(choices)

    def number(self) -> str:
        return str(self.chance.randint(2, 1900))

    def day(self) -> date:
        return date(2006, 1, 2) + timedelta(days=self.chance.randint(0, 6200))

    def stated_day(self) -> str:
        day = self.day()
        return f"{day.day}/{day.month}/{day.year}" if self.chance.random() < 0.8 else f"{day.day} tháng {day.month} năm {day.year}"

    def title(self) -> str:
        return (
            f"{self.one(_WHO)} {self.one(_DOES)} {self.one(_WHERE)}"
            if self.chance.random() < 0.7
            else f"{self.one(_WHO)} {self.one(_DOES)}"
        )

    def notice(self) -> str:
        return self.one(_NOTICE).format(n=self.number())

    def filled(self, pattern: str) -> str:
        return pattern.format(
            n=self.number(),
            who=self.one(_WHO),
            does=self.one(_DOES),
            where=self.one(_WHERE),
            day=self.stated_day(),
            day2=self.stated_day(),
            office=self.one(_UNITS),
        )

    def sentence(self) -> str:
        return self.filled(self.one(_SAY))

    def paragraph(self, least: int = 2, most: int = 5) -> str:
        return " ".join(self.sentence() for _ in range(self.chance.randint(least, most)))

    def teaser(self, how: str) -> str:
        """Returns the words below the title of a list item."""
        if how == "none":
            return ""
        if how == "short":
            return self.one(_WHO) + " " + self.one(_DOES) + "..."
        if how == "dated":
            return self.filled(self.one(_DATED)) + self.one(("...", ".", "…", " [...]"))
        if how == "dated-long":
            return (
                self.filled(self.one(_DATED)) + ". " + self.paragraph(1, 2) + " " + self.filled(self.one(_DATED)) + self.one(("...", "."))
            )
        if how == "sentences":
            return self.paragraph(2, 3)
        return self.paragraph(4, 7)  # "long"


TEASERS = ("none", "short", "dated", "dated-long", "sentences", "long")


def slug(text: str, words: int = 99) -> str:
    """Returns the words of a title as sites write them in URLs."""
    return "-".join(re.sub(r"[^a-z0-9]+", " ", fold(text)).split()[:words])


_DAY_FORMS: tuple[Callable[[date, random.Random], str], ...] = (
    lambda day, chance: day.strftime("%d/%m/%Y"),
    lambda day, chance: f"({day.strftime('%d/%m/%Y')})",
    lambda day, chance: f"{day.strftime('%d/%m/%Y')} {chance.randint(7, 17):02d}:{chance.randint(0, 59):02d}",
    lambda day, chance: f"Ngày đăng: {day.strftime('%d/%m/%Y')}",
    lambda day, chance: (
        f"{('Thứ hai', 'Thứ ba', 'Thứ tư', 'Thứ năm', 'Thứ sáu', 'Thứ bảy', 'Chủ nhật')[day.weekday()]}, {day.strftime('%d/%m/%Y')}"
    ),
    lambda day, chance: f"{day.strftime('%d-%m-%Y')} | {chance.randint(7, 17)}:{chance.randint(0, 59):02d}",
    lambda day, chance: f"Cập nhật lúc {chance.randint(7, 17)}h{chance.randint(0, 59):02d} ngày {day.day}/{day.month}/{day.year}",
)


# --- Types ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Made:
    """A generated page and its correct values."""

    kind: str  # article, list, record, office or search
    shape: str
    url: str
    html: str
    title: str = ""
    day: date | None = None
    links: tuple[tuple[str, date | None], ...] = ()  # the articles that a list page links to, each with its stated day


@dataclass
class Item:
    """One entry of a list page."""

    title: str
    url: str
    day: date | None
    shown_day: str
    teaser: str
    more: str
    is_linked: bool

    def headline(self, extra: str = "") -> str:
        text = escape(self.title)
        return f'<a href="{escape(self.url)}"{extra}>{text}</a>' if self.is_linked else text

    def more_link(self) -> str:
        return f'<a class="more" href="{escape(self.url)}">{escape(self.more)}</a>' if self.more else ""


@dataclass
class Content:
    """The content of a page before a frame is put around it."""

    html: str
    page_title: str
    shape: list[str] = field(default_factory=list)


# --- URLs -----------------------------------------------------------------------------------------------------------------


def _address(pen: Pen, form: str, title: str, number: int) -> str:
    forms: dict[str, str] = {
        "address-words": f"/tin-tuc/{slug(title)}-{number}.html",
        "address-words-only": f"/{slug(title)}",
        "address-aspx": f"/chitiet.aspx?id={number}",
        "address-mod": f"/index.php?mod=tintuc&act=detail&id={number}",
        "address-news": f"/news.asp?cat=3&newsid={number}",
        "address-path-number": f"/tin-tuc/{1000 + number}",
        "address-node": f"/node/{number}",
    }
    return forms[form]


_ADDRESSES = ("address-words", "address-words-only", "address-aspx", "address-mod", "address-news", "address-path-number", "address-node")


def _list_address(pen: Pen, section: str, number: int) -> str:
    return pen.one(
        (
            f"/{slug(section)}",
            f"/{slug(section)}",
            f"/chuyen-muc/{slug(section)}",
            f"/danhmuc.aspx?cat={number}",
            f"/index.php?mod=tintuc&cat={number}",
            f"/vi/{slug(section)}-c{number}.html",
            f"/{slug(section)}?page={pen.chance.randint(2, 9)}",
            f"/Default.aspx?tabid={number}",
        )
    )


# --- Lists -------------------------------------------------------------------------------------------------------------------


def _p(text: str, name: str = "") -> str:
    return f"<p{name}>{escape(text)}</p>" if text else ""


def _items_ul(pen: Pen, items: list[Item]) -> str:
    rows = (f"<li>{one.headline()} <span>{one.shown_day}</span>{_p(one.teaser)}{one.more_link()}</li>" for one in items)
    return f'<ul class="list">{"".join(rows)}</ul>'


def _items_cards(pen: Pen, items: list[Item]) -> str:
    return "".join(
        f'<div class="item"><a href="{escape(one.url)}"><img src="/anh/{at}.jpg" alt=""></a><h3>{one.headline()}</h3><div class="date">{one.shown_day}</div>'
        f'<div class="desc">{escape(one.teaser)}</div>{one.more_link()}</div>'
        for at, one in enumerate(items)
    )


def _items_table_rows(pen: Pen, items: list[Item]) -> str:
    rows = (
        f"<tr><td>{at}</td><td>{one.headline()}{_p(one.teaser)}</td><td>{one.shown_day}</td><td>{one.more_link()}</td></tr>"
        for at, one in enumerate(items, 1)
    )
    return f'<table class="table table-bordered"><tr><th>STT</th><th>Tiêu đề</th><th>Ngày</th><th></th></tr>{"".join(rows)}</table>'


def _items_table_2004(pen: Pen, items: list[Item]) -> str:
    rows = (
        f'<tr><td><table width="100%" cellpadding="2"><tr><td width="110" valign="top"><img src="/anh/{at}.gif" width="100"></td><td valign="top">'
        f'<font class="tieude"><b>{one.headline()}</b></font> <font size="1" color="#888888">{one.shown_day}</font><br><font size="2">{escape(one.teaser)}</font> {one.more_link()}</td></tr></table></td></tr>'
        for at, one in enumerate(items)
    )
    return f'<table width="100%" border="0">{"".join(rows)}</table>'


def _items_articles(pen: Pen, items: list[Item]) -> str:
    return "".join(
        f"<article><header><h2>{one.headline()}</h2>{f'<time>{one.shown_day}</time>' if one.shown_day else ''}</header>{_p(one.teaser)}{one.more_link()}</article>"
        for one in items
    )


def _items_bootstrap(pen: Pen, items: list[Item]) -> str:
    cards = (
        f'<div class="col-md-4"><div class="card"><img class="card-img-top" src="/anh/{at}.jpg"><div class="card-body"><h5 class="card-title">{one.headline()}</h5>'
        f'<p class="card-text">{escape(one.teaser)}</p><small class="text-muted">{one.shown_day}</small> {one.more_link()}</div></div></div>'
        for at, one in enumerate(items)
    )
    return f'<div class="row">{"".join(cards)}</div>'


def _items_repeater(pen: Pen, items: list[Item]) -> str:
    rows = (
        f'<div id="ctl00_cph_rptTin_ctl{at:02d}_pn"><span id="ctl00_cph_rptTin_ctl{at:02d}_lblNgay">{one.shown_day}</span> '
        f'<a id="ctl00_cph_rptTin_ctl{at:02d}_hpl" href="{escape(one.url)}">{escape(one.title)}</a><span id="ctl00_cph_rptTin_ctl{at:02d}_lblMota"><p>{escape(one.teaser)}</p></span></div>'
        for at, one in enumerate(items)
    )
    return f'<div id="ctl00_cph_pnDanhSach">{"".join(rows)}</div>'


def _items_flat(pen: Pen, items: list[Item]) -> str:
    return "".join(f"<p><b>{one.headline()}</b> {one.shown_day}</p>{_p(one.teaser)}{one.more_link()}<hr>" for one in items)


def _items_whole_link(pen: Pen, items: list[Item]) -> str:
    return "".join(
        f'<div class="news-row"><a href="{escape(one.url)}"><h4>{escape(one.title)}</h4><span class="d">{one.shown_day}</span><p>{escape(one.teaser)}</p></a></div>'
        for one in items
    )


def _items_date_first(pen: Pen, items: list[Item]) -> str:
    return "".join(
        f'<div class="tin"><p class="ngay">{one.shown_day}</p><p class="tieu-de">{one.headline()}</p>{_p(one.teaser)}{one.more_link()}</div>'
        for one in items
    )


def _items_definition_list(pen: Pen, items: list[Item]) -> str:
    return (
        "<dl>"
        + "".join(f"<dt>{one.headline()}</dt><dd>{one.shown_day} {escape(one.teaser)} {one.more_link()}</dd>" for one in items)
        + "</dl>"
    )


def _items_day_box(pen: Pen, items: list[Item]) -> str:
    return "".join(
        f'<li class="clearfix"><div class="lich"><b>{one.day.day if one.day else "-"}</b><i>Th{one.day.month if one.day else ""}</i></div><div><h3>{one.headline()}</h3><div>{escape(one.teaser)}</div>{one.more_link()}</div></li>'
        for one in items
    ).join(("<ul>", "</ul>"))


def _items_media(pen: Pen, items: list[Item]) -> str:
    return "".join(
        f'<div class="media"><div class="media-left"><a href="{escape(one.url)}"><img src="/a{at}.png" alt="{escape(one.title)}"></a></div><div class="media-body"><h4 class="media-heading">{one.headline()}</h4>'
        f"<i>{one.shown_day}</i><br>{escape(one.teaser)}{one.more_link()}</div></div>"
        for at, one in enumerate(items)
    )


def _items_in_one_cell(pen: Pen, items: list[Item]) -> str:
    rows = (
        f"<img src=/bullet.gif> {one.headline(' class=link')} <span class=d>{one.shown_day}</span><br>{escape(one.teaser)} {one.more_link()}<br><br>"
        for one in items
    )
    return f"<table><tr><td>{''.join(rows)}</td></tr></table>"


ITEMS: dict[str, Callable[[Pen, list[Item]], str]] = {
    "items-ul": _items_ul,
    "items-cards": _items_cards,
    "items-table-rows": _items_table_rows,
    "items-table-2004": _items_table_2004,
    "items-articles": _items_articles,
    "items-bootstrap": _items_bootstrap,
    "items-repeater": _items_repeater,
    "items-flat": _items_flat,
    "items-whole-link": _items_whole_link,
    "items-date-first": _items_date_first,
    "items-definition-list": _items_definition_list,
    "items-day-box": _items_day_box,
    "items-media": _items_media,
    "items-in-one-cell": _items_in_one_cell,
}
_ALWAYS_LINKED = ("items-repeater", "items-whole-link")

_PAGERS: tuple[Callable[[str], str], ...] = (
    lambda url: "",
    lambda url: (
        f'<div class="paging"><b>1</b> <a href="{url}?page=2">2</a> <a href="{url}?page=3">3</a> <a href="{url}?page=2">Trang sau</a></div>'
    ),
    lambda url: (
        f'<ul class="pagination"><li class="active"><span>1</span></li><li><a href="{url}/page/2">2</a></li><li><a href="{url}/page/2">Tiếp</a></li></ul>'
    ),
    lambda url: (
        "<div>Trang 1/12 <a href=\"javascript:__doPostBack('ctl00$Pager','2')\">2</a> <a href=\"javascript:__doPostBack('ctl00$Pager','3')\">3</a></div>"
    ),
    lambda url: f'<p align="right">Xem theo ngày: <select><option>1</option></select> <a href="{url}&p=2">Trang tiếp theo &gt;&gt;</a></p>',
    lambda url: f"<p>Hiển thị 1 - 10 trong tổng số 245 tin</p><a href='{url}?start=10'>Sau</a>",
)


def _make_list(pen: Pen, markups: Sequence[str], addresses: Sequence[str]) -> tuple[Content, str, str, list[tuple[str, date | None]]]:
    chance = pen.chance
    markup, address, teaser = pen.one(markups), pen.one(addresses), pen.one(TEASERS)
    count = chance.choice((1, 2, 3, 4, 5, 8, 10, 10, 15, 20))
    dates = chance.choice(("shown", "shown", "absent"))
    linked = markup in _ALWAYS_LINKED or chance.random() < 0.85
    more = pen.one(_LABELS_MORE) if not linked or chance.random() < 0.3 else ""
    form, section = chance.choice(_DAY_FORMS), pen.one(_SECTION)
    shows_day = dates == "shown" and markup != "items-day-box"  # that markup shows no year
    is_notices = chance.random() < 0.35
    items, links = [], []
    for at in range(count):
        title = pen.notice() if is_notices else pen.title()
        if chance.random() < 0.06:
            title = pen.one(_SHORT_TITLE)
        url, day = _address(pen, address, title, 120 + chance.randint(0, 8000) * 3 + at), pen.day()
        items.append(Item(title, url, day, form(day, chance) if dates == "shown" else "", pen.teaser(teaser), more, linked))
        links.append((HOST + url, day if shows_day else None))
    heading = chance.choice(("h1", "h1", "plain", "none", "site-h1", "breadcrumb"))
    shown = {
        "h1": f"<h1>{escape(section)}</h1>",
        "plain": f'<div class="tieu-de-muc">{escape(section)}</div>',
        "none": "",
        "site-h1": f"<h1>Sở mẫu tỉnh Cao Mộc</h1><h2>{escape(section)}</h2>",
        "breadcrumb": f'<div class="duong-dan"><a href="/">Trang chủ</a> » <a href="/x">{escape(section)}</a></div>',
    }[heading]
    lead, is_lead = "", chance.random() < 0.2
    if is_lead:
        title, day = pen.title(), pen.day()
        url = _address(pen, address, title, 90000 + chance.randint(0, 900))
        shown_day = form(day, chance) if dates == "shown" else ""
        lead = f'<div class="noibat"><img src="/lon.jpg"><h2><a href="{escape(url)}">{escape(title)}</a></h2><p>{shown_day}</p>{_p(pen.paragraph(3, 8))}</div>'
        links.insert(0, (HOST + url, day if dates == "shown" else None))
    intro = _p(pen.paragraph(1, 2)) if chance.random() < 0.1 else ""
    base = f"/{slug(section)}"
    html = shown + intro + lead + ITEMS[markup](pen, items) + chance.choice(_PAGERS)(base)
    page_title = chance.choice((f"{section} - Sở mẫu", f"Sở mẫu | {section}", "Cổng thông tin Sở mẫu", section))
    shape = [markup, address, f"teaser-{teaser}", f"count-{count}", f"dates-{dates}", "linked" if linked else "unlinked", f"head-{heading}"]
    shape += ["lead"] * is_lead + ["intro"] * bool(intro) + ["more"] * bool(more)
    return Content(html, page_title, shape), _list_address(pen, section, chance.randint(2, 60)), section, links


# --- Articles ------------------------------------------------------------------------------------------------------------------


def _text_long(pen: Pen) -> str:
    return "".join(_p(pen.paragraph()) for _ in range(pen.chance.randint(3, 9)))


def _text_line_and_file(pen: Pen) -> str:
    line = pen.one(
        (
            "Chi tiết xem tệp đính kèm.",
            "Xem nội dung tại đây:",
            "Nội dung chi tiết trong file kèm theo.",
            "Kính mời quý đại biểu tải về văn bản.",
        )
    )
    return f'{_p(line)}<p><a href="/upload/vb{pen.number()}.pdf">{pen.one(("Tải về", "vb-so-12.pdf", "File đính kèm", "Xem file"))}</a></p>'


def _text_line(pen: Pen) -> str:
    return _p(pen.sentence())


def _text_file_only(pen: Pen) -> str:
    return f'<div class="file"><a href="/upload/{pen.number()}_signed.{pen.one(("pdf", "doc", "xlsx", "zip"))}">{pen.number()}_QD_signed.pdf</a></div>'


def _text_table(pen: Pen) -> str:
    rows = "".join(
        f"<tr><td>{at}</td><td>{pen.one(_PEOPLE)}</td><td>{pen.one(_UNITS)}</td><td>{pen.stated_day()}</td></tr>"
        for at in range(1, pen.chance.randint(6, 60))
    )
    return f'<table border="1"><tr><td>STT</td><td>Họ và tên</td><td>Đơn vị</td><td>Ngày sinh</td></tr>{rows}</table>'


def _text_schedule(pen: Pen) -> str:
    rows = "".join(
        f"<tr><td>{name} ({pen.stated_day()})</td><td>{pen.one(_PEOPLE)}: {pen.one(_DOES)} {pen.one(_WHERE)}</td></tr>"
        for name in ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu")
    )
    return f"<table border=1>{rows}</table>"


def _text_many_links(pen: Pen) -> str:
    paragraphs = []
    for at in range(pen.chance.randint(4, 8)):
        link = f'<a href="/van-ban/{at + 100}.html">Quyết định số {pen.number()}/QĐ-UBND ngày {pen.stated_day()}</a>'
        paragraphs.append(f"<p>{escape(pen.sentence())} Theo {link}, {escape(pen.sentence())}</p>")
    ends = "".join(
        f'<p>- <a href="/upload/{at}.pdf">Tải Phụ lục {at} kèm theo Kế hoạch của tỉnh</a></p>' for at in range(pen.chance.randint(0, 4))
    )
    return "".join(paragraphs) + ends


def _text_questions(pen: Pen) -> str:
    return "".join(
        f"<p><b>Hỏi: {pen.one(_WHO)} {pen.one(_DOES)} khi nào?</b></p><p>Trả lời: {escape(pen.paragraph(1, 3))}</p>"
        for _ in range(pen.chance.randint(2, 6))
    )


def _text_pictures(pen: Pen) -> str:
    return (
        _p(pen.paragraph())
        + "".join(f'<p align="center"><img src="/anh/{at}.jpg"></p><p align="center"><i>{escape(pen.title())}</i></p>' for at in range(3))
        + _p(pen.paragraph())
    )


def _text_short(pen: Pen) -> str:
    return _p(pen.paragraph(1, 2))


def _text_line_breaks(pen: Pen) -> str:
    return "<br><br>".join(escape(pen.paragraph()) for _ in range(pen.chance.randint(3, 7)))


def _text_in_labelled_rows(pen: Pen) -> str:
    labels = ("Thời gian", "Địa điểm", "Thành phần", "Nội dung", "Chủ trì")
    return _p("Sở mẫu trân trọng kính mời dự họp, cụ thể như sau:") + "".join(
        f"<p><b>{label}:</b> {escape(pen.sentence())}</p>" for label in labels
    )


def _text_essay(pen: Pen) -> str:
    lines = pen.chance.sample(_REMEMBER, 8)
    return "".join(_p(". ".join(lines[at : at + 2]) + ".") for at in range(0, 8, 2)) + _p(". ".join(pen.chance.sample(_REMEMBER, 3)) + ".")


TEXTS: dict[str, Callable[[Pen], str]] = {
    "text-long": _text_long,
    "text-line-and-file": _text_line_and_file,
    "text-line": _text_line,
    "text-file-only": _text_file_only,
    "text-table": _text_table,
    "text-schedule": _text_schedule,
    "text-many-links": _text_many_links,
    "text-questions": _text_questions,
    "text-pictures": _text_pictures,
    "text-short": _text_short,
    "text-line-breaks": _text_line_breaks,
    "text-in-labelled-rows": _text_in_labelled_rows,
    "text-essay": _text_essay,
}
_UNDATED = ("text-long", "text-essay", "text-many-links", "text-pictures", "text-line-breaks")


def _related(pen: Pen, address: str) -> tuple[str, str]:
    how = pen.chance.choice(("none", "titles", "titles", "dated", "teasers", "long-teasers"))
    if how == "none":
        return "", how
    rows = []
    for at in range(pen.chance.randint(3, 10)):
        title = pen.title()
        teaser = {"teasers": pen.teaser("dated"), "long-teasers": pen.teaser("dated-long")}.get(how, "")
        shown = f" <span>({pen.day().strftime('%d/%m/%Y')})</span>" if how == "dated" else ""
        rows.append(f'<li><a href="{escape(_address(pen, address, title, 300 + at))}">{escape(title)}</a>{shown}{_p(teaser)}</li>')
    return (
        f'<div class="khac"><{(tag := pen.one(("h4", "b", "div", "h3")))}>{pen.one(_OTHER_NEWS)}</{tag}><ul>{"".join(rows)}</ul></div>',
        how,
    )


_HEADS: tuple[Callable[[str, str], str], ...] = (
    lambda title, day: f'<h1>{title}</h1><p class="date">{day}</p>',
    lambda title, day: (
        f'<h1 class="title">{title}</h1><div class="tool"><span>{day}</span> <a href="javascript:window.print()">In bài viết</a></div>'
    ),
    lambda title, day: f'<span class="ngay">{day}</span><h2>{title}</h2>',
    lambda title, day: f'<div class="tieude_baiviet"><b>{title}</b></div><div>{day} | Lượt xem: 245</div>',
    lambda title, day: f'<font size="4" color="#990000"><b>{title}</b></font><br><i>{day}</i><br>',
    lambda title, day: f'<div class="detail-title">{title}</div><time>{day}</time>',
    lambda title, day: (
        f'<p><span id="ctl00_cph_lblTieuDe" style="font-weight:bold">{title}</span></p><p><span id="ctl00_cph_lblNgayDang">{day}</span></p>'
    ),
)


def _make_article(
    pen: Pen, texts: Sequence[str], addresses: Sequence[str], number: int | None = None
) -> tuple[Content, str, str, date | None]:
    chance = pen.chance
    text = pen.one(texts)
    is_essay = text == "text-essay"
    title = (
        pen.one(_ESSAY)
        if is_essay
        else pen.notice()
        if text in ("text-line-and-file", "text-line", "text-file-only", "text-table", "text-schedule")
        else pen.title()
    )
    address = pen.one(addresses)
    dated = not (is_essay or (text in _UNDATED and chance.random() < 0.2))
    day = pen.day()
    shown = chance.choice(_DAY_FORMS)(day, chance) if dated else ""
    head = chance.choice(_HEADS)(escape(title), shown)
    section = chance.choice(
        (
            "",
            "",
            f'<div class="chuyen-muc">{pen.one(_SECTION)}</div>',
            f'<p><a href="/">Trang chủ</a> &gt; <a href="/tin">{pen.one(_SECTION)}</a></p>',
        )
    )
    sapo = (
        f'<p class="sapo"><b>{escape(pen.sentence())}</b></p>'
        if text in ("text-long", "text-many-links", "text-pictures") and chance.random() < 0.4
        else ""
    )
    related, how = _related(pen, address)
    signed = chance.choice(("", "", f'<p align="right"><b>{pen.one(_PEOPLE)}</b></p>', "<p>Nguồn: Báo mẫu</p>"))
    tools = chance.choice(
        ("", "", '<div><a href="/">Về trang chủ</a> | <a href="mailto:a@b.test">Gửi email</a> | <a href="#">In trang</a></div>')
    )
    html = f'{section}<div class="noidung">{head}{sapo}{TEXTS[text](pen)}{signed}{tools}</div>{related}'
    page_title = chance.choice((f"{title} - Sở mẫu", f"{title} - Sở mẫu", title, "Cổng thông tin Sở mẫu", "Sở mẫu - Chi tiết tin"))
    number = number or chance.choice((12, 40, 153, 2044, 53123)) + chance.randint(0, 30)
    shape = [text, address, "dated" if dated else "undated", f"related-{how}", f"own-title-{title in page_title}"]
    return Content(html, page_title, shape), _address(pen, address, title, number), title, day if dated else None


# --- Pages that are not articles --------------------------------------------------------------------------------------------

_FIELDS = (
    ("Số ký hiệu", "Số/Ký hiệu", "Số văn bản", "Số hiệu"),
    ("Ngày ban hành", "Ngày ký", "Ngày ban hành:"),
    ("Trích yếu", "Trích yếu nội dung", "Nội dung trích yếu", "Về việc"),
    ("Cơ quan ban hành", "Đơn vị ban hành"),
    ("Loại văn bản", "Hình thức văn bản"),
    ("Người ký", "Người ký duyệt"),
    ("Lĩnh vực",),
    ("Ngày hiệu lực", "Ngày có hiệu lực"),
    ("Tệp đính kèm", "File đính kèm", "Tải về", "Toàn văn"),
)


def _make_record(pen: Pen, markups: Sequence[str]) -> tuple[Content, str]:
    chance, markup = pen.chance, pen.one(markups)
    number = f"{pen.number()}/QĐ-UBND"
    subject = f"Quyết định về việc {pen.one(_DOES)} {pen.one(_WHERE)}" + (
        f" theo Kế hoạch số {pen.number()}/KH-UBND ngày {pen.stated_day()}" if chance.random() < 0.4 else ""
    )
    values = [
        number,
        pen.day().strftime("%d/%m/%Y"),
        subject,
        "Ủy ban nhân dân tỉnh Cao Mộc",
        "Quyết định",
        pen.one(_PEOPLE),
        "Văn hóa - Xã hội",
        pen.day().strftime("%d/%m/%Y"),
    ]
    values.append(f'<a href="/vanban/{pen.number()}.pdf">Tải về</a>')
    pairs = [(pen.one(names), value) for names, value in zip(_FIELDS, values, strict=True)]
    kept = [pair for at, pair in enumerate(pairs) if at < 3 or chance.random() < 0.75]
    if chance.random() < 0.3:
        chance.shuffle(kept)
    rows = {
        "record-table": '<table class="vb">'
        + "".join(f"<tr><td class='nhan'><b>{name}</b></td><td>{value}</td></tr>" for name, value in kept)
        + "</table>",
        "record-table-header": "<table>" + "".join(f"<tr><th>{name}</th><td>{value}</td></tr>" for name, value in kept) + "</table>",
        "record-rows": "".join(
            f'<div class="row"><div class="col-md-3">{name}:</div><div class="col-md-9">{value}</div></div>' for name, value in kept
        ),
        "record-list": "<ul>" + "".join(f"<li><b>{name}:</b> {value}</li>" for name, value in kept) + "</ul>",
        "record-definition-list": "<dl>" + "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in kept) + "</dl>",
    }[markup]
    heading = chance.choice(
        (
            f"<h1>{escape(subject)}</h1>",
            "<h1>Văn bản pháp quy</h1>",
            '<div class="ten">Chi tiết văn bản</div>',
            f"<h2>{number}</h2>",
            f"<h3>Quyết định {number}</h3>",
        )
    )
    others = "".join(
        f'<li><a href="/vanban.aspx?id={at}">{pen.number()}/QĐ-UBND {escape(pen.title())}</a></li>' for at in range(chance.randint(0, 6))
    )
    others = f"<h3>Văn bản khác</h3><ul>{others}</ul>" if others else ""
    url = pen.one(
        (
            f"/vanban.aspx?id={chance.randint(9, 900)}",
            f"/van-ban/{slug(subject)}-{chance.randint(9, 900)}.html",
            f"/van-ban-phap-quy?view=detail&id={chance.randint(9, 900)}",
            f"/vbpq/{slug(number)}",
        )
    )
    return Content(
        heading + rows + others, chance.choice((subject, "Văn bản pháp quy - Sở mẫu", f"{number} - Sở mẫu", "Sở mẫu")), [markup]
    ), url


_OFFICE_TITLES = _parts(
    "Chức năng, nhiệm vụ|Cơ cấu tổ chức|Giới thiệu chung|Liên hệ|Lịch sử hình thành và phát triển|Giới thiệu về Sở|Sơ đồ tổ chức|Lãnh đạo Sở|Thông tin liên hệ"
    "|Chức năng và nhiệm vụ của {office}|Vị trí, chức năng, nhiệm vụ và quyền hạn|CHỨC NĂNG, NHIỆM VỤ CỦA {OFFICE}|{office}|Các đơn vị trực thuộc|Giới thiệu {office}|Bộ máy tổ chức"
)


def _make_office(pen: Pen, markups: Sequence[str]) -> tuple[Content, str]:
    chance, markup, office = pen.chance, pen.one(markups), pen.one(_UNITS)
    title = pen.one(_OFFICE_TITLES).format(office=office, OFFICE=office.upper())
    duties = [
        pen.one(_DUTY[:2]).format(office=office),
        *chance.sample([duty.format(office=office) for duty in _DUTY[2:]], chance.randint(3, 6)),
    ]
    staff = "".join(
        f"<tr><td>{at}</td><td>{name}</td><td>{pen.one(('Giám đốc', 'Phó Giám đốc', 'Trưởng phòng'))}</td><td>0229 000 {at}11</td><td>ten{at}@so-mau.test</td></tr>"
        for at, name in enumerate(_PEOPLE)
    )
    html = {
        "office-text": "".join(_p(duty) for duty in duties),
        "office-list": _p(duties[0]) + "<ol>" + "".join(f"<li>{escape(duty)}</li>" for duty in duties[1:]) + "</ol>",
        "office-staff": _p(duties[0])
        + f"<table border=1><tr><th>STT</th><th>Họ tên</th><th>Chức vụ</th><th>Điện thoại</th><th>Email</th></tr>{staff}</table>",
        "office-contact": "<p>Địa chỉ: Số 5 đường Lê Lai, thị xã Kỳ Lân</p><p>Điện thoại: 0229 000 111 - Fax: 0229 000 112</p><p>Email: vanphong@so-mau.test</p>"
        '<form><input name="ten"><input name="email"><textarea></textarea><input type="submit" value="Gửi"></form>',
        "office-cards": "".join(
            f'<div class="canbo"><img src="/cb{at}.jpg"><h4>{name}</h4><p>{pen.one(_UNITS)}</p><p>Điện thoại: 0229 000 {at}22</p></div>'
            for at, name in enumerate(_PEOPLE)
        ),
    }[markup]
    head = chance.choice((f"<h1>{escape(title)}</h1>", f'<div class="title"><b>{escape(title)}</b></div>', f"<h2>{escape(title)}</h2>"))
    url = pen.one(
        (
            f"/{slug(title)}",
            f"/gioi-thieu/{slug(title)}",
            f"/gioi-thieu/{slug(title)}.html",
            f"/trang.aspx?id={chance.randint(2, 40)}",
            f"/{slug(title)}-{chance.randint(2, 400)}.html",
        )
    )
    return Content(head + html, chance.choice((f"{title} - Sở mẫu", title, "Cổng thông tin Sở mẫu")), [markup]), url


def _make_search(pen: Pen, markups: Sequence[str]) -> tuple[Content, str]:
    chance, markup = pen.chance, pen.one(markups)
    title = pen.one(("Tìm kiếm", "Tra cứu văn bản", "Kết quả tìm kiếm", "Tìm kiếm nâng cao", "Tra cứu hồ sơ", "Tra cứu thủ tục hành chính"))
    form = (
        '<form action="/tim-kiem"><label>Từ khóa</label><input type="text" name="q"><label>Cơ quan ban hành</label><select><option>Tất cả</option><option>UBND tỉnh</option></select>'
        '<label>Từ ngày</label><input type="text"><label>Đến ngày</label><input type="text"><input type="submit" value="Tìm kiếm"></form>'
    )
    results = [
        (pen.title(), pen.teaser(pen.one(("dated", "sentences"))), pen.day().strftime("%d/%m/%Y")) for _ in range(chance.randint(3, 10))
    ]
    found = {
        "search-form": _p(
            "Nhập từ khóa và chọn điều kiện để tra cứu. Hệ thống tìm trong tiêu đề và toàn văn của các văn bản đã được cập nhật, kể cả văn bản hết hiệu lực."
        ),
        "search-empty": _p(
            "Không tìm thấy kết quả nào phù hợp với từ khóa bạn nhập. Vui lòng thử lại với từ khóa khác hoặc bỏ bớt điều kiện."
        ),
        "search-results": f"<p>Tìm thấy {len(results)} kết quả</p>"
        + "".join(
            f'<div><a href="/tin-tuc/{slug(name)}.html">{escape(name)}</a><p>{escape(said)}</p><p>{day}</p></div>'
            for name, said, day in results
        ),
        "search-results-table": "<table>"
        + "".join(
            f'<tr><td>{pen.number()}/QĐ-UBND</td><td>{day}</td><td>{escape(name)}</td><td><a href="/f/{at}.pdf">Tải</a></td></tr>'
            for at, (name, _, day) in enumerate(results)
        )
        + "</table>",
    }[markup]
    url = pen.one(
        (
            "/tim-kiem?q=ke+hoach",
            "/search.aspx?key=nghi%20dinh",
            "/tra-cuu-van-ban",
            "/index.php?mod=search&q=abc",
            f"/tra-cuu.aspx?id={chance.randint(2, 90)}",
        )
    )
    return Content(f"<h1>{title}</h1>{form}{found}", chance.choice((f"{title} - Sở mẫu", title, "Sở mẫu")), [markup]), url


# --- Frames ---------------------------------------------------------------------------------------------------------------------

_MENU = (
    ("/", "Trang chủ"),
    ("/gioi-thieu", "Giới thiệu"),
    ("/tin-tuc", "Tin tức"),
    ("/van-ban", "Văn bản"),
    ("/thu-tuc-hanh-chinh", "Thủ tục hành chính"),
    ("/lien-he", "Liên hệ"),
)


def _menu_items(pen: Pen) -> list[tuple[str, str]]:
    return [*_MENU, *((f"/{slug(name)}", name) for name in pen.chance.sample(_SECTION, pen.chance.randint(0, 8)))]


def _side_boxes(pen: Pen) -> str:
    boxes = []
    if pen.chance.random() < 0.6:
        boxes.append(
            "<h3>Tin mới nhất</h3><ul>"
            + "".join(
                f'<li><a href="/tin-tuc/{slug(title)}-{at}.html">{escape(title)}</a></li>'
                for at in range(700, 705)
                for title in (pen.title(),)
            )
            + "</ul>"
        )
    if pen.chance.random() < 0.35:
        boxes.append(
            "".join(
                f'<div class="hop"><h3><a href="/chitiet.aspx?id={at}">{escape(pen.title())}</a></h3><p>{escape(pen.sentence())}</p></div>'
                for at in range(90, 94)
            )
        )
    if pen.chance.random() < 0.3:
        boxes.append(
            "<h3>Liên kết website</h3><select><option>Chọn liên kết</option><option>Cổng tỉnh</option></select><p>Thống kê truy cập: 1.204.551</p>"
        )
    if pen.chance.random() < 0.2:
        boxes.append(f"<h3>Thăm dò ý kiến</h3><p>{escape(pen.sentence())}</p><p>Rất tốt</p><p>Bình thường</p>")
    pen.chance.shuffle(boxes)
    return "".join(f'<div class="box">{box}</div>' for box in boxes)


def _foot(pen: Pen) -> str:
    return pen.one(
        (
            "Cổng thông tin điện tử Sở mẫu tỉnh Cao Mộc. Địa chỉ: 5 đường Lê Lai. Điện thoại: 0229 000 111",
            "Bản quyền thuộc về Sở mẫu. Giấy phép số 12/GP-TTĐT do Sở cấp ngày 03/04/2012. Chịu trách nhiệm chính: ông Nguyễn Văn Mẫu. Ghi rõ nguồn khi phát hành lại thông tin.",
            "© 2015 Sở mẫu. Thiết kế bởi Công ty Ví Dụ. Đang truy cập: 15. Tổng lượt truy cập: 2.300.455",
        )
    )


def _frame_div(pen: Pen, content: str) -> str:
    menu = "".join(f'<li><a href="{url}">{name}</a></li>' for url, name in _menu_items(pen))
    return f'<div id="header"><img src="/banner.jpg"></div><ul class="menu">{menu}</ul><div id="main"><div id="left">{_side_boxes(pen)}</div><div id="content">{content}</div></div><div id="footer"><p>{_foot(pen)}</p></div>'


def _frame_bare(pen: Pen, content: str) -> str:
    links = " | ".join(f'<a href="{url}">{name}</a>' for url, name in _menu_items(pen))
    return f"<div>{links}</div>{content}<hr><p>{_foot(pen)}</p>"


def _frame_tables(pen: Pen, content: str) -> str:
    menu = "".join(f'<tr><td><a href="{url}">{name}</a></td></tr>' for url, name in _menu_items(pen))
    return (
        f'<table width="780" align="center"><tr><td colspan="3"><img src="/banner.gif"></td></tr><tr><td colspan=3>Thứ năm, ngày 15/06/2023</td></tr><tr><td width="160" valign="top"><table>{menu}</table></td>'
        f'<td valign="top">{content}</td><td width="160" valign="top">{_side_boxes(pen)}</td></tr><tr><td colspan="3" align="center">{_foot(pen)}</td></tr></table>'
    )


def _frame_aspnet(pen: Pen, content: str) -> str:
    menu = "".join(f'<td><a id="ctl00_mnu_n{at}" href="{url}">{name}</a></td>' for at, (url, name) in enumerate(_menu_items(pen)))
    return (
        f'<form id="aspnetForm" method="post" action="x.aspx"><input type="hidden" name="__VIEWSTATE" value="dDwt"><div><table id="ctl00_mnu"><tr>{menu}</tr></table></div>'
        f'<div><input name="ctl00$txtTim" type="text"><input type="submit" value="Tìm"></div><div id="ctl00_cph">{content}</div><div>{_side_boxes(pen)}</div><div>{_foot(pen)}</div></form>'
    )


def _frame_bootstrap(pen: Pen, content: str) -> str:
    menu = "".join(f'<li class="nav-item"><a class="nav-link" href="{url}">{name}</a></li>' for url, name in _menu_items(pen))
    return (
        f'<nav class="navbar"><ul class="navbar-nav">{menu}</ul></nav><div class="container"><div class="row"><div class="col-md-9">{content}</div><div class="col-md-3">{_side_boxes(pen)}</div></div></div>'
        f'<div class="container-fluid bg-dark"><p>{_foot(pen)}</p></div>'
    )


def _frame_html5(pen: Pen, content: str) -> str:
    menu = "".join(f'<a href="{url}">{name}</a>' for url, name in _menu_items(pen))
    return f"<header><nav>{menu}</nav></header><main>{content}</main><aside>{_side_boxes(pen)}</aside><footer>{_foot(pen)}</footer>"


def _frame_portlet(pen: Pen, content: str) -> str:
    menu = "".join(f'<li><a href="{url}"><span>{name}</span></a></li>' for url, name in _menu_items(pen))
    return f'<div class="wrap"><div class="top"><ul>{menu}</ul></div><div class="layout"><div class="khung"><div class="khung-noidung">{content}</div></div><div class="khung phai">{_side_boxes(pen)}</div></div><div class="bottom">{_foot(pen)}</div></div>'


def _frame_tables_right(pen: Pen, content: str) -> str:
    menu = "".join(f'<a href="{url}"><b>{name}</b></a><br>' for url, name in _menu_items(pen))
    return (
        f'<center><table width="1000"><tr><td><table><tr><td bgcolor="#cc0000"><font color="white">SỞ MẪU TỈNH CAO MỘC</font></td></tr></table></td></tr><tr><td><table><tr><td><table><tr><td>{content}</td></tr></table></td>'
        f"<td>{menu}{_side_boxes(pen)}</td></tr></table></td></tr><tr><td>{_foot(pen)}</td></tr></table></center>"
    )


def _frame_flex(pen: Pen, content: str) -> str:
    menu = "".join(f'<div class="flex-item"><a href="{url}">{name}</a></div>' for url, name in _menu_items(pen))
    return f'<div class="flex top-bar">{menu}</div><div class="flex"><section class="w-3/4">{content}</section><section class="w-1/4">{_side_boxes(pen)}</section></div><div class="text-sm">{_foot(pen)}</div>'


FRAMES: dict[str, Callable[[Pen, str], str]] = {
    "frame-div": _frame_div,
    "frame-bare": _frame_bare,
    "frame-nested-tables": _frame_tables,
    "frame-aspnet": _frame_aspnet,
    "frame-bootstrap": _frame_bootstrap,
    "frame-html5": _frame_html5,
    "frame-portlet": _frame_portlet,
    "frame-nested-tables-right": _frame_tables_right,
    "frame-flex": _frame_flex,
}
_RECORDS = ("record-table", "record-table-header", "record-rows", "record-list", "record-definition-list")
_OFFICES = ("office-text", "office-list", "office-staff", "office-contact", "office-cards")
_SEARCHES = ("search-form", "search-empty", "search-results", "search-results-table")
_KINDS = ("list",) * 9 + ("article",) * 8 + ("record", "office", "search")


def make_pages(part: str, count: int) -> Iterator[Made]:
    """Yields the first `count` pages of a part, "seen" or "held-out". Its seed determines the sequence."""
    pen = Pen(random.Random(SEEDS[part]))

    def choices(names: Sequence[str]) -> Sequence[str]:
        return [name for name in names if name not in HELD_OUT] if part == "seen" else names

    for _ in range(count):
        kind = pen.one(_KINDS)
        title, day = "", None
        links: list[Any] = []
        if kind == "list":
            content, url, title, links = _make_list(pen, choices(tuple(ITEMS)), choices(_ADDRESSES))
        elif kind == "article":
            content, url, title, day = _make_article(pen, choices(tuple(TEXTS)), choices(_ADDRESSES))
        elif kind == "record":
            content, url = _make_record(pen, choices(_RECORDS))
        elif kind == "office":
            content, url = _make_office(pen, choices(_OFFICES))
        else:
            content, url = _make_search(pen, choices(_SEARCHES))
        frame = pen.one(choices(tuple(FRAMES)))
        html = _whole_page(content.page_title, FRAMES[frame](pen, content.html))
        yield Made(kind, " ".join([*content.shape, frame]), HOST + url, html, title, day, tuple(links))


_NUMBERED = tuple(
    one for one in _ADDRESSES if one != "address-words-only"
)  # forms with a number, so that each article has a URL of its own
_REPORTS = ("text-long", "text-table", "text-many-links", "text-pictures")


def make_site(number: int) -> Iterator[Made]:
    """Yields pages of one invented site without end: 19 of 20 are articles, the others lists. As on a real site, all have the same frame,
    menu and form of URL, so that the menu leads to the same lists everywhere. The number determines the site.
    """
    pen = Pen(random.Random(number))
    frame, address, text, items = (pen.one(tuple(names)) for names in (FRAMES, _NUMBERED, _REPORTS, ITEMS))
    links: list[Any]
    for at in count():
        if at % 20:
            content, url, title, day = _make_article(pen, [text], [address], number=1000 + at)
            kind, links = "article", []
        else:
            content, url, title, links = _make_list(pen, [items], [address])
            kind, day = "list", None
        html = _whole_page(content.page_title, FRAMES[frame](Pen(random.Random(number)), content.html))
        yield Made(kind, " ".join([*content.shape, frame]), HOST + url, html, title, day, tuple(links))


def _whole_page(title: str, body: str) -> str:
    return f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>{escape(title)}</title></head>\n<body>{body}</body></html>'


# --- Measuring ------------------------------------------------------------------------------------------------------------------


@dataclass
class Score:
    """Counts over generated pages, by kind."""

    pages: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)  # articles that were lost, or other pages that became an article
    titles: int = 0  # articles with the correct title
    days: int = 0
    links: int = 0  # articles that list pages link to
    lost_links: int = 0
    link_days: int = 0  # links that state a day
    lost_days: int = 0
    examples: dict[str, list[tuple[int, str, str]]] = field(default_factory=lambda: defaultdict(list))

    @property
    def lost(self) -> float:
        """Returns the share of articles that are lost: classified as something else, or not found on their list page."""
        return (self.wrong["article"] + self.lost_links) / max(1, self.pages["article"] + self.links)

    @property
    def lost_pages(self) -> float:
        """Returns the share of article pages that are classified as something else."""
        return self.wrong["article"] / max(1, self.pages["article"])

    @property
    def false(self) -> float:
        """Returns the share of all other pages that become an article."""
        others = sum(count for kind, count in self.pages.items() if kind != "article")
        return sum(count for kind, count in self.wrong.items() if kind != "article") / max(1, others)


def measure(pages: Iterator[Made], *, generic: bool) -> Score:
    """Parses pages and compares them with the correct values. `generic`: use only the general rules."""
    score = Score()
    for at, made in enumerate(pages):
        capture = Capture(made.url, 200, (("Content-Type", "text/html; charset=utf-8"),), made.html.encode(), CAPTURED)
        page = read_page(capture, made_up(made.url), generic=generic)
        article = page.article
        score.pages[made.kind] += 1
        if (article is not None) != (made.kind == "article"):
            score.wrong[made.kind] += 1
            score.examples[made.kind].append((at, made.shape, made.url))
        if made.kind == "article" and article is not None:
            score.titles += clean(article.title.value or "") == made.title
            score.days += (article.published.value.date() if article.published.value else None) == made.day
        if made.kind == "list":
            found = {link.url: link.day for link in page.links if link.role is LinkRole.ARTICLE} if page.kind is PageKind.LISTING else {}
            missing = [url for url, _ in made.links if url not in found]
            score.links += len(made.links)
            score.lost_links += len(missing)
            if missing and article is None:
                score.examples["links"].append((at, made.shape, missing[0]))
            score.link_days += sum(day is not None for _, day in made.links)
            score.lost_days += sum(day is not None and found.get(url) != day for url, day in made.links)
    return score


def _report(name: str, score: Score) -> None:
    print(f"{name}: articles lost {score.lost:.2%} (pages {score.lost_pages:.2%}), false articles {score.false:.2%}")
    print("  " + ", ".join(f"{kind} {score.wrong[kind]} wrong of {count}" for kind, count in sorted(score.pages.items())))
    read = score.pages["article"] - score.wrong["article"]
    print(
        f"  title {score.titles}/{read}, day {score.days}/{read}, article links of lists {score.links - score.lost_links}/{score.links}, "
        f"their days {score.link_days - score.lost_days}/{score.link_days}"
    )


def main() -> None:
    """Measures and prints. With --save, writes the pages that were parsed wrongly."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--part", choices=("seen", "held-out", "both"), default="both")
    parser.add_argument("--show", type=int, default=0, help="how many examples of each kind to print")
    parser.add_argument("--save", type=Path, help="folder for the pages that are read wrong")
    parser.add_argument("--gate", action="store_true", help="exit status 1 if one percent or more is lost or false")
    options = parser.parse_args()
    failed = False
    for part in ("seen", "held-out") if options.part == "both" else (options.part,):
        for generic in (False, True):
            start = time.process_time()
            score = measure(make_pages(part, options.pages), generic=generic)
            spent = time.process_time() - start
            _report(f"{part}, {'general rules only' if generic else 'default'} ({options.pages} pages, {spent:.0f} s of CPU)", score)
            failed = failed or score.lost_pages >= 0.01 or score.lost >= 0.01 or score.false >= 0.01
            for kind, examples in score.examples.items():
                for at, shape, url in examples[: options.show]:
                    print(f"    {kind} {at}: {shape} {url}")
            if options.save and part == "seen":
                wrong = {at for examples in score.examples.values() for at, _, _ in examples}
                options.save.mkdir(parents=True, exist_ok=True)
                for at, made in enumerate(make_pages(part, options.pages)):
                    if at in wrong:
                        (options.save / f"{made.kind}-{at}.html").write_text(
                            f"{made.html}\n<!-- {made.url} {made.shape} -->", encoding="utf-8"
                        )
    if options.gate and failed:
        raise SystemExit("error: one percent or more of the generated pages is lost or false; see above")


if __name__ == "__main__":
    main()
