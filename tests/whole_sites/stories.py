"""The articles that all whole sites publish, and what the sites share: the registry, the shell of their pages, lists with a pager."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scraper.parse.fields.written_dates import VIETNAM
from scraper.text import fold
from tests.server import Answer, Sent

PER_PAGE = 4


SECTIONS = ("Tin tức - Sự kiện", "Chuyển đổi số", "Thông báo")


PLACES = ("huyện Thạch Lĩnh", "xã Cồn Ba", "thị xã Phú Vinh")


TITLES = (
    "Khai mạc ngày hội chuyển đổi số của bà con {place}",
    "Khai trương điểm phục vụ bưu chính ở {place}",
    "Sóng di động đến mọi thôn của {place} trước mùa mưa",
    "Lớp học chữ ký số cho văn thư các phòng của {place}",
    "Đoàn thanh niên giúp bà con {place} cài ứng dụng dịch vụ công",
    "Kiểm tra an toàn thông tin tại trung tâm dữ liệu của {place}",
    "Thư viện {place} số hóa xong sắc phong triều Nguyễn",
    "Diễn tập ứng cứu sự cố mạng giữa đêm ở {place}",
    "Trao giải cuộc thi viết thư quốc tế cho học sinh {place}",
    "Lịch tiếp công dân của lãnh đạo {place} trong quý hai",
    "Mời báo giá thiết bị truyền thanh không dây cho {place}",
    "Tạm dừng tiếp nhận hồ sơ ở {place} trong dịp nghỉ lễ",
)


SITE_NAME = "Sở Thông tin và Truyền thông Cồn Én"


def slug_of(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")


@dataclass(frozen=True)
class Story:
    """An article, as its site should be read. `files`: paths."""

    id: int
    section: int
    title: str
    at: datetime
    paragraphs: tuple[str, ...]
    files: tuple[str, ...]
    document: str  # a document that the text cites

    @property
    def slug(self) -> str:
        return slug_of(self.title)

    @property
    def html(self) -> str:
        return "".join(f"<p>{one}</p>" for one in self.paragraphs)

    @property
    def summary(self) -> str:
        return self.paragraphs[0][:90]

    def day(self, form: str = "%d/%m/%Y") -> str:
        return f"{self.at:{form}}"

    def links(self, form: str = "<a href='{}'>Tải về tệp đính kèm</a>") -> str:
        return "".join(form.format(path) for path in self.files)


def _story(section: int, number: int) -> Story:
    place = PLACES[section]
    title = TITLES[number].format(place=place)
    at = datetime(2024, 6, 20, 9, 5, tzinfo=VIETNAM) - timedelta(days=9 * number + section, hours=number % 3)
    key = 4100 - 12 * number - section
    document = f"{key % 90 + 10}/KH-STTTT"
    lower = title[0].lower() + title[1:]
    first = f"Ngày {at.day}/{at.month}, {lower} là việc được bàn nhiều nhất trong buổi giao ban tuần của các phòng chuyên môn."
    second = f"Thực hiện Kế hoạch số {document} ngày 02/01/2024 của Sở, {place} đã chuẩn bị nhân lực, máy móc và phương án dự phòng cho từng thôn."
    if number in (9, 11):  # a notice
        paragraphs: tuple[str, ...] = (second,)
    else:
        third = f"Đại diện {place} cho biết đã có {number + 12} hộ dân đăng ký tham gia, nhiều hơn năm ngoái; phần việc còn lại xong trước tháng chín."
        last = "Lãnh đạo Sở yêu cầu ghi lại những chỗ còn vướng để tháo gỡ ngay, không để dồn sang quý sau."
        paragraphs = (first, second, third, last)
    files = (f"/uploads/{at:%Y}/{slug_of(title)[:20]}-{key}.pdf",) if number in (3, 9, 10) else ()
    return Story(key, section, title, at, paragraphs, files, document)


@dataclass
class Data:
    """The articles of a site on one day, newest first."""

    second_day: bool = False
    stories: list[Story] = field(init=False)

    def __post_init__(self) -> None:
        first = 0 if self.second_day else 1
        stories = [_story(section, number) for section in range(len(SECTIONS)) for number in range(first, len(TITLES))]
        self.stories = sorted(stories, key=lambda one: one.at, reverse=True)

    def of(self, section: int) -> list[Story]:
        return [one for one in self.stories if one.section == section]

    def page(self, section: int, page: int) -> list[Story]:
        return self.of(section)[(page - 1) * PER_PAGE : page * PER_PAGE]

    def lists(self) -> list[tuple[int, int]]:
        return [(section, page) for section in range(len(SECTIONS)) for page in range(1, self.last + 1)]

    last: int = 3


@dataclass
class Made:
    """The pages of a site. `articles`: path -> what the article must be read as. `program` answers before all pages."""

    pages: dict[str, str | Answer]
    articles: dict[str, Story]
    program: Callable[[Sent], Answer | None] | None = None


Maker = Callable[[Data], Made]


SITES: dict[str, Maker] = {}


def site(name: str) -> Callable[[Maker], Maker]:
    def keep(maker: Maker) -> Maker:
        SITES[name] = maker
        return maker

    return keep


def slugs() -> list[str]:
    return [slug_of(name) for name in SECTIONS]


def plain(
    title: str, content: str, menu: str = "", *, head: str = "", body: str = "", side: str = "", lang: str = "vi", charset: str = "utf-8"
) -> str:
    """Returns a page in the shell that most of these sites share: a banner, a menu, a column and a foot."""
    return (
        f"<!DOCTYPE html><html lang='{lang}'><head><meta charset='{charset}'><title>{title}</title>{head}</head><body {body}>"
        f"<div class='banner'><a href='/'><img src='/logo.png' alt='{SITE_NAME}'></a></div>{menu}"
        f"<div class='container'><div class='row'><div class='col-md-9'>{content}</div><div class='col-md-3'>{side}</div></div></div>"
        f"<div class='footer'><p>Cơ quan chủ quản: {SITE_NAME}. Địa chỉ: 12 Trần Phú. Điện thoại: 0254 3999 111</p>"
        f"<p>Giấy phép số 12/GP-TTĐT ngày 03/02/2019. Đang truy cập: 17. Tổng lượt truy cập: 120.331</p></div></body></html>"
    )


def menu_of(urls: list[str], more: str = "") -> str:
    links = "".join(f"<li><a href='{url}'>{name}</a></li>" for url, name in zip(urls, SECTIONS, strict=True))
    about = "<li><a href='/gioi-thieu'>Giới thiệu</a></li><li><a href='/lien-he'>Liên hệ</a></li>"
    return f"<nav class='menu'><ul><li><a href='/'>Trang chủ</a></li>{about}{links}{more}</ul></nav>"


def standing(menu: str) -> dict[str, str | Answer]:
    about = f"<h1>Giới thiệu</h1><p>{SITE_NAME} là cơ quan chuyên môn thuộc Ủy ban nhân dân tỉnh, tham mưu về bưu chính, viễn thông.</p>"
    contact = "<h1>Liên hệ</h1><p>Địa chỉ: 12 Trần Phú</p><form action='/gui'><input name='ten'><textarea name='noidung'></textarea></form>"
    return {"/gioi-thieu": plain("Giới thiệu", about, menu), "/lien-he": plain("Liên hệ", contact, menu)}


def page_of(pages: Mapping[str, str | Answer], path: str) -> Answer | None:
    page = pages.get(path)
    return (200, {}, page.encode()) if isinstance(page, str) else page


def lists_of(
    data: Data, urls: list[str], path_of: Callable[[Story], str], *, later: str, item: Callable[[Story], str] | None = None,
    content: Callable[[Story], str] | None = None, shell: Callable[..., str] = plain, pager: Callable[[str, int], str] | None = None, menu: str | None = None,
) -> Made:  # fmt: skip
    """Returns a site of links: `later` is added to the URL of a section for a later page. `content`: of an article."""
    menu = menu_of([html.escape(url) for url in urls]) if menu is None else menu

    def default_item(one: Story) -> str:
        return f"<div class='item'><h3><a href='{html.escape(path_of(one))}'>{one.title}</a></h3><span class='date'>{one.day()}</span><p>{one.summary}...</p></div>"

    def default_content(one: Story) -> str:
        files = f"<div class='tep-dinh-kem'>{one.links()}</div>" if one.files else ""
        return f"<h1 class='title'>{one.title}</h1><div class='date'>{one.day('%d/%m/%Y %H:%M')}</div><div class='content'>{one.html}</div>{files}"

    show, detail = item or default_item, content or default_content
    pages: dict[str, str | Answer] = {"/": shell(SITE_NAME, "".join(map(show, data.stories[:3])), menu), **standing(menu)}
    for section, page in data.lists():
        url = urls[section]
        if pager is None:
            foot = "".join(
                f"<a href='{html.escape((url + later.format(page=n)) if n > 1 else url)}'>{n}</a> " for n in range(1, data.last + 1)
            )
        else:
            foot = pager(url, page)
        shown = shell(
            f"{SECTIONS[section]} - {SITE_NAME}",
            f"<h2>{SECTIONS[section]}</h2>{''.join(map(show, data.page(section, page)))}<div class='pagination'>{foot}</div>",
            menu,
        )
        pages[url if page == 1 else url + later.format(page=page)] = shown
    for one in data.stories:
        pages[path_of(one)] = shell(f"{one.title} - {SITE_NAME}", detail(one), menu)
    return Made(pages, {path_of(one): one for one in data.stories})
