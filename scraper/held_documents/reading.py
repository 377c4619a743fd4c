"""Reads the text of a file as a document: heading, subject, legal bases, end, clauses on force. docs/held-documents.md explains it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from scraper.citations.forms.number_shapes import flags_of
from scraper.citations.issuers.issuer_codes import issuer_of_code
from scraper.citations.issuers.issuers_in_phrase import issuer_in_capitals
from scraper.held_documents.bodies import bodies_of
from scraper.held_documents.extent import annexes_of, following_documents, judge
from scraper.held_documents.heading import Heading, read_heading
from scraper.held_documents.legal_bases import read_legal_bases
from scraper.held_documents.provisions import read_effect, read_ended
from scraper.held_documents.rows_of_pages import Row, rows_of
from scraper.held_documents.signing import End, read_end
from scraper.held_documents.stated_title import StatedTitle, read_stated_title
from scraper.held_documents.title import read_subject, read_type
from scraper.held_documents.values import ABSENT, Field, HeldDocument, State
from scraper.model import Context, Rule
from scraper.rule_codes import RuleCode
from scraper.text import squeeze


def read_document(pages: Sequence[str], context: Context | None = None) -> HeldDocument:
    """Returns the first document in the text of a file, or the reason why there is none.

    `pages`: the text of each page. Lines are separated by line breaks; an empty line separates paragraphs. Columns may come one after the
    other or side by side. `context`: of the source, so that local documents in the legal bases get their province.
    """
    context = context or Context()
    rows, cut = rows_of(pages)
    if (stated := read_stated_title(rows)) is not None:
        return _with_stated_title(rows, stated, context, cut=cut)
    heading = read_heading(rows)
    is_document, rule = judge(rows, heading)
    if not is_document:
        return HeldDocument(False, rule, State.NO_DOCUMENT, cut=cut)
    if rule.code is RuleCode.HELD_WITHOUT_HEADING:
        heading = Heading(end=0)
    doc_type, type_at, flags = read_type(rows, heading)
    letter = doc_type.rule.code in (RuleCode.HELD_TYPE_LETTER, RuleCode.HELD_TYPE_CODE)
    subject, below = read_subject(rows, heading, type_at, letter=letter)
    bases, after = read_legal_bases(rows, below, context, letter=letter)
    end = read_end(rows, after, len(rows))
    issued_on = _date(rows, heading, doc_type, end.last if end is not None else len(rows))
    issuers, superior = _issuers(rows, heading, doc_type, below)
    held = HeldDocument(
        is_document=True,
        rule=rule,
        state=_state(heading, end),
        number=heading.number,
        parts=heading.parts,
        doc_type=doc_type,
        issuers=issuers,
        superior=superior,
        place=heading.place,
        issued_on=issued_on,
        subject=subject,
        legal_bases=bases,
        cut=cut,
        flags=_flags(heading, issued_on, flags),
    )
    return _with_end(held, rows, after, end, context)


def _with_end(held: HeldDocument, rows: Sequence[Row], after: int, end: End | None, context: Context) -> HeldDocument:
    """Returns a document with what its provisions, its end and the rows after it say. `after`: the first row below the preamble."""
    last = end.last if end is not None else len(rows)
    provisions_end = end.first if end is not None else len(rows)
    following = following_documents(rows, last) if end is not None else ()
    return replace(
        held,
        signers=end.signers if end is not None else (),
        recipients=end.recipients if end is not None else (),
        ended=read_ended(rows, after, provisions_end, context),
        in_force_from=read_effect(rows, after, provisions_end, held.issued_on.value),
        annexes=annexes_of(rows, last, _until(rows, last, following)),
        following=following,
    )


def _with_stated_title(rows: Sequence[Row], stated: StatedTitle, context: Context, *, cut: bool) -> HeldDocument:
    """Returns a document without the two columns of a heading, whose title says its number, date and issuer in words."""
    bases, after = read_legal_bases(rows, stated.end, context, letter=False)
    end = read_end(rows, after, len(rows))
    held = replace(stated.held, legal_bases=bases, cut=cut)
    return _with_end(held, rows, after, end, context)


def _state(heading: Heading, end: End | None) -> State:
    if heading.number.value is not None:
        return State.DRAFT if heading.draft else State.NUMBERED
    if not heading.number_empty:
        return State.DRAFT if heading.draft else State.UNNUMBERED
    return State.STAMPED if end is not None and end.signed and not heading.draft else State.DRAFT


def _until(rows: Sequence[Row], start: int, following: Sequence[object]) -> int:
    """Returns the index of the row where the next document begins, or the number of rows."""
    if not following:
        return len(rows)
    first = following[0]
    return next((at for at in range(start, len(rows)) if rows[at].place() == first), len(rows))


def _flags(heading: Heading, issued_on: Field, flags: tuple[str, ...]) -> tuple[str, ...]:
    if heading.number.value is None:
        return flags
    year = heading.parts.year if heading.parts is not None else None
    if year is None and issued_on.value is not None:
        year = int(issued_on.value[:4])
    return (*flags, *flags_of(heading.number.value, year))


# --- date -----------------------------------------------------------------------------------------

_PASSED = re.compile(
    r"thong\s{1,4}qua\s{1,4}(?:vao\s{1,4})?ngay\s{1,4}(?P<day>\d{1,2})\s{1,4}thang\s{1,4}(?P<month>\d{1,2})\s{1,4}nam\s{1,4}(?P<year>\d{4})"
)
_STATUTES = ("luật", "bộ luật", "pháp lệnh", "nghị quyết")


def _date(rows: Sequence[Row], heading: Heading, doc_type: Field, last: int) -> Field:
    """Returns the date of the heading. A law has none; it says at its end when the National Assembly passed it."""
    if heading.issued_on.value is not None or doc_type.value not in _STATUTES:
        return heading.issued_on
    for at in range(max(0, last - 40), min(last + 2, len(rows))):
        following = rows[at + 1].folded[:120] if at + 1 < len(rows) else ""
        match = _PASSED.search(f"{rows[at].folded} {following.lstrip()}")
        if match is not None and match.start() < len(rows[at].folded):
            day = f"{match['year']}-{int(match['month']):02d}-{int(match['day']):02d}"
            return Field(day, Rule(RuleCode.HELD_DATE_PASSED), (rows[at].place(),))
    return heading.issued_on


# --- issuer ---------------------------------------------------------------------------------------


def _issuers(rows: Sequence[Row], heading: Heading, doc_type: Field, below: int) -> tuple[tuple[Field, ...], Field]:
    """Returns the issuers and the body above them. The heading decides; without names there the codes of the number; then who decides."""
    joint = bool(doc_type.value and doc_type.value.endswith("liên tịch"))
    bodies = bodies_of(heading.above, joint=joint)
    if bodies:
        if joint:
            return tuple(bodies), ABSENT
        # The Gazette repeats the issuer above the heading.
        above = [body for body in bodies[:-1] if body.value != bodies[-1].value]
        return (bodies[-1],), above[-1] if above else ABSENT
    if heading.codes and (named := issuer_of_code(heading.codes, doc_type.value or "")) is not None:
        rule = Rule(RuleCode.HELD_ISSUER_CODE)
        return tuple(Field(name, rule, heading.number.places) for name in named.split("; ")), ABSENT
    for row in rows[heading.end : below + 4]:
        if row.text.isupper() and (issuer := issuer_in_capitals(squeeze(row.text).strip(" :,"))) is not None:
            return (Field(issuer.name, Rule(RuleCode.HELD_ISSUER_DECIDES), (row.place(),)),), ABSENT
    return (), ABSENT
