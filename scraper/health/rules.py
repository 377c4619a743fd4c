"""The health rules: the numbers of a run in, the state of its source out. Pure.

Each rule compares with `expect` of the source if that names a number, otherwise with the past of the source. A past that is too short says
nothing: then the rule finds nothing, because a false alarm teaches its reader to ignore the next one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from scraper.health import reasons
from scraper.health.facts import ALARMS, WELL, Finding, Judgement, Past, PastRun, RunFacts, State, Worse
from scraper.health.limits import Limits
from scraper.store.absences import MOST_AT_ONCE
from scraper.store.other_owner import BETTING_PAGE

_MANY = 200  # articles; from here on the normal distribution is exact enough, and the sum over all numbers would be slow
_SURE = 4.0  # standard deviations; as improbable as the limit `chance`, with a margin
_NIGHTS = 7  # good runs in which the first list was in one language; a site may show its languages by turns
_ENDED_BY_SITE = ("blocked", "rate-limited")  # outcomes of a run whose host gets no further request
_SHELL = "script-shell"
_REFUSALS = frozenset(("challenge", "login", "forbidden", "rate-limited"))


@dataclass(frozen=True, slots=True)
class RunEnd:
    """How a run ended. `failed`: its failures by reason. `listed`: articles that its lists named. `is_live`: the site itself answered."""

    outcome: str
    day: date
    responses: int = 0
    listed: int = 0
    failed: Mapping[str, int] | None = None
    gone: tuple[int, int] = (0, 0)  # known articles that are missing, of how many, if so many are that none of them is marked as gone
    is_live: bool = True
    is_partial: bool = False  # only some days were wanted, so that missing articles say nothing


@dataclass(frozen=True, slots=True)
class _Share:
    """How many articles of how many are bad, and how many of the bad ones were good before. `same`: more that are bad as before; they are
    not in the other numbers."""

    bad: int
    known: int
    among: int
    same: int = 0


def judge(facts: RunFacts, end: RunEnd, past: Past, expect: Mapping[str, float], limits: Limits) -> Judgement:
    """Returns the state of a source after a run. `expect`: that of its block."""
    owner = [*_of_owner(facts, end, past, limits)]
    found = [
        *(owner if facts.lists_read else ()),
        *_of_language(facts, past, expect, limits),
        *_of_other_site(facts, end, past, expect),
        *_of_lists(facts, end, past, limits),
        *_of_articles(facts, end, past, expect, limits),
        *_of_numbers(facts, end, past, expect),
        *(() if facts.lists_read else owner),  # earlier nights say less than the reason of this one
    ]
    if end.is_live and not end.is_partial:
        found += _of_silence(end, past, expect, limits)
    found.sort(key=lambda one: [*ALARMS, State.QUIET].index(one.state))  # stable, so the rules before count more
    return _with_days(_first(found, past, limits), end.day, past)


def _first(found: list[Finding], past: Past, limits: Limits) -> Judgement:
    if found:
        return Judgement(found[0].state, found[0].reason, tuple(found))
    known = sum(run.requested for run in past.runs if run.state in WELL) >= limits.fewest_before
    return Judgement(State.OK, reasons.AS_EXPECTED if known else reasons.FEW_RUNS)


def _with_days(judgement: Judgement, day: date, past: Past) -> Judgement:
    """Returns a judgement with the first bad day of the present disturbance and the last good day before it."""
    last_good = next((run.day for run in past.runs if run.state not in ALARMS), None)
    if judgement.state not in ALARMS:
        return replace(judgement, last_good_day=day)
    first = day
    for run in past.runs:
        if run.state not in ALARMS:
            break
        first = run.day
    return replace(judgement, first_bad_day=first, last_good_day=last_good)


def _of_owner(facts: RunFacts, end: RunEnd, past: Past, limits: Limits) -> Iterator[Finding]:
    """Yields whether the newest articles seem to be those of another owner of the domain, or pages advertise betting. If articles come
    beside such pages, somebody broke into the site.
    """
    bad, shown = len(past.unofficial.ids), past.shown
    runs: list[RunFacts | PastRun] = [facts, *_lately(past, end.day, limits)]
    betting = max(shown.betting, facts.failed.get(BETTING_PAGE, 0))
    if not (end.is_live and facts.lists_read):  # the site showed nothing that says whether they are gone
        betting = sum(run.failed.get(BETTING_PAGE, 0) for run in runs)
    was_bad = bool(past.runs) and past.runs[0].other_owner
    if betting >= (1 if was_bad else limits.fewest_bad):
        parsed = sum(run.parsed for run in runs if run.failed.get(BETTING_PAGE))
        state = State.DEGRADED if max(parsed, shown.agency) > betting else State.BROKEN
        yield Finding(state, reasons.OTHER_OWNER, betting, max(betting, sum(facts.failed.values()) + facts.parsed))
    elif bad and not shown.is_of_agency:
        yield Finding(State.BROKEN, reasons.OTHER_OWNER, bad, past.unofficial.among, past.unofficial.before, "history")


def _of_language(facts: RunFacts, past: Past, expect: Mapping[str, float], limits: Limits) -> Iterator[Finding]:
    """Yields whether the list with which the crawl begins is in another language than in the good runs before. A site that has sections in
    several languages begins with one of them; if that was not always the same, nothing is known.
    """
    well = [run for run in past.runs if run.state in WELL]
    before = [run.start_language for run in well if run.start_language is not None][:_NIGHTS]
    if facts.start_language is None or not before or set(before) != {before[0]} or expect.get("other_language"):
        return
    if facts.start_language != before[0] and sum(run.requested for run in well) >= limits.fewest_before:
        yield Finding(State.BROKEN, reasons.OTHER_LANGUAGE, 1, 1)


def _of_other_site(facts: RunFacts, end: RunEnd, past: Past, expect: Mapping[str, float]) -> Iterator[Finding]:
    """Yields whether the lists name only articles of another site. If most of the lists could not be read, the others say less. A source
    that accepts another owner or another language accepts their articles."""
    is_accepted = any(expect.get(key, 0) >= 1 for key in ("other_site", "other_language", "max_unofficial_share"))
    if past.instead and not end.is_partial and not is_accepted and sum(facts.lists_failed.values()) <= facts.lists_read:
        yield Finding(State.BROKEN, reasons.OTHER_SITE, past.instead, past.instead)


# --- lists ------------------------------------------------------------------------------------------------


def _of_lists(facts: RunFacts, end: RunEnd, past: Past, limits: Limits) -> Iterator[Finding]:
    """Yields what the lists of the source say: whether they could be read, and whether they still show articles."""
    failed = sum(facts.lists_failed.values())
    tried = facts.lists_read + failed
    if end.outcome == "robots-forbidden":
        yield Finding(State.BLOCKED, reasons.ROBOTS, 1, 1)
    elif end.outcome in _ENDED_BY_SITE and facts.lists_with_articles:
        yield Finding(*_ended_by_site(end), sum((end.failed or {}).values()), facts.requested + tried)
    elif not past.articles or not (facts.lists_with_articles or facts.parsed):
        yield from _unreadable(facts, end, past, failed, tried)
    else:
        yield from _partly_unreadable(facts, failed, tried, limits)
    # The order of a list is judged once a week, so in between it is what it was.
    was_broken = any(run.order_broken for run in _lately(past, end.day, limits)[:1])
    if facts.out_of_order or (was_broken and not facts.in_order):
        yield Finding(State.DEGRADED, reasons.ORDER, facts.out_of_order, facts.lists_with_articles if facts.out_of_order else 0)


def _partly_unreadable(facts: RunFacts, failed: int, tried: int, limits: Limits) -> Iterator[Finding]:
    """Yields what is wrong with the lists of a source of which something was read: other lists, or articles that were known before."""
    lost, start_failed = facts.lists_lost, facts.start_failed
    if start_failed == _SHELL and facts.lists_with_articles:
        # Feeds or sitemaps name the articles, so it does not matter that only a script fills the home page.
        failed, start_failed = failed - 1, ""
    if facts.start_lost or lost >= limits.lists_lost_share * tried > 0:
        state = State.BROKEN if lost > facts.lists_with_articles else State.DEGRADED
        yield Finding(state, reasons.LISTS_EMPTIED, lost, tried, limits.lists_lost_share)
    elif failed >= limits.lists_lost_share * tried > 0 and (start_failed or failed >= limits.fewest_bad):
        meaning = reasons.of_lists({start_failed: 1} if start_failed else facts.lists_failed)
        if meaning is not None:
            state = _no_worse(meaning[0]) if facts.lists_with_articles else meaning[0]
            yield Finding(state, meaning[1], failed, tried, limits.lists_lost_share)


def _ended_by_site(end: RunEnd) -> tuple[State, str]:
    """Returns the state and the likely reason if the site stopped answering in the middle of a run."""
    refusals = {reason: number for reason, number in (end.failed or {}).items() if reason in _REFUSALS}
    meaning = reasons.of_lists(refusals)
    return State.BLOCKED, meaning[1] if meaning is not None else reasons.LIMITED


def _no_worse(state: State) -> State:
    """Returns the state of a source of which only a part is so: other lists of it were read."""
    return State.DEGRADED if state is State.BROKEN else state


def _unreadable(facts: RunFacts, end: RunEnd, past: Past, failed: int, tried: int) -> Iterator[Finding]:
    """Yields why a run got no article, neither from a list nor on a page."""
    start = {facts.start_failed: 1} if facts.start_failed else {}
    meaning = reasons.of_lists(start) or reasons.of_lists(facts.lists_failed)
    if meaning is None and not facts.lists_read:
        meaning = reasons.of_lists(end.failed or {}) or reasons.of_lists({end.outcome: 1})
    if facts.lists_lost and (meaning is None or not facts.start_failed):
        yield Finding(State.BROKEN, reasons.LISTS_EMPTIED, facts.lists_lost, tried)
    elif meaning is not None:
        yield Finding(*meaning, max(failed, 1), max(tried, 1))
    elif not past.articles and not end.is_partial:
        # An article counts when it first fails. In the nights after that, the same articles fail for the same reason.
        among = [(facts.failed, facts.requested), *((run.failed, run.requested) for run in past.runs)]
        articles, requested = next((one for one in among if one[0]), among[0])
        of_articles = reasons.of_lists(articles)
        yield Finding(*(of_articles or (State.BROKEN, reasons.NO_ARTICLE)), sum(articles.values()), requested)


# --- articles ---------------------------------------------------------------------------------------------


def _of_articles(facts: RunFacts, end: RunEnd, past: Past, expect: Mapping[str, float], limits: Limits) -> Iterator[Finding]:
    """Yields what the articles say: those that fail, and those that lack something that the source gave before."""
    yield from _failed_articles(facts, end, past, expect, limits)
    missing, among = end.gone
    if missing and end.is_live and missing / among > expect.get("max_gone_share", 0):
        yield Finding(State.DEGRADED, reasons.MANY_GONE, missing, among, MOST_AT_ONCE)
    kinds: tuple[tuple[str, str, Callable[[RunFacts | PastRun], Worse]], ...] = (
        (reasons.GENERIC, "max_generic_share", lambda run: run.generic),
        (reasons.UNDATED, "max_undated_share", lambda run: run.undated),
        (reasons.EMPTY, "max_empty_share", lambda run: run.empty),
    )
    for reason, key, kind in kinds:
        most = expect.get(key)
        if key == "max_undated_share" and "min_dated_share" in expect:
            most = round(1 - expect["min_dated_share"], 9)  # 1 - 0.9 is a little less than 0.1
        shares = [_share(kind(facts), facts.parsed), *(_share(kind(run), run.parsed) for run in _lately(past, end.day, limits))]
        good = [(kind(run).bad, run.parsed - kind(run).same) for run in past.runs if run.state in WELL]
        found = _compared(shares, good, most, limits, limits.worse_share)
        if found is not None:
            yield Finding(State.DEGRADED, reason, *found)
    # None counts as known to be good before: that an agency corrects two articles in one night is nothing.
    runs: list[RunFacts | PastRun] = [facts, *_lately(past, end.day, limits)]
    shares = [_Share(run.known_changed, 0, run.known_read) for run in runs]
    good = [(run.known_changed, run.known_read) for run in past.runs if run.state in WELL]
    found = _compared(shares, good, expect.get("max_changed_share"), limits, limits.worse_share)
    if found is not None:
        yield Finding(State.DEGRADED, reasons.CHANGED, *found)


def _share(worse: Worse, parsed: int) -> _Share:
    return _Share(worse.bad, worse.known, parsed - worse.same, worse.same)


def _lately(past: Past, day: date, limits: Limits) -> list[PastRun]:
    """Returns the runs before, the newest first: their articles are evidence if this run read too few."""
    since = day - timedelta(days=limits.same_change_days)
    return [run for run in past.runs if run.day >= since]


def _failed_articles(facts: RunFacts, end: RunEnd, past: Past, expect: Mapping[str, float], limits: Limits) -> Iterator[Finding]:
    lately, well = _lately(past, end.day, limits), [run for run in past.runs if run.state in WELL]
    before = [(sum(run.failed.values()), run.requested) for run in well]
    groups = reasons.groups(facts.failed)
    known = reasons.groups(facts.known_failed)
    for run in lately if not facts.requested else ():
        for group, number in reasons.groups(run.failed).items():
            groups.setdefault(group, 0)
            known.setdefault(group, min(number, run.known_failed))
    for (state, reason), number in groups.items():
        shares = [_Share(number, known.get((state, reason), 0), facts.requested)]
        shares += [_Share(reasons.groups(run.failed).get((state, reason), 0), run.known_failed, run.requested) for run in lately]
        most = expect.get("max_gone_share" if reason == reasons.MANY_GONE else "max_failed_share")
        found = _compared(shares, before, most, limits, limits.gone_share)
        if found is not None:
            # Its lists are read, so a source whose articles fail is degraded, unless no article comes at all.
            is_all = not facts.parsed and not facts.confirmed
            yield Finding(state if is_all else _no_worse(state), reason, *found)


def _compared(
    shares: list[_Share], before: list[tuple[int, int]], most: float | None, limits: Limits, least_share: float
) -> tuple[int, int, float | None, str] | None:
    """Returns how many articles of how many are bad, the expected share and its basis, if they are more than expected; else None.

    `shares`: of this run, then of the runs before it, the newest first. The runs before count only if this run has too few articles, and
    only back to one whose articles are all good. `before`: the bad articles and all articles of each good run. `most`: the share that the
    source allows. `least_share`: the smallest share that a rule reports.
    """
    bad = known = among = same = 0
    for share in shares:
        if share.among and not share.bad and (most is None or not share.same):
            return None
        bad, known, among, same = bad + share.bad, known + share.known, among + share.among, same + share.same
        if most is not None:
            if bad + same >= limits.fewest_bad and (bad + same) / (among + same) > most:
                return bad + same, among + same, most, "expect"
        elif _is_worse(bad, known, among, before, limits, least_share):
            rate = sum(one for one, _ in before) / max(1, sum(all_of for _, all_of in before))
            return bad, among, rate, "history"
        if among >= limits.fewest_bad_new:
            return None
    return None


def _is_worse(bad: int, known: int, among: int, before: list[tuple[int, int]], limits: Limits, least_share: float) -> bool:
    if bad < limits.fewest_bad or (bad < limits.fewest_bad_new and not known) or bad < least_share * among:
        return False
    earlier, all_earlier = sum(one for one, _ in before), sum(number for _, number in before)
    if all_earlier < limits.fewest_before:
        return False
    return chance(bad, among, (earlier + 0.5) / (all_earlier + 1)) < limits.chance


def chance(bad: int, among: int, rate: float) -> float:
    """Returns how likely it is that at least `bad` of `among` articles are bad, if each is so with the probability `rate`.

    >>> round(chance(2, 2, 0.01), 6), chance(0, 5, 0.3)
    (0.0001, 1.0)
    """
    if bad <= 0:
        return 1.0
    if among > _MANY:
        above = bad - among * rate
        return 0.0 if above > _SURE * math.sqrt(among * rate * (1 - rate)) else 1.0
    return sum(math.comb(among, number) * rate**number * (1 - rate) ** (among - number) for number in range(bad, among + 1))


# --- numbers and silence ----------------------------------------------------------------------------------


def _of_numbers(facts: RunFacts, end: RunEnd, past: Past, expect: Mapping[str, float]) -> Iterator[Finding]:
    """Yields the expectations of the source about numbers that are not reached."""
    if end.is_partial:
        return
    seen = max(end.listed, facts.parsed + facts.confirmed)
    for key, number in (("min_articles_per_run", seen), ("min_articles_total", past.articles)):
        least = expect.get(key)
        if least is not None and number < least:
            yield Finding(State.DEGRADED, reasons.FEWER, number, number, least, "expect")


def _of_silence(end: RunEnd, past: Past, expect: Mapping[str, float], limits: Limits) -> Iterator[Finding]:
    """Yields how long the source has been quiet, if that is longer than expected."""
    if past.newest is None:
        return
    days = (end.day - past.newest).days
    most = expect.get("max_quiet_days")
    if most is not None:
        if days > most * limits.silent_factor:
            yield Finding(State.DEGRADED, reasons.SILENT, days, days, most, "expect")
        elif days > most:
            yield Finding(State.QUIET, reasons.NOTHING_NEW, days, days, most, "expect")
    elif past.publishing_days >= limits.quiet_days_known:
        usual = max(limits.quiet_least, limits.quiet_gap * past.longest_pause)
        # A site that published nothing since its first run was silent before; that is how it is.
        is_new = past.watched_since is not None and past.newest > past.watched_since
        if is_new and days > max(limits.silent_least, limits.silent_factor * usual):
            yield Finding(State.DEGRADED, reasons.SILENT, days, days, usual, "history")
        elif days > usual:
            yield Finding(State.QUIET, reasons.NOTHING_NEW, days, days, usual, "history")
