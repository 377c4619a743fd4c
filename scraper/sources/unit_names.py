"""Finds the unit that somebody means by its name: "Cà Mau", "tỉnh ca mau" or "Bộ TT&TT". Pure."""

from __future__ import annotations

from collections.abc import Collection

from scraper.model import Unit
from scraper.reference import units
from scraper.suggestions import did_you_mean, suggestion
from scraper.text import fold
from scraper.two_languages import Message, same

_LEAST = 4  # letters of a name that is found inside another one; abbreviations are shorter


def unknown_unit(written: str) -> Message:
    """Returns the message for a text that is not the id of a unit: which ids may be meant, and where all of them are.

    >>> unknown_unit("Nghệ An").en
    'unknown unit "Nghệ An"; did you mean "nghe-an"?; the ids are in scraper/reference/units.csv'
    """
    hint = suggest_unit(written) or suggestion(written, units())
    return Message(
        f'unknown unit "{written}"{hint.en}; the ids are in scraper/reference/units.csv',
        f'không có đơn vị "{written}"{hint.vi}; mã các đơn vị ở scraper/reference/units.csv',
    )


def suggest_unit(written: str) -> Message | None:
    """Returns "; did you mean ...?" with the ids of the units that have this name, with or without diacritics; None if none has.

    >>> suggest_unit("Ca Mau").en
    '; did you mean "ca-mau-2025" (from 2025-07-01) or "ca-mau" (to 2025-06-30)?'
    """
    wanted = _plain(written)
    found = [unit for unit in units().values() if wanted in _names(unit)]
    more = Message("", "")
    if not found:
        # "Sở Y tế Cà Mau": a department has no unit of its own.
        padded = f" {wanted} "
        inside = {one.id: max((len(name) for name in _names(one) if f" {name} " in padded), default=0) for one in units().values()}
        longest = max(*inside.values(), _LEAST)
        found = [unit for unit in units().values() if inside[unit.id] == longest]
        more = Message(" (the unit of a department is its province)", " (đơn vị của một sở là tỉnh)")
    if not found:
        return None
    # The unit that exists now is most often meant, so it comes first.
    found.sort(key=lambda unit: (unit.valid_to is not None, unit.valid_from is None))
    ids = {unit.id for unit in found}
    described = [_described(unit, ids) for unit in found]
    return Message(did_you_mean([one.en for one in described]).en, did_you_mean([one.vi for one in described]).vi) + more


def _plain(name: str) -> str:
    return " ".join(fold(name).replace("-", " ").split())


def _names(unit: Unit) -> set[str]:
    return set(map(_plain, (unit.name, unit.full_name, *unit.aliases)))


def _described(unit: Unit, named: Collection[str]) -> Message:
    """Returns an id with its days. `named`: the ids that the message names; a successor with another name would be missed otherwise."""
    if unit.valid_from is None and unit.valid_to is None:
        return same(f'"{unit.id}"')
    if unit.valid_to is None:
        return Message(f'"{unit.id}" (from {unit.valid_from})', f'"{unit.id}" (từ {unit.valid_from})')
    after = [f'"{successor}"' for successor in unit.successors if successor not in named]
    then = Message(f"; then {' and '.join(after)}", f"; sau đó là {' và '.join(after)}") if after else same("")
    first = f"{unit.valid_from} " if unit.valid_from else ""
    return Message(f'"{unit.id}" ({first}to {unit.valid_to}{then.en})', f'"{unit.id}" ({first}đến {unit.valid_to}{then.vi})')
