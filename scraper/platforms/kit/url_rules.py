"""Rules for URLs: which URLs belong to a group, where a URL contains the id of an article, and how URLs of one page become equal."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from scraper.urls import TRACKING, without_session

_TRACKING = re.compile(rf"^({TRACKING})$", re.IGNORECASE)


def tidy(url: str) -> str:
    """Returns a URL without session ids, tracking parameters, fragment and default port. The host is in lower case."""
    parts = urlsplit(without_session(url.strip()))
    host = parts.netloc.lower()
    if (parts.scheme, host.rpartition(":")[2]) in (("http", "80"), ("https", "443")):
        host = host.rpartition(":")[0]
    query = parts.query
    if query:
        kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if not _TRACKING.match(name)]
        if len(kept) != query.count("&") + 1:
            query = urlencode(kept)
    return urlunsplit((parts.scheme, host, parts.path or "/", query, ""))


def compiled_url_pattern(pattern: str) -> re.Pattern[str]:
    """Returns the compiled pattern. Raises ValueError if it is not a regular expression."""
    try:
        return re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} is not a regular expression ({error}); correct the pattern") from error


def path_and_query(parts: SplitResult) -> str:
    """Returns `path?query`. The question mark is always there, so a pattern can use it as the end of the path."""
    return f"{parts.path}?{parts.query}"


@dataclass(frozen=True, slots=True)
class UrlRule:
    """Matches a group of URLs: `rule(url)` returns True if the URL belongs to it. All conditions that are given must hold.

    `path`: a pattern that is found in the path; `^` and `$` are its ends, `(?i)` ignores the case.
    `path_and_query`: a pattern that is found in `path?query`; the question mark is there even if the query is empty.
    `query`: a pattern that matches the whole query; "" means that there is no query.
    `unless`: URLs for which this rule (or function) returns True do not belong to the group.
    """

    path: str = ""
    path_and_query: str = ""
    query: str | None = None
    unless: Callable[[str], bool] | None = None
    _path: re.Pattern[str] | None = field(init=False, repr=False)
    _both: re.Pattern[str] | None = field(init=False, repr=False)
    _query: re.Pattern[str] | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_path", compiled_url_pattern(self.path) if self.path else None)
        object.__setattr__(self, "_both", compiled_url_pattern(self.path_and_query) if self.path_and_query else None)
        object.__setattr__(self, "_query", compiled_url_pattern(self.query) if self.query is not None else None)

    def __call__(self, url: str) -> bool:
        parts = urlsplit(url)
        if self._path is not None and not self._path.search(parts.path):
            return False
        if self._both is not None and not self._both.search(path_and_query(parts)):
            return False
        if self._query is not None and not self._query.fullmatch(parts.query):
            return False
        return self.unless is None or not self.unless(url)


def _joined(match: re.Match[str]) -> str:
    return "/".join(group for group in match.groups() if group is not None)


_DATE = frozenset(("year", "month", "day"))


def _joined_with_date(match: re.Match[str]) -> str:
    """Returns the groups joined by "/". The groups year, month and day become one date, so that 2021-10-5 and 2021-10-05 are equal."""
    date = "-".join(match[name].zfill(2) for name in ("year", "month", "day"))
    others = [match[number] for number in range(1, match.re.groups + 1) if number not in {match.re.groupindex[name] for name in _DATE}]
    return "/".join((date, *(group for group in others if group is not None)))


@dataclass(frozen=True, slots=True)
class IdInPath:
    """The id of an article in the path of its URL.

    `pattern`: found in the path. The id is what its groups match, joined by "/". If three groups are named year, month and day, they become
    one date, with zeros before single digits.
    `with_query`: the pattern is found in `path?query`, and the query belongs to the canonical URL. If False, the canonical URL has no query.
    `lower`: the id is put in lower case, because the server ignores the case of its URLs.
    `unless`: URLs that match this rule have no id.
    """

    pattern: str
    with_query: bool = False
    lower: bool = False
    unless: UrlRule | None = None
    _compiled: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_compiled", compiled_url_pattern(self.pattern))
        if not self._compiled.groups:
            raise ValueError(f"{self.pattern!r} has no group for the id; put the part that is the id in parentheses")

    def find(self, url: str, parts: SplitResult) -> str | None:
        """Returns the id in a URL, or None. `parts`: the URL as urlsplit returns it."""
        match = self._compiled.search(path_and_query(parts) if self.with_query else parts.path)
        if match is None or (self.unless is not None and self.unless(url)):
            return None
        found = _joined_with_date(match) if self._compiled.groupindex.keys() >= _DATE else _joined(match)
        return found.lower() if self.lower else found

    def query_of(self, query: str) -> str:
        """Returns the part of a query that belongs to the canonical URL."""
        return query if self.with_query else ""


@dataclass(frozen=True, slots=True)
class IdInQuery:
    """The id of an article in the query of its URL, like `?ItemID=1234`.

    `name`: a pattern for the whole name of the parameter. `value`: a pattern for its whole value; the id is what its groups match.
    `where`: the rule for the URLs in which this parameter means an article.
    `kept`: the parameters of the canonical URL, in this order, each with its first value; None keeps the query as it is.
    """

    name: str
    value: str = r"(\d+)"
    where: UrlRule | None = None
    kept: tuple[str, ...] | None = None
    _name: re.Pattern[str] = field(init=False, repr=False)
    _value: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_name", compiled_url_pattern(self.name))
        object.__setattr__(self, "_value", compiled_url_pattern(self.value))
        if not self._value.groups:
            raise ValueError(f"{self.value!r} has no group for the id; put the part that is the id in parentheses")

    def find(self, url: str, parts: SplitResult) -> str | None:
        """Returns the id in a URL, or None. `parts`: the URL as urlsplit returns it."""
        if not parts.query or (self.where is not None and not self.where(url)):
            return None
        for name, value in parse_qsl(parts.query):
            if self._name.fullmatch(name) and (match := self._value.fullmatch(value)):
                return _joined(match)
        return None

    def query_of(self, query: str) -> str:
        """Returns the part of a query that belongs to the canonical URL."""
        if self.kept is None:
            return query
        pairs = parse_qsl(query)
        chosen = (next((pair for pair in pairs if pair[0].lower() == name.lower()), None) for name in self.kept)
        return urlencode([pair for pair in chosen if pair is not None])
