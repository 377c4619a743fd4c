"""`scrapy list`: prints the sources that can be crawled, all or those of a group, kind or unit."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date

from scrapy.settings import Settings

from scraper import clock
from scraper.base_command import WELL, note_lines
from scraper.model import Source, UserError
from scraper.paths import project_paths
from scraper.reference import units
from scraper.report_language import say
from scraper.sources import KINDS, Standing, doubts, in_force, in_group, load, standing, unknown_unit
from scraper.suggestions import suggestion
from scraper.two_languages import EMPTY, EN, VI, Message, same

_STANDING = {Standing.IN_FORCE: EMPTY, Standing.ENDED: Message("ended", "đã hết"), Standing.NOT_YET: Message("not yet", "chưa tới")}


def execute(settings: Settings, args: list[str], opts: argparse.Namespace) -> int:
    if args:
        raise UserError(
            Message(
                f"{args[0]}: the command takes no argument; see: scrapy list --help",
                f"{args[0]}: lệnh này không có đối số; xem: scrapy list --help",
            )
        )
    if opts.kind is not None and opts.kind not in KINDS:
        raise UserError(
            Message(
                f"--kind {opts.kind}: unknown kind{suggestion(opts.kind, KINDS).en}; known are {', '.join(KINDS)}",
                f"--kind {opts.kind}: không có loại này{suggestion(opts.kind, KINDS).vi}; các loại có {', '.join(KINDS)}",
            )
        )
    if opts.unit is not None and opts.unit not in units():
        raise UserError(same(f"--unit {opts.unit}: ") + unknown_unit(opts.unit))
    day = clock.now().astimezone(clock.VIETNAM).date()
    loaded = load(project_paths(settings.get("SOURCES_EXTRA")), live=not settings.get("REPLAY")).values()
    for doubt in doubts(loaded):  # also of those that are not wanted: with a wrong unit, a source is missing from the list of the right one
        print(note_lines(doubt), file=sys.stderr)
    sources = [source for source in loaded if _is_wanted(source, opts, day)]
    if opts.json:
        lines = [json.dumps(_row(source, day), ensure_ascii=False) for source in sources]
    elif opts.long:
        english, vietnamese = (_table(sources, day, language) for language in (EN, VI))
        say(*(Message(*both) for both in zip(english, vietnamese, strict=True)), _counts(sources, day))
        return WELL
    else:
        lines = [source.id for source in sources]
    for line in lines:  # none, if no source is wanted: an empty line would be a wrong line of JSON
        print(line)
    return WELL


def _is_wanted(source: Source, opts: argparse.Namespace, day: date) -> bool:
    return (
        (opts.group is None or in_group(source, opts.group))
        and (opts.kind is None or source.kind == opts.kind)
        and (opts.unit is None or source.unit == opts.unit)
        and (not opts.in_force or in_force(source, day))
    )


def _row(source: Source, day: date) -> dict[str, object]:
    return {
        "id": source.id,
        "name": source.name,
        "unit": source.unit,
        "kind": source.kind,
        "platform": source.platform,
        "site": source.site,
        "under": source.under,
        "hosts": source.hosts,
        "valid": [str(source.valid_from or ""), str(source.valid_to or "")],
        "standing": standing(source, day),
        "successor": source.successor,
        "confidence": source.confidence,
        "basis": source.basis,
        "file": source.file,
    }


def _table(sources: Sequence[Source], day: date, language: str) -> list[str]:
    """Returns one line per source, in columns that are as wide as their longest value."""
    rows = [
        (
            source.id,
            f"{source.valid_from.year if source.valid_from else ''}-{source.valid_to.year if source.valid_to else ''}",
            _STANDING[standing(source, day)].of(language),
            source.kind or "?",
            source.platform or "?",
            units()[source.unit].name,
            source.site + (source.under if source.under != "/" else ""),
            source.name,
        )
        for source in sources
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(value.ljust(width) for value, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _counts(sources: Sequence[Source], day: date) -> Message:
    now = sum(in_force(source, day) for source in sources)
    number = len(sources)
    return Message(
        f"{number} {'source' if number == 1 else 'sources'}, {now} of them in force on {day}",
        f"{number} nguồn, {now} nguồn đang có hiệu lực ngày {day}",
    )
