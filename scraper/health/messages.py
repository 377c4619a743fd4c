"""Which changes of state a message reports, and its texts. Pure.

One message reports all sources of an update. A source is reported if its state is another one than the last message said: when it needs a
person, when that is for another state, and when it is well again or its period is over; at most once on a day. A source that is only quiet
is well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from scraper.health.facts import ALARMS, State
from scraper.health.overview import Line, worst_first
from scraper.health.wording import EN, VI

_NAMED = 3  # sources that the subject names; a mail program shows about 70 characters
_MOST = 50  # sources that the text describes; a chat takes no more than some thousand characters


@dataclass(frozen=True, slots=True)
class Message:
    """A message about some sources, in Vietnamese and English. `lines`: the sources, those that need a person first."""

    subject: str
    text: str
    lines: tuple[Line, ...]

    def as_json(self) -> dict[str, Any]:
        """Returns what the webhook sends."""
        changes = [line.as_json() | {"run": line.run_id, "judged_at": line.judged_at} for line in self.lines]
        return {"text": f"{self.subject}\n\n{self.text}", "subject": self.subject, "changes": changes}


def due(lines: Iterable[Line], reported: Mapping[str, tuple[State, date]], today: date) -> list[Line]:
    """Returns the sources that a message must report. `reported`: by source, the state that was reported last, and on which day."""
    found = []
    for line in lines:
        before, day = reported.get(line.source_id, (State.OK, None))
        if _group(line.state) != _group(before) and day != today:
            found.append(line)
    return worst_first(found)


def _group(state: State) -> State:
    return state if state in ALARMS else State.OK


def message(lines: Sequence[Line]) -> Message:
    """Returns the message about some sources."""
    bad = [line for line in lines if line.needs_attention]
    named = [f"{line.name}: {line.state_name(VI)}" for line in (bad or lines)[:_NAMED]]
    names = "; ".join(named) + (" …" if len(bad or lines) > _NAMED else "")
    if bad:
        number = f"{len(bad)} sources need" if len(bad) > 1 else "1 source needs"
        subject = f"{len(bad)} nguồn cần xem · {number} attention: {names}"
    else:
        several = len(lines) > 1
        if any(line.state is State.ENDED for line in lines):
            said = "không còn cần xem · " + (f"{len(lines)} sources need" if several else "1 source needs") + " no more attention"
        else:
            said = "tốt trở lại · " + (f"{len(lines)} sources are" if several else "1 source is") + " well again"
        subject = f"{len(lines)} nguồn {said}: {names}"
    parts = [_about(line) for line in lines[:_MOST]]
    if len(lines) > _MOST:
        parts.append(f"… {len(lines) - _MOST} nguồn khác · {len(lines) - _MOST} other sources: scrapy health")
    return Message(subject, "\n\n".join(parts), tuple(lines))


def _about(line: Line) -> str:
    texts = [f"{line.name} ({line.source_id}), {line.site}"]
    for language in (VI, EN):
        reason = f"{line.state_name(language)}: {line.reason_with_numbers(language)}"
        if not line.needs_attention:
            texts.append(reason)
            continue
        since, last = ("từ", "tốt lần cuối") if language == VI else ("since", "last good day")
        days = f"; {since} {line.first_bad_day}" + (f", {last} {line.last_good_day}" if line.last_good_day else "")
        texts.append(f"{reason}{days}. {line.sentence(language)}")
    return "\n".join(texts)
