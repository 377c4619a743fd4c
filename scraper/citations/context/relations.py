"""Decides what a text does with a document that it cites: issue, implement, amend it ... docs/relations.md defines each relation.

The words before a citation decide first (`pre_context_relation`). A later member of a list has the relation of the member before it. If no
word before a citation decides, the words after it are read. The words are data (grammar/relations.toml).
"""

from __future__ import annotations

from collections.abc import Sequence

from scraper.citations.context.pre_context_relation import LONGEST, SENTENCE_END, begin_of_row, read_before
from scraper.citations.context.relation_words import cue_words, cues_after, undergone
from scraper.citations.forms.cited_span import CitedSpan, same_series
from scraper.citations.forms.issue_dates import DATE
from scraper.citations.grammar.late_pattern import late_pattern

_REPEATED = 4  # citations before one in a bracket that it can repeat
_AFTER = 240  # characters that are read after a citation
# What can come between a citation and its verb: its day and its issuer, but not its title.
_OWN_WORDS = late_pattern(
    r"\s*(?:ngày|tháng|năm|của|giữa|hiện hành|đã|mới|vừa|cũng|sẽ|đang|chính thức|vốn|được|bị|do|ban|ký|gửi|kèm|đính|vào|đi|xem|\(|\d)"
)
_PASSIVE = late_pattern(r"\s(?:(?:đã|vừa|mới|sẽ|vốn)\s)?(?:được|bị)\s")
_TITLE = late_pattern(r"[,;:]|\s(?<!được\s)(?<!bị\s)(?:về|quy định|hướng dẫn|phê duyệt|sửa đổi|triển khai|thực hiện)(?!\w)")


def _read_after(text: str, end: int, following: int, beyond: int) -> str | None:
    """Returns the relation that the words after a citation state, or None.
    `following`: the start of the next citation. `beyond`: the start of the next citation that is not part of the title of this one.
    """
    tail = text[end : min(beyond, end + _AFTER)]
    if (stop := SENTENCE_END.search(tail)) is not None:
        tail = tail[: stop.start()]
    if tail[:1] == "," and _PASSIVE.match(tail, 1) is not None:
        end, tail = end + 1, tail[1:]  # "Nghị định số 15/2020/NĐ-CP, đã được sửa đổi tại ..."
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
    joint: list[str] = []  # the mark that joins each citation to the one before it
    repeated: dict[int, int] = {}
    floor = 0
    outer = 0  # index of the head of the list, or of the citation whose title contains this one
    for at, one in enumerate(found):
        if (meant := _short_form_of(text, found, at)) is not None:
            repeated[at] = meant
            relations.append(relations[meant])
            governed.append(governed[meant])
            joint.append("")
            floor = one.end
            continue
        before = read_before(text, one, floor)
        relation = "issuing" if before.relation == "drafting" and _is_sent(text, one) else before.relation
        if before.joint:
            previous = _before_bracket(text, found, at)
            outer = min(outer, _outermost(text, found, governed, relations, previous, before.joint))
            leaves = _leaves(found, relations, outer, previous, one, before.joint)
            relation = relations[outer if leaves else previous]
        else:
            outer = at
            if relation is None and (above := _row_above(text, found, at)) is not None:
                relation = relations[above]
        relations.append(relation)
        governed.append(before.governed)
        joint.append(before.joint)
        floor = one.end
    _read_words_after(text, found, relations, governed, joint)
    for at, meant in repeated.items():
        relations[at] = relations[meant] or relations[at]
    return relations


_SENDS = late_pattern(r"trình\s{1,3}$")


def _is_sent(text: str, one: CitedSpan) -> bool:
    """Returns whether "trình" says that a paper is sent, and not that a draft is proposed: "trình Báo cáo số 12/BC-CP"."""
    return one.doc_type in ("tờ trình", "báo cáo") and _SENDS.search(text, max(0, one.start - 8), one.start) is not None


def _leaves(found: Sequence[CitedSpan], relations: Sequence[str | None], outer: int, previous: int, one: CitedSpan, joint: str) -> bool:
    """Returns whether a later member of a list has the relation of the citation at `outer`, in whose title the member before it (`previous`) is.
    `joint`: the mark before it. In "UBND ban hành Kế hoạch số 1/KH-UBND triển khai Nghị quyết số 2/NQ-HĐND và Chỉ thị số 3/CT-TTg" it does not:
    another body issued it.
    """
    if relations[outer] is None or (joint != ";" and one.doc_type == found[previous].doc_type):
        return False
    return joint == ";" or outer == previous or relations[outer] != "issuing" or same_series(found[outer], one)


