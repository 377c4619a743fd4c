"""The shapes of numbers, names and standards as compiled patterns. Each is linear: no nested repetition of the same characters."""

from __future__ import annotations

import re

from scraper.citations.grammar import grammar

UPPER = "A-ZĐÐƯƠÂÊÔĂÁÀẢÃẠÉÈÍÌÓÒÚÙÝАВЕКМНОРСТХ"
DASH = "\\-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
BLANK = r"[^\S\n]"
GAP = rf"{BLANK}{{0,3}}(?:\n{BLANK}{{0,3}})?"  # blanks, and at most one line break

# One part of a code: QĐ, UBND, QH11, BTT&TT; TTg, TTr, CTr, TrS, QyĐ and their like mix the cases.
PART = rf"(?:TTg|Ttg|TTr|Ttr|CTr|Ctr|TrS|QyĐ|QĐi|[Qq]h(?=\d)|[{UPPER}]{{1,24}}(?![a-zà-ỹđ])(?:&[{UPPER}]{{1,12}}(?![a-zà-ỹđ]))*)(?:[IVX\d]{{0,5}}[a-z]?(?![\wà-ỹ]))?"
_SEPARATOR = rf"{BLANK}{{0,2}}[/.{DASH}]{{1,2}}{BLANK}{{0,2}}"
_TIGHT = rf"(?:[/.{DASH}]{{1,2}}{BLANK}{{0,2}}|{BLANK}{{1,2}}[/{DASH}](?![^\S\n])|{BLANK}{{1,2}}/{BLANK}{{1,2}})"
FIGURE = r"\d{1,6}(?:\.\d{1,2}(?=[/\d]))?[a-zA-ZđĐ]?"
YEAR = r"(?:19|20)\d{2}"

# With a year or without: 07/2008/CT-BTTTT, 749/QĐ-TTg, 2290/BTTTT-ƯDCNTT, 49/CP. The first separator is a slash.
_SLASH = rf"{BLANK}{{0,2}}[/／]{{1,2}}{BLANK}{{0,2}}"
_CODES = rf"{PART}(?:{_SEPARATOR}{PART}|{_TIGHT}{PART}){{0,7}}"
SLASHED = rf"(?P<figure>{FIGURE}){_SLASH}(?:(?P<year>{YEAR})(?:{_SLASH}|{BLANK}?[{DASH}]{BLANK}?))?(?P<codes>{_CODES})"
# The Party's, and the Government's before 1997: 52-NQ/TW, 36-CP, 02-CTr/TU.
DASHED = rf"(?P<figure2>{FIGURE}){BLANK}{{0,2}}[{DASH}]{BLANK}{{0,2}}(?P<codes2>{PART}(?:{_TIGHT}{PART}){{0,3}})"
NUMBER = re.compile(rf"(?<![\w/.,{DASH}])(?:{SLASHED}|{DASHED})(?![\w])")
# All in lower case, behind a noun only: 749/qđ-ttg.
LOWER_NUMBER = re.compile(rf"(?<![\w/.,{DASH}])\d{{1,5}}[a-z]?/(?:{YEAR}/)?[a-zđ]{{1,6}}[{DASH}][a-zđ]{{1,10}}\d{{0,2}}(?![\w])")


def _any_case(word: str) -> str:
    """A pattern for a word with its first letter, or all of it, in either case; blanks may be of any kind."""
    first = "".join(f"[{char.upper()}{char}]" if char.isalpha() else re.escape(char) for char in word[:1])
    rest = re.escape(word[1:]).replace(
        r"\ ", GAP.replace("{0,3}", "{1,3}", 1) if False else rf"(?:{BLANK}{{1,3}}|{BLANK}?\n{BLANK}{{0,3}})"
    )
    return first + rest


def _noun_pattern() -> str:
    data = grammar()
    nouns = sorted([*data.types, *data.spellings], key=len, reverse=True)
    words = [_any_case(noun) for noun in nouns]
    # Title and capital forms: "Quyết Định", "QUYẾT ĐỊNH".
    words += [rf"{re.escape(noun.upper())}".replace(r"\ ", rf"{BLANK}{{1,3}}") for noun in nouns]
    words += [" ".join(part.capitalize() for part in noun.split()).replace(" ", rf"{BLANK}{{1,3}}") for noun in nouns if " " in noun]
    return "|".join(words)


NOUN = rf"(?<![\w])(?:{_noun_pattern()})(?![\w])"
NOUN_RE = re.compile(NOUN)
SHORT_NOUN = r"(?<![\w/&-])(?:{})(?![\w/&])".format("|".join(sorted(map(re.escape, grammar().short), key=len, reverse=True)))
SHORT_NOUN_RE = re.compile(SHORT_NOUN)
SO = rf"[Ss]ố{BLANK}{{0,2}}:?"

# A noun, "số" or not, and a figure with no letters behind: Quyết định 749, Nghị định số 64/2007, NĐ 100.
BARE = re.compile(
    rf"(?P<noun>{NOUN}|{SHORT_NOUN}){GAP}(?P<so>{SO})?{GAP}(?P<raw>\d{{1,5}}[a-z]?(?:/{YEAR})?)(?![\w%])(?![./,:-]\d)(?!{BLANK}?[/{DASH}]{BLANK}?[{UPPER}\d])"
)
MORE = re.compile(
    rf"(?:{GAP}[,;]{GAP}(?:và{GAP}|số{GAP}){{0,2}}|{GAP}(?:và|hoặc|&){GAP}(?:số:?{GAP})?)(?P<raw>\d{{1,5}}[a-z]?(?:/{YEAR})?)(?![\w%])(?![./,:-]\d)(?!{BLANK}?[/{DASH}])"
)

STANDARD = re.compile(
    rf"(?<![\w])(?P<raw>(?:(?:TCVN|QCVN|QCĐP|QCDP|TCXDVN|TCXD|TCCS|\d{{2}}{BLANK}?TCN|TCN)(?:{BLANK}?[/-]?{BLANK}?(?:ISO|IEC|ISO/IEC|IEC/ISO|QS|HĐCTN|HACCP|EN|CAC)){{0,2}}|ISO/IEC|ISO/TS|ISO/TR|ISO|IEC)"
    rf"{BLANK}?[:.]?{BLANK}?(?:\d[\d.]{{0,9}}(?:[{DASH}]\d{{1,3}}(?!\d))?(?:[{DASH}][A-Z]{{1,3}})?)"
    rf"(?:{BLANK}?[:/{DASH}]{BLANK}?(?P<year>(?:19|20)\d{{2}}|\d{{2}}(?!\d)))?(?:{BLANK}?/{BLANK}?(?P<issuer>[{UPPER}&]{{2,10}}))?(?:{BLANK}?[:]{BLANK}?(?P<year2>(?:19|20)\d{{2}}))?)(?![\w])"
)
