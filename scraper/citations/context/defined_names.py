"""Reads the short forms that a text itself defines: "Quyết định số 1719/QĐ-TTg (sau đây gọi tắt là QĐ 1719)".

A citation with a defined form has the flag DEFINED_AS with the number, or the name, of the document. A form that a text gives to two documents is
not used. Programmes that are called by the number of their decision ("Chương trình 1719") are never citations.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from scraper.citations.forms.cited_span import CitedSpan
from scraper.citations.forms.document_keys import first_serial
from scraper.citations.forms.number_spelling import normalise_number
from scraper.citations.forms.statute_keys import name_key
from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.loader import grammar
from scraper.model import CitationKind, Mention

DEFINED_AS = "defined-as:"  # a flag; the number or the name of the document that is meant follows
# "(sau đây gọi tắt là Nghị định 15)", and only "(Nghị định 15)" directly after the document or its day.
_CALLED = r"(?<!\w)(?:gọi|viết)(?:\s{1,3}tắt)?\s{1,3}là\s{0,3}:?\s{0,3}[\"“'‘]?"
_BEFORE_FORM = late_pattern(rf"(?:{_CALLED}|(?P<bracket>\()\s?[\"“]?)$")
_FAR, _NEAR = 500, 40  # characters from a document to its short form, and to one in a bracket without these words
_SENTENCE = late_pattern(r"[.?!]\s{1,3}[^\W\d_a-zà-ỹ]|\n\s{0,3}\n")
# An abbreviated noun: "TT 12".
_FORM = rf"(?<![\w/&-])(?P<short>{'|'.join(sorted(grammar().short))})\s{{0,3}}(?P<serial>\d{{1,5}}[a-z]?)(?![\w/&-])"
_DEFINED_FORM = late_pattern(rf"(?P<definition>{_CALLED}|(?P<bracket>\()\s?[\"“]?){_FORM}")
_ANY_FORM = late_pattern(_FORM)
_ENDS_FORM = late_pattern(r"\s?[\"”'’]?\s?(?:[),.;]|$)")  # "(gọi là Luật Đầu tư mới)" does not define "Luật Đầu tư"
_MOST = 20  # definitions that are used
_STATUTES = frozenset(("luật", "bộ luật", "pháp lệnh", "hiến pháp"))


def find_defined_forms(text: str, found: Sequence[CitedSpan]) -> list[CitedSpan]:
    """Returns the citations by an abbreviated noun which the text defines as a form of a document with the same number, in order.
    `found`: the other citations of the text.
    """
    defined: dict[tuple[str, str], tuple[int, set[str]]] = {}
    for one in found:
        after = text[one.end : one.end + _FAR] if one.kind.has_codes else ""
        if after and ("(" in after[:_NEAR] or "gọi tắt" in after or "gọi là" in after or "viết tắt" in after):
            _read_forms(text, one, defined)
            if len(defined) >= _MOST:
                break
    if not defined:
        return []
    more: list[CitedSpan] = []
    for match in _ANY_FORM.finditer(text, min(since for since, _ in defined.values())):
        since, numbers = defined.get(_written(match), (len(text), set()))
        if match.start() >= since and len(numbers) == 1:
            noun, serial = _written(match)
            doc_type = grammar().short[noun]
            flags = (DEFINED_AS + next(iter(numbers)),)
            number = normalise_number(serial)
            more.append(CitedSpan(*match.span(), CitationKind.SHORT, noun, doc_type, serial, number, flags=flags))
    return more


def _read_forms(text: str, one: CitedSpan, defined: dict[tuple[str, str], tuple[int, set[str]]]) -> None:
    """Adds the short forms that the words after a document define for it to `defined`, each with the offset from which it holds."""
    number = one.number or ""
    for match in _DEFINED_FORM.finditer(text, one.end, one.end + _FAR):
        if (
            _ENDS_FORM.match(text, match.end())
            and first_serial(normalise_number(match["serial"])) == first_serial(number)
            and _reaches(text, one.end, match.start(), bracket=match["bracket"] is not None)
            and grammar().short[match["short"]] == one.doc_type
        ):
            defined.setdefault(_written(match), (match.end("definition"), set()))[1].add(number)


def _written(form: re.Match[str]) -> tuple[str, str]:
    """Returns the noun and the serial of a form."""
    return form["short"], form["serial"]


def _reaches(text: str, end: int, definition: int, *, bracket: bool = False) -> bool:
    """Returns whether a definition is near enough to the document that ends at `end`, and in its sentence. `bracket`: it is only
    in a bracket, without words like "gọi tắt là", so it must be nearer.
    """
    if definition - end > (_NEAR if bracket else _FAR):
        return False
    return _SENTENCE.search(text, end, definition) is None


def with_definitions(text: str, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Returns the citations of a text. Those with a form that the text defined before have the flag DEFINED_AS."""
    defined: dict[tuple[str, str], tuple[int, dict[str, Mention]]] = {}
    for at, mention in enumerate(mentions):
        if not (mention.kind.is_short or mention.kind.is_name):
            continue
        last = text[mention.start - 3 : mention.start]
        if last != "là " and last[-1:] not in _OPENING:
            continue  # nearly all
        head = text[max(0, mention.start - _WORDS_MOST) : mention.start]
        if _ENDS_FORM.match(text, mention.end) and (words := _BEFORE_FORM.search(head)) is not None:
            document = _document_before(text, mentions, at, mention.start - len(head) + words.start(), bracket=words["bracket"] is not None)
            if document is not None:
                defined.setdefault(_form(mention), (mention.start, {}))[1][document.number or document.text] = document
    return tuple(_with_definition(mention, defined) for mention in mentions) if defined else tuple(mentions)


_WORDS_MOST, _OPENING = 24, frozenset("(:\"“'‘")


def _form(mention: Mention) -> tuple[str, str]:
    """Returns the key of a short form: its type and its serial, or the key of its name."""
    return ("", name_key(mention.text)) if mention.kind.is_name else (mention.doc_type, first_serial(mention.number or ""))


def _document_before(text: str, mentions: Sequence[Mention], at: int, definition: int, *, bracket: bool) -> Mention | None:
    """Returns the document whose short form is the citation at index `at`: of a name the statute directly before, otherwise the last full number
    of the sentence with the same type and serial. `definition`: where its words begin.
    """
    form = mentions[at]
    for one in reversed(mentions[max(0, at - _MOST) : at]):
        if not _reaches(text, one.end, definition):
            return None
        if form.kind.is_name:
            return one if one.doc_type in _STATUTES and not one.kind.is_short and not bracket else None
        if one.kind.has_codes and one.number and _form(form) == (one.doc_type, first_serial(one.number)):
            return one
    return None


def _with_definition(mention: Mention, defined: dict[tuple[str, str], tuple[int, dict[str, Mention]]]) -> Mention:
    if not (mention.kind.is_short or mention.kind.is_name) or (found := defined.get(_form(mention))) is None:
        return mention
    since, documents = found
    if mention.start < since or len(documents) > 1:
        return mention
    if mention.flags and mention.flags[-1].startswith(DEFINED_AS):
        return mention
    [(name, document)] = documents.items()
    if mention.year and document.year and mention.year != document.year:
        return mention  # "Luật Đầu tư năm 2014" beside "Luật Đầu tư năm 2020 (sau đây gọi là Luật Đầu tư)"
    flags = (*mention.flags, f"{DEFINED_AS}{name}")
    return replace(mention, flags=flags, resolved=document.number if mention.kind.is_short else None)
