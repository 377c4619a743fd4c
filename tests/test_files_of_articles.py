"""Files of articles: which are requested, what is kept, and that a stub becomes a held document. The sites are of our own making."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from benchmarks.fault_points import FaultPoint
from benchmarks.forked_commands import ForkedCommands, as_options
from scraper.store.archive import open_archive
from scraper.warc.records import payload_digest
from tests import notices
from tests.conftest import PROJECT, Place
from tests.same_rows import faults, index_faults
from tests.server import Answer, Site, article, listing, serving_pages
from tests.warc_records import response_record, revisit_record

NOW = "2026-10-30T02:00:00+07:00"
FAST: dict[str, Any] = {"DOWNLOAD_DELAY": 0.01, "DOWNLOAD_DELAY_JITTER": 0, "NOW": NOW}
OF_FILES = ("files", "file_pages", "file_citations", "file_citation_candidates", "held_fields")


def _files(name: str) -> bytes:
    return (PROJECT / "tests" / "files" / name).read_bytes()


def _crawl(place: Place, site: Site, *arguments: str, code: int = 0, more: str = "", **settings: object) -> Any:
    given = FAST | {"SOURCES_EXTRA": place.source("mau", site.url, more=more)} | settings
    return place.scrapy(*(arguments or ("crawl", "mau")), code=code, **given)


def _rtf(text: str) -> Answer:
    return 200, {"Content-Type": "application/rtf"}, notices.rtf(text)


def _states(place: Place) -> dict[str, str]:
    """Returns the state of each file, by the path of its URL."""
    return {f"/{url.split('/', 3)[3]}": state for url, state in place.rows("select url, state from files")}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Fifty notices whose files hold the decisions, and twelve articles that cite some of these."""
    place = Place(tmp_path_factory.mktemp("notices"))
    with serving_pages(notices.site(50, citing=12)) as site:
        _crawl(place, site)
        requested = [path for path in site.paths() if path.startswith("/tep/")]
        assert len(requested) == len(set(requested)) == 50
    return place


def test_stubs_become_held_documents(crawled: Place) -> None:
    rows = crawled.rows(
        "select status, number, title, issuer, issued_on, in_force_from, unit_id, article_count, url"
        " from documents join files on files.id = documents.file_id order by files.id"
    )
    assert len(rows) == 50
    for number, row in enumerate(rows, start=1):
        day = notices.day_of(number).isoformat()
        assert row[:5] == ("held", f"{number}/QĐ-STTTT", notices.subject_of(number), notices.UNIT, day)
        assert row[5:8] == (day, "nghe-an", 1 if number <= 12 else 0)
        assert str(row[8]).endswith(f"/tep/qd-{number}.rtf")
    assert crawled.rows("select count(*) from documents where status = 'stub'") == [(0,)]
    assert faults(crawled.archive) + index_faults(crawled.archive) == []


def test_legal_bases_are_citations_with_their_place(crawled: Place) -> None:
    rows = crawled.rows(
        'select documents.label, is_basis, substr(file_pages.text, file_citations.start + 1, file_citations."end" - file_citations.start)'
        " = file_citations.text from file_citations join documents on documents.id = document_id"
        " join file_pages using (file_id, page) where file_citations.file_id = (select min(id) from files) order by file_citations.id"
    )
    assert rows == [("Luật 41/2009/QH12", 1, 1), ("Nghị định 64/2007/NĐ-CP", 1, 1)]
    # Those of files are counted apart: no article cites the decree.
    assert crawled.rows("select article_count, citation_count from documents where number = '64/2007/NĐ-CP'") == [(0, 0)]


def test_each_field_has_its_rule_and_its_place(crawled: Place) -> None:
    fields = crawled.rows("select field, value, rule, page from held_fields where file_id = (select min(id) from files)")
    values = {field: (value, page) for field, value, _, page in fields}
    assert values["number"] == ("1/QĐ-STTTT", 1) and values["signer"] == ("Nguyễn Văn Mẫu", 1)
    assert values["authority"] == (None, None)  # nobody signed for somebody else
    assert all(rule for _, _, rule, _ in fields)


