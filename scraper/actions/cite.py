"""`scrapy cite FILE|-`: finds the citations of any text, without a crawl and without an archive."""

from __future__ import annotations

import argparse
import codecs
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from scrapy.settings import Settings

from scraper.base_command import WELL
from scraper.citations import ReferenceDocuments, Resolution, find, resolve
from scraper.model import Context, Mention, UserError
from scraper.reference import units
from scraper.report_language import say
from scraper.store.document_labels import label
from scraper.suggestions import suggestion
from scraper.text import fold
from scraper.two_languages import Message

_PIECE = 2 * 1024 * 1024  # characters; a longer text is read in pieces, each of which ends with a paragraph
_READ = 256 * 1024  # bytes
_FIELDS = (
    "start", "end", "text", "kind", "doc_type", "number_raw", "number", "year", "issued_on", "issuer", "province", "title", "pinpoint",
    "resolved", "relation", "flags",
)  # fmt: skip


def execute(settings: Settings, args: list[str], opts: argparse.Namespace) -> int:
    if len(args) != 1:
        raise UserError(
            Message(
                "give one file, or - for standard input, like: scrapy cite article.txt",
                "hãy ghi một tệp, hoặc - để đọc từ đầu vào chuẩn, ví dụ: scrapy cite article.txt",
            )
        )
    name = args[0]
    with _opened(name) as file:
        if opts.jsonl:
            _passages(file, name)
            return WELL
        context = Context(province=_province(opts.province), published=_day(opts.published))
        if file.seekable():
            # Read the file once before printing, so that an error at its end rejects the whole file.
            if not any(piece.strip() for piece in _pieces(file, name)):
                say(Message(f"{name}: the text is empty; it has no citations", f"{name}: văn bản trống, không có viện dẫn"), as_error=True)
            file.seek(0)
        rows = _citations(file, name, context)
        if opts.json or not (opts.table or sys.stdout.isatty()):
            for row in rows:
                print(json.dumps(row, ensure_ascii=False))
        else:
            _table(rows)
    return WELL


def _opened(name: str) -> BinaryIO:
    if name == "-":
        return sys.stdin.buffer
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise UserError(
            Message(
                f"{name}: cannot be read ({error.strerror}); give the path of a text file, or - for standard input",
                f"{name}: không đọc được ({error.strerror}); hãy ghi đường dẫn của một tệp văn bản thuần, hoặc - để đọc từ đầu vào chuẩn",
            )
        ) from error


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UserError(
            Message(
                f"--published {text}: is not a day; write it like 2009-07-17",
                f"--published {text}: không phải là ngày; hãy viết như 2009-07-17",
            )
        ) from None


def _province(text: str | None) -> str | None:
    """Returns the name of a province as the reference data writes it: "nghe an" and "tỉnh Nghệ An" are "Nghệ An".

    Raises:
        UserError: if no province has that name.
    """
    if text is None:
        return None
    provinces = [unit for unit in units().values() if unit.kind in ("province", "city")]
    names = {fold(alias): unit.name for unit in provinces for alias in (*unit.aliases, unit.full_name)}
    names |= {fold(unit.name): unit.name for unit in provinces}
    name = names.get(fold(text.strip()))
    if name is None:
        write = Message('; write it like "Nghệ An"', '; hãy viết như "Nghệ An"')
        hint = suggestion(text, sorted(set(names.values()))) or write
        raise UserError(
            Message(f"--province {text}: no province has this name{hint.en}", f"--province {text}: không tỉnh nào có tên này{hint.vi}")
        )
    return name


