"""Texts of strangers with their citations as links. Everything else of a text is escaped. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup, escape

from scraper.web.archive_rows import Row
from scraper.web.code_names import named


def marked(text: str, citations: Sequence[Row], document_url: Callable[[object], str], offset: int = 0) -> Markup:
    """Returns a text in which each citation is a link to its document.

    `citations`: rows with `start`, `end`, `document_id`, `label`, `status` and `meaning` (of the rule, may be absent), in text order.
    `offset`: where `text` begins in the text in which they are counted. Of citations that overlap, the first one is marked.
    """
    parts, at = [], 0
    for citation in citations:
        start, end = citation["start"] - offset, citation["end"] - offset
        if start < at or end > len(text):
            continue
        words = escape(text[start:end])
        hint = escape(citation["label"] or named("status", citation["status"]))
        if citation["document_id"] is not None:
            mark = Markup('<a class="citation" href="{}" title="{}">{}</a>').format(document_url(citation["document_id"]), hint, words)
        else:
            mark = Markup('<span class="citation {}" title="{}: {}">{}</span>').format(
                citation["status"], hint, citation["meaning"] or "", words
            )
        parts += [escape(text[at:start]), mark]
        at = end
    return Markup("").join([*parts, escape(text[at:])])