def test_the_end_of_a_document_is_known_from_the_file_of_another_one(place: Place) -> None:
    """The second decision ends a provision of the first, the third all of the second, the fourth and the fifth both all of the third."""
    named = {at: f"Quyết định số {at}/QĐ-STTTT ngày {notices.day_of(at):%d/%m/%Y} của {notices.UNIT}" for at in range(1, 6)}
    texts = {
        2: notices.decision(2, f"Bãi bỏ khoản 2 Điều 1 {named[1]}."),
        3: notices.decision(3, f"Quyết định này thay thế {named[2]}.", "từ ngày 01/11/2026"),
        4: notices.decision(4, f"Bãi bỏ {named[3]}."),
        5: notices.decision(5, f"Quyết định này thay thế {named[3]}."),
    }
    pages = notices.site(5)
    with serving_pages(pages | {f"/tep/qd-{at}.rtf": _rtf(text) for at, text in texts.items()}) as site:
        _crawl(place, site)
    ends = place.rows(
        "select documents.number, ended_on, not_before, end_precision, ended_by from document_ends"
        " join documents on documents.id = document_id where documents.status = 'held' order by documents.number"
    )
    assert ends == [
        ("2/QĐ-STTTT", "2026-10-31", "2026-10-31", "file-in-force", "Quyết định 3/QĐ-STTTT"),
        # Two documents end it, so the day is not certain.
        ("3/QĐ-STTTT", None, "2026-10-24", "file-signed", "Quyết định 4/QĐ-STTTT; Quyết định 5/QĐ-STTTT"),
    ]


def test_a_page_is_found_by_words_that_only_a_file_has(crawled: Place) -> None:
    sql = "select file_id from file_pages_fts join file_pages on file_pages.id = file_pages_fts.rowid where file_pages_fts match ?"
    assert len(crawled.rows(sql, 'text: "mật hiệu của đợt là hoa sữa số 7"')) == 1
    assert len(crawled.rows(sql, 'text_folded: "hoa sua so 7"')) == 1


def test_reading_the_files_again_gives_the_same_rows(crawled: Place) -> None:
    def rows() -> Mapping[str, list[Any]]:
        left_out = {"extracted_at", "extractor"}
        columns = {table: [one[1] for one in crawled.rows(f"pragma table_info({table})") if one[1] not in left_out] for table in OF_FILES}
        chosen = {table: ", ".join(f'"{one}"' for one in names if one != "id") for table, names in columns.items()}
        found = {table: sorted(crawled.rows(f"select {names} from {table}"), key=repr) for table, names in chosen.items()}
        return found | {"documents": crawled.rows("select * from documents order by id")}

    before = rows()
    done = crawled.scrapy("attachments", "extract", "--again", SOURCES_EXTRA=crawled.folder / "mau.toml")
    assert "50 files were read" in done.stdout
    assert rows() == before
    assert faults(crawled.archive) + index_faults(crawled.archive) == []


def test_the_states_are_listed_as_text_and_as_json(crawled: Place) -> None:
    extra = crawled.folder / "mau.toml"
    assert "50 files" in crawled.scrapy("attachments", "list", SOURCES_EXTRA=extra).stdout
    [line] = crawled.scrapy("attachments", "list", "mau", "--json", SOURCES_EXTRA=extra).stdout.splitlines()
    assert {**json.loads(line), "bytes": 0} == {"source": "mau", "state": "kept", "text": "extracted", "files": 50, "bytes": 0}


def _notice(links: str, day: str = "27/10/2026 08:00") -> str:
    text = "Sở thông báo đến các phòng, đơn vị trực thuộc và các huyện nội dung của các văn bản mới ban hành."
    return article("Thông báo về các văn bản mới của sở trong tháng", text, links, day=day)


def _site(files: Mapping[str, Answer], links: str = "", **pages: str) -> dict[str, str | Answer]:
    url = "/thong-bao/cac-van-ban-moi-cua-so-trong-thang-10.html"
    links = links or "".join(f"<a href='{path}'>Tải về</a> " for path in files)
    return {"/": listing((url, "Thông báo về các văn bản mới của sở trong tháng")), url: _notice(links), **files, **pages}


