"""The place that all machines share: a folder, or whatever fsspec opens by its URL, such as a bucket of an S3-compatible store.

A name is written completely or not at all. While the place does not answer, each call waits and tries again. A place that is not a store,
for example because a folder is not mounted or a bucket is another one, counts as one that does not answer.
"""

from __future__ import annotations

import logging
import os
import shutil
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from scraper.model import UserError
from scraper.paths import project_path
from scraper.two_languages import Message, as_message, same

logger = logging.getLogger(__name__)

_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0  # seconds between two attempts
_QUICK, _MEASURES = 1.0, 5  # seconds for a write that shows the clock of a store; most measures, if it takes longer
_MADE = ".store"  # a name that says that a folder, or a place in a bucket, is a store, and of which archive
_OF_NO_ARCHIVE = (b"", b"made")  # what it says if an earlier version made it
_T = TypeVar("_T")
_Kinds = type[Exception] | tuple[type[Exception], ...]


class StoreUnreachable(UserError):
    """The shared place did not answer for as long as it may."""


class _NoStore(Exception):
    """The place is not a store, or not now."""


class _Place(ABC):
    @abstractmethod
    def make(self, owner: bytes) -> None: ...
    @abstractmethod
    def put(self, name: str, data: bytes) -> None: ...
    @abstractmethod
    def get(self, name: str) -> bytes: ...
    @abstractmethod
    def put_file(self, name: str, path: Path) -> None: ...
    @abstractmethod
    def get_file(self, name: str, path: Path) -> None: ...
    @abstractmethod
    def names(self, prefix: str) -> list[str]: ...
    @abstractmethod
    def modified(self, name: str) -> float: ...
    @abstractmethod
    def remove_name(self, name: str) -> None: ...
    @abstractmethod
    def remove(self, prefix: str) -> None: ...
    @abstractmethod
    def check(self) -> None:
        """Raises: _NoStore if the place is not a store."""

    @contextmanager
    def found(self) -> Iterator[None]:
        """Says that a name is missing only if the store itself is there."""
        try:
            yield
        except FileNotFoundError:
            self.check()
            raise


