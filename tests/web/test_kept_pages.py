"""The kept page of a capture: shown from its WARC file, and harmless whatever is in it."""

from __future__ import annotations

import gzip
import re
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Request

from benchmarks.datasette_server import serving
from scraper.warc.records import Response
from scraper.warc.writing import encode
from scraper.web.kept_pages import LONGEST
from scraper.web.safe_html import without_active_content
from tests.conftest import Place
from tests.web.conftest import in_chromium, started_browser
from tests.web.test_datasette import served

HOSTILE = (
    "<script>document.title = 'ran'</script>",
    "<img src=x onerror=\"document.title = 'ran'\">",
    "<svg onload=\"document.title = 'ran'\"><script>1</script></svg>",
    "<a href=\"javascript:document.title = 'ran'\">a link</a>",
    '<a href="data:text/html,<script>1</script>">data</a>',
    '<meta http-equiv="refresh" content="0;url=https://elsewhere.example/">',
    '<base href="https://elsewhere.example/">',
    '<form action="https://elsewhere.example/"><input name="x"><button>send</button></form>',
    '<iframe src="https://elsewhere.example/"></iframe><object data="https://elsewhere.example/"></object><embed src="https://elsewhere.example/">',
    '<link rel="stylesheet" href="https://elsewhere.example/a.css">',
    '<style>@import "https://elsewhere.example/b.css"; body { background: url(https://elsewhere.example/c.png) }</style>',
    '<div style="background: url(https://elsewhere.example/d.png)">styled</div>',
    '<img src="https://elsewhere.example/e.png" srcset="https://elsewhere.example/f.png 2x">',
    "<video src='https://elsewhere.example/g.mp4' autoplay></video>",
    "<math><mtext><table><mglyph><style><img src=x onerror=\"document.title = 'ran'\"></style></mglyph></table></mtext></math>",
    "<noscript><p title=\"</noscript><img src=x onerror=document.title='ran'>\"></noscript>",
    "<p>" + "đ" * 3000 + "</p>",
)
PAGE = "<html><head><title>kept</title></head><body><h1>Tin đã lưu</h1>" + "".join(HOSTILE) + "<p>the end</p></body></html>"


def _with_page(sample: Place, folder: Path, body: bytes, content_type: str = "text/html; charset=utf-8", *, packed: bool = False) -> Path:
    """Copies the sample, and puts a page of ours where its first capture is. Returns the archive."""
    archive = folder / "archive.db"
    shutil.copy(sample.archive, archive)
    headers = (("Content-Type", content_type), *((("Content-Encoding", "gzip"),) if packed else ()))
    kept = Response(
        "http://mic.sample.test/a", 200, "OK", headers, gzip.compress(body) if packed else body, datetime(2026, 1, 2, tzinfo=UTC)
    )
    record, digest = encode(kept)
    (folder / "captures" / "sample-mic").mkdir(parents=True)
    (folder / "captures" / "sample-mic" / "hostile.warc.gz").write_bytes(record)
    with closing(sqlite3.connect(archive)) as database, database:
        database.execute(
            "update captures set source_id = 'sample-mic', warc_file = 'sample-mic/hostile.warc.gz', warc_offset = 0, warc_length = ?,"
            " digest = ?, encoding = 'utf-8', revisit_of = null where id = 1",
            [len(record), digest],
        )
    return archive


def _note_url(requested: list[str], request: Request) -> None:
    requested.append(request.url)


def _note_dialog(dialogs: list[str], dialog: Dialog) -> None:
    dialogs.append(dialog.message)
    dialog.dismiss()