def test_every_state_has_a_name(place: Place) -> None:
    files: dict[str, Answer] = {
        "/tep/van-ban.pdf": (200, {"Content-Type": "application/pdf"}, _files("decision.pdf")),
        "/tep/ban-quet.pdf": (200, {"Content-Type": "application/pdf"}, _files("scan.pdf")),
        "/tep/mat-khau.pdf": (200, {"Content-Type": "application/pdf"}, _files("encrypted.pdf")),
        "/tep/hong.pdf": (200, {"Content-Type": "application/pdf"}, b"%PDF-1.7\nnothing that is a file"),
        "/tep/het-han.pdf": (200, {"Content-Type": "text/html"}, b"<html><body>Tep khong ton tai</body></html>"),
        "/tep/rong.pdf": (200, {"Content-Type": "application/pdf"}, b""),
        "/tep/da-go.pdf": (404, {}, b"not here"),
        "/tep/cam.pdf": (403, {}, b"no"),
    }
    with serving_pages(_site(files)) as site:
        _crawl(place, site)
    assert _states(place) == {
        "/tep/van-ban.pdf": "kept",
        "/tep/ban-quet.pdf": "kept",
        "/tep/mat-khau.pdf": "kept",
        "/tep/hong.pdf": "kept",
        "/tep/het-han.pdf": "failed",
        "/tep/rong.pdf": "failed",
        "/tep/da-go.pdf": "gone",
        "/tep/cam.pdf": "failed",
    }
    texts = dict(place.rows("select substr(url, instr(url, '/tep/')), text_state from files where state = 'kept'"))
    assert texts == {
        "/tep/van-ban.pdf": "extracted",
        "/tep/ban-quet.pdf": "no-text-layer",
        "/tep/mat-khau.pdf": "encrypted",
        "/tep/hong.pdf": "damaged",
    }
    reasons = dict(place.rows("select substr(url, instr(url, '/tep/')), reason from failures where cleared_at is null"))
    assert reasons == {
        "/tep/het-han.pdf": "not-a-file",
        "/tep/rong.pdf": "not-a-file",
        "/tep/da-go.pdf": "not-found",
        "/tep/cam.pdf": "forbidden",
    }


def test_a_file_on_another_host_is_only_a_link(place: Place) -> None:
    with serving_pages({"/a.pdf": (200, {}, _files("decision.pdf"))}) as other, serving_pages({}) as site:
        site.pages = dict(_answers(_site({}, f"<a href='{other.url}/a.pdf'>Tải về</a>")))
        _crawl(place, site)
        assert place.rows("select state from files") == [("elsewhere",)] and other.requests == []


def _answers(pages: Mapping[str, str | Answer]) -> Iterator[tuple[str, Answer]]:
    for path, page in pages.items():
        yield path, page if not isinstance(page, str) else (200, {}, page.encode())


@pytest.mark.parametrize(
    ("setting", "old", "new"),
    [("", "not-wanted", "kept"), ('attachments = "none"', "not-wanted", "not-wanted"), ('attachments = "all"', "kept", "kept")],
)
def test_the_source_says_which_files_are_wanted(place: Place, setting: str, old: str, new: str) -> None:
    pages = _site({"/tep/moi.rtf": (200, {}, notices.rtf(notices.decision(1)))})
    url = "/thong-bao/van-ban-cua-nam-truoc-da-ban-hanh-9.html"
    pages["/tep/cu.rtf"] = (200, {}, notices.rtf(notices.decision(2)))
    pages[url] = article("Thông báo văn bản của năm trước đã ban hành", "<a href='/tep/cu.rtf'>Tải về</a>", day="12/03/2015 08:00")
    pages["/"] = listing(
        ("/thong-bao/cac-van-ban-moi-cua-so-trong-thang-10.html", "Thông báo về các văn bản mới của sở trong tháng"),
        (url, "Thông báo văn bản của năm trước đã ban hành"),
    )
    with serving_pages(pages) as site:
        _crawl(place, site, more=setting)
        assert _states(place) == {"/tep/moi.rtf": new, "/tep/cu.rtf": old}
        if not setting:  # the old ones can be fetched later
            extra = place.folder / "mau.toml"
            before = place.archive.read_bytes()
            planned = place.scrapy("attachments", "fetch", "mau", "--all", "--dry-run", SOURCES_EXTRA=extra, **FAST).stdout
            assert "1 file waits" in planned and place.archive.read_bytes() == before
            place.scrapy("attachments", "fetch", "mau", "--all", SOURCES_EXTRA=extra, **FAST)
            assert _states(place) == {"/tep/moi.rtf": "kept", "/tep/cu.rtf": "kept"}
            assert "/robots.txt" in site.paths()


