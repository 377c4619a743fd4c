"""`scrapy export`: writes a table, a named query or SQL into a file, without a server."""

from __future__ import annotations

import argparse
import asyncio
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlencode

import yaml
from click import ClickException
from datasette.app import Datasette
from datasette.database import Database
from datasette.utils import InvalidSql, tilde_encode
from datasette.utils.asgi import Base400, Request
from datasette.views.base import DatasetteError
from scrapy.settings import Settings
from tqdm import tqdm

from scraper import __version__, clock
from scraper.base_command import WELL
from scraper.export.formats import MEDIA_TYPES, Choices, file_pieces, possible
from scraper.export.manifest import Digest, as_json, manifest
from scraper.export.reading import Limits, Query, Reading
from scraper.model import UserError
from scraper.paths import project_path
from scraper.publishing.descriptions import served_files
from scraper.publishing.publication import sync
from scraper.store.archive_file import check_ours, is_read_as_it_is, opened_for_reading
from scraper.store.schema import is_of_archive
from scraper.suggestions import nearest
from scraper.web import languages
from scraper.web.file_queries import query_of
from scraper.web.running_files import open_reading

_ARCHIVE = "archive"  # the name of the database, by which metadata.yml describes it


def execute(settings: Settings, args: list[str], opts: argparse.Namespace) -> int:
    archive = project_path(settings["ARCHIVE"])
    if not archive.is_file():
        raise UserError(f"{archive}: there is no archive yet; `make archive` makes one, or `scrapy crawl SOURCE`")
    check_ours(archive)
    given = [one for one in (*args, opts.query, opts.sql) if one is not None]
    if len(given) != 1:
        raise UserError("name one table, or --query and its name, or --sql and a statement, like: scrapy export articles --format xlsx")
    ending = _ending(opts)
    with languages.using(opts.language), opened_for_reading(archive):
        datasette = _datasette(archive)
        try:
            query = asyncio.run(_query(datasette, args, opts))
        except UserError:
            with languages.using("en"):  # in which commands speak; the names in the file are those of --language
                query = asyncio.run(_query(datasette, args, opts))
        path = Path(opts.out or f"{query.name}.{ending}").absolute()
        if path.is_dir():
            raise UserError(f"{path}: is a folder; name a file")
        with closing(_Opened(datasette, query)) as opened:
            content = _write(opened, path, ending, plain=opts.plain)
    print(as_json(content).rstrip() if opts.json else _summary(path, content))
    return WELL


def _ending(opts: argparse.Namespace) -> str:
    """Returns the format that was chosen, which is also the ending of a file. Raises: UserError."""
    of_file = Path(opts.out).suffix.removeprefix(".") if opts.out else ""
    chosen = str(opts.format or (of_file if of_file in MEDIA_TYPES else "csv"))
    if chosen not in MEDIA_TYPES:
        raise UserError(f"--format {chosen}: is not a format; use {', '.join(MEDIA_TYPES)}{nearest(chosen, MEDIA_TYPES)}")
    if chosen not in possible():
        raise UserError(f"--format {chosen}: needs the package pyarrow; install it with: pip install pyarrow")
    return chosen


def _datasette(archive: Path) -> Datasette:
    """Returns a Datasette that knows the named queries and the SQL functions of the pages. It serves nothing."""
    metadata = yaml.safe_load(served_files()[0].read_text(encoding="utf-8"))
    datasette = Datasette(metadata=metadata)
    datasette.add_database(Database(datasette, path=str(archive), is_mutable=not is_read_as_it_is(archive)), name=_ARCHIVE)
    return datasette


async def _query(datasette: Datasette, args: list[str], opts: argparse.Namespace) -> Query:
    """Returns the query that the page of the same table or query would show. Raises: UserError if there is no such thing."""
    parameters = [tuple(one.split("=", 1)) for one in opts.parameters]
    if wrong := next((one for one in parameters if len(one) != 2), None):
        raise UserError(f"-p {wrong[0]}: has no value; write it like -p number=07/2008/CT-BTTTT")
    name = args[0] if args else opts.query
    queries = await datasette.get_canned_queries(_ARCHIVE, None)
    tables = set(await datasette.get_database(_ARCHIVE).table_names()) | set(await datasette.get_database(_ARCHIVE).view_names())
    known = queries if opts.query else tables
    if name is not None and name not in known:
        kind = "named query" if opts.query else "table"
        shown = sorted(filter(is_of_archive, known))
        raise UserError(f"{name}: there is no such {kind}{nearest(name, shown) or '; they are: ' + ', '.join(shown)}")
    chosen = urlencode([*parameters, *([("sql", opts.sql)] if opts.sql else [])])
    text = opts.filters.lstrip("?") if args else chosen
    request = Request.fake(f"/?{text}", url_vars={"database": _ARCHIVE, "table": tilde_encode(name) if name else None, "pks": None})
    try:
        await datasette.invoke_startup()
        found = await query_of(datasette, request)
    except ClickException as error:
        raise UserError(error.message) from error
    except DatasetteError as error:
        raise UserError(str(error.message)) from error
    except (Base400, InvalidSql, sqlite3.Error) as error:
        raise UserError(str(error)) from error
    if not isinstance(found, Query):
        raise UserError(f"--filters {opts.filters}: are not those of a table's page after its URL was opened; open it and copy them again")
    return found


class _Opened:
    """A query whose reading has begun, with the state of the archive at that time."""

    def __init__(self, datasette: Datasette, query: Query) -> None:
        self.query = query
        self.state, self.reading = open_reading(datasette, query, Limits())
        try:
            self.reading.begin()
        except sqlite3.Error as error:
            self.reading.close()
            raise UserError(str(error)) from error

    def close(self) -> None:
        self.reading.close()


def _write(opened: _Opened, path: Path, ending: str, *, plain: bool) -> dict[str, object]:
    """Writes the file and its manifest, and returns the manifest. The file has its name only when it is complete; until then, an earlier
    file of that name stays.
    """
    digest = Digest()
    partial = path.with_name(f".{path.name}.partial-{os.getpid()}")
    made = file_pieces(ending, opened.query, opened.reading, opened.state, Choices(plain=plain))
    try:
        with partial.open("wb") as file:
            file.writelines(_with_progress(digest.of(made), opened.reading))
        sync(partial)
        facts = {
            "file": path.name,
            "media_type": MEDIA_TYPES[ending],
            "made_at": f"{clock.now():%Y-%m-%dT%H:%M:%SZ}",
            "program": __version__,
        }
        content = manifest(opened.query, opened.reading, opened.state, digest, facts)
        partial.rename(path)
        path.with_name(f"{path.name}.manifest.json").write_text(as_json(content), encoding="utf-8")
        sync(path.parent)
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror or error}); choose another file") from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    return content


def _with_progress(pieces: Iterator[bytes], reading: Reading) -> Iterator[bytes]:
    with tqdm(unit=" rows", desc="export", disable=None, leave=False) as bar:
        for piece in pieces:
            bar.update(reading.count - bar.n)
            yield piece


def _summary(path: Path, content: dict[str, object]) -> str:
    repaired = f", {content['repaired_texts']} texts were not UTF-8 and were repaired" if content["repaired_texts"] else ""
    return f"{path}: {content['rows']} rows, {content['bytes']} bytes, sha256 {content['sha256']}{repaired}"
