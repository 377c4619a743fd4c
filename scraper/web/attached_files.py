"""The files of an article on the pages: their names, what became of them, and what they cite. Numbers of texts are never added."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from scraper.web import days
from scraper.web.archive_rows import ArchiveRows, Row
from scraper.web.code_names import named
from scraper.web.document_names import COLUMNS
from scraper.web.languages import gettext as _
from scraper.web.languages import ngettext, number

MOST_FILES = 100  # of one article
_MOST_CITED = 400  # documents, of all files of an article
_SHORT_LIST = 10  # documents of one file
_LONGEST_NAME = 200  # characters

# SQL: what `described` needs of the table `files`.
STATES = (
    "files.id, files.url, files.state, files.reason, retry_at, requested_at, bytes, files.kind, text_state, detail, cut, page_count, font,"
    " files.confidence, extracted_at, document_state, files.document_id"
)


def file_name(url: str) -> str:
    """Returns what a file is called on its site: the last part of its path, or the value in its query that ends like the name of a file.

    >>> file_name("https://a.gov.vn/upload/QD%2012-2009.pdf"), file_name("https://a.gov.vn/tai.aspx?id=5&file=kem%2Ftheo.doc")
    ('QD 12-2009.pdf', 'theo.doc')
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return url[:_LONGEST_NAME]
    places = [unquote(value) for value in (parts.path, *(one.partition("=")[2] for one in parts.query.split("&")))]
    names = [re.split(r"[/\\]", place)[-1].strip() for place in places]
    likely = next((name for name in names if re.search(r"\.(?:pdf|docx?|xlsx?|rtf|od[ts]|pptx?|zip|rar|7z)$", name, re.IGNORECASE)), "")
    return (likely or names[0] or url)[:_LONGEST_NAME]


def size(count: object) -> str:
    """Returns a number of bytes as people write it; "" if it is not known.

    >>> size(812), size(20_480), size(3_565_158), size(None)
    ('812 byte', '20 KB', '3,4 MB', '')
    """
    if not isinstance(count, int):
        return ""
    if count < 1024:
        return ngettext("%(count)s byte", "%(count)s bytes", count) % {"count": count}
    return f"{number(round(count / 1024))} KB" if count < 1024**2 else f"{number(round(count / 1024**2, 1))} MB"


def percent(confidence: object) -> str:
    """Returns a confidence from 0 to 1 as a whole number of percent.

    >>> percent(0.874)
    '87'
    """
    return number(round(100 * confidence)) if isinstance(confidence, int | float) else "?"


def request_state(row: Row) -> str:
    """Returns what became of the request for a file, in the current language. Without a row in `files`: that nothing is known of it."""
    said = named("file state", row["state"]) if row["state"] else _("not noted yet: the next crawl of the source does that")
    if row["state"] == "failed":
        said += f": {named('failure', row['reason'])}; "
        said += _("requested again from %(day)s on") % {"day": days.day(row["retry_at"])} if row["retry_at"] else _("not requested again")
    return said


def text_state(row: Row) -> str:
    """Returns what became of the text of a file that was kept, in the current language; "" for one that was not."""
    if row["state"] != "kept":
        return ""
    if row["text_state"] is None:
        return _("its text was not read yet")
    said = named("text state", row["text_state"])
    if row["text_state"] == "ocr":
        said += ", " + _("confidence %(percent)s percent") % {"percent": percent(row["confidence"])}
    if row["cut"]:
        said += "; " + _("the rest was left out: %(limit)s") % {"limit": named("text cut", row["cut"])}
    return said


def has_text(row: Row) -> bool:
    """Returns whether there is a text to read."""
    return row["state"] == "kept" and row["text_state"] in ("extracted", "ocr")


def described(row: Row) -> dict[str, Any]:
    """Returns a row with `STATES` and the words for it: `file_name`, `size`, `kind_name`, `request`, `text`, `has_text`."""
    return dict(row) | {
        "file_name": file_name(str(row["url"])),
        "size": size(row["bytes"]),
        "kind_name": named("file kind", row["kind"]),
        "request": request_state(row),
        "text": text_state(row),
        "has_text": has_text(row),
    }


async def of_article(archive: ArchiveRows, article_id: object, source_id: object) -> dict[str, Any]:
    """Returns the files of an article (`files`), how many there are (`total`), how many documents they cite (`cited`), and whether more
    documents are cited than were read (`more_cited`).

    Each file has its words (`described`), `name` (the words of its link), the document that it is, and in `documents` the first of those
    that it cites, each with `page`, `times` and `is_basis`; `cites`: how many different ones; `unclear`: citations without a document.
    """
    rows = await archive.rows(
        f"select attachments.name, attachments.url as link, {STATES}, {COLUMNS} from attachments"
        " left join files on files.source_id = ? and files.url = attachments.url left join documents on documents.id = files.document_id"
        f" where article_id = ? order by attachments.id limit {MOST_FILES}",
        [source_id, article_id],
    )
    if not rows:
        return {"files": [], "total": 0, "cited": 0, "more_cited": False}
    [counted] = await archive.rows("select count(*) as files from attachments where article_id = ?", [article_id])
    keys = json.dumps([row["id"] for row in rows if row["id"] is not None])
    cited = await archive.rows(
        "select file_citations.file_id, file_citations.document_id, min(page) as page, count(*) as times, max(is_basis) as is_basis,"
        f" {COLUMNS}"
        " from file_citations left join documents on documents.id = file_citations.document_id"
        " where file_citations.file_id in (select value from json_each(?)) group by file_citations.file_id, file_citations.document_id"
        f" order by file_citations.file_id, min(file_citations.id) limit {_MOST_CITED + 1}",
        [keys],
    )
    return {
        "files": [_with_documents(row, cited) for row in rows],
        "total": counted["files"],
        "cited": len({row["document_id"] for row in cited[:_MOST_CITED] if row["document_id"] is not None}),
        "more_cited": len(cited) > _MOST_CITED,
    }


def _with_documents(row: Row, cited: list[Mapping[str, Any]]) -> dict[str, Any]:
    own = [one for one in cited if row["id"] is not None and one["file_id"] == row["id"]]
    documents = [one for one in own if one["document_id"] is not None]
    return described(dict(row) | {"url": row["link"]}) | {
        "cites": len(documents),
        "documents": documents[:_SHORT_LIST],
        "unclear": sum(one["times"] for one in own if one["document_id"] is None),
    }
