"""Remembers the laws that a text has called those of another country: "Lào ban hành Luật Đầu tư. ... Luật Đầu tư quy định ...".

Later in the text, the name without a country is that law again, until the text speaks of Vietnam. If it has spoken of both, it can mean
either: then the citation has the flag MAYBE_FOREIGN, and is linked to no law.
"""

from __future__ import annotations

from collections.abc import Sequence

from scraper.citations.forms.cited_span import CitedSpan
from scraper.citations.forms.statute_keys import name_key
from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.patterns import YEAR
from scraper.citations.issuers.provinces import province_in
from scraper.citations.scan.known_statute_names import end_of_known
from scraper.citations.scan.laws_abroad import SENTENCE, VIETNAM
from scraper.citations.scan.statute_name_end import HEAD

MAYBE_FOREIGN = "maybe-foreign"  # a flag of a statute that is cited by name
HOME, ABROAD, UNCLEAR = "home", "abroad", "unclear"
_FAR = 1500  # characters after which another subject may have begun
_LONGEST_SENTENCE = 400
_YEAR = late_pattern(rf"{YEAR}$")
_SPEAKS_OF_VIETNAM = late_pattern(r"Việt Nam|VN(?!\w)|UBND|HĐND|(?<!\w)(?:nước ta|đại biểu|Sở)(?!\w)")
_VIETNAM_AFTER = late_pattern(r"\s{1,3}(?:Việt Nam|VN)(?!\w)")


class ForeignLawNames:
    """The names of laws of other countries in a text up to a place, each with its last mention."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.last: dict[str, tuple[int, str]] = {}  # by the key of the name: the end of its last mention, and its year or ""
        self._cited: set[str] = set()  # the keys of the names that were cited as laws of Vietnam
        self._read = 0  # as many of the citations before are in `_cited`

    def note(self, start: int, end: int) -> None:
        """Remembers a law of another country, whose name is from `start` to `end`."""
        if key := name_key(self._text[start:end]):
            self.last[key] = end, self._year(end)

    def country_of(self, start: int, end: int, found: Sequence[CitedSpan]) -> str:
        """Returns HOME, ABROAD or UNCLEAR: whose law the name from `start` to `end` is, as far as the text before it says. `found`: the
        citations by name before it.
        """
        if (key := self._known_key(start, end)) is None:
            return HOME
        last = self.last[key]
        self._cited.update(name_key(self._text[one.start : one.end]) for one in found[self._read :])
        self._read = len(found)
        begin, stop = self._sentence(start, end, last[0])
        if VIETNAM.search(self._text, begin, stop) or _VIETNAM_AFTER.match(self._text, end):
            if begin > last[0]:
                del self.last[key]  # "Ở Việt Nam, Luật Dược quy định ...": from here on, the name is that of the own law
            return HOME
        year = self._year(end)
        if (
            start - last[0] > _FAR
            or (year and year != last[1])
            or key in self._cited
            or _SPEAKS_OF_VIETNAM.search(self._text, last[0], stop)
            or province_in(self._text[last[0] : stop]) is not None
        ):
            return UNCLEAR
        self.last[key] = end, last[1]
        return ABROAD

    def _known_key(self, start: int, end: int) -> str | None:
        """Returns the key of the law of another country that has the name from `start` to `end`, or None. A name that Vietnam has not may be
        longer than the law's, because nothing says where it ends: "Luật Tuổi thơ cấm roi vọt".
        """
        key = name_key(self._text[start:end])
        if key in self.last:
            return key
        head = HEAD.match(self._text, start)
        if head is None or end_of_known(self._text, head.end()) is not None:
            return None
        words = key.split()
        return next((short for count in range(len(words) - 1, 1, -1) if (short := " ".join(words[:count])) in self.last), None)

    def _sentence(self, start: int, end: int, floor: int) -> tuple[int, int]:
        """Returns where the sentence with a name begins, not before `floor`, and where it ends."""
        first = max(floor, start - _LONGEST_SENTENCE)
        begin = max((match.end() for match in SENTENCE.finditer(self._text, first, start)), default=first)
        rest = SENTENCE.search(self._text, end, end + _LONGEST_SENTENCE)
        return begin, rest.start() if rest is not None else min(len(self._text), end + _LONGEST_SENTENCE)

    def _year(self, end: int) -> str:
        match = _YEAR.search(self._text, max(0, end - 4), end)
        return match[0] if match is not None else ""
