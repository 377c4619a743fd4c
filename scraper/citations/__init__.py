"""Citations of documents in Vietnamese text: find, normalise, resolve. All functions are pure; the grammar is data."""

from scraper.citations.finder import find
from scraper.citations.forms.document_keys import DocumentKey, document_keys
from scraper.citations.forms.number_spelling import display_number, normalise_number
from scraper.citations.resolving.known_documents import (
    DocumentsInMemory,
    KnownDocument,
    KnownDocuments,
    ReferenceDocuments,
    reference_documents,
)
from scraper.citations.resolving.resolver import resolve
from scraper.citations.resolving.result import Resolution
from scraper.citations.source_context import context_of

__all__ = [
    "DocumentKey",
    "DocumentsInMemory",
    "KnownDocument",
    "KnownDocuments",
    "ReferenceDocuments",
    "Resolution",
    "context_of",
    "display_number",
    "document_keys",
    "find",
    "normalise_number",
    "reference_documents",
    "resolve",
]