def test_a_file_of_an_old_article_is_wanted_if_a_new_one_links_to_it_too(place: Place) -> None:
    """Also if the old one comes first."""
    pages = _site({"/tep/chung.rtf": (200, {}, notices.rtf(notices.decision(1)))})
    old, new = "/thong-bao/van-ban-cua-nam-truoc-da-ban-hanh-9.html", "/thong-bao/cac-van-ban-moi-cua-so-trong-thang-10.html"
    pages[old] = article("Thông báo văn bản của năm trước đã ban hành", "<a href='/tep/chung.rtf'>Tải về</a>", day="12/03/2015 08:00")
    pages["/"] = listing((old, "Thông báo văn bản của năm trước đã ban hành"))
    with serving_pages(pages) as site:
        _crawl(place, site)
        assert _states(place) == {"/tep/chung.rtf": "not-wanted"}
        both = listing((new, "Thông báo về các văn bản mới của sở trong tháng"), (old, "Thông báo văn bản của năm trước đã ban hành"))
        site.pages["/"] = (200, {}, both.encode())
        _crawl(place, site, NOW="2026-10-31T02:00:00+07:00")
        assert _states(place) == {"/tep/chung.rtf": "kept"}


def test_the_limits_of_a_day_hold_over_several_runs(place: Place) -> None:
    files: dict[str, Answer] = {f"/tep/{one}.rtf": (200, {}, notices.rtf(notices.decision(one))) for one in range(1, 8)}
    with serving_pages(_site(files)) as site:
        _crawl(place, site, FILES_PER_DAY=3)
        done = _crawl(place, site, "attachments", "fetch", "mau", FILES_PER_DAY=3)
        assert sorted(_states(place).values()) == ["kept"] * 3 + ["new"] * 4
        assert "4 files wait for another day" in done.stdout
        _crawl(place, site, "attachments", "fetch", "mau", FILES_PER_DAY=3, NOW="2026-10-31T02:00:00+07:00")
        assert sorted(_states(place).values()) == ["kept"] * 6 + ["new"]
        assert sum(path.startswith("/tep/") for path in site.paths()) == 6


def test_the_sample_stays_the_sample(copied: Place) -> None:
    """As with a crawl: its sources have an archive of their own, which only real ones move away."""
    before = copied.rows("select count(*) from articles")
    copied.scrapy("attachments", "fetch", "sample-mic", code=None)
    assert copied.rows("select count(*) from articles") == before and not (copied.folder / "sample.db").exists()
    refused = copied.scrapy("attachments", "fetch", "sample-mic", "mst", code=2).stderr
    assert "not both" in refused and not (copied.folder / "sample.db").exists()


def test_an_archive_of_an_earlier_version_is_not_changed_by_a_look(place: Place) -> None:
    database = open_archive(place.archive)
    with database.conn:
        database.conn.execute("delete from _sqlite_migrations where name = (select max(name) from _sqlite_migrations)")
    database.close()
    before = place.archive.read_bytes()
    for look in (("list",), ("fetch", "mst", "--dry-run")):
        assert "earlier version" in place.scrapy("attachments", *look, code=2).stderr
    assert place.archive.read_bytes() == before
    assert "no archive yet" in place.scrapy("attachments", "list", code=2, ARCHIVE=place.folder / "none.db").stderr


def _recorded(place: Place, links: int, recorded: Iterable[int], **settings: Any) -> list[str]:
    """Crawls a recording with a notice and some of the `links` files that it links to. Returns the paths of the files that were kept."""
    site, date = "http://so.test", "2026-10-29T20:00:00Z"  # of the day that NOW is in
    pages = _site({}, "".join(f"<a href='/tep/{one}.rtf'>Tải về</a> " for one in range(1, links + 1)))
    files = {f"/tep/{one}.rtf": notices.rtf(notices.decision(one)) for one in recorded}
    parts = [response_record(site + path, page.encode(), date) for path, page in pages.items() if isinstance(page, str)]
    parts += [response_record(site + path, body, date, ("Content-Type", "application/rtf")) for path, body in files.items()]
    recording = place.folder / "recording.warc.gz"
    recording.write_bytes(b"".join(parts))
    place.scrapy("crawl", "mau", SOURCES_EXTRA=place.source("mau", site), REPLAY=recording, **FAST, **settings)
    return sorted(path for path, state in _states(place).items() if state == "kept")


