"""The values that are read from the text of a document's own file. They have no behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scraper.model import Mention, Rule
from scraper.rule_codes import RuleCode


@dataclass(frozen=True, slots=True)
class Place:
    """A span of a page: `pages[page - 1][start:end]`. Pages are counted from 1, offsets in code points."""

    page: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Field:
    """One field, the rule that filled it, and its places. A value over several lines of a column has one place for each line.

    `value` is None if the text has none; then the rule says so. `original`: the text of the page, if letters were repaired.
    """

    value: str | None
    rule: Rule
    places: tuple[Place, ...] = ()
    original: str | None = None

    @property
    def is_repaired(self) -> bool:
        """Returns whether letters were repaired that a scanner mistook for others."""
        return RuleCode.HELD_LETTERS_REPAIRED in self.rule.notes


ABSENT = Field(None, Rule(RuleCode.NOT_ON_PAGE))


class State(StrEnum):
    """What the text says about the number of a document."""

    NUMBERED = "numbered"  # it has a number
    DRAFT = "draft"  # the number is left empty, and nothing says that the document was signed; or it is marked as a draft
    STAMPED = "stamped"  # the number is left empty, but the document was signed: the number was stamped on paper
    UNNUMBERED = "unnumbered"  # there is no line for a number
    NO_DOCUMENT = "no document"


@dataclass(frozen=True, slots=True)
class NumberParts:
    """The parts of a number: 12, 2009, QĐ and BTTTT of 12/2009/QĐ-BTTTT."""

    serial: str | None  # with its leading zeros; None if it is left empty
    year: int | None
    type_code: str | None
    issuer_codes: tuple[str, ...]  # the bodies, and after them the unit that drafted it


@dataclass(frozen=True, slots=True)
class CitedDocument:
    """A citation inside the document. The offsets of `mention` count in `Paragraph.text`; `places` are those on the pages."""

    mention: Mention
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph that names documents: a legal basis, or a clause that ends others."""

    text: str
    rule: Rule
    places: tuple[Place, ...]
    documents: tuple[CitedDocument, ...]


@dataclass(frozen=True, slots=True)
class Signer:
    """One signature. `authority`: for whom or instead of whom ("KT. BỘ TRƯỞNG"). `position`: of the person ("THỨ TRƯỞNG")."""

    name: Field
    position: Field
    authority: Field


@dataclass(frozen=True, slots=True)
class Annex:
    """A part that follows after the signature: its heading, and where it begins."""

    heading: str
    place: Place


@dataclass(frozen=True, slots=True)
class HeldDocument:
    """What the text of a file says about the first document in it."""

    is_document: bool
    rule: Rule  # how the document was recognised, or why there is none
    state: State
    number: Field = ABSENT  # canonical, as in citations
    parts: NumberParts | None = None
    doc_type: Field = ABSENT  # the noun in lower case, as in citations
    issuers: tuple[Field, ...] = ()  # several for a joint document
    superior: Field = ABSENT  # the body above the issuer: "Ủy ban nhân dân tỉnh Nghệ An" of a department
    place: Field = ABSENT
    issued_on: Field = ABSENT  # ISO day; month or year if the rest is left empty
    subject: Field = ABSENT  # without "Về việc"
    legal_bases: tuple[Paragraph, ...] = ()
    signers: tuple[Signer, ...] = ()
    recipients: tuple[Field, ...] = ()
    ended: tuple[Paragraph, ...] = ()  # clauses that replace or repeal; `documents` holds only those that are ended
    in_force_from: Field = ABSENT  # ISO day
    annexes: tuple[Annex, ...] = ()
    following: tuple[Place, ...] = ()  # headings of other documents in the same file
    cut: bool = False  # the file is longer than what is read
    flags: tuple[str, ...] = ()  # as in citations: noun-and-code-disagree, unusual-shape, out-of-time

    @property
    def issuer(self) -> Field:
        """Returns the issuer, or the first of a joint document."""
        return self.issuers[0] if self.issuers else ABSENT
