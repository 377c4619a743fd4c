"""Reads the words before a citation backwards. The nearest cue that governs the citation decides its relation.

The time is linear, because the number of words read before each citation is bounded.
"""

from __future__ import annotations

from scraper.citations.context.relation_words import Ending, Entry, endings
from scraper.citations.forms.cited_span import CitedSpan
from scraper.citations.grammar.late_pattern import late_pattern

_WINDOWS = (60, 150, 420)  # characters read before a citation; most are decided in the first window
LONGEST = _WINDOWS[-1]
# Maximum distance in words between a cue and a citation: in one part of a sentence, before a list, before a bracket, and for a cue of kind
# `far`.
_REACH, _LIST_REACH, _BRACKET_REACH, _FAR_REACH = 26, 45, 12, 60
_WEAK_REACH = 10  # words before "quy định tại" in which "thực hiện" is searched
_INSPECTION_REACH, _NOMINAL_REACH = 20, 6  # words between "kiểm tra" and "việc", and between "việc" and "thực hiện"
_LONGEST_MARK = 12  # characters of the mark of a row of a list
_PROVISION_REACH = 12  # words between the first word of a provision and the "và" after it
_PAPER_REACH = 4  # words between the cue of a list and its first paper
_STOP = r"[.?!…](?=[\s(]|$)(?<![Tt][Pp].)(?<![Tt]h[Ss].)"
_BLANK_LINE = late_pattern(r"\n\s{0,9}\n")
_TOKEN = late_pattern(rf"[^\W\d_]+|\d+|[,;:()]|{_STOP}")
SENTENCE_END = late_pattern(rf"{_STOP}|{_BLANK_LINE.pattern}")
_PINPOINT = frozenset({"điều", "khoản", "điểm", "mục", "chương", "phụ"})
_MARKS = frozenset(",;:()")
_BREAKS = frozenset(".?!…\n")
_CONJUNCTIONS = frozenset({("và",), ("hoặc",), ("hay",), ("cùng",), ("cùng", "với"), ("đến", "số")})


