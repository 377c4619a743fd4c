"""Queries the index of a web archive for its captures of a source, a month at a time, and stores the answers."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.defer import deferred_from_coro
from tqdm import tqdm
from twisted.python.failure import Failure as TwistedFailure

from scraper import clock
from scraper.crawl.exception_reasons import reason_of_exception
from scraper.crawl.exception_texts import detail_of_exception
from scraper.crawl.politeness.crawl_hosts import hosts_of
from scraper.crawl.politeness.host_closed import HostClosed, NotSent
from scraper.crawl.run import Run
from scraper.crawl.signals import host_closed
from scraper.crawl.site import Site
from scraper.crawl.spider.source_spider import SourceSpider
from scraper.crawl.web_recording import WebRecording
from scraper.failures import reason_of_status
from scraper.store.runs import outcome_of
from scraper.store.web_captures import QUERIED, Entry, Part, is_recent
from scraper.urls import at_listed_host
from scraper.webarchives.answers import Answer, IndexedCapture, read_answer
from scraper.webarchives.archives import Dialect
from scraper.webarchives.questions import Question, crawl_questions, index_url, month_questions
from scraper.webarchives.versions import bare_host, left_out, page_key

logger = logging.getLogger(__name__)

_QUERY_AGAIN_DAYS = 30  # an index gets new captures, most of them of the last months
_LONGEST_ANSWER = 64 * 1024 * 1024  # bytes
_EXCLUDED = ("AccessControlException", "Blocked By Robots", "Blocked Site")
_MOST_PAGES = 10_000  # of one answer of Common Crawl; also answers about one part that lead to another one by a resume key


class IndexSpider(SourceSpider):
    """Its subclass has the source. It queries one question at a time and goes on where an earlier run was interrupted."""

    is_only: ClassVar[bool] = False  # nothing follows; the run ends with this spider

    def __init__(self, run: Run, arguments: object = None, **kwargs: Any) -> None:
        super().__init__(self.source.id, **kwargs)
        assert run.web is not None
        self.run = run
        self._web: WebRecording = run.web
        self._is_paged = run.web.archive.dialect is Dialect.COMMON_CRAWL  # an answer has pages, instead of a resume key
        self._site = Site(run.source)
        self._questions: deque[Question] = deque()
        self._excluded: set[str] = set()  # hosts that the web archive does not show
        self._pages: dict[tuple[str, str], int] = {}  # of Common Crawl: the number of pages of an answer
        self._keys: set[str] = set()  # resume keys of the part that is queried
        self._restarted: set[tuple[str, str]] = set()  # parts that were queried once more, because their resume key had expired
        self._bar: tqdm[Any] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.close_host, host_closed)
        crawler.signals.connect(spider.opened, signals.spider_opened)
        return spider

    def opened(self) -> None:
        """Shows a progress bar on a terminal. Scrapy's signal."""
        self._bar = tqdm(desc=f"{self.source.id}: index", unit=" parts", disable=None, total=0)

    async def start(self) -> AsyncIterator[Request]:
        """Yields the first question that is open."""
        if self._is_paged:
            yield self._request(self._web.archive.index, self.choose_indexes, None, None)
            return
        for host in self._hosts():
            self._questions.extend(month_questions(self._web.archive, host, self.source.under, self._web.period))
        for request in self._next():
            yield request

    def choose_indexes(self, response: Response, question: None = None, resume: None = None) -> Iterator[Request]:
        """Handles the list of Common Crawl's indexes."""
        if response.status != 200:
            self._end("server-error" if response.status >= 500 else "index-unreadable", f"{response.url}: status {response.status}")
            return
        try:
            found = [one for host in self._hosts() for one in crawl_questions(response.body, host, self.source.under, self._web.period)]
        except ValueError as error:
            self._end("index-unreadable", f"{response.url}: is not a list of indexes: {error}")
            return
        # No request goes to a host that the archive does not have, whatever the list says.
        self._questions.extend(one for one in found if self._web.archive.has(one.server) and urlsplit(one.server).path.endswith("-index"))
        yield from self._next()

    def _hosts(self) -> list[str]:
        """Returns the hosts to ask for. `www.mic.gov.vn` and `mic.gov.vn` are one in every index."""
        return [*dict.fromkeys(bare_host(host) for host in self.source.hosts)]

    # --- questions ----------------------------------------------------------------------------------------

    def _next(self) -> Iterator[Request]:
        """Yields the request for the next question that is open."""
        if self._bar is not None:
            self._bar.total = self._bar.n + len(self._questions)
            self._bar.refresh()
        while self._questions:
            question = self._questions[0]
            part = self._web.table.part(question.host, question.part)
            if question.host in self._excluded:
                self._web.table.fail_part(question.host, question.part, "excluded", keeps_place=False)
            elif not self._is_done(question, part):
                yield self._query(question, part.resume_key if part is not None else None)
                return
            self._leave()

    def _leave(self) -> None:
        self._questions.popleft()
        self._keys.clear()
        if self._bar is not None:
            self._bar.update()

    def _is_done(self, question: Question, part: Part | None) -> bool:
        """Returns whether a part was queried lately. A month that was not over then is queried again."""
        if part is None or part.state != QUERIED or part.queried_at is None:
            return False
        was_over = part.queried_at > question.period.ends.isoformat()
        return was_over and is_recent(part.queried_at, clock.now(), _QUERY_AGAIN_DAYS)

    def _query(self, question: Question, resume: str | None) -> Request:
        known = not self._is_paged or (question.host, question.part) in self._pages
        url = index_url(self._web.archive, question, resume if known else None)
        return self._request(url, self.answered, question, resume)

    def _request(self, url: str, callback: Any, question: Question | None, resume: str | None) -> Request:
        meta = {"dont_redirect": True, "handle_httpstatus_all": True, "download_maxsize": _LONGEST_ANSWER}
        arguments = {"question": question, "resume": resume}
        return Request(url, callback, dont_filter=True, meta=meta, errback=self.failed, cb_kwargs=arguments)

    # --- answers ------------------------------------------------------------------------------------------

    def answered(self, response: Response, question: Question, resume: str | None) -> Iterator[Request]:
        """Handles an answer of the index: stores it, and yields the next question."""
        try:
            yield from self._handle(response, question, resume)
        except (OSError, sqlite3.Error) as error:
            self._end(*outcome_of(error))

    def _handle(self, response: Response, question: Question, resume: str | None) -> Iterator[Request]:
        try:
            answer = self._read(response, question)
        except ValueError as error:
            yield from self._query_otherwise(question, resume, *_reason(response, error))
            return
        if answer is None:
            self._excluded.add(question.host)
            yield from self._next()
            return
        if answer.pages is not None:
            pages = max(0, min(answer.pages, _MOST_PAGES))
            self._pages[question.host, question.part] = pages
            if pages:
                yield self._query(question, resume if resume is not None and int(resume) < pages else "0")
                return
        following = self._following(answer, question, resume)
        is_first = resume is None or resume == "0"
        # Not what was queried: a time in the future, or one before the web.
        of_period = [one for one in answer.captures if question.period.begins <= one.at <= question.period.ends]
        unreadable = answer.unreadable + len(answer.captures) - len(of_period)
        entries = self._entries(of_period)
        self._web.table.write(question.host, question.part, entries, resume=following, unreadable=unreadable, is_first=is_first)
        if following is not None and len(self._keys) < _MOST_PAGES:
            yield self._query(question, following)
            return
        if following is not None:
            self._web.table.fail_part(question.host, question.part, "index-unreadable", keeps_place=False)
        self._leave()
        yield from self._next()

    def _read(self, response: Response, question: Question) -> Answer | None:
        """Returns the answer, or None if the web archive does not show the host. Raises: ValueError if it is not one."""
        text = response.body[:4096].decode("utf-8", "replace")
        fault = (response.headers.get("X-Archive-Wayback-Runtime-Error") or b"").decode("latin-1")
        if any(word in text or word in fault for word in _EXCLUDED) and response.status != 200:
            return None
        if "dataloss" in response.flags:
            raise ValueError("its end is missing")
        if response.status == 404 and (self._is_paged or b"No Captures" in response.body):
            return Answer()
        if response.status != 200:
            raise ValueError(f"status {response.status}")
        answer = read_answer(response.body)
        are_pages_wanted = self._is_paged and (question.host, question.part) not in self._pages
        if are_pages_wanted != (answer.pages is not None):
            raise ValueError("it does not state the number of pages" if are_pages_wanted else "it states a number of pages, not captures")
        return answer

    def _following(self, answer: Answer, question: Question, resume: str | None) -> str | None:
        """Returns where the next question goes on. An index that repeats a key has no more."""
        if self._is_paged:
            following = int(resume or 0) + 1
            return str(following) if following < self._pages.get((question.host, question.part), 0) else None
        self._keys.add(resume or "")
        return answer.resume if answer.resume not in self._keys else None

    def _entries(self, captures: Iterable[IndexedCapture]) -> Iterator[Entry]:
        """Yields those that belong to the source."""
        for one in captures:
            url = self._web.stored_url(one.original)
            if at_listed_host(one.original, self.source.hosts) is not None and self._site.has(url):
                yield _entry(one, url)

    def _query_otherwise(self, question: Question, resume: str | None, reason: str, detail: str) -> Iterator[Request]:
        """Queries again from the beginning if a resume key was not accepted, else notes that the part could not be queried."""
        logger.info("%s, %s: %s", question.host, question.part, detail)
        has_expired = resume is not None and not self._is_paged and reason == "index-unreadable"
        reason = "resume-key-expired" if has_expired else reason
        self._web.table.fail_part(question.host, question.part, reason, keeps_place=not has_expired)
        place = (question.host, question.part)
        if has_expired and place not in self._restarted:
            self._restarted.add(place)
            self._keys.clear()
            yield self._query(question, None)
            return
        self._leave()
        yield from self._next()

    def failed(self, failure: TwistedFailure) -> Iterator[Request]:
        """Notes why a question got no answer, and yields the next one. Scrapy's errback."""
        request: Request = failure.request  # type: ignore[attr-defined]
        error, question = failure.value, request.cb_kwargs["question"]
        assert error is not None
        if isinstance(error, NotSent):
            return
        reason = reason_of_exception(error) or "fetch-fault"
        if question is None:
            self._end(reason, f"{request.url}: {error}"[:300])
            return
        yield from self._query_otherwise(question, request.cb_kwargs["resume"], reason, f"{error}")

    # --- the end ------------------------------------------------------------------------------------------

    def close_host(self, host: str, why: str, closed: HostClosed) -> None:
        """Ends the run: the web archive wants no further request now. A signal of our middlewares."""
        self._end(closed.outcome, why)

    def _end(self, outcome: str, problem: str) -> None:
        self.run.problem = problem
        hosts_of(self.crawler).end()
        deferred_from_coro(self.crawler.engine.close_spider_async(reason=outcome))

    def closed(self, reason: str) -> None:
        """Closes the run, unless the pages are requested next. Scrapy calls it when the spider is closed."""
        if self._bar is not None:
            self._bar.close()
        if self.is_only or reason != "finished":
            self.run.close(reason)


def _entry(one: IndexedCapture, url: str) -> Entry:
    why = left_out(one.status, one.original)
    return Entry(page_key(one.original), url, one.original, one.at, one.mime, one.status, one.digest, one.length, one.file, one.offset, why)


def _reason(response: Response, error: ValueError) -> tuple[str, str]:
    """Returns why a part could not be queried, and the detail."""
    reason = "index-unreadable"
    if response.status in (429, 503) or response.status >= 500:
        reason = reason_of_status(response.status)
    return reason, json.dumps(detail_of_exception(error), ensure_ascii=False)
