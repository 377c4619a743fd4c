"""The report of `scrapy reparse`: per field of a source, what is lost, weaker, changed and gained, and what failed, with examples."""

from __future__ import annotations

from collections.abc import Collection

from scraper.reparsing.differences import KINDS, FieldTally, Tally


def report_lines(source_id: str, tally: Tally, above: Collection[str]) -> list[str]:
    """Returns the lines about one source; none if nothing differs or failed. `above`: the fields of which too much would be lost."""
    differing = tally.differing()
    lines: list[str] = []
    if differing:
        lines += [f"  {'field':<13}{'values':>8}" + "".join(f"{kind:>9}" for kind in KINDS)]
        lines += [line for name, found in differing.items() for line in _of_field(name, found, name in above)]
    for reason, failed in tally.failures.items():
        lines += [f"  cannot be parsed: {failed.count} ({reason})"]
        for example in failed.examples:
            lines += [f"      {example['url']}", f"        {example['detail'] or 'no detail'}"]
    return [source_id, *lines] if lines else []


def _of_field(name: str, found: FieldTally, too_much: bool) -> list[str]:
    numbers = "".join(f"{found.counts[kind]:>9}" for kind in KINDS)
    share = f"   {found.share_lost:.1%} of the values" + (": too much" if too_much else "") if found.losses else ""
    lines = [f"  {name:<13}{found.before:>8}{numbers}{share}"]
    for kind in KINDS:
        for example in found.examples.get(kind, ()):
            before, after = (example[side] or "nothing" for side in ("before", "after"))
            lines += [f"      {kind}: {before}", f"      {'now':>{len(kind)}}: {after}", f"      {'':>{len(kind)}}  {example['url']}"]
    return lines
