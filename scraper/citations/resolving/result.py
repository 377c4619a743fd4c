"""The result of resolving a citation."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import cache

from scraper.citations.forms.document_keys import DocumentKey
from scraper.citations.resolving.known_documents import KnownDocument
from scraper.reference import rows

RESOLVED, STUB, AMBIGUOUS, UNRESOLVED = "resolved", "stub", "ambiguous", "unresolved"


@dataclass(frozen=True, slots=True)
class Resolution:
    """The result of resolving a citation.
    `status`: resolved (to `document`, the id of a known document); stub (to `key`, a document known only from citations); ambiguous
    (`candidates`: ids of known documents, keys of stubs); unresolved.
    `rule`: a code of `reference/rules.csv`. `confidence`: high, medium or low; None if nothing was resolved.
    """

    status: str
    document: Hashable = None
    key: DocumentKey | None = None
    candidates: tuple[Hashable, ...] = ()
    date_conflict: bool = False
    rule: str = ""
    confidence: str | None = None
    known: KnownDocument | None = field(default=None, compare=False)  # the document that `document` identifies

    @property
    def target(self) -> Hashable:
        """Returns the id or the key of the document, equal for two citations of one document. Returns None if nothing was resolved."""
        return self.document if self.document is not None else self.key


def resolved(document: KnownDocument, rule: str, *, date_conflict: bool = False) -> Resolution:
    """Returns the resolution to a known document. If a stated day contradicts it, a high confidence becomes medium."""
    confidence = confidence_of(rule)
    if date_conflict and confidence == "high":
        confidence = "medium"
    return Resolution(RESOLVED, document.id, date_conflict=date_conflict, rule=rule, confidence=confidence, known=document)


def ambiguous(documents: Sequence[KnownDocument], rule: str, *, date_conflict: bool = False) -> Resolution:
    """Returns the resolution of a citation that can be of several documents. If there are fewer than two, it is unresolved."""
    candidates = tuple(dict.fromkeys(document.id for document in documents))
    if len(candidates) < 2:
        return unresolved(rule, date_conflict=date_conflict)
    return Resolution(AMBIGUOUS, candidates=candidates, date_conflict=date_conflict, rule=rule)


def unresolved(rule: str, *, date_conflict: bool = False) -> Resolution:
    """Returns the resolution of a citation that states too little, or whose document is not known."""
    return Resolution(UNRESOLVED, date_conflict=date_conflict, rule=rule)


@cache
def _confidences() -> dict[str, str]:
    return {row["code"]: row["confidence"] for row in rows("rules")}


def confidence_of(rule: str) -> str | None:
    """Returns the confidence of a rule: high, medium or low. Returns None if the rule resolves nothing."""
    return _confidences()[rule] or None
