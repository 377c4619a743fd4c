"""The full citations of an article that its short citations can refer to. The time is linear in the number of citations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from scraper.citations.forms.agreement import same_day, same_issuer, same_year
from scraper.citations.forms.document_keys import fold_number, key_type, year_in_number
from scraper.model import Mention

T = TypeVar("T")

# Limit of full citations with one type and one figure that state different things. An article has one or two. A text with more is a table,
# or an attack on running time; then a short citation is not resolved.
MOST = 40


@dataclass(frozen=True, slots=True)
class Statement:
    """What a full citation states about its document. `target` identifies the document."""

    target: Hashable
    year: int | None
    issued_on: str | None
    issuer: str | None
    province: str | None


class Antecedents(Generic[T]):
    """Full citations by type and first figure. Each statement is stored once, with a value of the caller."""

    def __init__(self) -> None:
        self._groups: defaultdict[tuple[str, str], dict[Statement, T]] = defaultdict(dict)

    def add(self, full: Mention, target: Hashable, value: T, *, issued_on: str | None = None, issuer: str | None = None) -> None:
        """Add a numbered citation. `issued_on`, `issuer`: what the register states; they are used only if the citation itself does not
        state it.
        """
        if full.number is None:
            return
        group = self._groups[key_type(full), first_figure(full.number)]
        if len(group) > MOST:
            return
        said = Statement(
            target, year_in_number(full.number) or full.year, full.issued_on or issued_on, full.issuer or issuer, full.province
        )
        group.setdefault(said, value)

    def of(self, short: Mention) -> dict[Hashable, T] | None:
        """Returns the documents that a short citation can refer to without a contradiction, by target. Returns None if there are too
        many.
        """
        group = self._groups.get((short.doc_type, first_figure(short.number or "")), {})
        if len(group) > MOST:
            return None
        found: dict[Hashable, T] = {}
        for said, value in group.items():
            if not any(answer is False for answer in _answers(short, said)):
                found.setdefault(said.target, value)
        return found


def _answers(short: Mention, said: Statement) -> Iterator[bool | None]:
    yield same_year(stated_year(short), said.year)
    yield same_day(short.issued_on, said.issued_on)
    yield same_issuer(short.issuer, said.issuer, short.doc_type)
    if short.province and said.province:
        yield short.province == said.province


def first_figure(number: str) -> str:
    """Returns the first figure of a number: "07/2008/CT-BTTTT" -> "7", "36A" -> "36A"."""
    return fold_number(number).split("/")[0]


def stated_year(short: Mention) -> int | None:
    """Returns the year that a short citation states: in its number ("72/2018"), next to it ("năm 2018") or in its day of issue. Returns
    None if it states none.
    """
    year = (short.number or "").partition("/")[2]
    return int(year) if year.isdigit() and len(year) == 4 else short.year


def full_numbers(mentions: Iterable[Mention]) -> Antecedents[str]:
    """Returns the numbered citations of a text, with their numbers as values."""
    full: Antecedents[str] = Antecedents()
    for mention in mentions:
        if mention.kind == "numbered" and mention.number:
            full.add(mention, fold_number(mention.number), mention.number)
    return full
