"""Guards that are a single line each: without one, a crawl asks too much, goes where it must not, or replaces what is right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from scrapy.resolver import dnscache
from twisted.internet.base import ReactorBase

from benchmarks.forked_commands import Done, ForkedCommands, as_options
from scraper.crawl.private_addresses import PrivateAddress, PublicAddressResolver, public, rejected
from scraper.model import Capture, Failure
from scraper.reader import read
from scraper.store import articles, failures, removal
from scraper.store.documents import ArchiveDocuments
from scraper.store.sources import load_source
from scraper.warc.dates import timestamp
from tests.conftest import Place
from tests.same_rows import index_faults
from tests.server import Site, article, listing, serving_pages
from tests.stored_rows import SOURCE, add_capture, archive_of_source

FIRST = date(2026, 11, 1)
FAST: dict[str, Any] = {"DOWNLOAD_DELAY": 0, "DOWNLOAD_DELAY_JITTER": 0, "RETRY_TIMES": 0}


@pytest.fixture
def site() -> Iterator[Site]:
    with serving_pages({}) as served:
        yield served


def _path(number: int) -> str:
    return f"/tin-tuc/ky-hop-thu-{number}-cua-hoi-dong-nhan-dan-{number}.html"


@dataclass(frozen=True)
class Crawls:
    """Crawls of one site."""

    commands: ForkedCommands
    place: Place
    site: Site

    def run(self, *arguments: str, place: Place | None = None, **settings: object) -> Done:
        source, of = self.place.source("mau", self.site.url), place or self.place
        given = FAST | {"ARCHIVE": of.archive, "CAPTURES": of.captures, "SOURCES_EXTRA": source} | settings
        return self.commands.run(["crawl", "mau", *arguments, *as_options(given)], self.place.folder)


@pytest.fixture
def crawls(commands: ForkedCommands, place: Place, site: Site) -> Crawls:
    return Crawls(commands, place, site)


def _serve(site: Site, pages: dict[str, str]) -> None:
    site.pages = {path: (200, {"Content-Type": "text/html; charset=utf-8"}, page.encode()) for path, page in pages.items()}


@pytest.mark.parametrize("address", ["10.1.2.3", "172.16.0.1", "192.168.1.4", "127.0.0.1", "169.254.169.254", "::1", "fd00::1"])
def test_a_public_name_may_not_lead_to_a_private_address(address: str) -> None:
    with pytest.raises(PrivateAddress, match=f"so.gov.vn resolves to {address}"):
        public(address, "so.gov.vn")
    # The resolver of the crawl checks each name, also one that it has resolved before.
    resolver = PublicAddressResolver(cast(ReactorBase, None), 10, 1.0)  # only the look-up itself needs a reactor
    answers: list[object] = []
    for name, found in (("so.gov.vn", address), ("mic.gov.vn", "203.162.1.1")):
        dnscache[name] = found
        resolver.getHostByName(name).addCallbacks(answers.append, lambda failure: answers.append(failure.type))
        del dnscache[name]
    assert answers == [PrivateAddress, "203.162.1.1"]
    assert rejected("so.gov.vn") is not None


def test_an_edit_leaves_nothing_of_the_old_text_in_the_index(place: Place, site: Site, crawls: Crawls) -> None:
    for word in ("khuyến nông", "thủy sản"):
        _serve(site, {"/": listing((_path(1), f"Kỳ họp bàn về {word}")), _path(1): article(f"Kỳ họp bàn về {word}")})
        assert crawls.run("--full").code == 0
    assert place.rows("select title from articles") == [("Kỳ họp bàn về thủy sản",)]
    assert place.rows("select count(*) from revisions") == [(1,)]
    assert index_faults(place.archive) == []


def test_an_older_capture_never_replaces_a_newer_one(place: Place, site: Site, crawls: Crawls) -> None:
    """The recording of an earlier day is replayed after that of a later one."""
    recordings = []
    for day, word in enumerate(("khuyến nông", "thủy sản")):
        _serve(site, {"/": listing((_path(1), f"Kỳ họp bàn về {word}")), _path(1): article(f"Kỳ họp bàn về {word}")})
        recorded = Place(place.folder / str(day))
        recorded.folder.mkdir()
        crawls.run(place=recorded, NOW=f"{FIRST + timedelta(days=day)}T02:00:00+07:00")
        recordings.append(recorded.captures)
    for recording in reversed(recordings):
        assert crawls.run(REPLAY=recording).code == 0
    assert place.rows("select title from articles") == [("Kỳ họp bàn về thủy sản",)]
    assert place.rows("select substr(first_seen, 1, 10), substr(last_seen, 1, 10) from articles") == [("2026-10-31", "2026-11-01")]


def test_a_list_is_read_back_to_the_first_wanted_day_only(place: Place, site: Site, crawls: Crawls) -> None:
    pages = {}
    for number in range(1, 31):
        day = FIRST - timedelta(days=number)
        pages[_path(number)] = article(f"Kỳ họp thứ {number} của hội đồng", day=f"{day:%d/%m/%Y} 08:00")
    for page in range(1, 7):
        numbers = range(5 * page - 4, 5 * page + 1)
        items = "".join(
            f"<li><a href='{_path(one)}'>Kỳ họp thứ {one} của hội đồng</a> <span>{FIRST - timedelta(days=one):%d/%m/%Y}</span></li>"
            for one in numbers
        )
        others = "".join(f"<a href='/tin/trang-{one}.html'>{one}</a> " for one in (page - 1, page + 1) if 1 < one < 7)
        pages["/" if page == 1 else f"/tin/trang-{page}.html"] = listing(foot=f"<ul>{items}</ul><div class='pagination'>{others}</div>")
    _serve(site, pages)
    first = FIRST - timedelta(days=7)
    assert crawls.run("-a", f"start={first}", NOW=f"{FIRST}T02:00:00+07:00").code == 0
    assert place.rows("select count(*), min(substr(published_at, 1, 10)) from articles") == [(7, f"{first}")]
    lists = [path for path in site.paths() if path == "/" or path.startswith("/tin/")]
    assert lists == ["/", "/tin/trang-2.html", "/tin/trang-3.html"]  # all of the third page is too old


def test_redirects_and_headers_without_end_end(place: Place, site: Site, crawls: Crawls) -> None:
    """Each redirect leads to another URL of the same article, so that no loop ends it. Headers were kept in memory."""
    titles = ("Kỳ họp thứ nhất của hội đồng", "Kỳ họp thứ hai của hội đồng", "Kỳ họp thứ ba của hội đồng")
    _serve(site, {"/": listing(*((_path(number), title) for number, title in enumerate(titles, start=1)))})
    site.pages[_path(3)] = (200, {f"X-{number}": "x" * 10_000 for number in range(200)}, article(titles[2]).encode())
    site.pages[_path(1)] = (200, {"Content-Type": "text/html; charset=utf-8"}, article("Kỳ họp thứ nhất của hội đồng").encode())
    for hop in range(30):
        here = _path(2) if hop == 0 else f"{_path(2)}?buoc={hop}"
        site.pages[here] = (302, {"Location": f"{_path(2)}?buoc={hop + 1}"}, b"")
    crawls.run()
    failed = dict(place.rows("select reason, detail from failures"))
    assert failed.keys() == {"redirect-loop", "connection-lost"} and failed["redirect-loop"] == "6 redirects in a row"
    assert sum(path.startswith(_path(2)) for path in site.paths()) == 6
    assert place.rows("select count(*) from articles") == [(1,)]


def test_a_cited_document_has_what_its_citations_state(sample: Place) -> None:
    """A document that is known from citations only gets its date, issuer and title from them, at the end of each run."""
    stated = sample.rows(
        "select distinct document_id from citations join documents on documents.id = document_id"
        " where documents.status = 'stub' and stated_date is not null and date_conflict = 0"
    )
    assert stated
    for (document_id,) in stated:
        [(issued_on,)] = sample.rows("select issued_on from documents where id = ?", document_id)
        dates = sample.rows("select stated_date from citations where document_id = ? and date_conflict = 0", document_id)
        assert (issued_on,) in dates and issued_on is not None


def test_a_page_without_links_does_not_say_that_a_list_works_again(tmp_path: Path) -> None:
    """A parked domain, or an error page with status 200, looks so."""
    url, headers = f"{SOURCE.site}/tin-tuc", (("Content-Type", "text/html; charset=utf-8"),)
    items = [(f"/tin-tuc/so-hop-lan-thu-{number}-{number}.html", f"Sở họp bàn về chuyển đổi số lần thứ {number}") for number in range(6)]
    empty = "<html><head><title>Sở</title></head><body><div>Xin chào</div></body></html>"
    found = []
    with archive_of_source(tmp_path) as database:
        with database.conn:
            failures.record(database, SOURCE.id, Failure("fetch", "timeout", url), at="2026-11-01T02:00:00Z")
        for day, page in enumerate((empty, listing(*items)), start=2):
            at = datetime(2026, 11, day, 2, tzinfo=UTC)
            reading = read(Capture(url, 200, headers, page.encode(), at), SOURCE, ArchiveDocuments(database))
            capture_id = add_capture(database, url, timestamp(at))
            articles.store(database, SOURCE, reading, capture_id=capture_id, captured_at=timestamp(at), parser="1", run_id=None)
            found += database.execute("select reason, cleared_at is not null from failures where reason = 'timeout'").fetchall()
    assert found == [("timeout", 0), ("timeout", 1)]


def test_another_url_that_shows_an_article_unchanged_leaves_its_row(tmp_path: Path) -> None:
    """A later capture of its own URL replaces the reading. One of another URL says only that the article was seen."""
    own, other = (f"{SOURCE.site}/{section}/so-hop-ban-ve-chuyen-doi-so-7.html" for section in ("tin-tuc", "su-kien"))
    page = article("Sở họp bàn về chuyển đổi số", head=f"<link rel='canonical' href='{own}'>").encode()
    found = []
    with archive_of_source(tmp_path) as database:
        for day, url in enumerate((own, other, own), start=2):
            at = datetime(2026, 11, day, 2, tzinfo=UTC)
            capture = Capture(url, 200, (("Content-Type", "text/html; charset=utf-8"),), page, at)
            capture_id = add_capture(database, url, timestamp(at))
            reading = read(capture, SOURCE, ArchiveDocuments(database))
            articles.store(database, SOURCE, reading, capture_id=capture_id, captured_at=timestamp(at), parser="1", run_id=None)
            found += database.execute("select url, capture_id, substr(last_seen, 1, 10) from articles").fetchall()
    assert found == [(own, 1, "2026-11-02"), (own, 1, "2026-11-03"), (own, 3, "2026-11-04")]


def test_a_removed_source_takes_its_notice_along(tmp_path: Path) -> None:
    invented = replace(SOURCE, id="sample-mau", site="http://so.sample.test", hosts=("so.sample.test",))
    with archive_of_source(tmp_path) as database:
        load_source(database, invented)
        found = []
        for removed in (None, invented.id):
            if removed is not None:
                removal.remove(database, removed)
            found.append([one for (one,) in database.execute("select id from notices")])
    assert found == [["mixed"], []]