def _read_words_after(
    text: str, found: Sequence[CitedSpan], relations: list[str | None], governed: Sequence[bool], joint: Sequence[str]
) -> None:
    """Sets the relations that the words after the citations state, if no word before them decided."""
    following = beyond = len(text)
    after: str | None = None  # the relation of the next citation, if the words after it state it
    in_row = False  # whether it has that relation as a member of a row
    for at in range(len(found) - 1, -1, -1):
        if relations[at] is None:
            relations[at] = _read_after(text, found[at].end, following, beyond)
            in_row = relations[at] is None and after is not None and _is_row(text, found[at], found[at + 1], joint[at + 1], in_row)
            relations[at] = after = after if in_row else relations[at]
        else:
            after, in_row = None, False
        following = found[at].start
        if not (at and relations[at - 1] is None and governed[at] and _in_title(text, found[at - 1].end, following, relations[at])):
            beyond = following


_BOTH = late_pattern(r"\s(?:cùng|đều)\s")
# "Thông tư số 1/2021/TT-BYT ngày 5/6/2021 và Thông tư số 2/2021/TT-BYT được thay thế": what is said after the last of a row holds for all.
_ROW = late_pattern(rf"(?:\sngày\s(?:{DATE}))?(?:\scủa\s[^.,;:\n]{{2,60}})?\s?(?:,|(?:,|\s)\s?(?:và|cùng))\s{{1,3}}(?:số\s)?")


_LONGEST_ROW = 600  # characters


def _row_above(text: str, found: Sequence[CitedSpan], at: int) -> int | None:
    """Returns the citation that begins the row above the one at `at`, by index, if both begin rows of one list. Returns None otherwise."""
    begin = begin_of_row(text, found[at].start) if at else None
    if begin is None or begin - found[at - 1].end > _LONGEST_ROW or text.find("\n", found[at - 1].end, begin) >= 0:
        return None
    line = text.rfind("\n", max(0, begin - _LONGEST_ROW), begin)
    above = next((one for one in range(at - 1, -1, -1) if one == 0 or found[one - 1].start <= line), at - 1)
    return above if begin_of_row(text, found[above].start) == line else None


def _is_row(text: str, one: CitedSpan, following: CitedSpan, joint: str, in_row: bool) -> bool:
    """Returns whether two citations are the last two subjects of one verb, or `following` is a member of such a row (`in_row`). After a comma a clause
    may begin: "So với Luật A, Luật B có hiệu lực sớm hơn".
    """
    joined = joint == "và" or (joint == "," and (in_row or _BOTH.match(text, following.end) is not None))
    return joined and _ROW.fullmatch(text, one.end, following.start) is not None


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


def _outermost(
    text: str, found: Sequence[CitedSpan], governed: Sequence[bool], relations: Sequence[str | None], at: int, joint: str
) -> int:
    """Returns the citation whose title contains a citation: A for B in "Nghị định A quy định chi tiết Luật B". Otherwise returns the
    citation itself. `joint`: the mark between it and the next one. After "và", that one is amended with it: "Nghị định A sửa đổi Nghị định B và C".
    """
    while at > 0 and governed[at] and _in_title(text, found[at - 1].end, found[at].start, relations[at]):
        if joint == "và" and relations[at] in _ROW_OBJECTS:
            break
        at -= 1
    return at


_ROW_OBJECTS = ("amending", "replacing")


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


def _in_title(text: str, floor: int, start: int, relation: str | None) -> bool:
    """Returns whether a citation that a cue governs is in the title of the one that ends at `floor`. `relation`: what the cue says. After a comma,
    the verb of issue is that of another clause: "Theo Quyết định A của Chính phủ, Bộ Y tế ban hành Quyết định B".
    """
    if relation == "issuing" and text.find(",", floor, start) >= 0:
        return False
    if start - floor > LONGEST or text.find(";", floor, start) >= 0 or text.find(":", floor, start) >= 0:
        return False
    return SENTENCE_END.search(text, floor, start) is None
