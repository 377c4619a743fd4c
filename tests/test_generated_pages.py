"""A sample of the generated pages of benchmarks/generated_pages.py (made by this project), and sites of unknown platform.

`make gate` measures 2,000 shapes of each part. The floors here are those of the sample. They may only rise.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

from benchmarks.generated_pages import make_pages, measure
from tests.conftest import Place
from tests.server import serving_pages

Shared = Callable[[str], Path]


@pytest.mark.parametrize("generic", [False, True])
@pytest.mark.parametrize("part", ["seen", "held-out"])
def test_a_sample_of_generated_pages(part: str, generic: bool) -> None:
    score = measure(islice(make_pages(part, 75), 75), generic=generic)
    assert set(score.pages) == {"article", "list", "record", "office", "search"}
    assert score.wrong == {}
    assert score.lost < 0.01


SECTION = "Thông báo - Mời họp"
TITLES = (
    "Bốn xã ven biển nhận loa truyền thanh chạy bằng pin mặt trời",
    "Trạm bơm Gò Mía chạy thử sau hai năm xây dựng",
    "Học trò trường bản tự vẽ bản đồ thôn mình trên máy tính",
    "Bưu tá huyện đảo thay xe máy cũ bằng xe điện",
    "Thôn Vĩnh Trà họp bàn chuyện đặt tên cho mười ba con ngõ",
)


def _menu() -> str:
    return '<ul class="menu"><li><a href="/">Trang chủ</a></li><li><a href="/thong-bao">Thông báo - Mời họp</a></li></ul>'


def _page(title: str, content: str) -> str:
    return f"<html><head><meta charset=utf-8><title>{title} - Sở mẫu</title></head><body>{_menu()}{content}</body></html>"


def test_a_section_whose_teasers_name_dated_documents_gives_its_articles(place: Place) -> None:
    items = "".join(
        f'<div class="tin"><h3><a href="/chitiet.aspx?id={at}">{title}</a></h3><p class="ngay">{at}/06/2021</p>'
        f"<p>Thực hiện Công văn số {at}72/UBND-VX ngày {at}/4/2021 và Kế hoạch số 5{at}/KH-UBND ngày 0{at}/5/2021, "
        f"các xã báo cáo trước ngày 2{at}/7/2021. Mỗi xã cử hai người theo dõi.</p></div>"
        for at, title in enumerate(TITLES, 1)
    )
    pages = {"/": _page("Trang chủ", "<h2>Chào mừng</h2>"), "/thong-bao": _page(SECTION, f"<h1>{SECTION}</h1>{items}")}
    for at, title in enumerate(TITLES, 1):
        text = f'<h1>{title}</h1><p class="ngay">0{at}/06/2021</p><p>Xem tệp kèm theo.</p><p><a href="/tep/{at}.pdf">Tải về</a></p>'
        pages[f"/chitiet.aspx?id={at}"] = _page(title, text)
    with serving_pages(pages) as site:
        extra = place.folder / "mine.toml"
        extra.write_text(f'[[source]]\nid = "so-mau"\nname = "Sở mẫu"\nunit = "nghe-an"\nsite = "{site.url}"\n', encoding="utf-8")
        place.scrapy("crawl", "so-mau", SOURCES_EXTRA=extra, DOWNLOAD_DELAY=0)
    found = place.rows("select title, substr(published_at, 1, 10) from articles order by published_at")
    assert found == [(title, f"2021-06-0{at}") for at, title in enumerate(TITLES, 1)]


def test_a_recorded_section_page_of_plain_teasers_gives_its_articles(place: Place, shared: Shared) -> None:
    extra = place.folder / "mine.toml"
    extra.write_text(
        '[[source]]\nid = "so-mau"\nname = "Sở mẫu"\nunit = "ninh-binh"\nsite = "https://sotttt.hoalu.gov.vn"\n', encoding="utf-8"
    )
    place.scrapy("crawl", "so-mau", SOURCES_EXTRA=extra, REPLAY=shared("cases/recordings/section-found.warc.gz"), code=None)
    assert place.rows("select count(*) from articles") == [(10,)]
