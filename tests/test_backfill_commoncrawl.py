"""`scrapy backfill` from a server like that of Common Crawl: a list of indexes, answers in pages, and records by a range of a WARC file.

It and its pages are our own. The fields and parameters are those of Common Crawl's published index server, which is pywb's.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

from scraper.warc.cdx import url_sort_key
from scraper.warc.records import Response
from scraper.warc.writing import encode
from scraper.webarchives.playback import Played, played_range
from scraper.webarchives.questions import Period, crawl_questions
from scraper.webarchives.versions import Listed
from tests.conftest import Place
from tests.server import Answer, Sent, article, listing, serving_pages
from tests.test_backfill import FAST

PERIOD = Period(date(2009, 1, 1), date(2009, 12, 31))
HOST = "http://stttt.mau.gov.vn"
TITLES = ("Sở tập huấn phần mềm nguồn mở cho các huyện", "Hội nghị giao ban bưu chính viễn thông quý hai")
FILE = "crawl-data/CC-MAIN-2009-2010/segments/1/warc/own-00000.warc.gz"
_JSON = {"Content-Type": "application/json"}


def _url(number: int) -> str:
    return f"{HOST}/tin-tuc/tin-hoat-dong-cua-so-thong-tin-{number}.html"


@dataclass
class CommonCrawl:
    """One crawl of three pages, whose index answers in pages of two lines. `damaged`: the range of this URL gives other bytes. `short`: the
    index states a length for this URL that ends inside of its record. `listed`: what the list of indexes is instead. `pages_only`: each
    answer is the number of pages.
    """

    damaged: str = ""
    short: str = ""
    listed: bytes = b""
    pages_only: bool = False
    queries: list[dict[str, str]] = field(default_factory=list)
    ranges: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    data: bytes = b""

    def __post_init__(self) -> None:
        pages = [(f"{HOST}/", listing(*((_url(number), title) for number, title in enumerate(TITLES, 1))))]
        pages += [(_url(number), article(title, day=f"0{number}/05/2009 09:15")) for number, title in enumerate(TITLES, 1)]
        for url, page in pages:
            at = datetime(2009, 6, 1 + len(self.lines), tzinfo=UTC)
            headers = (("Content-Type", "text/html; charset=utf-8"),)
            record, digest = encode(Response(url, 200, "OK", headers, page.encode(), at))
            line = {"timestamp": f"{at:%Y%m%d%H%M%S}", "url": url, "mime": "text/html", "mime-detected": "text/html", "status": "200"}
            length = len(record) // 2 if url == self.short else len(record)
            place = {"digest": digest.removeprefix("sha1:"), "length": str(length), "offset": str(len(self.data)), "filename": FILE}
            self.lines.append(f"{url_sort_key(url)} {line['timestamp']} {json.dumps(line | place)}")
            self.data += record

    def answer(self, sent: Sent) -> Answer | None:
        """Returns the answer to a request; None if there is no such page."""
        parts = urlsplit(sent.path)
        if parts.path == "/collinfo.json" and self.listed:
            return 200, _JSON, self.listed
        if parts.path == "/collinfo.json":
            server = f"http://{sent.headers['Host']}"
            crawls = ("CC-MAIN-2009-2010", "CC-MAIN-2012", "CC-MAIN-0001-01", "CC-MAIN-9999-52")
            listed = [{"id": one, "name": one, "cdx-api": f"{server}/{one}-index"} for one in crawls]
            return 200, _JSON, json.dumps([*listed, {"id": "CC-MAIN-2009-05", "cdx-api": "http://[khong-co-index"}]).encode()
        if parts.path == "/CC-MAIN-2009-2010-index":
            return self._index({name: values[0] for name, values in parse_qs(parts.query).items()})
        return self._range(sent.headers.get("Range", "")) if parts.path == f"/{FILE}" else None

    def _index(self, queried: dict[str, str]) -> Answer:
        self.queries.append(queried)
        if "showNumPages" in queried or (self.pages_only and len(self.queries) < 99):
            return 200, _JSON, json.dumps({"pages": 3, "pageSize": 5, "blocks": 9}).encode()
        first = 2 * int(queried["page"])
        lines = [line.split(" ", 2)[2] for line in self.lines[first : first + 2]]
        return 200, {"Content-Type": "text/x-ndjson"}, "\n".join(lines).encode()  # the third page is empty

    def _range(self, given: str) -> Answer:
        self.ranges.append(given)
        match = re.fullmatch(r"bytes=(\d+)-(\d+)", given)
        assert match is not None, given
        begins, ends = int(match[1]), int(match[2]) + 1
        data = self.data[begins:ends]
        if self.damaged and f'"offset": "{begins}"' in next(line for line in self.lines if self.damaged in line):
            data = b"\0" * len(data)
        return 206, {"Content-Type": "application/octet-stream", "Content-Range": f"bytes {begins}-{ends - 1}/{len(self.data)}"}, data


def _backfill(place: Place, crawl: CommonCrawl, code: int = 0) -> dict[str, object]:
    robots = (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /save/\n")
    with serving_pages({"/robots.txt": robots}) as site:
        site.program = crawl.answer
        command = ("backfill", "mau", "--from", "2009", "--to", "2009", "--archive", f"{site.url}/collinfo.json", "--json")
        done = place.scrapy(*command, code=code, SOURCES_EXTRA=place.source("mau", HOST), **FAST)
        report: dict[str, object] = json.loads(done.stdout)
        return report


def test_records_are_read_by_their_range(place: Place) -> None:
    """Only the crawl of that time is queried, all pages of its answer, and of the WARC file only the records that are needed."""
    crawl = CommonCrawl()
    report = _backfill(place, crawl)
    assert (report["state"], report["fetched"], report["new"], report["left"]) == ("finished", 3, 2, 0)
    assert [one.get("page", "pages?") for one in crawl.queries] == ["pages?", "0", "1", "2"]
    assert len(crawl.ranges) == len(set(crawl.ranges)) == 3
    assert [title for (title,) in place.rows("select title from articles order by url")] == list(TITLES)
    assert place.rows("select captured_at from captures order by captured_at") == [(f"2009-06-0{day}T00:00:00Z",) for day in (1, 2, 3)]
    assert all(FILE in origin for (origin,) in place.rows("select origin from captures"))
    _backfill(place, crawl)
    assert len(crawl.ranges) == 3  # nothing is requested twice


def test_a_record_that_is_damaged_or_longer_than_its_range_is_named_and_becomes_no_article(place: Place) -> None:
    report = _backfill(place, CommonCrawl(damaged=_url(1), short=_url(2)))
    assert (report["fetched"], report["not_played"]) == (1, {"bad-encoding": 1, "truncated": 1})
    assert place.rows("select title from articles") == []
    failed = dict(place.rows("select url, reason from failures where cleared_at is null and url like '%html'"))
    assert failed == {_url(1): "bad-encoding", _url(2): "truncated"}


def test_a_server_that_lists_or_answers_nonsense_is_named_and_left(place: Place) -> None:
    report = _backfill(place, CommonCrawl(listed=b"[" * 100_000), code=1)
    assert report["state"] == "index-unreadable" and "is not a list of indexes" in str(report["attention"])
    crawl = CommonCrawl(pages_only=True)
    assert _backfill(place, crawl, code=1)["parts_failed"] == [["stttt.mau.gov.vn", "CC-MAIN-2009-2010", "index-unreadable"]]
    assert len(crawl.queries) == 2
    assert [*crawl_questions(rb'[{"id": "CC-MAIN-2009-2010", "cdx-api": "http://x/\ud800-index"}]', "a.vn", "/", PERIOD)] == []


def test_a_record_is_copied_as_it_is_only_if_the_range_has_nothing_else() -> None:
    [record, digest] = encode(Response(_url(1), 200, "OK", (("Content-Type", "text/html"),), b"<p>a</p>", datetime(2009, 6, 1, tzinfo=UTC)))
    listed = Listed(_url(1), datetime(2009, 6, 1, tzinfo=UTC), "text/html", 200, "", number=1)
    for sent, copied in ((record, (record, digest)), (record + record, None)):
        found = played_range(listed, "http://archive/file", 206, sent, 10_000)
        assert isinstance(found, Played) and found.record == copied
