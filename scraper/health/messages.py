"""Which changes of state a message reports, and its texts. Pure.

One message reports all sources of an update. A source is reported if its state is another one than the last message said: when it needs a
person, when that is for another state, and when it is well again or its period is over; at most once on a day. A source that is only quiet
is well. Of a source that breaks and is well again by turns, only what is new is reported (`unsteady.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from scraper.health.facts import State
from scraper.health.overview import Line, worst_first
from scraper.health.unsteady import Reported, as_reported
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


@dataclass(frozen=True, slots=True)
class Notes:
    """What messages add about sources that are, or were, unsteady. `wanted`: by source. The numbers of days are those limits."""

    wanted: Mapping[str, Reported] = field(default_factory=dict)
    unsteady_days: float = 0
    down_days: float = 0
    steady_days: float = 0

    def of(self, line: Line) -> Reported:
        """Returns what is to be reported of a source. If its period is over, nothing else counts."""
        plain = Reported(as_reported(line.state))
        return plain if line.state is State.ENDED else self.wanted.get(line.source_id, plain)

    def about(self, line: Line, language: str) -> str:
        """Returns what is added to the text about a source; mostly nothing."""
        wanted, window, down, steady = self.of(line), f"{self.unsteady_days:g}", f"{self.down_days:g}", f"{self.steady_days:g}"
        if wanted.is_steady_again:
            return f" Ổn định trở lại: {steady} ngày liền tốt." if language == VI else f" Steady again: well for {steady} days."
        if not wanted.is_unsteady:
            return ""
        if language == VI:
            now = (
                f" Chập chờn, và nay hỏng liền {down} ngày."
                if wanted.is_down
                else f" Chập chờn: hỏng {wanted.breaks} lần trong {window} ngày."
            )
            or_down = "" if wanted.is_down else f"hỏng liền {down} ngày, "
            return f"{now} Chỉ báo lại khi tốt liền {steady} ngày, {or_down}hoặc hỏng vì lý do khác."
        now = f" Unsteady, and bad for {down} days now." if wanted.is_down else f" Unsteady: {wanted.breaks} breaks within {window} days."
        or_down = "" if wanted.is_down else f"bad for {down} days, "
        return f"{now} The next message comes when it was well for {steady} days, {or_down}or breaks for another reason."


NO_NOTES = Notes()


def due(lines: Iterable[Line], reported: Mapping[str, tuple[str, date]], today: date, notes: Notes = NO_NOTES) -> list[Line]:
    """Returns the sources that a message must report. `reported`: by source, the key of what was reported last (`Reported.key`), and on
    which day."""
    found = []
    for line in lines:
        before, day = reported.get(line.source_id, (State.OK.value, None))
        if notes.of(line).key != before and day != today:
            found.append(line)
    return worst_first(found)


def message(lines: Sequence[Line], notes: Notes = NO_NOTES) -> Message:
    """Returns the message about some sources."""
    bad = [line for line in lines if line.needs_attention or notes.of(line).is_unsteady]
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
    parts = [_about(line, notes) for line in lines[:_MOST]]
    if len(lines) > _MOST:
        parts.append(_others(len(lines) - _MOST))
    return Message(subject, "\n\n".join(parts), tuple(lines))


def _others(number: int) -> str:
    return f"… {number} nguồn khác · {number} other source{'s' if number > 1 else ''}: scrapy health"


def _about(line: Line, notes: Notes) -> str:
    texts = [f"{line.name} ({line.source_id}), {line.site}"]
    for language in (VI, EN):
        reason = f"{line.state_name(language)}: {line.reason_with_numbers(language)}"
        if not line.needs_attention:
            note = notes.about(line, language)
            texts.append(f"{reason}.{note}" if note else reason)
            continue
        since, last = ("từ", "tốt lần cuối") if language == VI else ("since", "last good day")
        days = f"; {since} {line.first_bad_day}" + (f", {last} {line.last_good_day}" if line.last_good_day else "")
        texts.append(f"{reason}{days}. {line.sentence(language)}{notes.about(line, language)}")
    return "\n".join(texts)
