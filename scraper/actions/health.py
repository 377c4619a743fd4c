"""`scrapy health [SOURCE ...]`: how the sources are after their last run, and since when."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from scrapy.settings import Settings
from sqlite_utils import Database

from scraper import clock
from scraper.base_command import FAILED, WELL
from scraper.health.overview import Line, Overview, as_json, counts, read, worst_first
from scraper.health.wording import EN
from scraper.model import UserError
from scraper.paths import project_path, project_paths
from scraper.store.archive_file import check_ours, opened_for_reading
from scraper.suggestions import nearest
from scraper.warc.dates import timestamp

_STALE_DAYS = 7  # after which a state is no longer that of today; updates run each night, and a list is looked at once a week at the latest
_NAMED = 5  # stale sources that are named


def execute(settings: Settings, args: list[str], opts: argparse.Namespace) -> int:
    overview = _read(project_path(settings["ARCHIVE"]))
    found, changes, unjudged = overview.lines, overview.changes, overview.unjudged
    known = {line.source_id for line in found}
    for name in args:
        if name not in known:
            raise UserError(f"{name}: no run of such a source was judged yet{nearest(name, known) or f'; `scrapy crawl {name}` makes one'}")
    if args:
        found, changes = ([line for line in some if line.source_id in args] for some in (found, changes))
    _write_files(found, changes, unjudged, opts)
    today = clock.now().astimezone(clock.VIETNAM).date()
    stale = [line.source_id for line in found if line.is_stale(today, _STALE_DAYS)]
    if opts.json:
        content = {"at": _now(), "not_judged": unjudged, "stale": stale} | as_json(found)
        print(json.dumps(content, ensure_ascii=False, indent=1))
    else:
        print("\n".join([*_table(found, unjudged, stale, everything=opts.all or bool(args)), *_unknown(settings, stale)]))
    return FAILED if any(line.needs_attention for line in found) else WELL


def _write_files(found: Sequence[Line], changes: Sequence[Line], unjudged: int, opts: argparse.Namespace) -> None:
    if opts.html:
        shown = clock.now().astimezone(clock.VIETNAM).strftime("%Y-%m-%d %H:%M (+07:00)")
        from scraper.health.status_page import page

        _write(opts.html, page(found, changes, unjudged, shown).encode())
    if opts.feed:
        from scraper.health.feed import atom

        _write(opts.feed, atom(changes, _now()))


def _now() -> str:
    return timestamp(clock.now().replace(microsecond=0))


def _read(path: Path) -> Overview:
    """Returns how the sources are now. Writes nothing.
    Raises: UserError if there is no archive, or one of an earlier version.
    """
    if not path.is_file():
        raise UserError(f"{path}: there is no archive yet; `scrapy update` makes one")
    check_ours(path)
    with opened_for_reading(path) as connection:
        database = Database(connection)
        if not database.table("source_health").exists():
            raise UserError(f"{path}: was made by an earlier version of this program; the next `scrapy update` judges its sources")
        return read(database)


def _write(name: str, content: bytes) -> None:
    path = project_path(name)
    try:
        path.write_bytes(content)
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror}); choose another file") from None


def _table(found: Sequence[Line], unjudged: int, stale: Sequence[str], *, everything: bool) -> list[str]:
    """Returns the lines for a terminal: the sources that need a person, then the sums, then the sources of which nothing is known as of
    late (`stale`). `everything`: all sources."""
    shown = [line for line in worst_first(found) if everything or line.needs_attention]
    made = []
    for line in shown:
        since = f"; bad since {line.first_bad_day}" if line.first_bad_day else ""
        good = f"; last good day {line.last_good_day}" if line.last_good_day and line.needs_attention else ""
        made.append(f"{line.state.value:8} {line.source_id:28} {line.reason_with_numbers(EN)}{since}{good}; last run {line.day}")
        if line.needs_attention:
            made.append(f"{'':8} {line.sentence(EN)} {line.site}")
    sums = ", ".join(f"{number} {state.value}" for state, number in counts(found).items()) or "no source was judged yet"
    made.append(f"{sums}; {unjudged} never judged" if unjudged else sums)
    if stale:
        names = ", ".join(stale[:_NAMED]) + (", ..." if len(stale) > _NAMED else "")
        made.append(f"{len(stale)} not crawled for more than {_STALE_DAYS} days ({names}): does the job of cron still run?")
    return made


def _unknown(settings: Settings, stale: Sequence[str]) -> list[str]:
    """Returns the line about stale sources that no file names: their blocks were taken out, or their file is not named here."""
    if not stale:
        return []
    from scraper.sources import load  # only here: it takes a part of the time of the command

    known = load(project_paths(settings.get("SOURCES_EXTRA")), live=False)
    found = [name for name in stale if name not in known]
    if not found:
        return []
    names = ", ".join(found[:_NAMED]) + (", ..." if len(found) > _NAMED else "")
    many = f"{len(found)} of these are" if len(found) > 1 else "1 of these is"
    return [f"{many} in no file of sources that is known here ({names}): name it with SOURCES_EXTRA, or scrapy sources remove {found[0]}"]
