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
from scraper.two_languages import EN, VI

_NAMED = 3  # sources that the subject names; a mail program shows about 70 characters
_REST = 80  # characters for the line that says how many sources a chat does not name
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

    def within(self, most: int) -> str:
        """Returns subject and text for a chat that takes at most `most` characters: if they are longer, a line for each source, and how
        many more there are.
        """
        whole = f"{self.subject}\n\n{self.text}"
        if len(whole) <= most:
            return whole
        shown = f"{self.subject}\n"
        for place, line in enumerate(self.lines):
            named = " · ".join(f"{line.state_name(language)}: {line.reason_name(language)}" for language in (VI, EN))
            one = f"\n{line.name} ({line.source_id}) {named}"
            if len(shown) + len(one) + _REST > most:
                return f"{shown}\n{_others(len(self.lines) - place)}"
            shown += one
        return shown


def due(lines: Iterable[Line], reported: Mapping[str, tuple[State, date]], today: date) -> list[Line]:
    """Returns the sources that a message must report. `reported`: by source, the state that was reported last, and on which day."""
    found = []
    for line in lines:
        before, day = reported.get(line.source_id, (State.OK, None))
        if as_reported(line.state) != as_reported(before) and day != today:
            found.append(line)
    return worst_first(found)


def as_reported(state: State) -> State:
    """Returns what a state is for the messages: those that need nobody are all the same."""
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
        parts.append(_others(len(lines) - _MOST))
    return Message(subject, "\n\n".join(parts), tuple(lines))


def _others(number: int) -> str:
    return f"… {number} nguồn khác · {number} other source{'s' if number > 1 else ''}: scrapy health"


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
