"""/-/kept/<capture>: a page as it was kept, read from its WARC file and shown without scripts, forms and anything from elsewhere.

The page itself is in a frame (/-/kept/<capture>/page) with an empty `sandbox` and a Content-Security-Policy that allows only styles
in the page and pictures in it. Besides, what could run or lead away is removed from its HTML.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette import Response
from datasette.utils.asgi import NotFound

from scraper.content_coding import CannotDecode, TooLarge
from scraper.model import Capture, UserError
from scraper.paths import project_path
from scraper.store import captures
from scraper.web.languages import gettext as _
from scraper.web.safe_html import without_active_content
from scraper.web.served_archive import archive_name

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request
    from sqlite_utils import Database

LONGEST = 3 * 1024 * 1024  # bytes of a page that is shown; the longest real page seen has 0.6 MB
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox"
)
_AT_ONCE = asyncio.Semaphore(2)  # pages that are read and cleaned at the same time


async def page(datasette: Datasette, request: Request) -> Response:
    """Returns the page with the facts of a capture and the frame. Raises: NotFound, if the archive has no such capture."""
    name, row = await _row(datasette, request)
    found, reason = await _read(datasette, name, row)
    is_text = found is not None and not _is_html(found) and row["outcome"] != "file"
    kept = {
        "row": row,
        "reason": reason,
        "is_file": row["outcome"] == "file",
        "is_text": is_text,
        "text": _text(found, row["encoding"])[:200_000] if found is not None and is_text else "",
        "truncated": found is not None and found.truncated,
        "frame": datasette.urls.path(f"/-/kept/{row['id']}/page"),
    }
    return Response.html(await datasette.render_template("kept.html", {"kept": kept, "database": name}, request=request))


async def frame(datasette: Datasette, request: Request) -> Response:
    """Returns the kept page for the frame. Raises: NotFound, if there is none that can be shown."""
    name, row = await _row(datasette, request)
    found, reason = await _read(datasette, name, row)
    if found is None or not _is_html(found):
        raise NotFound(reason or _("This capture is not an HTML page."))
    async with _AT_ONCE:
        html = await asyncio.to_thread(without_active_content, _text(found, row["encoding"]))
    headers = {
        "content-security-policy": POLICY,
        "x-content-type-options": "nosniff",
        "x-frame-options": "SAMEORIGIN",
        "referrer-policy": "no-referrer",
        "x-robots-tag": "noindex",
        "cache-control": "max-age=86400",  # a capture never changes
    }
    return Response(html, headers=headers, content_type="text/html; charset=utf-8")


async def _row(datasette: Datasette, request: Request) -> tuple[str, dict[str, Any]]:
    name = archive_name(datasette)
    if name is None:
        raise NotFound(_("There is no archive here."))
    result = await datasette.get_database(name).execute(
        "select captures.id, captures.url, captured_at, captures.status, content_type, digest, encoding, outcome, warc_file, warc_offset,"
        " lost_at, revisit_of, source_id, sources.name as source, (select min(articles.id) from articles where capture_id = captures.id)"
        " as article_id, (select files.id from files where files.source_id = captures.source_id and files.url = captures.url) as file_id"
        " from captures join sources on sources.id = source_id where captures.id = ?",
        [int(request.url_vars["capture"])],
    )
    if not result.rows:
        raise NotFound(_("The archive has no such capture."))
    return name, dict(result.rows[0])


def _folder(archive: str | None) -> Path:
    """Returns the folder of the WARC files: the setting CAPTURES, else `captures` beside the archive."""
    stated = os.environ.get("CAPTURES")
    return project_path(stated) if stated else Path(archive or ".").resolve().parent / "captures"


async def _read(datasette: Datasette, name: str, row: dict[str, Any]) -> tuple[Capture | None, str]:
    """Returns the response of a capture, or None and why it cannot be shown, in the current language."""
    database = datasette.get_database(name)
    folder = _folder(database.path)

    def kept(connection: Any) -> captures.KeptCapture | None:
        from sqlite_utils import Database as Tables

        tables: Database = Tables(connection)
        return next(iter(captures.kept(tables, folder, "id = ?", [row["id"]])), None)

    found = await database.execute_fn(kept)
    if found is None:
        return None, _("The archive has no such capture.")
    places = [found.place.file, *([found.original.file] if found.original else [])]
    # An archive of others may name any file.
    if not all(place.resolve().is_relative_to(folder.resolve()) for place in places):
        return None, _("The WARC file of this capture is not in the folder of captures.")
    if not all(place.is_file() for place in places):
        return None, _("The WARC files are not on this machine, so the page cannot be shown. Whoever has them finds it by the facts above.")
    try:
        async with _AT_ONCE:
            return await asyncio.to_thread(captures.load, found, LONGEST), ""
    except TooLarge:
        return None, _("The response is too large to be shown here.")
    except (UserError, CannotDecode, OSError, ValueError):
        return None, _("The record of this capture cannot be read; see: scrapy captures verify.")


def _is_html(capture: Capture) -> bool:
    stated = next((value for name, value in capture.headers if name.lower() == "content-type"), "")
    kind = stated.partition(";")[0].strip().lower()
    return kind in ("text/html", "application/xhtml+xml") or (not kind and b"<html" in capture.body[:2000].lower())


def _text(capture: Capture, encoding: str | None) -> str:
    """Returns the text of a response, in the encoding that was found when it was read."""
    try:
        return capture.body.decode(encoding if encoding not in (None, "xml", "none") else "utf-8", errors="replace")
    except LookupError:  # an encoding that Python does not know
        return capture.body.decode("utf-8", errors="replace")