def _pieces(file: BinaryIO, name: str) -> Iterator[str]:
    """Yields the text in pieces that end with a paragraph, else a line, else a word. Raises UserError if the bytes are not text."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    held, taken, anything = "", 0, False
    while True:
        data = file.read(_READ)
        if b"\x00" in data:
            raise UserError(
                Message(
                    f"{name}: byte {taken + data.index(0)} is NUL, so this is not a text file; give a text file in UTF-8",
                    f"{name}: byte {taken + data.index(0)} là NUL nên đây không phải là tệp văn bản thuần; hãy ghi một tệp văn bản"
                    " thuần mã UTF-8",
                )
            )
        try:
            held += decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            raise UserError(
                Message(
                    f"{name}: not UTF-8 near byte {taken + error.start}; save the text as UTF-8",
                    f"{name}: không phải UTF-8 ở gần byte {taken + error.start}; hãy lưu lại bằng UTF-8",
                )
            ) from None
        taken += len(data)
        if not anything and held:
            held, anything = held.removeprefix("\ufeff"), True
        if not data:
            break
        while len(held) > _PIECE:
            cut = _cut(held)
            yield held[:cut]
            held = held[cut:]
    yield held


def _cut(text: str) -> int:
    for pattern in ("\n\n", "\n", " "):
        at = text.rfind(pattern, _PIECE // 2, _PIECE)
        if at > 0:
            return at + len(pattern)
    return _PIECE


def _citations(file: BinaryIO, name: str, context: Context) -> Iterator[dict[str, Any]]:
    documents = ReferenceDocuments()
    offset = 0
    for piece in _pieces(file, name):
        mentions = find(piece, context)
        for mention, resolution in zip(mentions, resolve(mentions, documents, context), strict=True):
            yield _row(mention, offset) | _resolved(mention, resolution)
        offset += len(piece)


def _resolved(mention: Mention, resolution: Resolution) -> dict[str, Any]:
    """Returns the document that a citation was resolved to, the rule, and its confidence."""
    return {
        "status": "resolved" if resolution.status == "stub" else resolution.status,
        "document": _document(resolution, mention),
        "candidates": [str(candidate) for candidate in resolution.candidates],
        "date_conflict": resolution.date_conflict,
        "rule": resolution.rule,
        "confidence": resolution.confidence,
    }


def _document(resolution: Resolution, mention: Mention) -> str | None:
    """Returns the usual name of the document that a citation was resolved to, or None."""
    document = resolution.known
    if document is not None:
        shown = label(document.doc_type, document.number, document.title)
        return f"{shown}: {document.title}" if document.title and document.number else shown
    if resolution.key is None or not mention.number:
        return None
    number = (mention.resolved or resolution.key.number) if mention.kind.is_short else mention.number
    return label(resolution.key.doc_type, number, None)


def _row(mention: Mention, offset: int = 0) -> dict[str, Any]:
    values = asdict(mention)
    row = {field: values[field] for field in _FIELDS}
    return row | {"start": mention.start + offset, "end": mention.end + offset, "flags": list(mention.flags)}


def _passages(file: BinaryIO, name: str) -> None:
    """Reads passages line by line and prints the citations of each. Raises UserError with the number of a line that is not a passage."""
    documents = ReferenceDocuments()
    for number, line in enumerate(file, start=1):
        if not line.strip():
            continue
        try:
            passage = json.loads(line)
            passage_id, text, given = passage["id"], passage["text"], passage.get("source_context") or {}
            published = given.get("published")
            context = Context(given.get("source_name"), given.get("province"), date.fromisoformat(published[:10]) if published else None)
            found = find(text, context)
            rows = [_row(one) | _resolved(one, result) for one, result in zip(found, resolve(found, documents, context), strict=True)]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UserError(
                Message(
                    f'{name}: line {number}: not a passage ({type(error).__name__}: {error}); each line is {{"id": ..., "text": "..."}}',
                    f"{name}: dòng {number}: không phải là một đoạn ({type(error).__name__}: {error});"
                    ' mỗi dòng là {"id": ..., "text": "..."}',
                )
            ) from None
        print(json.dumps({"id": passage_id, "citations": rows}, ensure_ascii=False))


def _table(rows: Iterator[dict[str, Any]]) -> None:
    """Prints for people: the cited text, its document, and what the text states about it."""
    count = 0
    for row in rows:
        count += 1
        said = ", ".join(str(row[field]) for field in ("issued_on", "issuer", "relation") if row[field])
        print(f"{row['start']:>8}  {' '.join(row['text'].split()):48}  {row['kind']:9} {row['status']:10} {row['document'] or '-'}")
        if said or row["title"]:
            print(f"{'':10}{said}{'; ' if said and row['title'] else ''}{row['title'] or ''}")
    english = "no citations" if not count else "1 citation" if count == 1 else f"{count} citations"
    say(Message(english, f"{count} viện dẫn" if count else "không có viện dẫn"))
