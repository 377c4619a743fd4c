"""Reads a document from the text of its own file: a decision, a directive, a circular, a letter. All functions are pure."""

from scraper.held_documents.identity import identity, known_document, mention_of
from scraper.held_documents.reading import read_document
from scraper.held_documents.values import Annex, CitedDocument, Field, HeldDocument, NumberParts, Paragraph, Place, Signer, State

__all__ = [
    "Annex",
    "CitedDocument",
    "Field",
    "HeldDocument",
    "NumberParts",
    "Paragraph",
    "Place",
    "Signer",
    "State",
    "identity",
    "known_document",
    "mention_of",
    "read_document",
]
