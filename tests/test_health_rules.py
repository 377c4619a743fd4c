"""The health rules: numbers in, states out. Pages and sites are in test_health.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scraper.health import reasons, wording
from scraper.health.facts import ALARMS, Judgement, Past, PastRun, RunFacts, State, Worse
from scraper.health.judging import Judged, judge_run
from scraper.health.limits import NAMES, SHIPPED, Limits, load_limits
from scraper.health.rules import RunEnd, judge
from scraper.model import Source, UserError
from scraper.reference import rows
from scraper.store import runs, source_health
from scraper.store.archive import open_archive
from tests.stored_rows import SOURCE, add, add_article, archive_of_source

DAY = date(2026, 11, 20)
LIMITS = load_limits()


def _run(days_ago: int, state: State = State.OK, **numbers: Any) -> PastRun:
    """Returns a good run with 12 requested and parsed articles, except for the given numbers."""
    values: dict[str, Any] = {"parsed": 12, "requested": 12, "failed": {}, "known_failed": 0}
    values |= {kind: Worse() for kind in ("generic", "undated", "empty")}
    return PastRun(**(values | {"day": DAY - timedelta(days=days_ago), "state": state} | numbers))


GOOD = Past([_run(day) for day in range(1, 6)], articles=300, newest=DAY - timedelta(days=1), longest_pause=6, publishing_days=200)


def _facts(**numbers: Any) -> RunFacts:
    """Returns the facts of a run with one good list."""
    return RunFacts(**({"lists_with_articles": 1} | numbers))


def _judged(facts: RunFacts, past: Past = GOOD, expect: Mapping[str, float] | None = None, **end: Any) -> Judgement:
    given: dict[str, Any] = {"outcome": "finished", "day": DAY, "responses": 9} | end
    return judge(facts, RunEnd(**given), past, expect or {}, LIMITS)


def _verdict(facts: RunFacts, past: Past = GOOD, expect: Mapping[str, float] | None = None, **end: Any) -> tuple[str, str]:
    judgement = _judged(facts, past, expect, **end)
    return judgement.state.value, judgement.reason


def test_a_run_as_all_runs_before_is_well() -> None:
    assert _verdict(_facts(parsed=12)) == ("ok", reasons.AS_EXPECTED)
    assert _verdict(_facts(confirmed=2)) == ("ok", reasons.AS_EXPECTED)
    assert _verdict(_facts()) == ("ok", reasons.AS_EXPECTED)  # nothing new, and no article was due


@pytest.mark.parametrize(
    ("failed", "verdict"),
    [
        ({"parked": 1}, ("broken", reasons.PARKED)),
        ({"script-shell": 1}, ("broken", reasons.SHELLS)),
        ({"placeholder": 1}, ("broken", reasons.PLACEHOLDER)),
        ({"challenge": 1}, ("blocked", reasons.CHALLENGES)),
        ({"login": 1}, ("blocked", reasons.LOGINS)),
        ({"forbidden": 1}, ("blocked", reasons.REFUSALS)),
        ({"server-error": 1}, ("broken", reasons.SERVER)),
        ({"not-found": 3}, ("broken", reasons.LISTS_MISSING)),
        ({"off-site": 1}, ("broken", reasons.MOVED)),
        ({"not-found": 5, "parked": 1}, ("broken", reasons.PARKED)),
    ],
)
def test_lists_that_cannot_be_read_name_the_reason(failed: dict[str, int], verdict: tuple[str, str]) -> None:
    assert _verdict(_facts(lists_with_articles=0, lists_failed=Counter(failed))) == verdict


@pytest.mark.parametrize(
    ("outcome", "failed", "verdict"),
    [
        ("robots-unreachable", {"robots-unreachable": 1, "server-error": 1}, ("blocked", reasons.ROBOTS_LOST)),
        ("robots-unreachable", {"dns": 1}, ("broken", reasons.DEAD)),
        ("robots-unreachable", {"bad-certificate": 1}, ("broken", reasons.CERTIFICATE)),
        ("robots-forbidden", {"robots": 1}, ("blocked", reasons.ROBOTS)),
        ("rate-limited", {"rate-limited": 1}, ("blocked", reasons.LIMITED)),
        ("blocked", {"timeout": 4}, ("broken", reasons.DEAD)),
    ],
)
def test_a_host_that_gets_no_request(outcome: str, failed: dict[str, int], verdict: tuple[str, str]) -> None:
    assert _verdict(_facts(lists_with_articles=0), outcome=outcome, failed=failed) == verdict


def test_a_site_that_stops_answering_in_the_middle_is_blocked() -> None:
    assert _verdict(_facts(parsed=30), outcome="blocked", failed={"forbidden": 4}) == ("blocked", reasons.REFUSALS)
    assert _verdict(_facts(parsed=30), outcome="rate-limited", failed={}) == ("blocked", reasons.LIMITED)


def test_lists_that_lost_their_articles() -> None:
    assert _verdict(_facts(lists_with_articles=0, lists_lost=1, start_lost=True, parsed=3)) == ("broken", reasons.LISTS_EMPTIED)
    # one section of many was closed
    assert _verdict(_facts(lists_with_articles=5, lists_lost=1)) == ("ok", reasons.AS_EXPECTED)
    assert _verdict(_facts(lists_with_articles=3, lists_lost=3)) == ("degraded", reasons.LISTS_EMPTIED)


def test_lists_that_name_only_articles_of_another_site() -> None:
    past = replace(GOOD, instead=12)
    assert _verdict(_facts(parsed=12), past) == ("broken", reasons.OTHER_SITE)
    # Most lists could not be read, so a small section may be all that was.
    failed = _facts(parsed=12, lists_failed=Counter({"server-error": 2}), start_failed="server-error")
    assert _verdict(failed, past) == ("degraded", reasons.SERVER)
    assert _verdict(_facts(parsed=12), past, is_partial=True)[0] == "ok"
    for key in ("other_site", "other_language", "max_unofficial_share"):
        assert _verdict(_facts(parsed=12), past, {key: 1})[0] == "ok"


def test_a_source_without_a_readable_list_is_broken_although_known_articles_are_there() -> None:
    facts = _facts(lists_with_articles=0, lists_failed=Counter({"script-shell": 1}), start_failed="script-shell", parsed=3)
    assert _verdict(facts) == ("broken", reasons.SHELLS)
    # Feeds give the articles.
    assert _verdict(replace(facts, lists_with_articles=1)) == ("ok", reasons.AS_EXPECTED)


def test_one_list_that_fails_beside_good_ones_is_no_reason() -> None:
    assert _verdict(_facts(lists_with_articles=3, lists_failed=Counter({"server-error": 1}), start_failed="server-error"))[0] == "ok"
    worse = _facts(lists_with_articles=1, lists_failed=Counter({"server-error": 2}), start_failed="server-error")
    assert _verdict(worse) == ("degraded", reasons.SERVER)


@pytest.mark.parametrize("kind", ["generic", "undated", "empty"])
def test_articles_that_lack_something_are_compared_with_the_past(kind: str) -> None:
    reason = {"generic": reasons.GENERIC, "undated": reasons.UNDATED, "empty": reasons.EMPTY}[kind]
    for bad, known, among, verdict in (
        (1, 1, 1, "ok"),  # one page never shows it
        (2, 0, 2, "ok"),  # two new ones may be of another kind
        (2, 1, 2, "degraded"),
        (3, 0, 3, "degraded"),
        (3, 0, 9, "ok"),  # fewer than half
        (40, 2, 60, "degraded"),
        (400, 2, 600, "degraded"),
    ):
        found = _verdict(_facts(parsed=among, **{kind: Worse(bad, known)}))
        assert found == (verdict, reason if verdict == "degraded" else reasons.AS_EXPECTED), (bad, known, among)
    # It was so before.
    so_before: dict[str, Any] = {kind: Worse(11)}
    always = Past([_run(day, **so_before) for day in range(1, 6)], 300, DAY)
    assert _verdict(_facts(parsed=12, **{kind: Worse(12, 1)}), always) == ("ok", reasons.AS_EXPECTED)
    # These articles lacked it before; after a first crawl, for example, a date that all of them share is taken back.
    assert _verdict(_facts(parsed=12, **{kind: Worse(1, 0, 11)})) == ("ok", reasons.AS_EXPECTED)
    # Nothing is known: never a false alarm.
    assert _verdict(_facts(parsed=12, **{kind: Worse(12, 0)}), Past([_run(1)], 12, DAY)) == ("ok", reasons.FEW_RUNS)


def test_what_a_source_expects_replaces_its_past() -> None:
    facts = _facts(parsed=10, undated=Worse(4, 1))
    assert _verdict(facts, expect={"min_dated_share": 0.5})[0] == "ok"
    assert _verdict(facts, expect={"min_dated_share": 0.7}) == ("degraded", reasons.UNDATED)
    assert _verdict(_facts(parsed=10, generic=Worse(10, 9)), expect={"max_generic_share": 1})[0] == "ok"
    assert _verdict(_facts(parsed=3), expect={"min_articles_per_run": 4}) == ("degraded", reasons.FEWER)
    assert _verdict(_facts(parsed=3), expect={"min_articles_per_run": 4}, listed=12)[0] == "ok"
    assert _verdict(_facts(), expect={"min_articles_total": 301}) == ("degraded", reasons.FEWER)
    gone = _facts(parsed=6, failed=Counter({"not-found": 4}), known_failed=Counter({"not-found": 4}))
    assert _verdict(gone)[0] == "ok" and _verdict(gone, expect={"max_gone_share": 0.3}) == ("degraded", reasons.MANY_GONE)


def test_a_share_that_is_just_allowed_is_allowed() -> None:
    """As numbers of a computer, 1 - 0.9 is less than 0.1, and 0.29 of 100 less than 29."""
    dated = [_verdict(_facts(parsed=20, undated=Worse(bad, bad)), expect={"min_dated_share": 0.9})[0] for bad in (2, 3)]
    assert dated == ["ok", "degraded"]
    generic = [_verdict(_facts(parsed=100, generic=Worse(bad, bad)), expect={"max_generic_share": 0.29})[0] for bad in (29, 30)]
    assert generic == ["ok", "degraded"]
    gone = [_verdict(_facts(parsed=71), expect={"max_gone_share": 0.29}, gone=(missing, 100))[0] for missing in (29, 30)]
    assert gone == ["ok", "degraded"]
    # What a recording lacks is not gone from the site.
    assert _verdict(_facts(parsed=71), gone=(30, 100), is_live=False)[0] == "ok"


@pytest.mark.parametrize(
    ("reason", "verdict"),
    [
        ("not-found", ("degraded", reasons.MANY_GONE)),
        (reasons.LEADS_HOME, ("degraded", reasons.TO_HOME)),
        ("no-longer-article", ("degraded", reasons.NOT_ARTICLES)),
        ("empty-body", ("degraded", reasons.EMPTY)),
        ("script-shell", ("broken", reasons.SHELLS)),
        ("forbidden", ("blocked", reasons.REFUSALS)),
    ],
)
def test_articles_that_fail_together(reason: str, verdict: tuple[str, str]) -> None:
    assert _verdict(_facts(failed=Counter({reason: 3}), known_failed=Counter({reason: 2}))) == verdict
    # A single one is not a reason, and a few among many are not.
    assert _verdict(_facts(failed=Counter({reason: 1}), known_failed=Counter({reason: 1})))[0] == "ok"
    assert _verdict(_facts(parsed=20, failed=Counter({reason: 3}), known_failed=Counter({reason: 3})))[0] == "ok"


def test_a_state_stays_until_articles_were_read_again() -> None:
    bad = _run(1, State.DEGRADED, parsed=3, requested=3, generic=Worse(3, 3))
    past = Past([bad, *GOOD.runs[1:]], 300, DAY)
    judgement = _judged(_facts(), past)
    assert (judgement.state, judgement.reason) == (State.DEGRADED, reasons.GENERIC)
    assert (judgement.first_bad_day, judgement.last_good_day) == (DAY - timedelta(days=1), DAY - timedelta(days=2))
    assert _verdict(_facts(parsed=1), past)[0] == "ok"
    assert _verdict(_facts(parsed=1, generic=Worse(1, 1)), past)[0] == "degraded"
    old = Past([_run(15, State.DEGRADED, parsed=3, requested=3, generic=Worse(3, 3)), *GOOD.runs[1:]], 300, DAY)
    assert _verdict(_facts(), old)[0] == "ok"


def test_a_disturbance_does_not_become_the_rule_however_long_it_lasts(tmp_path: Path) -> None:
    database = open_archive(tmp_path / "archive.db")
    database.execute("insert into sources (id, name, unit_id, site, hosts) values ('so-a', 'so-a', 'ha-noi', 'x', '[]')")
    database.execute(
        "insert into articles (source_id, unit_id, url, key, title, first_seen, last_seen, layout, parser)"
        " values ('so-a', 'ha-noi', 'x', 'x', 'x', '2026-11-21', '2026-11-21', 'x', 'x')"
    )
    source = Source("so-a", "so-a", "ha-noi", "https://so-a.test", ("so-a.test",))
    nights = int(LIMITS.runs_before) + 10
    judged: Judged | None = None
    for night in range(1, nights + 1):
        database.execute("insert into runs (command, source_id, started_at) values ('crawl', 'so-a', 'x')")
        bad = Worse(12, 12) if night > 3 else Worse()
        end = RunEnd("finished", DAY + timedelta(days=night), responses=13)
        judged = judge_run(database, source, night, _facts(parsed=12, undated=bad), end, LIMITS)
        assert judged is not None
        runs.end(database, night, end.outcome, {}, health=judged.row)
    database.close()
    assert judged is not None
    judgement = judged.judgement
    assert (judgement.state, judgement.reason) == (State.DEGRADED, reasons.UNDATED)
    assert (judgement.first_bad_day, judgement.last_good_day) == (DAY + timedelta(days=4), DAY + timedelta(days=3))


def test_a_source_that_breaks_by_turns_is_unsteady_until_it_was_well_for_a_week(tmp_path: Path) -> None:
    found, judged = [], None
    with archive_of_source(tmp_path) as database:
        add_article(database, "x", "2026-11-01T00:00:00Z")
        for night in range(14):
            run_id = add(database, "runs", command="crawl", source_id=SOURCE.id, started_at="x")
            failed = {"server-error": 1} if night in (1, 3, 5) else {}
            facts = _facts(lists_with_articles=int(not failed), lists_failed=Counter(failed))
            judged = judge_run(database, SOURCE, run_id, facts, RunEnd("finished", DAY + timedelta(days=night), 9, failed=failed), LIMITS)
            assert judged is not None
            runs.end(database, run_id, "finished", {}, health=judged.row)
            found.append(judged.row["unsteady"])
    assert found == [0, 0, 0, 2, 2, *([3] * 7), 0, 0]
    assert judged is not None and "; unsteady (3 breaks lately)" in wording.line(replace(judged.judgement, unsteady=3)).en


def test_which_runs_are_judged(tmp_path: Path) -> None:
    last_day = replace(SOURCE, valid_to=DAY)
    with archive_of_source(tmp_path) as database:

        def is_ended(source: Source = SOURCE, **end: Any) -> bool | None:
            given: dict[str, Any] = {"outcome": "finished", "day": DAY, "responses": 9} | end
            judged = judge_run(database, source, 1, _facts(parsed=12), RunEnd(**given), LIMITS)
            return judged.judgement.state is State.ENDED if judged is not None else None

        assert is_ended() is False and is_ended(outcome=runs.SHUTDOWN) is None
        assert is_ended(responses=0) is None and is_ended(responses=0, failed={"dns": 1}) is False
        assert is_ended(last_day) is False  # on its last day, a source is still expected to answer
        assert is_ended(last_day, day=DAY + timedelta(days=1)) is True
        assert is_ended(last_day, day=DAY + timedelta(days=1), is_live=False) is False  # a recording is older than the end of the source


def test_two_single_bad_nights_together_are_enough() -> None:
    first = _run(1, parsed=1, requested=1, undated=Worse(1, 1))
    assert _verdict(_facts(parsed=1, undated=Worse(1, 1)), Past([first, *GOOD.runs[1:]], 300, DAY)) == ("degraded", reasons.UNDATED)


def test_the_order_of_a_list_is_broken_until_it_is_seen_to_be_right() -> None:
    assert _verdict(_facts(out_of_order=1)) == ("degraded", reasons.ORDER)
    past = Past([_run(1, State.DEGRADED, order_broken=True), *GOOD.runs[1:]], 300, DAY)
    assert _verdict(_facts(), past) == ("degraded", reasons.ORDER)
    assert _verdict(_facts(in_order=1), past)[0] == "ok"


def test_known_articles_that_changed_at_once() -> None:
    """The site of a department had its own name as the title of every article for two weeks; another gave each the day of today."""
    before = replace(GOOD, runs=[_run(day, known_read=6) for day in range(1, 6)])

    def verdict(changed: int, read: int = 6, past: Past = before, **expect: float) -> tuple[str, str]:
        return _verdict(_facts(parsed=12, known_read=read, known_changed=changed), past, expect)

    assert verdict(2) == verdict(2, 2) == ("ok", reasons.AS_EXPECTED)  # an agency corrects two articles
    assert verdict(3) == ("degraded", reasons.CHANGED)
    assert verdict(3, 7)[0] == "ok"
    assert verdict(6, max_changed_share=1)[0] == "ok" and verdict(2, max_changed_share=0.2) == ("degraded", reasons.CHANGED)
    # Two nights together, and a site whose articles always change, or of which that is not known.
    nights = [_run(1, State.OK, known_read=2, known_changed=2), *before.runs[1:]]
    assert verdict(2, 2, replace(before, runs=nights)) == ("degraded", reasons.CHANGED)
    assert verdict(6, past=replace(before, runs=[_run(day, known_read=6, known_changed=4) for day in range(1, 6)]))[0] == "ok"
    assert verdict(6, past=GOOD)[0] == "ok"


def test_silence() -> None:
    def quiet(days: int, **past: Any) -> Past:
        given = {"longest_pause": 6, "publishing_days": 200} | past
        return Past(GOOD.runs, 300, DAY - timedelta(days=days), **given)

    assert _verdict(_facts(), quiet(12))[0] == "ok"
    assert _verdict(_facts(), quiet(13)) == ("quiet", reasons.NOTHING_NEW)
    assert _verdict(_facts(), quiet(400)) == ("quiet", reasons.NOTHING_NEW)  # it was silent before its first run
    watched = DAY - timedelta(days=90)
    assert [_verdict(_facts(), quiet(days, watched_since=watched)) for days in (30, 31)] == [
        ("quiet", reasons.NOTHING_NEW),
        ("degraded", reasons.SILENT),  # it is frozen, or another site has replaced it
    ]
    assert _verdict(_facts(), quiet(89, watched_since=watched, longest_pause=30))[0] == "quiet"
    assert _verdict(_facts(), quiet(400, publishing_days=9))[0] == "ok"  # too little is known
    expect = {"max_quiet_days": 14.0}
    assert [_verdict(_facts(), quiet(days), expect) for days in (14, 15, 28, 29)] == [
        ("ok", reasons.AS_EXPECTED),
        ("quiet", reasons.NOTHING_NEW),
        ("quiet", reasons.NOTHING_NEW),
        ("degraded", reasons.SILENT),
    ]
    # A recording ends when it ends, and a run of some days sees only those.
    assert _verdict(_facts(), quiet(400), expect, is_live=False)[0] == "ok"
    assert _verdict(_facts(), quiet(400), expect, is_partial=True)[0] == "ok"


def test_a_source_without_any_article_needs_a_person() -> None:
    assert _verdict(_facts(lists_with_articles=0, lists_empty=2), Past()) == ("broken", reasons.NO_ARTICLE)
    assert _verdict(_facts(failed=Counter({"script-shell": 3})), Past()) == ("broken", reasons.SHELLS)
    # They fail in the next nights, too, and count only once.
    nights = Past([_run(1, State.BLOCKED, parsed=0, requested=0), _run(2, State.BLOCKED, parsed=0, requested=3, failed={"login": 3})])
    judgement = _judged(_facts(), nights)
    assert (judgement.state, judgement.reason) == (State.BLOCKED, reasons.LOGINS)
    assert (judgement.findings[0].bad, judgement.findings[0].among) == (3, 3)
    assert _verdict(_facts(lists_with_articles=0, lists_empty=2), Past(), is_partial=True)[0] == "ok"


def test_every_reason_has_its_texts_and_every_text_a_reason() -> None:
    codes = {value for name, value in vars(reasons).items() if name.isupper() and isinstance(value, str)} - {reasons.LEADS_HOME}
    assert {row["code"] for row in rows("rules") if row["kind"] == "health"} == codes
    assert {row["code"] for row in rows("labels") if row["list"] == "health reason"} == codes
    assert {row["code"] for row in rows("labels") if row["list"] == "health state"} == set(State)
    judgement = _judged(_facts(parsed=3, generic=Worse(3, 3)))
    said = wording.line(judgement)
    assert said.en.startswith(
        "degraded, more generic readings (3 of 3, expected at most 0 %; bad since 2026-11-20, last good day 2026-11-19): "
    )
    assert said.vi.startswith(
        "suy giảm, nhiều bài đọc bằng quy tắc chung (3 trên 3, dự kiến nhiều nhất 0 %; từ 2026-11-20, tốt lần cuối 2026-11-19): "
    )
    assert set(ALARMS) < set(State)


def test_a_limit_that_is_missing_or_no_number_is_an_error(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert {one.name for one in fields(Limits)} == set(NAMES)
    path = tmp_path / "limits.toml"
    for name in NAMES:
        head, table = text.split(f"[{name}]\n", 1)
        path.write_text(head + table[table.find("\n[") + 1 if "\n[" in table else len(table) :], encoding="utf-8")
        with pytest.raises(UserError, match=rf"the limit \[{name}\] is missing, so a health rule would check nothing"):
            load_limits(shipped=path)
    for value in ("", "value = 0", 'value = "20"', "value = true", "value = nan"):
        path.write_text(f"[chance]\n{value}\n", encoding="utf-8")
        with pytest.raises(UserError, match="must be a number above 0"):
            load_limits(path)
    path.write_text("[chanse]\nvalue = 1\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"there is no health limit \[chanse\]"):
        load_limits(path)
    path.write_text("[quiet_least]\nvalue = “3”\n", encoding="utf-8")
    with pytest.raises(UserError, match="line 2: value = “3”: the quotes are typographic"):
        load_limits(path)
    path.write_text("[quiet_least]\nvalue = 3\n", encoding="utf-8-sig")  # as Notepad saves it
    assert load_limits(path).quiet_least == 3
    with pytest.raises(UserError, match="cannot be read"):
        load_limits(tmp_path / "missing.toml")
    assert all(f"[{name}]" in text for name in NAMES) and text.count("\nwhy = ") == text.count("\nunit = ") == len(NAMES)


def test_articles_without_a_date_count_on_the_day_on_which_a_later_run_found_them(tmp_path: Path) -> None:
    """What the first run finds may be old."""
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    with archive_of_source(tmp_path) as database:
        for at in ("2026-11-01T02:00:00Z", "2026-11-08T02:00:00Z"):
            add(database, "runs", command="crawl", source_id=SOURCE.id, started_at=at, ended_at=at.replace("T02", "T03"))
        add_article(database, f"{SOURCE.site}/1", "2026-11-01T02:30:00Z")
        assert source_health.publishing(database, SOURCE.id, now).newest is None
        add_article(database, f"{SOURCE.site}/2", "2026-11-08T18:00:00Z")  # the next day in Viet Nam
        assert source_health.publishing(database, SOURCE.id, now).newest == date(2026, 11, 9)
