"""Writes an archive of any size with invented articles, to measure how fast it is served.

    python -m benchmarks.big_archive FOLDER [--articles 1000000] [--seed 14]

FOLDER/archive.db has the schema of the project, three citations for each article, the full-text index as the project writes it, and the
summaries as it counts them. Some documents are cited by a tenth of the articles, most by one. Triggers and indexes are made again
after the rows, so that a million articles take minutes. No capture exists on disk.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

from sqlite_utils import Database

from benchmarks.big_texts import PHRASES, RARE, Choice, Cited, Sentence, documents, sentence, sentences, titles
from scraper.store import summaries
from scraper.store.archive import open_archive
from scraper.text import number_form

_BATCH = 5_000  # articles in one transaction
_SOURCES = 120
_FIRST_YEAR, _LAST_YEAR = 2008, 2025
_PARSER = "0.0.0+pbig"
_FIELDS = ("title", "published", "summary", "section", "body")
_RELATIONS = ("legal basis", "implementing", "implementing", "issuing", None, None, None)
_SECTIONS = ("Tin hoạt động", "Chuyển đổi số", "Cải cách hành chính", "Báo chí - xuất bản", "Văn bản mới")
_LAYOUTS = ("nukeviet", "sharepoint", "liferay", "generic")
_UNANSWERED = "not-found", "timeout", "server-error", "no-layout"

Rows = list[tuple[Any, ...]]


@dataclass
class Batch:
    """The rows of some articles."""

    articles: Rows = field(default_factory=list)
    texts: Rows = field(default_factory=list)
    index: Rows = field(default_factory=list)
    citations: Rows = field(default_factory=list)
    fields: Rows = field(default_factory=list)
    tags: Rows = field(default_factory=list)
    stories: Rows = field(default_factory=list)
    attachments: Rows = field(default_factory=list)
    captures: Rows = field(default_factory=list)
    pairs: Rows = field(default_factory=list)


@dataclass(frozen=True)
class Stock:
    """What the articles are made of."""

    sentences: Sequence[Sentence]
    titles: Sequence[Sentence]
    documents: Sequence[Cited]
    ids: Sequence[int]  # of the documents in the archive
    document: Choice[int]
    sources: Sequence[tuple[str, str]]  # with their units
    source: Choice[tuple[str, str]]
    years: Sequence[int]


def build(path: Path, articles: int, seed: int = 14) -> None:
    """Writes the archive at `path`, which must not exist."""
    random = Random(seed)
    database = open_archive(path)
    database.conn.execute("pragma synchronous = off")
    database.conn.execute("pragma foreign_keys = off")
    database.conn.execute("pragma cache_size = -200000")
    stock = _stock(database, random, articles)
    with _without_triggers_and_indexes(database):
        for first in range(1, articles + 1, _BATCH):
            batch = Batch()
            for article_id in range(first, min(first + _BATCH, articles + 1)):
                _article(batch, stock, random, article_id)
            _write(database, batch)
            _say(f"{first + len(batch.articles) - 1:,} articles")
        with database.conn:
            _operation(database, stock, random)
            database.conn.execute("insert into articles_fts (articles_fts) values ('optimize')")
    with database.conn:
        database.conn.execute(
            "update documents set citation_count = counted.citations, article_count = counted.articles from (select document_id,"
            " count(*) as citations, count(distinct article_id) as articles from citations where document_id is not null group by 1)"
            " counted where counted.document_id = documents.id"
        )
    _say("summaries")
    summaries.rebuild(database)
    with database.conn:
        _observed(database, random)
    database.conn.execute("pragma wal_checkpoint(truncate)")
    database.conn.close()


@contextmanager
def _without_triggers_and_indexes(database: Database) -> Iterator[None]:
    """Drops the triggers and the indexes, and makes them again in the end."""
    made = database.execute("select type, name, sql from sqlite_master where type in ('trigger', 'index') and sql is not null").fetchall()
    with database.conn:
        for kind, name, _ in made:
            database.conn.execute(f'drop {kind} "{name}"')
    yield
    with database.conn:
        for kind, name, sql in sorted(made):
            _say(f"{kind} {name}")
            database.conn.execute(sql)


def _stock(database: Database, random: Random, articles: int) -> Stock:
    units = [row[0] for row in database.execute("select id from units where kind in ('province', 'city', 'ministry') order by id")]
    provinces = [row[0] for row in database.execute("select id from units where kind in ('province', 'city') order by id")]
    random.shuffle(units)
    sources = [(f"big-{number}-{units[number % len(units)]}", units[number % len(units)]) for number in range(_SOURCES)]
    cited = documents(random, max(200, articles // 4), provinces)
    with database.conn:
        database.conn.executemany(
            "insert into sources (id, name, unit_id, kind, site, hosts, listings, platform, confidence, basis)"
            " values (?, ?, ?, 'department', ?, ?, '[]', 'nukeviet', 'low', 'invented')",
            [(one, f"Cổng {one}", unit, f"https://{one}.example.vn", json.dumps([f"{one}.example.vn"])) for one, unit in sources],
        )
        database.conn.executemany(
            "insert or ignore into documents (key, label, type, number, number_form, year, unit_id, issued_on, status)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, 'stub')",
            [
                (_key(one), _label(one), one.doc_type, one.number, number_form(one.number), one.year, one.unit, one.issued_on)
                for one in cited
            ],
        )
    ids = dict(database.execute("select key, id from documents").fetchall())
    years = range(_FIRST_YEAR, _LAST_YEAR + 1)
    return Stock(
        sentences(random),
        titles(random),
        cited,
        [ids[_key(one)] for one in cited],
        Choice(range(len(cited)), 1.5),
        sources,
        Choice(sources, 8),
        list(accumulate(year - _FIRST_YEAR + 3 for year in years)),
    )


def _key(document: Cited) -> str:
    return f"{document.doc_type}|{document.number}|{document.year}|{document.unit or ''}"


def _label(document: Cited) -> str:
    return f"{document.doc_type.capitalize()} {document.number}"


def _article(batch: Batch, stock: Stock, random: Random, article_id: int) -> None:
    source_id, unit_id = stock.source(random)
    year = random.choices(range(_FIRST_YEAR, _LAST_YEAR + 1), cum_weights=stock.years)[0]
    day = f"{year}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"
    published = f"{day}T{random.randint(7, 17):02}:{random.randint(0, 59):02}:00+07:00" if random.random() > 0.02 else None
    title = stock.titles[int(random.random() * len(stock.titles))]
    pieces = [stock.sentences[int(random.random() * len(stock.sentences))] for _ in range(random.randint(4, 16))]
    if random.random() < 0.03:
        pieces.append(sentence(f"Đoàn công tác đã đến {random.choice(RARE)} cùng {random.choice(RARE)}."))
    cited = _cited(stock, random, day)
    pieces[2:2] = [sentence(f"Thực hiện {stock.documents[place].name}, {random.choice(PHRASES)}.") for place in cited]
    if random.random() < 0.03 and batch.texts:  # a reprint of the article before
        other = batch.texts[-1]
        batch.pairs.append((other[0], article_id, 0.97))
    summary = stock.titles[int(random.random() * len(stock.titles))]
    body = "\n\n".join(piece.text for piece in pieces)
    url = f"https://{source_id}.example.vn/tin-{article_id}.html"
    seen = f"2026-01-{1 + article_id % 28:02}T00:00:00Z"
    batch.captures.append((article_id, source_id, url, seen, f"sha256:{article_id:064x}", "big.warc.gz", article_id * 9000))
    layout = random.choice(_LAYOUTS)
    is_digest = random.random() < 0.08
    files = int(random.random() < 0.15)
    of_date = ("minute", "layout-selector", year) if published else (None, "not-on-page", None)
    counts = (len(cited), 3 * is_digest, files)
    known = (article_id, published, title.text, summary.text, source_id, unit_id, random.choice(_SECTIONS), *counts)
    batch.articles.append((*known, url, str(article_id), *of_date, 0, seen, seen, len(body), layout, _PARSER, article_id))
    batch.texts.append((article_id, body, "layout-selector"))
    tags = sorted(set(random.choices(PHRASES, k=2))) if random.random() < 0.3 else []
    text = (summary, *pieces, *map(sentence, tags))
    batch.index.append(
        (article_id, title.exact, "\n\n".join(one.exact for one in text), title.folded, "\n\n".join(one.folded for one in text))
    )
    batch.fields += [(article_id, name, "layout-selector", f".{layout}-{name}") for name in _FIELDS]
    batch.tags += [(article_id, tag) for tag in tags]
    if is_digest:
        batch.stories += [(article_id, place, pieces[place].text[:80], 0, 40) for place in (1, 2, 3)]
    if files:
        batch.attachments.append((article_id, f"{url}/van-ban.pdf", "van-ban.pdf", "file-link-in-body"))
    _cite(batch, stock, random, article_id, body, cited)


def _cited(stock: Stock, random: Random, day: str) -> list[int]:
    """Returns the places of the documents that an article cites: none for a third of the articles, three on average."""
    number = 0 if random.random() < 0.33 else 1 + min(int(random.expovariate(1 / 3.9)), 25)
    found: dict[int, None] = {}
    for _ in range(number):
        for _attempt in range(3):  # an article seldom cites a document that is signed later
            place = stock.document.place(random)
            if stock.documents[place].issued_on <= day:
                break
        found[place] = None
    return list(found)


def _cite(batch: Batch, stock: Stock, random: Random, article_id: int, body: str, cited: Sequence[int]) -> None:
    at = 0
    for place in cited:
        one = stock.documents[place]
        text = one.name.partition(" ngày ")[0]
        start = body.index(text, at)
        at = start + len(text)
        resolved = (stock.ids[place], "resolved", "number-new", "high")
        document_id, status, rule, confidence = resolved if random.random() < 0.93 else (None, "unresolved", "number-no-place", None)
        stated = (one.issued_on, random.choice(_RELATIONS))
        span = ("body", start, at, "numbered", one.year)
        batch.citations.append((article_id, text, one.number, one.doc_type, document_id, status, *stated, *span, rule, confidence))


_INSERTS = {
    "captures": "captures (id, source_id, url, captured_at, digest, warc_file, warc_offset, status, outcome) values"
    " (?, ?, ?, ?, ?, ?, ?, 200, 'article')",
    "articles": "articles (id, published_at, title, summary, source_id, unit_id, section, citation_count, story_count, attachment_count,"
    " url, key, published_precision, published_rule, published_year, published_conflict, first_seen, last_seen, length, layout, parser,"
    " capture_id, language) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'vi')",
    "texts": "article_text (article_id, body, body_rule) values (?, ?, ?)",
    "index": "articles_fts (rowid, title, text, title_folded, text_folded) values (?, ?, ?, ?, ?)",
    "citations": 'citations (article_id, text, number, type, document_id, status, stated_date, relation, field, start, "end", kind, year,'
    " rule, confidence) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "fields": "article_fields (article_id, field, rule, rule_parameter) values (?, ?, ?, ?)",
    "tags": "article_tags (article_id, tag) values (?, ?)",
    "stories": 'stories (article_id, position, title, start, "end") values (?, ?, ?, ?, ?)',
    "attachments": "attachments (article_id, url, name, rule) values (?, ?, ?, ?)",
    "pairs": "near_duplicates (article_id, other_id, likeness) values (?, ?, ?)",
}


def _write(database: Database, batch: Batch) -> None:
    with database.conn:
        for name, columns in _INSERTS.items():
            database.conn.executemany(f"insert into {columns}", getattr(batch, name))


def _operation(database: Database, stock: Stock, random: Random) -> None:
    """Writes what the runs leave: a run and a state for each source, failures, a year of coverage."""
    for number, (source_id, _) in enumerate(stock.sources, 1):
        state = random.choices(("ok", "quiet", "degraded", "broken", "blocked"), (70, 10, 8, 8, 4))[0]
        database.conn.execute(
            "insert into runs (id, command, source_id, started_at, ended_at, outcome, captures, concluded, complete, parser)"
            " values (?, 'crawl', ?, '2026-01-28T00:00:00Z', '2026-01-28T01:00:00Z', 'finished', 100, 1, 1, ?)",
            [number, source_id, _PARSER],
        )
        database.conn.execute(
            "insert into source_health (source_id, run_id, day, state, reason, replayed, findings, judged_at, state_before)"
            " values (?, ?, '2026-01-28', ?, ?, 0, '{}', '2026-01-28T01:00:00Z', 'ok')",
            [source_id, number, state, "as-expected" if state == "ok" else "lists-missing"],
        )
        database.conn.executemany(
            "insert into coverage (source_id, day, asked, captured, articles, refused, failed, lists) values (?, ?, 60, 55, 50, 0, 5, 4)",
            [(source_id, f"2025-{month:02}-{day:02}") for month in range(1, 13) for day in range(1, 29)],
        )
        database.conn.executemany(
            "insert into failures (source_id, run_id, url, stage, reason, first_seen, last_seen, cleared_at) values (?, ?, ?, 'fetch', ?,"
            " '2026-01-01T00:00:00Z', '2026-01-28T00:00:00Z', ?)",
            [
                (
                    source_id,
                    number,
                    f"https://{source_id}.example.vn/loi-{one}",
                    random.choice(_UNANSWERED),
                    None if one % 3 else "2026-01-28",
                )
                for one in range(150)
            ],
        )


def _observed(database: Database, random: Random) -> None:
    """Says of each month of a source whether it was observed, and of a tenth of them that it was not."""
    months = database.execute("select source_id, month, articles from articles_by_month").fetchall()
    rows = []
    for source_id, month, articles in months:
        state = random.choices(("complete", "partial", "not-observed"), (70, 20, 10))[0]
        rows.append((source_id, month, state, None if state == "not-observed" else articles, 5 if state == "partial" else 0))
    database.conn.executemany(
        "insert into observed (source_id, month, state, articles, waiting, failed, list_pages, lists, lists_open, numbers_missing)"
        " values (?, ?, ?, ?, ?, 0, 3, 2, 0, 0)",
        rows,
    )


def _say(text: str) -> None:
    print(f"\r{text:60}", end="", file=sys.stderr, flush=True)


def main() -> None:
    """Writes the archive and prints its size and how long it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=14)
    arguments = parser.parse_args()
    path = arguments.folder / "archive.db"
    if path.exists():
        sys.exit(f"{path}: exists already")
    began, processor = time.monotonic(), time.process_time()
    build(path, arguments.articles, arguments.seed)
    size = path.stat().st_size
    spent = time.process_time() - processor
    print(f"\r{arguments.articles:,} articles, {size / 1e9:.2f} GB, {time.monotonic() - began:.0f} s ({spent:.0f} s of processor time)")


if __name__ == "__main__":
    main()
