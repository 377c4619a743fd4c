"""The encodings of pages: declared, marked, found by the bytes; text that was encoded twice. Pages made by this project."""

from __future__ import annotations

import codecs
from datetime import UTC, datetime

import pytest

from scraper.model import Capture, Page, Rule
from scraper.parse import read_page
from scraper.rule_codes import RuleCode
from scraper.sources import made_up
from scraper.text import clean

URL = "https://xa-mau.test/tin-tuc/thu-vien-xa-mo-cua-buoi-toi-77.html"
TITLE = "Thư viện xã mở cửa buổi tối “cho bà con”"
TEXT = "Từ đầu tháng sau, thư viện xã mở cửa thêm buổi tối để bà con đi làm đồng về có chỗ đọc báo, mượn sách và dạy trẻ học."
AT = datetime(2022, 6, 1, tzinfo=UTC)


def _html(title: str = TITLE, meta: str = "", text: str = TEXT) -> str:
    return (
        f"<!doctype html><html lang=vi><head>{meta}<title>{title}</title></head><body><a href=/>Trang chủ</a><div class=chi-tiet>"
        f"<h1>{title}</h1><div class=ngay>25/05/2022 08:30</div><div class=noi-dung><p>{text}</p><p>{text}</p></div></div></body></html>"
    )


def _read(body: bytes, content_type: str = "text/html") -> Page:
    return read_page(Capture(URL, 200, (("Content-Type", content_type),), body, AT), made_up(URL))


def _title(page: Page) -> str | None:
    return page.article.title.value if page.article is not None else None


@pytest.mark.parametrize(
    ("body", "content_type", "encoding", "rule"),
    [
        (_html().encode(), "text/html", "utf-8", Rule(RuleCode.ENCODING_BYTES_FIT)),
        (_html().encode(), "text/html; charset=UTF-8", "utf-8", Rule(RuleCode.ENCODING_HEADER)),
        (_html(meta="<meta charset=utf-8>").encode(), "text/html", "utf-8", Rule(RuleCode.ENCODING_PAGE)),
        (_html(meta="<meta http-equiv=x content='text/html; charset=utf-8'>").encode(), "text/html", "utf-8", Rule(RuleCode.ENCODING_PAGE)),
        (_html().encode(), "text/html; charset=iso-8859-1", "utf-8", Rule(RuleCode.ENCODING_BYTES_FIT, "iso-8859-1")),
        (_html().encode(), "text/html; charset=base64", "utf-8", Rule(RuleCode.ENCODING_BYTES_FIT, "base64")),
        (_html(meta="<meta charset=utf-16>").encode(), "text/html", "utf-8", Rule(RuleCode.ENCODING_BYTES_FIT, "utf-16")),
        (codecs.BOM_UTF8 + _html().encode(), "text/html", "utf-8", Rule(RuleCode.ENCODING_BYTE_ORDER_MARK)),
        (codecs.BOM_UTF16_LE + _html().encode("utf-16-le"), "text/html", "utf-16-le", Rule(RuleCode.ENCODING_BYTE_ORDER_MARK)),
        (codecs.BOM_UTF16_BE + _html().encode("utf-16-be"), "text/html", "utf-16-be", Rule(RuleCode.ENCODING_BYTE_ORDER_MARK)),
        (_html().encode("utf-16-le"), "text/html", "utf-16-le", Rule(RuleCode.ENCODING_ZERO_BYTES)),
        (_html().encode("utf-16-be"), "text/html; charset=utf-8", "utf-16-be", Rule(RuleCode.ENCODING_ZERO_BYTES)),
        (_html().encode()[:-1] + b"\xe1", "text/html; charset=utf-8", "utf-8", Rule(RuleCode.ENCODING_BYTES_NEARLY_FIT)),
        (
            _html(text=TEXT + "\u2603").encode().replace(b"\xe2\x98\x83", b"\xff"),
            "text/html",
            "utf-8",
            Rule(RuleCode.ENCODING_BYTES_NEARLY_FIT),
        ),
        (
            _html(text=TEXT + "@@").encode().replace(b"@@", b"\xed\xa0\xbd\xed\xb8\x80"),
            "text/html",
            "utf-8",
            Rule(RuleCode.ENCODING_SURROGATES),
        ),
    ],
)
def test_the_encoding_of_a_page(body: bytes, content_type: str, encoding: str, rule: Rule) -> None:
    page = _read(body, content_type)
    assert (page.encoding, page.encoding_rule, _title(page)) == (encoding, rule, TITLE)


def test_two_surrogates_are_one_character_and_half_of_them_is_none() -> None:
    body = _html(text="Vui @@ quá, " + TEXT + " %%").encode().replace(b"@@", b"\xed\xa0\xbd\xed\xb8\x80").replace(b"%%", b"\xed\xa0\xbd")
    article = _read(body).article
    assert article is not None
    assert (article.body.value or "").startswith("Vui \U0001f600 quá, ")
    assert "\ufffd" in (article.body.value or "")


@pytest.mark.parametrize(("declared", "encoding"), [("iso-8859-1", "windows-1252"), ("windows-1258", "windows-1258")])
def test_a_code_page_of_windows(declared: str, encoding: str) -> None:
    body = _html("Café Zürich", text="Open in the evening: café and library. " * 4).encode("cp1252", "xmlcharrefreplace")
    page = _read(body, f"text/html; charset={declared}")
    assert (page.encoding, page.encoding_rule, _title(page)) == (encoding, Rule(RuleCode.ENCODING_HEADER), "Café Zürich")


def _twice(text: str, times: int) -> str:
    for _ in range(times):
        text = "".join(
            bytes([byte]).decode("cp1252") if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(byte) for byte in text.encode()
        )
    return text


@pytest.mark.parametrize("times", [1, 2, 3])
def test_text_that_was_encoded_again_is_repaired(times: int) -> None:
    page = _read(_twice(_html(), times).encode(), "text/html; charset=utf-8")
    assert page.encoding_rule == Rule(RuleCode.ENCODING_HEADER, notes=(RuleCode.ENCODED_REPEATEDLY,))
    assert page.article is not None
    assert page.article.title.value == TITLE
    assert page.article.title.original == clean(_twice(TITLE, times))
    assert (page.article.body.value or "").split("\n\n") == [TEXT, TEXT]


def test_a_quoted_example_of_broken_text_is_no_broken_text() -> None:
    page = _read(_html(text=TEXT + " Lỗi phông: “Ã©” và “Ã¨”.").encode(), "text/html; charset=utf-8")
    assert page.encoding_rule == Rule(RuleCode.ENCODING_HEADER)
    assert page.article is not None and "“Ã©” và “Ã¨”" in (page.article.body.value or "")