def test_a_recording_answers_for_the_last_file_although_it_lacks_all_before(place: Place) -> None:
    assert _recorded(place, 120, [120]) == ["/tep/120.rtf"]
    given: dict[str, Any] = FAST | {"SOURCES_EXTRA": place.folder / "mau.toml", "REPLAY": place.folder / "recording.warc.gz"}
    assert "119 files wait for the site" in place.scrapy("attachments", "fetch", "mau", **given).stdout
    assert "days" not in place.scrapy("attachments", "fetch", "mau", "--dry-run", FILES_PER_DAY=50, **given).stdout


@pytest.mark.parametrize("order", [pytest.param((0, 1), marks=pytest.mark.gate, id="in-order"), pytest.param((1, 0), id="original-last")])
def test_a_file_of_a_recording_may_have_its_bytes_in_another_one(place: Place, order: tuple[int, ...]) -> None:
    """The second recording has only a revisit of the file of the first, at another URL, as incremental crawls write it."""
    site, body = "http://so.test", notices.rtf(notices.decision(1))
    named = [(f"/thong-bao/cac-van-ban-moi-cua-so-trong-thang-{at}.html", f"Các văn bản mới của sở, đợt {at}") for at in (1, 2)]
    dates = ("2026-10-29T20:00:00Z", "2026-10-29T21:00:00Z")
    for at, ((url, title), date) in enumerate(zip(named, dates, strict=True), start=1):
        link = f"<a href='/tep/{at}.rtf'>Tải về</a>"
        page = article(title, "Sở thông báo nội dung của các văn bản mới.", link, day="27/10/2026 08:00")
        records = [response_record(f"{site}/", listing(*named[:at]).encode(), date), response_record(site + url, page.encode(), date)]
        records += (
            [response_record(f"{site}/tep/1.rtf", body, date, ("Content-Type", "application/rtf"))]
            if at == 1
            else [revisit_record(f"{site}/tep/2.rtf", date, (f"{site}/tep/1.rtf", dates[0]), payload_digest(body))]
        )
        (place.folder / f"{at}.warc.gz").write_bytes(b"".join(records))
    extra = place.source("mau", site, more='attachments = "all"')
    for number in order:
        place.scrapy("captures", "import", str(place.folder / f"{number + 1}.warc.gz"), code=None, SOURCES_EXTRA=extra, **FAST)
    assert _states(place) == {"/tep/1.rtf": "kept", "/tep/2.rtf": "kept"}
    assert place.rows("select text_state from files") == [("extracted",), ("extracted",)]
    sql = "select outcome, revisit_of is null from captures where url like '%.rtf' order by url"
    assert place.rows(sql) == [("file", 1), ("file", 0)]
    assert place.rows("select url, reason from failures where cleared_at is null and reason <> 'replay-miss'") == []


def test_a_recording_has_no_limits_of_a_day(place: Place) -> None:
    assert len(_recorded(place, 5, range(1, 6), FILES_PER_DAY=1, FILE_BYTES_PER_DAY=1)) == 5


def test_a_file_that_is_too_large_is_not_kept(place: Place) -> None:
    with serving_pages(_site({"/tep/lon.pdf": (200, {"Content-Type": "application/pdf"}, _files("decision.pdf"))})) as site:
        _crawl(place, site, FILE_MAXSIZE=2000)
    assert place.rows("select state, reason from files") == [("failed", "too-large")]


def test_a_file_that_is_longer_than_a_page_may_be_is_kept(place: Place) -> None:
    with serving_pages(_site({"/tep/dai.pdf": (200, {"Content-Type": "application/pdf"}, _files("decision.pdf"))})) as site:
        _crawl(place, site, DOWNLOAD_MAXSIZE=15_000)
    assert place.rows("select state, text_state from files") == [("kept", "extracted")]
    place.scrapy("captures", "verify")


