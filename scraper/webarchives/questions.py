"""What is queried of an index: one question for each host of a source and each month, or each crawl of Common Crawl. Pure.

No `collapse` is sent. It compares only neighbouring lines, so it would drop a page whose URL follows another one with the same bytes or of
the same day, and the second capture of a page whose first one cannot be played.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote_plus, unquote_plus, urlencode

from scraper.warc.cdx import cdx_time
from scraper.webarchives.answers import is_text, parsed
from scraper.webarchives.archives import Dialect, WebArchive

MOST_ROWS = 50_000  # per answer, about 10 MB; a larger month of one host comes in parts, by its resume key
# Pages, lists, feeds and sitemaps. `unk` and an empty type are of old records without one, `warc/revisit` of records without a body.
_TYPES = r"(text/html|application/xhtml\+xml|text/xml|application/(rss\+|atom\+)?xml|warc/revisit|unk|-)?"
_FIELDS = "urlkey,timestamp,original,mimetype,statuscode,digest,length"


@dataclass(frozen=True, slots=True)
class Period:
    """A time from which captures are wanted, both days included (UTC)."""

    first: date
    last: date

    @property
    def begins(self) -> datetime:
        """Its first second."""
        return datetime(self.first.year, self.first.month, self.first.day, tzinfo=UTC)

    @property
    def ends(self) -> datetime:
        """Its last second."""
        return datetime(self.last.year, self.last.month, self.last.day, tzinfo=UTC) + timedelta(days=1, seconds=-1)

    def months(self) -> Iterator[Period]:
        """Yields its months. The first and the last one are whole, too, so that the index is queried only once for each month."""
        first = self.first.replace(day=1)
        while first <= self.last:
            following = (first + timedelta(days=31)).replace(day=1)
            yield Period(first, following - timedelta(days=1))
            first = following


@dataclass(frozen=True, slots=True)
class Question:
    """One part of what is queried. `part`: a month ("2009-07") or the name of an index ("CC-MAIN-2013-20"). `server`: the URL to query."""

    host: str
    under: str
    part: str
    period: Period
    server: str


def month_questions(archive: WebArchive, host: str, under: str, period: Period) -> Iterator[Question]:
    """Yields the questions about a host. `under`: the path of the source, "/" for the whole host."""
    for month in period.months():
        yield Question(host, under, month.first.isoformat()[:7], month, archive.index)


def crawl_questions(listed: bytes, host: str, under: str, period: Period) -> Iterator[Question]:
    """Yields the questions about a host to those indexes of Common Crawl whose crawl was in a period. `listed`: collinfo.json.

    Raises: ValueError if it is not a list of indexes.
    """
    found = parsed(listed)
    if not isinstance(found, list):
        raise ValueError("it is not a list of indexes")
    for one in found:
        crawl = _crawl(one) if isinstance(one, dict) else None
        if crawl is not None and crawl[1].first <= period.last and period.first <= crawl[1].last:
            name, of_crawl, server = crawl
            yield Question(host, under, name, Period(max(of_crawl.first, period.first), min(of_crawl.last, period.last)), server)


def _crawl(row: dict[str, object]) -> tuple[str, Period, str] | None:
    """Returns the name, the time and the server of an index. The time is that of its row, else what its name says."""
    name, server = str(row.get("id", "")), str(row.get("cdx-api", ""))
    if not is_text(name + server):
        return None
    begins, ends = (str(row.get(key) or "")[:10] for key in ("from", "to"))
    try:
        if begins and ends:
            return name, Period(date.fromisoformat(begins), date.fromisoformat(ends)), server
        match = re.fullmatch(r"CC-MAIN-((?:19|20)\d\d)(?:-(\d{4}|\d\d))?", name)
        if match is None or not server:
            return None
        year = int(match[1])
        if match[2] is None or len(match[2]) == 4:
            return name, Period(date(year, 1, 1), date(int(match[2] or year), 12, 31)), server
        week = date.fromisocalendar(year, int(match[2]), 1)
    except ValueError:
        return None
    # The week is that of the beginning; the crawls of 2013 and 2014 took up to two months.
    return name, Period(week - timedelta(days=14), week + timedelta(days=70)), server


def index_url(archive: WebArchive, question: Question, resume: str | None) -> str:
    """Returns the URL of a question. `resume`: the resume key of the answer before, or the number of the page; None at first, which queries
    Common Crawl for the number of pages.
    """
    is_whole_host = question.under == "/"
    queried = {
        "url": question.host if is_whole_host else f"{question.host}{question.under}",
        "matchType": "host" if is_whole_host else "prefix",
        "output": "json",
        "from": cdx_time(question.period.begins),
        "to": cdx_time(question.period.ends),
    }
    if archive.dialect is Dialect.INTERNET_ARCHIVE:
        queried |= {"fl": _FIELDS, "filter": f"mimetype:{_TYPES}", "limit": str(MOST_ROWS), "showResumeKey": "true"}
        # The key is given in the form in which it is sent. It is unquoted and quoted, so that it cannot add a parameter.
        key = f"&resumeKey={quote_plus(unquote_plus(resume))}" if resume else ""
        return f"{question.server}?{urlencode(queried)}{key}"
    queried["filter"] = f"~mime:{_TYPES}$"  # without `~`, pywb looks for the text itself
    if archive.dialect is Dialect.COMMON_CRAWL:
        queried |= {"showNumPages": "true"} if resume is None else {"page": resume}
    return f"{question.server}?{urlencode(queried)}"
