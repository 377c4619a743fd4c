"""What the codes of the archive are called on the pages, in the language of the request. `reference/labels.csv` holds the names."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from scraper.reference import rows
from scraper.web.languages import either


@cache
def _names() -> Mapping[tuple[str, str], tuple[str, str]]:
    return {(row["list"], row["code"]): (row["name_vi"], row["name_en"]) for row in rows("labels")}


def named(codes: str, code: str | None) -> str:
    """Returns the name of a code, like "thực hiện" or "implementing"; a code without a name as it is; "" for None.

    `codes`: the list of codes to which it belongs: field, run outcome, command, failure, relation, status, confidence, kind (of source),
    observed (state of a month), gap (its kind), diffusion (status of a unit), end (how the end of a document is known), file state,
    text state, text cut, font, file kind, held state, held field, or health state, reason and note.
    """
    if code is None:
        return ""
    names = _names().get((codes, code))
    return code if names is None else either(*names)
