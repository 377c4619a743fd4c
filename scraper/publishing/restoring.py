"""Checks a published copy and makes it the archive again."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scraper import clock
from scraper.model import UserError
from scraper.publishing.checks import database_faults, row_counts
from scraper.publishing.descriptions import DATABASE
from scraper.publishing.publication import FORMAT, MANIFEST, sync
from scraper.store.archive import check_folder, opening
from scraper.store.archive_file import check_ours
from scraper.store.capture_files import digest
from scraper.store.patient_connection import is_damaged
from scraper.two_languages import Message, same

_BESIDE = ("-wal", "-shm")  # the files that SQLite keeps beside a database


class InUse(UserError):
    """Another process has the archive open."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A copy that was checked. `faults`: what is wrong with it. `incomplete`: why it cannot replace the archive that it was made of."""

    folder: Path
    manifest: dict[str, Any]
    faults: tuple[Message, ...]
    incomplete: Message


def check(folder: Path) -> Checked:
    """Checks a copy: the digest of each file, the pages and foreign keys of its database, its numbers of rows. Reads all of it.
    Raises: UserError if the folder is not a published copy.
    """
    manifest = _manifest(folder)
    faults: list[Message] = []
    for name, wanted in manifest["files"].items():
        path = folder / name
        try:
            size = path.stat().st_size
            if not path.is_file():
                faults.append(Message(f"{name}: is not a file", f"{name}: không phải là tệp"))
            elif size != wanted["bytes"] or digest(path, name).sha256 != wanted["sha256"]:
                faults.append(
                    Message(
                        f"{name}: has other content than manifest.json says ({size} bytes, not {wanted['bytes']})",
                        f"{name}: nội dung khác với manifest.json ({size} byte, không phải {wanted['bytes']})",
                    )
                )
        except OSError as error:
            faults.append(Message(f"{name}: cannot be read ({error.strerror})", f"{name}: không đọc được ({error.strerror})"))
    if DATABASE not in manifest["files"]:
        faults.append(Message(f"{DATABASE}: is not in manifest.json", f"{DATABASE}: không có trong manifest.json"))
    if not faults:
        faults += [same(f"{DATABASE}: ") + fault for fault in database_faults(folder / DATABASE)]
    if not faults:
        rows = row_counts(folder / DATABASE)
        faults += [
            Message(f"table {name}: has {rows.get(name)} rows, not {wanted}", f"bảng {name}: có {rows.get(name)} dòng, không phải {wanted}")
            for name, wanted in manifest["rows"].items()
            if rows.get(name) != wanted
        ]
    said = {
        "without_text": Message("its texts were left out", "nội dung các bài đã bị bỏ ra"),
        "masked": Message("its numbers are masked", "các số đã bị che"),
    }
    lacks = [text for key, text in said.items() if manifest.get(key)]
    incomplete = Message(" and ".join(one.en for one in lacks), " và ".join(one.vi for one in lacks))
    return Checked(folder, manifest, tuple(faults), incomplete)


def restore(checked: Checked, archive: Path, *, force: bool) -> Path | None:
    """Makes a checked copy the archive. Either all of it is there afterwards, or the archive is as it was. Returns where an earlier
    archive is now, or None if there was none.

    `force`: replace an archive that is there.
    Raises: UserError if the copy has faults, or lacks a part and `force` is not given; if there is an archive and `force` is not given;
        InUse if another process has it open.
    """
    if checked.faults:
        raise UserError(
            Message(
                f"{checked.folder}: nothing was restored, the copy is damaged: {'; '.join(one.en for one in checked.faults)}",
                f"{checked.folder}: không khôi phục gì, bản sao bị hỏng: {'; '.join(one.vi for one in checked.faults)}",
            )
        )
    if checked.incomplete and not force:
        raise UserError(
            Message(
                f"{checked.folder}: {checked.incomplete.en}, so the next crawl would find articles changed; restore a"
                " complete one, or add --force",
                f"{checked.folder}: {checked.incomplete.vi} nên lần thu thập tới sẽ thấy bài thay đổi; hãy khôi phục một bản"
                " sao đầy đủ, hoặc thêm --force",
            )
        )
    check_folder(archive.parent)
    check_ours(checked.folder / DATABASE)
    archive.parent.mkdir(parents=True, exist_ok=True)
    with opening(archive):
        return _put(checked, archive, force=force)


