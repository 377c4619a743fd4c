"""`scrapy export`: writes a table, a named query or SQL into a file, without a server."""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
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
from scraper.numbers import formatted
from scraper.paths import project_path
from scraper.publishing.descriptions import served_files
from scraper.publishing.publication import sync
from scraper.report_language import say
from scraper.scratch_folder import ScratchFolder
from scraper.store.archive_file import check_ours, is_read_as_it_is, opened_for_reading
from scraper.store.schema import is_of_archive
from scraper.suggestions import suggestion
from scraper.two_languages import EMPTY, EN, VI, Message, same
from scraper.web import languages
from scraper.web.error_texts import explained
from scraper.web.file_queries import query_of
from scraper.web.languages import using
from scraper.web.running_files import open_reading

_ARCHIVE = "archive"  # the name of the database, by which metadata.yml describes it


def execute(settings: Settings, args: list[str], opts: argparse.Namespace) -> int:
    archive = project_path(settings["ARCHIVE"])
    if not archive.is_file():
        raise UserError(
            Message(
                f"{archive}: there is no archive yet; `make archive` makes one, or `scrapy crawl SOURCE`",
                f"{archive}: chưa có kho; `make archive` tạo kho, hoặc `scrapy crawl SOURCE`",
            )
        )
    check_ours(archive)
    given = [one for one in (*args, opts.query, opts.sql) if one is not None]
    if len(given) != 1:
        raise UserError(
            Message(
                "name one table, or --query and its name, or --sql and a statement, like: scrapy export articles --format xlsx",
                "hãy ghi một bảng, hoặc --query và tên câu hỏi, hoặc --sql và một lệnh, ví dụ: scrapy export articles --format xlsx",
            )
        )
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
            raise UserError(Message(f"{path}: is a folder; name a file", f"{path}: là thư mục; hãy ghi tên một tệp"))
        if path.exists() and not path.is_file():  # another file would take its place, that of /dev/null, too
            raise UserError(Message(f"{path}: is not a file; name a file", f"{path}: không phải là tệp; hãy ghi tên một tệp"))
        with closing(_Opened(datasette, query)) as opened:
            content = _write(opened, path, ending, plain=opts.plain)
    if opts.json:
        print(as_json(content).rstrip())
    else:
        say(_summary(path, content))
    return WELL


def _ending(opts: argparse.Namespace) -> str:
    """Returns the format that was chosen, which is also the ending of a file. Raises: UserError."""
    of_file = Path(opts.out).suffix.removeprefix(".") if opts.out else ""
    chosen = str(opts.format or (of_file if of_file in MEDIA_TYPES else "csv"))
    if chosen not in MEDIA_TYPES:
        raise UserError(
            Message(
                f"--format {chosen}: is not a format; use {', '.join(MEDIA_TYPES)}{suggestion(chosen, MEDIA_TYPES).en}",
                f"--format {chosen}: không có định dạng này; hãy dùng {', '.join(MEDIA_TYPES)}{suggestion(chosen, MEDIA_TYPES).vi}",
            )
        )
    if chosen not in possible():
        raise UserError(
            Message(
                f"--format {chosen}: needs the package pyarrow; install it with: pip install pyarrow",
                f"--format {chosen}: cần gói pyarrow; hãy cài bằng: pip install pyarrow",
            )
        )
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
        raise UserError(
            Message(
                f"-p {wrong[0]}: has no value; write it like -p number=07/2008/CT-BTTTT",
                f"-p {wrong[0]}: không có giá trị; hãy viết như -p number=07/2008/CT-BTTTT",
            )
        )
    name = args[0] if args else opts.query
    queries = await datasette.get_canned_queries(_ARCHIVE, None)
    tables = set(await datasette.get_database(_ARCHIVE).table_names()) | set(await datasette.get_database(_ARCHIVE).view_names())
    known = queries if opts.query else tables
    if name is not None and name not in known:
        kind = Message("named query", "câu hỏi có sẵn") if opts.query else Message("table", "bảng")
        shown = sorted(filter(is_of_archive, known))
        hint = suggestion(name, shown) or Message("; they are: ", "; kho có: ") + same(", ".join(shown))
        raise UserError(Message(f"{name}: there is no such {kind.en}{hint.en}", f"{name}: không có {kind.vi} nào tên như vậy{hint.vi}"))
    chosen = urlencode([*parameters, *([("sql", opts.sql)] if opts.sql else [])])
    text = opts.filters.lstrip("?") if args else chosen
    request = Request.fake(f"/?{text}", url_vars={"database": _ARCHIVE, "table": tilde_encode(name) if name else None, "pks": None})
    try:
        await datasette.invoke_startup()
        found = await query_of(datasette, request)
    except ClickException as error:
        raise UserError(_explained(str(error.message))) from error
    except DatasetteError as error:
        raise UserError(_explained(str(error.message))) from error
    except (Base400, InvalidSql, sqlite3.Error) as error:
        raise UserError(_explained(str(error))) from error
    if not isinstance(found, Query):
        raise UserError(
            Message(
                f"--filters {opts.filters}: are not those of a table's page after its URL was opened; open it and copy them again",
                f"--filters {opts.filters}: không phải bộ lọc của trang một bảng sau khi mở URL của trang đó; hãy mở trang rồi chép lại",
            )
        )
    return found


