"""Which platform made a page, told from the page alone."""

from __future__ import annotations

from dataclasses import dataclass

from scraper.parse.document import Document
from scraper.platforms import PLAIN, PLATFORMS
from scraper.platforms.base import Marker, Platform

# A single weak sign proves nothing: a class name can be anyone's.
_ENOUGH = 2.5


@dataclass(frozen=True, slots=True)
class Detection:
    """The platform with the highest score, and the next."""

    platform: Platform  # plain where the page shows no system's signs
    score: float
    runner_up: str | None
    runner_up_score: float


def detect(document: Document, prior: str | None = None) -> Detection:
    """Weigh the markers of every platform. `prior`, the platform that a source names, decides only where none is told."""
    scores = sorted(((score(document, platform), platform.id) for platform in PLATFORMS.values()), reverse=True)
    (best, best_id), (second, second_id) = scores[0], scores[1]
    if best < _ENOUGH or best_id == PLAIN.id:
        return Detection(PLATFORMS.get(prior or "", PLAIN), best, best_id if best else None, best)
    return Detection(PLATFORMS[best_id], best, second_id if second else None, second)


def score(document: Document, platform: Platform) -> float:
    """The sum of the weights of a platform's markers that a page shows."""
    return sum(marker.weight for marker, word in _MARKERS[platform.id] if _shows(document, marker, word))


# Each marker with the source that it looks for in small letters.
_MARKERS = {
    platform.id: tuple((marker, marker.source.lower().encode() if marker.source is not None else b"") for marker in platform.markers)
    for platform in PLATFORMS.values()
}


def _shows(document: Document, marker: Marker, word: bytes) -> bool:
    if marker.source is not None:
        return word in document.words and marker.source in document.source
    return marker.css is not None and document.matches(marker.css)