def test_equal_files_are_kept_once(place: Place) -> None:
    body = _files("decision.pdf")
    with serving_pages(_site({f"/tep/{one}.pdf": (200, {"Content-Type": "application/pdf"}, body) for one in "abc"})) as site:
        _crawl(place, site)
    rows = place.rows("select revisit_of is not null, text_state from files join captures on captures.id = capture_id order by captures.id")
    assert rows == [(0, "extracted"), (1, "extracted"), (1, "extracted")]
    # One document, whose evidence is the file with the smallest URL.
    [(status, url)] = place.rows("select status, url from documents join files on files.id = documents.file_id")
    assert status == "held" and str(url).endswith("/tep/a.pdf")


def test_a_file_whose_capture_is_lost_is_named_and_does_not_stop_the_others(place: Place) -> None:
    with serving_pages(notices.site(2)) as site:
        _crawl(place, site)
        with closing(sqlite3.connect(place.archive)) as database, database:
            database.execute("update files set extracted_at = null")
            database.execute("update captures set warc_file = 'mau/lost.warc.gz' where id = (select min(capture_id) from files)")
        done = _crawl(place, site, "attachments", "extract", "mau", code=1)
        assert "/tep/qd-1.rtf: cannot be read from its capture" in done.stderr and "1 file was read" in done.stdout
        assert place.rows("select count(*) from files where extracted_at is null") == [(1,)]
        again = _crawl(place, site, code=1)  # the lost capture needs attention
        assert "finished" in again.stdout and "/tep/qd-1.rtf: cannot be read from its capture" in again.stderr


def test_without_its_source_a_held_document_is_a_stub_again(place: Place) -> None:
    with serving_pages(notices.site(3, citing=1)) as site:
        _crawl(place, site)
    extra = place.folder / "mau.toml"
    place.scrapy("sources", "remove", "mau", "--yes", SOURCES_EXTRA=extra)
    assert place.rows("select count(*) from documents where status <> 'known'") == [(0,)]
    assert all(place.rows(f"select count(*) from {table}") == [(0,)] for table in OF_FILES)
    assert faults(place.archive) + index_faults(place.archive) == []


@pytest.mark.parametrize("writes", [2, pytest.param(8, marks=pytest.mark.gate)])
def test_a_run_that_is_killed_while_it_reads_files_is_completed_by_the_next(
    place: Place, commands: ForkedCommands, tmp_path: Path, writes: int
) -> None:
    """At some writes around the files. The files that were kept are not requested again."""
    with serving_pages(notices.site(4, citing=2)) as site:
        given = FAST | {"SOURCES_EXTRA": place.source("mau", site.url), "ARCHIVE": place.archive, "CAPTURES": place.captures}
        steps = tmp_path / "steps.txt"
        done = commands.run(["crawl", "mau", *as_options(given)], tmp_path, fault=FaultPoint(0, steps=str(steps)))
        assert done.code == 0, done
        expected = {table: place.rows(f"select count(*) from {table}") for table in OF_FILES}
        lines = steps.read_text().splitlines()
        marks = [number for number, step in enumerate(lines, 1) if "update files" in step or "file_pages" in step or "held_fields" in step]
        assert len(marks) > 8
        for step in marks[1 :: max(1, len(marks) // writes)]:
            again = Place(tmp_path / f"killed-{step}")
            again.folder.mkdir()
            own = given | {"ARCHIVE": again.archive, "CAPTURES": again.captures}
            before = len(site.paths())
            assert commands.run(["crawl", "mau", *as_options(own)], tmp_path, fault=FaultPoint(step)).code != 0
            commands.run(["crawl", "mau", *as_options(own)], tmp_path)
            assert {table: again.rows(f"select count(*) from {table}") for table in OF_FILES} == expected, f"step {step}: {lines[step - 1]}"
            assert faults(again.archive) + index_faults(again.archive) == []
            requested = [path for path in site.paths()[before:] if path.startswith("/tep/")]
            assert len(requested) <= 5, f"step {step}: {requested}"  # at most one twice


def test_the_day_of_the_limits_begins_at_midnight_in_viet_nam(place: Place) -> None:
    """Two files a day: the second day begins at 00:00 in Viet Nam, which is 17:00 UTC, and not at 07:00."""
    with serving_pages(notices.site(6)) as site:
        kept = []
        for now in ("2026-10-30T23:30:00+07:00", "2026-10-31T00:30:00+07:00", "2026-10-31T07:30:00+07:00"):
            _crawl(place, site, FILES_PER_DAY=2, NOW=now)
            kept.append([*_states(place).values()].count("kept"))
    assert kept == [2, 4, 4]
