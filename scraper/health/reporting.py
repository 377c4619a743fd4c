"""Sends messages about the sources whose state changed, and notes what was reported.

The archive has what was reported last. A receiver that a message did not reach, though it reached another one, gets it after the next
update: the file `archive.db.unsent` says what such a receiver heard last. It has digests of the receivers, because an archive is passed
on, and only while something waits.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from scraper import clock
from scraper.health.channels import Channel, send_in_time
from scraper.health.facts import State
from scraper.health.limits import Limits
from scraper.health.messages import Notes, due, message
from scraper.health.overview import Line, lines
from scraper.health.unsteady import UNSTEADY, JudgedRun, Reported, as_reported, reported_after
from scraper.store import source_health
from scraper.store.archive import open_archive
from scraper.two_languages import EMPTY, Message, same

_Heard = tuple[str, date]  # what a message reported last of a source (`Reported.key`), and on which day
_READ = timedelta(days=400)  # of runs; a source that is unsteady for so long is reported once more
_LONGEST_REASON = 300  # characters of an error that a report shows


@dataclass(frozen=True)
class _Receiver:
    """A receiver of a channel, and the sources that it must hear of."""

    channel: Channel
    name: str
    due: Sequence[Line]

    @property
    def key(self) -> str:
        """Returns its digest for the file, which is beside an archive that people copy."""
        of_channel = "".join(self.channel.secrets) if len(self.channel.receivers) == 1 else ""
        return hashlib.sha256(f"{self.channel.name}\n{self.name}\n{of_channel}".encode()).hexdigest()[:24]


def report_changes(path: Path, channels: Sequence[Channel], limits: Limits) -> list[Message]:
    """Sends one message to each receiver if the state of a source changed since it got the last one, and returns one line for each failure.
    Whom a message did not reach gets it after the next update. `path`: of the archive.
    """
    if not channels or not path.is_file():
        return []
    database = open_archive(path, create=False)
    try:
        return _report(database, channels, limits, path.with_name(path.name + ".unsent"))
    finally:
        database.close()


def _report(database: Database, channels: Sequence[Channel], limits: Limits, unsent: Path) -> list[Message]:
    today = clock.now().astimezone(clock.VIETNAM).date()
    wanted = _wanted(database, today, limits)
    reported = {source_id: _heard(wanted.get(source_id, {}), *row) for source_id, row in source_health.last_reported(database).items()}
    # What a recording lacks says nothing about the site.
    now = lines(row for row in source_health.newest(database) if not row["replayed"])
    notes = Notes(
        {line.source_id: wanted[line.source_id][line.run_id] for line in now if line.run_id in wanted.get(line.source_id, {})},
        limits.unsteady_days,
        limits.down_days,
        limits.steady_days,
    )
    waiting = _read(unsent)
    receivers, heard = [], {}
    for channel in channels:
        for name in channel.receivers:
            key = _Receiver(channel, name, ()).key
            heard[key] = reported | waiting.get(key, {})
            receivers.append(_Receiver(channel, name, due(now, heard[key], today, notes)))
    reached: dict[str, set[str]] = {one.key: set() for one in receivers}  # the sources that a receiver heard of now
    problems: list[Message] = []
    for group in _alike(receivers):
        got, said = _send(group, notes)
        problems += said
        for one in got:
            reached[one.key].update(line.source_id for line in one.due)
    known = {source_id for some in reached.values() for source_id in some}
    try:
        _write(unsent, {one.key: _left(now, notes, heard[one.key], reported, reached[one.key], known) for one in receivers})
    except OSError as error:
        problems.append(
            Message(
                f"{unsent}: cannot be written ({error.strerror}), so whom a message did not reach does not get it later",
                f"{unsent}: không ghi được ({error.strerror}), nên ai chưa nhận được thông báo sẽ không nhận được sau",
            )
        )
    if known:
        source_health.mark_reported(database, [(line.source_id, line.run_id) for line in now if line.source_id in known])
    return problems


def _wanted(database: Database, today: date, limits: Limits) -> dict[str, dict[int, Reported]]:
    """Returns by source and run what was to be reported of each source that was not well lately."""
    runs: dict[str, list[JudgedRun]] = {}
    for source_id, run_id, day, state, reason in source_health.judged_since(database, today - _READ):
        runs.setdefault(source_id, []).append(JudgedRun(run_id, date.fromisoformat(day), State(state), reason))
    return {source_id: reported_after(some, limits) for source_id, some in runs.items()}


def _left(
    now: Sequence[Line],
    notes: Notes,
    heard: Mapping[str, _Heard],
    reported: Mapping[str, _Heard],
    reached: set[str],
    known: set[str],
) -> dict[str, _Heard]:
    """Returns what a receiver heard last of the sources of which others heard something else. `heard`: before this update; `reached`:
    the sources that it heard of now; `known`: those that anybody did.
    """
    left = {}
    for line in now:
        before = heard.get(line.source_id, (State.OK.value, date.min))
        general = notes.of(line).key if line.source_id in known else reported.get(line.source_id, (State.OK.value, date.min))[0]
        if line.source_id not in reached and before[0] != general:
            left[line.source_id] = before
    return left


def _alike(receivers: Iterable[_Receiver]) -> list[list[_Receiver]]:
    """Returns the receivers that must hear of something, those of one channel together if that is the same for them: they get one mail."""
    groups: dict[tuple[int, tuple[str, ...]], list[_Receiver]] = {}
    for one in receivers:
        if one.due:
            groups.setdefault((id(one.channel), tuple(line.source_id for line in one.due)), []).append(one)
    return [*groups.values()]


def _send(group: Sequence[_Receiver], notes: Notes) -> tuple[list[_Receiver], list[Message]]:
    """Sends a message to receivers of one channel. Returns those that it reached, and a line for each failure."""
    channel, found = group[0].channel, group[0].due
    what = Message(
        f"the message about {'1 source' if len(found) == 1 else f'{len(found)} sources'} could not be sent by {channel.name}",
        f"không gửi được thông báo về {len(found)} nguồn qua {channel.name}",
    )
    try:
        refused = send_in_time(channel, message(found, notes), [one.name for one in group])
    except Exception as error:  # noqa: BLE001 (whatever a server does, the other channels and the exit code must say so)
        return [], [what + same(f": {_described(error, channel)}")]
    said = []
    for name, refusal in refused.items():
        to = Message(f" to {name}", f" tới {name}") if len(channel.receivers) > 1 else EMPTY
        said.append(what + to + same(f": {_described(refusal, channel)}"))
    return [one for one in group if one.name not in refused], said


def _described(error: Exception, channel: Channel) -> str:
    """Returns an error in one line, without passwords."""
    text = "".join(letter if letter.isprintable() else " " for letter in f"{type(error).__name__}: {error}")
    for secret in channel.secrets:
        text = text.replace(secret, "…")
    return " ".join(text.split())[:_LONGEST_REASON]


# --- the file ---------------------------------------------------------------------------------------------


def _heard(wanted: Mapping[int, Reported], run_id: int, state: str, at: str) -> _Heard:
    """Returns what was reported last of a source: after the run `run_id`, which had this state. `wanted`: by run."""
    key = wanted[run_id].key if run_id in wanted and state != State.ENDED else as_reported(State(state))
    return key, datetime.fromisoformat(at).astimezone(clock.VIETNAM).date()


def _read(path: Path) -> dict[str, dict[str, _Heard]]:
    """Returns what some receivers heard last. A file that is missing or damaged says nothing: then a message may be lost, as it would
    be without the file.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {
            key: {source_id: (_key(wanted), date.fromisoformat(day)) for source_id, (wanted, day) in sources.items()}
            for key, sources in content.items()
        }
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _key(written: str) -> str:
    """Returns what the file says that was reported. Raises: ValueError if that means nothing. Earlier versions wrote any state."""
    return written if written.startswith(UNSTEADY) else as_reported(State(written))


def _write(path: Path, left: Mapping[str, Mapping[str, _Heard]]) -> None:
    content = {
        key: {source_id: (wanted, day.isoformat()) for source_id, (wanted, day) in sources.items()}
        for key, sources in left.items()
        if sources
    }
    if not content:
        path.unlink(missing_ok=True)
        return
    new = path.with_name(path.name + ".new")
    new.write_text(json.dumps(content, indent=1), encoding="utf-8")
    new.replace(path)
