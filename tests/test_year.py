"""A small sample of `benchmarks/year.py`: some days of sites that break, and of one that does not."""

from __future__ import annotations

from pathlib import Path

from benchmarks.forked_commands import ForkedCommands
from benchmarks.year import false_alarms, make_sites, rehearse, verdicts

DAYS = 6


def test_some_days_of_sites_that_break(tmp_path: Path, commands: ForkedCommands) -> None:
    sites = make_sites(4, DAYS, ("script shell", "one night without pages", "challenge"), before=2)
    result = rehearse(sites, DAYS, tmp_path, commands)
    judged = verdicts(result)
    assert [(one.site.broken.way.name, one.late) for one in judged if one.site.broken] == [
        ("script shell", 0),
        ("one night without pages", 0),
        ("challenge", 0),
    ], result.seen
    assert false_alarms(result) == result.wrong_codes == result.wrong_messages == result.unexpected == []
    assert not any(one.lasting for one in judged)
    assert result.gone == result.missing == 0
