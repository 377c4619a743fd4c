"""Classifies the links of a text: to another page, or to a file or an anchor that belongs to the text; the names of files."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

# Liferay has an id after the name of a file: /documents/10180/8123450/QD-318.pdf/0b7d1f4e-...
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|rtf|odt|ods|zip|rar|7z|jpe?g|png|gif|mp[34])(?:$|[?#]|/[0-9a-f-]{20,})", re.IGNORECASE)
_FEW = 3
# Programs that send a file whose name is not in their URL: /Handlers/DownloadFile.ashx?id=3321, /api/files/12/download,
# /c/document_library/get_file?uuid=... (Liferay), /LinkClick.aspx?fileticket=... (DotNetNuke), ?task=doc_download&gid=5 (Joomla).
_SENDER = r"/\w*(?:down-?load|get-?file|get_file|tai-?(?:ve|file|tep)|(?:view|open)-?file|file-?handler|attach|dinh-?kem)\w*(?:\.(?:aspx?|ashx|php|jsp|do))?"
_SENDS = re.compile(
    rf"{_SENDER}(?:\?(?=\S*\d)|/(?=[\da-f_-]*\d)[\da-f_-]+/?(?:$|[?#]))|/(?=[\da-f-]*\d)[\da-f-]+/(?:down-?load|tai-?ve)/?(?:$|[?#])"
    r"|[?&](?:task=[\w.]*download\b|wpdmdl=\d|fileticket=\w|file_?id=\w*\d|download=\d)",
    re.IGNORECASE,
)
# A file in Google Drive belongs to the text. The site does not send it, so it is not fetched.
_IN_DRIVE = re.compile(
    r"//(?:drive\.google\.com/(?:file/d/|open\?(?:\S*&)?id=|uc\?)|docs\.google\.com/(?:document|spreadsheets|presentation)/d/)\w",
    re.IGNORECASE,
)
_ENDS_AS_SENDER = re.compile(rf"{_SENDER}$", re.IGNORECASE)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|bmp|svg|mp[34])(?:$|[&#])", re.IGNORECASE)
# A quick check before the patterns: every URL that they match holds one of these, and few others do.
_SENDER_SIGNS = ("load", "file", "attach", "tai", "kem", "wpdmdl=")


def leads_elsewhere(href: str) -> bool:
    """Return True if a link leads to another page: not to a file, an anchor of this page, or an e-mail address."""
    href = href.strip()
    return bool(href) and not href.startswith(("#", "mailto:", "tel:", "javascript:")) and not is_file(href)


def sends_file(href: str) -> bool:
    """Return True if a URL is that of a program that sends a file, with the number of the file.

    >>> sends_file("/Handlers/DownloadFile.ashx?id=3321"), sends_file("/tai-ve"), sends_file("/huong-dan-tai-ve-2023.html")
    (True, False, False)
    """
    return _may_send(href) and _SENDS.search(href) is not None and _PICTURE.search(href) is None


def names_sender(path: str) -> bool:
    """Return True if a path ends in the name of a program that sends files: "/DownloadFile.ashx"."""
    return _may_send(path) and _ENDS_AS_SENDER.search(path) is not None


def _may_send(href: str) -> bool:
    return any(map(href.lower().__contains__, _SENDER_SIGNS))


def is_file(href: str) -> bool:
    """Return True if a link leads to a file, or to a program that sends one."""
    return _FILE.search(href) is not None or sends_file(href) or (".google.com/" in href and _IN_DRIVE.search(href) is not None)


def leads_to_file(node: LexborNode) -> bool:
    """Return True if one of the first three links in an element leads to a file."""
    own = [node] if node.tag == "a" else node.css("a[href]")[:_FEW]
    return any(is_file((link.attributes.get("href") or "").strip()) for link in own)


_FILE_NAME = re.compile(
    r"\W*[^\s/\\:*?\"<>|][^/\\:*?\"<>|]{0,119}\.(?:pdf|docx?|xlsx?|pptx?|rtf|odt|ods|zip|rar|7z)\W*(?:[\d.,]+\s?(?:bytes?|[kmg]i?b)\W*)?",
    re.IGNORECASE,
)


def is_file_name(text: str) -> bool:
    """Return True if a line is only the name of a file: "281-QD-STTTT.pdf (120 KB)". It names an attachment."""
    return len(text) <= 160 and "." in text and _FILE_NAME.fullmatch(text) is not None
