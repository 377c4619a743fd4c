"""The pages of a recorded site: WARC files, WACZ packages, or HTML files that a browser or a mirror program saved."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin

from scraper.content_coding import CannotDecode, TooLarge
from scraper.model import Capture, UserError
from scraper.two_languages import Message
from scraper.urls import host_of
from scraper.warc.packages import PACKAGE_SUFFIX
from scraper.warc.recording import Recording
from scraper.warc.records import SUFFIXES, decode

# A browser writes the URL of a page that it saves into a comment: <!-- saved from url=(0042)https://so.tinh.gov.vn/tin.html -->
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d+\)(\S+?)\s*-->")
_CANONICAL = re.compile(rb"<(?:link|meta)\b[^>]*(?:rel=[\"']?canonical|property=[\"']?og:url)[^>]*>", re.IGNORECASE)
_LINKED = re.compile(rb"(?:href|content)=[\"']?(https?://[^\"'\s>]+)", re.IGNORECASE)
_HEAD = 20_000  # bytes of a file in which its URL may be


def recorded_pages(path: Path, site: str | None, limit: int) -> Iterator[Capture]:
    """Yields the HTML pages with status 200 of a recording, or the saved HTML files of a folder.

    `site`: for WARC files, only pages of the host of this URL; for HTML files, the URL that the paths of the files are relative to. The
    default is the URL in the file: in `url` of a TOML file of the same name, in the comment of a browser, or the canonical URL.
    `limit`: maximum length of a page in bytes; longer pages are left out.

    Raises:
        UserError: if there is no such file, or it has no pages, or the URL of an HTML file is not known.
    """
    if not path.exists():
        raise UserError(
            Message(
                f"{path}: does not exist; give a WARC file, a WACZ package, or a folder of them or of saved HTML files",
                f"{path}: không có; hãy ghi một tệp WARC, một gói WACZ, hoặc một thư mục chứa chúng hay chứa các tệp HTML đã lưu",
            )
        )
    inside = sorted(path.rglob("*")) if path.is_dir() else [path]
    if any(file.name.endswith((*SUFFIXES, PACKAGE_SUFFIX)) for file in inside):
        yield from _of_warc(path, site, limit)
        return
    files = [file for file in inside if file.suffix.lower() in (".html", ".htm") and file.is_file()]
    if not files:
        raise UserError(
            Message(
                f"{path}: has no WARC file and no HTML file; give a recording of a site, see docs/adding-a-platform.md",
                f"{path}: không có tệp WARC và không có tệp HTML; hãy ghi một bản ghi của trang, xem docs/adding-a-platform.md",
            )
        )
    root = path if path.is_dir() else path.parent
    yield from (_of_file(file, root, site) for file in files if file.stat().st_size <= limit)


def _of_warc(path: Path, site: str | None, limit: int) -> Iterator[Capture]:
    recording = Recording([path])
    try:
        for url in list(recording.pages_not_found()):
            if site is not None and host_of(url) != host_of(site):
                continue
            try:
                found = recording.find(url, limit)
                if found is not None:
                    yield decode(found.response, limit)
            except (TooLarge, CannotDecode):
                continue
    finally:
        recording.close()


def _of_file(file: Path, root: Path, site: str | None) -> Capture:
    body = file.read_bytes()
    stated = file.with_suffix(".toml")
    facts = tomllib.loads(stated.read_text(encoding="utf-8")) if stated.exists() else {}
    url = facts.get("url") or (urljoin(f"{site}/", file.relative_to(root).as_posix()) if site else _url_in(body[:_HEAD]))
    if url is None:
        raise UserError(
            Message(
                f"{file}: does not state its URL; give the site with --url, like --url https://so.tinh.gov.vn",
                f"{file}: không cho biết URL của nó; hãy ghi trang bằng --url, ví dụ --url https://so.tinh.gov.vn",
            )
        )
    captured = facts.get("captured")
    at = captured if isinstance(captured, datetime) else datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return Capture(str(url), 200, (("Content-Type", "text/html"),), body, at.astimezone(UTC))


def _url_in(head: bytes) -> str | None:
    """Returns the URL that a saved page states, or None."""
    found = _SAVED_FROM.search(head)
    if found is None:
        element = _CANONICAL.search(head)
        found = _LINKED.search(element[0]) if element is not None else None
    return found[1].decode("utf-8", "replace") if found is not None else None
