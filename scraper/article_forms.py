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


def _forms_of(article: Article) -> ArticleForms:
    body = article.body.value or ""
    return ArticleForms(search_forms(article.title.value, article.summary.value, body, sorted(set(article.tags))), similarity_keys(body))


def search_forms(title: str | None, summary: str | None, body: str | None, tags: Sequence[str]) -> tuple[str, str, str, str]:
    """Returns title and text for the full-text index: first as written (diacritics count), then folded."""
    title, text = title or "", "\n\n".join(filter(None, [summary, body, *tags]))
    return search_form(title), search_form(text), fold(title), fold(text)
