"""Reads the text of a file: its pages, what they cite, and the document that the file is.

Pure. The crawl and `scrapy attachments extract` both call it, after `scraper.attachments` has taken the text out of the file.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from scraper.attachments.file_text import FileText, Page
from scraper.citations import KnownDocument, KnownDocuments, Resolution, context_of, find, resolve
from scraper.held_documents import HeldDocument, Place, known_document, read_document
from scraper.model import Mention, Source

_BETWEEN = "\n\n"  # between the texts of pages: no citation goes on after it


@dataclass(frozen=True, slots=True)
class FileCitation:
    """A mention on a page of a file, and the document to which it was resolved. The offsets of `mention` count in the text of the page.

    `is_basis`: it is in a legal basis of the document that the file is ("Căn cứ Luật Viễn thông ..."). `is_ended`: that document replaces
    or repeals it as a whole ("bãi bỏ Quyết định số 12/2010/QĐ-UBND"), not only a provision of it.
    """

    page: int
    mention: Mention
    resolution: Resolution
    is_basis: bool
    is_ended: bool


@dataclass(frozen=True, slots=True)
class FileReading:
    """What is read from the text of a file. `pages`: those of members of a ZIP archive, too, numbered from 1. `held`: None without text.
    `document`: the row of `documents` that the file is; None if its identity is not certain.
    """

    text: FileText
    pages: tuple[Page, ...]
    citations: tuple[FileCitation, ...] = ()
    held: HeldDocument | None = None
    document: KnownDocument | None = None


def read_file(text: FileText, source: Source, known: KnownDocuments) -> FileReading:
    """Returns what the text of a file says. `known`: the documents that a citation can resolve to.

    Of a ZIP archive with several files, no document is read: it is not certain which of them the article means.
    """
    pages = tuple(replace(page, number=number) for number, page in enumerate(_pages(text.pages), start=1))
    texts = [page.text for page in pages]
    if not any(texts):
        return FileReading(text, pages)
    context = context_of(source, None)
    held = read_document(texts, context) if len({page.name for page in pages}) <= 1 else None
    document = known_document(held, source.unit) if held is not None else None
    bases = [place for basis in held.legal_bases for place in basis.places] if held is not None else []
    whole = [one for clause in held.ended for one in clause.documents if not one.mention.pinpoint] if held is not None else []
    ended = [place for one in whole for place in one.places]
    own = held.number.places if held is not None else ()
    citations = (one for one in _citations(texts, source, known, bases, ended) if not _is_in(one, own))
    return FileReading(text, pages, tuple(citations), held, document)


def _pages(pages: Sequence[Page]) -> Iterator[Page]:
    """Yields the pages of a file; instead of a member of a ZIP archive its own pages, with the name of the member."""
    for page in pages:
        if page.file is None:
            yield page
        elif page.file.pages:
            yield from (replace(one, name=page.name) for one in _pages(page.file.pages))
        else:
            yield replace(page, state=page.file.state, detail=page.file.detail, file=None)


def _citations(
    texts: Sequence[str], source: Source, known: KnownDocuments, bases: Sequence[Place], ended: Sequence[Place]
) -> Iterator[FileCitation]:
    """Yields the citations of all pages. A short one may refer to a full one on an earlier page. `bases`, `ended`: the places of legal
    bases, and of documents that this one replaces or repeals.
    """
    starts = [0]
    for text in texts[:-1]:
        starts.append(starts[-1] + len(text) + len(_BETWEEN))
    context = context_of(source, None)
    mentions = [one for one in find(_BETWEEN.join(texts), context) if _page_at(starts, one.start) == _page_at(starts, one.end - 1)]
    for mention, resolution in zip(mentions, resolve(mentions, known, context), strict=True):
        page = _page_at(starts, mention.start)
        moved = replace(mention, start=mention.start - starts[page], end=mention.end - starts[page])
        citation = FileCitation(page + 1, moved, resolution, is_basis=False, is_ended=False)
        yield replace(citation, is_basis=_is_in(citation, bases), is_ended=_is_in(citation, ended))


def _is_in(citation: FileCitation, places: Sequence[Place]) -> bool:
    """Returns whether a citation overlaps one of some places."""
    start, end = citation.mention.start, citation.mention.end
    return any(one.page == citation.page and one.start < end and start < one.end for one in places)


def _page_at(starts: Sequence[int], offset: int) -> int:
    return bisect_right(starts, offset) - 1
