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
from scraper.held_documents.words import any_of, places, words
from scraper.model import Rule
from scraper.rule_codes import RuleCode
from scraper.text import fold, is_syllable, place_tone, squeeze

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
    names = [fold(one) for one in (*data["names"], *data["local"], *words()["body_beginnings"])]
    return re.compile(rf"(?:{any_of([*(one for one in heads if one not in _NOT_FIRST), *names, 'ubnd', 'hdnd'])})(?![a-z])")


def bodies_of(rows: Sequence[Row], *, joint: bool) -> list[Field]:
    """Returns the bodies that the rows above a number name, the highest first. `joint`: whether several of them issued the document."""
    groups: list[list[Row]] = []
    for row in rows:
        if not _is_name(row):
            continue
        for part in _parts_of_joint(row) if joint else _parts_of_names(row):
            if groups and not _begins(part, groups[-1][-1], joint=joint):
                groups[-1].append(part)
            elif len(groups) < _MOST_BODIES:
                groups.append([part])
    return [_field(group) for group in groups]


def _is_name(row: Row) -> bool:
    letters = [char for char in row.text if char.isalpha()]
    capitals = [char for char in letters if char.isupper()]
    syllables = row.text.split()
    known = [one for one in syllables if len(one) < 6 or is_syllable(one.strip(" ,.-|").lower())]
    # A scanner reads a few capitals as small letters, and dirt as words without any syllable.
    return (
        len(letters) > 1
        and 2 * len(known) >= len(syllables)
        and len(capitals) >= 0.8 * len(letters)
        and not any(char.isdigit() for char in row.text[:3])
    )


def _begins(row: Row, before: Row, *, joint: bool) -> bool:
    """Returns whether a row begins another body than the row before it. In a joint document, a dash separates bodies."""
    if _SCHOOL.search(before.folded.rstrip()) and row.folded.lstrip().startswith("dai hoc"):
        return False
    if (
        not joint
        and before.folded.rstrip().endswith((" va", "-", "–", ",", " cua"))
        and not row.folded.lstrip().startswith(("ubnd", "uy ban nhan dan", "bo ", "so "))
    ):
        return False
    return _beginnings().match(row.folded.lstrip(" -–*\t")) is not None


_SCHOOL = re.compile(r"(?<!moi )truong$")
_BLANK = re.compile(r"\s{1,4}(?=\S)")
_OWN_NAMES = ("ubnd", "uy ban nhan dan", "hdnd", "hoi dong nhan dan", "bo ", "so ", "tong cuc ", "tinh uy ", "thanh uy ", "huyen uy ")


def _parts_of_names(row: Row) -> list[Row]:
    """Returns a body and the one below it as rows, if a cell of a table has them in one line: "UBND TỈNH HÀ TĨNH SỞ Y TẾ"."""
    if not row.folded.lstrip().startswith(_OWN_NAMES) or len(row.text) > 200:
        return [row]
    for blank in _BLANK.finditer(row.text, 1):
        rest = row.folded[blank.end() :]
        if _beginnings().match(rest) and (len(rest.split()) > 2 or rest.startswith(("van phong", "thanh tra"))):
            first = row.part(0, blank.start())
            if _is_whole(first.text):
                return [first, *_parts_of_names(row.part(blank.end(), len(row.text)))]
    return [row]


def _is_whole(text: str) -> bool:
    """Returns whether words in capitals are a whole name of a body: one that the grammar knows, or one that ends with a place."""
    if issuer_in_capitals(place_tone(squeeze(text)).upper()) is not None:
        return True
    last = fold(text).split()
    return any(" ".join(last[-count:]) in places() for count in (1, 2, 3) if count < len(last) - 1)


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
    known = [*data["names"], *words()["body_names"], *data["local"], *levels, *grammar().provinces.values()]
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


def _level(word: str) -> str | None:
    """Returns the word of a level below a province in small letters, or None: "PHƯỜNG 12 QUẬN TÂN BÌNH"."""
    return word.lower() if word.lower() in ("quận", "huyện") else None


def _capital(word: str) -> str:
    """Returns a word of a proper name: "H'LEO" is "H'leo", "RỊA-VŨNG" is "Rịa-Vũng"."""
    return "-".join(part.capitalize() for part in word.split("-"))


_SCHOOLS = ("THPT", "THCS", "PTDT")
_ABBREVIATED = ("UBND", "HĐND", "VNPT", "BCH", "BTV", "TP")


def _known(given: Sequence[str], before: str | None) -> str | None:
    """Returns words in the usual letters if they are a known name, or a subject after the word of a body; else None."""
    folded = fold(" ".join(given)).strip(",;")
    known = _usual().get(folded) or (_subjects().get(folded) if before is not None and fold(before) in ("so", "bo", "phong") else None)
    # Without diacritics, "quản" is "quận".
    return None if known in _below() and given[0].lower() != known else known


def usual_letters(capitals: str) -> str:
    """Returns a name that is in capitals in the usual letters: the first word, known names and places with a capital.

    >>> usual_letters("BAN QUẢN LÝ CÁC KHU CÔNG NGHIỆP TỈNH NGHỆ AN")
    'Ban quản lý các khu công nghiệp tỉnh Nghệ An'
    """
    given = capitals.split()
    result: list[str] = []
    at = 0
    while at < len(given):
        for length in range(min(8, len(given) - at), 0, -1):
            known = _known(given[at : at + length], result[-1] if result else None)
            if known is None and not result:
                known = _heads().get(fold(" ".join(given[at : at + length])).strip(",;"))
                if known is not None and length == 1:
                    result.append(known)
                    at += 1
                    break
            if known is not None and (length > 1 or at > 0 or known.startswith(("Ủy ban", "Hội đồng"))):
                result.append(known)
                at += length
                if known in _below() or known in _SCHOOLS:  # the name of a district, a commune or a school follows
                    result += [_level(word) or _capital(word) for word in given[at:]]
                    at = len(given)
                break
        else:
            result.append(given[at] if given[at] in _ABBREVIATED else given[at].lower())
            at += 1
    text = " ".join(result)
    return full_name(text[:1].upper() + text[1:])
