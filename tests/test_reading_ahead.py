"""Pages of a recording that other processes parse before their turn: the same rows in the same order, even if a process is killed."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from benchmarks.nightly import make_site
from scraper.article_forms import with_forms
from scraper.crawl import reading_ahead
from scraper.crawl.parsing_process import Question, Work
from scraper.crawl.reading_ahead import FEWEST, ReadingAhead
from scraper.model import Source
from scraper.reader import read
from scraper.store.archive import open_archive
from scraper.store.documents import ArchiveDocuments
from scraper.warc.recording import Recording
from scraper.warc.records import decode
from tests.conftest import Place
from tests.same_rows import differences, rows_of
from tests.warc_records import response_record

SITE = "http://so.doan-truoc.test"
AT = "2026-11-28T02:00:00Z"
SOURCE = Source(id="doan-truoc", name="Sở Đoán Trước (test)", unit="nghe-an", site=SITE, hosts=("so.doan-truoc.test",))


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of an invented site with more than FEWEST pages."""
    pages = make_site("doan-truoc", FEWEST, 1).pages
    path = tmp_path_factory.mktemp("recording") / "site.warc.gz"
    path.write_bytes(b"".join(response_record(f"{SITE}{page}", body, AT) for page, body in pages.items()))
    return path


def test_the_rows_do_not_depend_on_other_processes(place: Place, tmp_path: Path, recording: Path) -> None:
    extra = place.source(SOURCE.id, SITE)
    places = [Place(tmp_path / name) for name in ("one", "two")]
    for number, one in enumerate(places, 1):
        one.folder.mkdir()
        one.scrapy("crawl", SOURCE.id, SOURCES_EXTRA=extra, REPLAY=recording, REPLAY_PROCESSES=number, NOW="2026-11-28T09:00:00+07:00")
    single, several = places
    assert single.rows("select count(*) from articles") == [(FEWEST,)]
    assert differences(rows_of(single.archive), rows_of(several.archive)) == ""
    in_order = "select url from captures order by id"
    assert single.rows(in_order) == several.rows(in_order)


def _begun(recorded: Recording, archive: Path) -> ReadingAhead:
    """Returns what parses ahead in one process, which is ready."""
    ahead = ReadingAhead(recorded, 1, has_archive=True)
    ahead.begin(Work(SOURCE, archive, (), 10**6), ArchiveDocuments(open_archive(archive)))
    [worker] = ahead._workers
    assert ahead._receive(worker) and worker.is_ready
    return ahead


def _expecting(ahead: ReadingAhead, recording: Recording, count: int) -> list[Question]:
    """Expects some articles, and returns the questions for them."""
    urls = [one.url for one in recording.listed() if "bai-viet" in one.url][:count]
    for url in urls:
        ahead.expect(url, url, number=0, platform=None, as_list=False, priority=0)
    return [Question(url, AT, as_list=False) for url in urls]


def test_a_reading_is_taken_only_for_exactly_the_same_question(place: Place, recording: Path) -> None:
    documents = ArchiveDocuments(open_archive(place.archive))
    recorded = Recording([recording])
    ahead = _begun(recorded, place.archive)
    try:
        [first, second] = _expecting(ahead, recorded, 2)
        assert ahead.take(Question(first.url, first.at, as_list=True), None) is None
        assert ahead.take(Question(first.url, "2026-11-28T02:00:01Z", as_list=False), None) is None
        found = recorded.find(first.url, 10**6, 0)
        assert found is not None
        in_its_turn = with_forms(read(decode(found.response, 10**6), SOURCE, documents, followed=True))
        assert in_its_turn.citations
        assert ahead.take(first, None) == in_its_turn
        assert ahead.take(first, None) is None, "it is taken once"
        assert ahead.take(second, "nukeviet") is not None, "no article depends on the platform of other pages"
    finally:
        ahead.close()
        recorded.close()


def test_pages_that_are_expected_in_vain_take_no_place(place: Place, recording: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a hundred pages, the first sixty are never requested. After a few of the others, each is there when its turn comes."""
    monkeypatch.setattr(reading_ahead, "_MOST_KEPT", 8)
    open_archive(place.archive).close()
    recorded = Recording([recording])
    ahead = _begun(recorded, place.archive)
    try:
        taken = []
        for question in _expecting(ahead, recorded, FEWEST)[60:]:
            [worker] = ahead._workers
            while worker.open:  # the crawl is slow, so all that was given out is parsed
                ahead._receive(worker)
            taken.append(ahead.take(question, None) is not None)
        assert taken == [False] + [True] * 39, "the first of them shows that those before it are not wanted"
    finally:
        ahead.close()
        recorded.close()


def test_a_process_that_is_killed_takes_no_page_with_it(place: Place, recording: Path) -> None:
    open_archive(place.archive).close()
    recorded = Recording([recording])
    ahead = _begun(recorded, place.archive)
    try:
        [first, second, third] = _expecting(ahead, recorded, 3)
        assert ahead.take(first, None) is not None
        [worker] = ahead._workers
        worker.process.kill()
        worker.process.exit_code(60)
        taken = [ahead.take(second, None), ahead.take(third, None)]  # what it had sent before is used; the rest is parsed in its turn
        assert taken[1] is None or taken[0] is not None
        ahead.expect(first.url, first.url, number=0, platform="nukeviet", as_list=False, priority=0)
        assert ahead.take(Question(first.url, first.at, as_list=False), "nukeviet") is None
    finally:
        ahead.close()
        recorded.close()


def test_long_fields_of_a_recording_fill_no_pipe(place: Place, tmp_path: Path) -> None:
    """While this process gives out pages, the other one sends readings that are longer than a pipe is. Both would wait for ever."""
    words = " ".join(f"tu{number}" for number in range(60_000)).encode()
    origin = ("WARC-Source-URI", "http://so.doan-truoc.test/" + "a" * 50_000)
    pages = {page: body for page, body in make_site("doan-truoc", FEWEST, 1).pages.items() if "bai-viet" in page}
    path = tmp_path / "long.warc.gz"
    records = [
        response_record(f"{SITE}{page}", body.replace(b"</body>", b"<p>" + words + b"</p></body>"), AT, of_record=dict([origin]))
        for page, body in [*pages.items()][:40]
    ]
    path.write_bytes(b"".join(records))
    open_archive(place.archive).close()
    recorded = Recording([path])
    ahead = _begun(recorded, place.archive)
    thread = threading.Thread(target=_expecting, args=(ahead, recorded, 40), daemon=True)
    thread.start()
    thread.join(60)
    [worker] = [*ahead._workers]
    is_stuck = thread.is_alive()
    worker.process.kill()
    thread.join()
    ahead.close()
    recorded.close()
    assert not is_stuck


def test_a_crawl_that_cannot_begin_ends_with_its_processes(place: Place, recording: Path) -> None:
    """The archive is another file. The processes that were to parse pages wait for their first message then."""
    place.archive.write_text("no database at all", encoding="utf-8")
    extra = place.source(SOURCE.id, SITE)
    done = place.scrapy("crawl", SOURCE.id, code=2, forked=False, SOURCES_EXTRA=extra, REPLAY=recording, REPLAY_PROCESSES=3)
    assert "not an archive of this project" in done.stderr
