"""Corrects a section that was stored as an article: most of its text repeats the titles and summaries of other articles of its source.

A section whose URL spells its heading looks like an article, and only its articles together show that it is a list page. So this is
decided at the end of a run, from the stored rows, in whatever order they arrived. The section is then no article any more: it has a row of
`mistaken_sections`, and its citations count once, in its articles. Its capture stays. If its text no longer repeats other articles, the
capture is read again, and it is an article again.

`teaser_keys` finds the texts that may be equal, and `teasers_pending` holds the articles that arrived or changed since the last run. So the
cost depends on what the run stored and on the number of corrected sections, not on the number of articles.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import islice

from sqlite_utils import Database

from scraper.model import Article
from scraper.store import removal
from scraper.text import letters_of
from scraper.urls import host_of, other_scheme

# Other articles whose title or summary the text repeats. Three: the shortest section that was met has three teasers. A report that quotes
# the title of another one, or two, is not a section.
_FEWEST = 3
# Of the letters of the text. The rest of a section is days, "Xem tiếp" and an introduction. A digest ("Tin vắn") has its own text, and a
# report that ends with the titles of older ones has more text than titles.
_MOSTLY = 2 / 3
_SHORTEST = 12  # letters; "Thông báo" or "Xem chi tiết" may be a title and is on many pages
_BEGIN = 40  # letters that have the same key; a text that was cut off ("...") before them is not recognised
_MOST = 200  # articles of a source with the same beginning: then it is a standard text ("Kính gửi ...") and no teaser
_KEPT = 1000  # characters of a text whose letters are kept in memory; longer ones are rare
_PARAGRAPHS = 300  # of one page: a hundred items with title, day and summary
_CUT_ENDS = ("..", "…")  # of a text that was cut off
_AFTER_CUT = '])»"”' + "".join(char for char in map(chr, range(0x3001)) if char.isspace())


class _Teasers:
    """The texts with which a list page may show an article, or a corrected section. `heading`: the letters of its title."""

    def __init__(self, key: str, title: str, summary: str | None, body: str) -> None:
        self.key, self.heading = key, _letters(title)
        texts = _teasers(title, summary, body)
        self._letters = {_letters(text) for text in texts}
        self._cut = tuple(_letters(text) for text in texts if _is_cut(text))

    def contain(self, letters: str, cut: bool) -> bool:
        """Returns whether a teaser has these letters, or one of both was cut off after enough of them ("Sáng nay, tại hội trường sở ...").
        `cut`: whether the text with these letters was.
        """
        return (
            letters in self._letters
            or (cut and any(teaser.startswith(letters) for teaser in self._letters))
            or letters.startswith(self._cut)
        )


def note(database: Database, article_id: int, source_id: str, article: Article, *, new: bool = False) -> None:
    """Stores the keys of a new or changed article, and that `conclude` must look at it. Part of the caller's transaction. `new`: the
    article was just added."""
    title, summary, body = article.title.value or "", article.summary.value, article.body.value or ""
    keys = {(_key(source_id, text), 1) for text in _teasers(title, summary, body)}
    if _may_be_section(article.key, article.layout):
        keys |= {(_key(source_id, text), 0) for text in _paragraphs(title, summary, body)}
    keys = {(key, teaser) for key, teaser in keys if key is not None}
    sql = "select key, teaser from teaser_keys where article_id = ?"
    if keys == (set() if new else set(database.execute(sql, [article_id]).fetchall())):
        return
    if not new:
        database.conn.execute("delete from teaser_keys where article_id = ?", [article_id])
    database.conn.executemany(
        "insert into teaser_keys (key, teaser, article_id) values (?, ?, ?)", [(*one, article_id) for one in sorted(keys, key=str)]
    )
    database.conn.execute("insert or ignore into teasers_pending (article_id) values (?)", [article_id])


def is_known(database: Database, source_id: str, article: Article, capture_id: int, captured_at: str) -> bool:
    """Returns whether what was read as an article is a section that was corrected before, and still repeats other articles. Then its
    capture and its candidates say so. Otherwise the correction is taken back. Part of the caller's transaction.
    """
    row = database.execute(
        "select key, captured_at from mistaken_sections where source_id = ? and key in (?, ?)",
        [source_id, article.key, other_scheme(article.key)],
    ).fetchone()
    if row is None:
        return False
    key, seen_at = row
    title, summary, body = article.title.value or "", article.summary.value, article.body.value or ""
    if captured_at >= seen_at:  # an older capture decides nothing
        articles, share = _Source(database, source_id).repeated_by(key, title, summary, body)
        if not _is_section(articles, share):
            database.conn.execute("delete from mistaken_sections where source_id = ? and key = ?", [source_id, key])
            return False
        database.conn.execute(
            "update mistaken_sections set title = ?, summary = ?, body = ?, articles = ?, share = ?, capture_id = ?, captured_at = ?"
            " where source_id = ? and key = ?",
            [title, summary, body, articles, share, capture_id, captured_at, source_id, key],
        )
    _mark_list_page(database, source_id, key, article.url, capture_id)
    return True


def count(database: Database, source_id: str) -> int:
    """Returns how many sections of a source were corrected."""
    [(number,)] = database.execute("select count(*) from mistaken_sections where source_id = ?", [source_id]).fetchall()
    return int(number)


def conclude(database: Database, source_id: str) -> list[int]:
    """Corrects the sections of a source that are stored as articles. One transaction.

    Returns the captures of corrected sections that do not repeat other articles any more: the caller parses them again.
    """
    pending = database.execute(
        "select article_id from teasers_pending join articles on articles.id = article_id where source_id = ?", [source_id]
    ).fetchall()
    if not pending:
        return []
    # Decided before anything is written, so that no decision depends on the order of the others.
    source = _Source(database, source_id)
    affected = sorted(_affected(database, pending))
    found = [(one, *numbers) for one in affected if _is_section(*(numbers := source.repeated_by_article(one)))]
    taken_back = [
        (key, capture_id)
        for key, capture_id, *text in database.execute(
            "select key, capture_id, title, summary, body from mistaken_sections where source_id = ? order by key", [source_id]
        ).fetchall()
        if not _is_section(*source.repeated_by(key, *text))
    ]
    with database.conn:
        for article_id, articles, share in found:
            _correct(database, article_id, articles, share)
        for key, _ in taken_back:
            database.conn.execute("delete from mistaken_sections where source_id = ? and key = ?", [source_id, key])
            database.conn.execute("update candidates set state = 'stored' where source_id = ? and key = ?", [source_id, key])
        database.conn.executemany("delete from teasers_pending where article_id = ?", pending)
    return [capture_id for _, capture_id in taken_back if capture_id is not None]


def _may_be_section(key: str, layout: str) -> bool:
    """Returns whether neither the URL nor the page shows that this is an article: no id, or only general rules parsed it."""
    return host_of(key) is not None or layout.split("/")[0] in ("generic", "plain")


def _is_section(articles: int, share: float) -> bool:
    return articles >= _FEWEST and share >= _MOSTLY


def _affected(database: Database, pending: Iterable[tuple[int]]) -> set[int]:
    """Returns the articles that may be sections: the pending ones, and those with a paragraph that begins like a teaser of these."""
    found: set[int] = set()
    for (article_id,) in pending:
        keys = database.execute("select key, teaser from teaser_keys where article_id = ?", [article_id]).fetchall()
        if sum(not teaser for _, teaser in keys) >= _FEWEST:
            found.add(article_id)
        for key in (key for key, teaser in keys if teaser):
            found.update(_with_key(database, key, teaser=False))
    return found


def _with_key(database: Database, key: int, *, teaser: bool) -> list[int]:
    sql = "select article_id from teaser_keys where key = ? and teaser = ? limit ?"
    rows = database.execute(sql, [key, int(teaser), _MOST + 1]).fetchall()
    return [article_id for (article_id,) in rows] if len(rows) <= _MOST else []


class _Source:
    """The articles and corrected sections of a source, as list pages may show them. Nothing may be written while one is in use."""

    def __init__(self, database: Database, source_id: str) -> None:
        self._database, self._id = database, source_id
        self._articles: dict[int, _Teasers] = {}  # by id; pages that are alike ask for the same ones

    def repeated_by_article(self, article_id: int) -> tuple[int, float]:
        """Returns what `repeated_by` returns for a stored article."""
        return self.repeated_by(*self._text_of(article_id))

    def repeated_by(self, key: str, title: str, summary: str | None, body: str) -> tuple[int, float]:
        """Returns how many other articles of the source the paragraphs of a page repeat, and the share of its letters that do, from 0 to 1.
        Returns 0 and 0.0 as soon as the page is certainly not a section: for nearly every article, that is after a paragraph or two.
        """
        letters = {text: len(_letters(text)) for text in _paragraphs(title, summary, body)}
        whole = repeated = sum(letters.values())
        if not whole:
            return 0, 0.0
        matched: list[set[str]] = []
        for text in sorted(letters, key=lambda text: letters[text], reverse=True):
            if articles := self._with_teaser(text, key, _letters(title)):
                matched.append(articles)
            else:
                repeated -= letters[text]
                if not _is_section(_FEWEST, _share(repeated, whole)):
                    return 0, 0.0
        # An article may be found by several paragraphs, and a paragraph in several articles: count as few as explain all paragraphs.
        named: set[str] = set()
        for articles in sorted(matched, key=lambda one: (len(one), sorted(one))):
            if not named & articles:
                named.add(min(articles))
        return len(named), _share(repeated, whole)

    def _with_teaser(self, text: str, key: str, heading: str) -> set[str]:
        """Returns the keys of the other articles, and corrected sections, of which a paragraph is the title or the summary.

        `key`, `heading`: of the page. An article with the same title is the same notice again ("Danh sách các trò chơi G1"), and both have
        the sentences of one form.
        """
        wanted = _key(self._id, text)
        if wanted is None:
            return set()
        letters, cut = _letters(text), _is_cut(text)
        articles = map(self._shown_by, _with_key(self._database, wanted, teaser=True))
        return {one.key for one in (*self._sections, *articles) if one.key != key and one.heading != heading and one.contain(letters, cut)}

    @cached_property
    def _sections(self) -> list[_Teasers]:
        """A corrected section counts as it did before, so that no correction changes what holds for another page."""
        sql = "select key, title, summary, body from mistaken_sections where source_id = ?"
        return [_Teasers(*row) for row in self._database.execute(sql, [self._id]).fetchall()]

    def _shown_by(self, article_id: int) -> _Teasers:
        if article_id not in self._articles:
            self._articles[article_id] = _Teasers(*self._text_of(article_id))
        return self._articles[article_id]

    def _text_of(self, article_id: int) -> tuple[str, str, str | None, str]:
        sql = "select key, title, summary, coalesce(body, '') from articles left join article_text on article_id = id where id = ?"
        [row] = self._database.execute(sql, [article_id]).fetchall()
        key, title, summary, body = row
        return key, title, summary, body


def _share(repeated: int, whole: int) -> float:
    return round(repeated / whole, 3)


def _teasers(title: str, summary: str | None, body: str) -> list[str]:
    """Returns the texts with which a list page may show an article: its title, its summary or first paragraph, and the title with these."""
    first = next(_lines(body), "")
    texts = [text for text in dict.fromkeys((summary or "", first)) if text]
    return [title, *texts, *(f"{title} {text}" for text in texts)]


def _paragraphs(title: str, summary: str | None, body: str) -> list[str]:
    """Returns the paragraphs of a page, each once, without its own heading."""
    different = {_letters(text): text for text in islice(_lines(f"{summary or ''}\n{body}"), _PARAGRAPHS)}
    return [text for letters, text in different.items() if letters and letters != _letters(title)]


def _lines(text: str) -> Iterator[str]:
    return (line for line in text.splitlines() if line.strip())


def _is_cut(text: str) -> bool:
    return text.rstrip(_AFTER_CUT).endswith(_CUT_ENDS) and len(_letters(text)) >= _BEGIN


def _key(source_id: str, text: str) -> int | None:
    """Returns a key of 63 bits for the beginning of a text in its source; None if the text is too short."""
    letters = _letters(text)
    if len(letters) < _SHORTEST:
        return None
    digest = hashlib.blake2b(f"{source_id}\0{letters[:_BEGIN]}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def _letters(text: str) -> str:
    return _kept_letters(text) if len(text) <= _KEPT else letters_of(text)


@lru_cache(maxsize=8192)  # the same titles and summaries are compared with the paragraphs of every article of a run
def _kept_letters(text: str) -> str:
    return letters_of(text)


def _correct(database: Database, article_id: int, articles: int, share: float) -> None:
    """Replaces an article by a row of `mistaken_sections`. Part of the caller's transaction."""
    [(source_id, key, url, capture_id)] = database.execute(
        "select source_id, key, url, capture_id from articles where id = ?", [article_id]
    ).fetchall()
    database.conn.execute(
        "insert into mistaken_sections (source_id, key, url, title, summary, body, articles, share, capture_id, captured_at)"
        " select source_id, key, url, title, summary, coalesce(body, ''), ?, ?, capture_id,"
        " coalesce((select coalesce(ordered_at, captured_at) from captures where captures.id = capture_id), last_seen)"
        " from articles left join article_text on article_id = id where id = ?",
        [articles, share, article_id],
    )
    removal.remove_article(database, article_id)
    _mark_list_page(database, source_id, key, url, capture_id)


def _mark_list_page(database: Database, source_id: str, key: str, url: str, capture_id: int | None) -> None:
    """Writes that the captures of a section are those of a list page, and that its URLs are not requested as articles."""
    requested = database.execute("select url from captures where id = ?", [capture_id]).fetchone()
    for one in {url, *(requested or ())}:
        database.conn.execute(
            "update captures set outcome = 'listing' where source_id = ? and url = ? and outcome = 'article'", [source_id, one]
        )
        # It was never an article, so it has not vanished when the page was later seen to be a list.
        sql = "delete from failures where source_id = ? and url = ? and reason in ('soft-404', 'no-longer-article')"
        database.conn.execute(sql, [source_id, one])
        _not_article(database, "url", source_id, one)
    _not_article(database, "key", source_id, key)


def _not_article(database: Database, column: str, source_id: str, value: str) -> None:
    database.conn.execute(
        f"update candidates set state = 'not-article', retry_at = null where source_id = ? and {column} in (?, ?)"
        " and state in ('stored', 'failed', 'not-article')",
        [source_id, value, other_scheme(value)],
    )
