"""Flags articles that another owner of a domain published: the newest ones name no public body, unlike those that were stored before.

A domain that was sold goes on with news, titles and days, but of a shop, a blog or a betting house. A redesign changes the template, and
an agency stays an agency in its words. Only many articles together show it, so it is concluded from the stored rows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlite_utils import Database

from scraper.model import Source
from scraper.public_words import LONGEST_READ, SHORTEST, names_public_body

FLAG = "other-owner"
EXPECTED = "max_unofficial_share"  # the key of `expect` that accepts them

_FEWEST_NEW = 4  # newest articles in a row; three may be a list of telephones, a poem and a recipe on one day
_FEWEST_OLD = 20  # as for the other comparisons with the past of a source (`fewest_before`)
_READ = 300  # articles of a source, the newest ones first
_OLDER = timedelta(days=60)  # an article that was published so long before it was found belongs to the past of the site
_CHANCE = 0.0001  # how likely so many are by chance; it is looked at after each run
_SHARE = 0.8  # of the newest articles that name no public body

_LANGUAGES = ("", "vi", "en")  # those in which the words are known; Latin letters count as "en"


@dataclass(frozen=True, slots=True)
class Unofficial:
    """The newest articles, if they name no public body. `ids`: theirs. `among`: how many articles there are since the first of them.
    `before`: the share of such articles before them."""

    ids: tuple[int, ...] = ()
    among: int = 0
    before: float = 0.0


NOT_ONE = Unofficial()


def find(database: Database, source: Source) -> Unofficial:
    """Returns the newest articles of a source if they name no public body and those before them did. Writes nothing."""
    named: list[tuple[int, bool]] = []
    for article_id, is_public in _newest(database, source.id):
        named.append((article_id, is_public))
        if len(named) == _FEWEST_NEW and any(public for _, public in named):
            return NOT_ONE
    bad, new = 0, 0
    for place, (_, public) in enumerate(named, 1):
        bad += not public
        if not public and bad >= _SHARE * place:
            new = place  # another owner may have copied an old article
    ids = tuple(article_id for article_id, public in named[:new] if not public)
    old = [public for _, public in named[new:]]
    if len(ids) < _FEWEST_NEW or len(old) < _FEWEST_OLD or source.expect.get(EXPECTED, 0) >= len(ids) / new:
        return NOT_ONE
    rate = (old.count(False) + 0.5) / (len(old) + 1)
    return Unofficial(ids, new, rate) if math.comb(new, len(ids)) * rate ** len(ids) < _CHANCE else NOT_ONE


def _newest(database: Database, source_id: str) -> Iterator[tuple[int, bool]]:
    """Yields the articles of a source with enough text, the newest first, each with whether it names a public body. Articles that were
    already old when they were found belong to the past of the site, and none of them is one of the newest."""
    newest = database.execute(
        f"select id, date(first_seen), substr(published_at, 1, 10) from articles where source_id = ? and coalesce(language, '') in"
        f" ({', '.join('?' for _ in _LANGUAGES)}) order by first_seen desc, id desc limit ?",
        [source_id, *_LANGUAGES, _READ],
    ).fetchall()
    is_first = True
    for article_id, seen, published in newest:
        was_old = published is not None and date.fromisoformat(seen) - _day(published) > _OLDER
        if was_old and is_first:
            continue
        row = database.execute(
            "select title, substr(body, 1, ?) from articles join article_text on article_id = id where id = ? and length >= ?",
            [LONGEST_READ, article_id, SHORTEST],
        ).fetchone()
        if row is not None:
            is_first = False
            yield article_id, was_old or names_public_body(f"{row[0] or ''}\n{row[1]}")


def _day(text: str) -> date:
    return date.fromisoformat(text if len(text) == len("2012-05-01") else f"{text[:7]}-01")


def mark(database: Database, source: Source) -> int:
    """Sets the flag on the articles that `find` returns. It is only removed if the source accepts them. Returns the number of
    changed rows."""
    wanted = set(find(database, source).ids)
    # The condition is that of the index `articles_of_another_owner`.
    having = f"select id, flags from articles where source_id = ? and instr(flags, '{FLAG}') > 0"
    flagged = database.execute(having, [source.id]).fetchall()
    changes: list[tuple[str | None, int]] = []
    if source.expect.get(EXPECTED, 0) >= 1:
        changes = [(";".join(flag for flag in flags.split(";") if flag != FLAG) or None, article_id) for article_id, flags in flagged]
    for article_id in wanted - {article_id for article_id, _ in flagged}:
        (flags,) = database.execute("select flags from articles where id = ?", [article_id]).fetchone()
        changes.append((f"{flags};{FLAG}" if flags else FLAG, article_id))
    with database.conn:
        database.conn.executemany("update articles set flags = ? where id = ?", changes)
    return len(changes)
