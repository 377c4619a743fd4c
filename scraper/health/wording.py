"""What a state, a reason and a finding are called, in English and Vietnamese: for messages, pages and feeds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from typing import Any

from scraper.health import reasons
from scraper.health.facts import Judgement
from scraper.health.unsteady import UNSTEADY
from scraper.numbers import shortest
from scraper.reference import rows
from scraper.two_languages import EN, VI, Message

_DAYS = frozenset((reasons.NOTHING_NEW, reasons.SILENT))
_LISTS = frozenset((reasons.LISTS_EMPTIED, reasons.LISTS_MISSING, reasons.ORDER))


@cache
def _labels() -> Mapping[tuple[str, str], Mapping[str, str]]:
    return {(row["list"], row["code"]): {EN: row["name_en"], VI: row["name_vi"]} for row in rows("labels")}


@cache
def _sentences() -> Mapping[str, Mapping[str, str]]:
    return {row["code"]: {EN: row["name_en"], VI: row["name_vi"]} for row in rows("rules") if row["kind"] == "health"}


def state_name(state: str, language: str) -> str:
    """Returns the name of a state."""
    return _labels()["health state", state][language]


def reason_name(reason: str, language: str) -> str:
    """Returns the short name of a reason; of one that this version does not know, its code."""
    return _labels().get(("health reason", reason), {}).get(language, reason)


def sentence(reason: str, language: str) -> str:
    """Returns what a reason means and what to do about it; of one that this version does not know, its code."""
    return _sentences().get(reason, {}).get(language, reason)


def numbers(finding: Mapping[str, Any], language: str) -> str:
    """Returns the numbers of a finding that is a row of JSON: "3 of 4, expected at most 2 %", "1 of 1, to https://moi.gov.vn"; empty if it
    has none."""
    bad, among, expected, reason = finding["bad"], finding["among"], finding["expected"], finding["reason"]
    of, at_most, at_least, days = ("of", "expected at most", "expected at least", "days") if language == EN else (
        "trên", "dự kiến nhiều nhất", "dự kiến ít nhất", "ngày"
    )  # fmt: skip
    if reason in _DAYS:
        return f"{bad} {days}, {at_most} {shortest(expected, language)}"
    if reason == reasons.FEWER:
        return f"{bad}, {at_least} {shortest(expected, language)}"
    if not among:
        return ""
    if finding.get("target"):
        return f"{bad} {of} {among}, {'to' if language == EN else 'tới'} {finding['target']}"
    share = f", {at_most} {_percent(expected, language)}" if expected is not None and reason not in _LISTS else ""
    return f"{bad} {of} {among}{share}"


def unsteady(breaks: int, language: str) -> str:
    """Returns what is said of a source that breaks and is well again by turns: "unsteady (3 breaks lately)"; empty if it is steady."""
    if not breaks:
        return ""
    often = f"{breaks} breaks lately" if language == EN else f"{breaks} lần hỏng gần đây"
    name = _labels()["health note", UNSTEADY][language]
    return f"{name} ({often})" if breaks > 1 else name


def reason_with_numbers(reason: str, finding: Mapping[str, Any] | None, language: str) -> str:
    """Returns the short name of a reason, with the numbers of its finding in brackets if it has any: "more missing dates (3 of 4, ...)"."""
    known = numbers(finding, language) if finding is not None else ""
    return f"{reason_name(reason, language)} ({known})" if known else reason_name(reason, language)


def _percent(share: float, language: str) -> str:
    return f"{shortest(round(share * 100, 0 if share >= 0.1 else 1), language)} %"


def line(judgement: Judgement) -> Message:
    """Returns one line for a terminal or a mail of cron: "broken, parked domain (1 of 1; bad since 2026-11-03 ...): ..."."""
    return Message(_line(judgement, EN), _line(judgement, VI))


def _line(judgement: Judgement, language: str) -> str:
    facts = [numbers(asdict(judgement.findings[0]), language)] if judgement.findings else []
    if judgement.needs_attention and judgement.first_bad_day is not None:
        bad, good, none = ("bad since", "last good day", "no good day is known") if language == EN else (
            "từ", "tốt lần cuối", "chưa có ngày nào tốt"
        )  # fmt: skip
        last = f"{good} {judgement.last_good_day}" if judgement.last_good_day is not None else none
        facts.append(f"{bad} {judgement.first_bad_day}, {last}")
    known = f" ({'; '.join(filter(None, facts))})" if any(facts) else ""
    state = judgement.state.value if language == EN else state_name(judgement.state, language)
    known += f"; {unsteady(judgement.unsteady, language)}" if judgement.unsteady else ""
    said = f"{state}, {reason_name(judgement.reason, language)}{known}"
    return f"{said}: {sentence(judgement.reason, language)}" if judgement.needs_attention else said
