"""Published copies are downloads, if the settings name their folder."""

from __future__ import annotations

import asyncio
import hashlib
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from datasette.app import Datasette

from tests.conftest import Place


def _get(archive: Path, settings: dict[str, object], path: str) -> Any:
    metadata = {"plugins": {"vietnam-government-news-archive": settings}}
    return asyncio.run(Datasette(files=[str(archive)], metadata=metadata).client.get(path))


def test_a_published_copy_can_be_downloaded(copied: Place, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    with closing(sqlite3.connect(copied.archive)) as archive, archive:
        archive.execute("create table _litestream_seq (id integer primary key, seq integer)")
    copied.scrapy("publish", str(copies), "--without-digests")
    (copies / "secret.txt").write_text("x")
    (copies / ".partial-1").mkdir()
    [folder] = [path for path in copies.iterdir() if path.is_dir() and not path.name.startswith(".")]
    with closing(sqlite3.connect(f"file:{folder}/archive.db?mode=ro", uri=True)) as copy:
        assert copy.execute("select name from sqlite_master where name like '%litestream%'").fetchall() == []
    settings: dict[str, object] = {"copies": str(copies)}
    page = _get(copied.archive, settings, "/en/-/copies").text
    digest = hashlib.sha256((folder / "archive.db").read_bytes()).hexdigest()
    assert digest in page and f'href="/en/-/copies/{folder.name}/archive.db"' in page and "the invented sample" in page
    assert "Bản sao của kho" in _get(copied.archive, settings, "/-/copies").text
    for name in ("archive.db", "manifest.json"):
        file = _get(copied.archive, settings, f"/-/copies/{folder.name}/{name}")
        assert file.content == (folder / name).read_bytes()
        assert name != "archive.db" or file.headers["content-length"] == str(len(file.content))  # others are compressed
        assert f'filename="{folder.name}-{name}"' in file.headers["content-disposition"]
    for path in (
        f"{folder.name}/nothing",
        "../archive.db",
        "%2e%2e/archive.db",
        ".partial-1/archive.db",
        "secret.txt",
        f"{folder.name}/../../archive.db",
    ):
        assert _get(copied.archive, settings, f"/-/copies/{path}").status_code in (302, 404), path  # 302: Datasette writes %2e as ~2e
    assert _get(copied.archive, {}, "/-/copies").status_code == 404
    # A folder that is not a copy, one that is damaged, or one that was removed meanwhile, does not take the others away.
    for name, manifest in (("damaged", '{"made_at": '), ("other", "[]"), ("lacking", '{"made_at": "2026-11-29T00:00:00Z", "files": {}}')):
        (copies / name).mkdir()
        (copies / name / "manifest.json").write_text(manifest, encoding="utf-8")
    (copies / "gone").mkdir()
    (copies / "gone" / "manifest.json").symlink_to("nowhere")
    text = (folder / "manifest.json").read_text(encoding="utf-8")
    (folder / "manifest.json").chmod(0o644)
    (folder / "manifest.json").write_text(text.replace('"articles": 48', '"articles": 48123'), encoding="utf-8")
    page, english = (_get(copied.archive, settings, f"{start}/-/copies").text for start in ("", "/en"))
    assert page.count("<code>") == english.count("<code>") == 1
    assert "<td>48.123</td>" in page and "<td>48,123</td>" in english  # and the size: 5,9 MB, 5.9 MB
    assert re.search(r"<td>\d+,\d MB</td>", page) and re.search(r"<td>\d+\.\d MB</td>", english)
    folder.chmod(0o755)  # so that the folder can be removed