@in_chromium
def test_a_hostile_page_is_harmless(sample: Place, tmp_path: Path) -> None:
    _with_page(sample, tmp_path, PAGE.encode())
    # A browser of its own: as long as one is open, no other test of the module could use an event loop.
    with serving(tmp_path) as url, started_browser() as browser:
        for path in ("/-/kept/1", "/-/kept/1/page"):
            page = browser.new_page()
            requested: list[str] = []
            dialogs: list[str] = []
            page.on("request", partial(_note_url, requested))
            page.on("dialog", partial(_note_dialog, dialogs))
            page.goto(url + path, wait_until="networkidle")
            assert page.title() != "ran" and dialogs == []
            assert {request for request in requested if not request.startswith((url, "data:"))} == set(), path
            assert len([request for request in requested if request.endswith("/page")]) == 1  # the frame stays where it is
            shown = page.frame_locator("iframe.kept").locator("body") if path == "/-/kept/1" else page.locator("body")
            assert "Tin đã lưu" in shown.inner_text() and "the end" in shown.inner_text()
            page.close()


def test_nothing_active_is_left_in_the_page(sample: Place, tmp_path: Path) -> None:
    get = served(_with_page(sample, tmp_path, PAGE.encode()), tmp_path)
    answer = get("/-/kept/1/page")
    assert "đ" * 3000 in answer.text and "a link" in answer.text and "<h1>Tin đã lưu</h1>" in answer.text
    left = re.findall(r"<(script|svg|iframe|object|embed|form|input|button|base|meta|link|video|math|noscript)\b", answer.text)
    assert left == [] and "javascript:" not in answer.text and "onerror" not in answer.text.replace("&quot;", "")
    assert not re.search(r'\b(?:src|href|srcset|action|data|poster)="', answer.text)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:") and policy.endswith("sandbox")
    assert answer.headers["x-content-type-options"] == "nosniff"
    outer = get("/en/-/kept/1").text
    assert 'sandbox="" ' in outer and 'src="/en/-/kept/1/page"' in outer and "The page as it was kept" in outer


def test_what_is_not_a_page_is_shown_as_text(sample: Place, tmp_path: Path) -> None:
    get = served(_with_page(sample, tmp_path, b"<script>alert(1)</script>", "application/json"), tmp_path)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in get("/-/kept/1").text
    get("/-/kept/1/page", 404)


def test_a_page_that_cannot_be_shown_says_why(sample: Place, tmp_path: Path) -> None:
    archive = _with_page(sample, tmp_path, b"x" * (LONGEST + 1), packed=True)
    get = served(archive, tmp_path)
    assert "too large" in get("/en/-/kept/1").text and "<iframe" not in get("/-/kept/1").text
    file = tmp_path / "captures/sample-mic/hostile.warc.gz"
    file.write_bytes(b"damaged")
    assert "scrapy captures verify" in get("/en/-/kept/1").text
    file.unlink()
    assert "not on this machine" in get("/en/-/kept/1").text and "không có trên máy này" in get("/-/kept/1").text
    get("/-/kept/1/page", 404)
    get("/-/kept/999999", 404)


def test_an_archive_of_others_names_no_other_files(sample: Place, tmp_path: Path) -> None:
    archive = _with_page(sample, tmp_path, b"<p>secret</p>")
    (tmp_path / "elsewhere").mkdir()
    shutil.move(tmp_path / "captures/sample-mic/hostile.warc.gz", tmp_path / "elsewhere/hostile.warc.gz")
    with closing(sqlite3.connect(archive)) as database, database:
        database.execute("update captures set warc_file = '../elsewhere/hostile.warc.gz' where id = 1")
    get = served(archive, tmp_path)
    assert "not in the folder of captures" in get("/en/-/kept/1").text
    get("/-/kept/1/page", 404)


def test_the_page_of_an_article_of_the_sample_is_shown(sample: Place, tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    shutil.copytree(sample.captures, tmp_path / "captures")
    shutil.copy(sample.archive, archive)
    get = served(archive, tmp_path)
    page = get("/archive/articles/20").text
    [kept] = re.findall(r'href="(/-/kept/\d+)"', page)
    [title] = re.findall("<title>(.*?) – Mẫu", page)
    assert title in get(f"{kept}/page").text


@pytest.mark.parametrize(
    "text", ["", " ", "<", "\x00", "<?xml version='1.0' encoding='latin-1'?><p>đ</p>", "<" * 5000, "<div>" * 5000 + "x"]
)
def test_odd_pages_are_cleaned(text: str) -> None:
    assert without_active_content(text).startswith("<!DOCTYPE html>")
