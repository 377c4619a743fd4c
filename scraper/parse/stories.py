"""The stories of a digest: several reports under one title, each with a headline of its own.

Provincial departments publish weekly digests ("Tin vắn", "Điểm tin"); each report begins with a line marked by an
asterisk: "* Hội thảo ...". Two such lines at least make a digest; one alone is a note.
"""

from __future__ import annotations

import re
from itertools import pairwise

from scraper.model import Story

_HEAD = re.compile(r"^\*+\s*(?=\S)(?P<title>.{8,300})$")
_SENTENCE_END = re.compile(r"[.;:]$")


def find_stories(body: str) -> tuple[tuple[Story, ...], str]:
    """The stories of a body (paragraphs parted by a blank line), and the rule that found them or did not."""
    heads = []
    at = 0
    if "*" not in body:
        return (), "no digest"
    for paragraph in body.split("\n\n"):
        match = _HEAD.match(paragraph)
        if match and not _SENTENCE_END.search(paragraph):
            heads.append((at, match["title"].strip()))
        at += len(paragraph) + 2
    if len(heads) < 2 or _is_list(body, [start for start, _ in heads]):
        return (), "no digest"
    if sum(title.endswith("?") for _, title in heads) * 2 >= len(heads):
        return (), "no digest: an interview, whose questions are marked"
    ends = [start - 2 for start, _ in heads[1:]] + [len(body)]
    stories = tuple(
        Story(position=number, title=title, start=start, end=end)
        for number, ((start, title), end) in enumerate(zip(heads, ends, strict=True), start=1)
    )
    return stories, "lines that begin with an asterisk"


def _is_list(body: str, starts: list[int]) -> bool:
    """Asterisks that follow each other without a paragraph between them are the items of a list."""
    followed = sum(1 for start, after in pairwise(starts) if body.count("\n\n", start, after) > 1)
    return followed * 2 < len(starts) - 1
