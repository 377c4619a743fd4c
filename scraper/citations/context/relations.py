"""Decides what a text does with a document that it cites: issue, implement, amend it ... docs/relations.md defines each relation.

The words before a citation decide first (`pre_context_relation`). A later member of a list has the relation of the member before it. If no
word before a citation decides, the words after it are read. The words are data (grammar/relations.toml).
"""

from __future__ import annotations

from collections.abc import Sequence

from scraper.citations.context.pre_context_relation import LONGEST, SENTENCE_END, read_before
from scraper.citations.context.relation_words import cue_words, cues_after, undergone
from scraper.citations.forms.cited_span import CitedSpan
from scraper.citations.grammar.late_pattern import late_pattern

_REPEATED = 4  # citations before one in a bracket that it can repeat
_AFTER = 240  # characters that are read after a citation
# What can come between a citation and its verb: its day and its issuer, but not its title.
_OWN_WORDS = late_pattern(
    r"\s*(?:ngày|tháng|năm|của|hiện hành|đã|mới|vừa|cũng|sẽ|đang|chính thức|vốn|được|bị|do|ban|ký|gửi|kèm|đính|vào|đi|xem|\(|\d)"
)
_TITLE = late_pattern(r"[,;:]|\s(?<!được\s)(?<!bị\s)(?:về|quy định|hướng dẫn|phê duyệt|sửa đổi|triển khai|thực hiện)(?!\w)")


def _read_after(text: str, end: int, following: int, beyond: int) -> str | None:
    """Returns the relation that the words after a citation state, or None.
    `following`: the start of the next citation. `beyond`: the start of the next citation that is not part of the title of this one.
    """
    tail = text[end : min(beyond, end + _AFTER)]
    if (stop := SENTENCE_END.search(tail)) is not None:
        tail = tail[: stop.start()]
    relation = None
    if tail[:4].lstrip()[:1] == "(":
        verbs, relations = undergone()
        if (verb := verbs.match(tail)) is not None:
            return relations[verb["verb"]]
    if _OWN_WORDS.match(tail):
        own = tail[: following - end]
        title = _TITLE.search(own)
        relation = _cue_in(own if title is None else own[: title.start()], "after")
    if relation is None and any(word in tail for word in cue_words("anywhere")):
        relation = _cue_in(tail, "anywhere")
    return relation


def _cue_in(text: str, role: str) -> str | None:
    pattern, relations = cues_after(role)
    cue = pattern.search(text)
    return None if cue is None else relations[(cue.lastindex or 1) - 1]


def relations_of(text: str, found: Sequence[CitedSpan]) -> list[str | None]:
    """Returns the relation of each citation of a text, in order. It is None if the text only names the document."""
    relations: list[str | None] = []
    governed: list[bool] = []
    repeated: dict[int, int] = {}
    floor = 0
    outer = 0  # index of the head of the list, or of the citation whose title contains this one
    for at, one in enumerate(found):
        if (meant := _short_form_of(text, found, at)) is not None:
            repeated[at] = meant
            relations.append(relations[meant])
            governed.append(governed[meant])
            floor = one.end
            continue
        before = read_before(text, one, floor)
        relation = before.relation
        if before.joint:
            previous = _before_bracket(text, found, at)
            outer = min(outer, _outermost(text, found, governed, previous))
            leaves = relations[outer] is not None and (before.joint == ";" or one.doc_type != found[previous].doc_type)
            relation = relations[outer if leaves else previous]
        else:
            outer = at
        relations.append(relation)
        governed.append(before.governed)
        floor = one.end
    following = beyond = len(text)
    for at in range(len(found) - 1, -1, -1):
        if relations[at] is None:
            relations[at] = _read_after(text, found[at].end, following, beyond)
        following = found[at].start
        if not (at and relations[at - 1] is None and governed[at] and _in_title(text, found[at - 1].end, following)):
            beyond = following
    for at, meant in repeated.items():
        relations[at] = relations[meant] or relations[at]
    return relations


def _short_form_of(text: str, found: Sequence[CitedSpan], at: int) -> int | None:
    """Returns the index of the citation that a bracket with nothing else repeats: "Nghị định số 131/2021/NĐ-CP của Chính phủ quy định ... (Nghị
    định số 131/2021/NĐ-CP)". Returns None if the one at `at` is not in such a bracket.
    """
    one = found[at]
    if not at or text[found[at - 1].end : one.start].rstrip()[-1:] != "(" or text[one.end : one.end + 1] != ")":
        return None
    for earlier in range(at - 1, max(-1, at - 1 - _REPEATED), -1):
        other = found[earlier]
        if other.doc_type == one.doc_type and text.startswith(text[one.start : one.end], other.start):
            return earlier
    return None


def _outermost(text: str, found: Sequence[CitedSpan], governed: Sequence[bool], at: int) -> int:
    """Returns the citation whose title contains a citation: A for B in "Nghị định A quy định chi tiết Luật B". Otherwise returns the
    citation itself.
    """
    while at > 0 and governed[at] and _in_title(text, found[at - 1].end, found[at].start):
        at -= 1
    return at


def _before_bracket(text: str, found: Sequence[CitedSpan], at: int) -> int:
    """Returns the member of a list before the citation at `at`, by index. What a closed bracket between them names is not a member: in
    "A (sửa đổi bởi B); C" it is A.
    """
    previous = at - 1
    closed = text.count(")", found[previous].end, found[at].start) - text.count("(", found[previous].end, found[at].start)
    while closed > 0 and previous > 0:
        opened = text.count("(", found[previous - 1].end, found[previous].start) - text.count(
            ")", found[previous - 1].end, found[previous].start
        )
        closed -= opened
        previous -= 1
    return previous if closed <= 0 else at - 1


def _in_title(text: str, floor: int, start: int) -> bool:
    """Returns whether a citation that a cue governs is in the title of the one that ends at `floor`."""
    if start - floor > LONGEST or text.find(";", floor, start) >= 0 or text.find(":", floor, start) >= 0:
        return False
    return SENTENCE_END.search(text, floor, start) is None