class PreContextReader:
    """Reads words backwards from the citation at `start`. `floor`: the end of the citation before, 0 if it is too far away.
    `bare`: the citation is a number without its noun, which comes earlier in the text. `words`: the words before the citation, in order.
    The last four attributes hold the result. The initial values are class attributes, which is faster, because a text has many citations.
    """

    direct: bool = True  # so far only words that a direct cue can pass
    which: bool = False  # "tại", "trong" ... come directly before the citation
    bracket: bool = False  # the citation begins a bracket
    colon: bool = False  # a colon comes before the citation
    listed: bool = False  # a list begins before the citation
    across: bool = False  # a comma divides the clause
    paper: int = -1  # the distance of the last word that was read for a paper or an order
    weak: str | None = None
    reach: int = _REACH
    weak_until: int = -1
    relation: str | None = None
    joint: str = ""  # the mark that joins a later member of a list to the citation before it
    governed: bool = False  # a cue decided, and no comma or "và" joins that cue to the words before it
    cut: bool = False  # more words before the first are needed

    def __init__(self, text: str, floor: int, start: int, standard: bool, bare: bool, words: list[str]) -> None:
        self.text = text
        self.floor = floor
        self.start = start
        self.standard = standard
        self.bare = bare
        self.words = words

    def read(self, whole: bool) -> None:
        """Read until a word decides. `whole`: no more words come before the first one."""
        words, by_last_word = self.words, endings()
        at = len(words) - 1
        first = max(-1, at - _FAR_REACH)
        while at > first:
            word = words[at]
            if (ending := by_last_word.get(word)) is not None:
                step = self._word(at, ending)
            elif word in _MARKS:
                step = self._mark(at)
            elif word[0] in _BREAKS:
                break
            else:
                step = 1
                self.direct = self.direct and (word.isdigit() or len(word) == 1)
            if step == 0 or (self.standard and not self.direct):
                return  # a standard gets a relation only from a direct cue
            at -= step
        self.cut = at < 0 and not whole
        self.relation = None if self.standard else self.weak

    def _decided(self, relation: str | None, at: int) -> int:
        """Store the relation of the cue that begins at word `at`. Returns 0."""
        self.relation = None if self.standard and relation == "legal basis" else relation
        self.governed = at == 0 or self.words[at - 1] not in (",", "và") or (at > 1 and self._is_verb(at - 2))
        return 0

    def _mark(self, at: int) -> int:
        """Pass a mark. Returns the number of words to go back, or 0 if the mark decides."""
        mark = self.words[at]
        if mark == ")":
            return self._over_bracket(at)
        if mark == "," and (self._in_pinpoint(at) or self._between_adverbs(at)):
            return 1
        if not (self.direct or self._begins_with_paper(at)):
            self.across = True
            return 1
        return self._joint(at, mark)

    def _in_pinpoint(self, at: int) -> bool:
        """Returns whether a comma is inside a provision: "khoản 2, Điều 5", "Chương VI, Nghị định ..."."""
        after, before = self.words[at + 1 : at + 2], self.words[max(0, at - 2) : at]
        if after and after[0] in _PINPOINT and not before and self.floor:
            return False  # "Điều 84 Hiến pháp, Điều 71 Luật ..."
        if after and after[0] in _PINPOINT:
            return not (before and self._is_verb(at - 1))  # "và Thông tư hướng dẫn, điểm a khoản 2 Luật ..."
        if after and before and after[0].isdigit() and before[-1].isdigit():
            return True  # "các điều 40, 41 và 83"
        return bool(len(before) == 2 and before[0] in _PINPOINT)

    def _is_verb(self, at: int) -> bool:
        """Returns whether a cue ends at a word. No comma comes between it and its object."""
        return self._has(at, "cues") or self._has(at, "direct") or self._has(at, "execution")

    def _begins_with_paper(self, at: int) -> bool:
        """Returns whether a later member of a list begins with a paper: "...; chỉ đạo của UBND tỉnh tại X"."""
        if not (self.which and self.weak is None and self.floor > 0 and self.paper == len(self.words) - 2 - at):
            return False
        return not any(self._has(before, "execution") or self._has(before, "cues") for before in range(max(0, at - 4), at))

    def _between_adverbs(self, at: int) -> bool:
        """Returns whether a comma is between adverbs: "thực hiện nghiêm túc, đầy đủ các quy định của X"."""
        return self.direct and 0 < at < len(self.words) - 1 and self._has(at - 1, "through")

    def _joint(self, at: int, mark: str) -> int:
        if self.which and self.paper < 0:
            return self._decided(None, at)
        if self.weak is not None and self.direct and mark == ",":
            return self._decided(self.weak, at)  # "A, quy định tại B": no member of a list
        if self._joins(mark):
            self.joint = mark
            return 0
        self.colon = mark == ":"
        self.direct = self.direct and self.colon  # "Bãi bỏ các văn bản sau: ..."
        if mark == "(":
            self.bracket = True
            self.reach = len(self.words) - at + _BRACKET_REACH
        else:
            self.listed = mark != ":"
            self.reach = _LIST_REACH
        return 1

    def _joins(self, mark: str) -> bool:
        """Returns whether a mark joins the citation to the one before it."""
        if not self.floor:
            return False
        if mark == "(":
            return self.text[self.floor : self.start].strip() == "("
        return SENTENCE_END.search(self.text, self.floor, self.start) is None

    def _over_bracket(self, at: int) -> int:
        for back in range(1, min(at, 30) + 1):
            if self.words[at - back] == "(":
                return back + 1
        return 1

    def _word(self, at: int, ending: Ending) -> int:
        """Pass a word that can be the last of an entry. Returns the number of words to go back, or 0 if it decides."""
        entry = self._entry_of(ending, at)
        if entry is None:
            self.direct = self.direct and len(self.words[at]) == 1
            return 1
        roles, start = entry.roles, at - len(entry.words) + 1
        if "stop" in roles or ("stop_near" in roles and self.direct and not self.colon):
            return self._decided(self.weak, start)
        relation = self._governs(roles, len(self.words) - 1 - at)
        if relation is not None:
            return self._decided(self._inspected(relation, roles, start), start)
        if entry.words == ("và",) and self._joins_provisions(at):
            return 1
        if entry.words in _CONJUNCTIONS and (self.direct or self._begins_with_paper(at)):
            return self._joint(start, "và") and len(entry.words)
        self._pass(roles, start)
        return len(entry.words)

    def _joins_provisions(self, at: int) -> bool:
        """Returns whether "và" joins two provisions of the citation: "khoản 5, Điều 4 và điểm c, khoản 3, Điều 10 Luật ...", "các điều 40 và 83".
        In "Điều 84 Hiến pháp và Điều 71 Luật ..." it joins the citation to the one before it.
        """
        after = self.words[at + 1 : at + 2]
        if not after or not (after[0] in _PINPOINT or after[0].isdigit()):
            return False
        return not self.floor or not _PINPOINT.isdisjoint(self.words[max(0, at - _PROVISION_REACH) : at])

    def _entry_of(self, ending: Ending, at: int) -> Entry | None:
        """Returns the longest entry that ends at a word, or None. `ending`: all entries that end with it."""
        words = self.words
        if at and (longer := ending.longer.get(words[at - 1])) is not None:
            for entry in longer:
                length = len(entry.words)
                if length == 2 or (length <= at + 1 and tuple(words[at - length + 1 : at + 1]) == entry.words):
                    return entry
        return ending.single

    def _governs(self, roles: dict[str, str], distance: int) -> str | None:
        """Returns the relation of a cue if it governs the citation at this distance, or None."""
        if "direct" in roles and self._is_governed_directly(distance):
            return roles["direct"]
        if (
            (self.which or self.bracket)
            and self.weak is None
            and not self.across
            and not self.listed
            and "means" in roles
            and distance < _REACH
        ):
            return self._by_means(roles["means"])
        if "far" in roles and not self.which:
            return roles["far"]
        if "proposal" in roles and self.weak is None:
            return roles["proposal"]
        relation = roles.get("cues") or roles.get("execution") or roles.get("far")
        return relation if relation is not None and distance < self.reach and self._is_reached(distance) else None

    def _is_governed_directly(self, distance: int) -> bool:
        """Returns whether a direct cue at this distance governs the citation."""
        if self.direct and not self.which:
            return True
        return (self.bare or (self.listed and not self.across)) and self._of_paper(distance)

    def _is_reached(self, distance: int) -> bool:
        """Returns whether nothing between a cue and the citation keeps the cue from governing it."""
        if self.weak is not None:
            return distance <= self.weak_until
        if self.listed:
            return self._of_paper(distance)
        return not self.across and not (self.which and self.paper < 0)

    def _of_paper(self, distance: int) -> bool:
        """Returns whether a word for a paper follows after the cue at this distance: "thực hiện Lời kêu gọi ..., Kết luận số ..."."""
        return self.paper >= 0 and 0 <= distance - self.paper <= _PAPER_REACH

    def _by_means(self, relation: str) -> str | None:
        if relation == "issuing":
            return relation
        self.weak, self.paper = relation, 0
        return None

    def _pass(self, roles: dict[str, str], start: int) -> None:
        """Store what an entry that does not decide means for the entries before it."""
        if "weak" in roles and self.weak is None:
            self.weak = roles["weak"]
            self.weak_until = len(self.words) - 1 - start + _WEAK_REACH
        if "through_which" in roles and self.direct:
            self.which = True
        elif not {"through", "list_words", "weak"} & roles.keys():
            self.direct = False
        if "papers" in roles or "weak" in roles:
            self.paper = len(self.words) - 1 - start

    def _inspected(self, relation: str, roles: dict[str, str], start: int) -> str:
        """Returns "checking" if an inspection has the execution as its object: "kiểm tra việc thực hiện X", but not "kết quả 5 năm thực
        hiện X". Otherwise returns the relation unchanged.
        """
        if "execution" not in roles:
            return relation
        self.cut = start <= _NOMINAL_REACH and not _BREAKS.intersection(self.words[:start])
        nominal = start - 1
        last = max(-1, start - 1 - _NOMINAL_REACH)
        while nominal > last and not self._has(nominal, "nominal"):
            nominal -= 1
        if nominal == last or "năm" in self.words[nominal:start]:
            return relation
        self.cut = nominal <= _INSPECTION_REACH
        for at in range(nominal - 1, max(-1, nominal - 1 - _INSPECTION_REACH), -1):
            if self.words[at][0] in _BREAKS:
                break
            if self._has(at, "inspection"):
                return "checking"
        return relation

    def _has(self, at: int, role: str) -> bool:
        ending = endings().get(self.words[at])
        entry = self._entry_of(ending, at) if ending is not None else None
        return entry is not None and role in entry.roles


