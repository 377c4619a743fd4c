"""What is allowed in a block and still probably wrong: said to its author once, and never a reason to refuse the block. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from scraper.model import Source
from scraper.reference import units
from scraper.sources.groups import is_shipped


def doubts(sources: Iterable[Source]) -> list[str]:
    """Returns a line for each source of the user's own files whose unit did not exist in its period. A day that is missing is unknown, but
    most authors of such a block mean the province that exists today.
    """
    return [f"{one.file}: block {one.block} ({one.id}): {doubt}" for one in sources if not is_shipped(one) and (doubt := doubt_of(one))]


def doubt_of(source: Source) -> str:
    """Returns what is probably wrong with a source, and what to do; empty if nothing is."""
    unit = units().get(source.unit)
    if unit is None:
        return ""
    last, first = unit.valid_to, unit.valid_from
    if last is not None and (source.valid_to or date.max) > last:
        after = " or ".join(f'unit = "{successor}"' for successor in unit.successors)
        now = f"if the site is that of its successor, write {after}; " if after else ""
        begins = str(source.valid_from or "")
        return f'key "unit": "{unit.id}" ended on {last}; {now}if the site ended with it, add valid = ["{begins}", "{last}"]'
    if first is not None and source.valid_to is not None and source.valid_to < first:
        return f'key "unit": "{unit.id}" began on {first}, after the source ended ({source.valid_to}); write the unit that was before it'
    return ""
