"""The legal bases: the paragraphs "Căn cứ ...;" between the subject and the provisions, with the documents that they name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scraper.citations import find
from scraper.held_documents.rows_of_pages import Passage, Row
from scraper.held_documents.values import CitedDocument, Paragraph
from scraper.held_documents.words import any_of, words
from scraper.model import Context, Rule
from scraper.rule_codes import RuleCode

MOST_ROWS_OF_PREAMBLE = 300
MOST_BASES = 60
_MOST_BEFORE = 12  # rows before the first basis: who decides
_ALWAYS = re.compile(rf"\W{{0,5}}(?:{any_of(words()['bases']['always'])})(?![a-z])")
_LISTED = re.compile(rf"\W{{0,5}}(?:{any_of(words()['bases']['listed'])})(?![a-z])")
_END = re.compile(
    r"\W{0,4}(?:quyet\s{0,2}dinh|quyet\s{0,2}nghi|nghi\s{0,2}quyet|quy\s{0,2}dinh|thong\s{0,2}bao|chi\s{0,2}thi|lenh|yeu cau)\s{0,3}:?\W*$"
    r"|\W{0,4}q\su\sy\se\st|\W{0,4}(?:dieu\s{1,3}1|chuong\s{1,3}[i1]|phan\s{1,3}(?:i|thu)|noi\s{1,3}nhan|[i1a]\s{0,2}[.)/]\s)"
)
_ENDS = (";", ".", ":")
# After the first document of a paragraph, these are the relations of documents in its title: "Nghị định ... quy định chi tiết Luật".
_IN_TITLE = ("implementing", "amending", "replacing", "drafting", "checking")


def read_legal_bases(rows: Sequence[Row], start: int, context: Context, *, letter: bool) -> tuple[tuple[Paragraph, ...], int]:
    """Returns the bases, and the index of the first row after the preamble. `start`: the first row below the subject.

    `letter`: an official letter has no preamble; its first paragraph can begin with a basis, which only counts as far as it is one.
    """
    paragraphs, end = _paragraphs(rows, start)
    found = []
    for taken in paragraphs[:MOST_BASES]:
        passage = Passage(taken)
        mentions = find(passage.text, context)
        if letter and not passage.text.rstrip().endswith(";"):
            mentions = tuple(one for one in mentions if one.relation == "legal basis")
        else:
            mentions = tuple(one for at, one in enumerate(mentions) if at == 0 or one.relation not in _IN_TITLE)
        documents = tuple(CitedDocument(one, passage.places(one.start, one.end)) for one in mentions)
        found.append(Paragraph(passage.text, Rule(RuleCode.HELD_BASIS_PARAGRAPH), passage.places(0, len(passage.text)), documents))
    return tuple(found), end


def _paragraphs(rows: Sequence[Row], start: int) -> tuple[list[list[Row]], int]:
    """Returns the rows of each basis, and where the preamble ends."""
    paragraphs: list[list[Row]] = []
    waiting = 0
    end = start
    open_paragraph = False
    for at in range(start, min(len(rows), start + MOST_ROWS_OF_PREAMBLE)):
        row = rows[at]
        if _END.match(row.folded):
            break
        if _ALWAYS.match(row.folded) or (_LISTED.match(row.folded) and not open_paragraph and _is_listed(rows, at)):
            paragraphs.append([row])
            open_paragraph = True
        elif open_paragraph and not _is_closed(paragraphs[-1][-1], row):
            paragraphs[-1].append(row)
        elif paragraphs or waiting >= _MOST_BEFORE:
            open_paragraph = False
            if not row.text.isupper():
                break
            continue
        else:
            waiting += 1
            continue
        end = at + 1
        if row.text.rstrip().endswith(_ENDS):
            open_paragraph = False
    return paragraphs, end if paragraphs else start


def _is_closed(before: Row, row: Row) -> bool:
    """Returns whether a paragraph ended before a row, though without a mark."""
    return row.text.isupper() and not before.text.isupper()


def _is_listed(rows: Sequence[Row], at: int) -> bool:
    """Returns whether the paragraph that begins at a row ends with a semicolon, as the bases before the last one do."""
    for row in rows[at : at + 8]:
        text = row.text.rstrip()
        if text.endswith(_ENDS):
            return text.endswith(";")
    return False
