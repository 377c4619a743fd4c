"""Labels of dates: which of the dates on a line is that of the publication, and which that of the last change."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scraper.parse.fields.written_dates import read_date
from scraper.text import fold

# Words before a date, folded: those of the last change, and those of the publication.
_CHANGED = r"(?:ngay |lan |lan cuoi |thoi gian )?(?:cap nhat|chinh sua|sua doi|sua|hieu chinh)(?: (?:lan )?(?:cuoi|luc|ngay|moi nhat|gan nhat))*|(?:last )?(?:updated|modified|edited)(?: (?:on|at))?|last (?:update|change|modification)"
_POSTED = r"(?:ngay |gio |thoi gian )?(?:dang|xuat ban|phat hanh|gui|tao|viet|post)(?: (?:tin|bai|luc|ngay|boi))*|(?:published|posted|created|submitted|written)(?: (?:on|at|by))?|(?:publish|post|release)(?:ed)? date"
_LABELS = re.compile(rf"(?<!\w)(?:(?P<changed>{_CHANGED})|(?P<posted>{_POSTED}))\s{{0,2}}[:|]?(?!\w)")


_MADE = re.compile(r"\b(?:tao|viet|created|written)\b")  # when the text was written, which may be before it was published
# A quick check before the text is folded: every label of a change has one of these, with any diacritics.
_MAYBE_CHANGED = re.compile(r"nh\wt|\bs\w\w\b|ch\wnh|pd\wt|\wd\wf|\wd\wt|h\wng", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text with dates, split by labels: the part about the publication, and the part about the last change ("" if none)."""

    published: str
    changed: str


def by_labels(text: str) -> Labelled:
    """Split a text between dates with labels: "Cập nhật: 09/04/2010 10:00 | Ngày đăng: 05/04/2010 08:30".

    A single date with the label "Cập nhật" is returned as both, because many sites use this label for the date of publication.
    """
    if len(text) > 400 or _MAYBE_CHANGED.search(text) is None or len(folded := fold(text)) != len(text):
        return Labelled(text, "")
    marks = list(_LABELS.finditer(folded))
    if not any(mark["changed"] for mark in marks):
        return Labelled(text, "")
    published = [text[: marks[0].start()]]
    made: list[str] = []
    changed: list[str] = []
    for mark, after in zip(marks, [*marks[1:], None], strict=True):
        part = text[mark.start() : after.start() if after else len(text)]
        (changed if mark["changed"] else made if _MADE.search(mark[0]) else published).append(part)
    in_metadata, last = " ".join((*published, *made)), " ".join(changed)
    if read_date(last) is None:
        return Labelled(text, "")
    return Labelled(in_metadata if read_date(in_metadata) is not None else text, last)


def without_labels(folded: str) -> str:
    """Return a folded text without the labels of dates: "cap nhat lan cuoi 02/03/2015" gives " 02/03/2015"."""
    return _LABELS.sub(" ", folded)
