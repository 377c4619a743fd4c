"""The result of resolving a citation."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import cache

from scraper.citations.identity import DocumentKey
from scraper.citations.known import KnownDocument
from scraper.reference import rows

RESOLVED, STUB, AMBIGUOUS, UNRESOLVED = "resolved", "stub", "ambiguous", "unresolved"


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a citation was resolved to.

    `status`: resolved (to `document`, the id of a known document); stub (to `key`, a document known only from citations);
    ambiguous (`candidates`: ids of known documents, keys of stubs); unresolved.
    `rule`: a code of `reference/rules.csv`. `confidence`: high, medium or low; None if nothing was resolved.
    """

    status: str
    document: Hashable = None
    key: DocumentKey | None = None
    candidates: tuple[Hashable, ...] = ()
    date_conflict: bool = False
    rule: str = ""
    confidence: str | None = None
    known: KnownDocument | None = field(default=None, compare=False)  # the document of `document`

    @property
    def target(self) -> Hashable:
        """What it was resolved to: equal for two citations of one document. None if nothing was resolved."""
        return self.document if self.document is not None else self.key


def resolved(document: KnownDocument, rule: str, *, date_conflict: bool = False) -> Resolution:
    """A citation of a known document. A stated day that contradicts it lowers the confidence by one step."""
    confidence = confidence_of(rule)
    if date_conflict and confidence == "high":
        confidence = "medium"
    return Resolution(RESOLVED, document.id, date_conflict=date_conflict, rule=rule, confidence=confidence, known=document)


def ambiguous(documents: Sequence[KnownDocument], rule: str, *, date_conflict: bool = False) -> Resolution:
    """A citation that can be of several documents; unresolved if there is just one, or none."""
    candidates = tuple(dict.fromkeys(document.id for document in documents))
    if len(candidates) < 2:
        return unresolved(rule, date_conflict=date_conflict)
    return Resolution(AMBIGUOUS, candidates=candidates, date_conflict=date_conflict, rule=rule)


def unresolved(rule: str, *, date_conflict: bool = False) -> Resolution:
    """A citation whose text does not say enough, or whose document is not known."""
    return Resolution(UNRESOLVED, date_conflict=date_conflict, rule=rule)


@cache
def _confidences() -> dict[str, str]:
    return {row["code"]: row["confidence"] for row in rows("rules")}


def confidence_of(rule: str) -> str | None:
    """How sure a rule is: high, medium or low; None for a rule that resolves nothing."""
    return _confidences()[rule] or None
