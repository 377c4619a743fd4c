"""Titles that several articles of a source share. A flag says so, since the title may be the name of the site or a caption.

"Chi tiết tin" above every article is such a caption. Recurring reports share their title rightly ("Lịch tiếp công dân"), so
that the title stays as it was read: a reader decides.

Only all articles together tell, so the flag is set at the end of a run from the stored rows, whatever came first.
"""

from __future__ import annotations

from sqlite_utils import Database

FLAG = "title-shared"
# Articles with different texts. Two are common: of 1,646 articles of a department (Hà Nội, 2009 to 2022) 63 titles stand on two,
# mostly one text that was published twice. One title stands on three different texts or more.
_FEWEST = 3


def mark(database: Database, source_id: str) -> int:
    """Set the flag on the articles of a source that share a title, and remove it from all others. Returns how many rows changed."""
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
    """The articles whose title stands on enough different texts, with their flags. Texts are compared only under one title."""
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
        # An article without text holds a picture or a file of its own.
        if len({(length, body) if body else article_id for article_id, _, length, body in rows}) >= _FEWEST:
            found |= {article_id: flags for article_id, flags, _, _ in rows}
    return found
