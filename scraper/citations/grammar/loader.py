"""The grammar as data: document types, codes of issuers, and the words that decide. It is loaded once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from scraper.citations.grammar.late_pattern import late_pattern
from scraper.reference import rows, split, units
from scraper.text import fold, nfc

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class DocumentType:
    """A kind of document that can be cited."""

    noun: str
    codes: tuple[str, ...]
    short: tuple[str, ...]
    bare: str
    issuer: str | None
    becomes: str  # the type of a citation with this noun
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grammar:
    """All words that the finder knows."""

    types: Mapping[str, DocumentType]  # by noun
    codes: Mapping[str, str]  # code of a type -> noun
    short: Mapping[str, str]  # abbreviation -> noun
    spellings: Mapping[str, str]  # misspelt noun -> noun
    issuers: Mapping[str, str]  # code of an issuer -> full name
    local_codes: frozenset[str]  # codes of bodies that every province has
    office_codes: frozenset[str]  # codes of bodies that exist at every level
    known_codes: frozenset[str]  # every code of a type or a body, local ones too
    not_documents: tuple[str, ...]
    not_document_codes: frozenset[str]
    office_or_paper_codes: frozenset[str]  # codes of such papers that are also those of offices
    units: tuple[str, ...]
    unmarked: Mapping[str, Any]  # words to restore in text without diacritics: grammar/words.toml
    provinces: Mapping[str, str]  # folded name or alias -> name
    law_names: tuple[str, ...]  # "Công nghệ thông tin", and abbreviations of them
    bodies: Mapping[str, Any]  # how bodies are named: grammar/bodies.toml


@cache
def grammar_data(name: str) -> Mapping[str, Any]:
    """Returns the content of a file of the grammar: `grammar_data("laws")` reads laws.toml. Each file is read once."""
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def grammar() -> Grammar:
    """Returns the grammar from the data files beside this module and the reference tables."""
    types = {
        entry["noun"]: DocumentType(
            noun=entry["noun"],
            codes=tuple(entry.get("codes", ())),
            short=tuple(entry.get("short", ())),
            bare=entry["bare"],
            issuer=entry.get("issuer"),
            becomes=entry.get("is", entry["noun"]),
            examples=tuple(entry["examples"]),
        )
        for entry in grammar_data("types")["type"]
    }
    words = grammar_data("words")
    codes = {code: kind.noun for kind in types.values() for code in kind.codes}
    issuers = _issuers()
    bodies = grammar_data("bodies")
    local = frozenset([*bodies["codes"]["local"], *bodies["codes"]["departments"]])
    offices = frozenset(bodies["codes"]["offices"])
    return Grammar(
        types=types,
        codes=codes,
        # "QĐ", also as some writers type it: with eth, which looks the same.
        short={
            spelling: kind.noun for kind in types.values() for short in kind.short for spelling in (short, short.replace("Đ", "\u00d0"))
        },
        spellings=words["noun_spellings"],
        issuers=issuers,
        local_codes=local,
        office_codes=offices,
        known_codes=frozenset([*codes, *issuers, *local, *offices]),
        not_documents=tuple(words["not_documents"]["nouns"]),
        not_document_codes=frozenset(words["not_documents"]["codes"]),
        office_or_paper_codes=frozenset(words["not_documents"]["also_of_offices"]),
        units=tuple(words["units"]["words"]),
        unmarked=words["unmarked"],
        provinces=_provinces(),
        law_names=_law_names(),
        bodies=bodies,
    )


def _issuers() -> dict[str, str]:
    issuers: dict[str, str] = {}
    for row in rows("issuers"):
        name = row["name_vi"]
        code = row["code"].upper()
        if code.startswith(("QH", "UBTVQH")):
            name = "Quốc hội" if code.startswith("QH") else "Ủy ban Thường vụ Quốc hội"
        elif row["issuer_id"] == "tw":
            name = "Trung ương Đảng"
        if row["level"] in ("local", "local-department", "party-provincial", "other", "coordination", "enterprise", "department"):
            continue
        for variant in (row["code"], *split(row["code_variants"])):
            if "(" not in variant and " " not in variant and "/" not in variant and "-" not in variant.strip("-"):
                issuers.setdefault(nfc(variant).upper().rstrip("."), name)
    for entry in grammar_data("bodies")["code"]:
        issuers.setdefault(entry["code"], entry["name"])
    return issuers


def _provinces() -> dict[str, str]:
    provinces: dict[str, str] = {}
    for unit in units().values():
        if unit.kind not in ("province", "city"):
            continue
        for name in (unit.name, *unit.aliases):
            bare = re.sub(r"^(?:tinh|thanh pho|tp\.?|thu do)\s+", "", fold(name))
            if len(bare) > 3:
                provinces.setdefault(bare, unit.name)
    return provinces


_PREFIX = late_pattern(r"^(?:Luật|Bộ luật|Pháp lệnh)\s+")


def _law_names() -> tuple[str, ...]:
    names: set[str] = set()
    for row in rows("laws"):
        if row["kind"] == "hien-phap":
            continue
        for text in (row["name_vi"], *split(row["aliases"])):
            bare = re.sub(r"\s*(?:năm\s+)?\d{4}$", "", _PREFIX.sub("", text)).strip()
            if len(bare) > 2:
                names.add(bare)
    # Writers abbreviate words inside a name: "Luật THTK, CLP".
    names |= {_PREFIX.sub("", row["example"]) for row in rows("abbreviations")}
    return tuple(sorted(names))
