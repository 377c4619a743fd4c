"""Decides whether the text states that a document was issued just now: "vừa ban hành Chỉ thị 16", "Chỉ thị 16 mới được ban hành"."""

from __future__ import annotations

from scraper.citations.grammar.late_pattern import late_pattern

JUST_ISSUED = "just-issued"  # a flag of a short citation

_VERB = r"(?:ký\s{1,3})?(?:ban\s{1,3}hành|ra|ký|có|phát\s{1,3}hành)"
_BEFORE = late_pattern(rf"(?<!\w)(?:[Vv]ừa|[Mm]ới)\s{{1,3}}(?:mới\s{{1,3}})?(?:được\s{{1,3}}|cho\s{{1,3}})?{_VERB}\s{{1,3}}$")
_AFTER = late_pattern(
    r"(?:\s{1,3}của\s[^.;,:()\n]{2,60}?)?(?:\s{1,3}\([^()\n]{1,60}\))?\s{1,3}(?:vừa|mới)\s{1,3}(?:mới\s{1,3})?(?:được\s{1,3})?"
    r"(?:ký\s{1,3})?(?:ban\s{1,3}hành|ra\s{1,3}đời|ký|phát\s{1,3}hành)(?!\w)"
)
_REACH = 160  # characters after a citation that are read


def just_issued(text: str, start: int, end: int) -> bool:
    """Returns whether the words directly before or after a citation state it. In "vừa ban hành Kế hoạch thực hiện Chỉ thị 16" it applies
    to the plan only.
    """
    return _BEFORE.search(text[max(0, start - 40) : start]) is not None or _AFTER.match(text[end : end + _REACH]) is not None
