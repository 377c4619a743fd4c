"""Reading a whole capture: an article on several pages, a summary that the text repeats, a body that ends early."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scraper.citations import DocumentsInMemory
from scraper.model import Capture, PageKind, Story
from scraper.reader import Reading, cite, read, story_at
from scraper.sources import made_up

SITE = "https://so-mau.test"
URL = f"{SITE}/tin-tuc/so-mau-khanh-thanh-nha-van-hoa-xa-ven-bien-218.html"
TITLE = "Sở Mẫu khánh thành nhà văn hóa xã ven biển"
FIRST = "Sáng thứ tư, Sở Mẫu khánh thành nhà văn hóa của xã ven biển sau mười tháng xây dựng theo Quyết định số 12/QĐ-UBND."
SECOND = "Nhà văn hóa có hai trăm chỗ ngồi, một thư viện nhỏ và một phòng máy tính cho học sinh của bốn thôn trong xã."
THIRD = "Xã giao cho đoàn thanh niên giữ chìa khóa, mở cửa từ bảy giờ đến chín giờ tối các ngày trong tuần, theo Nghị định 61/2002/NĐ-CP."
AT = datetime(2022, 6, 1, tzinfo=UTC)


def _page(*paragraphs: str, title: str = TITLE, more: str = "") -> Capture:
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    page = (
        f"<!doctype html><html lang=vi><head><meta charset=utf-8><title>{title}</title></head><body><a href=/>Trang chủ</a>"
        f"<div class=chi-tiet><h1>{title}</h1><div class=ngay>25/05/2022 08:30</div><div class=noi-dung>{body}{more}</div></div></body>"
    )
    return Capture(URL, 200, (("Content-Type", "text/html"),), page.encode(), AT)


def _read(capture: Capture, *later: Capture, missing: bool = False) -> Reading:
    return read(capture, made_up(URL), DocumentsInMemory([]), later=later, pages_missing=missing)


def _body(reading: Reading) -> list[str]:
    assert reading.page.article is not None
    return (reading.page.article.body.value or "").split("\n\n")


def test_the_pages_of_an_article_become_one_text() -> None:
    reading = _read(
        _page(FIRST, more="<p><a href='/tep/a.pdf'>Phụ lục</a></p>"),
        _page(FIRST, SECOND, more="<p><a href='/tep/a.pdf'>Phụ lục</a> <a href='/tep/b.pdf'>Danh sách</a></p>", title=f"Trang 2: {TITLE}"),
        _page(THIRD, title=f"Page 3 - {TITLE}"),
    )
    article = reading.page.article
    assert article is not None
    paragraphs = _body(reading)
    assert [paragraphs.count(one) for one in (FIRST, SECOND, THIRD)] == [1, 1, 1]
    assert paragraphs.index(FIRST) < paragraphs.index(SECOND) < paragraphs.index(THIRD)
    assert [one.url for one in article.attachments] == [f"{SITE}/tep/a.pdf", f"{SITE}/tep/b.pdf"]
    assert [one.mention.number for one in reading.citations] == ["12/QĐ-UBND", "61/2002/NĐ-CP"]
    assert article.flags == ()


def test_a_page_of_another_article_is_no_part() -> None:
    other = _page(SECOND, title="Trường nội trú huyện Mẫu đón học sinh trở lại")
    assert _body(_read(_page(FIRST), other)) == [FIRST]
    assert _body(_read(_page(FIRST), _page(SECOND, title=f"{TITLE} (tiếp)"))) == [FIRST, SECOND]


def test_what_is_missing_of_an_article_is_flagged() -> None:
    whole, cut = _page(FIRST), replace(_page(SECOND), truncated=True)

    def flags(reading: Reading) -> tuple[str, ...]:
        assert reading.page.article is not None
        return reading.page.article.flags

    assert flags(_read(whole)) == ()
    assert flags(_read(whole, missing=True)) == ("pages-missing",)
    assert flags(_read(whole, cut)) == ("truncated",)
    assert flags(_read(cut)) == ("truncated",)
    assert flags(_read(whole, cut, missing=True)) == ("truncated", "pages-missing")
    assert _read(cut).truncated and not _read(whole).truncated


def test_a_list_page_has_no_citations() -> None:
    items = "".join(
        f"<li><a href='/tin-tuc/tin-so-{n}-ve-nha-van-hoa-{n}.html'>Tin số {n} về Nghị định 61/2002/NĐ-CP</a></li>" for n in range(9)
    )
    page = f"<html><head><title>Sở Mẫu</title></head><body><ul>{items}</ul></body></html>"
    reading = _read(replace(_page(), url=f"{SITE}/", body=page.encode(), truncated=True))
    assert reading.page.kind is PageKind.LISTING and reading.citations == () and reading.truncated


def _fields(summary: str, *paragraphs: str) -> list[str]:
    article = _read(_page(FIRST)).page.article
    assert article is not None
    given = replace(article, summary=replace(article.summary, value=summary), body=replace(article.body, value="\n\n".join(paragraphs)))
    return [one.field for one in cite(given, made_up(URL), DocumentsInMemory([]))]


@pytest.mark.parametrize(
    ("summary", "paragraphs", "fields"),
    [
        (FIRST, (FIRST, SECOND), ["body"]),
        (FIRST.upper(), (SECOND, "Ảnh: Sở Mẫu", FIRST), ["body"]),  # other case; captions come first
        (FIRST, (SECOND, SECOND + "!", SECOND + "?", FIRST), ["summary", "body"]),  # too far below
        (FIRST[:-5], (FIRST, SECOND), ["body"]),  # cut short
        (FIRST, (FIRST[:20] + " và bốn xã khác làm nhà văn hóa theo Quyết định số 12/QĐ-UBND.",), ["summary", "body"]),
        ("Quyết định số 12/QĐ-UBND", ("Quyết định số 12/QĐ-UBND có hiệu lực từ ngày mai, " + SECOND,), ["summary", "body"]),  # short
    ],
)
def test_a_summary_that_the_text_repeats_is_cited_once(summary: str, paragraphs: tuple[str, ...], fields: list[str]) -> None:
    assert _fields(summary, *paragraphs) == fields


def test_the_story_at_a_character() -> None:
    stories = (Story(1, "Một", 10, 20), Story(2, "Hai", 20, 30))
    assert [getattr(story_at(stories, at), "position", None) for at in (9, 10, 19, 20, 29, 30)] == [None, 1, 1, 2, 2, None]
    assert story_at((), 0) is None
