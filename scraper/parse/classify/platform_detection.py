"""Detects the platform of a page, only from the page itself."""

from __future__ import annotations

from dataclasses import dataclass

from scraper.parse.tree.page_tree import PageTree
from scraper.platforms import PLAIN, PLATFORMS
from scraper.platforms.kit import DETECTED, Platform


@dataclass(frozen=True, slots=True)
class Detection:
    """The platform with the highest score, and the next. A score is the sum of the weights of the markers found."""

    platform: Platform  # plain if the page has no markers of a platform
    score: float
    runner_up: str | None
    runner_up_score: float


def detect(tree: PageTree, prior: str | None = None) -> Detection:
    """Return the platform with the highest score. `prior`, the configured platform, decides only if no score is enough."""
    (best, best_id), (second, second_id) = sorted(((score, platform) for platform, score in scores(tree).items()), reverse=True)[:2]
    if best < DETECTED or best_id == PLAIN.id:
        return Detection(PLATFORMS.get(prior or "", PLAIN), best, best_id if best else None, best)
    return Detection(PLATFORMS[best_id], best, second_id if second else None, second)


def scores(tree: PageTree) -> dict[str, float]:
    """Return the sum of the weights of the markers that a page has, for every platform by id."""
    weighed = dict.fromkeys(PLATFORMS, 0.0)
    for platform, weight, css, source, word in _MARKERS:
        if css is not None:
            shows = tree.matches(css)
        else:
            place = tree.words[word]
            shows = place is not None and tree.encoded.find(source, place) >= 0
        if shows:
            weighed[platform] += weight
    return weighed


# Every marker with its platform and weight, its selector, and its source as bytes: unchanged, and in lower case.
_MARKERS = tuple(
    (platform.id, marker.weight, marker.css, (marker.source or "").encode(), (marker.source or "").lower().encode())
    for platform in PLATFORMS.values()
    for marker in platform.markers
)
