"""Sends one message about the sources whose state changed, and notes in the archive what was reported."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from scraper import clock
from scraper.health.channels import Channel
from scraper.health.facts import State
from scraper.health.messages import due, message
from scraper.health.overview import lines
from scraper.store import source_health
from scraper.store.archive import open_archive


def report_changes(path: Path, channels: Sequence[Channel]) -> list[str]:
    """Sends one message by each channel if the state of a source changed since the last message, and returns one line for each channel that
    failed. What no channel could send is sent after the next update. `path`: of the archive.
    """
    if not channels or not path.is_file():
        return []
    database = open_archive(path, create=False)
    try:
        return _report(database, channels)
    finally:
        database.close()


def _report(database: Database, channels: Sequence[Channel]) -> list[str]:
    today = clock.now().astimezone(clock.VIETNAM).date()
    reported = {
        source_id: (State(state), datetime.fromisoformat(at).astimezone(clock.VIETNAM).date())
        for source_id, (state, at) in source_health.last_reported(database).items()
    }
    # What a recording lacks says nothing about the site.
    found = due(lines(row for row in source_health.newest(database) if not row["replayed"]), reported, today)
    if not found:
        return []
    made = message(found)
    problems = []
    for channel in channels:
        try:
            channel.send(made)
        except Exception as error:  # noqa: BLE001 (whatever a server does, the other channels and the exit code must say so)
            sources = "1 source" if len(found) == 1 else f"{len(found)} sources"
            problems.append(f"the message about {sources} could not be sent by {channel.name}: {_described(error, channel)}")
    if len(problems) < len(channels):
        source_health.mark_reported(database, [(line.source_id, line.run_id) for line in found])
    return problems


def _described(error: Exception, channel: Channel) -> str:
    """Returns an error in one line, without passwords."""
    text = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    for secret in channel.secrets:
        text = text.replace(secret, "…")
    return text
