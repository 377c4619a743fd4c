"""The quick checks before slow patterns: each lets everything pass that its pattern finds."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraper import urls
from scraper.parse.enrich import stories
from scraper.parse.fields import written_dates
from scraper.parse.generic import article_or_list, page_footer

CHECKS: dict[str, tuple[re.Pattern[str], Collection[str]]] = {
    "words of a page's foot": (page_footer._FOOT, page_footer._SIGNS),
    "a postal address with its label": (page_footer._CONTACT, (":", page_footer._AUTHORITY)),
    "whose the site is": (article_or_list._ADDRESS, article_or_list._ADDRESS_SIGNS),
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
    assert written_dates.read_date(text, datetime(2020, 7, 3, 9, 0, tzinfo=UTC)) is not None
    assert written_dates.read_date(text) is None


DATES = (
    written_dates._DMY,
    written_dates._WORDS,
    written_dates._WORDS_MONTH_FIRST,
    written_dates._ENGLISH,
    written_dates._ISO,
    written_dates._BROKEN_ISO,
    written_dates._JAVA,
    written_dates._MONTH,
)


@pytest.mark.parametrize("pattern", DATES)
def test_every_form_of_a_date_has_three_digits(pattern: re.Pattern[str]) -> None:
    @settings(max_examples=30, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.from_regex(pattern, fullmatch=True))
    def has_digits(text: str) -> None:
        assert written_dates._THREE_DIGITS.search(text) is not None

    has_digits()
