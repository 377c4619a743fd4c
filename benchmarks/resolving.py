"""Measures how many citations of an archive are resolved: `python -m benchmarks.resolving ARCHIVE [--sample 60]`.

Prints for each kind the share of citations that are resolved to a known document; the share of named statutes; the rules; and the named
statutes that remain. `--sample N` draws short citations with a fixed seed and prints them with their context, for a person to judge.
`--list FILE` times the import of a list of documents on a copy of the archive.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path


def shares(database: sqlite3.Connection) -> str:
    """Returns a table: for each kind the number of citations, and the shares with a known document, a stub, several candidates, none."""
    rows = database.execute(
        "select kind, count(*), sum(d.status = 'known'), sum(d.status = 'stub'), sum(c.status = 'ambiguous'), sum(c.status = 'unresolved')"
        " from citations c left join documents d on d.id = document_id group by 1 order by 2 desc"
    ).fetchall()
    whole = ("all", *(sum(row[at] or 0 for row in rows) for at in range(1, 6)))
    lines = ["| kind | citations | known document | stub | ambiguous | unresolved |", "| --- | ---: | ---: | ---: | ---: | ---: |"]
    for kind, count, *parts in (*rows, whole):
        lines.append(f"| {kind} | {count} | {' | '.join(f'{part or 0} ({(part or 0) / count:.1%})' for part in parts)} |")
    return "\n".join(lines)


def rules(database: sqlite3.Connection, kind: str) -> str:
    """Returns how many citations of a kind each rule decided."""
    rows = database.execute("select rule, count(*) from citations where kind = ? group by 1 order by 2 desc", [kind]).fetchall()
    return _lines(f"{number:5} {rule}" for rule, number in rows)


def remaining(database: sqlite3.Connection, most: int) -> str:
    """Returns the named statutes that are not resolved, most frequent first."""
    rows = database.execute(
        "select count(*), rule, c.text, min(substr(published_at, 1, 4)), max(substr(published_at, 1, 4)) from citations c"
        " join articles on articles.id = article_id where kind = 'named' and status <> 'resolved' group by 2, 3 order by 1 desc, 3 limit ?",
        [most],
    ).fetchall()
    return _lines(f"{number:5} {rule:18} {text} ({first} to {last})" for number, rule, text, first, last in rows)


def sample(database: sqlite3.Connection, number: int, seed: int) -> str:
    """Returns short citations drawn at random, with the document each was resolved to and the text around it."""
    ids = [row[0] for row in database.execute("select id from citations where kind = 'short' order by id")]
    parts = []
    for at, citation in enumerate(sorted(random.Random(seed).sample(ids, min(number, len(ids)))), start=1):
        field, start, end, rule, label, issued, stated, issuer, published, url = database.execute(
            'select field, start, "end", rule, label, issued_on, stated_date, stated_issuer, published_at, url from citations c'
            " join articles a on a.id = article_id left join documents d on d.id = document_id where c.id = ?",
            [citation],
        ).fetchone()
        column = "body from article_text t, citations c where t.article_id = c.article_id" if field == "body" else (
            f"a.{field} from articles a, citations c where a.id = c.article_id"
        )  # fmt: skip
        (text,) = database.execute(f"select {column} and c.id = ?", [citation]).fetchone()
        around = f"{text[max(0, start - 250) : start]}[[{text[start:end]}]]{text[end : end + 200]}"
        parts.append(
            f"{at}. {(published or '')[:10]} {url}\n   {rule} -> {label or '-'} ({issued or 'no day'}); stated: {stated}, {issuer}\n"
            f"   {' '.join(around.split())}"
        )
    return "\n".join(parts)


def time_import(archive: Path, listed: Path) -> str:
    """Returns the rows per second of an import into a copy of the archive."""
    from scraper.store.archive import open_archive
    from scraper.store.column_mapping import mapping
    from scraper.store.document_import import Report, import_list
    from scraper.store.document_lists import ListOfDocuments

    with tempfile.TemporaryDirectory() as folder:
        database = open_archive(Path(shutil.copy(archive, folder)))
        began = time.process_time()
        done = import_list(database, ListOfDocuments(listed), mapping(None), Report(Path(folder) / "rejected.csv"))
        seconds = time.process_time() - began
        database.close()
    return f"{done.rows} rows in {seconds:.1f} s of processor time, {done.rows / seconds:,.0f} rows/s; {dict(done.counts)}"


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="draw N short citations")
    parser.add_argument("--seed", type=int, default=10)
    parser.add_argument("--remaining", type=int, default=60, metavar="N", help="how many unresolved names are printed")
    parser.add_argument("--list", type=Path, metavar="FILE", help="time the import of this list")
    options = parser.parse_args()
    with closing(sqlite3.connect(f"file:{options.archive}?mode=ro", uri=True)) as database:
        print(shares(database))
        for kind in ("named", "short"):
            print(f"\n{kind}, by rule\n{rules(database, kind)}")
        print(f"\nnamed statutes that remain\n{remaining(database, options.remaining)}")
        if options.sample:
            print(f"\n{options.sample} short citations, seed {options.seed}\n{sample(database, options.sample, options.seed)}")
    if options.list:
        print(f"\nimport: {time_import(options.archive, options.list)}")


if __name__ == "__main__":
    main()
