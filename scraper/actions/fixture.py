"""`scrapy fixture URL|FILE`: saves a page and its parsed fields as a test, which fails until a person has checked it."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator

from scrapy.settings import Settings

from scraper.actions import page_argument
from scraper.base_command import WELL
from scraper.citations import ReferenceDocuments
from scraper.model import Article, Capture, LinkRole, Moment, Page, Precision, UserError
from scraper.paths import project_path
from scraper.reader import read
from scraper.report_language import say
from scraper.text import fold
from scraper.two_languages import Message
from scraper.version import parser_version

_SHOWN = {Precision.MINUTE: 25, Precision.DAY: 10, Precision.MONTH: 7}  # characters of an ISO time that are written


def execute(settings: Settings, args: list[str], opts: argparse.Namespace) -> int:
    if len(args) != 1:
        raise UserError(
            Message(
                "give one URL or saved file, like: scrapy fixture page.html --url https://...",
                "hãy ghi một URL hoặc một tệp đã lưu, ví dụ: scrapy fixture page.html --url https://...",
            )
        )
    capture, source = page_argument.load_page(args[0], opts, settings)
    page = read(capture, source, ReferenceDocuments(), generic=opts.generic).page
    name = opts.name or _name(page, capture)
    folder = project_path(opts.into)
    toml, html = folder / f"{name}.toml", folder / f"{name}.html"
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]*", name):
        raise UserError(
            Message(
                f"--name {name}: use lower-case letters, digits and hyphens",
                f"--name {name}: chỉ dùng chữ thường không dấu, chữ số và dấu gạch nối",
            )
        )
    if toml.exists() or html.exists():
        raise UserError(Message(f"{toml}: exists already; give another --name", f"{toml}: đã có; hãy ghi --name khác"))
    if not folder.is_dir():
        raise UserError(
            Message(
                f"{folder}: is not a folder; name a folder with --into", f"{folder}: không phải thư mục; hãy ghi một thư mục bằng --into"
            )
        )
    html.write_bytes(capture.body)
    toml.write_text("\n".join(_lines(page, capture)) + "\n", encoding="utf-8")
    print(f"{html}\n{toml}\n")
    say(
        Message(
            "Now look at the page in a browser, and correct the fields in the .toml that were parsed wrongly.",
            "Giờ hãy mở trang bằng trình duyệt và sửa trong tệp .toml những trường đọc sai.",
        ),
        Message(
            'Then write your name into checked_by = "". Until then the test of this page fails.',
            'Sau đó ghi tên bạn vào checked_by = "". Trước khi có tên, bài kiểm thử của trang này không đạt.',
        ),
    )
    return WELL


def _name(page: Page, capture: Capture) -> str:
    words = page.article.title.value if page.article and page.article.title.value else capture.url.rpartition("/")[2] or "home"
    slug = re.sub(r"[^a-z0-9]+", "-", fold(words)).strip("-")[:40].strip("-")
    return f"{page.platform or 'plain'}-{slug or page.kind.value}"


def _lines(page: Page, capture: Capture) -> Iterator[str]:
    yield f"url = {_quoted(capture.url)}"
    yield f"captured = {capture.captured_at.isoformat(timespec='seconds').replace('+00:00', 'Z')}"
    yield f'made = "saved from the site; the fields were parsed by version {parser_version()} and wait for a person"'
    yield 'checked_by = ""'
    yield f"platform = {_quoted(page.platform or 'plain')}"
    yield f"kind = {_quoted(page.kind.value)}"
    yield f"content_type = {_quoted(capture.header('Content-Type') or '')}"
    yield ""
    if page.article is not None:
        yield "[fields]"
        yield from _fields(page.article)
    elif page.failure is not None:
        yield "[refused]"
        yield f"reason = {_quoted(page.failure.reason)}"
    else:
        yield "[listing]"
        yield "articles = ["
        yield from (f"  {_quoted(link.url)}," for link in page.links if link.role is LinkRole.ARTICLE)
        yield "]"
        yield from (f"next = {_quoted(link.url)}" for link in [link for link in page.links if link.role is LinkRole.NEXT][:1])


def _fields(article: Article) -> Iterator[str]:
    for name in ("title", "summary", "author", "section", "dateline", "byline"):
        if value := getattr(article, name).value:
            yield f"{name} = {_quoted(value)}"
    for name in ("published", "modified"):
        moment: Moment = getattr(article, name)
        if moment.value is not None and moment.precision is not None:
            yield f"{name} = {_quoted(moment.value.isoformat()[: _SHOWN[moment.precision]])}"
    if article.tags:
        yield f"tags = [{', '.join(_quoted(tag) for tag in article.tags)}]"
    if article.attachments:
        yield f"attachments = [{', '.join(_quoted(one.url) for one in article.attachments)}]"
    if article.stories:
        yield f"stories = [{', '.join(_quoted(one.title) for one in article.stories)}]"
    yield f'body = """\\\n{_escaped(article.body.value or "")}"""'


def _quoted(text: str) -> str:
    """Returns a TOML basic string. Its escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _escaped(text: str) -> str:
    """Returns the text between the quotes of a multi-line TOML string."""
    return "\n".join(_quoted(line)[1:-1] for line in text.split("\n"))
