"""The forms of an article's texts that the archive keeps beside them: for the full-text index, and to find reprints.

They depend on nothing else, so a process that parses pages for another one computes them, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scraper.model import Article, ArticleForms
from scraper.reader import Reading
from scraper.text import fold, search_form
from scraper.text_similarity import similarity_keys


def with_forms(reading: Reading) -> Reading:
    """Returns the reading with the forms of its article, if it has one."""
    return reading if reading.page.article is None else replace(reading, forms=_forms_of(reading.page.article))


def forms_of(reading: Reading, article: Article) -> ArticleForms:
    """Returns the forms of the article of a reading. `article`: as it is stored, with the same texts."""
    return reading.forms if reading.forms is not None else _forms_of(article)


def _forms_of(article: Article) -> ArticleForms:
    body = article.body.value or ""
    folded = fold(body)  # both need it
    search = search_forms(article.title.value, article.summary.value, body, sorted(set(article.tags)), folded=folded)
    return ArticleForms(search, similarity_keys(body, folded=folded))


def search_forms(
    title: str | None, summary: str | None, body: str | None, tags: Sequence[str], *, folded: str | None = None
) -> tuple[str, str, str, str]:
    """Returns title and text for the full-text index: first as written (diacritics count), then folded. `folded`: the body, if it was
    folded already."""
    title, parts = title or "", [part for part in (summary, body, *tags) if part]
    plain = (folded if folded is not None and part is body else fold(part) for part in parts)
    return search_form(title), search_form("\n\n".join(parts)), fold(title), "\n\n".join(plain)
