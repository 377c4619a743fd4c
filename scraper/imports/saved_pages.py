"""Pages that a mirror program or a browser saved as files: HTTrack, wget, "save page as".

The URL of a page is the one that the program wrote into a comment, else the one that the path of the file means, else the canonical URL
that the page states. A file says nothing about the headers of the response, and its time is that of its last change, unless the comment
states it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from urllib.parse import quote, unquote

from scraper.imports.found import Found, Skipped, http_block, is_html, warc_record
from scraper.warc.dates import parse_date
from scraper.warc.versions import url_key

# <!-- Mirrored from so.tinh.gov.vn/tin.html by HTTrack Website Copier/3.x [XR&CO'2014], Thu, 30 Apr 2020 15:36:36 GMT -->
_MIRRORED = re.compile(rb"<!--\s*Mirrored from (\S+) by HTTrack[^,>]{0,80}(?:, ([^>]{0,60}?))?\s*-->")
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d+\)(https?://\S+?)\s*-->", re.IGNORECASE)
_CANONICAL = re.compile(rb"<(?:link|meta)\b[^<>]{0,1000}(?:rel=[\"']?canonical|property=[\"']?og:url)[^<>]{0,3000}>", re.IGNORECASE)
_LINKED = re.compile(rb"(?:href|content)=[\"']?(https?://[^\"'\s>]+)", re.IGNORECASE)
_ENDS = 20_000  # bytes at the beginning and at the end of a file in which a comment may be
_HOST = re.compile(r"((?:[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z]{2,}|(?:\d{1,3}\.){3}\d{1,3})(?:[:+_](\d{2,5}))?", re.IGNORECASE)
_DYNAMIC = r"(?:aspx?|php\d?|jsp|jspx|do|cgi|cfm|vnp|html?)"
_EXTENDED = re.compile(rf"(?:\.{_DYNAMIC}|[?@][^/]*=[^/]*)(?=\.html$)", re.IGNORECASE)  # wget -E adds .html
_COPY = re.compile(rf"(?<=\.)({_DYNAMIC})\.\d{{1,4}}$", re.IGNORECASE)  # a.html.1: wget without -nc keeps both
_AT_QUERY = re.compile(r"@(?=[\w.%\[\]-]{1,60}=)")  # wget --restrict-file-names=windows writes @ for ?
_RESOURCE = re.compile(
    r"\.(?:css|js|json|png|jpe?g|gif|ico|svg|webp|bmp|woff2?|ttf|eot|pdf|docx?|xlsx?|pptx?|zip|rar|mp[34]|flv|swf|xml|txt|log|toml)(?:[?@].*)?$",
    re.IGNORECASE,
)


def saved_pages(root: Path, files: Iterable[Path], limit: int, *, known: Collection[str] = ()) -> Found:
    """Yields the saved pages among `files` as WARC records.

    `root`: the folder that was given; a path begins there. `limit`: the largest page, in bytes. `known`: keys of URLs (`url_key`) that are
    not wanted.
    """
    present = {*files}
    for file in sorted(present):
        name = file.relative_to(root).as_posix()
        if file.name.endswith(".orig"):  # it is read in place of the page with changed links
            continue
        if _RESOURCE.search(file.name):
            yield Skipped(name, "not-a-page")
            continue
        try:
            yield from _page(root, file, present, limit, known)
        except OSError as error:
            yield Skipped(name, "unreadable", f"{error.strerror or error}")


def _page(root: Path, file: Path, present: Collection[Path], limit: int, known: Collection[str]) -> Found:
    name = file.relative_to(root).as_posix()
    # wget -k changes the links of a page, and with -K keeps the page as *.orig, under the name without the .html that -E added.
    whole, bare = file.with_name(f"{file.name}.orig"), file.with_name(f"{file.name.removesuffix('.html')}.orig")
    original = whole if whole in present else bare if bare in present else file
    if original.stat().st_size > limit:
        yield Skipped(name, "too-large")
        return
    body = original.read_bytes()
    if not body.strip():
        yield Skipped(name, "empty")
        return
    if not is_html(body):
        yield Skipped(name, "not-a-page")
        return
    url, stated = _stated(body)
    url = url or _of_path(root, bare.with_suffix("") if original == bare else file) or _canonical(body[:_ENDS])
    if url is None:
        yield Skipped(name, "no-url", "neither the file nor its path says of which URL it is")
        return
    if url_key(url) in known:
        return
    at, rule = (stated, "mirror-comment") if stated is not None else (datetime.fromtimestamp(int(file.stat().st_mtime), UTC), "file-time")
    yield warc_record(url, at, http_block(200, "OK", [("Content-Type", "text/html")], body), name, rule)


def _stated(body: bytes) -> tuple[str | None, datetime | None]:
    """Returns the URL and the time that a mirror program or a browser wrote into a comment."""
    for end in (body[:_ENDS], body[-_ENDS:]):
        mirrored = _MIRRORED.search(end)
        if mirrored is not None:
            url = unescape(mirrored[1].decode("utf-8", "replace"))
            date = parse_date(mirrored[2].decode("ascii", "replace")) if mirrored[2] else None
            return (url if url.startswith(("http://", "https://")) else f"http://{url}"), date
        saved = _SAVED_FROM.search(end)
        if saved is not None:
            return saved[1].decode("utf-8", "replace"), None
    return None, None


def _of_path(root: Path, file: Path) -> str | None:
    """Returns the URL that the path of a file means: wget -x writes it to HOST/PATH. Returns None if no folder is named like a host."""
    parts = (root.name, *file.relative_to(root).parts)
    at, host = next(((number, found) for number, part in enumerate(parts[:-1]) if (found := _HOST.fullmatch(part))), (0, None))
    if host is None:
        return None
    *folders, last = parts[at + 1 :]
    last = _COPY.sub(r"\1", last)
    if _EXTENDED.search(last):
        last = last.removesuffix(".html")
    last = _AT_QUERY.sub("?", last, count=1) if "?" not in last else last
    if re.fullmatch(r"index\.html?", last, re.IGNORECASE):
        last = ""
    path, mark, query = "/".join([*folders, last]).partition("?")
    # wget keeps the escapes of a URL that a file name may have, and undoes the others.
    port = f":{host[2]}" if host[2] else ""
    return f"http://{host[1].lower()}{port}/{quote(unquote(path), safe='/;,:@&=+$!~*()')}{mark}{quote(query, safe='/;,:@&=+$!~*()?%[]')}"


def _canonical(head: bytes) -> str | None:
    element = _CANONICAL.search(head)
    found = _LINKED.search(element[0]) if element is not None else None
    return unescape(found[1].decode("utf-8", "replace")) if found is not None else None
