"""Citations of documents in Vietnamese text: find, normalise, resolve. All functions are pure; the grammar is data."""

from scraper.citations.find import find
from scraper.citations.identity import DocumentKey, document_keys
from scraper.citations.known import DocumentsInMemory, KnownDocument, KnownDocuments, ReferenceDocuments, reference_documents
from scraper.citations.normalise import display_number, normalise_number
from scraper.citations.resolve import Resolution, resolve

__all__ = [
    "DocumentKey",
    "DocumentsInMemory",
    "KnownDocument",
    "KnownDocuments",
    "ReferenceDocuments",
    "Resolution",
    "display_number",
    "document_keys",
    "find",
    "normalise_number",
    "reference_documents",
    "resolve",
]
