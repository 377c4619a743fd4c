"""The quick checks before slow patterns: each lets everything pass that its pattern finds."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraper import urls
from scraper.parse import dates, stories
from scraper.parse.generic import foot, kind

CHECKS: dict[str, tuple[re.Pattern[str], Collection[str]]] = {
    "words of a page's foot": (foot._FOOT, foot._SIGNS),
    "an address with its label": (foot._CONTACT, (":", foot._AUTHORITY)),
    "whose the site is": (kind._ADDRESS, kind._ADDRESS_SIGNS),
    "something happened lately": (stories._LATELY, stories._LATELY_WORDS),
    "a session id in a path": (urls._IN_PATH, urls._SESSION_SIGNS),
    "a session id of ASP.NET": (urls._ASP_SESSION, urls._SESSION_SIGNS),
    "a session id in a query": (urls._LATER_IN_QUERY, urls._SESSION_SIGNS),
    "a session id at the beginning of a query": (urls._FIRST_IN_QUERY, urls._SESSION_SIGNS),
}


@pytest.mark.parametrize("name", CHECKS)
def test_a_quick_check_passes_all_that_its_pattern_finds(name: str) -> None:
    pattern, signs = CHECKS[name]

    @settings(max_examples=15 * len(signs), deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.from_regex(pattern))
    def passes(text: str) -> None:
        assert pattern.search(text) is not None
        assert any(sign in text.lower() for sign in signs), text

    passes()


RELATIVE = ("2 giờ trước", "10 phút trước", "3 tuần trước", "Hôm nay, 8:05", "hôm qua", "hôm kia")


@pytest.mark.parametrize("text", RELATIVE)
def test_relative_dates_are_read_although_they_have_few_digits(text: str) -> None:
    assert dates.read_date(text, datetime(2020, 7, 3, 9, 0, tzinfo=UTC)) is not None
    assert dates.read_date(text) is None


DATES = (dates._DMY, dates._WORDS, dates._WORDS_MONTH_FIRST, dates._ENGLISH, dates._ISO, dates._BROKEN_ISO, dates._JAVA, dates._MONTH)


@pytest.mark.parametrize("pattern", DATES)
def test_every_form_of_a_date_has_three_digits(pattern: re.Pattern[str]) -> None:
    @settings(max_examples=30, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.from_regex(pattern, fullmatch=True))
    def has_digits(text: str) -> None:
        assert dates._THREE_DIGITS.search(text) is not None

    has_digits()
