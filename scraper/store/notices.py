"""What everybody who uses the archive must know, in the table `notices`: it is shown on every page and in every export.

An archive that holds the sample of the project says so: its articles are invented. The mark is in the file itself, so it goes wherever the
file goes.
"""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database

SAMPLE = "sample"  # the archive holds nothing else
MIXED = "mixed"  # it was made before sample and real data were kept apart

_TEXTS = {
    SAMPLE: (
        "Đây là bản mẫu: các bài và trang trong tệp này do dự án tự viết, không có thật",
        "This is the sample: the articles and pages in this file were invented by the project",
    ),
    MIXED: (
        "Kho này lẫn bản mẫu do dự án tự viết, không có thật; gỡ bằng lệnh: scrapy sources remove sample-mic sample-mst sample-nghe-an"
        " sample-ha-noi",
        "This archive contains the invented sample among real data; remove it: scrapy sources remove sample-mic sample-mst sample-nghe-an"
        " sample-ha-noi",
    ),
}
# The sites of the sample end so. No real site does: the domain is reserved for tests (RFC 2606).
_SAMPLE_SITE = "site like '%.sample.test'"


def refresh(database: Database) -> None:
    """Writes the notice that the sources of the archive call for. Part of the caller's transaction."""
    wanted = _content(database.conn)
    present = [row[0] for row in database.conn.execute("select id from notices where id in (?, ?)", [SAMPLE, MIXED])]
    if present == ([wanted] if wanted in _TEXTS else []):
        return
    database.conn.execute("delete from notices where id in (?, ?)", [SAMPLE, MIXED])
    if wanted in _TEXTS:
        database.conn.execute("insert into notices (id, name, name_en) values (?, ?, ?)", [wanted, *_TEXTS[wanted]])


def _content(connection: sqlite3.Connection) -> str:
    """Returns SAMPLE, MIXED, "real", or "" if the archive has no source yet."""
    [(invented, real)] = connection.execute(f"select total({_SAMPLE_SITE}), total(not ({_SAMPLE_SITE})) from sources").fetchall()
    return {(True, False): SAMPLE, (True, True): MIXED, (False, True): "real", (False, False): ""}[bool(invented), bool(real)]


def holds_only_the_sample(connection: sqlite3.Connection) -> bool:
    """Returns whether all sources of an archive are those of the sample. An archive without a source is not one."""
    return _content(connection) == SAMPLE


def holds_real_data(connection: sqlite3.Connection) -> bool:
    """Returns whether a source of an archive is a real one."""
    return _content(connection) in ("real", MIXED)
