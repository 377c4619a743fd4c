"""Days whose number, month and year are elements of their own, on articles and in lists. The pages are made by this project."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scraper.model import Capture, Page
from scraper.parse import read_page
from scraper.parse.generic.day_boxes import day_box
from scraper.sources import made_up

SITE = "http://hoinongdan.tralam.test"
TITLE = "Hội thi nhà nông đua tài của huyện năm nay"
URL = f"{SITE}/tin/hoi-thi-nha-nong-dua-tai-cua-huyen-nam-nay-18.html"
TEXT = (
    "<p>Hội thi có chín đội của các xã, mỗi đội trải qua ba phần thi là chào hỏi, kiến thức và xử lý tình huống ngoài đồng.</p>"
    "<p>Ban giám khảo trao giải nhất cho đội của xã ven sông, là đội trả lời đúng nhiều câu hỏi nhất về chăm sóc cây ăn quả.</p>"
)
NEWEST = (
    "<div class=sidebar><h3>Tin mới</h3><ul><li><a href=/tin/hop-ban-chap-hanh-hoi-19.html>Họp Ban Chấp hành Hội lần thứ chín</a> "
    "<span class=date>20/11/2023</span></li><li><a href=/tin/trao-ho-tro-von-20.html>Trao vốn hỗ trợ cho hội viên của ba xã</a> "
    "<span class=date>18/11/2023</span></li></ul></div>"
)


def _page(main: str, url: str = URL) -> Page:
    page = (
        "<!doctype html><html><head><meta charset=utf-8><title>Hội Nông dân</title></head><body><ul class=menu>"
        f"<li><a href=/>Trang chủ</a></li></ul><div class=main>{main}</div>{NEWEST}<div class=footer>Hội Nông dân</div></body></html>"
    )
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return read_page(Capture(url, 200, headers, page.encode(), datetime(2023, 12, 1, tzinfo=UTC)), made_up(url))


BOXES = {
    "<div class=ngay><span>08</span><span>Thg 3</span><span>2019</span></div>": "2019-03-08",
    "<div class=ngay><div>08</div><div>Tháng 3</div><div>2019</div></div>": "2019-03-08",
    "<div class=ngay><div>08</div><div>03/2019</div></div>": "2019-03-08",
    "<div class=ngay><p>8</p><p>3-2019</p></div>": "2019-03-08",
    "<div class=ngay><b>08/03</b><i>2019</i></div>": "2019-03-08",
    "<div class=ngay><strong>08</strong><span>Tháng Ba, 2019</span></div>": "2019-03-08",
    "<div class=ngay><span>08</span><br><span>Th3, 2019</span></div>": "2019-03-08",
    "<div class=ngay><span>Mar</span><span>08</span><span>2019</span></div>": "2019-03-08",
    "<div class=ngay><span>Tháng 3</span><span>08</span><span>2019</span></div>": "2019-03-08",
    "<div class=ngay><span>08</span><span>03</span><span>2019</span></div>": "2019-03-08",
    "<ul class=ngay><li>08</li><li>Thg 3</li><li>2019</li><li>15:30</li></ul>": "2019-03-08T15:30",
    "<div class=ngay><span>08</span><span>Thg 3</span><span>2019</span><span>15:30</span></div>": "2019-03-08T15:30",
    "<div class=ngay><span>Thứ Sáu</span><span>08</span><span>03/2019</span></div>": "2019-03-08",
    "<div class=ngay><div>08</div><div>Th.03</div><div>2019</div></div>": "2019-03-08",
    # Without a year no day is known, and that of the newest article beside the text is another page's.
    "<div class=ngay><span>08</span><span>Thg 3</span></div>": "",
    "<table><tr><th>Hạng</th><th>Tháng</th><th>Năm</th></tr><tr><td>8</td><td>Tháng 3</td><td>2019</td></tr></table>": "",
}


@pytest.mark.parametrize("above", [True, False])
@pytest.mark.parametrize("box", BOXES)
def test_a_day_in_several_elements(box: str, above: bool) -> None:
    head = f"{box}<h1>{TITLE}</h1>" if above else f"<h1>{TITLE}</h1>{box}"
    article = _page(f"<div class=bai>{head}<div class=noi-dung>{TEXT}</div></div>").article
    assert article is not None and article.title.value == TITLE
    published = article.published.value.isoformat() if article.published.value is not None else ""
    assert published.startswith(BOXES[box]) and bool(published) == bool(BOXES[box])


@pytest.mark.parametrize(
    "box", ["<div class=d><span>{0:02}</span><span>Thg {1}</span><span>2019</span></div>", "<p class=d><b>{0:02}</b><i>{1:02}/2019</i></p>"]
)
def test_the_days_of_the_entries_of_a_list(box: str) -> None:
    days = {8: 3, 2: 3, 27: 2, 19: 2}
    entries = "".join(
        f"<div class=muc>{box.format(day, month)}<a href=/tin/hoi-thi-cua-xa-so-{day}.html>Hội thi nhà nông của xã số {day}</a></div>"
        for day, month in days.items()
    )
    links = {link.url: link.day for link in _page(f"<h1>Hoạt động hội</h1>{entries}", f"{SITE}/hoat-dong-hoi").links}
    assert [str(links[f"{SITE}/tin/hoi-thi-cua-xa-so-{day}.html"]) for day in days] == [f"2019-{days[day]:02}-{day:02}" for day in days]


def test_the_headlines_of_a_chinese_list() -> None:
    """A headline has as many letters as a Vietnamese name of a section, and few words."""
    entries = "".join(
        f"<li><a href=/cn/{n}.html>林涛县举行第{n}次经济合作会议并交换意见</a><span>2019年3月{n}日</span></li>" for n in (8, 6, 5)
    )
    links = {link.url: str(link.day) for link in _page(f"<h1>新闻</h1><ul>{entries}</ul>", f"{SITE}/cn").links}
    assert [links[f"{SITE}/cn/{n}.html"] for n in (8, 6, 5)] == ["2019-03-08", "2019-03-06", "2019-03-05"]


@pytest.mark.parametrize(
    "pieces", [("5", "2", "2019"), ("08", "Thg 13", "2019"), ("08", "Thg 3"), ("2019", "Thg 3"), ("Thg 3", "2019"), ("1", "2", "3")]
)
def test_numbers_that_are_no_day_box(pieces: tuple[str, ...]) -> None:
    assert day_box(pieces) is None
