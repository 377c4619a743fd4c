"""Reads lists of documents that are publicly available: CSV, JSON lines or Parquet, row by row, in little memory."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from scraper.model import UserError
from scraper.two_languages import Message

_LONGEST_CELL = 1_000_000  # characters; one column may hold the whole text of a document
_LONGEST_LINE = 32 * 1024 * 1024  # bytes of one line of JSON
_BATCH = 2_000  # rows of a Parquet file that are in memory at a time

Row = Mapping[str, Any]


class ListError(UserError):
    """A list that cannot be read."""


class BadRow(Exception):
    """A line that is not a row, for example not a JSON object. The message says why."""


class ListOfDocuments:
    """A list of documents in a file. `size` and `done` are for a progress bar, in bytes or, for a Parquet file, in rows."""

    def __init__(self, path: Path) -> None:
        """Opens the list. Raises ListError if its kind is not known or it cannot be read."""
        self.path = path
        kind = path.name.lower().removesuffix(".gz").rpartition(".")[2]
        readers: dict[str, Callable[[], Iterator[tuple[int, Row | BadRow]]]] = {
            "csv": self._csv, "tsv": self._csv, "txt": self._csv, "jsonl": self._json_lines, "ndjson": self._json_lines,
            "json": self._json_lines, "parquet": self._parquet, "pq": self._parquet,
        }  # fmt: skip
        if kind not in readers:
            raise ListError(
                Message(
                    f"{path}: is not a list that can be imported; give a .csv, .jsonl (also .gz) or .parquet file; save a"
                    " spreadsheet as CSV",
                    f"{path}: không phải danh sách nhập được; hãy đưa tệp .csv, .jsonl (cả .gz) hoặc .parquet; bảng tính thì lưu thành CSV",
                )
            )
        try:
            self.size, self.unit = path.stat().st_size, "B"
            with path.open("rb"):
                pass
        except OSError as error:
            raise ListError(
                Message(
                    f"{path}: cannot be read ({error.strerror}); check the path",
                    f"{path}: không đọc được ({error.strerror}); hãy kiểm tra đường dẫn",
                )
            ) from error
        self.done = 0
        self._reader = readers[kind]

    def rows(self) -> Iterator[tuple[int, Row | BadRow]]:
        """Yields every row with its line number from 1 (in a Parquet file: the row number).

        Raises:
            ListError: if the content is not of the kind that the file name says, or cannot be read to its end.
        """
        try:
            yield from self._reader()
        except OSError as error:
            raise ListError(
                Message(
                    f"{self.path}: cannot be read to its end ({error}); copy or download it again",
                    f"{self.path}: không đọc được đến cuối ({error}); hãy chép hoặc tải lại",
                )
            ) from error
        except EOFError as error:
            raise ListError(
                Message(
                    f"{self.path}: the compressed file is cut; copy or download it again",
                    f"{self.path}: tệp nén bị cụt; hãy chép hoặc tải lại",
                )
            ) from error
        except UnicodeDecodeError as error:
            raise ListError(
                Message(
                    f"{self.path}: is not UTF-8 ({error.reason} near byte {error.start}); save it as UTF-8",
                    f"{self.path}: không phải UTF-8 ({error.reason} ở gần byte {error.start}); hãy lưu bằng UTF-8",
                )
            ) from error

    def _opened(self) -> tuple[BinaryIO, BinaryIO]:
        """Returns the file as stored, and the same file uncompressed."""
        raw = self.path.open("rb")
        return raw, gzip.open(raw) if self.path.name.lower().endswith(".gz") else raw  # type: ignore[return-value]

    def _csv(self) -> Iterator[tuple[int, Row | BadRow]]:
        csv.field_size_limit(_LONGEST_CELL)
        raw, file = self._opened()
        with raw, io.TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
            head = text.readline(65_536)
            if not head.strip() or "\0" in head:
                raise ListError(
                    Message(
                        f"{self.path}: line 1: no names of columns; the first line must name the columns",
                        f"{self.path}: dòng 1: thiếu tên cột; dòng đầu phải ghi tên các cột",
                    )
                )
            delimiter = max(",;\t|", key=head.count)
            columns = next(csv.reader([head], delimiter=delimiter))
            reader = csv.reader(text, delimiter=delimiter)
            while True:
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    raise ListError(
                        Message(
                            f"{self.path}: line {reader.line_num + 1}: not CSV ({error})",
                            f"{self.path}: dòng {reader.line_num + 1}: không phải CSV ({error})",
                        )
                    ) from error
                self.done = raw.tell()
                if not cells:
                    continue
                if len(cells) > len(columns):
                    yield reader.line_num + 1, BadRow(f"has {len(cells)} cells, the first line names {len(columns)} columns")
                else:
                    yield reader.line_num + 1, dict(zip(columns, cells, strict=False))

    def _json_lines(self) -> Iterator[tuple[int, Row | BadRow]]:
        raw, file = self._opened()
        with raw, file:
            number = 0
            while line := file.readline(_LONGEST_LINE):
                number += 1
                self.done = raw.tell()
                text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip()
                if number == 1 and text.startswith("[") and not text.endswith("]"):
                    raise ListError(
                        Message(
                            f"{self.path}: line 1: begins a JSON array; write one object a line (jq -c '.[]' {self.path.name})",
                            f"{self.path}: dòng 1: mở đầu một mảng JSON; hãy viết mỗi dòng một đối tượng (jq -c '.[]' {self.path.name})",
                        )
                    )
                if not text:
                    continue
                try:
                    row = json.loads(text)
                except (ValueError, RecursionError):
                    yield number, BadRow("is not JSON")
                    continue
                yield number, row if isinstance(row, dict) else BadRow("is not a JSON object")

    def _parquet(self) -> Iterator[tuple[int, Row | BadRow]]:
        try:
            from pyarrow import ArrowException
            from pyarrow.parquet import ParquetFile
        except ImportError:
            raise ListError(
                Message(
                    f"{self.path}: Parquet files need pyarrow, which is not installed: {sys.executable} -m pip install 'pyarrow>=20', "
                    "or convert the file to CSV",
                    f"{self.path}: tệp Parquet cần pyarrow, chưa cài: {sys.executable} -m pip install 'pyarrow>=20', hoặc chuyển"
                    " tệp thành CSV",
                )
            ) from None
        try:
            with ParquetFile(self.path) as file:
                self.size, self.unit = file.metadata.num_rows, " rows"
                for batch in file.iter_batches(batch_size=_BATCH):
                    for row in batch.to_pylist():
                        self.done += 1
                        yield self.done, row
        except ArrowException as error:
            raise ListError(
                Message(
                    f"{self.path}: is not a readable Parquet file ({str(error).splitlines()[0]})",
                    f"{self.path}: không phải tệp Parquet đọc được ({str(error).splitlines()[0]})",
                )
            ) from error
