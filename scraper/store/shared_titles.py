"""Flags titles that several articles of a source share, since such a title may be the name of the site or a caption.

"Chi tiết tin" above every article is such a caption. But recurring reports rightly share a title ("Lịch tiếp công dân"). Therefore the
title itself does not change, and a reader decides.

Only all articles together show this. So the flag is set at the end of a run from the stored rows, in whatever order they arrived.
"""

from __future__ import annotations

from sqlite_utils import Database

FLAG = "title-shared"
# Articles with different texts. Two are common: among 1,646 articles of a department (Hà Nội, 2009 to 2022) 63 titles occur twice, mostly
# because one text was published twice. One title occurs with three or more different texts.
_FEWEST = 3


def mark(database: Database, source_id: str) -> int:
    """Sets the flag on the articles of a source that share a title, and removes it from all others. Returns the number of changed rows."""
    wanted = _sharing(database, source_id)
    flagged = database.execute(f"select id, flags from articles where source_id = ? and flags like '%{FLAG}%'", [source_id]).fetchall()
    changes = []
    for article_id, flags in (dict(flagged) | wanted).items():
        others = [flag for flag in (flags or "").split(";") if flag and flag != FLAG]
        after = ";".join([*others, FLAG] if article_id in wanted else others) or None
        if after != flags:
            changes.append((after, article_id))
    with database.conn:
        database.conn.executemany("update articles set flags = ? where id = ?", changes)
    return len(changes)


def _sharing(database: Database, source_id: str) -> dict[int, str | None]:
    """Returns the articles whose title occurs with enough different texts, and their flags. Only texts with the same title are compared."""
    titles = database.execute(
        "select title from articles where source_id = ? and title is not null group by title having count(*) >= ?", [source_id, _FEWEST]
    ).fetchall()
    found: dict[int, str | None] = {}
    for (title,) in titles:
        rows = database.execute(
            "select id, flags, length, substr(body, 1, 500) from articles left join article_text on article_id = id"
            " where source_id = ? and title = ?",
            [source_id, title],
        ).fetchall()
        # An article without text counts as different: it holds its own picture or file.
        if len({(length, body) if body else article_id for article_id, _, length, body in rows}) >= _FEWEST:
            found |= {article_id: flags for article_id, flags, _, _ in rows}
    return found
