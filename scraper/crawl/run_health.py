"""Counts during a run what says how its source is, and judges the source at the end of the run."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from scrapy.settings import BaseSettings
from sqlite_utils import Database

from scraper import clock
from scraper.crawl.run_counts import RunCounts
from scraper.failures import GONE
from scraper.health.facts import RunFacts
from scraper.health.judging import Judged, judge_run
from scraper.health.limits import Limits, load_limits
from scraper.health.reasons import LEADS_HOME
from scraper.health.rules import RunEnd
from scraper.model import Page, PageKind, Source
from scraper.paths import project_path
from scraper.store import crawl_history
from scraper.store.absences import Vanished
from scraper.store.candidates import CandidateTable

Known = tuple[str, bool, bool]  # of a stored article: its layout, whether it has a date, whether it has a text


def limits_of(settings: BaseSettings) -> Limits:
    """Returns the limits of the health rules. Raises: UserError if the file that HEALTH_LIMITS names is wrong."""
    own = settings.get("HEALTH_LIMITS")
    return load_limits(project_path(own) if own else None)


class RunHealth:
    """Belongs to one run."""

    def __init__(self, database: Database, source: Source, settings: BaseSettings, *, is_live: bool) -> None:
        """`is_live`: the site itself answers, not a recording. Raises: UserError if the limits of the health rules are wrong."""
        self._limits = limits_of(settings)
        self.facts = RunFacts()
        self._database, self._source, self._is_live = database, source, is_live
        # Candidates of which only a part arrived, until they arrive as a whole: whether they had failed before, and are stored.
        self._cut: dict[tuple[str, str], tuple[bool, bool]] = {}
        # Stored articles that are missing, until it is known whether anybody misses them: key, reason, whether they had failed before.
        self._missing: list[tuple[str, str, bool]] = []

    def known(self, page: Page) -> Known | None:
        """Returns what the archive has of the article of a page. Call it before the page is stored."""
        return crawl_history.stored_article(self._database, self._source.id, page.article.key) if page.article is not None else None

    def add_page(
        self,
        page: Page,
        before: Known | None,
        candidate: tuple[str, str] | None,
        candidates: CandidateTable,
        *,
        truncated: bool,
        changed: bool,
    ) -> None:
        """Counts a page that was stored. `before`: what the archive had of its article. `candidate`: the article that was requested.
        `truncated`: the end of the page is missing; then it counts as failed, although the part that came is stored. `changed`: the
        article has other content than before, and than ever.
        """
        article, facts = page.article, self.facts
        if candidate is not None:
            if truncated:
                if candidate not in self._cut:
                    self._cut[candidate] = candidates.failed_before(*candidate)
                return
            self._cut.pop(candidate, None)  # it was requested once more
        if article is None:
            if candidate is not None and page.kind is PageKind.REFUSED and page.failure is not None:
                self.add_failed_article(candidate, page.failure.reason, candidates)
            elif candidate is not None and page.kind is not PageKind.REDIRECT and candidates.failed_before(*candidate)[1]:
                self.add_failed_article(candidate, "no-longer-article", candidates)
            return
        layout, is_dated, has_text = before or (None, None, None)
        facts.parsed += 1
        facts.known_requested += before is not None
        facts.known_read += before is not None
        facts.known_changed += before is not None and changed
        facts.generic.add(now=article.layout == "generic", before=None if before is None else layout == "generic")
        facts.undated.add(now=article.published.value is None, before=None if is_dated is None else not is_dated)
        facts.empty.add(now=not article.body.value, before=None if has_text is None else not has_text)

    def add_unchanged_article(self) -> None:
        """Counts a known article whose server says that it is unchanged."""
        self.facts.confirmed += 1
        self.facts.known_read += 1
        self.facts.known_requested += 1

    def add_failed_article(self, candidate: tuple[str, str], reason: str, candidates: CandidateTable) -> None:
        """Counts an article that could not be read, unless it had failed before: what is not new says nothing about this night."""
        failed_before, is_known = candidates.failed_before(*candidate)
        if is_known and reason in GONE | {LEADS_HOME}:
            self._missing.append((candidate[0], reason, failed_before))
        else:
            self._add_failed(reason, failed_before, is_known)

    def _add_failed(self, reason: str, failed_before: bool, is_known: bool) -> None:
        self.facts.known_requested += is_known
        if not failed_before:
            self.facts.failed[reason] += 1
            self.facts.known_failed[reason] += is_known

    def judge(
        self,
        run_id: int,
        outcome: str,
        counts: RunCounts,
        failed: Mapping[str, int],
        vanished: Vanished,
        not_missed: Collection[str],
        *,
        is_partial: bool,
    ) -> Judged | None:
        """Returns how the source is. Returns None if the run says nothing about the site.
        `failed`: the failures of the run by reason. `vanished`: how many of its known articles are missing. `not_missed`: keys of those
        that nobody misses. `is_partial`: only the articles of some days were wanted.
        """
        for one in self._cut.values():
            self._add_failed("truncated", *one)
        for key, reason, failed_before in self._missing:
            if key not in not_missed:
                self._add_failed(reason, failed_before, is_known=True)
        day = clock.now().astimezone(clock.VIETNAM).date()
        is_partial |= outcome == "budget-used"  # the rest is requested on another day
        gone = (vanished.missing, vanished.requested) if vanished.at_once else (0, 0)
        end = RunEnd(outcome, day, counts.responses, len(counts.listed_articles), failed, gone, self._is_live, is_partial)
        return judge_run(self._database, self._source, run_id, self.facts, end, self._limits, counts.listed_articles)