class SharedStore:
    """Reads and writes the shared place. All methods block; they may be called from several threads."""

    def __init__(self, url: str, patience: float) -> None:
        """`patience`: seconds for which a call tries again.
        Raises: UserError if fsspec, or what it needs for this kind of URL, is not installed.
        """
        self.url, self._patience = url, patience
        self._place: _Place = _Remote(url) if "://" in url else _Folder(project_path(url))

    def make(self, owner: str, where: str = "") -> None:
        """Makes the store, if the place is not one yet. Workers must not call it: one would take a place of its own for the shared one.
        `owner`: the id of the archive. `where`: says where that is, for a person who finds the store in use.
        Raises: UserError if the store is that of another archive; StoreUnreachable.
        """
        found = self._made()
        if found is None or found in _OF_NO_ARCHIVE:
            try:
                self._patiently(self.url, lambda: self._place.make(f"{owner} {where}".encode()), at_once=_NoStore)
            except _NoStore as error:
                raise StoreUnreachable(same(f"{self.url}: ") + as_message(error.args[0])) from error
            found = self._made() or b""  # another archive may have made it at the same time
        other, _, place = found.decode(errors="replace").partition(" ")
        if other == owner:
            return
        if not where or place != where:
            raise UserError(
                Message(
                    f"{self.url}: is the store of another archive ({place or other}), whose pages would come into this one; name another"
                    f" place with -s CLUSTER_STORE=. If that archive was moved here, or is gone, remove the file {_MADE} there",
                    f"{self.url}: là chỗ chung của một kho khác ({place or other}), trang của kho đó sẽ lẫn vào kho này; hãy chọn"
                    f" chỗ khác bằng -s CLUSTER_STORE=. Nếu kho đó đã chuyển về đây hoặc không còn, hãy xóa tệp {_MADE} ở đó",
                )
            )
        # This archive, from a backup without its id.
        self._patiently(self.url, lambda: self._place.make(f"{owner} {where}".encode()))

    def _made(self) -> bytes | None:
        """Returns what the store says about itself, or None if there is none."""
        try:
            return self._patiently(_MADE, lambda: self._place.get(_MADE), at_once=(FileNotFoundError, _NoStore))
        except (FileNotFoundError, _NoStore):
            return None

    def put(self, name: str, data: bytes) -> None:
        """Writes a name. Raises: StoreUnreachable."""
        self._patiently(name, lambda: self._place.put(name, data))

    def get(self, name: str) -> bytes | None:
        """Returns what was written under a name, or None if nothing was. Raises: StoreUnreachable."""
        try:
            return self._patiently(name, lambda: self._place.get(name))
        except FileNotFoundError:
            return None

    def put_file(self, name: str, path: Path) -> None:
        """Writes a name with the content of a file. Raises: StoreUnreachable."""
        self._patiently(name, lambda: self._place.put_file(name, path))

    def get_file(self, name: str, path: Path) -> None:
        """Writes what is under a name to a file. Raises: FileNotFoundError if there is nothing; StoreUnreachable."""
        self._patiently(name, lambda: self._place.get_file(name, path))

    def names(self, prefix: str) -> list[str]:
        """Returns all names that begin with a folder, sorted. Raises: StoreUnreachable."""
        return sorted(self._patiently(prefix, lambda: self._place.names(prefix)))

    def ahead(self) -> float:
        """Returns by how many seconds the clock of the store is ahead of that of this machine, roughly. Raises: StoreUnreachable."""
        name = f"clocks/{uuid.uuid4().hex}"

        def measured() -> tuple[float, float]:
            before = time.time()
            self._place.put(name, b"now")
            after = time.time()
            return after - before, self._place.modified(name) - (before + after) / 2

        took, found = self._patiently(name, measured)
        for _ in range(_MEASURES):  # the quickest one is the most exact
            if took > _QUICK:
                took, found = min((took, found), self._patiently(name, measured))
        self.remove_name(name)
        return found

    def remove_name(self, name: str) -> None:
        """Removes one name; does nothing if there is nothing under it. Raises: StoreUnreachable."""
        with suppress(FileNotFoundError):
            self._patiently(name, lambda: self._place.remove_name(name))

    def remove(self, prefix: str) -> None:
        """Removes a folder with everything in it, in no order; does nothing if there is none. Raises: StoreUnreachable."""
        self._patiently(prefix, lambda: self._place.remove(prefix))

    def _patiently(self, name: str, work: Callable[[], _T], *, at_once: _Kinds = FileNotFoundError) -> _T:
        """Returns what `work` does, which is tried again after every exception but `at_once`."""
        until, pause = time.monotonic() + self._patience, _FIRST_PAUSE
        while True:
            try:
                return work()
            except at_once:
                raise
            except Exception as error:  # each kind of store has exceptions of its own
                if time.monotonic() >= until:
                    problem = f"{type(error).__name__}: {error}"[:300]
                    raise StoreUnreachable(
                        Message(
                            f"{self.url}: {name} could not be read or written for {self._patience:.0f} s ({problem})",
                            f"{self.url}: không đọc hoặc ghi được {name} trong {self._patience:.0f} s ({problem})",
                        )
                    ) from error
                logger.warning("%s does not answer (%s: %s); trying again", self.url, type(error).__name__, f"{error}"[:200])
                time.sleep(pause)
                pause = min(_LONGEST_PAUSE, pause * 2)


