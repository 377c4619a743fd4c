"""Whole sites that move while they are crawled: to another host, to https, to `www.`. Nothing is stored twice or lost.

Another port of 127.0.0.1 is another host for the crawler. This project made the sites.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.conftest import Place
from tests.server import Answer, Site, article, listing, serving_pages

FIRST = date(2026, 10, 5)
SECTION = "/tin-tuc/"


def _path(number: int) -> str:
    return f"/tin/hop-ban-vu-dong-cua-huyen-lan-{number}.html"


def _pages(newest: int) -> dict[str, Answer]:
    """Returns a site with a home page, a section and its articles, each of another day."""
    titles = {number: f"Họp bàn vụ đông của huyện lần thứ {number}" for number in range(newest, 0, -1)}
    lists = {SECTION: listing(*((_path(number), title) for number, title in titles.items()))}
    lists["/"] = listing(
        *((_path(number), titles[number]) for number in list(titles)[:5]), foot=f"<nav><a href='{SECTION}'>Tin tức</a></nav>"
    )
    pages = lists | {
        _path(number): article(title, day=f"{FIRST - timedelta(days=8 - number):%d/%m/%Y} 08:00") for number, title in titles.items()
    }
    return {path: (200, {}, page.encode()) for path, page in pages.items()}


def _leading(pages: Mapping[str, Answer], url: str, status: int = 301) -> dict[str, Answer]:
    return {path: (status, {"Location": url + path}, b"") for path in pages}


def _night(place: Place, source: Path, night: int) -> tuple[str, str, str]:
    """Crawls the source in a night. Returns its state, the reason and what the command printed."""
    given: dict[str, Any] = {
        "DOWNLOAD_DELAY": 0,
        "DOWNLOAD_DELAY_JITTER": 0,
        "RETRY_TIMES": 0,
        "NOW": f"{FIRST + timedelta(days=night)}T02:00:00+07:00",
    }
    done = place.scrapy("update", "mau", code=None, SOURCES_EXTRA=source, **given)
    [row] = place.rows("select state, reason from source_health order by run_id desc limit 1")
    return str(row[0]), str(row[1]), done.stdout


def _stored(place: Place) -> list[str]:
    """Returns the titles of the stored articles that are not gone, with their number in order; two of one title are one too many."""
    return [
        str(title).rpartition(" ")[2] for (title,) in place.rows("select title from articles where gone_at is null order by published_at")
    ]


def _numbers(newest: int) -> list[str]:
    return [f"{number}" for number in range(1, newest + 1)]


def _closed(site: Site) -> str:
    """Lets a site refuse every request, as if its server was switched off. Returns its host."""
    site.pages = {"/robots.txt": (500, {}, b"")}
    return f"127.0.0.1:{site.port}"


def test_a_site_whose_pages_lead_to_a_new_host(place: Place) -> None:
    """The message names the host; once the block does, too, each article is there once, also after the old host is off."""
    with serving_pages(_pages(8)) as old, serving_pages(_pages(9)) as new:
        source = place.source("mau", old.url)
        assert _night(place, source, 0)[0] == "ok"
        old.pages = _leading(_pages(9), new.url)
        state, reason, said = _night(place, source, 1)
        assert (state, reason) == ("broken", "moved-away") and f"moved to another site (2 of 2, to {new.url}; bad since 2026-10-06" in said
        assert _stored(place) == _numbers(8)
        assert f"chuyển sang trang khác (2 trên 2, tới {new.url}" in place.scrapy("health", code=1, REPORT_LANGUAGE="vi").stdout
        new.pages = _pages(10)
        _closed(old)
        source = place.source("mau", new.url)
        assert _night(place, source, 2)[0] == "ok"
        assert _stored(place) == _numbers(10)
        assert {str(url).startswith(new.url) for (url,) in place.rows("select url from articles")} == {True}
        assert place.rows("select count(*) from revisions") == [(0,)]
        assert _night(place, source, 9)[0] in ("ok", "quiet") and _stored(place) == _numbers(10)


def test_articles_without_a_day_that_move_to_a_new_host(place: Place) -> None:
    """What identifies them is the path, the title, the text and the files. Agencies give one title to many articles."""
    agenda, head = "Lịch tiếp công dân của lãnh đạo", "<meta property='og:type' content='article'>"

    def pages(texts: Mapping[str, str], files: Mapping[str, str], *, day: str = "", reads: int = 0) -> dict[str, Answer]:
        counter = f" Bài viết đã có {reads} lượt đọc." if reads else ""
        made = {
            f"/lich/{name}.html": article(agenda, f"Tuần này, {text}, tại trụ sở tiếp công dân của huyện.{counter}", day=day, head=head)
            for name, text in texts.items()
        }
        made |= {f"/tin/{name}.html": article(f"Thông báo {name}", day=day, head=head, foot=foot) for name, foot in files.items()}
        home = listing(*((path, f"{agenda} {path}") for path in made))
        return {path: (200, {}, page.encode()) for path, page in ({"/": home} | made).items()}

    texts = {"mot": "chủ tịch tiếp dân vào thứ ba", "hai": "phó chủ tịch tiếp dân vào thứ năm", "ba": "chánh thanh tra tiếp dân thứ sáu"}
    files = {name: f"<a href='/tep/{name}.pdf'>Tải về</a>" for name in ("bon", "nam")}
    with serving_pages(pages(texts, files, reads=120)) as old, serving_pages({}) as new:
        assert _night(place, place.source("mau", old.url), 0)[0] == "ok"
        assert place.rows("select count(*), count(published_at) from articles") == [(5, 0)]
        # Two are others: the agenda of another week, and a notice with another file. One has a day now.
        changed = texts | {"ba": "bí thư tiếp dân thứ hai"}, files | {"nam": "<a href='/tep/khac.pdf'>Tải về</a>"}
        new.pages = pages(*changed, reads=7) | pages({"mot": texts["mot"]}, {}, day="02/10/2026 08:00", reads=7)
        new.pages["/"] = pages(*changed)["/"]
        _night(place, place.source("mau", new.url), 1)
        found = place.rows(
            "select substr(key, instr(substr(key, 9), '/') + 8), count(*), max(published_at is not null) from articles group by 1"
        )
        assert found == [
            ("/lich/ba.html", 2, 0), ("/lich/hai.html", 1, 0), ("/lich/mot.html", 1, 1), ("/tin/bon.html", 1, 0), ("/tin/nam.html", 2, 0)
        ]  # fmt: skip


@pytest.mark.gate
@pytest.mark.parametrize("status", [301, 302])
def test_a_site_that_moves_between_hosts_that_the_block_lists(place: Place, status: int) -> None:
    """`www.` is often such a host. For some nights pages link to both."""
    with serving_pages(_pages(8)) as old, serving_pages(_pages(9)) as new:
        source = place.source("mau", old.url, more=f'hosts = ["127.0.0.1:{old.port}", "127.0.0.1:{new.port}"]')
        assert _night(place, source, 0)[0] == "ok"
        old.pages = _leading(_pages(9), new.url, status)
        assert _night(place, source, 1)[0] == "ok" and _stored(place) == _numbers(9)
        for night, newest in ((2, 10), (3, 11), (8, 12)):
            new.pages = _pages(newest)
            old.pages = _leading(new.pages, new.url, status)
            assert _night(place, source, night)[0] == "ok" and _stored(place) == _numbers(newest)


@contextmanager
def _on_one_port(plain: Site, encrypted: Site) -> Iterator[str]:
    """Yields a host that answers http like one server and https like another. The first byte of a connection says which it wants."""
    listener = socket.create_server(("127.0.0.1", 0))
    opened, pumps = [listener], []

    def pump(one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)

    def accept() -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                is_tls = client.recv(1, socket.MSG_PEEK) == b"\x16"
                server = socket.create_connection(("127.0.0.1", (encrypted if is_tls else plain).port))
                opened.extend((client, server))
                for pair in ((client, server), (server, client)):
                    pumps.append(threading.Thread(target=pump, args=pair))
                    pumps[-1].start()

    accepting = threading.Thread(target=accept)
    accepting.start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        accepting.join()
        for one in opened[1:]:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in pumps:
            thread.join()
        for one in opened:
            one.close()


def test_a_site_that_moves_to_https(place: Place) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    trusted = 'tls = { until = "2026-11-30", bad_certificate = true }'
    with serving_pages(_pages(8)) as plain, serving_pages(_pages(9), context) as encrypted, _on_one_port(plain, encrypted) as host:
        source = place.source("mau", f"http://{host}", more=trusted)
        assert _night(place, source, 0)[0] == "ok"
        plain.pages = _leading(_pages(10), f"https://{host}")
        assert _night(place, source, 1)[0] == "ok" and _stored(place) == _numbers(9)
        encrypted.pages = _pages(10)
        assert _night(place, place.source("mau", f"https://{host}", more=trusted), 2)[0] == "ok" and _stored(place) == _numbers(10)
        assert _night(place, source, 8)[0] == "ok" and _stored(place) == _numbers(10)