def _put(checked: Checked, archive: Path, *, force: bool) -> Path | None:
    if archive.exists() and not force:
        raise UserError(
            Message(
                f"{archive}: exists; move it away, or add --force, which keeps it under another name",
                f"{archive}: đã có; hãy chuyển tệp đi, hoặc thêm --force, khi đó tệp được giữ lại dưới tên khác",
            )
        )
    new = archive.with_name(archive.name + ".restoring")
    try:
        shutil.copyfile(checked.folder / DATABASE, new)
        sync(new)
        found = digest(new, DATABASE)
        if found.sha256 != checked.manifest["files"][DATABASE]["sha256"]:
            raise UserError(
                Message(
                    f"{new}: differs from the copy after writing; is the disk damaged?",
                    f"{new}: khác với bản sao sau khi ghi; đĩa có hỏng không?",
                )
            )
        kept = _put_aside(archive)
        new.replace(archive)
        sync(archive.parent)
    except OSError as error:
        raise UserError(
            Message(
                f"{archive}: cannot be written ({error.strerror}); free some space, or name another file with -s ARCHIVE=",
                f"{archive}: không ghi được ({error.strerror}); hãy dọn bớt đĩa, hoặc ghi tệp khác bằng -s ARCHIVE=",
            )
        ) from error
    finally:
        new.unlink(missing_ok=True)
    return kept


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(
            Message(
                f"{path}: cannot be read ({error.strerror}); name a folder that `scrapy publish` has made",
                f"{path}: không đọc được ({error.strerror}); hãy ghi một thư mục do `scrapy publish` tạo",
            )
        ) from error
    except (ValueError, RecursionError) as error:
        raise UserError(
            Message(f"{path}: is damaged ({error}); use another copy", f"{path}: bị hỏng ({error}); hãy dùng bản sao khác")
        ) from error
    if isinstance(found, dict) and found.get("format", FORMAT) != FORMAT:
        raise UserError(
            Message(
                f"{path}: has format {found['format']!r}, and this program knows {FORMAT}; update the program with git pull",
                f"{path}: có định dạng {found['format']!r}, còn chương trình này biết {FORMAT}; hãy cập nhật chương trình bằng git pull",
            )
        )
    if not _is_manifest(found):
        raise UserError(
            Message(
                f"{path}: is not the manifest of a published copy; use another copy",
                f"{path}: không phải bản kê của một bản sao đã công bố; hãy dùng bản sao khác",
            )
        )
    return dict(found)


def _is_manifest(found: Any) -> bool:
    """Returns whether a value of JSON has all that is read from a manifest. A copy may come from anybody, so its files must be in its own
    folder.
    """
    match found:
        case {"format": _, "made_at": str(), "files": dict(files), "rows": {"articles": int()}}:
            names_are_good = all(name not in ("", ".", "..") and not {"/", "\0"} & set(name) for name in files)
            return names_are_good and all(map(_is_file, files.values())) and all(isinstance(one, int) for one in found["rows"].values())
    return False


def _is_file(described: object) -> bool:
    match described:
        case {"bytes": int(), "sha256": str()}:
            return True
    return False


def _put_aside(archive: Path) -> Path | None:
    """Gives an archive a second name, under which it stays when another file takes its place. Returns that name, or None if there is none.
    Raises: InUse if another process has it open.
    """
    stamp = clock.now().strftime("%Y%m%d%H%M%S")
    names = (archive.with_name(f"{archive.name}.replaced-{stamp}{f'-{n}' if n else ''}") for n in range(1000))
    kept = next(path for path in names if not path.exists())
    there = archive.exists()
    if there:
        _empty_log(archive)
        os.link(archive, kept)
    for suffix in _BESIDE:  # of a damaged archive, or of one that was removed without them: they must not be applied to the new file
        with suppress(FileNotFoundError):
            archive.with_name(archive.name + suffix).rename(kept.with_name(kept.name + suffix))
    return kept if there else None


def _empty_log(archive: Path) -> None:
    """Moves what the log (-wal) holds into the archive itself. SQLite allows that only if no other process has it open."""
    try:
        with closing(sqlite3.connect(archive, timeout=5)) as database:
            [(mode,)] = database.execute("pragma journal_mode = delete").fetchall()
            if mode != "delete":
                raise sqlite3.OperationalError("in use")
    except sqlite3.Error as error:
        if not is_damaged(error):
            raise InUse(
                Message(
                    f"{archive}: another process has it open ({error}); end it, Datasette too, then restore again",
                    f"{archive}: tiến trình khác đang mở ({error}); hãy kết thúc nó, cả Datasette, rồi khôi phục lại",
                )
            ) from error
