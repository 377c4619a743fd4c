"""Numbers as people write them in a language: the one place for pages, pictures and messages. Pure."""

from __future__ import annotations

from functools import cache

from babel import Locale
from babel.numbers import format_decimal

# A fraction keeps one digit, so that a column of fractions looks like one; a whole number has none.
_FRACTION = "#,##0.0##"


def formatted(value: float, language: str) -> str:
    """Returns a number in "vi" or "en".

    >>> formatted(5914, "vi"), formatted(25.0, "vi"), formatted(66.667, "en"), formatted(5914, "en")
    ('5.914', '25,0', '66.667', '5,914')
    """
    pattern = None if isinstance(value, int) else _FRACTION
    return str(format_decimal(value, format=pattern, locale=_locale(language)))


def shortest(value: float, language: str) -> str:
    """Returns a number without zeros at its end, as axes and sums have it.

    >>> shortest(12.0, "vi"), shortest(0.25, "vi"), shortest(12.00001, "vi")
    ('12', '0,25', '12')
    """
    return str(format_decimal(value, locale=_locale(language)))


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language)
