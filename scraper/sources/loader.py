"""Loads the sources: one `[[source]]` block per web site, in the TOML files of this folder and in the user's own files.

The loader rejects a bad block with one line: file, block, key, what is wrong and how to fix it. It never guesses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from scraper.model import Source
from scraper.paths import project_paths
from scraper.sources.block import source_of
from scraper.sources.errors import SourceError
from scraper.sources.groups import FOLDER, is_shipped
from scraper.sources.overlaps import with_parts
from scraper.sources.toml_file import blocks
from scraper.suggestions import suggestion
from scraper.two_languages import Message
from scraper.urls import host_of


def shipped_files() -> list[Path]:
    """Returns the TOML files that the project ships, ordered by name."""
    return sorted(FOLDER.glob("*.toml"))


def load(extra: Iterable[Path] = (), *, live: bool = True) -> dict[str, Source]:
    """Returns every source of the project's files and of the `extra` files, by id and in the order of the files.

    `live`: pages may be requested. If recordings answer, or nothing is requested, two sources may have the same pages.

    Raises:
        SourceError: for the first error. The message names file, block, key and how to fix it.
    """
    sources: dict[str, Source] = {}
    for path in [*shipped_files(), *extra]:
        for source in _sources_of(path):
            if (other := sources.get(source.id)) is not None:
                raise SourceError(
                    Message(
                        f'{path}: block {source.block}: key "id": "{source.id}" is taken already by block {other.block} of {other.file};'
                        " choose another id",
                        f'{path}: khối {source.block}: khóa "id": "{source.id}" đã được dùng ở khối {other.block} của {other.file};'
                        " hãy chọn id khác",
                    )
                )
            sources[source.id] = source
    for source in sources.values():
        if source.successor is not None and source.successor not in sources:
            hint = suggestion(source.successor, sources)
            raise SourceError(
                Message(
                    f'{source.file}: block {source.block} ({source.id}): key "successor": there is no source "{source.successor}"{hint.en}',
                    f'{source.file}: khối {source.block} ({source.id}): khóa "successor": không có nguồn "{source.successor}"{hint.vi}',
                )
            )
    return with_parts(sources, live=live)


def _sources_of(path: Path) -> tuple[Source, ...]:
    """Returns the sources of a file in their order. Raises: SourceError."""
    try:
        found = path.stat()
    except OSError:
        return _read.__wrapped__(path, 0, 0)  # says why
    return _read(path, found.st_mtime_ns, found.st_size)


# A crawl needs the sources several times. `changed` and `size`: so that a file that changed is read again.
@lru_cache(maxsize=64)
def _read(path: Path, changed: int, size: int) -> tuple[Source, ...]:
    return tuple(source_of(path, number, block) for number, block in enumerate(blocks(path), start=1))


def find(sources: Mapping[str, Source], source_id: str) -> Source:
    """Returns the source with that id. Raises SourceError with the most similar ids if there is none."""
    try:
        return sources[source_id]
    except KeyError:
        found = suggestion(source_id, sources)
        raise SourceError(
            Message(
                f'unknown source "{source_id}"{found.en or "."} `scrapy list` shows all {len(sources)}; for sources in a file of your own'
                " add -s SOURCES_EXTRA=FILE.toml",
                f'không có nguồn "{source_id}"{found.vi or "."} `scrapy list` liệt kê tất cả {len(sources)} nguồn; nếu nguồn ở tệp riêng'
                " thì thêm -s SOURCES_EXTRA=TỆP.toml",
            )
        ) from None


def recordings(source: Source, replay: str | None) -> list[Path]:
    """Returns the recordings that answer for a source: those of the setting REPLAY, else those of its block, else none.

    Raises:
        SourceError: if the source is one of the sample, whose recording is only in a checkout of the project.
    """
    given = project_paths(replay)
    if given:
        return given
    paths = project_paths(source.replay)
    if is_shipped(source) and not all(path.exists() for path in paths):
        raise SourceError(
            Message(
                f"{source.id}: its recording is not installed: only a checkout of the project has the sample; choose another source"
                " from `scrapy list`",
                f"{source.id}: chưa có bản ghi của nguồn này: chỉ bản mã nguồn của dự án mới có mẫu; hãy chọn nguồn khác"
                " trong `scrapy list`",
            )
        )
    return paths


def made_up(url: str) -> Source:
    """Returns a source for a page of which only the URL is known. Raises SourceError if it is not a web URL."""
    if host_of(url) is None:
        raise SourceError(
            Message(
                f"{url}: is not a web URL; write it with https:// and the host",
                f"{url}: không phải là địa chỉ web; hãy viết đủ https:// và tên miền",
            )
        )
    parts = urlsplit(url)
    host = parts.netloc.lower()
    return Source(id="not-a-source", name=host, unit="", site=f"{parts.scheme}://{parts.netloc}", hosts=(host,))
