"""How much two texts agree: the harmonic mean of precision and recall of words, in any order."""

from __future__ import annotations

from collections import Counter


def word_f1(found: str, truth: str) -> float:
    """Returns the F1 of the words of a text against those of the true one: 1 if they are the same, 0 if no word is. Two empty texts agree.

    >>> word_f1("Số 12 ngày", "Số 12 tháng")
    0.6666666666666666
    """
    ours, theirs = Counter(found.split()), Counter(truth.split())
    total = sum(ours.values()) + sum(theirs.values())
    return 2 * sum((ours & theirs).values()) / total if total else 1.0
