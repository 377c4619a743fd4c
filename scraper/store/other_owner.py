"""Flags articles that another owner of a domain published: the newest ones name no public body, unlike those that were stored before.

A domain that was sold goes on with news, titles and days, but of a shop, a blog or a betting house. A redesign changes the template, and
an agency stays an agency in its words. Only many articles together show it, so it is concluded from the stored rows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from sqlite_utils import Database

from scraper.model import Source
from scraper.public_words import LONGEST_READ, SHORTEST, names_public_body
from scraper.store.absences import OTHER_OWNER

FLAG = OTHER_OWNER
EXPECTED = "max_unofficial_share"  # the key of `expect` that accepts them

_FEWEST_NEW = 4  # newest articles in a row; three may be a list of telephones, a poem and a recipe on one day
_FEWEST_OLD = 20  # as for the other comparisons with the past of a source (`fewest_before`)
_READ = 300  # articles of a source, the newest ones first
_OLDER = timedelta(days=60)  # an article that was published so long before it was found belongs to the past of the site
_FEWEST_FIRST = 12  # articles of a source whose past is not known; the texts of an agency that name no body are one in a hundred
_FEWEST_BACK = 8  # newest articles in a row that name a public body, after which the site is that of the agency again
_GENERAL = 0.05  # the share of such articles that is expected of a source whose past is not known
_CHANCE = 0.0001  # how likely so many are by chance; it is looked at after each run
_SHARE = 0.8  # of the newest articles that name no public body

_CHECKED_AGAIN = 3  # betting pages that each run requests again, because lists that name them may be looked at once a week
BETTING_PAGE = "betting-page"  # the reason of a failure

_LANGUAGES = ("", "vi", "en")  # those in which the words are known; Latin letters count as "en"


@dataclass(frozen=True, slots=True)
class Unofficial:
    """The newest articles, if they name no public body. `ids`: theirs. `among`: how many articles there are since the first of them.
    `before`: the share of such articles before them."""

    ids: tuple[int, ...] = ()
    among: int = 0
    before: float = 0.0


NOT_ONE = Unofficial()


@dataclass(frozen=True, slots=True)
class Shown:
    """What the site showed in a run. `betting`: betting pages that it sent, or that its lists name. `agency`, `others`: stored articles
    that its lists name, of the agency and of another owner."""

    betting: int = 0
    agency: int = 0
    others: int = 0

    @property
    def is_of_agency(self) -> bool:
        """Whether the lists are those of the agency again: they name its articles and none of another owner, new ones or not."""
        return self.agency >= _FEWEST_NEW and not self.others


SHOWN_NOTHING = Shown()


def shown_in(database: Database, source: Source, run_id: int, others: Sequence[int]) -> Shown:
    """Returns what the site showed in a run. `others`: ids of the articles of another owner. If there are neither these nor betting pages,
    nothing is counted."""
    open_pages = "from failures where source_id = ? and reason = ? and cleared_at is null"
    (known,) = database.execute(f"select count(*) {open_pages}", [source.id, BETTING_PAGE]).fetchone()
    if not (known or others):
        return SHOWN_NOTHING
    (began,) = database.execute("select started_at from runs where id = ?", [run_id]).fetchone()
    since = str(began).removesuffix("Z")  # as text, "12:00:00" comes before "12:00:00.5Z"
    listed = "exists (select 1 from candidates where source_id = failures.source_id and url = failures.url and last_listed >= ?)"
    (betting,) = database.execute(
        f"select count(distinct url) {open_pages} and (run_id = ? or {listed})", [source.id, BETTING_PAGE, run_id, since]
    ).fetchone()
    named = database.execute(
        "select distinct articles.id from candidates cross join articles on articles.source_id = candidates.source_id"
        " and articles.key = candidates.key where candidates.source_id = ? and last_listed >= ?",
        [source.id, since],
    ).fetchall()
    ids = {article_id for (article_id,) in named}
    return Shown(betting, len(ids.difference(others)), len(ids.intersection(others)))


def betting_pages(database: Database, source_id: str) -> list[tuple[str, str]]:
    """Returns key and URL of the last betting pages, which a run requests again: only so it is seen that they are gone."""
    return database.execute(
        "select key, failures.url from failures cross join candidates on candidates.source_id = failures.source_id"
        " and candidates.url = failures.url where failures.source_id = ? and reason = ? and cleared_at is null"
        " order by failures.last_seen desc, failures.id desc limit ?",
        [source_id, BETTING_PAGE, _CHECKED_AGAIN],
    ).fetchall()


def find(database: Database, source: Source) -> Unofficial:
    """Returns the newest articles of a source if they name no public body and those before them did, or if hardly any article of the source
    does: then the domain was sold before its first crawl. Writes nothing."""
    named: list[tuple[int, bool]] = []
    was_sold = _has_flag(database, source.id)
    for article_id, is_public in _newest(database, source.id):
        named.append((article_id, is_public))
        # Once it is known that the domain was sold, single articles that name a public body change nothing.
        if len(named) == _FEWEST_NEW and not was_sold and any(public for _, public in named):
            return NOT_ONE
    if sum(public for _, public in named) < _FEWEST_OLD:
        return _of_first(database, source)
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


def _has_flag(database: Database, source_id: str) -> bool:
    sql = f"select 1 from articles where source_id = ? and instr(flags, '{FLAG}') > 0 limit 1"  # the condition of the index
    return database.execute(sql, [source_id]).fetchone() is not None


def _of_first(database: Database, source: Source) -> Unofficial:
    """Returns the articles of a source that name no public body if most of its newest ones do not, however old they are."""
    named: list[tuple[int, bool]] = []
    of_agency = 0
    for article_id, public in _with_words(database, source.id):
        named.append((article_id, public))
        of_agency += public
        if of_agency > _READ - _SHARE * _READ:  # whatever the others are, they are not enough
            return NOT_ONE
    ids = tuple(article_id for article_id, public in named if not public)
    share = len(ids) / len(named) if named else 0
    if len(named) < _FEWEST_FIRST or share < _SHARE or source.expect.get(EXPECTED, 0) >= share:
        return NOT_ONE
    return Unofficial(ids, len(named), _GENERAL)


def _with_words(database: Database, source_id: str) -> Iterator[tuple[int, bool]]:
    """Yields the articles of a source with enough text, the newest first, each with whether it names a public body."""
    for article_id, _, _ in _newest_rows(database, source_id):
        text = _text(database, article_id)
        if text is not None:
            yield article_id, names_public_body(text)


def _newest(database: Database, source_id: str) -> Iterator[tuple[int, bool]]:
    """Yields the articles of a source with enough text, the newest first, each with whether it names a public body. Articles that were
    already old when they were found belong to the past of the site, and none of them is one of the newest."""
    is_first = True
    for article_id, seen, published in _newest_rows(database, source_id):
        was_old = published is not None and date.fromisoformat(seen) - _day(published) > _OLDER
        if was_old and is_first:
            continue
        text = _text(database, article_id)
        if text is not None:
            is_first = False
            yield article_id, was_old or names_public_body(text)


def _newest_rows(database: Database, source_id: str) -> list[tuple[int, str, str | None]]:
    """Returns the id of the newest articles of a source, the day on which each was found, and its day of publication."""
    return database.execute(
        f"select id, date(first_seen), substr(published_at, 1, 10) from articles where source_id = ? and coalesce(language, '') in"
        f" ({', '.join('?' for _ in _LANGUAGES)}) order by first_seen desc, id desc limit ?",
        [source_id, *_LANGUAGES, _READ],
    ).fetchall()


def _text(database: Database, article_id: int) -> str | None:
    """Returns title and text of an article; None if the text is too short to say anything."""
    row = database.execute(
        "select title, substr(body, 1, ?) from articles join article_text on article_id = id where id = ? and length >= ?",
        [LONGEST_READ, article_id, SHORTEST],
    ).fetchone()
    return f"{row[0] or ''}\n{row[1]}" if row is not None else None


def _day(text: str) -> date:
    return date.fromisoformat(text if len(text) == len("2012-05-01") else f"{text[:7]}-01")


def mark(database: Database, source: Source) -> int:
    """Sets the flag on the articles that `find` returns. It is removed if the source accepts them, or if the agency is back and its site
    shows them still: those of another owner would be gone. Returns the number of changed rows."""
    wanted = set(find(database, source).ids)
    # The condition is that of the index `articles_of_another_owner`.
    having = f"select id, flags from articles where source_id = ? and instr(flags, '{FLAG}') > 0"
    flagged = database.execute(having, [source.id]).fetchall()
    accepted = flagged if source.expect.get(EXPECTED, 0) >= 1 else []
    if flagged and not wanted and not accepted:
        accepted = _of_agency(database, source, flagged)
    changes: list[tuple[str | None, int]] = [
        (";".join(flag for flag in flags.split(";") if flag != FLAG) or None, article_id) for article_id, flags in accepted
    ]
    for article_id in wanted - {article_id for article_id, _ in flagged}:
        (flags,) = database.execute("select flags from articles where id = ?", [article_id]).fetchone()
        changes.append((f"{flags};{FLAG}" if flags else FLAG, article_id))
    with database.conn:
        database.conn.executemany("update articles set flags = ? where id = ?", changes)
    return len(changes)


def _of_agency(database: Database, source: Source, flagged: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Returns the flagged articles that the site showed again after the agency was back. `flagged`: id and flags of each."""
    newest = [*islice(_newest(database, source.id), _FEWEST_BACK)]
    if len(newest) < _FEWEST_BACK or not all(public for _, public in newest):
        return []
    (since,) = database.execute("select first_seen from articles where id = ?", [newest[-1][0]]).fetchone()
    seen = dict(
        database.execute(
            f"select id, last_seen from articles where source_id = ? and instr(flags, '{FLAG}') > 0 and gone_at is null", [source.id]
        ).fetchall()
    )
    return [one for one in flagged if seen.get(one[0], "") > since]
