"""The report of `scrapy reparse`: per field of a source, what is lost, weaker, changed and gained, and what failed, with examples."""

from __future__ import annotations

from collections.abc import Collection

from scraper.numbers import shortest
from scraper.reparsing.differences import CHANGED, GAINED, KINDS, LOST, WEAKER, FieldTally, Tally
from scraper.two_languages import EMPTY, VI, Message, same

_KINDS = {LOST: "mất", WEAKER: "yếu hơn", CHANGED: "đổi", GAINED: "thêm"}  # each with its Vietnamese


def report_lines(source_id: str, tally: Tally, above: Collection[str]) -> list[str | Message]:
    """Returns the lines about one source; none if nothing differs or failed. `above`: the fields of which too much would be lost."""
    differing = tally.differing()
    lines: list[str | Message] = []
    if differing:
        kinds = Message("".join(f"{kind:>9}" for kind in KINDS), "".join(f"{_KINDS[kind]:>9}" for kind in KINDS))
        lines += [Message(f"  {'field':<13}{'values':>8}", f"  {'trường':<13}{'giá trị':>8}") + kinds]
        lines += [line for name, found in differing.items() for line in _of_field(name, found, name in above)]
    for reason, failed in tally.failures.items():
        lines += [Message(f"  cannot be parsed: {failed.count} ({reason})", f"  không đọc được: {failed.count} ({reason})")]
        for example in failed.examples:
            detail = example["detail"]
            lines += [f"      {example['url']}"]
            lines += [f"        {detail}" if detail else Message("        no detail", "        không rõ chi tiết")]
    return [source_id, *lines] if lines else []


def _of_field(name: str, found: FieldTally, too_much: bool) -> list[str | Message]:
    numbers = "".join(f"{found.counts[kind]:>9}" for kind in KINDS)
    share = EMPTY
    if found.losses:
        lost = shortest(round(found.share_lost * 100, 1), VI)
        share = Message(f"   {found.share_lost:.1%} of the values", f"   {lost}% số giá trị")
        share += Message(": too much", ": quá nhiều") if too_much else EMPTY
    lines: list[str | Message] = [same(f"  {name:<13}{found.before:>8}{numbers}") + share]
    for kind in KINDS:
        for example in found.examples.get(kind, ()):
            en, vi = ([example[side] or nothing for side in ("before", "after")] for nothing in ("nothing", "không có gì"))
            wide, rong = len(kind), len(_KINDS[kind])
            lines += [
                Message(f"      {kind}: {en[0]}", f"      {_KINDS[kind]}: {vi[0]}"),
                Message(f"      {'now':>{wide}}: {en[1]}", f"      {'nay':>{rong}}: {vi[1]}"),
                Message(f"      {'':>{wide}}  {example['url']}", f"      {'':>{rong}}  {example['url']}"),
            ]
    return lines
