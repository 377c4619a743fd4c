"""A progress bar on the terminal during a crawl."""

from __future__ import annotations

import sys
from typing import Any, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from tqdm import tqdm

from scraper.crawl.run import Run, run_of


class ProgressBar:
    """Shows the pages answered and the pages requested so far, with articles and failures. Shows nothing if standard error is not a
    terminal.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._bar: tqdm[Any] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(run_of(crawler))
        if sys.stderr.isatty():
            crawler.signals.connect(extension.opened, signals.spider_opened)
            crawler.signals.connect(extension.scheduled, signals.request_scheduled)
            crawler.signals.connect(extension.answered, signals.response_received)
            crawler.signals.connect(extension.closed, signals.spider_closed)
        return extension

    def opened(self, spider: Spider) -> None:
        self._bar = tqdm(total=0, desc=spider.name, unit=" pages", dynamic_ncols=True, mininterval=0.5)

    def scheduled(self) -> None:
        if self._bar is not None:
            self._bar.total = (self._bar.total or 0) + 1

    def answered(self) -> None:
        if self._bar is not None:
            failures = sum(self._run.open_failures().values())
            self._bar.set_postfix(articles=self._run.counts.articles, failures=failures, refresh=False)
            self._bar.update()

    def closed(self) -> None:
        if self._bar is not None:
            self._bar.close()