def _explained(said: str) -> Message:
    """Returns what Datasette or SQLite says, as a page says it in each language. SQLite's own messages stay in English."""
    texts = []
    for language in (EN, VI):
        with using(language):
            texts.append(explained(said)[0])
    return Message(*texts)


class _Opened:
    """A query whose reading has begun, with the state of the archive at that time."""

    def __init__(self, datasette: Datasette, query: Query) -> None:
        self.query = query
        self.state, self.reading = open_reading(datasette, query, Limits())
        try:
            self.reading.begin()
        except sqlite3.Error as error:
            self.reading.close()
            raise UserError(_explained(str(error))) from error

    def close(self) -> None:
        self.reading.close()


def _write(opened: _Opened, path: Path, ending: str, *, plain: bool) -> dict[str, object]:
    """Writes the file and its manifest, and returns the manifest. Both have their names only when both are complete; until then, an earlier
    file of that name stays.
    """
    digest = Digest()
    try:
        with ScratchFolder(f".{path.name[:100]}.partial", beside=path) as folder:
            partial, described = folder / "file", folder / "manifest"
            made = file_pieces(ending, opened.query, opened.reading, opened.state, Choices(plain=plain))
            with partial.open("wb") as file:
                file.writelines(_with_progress(digest.of(made), opened.reading))
            facts = {
                "file": path.name,
                "media_type": MEDIA_TYPES[ending],
                "made_at": f"{clock.now():%Y-%m-%dT%H:%M:%SZ}",
                "program": __version__,
            }
            content = manifest(opened.query, opened.reading, opened.state, digest, facts)
            described.write_text(as_json(content), encoding="utf-8")
            sync(partial)
            sync(described)
            partial.rename(path)
            described.rename(path.with_name(f"{path.name}.manifest.json"))
        sync(path.parent)
    except OSError as error:
        raise UserError(
            Message(
                f"{path}: cannot be written ({error.strerror or error}); choose another file",
                f"{path}: không ghi được ({error.strerror or error}); hãy chọn tệp khác",
            )
        ) from error
    return content


def _with_progress(pieces: Iterator[bytes], reading: Reading) -> Iterator[bytes]:
    with tqdm(unit=" rows", desc="export", disable=None, leave=False) as bar:
        for piece in pieces:
            bar.update(reading.count - bar.n)
            yield piece


def _summary(path: Path, content: dict[str, Any]) -> Message:
    number = content["repaired_texts"]
    repaired = Message(f", {number} texts were not UTF-8 and were repaired", f", đã sửa {number} chữ không phải UTF-8") if number else EMPTY
    en, vi = ([formatted(content[key], language) for key in ("rows", "bytes")] for language in (EN, VI))
    digest = content["sha256"]
    return (
        Message(f"{path}: {en[0]} rows, {en[1]} bytes, sha256 {digest}", f"{path}: {vi[0]} dòng, {vi[1]} byte, sha256 {digest}") + repaired
    )
