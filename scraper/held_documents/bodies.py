"""The bodies in the left column of a heading: the issuer, and the body above it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from scraper.citations.grammar.loader import grammar
from scraper.citations.issuers.full_names import both_tones, full_name
from scraper.citations.issuers.issuers_in_phrase import issuer_in_capitals
from scraper.held_documents.rows_of_pages import Row
from scraper.held_documents.values import Field
from scraper.held_documents.words import any_of
from scraper.model import Rule
from scraper.rule_codes import RuleCode
from scraper.text import fold, place_tone, squeeze

_MOST_BODIES = 8  # joint circulars have had seven
_NOT_FIRST = (
    "trung uong",
    "hoi",
    "bao",
    "dai",
    "doan",
    "lien bo",
    "mat tran",
    "truong",
    "co quan",
)  # they can begin the second line of a name


@cache
def _beginnings() -> re.Pattern[str]:
    """Returns a pattern for the words that begin the name of a body, without diacritics."""
    data = grammar().bodies
    heads = [
        fold(one) for one in (*data["heads"], *data["local"], *(variant for variants in data["local"].values() for variant in variants))
    ]
    names = [fold(one) for one in (*data["names"], *data["local"])]
    return re.compile(rf"(?:{any_of([*(one for one in heads if one not in _NOT_FIRST), *names, 'ubnd', 'hdnd'])})(?![a-z])")


def bodies_of(rows: Sequence[Row], *, joint: bool) -> list[Field]:
    """Returns the bodies that the rows above a number name, the highest first. `joint`: whether several of them issued the document."""
    groups: list[list[Row]] = []
    for row in rows:
        if not _is_name(row):
            continue
        for part in _parts_of_joint(row) if joint else [row]:
            if groups and not _begins(part, groups[-1][-1], joint=joint):
                groups[-1].append(part)
            elif len(groups) < _MOST_BODIES:
                groups.append([part])
    return [_field(group) for group in groups]


def _is_name(row: Row) -> bool:
    letters = [char for char in row.text if char.isalpha()]
    capitals = [char for char in letters if char.isupper()]
    # A scanner reads a few capitals as small letters.
    return len(letters) > 1 and len(capitals) >= 0.8 * len(letters) and not any(char.isdigit() for char in row.text[:3])


def _begins(row: Row, before: Row, *, joint: bool) -> bool:
    """Returns whether a row begins another body than the row before it. In a joint document, a dash separates bodies."""
    if (
        not joint
        and before.folded.rstrip().endswith((" va", "-", "–", ",", " cua"))
        and not row.folded.lstrip().startswith(("ubnd", "uy ban nhan dan", "bo ", "so "))
    ):
        return False
    return _beginnings().match(row.folded.lstrip(" -–*\t")) is not None


_JOINT = re.compile(r"\s{1,4}[-–]\s{1,4}")


def _parts_of_joint(row: Row) -> list[Row]:
    """Returns the bodies of one row as rows: "BỘ TƯ PHÁP - BỘ CÔNG AN"."""
    parts = []
    done = 0
    for dash in _JOINT.finditer(row.text):
        if _beginnings().match(row.folded, dash.end()):
            parts.append(row.part(done, dash.start()))
            done = dash.end()
    return [*parts, row.part(done, len(row.text))]


def _field(rows: Sequence[Row]) -> Field:
    """Returns a body with its name in the usual letters: "SỞ THÔNG TIN VÀ TRUYỀN THÔNG" is "Sở Thông tin và Truyền thông"."""
    written = squeeze(" ".join(row.text.strip(" -–*") for row in rows))
    capitals = place_tone(written).upper()
    places = tuple(row.place() for row in rows)
    issuer = issuer_in_capitals(capitals)
    name = issuer.name if issuer is not None else usual_letters(capitals)
    if issuer is None and place_tone(name).upper() != full_name(capitals).upper() and fold(name) == fold(full_name(capitals)):
        again = issuer_in_capitals(place_tone(name).upper())
        name = again.name if again is not None else name
        return Field(name, Rule(RuleCode.HELD_ISSUER_HEADING, notes=(RuleCode.HELD_LETTERS_REPAIRED,)), places, written)
    return Field(name, Rule(RuleCode.HELD_ISSUER_HEADING), places)


@cache
def _usual() -> dict[str, str]:
    """Returns names, subjects, levels and provinces by their form without diacritics, which scanners mistake."""
    data = grammar().bodies
    levels = [*data["levels"]["province"]["words"], *data["levels"]["below"]["words"]]
    known = [*data["names"], *data["local"], *levels, *grammar().provinces.values()]
    variants = {fold(variant): full for full, others in data["local"].items() for variant in others}
    cities = {fold(level): "thành phố" for level in data["levels"]["city"]["words"]}
    return variants | cities | {fold(one): place_tone(one) for one in reversed(both_tones(known))}


def _below() -> Sequence[str]:
    """Returns the levels below a province: "huyện", "quận"."""
    words: Sequence[str] = grammar().bodies["levels"]["below"]["words"]
    return words


@cache
def _heads() -> dict[str, str]:
    """Returns the words that begin the name of a body by their form without diacritics: "Bộ", "Sở", "Cục"."""
    return {fold(one): one for one in reversed(grammar().bodies["heads"])}


@cache
def _subjects() -> dict[str, str]:
    """Returns the subjects of ministries and departments by their form without diacritics. Elsewhere they are common words."""
    return {fold(one): place_tone(one) for one in reversed(grammar().bodies["fields"])}


def _capital(word: str) -> str:
    """Returns a word of a proper name: "H'LEO" is "H'leo", "RỊA-VŨNG" is "Rịa-Vũng"."""
    return "-".join(part.capitalize() for part in word.split("-"))


_ABBREVIATED = ("UBND", "HĐND", "VNPT", "BCH", "BTV", "TP")


def usual_letters(capitals: str) -> str:
    """Returns a name that is in capitals in the usual letters: the first word, known names and places with a capital.

    >>> usual_letters("BAN QUẢN LÝ CÁC KHU CÔNG NGHIỆP TỈNH NGHỆ AN")
    'Ban quản lý các khu công nghiệp tỉnh Nghệ An'
    """
    words = capitals.split()
    result: list[str] = []
    at = 0
    while at < len(words):
        for length in range(min(8, len(words) - at), 0, -1):
            folded = fold(" ".join(words[at : at + length])).strip(",;")
            known = _usual().get(folded) or (_subjects().get(folded) if result and fold(result[-1]) in ("so", "bo", "phong") else None)
            if known in _below() and words[at].lower() != known:
                known = None  # without diacritics, "quản" is "quận"
            if known is None and not result:
                known = _heads().get(folded)
                if known is not None and length == 1:
                    result.append(known)
                    at += 1
                    break
            if known is not None and (length > 1 or at > 0 or known.startswith(("Ủy ban", "Hội đồng"))):
                result.append(known)
                at += length
                if known in _below():  # the name of a district or a commune follows
                    result += [_capital(word) for word in words[at:]]
                    at = len(words)
                break
        else:
            result.append(words[at] if words[at] in _ABBREVIATED else words[at].lower())
            at += 1
    text = " ".join(result)
    return full_name(text[:1].upper() + text[1:])