_ROW_MARK = late_pattern(r"\n[^\S\n]{0,4}(?:[-–+•*]|\(?\d{1,2}[.)]|[a-zđ][.)])[^\S\n]{0,3}$")


def begin_of_row(text: str, start: int) -> int | None:
    """Returns where the line of a citation at `start` begins, if only the mark of a list comes before it: "2. Quyết định số ...". Or None."""
    if text.find("\n", max(0, start - _LONGEST_MARK), start) < 0:
        return None
    mark = _ROW_MARK.search(text, max(0, start - _LONGEST_MARK), start)
    return mark.start() if mark is not None else None


def read_before(text: str, one: CitedSpan, floor: int) -> PreContextReader:
    """Returns the reader after it has read the words before a citation. Words before `floor`, the end of the citation before, are not
    read.
    """
    start = begin_of_row(text, one.start) or one.start
    joinable = floor if start - floor <= LONGEST else 0
    for length in _WINDOWS:
        first = max(floor, start - length)
        words = _words(text[first:start].lower())
        whole = first == floor
        if not whole and words[:1] != ["\n"]:
            del words[:1]  # the window may begin inside a word, but not at the end of a paragraph
        reader = PreContextReader(text, joinable, start, not one.kind.is_issued, not one.noun and one.kind.has_codes, words)
        reader.read(whole)
        if whole or not reader.cut:
            break
    return reader


def _words(text: str) -> list[str]:
    """Returns the words and marks of a text. Everything before its last empty line, or before its last table row, becomes one line
    break.
    """
    words: list[str] = []
    if "\n" in text:
        *before, text = _BLANK_LINE.split(text)
        above, _, row = text.rpartition("\n")
        if above and "\t" in row:
            before, text = [above], row
        words = ["\n"] if before else []
    for word in text.split():
        if word.isalpha():
            words.append(word)
        elif word[-1] in _MARKS and word[:-1].isalpha():
            words += (word[:-1], word[-1])
        else:
            words += _TOKEN.findall(word)
    return words
