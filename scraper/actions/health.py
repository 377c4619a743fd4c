"""`scrapy health [SOURCE ...]`: how the sources are after their last run, and since when."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from scrapy.settings import Settings
from sqlite_utils import Database

from scraper import clock, report_language
from scraper.base_command import FAILED, WELL
from scraper.health import wording
from scraper.health.overview import Line, Overview, as_json, counts, read, worst_first
from scraper.model import UserError
from scraper.paths import project_path, project_paths
from scraper.store.archive_file import check_ours, opened_for_reading
from scraper.suggestions import suggestion
from scraper.two_languages import EN, VI, Message
from scraper.warc.dates import timestamp

_STALE_DAYS = 7  # after which a state is no longer that of today; updates run each night, and a list is looked at once a week at the latest
_NAMED = 5  # stale sources that are named


def execute(settings: Settings, args: list[str], opts: argparse.Namespace) -> int:
    overview = _read(project_path(settings["ARCHIVE"]))
    found, changes, unjudged = overview.lines, overview.changes, overview.unjudged
    known = {line.source_id for line in found}
    for name in args:
        if name not in known:
            makes = Message(f"; `scrapy crawl {name}` makes one", f"; `scrapy crawl {name}` tạo ra một lượt")
            judged = Message(
                f"{name}: no run of such a source was judged yet", f"{name}: chưa có lượt thu thập nào của nguồn này được đánh giá"
            )
            raise UserError(judged + (suggestion(name, known) or makes))
    if args:
        found, changes = ([line for line in some if line.source_id in args] for some in (found, changes))
    _write_files(found, changes, unjudged, opts)
    today = clock.now().astimezone(clock.VIETNAM).date()
    stale = [line.source_id for line in found if line.is_stale(today, _STALE_DAYS)]
    if opts.json:
        content = {"at": _now(), "not_judged": unjudged, "stale": stale} | as_json(found)
        print(json.dumps(content, ensure_ascii=False, indent=1))
    else:
        print(report_language.report([*_table(found, unjudged, stale, everything=opts.all or bool(args)), *_unknown(settings, stale)]))
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
        raise UserError(
            Message(f"{path}: there is no archive yet; `scrapy update` makes one", f"{path}: chưa có kho; `scrapy update` tạo kho")
        )
    check_ours(path)
    with opened_for_reading(path) as connection:
        database = Database(connection)
        if not database.table("source_health").exists():
            raise UserError(
                Message(
                    f"{path}: was made by an earlier version of this program; the next `scrapy update` judges its sources",
                    f"{path}: do phiên bản cũ của chương trình tạo; lần `scrapy update` tới sẽ đánh giá các nguồn",
                )
            )
        return read(database)


def _write(name: str, content: bytes) -> None:
    path = project_path(name)
    try:
        path.write_bytes(content)
    except OSError as error:
        raise UserError(
            Message(
                f"{path}: cannot be written ({error.strerror}); choose another file",
                f"{path}: không ghi được ({error.strerror}); hãy chọn tệp khác",
            )
        ) from None


def _table(found: Sequence[Line], unjudged: int, stale: Sequence[str], *, everything: bool) -> list[Message]:
    """Returns the lines for a terminal: those that need a person or are unsteady, then the sums, then the sources of which nothing is known
    as of late (`stale`). `everything`: all sources."""
    shown = [line for line in worst_first(found) if everything or line.needs_attention or line.unsteady]
    made = [Message(_row(line, EN), _row(line, VI)) for line in shown]
    by_state = counts(found)
    sums = Message(
        ", ".join(f"{number} {state.value}" for state, number in by_state.items()) or "no source was judged yet",
        ", ".join(f"{number} {wording.state_name(state, VI)}" for state, number in by_state.items()) or "chưa nguồn nào được đánh giá",
    )
    made.append(sums + Message(f"; {unjudged} never judged", f"; {unjudged} chưa từng được đánh giá") if unjudged else sums)
    if stale:
        names = _names(stale)
        made.append(
            Message(
                f"{len(stale)} not crawled for more than {_STALE_DAYS} days ({names}): does the job of cron still run?",
                f"{len(stale)} nguồn đã hơn {_STALE_DAYS} ngày chưa được thu thập lại ({names}): tác vụ cron có còn chạy không?",
            )
        )
    return made


def _row(line: Line, language: str) -> str:
    """Returns a source in a language: how it is and since when, and in a second line what to do."""
    bad, good, last = ("bad since", "last good day", "last run") if language == EN else ("từ", "tốt lần cuối", "lượt cuối")
    state = line.state.value if language == EN else line.state_name(VI)
    since = f"; {bad} {line.first_bad_day}" if line.first_bad_day else ""
    well = f"; {good} {line.last_good_day}" if line.last_good_day and line.needs_attention else ""
    unsteady = f"; {line.unsteadiness(language)}" if line.unsteady else ""
    made = f"{state:8} {line.source_id:28} {line.reason_with_numbers(language)}{unsteady}{since}{well}; {last} {line.day}"
    return f"{made}\n{'':8} {line.sentence(language)} {line.site}" if line.needs_attention else made


def _names(found: Sequence[str]) -> str:
    return ", ".join(found[:_NAMED]) + (", ..." if len(found) > _NAMED else "")


def _unknown(settings: Settings, stale: Sequence[str]) -> list[Message]:
    """Returns the line about stale sources that no file names: their blocks were taken out, or their file is not named here."""
    if not stale:
        return []
    from scraper.sources import load  # only here: it takes a part of the time of the command

    known = load(project_paths(settings.get("SOURCES_EXTRA")), live=False)
    found = [name for name in stale if name not in known]
    if not found:
        return []
    names = _names(found)
    many = f"{len(found)} of these are" if len(found) > 1 else "1 of these is"
    return [
        Message(
            f"{many} in no file of sources that is known here ({names}): name it with SOURCES_EXTRA, or scrapy sources remove {found[0]}",
            f"{len(found)} nguồn trong số đó không có trong tệp nguồn nào ở đây ({names}): khai báo tệp bằng SOURCES_EXTRA, hoặc"
            f" scrapy sources remove {found[0]}",
        )
    ]
