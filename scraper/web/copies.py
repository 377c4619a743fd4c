"""The published copies of the archive (`scrapy publish`) as downloads: /-/copies. A setting names their folder; without it there is none.

plugins: vietnam-government-news-archive: copies: copies
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette import Response
from datasette.utils.asgi import NotFound, asgi_send_file

from scraper.web.languages import gettext as _
from scraper.web.plugin_settings import settings
from scraper.web.running_files import Send

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request

_MANIFEST = "manifest.json"
_DATABASE = "archive.db"
_PIECE = 256 * 1024


@dataclass(frozen=True, slots=True)
class Copy:
    """One published copy: its folder and its manifest."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def database(self) -> dict[str, Any]:
        """Size and digest of the database."""
        return dict(self.manifest["files"][_DATABASE])


def _copies(datasette: Datasette) -> list[Copy]:
    """Returns the copies, the newest first. Raises: NotFound if no folder is set."""
    folder = settings(datasette).get("copies")
    if folder is None:
        raise NotFound(_("This server offers no copies"))
    found = [copy for path in Path(folder).glob(f"[!.]*/{_MANIFEST}") if (copy := _copy(path)) is not None]
    return sorted(found, key=lambda copy: str(copy.manifest["made_at"]), reverse=True)


def _copy(path: Path) -> Copy | None:
    """Returns the copy that a manifest describes; None if it does not describe one, or is not there any more."""
    try:
        copy = Copy(path.parent, json.loads(path.read_text(encoding="utf-8")))
        # What the page shows of each.
        complete = copy.manifest["made_at"], copy.manifest["rows"]["articles"], copy.database["bytes"], copy.database["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return copy if None not in complete else None


async def page(datasette: Datasette, request: Request) -> Response:
    """Returns the list of copies. Raises: NotFound if no folder is set."""
    copies = await asyncio.to_thread(_copies, datasette)
    return Response.html(await datasette.render_template("copies.html", {"copies": copies}, request=request))


async def download(datasette: Datasette, request: Request) -> _Download:
    """Returns a file of a copy: the database, or what describes it. Raises: NotFound if the manifest does not name it."""
    copies = {copy.folder.name: copy for copy in await asyncio.to_thread(_copies, datasette)}
    copy, name = copies.get(request.url_vars["copy"]), request.url_vars["name"]
    if copy is None or name not in (*copy.manifest["files"], _MANIFEST):
        raise NotFound(_("There is no such copy"))
    return _Download(copy.folder / name, f"{copy.folder.name}-{name}")


class _Download:
    """A response that is a file on the disk, of known length."""

    def __init__(self, path: Path, name: str) -> None:
        self._path, self._name = path, name

    async def asgi_send(self, send: Send) -> None:
        await asgi_send_file(send, self._path, self._name, "application/octet-stream", chunk_size=_PIECE)
