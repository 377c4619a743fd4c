"""Recordings with the peculiarities of real ones: several versions of a page, later errors, unlinked pages, cut and compressed bodies."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import brotli
import pytest
from backports import zstd
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scraper.warc.recording import Recording
from scraper.warc.records import WarcError, payload_digest, refers_to
from scraper.web_archive_urls import unwrap
from tests.conftest import Place
from tests.warc_records import response_record, revisit_record

SITE = "http://so.cuulong.test"
SPRING, SUMMER, AUTUMN = "2013-03-01T02:00:00Z", "2013-06-01T02:00:00Z", "2013-09-01T02:00:00Z"
SOURCE = f'[[source]]\nid = "cuu-long"\nname = "Sở Cửu Long (test)"\nunit = "can-tho"\nsite = "{SITE}"\n'


def _title(number: int) -> str:
    return f"Sở kiểm tra trạm phát sóng ở cồn số {number} sau mùa nước nổi"


def _path(number: int) -> str:
    return f"/tin-tuc/so-kiem-tra-tram-phat-song-o-con-so-{number}-sau-mua-nuoc-noi-{number}.html"


def _article(number: int, more: str = "") -> bytes:
    text = (
        f"<p>Đoàn của Sở đi ghe ra cồn số {number}, nơi trạm phát sóng đứng trên cọc bê tông giữa ruộng lúa. Nước rút để lại bùn.</p>"
        f"<p>Thực hiện Chỉ thị 07/2008/CT-BTTTT, đoàn đo lại {number} máy phát và ghi số liệu vào sổ của trạm.{more}</p>"
    )
    return (
        f"<html><head><title>{_title(number)} - Sở Cửu Long</title></head><body><div id='menu'><a href='/'>Trang chủ</a></div>"
        f"<div class='chi-tiet'><h1>{_title(number)}</h1><div class='ngay'>{number:02d}/02/2013 08:30</div>{text}</div></body></html>"
    ).encode()


def _home(numbers: range) -> bytes:
    links = "".join(
        f"<li><a href='{_path(n)}'>{_title(n)}</a> <span>{n:02d}/02/2013</span><p>Đoàn của Sở đi ghe ra cồn số {n}.</p></li>"
        for n in numbers
    )
    return f"<html><head><title>Sở Cửu Long</title></head><body><ul class='tin'>{links}</ul></body></html>".encode()


class Tape:
    """Writes a recording, one response after the other."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._writer = WARCWriter(self._file, gzip=True, warc_version="1.1")

    def add(
        self, url: str, body: bytes, date: str = SPRING, status: str = "200 OK", *, encoding: str = "", cut: bool = False, to: str = ""
    ) -> None:
        headers = [("Content-Type", "text/html; charset=utf-8")]
        headers += [("Content-Encoding", encoding)] if encoding else []
        headers += [("Location", to)] if to else []
        record = self._writer.create_warc_record(
            url if url.startswith("http") else SITE + url,
            "response",
            payload=io.BytesIO(body),
            http_headers=StatusAndHeaders(status, headers, protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Date": date} | ({"WARC-Truncated": "length"} if cut else {}),
        )
        self._writer.write_record(record)

    def close(self) -> None:
        self._file.close()


@pytest.fixture
def crawled(place: Place) -> Place:
    """A crawl of a recording that holds one of each."""
    tape = Tape(place.folder / "tape.warc.gz")
    tape.add("/", _home(range(1, 8)))
    # Only the later home page links to article 8, through a web archive. It also links to article 1 with https.
    later = _home(range(1, 9)).replace(f"'{_path(8)}".encode(), f"'/web/20130520101500/{SITE}{_path(8)}".encode())
    tape.add("/", later.replace(b"</ul>", f"<li><a href='https{SITE[4:]}{_path(1)}'>{_title(1)}</a></li></ul>".encode()), AUTUMN)
    tape.add(_path(1), _article(1, " Lần này có thêm một máy dự phòng."), SUMMER)  # not in chronological order
    tape.add(_path(1), _article(1), SPRING)
    tape.add(_path(1), _article(1, " Lần này có thêm một máy dự phòng."), AUTUMN)
    tape.add(_path(2), _article(2))
    tape.add(_path(2), b"<html><body>Server error</body></html>", SUMMER, "500 Server Error")
    tape.add(_path(3), b"<html><body>Bad gateway</body></html>", "2013-02-20T02:00:00Z", "502 Bad Gateway")
    tape.add(_path(3), _article(3))
    tape.add(_path(3), b"", SUMMER, "302 Found", to=SITE + "/")
    tape.add(_path(4), brotli.compress(_article(4)), encoding="br")
    tape.add(_path(4), b"<html><body><h1>This domain is for sale</h1><p>Related searches</p></body></html>", AUTUMN)
    tape.add(_path(5), zstd.compress(_article(5)), encoding="zstd")
    tape.add(_path(6), _article(6)[:-60], cut=True)
    tape.add(_path(7), b"\x00\x01 no brotli \xff", encoding="br")
    tape.add(f"https://web.archive.org/web/20130520101500id_/{SITE}:80{_path(8)}", _article(8))
    tape.add(_path(9), _article(9))  # no page links to it
    tape.close()
    (place.folder / "cuu-long.toml").write_text(SOURCE, encoding="utf-8")
    place.scrapy("crawl", "cuu-long", REPLAY=place.folder / "tape.warc.gz", SOURCES_EXTRA=place.folder / "cuu-long.toml")
    return place


def test_one_of_each(crawled: Place) -> None:
    read = dict(crawled.rows("select title, flags from articles"))
    assert read == {_title(number): "truncated" if number == 6 else None for number in (1, 2, 3, 4, 5, 6, 8, 9)}
    assert crawled.rows("select count(*) from articles") == [(len(read),)]
    # Three captures of article 1 were kept; its text changed once.
    assert crawled.rows("select captured_at from captures where url like '%so-1-sau%' order by captured_at") == [
        (SPRING,),
        (SUMMER,),
        (AUTUMN,),
    ]
    assert crawled.rows("select title, changed, seen_at from revisions join articles on articles.id = article_id") == [
        (_title(1), '["body"]', SUMMER)
    ]
    assert crawled.rows(
        "select body like '%máy dự phòng%', first_seen, last_seen from articles join article_text on article_id = id"
        " where url like '%so-1-sau%'"
    ) == [(1, SPRING, AUTUMN)]
    # The errors are rows. An error that was followed by a good response is over.
    failures = crawled.rows("select replace(url, ?, ''), reason, cleared_at is null from failures order by url, reason", SITE)
    assert failures == [
        (_path(2), "server-error", 1),
        (_path(3), "server-error", 0),
        (_path(3), "soft-404", 1),
        (_path(4), "parked", 1),
        (_path(6), "truncated", 1),
        (_path(7), "bad-encoding", 1),
    ]
    # The page from the web archive has its original URL and time, and its record is copied unchanged.
    assert crawled.rows("select captured_at from captures where url = ?", SITE + _path(8)) == [("2013-05-20T10:15:00Z",)]


def test_a_later_page_of_an_article_in_several_versions(place: Place) -> None:
    tape = Tape(place.folder / "tape.warc.gz")
    tape.add("/", _home(range(1, 3)))
    tape.add(_path(1), _article(1).replace(b"</body>", b"<div class='trang'><a href='?trang=2'>2</a></div></body>"))
    for date, more in ((SPRING, " Trang hai nêu kế hoạch của năm sau."), (AUTUMN, " Trang hai nêu kế hoạch mới.")):
        tape.add(f"{_path(1)}?trang=2", _article(1, more), date)
    tape.add(_path(2), _article(2))
    tape.close()
    (place.folder / "cuu-long.toml").write_text(SOURCE, encoding="utf-8")
    place.scrapy("crawl", "cuu-long", REPLAY=place.folder / "tape.warc.gz", SOURCES_EXTRA=place.folder / "cuu-long.toml")
    assert place.rows("select count(*) from articles") == [(2,)]
    texts = place.rows(
        "select body like '%kế hoạch của năm sau%', body like '%kế hoạch mới%' from articles join article_text on id = article_id"
    )
    assert sorted(texts) == [(0, 0), (1, 0)]
    assert place.rows("select url, reason from failures") == []


def test_each_version_of_an_article_has_the_later_page_of_its_own_visit(place: Place) -> None:
    tape = Tape(place.folder / "tape.warc.gz")
    tape.add("/", _home(range(1, 3)))
    for date, more in ((SPRING, " Trang hai nêu kế hoạch của năm sau."), (AUTUMN, " Trang hai nêu kế hoạch mới.")):
        tape.add(_path(1), _article(1).replace(b"</body>", b"<div class='trang'><a href='?trang=2'>2</a></div></body>"), date)
        tape.add(f"{_path(1)}?trang=2", _article(1, more), date)
    tape.close()
    (place.folder / "cuu-long.toml").write_text(SOURCE, encoding="utf-8")
    place.scrapy("crawl", "cuu-long", REPLAY=place.folder / "tape.warc.gz", SOURCES_EXTRA=place.folder / "cuu-long.toml")
    text = "select body like '%kế hoạch mới%' and body not like '%của năm sau%' from articles join article_text on id = article_id"
    assert place.rows(f"{text} where url like '%so-1-%'") == [(1,)]
    assert place.rows("select changed, before like '%kế hoạch của năm sau%' from revisions") == [('["body"]', 1)]
    pages = "select first.captured_at, part.captured_at from captures part join captures first on first.id = part.continues order by 1"
    assert place.rows(pages) == [(SPRING, SPRING), (AUTUMN, AUTUMN)]


def test_the_same_recording_again_changes_nothing(crawled: Place) -> None:
    tables = ("articles", "article_text", "revisions", "failures", "citations", "captures")
    before = {table: crawled.rows(f"select * from {table} order by 1, 2") for table in tables if table != "captures"}
    done = crawled.scrapy("crawl", "cuu-long", REPLAY=crawled.folder / "tape.warc.gz", SOURCES_EXTRA=crawled.folder / "cuu-long.toml")
    assert "(0 new)" in done.stdout
    assert crawled.rows("select count(*) from revisions") == [(len(before["revisions"]),)]
    crawled.scrapy("reparse", "cuu-long", "--write", code=1, SOURCES_EXTRA=crawled.folder / "cuu-long.toml")
    assert {table: crawled.rows(f"select * from {table} order by 1, 2") for table in ("article_text", "revisions", "citations")} == {
        table: before[table] for table in ("article_text", "revisions", "citations")
    }


@pytest.mark.parametrize(
    ("url", "original", "captured_at"),
    [
        (
            "http://web.archive.org/web/20090717102500id_/http://mic.gov.vn/a?b=c",
            "http://mic.gov.vn/a?b=c",
            datetime(2009, 7, 17, 10, 25, tzinfo=UTC),
        ),
        ("https://web.archive.org/web/2009/http:/mic.gov.vn/", "http://mic.gov.vn/", datetime(2009, 1, 1, tzinfo=UTC)),
        (
            "http://localhost:8080/kho/20090717102500mp_/https://mic.gov.vn:443/",
            "https://mic.gov.vn:443/",
            datetime(2009, 7, 17, 10, 25, tzinfo=UTC),
        ),
        ("http://mic.gov.vn/2009/07/http://x.vn/", None, None),
        ("http://mic.gov.vn/redirect?to=/web/20090717102500/http://x.vn/", None, None),
        ("https://web.archive.org/web/20091399000000/http://mic.gov.vn/", None, None),
    ],
)
def test_urls_of_web_archives(url: str, original: str | None, captured_at: datetime | None) -> None:
    assert unwrap(url) == (None if original is None else (original, captured_at))


def test_versions_of_one_second_are_in_the_order_of_time(tmp_path: Path) -> None:
    dates = ["2013-03-01T02:00:00Z", "2013-03-01T02:00:00.500000Z", "2013-03-01T02:00:01Z"]
    tape = Tape(tmp_path / "tape.warc.gz")
    for number in (2, 1, 0):
        tape.add("/", _article(number), dates[number])
    tape.close()
    recording = Recording([tmp_path / "tape.warc.gz"])
    assert [one.date for one in recording.listed()] == dates
    recording.close()


@pytest.mark.parametrize("fault", ["bad-encoding", "too-large", "too-large as sent", "revisit-without-original"])
def test_a_version_that_cannot_be_decoded_fails_at_its_time(place: Place, fault: str) -> None:
    """In spring the page could not be read, in summer it could: the failure is over. Parsed again, the rows are the same."""
    html = ("Content-Type", "text/html")
    first = {
        "bad-encoding": response_record(SITE + _path(1), b"\x00\x01 no brotli \xff", SPRING, ("Content-Encoding", "br")),
        "too-large": response_record(SITE + _path(1), gzip.compress(bytes(300_000)), SPRING, ("Content-Encoding", "gzip")),
        "too-large as sent": response_record(SITE + _path(1), bytes(300_000), SPRING),
        "revisit-without-original": revisit_record(SITE + _path(1), SPRING, (f"{SITE}/x", "2012-01-01T00:00:00Z"), "sha1:A", html),
    }
    recording = place.folder / "two.warc.gz"
    home = response_record(f"{SITE}/", _home(range(1, 2)), SPRING)
    recording.write_bytes(home + first[fault] + response_record(SITE + _path(1), _article(1), SUMMER))
    settings: dict[str, Any] = {"SOURCES_EXTRA": place.source("cuu-long", SITE), "DOWNLOAD_MAXSIZE": 100_000}
    place.scrapy("crawl", "cuu-long", code=None, REPLAY=recording, **settings)
    rows = "select reason, first_seen, last_seen, cleared_at from failures where url like '%-1.html'"
    assert place.rows(rows) == [(fault.split()[0], SPRING, SPRING, SUMMER)]
    assert place.rows("select title from articles") == [(_title(1),)]
    before = place.tables()
    place.scrapy("reparse", "cuu-long", "--write", code=None, **settings)
    assert {name for name, stored in place.tables().items() if stored != before[name]} == set()


def test_what_one_recording_lacks_another_one_has(place: Place) -> None:
    """Each of two recordings has the article that the other one lacks."""
    home = response_record(f"{SITE}/", _home(range(1, 3)), SPRING)
    extra = place.source("cuu-long", SITE)
    for number, date in ((1, SPRING), (2, SUMMER)):
        recording = place.folder / f"{number}.warc.gz"
        recording.write_bytes(home + response_record(SITE + _path(number), _article(number), date))
        place.scrapy("crawl", "cuu-long", code=None, REPLAY=recording, SOURCES_EXTRA=extra)
    assert place.rows("select reason, cleared_at from failures where url like '%-2.html'") == [("replay-miss", SUMMER)]
    assert place.rows("select distinct state from candidates") == [("stored",)], "the site is not requested again for what is stored"


_MOVED = b"<html><body>Moved</body></html>"


@pytest.mark.parametrize("swapped", [False, True], ids=["redirect-first", "page-first"])
def test_a_redirect_to_https_hides_no_page_of_its_second(place: Place, swapped: bool) -> None:
    """At each visit, http leads to https in the same second. At the second visit, the body of the redirect is a revisit, as heritrix and
    wget write it."""
    secure, digest = f"https{SITE[4:]}", payload_digest(_MOVED)
    records = []
    for path, first, second in (("/", _home(range(1, 2)), _home(range(1, 2))), (_path(1), _article(1), _article(1, " Có thêm máy."))):
        to = ("Location", secure + path)
        visits = [
            [response_record(SITE + path, _MOVED, SPRING, to, status="301 Moved"), response_record(secure + path, first, SPRING)],
            [
                revisit_record(SITE + path, SUMMER, (SITE + path, SPRING), digest, to, status="301 Moved"),
                response_record(secure + path, second, SUMMER),
            ],
        ]
        records += [record for visit in visits for record in (reversed(visit) if swapped else visit)]
    recording = place.folder / "moved.warc.gz"
    recording.write_bytes(b"".join(records))
    extra = place.source("cuu-long", secure)
    place.scrapy("crawl", "cuu-long", code=None, REPLAY=recording, SOURCES_EXTRA=extra)
    assert place.rows("select captured_at, status, outcome from captures where url like '%-1.html' order by 1") == [
        (SPRING, 200, "article"),
        (SUMMER, 200, "article"),
    ]
    assert place.rows("select changed from revisions") == [('["body"]',)]
    assert place.rows("select reason from failures where url like '%-1.html'") == []


def test_of_two_pages_of_one_second_the_later_record_counts(tmp_path: Path) -> None:
    for number, order in enumerate(((0, 1), (1, 0))):
        records = [
            response_record(f"{SITE}/", _article(1), SUMMER),
            revisit_record(f"{SITE}/", SUMMER, (f"{SITE}/", SPRING), payload_digest(_article(2)), ("Content-Type", "text/html")),
        ]
        path = tmp_path / f"{number}.warc.gz"
        path.write_bytes(response_record(f"{SITE}/", _article(2), SPRING) + b"".join(records[at] for at in order))
        recording = Recording([path])
        found = recording.find(f"{SITE}/", 10**6, 1)
        recording.close()
        assert found is not None and found.response.body == _article(2 if order == (0, 1) else 1)


@pytest.mark.parametrize(
    "url", ["http://[so.cuulong.test/a", "http://so.cuulong.test:http/a", "http://so.cuulong.test:99999/a", "http://ô[]/a"]
)
@pytest.mark.parametrize("command", ["crawl", "import"])
def test_a_record_of_what_is_no_url_leaves_the_others(place: Place, url: str, command: str) -> None:
    recording = place.folder / "odd.warc.gz"
    odd = [response_record(url, b"<html>a</html>", SPRING), revisit_record(url, SUMMER, (url, SPRING), "sha1:A")]
    odd.append(revisit_record(f"{SITE}/x", SUMMER, (url, SPRING), "sha1:B"))
    recording.write_bytes(
        b"".join([*odd, response_record(f"{SITE}/", _home(range(1, 2)), SPRING), response_record(SITE + _path(1), _article(1), SPRING)])
    )
    settings: dict[str, Any] = {"SOURCES_EXTRA": place.source("cuu-long", SITE)}
    if command == "crawl":
        done = place.scrapy("crawl", "cuu-long", code=None, REPLAY=recording, **settings)
    else:
        done = place.scrapy("captures", "import", str(recording), "--source", "cuu-long", code=None, **settings)
    assert "Traceback" not in done.stderr + done.stdout
    assert place.rows("select title from articles") == [(_title(1),)]


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        ("2013-03-01T02:00:00Z", datetime(2013, 3, 1, 2, tzinfo=UTC)),
        ("20130301020000", datetime(2013, 3, 1, 2, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", datetime(1, 1, 1, tzinfo=UTC)),
        ("yesterday", datetime(1, 1, 1, tzinfo=UTC)),
    ],
)
def test_the_date_to_which_a_revisit_refers(stated: str, found: datetime) -> None:
    writer = WARCWriter(io.BytesIO(), gzip=True)
    record = writer.create_warc_record(SITE, "revisit", warc_headers_dict={"WARC-Refers-To-Date": stated})
    assert refers_to(record).captured_at == found


@pytest.mark.parametrize(("at", "flag"), [(6, 1), (8, 6)], ids=["password", "method"])
def test_a_package_that_cannot_be_unpacked_is_bad_input(tmp_path: Path, at: int, flag: int) -> None:
    """`at`, `flag`: a byte of the header of an entry, as ZIP files have it twice, and what is written there."""
    path = tmp_path / "site.wacz"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("archive/data.warc", b"WARC/1.1")
    written = bytearray(path.read_bytes())
    written[at] = written[written.index(b"PK\x01\x02") + at + 2] = flag
    path.write_bytes(written)
    with pytest.raises(WarcError, match="is not a readable WACZ package"):
        Recording([path])


@pytest.mark.parametrize(
    ("compression", "whole", "damaged"),
    [(zipfile.ZIP_STORED, "ữ".encode(), b"\xff\xff\xff"), (zipfile.ZIP_LZMA, b"\x05\x00\x5d", b"\x05\x00\xff")],
    ids=["name", "properties of LZMA"],
)
def test_a_damaged_package_is_bad_input(tmp_path: Path, compression: int, whole: bytes, damaged: bytes) -> None:
    """`whole`, `damaged`: bytes of the package, and what is written over them."""
    path = tmp_path / "site.wacz"
    with zipfile.ZipFile(path, "w", compression) as package:
        package.writestr("archive/dữ-liệu.warc", b"WARC/1.1")
    written = path.read_bytes()
    assert whole in written
    path.write_bytes(written.replace(whole, damaged))
    with pytest.raises(WarcError, match="is not a readable WACZ package"):
        Recording([path])


def test_other_spellings_of_a_host_and_of_a_list_page(place: Place) -> None:
    """The site is recorded as www and with a port; its list page is recorded under another URL than its link has."""
    host, tape = SITE.removeprefix("http://"), Tape(place.folder / "tape.warc.gz")
    menu = "<nav><a href='/'>Trang chủ</a><a href='/tin-tuc/'>Tin tức</a></nav>"
    tape.add(f"http://www.{host}:80/", f"<html><body>{menu}<p>Sở Cửu Long</p></body></html>".encode())
    tape.add(f"http://www.{host}/tin-tuc.html", _home(range(1, 4)))
    for number in range(1, 4):
        tape.add(f"http://www.{host}{_path(number)}", _article(number))
    tape.close()
    block = f'[[source]]\nid = "cuu-long"\nname = "Sở Cửu Long"\nunit = "ben-tre"\nsite = "{SITE}"\n'
    (place.folder / "mine.toml").write_text(block, encoding="utf-8")
    place.scrapy("crawl", "cuu-long", SOURCES_EXTRA=place.folder / "mine.toml", REPLAY=place.folder / "tape.warc.gz")
    assert place.rows("select url from articles order by url") == [(SITE + _path(number),) for number in range(1, 4)]
    assert place.rows("select outcome from captures where url like '%/tin-tuc.html'") == [("listing",)]
