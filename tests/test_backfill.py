"""`scrapy backfill` from a small web archive of our own that speaks the Internet Archive's dialect (`tests/web_archive.py`).

All pages are our own. Those of a real pywb and of Common Crawl are in `test_backfill_pywb.py` and `test_backfill_commoncrawl.py`.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

from scraper.webarchives.answers import read_answer
from scraper.webarchives.archives import archive_of, known_archives
from tests.conftest import Place
from tests.server import Answer, Site, article, listing, serving_pages
from tests.web_archive import Archived, InternetArchive, again, memento, serving_archive

HOST = "http://stttt.mau.gov.vn"
FAST: dict[str, Any] = {
    "BACKFILL_QUERIES_PER_MINUTE": 600_000,
    "BACKFILL_PAGES_PER_MINUTE": 600_000,
    "RETRY_AFTER_DEFAULT": 0.01,
    "RETRY_TIMES": 1,
}
NOW = "2026-11-28T02:00:00+07:00"
_PAST, _NEVER = "Wed, 21 Oct 2015 07:28:00 GMT", "Wed, 21 Oct 99999999999999999999 07:28:00 GMT"
_TITLES = (
    "Sở tập huấn phần mềm nguồn mở cho các huyện",
    "Hội nghị giao ban bưu chính viễn thông quý hai",
    "Khai trương mạng truyền số liệu",
)


def _url(number: int) -> str:
    return f"{HOST}/tin-tuc/tin-hoat-dong-cua-so-thong-tin-{number}.html"


def _title(number: int) -> str:
    return f"{_TITLES[number % 3]}, đợt {number}"


def _page(number: int, more: str = "") -> str:
    paragraphs = (
        f"Ngày {number}/5/2009, sở tổ chức buổi làm việc thứ {number} với đại diện của các phòng, các huyện và nhiều doanh nghiệp{more}.",
        "Căn cứ Chỉ thị số 07/2008/CT-BTTTT ngày 30/12/2008, các đơn vị chuyển sang dùng phần mềm văn phòng nguồn mở.",
        "Phát biểu kết thúc, phó giám đốc giao văn phòng theo dõi, đôn đốc và báo cáo lại trước ngày cuối cùng của tháng sau.",
    )
    return article(_title(number), *paragraphs, day=f"{number:02}/05/2009 09:15")


def _article(number: int, time: str, more: str = "") -> Archived:
    return Archived(_url(number), time, _page(number, more))


def _sends(one: Archived, answer: Answer) -> Archived:
    """Returns a capture for which the replay sends something else."""
    return replace(one, sent=answer)


def _list(time: str, *numbers: int) -> Archived:
    return Archived(f"{HOST}/", time, listing(*((_url(number), _title(number)) for number in numbers)))


def _backfill(place: Place, site: Site, *arguments: str, code: int = 0, **settings: object) -> dict[str, Any]:
    """Runs a back-fill of 2009 and returns its report."""
    source = place.source("mau", HOST)
    given = ("--from", "2009", "--to", "2009") if "--from" not in arguments else ()
    command = ("backfill", "mau", *given, "--archive", f"{site.url}/web", "--json", *arguments)
    done = place.scrapy(*command, code=code, SOURCES_EXTRA=source, **({"NOW": NOW} | FAST | settings))
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def _titles(place: Place) -> list[str]:
    return [title for (title,) in place.rows("select title from articles order by url")]


def test_the_earliest_capture_and_later_ones_with_other_bytes_are_brought_back(place: Place) -> None:
    """Original times, where they come from, revisions in order; unlinked pages, too. No page is requested twice."""
    first = _article(1, "20090602000000")
    captures = [
        _list("20090601000000", 1, 2, 9),
        first,
        again(first, "20090702000000"),
        _article(1, "20090802000000", " và các xã"),
        again(first, "20090902000000"),
        _article(2, "20090603000000"),
        _article(3, "20090604000000"),
        Archived(f"{HOST}/style.css", "20090601000000", "body {}", mime="text/css"),
        Archived(f"{HOST}/upload/ke-hoach.pdf", "20090601000000", b"%PDF", mime="application/pdf"),
        Archived(f"{HOST}/khong-co.html", "20090601000000", "not here", status=404),
        _article(4, "20100102000000"),
    ]
    archive = InternetArchive(captures)
    with serving_archive(archive) as site:
        report = _backfill(place, site)
        assert (report["state"], report["to_fetch"], report["fetched"], report["new"], report["left"]) == ("finished", 6, 6, 3, 0)
        assert report["by_year"] == {"2009": 6}
        queried = len(archive.replays)
        again_report = _backfill(place, site)
    assert again_report["fetched"] == 0
    assert len(archive.replays) == queried == 6  # the third one of article 1 has the bytes of the first one again
    assert f"20090702000000 {_url(1)}" not in archive.replays
    assert _titles(place) == [_title(1), _title(2), _title(3)]
    found = place.rows("select captured_at, origin from captures where url = ? order by captured_at", _url(1))
    assert [at for at, _ in found] == ["2009-06-02T00:00:00Z", "2009-08-02T00:00:00Z", "2009-09-02T00:00:00Z"]
    assert found[0][1] == f"{site.url}/web/20090602000000id_/{_url(1)}"
    assert place.rows("select seen_at from revisions order by seen_at") == [("2009-08-02T00:00:00Z",), ("2009-09-02T00:00:00Z",)]
    seen = "select first_seen, archive_first_seen, last_seen, published_at from articles where url = ?"
    assert place.rows(seen, _url(1)) == [
        ("2009-06-02T00:00:00Z", *["2009-06-02T00:00:00Z", "2009-09-02T00:00:00Z"], "2009-05-01T09:15:00+07:00")
    ]
    assert place.rows("select state, reason, count(*) from web_captures group by 1, 2 order by 1, 2") == [
        ("kept", None, 6),
        ("left-out", "error-status", 1),
        ("listed", None, 1),
    ]
    # An article that is listed and not archived may still be on the site: the next crawl queries.
    assert place.rows("select state from candidates where url = ?", _url(9)) == [("new",)]
    assert place.rows("select reason from failures") == [("replay-miss",)]
    assert place.scrapy("captures", "verify").stdout.rstrip().endswith("no faults")


def test_every_request_goes_to_the_archive_and_each_kind_has_its_own_limit(place: Place) -> None:
    """The site answers on 127.0.0.1, and gets no request. The states of the two queues count what was sent."""
    with serving_pages({"/": "x"}) as own:
        captures = [
            Archived(f"{own.url}/", "20090601000000", listing(("/tin/tin-cua-so-thong-tin-va-truyen-thong-1.html", _title(1)))),
            Archived(f"{own.url}/tin/tin-cua-so-thong-tin-va-truyen-thong-1.html", "20090602000000", _page(1)),
        ]
        with serving_archive(InternetArchive(captures)) as site:
            source = place.source("mau", own.url)
            command = ("backfill", "mau", "--from", "2009-06", "--to", "2009-06", "--archive", f"{site.url}/web")
            place.scrapy(*command, SOURCES_EXTRA=source, **FAST)
        assert own.requests == []
    assert _titles(place) == [_title(1)]
    name = site.url.removeprefix("http://").replace(":", "_")
    sent = {queue: json.loads((place.captures / ".hosts" / f"{name}-{queue}.json").read_text())["sent"] for queue in ("index", "pages")}
    assert sent == {"index": 1, "pages": 2 + 2}  # two of them for robots.txt, one for each spider
    wayback = known_archives()["wayback"]
    assert (wayback.delay_of("index"), wayback.delay_of("pages")) == (60 / 24, 60 / 30)


def test_named_faults_are_neither_fatal_nor_articles_and_hide_no_good_capture(place: Place) -> None:
    """Each page has one fault, and where that is possible a good capture beside it."""
    error = article("Trang không tồn tại", "Trang bạn yêu cầu không tồn tại. Vui lòng quay lại trang chủ.", day="")
    packed, is_packed = gzip.compress(_page(5).encode()), {"Content-Encoding": "gzip"}
    blocked = "org.archive.wayback.exception.RobotAccessControlException: Blocked By Robots"
    status, headers, body = memento(_article(6, "20090602000000"))
    captures = [
        _list("20090601000000", *range(1, 10), 20),
        # 1: an error page with status 200 after a good capture
        _article(1, "20090602000000"),
        Archived(_url(1), "20090702000000", error),
        # 2: a redirect after a good capture, and one without any
        _article(2, "20090602000000"),
        Archived(_url(2), "20090702000000", "", status=302, headers={"Location": f"{HOST}/"}),
        Archived(_url(20), "20090602000000", "", status=301, headers={"Location": _url(3)}),
        Archived(_url(21), "20090602000000", "", status=301, headers={"Location": "http://[khong-co"}),
        # 3: a revisit of a capture that is listed. 4: one whose original is of another year
        _article(3, "20090602000000"),
        replace(_article(3, "20090702000000"), is_revisit=True),
        replace(_article(4, "20090602000000"), is_revisit=True),
        # 5: gzip of the wrong length, then the same bytes whole
        _sends(_article(5, "20090602000000"), memento(Archived(_url(5), "20090602000000", packed[:-40], headers=is_packed))),
        _sends(_article(5, "20090702000000"), memento(Archived(_url(5), "20090702000000", packed, headers=is_packed))),
        # 6: less than the length that the site stated
        _sends(_article(6, "20090602000000"), (status, headers | {"X-Archive-Orig-Content-Length": "99999"}, body)),
        # 7: excluded
        _sends(_article(7, "20090602000000"), (403, {"X-Archive-Wayback-Runtime-Error": blocked}, b"<html>excluded</html>")),
        # 8: the archive sends another time, then a page of its own
        _sends(_article(8, "20090602000000"), memento(_article(8, "20090111000000"))),
        _sends(_article(8, "20090702000000", " mới"), (200, {}, b"<html><title>Wayback Machine</title>error</html>")),
        # 9: a redirect to the nearest capture, of another year, then a time that no clock shows
        _sends(_article(9, "20090602000000"), (302, {"Location": f"/web/20110203000000id_/{_url(9)}"}, b"")),
        _sends(_article(9, "20090702000000", " mới"), (200, {"Memento-Datetime": _NEVER}, b"<html>")),
    ]
    archive = InternetArchive(captures)
    with serving_archive(archive) as site:
        report = _backfill(place, site)
        assert report["not_played"] == {"truncated": 2, "excluded": 1, "other-time": 2, "not-played": 2}
        queried = len(archive.replays)
        assert _backfill(place, site)["fetched"] == 0
        assert len(archive.replays) == queried, "what cannot be played is left alone"
        later = _backfill(place, site, NOW="2026-12-06T02:00:00+07:00")
        assert sum(later["not_played"].values()) == 6, "after a week it is requested again"
    assert _titles(place) == [_title(number) for number in (1, 2, 3, 4, 5)]
    reasons = dict(place.rows("select url, group_concat(reason) from failures where stage <> 'discover' group by url"))
    assert reasons[_url(1)] in ("soft-404", "no-longer-article")
    assert {reasons[_url(number)] for number in (6, 7)} == {"truncated", "excluded"}
    assert all(set(reasons[_url(number)].split(",")) == {"other-time", "not-played"} for number in (8, 9))
    assert _url(5) not in {url for (url,) in place.rows("select url from failures where cleared_at is null")}
    assert place.rows("select outcome from captures where url = ?", _url(20)) == [("redirect",)]
    assert f"20090702000000 {_url(3)}" not in archive.replays
    states = dict(
        place.rows("select listed_url || ' ' || substr(captured_at, 6, 2), state || coalesce(' ' || reason, '') from web_captures")
    )
    assert states[f"{_url(5)} 06"] == "failed truncated"
    assert states[f"{_url(5)} 07"] == "kept"
    assert states[f"{_url(7)} 06"] == "failed excluded"


def test_all_captures_with_the_same_bytes_are_tried_after_some_weeks(place: Place) -> None:
    """Three a week: first those that were never requested. Only the last of seven can be played."""
    page = _article(1, "20090602000000")
    captures = [_sends(replace(page, time=f"200906{day:02}000000"), (404, {}, b"")) for day in range(2, 8)]
    archive = InternetArchive([*captures, again(page, "20090608000000")])
    weeks, days = [], []
    with serving_archive(archive) as site:
        for now in ("2026-11-28T02:00:00+07:00", "2026-11-29T02:00:00+07:00", "2026-12-06T02:00:00+07:00", "2026-12-14T02:00:00+07:00"):
            before = len(archive.replays)
            report = _backfill(place, site, NOW=now)
            weeks.append((report["new"], report["left"]))
            days.append([one[6:8] for one in archive.replays[before:]])
    assert days == [["02", "03", "04"], [], ["05", "06", "07"], ["08"]]
    assert weeks == [(0, 0), (0, 0), (0, 0), (1, 0)]


def test_versions_over_the_limit_are_named(place: Place) -> None:
    """They are counted in the report, and named in the table; another period requests them, and they are no longer named."""
    captures = [_article(1, f"2009060{day}000000", f" lần {day}") for day in range(1, 6)]
    with serving_archive(InternetArchive([*captures, _article(2, "20090601000000")])) as site:
        report = _backfill(place, site, BACKFILL_VERSIONS=2)
        assert (report["fetched"], report["too_many"], report["left"]) == (3, 3, 0)
        named = "select substr(captured_at, 1, 10) from web_captures where state = 'listed' and reason = 'too-many-versions' order by 1"
        assert place.rows(named) == [("2009-06-03",), ("2009-06-04",), ("2009-06-05",)]
        text = place.scrapy("backfill", "mau", "--from", "2009", "--to", "2009", "--archive", f"{site.url}/web", "--dry-run",
                            SOURCES_EXTRA=place.folder / "mau.toml", NOW=NOW, BACKFILL_VERSIONS=2, **FAST).stdout  # fmt: skip
        assert "3 more captures are not requested, because their pages have too many versions" in text
        report = _backfill(place, site, "--from", "2009-06-04", "--to", "2009-06-05", BACKFILL_VERSIONS=2)
        assert (report["fetched"], report["too_many"]) == (2, 0)
        assert place.rows(named) == [("2009-06-03",)]
    done = place.scrapy("backfill", "mau", code=2, SOURCES_EXTRA=place.folder / "mau.toml", BACKFILL_VERSIONS=0)
    assert "BACKFILL_VERSIONS=0: must be at least 1" in done.stderr


def test_spellings_of_a_url_are_one_page(place: Place) -> None:
    """`:80`, `www.` and a session id are spellings; the article is stored once, under the URL of the listed host."""
    spelled = [
        Archived(_url(1).replace(HOST, f"{HOST}:80"), "20090602000000", _page(1)),
        Archived(_url(1).replace("//stttt", "//www.stttt"), "20090702000000", _page(1, " và các xã")),
        Archived(f"{_url(1)};jsessionid=0A1B2C3D4E5F60718293", "20090802000000", _page(1, " và các thôn")),
    ]
    with serving_archive(InternetArchive([_list("20090601000000", 1), *spelled])) as site:
        report = _backfill(place, site)
    assert (report["fetched"], report["new"]) == (4, 1)
    assert place.rows("select distinct url from captures order by url") == [(f"{HOST}/",), (_url(1),)]
    assert place.rows("select count(*) from revisions") == [(2,)]


def _refusing(times: int, headers: dict[str, str]) -> Any:
    left = [times]

    def refuse(path: str) -> tuple[int, dict[str, str], bytes] | None:
        left[0] -= 1
        return (429, headers, b"slow down") if left[0] >= 0 else None

    return refuse


def test_refusals_are_waited_for_and_end_the_run_if_they_go_on(place: Place) -> None:
    """A pause may be stated as a number or a date. What is neither, or a date that no clock shows, counts as none."""
    captures = [_list("20090601000000", 1), _article(1, "20090602000000")]
    stated = {0: {"Retry-After": "0"}, 2: {}, 4: {"Retry-After": _PAST}, 6: {"Retry-After": "soon"}, 8: {"Retry-After": _NEVER}}
    archive = InternetArchive(captures, index_faults={number: (429, headers, b"") for number, headers in stated.items()})
    archive.refuse = _refusing(2, {"Retry-After": "0"})
    with serving_archive(archive) as site:
        assert _backfill(place, site)["new"] == 1
    other = Place(place.folder / "other")
    other.folder.mkdir()
    archive = InternetArchive(captures)
    archive.refuse = _refusing(1000, {})
    with serving_archive(archive) as site:
        report = _backfill(other, site, code=1)
        assert report["state"] == "blocked"
        assert len(archive.replays) == 4, "three pauses, each longer than the one before"
        archive.refuse = _refusing(1, {"Retry-After": "86400"})
        assert _backfill(other, site, code=1)["state"] == "rate-limited"
        assert _backfill(other, site, code=1, NOW="2026-11-28T03:00:00+07:00")["fetched"] == 0, "it is left alone for a day"
        archive.refuse = _refusing(1, {"Retry-After": "9" * 40})
        assert _backfill(other, site, code=1, NOW="2026-11-30T02:00:00+07:00")["state"] == "rate-limited"
        assert _backfill(other, site, code=1, NOW="2026-12-29T02:00:00+07:00")["fetched"] == 0
        done = _backfill(other, site, NOW="2026-12-31T02:00:00+07:00")
    assert (done["new"], done["left"]) == (1, 0), "no wait is longer than 30 days"


def test_the_index_in_parts_with_faults_is_queried_to_its_end(place: Place) -> None:
    """Resume keys of which one has expired; an empty answer; an answer that is a page; lines that are not one, or have a megabyte; an array
    and a line that are cut off.
    """
    captures = [_list("20090601000000", 1, 2, 3), *(_article(number, f"2009060{number}120000") for number in (1, 2, 3))]
    odd = [[_url(4), "20090431000000"], ["ftp://a", "x"], [_url(4)], [_url(4) + "?" + "a" * 1_000_000, "20090401000000"]]
    odd += [["http://[khong-co/", "20090401000000"], [f"{HOST}:hai/", "20090401000000"]]
    rows = json.dumps([["original", "timestamp"], *odd]).encode()
    faults: dict[int, Answer] = {0: (200, {}, b""), 1: (200, {}, b"<html>Temporarily Offline</html>"), 2: (200, {}, rows)}
    faults |= {9: (200, {}, b"[" * 100_000), 10: (200, {}, b'{"a":' * 100_000 + b"1")}
    faults |= {3: (200, {}, json.dumps(odd).encode()[:-60]), 4: (200, {}, b'{"timestamp": "20090501000000", "url": "http')}
    archive = InternetArchive(captures, most=2, expired={"200906"}, index_faults=faults)
    with serving_archive(archive) as site:
        report = _backfill(place, site, code=1)
        unreadable = [part for _, part, reason in report["parts_failed"] if reason == "index-unreadable"]
        assert unreadable == ["2009-02", "2009-04", "2009-05", "2009-07", "2009-08"]
        assert ["stttt.mau.gov.vn", "2009-06", "resume-key-expired"] in report["parts_failed"]
        assert report["new"] >= 1, "what was listed before the key expired"
        archive.expired, archive.index_faults = set(), {}
        report = _backfill(place, site)
    assert (report["parts_failed"], report["left"], _titles(place)) == ([], 0, [_title(number) for number in (1, 2, 3)])
    parts = dict(place.rows("select part, captures || ' ' || unreadable from web_archive_parts"))
    assert (parts["2009-01"], parts["2009-03"], parts["2009-06"]) == ("0 0", "0 6", "4 0")


def test_an_index_whose_resume_keys_lead_in_a_circle_ends(place: Place) -> None:
    circle: dict[int, Answer] = {
        number: (200, {}, json.dumps([["original", "timestamp"], [], [key]]).encode()) for number, key in enumerate("abcb")
    }
    archive = InternetArchive([_article(1, "20090602000000")], index_faults=circle)
    with serving_archive(archive) as site:
        report = _backfill(place, site, "--from", "2009-05", "--to", "2009-06")
    assert (report["index_read"], report["new"], report["parts_failed"]) == (True, 1, [])
    assert [query.get("resumeKey") for query in archive.queries] == [None, "a", "b", "c", None]


def test_an_index_that_answers_something_else_is_neither_believed_nor_queried_for_ever(place: Place) -> None:
    """Half characters, with which nothing can be stored; a number of pages, which was not queried; times that were not, either."""
    odd = [[f"{HOST}/\ud800", "20090101000000", "x"], [f"{HOST}/", "20090101000000", "\ud800"], [f"{HOST}/a\r\nb", "20090101000000", "x"]]
    times = ("00010101000000", "19700101000000", "20090228235959", "20090401000000", "20300101000000", "99991231235959")
    answers: tuple[object, ...] = (
        [["original", "timestamp", "digest"], *odd],
        {"pages": 3},
        [["original", "timestamp"], *([_url(1), time] for time in times)],
        [["original", "timestamp"], [], ["\ud800"]],
    )
    archive = InternetArchive([], index_faults={number: (200, {}, json.dumps(answer).encode()) for number, answer in enumerate(answers)})
    with serving_archive(archive) as site:
        report = _backfill(place, site, "--dry-run", code=1)
    assert len(archive.queries) == 12
    assert [(part, reason) for _, part, reason in report["parts_failed"]] == [(f"2009-0{month}", "index-unreadable") for month in (2, 4)]
    assert place.rows("select part, captures, unreadable from web_archive_parts where unreadable > 0") == [
        ("2009-01", 0, 3),
        ("2009-03", 0, 6),
    ]


def test_a_line_ends_only_at_its_end() -> None:
    """A URL may hold what some programs take for the end of a line."""
    line = '{"url": "http://stttt.mau.gov.vn/a\u2028b\u0085c", "timestamp": "20090601000000"}\r\n'
    assert [one.original for one in read_answer(line.encode()).captures] == ["http://stttt.mau.gov.vn/a\u2028b\u0085c"]
    [plain] = read_answer(b"vn,gov 20090601000000 http://mic.gov.vn/ text/html 200 A 5\r\n").captures
    assert plain.length == 5


def test_an_excluded_host_is_named_and_queried_once(place: Place) -> None:
    archive = InternetArchive([_list("20090601000000", 1)], excluded=frozenset(("stttt.mau.gov.vn",)))
    with serving_archive(archive) as site:
        report = _backfill(place, site, code=1)
    assert len(archive.queries) == 1
    assert len(report["parts_failed"]) == 12
    assert {reason for *_, reason in report["parts_failed"]} == {"excluded"}


def test_a_dry_run_queries_only_the_index_and_states_the_time(place: Place) -> None:
    archive = InternetArchive([_list("20090601000000", 1, 2), _article(1, "20090602000000"), _article(2, "20090603000000")])
    with serving_archive(archive) as site:
        report = _backfill(place, site, "--dry-run", BACKFILL_PAGES_PER_MINUTE=30)
        assert archive.replays == []
        assert (report["to_fetch"], report["expected_seconds"], report["fetched"]) == (3, 6.0, 0)
        assert place.rows("select count(*) from captures") == [(0,)]
        assert place.rows("select distinct state from web_captures") == [("listed",)]
        queries = len(archive.queries)
        assert _backfill(place, site)["new"] == 2
    assert len(archive.queries) == queries == 12, "the answers of the index are kept"


def test_the_order_of_two_backfills_and_a_crawl_does_not_matter(place: Place) -> None:
    """What is brought back of 2008 after 2009 gives the same rows as the other way round, and our own first capture stays apart."""
    captures = [_article(1, "20080602000000"), _article(1, "20090602000000", " và các xã"), _article(1, "20090802000000")]
    archive = InternetArchive(captures)
    other = Place(place.folder / "other")
    other.folder.mkdir()
    tables = []
    with serving_archive(archive) as site:
        for one, years in ((place, ("2008", "2009")), (other, ("2009", "2008"))):
            for year in years:
                _backfill(one, site, "--from", year, "--to", year)
            found = one.tables()
            tables.append([found[name] for name in ("articles", "article_text", "citations")])
            assert one.rows("select seen_at from revisions order by 1") == [("2009-06-02T00:00:00Z",), ("2009-08-02T00:00:00Z",)]
    without_numbers = [[[row[1:] for row in rows] for rows in one] for one in tables]
    assert [len(rows) for rows in without_numbers[0]] == [1, 1, 1]
    columns = "title, first_seen, archive_first_seen, last_seen, published_at, citation_count"
    assert place.rows(f"select {columns} from articles") == other.rows(f"select {columns} from articles")


def test_an_earlier_capture_with_the_same_bytes_is_brought_back_after_a_later_one(place: Place) -> None:
    """The other way round, nothing is requested: the page is known to have been so before."""
    page = _article(1, "20090602000000")
    archive = InternetArchive([page, again(page, "20090702000000"), again(page, "20100602000000"), again(page, "20110602000000")])
    with serving_archive(archive) as site:
        for year in ("2010", "2009", "2011"):
            _backfill(place, site, "--from", year, "--to", year)
    assert [one[:8] for one in archive.replays] == ["20100602", "20090602"]
    assert place.rows("select archive_first_seen, last_seen from articles") == [("2009-06-02T00:00:00Z", "2010-06-02T00:00:00Z")]
    assert place.rows("select * from revisions") == []


def test_our_own_first_capture_is_apart_from_that_of_the_archive(place: Place) -> None:
    with serving_pages({}) as own:
        path = "/tin/tin-cua-so-thong-tin-va-truyen-thong-1.html"
        html = {"Content-Type": "text/html; charset=utf-8"}
        own.pages = {"/": (200, html, listing((path, _title(1))).encode()), path: (200, html, _page(1).encode())}
        source = place.source("mau", own.url)
        place.scrapy("crawl", "mau", SOURCES_EXTRA=source, DOWNLOAD_DELAY=0, NOW="2020-03-01T02:00:00+07:00")
        with serving_archive(InternetArchive([Archived(f"{own.url}{path}", "20090602000000", _page(1))])) as site:
            command = ("backfill", "mau", "--from", "2009-06", "--to", "2009-06", "--archive", f"{site.url}/web")
            place.scrapy(*command, SOURCES_EXTRA=source, NOW=NOW, **FAST)
        place.scrapy("crawl", "mau", SOURCES_EXTRA=source, DOWNLOAD_DELAY=0, NOW="2026-11-29T02:00:00+07:00")
    [(first, of_archive, last)] = place.rows("select first_seen, archive_first_seen, last_seen from articles")
    assert (first[:10], of_archive, last[:4]) == ("2020-02-29", "2009-06-02T00:00:00Z", "2026")
    assert place.rows("select command, outcome from runs") == [("crawl", "finished"), ("backfill", "finished"), ("crawl", "finished")]
    assert place.rows("select count(*) from discovered where name like '%127%' and kind = 'list' and last_read < '2010'") == [(0,)]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("mau", "--from", "2012", "--to", "2008"), "is after"),
        (("mau", "--from", "mai"), "is not a date"),
        (("mau", "--archive", "altavista"), "wayback, commoncrawl"),
        (("mau", "--archive", "http://[khong-co/gov"), "wayback, commoncrawl"),
        (("mau", "--archive", "http://a.vn:hai/gov"), "wayback, commoncrawl"),
        (("mau", "--archive", HOST), "is on a host of mau itself"),
        ((), "give one source"),
        (("sample-mic",), "is of the sample"),
    ],
)
def test_bad_input_does_nothing(place: Place, arguments: Iterable[str], says: str) -> None:
    done = place.scrapy("backfill", *arguments, code=2, SOURCES_EXTRA=place.source("mau", HOST))
    assert says in done.stderr
    assert not place.archive.exists()


def test_the_form_of_the_url_says_the_dialect() -> None:
    kinds = {
        written: archive_of(written).dialect.value
        for written in ("http://a.vn/cdx/search/cdx", "http://a.vn/gov", "http://a.vn/collinfo.json")
    }
    assert [*kinds.values()] == ["internet-archive", "pywb", "common-crawl"]


def test_a_redirect_in_bare_utf_8_is_followed(place: Place) -> None:
    target = "/tin-tức/tập-huấn-phần-mềm-nguồn-mở-31.html"
    sent = target.encode().decode("latin-1")  # as http.server sends it
    captures = [
        _list("20090601000000", 1),
        Archived(_url(1), "20090602000000", "", status=301, headers={"Location": HOST + sent}),
        Archived(HOST + quote(target), "20090603000000", _page(1)),
    ]
    with serving_archive(InternetArchive(captures)) as site:
        _backfill(place, site)
        assert _backfill(place, site, "--from", "2009", "--to", "2010")["fetched"] == 0, "what is kept leads to the same page"
    assert place.rows("select url from captures where outcome = 'article'") == [(HOST + quote(target),)]
    assert place.rows("select url, reason from failures") == []
    assert place.rows("select state from candidates where url = ?", _url(1)) == [("stored",)]
