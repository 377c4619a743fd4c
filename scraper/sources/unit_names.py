"""Finds the unit that somebody means by its name: "Cà Mau", "tỉnh ca mau" or "Bộ TT&TT". Pure."""

from __future__ import annotations

from scraper.model import Unit
from scraper.reference import units
from scraper.suggestions import nearest
from scraper.text import fold


def unknown_unit(written: str) -> str:
    """Returns the message for a text that is not the id of a unit: which ids may be meant, and where all of them are.

    >>> unknown_unit("Nghệ An")
    'unknown unit "Nghệ An"; did you mean "nghe-an"?; the ids are in scraper/reference/units.csv'
    """
    hint = suggest_unit(written) or nearest(written, units())
    return f'unknown unit "{written}"{hint}; the ids are in scraper/reference/units.csv'


def suggest_unit(written: str) -> str:
    """Returns "; did you mean ...?" with the ids of the units that have this name, with or without diacritics; "" if none has.

    >>> suggest_unit("Ca Mau")
    '; did you mean "ca-mau-2025" (from 2025-07-01) or "ca-mau" (to 2025-06-30)?'
    """
    wanted = _plain(written)
    found = [unit for unit in units().values() if wanted in map(_plain, (unit.name, unit.full_name, *unit.aliases))]
    if not found:
        return ""
    # The unit that exists now is most often meant, so it comes first.
    found.sort(key=lambda unit: (unit.valid_to is not None, unit.valid_from is None))
    return f"; did you mean {' or '.join(map(_described, found))}?"


def _plain(name: str) -> str:
    return " ".join(fold(name).replace("-", " ").split())


def _described(unit: Unit) -> str:
    if unit.valid_from is None and unit.valid_to is None:
        return f'"{unit.id}"'
    if unit.valid_to is None:
        return f'"{unit.id}" (from {unit.valid_from})'
    return f'"{unit.id}" ({f"{unit.valid_from} " if unit.valid_from else ""}to {unit.valid_to})'
