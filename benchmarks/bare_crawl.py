"""Scrapy without this project, for comparison: `python -m benchmarks.bare_crawl URLS [--upsert FILE] [--replay FILE]`.

Requests each URL of the file URLS (one per line) with Scrapy's default settings. Without `--upsert`, nothing is parsed or stored. With
it, some selectors are applied to each page, and the result is written with sqlite-utils, one item at a time, as its documentation shows.
`--replay`: a pickled dictionary of bodies by URL that answers instead of the server. Started by benchmarks.pipeline; it imports nothing
from this project.
"""

from __future__ import annotations

import argparse
import pickle
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, ClassVar

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import HtmlResponse, Request, Response


class BareSpider(scrapy.Spider):
    """Requests the URLs. `upsert`: whether items are made of the pages."""

    name = "bare"
    urls: ClassVar[list[str]] = []
    upsert = False

    async def start(self) -> AsyncIterator[Request]:
        """Yields the requests."""
        for url in self.urls:
            yield Request(url, dont_filter=True)

    def parse(self, response: Response, **_: Any) -> Iterator[dict[str, str]]:
        """Yields an item, or nothing."""
        if self.upsert and isinstance(response, HtmlResponse):
            yield {
                "url": response.url,
                "title": (response.css("h1::text").get() or response.css("title::text").get() or "").strip(),
                "published": " ".join(response.css("time::text, .ngay::text, .date::text, .h5::text").getall()[:1]),
                "body": "\n\n".join(response.css("p::text").getall()),
                "links": "\n".join(response.css("a::attr(href)").getall()),
            }


class UpsertPipeline:
    """Writes each item as it comes."""

    path = ""

    def open_spider(self) -> None:
        """Opens the database."""
        from sqlite_utils import Database

        self._database = Database(self.path)
        self._database.enable_wal()

    def process_item(self, item: dict[str, str]) -> dict[str, str]:
        """Writes an item."""
        self._database["items"].upsert(item, pk="url")  # type: ignore[union-attr]
        return item


class Replay:
    """Answers instead of the server."""

    bodies: ClassVar[dict[str, bytes]] = {}

    def process_request(self, request: Request) -> Response:
        """Returns the page."""
        return HtmlResponse(request.url, status=200 if request.url in self.bodies else 404, body=self.bodies.get(request.url, b""))


def main() -> None:
    """Crawls and prints the number of responses."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("urls", type=Path)
    parser.add_argument("--upsert", default="")
    parser.add_argument("--replay", type=Path)
    given = parser.parse_args()
    settings: dict[str, Any] = {"LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False}
    BareSpider.urls = given.urls.read_text(encoding="utf-8").split()
    if given.upsert:
        BareSpider.upsert, UpsertPipeline.path = True, given.upsert
        settings["ITEM_PIPELINES"] = {UpsertPipeline: 1}
    if given.replay:
        Replay.bodies = pickle.loads(given.replay.read_bytes())  # written by benchmarks.pipeline
        settings["DOWNLOADER_MIDDLEWARES"] = {Replay: 990}
    process = CrawlerProcess(settings)
    crawler = process.create_crawler(BareSpider)
    process.crawl(crawler)
    process.start()
    print(f"{crawler.stats.get_value('downloader/response_count', 0)} responses" if crawler.stats is not None else "no statistics")


if __name__ == "__main__":
    main()