class _Folder(_Place):
    """A folder that all machines have, for example by NFS."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self, owner: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        part = self._folder / f"{_MADE}.{uuid.uuid4().hex}"
        part.write_bytes(owner)
        part.replace(self._folder / _MADE)

    def put(self, name: str, data: bytes) -> None:
        with self._written(name) as part, part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def get(self, name: str) -> bytes:
        with self.found():
            return (self._folder / name).read_bytes()

    def put_file(self, name: str, path: Path) -> None:
        with self._written(name) as part:
            shutil.copyfile(path, part)

    def get_file(self, name: str, path: Path) -> None:
        with self.found():
            shutil.copyfile(self._folder / name, path)

    def names(self, prefix: str) -> list[str]:
        found: list[str] = []
        for folder, _, files in os.walk(self._folder / prefix, onerror=self._unless_gone):
            found += [(Path(folder) / name).relative_to(self._folder).as_posix() for name in files if not name.startswith(".")]
        return found

    def modified(self, name: str) -> float:
        return (self._folder / name).stat().st_mtime

    def remove_name(self, name: str) -> None:
        with self.found():
            (self._folder / name).unlink()

    def remove(self, prefix: str) -> None:
        shutil.rmtree(self._folder / prefix, ignore_errors=True)

    @contextmanager
    def _written(self, name: str) -> Iterator[Path]:
        """Yields the path to write; what is there at the end gets its name. If that fails, nothing is left that fills the disk."""
        self.check()
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
        try:
            yield part
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # else the name may be gone after a power failure
        finally:
            os.close(folder)

    def _unless_gone(self, error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            raise error
        self.check()

    def check(self) -> None:
        if not (self._folder / _MADE).exists():
            raise _NoStore("there is no store; is the folder mounted here?")


class _Remote(_Place):
    """A store that fsspec opens. The environment says how: AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY."""

    def __init__(self, url: str) -> None:
        try:
            from fsspec.core import url_to_fs

            options = {"use_listings_cache": False, "skip_instance_cache": True} if url.startswith("s3://") else {}
            found: tuple[Any, str] = url_to_fs(url, **options)
        except (ImportError, ValueError) as error:
            extra = "s3" if url.startswith("s3://") else "cluster"
            raise UserError(
                Message(
                    f"{url}: cannot be opened ({error}); install what it needs: pip install '.[{extra}]'",
                    f"{url}: không mở được ({error}); hãy cài thứ cần thiết: pip install '.[{extra}]'",
                )
            ) from error
        self._fs, self._root = found[0], found[1].rstrip("/")

    def make(self, owner: bytes) -> None:
        self.put(_MADE, owner)

    def put(self, name: str, data: bytes) -> None:
        with self._written():
            self._fs.pipe_file(f"{self._root}/{name}", data)

    def get(self, name: str) -> bytes:
        with self.found():
            return bytes(self._fs.cat_file(f"{self._root}/{name}"))

    def put_file(self, name: str, path: Path) -> None:
        with self._written():
            self._fs.put_file(str(path), f"{self._root}/{name}")

    def get_file(self, name: str, path: Path) -> None:
        with self.found():
            self._fs.get_file(f"{self._root}/{name}", str(path))

    def names(self, prefix: str) -> list[str]:
        self._fs.invalidate_cache()
        with self.found():
            found = [str(path).removeprefix(f"{self._root}/") for path in self._fs.find(f"{self._root}/{prefix}")]
        if not found:
            self.check()
        return found

    def modified(self, name: str) -> float:
        at: datetime = self._fs.modified(f"{self._root}/{name}")
        return at.timestamp()

    def remove_name(self, name: str) -> None:
        with self.found():
            self._fs.rm_file(f"{self._root}/{name}")

    def remove(self, prefix: str) -> None:
        self._fs.invalidate_cache()
        if self._fs.exists(f"{self._root}/{prefix}"):
            self._fs.rm(f"{self._root}/{prefix}", recursive=True)

    @contextmanager
    def _written(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            raise _NoStore(f"there is no such place ({error}); make the bucket, or correct its name") from error

    def check(self) -> None:
        if not self._fs.exists(f"{self._root}/{_MADE}"):
            raise _NoStore("there is no store; is it the bucket of the update, at the same endpoint?")
