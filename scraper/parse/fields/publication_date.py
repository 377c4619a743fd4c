"""Chooses the date of publication from several dates of one page, and records if the others agree."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timezone

from scraper.model import DateReading, Moment, Precision, Rule, SharedDate, Verdict
from scraper.parse.fields.written_dates import VIETNAM, Stamp, localise, plausible
from scraper.rule_codes import RuleCode

# An event is reported within days. If it is older, the article was probably imported from another site with a new date.
_LATEST_REPORT = 31  # days


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date on a page: as written, as parsed, and its rule. `checks`: it mainly checks other dates, because it is often wrong."""

    text: str
    stamp: Stamp
    rule: Rule
    checks: bool = False


def choose(found: Sequence[FoundDate], captured_at: datetime, zone: timezone = VIETNAM) -> Moment:
    """Return the first plausible date of `found`, which has the most trusted first. Dates that only check come last.

    If no date is plausible, the value is None, and the rule says why. Every date is kept with its verdict. A date with another
    day sets the flag `conflict`. `zone` is the zone of the page's times without a zone.

    Some sites print local time and mark it as GMT. If a time without a zone has the same clock time as one with a zone
    other than Vietnam's, the latter is refused, and `conflict` is set.
    """
    ordered = [*(one for one in found if not one.checks), *(one for one in found if one.checks)]
    readings = [_reading(one, captured_at, zone) for one in ordered]
    if zone is VIETNAM and any(map(_marks_another_zone, ordered)):
        clocks = {_clock(one) for one in found if one.stamp.value.tzinfo is None} - {None}
        readings = [
            _with_verdict(reading, Verdict.LOCAL) if _marks_another_zone(one) and _clock(one) in clocks else reading
            for one, reading in zip(ordered, readings, strict=True)
        ]
    return _settle(readings)


_VIETNAM_OFFSET = VIETNAM.utcoffset(None)


def _clock(one: FoundDate) -> datetime | None:
    """Return the day and minute of a date without its zone; None if it has no time, or midnight, which means no time."""
    clock = one.stamp.value.replace(second=0, microsecond=0, tzinfo=None)
    return clock if one.stamp.precision is Precision.MINUTE and (clock.hour or clock.minute) else None


def _marks_another_zone(one: FoundDate) -> bool:
    zone = one.stamp.value.tzinfo
    return zone is not None and zone is not VIETNAM and zone.utcoffset(None) != _VIETNAM_OFFSET


def without_shared(moment: Moment, shared: Collection[SharedDate]) -> Moment:
    """Return the moment after refusing the dates that all pages of the site share."""
    if not shared or not any(_shared_date(one) in shared for one in moment.readings):
        return moment
    return _settle([replace(one, verdict=Verdict.SHARED) if _shared_date(one) in shared else one for one in moment.readings])


def _shared_date(one: DateReading) -> SharedDate:
    return one.rule.code, one.rule.parameter, one.value.isoformat(timespec="seconds")


def check_event(moment: Moment, event: date | None, rule: Rule | None) -> Moment:
    """Return the moment, checked against the day of the event in the text.

    If the event was more than 31 days before the publication, the date is probably that of an import. The event is then added
    as a date that disagrees, and `conflict` is set.
    """
    if event is None or rule is None or moment.value is None or (moment.value.date() - event).days <= _LATEST_REPORT:
        return moment
    event_day = datetime(event.year, event.month, event.day, tzinfo=VIETNAM)
    reading = DateReading(event.isoformat(), event_day, Precision.DAY, rule, Verdict.DISAGREES)
    return replace(moment, conflict=True, readings=(*moment.readings, reading))


def _settle(readings: Sequence[DateReading]) -> Moment:
    """Return the moment from dates, the most trusted first. Refused dates stay refused; the others get a new verdict."""
    taken: DateReading | None = None
    judged: list[DateReading] = []
    for one in readings:
        if one.verdict.is_refusal:
            judged.append(one)
        elif taken is None:
            taken = one
            judged.append(_with_verdict(one, Verdict.TAKEN))
        else:
            judged.append(_with_verdict(one, Verdict.AGREES if _same_day(one, taken) else Verdict.DISAGREES))
    if taken is None:
        rule = Rule(RuleCode.NO_PLAUSIBLE_DATE if judged else RuleCode.NOT_ON_PAGE)
        return Moment(None, None, rule, readings=tuple(judged))
    value, precision, rule = taken.value, taken.precision, taken.rule
    if precision is Precision.DAY and (finer := _with_time(taken, judged)) is not None:
        # This date has only a day, and another date of the page has the time.
        value, precision = finer.value, finer.precision
        rule = _with_note(rule, RuleCode.TIME_FROM_OTHER_DATE)
    conflict = any(one.verdict in (Verdict.DISAGREES, Verdict.LOCAL) for one in judged)
    return Moment(value, precision, rule, conflict, tuple(judged))


def _with_note(rule: Rule, note: RuleCode) -> Rule:
    return replace(rule, notes=(*rule.notes, note))


def _with_verdict(one: DateReading, verdict: Verdict) -> DateReading:
    return one if one.verdict is verdict else replace(one, verdict=verdict)


def _reading(one: FoundDate, captured_at: datetime, zone: timezone) -> DateReading:
    value = localise(one.stamp, zone)
    verdict = Verdict.TOO_VAGUE if one.stamp.is_vague else Verdict.TAKEN
    if not plausible(one.stamp, captured_at):
        verdict = Verdict.TOO_EARLY if value.year < 1997 else Verdict.TOO_LATE
    moved = zone != VIETNAM and one.stamp.value.tzinfo is None and one.stamp.precision is Precision.MINUTE
    rule = _with_note(one.rule, RuleCode.ZONE_OF_PAGE) if moved else one.rule
    rule = _with_note(rule, RuleCode.COUNTED_FROM_CAPTURE) if one.stamp.is_counted else rule
    return DateReading(one.text[:200], value, one.stamp.precision, rule, verdict)


def _with_time(taken: DateReading, readings: Sequence[DateReading]) -> DateReading | None:
    """Return another date of the same day that has a time, and not midnight, which means no time; None if there is none."""
    for one in readings:
        timed = one.precision is Precision.MINUTE and (one.value.hour or one.value.minute)
        if timed and _same_day(one, taken) and not one.verdict.is_refusal:
            return one
    return None


def _same_day(one: DateReading, other: DateReading) -> bool:
    if Precision.MONTH in (one.precision, other.precision):
        return (one.value.year, one.value.month) == (other.value.year, other.value.month)
    return one.value.date() == other.value.date()
