"""A simulated year of daily updates: does each disturbance of a site get its name in the run in which it begins, and no healthy site one?

    python -m benchmarks.year [--days 365] [--sites 20] [--gate]

20 served sites publish each at a pace of its own; the clock of the updates (setting NOW) moves a day at a time. 13 of them break, each in
a way of its own (`benchmarks/year_sites.py`), most for some days. The others are healthy, and some of them quiet. With `--gate`, a missed
goal is an error.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.forked_commands import Done, ForkedCommands, as_options
from benchmarks.year_sites import WAYS, Break, YearSite
from tests.server import serving_pages

FIRST_DAY = date(2026, 1, 1)
HEALTHY_PACES = (1, 2, 7, 14, 30, 3, 1)  # days between two articles
BROKEN_PACES = (1, 2, 3)
BEFORE = 8  # days of updates before the first disturbance
TET = (date(2026, 2, 14), date(2026, 2, 24))  # most bodies publish nothing then
ALARMS = ("degraded", "broken", "blocked")
RECHECKS = 6  # known articles that an update requests again from each site; enough to see what happened to them
# Nothing waits in real time.
HURRY = {"DOWNLOAD_DELAY": 0, "DOWNLOAD_DELAY_JITTER": 0, "RETRY_TIMES": 0, "RETRY_AFTER_DEFAULT": 0.01, "RECHECKS_PER_RUN": RECHECKS}


@dataclass(frozen=True)
class Seen:
    """What an update said of a site."""

    state: str
    reason: str

    @property
    def is_alarm(self) -> bool:
        return self.state in ALARMS


@dataclass
class Rehearsal:
    """The days of a rehearsal. `seen`: by site and day. `wrong_codes`: days on which the exit code did not fit the states."""

    sites: Sequence[YearSite]
    seen: dict[str, dict[date, Seen]] = field(default_factory=dict)
    wrong_codes: list[str] = field(default_factory=list)
    wrong_messages: list[str] = field(default_factory=list)  # days on which the message did not name the sources whose state changed
    unexpected: list[str] = field(default_factory=list)  # lines printed on days on which all was well
    gone: int = 0  # articles marked as gone; none is
    missing: int = 0  # articles that were published, and neither stored nor to be requested again
    cpu: float = 0.0  # seconds


def make_sites(number: int, days: int, ways: Sequence[str] = tuple(WAYS), before: int = BEFORE) -> list[YearSite]:
    """Returns sites of which the first ones break, one after the other; the others stay healthy. `before`: days until the first breaks."""
    sites = []
    for place in range(number):
        is_healthy = place >= len(ways)
        pace = HEALTHY_PACES[(place - len(ways)) % len(HEALTHY_PACES)] if is_healthy else BROKEN_PACES[place % len(BROKEN_PACES)]
        name = f"so-{place:02}"
        site = YearSite(name, FIRST_DAY, pace, place, (TET,), wordpress=not is_healthy and ways[place] == "redesign")
        if not is_healthy:
            way = WAYS[ways[place]]
            begins = FIRST_DAY + timedelta(days=before + place * max(0, days - before - 2) // len(ways))
            site.broken = Break(way, begins, begins + timedelta(days=way.days - 1) if way.days else date.max)
        sites.append(site)
    return sites


def rehearse(sites: Sequence[YearSite], days: int, folder: Path, commands: ForkedCommands) -> Rehearsal:
    """Runs an update a day and returns what it said. A webhook gets its messages."""
    result = Rehearsal(sites, {site.name: {} for site in sites})
    archive = folder / "archive.db"
    with ExitStack() as stack:
        blocks = []
        webhook = stack.enter_context(serving_pages({"/": "ok"}))
        for site in sites:
            served = stack.enter_context(serving_pages({}))
            served.program = site.answer
            blocks.append(f'[[source]]\nid = "{site.name}"\nname = "{site.name}"\nunit = "nghe-an"\nsite = "{served.url}"\n')
        sources = folder / "sources.toml"
        sources.write_text("\n".join(blocks), encoding="utf-8")
        for number in range(days):
            day = sites[0].first_day + timedelta(days=number)
            for site in sites:
                site.go_to(day)
            given = {"ARCHIVE": archive, "CAPTURES": folder / "captures", "SOURCES_EXTRA": sources, "NOW": f"{day}T02:00:00+07:00"}
            given["HEALTH_WEBHOOK"] = webhook.url + "/"
            webhook.sent.clear()
            done = commands.run(["update", *(site.name for site in sites), *as_options(given | HURRY)], folder)
            result.cpu += done.cpu
            _note(result, day, archive, done)
            _check_messages(result, day, [json.loads(one.body) for one in webhook.sent])
    with closing(sqlite3.connect(archive)) as database:
        result.gone = int(database.execute("select count(*) from articles where gone_at is not null").fetchone()[0])
        known = "select url from candidates where source_id = ? and (state in ('stored', 'new') or retry_at is not null)"
        for site in sites:
            paths = {url.removeprefix("http://").partition("/")[2] for (url,) in database.execute(known, [site.name])}
            # What is published while a site is broken is found after its repair.
            result.missing += sum(post.path.lstrip("/") not in paths for post in site.posts) if not site.is_broken else 0
    return result


def _note(result: Rehearsal, day: date, archive: Path, done: Done) -> None:
    with closing(sqlite3.connect(archive)) as database:
        rows = database.execute("select source_id, state, reason from source_health where day = ?", [day.isoformat()]).fetchall()
    for source_id, state, reason in rows:
        result.seen[source_id][day] = Seen(state, reason)
    alarm = any(result.seen[site.name].get(day, Seen("ok", "")).is_alarm for site in result.sites)
    if done.code != int(alarm) or "Traceback" in done.stdout + done.stderr:
        result.wrong_codes.append(f"{day}: {done.code}: {(done.stdout + done.stderr)[:300]}")
    if not alarm and (done.stdout or done.stderr):
        result.unexpected.append(f"{day}: {(done.stdout + done.stderr)[:300]}")


def _check_messages(result: Rehearsal, day: date, messages: Sequence[Mapping[str, Any]]) -> None:
    """Notes if there was not one message that names the sources whose state changed, or one although none did."""
    changed = set()
    for name, seen in result.seen.items():
        before = seen.get(day - timedelta(days=1), Seen("ok", ""))
        now = seen.get(day, before)
        if now.is_alarm != before.is_alarm or (now.is_alarm and now.state != before.state):
            changed.add(name)
    named = [{change["source"] for change in one["changes"]} for one in messages]
    if named != ([changed] if changed else []):
        result.wrong_messages.append(f"{day}: messages about {named}; changed: {changed}")


@dataclass(frozen=True)
class Verdict:
    """What the updates said of the disturbance of a site. `late`: days until it was named; None if it never was. `at_first`: what was said
    on the first day. `named_days`: on how many of its days it had the right name. `lasting`: alarms after its end.
    """

    site: YearSite
    late: int | None
    at_first: Seen | None
    named_days: int
    days: int
    lasting: int


def verdicts(result: Rehearsal) -> list[Verdict]:
    """Returns the verdict of each disturbance that began."""
    found = []
    for site in result.sites:
        if site.broken is None or site.broken.first > site.today:
            continue
        seen, first = result.seen[site.name], site.broken.first
        during = [day for day in sorted(seen) if first <= day <= site.broken.last]
        named = [day for day in during if (seen[day].state, seen[day].reason) in site.broken.way.expected]
        lasting = sum(seen[day].is_alarm for day in seen if day > site.broken.last)
        late = (named[0] - first).days if named else None
        found.append(Verdict(site, late, seen.get(first), len(named), len(during), lasting))
    return found


def false_alarms(result: Rehearsal) -> list[str]:
    """Returns the alarms about sites that were in order and had not been broken before."""
    return [
        f"{site.name} {day}: {one.state}, {one.reason} (an article every {site.every} days)"
        for site in result.sites
        for day, one in sorted(result.seen[site.name].items())
        if one.is_alarm and (site.broken is None or day < site.broken.first)
    ]


def main() -> int:
    """Rehearses and prints what was said."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--sites", type=int, default=20)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="a new folder in which the archive stays")
    parser.add_argument("--gate", action="store_true", help="exit code 1 if a goal is missed")
    given = parser.parse_args()
    sites = make_sites(given.sites, given.days)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name, ForkedCommands() as commands:
        folder = given.keep or Path(name)
        folder.mkdir(exist_ok=True)
        result = rehearse(sites, given.days, folder, commands)
    print(f"{len(sites)} sites, {given.days} updates: {time.monotonic() - began:.0f} s, {result.cpu:.0f} s of CPU of the updates")
    judged = verdicts(result)
    for one in judged:
        assert one.site.broken is not None
        first = f"{one.at_first.state}, {one.at_first.reason}" if one.at_first is not None else "nothing"
        named = "at once" if one.late == 0 else f"{one.late} days late" if one.late is not None else "NEVER"
        print(
            f"  {one.site.broken.way.name:24} named {named:12} (first run: {first}); right on {one.named_days} of {one.days} days;"
            f" alarms after its end: {one.lasting}"
        )
    alarms = false_alarms(result)
    for line in [*alarms, *result.wrong_codes, *result.wrong_messages, *result.unexpected]:
        print(f"  {line}")
    print(f"  {result.gone} articles marked as gone, {result.missing} published ones lost")
    goals = {
        "every disturbance is named in its first run": all(one.late == 0 for one in judged),
        "no alarm about a healthy site": not alarms,
        "no alarm after a repair": not any(one.lasting for one in judged),
        "exit code 1 on days with an alarm, else 0": not result.wrong_codes,
        "one message for the changes of a day, and no other": not result.wrong_messages,
        "silent if all is well": not result.unexpected,
        "no article is marked as gone": result.gone == 0,
        "no article is lost": result.missing == 0,
    }
    missed = [goal for goal, reached in goals.items() if not reached]
    print(f"missed: {'; '.join(missed)}" if missed else "all goals are reached")
    return 1 if missed and given.gate else 0


if __name__ == "__main__":
    sys.exit(main())
